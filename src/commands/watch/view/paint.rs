//! Colours and characters, as far as the terminal has them.

use ratatui::style::{Color, Modifier, Style};
use ratatui::text::Span;

use crate::output::{Tone, escape, width};

/// What the terminal can show.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::commands) struct Look {
    pub(in crate::commands) unicode: bool,
    pub(in crate::commands) color: bool,
}

/// What names something.
pub(super) const BOLD: Style = Style::new().add_modifier(Modifier::BOLD);

impl Look {
    /// The style of something that is as good as `tone`.
    pub(super) fn tone(self, tone: Tone) -> Style {
        let colored = |color| {
            if self.color {
                Style::new().fg(color)
            } else {
                Style::new()
            }
        };
        match tone {
            Tone::Good => colored(Color::Green),
            Tone::Neutral => Style::new(),
            Tone::Warn => colored(Color::Yellow),
            Tone::Bad => colored(Color::Red).add_modifier(Modifier::BOLD),
        }
    }

    /// What is beside the point.
    pub(super) fn faint(self) -> Style {
        // Some terminals show it as something else; without colour all text is as it is.
        if self.color {
            Style::new().add_modifier(Modifier::DIM)
        } else {
            Style::new()
        }
    }

    /// `text` without what would steer the terminal, in characters that it has.
    pub(super) fn text(self, text: &str) -> String {
        escape::terminal(text, self.unicode)
    }

    /// `text` in at most `room` columns; where something is cut off, dots say so.
    pub(super) fn fit(self, text: &str, room: usize) -> String {
        let text = self.text(text);
        if width(&text) <= room {
            return text;
        }
        let dots = if self.unicode { "…" } else { "..." };
        let mut fitted = String::new();
        for letter in text.chars() {
            fitted.push(letter);
            if width(&fitted) + width(dots) > room {
                fitted.pop();
                break;
            }
        }
        if width(dots) <= room {
            fitted.push_str(dots);
        }
        fitted
    }

    /// `text` in exactly `room` columns.
    pub(super) fn pad(self, text: &str, room: usize) -> String {
        let mut padded = self.fit(text, room);
        let gap = room.saturating_sub(width(&padded));
        padded.extend(std::iter::repeat_n(' ', gap));
        padded
    }

    /// `text` in exactly `room` columns, at their end.
    pub(super) fn pad_left(self, text: &str, room: usize) -> String {
        let fitted = self.fit(text, room);
        let gap = room.saturating_sub(width(&fitted));
        format!("{}{fitted}", " ".repeat(gap))
    }

    /// The part `percent` of a bar of `room` columns.
    pub(super) fn bar(self, percent: u32, room: usize) -> Vec<Span<'static>> {
        let percent = usize::try_from(percent.min(100)).unwrap_or(100);
        let done = room * percent / 100;
        let (full, empty) = if self.unicode {
            ("█", "░")
        } else {
            ("#", "-")
        };
        vec![
            Span::raw(full.repeat(done)),
            Span::styled(empty.repeat(room - done), self.faint()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UTF8: Look = Look {
        unicode: true,
        color: false,
    };
    const ASCII: Look = Look {
        unicode: false,
        color: false,
    };

    #[test]
    fn what_is_cut_off_ends_in_dots() {
        assert_eq!(UTF8.fit("degraded", 8), "degraded");
        assert_eq!(UTF8.fit("degraded", 5), "degr…");
        assert_eq!(ASCII.fit("degraded", 5), "de...");
        assert_eq!(UTF8.fit("日本語日本", 5), "日本…");
        assert_eq!(ASCII.fit("degraded", 2), "");
        assert_eq!(UTF8.fit("", 0), "");
    }

    #[test]
    fn control_characters_lose_their_power() {
        assert_eq!(UTF8.fit("a\u{1b}[2J", 20), "a\\u{1b}[2J");
    }

    #[test]
    fn a_bar_is_as_long_as_it_is_done() {
        let drawn = |percent| -> String {
            let spans = ASCII.bar(percent, 10);
            spans.iter().map(|span| span.content.as_ref()).collect()
        };
        assert_eq!(drawn(0), "----------");
        assert_eq!(drawn(45), "####------");
        assert_eq!(drawn(99), "#########-");
        assert_eq!(drawn(100), "##########");
        assert_eq!(drawn(4_000_000_000), "##########");
    }
}
