//! Virtual drives that somebody makes of drives.

use super::drives::Outcome;
use super::events::{self, log_virtual};
use super::{Level, RaidLevel, drives, policy, spares, status};
use crate::state::bits::drive_mix;
use crate::state::{
    Array, Controller, DeviceId, Drive, DriveState, Info, Span, Spare, VirtualDrive, VirtualState,
    cache,
};

/// Seconds after its creation until a virtual drive is initialized in the background, as the vendor's
/// guide has it.
const BACKGROUND_DELAY: u32 = 300;

/// What somebody wants made of drives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// RAID level.
    pub level: RaidLevel,
    /// Drives by span.
    pub spans: Vec<Vec<DeviceId>>,
    /// MiB of each virtual drive. None: one virtual drive takes all that is free in one piece.
    pub sizes: Vec<u64>,
    /// Target of the virtual drive behind which the free space is taken.
    pub after: Option<u16>,
    /// Drives that become hot spares of the new drive groups.
    pub spares: Vec<DeviceId>,
    /// Cache policy: bits of [`cache`].
    pub cache: u8,
    /// KiB; `None` for what the controller has as its default.
    pub strip: Option<u32>,
    /// Power savings, as [`VirtualDrive::power_policy`] has them.
    pub power_policy: u8,
    /// Whether the virtual drives cache others.
    pub is_cachecade: bool,
    /// Whether a CacheCade caches them.
    pub is_cached: bool,
    /// Name.
    pub name: String,
}

/// A configuration that is added to what there is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// Drive groups, those that there are already as well.
    pub arrays: Vec<Array>,
    /// Virtual drives.
    pub virtual_drives: Vec<VirtualDrive>,
    /// Hot spares.
    pub spares: Vec<Spare>,
}

/// Why drives cannot be used for virtual drives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// Some of them are members of a drive group, and they are not all of its members.
    OtherArray,
    /// One is no unconfigured good drive.
    State,
}

/// Whether virtual drives can be made of `drives`: they are free, or a whole drive group.
///
/// # Errors
/// If they are neither.
pub fn check_drives(controller: &Controller, drives: &[DeviceId]) -> Result<(), Unfit> {
    if array_of(controller, drives).is_some() {
        return Ok(());
    }
    if drives.iter().any(|&id| controller.seat(id).is_some()) {
        return Err(Unfit::OtherArray);
    }
    let is_free = |id: &DeviceId| controller.drive(*id).is_some_and(spares::is_free);
    if drives.iter().all(is_free) {
        Ok(())
    } else {
        Err(Unfit::State)
    }
}

/// The drive group whose members are these drives.
fn array_of<'a>(controller: &'a Controller, drives: &[DeviceId]) -> Option<&'a Array> {
    controller.arrays.iter().find(|array| {
        array.members.len() == drives.len()
            && array
                .members
                .iter()
                .all(|it| it.is_some_and(|id| drives.contains(&id)))
    })
}

/// Lays out what `order` asks for, as the tool does before it sends it to the firmware.
///
/// # Errors
/// If level, number of drives, strip size or sizes do not fit.
pub fn plan(controller: &Controller, order: &Order) -> Result<Plan, u16> {
    let info = &controller.info;
    let arms = check_shape(info, order)?;
    let drives = || order.spans.iter().flatten();
    let known = drives().filter_map(|&id| controller.drive(id));
    let sector_size = known.map(|drive| drive.sector_size).next().unwrap_or(512);
    let strip_size = strip_size(controller, order, sector_size)?;
    let strip = 1_u64 << strip_size;
    let mut arrays: Vec<Array> = Vec::new();
    for span in &order.spans {
        let known = array_of(controller, span).cloned();
        let array = known.unwrap_or_else(|| new_array(controller, &arrays, span));
        arrays.push(array);
    }
    let level = order.level.span;
    let data = level
        .data_drives(arms)
        .saturating_mul(u64::try_from(arrays.len()).unwrap_or_default());
    let mut plan = Plan {
        spares: dedicated(&arrays, &order.spares),
        arrays,
        ..Plan::default()
    };
    let sizes: Vec<Option<u64>> = if order.sizes.is_empty() {
        vec![None]
    } else {
        order.sizes.iter().copied().map(Some).collect()
    };
    let mut after = order.after;
    for mib in sizes {
        let wanted = mib.map(|mib| {
            let sectors = mib.saturating_mul((1 << 20) / u64::from(sector_size));
            sectors.div_ceil(data.max(1)).div_ceil(strip) * strip
        });
        let spans = place(controller, &plan, after, wanted, strip)?;
        let per_drive = spans.first().map_or(0, |span| span.size);
        let target = free_target(controller, &plan);
        after = after.map(|_| target);
        plan.virtual_drives.push(VirtualDrive {
            target,
            strip_size,
            size: per_drive.saturating_mul(data),
            spans,
            ..virtual_drive(order, arms)
        });
    }
    Ok(plan)
}

/// The drives of each span, if the level allows so many.
fn check_shape(info: &Info, order: &Order) -> Result<usize, u16> {
    let level = order.level;
    let arms = order.spans.first().map_or(0, Vec::len);
    let is_odd_mirror = level.span == Level::Mirror && arms % 2 == 1;
    if is_odd_mirror && !level.is_spanned {
        return Err(status::INVALID_ARGUMENTS);
    }
    if arms < level.fewest(info) || !level.is_known(info) {
        return Err(status::WRONG_LEVEL);
    }
    let limit = |limit: u32| limit == 0 || usize::try_from(limit).is_ok_and(|limit| arms <= limit);
    let spans = order.spans.len();
    let most_spans = usize::try_from(info.most_spans)
        .unwrap_or(usize::MAX)
        .max(8);
    let is_right = !is_odd_mirror
        && order.spans.iter().all(|span| span.len() == arms)
        && limit(info.most_arms)
        && level.is_spanned == (spans > 1)
        && spans <= most_spans;
    if is_right {
        Ok(arms)
    } else {
        Err(status::INVALID_ARGUMENTS)
    }
}

/// The strip size: a sector shifted left by so much.
fn strip_size(controller: &Controller, order: &Order, sector_size: u16) -> Result<u8, u16> {
    let info = &controller.info;
    // The controller counts in 512 bytes.
    let code = match order.strip {
        Some(kib) if !kib.is_power_of_two() => return Err(status::INVALID_ARGUMENTS),
        Some(kib) => kib.ilog2() + 1,
        None => match controller.defaults.strip_size {
            0 => 7,
            code => u32::from(code),
        },
    };
    let largest = if info.largest_strip == 0 {
        11
    } else {
        info.largest_strip
    };
    if code < info.smallest_strip || code > largest {
        return Err(status::INVALID_ARGUMENTS);
    }
    let of_sectors = u32::from(sector_size / 512).max(1).ilog2();
    u8::try_from(code.saturating_sub(of_sectors)).map_err(|_| status::INVALID_ARGUMENTS)
}

/// A drive group of drives that belong to none: its size is that of the smallest.
fn new_array(controller: &Controller, planned: &[Array], drives: &[DeviceId]) -> Array {
    let is_taken = |number: u16| {
        let mut all = controller.arrays.iter().chain(planned);
        all.any(|array| array.reference == number)
    };
    let sizes = drives.iter().filter_map(|&id| controller.drive(id));
    Array {
        reference: (0..u16::MAX)
            .find(|&number| !is_taken(number))
            .unwrap_or_default(),
        size: sizes.map(|drive| drive.coerced_size).min().unwrap_or(0),
        members: drives.iter().copied().map(Some).collect(),
        made_after: controller.events.last_number(),
        ..Array::default()
    }
}

/// Hot spares for these drive groups. The vendor's guide has them dedicated.
fn dedicated(arrays: &[Array], drives: &[DeviceId]) -> Vec<Spare> {
    let spare = |&device_id| Spare {
        device_id,
        kind: Spare::DEDICATED | Spare::REVERTIBLE,
        arrays: arrays.iter().map(|array| array.reference).collect(),
    };
    drives.iter().map(spare).collect()
}

/// The lowest target that nothing has.
fn free_target(controller: &Controller, plan: &Plan) -> u16 {
    let is_taken = |target: u16| {
        let mut all = controller.virtual_drives.iter().chain(&plan.virtual_drives);
        all.any(|it| it.target == target)
    };
    let mut targets = (0..u16::MAX).filter(|&target| !is_taken(target));
    targets.next().unwrap_or_default()
}

/// What `order` says of a virtual drive, wherever it lies.
fn virtual_drive(order: &Order, arms: usize) -> VirtualDrive {
    let (primary_level, level_qualifier, secondary_level) = order.level.ddf();
    VirtualDrive {
        name: order.name.clone(),
        default_cache: order.cache,
        current_cache: order.cache,
        primary_level,
        level_qualifier,
        secondary_level,
        drives_per_span: u8::try_from(arms).unwrap_or(u8::MAX),
        span_depth: u8::try_from(order.spans.len()).unwrap_or(u8::MAX),
        power_policy: order.power_policy,
        is_cachecade: order.is_cachecade,
        is_uncached: !order.is_cached,
        is_consistent: order.level.span == Level::Stripe,
        state: VirtualState::Optimal,
        ..VirtualDrive::default()
    }
}

/// A stretch of `wanted` sectors on each drive of all planned drive groups; without a size, all of the
/// first free one.
fn place(
    controller: &Controller,
    plan: &Plan,
    after: Option<u16>,
    wanted: Option<u64>,
    strip: u64,
) -> Result<Vec<Span>, u16> {
    let all = || controller.virtual_drives.iter().chain(&plan.virtual_drives);
    let mut spans = Vec::new();
    for array in &plan.arrays {
        let from = all()
            .filter(|it| Some(it.target) == after)
            .flat_map(|it| &it.spans)
            .find(|span| span.array == array.reference)
            .map(|span| span.start.saturating_add(span.size));
        if after.is_some() && from.is_none() {
            return Err(status::NO_SUCH_OBJECT);
        }
        let gap = gaps(array, all())
            .into_iter()
            .find(|&(start, size)| {
                from.is_none_or(|from| from == start) && size >= wanted.unwrap_or(strip)
            })
            .ok_or(if array.size < strip {
                status::NOT_POSSIBLE
            } else {
                status::TOO_SMALL
            })?;
        spans.push(Span {
            array: array.reference,
            start: gap.0,
            size: wanted.unwrap_or(gap.1 / strip * strip),
        });
    }
    let smallest = spans.iter().map(|span| span.size).min().unwrap_or(0);
    for span in &mut spans {
        span.size = smallest;
    }
    Ok(spans)
}

/// Stretches of a drive group on which nothing lies: first sector and length.
pub(crate) fn gaps<'a>(
    array: &Array,
    drives: impl Iterator<Item = &'a VirtualDrive>,
) -> Vec<(u64, u64)> {
    let mut used: Vec<_> = drives
        .flat_map(|it| &it.spans)
        .filter(|span| span.array == array.reference)
        .map(|span| (span.start, span.start.saturating_add(span.size)))
        .collect();
    used.sort_unstable();
    used.push((array.size, array.size));
    let mut end = 0;
    let mut gaps = Vec::new();
    for (from, to) in used {
        if from > end {
            gaps.push((end, from - end));
        }
        end = end.max(to);
    }
    gaps
}

/// Adds a configuration to what there is: drives become members, virtual drives are there. Gives their
/// targets.
///
/// # Errors
/// If it collides with what there is, or the drives do not go together.
pub fn add(controller: &mut Controller, plan: Plan) -> Result<Vec<u16>, u16> {
    check(controller, &plan)?;
    let Plan {
        arrays,
        virtual_drives,
        spares,
    } = plan;
    for array in arrays {
        if controller.array(array.reference).is_some() {
            continue;
        }
        let members: Vec<DeviceId> = array.members.iter().flatten().copied().collect();
        controller.arrays.push(array);
        controller.arrays.sort_by_key(|array| array.reference);
        for id in members {
            policy::set_state(controller, id, DriveState::Online);
        }
    }
    let mut targets = Vec::new();
    for mut it in virtual_drives {
        it.background_due = background_due(controller, &it);
        targets.push(it.target);
        controller.virtual_drives.push(it.clone());
        controller.virtual_drives.sort_by_key(|it| it.target);
        log_virtual(controller, events::CREATED, &it, "Created VD");
    }
    for spare in spares {
        drives::make_spare(controller, spare)?;
    }
    policy::settle(controller);
    Ok(targets)
}

fn check(controller: &Controller, plan: &Plan) -> Outcome {
    // Published: the firmware refuses to create anything while it keeps cache of lost virtual drives.
    if !controller.preserved_cache.is_empty() {
        return Err(status::PRESERVED_CACHE);
    }
    let most = usize::try_from(controller.info.most_virtual_drives).unwrap_or(usize::MAX);
    let count = controller.virtual_drives.len() + plan.virtual_drives.len();
    if most > 0 && count > most {
        return Err(status::TOO_MANY_VIRTUAL_DRIVES);
    }
    let is_taken = |it: &VirtualDrive| controller.virtual_drive(it.target).is_some();
    if plan.virtual_drives.iter().any(is_taken) {
        return Err(status::IN_USE);
    }
    let members = plan
        .arrays
        .iter()
        .flat_map(|it| it.members.iter().flatten());
    let spares = plan.spares.iter().map(|spare| &spare.device_id);
    let mut named: Vec<&DeviceId> = members.chain(spares).collect();
    let count = named.len();
    named.sort_unstable();
    named.dedup();
    if named.len() < count {
        return Err(status::IN_USE);
    }
    for array in &plan.arrays {
        let drives: Vec<DeviceId> = array.members.iter().flatten().copied().collect();
        match controller.array(array.reference) {
            Some(known) if known.members == array.members => {}
            Some(_) => return Err(status::IN_USE),
            None => check_members(controller, &drives)?,
        }
        let per_array =
            usize::try_from(controller.info.most_virtual_drives_per_array).unwrap_or(usize::MAX);
        let on_it = |it: &&VirtualDrive| it.spans.iter().any(|span| span.array == array.reference);
        let all = controller.virtual_drives.iter().chain(&plan.virtual_drives);
        if per_array > 0 && all.filter(on_it).count() > per_array {
            return Err(status::TOO_MANY_VIRTUAL_DRIVES);
        }
    }
    let spares = plan.spares.iter().map(|spare| spare.device_id);
    for id in spares {
        let drive = controller.drive(id).ok_or(status::NO_SUCH_DEVICE)?;
        if !spares::is_free(drive) {
            return Err(status::WRONG_STATE);
        }
    }
    Ok(())
}

/// Whether drives can be members of one drive group.
fn check_members(controller: &Controller, ids: &[DeviceId]) -> Outcome {
    let drives = ids.iter().map(|&id| controller.drive(id));
    let drives: Vec<&Drive> = drives
        .collect::<Option<_>>()
        .ok_or(status::NO_SUCH_DEVICE)?;
    if !drives.iter().all(|drive| spares::is_free(drive)) {
        return Err(status::WRONG_STATE);
    }
    let Some(first) = drives.first() else {
        return Ok(());
    };
    let mixes = controller.info.drive_mix & drive_mix::VIRTUAL_DRIVE != 0;
    let differs = |it: &&Drive| {
        it.solid_state != first.solid_state || (!mixes && it.interface != first.interface)
    };
    if drives.iter().any(differs) {
        return Err(status::WRONG_KIND);
    }
    if drives.iter().any(|it| it.sector_size != first.sector_size) {
        return Err(status::SECTOR_SIZES);
    }
    Ok(())
}

/// When a virtual drive that nobody has initialized is initialized in the background: where there is
/// something to agree about, and with parity only from five drives (single) or seven (double) on, as the
/// vendor's guide has it.
pub(super) fn background_due(controller: &Controller, it: &VirtualDrive) -> Option<u32> {
    let level = Level::of(it);
    let is_wanted = match level {
        Level::Stripe => false,
        Level::Mirror => true,
        Level::SingleParity => it.drives_per_span >= 5,
        Level::DoubleParity => it.drives_per_span >= 7,
    };
    let is_open = it.initialized < 2 && !it.no_background_initialization;
    let due = controller.info.time.saturating_add(BACKGROUND_DELAY);
    (is_wanted && is_open).then_some(due)
}

/// The cache policy that a virtual drive gets where nothing is asked for.
pub fn default_cache(controller: &Controller) -> u8 {
    let defaults = &controller.defaults;
    let mut bits = cache::ALLOW_WRITE;
    if defaults.write_back != 0 {
        bits |= cache::WRITE_BACK;
    }
    if defaults.read_ahead != 0 {
        bits |= cache::READ_AHEAD;
    }
    bits
}
