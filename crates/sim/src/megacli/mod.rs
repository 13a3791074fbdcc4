//! A MegaCLI 8.07.14 that answers for a simulated host, byte for byte as the real one prints.
//!
//! [`COMMANDS`] is the one list of what it knows: an entry per command, with the function that
//! answers. One file per output holds those functions, named as in `ironkeep-parsers`. How faithful
//! they are is measured against real captures by `tests/fidelity.rs`.

mod adp_actions;
mod adp_all_info;
mod adp_all_info_support;
mod adp_auto_rbld;
mod adp_bios;
mod adp_boot_drive;
mod adp_cc_sched;
mod adp_count;
mod adp_fw_flash;
mod adp_get_connector_mode;
mod adp_get_pci_info;
mod adp_get_prop;
mod adp_get_time;
mod adp_pr;
mod adp_set_prop;
mod answer;
mod arguments;
mod battery_change;
mod cache_protection;
mod cfg_all_free_drv;
mod cfg_cachecade;
mod cfg_dsply;
mod cfg_foreign;
mod cfg_free_space;
mod cfg_ld_add;
mod cfg_ld_del;
mod cfg_save;
mod direct_pd_mapping;
mod disk_group;
mod drive;
mod elf;
mod enclosure;
mod event_data;
mod event_log;
mod firmware_status;
mod ld_expansion;
mod ld_get_num;
mod ld_get_prop;
mod ld_info;
mod ld_maintenance;
mod ld_operations;
mod ld_progress;
mod ld_recon;
mod ld_set_prop;
mod opcode;
mod order;
mod pd_count;
mod pd_erase;
mod pd_firmware;
mod pd_hot_spare;
mod pd_list;
mod pd_locate;
mod pd_missing;
mod pd_operation;
mod pd_progress;
mod pd_removal;
mod pd_state;
mod phy;
mod preserved_cache;
mod security_key;
mod show_summary;
mod syntax;
mod targets;
mod terminal_log;
mod text_log;
mod version;
mod version_pd;
mod virtual_drive;
mod virtual_drive_order;
mod words;

pub use answer::Answer;
pub use arguments::{Arguments, Bay, Selection};
pub use syntax::Need;

use crate::state::{Controller, Host};
use answer::line;

/// What a command does.
#[derive(Debug, Clone, Copy)]
pub enum Action {
    /// It only looks.
    Read(fn(&Host, &Arguments, &mut Answer)),
    /// It changes the host.
    Change(fn(&mut Host, &Arguments, &mut Answer)),
}

/// A command that MegaCLI knows.
#[derive(Debug, Clone, Copy)]
pub struct Command {
    /// The words by which it is known, in any case of letters.
    pub words: &'static [&'static str],
    /// The selectors that it cannot do without, in their order.
    pub needs: &'static [Need],
    /// What it does.
    pub action: Action,
}

impl Command {
    /// The same command with other needs.
    const fn needing(self, needs: &'static [Need]) -> Self {
        Self { needs, ..self }
    }
}

const fn reads(
    words: &'static [&'static str],
    answer: fn(&Host, &Arguments, &mut Answer),
) -> Command {
    Command {
        words,
        needs: &[Need::Controllers],
        action: Action::Read(answer),
    }
}

const fn changes(
    words: &'static [&'static str],
    answer: fn(&mut Host, &Arguments, &mut Answer),
) -> Command {
    Command {
        words,
        needs: &[Need::Controllers],
        action: Action::Change(answer),
    }
}

/// A command about phys.
const ON_PHYS: &[Need] = &[Need::Phys, Need::Controllers];
/// A command about virtual drives.
const ON_VIRTUAL_DRIVES: &[Need] = &[Need::VirtualDrives, Need::Controllers];
/// A command about physical drives.
const ON_DRIVES: &[Need] = &[Need::Drives, Need::Controllers];

/// A command that takes its physical drives first, and options after them.
const ON_DRIVES_FIRST: &[Need] = &[Need::DrivesFirst, Need::Controllers];
/// The command about a row of a drive group, on one controller.
const ON_ROW: &[Need] = &[Need::Drives, Need::Array, Need::Row, Need::OneController];

/// Every command, in the order of the alphabet. The longest one that fits is meant.
pub const COMMANDS: &[Command] = &[
    reads(&["-AdpAlILog"], text_log::answer),
    reads(&["-AdpAllInfo"], adp_all_info::answer),
    changes(&["-AdpAutoRbld", "-Dsbl"], adp_auto_rbld::disable),
    reads(&["-AdpAutoRbld", "-Dsply"], adp_auto_rbld::answer),
    changes(&["-AdpAutoRbld", "-Enbl"], adp_auto_rbld::enable),
    reads(&["-AdpBbuCmd"], cache_protection::answer),
    changes(&["-AdpBbuCmd", "-BbuLearn"], battery_change::learn),
    changes(&["-AdpBbuCmd", "-BbuMfgSeal"], battery_change::seal),
    changes(&["-AdpBbuCmd", "-BbuMfgSleep"], battery_change::sleep),
    reads(
        &["-AdpBbuCmd", "-GetBbuCapacityInfo"],
        cache_protection::capacity,
    ),
    reads(
        &["-AdpBbuCmd", "-GetBbuDesignInfo"],
        cache_protection::design,
    ),
    reads(&["-AdpBbuCmd", "-GetBbumodes"], cache_protection::modes),
    reads(
        &["-AdpBbuCmd", "-GetBbuProperties"],
        cache_protection::properties,
    ),
    reads(&["-AdpBbuCmd", "-GetBbuStatus"], cache_protection::status),
    reads(
        &["-AdpBbuCmd", "-ScheduleLearn", "-Dsbl"],
        cache_protection::schedule,
    ),
    reads(
        &["-AdpBbuCmd", "-ScheduleLearn", "-Info"],
        cache_protection::schedule,
    ),
    reads(
        &["-AdpBbuCmd", "-ScheduleLearn", "-STARTTIME"],
        cache_protection::schedule,
    ),
    changes(
        &["-AdpBbuCmd", "-SetBbuProperties"],
        battery_change::set_properties,
    ),
    changes(&["-AdpBIOS", "-BE"], adp_bios::bypass_error),
    changes(&["-AdpBIOS", "-Dsbl"], adp_bios::disable),
    changes(
        &["-AdpBIOS", "-DsblAutoSelectBootLd"],
        adp_bios::select_no_drive,
    ),
    reads(&["-AdpBIOS", "-Dsply"], adp_bios::answer),
    changes(&["-AdpBIOS", "-Enbl"], adp_bios::enable),
    changes(
        &["-AdpBIOS", "-EnblAutoSelectBootLd"],
        adp_bios::select_drive,
    ),
    changes(&["-AdpBIOS", "-HCOE"], adp_bios::headless),
    changes(&["-AdpBIOS", "-HSM"], adp_bios::headless),
    changes(&["-AdpBIOS", "-SOE"], adp_bios::stop_on_error),
    reads(&["-AdpBootDrive", "-Get"], adp_boot_drive::answer),
    changes(&["-AdpBootDrive", "-Set"], adp_boot_drive::set),
    changes(&["-AdpBootDrive", "-Unset"], adp_boot_drive::unset),
    changes(&["-AdpCacheFlush"], adp_actions::flush_cache),
    changes(&["-AdpCcSched", "-Dsbl"], adp_cc_sched::disable),
    reads(&["-AdpCcSched", "-Info"], adp_cc_sched::answer),
    changes(&["-AdpCcSched", "-ModeConc"], adp_cc_sched::at_once),
    changes(&["-AdpCcSched", "-ModeSeq"], adp_cc_sched::one_by_one),
    changes(&["-AdpCcSched", "-SetDelay"], adp_cc_sched::set_times),
    changes(&["-AdpCcSched", "-SetStartTime"], adp_cc_sched::set_times),
    reads(&["-AdpCount"], adp_count::answer).needing(&[]),
    changes(&["-AdpDiag"], adp_actions::diagnose),
    changes(&["-AdpEventLog", "-Clear"], event_log::clear),
    reads(&["-AdpEventLog", "-GetCCIncon"], event_log::inconsistencies),
    reads(&["-AdpEventLog", "-GetEventLogInfo"], event_log::marks),
    reads(&["-AdpEventLog", "-GetEvents"], event_log::events),
    reads(&["-AdpEventLog", "-GetLatest"], event_log::latest),
    reads(
        &["-AdpEventLog", "-GetSinceReboot"],
        event_log::since_reboot,
    ),
    reads(
        &["-AdpEventLog", "-GetSinceShutdown"],
        event_log::since_shutdown,
    ),
    reads(
        &["-AdpEventLog", "-IncludeDeleted"],
        event_log::with_deleted,
    ),
    changes(&["-AdpFacDefSet"], adp_actions::restore_defaults),
    changes(&["-AdpFwFlash"], adp_fw_flash::answer),
    reads(&["-AdpGetConnectorMode"], adp_get_connector_mode::answer),
    reads(&["-AdpGetPciInfo"], adp_get_pci_info::answer),
    reads(&["-AdpGetProp"], adp_get_prop::answer),
    reads(&["-AdpGetTime"], adp_get_time::answer),
    changes(&["-AdpPR", "-Dsbl"], adp_pr::disable),
    changes(&["-AdpPR", "-EnblAuto"], adp_pr::automatic),
    changes(&["-AdpPR", "-EnblMan"], adp_pr::manual),
    reads(&["-AdpPR", "-Info"], adp_pr::answer),
    changes(&["-AdpPR", "-maxConcurrentPD"], adp_pr::set_most_drives),
    changes(&["-AdpPR", "-Resume"], adp_pr::resume),
    changes(&["-AdpPR", "-SetDelay"], adp_pr::set_delay),
    changes(&["-AdpPR", "-SetStartTime"], adp_pr::set_start),
    changes(&["-AdpPR", "-SSDPatrolReadDsbl"], adp_pr::spare_solid_state),
    changes(&["-AdpPR", "-SSDPatrolReadEnbl"], adp_pr::read_solid_state),
    changes(&["-AdpPR", "-Start"], adp_pr::start),
    changes(&["-AdpPR", "-Stop"], adp_pr::stop),
    changes(&["-AdpPR", "-Suspend"], adp_pr::suspend),
    changes(&["-AdpSetConnectorMode"], adp_actions::unknown_to_firmware),
    changes(&["-AdpSetProp"], adp_set_prop::answer),
    changes(&["-AdpSetTime"], adp_actions::set_time),
    changes(&["-AdpSetVerify"], adp_actions::verify_settings),
    changes(&["-AdpShutDown"], adp_actions::shut_down),
    changes(&["-Cachecade", "-assign"], cfg_cachecade::assign).needing(ON_VIRTUAL_DRIVES),
    changes(&["-Cachecade", "-remove"], cfg_cachecade::remove).needing(ON_VIRTUAL_DRIVES),
    changes(&["-CfgAllFreeDrv"], cfg_all_free_drv::all_free),
    changes(&["-CfgCacheCadeAdd"], cfg_cachecade::add).needing(ON_DRIVES),
    changes(&["-CfgCacheCadeDel"], cfg_cachecade::delete).needing(ON_VIRTUAL_DRIVES),
    reads(&["-CfgCacheCadeDsply"], cfg_dsply::cachecade),
    changes(&["-CfgClr"], cfg_ld_del::clear),
    reads(&["-CfgDsply"], cfg_dsply::answer),
    changes(&["-CfgEachDskRaid0"], cfg_all_free_drv::each_drive),
    changes(&["-CfgForeign", "-Clear"], cfg_foreign::clear),
    reads(&["-CfgForeign", "-Dsply"], cfg_foreign::display),
    changes(&["-CfgForeign", "-Import"], cfg_foreign::import),
    reads(&["-CfgForeign", "-Preview"], cfg_foreign::preview),
    reads(&["-CfgForeign", "-Scan"], cfg_foreign::scan),
    reads(&["-CfgFreeSpaceInfo"], cfg_free_space::answer),
    changes(&["-CfgLdAdd"], cfg_ld_add::one_span),
    changes(&["-CfgLdDel"], cfg_ld_del::delete).needing(ON_VIRTUAL_DRIVES),
    changes(&["-CfgRestore"], cfg_save::restore),
    changes(&["-CfgSave"], cfg_save::save),
    changes(&["-CfgSpanAdd"], cfg_ld_add::several_spans),
    changes(&["-ChangeSecurityKey"], security_key::change),
    changes(&["-CreateSecurityKey"], security_key::create),
    changes(&["-DestroySecurityKey"], security_key::destroy),
    changes(&["-DirectPdMapping", "-Dsbl"], direct_pd_mapping::disable),
    reads(&["-DirectPdMapping", "-Dsply"], direct_pd_mapping::answer),
    changes(&["-DirectPdMapping", "-Enbl"], direct_pd_mapping::enable),
    changes(&["-DiscardPreservedCache"], preserved_cache::discard).needing(ON_VIRTUAL_DRIVES),
    changes(&["-DpmStat", "-Clear"], adp_actions::unknown_to_firmware),
    changes(&["-ELF", "-Applykey"], elf::change),
    reads(&["-ELF", "-ControllerFeatures"], elf::features),
    changes(&["-ELF", "-DeactivateTrialKey"], elf::change),
    reads(&["-ELF", "-GetSafeId"], elf::safe_id),
    changes(&["-ELF", "-ReHostComplete"], elf::change),
    changes(&["-ELF", "-ReHostInfo"], elf::change),
    changes(&["-ELF", "-TransferToVault"], elf::change),
    reads(&["-EncInfo"], enclosure::info),
    reads(&["-EncStatus"], enclosure::status),
    reads(&["-FwTermLog", "-BBUGet"], terminal_log::battery),
    changes(&["-FwTermLog", "-BBUoff"], terminal_log::set_battery),
    changes(&["-FwTermLog", "-BBUoffTemp"], terminal_log::set_battery),
    changes(&["-FwTermLog", "-BBUon"], terminal_log::set_battery),
    changes(&["-FwTermLog", "-Clear"], terminal_log::clear),
    reads(&["-FwTermLog", "-Dsply"], terminal_log::answer),
    reads(&["-GetKeyID"], security_key::answer),
    reads(&["-getLdExpansionInfo"], ld_expansion::answer).needing(ON_VIRTUAL_DRIVES),
    reads(&["-GetPreservedCacheList"], preserved_cache::answer),
    changes(&["-LDBBMClr"], ld_maintenance::clear_bad_blocks).needing(ON_VIRTUAL_DRIVES),
    changes(&["-LDBI", "-Abort"], ld_operations::abort_background).needing(ON_VIRTUAL_DRIVES),
    changes(&["-LDBI", "-Dsbl"], ld_operations::disable_background).needing(ON_VIRTUAL_DRIVES),
    changes(&["-LDBI", "-Enbl"], ld_operations::enable_background).needing(ON_VIRTUAL_DRIVES),
    reads(&["-LDBI", "-getSetting"], ld_progress::setting).needing(ON_VIRTUAL_DRIVES),
    changes(&["-LDBI", "-Resume"], ld_operations::resume_background).needing(ON_VIRTUAL_DRIVES),
    reads(
        &["-LDBI", "-ShowProg"],
        ld_progress::background_initialization,
    )
    .needing(ON_VIRTUAL_DRIVES),
    changes(&["-LDBI", "-Suspend"], ld_operations::suspend_background).needing(ON_VIRTUAL_DRIVES),
    changes(&["-LDCC", "-Abort"], ld_operations::abort_check).needing(ON_VIRTUAL_DRIVES),
    changes(&["-LDCC", "-Resume"], ld_operations::resume_check).needing(ON_VIRTUAL_DRIVES),
    reads(&["-LDCC", "-ShowProg"], ld_progress::consistency_check).needing(ON_VIRTUAL_DRIVES),
    changes(&["-LDCC", "-Start"], ld_operations::begin_check).needing(ON_VIRTUAL_DRIVES),
    changes(&["-LDCC", "-Suspend"], ld_operations::suspend_check).needing(ON_VIRTUAL_DRIVES),
    changes(&["-LdExpansion"], ld_recon::expand).needing(ON_VIRTUAL_DRIVES),
    reads(&["-LDGetNum"], ld_get_num::answer),
    reads(&["-LDGetProp", "-Access"], ld_get_prop::access_policy).needing(ON_VIRTUAL_DRIVES),
    reads(&["-LDGetProp", "-Cache"], ld_get_prop::cache).needing(ON_VIRTUAL_DRIVES),
    reads(&["-LDGetProp", "-Consistency"], ld_get_prop::consistency).needing(ON_VIRTUAL_DRIVES),
    reads(&["-LDGetProp", "-DskCache"], ld_get_prop::drive_cache).needing(ON_VIRTUAL_DRIVES),
    reads(&["-LDGetProp", "-Name"], ld_get_prop::name).needing(ON_VIRTUAL_DRIVES),
    reads(&["-LDGetProp", "-PSPolicy"], ld_get_prop::power_savings).needing(ON_VIRTUAL_DRIVES),
    reads(&["-LDInfo"], ld_info::answer).needing(ON_VIRTUAL_DRIVES),
    changes(&["-LDInit", "-Abort"], ld_operations::abort_initialization).needing(ON_VIRTUAL_DRIVES),
    reads(&["-LDInit", "-ShowProg"], ld_progress::initialization).needing(ON_VIRTUAL_DRIVES),
    changes(&["-LDInit", "-Start"], ld_operations::begin_initialization).needing(ON_VIRTUAL_DRIVES),
    changes(&["-LDJoinMirror"], ld_maintenance::join_mirror).needing(ON_VIRTUAL_DRIVES),
    changes(&["-LDMakeSecure"], ld_maintenance::make_secure).needing(ON_VIRTUAL_DRIVES),
    reads(&["-LdPdInfo"], ld_info::with_members),
    reads(&["-LDRecon", "-ShowProg"], ld_progress::reconstruction).needing(ON_VIRTUAL_DRIVES),
    changes(&["-LDRecon", "-Start"], ld_recon::begin).needing(ON_VIRTUAL_DRIVES),
    changes(&["-LDSetPowerPolicy"], ld_set_prop::power).needing(ON_VIRTUAL_DRIVES),
    changes(&["-LDSetProp"], ld_set_prop::answer).needing(ON_VIRTUAL_DRIVES),
    reads(&["-PDClear", "-ShowProg"], pd_progress::clear).needing(ON_DRIVES),
    changes(&["-PDClear", "-Start"], pd_operation::start_clear).needing(ON_DRIVES),
    changes(&["-PDClear", "-Stop"], pd_operation::stop_clear).needing(ON_DRIVES),
    changes(&["-PDCpyBk", "-Resume"], pd_operation::resume_copyback).needing(ON_DRIVES),
    reads(&["-PDCpyBk", "-ShowProg"], pd_progress::copyback).needing(ON_DRIVES),
    changes(&["-PDCpyBk", "-Start"], pd_operation::start_copyback).needing(ON_DRIVES),
    changes(&["-PDCpyBk", "-Stop"], pd_operation::stop_copyback).needing(ON_DRIVES),
    changes(&["-PDCpyBk", "-Suspend"], pd_operation::suspend_copyback).needing(ON_DRIVES),
    changes(&["-PdFwDownload"], pd_firmware::answer).needing(ON_DRIVES),
    reads(&["-PdGetMissing"], pd_missing::answer),
    reads(&["-PDGetNum"], pd_count::answer),
    changes(&["-PDHSP", "-Rmv"], pd_hot_spare::remove).needing(ON_DRIVES),
    changes(&["-PDHSP", "-Set"], pd_hot_spare::set).needing(ON_DRIVES),
    reads(&["-pdInfo"], pd_list::info).needing(ON_DRIVES),
    changes(&["-PDInstantSecureErase"], pd_erase::instantly).needing(ON_DRIVES_FIRST),
    reads(&["-PDList"], pd_list::answer),
    changes(&["-PdLocate"], pd_locate::start).needing(ON_DRIVES),
    changes(&["-PdLocate", "-Start"], pd_locate::start).needing(ON_DRIVES),
    changes(&["-PdLocate", "-Stop"], pd_locate::stop).needing(ON_DRIVES),
    changes(&["-PDMakeGood"], pd_state::make_good).needing(ON_DRIVES_FIRST),
    changes(&["-PDMakeJBOD"], pd_state::make_jbod).needing(ON_DRIVES),
    changes(&["-PDMarkMissing"], pd_state::mark_missing).needing(ON_DRIVES),
    changes(&["-PDOffline"], pd_state::take_offline).needing(ON_DRIVES),
    changes(&["-PDOnline"], pd_state::put_online).needing(ON_DRIVES),
    changes(&["-PDPrpRmv"], pd_removal::prepare).needing(ON_DRIVES),
    changes(&["-PDPrpRmv", "-UnDo"], pd_removal::undo).needing(ON_DRIVES),
    changes(&["-PDRbld", "-Resume"], pd_operation::resume_rebuild).needing(ON_DRIVES),
    reads(&["-PDRbld", "-ShowProg"], pd_progress::rebuild).needing(ON_DRIVES),
    changes(&["-PDRbld", "-Start"], pd_operation::start_rebuild).needing(ON_DRIVES),
    changes(&["-PDRbld", "-Stop"], pd_operation::stop_rebuild).needing(ON_DRIVES),
    changes(&["-PDRbld", "-Suspend"], pd_operation::suspend_rebuild).needing(ON_DRIVES),
    changes(&["-PdReplaceMissing"], pd_missing::replace).needing(ON_ROW),
    changes(&["-Perfmon"], adp_actions::unknown_to_firmware),
    reads(&["-PhyErrorCounters"], phy::errors),
    reads(&["-PhyInfo"], phy::info).needing(ON_PHYS),
    changes(&["-PhySetLinkSpeed"], phy::set_speed).needing(ON_PHYS),
    reads(&["-SecureErase", "ShowProg"], pd_erase::progress).needing(ON_DRIVES),
    changes(&["-SecureErase", "Start"], pd_erase::start).needing(ON_DRIVES),
    changes(&["-SecureErase", "Stop"], pd_erase::stop).needing(ON_DRIVES),
    changes(&["-SetKeyID"], security_key::set_id),
    reads(&["-ShowSummary"], show_summary::answer),
    reads(&["-v"], version::answer).needing(&[]),
    changes(&["-VerifySecurityKey"], security_key::verify),
    reads(&["-Version", "-Cli"], version::tool),
    reads(&["-Version", "-Ctrl"], version::controller),
    reads(&["-Version", "-Driver"], version::driver),
    reads(&["-Version", "-Pd"], version_pd::answer),
];

/// Whether a command line changes the host.
pub fn is_change(line: &[&str]) -> bool {
    let arguments = Arguments::of_words(line.iter().copied());
    let command = command(&arguments);
    command.is_some_and(|command| matches!(command.action, Action::Change(_)))
}

/// The command that the words mean: the longest one that fits.
fn command(arguments: &Arguments) -> Option<&'static Command> {
    COMMANDS
        .iter()
        .filter(|command| arguments.begin_with(command.words))
        .max_by_key(|command| command.words.len())
}

/// Runs a command line on `host`.
pub fn run(host: &mut Host, line: &[&str]) -> Answer {
    let arguments = Arguments::of_words(line.iter().copied());
    let mut answer = Answer::default();
    answer.echo.clone_from(&arguments.echo);
    let command = command(&arguments);
    let fault = syntax::fault(line, &arguments, command);
    let Some(command) = command.filter(|_| fault.is_none()) else {
        answer.reject(&fault.unwrap_or_default());
        return answer;
    };
    let (wanted, found) = wanted(host, &arguments);
    if wanted > 0 && found == 0 {
        line!(answer, "User specified controller is not present.");
    } else {
        match command.action {
            Action::Read(read) => read(host, &arguments, &mut answer),
            Action::Change(change) => change(host, &arguments, &mut answer),
        }
    }
    if found < wanted {
        line!(answer, "Failed to get CpController object.");
        answer.status = 1;
    }
    answer
}

/// How many controllers a command line names, and how many of them there are.
fn wanted(host: &Host, arguments: &Arguments) -> (usize, usize) {
    let Some(Selection::These(wanted)) = &arguments.controllers else {
        return (0, 0);
    };
    let found = controllers(host).filter(|(number, _)| wanted.contains(number));
    (wanted.len(), found.count())
}

/// The controllers that MegaCLI sees, with their numbers. One that does not tell what it is, is not
/// there.
fn controllers(host: &Host) -> impl Iterator<Item = (u32, &Controller)> {
    let answering = |it: &&Controller| it.fault(opcode::CONTROLLER_INFO).is_none();
    (0_u32..).zip(host.controllers.iter().filter(answering))
}

/// The controllers that a command line names, with their numbers; [`run`] has said already which of
/// them are not there.
fn selected<'a>(host: &'a Host, arguments: &Arguments) -> Vec<(u32, &'a Controller)> {
    controllers(host)
        .filter(|(number, _)| arguments.name_controller(*number))
        .collect()
}

/// As [`selected`], to be changed.
fn selected_mut<'a>(host: &'a mut Host, arguments: &Arguments) -> Vec<(u32, &'a mut Controller)> {
    let controllers = host.controllers.iter_mut();
    let answering = controllers.filter(|it| it.fault(opcode::CONTROLLER_INFO).is_none());
    (0_u32..)
        .zip(answering)
        .filter(|(number, _)| arguments.name_controller(*number))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_stands_once_in_its_place() {
        let lower = |words: &[&str]| -> Vec<_> {
            words.iter().map(|word| word.to_ascii_lowercase()).collect()
        };
        let commands: Vec<_> = COMMANDS.iter().map(|it| lower(it.words)).collect();
        assert!(commands.is_sorted_by(|one, other| one < other));
    }
}
