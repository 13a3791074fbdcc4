//! The entry points, every format, from rows to bytes.

use ironkeep_parsers::units::{Bytes, Celsius};
use jiff::Timestamp;

use super::*;
use crate::cli::Session;
use crate::cli::failure::Kind;

mod properties;

/// What the columns of every `T` must keep to; commands call it for theirs.
pub(crate) fn check_columns<T: Tabular>() {
    let keys: Vec<_> = T::COLUMNS.iter().map(|column| column.key).collect();
    for (position, key) in keys.iter().enumerate() {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        assert!(
            !key.is_empty() && key.chars().all(plain),
            "“{key}” is hard to type"
        );
        assert!(
            !["all", "help"].contains(key),
            "“{key}” has a meaning of its own"
        );
        assert!(!keys[..position].contains(key), "“{key}” occurs twice");
    }
    assert!(
        T::COLUMNS.iter().any(|column| column.default),
        "no column is shown"
    );
}

#[derive(Serialize)]
struct Drive {
    address: &'static str,
    state: &'static str,
    size_bytes: Bytes,
    temperature_celsius: Option<Celsius>,
    model: &'static str,
}

impl Tabular for Drive {
    const COLUMNS: &'static [Column<Self>] = &[
        Column {
            key: "drive",
            header: "DRIVE",
            align: Align::Left,
            default: true,
            cell: |it| it.address.into(),
        },
        Column {
            key: "state",
            header: "STATE",
            align: Align::Left,
            default: true,
            cell: |it| match it.state {
                "failed" => Cell::state("Failed", "failed", Tone::Bad),
                _ => Cell::state("Online", "online", Tone::Good),
            },
        },
        Column {
            key: "size",
            header: "SIZE",
            align: Align::Right,
            default: true,
            cell: |it| it.size_bytes.into(),
        },
        Column {
            key: "temperature",
            header: "TEMP",
            align: Align::Right,
            default: true,
            cell: |it| it.temperature_celsius.into(),
        },
        Column {
            key: "model",
            header: "MODEL",
            align: Align::Left,
            default: false,
            cell: |it| it.model.into(),
        },
    ];
}

fn drives() -> Vec<Drive> {
    vec![
        Drive {
            address: "252:10",
            state: "online",
            size_bytes: Bytes(4_000_787_030_016),
            temperature_celsius: Some(Celsius(32)),
            model: "ST4000NM0023",
        },
        Drive {
            address: "252:2",
            state: "failed",
            size_bytes: Bytes(300_000_000_000),
            temperature_celsius: None,
            model: "two\twords",
        },
    ]
}

struct Printed {
    result: Result<(), Failure>,
    stdout: String,
    stderr: String,
}

fn printed(
    settings: &OutputSettings,
    print: impl FnOnce(&mut Context<'_>) -> Result<(), Failure>,
) -> Printed {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let result = print(&mut Context {
        stdout: &mut stdout,
        stderr: &mut stderr,
        now: Timestamp::UNIX_EPOCH,
        no_screen: None,
        stderr_is_journal: false,
        is_interactive: false,
        output: settings.clone(),
        session: Session::default(),
    });
    Printed {
        result,
        stdout: String::from_utf8(stdout).unwrap(),
        stderr: String::from_utf8(stderr).unwrap(),
    }
}

fn list(settings: &OutputSettings) -> Printed {
    printed(settings, |context| {
        print_list(context, "pd list", &drives(), "No drives.")
    })
}

fn settings(format: Format) -> OutputSettings {
    OutputSettings {
        format,
        color: false,
        unicode: true,
        stderr_width: None,
        width: None,
        zone: crate::cli::context::Zone::Utc,
        columns: None,
        sort: None,
        header: false,
    }
}

fn columns(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

#[test]
fn columns_are_well_named() {
    check_columns::<Drive>();
    check_columns::<Event>();
}

#[test]
fn a_table_shows_the_default_columns() {
    assert_eq!(
        list(&settings(Format::Table)).stdout,
        "\
┌────────┬────────┬──────────┬───────┐
│ DRIVE  ┆ STATE  ┆     SIZE ┆  TEMP │
╞════════╪════════╪══════════╪═══════╡
│ 252:10 ┆ Online ┆ 3.64 TiB ┆ 32 °C │
│ 252:2  ┆ Failed ┆  279 GiB ┆     - │
└────────┴────────┴──────────┴───────┘
"
    );
}

#[test]
fn a_table_without_unicode_is_ascii() {
    let ascii = OutputSettings {
        unicode: false,
        ..settings(Format::Table)
    };
    assert_eq!(
        list(&ascii).stdout,
        "\
+--------+--------+----------+------+
| DRIVE  | STATE  |     SIZE | TEMP |
+===================================+
| 252:10 | Online | 3.64 TiB | 32 C |
| 252:2  | Failed |  279 GiB |    - |
+--------+--------+----------+------+
"
    );
}

#[test]
fn colour_changes_no_character() {
    let colored = OutputSettings {
        color: true,
        ..settings(Format::Table)
    };
    let colored = list(&colored).stdout;
    assert!(
        colored.contains("│ 252:10 ┆ \u{1b}[32mOnline\u{1b}[0m ┆"),
        "{colored}"
    );
    assert!(
        colored.contains("\u{1b}[1m\u{1b}[31mFailed\u{1b}[0m"),
        "{colored}"
    );
    let stripped = anstream::adapter::strip_str(&colored).to_string();
    assert_eq!(stripped, list(&settings(Format::Table)).stdout);
}

#[test]
fn a_narrow_terminal_loses_the_last_columns_and_says_so() {
    let narrow = OutputSettings {
        width: Some(37),
        ..settings(Format::Table)
    };
    let printed = list(&narrow);
    assert!(
        printed
            .stdout
            .starts_with("┌────────┬────────┬──────────┐\n"),
        "{}",
        printed.stdout
    );
    assert_eq!(
        printed.stderr,
        "note: no room in 37 columns for: temperature (--columns all shows everything)\n"
    );
    let wide_enough = OutputSettings {
        width: Some(38),
        ..narrow
    };
    assert_eq!(list(&wide_enough).stderr, "");
}

#[test]
fn a_very_narrow_terminal_gets_records() {
    let narrow = OutputSettings {
        width: Some(25),
        ..settings(Format::Table)
    };
    let printed = list(&narrow);
    assert_eq!(
        printed.stdout,
        "\
DRIVE  252:10
STATE  Online
SIZE   3.64 TiB
TEMP   32 °C

DRIVE  252:2
STATE  Failed
SIZE   279 GiB
TEMP   -
"
    );
    assert_eq!(printed.stderr, "");
}

#[test]
fn named_columns_are_never_dropped() {
    let named = OutputSettings {
        width: Some(20),
        columns: Some(columns(&["model", "drive"])),
        ..settings(Format::Table)
    };
    assert_eq!(
        list(&named).stdout,
        "MODEL  ST4000NM0023\nDRIVE  252:10\n\nMODEL  two\\twords\nDRIVE  252:2\n"
    );
}

#[test]
fn plain_output_has_raw_values() {
    let plain = OutputSettings {
        columns: Some(columns(&["all"])),
        header: true,
        ..settings(Format::Plain)
    };
    assert_eq!(
        list(&plain).stdout,
        "drive\tstate\tsize\ttemperature\tmodel\n\
         252:10\tonline\t4000787030016\t32\tST4000NM0023\n\
         252:2\tfailed\t300000000000\t\ttwo\\twords\n"
    );
}

#[test]
fn json_is_the_rows_in_an_envelope() {
    let json = list(&settings(Format::Json)).stdout;
    assert!(
        json.starts_with(concat!(
            "{\n  \"schema\": 1,\n  \"tool\": \"ironkeep ",
            env!("CARGO_PKG_VERSION"),
            "\",\n  \"command\": \"pd list\",\n  \"data\": [\n    {\n      \"address\": \"252:10\",\n"
        )),
        "{json}"
    );
    assert!(json.ends_with("  ]\n}\n"), "{json}");
}

#[test]
fn json_may_have_fields_beside_the_data() {
    #[derive(Serialize)]
    struct Beside {
        leftovers: u32,
    }
    let print = |context: &mut Context<'_>| {
        let envelope = Envelope::new("pd list", &["richer"]).with(Beside { leftovers: 3 });
        print_list_as(context, &envelope, &drives(), "No drives.")
    };
    let json = printed(&settings(Format::Json), print).stdout;
    assert!(
        json.ends_with("\"data\": [\n    \"richer\"\n  ],\n  \"leftovers\": 3\n}\n"),
        "{json}"
    );
}

#[test]
fn sorting_takes_raw_values_and_leaves_absent_ones_last() {
    let first = |sort: &str| {
        let sorted = OutputSettings {
            sort: Some(sort.to_owned()),
            columns: Some(columns(&["drive"])),
            ..settings(Format::Plain)
        };
        list(&sorted).stdout.lines().next().unwrap().to_owned()
    };
    assert_eq!(first("drive"), "252:2");
    assert_eq!(first("-drive"), "252:10");
    assert_eq!(first("size"), "252:2");
    assert_eq!(first("-state"), "252:2");
    assert_eq!(first("temperature"), "252:10");
    assert_eq!(first("-temperature"), "252:10");
    assert_eq!(first("-model,drive"), "252:2");
}

#[test]
fn an_unknown_column_is_answered_with_the_known_ones() {
    for unknown in [
        OutputSettings {
            columns: Some(columns(&["drive", "sise"])),
            ..settings(Format::Table)
        },
        OutputSettings {
            sort: Some("-sise".to_owned()),
            ..settings(Format::Plain)
        },
    ] {
        let printed = list(&unknown);
        let failure = printed.result.unwrap_err();
        assert_eq!(failure.kind(), Kind::Usage);
        assert_eq!(failure.chain(), ["there is no column “sise”"]);
        assert_eq!(
            failure.hints(),
            [
                "did you mean size?",
                "columns: drive, state, size, temperature, model"
            ]
        );
        assert_eq!(printed.stdout, "");
        assert!(check_request::<Drive>(&unknown).is_err());
    }
}

#[test]
fn json_takes_no_columns() {
    let chosen = OutputSettings {
        columns: Some(columns(&["drive"])),
        ..settings(Format::Json)
    };
    assert_eq!(list(&chosen).result.unwrap_err().kind(), Kind::Usage);
}

#[test]
fn help_lists_the_columns() {
    let help = OutputSettings {
        columns: Some(columns(&["help"])),
        ..settings(Format::Plain)
    };
    let printed = list(&help).stdout;
    assert!(printed.starts_with("drive\tDRIVE\tyes\n"), "{printed}");
    assert!(printed.ends_with("model\tMODEL\tno\n"), "{printed}");
}

#[test]
fn no_rows_is_a_sentence_on_stderr_or_an_empty_list() {
    let nothing = |format| {
        printed(&settings(format), |context| {
            print_list::<Drive>(context, "pd list", &[], "No drives.")
        })
    };
    let table = nothing(Format::Table);
    assert_eq!(
        (table.stdout.as_str(), table.stderr.as_str()),
        ("", "No drives.\n")
    );
    let plain = nothing(Format::Plain);
    assert_eq!((plain.stdout.as_str(), plain.stderr.as_str()), ("", ""));
    let json = nothing(Format::Json);
    assert!(
        json.stdout.ends_with("\"data\": []\n}\n"),
        "{}",
        json.stdout
    );
    assert_eq!(json.stderr, "");
}

fn record(settings: &OutputSettings) -> String {
    let sections = [
        Section::new(
            "Physical drive 252:2",
            vec![
                ("Firmware state", Cell::state("Failed", "failed", Tone::Bad)),
                ("Size", Bytes(300_000_000_000).into()),
                (
                    "Inquiry data",
                    "SEAGATE ST3300657SS 0008 6SJ0ABCD and more".into(),
                ),
                ("Temperature", None::<Celsius>.into()),
            ],
        ),
        Section::new("Empty", Vec::<(&str, Cell)>::new()),
        Section::rows("Neighbours", &drives()),
    ];
    let printed = printed(settings, |context| {
        print_record(context, &Envelope::new("pd show", &drives()[1]), &sections)
    });
    assert!(printed.result.is_ok());
    printed.stdout
}

#[test]
fn a_record_aligns_its_values_and_wraps_them_in_place() {
    let narrow = OutputSettings {
        width: Some(40),
        ..settings(Format::Table)
    };
    assert_eq!(
        record(&narrow),
        "\
Physical drive 252:2
  Firmware state  Failed
  Size            279 GiB
  Inquiry data    SEAGATE ST3300657SS
                  0008 6SJ0ABCD and more
  Temperature     -

Neighbours
┌────────┬────────┬──────────┬───────┐
│ DRIVE  ┆ STATE  ┆     SIZE ┆  TEMP │
╞════════╪════════╪══════════╪═══════╡
│ 252:10 ┆ Online ┆ 3.64 TiB ┆ 32 °C │
│ 252:2  ┆ Failed ┆  279 GiB ┆     - │
└────────┴────────┴──────────┴───────┘
"
    );
}

#[test]
fn a_record_puts_values_below_labels_where_it_must() {
    let narrow = OutputSettings {
        width: Some(28),
        ..settings(Format::Table)
    };
    let text = record(&narrow);
    assert!(
        text.contains("  Firmware state\n    Failed\n  Size\n    279 GiB\n"),
        "{text}"
    );
}

#[test]
fn a_plain_record_is_section_field_value() {
    assert_eq!(
        record(&settings(Format::Plain)),
        "\
physical_drive_252_2\tfirmware_state\tfailed
physical_drive_252_2\tsize\t300000000000
physical_drive_252_2\tinquiry_data\tSEAGATE ST3300657SS 0008 6SJ0ABCD and more
physical_drive_252_2\ttemperature\t
neighbours.0\tdrive\t252:10
neighbours.0\tstate\tonline
neighbours.0\tsize\t4000787030016
neighbours.0\ttemperature\t32
neighbours.1\tdrive\t252:2
neighbours.1\tstate\tfailed
neighbours.1\tsize\t300000000000
neighbours.1\ttemperature\t
"
    );
}

#[test]
fn a_closed_pipe_is_quiet() {
    struct Closed;
    impl std::io::Write for Closed {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut context = Context {
        stdout: &mut Closed,
        stderr: &mut Vec::new(),
        now: Timestamp::UNIX_EPOCH,
        no_screen: None,
        stderr_is_journal: false,
        is_interactive: false,
        output: settings(Format::Plain),
        session: Session::default(),
    };
    let failure = print_list(&mut context, "pd list", &drives(), "No drives.").unwrap_err();
    assert_eq!(failure.kind(), Kind::ClosedPipe);
}

/// What a row of events looks like.
struct Event(&'static str, String);

impl Tabular for Event {
    const COLUMNS: &'static [Column<Self>] = &[
        Column {
            key: "time",
            header: "TIME",
            align: Align::Left,
            default: true,
            cell: |it| it.0.into(),
        },
        Column {
            key: "description",
            header: "DESCRIPTION",
            align: Align::Prose,
            default: true,
            cell: |it| (&it.1).into(),
        },
    ];
}

fn events(settings: &OutputSettings, description: &str) -> Printed {
    let events = [Event("2026-11-22 01:51:04", description.to_owned())];
    printed(settings, |context| {
        print_list_as(
            context,
            &Envelope::new("event list", &()),
            &events,
            "No events.",
        )
    })
}

#[test]
fn sentences_wrap_between_words() {
    let narrow = OutputSettings {
        width: Some(52),
        ..settings(Format::Table)
    };
    assert_eq!(
        events(
            &narrow,
            "State change on PD 04(e0xfc/s4) from ONLINE(18) to FAILED(11)"
        )
        .stdout,
        "\
┌─────────────────────┬──────────────────────────┐
│ TIME                ┆ DESCRIPTION              │
╞═════════════════════╪══════════════════════════╡
│ 2026-11-22 01:51:04 ┆ State change on PD       │
│                     ┆ 04(e0xfc/s4) from        │
│                     ┆ ONLINE(18) to FAILED(11) │
└─────────────────────┴──────────────────────────┘
"
    );
}

#[test]
fn no_cell_is_too_long() {
    let endless = "x".repeat(70_000);
    assert!(events(&settings(Format::Table), &endless).result.is_ok());
    let narrow = OutputSettings {
        width: Some(80),
        ..settings(Format::Table)
    };
    let text = events(&narrow, &endless).stdout;
    assert_eq!(text.matches('x').count(), endless.len());
}
