//! What one pass over a host yields, part by part: what was read, and why the rest was not. Every
//! judgement starts from a [`Reading`].

use std::collections::BTreeMap;

use ironkeep_parsers::model::{
    BackgroundInitializationSetting, Bios, BootDrive, CacheProtection, ConsistencyCheckSchedule,
    ControllerId, ControllerInfo, ControllerProperty, DriveGroup, Enclosure, EventLog,
    EventLogInfo, ForeignConfiguration, MissingDrive, Operation, PatrolRead, PciLocation,
    PhyErrors, PhysicalDrive, PreservedCache, TargetId, VirtualDrive,
};
use jiff::Timestamp;
use serde::Serialize;

use crate::property::Property;

/// The parts of a reading. A command asks for what it needs.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Identity, settings, counters, clock of each controller.
    Controllers,
    /// Virtual drives with the drives of each span.
    VirtualDrives,
    /// All physical drives.
    PhysicalDrives,
    /// Empty places in drive groups, with the size that a replacement needs.
    MissingDrives,
    /// Battery or CacheVault.
    CacheProtection,
    /// Enclosures with their sensors.
    Enclosures,
    /// Patrol read.
    PatrolRead,
    /// The controller's place on the PCI bus.
    PciLocations,
    /// Foreign configurations.
    ForeignConfigurations,
    /// How foreign configurations would be after an import.
    ForeignPreviews,
    /// Drive groups, with the controller's own numbers of their spans.
    DriveGroups,
    /// Virtual drives with unwritten data in the cache.
    PreservedCache,
    /// The schedule of consistency checks.
    ConsistencySchedule,
    /// Progress of rebuilds, copybacks and clears.
    DriveOperations,
    /// Where background initialisation is allowed.
    BackgroundInitialization,
    /// Where the event log stands: its newest number and others. Much less than the log.
    EventPositions,
    /// The event log.
    Events,
    /// The controller's BIOS at boot.
    Bios,
    /// The drive that the host boots from.
    BootDrive,
    /// The error counters of the controller's SAS links.
    PhyErrors,
    /// Whether virtual drives are consistent.
    Consistency,
    /// One property of the controllers, with a question of its own.
    #[serde(untagged)]
    Property(Property),
}

/// The parts that are not properties.
const PLAIN: [Part; 21] = [
    Part::Controllers,
    Part::VirtualDrives,
    Part::PhysicalDrives,
    Part::MissingDrives,
    Part::CacheProtection,
    Part::Enclosures,
    Part::PatrolRead,
    Part::PciLocations,
    Part::ForeignConfigurations,
    Part::ForeignPreviews,
    Part::DriveGroups,
    Part::PreservedCache,
    Part::ConsistencySchedule,
    Part::DriveOperations,
    Part::BackgroundInitialization,
    Part::EventPositions,
    Part::Events,
    Part::Bios,
    Part::BootDrive,
    Part::PhyErrors,
    Part::Consistency,
];

/// Every part, the properties last.
#[expect(
    clippy::indexing_slicing,
    reason = "at compile time, where an index that is wrong is an error"
)]
const fn every() -> [Part; PLAIN.len() + Property::ALL.len()] {
    let mut all = [Part::Controllers; PLAIN.len() + Property::ALL.len()];
    let mut at = 0;
    while at < all.len() {
        all[at] = if at < PLAIN.len() {
            PLAIN[at]
        } else {
            Part::Property(Property::ALL[at - PLAIN.len()])
        };
        at += 1;
    }
    all
}

impl Part {
    /// Every part.
    pub const ALL: &'static [Self] = &every();

    /// The part in words: `the virtual drives`.
    pub fn words(self) -> &'static str {
        match self {
            Self::Controllers => "the controllers",
            Self::VirtualDrives => "the virtual drives",
            Self::PhysicalDrives => "the physical drives",
            Self::MissingDrives => "the table of missing drives",
            Self::CacheProtection => "the battery",
            Self::Enclosures => "the enclosures",
            Self::PatrolRead => "patrol read",
            Self::PciLocations => "the PCI location",
            Self::ForeignConfigurations => "the foreign configurations",
            Self::ForeignPreviews => "the preview of an import",
            Self::DriveGroups => "the drive groups",
            Self::PreservedCache => "the preserved cache",
            Self::ConsistencySchedule => "the schedule of consistency checks",
            Self::DriveOperations => "the progress of rebuilds",
            Self::BackgroundInitialization => "where background initialisation is allowed",
            Self::EventPositions => "the numbers of the event log",
            Self::Events => "the event log",
            Self::Bios => "the BIOS settings",
            Self::BootDrive => "the boot drive",
            Self::PhyErrors => "the error counters of the SAS links",
            Self::Consistency => "whether virtual drives are consistent",
            Self::Property(property) => property.facts().name,
        }
    }
}

/// Why a part is not in a reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case", tag = "why", content = "words")]
pub enum Unread {
    /// Nobody asked for it.
    NotAsked,
    /// The source cannot say it: a capture does not hold the output that would.
    NotAvailable,
    /// The controller cannot say it: its firmware or hardware lacks the feature. In the tool's words.
    Unsupported(String),
    /// It was asked for and failed: in the tool's or our own words.
    Failed(String),
    /// What was read is not all: what is missing.
    Partial(String),
}

/// What is known about one controller. A part is `None` where it was not read; `unread` says why.
#[derive(Debug, Clone, Default, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Controller {
    /// The controller's number; `None` where no output named it.
    pub id: Option<ControllerId>,
    /// [`Part::Controllers`].
    pub info: Option<ControllerInfo>,
    /// [`Part::VirtualDrives`].
    pub virtual_drives: Option<Vec<VirtualDrive>>,
    /// [`Part::PhysicalDrives`].
    pub physical_drives: Option<Vec<PhysicalDrive>>,
    /// [`Part::MissingDrives`].
    pub missing_drives: Option<Vec<MissingDrive>>,
    /// [`Part::CacheProtection`]; `Some(None)` where the controller has none.
    pub cache_protection: Option<Option<CacheProtection>>,
    /// [`Part::Enclosures`].
    pub enclosures: Option<Vec<Enclosure>>,
    /// [`Part::PatrolRead`].
    pub patrol_read: Option<PatrolRead>,
    /// [`Part::PciLocations`].
    pub pci: Option<PciLocation>,
    /// [`Part::ForeignConfigurations`]; empty where there are none.
    pub foreign: Option<Vec<ForeignConfiguration>>,
    /// [`Part::ForeignPreviews`]; empty where there is nothing foreign.
    pub foreign_previews: Option<Vec<ForeignConfiguration>>,
    /// [`Part::DriveGroups`]; empty where there are none.
    pub drive_groups: Option<Vec<DriveGroup>>,
    /// [`Part::PreservedCache`]; empty where there is none.
    pub preserved_cache: Option<Vec<PreservedCache>>,
    /// [`Part::ConsistencySchedule`].
    pub consistency_schedule: Option<ConsistencyCheckSchedule>,
    /// [`Part::DriveOperations`]; those of virtual drives stand in [`Self::virtual_drives`].
    pub drive_operations: Option<Vec<Operation>>,
    /// [`Part::BackgroundInitialization`].
    pub background_initialization: Option<Vec<BackgroundInitializationSetting>>,
    /// [`Part::EventPositions`].
    pub event_positions: Option<EventLogInfo>,
    /// [`Part::Events`].
    pub events: Option<EventLog>,
    /// [`Part::Bios`].
    pub bios: Option<Bios>,
    /// [`Part::BootDrive`].
    pub boot_drive: Option<BootDrive>,
    /// [`Part::PhyErrors`].
    pub phy_errors: Option<Vec<PhyErrors>>,
    /// [`Part::Consistency`]: whether redundancy was found to agree with the data, by virtual drive. One
    /// of which the tool prints neither is not in it.
    pub consistency: Option<BTreeMap<TargetId, bool>>,
    /// The answers to [`Part::Property`]; those of `-AdpAllInfo` stand in [`Self::info`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<ControllerProperty>,
    /// Why the parts that are `None` were not read.
    pub unread: BTreeMap<Part, Unread>,
}

impl Controller {
    /// Whether something of `part` was read.
    pub fn has(&self, part: Part) -> bool {
        match part {
            Part::Controllers => self.info.is_some(),
            Part::VirtualDrives => self.virtual_drives.is_some(),
            Part::PhysicalDrives => self.physical_drives.is_some(),
            Part::MissingDrives => self.missing_drives.is_some(),
            Part::CacheProtection => self.cache_protection.is_some(),
            Part::Enclosures => self.enclosures.is_some(),
            Part::PatrolRead => self.patrol_read.is_some(),
            Part::PciLocations => self.pci.is_some(),
            Part::ForeignConfigurations => self.foreign.is_some(),
            Part::ForeignPreviews => self.foreign_previews.is_some(),
            Part::DriveGroups => self.drive_groups.is_some(),
            Part::PreservedCache => self.preserved_cache.is_some(),
            Part::ConsistencySchedule => self.consistency_schedule.is_some(),
            Part::DriveOperations => self.drive_operations.is_some(),
            Part::BackgroundInitialization => self.background_initialization.is_some(),
            Part::EventPositions => self.event_positions.is_some(),
            Part::Events => self.events.is_some(),
            Part::Bios => self.bios.is_some(),
            Part::BootDrive => self.boot_drive.is_some(),
            Part::PhyErrors => self.phy_errors.is_some(),
            Part::Consistency => self.consistency.is_some(),
            Part::Property(property) => property.is_read(self),
        }
    }

    /// Replaces what this one says of `part` by what `other` says, which loses it.
    pub fn adopt(&mut self, part: Part, other: &mut Self) {
        match part {
            Part::Controllers => self.info = other.info.take(),
            Part::VirtualDrives => self.virtual_drives = other.virtual_drives.take(),
            Part::PhysicalDrives => self.physical_drives = other.physical_drives.take(),
            Part::MissingDrives => self.missing_drives = other.missing_drives.take(),
            Part::CacheProtection => self.cache_protection = other.cache_protection.take(),
            Part::Enclosures => self.enclosures = other.enclosures.take(),
            Part::PatrolRead => self.patrol_read = other.patrol_read.take(),
            Part::PciLocations => self.pci = other.pci.take(),
            Part::ForeignConfigurations => self.foreign = other.foreign.take(),
            Part::ForeignPreviews => self.foreign_previews = other.foreign_previews.take(),
            Part::DriveGroups => self.drive_groups = other.drive_groups.take(),
            Part::PreservedCache => self.preserved_cache = other.preserved_cache.take(),
            Part::ConsistencySchedule => {
                self.consistency_schedule = other.consistency_schedule.take();
            }
            Part::DriveOperations => self.drive_operations = other.drive_operations.take(),
            Part::BackgroundInitialization => {
                self.background_initialization = other.background_initialization.take();
            }
            Part::EventPositions => self.event_positions = other.event_positions.take(),
            Part::Events => self.events = other.events.take(),
            Part::Bios => self.bios = other.bios.take(),
            Part::BootDrive => self.boot_drive = other.boot_drive.take(),
            Part::PhyErrors => self.phy_errors = other.phy_errors.take(),
            Part::Consistency => self.consistency = other.consistency.take(),
            Part::Property(property) => {
                let is_it = |it: &ControllerProperty| (property.facts().answer)(it).is_some();
                self.properties.retain(|it| !is_it(it));
                let (taken, left) = other.properties.drain(..).partition(is_it);
                other.properties = left;
                self.properties.extend::<Vec<_>>(taken);
            }
        }
        self.unread.remove(&part);
        self.unread.extend(other.unread.remove_entry(&part));
    }

    /// Takes over what `other` knows and this one does not.
    pub fn fill_from(&mut self, other: Self) {
        fn fill<T>(place: &mut Option<T>, other: Option<T>) {
            if place.is_none() {
                *place = other;
            }
        }
        let Self {
            id,
            info,
            virtual_drives,
            physical_drives,
            missing_drives,
            cache_protection,
            enclosures,
            patrol_read,
            pci,
            foreign,
            foreign_previews,
            drive_groups,
            preserved_cache,
            consistency_schedule,
            drive_operations,
            background_initialization,
            event_positions,
            events,
            bios,
            boot_drive,
            phy_errors,
            consistency,
            properties,
            unread,
        } = other;
        fill(&mut self.id, id);
        fill(&mut self.info, info);
        fill(&mut self.virtual_drives, virtual_drives);
        fill(&mut self.physical_drives, physical_drives);
        fill(&mut self.missing_drives, missing_drives);
        fill(&mut self.cache_protection, cache_protection);
        fill(&mut self.enclosures, enclosures);
        fill(&mut self.patrol_read, patrol_read);
        fill(&mut self.pci, pci);
        fill(&mut self.foreign, foreign);
        fill(&mut self.foreign_previews, foreign_previews);
        fill(&mut self.drive_groups, drive_groups);
        fill(&mut self.preserved_cache, preserved_cache);
        fill(&mut self.consistency_schedule, consistency_schedule);
        fill(&mut self.drive_operations, drive_operations);
        fill(
            &mut self.background_initialization,
            background_initialization,
        );
        fill(&mut self.event_positions, event_positions);
        fill(&mut self.events, events);
        fill(&mut self.bios, bios);
        fill(&mut self.boot_drive, boot_drive);
        fill(&mut self.phy_errors, phy_errors);
        fill(&mut self.consistency, consistency);
        let is_new = |it: &ControllerProperty| !self.properties.contains(it);
        let new: Vec<_> = properties.into_iter().filter(is_new).collect();
        self.properties.extend(new);
        for (part, why) in unread {
            self.unread.entry(part).or_insert(why);
        }
    }

    /// Whether the controller has a battery or capacitor. Its absence is a fact, not a fault.
    pub fn has_cache_protection(&self) -> Option<bool> {
        match &self.cache_protection {
            Some(protection) => Some(protection.is_some()),
            None => self.info.as_ref()?.hardware.bbu,
        }
    }
}

/// One question that was asked for a reading, and how it went.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Asked {
    /// The part it was for.
    pub part: Part,
    /// The command line, or the place in the capture.
    pub source: String,
    /// The exit code that the text gives.
    pub exit_code: Option<u32>,
    /// What the tool said went wrong.
    pub complaints: Vec<String>,
    /// What is missing in the text.
    pub gaps: Vec<String>,
    /// Lines that were not understood: `LINE: TEXT`.
    pub leftovers: Vec<String>,
}

/// What one pass over a host yields.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Reading {
    /// When it was taken: when the first answer came, which is the one with the controllers' clocks;
    /// for a capture, when it was read.
    pub taken: Timestamp,
    /// Where it comes from.
    pub source: String,
    /// Whether it describes this host as it is now: only then do block devices and the clock compare.
    pub live: bool,
    /// Whether `--controller` left one of several controllers in it.
    #[serde(skip)]
    pub narrowed: bool,
    /// The controllers, by number.
    pub controllers: Vec<Controller>,
    /// The questions that were asked.
    pub asked: Vec<Asked>,
}

impl Reading {
    /// How many lines of the tool's output were not understood.
    pub fn leftovers(&self) -> usize {
        self.asked.iter().map(|asked| asked.leftovers.len()).sum()
    }
}
