//! What happened outside the tool, as the notes of the captured stories tell it.

use ironkeep_sim::firmware::advance;
use ironkeep_sim::firmware::happenings::{NewDrive, Place, insert, pull};
use ironkeep_sim::state::{Host, Progress};

use crate::captured;

/// Lets what a note tells happen: a line in words, then `pull dev=10` or the record of a drive that is
/// inserted.
pub(crate) fn apply(host: &mut Host, note: &str) {
    for line in note.lines() {
        if let Some(percent) = line.strip_prefix("time passes: +") {
            let (percent, _) = percent.split_once('%').expect("percent");
            pass(host, percent.parse().expect("percent"));
        } else if let Some(id) = line.strip_prefix("pull dev=") {
            let id = id.parse().expect("a device id");
            let drive = host.controllers[0].drive(id).expect("a drive");
            let place = Place {
                controller: 0,
                enclosure: drive.enclosure,
                slot: drive.slot,
            };
            pull(host, place).expect("a drive to pull");
        } else if line.starts_with("pd ") {
            put_in(host, line);
        }
    }
}

/// A minute passes, in which everything that runs goes on by `percent`.
fn pass(host: &mut Host, percent: u16) {
    let mut is_at_end = false;
    let mut step = |progress: &mut Progress| {
        let more = u32::from(percent) * 0xffff / 100;
        let done = u32::from(progress.fraction) + more;
        progress.fraction = u16::try_from(done).unwrap_or(u16::MAX);
        progress.elapsed += 60;
        is_at_end |= progress.fraction == u16::MAX;
    };
    for controller in &mut host.controllers {
        for drive in &mut controller.drives {
            let on = &mut drive.activities;
            let copyback = on.copyback.as_mut().map(|it| &mut it.progress);
            let all = [
                &mut on.rebuild,
                &mut on.clear,
                &mut on.patrol,
                &mut on.erase,
            ];
            all.into_iter()
                .flatten()
                .chain(copyback)
                .for_each(&mut step);
        }
        for it in &mut controller.virtual_drives {
            let on = &mut it.activities;
            let all = [
                &mut on.consistency_check,
                &mut on.background_initialization,
                &mut on.foreground_initialization,
                &mut on.reconstruction,
            ];
            all.into_iter().flatten().for_each(&mut step);
        }
    }
    if is_at_end {
        advance(host, 1);
    }
}

/// Inserts the drive of a dump's record, under the device id that it got there.
fn put_in(host: &mut Host, record: &str) {
    let dump = format!("ctrl host=0\n{record}");
    let drive = captured::host(&dump).controllers[0].drives[0].clone();
    let place = Place {
        controller: 0,
        enclosure: drive.enclosure,
        slot: drive.slot,
    };
    host.shelf.push(drive.clone());
    insert(host, place, &NewDrive::FromShelf(drive.serial.clone())).expect("an empty bay");
    let drives = &mut host.controllers[0].drives;
    for inserted in drives.iter_mut().filter(|it| it.serial == drive.serial) {
        inserted.device_id = drive.device_id;
        inserted.sequence = drive.sequence;
    }
    drives.sort_by_key(|it| it.device_id);
}
