//! The kernel's texts about a process. What is cut off or makes no sense is `None`: nothing of it is believed.

use std::borrow::Cow;

use crate::memory::Rollup;

/// What a process is, of `/proc/PID/stat`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stat {
    pub(super) state: u8,
    pub(super) kernel_thread: bool,
    pub(super) threads: u32,
}

/// `PF_KTHREAD` of the kernel's `sched.h`, the same since Linux 2.6.27.
const KERNEL_THREAD: u64 = 0x0020_0000;

impl Stat {
    /// Whether it has ended: a zombie, or dead.
    pub(super) const fn ended(self) -> bool {
        matches!(self.state, b'Z' | b'X' | b'x')
    }

    /// Reads `pid (name) state ppid …`. The name may hold anything, parentheses too.
    pub(super) fn of(text: &[u8]) -> Option<Self> {
        let text = text.strip_suffix(b"\n")?;
        let after = text.iter().rposition(|byte| *byte == b')')?;
        let mut fields = text.get(after..)?.split(|byte| *byte == b' ').skip(1);
        let state = *fields.next()?.first()?;
        let flags = fields.nth(5).and_then(number)?;
        let threads = fields.nth(10).and_then(number)?;
        Some(Self {
            state,
            kernel_thread: flags & KERNEL_THREAD != 0,
            threads: u32::try_from(threads).ok()?,
        })
    }
}

/// Total and resident pages, of `/proc/PID/statm`; both are 0 for what has no memory of its own.
pub(super) fn statm(text: &[u8]) -> Option<(u64, u64)> {
    let mut fields = text.strip_suffix(b"\n")?.split(|byte| *byte == b' ');
    let size = number(fields.next()?)?;
    let resident = number(fields.next()?)?;
    // All seven, or the end is missing.
    (fields.count() == 5).then_some((size, resident))
}

/// What `/proc/PID/status` says, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Status<'a> {
    pub(super) name: &'a [u8],
    pub(super) uid: u32,
    pub(super) threads: u32,
    /// `None` for what has no memory of its own.
    pub(super) memory: Option<Memory>,
}

/// The quick counters of `status`, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Memory {
    pub(super) size: u64,
    pub(super) rss: u64,
    pub(super) swap: Option<u64>,
    pub(super) hugetlb: Option<u64>,
}

impl<'a> Status<'a> {
    /// Reads the text up to `Threads`, behind which there is nothing about memory.
    pub(super) fn of(text: &'a [u8]) -> Option<Self> {
        let (mut name, mut uid) = (None, None);
        let (mut size, mut rss, mut swap, mut hugetlb) = (None, None, None, None);
        for line in lines(text) {
            let Some((key, value)) = key(line) else {
                continue;
            };
            match key {
                b"Name" => name = Some(value.trim_ascii_start()),
                // Real, effective, saved, of the file system.
                b"Uid" => uid = value.split(|byte| *byte == b'\t').nth(2).and_then(number),
                b"VmSize" => size = Some(kilobytes(value)?),
                b"VmRSS" => rss = Some(kilobytes(value)?),
                b"VmSwap" => swap = Some(kilobytes(value)?),
                b"HugetlbPages" => hugetlb = Some(kilobytes(value)?),
                b"Threads" => {
                    let memory = match (size, rss) {
                        (Some(size), Some(rss)) => Some(Memory {
                            size,
                            rss,
                            swap,
                            hugetlb,
                        }),
                        (None, None) => None,
                        (Some(_), None) | (None, Some(_)) => return None,
                    };
                    return Some(Self {
                        name: name?,
                        uid: u32::try_from(uid?).ok()?,
                        threads: u32::try_from(number(value.trim_ascii())?).ok()?,
                        memory,
                    });
                }
                _ => {}
            }
        }
        None
    }
}

/// Adds up `smaps_rollup`, or the older `smaps`, line by line.
#[derive(Debug, Default)]
pub(super) struct Adder {
    rss: Option<u64>,
    pss: Option<u64>,
    pss_anon: Option<u64>,
    pss_file: Option<u64>,
    pss_shmem: Option<u64>,
    private_clean: Option<u64>,
    private_dirty: Option<u64>,
    private_hugetlb: Option<u64>,
    shared_hugetlb: Option<u64>,
    swap: Option<u64>,
    swap_pss: Option<u64>,
    lines: usize,
}

impl Adder {
    /// Takes a line, without its end. `None` if a figure of it cannot be read.
    pub(super) fn line(&mut self, line: &[u8]) -> Option<()> {
        self.lines += 1;
        // An area of memory begins with its address; the file that it maps may have any name.
        if !line.first().is_some_and(u8::is_ascii_uppercase) {
            return Some(());
        }
        let (key, value) = key(line)?;
        let sum = match key {
            b"Rss" => &mut self.rss,
            b"Pss" => &mut self.pss,
            b"Pss_Anon" => &mut self.pss_anon,
            b"Pss_File" => &mut self.pss_file,
            b"Pss_Shmem" => &mut self.pss_shmem,
            b"Private_Clean" => &mut self.private_clean,
            b"Private_Dirty" => &mut self.private_dirty,
            b"Private_Hugetlb" => &mut self.private_hugetlb,
            b"Shared_Hugetlb" => &mut self.shared_hugetlb,
            b"Swap" => &mut self.swap,
            b"SwapPss" => &mut self.swap_pss,
            _ => return Some(()),
        };
        *sum = Some(sum.unwrap_or_default().checked_add(kilobytes(value)?)?);
        Some(())
    }

    /// Takes a whole text. `None` if it is cut off within a line or a figure cannot be read.
    pub(super) fn text(&mut self, text: &[u8]) -> Option<()> {
        for line in lines(text.strip_suffix(b"\n")?) {
            self.line(line)?;
        }
        Some(())
    }

    /// Whether there was nothing at all: the process has no memory any more.
    pub(super) const fn is_empty(&self) -> bool {
        self.lines == 0
    }

    /// The sums; `None` if one that every kernel prints is missing. `Swap` is the last of them.
    pub(super) fn sum(&self) -> Option<Rollup> {
        Some(Rollup {
            rss: self.rss?,
            pss: self.pss?,
            pss_anon: self.pss_anon,
            pss_file: self.pss_file,
            pss_shmem: self.pss_shmem,
            uss: self.private_clean?.checked_add(self.private_dirty?)?,
            swap: self.swap?,
            swap_pss: self.swap_pss,
            private_hugetlb: self.private_hugetlb,
            shared_hugetlb: self.shared_hugetlb,
        })
    }
}

/// Whether any swap is in use, of `/proc/meminfo`; `None` if it does not say.
pub(super) fn swap_is_used(meminfo: &[u8]) -> Option<bool> {
    let find = |wanted: &[u8]| {
        let mut all = lines(meminfo).filter_map(key);
        kilobytes(all.find(|(key, _)| *key == wanted)?.1)
    };
    Some(find(b"SwapTotal")? != find(b"SwapFree")?)
}

/// The number of online processors, of `/proc/stat`.
pub(super) fn processors(stat: &[u8]) -> Option<u64> {
    let is_one = |line: &&[u8]| {
        let number = line.strip_prefix(b"cpu").and_then(<[u8]>::first);
        number.is_some_and(u8::is_ascii_digit)
    };
    u64::try_from(lines(stat).filter(is_one).count())
        .ok()
        .filter(|count| *count > 0)
}

/// The option `hidepid=…` of the procfs that is mounted at `root`, of `/proc/self/mountinfo`; of that at `/proc`
/// where none is mounted at `root`: a saved one. `None` if it hides nothing.
pub(super) fn hidepid(mountinfo: &str, root: &str) -> Option<String> {
    let mounts = || {
        mountinfo.lines().filter_map(|line| {
            let (mount, rest) = line.split_once(" - ")?;
            let mut rest = rest.split(' ');
            let is_procfs = rest.next()? == "proc";
            let options = rest.nth(1)?;
            Some((mount.split(' ').nth(4)?, options)).filter(|_| is_procfs)
        })
    };
    // The last one mounted is the one that is seen.
    let find = |at: &str| mounts().rfind(|(point, _)| *point == at);
    let (_, options) = find(root).or_else(|| find("/proc"))?;
    let option = options.split(',').find(|it| it.starts_with("hidepid="))?;
    let hides = !matches!(option, "hidepid=0" | "hidepid=off");
    hides.then(|| option.to_owned())
}

/// The name of a process in `status`, where the kernel writes a line end as `\n` and `\` as `\\`.
pub(super) fn name(escaped: &[u8]) -> String {
    let text = String::from_utf8_lossy(escaped);
    if !text.contains('\\') {
        return text.into_owned();
    }
    let mut name = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match (letter, letter == '\\') {
            (_, true) => match letters.next() {
                Some('n') => name.push('\n'),
                Some(other) => name.push(other),
                None => name.push('\\'),
            },
            (letter, false) => name.push(letter),
        }
    }
    name
}

/// The file name of the program behind the link `exe`, which the kernel marks once the file is gone.
pub(super) fn program(link: &[u8]) -> Option<Cow<'_, str>> {
    let link = link.strip_suffix(b" (deleted)").unwrap_or(link);
    let name = link.rsplit(|byte| *byte == b'/').next()?;
    (!name.is_empty()).then(|| String::from_utf8_lossy(name))
}

/// How much of a command line is kept.
pub(super) const LONGEST_COMMAND: usize = 4096;

/// A command line, with blanks in the place of the zeros between its words; `None` if there is none.
pub(super) fn command(cmdline: &[u8]) -> Option<String> {
    let is_cut = cmdline.len() >= LONGEST_COMMAND;
    let end = cmdline.iter().rposition(|byte| *byte != 0)?;
    let mut text = String::from_utf8_lossy(cmdline.get(..=end)?).replace('\0', " ");
    if is_cut {
        text.push('…');
    }
    Some(text)
}

fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| *byte == b'\n')
}

fn key(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    Some((line.get(..colon)?, line.get(colon + 1..)?))
}

/// Decimal digits and nothing else.
pub(super) fn number(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u64, |sum, digit| {
        let digit = digit.checked_sub(b'0').filter(|it| *it <= 9)?;
        sum.checked_mul(10)?.checked_add(digit.into())
    })
}

/// `   1732 kB`, in bytes.
fn kilobytes(value: &[u8]) -> Option<u64> {
    number(value.trim_ascii_start().strip_suffix(b" kB")?)?.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_parentheses_and_blanks_is_passed_over() {
        let text = b"512 (a) b (c)) Z 1 2 3 4 5 4228108 7 8 9 10 11 12 13 14 15 16 3 18\n";
        let stat = Stat::of(text).unwrap();
        assert!(stat.ended() && !stat.kernel_thread);
        assert_eq!(stat.threads, 3);
        let text = b"9 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 14\n";
        let stat = Stat::of(text).unwrap();
        assert!(stat.kernel_thread && !stat.ended());
        for text in [
            &b""[..],
            b"1 (a) S 1",
            b"1 (a\n",
            b"1 (a) S 1 2 3 4 5 x 7\n",
        ] {
            assert_eq!(Stat::of(text), None);
        }
    }

    #[test]
    fn statm_is_believed_whole_or_not_at_all() {
        assert_eq!(statm(b"765 441 412 5 0 123 0\n"), Some((765, 441)));
        assert_eq!(statm(b"0 0 0 0 0 0 0\n"), Some((0, 0)));
        for text in [
            &b""[..],
            b"765 441",
            b"765 441 412 5 0 123 0",
            b"765 441 412 5\n",
            b"765 -1 412 5 0 123 0\n",
            b"99999999999999999999 1 1 1 1 1 1\n",
        ] {
            assert_eq!(statm(text), None);
        }
    }

    #[test]
    fn status_ends_for_us_with_its_threads() {
        let text =
            b"Name:\ta\\\\b\\nc\nState:\tS (sleeping)\nUid:\t0\t33\t0\t0\nVmSize:\t  100 kB\n\
            VmRSS:\t   40 kB\nVmSwap:\t    8 kB\nHugetlbPages:\t 2048 kB\nThreads:\t7\nVmRSS:\tx\n";
        let status = Status::of(text).unwrap();
        assert_eq!(name(status.name), "a\\b\nc");
        assert_eq!((status.uid, status.threads), (33, 7));
        let memory = status.memory.unwrap();
        assert_eq!((memory.size, memory.rss), (102_400, 40_960));
        assert_eq!(memory.swap, Some(8192));
        assert_eq!(memory.hugetlb, Some(2_097_152));
        let end = text.len() - b"Threads:\t7\nVmRSS:\tx\n".len();
        assert_eq!(Status::of(&text[..end]), None, "cut off");
        let none = b"Name:\tkthreadd\nUid:\t0\t0\t0\t0\nThreads:\t1\n";
        assert_eq!(Status::of(none).unwrap().memory, None);
        let odd = b"Name:\ta\nUid:\t0\t0\t0\t0\nVmRSS:\t4 MB\nThreads:\t1\n";
        assert_eq!(Status::of(odd), None);
    }

    const ROLLUP: &str = "5622d7179000-7fffa9ed0000 ---p 00000000 00:00 0    [rollup]\n\
        Rss:                1732 kB\nPss:                 218 kB\nPss_Dirty:           112 kB\n\
        Pss_Anon:            112 kB\nPss_File:            106 kB\nPss_Shmem:             0 kB\n\
        Private_Clean:        36 kB\nPrivate_Dirty:       112 kB\nShared_Hugetlb:     4096 kB\n\
        Private_Hugetlb:    2048 kB\nSwap:                  8 kB\nSwapPss:               2 kB\n\
        Locked:                0 kB\n";

    fn sum(text: &str) -> Option<Rollup> {
        let mut adder = Adder::default();
        adder.text(text.as_bytes())?;
        adder.sum()
    }

    #[test]
    fn keys_that_begin_alike_are_told_apart() {
        let rollup = sum(ROLLUP).unwrap();
        assert_eq!(rollup.rss, 1732 << 10);
        assert_eq!(rollup.pss, 218 << 10);
        assert_eq!(rollup.pss_anon, Some(112 << 10));
        assert_eq!(rollup.uss, 148 << 10);
        assert_eq!((rollup.swap, rollup.swap_pss), (8 << 10, Some(2 << 10)));
        assert_eq!(rollup.private_hugetlb, Some(2 << 20));
        assert_eq!(rollup.shared_hugetlb, Some(4 << 20));
    }

    #[test]
    fn areas_of_an_older_kernel_are_added_up() {
        let area = "00400000-0040b000 r-xp 00000000 08:02 173521 /opt/Rss: 5 kB\nRss: 4 kB\nPss: 2 kB\n\
            Private_Clean: 0 kB\nPrivate_Dirty: 1 kB\nSwap: 3 kB\nVmFlags: rd ex mr mw me\n";
        let rollup = sum(&area.repeat(2)).unwrap();
        assert_eq!((rollup.rss, rollup.pss, rollup.uss), (8192, 4096, 2048));
        assert_eq!(rollup.swap, 6144);
        assert_eq!((rollup.swap_pss, rollup.private_hugetlb), (None, None));
    }

    #[test]
    fn no_rollup_that_is_cut_off_is_believed() {
        let full = sum(ROLLUP).unwrap();
        let until_swap = ROLLUP.find("SwapPss").unwrap();
        for end in 0..ROLLUP.len() {
            let found = sum(ROLLUP.get(..end).unwrap());
            assert!(end >= until_swap || found.is_none(), "{end}");
            assert!(found.is_none_or(|it| it.swap_pss.is_none() || it == full));
        }
        assert_eq!(sum(&ROLLUP.replace("218 kB", "-18 kB")), None);
        assert_eq!(
            sum(&ROLLUP.replace("218 kB", "18446744073709551615 kB")),
            None
        );
    }

    #[test]
    fn processors_are_counted_without_their_sum() {
        assert_eq!(
            processors(b"cpu  1 2\ncpu0 1 2\ncpu17 1 2\nintr 5\n"),
            Some(2)
        );
        assert_eq!(processors(b""), None);
    }

    #[test]
    fn swap_is_used_where_some_of_it_is_not_free() {
        let meminfo = |free: &str| format!("MemTotal: 1 kB\nSwapTotal:  8 kB\nSwapFree: {free}\n");
        assert_eq!(swap_is_used(meminfo("8 kB").as_bytes()), Some(false));
        assert_eq!(swap_is_used(meminfo("4 kB").as_bytes()), Some(true));
        assert_eq!(swap_is_used(meminfo("?").as_bytes()), None);
    }

    #[test]
    fn the_mount_of_this_procfs_says_who_is_hidden() {
        let mounts = "22 27 0:21 / /proc rw,relatime shared:5 - proc proc rw,hidepid=invisible,gid=4\n\
            23 27 0:22 / /host/proc rw - proc proc rw\n24 27 8:1 / / rw - ext4 /dev/sda1 rw\n";
        let hides = Some("hidepid=invisible".to_owned());
        assert_eq!(hidepid(mounts, "/proc"), hides);
        assert_eq!(hidepid(mounts, "/host/proc"), None);
        assert_eq!(hidepid(mounts, "/saved/proc"), hides);
        assert_eq!(
            hidepid("22 27 0:21 / /proc rw - proc proc rw,hidepid=0", "/proc"),
            None
        );
        assert_eq!(hidepid("nonsense", "/proc"), None);
    }

    #[test]
    fn programs_are_called_by_their_file() {
        assert_eq!(
            program(b"/usr/sbin/nginx (deleted)").as_deref(),
            Some("nginx")
        );
        assert_eq!(
            program(b"/memfd:runc (deleted)").as_deref(),
            Some("memfd:runc")
        );
        assert_eq!(program(b"/"), None);
    }

    #[test]
    fn command_lines_are_text_of_a_bounded_length() {
        assert_eq!(command(b"a\0b c\0\0").as_deref(), Some("a b c"));
        assert_eq!(command(b""), None);
        assert_eq!(command(b"\0"), None);
        let long = command(&[b'x'; LONGEST_COMMAND]).unwrap();
        assert!(long.ends_with("x…"));
    }
}
