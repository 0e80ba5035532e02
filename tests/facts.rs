//! What is published of iOS as rules (facts/ios.md, section 10), each test named after its row: whole
//! devices run, and every signal is held against the rule. A rule that nothing met would prove
//! nothing, so each test also counts the occasions on which it could have been broken.
//!
//! Elsewhere: row 24 in `device::scheduler::threshold`, row 21 by identifier in
//! `device::scheduler::requests`, rows 26 and 27 in `tests/memory.rs`, row 28 in
//! `device::memory::residents`.

use bgsim::clock::Clock;
use bgsim::device::Scheduler;
use bgsim::device::scheduler::{Answer, Decision, POLICIES, View, combine};
use bgsim::engine::{Engine, Model, Sink};
use bgsim::experiment::{build, replay};
use bgsim::scenario::{Scenario, Source, read};
use bgsim::signal::{
    CheckResult, Ended, Facts, Habits, HabitsProfile, KeyFailure, KeySource, Lock, Network, Process, Reboot,
    Signal, Termination, Trigger,
};
use bgsim::time::{Span, Time};

/// A scenario of some devices over some days without a warm-up; the rest as by default.
fn scenario(devices: u32, days: u32, more: &str) -> Scenario {
    let text = format!("devices = {devices}\nwarmup = '0s'\nmeasure = '{days}d'\n{more}");
    let source = Source { label: "fact.toml".into(), text };
    read(source, &[], &mut |name, _| Err(name.into())).unwrap_or_else(|faults| panic!("{faults}"))
}

/// Nothing but the scheduler stands in the way, and nobody opens the client.
const CALM: &str = "
    user = { model = 'absent' }
    network = { model = 'always' }
    power = { model = 'always_charged' }
    memory = { model = 'off' }
    lock = { model = 'always_unlocked' }
    policy = { allow_device_keychain = true }
";

struct Watch<F>(F);

impl<F: FnMut(Time, Signal, &Facts)> Sink for Watch<F> {
    fn record(&mut self, now: Time, signal: Signal, facts: &Facts) {
        (self.0)(now, signal, facts);
    }
}

/// Runs a device and shows everything it does.
fn observe(scenario: &Scenario, device: u32, see: impl FnMut(Time, Signal, &Facts)) {
    replay(scenario, device, Engine::Fast, &mut Watch(see));
}

fn is_launch(signal: Signal) -> bool {
    matches!(signal, Signal::RefreshLaunched(_))
}

/// A condition that came back after a while, and what then started.
#[derive(Clone, Copy, Default)]
struct Returns {
    since: Option<Time>,
    at: Option<Time>,
    seen: u32,
}

impl Returns {
    /// Notes that the condition is there or not; answers whether it returned after long enough.
    fn note(&mut self, now: Time, there: bool) {
        if !there {
            self.since.get_or_insert(now);
        } else if let Some(since) = self.since.take()
            && now.since(since) >= Span::HOUR * 4
        {
            (self.at, self.seen) = (Some(now), self.seen + 1);
        }
    }
}

#[test]
fn fact_09_after_four_hours_of_absence_nothing_starts_for_5_minutes_nor_for_15_in_use() {
    let scenario = scenario(40, 14, "policy = { allow_device_keychain = true }");
    let (mut unlocks, mut plugs, mut paths) = (0, 0, 0);
    let (mut soon, mut idle_soon, mut in_use) = (0, 0, 0);
    for device in 0..scenario.devices {
        // What is absent at the origin is absent since then.
        let origin = build(&scenario, device, Engine::Fast).1.facts;
        let there = [origin.lock == Lock::Unlocked, origin.plugged_in, origin.network == Network::Wifi];
        let mut returns =
            there.map(|there| Returns { since: (!there).then_some(Time::ORIGIN), ..Returns::default() });
        let mut unlocked_at = None;
        let mut watch = Watch(|now, signal, facts: &Facts| {
            let [unlock, plug, path] = &mut returns;
            match signal {
                Signal::Unlocked => {
                    let before = unlock.seen;
                    unlock.note(now, true);
                    unlocked_at = (unlock.seen == before).then_some(now);
                }
                Signal::Locked | Signal::Rebooted(_) => unlock.note(now, false),
                Signal::PluggedIn | Signal::Unplugged => plug.note(now, signal == Signal::PluggedIn),
                Signal::Network(network) => path.note(now, network == Network::Wifi),
                Signal::RefreshLaunched(_) => {
                    let last = returns.iter().filter_map(|returned| returned.at).max();
                    let since = last.map_or(Span::DAY, |at| now.since(at));
                    assert!(since >= Span::from_secs(300), "device {device}: started {since} after a return");
                    let quiet = Span::from_secs(900);
                    assert!(
                        since >= quiet || !facts.in_hand,
                        "device {device}: started in use after {since}"
                    );
                    idle_soon += u32::from(since < quiet);
                    in_use += u32::from(facts.in_hand);
                    soon += u32::from(unlocked_at.is_some_and(|at| now.since(at) < Span::from_secs(300)));
                }
                _ => {}
            }
        });
        replay(&scenario, device, Engine::Fast, &mut watch);
        let [unlock, plug, path] = returns.map(|returned| returned.seen);
        (unlocks, plugs, paths) = (unlocks + unlock, plugs + plug, paths + path);
    }
    println!("{unlocks} unlocks, {plugs} chargers, {paths} Wi-Fi; {soon} launches soon after other unlocks,");
    println!("{idle_soon} after 5 to 15 min at rest, {in_use} in use");
    assert!(unlocks > 300 && plugs > 300 && paths > 300, "the case hardly occurred");
    assert!(soon > 100 && idle_soon > 20 && in_use > 100, "nothing would have started anyway");
}

/// Launches on the charger, and off it, and hours off it, while Low Power Mode is on or off.
fn launches_by_power(mode: &str) -> [u32; 3] {
    let scenario = scenario(20, 7, &format!("power = {{ low_power_mode = '{mode}' }}"));
    let (mut plugged, mut low_plugged, mut unplugged) = (0, 0, 0);
    for device in 0..scenario.devices {
        observe(&scenario, device, |now, signal, facts: &Facts| {
            if is_launch(signal) {
                let low = facts.charge(now) < bgsim::signal::Battery::FULL / 10 * 3;
                match (facts.plugged_in, low) {
                    (true, false) => plugged += 1,
                    (true, true) => low_plugged += 1,
                    (false, _) => unplugged += 1,
                }
            }
        });
    }
    println!("Low Power Mode {mode}: {plugged} on the charger, {low_plugged} below 30 %, {unplugged} off it");
    [plugged, low_plugged, unplugged]
}

#[test]
fn fact_10_in_low_power_mode_on_battery_nothing_is_launched() {
    let [_, low_plugged, unplugged] = launches_by_power("on");
    assert_eq!((unplugged, low_plugged), (0, 0));
    let [.., without] = launches_by_power("off");
    assert!(without > 1000, "only {without} launches would have happened");
}

#[test]
fn fact_11_in_low_power_mode_on_a_charger_above_30_per_cent_launches_resume() {
    let [plugged, ..] = launches_by_power("on");
    let [without, ..] = launches_by_power("off");
    assert!(plugged > 500, "only {plugged} launches on the charger");
    assert!(plugged * 10 > without * 8, "{plugged} launches with the mode on, {without} with it off");
}

#[test]
fn fact_12_below_20_per_cent_and_unplugged_nothing_is_launched() {
    let power = "power = { low_power_mode = 'off', seek_charger = false }\n\
                 fleet = [{ overnight_charge = 0.3, top_ups_per_day = 0.1 }]";
    let scenario = scenario(20, 14, power);
    let (mut hours, mut launches) = ([0.0; 2], [0; 2]);
    for device in 0..scenario.devices {
        let (mut since, mut was_low) = (Time::ORIGIN, None);
        let (hours, launches) = (&mut hours, &mut launches);
        observe(&scenario, device, |now, signal, facts: &Facts| {
            if let Some(low) = was_low {
                hours[usize::from(low)] += now.since(since).secs_f64() / 3600.0;
            }
            let low = facts.charge(now) < bgsim::signal::Battery::FULL / 5;
            (since, was_low) = (now, (!facts.plugged_in).then_some(low));
            if is_launch(signal) && !facts.plugged_in {
                launches[usize::from(low)] += 1;
            }
        });
    }
    let due = f64::from(launches[0]) / hours[0] * hours[1];
    println!("{launches:?} launches in {hours:?} h above and below 20 %, {due:.0} due at the normal rate");
    assert!(due > 500.0, "only {due} launches were to be expected");
    assert_eq!(launches[1], 0);
}

#[test]
fn fact_13_with_background_app_refresh_off_nothing_is_ever_launched() {
    let off = "policy = { background_app_refresh = false }";
    let scenario = scenario(10, 14, off);
    let (mut asked, mut opened) = (0, 0);
    for device in 0..scenario.devices {
        observe(&scenario, device, |_, signal, _: &Facts| {
            assert!(!is_launch(signal));
            asked += u32::from(matches!(signal, Signal::RefreshRequested(_)));
            opened += u32::from(matches!(signal, Signal::ClientOpened(_)));
        });
    }
    assert!(asked > 500 && opened > 500, "{asked} requests, {opened} opens");
}

#[test]
fn fact_13_a_force_quit_holds_through_restarts_until_the_client_is_opened_by_hand() {
    let evenings = "user = { force_quit_every_evening = true }\nlock = { reboot_at = '03:00' }";
    let scenario = scenario(20, 14, evenings);
    let (mut quits, mut reboots, mut after) = (0, 0, 0);
    for device in 0..scenario.devices {
        let mut quit = false;
        observe(&scenario, device, |now, signal, facts: &Facts| match signal {
            Signal::ForceQuit => {
                quits += 1;
                quit = true;
            }
            Signal::ClientOpened(_) => quit = false,
            Signal::Rebooted(_) => reboots += u32::from(quit),
            Signal::RefreshLaunched(_) => {
                assert!(!quit, "launched at {now:?} though it was swiped away");
                after += 1;
            }
            _ => assert_eq!(facts.force_quit, quit),
        });
    }
    println!("{quits} force-quits, {reboots} restarts under one, {after} launches after an opening");
    assert!(quits > 200 && reboots > 200 && after > 200);
}

#[test]
fn fact_14_before_the_first_unlock_no_background_read_succeeds_even_after_first_unlock() {
    let policy = "policy = { allow_device_keychain = true, keychain_class = 'after_first_unlock' }\n\
                  lock = { reboot_at = '03:00' }";
    let scenario = scenario(20, 14, policy);
    let (mut before, mut locked) = (0, 0);
    for device in 0..scenario.devices {
        observe(&scenario, device, |_, signal, facts: &Facts| {
            if let Signal::CheckStarted(check) = signal
                && check.trigger == Trigger::BackgroundRefresh
            {
                if facts.lock == Lock::BeforeFirstUnlock {
                    assert_eq!(check.key, Err(KeyFailure::BeforeFirstUnlock));
                    assert!(check.launched);
                    before += 1;
                } else {
                    assert!(check.key.is_ok(), "{check:?}");
                    locked += u32::from(facts.lock == Lock::Locked);
                }
            }
        });
    }
    println!("{before} reads before the first unlock, {locked} on a locked phone");
    assert!(before > 200 && locked > 500);
}

#[test]
fn fact_15_after_a_restart_nothing_is_launched_for_5_minutes() {
    let scenario =
        scenario(20, 14, "fleet = [{ reboots_per_30d = 300.0 }]\nlock = { reboots_at_night = 0.0 }");
    let (mut reboots, mut soon) = (0, 0);
    for device in 0..scenario.devices {
        let mut booted = None;
        observe(&scenario, device, |now, signal, _: &Facts| match signal {
            Signal::Rebooted(_) => {
                reboots += 1;
                booted = Some(now);
            }
            Signal::RefreshLaunched(_) => {
                let since = booted.map_or(Span::DAY, |at| now.since(at));
                assert!(since >= Span::from_secs(300), "launched {since} after a restart");
                soon += u32::from(since < Span::from_secs(900));
            }
            _ => {}
        });
    }
    println!("{reboots} restarts, {soon} launches 5 to 15 min after one");
    assert!(reboots > 2000 && soon > 200);
}

#[test]
fn fact_16_72_hours_after_the_last_unlock_the_device_restarts_by_itself() {
    let sparse = "user = { model = 'poisson', opens_per_day = 0.25 }\n\
                  fleet = [{ reboots_per_30d = 0.0 }]";
    let scenario = scenario(10, 90, sparse);
    let (mut reboots, mut kept) = (0, 0);
    let limit = Span::HOUR * 72;
    for device in 0..scenario.devices {
        let (mut unlocked, mut rebooted) = (Time::ORIGIN, false);
        observe(&scenario, device, |now, signal, facts: &Facts| match signal {
            Signal::Rebooted(why) => {
                assert_eq!(why, Reboot::Inactivity);
                assert_eq!(now.since(unlocked), limit);
                assert_eq!(facts.lock, Lock::BeforeFirstUnlock);
                rebooted = true;
                reboots += 1;
            }
            Signal::Unlocked => {
                assert_eq!(rebooted, now.since(unlocked) >= limit, "unlocked after {}", now.since(unlocked));
                kept += u32::from(!rebooted);
                (unlocked, rebooted) = (now, false);
            }
            _ => {}
        });
    }
    println!("{reboots} restarts for inactivity, {kept} unlocks in time");
    assert!(reboots > 50 && kept > 50);
}

#[test]
fn fact_17_a_when_unlocked_item_is_readable_for_10_seconds_after_locking() {
    let wakes = "
        user = { model = 'absent' }
        mail = { model = 'poisson', per_day = 0.0 }
        network = { model = 'always' }
        power = { model = 'always_charged' }
        memory = { model = 'off' }
        lock = { model = 'alternating', mean_locked = '1m', mean_unlocked = '1m' }
        scheduler = { model = 'poisson', mean = '1s' }
        policy = { allow_device_keychain = true }
        client = { check_duration = '0s', key_in_memory = 'dropped_in_background' }
    ";
    let scenario = scenario(2, 2, wakes);
    let grace = Span::from_secs(10);
    let (mut longest, mut shortest, mut reads) = (Span::ZERO, Span::DAY, 0);
    for device in 0..scenario.devices {
        let mut locked = None;
        observe(&scenario, device, |now, signal, _: &Facts| match signal {
            Signal::Unlocked => locked = None,
            Signal::Locked => locked = Some(now),
            Signal::KeychainClosed => assert_eq!(locked.map(|at| now.since(at)), Some(grace)),
            Signal::CheckStarted(check) => {
                let Some(locked) = locked else { return };
                let since = now.since(locked);
                reads += 1;
                match check.key {
                    Ok(source) => {
                        assert_eq!(source, KeySource::Keychain);
                        longest = since.max(longest);
                    }
                    Err(reason) => {
                        assert_eq!(reason, KeyFailure::KeychainLocked);
                        shortest = since.min(shortest);
                    }
                }
            }
            _ => {}
        });
    }
    println!(
        "{reads} reads while locked: the last success after {longest}, the first failure after {shortest}"
    );
    assert!(longest < grace && shortest >= grace);
    assert!(longest.ms() > 9_900 && shortest.ms() < 10_100, "too few reads near the edge");
}

#[test]
fn fact_19_a_refresh_runs_at_most_30_seconds_and_a_few_per_cent_end_after_2_to_5() {
    let slow = "client = { check_duration = '1m' }\npolicy = { allow_device_keychain = true }";
    let scenario = scenario(30, 14, slow);
    let (mut early, mut all, mut expired) = (0, 0, [0, 0]);
    for device in 0..scenario.devices {
        let mut running = None;
        observe(&scenario, device, |now, signal, _: &Facts| match signal {
            Signal::RefreshLaunched(wake) => {
                all += 1;
                if wake.runtime < Span::from_secs(30) {
                    early += 1;
                    assert!((2000..5000).contains(&wake.runtime.ms()), "{}", wake.runtime);
                } else {
                    assert_eq!(wake.runtime, Span::from_secs(30));
                }
            }
            Signal::CheckStarted(check) if check.trigger == Trigger::BackgroundRefresh => running = Some(now),
            Signal::CheckStarted(_) => running = None,
            Signal::CheckEnded(result) => {
                let Some(begun) = running.take() else { return };
                let length = now.since(begun);
                assert!(length <= Span::from_secs(30), "it ran for {length}");
                assert!(!matches!(result, CheckResult::NewMail(_) | CheckResult::NoMail));
                expired[usize::from(length == Span::from_secs(30))] +=
                    u32::from(result == CheckResult::Expired);
            }
            _ => {}
        });
    }
    let share = f64::from(early) / f64::from(all);
    println!("{early} of {all} refreshes ({share:.3}) were taken back early; checks cut {expired:?}");
    assert!(all > 3000 && (0.03..0.10).contains(&share));
    assert!(expired[0] > 20 && expired[1] > 500);
}

#[test]
fn fact_20_fourteen_days_without_launch_by_hand_end_background_launches() {
    let rare = CALM.replace("'absent'", "'poisson', opens_per_day = 0.05");
    let scenario = scenario(20, 150, &rare);
    let (mut launches, mut pauses, mut late) = (0, 0, 0);
    let limit = Span::DAY * 14;
    for device in 0..scenario.devices {
        let mut opened = Time::ORIGIN;
        observe(&scenario, device, |now, signal, facts: &Facts| match signal {
            Signal::ClientOpened(_) => {
                pauses += u32::from(now.since(opened) >= limit);
                opened = now;
            }
            Signal::RefreshLaunched(_) => {
                let since = now.since(opened);
                assert!(since <= limit, "launched {since} after the last opening");
                launches += 1;
                late += u32::from(since > Span::DAY * 13);
            }
            Signal::HabitsRefreshed if now.since(opened) != limit => {
                assert_eq!(facts.unused_app, now.since(opened) > limit);
            }
            _ => {}
        });
    }
    println!("{launches} launches, {late} on a fourteenth day, {pauses} longer pauses");
    assert!(pauses > 30 && late > 200);
}

#[test]
fn fact_21_there_is_never_more_than_one_pending_request() {
    let scenario = scenario(20, 14, "policy = { allow_device_keychain = true }");
    let (mut requests, mut replaced) = (0, 0);
    for device in 0..scenario.devices {
        let (mut pending, mut since) = (0, Time::ORIGIN);
        observe(&scenario, device, |now, signal, facts: &Facts| {
            // A request and what it replaces are two signals of one instant.
            assert!(pending <= 1 || now == since, "{pending} requests are pending at {now:?}");
            match signal {
                Signal::RefreshRequested(_) => {
                    requests += 1;
                    pending += 1;
                }
                Signal::RefreshReplaced | Signal::RefreshCancelled | Signal::RefreshLaunched(_) => {
                    replaced += u32::from(signal == Signal::RefreshReplaced);
                    pending -= 1;
                }
                _ if now > since => assert_eq!(facts.pending_refresh.is_some(), pending == 1),
                _ => {}
            }
            since = now;
        });
    }
    println!("{requests} requests, {replaced} of them replaced");
    assert!(requests > 5000 && replaced > 1000);
}

/// What the policies see of a phone on the fourth day, used at ten o'clock on one day of four.
fn view_at_ten(see: impl FnOnce(View<'_>)) {
    let clock = Clock::utc();
    let ten = |day| clock.at(day, Span::HOUR * 10);
    let mut habits = Habits::new(HabitsProfile::Ios26, clock.clone());
    habits.saw_device_use(ten(0));
    for day in 0..3 {
        habits.saw_client_opened(ten(day));
        habits.saw_client_closed(ten(day) + Span::MINUTE);
    }
    habits.refresh(ten(3));
    assert_eq!(habits.device_active(ten(3)), Some(0.25));
    let config = <Scheduler as Model>::Config::default();
    let facts = Facts::at_origin(habits);
    see(View {
        config: &config,
        facts: &facts,
        now: ten(3),
        look_ahead: Span::from_secs(450),
        recent: true,
        energy_left: true,
        data_left: true,
        herd_at: None,
        booted_at: None,
    });
}

#[test]
fn fact_22_with_25_per_cent_active_likelihood_and_all_else_fine_the_score_is_0_961() {
    view_at_ten(|view| {
        let verdict = view.verdict();
        println!("{verdict:?}");
        assert_eq!(verdict.decision, Decision::CanProceed);
        assert!((verdict.score - 0.961).abs() < 0.005, "{}", verdict.score);
        // The published log: a sum of weights of 97.02, of which 3.75 are missed.
        let weights: f64 = POLICIES.iter().map(|(_, weight, _)| weight(view.config)).sum();
        assert!((weights - 97.02).abs() < 0.005, "{weights}");
        assert!(((1.0 - verdict.score) * weights - 3.75).abs() < 1e-9);
    });
}

#[test]
fn fact_23_the_weighted_mean_of_32_21_over_38_91_is_0_8278() {
    let answer = |decision, score| Answer { decision, score };
    let can = Decision::CanProceed;
    let published = [(answer(can, 1.0), 30.01), (answer(can, 0.25), 8.8), (answer(can, 0.0), 0.1)];
    let verdict = combine(published);
    assert_eq!(verdict.decision, can);
    assert!((verdict.score - 0.827_808).abs() < 1e-6, "{}", verdict.score);
    assert!(verdict.runs(0.82) && !verdict.runs(0.83));
    // The greatest decision is the one that counts, whatever the score.
    for (decision, runs) in [
        (Decision::MustNotProceed, false),
        (Decision::MustProceed, true),
        (Decision::AbsolutelyMustNotProceed, false),
        (Decision::AbsolutelyMustProceed, true),
    ] {
        let verdict = combine(published.into_iter().chain([(answer(decision, 0.5), 100.0)]));
        assert_eq!((verdict.decision, verdict.score, verdict.runs(0.0)), (decision, 0.0, runs));
    }
    let both = [(answer(Decision::MustProceed, 0.0), 1.0), (answer(Decision::MustNotProceed, 0.0), 9.0)];
    assert_eq!(combine(both).decision, Decision::MustProceed);
}

#[test]
fn fact_30_without_the_device_keychain_a_terminated_client_has_no_key_until_it_is_opened() {
    for kept in ["dropped_in_background", "while_process_lives"] {
        let policy = format!(
            "policy = {{ allow_device_keychain = false }}\nclient = {{ key_in_memory = '{kept}' }}\n\
             memory = {{ model = 'poisson', mean_survival = '4h' }}"
        );
        let scenario = scenario(20, 14, &policy);
        let (mut failed, mut without) = (0, [0, 0]);
        for device in 0..scenario.devices {
            let mut terminated = false;
            observe(&scenario, device, |_, signal, _: &Facts| match signal {
                Signal::Terminated(Termination::Memory) => terminated = true,
                Signal::Process(Process::Foreground) => terminated = false,
                Signal::CheckStarted(check) if check.trigger == Trigger::BackgroundRefresh => {
                    if terminated {
                        assert_eq!(check.key, Err(KeyFailure::NeedsAppFlip));
                        failed += 1;
                    } else {
                        without[usize::from(check.key.is_ok())] += 1;
                    }
                }
                _ => {}
            });
        }
        println!("{kept}: {failed} checks after a termination, {without:?} others without and with the key");
        assert!(failed > 500);
        match kept {
            "dropped_in_background" => assert_eq!(without[1], 0),
            _ => assert!(without[1] > 500),
        }
    }
}

#[test]
fn a_restart_leaves_no_process_behind_even_if_the_client_was_open() {
    let often = "fleet = [{ reboots_per_30d = 3000.0, mail_opens_per_weekday = 200.0 }]\n\
                 lock = { reboots_at_night = 0.0 }";
    let scenario = scenario(10, 7, often);
    let mut open = 0;
    for device in 0..scenario.devices {
        let (mut was, mut restarted) = (Process::Suspended, false);
        observe(&scenario, device, |_, signal, _: &Facts| match signal {
            Signal::Rebooted(_) => {
                open += u32::from(was == Process::Foreground);
                restarted = true;
            }
            Signal::Process(process) => {
                if restarted && was == Process::NotRunning(Ended::Reboot) {
                    assert_ne!(process, Process::Suspended, "a process that does not exist was suspended");
                }
                (was, restarted) = (process, restarted && process == Process::NotRunning(Ended::Reboot));
            }
            _ => {}
        });
    }
    assert!(open > 20, "the client was open at {open} restarts only");
}

#[test]
fn a_wake_that_finds_the_client_still_running_does_not_end_the_chain_of_requests() {
    let slow = "client = { refresh_interval = '1s', check_duration = '20s' }";
    let scenario = scenario(3, 2, &format!("{CALM}{slow}"));
    for device in 0..scenario.devices {
        let mut last = Time::ORIGIN;
        let mut watch = Watch(|now, signal, _: &Facts| last = if is_launch(signal) { now } else { last });
        replay(&scenario, device, Engine::Fast, &mut watch);
        assert!(last > scenario.end.back(Span::DAY), "device {device} was launched last at {last:?}");
    }
}

#[test]
fn a_request_that_a_force_quit_put_aside_is_taken_up_when_the_client_is_opened_again() {
    // Every visit ends with a swipe, unless a restart ends it before: then nobody asks anew, and
    // no change of network, charger or memory calls for a look.
    let swipes = "
        fleet = [{ reboots_per_30d = 3000.0, force_quit = 1.0, mail_opens_per_weekday = 1.0, \
                   notification_driven = 0.0, mail_session = '10m' }]
        lock = { reboots_at_night = 0.0 }
        network = { model = 'always' }
        power = { model = 'always_charged' }
        memory = { model = 'off' }
    ";
    let scenario = scenario(20, 60, swipes);
    let (mut waits, mut launches) = (0, 0);
    for device in 0..scenario.devices {
        let (mut was_quit, mut waiting) = (false, None);
        observe(&scenario, device, |now, signal, facts| match signal {
            Signal::ForceQuit => was_quit = true,
            Signal::ClientOpened(_) => waiting = None,
            Signal::RefreshLaunched(_) => {
                launches += u32::from(waiting.take().is_some());
                was_quit = false;
            }
            Signal::Process(Process::NotRunning(Ended::Reboot)) if was_quit && !facts.force_quit => {
                waits += u32::from(waiting.is_none());
                waiting.get_or_insert(now);
            }
            _ => {
                let since = waiting.map_or(Span::ZERO, |at| now.since(at));
                assert!(since < Span::HOUR * 26, "device {device}: forgotten for {since} at {now:?}");
            }
        });
    }
    println!("{waits} visits after a force-quit were ended by a restart, {launches} launches followed");
    assert!(waits > 50 && launches > 30);
}
