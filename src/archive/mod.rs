//! A capture on disk: a folder, or a `.tar.gz` of one, with its table of contents.

pub mod index;
pub mod read;
pub mod write;

/// The file that says what the operating system knows of the host.
pub const HOST: &str = "host.json";
