//! The network by place and hour, and as recorded.

use crate::common::scenario;
use bgsim::engine::{Engine, Observer};
use bgsim::experiment::{build, replay};
use bgsim::scenario::Scenario;
use bgsim::signal::{CheckResult, Facts, Network, Signal};
use bgsim::time::{Span, Time};
use bgsim::trace::{Align, Traces, read_network};

/// How long a device had each path, by hour of the day.
struct Hours<'a> {
    scenario: &'a Scenario,
    ms: [[u64; 24]; 3],
    since: Time,
    path: Network,
    longest_outage: Span,
}

impl Hours<'_> {
    fn of(scenario: &Scenario, device: u32) -> Hours<'_> {
        let path = build(scenario, device, Engine::Fast).1.facts.network;
        let mut hours =
            Hours { scenario, ms: [[0; 24]; 3], since: Time::ORIGIN, path, longest_outage: Span::ZERO };
        let facts = replay(scenario, device, Engine::Fast, &mut hours);
        hours.until(scenario.end);
        assert_eq!(hours.path, facts.network);
        hours
    }

    fn until(&mut self, now: Time) {
        if self.path == Network::None {
            self.longest_outage = self.longest_outage.max(now - self.since);
        }
        while self.since < now {
            let local = self.scenario.clock.local(self.since);
            let hour_ends = self.since + (Span::HOUR - Span::from_ms(local.dial().ms() % Span::HOUR.ms()));
            let until = hour_ends.min(now);
            self.ms[self.path as usize][local.hour()] += (until - self.since).ms();
            self.since = until;
        }
    }
}

impl Observer for Hours<'_> {
    fn record(&mut self, now: Time, signal: Signal, _: &Facts) {
        if let Signal::Network(path) = signal {
            self.until(now);
            assert_ne!(path, self.path, "nothing changes at {now:?}");
            self.path = path;
        }
    }
}

const ALONE: &str = r#"
time_zone = "UTC"
warmup = "0s"
measure = "28d"
[user]
model = "absent"
[scheduler]
model = "never"
[memory]
model = "off"
[power]
model = "always_charged"
[mail]
model = "poisson"
per_day = 1.0
"#;

fn share(hours: &[Hours<'_>], path: Network, which: impl Fn(usize) -> bool) -> f64 {
    let sum = |path: usize| -> u64 {
        let of = |hours: &Hours<'_>| {
            (0..24).filter(|hour| which(*hour)).map(|hour| hours.ms[path][hour]).sum::<u64>()
        };
        hours.iter().map(of).sum()
    };
    sum(path as usize) as f64 / (0..3).map(sum).sum::<u64>() as f64
}

#[test]
fn phones_are_on_wifi_by_place_and_hour() {
    for (persona, wifi) in [("light", 0.84), ("typical", 0.78), ("heavy", 0.72), ("night_worker", 0.80)] {
        let scenario = scenario(&format!("{ALONE}[[fleet]]\npersona = \"{persona}\"\ndevices = 200\n"), &[]);
        let hours: Vec<Hours<'_>> = (0..200).map(|device| Hours::of(&scenario, device)).collect();
        let all = share(&hours, Network::Wifi, |_| true);
        let by_hour: Vec<String> =
            (0..24).map(|hour| format!("{:.2}", share(&hours, Network::Wifi, |h| h == hour))).collect();
        let none = share(&hours, Network::None, |_| true);
        let longest = hours.iter().map(|hours| hours.longest_outage).max().unwrap();
        println!(
            "{persona}: Wi-Fi {all:.3}, none {none:.4}, longest {longest}, by hour {}",
            by_hour.join(" ")
        );
        assert!((all - wifi).abs() < 0.02, "{persona}: {all}");
        assert!((0.005..=0.015).contains(&none), "{persona}: {none}");
        // At night who does not work then is at home; by day at work, or on the way.
        let night = share(&hours, Network::Wifi, |hour| (3..6).contains(&hour));
        let day = share(&hours, Network::Wifi, |hour| (9..16).contains(&hour));
        match persona {
            "night_worker" => assert!(night < 0.85 && day > 0.92, "{night} and {day}"),
            _ => assert!((0.92..=0.96).contains(&night) && day < 0.86, "{persona}: {night} and {day}"),
        }
        assert!(longest > Span::hours(2));
    }
}

/// The way is a twentieth of the time and has two thirds of the outages.
#[test]
fn most_of_the_time_without_a_network_is_on_the_way() {
    let out = |set: &str| {
        let text = format!("{ALONE}[[fleet]]\ndevices = 100\noffline = 0.02\n");
        let scenario = scenario(&text, &[set, "network.outage=\"1m\"", "network.outage_sigma=0.1"]);
        let hours: Vec<Hours<'_>> = (0..100).map(|device| Hours::of(&scenario, device)).collect();
        [share(&hours, Network::None, |_| true), share(&hours, Network::None, |hour| (1..5).contains(&hour))]
    };
    let ([some, night], [most, _]) =
        (out("network.outages_on_the_way=0.67"), out("network.outages_on_the_way=1"));
    println!("{some:.4}, at night {night:.4}, all on the way {most:.4}");
    assert!((some - 0.02).abs() < 0.001 && (most - 0.02).abs() < 0.001, "{some}, {most}");
    assert!((night - 0.02 * 0.33 / 0.95).abs() < 0.0015, "{night}");
}

#[test]
fn the_network_of_a_date_is_the_same_after_a_longer_warm_up() {
    struct Paths<'a>(&'a Scenario, Vec<(String, Network)>);
    impl Observer for Paths<'_> {
        fn record(&mut self, now: Time, signal: Signal, _: &Facts) {
            if let Signal::Network(path) = signal
                && now >= self.0.start
            {
                self.1.push((self.0.clock.wall(now).to_string(), path));
            }
        }
    }
    let paths = |warmup: &str| {
        let scenario = scenario(ALONE, &[&format!("warmup=\"{warmup}\"")]);
        let mut paths = Paths(&scenario, Vec::new());
        replay(&scenario, 0, Engine::Fast, &mut paths);
        paths.1
    };
    let (short, long) = (paths("3d"), paths("10d"));
    assert!(short == long && short.len() > 100, "{} and {}", short.len(), long.len());
}

/// What was found, and when.
#[derive(Default)]
struct Found {
    paths: Vec<(Time, Network)>,
    checked: Vec<(Time, CheckResult)>,
}

impl Observer for Found {
    fn record(&mut self, now: Time, signal: Signal, _: &Facts) {
        match signal {
            Signal::Network(path) => self.paths.push((now, path)),
            Signal::CheckEnded(result) => self.checked.push((now, result)),
            _ => {}
        }
    }
}

/// A phone without a SIM: Wi-Fi at home from evening to morning, and nothing by day.
#[test]
fn mail_of_a_day_without_a_network_is_told_in_the_evening() {
    const FILE: &str = "from,until,network\n2026-02-16T18:00:00Z,2026-02-17T07:00:00Z,wifi\n";
    let text = "extends = \"after-first-unlock\"\ndevices = 10\ntime_zone = \"UTC\"\n\
                [network]\nmodel = \"trace\"\nfile = \"network.csv\"\n";
    let mut scenario = scenario(text, &[]);
    let (networks, notes) =
        read_network(FILE.as_bytes(), "network.csv", Align::Week, &scenario.clock, scenario.end).unwrap();
    assert_eq!(notes, Vec::<String>::new());
    scenario.follow(&Traces { networks: networks.into(), ..Traces::default() });
    let by_day = |at: Time| (7..18).contains(&scenario.clock.local(at).hour());
    // Whatever began while there still was a network ends a few seconds later.
    let cannot_be = |at: Time| by_day(at) && by_day(at.back(Span::MINUTE));
    let (mut by_night, mut evening) = (0, 0);
    for device in 0..scenario.devices {
        let mut found = Found::default();
        replay(&scenario, device, Engine::Fast, &mut found);
        // Twice a day, from the first evening to the last.
        assert_eq!(found.paths.len(), 2 * 28);
        for (at, path) in &found.paths {
            let hour = scenario.clock.local(*at).hour();
            assert_eq!(*path, if hour == 18 { Network::Wifi } else { Network::None }, "{at:?}");
        }
        for (at, result) in found.checked {
            match result {
                CheckResult::NewMail(_) | CheckResult::NoMail => {
                    assert!(!cannot_be(at), "with a network at {at:?}");
                    by_night += 1;
                    evening += u32::from(scenario.clock.local(at).hour() < 22);
                }
                _ => {}
            }
        }
    }
    assert!(by_night > 1000 && evening * 2 > by_night, "{evening} of {by_night}");
    let told = bgsim::explanation::mails(&scenario, 0, Engine::Fast).unwrap();
    let mut late = 0;
    for mail in told.iter().filter(|mail| by_day(mail.arrived) && mail.arrived + Span::DAY < scenario.end) {
        let told = mail.told.unwrap_or(scenario.end);
        assert!(!cannot_be(told), "told at {told:?}");
        late += u32::from(scenario.clock.local(told).hour() < 18 || told - mail.arrived > Span::hours(15));
    }
    assert!(late * 10 < told.len() as u32, "{late} of {}", told.len());
}

/// A phone of which the file says nothing in the span has no network, and a stretch of two days is repeated after two.
#[test]
fn a_record_is_repeated_when_it_has_ended_and_says_no_more_than_it_does() {
    let paths = |file: &str| {
        let text = "extends = \"after-first-unlock\"\ndevices = 2\ntime_zone = \"UTC\"\n\
                    [network]\nmodel = \"trace\"\nfile = \"network.csv\"\n";
        let mut scenario = scenario(text, &[]);
        let (clock, end) = (&scenario.clock, scenario.end);
        let (networks, _) = read_network(file.as_bytes(), "network.csv", Align::None, clock, end).unwrap();
        scenario.follow(&Traces { networks: networks.into(), ..Traces::default() });
        [0, 1].map(|device| {
            let mut found = Found::default();
            replay(&scenario, device, Engine::Fast, &mut found);
            let looked = |(_, result): &&(Time, CheckResult)| {
                matches!(result, CheckResult::NewMail(_) | CheckResult::NoMail)
            };
            (found.paths.len(), found.checked.iter().filter(looked).count())
        })
    };
    let two_days = "from,until,network\n2026-02-16T10:00:00Z,2026-02-18T06:00:00Z,wifi\n";
    // Four hours of every two days are without, over 28 days: the network goes and comes 14 times.
    assert!(paths(two_days).iter().all(|(changes, looked)| (26..=29).contains(changes) && *looked > 50));
    let other = "user,from,until,network\na,2026-02-16T10:00:00Z,2026-03-16T10:00:00Z,wifi\n\
                 b,2020-01-01T10:00:00Z,2020-01-02T10:00:00Z,wifi\n";
    let mut looked = paths(other).map(|(_, looked)| looked);
    looked.sort_unstable();
    assert!(looked[0] == 0 && looked[1] > 50, "{looked:?}");
}

#[test]
fn a_file_that_is_no_network_is_refused_with_its_line() {
    let scenario = scenario(ALONE, &[]);
    let read =
        |text: &str| read_network(text.as_bytes(), "n.csv", Align::Week, &scenario.clock, scenario.end);
    let row = "2026-02-16T18:00:00Z,2026-02-17T07:00:00Z";
    for (text, says) in [
        (
            format!("from,until,network\n{row},wlan\n"),
            "n.csv:2: `wlan` is no network; write none, cellular or wifi",
        ),
        ("2026-02-17T18:00:00Z,2026-02-17T07:00:00Z,wifi\n".into(), "ends before it begins"),
        ("from,to\n".to_string() + row, "needs the columns from, until and network"),
        ("from,until,network\n".into(), "no stretch was found"),
    ] {
        let error = read(&text).unwrap_err();
        assert!(error.contains(says), "{error}");
    }
    // Of two that overlap the later counts, and whoever is named has a network of their own.
    let two = format!(
        "from,until,network,user\n{row},wifi,a\n2026-02-17T06:00:00Z,2026-02-17T08:00:00Z,cellular,a\n{row},none,b\n"
    );
    let (networks, notes) = read(&two).unwrap();
    assert_eq!(networks.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(networks[0][0].until, networks[0][1].from);
    assert!(notes[0].contains("cut 1 row"), "{notes:?}");
}
