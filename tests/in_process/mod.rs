//! The program, run within the test.

use std::ffi::OsString;

use ironkeep::cli::{Surroundings, execute};

/// What a run ended with and printed.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: u8,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs `ironkeep` with these words behind its name.
pub(crate) fn ironkeep<W: Into<OsString>>(
    words: impl IntoIterator<Item = W>,
    surroundings: &Surroundings,
) -> Run {
    let arguments = std::iter::once("ironkeep".into()).chain(words.into_iter().map(Into::into));
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let code = execute(arguments, surroundings, &mut stdout, &mut stderr);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Run {
        code: code.number(),
        stdout: text(stdout),
        stderr: text(stderr),
    }
}
