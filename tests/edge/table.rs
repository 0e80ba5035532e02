//! The extended Table 4: what it says, and that it says what the rules say.

use crate::snapshot;
use bgsim::access_table::{AccessTable, Cell, Rules, STATES, State};
use bgsim::client::Ground;
use bgsim::policy::{KeyAccess, KeychainClass, Product};
use bgsim::report::access_text;
use bgsim::scenario;
use bgsim::signal::{KeyFailure, KeySource};
use std::process::Command;

fn table() -> AccessTable {
    AccessTable::new(None, Rules::default()).unwrap()
}

fn cell(table: &AccessTable, state: State, column: &str) -> Cell {
    let column = table.columns.iter().position(|c| c.name == column).unwrap();
    table.rows.iter().find(|(s, _)| *s == state).unwrap().1[column]
}

#[test]
fn it_reads_as_it_did() {
    snapshot::text("table", &access_text::text(&table(), 100));
}

#[test]
fn it_holds_the_seeds_sentences() {
    let table = table();
    let keychain = "device_keychain when_unlocked";
    let at = |state, column| cell(&table, state, column);
    assert_eq!(at(State::SuspendedLocked, "app_flip"), Cell::NoKey(KeyFailure::NeedsAppFlip));
    assert_eq!(at(State::Opened, "app_flip"), Cell::Notifies(KeySource::Flip));
    assert_eq!(at(State::LaunchedUnlocked, keychain), Cell::Notifies(KeySource::Keychain));
    assert_eq!(at(State::LaunchedLocked, keychain), Cell::LaunchRefused(KeyFailure::KeychainLocked));
    assert_eq!(at(State::OutsideHours, keychain), Cell::HoldsBack(KeySource::Memory));
}

#[test]
fn other_rules_make_another_table() {
    let open = Rules { key_access: |_, _| Ok(KeySource::Memory), ..Rules::default() };
    let open = AccessTable::new(None, open).unwrap();
    assert_ne!(open, table());
    let keyless = |cell: &Cell| matches!(cell, Cell::NoKey(_) | Cell::LaunchRefused(_));
    assert!(!open.rows.iter().flat_map(|(_, cells)| cells).any(keyless));

    let closed = Rules {
        key_access: |facts, ground| match (facts.policy.key_access, ground) {
            (KeyAccess::OsProtection, Ground::Background) => Err(KeyFailure::KeyNotStored),
            _ => Ok(KeySource::Memory),
        },
        ..Rules::default()
    };
    let closed = AccessTable::new(None, closed).unwrap();
    let found = cell(&closed, State::SuspendedUnlocked, "os_protection after_first_unlock");
    assert_eq!(found, Cell::NoKey(KeyFailure::KeyNotStored));

    let gated = Rules { blocker: |_, _| bgsim::client::DelayCause::Budget, ..Rules::default() };
    let gated = AccessTable::new(None, gated).unwrap();
    assert_eq!(
        cell(&gated, State::SuspendedUnlocked, "app_flip"),
        Cell::NoCheck(bgsim::client::DelayCause::Budget)
    );
}

#[test]
fn a_scenario_adds_its_own_policy_and_lends_its_passcode() {
    let sets = ["policy.key_access=os_protection".to_string(), "policy.passcode=none".to_string()];
    let scenario = scenario::load("email-plus", &sets).unwrap();
    let table = AccessTable::new(Some(&scenario), Rules::default()).unwrap();
    let own = table.columns.last().unwrap();
    assert_eq!(
        (own.policy.key_access, own.policy.keychain_class),
        (KeyAccess::OsProtection, KeychainClass::WhenUnlocked)
    );
    // Without a passcode nothing is protected, and an item that needs one cannot exist.
    let launched = |column| cell(&table, State::LaunchedLocked, column);
    assert_eq!(launched("device_keychain when_unlocked"), Cell::Notifies(KeySource::Keychain));
    assert_eq!(launched("device_keychain when_passcode_set"), Cell::NoKey(KeyFailure::KeyNotStored));
}

#[test]
fn simple_schedulers_ask_no_gate() {
    let scenario = scenario::load("periodic-15m", &[]).unwrap();
    let table = AccessTable::new(Some(&scenario), Rules::default()).unwrap();
    let own = table.columns.last().unwrap().name.clone();
    assert_eq!(cell(&table, State::ForceQuit, &own), Cell::Notifies(KeySource::Keychain));
}

#[test]
fn it_fits_every_width_and_every_format() {
    let scenario = scenario::load("device-keychain", &[]).unwrap();
    let table = AccessTable::new(Some(&scenario), Rules::default()).unwrap();
    for width in [60, 80, 100, 140, 180] {
        let text = access_text::text(&table, width);
        let longest = text.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(longest <= width, "{longest} of {width}\n{text}");
    }
    let markdown = access_text::markdown(&table);
    let rows: Vec<&str> = markdown.lines().filter(|line| line.starts_with('|')).collect();
    let (policies, products) = rows.split_at(2 + State::ALL.len());
    assert!(policies.iter().all(|row| row.matches('|').count() == 9), "{markdown}");
    assert_eq!(products.len(), 2 + 1 + Product::ALL.len(), "the scenario's own comes first");
    assert!(products.iter().all(|row| row.matches('|').count() == 2 + STATES.len()), "{markdown}");

    let run = |args: &[&str]| Command::new(env!("CARGO_BIN_EXE_bgsim")).args(args).output().unwrap();
    let json: serde_json::Value =
        serde_json::from_slice(&run(&["table", "device-keychain", "--json"]).stdout).unwrap();
    assert_eq!(json["columns"].as_array().unwrap().len(), 7);
    assert_eq!(json["rows"][5]["cells"][2]["why"], "keychain_locked");
    let own = &json["own"][0]["states"];
    assert_eq!((&own[0]["told_later"], &own[1]["told_later"]), (&true.into(), &false.into()), "{own}");
    let rich =
        json["products"].as_array().unwrap().iter().find(|row| row["product"] == "citrix_rich").unwrap();
    let assumed: Vec<&serde_json::Value> =
        rich["states"].as_array().unwrap().iter().map(|s| &s["assumed"]).collect();
    assert_eq!(assumed, [false, false, true, true, true, false, false]);
    assert_eq!(rich["date"], "read in 2026");
    let rows = json["products"].as_array().unwrap();
    let starred = |product: &str| {
        let row = rows.iter().find(|row| row["product"] == product).unwrap();
        row["states"].as_array().unwrap().iter().map(|state| state["assumed"] == true).collect::<Vec<_>>()
    };
    // A text before the first unlock, where previews are hidden.
    for product in ["email_plus_ens", "outlook", "gmail", "boxer_ens", "boxer_escrow"] {
        assert!(starred(product)[5], "{product}");
    }
    for row in rows {
        assert_eq!(row["date"] == "not dated", row["product"] == "gmail", "{row}");
    }
    assert!(
        markdown.contains("T* | T* | T* | g | 1 T |")
            && markdown.contains("(Citrix Secure Mail; read in 2026)")
    );
    assert_eq!(
        run(&["table", "-o", "json", "device-keychain"]).stdout,
        run(&["table", "device-keychain", "--json"]).stdout
    );
}
