//! One file per `MegaCLI` output, and the list of them all.

pub mod cache_protection;
pub mod direct_pd_mapping;
pub mod drive;
pub mod enclosure;
pub mod event_log;
pub mod inquiry;
pub mod pd_count;
pub mod pd_list;
pub mod pd_missing;
pub mod pd_progress;
pub mod phy;
pub mod security_key;

use serde::Serialize;

use crate::Report;
use crate::model::{
    CacheProtection, Enclosure, EventExport, EventLog, EventLogInfo, MissingDrive, Operation, Phy,
    PhyErrors, PhysicalDrive, RetentionModes, Section, SecurityKey,
};
use crate::report::{Complaint, Ending, Gap, Leftover};

/// Declares the outputs: name, parser and what it yields.
macro_rules! outputs {
    ($( $(#[$doc:meta])* $variant:ident = $name:literal, $parser:path => $value:ty; )+) => {
        /// Which output a text is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Output {
            $( $(#[$doc])* $variant, )+
        }

        impl Output {
            /// Every output, in order.
            pub const ALL: &'static [Self] = &[$( Self::$variant ),+];

            /// The name, as used in captures and in COVERAGE.md.
            pub fn name(self) -> &'static str {
                match self { $( Self::$variant => $name, )+ }
            }

            /// Reads `text` as this output.
            pub fn read(self, text: &str) -> Parsed {
                match self { $( Self::$variant => Parsed::$variant($parser(text)), )+ }
            }
        }

        /// What reading an output yields.
        #[derive(Debug, Clone, PartialEq, Serialize)]
        #[serde(untagged)]
        #[non_exhaustive]
        pub enum Parsed {
            $( $(#[$doc])* $variant(Report<$value>), )+
        }

        impl Parsed {
            /// Lines that no field took.
            pub fn leftovers(&self) -> &[Leftover] {
                match self { $( Self::$variant(report) => &report.leftovers, )+ }
            }

            /// What the text shows to be missing.
            pub fn gaps(&self) -> &[Gap] {
                match self { $( Self::$variant(report) => &report.gaps, )+ }
            }

            /// What the tool says went wrong.
            pub fn complaints(&self) -> &[Complaint] {
                match self { $( Self::$variant(report) => &report.complaints, )+ }
            }

            /// How the output ends.
            pub fn ending(&self) -> &Ending {
                match self { $( Self::$variant(report) => &report.ending, )+ }
            }
        }
    };
}

outputs! {
    /// `-PDList`: all physical drives.
    PdList = "pd-list", pd_list::pd_list => Vec<Section<Vec<PhysicalDrive>>>;
    /// `-pdInfo`: some physical drives.
    PdInfo = "pd-info", pd_list::pd_list => Vec<Section<Vec<PhysicalDrive>>>;
    /// `-PDGetNum`: how many physical drives there are.
    PdCount = "pd-count", pd_count::pd_count => Vec<Section<u32>>;
    /// `-PdGetMissing`: members that drive groups lack.
    PdMissing = "pd-missing", pd_missing::pd_missing => Vec<Section<Vec<MissingDrive>>>;
    /// `-PDRbld|-PDCpyBk|-PDClear -ShowProg`: long operations on physical drives.
    PdProgress = "pd-progress", pd_progress::pd_progress => Vec<Operation>;
    /// `-EncInfo`: the enclosures.
    EnclosureInfo = "enclosure-info", enclosure::enclosures => Vec<Section<Vec<Enclosure>>>;
    /// `-EncStatus`: the state of the enclosures' parts.
    EnclosureStatus = "enclosure-status", enclosure::enclosures => Vec<Section<Vec<Enclosure>>>;
    /// `-AdpBbuCmd` and its parts: battery or supercapacitor.
    CacheProtection = "cache-protection", cache_protection::cache_protection => Vec<Section<CacheProtection>>;
    /// `-AdpBbuCmd -GetBbumodes`: the modes that the battery can be put into.
    RetentionModes = "retention-modes", cache_protection::retention_modes => RetentionModes;
    /// `-AdpEventLog -GetEventLogInfo`: positions in the event log.
    EventLogInfo = "event-log-info", event_log::event_log_info => Vec<Section<EventLogInfo>>;
    /// `-AdpEventLog` with a file to write: whether it was written.
    EventExport = "event-export", event_log::event_export => EventExport;
    /// The file that `-AdpEventLog` writes.
    EventFile = "event-file", event_log::event_file => Vec<Section<EventLog>>;
    /// `-PHYInfo`: one of the controller's SAS links.
    PhyInfo = "phy-info", phy::phy_info => Vec<Phy>;
    /// `-PhyErrorCounters`: errors on the controller's SAS links.
    PhyErrors = "phy-errors", phy::phy_errors => Vec<Section<Vec<PhyErrors>>>;
    /// `-DirectPdMapping -Dsply`: whether slots have fixed device ids.
    DirectPdMapping = "direct-pd-mapping", direct_pd_mapping::direct_pd_mapping => Vec<Section<bool>>;
    /// `-GetKeyID`: whether there is a key for self-encrypting drives.
    SecurityKey = "security-key", security_key::security_key => SecurityKey;
}

impl Output {
    /// The output that `MegaCLI` gives for `arguments` (without the program's name). Options are
    /// case-insensitive and their dash is optional. `None` for a command that is not read.
    pub fn of_arguments<S: AsRef<str>>(arguments: &[S]) -> Option<Self> {
        let words: Vec<String> = arguments
            .iter()
            .map(|word| word.as_ref().trim_start_matches('-').to_ascii_lowercase())
            .collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let has = |word: &str| words.contains(&word);
        match *words.first()? {
            "pdlist" => Some(Self::PdList),
            "pdinfo" => Some(Self::PdInfo),
            "pdgetnum" => Some(Self::PdCount),
            "pdgetmissing" => Some(Self::PdMissing),
            "pdrbld" | "pdcpybk" | "pdclear" if has("showprog") => Some(Self::PdProgress),
            "encinfo" => Some(Self::EnclosureInfo),
            "encstatus" => Some(Self::EnclosureStatus),
            "adpbbucmd" if has("getbbumodes") => Some(Self::RetentionModes),
            "adpbbucmd" if reads_bbu(&words) => Some(Self::CacheProtection),
            "adpeventlog" if has("geteventloginfo") => Some(Self::EventLogInfo),
            "adpeventlog" if has("f") => Some(Self::EventExport),
            "phyinfo" => Some(Self::PhyInfo),
            "phyerrorcounters" => Some(Self::PhyErrors),
            "directpdmapping" if has("dsply") => Some(Self::DirectPdMapping),
            "getkeyid" => Some(Self::SecurityKey),
            _ => None,
        }
    }
}

/// Whether an `-AdpBbuCmd` shows the battery. Some words change or test it, or dump its memory.
fn reads_bbu(words: &[&str]) -> bool {
    const OTHERS: [&str; 6] = [
        "bbulearn",
        "bbumfgsleep",
        "bbumfgseal",
        "setbbuproperties",
        "setbbumodes",
        "getggeepdata",
    ];
    let schedules = words.contains(&"schedulelearn") && !words.contains(&"info");
    !schedules && !words.iter().any(|word| OTHERS.contains(word))
}
