//! What a run of MegaCLI leaves behind.

use std::fmt;

/// The line with which MegaCLI wipes its "please wait".
const WIPE: &str = "\r                                     \n";

/// What a run of MegaCLI leaves behind: text, files, and an exit status.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// Characters of the command line that its reader did not know and let through.
    pub(super) echo: String,
    /// The word of the command line that it does not understand; then there is no body.
    rejected: Option<String>,
    body: String,
    /// Files that it wrote, in its working directory.
    pub files: Vec<(String, String)>,
    /// Exit status, as the last line tells it; the process ends with its low byte.
    pub status: u16,
    /// Whether the process died of signal 11 in the middle; then there is neither text nor exit line.
    pub crashed: bool,
}

impl Answer {
    /// The whole standard output.
    pub fn text(&self) -> String {
        if self.crashed {
            return String::new();
        }
        let Self {
            echo, body, status, ..
        } = self;
        let text = match &self.rejected {
            // The blanks are meant to hide what stood there before.
            Some(word) => format!("\rInvalid input at or near token {word}{:43}\n", ""),
            None => format!("{WIPE}{body}"),
        };
        format!("{echo}{text}\nExit Code: 0x{status:02x}\n")
    }

    /// The status with which the process ends: 139 stands for signal 11, as shells have it.
    pub fn process_status(&self) -> u8 {
        if self.crashed {
            return 139;
        }
        let [low, _] = self.status.to_le_bytes();
        low
    }

    /// Ends with the complaint that the command line goes wrong at `word`.
    pub fn reject(&mut self, word: &str) {
        self.rejected = Some(word.to_owned());
        self.status = 1;
    }

    /// Ends with the complaint that a value on the command line cannot be.
    pub fn misread(&mut self) {
        self.body
            .push_str("Failed to parse command. Use -h option for usage.\n");
        self.status = 1;
    }

    /// Ends in a crash.
    pub fn crash(&mut self) {
        self.crashed = true;
    }
}

/// `write!` appends to the text between the first line and the exit line.
impl fmt::Write for Answer {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.body.push_str(text);
        Ok(())
    }
}

/// Appends formatted text to an [`Answer`]; this cannot fail.
macro_rules! put {
    ($answer:expr, $($text:tt)*) => {{
        use std::fmt::Write as _;
        let _: std::fmt::Result = write!($answer, $($text)*);
    }};
}

/// Appends a line to an [`Answer`].
macro_rules! line {
    ($answer:expr) => { $crate::megacli::answer::put!($answer, "\n") };
    ($answer:expr, $($text:tt)*) => {{
        $crate::megacli::answer::put!($answer, $($text)*);
        $crate::megacli::answer::put!($answer, "\n");
    }};
}

pub(super) use {line, put};
