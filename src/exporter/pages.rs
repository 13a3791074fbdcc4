//! Everything that is served, as bytes, made once per change of what is known.
//!
//! Old pages are there until the new ones are: this is when the daemon needs the most memory. So both text
//! formats share their samples, of which there is one copy more only until they are in order.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use hyper::body::{Buf, Bytes};

use super::exposition::{Exposition, TextFormat};
use super::metrics;
use super::pieces::Pieces;
use super::snapshot::Snapshot;

/// A page, plain and compressed.
#[derive(Debug, Clone, Default)]
pub struct Encoded {
    /// As it is.
    pub plain: Pieces,
    /// Compressed with gzip.
    pub gzip: Pieces,
}

impl Encoded {
    fn of(plain: impl Into<Pieces>) -> Self {
        let plain = plain.into();
        // Writing to memory cannot fail.
        let gzip = compress(plain.clone()).unwrap_or_default();
        Self {
            plain,
            gzip: exact(gzip).into(),
        }
    }
}

fn compress(mut plain: Pieces) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    while plain.has_remaining() {
        let written = encoder.write(plain.chunk())?;
        plain.advance(written);
    }
    encoder.finish()
}

/// `bytes` without room for more.
fn exact(bytes: Vec<u8>) -> Bytes {
    bytes.into_boxed_slice().into()
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

/// Makes pages, one after the other.
#[derive(Debug)]
pub struct Press {
    /// Draws the page for people.
    render: fn(&Snapshot) -> String,
    /// How long the samples were the last time.
    samples: usize,
}

impl Press {
    /// One whose page for people `render` draws.
    pub fn new(render: fn(&Snapshot) -> String) -> Self {
        Self { render, samples: 0 }
    }

    /// The pages that show `snapshot`.
    pub fn print(&mut self, snapshot: &Snapshot) -> Pages {
        let (prometheus, openmetrics) = self.metrics(snapshot);
        Pages {
            prometheus: Encoded::of(prometheus),
            openmetrics: Encoded::of(openmetrics),
            html: Encoded::of(exact((self.render)(snapshot).into_bytes())),
            ready: snapshot.collections.count > 0,
        }
    }

    /// The metrics in both formats. The samples are the same bytes in memory.
    fn metrics(&mut self, snapshot: &Snapshot) -> (Bytes, Pieces) {
        // Where they begin to outgrow it, the room would double.
        let mut metrics = Exposition::with_room(self.samples + self.samples / 16);
        metrics::fill(&mut metrics, snapshot);
        self.samples = metrics.size();
        let (text, samples) = metrics.encode_marked(TextFormat::Prometheus);
        let (heads, places) = metrics.heads(TextFormat::OpenMetrics);
        let (text, heads) = (Bytes::from(text), exact(heads.into_bytes()));
        let families = places.into_iter().zip(samples);
        let pieces = families.flat_map(|(head, samples)| [heads.slice(head), text.slice(samples)]);
        let end = Bytes::from_static(TextFormat::OpenMetrics.end().as_bytes());
        let openmetrics = pieces.chain([end]).collect();
        (text, openmetrics)
    }
}
