//! The commands: one noun per file, and the one list of them.

pub(crate) mod attention;
pub mod audit;
pub mod bbu;
pub mod capture;
pub(crate) mod cells;
pub mod controller;
pub mod enclosure;
pub mod event;
pub mod explain;
pub mod export;
pub(crate) mod fields;
pub mod fleet;
pub mod foreign;
pub mod health;
mod host_use;
pub mod map;
pub mod mem;
pub mod operation;
pub mod parts;
pub mod patrol;
pub mod pd;
pub mod raw;
mod remote;
pub mod resolve;
pub mod schema;
pub mod security;
mod show;
pub mod sim;
pub mod spare;
pub mod util;
pub mod vd;
pub mod watch;
mod whole;

pub(crate) use crate::cli::join;
use clap::Subcommand;
use ironkeep_parsers::model::ControllerId;
use serde::Serialize;

use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::Failure;
use crate::reading::{Part, Reading, Unread};

/// A command: its arguments, ready to run.
pub trait Run {
    /// Runs it.
    ///
    /// # Errors
    /// If it cannot give its result.
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure>;
}

/// Declares the verbs of a noun, each of which has arguments of its own, and their dispatch from the
/// noun's `Args`.
macro_rules! verbs {
    ($( $(#[$attribute:meta])* $variant:ident($arguments:ty) ),+ $(,)?) => {
        #[derive(Debug, clap::Subcommand)]
        enum Verb {
            $( $(#[$attribute])* $variant($arguments), )+
        }

        impl $crate::commands::Run for Args {
            fn run(
                self,
                context: &mut $crate::cli::context::Context<'_>,
            ) -> Result<$crate::cli::exit::Code, $crate::cli::failure::Failure> {
                match self.verb {
                    $( Verb::$variant(arguments) => arguments.run(context), )+
                }
            }
        }
    };
}
use verbs;

/// Declares the subcommands and their dispatch. The `mod` lines stay outside, where rustfmt sees them.
macro_rules! commands {
    ($( $(#[$attribute:meta])* $variant:ident => $module:ident; )+) => {
        /// What to do.
        #[derive(Debug, Subcommand)]
        #[expect(missing_docs, reason = "the help of a command is the doc comment of its Args")]
        pub enum Command {
            $( $(#[$attribute])* $variant($module::Args), )+
        }

        impl Run for Command {
            fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
                match self { $( Self::$variant(args) => args.run(context), )+ }
            }
        }

        /// Each noun by its name, alone.
        const NOUNS: &[(&str, Noun)] = &[ $( (stringify!($module), Noun {
            augment: <$module::Args as clap::Args>::augment_args,
            read: |matches| {
                <$module::Args as clap::FromArgMatches>::from_arg_matches(matches).map(Command::$variant)
            },
        }), )+ ];
    };
}

/// The arguments of a noun, to be read without making those of all others, which are many.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Noun {
    /// Adds them.
    pub(crate) augment: fn(clap::Command) -> clap::Command,
    /// Reads them.
    pub(crate) read: fn(&clap::ArgMatches) -> Result<Command, clap::Error>,
}

/// The noun called `name`, by no other of its names.
pub(crate) fn noun(name: &str) -> Option<(&'static str, Noun)> {
    NOUNS.iter().find(|(noun, _)| *noun == name).copied()
}

commands! {
    Health => health;
    Watch => watch;
    #[command(visible_alias = "adapter")]
    Controller => controller;
    #[command(visible_alias = "enc")]
    Enclosure => enclosure;
    #[command(visible_alias = "physical-drive")]
    Pd => pd;
    #[command(visible_alias = "virtual-drive")]
    Vd => vd;
    Map => map;
    #[command(visible_alias = "memory")]
    Mem => mem;
    Spare => spare;
    Foreign => foreign;
    #[command(visible_alias = "cachevault")]
    Bbu => bbu;
    #[command(visible_alias = "pr")]
    Patrol => patrol;
    #[command(visible_alias = "events")]
    Event => event;
    #[command(visible_alias = "operations")]
    Operation => operation;
    Security => security;
    Export => export;
    Explain => explain;
    Sim => sim;
    Capture => capture;
    Audit => audit;
    Fleet => fleet;
    Raw => raw;
    Util => util;
}

/// Where a result comes from, beside the data in JSON.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Provenance {
    /// Where the reading comes from.
    source: String,
    /// When it was taken.
    taken: String,
    /// Lines of the tool's output that were not understood.
    leftovers: usize,
    /// The parts that were asked for and are not in the data, with the reason.
    unread: Vec<UnreadPart>,
}

/// A part that is not in the data.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct UnreadPart {
    /// The controller.
    controller: Option<ControllerId>,
    /// The part.
    part: Part,
    /// Why.
    #[serde(flatten)]
    why: Unread,
}

impl Provenance {
    /// Of a whole reading.
    pub fn of(reading: &Reading) -> Self {
        let unread = reading.controllers.iter().flat_map(|controller| {
            controller.unread.iter().map(|(&part, why)| UnreadPart {
                controller: controller.id,
                part,
                why: why.clone(),
            })
        });
        Self {
            source: reading.source.clone(),
            taken: reading.taken.to_string(),
            leftovers: reading.leftovers(),
            unread: unread.collect(),
        }
    }
}
