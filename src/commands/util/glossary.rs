//! The glossary as a manual page.

use crate::change::codes::CODES;
use crate::commands::fields::capitalised;
use crate::explain::words::Word;
use crate::explain::{Subject, glossary};
use crate::health::Code;

/// What the program knows of words: the tables behind `explain`, as a page to read.
pub(super) fn page(date: &str, source: &str) -> String {
    let mut page = format!(
        ".TH ironkeep-glossary 7 {date} \"{source}\" \"Miscellaneous Information Manual\"\n"
    );
    page.push_str(HEAD);
    for &subject in Subject::GLOSSARY {
        let words: Vec<&Word> = glossary().filter(|word| word.subject == subject).collect();
        let first = words.first().map(|word| word.shown_by);
        // Said once where it holds for all of them.
        let common = first.filter(|first| words.iter().all(|word| word.shown_by == *first));
        page.extend([".SS \"", &capitalised(subject.as_str()), "\"\n"]);
        page.extend(common.map(|command| format!("Shown by\n{}.\n", typed(command))));
        for word in words {
            page.push_str(&entry(word.token, &word.spellings.join(", ")));
            page.push_str(&sentences(word.meaning));
            page.push_str(&sentences(word.next));
            if common.is_none() {
                page.extend(["Shown by\n", &typed(word.shown_by), ".\n"]);
            }
        }
    }
    page.push_str(".SH FINDINGS\nWhat\n");
    page.push_str(&typed(Subject::Finding.shown_by()));
    page.push_str("\nfinds, with the severity that it usually has.\n");
    for code in Code::ALL {
        page.push_str(&entry(code.name(), code.severity().token()));
        page.push_str(&sentences(code.meaning()));
        page.push_str(&sentences(code.action()));
    }
    page.push_str(CHECKS);
    for code in CODES {
        page.push_str(&entry(code.name, ""));
        page.push_str(&sentences(code.meaning));
        page.push_str(&sentences(code.next));
    }
    page.push_str(".SH SEE ALSO\n.BR ironkeep (8),\n.BR ironkeep\\-explain (8)\n");
    page
}

const HEAD: &str = "\
.SH NAME
ironkeep\\-glossary \\- the words of RAID controllers, and what they mean at night
.SH DESCRIPTION
The terms of the field and the words that MegaCLI and
.BR ironkeep (8)
print, each with its other spellings, what it means, what to do, and which command shows it.
.PP
.B ironkeep explain
.I word
prints one entry, in any spelling; it also knows the status numbers of the firmware, such as 0x32, which are not here.
.PP
Rules that hold for all of them:
read the serial number before a drive is pulled;
pull one drive at a time and wait for its rebuild;
discard, clear and initialize nothing before it is clear whose data it is.
.SH TERMS
";

const CHECKS: &str = "\
.SH CHECKS
What is looked at before a change and, for some, once a replacement is done.
A refusal ends with
.B \\-\\-override
and one of these names where a person may insist;
.B \\-\\-dry\\-run
shows all that are looked at.
";

/// The head of an entry: the name, and in parentheses what goes with it.
pub(super) fn entry(name: &str, beside: &str) -> String {
    if beside.is_empty() {
        format!(".TP\n.B \"{}\"\n", escaped(name))
    } else {
        format!(".TP\n\\fB{}\\fR ({})\n", escaped(name), escaped(beside))
    }
}

/// A text with a line for each sentence, as roff wants it.
pub(super) fn sentences(text: &str) -> String {
    let text = escaped(text).replace(". ", ".\n");
    format!("{text}\n")
}

/// A command to type.
fn typed(command: &str) -> String {
    format!("\\fB{}\\fR", escaped(command).replace('-', "\\-"))
}

/// Without what roff would take for its own. No text of the tables begins with a dot.
pub(super) fn escaped(text: &str) -> String {
    text.replace('\\', "\\e").replace('\'', "\\(aq")
}
