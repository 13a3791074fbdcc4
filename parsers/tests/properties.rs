//! No text makes a parser panic, and none makes it lose sight of where it is.

#![cfg(test)]

mod captures;

use std::sync::LazyLock;

use captures::Capture;
use ironkeep_parsers::megacli::Output;
use ironkeep_parsers::megacli::recognise::{recognise, split};
use proptest::prelude::*;

/// Some fixtures of every output.
static SEEDS: LazyLock<Vec<(Output, String)>> = LazyLock::new(|| {
    let mut seeds: Vec<(Output, String)> = Vec::new();
    for capture in captures::fixtures() {
        let wanted = [
            capture.output().map(|output| (output, capture.text())),
            capture
                .events()
                .map(|events| (Output::EventFile, events.text())),
        ];
        for (output, text) in wanted.into_iter().flatten() {
            let alike = seeds.iter().filter(|(known, _)| *known == output);
            if text.len() < 4000 && alike.count() < 8 {
                seeds.push((output, text));
            }
        }
    }
    seeds
});

/// Reads `text` as everything there is, and checks what every report must keep.
fn read_as_everything(text: &str) {
    let lines = text.split('\n').count();
    for output in Output::ALL {
        let parsed = output.read(text);
        for leftover in parsed.leftovers() {
            let line = text.split('\n').nth(leftover.line as usize - 1).unwrap();
            assert!(line.contains(&leftover.text), "{output:?}: {leftover:?}");
        }
        for gap in parsed.gaps() {
            assert!(gap.line as usize <= lines, "{output:?}: {gap:?}");
        }
    }
    recognise_it(text);
}

/// Splits `text` and checks that every line that is not blank is in exactly one part or stretch.
fn recognise_it(text: &str) {
    let whole = recognise(text);
    let split = split(text);
    let pieces = split.parts.iter().map(|part| (part.first_line, part.text));
    let stretches = split
        .unknown
        .iter()
        .map(|rest| (rest.first_line, rest.text));
    let mut all: Vec<(u32, &str)> = pieces.chain(stretches).collect();
    all.sort_unstable_by_key(|(line, _)| *line);
    let seen: Vec<&str> = all
        .iter()
        .flat_map(|(_, text)| text.split('\n'))
        .filter(|line| !line.trim_ascii().is_empty())
        .collect();
    let expected: Vec<&str> = text
        .split('\n')
        .filter(|line| !line.trim_ascii().is_empty())
        .collect();
    assert_eq!(seen, expected);
    assert!(whole.is_none() || split.parts.len() == 1);
}

/// What happens to texts on their way: cut, lines lost, doubled or swapped, bytes changed.
fn damage(text: &str, steps: &[(u8, prop::sample::Index, prop::sample::Index)]) -> String {
    const PIECES: [&str; 12] = [
        "",
        ":",
        " : ",
        "N/A",
        "\r",
        "\0",
        "\u{fffd}",
        "-1",
        "99999999999999999999",
        "0x",
        "é",
        "\t",
    ];
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    for (kind, one, other) in steps {
        let (at, to) = (one.index(lines.len()), other.index(lines.len()));
        match kind % 5 {
            0 => lines.truncate(at + 1),
            1 if lines.len() > 1 => drop(lines.remove(at)),
            2 => lines.insert(to, lines[at].clone()),
            3 => lines.swap(at, to),
            _ => {
                let mut letters: Vec<char> = lines[at].chars().collect();
                let from = one.index(letters.len() + 1);
                letters.truncate(from.max(other.index(letters.len() + 1)));
                lines[at] = letters[..from.min(letters.len())]
                    .iter()
                    .collect::<String>()
                    + PIECES[other.index(PIECES.len())]
                    + &letters[from.min(letters.len())..]
                        .iter()
                        .collect::<String>();
            }
        }
    }
    lines.join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 96,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        read_as_everything(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_text_of_the_tool_s_letters_is_read_without_a_panic(
        text in "([A-Za-z0-9 :#=.,()\\[\\]/%-]{0,40}\r?\n){0,12}",
    ) {
        read_as_everything(&text);
    }

    #[test]
    fn damaged_fixtures_are_read_without_a_panic(
        seed in any::<prop::sample::Index>(),
        steps in prop::collection::vec(
            (any::<u8>(), any::<prop::sample::Index>(), any::<prop::sample::Index>()),
            1..6,
        ),
    ) {
        let (output, text) = seed.get(&SEEDS);
        let text = damage(text, &steps);
        drop(output.read(&text));
        read_as_everything(&text);
    }
}

#[test]
fn every_output_has_a_seed() {
    // Read from a terminal only, or printed by no capture that may be kept here.
    const WITHOUT: [Output; 1] = [Output::LdProgressScreen];
    for output in Output::ALL {
        let seeded = SEEDS.iter().any(|(known, _)| known == output);
        assert!(seeded || WITHOUT.contains(output), "{output:?}");
    }
}

#[test]
fn every_beginning_of_a_fixture_is_read_without_a_panic() {
    for (output, text) in SEEDS.iter().filter(|(_, text)| text.len() < 1500) {
        for end in (0..text.len())
            .filter(|end| text.is_char_boundary(*end))
            .step_by(7)
        {
            drop(output.read(text.get(..end).unwrap()));
        }
    }
}

/// All captures as they are, also where they are read as something that they are not.
#[test]
fn fixtures_are_read_as_every_output_without_a_panic() {
    for text in captures::fixtures().iter().step_by(16).map(Capture::text) {
        read_as_everything(&text);
    }
}
