//! MegaCLI's command lines.

/// Which of a kind a command is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// `-aALL`, `-LALL`.
    All,
    /// `-a0,1`, `-L0`.
    These(Vec<u32>),
}

impl Selection {
    /// Reads what stands behind the letter: `ALL`, `0`, `0,1`.
    fn of_words(text: &str) -> Option<Self> {
        if text.eq_ignore_ascii_case("all") {
            return Some(Self::All);
        }
        let numbers = text.split(',').map(|number| number.parse().ok());
        numbers.collect::<Option<_>>().map(Self::These)
    }
}

/// A bay as a command line names it: `252:4`; without an enclosure `:4`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bay {
    /// Device id of the enclosure.
    pub enclosure: Option<u16>,
    /// Slot.
    pub slot: u16,
}

/// A command line taken apart. MegaCLI takes selectors in any place, and in any case of letters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Arguments {
    /// The words that are no selectors, in order: the command, its verb, its values.
    pub words: Vec<String>,
    /// `-aALL`, `-a0`.
    pub controllers: Option<Selection>,
    /// `-LALL`, `-L0`.
    pub virtual_drives: Option<Selection>,
    /// `-PhysDrv[252:0,252:1]`.
    pub drives: Option<Vec<Bay>>,
    /// `-phyALL`, `-phy0`.
    pub phys: Option<Selection>,
    /// `-f FILE`.
    pub file: Option<String>,
    /// Characters that the real tool's reader does not know and prints: the comma of `-a0,1`, the dash
    /// of a value like `-60`, the bracket of a list of drives that cannot be read.
    pub echo: String,
    /// Where a list of drives goes wrong.
    pub malformed: Option<String>,
}

impl Arguments {
    /// Takes a command line apart.
    pub fn of_words<'a>(line: impl IntoIterator<Item = &'a str>) -> Self {
        let mut read = Self::default();
        let mut line = line.into_iter();
        while let Some(word) = line.next() {
            let lower = word.to_ascii_lowercase();
            if matches!(lower.as_str(), "-nolog" | "-silent") || lower.starts_with("-page") {
                continue;
            }
            if lower == "-applogfile" {
                line.next();
                continue;
            }
            if matches!(
                lower.as_str(),
                "-securitykey" | "-oldsecuritykey" | "-passphrase"
            ) {
                // What people keep secret may hold any character, and none of it is to be printed.
                read.words.push(word.to_owned());
                read.words.extend(line.next().map(str::to_owned));
                continue;
            }
            if lower == "-f" {
                read.file = line.next().map(str::to_owned);
            } else if let Some(list) = lower.strip_prefix("-physdrv") {
                let list = if list.is_empty() {
                    line.next().unwrap_or_default()
                } else {
                    list
                };
                match bays(list) {
                    Ok(bays) => read.drives = Some(bays),
                    Err(word) => {
                        read.echo.extend(list.strip_prefix('[').map(|_| '['));
                        read.malformed = Some(word.to_owned());
                    }
                }
            } else if let Some(which) = selection(&lower, "-phy") {
                read.phys = Some(which);
            } else if let Some(which) = selection(&lower, "-a") {
                read.echo.extend(word.chars().filter(|c| *c == ','));
                read.controllers = Some(which);
            } else if let Some(which) = selection(&lower, "-l") {
                read.virtual_drives = Some(which);
            } else {
                read.echo.extend(unread(word));
                let bare = word.trim_matches(['{', '}']);
                if !bare.is_empty() {
                    read.words.push(bare.to_owned());
                }
            }
        }
        read
    }

    /// The number at `place`, written `-60` or `60`.
    pub fn number(&self, place: usize) -> Option<u32> {
        let word = self.words.get(place)?;
        word.strip_prefix('-').unwrap_or(word).parse().ok()
    }

    /// The word at `place`, in lower case; empty if there is none.
    pub fn word(&self, place: usize) -> String {
        self.words
            .get(place)
            .map(|word| word.to_ascii_lowercase())
            .unwrap_or_default()
    }

    /// The place of `word`, whatever the case.
    pub fn place_of(&self, word: &str) -> Option<usize> {
        let mut words = self.words.iter();
        words.position(|it| it.eq_ignore_ascii_case(word))
    }

    /// Whether the command line is about the controller with this number.
    pub fn name_controller(&self, number: u32) -> bool {
        match &self.controllers {
            Some(Selection::These(wanted)) => wanted.contains(&number),
            _ => true,
        }
    }

    /// Whether the word `option` is there, whatever the case.
    pub fn has(&self, option: &str) -> bool {
        self.words
            .iter()
            .any(|word| word.eq_ignore_ascii_case(option))
    }

    /// The numbers behind `option`: of `-Array0,1` behind `-array`.
    pub fn numbers(&self, option: &str) -> Option<Vec<u16>> {
        let mut words = self.words.iter().map(|word| word.to_ascii_lowercase());
        words.find_map(|word| {
            let list = word.strip_prefix(option)?.trim_end_matches(',');
            let numbers = list.split(',').map(|number| number.parse().ok());
            numbers.collect()
        })
    }

    /// Whether the words begin with `command`, whatever the case. The dash before a word is optional.
    pub fn begin_with(&self, command: &[&str]) -> bool {
        command.len() <= self.words.len()
            && command
                .iter()
                .zip(&self.words)
                .all(|(one, other)| is_word(one, other))
    }
}

/// The characters of a word that the tool's reader prints instead of reading: braces, the dash before a
/// number, the colons of a time of day. A blank goes with one at the end.
fn unread(word: &str) -> impl Iterator<Item = char> {
    let bare = word.trim_matches(['{', '}']);
    let digits = bare.strip_prefix('-').unwrap_or(bare);
    let is_numeric = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || c == ':');
    let is_unread = move |c: &char| match c {
        '{' | '}' => true,
        '-' | ':' => is_numeric,
        _ => false,
    };
    let blank = word.ends_with(['{', '}']).then_some(' ');
    word.chars().filter(is_unread).chain(blank)
}

/// Whether both are the same word, whatever the case, with a dash or without.
pub(super) fn is_word(one: &str, other: &str) -> bool {
    let bare = |word: &'_ str| word.trim_start_matches('-').to_ascii_lowercase();
    bare(one) == bare(other)
}

fn selection(word: &str, prefix: &str) -> Option<Selection> {
    word.strip_prefix(prefix).and_then(Selection::of_words)
}

/// `[252:0,252:1]`; else the word at which it goes wrong: `252` of `[252:x]`, `N` of `[N/A:2]`.
pub(super) fn bays(list: &str) -> Result<Vec<Bay>, &str> {
    let list = list.trim_matches(|c| matches!(c, '\'' | '"'));
    let start = list.strip_prefix('[').unwrap_or(list);
    let word = start.split(|c: char| !c.is_ascii_alphanumeric()).next();
    let inner = list.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    let bays = inner.and_then(|inner| inner.split(',').map(bay).collect());
    bays.ok_or(word.unwrap_or_default())
}

fn bay(text: &str) -> Option<Bay> {
    let (enclosure, slot) = text.trim().split_once(':')?;
    let enclosure = match enclosure {
        "" => None,
        number => Some(number.parse().ok()?),
    };
    Some(Bay {
        enclosure,
        slot: slot.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_stand_anywhere_in_any_case() {
        let line = "-PDRbld -ShowProg -PhysDrv [252:1,:2] -aALL -NoLog";
        let read = Arguments::of_words(line.split(' '));
        assert_eq!(read.words, ["-PDRbld", "-ShowProg"]);
        assert_eq!(read.controllers, Some(Selection::All));
        let bay = |enclosure, slot| Bay { enclosure, slot };
        assert_eq!(read.drives, Some(vec![bay(Some(252), 1), bay(None, 2)]));
        assert!(read.begin_with(&["-pdrbld", "-showprog"]));

        let read = Arguments::of_words("-LDInfo -Lall -a0,1".split(' '));
        assert_eq!(read.virtual_drives, Some(Selection::All));
        assert_eq!(read.controllers, Some(Selection::These(vec![0, 1])));
        assert_eq!(read.words, ["-LDInfo"]);
    }
}
