//! How much one client, and all together, may take.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::config::RateLimit;

/// The limits of the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// How many connections there may be; the next one is closed at once, never an old one.
    pub connections: usize,
    /// How many of them may come from one address, so that nobody takes all.
    pub connections_each: usize,
    /// How long a TLS handshake may take.
    pub handshake: Duration,
    /// How long the head of a request may take, from its first byte, or from the connection.
    pub head: Duration,
    /// How long an answer may take until the client's side has taken it.
    pub answer: Duration,
    /// How long a connection may wait for its next request.
    pub idle: Duration,
    /// How long a closed connection is read on, so that the client gets to read the last answer.
    pub linger: Duration,
    /// How long answers that are under way may take when the server stops.
    pub grace: Duration,
    /// How many bytes the head of a request may have.
    pub head_bytes: usize,
    /// How many passwords may wait to be checked.
    pub attempts: usize,
    /// How many of them may come from one address.
    pub attempts_each: usize,
}

impl Limits {
    /// The limits for so many connections.
    pub fn of(connections: usize) -> Self {
        Self {
            connections,
            connections_each: (connections / 4).max(1),
            ..Self::default()
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 256,
            // More than Prometheus, a proxy and some people with the page open ever need.
            connections_each: 64,
            handshake: Duration::from_secs(10),
            head: Duration::from_secs(10),
            answer: Duration::from_secs(30),
            // Prometheus asks again after a minute or so.
            idle: Duration::from_mins(3),
            linger: Duration::from_secs(1),
            grace: Duration::from_secs(5),
            head_bytes: 16 * 1024,
            attempts: 32,
            attempts_each: 2,
        }
    }
}

/// Who shares a limit: one address of IPv4, or the /64 that one host of IPv6 has for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Neighbour(IpAddr);

impl From<IpAddr> for Neighbour {
    fn from(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(address) => IpAddr::V6((address.to_bits() >> 64 << 64).into()),
            address @ IpAddr::V4(_) => address,
        })
    }
}

/// Places, of which everybody may have some.
#[derive(Debug)]
pub(super) struct Places {
    all: usize,
    each: usize,
    taken: Mutex<HashMap<Neighbour, usize>>,
}

/// A place that is taken until this is dropped.
#[derive(Debug)]
pub(super) struct Place {
    places: Arc<Places>,
    of: Neighbour,
}

impl Places {
    pub(super) fn new(all: usize, each: usize) -> Arc<Self> {
        let taken = Mutex::default();
        Arc::new(Self { all, each, taken })
    }

    /// A place for `of`; `None` if all are taken, or it has its share.
    pub(super) fn take(self: &Arc<Self>, of: Neighbour) -> Option<Place> {
        let mut taken = self.taken();
        let all: usize = taken.values().sum();
        let own = taken.get(&of).copied().unwrap_or(0);
        if all >= self.all || own >= self.each {
            return None;
        }
        taken.insert(of, own + 1);
        Some(Place {
            places: Arc::clone(self),
            of,
        })
    }

    fn taken(&self) -> MutexGuard<'_, HashMap<Neighbour, usize>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken();
        match taken.get_mut(&self.of) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(taken.remove(&self.of)),
        }
    }
}

/// What is left of a rate: a bucket that fills up with time.
#[derive(Debug, Default)]
pub(super) struct Bucket(Mutex<Option<Fill>>);

#[derive(Debug)]
struct Fill {
    rate: RateLimit,
    tokens: f64,
    at: Instant,
}

impl Bucket {
    /// Whether one more request at `now` is within `rate`.
    pub(super) fn admits(&self, rate: Option<RateLimit>, now: Instant) -> bool {
        let mut fill = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(rate) = rate else {
            *fill = None;
            return true;
        };
        let burst = f64::from(rate.burst);
        if fill.as_ref().is_some_and(|fill| fill.rate != rate) {
            *fill = None;
        }
        let fill = fill.get_or_insert(Fill {
            rate,
            tokens: burst,
            at: now,
        });
        let passed = now.saturating_duration_since(fill.at);
        fill.at = now;
        fill.tokens = (fill.tokens + passed.div_duration_f64(rate.interval)).min(burst);
        let is_within = fill.tokens >= 1.0;
        if is_within {
            fill.tokens -= 1.0;
        }
        is_within
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn neighbour(address: &str) -> Neighbour {
        address.parse::<IpAddr>().unwrap().into()
    }

    #[test]
    fn nobody_takes_every_place() {
        let places = Places::new(3, 2);
        let first = places.take(neighbour("192.0.2.1")).unwrap();
        let _second = places.take(neighbour("192.0.2.1")).unwrap();
        assert!(
            places.take(neighbour("192.0.2.1")).is_none(),
            "has its share"
        );
        let _third = places.take(neighbour("192.0.2.2")).unwrap();
        assert!(
            places.take(neighbour("192.0.2.3")).is_none(),
            "all are taken"
        );
        drop(first);
        assert!(places.take(neighbour("192.0.2.3")).is_some());
        assert_eq!(places.taken().len(), 2, "who left is forgotten");
    }

    #[test]
    fn a_host_is_one_neighbour_however_many_addresses_it_has() {
        assert_eq!(neighbour("2001:db8::1"), neighbour("2001:db8::ffff:1"));
        assert_ne!(neighbour("2001:db8::1"), neighbour("2001:db8:0:1::1"));
        assert_eq!(neighbour("::ffff:192.0.2.1"), neighbour("192.0.2.1"));
        assert_ne!(neighbour("192.0.2.2"), neighbour("192.0.2.1"));
    }

    #[test]
    fn a_rate_lets_a_burst_through_and_then_one_by_one() {
        let bucket = Bucket::default();
        let rate = Some(RateLimit {
            interval: Duration::from_secs(1),
            burst: 2,
        });
        let begun = Instant::now();
        let at = |seconds: f32| begun + Duration::from_secs_f32(seconds);
        let admitted = [0.0, 0.0, 0.5, 1.0, 1.5, 2.0, 9.0, 9.0, 9.0];
        let admitted = admitted.map(|seconds| bucket.admits(rate, at(seconds)));
        assert_eq!(
            admitted,
            [true, true, false, true, false, true, true, true, false]
        );
        assert!(bucket.admits(None, at(9.0)));
    }
}
