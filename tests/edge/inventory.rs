//! From the list of devices that a device management exports to a scenario.

use bgsim::scenario::load;
use std::fs;
use std::process::{Command, Output};
use tempfile::TempDir;

fn init(folder: &TempDir, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bgsim"));
    command.current_dir(folder).arg("init").args(words).output().unwrap()
}

#[test]
fn a_list_of_devices_becomes_a_scenario_that_runs() {
    let folder = TempDir::new().unwrap();
    let models = ["iPhone 13", "iPhone15,4", "iPhone 15", "iPhone SE (2nd Gen)", "iPad Air"];
    let row = |device: usize| {
        format!("{device};{};{}\r\n", models[device % 5], ["Vertrieb & Service", "Außendienst"][device % 2])
    };
    let list: String = (0..100).map(row).collect();
    fs::write(folder.path().join("devices.csv"), format!("\u{feff}No;Modell;Abteilung\r\n{list}")).unwrap();
    let columns = ["--inventory", "devices.csv", "--column", "model=modell", "--column", "group=Abteilung"];
    let made = init(&folder, &[&["our.toml"], &columns[..]].concat());
    assert!(made.status.success(), "{made:?}");
    assert!(String::from_utf8_lossy(&made.stderr).contains("left out 20 that are no iPhones (iPad Air 20)"));
    let scenario = load(folder.path().join("our.toml").to_str().unwrap(), &[]).unwrap();
    assert_eq!((scenario.devices, scenario.name.as_str()), (80, "our"));
    let groups: Vec<(&str, u64)> =
        scenario.fleet.groups.iter().map(|group| group.name.as_str()).zip(scenario.sizes(80)).collect();
    assert_eq!(groups, [("Au-endienst", 40), ("Vertrieb-Service", 40)]);
    let phones = (0..80).map(|device| scenario.own(scenario.member(device)).persona.hardware.unwrap().name());
    let of = |name: &str| phones.clone().filter(|phone| *phone == name).count();
    assert_eq!(["iPhone 13", "iPhone 15", "iPhone SE (2nd generation)"].map(of), [20, 40, 20]);
    // What stands there is kept.
    assert_eq!(init(&folder, &[&["our.toml"], &columns[..]].concat()).status.code(), Some(1));
}

#[test]
fn a_list_that_is_none_is_refused() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("devices.csv"), "a,b\n1,2\n").unwrap();
    for (words, part) in [
        (&["-", "--inventory", "devices.csv"][..], "devices.csv:1: no column is called"),
        (&["-", "--inventory", "nowhere.csv"], "`nowhere.csv` cannot be read"),
        (&["-", "--inventory", "devices.csv", "--column", "color=b"], "`color` is no column of a list"),
        (&["-", "--column", "model=b"], "--inventory"),
    ] {
        let refused = init(&folder, words);
        assert_eq!(refused.status.code(), Some(1), "{words:?}");
        assert!(String::from_utf8_lossy(&refused.stderr).contains(part), "{refused:?}");
    }
}
