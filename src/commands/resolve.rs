//! What a selector means in a reading: one thing, or a clear refusal. Nothing is guessed: a name that
//! fits several things is refused with all of them in full.

use ironkeep_parsers::model::{
    ControllerId, DriveAddress, Enclosure, PhysicalDrive, SasAddress, Slot, VirtualDrive,
};

use super::join::Join;
use crate::cli::failure::{Failure, Kind};
use crate::host::Target;
use crate::output::human;
use crate::reading::{Controller, Part, Reading};
use crate::selector::{
    DriveName, DriveSelector, EnclosureSelector, VirtualDriveName, VirtualDriveSelector,
};

/// Something of a controller.
#[derive(Debug, PartialEq)]
pub struct Found<'a, T> {
    /// The controller.
    pub controller: &'a Controller,
    /// The thing.
    pub value: &'a T,
}

// Derived, these would ask the same of `T`, which is only borrowed.
impl<T> Clone for Found<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Found<'_, T> {}

/// Finds what selectors name.
#[derive(Debug, Clone, Copy)]
pub struct Resolver<'a> {
    reading: &'a Reading,
    join: &'a Join,
}

impl<'a> Resolver<'a> {
    /// Looks in `reading`; block devices are looked up through `join`.
    pub fn new(reading: &'a Reading, join: &'a Join) -> Self {
        Self { reading, join }
    }

    /// The physical drive that `selector` names.
    ///
    /// # Errors
    /// If there is none, or there are several.
    pub fn drive(&self, selector: &DriveSelector) -> Result<Found<'a, PhysicalDrive>, Failure> {
        let search = Search {
            typed: selector.to_string(),
            what: "physical drive",
            command: "pd",
            part: Part::PhysicalDrives,
            full: |it| full_name(it.controller.id, drive_name(it.value)),
            looks: |it| it.value.serial().map(|serial| format!("sn {serial}")),
        };
        if let DriveName::BlockDevice(node) = &selector.name {
            return self.drive_behind(node, &search);
        }
        let all = self.scope(selector.controller, |controller| {
            controller.physical_drives.as_deref()
        })?;
        let matching = |test: &dyn Fn(&PhysicalDrive) -> bool| {
            all.iter()
                .filter(|it| test(it.value))
                .copied()
                .collect::<Vec<_>>()
        };
        let found = match &selector.name {
            DriveName::Address(wanted) => {
                let exact = matching(&|drive| drive.address() == Some(*wanted));
                // `:4` is the direct-attached drive 4, or else slot 4 of whichever enclosure.
                if exact.is_empty() && wanted.enclosure.is_none() {
                    matching(&|drive| drive.slot == Some(wanted.slot))
                } else {
                    exact
                }
            }
            DriveName::Serial(serial) => matching(&|drive| {
                drive
                    .serial()
                    .is_some_and(|it| it.eq_ignore_ascii_case(serial))
            }),
            DriveName::Wwn(wwn) => matching(&|drive| has_address(drive, SasAddress(*wwn))),
            DriveName::DeviceId(id) => matching(&|drive| drive.device_id == Some(*id)),
            DriveName::BlockDevice(_) => Vec::new(),
        };
        let near = near_drives(&selector.name, &all);
        search.single(self, selector.controller, &found, &near)
    }

    /// The virtual drive that `selector` names.
    ///
    /// # Errors
    /// If there is none, or there are several.
    pub fn virtual_drive(
        &self,
        selector: &VirtualDriveSelector,
    ) -> Result<Found<'a, VirtualDrive>, Failure> {
        let search = Search {
            typed: selector.to_string(),
            what: "virtual drive",
            command: "vd",
            part: Part::VirtualDrives,
            full: |it| full_name(it.controller.id, virtual_drive_name(it.value)),
            looks: |it| it.value.name.clone(),
        };
        if let VirtualDriveName::BlockDevice(node) = &selector.name {
            return self.virtual_drive_behind(node, &search);
        }
        let all = self.scope(selector.controller, |controller| {
            controller.virtual_drives.as_deref()
        })?;
        let found: Vec<_> = all
            .iter()
            .filter(|it| match &selector.name {
                VirtualDriveName::Target(target) => it.value.target_id == Some(*target),
                VirtualDriveName::Name(name) => it.value.name.as_ref() == Some(name),
                VirtualDriveName::BlockDevice(_) => false,
            })
            .copied()
            .collect();
        let near: Vec<_> = all
            .iter()
            .filter(|it| match (&selector.name, &it.value.name) {
                (VirtualDriveName::Name(wanted), Some(name)) => is_near(wanted, name),
                _ => false,
            })
            .copied()
            .collect();
        search.single(self, selector.controller, &found, &near)
    }

    /// The enclosure that `selector` names.
    ///
    /// # Errors
    /// If there is none, or there are several.
    pub fn enclosure(&self, selector: &EnclosureSelector) -> Result<Found<'a, Enclosure>, Failure> {
        let search = Search {
            typed: selector.enclosure.to_string(),
            what: "enclosure",
            command: "enclosure",
            part: Part::Enclosures,
            full: |it: &Found<'_, Enclosure>| {
                let name = human::or_unknown(it.value.id);
                full_name(it.controller.id, name)
            },
            looks: |it| it.value.model.clone(),
        };
        let all = self.scope(selector.controller, |controller| {
            controller.enclosures.as_deref()
        })?;
        let found: Vec<_> = all
            .iter()
            .filter(|it| it.value.id == Some(selector.enclosure))
            .copied()
            .collect();
        search.single(self, selector.controller, &found, &all)
    }

    /// The drive that the host sees as `node`. A virtual drive is refused with its drives.
    fn drive_behind(
        &self,
        node: &str,
        search: &Search<PhysicalDrive>,
    ) -> Result<Found<'a, PhysicalDrive>, Failure> {
        let (controller, target) = self.join.owner(self.reading, node)?;
        match target {
            Target::PhysicalDrive(id) => {
                let found: Vec<_> = things(controller, controller.physical_drives.as_deref())
                    .filter(|it| it.value.device_id == Some(id))
                    .collect();
                search.single(self, controller.id, &found, &[])
            }
            Target::VirtualDrive(id) => {
                let failure = Failure::new(
                    Kind::Usage,
                    format!("{node} is virtual drive {id}, not a physical drive"),
                );
                let drives: Vec<String> = controller
                    .virtual_drives
                    .iter()
                    .flatten()
                    .filter(|drive| drive.target_id == Some(id))
                    .flat_map(|drive| &drive.spans)
                    .flat_map(|span| &span.members)
                    .filter_map(|member| member.drive.as_ref())
                    .map(|drive| full_name(controller.id, drive_name(drive)))
                    .collect();
                Err(if drives.is_empty() {
                    failure.hint(format!("what is known of it: ironkeep vd show {node}"))
                } else {
                    failure.hint(format!("its drives are {}", drives.join(", ")))
                })
            }
        }
    }

    /// The virtual drive that the host sees as `node`.
    fn virtual_drive_behind(
        &self,
        node: &str,
        search: &Search<VirtualDrive>,
    ) -> Result<Found<'a, VirtualDrive>, Failure> {
        let (controller, target) = self.join.owner(self.reading, node)?;
        match target {
            Target::VirtualDrive(id) => {
                let found: Vec<_> = things(controller, controller.virtual_drives.as_deref())
                    .filter(|it| it.value.target_id == Some(id))
                    .collect();
                search.single(self, controller.id, &found, &[])
            }
            Target::PhysicalDrive(id) => Err(Failure::new(
                Kind::Usage,
                format!("{node} is the physical drive with device id {id}, not a virtual drive"),
            )
            .hint(format!("look at it: ironkeep pd show {node}"))),
        }
    }

    /// Everything of one kind, of the named controller or of all.
    fn scope<T>(
        &self,
        controller: Option<ControllerId>,
        get: impl Fn(&'a Controller) -> Option<&'a [T]>,
    ) -> Result<Vec<Found<'a, T>>, Failure> {
        let controllers = &self.reading.controllers;
        if let Some(id) = controller
            && !controllers.iter().any(|it| it.id == Some(id))
        {
            return Err(
                Failure::new(Kind::Usage, format!("there is no controller {id}"))
                    .hint("look at them: ironkeep controller list"),
            );
        }
        Ok(controllers
            .iter()
            .filter(|it| controller.is_none() || it.id == controller)
            .flat_map(|it| things(it, get(it)))
            .collect())
    }
}

fn things<'a, T>(
    controller: &'a Controller,
    things: Option<&'a [T]>,
) -> impl Iterator<Item = Found<'a, T>> {
    things
        .unwrap_or_default()
        .iter()
        .map(move |value| Found { controller, value })
}

/// A search for one thing, as far as messages go.
struct Search<T> {
    typed: String,
    what: &'static str,
    /// The noun of its command.
    command: &'static str,
    part: Part,
    full: fn(&Found<'_, T>) -> String,
    /// What else a person knows it by.
    looks: fn(&Found<'_, T>) -> Option<String>,
}

impl<T> Search<T> {
    /// The only one of `found`; `near` is what may have been meant if there is none.
    fn single<'a>(
        &self,
        resolver: &Resolver<'a>,
        controller: Option<ControllerId>,
        found: &[Found<'a, T>],
        near: &[Found<'a, T>],
    ) -> Result<Found<'a, T>, Failure> {
        match found {
            [only] => Ok(*only),
            [] => Err(self.absent(resolver, controller, near)),
            several => Err(Failure::new(
                Kind::Usage,
                format!("“{}” names {} {}s", self.typed, several.len(), self.what),
            )
            .hint(format!("name one of them: {}", self.names(several)))),
        }
    }

    fn absent(
        &self,
        resolver: &Resolver<'_>,
        controller: Option<ControllerId>,
        near: &[Found<'_, T>],
    ) -> Failure {
        let message = format!("there is no {} “{}”", self.what, self.typed);
        // Where something was not read, “there is none” would claim too much.
        let unread = resolver
            .reading
            .controllers
            .iter()
            .filter(|it| controller.is_none() || it.id == controller)
            .find(|it| !it.has(self.part) || it.unread.contains_key(&self.part));
        let failure = match unread {
            Some(controller) => {
                let whose = controller
                    .id
                    .map_or_else(String::new, |id| format!(" of controller {id}"));
                let why = format!("{}{whose} were not read in full", self.part.words());
                Failure::because(Kind::Usage, format!("{message} in what was read"), why)
            }
            None => Failure::new(Kind::Usage, message),
        };
        let failure = if near.is_empty() {
            failure
        } else {
            failure.hint(format!("there is: {}", self.names(near)))
        };
        failure.hint(format!("all of them: ironkeep {} list", self.command))
    }

    fn names(&self, things: &[Found<'_, T>]) -> String {
        let name = |thing: &Found<'_, T>| {
            let full = (self.full)(thing);
            (self.looks)(thing).map_or_else(|| full.clone(), |looks| format!("{full} ({looks})"))
        };
        let names: Vec<String> = things.iter().map(name).collect();
        names.join(", ")
    }
}

/// `c0/252:4`; without the controller where no output named it.
fn full_name(controller: Option<ControllerId>, name: String) -> String {
    match controller {
        Some(id) => format!("c{id}/{name}"),
        None => name,
    }
}

/// How a drive is called: by its place, or by what else is known of it.
fn drive_name(drive: &PhysicalDrive) -> String {
    let address = drive.address().map(|address| address.to_string());
    let id = || Some(format!("id={}", drive.device_id?));
    let serial = || Some(format!("sn={}", drive.serial()?));
    address
        .or_else(serial)
        .or_else(id)
        .unwrap_or_else(|| "?".to_owned())
}

fn virtual_drive_name(drive: &VirtualDrive) -> String {
    match (drive.target_id, &drive.name) {
        (Some(target), _) => format!("v{target}"),
        (None, Some(name)) => format!("name={name}"),
        (None, None) => "?".to_owned(),
    }
}

fn has_address(drive: &PhysicalDrive, wanted: SasAddress) -> bool {
    drive.wwn == Some(wanted) || drive.sas_addresses.contains(&Some(wanted))
}

/// What may have been meant: the nearest slots of the enclosure, or the slot elsewhere; serial
/// numbers that look alike.
fn near_drives<'a>(
    name: &DriveName,
    all: &[Found<'a, PhysicalDrive>],
) -> Vec<Found<'a, PhysicalDrive>> {
    let mut near: Vec<_> = match name {
        DriveName::Address(wanted) => near_addresses(*wanted, all),
        DriveName::Serial(wanted) => all
            .iter()
            .filter(|it| it.value.serial().is_some_and(|it| is_near(wanted, it)))
            .copied()
            .collect(),
        DriveName::Wwn(_) | DriveName::DeviceId(_) | DriveName::BlockDevice(_) => Vec::new(),
    };
    near.truncate(NEAR_DRIVES);
    near
}

fn near_addresses<'a>(
    wanted: DriveAddress,
    all: &[Found<'a, PhysicalDrive>],
) -> Vec<Found<'a, PhysicalDrive>> {
    let distance = |slot: Option<Slot>| slot.map(|slot| slot.0.abs_diff(wanted.slot.0));
    let same_enclosure = |it: &&Found<'a, PhysicalDrive>| it.value.enclosure == wanted.enclosure;
    let mut near: Vec<_> = all.iter().filter(same_enclosure).copied().collect();
    if near.is_empty() {
        near = all
            .iter()
            .filter(|it| it.value.slot == Some(wanted.slot))
            .copied()
            .collect();
    }
    near.sort_by_key(|it| (distance(it.value.slot), it.value.slot));
    near
}

/// Whether one of two names may be the other mistyped.
fn is_near(wanted: &str, there: &str) -> bool {
    let (wanted, there) = (wanted.to_lowercase(), there.to_lowercase());
    // Labels often show but the end of a serial number.
    (wanted.len() >= 4 && there.contains(&wanted)) || strsim::jaro_winkler(&wanted, &there) > NEAR
}

/// From this Jaro-Winkler similarity on, a name counts as a misspelling. Serial numbers of a batch
/// are alike, so this is stricter than for words.
const NEAR: f64 = 0.9;
/// More candidates than this help nobody.
const NEAR_DRIVES: usize = 4;

#[cfg(test)]
mod tests;
