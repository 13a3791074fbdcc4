//! The server against everything that a network brings: it refuses, and goes on answering.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    clippy::format_collect,
    clippy::default_trait_access,
    reason = "the helpers are tests too"
)]

#[path = "web/abuse.rs"]
mod abuse;
#[path = "web/access.rs"]
mod access;
#[path = "web/daemon.rs"]
mod daemon;
#[path = "web/material.rs"]
mod material;
#[path = "web/requests.rs"]
mod requests;
#[path = "web/server.rs"]
mod server;
#[path = "web/tls.rs"]
mod tls;
