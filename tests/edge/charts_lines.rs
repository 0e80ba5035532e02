//! The charts of price against gain, of a sweep and of a sensitivity analysis, drawn for typical and for
//! degenerate data and compared with pictures on file.

use crate::snapshot;
use bgsim::report::charts::line::Varied;
use bgsim::report::charts::price::Offer;
use bgsim::report::charts::tornado::{End, Swing};
use bgsim::report::charts::{Chart, Estimate, Heading, Line, Price, Tornado};

const HOSTILE: &str =
    "</text><script>alert(1)</script>\u{0}\u{1b}[31m \"&\" 受信箱の方針 a name far too long";

const UNKNOWN: Estimate = Estimate { value: None, ci95: None };

fn around(value: f64, reach: f64) -> Estimate {
    Estimate { value: Some(value), ci95: Some([value - reach, value + reach]) }
}

fn heading(title: &str, subtitle: &str) -> Heading {
    Heading { title: title.into(), subtitle: subtitle.into() }
}

fn offer(label: &str, hours: f64, minutes: f64) -> Offer {
    Offer {
        label: label.into(),
        server_reads_mail: None,
        key_leaves_device: None,
        exposure_h_per_day: around(hours, hours * 0.06),
        latency_s: around(minutes * 60.0, minutes * 5.0),
    }
}

fn price(arms: Vec<Offer>) -> Price {
    let subtitle = "Median latency against hours a day the key can be had while locked; bars show 95 % intervals, 1,000 devices";
    Price { heading: heading("The device keychain buys an hour for 15 h of exposure a day", subtitle), arms }
}

fn offers() -> Vec<Offer> {
    let mut never = offer("Only in the foreground", 0.0, 1.0);
    never.latency_s = UNKNOWN;
    vec![
        offer("App flip", 0.0, 78.0),
        offer("Keychain, after first unlock", 15.1, 11.0),
        offer("Keychain, when unlocked", 2.2, 31.0),
        offer("Memory only", 3.9, 52.0),
        offer("OS protection", 8.3, 29.0),
        never,
    ]
}

#[test]
fn price_against_gain() {
    snapshot::chart("price", price(offers()));
    snapshot::chart("price-two", price(offers()[..2].to_vec()));
    snapshot::chart("price-empty", price(Vec::new()));
    let mut wide = offers()[..2].to_vec();
    wide[1].latency_s.ci95 = Some([-40.0, 1300.0]);
    snapshot::chart("price-wide-interval", price(wide));
    snapshot::chart("price-single", price(offers()[2..3].to_vec()));
    snapshot::chart(
        "price-alike",
        price(vec![offer("One", 2.0, 11.0), offer("Two", 2.0, 11.0), offer("Three", 2.0, 11.0)]),
    );
}

#[test]
fn price_of_many_arms_and_of_arms_that_crowd() {
    let many =
        |n: u32| offer(&format!("Policy number {n}"), f64::from(n * 7 % 11), f64::from(n * 5 % 13 + 9));
    snapshot::chart("price-many", price((0..13).map(many).collect()));
    let close =
        |n: u32| offer(&format!("Policy number {n}"), 4.0 + f64::from(n) * 0.05, 30.0 + f64::from(n % 3));
    snapshot::chart("price-close", price((0..8).map(close).collect()));
    let svg = Chart::from(price((0..40).map(many).collect())).svg();
    assert!(svg.contains("Policy number 39") && svg.contains("height=\"878\""), "{}", &svg[..200]);
}

#[test]
fn price_of_what_is_not_known() {
    let unknown = |label: &str| Offer {
        label: label.into(),
        exposure_h_per_day: UNKNOWN,
        latency_s: UNKNOWN,
        server_reads_mail: None,
        key_leaves_device: None,
    };
    snapshot::chart("price-unknown", price(vec![unknown("One"), unknown("Two")]));
    let odd = |hours, seconds| Offer {
        label: HOSTILE.into(),
        server_reads_mail: None,
        key_leaves_device: None,
        exposure_h_per_day: Estimate { value: Some(hours), ci95: Some([f64::NAN, f64::INFINITY]) },
        latency_s: Estimate { value: Some(seconds), ci95: Some([-1e9, 1e300]) },
    };
    // What no file can keep is only drawn.
    let odd = [odd(f64::NAN, 1.0), odd(-3.0, f64::INFINITY), odd(2.0, -5.0), odd(1e300, 60.0)];
    let svg = Chart::from(price(odd.to_vec())).svg();
    assert!(!svg.contains("<script") && !svg.contains("NaN"));
    let mut arms = offers();
    arms.iter_mut().for_each(|arm| arm.label = HOSTILE.into());
    let mut hostile = price(arms);
    hostile.heading = heading(HOSTILE, HOSTILE);
    snapshot::chart("price-hostile", hostile);
}

fn line(figure: &str, key: &str, points: &[(&str, Option<f64>, Estimate)]) -> Line {
    let varied = |(text, at, _): &(&str, Option<f64>, Estimate)| Varied { text: text.to_string(), at: *at };
    let subtitle =
        "Share of mail told within 15 min, with its 95 % band; the same 100 devices at every point, 14 d";
    Line {
        heading: heading("A longer auto-lock helps little", subtitle),
        figure: figure.parse().unwrap(),
        key: key.into(),
        values: points.iter().map(varied).collect(),
        found: points.iter().map(|point| point.2).collect(),
        allowed: Vec::new(),
    }
}

const SHARE: &str = "mail.told_within.15m";
const MEDIAN: &str = "mail.latency_s.p50";
const EXPOSURE: &str = "exposure.key_readable_while_locked_h_per_day";

#[test]
fn a_sweep_over_lengths_of_time() {
    let points = [
        ("30s", Some(30.0), around(0.670, 0.021)),
        ("1m", Some(60.0), around(0.674, 0.022)),
        ("2m", Some(120.0), around(0.689, 0.020)),
        ("5m", Some(300.0), around(0.731, 0.024)),
    ];
    snapshot::chart("line", line(SHARE, "policy.auto_lock", &points));
    let exposed = points.map(|(text, at, found)| (text, at, around(found.value.unwrap() * 20.0 - 11.0, 0.3)));
    snapshot::chart("line-exposure", line(EXPOSURE, "policy.auto_lock", &exposed));
    let level = points.map(|(text, at, found)| (text, at, around(630.0 - found.value.unwrap() * 20.0, 25.0)));
    snapshot::chart("line-level", line(MEDIAN, "policy.auto_lock", &level));
}

#[test]
fn a_sweep_that_spans_much_and_has_gaps() {
    let at = |n: f64, minutes: f64| around(minutes * 60.0, minutes * 9.0 + n);
    let points = [
        ("1", Some(1.0), at(1.0, 4.0)),
        ("3.2", Some(3.2), at(1.0, 21.0)),
        ("10", Some(10.0), at(1.0, 95.0)),
        ("31.6", Some(31.6), at(1.0, 480.0)),
        ("100", Some(100.0), UNKNOWN),
        ("316", Some(316.0), UNKNOWN),
        ("1000", Some(1000.0), at(1.0, 1900.0)),
    ];
    snapshot::chart("line-wide", line(MEDIAN, "scheduler.energy_per_refresh", &points));
    let wave = |n: u32| {
        let share = 0.5 + 0.3 * libm::sin(f64::from(n) * 0.7);
        (format!("{}", n * 15), Some(f64::from(n * 15)), around(share, 0.04))
    };
    for (name, many) in [("line-wave", 8), ("line-many", 30), ("line-crowd", 90)] {
        let points: Vec<(String, Option<f64>, Estimate)> = (0..many).map(wave).collect();
        let points: Vec<_> = points.iter().map(|(text, at, found)| (text.as_str(), *at, *found)).collect();
        snapshot::chart(name, line(SHARE, "fleet.mail_opens_per_weekday", &points));
    }
}

#[test]
fn a_sweep_over_names() {
    let points = [
        ("app_flip", None, around(4700.0, 300.0)),
        ("device_keychain", None, around(640.0, 60.0)),
        ("os_protection", None, around(1900.0, 150.0)),
        ("foreground_only", None, UNKNOWN),
    ];
    snapshot::chart("line-names", line(MEDIAN, "policy.key_access", &points));
    let two = [("false", None, around(0.154, 0.02)), ("true", None, around(0.663, 0.03))];
    snapshot::chart("line-two-names", line(SHARE, "policy.allow_device_keychain", &two));
}

#[test]
fn degenerate_sweeps() {
    snapshot::chart("line-empty", line(SHARE, "a.b", &[]));
    snapshot::chart("line-single", line(SHARE, "a.b", &[("1m", Some(60.0), around(0.67, 0.02))]));
    let alike = ["1", "2", "3"].map(|text| (text, text.parse().ok(), around(0.0, 0.0)));
    snapshot::chart("line-alike", line("checks.total", "a.b", &alike));
    let unknown = ["1", "2", "3"].map(|text| (text, text.parse().ok(), UNKNOWN));
    snapshot::chart("line-unknown", line(MEDIAN, "a.b", &unknown));
    let odd = |value| Estimate { value: Some(value), ci95: Some([f64::NEG_INFINITY, f64::NAN]) };
    for figure in [SHARE, MEDIAN, EXPOSURE, "checks.total"] {
        let points = [
            ("a", Some(f64::NAN), odd(f64::NAN)),
            ("b", Some(1e300), odd(1e300)),
            ("c", Some(f64::INFINITY), odd(-5.0)),
            ("d", None, odd(0.0)),
        ];
        let svg = Chart::from(line(figure, "a.b", &points)).svg();
        assert!(!svg.contains("NaN"));
        // More values than were found, as an interrupted sweep leaves them.
        let mut cut = line(figure, "a.b", &points);
        cut.found.truncate(2);
        let cut = Chart::from(cut);
        assert!(cut.svg().len() > 500 && cut.cells().rows.len() == 2);
    }
    let hostile = ["1", "2", "3"].map(|text| (HOSTILE, text.parse().ok(), around(0.5, 0.1)));
    let mut hostile = line(SHARE, HOSTILE, &hostile);
    hostile.heading = heading(HOSTILE, HOSTILE);
    snapshot::chart("line-hostile", hostile);
}

fn swing(label: &str, low: (&str, Estimate), high: (&str, Estimate)) -> Swing {
    let end = |(at, found): (&str, Estimate)| End { at: at.into(), found };
    Swing { label: label.into(), tag: "assumed".into(), low: end(low), high: end(high) }
}

fn tornado(figure: &str, is_difference: bool, base: Estimate, bars: Vec<Swing>) -> Tornado {
    Tornado {
        heading: heading(
            "How often people open their mail matters the most",
            "Share of mail told within 15 min at both ends of each plausible range, thin bars: 95 % interval; 32 devices",
        ),
        figure: figure.parse().unwrap(),
        is_difference,
        base,
        bars,
        more: 21,
    }
}

fn swings() -> Vec<Swing> {
    let at = |share: f64| around(share, 0.03);
    vec![
        swing("client.refresh_interval", ("1 min", at(0.742)), ("240 min", at(0.361))),
        swing(
            "fleet.mail_opens_per_weekday",
            ("0 /day", around(0.023, 0.012)),
            ("80 /day", around(0.88, 0.015)),
        ),
        swing("scheduler.energy_per_refresh", ("0.2", at(0.781)), ("4", at(0.512))),
        swing("scheduler.unused_after", ("2 d", at(0.66)), ("5 d", at(0.708))),
        swing("process.memory_kill_share", ("0", at(0.733)), ("0.6", at(0.652))),
        swing("habits.weight_of_recent", ("0.1", at(0.72)), ("0.9", at(0.741))),
        swing("client.check_duration", ("1 s", at(0.709)), ("20 s", at(0.699))),
        swing("network.outage_median", ("1 min", at(0.71)), ("30 min", at(0.702))),
        swing("power.check_energy_mah", ("0.05 mAh", at(0.708)), ("1 mAh", at(0.708))),
    ]
}

#[test]
fn what_moves_a_figure() {
    snapshot::chart("tornado", tornado(SHARE, false, around(0.708, 0.048), swings()));
    let differing = |share: f64, half: f64| around(share * 0.3 - half, 0.02);
    let differences = swings().into_iter().map(|mut swing| {
        for end in [&mut swing.low, &mut swing.high] {
            end.found = differing(end.found.value.unwrap(), 0.05);
        }
        swing.tag = "reverse-engineered".into();
        swing
    });
    snapshot::chart(
        "tornado-difference",
        tornado(SHARE, true, differing(0.708, 0.05), differences.collect()),
    );
    let medians = swings().into_iter().map(|mut swing| {
        for end in [&mut swing.low, &mut swing.high] {
            let minutes = 12.0 / end.found.value.unwrap();
            end.found = if minutes > 400.0 { UNKNOWN } else { around(minutes * 60.0, 60.0) };
        }
        swing
    });
    snapshot::chart("tornado-median", tornado(MEDIAN, false, around(1020.0, 60.0), medians.collect()));
}

#[test]
fn degenerate_swings() {
    let base = around(0.7, 0.05);
    snapshot::chart("tornado-empty", tornado(SHARE, false, base, Vec::new()));
    snapshot::chart("tornado-single", tornado(SHARE, false, base, swings()[..1].to_vec()));
    let alike = |n: u32| swing(&format!("model.number_{n}"), ("1", base), ("2", base));
    snapshot::chart("tornado-alike", tornado(SHARE, false, base, (0..20).map(alike).collect()));
    let unknown = |n: u32| swing(&format!("model.number_{n}"), ("1 d", UNKNOWN), ("2 d", UNKNOWN));
    snapshot::chart("tornado-unknown", tornado(MEDIAN, false, UNKNOWN, (0..3).map(unknown).collect()));
    snapshot::chart("tornado-no-base", tornado(SHARE, false, UNKNOWN, swings()[..3].to_vec()));
    let mut hostile = tornado(SHARE, true, around(0.0, 0.1), swings());
    for swing in &mut hostile.bars {
        (swing.label, swing.tag) = (HOSTILE.into(), HOSTILE.into());
        (swing.low.at, swing.high.at) = (HOSTILE.into(), HOSTILE.into());
    }
    hostile.heading = heading(HOSTILE, HOSTILE);
    snapshot::chart("tornado-hostile", hostile);
    let odd = |value| Estimate { value: Some(value), ci95: Some([f64::NAN, f64::INFINITY]) };
    let odds = [odd(f64::NAN), odd(f64::INFINITY), odd(-1e300), odd(0.5)];
    for base in odds {
        let bars = odds.iter().flat_map(|a| odds.map(|b| swing("a", ("x", *a), ("y", b)))).collect();
        for is_difference in [false, true] {
            let svg = Chart::from(tornado(SHARE, is_difference, base, Vec::clone(&bars))).svg();
            assert!(!svg.contains("NaN"));
        }
    }
}
