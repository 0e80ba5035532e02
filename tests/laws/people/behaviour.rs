//! What the user and the mail must and must not do.

use super::world::*;
use bgsim::persona::PersonaName;
use bgsim::signal::{Reason, Signal};
use bgsim::time::{Span, Time};
use bgsim::trace::{TraceSession, Traces};
use bgsim::units::Share;
use std::sync::Arc;

#[test]
fn own_visits_to_the_client_are_as_many_as_the_persona_has() {
    for name in PersonaName::ALL {
        let (mut opens, mut glances, mut quits) = ([0.0; 2], 0.0, 0.0);
        for device in 0..100 {
            let mut world = World { device, ..World::new(name, 1) };
            world.persona.person_opens_sd = 0.0;
            for (at, signal) in world.run() {
                match signal {
                    Signal::ClientOpened(_) => {
                        opens[usize::from(world.clock.local(at).day % 7 >= 5)] += 1.0;
                    }
                    Signal::Glanced(_) => glances += 1.0,
                    Signal::ForceQuit => quits += 1.0,
                    _ => {}
                }
            }
        }
        let persona = World::new(name, 0).persona;
        // Nobody is told anything; most make up for it.
        let driven = persona.notification_driven.get();
        let own = persona.mail_opens_per_weekday * (1.0 - driven + driven * persona.compensates);
        println!("{}", name.name());
        let days = opens[0] + opens[1];
        let weeks = 20.0 + 8.0 * persona.weekend_mail_opens;
        within("own visits, relative", days / (own * 100.0 * weeks), 0.93, 1.07);
        within("glances a day, relative", glances / 2800.0 / persona.glances_per_day, 0.6, 1.0);
        // A quarter of the users, each so often on a weekday, and less often where there are fewer visits.
        let expected = 100.0 * weeks * persona.force_quitters.get() * persona.force_quits_per_day;
        within("force-quits, relative", quits / expected, 0.8, 1.2);
        if name != PersonaName::NightWorker {
            let weekend = opens[1] / 800.0 / (own * persona.weekend_mail_opens);
            within("own visits a weekend day, relative", weekend, 0.85, 1.15);
        }
    }
}

#[test]
fn as_many_swipe_the_client_away_as_the_persona_has_and_the_others_never_do() {
    let swipers = |share: f64| -> Vec<u32> {
        let swipes = |device: &u32| {
            let mut world = World { device: *device, days: 7, ..World::new(PersonaName::Heavy, 1) };
            world.persona.force_quitters = Share::new(share);
            world.persona.force_quits_per_day = 1000.0;
            let record = world.run();
            let quits = times(&record, |signal| signal == Signal::ForceQuit).len();
            // The last may be on the screen at the horizon.
            assert!(quits == 0 || times(&record, opened).len() - quits <= 1);
            quits > 0
        };
        (0..100).filter(swipes).collect()
    };
    let (few, many) = (swipers(0.25), swipers(0.4));
    assert_eq!((few.len(), many.len()), (25, 40));
    assert!(few.iter().all(|device| many.contains(device)));
}

#[test]
fn a_longer_warm_up_leaves_the_days_after_it_as_they_are() {
    for name in PersonaName::ALL {
        let days = |start: &str, days: u64| {
            let world = World { clock: berlin(start, days), days, ..World::new(name, 3) };
            let record = world.run();
            let wall = |at: &Time| world.clock.wall(*at);
            let from = "2026-03-23T12:00".parse().unwrap();
            let taken_up = times(&record, own).iter().map(wall).filter(|at| *at >= from).collect::<Vec<_>>();
            let looks = times(&record, opened).iter().map(wall).filter(|at| *at >= from).collect::<Vec<_>>();
            (taken_up, looks)
        };
        let (short, long) = (days("2026-03-20T00:00", 20), days("2026-02-10T00:00", 58));
        assert!(short == long && short.0.len() > 200 && short.1.len() > 10, "{}", name.name());
    }
}

#[test]
fn notifications_never_move_a_plan() {
    for seed in 1..=20 {
        let quiet = World::new(PersonaName::Heavy, seed);
        let told = World { announces: true, ..quiet.clone() };
        let (quiet, told) = (quiet.run(), told.run());
        assert_eq!(times(&quiet, own), times(&told, own));
        assert_eq!(times(&quiet, arrived), times(&told, arrived));
        assert!(times(&told, answered).len() > 20 && times(&quiet, answered).is_empty());
    }
}

#[test]
fn every_session_and_visit_that_begins_ends_and_none_begins_twice() {
    let mut within_answers = 0;
    for (seed, name) in (1..=12).zip(PersonaName::ALL.into_iter().cycle()) {
        let world = World { announces: true, reboots_when_opened: seed % 2 == 0, ..World::new(name, seed) };
        let (mut in_hand, mut open, mut news, mut now) = (false, false, false, Time::ORIGIN);
        let mut own = false;
        for (at, signal) in world.with_user("force_quit_every_evening = true").run() {
            assert!(now <= at);
            now = at;
            match signal {
                Signal::PickedUp(reason) => {
                    assert!(!std::mem::replace(&mut in_hand, true), "picked up twice at {at:?}");
                    own = reason == Reason::Own;
                    // Opening the client answers everything before.
                    assert!(reason == Reason::Own || news);
                }
                Signal::Notified(_) => news = true,
                Signal::OwnUseBegins => {
                    assert!(in_hand);
                    within_answers += u32::from(!std::mem::replace(&mut own, true));
                }
                Signal::OwnUseOver => assert!(std::mem::take(&mut own) && in_hand),
                Signal::PutDown(_) => {
                    own = false;
                    assert!(std::mem::take(&mut in_hand) && !open, "put down at {at:?}");
                }
                Signal::AppOpened(_) => assert!(in_hand),
                // One that falls into an answer drains as it would have without.
                Signal::Glanced(_) => assert!(!own),
                Signal::ClientOpened(_) => {
                    assert!(in_hand && !std::mem::replace(&mut open, true));
                    news = false;
                }
                Signal::ClientClosed => assert!(std::mem::take(&mut open)),
                Signal::ForceQuit => assert!(!open),
                _ => {}
            }
        }
    }
    assert!(within_answers > 0, "no own use began within an answer");
}

#[test]
fn the_client_is_swiped_away_once_every_evening() {
    let mut world = World { days: 60, ..World::new(PersonaName::Light, 1) };
    world.persona.force_quitters = Share::new(0.0);
    let record = world.with_user("force_quit_every_evening = true").run();
    let quits = times(&record, |signal| signal == Signal::ForceQuit).len();
    assert!((59..=61).contains(&quits), "{quits}");
}

#[test]
fn a_night_worker_sleeps_by_day_while_the_mail_comes() {
    let world = World { announces: true, ..World::new(PersonaName::NightWorker, 1) };
    let record = world.run();
    let at_noon =
        |times: &[Time]| times.iter().filter(|at| (11..14).contains(&world.clock.local(**at).hour())).count();
    let pick_ups = times(&record, |signal| matches!(signal, Signal::PickedUp(_)));
    // Only after a late night at a weekend.
    assert!(at_noon(&pick_ups) * 100 < pick_ups.len());
    let mail = times(&record, arrived);
    assert!(at_noon(&mail) * 6 > mail.len());
    // The origin lies within a night of work that began before.
    assert!(times(&record, own)[0] < Time::ORIGIN + Span::HOUR * 6);
}

#[test]
fn poisson_users_and_mail_come_at_their_rate() {
    let count = |seed| {
        let world = World { days: 10, announces: true, ..World::typical(seed) }
            .with_user("model = 'poisson'\nopens_per_day = 20.0\nsession = '0s'")
            .with_mail("model = 'poisson'\nper_day = 50.0");
        let record = world.run();
        let opens = times(&record, opened);
        assert_eq!(opens, times(&record, |signal| signal == Signal::ClientClosed));
        assert_eq!(opens, times(&record, |signal| matches!(signal, Signal::PutDown(_))));
        assert!(times(&record, |signal| answered(signal) || signal == Signal::ForceQuit).is_empty());
        (opens.len() as f64, times(&record, arrived).len() as f64)
    };
    let (opens, mails): (Vec<f64>, Vec<f64>) = (1..=200).map(count).unzip();
    // Four standard errors of 200 counts.
    within("opens", mean(&opens), 196.0, 204.0);
    within("mails", mean(&mails), 493.6, 506.4);
    within("Fano factor of opens", variance(&opens) / mean(&opens), 0.6, 1.4);
    within("Fano factor of mails", variance(&mails) / mean(&mails), 0.6, 1.4);
}

#[test]
fn poisson_openings_while_open_extend_the_visit() {
    let world = World::typical(1)
        .with_user("model = 'poisson'\nopens_per_day = 500.0\nsession = '10m'")
        .with_mail("model = 'poisson'\nper_day = 0.0");
    let record = world.run();
    let mut expected: Vec<(Time, Time)> = vec![];
    for at in times(&record, own) {
        let until = at + Span::MINUTE * 10;
        match expected.last_mut() {
            Some(visit) if at <= visit.1 => visit.1 = until,
            _ => expected.push((at, until)),
        }
    }
    let closed = times(&record, |signal| signal == Signal::ClientClosed);
    assert_eq!(times(&record, opened), expected.iter().map(|visit| visit.0).collect::<Vec<_>>());
    assert!(closed.iter().zip(&expected).all(|(at, visit)| *at == visit.1));
}

#[test]
fn an_absent_user_does_nothing() {
    let world = World { announces: true, ..World::typical(1) }.with_user("model = 'absent'");
    let of_the_user = |signal| own(signal) || answered(signal) || opened(signal);
    assert!(times(&world.run(), of_the_user).is_empty());
}

#[test]
fn days_of_23_and_25_hours_keep_the_hours_of_the_dial() {
    for start in ["2026-03-23T00:00", "2026-10-19T00:00"] {
        let (mut mails, mut pick_ups, mut night) = (0.0, 0.0, 0.0);
        for seed in 1..=100 {
            let world = World { days: 10, clock: berlin(start, 10), ..World::typical(seed) };
            let record = world.run();
            let in_hours = |times: Vec<Time>, from: usize, to: usize| {
                let on_monday_after = |at: &&Time| {
                    let local = world.clock.local(**at);
                    local.day == 7 && (from..to).contains(&local.hour())
                };
                times.iter().filter(on_monday_after).count() as f64 / 100.0
            };
            mails += in_hours(times(&record, arrived), 8, 18);
            pick_ups += in_hours(times(&record, own), 8, 22);
            night += in_hours(times(&record, own), 2, 4);
        }
        within("mail on Monday from 8 to 18", mails, 68.0, 84.0);
        within("pick-ups on Monday from 8 to 22", pick_ups, 60.0, 85.0);
        within("pick-ups on Monday from 2 to 4", night, 0.0, 0.5);
    }
}

#[test]
fn an_origin_in_the_afternoon_does_not_squeeze_the_day() {
    let in_first_hour = |seed| {
        let world = World { days: 1, clock: berlin("2026-06-01T15:00", 1), ..World::typical(seed) };
        times(&world.run(), own).iter().filter(|at| at.ms() < 3_600_000).count() as f64
    };
    let counts: Vec<f64> = (1..=200).map(in_first_hour).collect();
    within("pick-ups in the first hour", mean(&counts), 3.5, 6.5);
}

#[test]
fn a_short_record_is_repeated_in_whole_days() {
    let at = |day: u64, hour: u64| Time::ORIGIN + Span::DAY * day + Span::HOUR * hour;
    let session = |from: Time, unlocked: bool, client| {
        let until = from + Span::MINUTE;
        TraceSession { from, until, unlocked, client }
    };
    let users = vec![vec![
        session(at(1, 9), true, Some((at(1, 9) + Span::SECOND, Span::from_secs(5)))),
        session(at(1, 12), false, None),
        session(at(2, 8), true, None),
    ]];
    let traces = Traces { users: Arc::new(users), ..Traces::default() };
    let world = World { traces, days: 6, device: 3, ..World::typical(1) }.with_user("model = 'trace'");
    let record = world.run();
    let expected = [(0, 8), (1, 9), (2, 8), (3, 9), (4, 8), (5, 9)].map(|(day, hour)| at(day, hour));
    assert_eq!(times(&record, own), expected);
    let glances = times(&record, |signal| matches!(signal, Signal::Glanced(_)));
    assert_eq!(glances, [1, 3, 5].map(|day| at(day, 12)));
    assert_eq!(times(&record, opened), [1, 3, 5].map(|day| at(day, 9) + Span::SECOND));
}

#[test]
fn mailboxes_are_dealt_out_in_rounds() {
    let mailboxes = Arc::new(vec![vec![Time::from_ms(5), Time::from_ms(5)], vec![Time::from_ms(7)]]);
    let arrivals = |device: u32| -> Vec<u64> {
        let traces = Traces { mailboxes: mailboxes.clone(), ..Traces::default() };
        let world = World { traces, device, ..World::typical(1) }
            .with_user("model = 'absent'")
            .with_mail("model = 'trace'");
        world.run().iter().map(|(at, _)| at.ms()).collect()
    };
    for round in 0..5 {
        let mut dealt = [arrivals(2 * round), arrivals(2 * round + 1)];
        dealt.sort_unstable();
        assert_eq!(dealt, [vec![5, 5], vec![7]], "round {round}");
    }
}
