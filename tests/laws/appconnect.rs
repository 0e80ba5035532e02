//! AppConnect's own locks, which are not those of the device.

use crate::common::{observe, run, scenario};
use bgsim::scenario::Scenario;
use bgsim::signal::{Process, Signal};
use bgsim::time::{Span, Time};

fn fleet(locks: &str) -> Scenario {
    let text = format!(
        "warmup = '1d'\nmeasure = '6d'\ndevices = 24\nclient = {{ key_in_memory = 'while_process_lives' }}\n\
         [policy]\nkey_access = 'app_flip'\n[policy.appconnect]\n{locks}\n"
    );
    scenario(&text, &[])
}

#[test]
fn the_key_leaves_memory_so_long_after_the_client_left_the_screen_and_not_before() {
    let fleet = fleet("auto_lock = '20m'");
    let mut forgotten = 0;
    for device in 0..fleet.devices {
        // At the origin it has just left the screen.
        let (mut left, mut alive) = (Time::ORIGIN, true);
        observe(&fleet, device, |now, signal, facts| {
            match signal {
                Signal::ClientClosed => left = now,
                Signal::Process(process) => alive = process.is_alive(),
                Signal::KeyDropped if alive && facts.process.is_alive() => {
                    let after = now - left;
                    // Or its process is ending in this very instant.
                    forgotten += u32::from(after == Span::MINUTE * 20);
                }
                _ => {}
            }
            if facts.key_in_memory && facts.process != Process::Foreground {
                assert!(
                    now - left <= Span::MINUTE * 20,
                    "device {device} has its key at {now:?}, left {left:?}"
                );
            }
        });
    }
    assert!(forgotten > 200, "forgotten {forgotten} times");
}

#[test]
fn an_expired_passcode_takes_the_key_until_the_client_is_next_opened() {
    let fleet = fleet("passcode_age = '24h'");
    for device in 0..fleet.devices {
        let (mut dropped, mut last) = (Vec::new(), None);
        observe(&fleet, device, |now, signal, facts| {
            match signal {
                Signal::KeyDropped if facts.process == Process::Suspended => dropped.push(now),
                // It went with its process.
                Signal::Process(Process::NotRunning(_)) => drop(dropped.pop_if(|at| *at == now)),
                _ => {}
            }
            if let Signal::KeyRead(_) = signal {
                assert_eq!(facts.process, Process::Foreground);
            }
            last = Some(now);
        });
        for pair in dropped.windows(2) {
            let between = pair[1] - pair[0];
            assert_eq!(between.ms() % Span::DAY.ms(), 0, "device {device}: {between:?} between two expiries");
        }
        assert!(last.is_some());
    }
}

/// A day at least, for the client of the policy is dropped by nothing else in memory while its process lives.
#[test]
fn a_longer_auto_lock_of_appconnect_never_takes_the_key_sooner() {
    let told = |lock: &str| {
        let run = run(fleet(&format!("auto_lock = '{lock}'")));
        run.figure("exposure.key_in_memory_while_locked_h_per_day").unwrap()
    };
    let [short, long, never] = ["5m", "60m", "never"].map(told);
    assert!(short < long && long < never, "{short} {long} {never}");
}

#[test]
fn the_devices_auto_lock_and_appconnects_are_told_apart() {
    let source = |text: &str| bgsim::scenario::SourceText { label: "test".into(), text: text.into() };
    let refused = |text: &str| {
        let read = bgsim::scenario::read(source(text), &[], &mut bgsim::scenario::fetch);
        read.map(|_| ()).unwrap_err().to_string()
    };
    let long = refused("[policy]\nauto_lock = '1h'\n");
    assert!(long.contains("policy.appconnect.auto_lock"), "{long}");
    let none = refused("[policy.appconnect]\nauto_lock = '0s'\n");
    assert!(none.contains("never"), "{none}");
}
