//! Clearing the event log.

use ironkeep_parsers::model::{ControllerId, EventLogInfo};

use super::{Act, Check, Risk, Scene, Seen, whole};
use crate::reading::{Controller, Part};

/// The event log of a controller is cleared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventLogClear {
    /// The controller.
    pub controller: ControllerId,
    /// The file that holds the log, and the number of the newest event in it.
    pub exported: Option<Exported>,
}

/// A log that somebody keeps in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// The file, for people.
    pub file: String,
    /// The number of the newest event in it; `None` where it holds none.
    pub newest: Option<u64>,
}

impl Act for EventLogClear {
    fn name(&self) -> &'static str {
        "event.clear"
    }

    fn words(&self) -> String {
        format!("clear the event log of controller {}", self.controller)
    }

    fn object(&self) -> String {
        whole::name(self.controller)
    }

    fn risk(&self, _: &Scene<'_>) -> Risk {
        Risk::Destroy
    }

    fn parts(&self) -> &'static [Part] {
        &[Part::EventPositions]
    }

    fn checks(&self, scene: &Scene<'_>) -> Vec<Check> {
        const CODE: &str = "not_exported";
        let at = scene.controller;
        let Some(log) = &at.event_positions else {
            return vec![Check::unread(CODE, at, Part::EventPositions)];
        };
        let observed = words(log);
        let why = "what the log says about drives that failed is gone with it";
        let keep = "keep it in a file first: ironkeep event clear --export FILE";
        let check = match &self.exported {
            None => Check::refuses(CODE, observed, why).possible(keep),
            Some(Exported { file, newest }) => {
                let last =
                    newest.map_or_else(|| "no event".to_owned(), |it| format!("events up to {it}"));
                let observed = format!("{observed}; {file} holds {last}");
                // The one that the export itself may have caused is no loss.
                if newest.is_some() && *newest >= log.newest {
                    Check::holds(CODE, observed)
                } else {
                    let why = "newer events are not in the file";
                    Check::refuses(CODE, observed, why).possible(keep)
                }
            }
        };
        vec![check]
    }

    fn seen(&self, before: &Controller, after: &Controller) -> Seen {
        let cleared = |at: &Controller| at.event_positions.as_ref().and_then(|it| it.clear);
        let Some(log) = &after.event_positions else {
            return Seen::Invisible("the numbers of the log could not be read");
        };
        if log.clear.is_some() && cleared(after) != cleared(before) {
            Seen::Done(words(log))
        } else {
            Seen::Otherwise(words(log))
        }
    }

    fn state(&self, at: &Controller) -> Option<String> {
        at.event_positions.as_ref().map(words)
    }
}

fn words(log: &EventLogInfo) -> String {
    let number = |it: Option<u64>| it.map_or_else(|| "not told".to_owned(), |it| it.to_string());
    format!(
        "newest event {}, cleared up to {}",
        number(log.newest),
        number(log.clear)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::tests::checks;

    fn at(newest: u64, clear: u64) -> Controller {
        Controller {
            id: Some(ControllerId(0)),
            event_positions: Some(EventLogInfo {
                newest: Some(newest),
                clear: Some(clear),
                ..EventLogInfo::default()
            }),
            ..Controller::default()
        }
    }

    fn clear(newest: Option<u64>) -> EventLogClear {
        EventLogClear {
            controller: ControllerId(0),
            exported: newest.map(|newest| Exported {
                file: "log.txt".to_owned(),
                newest: Some(newest),
            }),
        }
    }

    #[test]
    fn a_log_is_cleared_only_if_all_of_it_is_in_a_file() {
        let refuses = |newest| checks(&clear(newest), at(100, 0))[0].stands_against(&[]);
        assert!(refuses(None));
        assert!(refuses(Some(99)));
        assert!(!refuses(Some(100)));
        assert!(!refuses(Some(101)));
    }

    #[test]
    fn the_mark_of_the_clearing_tells() {
        let it = clear(None);
        assert!(matches!(it.seen(&at(100, 0), &at(101, 100)), Seen::Done(_)));
        assert!(matches!(
            it.seen(&at(100, 0), &at(101, 0)),
            Seen::Otherwise(_)
        ));
    }
}
