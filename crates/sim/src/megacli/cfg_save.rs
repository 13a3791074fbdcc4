//! `-CfgSave` and `-CfgRestore`: the configuration in a file.

use super::answer::line;
use super::{Answer, Arguments, opcode, selected_mut};
use crate::firmware::saved_configuration;
use crate::state::Host;

/// `-CfgSave -f FILE`.
pub(super) fn save(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    let Some(name) = &arguments.file else {
        answer.reject("");
        return;
    };
    let mut saved = Vec::new();
    for (_, controller) in selected_mut(host, arguments) {
        if controller.fault(opcode::CONFIGURATION).is_some() {
            // No capture shows it: the words are those of the failed restoration, turned round.
            line!(answer, "Failed to save config data.");
            answer.status = 1;
            continue;
        }
        saved.push(saved_configuration::save(controller));
        line!(answer, "Config data is saved to the file.");
    }
    if let Some(text) = saved.pop() {
        host.files.insert(name.clone(), text.clone());
        answer.files.push((name.clone(), text));
    }
}

/// `-CfgRestore -f FILE`.
pub(super) fn restore(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    let file = arguments.file.as_ref();
    // One that the host saved, or one that somebody brings.
    let text = file.and_then(|name| {
        let known = host.files.get(name).cloned();
        known.or_else(|| std::fs::read_to_string(name).ok())
    });
    for (_, controller) in selected_mut(host, arguments) {
        let text = text.as_deref();
        let is_restored = text.is_some_and(|text| {
            let done = controller
                .allows(opcode::CONFIGURATION_ADD)
                .and_then(|()| saved_configuration::restore(controller, text));
            done.is_ok()
        });
        if is_restored {
            line!(answer, "Config data is restored to the adapter.");
        } else {
            line!(answer, "Failed to restore config data.");
            answer.status = 1;
        }
    }
}
