//! Text into lines: numbering, trimming, and the split at the colon.
//!
//! MegaCLI ends lines with LF, CR LF or a stray CR, pads them with blanks, and puts the colon
//! anywhere. [`Lines`] hides that: it yields every line that is not blank, trimmed, with its number.
//!
//! Half of the time of a drive list went into finding line ends and colons, and into handing lines
//! over through memory, before [`Lines::next`] became one inlined pass over the bytes: see
//! `benches/parse.rs`.

#![expect(clippy::inline_always, reason = "measured: the walk is a third faster")]

/// One line that is not blank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// Counted from 1, blank lines included, as an editor shows it.
    pub number: u32,
    /// How many blanks (a tab counts one) stand before the text.
    pub indent: u32,
    /// The line as it stands, blanks and carriage returns included: for values in columns.
    pub raw: &'a str,
    /// The text without surrounding blanks and carriage returns.
    pub text: &'a str,
    /// What stands before the first colon, trimmed; the whole text where there is no colon.
    pub key: &'a str,
    /// What stands after the first colon, trimmed; empty where there is no colon.
    pub value: &'a str,
}

impl<'a> Line<'a> {
    /// Takes `raw` (without its line feed) apart at its first colon, which stands at `colon`. `None`
    /// where the line is blank.
    #[inline(always)]
    fn new(number: u32, raw: &'a str, colon: Option<usize>) -> Option<Self> {
        let text = raw.trim_ascii_start();
        if text.is_empty() {
            return None;
        }
        let indent = raw.len() - text.len();
        let text = text.trim_ascii_end();
        let (key, value) = match colon.and_then(|colon| split_around(text, colon - indent)) {
            Some((key, value)) => (key.trim_ascii_end(), value.trim_ascii_start()),
            None => (text, ""),
        };
        Some(Self {
            number,
            indent: u32::try_from(indent).unwrap_or(u32::MAX),
            raw,
            text,
            key,
            value,
        })
    }

    /// Splits at the first of `separators` instead of at the colon: battery output uses `=` as well.
    pub fn split_at_any(&self, separators: &[char]) -> Option<(&'a str, &'a str)> {
        self.text
            .split_once(separators)
            .map(|(key, value)| (key.trim_ascii_end(), value.trim_ascii()))
    }

    /// Whether the line has a colon.
    pub fn has_colon(&self) -> bool {
        self.key.len() < self.text.len()
    }
}

/// The lines of a text that are not blank, in order.
#[derive(Debug, Clone)]
pub struct Lines<'a> {
    rest: Option<&'a str>,
    number: u32,
}

impl<'a> Lines<'a> {
    /// Starts at the first line of `text`.
    pub fn new(text: &'a str) -> Self {
        Self {
            rest: Some(text),
            number: 0,
        }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    #[inline(always)]
    fn next(&mut self) -> Option<Line<'a>> {
        loop {
            let rest = self.rest?;
            let bytes = rest.as_bytes();
            let first = find(bytes, [b':', b'\n']);
            let colon = first.filter(|&at| bytes.get(at) == Some(&b':'));
            let end = match colon {
                Some(colon) => bytes
                    .get(colon..)
                    .and_then(|behind| find(behind, [b'\n', b'\n']))
                    .map(|at| colon + at),
                None => first,
            };
            let (raw, after) = end
                .and_then(|end| split_around(rest, end))
                .map_or((rest, None), |(raw, after)| (raw, Some(after)));
            self.rest = after;
            self.number = self.number.saturating_add(1);
            if let Some(line) = Line::new(self.number, raw, colon) {
                return Some(line);
            }
        }
    }
}

/// What stands before and behind the ASCII character at `at`.
#[inline(always)]
fn split_around(text: &str, at: usize) -> Option<(&str, &str)> {
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// Where the first of two bytes stands, looking at eight bytes at a time: with the byte wanted made
/// zero, subtracting one borrows into the top bit of exactly the first zero byte.
#[inline(always)]
fn find(bytes: &[u8], wanted: [u8; 2]) -> Option<usize> {
    const LOW: u64 = u64::MAX / 0xff;
    const HIGH: u64 = LOW << 7;
    let [one, other] = wanted.map(|byte| LOW * u64::from(byte));
    let mut rest = bytes;
    while let Some((chunk, behind)) = rest.split_first_chunk::<8>() {
        let word = u64::from_le_bytes(*chunk);
        let zero = |word: u64| word.wrapping_sub(LOW) & !word & HIGH;
        let found = zero(word ^ one) | zero(word ^ other);
        if found != 0 {
            return Some(bytes.len() - rest.len() + (found.trailing_zeros() / 8) as usize);
        }
        rest = behind;
    }
    let at = rest.iter().position(|byte| wanted.contains(byte))?;
    Some(bytes.len() - rest.len() + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_trimmed_numbered_and_split_at_the_first_colon() {
        let mut lines = Lines::new("\r      \nName                :a:b \r\n\n  Exit Code: 0x00");
        let name = lines.next().unwrap();
        assert_eq!(
            (name.number, name.indent, name.key, name.value),
            (2, 0, "Name", "a:b")
        );
        let exit = lines.next().unwrap();
        assert_eq!(
            (exit.number, exit.indent, exit.key, exit.value),
            (4, 2, "Exit Code", "0x00")
        );
        assert_eq!(lines.next(), None);
    }

    #[test]
    fn line_ends_and_colons_are_found_wherever_they_stand() {
        for length in 0..20 {
            let key = "k".repeat(length);
            let text = format!("{key}:v\n{key}x\n:{key}\n{key}y");
            let lines: Vec<_> = Lines::new(&text)
                .map(|line| (line.key, line.value))
                .collect();
            let [x, y] = ["x", "y"].map(|end| format!("{key}{end}"));
            assert_eq!(
                lines,
                [
                    (key.as_str(), "v"),
                    (x.as_str(), ""),
                    ("", key.as_str()),
                    (y.as_str(), "")
                ]
            );
        }
    }

    #[test]
    fn bytes_beside_a_separator_do_not_mislead_the_search() {
        // One above a colon or a line feed looks like it to a search that lets borrows through.
        assert_eq!(find(b"\x0b\x0b\x0b\n;;;:", [b':', b':']), Some(7));
        assert_eq!(find(b"::;;\x0b\n\x0b\x0b", [b'\n', b'\n']), Some(5));
        assert_eq!(find("\u{ba}\u{8a}\u{13a}".as_bytes(), [b':', b'\n']), None);
    }

    #[test]
    fn a_line_without_a_colon_is_all_key() {
        let line = Lines::new("Hotspare Information").next().unwrap();
        assert!(!line.has_colon());
        assert_eq!((line.key, line.value), ("Hotspare Information", ""));
    }
}
