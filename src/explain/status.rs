//! Firmware statuses: the number that the firmware answers, that MegaCLI prints as `Exit Code` and
//! ends with.

use serde::Serialize;

use super::status_table::STATUSES;

/// What a firmware status means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The number as MegaCLI prints it: one byte of the firmware's, or 0xffff.
    pub number: u16,
    /// The name in the drivers' headers; absent where none is published.
    pub name: Option<&'static str>,
    /// What kind of answer it is.
    pub class: Class,
    /// What it says, in plain words.
    pub meaning: &'static str,
    /// What to do.
    pub next: &'static str,
}

/// The kinds of answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// It worked.
    Done,
    /// It worked, but waits for a restart.
    Restart,
    /// Another operation is in the way.
    Busy,
    /// The state has changed since it was read.
    Stale,
    /// The controller does not have this.
    Absent,
    /// The state does not allow it.
    Precondition,
    /// The command names something wrong.
    Argument,
    /// The part does not fit.
    Unsuitable,
    /// Hardware failed or reported errors.
    Hardware,
    /// A firmware image was refused.
    Image,
    /// Security keys, passphrases or certificates.
    Key,
    /// There was no answer from the firmware.
    NoAnswer,
    /// The number does not tell.
    Unknown,
}

/// Whether the same command is worth repeating.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Retry {
    /// It would end the same way, or is not needed.
    No,
    /// Once what is running has ended.
    AfterWaiting,
    /// Once the state has been read afresh.
    AfterRereading,
    /// Once something has been changed.
    AfterChange,
    /// Nobody knows.
    Unknown,
}

impl Class {
    /// Every class.
    pub const ALL: &'static [Self] = &[
        Self::Done,
        Self::Restart,
        Self::Busy,
        Self::Stale,
        Self::Absent,
        Self::Precondition,
        Self::Argument,
        Self::Unsuitable,
        Self::Hardware,
        Self::Image,
        Self::Key,
        Self::NoAnswer,
        Self::Unknown,
    ];

    /// What it means for the person who gave the command.
    pub fn consequence(self) -> &'static str {
        match self {
            Self::Done => "The firmware did what was asked.",
            Self::Restart => "The firmware accepts the change, but it is not in force yet.",
            Self::Busy => {
                "The firmware refused for now. Nothing is broken: something else is going on."
            }
            Self::Stale => "The firmware refused, to protect against acting on old knowledge.",
            Self::Absent => {
                "The firmware refused: this controller or drive cannot do it. That alone is no fault."
            }
            Self::Precondition => "The firmware refused: as things are, it is not possible.",
            Self::Argument => "The firmware refused: the command does not fit what is there.",
            Self::Unsuitable => "The firmware refused: the part does not fit the others.",
            Self::Hardware => {
                "Something failed while the command was carried out. What it changed is not certain."
            }
            Self::Image => "The firmware image was not taken over.",
            Self::Key => "The firmware refused because of the security settings.",
            Self::NoAnswer => "It is not known whether the firmware received the command.",
            Self::Unknown => "The number does not tell why, nor what was changed.",
        }
    }

    /// Whether the same command is worth repeating.
    pub fn retry(self) -> Retry {
        match self {
            Self::Done | Self::Restart | Self::Absent | Self::Hardware => Retry::No,
            Self::Busy => Retry::AfterWaiting,
            Self::Stale | Self::NoAnswer => Retry::AfterRereading,
            Self::Precondition | Self::Argument | Self::Unsuitable | Self::Image | Self::Key => {
                Retry::AfterChange
            }
            Self::Unknown => Retry::Unknown,
        }
    }
}

impl Retry {
    /// The answer for people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::AfterWaiting => "yes, later",
            Self::AfterRereading => "only after reading the state again",
            Self::AfterChange => "only after something has been changed",
            Self::Unknown => "unknown",
        }
    }
}

/// Every known status, by number.
pub fn all() -> &'static [Entry] {
    STATUSES
}

/// The entry of a number; `None` where nobody documents it.
pub fn entry(number: u32) -> Option<&'static Entry> {
    let found = STATUSES.binary_search_by_key(&number, |entry| u32::from(entry.number));
    found.ok().and_then(|index| STATUSES.get(index))
}

/// How a run of MegaCLI ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// The command was carried out.
    Ok,
    /// Not a status: how many there are. The byte wraps, so 0 may also be 256; and a count that could not be
    /// taken ends with 1 as well. The text tells.
    Count(u32),
    /// The firmware, or MegaCLI itself, answered with a known number.
    Firmware(&'static Entry),
    /// A number that nobody documents.
    Unknown(u32),
}

/// The commands whose exit status is a count (user guide, tables 3.4, 3.43 and 3.56; the captures of
/// 8.07.14 agree).
const COUNTING: [&str; 3] = ["adpcount", "pdgetnum", "ldgetnum"];

/// Judges the number that a command ended with: the printed `Exit Code`, or the status of the process.
///
/// It is not the whole truth: MegaCLI ends with 0 on some failures and with 1 on some successes.
pub fn judge<S: AsRef<str>>(arguments: &[S], status: u32) -> Status {
    let counts = arguments.iter().any(|argument| {
        let word = argument.as_ref().trim_start_matches('-');
        COUNTING
            .iter()
            .any(|count| word.eq_ignore_ascii_case(count))
    });
    // A crash of the tool or a failed ioctl is no count.
    if counts && status < 0xff {
        return Status::Count(status);
    }
    match entry(status) {
        Some(entry) if entry.number == 0 => Status::Ok,
        Some(entry) => Status::Firmware(entry),
        None => Status::Unknown(status),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_number_has_one_entry() {
        let numbers: Vec<u16> = all().iter().map(|entry| entry.number).collect();
        let expected: Vec<u16> = (0x00..=0xaf).chain([0xff, 0xffff]).collect();
        assert_eq!(numbers, expected);
        for number in expected {
            assert_eq!(entry(number.into()).unwrap().number, number);
        }
        assert_eq!(entry(0xb0), None);
        assert_eq!(entry(0xfe), None);
        assert_eq!(entry(0x1_0000), None);
    }

    #[test]
    fn nothing_is_empty_and_texts_are_sentences() {
        let sentence = |text: &str| text.ends_with('.') && text.len() > 8;
        for entry in all() {
            assert!(sentence(entry.meaning), "{entry:?}");
            assert!(sentence(entry.next), "{entry:?}");
            assert!(
                entry.name.is_none_or(|name| name.starts_with("MFI_STAT_")),
                "{entry:?}"
            );
        }
        for class in Class::ALL {
            assert!(sentence(class.consequence()));
            assert!(!class.retry().as_str().is_empty());
        }
    }

    #[test]
    fn names_are_unique() {
        let mut names: Vec<_> = all().iter().filter_map(|entry| entry.name).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn judge_tells_counts_from_statuses() {
        assert_eq!(judge(&["-PDList", "-aALL"], 0), Status::Ok);
        assert_eq!(judge(&["-adpCount"], 2), Status::Count(2));
        assert_eq!(
            judge(&["-PDGetNum", "-aALL", "-NoLog"], 36),
            Status::Count(36)
        );
        assert_eq!(judge(&["-NoLog", "ldgetnum", "-a0"], 0), Status::Count(0));
        assert_eq!(
            judge(&["-adpCount"], 255),
            Status::Firmware(entry(0xff).unwrap())
        );
        assert_eq!(
            judge(&["-PDList"], 0x32),
            Status::Firmware(entry(0x32).unwrap())
        );
        assert_eq!(
            judge(&["-PDList"], 0xffff),
            Status::Firmware(entry(0xffff).unwrap())
        );
        assert_eq!(judge(&["-PDList"], 0xf0), Status::Unknown(0xf0));
        assert_eq!(judge::<&str>(&[], 0), Status::Ok);
    }
}
