//! Steps of a story: `wait 2h`, `fail 252:3`, `insert 252:3 blank`. Scenario files and `ironkeep sim`
//! share them.

use thiserror::Error;

use crate::firmware::happenings::{self, Impossible, NewDrive, Place};
use crate::firmware::{advance, configuration, enclosures, next_end, restart};
use crate::state::{Element, Host, NO_ENCLOSURE};

/// What can happen, with the words that follow it.
pub const VERBS: &[(&str, &str, &str)] = &[
    ("wait", "DURATION", "let time pass: 90s, 15m, 2h30m, 3d"),
    (
        "finish",
        "",
        "let time pass until nothing runs any more (at most 30 days)",
    ),
    (
        "pull",
        "BAY",
        "pull the drive out of a bay; it lies on the shelf then",
    ),
    (
        "insert",
        "BAY [blank|small|wrong-type|foreign|foreign-part|back|SERIAL]",
        "put a drive into an empty bay: a new one, the one that was in it, or another from the shelf",
    ),
    ("fail", "BAY", "the drive fails"),
    (
        "predict",
        "BAY",
        "the drive predicts its failure (S.M.A.R.T.)",
    ),
    (
        "wear",
        "BAY COUNT",
        "so many sectors cannot be read any more; nobody knows until somebody reads",
    ),
    ("heat", "BAY CELSIUS", "the drive is as warm as this"),
    ("offline", "BAY", "a member is taken off line by command"),
    ("online", "BAY", "a member is put on line by command"),
    (
        "lose-enclosure",
        "ENCLOSURE",
        "the cable of an enclosure is pulled",
    ),
    ("restore-enclosure", "ENCLOSURE", "the cable is back"),
    (
        "warm",
        "ENCLOSURE SENSOR CELSIUS",
        "a temperature sensor of an enclosure reads this",
    ),
    (
        "fail-fan",
        "ENCLOSURE NUMBER",
        "a fan of an enclosure fails",
    ),
    (
        "fail-power",
        "ENCLOSURE NUMBER",
        "a power supply of an enclosure fails",
    ),
    ("fail-battery", "", "the battery fails"),
    ("learn", "", "a learn cycle of the battery begins"),
    ("patrol", "", "a patrol read begins"),
    (
        "check",
        "VD",
        "a consistency check of a virtual drive begins",
    ),
    ("reboot", "", "the host shuts down and starts again"),
    (
        "expand",
        "VD BAY",
        "the virtual drive grows by the drive in the bay",
    ),
    ("import", "[INDEX]", "a foreign configuration is imported"),
    (
        "clear-foreign",
        "[INDEX]",
        "a foreign configuration is dropped",
    ),
];

/// A step that cannot be played.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Stuck {
    /// The words are none.
    #[error("“{0}” is no step: {1}")]
    Words(String, String),
    /// The host does not allow it.
    #[error(transparent)]
    Impossible(#[from] Impossible),
}

/// Plays one step on controller `controller`; `on 1: fail 252:3` names another one.
///
/// # Errors
/// If the words are no step, or it cannot happen.
pub fn play(host: &mut Host, controller: usize, step: &str) -> Result<(), Stuck> {
    let (controller, words) = match step
        .strip_prefix("on ")
        .and_then(|rest| rest.split_once(':'))
    {
        Some((number, rest)) => {
            let number = number.trim().parse();
            let number =
                number.map_err(|_| wrong(step, "“on” wants the number of a controller"))?;
            (number, rest)
        }
        None => (controller, step),
    };
    let mut words = words.split_ascii_whitespace();
    let verb = words.next().unwrap_or_default();
    let words: Vec<&str> = words.collect();
    let first = words.first().copied().unwrap_or_default();
    let second = words.get(1).copied().unwrap_or_default();
    let place = || {
        bay(controller, first)
            .ok_or_else(|| wrong(step, "a bay is written 252:3, or :3 without an enclosure"))
    };
    let number = |word: &str| {
        word.parse::<u16>()
            .map_err(|_| wrong(step, &format!("“{word}” is no number")))
    };
    let small = |word: &str| {
        u8::try_from(number(word)?)
            .map_err(|_| wrong(step, &format!("“{word}” is too large: at most 255")))
    };
    let index = || {
        if first.is_empty() {
            Ok(0)
        } else {
            number(first).map(usize::from)
        }
    };
    check_words(step, verb, words.len())?;
    match verb {
        "wait" => {
            let seconds = duration(first)
                .ok_or_else(|| wrong(step, "a time is written 90s, 15m, 2h30m or 3d"))?;
            advance(host, seconds);
        }
        "finish" => finish(host),
        "pull" => happenings::pull(host, place()?)?,
        "insert" => happenings::insert(host, place()?, &new_drive(second))?,
        "fail" => happenings::fail(host, place()?)?,
        "predict" => happenings::predict_failure(host, place()?)?,
        "wear" => happenings::wear(host, place()?, number(second)?)?,
        "heat" => happenings::heat(host, place()?, small(second)?)?,
        "offline" => configuration::take_offline(host, place()?)?,
        "online" => configuration::put_online(host, place()?)?,
        "lose-enclosure" => enclosures::lose(host, controller, number(first)?)?,
        "restore-enclosure" => enclosures::restore(host, controller, number(first)?)?,
        "warm" => {
            let celsius = small(words.get(2).copied().unwrap_or_default())?;
            enclosures::warm(host, controller, number(first)?, small(second)?, celsius)?;
        }
        "fail-fan" => {
            let fan = small(second)?;
            enclosures::fail(host, controller, number(first)?, Element::Fan, fan)?;
        }
        "fail-power" => {
            let supply = small(second)?;
            let kind = Element::PowerSupply;
            enclosures::fail(host, controller, number(first)?, kind, supply)?;
        }
        "fail-battery" => happenings::fail_battery(host, controller)?,
        "learn" => happenings::begin_learn(host, controller)?,
        "patrol" => happenings::begin_patrol(host, controller)?,
        "check" => happenings::begin_check(host, controller, number(first)?)?,
        "reboot" => restart(host),
        "expand" => {
            let target = number(first)?;
            let bay =
                bay(controller, second).ok_or_else(|| wrong(step, "a bay is written 252:3"))?;
            let found = host.controllers.get(controller);
            let drive = found.and_then(|it| it.drive_at(bay.enclosure, bay.slot));
            let id = drive.map(|drive| drive.device_id);
            let id = id.ok_or(Impossible::EmptyBay(bay.enclosure, bay.slot))?;
            configuration::expand(host, controller, target, id)?;
        }
        "import" => configuration::import_foreign(host, controller, index()?)?,
        "clear-foreign" => configuration::clear_foreign(host, controller, index()?)?,
        _ => return Err(wrong(step, "it is listed, but nobody plays it")),
    }
    Ok(())
}

/// Checks that there is such a verb, and that as many words follow it as it wants.
fn check_words(step: &str, verb: &str, count: usize) -> Result<(), Stuck> {
    let Some((_, arguments, _)) = VERBS.iter().find(|(name, ..)| *name == verb) else {
        let known: Vec<&str> = VERBS.iter().map(|(verb, ..)| *verb).collect();
        return Err(wrong(step, &format!("known are {}", known.join(", "))));
    };
    let wanted = || arguments.split_ascii_whitespace();
    let least = wanted().filter(|word| !word.starts_with('[')).count();
    if (least..=wanted().count()).contains(&count) {
        return Ok(());
    }
    let usage = format!("{verb} {arguments}");
    Err(wrong(step, &format!("it is written: {}", usage.trim())))
}

fn wrong(step: &str, why: &str) -> Stuck {
    Stuck::Words(step.to_owned(), why.to_owned())
}

fn new_drive(word: &str) -> NewDrive {
    match word {
        "" | "blank" => NewDrive::Blank,
        "small" => NewDrive::TooSmall,
        "wrong-type" => NewDrive::WrongType,
        "foreign" => NewDrive::Foreign,
        "foreign-part" => NewDrive::ForeignPart,
        "back" => NewDrive::Back,
        serial => NewDrive::FromShelf(serial.to_owned()),
    }
}

/// `252:3`; `:3` for a drive without an enclosure.
pub(crate) fn bay(controller: usize, words: &str) -> Option<Place> {
    let (enclosure, slot) = words.split_once(':')?;
    let enclosure = if enclosure.is_empty() {
        NO_ENCLOSURE
    } else {
        enclosure.parse().ok()?
    };
    Some(Place {
        controller,
        enclosure,
        slot: slot.parse().ok()?,
    })
}

/// `90s`, `15m`, `2h30m`, `3d`: seconds.
fn duration(words: &str) -> Option<u64> {
    let mut seconds = 0_u64;
    let mut rest = words;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        let (digits, behind) = rest.split_at_checked(end)?;
        let mut units = behind.chars();
        let unit = match units.next()? {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            _ => return None,
        };
        let more = digits.parse::<u64>().ok()?.checked_mul(unit)?;
        seconds = seconds.checked_add(more)?;
        rest = units.as_str();
    }
    (!words.is_empty()).then_some(seconds)
}

/// Whether anything runs on the host.
pub fn is_busy(host: &Host) -> bool {
    next_end(host).is_some()
}

/// Lets time pass until nothing runs any more.
fn finish(host: &mut Host) {
    const LONGEST: u64 = 30 * 86_400;
    let mut passed = 0;
    while let Some(next) = next_end(host) {
        if passed + next > LONGEST {
            return;
        }
        advance(host, next);
        passed += next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_with_units() {
        assert_eq!(duration("90s"), Some(90));
        assert_eq!(duration("2h30m"), Some(9000));
        assert_eq!(duration("3d"), Some(259_200));
        for wrong in ["", "5", "h", "5x", "m5"] {
            assert_eq!(duration(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn wrong_words_say_what_is_right() {
        let mut host = Host::default();
        let said = |step: &str| play(&mut Host::default(), 0, step).unwrap_err().to_string();
        assert!(said("explode").contains("known are wait"));
        assert!(said("pull").contains("pull BAY"));
        assert!(said("pull 252").contains("252:3"));
        assert_eq!(
            play(&mut host, 0, "pull 252:3"),
            Err(Impossible::NoController(0).into())
        );
    }
}
