//! Forecasts that know nothing of iOS, each from what was before the slot alone.

crate::choice! {
    /// A forecast to be beaten.
    pub enum Rival {
        /// The rate of all slots so far.
        Constant,
        /// The rate of those of the same hour of the day.
        HourOfDay,
        /// The rate of those whose slot of the day before was alike.
        AsYesterday,
    }
}

/// Slots of a day.
const DAY: usize = 96;

/// A share of so many, away from 0 and 1 by half of one: no forecast is certain (Jeffreys' rule).
pub(super) fn smoothed(some: f64, of: f64) -> f64 {
    (some + 0.5) / (of + 1.0)
}

/// A share of so many, as if one more had been as is usual.
fn pulled(some: f64, of: f64, usual: f64) -> f64 {
    (some + usual) / (of + 1.0)
}

/// The forecasts of each rival for each slot, of which the hour on the dial is given.
pub(super) fn rivals(ran: &[bool], hours: &[usize]) -> [Vec<f64>; Rival::ALL.len()] {
    let (mut all, mut of_hour, mut of_yesterday) = ((0.0, 0.0), [(0.0, 0.0); 24], [(0.0, 0.0); 2]);
    let mut forecasts = [(); Rival::ALL.len()].map(|()| Vec::with_capacity(ran.len()));
    for (place, (ran_now, hour)) in ran.iter().zip(hours).enumerate() {
        let yesterday = place.checked_sub(DAY).map(|before| usize::from(ran[before]));
        let usual = smoothed(all.0, all.1);
        let hourly = &mut of_hour[*hour];
        forecasts[Rival::Constant as usize].push(usual);
        forecasts[Rival::HourOfDay as usize].push(pulled(hourly.0, hourly.1, usual));
        let alike =
            yesterday.map_or(usual, |alike| pulled(of_yesterday[alike].0, of_yesterday[alike].1, usual));
        forecasts[Rival::AsYesterday as usize].push(alike);
        let one = f64::from(u8::from(*ran_now));
        let more = |counts: &mut (f64, f64)| *counts = (counts.0 + one, counts.1 + 1.0);
        more(&mut all);
        more(hourly);
        if let Some(alike) = yesterday {
            more(&mut of_yesterday[alike]);
        }
    }
    forecasts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forecast_knows_what_was_and_nothing_of_what_comes() {
        // Once a day, at the same time.
        let ran: Vec<bool> = (0..DAY * 10).map(|slot| slot % DAY == 40).collect();
        let hours: Vec<usize> = (0..ran.len()).map(|slot| slot % DAY / 4).collect();
        let [constant, hourly, yesterday] = rivals(&ran, &hours);
        assert_eq!((constant[0], hourly[0], yesterday[0]), (0.5, 0.5, 0.5));
        let last = DAY * 9 + 40;
        assert!((constant[last] - 1.0 / 96.0).abs() < 0.002, "{}", constant[last]);
        assert!((hourly[last] - 0.25).abs() < 0.02, "{}", hourly[last]);
        assert!(yesterday[last] > 0.85 && yesterday[last - 1] < 0.01, "{}", yesterday[last]);
        // What comes changes nothing before it.
        let mut other = ran.clone();
        other[last] = false;
        let again = rivals(&other, &hours);
        assert!((0..=last).all(|slot| again[1][slot] == hourly[slot] && again[2][slot] == yesterday[slot]));
    }
}
