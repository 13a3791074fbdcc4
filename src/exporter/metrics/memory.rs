//! Who uses the memory of the host.

use std::fmt::Display;

use super::Maybe;
use crate::exporter::exposition::Exposition;
use crate::exporter::family::families;
use crate::exporter::system::{Memory, OTHER};
use crate::memory::NotRead;
use crate::memory::group::{By, Group};

/// Why shares are not read. That nobody asked does not happen here.
const REASONS: &[(NotRead, &str)] = &[
    (NotRead::NotNeeded, "not_needed"),
    (NotRead::Denied, "denied"),
    (NotRead::TooLarge, "too_large"),
    (NotRead::OutOfTime, "out_of_time"),
    (NotRead::Failed, "failed"),
];

families! {
    PSS = "ironkeep_mem_group_pss_bytes", Gauge, ["systemd_unit", "program"],
        "Memory of the processes of a unit or program, each shared page divided among those who map it: at least, as the shares of ironkeep_mem_group_unread_processes are not in it.";
    PSS_BOUND = "ironkeep_mem_group_pss_upper_bound_bytes", Gauge, ["systemd_unit", "program"],
        "The same, at most: with the resident memory of processes whose shares were not read. Equal to ironkeep_mem_group_pss_bytes where all were.";
    SWAP = "ironkeep_mem_group_swap_bytes", Gauge, ["systemd_unit", "program"],
        "Swapped out of the processes of a unit or program, at most: of those whose shares were not read it is the kernel's quick count, which has shared pages once for each process.";
    PROCESSES = "ironkeep_mem_group_processes", Gauge, ["systemd_unit", "program"],
        "Processes of a unit or program, without kernel threads and zombies.";
    UNREAD = "ironkeep_mem_group_unread_processes", Gauge, ["systemd_unit", "program"],
        "Those of them whose shares were not read.";
    DROPPED = "ironkeep_mem_groups_dropped", Gauge, [],
        "Units or programs that have no series of their own: they are in that of other, which with those that are shown makes up all processes.";
    CERTAIN = "ironkeep_mem_groups_certain", Gauge, [],
        "1 if reading every share would give the same largest units or programs; 0 if time, permission or the limit on the size of a process left it open.";
    NOT_READ = "ironkeep_mem_unread_processes", Gauge, ["reason"]
        of &["not_needed", "denied", "too_large", "out_of_time", "failed"],
        "Processes whose shares were not read, by the reason: not_needed, as they cannot be among the largest; denied by the kernel; too_large for the configured limit; out_of_time, as the budget was used up; failed.";
    UNKNOWN = "ironkeep_mem_unknown_processes", Gauge, [],
        "Processes of which not even the size could be read: they are in no other family.";
    UNEXPLAINED = "ironkeep_mem_unexplained_bytes", Gauge, [],
        "Memory of the host that none of the kernel's figures explains: drivers, or a leak in the kernel. What is explained is in node_exporter's meminfo, and in ironkeep mem. Below 0 if the figures have more than there is.";
}

pub(super) fn describe(memory: &Memory, metrics: &mut Exposition) {
    for it in &memory.groups {
        group(memory.by, it.name.as_deref().unwrap_or("none"), it, metrics);
    }
    group(memory.by, OTHER, &memory.other, metrics);
    metrics.add(&DROPPED, &[], memory.dropped);
    metrics.add(&CERTAIN, &[], memory.certain);
    for (reason, name) in REASONS {
        let count = memory.not_read.get(reason).copied().unwrap_or_default();
        metrics.add(&NOT_READ, &[name], count);
    }
    metrics.add(&UNKNOWN, &[], memory.unknown);
    metrics.add_some(&UNEXPLAINED, &[], memory.unexplained);
}

fn group(by: By, name: &str, group: &Group, metrics: &mut Exposition) {
    let is_program = by == By::Program;
    let unit = Maybe((!is_program).then_some(name));
    let program = Maybe(is_program.then_some(name));
    let labels: [&dyn Display; 2] = [&unit, &program];
    metrics.add(&PSS, &labels, group.pss.at_least);
    metrics.add(&PSS_BOUND, &labels, group.pss.at_most);
    metrics.add(&SWAP, &labels, group.swap.at_most);
    metrics.add(&PROCESSES, &labels, group.processes);
    metrics.add(&UNREAD, &labels, group.not_read);
}
