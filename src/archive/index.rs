//! `commands.tsv`: which file of a capture answers which command, and how the command ended.

use std::collections::HashMap;
use std::fmt::Write as _;

/// The file's name.
pub const NAME: &str = "commands.tsv";

/// The titles of the columns. Captures made by hand may lack the last two.
const TITLES: &str = "file\targuments\texit_status\tseconds\tnote";

/// A command whose process did not end by itself has no exit status.
const NONE: &str = "-";

/// One line: a command, and how it ended.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Entry {
    /// The file of its standard output, without `.txt`. What the tool wrote into a file stands in the
    /// same, with `.events`.
    pub file: String,
    /// The arguments; empty where nobody knows them.
    pub arguments: String,
    /// The exit status; absent where the process did not end by itself.
    pub exit_status: Option<u8>,
    /// How long it ran; absent where nobody measured it.
    pub seconds: Option<f64>,
    /// What went wrong, in words.
    pub note: Option<String>,
}

/// The text of the file.
pub fn render(entries: &[Entry]) -> String {
    let mut text = format!("{TITLES}\n");
    for entry in entries {
        let or_none = |value: Option<String>| value.unwrap_or_else(|| NONE.to_owned());
        let _ = writeln!(
            text,
            "{}\t{}\t{}\t{}\t{}",
            one_cell(&entry.file),
            one_cell(&entry.arguments),
            or_none(entry.exit_status.map(|status| status.to_string())),
            or_none(entry.seconds.map(|seconds| format!("{seconds:.3}"))),
            one_cell(entry.note.as_deref().unwrap_or_default()),
        );
    }
    text
}

/// Tabs and line ends would make other cells of one.
fn one_cell(text: &str) -> String {
    text.replace(|c: char| c.is_control(), " ")
}

/// Reads the file: its entries by file. Lines that are none are passed over.
pub fn read(text: &str) -> HashMap<String, Entry> {
    text.lines()
        .skip(1)
        .filter_map(entry)
        .map(|entry| (entry.file.clone(), entry))
        .collect()
}

fn entry(line: &str) -> Option<Entry> {
    let mut cells = line.split('\t');
    let file = cells.next().filter(|file| !file.is_empty())?.to_owned();
    Some(Entry {
        file,
        arguments: cells.next()?.to_owned(),
        exit_status: cells.next()?.parse().ok(),
        seconds: cells.next().and_then(|cell| cell.parse().ok()),
        note: cells
            .next()
            .filter(|note| !note.is_empty())
            .map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let entries = [
            Entry {
                file: "PDList_aALL".to_owned(),
                arguments: "-PDList -aALL -NoLog".to_owned(),
                exit_status: Some(0),
                seconds: Some(0.25),
                note: None,
            },
            Entry {
                file: "EncInfo_aALL".to_owned(),
                arguments: "-EncInfo -aALL -NoLog".to_owned(),
                note: Some("did not end\tin time\n".to_owned()),
                ..Entry::default()
            },
        ];
        let text = render(&entries);
        let read = read(&text);
        assert_eq!(read.len(), 2);
        assert_eq!(read["PDList_aALL"], entries[0]);
        let hung = &read["EncInfo_aALL"];
        assert_eq!((hung.exit_status, hung.seconds), (None, None));
        assert_eq!(hung.note.as_deref(), Some("did not end in time "));
    }

    #[test]
    fn a_table_of_three_columns_is_one_too() {
        let read = read("file\targuments\texit_status\nv\t-v\t0\n\nnonsense\n");
        assert_eq!(read.len(), 1);
        assert_eq!(read["v"].exit_status, Some(0));
    }
}
