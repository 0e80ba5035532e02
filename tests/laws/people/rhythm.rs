//! How days of one person, and persons of one persona, differ: against what 28 students read off their phones
//! (quartiles over persons, medians over days).

use super::measured::sessions;
use super::world::*;
use bgsim::persona::PersonaName;
use bgsim::time::{Span, Time};

const DAYS: usize = 84;
/// A day of a user of the day turns while they sleep.
const TURN: Span = Span::hours(4);

/// Of each whole day of one person the pick-ups, the minutes and the hour of the first pick-up.
struct Days {
    pick_ups: Vec<f64>,
    minutes: Vec<f64>,
    first: Vec<f64>,
}

impl Days {
    fn of(name: PersonaName, device: u32) -> Days {
        // The first and the last are cut off.
        let world = World { device, days: DAYS as u64 + 2, ..World::new(name, 7) };
        let mut days =
            Days { pick_ups: vec![0.0; DAYS], minutes: vec![0.0; DAYS], first: vec![f64::NAN; DAYS] };
        for (from, until) in
            sessions(&world.run()).into_iter().filter(|(from, _)| *from > Time::ORIGIN + TURN)
        {
            let local = world.clock.local(from.back(TURN));
            let Some(day) = (local.day as usize).checked_sub(1).filter(|day| *day < DAYS) else { continue };
            if days.pick_ups[day] == 0.0 {
                days.first[day] = (local.dial() + TURN).secs_f64() / 3600.0;
            }
            days.pick_ups[day] += 1.0;
            days.minutes[day] += (until - from).secs_f64() / 60.0;
        }
        days
    }

    /// Of days at weekends, or of the others; day 0 is a Tuesday.
    fn on(values: &[f64], weekend: bool) -> Vec<f64> {
        let is = |day: usize| ((day + 1) % 7 >= 5) == weekend;
        values.iter().enumerate().filter(|(day, _)| is(*day)).map(|(_, value)| *value).collect()
    }
}

fn logs(values: &[f64]) -> Vec<f64> {
    values.iter().map(|value| libm::log(value.max(0.5))).collect()
}

fn correlation(x: &[f64], y: &[f64]) -> f64 {
    let (mx, my) = (mean(x), mean(y));
    let covariance: f64 = x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).sum();
    covariance / ((variance(x) * variance(y)).sqrt() * (x.len() - 1) as f64)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.retain(|value| value.is_finite());
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn sd(values: &[f64]) -> f64 {
    variance(values).sqrt()
}

#[test]
fn days_and_persons_differ_as_they_were_measured_to() {
    let people: Vec<Days> = (0..240).map(|device| Days::of(PersonaName::Typical, device)).collect();
    let over = |of: &dyn Fn(&Days) -> f64| median(people.iter().map(of).collect());
    let ratio = |values: &[f64]| mean(&Days::on(values, true)) / mean(&Days::on(values, false));
    let lag = |values: &[f64], by: usize| {
        let logs = logs(values);
        correlation(&logs[by..], &logs[..logs.len() - by])
    };
    let first = |days: &Days, weekend| {
        let mut hours = Days::on(&days.first, weekend);
        hours.retain(|hour| hour.is_finite());
        hours
    };
    within("weekend/weekday, pick-ups", over(&|days| ratio(&days.pick_ups)), 0.74, 0.95);
    within("weekend/weekday, minutes", over(&|days| ratio(&days.minutes)), 0.94, 1.11);
    within("pick-ups and minutes of a day", over(&|d| correlation(&d.pick_ups, &d.minutes)), -0.24, 0.20);
    within("lag 1 of log pick-ups", over(&|days| lag(&days.pick_ups, 1)), 0.20, 0.38);
    within("SD of log pick-ups over days", over(&|days| sd(&logs(&days.pick_ups))), 0.29, 0.45);
    within("SD of log minutes over days", over(&|days| sd(&logs(&days.minutes))), 0.26, 0.41);
    within("first pick-up on weekdays, h", over(&|days| median(first(days, false))), 6.7, 8.6);
    // The table takes people at work to keep their hours better than students, who have 1.1 to 1.9.
    within("SD of the first pick-up, h", over(&|days| sd(&first(days, false))), 0.75, 1.9);
    let shift = |days: &Days| median(first(days, true)) - median(first(days, false));
    within("first pick-up at weekends later by, h", over(&shift), 0.5, 1.6);

    let each = |of: &dyn Fn(&Days) -> f64| people.iter().map(of).collect::<Vec<f64>>();
    let (pick_ups, minutes) = (each(&|days| mean(&days.pick_ups)), each(&|days| mean(&days.minutes)));
    let seconds: Vec<f64> = pick_ups.iter().zip(&minutes).map(|(n, minutes)| 60.0 * minutes / n).collect();
    within("seconds a pick-up, median person", median(seconds.clone()), 100.0, 245.0);
    within("pick-ups a day, median person", median(pick_ups.clone()), 70.0, 110.0);
    within("screen time, h/day, mean of persons", mean(&minutes) / 60.0, 2.8, 5.0);
    // Two standard errors of 240 persons are 9 %; the longest persons' sessions are cut off at two hours.
    within("between persons, SD of log pick-ups", sd(&logs(&pick_ups)), 0.20, 0.32);
    within("between persons, SD of log minutes", sd(&logs(&minutes)), 0.37, 0.52);
    within("between persons, SD of log seconds a pick-up", sd(&logs(&seconds)), 0.33, 0.48);
    within(
        "pick-ups and length between persons",
        correlation(&logs(&pick_ups), &logs(&seconds)),
        -0.25,
        0.25,
    );
}
