//! Chromium without a window, steered through its pipes, and a daemon whose page it looks at.

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::{CWD, FileType, Mode, mknodat};
use serde_json::{Value, json};

/// Nothing here takes this long, however busy the machine is.
const PATIENCE: Duration = Duration::from_mins(2);

/// Tries until `look` finds something.
pub(crate) fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "waited in vain for {what}");
        thread::sleep(Duration::from_millis(50));
    }
}

/// A process that ends with its owner.
pub(crate) struct Ended(pub(crate) Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// A daemon that serves.
pub(crate) struct Daemon {
    /// Where: `http://127.0.0.1:41234`.
    pub(crate) url: String,
    process: Ended,
}

impl Daemon {
    /// Starts `ironkeep OPTIONS export serve`, and waits for its first collection.
    pub(crate) fn start(options: &[&str]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_ironkeep"))
            .args(options)
            .args(["export", "serve", "--web.listen-address", "127.0.0.1:0"])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(process.stderr.take().unwrap()).lines();
        let process = Ended(process);
        let url = loop {
            let line = said
                .next()
                .expect("the daemon says where it listens")
                .unwrap();
            if let Some((_, behind)) = line.split_once("http://") {
                let end = |c: char| !(c.is_ascii_digit() || c == '.' || c == ':');
                let address = behind.split(end).next().unwrap();
                break format!("http://{}", address.trim_end_matches(['.', ':']));
            }
        };
        // What it says further is read, so that it never waits for a reader.
        thread::spawn(move || said.for_each(drop));
        wait_for("the first collection", || {
            ureq::get(format!("{url}/-/ready")).call().ok()
        });
        Self { url, process }
    }

    /// Stops it, as a host that goes down does.
    pub(crate) fn stop(&mut self) {
        self.process.0.kill().unwrap();
        self.process.0.wait().unwrap();
    }
}

/// What a page is looked at with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct View {
    /// Columns of pixels.
    pub(crate) width: u32,
    /// Whether the scheme is dark.
    pub(crate) dark: bool,
    /// Whether scripts run.
    pub(crate) script: bool,
}

/// A page of Chromium.
pub(crate) struct Browser {
    /// Its profile, which goes with it.
    folder: tempfile::TempDir,
    process: Ended,
    orders: File,
    news: BufReader<File>,
    session: Option<String>,
    orders_given: u64,
    events: Vec<Value>,
}

const FLAGS: &str = "--headless --no-sandbox --disable-gpu --disable-quic --disable-dev-shm-usage \
    --no-first-run --disable-background-networking --disable-component-update --disable-sync \
    --remote-debugging-pipe";

impl Browser {
    /// Starts Chromium with an empty page.
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let [orders, news] = ["orders", "news"].map(|name| {
            let path = folder.path().join(name);
            mknodat(CWD, &path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
            path
        });
        // Chromium reads file descriptor 3 and writes 4.
        let script = format!(
            "exec chromium {FLAGS} --user-data-dir=\"$1/profile\" about:blank 3<\"$1/orders\" 4>\"$1/news\""
        );
        let log = File::create(folder.path().join("log")).unwrap();
        let process = Command::new("sh")
            .args(["-c", &script, "sh"])
            .arg(folder.path())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut browser = Self {
            process: Ended(process),
            orders: OpenOptions::new().write(true).open(orders).unwrap(),
            news: BufReader::new(File::open(news).unwrap()),
            folder,
            session: None,
            orders_given: 0,
            events: Vec::new(),
        };
        let target = browser.order("Target.createTarget", &json!({"url": "about:blank"}));
        let target = json!({"targetId": target["targetId"], "flatten": true});
        let session = browser.order("Target.attachToTarget", &target);
        browser.session = Some(session["sessionId"].as_str().unwrap().to_owned());
        for domain in ["Page", "Runtime", "Log"] {
            browser.order(&format!("{domain}.enable"), &json!({}));
        }
        browser
    }

    /// The next message.
    fn hear(&mut self) -> Value {
        let mut message = Vec::new();
        self.news.read_until(0, &mut message).unwrap();
        if message.pop() != Some(0) {
            let log = fs::read_to_string(self.folder.path().join("log"));
            panic!("Chromium ended: {:?}: {log:?}", self.process.0.try_wait());
        }
        serde_json::from_slice(&message).unwrap()
    }

    /// Gives an order, and waits for the answer.
    pub(crate) fn order(&mut self, method: &str, parameters: &Value) -> Value {
        self.orders_given += 1;
        let number = self.orders_given;
        let mut order = json!({"id": number, "method": method, "params": parameters});
        if let Some(session) = &self.session {
            order["sessionId"] = session.as_str().into();
        }
        let mut message = order.to_string().into_bytes();
        message.push(0);
        self.orders.write_all(&message).unwrap();
        loop {
            let mut heard = self.hear();
            if heard["id"] == number {
                assert_eq!(heard.get("error"), None, "{method}");
                return heard["result"].take();
            }
            self.events.push(heard);
        }
    }

    /// Looks at pages in this way from now on.
    pub(crate) fn look(&mut self, view: View) {
        let narrow = view.width < 500;
        self.order(
            "Emulation.setDeviceMetricsOverride",
            &json!({"width": view.width, "height": 800, "deviceScaleFactor": 1, "mobile": narrow}),
        );
        let scheme = if view.dark { "dark" } else { "light" };
        let scheme = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        self.order("Emulation.setEmulatedMedia", &json!({"features": scheme}));
        self.order(
            "Emulation.setScriptExecutionDisabled",
            &json!({"value": !view.script}),
        );
    }

    /// Goes to a page, and waits until it is there.
    pub(crate) fn visit(&mut self, url: &str) {
        self.events.clear();
        self.order("Page.navigate", &json!({"url": url}));
        while !self
            .events
            .iter()
            .any(|it| it["method"] == "Page.loadEventFired")
        {
            let heard = self.hear();
            self.events.push(heard);
        }
    }

    /// What an expression of JavaScript comes to. The page's own scripts may be switched off.
    pub(crate) fn ask(&mut self, expression: &str) -> Value {
        let question =
            json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let mut answer = self.order("Runtime.evaluate", &question);
        assert_eq!(answer.get("exceptionDetails"), None, "{expression}");
        answer["result"]["value"].take()
    }

    /// The same, as text.
    pub(crate) fn text(&mut self, expression: &str) -> String {
        let answer = self.ask(expression);
        answer
            .as_str()
            .unwrap_or_else(|| panic!("{expression}: {answer}"))
            .to_owned()
    }

    /// Presses a key.
    pub(crate) fn press(&mut self, key: &str, code: u32) {
        let text = if key == "Enter" { "\r" } else { "" };
        for kind in ["keyDown", "keyUp"] {
            self.order(
                "Input.dispatchKeyEvent",
                &json!({"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, "text": text}),
            );
        }
    }

    /// What Chromium finds wrong with the page: errors of scripts, what the policy forbids, what could not
    /// be loaded.
    pub(crate) fn complaints(&self) -> Vec<&Value> {
        let bad = [
            "Log.entryAdded",
            "Runtime.exceptionThrown",
            "Runtime.consoleAPICalled",
        ];
        let events = self.events.iter();
        events
            .filter(|it| bad.iter().any(|bad| it["method"] == *bad))
            .collect()
    }

    /// Writes a picture of the whole page, or of what a screen shows of it.
    pub(crate) fn picture(&mut self, name: &str, whole: bool) {
        let size = self.ask("[innerWidth, Math.min(document.documentElement.scrollHeight, 8000)]");
        let mut wish = json!({"format": "png"});
        if whole {
            wish["captureBeyondViewport"] = true.into();
            wish["clip"] = json!({"x": 0, "y": 0, "width": size[0], "height": size[1], "scale": 1});
        }
        let picture = self.order("Page.captureScreenshot", &wish);
        let picture = picture["data"].as_str().unwrap();
        let picture = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, picture);
        fs::write(pictures().join(name), picture.unwrap()).unwrap();
    }
}

/// The folder of the pictures.
pub(crate) fn pictures() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("page");
    fs::create_dir_all(&folder).unwrap();
    folder
}
