//! What holds in every run, whatever the scenario: random scenarios are run and held against laws.

use crate::worlds::{policies, scenario, worlds};
use bgsim::client::{BLOCKER_READS, DelayCause, blocker, key_readable_without_process};
use bgsim::engine::{Engine, Observer, run};
use bgsim::experiment::{Fleet, Keep, KeepRows, Plan, Watch, build, live, replay, run_fleet};
use bgsim::random::{RngExt, Streams};
use bgsim::record::{Ledger, Outcome, Parts, RecordFile, Rows};
use bgsim::scenario::{Member, Scenario};
use bgsim::signal::{
    Battery, Ended, Facts, Lock, Network, Occurrence, Process, Reason, Reboot, Signal, ToldBy,
};
use bgsim::time::Time;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

/// Keeps every row.
#[derive(Default)]
struct Keeper(Rows);

impl Watch for Keeper {
    type Fault = Infallible;

    fn rows(&mut self, rows: Rows) -> Result<(), Infallible> {
        for (all, more) in self.0.text.iter_mut().zip(rows.text) {
            all.extend_from_slice(&more);
        }
        Ok(())
    }
}

fn simulate(scenario: &Scenario, jobs: usize, engine: Engine) -> (Fleet, Rows) {
    let plan = Plan { jobs, engine, rows: KeepRows::All, ..Plan::default() };
    let mut keeper = Keeper::default();
    let fleet = run_fleet(scenario, &plan, &mut keeper).unwrap();
    (fleet, keeper.0)
}

/// What may become of a process.
fn may_become(from: Process, to: Process) -> bool {
    use Process::{BackgroundRunning, Foreground, NotRunning, Suspended};
    match (from, to) {
        (NotRunning(_), Foreground | BackgroundRunning) => true,
        (
            Foreground,
            BackgroundRunning | Suspended | NotRunning(Ended::ForceQuit | Ended::Reboot | Ended::Removed),
        ) => true,
        (BackgroundRunning, Foreground | Suspended) => true,
        (BackgroundRunning, NotRunning(why)) => !matches!(why, Ended::Memory | Ended::Power),
        (Suspended, Foreground | BackgroundRunning) => true,
        (Suspended, NotRunning(why)) => !matches!(why, Ended::Refused | Ended::Crash | Ended::Watchdog),
        _ => false,
    }
}

/// Whether a signal that tells of a change tells of something that was not so before.
fn is_news(signal: Signal, before: &Facts) -> bool {
    match signal {
        Signal::Unlocked => before.lock != Lock::Unlocked,
        Signal::Locked => before.lock == Lock::Unlocked,
        Signal::KeychainClosed => before.keychain_open && before.lock == Lock::Locked,
        Signal::PickedUp(_) => !before.in_hand,
        Signal::PutDown(_) | Signal::OwnUseBegins => before.in_hand,
        Signal::Glanced(_) => !before.in_use,
        Signal::OwnUseOver => before.in_use,
        Signal::BatteryEmpty | Signal::PoweredOff => !before.powered_off && !before.plugged_in,
        Signal::PoweredOn => before.powered_off && before.plugged_in,
        Signal::Network(network) => before.network != network,
        Signal::PluggedIn => !before.plugged_in,
        Signal::Unplugged => before.plugged_in,
        Signal::LowPowerMode(on) => before.low_power_mode != on,
        Signal::MemoryPressure(pressure) => before.pressure != pressure,
        Signal::UnusedApp(unused) => before.unused_app != unused,
        Signal::BudgetDenies(denies) => before.budget_denies != denies,
        Signal::RefreshDue => before.pending_refresh.is_some() && !before.refresh_due,
        Signal::RefreshSpacing(on) => before.refresh_spacing != on,
        Signal::HerdQuiet(quiet) => before.herd_quiet != quiet,
        Signal::BootQuiet(on) => before.boot_quiet != on,
        Signal::KeyStored => !before.key_stored || before.key_lost,
        Signal::KeyLost => !before.key_lost,
        Signal::AuthorizationExpired => before.authorized,
        Signal::KeyDeleted => before.key_stored,
        Signal::PolicyReached(setting) => !before.policy.has(setting),
        Signal::PushSpacing(on) => before.push_spacing != on,
        Signal::ExtensionItem(class) => before.extension_class != class,
        _ => true,
    }
}

/// Holds every signal of a device against the laws.
struct Laws {
    folded: Facts,
    now: Time,
    energy: i64,
    data: i64,
    arrived: u64,
    from: Time,
    is_retired: bool,
}

impl Observer for Laws {
    fn record(&mut self, now: Time, signal: Signal, facts: &Facts) {
        assert!(now >= self.now, "time went back from {:?} to {now:?}", self.now);
        self.now = now;
        match signal {
            Signal::Process(to) => {
                let from = self.folded.process;
                assert!(may_become(from, to), "{from:?} became {to:?} at {now:?}");
            }
            Signal::EnergyBudget(level) => assert!(i64::from(level).abs() <= self.energy, "{level}"),
            Signal::DataBudget(level) => assert!(i64::from(level).abs() <= self.data, "{level}"),
            Signal::Battery(battery) => assert!(battery.charge <= Battery::FULL),
            Signal::Occurred(Occurrence::Retired) => self.is_retired = true,
            Signal::MailArrived if now >= self.from && !self.is_retired => self.arrived += 1,
            Signal::CheckStarted(_) => assert_eq!(self.folded.check, None, "two checks at {now:?}"),
            Signal::CheckEnded(_) => assert!(self.folded.check.is_some(), "no check ended at {now:?}"),
            Signal::Notified(notice) | Signal::HeldBack(notice) => {
                let first = self.folded.waiting.front().copied().unwrap_or(0);
                let of = match notice.by {
                    ToldBy::HoursBegin => (self.folded.first_held, self.folded.held),
                    ToldBy::ServerText | ToldBy::Extension if self.folded.is_waiting(notice.first) => {
                        (notice.first, 1)
                    }
                    ToldBy::SystemMail => (first, self.folded.waiting.len() as u32),
                    _ => (first, self.folded.seen),
                };
                assert_eq!((notice.first, notice.mails), of);
                let runs = self.folded.process == Process::BackgroundRunning;
                assert!(notice.mails > 0 && (runs || !notice.by.is_check()));
            }
            Signal::PutDown(_) => assert!(self.folded.process != Process::Foreground, "open and put down"),
            Signal::ClientOpened(_) => {
                assert!(self.folded.lock != Lock::BeforeFirstUnlock, "opened while booting at {now:?}");
            }
            Signal::KeyRead(_) => assert!(!self.folded.key_in_memory, "read twice at {now:?}"),
            Signal::KeyDropped => assert!(self.folded.key_in_memory, "dropped twice at {now:?}"),
            _ => {}
        }
        assert!(is_news(signal, &self.folded), "{signal:?} at {now:?} was so before");
        if !BLOCKER_READS.has(signal.word()) {
            let seen = |facts| (blocker(facts, now), key_readable_without_process(facts));
            assert_eq!(
                seen(&self.folded),
                seen(facts),
                "{signal:?} at {now:?} changed what the blocker reads"
            );
        }
        self.folded.apply(now, signal);
        assert!(self.folded == *facts, "the record does not replay to the state after {signal:?} at {now:?}");
        assert!(facts.seen as usize <= facts.waiting.len() && facts.waiting.len() <= facts.arrived as usize);
        assert!(facts.waiting.iter().is_sorted());
        assert!(facts.keychain_open || facts.lock != Lock::Unlocked);
        assert!(!facts.keychain_open || facts.lock != Lock::BeforeFirstUnlock);
        if let Process::NotRunning(_) = facts.process {
            assert!(!facts.key_in_memory || matches!(signal, Signal::Process(_)), "a key without a process");
        }
    }
}

/// The rows of `mail.csv` by column.
fn mail_rows(rows: &Rows) -> Vec<BTreeMap<String, String>> {
    let header = RecordFile::Mail.header();
    let columns: Vec<&str> = header.trim_end().split(',').collect();
    let text = std::str::from_utf8(&rows.text[RecordFile::Mail as usize]).unwrap();
    let row = |line: &str| {
        columns.iter().map(|name| name.to_string()).zip(line.split(',').map(str::to_owned)).collect()
    };
    text.lines().map(row).collect()
}

/// Holds all lives of a scenario, and their books, against the laws.
pub fn obeys_the_laws(text: &str) {
    let scenario = scenario(text);
    let mut arrived = 0;
    for device in 0..scenario.devices {
        let (mut models, mut core) = build(&scenario, device, Engine::Fast);
        let budgets = &scenario.sections.scheduler;
        let energy = (budgets.energy_capacity * 1000.0) as i64;
        let data = (budgets.data_capacity.get() / 1000) as i64;
        let (folded, from) = (core.facts.clone(), scenario.start);
        let mut laws = Laws { folded, now: Time::ORIGIN, energy, data, arrived: 0, from, is_retired: false };
        run(&mut models, &mut core, scenario.end, &mut laws);
        assert!(core.facts.charge(scenario.end) <= Battery::FULL);
        arrived += laws.arrived;
    }

    let (fleet, rows) = simulate(&scenario, 1, Engine::Fast);
    assert_eq!(fleet.parts, simulate(&scenario, 1, Engine::Reference).0.parts, "the calendars disagree");
    let counts = fleet.total().counts;
    assert_eq!(counts.arrived, arrived);
    assert_eq!(counts.outcomes.iter().sum::<u64>(), arrived);
    let [requested, ran, replaced, cancelled] = counts.requests;
    if text.contains("model = 'periodic'")
        || text.contains("model = 'poisson', mean")
        || text.contains("'never'")
    {
        assert_eq!((requested, replaced, cancelled), (0, 0, 0));
    } else {
        assert_eq!(requested, ran + replaced + cancelled + counts.requests_pending);
    }

    let mail = mail_rows(&rows);
    assert_eq!(mail.len() as u64, arrived);
    let names = BTreeSet::from_iter(mail.iter().map(|row| (row["device"].clone(), row["mail"].clone())));
    assert_eq!(names.len(), mail.len(), "a mail has two rows");
    let mut outcomes = [0; Outcome::ALL.len()];
    for row in &mail {
        let causes =
            DelayCause::ALL.map(|cause| row[&format!("{}_ms", cause.name())].parse::<u64>().unwrap());
        let sum: u64 = causes.iter().sum();
        let outcome = Outcome::ALL.into_iter().find(|outcome| outcome.name() == row["outcome"]).unwrap();
        outcomes[outcome as usize] += 1;
        if outcome == Outcome::Undelivered {
            let horizon = scenario.clock.unix_ms(scenario.end);
            let arrived: jiff::Timestamp = row["arrived"].parse().unwrap();
            let left = horizon - arrived.as_millisecond();
            assert!(sum as i64 == left || text.contains("retire") && (sum as i64) < left, "{row:?}");
        } else {
            assert_eq!(sum, row["latency_ms"].parse::<u64>().unwrap(), "{row:?}");
        }
        let quiet = causes[DelayCause::QuietHours as usize];
        assert!(quiet == 0 || !row["held_back"].is_empty(), "{row:?}");
    }
    assert_eq!(outcomes, counts.outcomes);
}

/// What nobody's decision may move.
#[derive(Default, PartialEq, Debug)]
struct Exogenous {
    mail: Vec<Time>,
    own_sessions: Vec<Time>,
    apps: Vec<(Time, u16)>,
    network: Vec<(Time, Network)>,
    charger: Vec<(Time, bool)>,
    power: Vec<(Time, bool)>,
    reboots: Vec<Time>,
}

impl Observer for Exogenous {
    fn record(&mut self, now: Time, signal: Signal, _: &Facts) {
        match signal {
            Signal::MailArrived => self.mail.push(now),
            Signal::PickedUp(Reason::Own) | Signal::OwnUseBegins => self.own_sessions.push(now),
            Signal::AppOpened(app) => self.apps.push((now, app.0)),
            Signal::Network(network) => self.network.push((now, network)),
            Signal::PluggedIn => self.charger.push((now, true)),
            Signal::Unplugged => self.charger.push((now, false)),
            Signal::PoweredOn | Signal::PoweredOff => self.power.push((now, signal == Signal::PoweredOn)),
            Signal::Rebooted(Reboot::Planned) => self.reboots.push(now),
            _ => {}
        }
    }
}

fn exogenous(scenario: &Scenario, device: u32) -> Exogenous {
    let mut seen = Exogenous::default();
    replay(scenario, device, Engine::Fast, &mut seen);
    seen
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, max_shrink_iters: 64, ..ProptestConfig::default() })]

    #[test]
    fn every_run_obeys_the_laws(world in worlds(true), policy in policies()) {
        obeys_the_laws(&format!("{world}{policy}"));
    }

    /// Nor the charge, for which a user seeks a charger and for want of which a phone is off.
    #[test]
    fn no_policy_moves_what_is_exogenous(world in worlds(false), one in policies(), other in policies()) {
        let [one, other] = [one, other].map(|policy| scenario(&format!("{world}{policy}")));
        for device in 0..one.devices {
            let (ours, theirs) = (exogenous(&one, device), exogenous(&other, device));
            prop_assert!(!ours.own_sessions.is_empty());
            prop_assert_eq!(ours, theirs);
        }
    }
}

/// Two fetches of the system's own mail client may end in one instant: the second finds nothing left to tell of.
#[test]
fn what_one_fetch_has_told_the_next_of_the_same_instant_does_not_tell_again() {
    obeys_the_laws(
        "warmup = '0d'\nmeasure = '6d'\ndevices = 3\nseed = 62859\n\
         time_zone = 'America/New_York'\nstart = '2026-03-28T00:00'\n\
         fleet = [{ persona = 'light' }, { persona = 'heavy' }]\n\
         network = { wifi_at_home = 0.3, outage = '20m' }\n\
         policy = { delivery = 'system_longpoll', auto_lock = '30s' }",
    );
}

/// Forty devices, two days, with a bit of everything.
fn fleet_of(devices: u32) -> Scenario {
    scenario(&format!(
        "warmup = '1d'\nmeasure = '2d'\ndevices = {devices}\n\
         fleet = [{{ persona = 'light' }}, {{ persona = 'heavy', reboots_per_30d = 20.0, force_quitters = 0.5, force_quits_per_day = 5.0 }}]\n\
         policy = {{ allow_device_keychain = true, working_hours = {{ from = '08:00', to = '18:00' }} }}"
    ))
}

#[test]
fn the_number_of_threads_leaves_no_trace() {
    let fleet = fleet_of(70);
    let (one, rows) = simulate(&fleet, 1, Engine::Fast);
    assert!(rows.text[..4].iter().all(|text| text.len() > 1000));
    for jobs in [2, 7] {
        let (many, other) = simulate(&fleet, jobs, Engine::Fast);
        assert!(rows.text == other.text, "the rows differ with {jobs} threads");
        assert_eq!(one.parts, many.parts, "{jobs} threads");
        assert_eq!(many.finished, 70);
    }
}

#[test]
fn a_device_lives_alike_in_a_small_fleet_and_in_a_large_one() {
    let (_, small) = simulate(&fleet_of(9), 1, Engine::Fast);
    let (_, large) = simulate(&fleet_of(40), 2, Engine::Fast);
    for (small, large) in small.text.iter().zip(&large.text) {
        assert!(large.starts_with(small));
        assert!(small.is_empty() || large.len() > 2 * small.len());
    }
}

#[test]
fn a_device_takes_nothing_over_from_the_one_before() {
    let scenario = fleet_of(12);
    let (fleet, together) = simulate(&scenario, 1, Engine::Fast);
    let (mut alone, mut parts) = (Keeper::default(), Parts::for_sizes(scenario.sizes(scenario.devices)));
    // Each with books of its own, and the last first.
    let mut lives: Vec<(u32, Ledger<'_>)> = Vec::new();
    for device in (0..scenario.devices).rev() {
        let mut ledger = Ledger::new(&scenario.policy, &scenario.clock, scenario.start, scenario.end);
        let keep = Keep { rows: true, events: false };
        live(&scenario, device, Engine::Reference, &mut ledger, keep, &mut ());
        lives.insert(0, (device, ledger));
    }
    for (device, ledger) in lives {
        let Member { group, rank } = scenario.member(device);
        *parts.at(group, rank) += &ledger.tally;
        alone.rows(ledger.rows).unwrap();
    }
    assert!(alone.0.text == together.text, "the rows differ");
    assert_eq!(parts, fleet.parts);
}

/// The names of all streams, as the source spells them outside of its tests.
fn stream_names() -> Vec<String> {
    let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut names = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            // Fonts and templates lie among the sources.
            if path.extension().is_none_or(|end| end != "rs") {
                continue;
            }
            let text = std::fs::read_to_string(path).unwrap();
            let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
            for call in [".stream(", ".keyed("] {
                for (at, found) in code.match_indices(call) {
                    let name = code[at + found.len()..].split('"').nth(1).unwrap();
                    assert!(
                        code[at + found.len()..].starts_with('"'),
                        "{call} without a plain name before {name}"
                    );
                    names.push(name.to_owned());
                }
            }
        }
    }
    names.sort();
    names
}

/// Streams that stand for the same thing in two models of the user, of which a device has one.
const SHARED: [&str; 1] = ["user visits"];

#[test]
fn every_process_has_a_stream_of_its_own() {
    let names = stream_names();
    assert!(names.len() > 25, "only {} streams were found", names.len());
    for pair in names.windows(2) {
        assert!(
            pair[0] != pair[1] || SHARED.contains(&pair[0].as_str()),
            "two processes draw from {:?}",
            pair[0]
        );
    }
    let mut first = BTreeSet::new();
    let mut count = 0;
    for name in BTreeSet::from_iter(&names) {
        for (seed, device) in [(1, 0), (1, 1), (2, 0), (0, u32::MAX)] {
            let streams = Streams::new(seed, "typical", device);
            first.insert(streams.stream(name).random::<u64>());
            first.insert(streams.keyed(name).at(0).random());
            first.insert(streams.keyed(name).at(1).random());
            count += 3;
        }
    }
    assert_eq!(first.len(), count, "two streams begin alike");
}
