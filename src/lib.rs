//! ironkeep
