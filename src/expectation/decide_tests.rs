//! Tests of what a look says: signs and bounds, percentiles that are not reached, and what was not seen.

use super::Assertion;
use super::baseline::Baseline;
use super::decide::{Against, Found, Look, Says, Seen, Verdict, decide};
use super::foresight::Ahead;
use super::known::Known;
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
    let ends = |seen: Seen| match seen.found {
        Found::Value { interval: Some(ends), .. } => [ends.low, ends.high],
        found => panic!("{found:?}"),
    };
    assert_eq!(ends(grown).map(|end| end * 2.0), ends(seen(&text, here)));
}

#[test]
fn what_was_not_watched_for_long_enough_decides_one_side_alone_and_tells_nothing_of_the_next_run() {
    let waiting = sample(&scenario(&["warmup=1d", "measure=5h", "devices=64", "scheduler.every=6h"]));
    let seen = |text| decide(&assertion(text, None), &Look::at(&waiting));
    let surely = |verdict| Says::Surely { verdict, unseen: None };
    let all = seen("told_within(10h) >= 100 %");
    assert_eq!((all.says, all.known), (Says::Nothing, Known::AtLeast));
    let any = seen("told_within(10h) > 0 %");
    assert_eq!((any.says, any.known), (surely(Verdict::Pass), Known::AtLeast));
    assert!(any.ahead.is_none());
    let watched = seen("told_within(1h) > 0 %");
    assert_eq!((watched.says, watched.known), (surely(Verdict::Pass), Known::Whole));
    assert!(matches!(watched.ahead, Some(Ahead::Seen(_))));
}

/// What is left of what is known where there is too little for an error.
#[test]
fn one_device_decides_nothing_and_says_how_much_of_it_was_seen() {
    let one = sample(&scenario(&["warmup=1d", "measure=5h", "devices=1", "scheduler.every=6h"]));
    let scenario = scenario(&["devices=1"]);
    for (text, known) in
        [("told_within(1h) >= 50 %", Known::Whole), ("told_within(10h) >= 1 %", Known::AtLeast)]
    {
        let look = Look { scenario: Some(&scenario), ..Look::at(&one) };
        let seen = decide(&assertion(text, None), &look);
        assert!(!matches!(seen.says, Says::Surely { .. }) && seen.known == known, "{text}: {seen:?}");
    }
    let many = sample(&self::scenario(&["warmup=1d", "measure=5h", "devices=64", "scheduler.every=6h"]));
    let seen = |text| decide(&assertion(text, None), &Look::at(&many));
    let (whole, hidden) = (seen("told_within(1h) >= 1 %"), seen("told_within(10h) >= 1 %"));
    assert_eq!((whole.known, hidden.known), (Known::Whole, Known::AtLeast));
    assert!(whole.ahead.is_some() && hidden.ahead.is_none());
}

#[test]
fn a_change_of_a_count_is_that_of_the_scenarios_own_devices_and_has_an_interval() {
    let [base, slower] = ["15m", "20m"].map(every);
    let reference = Versus::Baseline;
    for (text, expected) in [("checks(total) <= +10", 20.0), ("told_within(5m) <= +1 points", 0.01)] {
        let look = Look { grown: 2.0, against: Some(Against::Arm(&base)), ..Look::at(&slower) };
        let seen = decide(&assertion(text, Some(&reference)), &look);
        let Found::Change { bound: Some(bound), .. } = seen.found else { panic!("{seen:?}") };
        assert!((bound - expected).abs() < 1e-12, "{text}: {bound}");
    }
    let baseline = Baseline::of(&scenario(&["devices=64"]), "it.toml", &base, &Prints::default());
    for against in [Against::Arm(&base), Against::Baseline(&baseline, false)] {
        let look = Look { against: Some(against), ..Look::at(&slower) };
        let seen = decide(&assertion("latency(mean) <= +5 %", Some(&reference)), &look);
        let Found::Change { now: Some(now), before: Some(before), interval: Some(ends), .. } = seen.found
        else {
            panic!("{seen:?}")
        };
        assert!(ends.low < now - before && now - before < ends.high && ends.low > 0.0, "{ends:?}");
    }
}

/// What is none on either side refutes no rise, and proves none to be absent.
#[test]
fn where_neither_has_any_nothing_is_refuted() {
    let base = every("15m");
    let reference = Versus::Baseline;
    let says = |text| {
        let look = Look { against: Some(Against::Arm(&base)), ..Look::at(&base) };
        decide(&assertion(text, Some(&reference)), &look).says
    };
    let is_refuted = |says| matches!(says, Says::Surely { verdict: Verdict::Fail, .. });
    assert!(!is_refuted(says("checks(expired) >= +1")), "{:?}", says("checks(expired) >= +1"));
    assert!(is_refuted(says("checks(total) >= +1")), "{:?}", says("checks(total) >= +1"));
}

/// What is missing is said of the run where it is missing there, and else of the arm.
#[test]
fn what_there_is_none_of_is_told() {
    let [some, none] = [
        sample(&scenario(&["measure=2d", "devices=8"])),
        sample(&scenario(&["warmup=0d", "measure=1h", "devices=8", "mail.per_day=0"])),
    ];
    let reference = Versus::Baseline;
    let lacks = |now: &Sample, before: &Sample| {
        let look = Look { against: Some(Against::Arm(before)), ..Look::at(now) };
        match decide(&assertion("latency(mean) <= +5 %", Some(&reference)), &look).found {
            Found::Change { lacks, .. } => lacks,
            found => panic!("{found:?}"),
        }
    };
    assert_eq!(
        [lacks(&some, &some), lacks(&none, &some), lacks(&some, &none)],
        [None, Some("no mail was told"), Some("no mail was told")]
    );
}

/// A product that does not change lies inside its bound by what the bound leaves, in the unit in which that is written.
#[test]
fn what_the_next_test_depends_on_is_told_as_the_promise_is_written() {
    let base = every("15m");
    let baseline = Baseline::of(&scenario(&["devices=64"]), "it.toml", &base, &Prints::default());
    let reference = Versus::Baseline;
    let ahead = |text| {
        let look = Look { against: Some(Against::Baseline(&baseline, false)), ..Look::at(&base) };
        match decide(&assertion(text, Some(&reference)), &look).ahead {
            Some(Ahead::Margin { inside, falls, stays, bound, .. }) => [inside, falls, stays, bound],
            ahead => panic!("{text}: {ahead:?}"),
        }
    };
    let near =
        |found: f64, expected: f64| assert!((found / expected - 1.0).abs() < 1e-6, "{found}, not {expected}");
    // In per cent of what there was.
    let [inside, falls, stays, bound] = ahead("latency(mean) <= +20 %");
    [inside, bound].into_iter().for_each(|found| near(found, 0.2));
    let of_part = stays / falls;
    let [inside, falls, stays, bound] = ahead("latency(mean) <= +60 s");
    [inside, bound].into_iter().for_each(|found| near(found, 60.0));
    // The variance of the record counts by the square of what it is multiplied by.
    near(of_part, 1.2 * 1.2 * (stays / falls));
}
