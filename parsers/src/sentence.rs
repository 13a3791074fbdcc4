//! Sentences with holes: `EnclId-{e} SlotId-{s} is marked Missing` against what the tool printed.
//!
//! Letters compare without regard to case, one blank in the template stands for any number of
//! blanks, and a full stop or exclamation mark at the end may be there or not: builds differ in all
//! three.

use crate::grammar;
use crate::model::{Arm, ControllerId, EnclosureId, Slot, TargetId};

/// What stood in the holes of a template.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holes<'a> {
    /// `{a}`: a controller.
    pub controller: Option<ControllerId>,
    /// `{e}`: an enclosure; `N/A` leaves it empty.
    pub enclosure: Option<EnclosureId>,
    /// `{s}`: a slot.
    pub slot: Option<Slot>,
    /// `{v}`: a virtual drive's number.
    pub virtual_drive: Option<TargetId>,
    /// `{t}`: a virtual drive's target id.
    pub target: Option<TargetId>,
    /// `{i}`: a foreign configuration.
    pub foreign: Option<u32>,
    /// `{r}`: an array, as `-PdGetMissing` counts them.
    pub array: Option<u32>,
    /// `{w}`: a row.
    pub row: Option<Arm>,
    /// `{name}`: the name of a property, any text.
    pub name: Option<&'a str>,
    /// `{value}`: any text. `{value=Enabled}`: exactly this word.
    pub value: Option<&'a str>,
}

/// The longest text that a `{name}` or `{value}` hole takes: bounds the search on absurd lines.
const LONGEST: usize = 200;

/// Matches all of `text` against `template`.
pub fn matches<'a>(template: &str, text: &'a str) -> Option<Holes<'a>> {
    const END: [char; 3] = ['.', '!', ' '];
    let mut holes = Holes::default();
    let (template, text) = (template.trim_end_matches(END), text.trim_end_matches(END));
    walk(template, text, &mut holes).then_some(holes)
}

/// Matches from here to the end.
fn walk<'a>(template: &str, text: &'a str, holes: &mut Holes<'a>) -> bool {
    let Some((literal, rest)) = template.split_once('{') else {
        return skip(template, text) == Some("");
    };
    let Some(text) = skip(literal, text) else {
        return false;
    };
    let Some((hole, rest)) = rest.split_once('}') else {
        return false;
    };
    match hole {
        "name" | "value" => text
            .char_indices()
            .map(|(at, _)| at)
            .chain([text.len()])
            .take(LONGEST)
            .filter_map(|at| text.split_at_checked(at))
            .any(|(inside, after)| {
                let found = walk(rest, after, holes);
                if found {
                    let field = if hole == "name" {
                        &mut holes.name
                    } else {
                        &mut holes.value
                    };
                    *field = Some(inside.trim_ascii());
                }
                found
            }),
        _ if hole.starts_with("value=") => {
            let word = hole.trim_start_matches("value=");
            skip(word, text).is_some_and(|after| {
                holes.value = text.get(..text.len() - after.len());
                walk(rest, after, holes)
            })
        }
        _ => fill(hole, text, holes).is_some_and(|after| walk(rest, after, holes)),
    }
}

/// Takes a number into its hole and gives what follows it.
fn fill<'a>(hole: &str, text: &'a str, holes: &mut Holes<'a>) -> Option<&'a str> {
    let text = text.trim_ascii_start();
    if hole == "e"
        && text
            .get(..3)
            .is_some_and(|word| word.eq_ignore_ascii_case("N/A"))
    {
        return text.get(3..);
    }
    let end = text
        .find(|letter: char| !letter.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, after) = text.split_at_checked(end)?;
    let number = grammar::small(digits)?;
    match hole {
        "a" => holes.controller = Some(ControllerId(number)),
        "e" => holes.enclosure = Some(EnclosureId(number)),
        "s" => holes.slot = Some(Slot(number)),
        "v" => holes.virtual_drive = Some(TargetId(number)),
        "t" => holes.target = Some(TargetId(number)),
        "i" => holes.foreign = Some(number),
        "r" => holes.array = Some(number),
        "w" => holes.row = Some(Arm(number)),
        _ => return None,
    }
    Some(after)
}

/// Skips `literal` at the start of `text` and gives what follows it.
fn skip<'a>(literal: &str, text: &'a str) -> Option<&'a str> {
    let mut text = text;
    let mut expected = literal.bytes().peekable();
    while let Some(byte) = expected.next() {
        if byte == b' ' {
            let rest = text.trim_ascii_start();
            if rest.len() == text.len() && !rest.is_empty() {
                return None;
            }
            while expected.next_if_eq(&b' ').is_some() {}
            text = rest;
        } else {
            let (first, rest) = text.split_at_checked(1)?;
            if !first.bytes().all(|found| found.eq_ignore_ascii_case(&byte)) {
                return None;
            }
            text = rest;
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_are_filled_and_case_blanks_and_the_full_stop_do_not_matter() {
        let holes = matches(
            "EnclId-{e} SlotId-{s} state changed to OffLine",
            "EnclId-252 slotid-2  state changed to offline.",
        )
        .unwrap();
        assert_eq!(holes.enclosure, Some(EnclosureId(252)));
        assert_eq!(holes.slot, Some(Slot(2)));
    }

    #[test]
    fn a_drive_without_an_enclosure_is_named_as_well() {
        let holes = matches(
            "EnclId-{e} SlotId-{s} is gone",
            "EnclId-N/A SlotId-2 is gone",
        )
        .unwrap();
        assert_eq!((holes.enclosure, holes.slot), (None, Some(Slot(2))));
    }

    #[test]
    fn text_holes_end_where_the_rest_fits() {
        let holes = matches(
            "Set {name} to {value} success",
            "Set rebuild rate to 60% success.",
        )
        .unwrap();
        assert_eq!(
            (holes.name, holes.value),
            (Some("rebuild rate"), Some("60%"))
        );
    }

    #[test]
    fn all_of_the_text_must_fit() {
        assert_eq!(matches("Created VD {v}", "Created VD 1 and more"), None);
        assert_eq!(matches("Created VD {v}", "Created VD"), None);
        assert_eq!(matches("Created VD {v}", "CreatedVD 1"), None);
        assert_eq!(matches("Created VD {v}", "Created VD 99999999999"), None);
    }
}
