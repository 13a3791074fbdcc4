//! To which slots errors belong that somebody wrote down.

use super::super::edac::Place;
use super::super::events::{Events, Origin};
use super::super::{Elsewhere, Evidence, Recorded};
use super::Join;

impl Join<'_> {
    /// Gives recorded errors to slots; returns those that belong to none for certain.
    pub(super) fn record(&mut self, events: &Events) -> Vec<Elsewhere> {
        for slot in &mut self.slots {
            slot.recorded = Some(Recorded::default());
        }
        let mut elsewhere: Vec<Elsewhere> = Vec::new();
        for (origin, &recorded) in events {
            let modules = match self.origin(origin) {
                Ok(slot) => {
                    if let Some(slot) = self.slots.get_mut(slot) {
                        slot.recorded.get_or_insert_default().add(recorded);
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
        let Some(address) = origin.address else {
            return Err(Vec::new());
        };
        match self.table.at(address) {
            (slots, true) if slots.len() == 1 => {
                let slot = slots.first().copied().unwrap_or_default();
                if let Some(found) = self
                    .slots
                    .get_mut(slot)
                    .filter(|it| it.evidence == Evidence::Board)
                {
                    found.evidence = Evidence::ErrorAddress;
                }
                Ok(slot)
            }
            (slots, _) => Err(slots),
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
    match (origin.label.as_str(), origin.mc) {
        ("", Some(mc)) => format!("mc{mc}"),
        ("", None) => "no place".to_owned(),
        (label, _) => label.to_owned(),
    }
}
