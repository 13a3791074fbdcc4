//! Who agreed to a change, and how: the only place that makes a [`Consent`].

use std::io::{self, BufRead};

use crate::change::Risk;
use crate::cli::context::Context;
use crate::cli::failure::{Failure, Kind};
use crate::output::escape;

/// That somebody agreed to a change, knowing its risk. A backend does nothing without it.
#[derive(Debug)]
pub struct Consent(());

/// How somebody agrees, and what they insist on: flags of every command that changes something.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Before something is changed")]
pub struct ConsentArgs {
    /// Show what would be checked and run, and change nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Agree without being asked
    ///
    /// What destroys data is agreed to by its name, once for each: --yes=vd0. Where several controllers
    /// are read, the name begins with the controller's: --yes=c1/vd0
    #[arg(
        short, long, value_name = "NAME", num_args = 0..=1, require_equals = true,
        default_missing_value = ""
    )]
    pub yes: Vec<String>,

    /// Go on although this check refuses; its code stands in the refusal
    #[arg(long = "override", value_name = "CODE")]
    pub overrides: Vec<String>,
}

/// A change that somebody is to agree to.
#[derive(Debug, Clone)]
pub struct Question {
    /// What it may cost.
    pub risk: Risk,
    /// What it does: `take drive 252:3 off line`.
    pub words: String,
    /// What it is done to, so that nothing else on the host is called the same: `252:3`, `c1/252:3`.
    pub object: String,
}

impl ConsentArgs {
    /// Whether the flags alone agree to `question`.
    pub fn agree(&self, question: &Question) -> bool {
        match question.risk {
            Risk::None => true,
            Risk::Change => self.says("") || self.says(&question.object),
            Risk::Destroy => self.says(&question.object),
        }
    }

    /// Whether `--yes=NAME` was given; without a name for the empty one.
    fn says(&self, name: &str) -> bool {
        self.yes.iter().any(|it| it == name)
    }

    /// The consent to `questions`: by the flags, or by a person at the terminal, who has been told
    /// already what will be done.
    ///
    /// # Errors
    /// If there is none: the failure says how to agree.
    pub fn obtain(
        &self,
        context: &mut Context<'_>,
        questions: &[Question],
    ) -> Result<Consent, Failure> {
        let open: Vec<_> = questions.iter().filter(|it| !self.agree(it)).collect();
        if open.is_empty() {
            return Ok(Consent(()));
        }
        if !context.is_interactive {
            return Err(unasked(&open));
        }
        let mut stdin = io::stdin().lock();
        for question in destroyed(&open) {
            let prompt = format!("type {} to {}: ", question.object, question.words);
            if ask(context, &mut stdin, &prompt)? != question.object {
                return Err(Failure::new(
                    Kind::Refused,
                    "not agreed: nothing was changed",
                ));
            }
        }
        if open.iter().any(|it| it.risk == Risk::Change) {
            let answer = ask(context, &mut stdin, "go on? [y/N] ")?;
            if !matches!(answer.to_lowercase().as_str(), "y" | "yes") {
                return Err(Failure::new(
                    Kind::Refused,
                    "not agreed: nothing was changed",
                ));
            }
        }
        Ok(Consent(()))
    }
}

fn destroyed<'a>(open: &[&'a Question]) -> Vec<&'a Question> {
    let is_destroyed = |it: &&&Question| it.risk == Risk::Destroy;
    open.iter().filter(is_destroyed).copied().collect()
}

/// Nobody is there to be asked.
fn unasked(open: &[&Question]) -> Failure {
    let words: Vec<_> = open.iter().map(|it| it.words.as_str()).collect();
    let message = format!("would {}: this needs somebody to agree", words.join(", "));
    let mut names: Vec<String> = destroyed(open)
        .iter()
        .map(|it| format!("--yes={}", it.object))
        .collect();
    names.dedup();
    let failure = Failure::new(Kind::Refused, message);
    let is_change = open.iter().any(|it| it.risk == Risk::Change);
    if names.is_empty() {
        failure.hint("agree beforehand: add --yes")
    } else {
        if is_change {
            names.insert(0, "--yes".to_owned());
        }
        failure.hint(format!(
            "it destroys data; agree beforehand: add {}",
            names.join(" ")
        ))
    }
    .hint("see what would be done: add --dry-run")
}

/// What a person answers. The end of the input is no answer.
///
/// # Errors
/// If the terminal cannot be read or written.
pub(crate) fn ask(
    context: &mut Context<'_>,
    stdin: &mut dyn BufRead,
    prompt: &str,
) -> Result<String, Failure> {
    // What was printed so far belongs before the question.
    context.stdout.flush()?;
    write!(
        context.stderr,
        "{}",
        escape::terminal(prompt, context.output.unicode)
    )?;
    context.stderr.flush()?;
    let mut line = String::new();
    let what = "cannot read the answer";
    stdin
        .read_line(&mut line)
        .map_err(|why| Failure::because(Kind::Environment, what, why))?;
    Ok(line.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(risk: Risk) -> Question {
        Question {
            risk,
            words: "delete virtual drive 0".to_owned(),
            object: "vd0".to_owned(),
        }
    }

    fn yes(names: &[&str]) -> ConsentArgs {
        ConsentArgs {
            yes: names.iter().map(|&it| it.to_owned()).collect(),
            ..ConsentArgs::default()
        }
    }

    #[test]
    fn what_destroys_needs_its_name() {
        let destroy = question(Risk::Destroy);
        assert!(!yes(&[]).agree(&destroy));
        assert!(!yes(&[""]).agree(&destroy));
        assert!(!yes(&["vd1"]).agree(&destroy));
        assert!(yes(&["vd1", "vd0"]).agree(&destroy));
    }

    #[test]
    fn a_change_needs_a_yes_and_a_light_nothing() {
        assert!(!yes(&[]).agree(&question(Risk::Change)));
        assert!(yes(&[""]).agree(&question(Risk::Change)));
        assert!(yes(&["vd0"]).agree(&question(Risk::Change)));
        assert!(!yes(&["vd1"]).agree(&question(Risk::Change)));
        assert!(yes(&[]).agree(&question(Risk::None)));
    }
}
