//! What MegaCLI writes into a file and a person keeps: `-CfgSave`, `-AdpEventLog -GetEvents`.

use ironkeep_parsers::model::{ControllerId, Verdict};

use crate::backend::HandOut;
use crate::backend::applied::Applied;
use crate::cli::failure::{Failure, Kind};
use crate::runner::{Invocation, Runner};

/// The name of the file in the private folder.
const FILE: &str = "F";

/// Runs it for one controller.
pub(super) fn hand_out(
    runner: &mut impl Runner,
    what: HandOut,
    controller: ControllerId,
) -> Result<Vec<u8>, Failure> {
    let invocation = invocation(what, controller);
    let output = runner.run(&invocation)?;
    let applied = Applied::of(&invocation, &output);
    let failed = |why: String| {
        let message = format!("could not read {} of controller {controller}", what.words());
        Err(Failure::because(Kind::Hardware, message, why))
    };
    if output.truncated {
        return failed("MegaCLI wrote more than any controller has".to_owned());
    }
    if output.file.is_empty() {
        return failed(applied.said());
    }
    match applied.verdict {
        // The sentences about written logs are few, and differ between builds: the file is the answer.
        Verdict::Claimed | Verdict::Silent if applied.exit_code.unwrap_or(1) == 0 => {
            Ok(output.file)
        }
        Verdict::Claimed | Verdict::Silent | Verdict::Contradicted | Verdict::Denied => {
            failed(applied.said())
        }
    }
}

fn invocation(what: HandOut, controller: ControllerId) -> Invocation {
    let words: &[&str] = match what {
        HandOut::Configuration => &["-CfgSave"],
        HandOut::Events => &["-AdpEventLog", "-GetEvents"],
        HandOut::EventsWithDeleted => &["-AdpEventLog", "-IncludeDeleted"],
    };
    let mut arguments: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
    arguments.extend(["-f".to_owned(), FILE.to_owned(), format!("-a{controller}")]);
    Invocation {
        arguments,
        file: Some(FILE.to_owned()),
        ..Invocation::default()
    }
}
