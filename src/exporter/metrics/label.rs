//! The labels: a closed vocabulary, each with one meaning.

/// Every label that families may have, and what it says.
pub const LABELS: &[(&str, &str)] = &[
    (
        "controller",
        "The controller's number on its host, as MegaCLI counts: -aN.",
    ),
    (
        "virtual_drive",
        "The target id of a virtual drive, which MegaCLI takes behind -L.",
    ),
    (
        "drive_group",
        "The drive group, as drives print it in their position.",
    ),
    ("span", "A span of a virtual drive, from 0."),
    (
        "arm",
        "A place in a span, from 0. MegaCLI also calls it row.",
    ),
    (
        "span_reference",
        "The controller's own number of a span, which -PdReplaceMissing takes as the array.",
    ),
    (
        "enclosure",
        "The device id of an enclosure; empty for drives that are attached directly.",
    ),
    ("slot", "The slot in the enclosure."),
    (
        "state",
        "One of a closed list; the series of the state that holds is 1, the others are 0.",
    ),
    (
        "kind",
        "Which of two policies: the default was asked for, the current holds now.",
    ),
    ("policy", "One of a closed list, as with state."),
    ("mode", "One of a closed list, as with state."),
    (
        "property",
        "A setting of the controller that is on or off: auto_rebuild, copyback, smart_copyback, ssd_smart_copyback, jbod, restore_hot_spare_on_insert, ssd_patrol_read, patrol_read_unconfigured_areas, maintain_fail_history, auto_enhanced_import, battery_warning, boot_with_preserved_cache, spin_down_unconfigured, spin_down_hot_spares, online_reset, security_key.",
    ),
    (
        "task",
        "A background task that takes a share of the controller's power: rebuild, patrol_read, consistency_check, background_initialization, reconstruction.",
    ),
    ("scope", "Whom a hot spare serves."),
    (
        "operation",
        "A long operation: rebuild, copyback, clear, erase, patrol_read of a physical drive; background_initialization, initialization, consistency_check, reconstruction of a virtual drive.",
    ),
    (
        "sensor",
        "A sensor: its name, or its number in the enclosure, from 0.",
    ),
    (
        "unit",
        "A part of an enclosure: its number among its kind, from 0.",
    ),
    (
        "dimm",
        "A memory module of the host: the label of its slot on the board, or where the driver places it if that is not known. Errors that the driver places nowhere are unplaced.",
    ),
    (
        "bank",
        "The bank of a memory module, as the board calls it.",
    ),
    (
        "location",
        "Where the driver places a memory module: its controller, channel and slot there.",
    ),
    (
        "evidence",
        "By what a slot of the board and the driver's counters belong together: driver_label, label_file, firmware_handle, error_address, pattern (probable); or only one of them is known: board, location_only.",
    ),
    ("part", "The part number."),
    (
        "systemd_unit",
        "A unit of systemd; none for processes that belong to no unit, other for all that are not shown by themselves.",
    ),
    (
        "program",
        "The file name of a program; other for all that are not shown by themselves.",
    ),
    ("reason", "Why the share of a process was not read."),
    ("phy", "A link of the controller, from 0."),
    ("class", "How grave an event is."),
    (
        "code",
        "The stable name of a finding: ironkeep explain prints what it means.",
    ),
    (
        "severity",
        "How bad a finding is: info, warning, unknown or critical.",
    ),
    (
        "object",
        "What a finding is about: host, controller, vd 0, pd 252:4, missing drive 0/2, bbu, enclosure 252.",
    ),
    ("verdict", "One of a closed list, as with state."),
    ("collector", "A part of a host that is read by itself."),
    ("result", "How a run of the tool ended."),
    ("backend", "Where the readings come from."),
    (
        "source",
        "The tool that was run, or the capture that was read, in words.",
    ),
    (
        "version",
        "The version of this program, or of the vendor's tool.",
    ),
    ("product", "What the maker calls it."),
    ("vendor", "The maker."),
    (
        "vendor_model",
        "What a drive calls itself; the model may be cut to 16 characters.",
    ),
    ("model", "The type of a battery or capacitor."),
    ("type", "What a part of hardware is, in a word."),
    (
        "serial",
        "The serial number. Compare it with the label of the drive or module before that is pulled.",
    ),
    ("firmware", "The version of the firmware."),
    (
        "firmware_package",
        "The version by which the controller's firmware is published.",
    ),
    ("bios", "The version of the controller's BIOS."),
    (
        "pci_address",
        "The place on the PCI bus: bus:device.function, in hexadecimal.",
    ),
    (
        "pci_id",
        "Vendor, device, subsystem vendor and subsystem device, in hexadecimal.",
    ),
    (
        "device_id",
        "The firmware's own number of a drive. It changes when the drive is swapped.",
    ),
    ("interface", "SAS or SATA."),
    ("media", "What a drive stores on."),
    ("wwn", "The world-wide name."),
    ("name", "The name that somebody gave it."),
    (
        "device",
        "The kernel's name of the block device, as node_exporter has it; empty where it is not certain which one it is.",
    ),
    ("raid_level", "The RAID level."),
    ("slots", "How many slots the enclosure says it has."),
    ("manufactured", "The day on which it was made."),
];
