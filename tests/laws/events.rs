//! Dated events: each does what it says to those it concerns, and moves nothing else.

use crate::common::{observe, run, scenario as read};
use crate::invariants::obeys_the_laws;
use crate::worlds::{policies, scenario, worlds};
use bgsim::engine::{Engine, Observer};
use bgsim::experiment::replay;
use bgsim::figure::Figure;
use bgsim::scenario::Scenario;
use bgsim::signal::{Ended, Facts, Network, Occurrence, Process, Reason, Signal};
use bgsim::time::{Span, Time};
use proptest::prelude::*;

/// All that a device says, but for the words of the events themselves.
#[derive(Default)]
struct Record(Vec<(Time, Signal)>);

impl Observer for Record {
    fn record(&mut self, now: Time, signal: Signal, _: &Facts) {
        if !matches!(signal, Signal::Occurred(_)) {
            self.0.push((now, signal));
        }
    }
}

fn record(scenario: &Scenario, device: u32) -> Vec<(Time, Signal)> {
    let mut record = Record::default();
    replay(scenario, device, Engine::Fast, &mut record);
    record.0
}

/// What an event may be, and which of the words it leaves alone after it.
#[derive(Clone, Copy, Debug)]
struct Kind {
    says: &'static str,
    leaves: fn(Signal) -> bool,
}

fn is_mail(signal: Signal) -> bool {
    signal == Signal::MailArrived
}

fn is_network(signal: Signal) -> bool {
    matches!(signal, Signal::Network(_))
}

fn is_life(signal: Signal) -> bool {
    matches!(
        signal,
        Signal::PickedUp(Reason::Own)
            | Signal::OwnUseBegins
            | Signal::AppOpened(_)
            | Signal::PluggedIn
            | Signal::Unplugged
            | Signal::PoweredOn
            | Signal::PoweredOff
            | Signal::Rebooted(_)
    )
}

const KINDS: [Kind; 8] = [
    Kind { says: "restart = true", leaves: |signal| is_mail(signal) || is_network(signal) },
    Kind { says: "offline = '5h'", leaves: |signal| is_mail(signal) || is_life(signal) },
    Kind { says: "battery = '20 %'", leaves: |signal| is_mail(signal) || is_network(signal) },
    Kind { says: "travel = { time_zone = 'Asia/Tokyo', for = '30h' }", leaves: is_mail },
    Kind { says: "travel = { time_zone = 'America/Los_Angeles', for = '30h' }", leaves: is_mail },
    Kind { says: "retire = true", leaves: |signal| is_mail(signal) || is_network(signal) || is_life(signal) },
    Kind {
        says: "set = { 'policy.allow_device_keychain' = true, 'policy.auto_lock' = '1m' }",
        leaves: |signal| is_mail(signal) || is_network(signal) || is_life(signal),
    },
    Kind {
        says: "by = 'at_once'\nset = { 'policy.key_access' = 'app_flip', 'client.refresh_interval' = '3h' }",
        leaves: |signal| is_mail(signal) || is_network(signal) || is_life(signal),
    },
];

/// An event in the middle of what is simulated, which every world spans.
fn event(world: &str, kind: Kind, hours: u64) -> (String, Time) {
    let plain = scenario(world);
    let at = Time::ORIGIN + Span::HOUR * hours;
    let wall = bgsim::clock::utc(plain.clock.unix_ms(at));
    (format!("{world}\n[[event]]\nname = 'it'\nat = '{wall}'\n{}\n", kind.says), at)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, max_shrink_iters: 32, ..ProptestConfig::default() })]

    #[test]
    fn what_happens_on_a_date_changes_nothing_before_it_and_nothing_that_it_does_not_touch(
        world in worlds(false), policy in policies(), kind in prop::sample::select(&KINDS[..]), hour in 48u64..71,
    ) {
        let world = format!("warmup = '2d'\nmeasure = '4d'\n{}{policy}", without_span(&world));
        let (with, at) = event(&world, kind, hour);
        let (with, without) = (scenario(&with), scenario(&world));
        for device in 0..without.devices {
            let [with, without] = [record(&with, device), record(&without, device)];
            let before = |all: &[(Time, Signal)]| all.iter().filter(|(now, _)| *now < at).copied().collect::<Vec<_>>();
            prop_assert!(before(&with) == before(&without), "what was before {kind:?} is other");
            // Whether the phone is in hand already when an own use begins depends on what was answered.
            let plain = |(now, signal): &(Time, Signal)| match signal {
                Signal::PickedUp(Reason::Own) => (*now, Signal::OwnUseBegins),
                other => (*now, *other),
            };
            let left = |all: &[(Time, Signal)]| all.iter().filter(|(_, signal)| (kind.leaves)(*signal)).map(plain).collect::<Vec<_>>();
            let (with, without) = (left(&with), left(&without));
            let first = with.iter().zip(&without).find(|(one, other)| one != other);
            prop_assert!(with == without, "{kind:?} at {at:?} moves {first:?}");
        }
    }

    #[test]
    fn a_life_with_dates_obeys_the_laws(
        world in worlds(false), policy in policies(), kind in prop::sample::select(&KINDS[..]), hour in 48u64..143,
    ) {
        let world = format!("warmup = '2d'\nmeasure = '4d'\n{}{policy}", without_span(&world));
        obeys_the_laws(&event(&world, kind, hour).0);
    }
}

fn without_span(world: &str) -> String {
    world
        .lines()
        .filter(|line| !line.starts_with("warmup") && !line.starts_with("measure"))
        .map(|line| format!("{line}\n"))
        .collect()
}

/// Twenty phones and forty, of whom something is asked.
fn fleet(event: &str) -> Scenario {
    let text = format!(
        "warmup = '1d'\nmeasure = '6d'\n[policy]\nallow_device_keychain = true\n\
         [[fleet]]\nname = 'office'\ndevices = 20\n[[fleet]]\nname = 'field'\npersona = 'heavy'\ndevices = 40\n\
         [[event]]\nname = 'it'\nat = '2026-03-04T14:00'\n{event}\n"
    );
    read(&text, &[])
}

/// When each device, in order, has what an event brings about.
fn times(scenario: &Scenario, what: fn(Occurrence) -> bool) -> Vec<(String, Option<Time>)> {
    let when = |device: u32| {
        let mut at = None;
        observe(scenario, device, |now, signal, _| {
            if let Signal::Occurred(occurs) = signal
                && what(occurs)
            {
                at = at.or(Some(now));
            }
        });
        (scenario.group_of(device).name.clone(), at)
    };
    (0..scenario.devices).map(when).collect()
}

#[test]
fn groups_shares_and_numbers_of_devices_are_met_exactly() {
    let restarts = |what| matches!(what, Occurrence::Restart);
    for (event, office, field) in [
        ("restart = true", 20, 40),
        ("restart = true\ngroups = ['field']", 0, 40),
        ("restart = true\nshare = '10 %'", 2, 4),
        ("restart = true\ndevices = 30", 10, 20),
        ("restart = true\ndevices = 7\ngroups = ['office']", 7, 0),
    ] {
        let times = times(&fleet(event), restarts);
        let count = |group: &str| times.iter().filter(|(name, at)| name == group && at.is_some()).count();
        assert_eq!((count("office"), count("field")), (office, field), "{event}");
    }
}

#[test]
fn what_is_spread_is_spread_evenly_and_ends_in_time() {
    let scenario = fleet("restart = true\nover = '3h'\ngroups = ['field']");
    let at = scenario.clock.from_wall("2026-03-04T14:00".parse().unwrap()).unwrap();
    let mut later: Vec<f64> = times(&scenario, |what| matches!(what, Occurrence::Restart))
        .into_iter()
        .filter_map(|(_, time)| Some((time? - at).secs_f64() / 3600.0))
        .collect();
    later.sort_by(f64::total_cmp);
    for (rank, hours) in later.iter().enumerate() {
        let even = 3.0 * (rank as f64 + 0.5) / later.len() as f64;
        assert!((hours - even).abs() < 0.1 && *hours < 3.0, "{hours} h is the {rank}th turn");
    }
    assert_eq!(later.len(), 40);
}

#[test]
fn there_is_no_network_for_so_long_and_then_the_one_there_would_have_been() {
    let scenario = fleet("offline = '5h'");
    let at = scenario.clock.from_wall("2026-03-04T14:00".parse().unwrap()).unwrap();
    for device in 0..scenario.devices {
        let mut during = None;
        observe(&scenario, device, |now, _, facts| {
            if (at..at + Span::HOUR * 5).contains(&now) && now > at {
                during = during.or(Some(facts.network)).filter(|_| facts.network == Network::None);
                assert_eq!(facts.network, Network::None, "device {device} at {now:?}");
            }
        });
        assert_eq!(during, Some(Network::None));
    }
}

#[test]
fn a_retired_device_is_measured_until_then_and_exposed_until_the_wipe_reaches_it() {
    let at_home = run(fleet("retire = true\ngroups = ['office']"));
    let clock = &at_home.scenario.clock;
    let at = clock.from_wall("2026-03-04T14:00".parse().unwrap()).unwrap();
    let retired = at.since(at_home.scenario.start).ms() as i64;
    let counts = at_home.total().counts;
    assert_eq!((counts.retired, counts.wiped), (20, 20));
    let lost = at_home.scenario.end.since(at).ms();
    assert_eq!(counts.not_lived_ms, 20 * lost);
    assert!(counts.terminations[Ended::Removed as usize] <= 20);
    let mails = at_home.mails();
    let is_office = |device: u32| at_home.scenario.group_of(device).name == "office";
    for mail in mails.iter().filter(|mail| is_office(mail.device)) {
        assert!(mail.arrived_ms < retired, "mail of {} is in the books", mail.arrived_ms);
    }
    for device in 0..60 {
        let mut gone = None;
        observe(&at_home.scenario, device, |now, signal, facts| {
            if signal == Signal::Occurred(Occurrence::Wiped) {
                assert!(now >= at && !facts.powered_off && facts.network != Network::None);
                gone = Some(now);
            }
            if gone.is_some_and(|gone| gone < now) {
                assert!(!facts.key_in_memory && !facts.key_stored && !facts.process.is_alive());
                assert!(!matches!(
                    signal,
                    Signal::CheckStarted(_) | Signal::Notified(_) | Signal::Process(Process::Foreground)
                ));
            }
        });
    }
    // With the check-in the wipe waits for the user.
    let slow = run(fleet("retire = true\ngroups = ['office']\nby = 'app_checkin'")).total().counts;
    assert!(slow.in_reach_when_retired_ms > counts.in_reach_when_retired_ms);
    assert!(at_home.figure(&Figure::Openings.to_string()).is_some());
}

#[test]
fn a_trip_takes_the_users_day_along_and_leaves_mail_at_home() {
    let text = |event: &str| {
        format!(
            "warmup = '7d'\nmeasure = '7d'\ndevices = 40\nfleet = [{{ sleep_sd = '1s' }}]\n\
             [policy]\nallow_device_keychain = true\n{event}"
        )
    };
    for (zone, ahead) in [("Asia/Singapore", 7.0), ("America/Los_Angeles", -9.0)] {
        let there = read(
            &text(&format!(
                "[[event]]\nname = 'trip'\nat = '2026-03-03T12:00'\ntravel = {{ time_zone = '{zone}', for = '4d' }}"
            )),
            &[],
        );
        let clock = &there.clock;
        let (from, until) = ("2026-03-05T00:00", "2026-03-07T00:00");
        let [from, until] = [from, until].map(|wall| clock.from_wall(wall.parse().unwrap()).unwrap());
        // The mean dial of use, as an angle, on the clock of the place.
        let angle = |scenario: &Scenario, shift: f64| {
            let (mut sine, mut cosine, mut uses) = (0.0, 0.0, 0);
            for device in 0..scenario.devices {
                observe(scenario, device, |now, signal, _| {
                    if (from..until).contains(&now) && signal == Signal::PickedUp(Reason::Own) {
                        let hour = f64::from(clock.local(now).ms) / 3_600_000.0 + shift;
                        let angle = hour / 24.0 * std::f64::consts::TAU;
                        (sine, cosine, uses) = (sine + libm::sin(angle), cosine + libm::cos(angle), uses + 1);
                    }
                });
            }
            (libm::atan2(sine, cosine) / std::f64::consts::TAU * 24.0, uses)
        };
        let home = read(&text(""), &[]);
        let ((at_home, uses), (abroad, uses_abroad)) = (angle(&home, 0.0), angle(&there, ahead));
        let off = (at_home - abroad + 36.0).rem_euclid(24.0) - 12.0;
        assert!(off.abs() < 0.5, "{zone}: use turns around {abroad:.1} h there, {at_home:.1} h at home");
        let ratio = f64::from(uses_abroad) / f64::from(uses);
        assert!((0.9..1.1).contains(&ratio), "{zone}: {uses_abroad} uses there, {uses} at home");
    }
}

/// What is wrong with an event is said at its place, with what would be right.
#[test]
fn an_event_that_cannot_be_is_refused_in_words() {
    let event =
        |lines: &str| format!("measure = '7d'\n[[event]]\nname = 'it'\nat = '2026-03-04T14:00'\n{lines}\n");
    for (text, said, place) in [
        (event(""), "says nothing of what happens", "2:"),
        (event("restart = true\noffline = '2h'"), "is more than one thing", "2:"),
        (event("restart = false"), "is false, so that nothing happens", "5:"),
        (event("offline = '2h'\ngroups = ['typicl']"), "did you mean `typical`?", "6:"),
        (event("offline = '2h'\nshare = 0.5\ndevices = 3"), "has both `devices` and `share`", "7:"),
        (event("offline = '2h'\ndevices = 3000"), "write `share`", "6:"),
        (event("offline = '2h'\nover = '9d'"), "ends later than the run", "6:"),
        (event("offline = '2h'\nby = 'at_once'"), "has no meaning here", "6:"),
        (event("retire = true\nby = 'at_once'"), "no wipe travels so", "6:"),
        (event("travel = { time_zone = 'Asia/Singapor' }"), "Asia/Singapore", "5:"),
        (event("travel = { for = '2d' }"), "lacks its key `time_zone`", "5:"),
        (event("set = {}"), "publishes nothing", "5:"),
        (event("set = { 'policy.allow_keychain' = true }"), "did you mean", "5:"),
        (event("set = { 'mail.per_day' = 3.0 }"), "stands in `policy`, `client` and `push`", "5:"),
        (event("set = { policy.keychain_lock_grace = '1s' }"), "no administrator decides on it", "5:"),
        (event("set = { policy.auto_lock = '1h' }"), "must lie from 1s to 15m", "5:"),
        (event("set = { policy.passcode = 'weak' }"), "cannot be published", "5:"),
        (event("restart = true").replace("2026-03-04", "2027-03-04"), "is not simulated", "4:"),
        (event("restart = true").replace("2026-03-04T14:00", "soon"), "no date and time", "4:"),
        (event("restart = true").replace("at =", "# at ="), "does not say when", "2:"),
        (event("restart = true").replace("'it'", "'a b'"), "no name of an event", "3:"),
        (
            event("restart = true") + &event("retire = true").replace("measure = '7d'\n", ""),
            "two events are called `it`",
            "7:",
        ),
        (event("restart = true") + "[lock]\nmodel = 'always_locked'\n", "never restarts", "5:"),
        (event("battery = 0.2") + "[power]\nmodel = 'always_charged'\n", "has no battery", "5:"),
        (
            event("battery = 0.2") + "[power]\nmodel = 'trace'\nfile = 'power.csv'\n",
            "the charge of its record",
            "5:",
        ),
        (
            event("battery = 0.2")
                + "[[fleet]]\n[[fleet]]\nname = 'own'\n[fleet.power]\nmodel = 'always_charged'\n",
            "group `own`: a device with `power.model = \"always_charged\"` has no battery",
            "5:",
        ),
        (
            event("travel = { time_zone = 'America/Lima' }").replace("03-04T14:00", "02-16T03:00"),
            "warm-up's beginning",
            "4:",
        ),
    ] {
        let source = bgsim::scenario::SourceText { label: "dates.toml".into(), text: text.as_str().into() };
        let faults = bgsim::scenario::read(source, &[], &mut bgsim::scenario::fetch).map(|_| ()).unwrap_err();
        let faults = faults.to_string();
        assert!(faults.contains(said) && faults.contains(&format!("dates.toml:{place}")), "{text}\n{faults}");
    }
}

/// What happens goes by the models of those to whom it does, and not by the file's.
#[test]
fn what_a_file_has_no_battery_for_may_happen_to_a_group_that_has_one() {
    let event = "[[event]]\nname = 'low'\nat = '2026-03-04T14:00'\nbattery = 0.2\ngroups = ['own']\n";
    let models = "[power]\nmodel = 'always_charged'\n[[fleet]]\n[[fleet]]\nname = 'own'\n[fleet.power]\nmodel = 'battery'\n";
    let text = format!("start = '2026-03-02T00:00'\nmeasure = '7d'\n{event}{models}");
    let source = bgsim::scenario::SourceText { label: "own.toml".into(), text: text.into() };
    bgsim::scenario::read(source, &[], &mut bgsim::scenario::fetch).unwrap();
}

/// The effective configuration says all, and reads back to the same.
#[test]
fn events_are_printed_as_they_can_be_read() {
    for kind in KINDS {
        let (text, _) = event("warmup = '2d'\nmeasure = '4d'\ndevices = 3\n", kind, 60);
        let first = scenario(&text);
        let printed = first.effective();
        assert!(printed.contains("[[event]]"), "{printed}");
        let again = scenario(&printed);
        assert_eq!(again.sha256(), first.sha256());
        assert_eq!(record(&again, 1), record(&first, 1));
    }
    assert!(!scenario("devices = 3").effective().contains("event"));
}
