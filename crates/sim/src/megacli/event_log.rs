//! `-AdpEventLog`: the marks of the event log, and the files into which it is written.

use std::path::Path;

use super::answer::{line, put};
use super::{Answer, Arguments, event_data, firmware_status, opcode, selected, selected_mut};
use crate::firmware::control;
use crate::state::{Controller, Event, EventLog, Host};
use crate::time;

/// Bit of an event's locale: it is about a virtual drive.
const ABOUT_VIRTUAL_DRIVE: u16 = 1;

/// Code of the event "Consistency Check found inconsistent parity", as a list of events from logs of real
/// controllers has it: 63, between 59 (done with corrections) and 66 (started). No capture holds one.
const INCONSISTENT_PARITY: u32 = 0x3f;

/// Sequence numbers that `-GetCCIncon` asks for at once. Captures show only that they are more than
/// 49 and fewer than 307; so many events fit into 64 KiB.
const PAGE: u32 = 256;

/// `-GetEventLogInfo`.
pub(super) fn marks(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected(host, arguments) {
        let Some(log) = log_of(controller, answer) else {
            continue;
        };
        line!(answer, "Adapter #{number}");
        line!(answer);
        for (name, sequence) in [
            ("Newest", log.newest()),
            ("Oldest", log.oldest()),
            ("Clear", log.cleared),
            ("Shutdown", log.shutdown),
            ("Reboot", log.boot),
        ] {
            line!(answer, "{name} Seqnum: 0x{sequence:08x}");
        }
        line!(answer);
        line!(answer, "Success in AdpEventLog");
    }
}

/// `-GetEvents`, with or without a class: `-critical` shows no fatal events.
pub(super) fn events(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    let class = match arguments.word(2).as_str() {
        "-info" => Some(0),
        "-warning" => Some(1),
        "-critical" => Some(2),
        "-fatal" => Some(3),
        _ => None,
    };
    write(host, arguments, answer, class, EventLog::oldest);
}

/// `-GetSinceReboot`.
pub(super) fn since_reboot(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    write(host, arguments, answer, None, |log| log.boot);
}

/// `-GetSinceShutdown`: all there are, if there was none.
pub(super) fn since_shutdown(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    write(host, arguments, answer, None, |log| match log.shutdown {
        0 => log.oldest(),
        shutdown => shutdown,
    });
}

/// `-IncludeDeleted`: from the first that the controller still has.
pub(super) fn with_deleted(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    write(host, arguments, answer, None, |log| {
        log.entries.first().map_or(0, |event| event.sequence)
    });
}

/// `-GetLatest N`: the newest first, debug and progress as well.
pub(super) fn latest(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    if !can_save(arguments, answer) {
        return;
    }
    let count = arguments.word(2).parse().unwrap_or(0);
    let mut file = String::new();
    for (_, controller) in selected(host, arguments) {
        let Some(log) = log_of(controller, answer) else {
            continue;
        };
        if log.newest() == 0 {
            fail(firmware_status::OBJECT_NOT_FOUND, answer);
            continue;
        }
        file.extend(log.since(log.oldest()).rev().take(count).map(text));
        line!(answer, "Success in AdpEventLog");
    }
    save(arguments, file, answer);
}

/// `-GetCCIncon`: inconsistencies that checks have found.
pub(super) fn inconsistencies(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    if !can_save(arguments, answer) {
        return;
    }
    let mut file = String::new();
    for (number, controller) in selected(host, arguments) {
        if controller.fault(opcode::VIRTUAL_DRIVE_LIST).is_some() {
            line!(
                answer,
                "Adapter #{number}: Failed to Perform VD count Operation."
            );
            fail(1, answer);
            continue;
        }
        if controller.virtual_drives.is_empty() {
            line!(answer, "Adapter {number}: No Virtual Drive Configured.");
            fail(1, answer);
            continue;
        }
        let lists = [opcode::CONFIGURATION, opcode::DRIVE_LIST];
        if lists.iter().any(|&list| controller.fault(list).is_some()) {
            fail(1, answer);
            continue;
        }
        let Some(log) = log_of(controller, answer) else {
            continue;
        };
        if log.newest() == 0 {
            line!(answer, "Adapter {number}: No VD related event logged.");
            line!(answer, "Success in AdpEventLog");
            continue;
        }
        // The firmware refuses to search on from a place behind which it has nothing to tell.
        let is_at_end = |from| !log.since(from).any(is_about_virtual_drive);
        let mut pages = (log.oldest()..=log.newest()).step_by(PAGE as usize);
        if pages.any(is_at_end) {
            fail(firmware_status::OBJECT_NOT_FOUND, answer);
            continue;
        }
        put!(file, "Adapter #{number}\n\n");
        let found = |event: &&Event| event.code == INCONSISTENT_PARITY;
        let mut found = log.since(log.oldest()).filter(found).peekable();
        if found.peek().is_none() {
            line!(answer, "There are no CC errors logged. ");
            line!(answer);
            put!(file, "There are no CC errors logged. \n\n");
        }
        // No capture shows how MegaCLI writes them; as all others, then.
        file.extend(found.map(text));
        line!(answer, "Success in AdpEventLog");
    }
    save(arguments, file, answer);
}

/// `-Clear`.
pub(super) fn clear(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    for (_, controller) in selected_mut(host, arguments) {
        if let Some(status) = controller.fault(opcode::EVENT_LOG_CLEAR) {
            line!(answer, "AdpEventLog failed");
            firmware_status::explain(status, answer);
            continue;
        }
        control::clear_events(controller);
        line!(answer, "Success in AdpEventLog");
    }
}

/// Whether the file that the command line names can be written; else it is said that this fails.
fn can_save(arguments: &Arguments, answer: &mut Answer) -> bool {
    let folder = arguments
        .file
        .as_deref()
        .and_then(|it| Path::new(it).parent());
    let is_there = folder.is_none_or(|folder| folder.as_os_str().is_empty() || folder.is_dir());
    if !is_there {
        fail(1, answer);
    }
    is_there
}

/// The log, if the controller tells its marks.
fn log_of<'a>(controller: &'a Controller, answer: &mut Answer) -> Option<&'a EventLog> {
    if let Some(status) = controller.fault(opcode::EVENT_LOG_INFO) {
        fail(status, answer);
        return None;
    }
    Some(&controller.events)
}

fn fail(status: u16, answer: &mut Answer) {
    line!(answer, "AdpEventLog failed");
    // What MegaCLI itself finds wrong has no words of the firmware.
    if status == 1 {
        answer.status = 1;
    } else {
        firmware_status::explain(status, answer);
    }
}

fn is_about_virtual_drive(event: &Event) -> bool {
    event.locale & ABOUT_VIRTUAL_DRIVE != 0
}

/// Without a class, all but debug and progress.
fn is_shown(event: &Event, class: Option<i8>) -> bool {
    class.map_or(event.class >= 0, |class| event.class == class)
}

/// Writes each controller's events from the one that `first` names.
fn write(
    host: &Host,
    arguments: &Arguments,
    answer: &mut Answer,
    class: Option<i8>,
    first: fn(&EventLog) -> u32,
) {
    if !can_save(arguments, answer) {
        return;
    }
    let mut file = String::new();
    for (number, controller) in selected(host, arguments) {
        let Some(log) = log_of(controller, answer) else {
            continue;
        };
        let first = first(log);
        let count = match log.newest() {
            0 => 0,
            newest => newest.saturating_add(1).saturating_sub(first),
        };
        put!(file, "\nAdapter: {number} - Number of Events : {count}\n\n");
        if first == 0 {
            fail(firmware_status::OBJECT_NOT_FOUND, answer);
            continue;
        }
        let shown = log.since(first).filter(|event| is_shown(event, class));
        let before = file.len();
        file.extend(shown.map(text));
        line!(answer, "Success in AdpEventLog");
        if file.len() == before && count > 0 {
            answer.status = 1;
        }
    }
    save(arguments, file, answer);
}

fn save(arguments: &Arguments, text: String, answer: &mut Answer) {
    if let (Some(name), false) = (&arguments.file, text.is_empty()) {
        answer.files.push((name.clone(), text));
    }
}

/// An event as it is written, with the blank lines before it.
fn text(event: &Event) -> String {
    let mut text = String::new();
    put!(text, "\n\nseqNum: 0x{:08x}\n", event.sequence);
    if let [0xff, high, middle, low] = event.time.to_be_bytes() {
        let seconds = u32::from_be_bytes([0, high, middle, low]);
        put!(text, "Seconds since last reboot: {seconds}\n");
    } else {
        put!(text, "Time: {}\n\n", time::ctime(event.time));
    }
    put!(text, "Code: 0x{:08x}\n", event.code);
    put!(text, "Class: {}\n", event.class);
    put!(text, "Locale: 0x{:02x}\n", event.locale);
    put!(text, "Event Description: {}\n", event.description);
    put!(text, "Event Data:\n===========\n");
    event_data::write(event, &mut text);
    text
}

#[cfg(test)]
mod tests {
    use crate::megacli;
    use crate::state::{Controller, Event, EventLog, Host, VirtualDrive};

    /// Five events, of which the first two were cleared and the last three are younger than a boot.
    fn host() -> Host {
        let event = |sequence| Event {
            sequence,
            time: 60 * sequence,
            class: if sequence == 4 { -1 } else { 0 },
            ..Event::default()
        };
        let events = EventLog {
            entries: (1..=5).map(event).collect(),
            cleared: 2,
            boot: 4,
            shutdown: 3,
        };
        Host {
            controllers: vec![Controller {
                events,
                ..Controller::default()
            }],
            ..Host::default()
        }
    }

    /// The lines with numbers of the file that `verb` writes.
    fn numbers(verb: &str) -> Vec<String> {
        let line = format!("-AdpEventLog {verb} -f F -a0");
        let line: Vec<&str> = line.split(' ').collect();
        let answer = megacli::run(&mut host(), &line);
        let text: String = answer.files.into_iter().map(|(_, text)| text).collect();
        let lines = text.lines();
        let lines = lines.filter(|line| line.starts_with("seq") || line.contains("Number of"));
        lines.map(str::to_owned).collect()
    }

    #[test]
    fn marks_follow_what_was_cleared() {
        let answer = megacli::run(&mut host(), &["-AdpEventLog", "-GetEventLogInfo", "-a0"]);
        for line in [
            "Newest Seqnum: 0x00000005",
            "Oldest Seqnum: 0x00000003",
            "Clear Seqnum: 0x00000002",
            "Shutdown Seqnum: 0x00000003",
            "Reboot Seqnum: 0x00000004",
        ] {
            assert!(answer.text().contains(line), "{line}");
        }
    }

    #[test]
    fn inconsistencies_are_found_by_their_code() {
        let mut host = host();
        let controller = &mut host.controllers[0];
        controller.virtual_drives = vec![VirtualDrive::default()];
        for event in &mut controller.events.entries {
            event.locale = super::ABOUT_VIRTUAL_DRIVE;
        }
        let line = "-AdpEventLog -GetCCIncon -f F -LALL -a0";
        let found = |host: &mut Host| {
            let answer = megacli::run(host, &line.split(' ').collect::<Vec<_>>());
            let (_, text) = answer.files.into_iter().next().unwrap();
            text.matches("seqNum:").count()
        };
        for (code, count) in [(0x3a, 0), (0x3c, 0), (0x3f, 1)] {
            host.controllers[0].events.entries[4].code = code;
            assert_eq!(found(&mut host), count, "{code:#x}");
        }
    }

    #[test]
    fn each_verb_begins_where_it_says() {
        let head = |count| format!("Adapter: 0 - Number of Events : {count}");
        let event = |sequence| format!("seqNum: 0x{sequence:08x}");
        assert_eq!(numbers("-GetEvents"), [head(3), event(3), event(5)]);
        assert_eq!(numbers("-GetSinceShutdown"), [head(3), event(3), event(5)]);
        assert_eq!(numbers("-GetSinceReboot"), [head(2), event(5)]);
        let all = [head(5), event(1), event(2), event(3), event(5)];
        assert_eq!(numbers("-IncludeDeleted"), all);
        assert_eq!(numbers("-GetLatest 2"), [event(5), event(4)]);
        assert_eq!(numbers("-GetEvents -warning"), [head(3)]);
    }
}
