//! The next start of a scheduled activity, which `-AdpPR -Info` and `-AdpCcSched -Info` share.

use crate::grammar;
use crate::model::NextStart;
use crate::report::Reason;
use crate::scan::{Scan, is_absent};
use crate::text::Line;

/// Takes `Next start time: 12/18/2023, 16:00:00`. A time that is cut short ("08/13/2016, 10:00:")
/// keeps its day and is a gap.
pub fn set<'a>(field: &mut Option<NextStart>, scan: &mut Scan<'a>, line: &Line<'a>) {
    if is_absent(line.value) {
        return;
    }
    if line.value.eq_ignore_ascii_case("None") {
        *field = Some(NextStart::None);
    } else if let Some(time) = grammar::date_time(line.value) {
        *field = Some(NextStart::from_time(time));
    } else if let Some(day) = grammar::cut_date_time(line.value) {
        *field = Some(NextStart::On(day));
        scan.gap(
            line.number,
            format!("the next start time is cut short: \"{}\"", line.value),
        );
    } else {
        scan.leave(line, Reason::Unreadable);
    }
}
