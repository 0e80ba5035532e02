//! Push, in closed form and by the rules that its sources state: what it takes on its way, what APNs keeps, what wakes
//! the client, how long a dead subscription is missed, and what each product shows.
//!
//! **False alarms.** Devices are the independent units; an expectation is tested at 5 standard errors or more over
//! them (5.7e-7). Rules that hold on every path are tested exactly.

use crate::common::{SIMPLE, observe, run, scenario};
use bgsim::access_table::{Rules, STATES, products};
use bgsim::engine::Engine;
use bgsim::policy::{Delivery, KeyAccess, Shows};
use bgsim::record::RecordFile;
use bgsim::report::product_text::letters;
use bgsim::scenario::Scenario;
use bgsim::signal::{
    ExtensionFailure, Facts, Held, Lock, Network, Notice, Process, PushStage, Reason, Signal, ToldBy,
};
use bgsim::time::{Span, Time};
use bgsim::timeline::timeline;
use std::collections::BTreeMap;

/// A way without accidents.
const SURE: [&str; 5] = [
    "push.subscription.deaths_per_year=0.0",
    "push.stale_connection.probability=0.0",
    "push.low_power_delay.probability=0.0",
    "push.extension.memory_kill=0.0",
    "push.extension.stops_per_day=0.0",
];

fn simple(sets: &[&str]) -> Scenario {
    scenario(SIMPLE, &[&SURE, sets].concat())
}

/// Mean and standard error over devices of a number that each has.
fn mean(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
}

fn agrees(values: &[f64], expected: f64) {
    let (found, error) = mean(values);
    assert!((found - expected).abs() < 5.0 * error, "{found} +- {error}, expected {expected}");
}

fn lognormal_mean(median_s: f64, sigma: f64) -> f64 {
    median_s * libm::exp(sigma * sigma / 2.0)
}

/// When each mail of a device was told, by its number.
fn told(scenario: &Scenario, device: u32) -> Vec<(u32, u64)> {
    let mut told = Vec::new();
    observe(scenario, device, |now, signal, _| {
        if let Signal::Notified(Notice { first, by: ToldBy::ServerText, .. }) = signal {
            told.push((first, now.ms()));
        }
    });
    told
}

#[test]
fn the_text_of_a_server_takes_the_sum_of_its_stages() {
    let of = |relay: &str| {
        let relay = format!("push.relay.median={relay}");
        let run = run(simple(&["devices=400", "measure=7d", "policy.delivery=push_server_text", &relay]));
        run.by_device(
            &run.first_mails(),
            |mail| mail.device,
            |mail| mail.latency_ms.expect("told") as f64 / 1000.0,
        )
    };
    let expected =
        |relay: f64| lognormal_mean(3.0, 0.8) + lognormal_mean(relay, 0.7) + lognormal_mean(0.65, 0.65);
    agrees(&of("1s"), expected(1.0));
    // Another relay would be seen.
    let (slow, error) = mean(&of("3s"));
    assert!((slow - expected(1.0)).abs() > 5.0 * error, "{slow} +- {error}");
}

/// No key and no code is asked for, so nothing that happens to either matters.
#[test]
fn the_text_of_a_server_does_not_ask_for_lock_key_memory_or_habits() {
    let base = ["devices=3", "measure=14d", "policy.delivery=push_server_text"];
    let as_it_is: Vec<_> = (0..3).map(|device| told(&simple(&base), device)).collect();
    assert!(as_it_is.iter().all(|told| told.len() > 200));
    for other in [
        "lock.model=always_locked",
        "policy.allow_device_keychain=false",
        "memory.model=before_each_wake",
        "habits.learn=false",
        "policy.background_app_refresh=false",
        "scheduler.model=das",
    ] {
        let sets = [base.as_slice(), &[other]].concat();
        let changed: Vec<_> = (0..3).map(|device| told(&simple(&sets), device)).collect();
        assert_eq!(changed, as_it_is, "{other}");
    }
}

/// In the long run a subscription that dies at a rate and is renewed at the next opening, which come at another, is
/// dead for the one rate's part of both.
#[test]
fn a_subscription_is_missed_for_the_part_that_theory_gives() {
    let share = |opens: &str| {
        let opens = format!("user.opens_per_day={opens}");
        let scenario = simple(&[
            "devices=200",
            "warmup=5d",
            "measure=40d",
            "mail.per_day=40",
            "policy.delivery=push_generic_then_detail",
            "push.subscription.deaths_per_year=365",
            "user.model=poisson",
            "user.session=0s",
            &opens,
        ]);
        let lost = |device: u32| {
            let mut count = [0.0, 0.0];
            observe(&scenario, device, |now, signal, _| match signal {
                Signal::Push(push) if now >= scenario.start => {
                    count[0] += f64::from(u8::from(push.stage == PushStage::Unsubscribed));
                    count[1] += f64::from(u8::from(push.stage == PushStage::Sent));
                }
                _ => {}
            });
            count[0] / (count[0] + count[1])
        };
        (0..scenario.devices).map(lost).collect::<Vec<f64>>()
    };
    agrees(&share("2"), 1.0 / 3.0);
    let (often, error) = mean(&share("4"));
    assert!((often - 1.0 / 3.0).abs() > 5.0 * error, "{often} +- {error}");
}

/// Apple stores one push for an app: of ten that are sent to a phone without network, one is shown.
#[test]
fn of_pushes_to_a_phone_that_is_offline_the_newest_is_shown() {
    let offline = "[[event]]\nname = 'hole'\nat = '2026-03-05T10:00'\noffline = '1h'\n";
    let scenario = |stored: &str| {
        let sets =
            ["devices=30", "measure=6d", "mail.per_day=240", "policy.delivery=push_server_text", stored];
        crate::common::scenario(&format!("{SIMPLE}\n{offline}"), &[SURE.as_slice(), &sets].concat())
    };
    let kept = scenario("push.stored=newest");
    for device in 0..kept.devices {
        let (mut held, mut displaced, mut back) = (Vec::new(), Vec::new(), None);
        let mut shown = Vec::new();
        observe(&kept, device, |now, signal, _| match signal {
            Signal::Push(push) if push.stage == PushStage::Held => held.push(push.mail),
            Signal::Push(push) if push.stage == PushStage::Displaced => displaced.push(push.mail),
            Signal::Network(Network::None) => back = None,
            Signal::Network(_) => back = Some(now),
            Signal::Notified(notice) if back.is_some_and(|at| now - at < Span::MINUTE) => {
                shown.push(notice.first)
            }
            _ => {}
        });
        // One that was delayed gives way to a newer one at once.
        held.extend(displaced.iter().filter(|mail| !held.contains(mail)).copied().collect::<Vec<_>>());
        assert!(held.len() >= 2, "device {device} had {} pushes in an hour", held.len());
        assert_eq!(held.len() - displaced.len(), 1, "device {device}");
        let newest = held.iter().find(|mail| !displaced.contains(mail)).expect("one is left");
        assert!(
            shown.contains(newest) && displaced.iter().all(|mail| !shown.contains(mail)),
            "device {device}"
        );
        assert!(displaced.iter().all(|mail| mail < newest), "pushes went in order here");
    }
    let dropped = run(scenario("push.stored=nothing")).figure("push.mail.dropped");
    assert!(dropped.is_some_and(|dropped| dropped >= 60.0), "{dropped:?}");
}

/// What the docs of WWDC20 show: pushes come together, and wakes are a quarter of an hour apart. The reports of case
/// D08: six in a minute are one wake; sixty an hour are two to six.
#[test]
fn wakes_for_background_pushes_are_kept_apart_and_coalesce() {
    let wakes = |sets: &[&str]| {
        let base = ["devices=20", "measure=4d", "policy.delivery=push_interval", "mail.per_day=0"];
        run(simple(&[&base, sets].concat())).figure("push.wakes_per_day").expect("known")
    };
    let every_minute = wakes(&["push.interval=1m"]);
    assert!((every_minute - 96.0).abs() < 1.0, "{every_minute}");
    // Without the rule each push is a wake; one an hour is never too soon.
    assert!((wakes(&["push.interval=1m", "push.background_spacing=0s"]) - 1440.0).abs() < 2.0);
    assert!((wakes(&["push.interval=1h"]) - 24.0).abs() < 0.5);
    // On a phone that lets no background push wake the client, for good, none does.
    assert_eq!(wakes(&["push.interval=1h", "push.background_never=1.0"]), 0.0);

    let scenario = simple(&["devices=1", "measure=2d", "policy.delivery=push_interval", "push.interval=10s"]);
    let mut at = Vec::new();
    let mut came = 0;
    observe(&scenario, 0, |now, signal, _| match signal {
        Signal::PushLaunched(_) => at.push(now),
        Signal::BackgroundPush(Held::Came | Held::TookItsPlace) => came += 1,
        _ => {}
    });
    assert!(came > 80 * at.len(), "{came} pushes, {} wakes", at.len());
    assert!(at.windows(2).all(|pair| pair[1] - pair[0] >= Span::MINUTE * 15));
}

/// On every path: who may not be woken is not, wakes keep their distance, and whoever is ended loses what is held.
#[test]
fn no_push_wakes_a_client_that_may_not_be_woken() {
    let base = "devices = 40\nwarmup = '3d'\nmeasure = '11d'\n\
        policy = { delivery = 'push_generic_then_detail', allow_device_keychain = true }\n\
        [[fleet]]\nforce_quitters = 0.8\nforce_quits_per_day = 3.0\nreboots_per_30d = 60.0\novernight_charge = 0.4\n";
    let scenario = scenario(base, &[]);
    let (mut woken, mut discarded, mut closed) = (0, 0, [0; 4]);
    for device in 0..scenario.devices {
        let (mut last, mut boots) = (None::<Time>, false);
        observe(&scenario, device, |now, signal, facts: &Facts| match signal {
            Signal::PushLaunched(_) => {
                woken += 1;
                assert!(
                    !facts.force_quit && !facts.refresh_off && !facts.powered_off,
                    "device {device} at {now:?}"
                );
                assert!(facts.lock != Lock::BeforeFirstUnlock && facts.network != Network::None);
                assert!(!facts.low_power_enforced(now) && !facts.critically_low(now));
                assert!(
                    last.is_none_or(|last| now - last >= Span::MINUTE * 15),
                    "device {device} at {now:?}"
                );
                last = Some(now);
            }
            Signal::BackgroundPush(Held::Discarded) => discarded += 1,
            Signal::Rebooted(_) => boots = true,
            Signal::Push(push) if push.stage == PushStage::Signalled => {
                closed[0] += u32::from(facts.force_quit);
                closed[1] += u32::from(facts.refresh_off);
                closed[2] += u32::from(facts.low_power_enforced(now));
                closed[3] += u32::from(boots && facts.lock == Lock::BeforeFirstUnlock);
            }
            _ => {}
        });
    }
    assert!(woken > 5000 && discarded > 100, "{woken} wakes, {discarded} discarded");
    // Where no client may be woken, the generic text is shown all the same.
    assert!(closed.iter().all(|shown| *shown > 20), "{closed:?}");
}

#[test]
fn no_delivery_moves_what_happens_to_the_user_anyway() {
    let world = |delivery: Delivery| {
        let set = format!("policy.delivery={}", delivery.name());
        let scenario = scenario("devices = 6\nwarmup = '2d'\nmeasure = '12d'\n", &[&set]);
        let mut said = Vec::new();
        for device in 0..scenario.devices {
            observe(&scenario, device, |now, signal, _| match signal {
                Signal::MailArrived | Signal::Network(_) | Signal::PluggedIn | Signal::Unplugged => {
                    said.push((device, now, signal));
                }
                Signal::AppOpened(_) | Signal::PickedUp(Reason::Own) | Signal::OwnUseBegins => {
                    said.push((device, now, signal))
                }
                _ => {}
            });
        }
        said
    };
    let as_it_is = world(Delivery::Refresh);
    assert!(as_it_is.len() > 5000);
    for delivery in Delivery::ALL {
        let other = world(delivery);
        let of = |said: &[(u32, Time, Signal)], is: fn(&Signal) -> bool| -> Vec<(u32, Time)> {
            said.iter().filter(|(.., signal)| is(signal)).map(|(device, now, _)| (*device, *now)).collect()
        };
        for is in [
            (|signal: &Signal| *signal == Signal::MailArrived) as fn(&Signal) -> bool,
            |signal| matches!(signal, Signal::Network(_)),
            |signal| matches!(signal, Signal::AppOpened(_)),
            |signal| matches!(signal, Signal::PluggedIn),
            |signal| matches!(signal, Signal::Unplugged),
            // An own use begins with the phone in hand already, where that was taken up for a notification.
            |signal| matches!(signal, Signal::PickedUp(Reason::Own) | Signal::OwnUseBegins),
        ] {
            assert!(of(&as_it_is, is) == of(&other, is), "{}", delivery.name());
        }
    }
}

/// A subscription dies when it dies, whoever renews it.
#[test]
fn deaths_of_subscriptions_are_drawn_ahead_of_any_policy() {
    let deaths = |renewal: &str| {
        let renewal = format!("push.subscription.renewal={renewal}");
        let scenario = simple(&[
            "devices=1",
            "measure=200d",
            "policy.delivery=push_server_text",
            "mail.per_day=0",
            "push.subscription.deaths_per_year=50",
            "user.model=poisson",
            "user.opens_per_day=200",
            &renewal,
        ]);
        let mut at = Vec::new();
        observe(&scenario, 0, |now, signal, _| {
            if signal == Signal::Subscribed(false) {
                at.push(now);
            }
        });
        at
    };
    let by_server = deaths("server");
    assert!(by_server.len() > 10 && by_server == deaths("foreground"));
}

#[test]
fn an_extension_fails_as_it_says_and_its_push_stays_as_it_was() {
    let failures = |sets: &[&str]| {
        let base = ["devices=40", "measure=7d", "policy.delivery=push_extension"];
        let run = run(simple(&[&base, sets].concat()));
        let all = ExtensionFailure::ALL
            .map(|why| run.figure(&format!("push.extension_failures.{}", why.name())).unwrap_or(0.0));
        let told = run.figure("mail.told_by.extension").unwrap_or(0.0);
        let generic =
            run.figure("push.mail.signalled").unwrap_or(0.0) + run.figure("push.mail.late").unwrap_or(0.0);
        assert_eq!(all.iter().sum::<f64>(), generic, "each failure leaves a generic text");
        (all, told)
    };
    let only = |which: ExtensionFailure, found: [f64; 5]| {
        for why in ExtensionFailure::ALL {
            assert_eq!(
                found[why as usize] > 0.0,
                why == which,
                "{} where {} is due",
                why.name(),
                which.name()
            );
        }
    };
    let (none, told) = failures(&[]);
    assert!(none == [0.0; 5] && told > 6000.0);
    let (memory, told) = failures(&["push.extension.memory_kill=0.2"]);
    only(ExtensionFailure::Memory, memory);
    let share = memory[ExtensionFailure::Memory as usize] / (memory[0] + told);
    assert!((share - 0.2).abs() < 0.03, "{share}");
    only(ExtensionFailure::Time, failures(&["push.extension.fetch=40s"]).0);
    only(ExtensionFailure::NotStarted, failures(&["push.extension.stops_per_day=0.5"]).0);
    let locked = ["lock.model=always_locked", "push.extension.class=when_unlocked"];
    only(ExtensionFailure::NoKey, failures(&locked).0);
}

/// Both readings of how Email+ tells: its push wakes the client, or an extension of it writes the text.
#[test]
fn the_route_of_the_detail_can_be_either() {
    let told_by = |route: &str| {
        let route = format!("push.detail_route={route}");
        let base = ["devices=20", "measure=7d", "policy.delivery=push_generic_then_detail", &route];
        let run = run(simple(&base));
        ["background_push", "extension"]
            .map(|by| run.figure(&format!("mail.told_by.{by}")).unwrap_or(0.0) > 0.0)
    };
    assert_eq!(told_by("background"), [true, false]);
    assert_eq!(told_by("extension"), [false, true]);
}

#[test]
fn a_server_sends_nothing_outside_working_hours_unless_it_is_told_to() {
    let outside = |set: &str| {
        let scenario = scenario(
            SIMPLE,
            &[
                "devices=10",
                "measure=14d",
                "policy.delivery=push_server_text",
                set,
                "policy.working_hours=mon-fri 08:00-18:00",
            ],
        );
        let hours = scenario.policy.working_hours.expect("set");
        let mut count = [0, 0];
        for device in 0..scenario.devices {
            observe(&scenario, device, |now, signal, _| match signal {
                Signal::MailArrived if !hours.contain(&scenario.clock, now) => count[0] += 1,
                Signal::Push(push)
                    if push.stage == PushStage::Sent && !hours.contain(&scenario.clock, now) =>
                {
                    count[1] += 1;
                }
                _ => {}
            });
        }
        f64::from(count[1]) / f64::from(count[0])
    };
    assert_eq!(outside("push.outside_hours=nothing"), 0.0);
    assert_eq!(outside("push.outside_hours=all"), 1.0);
    let vip = outside("push.outside_hours=vip");
    assert!((vip - 0.05).abs() < 0.02, "{vip}");
}

#[test]
fn pushes_that_are_kept_away_are_not_made_up_for_later() {
    let down = |no_push: &str| {
        let event = format!("[[event]]\nname = 'down'\nat = '2026-03-05T10:00'\nno_push = {no_push}\n");
        let text = format!("{SIMPLE}\n{event}");
        let sets = ["devices=10", "measure=6d", "mail.per_day=48", "policy.delivery=push_server_text"];
        let run = run(crate::common::scenario(&text, &[SURE.as_slice(), &sets].concat()));
        let figure = |path: &str| run.figure(path).unwrap_or(0.0);
        (figure("push.mail.unsubscribed"), figure("mail.told_by.server_text"), figure("mail.arrived"))
    };
    let (lost, told, arrived) = down("'1d'");
    assert!((lost / arrived - 1.0 / 6.0).abs() < 0.04, "{lost} of {arrived}");
    assert_eq!(lost + told, arrived, "the others are told, and nobody makes up for these");
    // For good, and no code is left that could tell.
    let (lost, told, arrived) = down("true");
    assert!((told / arrived - 3.4 / 6.0).abs() < 0.06 && lost + told == arrived, "{told} of {arrived}");
}

/// What the vendors document, state by state; cells that were inferred or remembered are asked too, since the
/// product's row says that they are assumed.
#[test]
fn each_product_shows_what_is_documented_of_it() {
    let rows = products(Rules::default()).expect("products are whole");
    let found: BTreeMap<&str, Vec<String>> = rows
        .iter()
        .map(|row| {
            let cells = STATES.into_iter().zip(row.cells).map(|(state, cell)| letters(state, cell));
            (row.product.name(), cells.collect())
        })
        .collect();
    // Locked with the process alive, ended, force-quit, refresh off, low power, restarted, ten while offline.
    for (product, expected) in [
        ("email_plus", ["-", "-", "-", "-", "-", "-", "-"]),
        ("email_plus_key", ["t", "-", "-", "-", "-", "-", "10 t"]),
        ("email_plus_cns", ["g", "g", "g", "g", "g", "g", "1 g"]),
        ("email_plus_cns_key", ["g, t", "g", "g", "g", "g", "g", "1 g, 10 t"]),
        ("email_plus_ens", ["T", "T", "T", "T", "T", "T", "1 T"]),
        ("outlook", ["T", "T", "T", "T", "T", "T", "1 T"]),
        ("gmail", ["T", "T", "T", "T", "T", "T", "1 T"]),
        ("blackberry_work", ["g, t", "g, t", "g", "g", "g", "g", "1 g, 10 t"]),
        ("boxer", ["-", "-", "-", "-", "-", "-", "-"]),
        ("boxer_ens", ["T", "T", "T", "T", "T", "T", "1 T"]),
        ("boxer_escrow", ["T", "T", "T", "T", "T", "T", "1 T"]),
        ("citrix", ["b, t", "b, t", "b", "b", "b", "b", "1 b, 10 t"]),
        ("citrix_rich", ["T", "T", "T", "T", "T", "g", "1 T"]),
        ("native_push", ["T", "T", "T", "T", "T", "-", "10 T"]),
        ("native_fetch", ["t", "t", "t", "t", "-", "-", "10 t"]),
    ] {
        assert_eq!(found[product], expected, "{product}");
    }
    assert_eq!(found.len(), 15);
}

/// A client of BlackBerry Work whose user authenticated too long ago shows that something came, and what came once its
/// user authenticates.
#[test]
fn blackberry_work_shows_the_generic_text_until_its_user_authenticates() {
    let people = "devices = 16\nwarmup = '2d'\nmeasure = '8d'\npolicy = { product = 'blackberry_work', max_age = '1h' }\n";
    let scenario = scenario(people, &SURE);
    let (mut late, mut too_old, mut unasked) = (0, 0, 0_u32);
    for device in 0..scenario.devices {
        let mut expired = Vec::new();
        observe(&scenario, device, |_, signal, facts: &Facts| match signal {
            Signal::Push(push) if push.stage == PushStage::Signalled && !facts.authorized => {
                expired.push(push.mail);
                too_old += 1;
            }
            // In the background nothing tells of it before.
            Signal::Notified(Notice { first, by, .. }) if expired.contains(&first) && by.is_unasked() => {
                late += 1;
                unasked += u32::from(!facts.authorized);
            }
            _ => {}
        });
    }
    // A check that began in time may end a moment too late.
    assert!(
        too_old > 200 && late > 5 && unasked * 20 <= late,
        "{too_old} signalled, {late} told, {unasked} unasked"
    );
}

/// The order that is to be expected; it holds by far, and no number was tuned to it.
#[test]
fn products_stand_in_the_order_that_is_to_be_expected() {
    let of = |product: &str| {
        let set = format!("policy.product={product}");
        let run = run(scenario("devices = 96\nwarmup = '5d'\nmeasure = '7d'\n", &[&set]));
        let figure = |path: &str| run.figure(path).expect("known");
        (figure("mail.latency_s.p50"), figure("mail.signalled_within.1m"))
    };
    let [ens, rich, long, cns, key] =
        ["email_plus_ens", "citrix_rich", "native_push", "email_plus_cns_key", "email_plus_key"].map(of);
    assert!(ens.0 < 8.0 && long.0 < 8.0, "{ens:?} {long:?}");
    assert!(rich.0 > ens.0 && rich.0 < 20.0, "{rich:?}");
    assert!(cns.1 > 0.9 && cns.0 > 60.0 && key.0 > 2.0 * cns.0, "{cns:?} {key:?}");
    let plain = scenario("devices = 96\nwarmup = '5d'\nmeasure = '7d'\n", &["policy.product=email_plus"]);
    assert!(run(plain).figure("mail.latency_s.p50").is_some_and(|p50| p50 > key.0));
}

/// Of a device with each product, what the key and the battery cost: hours a day in which the key is readable while it
/// is locked, and mAh a day.
fn prices(sets: &[&str]) -> (f64, f64) {
    let run = run(scenario("devices = 24\nwarmup = '2d'\nmeasure = '7d'\n", sets));
    let figure = |path: &str| run.figure(path).expect("known");
    (figure("exposure.key_readable_while_locked_h_per_day"), figure("energy.background_mah_per_day"))
}

/// A key that is readable while the phone is locked is a price, whoever's process reads it.
#[test]
fn the_item_of_an_extension_is_exposed_by_its_class() {
    let rich = |class: &str| {
        prices(&[
            "policy.product=citrix_rich",
            "policy.keychain_lock_grace=0s",
            &format!("push.extension.class={class}"),
        ])
        .0
    };
    let [open, closed] = ["after_first_unlock", "when_unlocked"].map(rich);
    let [outlook, ens] =
        ["outlook", "email_plus_ens"].map(|product| prices(&[&format!("policy.product={product}")]).0);
    // As files of the same class are, on the same phones; notifications that come at other moments are answered at
    // others, so that these are not locked to the second alike.
    let alike = |a: f64, b: f64| (a - b).abs() < 0.01;
    assert!(open > 10.0 && alike(open, outlook), "{open} {outlook}");
    assert_eq!((closed, ens), (0.0, 0.0));
    // An extension that writes for the client reads the client's item, which is counted once.
    let by_client =
        |route: &str| prices(&["policy.product=email_plus_cns_key", &format!("push.detail_route={route}")]).0;
    let [woken, beside] = ["background", "extension"].map(by_client);
    assert!((0.05..0.5).contains(&woken) && alike(woken, beside), "{woken} {beside}");
}

/// On a date another class is published: from then on the item is closed with the phone, for prices and extension alike.
#[test]
fn another_class_of_the_item_holds_once_it_has_reached_the_phone() {
    let text = "devices = 1\nwarmup = '0s'\nmeasure = '14d'\npolicy.product = 'citrix_rich'\n\
                [[event]]\nname = 'class'\nat = '2026-03-09T00:00'\nset = { 'push.extension.class' = 'when_unlocked' }\n";
    let (mut reached, mut lacked) = (None, 0);
    observe(&scenario(text, &["policy.keychain_lock_grace=0s"]), 0, |now, signal, facts| match signal {
        Signal::ExtensionItem(_) => reached = Some(now),
        Signal::ExtensionFailed(ExtensionFailure::NoKey) => {
            assert!(reached.is_some() || facts.lock != Lock::Unlocked, "no key at {now:?}");
            lacked += u32::from(reached.is_some());
        }
        _ => {}
    });
    assert!(reached.is_some() && lacked > 5, "{reached:?} {lacked}");
}

/// Whoever asks the server for mail in the background takes as much of the battery: the client, its extension, or the
/// system's own mail client, which asks every quarter of an hour while it is neither offline nor in Low Power Mode.
#[test]
fn runs_of_extensions_and_fetches_of_the_system_cost_energy() {
    let of = |product: &str, more: &str| prices(&[&format!("policy.product={product}"), more]).1;
    let [quarter, hour] = ["15m", "1h"].map(|every| of("native_fetch", &format!("push.fetch_every={every}")));
    assert!((15.0..=28.8).contains(&quarter), "at most 96 a day at 0.3 mAh: {quarter}");
    assert!((quarter / hour - 4.0).abs() < 0.2, "{quarter} {hour}");
    // No code of the client, and none beside it.
    assert_eq!(of("outlook", "devices=24"), 0.0);
    let (rich, twice) = (of("citrix_rich", "devices=24"), of("citrix_rich", "client.check_energy_mah=0.6"));
    assert!(rich > 1.0 && (twice - 2.0 * rich).abs() < 1e-9, "{rich} {twice}");
    assert!(of("native_push", "devices=24") > 1.0);
    let sure = simple(&["devices=2", "measure=4d", "policy.delivery=push_extension"]);
    for device in 0..2 {
        let (mut runs, mut ends) = (0, 0);
        observe(&sure, device, |_, signal, _| match signal {
            Signal::CheckedElsewhere => runs += 1,
            Signal::Notified(notice) if notice.by == ToldBy::Extension => ends += 1,
            _ => {}
        });
        assert!(runs > 50 && (runs == ends || runs == ends + 1), "{runs} runs, {ends} ended before the end");
    }
}

/// A product sets what its row says; what is written beside it wins, and of two layers the later.
#[test]
fn what_stands_beside_a_product_wins_and_a_later_product_wins_over_it() {
    let policy = |text: &str, sets: &[&str]| scenario(text, sets).policy;
    let cns = policy("policy.product = 'email_plus_cns'", &[]);
    assert_eq!((cns.delivery, cns.key_access), (Delivery::PushGenericThenDetail, KeyAccess::AppFlip));
    let beside = policy("policy = { product = 'email_plus_cns', key_access = 'device_keychain' }", &[]);
    assert_eq!(
        (beside.delivery, beside.key_access),
        (Delivery::PushGenericThenDetail, KeyAccess::DeviceKeychain)
    );
    let later = policy("policy = { key_access = 'device_keychain' }", &["policy.product=outlook"]);
    assert_eq!((later.delivery, later.key_access), (Delivery::PushServerText, KeyAccess::OsProtection));
    let then = policy("policy.product = 'outlook'", &["policy.allow_device_keychain=true"]);
    assert_eq!((then.delivery, then.key_access), (Delivery::PushServerText, KeyAccess::DeviceKeychain));
}

/// While the client runs in the background for a push it is the client that told, with a check of its own.
#[test]
fn a_push_that_wakes_the_client_begins_a_check() {
    let scenario = simple(&["devices=1", "measure=2d", "policy.delivery=push_generic_then_detail"]);
    let (mut woken, mut checks) = (0, 0);
    observe(&scenario, 0, |_, signal, facts| match signal {
        Signal::PushLaunched(_) => woken += 1,
        Signal::CheckStarted(check) => {
            assert_eq!(
                (check.trigger.name(), facts.process),
                ("background_push", Process::BackgroundRunning)
            );
            checks += 1;
        }
        _ => {}
    });
    assert!(woken > 10 && woken == checks, "{woken} wakes, {checks} checks");
}

/// Whoever replays a device keeps the same books as the run did.
#[test]
fn a_day_of_a_device_that_is_pushed_to_is_told_as_it_was() {
    let scenario =
        scenario("devices = 4\nwarmup = '2d'\nmeasure = '5d'\n", &["policy.product=email_plus_cns_key"]);
    let run = run(scenario.clone());
    for device in 0..scenario.devices {
        let span = (scenario.start, scenario.end);
        let shown = timeline(&scenario, device, span, Engine::Fast);
        let mails = run.mails().into_iter().filter(|mail| mail.device == device).count();
        assert_eq!(shown.expect("a span that is measured").mails.len(), mails, "device {device}");
    }
}

/// A layer that is laid over a fleet later wins in groups that have a product of their own, too.
#[test]
fn a_later_layer_wins_over_the_product_of_a_group() {
    let fleet = "devices = 8\n[[fleet]]\nname = 'office'\npolicy.product = 'email_plus_cns'\n[[fleet]]\nname = 'night'\n";
    let of = |sets: &[&str]| {
        let scenario = scenario(fleet, sets);
        let office =
            scenario.fleet.groups.iter().find(|group| group.name == "office").expect("it is there").policy;
        (office.delivery, office.key_access)
    };
    assert_eq!(of(&[]), (Delivery::PushGenericThenDetail, KeyAccess::AppFlip));
    assert_eq!(of(&["policy.allow_device_keychain=true"]).1, KeyAccess::DeviceKeychain);
    assert_eq!(of(&["policy.delivery=refresh"]), (Delivery::Refresh, KeyAccess::AppFlip));
    assert_eq!(of(&["policy.product=outlook"]), (Delivery::PushServerText, KeyAccess::OsProtection));
}

/// Two dates that keep pushes away are over when both are.
#[test]
fn pushes_come_back_when_nothing_keeps_them_away_any_more() {
    let event = |name: &str, at: &str, length: &str| {
        format!("[[event]]\nname = '{name}'\nat = '2026-03-{at}T00:00'\nno_push = '{length}'\n")
    };
    let text = format!("{SIMPLE}\n{}{}", event("long", "04", "4d"), event("short", "05", "1d"));
    let sets = ["devices=4", "measure=8d", "mail.per_day=48", "policy.delivery=push_server_text"];
    let scenario = crate::common::scenario(&text, &[SURE.as_slice(), &sets].concat());
    let mut lost = [0; 8];
    for device in 0..scenario.devices {
        observe(&scenario, device, |now, signal, _| match signal {
            Signal::Push(push) if push.stage == PushStage::Unsubscribed => {
                lost[(now.ms() / Span::DAY.ms()) as usize] += 1
            }
            _ => {}
        });
    }
    let is_lost = lost.map(|lost| lost > 50);
    assert_eq!(is_lost, [false, false, true, true, true, true, false, false], "{lost:?}");
}

/// What is delayed on its way is not the newest, however late it meets a phone that is offline.
#[test]
fn an_older_push_never_takes_the_place_of_a_newer_one() {
    let sets = [
        "devices=8",
        "warmup=0s",
        "measure=14d",
        "policy.product=email_plus_ens",
        "push.stale_connection.probability=0.5",
    ];
    let scenario = scenario("fleet = [{ offline = 0.2 }]", &sets);
    let mut displaced = 0;
    for device in 0..scenario.devices {
        let mut kept = None;
        observe(&scenario, device, |_, signal, _| {
            let Signal::Push(push) = signal else { return };
            match push.stage {
                PushStage::Displaced => {
                    displaced += 1;
                    assert!(
                        kept.is_none_or(|kept| push.mail <= kept),
                        "{} displaced, {kept:?} kept",
                        push.mail
                    );
                }
                PushStage::Held => kept = Some(push.mail),
                PushStage::Sent if kept == Some(push.mail) => kept = None,
                _ => {}
            }
        });
    }
    assert!(displaced > 20, "{displaced}");
}

/// Nobody is told of what they have not heard of, in no row and in no figure; where nothing is pushed the two are the
/// same.
#[test]
fn users_hear_of_mail_no_later_than_they_are_told_of_it() {
    for delivery in Delivery::ALL {
        let set = format!("policy.delivery={}", delivery.name());
        let sets = [set.as_str(), "policy.allow_device_keychain=true"];
        let run = run(scenario("devices = 12\nwarmup = '2d'\nmeasure = '5d'\n", &sets));
        let mut both = 0;
        for within in ["1m", "5m", "15m", "1h", "4h", "24h"] {
            let [heard, told] = ["signalled", "told"]
                .map(|what| run.figure(&format!("mail.{what}_within.{within}")).expect("there is mail"));
            assert!(heard >= told, "{} within {within}: {heard} heard of, {told} told", delivery.name());
            assert!(delivery != Delivery::Refresh || heard == told, "{within}: {heard} is not {told}");
        }
        for row in run.rows(RecordFile::Mail) {
            let cells: Vec<&str> = row.split(',').collect();
            let (arrived, told, signalled) = (cells[3], cells[5], cells[8]);
            // Instants of one length in UTC stand in the order of their texts.
            assert!(
                signalled.is_empty() || signalled >= arrived && (told.is_empty() || signalled <= told),
                "{row}"
            );
            both += u32::from(!signalled.is_empty() && !told.is_empty());
        }
        assert_eq!(both > 0, delivery.shows() == Some(Shows::Generic) || delivery == Delivery::PushExtension);
    }
}
