//! Answers into a reading: each output is parsed and filed under the controllers that it names.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use ironkeep_parsers::Report;
use ironkeep_parsers::megacli::Parsed;
use ironkeep_parsers::model::{
    ControllerId, DriveState, Operation, PhysicalDrive, Section, VirtualDrive,
};
use ironkeep_parsers::report::{Complaint, ComplaintKind};
use jiff::Timestamp;

use super::question::Question;
use crate::explain::status::{self, Class, Status};
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
    /// The firmware's words for “no battery”, of a controller that they do not name.
    no_battery: Option<String>,
    /// When the first answer was filed.
    taken: Option<Timestamp>,
}

/// One answer.
pub(super) struct Answer {
    question: Question,
    parsed: Parsed,
    /// The command line, or the place in a capture.
    source: String,
    /// How many characters stand for bytes that were no text.
    replaced: usize,
    /// The controller that was asked about, where it was one.
    pub(super) controller: Option<ControllerId>,
    /// The status that the process ended with, where there was a process that ended by itself.
    pub(super) process: Option<u32>,
    /// What the way of asking knows to be missing: a crash, a cut.
    pub(super) gaps: Vec<String>,
}

impl Answer {
    /// Reads `text`, the answer to `question`.
    pub(super) fn read(question: Question, text: &str, source: String) -> Self {
        Self {
            question,
            parsed: question.output.read(text),
            source,
            replaced: text.matches(char::REPLACEMENT_CHARACTER).count(),
            controller: None,
            process: None,
            gaps: Vec::new(),
        }
    }

    /// How much of it may be missing, for choosing among several: the tool complains, or it breaks off.
    pub(super) fn flaws(&self) -> (bool, bool) {
        (
            !self.parsed.complaints().is_empty(),
            !self.parsed.gaps().is_empty(),
        )
    }

    /// How the command ended, by the one table of statuses: the printed number, or that of the process.
    fn status(&self) -> Status {
        let number = self.parsed.ending().code().or(self.process).unwrap_or(0);
        status::judge(self.question.arguments, number)
    }
}

impl Assembly {
    /// Files an answer. What is known already is kept: the better answer comes first.
    pub(super) fn add(&mut self, answer: Answer) {
        self.taken.get_or_insert_with(Timestamp::now);
        let (part, status) = (answer.question.part, answer.status());
        let mut asked = account(&answer);
        let complaints = answer.parsed.complaints().to_vec();
        let before: BTreeSet<_> = self.having(part).collect();
        self.file_parsed(answer.parsed, answer.controller);
        let filled: BTreeSet<_> = self
            .having(part)
            .filter(|id| !before.contains(id))
            .collect();
        let alone = complaints.len() == 1;
        for complaint in &complaints {
            let words = said(complaint, status);
            asked.complaints.push(words.clone());
            // Of what this answer did show, something is missing.
            let shown = match complaint.controller {
                id @ Some(_) => filled.contains(&id),
                None => !filled.is_empty(),
            };
            if shown && complaint.kind == ComplaintKind::Failed {
                asked.gaps.push(words.clone());
            }
            self.complaint(part, complaint, words, status, alone);
        }
        self.asked.push(asked);
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "no question of a reading has another answer"
    )]
    fn file_parsed(&mut self, parsed: Parsed, asked: Option<ControllerId>) {
        match parsed {
            Parsed::AdpAllInfo(report) => self.file(report, |controller| &mut controller.info),
            Parsed::LdPdInfo(report) => {
                self.file(report, |controller| &mut controller.virtual_drives);
            }
            Parsed::LdInfo(report) => {
                for section in report.value {
                    add_virtual_drives(self.controller(section.controller), section.value);
                }
            }
            Parsed::PdList(report) => {
                self.file(report.map(without_repeats), |controller| {
                    &mut controller.physical_drives
                });
            }
            Parsed::PdInfo(report) => {
                for section in report.value {
                    let controller = self.controller(section.controller);
                    let words = "only drives that were asked for one by one are shown";
                    add_drives(controller, section.value, words);
                }
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
                for section in report.value {
                    let controller = self.controller(section.controller);
                    if section.value == 0 {
                        controller.foreign.get_or_insert_default();
                    } else if controller.foreign.is_none() {
                        let words = format!("the scan counts {}, and shows none", section.value);
                        let unread = &mut controller.unread;
                        unread
                            .entry(Part::ForeignConfigurations)
                            .or_insert(Unread::Failed(words));
                    }
                }
            }
            Parsed::PreservedCacheList(report) => {
                self.file(report, |controller| &mut controller.preserved_cache);
            }
            Parsed::EventFile(report) => self.file(report, |controller| &mut controller.events),
            // Every answer names at least one drive; without any there was none.
            Parsed::PdProgress(report) if report.value.is_empty() => {}
            Parsed::PdProgress(report) => {
                let operations = &mut self.controller(asked).drive_operations;
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
            _ => {}
        }
    }

    /// States that a part could not be read for any controller.
    pub(super) fn fail(&mut self, part: Part, why: Unread) {
        self.failed.entry(part).or_insert(why);
    }

    /// Whether `part` was read of every controller that is known so far.
    pub(super) fn is_complete(&self, part: Part) -> bool {
        let mut controllers = self.controllers.values();
        !self.controllers.is_empty() && controllers.all(|controller| controller.has(part))
    }

    /// Whether nothing was answered so far.
    pub(super) fn is_empty(&self) -> bool {
        self.asked.is_empty()
    }

    fn having(&self, part: Part) -> impl Iterator<Item = Option<ControllerId>> {
        let having = move |(_, controller): &(_, &Controller)| controller.has(part);
        self.controllers.iter().filter(having).map(|(&id, _)| id)
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

    /// A complaint says why a part is missing, unless it says that there is nothing to show. `alone`:
    /// the output has no other, so that the exit status is about this one.
    fn complaint(
        &mut self,
        part: Part,
        complaint: &Complaint,
        words: String,
        status: Status,
        alone: bool,
    ) {
        let class =
            if let (Status::Firmware(entry), true, None) = (status, alone, &complaint.firmware) {
                Some(entry.class)
            } else {
                None
            };
        let unsupported = complaint.kind == ComplaintKind::NotSupported
            || complaint.kind == ComplaintKind::Failed && class == Some(Class::Absent);
        let words = match complaint.kind {
            ComplaintKind::NoVirtualDrives
            | ComplaintKind::NoPhysicalDrives
            | ComplaintKind::ControllerAbsent
            | ComplaintKind::PhysicalDriveAbsent
            | ComplaintKind::VirtualDriveAbsent => return,
            ComplaintKind::HardwareAbsent if part == Part::CacheProtection => {
                match complaint.controller {
                    id @ Some(_) => {
                        let controller = self.controller(id);
                        controller.cache_protection.get_or_insert(None);
                    }
                    None => self.no_battery = Some(words),
                }
                return;
            }
            ComplaintKind::NotSupported
            | ComplaintKind::InvalidArgument
            | ComplaintKind::HardwareAbsent
            | ComplaintKind::Failed
            | ComplaintKind::NotRun
            | ComplaintKind::LibraryMissing => words,
        };
        let why = if unsupported {
            Unread::Unsupported(words)
        } else {
            Unread::Failed(words)
        };
        match complaint.controller {
            id @ Some(_) => {
                self.controller(id).unread.entry(part).or_insert(why);
            }
            None => self.fail(part, why),
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
        self.place_the_missing_battery();
        for controller in self.controllers.values_mut() {
            nothing_can_be_running(controller);
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
                    continue;
                }
                controller.unread.entry(part).or_insert_with(|| {
                    let silent = || Unread::Failed(SILENT.to_owned());
                    self.failed.get(&part).cloned().unwrap_or_else(silent)
                });
            }
            members_as_drives(controller);
        }
        Reading {
            taken: self.taken.unwrap_or_else(Timestamp::now),
            source,
            live,
            narrowed: false,
            controllers: self.controllers.into_values().collect(),
            asked: self.asked,
        }
    }

    /// “No battery” without a name is about the only controller there is. Of several, nobody knows
    /// which one is meant.
    fn place_the_missing_battery(&mut self) {
        let Some(words) = self.no_battery.take() else {
            return;
        };
        let mut controllers = self.controllers.values_mut();
        match (controllers.next(), controllers.next()) {
            (Some(only), None) => {
                only.cache_protection.get_or_insert(None);
            }
            _ => self.fail(Part::CacheProtection, Unread::Failed(words)),
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

/// How asking went, without the complaints.
fn account(answer: &Answer) -> Asked {
    let lines = |number: u32, text: &str| format!("line {number}: {text}");
    let parsed = &answer.parsed;
    let replaced = (answer.replaced > 0)
        .then(|| format!("{} bytes are not UTF-8 and are shown as �", answer.replaced));
    Asked {
        part: answer.question.part,
        source: answer.source.clone(),
        exit_code: parsed.ending().code(),
        complaints: Vec::new(),
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
            .chain(replaced)
            .collect(),
    }
}

/// The tool's words, with the firmware's sentence behind them, or else with what the status says.
fn said(complaint: &Complaint, status: Status) -> String {
    match (&complaint.firmware, ended(status)) {
        (Some(firmware), _) => {
            format!("{} ({})", complaint.text, firmware.trim_end_matches('.'))
        }
        (None, Some(ended)) => format!("{} ({ended})", complaint.text),
        (None, None) => complaint.text.clone(),
    }
}

/// `exit code 0x37: There is no such …`; `None` for success and for a count.
pub(super) fn ended(status: Status) -> Option<String> {
    match status {
        Status::Ok | Status::Count(_) => None,
        // MegaCLI ends with 1 on almost any failure of its own; the words are the better witness.
        Status::Firmware(entry) if entry.number == 1 => Some("exit code 0x01".to_owned()),
        Status::Firmware(entry) => Some(format!(
            "exit code {:#04x}: {}",
            entry.number,
            entry.meaning.trim_end_matches('.')
        )),
        Status::Unknown(number) => Some(format!("exit code {number:#04x}, which nobody documents")),
    }
}

/// A drive that is reached on two paths is printed twice.
fn without_repeats(
    mut sections: Vec<Section<Vec<PhysicalDrive>>>,
) -> Vec<Section<Vec<PhysicalDrive>>> {
    for section in &mut sections {
        retain_first(&mut section.value);
    }
    sections
}

fn retain_first(drives: &mut Vec<PhysicalDrive>) {
    let mut seen = HashSet::new();
    drives.retain(|drive| match (drive.address(), drive.device_id) {
        (Some(address), Some(id)) => seen.insert((address, id)),
        _ => true,
    });
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
    let complete = controller.physical_drives.is_some()
        && !controller.unread.contains_key(&Part::PhysicalDrives);
    if complete {
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
    if !members.is_empty() {
        let words = "only the members of virtual drives are shown";
        add_drives(controller, members, words);
    }
}

/// Adds `drives`, which are not all that the controller has, to those that are known. `words` say so,
/// unless it is known already why there are not all.
fn add_drives(controller: &mut Controller, mut drives: Vec<PhysicalDrive>, words: &str) {
    let part = Part::PhysicalDrives;
    if controller.physical_drives.is_some() && !controller.unread.contains_key(&part) {
        return;
    }
    let known = controller.physical_drives.get_or_insert_default();
    known.append(&mut drives);
    retain_first(known);
    let unread = controller.unread.entry(part);
    unread.or_insert_with(|| Unread::Partial(words.to_owned()));
}

/// Captures hold `-LDInfo` of single virtual drives, each in its own file.
fn add_virtual_drives(controller: &mut Controller, drives: Vec<VirtualDrive>) {
    let Some(known) = &mut controller.virtual_drives else {
        controller.virtual_drives = Some(drives);
        return;
    };
    if known.iter().any(|drive| !drive.spans.is_empty()) {
        return; // -LdPdInfo shows them all.
    }
    for drive in drives {
        if !known.iter().any(|it| it.target_id == drive.target_id) {
            known.push(drive);
        }
    }
}
