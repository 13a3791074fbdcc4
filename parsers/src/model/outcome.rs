//! What the tool says about a change that it was told to make.

use serde::Serialize;

use super::ControllerId;
use crate::report::{Ending, Report, Subject};

/// What a changing command printed.
///
/// These are the tool's words, not facts: `-PDRbld -Start` prints `Started rebuild progress` for
/// almost every firmware error. Whether a change took place shows in a fresh reading of the state.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Outcome {
    /// One for each sentence, in order: a command on several drives makes one for each of them.
    pub claims: Vec<Claim>,
    /// What the tool tells the person to do or to know besides.
    pub advice: Vec<Advice>,
}

/// One sentence in which the tool says how a change went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Claim {
    /// Line number, from 1.
    pub line: u32,
    /// The controller, where named.
    pub controller: Option<ControllerId>,
    /// What was to be changed.
    pub subject: Subject,
    /// What was to be done; `None` where the words do not name it.
    pub action: Option<Action>,
    /// How it went, if the tool is to be believed.
    pub says: Says,
    /// The property that was to be set, in the tool's words (`rebuild rate`).
    pub property: Option<String>,
    /// Its new value or another figure of the sentence, in the tool's words (`60%`).
    pub value: Option<String>,
    /// The sentence, as printed.
    pub words: String,
    /// The sentence behind `FW error description:`, which contradicts a good [`Claim::says`].
    pub firmware: Option<String>,
}

/// How a change went, in the tool's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Says {
    /// It was made.
    Done,
    /// A longer operation began, or the request for it was sent.
    Started,
    /// A running operation was ended.
    Stopped,
    /// It is so already.
    Unchanged,
    /// It was not tried: not possible in this state, or not without another option.
    Refused,
    /// It was tried and did not work.
    Failed,
}

impl Says {
    /// Whether the words are good news.
    pub fn is_good(self) -> bool {
        match self {
            Self::Done | Self::Started | Self::Stopped | Self::Unchanged => true,
            Self::Refused | Self::Failed => false,
        }
    }
}

/// What a changing command does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Action {
    /// `-PDOffline`, `-PDOnline`, `-PDMakeGood` or `-PDMakeJBOD`, whose failures read alike.
    ChangeDriveState,
    /// `-PDOffline`.
    Offline,
    /// `-PDOnline`.
    Online,
    /// `-PDMakeGood`.
    MakeGood,
    /// `-PDMakeJBOD`.
    MakeJbod,
    /// `-PDMarkMissing`.
    MarkMissing,
    /// `-PdReplaceMissing`.
    ReplaceMissing,
    /// `-PDPrpRmv`.
    PrepareForRemoval,
    /// `-PDPrpRmv -UnDo`.
    UndoPrepareForRemoval,
    /// `-PDHSP`, where the words name neither setting nor removing.
    HotSpare,
    /// `-PDHSP -Set`, and `-Hsp` while creating a virtual drive.
    SetHotSpare,
    /// `-PDHSP -Rmv`.
    RemoveHotSpare,
    /// `-PDRbld`.
    Rebuild,
    /// `-PDCpyBk`.
    Copyback,
    /// `-PDClear`.
    ClearDrive,
    /// `-PDInstantSecureErase` and `-SecureErase`.
    SecureErase,
    /// `-PdLocate`.
    Locate,
    /// `-CfgLdAdd`, `-CfgSpanAdd`, `-CfgEachDskRaid0`, `-CfgAllFreeDrv`, `-CfgCacheCadeAdd`.
    CreateVirtualDrive,
    /// `-CfgLdDel`, `-CfgCacheCadeDel`.
    DeleteVirtualDrive,
    /// `-CfgClr`.
    ClearConfiguration,
    /// `-CfgSave`.
    SaveConfiguration,
    /// `-CfgRestore`.
    RestoreConfiguration,
    /// `-CfgForeign -Import`.
    ImportForeign,
    /// `-CfgForeign -Clear`.
    ClearForeign,
    /// `-LDSetProp`, `-LDSetPowerPolicy`.
    SetVirtualDriveProperty,
    /// `-LDInit`.
    Initialisation,
    /// `-LDBI`.
    BackgroundInitialisation,
    /// `-LDCC`.
    ConsistencyCheck,
    /// `-LDRecon`.
    Reconstruction,
    /// `-LdExpansion`.
    Expansion,
    /// `-LDMakeSecure`.
    SecureVirtualDrive,
    /// `-Cachecade -assign`.
    AssignCache,
    /// `-DiscardPreservedCache`.
    DiscardPreservedCache,
    /// `-AdpSetProp`.
    SetControllerProperty,
    /// `-AdpSetTime`.
    SetTime,
    /// `-AdpAutoRbld`.
    SetAutoRebuild,
    /// `-AdpBIOS`.
    SetBios,
    /// `-AdpBootDrive`.
    SetBootDrive,
    /// `-AdpCacheFlush`.
    FlushCache,
    /// `-AdpPR`.
    PatrolRead,
    /// `-AdpCcSched`.
    ConsistencySchedule,
    /// `-AdpBbuCmd`.
    Battery,
    /// `-AdpEventLog -Clear`, or any `-AdpEventLog`.
    EventLog,
    /// `-FwTermLog -Clear`, `-BBUon`, `-BBUoff`.
    FirmwareLog,
    /// `-AdpFacDefSet`.
    FactoryDefaults,
    /// `-AdpShutDown`.
    Shutdown,
    /// `-AdpDiag`.
    Diagnose,
    /// `-DirectPdMapping`.
    DirectMapping,
    /// `-PhySetLinkSpeed`.
    SetLinkSpeed,
    /// `-CreateSecurityKey`, `-ChangeSecurityKey`, `-DestroySecurityKey`, `-SetKeyID`.
    SecurityKey,
    /// Anything that goes through the controller's command channel, where nothing else is said.
    SendCommand,
}

/// What the tool tells the person besides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Advice {
    /// Line number, from 1.
    pub line: u32,
    /// What it is about.
    pub kind: AdviceKind,
    /// The sentence, as printed.
    pub words: String,
}

/// What an advice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AdviceKind {
    /// The change shows after the next start of the host.
    Reboot,
    /// The drive may be in use.
    StopInput,
    /// It takes a while.
    Wait,
    /// The event log has more.
    SeeEventLog,
}

/// What the words of a changing command, its firmware sentence and its exit code say together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Every sentence is good and nothing contradicts. Necessary for success, not a proof of it.
    Claimed,
    /// The sentences are good, but a firmware sentence, the exit code or the ending is not.
    Contradicted,
    /// At least one sentence is bad.
    Denied,
    /// The tool said nothing about the change.
    Silent,
}

impl Report<Outcome> {
    /// Weighs the words against what contradicts them. `-CfgEachDskRaid0` exits with 0x0b after a
    /// full success, so [`Verdict::Contradicted`] can be one: only the state tells.
    pub fn verdict(&self) -> Verdict {
        let claims = &self.value.claims;
        if !self.complaints.is_empty() || claims.iter().any(|claim| !claim.says.is_good()) {
            Verdict::Denied
        } else if claims.is_empty() {
            Verdict::Silent
        } else if claims.iter().any(|claim| claim.firmware.is_some())
            || !matches!(self.ending, Ending::Exit { code: 0 } | Ending::Unmarked)
        {
            Verdict::Contradicted
        } else {
            Verdict::Claimed
        }
    }
}
