//! Replacing what identifies a host in its outputs by pseudonyms: serial numbers, WWNs and SAS
//! addresses, host names. Pure.
//!
//! The same value gets the same pseudonym in every text, in upper or lower case, with bytes set apart or
//! not, so that a redacted capture reads as the original does and drives stay distinguishable. A
//! pseudonym has the length and the kinds of characters of what it stands for. It comes from a key that
//! is made anew for each redaction and kept nowhere: nobody can compute the way back.

mod alias;
mod find;
mod replace;

use std::hash::RandomState;

use ironkeep_parsers::megacli::{Output, recognise};

use alias::Aliases;
use find::Found;
use replace::Replacer;
use serde_json::Value;

use crate::cli::failure::{Failure, Kind};

/// How often other pseudonyms are tried: one can, by chance, look like what it must not.
const TRIES: usize = 8;

/// Redacts `texts`, all of one host, each in its place. `host_names` are those that are known.
///
/// # Errors
/// If a text cannot be redacted without another meaning: a host that is called `virtual-drive`.
pub fn redact(texts: &[Vec<u8>], host_names: &[String]) -> Result<Vec<Vec<u8>>, Failure> {
    let mut found = Found::default();
    for name in host_names {
        found.host(name);
    }
    for text in texts {
        found.look_at(&String::from_utf8_lossy(text));
    }
    let meanings: Vec<_> = texts.iter().map(|text| meaning(text)).collect();
    for _ in 0..TRIES {
        let aliases = Aliases::new(RandomState::new(), &found);
        let replacer = Replacer::new(&found, &aliases);
        let redacted: Vec<Vec<u8>> = texts.iter().map(|text| replacer.apply(text)).collect();
        let is_clean = redacted.iter().all(|text| !replacer.finds_any(text));
        let mut pairs = redacted.iter().zip(&meanings);
        if is_clean && pairs.all(|(text, expected)| meaning(text) == *expected) {
            return Ok(redacted);
        }
    }
    let message = "cannot redact without damage to what the outputs say";
    Err(Failure::because(
        Kind::Refused,
        message,
        "a serial number or host name also stands for something else in them",
    )
    .hint("record without --redact, and replace by hand what nobody may see"))
}

/// Which outputs a text is and what they say, but for the letters of what they say: redacting must not
/// change a number, nor which fields there are, nor which lines nobody takes.
fn meaning(text: &[u8]) -> Vec<(Output, Value)> {
    let text = String::from_utf8_lossy(text);
    let parts = recognise::split(&text).parts;
    let of = |part: recognise::Part<'_>| {
        let mut value = serde_json::to_value(part.output.read(part.text)).unwrap_or_default();
        without_letters(&mut value);
        (part.output, value)
    };
    parts.into_iter().map(of).collect()
}

/// Every text by its length.
fn without_letters(value: &mut Value) {
    match value {
        Value::String(text) => *value = text.len().into(),
        Value::Array(values) => values.iter_mut().for_each(without_letters),
        Value::Object(fields) => fields.values_mut().for_each(without_letters),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests;
