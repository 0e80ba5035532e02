//! The best of several that keep some conditions: arms of a comparison, points of a sweep.

use super::parse::{Claim, Comparison, Limit, parse};
use super::quantity::Quantity;
use crate::figure::{Direction, Figure};
use crate::summary::Estimate;
use serde::Serialize;
use std::fmt;
use std::str::FromStr;

/// A bound that a figure keeps: `exposure(key_readable_while_locked) <= 2h`.
#[derive(Clone, PartialEq, Debug)]
pub struct Condition {
    /// The figure.
    pub figure: Figure,
    comparison: Comparison,
    bound: f64,
    text: String,
}

impl FromStr for Condition {
    type Err = String;

    fn from_str(text: &str) -> Result<Condition, String> {
        let example = "such as exposure(key_readable_while_locked) <= 2h";
        // A promise may be a law of events, which is no bound: what is said of promises would lead there.
        if !text.contains(['<', '>', '=']) {
            return Err(format!("write a figure with a bound, {example}"));
        }
        let claim = parse(text, None, false).map_err(|fault| {
            fault.help.map_or(fault.message.clone(), |help| format!("{}; {help}", fault.message))
        })?;
        match claim {
            Claim::Figure { quantity: Quantity::Figure(figure), comparison, limit: Limit::Is(bound) } => {
                Ok(Condition { figure, comparison, bound, text: text.trim().into() })
            }
            _ => Err(format!("write a figure with a bound that is a number, {example}")),
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// What is known of a condition.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Kept {
    Surely,
    /// Its interval lies on both sides of the bound, or too few devices carry it for one.
    Perhaps,
    /// The figure has no value.
    Unknown,
    No,
}

impl Condition {
    fn of(&self, found: Estimate) -> Kept {
        let Some(value) = found.value else { return Kept::Unknown };
        let holds = |number: f64| self.comparison.holds(number, self.bound);
        // What has no interval is not surely on either side, wherever its value is.
        let Some(ends) = found.ci95 else { return Kept::Perhaps };
        match ends.map(holds) {
            [true, true] if holds(value) => Kept::Surely,
            [false, false] if !holds(value) => Kept::No,
            _ => Kept::Perhaps,
        }
    }
}

/// What is left under some conditions, each candidate by its place.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Choice {
    /// The conditions, as they were written.
    pub subject_to: Vec<String>,
    /// Of those that keep all of them, the one whose figure is best.
    pub best: Option<usize>,
    /// Those that break one.
    pub left_out: Vec<usize>,
    /// Those of which this run cannot tell.
    pub undecided: Vec<usize>,
    /// Those in which a figure that is bounded has no value.
    pub unknown: Vec<usize>,
}

/// The best of so many by a figure, under some conditions.
pub fn choose(
    figure: Figure,
    conditions: &[Condition],
    candidates: usize,
    estimate: impl Fn(usize, Figure) -> Estimate,
) -> Choice {
    let kept = |place: usize| {
        let each = conditions.iter().map(|condition| condition.of(estimate(place, condition.figure)));
        each.max().unwrap_or(Kept::Surely)
    };
    let of = |wanted: Kept| (0..candidates).filter(|place| kept(*place) == wanted).collect::<Vec<_>>();
    let value = |place: &usize| {
        let value = estimate(*place, figure).value.unwrap_or(f64::NAN);
        if figure.facts().better == Some(Direction::Less) { -value } else { value }
    };
    let known = of(Kept::Surely).into_iter().filter(|place| !value(place).is_nan());
    Choice {
        subject_to: conditions.iter().map(Condition::to_string).collect(),
        // Of equals the first: it changes least.
        best: known.reduce(|best, place| if value(&place) > value(&best) { place } else { best }),
        left_out: of(Kept::No),
        undecided: of(Kept::Perhaps),
        unknown: of(Kept::Unknown),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(value: f64, low: f64, high: f64) -> Estimate {
        Estimate { value: Some(value), ci95: Some([low, high]) }
    }

    #[test]
    fn the_best_of_those_that_keep_a_bound_is_named_and_the_rest_accounted_for() {
        let conditions = ["exposure(key_readable_while_locked) <= 2h".parse::<Condition>().unwrap()];
        let exposure = conditions[0].figure;
        let candidates = [
            (found(0.1, 0.0, 0.2), found(0.0, 0.0, 0.0)),
            (found(0.3, 0.2, 0.4), found(0.2, 0.1, 0.3)),
            (found(0.9, 0.8, 1.0), found(19.0, 18.0, 20.0)),
            (found(0.8, 0.7, 0.9), found(1.9, 1.7, 2.1)),
            (found(0.3, 0.2, 0.4), found(0.2, 0.1, 0.3)),
        ];
        let estimate = |place: usize, figure: Figure| {
            let (told, exposed) = candidates[place];
            if figure == exposure { exposed } else { told }
        };
        let choice = choose(Figure::FIRST, &conditions, candidates.len(), estimate);
        assert_eq!((choice.best, choice.left_out, choice.undecided), (Some(1), vec![2], vec![3]));
        let none = choose(Figure::FIRST, &["told_within(15m) >= 99 %".parse().unwrap()], 5, estimate);
        assert_eq!((none.best, none.left_out.len()), (None, 4));
        let least = choose(exposure, &[], candidates.len(), estimate);
        assert_eq!(least.best, Some(0));
    }

    #[test]
    fn what_has_no_interval_or_no_value_keeps_nothing_surely() {
        let conditions = ["told_within(1h) >= 50 %".parse::<Condition>().unwrap()];
        let estimate = |place: usize, figure: Figure| match (place, figure == Figure::FIRST) {
            (_, true) => found(0.3, 0.2, 0.4),
            (0, false) => Estimate { value: Some(0.9), ci95: None },
            (1, false) => Estimate { value: None, ci95: None },
            _ => Estimate { value: Some(0.1), ci95: None },
        };
        let choice = choose(Figure::FIRST, &conditions, 3, estimate);
        assert_eq!((choice.best, choice.left_out), (None, vec![]));
        assert_eq!((choice.undecided, choice.unknown), (vec![0, 2], vec![1]));
    }

    #[test]
    fn what_is_no_condition_says_what_would_be_one() {
        for (text, part) in [
            ("told_within(15m)", "write a figure with a bound"),
            ("", "write a figure with a bound"),
            ("told_wihtin(15m) >= 3 %", "told_within"),
            ("never(new_mail while locked)", "write a figure with a bound"),
        ] {
            let fault = text.parse::<Condition>().unwrap_err();
            assert!(fault.contains(part), "{text}: {fault}");
        }
    }
}
