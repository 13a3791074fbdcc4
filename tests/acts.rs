//! Changes from end to end: the program itself acts on a simulated host in a state file, through
//! MegaCLI's words in both directions, and a later reading shows what became of it.

#![cfg(test)]

#[path = "acts/host.rs"]
mod host;
#[path = "acts/vd.rs"]
mod vd;
