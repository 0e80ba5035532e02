//! The pace at which a day is lived, so that its sessions and the gaps between them fill it.

use super::rhythm::Walk;
use crate::signal::SLOTS;

/// So much of a day's use may be left over before bed: about a minute.
const NEAR: f64 = 1.0 / 1024.0;
/// Guesses at the pace: four or five are enough but for strange rhythms, and with so many the halvings among them are
/// enough alone.
const MOST_GUESSES: u32 = 30;
const HALVES_EACH: u32 = 3;

/// What weight passes in a unit of the gaps, of which each of the sessions has one before it, between waking and bed.
/// What passes within sessions depends on where they come to lie, and so on the pace: it is found by false position,
/// as changed in Illinois (M. Dowell and P. Jarratt, BIT 11 (1971), 168-174). Rather than too little is left to the
/// sessions, so that the last one ends before bed.
pub(super) fn pace(
    shape: &[f64; SLOTS],
    (wake, bed): (f64, f64),
    sessions: &[(f64, f64)],
    gap_sum: f64,
) -> f64 {
    let total = Walk::new(shape, wake).pass(bed);
    let left = |guess| left(shape, wake, sessions, guess, (total - guess) / gap_sum);
    let near = total * NEAR;
    let (mut low, mut high) = ((0.0, left(0.0)), (total, left(total)));
    if low.1 >= 0.0 {
        return total / gap_sum;
    }
    let mut last = 0.0;
    for number in 1..=MOST_GUESSES {
        let guess = low.0 + (high.0 - low.0) * low.1 / (low.1 - high.1);
        // Where it creeps all the same, in strange rhythms, every third guess is a halving.
        let guess = match number % HALVES_EACH {
            0 => (low.0 + high.0) / 2.0,
            _ => (guess + near / 2.0).min((guess + high.0) / 2.0),
        };
        let found = (guess, left(guess));
        // An end that stays once more counts for half, so that the other does not creep.
        let by = if (found.1 < 0.0) == (last < 0.0) { 2.0 } else { 1.0 };
        last = found.1;
        if found.1 < 0.0 {
            (low, high.1) = (found, high.1 / by);
        } else {
            (high, low.1) = (found, low.1 / by);
        }
        if high.0 - low.0 <= near || (0.0..=near).contains(&found.1) {
            break;
        }
    }
    (total - high.0) / gap_sum
}

/// What is left of a guess at the weight that passes within sessions, at the pace that follows from it.
fn left(shape: &[f64; SLOTS], wake: f64, sessions: &[(f64, f64)], guess: f64, pace: f64) -> f64 {
    let mut walk = Walk::new(shape, wake);
    let pass = |&(gap, length): &(f64, f64)| {
        let start = walk.spend(pace * gap);
        walk.pass(start + length)
    };
    guess - sessions.iter().map(pass).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{RngExt, Stream, Streams};

    const HOUR: f64 = 3.6e6;

    /// A rhythm: flat, with few quarters in which all is done, or rough.
    fn rhythm(stream: &mut Stream) -> [f64; SLOTS] {
        let kind = stream.random_range(0..3);
        let mut shape = [1.0; SLOTS];
        for weight in &mut shape {
            *weight = match kind {
                0 => 1.0,
                1 if stream.random_range(0..40) > 0 => 1e-6,
                1 => stream.random_range(1.0..50.0),
                _ => libm::exp(stream.random_range(-4.0..4.0)),
            };
        }
        shape
    }

    /// In any rhythm the last session ends before bed, and no more is left over than is said: a pace that leaves the
    /// gaps so much more does not leave the sessions enough.
    #[test]
    fn any_day_is_filled_and_not_more_than_filled() {
        let mut stream = Streams::new(5, "typical", 0).stream("rhythms");
        let mut close = 0;
        for _ in 0..4000 {
            let shape = rhythm(&mut stream);
            let (wake, bed) = (stream.random_range(4.0..11.0) * HOUR, stream.random_range(15.0..28.0) * HOUR);
            let many = stream.random_range(0..150);
            let longest = 1.8 * 0.9 * (bed - wake) / f64::from(many.max(1));
            let mut unit = |most: f64| stream.random_range(0.0..1.0) * most;
            let sessions: Vec<(f64, f64)> =
                (0..many).map(|_| (unit(3.0) * unit(3.0), unit(longest))).collect();
            if sessions.iter().map(|(_, length)| length).sum::<f64>() > 0.9 * (bed - wake) {
                continue;
            }
            let gap_sum = sessions.iter().map(|(gap, _)| gap).sum::<f64>() + 0.01 + unit(3.0);
            let pace = pace(&shape, (wake, bed), &sessions, gap_sum);

            let total = Walk::new(&shape, wake).pass(bed);
            let (guess, near) = (total - pace * gap_sum, total * NEAR);
            let over = left(&shape, wake, &sessions, guess, pace);
            assert!(over >= -1e-9 * total, "{over} of {total} is left to the sessions");
            let closer = guess - near;
            let is_tight = left(&shape, wake, &sessions, closer, (total - closer) / gap_sum) < 1e-9 * total;
            assert!(over <= near || is_tight, "{over} of {total} is left over");
            let mut walk = Walk::new(&shape, wake);
            for (gap, length) in &sessions {
                let start = walk.spend(pace * gap);
                walk.pass(start + length);
                assert!(start + length <= bed + 1.0, "a session ends {} ms after bed", start + length - bed);
            }
            close += u32::from(over <= near);
        }
        assert!(close > 2000, "only {close} days are filled to a minute");
    }
}
