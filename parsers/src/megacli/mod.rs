//! One file per MegaCLI output, and the list of them all.

pub mod adp_all_info;
pub mod adp_all_info_support;
pub mod adp_bios;
pub mod adp_boot_drive;
pub mod adp_cc_sched;
pub mod adp_count;
pub mod adp_get_connector_mode;
pub mod adp_get_pci_info;
pub mod adp_get_prop;
pub mod adp_get_time;
pub mod adp_pr;
pub mod cache_protection;
pub mod cfg_dsply;
pub mod cfg_foreign;
pub mod cfg_free_space;
pub mod direct_pd_mapping;
pub mod drive;
pub mod drive_group;
pub mod enclosure;
pub mod event_log;
pub mod inquiry;
pub mod ld_expansion;
pub mod ld_get_num;
pub mod ld_get_prop;
pub mod ld_info;
pub mod ld_progress;
pub mod member;
pub mod next_start;
pub mod outcome;
pub mod pd_count;
pub mod pd_list;
pub mod pd_missing;
pub mod pd_progress;
pub mod phy;
pub mod preserved_cache;
pub mod recognise;
pub mod section;
pub mod security_key;
pub mod show_summary;
pub mod terminal_log;
pub mod text_log;
pub mod version;
pub mod virtual_drive;

use serde::Serialize;

use crate::Report;
use crate::model::{
    BackgroundInitializationSetting, Bios, BootDrive, CacheProtection, Configuration,
    ConsistencyCheckSchedule, ControllerClock, ControllerInfo, ControllerProperty, DriveVersion,
    DriverVersion, Enclosure, EventExport, EventLog, EventLogInfo, FirmwareVersion,
    ForeignConfiguration, FreeSpace, MissingDrive, Operation, Outcome, PatrolRead, PciLocation,
    Phy, PhyErrors, PhysicalDrive, PreservedCache, RetentionModes, ScreenProgress, Section,
    SecurityKey, Summary, TerminalLine, TextLog, ToolVersion, VirtualDrive, VirtualDriveProperties,
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

            /// The output called `name`.
            pub fn of_name(name: &str) -> Option<Self> {
                match name { $( $name => Some(Self::$variant), )+ _ => None }
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
    /// `-AdpAllInfo`: everything about the controllers.
    AdpAllInfo = "adp-all-info", adp_all_info::adp_all_info => Vec<Section<ControllerInfo>>;
    /// `-AdpBIOS -Dsply`: the controllers' BIOS at boot.
    AdpBios = "adp-bios", adp_bios::adp_bios => Vec<Section<Bios>>;
    /// `-AdpBootDrive -Get`: the drives that the host boots from.
    AdpBootDrive = "adp-boot-drive", adp_boot_drive::adp_boot_drive => Vec<Section<BootDrive>>;
    /// `-AdpCcSched -Info`: the scheduled consistency checks.
    AdpCcSched = "adp-cc-sched", adp_cc_sched::adp_cc_sched => Vec<Section<ConsistencyCheckSchedule>>;
    /// `-adpCount`: how many controllers there are.
    AdpCount = "adp-count", adp_count::adp_count => Option<u32>;
    /// `-AdpGetConnectorMode`: complaints only.
    AdpGetConnectorMode = "adp-get-connector-mode", adp_get_connector_mode::adp_get_connector_mode => ();
    /// `-AdpGetPciInfo`: where the controllers are on the host's bus.
    AdpGetPciInfo = "adp-get-pci-info", adp_get_pci_info::adp_get_pci_info => Vec<Section<PciLocation>>;
    /// `-AdpGetProp X` and `-AdpAutoRbld -Dsply`: one setting of the controllers.
    AdpGetProp = "adp-get-prop", adp_get_prop::adp_get_prop => Vec<Section<ControllerProperty>>;
    /// `-AdpGetTime`: the controllers' clocks.
    AdpGetTime = "adp-get-time", adp_get_time::adp_get_time => Vec<Section<ControllerClock>>;
    /// `-AdpPR -Info`: the patrol reads.
    AdpPr = "adp-pr", adp_pr::adp_pr => Vec<Section<PatrolRead>>;
    /// `-ShowSummary`: a page about each controller.
    ShowSummary = "show-summary", show_summary::show_summary => Vec<Summary>;
    /// `-v` and `-Version -Cli`: the tool itself.
    VersionCli = "version-cli", version::tool => Vec<ToolVersion>;
    /// `-Version -Ctrl`: the controllers' firmware.
    VersionCtrl = "version-ctrl", version::controllers => Vec<FirmwareVersion>;
    /// `-Version -Driver`: the host's driver.
    VersionDriver = "version-driver", version::drivers => Vec<DriverVersion>;
    /// `-Version -Pd`: the drives' firmware.
    VersionPd = "version-pd", version::drives => Vec<DriveVersion>;
    /// `-PDList`: all physical drives.
    PdList = "pd-list", pd_list::pd_list => Vec<Section<Vec<PhysicalDrive>>>;
    /// `-pdInfo`: some physical drives.
    PdInfo = "pd-info", pd_list::pd_list => Vec<Section<Vec<PhysicalDrive>>>;
    /// Every command that changes something.
    Outcome = "outcome", outcome::outcome => Outcome;
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
    /// `-FwTermLog -Dsply`: the firmware's terminal log.
    TerminalLog = "terminal-log", terminal_log::terminal_log => Vec<Section<Vec<TerminalLine>>>;
    /// `-FwTermLog -BBUGet`: whether the battery keeps the terminal log.
    TerminalLogBattery = "terminal-log-battery", terminal_log::terminal_log_battery => Vec<Section<bool>>;
    /// `-AdpAlILog`: a report for the vendor's support.
    SupportLog = "support-log", text_log::text_log => TextLog;
    /// `-ELF -GetSafeId` and `-ELF -ControllerFeatures`: licensed features.
    FeatureLicences = "feature-licences", text_log::text_log => TextLog;
    /// `-PHYInfo`: one of the controller's SAS links.
    PhyInfo = "phy-info", phy::phy_info => Vec<Phy>;
    /// `-PhyErrorCounters`: errors on the controller's SAS links.
    PhyErrors = "phy-errors", phy::phy_errors => Vec<Section<Vec<PhyErrors>>>;
    /// `-DirectPdMapping -Dsply`: whether slots have fixed device ids.
    DirectPdMapping = "direct-pd-mapping", direct_pd_mapping::direct_pd_mapping => Vec<Section<bool>>;
    /// `-GetKeyID`: whether there is a key for self-encrypting drives.
    SecurityKey = "security-key", security_key::security_key => SecurityKey;
    /// `-LDInfo`: virtual drives.
    LdInfo = "ld-info", ld_info::ld_info => Vec<Section<Vec<VirtualDrive>>>;
    /// `-LdPdInfo`: virtual drives with their members.
    LdPdInfo = "ld-pd-info", ld_info::ld_info => Vec<Section<Vec<VirtualDrive>>>;
    /// `-LDGetProp`: one property of virtual drives.
    LdGetProp = "ld-get-prop", ld_get_prop::ld_get_prop => Vec<Section<Vec<VirtualDriveProperties>>>;
    /// `-LDGetNum`: number of virtual drives.
    LdGetNum = "ld-get-num", ld_get_num::ld_get_num => Vec<Section<u32>>;
    /// `-LDCC|-LDBI|-LDInit|-LDRecon -ShowProg`: progress on virtual drives.
    LdProgress = "ld-progress", ld_progress::show => Vec<Operation>;
    /// `-LDCC|-LDBI|-LDInit|-LDRecon -ProgDsply`: the same as a screen.
    LdProgressScreen = "ld-progress-screen", ld_progress::screen => Vec<ScreenProgress>;
    /// `-LDBI -getSetting`: where background initialisation is allowed.
    LdBackgroundInitialization = "ld-background-initialization", ld_progress::setting
        => Vec<Section<Vec<BackgroundInitializationSetting>>>;
    /// `-getLdExpansionInfo`: whether virtual drives can grow.
    LdExpansion = "ld-expansion", ld_expansion::ld_expansion => ();
    /// `-CfgDsply`: drive groups with virtual drives and members.
    CfgDsply = "cfg-dsply", cfg_dsply::cfg_dsply => Vec<Section<Configuration>>;
    /// `-CfgCacheCadeDsply`: drive groups of CacheCade drives.
    CfgCacheCadeDsply = "cfg-cachecade-dsply", cfg_dsply::cfg_dsply => Vec<Section<Configuration>>;
    /// `-CfgForeign -Scan`: number of foreign configurations.
    CfgForeignScan = "cfg-foreign-scan", cfg_foreign::scan => Vec<Section<u32>>;
    /// `-CfgForeign -Dsply`: foreign configurations.
    CfgForeignDsply = "cfg-foreign-dsply", cfg_foreign::display
        => Vec<Section<Vec<ForeignConfiguration>>>;
    /// `-CfgForeign -Preview`: foreign configurations as they would be after an import.
    CfgForeignPreview = "cfg-foreign-preview", cfg_foreign::display
        => Vec<Section<Vec<ForeignConfiguration>>>;
    /// `-CfgFreeSpaceInfo`: free space in drive groups.
    CfgFreeSpace = "cfg-free-space", cfg_free_space::cfg_free_space => Vec<Section<Vec<FreeSpace>>>;
    /// `-GetPreservedCacheList`: data pinned in the cache.
    PreservedCacheList = "preserved-cache-list", preserved_cache::preserved_cache
        => Vec<Section<Vec<PreservedCache>>>;
}

impl Output {
    /// The output that MegaCLI gives for `arguments` (without the program's name). Options are
    /// case-insensitive and their dash is optional. `None` for a command that is not read.
    pub fn of_arguments<S: AsRef<str>>(arguments: &[S]) -> Option<Self> {
        let words: Vec<String> = arguments
            .iter()
            .map(|word| word.as_ref().trim_start_matches('-').to_ascii_lowercase())
            .collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        if outcome::is_change(&words) {
            return Some(Self::Outcome);
        }
        let has = |word: &str| words.contains(&word);
        match *words.first()? {
            "adpallinfo" => Some(Self::AdpAllInfo),
            "adpbios" if has("dsply") => Some(Self::AdpBios),
            "adpbootdrive" if has("get") => Some(Self::AdpBootDrive),
            "adpccsched" if has("info") => Some(Self::AdpCcSched),
            "adpcount" => Some(Self::AdpCount),
            "adpgetconnectormode" => Some(Self::AdpGetConnectorMode),
            "adpgetpciinfo" => Some(Self::AdpGetPciInfo),
            "adpgetprop" => Some(Self::AdpGetProp),
            "adpautorbld" if has("dsply") => Some(Self::AdpGetProp),
            "adpgettime" => Some(Self::AdpGetTime),
            "adppr" if has("info") => Some(Self::AdpPr),
            "showsummary" => Some(Self::ShowSummary),
            "v" => Some(Self::VersionCli),
            "version" if has("cli") => Some(Self::VersionCli),
            "version" if has("ctrl") => Some(Self::VersionCtrl),
            "version" if has("driver") => Some(Self::VersionDriver),
            "version" if has("pd") => Some(Self::VersionPd),
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
            "adpeventlog" => Some(Self::EventExport),
            "fwtermlog" if has("dsply") => Some(Self::TerminalLog),
            "fwtermlog" if has("bbuget") => Some(Self::TerminalLogBattery),
            "adpalilog" => Some(Self::SupportLog),
            "elf" if has("getsafeid") || has("controllerfeatures") => Some(Self::FeatureLicences),
            "phyinfo" => Some(Self::PhyInfo),
            "phyerrorcounters" => Some(Self::PhyErrors),
            "directpdmapping" if has("dsply") => Some(Self::DirectPdMapping),
            "getkeyid" => Some(Self::SecurityKey),
            "ldinfo" => Some(Self::LdInfo),
            "ldpdinfo" => Some(Self::LdPdInfo),
            "ldgetprop" => Some(Self::LdGetProp),
            "ldgetnum" => Some(Self::LdGetNum),
            "ldcc" | "ldbi" | "ldinit" | "ldrecon" if has("showprog") => Some(Self::LdProgress),
            "ldcc" | "ldbi" | "ldinit" | "ldrecon" if has("progdsply") => {
                Some(Self::LdProgressScreen)
            }
            "ldbi" if has("getsetting") => Some(Self::LdBackgroundInitialization),
            "getldexpansioninfo" => Some(Self::LdExpansion),
            "cfgdsply" => Some(Self::CfgDsply),
            "cfgcachecadedsply" => Some(Self::CfgCacheCadeDsply),
            "cfgforeign" if has("scan") => Some(Self::CfgForeignScan),
            "cfgforeign" if has("dsply") => Some(Self::CfgForeignDsply),
            "cfgforeign" if has("preview") => Some(Self::CfgForeignPreview),
            "cfgfreespaceinfo" => Some(Self::CfgFreeSpace),
            "getpreservedcachelist" => Some(Self::PreservedCacheList),
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
