use std::io;
use std::path::{Path, PathBuf};

use ironkeep_parsers::model::Event;

use super::*;
use crate::backend::Backend;
use crate::backend::capture::Capture;
use crate::commands::watch::picture;
use crate::reading::Part;

/// What a captured host answers, as if it had been read at second `second`.
pub(in crate::commands::watch) fn captured(host: &str, second: i64) -> Reading {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("fixtures/megacli").join(host);
    let paths: [PathBuf; 1] = [folder];
    let mut capture = Capture::open(&paths, &mut io::empty()).unwrap();
    let mut reading = capture.read(&picture::parts()).unwrap();
    if let Ok(events) = capture.read(&[Part::Events]) {
        for controller in &mut reading.controllers {
            let mut logs = events.controllers.iter();
            let log = logs.find(|it| it.id == controller.id);
            controller.events = log.and_then(|it| it.events.clone());
        }
    }
    reading.taken = at(second);
    "MegaCLI".clone_into(&mut reading.source);
    reading
}

pub(in crate::commands::watch) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

/// A view of a live host that has not been read yet.
pub(in crate::commands::watch) fn state(size: (u16, u16)) -> State {
    let settings = Settings {
        interval: SignedDuration::from_secs(30),
        ..Settings::default()
    };
    State::new(settings, at(0), size)
}

/// Reads `reading` at its time.
pub(in crate::commands::watch) fn read(state: &mut State, reading: &Reading) {
    state.now = reading.taken;
    state.begin();
    state.read(reading);
    if state.tail.shown.is_empty() {
        state.begin_events(reading);
    }
    state.rest();
}

const REBUILDING: &str = "8.07.14-rebuilding";
const DEGRADED: &str = "8.07.14-degraded_raid5_failed";
const HEALTHY: &str = "8.07.14-healthy_raid5_hs";

fn showing(host: &str) -> State {
    let mut state = state((80, 24));
    read(&mut state, &captured(host, 0));
    state
}

fn keys(state: &mut State, keys: &str) {
    for key in keys.chars() {
        assert_eq!(state.key(Key::Char(key)), Effect::None, "{key}");
    }
}

#[test]
fn quitting_has_three_keys_and_an_overlay_takes_two_of_them() {
    for key in [Key::Char('q'), Key::Escape, Key::Interrupt] {
        assert_eq!(showing(HEALTHY).key(key), Effect::Quit);
    }
    let mut state = showing(HEALTHY);
    for key in [Key::Char('q'), Key::Escape, Key::Char('?'), Key::Char('h')] {
        keys(&mut state, "?");
        assert_eq!(state.overlay, Some(Overlay::Help));
        assert_eq!(state.key(key), Effect::None);
        assert_eq!(state.overlay, None);
    }
    keys(&mut state, "h");
    assert_eq!(state.key(Key::Interrupt), Effect::Quit);
}

#[test]
fn keys_work_before_anything_was_read() {
    let mut state = state((80, 24));
    for key in [
        Key::Enter,
        Key::Down,
        Key::End,
        Key::PageUp,
        Key::Tab,
        Key::BackTab,
        Key::Char('s'),
        Key::Char('x'),
    ] {
        assert_eq!(state.key(key), Effect::None);
    }
    assert_eq!(state.overlay, None);
    assert_eq!(state.standing(), Standing::Nothing);
    assert_eq!(state.key(Key::Char('q')), Effect::Quit);
}

#[test]
fn tab_goes_round_both_ways() {
    let mut state = showing(HEALTHY);
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(state.pane);
        state.key(Key::Tab);
    }
    assert_eq!(seen, Pane::ALL);
    assert_eq!(state.pane, Pane::Findings);
    state.key(Key::BackTab);
    assert_eq!(state.pane, Pane::Events);
}

#[test]
fn the_cursor_stays_inside_its_list() {
    let mut state = showing(DEGRADED);
    state.pane = Pane::Drives;
    for (key, index) in [
        (Key::Up, 0),
        (Key::Down, 1),
        (Key::Char('j'), 2),
        (Key::Char('k'), 1),
        (Key::PageDown, 5),
        (Key::Down, 5),
        (Key::PageUp, 0),
        (Key::End, 5),
        (Key::Home, 0),
        (Key::Char('G'), 5),
        (Key::Char('g'), 0),
    ] {
        state.key(key);
        assert_eq!(state.index(Pane::Drives), index, "{key:?}");
    }
}

#[test]
fn the_cursor_stays_on_its_drive_through_readings_and_goes_to_the_first_by_sorting() {
    let mut state = showing(DEGRADED);
    state.pane = Pane::Drives;
    keys(&mut state, "jjj");
    assert_eq!(state.drive().unwrap().name, "252:3");
    keys(&mut state, "s");
    assert_eq!(state.sort, Sort::Worst);
    assert_eq!(state.drive().unwrap().name, "252:2", "it failed");
    // Another one is as bad now, and comes before it.
    let mut reading = captured(DEGRADED, 20);
    let drives = reading.controllers[0].physical_drives.as_mut().unwrap();
    drives[0].state = drives[2].state.clone();
    read(&mut state, &reading);
    assert_eq!(state.drive().unwrap().name, "252:2");
    assert_eq!(state.index(Pane::Drives), 1);
    read(&mut state, &captured(DEGRADED, 30));
    assert_eq!(state.drive().unwrap().name, "252:2");
    // The drive is pulled: the cursor is still on one.
    let mut reading = captured(DEGRADED, 60);
    let drives = &mut reading.controllers[0].physical_drives;
    drives.as_mut().unwrap().clear();
    read(&mut state, &reading);
    assert!(state.drive().is_none());
    read(&mut state, &captured(DEGRADED, 90));
    assert!(state.drive().is_some());
}

#[test]
fn details_close_where_their_thing_is_gone() {
    let mut state = showing(REBUILDING);
    state.pane = Pane::Operations;
    state.key(Key::Enter);
    assert_eq!(state.overlay, Some(Overlay::Details));
    read(&mut state, &captured(HEALTHY, 30));
    assert_eq!(state.overlay, None);
    assert_eq!(state.key(Key::Enter), Effect::None);
    assert_eq!(state.overlay, None, "nothing runs");
}

#[test]
fn a_long_text_scrolls_to_its_end_and_no_further() {
    let mut state = showing(DEGRADED);
    state.pane = Pane::Drives;
    keys(&mut state, "d");
    state.key(Key::End);
    let end = state.scroll;
    assert!(end > 10, "{end}");
    keys(&mut state, "j");
    assert_eq!(state.scroll, end);
    keys(&mut state, "k");
    assert_eq!(state.scroll, end - 1);
    state.resize((80, 200));
    assert_eq!(state.scroll, 0, "now all of it is seen");
    keys(&mut state, "d");
    assert_eq!(state.overlay, None);
}

#[test]
fn what_is_old_or_could_not_be_read_is_stale() {
    let mut state = showing(HEALTHY);
    assert_eq!(state.standing(), Standing::Fresh(Seconds(0)));
    state.now = at(60);
    assert_eq!(state.standing(), Standing::Fresh(Seconds(60)));
    state.now = at(61);
    assert_eq!(state.standing(), Standing::Stale(Seconds(61)));
    read(&mut state, &captured(HEALTHY, 100));
    state.now = at(101);
    state.begin();
    state.fail("MegaCLI hung".to_owned());
    state.rest();
    assert_eq!(state.standing(), Standing::Stale(Seconds(1)));
    read(&mut state, &captured(HEALTHY, 110));
    assert_eq!(state.standing(), Standing::Fresh(Seconds(0)));
    assert_eq!(state.failure, None);
}

#[test]
fn a_slow_host_gets_its_time() {
    let mut state = state((80, 24));
    state.begin();
    let reading = captured(HEALTHY, 1);
    state.now = at(50);
    state.read(&reading);
    state.now = at(110);
    assert_eq!(state.standing(), Standing::Fresh(Seconds(109)));
    state.now = at(112);
    assert_eq!(state.standing(), Standing::Stale(Seconds(111)));
}

#[test]
fn a_clock_that_is_set_back_makes_no_reading_younger_than_now() {
    let mut state = showing(HEALTHY);
    state.now = at(-50);
    assert_eq!(state.standing(), Standing::Fresh(Seconds(0)));
}

#[test]
fn pausing_and_reading_now_are_for_others_to_do() {
    let mut state = showing(HEALTHY);
    assert_eq!(state.key(Key::Char('p')), Effect::Pause(true));
    assert!(state.paused);
    assert_eq!(state.key(Key::Char('r')), Effect::Refresh);
    assert_eq!(state.key(Key::Char('p')), Effect::Pause(false));
    assert_eq!(state.key(Key::Suspend), Effect::Suspend);
}

#[test]
fn a_capture_is_read_once_and_never_stale() {
    let mut state = showing(HEALTHY);
    state.settings.once = true;
    state.rest();
    assert_eq!(state.next, None);
    state.now = at(100_000);
    assert_eq!(state.standing(), Standing::Still);
    assert_eq!(state.key(Key::Char('p')), Effect::None);
    assert_eq!(state.key(Key::Char('r')), Effect::None);
    assert!(!state.paused);
}

#[test]
fn the_next_reading_comes_after_the_pause() {
    let mut state = showing(HEALTHY);
    assert_eq!(state.next, Some(at(30)));
    state.now = at(30);
    state.begin();
    assert_eq!((state.next, state.begun), (None, Some(at(30))));
}

#[test]
fn new_events_scroll_in_unless_somebody_looks_back() {
    let mut state = showing(DEGRADED);
    let last = state.tail.shown.len() - 1;
    assert_eq!(state.index(Pane::Events), last);
    let more = || vec![(Some(ControllerId(0)), News::Event(Event::default()))];
    state.follow_events(more());
    assert_eq!(state.index(Pane::Events), last + 1);
    state.pane = Pane::Events;
    keys(&mut state, "k");
    state.follow_events(more());
    assert_eq!(state.index(Pane::Events), last);
    assert_eq!(state.tail.new, 2);
}

#[test]
fn an_event_log_that_fails_leaves_the_rest_as_it_is() {
    let mut state = showing(HEALTHY);
    state.fail_events("it hung");
    assert_eq!(state.standing(), Standing::Fresh(Seconds(0)));
    assert_eq!(
        state.tail.unread(),
        Some("could not read the event logs: it hung")
    );
}
