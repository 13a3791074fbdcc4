use ironkeep_parsers::model::{DriveState, EnclosureId, Position, Slot, TargetId};

use super::draw::{self, Canvas, Used};
use super::layout::{Layout, Wish};
use super::{Bay, Content, Drive, Frame};
use crate::output::{Line, Tone};

fn drive(state: DriveState, targets: &[u32]) -> Drive {
    Drive {
        state: Some(state),
        foreign: Some(false),
        virtual_drives: Some(targets.iter().copied().map(TargetId).collect()),
        position: targets.first().map(|_| Position {
            drive_group: 0,
            span: 0,
            arm: 0,
        }),
        hot_spare: None,
        serial: Some("6SJ02E88N".to_owned()),
        model: None,
        size: None,
        attention: Vec::new(),
        tone: Tone::Good,
        alarm: false,
    }
}

/// An enclosure in which every bay holds `content`, and the bays in `named` are marked.
fn frame(bays: u32, content: &Content, named: &[u32]) -> Frame {
    let layout = Layout::new(bays, Wish::default());
    let bay = |index| Bay {
        slot: Slot(index),
        place: Some(layout.place(index)),
        named: named.contains(&index),
        content: content.clone(),
    };
    Frame {
        controller: None,
        enclosure: Some(EnclosureId(32)),
        model: None,
        connector: None,
        layout: Some(layout),
        notes: Vec::new(),
        bays: (0..bays).map(bay).collect(),
    }
}

fn online(targets: &[u32]) -> Content {
    Content::Drive(Box::new(drive(DriveState::Online, targets)))
}

fn text(lines: &[Line]) -> Vec<String> {
    let text = |line: &Line| -> String { line.spans.iter().map(|it| it.text.as_str()).collect() };
    lines
        .iter()
        .map(|line| text(line).trim_end().to_owned())
        .collect()
}

fn drawn(frame: &Frame, width: usize, unicode: bool) -> Vec<String> {
    let canvas = Canvas { width, unicode };
    text(&draw::bays(frame, canvas, &mut Used::default()))
}

#[test]
fn a_marked_bay_has_a_heavy_frame_and_an_arrow_at_its_row_and_column() {
    let frame = frame(12, &Content::Unknown, &[6]);
    assert_eq!(
        drawn(&frame, 43, true),
        [
            "                           ▼",
            "  ┌─────────┬─────────┬─────────┬─────────┐",
            "  │ 32:0 ?  │ 32:1 ?  │ 32:2 ?  │ 32:3 ?  │",
            "  │ unknown │ unknown │ unknown │ unknown │",
            "  ├─────────┼─────────╆━━━━━━━━━╅─────────┤",
            "► │ 32:4 ?  │ 32:5 ?  ┃ 32:6 ?  ┃ 32:7 ?  │",
            "  │ unknown │ unknown ┃ unknown ┃ unknown │",
            "  ├─────────┼─────────╄━━━━━━━━━╃─────────┤",
            "  │ 32:8 ?  │ 32:9 ?  │ 32:10 ? │ 32:11 ? │",
            "  │ unknown │ unknown │ unknown │ unknown │",
            "  └─────────┴─────────┴─────────┴─────────┘",
        ]
    );
}

#[test]
fn places_without_a_bay_have_no_frame() {
    let frame = frame(3, &Content::Empty, &[]);
    let wish = Wish {
        rows: std::num::NonZeroU32::new(2),
        ..Wish::default()
    };
    let layout = Layout::new(3, wish);
    let frame = Frame {
        layout: Some(layout),
        ..frame
    };
    assert_eq!(
        drawn(&frame, 16, false),
        [
            "+------+------+",
            "|32:0 .|32:1 .|",
            "|empty |empty |",
            "+------+------+",
            "|32:2 .|",
            "|empty |",
            "+------+",
        ]
    );
}

#[test]
fn sixty_bays_fit_on_eighty_columns() {
    let lines = drawn(&frame(60, &online(&[0]), &[]), 80, false);
    assert_eq!(
        lines[..4],
        [
            "+-----+-----+-----+-----+-----+-----+-----+-----+-----+-----+-----+-----+",
            "|0 o  |1 o  |2 o  |3 o  |4 o  |5 o  |6 o  |7 o  |8 o  |9 o  |10 o |11 o |",
            "|vd 0 |vd 0 |vd 0 |vd 0 |vd 0 |vd 0 |vd 0 |vd 0 |vd 0 |vd 0 |vd 0 |vd 0 |",
            "+-----+-----+-----+-----+-----+-----+-----+-----+-----+-----+-----+-----+",
        ]
    );
}

#[test]
fn several_virtual_drives_are_never_shown_as_one() {
    let shown = |width| drawn(&frame(8, &online(&[0, 1, 2]), &[]), width, false).join("\n");
    assert!(shown(200).contains("vd 0, 1, 2 dg 0"));
    assert!(shown(89).contains("vd 0, 1, 2"));
    assert!(shown(60).contains("v0,1,2"));
    assert!(shown(40).contains("v0+"));
    assert!(shown(25).contains("|0+|"));
}

#[test]
fn what_does_not_fit_side_by_side_is_listed() {
    let frame = frame(24, &online(&[0]), &[3]);
    let lines = drawn(&frame, 60, true);
    assert_eq!(lines.len(), 25);
    assert_eq!(lines.first().unwrap(), "from the left:");
    assert_eq!(lines[4], "► 32:3 ●   Online  vd 0 dg 0  6SJ02E88N");
}

#[test]
fn no_line_is_wider_than_the_terminal_and_every_bay_is_there() {
    let failed = Content::Drive(Box::new(drive(DriveState::Failed, &[0, 12])));
    for bays in 1..=90 {
        for content in [Content::Empty, Content::Unknown, failed.clone()] {
            for width in [48, 60, 80, 120, 200] {
                let frame = frame(bays, &content, &[0]);
                let canvas = Canvas {
                    width,
                    unicode: bays % 2 == 0,
                };
                let mut used = Used::default();
                let lines = draw::bays(&frame, canvas, &mut used);
                let widest = lines.iter().map(Line::width).max().unwrap();
                assert!(widest <= width, "{bays} bays at {width}: {widest}");
                let text = text(&lines).join("\n");
                let symbol = frame.bays.first().unwrap().symbol(canvas.unicode);
                let symbols = text.matches(&symbol).count();
                let bays = usize::try_from(bays).unwrap();
                assert_eq!(symbols, bays, "at {width}:\n{text}");
            }
        }
    }
}

#[test]
fn the_legend_has_what_is_shown_and_nothing_else() {
    let canvas = Canvas {
        width: 80,
        unicode: true,
    };
    let mut used = Used::default();
    draw::bays(&frame(8, &Content::Empty, &[]), canvas, &mut used);
    assert_eq!(
        text(&draw::legend(&used, canvas)),
        ["· empty: no drive answers"]
    );
    let mut drive = drive(DriveState::Failed, &[0, 1]);
    drive.alarm = true;
    let content = Content::Drive(Box::new(drive));
    let narrow = Canvas {
        width: 50,
        unicode: false,
    };
    draw::bays(&frame(8, &content, &[]), narrow, &mut used);
    assert_eq!(
        text(&draw::legend(&used, narrow)),
        [
            "X failed  . empty: no drive answers",
            "! health has a warning  v virtual drive",
        ]
    );
}
