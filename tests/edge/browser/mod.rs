//! A headless Chromium that a test drives over a pipe, without any crate for it. Each message of its DevTools
//! protocol is JSON that a zero byte ends.

use crate::common::skip::skip;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// No answer takes longer, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

const FLAGS: [&str; 10] = [
    "--headless",
    "--remote-debugging-pipe",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
];

/// A browser with one page. It ends with the value.
pub struct Browser {
    process: Child,
    commands: ChildStdin,
    messages: Receiver<Value>,
    /// The page that is spoken to; none for the browser itself.
    session: Option<String>,
    last: u64,
    /// What happened on the page so far, in order: the method and parameters of each event.
    pub events: Vec<(String, Value)>,
    folder: tempfile::TempDir,
}

impl Browser {
    /// A browser with an empty page, or a loud word that the test was skipped for want of one.
    pub fn start(test: &str) -> Option<Browser> {
        let Some(chromium) = chromium() else {
            skip(test, "no Chromium found ($BGSIM_CHROMIUM, or chromium on the PATH)");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        // Chromium reads commands from its file 3 and writes answers to its file 4.
        let mut process = Command::new("sh")
            .args(["-c", "exec \"$@\" 3<&0 4>&1 0</dev/null 1>/dev/null", "sh"])
            .arg(chromium)
            .args(FLAGS)
            .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (sender, messages) = channel();
        let mut answers = BufReader::new(process.stdout.take().unwrap()).split(0);
        std::thread::spawn(move || {
            while let Some(Ok(message)) = answers.next() {
                let Ok(message) = serde_json::from_slice(&message) else { break };
                let _ = sender.send(message);
            }
        });
        let commands = process.stdin.take().unwrap();
        let mut browser =
            Browser { process, commands, messages, session: None, last: 0, events: Vec::new(), folder };
        browser.attach();
        Some(browser)
    }

    fn attach(&mut self) {
        let target = self.call("Target.createTarget", json!({ "url": "about:blank" }));
        let attached =
            self.call("Target.attachToTarget", json!({ "targetId": target["targetId"], "flatten": true }));
        let downloads = json!({
            "behavior": "allow", "downloadPath": self.folder.path(), "eventsEnabled": true
        });
        self.call("Browser.setDownloadBehavior", downloads);
        self.session = attached["sessionId"].as_str().map(String::from);
        for domain in ["Runtime", "Log", "Network", "Page", "Accessibility"] {
            self.call(&format!("{domain}.enable"), json!({}));
        }
    }

    /// Calls a method and gives its result. What happens meanwhile is kept in `events`.
    pub fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.last += 1;
        let mut message = json!({ "id": self.last, "method": method, "params": parameters });
        if let Some(session) = &self.session {
            message["sessionId"] = session.as_str().into();
        }
        self.commands.write_all(format!("{message}\0").as_bytes()).unwrap();
        let deadline = Instant::now() + PATIENCE;
        loop {
            let mut answer = self.next(deadline).unwrap_or_else(|| panic!("{method} was not answered"));
            if answer["id"] == self.last {
                assert!(answer.get("error").is_none(), "{method}: {answer}");
                return answer["result"].take();
            }
        }
    }

    /// The next message before the deadline. An event is also kept.
    fn next(&mut self, deadline: Instant) -> Option<Value> {
        let message = match self.messages.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(message) => message,
            Err(RecvTimeoutError::Timeout) => return None,
            Err(RecvTimeoutError::Disconnected) => panic!("the browser ended"),
        };
        if let Some(method) = message["method"].as_str() {
            self.events.push((method.into(), message["params"].clone()));
        }
        Some(message)
    }

    /// Waits for an event of this name that has not been waited for, and gives its parameters.
    pub fn wait(&mut self, method: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let deadline = Instant::now() + PATIENCE;
        let mut seen = 0;
        loop {
            if let Some((_, event)) = self.events[seen..].iter().find(|(name, e)| name == method && wanted(e))
            {
                return event.clone();
            }
            seen = self.events.len();
            assert!(self.next(deadline).is_some(), "{method} did not happen");
        }
    }

    /// Writes the page into a file, opens it, and gives its address. Forgets earlier events.
    pub fn open(&mut self, html: &str) -> String {
        let path = self.folder.path().join("report.html");
        std::fs::write(&path, html).unwrap();
        let address = format!("file://{}", path.display());
        self.events.clear();
        self.call("Page.navigate", json!({ "url": address }));
        self.wait("Page.loadEventFired", |_| true);
        address
    }

    /// The value of an expression on the page; promises are waited for.
    pub fn evaluate(&mut self, expression: &str) -> Value {
        let parameters = json!({
            "expression": expression, "returnByValue": true, "awaitPromise": true, "userGesture": true
        });
        let mut result = self.call("Runtime.evaluate", parameters);
        assert!(result.get("exceptionDetails").is_none(), "{expression}: {result}");
        result["result"]["value"].take()
    }

    /// A file that was saved under this name.
    pub fn saved(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name)).unwrap()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.commands.write_all(b"{\"id\":0,\"method\":\"Browser.close\"}\0");
        let deadline = Instant::now() + Duration::from_secs(10);
        while Instant::now() < deadline && matches!(self.process.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Where Chromium is, if it is.
fn chromium() -> Option<PathBuf> {
    if let Some(given) = std::env::var_os("BGSIM_CHROMIUM") {
        return Some(given.into()).filter(|path: &PathBuf| path.is_file());
    }
    let path = std::env::var_os("PATH")?;
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let mut places = names.iter().flat_map(|name| std::env::split_paths(&path).map(move |at| at.join(name)));
    places.find(|place| Path::is_file(place))
}
