//! Where the tool is.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::RunError;

/// Where packages put the tool, best first: LSI's own packages, its clones from Intel and Lenovo,
/// the packages of distributions, copies by hand. Looked at before `$PATH`, in which anybody may
/// have put anything.
pub(super) const WELL_KNOWN: &[&str] = &[
    "/opt/MegaRAID/MegaCli/MegaCli64",
    "/opt/MegaRAID/MegaCli/MegaCli",
    "/opt/MegaRAID/CmdTool2/CmdTool264",
    "/opt/MegaRAID/CmdTool2/CmdTool2",
    "/opt/lsi/MegaCLI/MegaCli64",
    "/opt/lsi/MegaCLI/MegaCli",
    "/opt/lsi/MegaCLI/megacli",
    "/usr/sbin/megacli",
    "/usr/sbin/MegaCli64",
    "/usr/sbin/MegaCli",
    "/usr/local/sbin/megacli",
    "/usr/local/sbin/MegaCli64",
    "/usr/local/sbin/MegaCli",
    "/usr/bin/megacli",
    "/usr/local/bin/megacli",
];

/// The names under which it is found in the folders of `$PATH`.
const NAMES: &[&str] = &[
    "megacli",
    "MegaCli64",
    "MegaCli",
    "megacli64",
    "CmdTool264",
    "CmdTool2",
];

/// Finds the tool: the one asked for, or else the first of `places` and of `folders` that can be
/// started.
///
/// One that exists and cannot be started is the answer if there is no other: starting it tells why.
pub(super) fn find(
    asked: Option<&Path>,
    places: &[PathBuf],
    folders: &[PathBuf],
) -> Result<PathBuf, RunError> {
    let folders: Vec<&PathBuf> = folders.iter().filter(|it| it.is_absolute()).collect();
    let (places, names): (Vec<PathBuf>, Vec<&Path>) = match asked {
        Some(path) if is_bare_name(path) => (Vec::new(), vec![path]),
        Some(path) => {
            let path = std::path::absolute(path)
                .map_err(RunError::os(format!("cannot resolve {}", path.display())))?;
            (vec![path], Vec::new())
        }
        None => (places.to_vec(), NAMES.iter().map(Path::new).collect()),
    };
    let in_folders = folders
        .iter()
        .flat_map(|folder| names.iter().map(|name| folder.join(name)));

    let mut unusable = None;
    for candidate in places.iter().cloned().chain(in_folders) {
        match candidate.metadata() {
            Ok(found) if !found.is_file() => {}
            Ok(found) if found.permissions().mode() & 0o111 != 0 => return Ok(candidate),
            Ok(_) => {
                unusable.get_or_insert(candidate);
            }
            Err(_) => {}
        }
    }
    unusable.ok_or_else(|| RunError::NotFound {
        searched: if names.is_empty() {
            places
        } else {
            places
                .into_iter()
                .chain(folders.into_iter().cloned())
                .collect()
        },
    })
}

fn is_bare_name(path: &Path) -> bool {
    path.parent() == Some(Path::new(""))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn file(path: &Path, mode: u32) -> PathBuf {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "").unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        path.to_owned()
    }

    #[test]
    fn a_well_known_place_wins_over_the_path() {
        let root = tempfile::tempdir().unwrap();
        let place = file(&root.path().join("opt/MegaCli64"), 0o755);
        file(&root.path().join("bin/megacli"), 0o755);
        let found = find(
            None,
            std::slice::from_ref(&place),
            &[root.path().join("bin")],
        );
        assert_eq!(found.unwrap(), place);
    }

    #[test]
    fn a_file_that_cannot_be_executed_is_passed_over_for_one_that_can() {
        let root = tempfile::tempdir().unwrap();
        let place = file(&root.path().join("opt/MegaCli64"), 0o644);
        let good = file(&root.path().join("bin/megacli"), 0o755);
        let bin = [root.path().join("bin")];
        assert_eq!(
            find(None, std::slice::from_ref(&place), &bin).unwrap(),
            good
        );
        assert_eq!(
            find(None, std::slice::from_ref(&place), &[]).unwrap(),
            place
        );
    }

    #[test]
    fn a_bare_name_is_looked_for_in_the_path_and_relative_folders_are_not() {
        let root = tempfile::tempdir().unwrap();
        let tool = file(&root.path().join("bin/raidtool"), 0o755);
        let folders = [PathBuf::from("."), root.path().join("bin")];
        assert_eq!(
            find(Some(Path::new("raidtool")), &[], &folders).unwrap(),
            tool
        );
        let Err(RunError::NotFound { searched }) = find(Some(Path::new("other")), &[], &folders)
        else {
            panic!("found what does not exist");
        };
        assert_eq!(searched, [root.path().join("bin")]);
    }

    #[test]
    fn a_folder_is_no_program() {
        let root = tempfile::tempdir().unwrap();
        let found = find(Some(root.path()), &[], &[]);
        assert!(matches!(found, Err(RunError::NotFound { searched }) if searched == [root.path()]));
    }
}
