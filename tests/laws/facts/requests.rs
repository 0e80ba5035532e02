//! Requests and scores: how often, how long, how well a moment suits.

use super::world::{CALM, Watch, is_launch, observe, scenario};
use bgsim::clock::Clock;
use bgsim::device::Scheduler;
use bgsim::device::scheduler::{Answer, Decision, View, combine};
use bgsim::engine::{Engine, Model};
use bgsim::experiment::replay;
use bgsim::signal::{CheckResult, Ended, Facts, Habits, HabitsConfig, Process, Signal, Trigger};
use bgsim::time::{Span, Time};

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
                late += u32::from(since >= Span::DAY * 13);
            }
            Signal::HabitsRefreshed if now.since(opened) != limit => {
                assert_eq!(facts.unused_app, now.since(opened) > limit);
            }
            _ => {}
        });
    }
    println!("{launches} launches, {late} on a fourteenth day, {pauses} longer pauses");
    assert!(pauses > 30 && launches > 200 && late > 20);
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
    let mut habits = Habits::new(&HabitsConfig::default(), clock.clone());
    habits.saw_device_use(ten(0));
    for day in 0..3 {
        habits.saw_client_opened(ten(day));
        habits.saw_client_closed(ten(day) + Span::MINUTE);
    }
    habits.refresh(ten(3));
    assert_eq!(habits.device_active(ten(3)), Some(0.25));
    let config = <Scheduler as Model>::Config::default();
    let facts = Facts::at_origin(bgsim::policy::Policy::default(), habits);
    see(View {
        config: &config,
        facts: &facts,
        now: ten(3),
        look_ahead: Span::from_secs(450),
        recent: true,
        energy_left: true,
        data_left: true,
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
        let weights: f64 = view.answers().into_iter().map(|(_, weight)| weight).sum();
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
fn a_wake_that_finds_the_client_still_running_does_not_end_the_chain_of_requests() {
    let slow = "client = { refresh_interval = '1s', check_duration = '20s' }";
    let used = CALM.replace("'absent'", "'poisson', opens_per_day = 24.0");
    let scenario = scenario(3, 2, &format!("{used}{slow}"));
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
        fleet = [{ reboots_per_30d = 3000.0, force_quitters = 1.0, force_quits_per_day = 1000.0, mail_opens_per_weekday = 1.0, \
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
                // It may wait for the time of day of the last use.
                assert!(since < Span::HOUR * 30, "device {device}: forgotten for {since} at {now:?}");
            }
        });
    }
    println!("{waits} visits after a force-quit were ended by a restart, {launches} launches followed");
    assert!(waits > 50 && launches > 30);
}
