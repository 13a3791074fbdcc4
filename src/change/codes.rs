//! The codes of checks, of refusals and of what is verified at the end: what each one looks at, and what
//! to do where it refuses. `explain` and the glossary print from here.

/// What is behind a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckCode {
    /// The stable name, as it stands in `--override CODE` and in JSON.
    pub name: &'static str,
    /// What is looked at.
    pub meaning: &'static str,
    /// What to do where it refuses or warns.
    pub next: &'static str,
}

const fn code(name: &'static str, meaning: &'static str, next: &'static str) -> CheckCode {
    CheckCode {
        name,
        meaning,
        next,
    }
}

/// Every code, grouped by what is looked at.
pub const CODES: &[CheckCode] = &[
    code(
        "same_drive",
        "Whether the drive in the bay is the one that was named, by its serial number.",
        "Somebody swapped or moved it meanwhile: look where every drive is (ironkeep pd list) and name it again.",
    ),
    code(
        "same_virtual_drive",
        "Whether the virtual drive is the one that was named, by its name, size and drives.",
        "Numbers are given anew after a deletion: look again (ironkeep vd list) and name it again.",
    ),
    code(
        "same_foreign",
        "Whether the foreign configuration is the one that was named, by the serial numbers of its drives.",
        "The controller counts them anew whenever one goes: look again (ironkeep foreign list).",
    ),
    code(
        "controller",
        "Which controller it is, by its serial number.",
        "Compare it with the one that is meant; where there are several, name one with -c.",
    ),
    code(
        "identity",
        "Whether the drive tells a serial number or a WWN, by which a new one can be told from it.",
        "Replace it step by step: ironkeep help pd.",
    ),
    code(
        "ambiguous",
        "Whether it is certain which empty place of which drive group a new drive is for.",
        "Look at the empty places (ironkeep pd list) and fill one by hand: ironkeep pd replace-missing.",
    ),
    code(
        "no_drive",
        "Whether there is a drive to replace, or a place that lacks one.",
        "Look where every drive is (ironkeep pd list); a drive too many can become a hot spare.",
    ),
    code(
        "gone",
        "Whether the drive to be replaced has left its bay.",
        "Nothing has to be pulled any more: insert the new drive.",
    ),
    code(
        "already_done",
        "Whether the drive in this bay is the new one of a replacement that is done.",
        "To replace the new one too, name it by its serial number.",
    ),
    code(
        "inserted",
        "Whether the drive in the bay is the old one or the new one: as things are it could be either.",
        "If it is the new one, say so: --inserted.",
    ),
    code(
        "old_drive",
        "Where the old drive is, and what it does.",
        "If it should be out and is not, pull it: compare the serial number first.",
    ),
    code(
        "new_drive",
        "Whether the new drive is there and does what the old one did.",
        "See what it does: ironkeep pd show DRIVE.",
    ),
    code(
        "new_drive_failed",
        "Whether the new drive bore the rebuild.",
        "Take another drive: this one failed.",
    ),
    code(
        "place",
        "Whether the drive group still has the place of the old drive.",
        "It was changed or deleted meanwhile: look (ironkeep vd list), or give the replacement up (--abort).",
    ),
    code(
        "empty_place",
        "Whether the place that the drive is for is empty, and in the controller's own table of missing drives.",
        "Look at the places without a drive: ironkeep pd list.",
    ),
    code(
        "virtual_drive",
        "Whether the virtual drive exists and is as it should be.",
        "See how it is: ironkeep vd list.",
    ),
    code(
        "drive_group",
        "Whether the change would touch other virtual drives: the firmware rewrites whole drive groups.",
        "Move what lies on the others elsewhere first.",
    ),
    code(
        "redundancy",
        "Whether every span that is touched survives it: how many more drives it can lose, and whether there is anything to rebuild from.",
        "Restore the redundancy first: replace what failed and let the rebuild end. Insist only where the data is backed up or not wanted.",
    ),
    code(
        "second_failure",
        "Whether another drive failed, or a virtual drive went off line, since the replacement began.",
        "Change nothing more: put back what was pulled last, and ask a specialist before anything else.",
    ),
    code(
        "other_members",
        "Whether the drives that a rebuild has to read are without errors.",
        "Take a backup first, or run a patrol read or a consistency check.",
    ),
    code(
        "stale_data",
        "Whether a drive was away while the others were written to. What it holds is old: taken for good, it damages files without a word.",
        "Rebuild it instead of putting it back to work as it is; clear the foreign configuration rather than import it.",
    ),
    code(
        "incomplete",
        "Whether all drives of a foreign configuration are there.",
        "Insert the missing ones first, then look again: ironkeep foreign show.",
    ),
    code(
        "data",
        "What is lost for good by it.",
        "Agree only if there is a backup, or if nobody wants the data.",
    ),
    code(
        "effect",
        "What the change brings about beyond its name.",
        "Read it; it stands in the way of nothing.",
    ),
    code(
        "afterwards",
        "What is done by a run of its own, once the first is done.",
        "Read it; it stands in the way of nothing.",
    ),
    code(
        "irreversible",
        "What can be neither stopped nor undone.",
        "Be sure, and have a backup.",
    ),
    code(
        "deletion",
        "Whether a virtual drive is deleted along with it.",
        "Bring its drives back instead, if what they hold is wanted.",
    ),
    code(
        "configuration",
        "Whether the controller has a configuration that a restored one would take the place of.",
        "Back its data up; delete it only if nobody wants it.",
    ),
    code(
        "in_use",
        "Whether the host uses it: mounted, swap, LVM, md, ZFS, opened by a program, or holding something else's place.",
        "Unmount it, take apart what is built on it, end the program; lsblk shows what it is.",
    ),
    code(
        "renumbering",
        "Whether other virtual drives may get other numbers and device names.",
        "Mount by UUID, not by /dev/sdX.",
    ),
    code(
        "bad_blocks",
        "Whether blocks of a virtual drive are noted as lost.",
        "Copy what can be read, restore it from a backup, and only then clear the list.",
    ),
    code(
        "preserved_cache",
        "Whether the controller keeps data in its cache that it could not write, since drives are gone.",
        "Bring the drives back: it is written then. Give it up (ironkeep vd discard-preserved-cache) only if they never come back.",
    ),
    code(
        "drives_may_return",
        "Whether the drives that preserved cache belongs to could still come back.",
        "Put the drives back, look at cables and power, then at ironkeep foreign list.",
    ),
    code(
        "battery",
        "Whether the battery protects what the cache holds in a power cut.",
        "See how it is: ironkeep bbu show. Without it leave write-through on.",
    ),
    code(
        "write_policy",
        "Whether the virtual drives write through or back as they did before.",
        "Set it again once the battery works: ironkeep vd set VD --write back.",
    ),
    code(
        "operation_running",
        "Whether a rebuild, copyback, check, initialisation or another long operation runs there, or none that could be stopped.",
        "Wait for its end: ironkeep operation wait.",
    ),
    code(
        "state",
        "Whether the thing is in a state in which this can be done.",
        "See which state it is in, and what that means: ironkeep explain STATE.",
    ),
    code(
        "copy_failed",
        "Whether the copy of the old drive to a hot spare came to its end.",
        "See what happened (ironkeep event list); go on without a copy with --no-copy.",
    ),
    code(
        "copyback",
        "Whether a copyback goes on that a replacement did not begin.",
        "Let it finish; if it copies the drive that stays, stop it: ironkeep pd copyback stop.",
    ),
    code(
        "unread",
        "Whether everything that has to be known could be read.",
        "See what cannot be read, and why: ironkeep health.",
    ),
    code(
        "pending",
        "Whether firmware waits for a restart already.",
        "Restart the host first.",
    ),
    code(
        "light",
        "Whether the light of the bay is as it should be.",
        "Switch it by hand: ironkeep pd locate.",
    ),
    code(
        "clock",
        "Whether the controller's clock shows the right time.",
        "Set it: ironkeep controller time set now.",
    ),
    code(
        "size",
        "Whether the drives, or the room on them, suffice.",
        "Take a drive at least as large as the smallest of its drive group, or ask for less.",
    ),
    code(
        "interface",
        "Whether the drive has the interface of the others (SAS or SATA).",
        "Take a drive of the same kind.",
    ),
    code(
        "media_type",
        "Whether the drive has the medium of the others (hard disk or solid state).",
        "Take a drive of the same kind.",
    ),
    code(
        "sector_size",
        "Whether the drive has the sector size of the others.",
        "Take a drive of the same sector size.",
    ),
    code(
        "protection",
        "Whether the drive has protection information (T10 PI) as the others have it.",
        "Take a drive that can do it as the others do.",
    ),
    code(
        "encryption",
        "Whether the drive encrypts by itself as the others do, and whether its key is there.",
        "Take a drive of the same kind; see which keys there are: ironkeep security show.",
    ),
    code(
        "locked",
        "Whether the drive is locked with a key that the controller lacks.",
        "See which keys there are: ironkeep security show.",
    ),
    code(
        "members",
        "Whether the members of the drive group, which a drive has to fit, are known.",
        "Read them: ironkeep vd show VD.",
    ),
    code(
        "member",
        "Whether the drive belongs to a drive group.",
        "Its virtual drives need it: take another drive.",
    ),
    code(
        "fit",
        "Whether a hot spare fits the drive groups that it should protect.",
        "Take a larger drive or one of their kind; see which are free: ironkeep pd list.",
    ),
    code(
        "spare",
        "Whether the drive is a hot spare, and stands by for others.",
        "See the hot spares: ironkeep spare list.",
    ),
    code(
        "spares",
        "Whether dedicated hot spares are left over.",
        "Look afterwards what became of them: ironkeep spare list.",
    ),
    code(
        "drive_errors",
        "Whether the drive has media errors or predicts its failure.",
        "Put no data on it: take another drive.",
    ),
    code(
        "predictive_failure",
        "Whether the new drive predicts its own failure.",
        "Take another drive: this one would have to be replaced again.",
    ),
    code(
        "foreign",
        "Whether a drive carries the configuration of another controller, or of this one from before.",
        "Look whose it is (ironkeep foreign show), then import or clear that one.",
    ),
    code(
        "foreign_shared",
        "Whether the foreign configuration on the new drive is on other drives too: clearing it would touch them.",
        "See what it is: ironkeep foreign show; take the other drives out, or use another new drive.",
    ),
    code(
        "jbod",
        "Whether the drive is given to the host as it is (JBOD), which may keep data on it.",
        "See what is on it (ironkeep pd show DRIVE); take it only if nobody wants that.",
    ),
    code(
        "jbod_mode",
        "Whether the controller gives drives to the host as they are.",
        "Switch it on, if that is wanted: ironkeep controller jbod enable.",
    ),
    code(
        "level",
        "Whether the RAID level is possible with these drives, or can do what is asked.",
        "See what each level needs: ironkeep explain raid5.",
    ),
    code(
        "spans",
        "How the drives are dealt to spans.",
        "Deal them otherwise with --spans or --span.",
    ),
    code(
        "limit",
        "Whether the controller can have so many.",
        "See its limits: ironkeep controller show.",
    ),
    code(
        "free_space",
        "Whether the drive group has room left.",
        "See how much: ironkeep vd show VD.",
    ),
    code(
        "name",
        "Whether the name can be one: at most 15 characters, and not empty.",
        "Take a shorter one, of letters, digits and dashes.",
    ),
    code(
        "cachecade",
        "Whether a CacheCade drive, a cache on flash, is in the way or missing.",
        "See which there are: ironkeep vd list.",
    ),
    code(
        "supported",
        "Whether the controller's firmware can do it.",
        "See what it can: ironkeep controller show.",
    ),
    code(
        "hardware",
        "Whether the part is there at all: a battery, a buzzer.",
        "See what there is: ironkeep controller show.",
    ),
    code(
        "read_only",
        "Whether the property can be set.",
        "It can only be read: ironkeep controller get.",
    ),
    code(
        "not_exported",
        "Whether the events were exported before they are cleared.",
        "Export them first: ironkeep event export FILE.",
    ),
    code(
        "image",
        "Whether the file looks like firmware.",
        "Fetch it again from the maker of the server or the controller.",
    ),
    code(
        "version",
        "Whether the firmware in the file is newer than the one that runs.",
        "Read in the maker's notes whether it may be put back.",
    ),
    code(
        "firmware",
        "Which drive gets the firmware, and which it has.",
        "Compare the model with the maker's notes; firmware for another model can end the drive.",
    ),
    code(
        "no_version_check",
        "Whether the controller's own check of the version is to be passed over.",
        "Leave out the flag.",
    ),
    code(
        "no_signature_check",
        "Whether the controller's own check of the signature is to be passed over.",
        "Leave out the flag.",
    ),
    code(
        "security_key",
        "Whether the controller has a key to lock drives with.",
        "Make one: ironkeep security create.",
    ),
    code(
        "passphrase_visible",
        "Whether a passphrase can be seen: MegaCLI takes it as an argument, which every user of the host can read while it runs.",
        "Make sure that nobody else is logged in, then insist.",
    ),
];
