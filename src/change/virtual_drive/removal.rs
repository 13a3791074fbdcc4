//! What cannot be taken back: deleting, securing, forgetting lost blocks; and what stands before it.

use ironkeep_parsers::model::{EncryptionType, Fde, OperationKind, VirtualDrive};

use super::{NamedVirtualDrive, work};
use crate::change::{Check, Scene, Seen, in_use};
use crate::host::Target;
use crate::reading::Controller;

/// What is looked at before a virtual drive is deleted.
pub(super) fn checks(
    scene: &Scene<'_>,
    named: &NamedVirtualDrive,
    drive: &VirtualDrive,
) -> Vec<Check> {
    let at = scene.controller;
    let mut checks = Vec::new();
    if drive.is_cachecade {
        checks.push(serves(drive));
    } else {
        let target = Target::VirtualDrive(named.target);
        let why = "whoever uses it loses its data at once, and may hang";
        checks.push(in_use::check(scene, target, &named.title(), why));
        checks.push(cached(named, drive));
    }
    checks.push(work::preserved(at, named));
    checks.push(rewritten(named, drive));
    if !drive.dedicated_hot_spares.is_empty() {
        checks.push(Check::warns(
            "spares",
            "it has dedicated hot spares",
            "they may become free drives or global spares: look afterwards",
        ));
    }
    let others = at.virtual_drives.iter().flatten();
    if others.filter(|it| it.target_id != drive.target_id).count() > 0 {
        checks.push(Check::warns(
            "renumbering",
            "there are other virtual drives",
            "a reboot may give them other numbers and device names: mount by UUID",
        ));
    }
    checks
}

/// Nobody deletes what a cache holds writes for.
fn cached(named: &NamedVirtualDrive, drive: &VirtualDrive) -> Check {
    const CODE: &str = "cachecade";
    let title = named.title();
    if drive.cached == Some(true) {
        let observed = format!("a CacheCade drive stands before {title}");
        return Check::forbids(CODE, observed, "MegaCLI would only delete it by force").possible(
            format!(
                "take it away: ironkeep vd cachecade remove {}",
                named.object()
            ),
        );
    }
    Check::holds(CODE, format!("no CacheCade drive stands before {title}"))
}

/// What a CacheCade drive holds for others.
fn serves(drive: &VirtualDrive) -> Check {
    const CODE: &str = "cachecade";
    if drive.associated.is_empty() {
        return Check::holds(CODE, "it serves no virtual drive");
    }
    let names: Vec<_> = drive
        .associated
        .iter()
        .map(|it| format!("vd{it}"))
        .collect();
    Check::warns(
        CODE,
        format!("it is the cache of {}", names.join(", ")),
        "they get slower; writes that it holds for them are written first, as far as it can",
    )
}

/// A reconstruction cannot be left half done.
fn rewritten(named: &NamedVirtualDrive, drive: &VirtualDrive) -> Check {
    const CODE: &str = "operation_running";
    match work::progress(drive, &OperationKind::Reconstruction) {
        Some(progress) => Check::forbids(
            CODE,
            format!("on {} runs: {progress}", named.title()),
            "the firmware does not let go of it before that is over (status 0x1d)",
        )
        .possible("how far it is: ironkeep operation list"),
        None => Check::holds(CODE, format!("no reconstruction runs on {}", named.title())),
    }
}

/// What is looked at before a virtual drive is secured.
pub(super) fn secure(at: &Controller, drive: &VirtualDrive) -> Vec<Check> {
    const CODE: &str = "encryption";
    let mut checks = Vec::new();
    let members = drive.spans.iter().flat_map(|span| &span.members);
    let plain: Vec<_> = members
        .filter_map(|member| member.drive.as_ref())
        .filter(|drive| drive.fde != Some(Fde::Capable))
        .filter_map(|drive| Some(drive.address()?.to_string()))
        .collect();
    checks.push(if !plain.is_empty() {
        let observed = format!("not known to encrypt: {}", plain.join(", "));
        Check::forbids(
            CODE,
            observed,
            "all drives of it must encrypt by themselves",
        )
    } else if drive.encryption == Some(EncryptionType::Fde) {
        Check::forbids(CODE, "it is secured already", "there is nothing to do")
    } else {
        Check::holds(CODE, "all of its drives encrypt")
    });
    let key = at.info.as_ref();
    checks.push(
        match key.and_then(|info| info.settings.security_key_assigned) {
            Some(true) => Check::holds("security_key", "the controller has a key"),
            Some(false) => Check::forbids(
                "security_key",
                "the controller has no key",
                "there is nothing to secure it with",
            )
            .possible("make one first: ironkeep security create"),
            None => Check::warns(
                "security_key",
                "whether the controller has a key is not told",
                "without one the firmware refuses",
            ),
        },
    );
    checks.push(Check::warns(
        "irreversible",
        "a secured virtual drive stays so until it is deleted",
        "who loses the controller and the passphrase of its key loses the data for good",
    ));
    checks
}

/// Whether it is secured.
pub(super) fn secured(drive: &VirtualDrive) -> Seen {
    match &drive.encryption {
        Some(EncryptionType::None) => Seen::Otherwise("it is not encrypted".to_owned()),
        Some(kind) => Seen::Done(format!("encryption: {kind}")),
        None => Seen::Invisible("this build of MegaCLI does not tell of encryption"),
    }
}

/// The table of lost blocks is the only witness of lost data.
pub(super) fn bad_blocks(drive: &VirtualDrive) -> Check {
    const CODE: &str = "bad_blocks";
    let why = "the list is the only witness of which data are lost; reads of them then give \
               anything instead of an error";
    let check = match drive.bad_blocks {
        Some(false) => {
            return Check::forbids(CODE, "no bad blocks are noted", "there is nothing to clear");
        }
        Some(true) => Check::refuses(CODE, "blocks of it are noted as lost", why),
        None => Check::refuses(CODE, "whether blocks of it are lost is not told", why),
    };
    check.possible("copy what can be read, restore it from a backup, and only then clear the list")
}

/// There is a CacheCade drive.
pub(super) fn cachecade(at: &Controller, drive: &VirtualDrive) -> Check {
    const CODE: &str = "cachecade";
    if drive.is_cachecade {
        let why = "the cache is put before other virtual drives";
        return Check::forbids(CODE, "it is a CacheCade drive itself", why);
    }
    let all = at.virtual_drives.iter().flatten();
    if all.filter(|it| it.is_cachecade).count() == 0 {
        return Check::forbids(
            CODE,
            "there is no CacheCade drive",
            "nothing can be a cache",
        )
        .possible("make one: ironkeep vd cachecade create");
    }
    Check::holds(CODE, "there is a CacheCade drive")
}
