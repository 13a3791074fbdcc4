//! Which groups have series of their own. Pure.
//!
//! Series that come and go make graphs of dashes, and fill a database with names. So who is shown stays,
//! until it is clearly smaller than those that it should make room for, time after time; and who comes has
//! to be clearly larger than the smallest that is shown. What is gone is forgotten at once.

use std::collections::BTreeMap;

use crate::memory::group::Group;

/// How often in a row a group has to be clearly too small before it leaves.
const PATIENCE: u8 = 3;

/// The groups that are shown, and how often in a row each was clearly too small.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Top {
    shown: BTreeMap<Option<String>, u8>,
}

/// What groups are ranked by, as the survey does: what they may be.
fn size(group: &Group) -> u64 {
    group.pss.at_most
}

/// Whether `size` is less than four fifths of `other`.
fn is_clearly_below(size: u64, other: u64) -> bool {
    u128::from(size) * 5 < u128::from(other) * 4
}

impl Top {
    /// Those of `groups` that are shown from now on, the largest first: about `limit`, never more than
    /// `cap`. Names come once.
    pub fn choose(&mut self, limit: usize, cap: usize, mut groups: Vec<Group>) -> Vec<Group> {
        groups.sort_by(|a, b| size(b).cmp(&size(a)).then_with(|| a.name.cmp(&b.name)));
        let last = limit.checked_sub(1).and_then(|at| groups.get(at));
        let bar = last.map_or(0, size);
        let mut shown: BTreeMap<Option<String>, u8> = BTreeMap::new();
        for group in &groups {
            if let Some(&strikes) = self.shown.get(&group.name) {
                let is_small = is_clearly_below(size(group), bar);
                let strikes = if is_small { strikes + 1 } else { 0 };
                if strikes < PATIENCE {
                    shown.insert(group.name.clone(), strikes);
                }
            }
        }
        let known = groups.iter().filter(|it| shown.contains_key(&it.name));
        let smallest = known.map(size).min().unwrap_or_default();
        for group in groups.iter().take(limit) {
            let has_room = shown.len() < limit || is_clearly_below(smallest, size(group));
            if has_room && !shown.contains_key(&group.name) {
                shown.insert(group.name.clone(), 0);
            }
        }
        groups.retain(|group| shown.contains_key(&group.name));
        groups.truncate(cap);
        shown.retain(|name, _| groups.iter().any(|group| group.name == *name));
        self.shown = shown;
        groups
    }

    /// Forgets all of them.
    pub fn clear(&mut self) {
        self.shown.clear();
    }
}
