//! Named hosts: hardware from a catalogue, and the story that brought it to where it is.
//!
//! A scenario is a file under `scenarios/`: controllers with enclosures, drives, drive groups and
//! spares, all healthy, and then the steps ([`crate::play`]) that happened. So its event log tells how
//! it came about, as on a real host.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

use crate::firmware::RaidLevel;
use crate::play::{self, Stuck};
use crate::state::bits::operations2;
use crate::state::{
    Array, Battery, ConsistencySchedule, Controller, Defaults, DeviceId, Drive, DriveState,
    Enclosure, FirmwareImage, Host, Info, Manufacturing, NO_ENCLOSURE, PatrolSchedule, Phy, Span,
    Spare, VirtualDrive, cache,
};

/// Declares the scenarios: a file each under `scenarios/`.
macro_rules! scenarios {
    ($($name:literal),+ $(,)?) => {
        /// Every scenario: its name, and its file.
        const FILES: &[(&str, &str)] = &[
            $( ($name, include_str!(concat!("../scenarios/", $name, ".toml"))) ),+
        ];
    };
}

scenarios! {
    "healthy",
    "raid1-pair",
    "raid6-two-spares",
    "raid10",
    "raid50",
    "raid60-two-enclosures",
    "all-flash",
    "big-sata",
    "4k-sectors",
    "two-volumes",
    "direct-attached",
    "cachecade",
    "jbod",
    "unconfigured",
    "empty-bays",
    "empty-controller",
    "several-controllers",
    "failed-drive",
    "rebuilding",
    "rebuilt",
    "copyback",
    "replaced-rebuilding",
    "replaced-too-small",
    "replaced-foreign",
    "no-auto-rebuild",
    "emergency-spare",
    "predictive-failure",
    "smart-copyback",
    "raid6-two-failed",
    "raid10-failed",
    "second-failure",
    "missing-drive",
    "offline-raid0",
    "user-offline",
    "foreign-drive",
    "foreign-incomplete",
    "foreign-own",
    "punctured",
    "media-errors",
    "hot-drive",
    "enclosure-lost",
    "enclosure-back",
    "enclosure-faults",
    "battery-failed",
    "battery-learning",
    "battery-absent",
    "cachevault",
    "patrol",
    "check",
    "expansion",
    "fleet",
}

/// The scenario that stands for all: something is wrong, and not everything.
pub const DEFAULT: &str = "failed-drive";

/// Why a scenario cannot be built.
#[derive(Debug, Error)]
pub enum Unbuilt {
    /// There is none of this name.
    #[error("there is no scenario “{0}”")]
    Unknown(String),
    /// The file says something that cannot be.
    #[error("{file}: {why}")]
    Wrong {
        /// Which file.
        file: String,
        /// What is wrong.
        why: String,
    },
    /// A step cannot be played.
    #[error("{file}: {step}: {why}")]
    Stuck {
        /// Which file.
        file: String,
        /// The step.
        step: String,
        /// Why not.
        why: Stuck,
    },
}

/// Name and title of every scenario, in order.
pub fn list() -> Vec<(&'static str, String)> {
    FILES
        .iter()
        .map(|(name, text)| {
            let title = toml::from_str::<Title>(text).map(|it| it.title);
            (*name, title.unwrap_or_default())
        })
        .collect()
}

/// The host of the scenario `name`.
///
/// # Errors
/// If there is none, or its file is wrong.
pub fn build(name: &str) -> Result<Host, Unbuilt> {
    let file = FILES.iter().find(|(known, _)| *known == name);
    let (name, text) = file.ok_or_else(|| Unbuilt::Unknown(name.to_owned()))?;
    of_text(name, text)
}

/// The host that the text of a scenario file describes; `name` is for errors.
///
/// # Errors
/// If the text is wrong.
pub fn of_text(name: &str, text: &str) -> Result<Host, Unbuilt> {
    let wrong = |why: String| Unbuilt::Wrong {
        file: name.to_owned(),
        why,
    };
    let file: File = toml::from_str(text).map_err(|error| wrong(error.to_string()))?;
    let mut host = Host::default();
    for part in &file.controller {
        for _ in 0..part.count {
            let number = host.controllers.len();
            let controller = part.build(number).map_err(wrong)?;
            host.controllers.push(controller);
        }
    }
    for step in &file.then {
        play::play(&mut host, 0, step).map_err(|why| Unbuilt::Stuck {
            file: name.to_owned(),
            step: step.clone(),
            why,
        })?;
    }
    Ok(host)
}

#[derive(Deserialize)]
struct Title {
    title: String,
}

/// A scenario file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[expect(dead_code, reason = "read by `Title`")]
    title: String,
    #[serde(default)]
    controller: Vec<ControllerPart>,
    #[serde(default)]
    then: Vec<String>,
}

/// A controller with what hangs on it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ControllerPart {
    /// So many alike.
    #[serde(default = "one")]
    count: usize,
    /// A make of `hardware/controller-*.toml`.
    #[serde(default = "usual_controller")]
    make: String,
    /// A make of `hardware/battery-*.toml`, or `none`.
    #[serde(default = "usual_battery")]
    battery: String,
    /// Names of switches that are on.
    #[serde(default)]
    switches: Vec<String>,
    #[serde(default)]
    emergency_spares: bool,
    #[serde(default)]
    auto_rebuild_disabled: bool,
    #[serde(default)]
    enclosure: Vec<EnclosurePart>,
    #[serde(default)]
    drives: Vec<DrivesPart>,
    #[serde(default)]
    group: Vec<GroupPart>,
    #[serde(default)]
    spare: Vec<SparePart>,
}

fn usual_controller() -> String {
    "9271-8i".to_owned()
}

fn usual_battery() -> String {
    "ibbu".to_owned()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EnclosurePart {
    id: u16,
    make: String,
}

/// Drives of one make.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DrivesPart {
    /// `252:0-7`, `32:0,2,4`, `:0-3`, `32:0-3 33:0-3`.
    bays: String,
    make: String,
    #[serde(default)]
    state: Option<DriveState>,
}

/// A drive group and the virtual drives on it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupPart {
    /// `raid0`, `raid1`, `raid5`, `raid6`, `raid10`, `raid50`, `raid60`, `cachecade`.
    level: String,
    bays: String,
    /// The drives are shared out to several groups of this kind, so many to each. 0: one group.
    #[serde(default)]
    drives_each: usize,
    /// How many spans share the drives.
    #[serde(default = "one")]
    spans: usize,
    #[serde(default)]
    name: String,
    #[serde(default)]
    write_through: bool,
    /// Several virtual drives on the group, with names and shares of it in percent.
    #[serde(default)]
    virtual_drives: Vec<SharePart>,
}

fn one() -> usize {
    1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SharePart {
    name: String,
    percent: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SparePart {
    bay: String,
    /// Numbers of the drive groups that it is dedicated to; none for a global one.
    #[serde(default)]
    groups: Vec<u16>,
    #[serde(default = "yes")]
    revertible: bool,
    #[serde(default)]
    affinity: bool,
}

fn yes() -> bool {
    true
}

/// What a controller's file in the catalogue says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ControllerMake {
    info: Info,
    images: Vec<FirmwareImage>,
    manufacturing: Manufacturing,
    defaults: Defaults,
    patrol: PatrolSchedule,
    consistency: ConsistencySchedule,
}

fn parse<T: DeserializeOwned>(what: &str, text: &str) -> Result<T, String> {
    toml::from_str(text).map_err(|error| format!("{what}: {error}"))
}

impl ControllerPart {
    fn build(&self, number: usize) -> Result<Controller, String> {
        let make: ControllerMake = match self.make.as_str() {
            "9271-8i" => parse(
                &self.make,
                include_str!("../hardware/controller-9271-8i.toml"),
            ),
            "9260-4i" => parse(
                &self.make,
                include_str!("../hardware/controller-9260-4i.toml"),
            ),
            other => Err(format!(
                "no controller of the make {other} is in the catalogue"
            )),
        }?;
        let battery: Option<Battery> = match self.battery.as_str() {
            "none" => None,
            "ibbu" => Some(parse(
                "ibbu",
                include_str!("../hardware/battery-ibbu.toml"),
            )?),
            "cachevault" => Some(parse(
                "cachevault",
                include_str!("../hardware/battery-cachevault.toml"),
            )?),
            other => {
                return Err(format!(
                    "no battery of the make {other} is in the catalogue"
                ));
            }
        };
        let mut controller = Controller {
            info: make.info,
            images: make.images,
            manufacturing: make.manufacturing,
            defaults: make.defaults,
            patrol: make.patrol,
            consistency: make.consistency,
            battery,
            emergency_spares: self.emergency_spares,
            ..Controller::default()
        };
        controller.info.no_auto_rebuild = u32::from(self.auto_rebuild_disabled);
        if self.emergency_spares {
            controller.info.operations2 |= operations2::EMERGENCY_SPARES;
        }
        renumber(&mut controller, number);
        for name in &self.switches {
            controller.info.switches |= switch(name)?;
        }
        self.add_enclosures(&mut controller)?;
        self.add_drives(&mut controller, number)?;
        controller.boot();
        for group in &self.group {
            group.build(&mut controller)?;
        }
        for spare in &self.spare {
            spare.build(&mut controller)?;
        }
        Ok(controller)
    }

    fn add_enclosures(&self, controller: &mut Controller) -> Result<(), String> {
        let makes: BTreeMap<String, Enclosure> =
            parse("enclosures", include_str!("../hardware/enclosures.toml"))?;
        for (index, part) in (0_u8..).zip(&self.enclosure) {
            let make = makes.get(&part.make);
            let make = make.ok_or_else(|| {
                format!("no enclosure of the make {} is in the catalogue", part.make)
            })?;
            let mut enclosure = Enclosure {
                device_id: part.id,
                index,
                position: index.max(1),
                sas_address: make.sas_address ^ (u64::from(part.id) << 16),
                ..make.clone()
            };
            enclosure.report_all_well();
            controller.enclosures.push(enclosure);
        }
        Ok(())
    }

    fn add_drives(&self, controller: &mut Controller, number: usize) -> Result<(), String> {
        let makes: BTreeMap<String, Drive> =
            parse("drives", include_str!("../hardware/drives.toml"))?;
        for part in &self.drives {
            let make = makes.get(&part.make);
            let make = make
                .ok_or_else(|| format!("no drive of the make {} is in the catalogue", part.make))?;
            for (enclosure, slot) in bays(&part.bays)? {
                let count = u64::try_from(controller.drives.len()).unwrap_or_default();
                let unique = count + 1 + 0x1000 * u64::try_from(number).unwrap_or_default();
                let at = controller
                    .enclosures
                    .iter()
                    .find(|it| it.device_id == enclosure);
                if at.is_none() && enclosure != NO_ENCLOSURE {
                    return Err(format!(
                        "drives in enclosure {enclosure}, which does not exist"
                    ));
                }
                let drive = Drive {
                    device_id: next_id(controller),
                    enclosure,
                    slot,
                    enclosure_index: at.map_or(0, |it| it.index),
                    enclosure_position: at.map_or(0, |it| it.position),
                    state: part.state.unwrap_or_default(),
                    serial: serial(&make.serial, unique),
                    wwn: make.wwn + (unique << 8),
                    sas_addresses: make.sas_addresses.map(|address| {
                        if address == 0 {
                            0
                        } else {
                            address + (unique << 8)
                        }
                    }),
                    ..make.clone()
                };
                controller.drives.push(drive);
            }
        }
        controller.phys = (0_u8..8)
            .map(|phy| Phy {
                number: phy,
                id: phy,
                ..Phy::default()
            })
            .collect();
        let addresses = controller.drives.iter().map(|drive| drive.sas_addresses[0]);
        for (phy, address) in controller.phys.iter_mut().zip(addresses) {
            phy.sas_address = address;
            phy.device_type = 16;
            phy.targets = 8;
        }
        Ok(())
    }
}

/// Controllers of one host differ in their serial numbers and addresses.
fn renumber(controller: &mut Controller, number: usize) {
    let number = u32::try_from(number).unwrap_or_default();
    if number == 0 {
        return;
    }
    controller.info.host = number;
    controller.info.serial = serial(&controller.info.serial, u64::from(number));
    controller
        .manufacturing
        .serial
        .clone_from(&controller.info.serial);
    controller.defaults.sas_address += u64::from(number) << 12;
}

fn switch(name: &str) -> Result<u32, String> {
    use crate::state::switches;
    match name {
        "no_copyback" => Ok(switches::NO_COPYBACK),
        "smart_copyback" => Ok(switches::SMART_COPYBACK),
        "ssd_smart_copyback" => Ok(switches::SSD_SMART_COPYBACK),
        "ssd_patrol_read" => Ok(switches::SSD_PATROL_READ),
        "jbod" => Ok(switches::JBOD),
        other => Err(format!("there is no switch {other}")),
    }
}

/// A device id that no drive and no enclosure has. Firmware begins at 8.
fn next_id(controller: &Controller) -> DeviceId {
    let drives = controller.drives.iter().map(|drive| drive.device_id);
    let next = drives.max().map_or(8, |last| last + 1);
    let taken = |id: &DeviceId| controller.enclosures.iter().any(|it| it.device_id == *id);
    (next..DeviceId::MAX).find(|id| !taken(id)).unwrap_or(next)
}

/// A serial number with its last four characters (before a final letter) counted up.
fn serial(pattern: &str, number: u64) -> String {
    let keep = pattern.len().saturating_sub(4);
    let head = pattern.get(..keep).unwrap_or_default();
    format!("{head}{number:04X}")
}

/// `252:0-7,9 33:0`: enclosure and slot of each.
fn bays(words: &str) -> Result<Vec<(u16, u8)>, String> {
    let wrong = || format!("“{words}” names no bays: they are written 252:0-7,9");
    let mut found = Vec::new();
    for words in words.split_ascii_whitespace() {
        let (enclosure, slots) = words.split_once(':').ok_or_else(wrong)?;
        let enclosure = if enclosure.is_empty() {
            NO_ENCLOSURE
        } else {
            enclosure.parse().map_err(|_| wrong())?
        };
        for range in slots.split(',') {
            let (first, last) = range.split_once('-').unwrap_or((range, range));
            let first: u8 = first.parse().map_err(|_| wrong())?;
            let last: u8 = last.parse().map_err(|_| wrong())?;
            found.extend((first..=last).map(|slot| (enclosure, slot)));
        }
    }
    Ok(found)
}

impl GroupPart {
    fn build(&self, controller: &mut Controller) -> Result<(), String> {
        let members = bays(&self.bays)?
            .into_iter()
            .map(|(enclosure, slot)| {
                let drive = controller.drive_at(enclosure, slot);
                drive
                    .map(|drive| drive.device_id)
                    .ok_or_else(|| format!("there is no drive in {enclosure}:{slot}"))
            })
            .collect::<Result<Vec<_>, _>>()?;
        if self.drives_each == 0 {
            return self.add(controller, members, &self.name);
        }
        for (number, members) in members.chunks(self.drives_each).enumerate() {
            let name = format!("{}{number}", self.name);
            self.add(controller, members.to_vec(), &name)?;
        }
        Ok(())
    }

    /// Adds a drive group of `members`.
    fn add(
        &self,
        controller: &mut Controller,
        members: Vec<DeviceId>,
        name: &str,
    ) -> Result<(), String> {
        let number = match self.level.as_str() {
            "cachecade" => "0",
            level => level.strip_prefix("raid").unwrap_or_default(),
        };
        let level = RaidLevel::of_number(number)
            .ok_or_else(|| format!("there is no RAID level {}", self.level))?;
        let (primary_level, level_qualifier, secondary_level) = level.ddf();
        let spans = if level.is_spanned {
            self.spans.max(2)
        } else {
            1
        };
        let per_span = members.len() / spans;
        if per_span == 0 || per_span * spans != members.len() {
            return Err(format!(
                "{} drives cannot be shared by {spans} spans",
                members.len()
            ));
        }
        let size = members
            .iter()
            .filter_map(|&id| controller.drive(id))
            .map(|drive| drive.coerced_size)
            .min()
            .unwrap_or_default();
        let first = u16::try_from(controller.arrays.len()).unwrap_or_default();
        for (reference, members) in (first..).zip(members.chunks(per_span)) {
            controller.arrays.push(Array {
                reference,
                size,
                members: members.iter().copied().map(Some).collect(),
                ..Array::default()
            });
        }
        for id in members {
            if let Some(drive) = controller.drive_mut(id) {
                drive.state = DriveState::Online;
            }
        }
        let data = level.span.data_drives(per_span);
        let policy = cache::READ_AHEAD
            | cache::ALLOW_WRITE
            | if self.write_through {
                0
            } else {
                cache::WRITE_BACK
            };
        let whole = [SharePart {
            name: name.to_owned(),
            percent: 100,
        }];
        let shares = if self.virtual_drives.is_empty() {
            &whole[..]
        } else {
            &self.virtual_drives
        };
        let mut start = 0;
        for share in shares {
            let stretch = size * share.percent.min(100) / 100;
            let target = u16::try_from(controller.virtual_drives.len()).unwrap_or_default();
            let references = (first..).take(spans);
            controller.virtual_drives.push(VirtualDrive {
                target,
                name: share.name.clone(),
                default_cache: policy,
                current_cache: policy,
                primary_level,
                level_qualifier,
                secondary_level,
                drives_per_span: u8::try_from(per_span).unwrap_or(u8::MAX),
                span_depth: u8::try_from(spans).unwrap_or(u8::MAX),
                size: stretch * data * u64::try_from(spans).unwrap_or_default(),
                spans: references
                    .map(|array| Span {
                        array,
                        start,
                        size: stretch,
                    })
                    .collect(),
                is_cachecade: self.level == "cachecade",
                ..VirtualDrive::default()
            });
            start += stretch;
        }
        Ok(())
    }
}

impl SparePart {
    fn build(&self, controller: &mut Controller) -> Result<(), String> {
        for (enclosure, slot) in bays(&self.bay)? {
            let id = controller
                .drive_at(enclosure, slot)
                .map(|drive| drive.device_id);
            let id = id.ok_or_else(|| format!("there is no drive in {enclosure}:{slot}"))?;
            if let Some(drive) = controller.drive_mut(id) {
                drive.state = DriveState::HotSpare;
            }
            let bits = [
                (!self.groups.is_empty(), Spare::DEDICATED),
                (self.revertible, Spare::REVERTIBLE),
                (self.affinity, Spare::ENCLOSURE_AFFINITY),
            ];
            let kind = bits.iter().filter(|(is, _)| *is).map(|(_, bit)| bit).sum();
            controller.spares.push(Spare {
                device_id: id,
                kind,
                arrays: self.groups.clone(),
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scenario_can_be_built_and_has_a_title() {
        for (name, title) in list() {
            assert!(!title.is_empty(), "{name}");
            build(name).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
    }

    #[test]
    fn no_scenario_file_is_forgotten() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .map(|name| name.trim_end_matches(".toml").to_owned())
            .collect();
        files.sort();
        let mut known: Vec<String> = list().iter().map(|(name, _)| (*name).to_owned()).collect();
        known.sort();
        assert_eq!(files, known);
    }
}
