//! Drawings: lines of styled text, made by whoever knows what they mean, and shown as they are.

use anstyle::{AnsiColor, Style};

use super::{Tone, text};
use crate::cli::context::OutputSettings;

/// A piece of a line. Its text is escaped already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The text.
    pub text: String,
    /// How good what it says is.
    pub tone: Tone,
    /// Whether it belongs to what was asked for.
    pub strong: bool,
}

/// A line of a drawing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// The pieces, from the left.
    pub spans: Vec<Span>,
}

impl Line {
    /// A line of plain text.
    pub fn plain(text: impl AsRef<str>) -> Self {
        let mut line = Self::default();
        line.push(text.as_ref(), Tone::Neutral, false);
        line
    }

    /// Appends `text`; joined to the piece before where they look alike, as blanks do to any.
    pub fn push(&mut self, text: &str, tone: Tone, strong: bool) {
        let is_blank = text.trim().is_empty();
        let (tone, strong) = if is_blank {
            (Tone::Neutral, false)
        } else {
            (tone, strong)
        };
        if let Some(last) = self.spans.last_mut()
            && (is_blank || (last.tone, last.strong) == (tone, strong))
        {
            last.text.push_str(text);
        } else if !text.is_empty() {
            self.spans.push(Span {
                text: text.to_owned(),
                tone,
                strong,
            });
        }
    }

    /// The columns that it takes.
    pub fn width(&self) -> usize {
        self.spans.iter().map(|span| text::width(&span.text)).sum()
    }

    /// The line for a terminal, without blanks at its end.
    pub(crate) fn render(&self, settings: &OutputSettings) -> String {
        let last = self
            .spans
            .iter()
            .rposition(|span| !span.text.trim_end().is_empty());
        let mut line = String::new();
        for (position, span) in self.spans.iter().enumerate() {
            let text = match Some(position).cmp(&last) {
                std::cmp::Ordering::Less => span.text.as_str(),
                std::cmp::Ordering::Equal => span.text.trim_end(),
                std::cmp::Ordering::Greater => break,
            };
            let style = span.style();
            if settings.color && style != Style::new() {
                line.extend([
                    style.render().to_string().as_str(),
                    text,
                    style.render_reset().to_string().as_str(),
                ]);
            } else {
                line.push_str(text);
            }
        }
        line
    }
}

impl Span {
    fn style(&self) -> Style {
        match (self.strong, self.tone) {
            (true, Tone::Neutral) => AnsiColor::Cyan.on_default().bold(),
            (true, tone) => tone.style().bold(),
            (false, tone) => tone.style(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::Format;

    fn settings(color: bool) -> OutputSettings {
        OutputSettings {
            format: Format::Table,
            color,
            unicode: true,
            stderr_width: None,
            width: None,
            zone: crate::cli::context::Zone::Utc,
            columns: None,
            sort: None,
            header: false,
        }
    }

    #[test]
    fn pieces_that_look_alike_are_one() {
        let mut line = Line::plain("a");
        line.push("b", Tone::Neutral, false);
        line.push("", Tone::Bad, false);
        line.push("c", Tone::Bad, false);
        assert_eq!(line.spans.len(), 2);
        assert_eq!(line.width(), 3);
    }

    #[test]
    fn colour_ends_before_the_blanks_at_the_end_of_a_line() {
        let mut line = Line::plain("a ");
        line.push("b ", Tone::Bad, false);
        line.push("  ", Tone::Neutral, false);
        assert_eq!(line.render(&settings(false)), "a b");
        let coloured = line.render(&settings(true));
        assert!(coloured.ends_with("b\u{1b}[0m"), "{coloured:?}");
    }
}
