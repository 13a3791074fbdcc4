//! Which events are chosen, and how they are shown.

use ironkeep_parsers::model::{EventDatum, EventProperties, EventTime, Slot};
use jiff::civil::{DateTime, date};

use super::*;
use crate::output::tests::check_columns;

fn at(day: i8) -> EventTime {
    EventTime::Clock(date(2026, 11, day).at(12, 0, 0, 0))
}

const BOOT: EventTime = EventTime::SinceBootSeconds(Seconds(65));

fn log(times: &[EventTime]) -> Vec<Event> {
    let event = |(number, &time): (u64, &EventTime)| Event {
        sequence: Some(number),
        time: Some(time),
        ..Event::default()
    };
    (0..).zip(times).map(event).collect()
}

fn since(times: &[EventTime], day: i8) -> (Vec<u64>, usize) {
    let events = log(times);
    let limit = date(2026, 11, day).at(0, 0, 0, 0);
    let (kept, undated) = since::from(limit, events.iter().collect());
    let numbers = kept.iter().map(|event| event.sequence.unwrap());
    (numbers.collect(), undated)
}

#[test]
fn columns_are_well_named() {
    check_columns::<Row>();
}

#[test]
fn an_event_without_a_date_stays_where_an_older_one_does() {
    assert_eq!(since(&[at(1), at(5), BOOT, at(6)], 4), (vec![1, 2, 3], 0));
    assert_eq!(since(&[at(5), BOOT], 4), (vec![0, 1], 0));
}

#[test]
fn an_event_without_a_date_goes_where_a_newer_one_does() {
    assert_eq!(since(&[BOOT, at(1), at(5)], 4), (vec![2], 0));
}

#[test]
fn an_event_without_a_date_between_old_and_new_ones_is_counted() {
    assert_eq!(since(&[at(1), BOOT, at(5)], 4), (vec![2], 1));
    assert_eq!(since(&[BOOT, BOOT], 4), (vec![], 2));
    // The clock was set back: nothing is certain.
    assert_eq!(since(&[at(5), BOOT, at(1)], 4), (vec![0], 1));
}

#[test]
fn without_numbers_the_order_proves_nothing() {
    let mut events = log(&[at(5), BOOT]);
    events[0].sequence = None;
    let limit = date(2026, 11, 4).at(0, 0, 0, 0);
    let (kept, undated) = since::from(limit, events.iter().collect());
    assert_eq!((kept.len(), undated), (1, 1));
}

#[test]
fn since_is_a_date_a_time_or_a_span() {
    let now = Reference::Clock(date(2026, 11, 20).at(3, 0, 0, 0));
    let limit = |typed: &str| {
        let since: Since = typed.parse().unwrap();
        since.limit(Some(&now)).unwrap()
    };
    assert_eq!(limit("2026-11-01"), date(2026, 11, 1).at(0, 0, 0, 0));
    assert_eq!(limit("2026-11-01T03:10"), date(2026, 11, 1).at(3, 10, 0, 0));
    assert_eq!(
        limit("2026-11-01 03:10:05"),
        date(2026, 11, 1).at(3, 10, 5, 0)
    );
    assert_eq!(limit("2d"), date(2026, 11, 18).at(3, 0, 0, 0));
    assert_eq!(limit("12h"), date(2026, 11, 19).at(15, 0, 0, 0));
    assert_eq!(limit("19000y"), DateTime::MIN);
    for typed in ["", "yesterday", "-2d", "0d", "2026-13-01"] {
        assert!(typed.parse::<Since>().is_err(), "{typed}");
    }
    let since: Since = "2d".parse().unwrap();
    assert_eq!(since.limit(None), None);
}

#[test]
fn codes_are_decimal_or_hexadecimal() {
    assert_eq!(code("81"), Ok(81));
    assert_eq!(code("0x51"), Ok(81));
    assert!(code("51h").is_err());
}

#[test]
fn every_class_has_its_word_and_place() {
    assert!(CLASSES.is_sorted_by_key(|(_, class)| *class));
    assert_eq!(class_word(EventClass::Dead), "dead");
    for (word, class) in CLASSES {
        assert_eq!(serde_json::to_value(class).unwrap(), *word);
    }
}

#[test]
fn data_is_shown_by_its_names() {
    let data = columns::data(&[
        EventDatum::Slot(Slot(3)),
        EventDatum::Sense(vec![0x70, 0x00]),
        EventDatum::NewProperties(EventProperties {
            name: Some("data".to_owned()),
            ..EventProperties::default()
        }),
    ]);
    let shown = data.shown();
    assert!(
        shown.starts_with("Slot 3, Sense 70 00, New properties ("),
        "{shown}"
    );
    assert!(shown.contains("Name data"), "{shown}");
}
