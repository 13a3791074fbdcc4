//! `patrol start`, `patrol set`, `patrol check set` and the other changes of what runs by itself.

use ironkeep_parsers::model::{
    ConsistencyCheckMode, ConsistencyCheckSchedule, ControllerId, PatrolReadMode, TargetId,
};
use jiff::civil::{Date, DateTime};

use crate::act::{self, ConsentArgs};
use crate::change::patrol::PatrolAction;
use crate::change::{PatrolChange, Request};
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::commands::{Run, whole};
use crate::reading::Part;

/// Carries out `actions` on the controller.
fn act(
    context: &mut Context<'_>,
    command: &str,
    consent: &ConsentArgs,
    actions: Vec<PatrolAction>,
) -> Result<Code, Failure> {
    whole::carry_out(context, command, consent, |controller| {
        let change = |action| PatrolChange { controller, action }.into();
        actions.into_iter().map(change).collect()
    })
}

macro_rules! plain_verbs {
    ($( $(#[doc = $doc:literal])+ $name:ident = $command:literal, $action:expr; )+) => {
        $(
            $(#[doc = $doc])+
            #[derive(Debug, clap::Args)]
            pub(in crate::commands) struct $name {
                #[command(flatten)]
                consent: ConsentArgs,
            }

            impl Run for $name {
                fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
                    act(context, $command, &self.consent, vec![$action])
                }
            }
        )+
    };
}

plain_verbs! {
    /// Start a patrol read now
    ///
    /// It reads all drives in search of bad media, with low priority. Refused where patrol reads are
    /// disabled, or one runs.
    /// Example: ironkeep patrol start
    Start = "patrol start", PatrolAction::Start;
    /// Stop the patrol read that runs
    ///
    /// The next one begins anew. Example: ironkeep patrol stop
    Stop = "patrol stop", PatrolAction::Stop;
    /// Suspend the patrol read that runs
    ///
    /// Not every firmware can. Stopping it works on all.
    /// Example: ironkeep patrol suspend
    Suspend = "patrol suspend", PatrolAction::Suspend;
    /// Resume a patrol read that is suspended
    ///
    /// Not every firmware can. Example: ironkeep patrol resume
    Resume = "patrol resume", PatrolAction::Resume;
}

/// Set when patrol reads run, and what they read
///
/// What is not named stays as it is. Each setting is read back. Example:
/// ironkeep patrol set --mode auto --delay 168 --start 2026-11-22T03
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Set {
    /// Whether patrol reads start by themselves, when somebody starts them, or not at all
    #[arg(long)]
    mode: Option<Mode>,
    /// Hours from the end of one to the start of the next
    #[arg(long, value_name = "HOURS", value_parser = clap::value_parser!(u64).range(0..=8760))]
    delay: Option<u64>,
    /// When the next one starts: a full hour of the controller's clock
    #[arg(long, value_name = "TIME", value_parser = full_hour)]
    start: Option<DateTime>,
    /// How many drives are read at one time; MegaCLI does not tell it afterwards
    #[arg(long, value_name = "DRIVES", value_parser = clap::value_parser!(u32).range(1..=255))]
    concurrent: Option<u32>,
    /// Whether solid state drives are read
    #[arg(long, value_name = "on|off", value_parser = whole::on_off())]
    ssd: Option<bool>,
    #[command(flatten)]
    consent: ConsentArgs,
}

/// When patrol reads start.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Mode {
    /// By themselves
    Auto,
    /// When somebody starts one
    Manual,
    /// Never
    Disabled,
}

impl Run for Set {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let mode = self.mode.map(|mode| match mode {
            Mode::Auto => PatrolReadMode::Auto,
            Mode::Manual => PatrolReadMode::Manual,
            Mode::Disabled => PatrolReadMode::Disabled,
        });
        let actions = [
            mode.map(PatrolAction::Mode),
            self.delay.map(PatrolAction::Delay),
            self.start.map(PatrolAction::StartAt),
            self.concurrent.map(PatrolAction::Drives),
            self.ssd.map(PatrolAction::SolidState),
        ];
        let actions: Vec<_> = actions.into_iter().flatten().collect();
        if actions.is_empty() {
            return Err(nothing(
                "patrol set",
                "--mode, --delay, --start, --concurrent or --ssd",
            ));
        }
        act(context, "patrol set", &self.consent, actions)
    }
}

/// No setting was named.
fn nothing(command: &str, flags: &str) -> Failure {
    let words = format!("{command} needs something to set: {flags}");
    Failure::new(Kind::Usage, words).hint("how things are: ironkeep patrol show")
}

pub(in crate::commands) mod check {
    use super::SetCheck;
    use crate::commands::verbs;

    /// Set when consistency checks run by themselves
    ///
    /// They stand here beside patrol reads because both are what the controller does by itself from
    /// time to time: `patrol show` shows both. One check now: ironkeep vd check start
    #[derive(Debug, clap::Args)]
    pub(in crate::commands) struct Args {
        #[command(subcommand)]
        verb: Verb,
    }

    verbs! {
        Set(SetCheck),
    }
}

/// Set when consistency checks run by themselves, and of what
///
/// What is not named stays as it is. Each setting is read back. Example:
/// ironkeep patrol check set --mode concurrent --delay 168 --exclude 1
#[derive(Debug, clap::Args)]
struct SetCheck {
    /// One virtual drive after the other, all at once, or not at all
    #[arg(long)]
    mode: Option<CheckMode>,
    /// Hours from the end of one to the start of the next
    #[arg(long, value_name = "HOURS", value_parser = clap::value_parser!(u64).range(0..=8760))]
    delay: Option<u64>,
    /// When the next one starts: a full hour of the controller's clock
    #[arg(long, value_name = "TIME", value_parser = full_hour)]
    start: Option<DateTime>,
    /// Virtual drives to leave out, by number; in the place of those that are left out now
    #[arg(long, value_name = "NUMBER,…", value_delimiter = ',')]
    exclude: Vec<u32>,
    #[command(flatten)]
    consent: ConsentArgs,
}

/// How scheduled consistency checks run.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum CheckMode {
    /// One virtual drive after the other
    Sequential,
    /// All virtual drives at once
    Concurrent,
    /// Not at all
    Disabled,
}

impl Run for SetCheck {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        const COMMAND: &str = "patrol check set";
        let parts = [Part::ConsistencySchedule, Part::VirtualDrives];
        let (reading, controller) = whole::read(context, &parts)?;
        let now = whole::of(&reading, controller).and_then(|it| it.consistency_schedule.as_ref());
        let mode = self.mode(now)?;
        let actions = [
            mode,
            self.delay.map(PatrolAction::CheckDelay),
            self.start.map(PatrolAction::CheckStartAt),
        ];
        let actions: Vec<_> = actions.into_iter().flatten().collect();
        if actions.is_empty() {
            return Err(nothing(COMMAND, "--mode, --delay, --start or --exclude"));
        }
        let requests: Vec<_> = actions
            .into_iter()
            .map(|action| request(controller, action))
            .collect();
        act::carry_out(context, COMMAND, &self.consent, &reading, &requests)
    }
}

fn request(controller: ControllerId, action: PatrolAction) -> Request {
    Request {
        controller,
        change: PatrolChange { controller, action }.into(),
    }
}

impl SetCheck {
    /// Mode and left out virtual drives are one command of MegaCLI's: what is not named is taken from
    /// how things are.
    fn mode(
        &self,
        now: Option<&ConsistencyCheckSchedule>,
    ) -> Result<Option<PatrolAction>, Failure> {
        let exclude: Vec<TargetId> = self.exclude.iter().map(|&id| TargetId(id)).collect();
        let mode = match self.mode {
            Some(CheckMode::Sequential) => ConsistencyCheckMode::Sequential,
            Some(CheckMode::Concurrent) => ConsistencyCheckMode::Concurrent,
            Some(CheckMode::Disabled) => ConsistencyCheckMode::Disabled,
            None if exclude.is_empty() => return Ok(None),
            None => {
                let runs = [
                    ConsistencyCheckMode::Sequential,
                    ConsistencyCheckMode::Concurrent,
                ];
                let mode = now.and_then(|it| it.mode.clone());
                mode.filter(|it| runs.contains(it)).ok_or_else(|| {
                    let words =
                        "consistency checks do not run by themselves, so that none is left out";
                    Failure::new(Kind::Usage, words)
                        .hint("name how they run as well: add --mode sequential")
                })?
            }
        };
        let is_off = mode == ConsistencyCheckMode::Disabled;
        if is_off && !exclude.is_empty() {
            let words = "with --mode disabled nothing is checked, so that --exclude means nothing";
            return Err(Failure::new(Kind::Usage, words));
        }
        let known = now.and_then(|it| it.excluded.clone()).unwrap_or_default();
        let exclude = if exclude.is_empty() && !is_off {
            known
        } else {
            exclude
        };
        Ok(Some(PatrolAction::CheckMode { mode, exclude }))
    }
}

/// A full hour: `2026-11-22T03`, `2026-11-22 03:00`.
fn full_hour(typed: &str) -> Result<DateTime, String> {
    let expected = || "expected a full hour: 2026-11-22T03".to_owned();
    let (date, hour) = typed.split_once(['T', ' ']).ok_or_else(expected)?;
    let date: Date = date.parse().map_err(|_| expected())?;
    let (hour, rest) = hour.split_once(':').unwrap_or((hour, "00"));
    let hour: i8 = hour.parse().map_err(|_| expected())?;
    if !matches!(rest, "00" | "00:00") || !(0..24).contains(&hour) {
        return Err(expected());
    }
    Ok(date.at(hour, 0, 0, 0))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_start_is_a_full_hour() {
        let expected = Ok(date(2026, 11, 22).at(3, 0, 0, 0));
        for typed in ["2026-11-22T03", "2026-11-22 03:00", "2026-11-22 3"] {
            assert_eq!(full_hour(typed), expected, "{typed}");
        }
        for typed in ["2026-11-22T03:30", "2026-11-22T24", "2026-11-22", "03:00"] {
            assert!(full_hour(typed).is_err(), "{typed}");
        }
    }
}
