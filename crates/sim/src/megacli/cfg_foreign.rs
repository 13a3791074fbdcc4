//! `-CfgForeign`: configurations that drives brought from elsewhere.

use super::answer::line;
use super::disk_group::{DiskGroup, Headings};
use super::firmware_status::explain;
use super::virtual_drive::{self, Configuration};
use super::{Answer, Arguments, drive, opcode, selected, selected_mut};
use crate::firmware::configuration;
use crate::state::{Array, Controller, Drive, ForeignConfiguration, Host, VirtualState};

/// `-CfgForeign -Scan`.
pub(super) fn scan(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected(host, arguments) {
        match controller.foreign.len() {
            0 => put_none(number, answer),
            count => line!(
                answer,
                "There are {count} foreign configuration(s) on controller {number}."
            ),
        }
    }
}

/// `-CfgForeign -Dsply`, all or the one with a number.
pub(super) fn display(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected(host, arguments) {
        for (index, foreign) in wanted(number, controller, arguments, answer) {
            line!(
                answer,
                "Foreign configuration {index} on controller {number}:"
            );
            put_all(controller, &[foreign], false, answer);
        }
    }
}

/// `-CfgForeign -Preview`: what an import of all, or of the one with a number, would make.
pub(super) fn preview(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected(host, arguments) {
        let found = wanted(number, controller, arguments, answer);
        if index(arguments).is_some() {
            for (index, foreign) in found {
                line!(
                    answer,
                    "Foreign configuration {index} on controller {number}(after import):"
                );
                put_all(controller, &[foreign], false, answer);
            }
        } else if !found.is_empty() {
            line!(
                answer,
                "Foreign configuration on controller {number}(After import):"
            );
            let all: Vec<_> = found.into_iter().map(|(_, foreign)| foreign).collect();
            put_all(controller, &all, true, answer);
        }
    }
}

/// `-CfgForeign -Import`, all or the one with a number. Whether the configuration is complete the
/// captured firmware did not ask.
pub(super) fn import(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected_mut(host, arguments) {
        let which = indices(number, controller, arguments, answer);
        let Some(last) = which.last() else {
            continue;
        };
        let name = match index(arguments) {
            Some(_) => format!("oreign configuration {last} "),
            None => "oreign configuration ".to_owned(),
        };
        let done = controller.allows(opcode::FOREIGN_IMPORT).map(|()| {
            for (gone, index) in which.into_iter().enumerate() {
                configuration::import(controller, index - gone);
            }
        });
        match done {
            Ok(()) => line!(answer, "F{name}is imported on controller {number}."),
            Err(why) => {
                line!(answer, "Failed to import f{name}on controller {number}.");
                explain(why, answer);
            }
        }
    }
}

/// `-CfgForeign -Clear`, all or the one with a number: what their drives hold is lost.
pub(super) fn clear(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected_mut(host, arguments) {
        let mut gone = 0;
        for index in indices(number, controller, arguments, answer) {
            match controller.allows(opcode::FOREIGN_CLEAR) {
                Ok(()) => {
                    configuration::clear(controller, index - gone);
                    gone += 1;
                    let words = format!("Foreign configuration {index} is cleared on");
                    line!(answer, "{words} controller {number}.");
                }
                Err(why) => {
                    let words = format!("Failed to clear Foreign configuration {index} on");
                    line!(answer, "{words} controller {number}.");
                    explain(why, answer);
                }
            }
        }
    }
}

/// The numbers of the configurations that the command line means, or words for their absence.
fn indices(
    number: u32,
    controller: &Controller,
    arguments: &Arguments,
    answer: &mut Answer,
) -> Vec<usize> {
    let found = wanted(number, controller, arguments, answer);
    found.into_iter().map(|(index, _)| index).collect()
}

/// The number behind the verb.
fn index(arguments: &Arguments) -> Option<usize> {
    arguments.word(2).parse().ok()
}

/// The configurations that the command line means, or words for their absence.
fn wanted<'a>(
    number: u32,
    controller: &'a Controller,
    arguments: &Arguments,
    answer: &mut Answer,
) -> Vec<(usize, &'a ForeignConfiguration)> {
    if controller.foreign.is_empty() {
        put_none(number, answer);
        return Vec::new();
    }
    let all = controller.foreign.iter().enumerate();
    let Some(wanted) = index(arguments) else {
        return all.collect();
    };
    let found: Vec<_> = all.filter(|(index, _)| *index == wanted).collect();
    if found.is_empty() {
        line!(
            answer,
            "Foreign configuration {wanted} does not exist on controller {number}."
        );
    }
    found
}

fn put_none(number: u32, answer: &mut Answer) {
    line!(
        answer,
        "There is no foreign configuration on controller {number}."
    );
}

/// The drive groups; if `warns`, with what stands in the way of an import.
fn put_all(
    controller: &Controller,
    all: &[&ForeignConfiguration],
    warns: bool,
    answer: &mut Answer,
) {
    let groups = |foreign: &ForeignConfiguration| {
        DiskGroup::all(&foreign.arrays, &foreign.virtual_drives).len()
    };
    let count: usize = all.iter().map(|foreign| groups(foreign)).sum();
    line!(answer, "Number of DISK GROUPS: {count}");
    line!(answer);
    let mut headings = Headings::default();
    for foreign in all {
        for group in DiskGroup::all(&foreign.arrays, &foreign.virtual_drives) {
            line!(answer, "{}", headings.next(&group));
            line!(answer, "Number of Spans: {}", group.spans.len());
            for (span, array) in group.spans.iter().enumerate() {
                line!(answer, "SPAN: {span}");
                line!(answer, "Virtual Drive Information:");
                for (index, drive) in group.drives.iter().enumerate() {
                    let configuration = Configuration::foreign(controller, foreign);
                    virtual_drive::block(answer, configuration, index, drive);
                    if warns && drive.state == VirtualState::Offline {
                        line!(
                            answer,
                            "Virtual disks could not be imported: One or more drives are missing. "
                        );
                        line!(answer, "Insert the missing drive(s) and re-scan.");
                    }
                }
                put_members(controller, array, answer);
            }
        }
    }
}

/// The members. In this output MegaCLI does not call them foreign.
fn put_members(controller: &Controller, array: &Array, answer: &mut Answer) {
    line!(answer, "Physical Disk Information:");
    for (arm, member) in array.members.iter().enumerate() {
        line!(answer, "Physical Disk: {arm}");
        if let Some(member) = member.and_then(|member| controller.drive(member)) {
            let member = Drive {
                foreign: false,
                ..member.clone()
            };
            drive::block(answer, controller, &member);
        } else {
            line!(answer, "This Physical Disk is Missing.");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::megacli;
    use crate::state::{
        Array, Controller, ForeignConfiguration, Host, Span, VirtualDrive, VirtualState,
    };

    /// Two configurations, each with a drive group and a virtual drive; the second one's is incomplete.
    fn host() -> Host {
        let foreign = |name: &str, state| ForeignConfiguration {
            arrays: vec![Array {
                members: vec![None],
                ..Array::default()
            }],
            virtual_drives: vec![VirtualDrive {
                name: name.to_owned(),
                state,
                spans: vec![Span::default()],
                ..VirtualDrive::default()
            }],
            ..ForeignConfiguration::default()
        };
        Host {
            controllers: vec![Controller {
                foreign: vec![
                    foreign("one", VirtualState::Optimal),
                    foreign("two", VirtualState::Offline),
                ],
                ..Controller::default()
            }],
            ..Host::default()
        }
    }

    fn lines(command: &str) -> Vec<String> {
        let line: Vec<&str> = command.split(' ').collect();
        let text = megacli::run(&mut host(), &line).text();
        let told = [
            "Foreign",
            "There",
            "Number of DISK",
            "DISK",
            "Name",
            "Insert",
        ];
        let is_told = |line: &&str| told.iter().any(|word| line.starts_with(word));
        text.lines().filter(is_told).map(str::to_owned).collect()
    }

    #[test]
    fn several_configurations_are_shown_one_by_one_and_previewed_as_one() {
        assert_eq!(
            lines("-CfgForeign -Scan -a0"),
            ["There are 2 foreign configuration(s) on controller 0."]
        );
        assert_eq!(
            lines("-CfgForeign -Dsply -a0"),
            [
                "Foreign configuration 0 on controller 0:",
                "Number of DISK GROUPS: 1",
                "DISK GROUP: 0",
                "Name                :one",
                "Foreign configuration 1 on controller 0:",
                "Number of DISK GROUPS: 1",
                "DISK GROUP: 0",
                "Name                :two",
            ]
        );
        assert_eq!(
            lines("-CfgForeign -Preview -a0"),
            [
                "Foreign configuration on controller 0(After import):",
                "Number of DISK GROUPS: 2",
                "DISK GROUP: 0",
                "Name                :one",
                "DISK GROUP: 1",
                "Name                :two",
                "Insert the missing drive(s) and re-scan.",
            ]
        );
        assert_eq!(
            lines("-CfgForeign -Preview 1 -a0")
                .first()
                .map(String::as_str),
            Some("Foreign configuration 1 on controller 0(after import):")
        );
    }
}
