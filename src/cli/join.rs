//! A reading joined to the host that it describes: which block device a drive is, and the other way
//! round. Certain or absent, see [`crate::host`].

use std::path::Path;

use crate::cli::context::Context;
use crate::cli::failure::{Failure, Kind};
use crate::host::{BlockDevice, Host, PciAddress, Target, Unjoined};
use crate::reading::{Controller, Part, Reading};

/// What the host knows of the drives in a reading.
#[derive(Debug, Default)]
pub struct Join {
    /// `None` for a capture, which may be of another host.
    host: Option<Host>,
    /// How many controllers the host has as the tool counts.
    controllers: usize,
    /// Whether the host shows a drive that is asked about.
    wanted: bool,
}

impl Join {
    /// Reads the host that `reading` describes. The controllers' PCI addresses are read only where
    /// nothing else tells them apart and the host shows a drive that is `wanted`.
    ///
    /// # Errors
    /// If the PCI addresses are needed and the tool cannot be run.
    pub fn read(
        context: &mut Context<'_>,
        reading: &mut Reading,
        wanted: impl Fn(Target) -> bool,
    ) -> Result<Self, Failure> {
        let host = context.session.host(reading);
        let controllers = context.session.controllers_on_host();
        let hosts = || host.iter().flat_map(Host::controllers);
        let wanted = hosts()
            .flat_map(|host| &host.drives)
            .any(|drive| wanted(drive.target));
        if wanted && (hosts().count() > 1 || controllers > 1) {
            context.read_more(reading, &[Part::PciLocations])?;
        }
        Ok(Self {
            host,
            controllers,
            wanted,
        })
    }

    /// A join to `host`, which has so many controllers as the tool counts; `None` joins nothing. What it
    /// needs of the controllers' PCI addresses has to be read already.
    pub fn of(host: Option<Host>, controllers: usize) -> Self {
        Self {
            host,
            controllers,
            wanted: true,
        }
    }

    /// The block device of a drive of `controller`, or why it is not known; `None` where nothing is
    /// known of the host.
    pub fn look_up(
        &self,
        controller: &Controller,
        target: Target,
    ) -> Option<Result<&BlockDevice, Unjoined>> {
        let host = self.host.as_ref()?;
        Some(host.block_device(address(controller), self.controllers, target))
    }

    /// Who holds a block device of this host or has it open, beside what it shows itself.
    ///
    /// # Errors
    /// If nobody can say: why.
    pub fn openers(&self, device: &BlockDevice) -> Result<Vec<String>, String> {
        let host = self.host.as_ref();
        host.map_or_else(|| Ok(Vec::new()), |host| host.openers(device))
    }

    /// The block device of a drive of `controller`; `None` where it has none, or none for certain.
    pub fn device(&self, controller: &Controller, target: Target) -> Option<&BlockDevice> {
        self.look_up(controller, target)?.ok()
    }

    /// Why the block devices of a controller are not known although the host shows some that were
    /// asked about.
    pub fn obstacles(&self, reading: &Reading) -> Vec<String> {
        let Some(host) = self.host.as_ref().filter(|_| self.wanted) else {
            return Vec::new();
        };
        reading
            .controllers
            .iter()
            .filter_map(|controller| {
                let why = host
                    .controller(address(controller), self.controllers)
                    .err()?;
                let whose = controller
                    .id
                    .map_or_else(String::new, |id| format!(" of controller {id}"));
                Some(format!("the block devices{whose} are not known: {why}"))
            })
            .collect()
    }

    /// Which drive of `reading` the block device `node` is.
    ///
    /// # Errors
    /// Why it is none, or none for certain.
    pub fn owner<'a>(
        &self,
        reading: &'a Reading,
        node: &str,
    ) -> Result<(&'a Controller, Target), Failure> {
        let what = || format!("cannot tell which drive {node} is");
        let Some(host) = self.host.as_ref() else {
            let why = "saved output says nothing about block devices";
            return Err(Failure::because(Kind::Usage, what(), why)
                .hint("name the drive by its place, serial number or WWN"));
        };
        let owner = host.owner(Path::new(node)).map_err(|why| {
            let below = if let Unjoined::Stacked { below, .. } = &why {
                below.first().cloned()
            } else {
                None
            };
            let failure = Failure::because(Kind::Usage, what(), why);
            match below {
                Some(below) => failure.hint(format!("name what it is built on: /dev/{below}")),
                None => failure,
            }
        })?;
        let mut why = None;
        for controller in &reading.controllers {
            match host.controller(address(controller), self.controllers) {
                Ok(found) if found.number == owner.host => return Ok((controller, owner.target)),
                Ok(_) => {}
                Err(error) => why = Some(error),
            }
        }
        Err(match why {
            Some(why) => Failure::because(Kind::Usage, what(), why),
            None => Failure::because(
                Kind::Usage,
                what(),
                format!("it is {} of a controller that was not read", owner.target),
            ),
        }
        .hint("look at the controllers: ironkeep controller list"))
    }

    /// A join to `host`, for tests.
    #[cfg(test)]
    pub(crate) fn to(host: Host, controllers: usize) -> Self {
        Self::of(Some(host), controllers)
    }
}

fn address(controller: &Controller) -> Option<PciAddress> {
    PciAddress::of(controller.pci.as_ref()?)
}
