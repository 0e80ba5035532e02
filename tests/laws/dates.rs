//! By date: what a phone and its user do on a day does not depend on when the simulation began.

use crate::common::{observe, scenario};
use bgsim::signal::{Ended, Process, Signal};
use bgsim::time::Span;
use std::collections::BTreeMap;

/// Everything that is rare happens often, and nothing that policy moves.
const BASE: &str = "
time_zone = 'Europe/Berlin'
[client]
updates_per_30d = 20.0
key_losses_per_30d = 30.0
[policy]
allow_device_keychain = true
[scheduler]
model = 'never'
[memory]
model = 'off'
[power]
power_termination_per_hour = 6.0
[[fleet]]
drain_on = 0.2
top_ups_per_day = 1.0
reboots_per_30d = 15.0
low_power_accept = 0.5
";

/// What is held here to be the same, by name.
fn kind(signal: Signal) -> Option<&'static str> {
    Some(match signal {
        Signal::PickedUp(_) | Signal::PutDown(_) | Signal::Glanced(_) | Signal::AppOpened(_) => "use",
        Signal::ClientOpened(_) | Signal::ClientClosed | Signal::ForceQuit => "client",
        Signal::PluggedIn | Signal::Unplugged => "charger",
        Signal::LowPowerMode(_) => "low power",
        Signal::Rebooted(_) => "restart",
        Signal::Network(_) => "network",
        Signal::MailArrived => "mail",
        Signal::KeyLost => "key",
        Signal::Process(Process::NotRunning(Ended::Update | Ended::Power)) => "process",
        _ => return None,
    })
}

#[test]
fn a_longer_warm_up_or_another_start_leaves_a_day_as_it_is() {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for device in 0..6 {
        let lived = |start: &str, warmup: &str, measure: &str| {
            let text = format!("start = '{start}'\nwarmup = '{warmup}'\nmeasure = '{measure}'\n{BASE}");
            let scenario = scenario(&text, &["devices=6"]);
            let from = scenario.end.back(Span::DAY * 14);
            let mut lived = Vec::new();
            observe(&scenario, device, |now, signal, _| {
                if let Some(kind) = kind(signal).filter(|_| now >= from) {
                    lived.push((scenario.clock.unix_ms(now), kind, signal));
                }
            });
            lived
        };
        let base = lived("2026-03-16T00:00", "7d", "14d");
        for (start, warmup, measure) in [
            ("2026-03-16T00:00", "21d", "14d"),
            ("2026-03-12T12:00", "4d", "17d12h"),
            ("2026-03-15T03:00", "30h", "357h"),
        ] {
            let other = lived(start, warmup, measure);
            let off = base.iter().zip(&other).find(|(one, other)| one != other);
            assert!(
                off.is_none() && base.len() == other.len(),
                "{device}, from {start} less {warmup}: {off:?}"
            );
        }
        base.iter().for_each(|(_, kind, _)| *seen.entry(kind).or_default() += 1);
    }
    println!("{seen:?}");
    assert!(seen.len() == 9 && seen.values().all(|seen| *seen >= 10), "{seen:?}");
}
