//! The columns of processes and of groups.

use ironkeep_parsers::units::Bytes;

use super::order::COMMAND;
use crate::memory::group::{Bounds, By, Group};
use crate::memory::{NotRead, Process, Rollup, Share};
use crate::output::{Align, Cell, Column, Tabular, Tone, width};

impl Process {
    /// What runs: the file's name, or what the kernel calls it.
    fn what(&self) -> &str {
        self.program.as_deref().unwrap_or(&self.name)
    }

    /// A figure of the share; a bound where it was not read.
    fn shared(&self, figure: impl Fn(&Rollup) -> u64) -> Cell {
        match &self.share {
            Share::Read(rollup) => Cell::Size(Bytes(figure(rollup))),
            Share::AtMost { bound_bytes, .. } => Cell::bounds(Bytes(0), Bytes(*bound_bytes)),
            Share::Nothing => Cell::Absent,
        }
    }

    /// A figure of the share that older kernels do not print.
    fn printed(&self, figure: impl Fn(&Rollup) -> Option<u64>) -> Cell {
        match &self.share {
            Share::Read(rollup) => figure(rollup).map(Bytes).into(),
            Share::AtMost { .. } | Share::Nothing => Cell::Absent,
        }
    }

    /// The share, in memory and in swap space.
    fn pss_swap(&self) -> Cell {
        match &self.share {
            Share::Read(rollup) => {
                let swap = rollup.swap_pss.unwrap_or(rollup.swap);
                Cell::Size(Bytes(rollup.pss.saturating_add(swap)))
            }
            Share::AtMost { bound_bytes, .. } => self.swap.map_or(Cell::Absent, |swap| {
                let most = bound_bytes.saturating_add(swap);
                Cell::bounds(Bytes(0), Bytes(most))
            }),
            Share::Nothing => Cell::Absent,
        }
    }

    /// The largest that the share can be.
    fn pss_at_most(&self) -> Cell {
        match &self.share {
            Share::Read(rollup) => Cell::Size(Bytes(rollup.pss)),
            Share::AtMost { bound_bytes, .. } => Cell::Size(Bytes(*bound_bytes)),
            Share::Nothing => Cell::Absent,
        }
    }

    fn user(&self) -> Cell {
        match (&self.user, self.uid) {
            (Some(user), _) => user.into(),
            (None, uid) => uid.map(|uid| uid.to_string()).into(),
        }
    }

    fn not_read(&self) -> Cell {
        match self.share {
            Share::AtMost { because, .. } => {
                Cell::state(word(because), word(because), Tone::Neutral)
            }
            Share::Read(_) | Share::Nothing => Cell::Absent,
        }
    }
}

/// Why a share was not read, in a word.
fn word(why: NotRead) -> &'static str {
    match why {
        NotRead::NotNeeded => "not_needed",
        NotRead::NotAsked => "not_asked",
        NotRead::Denied => "denied",
        NotRead::TooLarge => "too_large",
        NotRead::OutOfTime => "out_of_time",
        NotRead::Failed => "failed",
    }
}

/// The columns that a name may take in a table. Other formats have all of it.
const NAME: usize = 28;

/// A name, cut off in tables where it would push everything else out.
fn name(text: &str) -> Cell {
    let mut short = text.to_owned();
    if width(text) > NAME {
        while width(&short) >= NAME {
            short.pop();
        }
        short.push('…');
    }
    Cell::state(short, text, Tone::Neutral)
}

fn size(bytes: Option<u64>) -> Cell {
    bytes.map(Bytes).into()
}

impl Tabular for Process {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("pss", "PSS", Align::Right, |it| {
            it.shared(|share| share.pss)
        }),
        Column::new("program", "PROGRAM", Align::Left, |it| name(it.what())),
        Column::new("pid", "PID", Align::Right, |it| it.pid.into()),
        Column::new("swap", "SWAP", Align::Right, |it| size(it.swap)),
        Column::new("uss", "USS", Align::Right, |it| {
            it.shared(|share| share.uss)
        }),
        Column::new("user", "USER", Align::Left, Self::user),
        Column::new("unit", "UNIT", Align::Left, |it| {
            it.unit.as_deref().map_or(Cell::Absent, name)
        }),
        Column::new("rss", "RSS", Align::Right, |it| Cell::Size(Bytes(it.rss))),
        Column::new("pss_swap", "PSS+SWAP", Align::Right, Self::pss_swap),
        Column::on_request(
            "pss_at_most",
            "PSS AT MOST",
            Align::Right,
            Self::pss_at_most,
        ),
        Column::on_request("not_read", "NOT READ", Align::Left, Self::not_read),
        Column::on_request("pss_anon", "ANON", Align::Right, |it| {
            it.printed(|share| share.pss_anon)
        }),
        Column::on_request("pss_file", "FILE", Align::Right, |it| {
            it.printed(|share| share.pss_file)
        }),
        Column::on_request("pss_shmem", "SHMEM", Align::Right, |it| {
            it.printed(|share| share.pss_shmem)
        }),
        Column::on_request("swap_pss", "SWAP PSS", Align::Right, |it| {
            it.printed(|share| share.swap_pss)
        }),
        Column::on_request("hugetlb", "HUGETLB", Align::Right, |it| size(it.hugetlb)),
        Column::on_request("threads", "THREADS", Align::Right, |it| it.threads.into()),
        Column::on_request("name", "NAME", Align::Left, |it| it.name.as_str().into()),
        Column::on_request("uid", "UID", Align::Right, |it| it.uid.into()),
        Column::on_request("container", "CONTAINER", Align::Left, |it| {
            it.container.as_deref().into()
        }),
        Column::on_request("cgroup", "CGROUP", Align::Left, |it| {
            it.cgroup.as_deref().into()
        }),
        Column::on_request(COMMAND, "COMMAND", Align::Prose, |it| {
            it.command.as_deref().into()
        }),
    ];
}

/// A group, and by what it was made.
pub(super) struct GroupRow {
    pub(super) group: Group,
    pub(super) by: By,
}

impl GroupRow {
    fn name(&self) -> Cell {
        let none = match self.by {
            By::Program => "(no program)",
            By::Unit => "(no unit)",
            By::Cgroup => "(no cgroup)",
            By::User => "(user not read)",
            By::Container => "(no container)",
        };
        match &self.group.name {
            Some(text) => name(text),
            None => Cell::state(none, "", Tone::Neutral),
        }
    }

    fn pss_swap(&self) -> Bounds {
        let mut sum = self.group.pss;
        sum.add(self.group.swap);
        sum
    }
}

fn bounds(bounds: Bounds) -> Cell {
    Cell::bounds(Bytes(bounds.at_least), Bytes(bounds.at_most))
}

impl Tabular for GroupRow {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("pss", "PSS", Align::Right, |it| bounds(it.group.pss)),
        Column::new("group", "GROUP", Align::Left, Self::name),
        Column::new("processes", "PROCESSES", Align::Right, |it| {
            it.group.processes.into()
        }),
        Column::new("swap", "SWAP", Align::Right, |it| bounds(it.group.swap)),
        Column::new("uss", "USS", Align::Right, |it| bounds(it.group.uss)),
        Column::new("pss_swap", "PSS+SWAP", Align::Right, |it| {
            bounds(it.pss_swap())
        }),
        Column::new("rss", "RSS SUM", Align::Right, |it| {
            Cell::Size(Bytes(it.group.rss))
        }),
        Column::on_request("not_read", "NOT READ", Align::Right, |it| {
            it.group.not_read.into()
        }),
        Column::on_request("pss_at_least", "PSS AT LEAST", Align::Right, |it| {
            Cell::Size(Bytes(it.group.pss.at_least))
        }),
        Column::on_request("pss_at_most", "PSS AT MOST", Align::Right, |it| {
            Cell::Size(Bytes(it.group.pss.at_most))
        }),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A process of which nothing is known but its size.
    fn process(share: Share) -> Process {
        Process {
            pid: 42,
            name: "postgres".to_owned(),
            program: None,
            command: None,
            uid: Some(70),
            user: None,
            cgroup: None,
            unit: None,
            container: None,
            threads: None,
            rss: 3 << 30,
            swap: Some(1 << 30),
            hugetlb: None,
            share,
        }
    }

    fn cells(process: &Process, keys: &[&str]) -> Vec<String> {
        let cell = |key: &&str| {
            let column = Process::COLUMNS.iter().find(|column| column.key == *key);
            (column.unwrap().cell)(process).shown()
        };
        keys.iter().map(cell).collect()
    }

    const SHARES: &[&str] = &["pss", "uss", "pss_swap", "pss_at_most", "not_read"];

    #[test]
    fn what_was_read_is_a_figure() {
        let rollup = Rollup {
            pss: 2 << 30,
            uss: 1 << 30,
            swap: 1 << 30,
            swap_pss: Some(1 << 29),
            ..Rollup::default()
        };
        let shown = cells(&process(Share::Read(rollup)), SHARES);
        assert_eq!(shown, ["2 GiB", "1 GiB", "2.5 GiB", "2 GiB", "-"]);
    }

    #[test]
    fn what_was_not_read_is_a_bound_and_never_nothing() {
        let unread = process(Share::AtMost {
            bound_bytes: 3 << 30,
            because: NotRead::Denied,
        });
        let shown = cells(&unread, SHARES);
        assert_eq!(shown, ["≤ 3 GiB", "≤ 3 GiB", "≤ 4 GiB", "3 GiB", "denied"]);
    }

    #[test]
    fn swap_that_is_not_known_makes_no_bound() {
        let unread = Process {
            swap: None,
            ..process(Share::AtMost {
                bound_bytes: 3 << 30,
                because: NotRead::Denied,
            })
        };
        assert_eq!(cells(&unread, &["swap", "pss_swap"]), ["-", "-"]);
    }

    #[test]
    fn names_stand_for_what_is_not_known() {
        let process = process(Share::Nothing);
        assert_eq!(
            cells(&process, &["program", "user", "pss"]),
            ["postgres", "70", "-"]
        );
    }

    #[test]
    fn a_long_name_is_cut_off_in_tables_alone() {
        let long = "docker-0123456789abcdef0123456789abcdef.scope";
        let cell = name(long);
        assert_eq!(width(&cell.shown()), NAME);
        assert_eq!(
            cell,
            Cell::state("docker-0123456789abcdef0123…", long, Tone::Neutral)
        );
        assert_eq!(
            name("日本日本日本日本日本日本日本日本").shown(),
            "日本日本日本日本日本日本日…"
        );
    }
}
