//! Text that will stand in columns: how wide it is, where it may break, how it sorts.

use std::cmp::Ordering;
use std::iter::Peekable;
use std::str::Chars;

use unicode_width::UnicodeWidthStr;

/// The columns of a terminal that `text` takes.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// Appends `text` and blanks up to `width`.
pub(crate) fn push_padded(line: &mut String, text: &str, to: usize) {
    line.push_str(text);
    line.extend(std::iter::repeat_n(' ', to.saturating_sub(width(text))));
}

/// Breaks `text` into lines of at most `room` columns: between words where it can, inside a word
/// only where the word alone is wider.
pub(crate) fn wrap(text: &str, room: usize) -> Vec<String> {
    if width(text) <= room {
        return vec![text.to_owned()];
    }
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        let gap = usize::from(!line.is_empty());
        if width(&line) + gap + width(word) <= room {
            if gap > 0 {
                line.push(' ');
            }
            line.push_str(word);
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for c in word.chars() {
            line.push(c);
            if width(&line) > room {
                line.pop();
                if !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                }
                line.push(c);
            }
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// Breaks `text` between words so that it fits into `width`, where that is known: the first line begins
/// in column `first`, the others stand `further` in.
pub(super) fn fold(text: &str, first: usize, further: usize, width: Option<u16>) -> String {
    let Some(width) = width.map(usize::from) else {
        return text.to_owned();
    };
    // What has no room at all is left to the terminal.
    let room = |from: usize| match width.saturating_sub(from) {
        0..LEAST_ROOM => usize::MAX,
        room => room,
    };
    let mut lines = wrap(text, room(first)).into_iter();
    let mut folded = lines.next().unwrap_or_default();
    let rest: Vec<String> = lines.collect();
    if !rest.is_empty() {
        for line in wrap(&rest.join(" "), room(further)) {
            folded.push('\n');
            folded.extend(std::iter::repeat_n(' ', further));
            folded.push_str(&line);
        }
    }
    folded
}

/// Sentences are not broken into less than this.
const LEAST_ROOM: usize = 12;

/// The order people expect: runs of digits compare as numbers, so `252:2` comes before `252:10`.
pub(super) fn natural_order(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a.chars().peekable(), b.chars().peekable());
    loop {
        let order = match (left.peek(), right.peek()) {
            (None, None) => return a.cmp(b),
            (Some(c), Some(d)) if c.is_ascii_digit() && d.is_ascii_digit() => {
                let (left, right) = (digits(&mut left), digits(&mut right));
                left.len().cmp(&right.len()).then_with(|| left.cmp(&right))
            }
            _ => left.next().cmp(&right.next()),
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// Takes a run of digits, without its leading zeros.
fn digits(chars: &mut Peekable<Chars<'_>>) -> String {
    let mut run = String::new();
    while let Some(digit) = chars.next_if(char::is_ascii_digit) {
        if digit != '0' || !run.is_empty() {
            run.push(digit);
        }
    }
    run
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_whole_where_they_fit() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("one two three", 13), ["one two three"]);
    }

    #[test]
    fn a_word_wider_than_the_room_breaks() {
        assert_eq!(wrap("a 5000c500a1b2", 5), ["a", "5000c", "500a1", "b2"]);
    }

    #[test]
    fn nothing_is_one_empty_line() {
        assert_eq!(wrap("", 10), [""]);
    }

    #[test]
    fn what_fits_stays_as_it_is() {
        assert_eq!(wrap("  ATA  ST4000 ", 20), ["  ATA  ST4000 "]);
    }

    #[test]
    fn sentences_fold_under_their_lead() {
        assert_eq!(
            fold("one two three four", 6, 2, Some(20)),
            "one two three\n  four"
        );
        assert_eq!(fold("one two three four", 6, 2, None), "one two three four");
        assert_eq!(
            fold("one two three four", 6, 2, Some(9)),
            "one two three four"
        );
        assert_eq!(fold("", 6, 2, Some(20)), "");
    }

    #[test]
    fn wide_characters_count_twice() {
        assert_eq!(wrap("日本語", 4), ["日本", "語"]);
    }

    #[test]
    fn digits_compare_as_numbers() {
        let mut drives = ["252:10", "252:2", "8:1", "252:02", "a", ""];
        drives.sort_by(|a, b| natural_order(a, b));
        assert_eq!(drives, ["", "8:1", "252:02", "252:2", "252:10", "a"]);
    }

    #[test]
    fn long_digit_runs_do_not_overflow() {
        let (nines, more) = ("9".repeat(60), format!("1{}", "0".repeat(60)));
        assert_eq!(natural_order(&nines, &more), Ordering::Less);
    }
}
