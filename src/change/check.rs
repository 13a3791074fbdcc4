//! What is looked at before a change, and what follows from it.

use serde::Serialize;

use crate::reading::{Controller, Part, Unread};

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Check {
    /// Its stable name, for `--override` and for scripts: `redundancy`.
    pub code: &'static str,
    /// What was seen: `span 0 of virtual drive 0 (RAID 5) has lost no drive`.
    pub observed: String,
    /// What follows.
    #[serde(flatten)]
    pub ruling: Ruling,
}

/// What follows from what was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case", tag = "ruling")]
pub enum Ruling {
    /// Nothing stands in the way.
    Holds,
    /// It may be done; a person should know this first.
    Warns {
        /// What to know.
        why: String,
    },
    /// It is not done.
    Refuses {
        /// Why it is not safe, or cannot work.
        why: String,
        /// What would make it possible: sentences, or commands behind `WHAT FOR: `. The most useful first.
        possible: Vec<String>,
        /// Whether a person may insist, with `--override CODE`. Not where it cannot work at all.
        overridable: bool,
    },
}

/// What could not be read, and why.
pub(crate) fn lacking(at: &Controller, part: Part) -> String {
    let why = match at.unread.get(&part) {
        Some(Unread::Unsupported(words) | Unread::Failed(words) | Unread::Partial(words)) => {
            format!(": {words}")
        }
        Some(Unread::NotAsked | Unread::NotAvailable) | None => String::new(),
    };
    format!("{} could not be read{why}", part.words())
}

impl Check {
    /// Nothing stands in the way.
    pub fn holds(code: &'static str, observed: impl Into<String>) -> Self {
        Self::new(code, observed, Ruling::Holds)
    }

    /// A person should know `why` first.
    pub fn warns(code: &'static str, observed: impl Into<String>, why: impl Into<String>) -> Self {
        Self::new(code, observed, Ruling::Warns { why: why.into() })
    }

    /// It is not done, unless somebody insists.
    pub fn refuses(
        code: &'static str,
        observed: impl Into<String>,
        why: impl Into<String>,
    ) -> Self {
        let ruling = Ruling::Refuses {
            why: why.into(),
            possible: Vec::new(),
            overridable: true,
        };
        Self::new(code, observed, ruling)
    }

    /// It cannot be done, whoever insists.
    pub fn forbids(
        code: &'static str,
        observed: impl Into<String>,
        why: impl Into<String>,
    ) -> Self {
        Self::refuses(code, observed, why).for_good()
    }

    /// `part` was not read, so that nobody can say whether it is safe.
    pub fn unread(code: &'static str, at: &Controller, part: Part) -> Self {
        Self::refuses(
            code,
            lacking(at, part),
            "without it nobody can say whether this is safe",
        )
        .possible("see what can be read: ironkeep health")
    }

    /// A refusal that nobody can pass over: all other checks need what it is about.
    #[must_use]
    pub fn for_good(mut self) -> Self {
        if let Ruling::Refuses { overridable, .. } = &mut self.ruling {
            *overridable = false;
        }
        self
    }

    fn new(code: &'static str, observed: impl Into<String>, ruling: Ruling) -> Self {
        Self {
            code,
            observed: observed.into(),
            ruling,
        }
    }

    /// Adds to a refusal what would make it possible.
    #[must_use]
    pub fn possible(mut self, how: impl Into<String>) -> Self {
        if let Ruling::Refuses { possible, .. } = &mut self.ruling {
            possible.push(how.into());
        }
        self
    }

    /// Whether it stands in the way of somebody who insists on `overrides`.
    pub fn stands_against(&self, overrides: &[String]) -> bool {
        match &self.ruling {
            Ruling::Refuses { overridable, .. } => {
                !(*overridable && overrides.iter().any(|code| code == self.code))
            }
            Ruling::Holds | Ruling::Warns { .. } => false,
        }
    }
}
