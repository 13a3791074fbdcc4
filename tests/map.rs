//! The map as it looks: a few hosts at 60, 80, 120 and 200 columns, with and without UTF-8 and colour. One
//! snapshot a host; `INSTA_UPDATE=always` writes them anew.

#![expect(clippy::unwrap_used, reason = "the helpers are tests too")]

mod in_process;

use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::Path;

use in_process::ironkeep;
use ironkeep::cli::Surroundings;

/// The hosts, and what is asked of each.
const SCENES: &[(&str, &[&str])] = &[
    ("degraded_raid5_failed", &["252:2"]),
    ("enclosures_24_12", &["sn=6SJ0493FN", "57:9"]),
    ("enclosures_24_12", &["--rows", "4", "--numbering", "down"]),
    ("foreign_drive", &[]),
    ("missing_drives", &[]),
    ("predictive_smart", &["--rows", "2", "252:4"]),
    ("two_controllers", &["c1/252:2"]),
];

fn draw(host: &Path, arguments: &[&str], columns: usize, unicode: bool, color: bool) -> String {
    let color = if color { "always" } else { "never" };
    let flags = ["--color", color, "--replay"].map(OsString::from);
    let words = ["map"].iter().chain(arguments).map(OsString::from);
    let arguments = flags.into_iter().chain([host.into()]).chain(words);
    let locale = if unicode { "C.UTF-8" } else { "C" };
    let surroundings = Surroundings {
        columns: Some(columns.to_string()),
        locale: [Some(locale.to_owned()), None, None],
        ..Surroundings::default()
    };
    let run = ironkeep(arguments, &surroundings);
    assert_eq!(run.code, 0, "{run:?}");
    run.stdout + &run.stderr
}

/// The text without its colours.
fn colourless(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let mut plain = parts.next().unwrap().to_owned();
    for part in parts {
        plain.push_str(part.split_once('m').unwrap().1);
    }
    plain
}

#[test]
fn the_map_looks_as_it_looked_before() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/megacli");
    for (number, (host, arguments)) in SCENES.iter().enumerate() {
        let folder = fixtures.join(format!("8.07.14-{host}"));
        let mut all = String::new();
        for columns in [60, 80, 120, 200] {
            for unicode in [true, false] {
                let plain = draw(&folder, arguments, columns, unicode, false);
                let coloured = draw(&folder, arguments, columns, unicode, true);
                assert!(unicode || coloured.is_ascii(), "{coloured}");
                // Colour changes nothing else, so nothing is said by it alone.
                assert_eq!(colourless(&coloured), plain);
                for line in plain.lines() {
                    assert!(line.chars().count() <= columns, "{columns}: {line}");
                }
                let signs = if unicode { "UTF-8" } else { "ASCII" };
                let coloured = coloured.replace('\u{1b}', "\\e");
                let _ = write!(
                    all,
                    "# {columns} columns, {signs}\n{plain}\n# the same in colour\n{coloured}\n"
                );
            }
        }
        let name = format!("map-{}-{host}", number + 1);
        settings.bind(|| insta::assert_snapshot!(name, all));
    }
}
