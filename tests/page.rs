//! The page for people, as Chromium shows it: in two widths, in both schemes, with scripts and without.
//! `tests/ci.sh` runs these tests where there is Chromium; the pictures are in `target/tmp/page`.

#![cfg(test)]
#![expect(
    clippy::disallowed_methods,
    reason = "daemon and browser are programs of their own"
)]

mod browsing;

use std::fs;
use std::process::Command;

use browsing::{Browser, Daemon, View, pictures, wait_for};
use serde_json::{Value, json};

const SCENARIOS: &[&str] = &[
    "healthy",
    "failed-drive",
    "big-sata",
    "raid60-two-enclosures",
    "several-controllers",
    "rebuilding",
    "enclosure-faults",
    "direct-attached",
];

/// The data of a command about the host that `options` name.
fn data(options: &[&str], command: &[&str]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_ironkeep"))
        .args(options)
        .args(command)
        .args(["--format", "json"])
        .output()
        .unwrap();
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    json["data"].clone()
}

/// Every way to look at the page.
fn views() -> impl Iterator<Item = View> {
    [1280, 360].into_iter().flat_map(|width| {
        let view = |dark, script| View {
            width,
            dark,
            script,
        };
        [view(false, true), view(true, true), view(false, false)]
    })
}

#[test]
#[ignore = "needs Chromium"]
fn every_scenario_is_shown_to_everybody() {
    let mut browser = Browser::start();
    for scenario in SCENARIOS {
        let options = [format!("--demo={scenario}")];
        let options = [options[0].as_str()];
        let drives = data(&options, &["pd", "list"]);
        let daemon = Daemon::start(&options);
        for view in views() {
            browser.look(view);
            browser.visit(&format!("{}/", daemon.url));
            check(&mut browser, view, &drives);
            let scheme = if view.dark { "dark" } else { "light" };
            if view.script {
                browser.picture(&format!("{scenario}-{}-{scheme}.png", view.width), true);
            }
            assert_eq!(
                browser.complaints(),
                [&json!(null); 0],
                "{scenario} {view:?}"
            );
        }
    }
    println!("pictures of the page: {}", pictures().display());
}

/// What holds of every page: nothing is lost, nothing stands out of it, and it is in order.
fn check(browser: &mut Browser, view: View, drives: &Value) {
    let text = browser.text("document.querySelector('main').textContent");
    let bays = browser.ask("[...document.querySelectorAll('a.bay')].map(it => it.hash.slice(1))");
    let bays = bays.as_array().unwrap();
    let drives = drives.as_array().unwrap();
    assert_eq!(bays.len(), drives.len());
    for drive in drives {
        let number = |key: &str| {
            drive[key]
                .as_u64()
                .map_or_else(String::new, |it| it.to_string())
        };
        let id = format!(
            "d{}-{}-{}",
            number("controller"),
            number("enclosure"),
            number("slot")
        );
        assert!(bays.contains(&id.as_str().into()), "{id} in {bays:?}");
        assert!(
            text.contains(drive["inquiry"]["serial"].as_str().unwrap()),
            "{drive}"
        );
    }
    let widths = browser.ask("[document.documentElement.scrollWidth, innerWidth]");
    assert!(
        widths[0].as_u64() <= widths[1].as_u64(),
        "{widths} {view:?}"
    );
    // A symbol and a word beside the colour.
    let mute = "[...document.querySelectorAll('.bay')].filter(it => it.innerText.trim().split(/\\s+/).length < 3)";
    assert_eq!(
        browser.ask(&format!("{mute}.map(it => it.outerHTML)")),
        json!([])
    );
    let levels =
        browser.ask("[...document.querySelectorAll('h1,h2,h3,h4')].map(it => +it.tagName[1])");
    let levels: Vec<u64> = levels
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it.as_u64().unwrap())
        .collect();
    assert_eq!(levels[0], 1);
    assert!(
        levels.windows(2).all(|pair| pair[1] <= pair[0] + 1),
        "{levels:?}"
    );
    // Only the script can say how long ago something was.
    let ago = browser.text("document.querySelector('time').nextElementSibling.textContent");
    assert_eq!(ago.contains("ago"), view.script, "{ago}");
    let scheme = browser.text("getComputedStyle(document.body).backgroundColor");
    assert_eq!(scheme.starts_with("rgb(17"), view.dark, "{scheme}");
}

#[test]
#[ignore = "needs Chromium"]
fn the_details_of_a_drive_open_and_close_by_keyboard_without_script() {
    let daemon = Daemon::start(&["--demo=failed-drive"]);
    let mut browser = Browser::start();
    let shown = "[...document.querySelectorAll('.drive')].filter(it => it.checkVisibility()).map(it => it.id)";
    for width in [1280, 360] {
        browser.look(View {
            width,
            dark: true,
            script: false,
        });
        browser.visit(&format!("{}/", daemon.url));
        assert_eq!(browser.ask(shown), json!([]));
        // From the top of the page to the bay, by the Tab key alone.
        let active = "document.activeElement.className + document.activeElement.hash";
        let mut presses = 0;
        while browser.text(&format!("'' + ({active})")) != "bay b#d0-252-3" {
            presses += 1;
            assert!(presses < 100, "the bay cannot be reached");
            browser.press("Tab", 9);
        }
        browser.press("Enter", 13);
        wait_for("the details", || {
            (browser.ask(shown) == json!(["d0-252-3"])).then_some(())
        });
        let text = browser.text("document.querySelector(':target').innerText");
        for words in [
            "Failed",
            "6SJ020004",
            "If pulled",
            "ironkeep pd replace 252:3 --plan",
        ] {
            assert!(text.contains(words), "{words} in {text}");
        }
        let place = browser.ask("(r => [r.left, r.top, innerWidth - r.right, innerHeight - r.bottom])(document.querySelector(':target').getBoundingClientRect())");
        assert!(
            place
                .as_array()
                .unwrap()
                .iter()
                .all(|it| it.as_f64().unwrap() >= 0.0),
            "{place}"
        );
        browser.picture(&format!("details-{width}-dark.png"), false);
        browser.press("Tab", 9);
        assert_eq!(browser.text("document.activeElement.textContent"), "Close");
        browser.press("Enter", 13);
        wait_for("the details to close", || {
            (browser.ask(shown) == json!([])).then_some(())
        });
    }
}

#[test]
#[ignore = "needs Chromium"]
fn the_page_follows_the_host_and_says_when_nobody_answers() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    fs::write(
        path("config"),
        "[export]\ninterval_seconds = 1\nslow_interval_seconds = 1\n",
    )
    .unwrap();
    let (state, config) = (path("state"), path("config"));
    let options = ["--demo-state", &state, "--config", &config];
    let sim = |words: &[&str]| data(&options, &[&["sim"], words].concat());
    sim(&["start", "healthy"]);
    let mut daemon = Daemon::start(&options);
    let mut browser = Browser::start();
    browser.look(View {
        width: 1280,
        dark: false,
        script: true,
    });
    browser.visit(&format!("{}/", daemon.url));
    assert_eq!(browser.text("document.title"), "healthy – ironkeep");
    // Somebody reads.
    browser.ask("document.getElementById('collectors').open = true");
    browser.ask("document.querySelector('a.bay[href=\"#d0-252-2\"]').click()");
    browser.ask("document.querySelector(':target a').focus()");
    browser.ask("scrollTo(0, 50)");
    sim(&["fail", "252:3"]);
    // Without waiting for the next look of the script.
    let refresh = "document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))";
    wait_for("the failed drive", || {
        browser.ask(refresh);
        let bay = browser.text("document.querySelector('a.bay[href=\"#d0-252-3\"]').innerText");
        (!bay.contains("Online")).then_some(())
    });
    assert_ne!(browser.text("document.title"), "healthy – ironkeep");
    assert_eq!(
        browser.text("document.getElementById('said').textContent"),
        browser.text("document.title")
    );
    assert_eq!(
        browser.ask("document.getElementById('collectors').open"),
        true
    );
    assert_eq!(
        browser.text("document.querySelector(':target').id"),
        "d0-252-2"
    );
    assert_eq!(
        browser.ask("document.activeElement === document.querySelector(':target a')"),
        true
    );
    assert_eq!(browser.ask("scrollY"), 50);
    assert_eq!(browser.complaints(), [&json!(null); 0]);
    daemon.stop();
    wait_for("the page to say that nobody answers", || {
        browser.ask(refresh);
        (browser.ask("document.getElementById('lost').checkVisibility()") == true).then_some(())
    });
    assert!(browser.text("document.title").starts_with("? "));
    let lost = browser.text("document.getElementById('lost').textContent");
    assert!(lost.contains("No answer"), "{lost}");
    // Nothing looks like good or bad news any more.
    let colours = browser
        .ask("[...document.querySelectorAll('h1, .bay i')].map(it => getComputedStyle(it).color)");
    let colours = colours.as_array().unwrap();
    let dim = browser.ask("getComputedStyle(document.querySelector('.dim')).color");
    assert_eq!(colours[0], dim);
    browser.picture("no-answer-1280-light.png", false);
}
