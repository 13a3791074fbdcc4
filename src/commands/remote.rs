//! How another server is asked: the options that say who asks, and how both prove who they are.

use std::path::PathBuf;
use std::time::Duration;

use crate::cli::context::Context;
use crate::cli::failure::{Failure, Kind};
use crate::http::{Client, Settings, SetupError};

/// Who asks, and how both sides prove who they are.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Access")]
pub(super) struct AccessArgs {
    /// User name of HTTP basic authentication
    #[arg(long, value_name = "NAME", requires = "password_file")]
    username: Option<String>,

    /// The file that holds its password
    #[arg(long, value_name = "FILE", requires = "username")]
    password_file: Option<PathBuf>,

    /// The file that holds a bearer token
    #[arg(long, value_name = "FILE", conflicts_with = "username")]
    bearer_token_file: Option<PathBuf>,

    /// Certificates that the server's has to come from, instead of those that this host trusts
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,

    /// The certificate that proves who asks
    #[arg(long, value_name = "FILE", requires = "key_file")]
    cert_file: Option<PathBuf>,

    /// Its key
    #[arg(long, value_name = "FILE", requires = "cert_file")]
    key_file: Option<PathBuf>,

    /// Believe whoever answers: do not check the server's certificate
    #[arg(long)]
    insecure: bool,
}

impl AccessArgs {
    /// These settings, and those of `others` where none were given. Who asks is one question, and so is
    /// the client's certificate: neither is put together from two places.
    pub(super) fn or(self, others: Settings) -> Settings {
        let says_who = self.username.is_some() || self.bearer_token_file.is_some();
        let (username, password_file, bearer_token_file) = if says_who {
            (self.username, self.password_file, self.bearer_token_file)
        } else {
            (
                others.username,
                others.password_file,
                others.bearer_token_file,
            )
        };
        let (cert_file, key_file) = if self.cert_file.is_some() {
            (self.cert_file, self.key_file)
        } else {
            (others.cert_file, others.key_file)
        };
        Settings {
            username,
            password_file,
            bearer_token_file,
            ca_file: self.ca_file.or(others.ca_file),
            cert_file,
            key_file,
            insecure: self.insecure || others.insecure,
        }
    }
}

/// A client of the server at `url`; says what a person should know before it is asked. An answer may take
/// `usual`, if `--timeout` does not say otherwise.
pub(super) fn client(
    context: &mut Context<'_>,
    url: &str,
    settings: &Settings,
    usual: Duration,
) -> Result<Client, Failure> {
    let limit = context.session.time_limit().unwrap_or(usual);
    let client = Client::new(url, settings, limit).map_err(wrong)?;
    for warning in client.warnings() {
        context.say("warning: ", &warning)?;
    }
    Ok(client)
}

fn wrong(error: SetupError) -> Failure {
    match error {
        SetupError::Url(_) => {
            let secret = "say who asks: --username NAME --password-file FILE";
            let is_secret = error.to_string().contains("password");
            let failure = Failure::because(Kind::Usage, "the URL cannot be used", error);
            if is_secret {
                failure.hint(secret)
            } else {
                failure
            }
        }
        SetupError::Settings(_) => Failure::new(Kind::Usage, error),
        SetupError::File { path, source } => {
            let what = format!("cannot read {}", path.display());
            Failure::because(Kind::Environment, what, source)
        }
        SetupError::Content { .. } => Failure::new(Kind::Environment, error),
    }
}
