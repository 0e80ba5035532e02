//! The user and the mail alone: what they are like against what was measured of people.

use bgsim::clock::Clock;
use bgsim::device::{Mail, User};
use bgsim::engine::{Core, Cx, Engine, Model, Models, Setup, Sink, Slot, Timer, run};
use bgsim::persona::{FleetEntry, Persona, PersonaName};
use bgsim::policy::{self, Policy};
use bgsim::random::Streams;
use bgsim::signal::{Facts, Habits, HabitsProfile, Notice, Reason, Reboot, Signal};
use bgsim::time::{Span, Time};
use bgsim::trace::{Align, TraceSession, Traces, read_mail, read_user};
use bgsim::units::Share;
use proptest::prelude::*;
use std::path::{Path, PathBuf};
use std::sync::Arc;

type UserConfig = <User as Model>::Config;
type MailConfig = <Mail as Model>::Config;

/// A device that is nothing but a user and their mail, each mail announced at once if asked for.
struct People {
    mail: Mail,
    user: User,
    announces: bool,
    reboots_when_opened: bool,
}

const USER: u16 = <Mail as Model>::Timer::ALL.len() as u16;
const SLOTS: u16 = USER + <User as Model>::Timer::ALL.len() as u16;

impl Models for People {
    fn start(&mut self, core: &mut Core) {
        self.mail.start(&mut Cx::new(core, 0));
        self.user.start(&mut Cx::new(core, USER));
    }

    fn fire(&mut self, slot: Slot, core: &mut Core) {
        match slot.0.checked_sub(USER) {
            Some(index) => {
                let timer = <User as Model>::Timer::ALL[usize::from(index)];
                self.user.fire(timer, &mut Cx::new(core, USER));
            }
            None => self.mail.fire(<Mail as Model>::Timer::ALL[usize::from(slot.0)], &mut Cx::new(core, 0)),
        }
    }

    fn hear(&mut self, signal: Signal, core: &mut Core) {
        self.mail.hear(signal, &mut Cx::new(core, 0));
        self.user.hear(signal, &mut Cx::new(core, USER));
        match signal {
            Signal::MailArrived if self.announces => {
                let first = core.facts.arrived - 1;
                core.said.push_back(Signal::Notified(Notice { first, mails: 1 }));
            }
            Signal::ClientOpened(_) if self.reboots_when_opened => {
                core.said.push_back(Signal::Rebooted(Reboot::Planned));
            }
            _ => {}
        }
    }
}

type Record = Vec<(Time, Signal)>;

struct Recorder(Record);

impl Sink for Recorder {
    fn record(&mut self, now: Time, signal: Signal, _: &Facts) {
        self.0.push((now, signal));
    }
}

/// What a test chooses; the rest is as by default, in UTC from a Monday at midnight.
#[derive(Clone)]
struct World {
    user: UserConfig,
    mail: MailConfig,
    persona: Persona,
    clock: Clock,
    traces: Traces,
    seed: u64,
    device: u32,
    days: u64,
    announces: bool,
    reboots_when_opened: bool,
}

impl World {
    fn new(name: PersonaName, seed: u64) -> World {
        World {
            user: UserConfig::default(),
            mail: MailConfig::default(),
            persona: FleetEntry { persona: name, ..FleetEntry::default() }.resolve(),
            clock: Clock::utc(),
            traces: Traces::default(),
            seed,
            device: 0,
            days: 28,
            announces: false,
            reboots_when_opened: false,
        }
    }

    fn typical(seed: u64) -> World {
        World::new(PersonaName::Typical, seed)
    }

    fn with_user(mut self, toml: &str) -> World {
        self.user = toml::from_str(toml).unwrap();
        self
    }

    fn with_mail(mut self, toml: &str) -> World {
        self.mail = toml::from_str(toml).unwrap();
        self
    }

    fn simulate<S: Sink>(&self, sink: &mut S) {
        let policy = &Policy::try_from(&policy::Config::default()).unwrap();
        let World { persona, clock, traces, device, .. } = self;
        let (streams, device, end) =
            (Streams::new(self.seed, *device), *device, Time::ORIGIN + Span::DAY * self.days);
        let mail = Setup { config: &self.mail, policy, persona, clock, streams, device, traces, end };
        let user = Setup { config: &self.user, policy, persona, clock, streams, device, traces, end };
        let mut people = People {
            mail: Mail::new(&mail),
            user: User::new(&user),
            announces: self.announces,
            reboots_when_opened: self.reboots_when_opened,
        };
        let habits = Habits::new(HabitsProfile::Ios26, clock.clone());
        let mut core = Core::new(Engine::Fast, SLOTS, Facts::at_origin(habits));
        run(&mut people, &mut core, end, sink);
    }

    fn run(&self) -> Record {
        let mut recorder = Recorder(Vec::new());
        self.simulate(&mut recorder);
        recorder.0
    }
}

fn times(record: &Record, wanted: impl Fn(Signal) -> bool) -> Vec<Time> {
    record.iter().filter(|(_, signal)| wanted(*signal)).map(|(at, _)| *at).collect()
}

fn own(signal: Signal) -> bool {
    signal == Signal::PickedUp(Reason::Own)
}

fn answered(signal: Signal) -> bool {
    signal == Signal::PickedUp(Reason::Notification)
}

fn arrived(signal: Signal) -> bool {
    signal == Signal::MailArrived
}

fn opened(signal: Signal) -> bool {
    matches!(signal, Signal::ClientOpened(_))
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn variance(values: &[f64]) -> f64 {
    let mean = mean(values);
    values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (values.len() - 1) as f64
}

fn share(values: &[f64], test: impl Fn(f64) -> bool) -> f64 {
    values.iter().filter(|value| test(**value)).count() as f64 / values.len() as f64
}

#[track_caller]
fn within(what: &str, value: f64, low: f64, high: f64) {
    println!("{what}: {value:.3} (asked for {low} to {high})");
    assert!((low..=high).contains(&value), "{what}: {value:.4} lies outside {low} to {high}");
}

/// From taking the phone in hand to putting it down.
fn sessions(record: &Record) -> Vec<(Time, Time)> {
    let mut sessions = Vec::new();
    let mut from = None;
    for &(at, signal) in record {
        match signal {
            Signal::PickedUp(_) => from = from.or(Some(at)),
            Signal::PutDown(_) => sessions.extend(from.take().map(|from| (from, at))),
            _ => {}
        }
    }
    sessions
}

#[test]
fn sessions_are_like_those_measured() {
    let mut lengths = Vec::new();
    let (mut counts, mut minutes, mut weekday, mut weekend) = (vec![], vec![], vec![], vec![]);
    for seed in 1..=200 {
        let world = World::typical(seed);
        let mut by_day = [(0.0, 0.0); 28];
        for (from, until) in sessions(&world.run()) {
            let seconds = (until - from).secs_f64();
            lengths.push(seconds);
            let day = &mut by_day[world.clock.local(from).day as usize];
            *day = (day.0 + 1.0, day.1 + seconds / 60.0);
        }
        for (day, (count, minute)) in by_day.into_iter().enumerate() {
            counts.push(count);
            minutes.push(minute);
            let kind = if day % 7 < 5 { &mut weekday } else { &mut weekend };
            kind.push(count);
        }
    }
    println!("pick-ups a day: {:.1}", mean(&counts));
    within("P(session < 30 s)", share(&lengths, |s| s < 30.0), 0.47, 0.53);
    within("P(session < 240 s)", share(&lengths, |s| s < 240.0), 0.88, 0.92);
    within("mean session, s", mean(&lengths), 100.0, 125.0);
    within("screen time, h/day", mean(&minutes) / 60.0, 1.9, 2.6);
    within("SD/mean of daily pick-ups", variance(&counts).sqrt() / mean(&counts), 0.30, 0.42);
    within("weekend/weekday pick-ups", mean(&weekend) / mean(&weekday), 1.05, 1.2);
    let (x, y) = (mean(&counts), mean(&minutes));
    let together = counts.iter().zip(&minutes).map(|(a, b)| (a - x) * (b - y)).sum::<f64>();
    let spread = (variance(&counts) * variance(&minutes)).sqrt() * (counts.len() - 1) as f64;
    within("correlation of daily pick-ups and minutes", together / spread, 0.4, 0.8);
}

/// The shape of a Weibull law by maximum likelihood, and its log likelihood.
fn fit_weibull(gaps: &[f64]) -> (f64, f64) {
    let n = gaps.len() as f64;
    let logs: Vec<f64> = gaps.iter().map(|gap| libm::log(*gap)).collect();
    let (mut low, mut high) = (0.05, 5.0);
    for _ in 0..40 {
        let k = (low + high) / 2.0;
        let (mut sum, mut weighted) = (0.0, 0.0);
        for log in &logs {
            let power = libm::exp(k * log);
            sum += power;
            weighted += power * log;
        }
        if weighted / sum - 1.0 / k > mean(&logs) { high = k } else { low = k }
    }
    let k = (low + high) / 2.0;
    let scale = libm::pow(gaps.iter().map(|gap| libm::pow(*gap, k)).sum::<f64>() / n, 1.0 / k);
    (k, n * (libm::log(k) - k * libm::log(scale) + (k - 1.0) * mean(&logs) - 1.0))
}

#[test]
fn gaps_between_sessions_are_weibull_with_a_heavy_tail() {
    let mut gaps = Vec::new();
    for seed in 1..=20 {
        let sessions = sessions(&World::typical(seed).run());
        gaps.extend(sessions.windows(2).map(|pair| (pair[1].0 - pair[0].1).secs_f64().max(0.001)));
    }
    gaps.retain(|gap| *gap < 4.0 * 3600.0);
    let (k, likelihood) = fit_weibull(&gaps);
    within("Weibull shape of gaps", k, 0.40, 0.65);
    let exponential = -(gaps.len() as f64) * (libm::log(mean(&gaps)) + 1.0);
    let (aic, other) = (4.0 - 2.0 * likelihood, 2.0 - 2.0 * exponential);
    println!("AIC of Weibull {aic:.0}, of exponential {other:.0}");
    assert!(aic < other);
}

/// The largest distance of the gaps from Exp(1), in units of its 5 % critical value.
fn kolmogorov_smirnov(mut gaps: Vec<f64>) -> f64 {
    gaps.sort_by(f64::total_cmp);
    let n = gaps.len() as f64;
    let distance = gaps.iter().enumerate().fold(0.0_f64, |most, (index, gap)| {
        let p = 1.0 - libm::exp(-gap);
        most.max((p - index as f64 / n).abs()).max(((index + 1) as f64 / n - p).abs())
    });
    distance * n.sqrt() / 1.358
}

/// Gaps on a time scale on which the hour-of-week rate is one.
fn rescaled_gaps(world: &World, arrivals: &[Time]) -> Vec<f64> {
    let mut cumulative = vec![0.0];
    for hour in 0..world.days as usize * 24 {
        let (weights, factor) = match hour / 24 % 7 >= 5 {
            true => (&world.mail.weekend_hours, world.persona.weekend_mail),
            false => (&world.mail.weekday_hours, 1.0),
        };
        let part = weights[hour % 24] / weights.iter().sum::<f64>();
        cumulative.push(cumulative[hour] + world.persona.mails_per_weekday * factor * part);
    }
    let scaled = |at: &Time| {
        let (hour, part) = ((at.ms() / 3_600_000) as usize, (at.ms() % 3_600_000) as f64 / 3_600_000.0);
        cumulative[hour] + (cumulative[hour + 1] - cumulative[hour]) * part
    };
    arrivals.windows(2).map(|pair| scaled(&pair[1]) - scaled(&pair[0])).collect()
}

#[test]
fn mail_comes_as_it_was_measured() {
    const SEEDS: u64 = 60;
    let (mut fanos, mut gaps, mut work_gaps, mut weekday, mut weekend) =
        (vec![], vec![], vec![], vec![], vec![]);
    let (mut bursty, mut plain) = (vec![], vec![]);
    for seed in 1..=SEEDS {
        let world = World { days: 26, ..World::typical(seed) }.with_user("model = 'absent'");
        let arrivals = times(&world.run(), arrived);
        let mut by_day = [0.0; 26];
        arrivals.iter().for_each(|at| by_day[world.clock.local(*at).day as usize] += 1.0);
        let on = |end: bool| (0..26).filter(move |day| (day % 7 >= 5) == end).map(|day| by_day[day]);
        let counts: Vec<f64> = on(false).collect();
        fanos.push(variance(&counts) / mean(&counts));
        weekday.extend(counts);
        weekend.extend(on(true));
        for pair in arrivals.windows(2) {
            let gap = (pair[1] - pair[0]).secs_f64();
            gaps.push(gap);
            let (a, b) = (world.clock.local(pair[0]), world.clock.local(pair[1]));
            if a.day == b.day && a.day % 7 < 5 && a.hour() >= 9 && b.hour() < 18 {
                work_gaps.push(gap);
            }
        }
        bursty.push(kolmogorov_smirnov(rescaled_gaps(&world, &arrivals)));
        let mut without = world.clone();
        without.persona.mail_branching = Share::new(0.0);
        without.persona.mail_day_shape = 1e9;
        plain.push(kolmogorov_smirnov(rescaled_gaps(&without, &times(&without.run(), arrived))));
    }
    within("mails a weekday", mean(&weekday), 105.0, 115.0);
    within("Fano factor of weekday counts", mean(&fanos), 4.0, 10.0);
    within("gaps up to 60 s", share(&gaps, |s| s <= 60.0), 0.12, 0.17);
    within("gaps up to 300 s", share(&gaps, |s| s <= 300.0), 0.45, 0.55);
    within("CV of gaps at work", variance(&work_gaps).sqrt() / mean(&work_gaps), 1.1, 1.4);
    within("weekend/weekday mail", mean(&weekend) / mean(&weekday), 0.13, 0.30);
    within("share of mailboxes whose rescaled gaps reject Exp(1)", share(&bursty, |d| d > 1.0), 0.9, 1.0);
    within("the same without cascades and day factors", share(&plain, |d| d > 1.0), 0.0, 0.15);
}

#[test]
fn own_visits_to_the_client_are_as_many_as_the_persona_has() {
    for name in PersonaName::ALL {
        let (mut opens, mut glances, mut quits) = ([0.0; 2], 0.0, 0.0);
        for seed in 1..=50 {
            let world = World::new(name, seed);
            for (at, signal) in world.run() {
                match signal {
                    Signal::ClientOpened(_) => {
                        opens[usize::from(world.clock.local(at).day % 7 >= 5)] += 1.0;
                    }
                    Signal::Glanced(_) => glances += 1.0,
                    Signal::ForceQuit => quits += 1.0,
                    _ => {}
                }
            }
        }
        let persona = World::new(name, 0).persona;
        let own = persona.mail_opens_per_weekday * (1.0 - persona.notification_driven.get());
        println!("{}", name.name());
        let days = opens[0] + opens[1];
        let expected = own * 50.0 * (20.0 + 8.0 * persona.weekend_mail_opens);
        within("own visits, relative", days / expected, 0.93, 1.07);
        within("glances a day, relative", glances / 1400.0 / persona.glances_per_day, 0.6, 1.0);
        within("force-quits a visit", quits / days, 0.0, 0.03);
        if name != PersonaName::NightWorker {
            let weekend = opens[1] / 400.0 / (own * persona.weekend_mail_opens);
            within("own visits a weekend day, relative", weekend, 0.85, 1.15);
        }
    }
}

#[test]
fn notifications_never_move_a_plan() {
    for seed in 1..=20 {
        let quiet = World::new(PersonaName::Heavy, seed);
        let told = World { announces: true, ..quiet.clone() };
        let (quiet, told) = (quiet.run(), told.run());
        assert_eq!(times(&quiet, own), times(&told, own));
        assert_eq!(times(&quiet, arrived), times(&told, arrived));
        assert!(times(&told, answered).len() > 100 && times(&quiet, answered).is_empty());
    }
}

#[test]
fn every_session_and_visit_that_begins_ends_and_none_begins_twice() {
    for (seed, name) in (1..=12).zip(PersonaName::ALL.into_iter().cycle()) {
        let world = World { announces: true, reboots_when_opened: seed % 2 == 0, ..World::new(name, seed) };
        let (mut in_hand, mut open, mut now) = (false, false, Time::ORIGIN);
        for (at, signal) in world.with_user("force_quit_every_evening = true").run() {
            assert!(now <= at);
            now = at;
            match signal {
                Signal::PickedUp(_) => in_hand = true,
                Signal::PutDown(_) => assert!(std::mem::take(&mut in_hand) && !open, "put down at {at:?}"),
                Signal::AppOpened(_) => assert!(in_hand),
                Signal::Glanced(_) => assert!(!in_hand),
                Signal::ClientOpened(_) => assert!(in_hand && !std::mem::replace(&mut open, true)),
                Signal::ClientClosed => assert!(std::mem::take(&mut open)),
                Signal::ForceQuit => assert!(!open),
                _ => {}
            }
        }
    }
}

#[test]
fn the_client_is_swiped_away_once_every_evening() {
    let mut world = World { days: 60, ..World::new(PersonaName::Light, 1) };
    world.persona.force_quit = Share::new(0.0);
    let record = world.with_user("force_quit_every_evening = true").run();
    let quits = times(&record, |signal| signal == Signal::ForceQuit).len();
    assert!((59..=61).contains(&quits), "{quits}");
}

#[test]
fn a_night_worker_sleeps_by_day_while_the_mail_comes() {
    let world = World { announces: true, ..World::new(PersonaName::NightWorker, 1) };
    let record = world.run();
    let at_noon =
        |times: &[Time]| times.iter().filter(|at| (13..16).contains(&world.clock.local(**at).hour())).count();
    let pick_ups = times(&record, |signal| matches!(signal, Signal::PickedUp(_)));
    // Only after a late night at a weekend.
    assert!(at_noon(&pick_ups) * 100 < pick_ups.len());
    let mail = times(&record, arrived);
    assert!(at_noon(&mail) * 6 > mail.len());
    // The origin lies within a night of work that began before.
    assert!(times(&record, own)[0] < Time::ORIGIN + Span::HOUR * 6);
}

#[test]
fn poisson_users_and_mail_come_at_their_rate() {
    let count = |seed| {
        let world = World { days: 10, announces: true, ..World::typical(seed) }
            .with_user("model = 'poisson'\nopens_per_day = 20.0\nsession = '0s'")
            .with_mail("model = 'poisson'\nper_day = 50.0");
        let record = world.run();
        let opens = times(&record, opened);
        assert_eq!(opens, times(&record, |signal| signal == Signal::ClientClosed));
        assert_eq!(opens, times(&record, |signal| matches!(signal, Signal::PutDown(_))));
        assert!(times(&record, |signal| answered(signal) || signal == Signal::ForceQuit).is_empty());
        (opens.len() as f64, times(&record, arrived).len() as f64)
    };
    let (opens, mails): (Vec<f64>, Vec<f64>) = (1..=200).map(count).unzip();
    // Four standard errors of 200 counts.
    within("opens", mean(&opens), 196.0, 204.0);
    within("mails", mean(&mails), 493.6, 506.4);
    within("Fano factor of opens", variance(&opens) / mean(&opens), 0.6, 1.4);
    within("Fano factor of mails", variance(&mails) / mean(&mails), 0.6, 1.4);
}

#[test]
fn poisson_openings_while_open_extend_the_visit() {
    let world = World::typical(1)
        .with_user("model = 'poisson'\nopens_per_day = 500.0\nsession = '10m'")
        .with_mail("model = 'poisson'\nper_day = 0.0");
    let record = world.run();
    let mut expected: Vec<(Time, Time)> = vec![];
    for at in times(&record, own) {
        let until = at + Span::MINUTE * 10;
        match expected.last_mut() {
            Some(visit) if at <= visit.1 => visit.1 = until,
            _ => expected.push((at, until)),
        }
    }
    let closed = times(&record, |signal| signal == Signal::ClientClosed);
    assert_eq!(times(&record, opened), expected.iter().map(|visit| visit.0).collect::<Vec<_>>());
    assert!(closed.iter().zip(&expected).all(|(at, visit)| *at == visit.1));
}

#[test]
fn an_absent_user_does_nothing() {
    let world = World { announces: true, ..World::typical(1) }.with_user("model = 'absent'");
    assert!(world.run().iter().all(|(_, s)| matches!(s, Signal::MailArrived | Signal::Notified(_))));
}

fn berlin(start: &str, days: u64) -> Clock {
    Clock::new(start.parse().unwrap(), "Europe/Berlin", Span::ZERO, Span::DAY * days).unwrap()
}

#[test]
fn days_of_23_and_25_hours_keep_the_hours_of_the_dial() {
    for start in ["2026-03-23T00:00", "2026-10-19T00:00"] {
        let (mut mails, mut pick_ups, mut night) = (0.0, 0.0, 0.0);
        for seed in 1..=100 {
            let world = World { days: 10, clock: berlin(start, 10), ..World::typical(seed) };
            let record = world.run();
            let in_hours = |times: Vec<Time>, from: usize, to: usize| {
                let on_monday_after = |at: &&Time| {
                    let local = world.clock.local(**at);
                    local.day == 7 && (from..to).contains(&local.hour())
                };
                times.iter().filter(on_monday_after).count() as f64 / 100.0
            };
            mails += in_hours(times(&record, arrived), 8, 18);
            pick_ups += in_hours(times(&record, own), 8, 22);
            night += in_hours(times(&record, own), 2, 4);
        }
        within("share of mail on Monday from 8 to 18", mails / 110.0, 0.70, 0.82);
        within("pick-ups on Monday from 8 to 22", pick_ups, 55.0, 75.0);
        within("pick-ups on Monday from 2 to 4", night, 0.0, 0.5);
    }
}

#[test]
fn an_origin_in_the_afternoon_does_not_squeeze_the_day() {
    let in_first_hour = |seed| {
        let world = World { days: 1, clock: berlin("2026-06-01T15:00", 1), ..World::typical(seed) };
        times(&world.run(), own).iter().filter(|at| at.ms() < 3_600_000).count() as f64
    };
    let counts: Vec<f64> = (1..=200).map(in_first_hour).collect();
    within("pick-ups in the first hour", mean(&counts), 3.5, 6.5);
}

#[test]
fn a_short_record_is_repeated_in_whole_days() {
    let at = |day: u64, hour: u64| Time::ORIGIN + Span::DAY * day + Span::HOUR * hour;
    let session = |from: Time, unlocked: bool, client| {
        let until = from + Span::MINUTE;
        TraceSession { from, until, unlocked, client }
    };
    let users = vec![vec![
        session(at(1, 9), true, Some((at(1, 9) + Span::SECOND, Span::from_secs(5)))),
        session(at(1, 12), false, None),
        session(at(2, 8), true, None),
    ]];
    let traces = Traces { users: Arc::new(users), ..Traces::default() };
    let world = World { traces, days: 6, device: 3, ..World::typical(1) }.with_user("model = 'trace'");
    let record = world.run();
    let expected = [(0, 8), (1, 9), (2, 8), (3, 9), (4, 8), (5, 9)].map(|(day, hour)| at(day, hour));
    assert_eq!(times(&record, own), expected);
    let glances = times(&record, |signal| matches!(signal, Signal::Glanced(_)));
    assert_eq!(glances, [1, 3, 5].map(|day| at(day, 12)));
    assert_eq!(times(&record, opened), [1, 3, 5].map(|day| at(day, 9) + Span::SECOND));
}

#[test]
fn mailboxes_are_dealt_out_in_turn() {
    let mailboxes = Arc::new(vec![vec![Time::from_ms(5), Time::from_ms(5)], vec![Time::from_ms(7)]]);
    for (device, expected) in [(0, vec![5, 5]), (1, vec![7]), (2, vec![5, 5])] {
        let traces = Traces { mailboxes: mailboxes.clone(), ..Traces::default() };
        let world = World { traces, device, ..World::typical(1) }
            .with_user("model = 'absent'")
            .with_mail("model = 'trace'");
        let arrivals: Vec<u64> = world.run().iter().map(|(at, _)| at.ms()).collect();
        assert_eq!(arrivals, expected);
    }
}

fn mail(text: &str, align: Align) -> Result<(Vec<Vec<Time>>, Vec<String>), String> {
    let clock = berlin("2026-03-02T00:00", 28);
    read_mail(text.as_bytes(), "m.csv", align, &clock, Time::ORIGIN + Span::DAY * 28)
}

#[test]
fn mail_keeps_its_weekday_and_time_of_day() {
    // A Wednesday in another summer; the simulated one is in winter.
    let text = "\u{feff}arrived,x\r\n2023-07-12T09:30:00+02:00,\"a,\r\nb\"\r\n";
    let (mailboxes, notes) = mail(text, Align::Week).unwrap();
    assert_eq!(mailboxes, [[Time::ORIGIN + Span::DAY * 2 + Span::MINUTE * 570]]);
    assert!(notes.is_empty(), "{notes:?}");
    // In UTC a row is moved by whole weeks as it is: 08:00 in UTC is 09:00 in winter.
    for (text, align) in [
        ("2026-03-02T08:00:00Z", Align::Week),
        ("2026-03-09T08:00:00Z", Align::Week),
        ("1772438400000\n", Align::None),
    ] {
        assert_eq!(mail(text, align).unwrap().0, [[Time::ORIGIN + Span::HOUR * 9]]);
    }
}

#[test]
fn mail_out_of_order_is_sorted_and_mail_outside_is_counted() {
    let text = "mailbox,time\nb,2026-03-03T08:00:00Z\na,2026-03-02T08:00:00Z\nb,2026-03-03T08:00:00Z\n\
                a,2026-02-02T08:00:00Z\na,2027-03-02T08:00:00Z\n";
    let (mailboxes, notes) = mail(text, Align::None).unwrap();
    assert_eq!(mailboxes.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
    let notes = notes.join("\n");
    for part in ["sorted by time", "1 row equal", "before the origin", "after the horizon"] {
        assert!(notes.contains(part), "{notes}");
    }
}

#[test]
fn what_cannot_be_read_is_refused_with_its_line() {
    let long = format!("arrived\nx{}\n", "9".repeat(3_000_000));
    for (text, line, part) in [
        ("", 1, "empty"),
        ("\u{feff}", 1, "empty"),
        ("arrived\n", 1, "no row"),
        ("arrived\n2026-03-02T08:00:00Z\nyesterday\n", 3, "`yesterday`"),
        ("arrived\n1571151207\n", 2, "looks like seconds"),
        ("arrived\n-5\n", 2, "outside the years"),
        ("arrived\n2026-03-02T08:00:00\n", 2, "not an instant"),
        ("a,arrived\n1,\n", 1, "no arrival time"),
        (&long, 2, "99…`"),
    ] {
        let error = mail(text, Align::Week).unwrap_err();
        assert!(error.starts_with("m.csv:") && error.contains(part), "{error}");
        assert!(error.starts_with(&format!("m.csv:{line}: ")) || part == "no arrival time", "{error}");
        assert!(error.len() < 300, "{}", error.len());
    }
    let (clock, end) = (Clock::utc(), Time::ORIGIN + Span::DAY);
    let error = read_mail(b"arrived\n\xff\xfe\n", "m.csv", Align::Week, &clock, end).unwrap_err();
    assert!(error.contains("m.csv:2") && error.contains("UTF-8"), "{error}");
    assert!(read_mail(b"\xff\xfea\0", "m.csv", Align::Week, &clock, end).unwrap_err().contains("UTF-16"));
    assert!(mail("2020-03-02T08:00:00Z", Align::None).unwrap_err().contains("align"));
    for (text, part) in [
        ("on,off,unlocked\n1571151207258,1571151207257,true\n", "u.csv:2: the screen goes off before"),
        ("on,off,unlocked\n1571151207258,1571151207259,perhaps\n", "u.csv:2: `perhaps`"),
        ("start,stop\n1571151207258,1571151207259\n", "`start,stop`"),
        ("1571151207258\n", "u.csv:1: the row has no time at which the screen went off"),
    ] {
        let error = read_user(text.as_bytes(), "u.csv", Align::Week, &clock, end).unwrap_err();
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn sessions_keep_their_client_and_are_cut_where_they_overlap() {
    let text = "on,off,unlocked,client_from,client_until\n\
                2026-03-02T09:00:00Z,2026-03-02T09:10:00Z,yes,2026-03-02T09:01:00Z,2026-03-02T09:08:00Z\n\
                2026-03-02T09:05:00Z,2026-03-02T09:06:00Z,no,,\n";
    let end = Time::ORIGIN + Span::DAY;
    let (users, notes) = read_user(text.as_bytes(), "u.csv", Align::Week, &Clock::utc(), end).unwrap();
    let nine = Time::ORIGIN + Span::HOUR * 9;
    let five = nine + Span::MINUTE * 5;
    let client = Some((nine + Span::MINUTE, Span::MINUTE * 4));
    assert_eq!(users[0][0], TraceSession { from: nine, until: five, unlocked: true, client });
    let glance = TraceSession { from: five, until: five + Span::MINUTE, unlocked: false, client: None };
    assert_eq!(users[0][1], glance);
    assert!(notes[0].contains("cut 1 row"), "{notes:?}");
}

#[test]
fn a_million_rows_are_read() {
    let text: String = (0..1_000_000_u64).map(|i| format!("{}\n", 1_772_400_000_000 + i * 1000)).collect();
    assert_eq!(mail(&text, Align::Week).unwrap().0[0].len(), 1_000_000);
}

/// Reads a table both ways and checks what must hold of whatever was read; it can also be lived.
fn read_both(bytes: &[u8]) {
    let clock = berlin("2026-03-28T09:00", 28);
    let end = Time::ORIGIN + Span::DAY * 28;
    for align in [Align::Week, Align::None] {
        let (mailboxes, _) = read_mail(bytes, "m.csv", align, &clock, end).unwrap_or_default();
        assert!(mailboxes.iter().all(|times| times.is_sorted() && times.iter().all(|at| *at < end)));
        let (users, _) = read_user(bytes, "u.csv", align, &clock, end).unwrap_or_default();
        for sessions in &users {
            assert!(sessions.iter().all(|session| session.from <= session.until));
            assert!(sessions.windows(2).all(|pair| pair[0].until <= pair[1].from));
        }
        if !users.is_empty() {
            let traces = Traces { users: Arc::new(users), ..Traces::default() };
            World { traces, clock: clock.clone(), ..World::typical(1) }.with_user("model = 'trace'").run();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        read_both(&bytes);
    }

    #[test]
    fn no_table_makes_a_reader_panic(rows in proptest::collection::vec(
        (1_700_000_000_000_u64..1_701_000_000_000, 0_u64..1_000_000, 0..4_u8, any::<bool>()), 0..40)
    ) {
        let line = |(at, length, form, unlocked): &(u64, u64, u8, bool)| match form {
            0 => format!("{at},{},{unlocked}\n", at + length),
            1 => format!("{at},Gmail,{}\n", length % 20),
            2 => format!("2025-0{}-1{}T1{}:00:00+0{}:30,,\n", at % 9 + 1, length % 10, at % 10, at % 10),
            _ => format!("{at},{unlocked},\"\n"),
        };
        for form in 0..4 {
            let of_one_form: String = rows.iter().map(|row| line(&(row.0, row.1, form, row.3))).collect();
            read_both(of_one_form.as_bytes());
        }
        read_both(rows.iter().map(line).collect::<String>().as_bytes());
    }
}

/// A file of the shared folder, or a loud word that the test was skipped for want of it.
fn shared(test: &str, file: &str) -> Option<Vec<u8>> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let folder = std::env::var_os("BGSIM_SHARED").map_or_else(beside, PathBuf::from);
    let bytes = std::fs::read(folder.join("data").join(file)).ok();
    if bytes.is_none() {
        eprintln!("SKIPPED {test}: ../shared is absent");
    }
    bytes
}

#[test]
fn a_real_mailbox_reads_as_it_stands() {
    let test = "a_real_mailbox_reads_as_it_stands";
    let Some(bytes) = shared(test, "mail_josh_ios17_inbox.csv") else { return };
    let clock = berlin("2026-03-02T00:00", 600);
    let end = Time::ORIGIN + Span::DAY * 600;
    let (mailboxes, notes) = read_mail(&bytes, "inbox.csv", Align::Week, &clock, end).unwrap();
    println!("{notes:?}");
    assert_eq!(mailboxes[0].len(), 2002);
    // The first is of a Tuesday, 21:37:07 in UTC, which is 22:37:07 in Berlin in winter.
    assert_eq!(clock.local(mailboxes[0][0]).day, 1);
    assert_eq!(clock.local(mailboxes[0][0]).dial(), Span::from_secs(22 * 3600 + 37 * 60 + 7));
}

#[test]
fn a_real_phone_reads_as_it_stands() {
    let test = "a_real_phone_reads_as_it_stands";
    let Some(derived) = shared(test, "android_usagelogger_sessions.csv") else { return };
    let Some(events) = shared(test, "android_usagelogger_past_usage.csv") else { return };
    let (clock, end) = (berlin("2026-03-02T00:00", 28), Time::ORIGIN + Span::DAY * 28);
    let read = |bytes: &[u8]| {
        let (mut users, notes) = read_user(bytes, "phone.csv", Align::Week, &clock, end).unwrap();
        let sessions = users.remove(0);
        let unlocked = sessions.iter().filter(|session| session.unlocked).count();
        let client = sessions.iter().filter(|session| session.client.is_some()).count();
        println!("{} sessions, {unlocked} unlocked, {client} with the client; {notes:?}", sessions.len());
        (unlocked, sessions.iter().map(|session| session.from).collect::<Vec<_>>())
    };
    let (derived, events) = (read(&derived), read(&events));
    assert_eq!((derived.1.len(), derived.0), (67, 45));
    assert_eq!(derived.1, events.1);
}

/// Not a test but a clock: `cargo test --test people -- --ignored --nocapture`.
#[test]
#[ignore = "measures time"]
fn what_a_day_costs() {
    for (what, user) in [("both", "persona"), ("mail only", "absent")] {
        let world = World { days: 3650, ..World::typical(1) }.with_user(&format!("model = '{user}'"));
        let start = std::time::Instant::now();
        world.simulate(&mut ());
        println!("{what}: {:.2} us a day", start.elapsed().as_secs_f64() * 1e6 / world.days as f64);
    }
}
