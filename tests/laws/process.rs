//! The client's process: work that its time does not suffice for, keys that are gone, ends of all kinds, and when it
//! asks for its next refresh.

use crate::common::{Run, observe, run, scenario};
use bgsim::scenario::Scenario;
use bgsim::signal::{
    Check, CheckResult, Ended, KeyFailure, Network, Process, Reboot, Signal, ToldBy, Trigger,
};
use bgsim::time::Span;

/// Phones that are refreshed, with a key that is always within reach.
const REFRESHED: &str = "
    warmup = '7d'
    measure = '7d'
    policy = { allow_device_keychain = true, keychain_class = 'after_first_unlock', background_app_refresh = true }
    scheduler = { never_refreshed = 0.0, spacing = { median = '20m', sigma = 0.0 } }
";

fn refreshed(devices: u32, client: &str) -> Scenario {
    scenario(&format!("devices = {devices}\n{REFRESHED}\n[client]\n{client}"), &[])
}

/// A check as it ended: what began it, how much waited for it, how long it took.
struct Ran {
    check: Check,
    waiting: u32,
    took: Span,
    result: CheckResult,
}

fn checks(scenario: &Scenario) -> Vec<Ran> {
    let mut ran = Vec::new();
    for device in 0..scenario.devices {
        let mut running = None;
        observe(scenario, device, |now, signal, facts| match signal {
            Signal::CheckStarted(check) => running = Some((now, check, facts.waiting.len() as u32)),
            Signal::CheckEnded(result) => {
                let (began, check, waiting) = running.take().expect("a check runs");
                ran.push(Ran { check, waiting, took: now - began, result });
            }
            _ => {}
        });
    }
    ran
}

#[test]
fn more_mail_makes_a_check_longer_and_the_larger_backlog_expires() {
    let scenario = refreshed(60, "check_duration = '10s'\ncheck_per_mail = '800ms'");
    let checks = checks(&scenario);
    let share = |least: u32, most: u32| {
        let of = checks.iter().filter(|ran| {
            ran.check.trigger == Trigger::BackgroundRefresh
                && ran.check.key.is_ok()
                && ran.result != CheckResult::NoNetwork
                && (least..=most).contains(&ran.waiting)
        });
        let expired = of.clone().filter(|ran| ran.result == CheckResult::Expired).count();
        (expired as f64 / of.clone().count() as f64, of.count())
    };
    let [(few, a), (some, b), (many, c)] = [share(0, 8), share(9, 18), share(19, u32::MAX)];
    let (all, _) = share(0, u32::MAX);
    println!(
        "expired: {few:.2} of {a} with up to 8 mails, {some:.2} of {b} with up to 18, {many:.2} of {c}; {all:.2}"
    );
    assert!(a.min(b).min(c) > 80 && few < some && some < many && (0.1..0.9).contains(&all));
}

#[test]
fn what_a_check_has_done_may_count_for_the_next() {
    let expired = |expiry: &str| {
        let scenario =
            refreshed(20, &format!("check_duration = '31s'\ncheck_per_mail = '0s'\nexpiry = '{expiry}'"));
        let checks = checks(&scenario);
        let background = checks.iter().filter(|ran| ran.check.trigger == Trigger::BackgroundRefresh);
        let found = background.filter(|ran| matches!(ran.result, CheckResult::NewMail(_))).count();
        assert!(checks.len() > 1000);
        found
    };
    let [lost, kept] = ["lost", "kept"].map(expired);
    println!("background checks that find mail: {lost} if what was done is lost, {kept} if it is kept");
    assert!(lost == 0 && kept > 300);
}

#[test]
fn a_check_that_began_on_the_screen_goes_on_for_half_a_minute_and_no_longer() {
    let scenario = refreshed(20, "check_duration = '2m'");
    let (mut cut, mut left) = (0, None);
    for device in 0..scenario.devices {
        observe(&scenario, device, |now, signal, facts| match signal {
            Signal::ClientClosed if facts.check.is_some() => left = Some(now),
            Signal::ClientOpened(_) => left = None,
            Signal::CheckEnded(result) => {
                if let Some(left) = left.take() {
                    assert!(now - left <= Span::from_secs(30), "it went on for {}", now - left);
                    cut += u32::from(result == CheckResult::Expired && now - left == Span::from_secs(30));
                }
            }
            _ => {}
        });
    }
    assert!(cut > 300, "{cut} were cut");
}

#[test]
fn a_frozen_check_goes_on_at_the_next_wake_and_tells_then() {
    let scenario = refreshed(20, "check_duration = '40s'\nexpiry = 'suspended'");
    let checks = checks(&scenario);
    let background = || checks.iter().filter(|ran| ran.check.trigger == Trigger::BackgroundRefresh);
    let long = background().filter(|ran| matches!(ran.result, CheckResult::NewMail(_))).collect::<Vec<_>>();
    assert!(long.iter().all(|ran| ran.took > Span::MINUTE * 15), "it took no longer than a window");
    let hours = long.iter().filter(|ran| ran.took > Span::HOUR).count();
    println!("{} frozen checks found mail later, {hours} after more than an hour", long.len());
    assert!(long.len() > 200 && hours > 10);
    // While it is frozen it runs no code: nothing but a suspended process holds such a check for long.
    for device in 0..scenario.devices {
        let mut since = None;
        observe(&scenario, device, |now, signal, facts| {
            let runs = facts.check.is_some() && facts.process == Process::BackgroundRunning;
            if runs && since.is_none() {
                since = Some(now);
            }
            if let Some(at) = since.filter(|_| !runs) {
                assert!(now - at <= Span::from_secs(30), "{signal:?} after {}", now - at);
                since = None;
            }
        });
    }
}

#[test]
fn a_client_that_takes_itself_for_signed_out_has_no_key_until_it_is_opened() {
    let text = |on_missing_key: &str| {
        format!(
            "devices = 30\nwarmup = '7d'\nmeasure = '7d'\npolicy = {{ allow_device_keychain = true }}\n\
             scheduler = {{ never_refreshed = 0.0, spacing = {{ median = '20m', sigma = 0.0 }} }}\n\
             client = {{ on_missing_key = '{on_missing_key}' }}"
        )
    };
    let scenario = scenario(&text("signed_out_until_opened"), &[]);
    let (mut occasions, mut failed) = (0, 0);
    for device in 0..scenario.devices {
        let mut signed_out = false;
        observe(&scenario, device, |_, signal, facts| match signal {
            Signal::KeyLost => {
                occasions += 1;
                signed_out = true;
            }
            Signal::KeyStored => signed_out = false,
            Signal::CheckStarted(check) => {
                if signed_out && check.trigger == Trigger::BackgroundRefresh {
                    assert_eq!(check.key, Err(KeyFailure::KeyLost));
                    failed += 1;
                }
                assert!(facts.key_lost == signed_out);
            }
            _ => {}
        });
    }
    println!("{occasions} times signed out, {failed} checks without a key then");
    assert!(occasions > 100 && failed > 100);
    let found = |text: &str| {
        let run = run(crate::common::scenario(text, &[]));
        run.figure("checks.by_result.new_mail").unwrap()
    };
    assert!(found(&text("signed_out_until_opened")) < found(&text("retry")));
}

#[test]
fn a_key_can_be_gone_and_a_keychain_can_fail_though_it_is_open() {
    let scenario = refreshed(30, "key_losses_per_30d = 15.0\nkeychain_errors = 0.4");
    let run: Run = run(scenario);
    let reason = |reason: &str| run.figure(&format!("key_failures.by_reason.{reason}")).unwrap();
    let waited = |cause: &str| run.figure(&format!("mail.delay_causes_s.{cause}")).unwrap();
    println!("{} lost, {} errors", reason("key_lost"), reason("keychain_error"));
    assert!(reason("key_lost") > 50.0 && reason("keychain_error") > 50.0);
    assert!(waited("key_lost") > 0.0 && waited("keychain_error") > 0.0);
    assert_eq!(reason("keychain_locked") + reason("before_first_unlock"), 0.0);
}

#[test]
fn a_restart_may_drop_the_pending_request_until_the_client_is_opened() {
    let after = |survives: f64| {
        let text = format!(
            "devices = 30\nwarmup = '7d'\nmeasure = '7d'\nlock = {{ reboot_at = '03:00' }}\n\
             policy = {{ allow_device_keychain = true, background_app_refresh = true }}\n\
             scheduler = {{ never_refreshed = 0.0, requests_survive_restart = {survives}, \
             spacing = {{ median = '20m', sigma = 0.0 }} }}"
        );
        let scenario = scenario(&text, &[]);
        let (mut launches, mut restarts) = (0, 0);
        for device in 0..scenario.devices {
            let mut waits = false;
            observe(&scenario, device, |_, signal, _| match signal {
                Signal::Rebooted(_) => {
                    waits = true;
                    restarts += 1;
                }
                Signal::ClientOpened(_) => waits = false,
                Signal::RefreshLaunched(_) => launches += u32::from(waits),
                _ => {}
            });
        }
        assert!(restarts > 300);
        launches
    };
    let [dropped, kept] = [after(0.0), after(1.0)];
    println!("launches between restart and opening: {dropped} if requests are dropped, {kept} if not");
    assert!(dropped == 0 && kept > 100);
}

#[test]
fn a_client_that_asks_only_if_nothing_is_pending_keeps_its_time() {
    let a_day = |requests: &str| {
        let scenario = refreshed(40, &format!("refresh_interval = '12h'\nrequests = '{requests}'"));
        let launches =
            checks(&scenario).iter().filter(|ran| ran.check.trigger == Trigger::BackgroundRefresh).count();
        launches as f64 / 40.0 / 14.0
    };
    let [each, pending] = ["check_and_close", "if_none_pending"].map(a_day);
    println!(
        "checks a day at 12 h: {each:.2} if each opening asks anew, {pending:.2} if only without a request"
    );
    assert!(pending > each * 1.5 && (1.0..2.1).contains(&pending));
}

#[test]
fn a_client_that_asks_only_when_opened_is_refreshed_at_most_once_between_openings() {
    let scenario = refreshed(20, "requests = 'open'");
    let mut launches = 0;
    for device in 0..scenario.devices {
        // The request that was pending at the origin, and those of openings.
        let mut asked = 1;
        observe(&scenario, device, |_, signal, _| match signal {
            Signal::ClientOpened(_) => asked = 1,
            Signal::RefreshLaunched(_) => {
                assert_eq!(asked, 1, "nobody has asked for it");
                asked = 0;
                launches += 1;
            }
            _ => {}
        });
    }
    assert!(launches > 500, "{launches} launches");
}

#[test]
fn crashes_take_the_key_in_memory_and_leave_the_key_in_the_keychain() {
    let told = |class: &str, crashes: f64| {
        let text = format!(
            "devices = 60\nwarmup = '7d'\nmeasure = '14d'\nmemory = {{ model = 'off' }}\n\
             policy = {{ allow_device_keychain = true, keychain_class = '{class}', background_app_refresh = true }}\n\
             scheduler = {{ never_refreshed = 0.0, spacing = {{ median = '20m', sigma = 0.0 }} }}\n\
             client = {{ crashes = {crashes}, updates_per_30d = 0.0 }}"
        );
        let run = run(scenario(&text, &[]));
        (run.figure("mail.told_within.1h").unwrap(), run.figure("process.terminations.crash").unwrap())
    };
    let [(memory, none), (memory_crashes, many)] = [0.0, 0.2].map(|crashes| told("when_unlocked", crashes));
    let [(keychain, _), (keychain_crashes, _)] =
        [0.0, 0.2].map(|crashes| told("after_first_unlock", crashes));
    println!(
        "told within 1 h: {memory:.3} to {memory_crashes:.3}; after first unlock {keychain:.3} to {keychain_crashes:.3}"
    );
    assert!(none == 0.0 && many > 500.0);
    assert!(memory_crashes < memory - 0.02 && (keychain_crashes - keychain).abs() < 0.005);
}

#[test]
fn the_watchdog_ends_some_of_those_that_do_not_give_in() {
    let run = run(refreshed(20, "check_duration = '50s'\nwatchdog = 0.5"));
    let [expired, ended] =
        ["checks.by_result.expired", "process.terminations.watchdog"].map(|path| run.figure(path).unwrap());
    println!("{ended} of {expired} checks that expired were ended by the watchdog");
    assert!(expired > 500.0 && ended > expired * 0.2 && ended < expired * 0.6);
}

/// Minutes since midnight at which nights begin for updates.
const NIGHTS: [(&str, u32); 2] = [("typical", 2 * 60), ("night_worker", 10 * 60 + 45)];

#[test]
fn updates_come_in_the_users_own_night_on_the_charger_and_on_wifi() {
    for (name, night) in NIGHTS {
        let client = format!("updates_per_30d = 10.0\n[[fleet]]\npersona = '{name}'");
        let scenario = refreshed(60, &client);
        let (mut updates, mut left) = (0, None);
        for device in 0..scenario.devices {
            observe(&scenario, device, |now, signal, facts| match signal {
                Signal::ClientClosed => left = Some(now),
                Signal::Process(Process::NotRunning(Ended::Update)) if left != Some(now) => {
                    let minute = scenario.clock.local(now).ms / 60_000;
                    assert!((night..night + 180).contains(&minute), "{name}: an update at minute {minute}");
                    assert!(facts.plugged_in && facts.network == Network::Wifi);
                    updates += 1;
                }
                _ => {}
            });
        }
        println!("{name}: {updates} updates on 60 phones in 14 days");
        // At most 280; a process that has ended already is no end, and not every night finds a charger and Wi-Fi.
        assert!((40..280).contains(&updates));
    }
}

#[test]
fn an_update_waits_for_the_client_to_leave_the_screen() {
    let text = "devices = 20\nwarmup = '0s'\nmeasure = '14d'\n\
        user = { model = 'poisson', opens_per_day = 12.0, session = '1h' }\n\
        memory = { model = 'off' }\nnetwork = { model = 'always' }\npower = { model = 'always_charged' }\n\
        scheduler = { model = 'never' }\nclient = { updates_per_30d = 30.0 }";
    let scenario = scenario(text, &[]);
    let (mut updates, mut on_leaving) = (0, 0);
    for device in 0..scenario.devices {
        let mut left = None;
        observe(&scenario, device, |now, signal, _| match signal {
            Signal::ClientClosed => left = Some(now),
            Signal::Process(Process::NotRunning(Ended::Update)) => {
                updates += 1;
                on_leaving += u32::from(left == Some(now));
            }
            _ => {}
        });
    }
    println!("{updates} updates in 280 nights, {on_leaving} as the client left the screen");
    // One a night, but where a restart has ended the process before or the horizon comes first.
    assert!(updates > 260 && on_leaving > 60);
}

#[test]
fn a_restart_for_an_update_waits_for_the_users_own_night_on_the_charger() {
    for (name, night) in NIGHTS {
        let scenario = scenario(
            &format!(
                "devices = 40\nwarmup = '0s'\nmeasure = '28d'\nlock = {{ reboots_at_night = 1.0 }}\n\
                 fleet = [{{ persona = '{name}', reboots_per_30d = 10.0 }}]"
            ),
            &[],
        );
        let mut restarts = 0;
        for device in 0..scenario.devices {
            observe(&scenario, device, |now, signal, facts| {
                if signal == Signal::Rebooted(Reboot::Planned) {
                    let minute = scenario.clock.local(now).ms / 60_000;
                    assert!((night..night + 180).contains(&minute), "{name}: restarted at minute {minute}");
                    assert!(facts.plugged_in && !facts.in_use, "{name}: restarted at {now:?}");
                    restarts += 1;
                }
            });
        }
        println!("{name}: {restarts} restarts on 40 phones in 28 days");
        // 373 are due, some of them in the last nights, and one restart serves all that wait for it.
        assert!((200..400).contains(&restarts), "{name}: {restarts}");
    }
}

/// What began on the screen or had a key then is no key failure afterwards: each has a reason of its own.
#[test]
fn every_check_without_a_key_says_why() {
    let text = "devices = 30\nwarmup = '7d'\nmeasure = '7d'\n\
        policy = { key_access = 'os_protection', background_app_refresh = true }\n\
        client = { key_in_memory = 'dropped_in_background', expiry = 'suspended', check_duration = '45s' }";
    let run = run(scenario(text, &[]));
    let figure = |path: &str| run.figure(path).unwrap();
    let failed = figure("checks.by_result.key_failure") + figure("checks.by_result.launch_refused");
    assert!(failed > 200.0 && figure("checks.by_result.expired") > 200.0);
    assert_eq!(figure("key_failures.total"), failed);
    for check in run.checks().iter().filter(|check| check.result == "key_failure") {
        assert!(!["memory", "keychain", "flip"].contains(&check.key.as_str()), "{check:?} had a key");
    }
}

/// A phone that was off when the hours began tells of held mail after its first unlock, if they are not over then.
#[test]
fn mail_held_while_the_phone_was_off_is_told_within_the_hours() {
    let text = "extends = 'working-hours'\nname = 'off'\ndevices = 120\n\
        client = { after_hours = 'announced_when_hours_begin' }\npower = { seek_charger = false }\n\
        fleet = [{ overnight_charge = 0.3, top_ups_per_day = 0.4 }]";
    let scenario = scenario(text, &[]);
    let hours = scenario.policy.working_hours.as_ref().unwrap();
    let (mut told, mut off) = (0, 0);
    for device in 0..scenario.devices {
        observe(&scenario, device, |now, signal, _| match signal {
            Signal::Notified(notice) if notice.by == ToldBy::HoursBegin => {
                assert!(
                    hours.contain(&scenario.clock, now),
                    "told outside the hours, device {device} at {now:?}"
                );
                told += 1;
            }
            Signal::PoweredOff => off += 1,
            _ => {}
        });
    }
    println!("{told} notifications of held mail, phones were off {off} times");
    assert!(told > 300 && off > 200);
}

/// A restart for an update waits for a night on the charger, and those that are none go on meanwhile.
#[test]
fn an_update_that_waits_holds_no_other_restart_up() {
    let scenario = scenario(
        "devices = 30\nmeasure = '120d'\nfleet = [{ persona = 'typical', overnight_charge = 0.0, reboots_per_30d = 6.0 }]",
        &[],
    );
    let mut times = Vec::new();
    for device in 0..scenario.devices {
        let mut last = None;
        observe(&scenario, device, |now, signal, _| {
            if signal == Signal::Rebooted(Reboot::Planned) {
                times.push(last.map(|last| now - last));
                last = Some(now);
            }
        });
    }
    // Of 804 that are due 30 % are for no update; the others come when a phone is charged at night by chance.
    let close = times.iter().flatten().filter(|gap| **gap <= Span::MINUTE).count();
    println!("{} restarts, {close} within a minute of another", times.len());
    assert!(times.len() > 200 && close < 5);
}

/// In the hour that is shown twice an update that is due, and must wait, waits for another night.
#[test]
fn a_restart_for_an_update_is_never_due_in_the_past() {
    let scenario = scenario(
        "devices = 200\nwarmup = '0s'\nmeasure = '3d'\ntime_zone = 'Europe/Berlin'\nstart = '2026-10-24T13:30'\n\
         lock = { reboots_at_night = 1.0 }\n\
         fleet = [{ persona = 'typical', reboots_per_30d = 1000.0, overnight_charge = 0.5 }]",
        &[],
    );
    let mut restarts = 0;
    for device in 0..scenario.devices {
        observe(&scenario, device, |_, signal, _| {
            restarts += u32::from(signal == Signal::Rebooted(Reboot::Planned));
        });
    }
    assert!(restarts > 100, "{restarts}");
}
