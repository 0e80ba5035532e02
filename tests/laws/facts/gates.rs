//! Gates: what keeps every launch from happening.

use super::world::{Watch, is_launch, observe, scenario, whole};
use bgsim::engine::Engine;
use bgsim::experiment::{build, replay};
use bgsim::signal::{Facts, Lock, Network, Signal};
use bgsim::time::{Span, Time};

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
    assert!(unlocks > 300 && plugs > 300 && paths > 100, "the case hardly occurred");
    assert!(soon > 100 && idle_soon > 20 && in_use > 100, "nothing would have started anyway");
}

/// Launches on the charger, and off it, and hours off it, while Low Power Mode is on or off.
fn launches_by_power(mode: &str) -> [u32; 3] {
    let scenario = scenario(100, 7, &format!("power = {{ low_power_mode = '{mode}' }}"));
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

/// Phones of one kind differ in how long the system leaves between two refreshes, each keeps to its own, and some
/// get none.
#[test]
fn a_phone_keeps_its_spacing_and_some_are_never_refreshed() {
    let spaced = "scheduler = { min_spacing = '20m', spacing = { median = '1h', sigma = 1.0 }, never_refreshed = 0.4 }\n\
                  policy = { background_app_refresh = true }";
    let (spaced, plain) = (whole(60, 7, spaced, &[]), scenario(60, 7, ""));
    let launches = |scenario: &bgsim::scenario::Scenario, device: u32| {
        let (mut launches, mut never) = (Vec::new(), false);
        observe(scenario, device, |now, signal, facts: &Facts| {
            launches.extend(is_launch(signal).then_some(now));
            never = facts.never_refreshed;
        });
        (launches, never)
    };
    let (mut none, mut shortest, mut without) = (0, Vec::new(), 0);
    for device in 0..spaced.devices {
        without += u32::from(
            launches(&plain, device).0.windows(2).any(|pair| pair[1] - pair[0] < Span::MINUTE * 20),
        );
        let (launches, never) = launches(&spaced, device);
        assert_eq!(launches.is_empty(), never, "device {device}");
        none += u32::from(never);
        shortest.extend(launches.windows(2).map(|pair| pair[1] - pair[0]).min());
    }
    shortest.sort();
    println!("{none} of 60 never, shortest gaps {} to {}", shortest[0], shortest[shortest.len() - 1]);
    assert!(shortest[0] >= Span::MINUTE * 20, "the floor is broken: {}", shortest[0]);
    assert!(shortest[shortest.len() - 1] > shortest[0] * 4, "all phones are spaced alike");
    // 24 expected of 60, with a standard deviation of 3.8.
    assert!((5..=43).contains(&none), "{none} of 60 phones are never refreshed");
    assert!(without > 30, "without a floor few would come closer than it");
}
