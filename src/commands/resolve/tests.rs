//! Selectors against readings built here, and against a fake host.

use ironkeep_parsers::model::{Arm, DeviceId, EnclosureId, Inquiry, Member, Span, TargetId};
use jiff::Timestamp;

use super::*;
use crate::reading::Unread;

fn drive(enclosure: Option<u32>, slot: u32, serial: &str) -> PhysicalDrive {
    PhysicalDrive {
        enclosure: enclosure.map(EnclosureId),
        slot: Some(Slot(slot)),
        device_id: Some(DeviceId(slot + 8)),
        wwn: Some(SasAddress(0x5000_c500_0000_0000 + u64::from(slot))),
        sas_addresses: vec![Some(SasAddress(0x5000_c500_0000_1000 + u64::from(slot)))],
        inquiry: Some(Inquiry {
            serial: Some(serial.into()),
            ..Inquiry::default()
        }),
        ..PhysicalDrive::default()
    }
}

fn virtual_drive(target: u32, name: &str, members: &[PhysicalDrive]) -> VirtualDrive {
    let members = (0..)
        .zip(members)
        .map(|(arm, drive)| Member {
            arm: Arm(arm),
            drive: Some(drive.clone()),
        })
        .collect();
    VirtualDrive {
        target_id: Some(TargetId(target)),
        name: Some(name.to_owned()),
        spans: vec![Span { number: 0, members }],
        ..VirtualDrive::default()
    }
}

fn controller(number: u32, drives: Vec<PhysicalDrive>) -> Controller {
    Controller {
        id: Some(ControllerId(number)),
        virtual_drives: Some(vec![virtual_drive(0, &format!("data{number}"), &drives)]),
        physical_drives: Some(drives),
        enclosures: Some(vec![Enclosure {
            id: Some(EnclosureId(252)),
            ..Enclosure::default()
        }]),
        ..Controller::default()
    }
}

fn reading(controllers: Vec<Controller>) -> Reading {
    Reading {
        taken: Timestamp::UNIX_EPOCH,
        source: "a test".to_owned(),
        live: false,
        narrowed: false,
        controllers,
        asked: Vec::new(),
    }
}

/// Two controllers: one with two enclosures, one with an enclosure and a direct-attached drive.
fn two() -> Reading {
    reading(vec![
        controller(
            0,
            vec![
                drive(Some(252), 0, "6SJ02E88"),
                drive(Some(252), 4, "6SJ03DCC"),
                drive(Some(62), 4, "Z1X01F44"),
            ],
        ),
        controller(
            1,
            vec![drive(Some(252), 0, "Z1X02315"), drive(None, 7, "WD99")],
        ),
    ])
}

/// The drive in full, or the message with its hints.
fn find_in(reading: &Reading, typed: &str) -> Result<String, String> {
    let join = Join::default();
    Resolver::new(reading, &join)
        .drive(&typed.parse().unwrap())
        .map(|it| full_name(it.controller.id, drive_name(it.value)))
        .map_err(|failure| told(&failure))
}

fn told(failure: &Failure) -> String {
    assert_eq!(failure.kind(), Kind::Usage);
    let mut lines = failure.chain();
    lines.extend(failure.hints().iter().cloned());
    lines.join("\n")
}

#[test]
fn every_name_of_a_drive_finds_it() {
    let reading = two();
    for typed in ["c0/252:4", "/c0/e252/s4", "252:4", "sn=6sj03dcc"] {
        assert_eq!(
            find_in(&reading, typed).as_deref(),
            Ok("c0/252:4"),
            "{typed}"
        );
    }
    assert_eq!(find_in(&reading, "id=15").as_deref(), Ok("c1/:7"));
    assert_eq!(
        find_in(&reading, "wwn=0x5000c50000000007").as_deref(),
        Ok("c1/:7")
    );
    assert_eq!(
        find_in(&reading, "wwn=5000C50000001007").as_deref(),
        Ok("c1/:7"),
        "by its SAS address"
    );
}

#[test]
fn a_slot_without_enclosure_is_direct_attached_or_the_only_one_with_that_number() {
    let reading = two();
    assert_eq!(find_in(&reading, ":7").as_deref(), Ok("c1/:7"));
    assert_eq!(
        find_in(&reading, ":4").unwrap_err(),
        "“:4” names 2 physical drives\n\
         name one of them: c0/252:4 (sn 6SJ03DCC), c0/62:4 (sn Z1X01F44)"
    );
}

#[test]
fn what_several_controllers_have_must_be_named_in_full() {
    assert_eq!(
        find_in(&two(), "252:0").unwrap_err(),
        "“252:0” names 2 physical drives\n\
         name one of them: c0/252:0 (sn 6SJ02E88), c1/252:0 (sn Z1X02315)"
    );
}

#[test]
fn what_is_not_there_is_refused_with_what_is_near() {
    let reading = two();
    assert_eq!(
        find_in(&reading, "c0/252:5").unwrap_err(),
        "there is no physical drive “c0/252:5”\n\
         there is: c0/252:4 (sn 6SJ03DCC), c0/252:0 (sn 6SJ02E88)\n\
         all of them: ironkeep pd list"
    );
    assert!(
        find_in(&reading, "8:7")
            .unwrap_err()
            .contains("there is: c1/:7")
    );
    // The end of the number, as labels show it.
    assert!(
        find_in(&reading, "sn=2E88")
            .unwrap_err()
            .contains("c0/252:0")
    );
    assert!(
        find_in(&reading, "c7/252:0")
            .unwrap_err()
            .starts_with("there is no controller 7")
    );
}

#[test]
fn absence_is_not_claimed_of_what_was_not_read() {
    let mut reading = two();
    if let Some(controller) = reading.controllers.last_mut() {
        controller.physical_drives = None;
        let failed = Unread::Failed("no answer".to_owned());
        controller.unread.insert(Part::PhysicalDrives, failed);
    }
    assert!(find_in(&reading, "252:77").unwrap_err().starts_with(
        "there is no physical drive “252:77” in what was read\n\
         the physical drives of controller 1 were not read in full"
    ));
    // Where the controller is named, only that one counts.
    assert!(
        !find_in(&reading, "c0/252:77")
            .unwrap_err()
            .contains("read in full")
    );
}

#[test]
fn block_devices_are_not_looked_up_for_saved_output() {
    assert!(
        find_in(&two(), "/dev/sda")
            .unwrap_err()
            .contains("saved output says nothing about block devices")
    );
}

#[test]
fn virtual_drives_and_enclosures_are_found_the_same_way() {
    let reading = two();
    let join = Join::default();
    let resolver = Resolver::new(&reading, &join);
    let vd = |typed: &str| {
        resolver
            .virtual_drive(&typed.parse().unwrap())
            .map(|it| it.controller.id)
            .map_err(|failure| told(&failure))
    };
    assert_eq!(vd("c1/0"), Ok(Some(ControllerId(1))));
    assert_eq!(vd("name=data0"), Ok(Some(ControllerId(0))));
    assert_eq!(
        vd("0").unwrap_err(),
        "“0” names 2 virtual drives\nname one of them: c0/v0 (data0), c1/v0 (data1)"
    );
    assert!(vd("name=dato0").unwrap_err().contains("c0/v0 (data0)"));
    let enclosure = |typed: &str| resolver.enclosure(&typed.parse().unwrap());
    assert!(enclosure("c1/252").is_ok());
    assert!(
        told(&enclosure("252").unwrap_err()).contains("c0/252, c1/252"),
        "two enclosures"
    );
    assert!(told(&enclosure("c0/9").unwrap_err()).contains("there is: c0/252"));
}

mod on_a_host {
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::path::Path;

    use super::*;
    use crate::host::Host;

    /// A host with one controller, whose virtual drive 0 is `sda` and whose physical drive with
    /// device id 12 is `sdb`.
    fn host(root: &Path) -> Host {
        let pci = root.join("sys/devices/pci0000:00/0000:03:00.0");
        let scsi = pci.join("host0");
        let class = scsi.join("scsi_host/host0");
        let link = |from: &Path, to: &Path| {
            fs::create_dir_all(from.parent().unwrap()).unwrap();
            symlink(to, from).unwrap();
        };
        let write = |path: &Path, text: &str| {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write(&class.join("proc_name"), "megaraid_sas\n");
        link(&class.join("device"), &scsi);
        link(&root.join("sys/class/scsi_host/host0"), &class);
        for (name, address, number) in [("sda", "0:2:0:0", "8:0"), ("sdb", "0:0:12:0", "8:16")] {
            let (target, _) = address.rsplit_once(':').unwrap();
            let unit = scsi.join(format!("target{target}")).join(address);
            let directory = unit.join("block").join(name);
            write(&directory.join("dev"), number);
            write(&directory.join("size"), "2048");
            fs::create_dir_all(directory.join("slaves")).unwrap();
            link(&directory.join("device"), &unit);
            link(&root.join("sys/class/block").join(name), &directory);
            write(&root.join("dev").join(name), "");
        }
        write(&root.join("proc/self/mountinfo"), "");
        write(
            &root.join("proc/swaps"),
            "Filename Type Size Used Priority\n",
        );
        Host::new(root.join("sys"), root.join("proc"), root.join("dev"))
    }

    #[test]
    fn a_block_device_is_the_drive_behind_it_and_no_other_kind() {
        let root = tempfile::tempdir().unwrap();
        let mut reading = two();
        reading.controllers.truncate(1);
        reading.controllers[0].physical_drives.as_mut().unwrap()[2].device_id = None;
        let join = Join::to(host(root.path()), 1);
        let resolver = Resolver::new(&reading, &join);
        let drive = |node: &str| resolver.drive(&node.parse().unwrap());
        assert_eq!(drive("/dev/sdb").unwrap().value.serial(), Some("6SJ03DCC"));
        assert_eq!(
            told(&drive("sda").unwrap_err()),
            "/dev/sda is virtual drive 0, not a physical drive\n\
             its drives are c0/252:0, c0/252:4, c0/62:4"
        );
        let vd = |node: &str| resolver.virtual_drive(&node.parse().unwrap());
        assert_eq!(vd("/dev/sda").unwrap().value.name.as_deref(), Some("data0"));
        assert!(
            told(&vd("sdb").unwrap_err()).starts_with(
                "/dev/sdb is the physical drive with device id 12, not a virtual drive"
            )
        );
        assert!(told(&drive("/dev/sdz").unwrap_err()).contains("no block device"));
    }

    #[test]
    fn with_two_controllers_nothing_is_joined_without_pci_addresses() {
        let root = tempfile::tempdir().unwrap();
        let reading = two();
        let join = Join::to(host(root.path()), 2);
        let failure = join.owner(&reading, "/dev/sda").unwrap_err();
        assert_eq!(
            failure.chain().first().map(String::as_str),
            Some("cannot tell which drive /dev/sda is")
        );
        assert!(told(&failure).contains("nothing else tells which is which"));
        assert_eq!(join.obstacles(&reading).len(), 2);
    }
}
