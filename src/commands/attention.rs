//! What the health judgement says of one thing, for the tables of that thing.

use ironkeep_parsers::model::ControllerId;

use crate::health::{Finding, Object, Severity};
use crate::output::{Cell, Tone};

/// How good something is that has a finding of this severity.
pub(crate) fn tone(severity: Severity) -> Tone {
    match severity {
        Severity::Info => Tone::Neutral,
        Severity::Warning | Severity::Unknown => Tone::Warn,
        Severity::Critical => Tone::Bad,
    }
}

/// The cell of a severity.
pub(super) fn severity(severity: Severity) -> Cell {
    Cell::state(severity.token(), severity.token(), tone(severity))
}

/// The cell of what a finding is about: `c0 pd 252:4`, and `c0` for the controller itself.
pub(super) fn object(controller: Option<ControllerId>, object: &str) -> Cell {
    match controller {
        Some(id) if object == Object::Controller.to_string() => format!("c{id}").into(),
        Some(id) => format!("c{id} {object}").into(),
        None => object.into(),
    }
}

/// What there is to say about one thing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Attention {
    /// The reasons of the findings, the worst first.
    pub(crate) reasons: Vec<String>,
    worst: Option<Severity>,
}

impl Attention {
    /// What `findings` say about `object` of `controller`.
    pub(crate) fn to(
        findings: &[Finding],
        controller: Option<ControllerId>,
        object: &Object,
    ) -> Self {
        let about: Vec<_> = findings
            .iter()
            .filter(|finding| finding.controller == controller && finding.object == *object)
            .collect();
        Self {
            worst: about.iter().map(|finding| finding.severity).max(),
            reasons: about.iter().map(|finding| finding.reason.clone()).collect(),
        }
    }

    /// The tone of a state that this is about.
    pub(crate) fn tone(&self) -> Tone {
        self.worst.map_or(Tone::Good, tone)
    }

    /// The reasons in one cell: `none` where there are none.
    pub(crate) fn cell(&self) -> Cell {
        if self.reasons.is_empty() {
            return Cell::state("none", "none", Tone::Good);
        }
        let reasons = self.reasons.join("; ");
        Cell::state(reasons.clone(), reasons, self.tone())
    }
}
