//! The parts of a reading that a command needs: which controllers have them, and what is said where
//! they are missing.

use ironkeep_parsers::model::ControllerId;
use serde::Serialize;

use crate::cli::context::Context;
use crate::cli::failure::{Failure, Kind};
use crate::output;
use crate::reading::{Controller, Part, Reading, Unread};

/// Something of one controller, in JSON: its number, and the fields of the thing.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct OfController<T> {
    /// The controller's number; absent where no output named it.
    pub controller: Option<ControllerId>,
    /// The thing.
    #[serde(flatten)]
    pub value: T,
}

/// What every controller says of `part`, with the controller. Where some were not read, says so on
/// standard error; what a controller said only in part is kept and said, too.
///
/// # Errors
/// If it was read of no controller.
pub(super) fn of<'a, T>(
    context: &mut Context<'_>,
    reading: &'a Reading,
    part: Part,
    get: impl Fn(&'a Controller) -> Option<T>,
) -> Result<Vec<(&'a Controller, T)>, Failure> {
    let found: Vec<_> = reading
        .controllers
        .iter()
        .filter_map(|controller| Some((controller, get(controller)?)))
        .collect();
    if found.is_empty() {
        return Err(unread(reading, part));
    }
    mention(context, reading, part)?;
    Ok(found)
}

/// What the only controller of `reading` says of `part`: see [`only`] and [`of`].
///
/// # Errors
/// If it was not read.
pub(super) fn of_one<'a, T>(
    context: &mut Context<'_>,
    reading: &'a Reading,
    part: Part,
    get: impl Fn(&'a Controller) -> Option<T>,
) -> Result<(&'a Controller, T), Failure> {
    let first = of(context, reading, part, get)?.into_iter().next();
    first.ok_or_else(|| unread(reading, part))
}

/// The reading of the one controller that `number` names; without a number, of the only one there is.
///
/// # Errors
/// If there is no such controller, or a number is needed.
pub(super) fn only(mut reading: Reading, number: Option<u32>) -> Result<Reading, Failure> {
    if let Some(number) = number {
        crate::cli::only(&mut reading, ControllerId(number))?;
    }
    if reading.controllers.len() > 1 {
        let ids = reading.controllers.iter().filter_map(|it| it.id);
        let ids: Vec<String> = ids.map(|id| id.to_string()).collect();
        let words = format!(
            "there are several controllers; name one: {}",
            ids.join(", ")
        );
        return Err(Failure::new(Kind::Usage, words).hint("look at them: ironkeep controller list"));
    }
    Ok(reading)
}

/// Says on standard error what is missing of `part`.
///
/// # Errors
/// If the stream cannot be written.
pub(super) fn mention(
    context: &mut Context<'_>,
    reading: &Reading,
    part: Part,
) -> Result<(), Failure> {
    for words in notes(reading, part) {
        note(context, &words)?;
    }
    Ok(())
}

/// Says `words` on standard error.
///
/// # Errors
/// If the stream cannot be written.
pub(super) fn note(context: &mut Context<'_>, words: &str) -> Result<(), Failure> {
    context.say(output::NOTE, words)
}

/// `part` was read of no controller: why, in the words of the first that says why.
fn unread(reading: &Reading, part: Part) -> Failure {
    let what = format!("could not read {}", part.words());
    let why = reading
        .controllers
        .iter()
        .find_map(|controller| controller.unread.get(&part));
    let failure = match why {
        Some(why) => Failure::because(Kind::Hardware, what, reason(why)),
        None => Failure::new(Kind::Hardware, what),
    };
    if reading.live {
        failure.hint("run it again with --verbose to see what MegaCLI answered")
    } else {
        failure.hint("what else the capture lacks: ironkeep health")
    }
}

/// What is missing of `part`: by controller, then in the outputs that were read for it.
fn notes(reading: &Reading, part: Part) -> Vec<String> {
    let asked = reading.asked.iter().filter(|asked| asked.part == part);
    let mut gaps = asked.flat_map(|asked| {
        asked
            .gaps
            .iter()
            .map(|gap| format!("{}: {gap}", asked.source))
    });
    let mut notes = unread_notes(reading, part);
    notes.extend(gaps.by_ref().take(GAPS));
    let more = gaps.count();
    if more > 0 {
        notes.push(format!("and {more} more like that: --verbose shows all"));
    }
    notes
}

/// How many gaps are said one by one.
const GAPS: usize = 3;

/// Why `part` was not read, by controller.
pub(crate) fn unread_notes(reading: &Reading, part: Part) -> Vec<String> {
    let several = reading.controllers.len() > 1;
    let note = |controller: &Controller| {
        let why = controller.unread.get(&part)?;
        let place = match controller.id {
            Some(id) if several => format!("controller {id}: "),
            _ => String::new(),
        };
        let what = match why {
            Unread::Partial(_) => "could not read all of",
            Unread::NotAsked
            | Unread::NotAvailable
            | Unread::Unsupported(_)
            | Unread::Failed(_) => "could not read",
        };
        Some(format!("{place}{what} {}: {}", part.words(), reason(why)))
    };
    let named = |controller: &&Controller| controller.id.is_some();
    let some_named = reading.controllers.iter().any(|it| it.id.is_some());
    let controllers = reading.controllers.iter();
    controllers
        // What no output named belongs to one of those that are named.
        .filter(|controller| named(controller) || !some_named)
        .filter_map(note)
        .collect()
}

fn reason(why: &Unread) -> String {
    match why {
        Unread::NotAsked => "nobody asked for it".to_owned(),
        Unread::NotAvailable => "the capture does not have that output".to_owned(),
        Unread::Unsupported(words) | Unread::Failed(words) | Unread::Partial(words) => {
            words.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn reading(controllers: Vec<Controller>) -> Reading {
        Reading {
            taken: Timestamp::UNIX_EPOCH,
            source: "a test".to_owned(),
            live: false,
            narrowed: false,
            controllers,
            asked: Vec::new(),
        }
    }

    fn controller(number: u32, unread: Option<Unread>) -> Controller {
        Controller {
            id: Some(ControllerId(number)),
            enclosures: unread.is_none().then(Vec::new),
            unread: unread
                .into_iter()
                .map(|why| (Part::Enclosures, why))
                .collect(),
            ..Controller::default()
        }
    }

    #[test]
    fn what_was_read_of_no_controller_is_a_failure_with_its_reason() {
        let failed = Unread::Failed("Invalid command".to_owned());
        let failure = unread(
            &reading(vec![controller(0, Some(failed))]),
            Part::Enclosures,
        );
        assert_eq!(
            failure.chain(),
            ["could not read the enclosures", "Invalid command"]
        );
    }

    #[test]
    fn what_was_read_of_some_controllers_only_is_said() {
        let reading = reading(vec![
            controller(0, None),
            controller(1, Some(Unread::NotAvailable)),
        ]);
        assert_eq!(
            notes(&reading, Part::Enclosures),
            ["controller 1: could not read the enclosures: the capture does not have that output"]
        );
    }

    #[test]
    fn a_controller_must_be_named_only_where_there_are_several() {
        let one = || reading(vec![controller(3, None)]);
        let two = || reading(vec![controller(0, None), controller(1, None)]);
        let ids = |found: Result<Reading, Failure>| match found {
            Ok(reading) => Ok(reading
                .controllers
                .iter()
                .map(|it| it.id.unwrap().0)
                .collect()),
            Err(failure) => Err(failure.chain().join(": ")),
        };
        assert_eq!(ids(only(one(), None)), Ok(vec![3]));
        assert_eq!(ids(only(two(), Some(1))), Ok(vec![1]));
        assert_eq!(
            ids(only(two(), None)),
            Err("there are several controllers; name one: 0, 1".to_owned())
        );
        assert_eq!(
            ids(only(one(), Some(0))),
            Err("there is no controller 0; there is 3".to_owned())
        );
    }
}
