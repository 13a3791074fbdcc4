//! What commands that change a whole controller share: which controller, what is read of it, and files
//! that are read and written for it.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use ironkeep_parsers::model::ControllerId;

use crate::act::{self, ConsentArgs};
use crate::change::{Change, Request};
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::reading::{Controller, Part, Reading};

/// Reads `more` of the controller that a change is about: the one that `--controller` names, or the only
/// one there is.
pub(super) fn read(
    context: &mut Context<'_>,
    more: &[Part],
) -> Result<(Reading, ControllerId), Failure> {
    let reading = context.read(&act::parts(more))?;
    let id = id_of(&reading)?;
    Ok((reading, id))
}

fn id_of(reading: &Reading) -> Result<ControllerId, Failure> {
    let mut ids = reading.controllers.iter().filter_map(|it| it.id);
    match (ids.next(), ids.next()) {
        (Some(only), None) => Ok(only),
        (Some(first), Some(_)) => {
            let all = reading.controllers.iter().filter_map(|it| it.id);
            let all: Vec<String> = all.map(|id| id.to_string()).collect();
            let words = format!(
                "there are several controllers, {}: name one",
                all.join(", ")
            );
            Err(Failure::new(Kind::Usage, words)
                .hint(format!("add --controller {first}"))
                .hint("look at them: ironkeep controller list"))
        }
        (None, _) => Err(Failure::new(
            Kind::Hardware,
            "the tool does not tell the controller's number, so nothing can be done to it",
        )),
    }
}

/// Carries out, one after the other, the changes that `make` names for the controller.
pub(super) fn carry_out(
    context: &mut Context<'_>,
    command: &str,
    consent: &ConsentArgs,
    make: impl FnOnce(ControllerId) -> Vec<Change>,
) -> Result<Code, Failure> {
    let (mut reading, id) = read(context, &[])?;
    let requests: Vec<Request> = make(id)
        .into_iter()
        .map(|change| Request {
            controller: id,
            change,
        })
        .collect();
    let mut needed: Vec<Part> = Vec::new();
    for request in &requests {
        let parts = request.change.act().parts().iter();
        needed.extend(parts.filter(|&&part| part != Part::Controllers));
    }
    needed.sort_unstable();
    needed.dedup();
    if !needed.is_empty() {
        // With the controllers themselves: of what they lack, the answer names none.
        reading = context.read(&act::parts(&needed))?;
    }
    act::carry_out(context, command, consent, &reading, &requests)
}

/// The controller `id` of a reading.
pub(super) fn of(reading: &Reading, id: ControllerId) -> Option<&Controller> {
    reading.controllers.iter().find(|it| it.id == Some(id))
}

/// `on` or `off`.
pub(super) fn on_off() -> impl TypedValueParser<Value = bool> {
    PossibleValuesParser::new(["on", "off"]).map(|word| word == "on")
}

/// All of the file at `path`, which is `what`.
///
/// # Errors
/// If it is no file, has more than `most` bytes, or cannot be read.
pub(super) fn load(path: &Path, what: &str, most: u64) -> Result<Vec<u8>, Failure> {
    let shown = path.display();
    let failed = |why: io::Error| {
        Failure::because(
            Kind::Environment,
            format!("cannot read {what} {shown}"),
            why,
        )
    };
    let file = File::open(path).map_err(failed)?;
    if !file.metadata().map_err(failed)?.is_file() {
        return Err(Failure::new(Kind::Usage, format!("{shown} is not a file")));
    }
    let mut bytes = Vec::new();
    file.take(most + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > most {
        let words = format!(
            "{shown} is too large: {what} has at most {} MiB",
            most >> 20
        );
        return Err(Failure::new(Kind::Usage, words));
    }
    Ok(bytes)
}

/// Whether a file may be written at `path`: refuses one that exists, unless `overwrite`. To be asked
/// before anything is read for it.
///
/// # Errors
/// If there is something already.
pub(super) fn is_free(path: &Path, overwrite: bool) -> Result<(), Failure> {
    if !overwrite && path.symlink_metadata().is_ok() {
        let words = format!("{} exists already", path.display());
        return Err(Failure::new(Kind::Refused, words)
            .hint("name another file, or replace it: add --overwrite"));
    }
    Ok(())
}

/// Writes a file that only its owner can read. It is there as a whole or not at all.
///
/// # Errors
/// If it cannot be written, or exists and is not to be overwritten.
pub(super) fn store(path: &Path, bytes: &[u8], overwrite: bool) -> Result<(), Failure> {
    is_free(path, overwrite)?;
    let shown = path.display();
    let failed =
        |why: io::Error| Failure::because(Kind::Environment, format!("cannot write {shown}"), why);
    if overwrite && path.exists() && !path.is_file() {
        // A terminal, a pipe: nothing to put in its place.
        let mut place = OpenOptions::new().write(true).open(path).map_err(failed)?;
        return place.write_all(bytes).map_err(failed);
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    let stored = if overwrite {
        file.persist(path)
    } else {
        file.persist_noclobber(path)
    };
    stored.map(drop).map_err(|why| failed(why.error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_exists_stays_unless_somebody_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config");
        store(&path, b"one", false).unwrap();
        assert_eq!(
            store(&path, b"two", false).unwrap_err().kind(),
            Kind::Refused
        );
        assert_eq!(load(&path, "the configuration", 100).unwrap(), b"one");
        store(&path, b"two", true).unwrap();
        assert_eq!(load(&path, "the configuration", 100).unwrap(), b"two");
        assert!(load(&path, "the configuration", 2).is_err());
        assert!(load(folder.path(), "the configuration", 2).is_err());
    }
}
