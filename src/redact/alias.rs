//! Pseudonyms.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::BuildHasher;

use super::find::Found;

/// Without those that people write in the place of what they hide.
const LETTERS: &[u8] = b"abcdefghjklmnpqrstuvwyz";
const DIGITS: &[u8] = b"0123456789";
const HEXADECIMAL: &[u8] = b"0123456789abcdef";

/// The pseudonym of every value, all in lower case and without punctuation.
pub(super) struct Aliases<S> {
    key: S,
    known: BTreeMap<String, String>,
}

impl<S: BuildHasher> Aliases<S> {
    /// Makes one for each value of `found`, all different from each other and from the values.
    pub(super) fn new(key: S, found: &Found) -> Self {
        let mut aliases = Self {
            key,
            known: BTreeMap::new(),
        };
        let mut taken: BTreeSet<String> = found.all().cloned().collect();
        let addresses = found.addresses.iter().map(|it| (it, true));
        let words = found.words.iter().chain(&found.hosts).map(|it| (it, false));
        for (value, is_address) in addresses.chain(words) {
            if aliases.known.contains_key(value) {
                continue;
            }
            // Short values have few pseudonyms; with all of them taken, equal ones are left.
            let alias = (0..10_000)
                .map(|attempt| aliases.make(value, is_address, attempt))
                .find(|alias| !taken.contains(alias))
                .unwrap_or_else(|| aliases.make(value, is_address, 0));
            taken.insert(alias.clone());
            aliases.known.insert(value.clone(), alias);
        }
        aliases
    }

    /// The pseudonym of a value.
    pub(super) fn of(&self, value: &str) -> Option<&str> {
        self.known.get(value).map(String::as_str)
    }

    /// A pseudonym for a word that is not known to identify anything.
    pub(super) fn of_any(&self, word: &str) -> String {
        match self.known.get(word) {
            Some(alias) => alias.clone(),
            None => self.make(word, false, 0),
        }
    }

    /// An address keeps its first digit, which says what kind of address it is.
    fn make(&self, value: &str, is_address: bool, attempt: u32) -> String {
        let pick = |at: usize, from: &[u8]| {
            let number = self.key.hash_one((value, is_address, attempt, at));
            let count = u64::try_from(from.len()).unwrap_or(1).max(1);
            let at = usize::try_from(number % count).unwrap_or_default();
            from.get(at).map_or('0', |&byte| char::from(byte))
        };
        let replaced = |(at, c): (usize, char)| match c {
            _ if is_address && at == 0 => c,
            _ if is_address => pick(at, HEXADECIMAL),
            '0'..='9' => pick(at, DIGITS),
            'a'..='z' => pick(at, LETTERS),
            other => other,
        };
        value.chars().enumerate().map(replaced).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::hash::RandomState;

    use super::*;

    fn found(words: &[&str]) -> Found {
        Found {
            words: words.iter().map(|&it| it.to_owned()).collect(),
            ..Found::default()
        }
    }

    #[test]
    fn values_stay_distinct_and_keep_their_kinds_of_characters() {
        let values: Vec<String> = (0..500).map(|number| format!("{number:03}")).collect();
        let found = found(&values.iter().map(String::as_str).collect::<Vec<_>>());
        let aliases = Aliases::new(RandomState::new(), &found);
        let made: BTreeSet<&str> = values.iter().filter_map(|it| aliases.of(it)).collect();
        assert_eq!(made.len(), 500);
        assert!(
            made.iter()
                .all(|it| it.len() == 3 && it.bytes().all(|b| b.is_ascii_digit()))
        );
        assert!(made.iter().all(|it| !found.words.contains(*it)));
    }

    #[test]
    fn each_redaction_has_pseudonyms_of_its_own() {
        let found = found(&["6sj02e88n", "z1x01f44"]);
        let make = || {
            let aliases = Aliases::new(RandomState::new(), &found);
            ["6sj02e88n", "z1x01f44"].map(|it| aliases.of(it).map(str::to_owned))
        };
        assert_ne!(make(), make());
    }
}
