//! Changes from end to end: the program itself acts on a simulated host in a state file, through
//! MegaCLI's words in both directions, and a later reading shows what became of it.

#![cfg(test)]

#[path = "acts/foreign.rs"]
mod foreign;
#[path = "acts/host.rs"]
mod host;
#[path = "acts/pd.rs"]
mod pd;
#[path = "acts/spare.rs"]
mod spare;
#[path = "acts/vd.rs"]
mod vd;
