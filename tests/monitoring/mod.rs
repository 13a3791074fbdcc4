//! The dashboards of packaging/grafana, and what they ask of Prometheus.

use std::fs;
use std::path::Path;

use serde_json::Value;

/// A dashboard.
pub(crate) struct Dashboard {
    /// Its file.
    pub file: String,
    /// The whole.
    pub json: Value,
}

/// A question that a dashboard asks.
pub(crate) struct Query {
    /// File and panel, or file and variable.
    pub place: String,
    /// As it stands in the file, with variables.
    pub expr: String,
}

/// Every dashboard.
pub(crate) fn dashboards() -> Vec<Dashboard> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging/grafana");
    let mut all: Vec<Dashboard> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().extension().is_some_and(|it| it == "json"))
        .map(|entry| Dashboard {
            file: entry.file_name().into_string().unwrap(),
            json: serde_json::from_str(&fs::read_to_string(entry.path()).unwrap()).unwrap(),
        })
        .collect();
    all.sort_by(|a, b| a.file.cmp(&b.file));
    all
}

impl Dashboard {
    /// The panels, those within rows too.
    pub(crate) fn panels(&self) -> Vec<&Value> {
        let mut found = Vec::new();
        for panel in self.json["panels"].as_array().unwrap() {
            found.push(panel);
            found.extend(panel["panels"].as_array().into_iter().flatten());
        }
        found
    }

    /// What its panels ask.
    pub(crate) fn queries(&self) -> Vec<Query> {
        let mut found = Vec::new();
        for panel in self.panels() {
            let title = panel["title"].as_str().unwrap_or_default();
            for target in panel["targets"].as_array().into_iter().flatten() {
                found.push(Query {
                    place: format!("{}: {title}", self.file),
                    expr: target["expr"].as_str().unwrap_or_default().to_owned(),
                });
            }
        }
        found
    }
}
