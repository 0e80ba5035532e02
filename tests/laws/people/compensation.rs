//! What a user does who is not notified (docs/semantics.md, "Pairing"): visits that stand in for answers, and nothing else.

use super::world::*;
use crate::common::statistics::errors_from_zero;
use crate::common::{observe, scenario};
use bgsim::engine::{Engine, Observer};
use bgsim::experiment::replay;
use bgsim::persona::PersonaName;
use bgsim::signal::{Facts, Reason, Signal};
use bgsim::time::{Span, Time};
use bgsim::units::Share;

const DAYS: u64 = 14;

fn world(name: PersonaName, seed: u64, compensates: f64) -> World {
    let mut world = World { days: DAYS, ..World::new(name, seed) };
    world.persona.compensates = compensates;
    world
}

fn own_openings(record: &Record) -> Vec<Time> {
    times(record, |signal| signal == Signal::ClientOpened(Reason::Own))
}

#[test]
fn who_is_told_nothing_opens_the_client_as_often_as_the_persona_by_what_is_made_up_for() {
    for name in [PersonaName::Light, PersonaName::Typical, PersonaName::Heavy] {
        for compensates in [0.0, 0.5, 1.0, 1.3] {
            let persona = world(name, 0, 0.0).persona;
            let driven = persona.notification_driven.get();
            let opens = persona.mail_opens_per_weekday * (10.0 + 4.0 * persona.weekend_mail_opens);
            let expected = opens * (1.0 - driven + compensates * driven);
            let count = |seed| own_openings(&world(name, seed, compensates).run()).len() as f64;
            let off: Vec<f64> = (1..=600).map(|seed| count(seed) - expected).collect();
            let errors = errors_from_zero(&off);
            println!("{} at {compensates}: {errors:.2} errors from {expected}", name.name());
            assert!(errors.abs() < 5.0, "{} at {compensates}: {errors:.2}", name.name());
        }
    }
}

#[test]
fn who_makes_up_for_more_keeps_the_looks_of_who_makes_up_for_less() {
    for seed in 1..=20 {
        let lived =
            [0.0, 0.3, 1.0, 1.3].map(|compensates| world(PersonaName::Heavy, seed, compensates).run());
        for pair in lived.windows(2) {
            let (less, more) = (own_openings(&pair[0]), own_openings(&pair[1]));
            let left = times(&pair[1], |signal| signal == Signal::ClientClosed);
            // Of two sessions that touch by rounding, the second may find the client open.
            let is_open = |at: &Time| more.iter().zip(&left).any(|(from, until)| from <= at && at <= until);
            assert!(less.iter().all(is_open) && less.len() < more.len());
        }
    }
}

#[test]
fn a_marked_visit_takes_place_where_nothing_was_shown_for_a_day_or_a_days_answers_are_owed() {
    let (mut kept, mut paid, mut dropped) = (0, 0, 0);
    let persona = world(PersonaName::Typical, 1, 1.0).persona;
    let a_day = (persona.mail_opens_per_weekday * persona.notification_driven.get()).ceil() as usize;
    for seed in 1..=20 {
        let told = |announces, compensates| {
            let mut world = world(PersonaName::Typical, seed, compensates);
            world.persona.response = Share::new(0.0);
            World { announces, ..world }.with_mail("model = 'poisson'\nper_day = 0.7").run()
        };
        let [own, has, all] = [0.0, 1.0, 1.3].map(|compensates| own_openings(&told(false, compensates)));
        let record = told(true, 1.3);
        let shown = times(&record, |signal| matches!(signal, Signal::Notified(_)));
        let recently = |at: Time| shown.iter().any(|shown| *shown <= at && at - *shown <= Span::DAY);
        let (mut owed, mut expected) = (0, Vec::new());
        for at in all {
            let is_owed = has.contains(&at);
            let takes_place = match () {
                _ if own.contains(&at) => true,
                _ if !recently(at) => {
                    kept += 1;
                    true
                }
                _ if is_owed && owed == a_day => {
                    paid += 1;
                    true
                }
                _ => {
                    owed += usize::from(is_owed);
                    dropped += 1;
                    false
                }
            };
            if takes_place {
                expected.push(at);
            }
        }
        assert_eq!(own_openings(&record), expected);
    }
    println!("{kept} kept, {paid} paid, {dropped} dropped");
    assert!(kept > 50 && paid > 50 && dropped > 50);
}

#[test]
fn notifications_move_when_the_client_is_opened_and_not_how_often() {
    for name in [PersonaName::Typical, PersonaName::Heavy] {
        let count = |device, announces| {
            let world = World { device, announces, days: 28, ..world(name, 1, 1.0) };
            let record = world.run();
            (times(&record, opened).len() as f64, times(&record, answered).len() as f64)
        };
        let pairs: Vec<_> = (0..100).map(|device| [count(device, true), count(device, false)]).collect();
        let differences: Vec<f64> = pairs.iter().map(|[told, untold]| told.0 - untold.0).collect();
        let untold = mean(&pairs.iter().map(|[_, untold]| untold.0).collect::<Vec<_>>());
        let answers = mean(&pairs.iter().map(|[told, _]| told.1).collect::<Vec<_>>());
        let driven = world(name, 1, 1.0).persona.notification_driven.get();
        let half = 2.576 * (variance(&differences) / differences.len() as f64).sqrt();
        let difference = mean(&differences);
        println!("{}: {untold:.2} openings, with notifications {difference:+.2} ± {half:.2}", name.name());
        assert!(difference.abs() + half < 0.02 * untold, "{difference} ± {half} of {untold}");
        within("of them answers, by what the persona has", answers / untold / driven, 0.9, 1.05);
    }
}

/// However many refreshes there are, and so notifications. Fixed: the phones and their use.
#[test]
fn however_few_notifications_there_are_the_client_is_opened_as_often() {
    const DEVICES: u32 = 24;
    for (name, bound) in [("light", 0.02), ("typical", 0.01), ("heavy", 0.01)] {
        for spacing in ["0s", "1h", "8h"] {
            let count = |policy: &str, wanted: &dyn Fn(Signal) -> bool| -> Vec<f64> {
                let text = format!(
                    "extends = 'email-plus'\ndevices = {DEVICES}\nmeasure = '28d'\nfleet = [{{ persona = '{name}' }}]\n\
                     scheduler = {{ spacing = {{ median = '{spacing}' }} }}\npolicy = {{ {policy} }}"
                );
                let scenario = scenario(&text, &[]);
                let counted = |device| {
                    let mut counted = 0.0;
                    observe(&scenario, device, |now, signal, _| {
                        counted += f64::from(u8::from(now >= scenario.start && wanted(signal)))
                    });
                    counted
                };
                (0..DEVICES).map(counted).collect()
            };
            let (told, untold) = ("allow_device_keychain = true", "allow_device_keychain = false");
            let [often, seldom] = [told, untold].map(|policy| count(policy, &opened));
            let answers = mean(&count(told, &answered));
            let more: Vec<f64> = often.iter().zip(&seldom).map(|(told, untold)| told - untold).collect();
            let (difference, seldom) = (mean(&more), mean(&seldom));
            let half = 2.576 * (variance(&more) / more.len() as f64).sqrt();
            println!(
                "{name} {spacing}: {seldom:.1}, told {difference:+.2} ± {half:.2}, {answers:.1} answers"
            );
            assert!(answers > 0.0 && difference.abs() + half < bound * seldom, "{name}, {spacing}");
        }
    }
}

/// Who is told little answers little, and does not look more often for it.
#[test]
fn no_more_is_answered_than_the_persona_has() {
    let answers = |mails: &str, response: f64| {
        let count = |device| {
            let mut world = World { device, announces: true, ..world(PersonaName::Typical, 1, 1.0) };
            world.persona.response = Share::new(response);
            times(&world.with_mail(&format!("model = 'poisson'\nper_day = {mails}")).run(), answered).len()
                as f64
        };
        (0..200).map(count).sum::<f64>() / 200.0 / DAYS as f64
    };
    let [few, some, many, all] = [("3.0", 0.2), ("30.0", 0.2), ("300.0", 0.2), ("300.0", 1.0)]
        .map(|(mails, response)| answers(mails, response));
    println!("answers a day: {few:.2}, {some:.2}, {many:.2}, {all:.2}");
    let persona = world(PersonaName::Typical, 1, 1.0).persona;
    let has = persona.mail_opens_per_weekday * persona.notification_driven.get();
    let has = has * (5.0 + 2.0 * persona.weekend_mail_opens) / 7.0;
    assert!(few < 0.6 && few < some && some < many && all < 1.15 * has, "{has}");
}

/// Every signal but those of the client.
#[derive(Default)]
struct Phone(Vec<(Time, Signal)>);

impl Observer for Phone {
    fn record(&mut self, now: Time, signal: Signal, _: &Facts) {
        let of_the_phone = matches!(
            signal,
            Signal::PickedUp(_)
                | Signal::OwnUseBegins
                | Signal::PutDown(_)
                | Signal::Glanced(_)
                | Signal::AppOpened(_)
                | Signal::Locked
                | Signal::Unlocked
                | Signal::KeychainClosed
                | Signal::Battery(_)
                | Signal::PluggedIn
                | Signal::Unplugged
                | Signal::LowPowerMode(_)
                | Signal::Rebooted(_)
                | Signal::Network(_)
                | Signal::MailArrived
        );
        if of_the_phone {
            self.0.push((now, signal));
        }
    }
}

#[test]
fn lock_battery_and_other_apps_never_move() {
    for device in 0..4 {
        let lived = |compensates: &str| {
            let text =
                format!("extends = \"email-plus\"\n[[fleet]]\ncompensates = {compensates}\nresponse = 0.0\n");
            let mut seen = Phone::default();
            replay(&scenario(&text, &["measure=\"7d\""]), device, Engine::Fast, &mut seen);
            seen.0
        };
        let (none, most) = (lived("0.0"), lived("1.3"));
        assert!(none == most && none.len() > 1000);
    }
}

#[test]
fn recorded_and_simple_users_have_no_marks() {
    for model in ["model = 'poisson'\nopens_per_day = 20.0", "model = 'absent'"] {
        let lived = |compensates| world(PersonaName::Typical, 1, compensates).with_user(model).run();
        assert_eq!(lived(0.0), lived(1.3));
    }
}
