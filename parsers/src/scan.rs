//! The walk over one output: lines to the parser, and what nobody takes into the report.
//!
//! A parser is a loop over [`Scan::next`] with one `match` on [`Line::key`]. An arm hands the line
//! to [`Scan::set`] (or pushes a new block); the last arm is [`Scan::frame`], which knows what
//! surrounds every output: the exit line, errors, crash messages. What `frame` does not know either
//! becomes a leftover. Taking fields in the order of the text, in one pass, is what keeps parsing
//! within a small factor of splitting the lines.

use crate::frame;
use crate::model::ControllerId;
use crate::report::{Complaint, ComplaintKind, Ending, Gap, Leftover, Reason, Report, Subject};
use crate::text::{Line, Lines};

/// Lines of one output, and the account of what was not understood.
#[derive(Debug)]
pub struct Scan<'a> {
    lines: Lines<'a>,
    again: Option<Line<'a>>,
    glued: Option<Line<'a>>,
    drives: BlockEnd<'a>,
    last: u32,
    taken: u32,
    preamble: u32,
    command: Option<String>,
    complaints: Vec<Complaint>,
    gaps: Vec<Gap>,
    leftovers: Vec<Leftover>,
    ending: Ending,
}

impl<'a> Scan<'a> {
    /// Starts at the beginning of `text`, behind a byte order mark.
    pub fn new(text: &'a str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let (text, glued) = split_off_exit(text);
        Self {
            lines: Lines::new(text),
            again: None,
            glued,
            drives: BlockEnd::default(),
            last: 0,
            taken: 0,
            preamble: 0,
            command: None,
            complaints: Vec::new(),
            gaps: Vec::new(),
            leftovers: Vec::new(),
            ending: Ending::Unmarked,
        }
    }

    /// The next line that is not blank.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "see text.rs")]
    #[expect(
        clippy::should_implement_trait,
        reason = "the parser also calls back() and set() inside the loop"
    )]
    pub fn next(&mut self) -> Option<Line<'a>> {
        let line = if self.again.is_none() {
            match self.lines.next() {
                Some(line) => line,
                None => self.glued.take()?,
            }
        } else {
            self.again.take()?
        };
        self.last = line.number;
        self.taken += 1;
        Some(line)
    }

    /// Gives `line` back: the following [`Scan::next`] returns it again.
    pub fn back(&mut self, line: Line<'a>) {
        self.again = Some(line);
        self.taken = self.taken.saturating_sub(1);
    }

    /// The next line without taking it.
    pub fn peek(&mut self) -> Option<Line<'a>> {
        if self.again.is_none() {
            self.again = self.lines.next().or_else(|| self.glued.take());
        }
        self.again
    }

    /// The end that drive blocks have in this output.
    pub fn drives(&mut self) -> &mut BlockEnd<'a> {
        &mut self.drives
    }

    /// Whether the text stops here without an exit line: what is being read may be cut.
    pub fn breaks_off(&mut self) -> bool {
        !matches!(self.ending, Ending::Exit { .. }) && self.peek().is_none()
    }

    /// Reads the value of `line` into `field`. An absent value (empty, `N/A`) leaves the field
    /// empty; an unreadable one, and a second, different value, become leftovers.
    #[inline]
    pub fn set<T: PartialEq>(
        &mut self,
        field: &mut Option<T>,
        line: &Line<'a>,
        grammar: impl FnOnce(&'a str) -> Option<T>,
    ) {
        self.set_value(field, line, line.value, grammar);
    }

    /// [`Scan::set`] for a value that is not simply what follows the first colon.
    #[inline]
    pub fn set_value<T: PartialEq>(
        &mut self,
        field: &mut Option<T>,
        line: &Line<'a>,
        value: &'a str,
        grammar: impl FnOnce(&'a str) -> Option<T>,
    ) {
        if is_absent(value) {
            return;
        }
        match grammar(value) {
            None => self.leave(line, Reason::Unreadable),
            Some(read) => match field {
                None => *field = Some(read),
                Some(before) if *before == read => {}
                Some(_) => self.leave(line, Reason::Repeated),
            },
        }
    }

    /// Takes a line that is known and carries nothing beyond `expected`; anything else is left over.
    pub fn expect_value(&mut self, line: &Line<'a>, expected: &str) {
        if !line.value.eq_ignore_ascii_case(expected) {
            self.leave(line, Reason::Unreadable);
        }
    }

    /// Offers a line that the parser does not know to the grammar that all outputs share; what that
    /// does not know either is left over.
    #[cold]
    pub fn frame(&mut self, line: Line<'a>) {
        if !frame::take(self, line) {
            self.leave(&line, Reason::Unclaimed);
        }
    }

    /// Puts a line on the list of leftovers.
    #[cold]
    pub fn leave(&mut self, line: &Line<'_>, reason: Reason) {
        self.leftovers.push(Leftover {
            line: line.number,
            text: line.text.to_owned(),
            reason,
        });
    }

    /// States that something is missing at `line`.
    #[cold]
    pub fn gap(&mut self, line: u32, what: impl Into<String>) {
        self.gaps.push(Gap {
            line,
            what: what.into(),
        });
    }

    /// Records what the tool says went wrong.
    pub fn complain(&mut self, complaint: Complaint) {
        self.complaints.push(complaint);
    }

    /// Records that `line` as a whole is a complaint about no drive in particular.
    pub fn refuse(
        &mut self,
        line: &Line<'_>,
        controller: Option<ControllerId>,
        kind: ComplaintKind,
    ) {
        self.complain(Complaint {
            line: line.number,
            controller,
            subject: Subject::Command,
            kind,
            text: line.text.to_owned(),
            firmware: None,
        });
    }

    /// The latest complaint, to which a firmware sentence on a later line belongs.
    pub fn last_complaint(&mut self) -> Option<&mut Complaint> {
        self.complaints.last_mut()
    }

    /// Whether the tool complained about `controller` (or about no controller in particular).
    pub fn complained_about(&self, controller: Option<ControllerId>) -> bool {
        self.complaints.iter().any(|complaint| {
            complaint.controller.is_none()
                || controller.is_none()
                || complaint.controller == controller
        })
    }

    /// The number of the line last taken, from 1; 0 before the first.
    pub fn line_number(&self) -> u32 {
        self.last
    }

    /// Records how the output ends. The first ending wins: one report is one output.
    pub fn end(&mut self, ending: Ending) {
        if self.ending == Ending::Unmarked {
            self.ending = ending;
        }
    }

    /// Whether the line last taken is the first that says something: only prompt lines and the
    /// lexer's echo went before it.
    pub fn at_start(&self) -> bool {
        self.taken <= self.preamble + 1
    }

    /// Records that the line last taken stands before the output itself.
    pub fn skip_preamble(&mut self) {
        self.preamble += 1;
    }

    /// Records the command that printed the output. `false` if one is known already: then a second
    /// output begins here, which is not this parser's business.
    pub fn set_command(&mut self, command: &str) -> bool {
        let first = self.command.is_none();
        if first {
            self.command = Some(command.to_owned());
        }
        first
    }

    /// Whether the end of the output was seen: its exit line, or a crash.
    pub fn has_ended(&self) -> bool {
        self.ending != Ending::Unmarked
    }

    /// Ends the walk.
    pub fn finish<T>(self, value: T) -> Report<T> {
        Report {
            value,
            complaints: self.complaints,
            gaps: self.gaps,
            leftovers: self.leftovers,
            ending: self.ending,
            command: self.command,
        }
    }
}

/// `Foreign State: None Exit Code: 0x00`: the exit line apart from what it is glued to, where both
/// stand in the last line. That happens where two streams share a terminal.
fn split_off_exit(text: &str) -> (&str, Option<Line<'_>>) {
    let trimmed = text.trim_ascii_end();
    let start = trimmed.rfind('\n').map_or(0, |feed| feed + 1);
    let glued = trimmed
        .get(start..)
        .and_then(|last| last.find("Exit Code: 0x"))
        .and_then(|at| trimmed.split_at_checked(start + at))
        .filter(|(before, _)| {
            before
                .get(start..)
                .is_some_and(|before| !before.trim_ascii().is_empty())
        });
    let Some((before, exit)) = glued else {
        return (text, None);
    };
    let feeds = before.bytes().filter(|&byte| byte == b'\n').count();
    let line = Lines::new(exit).next().map(|line| Line {
        number: u32::try_from(feeds).unwrap_or(u32::MAX).saturating_add(1),
        ..line
    });
    (before, line)
}

/// How the blocks of one kind end in an output. Sister blocks end in the same field, so a block at
/// the end of the text that lacks the field is cut.
#[derive(Debug, Clone, Default)]
pub struct BlockEnd<'a> {
    usual: Option<&'a str>,
    last: Option<&'a str>,
    reached: bool,
}

impl<'a> BlockEnd<'a> {
    /// A block begins; the one before it is whole.
    pub fn begin(&mut self) {
        if !self.reached {
            self.usual = self.last.or(self.usual);
        }
        self.last = None;
        self.reached = false;
    }

    /// The block has the field `key`.
    pub fn note(&mut self, key: &'a str) {
        self.last = Some(key);
        self.reached |= self.usual == Some(key);
    }

    /// The field in which the blocks before this one end, if this one lacks it.
    pub fn lacking(&self) -> Option<&'a str> {
        self.usual.filter(|_| !self.reached)
    }
}

/// Whether MegaCLI prints `value` for "there is none": nothing at all, or `N/A`.
pub fn is_absent(value: &str) -> bool {
    value.is_empty() || value.eq_ignore_ascii_case("n/a")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keys and line numbers of `text`.
    fn keys(text: &str) -> Vec<(String, u32)> {
        let mut scan = Scan::new(text);
        let mut keys = Vec::new();
        while let Some(line) = scan.next() {
            keys.push((format!("{}={}", line.key, line.value), line.number));
        }
        keys
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_first_line() {
        assert_eq!(
            keys("\u{feff}Adapter #0\n"),
            [("Adapter #0=".to_owned(), 1)]
        );
    }

    #[test]
    fn an_exit_line_behind_other_text_is_a_line_of_its_own() {
        let exit = |number| ("Exit Code=0x00".to_owned(), number);
        assert_eq!(
            keys("\nForeign State: None Exit Code: 0x00\n"),
            [("Foreign State=None".to_owned(), 2), exit(2)]
        );
        assert_eq!(
            keys("a: 1Exit Code: 0x00"),
            [("a=1".to_owned(), 1), exit(1)]
        );
        assert_eq!(
            keys("a: 1\n  Exit Code: 0x00\r\n"),
            [("a=1".to_owned(), 1), exit(2)]
        );
        // Two outputs in one text are not this function's business.
        assert_eq!(keys("a: 1 Exit Code: 0x00\nb: 2\n").len(), 2);
    }

    #[test]
    fn a_block_that_lacks_the_end_of_its_sisters_is_noticed() {
        let mut ends = BlockEnd::default();
        let mut block = |keys: &[&'static str]| {
            ends.begin();
            for key in keys {
                ends.note(key);
            }
            ends.lacking()
        };
        assert_eq!(block(&["a", "z"]), None);
        assert_eq!(block(&["a", "z", "more"]), None);
        assert_eq!(block(&["a"]), Some("z"));
    }
}
