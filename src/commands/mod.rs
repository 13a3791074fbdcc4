//! The commands: one noun per file, and the one list of them.

pub mod health;

use clap::Subcommand;

use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::Failure;

/// A command: its arguments, ready to run.
pub trait Run {
    /// Runs it.
    ///
    /// # Errors
    /// If it cannot give its result.
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure>;
}

/// Declares the subcommands and their dispatch. The `mod` lines stay outside, where rustfmt sees them.
macro_rules! commands {
    ($( $(#[$attribute:meta])* $variant:ident => $module:ident; )+) => {
        /// What to do.
        #[derive(Debug, Subcommand)]
        pub enum Command {
            $( $(#[$attribute])* $variant($module::Args), )+
        }

        impl Run for Command {
            fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
                match self { $( Self::$variant(args) => args.run(context), )+ }
            }
        }
    };
}

commands! {
    Health => health;
}
