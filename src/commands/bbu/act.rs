//! `bbu learn`, `bbu set`, `bbu schedule`.

use ironkeep_parsers::model::AutoLearn;

use crate::act::ConsentArgs;
use crate::change::BatteryChange;
use crate::change::battery::{BatteryAction, LearnSettings};
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::commands::{Run, whole};

fn act(
    context: &mut Context<'_>,
    command: &str,
    consent: &ConsentArgs,
    action: BatteryAction,
) -> Result<Code, Failure> {
    whole::carry_out(context, command, consent, |controller| {
        vec![BatteryChange { controller, action }.into()]
    })
}

/// Start a learn cycle of the battery now
///
/// The battery is discharged and charged again, which takes hours. Virtual drives with write-back may
/// fall back to write-through meanwhile, which is slower: choose a quiet hour. Refused while one runs,
/// and for a battery that has to be replaced.
/// Example: ironkeep bbu learn
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Learn {
    #[command(flatten)]
    consent: ConsentArgs,
}

impl Run for Learn {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        act(context, "bbu learn", &self.consent, BatteryAction::Learn)
    }
}

/// Set whether and how often the battery learns by itself
///
/// What is not named stays as it is. What the battery took is read back: many keep their own period.
/// Example, to learn in the nights of your choice with `bbu learn`: ironkeep bbu set --auto-learn warn
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Set {
    /// Whether learn cycles start by themselves
    #[arg(long)]
    auto_learn: Option<Mode>,
    /// Days from one learn cycle to the next
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u64).range(1..=366))]
    period: Option<u64>,
    /// Hours by which the next learn cycle is put off, at most 7 days
    #[arg(long, value_name = "HOURS", value_parser = clap::value_parser!(u64).range(0..=168))]
    delay: Option<u64>,
    #[command(flatten)]
    consent: ConsentArgs,
}

/// Whether learn cycles start by themselves.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Mode {
    /// They do
    On,
    /// They do not
    Off,
    /// They do not; an event reminds of them
    Warn,
}

impl Run for Set {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let settings = LearnSettings {
            auto_learn: self.auto_learn.map(|mode| match mode {
                Mode::On => AutoLearn::Enabled,
                Mode::Off => AutoLearn::Disabled,
                Mode::Warn => AutoLearn::WarnByEvent,
            }),
            period_days: self.period,
            delay_hours: self.delay,
        };
        if settings == LearnSettings::default() {
            let words = "bbu set needs something to set: --auto-learn, --period or --delay";
            return Err(Failure::new(Kind::Usage, words).hint("how things are: ironkeep bbu show"));
        }
        act(
            context,
            "bbu set",
            &self.consent,
            BatteryAction::Set(settings),
        )
    }
}

/// Choose the day and hour at which learn cycles may start
///
/// Few controllers can; the others say that it is not supported. Example:
/// ironkeep bbu schedule sun --hour 3
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Schedule {
    /// The day of the week, or off: any hour of any day
    day: Day,
    /// The full hour of the controller's clock, 0 to 23
    #[arg(long, value_parser = clap::value_parser!(u8).range(0..=23), default_value_t = 0)]
    hour: u8,
    #[command(flatten)]
    consent: ConsentArgs,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Day {
    Sun,
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    /// No day
    Off,
}

impl Run for Schedule {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let day = match self.day {
            Day::Sun => "SUN",
            Day::Mon => "MON",
            Day::Tue => "TUE",
            Day::Wed => "WED",
            Day::Thu => "THU",
            Day::Fri => "FRI",
            Day::Sat => "SAT",
            Day::Off => {
                return act(
                    context,
                    "bbu schedule",
                    &self.consent,
                    BatteryAction::LearnAnytime,
                );
            }
        };
        let hour = self.hour;
        act(
            context,
            "bbu schedule",
            &self.consent,
            BatteryAction::LearnOn { day, hour },
        )
    }
}
