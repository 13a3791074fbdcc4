use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::memory::Process;
use crate::memory::group::By;

/// What becomes of a process while it is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Fine,
    Denied,
    Failed,
    /// It ends before its share is read.
    EndsEarly,
    /// It ends before its row is made.
    EndsLate,
}

#[derive(Debug, Clone, Copy)]
struct One {
    seen: Sighting,
    share: Rollup,
    fate: Fate,
}

/// A population, and what was asked of it.
struct Population {
    all: Vec<One>,
    /// Whose shares were asked for, in this order.
    order: Vec<u32>,
    /// What each call takes; the clock goes by nothing else.
    each: Duration,
}

impl Population {
    fn new(all: Vec<One>) -> Self {
        Self {
            all,
            order: Vec::new(),
            each: Duration::from_millis(1),
        }
    }

    fn get(&self, seen: &Sighting) -> One {
        let mut all = self.all.iter();
        *all.find(|it| it.seen.pid == seen.pid).unwrap()
    }

    fn survey(&mut self, request: &Request) -> Survey {
        let names = (0..GROUPS).map(|it| Some(it.to_string())).collect();
        let seen = self.all.iter().map(|it| it.seen).collect();
        settle(request, seen, names, self)
    }
}

impl Source for Population {
    fn share(&mut self, seen: &Sighting) -> Result<Rollup, Miss> {
        self.order.push(seen.pid);
        let one = self.get(seen);
        match one.fate {
            Fate::Fine | Fate::EndsLate => Ok(one.share),
            Fate::Denied => Err(Miss::Denied),
            Fate::Failed => Err(Miss::Failed),
            Fate::EndsEarly => Err(Miss::Gone),
        }
    }

    fn row(&mut self, seen: &Sighting, share: Share) -> Option<Process> {
        (self.get(seen).fate != Fate::EndsLate).then(|| Process {
            pid: seen.pid,
            name: String::new(),
            program: None,
            command: None,
            uid: None,
            user: None,
            cgroup: None,
            unit: None,
            container: None,
            threads: None,
            rss: seen.rss,
            swap: Some(seen.swap),
            hugetlb: None,
            share,
        })
    }

    fn elapsed(&mut self) -> Duration {
        self.each * u32::try_from(self.order.len()).unwrap()
    }
}

const GROUPS: usize = 6;

fn share(pss: u64, uss: u64, swap_pss: u64) -> Rollup {
    Rollup {
        pss,
        uss,
        swap_pss: Some(swap_pss),
        ..Rollup::default()
    }
}

fn one(pid: u32, rss: u64, pss: u64) -> One {
    One {
        seen: Sighting {
            pid,
            group: usize::try_from(pid).unwrap() % GROUPS,
            rss,
            bound: rss,
            swap: 0,
            swap_bound: 0,
        },
        share: share(pss, pss, 0),
        fate: Fate::Fine,
    }
}

prop_compose! {
    /// A process. Figures are small, so that many are equal, or equal but for a few of many: those that
    /// `coarse` takes for alike. The counter may be below the truth.
    fn any_one()(
        base in prop::sample::select(vec![0_u64, 0, 64, 1024]), is_shared in any::<bool>(),
        real in 0_u64..12, slack in 0_u64..4, virtual_slack in 0_u64..3, swap in 0_u64..5,
        pss in 0_u64..12, uss in 0_u64..12, swap_pss in 0_u64..5, group in 0..GROUPS,
    ) -> One {
        let real = base + real;
        let rss = real.saturating_sub(slack);
        let pss = if is_shared { pss } else { base + pss }.min(real);
        One {
            seen: Sighting {
                pid: 0,
                group,
                rss,
                bound: real + virtual_slack,
                swap,
                swap_bound: swap,
            },
            share: share(pss, uss.min(pss), swap_pss.min(swap)),
            fate: Fate::Fine,
        }
    }
}

fn all_fine() -> impl Strategy<Value = Vec<One>> {
    prop::collection::vec(any_one(), 0..40).prop_map(|mut all| {
        for (pid, it) in (1..).zip(&mut all) {
            it.seen.pid = pid;
        }
        all
    })
}

fn any_population() -> impl Strategy<Value = Vec<One>> {
    let fates = prop::collection::vec(0_u8..12, 40);
    (all_fine(), fates).prop_map(|(mut all, fates)| {
        for (it, fate) in all.iter_mut().zip(fates) {
            it.fate = match fate {
                0 => Fate::Denied,
                1 => Fate::Failed,
                2 => Fate::EndsEarly,
                3 => Fate::EndsLate,
                _ => Fate::Fine,
            };
        }
        all
    })
}

fn any_key() -> impl Strategy<Value = Key> {
    prop::sample::select(vec![Key::Pss, Key::Uss, Key::Swap, Key::PssSwap, Key::Rss])
}

/// What a process counts for once all is known.
fn truth(request: &Request, one: &One) -> u64 {
    let off = request.pss == Pss::Off;
    match request.key {
        Key::Pss | Key::Uss if off => one.seen.rss,
        Key::PssSwap if off => one.seen.rss + one.seen.swap,
        Key::Pss => one.share.pss,
        Key::Uss => one.share.uss,
        Key::PssSwap => one.share.pss + one.share.swap_pss.unwrap(),
        Key::Swap => one.seen.swap,
        Key::Rss => one.seen.rss,
    }
}

/// The numbers of the largest processes, found the long way.
fn exhaustive(request: &Request, all: &[One]) -> Vec<u32> {
    let ends = |it: &&One| match it.fate {
        Fate::EndsLate => false,
        Fate::EndsEarly => request.pss == Pss::Off,
        Fate::Fine | Fate::Denied | Fate::Failed => true,
    };
    let mut alive: Vec<&One> = all.iter().filter(ends).collect();
    alive.sort_by_key(|it| (Reverse(truth(request, it)), it.seen.pid));
    let pids = alive.into_iter().map(|it| it.seen.pid);
    pids.take(request.top.unwrap_or(usize::MAX)).collect()
}

/// The names of the largest groups with their sums, found the long way.
fn exhaustive_groups(request: &Request, all: &[One]) -> Vec<(String, u64)> {
    let mut sums = BTreeMap::new();
    for it in all {
        // A member that ends late is there when it is read.
        if it.fate != Fate::EndsEarly || request.pss == Pss::Off {
            *sums.entry(it.seen.group).or_insert(0) += truth(request, it);
        }
    }
    let mut sums: Vec<(usize, u64)> = sums.into_iter().collect();
    sums.sort_by_key(|(group, sum)| (Reverse(*sum), *group));
    sums.truncate(request.top.unwrap_or(usize::MAX));
    let named = sums
        .into_iter()
        .map(|(group, sum)| (group.to_string(), sum));
    named.collect()
}

fn pids(survey: &Survey) -> Vec<u32> {
    survey.processes.iter().map(|it| it.pid).collect()
}

fn top(count: usize) -> Request {
    Request {
        top: Some(count),
        ..Request::default()
    }
}

fn names(survey: &Survey) -> Vec<String> {
    let names = survey.groups.iter().map(|it| it.name.clone().unwrap());
    names.collect()
}

/// Every process is counted once, and what is summed up holds the truth.
fn sums_hold(survey: &Survey, population: &Population) {
    let total = &survey.total;
    let unread: usize = survey.not_read.values().sum();
    assert_eq!(total.not_read, unread);
    assert_eq!(total.processes, survey.shares_read + unread);
    let ended = population
        .all
        .iter()
        .any(|it| matches!(it.fate, Fate::EndsEarly | Fate::EndsLate));
    if !ended {
        assert_eq!(total.processes, population.all.len());
        assert_eq!(survey.vanished, 0);
        let sum: u64 = population.all.iter().map(|it| it.share.pss).sum();
        assert!(total.pss.at_least <= sum && sum <= total.pss.at_most);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_largest_are_those_of_reading_everything(
        all in all_fine(), key in any_key(), count in prop::option::of(0_usize..45),
        every in any::<bool>(),
    ) {
        let pss = if every { Pss::All } else { Pss::Auto };
        let request = Request { key, pss, top: count, ..Request::default() };
        let mut population = Population::new(all);
        let survey = population.survey(&request);
        prop_assert_eq!(pids(&survey), exhaustive(&request, &population.all));
        prop_assert!(survey.certain);
        prop_assert!(population.order.len() <= population.all.len());
        if every {
            prop_assert_eq!(survey.shares_read, population.all.len());
        }
        prop_assert_eq!(survey.processes.len() + survey.others, population.all.len());
        for row in &survey.processes {
            let known = population.all.iter().find(|it| it.seen.pid == row.pid).unwrap();
            prop_assert_eq!(row.share, Share::Read(known.share));
        }
        sums_hold(&survey, &population);
    }

    #[test]
    fn what_is_called_certain_is_what_reading_everything_would_give(
        all in any_population(), key in any_key(), count in prop::option::of(1_usize..20),
        pss in prop::sample::select(vec![Pss::Auto, Pss::All, Pss::Off]),
        budget in prop::option::of(0_u64..40), largest in prop::option::of(0_u64..12),
    ) {
        let budget = budget.map(Duration::from_millis);
        let request = Request { key, pss, top: count, budget, largest, ..Request::default() };
        let mut population = Population::new(all);
        let survey = population.survey(&request);
        prop_assert!(population.order.len() <= population.all.len());
        let wanted = exhaustive(&request, &population.all);
        let unnoticed = population.all.iter().any(|it| it.fate == Fate::EndsEarly)
            && (budget.is_some() || largest.is_some());
        if survey.certain && !unnoticed {
            prop_assert_eq!(pids(&survey), wanted);
        }
        if let Some(budget) = budget {
            prop_assert!(population.each * u32::try_from(population.order.len()).unwrap() <= budget);
        }
        sums_hold(&survey, &population);
    }

    #[test]
    fn the_largest_groups_are_those_of_reading_everything(
        all in any_population(), key in any_key(), count in prop::option::of(0_usize..8),
        pss in prop::sample::select(vec![Pss::Auto, Pss::All, Pss::Off]),
    ) {
        let by = Some(By::Unit);
        let request = Request { key, pss, by, top: count, ..Request::default() };
        let mut population = Population::new(all);
        let survey = population.survey(&request);
        prop_assert!(population.order.len() <= population.all.len());
        let wanted = exhaustive_groups(&request, &population.all);
        let all_readable = population
            .all
            .iter()
            .all(|it| !matches!(it.fate, Fate::Denied | Fate::Failed));
        if all_readable && pss != Pss::Off {
            prop_assert!(survey.certain);
        }
        if survey.certain {
            let wanted: Vec<String> = wanted.iter().map(|(name, _)| name.clone()).collect();
            prop_assert_eq!(names(&survey), wanted);
        }
        if all_readable && key == Key::Pss && pss != Pss::Off {
            for (group, (_, sum)) in survey.groups.iter().zip(wanted) {
                prop_assert_eq!(group.pss.exact(), Some(sum));
                prop_assert_eq!(group.not_read, 0);
            }
        }
        sums_hold(&survey, &population);
    }
}

#[test]
fn few_shares_are_read_where_a_few_processes_are_large() {
    let zipf = (1..=2000_u32).map(|rank| {
        let size = 200_000_000 / u64::from(rank);
        one(rank, size, size)
    });
    let mut population = Population::new(zipf.collect());
    let survey = population.survey(&top(15));
    assert_eq!(pids(&survey), (1..=15).collect::<Vec<_>>());
    assert_eq!(population.order.len(), 15);
    assert_eq!(survey.others, 1985);
    assert_eq!(survey.not_read[&NotRead::NotNeeded], 1985);
}

#[test]
fn none_is_read_twice_where_all_are_alike() {
    let same = (1..=300).map(|pid| one(pid, 5000, 800));
    let mut population = Population::new(same.collect());
    let survey = population.survey(&top(15));
    assert_eq!(population.order.len(), 300);
    assert_eq!(pids(&survey), (1..=15).collect::<Vec<_>>());
}

#[test]
fn what_is_about_alike_is_read_in_the_order_of_the_numbers() {
    let about = (1..=300_u32).map(|pid| one(pid, 5000 + u64::from(pid * 37 % 100), 800));
    for pss in [Pss::Auto, Pss::All] {
        let mut population = Population::new(about.clone().collect());
        let survey = population.survey(&Request { pss, ..top(15) });
        assert_eq!(population.order, (1..=300).collect::<Vec<_>>(), "{pss:?}");
        assert!(survey.certain, "{pss:?}");
    }
}

#[test]
fn what_is_ranked_by_counters_is_read_for_its_row_alone() {
    let about = (1..=300_u32).map(|pid| one(pid, 5000 + u64::from(pid * 37 % 100), 800));
    let mut population = Population::new(about.collect());
    population.survey(&Request {
        key: Key::Rss,
        ..top(15)
    });
    assert_eq!(population.order.len(), 15);
}

#[test]
fn what_may_not_be_read_keeps_its_bound_and_makes_the_rest_uncertain() {
    let mut all = vec![one(1, 900, 500), one(2, 800, 700), one(3, 100, 50)];
    all[0].fate = Fate::Denied;
    let mut population = Population::new(all);
    let survey = population.survey(&top(2));
    let denied = Share::AtMost {
        bound_bytes: 900,
        because: NotRead::Denied,
    };
    assert_eq!(survey.processes[0].share, denied);
    assert_eq!(pids(&survey), [1, 2]);
    assert!(!survey.certain);
    assert_eq!(survey.total.pss.at_most, 900 + 700 + 100);
    // A small one that cannot be among the largest spoils nothing.
    let mut all = vec![one(1, 900, 500), one(2, 800, 700), one(3, 100, 50)];
    all[2].fate = Fate::Denied;
    assert!(Population::new(all).survey(&top(2)).certain);
}

#[test]
fn what_is_too_large_is_left_in_peace() {
    let all = vec![one(1, 900, 500), one(2, 800, 700)];
    let mut population = Population::new(all);
    let request = Request {
        largest: Some(850),
        ..top(1)
    };
    let survey = population.survey(&request);
    assert_eq!(population.order.len(), 0);
    assert_eq!(survey.not_read[&NotRead::TooLarge], 1);
    assert!(!survey.certain);
}

#[test]
fn when_time_is_up_the_rest_is_ranked_by_its_bounds() {
    let all = (1..=9).map(|pid| one(pid, u64::from(pid) * 100, 10));
    let mut population = Population::new(all.collect());
    let request = Request {
        budget: Some(Duration::from_millis(4)),
        ..top(2)
    };
    let survey = population.survey(&request);
    assert_eq!(population.order.len(), 4);
    assert_eq!(pids(&survey), [5, 4]);
    assert!(!survey.certain);
    assert_eq!(survey.not_read[&NotRead::OutOfTime], 5);
    let all_read = Request {
        pss: Pss::All,
        ..request
    };
    assert_eq!(
        population.survey(&all_read).shares_read,
        0,
        "it was up before"
    );
}

#[test]
fn many_that_end_before_their_row_is_made_are_passed_over() {
    let all = (1..=60).map(|pid| one(pid, 1000 - u64::from(pid), 100 + u64::from(pid)));
    let mut all: Vec<One> = all.collect();
    for it in all.iter_mut().skip(20) {
        it.fate = Fate::EndsLate;
    }
    let survey = Population::new(all).survey(&top(3));
    assert_eq!(pids(&survey), [20, 19, 18]);
    assert_eq!(survey.vanished, 40);
}
