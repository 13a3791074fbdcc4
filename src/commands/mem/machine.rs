//! The memory of the whole host for people: what it is used for, what is short, what has happened.

use ironkeep_parsers::units::Bytes;

use crate::cli::context::OutputSettings;
use crate::memory::balance::{Balance, Bound, Item, Note, Part, Piece};
use crate::memory::host::{HostMemory, Pressure, Stall, Zram};
use crate::output::human::{self, bytes};
use crate::output::{Line, Tone, escape, fold, width};

/// The columns of the bar.
const BAR: u64 = 20;
/// The columns of figures and of percentages.
const FIGURE: usize = 12;
const PERCENT: usize = 6;
/// Mounts that are named.
const MOUNTS: usize = 3;

/// Lines for a terminal.
pub(super) struct Page<'a> {
    settings: &'a OutputSettings,
    lines: Vec<Line>,
}

impl<'a> Page<'a> {
    pub(super) fn new(settings: &'a OutputSettings) -> Self {
        Self {
            settings,
            lines: Vec::new(),
        }
    }

    pub(super) fn lines(self) -> Vec<Line> {
        self.lines
    }

    /// Adds a sentence, in as many lines as it takes.
    pub(super) fn say(&mut self, words: &str, tone: Tone) {
        let words = escape::terminal(words, self.settings.unicode);
        for text in fold(&words, 0, 2, self.settings.width).lines() {
            let mut line = Line::default();
            line.push(text, tone, false);
            self.lines.push(line);
        }
    }

    fn text(&self, words: &str) -> String {
        escape::terminal(words, self.settings.unicode)
    }

    /// Everything about the host, and a blank line.
    pub(super) fn whole(&mut self, host: &HostMemory, balance: &Balance) {
        self.headline(balance);
        self.balance(balance);
        self.pressure(&host.pressure);
        self.swap(host);
        self.notes(host, balance);
        self.lines.push(Line::default());
    }

    /// The first line: how much there is, and how much of it is to be had.
    pub(super) fn headline(&mut self, balance: &Balance) {
        let Some(total) = balance.total else {
            self.say(
                "memory: the kernel did not say how much there is",
                Tone::Warn,
            );
            return;
        };
        let Some(available) = balance.available else {
            let words = format!(
                "memory: {}; how much is available is not known: this kernel does not estimate it",
                bytes(Bytes(total))
            );
            self.say(&words, Tone::Neutral);
            return;
        };
        let words = format!(
            "memory: {}, of which {} ({}) available",
            bytes(Bytes(total)),
            bytes(Bytes(available)),
            percent(available, total),
        );
        let tone = match available.saturating_mul(100).checked_div(total) {
            Some(0..5) => Tone::Bad,
            Some(5..10) => Tone::Warn,
            Some(_) | None => Tone::Neutral,
        };
        let used = total.saturating_sub(available);
        let bar = self.bar(used, total);
        let together = width(&words) + 2 + width(&bar);
        let fits = |room: u16| together <= usize::from(room);
        if self.settings.width.is_none_or(fits) {
            let mut line = Line::default();
            line.push(&self.text(&words), tone, false);
            line.push("  ", Tone::Neutral, false);
            line.push(&bar, tone, false);
            self.lines.push(line);
        } else {
            self.say(&words, tone);
        }
    }

    fn bar(&self, used: u64, total: u64) -> String {
        let full = used.saturating_mul(BAR).checked_div(total);
        let full = usize::try_from(full.unwrap_or_default().min(BAR)).unwrap_or_default();
        let empty = usize::try_from(BAR).unwrap_or_default() - full;
        let (on, off) = if self.settings.unicode {
            ("█", "░")
        } else {
            ("#", "-")
        };
        format!("{}{}", on.repeat(full), off.repeat(empty))
    }

    /// What all of it is used for: lines that add up, the largest first.
    pub(super) fn balance(&mut self, balance: &Balance) {
        let total = balance.total.unwrap_or_default();
        let mut lines: Vec<_> = balance.lines.iter().filter(|it| it.bytes > 0).collect();
        lines.sort_by_key(|it| std::cmp::Reverse(it.bytes));
        for line in lines {
            self.entry(line.bytes, Some(total), item(line.what));
            let mut parts: Vec<&Part> = line.parts.iter().filter(|it| it.bytes > 0).collect();
            parts.sort_by_key(|it| std::cmp::Reverse(it.bytes));
            let is_mount = |part: &&Part| matches!(part.what, Piece::Mount { .. });
            let (mounts, others): (Vec<&Part>, Vec<&Part>) = parts.into_iter().partition(is_mount);
            let hidden = mounts.get(MOUNTS..).unwrap_or_default();
            for part in mounts.iter().take(MOUNTS) {
                self.part(part);
            }
            if !hidden.is_empty() {
                let rest = hidden.iter().map(|it| it.bytes).sum();
                let count = u64::try_from(hidden.len()).unwrap_or(u64::MAX);
                let count = human::count(count, "more mount", "more mounts");
                self.entry(rest, None, &count);
            }
            for part in others {
                self.part(part);
            }
        }
        match balance.unexplained {
            Some(rest @ 1..) => self.entry(rest.unsigned_abs(), Some(total), "unexplained"),
            Some(rest @ ..0) => self.entry(rest.unsigned_abs(), Some(total), "less: counted twice"),
            Some(0) | None => {}
        }
        // Without a total nothing is unexplained, and the reason is said elsewhere.
        if balance.total.is_some() && !balance.not_known.is_empty() {
            let names: Vec<&str> = balance.not_known.iter().map(|it| item(*it)).collect();
            let words = format!(
                "this kernel does not tell: {}; what they hold is unexplained",
                names.join(", ")
            );
            self.say(&words, Tone::Neutral);
        }
    }

    /// A part of a line.
    fn part(&mut self, part: &Part) {
        let bound = match part.bound {
            Bound::Exact => "",
            Bound::AtMost => " (at most)",
            Bound::AtLeast => " (at least)",
        };
        self.entry(part.bytes, None, &format!("{}{bound}", piece(&part.what)));
    }

    /// A figure, its part of the whole, and what it is. Without a whole it is a part of the line above.
    fn entry(&mut self, size: u64, total: Option<u64>, what: &str) {
        let part = total.map_or_else(String::new, |total| percent(size, total));
        let size = bytes(Bytes(size));
        let indent = if total.is_some() { "  " } else { "    " };
        let lead = format!("{size:>FIGURE$}{part:>PERCENT$}{indent}");
        let what = self.text(what);
        let text = fold(&what, lead.len(), lead.len(), self.settings.width);
        for (number, line) in text.lines().enumerate() {
            let lead = if number == 0 { lead.as_str() } else { "" };
            self.lines.push(Line::plain(format!("{lead}{line}")));
        }
    }

    /// How much time is lost to lack of memory.
    pub(super) fn pressure(&mut self, pressure: &Pressure) {
        let (words, tone) = match pressure {
            Pressure::Measured { some, full } => stalls(some, full),
            Pressure::Disabled => (
                "pressure: not measured, psi=1 on the kernel's command line switches it on"
                    .to_owned(),
                Tone::Neutral,
            ),
            Pressure::Absent => (
                "pressure: this kernel does not measure it".to_owned(),
                Tone::Neutral,
            ),
            Pressure::Failed => ("pressure: could not be read".to_owned(), Tone::Warn),
        };
        self.say(&words, tone);
    }

    /// Swap space, and what is compressed in memory in its place.
    pub(super) fn swap(&mut self, host: &HostMemory) {
        let figures = &host.figures;
        match (figures.swap_total, figures.swap_free) {
            (Some(0), _) => self.say("swap: there is none", Tone::Neutral),
            (Some(total), Some(free)) => {
                let used = total.saturating_sub(free);
                let words = format!(
                    "swap: {} of {} used ({})",
                    bytes(Bytes(used)),
                    bytes(Bytes(total)),
                    percent(used, total)
                );
                let is_full = used / 9 >= total / 10;
                self.say(&words, if is_full { Tone::Warn } else { Tone::Neutral });
            }
            (Some(_) | None, _) => self.say("swap: could not be read", Tone::Neutral),
        }
        for zram in &host.zram {
            self.say(&compressed_device(zram), Tone::Neutral);
        }
        if let (Some(pool), Some(stored)) = (figures.zswap, figures.zswapped)
            && stored > 0
        {
            let words = format!(
                "zswap: {} compressed to {}",
                bytes(Bytes(stored)),
                bytes(Bytes(pool))
            );
            self.say(&words, Tone::Neutral);
        }
    }

    /// What else a person should know.
    pub(super) fn notes(&mut self, host: &HostMemory, balance: &Balance) {
        for note in &balance.notes {
            let (words, tone) = note_words(note);
            self.say(&words, tone);
        }
        if let Some(lost @ 1..) = host.figures.hardware_corrupted {
            let lost = bytes(Bytes(lost));
            let words = format!("{lost} of memory is out of use after hardware errors");
            self.say(&words, Tone::Bad);
        }
    }
}

fn note_words(note: &Note) -> (String, Tone) {
    let size = |it: &u64| bytes(Bytes(*it));
    match note {
        Note::ArcGivesBack { bytes } => {
            let words = format!(
                "ZFS gives back up to {} of its cache, which is not counted as available",
                size(bytes)
            );
            (words, Tone::Neutral)
        }
        Note::CommitNearLimit {
            committed_bytes,
            limit_bytes,
        } => {
            let words = format!(
                "programs have reserved {} of the {} that they may (vm.overcommit_memory is 2): beyond \
                 that they are refused memory, even if it is free",
                size(committed_bytes),
                size(limit_bytes)
            );
            (words, Tone::Warn)
        }
        Note::OomKills { count } => {
            let processes = human::count(*count, "process", "processes");
            let words = format!(
                "the kernel has killed {processes} for want of memory since the host was started; which: \
                 journalctl -k -g oom"
            );
            (words, Tone::Warn)
        }
        Note::Balloon { bytes } => {
            let words = format!("the hypervisor has taken {} back (balloon)", size(bytes));
            (words, Tone::Neutral)
        }
    }
}

/// `78 %`; `<1 %` for what would round to nothing.
fn percent(part: u64, total: u64) -> String {
    let (part, total) = (u128::from(part), u128::from(total));
    match (part * 200 + total).checked_div(total * 2) {
        Some(0) if part > 0 => "<1 %".to_owned(),
        Some(percent) => format!("{percent} %"),
        None => String::new(),
    }
}

fn stalls(some: &Stall, full: &Stall) -> (String, Tone) {
    let quiet = |stall: &Stall| stall.avg10 + stall.avg60 + stall.avg300 < 0.005;
    if quiet(some) && quiet(full) {
        let words = "pressure: nothing has waited for memory in the last 5 minutes";
        return (words.to_owned(), Tone::Good);
    }
    let words = format!(
        "pressure: something waited for memory {} % of the last 10 s, {} % of the last minute, {} % of \
         the last 5 minutes; all that had work at once {}, {} and {} %",
        some.avg10, some.avg60, some.avg300, full.avg10, full.avg60, full.avg300
    );
    let tone = if full.avg10 >= 10.0 || full.avg60 >= 10.0 {
        Tone::Bad
    } else if some.avg10 >= 10.0 || some.avg60 >= 10.0 || full.avg10 >= 1.0 {
        Tone::Warn
    } else {
        Tone::Neutral
    };
    (words, tone)
}

fn compressed_device(zram: &Zram) -> String {
    let size = zram.size.map_or_else(String::new, |size| {
        format!(", of the {} that fit", bytes(Bytes(size)))
    });
    format!(
        "{}: {} compressed to {}{size}",
        zram.device,
        bytes(Bytes(zram.stored)),
        bytes(Bytes(zram.used))
    )
}

/// What memory is used for, for people.
fn item(item: Item) -> &'static str {
    match item {
        Item::Free => "free",
        Item::CpuLists => "free, kept at hand by CPUs",
        Item::Anonymous => "programs' own memory (anonymous)",
        Item::SwapCache => "swap cache",
        Item::PageCache => "page cache: files and block devices",
        Item::Shmem => "shared memory and tmpfs",
        Item::Hugetlb => "huge pages (hugetlbfs), used or not",
        Item::SlabReclaimable => "kernel objects (slab) that it can give back",
        Item::SlabUnreclaimable => "kernel objects (slab) that it cannot give back",
        Item::KernelReclaimable => "other kernel memory that it can give back",
        Item::PageTables => "page tables",
        Item::KernelStacks => "kernel stacks",
        Item::Percpu => "per-CPU variables",
        Item::Vmalloc => "other kernel memory (vmalloc)",
        Item::ZfsArc => "ZFS cache (ARC)",
        Item::Zram => "compressed devices (zram)",
        Item::Zswap => "compressed swap cache (zswap)",
        Item::Gpu => "objects of graphics processors",
        Item::WriteCopies => "copies that devices and FUSE write from",
        Item::HardwareCorrupted => "out of use after hardware errors",
    }
}

/// A part, for people.
fn piece(piece: &Piece) -> String {
    let pages = |size: &u64| bytes(Bytes(*size));
    match piece {
        Piece::Cma => "set aside for devices (CMA)".to_owned(),
        Piece::Unaccepted => "not accepted yet of the hypervisor".to_owned(),
        Piece::TransparentHugePages => "in transparent huge pages".to_owned(),
        Piece::BlockDevices => "of block devices: file systems' metadata".to_owned(),
        Piece::Dirty => "to be written (dirty)".to_owned(),
        Piece::Mount { point } => point.clone(),
        Piece::Segments => "System V shared memory".to_owned(),
        Piece::OtherShared => "of programs (memfd, mmap), or out of sight".to_owned(),
        Piece::HugePagesUsed { page_bytes } => format!("used, in pages of {}", pages(page_bytes)),
        Piece::HugePagesFree { page_bytes } => format!(
            "free, in pages of {}: of use for nothing else",
            pages(page_bytes)
        ),
        Piece::Secondary => "of virtual machines and devices".to_owned(),
        Piece::Device { name } => name.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::balance;
    use crate::output::Format;

    fn drawn(unicode: bool, width: u16, draw: impl FnOnce(&mut Page<'_>)) -> Vec<String> {
        let settings = OutputSettings {
            format: Format::Table,
            color: false,
            unicode,
            width: Some(width),
            stderr_width: None,
            zone: crate::cli::context::Zone::Utc,
            columns: None,
            sort: None,
            header: false,
        };
        let mut page = Page::new(&settings);
        draw(&mut page);
        let lines = page.lines();
        lines.iter().map(|line| line.render(&settings)).collect()
    }

    fn sheet(total: Option<u64>, available: Option<u64>, lines: &[(Item, u64)]) -> Balance {
        let sum: u64 = lines.iter().map(|(_, bytes)| bytes).sum();
        Balance {
            total,
            available,
            lines: lines
                .iter()
                .map(|&(what, bytes)| balance::Line {
                    what,
                    bytes,
                    parts: Vec::new(),
                })
                .collect(),
            not_known: Vec::new(),
            unexplained: total.map(|total| total.cast_signed() - sum.cast_signed()),
            notes: Vec::new(),
        }
    }

    #[test]
    fn the_first_line_says_what_is_available() {
        let balance = sheet(Some(16 << 30), Some(4 << 30), &[]);
        assert_eq!(
            drawn(true, 80, |page| page.headline(&balance)),
            ["memory: 16 GiB, of which 4 GiB (25 %) available  ███████████████░░░░░"]
        );
        assert_eq!(
            drawn(false, 60, |page| page.headline(&balance)),
            ["memory: 16 GiB, of which 4 GiB (25 %) available"]
        );
        let old = sheet(Some(16 << 30), None, &[]);
        let [line] = &drawn(true, 120, |page| page.headline(&old))[..] else {
            panic!("one line");
        };
        assert!(line.contains("not known"), "{line}");
        let nothing = sheet(None, None, &[]);
        let [line] = &drawn(true, 120, |page| page.headline(&nothing))[..] else {
            panic!("one line");
        };
        assert!(line.contains("did not say"), "{line}");
    }

    #[test]
    fn the_largest_use_comes_first_and_the_rest_last() {
        let lines = [
            (Item::Free, 1 << 20),
            (Item::Anonymous, 10 << 30),
            (Item::Zram, 0),
        ];
        let balance = sheet(Some(16 << 30), None, &lines);
        assert_eq!(
            drawn(true, 80, |page| page.balance(&balance)),
            [
                "      10 GiB  63 %  programs' own memory (anonymous)",
                "       1 MiB  <1 %  free",
                "    6.00 GiB  37 %  unexplained",
            ]
        );
        let too_much = sheet(Some(9 << 30), None, &lines);
        let last = drawn(true, 80, |page| page.balance(&too_much)).pop();
        assert_eq!(
            last.as_deref(),
            Some("    1.00 GiB  11 %  less: counted twice")
        );
    }

    #[test]
    fn parts_are_indented_and_small_mounts_summed() {
        let mut balance = sheet(Some(16 << 30), None, &[(Item::Shmem, 10 << 30)]);
        for size in 1..=5 {
            balance.lines[0].parts.push(Part {
                what: Piece::Mount {
                    point: format!("/mnt/\u{1b}[2J{size}"),
                },
                bytes: size << 30,
                bound: Bound::AtMost,
            });
        }
        assert_eq!(
            drawn(true, 80, |page| page.balance(&balance)),
            [
                "      10 GiB  63 %  shared memory and tmpfs",
                r"       5 GiB          /mnt/\u{1b}[2J5 (at most)",
                r"       4 GiB          /mnt/\u{1b}[2J4 (at most)",
                r"       3 GiB          /mnt/\u{1b}[2J3 (at most)",
                "       3 GiB          2 more mounts",
                "       6 GiB  38 %  unexplained",
            ]
        );
    }

    #[test]
    fn pressure_is_told_in_words() {
        let stall = |avg10, avg60, avg300| Stall {
            avg10,
            avg60,
            avg300,
            total: 1,
        };
        let quiet = stall(0.0, 0.0, 0.0);
        assert_eq!(stalls(&quiet, &quiet).1, Tone::Good);
        let (words, tone) = stalls(&stall(12.5, 3.0, 0.8), &stall(4.0, 1.0, 0.2));
        assert_eq!(
            words,
            "pressure: something waited for memory 12.5 % of the last 10 s, 3 % of the last minute, 0.8 % \
             of the last 5 minutes; all that had work at once 4, 1 and 0.2 %"
        );
        assert_eq!(tone, Tone::Warn);
        assert_eq!(
            stalls(&stall(40.0, 3.0, 0.8), &stall(25.0, 1.0, 0.2)).1,
            Tone::Bad
        );
        let nobody = drawn(true, 120, |page| page.pressure(&Pressure::Absent));
        assert_eq!(nobody, ["pressure: this kernel does not measure it"]);
    }

    #[test]
    fn percentages_never_turn_something_into_nothing() {
        assert_eq!(percent(0, 100), "0 %");
        assert_eq!(percent(1, 1000), "<1 %");
        assert_eq!(percent(5, 1000), "1 %");
        assert_eq!(percent(u64::MAX, u64::MAX), "100 %");
        assert_eq!(percent(1, 0), "");
    }
}
