//! `vd discard-preserved-cache`: giving up unwritten data.

use ironkeep_parsers::model::PreservedCache;

use crate::act::{self, ConsentArgs};
use crate::change::{DiscardPreservedCache, Request};
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::commands::Run;
use crate::commands::parts;
use crate::reading::Part;
use crate::selector::{VirtualDriveName, VirtualDriveSelector};

/// Give up the unwritten data that the cache keeps of a virtual drive
///
/// The last resort: writes that the host takes for done are lost, and an off line virtual drive is
/// deleted with them. With its drives back, the controller writes the data by itself. Refused because
/// of that; agree with --yes=vd0 and the --override that the refusal names.
///
/// Example: ironkeep vd discard-preserved-cache vd0
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Args {
    /// The virtual drive, which may be missing: 0, c0/0, name=NAME
    #[arg(value_name = "VD")]
    drive: VirtualDriveSelector,
    #[command(flatten)]
    consent: ConsentArgs,
}

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let reading = context.read(&act::parts(&[
            Part::PreservedCache,
            Part::VirtualDrives,
            Part::ForeignConfigurations,
        ]))?;
        parts::of(context, &reading, Part::PreservedCache, |controller| {
            controller.preserved_cache.as_ref()
        })?;
        let mut requests = Vec::new();
        for controller in &reading.controllers {
            let named = self.drive.controller;
            let is_meant = named.is_none() || controller.id == named;
            let caches = controller.preserved_cache.iter().flatten();
            for cache in caches.filter(|cache| is_meant && self.names(cache)) {
                let Some(id) = controller.id else { continue };
                let discard = DiscardPreservedCache {
                    target: cache.target_id,
                    state: cache.state.clone(),
                };
                let request = Request {
                    controller: id,
                    change: discard.into(),
                };
                if !requests.contains(&request) {
                    requests.push(request);
                }
            }
        }
        let [request] = requests.as_slice() else {
            return Err(self.not_one(&requests));
        };
        let command = "vd discard-preserved-cache";
        let requests = std::slice::from_ref(request);
        act::carry_out(context, command, &self.consent, &reading, requests)
    }
}

impl Args {
    fn names(&self, cache: &PreservedCache) -> bool {
        match &self.drive.name {
            VirtualDriveName::Target(target) => cache.target_id == *target,
            VirtualDriveName::Name(name) => cache.name.as_ref() == Some(name),
            // What lost its drives has no block device.
            VirtualDriveName::BlockDevice(_) => false,
        }
    }

    fn not_one(&self, found: &[Request]) -> Failure {
        let typed = &self.drive;
        if found.is_empty() {
            let words = format!("no controller keeps unwritten data of “{typed}” in its cache");
            return Failure::new(Kind::Usage, words).hint("what is kept: ironkeep health");
        }
        let full = |it: &Request| format!("c{}/{}", it.controller, it.change.act().object());
        let names: Vec<_> = found.iter().map(full).collect();
        let words = format!("“{typed}” names {} virtual drives", found.len());
        Failure::new(Kind::Usage, words).hint(format!("name one of them: {}", names.join(", ")))
    }
}
