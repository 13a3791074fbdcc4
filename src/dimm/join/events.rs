//! To which slots errors belong that somebody wrote down.

use super::super::edac::Place;
use super::super::events::{Events, Names, Origin};
use super::super::{Elsewhere, Evidence, Recorded, Slot};
use super::Join;

impl Join<'_> {
    /// Gives errors to slots, each to where its slot has them; returns those that belong to none for certain.
    pub(super) fn record(
        &mut self,
        events: &Events,
        of: fn(&mut Slot) -> &mut Option<Recorded>,
    ) -> Vec<Elsewhere> {
        for slot in &mut self.slots {
            *of(slot) = Some(Recorded::default());
        }
        let mut elsewhere: Vec<Elsewhere> = Vec::new();
        for (origin, &recorded) in events {
            let modules = match self.origin(origin) {
                Ok(slot) => {
                    if let Some(slot) = self.slots.get_mut(slot) {
                        of(slot).get_or_insert_default().add(recorded);
                    }
                    continue;
                }
                Err(slots) => slots
                    .into_iter()
                    .filter_map(|it| self.slots.get(it)?.label.clone()),
            };
            let modules: Vec<String> = modules.collect();
            let place = words(origin);
            match elsewhere
                .iter_mut()
                .find(|it| it.modules == modules && it.place == place)
            {
                Some(known) => known.recorded.add(recorded),
                None => elsewhere.push(Elsewhere {
                    modules,
                    place,
                    recorded,
                }),
            }
        }
        elsewhere
    }

    /// The slot of recorded errors, or those of which it is one.
    fn origin(&mut self, origin: &Origin) -> Result<usize, Vec<usize>> {
        let at_place = self
            .places
            .iter()
            .zip(&self.slot_of)
            .find(|(place, _)| is_at(origin, place));
        if let Some((_, &Some(slot))) = at_place {
            return Ok(slot);
        }
        if let Some(slot) = self.slot(&origin.label) {
            return Ok(slot);
        }
        match self.named(&origin.names).as_slice() {
            [] => {}
            &[slot] if self.is_filled(slot) => {
                self.found(slot, Evidence::FirmwareHandle);
                return Ok(slot);
            }
            // Names that do not agree, or that of a slot where nothing is: none of them is certain.
            named => {
                let filled = named.iter().copied();
                return Err(filled.filter(|it| self.is_filled(*it)).collect());
            }
        }
        let Some(address) = origin.address else {
            return Err(Vec::new());
        };
        match self.table.at(address) {
            (slots, true) if slots.len() == 1 => {
                let slot = slots.first().copied().unwrap_or_default();
                self.found(slot, Evidence::ErrorAddress);
                Ok(slot)
            }
            (slots, _) => Err(slots),
        }
    }

    /// The slots that the firmware's names are those of; each name of one slot alone.
    fn named(&self, names: &Names) -> Vec<usize> {
        /// The length of the field, and what the kernel prints of it: a text that fills it may be cut off.
        const FRU_TEXT: usize = 20;
        let devices = || self.table.devices.iter().enumerate();
        let mut with_handle =
            devices().filter(|(_, it)| names.handle.is_some_and(|handle| handle == it.handle));
        let handle = match (with_handle.next(), with_handle.next()) {
            (Some((slot, _)), None) => Some(slot),
            _ => None,
        };
        let location = names.location.as_deref().and_then(|it| {
            self.slot(it)
                .or_else(|| self.named_by_firmware(it, Evidence::FirmwareHandle))
        });
        let fru = names.fru.as_deref().filter(|it| it.len() < FRU_TEXT);
        let fru = fru.and_then(|it| self.slot(it));
        let mut slots: Vec<usize> = [handle, location, fru].into_iter().flatten().collect();
        slots.sort_unstable();
        slots.dedup();
        slots
    }

    /// Whether there may be a module in a slot.
    fn is_filled(&self, slot: usize) -> bool {
        let slot = self.slots.get(slot);
        slot.is_some_and(|it| it.populated != Some(false))
    }

    /// Notes by what evidence errors were given to a slot that nothing else was given to.
    fn found(&mut self, slot: usize, evidence: Evidence) {
        let slot = self.slots.get_mut(slot);
        if let Some(slot) = slot.filter(|it| it.evidence == Evidence::Board) {
            slot.evidence = evidence;
        }
    }
}

/// Whether an error is of this place: of its label, or where that has changed since, of its location.
pub(super) fn is_at(origin: &Origin, place: &Place) -> bool {
    let is_label = !origin.label.is_empty() && place.label.as_deref() == Some(&origin.label);
    let is_location = !place.layers.is_empty() && place.layers == origin.layers;
    origin.mc == Some(place.mc) && (is_location || is_label && origin.layers.is_empty())
}

fn words(origin: &Origin) -> String {
    let Names {
        handle,
        location,
        fru,
    } = &origin.names;
    let handle = handle.map(|it| format!("DMI handle {it:#06x}"));
    let names: Vec<&str> = [fru, location, &handle]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    match (origin.label.as_str(), origin.mc, names.as_slice()) {
        ("", Some(mc), []) => format!("mc{mc}"),
        ("", None, []) => "no place".to_owned(),
        ("", _, names) => names.join(", "),
        (label, _, _) => label.to_owned(),
    }
}
