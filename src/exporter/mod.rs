//! The exporter: metrics and a page for people, from collections in the background. What the page looks
//! like is handed in: it speaks the words of the commands, which this room does not know.
//!
//! ```text
//! collect (a thread) -> store -> publish (a thread) -> Pages -> web: every scrape is the same bytes
//!                                   \-> Snapshot -> metrics: pure                      \-> textfile
//! ```
//!
//! A scrape never runs the tool and encodes nothing: pages are made once per collection, and again when a
//! part gets too old to be shown. Nothing but this room and `commands/export` knows tokio.

pub mod collect;
pub mod collector;
pub mod exposition;
pub mod family;
pub mod metrics;
pub mod pages;
pub mod pieces;
pub mod snapshot;
pub mod system;
pub mod value;
pub mod web;

/// Where the exporter listens if nothing else is said. The numbers 9100 to 9999, which exporters share
/// out among themselves, are all taken.
pub const DEFAULT_ADDRESS: &str = "127.0.0.1:10876";
