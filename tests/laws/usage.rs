//! What the system makes of how a phone is used: who opens the client by the clock is refreshed before, and who
//! opens it more often is not refreshed less.

use crate::common::scenario;
use crate::mean::Paired;
use bgsim::engine::{Engine, Observer};
use bgsim::experiment::replay;
use bgsim::random::{Keyed, Streams};
use bgsim::scenario::Scenario;
use bgsim::signal::{Facts, Signal, Trigger};
use bgsim::time::{Span, Time};
use bgsim::trace::{TraceSession, Traces};
use std::sync::Arc;

/// Background checks of one device, from the first measured instant on.
struct Checks {
    start: Time,
    began: Vec<Time>,
}

impl Observer for Checks {
    fn record(&mut self, now: Time, signal: Signal, _: &Facts) {
        if let Signal::CheckStarted(check) = signal
            && check.trigger == Trigger::BackgroundRefresh
            && now >= self.start
        {
            self.began.push(now);
        }
    }
}

fn checks(scenario: &Scenario, device: u32) -> Vec<Time> {
    let mut checks = Checks { start: scenario.start, began: Vec::new() };
    replay(scenario, device, Engine::Fast, &mut checks);
    checks.began
}

/// Memory and power stand in nobody's way.
const AT_EASE: &str = r#"
extends = "device-keychain"
time_zone = "UTC"
[memory]
model = "off"
[power]
model = "always_charged"
"#;

/// A phone in use every half hour from 7 to 22 h, and the client opened once a day at noon, give or take.
#[test]
fn a_client_opened_by_the_clock_is_refreshed_before_it_is_opened() {
    const DAYS: u64 = 28;
    const DEVICES: u32 = 40;
    let text = AT_EASE.replace("[memory]", "[user]\nmodel = \"trace\"\nfile = \"none\"\n[memory]");
    let mut scenario = scenario(&text, &["measure=\"14d\"", "warmup=\"14d\""]);
    let jitter = Streams::new(1, "by the clock", 0).keyed("jitter");
    let noon = |user: u64, day: u64| {
        let off = Span::from_secs_f64(480.0 * jitter.uniform(user << 32 | day));
        Time::ORIGIN + Span::DAY * day + Span::hours(12) + off
    };
    let life = |user: u64| {
        let day = |day: u64| {
            let looks =
                (14..44).map(move |half| (Time::ORIGIN + Span::DAY * day + Span::MINUTE * 30 * half, None));
            let opens = noon(user, day);
            let mut sessions: Vec<_> =
                looks.filter(|(at, _)| *at + Span::MINUTE * 30 < opens || *at > opens).collect();
            sessions.push((opens, Some((opens + Span::from_secs(2), Span::from_secs(20)))));
            sessions.sort();
            let whole =
                |(from, client)| TraceSession { from, until: from + Span::MINUTE, unlocked: true, client };
            sessions.into_iter().map(whole)
        };
        (0..DAYS).flat_map(day).collect::<Vec<_>>()
    };
    let users = (0..u64::from(DEVICES)).map(life).collect();
    scenario.follow(&Traces { users: Arc::new(users), ..Traces::default() });
    let (mut before, mut elsewhere, mut days) = (0, 0, 0);
    for device in 0..DEVICES {
        let began = checks(&scenario, device);
        for day in 14..DAYS {
            let opens = Time::ORIGIN + Span::DAY * day + Span::hours(12);
            let among = |from: Time| began.iter().any(|at| (from..from + Span::hours(2)).contains(at));
            days += 1;
            before += u32::from(among(opens.back(Span::hours(2))));
            elsewhere +=
                u32::from(among(opens.back(Span::hours(4)))) + u32::from(among(opens + Span::hours(2)));
        }
    }
    let [before, elsewhere] = [before, elsewhere / 2].map(|count| f64::from(count) / f64::from(days));
    println!(
        "refreshed in the two hours before on {before:.2} of days, in two other hours on {elsewhere:.2}"
    );
    assert!(before > 0.6 && before > elsewhere + 0.3, "{before}, elsewhere {elsewhere}");
}

const WORLDS: u64 = 10;
const DEVICES: u32 = 128;

/// A world of the ranges in which what a person does may lie.
fn world(number: u64) -> (String, [f64; 2]) {
    let draw: Keyed = Streams::new(14, "worlds of more use", 0).keyed("row");
    let between = |row: u64, low: f64, high: f64| low + (high - low) * draw.uniform(number << 8 | row);
    let opens = libm::exp(between(0, libm::log(0.5), libm::log(20.0)));
    let rows = format!(
        "shape_sd = {:.2}\nclockwork = 0.0\nunlocks_per_day = {:.0}\nsleep_sd = \"{:.0}m\"\nresponse = {:.2}",
        between(1, 0.0, 1.2),
        between(2, 60.0, 160.0),
        between(3, 10.0, 100.0),
        between(4, 0.05, 0.4),
    );
    (format!("{AT_EASE}[[fleet]]\nforce_quitters = 0.0\n{rows}\n"), [opens, opens * between(5, 1.3, 2.5)])
}

/// At equal regularity: the same days and habits of the day, and more openings among the same pick-ups.
#[test]
fn who_opens_the_client_more_often_is_not_refreshed_less() {
    let mut faults = Vec::new();
    for number in 0..WORLDS {
        let (text, opens) = world(number);
        let [less, more] = opens.map(|opens| {
            let text = format!("{text}mail_opens_per_weekday = {opens:.2}\n");
            let scenario = scenario(&text, &["warmup=\"14d\"", "measure=\"7d\""]);
            (0..DEVICES).map(|device| checks(&scenario, device).len() as f64).collect::<Vec<_>>()
        });
        let paired = Paired::new(&less, &more);
        let mean = paired.mean;
        let base = less.iter().sum::<f64>() / f64::from(DEVICES);
        println!("{number}: opened {opens:.1?} a weekday: {base:.1} refreshes, {mean:+.1}");
        // The wrong side by more than 2 %.
        if paired.lies_below(-0.02 * base, WORLDS as usize) {
            faults.push(format!("{number}: {mean} of {base}\n{text}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
