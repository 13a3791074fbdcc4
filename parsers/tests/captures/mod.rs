//! The captures that tests run over: the project's fixtures, and where it exists, the shared capture
//! collection above the repository.

#![expect(dead_code, reason = "each test uses some of it")]

use std::fs;
use std::path::{Path, PathBuf};

use ironkeep_parsers::megacli::Output;

/// One output and the arguments that it answers.
pub(crate) struct Capture {
    /// Where it stands.
    pub(crate) file: PathBuf,
    /// The arguments.
    pub(crate) arguments: String,
}

impl Capture {
    /// Its text; bytes that are not UTF-8 are replaced.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.file).unwrap()).into_owned()
    }

    /// The first of its arguments, in lower case and without its dash.
    pub(crate) fn command(&self) -> String {
        let first = self.arguments.split_ascii_whitespace().next();
        first
            .unwrap_or_default()
            .trim_start_matches('-')
            .to_ascii_lowercase()
    }

    /// The output that its arguments ask for; `None` for one that is not read.
    pub(crate) fn output(&self) -> Option<Output> {
        let words: Vec<&str> = self.arguments.split_ascii_whitespace().collect();
        Output::of_arguments(&words)
    }

    /// The file that an event-log command wrote beside its output.
    pub(crate) fn events(&self) -> Option<Self> {
        let file = self.file.with_extension("events");
        file.is_file().then(|| Self {
            file,
            arguments: self.arguments.clone(),
        })
    }
}

/// The project's fixtures.
pub(crate) fn fixtures() -> Vec<Capture> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/megacli");
    let mut captures = Vec::new();
    walk(&folder, &mut captures);
    assert!(captures.len() > 1000, "{}", captures.len());
    captures
}

/// The outputs of the real tool in the shared collection.
pub(crate) fn shared() -> Vec<Capture> {
    let mut captures = Vec::new();
    if let Some(folder) = collection() {
        walk(&folder.join("megacli-8.07.14"), &mut captures);
    }
    captures
}

/// The complete outputs that other people published.
pub(crate) fn published() -> Vec<Capture> {
    let Some(folder) = collection() else {
        return Vec::new();
    };
    let index = fs::read_to_string(folder.join("public/INDEX.tsv")).unwrap();
    index
        .lines()
        .skip(1)
        .filter_map(|line| {
            let columns: Vec<&str> = line.split('\t').collect();
            let [path, _, tool, arguments, .., quality] = columns[..] else {
                return None;
            };
            let wanted = matches!(tool, "megacli" | "cmdtool2") && quality == "complete";
            wanted.then(|| Capture {
                file: folder.join("public").join(path),
                arguments: arguments.to_owned(),
            })
        })
        .collect()
}

/// All of them.
pub(crate) fn all() -> Vec<Capture> {
    let mut all = fixtures();
    all.extend(shared());
    all.extend(published());
    all
}

/// The shared capture collection. Never copied into the repository as a whole.
pub(crate) fn collection() -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = here
        .ancestors()
        .map(|folder| folder.join("shared/captures"))
        .find(|folder| folder.is_dir());
    if found.is_none() {
        println!("skipped: no shared/captures above {}", here.display());
    }
    found
}

/// Every output that a `commands.tsv` in or below `folder` names.
fn walk(folder: &Path, captures: &mut Vec<Capture>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries.iter().filter(|path| path.is_dir()) {
        walk(path, captures);
    }
    let Ok(table) = fs::read_to_string(folder.join("commands.tsv")) else {
        return;
    };
    for line in table.lines().skip(1) {
        let mut columns = line.split('\t');
        let (Some(name), Some(arguments)) = (columns.next(), columns.next()) else {
            continue;
        };
        let file = folder.join(format!("{name}.txt"));
        if file.is_file() {
            captures.push(Capture {
                file,
                arguments: arguments.to_owned(),
            });
        }
    }
}
