//! The bays of a reading: what is in each, as far as that is certain.

use std::collections::BTreeMap;

use ironkeep_parsers::model::{ElementStatus, Enclosure, EnclosureId, PhysicalDrive, Slot};

use super::is_named;
use crate::commands::attention::Attention;
use crate::commands::fields::ToCell;
use crate::commands::resolve::Found;
use crate::health::{Finding, Object};
use crate::map::layout::{Settings, Wish};
use crate::map::{Bay, Content, Drive, Frame, Layout, Sign};
use crate::membership;
use crate::output::Tone;
use crate::output::human::count;
use crate::reading::{Controller, Part, Reading};
use crate::selector::EnclosureSelector;

/// More bays than this no enclosure has: a number above it was misread.
const MOST_BAYS: u32 = 1024;

/// All bays of a reading.
#[derive(Debug, Default)]
pub(crate) struct Map {
    /// By controller, then by enclosure; direct-attached drives behind these.
    pub(crate) frames: Vec<Frame>,
    /// What could not be drawn, in words.
    pub(crate) notes: Vec<String>,
}

/// The bays of `reading`, of which `findings` are judged. `wish` wins over `settings`; the drives that were `named` are marked.
pub(crate) fn of(
    reading: &Reading,
    findings: &[Finding],
    settings: &Settings,
    wish: Wish,
    named: &[Found<'_, PhysicalDrive>],
) -> Map {
    let mut gaps = reading
        .asked
        .iter()
        .filter(|asked| asked.part == Part::PhysicalDrives)
        .map(|asked| asked.gaps.len());
    let is_torn = gaps.any(|gaps| gaps > 0);
    let mut map = Map::default();
    for controller in &reading.controllers {
        let maker = Maker {
            controller,
            findings,
            settings,
            wish,
            named,
            is_complete: !is_torn
                && controller.physical_drives.is_some()
                && !controller.unread.contains_key(&Part::PhysicalDrives),
        };
        maker.add_to(&mut map);
    }
    map
}

/// What the frames of one controller are made of.
struct Maker<'a> {
    controller: &'a Controller,
    findings: &'a [Finding],
    settings: &'a Settings,
    wish: Wish,
    named: &'a [Found<'a, PhysicalDrive>],
    /// Whether all drives are in the list.
    is_complete: bool,
}

/// The drives of an enclosure by slot.
type BySlot<'a> = BTreeMap<Slot, &'a PhysicalDrive>;

impl<'a> Maker<'a> {
    fn add_to(&self, map: &mut Map) {
        let mut by_enclosure: BTreeMap<Option<EnclosureId>, BySlot<'a>> = BTreeMap::new();
        for drive in self.controller.physical_drives.iter().flatten() {
            let slots = by_enclosure.entry(drive.enclosure).or_default();
            match drive.slot {
                Some(slot) if slot.0 < MOST_BAYS && !slots.contains_key(&slot) => {
                    slots.insert(slot, drive);
                }
                _ => map.notes.push(not_drawn(drive)),
            }
        }
        let direct = by_enclosure.remove(&None).unwrap_or_default();
        let enclosures = self.controller.enclosures.iter().flatten();
        let mut known: BTreeMap<EnclosureId, &Enclosure> = BTreeMap::new();
        for enclosure in enclosures {
            match enclosure.id {
                Some(id) => {
                    known.insert(id, enclosure);
                }
                None => map.notes.push(format!(
                    "enclosure {} has no device id: which drives are in it is not known",
                    enclosure.index
                )),
            }
        }
        let mut ids: Vec<EnclosureId> = known.keys().copied().collect();
        ids.extend(by_enclosure.keys().flatten());
        ids.sort_unstable();
        ids.dedup();
        for id in ids {
            let slots = by_enclosure.remove(&Some(id)).unwrap_or_default();
            let frame = self.enclosure(id, known.get(&id).copied(), &slots);
            map.frames.push(frame);
        }
        if !direct.is_empty() {
            map.frames.push(self.direct(&direct));
        }
    }

    fn enclosure(
        &self,
        id: EnclosureId,
        enclosure: Option<&Enclosure>,
        slots: &BySlot<'_>,
    ) -> Frame {
        let mut notes = Vec::new();
        let counted = enclosure.and_then(|it| it.counts.slots);
        let counted = counted.filter(|&slots| slots <= MOST_BAYS);
        let (first, bays) = numbers(counted, slots, &mut notes);
        let is_complete = self.has_all(enclosure, slots, &mut notes) && counted.is_some();
        let layout = Layout::new(bays, self.wish_for(id, enclosure));
        let bay = |index: u32| {
            let slot = Slot(first + index);
            let content = match slots.get(&slot) {
                Some(drive) => Content::Drive(Box::new(self.drive(drive))),
                None => without_drive(enclosure, index, is_complete),
            };
            Bay {
                slot,
                place: Some(layout.place(index)),
                named: slots.get(&slot).is_some_and(|it| is_named(self.named, it)),
                content,
            }
        };
        Frame {
            controller: self.controller.id,
            enclosure: Some(id),
            model: enclosure.and_then(|it| it.model.clone()),
            connector: enclosure.and_then(|it| it.connector.clone()),
            layout: Some(layout),
            notes,
            bays: (0..bays).map(bay).collect(),
        }
    }

    /// Whether every drive of an enclosure is in the list.
    fn has_all(
        &self,
        enclosure: Option<&Enclosure>,
        slots: &BySlot<'_>,
        notes: &mut Vec<String>,
    ) -> bool {
        if !self.is_complete {
            let some = self.controller.physical_drives.is_some();
            let which = if some {
                "not all drives were"
            } else {
                "the drives were not"
            };
            notes.push(format!("{which} read: an unknown bay may hold one"));
            return false;
        }
        let counted = enclosure.and_then(|it| it.counts.physical_drives);
        let listed = u32::try_from(slots.len()).unwrap_or(u32::MAX);
        match counted {
            Some(counted) if counted > listed => {
                notes.push(format!(
                    "the enclosure counts {}, {listed} can be read: where the others are is not known",
                    count(counted.into(), "drive", "drives"),
                ));
                false
            }
            _ => true,
        }
    }

    /// What the command line says of the layout, then what the configuration does.
    fn wish_for(&self, id: EnclosureId, enclosure: Option<&Enclosure>) -> Wish {
        let model = enclosure.and_then(|it| it.model.as_deref());
        let is_meant = |name: &str| {
            let selector = name.parse::<EnclosureSelector>();
            selector.is_ok_and(|it| it.is(self.controller.id, Some(id))) || model == Some(name)
        };
        let mut configured = self.settings.enclosures.iter();
        let configured = configured.find(|(name, _)| is_meant(name));
        let general = Wish {
            rows: None,
            numbering: self.settings.numbering,
            from: self.settings.from,
        };
        self.wish
            .or(configured.map(|(_, wish)| *wish).unwrap_or_default())
            .or(general)
    }

    fn direct(&self, slots: &BySlot<'_>) -> Frame {
        let bay = |(slot, drive): (&Slot, &&PhysicalDrive)| Bay {
            slot: *slot,
            place: None,
            named: is_named(self.named, drive),
            content: Content::Drive(Box::new(self.drive(drive))),
        };
        Frame {
            controller: self.controller.id,
            enclosure: None,
            model: None,
            connector: None,
            layout: None,
            notes: Vec::new(),
            bays: slots.iter().map(bay).collect(),
        }
    }

    fn drive(&self, drive: &PhysicalDrive) -> Drive {
        let object = Object::PhysicalDrive {
            address: drive.address(),
            serial: drive.serial().map(str::to_owned),
        };
        let attention = Attention::to(self.findings, self.controller.id, &object);
        let state = match drive.state.as_ref() {
            Some(state) => state.to_cell().tone(),
            None => Tone::Warn,
        };
        // Its own sign says of a foreign drive what health has to say.
        let is_foreign =
            Sign::of(drive.state.as_ref(), drive.foreign == Some(true)) == Sign::Foreign;
        let state = if is_foreign {
            state.max(Tone::Warn)
        } else {
            state
        };
        let tone = state.max(attention.tone());
        Drive {
            state: drive.state.clone(),
            foreign: drive.foreign,
            virtual_drives: membership::targets(self.controller, drive),
            position: drive.position,
            hot_spare: drive.hot_spare.clone(),
            serial: drive.serial().map(str::to_owned),
            model: drive.model().map(str::to_owned),
            size: drive.coerced_size,
            attention: attention.reasons.clone(),
            tone,
            alarm: tone > state && tone > Tone::Neutral,
        }
    }
}

/// The number of the first bay, and how many there are.
fn numbers(counted: Option<u32>, slots: &BySlot<'_>, notes: &mut Vec<String>) -> (u32, u32) {
    let lowest = slots.keys().next().map_or(0, |slot| slot.0);
    let behind = slots.keys().next_back().map_or(0, |slot| slot.0 + 1);
    match counted {
        None => {
            notes.push("how many bays it has was not read; drawn up to the last drive".to_owned());
            (0, behind)
        }
        Some(bays) if behind <= bays => (0, bays),
        // A drive in bay 12 of 12 bays: they are numbered from 1.
        Some(bays) if behind == bays + 1 && lowest > 0 => (1, bays),
        Some(bays) => {
            notes.push(format!(
                "the enclosure counts {}, but a drive is in bay {}",
                count(bays.into(), "bay", "bays"),
                behind - 1
            ));
            (0, behind)
        }
    }
}

/// What is in a bay of which no drive was read.
fn without_drive(enclosure: Option<&Enclosure>, index: u32, is_complete: bool) -> Content {
    let slots = enclosure.map_or(&[][..], |it| it.slots.as_slice());
    let element = slots.iter().find(|slot| slot.number == index);
    let by_list = if is_complete {
        Content::Empty
    } else {
        Content::Unknown
    };
    match element.and_then(|slot| slot.status.as_ref()) {
        Some(ElementStatus::NotInstalled) => Content::Empty,
        // The enclosure does not watch its bays.
        None
        | Some(ElementStatus::Unknown | ElementStatus::NotAvailable | ElementStatus::Unsupported) => {
            by_list
        }
        // It sees something that the controller does not.
        Some(_) => Content::Unknown,
    }
}

/// What is said of a drive whose bay is not known, or taken.
fn not_drawn(drive: &PhysicalDrive) -> String {
    let name = match (drive.serial(), drive.device_id) {
        (Some(serial), _) => format!("the drive with serial number {serial}"),
        (None, Some(id)) => format!("the drive with device id {id}"),
        (None, None) => "a drive".to_owned(),
    };
    match drive.address() {
        Some(address) => format!("{name} is not drawn: it is said to be in {address}"),
        None => format!("{name} is not drawn: its bay was not read"),
    }
}

#[cfg(test)]
mod tests;
