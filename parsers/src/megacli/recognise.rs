//! Which command printed a text, from the text itself, and where in a dump one output ends and the
//! next begins.
//!
//! Ends are certain at `Exit Code`, at a shell prompt, and at the line of blanks with which the tool
//! overwrites its own progress sign. Between them, an output ends where another begins with its
//! signature. What fits nobody is handed back as it is: an output that carries nothing, or only a
//! sentence that many commands share, is not guessed.

mod signatures;

use std::collections::HashMap;
use std::sync::LazyLock;

use signatures::{Pattern, Signature, contains};

use crate::frame::Prompt;
use crate::grammar;
use crate::megacli::Output;
use crate::model::ControllerId;
use crate::report::Leftover;
use crate::sentence;
use crate::text::{Line, Lines};

/// A text taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Split<'a> {
    /// The outputs found, in order.
    pub parts: Vec<Part<'a>>,
    /// What belongs to none of them, in order: headings of the dump, other programs' output, outputs
    /// that say nothing about themselves.
    pub unknown: Vec<Stretch<'a>>,
}

/// One output in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part<'a> {
    /// What printed it.
    pub output: Output,
    /// Where it begins: line numbers in its report count from here, from 1.
    pub first_line: u32,
    /// Its lines.
    pub text: &'a str,
}

/// Lines that nobody recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch<'a> {
    /// Where it begins, from 1.
    pub first_line: u32,
    /// The lines.
    pub text: &'a str,
}

/// The output that `text` is, where it is one output and nothing else.
pub fn recognise(text: &str) -> Option<Output> {
    let split = split(text);
    match (&split.parts[..], &split.unknown[..]) {
        ([part], []) => Some(part.output),
        _ => None,
    }
}

/// Takes a text with the outputs of several commands apart.
pub fn split(text: &str) -> Split<'_> {
    let rows = Row::all(text);
    let mut splitter = Splitter {
        text,
        rows: &rows,
        split: Split::default(),
    };
    let mut start = 0;
    for end in 1..=rows.len() {
        if end == rows.len() || is_boundary(&rows, start, end) {
            splitter.block(start, end);
            start = end;
        }
    }
    splitter.split
}

/// A line that is not blank, with its place in the text.
#[derive(Debug, Clone, Copy)]
struct Row<'a> {
    line: Line<'a>,
    /// First byte, and the first behind the line feed.
    start: usize,
    end: usize,
    /// Whether the tool's own line of blanks stands before it.
    begins_output: bool,
}

impl<'a> Row<'a> {
    fn all(text: &'a str) -> Vec<Self> {
        let mut rows = Vec::new();
        let mut start = 0;
        let mut begins_output = false;
        for (number, raw) in (1..).zip(text.split_inclusive('\n')) {
            let end = start + raw.len();
            // The lexer's echo stands before the blanks, on their line.
            begins_output |= is_overwritten(raw);
            if let Some(line) = Lines::new(raw).next() {
                rows.push(Self {
                    line: Line { number, ..line },
                    start,
                    end,
                    begins_output,
                });
                begins_output = false;
            }
            start = end;
        }
        rows
    }

    fn is_exit(&self) -> bool {
        self.line.key.eq_ignore_ascii_case("Exit Code")
    }
}

/// The 37 blanks that the tool prints over its progress sign before it prints anything else. Copies
/// lose the carriage return, and some a few blanks.
fn is_overwritten(raw: &str) -> bool {
    let raw = raw.trim_end_matches(['\r', '\n']);
    let blanks = raw.len() - raw.trim_end_matches(' ').len();
    blanks >= 30 && (blanks == raw.len() || raw.contains('\r'))
}

/// Whether one output must end before the row at `end`, given that the block began at `start`.
fn is_boundary(rows: &[Row<'_>], start: usize, end: usize) -> bool {
    let (Some(block), Some(row)) = (rows.get(start..end), rows.get(end)) else {
        return true;
    };
    let only_a_prompt = block.iter().all(|row| typed(row.line.text).is_some());
    block.last().is_some_and(Row::is_exit)
        || (row.begins_output && !only_a_prompt)
        || typed(row.line.text).is_some()
}

/// The command of a prompt line.
fn typed(text: &str) -> Option<&str> {
    if !text
        .bytes()
        .any(|byte| matches!(byte, b'#' | b'$' | b'>' | b'%'))
    {
        return None;
    }
    Prompt::read(text)
        .filter(|prompt| prompt.is_telling)
        .and_then(|prompt| prompt.command)
}

/// The output that `command` gives, with the tool's name before its arguments.
fn output_of(command: &str) -> Option<Output> {
    let arguments: Vec<&str> = command
        .split_ascii_whitespace()
        .skip(1)
        .take_while(|word| !matches!(*word, "|" | ">" | ">>" | "2>&1" | "&&" | ";"))
        .collect();
    Output::of_arguments(&arguments)
}

/// An output that is being followed through a block.
#[derive(Debug, Clone, Copy)]
struct Open {
    output: Output,
    /// Its first row.
    start: usize,
    /// The controller of the latest heading: they rise within one output.
    controller: Option<ControllerId>,
}

struct Splitter<'a, 'r> {
    text: &'a str,
    rows: &'r [Row<'a>],
    split: Split<'a>,
}

impl<'a> Splitter<'a, '_> {
    /// The rows from `start` to before `end`, of which only signatures tell where outputs begin.
    fn block(&mut self, start: usize, end: usize) {
        let command = self.rows.get(start).and_then(|row| typed(row.line.text));
        let mut open = command.and_then(output_of).map(|output| Open {
            output,
            start,
            controller: None,
        });
        for at in start..end {
            let rows = self.rows.get(at..end).unwrap_or_default();
            let Some(signature) = signatures_at(rows).next() else {
                continue;
            };
            let controller = rows
                .first()
                .and_then(|row| grammar::adapter_prefix(row.line.text))
                .map(|(controller, _)| controller);
            match &mut open {
                Some(open) if open.goes_on(rows, controller) => {
                    open.controller = controller.or(open.controller);
                }
                _ => {
                    let before = open.replace(Open {
                        output: signature.output,
                        // What stands before the first may belong to it: complaints, the echo.
                        start: if open.is_some() { at } else { start },
                        controller,
                    });
                    if let Some(before) = before {
                        self.close(before, at);
                    }
                }
            }
        }
        match open {
            Some(open) => self.close(open, end),
            None => self.unknown(start, end),
        }
    }

    /// Files an output that ends before `end`. Rows at its ends that its parser leaves over are the
    /// dump's, not the tool's.
    fn close(&mut self, open: Open, end: usize) {
        let Some((text, first_line)) = self.stretch(open.start, end) else {
            return;
        };
        let parsed = open.output.read(text);
        let leftovers = parsed.leftovers();
        let kept = |row: &Row<'_>| !is_left(leftovers, row.line.number - first_line + 1);
        let body = self.rows.get(open.start..end).unwrap_or_default();
        let from = open.start + body.iter().position(kept).unwrap_or(body.len());
        let to = open.start + body.iter().rposition(kept).map_or(0, |at| at + 1);
        self.unknown(open.start, from);
        if let Some((text, first_line)) = self.stretch(from, to) {
            self.split.parts.push(Part {
                output: open.output,
                first_line,
                text,
            });
        }
        self.unknown(from.max(to), end);
    }

    fn unknown(&mut self, start: usize, end: usize) {
        if let Some((text, first_line)) = self.stretch(start, end) {
            self.split.unknown.push(Stretch { first_line, text });
        }
    }

    /// The text of the rows from `start` to before `end`, and the number of its first line.
    fn stretch(&self, start: usize, end: usize) -> Option<(&'a str, u32)> {
        let rows = self.rows.get(start..end)?;
        let (first, last) = (rows.first()?, rows.last()?);
        Some((self.text.get(first.start..last.end)?, first.line.number))
    }
}

/// Whether a line is among the leftovers, which are in order of their lines.
fn is_left(leftovers: &[Leftover], line: u32) -> bool {
    leftovers
        .binary_search_by_key(&line, |leftover| leftover.line)
        .is_ok()
}

impl Open {
    /// Whether the signature at the beginning of `rows` belongs to this output: its own, unless it
    /// begins again at a controller that it had, or that of a part it contains.
    fn goes_on(&self, rows: &[Row<'_>], controller: Option<ControllerId>) -> bool {
        let first = rows.first().map(|row| Kind::of(row.line.text));
        let again = match (self.controller, controller) {
            (Some(before), Some(now)) => {
                now < before || (now == before && first == Some(Kind::Heading))
            }
            _ => false,
        };
        signatures_at(rows).any(|signature| {
            contains(self.output, signature) || (self.output == signature.output && !again)
        })
    }
}

/// The signatures that begin at the first of `rows`.
fn signatures_at(rows: &[Row<'_>]) -> impl Iterator<Item = &'static Signature> {
    static TABLE: LazyLock<Table> = LazyLock::new(Table::new);
    let candidates = rows
        .first()
        .and_then(|row| TABLE.candidates(Kind::of(row.line.text)));
    candidates.into_iter().flatten().filter(move |signature| {
        signature.lines.len() <= rows.len()
            && signature
                .lines
                .iter()
                .zip(rows)
                .all(|(pattern, row)| fits(*pattern, row.line.text))
    })
}

/// What a line is to a [`Pattern`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind<'a> {
    Heading,
    Rule,
    Behind(&'a str),
    Plain(&'a str),
}

impl<'a> Kind<'a> {
    fn of(text: &'a str) -> Self {
        if text.len() >= 5 && text.bytes().all(|byte| byte == b'=') {
            return Self::Rule;
        }
        match grammar::adapter_prefix(text) {
            Some((_, "")) => Self::Heading,
            Some((_, rest)) => Self::Behind(rest.trim_start_matches(['-', ':', ' '])),
            None => Self::Plain(text),
        }
    }
}

fn fits(pattern: Pattern, text: &str) -> bool {
    match (pattern, Kind::of(text)) {
        (Pattern::Heading, Kind::Heading) | (Pattern::Rule, Kind::Rule) => true,
        (Pattern::Behind(template), Kind::Behind(text)) => {
            sentence::matches(template, text).is_some()
        }
        // A sentence may name its controller in words that look like a heading.
        (Pattern::Plain(template), _) => sentence::matches(template, text).is_some(),
        _ => false,
    }
}

/// The signatures by the first word of their first line, so that most lines are asked about nothing.
#[derive(Default)]
struct Table {
    headings: Vec<Signature>,
    rules: Vec<Signature>,
    behind: HashMap<&'static str, Vec<Signature>>,
    plain: HashMap<&'static str, Vec<Signature>>,
}

impl Table {
    fn new() -> Self {
        let mut table = Self::default();
        for signature in signatures::all() {
            let entry = match signature.lines.first() {
                Some(Pattern::Heading) => &mut table.headings,
                Some(Pattern::Rule) => &mut table.rules,
                Some(Pattern::Behind(text)) => table.behind.entry(word(text)).or_default(),
                Some(Pattern::Plain(text)) => table.plain.entry(word(text)).or_default(),
                None => continue,
            };
            entry.push(signature);
        }
        table
    }

    fn candidates(&self, kind: Kind<'_>) -> Option<&[Signature]> {
        match kind {
            Kind::Heading => Some(&self.headings),
            Kind::Rule => Some(&self.rules),
            Kind::Behind(text) => self.behind.get(word(text)).map(Vec::as_slice),
            Kind::Plain(text) => self.plain.get(word(text)).map(Vec::as_slice),
        }
    }
}

/// The letters at the beginning of `text`.
fn word(text: &str) -> &str {
    let end = text
        .find(|letter: char| !letter.is_ascii_alphabetic())
        .unwrap_or(text.len());
    text.get(..end).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outputs(text: &str) -> Vec<(Output, u32)> {
        split(text)
            .parts
            .iter()
            .map(|part| (part.output, part.first_line))
            .collect()
    }

    #[test]
    fn outputs_with_exit_lines_are_told_apart() {
        let text = "Controller Count: 1.\n\nExit Code: 0x01\n\r      \n\
                    BIOS on Adapter 0 is Enabled.\n\nExit Code: 0x00\n";
        assert_eq!(outputs(text), [(Output::AdpCount, 1), (Output::AdpBios, 5)]);
        assert_eq!(split(text).unknown, []);
    }

    #[test]
    fn outputs_without_any_mark_between_them_end_where_the_next_begins() {
        let text = "Adapter #0\n\nEnclosure Device ID: 252\nSlot Number: 0\n\
                    Firmware state: Online, Spun Up\n\nAdapter #1\n\n\
                    Enclosure Device ID: 252\nSlot Number: 1\nFirmware state: Failed\n\
                    Adapter 0 -- Virtual Drive Information:\nVirtual Drive: 0 (Target Id: 0)\n";
        assert_eq!(outputs(text), [(Output::PdList, 1), (Output::LdInfo, 12)]);
    }

    #[test]
    fn the_same_output_again_is_a_part_of_its_own() {
        let once = "Adapter #0\n\nEnclosure Device ID: 252\nSlot Number: 0\n\
                    Firmware state: Online, Spun Up\n\n";
        assert_eq!(
            outputs(&once.repeat(2)),
            [(Output::PdList, 1), (Output::PdList, 7)]
        );
    }

    #[test]
    fn a_prompt_tells_what_an_output_that_says_nothing_is() {
        let text = "[root@h ~]# MegaCli64 -PDList -aALL | tee list\n\
                    \nExit Code: 0x00\n[root@h ~]#\n";
        assert_eq!(outputs(text), [(Output::PdList, 1)]);
    }

    #[test]
    fn what_says_nothing_about_itself_is_not_guessed() {
        for text in [
            "",
            "\r      \n\nExit Code: 0x00\n",
            "Adapter 0: Virtual Drive 9 Does not Exist.\n\nExit Code: 0x01\n",
            "User specified controller is not present.\n",
            "a text of another kind\n",
        ] {
            assert_eq!(recognise(text), None, "{text}");
        }
    }

    #[test]
    fn headings_of_a_dump_are_handed_back() {
        let text = "##### drives #####\nAdapter #0\n\nEnclosure Device ID: 252\n\
                    Slot Number: 0\nFirmware state: Failed\nExit Code: 0x00\n\
                    ##### boot #####\nBIOS on Adapter 0 is Enabled.\ncollected by me\n";
        let split = split(text);
        assert_eq!(outputs(text), [(Output::PdList, 2), (Output::AdpBios, 9)]);
        let unknown: Vec<_> = split
            .unknown
            .iter()
            .map(|stretch| (stretch.first_line, stretch.text))
            .collect();
        assert_eq!(
            unknown,
            [
                (1, "##### drives #####\n"),
                (8, "##### boot #####\n"),
                (10, "collected by me\n")
            ]
        );
    }

    #[test]
    fn the_echo_and_the_advice_before_an_output_belong_to_it() {
        for text in [
            "-\r                                     \nAdapter 0: Set rebuild rate to 60% success.\n",
            "To prevent data loss and adverse effect on system, please stop all the IOs to this \
             drive.If it is a file system drive, please unmount it.\n\n \
             use -force option if you are sure to perform this operation\n",
        ] {
            assert_eq!(recognise(text), Some(Output::Outcome), "{text}");
        }
    }
}
