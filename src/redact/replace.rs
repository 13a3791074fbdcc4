//! Putting pseudonyms in the place of values, in whatever form a text has them.

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::ops::Range;

use super::alias::Aliases;
use super::find::{self, Found, Of};

/// A letter or digit of a text, in lower case, and where it stands.
type Mark = (u8, usize);

/// A value in one form, and what is put in its place.
#[derive(Debug)]
struct Pattern {
    from: Vec<u8>,
    to: Vec<u8>,
    /// How many other characters may stand between two of it.
    gap: usize,
    /// Only as a word of its own.
    whole: bool,
    /// Only in lines that say that they have a value of this kind.
    only_led: Option<Of>,
}

/// Between the bytes of a dump: `0x50, 0x00, …`.
const WIDEST_GAP: usize = 4;

/// Patterns are looked up by their first characters.
const HEAD: usize = 3;

/// The lines that say that they have a value of a kind.
type LedLines = (Of, Vec<Range<usize>>);

/// Replaces values.
pub(super) struct Replacer<'a, S> {
    patterns: Vec<Pattern>,
    by_head: HashMap<[u8; HEAD], Vec<usize>>,
    aliases: &'a Aliases<S>,
}

impl<'a, S: BuildHasher> Replacer<'a, S> {
    /// Of everything that was found.
    pub(super) fn new(found: &Found, aliases: &'a Aliases<S>) -> Self {
        let mut patterns = Vec::new();
        let mut add = |value: &str, forms: fn(&str, &str) -> Vec<Pattern>| {
            if let Some(alias) = aliases.of(value) {
                patterns.extend(forms(value, alias));
            }
        };
        found.addresses.iter().for_each(|it| add(it, address));
        found.words.iter().for_each(|it| add(it, word));
        found.hosts.iter().for_each(|it| add(it, host));
        // The longest of those that begin alike is the one that is meant.
        patterns.sort_by(|a, b| b.from.len().cmp(&a.from.len()).then(a.from.cmp(&b.from)));
        let mut by_head: HashMap<[u8; HEAD], Vec<usize>> = HashMap::new();
        for (at, pattern) in patterns.iter().enumerate() {
            if let Some(head) = pattern.from.first_chunk() {
                by_head.entry(*head).or_default().push(at);
            }
        }
        Self {
            patterns,
            by_head,
            aliases,
        }
    }

    /// The text with every value replaced.
    pub(super) fn apply(&self, text: &[u8]) -> Vec<u8> {
        let mut result = text.to_vec();
        let marks = marks(text);
        let mut spans = Vec::new();
        for (pattern, hit) in self.hits(text, &marks) {
            put(&mut result, hit, &pattern.to);
            let place = hit.first().zip(hit.last());
            spans.extend(place.map(|(first, last)| first.1..=last.1));
        }
        for (start, line) in lines(text) {
            let end = start + line.len();
            let is_known = || spans.iter().any(|span| (start..end).contains(span.start()));
            if is_inquiry(line) && !is_known() {
                self.scramble(&mut result, start, line);
            }
        }
        result
    }

    /// Whether one of the values stands in a text.
    pub(super) fn finds_any(&self, text: &[u8]) -> bool {
        !self.hits(text, &marks(text)).is_empty()
    }

    /// Where values stand, from left to right.
    fn hits<'t>(&self, text: &[u8], marks: &'t [Mark]) -> Vec<(&Pattern, &'t [Mark])> {
        let mut hits = Vec::new();
        let led = [Of::Maker, Of::Host].map(|of| self.led_lines(text, of));
        let mut at = 0;
        while let Some(rest) = marks.get(at..).filter(|rest| !rest.is_empty()) {
            let hit = self.hit(text, &led, rest);
            at += hit.as_ref().map_or(1, |(_, hit)| hit.len());
            hits.extend(hit);
        }
        hits
    }

    /// The value that begins where `rest` does.
    fn hit<'t>(
        &self,
        text: &[u8],
        led: &[LedLines; 2],
        rest: &'t [Mark],
    ) -> Option<(&Pattern, &'t [Mark])> {
        let head = rest.first_chunk::<HEAD>()?.map(|(byte, _)| byte);
        let candidates = self.by_head.get(&head)?.iter();
        let mut candidates = candidates.filter_map(|&at| self.patterns.get(at));
        candidates.find_map(|pattern| {
            let hit = rest.get(..pattern.from.len())?;
            let same = hit.iter().map(|(byte, _)| byte).eq(&pattern.from);
            let is_close = hit
                .windows(2)
                .all(|two| matches!(two, [(_, a), (_, b)] if b - a <= pattern.gap + 1));
            let (first, last) = (hit.first()?.1, hit.last()?.1);
            let is_whole = || {
                let is_word = |at: Option<usize>| {
                    let byte = at.and_then(|at| text.get(at));
                    byte.is_some_and(u8::is_ascii_alphanumeric)
                };
                !is_word(first.checked_sub(1)) && !is_word(last.checked_add(1))
            };
            let is_led = |kind: Of| {
                let mut lines = led.iter().filter(|(of, _)| *of == kind);
                lines.any(|(_, lines)| lines.iter().any(|line| line.contains(&first)))
            };
            let fits = same
                && is_close
                && (!pattern.whole || is_whole())
                && pattern.only_led.is_none_or(is_led);
            fits.then_some((pattern, hit))
        })
    }

    /// Where the lines are that say that they have a value of a kind, if that matters to a pattern.
    fn led_lines(&self, text: &[u8], kind: Of) -> LedLines {
        let matters = self.patterns.iter().any(|it| it.only_led == Some(kind));
        let lines = lines(text)
            .filter(|(_, line)| matters && find::is_led(&String::from_utf8_lossy(line), kind))
            .map(|(start, line)| start..start + line.len());
        (kind, lines.collect())
    }

    /// An inquiry text in which no serial number is known: nobody can say where in it there is one, so
    /// every word that could be it is replaced.
    fn scramble(&self, result: &mut [u8], start: usize, line: &[u8]) {
        let colon = line.iter().position(|&byte| byte == b':').unwrap_or(0);
        let marks: Vec<Mark> = marks(line)
            .into_iter()
            .filter(|&(_, at)| at > colon)
            .map(|(byte, at)| (byte, start + at))
            .collect();
        for word in marks.chunk_by(|one, other| other.1 == one.1 + 1) {
            let text: String = word.iter().map(|&(byte, _)| char::from(byte)).collect();
            if text.len() >= 6 && text.bytes().any(|byte| byte.is_ascii_digit()) {
                put(result, word, self.aliases.of_any(&text).as_bytes());
            }
        }
    }
}

/// Digits in order, and the bytes of them from the last to the first.
fn address(value: &str, alias: &str) -> Vec<Pattern> {
    let plain = Pattern::strong_or_weak(value, alias);
    let turned = |text: &str| -> Option<Vec<u8>> {
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        rest.is_empty()
            .then(|| pairs.iter().rev().flatten().copied().collect())
    };
    let turned = turned(value).zip(turned(alias)).map(|(from, to)| Pattern {
        from,
        to,
        ..Pattern::strong_or_weak(value, alias)
    });
    let turned = turned.filter(|pattern| pattern.gap > 0 && pattern.from != plain.from);
    [plain].into_iter().chain(turned).collect()
}

/// The characters, and their codes as a dump has them.
fn word(value: &str, alias: &str) -> Vec<Pattern> {
    let plain = Pattern::strong_or_weak(value, alias);
    let mut all = vec![plain];
    if value.len() >= 6 {
        for case in [str::to_ascii_uppercase, str::to_ascii_lowercase] {
            let codes = |text: &str| -> Vec<u8> {
                let code = |byte: u8| format!("{byte:02x}").into_bytes();
                case(text).bytes().flat_map(code).collect()
            };
            all.push(Pattern {
                from: codes(value),
                to: codes(alias),
                gap: WIDEST_GAP,
                whole: false,
                only_led: None,
            });
        }
    }
    all
}

/// A host name is a word of its own. One that could be any word is only taken where a host is named.
fn host(value: &str, alias: &str) -> Vec<Pattern> {
    let is_telling = value.bytes().any(|byte| byte.is_ascii_digit()) || value.len() >= 10;
    vec![Pattern {
        from: value.as_bytes().to_vec(),
        to: alias.as_bytes().to_vec(),
        // A dot or hyphen.
        gap: 1,
        whole: true,
        only_led: (!is_telling).then_some(Of::Host),
    }]
}

impl Pattern {
    /// A value that is long and varied is meant wherever its characters follow each other; a shorter
    /// one only as a word, and a very short one only where the line says that it is one.
    fn strong_or_weak(value: &str, alias: &str) -> Self {
        let mut kinds: Vec<u8> = value.bytes().collect();
        kinds.sort_unstable();
        kinds.dedup();
        let has_letter = kinds.iter().any(u8::is_ascii_alphabetic);
        let length = value.len();
        let is_strong = length >= 7 && kinds.len() >= 4 && (has_letter || length >= 10);
        Self {
            from: value.as_bytes().to_vec(),
            to: alias.as_bytes().to_vec(),
            gap: if is_strong { WIDEST_GAP } else { 0 },
            whole: !is_strong,
            only_led: (length < 6).then_some(Of::Maker),
        }
    }
}

/// The letters and digits of a text. The `0x` before hexadecimal digits is none of them.
fn marks(text: &[u8]) -> Vec<Mark> {
    let mut marks = Vec::with_capacity(text.len());
    let mut in_word = false;
    let mut bytes = text.iter().enumerate().peekable();
    while let Some((at, byte)) = bytes.next() {
        let follows = bytes.peek().map(|(_, next)| **next);
        if !in_word && *byte == b'0' && matches!(follows, Some(b'x' | b'X')) {
            bytes.next();
        } else if byte.is_ascii_alphanumeric() {
            marks.push((byte.to_ascii_lowercase(), at));
            in_word = true;
        } else {
            in_word = false;
        }
    }
    marks
}

/// Writes `alias` over the letters and digits of `hit`, each in the case of what it replaces.
fn put(text: &mut [u8], hit: &[Mark], alias: &[u8]) {
    let is_upper = hit
        .iter()
        .any(|&(_, at)| text.get(at).is_some_and(u8::is_ascii_uppercase));
    for (&(_, at), &new) in hit.iter().zip(alias) {
        let Some(place) = text.get_mut(at) else {
            continue;
        };
        let upper = place.is_ascii_uppercase() || (place.is_ascii_digit() && is_upper);
        *place = if upper { new.to_ascii_uppercase() } else { new };
    }
}

/// The lines of a text, with where they begin.
fn lines(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut start = 0;
    text.split_inclusive(|&byte| byte == b'\n')
        .map(move |line| {
            let at = start;
            start += line.len();
            (at, line)
        })
}

fn is_inquiry(line: &[u8]) -> bool {
    line.trim_ascii_start().starts_with(b"Inquiry Data:")
}
