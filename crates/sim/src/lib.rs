//! A MegaRAID host that does not exist: controllers, enclosures and drives as a state machine with a
//! clock of its own, and a MegaCLI that answers for them in the real tool's words.
//!
//! * [`state`] is what there is, named after the firmware's structures.
//! * [`firmware`] is what happens by itself, and what happens to it.
//! * [`play`] and [`scenario`] are stories, and the hosts that they lead to.
//! * [`saved`] keeps a host in a file, from one command to the next.
//! * [`megacli`] answers command lines: arguments in, text and exit status out.
//!
//! This crate cannot see `ironkeep-parsers`: what it prints is judged against real captures, not
//! against our own reading of them.

pub mod firmware;
pub mod megacli;
pub mod play;
pub mod saved;
pub mod scenario;
pub mod state;
pub mod time;
