//! The collectors: the parts of a host as the exporter reads them, each by itself.

use crate::reading::Part;

/// How often a collector runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// At every interval: what may need a person within minutes.
    Often,
    /// At the slow interval: what changes within hours.
    Rarely,
}

/// Declares the collectors.
macro_rules! collectors {
    ($( $variant:ident = $name:literal, $pace:ident, $parts:expr, $what:literal; )+) => {
        /// A collector.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Collector {
            $( #[doc = $what] $variant, )+
        }

        impl Collector {
            /// Every collector.
            pub const ALL: &'static [Self] = &[$( Self::$variant ),+];

            /// The value of the label `collector`.
            pub fn name(self) -> &'static str {
                match self { $( Self::$variant => $name, )+ }
            }

            /// How often it runs.
            pub fn pace(self) -> Pace {
                match self { $( Self::$variant => Pace::$pace, )+ }
            }

            /// What it reads.
            pub fn parts(self) -> &'static [Part] {
                match self { $( Self::$variant => $parts, )+ }
            }
        }
    };
}

collectors! {
    Controller = "controller", Often, &[Part::Controllers], "Identity, settings and counters of the controllers.";
    VirtualDrives = "virtual_drives", Often, &[Part::VirtualDrives], "Virtual drives and their members.";
    PhysicalDrives = "physical_drives", Often, &[Part::PhysicalDrives], "Physical drives.";
    MissingDrives = "missing_drives", Often, &[Part::MissingDrives], "Empty places in drive groups.";
    DriveOperations = "drive_operations", Often, &[Part::DriveOperations], "Progress of rebuilds, copybacks and clears.";
    PreservedCache = "preserved_cache", Often, &[Part::PreservedCache], "Virtual drives with unwritten data in the cache.";
    EventPositions = "event_positions", Often, &[Part::EventPositions], "Where the event logs stand.";
    Events = "events", Often, &[Part::Events], "New events.";
    Battery = "battery", Rarely, &[Part::CacheProtection], "Battery or CacheVault.";
    Enclosures = "enclosures", Rarely, &[Part::Enclosures], "Enclosures and their sensors.";
    PatrolRead = "patrol_read", Rarely, &[Part::PatrolRead], "Patrol read.";
    Foreign = "foreign", Rarely, &[Part::ForeignConfigurations], "Foreign configurations.";
    ConsistencyCheck = "consistency_check", Rarely, &[Part::ConsistencySchedule], "The schedule of consistency checks.";
    Consistency = "consistency", Rarely, &[Part::Consistency], "Whether virtual drives are consistent.";
    PhyErrors = "phy_errors", Rarely, &[Part::PhyErrors], "Error counters of the SAS links; switched on by `phy_errors`.";
    Pci = "pci", Rarely, &[Part::PciLocations], "The place on the PCI bus.";
}

impl Collector {
    /// The collector that reads `part`; `None` for what the exporter does not read.
    pub fn of(part: Part) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|collector| collector.parts().contains(&part))
    }
}
