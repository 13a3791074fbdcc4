//! Changes of a virtual drive, and new ones.

use ironkeep_parsers::model::{
    AccessPolicy, IoPolicy, PowerSavingPolicy, ReadPolicy, TargetId, WritePolicy,
};

use super::{drives, words};
use crate::change::physical_drive::NamedDrive;
use crate::change::virtual_drive::{
    Purpose, Reshape, Setting, Step, VirtualDriveAction as Action, Work, level,
};
use crate::change::{DiscardPreservedCache, NewVirtualDrive, VirtualDriveChange};
use crate::runner::Invocation;

pub(super) fn invocation(change: &VirtualDriveChange) -> Invocation {
    let target = format!("-L{}", change.drive.target);
    let mut run = match &change.action {
        Action::Delete { cachecade: false } => words(["-CfgLdDel"]),
        Action::Delete { cachecade: true } => words(["-CfgCacheCadeDel"]),
        Action::Rename(name) => words(["-LDSetProp", "-Name", name]),
        Action::Set(setting) => set(setting),
        Action::Work(work) => words(work_words(*work)),
        Action::Reshape(reshape) => reshape_words(reshape),
        Action::MakeSecure => words(["-LDMakeSecure"]),
        Action::ClearBadBlocks => words(["-LDBBMClr"]),
        Action::Cache(true) => words(["-Cachecade", "-assign"]),
        Action::Cache(false) => words(["-Cachecade", "-remove"]),
    };
    run.arguments.push(target);
    run
}

fn set(setting: &Setting) -> Invocation {
    let is_power = matches!(setting, Setting::Power(_));
    let command = if is_power {
        "-LDSetPowerPolicy"
    } else {
        "-LDSetProp"
    };
    words([command, word(setting)])
}

/// The word that sets it.
fn word(setting: &Setting) -> &str {
    match setting {
        Setting::Write(policy) => write(policy),
        Setting::Read(policy) => read(policy),
        Setting::Io(policy) => io(policy),
        Setting::CacheWithBadBattery(true) => "CachedBadBBU",
        Setting::CacheWithBadBattery(false) => "NoCachedBadBBU",
        Setting::DiskCache(true) => "-EnDskCache",
        Setting::DiskCache(false) => "-DisDskCache",
        Setting::Access(policy) => access(policy),
        Setting::Unblock => "RemoveBlocked",
        Setting::Power(policy) => power(policy),
        Setting::DropProtection => "DsblPI",
    }
}

fn write(policy: &WritePolicy) -> &str {
    match policy {
        WritePolicy::WriteBack => "WB",
        WritePolicy::WriteThrough => "WT",
        WritePolicy::AlwaysWriteBack => "ForcedWB",
        other @ (WritePolicy::Other(_) | _) => other.as_str(),
    }
}

fn read(policy: &ReadPolicy) -> &str {
    match policy {
        ReadPolicy::ReadAhead => "RA",
        ReadPolicy::AdaptiveReadAhead => "ADRA",
        ReadPolicy::NoReadAhead => "NORA",
        other @ (ReadPolicy::Other(_) | _) => other.as_str(),
    }
}

fn io(policy: &IoPolicy) -> &str {
    match policy {
        IoPolicy::Direct => "Direct",
        IoPolicy::Cached => "Cached",
        other @ (IoPolicy::Other(_) | _) => other.as_str(),
    }
}

fn access(policy: &AccessPolicy) -> &str {
    match policy {
        AccessPolicy::ReadWrite => "RW",
        AccessPolicy::ReadOnly => "RO",
        AccessPolicy::Blocked => "Blocked",
        other @ (AccessPolicy::Other(_) | _) => other.as_str(),
    }
}

fn power(policy: &PowerSavingPolicy) -> &str {
    match policy {
        PowerSavingPolicy::None => "-None",
        PowerSavingPolicy::ControllerDefined => "-Default",
        PowerSavingPolicy::Automatic => "-Automatic",
        PowerSavingPolicy::Maximum => "-Maximum",
        PowerSavingPolicy::MaximumWithoutCaching => "-MaximumWithoutCaching",
        other @ (PowerSavingPolicy::Other(_) | _) => other.as_str(),
    }
}

fn work_words(work: Work) -> Vec<&'static str> {
    let step = |step| match step {
        Step::Start => "-Start",
        Step::Stop => "-Abort",
        Step::Suspend => "-Suspend",
        Step::Resume => "-Resume",
    };
    match work {
        Work::Initialize { full: false } => vec!["-LDInit", "-Start"],
        Work::Initialize { full: true } => vec!["-LDInit", "-Start", "-full"],
        Work::StopInitialization => vec!["-LDInit", "-Abort"],
        Work::Check {
            step: Step::Start,
            force: true,
        } => vec!["-LDCC", "-Start", "-force"],
        Work::Check { step: to, .. } => vec!["-LDCC", step(to)],
        Work::Background(to) => vec!["-LDBI", step(to)],
        Work::AllowBackground(true) => vec!["-LDBI", "-Enbl"],
        Work::AllowBackground(false) => vec!["-LDBI", "-Dsbl"],
    }
}

fn reshape_words(reshape: &Reshape) -> Invocation {
    match reshape {
        Reshape::Reconstruct { level, add } => {
            let level = format!("-r{}", level::digits(level).unwrap_or_default());
            let mut run = words(["-LDRecon", "-Start", &level]);
            if !add.is_empty() {
                run.arguments.extend(["-Add".to_owned(), list(add)]);
            }
            run
        }
        Reshape::Expand { part } => {
            words(["-LdExpansion", &format!("-p{}", part.0), "-dontExpandArray"])
        }
    }
}

/// `-PhysDrv[252:3,252:4]`.
fn list(named: &[NamedDrive]) -> String {
    let places: Vec<_> = named.iter().map(|drive| drive.address).collect();
    drives(&places)
}

/// The run that makes a virtual drive: one span with `-CfgLdAdd`, several with `-CfgSpanAdd`.
pub(super) fn create(new: &NewVirtualDrive) -> Invocation {
    let level = format!("-r{}", level::digits(&new.level).unwrap_or_default());
    if let Purpose::CacheCade { name, serves } = &new.purpose {
        return cachecade(new, &level, name.as_deref(), serves);
    }
    let mut run = if let [only] = new.spans.as_slice() {
        words(["-CfgLdAdd", &format!("{level}{}", bracket(only))])
    } else {
        let spans = new.spans.iter().enumerate();
        let spans = spans.map(|(number, drives)| format!("-Array{number}{}", bracket(drives)));
        words(["-CfgSpanAdd".to_owned(), level].into_iter().chain(spans))
    };
    let mut push = |word: String| run.arguments.push(word);
    let settings = new.settings.iter();
    settings.for_each(|setting| push(word(setting).to_owned()));
    if let Some(size) = new.size {
        push(format!("-sz{}", size.0 >> 20));
    }
    if let Some(strip) = new.strip {
        push(format!("-strpsz{}", strip.0 >> 10));
    }
    if !new.spares.is_empty() {
        push(format!("-Hsp{}", bracket(&new.spares)));
    }
    if let Some(after) = &new.after {
        push(format!("-AfterLd{}", after.target));
    }
    run
}

fn cachecade(
    new: &NewVirtualDrive,
    level: &str,
    name: Option<&str>,
    serves: &[TargetId],
) -> Invocation {
    let mut run = words(["-CfgCacheCadeAdd", level, &list(&new.drives())]);
    let mut push = |words: &[&str]| {
        run.arguments.extend(words.iter().map(|&it| it.to_owned()));
    };
    if let Some(name) = name {
        push(&["-Name", name]);
    }
    let settings = new.settings.iter();
    settings.for_each(|setting| push(&[word(setting)]));
    if !serves.is_empty() {
        let targets: Vec<_> = serves.iter().map(ToString::to_string).collect();
        push(&["-assign", &format!("-L{}", targets.join(","))]);
    }
    run
}

/// `[252:3,252:4]`.
fn bracket(named: &[NamedDrive]) -> String {
    let places: Vec<_> = named
        .iter()
        .map(|drive| drive.address.to_string())
        .collect();
    format!("[{}]", places.join(","))
}

/// Off line, MegaCLI wants `-force`, which deletes the virtual drive, too.
pub(super) fn discard(discard: &DiscardPreservedCache) -> Invocation {
    let target = format!("-L{}", discard.target);
    let mut run = words(["-DiscardPreservedCache", &target]);
    if discard.deletes() {
        run.arguments.push("-force".to_owned());
    }
    run
}
