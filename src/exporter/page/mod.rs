//! The page for people, at `/`: drawn by the server alone, one answer without anything from elsewhere.

use maud::{DOCTYPE, html};

use super::snapshot::Snapshot;

/// What a browser may load for the page, as the header of that name says it: nothing.
pub fn content_security_policy() -> &'static str {
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

/// The page that shows `snapshot`.
pub fn render(snapshot: &Snapshot) -> String {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                title { "ironkeep" }
            }
            body {
                main {
                    h1 { (snapshot.verdict.word()) }
                    ul {
                        @for finding in &snapshot.findings {
                            li { (finding.severity.token()) " " (finding.object) ": " (finding.reason) }
                        }
                    }
                }
            }
        }
    }
    .into_string()
}
