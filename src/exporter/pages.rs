//! Everything that is served, as bytes, made once per change of what is known.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use hyper::body::Bytes;

use super::exposition::TextFormat;
use super::metrics;
use super::snapshot::Snapshot;

/// A page, plain and compressed.
#[derive(Debug, Clone, Default)]
pub struct Encoded {
    /// As it is.
    pub plain: Bytes,
    /// Compressed with gzip.
    pub gzip: Bytes,
}

impl Encoded {
    fn of(text: String) -> Self {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        // Writing to memory cannot fail.
        let gzip = match encoder
            .write_all(text.as_bytes())
            .and_then(|()| encoder.finish())
        {
            Ok(bytes) => bytes.into(),
            Err(_) => Bytes::new(),
        };
        Self {
            plain: text.into(),
            gzip,
        }
    }
}

/// The pages of one moment.
#[derive(Debug, Clone, Default)]
pub struct Pages {
    /// The metrics in the Prometheus text format.
    pub prometheus: Encoded,
    /// The metrics in OpenMetrics.
    pub openmetrics: Encoded,
    /// The page for people.
    pub html: Encoded,
    /// Whether a collection has ended.
    pub ready: bool,
}

impl Pages {
    /// The pages that show `snapshot`, to people as `render` draws it.
    pub fn of(snapshot: &Snapshot, render: fn(&Snapshot) -> String) -> Self {
        let metrics = metrics::describe(snapshot);
        Self {
            prometheus: Encoded::of(metrics.encode(TextFormat::Prometheus)),
            openmetrics: Encoded::of(metrics.encode(TextFormat::OpenMetrics)),
            html: Encoded::of(render(snapshot)),
            ready: snapshot.collections.count > 0,
        }
    }
}
