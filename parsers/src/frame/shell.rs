//! What a shell puts around an output in a captured terminal: its prompt, and what it says when the
//! tool died or did not run.

use crate::report::ComplaintKind;

/// A shell's prompt and what was typed behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prompt<'a> {
    /// The command from the tool's name on (`/usr/sbin/megacli -PDList -aALL`).
    pub command: Option<&'a str>,
    /// Whether there is a prompt at all, not just a command at the start of the line.
    pub is_telling: bool,
}

impl<'a> Prompt<'a> {
    /// Reads a line that is a prompt, empty or with a command of MegaCLI or a clone.
    pub fn read(text: &'a str) -> Option<Self> {
        let mut at = 0;
        let mut before = "";
        for word in text.split_inclusive(' ') {
            // A Windows prompt ends in the first word of the command: `C:\tools>MegaCli64.exe`.
            let name = word.trim_ascii_end();
            let in_word = name.rfind('>').map_or(0, |angle| angle + 1);
            if name.get(in_word..).is_some_and(is_tool) {
                let (prompt, command) = text.split_at_checked(at + in_word)?;
                let prompt = without_wrappers(prompt);
                let is_telling = prompt.ends_with(['#', '$', '>', '%', '~']) || prompt == "+";
                return (is_telling || prompt.is_empty()).then_some(Self {
                    command: Some(command.trim_ascii_end()),
                    is_telling,
                });
            }
            at += word.len();
            before = word;
        }
        let bare = before.len() == text.len() || text.starts_with('[');
        let named = text.contains('@') && !text.contains(": ");
        (bare && text.ends_with(['#', '$']) && (named || text.len() == 1)).then_some(Self {
            command: None,
            is_telling: true,
        })
    }
}

/// `prompt` without what may stand between it and the command: `sudo -u root`, `LC_ALL=C`.
fn without_wrappers(prompt: &str) -> &str {
    const WRAPPERS: [&str; 4] = ["sudo", "doas", "time", "nice"];
    let is_wrapper = |word: &str| {
        let is_name = |name: &str| name.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'_'));
        WRAPPERS.contains(&word) || word.split_once('=').is_some_and(|(name, _)| is_name(name))
    };
    let mut at = 0;
    for word in prompt.split_inclusive(' ') {
        if is_wrapper(word.trim_ascii_end()) {
            break;
        }
        at += word.len();
    }
    prompt.get(..at).unwrap_or(prompt).trim_ascii_end()
}

/// Whether `word` is a path or name of the tool or of a vendor's clone of it.
fn is_tool(word: &str) -> bool {
    const NAMES: [&str; 5] = [
        "megacli",
        "megacli64",
        "cmdtool2",
        "cmdtool264",
        "cmdtool2_64",
    ];
    let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
    let name = name.strip_suffix(".exe").unwrap_or(name);
    NAMES.iter().any(|tool| tool.eq_ignore_ascii_case(name))
}

/// Whether `text` starts with `words`, in any case.
pub(super) fn starts_with(text: &str, words: &str) -> bool {
    text.get(..words.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(words))
}

/// Whether `text` is what a shell or the C library says of a program that died.
pub(super) fn is_crash(text: &str) -> bool {
    const WORDS: [&str; 8] = [
        "Segmentation fault",
        "Aborted",
        "Abort trap",
        "Bus error",
        "Killed",
        "Illegal instruction",
        "Floating point exception",
        "Terminated",
    ];
    const LIBRARY: [&str; 3] = [
        "*** stack smashing detected ***",
        "*** glibc detected ***",
        "terminate called after throwing an instance of",
    ];
    if LIBRARY.iter().any(|words| text.starts_with(words)) {
        return true;
    }
    // Before the words a shell puts its script and line, the job's number and the process.
    let behind_the_script = text.rfind(": ").and_then(|colon| text.get(colon + 2..));
    [Some(text), behind_the_script]
        .into_iter()
        .flatten()
        .any(|start| {
            let died = start.trim_start_matches(|letter: char| {
                letter.is_ascii_digit() || matches!(letter, '[' | ']' | '+' | '-' | ' ')
            });
            let is_job = died.len() < text.len();
            WORDS.iter().any(|words| {
                died.get(words.len()..).is_some_and(|rest| {
                    let rest = rest.trim_start_matches(|letter: char| {
                        letter.is_ascii_digit() || matches!(letter, ':' | ' ')
                    });
                    let is_end = rest.is_empty()
                        || starts_with(rest, "(core dumped)")
                        || (is_job && Prompt::read(rest).is_some());
                    is_end && starts_with(died, words)
                })
            })
        })
}

/// What a shell, `sudo` or the loader says about the tool's process, in lower case.
pub(super) fn about_the_process(lower: &str) -> Option<ComplaintKind> {
    const NAMES: [&str; 2] = ["megacli", "cmdtool2"];
    const ENDS: [&str; 6] = [
        "command not found",
        ": not found",
        "no such file or directory",
        "permission denied",
        "cannot execute binary file: exec format error",
        "is not allowed to execute",
    ];
    if NAMES.iter().any(|name| lower.contains(name)) && ENDS.iter().any(|end| lower.ends_with(end))
    {
        Some(ComplaintKind::NotRun)
    } else if lower.contains(": cannot open shared object file") {
        Some(ComplaintKind::LibraryMissing)
    } else {
        None
    }
}
