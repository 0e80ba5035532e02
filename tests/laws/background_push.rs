//! What decides of a background push: the gates of the system's scheduler, the sleep of the phone for one of priority
//! 5, and no score.
//!
//! **False alarms.** An expectation is tested at 5 standard errors over devices; rules that hold on every path are
//! tested exactly.

use crate::common::{SIMPLE, observe, run, scenario};
use bgsim::clock::Clock;
use bgsim::device::push::guards::{gates_are_open, is_asleep, is_online};
use bgsim::device::scheduler::View;
use bgsim::device::{Scheduler, scheduler};
use bgsim::engine::Model;
use bgsim::policy::Policy;
use bgsim::signal::{
    Battery, Facts, Habits, HabitsConfig, Held, HerdQuiet, Lock, Network, Pressure, PushStage, Signal,
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

/// dasd wants a score above 0.01 of a background push, and does not ask how likely its app is to be used. With the
/// least of every weight and score that the declarations call plausible, no moment at which no policy refuses has less.
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
    assert!(open > 100 && lowest > 0.2, "{open} open, {lowest}");
}

/// Without accidents on its way.
const CALM: [&str; 3] = [
    "push.subscription.deaths_per_year=0.0",
    "push.stale_connection.probability=0.0",
    "push.low_power_delay.probability=0.0",
];

fn simple(sets: &[&str]) -> bgsim::scenario::Scenario {
    scenario(SIMPLE, &[&CALM, sets].concat())
}

/// A phone that is never unlocked and off its charger gets of its pushes of priority 5 those that do not wait.
#[test]
fn a_phone_that_sleeps_for_good_gets_the_part_that_does_not_wait() {
    let wakes = |waits: &str| {
        let waits = format!("push.low_priority_waits={waits}");
        let sets = [
            "devices=40",
            "measure=20d",
            "lock.model=always_locked",
            "policy.delivery=push_interval",
            "push.interval=1h",
            "push.background_spacing=0s",
            "mail.per_day=0",
            &waits,
        ];
        run(simple(&sets)).figure("push.wakes_per_day").expect("known")
    };
    assert!((wakes("0.0") - 24.0).abs() < 0.2);
    assert_eq!(wakes("1.0"), 0.0);
    // 19,200 pushes, each with its own draw.
    let expected = 24.0 * 0.7;
    let error = 24.0 * (0.7 * 0.3 / 19_200.0_f64).sqrt();
    let found = wakes("0.3");
    assert!((found - expected).abs() < 5.0 * error + 0.05, "{found}, expected {expected} +- {error}");
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
