//! Bytes that are sent one after the other and need not lie so in memory.

use std::io::IoSlice;
use std::sync::Arc;

use hyper::body::{Buf, Bytes};

/// `bytes` without room for more.
pub(super) fn exact(bytes: Vec<u8>) -> Bytes {
    bytes.into_boxed_slice().into()
}

/// Some bytes, in pieces that others may share. A clone is another reader of the same ones, which begins
/// where this one stands.
#[derive(Debug, Clone, Default)]
pub struct Pieces {
    all: Arc<[Bytes]>,
    /// The piece that is read next.
    next: usize,
    /// How much of it has been read.
    read: usize,
    /// How much is left to read of all of them.
    left: usize,
}

impl Pieces {
    /// The pieces that are left, as far as they are.
    fn rest(&self) -> impl Iterator<Item = &[u8]> {
        let first = self.all.get(self.next);
        let first = first.and_then(|it| it.get(self.read..));
        let others = self.all.iter().skip(self.next + 1);
        first.into_iter().chain(others.map(AsRef::as_ref))
    }
}

impl FromIterator<Bytes> for Pieces {
    fn from_iter<I: IntoIterator<Item = Bytes>>(pieces: I) -> Self {
        // An empty one would be taken for the end.
        let all: Arc<[Bytes]> = pieces.into_iter().filter(|it| !it.is_empty()).collect();
        Self {
            left: all.iter().map(Bytes::len).sum(),
            all,
            next: 0,
            read: 0,
        }
    }
}

impl<T: Into<Bytes>> From<T> for Pieces {
    fn from(bytes: T) -> Self {
        [bytes.into()].into_iter().collect()
    }
}

/// What is sent as one: the server takes its next look at the time when all of it is written.
impl Buf for Pieces {
    fn remaining(&self) -> usize {
        self.left
    }

    fn chunk(&self) -> &[u8] {
        self.rest().next().unwrap_or_default()
    }

    fn chunks_vectored<'a>(&'a self, slices: &mut [IoSlice<'a>]) -> usize {
        let pairs = slices.iter_mut().zip(self.rest());
        pairs
            .map(|(slice, piece)| *slice = IoSlice::new(piece))
            .count()
    }

    fn advance(&mut self, count: usize) {
        let mut count = count.min(self.left);
        self.left -= count;
        while let Some(piece) = self.all.get(self.next) {
            let here = piece.len() - self.read;
            if count < here {
                self.read += count;
                break;
            }
            count -= here;
            (self.next, self.read) = (self.next + 1, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_read_to_the_end_in_steps_of_any_size() {
        let words = ["one ", "", "and two, ", "x", ""];
        let whole = words.concat();
        let pieces: Pieces = words.into_iter().map(Bytes::from).collect();
        for step in 1..=whole.len() + 1 {
            let (mut left, mut read) = (pieces.clone(), String::new());
            while left.has_remaining() {
                let mut slices = [IoSlice::new(&[]); 8];
                let filled = left.chunks_vectored(&mut slices);
                let rest: Vec<u8> = slices[..filled].iter().flat_map(|it| it.to_vec()).collect();
                assert_eq!(format!("{read}{}", String::from_utf8_lossy(&rest)), whole);
                assert_eq!(rest.len(), left.remaining());
                assert!(rest.starts_with(left.chunk()) && !left.chunk().is_empty());
                let take = step.min(rest.len());
                read.push_str(std::str::from_utf8(&rest[..take]).unwrap());
                left.advance(take);
            }
            assert_eq!(read, whole);
            assert!(left.chunk().is_empty());
        }
        assert!(!Pieces::from("").has_remaining());
        assert!(!Pieces::default().has_remaining());
    }

    #[test]
    fn fewer_places_than_pieces_take_the_first() {
        let pieces: Pieces = ["a", "b", "c"].into_iter().map(Bytes::from).collect();
        let mut slices = [IoSlice::new(&[]); 2];
        assert_eq!(pieces.chunks_vectored(&mut slices), 2);
        assert_eq!(slices.map(|it| it.to_vec()).concat(), b"ab");
    }
}
