//! Command lines that MegaCLI does not understand, and the word that it then names.

use super::arguments::is_word;
use super::{Arguments, COMMANDS, Command, Selection};

/// A selector without which a command is not understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// `-PhysDrv[252:0]`.
    Drives,
    /// The same, with nothing before it.
    DrivesFirst,
    /// `-L0`.
    VirtualDrives,
    /// `-phy0`.
    Phys,
    /// `-a0`.
    Controllers,
    /// `-a0`, but not `-aALL`.
    OneController,
    /// `-Array0`.
    Array,
    /// `-row0`.
    Row,
}

impl Need {
    fn is_met(self, arguments: &Arguments, rest: &[&str]) -> bool {
        match self {
            Self::Drives => arguments.drives.is_some(),
            Self::DrivesFirst => {
                let first = rest.first().map(|word| word.to_ascii_lowercase());
                first.is_some_and(|word| word.starts_with(self.prefix()))
            }
            Self::VirtualDrives => arguments.virtual_drives.is_some(),
            Self::Phys => arguments.phys.is_some(),
            Self::Controllers => arguments.controllers.is_some(),
            Self::OneController => matches!(arguments.controllers, Some(Selection::These(_))),
            Self::Array | Self::Row => arguments.numbers(self.prefix()).is_some(),
        }
    }

    fn prefix(self) -> &'static str {
        match self {
            Self::Drives | Self::DrivesFirst => "-physdrv",
            Self::VirtualDrives => "-l",
            Self::Phys => "-phy",
            Self::Controllers | Self::OneController => "-a",
            Self::Array => "-array",
            Self::Row => "-row",
        }
    }
}

/// The word of `line` at which MegaCLI gives up; `None` if it understands.
pub(super) fn fault(
    line: &[&str],
    arguments: &Arguments,
    command: Option<&Command>,
) -> Option<String> {
    let Some(command) = command else {
        return Some(unknown(arguments));
    };
    if let Some(word) = &arguments.malformed {
        return Some(word.clone());
    }
    let mut rest = after(line, command.words.last()?);
    for need in command.needs {
        if !need.is_met(arguments, rest) {
            return Some(rest.first().map_or("", |word| cut(word)).to_owned());
        }
        rest = beyond(rest, *need);
    }
    None
}

/// The first word that belongs to no command.
fn unknown(arguments: &Arguments) -> String {
    let common = |command: &Command| {
        let pairs = command.words.iter().zip(&arguments.words);
        pairs.take_while(|(one, other)| is_word(one, other)).count()
    };
    let known = COMMANDS.iter().map(common).max().unwrap_or(0);
    let word = arguments.words.get(known);
    word.map_or("", String::as_str).to_owned()
}

/// What stands behind `word`.
fn after<'a>(line: &'a [&'a str], word: &str) -> &'a [&'a str] {
    let place = line.iter().position(|it| is_word(it, word));
    let from = place.map_or(0, |place| place + 1);
    line.get(from..).unwrap_or_default()
}

/// What stands behind the selector that meets `need`.
fn beyond<'a>(line: &'a [&'a str], need: Need) -> &'a [&'a str] {
    let is_it = |word: &&str| word.to_ascii_lowercase().starts_with(need.prefix());
    let Some(place) = line.iter().position(is_it) else {
        return line;
    };
    let bare = line
        .get(place)
        .is_some_and(|word| word.len() == need.prefix().len());
    let width = if bare { 2 } else { 1 };
    line.get(place + width..).unwrap_or_default()
}

/// MegaCLI reads `-a0` as two words, but `-aALL` as one.
fn cut(word: &str) -> &str {
    match word.find(|c: char| c.is_ascii_digit()) {
        Some(place) if word.starts_with('-') => word.get(..place).unwrap_or(word),
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use crate::megacli::run;
    use crate::state::{Controller, Host};

    /// Out of the captured single commands.
    #[test]
    fn the_word_where_a_selector_is_missing_is_named() {
        let host = Host {
            controllers: vec![Controller::default()],
            ..Host::default()
        };
        for (line, word) in [
            ("-PDList -NoLog", "-NoLog"),
            ("-PDList -aX -NoLog", "-aX"),
            ("-LDInfo -a0 -NoLog", "-a"),
            ("-PDInfo -a0 -NoLog", "-a"),
        ] {
            let line: Vec<&str> = line.split(' ').collect();
            let answer = run(&mut host.clone(), &line);
            let start = format!("\rInvalid input at or near token {word}   ");
            assert!(answer.text().starts_with(&start), "{}", answer.text());
            assert_eq!(answer.status, 1);
        }
    }
}
