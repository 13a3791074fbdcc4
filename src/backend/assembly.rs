//! Answers into a reading: each output is parsed and filed under the controllers that it names.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use ironkeep_parsers::Report;
use ironkeep_parsers::megacli::Parsed;
use ironkeep_parsers::model::{
    Configuration, ControllerId, DriveState, Event, EventLog, Operation, PhysicalDrive, Section,
    VirtualDrive, VirtualDriveProperties,
};
use ironkeep_parsers::report::{Complaint, ComplaintKind};
use jiff::Timestamp;

use super::question::Question;
use crate::explain::status::{self, Class, Status};
use crate::reading::{Asked, Controller, Part, Reading, Unread};

/// Why a part is missing that no complaint explains.
const SILENT: &str = "the tool printed nothing about it";

/// What is missing in an answer that other answers have.
const UNENDED: &str = "the output breaks off: its last line, the exit code, is missing";

/// A reading in the making.
#[derive(Debug, Default)]
pub(super) struct Assembly {
    controllers: BTreeMap<Option<ControllerId>, Controller>,
    asked: Vec<Asked>,
    /// Why a part failed for every controller.
    failed: BTreeMap<Part, Unread>,
    /// Which of `asked` had no exit code although the tool came to its end.
    unended: Vec<usize>,
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
    /// Whether it is the tool's standard output from the first word to the last, as far as anybody can
    /// tell from how the process ended.
    pub(super) whole: bool,
}

impl Answer {
    /// Reads `text`, the answer to `question`.
    pub(super) fn read(question: Question, text: &str, source: String) -> Self {
        Self::of_parsed(question, question.output.read(text), text, source)
    }

    /// The answer to `question` that was read already: `parsed`, from `text`.
    pub(super) fn of_parsed(
        question: Question,
        parsed: Parsed,
        text: &str,
        source: String,
    ) -> Self {
        Self {
            question,
            parsed,
            source,
            replaced: text.matches(char::REPLACEMENT_CHARACTER).count(),
            controller: None,
            process: None,
            gaps: Vec::new(),
            whole: false,
        }
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
        if answer.whole && asked.exit_code.is_none() {
            self.unended.push(self.asked.len());
        }
        let mut complaints = answer.parsed.complaints().to_vec();
        for complaint in &mut complaints {
            complaint.controller = complaint.controller.or(answer.controller);
        }
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
                let words = "only drives that were asked for one by one are shown";
                for section in report.value {
                    add_drives(self.controller(section.controller), section.value, words);
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
            Parsed::CfgForeignPreview(report) => {
                self.file(report, |controller| &mut controller.foreign_previews);
            }
            Parsed::CfgForeignScan(report) => {
                for section in report.value {
                    count_foreign(self.controller(section.controller), section.value);
                }
            }
            Parsed::CfgDsply(report) => {
                let report = report.map(|sections| {
                    let groups = |section: Section<Configuration>| Section {
                        controller: section.controller,
                        value: section.value.drive_groups,
                    };
                    sections.into_iter().map(groups).collect()
                });
                self.file(report, |controller| &mut controller.drive_groups);
            }
            Parsed::PreservedCacheList(report) => {
                self.file(report, |controller| &mut controller.preserved_cache);
            }
            Parsed::EventLogInfo(report) => {
                self.file(report, |controller| &mut controller.event_positions);
            }
            Parsed::EventFile(report) => {
                for section in report.value {
                    // `-GetLatest` does not say of which controller; whoever asked one knows.
                    let id = section.controller.or(asked);
                    add_events(&mut self.controller(id).events, section.value);
                }
            }
            // Every answer names at least one drive; without any there was none.
            Parsed::PdProgress(report) if report.value.is_empty() => {}
            Parsed::PdProgress(report) => {
                let operations = &mut self.controller(asked).drive_operations;
                add_operations(operations.get_or_insert_default(), report.value);
            }
            Parsed::LdBackgroundInitialization(report) => {
                self.file(report, |controller| {
                    &mut controller.background_initialization
                });
            }
            Parsed::AdpPr(report) => self.file(report, |controller| &mut controller.patrol_read),
            Parsed::AdpGetPciInfo(report) => self.file(report, |controller| &mut controller.pci),
            Parsed::AdpCcSched(report) => {
                self.file(report, |controller| &mut controller.consistency_schedule);
            }
            Parsed::AdpBios(report) => self.file(report, |controller| &mut controller.bios),
            Parsed::AdpBootDrive(report) => {
                self.file(report, |controller| &mut controller.boot_drive);
            }
            Parsed::PhyErrors(report) => self.file(report, |controller| &mut controller.phy_errors),
            Parsed::LdGetProp(report) => self.file_consistency(report.value, asked),
            Parsed::AdpGetProp(report) => {
                for section in report.value {
                    let known = &mut self.controller(section.controller).properties;
                    known.retain(|it| *it != section.value);
                    known.push(section.value);
                }
            }
            _ => {}
        }
    }

    /// Files which virtual drives are said to be consistent or not, of the controller that was `asked`.
    fn file_consistency(
        &mut self,
        sections: Vec<Section<Vec<VirtualDriveProperties>>>,
        asked: Option<ControllerId>,
    ) {
        for section in sections {
            let said = |drive: VirtualDriveProperties| Some((drive.target_id?, drive.consistent?));
            let said: BTreeMap<_, _> = section.value.into_iter().filter_map(said).collect();
            let controller = self.controller(section.controller.or(asked));
            controller.consistency.get_or_insert(said);
        }
    }

    /// States that a part could not be read for any controller.
    pub(super) fn fail(&mut self, part: Part, why: Unread) {
        self.failed.entry(part).or_insert(why);
    }

    /// A tool that ends its other answers with an exit code has not come to the end of those without
    /// one, even if its process ended well. There are builds that print none at all.
    pub(super) fn doubt_unended(&mut self) {
        if self.asked.iter().all(|asked| asked.exit_code.is_none()) {
            return;
        }
        for at in std::mem::take(&mut self.unended) {
            if let Some(asked) = self.asked.get_mut(at) {
                asked.gaps.push(UNENDED.to_owned());
            }
        }
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
        if says_nothing_there(complaint.kind) {
            let is_empty = complaint.kind == ComplaintKind::NoVirtualDrives;
            if let (Part::Consistency, true, id @ Some(_)) = (part, is_empty, complaint.controller)
            {
                self.controller(id).consistency.get_or_insert_default();
            }
            return;
        }
        if part == Part::CacheProtection && complaint.kind == ComplaintKind::HardwareAbsent {
            match complaint.controller {
                id @ Some(_) => {
                    let controller = self.controller(id);
                    controller.cache_protection.get_or_insert(None);
                }
                None => self.no_battery = Some(words),
            }
            return;
        }
        // Its words are always the same: a build that refuses them does not know them.
        let unknown = part == Part::Consistency && complaint.kind == ComplaintKind::InvalidArgument;
        let unsupported = unknown
            || complaint.kind == ComplaintKind::NotSupported
            || complaint.kind == ComplaintKind::Failed && class == Some(Class::Absent);
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
            nothing_can_be_inconsistent(controller);
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

    /// What an output without a controller's name says belongs to the only controller there is. Of
    /// several, nobody knows which one is meant; but what a named one says too is said.
    fn name_the_nameless(&mut self) {
        let Some(mut nameless) = self.controllers.remove(&None) else {
            return;
        };
        let mut named = self.controllers.values_mut();
        if let (Some(only), None) = (named.next(), named.next()) {
            if let Some(log) = nameless.events.take() {
                add_events(&mut only.events, log);
            }
            only.fill_from(nameless);
            return;
        }
        let logs = || {
            self.controllers
                .values()
                .filter_map(|it| it.events.as_ref())
        };
        let is_said = |event: &Event| logs().any(|log| log.events.contains(event));
        let said = |log: &mut EventLog| !log.events.is_empty() && log.events.iter().all(is_said);
        let repeats = nameless.events.take_if(said).is_some();
        // That something does not run on some drive of one of them tells nothing.
        let idle = |operations: &mut Vec<Operation>| {
            !self.controllers.is_empty() && !operations.iter().any(Operation::is_running)
        };
        let is_idle = nameless.drive_operations.take_if(idle).is_some();
        // The same target ids stand there for each of them.
        let is_anybodys = !self.controllers.is_empty() && nameless.consistency.take().is_some();
        if is_anybodys {
            self.fail(Part::Consistency, Unread::NotAvailable);
        }
        if !((repeats || is_idle || is_anybodys) && nameless == Controller::default()) {
            self.controllers.insert(None, nameless);
        }
    }
}

/// A scan tells how many there are: none is all that needs to be known of none.
fn count_foreign(controller: &mut Controller, count: u32) {
    if count == 0 {
        controller.foreign.get_or_insert_default();
    } else if controller.foreign.is_none() {
        let words = format!("the scan counts {count}, and shows none");
        let unread = &mut controller.unread;
        unread
            .entry(Part::ForeignConfigurations)
            .or_insert(Unread::Failed(words));
    }
}

/// Captures often hold several files of one log: of each class, of the newest events. Each event that
/// has a number is kept once; of events without one, those of the first file are.
fn add_events(place: &mut Option<EventLog>, new: EventLog) {
    let Some(known) = place else {
        *place = Some(new);
        return;
    };
    known.logged = known.logged.or(new.logged);
    let numbers: HashSet<_> = known.events.iter().map(|event| event.sequence).collect();
    let is_new = |event: &Event| event.sequence.is_some() && !numbers.contains(&event.sequence);
    known.events.extend(new.events.into_iter().filter(is_new));
}

/// Adds `new` to what is known to run.
fn add_operations(known: &mut Vec<Operation>, new: Vec<Operation>) {
    for operation in new {
        add_operation(known, operation);
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
    // Names and serial numbers may hold any byte; they are understood all the same.
    let damaged = parsed
        .leftovers()
        .iter()
        .filter(|leftover| leftover.text.contains(char::REPLACEMENT_CHARACTER));
    Asked {
        part: answer.question.part,
        source: answer.source.clone(),
        exit_code: parsed.ending().code(),
        complaints: Vec::new(),
        gaps: parsed
            .gaps()
            .iter()
            .map(|gap| lines(gap.line, &gap.what))
            .chain(damaged.map(|it| lines(it.line, "it is damaged and cannot be understood")))
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

/// Whether the words tell that there is nothing to show, which explains itself and is no failure.
fn says_nothing_there(kind: ComplaintKind) -> bool {
    matches!(
        kind,
        ComplaintKind::NoVirtualDrives
            | ComplaintKind::NoPhysicalDrives
            | ComplaintKind::ControllerAbsent
            | ComplaintKind::PhysicalDriveAbsent
            | ComplaintKind::VirtualDriveAbsent
    )
}

/// The tool's words, with the firmware's sentence behind them, or else with what the status says.
fn said(complaint: &Complaint, status: Status) -> String {
    if says_nothing_there(complaint.kind) {
        return complaint.text.clone();
    }
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

/// Of a controller without virtual drives, nobody has to ask.
fn nothing_can_be_inconsistent(controller: &mut Controller) {
    let drives = controller.virtual_drives.as_ref();
    if drives.is_some_and(Vec::is_empty) {
        controller.consistency.get_or_insert_default();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::question::questions;

    const CROSS: &str = "Adapter 0: Failed to get the list.\n";

    /// The preferred question of `part`, or the one after it.
    fn question(part: Part, place: usize) -> Question {
        questions(part).nth(place).unwrap()
    }

    fn read(answers: &[(Question, &str)], parts: &[Part]) -> Reading {
        let mut assembly = Assembly::default();
        for &(question, text) in answers {
            assembly.add(Answer::read(question, text, "FILE".to_owned()));
        }
        assembly.finish(parts, "capture".to_owned(), false)
    }

    /// What `-PDList` prints of one controller with one drive.
    fn drives(controller: u32, slot: u32, end: &str) -> String {
        format!("Adapter #{controller}\n\n{}{end}", drive(slot))
    }

    fn drive(slot: u32) -> String {
        format!(
            "Enclosure Device ID: 252\nSlot Number: {slot}\nDevice Id: {slot}\n\
             Firmware state: Online, Spun Up\n\n"
        )
    }

    fn slots(controller: &Controller) -> Vec<u32> {
        let drives = controller.physical_drives.iter().flatten();
        drives.filter_map(|drive| Some(drive.slot?.0)).collect()
    }

    #[test]
    fn a_complaint_without_the_firmwares_words_carries_the_decoded_status() {
        let text = format!("{CROSS}Exit Code: 0x32\n");
        let part = Part::PhysicalDrives;
        let reading = read(&[(question(part, 0), &text)], &[part]);
        let meaning = status::entry(0x32).unwrap().meaning.trim_end_matches('.');
        let words = format!("Adapter 0: Failed to get the list. (exit code 0x32: {meaning})");
        let unread = reading.controllers[0].unread.get(&part);
        assert_eq!(unread, Some(&Unread::Failed(words.clone())));
        assert_eq!(reading.asked[0].complaints, [words]);
    }

    #[test]
    fn the_firmwares_words_are_enough_and_a_success_decodes_to_nothing() {
        let part = Part::PhysicalDrives;
        for (end, expected) in [
            (
                "FW error description:\n The device was not found.\n\nExit Code: 0x0c\n",
                "Adapter 0: Failed to get the list. (The device was not found)",
            ),
            ("Exit Code: 0x00\n", "Adapter 0: Failed to get the list."),
            (
                "Exit Code: 0x01\n",
                "Adapter 0: Failed to get the list. (exit code 0x01)",
            ),
        ] {
            let text = format!("{CROSS}{end}");
            let reading = read(&[(question(part, 0), &text)], &[part]);
            assert_eq!(reading.asked[0].complaints, [expected]);
        }
    }

    #[test]
    fn what_the_firmware_does_not_know_is_no_failure() {
        let part = Part::PreservedCache;
        let text = format!("{CROSS}Exit Code: 0x02\n");
        let reading = read(&[(question(part, 0), &text)], &[part]);
        let unread = reading.controllers[0].unread.get(&part);
        assert!(matches!(unread, Some(Unread::Unsupported(_))), "{unread:?}");
    }

    /// What `-LdPdInfo` prints of controllers with one virtual drive each.
    fn virtual_drives(controllers: u32) -> String {
        let of = |id| {
            format!(
                "\nAdapter #{id}\n\nNumber of Virtual Disks: 1\n\
                 Virtual Drive: 0 (Target Id: 0)\nState: Optimal\n\n"
            )
        };
        (0..controllers).map(of).collect()
    }

    #[test]
    fn consistency_without_a_name_is_that_of_the_only_controller_and_else_nobodys() {
        let parts = [Part::VirtualDrives, Part::Consistency];
        let consistent = "Virtual Drive:00(Target ID 00): Consistent.\n";
        for controllers in 1..=2 {
            let (list, said) = (virtual_drives(controllers), consistent.repeat(2));
            let answers = [
                (question(parts[0], 0), list.as_str()),
                (question(parts[1], 0), said.as_str()),
            ];
            let reading = read(&answers, &parts);
            assert_eq!(reading.controllers.len(), controllers as usize);
            for controller in &reading.controllers {
                let is_known = controller.consistency.is_some();
                assert_eq!(is_known, controllers == 1);
                let unread = controller.unread.get(&Part::Consistency);
                assert_eq!(unread, (!is_known).then_some(&Unread::NotAvailable));
            }
        }
    }

    #[test]
    fn a_tool_that_does_not_know_consistency_lacks_it() {
        let parts = [Part::VirtualDrives, Part::Consistency];
        let refused = "Invalid input at or near token Consistency\n\nExit Code: 0x01\n";
        let list = virtual_drives(1);
        let answers = [
            (question(parts[0], 0), list.as_str()),
            (question(parts[1], 0), refused),
        ];
        let reading = read(&answers, &parts);
        let unread = reading.controllers[0].unread.get(&Part::Consistency);
        assert!(matches!(unread, Some(Unread::Unsupported(_))), "{unread:?}");
    }

    #[test]
    fn of_several_controllers_one_fails_and_the_other_is_read() {
        let part = Part::PhysicalDrives;
        let text = drives(
            0,
            4,
            "Adapter 1: Failed to get the list.\nExit Code: 0x0c\n",
        );
        let reading = read(&[(question(part, 0), &text)], &[part]);
        assert_eq!(reading.controllers.len(), 2);
        assert_eq!(slots(&reading.controllers[0]), [4]);
        assert!(reading.controllers[0].unread.is_empty());
        let unread = reading.controllers[1].unread.get(&part);
        assert!(matches!(unread, Some(Unread::Failed(_))), "{unread:?}");
        assert!(reading.asked[0].gaps.is_empty());
    }

    #[test]
    fn a_failure_in_the_middle_of_a_good_answer_is_a_gap() {
        let part = Part::PhysicalDrives;
        let text = drives(0, 4, &format!("{CROSS}Exit Code: 0x01\n"));
        let reading = read(&[(question(part, 0), &text)], &[part]);
        assert_eq!(slots(&reading.controllers[0]), [4]);
        assert_eq!(reading.asked[0].gaps.len(), 1);
    }

    #[test]
    fn a_failure_that_another_answer_makes_good_is_forgotten() {
        let part = Part::PhysicalDrives;
        let good = drives(0, 4, "Exit Code: 0x00\n");
        let bad = format!("{CROSS}Exit Code: 0x01\n");
        let question = question(part, 0);
        for answers in [
            [(question, &*good), (question, &*bad)],
            [(question, &bad), (question, &good)],
        ] {
            let reading = read(&answers, &[part]);
            assert!(reading.controllers[0].unread.is_empty());
            assert!(reading.asked.iter().all(|asked| asked.gaps.is_empty()));
        }
    }

    #[test]
    fn single_drives_add_up_and_are_not_taken_for_all() {
        let part = Part::PhysicalDrives;
        let single = |slot| format!("Adapter #0\n\n{}Exit Code: 0x00\n", drive(slot));
        let one = question(part, 1);
        let reading = read(
            &[(one, &single(1)), (one, &single(2)), (one, &single(1))],
            &[part],
        );
        let controller = &reading.controllers[0];
        assert_eq!(slots(controller), [1, 2]);
        assert!(matches!(
            controller.unread.get(&part),
            Some(Unread::Partial(_))
        ));
        let list = drives(0, 7, "Exit Code: 0x00\n");
        let reading = read(&[(question(part, 0), &list), (one, &single(1))], &[part]);
        assert_eq!(slots(&reading.controllers[0]), [7]);
        assert!(reading.controllers[0].unread.is_empty());
    }

    #[test]
    fn the_members_stand_in_for_the_drives_and_do_not_hide_a_failure() {
        let members = format!(
            "Adapter #0\n\nNumber of Virtual Disks: 1\nVirtual Drive: 0 (Target Id: 0)\n\
             State : Optimal\nNumber of Spans: 1\nSpan: 0 - Number of PDs: 1\n\n\
             PD: 0 Information\n{}Exit Code: 0x00\n",
            drive(3)
        );
        let (pd, vd) = (Part::PhysicalDrives, Part::VirtualDrives);
        let members = (question(vd, 0), &*members);
        let reading = read(&[members], &[vd]);
        assert_eq!(slots(&reading.controllers[0]), [3]);
        let unread = reading.controllers[0].unread.get(&pd);
        assert!(matches!(unread, Some(Unread::Partial(_))), "{unread:?}");
        let failed = format!("{CROSS}Exit Code: 0x01\n");
        let reading = read(&[members, (question(pd, 0), &failed)], &[vd, pd]);
        assert_eq!(slots(&reading.controllers[0]), [3]);
        let unread = reading.controllers[0].unread.get(&pd);
        assert!(matches!(unread, Some(Unread::Failed(_))), "{unread:?}");
    }

    #[test]
    fn no_battery_without_a_name_is_placed_only_where_there_is_one_controller() {
        let absent = "FW error description: \n The required hardware component is not present.  \n\n\
                      Exit Code: 0x22\n";
        let battery = (question(Part::CacheProtection, 0), absent);
        let pd = question(Part::PhysicalDrives, 0);
        let parts = [Part::CacheProtection];
        let (first, second) = (drives(0, 1, ""), drives(1, 1, ""));
        let one = read(&[battery, (pd, &first)], &parts);
        assert_eq!(one.controllers.len(), 1);
        assert_eq!(one.controllers[0].cache_protection, Some(None));
        let two = read(&[battery, (pd, &first), (pd, &second)], &parts);
        assert_eq!(two.controllers.len(), 2);
        for controller in &two.controllers {
            assert!(controller.unread.contains_key(&Part::CacheProtection));
        }
    }

    #[test]
    fn that_nothing_runs_on_an_unnamed_drive_makes_no_controller() {
        let idle = "\nDevice(Encl-252 Slot-0) is not in rebuild process\n\nExit Code: 0x00\n";
        let running = "\nRebuild Progress on Device at Enclosure 252, Slot 0 Completed 36% in 43 Minutes.\n\n\
                       Exit Code: 0x00\n";
        let pd = question(Part::PhysicalDrives, 0);
        let parts = [Part::PhysicalDrives, Part::DriveOperations];
        let (first, second) = (drives(0, 1, ""), drives(1, 1, ""));
        let controllers = |progress| {
            let progress = (question(Part::DriveOperations, 0), progress);
            read(&[(pd, &first), (pd, &second), progress], &parts)
                .controllers
                .len()
        };
        assert_eq!(controllers(idle), 2);
        assert_eq!(controllers(running), 3);
    }

    #[test]
    fn a_part_that_nobody_mentions_is_unread_all_the_same() {
        let list = drives(0, 1, "");
        let reading = read(
            &[(question(Part::PhysicalDrives, 0), &list)],
            &[Part::Enclosures],
        );
        let silent = Unread::Failed(SILENT.to_owned());
        let unread = reading.controllers[0].unread.get(&Part::Enclosures);
        assert_eq!(unread, Some(&silent));
    }

    /// A file with events: `controller` in its head, the numbers of the events.
    fn event_file(head: &str, numbers: &[u32]) -> String {
        let event = |number| {
            format!(
                "seqNum: {number:#010x}\nCode: 0x00000001\nClass: 0\nLocale: 0x20\n\
                 Event Description: event\nEvent Data:\n===========\nNone\n\n\n"
            )
        };
        head.to_owned() + &numbers.iter().map(event).collect::<String>()
    }

    fn numbers(controller: &Controller) -> Vec<u64> {
        let log = controller.events.iter();
        log.flat_map(|log| &log.events)
            .filter_map(|event| event.sequence)
            .collect()
    }

    #[test]
    fn several_files_of_one_log_add_up() {
        let part = Part::Events;
        let question = question(part, 0);
        let class = event_file("Adapter: 0 - Number of Events : 4\n\n", &[1, 3]);
        let all = event_file("Adapter: 0 - Number of Events : 4\n\n", &[1, 2, 3]);
        let latest = event_file("", &[4, 3]);
        let reading = read(
            &[(question, &class), (question, &all), (question, &latest)],
            &[part],
        );
        assert_eq!(reading.controllers.len(), 1);
        assert_eq!(numbers(&reading.controllers[0]), [1, 3, 2, 4]);
    }

    #[test]
    fn events_of_nobody_are_shown_only_where_no_controller_tells_of_them() {
        let part = Part::Events;
        let question = question(part, 0);
        let both = event_file("Adapter: 0 - Number of Events : 2\n\n", &[1, 2])
            + &event_file("Adapter: 1 - Number of Events : 1\n\n", &[7]);
        let ids = |latest: &str| {
            let reading = read(&[(question, &both), (question, latest)], &[part]);
            let ids = reading.controllers.iter().map(|it| it.id.map(|id| id.0));
            ids.collect::<Vec<_>>()
        };
        assert_eq!(ids(&event_file("", &[2, 7])), [Some(0), Some(1)]);
        assert_eq!(ids(&event_file("", &[3, 2])), [None, Some(0), Some(1)]);
    }

    #[test]
    fn bytes_that_are_no_text_are_told_and_break_nothing() {
        let part = Part::PhysicalDrives;
        let text = drives(0, 1, "Inquiry Data: ABC\u{fffd}\nExit Code: 0x00\n");
        let reading = read(&[(question(part, 0), &text)], &[part]);
        assert!(reading.asked[0].gaps.is_empty());
        assert!(
            reading.asked[0]
                .leftovers
                .iter()
                .any(|line| line.contains("UTF-8"))
        );
    }
}
