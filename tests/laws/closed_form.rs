//! Closed-form verification: with simple models a page of arithmetic says what must come out, and
//! the whole path from a scenario's text to its rows must agree.
//!
//! **False alarms.** Devices are the independent units: mails of one device share wakes, so either
//! one mail a device is taken, or one number a device. A law of a sample is tested by the bound of
//! Dvoretzky, Kiefer and Wolfowitz at 1e-7, an expectation at 5 standard errors over 500 devices or
//! more (5.7e-7). Every test also shows that it can fail: it names a law slightly different, and has
//! so many devices that a model which obeys that one is refuted.

use crate::common::statistics::{averages, exponential, follows, uniform};
use crate::common::{Check, Mail, Run, SIMPLE, run, scenario, traced};
use bgsim::client::DelayCause;
use bgsim::record::RecordFile;

const MINUTE: f64 = 60_000.0;
const HOUR: f64 = 3_600_000.0;
const DAY: f64 = 24.0 * HOUR;

fn simple(sets: &[&str]) -> Run {
    run(scenario(SIMPLE, sets))
}

/// Latencies of one mail a device in milliseconds; all of them must have been told.
fn latencies(run: &Run) -> Vec<f64> {
    run.first_mails().iter().map(|mail| mail.latency_ms.expect("told") as f64).collect()
}

/// Device by device: how many checks are so, less the expected share of all checks.
fn check_residuals<'a>(
    run: &'a Run,
    checks: &'a [Check],
    is_so: impl Fn(&Check) -> bool + 'a,
) -> impl Fn(f64) -> Vec<f64> + 'a {
    move |share| {
        run.by_device(checks, |check| check.device, |check| f64::from(u8::from(is_so(check))) - share)
    }
}

fn mail_residuals<'a>(
    run: &'a Run,
    mails: &'a [Mail],
    value: impl Fn(&Mail) -> f64 + 'a,
) -> impl Fn(f64) -> Vec<f64> + 'a {
    move |expected| run.by_device(mails, |mail| mail.device, |mail| value(mail) - expected)
}

fn share(is_so: bool) -> f64 {
    f64::from(u8::from(is_so))
}

// ---- Wakes ----

/// The phase is uniform, so from any arrival to the next wake it is uniform on [0, T), and a check
/// adds its own length.
#[test]
fn periodic_wakes_make_latency_uniform() {
    for (check, added) in [("0s", 0.0), ("4s", 4000.0)] {
        let run = simple(&[
            "devices=10000",
            "measure=12h",
            "mail.per_day=72.0",
            "scheduler.model=periodic",
            "scheduler.every=15m",
            &format!("client.check_duration={check}"),
        ]);
        let every = 15.0 * MINUTE;
        let name = format!("latency with wakes every 15 min and a check of {check}");
        follows(&name, &latencies(&run), uniform(added, every), uniform(added, 1.1 * every));

        // All mail but that which the horizon may cut off, one number a device.
        let mails: Vec<_> = run
            .mails()
            .into_iter()
            .filter(|mail| (mail.arrived_ms as f64) < 12.0 * HOUR - 2.0 * every)
            .collect();
        let latency = |mail: &Mail| mail.latency_ms.expect("told") as f64;
        // Phases are whole milliseconds from 0 to T - 1.
        let mean = added + (every - 1.0) / 2.0;
        averages("its mean", mail_residuals(&run, &mails, latency), mean, mean + 0.02 * every);
        assert!(mails.iter().all(|mail| mail.outcome == "notified"));
    }
}

/// The first wake falls anywhere in the first T, so that the fleet does not wake as one.
#[test]
fn periodic_wakes_have_a_uniform_phase() {
    let run = simple(&["devices=10000", "measure=1h", "scheduler.model=periodic", "scheduler.every=1h"]);
    let checks = run.checks();
    assert!(checks.windows(2).all(|pair| pair[1].device == pair[0].device + 1) && checks.len() == 10_000);
    let phases: Vec<f64> = checks.iter().map(|check| check.at_ms as f64).collect();
    follows("phase of wakes every hour", &phases, uniform(0.0, HOUR), uniform(0.0, 0.9 * HOUR));
}

/// The time to the next event of a Poisson process is exponential from any instant on.
#[test]
fn poisson_wakes_make_latency_exponential() {
    let run = simple(&["devices=10000", "measure=30h", "scheduler.model=poisson", "scheduler.mean=20m"]);
    let mean = 20.0 * MINUTE;
    follows("latency with Poisson wakes", &latencies(&run), exponential(mean), exponential(1.25 * mean));
}

/// A check that comes too early leaves the mail where it is; whichever of two Poisson processes is
/// first tells it, each in proportion to its rate, after an exponential time of the joint rate.
#[test]
fn wakes_and_opens_compete_in_proportion_to_their_rates() {
    let run = simple(&[
        "devices=10000",
        "measure=30h",
        "scheduler.model=poisson",
        "scheduler.mean=1h",
        "user.model=poisson",
        "user.opens_per_day=12.0",
        "user.session=0s",
    ]);
    let first = run.first_mails();
    let notified = |share_expected: f64| {
        first.iter().map(|mail| share(mail.outcome == "notified") - share_expected).collect::<Vec<_>>()
    };
    // 24 wakes and 12 opens a day.
    averages("notified of all mail", notified, 2.0 / 3.0, 0.73);
    let mean = DAY / 36.0;
    follows("latency of either", &latencies(&run), exponential(mean), exponential(1.25 * mean));
}

/// With wakes every T and opens at rate r, no open comes before the next wake with probability
/// E[exp(-r L)], L uniform on [0, T): (1 - exp(-r T)) / (r T).
#[test]
fn periodic_wakes_and_opens_share_the_mail_as_computed() {
    let run = simple(&[
        "devices=10000",
        "measure=2d",
        "scheduler.model=periodic",
        "scheduler.every=2h",
        "user.model=poisson",
        "user.opens_per_day=12.0",
        "user.session=0s",
    ]);
    let first = run.first_mails();
    let notified = |share_expected: f64| {
        first.iter().map(|mail| share(mail.outcome == "notified") - share_expected).collect::<Vec<_>>()
    };
    averages("notified of all mail", notified, 1.0 - libm::exp(-1.0), 0.7);
}

// ---- Key access ----

/// By app flip the background never has the key, whatever else is simple: mail waits for an open,
/// and opens are a Poisson process.
#[test]
fn with_app_flip_mail_waits_for_the_user_alone() {
    let run = simple(&[
        "devices=5000",
        "measure=36h",
        "policy.allow_device_keychain=false",
        "scheduler.model=periodic",
        "scheduler.every=15m",
        "user.model=poisson",
        "user.opens_per_day=24.0",
        "user.session=0s",
    ]);
    follows("latency by app flip", &latencies(&run), exponential(HOUR), exponential(1.4 * HOUR));
    assert_eq!(run.figure("mail.outcomes.notified"), Some(0.0));
    assert_eq!(run.figure("notifications.total"), Some(0.0));
    let wakes = run.figure("checks.by_trigger.background_refresh").unwrap();
    // 96 wakes a day, less those that meet an open in its very millisecond and are dropped: of
    // 180,000 opens 0.2 are expected to, and more than 10 with probability below 1e-11.
    let dropped = 5000.0 * 1.5 * 96.0 - wakes;
    assert!((0.0..=10.0).contains(&dropped), "{dropped} wakes are missing");
    assert_eq!(run.figure("key_failures.by_reason.needs_app_flip"), Some(wakes));
    assert_eq!(run.figure("key_failures.total"), Some(wakes));
    assert_eq!(run.figure("process.refused_launches"), Some(0.0));
    for mail in run.mails().iter().filter(|mail| mail.outcome == "on_open") {
        let needs_app_flip = mail.causes_ms[DelayCause::NeedsAppFlip as usize];
        assert_eq!(Some(needs_app_flip), mail.latency_ms, "{mail:?}");
    }
}

const RELAUNCHED_BEHIND_A_LOCK: [&str; 9] = [
    "devices=1000",
    "warmup=1d",
    "measure=4d",
    "scheduler.model=periodic",
    "scheduler.every=15m",
    "memory.model=before_each_wake",
    "lock.model=alternating",
    "lock.mean_locked=30m",
    "lock.mean_unlocked=10m",
];

/// A client that is launched anew at each wake has only the keychain, and that is open while the
/// device is: the failing share is the locked share, 30 of 40 minutes.
#[test]
fn relaunched_without_a_grace_it_fails_for_the_locked_share() {
    let run = simple(&RELAUNCHED_BEHIND_A_LOCK);
    let checks = run.checks();
    assert!(checks.iter().all(|check| check.process == "launched"));
    assert!(
        checks.iter().all(|check| (check.key == "keychain_locked") == (check.result == "launch_refused"))
    );
    let refused = check_residuals(&run, &checks, |check| check.key == "keychain_locked");
    averages("refused launches of all", refused, 0.75, 0.765);
    assert_eq!(run.figure("process.refused_launches"), run.figure("key_failures.total"));
}

/// A lock that has lasted g has lasted so by chance exp(-g / mean), whenever one looks.
#[test]
fn relaunched_with_a_grace_it_fails_for_locks_that_outlast_it() {
    let grace = ["policy.keychain_lock_grace=10m"];
    let run = simple(&[&RELAUNCHED_BEHIND_A_LOCK[..], &grace].concat());
    let checks = run.checks();
    let refused = check_residuals(&run, &checks, |check| check.key == "keychain_locked");
    let expected = 0.75 * libm::exp(-1.0 / 3.0);
    averages("refused launches of all", refused, expected, expected + 0.015);
}

#[test]
fn an_item_open_after_first_unlock_never_fails() {
    let class = ["policy.keychain_class=after_first_unlock"];
    let run = simple(&[&RELAUNCHED_BEHIND_A_LOCK[..], &class].concat());
    let checks = run.checks();
    assert_eq!(checks.len(), 1000 * 4 * 96);
    assert!(checks.iter().all(|check| check.process == "launched" && check.key == "keychain"));
    assert_eq!(run.figure("key_failures.total"), Some(0.0));
    // The price: readable for as long as it is locked, 18 of 24 hours. The locked share of t minutes
    // has variance 2 a^2 b^2 / (a + b)^3 / t = 2.8 / t with means of a = 30 and b = 10 minutes, so
    // over 4 d and 1,000 devices the standard error is 0.017 h; 0.1 h is six of them.
    let exposed = run.figure("exposure.key_readable_while_locked_h_per_day").unwrap();
    assert!((exposed - 18.0).abs() < 0.1, "{exposed} h");
    // The rest of the day it is unlocked, to the millisecond.
    let counts = run.total().counts;
    assert_eq!(counts.readable_while_locked_ms + counts.unlocked_ms, 1000 * 4 * 86_400_000);
    let unlocked = run.figure("exposure.unlocked_h_per_day").unwrap();
    assert!((unlocked + exposed - 24.0).abs() < 1e-9, "{unlocked} h");
}

/// Nobody opens the client, so the key that was in memory at the origin is there until the process
/// ends: at time t with probability exp(-t / mean).
#[test]
fn a_key_in_memory_opens_the_background_for_as_long_as_the_process_lives() {
    let run = simple(&[
        "devices=2000",
        "measure=1d",
        "policy.allow_device_keychain=false",
        "client.key_in_memory=while_process_lives",
        "scheduler.model=periodic",
        "scheduler.every=30m",
        "memory.model=poisson",
        "memory.mean_survival=5h",
    ]);
    let checks = run.checks();
    let residuals = |mean_h: f64| {
        let alive = |check: &Check| libm::exp(-(check.at_ms as f64) / (mean_h * HOUR));
        run.by_device(&checks, |check| check.device, |check| share(check.key == "memory") - alive(check))
    };
    averages("mean survival in hours", residuals, 5.0, 7.0);
    assert!(checks.iter().all(|check| check.key == "memory" || check.key == "needs_app_flip"));
}

/// Opens bring the key at rate r, terminations take it at rate m; in the long run it is there for
/// r / (r + m) of the time.
#[test]
fn opens_and_terminations_hold_the_key_in_balance() {
    let run = simple(&[
        "devices=1000",
        "warmup=2d",
        "measure=4d",
        "policy.allow_device_keychain=false",
        "client.key_in_memory=while_process_lives",
        "scheduler.model=periodic",
        "scheduler.every=1h",
        "user.model=poisson",
        "user.opens_per_day=12.0",
        "user.session=0s",
        "memory.model=poisson",
        "memory.mean_survival=4h",
    ]);
    let checks: Vec<_> =
        run.checks().into_iter().filter(|check| check.trigger == "background_refresh").collect();
    let with_key = check_residuals(&run, &checks, |check| check.key == "memory");
    averages("checks with the key of all", with_key, 12.0 / (12.0 + 6.0), 0.7);
}

// ---- Mail and its figures ----

/// Counts over 7 days are Poisson: mean and variance are 140. With the mean known, the squares have
/// the variance 140 + 2 * 140^2, which the sample's own stands in for.
#[test]
fn poisson_mail_has_the_mean_and_the_variance_of_its_rate() {
    let run = simple(&["devices=4000", "measure=7d", "mail.per_day=20.0"]);
    let counts = run.by_device(&run.mails(), |mail| mail.device, |_| 1.0);
    let less = |mean: f64| counts.iter().map(|count| count - mean).collect();
    averages("mails a device", less, 140.0, 143.0);
    let squares = |variance: f64| counts.iter().map(|n| (n - 140.0) * (n - 140.0) - variance).collect();
    averages("their variance", squares, 140.0, 180.0);
}

/// Over whole days arrivals are uniform on the dial, and so is an arrival plus an independent wait:
/// outside 08:00 to 18:00 are 14 of 24 hours. Mail that arrives inside is found outside only from
/// the last T of the ten hours on, half of it: T / 2 of 10 h.
#[test]
fn the_share_held_back_is_the_share_of_the_dial() {
    let run = simple(&[
        "devices=2000",
        "measure=7d",
        "policy.working_hours={ days = [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\", \"sat\", \"sun\"], from = \"08:00\", to = \"18:00\" }",
        "scheduler.model=periodic",
        "scheduler.every=4h",
    ]);
    // The last day is left out, so that no wait is cut off.
    let mails: Vec<_> = run.mails().into_iter().filter(|mail| (mail.arrived_ms as f64) < 6.0 * DAY).collect();
    let held = |mail: &Mail| share(mail.held_back);
    averages("held back of all mail", mail_residuals(&run, &mails, held), 14.0 / 24.0, 0.61);
    let inside: Vec<_> = mails.iter().filter(|mail| mail.in_working_hours).cloned().collect();
    averages("held back of mail from inside", mail_residuals(&run, &inside, held), 0.2, 0.24);
    // Nobody opens the client: what is held back stays so.
    assert!(run.mails().iter().all(|mail| !mail.held_back || mail.outcome == "undelivered"));
}

/// What a check has found after hours waits for the next opening of the client: at a constant rate of
/// openings that is exponential from any instant on, whatever was before.
#[test]
fn held_mail_waits_for_the_next_opening() {
    let run = simple(&[
        "devices=6000",
        "measure=60h",
        "policy.working_hours={ days = [\"sun\"], from = \"08:00\", to = \"18:00\" }",
        "scheduler.model=periodic",
        "scheduler.every=15m",
        "user.model=poisson",
        "user.opens_per_day=12.0",
        "user.session=0s",
    ]);
    let mut firsts = std::collections::BTreeMap::new();
    for mail in run.mails().into_iter().filter(|mail| mail.held_back) {
        firsts.entry(mail.device).or_insert(mail.causes_ms[DelayCause::QuietHours as usize] as f64);
    }
    let waits: Vec<f64> = firsts.into_values().collect();
    assert!(waits.len() > 5900, "only {} devices held mail back", waits.len());
    follows("quiet hours until opened", &waits, exponential(2.0 * HOUR), exponential(2.5 * HOUR));
    assert!(run.mails().iter().all(|mail| mail.outcome != "notified"));
}

/// Hours from 08:00 to 18:00 leave 14, in which mail is found evenly: it waits 7 h for the next beginning on
/// average, and all of it is then announced at once.
#[test]
fn held_mail_waits_for_the_hours_to_begin() {
    let run = simple(&[
        "devices=2000",
        "measure=7d",
        "policy.working_hours={ days = [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\", \"sat\", \"sun\"], from = \"08:00\", to = \"18:00\" }",
        "client.after_hours=announced_when_hours_begin",
        "scheduler.model=periodic",
        "scheduler.every=15m",
    ]);
    let held: Vec<_> = run
        .mails()
        .into_iter()
        .filter(|mail| mail.held_back && (mail.arrived_ms as f64) < 6.0 * DAY)
        .collect();
    let quiet = |mail: &Mail| mail.causes_ms[DelayCause::QuietHours as usize] as f64 / HOUR;
    averages("quiet hours until announced", mail_residuals(&run, &held, quiet), 7.0, 7.3);
    assert!(held.iter().all(|mail| mail.outcome == "notified"));
}

/// Where nothing is cut off, the estimate is the plain share of mail told by then.
#[test]
fn told_within_is_the_empirical_share() {
    // Mail of the first day, the second left for the wakes.
    let mail: String =
        (0..1440).map(|minute| format!("2026-03-02T{:02}:{:02}:30Z\n", minute / 60, minute % 60)).collect();
    let run = run(traced(
        SIMPLE,
        &[
            "devices=300",
            "measure=4d",
            "mail={ model = \"trace\", file = \"mail.csv\" }",
            "scheduler.model=poisson",
            "scheduler.mean=1h",
        ],
        &mail,
        None,
    ));
    let mails = run.mails();
    assert_eq!(mails.len(), 300 * 1440);
    assert!(mails.iter().all(|mail| mail.outcome == "notified"));
    for (name, minutes) in [("1m", 1), ("5m", 5), ("15m", 15), ("1h", 60), ("4h", 240), ("24h", 1440)] {
        let within = mails.iter().filter(|mail| mail.latency_ms.unwrap() <= minutes * 60_000).count();
        let told = run.figure(&format!("mail.told_within.{name}")).unwrap();
        let empirical = within as f64 / mails.len() as f64;
        assert!((told - empirical).abs() < 1e-12, "{name}: {told}, not {empirical}");
        println!("told within {name}: {told:.6}");
    }
    let mean = mails.iter().map(|mail| mail.latency_ms.unwrap() as f64).sum::<f64>() / mails.len() as f64;
    assert!((run.figure("mail.latency_s.mean").unwrap() - mean / 1000.0).abs() < 1e-9);
}

/// With mail cut off at the horizon, the estimate is the product limit: at each wait that ended in
/// being told, the share that was not, among mail that had waited so long.
#[test]
fn told_within_is_the_product_limit_where_the_horizon_cuts_off() {
    let run = simple(&["devices=400", "measure=6h", "scheduler.model=poisson", "scheduler.mean=3h"]);
    let horizon = (6.0 * HOUR) as i64;
    let mails = run.mails();
    let censored = mails.iter().filter(|mail| mail.outcome == "undelivered").count();
    assert!(censored * 5 > mails.len(), "hardly any mail is cut off: {censored} of {}", mails.len());
    let mut waits: Vec<(u64, bool)> = mails
        .iter()
        .map(|mail| match mail.latency_ms {
            Some(latency) => (latency, true),
            None => ((horizon - mail.arrived_ms) as u64, false),
        })
        .collect();
    waits.sort();
    let percentile = |share: f64| {
        let mut surviving = 1.0;
        let told = waits.iter().filter(|(_, told)| *told);
        told.map(|wait| {
            surviving *= 1.0 - 1.0 / (waits.len() - waits.partition_point(|other| other < wait)) as f64;
            (wait.0, 1.0 - surviving)
        })
        .find(|(_, told)| *told >= share)
        .map(|(wait, _)| wait as f64 / 1000.0)
    };
    for (name, share) in [("p50", 0.5), ("p90", 0.9), ("p99", 0.99)] {
        let (exact, figure) = (percentile(share), run.figure(&format!("mail.latency_s.{name}")));
        println!("{name}: {figure:?} s, from single mails {exact:?} s");
        match (exact, figure) {
            (Some(exact), Some(figure)) => assert!((figure / exact - 1.0).abs() < 0.005, "{name}"),
            (exact, figure) => assert_eq!(exact, figure, "{name}"),
        }
    }
    for (name, minutes) in [("5m", 5), ("15m", 15), ("1h", 60), ("4h", 240)] {
        let mut surviving = 1.0;
        for told_at in waits.iter().filter(|(wait, told)| *told && *wait <= minutes * 60_000) {
            let still = waits.len() - waits.partition_point(|wait| wait < told_at);
            surviving *= 1.0 - 1.0 / still as f64;
        }
        let told = run.figure(&format!("mail.told_within.{name}")).unwrap();
        // Waits are kept in bins of 0.5 %; censoring within a bin of the last limit may differ.
        assert!((told + surviving - 1.0).abs() < 0.003, "{name}: {told}, not {}", 1.0 - surviving);
        let naive = mails.iter().filter(|mail| mail.latency_ms.is_some_and(|ms| ms <= minutes * 60_000));
        println!(
            "told within {name}: {told:.5}; told of all mail {:.5}",
            naive.count() as f64 / mails.len() as f64
        );
    }
}

/// Nobody opens the client and nothing wakes it: every mail is cut off at the horizon, and its
/// causes are the whole of its wait.
#[test]
fn without_wakes_and_opens_everything_waits_for_the_horizon() {
    let run = simple(&["devices=200", "measure=3d", "policy.allow_device_keychain=false"]);
    let mails = run.mails();
    assert!(mails.len() > 10_000);
    for mail in &mails {
        assert_eq!((mail.outcome.as_str(), mail.told_ms, mail.latency_ms), ("undelivered", None, None));
        let waited = (3.0 * DAY) as u64 - mail.arrived_ms as u64;
        assert_eq!(mail.causes_ms.iter().sum::<u64>(), waited);
        assert_eq!(
            mail.causes_ms[DelayCause::NeedsAppFlip as usize],
            waited,
            "all of it for want of an app flip"
        );
    }
    assert_eq!(run.figure("mail.outcomes.undelivered"), Some(mails.len() as f64));
    assert_eq!(run.figure("mail.told_within.24h"), Some(0.0));
    assert_eq!(run.figure("mail.latency_s.p50"), None);
    assert_eq!(run.figure("mail.latency_s.mean"), None);
    assert!(run.rows(RecordFile::Checks).is_empty() && run.rows(RecordFile::Notifications).is_empty());
}
