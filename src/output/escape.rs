//! Text of devices made safe: what would steer a terminal, change the order of reading, or not be
//! seen at all, is shown as an escape instead. JSON needs none of this: its strings escape
//! themselves.

/// Text for a terminal: a table, a record, a message. Where `unicode` is false the result is ASCII.
pub fn terminal(text: &str, unicode: bool) -> String {
    escape(text, |c, escaped| {
        if unicode || c.is_ascii() {
            escaped.push(c);
        } else {
            match typography(c) {
                Some(ascii) => escaped.push_str(ascii),
                None => escaped.extend(c.escape_unicode()),
            }
        }
    })
}

/// Text for one field of plain output. A backslash is doubled, so that the escapes can be undone.
pub fn plain(text: &str) -> String {
    escape(text, |c, escaped| match c {
        '\\' => escaped.push_str(r"\\"),
        _ => escaped.push(c),
    })
}

fn escape(text: &str, visible: impl Fn(char, &mut String)) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' => escaped.push_str(r"\t"),
            '\n' => escaped.push_str(r"\n"),
            '\r' => escaped.push_str(r"\r"),
            _ if is_treacherous(c) => escaped.extend(c.escape_unicode()),
            _ => visible(c, &mut escaped),
        }
    }
    escaped
}

/// True for characters that a reader cannot see, or that act instead of being shown.
fn is_treacherous(c: char) -> bool {
    c.is_control()
        || (c != ' ' && c.is_whitespace())
        || INVISIBLE
            .iter()
            .any(|&(first, last)| (first..=last).contains(&c))
}

/// ASCII for the signs that our own words use.
fn typography(c: char) -> Option<&'static str> {
    Some(match c {
        // `32 °C` becomes `32 C`.
        '°' => "",
        'µ' | 'μ' => "u",
        '“' | '”' => "\"",
        '‘' | '’' => "'",
        '–' | '—' => "-",
        '…' => "...",
        '×' => "x",
        '→' => "->",
        '≤' => "<=",
        '≥' => ">=",
        _ => return None,
    })
}

/// Invisible characters that are neither controls nor white space: Unicode's
/// `Default_Ignorable_Code_Point`, the bidirectional controls, interlinear annotation, the blank
/// Braille pattern and the noncharacters of the first plane.
const INVISIBLE: &[(char, char)] = &[
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{202a}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{2800}', '\u{2800}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{fdd0}', '\u{fdef}'),
    ('\u{fe00}', '\u{fe0f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fffb}'),
    ('\u{fffe}', '\u{ffff}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_stays() {
        for text in ["ST4000NM0023  Z1Z0ABCD", "Größe 日本 é", "C:\\dir"] {
            assert_eq!(terminal(text, true), text);
        }
    }

    #[test]
    fn tabs_and_newlines_are_shown() {
        assert_eq!(terminal("a\tb\r\nc", true), r"a\tb\r\nc");
        assert_eq!(plain("a\tb\r\nc"), r"a\tb\r\nc");
    }

    #[test]
    fn escape_sequences_lose_their_power() {
        assert_eq!(terminal("\u{1b}[2J", true), r"\u{1b}[2J");
        assert_eq!(terminal("\u{9b}2J\u{7f}\0", true), r"\u{9b}2J\u{7f}\u{0}");
    }

    #[test]
    fn invisible_characters_are_shown() {
        assert_eq!(
            terminal("a\u{202e}b\u{2066}c", true),
            r"a\u{202e}b\u{2066}c"
        );
        assert_eq!(
            terminal("a\u{200b}\u{feff}\u{ad}", true),
            r"a\u{200b}\u{feff}\u{ad}"
        );
        assert_eq!(
            terminal("a\u{a0}b\u{2028}\u{3000}", true),
            r"a\u{a0}b\u{2028}\u{3000}"
        );
        assert_eq!(
            terminal("\u{e0041}\u{fe0f}\u{3164}", true),
            r"\u{e0041}\u{fe0f}\u{3164}"
        );
    }

    #[test]
    fn a_terminal_without_unicode_gets_ascii() {
        assert_eq!(
            terminal("32 °C “é” 5 µs …", false),
            "32 C \"\\u{e9}\" 5 us ..."
        );
    }

    #[test]
    fn plain_output_can_be_undone() {
        assert_eq!(plain("a\\nb\n"), r"a\\nb\n");
    }
}
