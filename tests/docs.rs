//! What the documents promise about the code, held by reading both: the rooms of ARCHITECTURE.md, the
//! manual pages, the README and the change log.

#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use clap::CommandFactory;
use ironkeep::cli::config::Config;
use ironkeep::cli::exit::Code;
use ironkeep::cli::{Cli, Surroundings, execute};
use ironkeep::health::{Finding, Severity, Verdict};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Every file below `folder`, by its path from the root. Links are none: those of saved hosts lead nowhere.
fn files(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            assert!(folder.is_file(), "no {}", folder.display());
            found.push(folder);
            continue;
        };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_symlink() {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    let name = |path: PathBuf| path.strip_prefix(root()).unwrap().display().to_string();
    found.into_iter().map(name).collect()
}

mod rooms {
    use super::*;

    /// The code of a file: no comments, no tests, which stand at its end.
    fn code(file: &str) -> Vec<(usize, String)> {
        read(file)
            .lines()
            .map(str::to_owned)
            .enumerate()
            .take_while(|(_, line)| line.trim() != "#[cfg(test)]")
            .filter(|(_, line)| !line.trim_start().starts_with("//"))
            .map(|(index, line)| (index + 1, line))
            .collect()
    }

    /// Holds that of the code in `folders`, only that in `allowed` has a line with one of `words`.
    fn only_in(allowed: &[&str], folders: &[&str], words: &[&str]) {
        let mut faults = Vec::new();
        for file in folders.iter().flat_map(|folder| files(folder)) {
            let is_code = Path::new(&file).extension().is_some_and(|it| it == "rs")
                && !file.contains("tests");
            if !is_code || allowed.iter().any(|allowed| file.starts_with(allowed)) {
                continue;
            }
            for (number, line) in code(&file) {
                if words.iter().any(|word| line.contains(word)) {
                    faults.push(format!("{file}:{number}: {}", line.trim()));
                }
            }
        }
        assert!(
            faults.is_empty(),
            "only {allowed:?} may have {words:?}:\n{}",
            faults.join("\n")
        );
    }

    const ALL: &[&str] = &["src", "parsers/src"];
    const INPUT_AND_OUTPUT: &[&str] = &[
        "std::fs",
        "std::io",
        "std::env",
        "std::net",
        "std::process",
        "std::thread",
        "time::Instant",
        "Instant::now",
        "SystemTime",
        "Timestamp::now",
        "println!",
    ];

    #[test]
    fn parsers_and_judgement_do_no_input_or_output() {
        let pure = [
            "parsers/src",
            "src/change",
            "src/commands/export/page",
            "src/exporter/collect/account.rs",
            "src/exporter/collect/events.rs",
            "src/exporter/collect/schedule.rs",
            "src/exporter/collect/store",
            "src/exporter/collect/store.rs",
            "src/exporter/collector.rs",
            "src/exporter/exposition.rs",
            "src/exporter/family.rs",
            "src/exporter/metrics",
            "src/exporter/snapshot.rs",
            "src/exporter/system",
            "src/exporter/system.rs",
            "src/exporter/value.rs",
            "src/explain",
            "src/fleet/judge.rs",
            "src/fleet/query.rs",
            "src/health",
            "src/map",
            "src/memory/balance",
            "src/memory/balance.rs",
            "src/memory/cgroup.rs",
            "src/memory/group.rs",
            "src/memory/survey",
            "src/memory/survey.rs",
            "src/property",
            "src/replace",
            "src/fit.rs",
            "src/membership.rs",
            "src/follow.rs",
            "src/reading.rs",
            "src/redact",
            "src/selector.rs",
        ];
        only_in(&[], &pure, INPUT_AND_OUTPUT);
    }

    #[test]
    fn parsers_know_nothing_of_the_program() {
        only_in(&[], &["parsers/src"], &["ironkeep::"]);
    }

    #[test]
    fn one_file_starts_programs() {
        let words = ["process::Command", "Command::new("];
        only_in(&["src/runner/process.rs"], ALL, &words);
    }

    #[test]
    fn one_file_reads_the_environment() {
        only_in(&["src/cli/mod.rs"], ALL, &["std::env::", "env::var"]);
    }

    #[test]
    fn each_borrowed_library_has_one_room() {
        only_in(&["parsers/src/grammar.rs"], ALL, &["nom::"]);
        only_in(&["src/output/table.rs"], ALL, &["comfy_table"]);
        only_in(&["src/commands/watch"], ALL, &["ratatui"]);
        only_in(
            &["src/exporter", "src/commands/export"],
            ALL,
            &["tokio", "hyper::"],
        );
        only_in(
            &["src/cli", "src/commands", "src/output/mod.rs"],
            ALL,
            &["clap::"],
        );
        only_in(&["src/host"], ALL, &["procfs::"]);
        only_in(&["src/host/machine.rs"], ALL, &["sysinfo::"]);
        only_in(&["src/http.rs"], ALL, &["ureq::"]);
    }

    #[test]
    fn commands_know_the_model_and_not_its_text() {
        let words = ["ironkeep_parsers::megacli", "crate::runner"];
        let rooms = [
            "src/act",
            "src/backend",
            "src/change/raw.rs",
            "src/cli",
            "src/demo.rs",
            "src/redact",
            "src/runner",
        ];
        only_in(&rooms, &["src"], &words);
    }

    #[test]
    fn lower_rooms_do_not_look_up() {
        let above: [(&[&str], &[&str]); 5] = [
            (
                &["src/runner", "src/host", "src/explain"],
                &["backend", "cli", "commands", "output", "reading"],
            ),
            (
                &[
                    "src/change",
                    "src/health",
                    "src/membership.rs",
                    "src/replace",
                ],
                &["act", "backend", "cli", "commands"],
            ),
            (&["src/act"], &["commands"]),
            (
                &["src/output"],
                &["backend", "commands", "health", "reading"],
            ),
            (
                &["src/archive", "src/backend", "src/redact"],
                &["commands", "health", "output"],
            ),
        ];
        for (folders, rooms) in above {
            for room in rooms {
                only_in(&[], folders, &[&format!("crate::{room}")]);
            }
        }
        // Whatever way it is brought in: the page for people is handed over as a function.
        only_in(&[], &["src/exporter"], &["commands"]);
    }

    #[test]
    fn paths_in_the_documents_exist() {
        for document in ["ARCHITECTURE.md", "CONTRIBUTING.md", "README.md"] {
            let text = read(document);
            let named = text.split('`').skip(1).step_by(2).filter(|word| {
                let inside = ["src/", "parsers/", "tests/", "fixtures/", "man/", ".ci/"];
                let place = inside.iter().any(|folder| word.starts_with(folder));
                place && !word.contains(['<', '*', ' ', '…'])
            });
            for path in named {
                assert!(root().join(path).exists(), "{document} names {path}");
            }
        }
    }

    #[test]
    fn the_architecture_fits_on_a_few_pages() {
        assert!(read("ARCHITECTURE.md").lines().count() <= 180);
    }
}

mod manual {
    use super::*;

    fn page() -> String {
        read("man/ironkeep.8")
    }

    /// The lines of a section of a page.
    fn section(page: &str, title: &str) -> Vec<String> {
        page.lines()
            .skip_while(|line| *line != format!(".Sh {title}"))
            .skip(1)
            .take_while(|line| !line.starts_with(".Sh "))
            .map(str::to_owned)
            .collect()
    }

    /// The first words of the items `.It MACRO words …`, without further macros.
    fn items(lines: &[String], lead: &str) -> BTreeSet<String> {
        lines
            .iter()
            .filter_map(|line| line.strip_prefix(lead))
            .map(|line| {
                let words = line.split(' ').take_while(|word| {
                    word.chars()
                        .all(|letter| letter.is_ascii_lowercase() || letter == '-')
                });
                words.collect::<Vec<_>>().join(" ")
            })
            .collect()
    }

    /// `noun verb` of every command, or the noun alone where it has no verbs.
    fn commands() -> BTreeSet<String> {
        let cli = Cli::command();
        let shown = |command: &&clap::Command| !command.is_hide_set();
        cli.get_subcommands()
            .filter(shown)
            .flat_map(|noun| {
                let verbs: Vec<_> = noun
                    .get_subcommands()
                    .filter(shown)
                    .map(|verb| format!("{} {}", noun.get_name(), verb.get_name()))
                    .collect();
                // Some nouns say something without a verb, too.
                let alone = !noun.is_subcommand_required_set();
                let bare = alone.then(|| noun.get_name().to_owned());
                bare.into_iter().chain(verbs).collect::<Vec<_>>()
            })
            .collect()
    }

    #[test]
    fn every_command_is_there_and_no_other() {
        let documented = items(&section(&page(), "COMMANDS"), ".It Cm ");
        assert_eq!(documented, commands());
    }

    #[test]
    fn every_global_option_is_there() {
        let options = section(&page(), "OPTIONS").join("\n");
        for option in Cli::command()
            .get_arguments()
            .filter(|it| !it.is_hide_set())
        {
            let Some(long) = option.get_long() else {
                continue;
            };
            assert!(options.contains(&format!("Fl Fl {long}")), "no --{long}");
        }
    }

    #[test]
    fn every_environment_variable_is_there() {
        let variables = section(&page(), "ENVIRONMENT").join("\n");
        for option in Cli::command().get_arguments() {
            if let Some(variable) = option.get_env() {
                let variable = variable.to_str().unwrap();
                assert!(
                    variables.contains(&format!(".It Ev {variable}")),
                    "no {variable}"
                );
            }
        }
    }

    #[test]
    fn every_exit_status_is_there() {
        let codes = [
            Code::Done,
            Code::Failed,
            Code::Usage,
            Code::Refused,
            Code::Unhealthy,
            Code::TimedOut,
            Code::Internal,
            Code::Interrupted,
        ];
        let listed: Vec<String> = section(&page(), "EXIT STATUS")
            .iter()
            .filter_map(|line| line.strip_prefix(".It ").map(str::to_owned))
            .collect();
        assert_eq!(listed, codes.map(|code| code.number().to_string()));
    }

    #[test]
    fn every_severity_is_there() {
        let listed = items(&section(&page(), "HEALTH"), ".It Sy ");
        let severities = [
            Severity::Info,
            Severity::Warning,
            Severity::Unknown,
            Severity::Critical,
        ];
        let tokens = severities.map(|severity| severity.token().to_owned());
        assert_eq!(listed, BTreeSet::from(tokens));
        // The page says so of information.
        assert_eq!(Verdict::over(&[] as &[Finding]), Verdict::Healthy);
    }

    fn load(text: &str) -> Result<Config, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ironkeep.toml");
        fs::write(&path, text).unwrap();
        Config::load(Some(&path)).map_err(|failure| failure.chain().join("\n"))
    }

    /// The names that the configuration takes in `section`, as its own error message lists them.
    fn known(section: Option<&str>) -> BTreeSet<String> {
        let lead = section.map_or_else(String::new, |section| format!("[{section}]\n"));
        let complaint = load(&format!("{lead}no-such-key = 0\n")).unwrap_err();
        let (_, list) = complaint.rsplit_once("expected").unwrap();
        list.split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn every_key_of_the_configuration_is_there_with_its_default() {
        let page = read("man/ironkeep.toml.5");
        let mut documented: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let (mut current, mut defaults) = (String::new(), String::new());
        for line in section(&page, "DESCRIPTION") {
            if let Some(title) = line.strip_prefix(".Ss The [") {
                current = title.split(']').next().unwrap().to_owned();
                documented.entry(current.clone()).or_default();
                let _ = writeln!(defaults, "[{current}]");
            } else if let Some(key) = line.strip_prefix(".It Ic ") {
                let (key, default) = key.split_once(' ').unwrap();
                let new = documented.get_mut(&current).unwrap().insert(key.to_owned());
                assert!(new, "{key} twice");
                let (_, default) = default.split_once("default: ").unwrap();
                if let Some(value) = default.strip_prefix("Ic ") {
                    let value = value.replace("\\(dq", "\"");
                    let _ = writeln!(defaults, "{key} = {value}");
                }
            }
        }
        assert_eq!(
            documented.keys().cloned().collect::<BTreeSet<_>>(),
            known(None)
        );
        for (section, keys) in documented {
            assert_eq!(keys, known(Some(&section)), "[{section}]");
        }
        assert_eq!(load(&defaults).unwrap(), Config::default());
    }
}

mod papers {
    use super::*;

    /// The codes of checks, refusals and facts in the code of a file.
    fn codes(text: &str) -> Vec<&str> {
        const BEFORE: &[&str] = &[
            "CODE: &str = ",
            "holds(",
            "warns(",
            "refuses(",
            "forbids(",
            "unread(",
            "refuse(",
            "Refusal::new(",
            "fact(",
            "add(",
            "code: ",
            "Size => ",
            "Trait::Interface => ",
            "Trait::Media => ",
            "Trait::SectorSize => ",
            "Trait::Protection => ",
            "Trait::Encryption => ",
            "Trait::Members => ",
        ];
        let text = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap();
        let mut found = Vec::new();
        for (at, _) in text.match_indices('"') {
            let (before, rest) = text.split_at(at);
            let before = before.trim_end_matches(['\n', ' ']);
            if BEFORE.iter().any(|it| before.ends_with(it.trim_end())) {
                found.extend(rest.split('"').nth(1));
            }
        }
        let is_code = |word: &&str| word.bytes().all(|it| it.is_ascii_lowercase() || it == b'_');
        found.retain(is_code);
        found
    }

    #[test]
    fn every_code_of_a_check_can_be_explained_and_every_explanation_is_of_one() {
        let known = ironkeep::change::codes::CODES;
        let explained: BTreeSet<&str> = known.iter().map(|code| code.name).collect();
        assert_eq!(explained.len(), known.len(), "one stands there twice");
        let rooms = ["src/change", "src/replace", "src/act/replace"];
        let files = rooms.iter().flat_map(|room| files(room));
        let texts: Vec<String> = files
            .filter(|file| !file.ends_with("tests.rs"))
            .map(|file| read(&file))
            .collect();
        let used: BTreeSet<&str> = texts.iter().flat_map(|text| codes(text)).collect();
        let missing: Vec<_> = used.difference(&explained).collect();
        assert!(
            missing.is_empty(),
            "not in src/change/codes.rs: {missing:?}"
        );
        // Some stand in tables of their own, which only name them.
        let named = |code: &&&str| {
            texts
                .iter()
                .filter(|it| it.contains(&format!("\"{code}\"")))
                .count()
                > 1
        };
        let unused: Vec<_> = explained
            .difference(&used)
            .filter(|code| !named(code))
            .collect();
        assert!(unused.is_empty(), "no check has: {unused:?}");
    }

    #[test]
    fn every_command_that_the_glossary_names_can_be_typed() {
        let host = root().join("fixtures/megacli/8.07.14-healthy_raid5_hs");
        let commands: BTreeSet<&str> = ironkeep::explain::glossary()
            .map(|word| word.shown_by)
            .collect();
        for command in commands {
            let command = command.replace("DRIVE", "252:0").replace("VD", "0");
            let words = command.split(' ').skip(1).map(OsString::from);
            let program = ["ironkeep".into(), "--replay".into(), host.clone().into()];
            let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
            let arguments = program.into_iter().chain(words);
            let surroundings = Surroundings::default();
            let code = execute(arguments, &surroundings, &mut stdout, &mut stderr);
            let said = String::from_utf8_lossy(&stderr);
            assert_eq!(code, Code::Done, "{command}: {said}");
        }
    }

    /// The commands that change something, by their words, with their help.
    fn changing(command: &clap::Command, words: &str, found: &mut Vec<(String, String)>) {
        let words = format!("{words} {}", command.get_name());
        for below in command.get_subcommands() {
            changing(below, &words, found);
        }
        let asks = command.get_arguments().any(|it| it.get_id() == "yes");
        if asks && !command.has_subcommands() {
            let help = command.get_long_about().or(command.get_about());
            found.push((words, help.map(ToString::to_string).unwrap_or_default()));
        }
    }

    #[test]
    fn the_help_of_every_change_has_one_short_line_and_an_example() {
        let mut found = Vec::new();
        changing(&Cli::command(), "", &mut found);
        assert!(found.len() > 60, "{} commands", found.len());
        for (command, help) in found {
            let first = help.lines().next().unwrap_or_default();
            assert!(
                first.len() <= 72 && !first.ends_with('.'),
                "{command}: {first}"
            );
            assert!(help.contains("Example"), "{command} has no example");
        }
    }

    /// Follows `line` (`ironkeep noun verb --option`) to the command that it names.
    ///
    /// # Errors
    /// What is wrong with it.
    fn follow(line: &str) -> Result<(), String> {
        let mut at = Cli::command();
        for word in line.split(' ').skip(1) {
            if let Some(option) = word.strip_prefix("--") {
                let mut options = at.get_arguments();
                if !options.any(|it| it.get_long() == Some(option)) {
                    return Err(format!("{line}: no {word}"));
                }
            } else {
                let next = at.find_subcommand(word).filter(|it| !it.is_hide_set());
                at = next.ok_or_else(|| format!("{line}: no {word}"))?.clone();
            }
        }
        if at.has_subcommands() {
            return Err(format!("{line}: a verb is missing"));
        }
        Ok(())
    }

    #[test]
    fn every_friendly_command_of_the_coverage_can_be_typed() {
        let page = read("parsers/COVERAGE.md");
        let rows = page.lines().filter(|line| line.starts_with("| `"));
        let named: BTreeSet<&str> = rows
            .flat_map(|row| row.split('`').skip(1).step_by(2))
            .filter(|word| word.starts_with("ironkeep "))
            .collect();
        assert!(named.len() > 70, "{}", named.len());
        let faults: Vec<String> = named.iter().filter_map(|it| follow(it).err()).collect();
        assert!(faults.is_empty(), "{}", faults.join("\n"));
        for wrong in [
            "ironkeep pd",
            "ironkeep pd fly",
            "ironkeep pd offline --fly",
        ] {
            assert!(follow(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_change_log_begins_with_what_is_not_released() {
        let log = read("CHANGELOG.md");
        let first = log.lines().find(|line| line.starts_with("## "));
        assert_eq!(first, Some("## [Unreleased]"));
    }

    #[test]
    fn ci_runs_the_test_command_of_the_readme_and_nothing_else() {
        let command = "bash tests/ci.sh";
        assert!(read("README.md").contains(&format!("\n{command}\n")));
        assert_eq!(read(".ci/run").lines().last(), Some(command));
        assert!(!read(".ci/run").contains("cargo test"));
    }

    #[test]
    fn outputs_that_others_published_are_not_among_the_fixtures() {
        /// Shorter ones are sentences that every controller prints.
        const TELLING: usize = 300;
        let above = root()
            .ancestors()
            .map(|folder| folder.join("shared/captures/public"));
        let Some(public) = above.into_iter().find(|folder| folder.is_dir()) else {
            println!(
                "skipped: no shared/captures/public above {}",
                root().display()
            );
            return;
        };
        let index = fs::read_to_string(public.join("INDEX.tsv")).unwrap();
        let names = index
            .lines()
            .skip(1)
            .filter_map(|line| line.split('\t').next());
        let published: BTreeSet<Vec<u8>> = names
            .filter_map(|name| fs::read(public.join(name)).ok())
            .filter(|bytes| bytes.len() >= TELLING)
            .collect();
        assert!(published.len() > 100, "{} read", published.len());
        for file in files("fixtures").into_iter().chain(files("parsers/tests")) {
            // The program of a saved process is on another host.
            if root().join(&file).is_symlink() {
                continue;
            }
            let bytes = fs::read(root().join(&file)).unwrap();
            assert!(
                !published.contains(&bytes),
                "{file} was published by somebody else"
            );
        }
    }
}
