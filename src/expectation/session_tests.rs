//! A test of what one run may say: no promise of it denies what another of its devices showed.

use super::chance::Odds;
use super::decide::Verdict;
use super::{Session, Suite, promises, read, test};
use crate::experiment::Plan;
use crate::scenario::load;

#[test]
fn what_passed_unseen_fails_by_a_device_that_was_simulated_for_another_promise() {
    let asserts = "'terminations(power) == 0', 'never(background_check while force_quit)', 'held_back(total) == 0', \
                   'terminations(power) > 0'";
    let sets = ["warmup=2d", "measure=3d", "devices=16", &format!("expect=[{{ assert = [{asserts}] }}]")];
    let scenario =
        load("device-keychain", &sets.map(String::from)).unwrap_or_else(|errors| panic!("{errors}"));
    let expectations = read(&scenario).unwrap();
    let session = Session {
        scenario: &scenario,
        file: "it.toml",
        expectations: &expectations,
        baseline: None,
        fault: None,
        updates: false,
    };
    let suite = Suite { most_devices: Some(32), promises: promises(&[session]) };
    let tested = test(&[session], suite, &Plan::default(), &mut ()).unwrap();
    let outcome = tested.into_iter().next().flatten().unwrap().outcome;
    let found = outcome.checked.iter().map(|checked| (checked.finding.verdict, checked.finding.devices));
    // The last is what asks for more devices: the sixteenth is not the last to end for want of power.
    let [zero, law, impossible, some] = found.collect::<Vec<_>>()[..] else {
        panic!("{:?}", outcome.checked)
    };
    assert_eq!((zero, some), ((Verdict::Fail, 32), (Verdict::Pass, 32)));
    assert_eq!((law, impossible), ((Verdict::Pass, 32), (Verdict::Pass, 16)));
    // Of what was not seen on twice the devices, half as many may do it.
    let Odds::Sure { unseen: Some(unseen) } = outcome.checked[1].finding.odds else { panic!() };
    assert!((unseen + libm::log(0.05) / 32.0).abs() < 1e-12, "{unseen}");
}
