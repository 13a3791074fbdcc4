//! The flags of `mem`, and what they ask of a survey.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, FromArgMatches};

use super::order::Order;
use super::place::Place;
use crate::cli::failure::{Failure, Kind};
use crate::memory::group::By;
use crate::memory::survey::{Details, Filter, Pss, Request};

#[derive(Debug, PartialEq, clap::Args)]
pub(super) struct Flags {
    /// How many of the largest to print; 0 for all (default 15, with --watch as many as have room)
    #[arg(short = 'n', long, value_name = "NUMBER")]
    pub(super) top: Option<usize>,

    /// Put processes together, and print the sums
    ///
    /// A unit is one of systemd; a program is a file. PSS and USS of a group count nothing twice. Where
    /// members were not read, bounds are printed: 3.1–3.4 GiB.
    #[arg(long, value_name = "WHAT", value_parser = by())]
    pub(super) by: Option<Choice>,

    /// Only these processes
    #[arg(long, value_name = "PID,…", value_delimiter = ',')]
    pid: Vec<u32>,

    /// Only processes of these users, by name or number
    #[arg(long, value_name = "USER,…", value_delimiter = ',')]
    user: Vec<String>,

    /// Only processes of these units of systemd; `ssh` is ssh.service
    #[arg(long, value_name = "UNIT,…", value_delimiter = ',')]
    unit: Vec<String>,

    /// Whose PSS to read
    ///
    /// auto: of as many as it takes until the largest are certain, beginning with the largest RSS, as PSS
    /// is never more. all: of all. off: of none; processes are ranked by RSS.
    #[arg(long, value_name = "HOW", default_value = "auto", value_parser = pss())]
    pub(super) pss: Pss,

    /// How long PSS may be read before the rest is given up, as 10s or 2m; `none` for no limit
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = budget)]
    pub(super) budget: Limit<Duration>,

    /// Do not read the PSS of processes with more RSS than this, as 500M or 64G; `none` for no limit
    ///
    /// For PSS the kernel walks all pages of a process, some 14 ms for each GiB of small pages, and as
    /// long the process can neither map nor free memory: 32 GiB hold it up for nearly half a second. What
    /// was not read for that reason is counted, and stands in the list with its RSS as a bound: ≤ 40 GiB.
    #[arg(long, value_name = "SIZE", default_value = "32G", value_parser = size)]
    pub(super) largest: Limit<u64>,

    /// Print command lines, too
    ///
    /// They are hidden by default: they may carry passwords and keys, and what is printed ends up in
    /// tickets. In JSON, too, they are there only with this.
    #[arg(long, conflicts_with = "by")]
    command: bool,

    /// Go on, on the whole screen, and read again after so many seconds (2 if none are given)
    ///
    /// Keys: p, u, s, r rank by PSS, USS, swap, RSS; b goes through the groups; q quits.
    #[arg(
        long, value_name = "SECONDS", num_args = 0..=1, require_equals = true,
        default_missing_value = "2", value_parser = crate::commands::watch::interval
    )]
    pub(super) watch: Option<Duration>,

    /// Read another procfs than /proc, as that of a container's host
    ///
    /// `sys` and `etc` beside it are taken for that host's, too: without them there are no names of users.
    #[arg(long, value_name = "ROOT")]
    pub(super) procfs: Option<PathBuf>,
}

/// How many are printed unless somebody says otherwise.
const TOP: usize = 15;

/// A limit, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Limit<T>(pub(super) Option<T>);

/// How processes are put together; `None` for not at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Choice(pub(super) Option<By>);

/// What `--by` takes, in the order in which the live view goes through it.
pub(super) const GROUPINGS: &[(&str, Option<By>)] = &[
    ("process", None),
    ("program", Some(By::Program)),
    ("unit", Some(By::Unit)),
    ("cgroup", Some(By::Cgroup)),
    ("user", Some(By::User)),
    ("container", Some(By::Container)),
];

fn by() -> impl TypedValueParser<Value = Choice> {
    PossibleValuesParser::new(GROUPINGS.iter().map(|(word, _)| *word)).map(|typed| {
        let found = GROUPINGS.iter().find(|(word, _)| *word == typed);
        Choice(found.and_then(|(_, by)| *by))
    })
}

fn pss() -> impl TypedValueParser<Value = Pss> {
    PossibleValuesParser::new(["auto", "all", "off"]).map(|word| match word.as_str() {
        "all" => Pss::All,
        "off" => Pss::Off,
        _ => Pss::Auto,
    })
}

/// The word for no limit.
const NONE: &str = "none";

fn budget(text: &str) -> Result<Limit<Duration>, String> {
    if text == NONE {
        return Ok(Limit(None));
    }
    crate::cli::duration(text).map(|limit| Limit(Some(limit)))
}

/// Reads a size: bytes, or `500M`, `64G`, `1.5GiB`, in units of 1024.
fn size(text: &str) -> Result<Limit<u64>, String> {
    if text == NONE {
        return Ok(Limit(None));
    }
    let wrong = || "expected a size, as 500M or 64G, or none".to_owned();
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.'));
    let (number, unit) = text.split_at(end.unwrap_or(text.len()));
    let shift = match unit.trim().to_ascii_uppercase().as_str() {
        "" | "B" => 0,
        "K" | "KB" | "KIB" => 10,
        "M" | "MB" | "MIB" => 20,
        "G" | "GB" | "GIB" => 30,
        "T" | "TB" | "TIB" => 40,
        _ => return Err(wrong()),
    };
    let scale = 2_f64.powi(shift);
    let bytes = number.parse::<f64>().map_err(|_| wrong())? * scale;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the cast of a float ends at the bounds"
    )]
    let bytes = bytes as u64;
    Ok(Limit(Some(bytes)))
}

impl Flags {
    /// Whether any says something else than its default. (clap could refuse them before a verb, and would
    /// refuse those that every command takes as well.)
    pub(super) fn are_given(&self) -> bool {
        let none = Self::augment_args(clap::Command::default().no_binary_name(true));
        let none = none.try_get_matches_from([""; 0]);
        let none = none.and_then(|matches| Self::from_arg_matches(&matches));
        !none.is_ok_and(|none| none == *self)
    }

    /// What is asked of a survey.
    ///
    /// # Errors
    /// If there is no such user.
    pub(super) fn request(&self, place: &Place, order: Order) -> Result<Request, Failure> {
        let by = self.by.and_then(|choice| choice.0);
        let uids: Result<Vec<u32>, Failure> =
            self.user.iter().map(|user| uid(place, user)).collect();
        Ok(Request {
            pss: self.pss,
            key: order.key,
            top: Some(self.top.unwrap_or(TOP)).filter(|&top| top > 0),
            by,
            budget: self.budget.0,
            largest: self.largest.0,
            details: Details {
                command: self.command || (by.is_none() && order.details.command),
                ..order.details
            },
            keep: Filter {
                pids: self.pid.clone(),
                uids: uids?,
                units: self.unit.iter().map(|it| unit(it)).collect(),
            },
        })
    }

    /// Whether command lines were asked for.
    pub(super) fn command(&self) -> bool {
        self.command
    }
}

/// The number of a user.
fn uid(place: &Place, user: &str) -> Result<u32, Failure> {
    let known = user.parse().ok().or_else(|| place.uid(user));
    known.ok_or_else(|| {
        let words = format!("{} has no user “{user}”", place.passwd.display());
        Failure::new(Kind::Usage, words).hint("users from elsewhere: give the number (id -u NAME)")
    })
}

/// The whole name of a unit: without an ending it is a service, as for systemctl.
fn unit(name: &str) -> String {
    if name.contains('.') {
        name.to_owned()
    } else {
        format!("{name}.service")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_in_units_of_1024() {
        for (text, bytes) in [
            ("500M", 500 << 20),
            ("64G", 64 << 30),
            ("1.5GiB", 3 << 29),
            ("4096", 4096),
            ("2 TiB", 2 << 40),
            ("7kb", 7 << 10),
        ] {
            assert_eq!(size(text), Ok(Limit(Some(bytes))), "{text}");
        }
        assert_eq!(size("none"), Ok(Limit(None)));
        for text in ["", "G", "-1G", "1X", "1e3", "1.2.3G"] {
            assert!(size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_unit_without_an_ending_is_a_service() {
        assert_eq!(unit("ssh"), "ssh.service");
        assert_eq!(unit("user.slice"), "user.slice");
    }

    #[test]
    fn every_grouping_can_be_asked_for_once() {
        let by: Vec<_> = GROUPINGS.iter().map(|(_, by)| by).collect();
        for (index, one) in by.iter().enumerate() {
            assert!(!by[..index].contains(one));
        }
    }
}
