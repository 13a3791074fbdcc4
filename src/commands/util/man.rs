//! The manual pages that are made: one for each noun, with all its verbs, the glossary, and the metrics.

use std::io;

use clap::{Command, CommandFactory};
use clap_mangen::Man;

use super::{File, glossary, metrics};
use crate::cli::Cli;

/// The releases with their dates.
const CHANGELOG: &str = include_str!("../../../CHANGELOG.md");

/// The pages: `ironkeep-pd.8`, `ironkeep-glossary.7`, `ironkeep-metrics.7`. `ironkeep.8` itself is written by hand.
///
/// # Errors
/// If writing to memory fails, which it does not.
pub fn pages() -> io::Result<Vec<File>> {
    let mut root = Cli::command();
    root.build();
    let nouns = root
        .get_subcommands()
        .filter(|noun| noun.get_name() != "help");
    let glossary = (
        "ironkeep-glossary.7".to_owned(),
        glossary::page(date(), SOURCE),
    );
    let metrics = (
        "ironkeep-metrics.7".to_owned(),
        metrics::page(date(), SOURCE),
    );
    nouns
        .map(|noun| Ok((format!("ironkeep-{}.8", noun.get_name()), page(noun)?)))
        .chain([Ok(glossary), Ok(metrics)])
        .collect()
}

fn page(noun: &Command) -> io::Result<String> {
    let verbs = verbs(noun, "");
    let man = manual(noun);
    let mut page = text(|out| man.render_title(out))?;
    page.push_str(&section(|out| man.render_name_section(out))?);
    // Not adjusted: a line may have no blank to make wider.
    page.push_str(".SH SYNOPSIS\n.na\n");
    let leaves = if verbs.is_empty() {
        vec![noun]
    } else {
        verbs.iter().map(|(_, verb)| *verb).collect()
    };
    for (position, leaf) in leaves.into_iter().enumerate() {
        if position > 0 {
            page.push_str(".br\n");
        }
        let leaf = manual(leaf);
        // A line may break between alternatives, where there are many.
        let synopsis = body(|out| leaf.render_synopsis_section(out))?;
        page.push_str(&synopsis.replace("\\fR|\\fB", "\\fR|\\:\\fB"));
    }
    page.push_str(".ad\n");
    page.push_str(&section(|out| man.render_description_section(out))?);
    let aliases: Vec<&str> = noun.get_visible_aliases().collect();
    if !aliases.is_empty() {
        page.extend([".PP\nAlso called ", &aliases.join(", "), ".\n"]);
    }
    if verbs.is_empty() {
        page.push_str(&section(|out| man.render_options_section(out))?);
    } else {
        page.push_str(".SH COMMANDS\n");
    }
    for (name, verb) in verbs {
        let man = manual(verb);
        page.extend([".SS ", &name, "\n"]);
        page.push_str(&body(|out| man.render_description_section(out))?);
        page.push_str(&body(|out| man.render_options_section(out))?);
    }
    page.push_str(
        ".SH GLOBAL OPTIONS\nOptions that every command takes, exit statuses, files and the environment: see\n.BR ironkeep (8).\n.SH SEE ALSO\n.BR ironkeep (8)\n",
    );
    Ok(page)
}

/// The verbs of `command` with their own verbs in their place, by name: `list`, `init start`.
fn verbs<'a>(command: &'a Command, before: &str) -> Vec<(String, &'a Command)> {
    let verbs = command.get_subcommands();
    let verbs = verbs.filter(|verb| verb.get_name() != "help" && !verb.is_hide_set());
    let mut all = Vec::new();
    for verb in verbs {
        let name = format!("{before}{}", verb.get_name());
        let own = self::verbs(verb, &format!("{name} "));
        if own.is_empty() {
            all.push((name, verb));
        } else {
            all.extend(own);
        }
    }
    all
}

/// The parts of `command`'s page. The options that every command takes stand in `ironkeep(8)`.
fn manual(command: &Command) -> Man {
    let own = command.clone().mut_args(|argument| {
        let everywhere = ["help", "version"].contains(&argument.get_id().as_str());
        let hide = everywhere || argument.is_global_set() || argument.is_hide_set();
        argument.hide(hide)
    });
    Man::new(own)
        .section("8")
        .date(date())
        .source(SOURCE)
        .manual("System Manager's Manual")
}

/// What pages say they belong to.
const SOURCE: &str = concat!("ironkeep ", env!("CARGO_PKG_VERSION"));

/// The date that pages bear. An empty argument must stand there, or the source becomes the date.
fn date() -> &'static str {
    released().unwrap_or("\"\"")
}

/// The date of the newest release; `None` before the first: `## [0.1.0] - 2026-11-30`.
fn released() -> Option<&'static str> {
    CHANGELOG
        .lines()
        .filter(|line| line.starts_with("## ["))
        .find_map(|line| line.rsplit_once(" - "))
        .map(|(_, date)| date)
}

fn text(render: impl FnOnce(&mut dyn io::Write) -> io::Result<()>) -> io::Result<String> {
    let mut out = Vec::new();
    render(&mut out)?;
    String::from_utf8(out).map_err(io::Error::other)
}

/// A section without the preamble that the generator repeats before each.
fn section(render: impl FnOnce(&mut dyn io::Write) -> io::Result<()>) -> io::Result<String> {
    let text = text(render)?;
    let lines = text
        .split_inclusive('\n')
        .filter(|line| !line.starts_with(".ie ") && !line.starts_with(".el "));
    Ok(lines.collect())
}

/// A section without its heading.
fn body(render: impl FnOnce(&mut dyn io::Write) -> io::Result<()>) -> io::Result<String> {
    let text = section(render)?;
    let lines = text
        .split_inclusive('\n')
        .filter(|line| !line.starts_with(".SH "));
    Ok(lines.collect())
}
