//! The page of the explorer in a browser: it says its opening at once, follows a slider, and has the figures of the
//! command that it shows.

use crate::browser::Browser;
use crate::common::skip::skip;
use serde_json::{Value, json};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

fn bgsim(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bgsim")).args(words).output().unwrap()
}

/// The page as the program makes it, or a loud word that there is no engine for it.
fn page(test: &str, more: &[&str]) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("explorer.html");
    let module = std::env::var("BGSIM_MODULE").unwrap_or_default();
    let mut words = [&["explore", "email-plus", "--out", file.to_str().unwrap()], more].concat();
    if !module.is_empty() {
        words.extend(["--module", &module]);
    }
    let made = bgsim(&words);
    if !made.status.success() {
        let why = String::from_utf8(made.stderr).unwrap();
        assert!(why.contains(".ci/wasm"), "{why}");
        skip(test, "the engine has changed since the module was made");
        return None;
    }
    Some(std::fs::read_to_string(file).unwrap())
}

/// Waits until the page shows what is set, on at least so many phones.
fn settle(browser: &mut Browser, phones: u32) {
    let settled = format!(
        "(({{ shown, latest, level }}) => shown === latest && +level >= {phones})(document.body.dataset)"
    );
    let deadline = Instant::now() + Duration::from_secs(60);
    while browser.evaluate(&settled) != true {
        assert!(Instant::now() < deadline, "the page does not settle");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn text(browser: &mut Browser, id: &str) -> String {
    browser.evaluate(&format!("document.getElementById('{id}').textContent")).as_str().unwrap().into()
}

/// What the command says that the page shows; its words hold nothing that a shell would read otherwise.
fn commanded(command: &str) -> Value {
    let words: Vec<&str> = command.split(' ').skip(1).chain(["--json"]).collect();
    assert!(!command.contains('\''), "{command}");
    serde_json::from_slice(&bgsim(&words).stdout).unwrap()
}

#[test]
fn browser_explores_and_finds_what_the_command_line_finds() {
    const TEST: &str = "browser_explores_and_finds_what_the_command_line_finds";
    let Some(mut browser) = Browser::start(TEST) else { return };
    let Some(page) = page(TEST, &["--set", "policy.key_access=device_keychain"]) else { return };
    browser.open(&page);
    settle(&mut browser, 1024);
    let opening = text(&mut browser, "sentence");
    assert!(opening.contains("of new mail is told within"), "{opening}");
    let turn = "const range = document.querySelector('#decisions .control:not([hidden]) input[type=range]'); \
                for (const stop of [0, 1, 2, +range.max]) { \
                    range.value = stop; range.dispatchEvent(new Event('input')); }";
    browser.evaluate(turn);
    settle(&mut browser, 64);
    let sentence = text(&mut browser, "sentence");
    assert_ne!(sentence, opening);
    // All at one instant: the page goes on sharpening.
    let seen = browser.evaluate(
        "({ run: document.getElementById('run').textContent, now: result.now, \
            fingerprint: document.getElementById('fingerprint').textContent, \
            books: document.getElementById('books').textContent })",
    );
    let run = commanded(seen["run"].as_str().unwrap());
    assert_eq!(seen["fingerprint"], run["fingerprint"], "{}", seen["run"]);
    assert_eq!(seen["books"], run["books"], "{}", seen["run"]);
    for limit in seen["now"]["limits"].as_array().unwrap() {
        assert_eq!(limit["told"], run["mail"]["told_within"][limit["name"].as_str().unwrap()], "{limit}");
    }
    for (method, event) in &browser.events {
        let complaint = matches!(
            method.as_str(),
            "Runtime.exceptionThrown" | "Log.entryAdded" | "Runtime.consoleAPICalled"
        );
        assert!(!complaint, "{method}: {event}");
        if method == "Network.requestWillBeSent" {
            let asked = event["request"]["url"].as_str().unwrap();
            assert!(
                ["file:", "blob:", "data:"].iter().any(|own| asked.starts_with(own)),
                "asked for {asked}"
            );
        }
    }
}

#[test]
fn browser_without_scripts_still_says_the_opening() {
    const TEST: &str = "browser_without_scripts_still_says_the_opening";
    let Some(mut browser) = Browser::start(TEST) else { return };
    let Some(page) = page(TEST, &[]) else { return };
    browser.call("Emulation.setScriptExecutionDisabled", json!({ "value": true }));
    browser.open(&page);
    let said = text(&mut browser, "still");
    assert!(said.contains("%") && said.contains("told within"), "{said}");
    assert_eq!(browser.evaluate("document.getElementById('app').hidden"), true);
}

/// With `--live` the page lies beside the report, which leads there, and opens with what the report is about; without,
/// the report has the command. What cannot be had is said before any work.
#[test]
fn a_live_report_has_its_page_beside_it() {
    let test = "a_live_report_has_its_page_beside_it";
    let folder = tempfile::tempdir().unwrap();
    let out = |name: &str| folder.path().join(name).display().to_string();
    let report = |name: &str| std::fs::read_to_string(folder.path().join(name).join("report.html")).unwrap();
    let live = ["compare", "device-keychain", "--set-b", "policy.auto_lock=5m", "--devices", "4", "--out"];
    let done = bgsim(&[live.as_slice(), &[&out("live"), "--live"]].concat());
    if !done.status.success() {
        let why = String::from_utf8(done.stderr).unwrap();
        assert!(why.contains(".ci/wasm"), "{why}");
        return skip(test, "the engine has changed since the module was made");
    }
    let page = std::fs::read_to_string(folder.path().join("live/explorer.html")).unwrap();
    assert!(page.contains("policy.auto_lock=5m") && page.len() > 1_000_000);
    assert!(report("live").contains("<a href=\"explorer.html\">"));
    bgsim(&[live.as_slice(), &[&out("plain")]].concat());
    assert!(!folder.path().join("plain/explorer.html").exists());
    assert!(report("plain").contains("bgsim explore device-keychain --set policy.auto_lock=5m"));
    let refused = bgsim(&["run", "-", "--devices", "4", "--out", &out("no"), "--live"]);
    assert!(!refused.status.success() && !folder.path().join("no").exists());
}
