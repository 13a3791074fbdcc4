//! MegaCLI's text output as typed structs. Text in, [`Report`] out, nothing else: no file, clock,
//! environment or log.
//!
//! # The grammar of MegaCLI's output
//!
//! An output is lines of `key : value`. Blanks may stand before the colon, after it, or nowhere.
//! Blank lines separate blocks but carry no meaning, since builds differ in how many they print. A
//! block begins at a key of its own (`Enclosure Device ID`, `Virtual Drive`, `PD: 0 Information`) and
//! ends where the next one begins; a controller's part begins at one of the spellings of
//! `Adapter #0`. Errors are sentences in between. The last line is `Exit Code: 0xNN`.
//!
//! So every parser is one pass over the lines, with one `match` on the key: see [`scan`]. A line that
//! no field takes is reported as a [`report::Leftover`], with its number.
//!
//! # Rooms
//! * [`text`], [`scan`], [`frame`]: lines, the walk over them, what surrounds every output.
//! * [`grammar`]: values. The only user of nom. [`sentence`]: whole sentences with holes.
//! * [`model`], [`units`]: what the field calls things. No parsing.
//! * [`megacli`]: one file per MegaCLI output, and the list of them all.
//! * [`report`]: the value with the account of what is not in it.

#![forbid(unsafe_code)]

pub mod frame;
pub mod grammar;
pub mod megacli;
pub mod model;
pub mod report;
pub mod scan;
pub mod sentence;
pub mod text;
pub mod units;

pub use report::Report;
