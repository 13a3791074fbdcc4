//! `-CfgLdAdd` and `-CfgSpanAdd`: virtual drives are made of drives that the command line names.

use super::answer::{line, put};
use super::firmware_status::explain;
use super::virtual_drive_order::{level, list_behind, order};
use super::{Answer, Arguments, Bay, drive, opcode, selected_mut};
use crate::firmware::creation::{self, Order, Unfit};
use crate::firmware::status;
use crate::state::{Controller, DeviceId, Host};

/// `-CfgLdAdd -r5[252:0,252:1,252:2] …`.
pub(super) fn one_span(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    let spans: Option<Vec<Vec<Bay>>> = list_behind(arguments, "-r").map(|bays| vec![bays]);
    configure(host, arguments, answer, &spans.unwrap_or_default());
}

/// `-CfgSpanAdd -r10 -Array0[252:0,252:1] -Array1[252:2,252:3] …`.
pub(super) fn several_spans(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    let spans = (0..).map_while(|number| list_behind(arguments, &format!("-array{number}")));
    let spans: Vec<Vec<Bay>> = spans.collect();
    if spans.len() < 2 {
        line!(answer);
        let words = "At least two arrays must be specified to configure spanned VD.";
        line!(answer, "{words}");
        answer.status = status::INVALID_ARGUMENTS;
        return;
    }
    configure(host, arguments, answer, &spans);
}

fn configure(host: &mut Host, arguments: &Arguments, answer: &mut Answer, spans: &[Vec<Bay>]) {
    let Some(level) = level(arguments).filter(|_| !spans.is_empty()) else {
        let word = arguments.words.get(1).cloned().unwrap_or_default();
        answer.reject(&word);
        return;
    };
    for (number, controller) in selected_mut(host, arguments) {
        let found = spans
            .iter()
            .map(|span| find(controller, span, answer))
            .collect();
        let found: Option<Vec<Vec<DeviceId>>> = found;
        let Some(drives) = found else {
            fail(answer, number, status::NO_SUCH_DEVICE);
            continue;
        };
        if !can_be_used(controller, &drives, answer) {
            continue;
        }
        let level = match level {
            Ok(level) => level,
            Err(why) => {
                fail(answer, number, why);
                continue;
            }
        };
        let spares = list_behind(arguments, "-hsp").unwrap_or_default();
        let found = spares
            .iter()
            .filter_map(|&bay| drive::in_bay(controller, bay).ok());
        let order = Order {
            spans: drives,
            spares: found.map(|drive| drive.device_id).collect(),
            ..order(controller, arguments, level)
        };
        let Ok(targets) = make(controller, number, &order, answer) else {
            continue;
        };
        created(answer, number, &targets, &order);
        for bay in spares {
            // The blank after the colon stands in the captures.
            put!(answer, "Adapter: {number}: Set Physical Drive at ");
            let enclosure = bay.enclosure.map(|it| it.to_string()).unwrap_or_default();
            let slot = bay.slot;
            line!(
                answer,
                "EnclId-{enclosure} SlotId-{slot} as Hot Spare Success."
            );
        }
        configured(answer, number);
    }
}

/// `Adapter 0: Created VD 1`, for each.
pub(super) fn created(answer: &mut Answer, number: u32, targets: &[u16], order: &Order) {
    for target in targets {
        line!(answer, "Adapter {number}: Created VD {target}");
        if order.is_cached {
            line!(answer, "Successfully assigned VD to Cache");
        }
    }
}

/// All went well.
pub(super) fn configured(answer: &mut Answer, number: u32) {
    line!(answer);
    line!(answer, "Adapter {number}: Configured the Adapter!!");
}

/// The drives in these bays; the first bay without one is named.
pub(super) fn find(
    controller: &Controller,
    bays: &[Bay],
    answer: &mut Answer,
) -> Option<Vec<DeviceId>> {
    let find = |&bay: &Bay| drive::in_bay(controller, bay).map(|drive| drive.device_id);
    match bays.iter().map(find).collect() {
        Ok(drives) => Some(drives),
        Err(Bay { enclosure, slot }) => {
            let enclosure = enclosure.map(|it| it.to_string()).unwrap_or_default();
            line!(answer);
            line!(answer, "Device at [{enclosure} : {slot}] is not Disk");
            None
        }
    }
}

/// Whether virtual drives can be made of these drives; says why not. The tool asks that itself.
pub(super) fn can_be_used(
    controller: &Controller,
    spans: &[Vec<DeviceId>],
    answer: &mut Answer,
) -> bool {
    let mut unfit = spans
        .iter()
        .filter_map(|drives| creation::check_drives(controller, drives).err());
    match unfit.next() {
        None => return true,
        Some(Unfit::OtherArray) => {
            line!(answer, "Drives are not consistent with configured Array.");
            answer.status = status::INVALID_ARGUMENTS;
        }
        Some(Unfit::State) => {
            let words = "The specified physical disk does not have the appropriate attributes to \
                         complete \nthe requested command.";
            line!(answer, "{words}");
            answer.status = status::WRONG_KIND;
        }
    }
    false
}

/// Makes what `order` asks for; says why not. The tool lays it out itself, and then has no words for what
/// does not fit; what the firmware refuses it explains.
pub(super) fn make(
    controller: &mut Controller,
    number: u32,
    order: &Order,
    answer: &mut Answer,
) -> Result<Vec<u16>, ()> {
    let plan = creation::plan(controller, order).map_err(|why| fail(answer, number, why))?;
    let added = controller
        .allows(opcode::CONFIGURATION_ADD)
        .and_then(|()| creation::add(controller, plan));
    added.map_err(|why| {
        fail(answer, number, why);
        explain(why, answer);
    })
}

/// `Configure Adapter Failed`.
pub(super) fn fail(answer: &mut Answer, number: u32, status: u16) {
    line!(answer);
    line!(answer, "Adapter {number}: Configure Adapter Failed");
    answer.status = status;
}
