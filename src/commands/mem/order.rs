//! What processes are ranked by: `--sort`, as far as it decides what is read.

use super::flags::Flags;
use crate::cli::context::OutputSettings;
use crate::cli::failure::{Failure, Kind};
use crate::memory::survey::{Details, Key, Pss};
use crate::output::Layout;

/// The ranking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Order {
    pub(super) key: Key,
    /// What the columns need.
    pub(super) details: Details,
}

/// The columns that something can be ranked by.
const KEYS: &[(&str, Key)] = &[
    ("pss", Key::Pss),
    ("uss", Key::Uss),
    ("swap", Key::Swap),
    ("pss_swap", Key::PssSwap),
    ("rss", Key::Rss),
];

/// The column of command lines.
pub(super) const COMMAND: &str = "command";

impl Order {
    /// What was asked for: the first column of `--sort` that tells of memory decides which are the
    /// largest.
    ///
    /// # Errors
    /// If it is of what is not read.
    pub(super) fn of(settings: &OutputSettings, flags: &Flags) -> Result<Self, Failure> {
        let sort = settings.sort.as_deref().unwrap_or_default();
        let mut keys = sort.split(',').map(|it| it.trim_start_matches('-'));
        let named = keys.find_map(|name| KEYS.iter().find(|(column, _)| *column == name));
        let off = flags.pss == Pss::Off;
        if let (true, Some((name, Key::Pss | Key::Uss | Key::PssSwap))) = (off, named) {
            let words = format!("nothing is sorted by {name} where --pss off reads none");
            return Err(Failure::new(Kind::Usage, words).hint("sort by rss or swap"));
        }
        let otherwise = if off { Key::Rss } else { Key::Pss };
        Ok(Self {
            key: named.map_or(otherwise, |(_, key)| *key),
            details: details(settings.columns.as_deref(), sort),
        })
    }

    /// The column that decides.
    pub(super) fn column(key: Key) -> &'static str {
        let found = KEYS.iter().find(|(_, known)| *known == key);
        found.map_or("pss", |(column, _)| column)
    }

    /// For people.
    pub(super) fn words(key: Key) -> &'static str {
        match key {
            Key::Pss => "PSS",
            Key::Uss => "USS",
            Key::Swap => "swap",
            Key::PssSwap => "PSS and swap",
            Key::Rss => "RSS",
        }
    }
}

/// What the columns need that are named, or are there if none is.
fn details(columns: Option<&[String]>, sort: &str) -> Details {
    let named = columns.unwrap_or_default().iter().map(String::as_str);
    let named: Vec<&str> = named
        .chain([sort])
        .flat_map(|names| names.split(','))
        .map(|name| name.trim_start_matches('-'))
        .collect();
    let wants = |columns: &[&str]| named.iter().any(|name| columns.contains(name));
    let all = columns.is_none();
    Details {
        command: wants(&[COMMAND]),
        program: all || wants(&["program", "all"]),
        cgroup: all || wants(&["cgroup", "unit", "container", "all"]),
    }
}

/// Which columns matter: the one that decides comes first; what is 0 or not read everywhere goes.
pub(super) fn layout(key: Key, pss: Pss, has_swap: bool) -> Layout {
    let mut without = Vec::new();
    if pss == Pss::Off {
        without.extend(["pss", "uss", "pss_swap"]);
    }
    if !has_swap {
        without.extend(["swap", "pss_swap"]);
    }
    let first = Order::column(key);
    without.retain(|column| *column != first);
    Layout {
        first: Some(first),
        without,
    }
}

/// Whether the columns themselves were asked for.
pub(super) fn is_help(settings: &OutputSettings) -> bool {
    let columns = settings.columns.iter().flatten();
    columns.into_iter().any(|name| name == "help")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_nowhere_in_use_makes_room() {
        let shown = layout(Key::Pss, Pss::Auto, false);
        assert_eq!(
            (shown.first, shown.without),
            (Some("pss"), vec!["swap", "pss_swap"])
        );
        assert_eq!(
            layout(Key::Pss, Pss::Auto, true).without,
            Vec::<&str>::new()
        );
        let quick = layout(Key::Rss, Pss::Off, true);
        assert_eq!(quick.without, ["pss", "uss", "pss_swap"]);
        // What was asked for stays, even if it is 0 everywhere.
        assert_eq!(layout(Key::Swap, Pss::Auto, false).without, ["pss_swap"]);
    }

    #[test]
    fn what_no_column_shows_is_not_read() {
        let needs = |columns: Option<&str>, sort: &str| {
            let columns: Option<Vec<String>> =
                columns.map(|it| it.split(',').map(str::to_owned).collect());
            details(columns.as_deref(), sort)
        };
        assert_eq!(needs(None, ""), Details::default());
        assert_eq!(needs(Some("all"), ""), Details::default());
        let nothing = Details {
            command: false,
            program: false,
            cgroup: false,
        };
        assert_eq!(needs(Some("rss,pid,user"), "-rss"), nothing);
        let command = Details {
            command: true,
            ..nothing
        };
        assert_eq!(needs(Some("rss,command"), ""), command);
        let unit = Details {
            cgroup: true,
            ..nothing
        };
        assert_eq!(needs(Some("rss,pid"), "-unit,rss"), unit);
    }

    #[test]
    fn every_key_has_its_column() {
        for (column, key) in KEYS {
            assert_eq!(Order::column(*key), *column);
        }
    }
}
