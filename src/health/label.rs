//! Objects as words, as the label `object` of a metric names them: no names, no serial numbers.

use ironkeep_parsers::model::{DriveAddress, EnclosureId, Slot};

use super::Object;

impl Object {
    /// The object without what a person named it and without serial numbers, which would make new series
    /// of old troubles.
    #[must_use]
    pub fn nameless(&self) -> Self {
        match self {
            Self::VirtualDrive { target_id, .. } => Self::VirtualDrive {
                target_id: *target_id,
                name: None,
            },
            Self::PhysicalDrive { address, .. } => Self::PhysicalDrive {
                address: *address,
                serial: None,
            },
            Self::MemoryModule { label, .. } => Self::MemoryModule {
                label: label.clone(),
                serial: None,
            },
            Self::Host
            | Self::Controller
            | Self::MissingDrive { .. }
            | Self::CacheProtection
            | Self::Enclosure { .. } => self.clone(),
        }
    }

    /// The object that `words` name: `host`, `vd 0`, `pd 252:4`, `missing drive 0/2`. `None` where they
    /// are not of this program. The opposite of the `Display` of [`Self::nameless`].
    pub fn of_words(words: &str) -> Option<Self> {
        // A label of a board may be of several words.
        if let Some(label) = words.strip_prefix("dimm ").filter(|it| !it.is_empty()) {
            return Some(Self::MemoryModule {
                label: label.to_owned(),
                serial: None,
            });
        }
        let (kind, which) = match words.rsplit_once(' ') {
            Some((_, "")) => return None,
            Some(both) => both,
            None => (words, ""),
        };
        Some(match (kind, which) {
            ("host", "") => Self::Host,
            ("controller", "") => Self::Controller,
            ("bbu", "") => Self::CacheProtection,
            ("vd", which) => Self::VirtualDrive {
                target_id: known(which)?,
                name: None,
            },
            ("pd", "?") => Self::PhysicalDrive {
                address: None,
                serial: None,
            },
            ("pd", which) => Self::PhysicalDrive {
                address: Some(address(which)?),
                serial: None,
            },
            ("missing drive", which) => {
                let (drive_group, arm) = which.split_once('/')?;
                Self::MissingDrive {
                    drive_group: drive_group.parse().ok()?,
                    arm: arm.parse().ok()?,
                }
            }
            ("enclosure", which) => Self::Enclosure {
                enclosure: known(which)?,
            },
            _ => return None,
        })
    }
}

/// A number, or `?` where the host does not know it; `None` for anything else.
#[expect(
    clippy::option_option,
    reason = "what is no number is another thing than a number that is not known"
)]
fn known<T: std::str::FromStr>(words: &str) -> Option<Option<T>> {
    if words == "?" {
        return Some(None);
    }
    words.parse().ok().map(Some)
}

fn address(words: &str) -> Option<DriveAddress> {
    let (enclosure, slot) = words.split_once(':')?;
    let enclosure = match enclosure {
        "" => None,
        digits => Some(EnclosureId(digits.parse().ok()?)),
    };
    let slot = Slot(slot.parse().ok()?);
    Some(DriveAddress { enclosure, slot })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_as_they_are_written() {
        for words in [
            "host",
            "controller",
            "vd 0",
            "vd ?",
            "pd 252:4",
            "pd :4",
            "pd ?",
            "missing drive 0/2",
            "bbu",
            "enclosure 252",
            "enclosure ?",
            "dimm P1-DIMMA1",
            "dimm NODE 1 DIMM_A1",
        ] {
            let object = Object::of_words(words);
            assert_eq!(object.map(|it| it.to_string()).as_deref(), Some(words));
        }
    }

    #[test]
    fn what_is_not_ours_is_nothing() {
        for words in [
            "",
            "vd",
            "vd x",
            "pd 252",
            "bbu 1",
            "missing drive 0",
            "fan 3",
            "host ",
        ] {
            assert_eq!(Object::of_words(words), None, "{words}");
        }
    }
}
