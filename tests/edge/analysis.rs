//! The latency chart, drawn for typical and for degenerate data and compared with pictures on file.

use crate::snapshot;
use bgsim::analysis::survival::{KaplanMeier, Point, Waits};
use bgsim::report::charts::latency::{Curve, Latency, Target, Told};
use bgsim::report::charts::{Chart, Heading};
use bgsim::time::Span;
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};

/// An arm of simulated mail: waits log-normal-like around `median_s`, censored at `horizon_s`.
fn arm(label: &str, seed: u64, median_s: f64, spread: f64, horizon_s: f64) -> Curve {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut waits = Waits::default();
    for _ in 0..400 {
        let bell: f64 = (0..12).map(|_| rng.random::<f64>()).sum::<f64>() - 6.0;
        let wait = median_s * libm::exp(spread * bell);
        let seen = horizon_s * rng.random::<f64>().max(0.05);
        let span = Span::from_secs_f64(wait.min(seen));
        waits.record(wait <= seen, span)
    }
    shown(label, &waits.estimate())
}

fn shown(label: &str, estimate: &KaplanMeier) -> Curve {
    Curve {
        label: label.into(),
        points: estimate.curve(250),
        median: estimate.percentile(0.5).map(Span::ms),
        censored: estimate.censored(60).into_iter().map(Span::ms).collect(),
        told: Told::of(estimate),
        allowed: Vec::new(),
    }
}

const SUBTITLE: &str = "Share of mail told within the time, Kaplan–Meier with 95 % band; marks show medians, | mail still waiting at the end";
const TARGET: Option<Target> = Some(Target { ms: 900_000, share: 0.9 });

fn latency_chart(title: &str, subtitle: &str, arms: &[Curve], target: Option<Target>) -> String {
    let heading = Heading { title: title.into(), subtitle: subtitle.into() };
    Chart::from(Latency { heading, arms: arms.to_vec(), target }).svg()
}

fn three() -> Vec<Curve> {
    vec![
        arm("Keychain, after first unlock", 1, 480.0, 0.9, 500_000.0),
        arm("Keychain, when unlocked", 2, 1500.0, 1.1, 500_000.0),
        arm("App flip (Email+ default)", 3, 9000.0, 1.4, 60_000.0),
    ]
}

#[test]
fn three_arms() {
    snapshot::picture("three-arms", &latency_chart("When is new mail told?", SUBTITLE, &three(), TARGET));
}

#[test]
fn one_arm() {
    snapshot::picture("one-arm", &latency_chart("When is new mail told?", SUBTITLE, &three()[1..2], None));
}

#[test]
fn no_arm_and_no_mail() {
    snapshot::picture("no-arm", &latency_chart("When is new mail told?", SUBTITLE, &[], None));
    let none = shown("No mail", &Waits::default().estimate());
    snapshot::picture("no-mail", &latency_chart("When is new mail told?", SUBTITLE, &[none], TARGET));
}

#[test]
fn a_single_point_and_mail_all_alike() {
    let point = Point { ms: 900_000, told: 0.6, low: 0.4, high: 0.8 };
    let single = Curve {
        label: "One step".into(),
        points: vec![point],
        median: Some(900_000),
        censored: Vec::new(),
        told: Some(Told { ms: 900_000, share: 0.6 }),
        allowed: Vec::new(),
    };
    snapshot::picture("single-point", &latency_chart("A single step", SUBTITLE, &[single], TARGET));
    let alike = KaplanMeier::from_mail(vec![(Span::HOUR, true); 50]);
    let at_once = KaplanMeier::from_mail(vec![(Span::ZERO, true); 50]);
    let arms = [shown("After an hour", &alike), shown("At once", &at_once)];
    snapshot::picture("all-alike", &latency_chart("Mail all alike", SUBTITLE, &arms, None));
}

#[test]
fn mail_that_is_all_censored() {
    let waiting = (1..60).map(|minutes| (Span::MINUTE * minutes, false)).collect();
    let arms = [shown("Never told", &KaplanMeier::from_mail(waiting)), three().remove(0)];
    snapshot::picture("all-censored", &latency_chart("Nothing is told", SUBTITLE, &arms, TARGET));
}

#[test]
fn few_mails_make_steps() {
    let mails = [(2, true), (9, true), (9, false), (30, true), (31, false), (90, true), (400, false)];
    let mails = mails.map(|(minutes, told)| (Span::MINUTE * minutes, told)).to_vec();
    let arms = [shown("Seven mails", &KaplanMeier::from_mail(mails)), three().remove(1)];
    snapshot::picture("few-mails", &latency_chart("When is new mail told?", SUBTITLE, &arms, None));
}

#[test]
fn arms_that_are_told_alike_at_the_end() {
    let all = |n: u64| arm(&format!("Policy {n}"), n, 60.0 * (n * n + 1) as f64, 1.2, 1e9);
    for (name, many) in [("two-complete", 2), ("five-complete", 5)] {
        let arms: Vec<Curve> = (0..many).map(all).collect();
        snapshot::picture(name, &latency_chart("All mail is told in the end", SUBTITLE, &arms, TARGET));
    }
}

/// What no eye tells apart is one curve, which has the names of all its arms.
#[test]
fn many_arms_of_few_kinds_have_few_curves() {
    let of_kind = |n: u64| {
        let kind = n % 3;
        let seconds = [20.0, 600.0, 9000.0][kind as usize] * (1.0 + n as f64 * 0.002);
        arm(&format!("Policy {n}"), kind, seconds, 0.8, 1e9)
    };
    let arms: Vec<Curve> = (0..15).map(of_kind).collect();
    let svg = latency_chart("Fifteen arms of three kinds", SUBTITLE, &arms, None);
    let labels: Vec<&str> = svg.lines().skip_while(|line| !line.contains("font-weight")).skip(1).collect();
    let labels = labels.join("\n");
    let is_named = |n: u32| labels.split([',', '\n']).any(|name| name.trim() == format!("Policy {n}"));
    assert!((0..15).all(is_named));
    assert_eq!(labels.matches(", median ").count(), 3, "a note each");
    snapshot::picture("fifteen-arms", &svg);
}

#[test]
fn many_arms_that_end_together_and_names_that_would_break_out() {
    let mut arms: Vec<Curve> = (0..9).map(|n| arm(&format!("Policy {n}"), n, 600.0, 1.0, 9e5)).collect();
    arms[0].label = "</text><script>alert(1)</script>\u{0}\n<polyline \"& a name far too long".into();
    let svg = latency_chart("<b>Bold</b> & \"quoted\" \u{1b}[31m", "<i>", &arms, TARGET);
    assert!(!svg.contains("<script") && !svg.contains("<b>") && !svg.contains("<i>"));
    assert!(svg.chars().all(|c| c == '\n' || !c.is_control()));
    snapshot::picture("nine-arms", &svg);
    let crowd: Vec<Curve> = (0..40).map(|n| arm(&format!("Policy {n}"), n, 600.0, 1.0, 9e5)).collect();
    let svg = latency_chart("Forty arms", SUBTITLE, &crowd, None);
    // On a taller sheet, with names only, and each of them in a row of its own.
    let rows: Vec<&str> = svg.lines().filter(|line| line.contains("font-weight")).skip(1).collect();
    assert_eq!(rows.len(), 40);
    assert!(svg.contains("height=\"852\""), "{}", &svg[..200]);
}
