//! `vd set`: cache, access and power policies.

use clap::ValueEnum;
use ironkeep_parsers::model::{AccessPolicy, IoPolicy, PowerSavingPolicy, ReadPolicy, WritePolicy};

use super::VirtualDrives;
use crate::change::virtual_drive::{Setting, VirtualDriveAction};
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::Failure;
use crate::commands::Run;

/// Set how virtual drives cache, who may use them, when their drives rest
///
/// One run of MegaCLI for each setting, each judged by a reading. Write-back that does not depend on a
/// working battery is warned of: a power cut then loses writes that the host takes for done.
///
/// Example: ironkeep vd set vd0 --write back --read-ahead on
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Args {
    #[command(flatten)]
    drives: VirtualDrives,
    #[command(flatten)]
    settings: Settings,
}

/// The settings, at least one.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = true)]
#[command(next_help_heading = "Settings")]
struct Settings {
    /// When a write counts as done: on the drives, in a protected cache, or in the cache whatever happens
    #[arg(long, value_name = "POLICY")]
    write: Option<Write>,
    /// Whether the controller reads more than was asked for
    #[arg(long, value_name = "POLICY")]
    read_ahead: Option<ReadAhead>,
    /// Whether reads fill the controller's cache
    #[arg(long, value_name = "POLICY")]
    io: Option<Io>,
    /// What becomes of write-back while the battery does not work
    #[arg(long, value_name = "POLICY")]
    bad_bbu: Option<BadBbu>,
    /// Whether the drives' own write caches are on; no battery protects them
    #[arg(long, value_name = "ON|OFF")]
    disk_cache: Option<Switch>,
    /// What the host may do with it
    #[arg(long, value_name = "POLICY")]
    access: Option<Access>,
    /// When its drives may stop turning
    #[arg(long, value_name = "POLICY")]
    power: Option<Power>,
    /// Take T10 protection information away, for good
    #[arg(long)]
    drop_protection: bool,
}

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let actions = self.settings.wanted();
        let actions: Vec<_> = actions.into_iter().map(VirtualDriveAction::Set).collect();
        self.drives.act(context, "vd set", &actions)
    }
}

impl Settings {
    fn wanted(&self) -> Vec<Setting> {
        let protection = self.drop_protection.then_some(Setting::DropProtection);
        [
            self.access.map(Access::setting),
            self.bad_bbu
                .map(|it| Setting::CacheWithBadBattery(it.keeps_cache())),
            self.write.map(|it| Setting::Write(it.policy())),
            self.read_ahead.map(|it| Setting::Read(it.policy())),
            self.io.map(|it| Setting::Io(it.policy())),
            self.disk_cache.map(|it| Setting::DiskCache(it.is_on())),
            self.power.map(|it| Setting::Power(it.policy())),
            protection,
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// `on` or `off`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Switch {
    On,
    Off,
}

impl Switch {
    pub(super) fn is_on(self) -> bool {
        self == Self::On
    }
}

/// A write policy, as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Write {
    /// On the drives: slow and safe
    Through,
    /// In the cache, while a working battery protects it
    Back,
    /// In the cache, battery or not: a power cut loses data
    AlwaysBack,
}

impl Write {
    pub(super) fn policy(self) -> WritePolicy {
        match self {
            Self::Through => WritePolicy::WriteThrough,
            Self::Back => WritePolicy::WriteBack,
            Self::AlwaysBack => WritePolicy::AlwaysWriteBack,
        }
    }
}

/// A read policy, as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ReadAhead {
    On,
    Off,
    /// While reads are sequential; old firmware only
    Adaptive,
}

impl ReadAhead {
    pub(super) fn policy(self) -> ReadPolicy {
        match self {
            Self::On => ReadPolicy::ReadAhead,
            Self::Off => ReadPolicy::NoReadAhead,
            Self::Adaptive => ReadPolicy::AdaptiveReadAhead,
        }
    }
}

/// An I/O policy, as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Io {
    /// Reads leave the cache to writes
    Direct,
    /// Reads fill the cache
    Cached,
}

impl Io {
    pub(super) fn policy(self) -> IoPolicy {
        match self {
            Self::Direct => IoPolicy::Direct,
            Self::Cached => IoPolicy::Cached,
        }
    }
}

/// What becomes of write-back while the battery does not work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum BadBbu {
    /// It falls back to write-through: safe
    WriteThrough,
    /// It goes on: a power cut loses data
    WriteBack,
}

impl BadBbu {
    pub(super) fn keeps_cache(self) -> bool {
        self == Self::WriteBack
    }
}

/// What the host may do, as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Access {
    /// Read and write
    Rw,
    /// Read only
    Ro,
    /// Nothing
    Blocked,
    /// End “blocked”
    Unblock,
}

impl Access {
    fn setting(self) -> Setting {
        match self {
            Self::Rw => Setting::Access(AccessPolicy::ReadWrite),
            Self::Ro => Setting::Access(AccessPolicy::ReadOnly),
            Self::Blocked => Setting::Access(AccessPolicy::Blocked),
            Self::Unblock => Setting::Unblock,
        }
    }
}

/// When drives may stop turning, as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Power {
    /// As the controller has it
    Default,
    /// The firmware decides
    Auto,
    /// Never
    None,
    /// As much as possible
    Max,
    /// As much as possible without caching writes
    MaxWithoutCaching,
}

impl Power {
    fn policy(self) -> PowerSavingPolicy {
        match self {
            Self::Default => PowerSavingPolicy::ControllerDefined,
            Self::Auto => PowerSavingPolicy::Automatic,
            Self::None => PowerSavingPolicy::None,
            Self::Max => PowerSavingPolicy::Maximum,
            Self::MaxWithoutCaching => PowerSavingPolicy::MaximumWithoutCaching,
        }
    }
}
