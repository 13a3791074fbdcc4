//! How each output begins, and what may stand inside it.

use crate::megacli::Output;
use crate::megacli::outcome;

/// The lines with which an output begins.
pub(super) struct Signature {
    /// The output.
    pub(super) output: Output,
    /// One for each line that is not blank.
    pub(super) lines: Vec<Pattern>,
}

/// What a line must be. Texts are templates of [`crate::sentence`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pattern {
    /// `Adapter #0`, alone.
    Heading,
    /// A rule of equals signs.
    Rule,
    /// A sentence behind a controller: `Adapter 0: ...`, `Adapter 0 -- ...`.
    Behind(&'static str),
    /// A sentence that names no controller at its beginning.
    Plain(&'static str),
}

impl Pattern {
    /// `@` is a heading, `@ ...` a sentence behind a controller, and `=` a rule.
    fn read(text: &'static str) -> Self {
        match (text, text.strip_prefix("@ ")) {
            ("@", _) => Self::Heading,
            ("=", _) => Self::Rule,
            (_, Some(sentence)) => Self::Behind(sentence),
            (_, None) => Self::Plain(text),
        }
    }
}

/// `Output: "line" "line", "line";`: signatures of one output, each of one or more lines.
macro_rules! signatures {
    ($( $output:ident: $( $($line:literal)+ ),+; )+) => {
        vec![$( $( Signature {
            output: Output::$output,
            lines: vec![$(Pattern::read($line)),+],
        } ),+ ),+]
    };
}

/// All signatures. The first that fits counts, so readings stand before [`Output::Outcome`]: a few
/// sentences (`AutoRebuild is Enabled.`) are printed for the question and for the change alike, and
/// a state that was just set is also the state.
///
/// Sentences that many commands print (`Adapter 0: Virtual Drive 9 Does not Exist.`) are not here.
pub(super) fn all() -> Vec<Signature> {
    // `-CfgForeign -Dsply 5` says that as well.
    const SHARED: &str = "Foreign configuration {i} does not exist on controller {a}";
    let mut all = signatures! {
        Outcome: "@" "Virtual Drive(Target ID {t}): Preserved Cache Data Cleared",
            "Virtual Drive: {v} (Target Id: {t})" "Unable to secure specified LD",
            "The specified physical disk does not have the appropriate attributes to complete"
            "the requested command";
        AdpGetProp: "@ Get BBU Status Failed" "@ Write Back is {value}";
        AdpAllInfo: "@" "=" "Versions";
        AdpBios: "BIOS on Adapter {a} is {value}";
        AdpBootDrive: "@ Boot Virtual Drive - {value}", "@ Boot Physical Drive - {value}",
            "@ No Virtual drive or Physical Drive is configured as boot drive",
            "@ Failed to get Boot Virtual Drive";
        AdpCcSched: "@" "Operation Mode: {value}";
        AdpCount: "Controller Count: {value}";
        AdpGetPciInfo: "PCI information for Controller {a}";
        AdpGetTime: "@" "Date: {value}";
        AdpPr: "@ Patrol Read Information:";
        ShowSummary: "System" "Operating System: {value}";
        VersionCli: "MegaCLI SAS RAID Management Tool Ver {value}";
        VersionCtrl: "CTRL VERSION:";
        VersionDriver: "DRIVER VERSION:";
        VersionPd: "Location Model Fw Version";
        PdList: "@" "Enclosure Device ID: {value}";
        PdInfo: "Enclosure Device ID: {value}";
        PdCount: "Number of Physical Drives on Adapter {a}: {value}", "@ Failed to get PD Count";
        PdMissing: "@ No Missing Drive is Found", "@ Missing Physical drives";
        PdProgress: "Device(Encl-{e} Slot-{s}) is not in rebuild process",
            "Device(Encl-{e} Slot-{s}) is not in clear process",
            "Physical Drive is not in Copyback state",
            "Rebuild Progress on Device at Enclosure {e}, Slot {s} Completed {value}",
            "Clear Progress on Device at Enclosure {e}, Slot {s} Completed {value}",
            "Copyback Progress on Device at Enclosure {e}, Slot {s} Completed {value}";
        EnclosureInfo: "Number of enclosures on adapter {a} -- {value}";
        EnclosureStatus: "Enclosure {value}" "Number of Slots : {value}";
        CacheProtection: "BBU status for Adapter: {a}", "BBU Capacity Info for Adapter: {a}",
            "BBU Design Info for Adapter: {a}", "BBU Properties for Adapter: {a}",
            "@ Get BBU Status Failed", "@ Get BBU Status Info Failed",
            "@ Get BBU Capacity Info Failed", "@ Get BBU Design Info Failed",
            "@ Get BBU Properties Failed", "@ Real Time Scheduling is not supported";
        RetentionModes: "Undefined BBU Modes";
        EventLogInfo: "@" "Newest Seqnum: {value}", "Newest Seqnum: {value}";
        EventFile: "seqNum: {value}", "@ Number of Events : {value}";
        EventExport: "Success in AdpEventLog", "AdpEventLog failed",
            "There are no CC errors logged", "@ No VD related event logged";
        TerminalLog: "Firmware Term Log Information on controller {a}:";
        TerminalLogBattery: "Battery is {value} for TTY history on Adapter {a}";
        SupportLog: "SAS RAID Management Tool Command Line Utilities" "=";
        FeatureLicences: "Failed to Get Safe ID", "Failed to Get Advanced Software Option(s)";
        PhyInfo: "Phy {value} Information:";
        PhyErrors: "@" "=" "Phy No: {value}";
        DirectPdMapping: "@ Direct Pd Mapping is: {value}";
        SecurityKey: "Encryption is disabled on adapter {value}", "Failed to get the Key ID on {value}";
        LdInfo: "@ Virtual Drive Information:", "@ Virtual Disk Information:",
            "Virtual Drive: {v} (Target Id: {t})", "Virtual Disk: {v} (Target Id: {t})",
            "CacheCade Virtual Drive: {v} (Target Id: {t})";
        LdPdInfo: "@" "Number of Virtual Disks: {value}", "@" "Number of Virtual Drives: {value}";
        LdGetProp: "@ VD {v}(target id: {t}): {value}", "Virtual Drive:{v}(Target ID {t}): {value}";
        LdGetNum: "Number of Virtual Drives Configured on Adapter {a}: {value}";
        LdProgress: "Check Consistency on VD #{v} is not in progress",
            "Initialization on VD #{v} is not in progress",
            "Background Initialization on VD #{v} is not in Progress",
            "Reconstruction on VD #{v} is not in Progress",
            "Check Consistency on VD #{v} (target id #{t}) Complete{value}",
            "Initialization on VD #{v} (target id #{t}) Complete{value}",
            "Background Initialization on VD #{v} (target id #{t}) Complete{value}",
            "Reconstruction on VD #{v} (target id #{t}) Complete{value}";
        LdProgressScreen: "Progress of Virtual Drives";
        LdBackgroundInitialization:
            "Background Initialization is {value} on VD {v} (target id: {t}) on Adapter {a}";
        LdExpansion: "Online Capacity Expansion without adding drives is not supported";
        CfgDsply: "=" "Adapter: {a}" "Product Name: {value}" "Memory: {value}" "BBU: {value}"
            "Serial No: {value}" "=" "Number of {value}",
            "DISK GROUP: {value}" "Number of Spans: {value}";
        CfgCacheCadeDsply: "=" "Adapter: {a}" "Product Name: {value}" "Memory: {value}" "BBU: {value}"
            "Serial No: {value}" "=";
        CfgForeignScan: "There are {value} foreign configuration(s) on controller {a}",
            "There is no foreign configuration on controller {a}";
        CfgForeignDsply: "Foreign configuration {i} on controller {a}:";
        CfgForeignPreview: "Foreign configuration on controller {a}(After import):",
            "Foreign configuration {i} on controller {a}(After import):";
        CfgFreeSpace: "Number of DISK GROUPS: 0", "Number of DISK GROUPS: {value}" "DISK GROUP: {value} Number of Spans: {value}";
        PreservedCacheList: "@ No Virtual Drive has Preserved Cache Data",
            "@" "Virtual Drive(Target ID {t}): {value}",
            "@" "Virtual Drive:{v}(Target ID {t}): {value}";
        AdpGetProp: "Fw Not Support Perf Tuning", "Adapter does not support Emergency Spare",
            "@ Failed to Get Adapter Properties",
            "@ AutoRebuild is Enabled", "@ AutoRebuild is Disabled";
    };
    all.extend(properties());
    for sentence in outcome::sentences().filter(|sentence| *sentence != SHARED) {
        for pattern in [Pattern::Behind(sentence), Pattern::Plain(sentence)] {
            all.push(Signature {
                output: Output::Outcome,
                lines: vec![pattern],
            });
        }
    }
    all
}

/// `-AdpGetProp`: each property has its own spelling.
fn properties() -> impl Iterator<Item = Signature> {
    const SENTENCES: &[&str] = &[
        "@ Abort CC on Error : {value}",
        "@ Alarm Status is {value}",
        "@ Auto Enhanced Import is {value}",
        "@ AutoDetect BackPlane Disabled : {value}",
        "@ BGI Rate = {value}",
        "@ Battery Warning : {value}",
        "@ Boot with Pinned Cache : {value}",
        "@ Cache Bypass: {value}",
        "@ Cache Flush Interval = {value}",
        "@ Check Consistency Rate = {value}",
        "@ Cluster : {value}",
        "@ Coercion Mode : {value}",
        "@ Copyback: {value}",
        "@ Copyback on SMART error: {value}",
        "@ Copyback on SMART error for SSD device: {value}",
        "@ Default power savings policy : {value}",
        "@ Ecc Bucket Count : {value}",
        "@ Ecc Bucket Leak Rate: {value}",
        "@ Ecc Bucket Size : {value}",
        "@ Expose Enclosure Devices is: {value}",
        "@ FDE Only Encryption: {value}",
        "@ ForceSGPIO : {value}",
        "@ JBOD: {value}",
        "@ Load Balance Mode: {value}",
        "@ Maintain PD Fail History is: {value}",
        "@ NCQ Status is {value}",
        "@ Online Controller Reset : {value}",
        "@ PI : {value}",
        "@ PI is not supported",
        "@ PR Correct Unconfigured Areas: {value}",
        "@ Patrol Read Rate = {value}",
        "@ Patrol Read on SSD Devices: {value}",
        "@ Power savings disabled interval : {value}",
        "@ Power savings disabled time : {value}",
        "@ Predictive Fail Poll Interval = {value}",
        "@ Prevent foreign PI Import : {value}",
        "@ Rebuild Rate = {value}",
        "@ Reconstruction Rate = {value}",
        "@ Restore Hot Spare on Insertion : {value}",
        "@ Spin Down of Hot Spares: {value}",
        "@ Spin Down of UnConfigured Drives: {value}",
        "@ Spin Down of UnConfigured drive option is not supported",
        "@ Spin Down time is: {value}",
        "@ Spin up enclosure delay : {value}",
        "@ Spin up enclosure drive count : {value}",
        "@ Spinup Drive Count = {value}",
        "@ Spinup Drive Delay = {value}",
        "@ Use disk activity for locate : {value}",
        "@ Write Back is {value}",
    ];
    SENTENCES.iter().map(|&sentence| Signature {
        output: Output::AdpGetProp,
        lines: vec![Pattern::read(sentence)],
    })
}

/// Whether `inner` may begin inside `outer` without ending it: the parts that one output borrows from
/// another. Borrowed blocks come without a controller's heading of their own. Logs can hold anything.
pub(super) fn contains(outer: Output, inner: &Signature) -> bool {
    const CONFIGURATION: &[Output] = &[
        Output::PdInfo,
        Output::LdInfo,
        Output::CfgDsply,
        Output::CfgFreeSpace,
    ];
    const BLOCKS: &[(Output, &[Output])] = &[
        (Output::PdList, &[Output::PdInfo]),
        (Output::LdPdInfo, &[Output::PdInfo, Output::LdInfo]),
        (Output::CfgDsply, CONFIGURATION),
        (Output::CfgCacheCadeDsply, CONFIGURATION),
        (Output::CfgForeignDsply, CONFIGURATION),
        (Output::CfgForeignPreview, CONFIGURATION),
        (Output::EventLogInfo, &[Output::EventExport]),
        (Output::PreservedCacheList, &[Output::LdGetProp]),
    ];
    // `Adapter 1: Get BBU Properties Failed.` where the other controller has a battery.
    const SENTENCES: &[(Output, &[Output])] =
        &[(Output::RetentionModes, &[Output::CacheProtection])];
    if matches!(outer, Output::SupportLog | Output::TerminalLog) {
        return true;
    }
    let table = match inner.lines.first() {
        Some(Pattern::Plain(_)) => BLOCKS,
        _ => SENTENCES,
    };
    table
        .iter()
        .any(|(output, parts)| *output == outer && parts.contains(&inner.output))
}
