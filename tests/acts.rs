//! Changes from the command line to the state of a simulated host and back: what is asked for, what
//! MegaCLI says of it, and what a reading shows afterwards.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "the helpers are tests too"
)]

#[path = "acts/cheat_sheet.rs"]
mod cheat_sheet;
#[path = "acts/controller.rs"]
mod controller;
#[path = "acts/foreign.rs"]
mod foreign;
#[path = "acts/host.rs"]
mod host;
#[path = "acts/logs.rs"]
mod logs;
#[path = "acts/pd.rs"]
mod pd;
#[path = "acts/schedules.rs"]
mod schedules;
#[path = "acts/security.rs"]
mod security;
#[path = "acts/spare.rs"]
mod spare;
#[path = "acts/vd.rs"]
mod vd;
