//! The judgement of a reading: no clock, no I/O; of the host it asks for the time zone alone. One file
//! per object judged; what a code means stands in [`code`].

pub(crate) mod battery;
pub mod code;
pub(crate) mod controller;
pub(crate) mod enclosure;
mod label;
mod lost;
pub mod memory;
mod physical_drive;
pub mod redundancy;
pub(crate) mod virtual_drive;

use std::fmt;

use ironkeep_parsers::model::{ControllerId, DriveAddress, EnclosureId, TargetId};
use serde::{Deserialize, Serialize};

pub use code::Code;

use crate::membership;
use crate::reading::{Controller, Part, Reading, Unread};

/// How bad a finding is, in rising order of how soon a person must look.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing; nothing to do.
    Info,
    /// A person should look during the day.
    Warning,
    /// Nobody can say: it could not be read.
    Unknown,
    /// A person should look now.
    Critical,
}

impl Severity {
    /// The word for people and machines.
    pub fn token(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Unknown => "unknown",
            Self::Critical => "critical",
        }
    }

    /// Every severity, the worst first.
    pub const ALL: [Self; 4] = [Self::Critical, Self::Unknown, Self::Warning, Self::Info];

    /// The severity of this word.
    pub fn of_token(token: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.token() == token)
    }
}

/// What a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Object {
    /// The host as a whole.
    Host,
    /// The controller.
    Controller,
    /// A virtual drive.
    VirtualDrive {
        /// Its target id.
        target_id: Option<TargetId>,
        /// Its name.
        name: Option<String>,
    },
    /// A physical drive.
    PhysicalDrive {
        /// Where it sits.
        address: Option<DriveAddress>,
        /// Its serial number, to be compared with the label before it is pulled.
        serial: Option<String>,
    },
    /// An empty place in a drive group.
    MissingDrive {
        /// The drive group, as the controller counts.
        drive_group: u32,
        /// The arm (row) in it.
        arm: u32,
    },
    /// The battery or capacitor.
    CacheProtection,
    /// An enclosure.
    Enclosure {
        /// Its device id.
        enclosure: Option<EnclosureId>,
    },
    /// A memory module of the host.
    MemoryModule {
        /// The label of its slot on the board; where the driver has it if that is not known.
        label: String,
        /// Its serial number, to be compared with the label before it is pulled.
        serial: Option<String>,
    },
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Host => f.write_str("host"),
            Self::Controller => f.write_str("controller"),
            Self::VirtualDrive { target_id, name } => {
                match target_id {
                    Some(target) => write!(f, "vd {target}")?,
                    None => f.write_str("vd ?")?,
                }
                name.as_ref().map_or(Ok(()), |name| write!(f, " ({name})"))
            }
            Self::PhysicalDrive { address, serial } => {
                match address {
                    Some(address) => write!(f, "pd {address}")?,
                    None => f.write_str("pd ?")?,
                }
                serial
                    .as_ref()
                    .map_or(Ok(()), |serial| write!(f, " (sn {serial})"))
            }
            Self::MissingDrive { drive_group, arm } => {
                write!(f, "missing drive {drive_group}/{arm}")
            }
            Self::CacheProtection => f.write_str("bbu"),
            Self::Enclosure {
                enclosure: Some(id),
            } => write!(f, "enclosure {id}"),
            Self::Enclosure { enclosure: None } => f.write_str("enclosure ?"),
            Self::MemoryModule { label, serial } => {
                write!(f, "dimm {label}")?;
                serial
                    .as_ref()
                    .map_or(Ok(()), |serial| write!(f, " (sn {serial})"))
            }
        }
    }
}

/// One thing that is not as it should be, or is worth knowing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Finding {
    /// What it is, as a stable name.
    pub code: Code,
    /// How bad it is here.
    pub severity: Severity,
    /// The controller, where it is known.
    pub controller: Option<ControllerId>,
    /// What it is about.
    pub object: Object,
    /// Why, in plain words, with the figures.
    pub reason: String,
    /// What to type next.
    pub next: String,
}

/// The verdict over all findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing needs a person.
    Healthy,
    /// Somebody should look during the day.
    Warning,
    /// It could not be said: something was not read.
    Unknown,
    /// Somebody should look now.
    Critical,
}

impl Verdict {
    /// The word for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Warning => "WARNING",
            Self::Unknown => "UNKNOWN",
            Self::Critical => "CRITICAL",
        }
    }

    /// The word for machines.
    pub fn token(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Warning => Severity::Warning.token(),
            Self::Unknown => Severity::Unknown.token(),
            Self::Critical => Severity::Critical.token(),
        }
    }

    /// The verdict over `findings`.
    pub fn over(findings: &[Finding]) -> Self {
        Self::of(findings.iter().map(|finding| finding.severity))
    }

    /// The verdict over findings of these severities.
    pub fn of(severities: impl IntoIterator<Item = Severity>) -> Self {
        match severities.into_iter().max() {
            None | Some(Severity::Info) => Self::Healthy,
            Some(Severity::Warning) => Self::Warning,
            Some(Severity::Unknown) => Self::Unknown,
            Some(Severity::Critical) => Self::Critical,
        }
    }
}

/// The parts that a judgement needs. A part that is not in the reading is a finding of its own.
pub const NEEDED: &[Part] = &[
    Part::Controllers,
    Part::VirtualDrives,
    Part::PhysicalDrives,
    Part::MissingDrives,
    Part::CacheProtection,
    Part::Enclosures,
    Part::PatrolRead,
    Part::PreservedCache,
];

/// Parts that are judged where they are known. On a host the drives themselves tell of foreign
/// configurations, and the question is saved; of a capture it costs nothing.
pub const HELPFUL: &[Part] = &[Part::ForeignConfigurations];

/// Collects findings about one controller.
struct Findings<'a> {
    controller: &'a Controller,
    limits: &'a Thresholds,
    several: bool,
    found: Vec<Finding>,
}

impl Findings<'_> {
    /// Adds a finding with its usual severity.
    fn add(&mut self, code: Code, object: Object, reason: impl Into<String>) {
        self.add_as(code, code.severity(), object, reason);
    }

    /// Adds a finding with another severity than usual.
    fn add_as(
        &mut self,
        code: Code,
        severity: Severity,
        object: Object,
        reason: impl Into<String>,
    ) {
        let on = self.controller.id.filter(|_| self.several);
        let next = next(code, &object, on);
        self.found.push(Finding {
            code,
            severity,
            controller: self.controller.id,
            object,
            reason: reason.into(),
            next,
        });
    }
}

/// The command that shows more of a finding, for the host that it is about; it names the controller `on`.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "what is not about a drive that has to go is shown"
)]
pub fn next(code: Code, object: &Object, on: Option<ControllerId>) -> String {
    let flag = on.map_or_else(String::new, |id| format!(" -c {id}"));
    if code == Code::PreservedCache {
        // The virtual drive may be gone; what must not be done about it is what counts.
        return format!("ironkeep explain {}", code.name());
    }
    if [Code::HostSilent, Code::HostStale].contains(&code) {
        // Nobody has judged the host lately.
        return "ironkeep health".to_owned();
    }
    match object {
        Object::VirtualDrive {
            target_id: Some(target),
            ..
        } => format!("ironkeep vd show {target}{flag}"),
        Object::VirtualDrive {
            target_id: None, ..
        } => format!("ironkeep vd list{flag}"),
        Object::PhysicalDrive {
            address: Some(address),
            ..
        } => match code {
            // The plan changes nothing, and says whether the drive is safe to pull.
            Code::DriveFailed | Code::DriveSmart => {
                format!("ironkeep pd replace {address} --plan{flag}")
            }
            _ => format!("ironkeep pd show {address}{flag}"),
        },
        Object::PhysicalDrive { address: None, .. } | Object::MissingDrive { .. } => {
            format!("ironkeep pd list{flag}")
        }
        Object::CacheProtection => format!("ironkeep bbu show{flag}"),
        Object::Enclosure {
            enclosure: Some(id),
        } => format!("ironkeep enclosure show {id}{flag}"),
        Object::Enclosure { enclosure: None } => format!("ironkeep enclosure list{flag}"),
        Object::MemoryModule { .. } => "ironkeep mem dimm".to_owned(),
        Object::Host if code.name().starts_with("memory.") => "ironkeep mem dimm".to_owned(),
        Object::Host | Object::Controller => format!("ironkeep explain {}", code.name()),
    }
}

/// Judges `reading`: every finding, the worst first, then by controller and object.
pub fn judge(reading: &Reading, limits: &Thresholds) -> Vec<Finding> {
    let mut findings = Vec::new();
    for controller in &reading.controllers {
        let mut about = Findings {
            controller,
            limits,
            several: reading.narrowed || reading.controllers.len() > 1,
            found: Vec::new(),
        };
        unread(&mut about);
        controller::judge(&mut about, reading);
        virtual_drive::judge(&mut about);
        physical_drive::judge(&mut about);
        battery::judge(&mut about);
        enclosure::judge(&mut about);
        findings.append(&mut about.found);
    }
    findings.extend(incomplete(reading));
    order(&mut findings);
    // An enclosure with two paths is printed twice.
    findings.dedup();
    findings
}

/// Puts the worst findings first, then by controller and object.
pub(crate) fn order(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        (b.severity, a.controller, &a.object, a.code).cmp(&(
            a.severity,
            b.controller,
            &b.object,
            b.code,
        ))
    });
}

/// Parts that should be there and are not. What a controller does not have was asked for and
/// answered, so it is not missing.
fn unread(about: &mut Findings<'_>) {
    let controller = about.controller;
    let mut not_shown = Vec::new();
    for &part in NEEDED.iter().chain(HELPFUL) {
        match controller.unread.get(&part) {
            None | Some(Unread::NotAsked) => {}
            Some(Unread::NotAvailable) if HELPFUL.contains(&part) => {}
            Some(Unread::NotAvailable) if essential(part) => {
                let reason = format!("the capture does not show {}", part.words());
                about.add(Code::NotRead, Object::Controller, reason);
            }
            Some(Unread::NotAvailable) => not_shown.push(part.words()),
            Some(Unread::Unsupported(words)) if !essential(part) => {
                let reason = format!(
                    "not judged, because the controller lacks the feature: {}: {words}",
                    part.words()
                );
                about.add_as(Code::NotRead, Severity::Info, Object::Controller, reason);
            }
            Some(Unread::Partial(words)) => {
                // Then drives that are missing in the reading hold no data.
                let severity = if membership::is_known(controller) {
                    Severity::Info
                } else {
                    Code::NotRead.severity()
                };
                about.add_as(Code::NotRead, severity, Object::Controller, words.clone());
            }
            Some(Unread::Failed(words) | Unread::Unsupported(words)) => {
                let reason = format!("could not read {}: {words}", part.words());
                about.add(Code::NotRead, Object::Controller, reason);
            }
        }
    }
    if !not_shown.is_empty() {
        let reason = format!(
            "not judged, because the capture does not show it: {}",
            not_shown.join(", ")
        );
        about.add_as(Code::NotRead, Severity::Info, Object::Controller, reason);
    }
}

/// Whether a capture without this part cannot be called healthy. The others refine the picture.
fn essential(part: Part) -> bool {
    matches!(part, Part::VirtualDrives | Part::PhysicalDrives)
}

/// Outputs that break off. What left a whole part unread is a finding of its own already.
fn incomplete(reading: &Reading) -> Vec<Finding> {
    let told = |part: Part, gap: &str| {
        let mut whys = reading.controllers.iter().map(|it| it.unread.get(&part));
        whys.any(|why| matches!(why, Some(Unread::Failed(words)) if words == gap))
    };
    let mut findings = Vec::new();
    for asked in &reading.asked {
        for gap in asked.gaps.iter().filter(|gap| !told(asked.part, gap)) {
            findings.push(Finding {
                code: Code::Incomplete,
                severity: Code::Incomplete.severity(),
                controller: None,
                object: Object::Host,
                reason: format!("{}: {gap}", asked.source),
                next: "ironkeep health --verbose".to_owned(),
            });
        }
    }
    findings
}

/// `[health]`: what counts as too much. Every limit can be set in the configuration file.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Thresholds {
    /// Media errors of one drive from which it is a warning. 0 means the same as 1, here and below.
    pub media_errors_warning: u64,
    /// Media errors of one drive from which it is critical.
    pub media_errors_critical: u64,
    /// Temperature of a hard disk from which it is a warning, in °C.
    pub hard_disk_celsius: i32,
    /// Temperature of a solid-state drive from which it is a warning, in °C.
    pub solid_state_celsius: i32,
    /// Temperature of the controller's chip from which it is a warning, in °C.
    pub controller_celsius: i32,
    /// Temperature of the battery or capacitor from which it is a warning, in °C.
    pub battery_celsius: i32,
    /// How far the controller's clock may be off, in seconds.
    pub clock_offset_seconds: u64,
    /// Correctable memory errors of the controller from which they are a warning.
    pub memory_correctable_errors_warning: u64,
    /// Correctable errors a day of one memory module of the host from which they are a warning.
    pub memory_correctable_per_day: u64,
    /// Whether a host that has redundant virtual drives and no hot spare is a warning instead of
    /// information.
    pub require_hot_spare: bool,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            media_errors_warning: 1,
            media_errors_critical: 100,
            hard_disk_celsius: 60,
            solid_state_celsius: 70,
            controller_celsius: 105,
            battery_celsius: 55,
            clock_offset_seconds: 3600,
            memory_correctable_errors_warning: 1,
            // As mcelog(8) warns of a module: ce-error-threshold = 10 / 24h.
            memory_correctable_per_day: 10,
            require_hot_spare: false,
        }
    }
}

#[cfg(test)]
mod example {
    //! What the tests of the judgements start from.

    use jiff::Timestamp;

    use super::*;

    /// A live reading of `controllers`.
    pub(super) fn reading(controllers: Vec<Controller>) -> Reading {
        Reading {
            taken: Timestamp::UNIX_EPOCH,
            source: "MegaCLI".to_owned(),
            live: true,
            narrowed: false,
            controllers,
            asked: Vec::new(),
        }
    }

    /// What is found about `controller` with the default limits.
    pub(super) fn findings(controller: Controller) -> Vec<Finding> {
        judge(&reading(vec![controller]), &Thresholds::default())
    }

    /// The codes and severities of it.
    pub(super) fn found(controller: Controller) -> Vec<(Code, Severity)> {
        let findings = findings(controller);
        let pairs = findings.iter();
        pairs
            .map(|finding| (finding.code, finding.severity))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::example::{findings, found, reading};
    use super::*;
    use crate::reading::Asked;

    fn unread(part: Part, why: Unread) -> Controller {
        Controller {
            unread: [(part, why)].into(),
            ..Controller::default()
        }
    }

    fn asked(part: Part, gap: &str) -> Asked {
        Asked {
            part,
            source: "-PDList -aALL".to_owned(),
            exit_code: None,
            complaints: Vec::new(),
            gaps: vec![gap.to_owned()],
            leftovers: Vec::new(),
        }
    }

    #[test]
    fn what_could_not_be_read_is_never_healthy() {
        for &part in NEEDED {
            let failed = Unread::Failed("no answer".to_owned());
            let findings = findings(unread(part, failed));
            assert_eq!(Verdict::over(&findings), Verdict::Unknown, "{part:?}");
        }
    }

    #[test]
    fn a_feature_that_the_controller_lacks_is_no_fault() {
        let lacks = || Unread::Unsupported("not supported".to_owned());
        let found_of = |part| found(unread(part, lacks()));
        assert_eq!(
            found_of(Part::PreservedCache),
            [(Code::NotRead, Severity::Info)]
        );
        assert_eq!(
            found_of(Part::PhysicalDrives),
            [(Code::NotRead, Severity::Unknown)]
        );
    }

    #[test]
    fn part_of_the_drives_is_enough_only_if_the_members_are_among_them() {
        let partial = || Unread::Partial("only some".to_owned());
        let mut controller = unread(Part::PhysicalDrives, partial());
        assert_eq!(
            found(controller.clone()),
            [(Code::NotRead, Severity::Unknown)]
        );
        controller.virtual_drives = Some(Vec::new());
        assert_eq!(found(controller), [(Code::NotRead, Severity::Info)]);
    }

    #[test]
    fn what_a_capture_does_not_hold_is_unknown_only_where_it_is_essential() {
        let found_of = |part| found(unread(part, Unread::NotAvailable));
        assert_eq!(
            found_of(Part::VirtualDrives),
            [(Code::NotRead, Severity::Unknown)]
        );
        assert_eq!(
            found_of(Part::Enclosures),
            [(Code::NotRead, Severity::Info)]
        );
        assert_eq!(found_of(Part::ForeignConfigurations), []);
    }

    #[test]
    fn an_output_that_breaks_off_is_told_once() {
        let words = "MegaCLI did not end within 60 s";
        let mut reading = reading(vec![Controller::default()]);
        reading.asked = vec![asked(Part::PhysicalDrives, words)];
        let codes = |reading: &Reading| -> Vec<Code> {
            let findings = judge(reading, &Thresholds::default());
            findings.iter().map(|finding| finding.code).collect()
        };
        assert_eq!(codes(&reading), [Code::Incomplete]);
        let failed = Unread::Failed(words.to_owned());
        reading.controllers = vec![unread(Part::PhysicalDrives, failed)];
        assert_eq!(codes(&reading), [Code::NotRead]);
    }

    #[test]
    fn the_worst_comes_first_and_critical_beats_unknown() {
        let mut first = unread(Part::PhysicalDrives, Unread::Failed("x".to_owned()));
        first.id = Some(ControllerId(0));
        let mut second = Controller {
            id: Some(ControllerId(1)),
            ..Controller::default()
        };
        let info = second.info.get_or_insert_default();
        info.errors.memory_uncorrectable = Some(1);
        let findings = judge(&reading(vec![first, second]), &Thresholds::default());
        let severities: Vec<_> = findings.iter().map(|finding| finding.severity).collect();
        assert_eq!(severities, [Severity::Critical, Severity::Unknown]);
        assert_eq!(Verdict::over(&findings), Verdict::Critical);
    }

    #[test]
    fn the_next_command_names_the_controller_where_the_host_has_several() {
        let drive = ironkeep_parsers::model::VirtualDrive {
            target_id: Some(TargetId(2)),
            ..ironkeep_parsers::model::VirtualDrive::default()
        };
        let controller = Controller {
            id: Some(ControllerId(1)),
            virtual_drives: Some(vec![drive]),
            ..Controller::default()
        };
        let mut reading = reading(vec![controller]);
        let next = |reading: &Reading| judge(reading, &Thresholds::default())[0].next.clone();
        assert_eq!(next(&reading), "ironkeep vd show 2");
        reading.narrowed = true;
        assert_eq!(next(&reading), "ironkeep vd show 2 -c 1");
    }
}
