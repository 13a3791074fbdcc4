//! `sim`: playing with the simulated host of `--demo-state`.

use std::path::Path;

use clap::{Arg, ArgMatches, FromArgMatches, Subcommand};
use ironkeep_sim::saved::Saved;
use ironkeep_sim::{play, scenario, time};
use serde::Serialize;

use super::Run;
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::demo::Demo;
use crate::output::{self, Align, Cell, Column, Envelope, Section, Tabular};

/// Play with a simulated host: pull drives, let them fail, let time pass
///
/// The host lives in the file that --demo-state names. Every other command reads it with the same
/// option, so that a whole night can be rehearsed: `sim start` makes a host, a step changes it, and
/// `health`, `map` and `watch` show what a person would see.
#[derive(Debug, clap::Args)]
#[command(after_long_help = steps_help())]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List the scenarios
    List,
    /// Begin a scenario, in the place of what the file held
    Start {
        /// The scenario
        scenario: String,
    },
    /// Show the simulated host: scenario, time, speed, drives on the shelf
    Show,
    /// Let time pass: 90s, 15m, 2h30m, 3d
    Tick {
        /// How much
        duration: String,
    },
    #[command(flatten)]
    Step(Step),
}

/// A step of a story, as a subcommand for each verb, so that flags may follow it as everywhere. The
/// help lists the steps at its end, with what they take.
#[derive(Debug)]
struct Step(Vec<String>);

impl FromArgMatches for Step {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut step = Self(Vec::new());
        step.update_from_arg_matches(matches)?;
        Ok(step)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        if let Some((verb, step)) = matches.subcommand() {
            let words = step.get_many::<String>(WORDS).into_iter().flatten();
            self.0 = [verb.to_owned()]
                .into_iter()
                .chain(words.cloned())
                .collect();
        }
        Ok(())
    }
}

impl Subcommand for Step {
    fn augment_subcommands(command: clap::Command) -> clap::Command {
        play::VERBS
            .iter()
            .fold(command, |command, (verb, _, about)| {
                let words = Arg::new(WORDS).num_args(0..);
                let step = Noun::new(*verb).about(*about).hide(true).arg(words);
                command.subcommand(step)
            })
    }

    fn augment_subcommands_for_update(command: clap::Command) -> clap::Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        play::VERBS.iter().any(|(verb, ..)| *verb == name)
    }
}

/// What clap calls a command.
type Noun = clap::Command;

/// The name of what follows a verb.
const WORDS: &str = "words";

/// The steps, for the end of the help.
fn steps_help() -> String {
    let steps = play::VERBS.iter().map(|(verb, arguments, what)| {
        let usage = format!("{verb} {arguments}");
        format!("  {}\n      {what}\n", usage.trim_end())
    });
    let mut text = "Steps:\n".to_owned();
    text.extend(steps);
    text.push_str(
        "\nA bay is written 252:3, or :3 without an enclosure. A step is about the controller that\n\
         --controller names, or the first.\n\nExample:\n  ironkeep --demo-state night.json sim start \
         healthy\n  ironkeep --demo-state night.json sim fail 252:3\n  ironkeep --demo-state \
         night.json health\n",
    );
    text
}

/// A scenario, for the list.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Scenario {
    /// Its name, for --demo=NAME.
    name: String,
    /// What is the matter with the host.
    title: String,
}

impl Tabular for Scenario {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("name", "SCENARIO", Align::Left, |it| {
            Cell::Text(it.name.clone())
        }),
        Column::new("title", "WHAT IS THE MATTER", Align::Left, |it| {
            Cell::Text(it.title.clone())
        }),
    ];
}

/// The simulated host, for people.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Simulated {
    /// The scenario that it began as.
    scenario: String,
    /// The time on the host's first controller.
    time: Option<String>,
    /// Seconds on the host for each real one.
    speed: u32,
    /// Whether anything runs.
    busy: bool,
    /// Serial numbers of the drives that lie on the shelf.
    shelf: Vec<String>,
}

/// What a step brought about.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Happened {
    /// Number of the controller.
    controller: usize,
    /// The controller's time.
    time: String,
    /// The firmware's words.
    description: String,
}

impl Tabular for Happened {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("time", "TIME", Align::Left, |it| {
            Cell::Text(it.time.clone())
        }),
        Column::on_request("controller", "CONTROLLER", Align::Right, |it: &Self| {
            Cell::Number(i128::try_from(it.controller).unwrap_or_default())
        }),
        Column::new("event", "EVENT", Align::Left, |it| {
            Cell::Text(it.description.clone())
        }),
    ];
}

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        match self.verb {
            Verb::List => return list(context),
            Verb::Start { scenario } => {
                let choice = context.session.demo().clone();
                let saved = Demo::restart(&state(context)?, &scenario, choice.speed)?;
                show(context, "sim start", &saved)?;
            }
            Verb::Show => {
                let saved = Demo::change(&state(context)?, |saved| Ok(saved.clone()))?;
                show(context, "sim show", &saved)?;
            }
            Verb::Tick { duration } => step(context, &format!("wait {duration}"))?,
            Verb::Step(Step(words)) => step(context, &words.join(" "))?,
        }
        Ok(Code::Done)
    }
}

/// Prints the scenarios.
///
/// # Errors
/// If the stream cannot be written.
pub fn list(context: &mut Context<'_>) -> Result<Code, Failure> {
    let rows: Vec<Scenario> = scenario::list()
        .into_iter()
        .map(|(name, title)| Scenario {
            name: name.to_owned(),
            title,
        })
        .collect();
    output::print_list(context, "sim list", &rows, "No scenarios.")?;
    Ok(Code::Done)
}

/// The file that the host lives in.
fn state(context: &Context<'_>) -> Result<std::path::PathBuf, Failure> {
    let state = context.session.demo().state.clone();
    state.ok_or_else(|| {
        Failure::new(
            Kind::Usage,
            "this needs a file in which the simulated host lives",
        )
        .hint("make one: ironkeep --demo-state FILE sim start SCENARIO")
    })
}

/// Plays one step and prints the events that it brought about.
fn step(context: &mut Context<'_>, words: &str) -> Result<(), Failure> {
    let path: &Path = &state(context)?;
    let number = context.session.controller_number().unwrap_or_default();
    let number = usize::try_from(number).unwrap_or(usize::MAX);
    let happened = Demo::change(path, |saved| {
        let before = newest(saved);
        play::play(&mut saved.host, number, words).map_err(|error| {
            Failure::new(Kind::Usage, error).hint("the steps: ironkeep help sim")
        })?;
        Ok(since(saved, &before))
    })?;
    output::print_list(
        context,
        "sim tick",
        &happened,
        "Nothing that the firmware would write down.",
    )
}

/// The newest event of each controller.
fn newest(saved: &Saved) -> Vec<u32> {
    let logs = saved.host.controllers.iter().map(|it| &it.events.entries);
    logs.map(|log| log.last().map_or(0, |event| event.sequence))
        .collect()
}

/// The events after those of `before`.
fn since(saved: &Saved, before: &[u32]) -> Vec<Happened> {
    let controllers = saved.host.controllers.iter().zip(before).enumerate();
    controllers
        .flat_map(|(controller, (it, &before))| {
            let events = it
                .events
                .entries
                .iter()
                .filter(move |event| event.sequence > before);
            events.map(move |event| Happened {
                controller,
                time: written(event.time),
                description: event.description.clone(),
            })
        })
        .collect()
}

fn written(seconds: u32) -> String {
    time::civil(seconds)
        .strftime("%Y-%m-%d %H:%M:%S")
        .to_string()
}

fn show(context: &mut Context<'_>, command: &str, saved: &Saved) -> Result<(), Failure> {
    let clock = saved
        .host
        .controllers
        .first()
        .map(|it| written(it.info.time));
    let shelf: Vec<String> = saved
        .host
        .shelf
        .iter()
        .map(|drive| drive.serial.clone())
        .collect();
    let it = Simulated {
        scenario: saved.scenario.clone(),
        time: clock,
        speed: saved.speed,
        busy: play::is_busy(&saved.host),
        shelf,
    };
    let text = |text: &str| Cell::Text(text.to_owned());
    let shelf = if it.shelf.is_empty() {
        Cell::Absent
    } else {
        Cell::Text(it.shelf.join(", "))
    };
    let section = Section::new(
        "Simulated host",
        vec![
            ("Scenario", text(&it.scenario)),
            (
                "Time on the host",
                it.time.as_deref().map_or(Cell::Absent, text),
            ),
            ("Speed", Cell::Text(format!("{} s a second", it.speed))),
            (
                "Running",
                text(if it.busy { "something runs" } else { "nothing" }),
            ),
            ("On the shelf", shelf),
        ],
    );
    output::print_record(context, &Envelope::new(command, &it), &[section])
}
