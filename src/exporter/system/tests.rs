use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::memory::group::Bounds;
use crate::memory::host::HostMemory;

fn group(name: &str, size: u64) -> Group {
    Group {
        name: Some(name.to_owned()),
        processes: 1,
        pss: Bounds::exactly(size),
        ..Group::default()
    }
}

fn groups(sizes: &[(&str, u64)]) -> Vec<Group> {
    sizes
        .iter()
        .map(|(name, size)| group(name, *size))
        .collect()
}

/// The names that are shown of groups of these sizes, three of them if nothing else is said.
fn shown(top: &mut Top, sizes: &[(&str, u64)]) -> String {
    let shown = top.choose(3, 6, groups(sizes));
    let names: Vec<String> = shown.into_iter().filter_map(|it| it.name).collect();
    names.join(" ")
}

#[test]
fn who_is_shown_stays_until_it_is_clearly_smaller_three_times_over() {
    let mut top = Top::default();
    let before = [("a", 100), ("b", 90), ("c", 80), ("d", 70)];
    assert_eq!(shown(&mut top, &before), "a b c");
    // A little larger than the smallest that is shown: nothing changes, however long.
    for _ in 0..10 {
        let now = [("a", 100), ("b", 90), ("c", 80), ("d", 88)];
        assert_eq!(shown(&mut top, &now), "a b c");
    }
    // Much larger: it is shown at once, and who was there before for a while.
    let now = [("a", 100), ("b", 90), ("c", 20), ("d", 85)];
    assert_eq!(shown(&mut top, &now), "a b d c");
    assert_eq!(shown(&mut top, &now), "a b d c");
    // Once large enough, its count begins anew.
    let back = [("a", 100), ("b", 90), ("c", 80), ("d", 85)];
    assert_eq!(shown(&mut top, &back), "a b d c");
    assert_eq!(shown(&mut top, &now), "a b d c");
    assert_eq!(shown(&mut top, &now), "a b d c");
    assert_eq!(shown(&mut top, &now), "a b d");
}

#[test]
fn who_is_gone_is_forgotten_at_once() {
    let mut top = Top::default();
    assert_eq!(
        shown(&mut top, &[("a", 9), ("b", 8), ("c", 7), ("d", 1)]),
        "a b c"
    );
    assert_eq!(shown(&mut top, &[("b", 8), ("d", 1)]), "b d");
    // It has to earn its place again.
    let now = [("a", 1), ("b", 8), ("c", 7), ("d", 1), ("e", 7)];
    assert_eq!(shown(&mut top, &now), "b c e d");
}

#[test]
fn equal_groups_do_not_take_turns() {
    let mut top = Top::default();
    let names: Vec<String> = (0..40)
        .map(|number| format!("worker@{number}.service"))
        .collect();
    let mut first = None;
    for round in 0..50_u64 {
        let sizes: Vec<(&str, u64)> = (0_u64..)
            .zip(&names)
            .map(|(at, name)| (name.as_str(), 1_000 + (at * 37 + round * 53) % 100))
            .collect();
        let shown = shown(&mut top, &sizes);
        let shown: BTreeSet<String> = shown.split(' ').map(str::to_owned).collect();
        assert_eq!(shown.len(), 3);
        assert_eq!(first.get_or_insert_with(|| shown.clone()), &shown);
    }
}

fn settings(by: By, groups: usize) -> MemorySettings {
    MemorySettings {
        by,
        groups,
        budget: Duration::from_secs(1),
        largest: u64::MAX,
    }
}

/// What a survey of these groups says, of which it names as many as it was asked for.
fn survey(settings: &MemorySettings, all: Vec<Group>) -> Survey {
    let mut total = Group::default();
    for group in &all {
        total.processes += group.processes;
        total.not_read += group.not_read;
        total.pss.add(group.pss);
        total.swap.add(group.swap);
        total.rss += group.rss;
    }
    let mut groups = all;
    groups.sort_by_key(|it| std::cmp::Reverse(it.pss.at_most));
    let named = groups.len().min(settings.cap());
    let others = groups.len() - named;
    groups.truncate(named);
    Survey {
        groups,
        others,
        total,
        ..Survey::default()
    }
}

fn balance() -> Balance {
    let balance = crate::memory::balance::balance(&HostMemory::default());
    Balance {
        unexplained: Some(-4096),
        ..balance
    }
}

#[test]
fn a_program_that_is_called_other_is_part_of_the_rest() {
    let mut top = Top::default();
    let by_program = settings(By::Program, 3);
    let all = groups(&[("other", 900), ("nginx", 50)]);
    let memory = Memory::new(&by_program, survey(&by_program, all), &balance(), &mut top);
    assert_eq!(memory.groups, groups(&[("nginx", 50)]));
    assert_eq!((memory.other.pss.at_least, memory.dropped), (900, 1));
    assert_eq!(memory.unexplained, Some(-4096));
}

#[test]
fn processes_of_no_unit_are_a_group() {
    let mut top = Top::default();
    let by_unit = settings(By::Unit, 3);
    let none = Group {
        processes: 1,
        pss: Bounds::at_most(4096),
        not_read: 1,
        ..Group::default()
    };
    let memory = Memory::new(
        &by_unit,
        survey(&by_unit, vec![none.clone()]),
        &balance(),
        &mut top,
    );
    assert_eq!(memory.groups, [none]);
    assert_eq!(memory.other, Group::default());
}

proptest! {
    #[test]
    fn what_is_shown_and_the_rest_are_all_there_is_and_never_more_than_the_cap(
        limit in 1_usize..6,
        rounds in prop::collection::vec(
            prop::collection::btree_map("[a-z]", (0_u64..1_000_000, 0_u64..1_000_000, 1_usize..9), 0..26),
            1..12,
        ),
    ) {
        let mut top = Top::default();
        let settings = settings(By::Program, limit);
        for round in rounds {
            let all: Vec<Group> = round.into_iter().map(|(name, (size, more, processes))| Group {
                name: Some(name),
                processes,
                pss: Bounds { at_least: size, at_most: size + more },
                swap: Bounds::exactly(more),
                not_read: processes / 2,
                ..Group::default()
            }).collect();
            let survey = survey(&settings, all.clone());
            let (total, found) = (survey.total.clone(), all.len());
            let memory = Memory::new(&settings, survey, &balance(), &mut top);
            prop_assert!(memory.groups.len() <= settings.cap());
            prop_assert!(memory.groups.len() >= found.min(limit));
            prop_assert_eq!(memory.groups.len() + memory.dropped, found);
            prop_assert!(memory.groups.iter().all(|it| all.contains(it)));
            let names: BTreeSet<_> = memory.groups.iter().map(|it| &it.name).collect();
            prop_assert_eq!(names.len(), memory.groups.len());
            let mut sum = memory.other.clone();
            for group in &memory.groups {
                sum.processes += group.processes;
                sum.not_read += group.not_read;
                sum.pss.add(group.pss);
                sum.swap.add(group.swap);
            }
            prop_assert_eq!(sum, total);
        }
    }
}
