use std::num::NonZeroU32;

use ironkeep_parsers::model::{ControllerId, DeviceId, DriveState, Element, ElementCounts};
use jiff::Timestamp;

use super::*;
use crate::health;
use crate::map::layout::{Numbering, Start};
use crate::reading::{Asked, Unread};

fn drive(enclosure: Option<u32>, slot: Option<u32>) -> PhysicalDrive {
    PhysicalDrive {
        enclosure: enclosure.map(EnclosureId),
        slot: slot.map(Slot),
        state: Some(DriveState::Online),
        ..PhysicalDrive::default()
    }
}

fn drives(slots: &[u32]) -> Vec<PhysicalDrive> {
    slots.iter().map(|&it| drive(Some(32), Some(it))).collect()
}

fn enclosure(slots: Option<u32>, drives: Option<u32>) -> Enclosure {
    Enclosure {
        id: Some(EnclosureId(32)),
        model: Some("SAS2X28".to_owned()),
        counts: ElementCounts {
            slots,
            physical_drives: drives,
            ..ElementCounts::default()
        },
        ..Enclosure::default()
    }
}

fn reading(drives: Option<Vec<PhysicalDrive>>, enclosures: Option<Vec<Enclosure>>) -> Reading {
    Reading {
        taken: Timestamp::UNIX_EPOCH,
        source: "a test".to_owned(),
        live: false,
        narrowed: false,
        controllers: vec![Controller {
            id: Some(ControllerId(0)),
            physical_drives: drives,
            enclosures,
            ..Controller::default()
        }],
        asked: Vec::new(),
    }
}

fn judged(reading: &Reading) -> Vec<Finding> {
    health::judge(reading, &health::Thresholds::default())
}

fn map(reading: &Reading) -> Map {
    let settings = Settings::default();
    of(reading, &judged(reading), &settings, Wish::default(), &[])
}

/// The bays of the only frame: `D` a drive, `.` empty, `?` unknown.
fn shown(reading: &Reading) -> String {
    let map = map(reading);
    let [frame] = map.frames.as_slice() else {
        panic!("{map:?}")
    };
    let sign = |bay: &Bay| match bay.content {
        Content::Drive(_) => 'D',
        Content::Empty => '.',
        Content::Unknown => '?',
    };
    frame.bays.iter().map(sign).collect()
}

#[test]
fn bays_are_empty_only_where_all_drives_were_read() {
    let all = || {
        reading(
            Some(drives(&[0, 2])),
            Some(vec![enclosure(Some(4), Some(2))]),
        )
    };
    assert_eq!(shown(&all()), "D.D.");
    let mut partial = all();
    let why = Unread::Partial("the list breaks off".to_owned());
    let controller = partial.controllers.first_mut().unwrap();
    controller.unread.insert(Part::PhysicalDrives, why);
    assert_eq!(shown(&partial), "D?D?");
    let mut torn = all();
    torn.asked.push(Asked {
        part: Part::PhysicalDrives,
        source: "-PDList".to_owned(),
        exit_code: None,
        complaints: Vec::new(),
        gaps: vec!["line 9: breaks off".to_owned()],
        leftovers: Vec::new(),
    });
    assert_eq!(shown(&torn), "D?D?");
    let none = reading(None, Some(vec![enclosure(Some(4), Some(2))]));
    assert_eq!(shown(&none), "????");
}

#[test]
fn bays_are_unknown_where_the_enclosure_counts_more_drives_than_are_listed() {
    let short = reading(Some(drives(&[0])), Some(vec![enclosure(Some(3), Some(2))]));
    assert_eq!(shown(&short), "D??");
    let map = map(&short);
    assert_eq!(
        map.frames.first().unwrap().notes,
        ["the enclosure counts 2 drives, 1 can be read: where the others are is not known"]
    );
}

#[test]
fn what_the_enclosure_says_of_a_bay_counts() {
    let mut enclosure = enclosure(Some(4), None);
    let statuses = [
        ElementStatus::Ok,
        ElementStatus::NotInstalled,
        ElementStatus::Ok,
        ElementStatus::Unsupported,
    ];
    enclosure.slots = (0..)
        .zip(statuses)
        .map(|(number, status)| Element {
            number,
            status: Some(status),
        })
        .collect();
    let complete = reading(Some(drives(&[0])), Some(vec![enclosure.clone()]));
    assert_eq!(shown(&complete), "D.?.");
    let unread = reading(None, Some(vec![enclosure]));
    assert_eq!(shown(&unread), "?.??");
}

#[test]
fn drives_of_an_unread_enclosure_are_drawn_up_to_the_last() {
    assert_eq!(shown(&reading(Some(drives(&[0, 3])), None)), "D??D");
}

#[test]
fn bays_may_be_numbered_from_one_or_beyond_their_count() {
    let frame = |slots: &[u32]| {
        let reading = reading(Some(drives(slots)), Some(vec![enclosure(Some(4), None)]));
        let frame = map(&reading).frames.remove(0);
        let numbers: Vec<u32> = frame.bays.iter().map(|bay| bay.slot.0).collect();
        (numbers, frame.notes)
    };
    assert_eq!(frame(&[1, 4]), (vec![1, 2, 3, 4], Vec::new()));
    let note = "the enclosure counts 4 bays, but a drive is in bay 5";
    assert_eq!(frame(&[1, 5]), ((0..6).collect(), vec![note.to_owned()]));
}

#[test]
fn drives_without_an_enclosure_have_a_frame_without_places() {
    let direct = vec![drive(None, Some(4)), drive(None, Some(1))];
    let map = map(&reading(Some(direct), Some(vec![])));
    let [frame] = map.frames.as_slice() else {
        panic!("{map:?}")
    };
    assert_eq!((frame.enclosure, frame.layout), (None, None));
    let bays: Vec<_> = frame
        .bays
        .iter()
        .map(|bay| (bay.slot.0, bay.place))
        .collect();
    assert_eq!(bays, [(1, None), (4, None)]);
}

#[test]
fn a_drive_that_has_no_bay_to_itself_is_named() {
    let mut nowhere = drive(Some(32), None);
    nowhere.device_id = Some(DeviceId(9));
    let twice = vec![drive(Some(32), Some(0)), drive(Some(32), Some(0)), nowhere];
    let map = map(&reading(Some(twice), Some(vec![enclosure(Some(1), None)])));
    assert_eq!(
        map.notes,
        [
            "a drive is not drawn: it is said to be in 32:0",
            "the drive with device id 9 is not drawn: its bay was not read",
        ]
    );
}

#[test]
fn the_command_line_wins_over_the_configuration_of_the_enclosure_and_that_over_all() {
    let text = "numbering = 'down'\n[enclosures.'c0/32']\nrows = 2\nfrom = 'bottom'\n";
    let settings: Settings = toml::from_str(text).unwrap();
    let reading = reading(Some(drives(&[0])), Some(vec![enclosure(Some(8), None)]));
    let layout = |wish| {
        let map = of(&reading, &judged(&reading), &settings, wish, &[]);
        map.frames.first().unwrap().layout.unwrap()
    };
    let configured = layout(Wish::default());
    assert_eq!((configured.rows, configured.from), (2, Start::Bottom));
    assert_eq!(configured.numbering, Numbering::Down);
    assert!(!configured.assumed);
    let told = layout(Wish {
        rows: NonZeroU32::new(4),
        numbering: Some(Numbering::Across),
        from: None,
    });
    assert_eq!((told.rows, told.from), (4, Start::Bottom));
    assert_eq!(told.numbering, Numbering::Across);
}

#[test]
fn an_enclosure_is_configured_by_its_model_too() {
    let settings: Settings = toml::from_str("[enclosures.SAS2X28]\nrows = 2\n").unwrap();
    let reading = reading(None, Some(vec![enclosure(Some(8), None)]));
    let map = of(&reading, &judged(&reading), &settings, Wish::default(), &[]);
    assert_eq!(map.frames.first().unwrap().layout.unwrap().rows, 2);
}
