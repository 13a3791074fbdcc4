//! Runs the real tool.
