//! What decides of a background push: the gates of the system's scheduler, the sleep of the phone for one of priority
//! 5, and no score.
//!
//! **False alarms.** An expectation is tested at 5 standard errors over devices; rules that hold on every path are
//! tested exactly.

use crate::common::{observe, scenario};
use bgsim::clock::Clock;
use bgsim::device::push::guards::{gates_are_open, is_asleep, is_online};
use bgsim::device::scheduler::View;
use bgsim::device::{Scheduler, scheduler};
use bgsim::engine::Model;
use bgsim::policy::Policy;
use bgsim::signal::{
    Battery, Facts, Habits, HabitsConfig, Held, HerdQuiet, Lock, Network, Pressure, PushStage, Signal, ToldBy,
};
use bgsim::time::{Span, Time};
use bgsim::units::Share;

/// Every state that a policy of dasd looks at, but for the likelihood of use, which is not asked of a push.
fn states() -> impl Iterator<Item = (Facts, bool)> {
    let habits = || Habits::new(&HabitsConfig::default(), Clock::utc());
    (0..1_u32 << 13).map(move |bits| {
        let bit = |place: u32| bits >> place & 1 == 1;
        let mut facts = Facts::at_origin(Policy::default(), habits());
        facts.lock = [Lock::Unlocked, Lock::BeforeFirstUnlock][usize::from(bit(0))];
        facts.network = match (bit(1), bit(2)) {
            (true, _) => Network::None,
            (_, true) => Network::Cellular,
            _ => Network::Wifi,
        };
        (facts.plugged_in, facts.low_power_mode, facts.in_hand) = (bit(3), bit(4), bit(5));
        let charge = if bit(6) { 0.04 } else { 0.6 };
        facts.battery = Battery { charge: Battery::of(Share::new(charge)), in_hand: 0, idle: 0 };
        facts.critical_below = Battery::of(Share::new(0.05));
        facts.pressure = match (bit(7), bit(8)) {
            (true, _) => Pressure::Critical,
            (_, true) => Pressure::Warning,
            _ => Pressure::Normal,
        };
        facts.herd_quiet = match (bit(9), bit(10)) {
            (true, _) => HerdQuiet::Always,
            (_, true) => HerdQuiet::InHand,
            _ => HerdQuiet::Over,
        };
        facts.boot_quiet = bit(11);
        facts.budget_denies = bit(12);
        (facts, !bit(12))
    })
}

/// dasd wants a score above 0.01 of a background push, and does not ask how likely its app is to be used. With the weights
/// as they are, and with five of them at or below the least that is plausible, no moment at which no policy refuses has less.
#[test]
fn the_gates_of_a_background_push_are_the_policies_and_its_score_never_decides() {
    let usual = <Scheduler as Model>::Config::default();
    let least = scheduler::Config {
        weight_application: 25.0,
        weight_other: 0.0,
        weight_pressure: 1.0,
        activity_floor: Share::new(0.0),
        cellular_score: Share::new(0.0),
        ..usual.clone()
    };
    let (mut open, mut lowest) = (0, 1.0_f64);
    for config in [&usual, &least] {
        for (facts, budgets_left) in states() {
            let now = Time::ORIGIN;
            let view = View {
                config,
                facts: &facts,
                now,
                look_ahead: Span::ZERO,
                recent: false,
                energy_left: budgets_left,
                data_left: budgets_left,
            };
            let is_refused = view.refusal().is_some();
            assert_eq!(gates_are_open(&facts, now), !is_refused, "{}", facts.words(&Clock::utc()));
            if !is_refused {
                open += 1;
                // The first is the policy that asks for use: a push passes it.
                let (sum, weights) = view.answers().iter().skip(1).fold(
                    (config.weight_application, config.weight_application),
                    |(sum, weights), (answer, weight)| (sum + answer.score * weight, weights + weight),
                );
                lowest = lowest.min(sum / weights);
            }
        }
    }
    println!("{open} states are open; the lowest score is {lowest}");
    assert!(open >= 100 && lowest > 0.2, "{open} open, {lowest}");
}

/// Of pushes of priority 5 that find a phone asleep, the part waits that is set: each has a draw of its own.
#[test]
fn of_pushes_that_find_a_sleeping_phone_the_part_waits_that_is_set() {
    let base = "devices = 32\nwarmup = '2d'\nmeasure = '12d'\n[policy]\ndelivery = 'push_server_text'\n\
        [push]\npriority = 'power_saving'\nstale_connection.probability = 0.0\nlow_power_delay.probability = 0.0\n";
    let waits = |share: &str| {
        let scenario = scenario(base, &[&format!("push.low_priority_waits={share}")]);
        let (mut held, mut at_once) = (0, 0);
        for device in 0..scenario.devices {
            let mut seen = std::collections::BTreeSet::new();
            observe(&scenario, device, |_, signal, facts: &Facts| match signal {
                Signal::Push(push) if push.stage == PushStage::Held => {
                    held += u32::from(is_online(facts) && seen.insert(push.mail));
                }
                Signal::Notified(notice) if notice.by == ToldBy::ServerText && is_asleep(facts) => {
                    at_once += u32::from(!seen.contains(&notice.first));
                }
                _ => {}
            });
        }
        println!("{share}: {held} waited, {at_once} did not");
        (held, at_once)
    };
    assert_eq!(waits("0.0").0, 0);
    let (held, at_once) = waits("0.3");
    // In the second that it takes a few phones fall asleep or wake.
    let part = f64::from(held) / f64::from(held + at_once);
    assert!(held > 1000 && (part - 0.3).abs() < 0.03, "{part}");
}

/// On phones as people use them: one of priority 5 that waits reaches the phone only once it is awake or on a charger,
/// or with a push of priority 10; of one of priority 10 nothing of that is asked.
#[test]
fn what_waits_for_a_sleeping_phone_comes_when_it_wakes() {
    let base = "devices = 24\nwarmup = '2d'\nmeasure = '10d'\n[policy]\ndelivery = 'push_generic_then_detail'\n\
        [push]\nlow_priority_waits = 1.0\nstale_connection.probability = 0.0\nlow_power_delay.probability = 0.0\n";
    let at_once = scenario(base, &["push.priority=immediate"]);
    let later = scenario(base, &["push.priority=power_saving"]);
    // APNs takes seconds from where it sends: in so long the phone may fall asleep.
    let way = Span::MINUTE;
    let (mut held, mut shown_late, mut shown_asleep) = (0, 0, 0);
    for device in 0..later.devices {
        let mut awake_until = Time::ORIGIN;
        observe(&later, device, |now, signal, facts: &Facts| {
            match signal {
                Signal::Push(push) if push.stage == PushStage::Held => {
                    assert!(is_asleep(facts) || !is_online(facts), "device {device} at {now:?}");
                    held += u32::from(is_online(facts));
                }
                Signal::Push(push) if push.stage == PushStage::Signalled => {
                    assert!(
                        !is_asleep(facts) || now.since(awake_until) < way,
                        "device {device} at {now:?}: asleep since {awake_until:?}"
                    );
                    shown_late += 1;
                }
                Signal::BackgroundPush(Held::Came) => shown_late += 1,
                _ => {}
            }
            if !is_asleep(facts) {
                awake_until = now;
            }
        });
        observe(&at_once, device, |_, signal, facts: &Facts| match signal {
            Signal::Push(push) if push.stage == PushStage::Held => assert!(!is_online(facts)),
            Signal::Push(push) if push.stage == PushStage::Signalled => {
                shown_asleep += u32::from(is_asleep(facts))
            }
            _ => {}
        });
    }
    assert!(held > 500 && shown_late > 500 && shown_asleep > 500, "{held} {shown_late} {shown_asleep}");
}
