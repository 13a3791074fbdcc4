use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use ironkeep_parsers::model::{
    Arm, DeviceId, DriveState, ElementCounts, Enclosure, EnclosureId, Event, EventClass, Inquiry,
    Member, Operation, OperationKind, PhysicalDrive, Position, Progress, RaidLevel, Slot, Span,
    TargetId, VirtualDrive, VirtualDriveState,
};
use ironkeep_parsers::units::{Bytes, Celsius, Minutes, Percent};
use jiff::Timestamp;

use super::*;
use crate::exporter::collector::Collector;
use crate::exporter::snapshot::{Collections, CollectorStatus, Outcome, ToolTotals};
use crate::exporter::system::System;
use crate::health::{self, Thresholds};
use crate::map::layout::Settings;
use crate::reading::{Controller, Part, Reading, Unread};

fn drive(enclosure: Option<u32>, slot: u32, state: DriveState) -> PhysicalDrive {
    let number = enclosure.unwrap_or(0) * 100 + slot;
    PhysicalDrive {
        enclosure: enclosure.map(EnclosureId),
        slot: Some(Slot(slot)),
        device_id: Some(DeviceId(number)),
        state: Some(state),
        inquiry: Some(Inquiry {
            raw: format!("SEAGATE ST4000NM0023 0004Z1Z{number:05}").into(),
            vendor: Some("SEAGATE".into()),
            model: Some("ST4000NM0023".into()),
            firmware: Some("0004".into()),
            serial: Some(format!("Z1Z{number:05}").into()),
        }),
        coerced_size: Some(Bytes(4_000_225_165_312)),
        temperature: Some(Celsius(30 + i32::try_from(slot % 9).unwrap())),
        media_errors: Some(0),
        other_errors: Some(u64::from(slot % 3)),
        predictive_failures: Some(0),
        smart_alert: Some(false),
        foreign: Some(false),
        position: enclosure.map(|_| Position {
            drive_group: 0,
            span: 0,
            arm: slot,
        }),
        ..PhysicalDrive::default()
    }
}

fn enclosure(id: u32, slots: u32) -> Enclosure {
    Enclosure {
        id: Some(EnclosureId(id)),
        model: Some("SAS2X28".to_owned()),
        counts: ElementCounts {
            slots: Some(slots),
            ..ElementCounts::default()
        },
        ..Enclosure::default()
    }
}

/// A controller with enclosures of 24 bays that are all in use.
fn controller(id: u32, enclosures: u32) -> Controller {
    let ids = 8..8 + enclosures;
    let drives: Vec<PhysicalDrive> = ids
        .clone()
        .flat_map(|it| (0..24).map(move |slot| drive(Some(it), slot, DriveState::Online)))
        .collect();
    let groups = drives.chunks(24).zip(0..);
    let virtual_drives = groups.map(|(members, number)| VirtualDrive {
        target_id: Some(TargetId(number)),
        name: Some(format!("data{number}")),
        state: Some(VirtualDriveState::Optimal),
        raid_level: Some(RaidLevel::Raid6),
        size: Some(Bytes(88_000_000_000_000)),
        spans: vec![Span {
            number: 0,
            members: members
                .iter()
                .zip(0..)
                .map(|(drive, arm)| Member {
                    arm: Arm(arm),
                    drive: Some(drive.clone()),
                })
                .collect(),
        }],
        ..VirtualDrive::default()
    });
    Controller {
        id: Some(ControllerId(id)),
        virtual_drives: Some(virtual_drives.collect()),
        enclosures: Some(ids.map(|it| enclosure(it, 24)).collect()),
        physical_drives: Some(drives),
        cache_protection: Some(None),
        ..Controller::default()
    }
}

fn snapshot(controllers: Vec<Controller>) -> Snapshot {
    let now: Timestamp = "2026-11-22T03:00:00Z".parse().unwrap();
    let reading = Reading {
        taken: now,
        source: "a test".to_owned(),
        live: true,
        narrowed: false,
        controllers,
        asked: Vec::new(),
    };
    let findings = health::judge(&reading, &Thresholds::default());
    Snapshot {
        now,
        host: None,
        map: Settings::default(),
        metrics_path: Some("/metrics".to_owned()),
        verdict: Verdict::over(&findings),
        findings,
        reading,
        up: true,
        failure: None,
        collectors: BTreeMap::new(),
        collections: Collections {
            count: 1,
            last_duration: None,
            last_end: Some(now),
        },
        tool: ToolTotals::default(),
        unknown: BTreeMap::new(),
        events: None,
        recent_events: Vec::new(),
        process: None,
        configuration_valid: true,
        system: System::default(),
        tool_version: None,
        block_devices: BTreeMap::new(),
    }
}

/// The tags of a page in order: the name, with `/` in front where it ends, and the attributes.
fn tags(page: &str) -> Vec<(String, String)> {
    let mut tags = Vec::new();
    let mut rest = page;
    while let Some((_, behind)) = rest.split_once('<') {
        let (tag, behind) = behind.split_once('>').unwrap();
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        tags.push((name.to_owned(), attributes.to_owned()));
        rest = behind;
        // What is no markup.
        if name == "style" || name == "script" {
            rest = behind.split_once(&format!("</{name}>")).unwrap().1;
            tags.push((format!("/{name}"), String::new()));
        }
    }
    tags
}

fn attribute<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    let mut parts = attributes.split('"');
    while let (Some(lead), Some(value)) = (parts.next(), parts.next()) {
        if lead.trim().strip_suffix('=') == Some(name) {
            return Some(value);
        }
    }
    None
}

/// What holds of every page.
fn check(page: &str) {
    assert!(
        page.starts_with("<!DOCTYPE html><html lang=\"en\">"),
        "{page}"
    );
    let mut open: Vec<String> = Vec::new();
    let mut ids = BTreeSet::new();
    let mut level = 0;
    let tags = tags(page.strip_prefix("<!DOCTYPE html>").unwrap());
    for (name, attributes) in &tags {
        if let Some(name) = name.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name));
        } else if !["meta", "link", "br"].contains(&name.as_str()) {
            open.push(name.clone());
        }
        if let Some(id) = attribute(attributes, "id") {
            assert!(ids.insert(id.to_owned()), "{id} twice");
        }
        if let Some(number) = name.strip_prefix('h').and_then(|it| it.parse::<u32>().ok()) {
            assert!(number <= level + 1, "h{number} below h{level}");
            level = number;
        }
        if name == "th" {
            let scope = attribute(attributes, "scope");
            assert!(matches!(scope, Some("col" | "row")), "{attributes}");
        }
        for forbidden in ["style", "src", "onclick", "onload"] {
            assert_eq!(
                attribute(attributes, forbidden),
                None,
                "{name} {attributes}"
            );
        }
        let href = attribute(attributes, "href").unwrap_or("#");
        assert!(
            href == "./metrics" || href.starts_with('#') || href.starts_with("data:image"),
            "{href}"
        );
    }
    assert!(open.is_empty(), "{open:?}");
    for (_, attributes) in &tags {
        let href = attribute(attributes, "href").unwrap_or_default();
        if let Some(id) = href.strip_prefix('#').filter(|id| *id != "-") {
            assert!(ids.contains(id), "no {id} on the page");
        }
    }
    for landmark in ["<header>", "<nav ", "<main>", "<footer>"] {
        assert_eq!(page.matches(landmark).count(), 1, "{landmark}");
    }
    assert_eq!(page.matches("<h1").count(), 1);
}

#[test]
fn a_page_of_240_drives_is_sound_and_small() {
    let page = render(&snapshot(vec![controller(0, 10)]));
    check(&page);
    assert_eq!(page.matches("class=\"bay ").count(), 240);
    assert_eq!(page.matches("<article class=\"drive\"").count(), 240);
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(page.as_bytes()).unwrap();
    let size = encoder.finish().unwrap().len();
    assert!(size < 60_000, "{size} bytes of {}", page.len());
}

#[test]
fn several_controllers_are_told_apart_everywhere() {
    let mut failing = controller(1, 1);
    let drives = failing.physical_drives.as_mut().unwrap();
    drives[4].state = Some(DriveState::Failed);
    let page = render(&snapshot(vec![controller(0, 2), failing]));
    check(&page);
    for words in [
        "<a href=\"#d1-8-4\">c1 pd 8:4 (sn Z1Z00804)</a>",
        "ironkeep pd replace 8:4 --plan -c 1",
        "Controller 1, enclosure 8 (SAS2X28): 24 bays, 24 drives",
        "id=\"d0-8-4\"",
        "c1 Drive 8:4",
        "Controller 0 has no battery",
    ] {
        assert!(page.contains(words), "{words}");
    }
}

#[test]
fn drives_without_an_enclosure_and_empty_bays_are_drawn() {
    let mut half = controller(0, 0);
    half.enclosures = Some(vec![enclosure(9, 3)]);
    half.physical_drives = Some(vec![
        drive(None, 1, DriveState::Jbod),
        drive(Some(9), 1, DriveState::HotSpare),
    ]);
    let page = render(&snapshot(vec![half]));
    check(&page);
    assert!(page.contains("Direct-attached drives: 1 drive"));
    assert!(page.contains("href=\"#d0--1\""));
    assert_eq!(page.matches("<span>empty</span>").count(), 2);
    assert!(page.contains("<span>Hotspare</span>"));
}

#[test]
fn the_layout_of_the_configuration_holds() {
    let mut snapshot = snapshot(vec![controller(0, 1)]);
    snapshot.map.enclosures.insert(
        "8".to_owned(),
        Wish {
            rows: std::num::NonZeroU32::new(4),
            ..Default::default()
        },
    );
    let page = render(&snapshot);
    check(&page);
    assert!(page.contains("aria-label=\"Row 4 from the top, from the left\""));
    assert!(page.contains("class=\"frame r12\""));
}

#[test]
fn what_comes_from_devices_stays_text() {
    const HOSTILE: &str = "<img src=x onerror=alert(1)>\"'&\u{202e}\u{1b}[2J\u{0}\u{200b}";
    let shown = "&lt;img src=x onerror=alert(1)&gt;&quot;'&amp;\\u{202e}\\u{1b}[2J\\u{0}\\u{200b}";
    let mut host = controller(0, 1);
    let drives = host.physical_drives.as_mut().unwrap();
    drives[0].state = Some(DriveState::Other(HOSTILE.into()));
    drives[0].firmware = Some(HOSTILE.into());
    drives[0].inquiry = Some(Inquiry {
        raw: HOSTILE.into(),
        vendor: Some(HOSTILE.into()),
        model: Some(HOSTILE.into()),
        firmware: Some(HOSTILE.into()),
        serial: Some(HOSTILE.into()),
    });
    host.virtual_drives.as_mut().unwrap()[0].name = Some(HOSTILE.to_owned());
    host.virtual_drives.as_mut().unwrap()[0].state = Some(VirtualDriveState::Other(HOSTILE.into()));
    host.enclosures.as_mut().unwrap()[0].model = Some(HOSTILE.to_owned());
    let unread = Unread::Failed(HOSTILE.to_owned());
    host.unread.insert(Part::CacheProtection, unread);
    let mut snapshot = snapshot(vec![host]);
    snapshot.host = Some(HOSTILE.to_owned());
    snapshot.failure = Some(HOSTILE.to_owned());
    snapshot.reading.source = HOSTILE.to_owned();
    snapshot.recent_events = vec![(
        Some(ControllerId(0)),
        Event {
            class: Some(EventClass::Fatal),
            description: Some(HOSTILE.to_owned()),
            ..Event::default()
        },
    )];
    let outcome = Outcome {
        why: Some(HOSTILE.to_owned()),
        ..Outcome::default()
    };
    let status = CollectorStatus {
        controllers: [(Some(ControllerId(0)), outcome)].into(),
        ..CollectorStatus::default()
    };
    snapshot.collectors.insert(Collector::Battery, status);
    let page = render(&snapshot);
    check(&page);
    let markup = page.split_once("<body>").unwrap().1;
    assert!(!markup.contains("<img"));
    let is_steering = |c: &char| c.is_control() || ['\u{202e}', '\u{200b}'].contains(c);
    let markup = markup.split_once("<script>").unwrap().0;
    assert_eq!(markup.chars().find(is_steering), None);
    assert!(markup.matches(shown).count() > 15, "{markup}");
}

#[test]
fn what_runs_has_a_bar_with_text_and_an_end() {
    let mut busy = controller(0, 1);
    let drives = busy.physical_drives.as_mut().unwrap();
    drives[3].state = Some(DriveState::Rebuild);
    busy.drive_operations = Some(vec![Operation {
        kind: OperationKind::Rebuild,
        physical_drive: drives[3].address(),
        virtual_drive: None,
        progress: Some(Progress {
            done: Percent(25),
            elapsed: Minutes(30),
        }),
    }]);
    let page = render(&snapshot(vec![busy]));
    check(&page);
    assert!(
        page.contains("<progress max=\"100\" value=\"25\">25 %, about 1 h 30 min left, may end ")
    );
}

#[test]
fn without_data_the_page_says_so_and_why() {
    let mut nothing = snapshot(Vec::new());
    nothing.verdict = Verdict::Unknown;
    nothing.collections.count = 0;
    let page = render(&nothing);
    check(&page);
    assert!(page.contains("<title>UNKNOWN – ironkeep</title>"));
    assert!(page.contains("Nothing has been read yet"));
    nothing.collections.count = 3;
    nothing.failure = Some("MegaCLI was not found".to_owned());
    nothing.host = Some("web3".to_owned());
    let page = render(&nothing);
    check(&page);
    assert!(page.contains("<title>web3: UNKNOWN – ironkeep</title>"));
    assert!(page.contains("Nothing could be read"));
    assert!(page.contains("The last collection failed: MegaCLI was not found"));
    assert!(!page.contains("as it should be"));
}

#[test]
fn the_policy_knows_the_style_and_the_script_of_the_page_alone() {
    let page = render(&snapshot(Vec::new()));
    let policy = content_security_policy();
    for name in ["style", "script"] {
        let (start, end) = (format!("<{name}>"), format!("</{name}>"));
        assert_eq!(page.matches(&start).count(), 1);
        let inside = page.split_once(&start).unwrap().1;
        let inside = inside.split_once(&end).unwrap().0;
        let hash = STANDARD.encode(digest(&SHA256, inside.as_bytes()));
        assert!(policy.contains(&format!("{name}-src 'sha256-{hash}';")));
    }
    assert!(!policy.contains("unsafe") && !policy.contains('*'));
}

/// The colours of a scheme, by name.
fn palette(block: &str) -> BTreeMap<&str, [f64; 3]> {
    let inside = block.split_once('}').unwrap().0;
    let colours = inside.split(';').filter_map(|it| it.strip_prefix("--"));
    colours
        .map(|it| {
            let (name, hex) = it.split_once(":#").unwrap();
            let digits: Vec<char> = hex.chars().collect();
            let part = |at: usize| {
                let pair: String = match digits.len() {
                    3 => [digits[at], digits[at]].iter().collect(),
                    _ => digits[at * 2..at * 2 + 2].iter().collect(),
                };
                f64::from(u8::from_str_radix(&pair, 16).unwrap()) / 255.0
            };
            (name, [part(0), part(1), part(2)])
        })
        .collect()
}

/// The contrast of two colours, as the WCAG define it.
fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let luminance = |colour: [f64; 3]| {
        let linear = colour.map(|it| {
            if it <= 0.04045 {
                it / 12.92
            } else {
                ((it + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    };
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn text_is_legible_in_both_schemes() {
    let mut blocks = STYLE.split(":root{").skip(1);
    let schemes = [blocks.next().unwrap(), blocks.next().unwrap()].map(palette);
    for scheme in &schemes {
        let mut pairs = vec![("panel", "bad")];
        for text in ["text", "dim", "link", "good", "warn", "bad"] {
            pairs.extend([(text, "bg"), (text, "panel")]);
        }
        for (text, ground) in [("good", "good-bg"), ("warn", "warn-bg"), ("bad", "bad-bg")] {
            pairs.extend([(text, ground), ("text", ground)]);
        }
        for (text, ground) in pairs {
            let contrast = contrast(scheme[text], scheme[ground]);
            assert!(contrast >= 4.5, "{text} on {ground}: {contrast:.2}");
        }
    }
    assert_eq!(schemes[0].len(), schemes[1].len());
}

#[test]
fn nothing_moves_and_nothing_comes_from_elsewhere() {
    for word in ["animation", "transition", "@import", "url(", "http"] {
        assert!(!STYLE.contains(word), "{word}");
        assert!(!SCRIPT.contains(word), "{word}");
    }
}
