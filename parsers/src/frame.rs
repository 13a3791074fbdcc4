//! What surrounds every output: exit line, crash messages, and the sentences in which the tool says
//! that something did not work.

use crate::grammar;
use crate::model::{ControllerId, DriveAddress, EnclosureId, Slot, TargetId};
use crate::report::{Complaint, ComplaintKind, Ending, Reason, Subject};
use crate::scan::Scan;
use crate::text::Line;

/// Takes `line` if it belongs to the frame. `false` means that it is not known here either.
pub fn take<'a>(scan: &mut Scan<'a>, line: Line<'a>) -> bool {
    exit(scan, &line)
        || crash(scan, &line)
        || firmware_sentence(scan, &line)
        || complaint(scan, &line)
}

/// `Exit Code: 0x00`.
fn exit(scan: &mut Scan<'_>, line: &Line<'_>) -> bool {
    if !line.key.eq_ignore_ascii_case("Exit Code") {
        return false;
    }
    match grammar::hex(line.value).and_then(|code| u32::try_from(code).ok()) {
        Some(code) => scan.end(Ending::Exit { code }),
        None => scan.leave(line, Reason::Unreadable),
    }
    true
}

/// `Segmentation fault`, as a shell prints it into a captured terminal.
fn crash(scan: &mut Scan<'_>, line: &Line<'_>) -> bool {
    const WORDS: [&str; 4] = ["Segmentation fault", "Aborted", "Bus error", "Killed"];
    let crashed = WORDS.iter().any(|words| {
        line.text
            .strip_prefix(words)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(" (core dumped)"))
    });
    if crashed {
        scan.end(Ending::Crashed {
            words: line.text.to_owned(),
        });
    }
    crashed
}

/// `FW error description:` and the sentence, which may stand on the same or the next line and may be
/// wrapped.
fn firmware_sentence<'a>(scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    if !line.key.eq_ignore_ascii_case("FW error description") {
        return false;
    }
    let mut sentence = line.value.to_owned();
    while !sentence.ends_with('.') {
        match scan.next() {
            Some(more) if more.key.eq_ignore_ascii_case("Exit Code") => {
                scan.back(more);
                break;
            }
            Some(more) => {
                if !sentence.is_empty() {
                    sentence.push(' ');
                }
                sentence.push_str(more.text);
            }
            None => break,
        }
    }
    let number = line.number;
    match scan.last_complaint() {
        Some(last) if last.firmware.is_none() => last.firmware = Some(sentence),
        _ => scan.complain(Complaint {
            line: number,
            controller: None,
            subject: Subject::Command,
            kind: ComplaintKind::Failed,
            text: line.text.to_owned(),
            firmware: Some(sentence),
        }),
    }
    true
}

/// A sentence that says what did not work.
fn complaint(scan: &mut Scan<'_>, line: &Line<'_>) -> bool {
    let Some((controller, subject, kind)) = classify(line.text) else {
        return false;
    };
    scan.complain(Complaint {
        line: line.number,
        controller,
        subject,
        kind,
        text: line.text.to_owned(),
        firmware: None,
    });
    true
}

/// Sentences without a subject, in lower case.
const SENTENCES: &[(&str, ComplaintKind)] = &[
    (
        "user specified controller is not present.",
        ComplaintKind::ControllerAbsent,
    ),
    (
        "failed to get cpcontroller object.",
        ComplaintKind::ControllerAbsent,
    ),
    (
        "failed to get controllerid list.",
        ComplaintKind::ControllerAbsent,
    ),
    (
        "failed to get controller id list.",
        ComplaintKind::ControllerAbsent,
    ),
    (
        "invalid physical drive(s) specified.",
        ComplaintKind::PhysicalDriveAbsent,
    ),
    ("failed to get disk group list", ComplaintKind::Failed),
    (
        "no logical drive configured.",
        ComplaintKind::NoVirtualDrives,
    ),
    (
        "no virtual drive configured.",
        ComplaintKind::NoVirtualDrives,
    ),
];

/// What a sentence says went wrong. Sentences that only one output can contain are read by that
/// output's parser, not here.
fn classify(text: &str) -> Option<(Option<ControllerId>, Subject, ComplaintKind)> {
    let lower = text.to_ascii_lowercase();
    if let Some((_, kind)) = SENTENCES.iter().find(|(sentence, _)| *sentence == lower) {
        return Some((None, Subject::Command, *kind));
    }
    if let Some(controller) = lower
        .strip_prefix("failed to get vd count on adapter ")
        .and_then(|rest| rest.strip_suffix('.'))
        .and_then(grammar::small)
    {
        let controller = Some(ControllerId(controller));
        return Some((controller, Subject::Command, ComplaintKind::Failed));
    }
    let (controller, rest) = grammar::adapter_prefix(text)?;
    let lower = rest.to_ascii_lowercase();
    let about = |subject, kind| Some((Some(controller), subject, kind));
    if let Some(address) = absent_device(&lower) {
        return about(
            Subject::PhysicalDrive(address),
            ComplaintKind::PhysicalDriveAbsent,
        );
    }
    if let Some(target) = lower
        .strip_prefix("virtual drive ")
        .and_then(|rest| rest.strip_suffix(" does not exist."))
        .and_then(grammar::small)
    {
        return about(
            Subject::VirtualDrive(TargetId(target)),
            ComplaintKind::VirtualDriveAbsent,
        );
    }
    match lower.as_str() {
        "no virtual drive configured." | "no logical drive configured." => {
            about(Subject::Command, ComplaintKind::NoVirtualDrives)
        }
        _ if (lower.starts_with("failed to ") || lower.ends_with(" failed.")) => {
            about(Subject::Command, ComplaintKind::Failed)
        }
        _ if lower.ends_with(" is not supported.") => {
            about(Subject::Command, ComplaintKind::NotSupported)
        }
        _ => None,
    }
}

/// `device at enclosure - 252, slot - 99 is not found.`, in lower case.
fn absent_device(lower: &str) -> Option<DriveAddress> {
    let rest = lower
        .strip_prefix("device at enclosure - ")?
        .strip_suffix(" is not found.")?;
    let (enclosure, slot) = rest.split_once(", slot - ")?;
    Some(DriveAddress {
        enclosure: grammar::small(enclosure.trim_ascii()).map(EnclosureId),
        slot: Slot(grammar::small(slot.trim_ascii())?),
    })
}
