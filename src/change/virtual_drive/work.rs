//! Long operations on a virtual drive: initialisation, consistency check, background initialisation.

use ironkeep_parsers::model::{OperationKind, VirtualDrive, VirtualDriveState};

use super::NamedVirtualDrive;
use crate::change::{Check, Risk, Scene, Seen, in_use};
use crate::health::redundancy;
use crate::host::Target;
use crate::reading::{Controller, Part, Unread};

/// What is done to a long operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It begins.
    Start,
    /// It ends before its time.
    Stop,
    /// It pauses.
    Suspend,
    /// It goes on.
    Resume,
}

/// Something that is done to an operation of a virtual drive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// Overwrites its beginning, or all of it, with zeros.
    Initialize {
        /// All of it.
        full: bool,
    },
    /// Ends that before its time.
    StopInitialization,
    /// Compares redundancy with the data and mends it.
    Check {
        /// What is done to it.
        step: Step,
        /// Also where redundancy was never written.
        force: bool,
    },
    /// Writes redundancy while the virtual drive is in use: stops, suspends or resumes it. The firmware
    /// alone starts it.
    Background(Step),
    /// Allows or forbids background initialisation.
    AllowBackground(bool),
}

impl Work {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Initialize { full: false } => "vd.initialize",
            Self::Initialize { full: true } => "vd.initialize_full",
            Self::StopInitialization => "vd.stop_initialization",
            Self::Check { step, .. } => match step {
                Step::Start => "vd.start_check",
                Step::Stop => "vd.stop_check",
                Step::Suspend => "vd.suspend_check",
                Step::Resume => "vd.resume_check",
            },
            Self::Background(step) => match step {
                Step::Start => "vd.start_background_initialization",
                Step::Stop => "vd.stop_background_initialization",
                Step::Suspend => "vd.suspend_background_initialization",
                Step::Resume => "vd.resume_background_initialization",
            },
            Self::AllowBackground(true) => "vd.enable_background_initialization",
            Self::AllowBackground(false) => "vd.disable_background_initialization",
        }
    }

    pub(super) fn words(self, drive: &NamedVirtualDrive) -> String {
        let title = drive.title();
        let step = |step, what: &str| match step {
            Step::Start => format!("start {what} {title}"),
            Step::Stop => format!("stop {what} {title}"),
            Step::Suspend => format!("suspend {what} {title}"),
            Step::Resume => format!("resume {what} {title}"),
        };
        match self {
            Self::Initialize { full: true } => format!("overwrite all of {}", drive.full()),
            Self::Initialize { full: false } => {
                format!("overwrite the beginning and the end of {}", drive.full())
            }
            Self::StopInitialization => step(Step::Stop, "the initialisation of"),
            Self::Check { step: to, .. } => step(to, "a consistency check of"),
            Self::Background(to) => step(to, "the background initialisation of"),
            Self::AllowBackground(true) => format!("allow background initialisation of {title}"),
            Self::AllowBackground(false) => format!("forbid background initialisation of {title}"),
        }
    }

    pub(super) fn risk(self) -> Risk {
        match self {
            Self::Initialize { .. } => Risk::Destroy,
            Self::Check {
                step: Step::Start | Step::Resume,
                force: false,
            } => Risk::None,
            Self::StopInitialization
            | Self::Check { .. }
            | Self::Background(_)
            | Self::AllowBackground(_) => Risk::Change,
        }
    }

    pub(super) fn parts(self) -> &'static [Part] {
        match self {
            Self::AllowBackground(_) => &[Part::VirtualDrives, Part::BackgroundInitialization],
            Self::Initialize { .. } => &[Part::VirtualDrives, Part::PreservedCache],
            Self::StopInitialization | Self::Check { .. } | Self::Background(_) => {
                &[Part::VirtualDrives]
            }
        }
    }

    /// The operation that it is about.
    fn kind(self) -> OperationKind {
        match self {
            Self::Initialize { .. } | Self::StopInitialization => {
                OperationKind::ForegroundInitialization
            }
            Self::Check { .. } => OperationKind::ConsistencyCheck,
            Self::Background(_) | Self::AllowBackground(_) => {
                OperationKind::BackgroundInitialization
            }
        }
    }

    /// What is done to the operation.
    fn step(self) -> Option<Step> {
        match self {
            Self::Initialize { .. } => Some(Step::Start),
            Self::StopInitialization => Some(Step::Stop),
            Self::Check { step, .. } | Self::Background(step) => Some(step),
            Self::AllowBackground(_) => None,
        }
    }

    pub(super) fn checks(
        self,
        scene: &Scene<'_>,
        named: &NamedVirtualDrive,
        drive: &VirtualDrive,
    ) -> Vec<Check> {
        match (self, self.step()) {
            (Self::Initialize { .. }, _) => vec![
                in_use::check(
                    scene,
                    Target::VirtualDrive(named.target),
                    &named.title(),
                    "its data is overwritten under whoever uses it",
                ),
                idle(named, drive),
                on_line(named, drive),
                preserved(scene.controller, named),
            ],
            (Self::Check { .. }, Some(Step::Start)) => vec![
                has_redundancy(scene.controller, named, drive),
                whole(named, drive),
                idle(named, drive),
            ],
            (_, Some(Step::Stop | Step::Suspend | Step::Resume)) => {
                vec![runs(named, drive, &self.kind())]
            }
            (_, Some(Step::Start) | None) => Vec::new(),
        }
    }

    /// What it changes, as it is now.
    pub(super) fn now(
        self,
        named: &NamedVirtualDrive,
        at: &Controller,
        drive: &VirtualDrive,
    ) -> Option<String> {
        if let Self::AllowBackground(_) = self {
            return is_allowed(at, named).map(allowed_words);
        }
        let state = drive.state.as_ref().map(ToString::to_string);
        let parts = [state, progress(drive, &self.kind())];
        let parts: Vec<_> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    pub(super) fn seen(
        self,
        named: &NamedVirtualDrive,
        at: &Controller,
        after: &VirtualDrive,
    ) -> Seen {
        let progress = progress(after, &self.kind());
        let kind = self.kind();
        let Some(step) = self.step() else {
            return allowed(at, named, self == Self::AllowBackground(true));
        };
        match (step, progress) {
            (Step::Start, Some(progress)) => Seen::Running(progress),
            (Step::Stop, None) => Seen::Done(format!("no {} runs", lower(&kind))),
            (Step::Stop, Some(progress)) => Seen::Otherwise(progress),
            // Seen of a small virtual drive, or of a fast initialisation, is only that it is over.
            (Step::Start, None) if self == (Self::Initialize { full: false }) => {
                Seen::Invisible("a fast initialisation is over in a moment")
            }
            (Step::Start | Step::Resume, None) => {
                Seen::Otherwise(format!("no {} runs", lower(&kind)))
            }
            (Step::Suspend | Step::Resume, _) => {
                Seen::Invisible("MegaCLI shows a suspended operation as one that runs")
            }
        }
    }
}

/// `consistency check`.
fn lower(kind: &OperationKind) -> String {
    kind.to_string().to_lowercase()
}

/// How far the operation is; `None` if it does not run.
pub(super) fn progress(drive: &VirtualDrive, kind: &OperationKind) -> Option<String> {
    let mut running = drive.operations.iter();
    let it = running.find(|it| it.kind == *kind)?;
    Some(format!("{} {}", lower(kind), it.progress?.done))
}

/// Nothing runs on it that forbids another operation.
pub(super) fn idle(named: &NamedVirtualDrive, drive: &VirtualDrive) -> Check {
    const CODE: &str = "operation_running";
    let running = drive.operations.iter().filter(|it| it.is_running());
    let running: Vec<_> = running
        .filter_map(|it| progress(drive, &it.kind))
        .chain(rebuilding(drive))
        .collect();
    if running.is_empty() {
        return Check::holds(CODE, format!("nothing runs on {}", named.title()));
    }
    let observed = format!("on {} runs: {}", named.title(), running.join(", "));
    Check::forbids(
        CODE,
        observed,
        "the firmware does one such operation at a time",
    )
    .possible("how far it is: ironkeep operation list")
}

/// The members that are being rebuilt, or copied.
fn rebuilding(drive: &VirtualDrive) -> Option<String> {
    use ironkeep_parsers::model::DriveState;
    let members = drive.spans.iter().flat_map(|span| &span.members);
    let mut states = members.filter_map(|member| member.drive.as_ref()?.state.as_ref());
    let busy = states.find(|state| matches!(state, DriveState::Rebuild | DriveState::Copyback))?;
    Some(format!("{busy} of a drive"))
}

/// The operation runs, so that something can be done to it.
fn runs(named: &NamedVirtualDrive, drive: &VirtualDrive, kind: &OperationKind) -> Check {
    const CODE: &str = "operation_running";
    match progress(drive, kind) {
        Some(progress) => Check::holds(CODE, format!("on {} runs: {progress}", named.title())),
        None => Check::forbids(
            CODE,
            format!("no {} runs on {}", lower(kind), named.title()),
            "there is nothing to stop, suspend or resume",
        )
        .possible("what runs: ironkeep operation list"),
    }
}

/// It can be written to.
fn on_line(named: &NamedVirtualDrive, drive: &VirtualDrive) -> Check {
    const CODE: &str = "state";
    let title = named.title();
    match &drive.state {
        Some(VirtualDriveState::Offline) => Check::forbids(
            CODE,
            format!("{title} is off line"),
            "too many of its drives are gone for it to be written to",
        )
        .possible("what it lacks: ironkeep health"),
        Some(state) => Check::holds(CODE, format!("{title} is {state}")),
        None => Check::refuses(
            CODE,
            format!("the state of {title} is not told"),
            "it may be off line",
        ),
    }
}

/// No drive is lost in it.
pub(super) fn whole(named: &NamedVirtualDrive, drive: &VirtualDrive) -> Check {
    const CODE: &str = "state";
    let title = named.title();
    match &drive.state {
        Some(VirtualDriveState::Optimal) => Check::holds(CODE, format!("{title} is Optimal")),
        Some(state) => Check::forbids(
            CODE,
            format!("{title} is {state}"),
            "the firmware does this only while no drive is lost",
        )
        .possible("what it lacks: ironkeep health"),
        None => Check::refuses(
            CODE,
            format!("the state of {title} is not told"),
            "the firmware does this only while no drive is lost",
        ),
    }
}

/// There is something to compare, and the maker allows it.
fn has_redundancy(at: &Controller, named: &NamedVirtualDrive, drive: &VirtualDrive) -> Check {
    const CODE: &str = "level";
    let title = named.title();
    let denied = at.info.as_ref();
    let denied = denied.and_then(|info| info.virtual_drive_operations.deny_consistency_check);
    if denied == Some(true) {
        let why = "its maker forbids it";
        return Check::forbids(CODE, "the controller does no consistency checks", why);
    }
    match drive
        .raid_level
        .as_ref()
        .map(|level| (level, redundancy::tolerance(level)))
    {
        Some((level, Some(0))) => Check::forbids(
            CODE,
            format!("{title} is {level}"),
            "it has no redundancy that could be compared",
        ),
        Some((level, _)) => Check::holds(CODE, format!("{title} is {level}")),
        None => Check::warns(
            CODE,
            format!("the RAID level of {title} is not told"),
            "without redundancy there is nothing to compare",
        ),
    }
}

/// Whether the controller keeps data of it that are not on the drives yet.
pub(super) fn preserved(at: &Controller, named: &NamedVirtualDrive) -> Check {
    const CODE: &str = "preserved_cache";
    let title = named.title();
    let Some(caches) = &at.preserved_cache else {
        return match at.unread.get(&Part::PreservedCache) {
            Some(Unread::Unsupported(_)) => {
                Check::holds(CODE, "the controller keeps no preserved cache")
            }
            _ => Check::unread(CODE, at, Part::PreservedCache),
        };
    };
    if !caches.iter().any(|it| it.target_id == named.target) {
        return Check::holds(CODE, format!("{title} has no preserved cache"));
    }
    let observed = format!("the controller keeps unwritten data of {title} in its cache");
    Check::refuses(CODE, observed, "they are lost with it")
        .possible("bring its drives back: the controller then writes them by itself")
        .possible(format!(
            "give them up: ironkeep vd discard-preserved-cache vd{}",
            named.target
        ))
}

/// Whether background initialisation is allowed; `None` where that is not told.
fn is_allowed(at: &Controller, named: &NamedVirtualDrive) -> Option<bool> {
    let mut settings = at.background_initialization.as_ref()?.iter();
    let setting = settings.find(|it| it.target_id == named.target)?;
    Some(setting.enabled)
}

fn allowed_words(is_allowed: bool) -> String {
    let word = if is_allowed { "allowed" } else { "forbidden" };
    format!("background initialisation is {word}")
}

/// Whether background initialisation is allowed as wanted.
fn allowed(at: &Controller, named: &NamedVirtualDrive, wanted: bool) -> Seen {
    match is_allowed(at, named) {
        Some(is) if is == wanted => Seen::Done(allowed_words(is)),
        Some(is) => Seen::Otherwise(allowed_words(is)),
        None => Seen::Invisible("the setting is not shown for this virtual drive"),
    }
}
