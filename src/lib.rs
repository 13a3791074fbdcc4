//! Hardware and host management for bare-metal servers: RAID controllers and memory.
//!
//! * [`cli`]: everything between a terminal and a command.
//! * [`commands`]: one noun per file.
//! * [`backend`]: where a [`reading::Reading`] comes from: MegaCLI on this host, or a saved capture.
//! * [`archive`]: captures on disk.
//! * [`runner`]: the only place that starts programs.
//! * [`reading`]: what one pass over a host yields. Every judgement starts from it.
//! * [`health`]: the judgement. Pure.
//! * [`http`]: asking an HTTP server.
//! * [`fleet`]: the findings of all hosts, as a Prometheus that collects them tells.
//! * [`property`]: the properties of a controller, and the one table of them. Pure.
//! * [`follow`]: what is new in the event logs between two readings. Pure.
//! * [`explain`]: what status numbers, states and finding codes mean, and what to do.
//! * [`exporter`]: metrics for Prometheus and a page for people, collected in the background.
//! * [`host`]: what the operating system knows: block devices, mounts, PCI ids.
//! * [`map`]: the bays of enclosures, and how they are drawn. Pure.
//! * [`memory`]: who uses the memory of the host.
//! * [`dimm`]: the memory modules of the host and their errors.
//! * [`redact`]: pseudonyms in the place of what identifies a host. Pure.
//! * [`output`]: tables, plain text, JSON. One model, many views.

#![forbid(unsafe_code)]

pub mod act;
pub mod archive;
pub mod backend;
pub mod change;
pub mod cli;
pub mod commands;
pub mod demo;
pub mod dimm;
pub mod explain;
pub mod exporter;
mod files;
mod fit;
pub mod fleet;
pub mod follow;
pub mod health;
pub mod host;
pub mod http;
pub mod map;
mod membership;
pub mod memory;
pub mod output;
pub mod property;
pub mod reading;
pub mod redact;
pub mod replace;
pub mod runner;
pub mod selector;
mod who;
