//! The metrics of the exporter as a manual page.

use super::glossary::{entry, escaped, sentences};
use crate::exporter::family::{Family, Kind};
use crate::exporter::metrics::label::LABELS;
use crate::exporter::metrics::{GROUPS, Group};

/// Every family by its object, from the same tables that the exporter describes its page with.
pub(super) fn page(date: &str, source: &str) -> String {
    let mut page = format!(
        ".TH ironkeep-metrics 7 {date} \"{source}\" \"Miscellaneous Information Manual\"\n"
    );
    page.push_str(HEAD);
    for Group {
        title,
        about,
        families,
    } in GROUPS
    {
        page.extend([".SS \"", &escaped(title), "\"\n", &prose(about)]);
        families
            .iter()
            .for_each(|family| page.push_str(&described(family)));
    }
    page.push_str(".SH LABELS\n");
    for (name, meaning) in LABELS {
        page.push_str(&entry(name, ""));
        page.push_str(&prose(meaning));
    }
    page.push_str(TAIL);
    page
}

/// A text that may hold options.
fn prose(text: &str) -> String {
    sentences(text).replace(" -", " \\-")
}

fn described(family: &Family) -> String {
    let kind = match family.kind {
        Kind::Gauge => "gauge",
        Kind::Counter => "counter",
        Kind::Info => "gauge, always 1",
    };
    let mut text = entry(family.name, kind);
    text.push_str(&prose(family.help));
    let list = |words: &[&str], font: &str| {
        let words: Vec<String> = words
            .iter()
            .map(|word| format!("\\f{font}{word}\\fR"))
            .collect();
        words.join(",\n")
    };
    if !family.labels.is_empty() {
        text.extend([".br\nLabels:\n", &list(family.labels, "I"), ".\n"]);
    }
    if let (Some(label), [_, ..]) = (family.labels.last(), family.values) {
        let values = list(family.values, "B");
        text.extend([".br\nValues of\n\\fI", label, "\\fR:\n", &values, ".\n"]);
    }
    text
}

const HEAD: &str = "\
.SH NAME
ironkeep\\-metrics \\- the metrics of the exporter
.SH DESCRIPTION
The metrics that
.B ironkeep export serve
and
.B ironkeep export textfile
show: every family with its type, its meaning and its labels.
Both show the same families, but for those of the exporter\\(aqs own process, which are absent in the textfile:
node_exporter has its own of the same names.
.PP
Rules that hold for all of them:
.IP \\(bu 2
What the firmware does not say has no series: absent is never 0.
A part that could not be read takes all its families with it, and
.B megaraid_collector_success
says so; of the memory of the host
.BR ironkeep_collector_success .
.IP \\(bu
Numbers are in base units: bytes, seconds, degrees Celsius, volts, amperes, and shares from 0 to 1 instead of percent.
.IP \\(bu
A name that ends in
.B _total
is a count, which begins anew when its object is replaced; all others rise and fall.
.IP \\(bu
A state has one series for each value of a closed list: 1 for the one that holds, 0 for the others.
A word of the firmware that is not in the list is
.BR unknown .
.IP \\(bu
Names, models and serial numbers stand in families that end in
.BR _info ,
never beside a number.
Join them where a person has to read them:
.IP
.nf
megaraid_physical_drive_smart_alert == 1
  * on (instance, controller, enclosure, slot)
    group_left (vendor_model, serial) megaraid_physical_drive_info
.fi
.PP
The page comes in the Prometheus text format 0.0.4 or in OpenMetrics 1.0.0, as the server asks, and compressed where it asks for that.
In OpenMetrics the same series belong to families without
.B _total
and
.BR _info .
.SH METRICS
";

const TAIL: &str = "\
.SH SEE ALSO
.BR ironkeep (8),
.BR ironkeep\\-export (8),
.BR ironkeep\\-explain (8),
.BR ironkeep.toml (5),
.BR ironkeep\\-glossary (7)
";
