//! What the host does with a block device and everything that is built on it.

use ironkeep_parsers::units::Bytes;

use super::cells;
use crate::host::{BlockDevice, Kind};
use crate::output::{Align, Cell, Column, Tabular, Tone};

/// A block device, or one built on it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Use {
    /// The way to it: `sda > sda2 > vg-root`.
    path: String,
    kind: String,
    size: Option<Bytes>,
    /// Mount points and swap; `None` where they could not be read.
    used_as: Option<Vec<String>>,
}

/// `device` and everything that is built on it.
pub(super) fn of(device: &BlockDevice) -> Vec<Use> {
    device
        .walk()
        .into_iter()
        .filter_map(|path| {
            let last = path.last()?;
            let titles: Vec<_> = path.iter().map(|device| device.title()).collect();
            Some(Use {
                path: titles.join(" > "),
                kind: kind(&last.kind),
                size: last.size,
                used_as: used_as(last),
            })
        })
        .collect()
}

/// All mount points and swap on `device`; `None` where some could not be read.
pub(super) fn mounts(device: &BlockDevice) -> Option<Vec<String>> {
    let mut all = Vec::new();
    for path in device.walk() {
        for place in used_as(path.last()?)? {
            // What is built on several partitions is met on each of them.
            if !all.contains(&place) {
                all.push(place);
            }
        }
    }
    Some(all)
}

/// [`mounts`] as a cell.
pub(super) fn mounts_cell(device: Option<&BlockDevice>) -> Cell {
    device.map_or(Cell::Absent, |device| used_cell(mounts(device).as_deref()))
}

fn used_cell(places: Option<&[String]>) -> Cell {
    match places {
        None => Cell::state("unknown", "unknown", Tone::Warn),
        Some([]) => Cell::Absent,
        Some(places) => cells::list(places, "").into(),
    }
}

fn used_as(device: &BlockDevice) -> Option<Vec<String>> {
    let mounts = device.mounts.as_ref()?.iter();
    let mut places: Vec<String> = mounts.map(|mount| mount.point.clone()).collect();
    places.extend(device.swaps.as_ref()?.iter().map(|_| "swap".to_owned()));
    Some(places)
}

fn kind(kind: &Kind) -> String {
    match kind {
        Kind::Disk => "disk".to_owned(),
        Kind::Partition => "partition".to_owned(),
        Kind::Mapped {
            maker: Some(maker), ..
        } => maker.clone(),
        Kind::Mapped { maker: None, .. } => "device mapper".to_owned(),
        Kind::SoftwareRaid { level } => match level {
            Some(level) => format!("md {level}"),
            None => "md".to_owned(),
        },
    }
}

impl Tabular for Use {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("device", "DEVICE", Align::Left, |it| {
            it.path.as_str().into()
        }),
        Column::new("kind", "KIND", Align::Left, |it| it.kind.as_str().into()),
        Column::new("size", "SIZE", Align::Right, |it| it.size.into()),
        Column::new("used_as", "USED AS", Align::Prose, |it| {
            used_cell(it.used_as.as_deref())
        }),
    ];
}
