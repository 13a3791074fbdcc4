//! Answers into a reading: each output is parsed and filed under the controllers that it names.

use std::collections::BTreeMap;

use ironkeep_parsers::Report;
use ironkeep_parsers::megacli::{Output, Parsed};
use ironkeep_parsers::model::{ControllerId, DriveState, Operation, PhysicalDrive, Section};
use ironkeep_parsers::report::ComplaintKind;
use jiff::Timestamp;

use crate::reading::{Asked, Controller, Part, Reading, Unread};

/// Why a part is missing that no complaint explains.
const SILENT: &str = "the tool printed nothing about it";

/// A reading in the making.
#[derive(Debug, Default)]
pub(super) struct Assembly {
    controllers: BTreeMap<Option<ControllerId>, Controller>,
    asked: Vec<Asked>,
    /// Why a part failed for every controller.
    failed: BTreeMap<Part, Unread>,
}

/// One answer.
pub(super) struct Answer<'a> {
    pub(super) part: Part,
    pub(super) output: Output,
    /// The controller that was asked about, where it was one.
    pub(super) controller: Option<ControllerId>,
    pub(super) text: &'a str,
    /// The command line, or the place in a capture.
    pub(super) source: String,
    /// What the way of asking knows to be missing: a crash, a cut.
    pub(super) gaps: Vec<String>,
}

impl Assembly {
    /// Files an answer. What is known already is kept: the better answer comes first.
    pub(super) fn add(&mut self, answer: &Answer<'_>) {
        let parsed = answer.output.read(answer.text);
        self.account(answer, &parsed);
        self.complaints(answer.part, &parsed);
        match parsed {
            Parsed::AdpAllInfo(report) => self.file(report, |controller| &mut controller.info),
            Parsed::LdPdInfo(report) | Parsed::LdInfo(report) => {
                self.file(report, |controller| &mut controller.virtual_drives);
            }
            Parsed::PdList(report) | Parsed::PdInfo(report) => {
                self.file(report.map(without_repeats), |controller| {
                    &mut controller.physical_drives
                });
            }
            Parsed::PdMissing(report) => {
                self.file(report, |controller| &mut controller.missing_drives);
            }
            Parsed::EnclosureInfo(report) => {
                self.file(report, |controller| &mut controller.enclosures);
            }
            Parsed::CacheProtection(report) => {
                let report = report.map(|sections| {
                    let some = |section: Section<_>| Section {
                        controller: section.controller,
                        value: Some(section.value),
                    };
                    sections.into_iter().map(some).collect()
                });
                self.file(report, |controller| &mut controller.cache_protection);
            }
            Parsed::CfgForeignDsply(report) => {
                self.file(report, |controller| &mut controller.foreign);
            }
            Parsed::CfgForeignScan(report) => {
                // A scan tells how many there are: none is all that needs to be known of none.
                for section in report.value.iter().filter(|section| section.value == 0) {
                    let foreign = &mut self.controller(section.controller).foreign;
                    foreign.get_or_insert_default();
                }
            }
            Parsed::PreservedCacheList(report) => {
                self.file(report, |controller| &mut controller.preserved_cache);
            }
            Parsed::EventFile(report) => self.file(report, |controller| &mut controller.events),
            // Every answer names at least one drive; without any there was none.
            Parsed::PdProgress(report) if report.value.is_empty() => {}
            Parsed::PdProgress(report) => {
                let operations = &mut self.controller(answer.controller).drive_operations;
                let operations = operations.get_or_insert_default();
                for operation in report.value {
                    add_operation(operations, operation);
                }
            }
            Parsed::AdpPr(report) => self.file(report, |controller| &mut controller.patrol_read),
            Parsed::AdpGetPciInfo(report) => self.file(report, |controller| &mut controller.pci),
            Parsed::AdpCcSched(report) => {
                self.file(report, |controller| &mut controller.consistency_schedule);
            }
            // No question of a reading has another answer.
            #[expect(
                clippy::wildcard_enum_match_arm,
                reason = "the outputs that no question asks for"
            )]
            _ => {}
        }
    }

    /// States that a part could not be read for any controller.
    pub(super) fn fail(&mut self, part: Part, why: Unread) {
        self.failed.entry(part).or_insert(why);
    }

    /// Whether anything of `part` was read of any controller.
    pub(super) fn has(&self, part: Part) -> bool {
        self.controllers
            .values()
            .any(|controller| controller.has(part))
    }

    /// States that no drive of a controller is in a state in which something runs on it.
    pub(super) fn no_operations(&mut self, id: ControllerId) {
        let operations = &mut self.controller(Some(id)).drive_operations;
        operations.get_or_insert_default();
    }

    /// The controllers read so far.
    pub(super) fn controllers(&self) -> impl Iterator<Item = (Option<ControllerId>, &Controller)> {
        self.controllers
            .iter()
            .map(|(&id, controller)| (id, controller))
    }

    fn account(&mut self, answer: &Answer<'_>, parsed: &Parsed) {
        let lines = |number: u32, text: &str| format!("line {number}: {text}");
        self.asked.push(Asked {
            part: answer.part,
            source: answer.source.clone(),
            exit_code: parsed.ending().code(),
            complaints: parsed.complaints().iter().map(said).collect(),
            gaps: parsed
                .gaps()
                .iter()
                .map(|gap| lines(gap.line, &gap.what))
                .chain(answer.gaps.iter().cloned())
                .collect(),
            leftovers: parsed
                .leftovers()
                .iter()
                .map(|leftover| lines(leftover.line, &leftover.text))
                .collect(),
        });
    }

    /// A complaint says why a part is missing, unless it says that there is nothing to show.
    fn complaints(&mut self, part: Part, parsed: &Parsed) {
        for complaint in parsed.complaints() {
            let nothing_there = matches!(
                complaint.kind,
                ComplaintKind::NoVirtualDrives
                    | ComplaintKind::NoPhysicalDrives
                    | ComplaintKind::ControllerAbsent
                    | ComplaintKind::PhysicalDriveAbsent
                    | ComplaintKind::VirtualDriveAbsent
            );
            if part == Part::CacheProtection && complaint.kind == ComplaintKind::HardwareAbsent {
                self.controller(complaint.controller)
                    .cache_protection
                    .get_or_insert(None);
                continue;
            }
            let why = Unread::Failed(said(complaint));
            match complaint.controller {
                _ if nothing_there => {}
                Some(id) => {
                    self.controller(Some(id)).unread.entry(part).or_insert(why);
                }
                None => self.fail(part, why),
            }
        }
    }

    fn controller(&mut self, id: Option<ControllerId>) -> &mut Controller {
        self.controllers.entry(id).or_insert_with(|| Controller {
            id,
            ..Controller::default()
        })
    }

    fn file<T>(
        &mut self,
        report: Report<Vec<Section<T>>>,
        place: impl Fn(&mut Controller) -> &mut Option<T>,
    ) {
        for section in report.value {
            place(self.controller(section.controller)).get_or_insert(section.value);
        }
    }

    /// Ends the reading: every asked part of every controller is read, or says why not.
    pub(super) fn finish(mut self, parts: &[Part], source: String, live: bool) -> Reading {
        self.name_the_nameless();
        for controller in self.controllers.values_mut() {
            nothing_can_be_running(controller);
            members_as_drives(controller);
            if controller.cache_protection.is_none()
                && controller.has_cache_protection() == Some(false)
            {
                controller.cache_protection = Some(None);
            }
            nothing_can_be_missing(controller);
            for &part in parts {
                if controller.has(part) {
                    if !matches!(controller.unread.get(&part), Some(Unread::Partial(_))) {
                        controller.unread.remove(&part);
                    }
                } else if let std::collections::btree_map::Entry::Vacant(e) =
                    controller.unread.entry(part)
                {
                    let silent = || Unread::Failed(SILENT.to_owned());
                    let why = self.failed.get(&part).cloned().unwrap_or_else(silent);
                    e.insert(why);
                }
            }
        }
        Reading {
            taken: Timestamp::now(),
            source,
            live,
            controllers: self.controllers.into_values().collect(),
            asked: self.asked,
        }
    }

    /// What an output without a controller's name says belongs to the only controller there is.
    fn name_the_nameless(&mut self) {
        let named: Vec<ControllerId> = self.controllers.keys().copied().flatten().collect();
        let [only] = named[..] else { return };
        let Some(nameless) = self.controllers.remove(&None) else {
            return;
        };
        let Some(controller) = self.controllers.get_mut(&Some(only)) else {
            return;
        };
        controller.fill_from(nameless);
    }
}

/// Captures often hold the answer about one drive several times. What is known already is kept.
fn add_operation(operations: &mut Vec<Operation>, new: Operation) {
    let same =
        |known: &Operation| (&known.kind, known.physical_drive) == (&new.kind, new.physical_drive);
    if new.physical_drive.is_none() || !operations.iter().any(same) {
        operations.push(new);
    }
}

/// Where no drive is being rebuilt or copied to, nobody has to ask how far that is.
fn nothing_can_be_running(controller: &mut Controller) {
    let works = |drive: &PhysicalDrive| {
        !matches!(
            drive.state,
            None | Some(DriveState::Rebuild | DriveState::Copyback)
        )
    };
    let idle = controller
        .physical_drives
        .as_ref()
        .is_some_and(|drives| drives.iter().all(works));
    if idle {
        controller.drive_operations.get_or_insert_default();
    }
}

fn said(complaint: &ironkeep_parsers::report::Complaint) -> String {
    match &complaint.firmware {
        Some(firmware) => format!("{} ({})", complaint.text, firmware.trim_end_matches('.')),
        None => complaint.text.clone(),
    }
}

/// A drive that is reached on two paths is printed twice.
fn without_repeats(
    mut sections: Vec<Section<Vec<PhysicalDrive>>>,
) -> Vec<Section<Vec<PhysicalDrive>>> {
    for section in &mut sections {
        let mut seen = std::collections::HashSet::new();
        section
            .value
            .retain(|drive| match (drive.address(), drive.device_id) {
                (Some(address), Some(id)) => seen.insert((address, id)),
                _ => true,
            });
    }
    sections
}

/// Without virtual drives there is no drive group, and `-PdGetMissing` prints nothing at all.
fn nothing_can_be_missing(controller: &mut Controller) {
    let no_groups = controller
        .virtual_drives
        .as_ref()
        .is_some_and(Vec::is_empty);
    if no_groups && !controller.unread.contains_key(&Part::MissingDrives) {
        controller.missing_drives.get_or_insert_default();
    }
}

/// Without a list of drives, the members of the virtual drives are the drives that are known.
fn members_as_drives(controller: &mut Controller) {
    if controller.physical_drives.is_some() {
        return;
    }
    let members: Vec<PhysicalDrive> = controller
        .virtual_drives
        .iter()
        .flatten()
        .flat_map(|drive| &drive.spans)
        .flat_map(|span| &span.members)
        .filter_map(|member| member.drive.clone())
        .collect();
    if members.is_empty() {
        return;
    }
    let section = Section {
        controller: controller.id,
        value: members,
    };
    controller.physical_drives = without_repeats(vec![section])
        .pop()
        .map(|section| section.value);
    controller.unread.insert(
        Part::PhysicalDrives,
        Unread::Partial("only the members of virtual drives are shown".to_owned()),
    );
}
