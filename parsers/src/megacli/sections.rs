//! The parts of an output that belong to one controller each.

use crate::model::{ControllerId, Section};

/// Collects parts in order. A part that the output puts before any controller's name has none.
#[derive(Debug, Default)]
pub struct Sections<T> {
    before: Vec<Section<T>>,
    current: Option<Section<T>>,
}

impl<T: Default> Sections<T> {
    /// Begins the part of `controller`.
    pub fn begin(&mut self, controller: Option<ControllerId>) -> &mut T {
        self.before.extend(self.current.take());
        &mut self
            .current
            .insert(Section {
                controller,
                value: T::default(),
            })
            .value
    }

    /// The part of `controller`: the current one if it is that controller's, else a new one.
    pub fn of(&mut self, controller: Option<ControllerId>) -> &mut T {
        if self
            .current
            .as_ref()
            .is_none_or(|section| section.controller != controller)
        {
            self.before.extend(self.current.take());
        }
        &mut self
            .current
            .get_or_insert_with(|| Section {
                controller,
                value: T::default(),
            })
            .value
    }

    /// The part that is being read.
    pub fn current(&mut self) -> &mut T {
        let controller = self.controller();
        self.of(controller)
    }

    /// The part that is being read, if one was begun.
    pub fn begun(&self) -> Option<&T> {
        self.current.as_ref().map(|section| &section.value)
    }

    /// The controller whose part is being read.
    pub fn controller(&self) -> Option<ControllerId> {
        self.current.as_ref().and_then(|section| section.controller)
    }

    /// All parts.
    pub fn finish(mut self) -> Vec<Section<T>> {
        self.before.extend(self.current);
        self.before
    }
}
