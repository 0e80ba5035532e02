//! Tests of what a look says: signs and bounds, percentiles that are not reached, and what was not seen.

use super::Assertion;
use super::baseline::Baseline;
use super::decide::{Against, Found, Look, Says, Seen, Verdict, decide};
use super::foresight::Ahead;
use super::parse::parse;
use crate::experiment::{Plan, run_fleet};
use crate::figure::{Figure, Moment, Sample};
use crate::record::Prints;
use crate::scenario::{Quoted, Scenario, Versus, load};

/// Of a wake every so often, so that latency is uniform.
fn scenario(sets: &[&str]) -> Scenario {
    let sets: Vec<String> = sets.iter().map(|set| set.to_string()).collect();
    load("periodic-15m", &sets).unwrap_or_else(|errors| panic!("{errors}"))
}

fn sample(scenario: &Scenario) -> Sample {
    let Ok(fleet) = run_fleet(scenario, &Plan::default(), &mut ());
    Sample::of(&fleet.parts, scenario)
}

fn every(wake: &str) -> Sample {
    sample(&scenario(&["measure=2d", "devices=64", &format!("scheduler.every={wake}")]))
}

fn assertion(text: &str, versus: Option<&Versus>) -> Assertion {
    let Ok(claim) = parse(text, versus, false) else { panic!("{text}") };
    Assertion { written: Quoted::nowhere(text), claim }
}

/// What one look would say, had it all of the error.
fn verdict(seen: &Seen) -> Verdict {
    match seen.says {
        Says::Surely { verdict, .. } => verdict,
        Says::Odds { pass, .. } if pass <= 0.05 => Verdict::Pass,
        Says::Odds { fail, .. } if fail <= 0.05 => Verdict::Fail,
        Says::Odds { .. } | Says::Nothing => Verdict::Undecided,
    }
}

#[test]
fn a_change_is_held_against_its_bound_with_the_sign_that_was_written() {
    let [base, slower] = ["15m", "20m"].map(every);
    let baseline = Baseline::of(&scenario(&["devices=64"]), "it.toml", &base, &Prints::default());
    for (now, text, expected) in [
        // No change at all.
        (&base, "latency(p50) <= +5 %", Verdict::Pass),
        (&base, "latency(p50) <= -5 %", Verdict::Fail),
        (&base, "latency(p50) >= -5 %", Verdict::Pass),
        (&base, "latency(p50) >= +5 %", Verdict::Fail),
        (&base, "latency(p50) <= +10 s", Verdict::Pass),
        (&base, "latency(p50) <= -10 s", Verdict::Fail),
        (&base, "told_within(5m) >= -1 points", Verdict::Pass),
        (&base, "told_within(5m) >= +1 points", Verdict::Fail),
        (&base, "told_within(5m) <= +1 points", Verdict::Pass),
        (&base, "told_within(5m) <= -1 points", Verdict::Fail),
        (&base, "latency(p50) <= +0 %", Verdict::Pass),
        // Of a third more.
        (&slower, "latency(mean) <= +50 %", Verdict::Pass),
        (&slower, "latency(mean) <= +5 %", Verdict::Fail),
        (&slower, "latency(mean) <= +0 %", Verdict::Fail),
        (&slower, "latency(mean) >= -50 %", Verdict::Pass),
        (&slower, "latency(mean) >= +5 %", Verdict::Pass),
    ] {
        let reference = Versus::Baseline;
        let assertion = assertion(text, Some(&reference));
        for against in [Against::Arm(&base), Against::Baseline(&baseline, false)] {
            let seen = decide(&assertion, &Look { against: Some(against), ..Look::at(now) });
            assert_eq!(verdict(&seen), expected, "{text}: {seen:?}");
            let Found::Change { before: Some(before), bound: Some(bound), .. } = seen.found else {
                panic!("{seen:?}")
            };
            // The bound that is printed is the one that was written, in the unit of the figure.
            let written = match text.rsplit_once(['=']).unwrap().1.trim().split_once(' ').unwrap() {
                (number, "%") => number.parse::<f64>().unwrap() / 100.0 * before,
                (number, "points") => number.parse::<f64>().unwrap() / 100.0,
                (number, _) => number.parse::<f64>().unwrap(),
            };
            assert!((bound - written).abs() < 1e-9, "{text}: {bound} {written}");
        }
    }
}

#[test]
fn what_other_settings_changed_is_there_again_when_it_is_next_asked() {
    let [base, slower] = ["15m", "20m"].map(every);
    let baseline = Baseline::of(&scenario(&["devices=64"]), "it.toml", &base, &Prints::default());
    let [was, is] = [&base, &slower].map(|sample| sample.value(Figure::Latency(Moment::Mean)).unwrap());
    for text in ["latency(mean) <= +50 %", "latency(mean) >= +5 %"] {
        let assertion = assertion(text, Some(&Versus::Baseline));
        let inside = |settings_differ| {
            let against = Some(Against::Baseline(&baseline, false));
            match decide(&assertion, &Look { against, settings_differ, ..Look::at(&slower) }).ahead {
                Some(Ahead::Margin { inside, .. }) => inside,
                ahead => panic!("{text}: {ahead:?}"),
            }
        };
        let change = (is - was) / was;
        let moved = if text.contains("<=") { -change } else { change };
        assert!((inside(true) - inside(false) - moved).abs() < 1e-4, "{text}: {change}");
    }
}

#[test]
fn a_percentile_that_is_not_reached_is_told_by_the_share_in_both_directions() {
    // In an hour, most mail is still waiting for a wake every six.
    let waiting = sample(&scenario(&["warmup=1d", "measure=5h", "devices=64", "scheduler.every=6h"]));
    assert_eq!(waiting.value("latency(p95)".parse().unwrap()), None);
    for (text, expected) in [
        ("latency(p95) < 1h", Verdict::Fail),
        ("latency(p95) <= 1h", Verdict::Fail),
        ("latency(p95) > 1h", Verdict::Pass),
        ("latency(p95) >= 1h", Verdict::Pass),
    ] {
        let seen = decide(&assertion(text, None), &Look::at(&waiting));
        assert_eq!(verdict(&seen), expected, "{text}: {seen:?}");
        let opposite = text.replace("p95", "p1").replace("1h", "4h");
        let seen = decide(&assertion(&opposite, None), &Look::at(&waiting));
        assert_ne!(verdict(&seen), expected, "{opposite}: {seen:?}");
    }
}

#[test]
fn what_happens_on_no_device_passes_with_the_part_of_them_it_may_be_on_and_proves_no_presence() {
    let scenario = scenario(&["measure=2d", "devices=64"]);
    let sample = sample(&scenario);
    let seen = |text: &str, scenario| decide(&assertion(text, None), &Look { scenario, ..Look::at(&sample) });
    let says = |text: &str, scenario| seen(text, scenario).says;
    // A restart may come; a key from an app flip is not asked for.
    let unseen = -libm::log(0.05) / 64.0;
    let here = Some(&scenario);
    let absent = says("checks(expired) == 0", here);
    let Says::Surely { verdict: Verdict::Pass, unseen: found } = absent else { panic!("{absent:?}") };
    assert!((found.unwrap() - unseen).abs() < 1e-12);
    assert_eq!(says("checks(expired) > 0", here), Says::Nothing);
    assert_eq!(says("held_back(total) == 0", here), Says::Surely { verdict: Verdict::Pass, unseen: None });
    assert_eq!(says("held_back(total) > 0", here), Says::Surely { verdict: Verdict::Fail, unseen: None });
    assert_eq!(says("held_back(total) <= 3", here), Says::Surely { verdict: Verdict::Pass, unseen: None });
    // Three are expected where one in twenty sees none, if each comes by itself.
    let Says::Odds { pass, .. } = says("checks(expired) <= 3", here) else { panic!() };
    assert!((pass - libm::exp(-3.0)).abs() < 1e-12);
    // What is there is there, on however few.
    assert_eq!(says("mail.arrived > 0", here), Says::Surely { verdict: Verdict::Pass, unseen: None });
    assert_eq!(says("mail.arrived == 0", here), Says::Surely { verdict: Verdict::Fail, unseen: None });
    assert!(matches!(says("mail.arrived < 10", here), Says::Odds { fail, .. } if fail < 1e-6));
    // All of it, as far as was seen.
    assert!(matches!(
        says("told_within(15m) >= 100 %", here),
        Says::Surely { verdict: Verdict::Pass, unseen: Some(_) }
    ));
    assert_eq!(
        says("told_within(14m) >= 100 %", here),
        Says::Surely { verdict: Verdict::Fail, unseen: None }
    );
    // A count is that of the scenario's own devices, on however many it was seen.
    let arrived = sample.value(Figure::Arrived).unwrap();
    let text = format!("mail.arrived < {}", (arrived * 0.75).round());
    let grown = decide(&assertion(&text, None), &Look { grown: 2.0, ..Look::at(&sample) });
    assert_eq!(verdict(&grown), Verdict::Pass, "{grown:?}");
    assert!(matches!(grown.found, Found::Value { value: Some(value), .. } if value * 2.0 == arrived));
    assert_eq!(verdict(&seen(&text, here)), Verdict::Fail);
}
