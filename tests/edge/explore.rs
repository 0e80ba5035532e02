//! The explorer: its answers are the figures of `run` and `compare`, whatever it is asked it answers, each control has
//! its words and can be undone, and its page asks nobody for anything.

use bgsim::explore::{Explorer, controls};
use bgsim::scenario::{BUNDLED, load};
use bgsim::section::{Choices, Role};
use serde_json::{Value, json};
use std::fs;
use std::process::{Command, Output};

fn bgsim(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bgsim")).args(words).output().unwrap()
}

fn printed(words: &[&str]) -> Value {
    let output = bgsim(words);
    assert!(output.status.success(), "{words:?}\n{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn answer(explorer: &mut Explorer, request: Value) -> Value {
    serde_json::from_str(&explorer.answer(&request.to_string())).unwrap()
}

fn ask(explorer: &mut Explorer, request: Value) -> Value {
    let found = answer(explorer, request.clone());
    assert!(found["fault"].is_null(), "{request}\n{found}");
    found
}

fn open(explorer: &mut Explorer, name: &str, set: &[&str]) -> u64 {
    ask(explorer, json!({ "do": "open", "scenario": name, "set": set }))["session"].as_u64().unwrap()
}

fn step(explorer: &mut Explorer, session: u64, devices: u32) -> u64 {
    ask(explorer, json!({ "do": "step", "session": session, "devices": devices }))["done"].as_u64().unwrap()
}

fn snap(explorer: &mut Explorer, session: u64, base: Option<u64>) -> Value {
    ask(explorer, json!({ "do": "snap", "session": session, "base": base, "full": true }))
}

/// The words of a command that holds nothing which a shell would read otherwise.
fn words(command: &Value) -> Vec<&str> {
    let command = command.as_str().unwrap();
    assert!(!command.contains('\''), "{command}");
    command.split(' ').skip(1).chain(["--json"]).collect()
}

#[test]
fn at_every_number_of_devices_it_says_what_run_prints() {
    let mut explorer = Explorer::default();
    for name in ["device-keychain", "two-shifts", "key-and-push", "trip", "new-phone", "rivals"] {
        let session = open(&mut explorer, name, &[]);
        for more in [3, 21, 16] {
            step(&mut explorer, session, more);
            let found = snap(&mut explorer, session, None);
            let printed = printed(&words(&found["commands"]["run"]));
            assert_eq!(found["summary"], printed, "{name}, {}", found["devices"]);
            assert_eq!(found["fingerprint"], printed["fingerprint"]);
            assert_eq!(found["books"], printed["books"]);
            for limit in found["limits"].as_array().unwrap() {
                let place = limit["name"].as_str().unwrap();
                assert_eq!(limit["told"], printed["mail"]["told_within"][place]);
                if let Some(ends) = printed["ci95"][&format!("mail.told_within.{place}")].as_array() {
                    assert_eq!([&limit["low"], &limit["high"]], [&ends[0], &ends[1]]);
                }
            }
            assert_eq!(found["median"]["seconds"], printed["mail"]["latency_s"]["p50"]);
        }
    }
}

#[test]
fn against_another_it_says_what_compare_prints() {
    let mut explorer = Explorer::default();
    for (name, common, set) in [
        ("email-plus", &[][..], "policy.key_access=device_keychain"),
        ("device-keychain", &["fleet.force_quitters=0.5"], "policy.auto_lock=5m"),
        ("key-and-push", &[], "client.refresh_interval=1h"),
    ] {
        let base = open(&mut explorer, name, common);
        let now = open(&mut explorer, name, &[common, &[set]].concat());
        for devices in [24, 64] {
            for session in [base, now] {
                let done = ask(&mut explorer, json!({ "do": "step", "session": session, "devices": 0 }));
                step(&mut explorer, session, devices - done["done"].as_u64().unwrap() as u32);
            }
            snap(&mut explorer, base, None);
            let found = snap(&mut explorer, now, Some(base));
            assert_eq!(found["apart"], Value::Null);
            let printed = printed(&words(&found["commands"]["compare"]));
            let figure = |name: &str| {
                let all = printed["figures"].as_array().unwrap();
                all.iter().find(|figure| figure["name"] == name).unwrap_or_else(|| panic!("{name}")).clone()
            };
            let holds = |told: &Value, name: &str| {
                let (found, printed) = (&told["difference"], figure(name));
                assert_eq!(found["value"], printed["difference"][1], "{name}");
                match printed["ci95"][1].as_array() {
                    Some(ends) => assert_eq!([&found["low"], &found["high"]], [&ends[0], &ends[1]], "{name}"),
                    None if printed["ci95"][1].is_string() => assert_eq!(found["low"], Value::Null, "{name}"),
                    None => assert!(found["low"] == found["high"], "{name} {found}"),
                }
            };
            for limit in found["limits"].as_array().unwrap() {
                holds(limit, &format!("mail.told_within.{}", limit["name"].as_str().unwrap()));
            }
            holds(&found["median"], "mail.latency_s.p50");
            holds(&found["price"]["exposure_hours"], "exposure.key_in_reach_while_locked_h_per_day");
            holds(&found["price"]["energy_mah"], "energy.background_mah_per_day");
            assert_eq!(printed["arms"][1]["fingerprint"], found["fingerprint"]);
        }
    }
}

#[test]
fn what_is_no_longer_the_same_world_is_said_and_not_compared() {
    let mut explorer = Explorer::default();
    let (base, now) = (
        open(&mut explorer, "email-plus", &[]),
        open(&mut explorer, "email-plus", &["fleet.mails_per_weekday=x2"]),
    );
    for session in [base, now] {
        step(&mut explorer, session, 4);
    }
    let early = answer(&mut explorer, json!({ "do": "snap", "session": now, "base": base }));
    assert!(early["fault"].as_str().unwrap().contains("not looked at after 4 devices"), "{early}");
    snap(&mut explorer, base, None);
    let found = snap(&mut explorer, now, Some(base));
    assert!(found["apart"].as_str().unwrap().contains("mails_per_weekday"), "{}", found["apart"]);
    assert!(found["limits"][2]["difference"].is_null());
}

#[test]
fn whatever_is_asked_is_answered() {
    let mut explorer = Explorer::default();
    let fault = |explorer: &mut Explorer, request: &str| -> String {
        let found: Value = serde_json::from_str(&explorer.answer(request)).unwrap();
        found["fault"].as_str().unwrap_or_else(|| panic!("{request}\n{found}")).to_string()
    };
    for (request, says) in [
        ("", "no such request"),
        ("null", "no such request"),
        ("{\"do\":\"panic\"}", "no such request"),
        ("{\"do\":\"step\",\"session\":-1,\"devices\":1}", "no such request"),
        ("{\"do\":\"step\",\"session\":7,\"devices\":1}", "there is no session 7"),
        ("{\"do\":\"close\",\"session\":0}", "there is no session 0"),
        ("{\"do\":\"open\"}", "neither a scenario nor a text"),
        ("{\"do\":\"open\",\"scenario\":\"/etc/passwd\"}", "no bundled scenario"),
        ("{\"do\":\"open\",\"scenario\":\"-\"}", "no bundled scenario"),
        ("{\"do\":\"open\",\"scenario\":\"email-plus\",\"set\":[\"policy.passcod=none\"]}", "passcode"),
        (
            "{\"do\":\"open\",\"scenario\":\"email-plus\",\"set\":[\"nonsense\"]}",
            "`--set` needs a key and a value",
        ),
        ("{\"do\":\"open\",\"text\":\"[policy\\n\"}", "scenario.toml:1"),
        (
            "{\"do\":\"open\",\"text\":\"extends = \\\"other.toml\\\"\"}",
            "no bundled scenario is called `other.toml`",
        ),
        (
            "{\"do\":\"open\",\"text\":\"[mail]\\nmodel = \\\"trace\\\"\\nfile = \\\"mail.csv\\\"\"}",
            "no file can be read here",
        ),
        ("{\"do\":\"open\",\"text\":\"measure = \\\"99999d\\\"\"}", "measure"),
    ] {
        let found = fault(&mut explorer, request);
        assert!(found.contains(says), "{request}\n{found}");
    }
    let session = open(&mut explorer, "email-plus", &[]);
    let with = |request: &str| request.replace("SESSION", &session.to_string());
    for (request, says) in [
        ("{\"do\":\"snap\",\"session\":SESSION}", "no device was simulated yet"),
        ("{\"do\":\"snap\",\"session\":SESSION,\"base\":SESSION}", "from itself"),
        ("{\"do\":\"step\",\"session\":SESSION,\"devices\":4294967295}", "are the most"),
        ("{\"do\":\"day\",\"session\":SESSION,\"device\":3}", "no device 3 yet"),
    ] {
        assert!(fault(&mut explorer, &with(request)).contains(says), "{request}");
    }
    let many =
        (0..70).map(|_| answer(&mut explorer, json!({ "do": "open", "scenario": "email-plus" }))).last();
    assert!(many.unwrap()["fault"].as_str().unwrap().contains("close one"));
}

#[test]
fn a_scenario_of_ones_own_is_read_from_its_text_alone() {
    let mut explorer = Explorer::default();
    let text = "extends = 'email-plus'\nname = 'mine'\n[policy]\nauto_lock = '30s'\n";
    let opened = ask(&mut explorer, json!({ "do": "open", "text": text }));
    assert_eq!((&opened["name"], &opened["values"]["policy.auto_lock"]), (&json!("mine"), &json!("30s")));
    let session = opened["session"].as_u64().unwrap();
    step(&mut explorer, session, 8);
    let own = snap(&mut explorer, session, None);
    let same = open(&mut explorer, "email-plus", &["policy.auto_lock=30s"]);
    step(&mut explorer, same, 8);
    assert_eq!(snap(&mut explorer, same, None)["fingerprint"], own["fingerprint"]);
    let day = ask(&mut explorer, json!({ "do": "day", "session": session, "device": null }));
    assert!(
        day["svg"].as_str().unwrap().starts_with("<svg") && !day["svg"].as_str().unwrap().contains("<style")
    );
    assert!(day["list"].as_array().unwrap().len() > 3 && day["device"].as_u64().unwrap() < 8);
}

#[test]
fn every_control_has_its_words_and_says_what_it_is_set_to() {
    assert!(controls().len() >= 15);
    let catalogue = ask(&mut Explorer::default(), json!({ "do": "catalogue" }));
    let shown = catalogue["controls"].as_array().unwrap();
    assert_eq!(shown.len(), controls().len());
    for (control, shown) in controls().iter().zip(shown) {
        let (path, said) = (&control.path, |key: &str| shown[key].as_str().unwrap_or_default().to_string());
        assert!(
            !said("label").is_empty() && !said("says").is_empty() && !said("label").ends_with('.'),
            "{path}"
        );
        assert!(control.role() != Role::Study, "{path}");
        match control.choice() {
            Choices::Few(offers) => {
                assert!(offers.iter().all(|(set, label, half)| ![set, label, half].contains(&&"")), "{path}");
            }
            Choices::Scale { half, stops } => {
                assert_eq!(half.matches("{}").count(), 1, "{path}");
                assert!(stops.len() > 3, "{path}");
                // What people decide need rest on nothing.
                let rests = !said("tag").is_empty() && !said("source").is_empty();
                assert!(control.role() == Role::Decision || rests, "{path}");
            }
        }
        if let Some(needed) = shown["needs"]["key"].as_str() {
            let other =
                controls().iter().find(|other| other.path == needed).unwrap_or_else(|| panic!("{needed}"));
            let values = shown["needs"]["values"].as_array().unwrap();
            assert!(values.iter().all(|value| other.sets().any(|set| set == value)), "{path}");
        }
        // Whatever a preset says, each value can be set, and is what is then said.
        for name in
            ["device-keychain", "two-shifts", "working-hours", "no-background-refresh", "small-memory"]
        {
            for set in control.sets() {
                let mut explorer = Explorer::default();
                let set = [format!("{path}={set}")];
                let opened = ask(&mut explorer, json!({ "do": "open", "scenario": name, "set": set }));
                let value = opened["values"][path].as_str().unwrap();
                assert_eq!(format!("{path}={value}"), set[0], "{name}");
            }
        }
    }
    // What stands at first is one of the values, but where a scenario has others on purpose.
    let common =
        catalogue["scenarios"].as_array().unwrap().iter().find(|known| known["name"] == "email-plus");
    for control in controls() {
        let value = common.unwrap()["values"][&control.path].as_str().unwrap();
        assert!(control.sets().any(|set| set == value), "{} is {value}", control.path);
    }
    assert_eq!(catalogue["scenarios"].as_array().unwrap().len(), BUNDLED.len());
}

#[test]
fn a_key_that_is_taken_back_is_as_if_nobody_had_written_it() {
    let sha = |name: &str, sets: &[&str]| {
        let sets: Vec<String> =
            [&["name=same", "devices=8"], sets].concat().iter().map(|set| set.to_string()).collect();
        load(name, &sets).unwrap().sha256()
    };
    let plain = sha("device-keychain", &[]);
    assert_eq!(sha("no-background-refresh", &["policy.background_app_refresh=unset"]), plain);
    assert_eq!(sha("device-keychain", &["policy.auto_lock=30s", "policy.auto_lock=unset"]), plain);
    assert_eq!(sha("device-keychain", &["fleet.ram='3 GB'", "fleet.ram=unset"]), plain);
    assert_ne!(sha("device-keychain", &["fleet.ram='3 GB'"]), plain);
    assert!(load("email-plus", &["policy.auto_lok=unset".into()]).is_err());
}

#[test]
fn its_page_asks_nobody_for_anything() {
    let folder = tempfile::tempdir().unwrap();
    let [module, out, own] = ["engine.wasm.gz", "page.html", "own.toml"].map(|name| folder.path().join(name));
    // What the engine does is no matter of the page.
    fs::write(&module, packed(b"\0asm\x01\0\0\0")).unwrap();
    fs::write(&own, "extends = 'email-plus'\nname = 'a </script><b>'\n").unwrap();
    let [module, out, own] = [&module, &out, &own].map(|path| path.to_str().unwrap());
    for more in [&["email-plus", "--set", "policy.key_access=device_keychain"][..], &[own]] {
        let told = printed(&[&["explore", "--module", module, "--out", out, "--json"], more].concat());
        let page = fs::read_to_string(out).unwrap();
        assert_eq!((told["bytes"].as_u64().unwrap() as usize, &told["devices"]), (page.len(), &json!(1024)));
        assert!(page.contains("default-src 'none'") && !page.contains("{{"));
        for request in
            [" src=", "@import", "url(", "fetch(", "XMLHttpRequest", "WebSocket", "<iframe", "EventSource"]
        {
            assert!(!page.contains(request), "{request}");
        }
        for (at, _) in page.match_indices("http") {
            let rest: String = page[at..].chars().take(60).collect();
            let is_text = ["http-equiv", "http://www.w3.org/2000/svg", "http://www.w3.org/1999"];
            let is_said =
                page[..at].ends_with(['"', '\'', '(', ' ', '\\', '/']) && !page[..at].ends_with("href=\"");
            assert!(is_text.iter().any(|known| rest.starts_with(known)) || is_said, "{rest}");
        }
        // No text ends the script that it stands in.
        assert_eq!((page.matches("<script").count(), page.matches("</script").count()), (4, 4));
        let baked = page.split("id=\"baked\">").nth(1).unwrap().split("</script>").next().unwrap();
        let baked: Value = serde_json::from_str(baked).unwrap();
        let last = baked["opening"]["now"].as_array().unwrap().last().unwrap();
        assert_eq!(last["fingerprint"], told["fingerprint"]);
        assert_eq!(last["books"], told["books"]);
    }
}

/// As gzip packs what it leaves as it is.
fn packed(bytes: &[u8]) -> Vec<u8> {
    let length = bytes.len() as u16;
    let crc = !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 * (crc & 1)))
    });
    [
        &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1][..],
        &length.to_le_bytes(),
        &(!length).to_le_bytes(),
        bytes,
        &crc.to_le_bytes(),
        &u32::from(length).to_le_bytes(),
    ]
    .concat()
}

#[test]
fn what_is_no_engine_is_refused_with_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let [module, out] = ["engine.wasm.gz", "page.html"].map(|name| folder.path().join(name));
    let engine = packed(b"\0asm\x01\0\0\0");
    let broken = [&engine[..17], &[7], &engine[18..]].concat();
    let cases: [(&[u8], &str); 7] = [
        (b"", "begins with nothing and is not compressed by gzip"),
        (b"[policy]\n", "begins with 5b 70 6f 6c 69 63 79 5d and is not compressed by gzip"),
        (&engine[..19], "gzip cannot unpack it"),
        (&broken, "gzip cannot unpack it"),
        (
            &packed(b"name = 'mine'"),
            "unpacked it begins with 6e 61 6d 65 20 3d 20 27, and WebAssembly of version 1",
        ),
        (&packed(b"\0asm\x0d\0\x01\0"), "unpacked it begins with 00 61 73 6d 0d 00 01 00, and WebAssembly"),
        (&[&engine[..], b"more"].concat(), "something follows what gzip packed"),
    ];
    for (bytes, why) in cases {
        fs::write(&module, bytes).unwrap();
        let refused = Command::new(env!("CARGO_BIN_EXE_bgsim"))
            .args(["explore", "email-plus", "--module"])
            .args([module.as_os_str(), "--out".as_ref(), out.as_os_str()])
            .env("COLUMNS", "1000")
            .output()
            .unwrap();
        let said = String::from_utf8(refused.stderr).unwrap();
        assert_eq!(refused.status.code(), Some(1), "{said}");
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains(why) && said.contains("engine.wasm.gz") && !out.exists(), "{said}");
    }
}
