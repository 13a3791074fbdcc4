//! What status numbers, states and finding codes mean, in plain words, and what to do.
//!
//! * [`status`]: the one table of firmware statuses, and the judgement of how a command ended.
//! * [`words`]: the words for states of drives, virtual drives, batteries and so on, and
//!   [`glossary`]: those and the terms of the field.
//! * [`lookup`]: from whatever a person has seen on a screen to its explanation.

pub mod status;
mod status_table;
mod terms;
pub mod words;

use std::borrow::Cow;

use serde::Serialize;

use status::{Class, Entry, Retry};
use terms::TERMS;
use words::{WORDS, Word};

/// What an explanation is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Subject {
    /// A status of the firmware or of MegaCLI.
    Status,
    /// Hardware, and how it is addressed.
    Hardware,
    /// How data is laid out over drives.
    Layout,
    /// The state of a physical drive.
    DriveState,
    /// The power state of a physical drive.
    DrivePower,
    /// What goes wrong with a physical drive.
    DriveErrors,
    /// Hot spares.
    Spare,
    /// The state of a virtual drive.
    VirtualDriveState,
    /// How a virtual drive is laid out, and what it survives.
    RaidLevel,
    /// A foreign configuration.
    Foreign,
    /// Data in the cache whose virtual drive is gone.
    PreservedCache,
    /// The controller's cache and what protects it.
    Cache,
    /// The state of the battery or supercapacitor of the cache.
    CacheProtection,
    /// A long operation.
    OperationKind,
    /// What runs by itself to keep data whole.
    Maintenance,
    /// The state or mode of patrol read or of scheduled consistency checks.
    PatrolState,
    /// When a virtual drive's writes are done.
    WritePolicy,
    /// Whether a virtual drive reads on in advance.
    ReadPolicy,
    /// Whether reads of a virtual drive are kept in the cache.
    IoPolicy,
    /// The write cache inside the drives of a virtual drive.
    DiskCache,
    /// What the host may do with a virtual drive.
    AccessPolicy,
    /// The state of an enclosure.
    Enclosure,
    /// The state of an enclosure's part: fan, power supply, sensor.
    EnclosurePart,
    /// The event log.
    Event,
    /// The class of an event.
    EventClass,
    /// The severity of a finding.
    Severity,
    /// A finding of the health judgement.
    Finding,
    /// What is looked at before a change, and may refuse it.
    Check,
}

impl Subject {
    /// What the glossary is about, in the order of its page: all but statuses, findings and checks, which
    /// have tables of their own.
    pub const GLOSSARY: &'static [Self] = &[
        Self::Hardware,
        Self::Layout,
        Self::RaidLevel,
        Self::DriveState,
        Self::DrivePower,
        Self::DriveErrors,
        Self::Spare,
        Self::VirtualDriveState,
        Self::Foreign,
        Self::PreservedCache,
        Self::Cache,
        Self::CacheProtection,
        Self::WritePolicy,
        Self::ReadPolicy,
        Self::IoPolicy,
        Self::DiskCache,
        Self::AccessPolicy,
        Self::OperationKind,
        Self::Maintenance,
        Self::PatrolState,
        Self::Enclosure,
        Self::EnclosurePart,
        Self::Event,
        Self::EventClass,
        Self::Severity,
    ];

    /// The subject for people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Hardware => "hardware",
            Self::Layout => "data layout",
            Self::DriveState => "state of a physical drive",
            Self::DrivePower => "power state of a physical drive",
            Self::DriveErrors => "errors of a physical drive",
            Self::Spare => "hot spare",
            Self::VirtualDriveState => "state of a virtual drive",
            Self::RaidLevel => "RAID level",
            Self::Foreign => "foreign configuration",
            Self::PreservedCache => "preserved cache",
            Self::Cache => "cache",
            Self::CacheProtection => "battery or supercapacitor",
            Self::OperationKind => "operation",
            Self::Maintenance => "maintenance",
            Self::PatrolState => "patrol read or consistency check",
            Self::WritePolicy => "write policy",
            Self::ReadPolicy => "read policy",
            Self::IoPolicy => "I/O policy",
            Self::DiskCache => "disk cache policy",
            Self::AccessPolicy => "access policy",
            Self::Enclosure => "state of an enclosure",
            Self::EnclosurePart => "state of an enclosure's part",
            Self::Event => "event log",
            Self::EventClass => "class of an event",
            Self::Severity => "severity of a finding",
            Self::Finding => "finding",
            Self::Check => "check before a change",
        }
    }

    /// The command that shows such a thing; empty for statuses and checks, which many commands have.
    pub const fn shown_by(self) -> &'static str {
        match self {
            Self::Status | Self::Check => "",
            Self::Hardware => "ironkeep controller show",
            Self::DriveState | Self::DriveErrors => "ironkeep pd list",
            Self::DrivePower => "ironkeep pd list --columns drive,state,power",
            Self::Spare => "ironkeep spare list",
            Self::Layout | Self::VirtualDriveState | Self::RaidLevel => "ironkeep vd list",
            Self::Foreign => "ironkeep foreign list",
            Self::PreservedCache | Self::Severity | Self::Finding => "ironkeep health",
            Self::Cache | Self::CacheProtection => "ironkeep bbu show",
            Self::OperationKind => "ironkeep operation list",
            Self::Maintenance | Self::PatrolState => "ironkeep patrol show",
            Self::WritePolicy
            | Self::ReadPolicy
            | Self::IoPolicy
            | Self::DiskCache
            | Self::AccessPolicy => "ironkeep vd show VD",
            Self::Enclosure => "ironkeep enclosure list",
            Self::EnclosurePart => "ironkeep enclosure show",
            Self::Event | Self::EventClass => "ironkeep event list",
        }
    }
}

/// What something means and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Explanation {
    /// What it is about.
    pub subject: Subject,
    /// What is explained: the token of a state, `0x32` for a status, the code of a finding or a check.
    pub name: Cow<'static, str>,
    /// A status's number; absent for all others.
    pub number: Option<u32>,
    /// A status's name in the drivers' headers; absent where none is published, and for all others.
    pub header_name: Option<&'static str>,
    /// What kind of answer a status is; absent for all others.
    pub class: Option<Class>,
    /// What it says, in plain words.
    pub meaning: Cow<'static, str>,
    /// What a status means for the person who gave the command; absent for all others.
    pub consequence: Option<&'static str>,
    /// What to do.
    pub next: Cow<'static, str>,
    /// Whether a command that ended with the status is worth repeating; absent for all others.
    pub retry: Option<Retry>,
    /// The command that shows it; absent for a status and a check.
    pub shown_by: Option<&'static str>,
}

impl Explanation {
    /// The explanation of a finding of the health judgement.
    pub fn finding(
        code: impl Into<Cow<'static, str>>,
        meaning: impl Into<Cow<'static, str>>,
        next: impl Into<Cow<'static, str>>,
    ) -> Self {
        let shown_by = Some(Subject::Finding.shown_by());
        Self {
            shown_by,
            ..Self::code(Subject::Finding, code, meaning, next)
        }
    }

    /// The explanation of what is looked at before a change.
    pub fn check(
        code: impl Into<Cow<'static, str>>,
        meaning: impl Into<Cow<'static, str>>,
        next: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::code(Subject::Check, code, meaning, next)
    }

    fn code(
        subject: Subject,
        code: impl Into<Cow<'static, str>>,
        meaning: impl Into<Cow<'static, str>>,
        next: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            subject,
            name: code.into(),
            number: None,
            header_name: None,
            class: None,
            meaning: meaning.into(),
            consequence: None,
            next: next.into(),
            retry: None,
            shown_by: None,
        }
    }

    /// The explanation of a status number, also of one that nobody documents.
    pub fn status(number: u32) -> Self {
        status::entry(number).map_or_else(|| Self::undocumented(number), Self::from)
    }

    fn undocumented(number: u32) -> Self {
        Self::of_status(
            number,
            None,
            Class::Unknown,
            "Nobody documents this number.",
            "Go by the words that MegaCLI printed, and read the state again.",
        )
    }

    fn of_status(
        number: u32,
        header_name: Option<&'static str>,
        class: Class,
        meaning: &'static str,
        next: &'static str,
    ) -> Self {
        Self {
            subject: Subject::Status,
            name: format!("0x{number:02x}").into(),
            number: Some(number),
            header_name,
            class: Some(class),
            meaning: meaning.into(),
            consequence: Some(class.consequence()),
            next: next.into(),
            retry: Some(class.retry()),
            shown_by: None,
        }
    }
}

impl From<&'static Entry> for Explanation {
    fn from(entry: &'static Entry) -> Self {
        Self::of_status(
            entry.number.into(),
            entry.name,
            entry.class,
            entry.meaning,
            entry.next,
        )
    }
}

impl From<&'static Word> for Explanation {
    fn from(word: &'static Word) -> Self {
        Self {
            subject: word.subject,
            name: word.token.into(),
            number: None,
            header_name: None,
            class: None,
            meaning: word.meaning.into(),
            consequence: None,
            next: word.next.into(),
            retry: None,
            shown_by: Some(word.shown_by),
        }
    }
}

/// The terms of the field and the words of the firmware, each group in the order of its table.
pub fn glossary() -> impl Iterator<Item = &'static Word> {
    TERMS.iter().chain(WORDS)
}

/// What was found for a text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Lookup {
    /// Every reading of the text that means something.
    pub explanations: Vec<Explanation>,
    /// Where nothing was found: what may have been meant, best first.
    pub candidates: Vec<String>,
}

/// Explains what a person has seen: a status (`0x32`, `50`, `Exit Code: 0x32`, `MFI_STAT_WRONG_STATE`), a
/// state in any spelling (`Unconfigured(good), Spun Up`, `UGood`), or the code of a finding or a check.
///
/// A number without `0x` is read in both ways, decimal first: the shell shows a status so. `codes`
/// are the explanations of the codes of findings and checks.
pub fn lookup(text: &str, codes: &[Explanation]) -> Lookup {
    let text = without_label(text);
    let mut explanations = named(text, codes);
    if explanations.is_empty() {
        explanations = numbers(text).into_iter().map(Explanation::status).collect();
    }
    // `Online, Spun Up`: two words at once.
    if explanations.is_empty() && text.contains(',') {
        explanations = text
            .split(',')
            .flat_map(|part| named(part, codes))
            .collect();
    }
    let candidates = if explanations.is_empty() {
        candidates(text, codes)
    } else {
        Vec::new()
    };
    Lookup {
        explanations,
        candidates,
    }
}

/// What stands behind a label and its colon, as MegaCLI prints states and statuses. `252:4` has no label.
fn without_label(text: &str) -> &str {
    let text = text.trim();
    match text.rsplit_once(':') {
        Some((label, value)) if label.contains(char::is_alphabetic) && !value.trim().is_empty() => {
            value.trim()
        }
        Some(_) | None => text,
    }
}

/// The numbers that a text may stand for.
fn numbers(text: &str) -> Vec<u32> {
    let hexadecimal = |digits: &str| {
        let plain = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        plain
            .then(|| u32::from_str_radix(digits, 16).ok())
            .flatten()
    };
    if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        return hexadecimal(digits).into_iter().collect();
    }
    // A status without `0x` has at least one decimal digit; `bad` and `f` are words.
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return Vec::new();
    }
    let decimal = text.bytes().all(|byte| byte.is_ascii_digit());
    let decimal = decimal.then(|| text.parse::<u32>().ok()).flatten();
    let mut numbers: Vec<u32> = decimal.into_iter().collect();
    // A status is one byte, except MegaCLI's own 0xffff.
    let hexadecimal = hexadecimal(text).filter(|number| *number <= 0xff);
    numbers.extend(hexadecimal.filter(|number| decimal != Some(*number)));
    numbers
}

/// Everything whose name or spelling a text is.
fn named(text: &str, codes: &[Explanation]) -> Vec<Explanation> {
    let wanted = fold(text);
    if wanted.is_empty() {
        return Vec::new();
    }
    let mut distinct = Vec::new();
    for (spelling, meant) in vocabulary(codes) {
        if fold(spelling) == wanted && !distinct.contains(&meant) {
            distinct.push(meant);
        }
    }
    distinct.into_iter().map(Meant::explanation).collect()
}

/// What a spelling stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Meant<'a> {
    Status(&'static Entry),
    Word(&'static Word),
    Code(&'a Explanation),
}

impl<'a> Meant<'a> {
    fn explanation(self) -> Explanation {
        match self {
            Self::Status(entry) => entry.into(),
            Self::Word(word) => word.into(),
            Self::Code(explanation) => explanation.clone(),
        }
    }

    /// What to type for it.
    fn name(self) -> &'a str {
        match self {
            Self::Status(entry) => entry.name.unwrap_or_default(),
            Self::Word(word) => word.token,
            Self::Code(explanation) => &explanation.name,
        }
    }
}

/// Every spelling with what it stands for.
fn vocabulary(codes: &[Explanation]) -> impl Iterator<Item = (&str, Meant<'_>)> {
    let statuses = status::all().iter().flat_map(|entry| {
        let short = entry.name.and_then(|name| name.strip_prefix(STATUS_PREFIX));
        let spellings = entry.name.into_iter().chain(short);
        spellings.map(move |spelling| (spelling, Meant::Status(entry)))
    });
    let words = glossary().flat_map(|word| {
        let spellings = std::iter::once(word.token).chain(word.spellings.iter().copied());
        spellings.map(move |spelling| (spelling, Meant::Word(word)))
    });
    let codes = codes
        .iter()
        .map(|code| (code.name.as_ref(), Meant::Code(code)));
    codes.chain(words).chain(statuses)
}

/// What all names of statuses begin with.
const STATUS_PREFIX: &str = "MFI_STAT_";

/// A text without case, blanks and punctuation.
fn fold(text: &str) -> String {
    text.chars()
        .filter(|character| character.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// At most this many candidates are proposed.
const CANDIDATES: usize = 5;

/// What may have been meant: what a text begins, and what is a few typing errors away from it.
fn candidates(text: &str, codes: &[Explanation]) -> Vec<String> {
    let wanted = fold(text);
    let length = wanted.chars().count();
    if length < 2 {
        return Vec::new();
    }
    let tolerated = 1 + length / 5;
    let mut near: Vec<(usize, &str)> = vocabulary(codes)
        .filter_map(|(spelling, meant)| {
            let spelling = fold(spelling);
            let distance = if length > 2 && spelling.starts_with(&wanted) {
                1
            } else {
                strsim::osa_distance(&spelling, &wanted)
            };
            (distance <= tolerated && distance < length).then(|| (distance, meant.name()))
        })
        .collect();
    near.sort_unstable();
    let mut names: Vec<String> = Vec::new();
    for (_, name) in near {
        if names.len() < CANDIDATES && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

#[cfg(test)]
mod tests;
