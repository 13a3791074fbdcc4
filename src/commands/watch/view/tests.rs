use std::fmt::Write as _;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::style::Color;

use super::super::state::tests::{at, captured, read, state};
use super::*;
use crate::commands::watch::screen::Key;
use crate::follow::News;
use crate::reading::Reading;

const SIZES: [(u16, u16); 4] = [(60, 20), (80, 24), (120, 40), (200, 60)];

const UTF8: Look = Look {
    unicode: true,
    color: false,
};
const ASCII: Look = Look {
    unicode: false,
    color: false,
};
const COLOR: Look = Look {
    unicode: true,
    color: true,
};

/// The screen after it was drawn by the test backend.
fn drawn(state: &State, size: (u16, u16)) -> Buffer {
    let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).unwrap();
    terminal
        .draw(|frame| draw(state, frame.buffer_mut()))
        .unwrap();
    terminal.backend().buffer().clone()
}

fn lines(buffer: &Buffer) -> Vec<String> {
    let width = usize::from(buffer.area.width);
    let rows = buffer.content.chunks(width);
    rows.map(|row| {
        let mut line = String::new();
        let mut skip = 0;
        for cell in row {
            if skip == 0 {
                line.push_str(cell.symbol());
                skip = crate::output::width(cell.symbol()).max(1);
            }
            skip -= 1;
        }
        line.trim_end().to_owned()
    })
    .collect()
}

/// The text, with the borders of the screen around it.
fn text(buffer: &Buffer) -> String {
    let lines = lines(buffer);
    lines.iter().fold(String::new(), |mut text, line| {
        let _ = writeln!(text, "|{line}");
        text
    })
}

/// What is in colour or otherwise set off: `LINE: COLOUR MODIFIERS “text”`.
fn styles(buffer: &Buffer) -> String {
    let mut styles = String::new();
    let width = usize::from(buffer.area.width);
    for (number, row) in buffer.content.chunks(width).enumerate() {
        for run in row.chunk_by(|a, b| (a.fg, a.modifier) == (b.fg, b.modifier)) {
            let text: String = run.iter().map(ratatui::buffer::Cell::symbol).collect();
            let plain = run[0].fg == Color::Reset && run[0].modifier.is_empty();
            if !plain && !text.trim().is_empty() {
                let (color, modifier) = (run[0].fg, run[0].modifier);
                let _ = writeln!(
                    styles,
                    "{number:>2}: {color} {modifier:?} “{}”",
                    text.trim()
                );
            }
        }
    }
    styles
}

fn check(name: &str, screen: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../../tests/snapshots/watch");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, screen));
}

/// A copy of `reading`, `seconds` later, with the rebuild so far.
fn later(reading: &Reading, seconds: i64, percent: u32) -> Reading {
    let mut later = reading.clone();
    later.taken = at(seconds);
    let controller = &mut later.controllers[0];
    for operation in controller.drive_operations.iter_mut().flatten() {
        if let Some(progress) = &mut operation.progress {
            progress.done.0 = percent;
        }
    }
    later
}

/// A host that rebuilds a drive, seen twice, 12 s after the second reading.
fn rebuilding(look: Look) -> State {
    let first = captured("8.07.14-rebuilding", 0);
    let mut state = state((80, 24));
    state.settings.look = look;
    read(&mut state, &first);
    read(&mut state, &later(&first, 60, 40));
    let log = first.controllers[0].events.as_ref().unwrap();
    let newest = log.events.iter().max_by_key(|event| event.sequence);
    let mut event = newest.unwrap().clone();
    event.sequence = event.sequence.map(|number| number + 1);
    let words = "Rebuild progress on PD 0a(e0xfc/s2) is 40.00%";
    event.description = Some(words.to_owned());
    let id = first.controllers[0].id;
    state.follow_events(vec![(id, News::Event(event))]);
    state.now = at(72);
    state
}

fn on(host: &str, look: Look, size: (u16, u16)) -> State {
    let mut state = state(size);
    state.settings.look = look;
    read(&mut state, &captured(host, 0));
    state
}

#[test]
fn a_rebuild_at_every_size() {
    for size in SIZES {
        for (look, word) in [(UTF8, "utf8"), (ASCII, "ascii")] {
            let mut state = rebuilding(look);
            state.resize(size);
            let screen = drawn(&state, size);
            check(&format!("rebuild-{}-{word}", size.0), &text(&screen));
            if !look.unicode {
                assert!(text(&screen).is_ascii());
            }
        }
        let screen = drawn(&rebuilding(COLOR), size);
        check(&format!("rebuild-{}-colour", size.0), &styles(&screen));
    }
}

#[test]
fn without_colour_there_is_none() {
    for host in ["8.07.14-rebuilding", "8.07.14-degraded_raid6_two_failed"] {
        let mut state = on(host, UTF8, (120, 40));
        for _ in 0..4 {
            let screen = drawn(&state, (120, 40));
            assert!(screen.content.iter().all(|cell| cell.fg == Color::Reset));
            state.key(Key::Tab);
        }
    }
}

#[test]
fn hosts_of_all_kinds() {
    for host in [
        "healthy_raid5_hs",
        "degraded_raid6_two_failed",
        "enclosures_24_12",
        "two_controllers",
        "events_all_classes",
        "enclosure_faults",
        "bbu_learning",
    ] {
        for size in [(80, 24), (120, 40)] {
            let state = on(&format!("8.07.14-{host}"), UTF8, size);
            check(&format!("{host}-{}", size.0), &text(&drawn(&state, size)));
        }
    }
}

#[test]
fn an_old_reading_is_never_healthy() {
    let mut state = on("8.07.14-healthy_raid5_hs", COLOR, (80, 24));
    assert!(text(&drawn(&state, (80, 24))).contains("|healthy"));
    state.now = at(42);
    state.begin();
    state.fail("/opt/MegaCli64 did not end within 60 s and was killed".to_owned());
    state.rest();
    let screen = drawn(&state, (80, 24));
    let shown = text(&screen);
    assert!(shown.contains("|UNKNOWN (42 s ago: healthy)"), "{shown}");
    assert!(!screen.content.iter().any(|cell| cell.fg == Color::Green));
    check("stale-80", &shown);
    check("stale-80-colour", &styles(&screen));
    // The same where nothing failed and nothing comes.
    state.failure = None;
    state.now = at(500);
    let screen = drawn(&state, (80, 24));
    assert!(text(&screen).contains("UNKNOWN (8 min 20 s ago: healthy)"));
    assert!(!screen.content.iter().any(|cell| cell.fg == Color::Green));
}

#[test]
fn before_the_first_reading_and_while_paused() {
    let mut state = state((80, 24));
    state.settings.look = UTF8;
    state.begin();
    state.now = at(7);
    check("reading-80", &text(&drawn(&state, (80, 24))));
    let mut state = rebuilding(UTF8);
    state.key(Key::Char('p'));
    let shown = lines(&drawn(&state, (80, 24)));
    assert_eq!(shown[1], "read 12 s ago; PAUSED, p goes on");
    state.begin();
    state.now = at(75);
    let shown = lines(&drawn(&state, (80, 24)));
    assert_eq!(shown[1], "read 15 s ago; reading… 3 s; PAUSED, p goes on");
}

#[test]
fn a_capture_says_that_it_does_not_move() {
    let mut state = state((80, 24));
    state.settings.look = UTF8;
    state.settings.once = true;
    read(&mut state, &captured("8.07.14-degraded_raid5_failed", 0));
    state.settings.source_flags = " --replay captures/db1".to_owned();
    state.now = at(1_000_000);
    check("capture-80", &text(&drawn(&state, (80, 24))));
}

#[test]
fn help_and_details_lie_over_the_panes() {
    for (look, word) in [(UTF8, "utf8"), (ASCII, "ascii")] {
        for size in [(60, 20), (120, 40)] {
            let mut state = rebuilding(look);
            state.resize(size);
            state.key(Key::Char('?'));
            let name = format!("help-{}-{word}", size.0);
            check(&name, &text(&drawn(&state, size)));
            state.key(Key::Escape);
            for pane in ["finding", "drive", "operation", "event"] {
                state.key(Key::Enter);
                let name = format!("details-{pane}-{}-{word}", size.0);
                check(&name, &text(&drawn(&state, size)));
                state.key(Key::Escape);
                state.key(Key::Tab);
            }
        }
    }
}

#[test]
fn a_screen_that_is_too_small_says_so_and_nothing_breaks_at_any_size() {
    let mut state = rebuilding(UTF8);
    let shown = lines(&drawn(&state, (40, 10)));
    assert_eq!(shown[0], "terminal too small");
    assert_eq!(shown[1], "40x10, needs 50x15");
    for overlay in ["", "?", "?d"] {
        for key in overlay.chars() {
            state.key(Key::Char(key));
        }
        for width in [0, 1, 2, 5, 49, 50, 51, 61, 99, 100, 101, 300] {
            for height in [0, 1, 2, 3, 14, 15, 16, 17, 23, 41, 100] {
                state.resize((width, height));
                for _ in 0..4 {
                    drawn(&state, (width, height));
                    state.key(Key::Tab);
                }
            }
        }
    }
}

#[test]
fn text_of_devices_cannot_steer_the_terminal() {
    let mut reading = captured("8.07.14-healthy_raid5_hs", 0);
    let drives = reading.controllers[0].physical_drives.as_mut().unwrap();
    let inquiry = drives[0].inquiry.as_mut().unwrap();
    inquiry.serial = Some("\u{1b}[2Jx\u{202e}".into());
    let mut state = state((200, 60));
    state.settings.look = UTF8;
    read(&mut state, &reading);
    state.pane = Pane::Drives;
    let shown = text(&drawn(&state, (200, 60)));
    assert!(shown.contains(r"\u{1b}[2Jx\u{202e}"), "{shown}");
    state.key(Key::Enter);
    let shown = text(&drawn(&state, (200, 60)));
    assert!(!shown.contains(['\u{1b}', '\u{202e}']));
}

#[test]
fn everybody_gets_two_lines_and_the_first_in_order_what_it_wants() {
    assert_eq!(share(10, &[2, 2, 2], &[0, 1, 2]), [2, 2, 6]);
    let order = [1, 0, 3, 2, 4];
    assert_eq!(share(17, &[4, 20, 3, 2, 30], &order), [3, 6, 3, 2, 3]);
    assert_eq!(share(40, &[4, 100, 3], &[0, 2, 1]), [4, 33, 3]);
    assert_eq!(share(3, &[9, 9], &[0, 1]), [2, 2]);
}
