//! The event log: `-AdpEventLog -GetEventLogInfo`, what the writing forms say, and the files that they
//! write.

use crate::Report;
use crate::grammar;
use crate::megacli::section;
use crate::model::{
    Arm, ControllerId, DeviceId, Event, EventArea, EventClass, EventDatum, EventExport, EventLog,
    EventLogInfo, EventProperties, EventTime, SasAddress, Section, TargetId,
};
use crate::report::{Complaint, ComplaintKind, Reason, Subject};
use crate::scan::Scan;
use crate::text::Line;

/// Reads `-AdpEventLog -GetEventLogInfo -aALL`.
pub fn event_log_info(text: &str) -> Report<Vec<Section<EventLogInfo>>> {
    let mut scan = Scan::new(text);
    let mut sections: Vec<Section<EventLogInfo>> = Vec::new();
    while let Some(line) = scan.next() {
        if let Some(controller) = section::heading(&line) {
            section::begin(&mut sections, controller);
            continue;
        }
        let Some(info) = sections.last_mut().map(|section| &mut section.value) else {
            outcome(&mut scan, line);
            continue;
        };
        let field = match line.key {
            "Newest Seqnum" => &mut info.newest,
            "Oldest Seqnum" => &mut info.oldest,
            "Clear Seqnum" => &mut info.clear,
            "Shutdown Seqnum" => &mut info.shutdown,
            "Reboot Seqnum" => &mut info.reboot,
            _ => {
                outcome(&mut scan, line);
                continue;
            }
        };
        scan.set(field, &line, grammar::hex);
    }
    scan.finish(sections)
}

/// Reads what the forms that write a file print: `Success in AdpEventLog`, once per controller.
pub fn event_export(text: &str) -> Report<EventExport> {
    let mut scan = Scan::new(text);
    let mut export = EventExport::default();
    while let Some(line) = scan.next() {
        if is_nothing_logged(&line) {
            export.nothing_logged = true;
        } else if outcome(&mut scan, line) {
            export.successes = export.successes.saturating_add(1);
        }
    }
    scan.finish(export)
}

/// Takes the sentence about success or failure. `true` for success.
fn outcome<'a>(scan: &mut Scan<'a>, line: Line<'a>) -> bool {
    match line.text {
        "Success in AdpEventLog" => return true,
        "AdpEventLog failed" => scan.complain(Complaint {
            line: line.number,
            controller: None,
            subject: Subject::Command,
            kind: ComplaintKind::Failed,
            text: line.text.to_owned(),
            firmware: None,
        }),
        _ => scan.frame(line),
    }
    false
}

/// `There are no CC errors logged.`; `Adapter 0: No VD related event logged.`
fn is_nothing_logged(line: &Line<'_>) -> bool {
    line.text == "There are no CC errors logged."
        || grammar::adapter_prefix(line.text)
            .is_some_and(|(_, rest)| rest == "No VD related event logged.")
}

/// Reads a file written by `-GetEvents`, `-GetLatest`, `-GetSinceReboot`, `-GetSinceShutdown`,
/// `-IncludeDeleted` or `-GetCCIncon`. `-GetLatest` names no controller: its section has none.
pub fn event_file(text: &str) -> Report<Vec<Section<EventLog>>> {
    let mut scan = Scan::new(text);
    let mut sections: Vec<Section<EventLog>> = Vec::new();
    let mut event: Option<Event> = None;
    let mut place = Place::Head;
    while let Some(line) = scan.next() {
        if let Some((controller, logged)) = controller(&line) {
            keep(&mut sections, event.take());
            place = Place::Head;
            sections.push(Section {
                controller: Some(controller),
                value: EventLog {
                    logged,
                    events: Vec::new(),
                },
            });
            continue;
        }
        if begins_event(&line, place, event.as_ref()) {
            keep(&mut sections, event.replace(Event::default()));
            place = Place::Head;
        }
        let taken = event.as_mut().is_some_and(|event| match place {
            Place::Head => head(event, &mut place, &mut scan, &line),
            Place::Data(_) => datum(&mut event.data, &mut place, &mut scan, &line),
        });
        if !taken && !is_nothing_logged(&line) {
            scan.frame(line);
        }
    }
    // Behind the description stands `Event Data`, if only to say that there is none.
    if event.is_some() && place == Place::Head {
        scan.gap(scan.line_number(), "the last event breaks off");
    }
    keep(&mut sections, event);
    scan.finish(sections)
}

/// Where in an event the walk is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before `Event Data`.
    Head,
    /// Behind it; a line of bytes belongs to what is named.
    Data(Bytes),
}

/// What a line of bytes is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bytes {
    None,
    Command,
    Sense,
}

/// `Adapter: 0 - Number of Events : 50`, or `Adapter #0` without a count.
fn controller(line: &Line<'_>) -> Option<(ControllerId, Option<u64>)> {
    let (controller, rest) = grammar::adapter_prefix(line.text)?;
    if rest.is_empty() {
        return Some((controller, None));
    }
    let count = rest.strip_prefix("- Number of Events")?;
    let count = count.trim_ascii_start().strip_prefix(':')?;
    Some((controller, Some(grammar::decimal(count.trim_ascii())?)))
}

/// An event begins at its number. In an excerpt that lacks the number it begins at the time.
fn begins_event(line: &Line<'_>, place: Place, event: Option<&Event>) -> bool {
    match line.key {
        "seqNum" => true,
        "Time" | "Seconds since last reboot" => {
            event.is_none_or(|event| place == Place::Head && event.time.is_some())
        }
        _ => false,
    }
}

/// Files an event under the controller that is being read.
fn keep(sections: &mut Vec<Section<EventLog>>, event: Option<Event>) {
    let Some(event) = event else { return };
    if let Some(log) = section::current(sections) {
        log.events.push(event);
    }
}

/// A line before `Event Data`.
fn head<'a>(event: &mut Event, place: &mut Place, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    match line.key {
        "seqNum" => scan.set(&mut event.sequence, line, grammar::hex),
        "Time" => scan.set(&mut event.time, line, |text| {
            grammar::ctime(text).map(EventTime::Clock)
        }),
        "Seconds since last reboot" => scan.set(&mut event.time, line, |text| {
            grammar::bare_seconds(text).map(EventTime::SinceBootSeconds)
        }),
        "Code" => scan.set(&mut event.code, line, grammar::hex),
        "Class" => scan.set(&mut event.class, line, class),
        "Locale" => scan.set(&mut event.areas, line, areas),
        "Event Description" => scan.set(&mut event.description, line, grammar::text),
        "Event Data" => {
            *place = Place::Data(Bytes::None);
            scan.expect_value(line, "");
        }
        _ => return false,
    }
    true
}

/// `-1` and its like.
fn class(text: &str) -> Option<EventClass> {
    Some(match grammar::integer(text)? {
        -2 => EventClass::Debug,
        -1 => EventClass::Progress,
        0 => EventClass::Information,
        1 => EventClass::Warning,
        2 => EventClass::Critical,
        3 => EventClass::Fatal,
        4 => EventClass::Dead,
        _ => return None,
    })
}

/// `0x22`: physical drive and controller.
fn areas(text: &str) -> Option<Vec<EventArea>> {
    const NAMES: [EventArea; 8] = [
        EventArea::VirtualDrive,
        EventArea::PhysicalDrive,
        EventArea::Enclosure,
        EventArea::CacheProtection,
        EventArea::Sas,
        EventArea::Controller,
        EventArea::Configuration,
        EventArea::Cluster,
    ];
    let bits = grammar::hex(text)?;
    let set = (0..u64::BITS).filter(|bit| bits & (1 << bit) != 0);
    let area = |bit: u32| {
        let named = usize::try_from(bit).ok().and_then(|bit| NAMES.get(bit));
        named.copied().unwrap_or(EventArea::Other(1 << bit))
    };
    Some(set.map(area).collect())
}

/// A line behind `Event Data`.
fn datum<'a>(
    data: &mut Vec<EventDatum>,
    place: &mut Place,
    scan: &mut Scan<'a>,
    line: &Line<'a>,
) -> bool {
    match line.key {
        "None" if !line.has_colon() => {}
        key if key.bytes().all(|byte| byte == b'=') => {}
        "CDB Data" => *place = Place::Data(Bytes::Command),
        "Sense Data" => *place = Place::Data(Bytes::Sense),
        "Previous LD Properties" => {
            data.push(EventDatum::PreviousProperties(EventProperties::default()));
        }
        "New LD Properties" => {
            data.push(EventDatum::NewProperties(EventProperties::default()));
        }
        key if key.starts_with("Redundant path is ") => {
            let path = key.strip_prefix("Redundant path is ");
            match path.and_then(grammar::small) {
                Some(path) => data.push(EventDatum::RedundantPath(path)),
                None => scan.leave(line, Reason::Unreadable),
            }
        }
        _ => {
            return property(data, scan, line)
                || known_datum(data, scan, line)
                || byte_line(data, *place, scan, line);
        }
    }
    true
}

/// A setting below `Previous LD Properties` or `New LD Properties`.
fn property<'a>(data: &mut [EventDatum], scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    let Some(EventDatum::PreviousProperties(settings) | EventDatum::NewProperties(settings)) =
        data.last_mut()
    else {
        return false;
    };
    let field = match line.key {
        "Name" => {
            scan.set(&mut settings.name, line, grammar::text);
            return true;
        }
        "Access Policy" => &mut settings.access_policy,
        "Current Cache Policy" => &mut settings.current_cache_policy,
        "Default Cache Policy" => &mut settings.default_cache_policy,
        "Disk Cache Policy" => &mut settings.disk_cache_policy,
        "NoBgi" => &mut settings.no_background_initialization,
        _ => return false,
    };
    scan.set(field, line, grammar::small);
    true
}

/// How the value behind a key is read.
type Read = fn(&str) -> Option<EventDatum>;

/// How the value behind `key` is read.
fn reader(key: &str) -> Option<Read> {
    use EventDatum as D;
    use grammar::{bare_hex, decimal, hex, small, text};
    Some(match key {
        "Device ID" => |v| small(v).map(DeviceId).map(D::DeviceId),
        "Enclosure Device ID" => |v| grammar::enclosure(v).map(D::EnclosureId),
        "Enclosure Index" => |v| small(v).map(D::EnclosureIndex),
        "Slot Number" => |v| grammar::slot(v).map(D::Slot),
        "Target Id" => |v| small(v).map(TargetId).map(D::Target),
        "Previous state" => |v| small(v).map(D::PreviousState),
        "New state" => |v| small(v).map(D::NewState),
        "Error" => |v| decimal(v).map(D::Error),
        "LBA" => |v| decimal(v).map(D::Lba),
        "VD LBA" => |v| decimal(v).map(D::VirtualDriveLba),
        "PD LBA" => |v| decimal(v).map(D::PhysicalDriveLba),
        "Bad LBA" => |v| decimal(v).map(D::BadLba),
        "Remapped LBA" => |v| decimal(v).map(D::RemappedLba),
        "Strip" => |v| decimal(v).map(D::Strip),
        "LD Count" => |v| decimal(v).map(D::Count),
        "VendorId" => |v| bare_hex(v).map(D::PciVendor),
        "DeviceId" => |v| bare_hex(v).map(D::PciDevice),
        "SubVendorId" => |v| bare_hex(v).map(D::PciSubvendor),
        "SubDeviceId" => |v| bare_hex(v).map(D::PciSubdevice),
        "Rate" => |v| grammar::percent(v).map(D::RatePercent),
        "String" => |v| text(v).map(D::Text),
        "Elapsed Time since power-on" => |v| grammar::bare_seconds(v).map(D::SincePowerOnSeconds),
        "Time" => |v| grammar::ctime(v).map(D::ControllerTime),
        "Spare Type" => |v| text(v).map(D::SpareType),
        "Arrays Dedicated to" => |v| grammar::list(v, small).map(D::DedicatedTo),
        "Index" => |v| small(v).map(D::Index),
        "Array" => |v| small(v).map(D::SpanReference),
        "Row" => |v| small(v).map(Arm).map(D::Arm),
        "CDB Length" => |v| small(v).map(D::CommandLength),
        "Sense Length" => |v| small(v).map(D::SenseLength),
        "Previous Owner" => |v| small(v).map(D::PreviousOwner),
        "New Owner" => |v| small(v).map(D::NewOwner),
        "ECAR Register" => |v| hex(v).map(D::EcarRegister),
        "ELOG Register" => |v| hex(v).map(D::ElogRegister),
        "Description" => |v| text(v).map(D::Description),
        "Pass Count" => |v| decimal(v).map(D::PassCount),
        "Offset of Failure" => |v| text(v).map(D::FailureOffset),
        "Good Data" => |v| text(v).map(D::GoodData),
        "Bad Data" => |v| text(v).map(D::BadData),
        "Diag Name" => |v| text(v).map(D::DiagnosticName),
        "Port" => |v| small(v).map(D::Port),
        "Phy" => |v| small(v).map(D::Phy),
        _ => return None,
    })
}

/// A line with a key of its own.
fn known_datum<'a>(data: &mut Vec<EventDatum>, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    let mut read = None;
    if matches!(line.key, "SAS Address 1" | "SAS Address 2") {
        if line.value != "0" {
            scan.set(&mut read, line, |text| {
                grammar::sas_address(text)
                    .map(SasAddress)
                    .map(EventDatum::SasAddress)
            });
        }
    } else if let Some(reader) = reader(line.key) {
        scan.set(&mut read, line, reader);
    } else {
        return false;
    }
    data.extend(read);
    true
}

/// A line of bytes: `002a 0000 … `. Behind the command's, `Sense Length: 32` stands on the same line.
fn byte_line<'a>(
    data: &mut Vec<EventDatum>,
    place: Place,
    scan: &mut Scan<'a>,
    line: &Line<'a>,
) -> bool {
    let (text, sense_length) = match line.key.strip_suffix("Sense Length") {
        Some(text) => (text, grammar::small(line.value)),
        None => (line.text, None),
    };
    let bytes: Option<Vec<u8>> = text
        .split_ascii_whitespace()
        .map(|word| u8::try_from(grammar::bare_hex(word)?).ok())
        .collect();
    let Some(bytes) = bytes else { return false };
    match place {
        Place::Data(Bytes::Command) => data.push(EventDatum::Command(bytes)),
        Place::Data(Bytes::Sense) => data.push(EventDatum::Sense(bytes)),
        Place::Data(Bytes::None) | Place::Head => {
            scan.leave(line, Reason::Unclaimed);
            return true;
        }
    }
    data.extend(sense_length.map(EventDatum::SenseLength));
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Slot;
    use crate::units::Seconds;

    /// The events of a text, with nothing left over.
    fn events(text: &str) -> Vec<Event> {
        let mut report = event_file(text);
        assert_eq!(report.leftovers, []);
        report.value.remove(0).value.events
    }

    #[test]
    fn an_event_has_number_time_class_area_words_and_data() {
        let report = event_file(
            "\nAdapter: 0 - Number of Events : 50\n\n\n\nseqNum: 0x00000017\n\
             Time: Thu Dec 14 13:18:55 2023\n\nCode: 0x00000072\nClass: 0\nLocale: 0x02\n\
             Event Description: State change on PD 05(e0x06/s1) from OFFLINE(10) to ONLINE(18)\n\
             Event Data:\n===========\nDevice ID: 5\nEnclosure Index: 6\nSlot Number: 1\n\
             Previous state: 16\nNew state: 24\n",
        );
        assert_eq!(report.leftovers, []);
        assert_eq!(report.value[0].controller, Some(ControllerId(0)));
        assert_eq!(report.value[0].value.logged, Some(50));
        assert_eq!(
            report.value[0].value.events,
            [Event {
                sequence: Some(0x17),
                time: Some(EventTime::Clock(
                    jiff::civil::date(2023, 12, 14).at(13, 18, 55, 0)
                )),
                code: Some(0x72),
                class: Some(EventClass::Information),
                areas: Some(vec![EventArea::PhysicalDrive]),
                description: Some(
                    "State change on PD 05(e0x06/s1) from OFFLINE(10) to ONLINE(18)".to_owned()
                ),
                data: vec![
                    EventDatum::DeviceId(DeviceId(5)),
                    EventDatum::EnclosureIndex(6),
                    EventDatum::Slot(Slot(1)),
                    EventDatum::PreviousState(16),
                    EventDatum::NewState(24),
                ],
            }]
        );
    }

    #[test]
    fn before_the_clock_is_set_time_is_counted_from_the_start() {
        let read = events("seqNum: 0x00000032\nSeconds since last reboot: 10\nClass: -1\n");
        assert_eq!(read[0].time, Some(EventTime::SinceBootSeconds(Seconds(10))));
        assert_eq!(read[0].class, Some(EventClass::Progress));
    }

    #[test]
    fn a_command_s_bytes_share_their_line_with_the_sense_length() {
        let read = events(
            "seqNum: 0x1\nEvent Data:\n===========\nCDB Length: 10\nCDB Data:\n\
             002a 0000 00ff Sense Length: 2\nSense Data:\n0070 0000 \n",
        );
        assert_eq!(
            read[0].data,
            [
                EventDatum::CommandLength(10),
                EventDatum::Command(vec![0x2a, 0, 0xff]),
                EventDatum::SenseLength(2),
                EventDatum::Sense(vec![0x70, 0]),
            ]
        );
    }

    #[test]
    fn settings_before_and_after_are_kept_apart() {
        let read = events(
            "seqNum: 0x1\nEvent Data:\n===========\nTarget Id: 0\nPrevious LD Properties\n\
             Access Policy: 0\nName: \nNew LD Properties\nAccess Policy: 2\nName: web\n",
        );
        let settings = |access_policy, name: Option<&str>| EventProperties {
            access_policy: Some(access_policy),
            name: name.map(str::to_owned),
            ..EventProperties::default()
        };
        assert_eq!(
            read[0].data,
            [
                EventDatum::Target(TargetId(0)),
                EventDatum::PreviousProperties(settings(0, None)),
                EventDatum::NewProperties(settings(2, Some("web"))),
            ]
        );
    }

    #[test]
    fn the_time_in_the_data_is_not_the_event_s() {
        let read = events(
            "seqNum: 0x1\nTime: Thu Dec 14 13:18:59 2023\nEvent Data:\n===========\n\
             Elapsed Time since power-on: 16\nTime: Fri Dec 15 16:32:00 2023\n",
        );
        assert_eq!(read.len(), 1);
        assert_eq!(
            read[0].data,
            [
                EventDatum::SincePowerOnSeconds(Seconds(16)),
                EventDatum::ControllerTime(jiff::civil::date(2023, 12, 15).at(16, 32, 0, 0)),
            ]
        );
    }

    #[test]
    fn excerpts_without_numbers_begin_at_the_time() {
        let read = events(
            "Time: Wed Jul  4 10:48:15 2012\nEvent Description: VD 01/1 is now DEGRADED\n\
             Time: Wed Jul  4 10:48:15 2012\nEvent Description: Removed: PD 0b(e0x0e/s5)\n",
        );
        assert_eq!(read.len(), 2);
        assert_eq!(
            read[1].description.as_deref(),
            Some("Removed: PD 0b(e0x0e/s5)")
        );
    }

    #[test]
    fn a_datum_that_nobody_knows_is_left_over() {
        let report = event_file("seqNum: 0x1\nEvent Data:\n===========\nFlux: 7\n");
        assert_eq!(report.leftovers[0].text, "Flux: 7");
    }

    #[test]
    fn every_bit_of_the_locale_has_a_name() {
        assert_eq!(
            areas("0x122"),
            Some(vec![
                EventArea::PhysicalDrive,
                EventArea::Controller,
                EventArea::Other(0x100),
            ])
        );
        assert_eq!(areas("0x00"), Some(vec![]));
    }

    #[test]
    fn info_gives_positions_in_the_log() {
        let report = event_log_info(
            "Adapter #0\n\nNewest Seqnum: 0x0000000b\nOldest Seqnum: 0x00000001\n\
             Clear Seqnum: 0x00000000\nShutdown Seqnum: 0x00000000\nReboot Seqnum: 0x00000001\n\n\
             Success in AdpEventLog\n\nExit Code: 0x00\n",
        );
        assert!(report.is_complete());
        assert_eq!(report.value[0].value.newest, Some(11));
        assert_eq!(report.value[0].value.clear, Some(0));
    }

    #[test]
    fn writing_forms_say_how_it_went() {
        let done =
            event_export("Success in AdpEventLog\nSuccess in AdpEventLog\n\nExit Code: 0x00\n");
        assert_eq!((done.value.successes, done.is_complete()), (2, true));
        let none = event_export("There are no CC errors logged. \n\nSuccess in AdpEventLog\n");
        assert!(none.value.nothing_logged && none.leftovers.is_empty());
        let failed = event_export(
            "AdpEventLog failed\n\nFW error description: \n \
             The requested command cannot be completed as the specified object does not exist.  \n",
        );
        assert_eq!(failed.value.successes, 0);
        assert!(failed.complaints[0].firmware.is_some());
    }
}
