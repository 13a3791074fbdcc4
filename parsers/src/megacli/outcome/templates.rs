//! The sentences of the changing commands: what they read, what was to be done, how it went.
//!
//! `Adapter 0:` before a sentence is taken off before matching. Every template stands in a capture
//! of 8.07.14 or in a published output; the failures were collected by answering each command with
//! every firmware status.

use crate::model::AdviceKind::{self, Reboot, SeeEventLog, StopInput, Wait};
use crate::model::{Action, Says};

/// One sentence. No action where the words do not name it.
pub(super) struct Template(
    pub(super) &'static str,
    pub(super) Option<Action>,
    pub(super) Says,
);

/// `Action Says: "sentence";`, with `_` for an action that the words do not name.
macro_rules! templates {
    ($( $action:tt $says:ident: $words:literal; )+) => {
        &[$( Template($words, templates!(@ $action), Says::$says) ),+]
    };
    (@ _) => { None };
    (@ $action:ident) => { Some(Action::$action) };
}

/// Physical drives.
pub(super) const DRIVES: &[Template] = templates! {
    Offline Done: "EnclId-{e} SlotId-{s} state changed to OffLine";
    Online Done: "EnclId-{e} SlotId-{s} state changed to OnLine";
    MakeGood Done: "EnclId-{e} SlotId-{s} state changed to Unconfigured-Good";
    MakeJbod Done: "EnclId-{e} SlotId-{s} state changed to JBOD";
    ChangeDriveState Failed: "Failed to change PD state at EnclId-{e} SlotId-{s}";
    MakeGood Refused: "The drive cannot be converted from JBOD to Unconfigured Good because, Maximum allowed drive conversion has been reached";
    MarkMissing Done: "EnclId-{e} SlotId-{s} is marked Missing";
    ReplaceMissing Done: "Missing PD at Array {r}, Row {w} is replaced";
    ReplaceMissing Failed: "Failed to replace Missing PD at Array {r}, Row {w}";
    ReplaceMissing Refused: "Row number specified is out of range";
    PrepareForRemoval Done: "Prepare for removal Success";
    PrepareForRemoval Failed: "Prepare for removal Failed";
    PrepareForRemoval Failed: "Failed to Perform prepare for removal Operation";
    UndoPrepareForRemoval Done: "Undo Prepare for removal Success";
    UndoPrepareForRemoval Failed: "Undo Prepare for removal Failed";
    SetHotSpare Done: "Set Physical Drive at EnclId-{e} SlotId-{s} as Hot Spare Success";
    SetHotSpare Failed: "Set Physical Drive at EnclId-{e} SlotId-{s} as Hot Spare Failed";
    RemoveHotSpare Done: "Remove Physical Drive at EnclId-{e} SlotId-{s} as Hot Spare Success";
    RemoveHotSpare Failed: "Remove Physical Drive at EnclId-{e} SlotId-{s} as Hot Spare Failed";
    HotSpare Failed: "Failed to Perform PD hotspare Operation";
    Rebuild Started: "Started rebuild progress on device(Encl-{e} Slot-{s})";
    Rebuild Stopped: "Stopped rebuild progress on device(Encl-{e} Slot-{s})";
    Rebuild Refused: "Cannot Rebuild Physical Drive at Enclosure - {e}, Slot - {s}";
    Rebuild Refused: "Device at Enclosure - {e}, Slot - {s} is not in Rebuild state";
    _ Failed: "Invalid sequence number was provided";
    _ Refused: "FW Not Allowed Suspend-Resume on BG Operations";
    _ Refused: "FW not Supported BG Suspend Resume Operations";
    Copyback Started: "Started Copyback Operation Successfully";
    Copyback Stopped: "Stopped Copyback Operation Successfully";
    Copyback Refused: "Cannot Start Copyback on specified Physical Drive";
    Copyback Refused: "Physical Drive is not in Copyback state";
    ClearDrive Started: "Started clear progress on device(Encl-{e} Slot-{s})";
    ClearDrive Stopped: "Stopped clear progress on device(Encl-{e} Slot-{s})";
    ClearDrive Failed: "Failed to start clear progress on device(Encl-{e} Slot-{s})";
    ClearDrive Failed: "Failed to stop clear progress on device(Encl-{e} Slot-{s})";
    Locate Started: "Device at EnclId-{e} SlotId-{s} -- PD Locate Start Command was successfully sent to Firmware";
    Locate Stopped: "Device at EnclId-{e} SlotId-{s} -- PD Locate Stop Command was successfully sent to Firmware";
    Locate Failed: "Physical Device at EnclId-{e} SlotId-{s} could not be located";
    _ Refused: "use -force option if you are sure to perform this operation";
};

/// Virtual drives and configurations.
pub(super) const VIRTUAL_DRIVES: &[Template] = templates! {
    CreateVirtualDrive Done: "Created VD {v}";
    CreateVirtualDrive Done: "Configured physical device at Encl-{e}:Slot-{s}";
    CreateVirtualDrive Done: "{value} physical devices are Configured on adapter {a}";
    CreateVirtualDrive Done: "Configured the Adapter";
    CreateVirtualDrive Failed: "Configure Adapter Failed";
    CreateVirtualDrive Failed: "Failed to Perform configuration Operation";
    CreateVirtualDrive Refused: "Device at [{e} : {s}] is not Disk";
    CreateVirtualDrive Refused: "Drives are not consistent with configured Array";
    CreateVirtualDrive Refused: "The specified physical disk does not have the appropriate attributes to complete the requested command";
    CreateVirtualDrive Refused: "There is no configurable physical drive available on adapter {a}";
    CreateVirtualDrive Refused: "No Configurable Disk Available for Configuraiton on Adapter {a}";
    CreateVirtualDrive Refused: "At least two arrays must be specified to configure spanned VD";
    DeleteVirtualDrive Refused: "Virtual Disk is associate with Cache Cade. Please Use force option to delete";
    DeleteVirtualDrive Done: "Deleted Virtual Drive-{v}(target id-{t})";
    DeleteVirtualDrive Failed: "Failed to delete Virtual Drive-{v}";
    AssignCache Done: "Successfully assigned VD to Cache";
    ClearConfiguration Done: "Configuration is Cleared";
    ClearConfiguration Failed: "Failed to Clear Configuration";
    ClearConfiguration Refused: "Performing this operation will result in data corruption or data lost, use -force option if you are sure to perform this operation";
    SaveConfiguration Done: "Config data is saved to the file";
    RestoreConfiguration Done: "Config data is restored to the adapter";
    RestoreConfiguration Failed: "Failed to restore config data";
    ImportForeign Done: "Foreign configuration {i} is imported on controller {a}";
    ImportForeign Done: "Foreign configuration is imported on controller {a}";
    ImportForeign Failed: "Failed to import foreign configuration {i} on controller {a}";
    ImportForeign Failed: "Failed to import foreign configuration on controller {a}";
    ClearForeign Done: "Foreign configuration {i} is cleared on controller {a}";
    ClearForeign Failed: "Failed to clear Foreign configuration {i} on controller {a}";
    _ Refused: "Foreign configuration {i} does not exist on controller {a}";
    _ Refused: "There is no foreign configuration on controller {a}";
    SetVirtualDriveProperty Done: "Set {name} to {value} on Adapter {a}, VD {v} (target id: {t}) success";
    SetVirtualDriveProperty Done: "Set {name} on Adapter {a}, VD {v} (target id: {t}) success";
    SetVirtualDriveProperty Failed: "Failed to set {name} to {value} on Adapter {a}, VD {v}";
    SetVirtualDriveProperty Failed: "Failed to set {name} on Adapter {a}, VD {v}";
    Initialisation Started: "Start Initialization on Virtual Drive {v} (target id: {t}) Success";
    Initialisation Failed: "Start Initialization on Virtual Drive {v} (target id: {t}) Failed";
    Initialisation Stopped: "Abort Initialization on Virtual Drive {v} (target id: {t}) Success";
    Initialisation Failed: "Abort Initialization on Virtual Drive {v} (target id: {t}) Failed";
    Initialisation Refused: "Initialization on VD #{v} is not in progress";
    ConsistencyCheck Started: "Start Check Consistency on Virtual Drive {v} (target id: {t}) Success";
    ConsistencyCheck Failed: "Start Check Consistency on Virtual Drive {v} (target id: {t}) Failed";
    ConsistencyCheck Stopped: "Abort Check Consistency on Virtual Drive {v} (target id: {t}) Success";
    ConsistencyCheck Failed: "Abort Check Consistency on Virtual Drive {v} (target id: {t}) Failed";
    ConsistencyCheck Refused: "Check Consistency on VD #{v} is not in progress";
    BackgroundInitialisation Done: "Background Initialization is {value=Enabled} on VD {v} (target id: {t}) on Adapter {a}";
    BackgroundInitialisation Done: "Background Initialization is {value=Disabled} on VD {v} (target id: {t}) on Adapter {a}";
    BackgroundInitialisation Stopped: "Abort Background Initialization on Virtual Drive {v} (target id: {t}) Success";
    BackgroundInitialisation Failed: "Abort Background Initialization on Virtual Drive {v} (target id: {t}) Failed";
    BackgroundInitialisation Refused: "Background Initialization on VD #{v} is not in Progress";
    Reconstruction Started: "Start Reconstruction of Virtual Drive Success";
    Reconstruction Failed: "Failed to Start Reconstruction of Virtual Drive";
    SecureVirtualDrive Failed: "Unable to secure specified LD";
    DiscardPreservedCache Done: "Virtual Drive(Target ID {t}): Preserved Cache Data Cleared";
    DiscardPreservedCache Refused: "No Virtual Drive has Preserved Cache Data";
    DiscardPreservedCache Refused: "One or more virtual drives are Offline. In order to discard preserved cache use -force option. This will discard the preserved cache & delete the offline virtual drives";
};

/// The controller, its battery and its logs. Last, since `Set {name} to {value}` takes most words.
pub(super) const CONTROLLERS: &[Template] = templates! {
    SetAutoRebuild Done: "AutoRebuild is {value=Enabled}";
    SetAutoRebuild Done: "AutoRebuild is {value=Disabled}";
    SetBios Unchanged: "BIOS is Already {value} on Adapter {a}";
    SetBios Done: "BIOS is set to {value} on Adapter {a}";
    SetBios Done: "BIOS is {value=Enabled} on Adapter {a}";
    SetBios Done: "BIOS is {value=Disabled} on Adapter {a}";
    SetBootDrive Done: "Boot Virtual Drive is set to #{v} (target id #{t}) on Adapter {a}";
    SetBootDrive Refused: "Physical Device at Enclosure - {e}, Slot - {s} is not a JBOD disk";
    FlushCache Done: "Cache Flush is successfully done on adapter {a}";
    PatrolRead Done: "Patrol Read Mode is set to {value}";
    PatrolRead Done: "Patrol Read Execution Delay is set to {value}";
    PatrolRead Done: "Patrol Read start time is set";
    PatrolRead Done: "max concurrent PD value for Patrol Read is set";
    PatrolRead Failed: "Failed to set Patrol Read on SSD devices";
    PatrolRead Started: "Patrol Read is started";
    PatrolRead Failed: "Failed to start Patrol Read";
    PatrolRead Refused: "Patrol Read can't be started, as PDs are either not ONLINE, or are in a VD with an active process, or are in an excluded VD";
    PatrolRead Stopped: "Patrol Read is stopped";
    PatrolRead Refused: "No Patrol Read is in progress";
    ConsistencySchedule Done: "Scheduled CC mode is set to {value}";
    ConsistencySchedule Done: "Scheduled CC execution delay is set to {value}";
    ConsistencySchedule Done: "Scheduled CC start time is set";
    Battery Started: "BBU Learn Succeeded";
    Battery Failed: "BBU Learn Failed";
    Battery Failed: "BBU MFG Sleep Failed";
    Battery Failed: "BBU MFG SEAL Failed";
    EventLog Done: "Success in AdpEventLog";
    EventLog Failed: "AdpEventLog failed";
    FirmwareLog Done: "Firmware termlog is cleared on Adapter {a}";
    FactoryDefaults Done: "Factory Default Set Successfully";
    Shutdown Done: "ShutDown Successfully";
    SetTime Done: "New date/time is set on Adapter {a}";
    Diagnose Started: "Performing Diagnostic on Controller {a}";
    Diagnose Failed: "Error Occured when Performing Diagnostic on Controller {a}";
    DirectMapping Done: "Direct Pd Mapping is Set Successfully";
    SetLinkSpeed Failed: "Failed to Get Phy Information on Adapter {a}";
    SecurityKey Refused: "Encryption is disabled on adapter {a}";
    SendCommand Failed: "Failed sending command to Adapter {a}";
    SetControllerProperty Failed: "Failed to Set Adapter Properties";
    SetControllerProperty Done: "Set {name} to : {value} success";
    SetControllerProperty Done: "Set {name} to {value} success";
    SetControllerProperty Done: "Set {name} is {value} success";
    SetControllerProperty Done: "Set {name} {value=Enabled} success";
    SetControllerProperty Done: "Set {name} {value=Disabled} success";
};

/// What the tool tells the person besides.
pub(super) const ADVICE: &[(&str, AdviceKind)] = &[
    ("This change requires reboot", Reboot),
    (
        "Please reboot the system for the changes to take effect",
        Reboot,
    ),
    (
        "To prevent data loss and adverse effect on system, please stop all the IOs to this drive.If \
         it is a file system drive, please unmount it",
        StopInput,
    ),
    ("It will take {value} to complete. Please wait", Wait),
    ("Please view event log for details", SeeEventLog),
];
