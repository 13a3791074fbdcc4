//! What surrounds every output: the pasted shell prompt, the lexer's echo, exit line, help screens,
//! crash messages, and the sentences in which the tool says that something did not work.

mod shell;

pub use shell::Prompt;

use shell::{about_the_process, is_crash, starts_with};

use crate::grammar;
use crate::model::{ControllerId, DriveAddress, EnclosureId, Slot, TargetId};
use crate::report::{Complaint, ComplaintKind, Ending, Reason, Subject};
use crate::scan::Scan;
use crate::text::Line;

/// Takes `line` if it belongs to the frame. `false` means that it is not known here either.
pub fn take<'a>(scan: &mut Scan<'a>, line: Line<'a>) -> bool {
    exit(scan, &line)
        || left_out(scan, &line)
        || prompt(scan, &line)
        || echo(scan, &line)
        || help(scan, &line)
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

/// `--`: what `grep` prints where it leaves lines out between those that it shows.
fn left_out(scan: &mut Scan<'_>, line: &Line<'_>) -> bool {
    let is_cut = line.text == "--" && !scan.at_start();
    if is_cut {
        scan.gap(line.number, "grep left lines out here");
    }
    is_cut
}

/// `[root@host ~]# MegaCli64 -PDList -aALL`, and an empty prompt behind the output.
fn prompt(scan: &mut Scan<'_>, line: &Line<'_>) -> bool {
    let Some(prompt) = Prompt::read(line.text) else {
        return false;
    };
    match prompt.command {
        None => prompt.is_telling,
        // Without a prompt before it, a command is a heading only where it comes first.
        Some(command) if prompt.is_telling || scan.at_start() => {
            let known = scan.set_command(command);
            if known {
                scan.skip_preamble();
            }
            known
        }
        Some(_) => false,
    }
}

/// `-`, `::`, `{-}`: characters of the arguments that the tool's lexer did not take and let through
/// to the output, before its first line.
fn echo(scan: &mut Scan<'_>, line: &Line<'_>) -> bool {
    let is_echo = scan.at_start() && is_echo(line.text);
    if is_echo {
        scan.skip_preamble();
    }
    is_echo
}

/// Whether `text` consists of characters that the lexer lets through.
fn is_echo(text: &str) -> bool {
    text.len() <= 16
        && text
            .bytes()
            .all(|byte| b"\r-,:;[]{}()=+*/\\'\"&!@#%^.?_ ".contains(&byte))
}

/// The help screen, which some builds print on arguments that they do not understand: the banner,
/// the note, and every command, up to the exit line.
fn help(scan: &mut Scan<'_>, line: &Line<'_>) -> bool {
    const NOTE: &str = "NOTE: The following options may be given at the end of any command below";
    const BANNER: [&str; 2] = ["MegaCLI SAS RAID Management Tool", "(c)Copyright"];
    let opens = |text: &str| starts_with(text, NOTE);
    let is_banner = |text: &str| BANNER.iter().any(|words| starts_with(text, words));
    if is_banner(line.text) {
        return scan
            .peek()
            .is_some_and(|next| is_banner(next.text) || opens(next.text));
    }
    if !opens(line.text) {
        return false;
    }
    while let Some(line) = scan.next() {
        if line.key.eq_ignore_ascii_case("Exit Code") {
            scan.back(line);
            break;
        }
    }
    scan.complain(Complaint {
        line: line.number,
        controller: None,
        subject: Subject::Command,
        kind: ComplaintKind::InvalidArgument,
        text: line.text.to_owned(),
        firmware: None,
    });
    true
}

/// `Segmentation fault`, as a shell prints it into a captured terminal: alone, or as a job's line
/// (`bash: line 1: 4711 Segmentation fault (core dumped) MegaCli64 -AdpAllInfo -aALL`).
fn crash(scan: &mut Scan<'_>, line: &Line<'_>) -> bool {
    let crashed = is_crash(line.text);
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
    let Some(sentence) = read_firmware_sentence(scan, line) else {
        return false;
    };
    let number = line.number;
    let absent = sentence.eq_ignore_ascii_case(HARDWARE_ABSENT);
    match scan.last_complaint() {
        Some(last) if last.firmware.is_none() => {
            if absent {
                last.kind = ComplaintKind::HardwareAbsent;
            }
            last.firmware = Some(sentence);
        }
        _ => scan.complain(Complaint {
            line: number,
            controller: None,
            subject: Subject::Command,
            kind: if absent {
                ComplaintKind::HardwareAbsent
            } else {
                ComplaintKind::Failed
            },
            text: line.text.to_owned(),
            firmware: Some(sentence),
        }),
    }
    true
}

/// The sentence behind `FW error description:`; `None` for any other line. Empty where the firmware's
/// status has no sentence (0x29 to 0x2c and 0x4e to 0x53 have none in 8.07.14).
pub fn read_firmware_sentence<'a>(scan: &mut Scan<'a>, line: &Line<'a>) -> Option<String> {
    if !line.key.eq_ignore_ascii_case("FW error description") {
        return None;
    }
    let mut sentence = line.value.to_owned();
    let mut last = line.number;
    while !sentence.ends_with('.') {
        match scan.next() {
            // A wrapped sentence goes on in the very next line.
            Some(more)
                if !more.key.eq_ignore_ascii_case("Exit Code")
                    && (sentence.is_empty() || more.number == last + 1)
                    && Prompt::read(more.text).is_none() =>
            {
                if !sentence.is_empty() {
                    sentence.push(' ');
                }
                sentence.push_str(more.text);
                last = more.number;
            }
            Some(other) => {
                scan.back(other);
                break;
            }
            None => break,
        }
    }
    Some(sentence)
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

/// What the tool says for firmware status 0x22.
const HARDWARE_ABSENT: &str = "The required hardware component is not present.";

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
    (
        "failed to parse command. use -h option for usage.",
        ComplaintKind::InvalidArgument,
    ),
    (
        "fatal error - command tool invoked with wrong parameters",
        ComplaintKind::InvalidArgument,
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

/// The kind of a sentence without a subject, such as `User specified controller is not present.`
pub fn kind_of_sentence(text: &str) -> Option<ComplaintKind> {
    let lower = text.to_ascii_lowercase();
    let known = SENTENCES.iter().find(|(sentence, _)| *sentence == lower);
    known.map(|&(_, kind)| kind)
}

/// What a sentence says went wrong. Sentences that only one output can contain are read by that
/// output's parser, not here.
fn classify(text: &str) -> Option<(Option<ControllerId>, Subject, ComplaintKind)> {
    let lower = text.to_ascii_lowercase();
    if let Some(kind) = kind_of_sentence(text) {
        return Some((None, Subject::Command, kind));
    }
    if let Some(kind) = refused_by_the_lexer(&lower).or_else(|| about_the_process(&lower)) {
        return Some((None, Subject::Command, kind));
    }
    if let Some(controller) = failed_on_adapter(&lower) {
        return Some((Some(controller), Subject::Command, ComplaintKind::Failed));
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

/// `Invalid input at or near token -aALL`, in lower case, perhaps with the lexer's echo before it.
fn refused_by_the_lexer(lower: &str) -> Option<ComplaintKind> {
    let (before, _) = lower.split_once("invalid input at or near token")?;
    is_echo(before).then_some(ComplaintKind::InvalidArgument)
}

/// `failed to get data on adapter 0`, `failed sending command to adapter 0`, in lower case: sentences
/// that name the controller at their end.
fn failed_on_adapter(lower: &str) -> Option<ControllerId> {
    let (_, adapter) = lower.strip_prefix("failed ")?.rsplit_once(" adapter")?;
    let number = adapter.trim_end_matches('.').trim_start_matches(['-', ' ']);
    grammar::small(number).map(ControllerId)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Report;

    /// All of `text` through the frame.
    fn read(text: &str) -> Report<()> {
        let mut scan = Scan::new(text);
        while let Some(line) = scan.next() {
            scan.frame(line);
        }
        scan.finish(())
    }

    #[test]
    fn a_pasted_prompt_line_gives_the_command() {
        for (text, command) in [
            (
                "[root@h ~]# MegaCli64 -PDList -aALL",
                "MegaCli64 -PDList -aALL",
            ),
            (
                "$ /usr/sbin/megacli -LdInfo -Lall",
                "/usr/sbin/megacli -LdInfo -Lall",
            ),
            ("h001 ~ # MegaCli -LdInfo -LALL", "MegaCli -LdInfo -LALL"),
            ("me@h:~$ sudo megacli -v", "megacli -v"),
            ("C:\\tools> MegaCli.exe -v", "MegaCli.exe -v"),
            (
                "C:\\Program Files\\MegaCli>MegaCli64.exe -v",
                "MegaCli64.exe -v",
            ),
            ("me@h:~$ sudo -n LC_ALL=C megacli -v", "megacli -v"),
            ("[me@h ~]$ LANG=C sudo -u root megacli -v", "megacli -v"),
            ("\u{279c}  ~ MegaCli64 -v", "MegaCli64 -v"),
            ("+ /usr/sbin/megacli -v", "/usr/sbin/megacli -v"),
            (
                "# /opt/CmdTool2/CmdTool2_64 -v",
                "/opt/CmdTool2/CmdTool2_64 -v",
            ),
            ("CmdTool2 -AdpAllInfo -a0", "CmdTool2 -AdpAllInfo -a0"),
        ] {
            let report = read(text);
            assert_eq!(report.command.as_deref(), Some(command), "{text}");
            assert_eq!(report.leftovers, []);
        }
    }

    #[test]
    fn a_second_command_is_left_over() {
        let report = read("# megacli -v\n\nExit Code: 0x00\n[root@h ~]# megacli -PDList -aALL\n");
        assert_eq!(report.command.as_deref(), Some("megacli -v"));
        assert_eq!(report.leftovers.len(), 1);
    }

    #[test]
    fn an_empty_prompt_behind_the_output_carries_nothing() {
        let report = read("Exit Code: 0x00\n[root@h ~]#\n");
        assert_eq!((report.leftovers.len(), report.command), (0, None));
    }

    #[test]
    fn the_lexer_s_echo_stands_only_before_the_output() {
        assert_eq!(read("\r      \n-\n\nExit Code: 0x00\n").leftovers, []);
        assert_eq!(read("# megacli -v\n{-}\n").leftovers, []);
        assert_eq!(read("Exit Code: 0x00\n-\n").leftovers.len(), 1);
    }

    #[test]
    fn lines_that_grep_left_out_are_a_gap() {
        let report = read("Exit Code: 0x00\n--\n");
        assert_eq!((report.leftovers.len(), report.gaps[0].line), (0, 2));
    }

    #[test]
    fn a_token_that_the_lexer_refuses_is_an_invalid_argument() {
        let report = read("[Invalid input at or near token 252\n");
        assert_eq!(report.complaints[0].kind, ComplaintKind::InvalidArgument);
        assert_eq!(
            report.complaints[0].text,
            "[Invalid input at or near token 252"
        );
    }

    #[test]
    fn wrong_parameters_are_an_invalid_argument() {
        let report = read("Fatal error - Command Tool invoked with wrong parameters\n");
        assert_eq!(report.complaints[0].kind, ComplaintKind::InvalidArgument);
    }

    #[test]
    fn a_help_screen_is_an_invalid_argument() {
        let report = read(
            "      MegaCLI SAS RAID Management Tool  Ver 8.07.14 Dec 16, 2013\n\
             \n    (c)Copyright 2013, LSI Corporation, All Rights Reserved.\n\
             \nNOTE: The following options may be given at the end of any command below: \n\
             \n    [-Silent] [-AppLogFile filename] [-NoLog] [-page[N]] \n\
             MegaCli -adpCount \nExit Code: 0x01\n",
        );
        assert_eq!(report.complaints.len(), 1);
        assert_eq!(report.complaints[0].kind, ComplaintKind::InvalidArgument);
        assert_eq!((report.leftovers.len(), report.ending.code()), (0, Some(1)));
    }

    #[test]
    fn a_crash_is_told_by_the_shell_in_several_forms() {
        for text in [
            "Segmentation fault (core dumped)",
            "bash: line 1: 4711 Segmentation fault      (core dumped) MegaCli64 -AdpAllInfo -aALL",
            "./collect.sh: line 12:   812 Segmentation fault      /opt/MegaRAID/MegaCli/MegaCli64 -v",
            "[1]    4711 segmentation fault (core dumped)  MegaCli64 -v",
            "*** stack smashing detected ***: terminated",
            "Abort trap: 6",
        ] {
            assert!(
                matches!(read(text).ending, Ending::Crashed { .. }),
                "{text}"
            );
        }
        assert!(!is_crash("Terminated by the operator"));
    }

    #[test]
    fn a_tool_that_did_not_run_says_so() {
        for text in [
            "bash: MegaCli64: command not found",
            "sudo: megacli: command not found",
            "-bash: /opt/MegaRAID/MegaCli/MegaCli64: No such file or directory",
            "MegaCli64: error while loading shared libraries: libstorelibir-2.so.14.07-0: \
             cannot open shared object file: No such file or directory",
        ] {
            assert_eq!(
                read(text).complaints[0].kind,
                ComplaintKind::NotRun,
                "{text}"
            );
        }
    }

    #[test]
    fn a_library_that_the_tool_can_do_without_is_named() {
        let text = "./libstorelib.so: cannot open shared object file: No such file or directory";
        assert_eq!(read(text).complaints[0].kind, ComplaintKind::LibraryMissing);
    }

    #[test]
    fn a_firmware_sentence_belongs_to_the_complaint_before_it() {
        let report = read(
            "Adapter 0: Get BBU Status Failed.\n\nFW error description: \n \
             The required hardware component is not present.  \n\nExit Code: 0x22\n",
        );
        assert_eq!(
            report.complaints[0].firmware.as_deref(),
            Some("The required hardware component is not present.")
        );
        assert_eq!(report.ending.code(), Some(0x22));
    }

    #[test]
    fn a_firmware_status_without_a_sentence_leaves_it_empty() {
        let report = read("FW error description: \n \n\nExit Code: 0x29\n");
        assert_eq!(report.complaints[0].firmware.as_deref(), Some(""));
    }
}
