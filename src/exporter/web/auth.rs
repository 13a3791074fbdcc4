//! Passwords: who may see anything at all.
//!
//! * Every check of a password costs one run of bcrypt, whether the user exists or not: for an unknown
//!   one, with the hash of some other user.
//! * One bcrypt runs at a time, beside the tasks that answer, and few may wait for it from one address: guessing is
//!   slow, and nobody else notices.
//! * A pair that was right once is remembered, by a keyed hash that is worth nothing to anybody else.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hyper::HeaderMap;
use hyper::header::AUTHORIZATION;
use ring::{hmac, rand};
use tokio::sync::Semaphore;

use super::config::{Invalid, Secret};
use super::limits::{Limits, Neighbour, Places};

/// How many pairs are remembered.
const REMEMBERED: usize = 256;

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Admission {
    /// It may see everything.
    Granted,
    /// No user, or not the user's password.
    Refused,
    /// Too many passwords wait to be checked.
    Busy,
}

type Verify = dyn Fn(&[u8], &str) -> bool + Send + Sync;
type Tag = [u8; 32];

/// Checks passwords.
pub(super) struct Gate {
    key: hmac::Key,
    verify: Arc<Verify>,
    remembered: Mutex<Remembered>,
    turns: Arc<Semaphore>,
    waiting: Arc<Places>,
}

#[derive(Default)]
struct Remembered {
    tags: HashSet<Tag>,
    order: VecDeque<Tag>,
}

impl fmt::Debug for Gate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Gate").finish_non_exhaustive()
    }
}

impl Gate {
    /// One that nobody has passed yet.
    ///
    /// # Errors
    /// If the system has no random numbers.
    pub(super) fn new(limits: &Limits) -> Result<Self, Invalid> {
        Self::with(limits, |password, hash| {
            bcrypt::verify(password, hash).unwrap_or(false)
        })
    }

    fn with(
        limits: &Limits,
        verify: impl Fn(&[u8], &str) -> bool + Send + Sync + 'static,
    ) -> Result<Self, Invalid> {
        let key = hmac::Key::generate(hmac::HMAC_SHA256, &rand::SystemRandom::new());
        Ok(Self {
            key: key.map_err(|_| Invalid::new("the system has no random numbers"))?,
            verify: Arc::new(verify),
            remembered: Mutex::default(),
            turns: Arc::new(Semaphore::new(1)),
            waiting: Places::new(limits.attempts, limits.attempts_each),
        })
    }

    /// Whether a request with `headers` may see anything.
    pub(super) async fn check(
        &self,
        users: &BTreeMap<String, Secret>,
        headers: &HeaderMap,
        from: Neighbour,
    ) -> Admission {
        if users.is_empty() {
            return Admission::Granted;
        }
        let Some((user, password)) = credentials(headers) else {
            return Admission::Refused;
        };
        let own = users.get(&user);
        let Some(hash) = own.or_else(|| self.another(users, &user)) else {
            return Admission::Refused;
        };
        let tag = self.tag(&[user.as_bytes(), hash.expose().as_bytes(), &password]);
        if own.is_some() && self.remembers(&tag) {
            return Admission::Granted;
        }
        let Some(place) = self.waiting.take(from) else {
            return Admission::Busy;
        };
        let Ok(turn) = Arc::clone(&self.turns).acquire_owned().await else {
            return Admission::Busy;
        };
        let (verify, hash) = (Arc::clone(&self.verify), hash.clone());
        // The turn and the place end with bcrypt, also where the client has gone in the meantime.
        let checking = tokio::task::spawn_blocking(move || {
            let is_right = verify(&password, hash.expose());
            drop((turn, place));
            is_right
        });
        let is_right = checking.await.unwrap_or(false);
        if own.is_some() && is_right {
            self.remember(tag);
            Admission::Granted
        } else {
            Admission::Refused
        }
    }

    /// The hash that stands in for that of a user who does not exist: always the same one, so that
    /// the time it takes tells as little as that of a user who does.
    fn another<'a>(&self, users: &'a BTreeMap<String, Secret>, user: &str) -> Option<&'a Secret> {
        let tag = self.tag(&[user.as_bytes()]);
        let number = tag
            .iter()
            .fold(0, |sum, &it| (sum * 256 + usize::from(it)) % users.len());
        users.values().nth(number)
    }

    fn tag(&self, words: &[&[u8]]) -> Tag {
        let mut context = hmac::Context::with_key(&self.key);
        for word in words {
            context.update(&word.len().to_le_bytes());
            context.update(word);
        }
        let mut tag = Tag::default();
        for (into, from) in tag.iter_mut().zip(context.sign().as_ref()) {
            *into = *from;
        }
        tag
    }

    fn remembers(&self, tag: &Tag) -> bool {
        let remembered = self
            .remembered
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        remembered.tags.contains(tag)
    }

    fn remember(&self, tag: Tag) {
        let mut remembered = self
            .remembered
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if !remembered.tags.insert(tag) {
            return;
        }
        remembered.order.push_back(tag);
        if remembered.order.len() > REMEMBERED
            && let Some(oldest) = remembered.order.pop_front()
        {
            remembered.tags.remove(&oldest);
        }
    }
}

/// The user and the password of a request, by the scheme `Basic`.
fn credentials(headers: &HeaderMap) -> Option<(String, Vec<u8>)> {
    let (scheme, text) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("Basic") {
        return None;
    }
    let pair = BASE64_STANDARD.decode(text.trim()).ok()?;
    let mut parts = pair.splitn(2, |&it| it == b':');
    let (user, password) = (parts.next()?, parts.next()?);
    Some((String::from_utf8(user.to_vec()).ok()?, password.to_vec()))
}

#[cfg(test)]
mod tests;
