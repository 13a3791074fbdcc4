//! The words that the firmware uses for states, in plain language.

use super::Subject;

/// A word of the firmware.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// What the word describes.
    pub subject: Subject,
    /// The word's token in this program's output.
    pub token: &'static str,
    /// Other spellings, StorCLI's abbreviations among them; case, blanks and punctuation do not
    /// matter.
    pub spellings: &'static [&'static str],
    /// What it means, in plain words.
    pub meaning: &'static str,
    /// What to do.
    pub next: &'static str,
    /// The command that shows it.
    pub shown_by: &'static str,
}

/// The explanation of a token; `None` where there is none.
pub fn word(subject: Subject, token: &str) -> Option<&'static Word> {
    super::glossary().find(|word| word.subject == subject && word.token == token)
}

const fn is(
    subject: Subject,
    token: &'static str,
    spellings: &'static [&'static str],
    meaning: &'static str,
    next: &'static str,
) -> Word {
    Word {
        subject,
        token,
        spellings,
        meaning,
        next,
        shown_by: subject.shown_by(),
    }
}

const NOTHING: &str = "Nothing needs to be done.";
const CHOICE: &str = "Nothing needs to be done, if it is meant to be so.";
const LET_IT_END: &str = "Let it end; pull no drive of the same drive group meanwhile.";
const PRESERVED: &str = "Bring the virtual drive's drives back. Discarding the preserved cache loses that data for good.";
const SHIELD: &str = "Wait for the diagnosis to end: the drive comes back or is declared failed.";

use Subject::{
    AccessPolicy, CacheProtection, DiskCache, DriveErrors, DrivePower, DriveState, Enclosure,
    EnclosurePart, EventClass, Foreign, IoPolicy, OperationKind, PatrolState, PreservedCache,
    RaidLevel, ReadPolicy, Severity, VirtualDriveState, WritePolicy,
};

/// Every word, grouped by what it describes.
pub const WORDS: &[Word] = &[
    // Physical drives.
    is(
        DriveState,
        "online",
        &["Onln"],
        "The drive works as a member of a drive group.",
        NOTHING,
    ),
    is(
        DriveState,
        "rebuild",
        &["Rbld", "rebuilding"],
        "The drive is being filled with the data of the member that it replaces. Until that ends, the drive group has less redundancy or none.",
        LET_IT_END,
    ),
    is(
        DriveState,
        "copyback",
        &["Cpybck", "copy back"],
        "The data of another drive is being copied to this one, which then takes its place. Redundancy is kept meanwhile.",
        LET_IT_END,
    ),
    is(
        DriveState,
        "failed",
        &["Fail", "F"],
        "The controller gave up on the drive: it is a member of a drive group, but its data is no longer used.",
        "Find out whether a hot spare took over. Then replace this drive, after comparing its serial number.",
    ),
    is(
        DriveState,
        "offline",
        &["Offln", "Ofln"],
        "The drive is a member that was taken off line, by a person or by the controller. Its data is growing old.",
        "Do not force it online while its group has been written to: rebuild it or replace it.",
    ),
    is(
        DriveState,
        "hot_spare",
        &["Hotspare", "spare"],
        "The drive waits to take over for a failed one. It may be spun down meanwhile.",
        NOTHING,
    ),
    is(
        DriveState,
        "unconfigured_good",
        &["UGood", "Unconfigured(good)"],
        "The drive is usable and belongs to nothing. It may still carry a foreign configuration.",
        "Use it as hot spare, as replacement or for a new virtual drive. If it is foreign, look at that first.",
    ),
    is(
        DriveState,
        "unconfigured_bad",
        &["UBad", "Unconfigured(bad)"],
        "The drive belongs to nothing, and the controller does not want to use it: it failed before, or was put back after a failure.",
        "Read its error counters. Make it good only if there is an innocent reason, such as a drive pulled and put back; otherwise replace it.",
    ),
    is(
        DriveState,
        "jbod",
        &["system drive"],
        "The drive is given to the host as it is, without RAID. It may hold a file system.",
        "Look what lives on it before using it for anything else.",
    ),
    is(
        DriveState,
        "configured_shielded",
        &["shielded", "shield state"],
        "The controller is diagnosing a member of a drive group; the group works without it meanwhile.",
        SHIELD,
    ),
    is(
        DriveState,
        "hot_spare_shielded",
        &["shielded", "shield state"],
        "The controller is diagnosing a hot spare, which cannot take over meanwhile.",
        SHIELD,
    ),
    is(
        DriveState,
        "unconfigured_shielded",
        &["shielded", "shield state"],
        "The controller is diagnosing a drive that belongs to nothing.",
        SHIELD,
    ),
    is(
        DriveState,
        "unknown",
        &[],
        "MegaCLI itself does not know the state that the firmware reports.",
        "Read the event log; a newer tool may know the state.",
    ),
    is(
        DriveState,
        "missing",
        &["Msng"],
        "A drive group lacks a member at this place: it was pulled, does not answer, or was marked missing.",
        "If the drive was pulled by mistake, put it back. Otherwise put a new one in and let it be rebuilt.",
    ),
    is(
        DriveErrors,
        "predictive_failure",
        &["predictive failure count", "smart alert", "S.M.A.R.T alert"],
        "The drive itself warns that it will fail.",
        "Replace it soon, while the others still hold its data. A copyback to a spare keeps redundancy.",
    ),
    is(
        DriveErrors,
        "media_errors",
        &["media error", "media error count", "media err"],
        "How often a sector of the drive could not be read or written. A few may be old; a count that grows tells of a drive that is dying.",
        "Compare it again later. If it grows, replace the drive while the others still hold its data.",
    ),
    is(
        DriveErrors,
        "other_errors",
        &["other error", "other error count", "other err"],
        "Errors of the drive that are not of its medium, such as commands that timed out. The way to the drive may be at fault: cables, backplane, power.",
        "If it grows, check seat, cables and backplane of that bay before the drive is blamed.",
    ),
    is(DrivePower, "spun_up", &["up"], "The drive turns.", NOTHING),
    is(
        DrivePower,
        "spun_down",
        &["down", "Dn"],
        "The drive was stopped to save power. This is no fault; it takes seconds to start.",
        NOTHING,
    ),
    is(
        DrivePower,
        "transition",
        &["Trans"],
        "The drive is just starting or stopping.",
        "Look again in a minute.",
    ),
    // Virtual drives.
    is(
        VirtualDriveState,
        "optimal",
        &["Optl"],
        "All its drives work.",
        NOTHING,
    ),
    is(
        VirtualDriveState,
        "partially_degraded",
        &["Pdgd"],
        "A drive is missing, but the level (RAID 6 or 60) survives another loss.",
        "Replace the failed drive or let the rebuild end.",
    ),
    is(
        VirtualDriveState,
        "degraded",
        &["Dgrd"],
        "A drive is missing. The data is there, but the loss of another drive may destroy it.",
        "Make sure that a rebuild is running or begins, and that there is a backup. Do not pull any other drive.",
    ),
    is(
        VirtualDriveState,
        "offline",
        &["OfLn"],
        "More drives are gone than the level can bear. The data cannot be reached; it may still be there.",
        "Change nothing: no initialization, no new virtual drive, no clearing. Find out from the event log which drives left, and in which order.",
    ),
    // RAID levels.
    is(
        RaidLevel,
        "raid0",
        &["striping"],
        "The data is spread over all drives, without redundancy: any lost drive loses all of it.",
        "Keep nothing there that is not elsewhere as well.",
    ),
    is(
        RaidLevel,
        "raid1",
        &["mirroring", "mirror"],
        "Each drive has a copy on its neighbour: one drive of a pair may be lost.",
        "After a loss pull nothing before it is clear which drive has the only copy left.",
    ),
    is(
        RaidLevel,
        "raid1e",
        &[],
        "Each strip has its copy on the next drive. One drive may be lost; more, only if no neighbours are among them.",
        "Count on one.",
    ),
    is(
        RaidLevel,
        "raid5",
        &["parity"],
        "The data and one parity are spread over all drives: any one may be lost.",
        "With one lost there is no redundancy: replace it at once.",
    ),
    is(
        RaidLevel,
        "raid6",
        &["double parity"],
        "The data and two parities are spread over all drives: any two may be lost.",
        "With one lost there is still redundancy; with two, none.",
    ),
    is(
        RaidLevel,
        "raid00",
        &[],
        "Several RAID 0 spans in a row, without redundancy: any lost drive loses all of it.",
        "Keep nothing there that is not elsewhere as well.",
    ),
    is(
        RaidLevel,
        "raid10",
        &["RAID 1+0"],
        "Several mirrors in a row: one drive of each pair may be lost.",
        "Count span by span. The partner of a lost drive is the one not to pull.",
    ),
    is(
        RaidLevel,
        "raid50",
        &["RAID 5+0"],
        "Several RAID 5 spans in a row: one drive of each span may be lost.",
        "Count span by span: a second loss in one span loses everything.",
    ),
    is(
        RaidLevel,
        "raid60",
        &["RAID 6+0"],
        "Several RAID 6 spans in a row: two drives of each span may be lost.",
        "Count span by span: a third loss in one span loses everything.",
    ),
    // Foreign configurations and preserved cache.
    is(
        Foreign,
        "foreign",
        &["Frgn", "foreign configuration"],
        "The drive carries the configuration of another controller, or of this one from before the drive was away. Its data may be wanted.",
        "Look at the foreign configuration. Import it if its data is wanted; clear exactly that one if it is certainly not.",
    ),
    is(
        Foreign,
        "incomplete",
        &["foreign incomplete", "drives missing"],
        "Not all drives of the foreign configuration are here.",
        "Insert the others before importing. Clear nothing.",
    ),
    is(
        PreservedCache,
        "preserved_cache",
        &["pinned cache", "preserved cache", "pinned"],
        "The cache keeps data that could not be written, because its virtual drive is offline or missing.",
        PRESERVED,
    ),
    is(
        PreservedCache,
        "offline",
        &[],
        "The cache keeps data of a virtual drive that is offline.",
        PRESERVED,
    ),
    is(
        PreservedCache,
        "missing",
        &[],
        "The cache keeps data of a virtual drive that is not there at all.",
        PRESERVED,
    ),
    // Battery and supercapacitor.
    is(
        CacheProtection,
        "optimal",
        &["Optimal"],
        "The cache is protected against loss of power.",
        NOTHING,
    ),
    is(
        CacheProtection,
        "missing",
        &["pack missing", "battery pack missing", "no battery"],
        "No battery or supercapacitor was found, so the cache is not protected.",
        "If the controller should have one, check its cable. Writes go through to the drives meanwhile, unless that was overridden.",
    ),
    is(
        CacheProtection,
        "failed",
        &[
            "battery failed",
            "replacement required",
            "battery replacement required",
        ],
        "The battery or supercapacitor does not protect the cache any longer.",
        "Plan to replace it. Check that no virtual drive writes back in spite of it.",
    ),
    is(
        CacheProtection,
        "operational",
        &[],
        "The battery or supercapacitor works and protects the cache.",
        NOTHING,
    ),
    is(
        CacheProtection,
        "non_operational",
        &[],
        "The battery or supercapacitor does not protect the cache at the moment.",
        "If it is charging or learning, look again in some hours. Otherwise plan to replace it.",
    ),
    is(
        CacheProtection,
        "degraded",
        &["Dgd"],
        "The battery or supercapacitor does not hold what it should.",
        "Read its full state for the reason; if it stays so, plan to replace it.",
    ),
    is(
        CacheProtection,
        "degraded_charging",
        &["Degraded(Charging)"],
        "The battery or supercapacitor does not hold what it should yet: it is charging.",
        "Look again in some hours. If it stays so, plan to replace it.",
    ),
    is(
        CacheProtection,
        "degraded_needs_attention",
        &["need attention", "Degraded(Need Attention)"],
        "The battery or supercapacitor needs a person's attention.",
        "Read its full state for the reason: temperature, voltage, capacity or a learn cycle.",
    ),
    is(
        CacheProtection,
        "learning",
        &["learn cycle", "learn cycle active"],
        "The battery is being discharged and charged to measure it. Meanwhile the cache may be unprotected, and writes slower.",
        "Let it end, which takes some hours.",
    ),
    is(
        CacheProtection,
        "charging",
        &[],
        "The battery or supercapacitor is charging.",
        "Look again in some hours.",
    ),
    is(
        CacheProtection,
        "discharging",
        &[],
        "The battery gives off its charge: in a learn cycle, or because power was lost.",
        "If no learn cycle is running, check the power supply.",
    ),
    is(
        CacheProtection,
        "unknown",
        &[],
        "The firmware does not tell the state.",
        "Read the event log, and the state again later.",
    ),
    // Operations.
    is(
        OperationKind,
        "rebuild",
        &["Rbld"],
        "A drive is being filled with the data of the member that it replaces.",
        LET_IT_END,
    ),
    is(
        OperationKind,
        "copyback",
        &["copy back"],
        "The data of one drive is being copied to another, which takes its place.",
        LET_IT_END,
    ),
    is(
        OperationKind,
        "clear",
        &["drive clear"],
        "A physical drive is being overwritten.",
        "Let it end. What was on the drive is lost.",
    ),
    is(
        OperationKind,
        "secure_erase",
        &["erase"],
        "A drive is being erased for good.",
        "Let it end. What was on the drive is lost.",
    ),
    is(
        OperationKind,
        "consistency_check",
        &["check consistency", "CC"],
        "Data and redundancy are being compared, and differences corrected.",
        "Let it end. Differences that come back again and again point to a drive or to memory.",
    ),
    is(
        OperationKind,
        "background_initialization",
        &["BGI"],
        "Redundancy of a new virtual drive is being computed while it is in use.",
        "Let it end. It begins again by itself if it is stopped.",
    ),
    is(
        OperationKind,
        "foreground_initialization",
        &["initialization", "Init"],
        "A virtual drive is being overwritten with zeros.",
        "Let it end. What was on the virtual drive is lost.",
    ),
    is(
        OperationKind,
        "reconstruction",
        &["Recon", "migration", "online capacity expansion", "OCE"],
        "A virtual drive is being turned into another level or size. This cannot be stopped or undone.",
        "Let it end; pull no drive and do not switch the host off.",
    ),
    is(
        OperationKind,
        "patrol_read",
        &["PR"],
        "Drives are being read in the background to find bad sectors early.",
        NOTHING,
    ),
    is(
        OperationKind,
        "learn_cycle",
        &["battery learn", "relearn", "calibration"],
        "The battery is being discharged and charged again, to measure what it can hold. Writes may be slower meanwhile.",
        "Let it end; it takes some hours.",
    ),
    // Patrol read and scheduled checks.
    is(
        PatrolState,
        "stopped",
        &[],
        "Nothing runs at the moment.",
        NOTHING,
    ),
    is(PatrolState, "ready", &[], "It waits for its time.", NOTHING),
    is(PatrolState, "active", &[], "It is running.", NOTHING),
    is(
        PatrolState,
        "aborted",
        &[],
        "It was broken off.",
        "Find the reason in the event log, and start it again when convenient.",
    ),
    is(
        PatrolState,
        "auto",
        &["automatic"],
        "It begins by itself, at its time.",
        NOTHING,
    ),
    is(
        PatrolState,
        "manual",
        &[],
        "It begins only when a person starts it.",
        "See that somebody does: bad sectors are found early only by reading.",
    ),
    is(
        PatrolState,
        "disabled",
        &["off"],
        "It never runs.",
        "Find out why. Without it bad sectors are found only when a rebuild needs them.",
    ),
    is(
        PatrolState,
        "sequential",
        &[],
        "Scheduled consistency checks take one virtual drive after the other.",
        CHOICE,
    ),
    is(
        PatrolState,
        "concurrent",
        &[],
        "Scheduled consistency checks take all virtual drives at once.",
        CHOICE,
    ),
    is(
        PatrolState,
        "invalid",
        &[],
        "The firmware reports a mode of the consistency check that does not exist.",
        "Set the schedule anew.",
    ),
    is(
        PatrolState,
        "unknown",
        &[],
        "MegaCLI itself does not know the state that the firmware reports.",
        "Read the event log.",
    ),
    // Policies.
    is(
        WritePolicy,
        "write_back",
        &["WB"],
        "Writes are done once they are in the controller's cache. Fast; safe as long as battery or supercapacitor protects the cache.",
        NOTHING,
    ),
    is(
        WritePolicy,
        "write_through",
        &["WT"],
        "Writes are done once the drives have them. Safe without battery, and slower.",
        "If write back is configured and write through in force, look at the cache's protection.",
    ),
    is(
        WritePolicy,
        "always_write_back",
        &[
            "AWB",
            "forced write back",
            "Write Cache OK if Bad BBU",
            "cached bad bbu",
        ],
        "Writes stay in the cache even without protection: a loss of power then loses data that was reported as written.",
        "Use it only if that loss can be borne.",
    ),
    is(
        WritePolicy,
        "no_write_cache_if_bad_bbu",
        &["No Write Cache if Bad BBU", "no cached bad bbu"],
        "Write back falls back to write through while the cache is not protected.",
        NOTHING,
    ),
    is(
        ReadPolicy,
        "read_ahead",
        &["RA"],
        "The controller reads on in advance.",
        CHOICE,
    ),
    is(
        ReadPolicy,
        "adaptive_read_ahead",
        &["ADRA", "read adaptive"],
        "The controller reads on in advance when the host reads in sequence.",
        CHOICE,
    ),
    is(
        ReadPolicy,
        "no_read_ahead",
        &["NORA", "read ahead none"],
        "The controller reads only what is asked for.",
        CHOICE,
    ),
    is(
        AccessPolicy,
        "read_write",
        &["RW"],
        "The host may read and write.",
        NOTHING,
    ),
    is(
        AccessPolicy,
        "read_only",
        &["RO"],
        "The host may only read.",
        CHOICE,
    ),
    is(
        AccessPolicy,
        "blocked",
        &["B"],
        "The host may neither read nor write.",
        CHOICE,
    ),
    is(
        IoPolicy,
        "direct",
        &["direct I/O"],
        "Reads are not kept in the controller's cache. The usual setting.",
        CHOICE,
    ),
    is(
        IoPolicy,
        "cached",
        &["cached I/O"],
        "Reads are kept in the controller's cache as well.",
        CHOICE,
    ),
    is(
        DiskCache,
        "disk_default",
        &["Disk's Default"],
        "The write cache inside the drives is as their maker set it: for many SATA drives, on.",
        "Where a loss of power must not lose data, switch it off: no battery protects the drives' own caches.",
    ),
    is(
        DiskCache,
        "enabled",
        &[],
        "The drives may keep writes in caches of their own, which no battery protects.",
        "Where a loss of power must not lose data, switch it off.",
    ),
    is(
        DiskCache,
        "disabled",
        &[],
        "The drives have a write on the medium before they say so.",
        NOTHING,
    ),
    // Enclosures and what is in them.
    is(
        Enclosure,
        "normal",
        &[],
        "The enclosure reports no fault.",
        NOTHING,
    ),
    is(
        Enclosure,
        "fault",
        &[],
        "The enclosure reports a fault of a fan, power supply, sensor or module.",
        "Look which of the enclosure's parts is at fault.",
    ),
    is(EnclosurePart, "ok", &[], "The part works.", NOTHING),
    is(
        EnclosurePart,
        "non_critical",
        &[],
        "The part reports a problem that does not endanger the enclosure.",
        "Find the cause soon: air flow, dust, a worn fan, a power supply without power.",
    ),
    is(
        EnclosurePart,
        "critical",
        &["Crit"],
        "The part reports a problem that endangers the enclosure and its drives.",
        "See to it now: check fans, power supplies and air flow.",
    ),
    is(
        EnclosurePart,
        "unrecoverable",
        &[],
        "The part has failed in a way that needs the enclosure to be switched off.",
        "Plan the outage soon, and shut the host down first.",
    ),
    is(
        EnclosurePart,
        "not_installed",
        &[],
        "The place for the part is empty.",
        CHOICE,
    ),
    is(
        EnclosurePart,
        "not_available",
        &[],
        "The part is installed, but not switched on.",
        CHOICE,
    ),
    is(
        EnclosurePart,
        "unknown",
        &[],
        "The part cannot be reached, or its sensor has failed.",
        "Look at the part itself if in doubt.",
    ),
    is(
        EnclosurePart,
        "unsupported",
        &[],
        "The enclosure does not watch the part.",
        "Look at the part itself now and then.",
    ),
    // Events and findings.
    is(
        EventClass,
        "debug",
        &[],
        "For the firmware's makers.",
        NOTHING,
    ),
    is(
        EventClass,
        "progress",
        &[],
        "How far a long operation is.",
        NOTHING,
    ),
    is(
        EventClass,
        "information",
        &["info event"],
        "Something happened as it should.",
        NOTHING,
    ),
    is(
        EventClass,
        "warning",
        &[],
        "A part may be about to fail, or something did not work at once.",
        "Look whether it comes again, and for which drive.",
    ),
    is(
        EventClass,
        "critical",
        &[],
        "A part has failed, but no data is lost.",
        "See to the part that is named: redundancy or protection is gone.",
    ),
    is(
        EventClass,
        "fatal",
        &[],
        "A part has failed, and data is lost or may be.",
        "Change nothing before it is clear what is lost.",
    ),
    is(
        EventClass,
        "dead",
        &[],
        "The controller itself has failed.",
        "Keep the drives in their places: another controller of the family can import what is on them.",
    ),
    is(
        Severity,
        "critical",
        &[],
        "Data is at risk or out of reach.",
        "Look now, at night too.",
    ),
    is(
        Severity,
        "unknown",
        &[],
        "It could not be read, so nobody can say. Never taken for healthy.",
        "Find out why it could not be read.",
    ),
    is(
        Severity,
        "warning",
        &[],
        "Something is not as it should be; data is not at risk at this moment.",
        "Look during the day.",
    ),
    is(
        Severity,
        "info",
        &[],
        "Worth knowing. Alone it counts as healthy.",
        NOTHING,
    ),
];

#[cfg(test)]
mod tests {
    use ironkeep_parsers::model;

    use super::Subject::Spare;
    use super::*;
    use crate::explain::glossary;

    /// Every word of a model's enumeration has its explanation.
    macro_rules! explains {
        ($($subject:ident: $words:ident),+ $(,)?) => {
            $( for word in model::$words::KNOWN {
                assert!(self::word($subject, word.token()).is_some(), "{}", word.token());
            } )+
        };
    }

    #[test]
    fn every_state_of_the_model_is_explained() {
        explains!(
            DriveState: DriveState,
            DrivePower: Power,
            VirtualDriveState: VirtualDriveState,
            PreservedCache: PreservedCacheState,
            OperationKind: OperationKind,
            PatrolState: ActivityState,
            WritePolicy: WritePolicy,
            ReadPolicy: ReadPolicy,
            AccessPolicy: AccessPolicy,
            Enclosure: EnclosureStatus,
            EnclosurePart: ElementStatus,
            RaidLevel: RaidLevel,
            IoPolicy: IoPolicy,
            DiskCache: DiskCachePolicy,
            CacheProtection: BatteryState,
            PatrolState: PatrolReadMode,
            PatrolState: ConsistencyCheckMode,
            Spare: HotSpareKind,
        );
        let classes = [
            model::EventClass::Debug,
            model::EventClass::Progress,
            model::EventClass::Information,
            model::EventClass::Warning,
            model::EventClass::Critical,
            model::EventClass::Fatal,
            model::EventClass::Dead,
        ];
        for class in classes {
            let token = format!("{class:?}").to_lowercase();
            assert!(word(EventClass, &token).is_some(), "{token}");
        }
        for severity in ["info", "warning", "unknown", "critical"] {
            assert!(word(Severity, severity).is_some(), "{severity}");
        }
    }

    #[test]
    fn nothing_is_empty_and_texts_are_sentences() {
        for word in glossary() {
            assert!(!word.token.is_empty(), "{word:?}");
            assert!(word.shown_by.starts_with("ironkeep "), "{word:?}");
            for text in [word.meaning, word.next] {
                assert!(text.ends_with('.') && text.len() > 8, "{word:?}");
            }
            assert!(
                word.spellings.iter().all(|spelling| !spelling.is_empty()),
                "{word:?}"
            );
        }
    }

    #[test]
    fn tokens_are_unique_within_their_subject() {
        for (index, first) in glossary().enumerate() {
            for second in glossary().skip(index + 1) {
                assert!(
                    (first.subject, first.token) != (second.subject, second.token),
                    "{second:?}"
                );
            }
        }
    }
}
