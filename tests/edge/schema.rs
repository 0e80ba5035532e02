//! The JSON Schema accepts what `bgsim` accepts, and refuses what it refuses; the shell scripts and
//! manual pages name every verb.

use bgsim::scenario::{BUNDLED, Diagnostics, File, Scenario, SourceText, init_text, keys, settings};
use bgsim::schema::scenario_schema;
use jsonschema::Validator;
use serde_json::{Value, json};
use std::process::Command;

fn validator() -> Validator {
    jsonschema::draft202012::new(&scenario_schema()).unwrap()
}

fn as_json(text: &str) -> Value {
    serde_json::to_value(text.parse::<toml::Table>().unwrap()).unwrap()
}

fn bgsim(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_bgsim")).args(args).output().unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn read(text: &str) -> Result<Scenario, Diagnostics> {
    bgsim::scenario::read(
        SourceText { label: "s.toml".into(), text: text.into() },
        &[],
        &mut bgsim::scenario::fetch,
    )
}

/// A mix of each kind of value.
const MIXES: [&str; 8] = [
    "policy.background_app_refresh = { true = 0.88, false = 0.12 }",
    "policy.passcode = { six_digits = '90 %', none = 0.1 }",
    "policy.auto_lock = { \"30s\" = 0.2, \"15m\" = 0.8 }",
    "scheduler.energy_capacity = { \"150.5\" = 0.2, 200 = 0.8 }",
    "[[fleet]]\nram = { \"4 GB\" = 0.4, \"8 GB\" = 0.6 }",
    "[[fleet]]\nresponse = { \"20 %\" = 0.5, \"0.4\" = 0.5 }",
    "[[fleet]]\napps_in_use = { 20 = 1 }",
    "scheduler.spacing = { median = { \"15m\" = 0.5, \"4h\" = 0.5 }, sigma = { \"0.5\" = 1 } }",
];

#[test]
fn it_is_a_schema_and_printed() {
    let printed: Value = serde_json::from_str(&bgsim(&["schema"])).unwrap();
    assert_eq!(printed, scenario_schema());
    assert!(jsonschema::meta::is_valid(&printed));
}

#[test]
fn everything_that_is_right_is_accepted() {
    let validator = validator();
    let accepted = |name: &str, text: &str| {
        let errors: Vec<String> =
            validator.iter_errors(&as_json(text)).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
    };
    for bundled in BUNDLED {
        accepted(bundled.name, bundled.text);
        accepted(bundled.name, &bgsim(&["run", bundled.name, "--print-config"]));
    }
    accepted("init", &init_text());
    accepted("defaults", &toml::to_string(&File::default()).unwrap());
    accepted("shares", "[[fleet]]\nweight = 2\nresponse = \"20 %\"\nforce_quitters = 0.1\nram = \"1.5 GiB\"");
    for mix in MIXES {
        accepted("mix", mix);
        read(mix).unwrap_or_else(|faults| panic!("{mix}: {faults}"));
        accepted("mix", &read(mix).unwrap().effective());
    }
    accepted("hours", "policy.working_hours = { days = [\"mon\"], from = \"22:00\", to = \"6:00\" }");
}

#[test]
fn everything_that_is_wrong_is_refused() {
    let validator = validator();
    for text in [
        "polcy = 1",
        "[policy]\nkeychain_clas = \"when_unlocked\"",
        "policy.keychain_class = \"when_open\"",
        "policy.auto_lock = 30",
        "policy.auto_lock = \"30 parsecs\"",
        "policy.background_app_refresh = \"yes\"",
        "policy.working_hours = { days = [\"monday\"], from = \"08:00\", to = \"18:00\" }",
        "policy.working_hours = { from = \"8\", to = \"18:00\" }",
        "seed = -1",
        "devices = 1.5",
        "devices = 0",
        "[[fleet]]\nmail_branching = 0.99",
        "memory.relief = 0.5",
        "fleet = []",
        "[[fleet]]\npersona = \"nobody\"",
        "[[fleet]]\nresponse = 1.5",
        "[[fleet]]\nram = \"4 gigs\"",
        "user.diurnal = [1.0, 2.0]",
        "scheduler.model = \"dasd\"",
        "seed = { 1 = 0.5, 2 = 0.5 }",
        "scheduler.model = { das = 1 }",
        "policy.passcode = {}",
        "policy.passcode = { nine_digits = 1 }",
        "policy.background_app_refresh = { yes = 1 }",
        "policy.auto_lock = { \"30 parsecs\" = 1 }",
        "policy.auto_lock = { \"30s\" = -0.5, \"1m\" = 1 }",
        "policy.auto_lock = { \"30s\" = true }",
        "client.check_energy_mah = { \"0.5\" = 1 }",
        "[[fleet]]\npersona = { light = 1 }",
        "scheduler.spacing.median = { \"4 gigs\" = 1 }",
        "scheduler.spacing = { \"1h\" = 1 }",
        "policy.working_hours = { from = { \"08:00\" = 1 }, to = \"18:00\" }",
        "[[fleet]]\nram = { \"4 gigs\" = 1 }",
    ] {
        assert!(!validator.is_valid(&as_json(text)), "{text}");
        assert!(read(text).is_err(), "{text}");
    }
}

/// Every key, however deep, says what it is, except the parts of working hours.
#[test]
fn every_key_has_its_words() {
    let schema = scenario_schema();
    let mut silent = Vec::new();
    for (name, property) in schema["properties"].as_object().unwrap() {
        let keys = property.get("properties").or_else(|| property.pointer("/items/properties"));
        if keys.is_none() && property.get("description").is_none() {
            silent.push(name.clone());
        }
        for (key, property) in keys.and_then(Value::as_object).into_iter().flatten() {
            if property.get("description").is_none() {
                silent.push(format!("{name}.{key}"));
            }
        }
    }
    assert_eq!(silent, [""; 0]);
    let grace = &schema["properties"]["policy"]["properties"]["keychain_lock_grace"];
    assert_eq!(grace["default"], json!("10s"));
    let words = grace["description"].as_str().unwrap();
    assert!(words.contains("Plausible: 0 to 30 s. assumed: Apple Platform Security"), "{words}");
}

#[test]
fn every_shell_completes_every_verb_and_every_verb_has_a_page() {
    let verbs = [
        "run",
        "observe",
        "table",
        "lint",
        "assumptions",
        "schema",
        "completions",
        "man",
        "scenarios",
        "init",
    ];
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = bgsim(&["completions", shell]);
        assert!(script.contains("bgsim") && script.contains("COMPLETE"), "{shell}");
    }
    let folder = tempfile::TempDir::new().unwrap();
    bgsim(&["man", "--out", folder.path().to_str().unwrap()]);
    for verb in verbs {
        let page = std::fs::read_to_string(folder.path().join(format!("bgsim-{verb}.1"))).unwrap();
        assert!(page.contains(".SH \"SYNOPSIS\"") && page.contains(".SH \"EXIT STATUS\""), "{verb}");
    }
    assert!(bgsim(&["man", "--roff"]).contains("check\\-determinism"));
}

#[test]
fn assumptions_show_values_tags_and_what_is_overridden() {
    let json = |args: &[&str]| serde_json::from_str::<Value>(&bgsim(args)).unwrap();
    let set = json(&["assumptions", "small-memory", "--json"]);
    let of = |set: &Value, key: &str| {
        set["numbers"].as_array().unwrap().iter().find(|n| n["key"] == key).unwrap().clone()
    };
    assert_eq!(of(&set, "fleet.ram")["value"], json!([3.0, 3.0, 3.0]));
    assert_eq!(of(&set, "fleet.ram")["overridden"], true);
    assert_eq!(of(&set, "policy.max_age")["value"], 72.0);
    assert_eq!(of(&set, "policy.max_age")["overridden"], false);
    let assumed = json(&["assumptions", "--tag", "assumed", "--json"]);
    assert!(assumed["numbers"].as_array().unwrap().iter().all(|n| n["tag"] == "assumed"));
    // What is chosen by name is not of a number, and is assumed all the same; both readings are named.
    let route = |args: &[&str]| {
        let set = json(args);
        let choices = set["choices"].as_array().unwrap().clone();
        choices.into_iter().find(|choice| choice["key"] == "push.detail_route")
    };
    let found = route(&["assumptions", "--json"]).unwrap();
    assert_eq!((&found["value"], &found["or"]), (&json!("background"), &json!(["extension"])));
    let cns = ["--set", "policy.product=email_plus_cns", "--set", "push.detail_route=extension", "--json"];
    let found = route(&[&["assumptions", "email-plus"], &cns[..]].concat()).unwrap();
    assert_eq!((&found["value"], &found["overridden"]), (&json!("extension"), &json!(true)));
    assert!(route(&["assumptions", "--tag", "apple", "--json"]).is_none());
    assert!(bgsim(&["assumptions"]).contains("push.detail_route"));
    let text = bgsim(&["assumptions", "small-memory"]);
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    assert!(text.contains("* ram"), "{text}");
}

/// Every default lies within its own range, in its own unit.
#[test]
fn defaults_are_plausible() {
    let set: Value = serde_json::from_str(&bgsim(&["assumptions", "--json"])).unwrap();
    for number in set["numbers"].as_array().unwrap() {
        let values = match &number["value"] {
            Value::Array(values) => values.clone(),
            Value::Null => continue,
            value => vec![value.clone()],
        };
        let (low, high) = (number["range"][0].as_f64().unwrap(), number["range"][1].as_f64().unwrap());
        assert!(values.iter().all(|v| (low..=high).contains(&v.as_f64().unwrap())), "{number:#}");
    }
}

#[test]
fn every_setting_that_is_offered_can_be_set() {
    let settings = settings();
    for (set, what) in [
        ("policy.passcode=none", "None: nothing is protected."),
        (
            "policy.background_app_refresh=false",
            "The switch of Background App Refresh; unset, each persona has its own share of phones with it off.",
        ),
        ("seed=", "The seed of every random stream."),
        ("scheduler.every=", "With `periodic`: The time between wakes."),
    ] {
        assert!(settings.contains(&(set.into(), what.into())), "{set}");
    }
    for (set, _) in settings.iter().filter(|(set, _)| !set.ends_with('=')) {
        let refused = bgsim::scenario::load("email-plus", std::slice::from_ref(set))
            .err()
            .map(|error| error.to_string());
        // A model may need more, and a key may belong to another model; nothing else can be wrong.
        let other = |error: &String| error.contains(" needs `") || error.contains(" has no meaning with ");
        assert!(refused.as_ref().is_none_or(other), "{set}: {refused:?}");
    }
}

#[test]
fn every_key_is_declared_to_be_read_by_a_section_there_is() {
    let keys = keys();
    let section = |name: &str| keys.iter().any(|(section, _)| *section == name);
    assert!(keys.iter().filter_map(|(_, key)| key.read_by).all(section));
    let fleet = keys.iter().filter(|(section, _)| *section == "fleet").count();
    assert!(keys.len() > 140 && fleet > 35, "{} keys, {fleet} of the fleet", keys.len());
}
