//! Values that logs of devices show, held against the same formulas with the numbers of their priority.

use bgsim::clock::Clock;
use bgsim::device::Scheduler;
use bgsim::device::scheduler::{Answer, Decision, POLICIES, View, combine};
use bgsim::engine::Model;
use bgsim::signal::{Battery, Facts, Habits, HabitsConfig};
use bgsim::time::{Span, Time};
use bgsim::units::Share;

type Config = <Scheduler as Model>::Config;

fn answer(policy: &str, config: &Config, facts: &Facts) -> (Answer, f64) {
    let view = View {
        config,
        facts,
        now: Time::ORIGIN,
        look_ahead: Span::from_secs(450),
        recent: false,
        energy_left: true,
        data_left: true,
    };
    view.answers()[POLICIES.iter().position(|name| *name == policy).unwrap()]
}

fn unused_phone() -> Facts {
    Facts::at_origin(bgsim::policy::Policy::default(), Habits::new(&HabitsConfig::default(), Clock::utc()))
}

/// macOS, March 2026, utility priority, 26 % and on the charger: 48.52 units of weight, of which 43.121357 came,
/// with a policy of weight 20 at 0.75 and the battery policy of weight 1.
#[test]
fn the_battery_policy_at_utility_priority_scores_as_a_log_shows() {
    let config = Config { battery_empty: Share::new(0.1), battery_exponent: 0.4, ..Config::default() };
    let mut facts = unused_phone();
    facts.plugged_in = true;
    facts.battery = Battery { charge: Battery::of(Share::new(0.26)), in_hand: 0, idle: 0 };
    let published = 1.0 - (48.52 - 43.121_357 - 20.0 * (1.0 - 0.75));
    let (found, _) = answer("BatteryLevelPolicy", &config, &facts);
    assert!((found.score - published).abs() < 1e-6, "{} is not {published}", found.score);
}

/// An iPhone, June 2022: 29.61 units of weight, of which 24.86 came while the phone was not in use.
#[test]
fn the_device_activity_policy_has_a_floor_as_a_log_shows() {
    let (found, weight) = answer("DeviceActivityPolicy", &Config::default(), &unused_phone());
    assert!((weight * (1.0 - found.score) - (29.61 - 24.86)).abs() < 1e-9, "{found:?} at {weight}");
}

/// An export of CloudKit: 60.70472 of 71.94 units, with two policies below 1 whose scores are told to two decimals.
#[test]
fn the_weighted_mean_of_an_export_is_as_a_log_shows() {
    let can = |score| Answer { decision: Decision::CanProceed, score };
    let verdict = combine([(can(0.60), 25.0), (can(0.41), 2.0), (can(1.0), 71.94 - 27.0)]);
    // Half of the last place of 0.60, at its weight.
    assert!((verdict.score - 60.704_72 / 71.94).abs() < 25.0 * 0.005 / 71.94, "{}", verdict.score);
}
