//! Ranks processes and groups by bounds that shrink as shares are read.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use super::{Key, Miss, Pss, Request, Sighting, Source, Survey};
use crate::memory::group::{Bounds, Group};
use crate::memory::{NotRead, Rollup, Share};

/// Ranks `seen`, reading as few shares as the request allows. `names` are those of the groups, if any are
/// asked for.
pub(in crate::memory) fn settle(
    request: &Request,
    mut seen: Vec<Sighting>,
    names: Vec<Option<String>>,
    source: &mut impl Source,
) -> Survey {
    if request.by.is_some() {
        let largest_first = |it: &Sighting| Reverse(ceiling(request, it).at_most);
        seen.sort_unstable_by_key(|it| (it.group, largest_first(it), it.pid));
    } else {
        seen.sort_unstable_by_key(|it| it.pid);
        for (index, it) in seen.iter_mut().enumerate() {
            it.group = index;
        }
    }
    let mut settling = Settling::new(request, &seen, names, source);
    if request.pss == Pss::All {
        settling.read_all();
    }
    let listed = settling.rank();
    settling.finish(listed)
}

/// What a process counts for before its share is read.
fn ceiling(request: &Request, seen: &Sighting) -> Bounds {
    match (request.key, request.pss) {
        // Where nothing is read, bounds are no order to show processes in.
        (Key::Pss | Key::Uss, Pss::Off) | (Key::Rss, _) => Bounds::exactly(seen.rss),
        (Key::PssSwap, Pss::Off) => Bounds::exactly(seen.rss.saturating_add(seen.swap)),
        (Key::Swap, _) => Bounds::exactly(seen.swap),
        (Key::Pss | Key::Uss, Pss::Auto | Pss::All) => Bounds::at_most(seen.bound),
        (Key::PssSwap, Pss::Auto | Pss::All) => {
            Bounds::at_most(seen.bound.saturating_add(seen.swap_bound))
        }
    }
}

/// What it counts for afterwards.
fn value(request: &Request, seen: &Sighting, share: &Rollup) -> Bounds {
    match request.key {
        Key::Pss => Bounds::exactly(share.pss),
        Key::Uss => Bounds::exactly(share.uss),
        Key::PssSwap => {
            let mut sum = share.swap_share(seen.swap_bound);
            sum.add(Bounds::exactly(share.pss));
            sum
        }
        Key::Rss | Key::Swap => ceiling(request, seen),
    }
}

/// A group, or a single process, on its way to its place.
#[derive(Debug, Clone, Copy, Default)]
struct Standing {
    /// The next member whose share has not been tried, and where they end.
    next: usize,
    end: usize,
    /// Members that have not ended.
    living: usize,
    /// What they count for.
    value: Bounds,
}

/// A bound, or a sixteenth more at most: what is about alike is read in the order of the numbers, in which
/// the kernel has its pages together. In any other order it takes a thirtieth longer.
const fn coarse(bound: u64) -> u64 {
    let Some(bits) = bound.checked_ilog2() else {
        return 0;
    };
    bound | ((1_u64 << bits) >> 4).saturating_sub(1)
}

/// A place among all, by the upper bound, and of equal ones the first.
type Place = (u64, Reverse<usize>);

struct Settling<'a, S> {
    request: &'a Request,
    source: &'a mut S,
    /// Those of a group stand together, the largest first.
    seen: &'a [Sighting],
    standings: Vec<Standing>,
    /// The sums of the groups; empty where processes are asked for.
    sums: Vec<Group>,
    /// Of single processes, what was read: of the best alone, as no others are shown.
    kept: BTreeMap<Place, Rollup>,
    /// Of single processes, why they could not be read.
    closed: BTreeMap<usize, NotRead>,
    out_of_time: bool,
    survey: Survey,
}

/// So many more shares are kept than are shown, for processes that end before their row is made.
const SPARE: usize = 16;

impl<'a, S: Source> Settling<'a, S> {
    fn new(
        request: &'a Request,
        seen: &'a [Sighting],
        names: Vec<Option<String>>,
        source: &'a mut S,
    ) -> Self {
        let count = seen.last().map_or(0, |it| it.group.saturating_add(1));
        let mut standings = vec![Standing::default(); count];
        for (index, it) in seen.iter().enumerate() {
            if let Some(standing) = standings.get_mut(it.group) {
                if standing.living == 0 {
                    standing.next = index;
                }
                standing.end = index.saturating_add(1);
                standing.living += 1;
                standing.value.add(ceiling(request, it));
            }
        }
        let sum = |name| Group {
            name,
            ..Group::default()
        };
        let is_asked = request.by.is_some();
        Self {
            request,
            source,
            seen,
            standings,
            sums: names.into_iter().filter(|_| is_asked).map(sum).collect(),
            kept: BTreeMap::new(),
            closed: BTreeMap::new(),
            out_of_time: false,
            survey: Survey::default(),
        }
    }

    fn wanted(&self) -> usize {
        self.request.top.unwrap_or(usize::MAX)
    }

    /// Whether shares may still be read.
    fn may_read(&mut self) -> bool {
        if let Some(budget) = self.request.budget {
            self.out_of_time = self.out_of_time || self.source.elapsed() >= budget;
        }
        self.request.pss != Pss::Off && !self.out_of_time
    }

    /// Reads every share, the largest first, so that what time does not suffice for is small.
    fn read_all(&mut self) {
        let seen = self.seen;
        let mut order: Vec<&Sighting> = seen.iter().collect();
        // Those of a group come in the order in which they stand.
        order.sort_by_key(|it| Reverse(coarse(ceiling(self.request, it).at_most)));
        for it in order {
            if !self.may_read() {
                break;
            }
            self.read_next(it.group);
        }
    }

    /// Tries the share of the next member of a group; `false` if there is none left.
    fn read_next(&mut self, group: usize) -> bool {
        let Some(mut standing) = self.standings.get(group).copied() else {
            return false;
        };
        let Some(seen) = self
            .seen
            .get(standing.next..standing.end)
            .and_then(<[_]>::first)
        else {
            return false;
        };
        standing.next += 1;
        let before = ceiling(self.request, seen);
        let is_too_large = self.request.largest.is_some_and(|it| seen.rss > it);
        let read = if is_too_large {
            Err(Some(NotRead::TooLarge))
        } else {
            self.source.share(seen).map_err(Miss::reason)
        };
        match read {
            Ok(share) => {
                standing
                    .value
                    .replace(before, value(self.request, seen, &share));
                self.survey.shares_read += 1;
                self.tally(seen, &Share::Read(share));
                self.keep((standing.value.at_most, Reverse(group)), share);
            }
            Err(Some(because)) => {
                self.tally(seen, &seen.unread(because));
                if self.request.by.is_none() {
                    self.closed.insert(group, because);
                }
            }
            Err(None) => {
                standing.value.replace(before, Bounds::default());
                standing.living = standing.living.saturating_sub(1);
                self.survey.vanished += 1;
            }
        }
        if let Some(it) = self.standings.get_mut(group) {
            *it = standing;
        }
        true
    }

    /// Keeps the share of a single process for its row, if it can still get one.
    fn keep(&mut self, place: Place, share: Rollup) {
        if self.request.by.is_none() {
            self.kept.insert(place, share);
            if self.kept.len() > self.wanted().saturating_add(SPARE) {
                self.kept.pop_first();
            }
        }
    }

    /// Counts a process; each one once.
    fn tally(&mut self, seen: &Sighting, share: &Share) {
        self.survey.total.add(seen.rss, seen.swap_bound, share);
        if let Some(sum) = self.sums.get_mut(seen.group) {
            sum.add(seen.rss, seen.swap_bound, share);
        }
        if let Share::AtMost { because, .. } = share {
            *self.survey.not_read.entry(*because).or_default() += 1;
        }
    }

    /// The place of a group by its bound.
    fn place(&self, group: usize) -> Place {
        let standing = self.standings.get(group).copied().unwrap_or_default();
        (standing.value.at_most, Reverse(group))
    }

    /// Finds the largest. What has the highest bound of all has its place as soon as nothing of it is left to
    /// read, as no other can be larger.
    fn rank(&mut self) -> Vec<usize> {
        let groups = self.standings.iter().enumerate();
        let living = groups.filter(|(_, standing)| standing.living > 0);
        let by_counters = matches!(self.request.key, Key::Rss | Key::Swap);
        // What is ranked by counters is read for its row alone.
        let is_search = self.request.pss != Pss::Off && !by_counters;
        let mut heap: BinaryHeap<Place> = living
            .map(|(group, standing)| match standing.value.at_most {
                bound if is_search && standing.next < standing.end => {
                    (coarse(bound), Reverse(group))
                }
                bound => (bound, Reverse(group)),
            })
            .collect();
        let mut listed = Vec::new();
        // The place that the last one listed cannot fall below.
        let mut floor: Option<Place> = None;
        self.survey.certain = true;
        while listed.len() < self.wanted() {
            let Some(place @ (_, Reverse(group))) = heap.pop() else {
                break;
            };
            let tried = self.may_read() && self.read_next(group);
            let Some(standing) = self.standings.get(group).filter(|it| it.living > 0) else {
                continue;
            };
            let value = standing.value;
            if tried || place != self.place(group) {
                heap.push(self.place(group));
            } else if self.list(group, place) {
                self.survey.certain &= floor.is_none_or(|floor| floor > place);
                floor = Some((value.at_least, Reverse(group)));
                listed.push(group);
            }
        }
        let next = heap.iter().map(|(_, Reverse(group))| self.place(*group));
        if let (Some(next), Some(floor)) = (next.max(), floor) {
            self.survey.certain &= floor > next;
        }
        self.survey.certain &= self.request.pss != Pss::Off || by_counters || self.seen.is_empty();
        self.survey.others = heap.len();
        self.close(floor.filter(|_| listed.len() == self.wanted()));
        listed
    }

    /// Makes the row of a single process; `false` if it has ended meanwhile.
    fn list(&mut self, group: usize, place: Place) -> bool {
        if self.request.by.is_some() {
            return true;
        }
        let Some(seen) = self.seen.get(group) else {
            return false;
        };
        let is_tried = self.standings.get(group).is_none_or(|it| it.next == it.end);
        let share = match (self.kept.remove(&place), self.closed.get(&group)) {
            (Some(share), _) => Share::Read(share),
            (None, Some(because)) => seen.unread(*because),
            // More than `SPARE` have ended meanwhile.
            (None, None) if is_tried => match self.source.share(seen).map_err(Miss::reason) {
                Ok(share) => Share::Read(share),
                Err(because) => seen.unread(because.unwrap_or(NotRead::Failed)),
            },
            (None, None) => seen.unread(self.reason(place, None)),
        };
        let row = self.source.row(seen, share);
        self.survey.vanished += usize::from(row.is_none());
        let is_there = row.is_some();
        self.survey.processes.extend(row);
        is_there
    }

    /// Why one at `place` has not been tried, where all that are wanted are above `floor`.
    fn reason(&self, place: Place, floor: Option<Place>) -> NotRead {
        if self.request.pss == Pss::Off {
            NotRead::NotAsked
        } else if self.out_of_time && floor.is_none_or(|floor| place >= floor) {
            NotRead::OutOfTime
        } else {
            NotRead::NotNeeded
        }
    }

    /// Counts those that have not been tried.
    fn close(&mut self, floor: Option<Place>) {
        for group in 0..self.standings.len() {
            let Some(standing) = self.standings.get(group).copied() else {
                continue;
            };
            let because = self.reason(self.place(group), floor);
            let seen = self.seen;
            for it in seen.get(standing.next..standing.end).unwrap_or_default() {
                self.tally(it, &it.unread(because));
            }
        }
    }

    fn finish(mut self, listed: Vec<usize>) -> Survey {
        for group in listed {
            let sum = self.sums.get_mut(group).map(std::mem::take);
            self.survey.groups.extend(sum);
        }
        self.survey
    }
}

#[cfg(test)]
mod tests;
