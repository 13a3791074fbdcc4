//! The page for people, at `/`: drawn by the server alone, one answer without anything from elsewhere.
//!
//! What it says it says in the words, columns and fields of the commands; this room only arranges them.
//! Its style and its script stand in files of their own; the page works without either.

mod bays;
mod collection;
mod drive;
mod findings;
mod hardware;
mod headline;
mod operations;
mod parts;
mod virtual_drives;

use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ironkeep_parsers::model::{ControllerId, DriveAddress};
use jiff::tz::TimeZone;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use ring::digest::{SHA256, digest};

use self::parts::text;
use crate::exporter::snapshot::Snapshot;
use crate::health::Verdict;
use crate::map::Frame;
use crate::map::layout::Wish;
use crate::{commands, output};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// The seconds between two loads of the page where scripts do not run. The script looks more often.
const RELOAD_SECONDS: u32 = 30;

/// The Content Security Policy that the page keeps: its own style and script, known by their hashes, and
/// nothing else.
pub(super) fn content_security_policy() -> &'static str {
    static POLICY: LazyLock<String> = LazyLock::new(|| {
        let hash = |text: &str| STANDARD.encode(digest(&SHA256, text.as_bytes()));
        format!(
            "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; img-src data:; \
             connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            hash(STYLE),
            hash(SCRIPT)
        )
    });
    &POLICY
}

/// What the parts of the page are drawn from.
struct Page<'a> {
    snapshot: &'a Snapshot,
    /// The bays, by enclosure.
    frames: Vec<Frame>,
    /// What could not be drawn, in words.
    not_drawn: Vec<String>,
    /// Whether names need the number of their controller.
    several: bool,
    zone: TimeZone,
}

/// The page that shows `snapshot`.
pub(super) fn render(snapshot: &Snapshot) -> String {
    let map = commands::map::bays::of(
        &snapshot.reading,
        &snapshot.findings,
        &snapshot.map,
        Wish::default(),
        &[],
    );
    let page = Page {
        snapshot,
        frames: map.frames,
        not_drawn: map.notes,
        several: snapshot.reading.narrowed || snapshot.reading.controllers.len() > 1,
        zone: TimeZone::system(),
    };
    page.html().into_string()
}

impl Page<'_> {
    fn html(&self) -> Markup {
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width,initial-scale=1";
                    title { (self.title()) " – ironkeep" }
                    link rel="icon" href=(icon(self.snapshot.verdict));
                    noscript { meta http-equiv="refresh" content=(RELOAD_SECONDS); }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    (self.header())
                    p #lost role="alert" hidden {}
                    p #said .v role="status" {}
                    main { (self.main()) }
                    (self.footer())
                    script { (PreEscaped(SCRIPT)) }
                }
            }
        }
    }

    fn header(&self) -> Markup {
        html! {
            header {
                @if let Some(host) = &self.snapshot.host { strong { (text(host)) } }
                nav aria-label="Sections" {
                    ul {
                        @for (id, name, _) in self.sections() { li { a href={ "#" (id) } { (name) } } }
                    }
                }
            }
        }
    }

    fn footer(&self) -> Markup {
        // Relative, so that it holds behind a proxy that serves the page elsewhere.
        let path = self.snapshot.metrics_path.as_ref();
        let path = path.map(|path| format!(".{path}"));
        html! {
            footer {
                "ironkeep " (env!("CARGO_PKG_VERSION"))
                @if let Some(path) = path { " · " a href=(path) { "Metrics" } }
            }
        }
    }

    fn main(&self) -> Markup {
        html! {
            (self.headline())
            @for (id, name, content) in self.sections() {
                section id=(id) {
                    h2 { (name) }
                    (content(self))
                }
            }
        }
    }

    /// The sections that have something to say: where nothing was read, only what became of reading.
    fn sections(&self) -> &'static [Section] {
        if self.snapshot.reading.controllers.is_empty() {
            COLLECTION
        } else {
            SECTIONS
        }
    }

    /// `web3: CRITICAL`.
    fn title(&self) -> Markup {
        html! {
            @if let Some(host) = &self.snapshot.host { (text(host)) ": " }
            (self.snapshot.verdict.word())
        }
    }

    /// The name by which the page links to the details of a drive; `None` where they are not on it.
    fn drive_id(
        &self,
        controller: Option<ControllerId>,
        address: Option<DriveAddress>,
    ) -> Option<String> {
        let address = address?;
        let mut frames = self.frames.iter();
        let frame =
            frames.find(|it| it.controller == controller && it.enclosure == address.enclosure)?;
        let mut bays = frame.bays.iter();
        bays.find(|bay| bay.slot == address.slot && bay.drive().is_some())?;
        Some(drive_id(controller, address))
    }
}

/// A section of the page: its name in links, its title, and what is in it.
type Section = (&'static str, &'static str, fn(&Page<'_>) -> Markup);

const SECTIONS: &[Section] = &[
    ("findings", "Findings", |page| page.findings()),
    ("running", "Running", |page| page.operations()),
    ("bays", "Bays", |page| page.bays()),
    ("virtual-drives", "Virtual drives", |page| {
        page.virtual_drives()
    }),
    ("batteries", "Batteries", |page| page.batteries()),
    ("enclosures", "Enclosures", |page| page.enclosures()),
    ("events", "Events", |page| page.events()),
    ("controllers", "Controllers", |page| page.controllers()),
    ("collection", "Collection", |page| page.collection()),
];

const COLLECTION: &[Section] = &[("collection", "Collection", |page| page.collection())];

/// `d0-252-4`.
fn drive_id(controller: Option<ControllerId>, address: DriveAddress) -> String {
    let number = |number: Option<u32>| number.map_or_else(String::new, |it| it.to_string());
    format!(
        "d{}-{}-{}",
        number(controller.map(|it| it.0)),
        number(address.enclosure.map(|it| it.0)),
        address.slot
    )
}

/// The sign in the tab of a browser: its shape says what its colour does.
fn icon(verdict: Verdict) -> String {
    let shape = match verdict {
        Verdict::Healthy => "<circle cx='8' cy='8' r='6' fill='%232a8a48'/>",
        Verdict::Warning => "<path d='M8 1 15 15H1z' fill='%23d59a1b'/>",
        Verdict::Unknown => "<path d='M8 0 16 8 8 16 0 8z' fill='%23d59a1b'/>",
        Verdict::Critical => "<path d='M1 1h14v14H1z' fill='%23d03030'/>",
    };
    format!(
        "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'>{shape}</svg>"
    )
}

/// How good a verdict is.
fn tone(verdict: Verdict) -> output::Tone {
    match verdict {
        Verdict::Healthy => output::Tone::Good,
        Verdict::Warning | Verdict::Unknown => output::Tone::Warn,
        Verdict::Critical => output::Tone::Bad,
    }
}

#[cfg(test)]
mod tests;
