//! What the commands that make virtual drives are told: policies, sizes, strip size, name.

use super::arguments::bays;
use super::{Arguments, Bay};
use crate::firmware::creation::{Order, default_cache};
use crate::firmware::virtual_drives::READ_POLICY;
use crate::firmware::{Level, RaidLevel, status};
use crate::state::{Controller, cache};

/// The bays behind the word that begins with `name` and may end in digits, in any case of letters: of
/// `-r0[252:3]` or `-r0 [252:3]` behind `-r`.
pub(super) fn list_behind(arguments: &Arguments, name: &str) -> Option<Vec<Bay>> {
    let mut words = arguments.words.iter().map(|word| word.to_ascii_lowercase());
    let rest = words.find_map(|word| {
        let rest = word.strip_prefix(name)?;
        let list = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        (list.is_empty() || list.starts_with('[')).then(|| list.to_owned())
    })?;
    let list = if rest.is_empty() { words.next()? } else { rest };
    bays(&list).ok()
}

/// The RAID level of `-r5[252:0,252:1,252:2]` or `-r5`: what stands behind the `r`. `None` if no level is
/// named; the status of a level that does not exist.
pub(super) fn level(arguments: &Arguments) -> Option<Result<RaidLevel, u16>> {
    let mut numbers = arguments.words.iter().filter_map(|word| {
        let rest = word.to_ascii_lowercase();
        let rest = rest.strip_prefix("-r")?.to_owned();
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        (!digits.is_empty()).then_some(digits)
    });
    let digits = numbers.next()?;
    Some(RaidLevel::of_number(&digits).ok_or(status::WRONG_LEVEL))
}

/// The numbers behind every word that begins with `name`: 1000 and 2000 of `-sz1000 -sz2000`.
pub(super) fn numbers<'a>(
    arguments: &'a Arguments,
    name: &'a str,
) -> impl Iterator<Item = u64> + 'a {
    arguments.words.iter().filter_map(move |word| {
        let word = word.to_ascii_lowercase();
        word.strip_prefix(name)?.parse().ok()
    })
}

/// An order without drives, as the words have it.
pub(super) fn order(controller: &Controller, arguments: &Arguments, level: RaidLevel) -> Order {
    let mut cache = default_cache(controller);
    for word in &arguments.words {
        if let Some((clear, set)) = cache_bits(word) {
            cache = cache & !clear | set;
        }
    }
    let strip = numbers(arguments, "-strpsz").next();
    let after = numbers(arguments, "-afterld").next();
    let policy = arguments.words.iter().find_map(|word| power_policy(word));
    Order {
        level,
        spans: Vec::new(),
        sizes: numbers(arguments, "-sz").collect(),
        // A target that does not fit is one that is not there.
        after: after.map(|target| u16::try_from(target).unwrap_or(u16::MAX)),
        spares: Vec::new(),
        cache,
        strip: strip.map(|kib| u32::try_from(kib).unwrap_or(u32::MAX)),
        power_policy: policy.unwrap_or_default(),
        is_cachecade: false,
        is_cached: arguments.has("-cache"),
        name: String::new(),
    }
}

/// Bits of the cache policy that a word clears, and those that it sets after that.
pub(super) fn cache_bits(word: &str) -> Option<(u8, u8)> {
    let word = word.trim_start_matches('-').to_ascii_lowercase();
    let bits = match word.as_str() {
        "wt" => (cache::WRITE_BACK, 0),
        "wb" => (0, cache::WRITE_BACK),
        "forcedwb" => (0, cache::WRITE_BACK | cache::WRITE_WITHOUT_BATTERY),
        "nora" => (READ_POLICY, 0),
        "ra" => (READ_POLICY, cache::READ_AHEAD),
        "adra" => (0, READ_POLICY),
        "direct" => (cache::ALLOW_READ, cache::ALLOW_WRITE),
        "cached" => (0, cache::ALLOW_READ | cache::ALLOW_WRITE),
        "cachedbadbbu" => (0, cache::WRITE_WITHOUT_BATTERY),
        "nocachedbadbbu" => (cache::WRITE_WITHOUT_BATTERY, 0),
        _ => return None,
    };
    Some(bits)
}

/// The power savings that a word means.
pub(super) fn power_policy(word: &str) -> Option<u8> {
    let words = [
        "default",
        "automatic",
        "none",
        "maximum",
        "maximumwithoutcaching",
    ];
    let word = word.strip_prefix('-')?;
    let policy = words.iter().position(|it| it.eq_ignore_ascii_case(word))?;
    u8::try_from(policy).ok()
}

/// RAID 0 of one span.
pub(super) const STRIPE: RaidLevel = RaidLevel {
    span: Level::Stripe,
    is_spanned: false,
};
