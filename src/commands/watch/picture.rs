//! What one reading comes to: everything that is on the screen of it, and nothing of how it is drawn.

use ironkeep_parsers::model::{ControllerId, PhysicalDrive, TargetId};
use jiff::Timestamp;

use crate::commands::cells::{self, qualified};
use crate::commands::fields::ToCell;
use crate::commands::map::bays;
use crate::commands::operation::list::NEEDED;
use crate::commands::operation::running::{self, RunningOperation};
use crate::commands::{attention, health as judged, parts};
use crate::health::{self, Finding, Object, Severity, Thresholds, Verdict};
use crate::map::Frame;
use crate::map::layout::{Settings, Wish};
use crate::membership;
use crate::output::{Align, Cell, Column, Tone, human};
use crate::reading::{Controller, Part, Reading, Unread};

/// What is asked for again and again: all that is judged, and all that tells how far operations are.
pub(super) fn parts() -> Vec<Part> {
    let mut parts = health::NEEDED.to_vec();
    parts.extend(NEEDED);
    let mut seen = Vec::new();
    parts.retain(|part| {
        let is_new = !seen.contains(part);
        seen.push(*part);
        is_new
    });
    parts
}

/// A reading as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Picture {
    pub(super) taken: Timestamp,
    pub(super) source: String,
    pub(super) verdict: Verdict,
    /// `CRITICAL: 2 critical, 1 warning`.
    pub(super) counts: String,
    /// What was judged, a line a controller.
    pub(super) controllers: Vec<String>,
    /// The worst first.
    pub(super) findings: Vec<Finding>,
    pub(super) drives: Vec<Drive>,
    /// The bays, by enclosure.
    pub(super) frames: Vec<Frame>,
    pub(super) operations: Vec<RunningOperation>,
    /// Why drives are missing in the list.
    pub(super) drives_unread: Option<String>,
    /// What could run without being known.
    pub(super) operations_unread: Option<String>,
    /// Whether names need the number of their controller.
    pub(super) several: bool,
}

/// A drive of the list.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Drive {
    pub(super) name: String,
    pub(super) controller: Option<ControllerId>,
    pub(super) known: PhysicalDrive,
    pub(super) targets: Option<Vec<TargetId>>,
    /// What the health judgement says of it.
    pub(super) findings: Vec<Finding>,
}

impl Picture {
    pub(super) fn of(reading: &Reading, limits: &Thresholds) -> Self {
        let findings = health::judge(reading, limits);
        let verdict = Verdict::over(&findings);
        let several = reading.narrowed || reading.controllers.len() > 1;
        let controllers = || reading.controllers.iter();
        let not_read = |part| parts::unread_notes(reading, part).into_iter().next();
        let operations: Vec<_> = controllers()
            .flat_map(|it| running::all(it, None))
            .collect();
        Self {
            taken: reading.taken,
            source: reading.source.clone(),
            verdict,
            counts: judged::counts(verdict, &findings),
            controllers: controllers().map(judged::title).collect(),
            drives: controllers()
                .flat_map(|controller| drives(controller, &findings, several))
                .collect(),
            // In the order of their numbers: how they lie in the rack is for `map` to draw.
            frames: bays::of(
                reading,
                &findings,
                &Settings::default(),
                Wish::default(),
                &[],
            )
            .frames,
            drives_unread: not_read(Part::PhysicalDrives),
            operations_unread: operations_unread(reading, &operations),
            operations,
            findings,
            several,
        }
    }

    /// The name of a running operation, the same in every reading.
    pub(super) fn operation_name(&self, operation: &RunningOperation) -> String {
        let object = qualified(self.several, operation.controller, &operation.object());
        format!("{object} {}", operation.kind)
    }
}

/// The findings about `drive`.
fn about<'a>(
    findings: &'a [Finding],
    controller: Option<ControllerId>,
    drive: &'a PhysicalDrive,
) -> impl Iterator<Item = &'a Finding> {
    findings.iter().filter(move |finding| {
        let at = drive.address();
        finding.controller == controller
            && at.is_some()
            && matches!(&finding.object, Object::PhysicalDrive { address, .. } if *address == at)
    })
}

/// The drives of `controller`, by place.
fn drives(controller: &Controller, findings: &[Finding], several: bool) -> Vec<Drive> {
    let mut drives: Vec<Drive> = controller
        .physical_drives
        .iter()
        .flatten()
        .map(|drive| {
            let address = human::or_unknown(drive.address());
            Drive {
                name: match controller.id {
                    Some(id) if several => format!("c{id}/{address}"),
                    _ => address,
                },
                controller: controller.id,
                targets: membership::targets(controller, drive),
                findings: about(findings, controller.id, drive).cloned().collect(),
                known: drive.clone(),
            }
        })
        .collect();
    drives.sort_by_key(|it| (it.known.enclosure, it.known.slot));
    drives
}

/// What could run without being known: the parts that tell of operations and were not read.
fn operations_unread(reading: &Reading, running: &[RunningOperation]) -> Option<String> {
    // Nobody misses the progress where no drive is in such a state.
    let missed = |part| {
        part != Part::DriveOperations || running.iter().any(RunningOperation::misses_progress)
    };
    let lacks = |part: Part| {
        let mut controllers = reading.controllers.iter();
        controllers.any(|it| {
            // What a controller cannot do does not run on it.
            !it.has(part) && !matches!(it.unread.get(&part), Some(Unread::Unsupported(_)))
        })
    };
    let words: Vec<&str> = NEEDED
        .iter()
        .filter(|&&part| missed(part) && lacks(part))
        .map(|part| part.words())
        .collect();
    (!words.is_empty()).then(|| format!("not read: {}", words.join(", ")))
}

/// An order of the list of drives.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Sort {
    /// By controller, enclosure and slot.
    #[default]
    Place,
    /// Those that need attention first.
    Worst,
    /// The hottest first.
    Temperature,
    /// Those with the most errors first.
    Errors,
}

impl Sort {
    /// The next one.
    pub(super) fn next(self) -> Self {
        match self {
            Self::Place => Self::Worst,
            Self::Worst => Self::Temperature,
            Self::Temperature => Self::Errors,
            Self::Errors => Self::Place,
        }
    }

    /// For people.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Place => "place",
            Self::Worst => "worst",
            Self::Temperature => "temperature",
            Self::Errors => "errors",
        }
    }

    /// `drives`, which are by place, in this order. What is not known comes last.
    pub(super) fn sort(self, drives: &[Drive]) -> Vec<&Drive> {
        let mut drives: Vec<&Drive> = drives.iter().collect();
        match self {
            Self::Place => {}
            Self::Worst => drives
                .sort_by_key(|it| std::cmp::Reverse((it.worst(), it.known.state.to_cell().tone()))),
            Self::Temperature => {
                drives.sort_by_key(|it| std::cmp::Reverse(it.known.temperature));
            }
            Self::Errors => drives.sort_by_key(|it| {
                let PhysicalDrive {
                    media_errors,
                    other_errors,
                    predictive_failures,
                    ..
                } = it.known;
                std::cmp::Reverse((predictive_failures, media_errors, other_errors))
            }),
        }
        drives
    }
}

impl Drive {
    /// How bad the worst finding about it is.
    pub(super) fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).max()
    }

    fn state(&self) -> Cell {
        let state = self.known.state.to_cell();
        let Some(worst) = self.worst() else {
            return state;
        };
        let tone = state.tone().max(attention::tone(worst));
        Cell::state(state.shown(), "", tone)
    }

    /// A count of something bad.
    fn count(count: Option<u64>) -> Cell {
        match count {
            Some(count) if count > 0 => Cell::state(count.to_string(), "", Tone::Warn),
            count => count.into(),
        }
    }

    /// The columns of the list, most important first.
    pub(super) const COLUMNS: &'static [Column<Self>] = &[
        Column::new("drive", "DRIVE", Align::Left, |it| it.name.as_str().into()),
        Column::new("state", "STATE", Align::Left, Self::state),
        Column::new("temperature", "TEMP", Align::Right, |it| {
            it.known.temperature.into()
        }),
        Column::new("media_errors", "MEDIA", Align::Right, |it| {
            Self::count(it.known.media_errors)
        }),
        Column::new("predictive_failures", "PRED", Align::Right, |it| {
            Self::count(it.known.predictive_failures)
        }),
        Column::new("virtual_drives", "VD", Align::Left, |it| {
            cells::targets(it.targets.as_deref())
        }),
        Column::new("size", "SIZE", Align::Right, |it| {
            it.known.coerced_size.into()
        }),
        Column::new("serial", "SERIAL", Align::Left, |it| {
            it.known.serial().into()
        }),
        Column::new("model", "MODEL", Align::Left, |it| {
            let inquiry = it.known.inquiry.as_ref();
            let raw = inquiry.map(|inquiry| inquiry.raw.as_str());
            it.known.model().or(raw).into()
        }),
        Column::new("other_errors", "OTHER", Align::Right, |it| {
            it.known.other_errors.into()
        }),
    ];
}

#[cfg(test)]
mod tests {
    use ironkeep_parsers::model::{DriveState, EnclosureId, Slot};
    use ironkeep_parsers::units::Celsius;

    use super::*;

    fn drive(slot: u32, temperature: Option<i32>, errors: u64, state: DriveState) -> PhysicalDrive {
        PhysicalDrive {
            enclosure: Some(EnclosureId(252)),
            slot: Some(Slot(slot)),
            temperature: temperature.map(Celsius),
            media_errors: Some(errors),
            state: Some(state),
            ..PhysicalDrive::default()
        }
    }

    fn names(sort: Sort) -> Vec<String> {
        let controller = Controller {
            physical_drives: Some(vec![
                drive(10, Some(30), 0, DriveState::Online),
                drive(2, None, 7, DriveState::Online),
                drive(3, Some(45), 2, DriveState::Failed),
            ]),
            ..Controller::default()
        };
        let drives = drives(&controller, &[], false);
        let sorted = sort.sort(&drives);
        sorted.iter().map(|it| it.name.clone()).collect()
    }

    #[test]
    fn drives_are_sorted_in_four_ways() {
        assert_eq!(names(Sort::Place), ["252:2", "252:3", "252:10"]);
        assert_eq!(names(Sort::Worst), ["252:3", "252:2", "252:10"]);
        assert_eq!(names(Sort::Temperature), ["252:3", "252:10", "252:2"]);
        assert_eq!(names(Sort::Errors), ["252:2", "252:3", "252:10"]);
    }

    #[test]
    fn the_orders_go_round() {
        let mut sort = Sort::default();
        for _ in 0..4 {
            sort = sort.next();
        }
        assert_eq!(sort, Sort::Place);
    }

    #[test]
    fn every_part_is_asked_for_once_and_the_event_log_apart() {
        let parts = parts();
        for part in &parts {
            assert_eq!(parts.iter().filter(|it| *it == part).count(), 1);
        }
        assert!(!parts.contains(&Part::Events));
    }
}
