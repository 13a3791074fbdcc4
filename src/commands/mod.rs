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
use clap::{ArgMatches, FromArgMatches, Subcommand};
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

/// Declares the subcommands, each with its other name, and their dispatch. The `mod` lines stay outside,
/// where rustfmt sees them.
macro_rules! commands {
    ($( $variant:ident => $module:ident $(or $alias:literal)?; )+) => {
        /// What to do.
        #[derive(Debug, Subcommand)]
        #[expect(missing_docs, reason = "the help of a command is the doc comment of its Args")]
        pub enum Command {
            $( $( #[command(visible_alias = $alias)] )? $variant($module::Args), )+
        }

        impl Run for Command {
            fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
                match self { $( Self::$variant(args) => args.run(context), )+ }
            }
        }

        impl Typed {
            fn nouns(command: clap::Command) -> clap::Command {
                command $( .subcommand(
                    clap::Command::default()
                        .name(stringify!($module))
                        $( .visible_alias($alias) )?
                        .defer(<$module::Args as clap::Args>::augment_args)
                ) )+
            }
        }
    };
}

commands! {
    Health => health;
    Watch => watch;
    Controller => controller or "adapter";
    Enclosure => enclosure or "enc";
    Pd => pd or "physical-drive";
    Vd => vd or "virtual-drive";
    Map => map;
    Mem => mem or "memory";
    Spare => spare;
    Foreign => foreign;
    Bbu => bbu or "cachevault";
    Patrol => patrol or "pr";
    Event => event or "events";
    Operation => operation or "operations";
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

/// A [`Command`] of which only the noun that was typed describes its arguments: all of them together
/// are a third of the program's start, in time and in memory. For reading command lines alone; help and
/// usage errors need the others' descriptions.
#[derive(Debug)]
pub struct Typed(pub Command);

impl FromArgMatches for Typed {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        Command::from_arg_matches(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.0.update_from_arg_matches(matches)
    }
}

impl Subcommand for Typed {
    fn augment_subcommands(command: clap::Command) -> clap::Command {
        Self::nouns(command)
    }

    fn augment_subcommands_for_update(command: clap::Command) -> clap::Command {
        Self::nouns(command)
    }

    fn has_subcommand(name: &str) -> bool {
        Command::has_subcommand(name)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_has_the_names_of_what_is_described() {
        let names = |command: clap::Command| -> Vec<(String, Vec<String>)> {
            let nouns = command.get_subcommands();
            nouns
                .map(|noun| {
                    let aliases = noun.get_visible_aliases().map(str::to_owned);
                    (noun.get_name().to_owned(), aliases.collect())
                })
                .collect()
        };
        let root = clap::Command::default;
        assert_eq!(
            names(Typed::augment_subcommands(root())),
            names(Command::augment_subcommands(root())),
        );
    }
}
