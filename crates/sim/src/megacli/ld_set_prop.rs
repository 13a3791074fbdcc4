//! `-LDSetProp` and `-LDSetPowerPolicy`: a property of virtual drives is set.

use super::answer::line;
use super::firmware_status::explain;
use super::virtual_drive_order::{cache_bits, power_policy};
use super::{Answer, Arguments, opcode, selected_mut, targets};
use crate::firmware::virtual_drives::{self, Property};
use crate::state::Host;
use crate::state::bits::virtual_drive_operations;

/// What a word sets: how the tool calls it, and the property; no property for a word that changes
/// nothing.
fn meaning(arguments: &Arguments) -> Option<(String, Option<Property>)> {
    let word = arguments.word(1);
    let word = word.trim_start_matches('-');
    if let Some((clear, set)) = cache_bits(word) {
        let name = match word {
            "wt" => "Write Policy to WriteThrough",
            "wb" => "Write Policy to WriteBack",
            "forcedwb" => "Write Policy to Forced WriteBack",
            "nora" => "Read Policy to NoReadAhead",
            "ra" => "Read Policy to ReadAhead",
            "adra" => "Read Policy to Adaptive ReadAhead",
            "direct" => "Cache Policy to Direct",
            "cached" => "Cache Policy to Cached",
            "cachedbadbbu" => "Write Cache OK if bad BBU",
            _ => "No Write Cache if bad BBU",
        };
        return Some((name.to_owned(), Some(Property::Cache(clear, set))));
    }
    let (name, property) = match word {
        "rw" => ("Access Policy to Read/Write", Property::Access(0)),
        "ro" => ("Access Policy to Read Only", Property::Access(2)),
        "blocked" => ("Access Policy to Blocked", Property::Access(3)),
        "endskcache" => ("Disk Cache Policy to Enabled", Property::DriveCache(1)),
        "disdskcache" => ("Disk Cache Policy to Disabled", Property::DriveCache(2)),
        // The tool says nothing about it.
        "removeblocked" => ("", Property::Access(0)),
        "name" => {
            let name = arguments.words.get(2)?;
            return Some((
                format!("name to {name}"),
                Some(Property::Name(name.clone())),
            ));
        }
        // No virtual drive of the simulator has protection information. No capture shows it.
        "dsblpi" => return Some(("Protection Information to Disabled".to_owned(), None)),
        _ => return None,
    };
    Some((name.to_owned(), Some(property)))
}

/// `-LDSetProp WT -L0`.
pub(super) fn answer(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    let Some((name, property)) = meaning(arguments) else {
        let word = arguments.words.get(1).cloned().unwrap_or_default();
        answer.reject(&word);
        return;
    };
    set(host, arguments, answer, &name, property.as_ref());
}

/// `-LDSetPowerPolicy -Automatic -L0`: no capture shows it; the words are those of `-LDSetProp`.
pub(super) fn power(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    let word = arguments.words.get(1).cloned().unwrap_or_default();
    let Some(policy) = power_policy(&word) else {
        answer.reject(&word);
        return;
    };
    for (_, controller) in selected_mut(host, arguments) {
        if controller.info.virtual_drive_operations & virtual_drive_operations::POWER_SAVINGS == 0 {
            // As `-LDGetProp -PSPolicy` has it.
            let words = "Adapter does not support Power savings on logical drives.";
            line!(answer, "{words}");
            answer.status = 1;
            return;
        }
    }
    let name = format!("Power Saving Policy to {}", word.trim_start_matches('-'));
    set(
        host,
        arguments,
        answer,
        &name,
        Some(&Property::PowerPolicy(policy)),
    );
}

fn set(
    host: &mut Host,
    arguments: &Arguments,
    answer: &mut Answer,
    name: &str,
    property: Option<&Property>,
) {
    for (number, controller) in selected_mut(host, arguments) {
        let wanted = targets::wanted(controller, arguments);
        let wanted: Vec<_> = wanted
            .into_iter()
            .map(|it| it.map(|it| it.target))
            .collect();
        for target in wanted {
            let target = match target {
                Ok(target) => target,
                Err(target) => {
                    targets::say_missing(answer, number, target);
                    continue;
                }
            };
            let done = controller
                .allows(opcode::SET_VIRTUAL_DRIVE)
                .and_then(|()| match property {
                    Some(property) => virtual_drives::set(controller, target, property),
                    None => Ok(()),
                });
            match done {
                Ok(()) if name.is_empty() => {}
                Ok(()) => line!(
                    answer,
                    "Set {name} on Adapter {number}, VD {target} (target id: {target}) success"
                ),
                Err(why) => {
                    let place = format!("on Adapter {number}, VD {target}.");
                    line!(answer, "Failed to set {name} {place}");
                    explain(why, answer);
                }
            }
        }
    }
}
