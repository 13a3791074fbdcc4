//! The printer of failures: what failed, why, and what to type next.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::failure::{Failure, Kind};
use crate::output::{self, Format, escape};

/// How a failure is shown on standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportSettings {
    /// One object for JSON, lines for the other formats.
    pub format: Format,
    /// Colour on standard error.
    pub color: bool,
    /// Non-ASCII signs on standard error.
    pub unicode: bool,
    /// Columns of the terminal; `None` where standard error is no terminal.
    pub width: Option<u16>,
}

/// Writes `failure` to `stderr`. A closed pipe is none and leaves no word.
///
/// # Errors
///
/// The stream cannot be written; there is nobody left to tell then.
pub fn report(
    failure: &Failure,
    stderr: &mut dyn Write,
    settings: ReportSettings,
) -> io::Result<()> {
    if failure.kind() == Kind::ClosedPipe {
        return Ok(());
    }
    let text = match settings.format {
        Format::Json => format!("{}\n", output::json_error(failure)),
        Format::Table | Format::Plain => lines(failure, settings),
    };
    stderr.write_all(text.as_bytes())?;
    stderr.flush()
}

fn lines(failure: &Failure, settings: ReportSettings) -> String {
    let mut text = String::new();
    for (position, message) in failure.chain().iter().enumerate() {
        if position == 0 {
            push(&mut text, "", "error", ERROR, message, settings);
        } else {
            push(
                &mut text,
                INDENT,
                "caused by",
                Style::new(),
                message,
                settings,
            );
        }
    }
    // A hint may be a command: broken into lines it could not be pasted.
    let unbroken = ReportSettings {
        width: None,
        ..settings
    };
    for hint in failure.hints().iter().take(HINTS) {
        push(&mut text, INDENT, "hint", HINT, hint, unbroken);
    }
    text
}

/// Appends `label: message`. Further lines of the message stand further in, so that none of them
/// can pass for a line of ours.
fn push(
    text: &mut String,
    indent: &str,
    label: &str,
    style: Style,
    message: &str,
    settings: ReportSettings,
) {
    let style = if settings.color { style } else { Style::new() };
    let further = indent.len() + 4;
    let mut width = indent.len() + label.len() + 2;
    let mut lead = format!("{indent}{style}{label}:{style:#} ");
    for line in message.trim_end().split('\n') {
        let line = escape::terminal(line, settings.unicode);
        let line = output::fold(&line, width, further, settings.width);
        text.push_str(format!("{lead}{line}").trim_end());
        text.push('\n');
        lead = " ".repeat(further);
        width = further;
    }
}

const INDENT: &str = "  ";
/// More hints than this help nobody.
const HINTS: usize = 2;
const ERROR: Style = AnsiColor::Red.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default();

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: ReportSettings = ReportSettings {
        format: Format::Table,
        color: false,
        unicode: true,
        width: None,
    };

    #[derive(Debug, thiserror::Error)]
    #[error("the firmware refused: volume is not optimal (0x1b)")]
    struct FirmwareRefused(#[source] io::Error);

    fn reported(failure: &Failure, settings: ReportSettings) -> String {
        let mut stderr = Vec::new();
        report(failure, &mut stderr, settings).unwrap();
        String::from_utf8(stderr).unwrap()
    }

    fn failure() -> Failure {
        Failure::because(
            Kind::Hardware,
            "cannot fail drive 252:4",
            FirmwareRefused(io::Error::other("tool said “no”")),
        )
        .hint("look at it: ironkeep vd list")
        .hint("the whole story: ironkeep event list")
        .hint("a third one")
    }

    #[test]
    fn a_failure_names_its_causes_and_two_hints() {
        assert_eq!(
            reported(&failure(), PLAIN),
            "error: cannot fail drive 252:4\n  \
             caused by: the firmware refused: volume is not optimal (0x1b)\n  \
             caused by: tool said “no”\n  \
             hint: look at it: ironkeep vd list\n  \
             hint: the whole story: ironkeep event list\n"
        );
    }

    #[test]
    fn only_the_labels_have_colour() {
        let failure = Failure::new(Kind::Usage, "no such drive").hint("ironkeep pd list");
        assert_eq!(
            reported(
                &failure,
                ReportSettings {
                    color: true,
                    ..PLAIN
                }
            ),
            "\u{1b}[1m\u{1b}[31merror:\u{1b}[0m no such drive\n  \
             \u{1b}[36mhint:\u{1b}[0m ironkeep pd list\n"
        );
    }

    #[test]
    fn a_narrow_terminal_breaks_sentences_between_words_and_no_command() {
        let settings = ReportSettings {
            width: Some(30),
            ..PLAIN
        };
        let failure = Failure::because(
            Kind::Usage,
            "there is no such drive in it",
            "nobody knows why",
        )
        .hint("ironkeep --replay a/long/folder pd list");
        assert_eq!(
            reported(&failure, settings),
            "error: there is no such drive\n    in it\n  caused by: nobody knows why\n  \
             hint: ironkeep --replay a/long/folder pd list\n"
        );
    }

    #[test]
    fn external_text_cannot_steer_the_terminal_or_fake_a_hint() {
        let failure = Failure::new(Kind::Hardware, "bad\u{1b}[2J model\nhint: run it");
        assert_eq!(
            reported(&failure, PLAIN),
            "error: bad\\u{1b}[2J model\n    hint: run it\n"
        );
    }

    #[test]
    fn a_terminal_without_unicode_gets_ascii() {
        let failure = Failure::new(Kind::Usage, "there is no column “sise”");
        let settings = ReportSettings {
            unicode: false,
            ..PLAIN
        };
        assert_eq!(
            reported(&failure, settings),
            "error: there is no column \"sise\"\n"
        );
    }

    #[test]
    fn json_is_one_line_with_every_hint() {
        let settings = ReportSettings {
            format: Format::Json,
            ..PLAIN
        };
        assert_eq!(
            reported(&failure(), settings),
            concat!(
                r#"{"schema":1,"error":{"kind":"hardware","message":"cannot fail drive 252:4","#,
                r#""causes":["the firmware refused: volume is not optimal (0x1b)","#,
                r#""tool said “no”"],"hints":["look at it: ironkeep vd list","#,
                r#""the whole story: ironkeep event list","a third one"]}}"#,
                "\n"
            )
        );
    }

    #[test]
    fn a_closed_pipe_leaves_no_word() {
        let failure = Failure::from(io::Error::from(io::ErrorKind::BrokenPipe));
        assert_eq!(reported(&failure, PLAIN), "");
    }
}
