//! What holds for any cells at all.

use ironkeep_parsers::units::Bytes;
use proptest::prelude::*;

use super::super::*;
use super::{printed, settings};

/// A row of any cells at all.
#[derive(Debug, Clone)]
struct Any(Vec<Cell>);

macro_rules! any_column {
    ($position:literal, $header:literal, $align:ident) => {
        Column {
            key: $header,
            header: $header,
            align: Align::$align,
            default: true,
            cell: |row| row.0[$position].clone(),
        }
    };
}

impl Tabular for Any {
    const COLUMNS: &'static [Column<Self>] = &[
        any_column!(0, "A", Left),
        any_column!(1, "LONGER HEADER", Right),
        any_column!(2, "C", Prose),
        any_column!(3, "D", Left),
        any_column!(4, "E", Prose),
    ];
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,12}",
        "[ -~]{0,60}",
        "(\\PC|[\\t\\n\\r\u{1b}\u{202e}\u{200b} ]){0,40}"
    ]
}

fn any_tone() -> impl Strategy<Value = Tone> {
    prop_oneof![
        Just(Tone::Good),
        Just(Tone::Neutral),
        Just(Tone::Warn),
        Just(Tone::Bad)
    ]
}

fn any_cell() -> impl Strategy<Value = Cell> {
    prop_oneof![
        Just(Cell::Absent),
        any_text().prop_map(Cell::Text),
        any::<i128>().prop_map(Cell::Number),
        any::<u64>().prop_map(|size| Cell::Size(Bytes(size))),
        (any::<f64>(), any_text()).prop_map(|(value, shown)| Cell::Quantity { value, shown }),
        (any_text(), any_text(), any_tone()).prop_map(|(shown, token, tone)| Cell::State {
            shown,
            token,
            tone
        }),
    ]
}

fn any_rows() -> impl Strategy<Value = Vec<Any>> {
    let row = prop::collection::vec(any_cell(), 5).prop_map(Any);
    prop::collection::vec(row, 1..6)
}

proptest! {
    #[test]
    fn plain_rows_have_one_line_and_the_same_tabs(rows in any_rows(), sort in "-?[ACDE]") {
        let sorted = OutputSettings { sort: Some(sort), ..settings(Format::Plain) };
        let text = printed(&sorted, |it| print_list_as(it, &Envelope::new("any", &()), &rows, "None.")).stdout;
        prop_assert_eq!(text.split_terminator('\n').count(), rows.len());
        for line in text.split_terminator('\n') {
            prop_assert_eq!(line.matches('\t').count(), 4);
            prop_assert!(!line.chars().any(|c| c != '\t' && c.is_control()));
        }
    }

    #[test]
    fn tables_and_records_fit(
        rows in any_rows(),
        width in 40_u16..200,
        unicode: bool,
        color: bool,
        explicit: bool,
    ) {
        let settings = OutputSettings {
            width: Some(width),
            unicode,
            color,
            columns: explicit.then(|| vec!["all".to_owned()]),
            ..settings(Format::Table)
        };
        let fields = rows[0].0.iter().map(|cell| ("Some label", cell.clone())).collect();
        let sections = [Section::new("Title", fields), Section::rows("Rows", &rows)];
        let texts = [
            printed(&settings, |it| print_list_as(it, &Envelope::new("any", &()), &rows, "None.")).stdout,
            printed(&settings, |it| {
                print_record(it, &Envelope::new("any", &()), &sections)
            })
            .stdout,
        ];
        for text in texts {
            let text = anstream::adapter::strip_str(&text).to_string();
            for line in text.lines() {
                prop_assert!(text::width(line) <= usize::from(width), "{} {line:?}", width);
                prop_assert!(unicode || line.is_ascii());
                prop_assert!(!line.chars().any(char::is_control));
            }
        }
    }

    #[test]
    fn sorting_is_a_total_order(a in any_cell(), b in any_cell(), c in any_cell()) {
        prop_assert_eq!(a.order(&b), b.order(&a).reverse());
        if a.order(&b).is_le() && b.order(&c).is_le() {
            prop_assert!(a.order(&c).is_le());
        }
    }
}
