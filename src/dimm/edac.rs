//! The counters of the memory controllers' drivers: `/sys/devices/system/edac/mc`.
//!
//! Since Linux 3.6 there is a folder for each `dimmN`, or for each `rankN` where the controller knows
//! chip-select rows alone; older kernels have only `csrowN`, with a counter for each channel (ABI
//! `testing/sysfs-devices-edac`). Where both are there, the rows are the same counters once more.

use std::io;
use std::path::Path;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};

use super::source::{attribute, is_absent, unread as told};
use super::{Edac, Errors};
use crate::host::sysfs::names;

/// What the kernel shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Counters {
    pub(super) state: Edac,
    pub(super) controllers: Vec<Controller>,
    /// The drivers by their modules, or by what the controllers call themselves.
    pub(super) drivers: Vec<String>,
    pub(super) places: Vec<Place>,
}

/// A memory controller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Controller {
    /// `mc_name`.
    pub(super) name: Option<String>,
    size: Option<u64>,
    /// Errors that the driver could not give to a place.
    unplaced: Errors,
}

/// Something that has counters: a module, one rank of it, or a channel of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// The number of the controller.
    pub(super) mc: u32,
    /// Whether the firmware stands between the module and the counter.
    pub(super) firmware_first: bool,
    /// For people: `mc0 csrow 2 channel 1`.
    pub(super) words: String,
    /// The numbers of the location; empty where there is none.
    pub(super) layers: Vec<u32>,
    /// Whether the first of them is a chip-select row.
    pub(super) by_row: bool,
    pub(super) label: Option<String>,
    pub(super) size: Option<u64>,
    pub(super) kind: Option<String>,
    /// Whether errors are corrected in this mode; `None` where the driver does not know.
    pub(super) ecc: Option<bool>,
    pub(super) errors: Errors,
}

/// The prefix of the name that firmware-first drivers give to their controller.
const FIRMWARE_FIRST: &str = "ghes";

impl Counters {
    pub(super) fn is_firmware_first(&self) -> bool {
        let mut names = self.controllers.iter().filter_map(|it| it.name.as_deref());
        names.any(|name| name.starts_with(FIRMWARE_FIRST))
    }

    /// The memory that the controllers see; `None` unless all of them say.
    pub(super) fn size(&self) -> Option<u64> {
        let sizes: Option<Vec<u64>> = self.controllers.iter().map(|it| it.size).collect();
        sizes.filter(|it| !it.is_empty()).map(|it| it.iter().sum())
    }

    /// Errors without a place.
    pub(super) fn unplaced(&self) -> Errors {
        total(self.controllers.iter().map(|it| it.unplaced))
    }
}

/// The sum of counters: what is not known adds nothing, and nothing known stays nothing.
pub(super) fn total(errors: impl Iterator<Item = Errors>) -> Errors {
    fn merge<T>(a: Option<T>, b: Option<T>, both: fn(T, T) -> T) -> Option<T> {
        match (a, b) {
            (Some(a), Some(b)) => Some(both(a, b)),
            (a, b) => a.or(b),
        }
    }
    errors.fold(Errors::default(), |sum, it| Errors {
        corrected: merge(sum.corrected, it.corrected, u64::saturating_add),
        uncorrected: merge(sum.uncorrected, it.uncorrected, u64::saturating_add),
        since: merge(sum.since, it.since, Timestamp::min),
    })
}

/// Reads the counters below `sysfs`.
pub(super) fn read(sysfs: &Path, now: Timestamp, unread: &mut Vec<String>) -> Counters {
    let root = sysfs.join("devices/system/edac/mc");
    let mut counters = Counters {
        state: Edac::Absent,
        controllers: Vec::new(),
        drivers: Vec::new(),
        places: Vec::new(),
    };
    match std::fs::read_dir(&root) {
        Ok(_) => counters.state = Edac::NoController,
        Err(error) if is_absent(&error) => return counters,
        Err(error) => {
            unread.push(told(&root, &error));
            counters.state = Edac::Unreadable;
            return counters;
        }
    }
    for name in names(&root) {
        let Some(number) = numbered(&name, "mc") else {
            continue;
        };
        let mut reader = Reader {
            folder: root.join(&name),
            unread,
        };
        let (controller, places) = reader.controller(number, now);
        counters.controllers.push(controller);
        counters.places.extend(places);
    }
    if !counters.controllers.is_empty() {
        let known = |errors: &Errors| errors.corrected.is_some() || errors.uncorrected.is_some();
        let counts = counters.places.iter().any(|it| known(&it.errors))
            || counters.controllers.iter().any(|it| known(&it.unplaced));
        counters.state = if counts {
            Edac::Counting
        } else {
            Edac::Unreadable
        };
        counters.drivers = drivers(sysfs, &counters.controllers);
    }
    counters
}

/// `3` of `mc3`.
fn numbered(name: &str, prefix: &str) -> Option<u32> {
    name.strip_prefix(prefix)?.parse().ok()
}

/// The modules that are drivers of memory controllers; what the controllers are called if there are none.
fn drivers(sysfs: &Path, controllers: &[Controller]) -> Vec<String> {
    let modules = names(&sysfs.join("module")).into_iter();
    let mut drivers: Vec<String> = modules.filter(|it| it.ends_with("_edac")).collect();
    if drivers.is_empty() {
        drivers.extend(controllers.iter().filter_map(|it| it.name.clone()));
    }
    drivers.sort();
    drivers.dedup();
    drivers
}

/// Reads below one folder.
struct Reader<'a> {
    folder: std::path::PathBuf,
    unread: &'a mut Vec<String>,
}

impl Reader<'_> {
    fn text(&mut self, name: &str) -> Option<String> {
        let path = self.folder.join(name);
        let text = attribute(&path).unwrap_or_else(|error| {
            self.unread.push(told(&path, &error));
            None
        });
        text.filter(|it| !it.is_empty())
    }

    /// A number. One that is none is told, as the counter is not known then.
    fn number<T: FromStr>(&mut self, name: &str) -> Option<T> {
        let text = self.text(name)?;
        let number = text.parse().ok();
        if number.is_none() {
            let path = self.folder.join(name);
            let error = io::Error::new(io::ErrorKind::InvalidData, "is no number");
            self.unread.push(told(&path, &error));
        }
        number
    }

    fn megabytes(&mut self, name: &str) -> Option<u64> {
        self.number::<u64>(name)?.checked_mul(1 << 20)
    }

    /// A counter that has to be there.
    fn counter(&mut self, name: &str) -> Option<u64> {
        let path = self.folder.join(name);
        if !path.exists() {
            let error = io::Error::new(io::ErrorKind::NotFound, "is not there");
            self.unread.push(told(&path, &error));
            return None;
        }
        self.number(name)
    }

    fn below(&mut self, name: &str) -> Reader<'_> {
        Reader {
            folder: self.folder.join(name),
            unread: self.unread,
        }
    }

    fn controller(&mut self, mc: u32, now: Timestamp) -> (Controller, Vec<Place>) {
        let name = self.text("mc_name");
        let seconds: Option<i64> = self.number("seconds_since_reset");
        let since = seconds.and_then(|it| now.checked_sub(SignedDuration::from_secs(it)).ok());
        let mut all = Context {
            mc,
            firmware_first: name
                .as_deref()
                .is_some_and(|it| it.starts_with(FIRMWARE_FIRST)),
            since,
            places: Vec::new(),
        };
        let folders = names(&self.folder);
        for folder in &folders {
            if numbered(folder, "dimm")
                .or(numbered(folder, "rank"))
                .is_some()
            {
                let place = self.below(folder).module(&all, folder);
                all.places.push(place);
            }
        }
        if all.places.is_empty() {
            for folder in &folders {
                if let Some(row) = numbered(folder, "csrow") {
                    let places = self.below(folder).row(&all, row);
                    all.places.extend(places);
                }
            }
        }
        let controller = Controller {
            size: self.megabytes("size_mb"),
            unplaced: Errors {
                corrected: self.number("ce_noinfo_count"),
                uncorrected: self.number("ue_noinfo_count"),
                since,
            },
            name,
        };
        (controller, all.places)
    }

    /// A `dimmN` or `rankN`.
    fn module(&mut self, all: &Context, folder: &str) -> Place {
        let location = self.text("dimm_location");
        let place = location.as_deref().unwrap_or(folder);
        let layers = location.as_deref().map(layers).unwrap_or_default();
        let errors = Errors {
            corrected: self.counter("dimm_ce_count"),
            uncorrected: self.counter("dimm_ue_count"),
            since: all.since,
        };
        Place {
            layers,
            by_row: place.starts_with("csrow"),
            label: self.text("dimm_label"),
            size: self.megabytes("size"),
            kind: self.text("dimm_mem_type").and_then(|it| kind(&it)),
            ecc: self.text("dimm_edac_mode").and_then(|it| corrects(&it)),
            ..all.place(place, errors)
        }
    }

    /// The channels of a legacy row. What the row counted beyond them belongs to none of them.
    fn row(&mut self, all: &Context, row: u32) -> Vec<Place> {
        let size = self.megabytes("size_mb");
        let kind = self.text("mem_type").and_then(|it| kind(&it));
        let ecc = self.text("edac_mode").and_then(|it| corrects(&it));
        let files = names(&self.folder).into_iter();
        let channels: Vec<u32> = files
            .filter_map(|it| {
                it.strip_prefix("ch")?
                    .strip_suffix("_ce_count")?
                    .parse()
                    .ok()
            })
            .collect();
        let of_row = Errors {
            corrected: self.counter("ce_count"),
            uncorrected: self.counter("ue_count"),
            since: all.since,
        };
        let whole = |errors| Place {
            layers: vec![row],
            by_row: true,
            size,
            kind: kind.clone(),
            ecc,
            ..all.place(&format!("csrow {row}"), errors)
        };
        let mut places = Vec::new();
        for &channel in &channels {
            let errors = Errors {
                corrected: self.counter(&format!("ch{channel}_ce_count")),
                // Rows span channels: what could not be corrected is counted for the row. None is none.
                uncorrected: self.number(&format!("ch{channel}_ue_count")).or(of_row
                    .uncorrected
                    .filter(|&it| it == 0 || channels.len() == 1)),
                since: all.since,
            };
            places.push(Place {
                layers: vec![row, channel],
                label: self.text(&format!("ch{channel}_dimm_label")),
                size: size.filter(|_| channels.len() == 1),
                ..whole(errors)
            });
            if let Some(place) = places.last_mut() {
                place.words = format!("mc{} csrow {row} channel {channel}", all.mc);
            }
        }
        let counted = total(places.iter().map(|it| it.errors));
        let beyond = |of: fn(&Errors) -> Option<u64>| {
            of(&of_row).map(|it| it.saturating_sub(of(&counted).unwrap_or(0)))
        };
        let rest = Errors {
            corrected: beyond(|it| it.corrected),
            uncorrected: beyond(|it| it.uncorrected),
            since: all.since,
        };
        if channels.is_empty() || rest.corrected > Some(0) || rest.uncorrected > Some(0) {
            places.push(whole(rest));
        }
        places
    }
}

/// What the places of a controller have in common.
struct Context {
    mc: u32,
    firmware_first: bool,
    since: Option<Timestamp>,
    places: Vec<Place>,
}

impl Context {
    fn place(&self, words: &str, errors: Errors) -> Place {
        Place {
            mc: self.mc,
            firmware_first: self.firmware_first,
            words: format!("mc{} {words}", self.mc),
            layers: Vec::new(),
            by_row: false,
            label: None,
            size: None,
            kind: None,
            ecc: None,
            errors,
        }
    }
}

/// `[2, 1]` of `csrow 2 channel 1`.
fn layers(location: &str) -> Vec<u32> {
    location
        .split_whitespace()
        .filter_map(|it| it.parse().ok())
        .collect()
}

/// `DDR4` of `Registered-DDR4`, and of `Load-Reduced-DDR4-RAM`.
fn kind(words: &str) -> Option<String> {
    let forms = [
        "Registered-",
        "Unbuffered-",
        "Load-Reduced-",
        "FullyBuffered-",
    ];
    let kind = forms
        .iter()
        .find_map(|it| words.strip_prefix(it))
        .unwrap_or(words);
    let kind = kind.strip_suffix("-RAM").unwrap_or(kind);
    (!["Unknown", "Other"].contains(&kind)).then(|| kind.to_owned())
}

/// Whether errors are corrected in an `edac_mode`.
fn corrects(mode: &str) -> Option<bool> {
    match mode {
        "None" | "PARITY" | "EC" => Some(false),
        "Unknown" | "Reserved" => None,
        _ => Some(true),
    }
}
