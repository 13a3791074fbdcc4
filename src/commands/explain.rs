//! `explain`: what a state, a status number or a finding means, and what to do.

use serde::Serialize;

use super::Run;
use crate::change::codes::CODES;
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::explain::status::Retry;
use crate::explain::{Explanation, glossary, lookup, status};
use crate::health;
use crate::output::{self, Align, Cell, Column, Envelope, Section, Tabular, Tone};

/// Explain a term, state, status number, finding or check: what to do
///
/// Takes whatever stands on the screen: `0x32`, `50`, `Exit Code: 0x32`, `MFI_STAT_WRONG_STATE`,
/// `Unconfigured(good), Spun Up`, `UGood`, `vd.degraded`, the checks that refuse a change (`redundancy`), and the terms of ironkeep-glossary(7):
/// `copyback`, `puncture`, `span`. A number without 0x is read in both ways. Needs no controller.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to explain; several words are first tried as one
    #[arg(required_unless_present = "list", conflicts_with = "list")]
    words: Vec<String>,

    /// List everything that can be explained
    #[arg(long)]
    list: bool,
}

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let codes = codes();
        if self.list {
            let all = everything(&codes);
            output::print_list(context, "explain", &all, "")?;
        } else {
            output::check_request::<Explanation>(&context.output)?;
            let found = explanations(&self.words, &codes)?;
            let sections: Vec<_> = found.iter().map(section).collect();
            output::print_record(context, &Envelope::new("explain", &found), &sections)?;
        }
        Ok(Code::Done)
    }
}

/// The explanations of the codes of findings and of checks.
fn codes() -> Vec<Explanation> {
    let findings = health::Code::ALL
        .iter()
        .map(|code| Explanation::finding(code.name(), code.meaning(), code.action()));
    let checks = CODES
        .iter()
        .map(|code| Explanation::check(code.name, code.meaning, code.next));
    findings.chain(checks).collect()
}

/// Everything that can be explained: findings, checks, terms, words, statuses.
fn everything(codes: &[Explanation]) -> Vec<Explanation> {
    let words = glossary().map(Explanation::from);
    let statuses = status::all().iter().map(Explanation::from);
    codes.iter().cloned().chain(words).chain(statuses).collect()
}

/// What the words mean: all of them as one, or else each for itself.
fn explanations(words: &[String], codes: &[Explanation]) -> Result<Vec<Explanation>, Failure> {
    let whole = lookup(&words.join(" "), codes);
    if !whole.explanations.is_empty() {
        return Ok(whole.explanations);
    }
    let mut found: Vec<Explanation> = Vec::new();
    for word in words {
        let lookup = lookup(word, codes);
        if lookup.explanations.is_empty() {
            let own = lookup.candidates;
            let candidates = if own.is_empty() {
                whole.candidates
            } else {
                own
            };
            return Err(unknown(word, &candidates));
        }
        for explanation in lookup.explanations {
            if !found.contains(&explanation) {
                found.push(explanation);
            }
        }
    }
    Ok(found)
}

fn unknown(word: &str, candidates: &[String]) -> Failure {
    let failure = Failure::new(Kind::Usage, format!("nothing is known of “{word}”"));
    let failure = if candidates.is_empty() {
        failure
    } else {
        failure.hint(format!("did you mean {}?", candidates.join(", ")))
    };
    failure.hint("everything that can be explained: ironkeep explain --list")
}

/// An explanation as a part of a record.
fn section(explanation: &Explanation) -> Section {
    let title = format!("{} ({})", explanation.name, explanation.subject.as_str());
    let mut fields: Vec<(&str, Cell)> = Vec::new();
    let mut add = |label, text: Option<&str>| fields.extend(text.map(|text| (label, text.into())));
    add("Meaning", Some(&explanation.meaning));
    add("Consequence", explanation.consequence);
    add("What to do", Some(&explanation.next));
    add("Shown by", explanation.shown_by);
    add("Worth repeating", explanation.retry.map(Retry::as_str));
    add("Name", explanation.header_name);
    Section::new(title, fields)
}

impl Tabular for Explanation {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("name", "NAME", Align::Left, |it| {
            Cell::Text(it.name.clone().into_owned())
        }),
        Column::new("subject", "SUBJECT", Align::Left, |it| {
            Cell::state(it.subject.as_str(), token(&it.subject), Tone::Neutral)
        }),
        Column::new("meaning", "MEANING", Align::Prose, |it| {
            Cell::Text(it.meaning.clone().into_owned())
        }),
        Column::on_request("next", "WHAT TO DO", Align::Prose, |it| {
            Cell::Text(it.next.clone().into_owned())
        }),
        Column::on_request("shown_by", "SHOWN BY", Align::Left, |it| it.shown_by.into()),
        Column::on_request("header_name", "HEADER NAME", Align::Left, |it| {
            it.header_name.into()
        }),
    ];
}

/// The token that JSON has for it.
fn token(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(token)) => token,
        Ok(_) | Err(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::tests::check_columns;

    fn names(words: &[&str]) -> Result<Vec<String>, Vec<String>> {
        let words: Vec<String> = words.iter().map(ToString::to_string).collect();
        match explanations(&words, &codes()) {
            Ok(found) => Ok(found.into_iter().map(|it| it.name.into_owned()).collect()),
            Err(failure) => Err(failure.hints().to_vec()),
        }
    }

    #[test]
    fn columns_are_well_named() {
        check_columns::<Explanation>();
    }

    #[test]
    fn everything_that_is_listed_can_be_explained() {
        let codes = codes();
        for explanation in everything(&codes) {
            let found = lookup(&explanation.name, &codes).explanations;
            assert!(found.contains(&explanation), "{explanation:?}");
        }
    }

    #[test]
    fn words_are_tried_as_one_first() {
        assert_eq!(
            names(&["Unconfigured(good),", "Spun", "Up"]),
            Ok(vec!["unconfigured_good".to_owned(), "spun_up".to_owned()])
        );
        assert_eq!(
            names(&["Exit", "Code:", "0x32"]),
            Ok(vec!["0x32".to_owned()])
        );
        assert_eq!(
            names(&["0x32", "vd.degraded"]),
            Ok(vec!["0x32".to_owned(), "vd.degraded".to_owned()])
        );
    }

    #[test]
    fn a_refusal_names_what_can_be_explained() {
        for code in ["stale_data", "operation_running", "passphrase_visible"] {
            assert_eq!(names(&[code]), Ok(vec![code.to_owned()]));
        }
        // The term of the field, too.
        let both = vec!["redundancy".to_owned(); 2];
        assert_eq!(names(&["redundancy"]), Ok(both));
    }

    #[test]
    fn an_unknown_word_comes_with_candidates() {
        let hints = names(&["vd.degarded"]).unwrap_err();
        assert_eq!(hints[0], "did you mean vd.degraded, degraded?");
        let hints = names(&["0x32", "qqqqqq"]).unwrap_err();
        assert_eq!(hints.len(), 1, "{hints:?}");
    }
}
