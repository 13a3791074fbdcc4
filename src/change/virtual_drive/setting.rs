//! Settings of a virtual drive: how writes and reads are cached, who may use it, when its drives rest.

use ironkeep_parsers::model::{
    AccessPolicy, CachePolicy, DiskCachePolicy, IoPolicy, PowerSavingPolicy, ProtectionType,
    ReadPolicy, VirtualDrive, WritePolicy,
};

use super::NamedVirtualDrive;
use crate::change::{Check, Risk, Scene, Seen, in_use};
use crate::health::battery::{self, Condition};
use crate::host::Target;
use crate::reading::Controller;

/// One setting, and what it is to be. Each is set by a run of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    /// When a write counts as done.
    Write(WritePolicy),
    /// Whether the controller reads more than was asked for.
    Read(ReadPolicy),
    /// Whether reads fill the controller's cache.
    Io(IoPolicy),
    /// Whether the write cache stays on without a working battery.
    CacheWithBadBattery(bool),
    /// Whether the members' own write caches are on.
    DiskCache(bool),
    /// What the host may do with it.
    Access(AccessPolicy),
    /// Ends [`AccessPolicy::Blocked`].
    Unblock,
    /// When the members may stop turning.
    Power(PowerSavingPolicy),
    /// Takes T10 protection information away; it cannot be given back.
    DropProtection,
}

impl Setting {
    /// The stable name: `write_policy`.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Write(_) => "vd.set_write_policy",
            Self::Read(_) => "vd.set_read_policy",
            Self::Io(_) => "vd.set_io_policy",
            Self::CacheWithBadBattery(_) => "vd.set_cache_with_bad_battery",
            Self::DiskCache(_) => "vd.set_disk_cache",
            Self::Access(_) => "vd.set_access",
            Self::Unblock => "vd.unblock",
            Self::Power(_) => "vd.set_power_saving",
            Self::DropProtection => "vd.drop_protection",
        }
    }

    /// `set the write policy of virtual drive 0 to WriteBack`.
    pub(super) fn words(&self, drive: &str) -> String {
        let set = |what: &str, to: &str| format!("set the {what} of {drive} to {to}");
        let cached = |on: bool| if on { "keep" } else { "give up" };
        match self {
            Self::Write(policy) => set("write policy", policy.as_str()),
            Self::Read(policy) => set("read policy", policy.as_str()),
            Self::Io(policy) => set("I/O policy", policy.as_str()),
            Self::CacheWithBadBattery(on) => {
                let what = cached(*on);
                format!("{what} the write cache of {drive} without a working battery")
            }
            Self::DiskCache(on) => set("disk cache policy", on_off(*on)),
            Self::Access(policy) => set("access policy", policy.as_str()),
            Self::Unblock => format!("unblock {drive}"),
            Self::Power(policy) => set("power saving policy", policy.as_str()),
            Self::DropProtection => format!("take the protection information of {drive} away"),
        }
    }

    pub(super) fn risk() -> Risk {
        Risk::Change
    }

    /// What is looked at before it is set.
    pub(super) fn checks(&self, scene: &Scene<'_>, named: &NamedVirtualDrive) -> Vec<Check> {
        let mut checks = self.checks_before(scene.controller);
        if let Self::Access(AccessPolicy::ReadOnly | AccessPolicy::Blocked) = self {
            let why = "programs that write to it fail from that moment on";
            let target = Target::VirtualDrive(named.target);
            checks.push(in_use::check(scene, target, &named.title(), why));
        }
        checks
    }

    /// Of that, what can be looked at before the virtual drive is there.
    pub(super) fn checks_before(&self, at: &Controller) -> Vec<Check> {
        let check = match self {
            Self::Write(policy) => battery(at, policy),
            Self::CacheWithBadBattery(true) => Some(unprotected(at)),
            Self::DiskCache(true) => Some(Check::warns(
                "battery",
                "no battery protects the caches of the drives themselves",
                "what they hold is lost in a power cut, and file systems with it",
            )),
            Self::DropProtection => Some(Check::warns(
                "irreversible",
                "protection information cannot be put back",
                "only a new virtual drive gets some",
            )),
            Self::Power(_) => power(at),
            Self::Read(_)
            | Self::Io(_)
            | Self::CacheWithBadBattery(false)
            | Self::DiskCache(false)
            | Self::Access(_)
            | Self::Unblock => None,
        };
        check.into_iter().collect()
    }

    /// What a reading shows of it.
    pub(super) fn seen(&self, after: &VirtualDrive) -> Seen {
        let Some((is_so, shown)) = self.shown(after) else {
            return Seen::Invisible("this build of MegaCLI does not show the setting");
        };
        if is_so {
            Seen::Done(shown)
        } else {
            Seen::Otherwise(shown)
        }
    }

    /// How it is now, in words; `None` where it is not told.
    pub(super) fn now(&self, at: &VirtualDrive) -> Option<String> {
        self.shown(at).map(|(_, shown)| shown)
    }

    /// Whether it is as wanted, and how it is.
    fn shown(&self, at: &VirtualDrive) -> Option<(bool, String)> {
        let cache = at.default_cache.as_ref();
        match self {
            Self::Write(wanted) => write(cache?, wanted),
            Self::Read(wanted) => {
                let policy = cache?.read.as_ref()?;
                Some((policy == wanted, policy.to_string()))
            }
            Self::Io(wanted) => {
                let policy = cache?.io.as_ref()?;
                Some((policy == wanted, policy.to_string()))
            }
            Self::CacheWithBadBattery(wanted) => {
                let on = cache?.write_cache_with_bad_battery?;
                Some((on == *wanted, with_bad_battery(on).to_owned()))
            }
            Self::DiskCache(wanted) => {
                let policy = at.disk_cache.as_ref()?;
                let is = match policy {
                    DiskCachePolicy::Enabled => *wanted,
                    DiskCachePolicy::Disabled => !wanted,
                    DiskCachePolicy::DiskDefault | DiskCachePolicy::Other(_) | _ => false,
                };
                Some((is, policy.to_string()))
            }
            Self::Access(wanted) => {
                let policy = at.default_access.as_ref().or(at.access.as_ref())?;
                Some((policy == wanted, policy.to_string()))
            }
            Self::Unblock => {
                let policy = at.access_policy()?;
                Some((*policy != AccessPolicy::Blocked, policy.to_string()))
            }
            Self::Power(wanted) => {
                let policy = at.default_power_saving.as_ref()?;
                let is = policy == wanted;
                // “As the controller has it” may be shown as what the controller has.
                let is_told = is || *wanted != PowerSavingPolicy::ControllerDefined;
                is_told.then(|| (is, policy.to_string()))
            }
            Self::DropProtection => {
                let kind = at.protection.as_ref()?;
                Some((*kind == ProtectionType::None, kind.to_string()))
            }
        }
    }
}

/// Firmware keeps “always” as write back that goes on without a battery: builds print one or the other.
fn write(cache: &CachePolicy, wanted: &WritePolicy) -> Option<(bool, String)> {
    let policy = cache.write.as_ref()?;
    let without = cache.write_cache_with_bad_battery == Some(true);
    let always =
        *policy == WritePolicy::AlwaysWriteBack || (*policy == WritePolicy::WriteBack && without);
    let is = match wanted {
        WritePolicy::AlwaysWriteBack => always,
        WritePolicy::WriteBack | WritePolicy::WriteThrough | WritePolicy::Other(_) | _ => {
            policy == wanted
        }
    };
    let more = if always && *policy == WritePolicy::WriteBack {
        format!(", {}", with_bad_battery(true))
    } else {
        String::new()
    };
    Some((is, format!("{policy}{more}")))
}

fn on_off(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

fn with_bad_battery(on: bool) -> &'static str {
    if on {
        "write cache kept with a bad battery"
    } else {
        "no write cache with a bad battery"
    }
}

/// What a person should know of a write policy.
fn battery(controller: &Controller, policy: &WritePolicy) -> Option<Check> {
    const CODE: &str = "battery";
    match policy {
        WritePolicy::AlwaysWriteBack => Some(unprotected(controller)),
        WritePolicy::WriteBack => match battery_words(controller) {
            None => Some(Check::holds(CODE, "the battery works")),
            Some(observed) => Some(Check::warns(
                CODE,
                observed,
                "until it works, the controller writes through all the same",
            )),
        },
        WritePolicy::WriteThrough | WritePolicy::Other(_) | _ => None,
    }
}

/// The write cache will be on whether or not a battery protects it.
fn unprotected(controller: &Controller) -> Check {
    const CODE: &str = "battery";
    match battery_words(controller) {
        None => Check::warns(
            CODE,
            "the battery works at present",
            "once it fails, the controller goes on caching writes, and a power cut loses them",
        ),
        Some(observed) => Check::warns(
            CODE,
            observed,
            "a power cut then loses writes that the host takes for done, and damages file systems",
        ),
    }
}

/// Something is rewritten for hours, and a power cut must not lose what is in the cache meanwhile.
pub(super) fn interrupted(controller: &Controller) -> Option<Check> {
    let observed = battery_words(controller)?;
    let why = "a power cut while data is rewritten may then lose all of it";
    Some(Check::warns("battery", observed, why))
}

/// What is wrong with the battery; `None` if it works.
fn battery_words(controller: &Controller) -> Option<&'static str> {
    match battery::condition(controller) {
        Condition::Working => None,
        Condition::Learning => Some("the battery is in a learn cycle"),
        Condition::Charging => Some("the battery is charging"),
        Condition::Broken => Some("the battery does not work"),
        Condition::Absent => Some("the controller has no battery"),
        Condition::Unknown => Some("whether the battery works is not known"),
    }
}

/// Whether the controller knows power saving of virtual drives.
fn power(controller: &Controller) -> Option<Check> {
    const CODE: &str = "supported";
    let info = controller.info.as_ref()?;
    match info.virtual_drive_operations.power_savings {
        Some(true) => Some(Check::holds(CODE, "the controller has power saving")),
        Some(false) => Some(Check::forbids(
            CODE,
            "the controller has no power saving of virtual drives",
            "the firmware would refuse it",
        )),
        None => None,
    }
}
