//! The virtual drives in `-AdpAlILog`.

use super::super::answer::{line, put};
use super::super::virtual_drive::{Configuration, Redundancy, sizes};
use super::super::words::Size;
use super::super::{Answer, opcode};
use super::{Ended, refuse};
use crate::state::{Controller, VirtualDrive, VirtualState, cache};

pub(super) fn tell(controller: &Controller, answer: &mut Answer) -> Result<(), Ended> {
    line!(answer);
    if let Some(status) = controller.fault(opcode::VIRTUAL_DRIVE_LIST) {
        return Err(refuse(status, answer));
    }
    put!(answer, "\n\n");
    let drives = &controller.virtual_drives;
    line!(answer, "# of Logical Drives :{} ", drives.len());
    for (number, drive) in drives.iter().enumerate() {
        tell_one(number, drive, controller, answer)?;
    }
    Ok(())
}

/// A size in MiB. MegaCLI takes a drive whose configuration it cannot read for empty.
fn mib(size: Size, controller: &Controller) -> u128 {
    if controller.fault(opcode::CONFIGURATION).is_some() {
        return 0;
    }
    whole_mib(size)
}

fn whole_mib(size: Size) -> u128 {
    (u128::from(size.sectors) * u128::from(size.sector_size)) >> 20
}

fn tell_one(
    number: usize,
    drive: &VirtualDrive,
    controller: &Controller,
    answer: &mut Answer,
) -> Result<(), Ended> {
    let (data, redundancy) = sizes(Configuration::of(controller), drive);
    let size = mib(data, controller);
    line!(answer);
    line!(answer, "Logical Drive# {number} ");
    line!(answer, "================");
    line!(answer, "        Target ID            : {} ", drive.target);
    line!(answer, "        Sequence Number      : {} ", drive.sequence);
    put!(answer, "        Size                 : {size} MB");
    if let Some(status) = controller.fault(opcode::VIRTUAL_DRIVE_INFO) {
        return Err(refuse(status, answer));
    }
    put!(answer, "\n\n");
    line!(answer, "Detail Logical Drive Information");
    line!(answer, "--------------------------------");
    line!(answer);
    line!(answer, "Target ID                      : {} ", drive.target);
    line!(
        answer,
        "Sequence Number                : {} ",
        drive.sequence
    );
    line!(answer, "Logical Drive name             : {}", drive.name);
    let redundant = match redundancy {
        Redundancy::Mirror => data,
        Redundancy::Parity(size) => size,
    };
    // The spans are in the sum already, and MegaCLI counts them once more.
    let redundant = whole_mib(redundant) * u128::from(drive.span_depth);
    line!(answer, "Total Redundant space(MB)       : {redundant}");
    line!(answer);
    settings(drive, answer);
    for (number, span) in drive.spans.iter().enumerate() {
        let of = |sectors| Size { sectors, ..data };
        line!(answer, "Span# {number}                        :");
        line!(
            answer,
            " Start Block     : {}MB",
            mib(of(span.start), controller)
        );
        line!(
            answer,
            " # blocks        : {}MB",
            mib(of(span.size), controller)
        );
        line!(answer, " Array Index     : {}", span.array);
    }
    line!(answer);
    line!(answer, "Total size of the logical drive: {size}MB");
    // No capture shows another.
    line!(answer, "Logical Drive owner's Device ID: 0");
    if controller.fault(opcode::CONFIGURATION).is_some() {
        line!(answer, "Failed to get Disk Group list");
        answer.status = 1;
        return Err(Ended);
    }
    members(drive, controller, answer);
    Ok(())
}

fn settings(drive: &VirtualDrive, answer: &mut Answer) {
    let (default, current) = (drive.default_cache, drive.current_cache);
    let write = |policy: u8, back, through| {
        if policy & cache::WRITE_BACK == 0 {
            through
        } else {
            back
        }
    };
    let state = match drive.state {
        VirtualState::Offline => "OFFLINE",
        VirtualState::PartiallyDegraded => "PARTIALLY DEGRADED",
        VirtualState::Degraded => "DEGRADED",
        VirtualState::Optimal | VirtualState::Code(_) => "OPTIMAL",
    };
    let strip = drive.strip_size;
    let runs = drive.activities.foreground_initialization.is_some();
    for (name, value) in [
        ("Default Read Policy", read(default)),
        (
            "Default Write Policy",
            write(default, "WriteBack ", "WriteThrough "),
        ),
        ("Default Cache Policy", io(default)),
        ("Current Read Policy", read(current)),
        (
            "Current Write Policy",
            write(current, "Write Back", "Write through"),
        ),
        ("Current Cache Policy", io(current)),
        (
            "PD Cache Policy",
            match drive.disk_cache {
                1 => "ENABLED",
                2 => "DISABLED",
                _ => "UNCHANGED",
            },
        ),
        (
            "Access Policy",
            match drive.access & 3 {
                2 => "Read Only",
                3 => "Blocked",
                _ => "Read/Write",
            },
        ),
        (
            "Background Initialization",
            if drive.no_background_initialization {
                "Disabled"
            } else {
                "Enabled"
            },
        ),
        ("Primary RAID Level", &drive.primary_level.to_string()),
        ("RAID Level Qualifier", &drive.level_qualifier.to_string()),
        ("Secondary RAID Level", &drive.secondary_level.to_string()),
        (
            "Strip Size per DDF",
            &format!("{strip} ({})", strip_size(strip)),
        ),
        ("# of drivers per span", &drive.drives_per_span.to_string()),
        ("# of spans", &drive.span_depth.to_string()),
        (
            "Init Progress State",
            if runs {
                "Init in progress"
            } else {
                "No init in progress"
            },
        ),
        ("State", state),
        (
            "Consistentcy",
            if drive.is_consistent {
                "Consistent"
            } else {
                "Inconsistent"
            },
        ),
    ] {
        // One label is a column narrower than the others.
        let width = if name == "Strip Size per DDF" { 30 } else { 31 };
        line!(answer, "{name:width$}: {value}");
    }
}

fn read(policy: u8) -> &'static str {
    if policy & cache::READ_AHEAD == 0 {
        "No Read Ahead"
    } else if policy & cache::READ_ADAPTIVE == 0 {
        "Read Ahead"
    } else {
        "Adaptive Read Ahead"
    }
}

/// A strip size by its code: `64K`.
fn strip_size(code: u8) -> String {
    match code {
        0 => "512B".to_owned(),
        _ => format!("{}K", 1_u32.checked_shl(u32::from(code) - 1).unwrap_or(0)),
    }
}

fn io(policy: u8) -> &'static str {
    if policy & cache::ALLOW_READ == 0 {
        "Direct IO"
    } else {
        "Cached IO"
    }
}

/// The drives of each span. MegaCLI starts their lines with a line feed, but not their heading, and
/// names the drive before in place of one that is missing.
fn members(drive: &VirtualDrive, controller: &Controller, answer: &mut Answer) {
    let mut last = 0;
    for array in drive
        .spans
        .iter()
        .filter_map(|span| controller.array(span.array))
    {
        put!(
            answer,
            "Number of Physical Devices  : {} ",
            array.members.len()
        );
        for member in &array.members {
            last = member.unwrap_or(last);
            put!(answer, "\nDevice IDs:     {last} ");
        }
    }
    put!(answer, "\n\n");
}
