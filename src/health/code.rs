//! The finding codes: stable names, what they mean, what to do. The one table of them; `explain`, the
//! man page and the exporter read it.

use serde::Serialize;

use super::Severity;

/// Declares the codes.
macro_rules! codes {
    ($( $variant:ident = $name:literal, $severity:ident: $meaning:literal, $action:literal; )+) => {
        /// What a finding is about. Names are part of the program's interface.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $( #[doc = $meaning] $variant, )+
        }

        impl Code {
            /// Every code, in order.
            pub const ALL: &'static [Self] = &[$( Self::$variant ),+];

            /// The stable name.
            pub fn name(self) -> &'static str {
                match self { $( Self::$variant => $name, )+ }
            }

            /// How bad it usually is.
            pub fn severity(self) -> Severity {
                match self { $( Self::$variant => Severity::$severity, )+ }
            }

            /// What it means, in a sentence.
            pub fn meaning(self) -> &'static str {
                match self { $( Self::$variant => $meaning, )+ }
            }

            /// What a person should do.
            pub fn action(self) -> &'static str {
                match self { $( Self::$variant => $action, )+ }
            }
        }
    };
}

codes! {
    NotRead = "reading.unread", Unknown:
        "A part of the state could not be read, so nothing can be said about it.",
        "Run the command again with --verbose; if MegaCLI crashes or hangs, look at the kernel log for the controller.";
    Incomplete = "reading.incomplete", Unknown:
        "The tool's output breaks off or contradicts itself: something is missing in it.",
        "Run the command again; if it stays, keep the output (--verbose says where it breaks off).";

    HostDown = "host.down", Unknown:
        "Prometheus gets no answer from the exporter of a host.",
        "Look whether the host runs and can be reached; on it, look at the exporter: systemctl status 'ironkeep*'.";
    HostGone = "host.gone", Unknown:
        "A host delivered metrics within the last days and is no target of Prometheus any more.",
        "If it was taken out of service or renamed, wait, or look back less far; otherwise put it back into Prometheus's configuration.";
    HostSilent = "host.silent", Unknown:
        "A host answers Prometheus, but not with the metrics that its health is judged by.",
        "Run ironkeep health on it; then look at its exporter, and at what Prometheus drops by relabelling.";
    HostStale = "host.stale", Unknown:
        "What a host's exporter tells is old, or its age is not known: the host may be in another state now.",
        "Run ironkeep health on it: MegaCLI may hang, or the timer of the textfile may have stopped.";
    PartialData = "fleet.partial", Unknown:
        "Prometheus warned that its answer may not be whole: hosts or findings may be missing in it.",
        "Look at the stores behind Prometheus, and ask again.";

    ControllerMemoryUncorrectable = "controller.memory-uncorrectable", Critical:
        "The controller's own memory had errors that could not be corrected: data in its cache may be corrupt.",
        "Check the file systems, move the load away and replace the controller or its memory module.";
    ControllerMemoryCorrectable = "controller.memory-correctable", Warning:
        "The controller's own memory had errors that were corrected.",
        "Watch the count. If it rises, replace the controller or its memory module.";
    ControllerHot = "controller.temperature", Warning:
        "The controller's chip is as hot as the configured limit, or hotter.",
        "Check the air flow over the card and the fans of the case.";
    ControllerClock = "controller.clock", Warning:
        "The controller's clock differs from this host's: its event times mislead.",
        "Set the controller's clock from the host: MegaCli -AdpSetTime yyyymmdd hh:mm:ss -aN.";
    ControllerSecurityKey = "controller.security-key", Warning:
        "The controller lacks the key of its self-encrypting drives, or the key is not backed up.",
        "Have the key at hand before anything is restarted: locked drives cannot be read without it.";
    PreservedCache = "cache.preserved", Critical:
        "The controller holds data that were never written, of a virtual drive that is offline or missing.",
        "Bring the missing drives back before anything else. Discarding the cache loses those data for good.";

    VirtualDriveOffline = "vd.offline", Critical:
        "Too many members of a virtual drive are gone: the host cannot use it.",
        "Do not create, clear or import anything. Find out which drive left last; data may be whole once it is back on line.";
    VirtualDriveDegraded = "vd.degraded", Critical:
        "A span has lost its redundancy and nothing is being rebuilt: one more drive lost loses the data.",
        "Replace the failed drive now, and check that the backup is good.";
    VirtualDriveRebuilding = "vd.rebuilding", Warning:
        "A span has no redundancy left and is being rebuilt.",
        "Wait for the rebuild; do not pull a drive of this virtual drive.";
    VirtualDrivePartial = "vd.partially-degraded", Warning:
        "A span has lost a drive and still survives the loss of another.",
        "Replace the failed drive soon.";
    VirtualDriveSuspect = "vd.second-suspect", Critical:
        "A span that has lost its redundancy has a member that reports errors of its own: a rebuild may fail there.",
        "Make a backup before anything else; then replace the failed drive, then the suspect one.";
    VirtualDriveUnknown = "vd.state-unknown", Unknown:
        "The state of a virtual drive was not printed or is a word that is not known.",
        "Look at it: the tool's words are shown as they are.";
    VirtualDriveBadBlocks = "vd.bad-blocks", Warning:
        "A virtual drive has sectors whose data are lost (a punctured stripe).",
        "Restore the files concerned from a backup; rewriting the sectors clears them.";
    VirtualDriveBlocked = "vd.access", Warning:
        "A virtual drive does not accept reads or writes: its access policy says so.",
        "Check who set the access policy and why.";
    WriteThroughFallback = "vd.write-through", Warning:
        "A virtual drive should cache writes and does not at present: it is slow.",
        "Look at the battery; the write cache comes back when the battery works.";
    WriteBackUnprotected = "vd.write-back-unprotected", Warning:
        "A virtual drive caches writes although no working battery protects the cache: a power cut loses data.",
        "Replace the battery, or set the policy back to write-through without a battery.";

    DriveFailed = "pd.failed", Critical:
        "The controller gave up on a drive. A warning where the data are known to survive another loss, a rebuild is bringing redundancy back, or the drive serves nothing.",
        "Replace it: the drive in that bay, with that serial number.";
    DriveOffline = "pd.offline", Critical:
        "A drive of a drive group was taken off line. A warning where the data are known to survive another loss, or a rebuild is bringing redundancy back.",
        "Find out why. Its data are stale if the virtual drive was written since: rebuild it, do not force it on line.";
    DriveUnconfiguredBad = "pd.unconfigured-bad", Warning:
        "A drive that belongs to nothing is marked bad.",
        "Replace it, or make it good if it was only pulled and put back.";
    DriveMissing = "pd.missing", Critical:
        "A place in a drive group is empty. A warning where the data are known to survive another loss, or a rebuild is bringing redundancy back.",
        "Put a drive of at least the expected size into the bay and let it rebuild.";
    DriveRebuilding = "pd.rebuilding", Info:
        "A drive is being rebuilt.",
        "Wait; ironkeep operation list shows the progress.";
    DriveCopyback = "pd.copyback", Info:
        "Data are being copied from one drive to another; redundancy is not touched.",
        "Wait; ironkeep operation list shows the progress.";
    DriveShielded = "pd.shielded", Warning:
        "A drive is being diagnosed by the firmware and does not serve.",
        "Wait; if it fails the diagnosis, replace it.";
    DriveUnknown = "pd.state-unknown", Unknown:
        "The state of a drive was not printed or is a word that is not known.",
        "Look at it: the tool's words are shown as they are.";
    DriveSmart = "pd.smart", Warning:
        "A drive predicts its own failure.",
        "Replace it while it still works.";
    DriveMediaErrors = "pd.media-errors", Warning:
        "A drive could not read some of its sectors.",
        "Watch the count; if it rises, replace the drive while it still works.";
    DriveHot = "pd.temperature", Warning:
        "A drive is as hot as the configured limit, or hotter.",
        "Check the fans and the filler panels of empty bays.";
    DriveForeign = "pd.foreign", Warning:
        "A drive carries the configuration of another controller or of an earlier time.",
        "Find out where it comes from before importing or clearing: importing stale data overwrites newer ones.";
    DriveLocked = "pd.locked", Warning:
        "A self-encrypting drive is locked, or its key manager wants attention.",
        "Provide the security key.";
    ForeignConfiguration = "foreign.configuration", Warning:
        "The controller knows a foreign configuration whose drives do not show that they are foreign.",
        "Find out where it comes from before importing or clearing: importing stale data overwrites newer ones.";
    SpareCommissioned = "spare.commissioned", Info:
        "A hot spare serves in the place of a failed drive.",
        "Replace the failed drive; the new one becomes the spare, or gets the data back by a copyback.";
    NoHotSpare = "spare.none", Info:
        "There are redundant virtual drives and no hot spare: a failed drive stays unreplaced until a person comes.",
        "Add a hot spare, or set require_hot_spare in the configuration to be warned.";

    BatteryFailed = "battery.failed", Warning:
        "The battery or capacitor that protects the write cache does not work.",
        "Replace it. Until then writes go straight to the drives, or are unprotected.";
    BatteryReplace = "battery.replace", Warning:
        "The battery or capacitor asks to be replaced.",
        "Order and replace it.";
    BatteryMissing = "battery.missing", Warning:
        "The battery pack is not connected.",
        "Check the cable and the pack.";
    BatteryDegraded = "battery.degraded", Warning:
        "The battery or capacitor is not in its best state.",
        "Look at its flags: ironkeep bbu show.";
    BatteryHot = "battery.temperature", Warning:
        "The battery or capacitor is too hot.",
        "Check the air flow over it.";
    BatteryUnknown = "battery.state-unknown", Unknown:
        "The state of the battery was not printed or is a word that is not known.",
        "Look at its flags: ironkeep bbu show.";
    BatteryLearning = "battery.learning", Info:
        "The battery is in a learn cycle, which is no fault. Writes may be slower meanwhile.",
        "Wait some hours.";
    BatteryCharging = "battery.charging", Info:
        "The battery is being charged, which is no fault. Writes may be slower meanwhile.",
        "Wait some hours.";

    EnclosureFault = "enclosure.fault", Warning:
        "An enclosure reports a fault.",
        "Look at its sensors: ironkeep enclosure show.";
    EnclosureSensor = "enclosure.sensor", Warning:
        "A fan, power supply, temperature sensor or module of an enclosure is not well.",
        "Look at the part that is named; replace it if it stays so.";

    PatrolReadDisabled = "patrol.disabled", Warning:
        "Patrol read is switched off: bad sectors are found only when a rebuild needs them.",
        "Switch it on: MegaCli -AdpPR -EnblAuto -aN.";

    MemoryUncorrectable = "memory.uncorrectable", Critical:
        "A memory module of the host had errors that could not be corrected: programs were killed, or data may be corrupt.",
        "Move the load away and replace the module; ironkeep mem dimm says which it is, and how far that is certain.";
    MemoryCorrectable = "memory.correctable", Warning:
        "A memory module of the host had errors that were corrected. A warning from the configured number a day on, information below it.",
        "Watch the count. If it rises, or stays above the limit, replace the module.";
    MemoryPoisoned = "memory.poisoned", Warning:
        "The kernel took memory of the host out of use because it was faulty.",
        "Look into the kernel's log for the address (Memory failure), and at the modules: ironkeep mem dimm.";
    MemoryUnread = "memory.unread", Unknown:
        "The kernel shows counters of memory errors, and they could not be read.",
        "Run ironkeep mem dimm as root: it says which file could not be read, and why.";
    MemoryMissing = "memory.missing", Warning:
        "The host uses less memory than its modules have, by a whole module at least.",
        "Look into the firmware's log: it leaves out a module that fails its test. Sparing, mirroring and mem= on the kernel's command line look the same.";
    MemorySpeed = "memory.speed", Info:
        "Memory modules run below the speed that they are rated for.",
        "Often that is how the processor or the number of modules on a channel wants it; otherwise look into the firmware's setup.";
    MemoryMixed = "memory.mixed", Info:
        "Memory modules of several sizes are installed together.",
        "Nothing, if it is meant so; channels with unequal modules are slower.";
    MemoryNotWatched = "memory.not-watched", Info:
        "The memory has ECC, and nobody counts its errors: a failing module is not noticed before it fails.",
        "Load the EDAC driver of the memory controller (lsmod shows those that are loaded), or switch ECC on in the firmware's setup.";
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl schemars::JsonSchema for Code {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Code".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let names: Vec<&str> = Self::ALL.iter().map(|code| code.name()).collect();
        schemars::json_schema!({ "type": "string", "enum": names })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_say_their_object_first() {
        let mut names: Vec<&str> = Code::ALL.iter().map(|code| code.name()).collect();
        assert!(names.iter().all(|name| name.split_once('.').is_some()));
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Code::ALL.len());
    }
}
