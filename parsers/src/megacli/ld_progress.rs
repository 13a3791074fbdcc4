//! `-LDCC|-LDBI|-LDInit|-LDRecon` with `-ShowProg`, `-ProgDsply` and `-getSetting`: long operations on
//! virtual drives.

use crate::Report;
use crate::grammar;
use crate::megacli::section;
use crate::model::{
    BackgroundInitializationSetting, Operation, OperationKind, ScreenProgress, Section, TargetId,
};
use crate::scan::Scan;
use crate::text::Line;
use crate::units::Percent;

/// Reads how far the operations are (`-ShowProg`). The output does not name the controllers: it
/// answers for one after the other.
pub fn show(text: &str) -> Report<Vec<Operation>> {
    let mut scan = Scan::new(text);
    let mut operations = Vec::new();
    while let Some(line) = scan.next() {
        match operation(line.text) {
            Some(operation) => operations.push(operation),
            None => scan.frame(line),
        }
    }
    scan.finish(operations)
}

/// Reads the screen of `-ProgDsply`, which does not name the operation. Every painting of the screen
/// adds its rows.
pub fn screen(text: &str) -> Report<Vec<ScreenProgress>> {
    let mut scan = Scan::new(text);
    let mut rows = Vec::new();
    while let Some(line) = scan.next() {
        match row(line.text) {
            Some(row) => rows.push(row),
            None if is_screen_frame(line.text) => {}
            None => scan.frame(line),
        }
    }
    scan.finish(rows)
}

/// Reads on which virtual drives background initialisation is allowed (`-LDBI -getSetting`).
pub fn setting(text: &str) -> Report<Vec<Section<Vec<BackgroundInitializationSetting>>>> {
    let mut scan = Scan::new(text);
    let mut sections = Vec::new();
    while let Some(line) = scan.next() {
        if !take_setting(&mut sections, &line) {
            scan.frame(line);
        }
    }
    scan.finish(sections)
}

/// `Check Consistency on VD #3 (target id #3) Completed 4% in 808 Minutes.` and `Check Consistency on
/// VD #0 is not in progress.`, which leaves out the target id; -LN takes the same number.
fn operation(text: &str) -> Option<Operation> {
    let (kind, rest) = text.split_once(" on ")?;
    let (number, target_id, rest) = grammar::vd_prefix(rest)?;
    let progress = if rest.eq_ignore_ascii_case("is not in progress.") {
        None
    } else {
        Some(grammar::progress(rest)?)
    };
    Some(Operation {
        kind: OperationKind::from_words(kind),
        physical_drive: None,
        virtual_drive: Some(target_id.unwrap_or(TargetId(number))),
        progress,
    })
}

/// `3         ##                     04 %                        11:46:53`; the figure can stand inside
/// the bar.
fn row(text: &str) -> Option<ScreenProgress> {
    let (number, rest) = text.split_once(' ')?;
    let (bar, elapsed) = rest.rsplit_once(' ')?;
    let (bar, behind) = bar.split_once('%')?;
    if !behind.chars().all(is_bar) {
        return None;
    }
    let figure = bar.trim_start_matches(is_bar).trim_ascii_end();
    Some(ScreenProgress {
        virtual_drive: TargetId(grammar::small(number)?),
        done: Percent(grammar::small(figure)?),
        elapsed: grammar::elapsed(elapsed)?,
    })
}

/// Whether the screen draws its bar with `c`.
fn is_bar(c: char) -> bool {
    matches!(c, '#' | '*' | ' ')
}

/// What surrounds the rows; the head is cut at the width of the terminal.
fn is_screen_frame(text: &str) -> bool {
    text == "Progress of Virtual Drives..."
        || text == "Press <ESC> key to quit..."
        || text.starts_with("Virtual Drive #") && text.contains("Percent Complete")
}

/// `Background Initialization is Enabled on VD 0 (target id: 0) on Adapter 0`.
fn take_setting(
    sections: &mut Vec<Section<Vec<BackgroundInitializationSetting>>>,
    line: &Line<'_>,
) -> bool {
    let read = || {
        let rest = line.text.strip_prefix("Background Initialization is ")?;
        let (enabled, rest) = rest.split_once(" on ")?;
        let (number, target_id, rest) = grammar::vd_prefix(rest)?;
        let (controller, rest) = grammar::adapter_prefix(rest.strip_prefix("on ")?)?;
        let setting = BackgroundInitializationSetting {
            number,
            target_id: target_id?,
            enabled: grammar::yes_no(enabled)?,
        };
        matches!(rest, "" | ".").then_some((controller, setting))
    };
    let Some((controller, setting)) = read() else {
        return false;
    };
    if let Some(settings) = section::of(sections, Some(controller)) {
        settings.push(setting);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ControllerId, Progress};
    use crate::units::{Minutes, Seconds};

    #[test]
    fn running_and_idle_operations_are_told_apart() {
        let report = show(
            "Check Consistency on VD #0 is not in progress.
Check Consistency on VD #3 (target id #3) Completed 4% in 808 Minutes.
Background Initialization on VD #1 is not in Progress.
Initialization on VD #1 (target id #1) Complete 40% in 1 Minutes.
",
        );
        assert_eq!(report.leftovers, []);
        let read: Vec<_> = report
            .value
            .into_iter()
            .map(|operation| {
                let progress = operation.progress.map(|at| (at.done.0, at.elapsed.0));
                (operation.kind, operation.virtual_drive.unwrap().0, progress)
            })
            .collect();
        assert_eq!(
            read,
            [
                (OperationKind::ConsistencyCheck, 0, None),
                (OperationKind::ConsistencyCheck, 3, Some((4, 808))),
                (OperationKind::BackgroundInitialization, 1, None),
                (OperationKind::ForegroundInitialization, 1, Some((40, 1))),
            ]
        );
        assert_eq!(
            operation("Reconstruction on VD #0 (target id #0) Completed 23% in 15 Minutes.")
                .unwrap()
                .progress,
            Some(Progress {
                done: Percent(23),
                elapsed: Minutes(15)
            })
        );
    }

    #[test]
    fn a_screen_is_read_with_its_figure_beside_or_inside_the_bar() {
        let report = screen(
            " Progress of Virtual Drives...

  Virtual Drive #              Percent Complete                       Time Elps
          3         ##                     04 %                        11:46:53
          0         ##############*********28 %*********************** 00:18:39

    Press <ESC> key to quit...
",
        );
        assert_eq!(report.leftovers, []);
        let row = |virtual_drive, done, elapsed| ScreenProgress {
            virtual_drive: TargetId(virtual_drive),
            done: Percent(done),
            elapsed: Seconds(elapsed),
        };
        assert_eq!(
            report.value,
            [
                row(3, 4, 11 * 3600 + 46 * 60 + 53),
                row(0, 28, 18 * 60 + 39)
            ]
        );
    }

    #[test]
    fn a_setting_names_its_controller_last() {
        let report =
            setting("Background Initialization is Disabled on VD 2 (target id: 3) on Adapter 1\n");
        assert_eq!(report.value[0].controller, Some(ControllerId(1)));
        assert_eq!(
            report.value[0].value,
            [BackgroundInitializationSetting {
                number: 2,
                target_id: TargetId(3),
                enabled: false
            }]
        );
    }
}
