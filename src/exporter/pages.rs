//! Everything that is served, as bytes, made once per change of what is known.
//!
//! Old pages are there until the new ones are: this is when the daemon needs the most memory. So both text
//! formats share their samples, of which nothing is a copy.

use std::io::{self, Write};
use std::mem;

use flate2::Compression;
use flate2::write::GzEncoder;
use hyper::body::Buf;

use super::exposition::{Exposition, Sizes, TextFormat};
use super::metrics;
use super::pieces::{Pieces, exact};
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
    sizes: Sizes,
}

impl Press {
    /// One whose page for people `render` draws.
    pub fn new(render: fn(&Snapshot) -> String) -> Self {
        Self {
            render,
            sizes: Sizes::new(),
        }
    }

    /// The pages that show `snapshot`.
    pub fn print(&mut self, snapshot: &Snapshot) -> Pages {
        // First what leaves more behind than it keeps: the rest has room there.
        let html = Encoded::of(exact((self.render)(snapshot).into_bytes()));
        let mut metrics = Exposition::with_room_for(mem::take(&mut self.sizes));
        metrics::fill(&mut metrics, snapshot);
        self.sizes = metrics.sizes();
        let formats = [TextFormat::Prometheus, TextFormat::OpenMetrics];
        let [prometheus, openmetrics] = metrics.share(formats).map(Encoded::of);
        Pages {
            prometheus,
            openmetrics,
            html,
            ready: snapshot.collections.count > 0,
        }
    }
}
