//! `-v` and `-Version`: versions of MegaCLI, of the driver and of the controllers.

use super::answer::line;
use super::{Answer, Arguments, selected};
use crate::state::Host;

/// `-v`.
pub(super) fn answer(_: &Host, _: &Arguments, answer: &mut Answer) {
    name(answer);
}

/// `-Version -Cli`: as often as there are controllers.
pub(super) fn tool(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for _ in selected(host, arguments) {
        name(answer);
    }
}

fn name(answer: &mut Answer) {
    line!(answer);
    line!(
        answer,
        "      MegaCLI SAS RAID Management Tool  Ver 8.07.14 Dec 16, 2013"
    );
    line!(answer);
    line!(
        answer,
        "    (c)Copyright 2013, LSI Corporation, All Rights Reserved."
    );
}

/// `-Version -Ctrl`.
pub(super) fn controller(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (_, controller) in selected(host, arguments) {
        let firmware = controller.images.iter().find(|image| image.name == "APP");
        line!(answer, "\t\tCTRL VERSION:");
        line!(answer, "\t\t================");
        line!(answer);
        line!(answer, "Product Name : {}", controller.info.product);
        line!(answer, "Serial No : {}", controller.manufacturing.serial);
        line!(answer, "Fw Package Build : {}", controller.info.package);
        if let Some(firmware) = firmware {
            line!(answer, "FW Version : {}", firmware.version);
        }
    }
}

/// `-Version -Driver`.
pub(super) fn driver(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (_, controller) in selected(host, arguments) {
        line!(answer);
        line!(answer, "\t\tDRIVER VERSION:");
        line!(answer, "\t\t================");
        line!(answer);
        line!(answer, "Driver Name:        {}", host.system.driver);
        line!(
            answer,
            "Driver Version:     {}",
            controller.info.driver_version
        );
    }
}
