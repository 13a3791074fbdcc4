//! Files that are made by the program and committed.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Checks that `folder` holds exactly `made` of the files whose name `is_one`; with `UPDATE` in the
/// environment, makes it so.
pub(crate) fn check(folder: &str, made: &[(String, String)], is_one: impl Fn(&str) -> bool) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let update = std::env::var_os("UPDATE").is_some();
    if update {
        fs::create_dir_all(&folder).unwrap();
    }
    let there: BTreeSet<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| is_one(name))
        .collect();
    for name in &there {
        if !made.iter().any(|(made, _)| made == name) {
            assert!(update, "{name} is made no more: run again with UPDATE=1");
            fs::remove_file(folder.join(name)).unwrap();
        }
    }
    for (name, text) in made {
        let path = folder.join(name);
        let committed = fs::read_to_string(&path).unwrap_or_default();
        if update && committed != *text {
            fs::write(&path, text).unwrap();
            continue;
        }
        let hint = "run again with UPDATE=1 and look at the difference";
        assert!(
            committed == *text,
            "{name} differs from what is made: {hint}"
        );
    }
}
