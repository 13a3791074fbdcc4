//! The virtual drive block, which `-LDInfo`, `-LdPdInfo`, `-CfgDsply` and `-CfgForeign` share.

use std::fmt;

use crate::grammar;
use crate::megacli::section;
use crate::model::{
    AccessPolicy, CacheCadeType, CachePolicy, DiskCachePolicy, EncryptionType, ImportObstacle,
    IoPolicy, Operation, OperationKind, PowerSavingPolicy, ProtectionType, ReadPolicy, TargetId,
    VirtualDrive, VirtualDriveState, WritePolicy,
};
use crate::report::Reason;
use crate::scan::Scan;
use crate::text::Line;
use crate::units::Bytes;

/// The block that is being read: the virtual drive, and what the tool announced of it.
#[derive(Debug, Default)]
pub struct Block {
    /// What was read so far.
    pub drive: VirtualDrive,
    announced_spans: Option<u32>,
    announced_spares: Option<u32>,
}

impl Block {
    /// `Virtual Drive: 0 (Target Id: 0)`, in older builds `Virtual Disk`; the caller has matched the
    /// key.
    pub fn begin<'a>(scan: &mut Scan<'a>, line: &Line<'a>) -> Self {
        let mut block = Self::default();
        match grammar::number_and_target(line.value) {
            Some((number, target_id)) => {
                block.drive.number = Some(number);
                block.drive.target_id = Some(target_id);
            }
            None => scan.leave(line, Reason::Unreadable),
        }
        block.drive.is_cachecade = line.key.starts_with("CacheCade");
        block
    }

    /// Takes `line` into the block. `false` means that it is not a line of a virtual drive.
    pub fn take<'a>(&mut self, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
        let vd = &mut self.drive;
        match line.key {
            "Name" => scan.set(&mut vd.name, line, grammar::text),
            "RAID Level" => scan.set(&mut vd.layout, line, grammar::raid_layout),
            "Size" => scan.set(&mut vd.size, line, grammar::size),
            "Sector Size" => scan.set(&mut vd.sector_size, line, |text| {
                grammar::decimal(text).map(Bytes)
            }),
            "Parity Size" => scan.set(&mut vd.parity_size, line, grammar::size),
            "Mirror Data" => scan.set(&mut vd.mirror_size, line, grammar::size),
            "State" => scan.set(&mut vd.state, line, VirtualDriveState::read),
            "Strip Size" | "Stripe Size" => scan.set(&mut vd.strip_size, line, grammar::size),
            "Number Of Drives" | "Number Of Drives per span" => {
                scan.set(&mut vd.drives_per_span, line, grammar::small);
            }
            "Span Depth" => scan.set(&mut vd.span_depth, line, grammar::small),
            "Default Cache Policy" => scan.set(&mut vd.default_cache, line, cache_policy),
            "Current Cache Policy" => scan.set(&mut vd.current_cache, line, cache_policy),
            "Access Policy" => scan.set(&mut vd.access, line, AccessPolicy::read),
            "Default Access Policy" => scan.set(&mut vd.default_access, line, AccessPolicy::read),
            "Current Access Policy" => scan.set(&mut vd.current_access, line, AccessPolicy::read),
            "Disk Cache Policy" => scan.set(&mut vd.disk_cache, line, DiskCachePolicy::read),
            "Ongoing Progresses" => scan.expect_value(line, ""),
            "Check Consistency"
            | "Background Initialization"
            | "Foreground Initialization"
            | "Initialization"
            | "Reconstruction" => operation(vd, scan, line),
            "Encryption Type" => scan.set(&mut vd.encryption, line, EncryptionType::read),
            "Default Power Savings Policy" => {
                scan.set(&mut vd.default_power_saving, line, PowerSavingPolicy::read);
            }
            "Current Power Savings Policy" => {
                scan.set(&mut vd.current_power_saving, line, PowerSavingPolicy::read);
            }
            "Can spin up in 1 minute" => {
                scan.set(&mut vd.spins_up_in_one_minute, line, grammar::yes_no);
            }
            "LD has drives that support T10 power conditions" => {
                scan.set(&mut vd.t10_power_conditions, line, grammar::yes_no);
            }
            "LD's IO profile supports MAX power savings with cached writes" => {
                scan.set(
                    &mut vd.power_saving_with_cached_writes,
                    line,
                    grammar::yes_no,
                );
            }
            "Bad Blocks Exist" => scan.set(&mut vd.bad_blocks, line, grammar::yes_no),
            "PI type" => scan.set(&mut vd.protection, line, ProtectionType::read),
            "Is VD emulated" => scan.set(&mut vd.emulated, line, grammar::yes_no),
            "Is VD Cached" => scan.set(&mut vd.cached, line, grammar::yes_no),
            "Cache Cade Type" => scan.set(&mut vd.cachecade_type, line, CacheCadeType::read),
            "Virtual Drive Type" => {
                scan.expect_value(line, "CacheCade");
                vd.is_cachecade = true;
            }
            "Target Id of the Associated LDs" => associated(vd, scan, line),
            "Number of Spans" => scan.set(&mut self.announced_spans, line, grammar::small),
            "Number of Dedicated Hot Spares" => {
                scan.set(&mut self.announced_spares, line, grammar::small);
            }
            "Virtual disks could not be imported" => {
                scan.set(&mut vd.import_obstacle, line, ImportObstacle::read);
            }
            // The advice that goes with the obstacle.
            "Insert the missing drive(s) and re-scan." => {}
            key if self.announced_spares.is_some() && grammar::small(key).is_some() => {
                match grammar::enclosure_and_slot_words(line.value) {
                    Some(address) => vd.dedicated_hot_spares.push(address),
                    None => scan.leave(line, Reason::Unreadable),
                }
            }
            _ => return false,
        }
        true
    }

    /// What to call the virtual drive in a gap.
    pub fn name(&self) -> impl fmt::Display + use<> {
        let target_id = self.drive.target_id;
        fmt::from_fn(move |f| match target_id {
            Some(target_id) => write!(f, "virtual drive {target_id}"),
            None => f.write_str("a virtual drive"),
        })
    }

    /// Ends the block: states what it lacks, and decides the RAID level.
    pub fn close(mut self, scan: &mut Scan<'_>) -> VirtualDrive {
        let line = scan.line_number();
        let vd = &mut self.drive;
        // A CacheCade drive prints no span depth: it has one span.
        let span_depth = vd.span_depth.or(vd.is_cachecade.then_some(1));
        vd.raid_level = vd
            .layout
            .and_then(|layout| layout.level(span_depth, vd.drives_per_span));
        if vd.size.is_none() {
            scan.gap(line, format!("{} has no size", self.name()));
        }
        if self.drive.state.is_none() && !self.drive.is_cachecade {
            scan.gap(line, format!("{} has no state", self.name()));
        }
        // Every build prints the members' cache policy, behind the state and the other policies.
        let vd = &self.drive;
        let is_cut = vd.disk_cache.is_none() && vd.spans.is_empty() && !vd.is_cachecade;
        if is_cut && scan.breaks_off() {
            let name = self.name();
            let gap = format!("the output breaks off in {name}, before \"Disk Cache Policy\"");
            scan.gap(line, gap);
        }
        let lists = [
            (self.announced_spans, self.drive.spans.len(), "spans"),
            (
                self.announced_spares,
                self.drive.dedicated_hot_spares.len(),
                "dedicated hot spares",
            ),
        ];
        for (announced, read, what) in lists {
            section::expect_count(scan, &self.name(), announced, read, what);
        }
        self.drive
    }
}

/// `WriteBack, ReadAhead, Direct, No Write Cache if Bad BBU`; older builds leave out the end.
pub fn cache_policy(text: &str) -> Option<CachePolicy> {
    let mut words = text.split(',').map(str::trim_ascii);
    let policy = CachePolicy {
        write: words.next().map(WritePolicy::from_words),
        read: words.next().map(ReadPolicy::from_words),
        io: words.next().map(IoPolicy::from_words),
        write_cache_with_bad_battery: match words.next() {
            None => None,
            Some(words) if words.eq_ignore_ascii_case("Write Cache OK if Bad BBU") => Some(true),
            Some(words) if words.eq_ignore_ascii_case("No Write Cache if Bad BBU") => Some(false),
            Some(_) => return None,
        },
    };
    words.next().is_none().then_some(policy)
}

/// `Check Consistency        : Completed 43%, Taken 86 min.`
fn operation<'a>(vd: &mut VirtualDrive, scan: &mut Scan<'a>, line: &Line<'a>) {
    match grammar::progress(line.value) {
        Some(progress) => vd.operations.push(Operation {
            kind: OperationKind::from_words(line.key),
            physical_drive: None,
            virtual_drive: vd.target_id,
            progress: Some(progress),
        }),
        None => scan.leave(line, Reason::Unreadable),
    }
}

/// `0`, `0, 1` or `None`.
fn associated<'a>(vd: &mut VirtualDrive, scan: &mut Scan<'a>, line: &Line<'a>) {
    if line.value.is_empty() || line.value.eq_ignore_ascii_case("None") {
        return;
    }
    let ids: Option<Vec<TargetId>> = line
        .value
        .split([',', ' '])
        .filter(|word| !word.is_empty())
        .map(|word| grammar::small(word).map(TargetId))
        .collect();
    match ids {
        Some(ids) => vd.associated = ids,
        None => scan.leave(line, Reason::Unreadable),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cache_policy_may_lack_its_end_and_have_new_words() {
        let policy = cache_policy("WriteBack, ReadAheadNone, Direct").unwrap();
        assert_eq!(policy.write, Some(WritePolicy::WriteBack));
        assert_eq!(policy.read, Some(ReadPolicy::NoReadAhead));
        assert_eq!(policy.write_cache_with_bad_battery, None);
        let policy = cache_policy("WriteSideways, ReadAhead, Cached").unwrap();
        assert_eq!(
            policy.write,
            Some(WritePolicy::Other("WriteSideways".to_owned()))
        );
        assert_eq!(cache_policy("WriteBack, ReadAhead, Direct, maybe"), None);
    }

    #[test]
    fn a_virtual_drive_that_the_output_ends_in_is_a_gap() {
        let gaps = |text: &str| crate::megacli::ld_info::ld_info(text).gaps;
        let head = "Virtual Drive: 0 (Target Id: 0)\nSize: 1 TB\nState: Optimal\n";
        assert_eq!(
            gaps(head)[0].what,
            "the output breaks off in virtual drive 0, before \"Disk Cache Policy\""
        );
        assert_eq!(gaps(&format!("{head}Exit Code: 0x00\n")), []);
        assert_eq!(gaps(&format!("{head}Disk Cache Policy: Disabled\n")), []);
    }

    #[test]
    fn words_of_the_firmware_are_known_in_any_case() {
        assert_eq!(
            VirtualDriveState::from_words("partially degraded"),
            VirtualDriveState::PartiallyDegraded
        );
        assert_eq!(
            EncryptionType::from_words("Controller Based"),
            EncryptionType::Controller
        );
        assert_eq!(
            PowerSavingPolicy::from_words("Maximum without caching"),
            PowerSavingPolicy::MaximumWithoutCaching
        );
        assert_eq!(AccessPolicy::from_words("Blocked"), AccessPolicy::Blocked);
    }
}
