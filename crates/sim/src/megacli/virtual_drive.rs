//! A virtual drive's block, as `-LDInfo`, `-LdPdInfo`, `-CfgDsply`, `-CfgForeign` and
//! `-CfgCacheCadeDsply` print it.

use super::Answer;
use super::adp_get_prop::power_save;
use super::answer::{line, put};
use super::opcode;
use super::words::{Size, minutes, percent, yes_no};
use crate::state::bits::{operations2, virtual_drive_operations};
use crate::state::{Array, Controller, ForeignConfiguration, VirtualDrive, VirtualState, cache};

/// The virtual drives that belong together: a controller's own, or those of a foreign configuration.
#[derive(Debug, Clone, Copy)]
pub(super) struct Configuration<'a> {
    controller: &'a Controller,
    arrays: &'a [Array],
    virtual_drives: &'a [VirtualDrive],
}

impl<'a> Configuration<'a> {
    /// The controller's own.
    pub(super) fn of(controller: &'a Controller) -> Self {
        Self {
            controller,
            arrays: &controller.arrays,
            virtual_drives: &controller.virtual_drives,
        }
    }

    /// What drives brought from elsewhere to `controller`.
    pub(super) fn foreign(controller: &'a Controller, foreign: &'a ForeignConfiguration) -> Self {
        Self {
            controller,
            arrays: &foreign.arrays,
            virtual_drives: &foreign.virtual_drives,
        }
    }

    /// The sectors of an array are as large as those of its members: 512 bytes where none is known.
    fn sector_size(self, array: &Array) -> u16 {
        let is_known = self.controller.fault(opcode::DRIVE_INFO).is_none();
        let mut members = array.members.iter().flatten().filter(|_| is_known);
        members
            .find_map(|member| self.controller.drive(*member))
            .map_or(512, |member| member.sector_size)
    }

    /// The array with this number.
    fn array(self, reference: u16) -> Option<&'a Array> {
        let mut arrays = self.arrays.iter();
        arrays.find(|array| array.reference == reference)
    }

    /// How much of each member belongs to an array.
    pub(super) fn size_of(self, array: &Array) -> Size {
        Size {
            sectors: array.size,
            sector_size: self.sector_size(array),
        }
    }
}

/// The block with its heading, `Virtual Drive: 0 (Target Id: 0)`, which is `number` and target.
pub(super) fn block(
    answer: &mut Answer,
    configuration: Configuration<'_>,
    number: usize,
    drive: &VirtualDrive,
) {
    if drive.is_cachecade {
        put!(answer, "CacheCade ");
    }
    line!(
        answer,
        "Virtual Drive: {number} (Target Id: {})",
        drive.target
    );
    body(answer, configuration, drive);
}

/// What stands below the heading: nothing where the firmware does not tell about the drive.
pub(super) fn body(answer: &mut Answer, configuration: Configuration<'_>, drive: &VirtualDrive) {
    let controller = configuration.controller;
    if controller.fault(opcode::VIRTUAL_DRIVE_INFO).is_some() {
        return;
    }
    if drive.is_cachecade {
        cachecade(answer, configuration, drive);
        return;
    }
    line!(answer, "Name                :{}", drive.name);
    layout(answer, configuration, drive);
    policies(answer, drive);
    progress(answer, drive);
    line!(answer, "Encryption Type     : {}", encryption(drive));
    capabilities(answer, controller, drive);
    let mut all = configuration.virtual_drives.iter();
    let is_cached = !drive.is_uncached && all.any(|it| it.is_cachecade);
    line!(answer, "Is VD Cached: {}", yes_no(is_cached));
    if is_cached {
        // What makes it `Read and Write` no capture shows.
        line!(answer, "Cache Cade Type : Read Only");
    }
}

/// The block of a drive that caches others.
fn cachecade(answer: &mut Answer, configuration: Configuration<'_>, drive: &VirtualDrive) {
    line!(answer, "Virtual Drive Type    : CacheCade ");
    line!(answer, "Name          : {}", drive.name);
    line!(
        answer,
        "RAID Level        : Primary-{}, Secondary-{}",
        drive.primary_level,
        drive.secondary_level
    );
    line!(answer, "State             : {}", state(drive.state));
    line!(answer, "Size          : {}", size(configuration, drive));
    let cached: Vec<_> = configuration
        .virtual_drives
        .iter()
        .filter(|it| !it.is_cachecade && !it.is_uncached)
        .map(|it| it.target.to_string())
        .collect();
    let cached = if cached.is_empty() {
        "None".to_owned()
    } else {
        cached.join(",")
    };
    line!(answer, "Target Id of the Associated LDs : {cached}");
    line!(
        answer,
        "Default Cache Policy  : {}",
        cache_policy(drive.default_cache)
    );
    line!(
        answer,
        "Current Cache Policy  : {}",
        cache_policy(drive.current_cache)
    );
}

fn layout(answer: &mut Answer, configuration: Configuration<'_>, drive: &VirtualDrive) {
    line!(
        answer,
        "RAID Level          : Primary-{}, Secondary-{}, RAID Level Qualifier-{}",
        drive.primary_level,
        drive.secondary_level,
        drive.level_qualifier
    );
    let (size, redundancy) = sizes(configuration, drive);
    line!(answer, "Size                : {size}");
    line!(answer, "Sector Size         : {}", size.sector_size);
    let controller = configuration.controller;
    if controller.info.operations2 & operations2::EMULATED_DRIVES != 0 {
        line!(answer, "Is VD emulated      : No");
    }
    match redundancy {
        Redundancy::Mirror => line!(answer, "Mirror Data         : {size}"),
        Redundancy::Parity(size) if size.sectors == 0 => {
            line!(answer, "Parity Size         : 0");
        }
        Redundancy::Parity(size) => line!(answer, "Parity Size         : {size}"),
    }
    line!(answer, "State               : {}", state(drive.state));
    let strip = strip_size(drive.strip_size, size.sector_size);
    line!(answer, "Strip Size          : {strip}");
    if drive.span_depth > 1 {
        line!(
            answer,
            "Number Of Drives per span:{}",
            drive.drives_per_span
        );
    } else {
        line!(answer, "Number Of Drives    : {}", drive.drives_per_span);
    }
    line!(answer, "Span Depth          : {}", drive.span_depth);
}

/// What a RAID level holds beside the data.
pub(super) enum Redundancy {
    /// As much again.
    Mirror,
    /// So much parity; none in RAID 0.
    Parity(Size),
}

/// How much data the drive holds.
pub(super) fn size(configuration: Configuration<'_>, drive: &VirtualDrive) -> Size {
    sizes(configuration, drive).0
}

/// Data and redundancy, as the tool works them out from spans and level: it does so as well where
/// the firmware's own size is another.
pub(super) fn sizes(configuration: Configuration<'_>, drive: &VirtualDrive) -> (Size, Redundancy) {
    let first = drive.spans.first();
    let array = first.and_then(|span| configuration.array(span.array));
    let sector_size = array.map_or(512, |array| configuration.sector_size(array));
    let size = |sectors| Size {
        sectors,
        sector_size,
    };
    let per_drive = drive.spans.iter().map(|span| span.size).sum::<u64>();
    let drives = u64::from(drive.drives_per_span);
    let parity = match drive.primary_level & 0x0f {
        1 => {
            let data = per_drive.saturating_mul(drives) / 2;
            return (size(data), Redundancy::Mirror);
        }
        5 => 1,
        6 => 2,
        _ => 0,
    };
    let data = per_drive.saturating_mul(drives.saturating_sub(parity));
    let parity = per_drive.saturating_mul(parity);
    (size(data), Redundancy::Parity(size(parity)))
}

/// A state's word. Numbers that mean nothing count as optimal: so the tool has it.
pub(super) fn state(state: VirtualState) -> &'static str {
    match state {
        VirtualState::Offline => "Offline",
        VirtualState::PartiallyDegraded => "Partially Degraded",
        VirtualState::Degraded => "Degraded",
        VirtualState::Optimal | VirtualState::Code(_) => "Optimal",
    }
}

/// `512Bytes`, `64 KB`, `1.0 MB`: one sector shifted left by `code`.
pub(super) fn strip_size(code: u8, sector_size: u16) -> String {
    if code == 0 && sector_size < 1024 {
        return format!("{sector_size}Bytes");
    }
    let sectors = 1_u64.checked_shl(u32::from(code)).unwrap_or(0);
    let size = Size {
        sectors,
        sector_size,
    };
    size.to_string()
}

fn policies(answer: &mut Answer, drive: &VirtualDrive) {
    line!(
        answer,
        "Default Cache Policy: {}",
        cache_policy(drive.default_cache)
    );
    line!(
        answer,
        "Current Cache Policy: {}",
        cache_policy(drive.current_cache)
    );
    line!(answer, "Default Access Policy: {}", access(drive.access));
    line!(answer, "Current Access Policy: {}", access(drive.access));
    line!(answer, "Disk Cache Policy   : {}", disk_cache(drive));
}

/// A cache policy's words, from its bits.
pub(super) fn cache_policy(bits: u8) -> String {
    const CACHED: u8 = cache::ALLOW_WRITE | cache::ALLOW_READ;
    const ADAPTIVE: u8 = cache::READ_AHEAD | cache::READ_ADAPTIVE;
    let write = if bits & cache::WRITE_BACK == 0 {
        "WriteThrough"
    } else {
        "WriteBack"
    };
    let read = if bits & ADAPTIVE == ADAPTIVE {
        "ReadAdaptive"
    } else if bits & cache::READ_AHEAD != 0 {
        "ReadAhead"
    } else {
        "ReadAheadNone"
    };
    let io = if bits & CACHED == CACHED {
        "Cached"
    } else {
        "Direct"
    };
    let battery = if bits & cache::WRITE_WITHOUT_BATTERY == 0 {
        "No Write Cache if Bad BBU"
    } else {
        "Write Cache OK if Bad BBU"
    };
    format!("{write}, {read}, {io}, {battery}")
}

/// An access policy's words.
pub(super) fn access(code: u8) -> &'static str {
    match code {
        2 => "Read Only",
        3 => "Blocked",
        _ => "Read/Write",
    }
}

/// What becomes of the caches of the drives.
pub(super) fn disk_cache(drive: &VirtualDrive) -> &'static str {
    match drive.disk_cache {
        0 => "Disk's Default",
        1 => "Enabled",
        _ => "Disabled",
    }
}

/// What runs on the drive.
fn progress(answer: &mut Answer, drive: &VirtualDrive) {
    let running = drive.activities;
    let all = [
        ("Check Consistency        ", running.consistency_check),
        (
            "Background Initialization",
            running.background_initialization,
        ),
        (
            "Foreground Initialization",
            running.foreground_initialization,
        ),
        ("Reconstruction           ", running.reconstruction),
    ];
    if all.iter().any(|(_, progress)| progress.is_some()) {
        line!(answer, "Ongoing Progresses:");
    }
    for (name, progress) in all {
        if let Some(progress) = progress {
            line!(
                answer,
                "  {name}: Completed {}%, Taken {} min.",
                percent(progress),
                minutes(progress)
            );
        }
    }
}

fn encryption(drive: &VirtualDrive) -> &'static str {
    match drive.encryption {
        0 => "None",
        1 => "FDE",
        2 => "Controller Based",
        _ => "Disk's Default",
    }
}

/// Lines that depend on what the controller can do.
fn capabilities(answer: &mut Answer, controller: &Controller, drive: &VirtualDrive) {
    let can = controller.info.virtual_drive_operations;
    if can & virtual_drive_operations::POWER_SAVINGS != 0 {
        let policy = power_save(u32::from(drive.power_policy));
        line!(answer, "Default Power Savings Policy: {policy}");
        line!(answer, "Current Power Savings Policy: {policy}");
        line!(answer, "Can spin up in 1 minute: No");
        line!(
            answer,
            "LD has drives that support T10 power conditions: No"
        );
        line!(
            answer,
            "LD's IO profile supports MAX power savings with cached writes: No"
        );
    }
    if can & virtual_drive_operations::BAD_BLOCK_TABLE != 0 {
        line!(answer, "Bad Blocks Exist: {}", yes_no(drive.has_bad_blocks));
    }
    if controller.info.operations2 & operations2::PROTECTION != 0 {
        line!(answer, "PI type: No PI");
        line!(answer);
    }
}
