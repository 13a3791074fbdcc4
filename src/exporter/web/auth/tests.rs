use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use hyper::header::HeaderValue;

use super::*;

/// Bcrypt's outcome is decided by the password being that of the hash; its calls are noted.
#[derive(Clone, Default)]
struct Calls(Arc<Mutex<Vec<String>>>);

impl Calls {
    fn gate(&self, limits: &Limits) -> Gate {
        let calls = self.clone();
        Gate::with(limits, move |password, hash| {
            calls.0.lock().unwrap().push(hash.to_owned());
            hash.as_bytes().ends_with(password)
        })
        .unwrap()
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

fn users() -> BTreeMap<String, Secret> {
    let file = "basic_auth_users:\n\
        \x20 alice: $2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimALICE\n\
        \x20 bob: $2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhCBOB\n";
    super::super::config::WebConfig::parse(file, std::path::Path::new(""))
        .unwrap()
        .users
}

fn headers(user: &str, password: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let pair = BASE64_STANDARD.encode(format!("{user}:{password}"));
    headers.insert(
        AUTHORIZATION,
        HeaderValue::from_str(&format!("Basic {pair}")).unwrap(),
    );
    headers
}

fn from(last: u8) -> Neighbour {
    std::net::IpAddr::from([192, 0, 2, last]).into()
}

#[tokio::test]
async fn whoever_asks_costs_one_run_of_bcrypt() {
    let (calls, users) = (Calls::default(), users());
    let gate = calls.gate(&Limits::default());
    let known: Vec<&str> = users.values().map(Secret::expose).collect();
    for user in ["alice", "bob", "mallory", "", "ALICE", "root"] {
        let admission = gate.check(&users, &headers(user, "wrong"), from(1)).await;
        assert_eq!(admission, Admission::Refused);
        let made = calls.take();
        assert_eq!(made.len(), 1, "{user}");
        assert!(
            known.contains(&made[0].as_str()),
            "with a real hash, so at a real cost"
        );
        gate.check(&users, &headers(user, "wrong"), from(1)).await;
        assert_eq!(calls.take(), made, "and with the same one each time");
    }
}

#[tokio::test]
async fn the_password_of_another_user_lets_nobody_in() {
    let (calls, users) = (Calls::default(), users());
    let gate = calls.gate(&Limits::default());
    for user in ["mallory", "bob"] {
        for _ in 0..2 {
            let admission = gate.check(&users, &headers(user, "ALICE"), from(1)).await;
            assert_eq!(admission, Admission::Refused);
        }
    }
    assert_eq!(calls.take().len(), 4, "nothing was remembered");
}

#[tokio::test]
async fn a_right_pair_is_remembered_until_its_hash_changes() {
    let (calls, mut users) = (Calls::default(), users());
    let gate = calls.gate(&Limits::default());
    for _ in 0..3 {
        let admission = gate
            .check(&users, &headers("alice", "ALICE"), from(1))
            .await;
        assert_eq!(admission, Admission::Granted);
    }
    assert_eq!(calls.take().len(), 1);
    let bobs = users["bob"].clone();
    users.insert("alice".to_owned(), bobs);
    let admission = gate
        .check(&users, &headers("alice", "ALICE"), from(1))
        .await;
    assert_eq!(admission, Admission::Refused);
    users.remove("alice");
    let admission = gate
        .check(&users, &headers("alice", "ALICE"), from(1))
        .await;
    assert_eq!(admission, Admission::Refused);
}

#[tokio::test]
async fn not_everything_is_remembered() {
    let calls = Calls::default();
    let gate = calls.gate(&Limits::default());
    for number in 0..u16::try_from(REMEMBERED * 2).unwrap() {
        gate.remember(gate.tag(&[&number.to_le_bytes()]));
    }
    let remembered = gate.remembered.lock().unwrap();
    assert_eq!(
        (remembered.tags.len(), remembered.order.len()),
        (REMEMBERED, REMEMBERED)
    );
}

#[tokio::test]
async fn what_is_no_pair_is_refused_at_once() {
    let (calls, users) = (Calls::default(), users());
    let gate = calls.gate(&Limits::default());
    assert_eq!(
        gate.check(&users, &HeaderMap::new(), from(1)).await,
        Admission::Refused
    );
    for text in [
        "",
        "Basic",
        "Basic ",
        "Basic !!!",
        "Basic YWxpY2U=",
        "Bearer x",
        "Basic /////w==",
    ] {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, HeaderValue::from_str(text).unwrap());
        assert_eq!(
            gate.check(&users, &headers, from(1)).await,
            Admission::Refused,
            "{text}"
        );
    }
    assert!(calls.take().is_empty());
    let open = gate
        .check(&BTreeMap::new(), &HeaderMap::new(), from(1))
        .await;
    assert_eq!(open, Admission::Granted);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_wrong_passwords_keeps_nobody_else_out() {
    let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (counted, peak) = (Arc::clone(&running), Arc::clone(&most));
    let gate = Gate::with(&Limits::default(), move |password, hash| {
        let now = counted.fetch_add(1, Ordering::SeqCst) + 1;
        peak.fetch_max(now, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(5));
        counted.fetch_sub(1, Ordering::SeqCst);
        hash.as_bytes().ends_with(password)
    });
    let (gate, users) = (Arc::new(gate.unwrap()), Arc::new(users()));
    let ask = |user: &'static str, password: &'static str, last: u8| {
        let (gate, users) = (Arc::clone(&gate), Arc::clone(&users));
        async move {
            gate.check(&users, &headers(user, password), from(last))
                .await
        }
    };
    assert_eq!(ask("bob", "BOB", 2).await, Admission::Granted);
    let flood: Vec<_> = (0..200)
        .map(|_| tokio::spawn(ask("alice", "wrong", 1)))
        .collect();
    // Known already, so there is nothing to wait for; and new, from elsewhere.
    assert_eq!(ask("bob", "BOB", 1).await, Admission::Granted);
    assert_eq!(ask("alice", "ALICE", 3).await, Admission::Granted);
    let mut refused = 0;
    for attempt in flood {
        match attempt.await.unwrap() {
            Admission::Granted => panic!("a wrong password let somebody in"),
            Admission::Refused => refused += 1,
            Admission::Busy => {}
        }
    }
    assert!(
        refused > 0 && refused < 200,
        "{refused}: only some of the flood is looked at"
    );
    assert_eq!(most.load(Ordering::SeqCst), 1, "one at a time");
    assert_eq!(
        ask("alice", "wrong", 1).await,
        Admission::Refused,
        "and then it has a turn again"
    );
}

#[test]
fn the_three_kinds_of_bcrypt_hashes_are_understood() {
    let hash = bcrypt::hash("secret", 4).unwrap();
    for kind in ["$2a$", "$2b$", "$2y$"] {
        let hash = format!("{kind}{}", hash.get(4..).unwrap());
        assert!(bcrypt::verify("secret", &hash).unwrap());
        assert!(!bcrypt::verify("Secret", &hash).unwrap());
        assert!(!bcrypt::verify([0; 100], &hash).unwrap());
    }
}
