//! What is published on a date, and how it reaches the devices.

use crate::common::{SIMPLE, observe, run, scenario};
use bgsim::policy::{KeyAccess, Setting};
use bgsim::scenario::Scenario;
use bgsim::signal::{ChangeId, Network, Occurrence, Process, Signal};
use bgsim::time::{Span, Time};
use std::collections::BTreeSet;

/// The chance that an app check-in comes within `t` hours of a stationary instant, where the client is opened at a
/// Poisson rate `mu` an hour and check-ins are at least `c` hours apart: they are a renewal process with gaps of `c`
/// and an exponential time.
fn reached_within(t: f64, mu: f64, c: f64) -> f64 {
    let opened = 1.0 - libm::exp(-mu * t);
    if c == 0.0 {
        return opened;
    }
    let still_runs = c / (c + 1.0 / mu);
    let later = match t < c {
        true => (t - opened / mu) / c,
        false => 1.0 - libm::exp(-mu * t) * (libm::exp(mu * c) - 1.0) / (mu * c),
    };
    (1.0 - still_runs) * opened + still_runs * later
}

#[test]
fn a_published_setting_arrives_as_the_renewal_of_check_ins_says() {
    const DEVICES: f64 = 3000.0;
    for (opens_per_day, interval_h) in [(12.0, 0.0), (12.0, 1.0), (12.0, 8.0), (4.0, 8.0)] {
        let text = format!(
            "{SIMPLE}\n[[event]]\nname = 'it'\nat = '2026-03-07T00:00'\n\
             set = {{ 'policy.allow_device_keychain' = true }}\n"
        );
        let run = run(scenario(
            &text,
            &[
                &format!("devices={DEVICES}"),
                "warmup=0s",
                "measure=10d",
                "mail.per_day=1.0",
                "policy.allow_device_keychain=false",
                "user={ model = 'poisson', session = '1s' }",
                &format!("user.opens_per_day={opens_per_day:.1}"),
                &format!("policy.appconnect.check_in_interval={interval_h}h"),
            ],
        ));
        let tally = run.total();
        let adoption = tally.adoption.of(0).unwrap();
        assert_eq!(adoption.published as f64, DEVICES);
        assert_eq!(adoption.reached, adoption.stored, "an opening brings both");
        let estimate = adoption.effective.estimate();
        for t in [0.5, 1.0, 2.0, 4.0, 8.0, 12.0, 24.0] {
            let expected = reached_within(t, opens_per_day / 24.0, interval_h);
            let found = estimate.told_within(Span::from_secs_f64(t * 3600.0)).unwrap();
            // Five standard errors, and the width of a bin.
            let bound = 5.0 * (expected * (1.0 - expected) / DEVICES).sqrt() + 0.003;
            assert!(
                (found - expected).abs() < bound,
                "{opens_per_day} a day, {interval_h} h: {found} within {t} h, not {expected}"
            );
        }
    }
}

/// A small fleet with all that there is, of which one thing is published on the second day.
fn fleet(base: &str, event: &str) -> Scenario {
    let text = format!(
        "warmup = '1d'\nmeasure = '5d'\ndevices = 24\n{base}\n\
         [[event]]\nname = 'it'\nat = '2026-03-03T10:00'\n{event}\n"
    );
    scenario(&text, &[])
}

#[test]
fn what_is_withdrawn_is_deleted_when_it_arrives_and_the_key_leaves_memory() {
    for by in ["app_checkin", "mdm_command", "managed_config", "at_once"] {
        let fleet = fleet(
            "[policy]\nallow_device_keychain = true",
            &format!("by = '{by}'\nset = {{ 'policy.allow_device_keychain' = false }}"),
        );
        let mut reached = 0;
        for device in 0..fleet.devices {
            let (mut arrived, mut over) = (None, false);
            observe(&fleet, device, |now, signal, facts| {
                if signal == Signal::PolicyReached(Setting::KeyAccess(KeyAccess::AppFlip)) {
                    assert!(facts.key_stored, "it was stored until now");
                    (arrived, reached) = (Some(now), reached + 1);
                }
                if let Some(at) = arrived.filter(|at| *at < now && !over) {
                    assert!(!facts.key_stored, "{by}: stored at {now:?}, withdrawn at {at:?}");
                    over = true;
                }
                if arrived.is_some_and(|at| at < now) && facts.key_in_memory {
                    // Only an opening gives it, by a flip.
                    assert!(matches!(facts.process, Process::Foreground | Process::BackgroundRunning));
                }
            });
        }
        assert!(reached >= 20, "{by} reached {reached}");
    }
}

#[test]
fn what_is_allowed_works_once_the_key_is_stored_in_the_foreground() {
    for by in ["app_checkin", "mdm_command", "managed_config", "at_once"] {
        let fleet = fleet("", &format!("by = '{by}'\nset = {{ 'policy.allow_device_keychain' = true }}"));
        let mut stored = 0;
        for device in 0..fleet.devices {
            let mut reached = false;
            observe(&fleet, device, |now, signal, facts| match signal {
                Signal::Occurred(Occurrence::Reached(ChangeId(0))) => reached = true,
                Signal::KeyStored => {
                    assert!(reached && facts.process == Process::Foreground, "stored at {now:?}");
                    stored += 1;
                }
                Signal::PolicyReached(_) if by == "mdm_command" => {
                    assert!(!facts.powered_off && facts.network != Network::None);
                }
                _ => {}
            });
        }
        assert!(stored >= 20, "{by}: {stored} stored it");
    }
}

#[test]
fn every_device_ends_with_what_was_published_last() {
    let text = "warmup = '1d'\nmeasure = '6d'\ndevices = 24\n\
        [[event]]\nname = 'first'\nat = '2026-03-03T10:00'\nset = { 'policy.keychain_class' = 'after_first_unlock', 'policy.auto_lock' = '30s' }\n\
        [[event]]\nname = 'second'\nat = '2026-03-03T10:30'\nby = 'at_once'\nset = { policy.keychain_class = 'when_passcode_set' }\n";
    let fleet = scenario(text, &[]);
    for device in 0..fleet.devices {
        let mut last = None;
        let mut said = BTreeSet::new();
        observe(&fleet, device, |_, signal, facts| {
            last = Some(facts.policy);
            if let Signal::PolicyReached(setting) = signal {
                assert!(said.insert(setting.to_string()), "{setting} reached it twice");
            }
        });
        let policy = last.unwrap();
        assert_eq!(policy.keychain_class.name(), "when_passcode_set");
        assert!([Span::from_secs(30), Span::MINUTE * 2].contains(&policy.auto_lock));
    }
}

#[test]
fn the_clients_own_settings_can_be_published() {
    let fleet = fleet(
        "[policy]\nallow_device_keychain = true",
        "by = 'at_once'\nset = { client = { refresh_interval = '4h' } }",
    );
    let at = fleet.clock.from_wall("2026-03-03T10:00".parse().unwrap()).unwrap();
    let mut seen = 0;
    for device in 0..fleet.devices {
        observe(&fleet, device, |now, signal, _| {
            if let Signal::RefreshRequested(earliest) = signal {
                let hours = if now > at { 4 } else { 0 };
                assert!(
                    now == Time::ORIGIN || earliest - now >= Span::hours(hours),
                    "asked for {earliest:?} at {now:?}"
                );
                seen += u32::from(now > at);
            }
        });
    }
    assert!(seen > 100);
}

/// Mail is in working hours by those that were published when it arrived, whether they had reached the device or not.
#[test]
fn whether_mail_arrives_in_working_hours_follows_what_was_published() {
    let run = run(fleet(
        "",
        "set = { policy = { working_hours = { days = ['mon', 'tue', 'wed', 'thu', 'fri'], from = '08:00', to = '18:00' } } }",
    ));
    let clock = &run.scenario.clock;
    let at = clock.from_wall("2026-03-03T10:00".parse().unwrap()).unwrap();
    let (mut inside, mut outside) = (0, 0);
    for mail in run.mails() {
        let arrived = run.scenario.start + Span::from_ms(mail.arrived_ms as u64);
        let local = clock.local(arrived);
        let works = !clock.weekday(local.day).is_weekend() && (8..18).contains(&local.hour());
        assert_eq!(mail.in_working_hours, arrived < at || works);
        *(if mail.in_working_hours { &mut inside } else { &mut outside }) += 1;
    }
    assert!(inside > 100 && outside > 100);
}
