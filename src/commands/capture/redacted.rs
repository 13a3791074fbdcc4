//! A capture with pseudonyms in it.

use crate::backend::record::Recorded;
use crate::cli::failure::{Failure, Kind};
use crate::redact;

/// `all` and `host` (the file about the host) redacted, names of files and notes as well: people name
/// files after hosts.
pub(super) fn redacted(
    mut all: Vec<Recorded>,
    host: Option<&[u8]>,
    host_name: Option<String>,
) -> Result<(Vec<Recorded>, Option<Vec<u8>>), Failure> {
    let mut texts = Vec::new();
    for recorded in &mut all {
        texts.push(std::mem::take(&mut recorded.output));
        texts.extend(recorded.events.as_mut().map(std::mem::take));
        texts.push(std::mem::take(&mut recorded.name).into_bytes());
        texts.push(std::mem::take(&mut recorded.arguments).into_bytes());
        texts.extend(
            recorded
                .note
                .as_mut()
                .map(std::mem::take)
                .map(String::into_bytes),
        );
    }
    texts.extend(host.map(<[u8]>::to_vec));
    let host_names: Vec<String> = host_name.into_iter().collect();
    let mut redacted = redact::redact(&texts, &host_names)?.into_iter();
    let mut next = || {
        let lost = || Failure::new(Kind::Internal, "a text was lost while redacting");
        redacted.next().ok_or_else(lost)
    };
    for recorded in &mut all {
        recorded.output = next()?;
        if let Some(events) = &mut recorded.events {
            *events = next()?;
        }
        recorded.name = text(&next()?);
        recorded.arguments = text(&next()?);
        if let Some(note) = &mut recorded.note {
            *note = text(&next()?);
        }
    }
    let host = match host {
        Some(_) => Some(next()?),
        None => None,
    };
    Ok((all, host))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
