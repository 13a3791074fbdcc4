//! Reading the configuration again while the exporter runs.

use std::path::PathBuf;
use std::sync::Arc;

use super::Fixed;
use crate::cli::Session;
use crate::cli::config::Config;
use crate::exporter::collect::Shared;

/// What is needed to read the configuration again. The flags stay as they were given.
pub(super) struct Reload {
    path: Option<PathBuf>,
    fixed: Fixed,
    shared: Arc<Shared>,
}

impl Reload {
    pub(super) fn new(session: &Session, fixed: Fixed, shared: &Arc<Shared>) -> Self {
        Self {
            path: session.config_path().map(PathBuf::from),
            fixed,
            shared: Arc::clone(shared),
        }
    }

    /// Reads the configuration. One that is not valid changes nothing but what is said about it.
    pub(super) fn run(&self) {
        let voice = self.shared.voice();
        voice.reloading();
        match Config::load(self.path.as_deref()) {
            Ok(config) => {
                let settings = self.fixed.settings(&config);
                self.shared.reconfigure(settings, config);
                voice.say("the configuration was read again");
            }
            Err(failure) => {
                self.shared.refuse_configuration();
                let why = failure.chain().join(": ");
                voice.warn(&format!("the configuration stays as it was: {why}"));
            }
        }
        voice.reloaded();
    }
}
