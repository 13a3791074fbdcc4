//! The sudo rule with which a user without rights reads a host: made from the questions, so that it allows
//! what is asked and nothing else.

use std::path::Path;

use super::question::{self, Question, Scope};
use crate::reading::Part;
use crate::runner::process::SUDO_FOLDER;

/// The user of the rule: the one that the exporter's unit names.
const USER: &str = "ironkeep";

const HEAD: &str = "\
# What the exporter of ironkeep runs as root, and nothing else. Put it into /etc/sudoers.d/ironkeep, with
# mode 0440, or do so with `visudo -f /etc/sudoers.d/ironkeep`.
#
# Made by `ironkeep util sudoers`: for a MegaCLI elsewhere, `ironkeep util sudoers PATH` makes another.
# That program, and every folder that leads to it, must be writable by root alone.
#
# All of it reads. MegaCLI names what it shall do in its first words, and those stand here letter by letter.
";

const FIXED: &str = "\
# Each is asked of all controllers at once, or of one: [0-9] stands for a digit, and for nothing else.
";

const VARYING: &str = "\
# In these, the drives, a count and the number of a controller vary. No wildcard could say so, as `*`
# stands for further words too. These are extended regular expressions, which sudo knows since 1.9.10;
# an older one takes them for words that nobody ever says, so that it refuses these commands (progress of
# operations, new events) and allows the others.
# They can only read either: what varies is digits, colons and commas, of which no option and no path is
# made, and what is written is always the file F in the folder below.
";

const SETTINGS: &str = "\
# runcwd: MegaCLI writes files where it stands, as root. A caller who chose the place could lay a link there
# that leads to any file of the host, or to a disk. FOLDER is root's.
# umask: the caller may read what was written.
# log_allowed, pam_session: this runs many times a minute. What is refused is logged.
";

/// A file for `/etc/sudoers.d`: the exporter's user may run as root what is asked of the MegaCLI at
/// `program` in order to read `parts`.
pub fn rule(program: &Path, parts: &[Part]) -> String {
    let program = escaped(&program.display().to_string());
    let mut questions: Vec<Question> = Vec::new();
    for question in parts.iter().flat_map(|&part| question::asked(part)) {
        if !questions.contains(&question) {
            questions.push(question);
        }
    }
    let (varying, fixed): (Vec<_>, Vec<_>) = questions
        .into_iter()
        .partition(|question| matches!(question.scope, Scope::With(_)));
    let alias = |name: &str, commands: &[String]| {
        let lines: Vec<String> = commands
            .iter()
            .map(|arguments| format!("    {program} {arguments}"))
            .collect();
        format!("Cmnd_Alias {name} = \\\n{}\n", lines.join(", \\\n"))
    };
    let mut fixed: Vec<String> = fixed.iter().flat_map(plain).collect();
    fixed.push(format!("{} -NoLog", question::VERSION));
    let varying: Vec<String> = varying.iter().map(expression).collect();
    let setting = |name: &str| {
        format!(
            "Defaults!{name} runcwd={SUDO_FOLDER}, umask=0022, !requiretty, !pam_session, !log_allowed\n"
        )
    };
    [
        HEAD,
        "\n",
        FIXED,
        &alias("IRONKEEP_FIXED", &fixed),
        "\n",
        VARYING,
        &alias("IRONKEEP_VARYING", &varying),
        "\n",
        &SETTINGS.replace("FOLDER", SUDO_FOLDER),
        &setting("IRONKEEP_FIXED"),
        &setting("IRONKEEP_VARYING"),
        "\n",
        &format!("{USER} ALL=(root) NOPASSWD: IRONKEEP_FIXED, IRONKEEP_VARYING\n"),
    ]
    .concat()
}

/// The arguments of a question that has no parameter. A controller's number has one digit or two: each of
/// the wildcards takes one letter, so that every sudo knows them and none takes them for more words.
fn plain(question: &Question) -> Vec<String> {
    const ONE: &[&str] = &["-a[0-9]", "-a[0-9][0-9]"];
    let mut words = question.of_any("").arguments;
    words.pop();
    let words: Vec<String> = words.iter().map(|word| escaped(word)).collect();
    let controllers = if question.scope == Scope::All {
        &["-aALL"]
    } else {
        ONE
    };
    let words = words.join(" ");
    let of = |controllers: &&str| format!("{words} {controllers} -NoLog");
    controllers.iter().map(of).collect()
}

/// The arguments of a question with a parameter, as an extended regular expression.
fn expression(question: &Question) -> String {
    let words = question.of_any("-a[0-9]+").arguments;
    // What sudoers itself would take for the end of a command is escaped within an expression too.
    let words = words.join(" ").replace(':', "\\:").replace(',', "\\,");
    format!("^{words} -NoLog$")
}

/// A word without anything that means something to sudoers.
fn escaped(word: &str) -> String {
    let mut text = String::new();
    for letter in word.chars() {
        if r#"\:,=*?[]!" "#.contains(letter) {
            text.push('\\');
        }
        text.push(letter);
    }
    text
}
