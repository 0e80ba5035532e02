//! What the system knows of the client, from nothing to a client that is no longer opened: no prediction is never a
//! reason to launch more.

use crate::common::{scenario, traced};
use crate::mean::Paired;
use bgsim::engine::{Engine, Observer};
use bgsim::experiment::replay;
use bgsim::random::{RngExt, Stream, Streams};
use bgsim::scenario::Scenario;
use bgsim::signal::{Facts, Signal};
use bgsim::time::{Span, Time};

/// Only use and the scheduler's own rules stand in the way. Every phone is refreshed.
const PLAIN: &str = "
    time_zone = 'UTC'
    warmup = '0s'
    [policy]
    allow_device_keychain = true
    background_app_refresh = true
    [scheduler]
    never_refreshed = 0.0
    [mail]
    model = 'poisson'
    per_day = 0.01
    [memory]
    model = 'off'
    [network]
    model = 'always'
    [power]
    model = 'always_charged'
    [user]
    model = 'trace'
    file = 'user.csv'
";

/// When the client was launched in the background, and when it was opened.
#[derive(Default)]
struct Life {
    launches: Vec<Time>,
    openings: Vec<Time>,
    /// Refreshes that were due when the client asked anew, having been opened: a check on the screen took their place.
    replaced: Vec<Time>,
    is_due: bool,
}

impl Observer for Life {
    fn record(&mut self, now: Time, signal: Signal, _: &Facts) {
        match signal {
            Signal::RefreshLaunched(_) => {
                self.launches.push(now);
                self.is_due = false;
            }
            Signal::RefreshDue => self.is_due = true,
            Signal::RefreshReplaced if std::mem::take(&mut self.is_due) => self.replaced.push(now),
            Signal::ClientOpened(_) => self.openings.push(now),
            _ => {}
        }
    }
}

fn lives(scenario: &Scenario) -> Vec<Life> {
    let life = |device| {
        let mut life = Life::default();
        replay(scenario, device, Engine::Fast, &mut life);
        life
    };
    (0..scenario.devices).map(life).collect()
}

fn launches(lives: &[Life]) -> impl Iterator<Item = Time> + '_ {
    lives.iter().flat_map(|life| life.launches.iter().copied())
}

fn by_day(lives: &[Life], days: usize) -> Vec<f64> {
    let mut by_day = vec![0.0; days];
    launches(lives).for_each(|at| by_day[(at.ms() / Span::DAY.ms()) as usize] += 1.0 / lives.len() as f64);
    by_day
}

fn hour(at: Time) -> u64 {
    at.ms() % Span::DAY.ms() / Span::HOUR.ms()
}

/// People who open the client at these minutes of these days, and use the phone from morning to night.
fn people(days: u64, openings: impl Fn(u64, &mut Stream) -> Vec<u64>, people: u32) -> String {
    let mut text = String::from("user,on,off,unlocked,client_from,client_until\n");
    let instant = |day: u64, second: u64| {
        let (hour, minute) = (second / 3600, second / 60 % 60);
        let date = 61 + day;
        let (month, day) = if date < 91 { (3, date - 59) } else { (4, date - 90) };
        format!("2026-{month:02}-{day:02}T{hour:02}:{minute:02}:{:02}Z", second % 60)
    };
    for person in 0..people {
        let mut draws = Streams::new(11, "people", person).stream("openings");
        for day in 0..days {
            let mut opened = openings(day, &mut draws);
            opened.sort_unstable();
            opened.dedup_by(|later, earlier| *later < *earlier + 3);
            for minute in (7 * 60..23 * 60)
                .step_by(30)
                .chain(opened.iter().copied())
                .collect::<std::collections::BTreeSet<_>>()
            {
                let begin = minute * 60;
                let client = match opened.contains(&minute) {
                    true => format!("{},{}", instant(day, begin + 5), instant(day, begin + 50)),
                    false => ",".into(),
                };
                let (on, off) = (instant(day, begin), instant(day, begin + 55));
                text += &format!("u{person},{on},{off},true,{client}\n");
            }
        }
    }
    text
}

fn measured(days: u64, more: &str, users: &str, devices: u32) -> Scenario {
    let text =
        format!("devices = {devices}\nstart = '2026-03-02T00:00'\nmeasure = '{days}d'\n{more}\n{PLAIN}");
    traced(&text, &[], "arrived\n2026-03-02T12:00:00Z\n", Some(users))
}

#[test]
fn a_new_phone_begins_with_few_wakes_none_at_night_and_gains_over_days() {
    let new = "devices = 100\nwarmup = '0s'\nmeasure = '14d'\n[policy]\nallow_device_keychain = true";
    let lives = lives(&scenario(new, &[]));
    let by_day = by_day(&lives, 14);
    println!("{by_day:.2?}");
    assert!(by_day[0] < 0.5, "the first day has {} launches", by_day[0]);
    let mean = |days: std::ops::Range<usize>| by_day[days.clone()].iter().sum::<f64>() / days.len() as f64;
    assert!(mean(1..4) < mean(4..8) && mean(4..8) < mean(10..14), "nothing is gained");
    let first: Vec<Time> = launches(&lives).filter(|at| *at < Time::ORIGIN + Span::DAY * 3).collect();
    // The zone is an hour ahead of UTC, and some users are up after midnight.
    let night = first.iter().filter(|at| (1..5).contains(&((hour(**at) + 1) % 24))).count();
    assert!(first.len() > 200 && night * 100 <= first.len() * 3, "{night} of {} at night", first.len());
}

#[test]
fn a_client_that_was_opened_once_gets_one_a_day_at_that_hour_and_none_before() {
    let users = people(14, |day, _| if day == 0 { vec![14 * 60 + 7] } else { Vec::new() }, 40);
    let lives = lives(&measured(14, "", &users, 40));
    for life in &lives {
        let opened = life.openings[0];
        assert!(life.launches.iter().all(|at| *at > opened), "launched before it was opened");
        let soon = life.launches.iter().filter(|at| at.since(opened) <= Span::DAY).count();
        assert!(soon <= 2, "{soon} within a day");
        let most = life.launches.chunk_by(|a, b| a.ms() / Span::DAY.ms() == b.ms() / Span::DAY.ms());
        assert!(most.map(<[Time]>::len).max().is_some_and(|most| most <= 1));
        // At the hour of the last use, or shortly before it while it is expected.
        let ahead = |at: &Time| {
            (at.ms() + Span::MINUTE.ms() * 45) % Span::DAY.ms() - Span::MINUTE.ms() * (14 * 60 + 7)
        };
        assert!(life.launches.iter().all(|at| ahead(at) < Span::HOUR.ms()), "{:?}", life.launches);
    }
    let all = launches(&lives).count();
    assert!((40 * 10..=40 * 14).contains(&all), "{all} launches");
}

#[test]
fn a_client_that_was_never_opened_is_never_launched() {
    let absent = PLAIN.replace("model = 'trace'\n    file = 'user.csv'", "model = 'absent'");
    let scenario = scenario(&format!("devices = 20\nmeasure = '20d'\n{absent}"), &[]);
    assert_eq!(launches(&lives(&scenario)).count(), 0);
}

#[test]
fn a_phone_that_never_learns_gets_about_one_a_day() {
    let stays_new = "devices = 60\nwarmup = '0s'\nmeasure = '14d'\nhabits = { learn = false }\n\
        scheduler = { never_refreshed = 0.0 }\n\
        policy = { allow_device_keychain = true, background_app_refresh = true }";
    let lives = lives(&scenario(stays_new, &[]));
    let by_day = by_day(&lives, 14);
    println!("{by_day:.2?}");
    assert!(by_day.iter().all(|day| *day <= 1.3) && by_day[2..].iter().sum::<f64>() > 12.0 * 0.5);
}

/// Whether a day is no busier than the week before the last opening by more than 2 % of what that had, or by chance,
/// phone by phone. Where days without an opening lie between, a refresh that an opening took the place of counts as one:
/// without the opening it would have been launched.
fn is_no_busier(lives: &[Life], day: usize, used: f64, has_gaps: bool) -> bool {
    let count = |times: &[Time], day: usize| {
        times.iter().filter(|at| at.ms() / Span::DAY.ms() == day as u64).count() as f64
    };
    let on = |life: &Life, day: usize| count(&life.launches, day);
    let in_use = |life: &Life, day: usize| match has_gaps {
        true => on(life, day).max(count(&life.replaced, day).min(1.0)),
        false => on(life, day),
    };
    let week = |life: &Life| (12..=18).map(|day| in_use(life, day)).sum::<f64>() / 7.0;
    let [before, after]: [Vec<f64>; 2] =
        [lives.iter().map(week).collect(), lives.iter().map(|life| on(life, day)).collect()];
    !Paired::new(&after, &before).lies_below(-0.02 * used, 100)
}

/// Whatever the history was, and on any day. Fixed: the phones, their use, the policy.
#[test]
fn no_day_after_the_last_opening_is_busier_than_the_days_of_use() {
    const LAST: u64 = 18;
    for profile in ["ios26", "ios18"] {
        for (kind, most) in [
            ("12:07", 1),
            ("03:00", 1),
            ("23:50", 1),
            ("regular", 1),
            ("regular", 4),
            ("any", 2),
            ("any", 12),
            ("both", 8),
            ("gaps", 2),
            ("gaps", 3),
        ] {
            let openings = |day: u64, draws: &mut Stream| {
                // Regular hours vary by up to 20 min from day to day; those that are named do not vary at all.
                let any: Vec<u64> = (0..most).map(|_| draws.random_range(7 * 60..23 * 60)).collect();
                let regular = (1..=most).map(|nth| 7 * 60 + nth * 16 * 60 / (most + 1) + any[0] % 20);
                match kind {
                    _ if day > LAST => Vec::new(),
                    "12:07" => vec![12 * 60 + 7],
                    "03:00" => vec![3 * 60],
                    "23:50" => vec![23 * 60 + 50],
                    "gaps" if day.is_multiple_of(most) => vec![15 * 60],
                    "gaps" => Vec::new(),
                    "regular" => regular.collect(),
                    "any" => any,
                    _ => regular
                        .take(most as usize / 2)
                        .chain(any.iter().copied().skip(most as usize / 2))
                        .collect(),
                }
            };
            let users = people(36, openings, 64);
            let scenario = measured(36, &format!("habits = {{ profile = '{profile}' }}"), &users, 64);
            let lives = lives(&scenario);
            let by_day = by_day(&lives, 36);
            let used = by_day[12..=LAST as usize].iter().sum::<f64>() / 7.0;
            println!("{profile} {kind} {most}: {used:.2} in use, then {:.2?}", &by_day[LAST as usize + 1..]);
            for day in LAST as usize + 1..36 {
                assert!(
                    is_no_busier(&lives, day, used, kind == "gaps"),
                    "{profile} {kind} {most}: day {day}, {used:.2} in use"
                );
            }
        }
    }
}

/// A gate that delays a refresh until the client is opened loses it to a check on the screen: on a day without an
/// opening the same gate only delays it. So a day of use on which it was lost in that way counts as one with it.
#[test]
fn a_day_after_fixed_hours_of_use_has_no_more_than_was_launched_or_replaced_on_a_day_of_use() {
    let users = people(33, |day, _| if day < 14 { vec![8 * 60 + day % 3] } else { Vec::new() }, 64);
    let phone = "start = '2026-03-02T00:00'\nwarmup = '0s'\nmeasure = '33d'\ndevices = 200\n\
        extends = 'after-first-unlock'\nuser = { model = 'trace', file = 'user.csv' }\n\
        mail = { model = 'poisson', per_day = 1.0 }\nscheduler = { never_refreshed = 0.0 }\n\
        fleet = [{ force_quitters = 0.0 }]";
    let lives = lives(&traced(phone, &[], "arrived\n2026-03-02T12:00:00Z\n", Some(&users)));
    let on =
        |times: &[Time], day: u64| times.iter().filter(|at| at.ms() / Span::DAY.ms() == day).count() as f64;
    let each = |count: &dyn Fn(&Life) -> f64| lives.iter().map(count).collect::<Vec<f64>>();
    let launched_or_replaced =
        |life: &Life, day| on(&life.launches, day).max(on(&life.replaced, day).min(1.0));
    let in_use = each(&|life| (7..14).map(|day| launched_or_replaced(life, day)).sum::<f64>() / 7.0);
    let after: Vec<_> = (14..32).map(|day| each(&|life| on(&life.launches, day))).collect();
    let means = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    println!(
        "{:.3} launched in use, {:.3} with those replaced, then {:.3?}",
        means(&each(&|life| (7..14).map(|day| on(&life.launches, day)).sum::<f64>() / 7.0)),
        means(&in_use),
        after.iter().map(|day| means(day)).collect::<Vec<_>>()
    );
    for day in &after {
        assert!(!Paired::new(day, &in_use).lies_below(0.0, 100));
    }
}

/// However busy they were: two days of use are no habit, and three are no less busy than the day after them.
#[test]
fn who_used_the_client_on_one_day_or_two_is_refreshed_at_most_daily() {
    for profile in ["ios26", "ios18"] {
        for (days, openings, apart) in [(1, 1, 1), (1, 8, 1), (1, 40, 1), (2, 40, 1), (2, 40, 9), (3, 40, 1)]
        {
            let of_day = |day: u64, _: &mut Stream| match day % apart {
                0 if day / apart < days => {
                    (0..openings).map(|nth| 7 * 60 + 7 + nth * 900 / openings).collect()
                }
                _ => Vec::new(),
            };
            let users = people(20, of_day, 40);
            let lives = lives(&measured(20, &format!("habits = {{ profile = '{profile}' }}"), &users, 40));
            let by_day = by_day(&lives, 20);
            println!("{profile}, {days} days of {openings}, {apart} apart: {by_day:.2?}");
            if days == 3 {
                assert!(by_day[3..].iter().all(|day| *day <= by_day[2]));
                continue;
            }
            for life in &lives {
                let most = life.launches.chunk_by(|a, b| a.ms() / Span::DAY.ms() == b.ms() / Span::DAY.ms());
                assert!(most.map(<[Time]>::len).max().is_none_or(|most| most <= 1), "{:?}", life.launches);
            }
        }
    }
}

#[test]
fn a_client_that_is_opened_daily_at_a_fixed_time_is_refreshed_before_it_on_most_days() {
    let users = people(28, |_, draws| vec![12 * 60 + draws.random_range(0..8)], 60);
    let lives = lives(&measured(28, "", &users, 60));
    let (mut before, mut days) = (0, 0);
    for life in &lives {
        for opened in life.openings.iter().filter(|at| **at >= Time::ORIGIN + Span::DAY * 3) {
            days += 1;
            before +=
                usize::from(life.launches.iter().any(|at| at <= opened && opened.since(*at) <= Span::HOUR));
        }
    }
    println!("refreshed within the hour before it on {before} of {days} days");
    assert!(days > 1400 && before * 10 > days * 5);
}

#[test]
fn nobody_is_woken_every_minute_and_gaps_are_no_metronome() {
    let asks_at_once = "devices = 40\nwarmup = '7d'\nmeasure = '7d'\nclient = { refresh_interval = '1m' }\n\
        scheduler = { spacing = { median = '0s' } }\npolicy = { allow_device_keychain = true }";
    let scenario = scenario(asks_at_once, &[]);
    let mut gaps: Vec<Span> = Vec::new();
    for life in lives(&scenario) {
        gaps.extend(life.launches.windows(2).map(|pair| pair[1] - pair[0]));
    }
    assert!(gaps.len() > 5000 && gaps.iter().all(|gap| *gap >= Span::MINUTE * 15));
    let common =
        gaps.iter().map(|gap| gap.ms() / 1000).fold(std::collections::BTreeMap::new(), |mut all, second| {
            *all.entry(second).or_insert(0_usize) += 1;
            all
        });
    let most = common.values().max().copied().unwrap_or(0);
    println!("{} gaps, the commonest second {most} times", gaps.len());
    assert!(most * 50 < gaps.len());
}
