//! Taking a compressed capture apart, in memory and within a limit: a small file can claim to be
//! terabytes.

use std::io::{self, Read};

use flate2::read::MultiGzDecoder;

use crate::cli::failure::{Failure, Kind};

/// How much a compressed capture may hold, in bytes. A host with 8 controllers and 2000 drives has
/// less than 20 MiB of outputs.
const LARGEST: u64 = 96 << 20;

/// What stands in a compressed file.
#[derive(Debug, PartialEq, Eq)]
pub enum Content {
    /// One text.
    Text(Vec<u8>),
    /// The files of a tar archive, by their names in it, in order.
    Files(Vec<(String, Vec<u8>)>),
}

/// Whether `bytes` begin as gzip does.
pub fn is_packed(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b])
}

/// Unpacks `bytes`, which stand in `place`.
///
/// # Errors
/// If it is damaged, or holds more than any capture does.
pub fn unpack(place: &str, bytes: &[u8]) -> Result<Content, Failure> {
    unpack_at_most(LARGEST, place, bytes)
}

fn unpack_at_most(limit: u64, place: &str, bytes: &[u8]) -> Result<Content, Failure> {
    let damaged = |error: io::Error| {
        let failure = Failure::because(Kind::Environment, format!("cannot unpack {place}"), error);
        failure.hint(format!("whether it arrived whole: gzip -tv {place}"))
    };
    let mut unpacked = Vec::new();
    let size = MultiGzDecoder::new(bytes)
        .take(limit.saturating_add(1))
        .read_to_end(&mut unpacked)
        .map_err(damaged)?;
    if u64::try_from(size).unwrap_or(u64::MAX) > limit {
        return Err(too_much(place, limit));
    }
    if !is_tar(&unpacked) {
        return Ok(Content::Text(unpacked));
    }
    let mut files = Vec::new();
    let mut left = limit;
    let mut archive = tar::Archive::new(unpacked.as_slice());
    for entry in archive.entries().map_err(damaged)? {
        let entry = entry.map_err(damaged)?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let name = entry.path().map_err(damaged)?.display().to_string();
        let mut bytes = Vec::new();
        // A sparse entry can be larger than the archive.
        let size = entry
            .take(left.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(damaged)?;
        left = u64::try_from(size)
            .ok()
            .and_then(|size| left.checked_sub(size))
            .ok_or_else(|| too_much(place, limit))?;
        files.push((name, bytes));
    }
    files.sort();
    Ok(Content::Files(files))
}

/// Every tar of the last forty years says so at one place of its first header.
fn is_tar(bytes: &[u8]) -> bool {
    bytes.get(257..262) == Some(b"ustar")
}

fn too_much(place: &str, limit: u64) -> Failure {
    let message = format!("{place} holds more than {} MiB", limit >> 20);
    Failure::because(
        Kind::Environment,
        message,
        "no capture of a host is as large",
    )
    .hint(format!("look at what it holds: tar -tvzf {place}"))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn pack(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for (name, bytes) in files {
            let mut header = tar::Header::new_gnu();
            header.set_size(bytes.len() as u64);
            header.set_mode(0o600);
            builder.append_data(&mut header, name, *bytes).unwrap();
        }
        builder.into_inner().unwrap()
    }

    #[test]
    fn a_tar_gives_its_files_and_anything_else_is_a_text() {
        let packed = pack(&tar(&[("host/b.txt", b"two"), ("host/a.txt", b"one")]));
        assert!(is_packed(&packed));
        let files = [("host/a.txt", b"one"), ("host/b.txt", b"two")]
            .map(|(name, bytes)| (name.to_owned(), bytes.to_vec()));
        assert_eq!(
            unpack("x", &packed).unwrap(),
            Content::Files(files.to_vec())
        );
        let text = pack(b"Adapter #0\n");
        let expected = Content::Text(b"Adapter #0\n".to_vec());
        assert_eq!(unpack("x", &text).unwrap(), expected);
    }

    #[test]
    fn a_bomb_is_refused_before_it_is_unpacked() {
        let bomb = pack(&vec![0; 4 << 20]);
        assert!(bomb.len() < 100 << 10);
        let failure = unpack_at_most(1 << 20, "bomb.gz", &bomb).unwrap_err();
        assert_eq!(failure.chain()[0], "bomb.gz holds more than 1 MiB");
    }

    #[test]
    fn a_sparse_entry_is_no_way_around_the_limit() {
        let mut header = tar::Header::new_gnu();
        header.set_path("bomb").unwrap();
        header.set_size(0);
        header.set_entry_type(tar::EntryType::GNUSparse);
        let gnu = header.as_gnu_mut().unwrap();
        gnu.set_real_size(1 << 40);
        header.set_cksum();
        let mut bytes = header.as_bytes().to_vec();
        bytes.resize(bytes.len() + 1024, 0);
        let unpacked = unpack_at_most(1 << 20, "bomb.gz", &pack(&bytes));
        // Either it is refused, or it is not taken for a file at all.
        if let Ok(Content::Files(files)) = unpacked {
            assert!(files.iter().all(|(_, bytes)| bytes.len() <= 1 << 20));
        }
    }

    #[test]
    fn a_cut_file_is_an_error_and_no_capture() {
        let packed = pack(&tar(&[("a.txt", &[b'x'; 5000])]));
        let failure = unpack("cut.tar.gz", &packed[..packed.len() / 2]).unwrap_err();
        assert_eq!(failure.chain()[0], "cannot unpack cut.tar.gz");
    }
}
