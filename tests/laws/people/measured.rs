//! The persona against what was measured of people.

use super::world::*;
use bgsim::signal::Signal;
use bgsim::time::Time;
use bgsim::units::Share;

/// From taking the phone in hand to putting it down.
pub(super) fn sessions(record: &Record) -> Vec<(Time, Time)> {
    let mut sessions = Vec::new();
    let mut from = None;
    for &(at, signal) in record {
        match signal {
            Signal::PickedUp(_) => from = from.or(Some(at)),
            Signal::PutDown(_) => sessions.extend(from.take().map(|from| (from, at))),
            _ => {}
        }
    }
    sessions
}

#[test]
fn sessions_are_like_those_measured() {
    let mut lengths = Vec::new();
    for device in 0..200 {
        let world = World { device, ..World::typical(1) };
        lengths.extend(sessions(&world.run()).iter().map(|(from, until)| (*until - *from).secs_f64()));
    }
    // .37 and .80 of one iPhone, or .42 and .83 where shorter gaps tell two sessions apart; persons differ.
    within("P(session < 30 s)", share(&lengths, |s| s < 30.0), 0.37, 0.50);
    within("P(session < 240 s)", share(&lengths, |s| s < 240.0), 0.80, 0.90);
    within("mean session, s", mean(&lengths), 140.0, 180.0);
}

/// The shape of a Weibull law by maximum likelihood, and its log likelihood.
fn fit_weibull(gaps: &[f64]) -> (f64, f64) {
    let n = gaps.len() as f64;
    let logs: Vec<f64> = gaps.iter().map(|gap| libm::log(*gap)).collect();
    let (mut low, mut high) = (0.05, 5.0);
    for _ in 0..40 {
        let k = (low + high) / 2.0;
        let (mut sum, mut weighted) = (0.0, 0.0);
        for log in &logs {
            let power = libm::exp(k * log);
            sum += power;
            weighted += power * log;
        }
        if weighted / sum - 1.0 / k > mean(&logs) { high = k } else { low = k }
    }
    let k = (low + high) / 2.0;
    let scale = libm::pow(gaps.iter().map(|gap| libm::pow(*gap, k)).sum::<f64>() / n, 1.0 / k);
    (k, n * (libm::log(k) - k * libm::log(scale) + (k - 1.0) * mean(&logs) - 1.0))
}

#[test]
fn gaps_between_sessions_are_weibull_with_a_heavy_tail() {
    let mut gaps = Vec::new();
    for seed in 1..=20 {
        let sessions = sessions(&World::typical(seed).run());
        gaps.extend(sessions.windows(2).map(|pair| (pair[1].0 - pair[0].1).secs_f64().max(0.001)));
    }
    gaps.retain(|gap| *gap < 4.0 * 3600.0);
    let (k, likelihood) = fit_weibull(&gaps);
    within("Weibull shape of gaps", k, 0.40, 0.65);
    let exponential = -(gaps.len() as f64) * (libm::log(mean(&gaps)) + 1.0);
    let (aic, other) = (4.0 - 2.0 * likelihood, 2.0 - 2.0 * exponential);
    println!("AIC of Weibull {aic:.0}, of exponential {other:.0}");
    assert!(aic < other);
}

/// The largest distance of the gaps from Exp(1), in units of its 5 % critical value.
fn kolmogorov_smirnov(mut gaps: Vec<f64>) -> f64 {
    gaps.sort_by(f64::total_cmp);
    let n = gaps.len() as f64;
    let distance = gaps.iter().enumerate().fold(0.0_f64, |most, (index, gap)| {
        let p = 1.0 - libm::exp(-gap);
        most.max((p - index as f64 / n).abs()).max(((index + 1) as f64 / n - p).abs())
    });
    distance * n.sqrt() / 1.358
}

/// Gaps on a time scale on which the hour-of-week rate is one.
fn rescaled_gaps(world: &World, arrivals: &[Time]) -> Vec<f64> {
    let mut cumulative = vec![0.0];
    for hour in 0..world.days as usize * 24 {
        let (weights, factor) = match hour / 24 % 7 >= 5 {
            true => (&world.mail.weekend_hours, world.persona.weekend_mail),
            false => (&world.mail.weekday_hours, 1.0),
        };
        let part = weights[hour % 24] / weights.iter().sum::<f64>();
        cumulative.push(cumulative[hour] + world.persona.mails_per_weekday * factor * part);
    }
    let scaled = |at: &Time| {
        let (hour, part) = ((at.ms() / 3_600_000) as usize, (at.ms() % 3_600_000) as f64 / 3_600_000.0);
        cumulative[hour] + (cumulative[hour + 1] - cumulative[hour]) * part
    };
    arrivals.windows(2).map(|pair| scaled(&pair[1]) - scaled(&pair[0])).collect()
}

#[test]
fn mail_comes_as_it_was_measured() {
    const SEEDS: u64 = 60;
    let (mut fanos, mut gaps, mut work_gaps, mut weekday, mut weekend) =
        (vec![], vec![], vec![], vec![], vec![]);
    let (mut bursty, mut plain) = (vec![], vec![]);
    for seed in 1..=SEEDS {
        let mut world = World { days: 26, ..World::typical(seed) }.with_user("model = 'absent'");
        world.persona.person_mail_sd = 0.0;
        let arrivals = times(&world.run(), arrived);
        let mut by_day = [0.0; 26];
        arrivals.iter().for_each(|at| by_day[world.clock.local(*at).day as usize] += 1.0);
        let on = |end: bool| (0..26).filter(move |day| (day % 7 >= 5) == end).map(|day| by_day[day]);
        let counts: Vec<f64> = on(false).collect();
        fanos.push(variance(&counts) / mean(&counts));
        weekday.extend(counts);
        weekend.extend(on(true));
        for pair in arrivals.windows(2) {
            let gap = (pair[1] - pair[0]).secs_f64();
            gaps.push(gap);
            let (a, b) = (world.clock.local(pair[0]), world.clock.local(pair[1]));
            if a.day == b.day && a.day % 7 < 5 && a.hour() >= 9 && b.hour() < 18 {
                work_gaps.push(gap);
            }
        }
        bursty.push(kolmogorov_smirnov(rescaled_gaps(&world, &arrivals)));
        let mut without = world.clone();
        without.persona.mail_branching = Share::new(0.0);
        without.persona.mail_day_shape = 1e9;
        plain.push(kolmogorov_smirnov(rescaled_gaps(&without, &times(&without.run(), arrived))));
    }
    within("mails a weekday", mean(&weekday), 95.0, 105.0);
    within("Fano factor of weekday counts", mean(&fanos), 4.0, 10.0);
    within("gaps up to 60 s", share(&gaps, |s| s <= 60.0), 0.12, 0.17);
    within("gaps up to 300 s", share(&gaps, |s| s <= 300.0), 0.45, 0.55);
    within("CV of gaps at work", variance(&work_gaps).sqrt() / mean(&work_gaps), 1.1, 1.4);
    within("weekend/weekday mail", mean(&weekend) / mean(&weekday), 0.13, 0.30);
    within("share of mailboxes whose rescaled gaps reject Exp(1)", share(&bursty, |d| d > 1.0), 0.9, 1.0);
    within("the same without cascades and day factors", share(&plain, |d| d > 1.0), 0.0, 0.15);
}
