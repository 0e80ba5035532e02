//! Keys, restarts and who may read what.

use super::world::{observe, scenario};
use bgsim::signal::{
    Ended, Facts, KeyFailure, KeySource, Lock, Process, Reboot, Signal, Termination, Trigger,
};
use bgsim::time::{Span, Time};

#[test]
fn fact_14_before_the_first_unlock_no_background_read_succeeds_even_after_first_unlock() {
    let policy = "policy = { allow_device_keychain = true, keychain_class = 'after_first_unlock' }\n\
                  lock = { reboot_at = '03:00' }";
    // The system's own scheduler launches nothing then; one that asks no gate does.
    let scheduler = "scheduler = { model = 'periodic', every = '15m' }";
    let scenario = scenario(20, 14, &format!("{policy}\n{scheduler}"));
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
fn before_the_first_unlock_the_system_launches_nothing() {
    let scenario =
        scenario(20, 14, "policy = { allow_device_keychain = true }\nlock = { reboot_at = '03:00' }");
    let (mut reboots, mut launches) = (0, 0);
    for device in 0..scenario.devices {
        observe(&scenario, device, |_, signal, facts: &Facts| match signal {
            Signal::Rebooted(_) => reboots += 1,
            Signal::RefreshLaunched(_) => {
                assert_ne!(facts.lock, Lock::BeforeFirstUnlock);
                launches += 1;
            }
            _ => {}
        });
    }
    assert!(reboots > 200 && launches > 1000, "{reboots} restarts, {launches} launches");
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
