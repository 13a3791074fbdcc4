//! Text into lines: numbering, trimming, and the split at the colon.
//!
//! `MegaCLI` ends lines with LF, CR LF or a stray CR, pads them with blanks, and puts the colon
//! anywhere. [`Lines`] hides that: it yields every line that is not blank, trimmed, with its number.

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
    /// Splits `raw` (without its line feed). `None` where it is blank.
    fn new(number: u32, raw: &'a str) -> Option<Self> {
        let text = raw.trim_ascii_start();
        if text.is_empty() {
            return None;
        }
        let indent = u32::try_from(raw.len() - text.len()).unwrap_or(u32::MAX);
        let text = text.trim_ascii_end();
        let (key, value) = match text.split_once(':') {
            Some((key, value)) => (key.trim_ascii_end(), value.trim_ascii()),
            None => (text, ""),
        };
        Some(Self {
            number,
            indent,
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
    rest: std::str::Split<'a, char>,
    number: u32,
}

impl<'a> Lines<'a> {
    /// Starts at the first line of `text`.
    pub fn new(text: &'a str) -> Self {
        Self {
            rest: text.split('\n'),
            number: 0,
        }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        loop {
            let raw = self.rest.next()?;
            self.number = self.number.saturating_add(1);
            if let Some(line) = Line::new(self.number, raw) {
                return Some(line);
            }
        }
    }
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
    fn a_line_without_a_colon_is_all_key() {
        let line = Lines::new("Hotspare Information").next().unwrap();
        assert!(!line.has_colon());
        assert_eq!((line.key, line.value), ("Hotspare Information", ""));
    }
}
