//! What the points say together of a difference: it holds at every one, it reverses somewhere, or that cannot be told.
//!
//! A point is clear where its interval leaves zero out at a level that holds for all points and looks together
//! (Bonferroni, with Student's t); so devices can only be missing in favour of nothing: fewer of them widen every
//! interval, and a wide one is clear of nothing.

use super::point::Found;
use crate::analysis::tails::t_reach;
use serde::Serialize;

/// The level at which all clear points are clear together.
pub const LEVEL: f64 = 0.95;

/// What is asked of each point.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Judge {
    /// Which sign the difference has to have.
    pub sign: Sign,
    /// Differences below are too small to matter.
    pub smallest: f64,
    /// The chance of being wrong that one look at one point has.
    pub chance: f64,
}

/// Which sign a difference is held against.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Sign {
    /// Its own: this is the point that the others are held against.
    Own,
    /// That which the difference clearly has as the numbers stand.
    Base(f64),
    /// None: as the numbers stand it is not clear, and chance is no sign that anything could keep or reverse.
    Unclear,
}

/// What a point says of the difference.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Clarity {
    /// It has the sign of the base, clearly, and matters.
    Same,
    /// It is clearly too small to matter, or clear and found to be that small.
    Small,
    /// It has the contrary sign, clearly, and matters.
    Contrary,
    /// Its devices cannot tell.
    Unclear,
}

/// What all points say.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The difference has the same sign, and matters, at every point tried.
    Holds,
    /// It is clear everywhere and reverses nowhere, but is too small to matter somewhere.
    TooSmall,
    /// There are points at which the devices cannot tell, and none where it clearly reverses.
    CannotTell,
    /// It clearly has the contrary sign somewhere.
    Reverses,
}

/// How many points say what.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Tally {
    /// Points with the sign of the base.
    pub same: usize,
    /// Points where the difference is too small to matter.
    pub small: usize,
    /// Points with the contrary sign.
    pub contrary: usize,
    /// Points whose devices cannot tell.
    pub unclear: usize,
}

impl Clarity {
    /// What files call it.
    pub const fn name(self) -> &'static str {
        match self {
            Clarity::Same => "same",
            Clarity::Small => "small",
            Clarity::Contrary => "contrary",
            Clarity::Unclear => "unclear",
        }
    }
}

impl Judge {
    /// How far from zero the difference at a point has to lie, in its standard errors.
    pub fn far(&self, freedom: f64) -> f64 {
        t_reach(self.chance / 2.0, freedom)
    }

    /// The same of other points than the base, of which this was found: what a difference is held against is clear at the
    /// level of all others.
    pub fn against(self, base: &Found, smallest: f64) -> Judge {
        let is_clear = Judge { sign: Sign::Own, smallest: 0.0, ..self }.says(base) == Clarity::Same;
        let sign = base
            .estimate
            .value
            .filter(|_| is_clear)
            .map_or(Sign::Unclear, |value| Sign::Base(value.signum()));
        Judge { sign, smallest, ..self }
    }

    /// What a point says.
    pub fn says(&self, found: &Found) -> Clarity {
        let Some((value, (error, freedom))) = found.estimate.value.zip(found.error.zip(found.freedom)) else {
            return Clarity::Unclear;
        };
        let has_sign = match self.sign {
            Sign::Own => true,
            Sign::Base(sign) => value * sign > 0.0,
            Sign::Unclear => return Clarity::Unclear,
        };
        let far = error * self.far(freedom);
        let (is_clear, is_small) = (value.abs() > far, value.abs() < self.smallest);
        // That no device differs does not mean that none would.
        let is_within = error > 0.0 && value.abs() + far < self.smallest;
        match (is_clear, is_small) {
            (true, true) => Clarity::Small,
            (true, false) if has_sign => Clarity::Same,
            (true, false) => Clarity::Contrary,
            (false, _) if is_within => Clarity::Small,
            (false, _) => Clarity::Unclear,
        }
    }
}

impl Tally {
    /// Counts a point.
    pub fn count(&mut self, clarity: Clarity) {
        *match clarity {
            Clarity::Same => &mut self.same,
            Clarity::Small => &mut self.small,
            Clarity::Contrary => &mut self.contrary,
            Clarity::Unclear => &mut self.unclear,
        } += 1;
    }

    /// How many there are.
    pub const fn all(&self) -> usize {
        self.same + self.small + self.contrary + self.unclear
    }

    /// What they say together.
    pub const fn answer(&self) -> Answer {
        match *self {
            Tally { contrary: 1.., .. } => Answer::Reverses,
            Tally { unclear: 1.., .. } | Tally { same: 0, small: 0, .. } => Answer::CannotTell,
            Tally { small: 1.., .. } => Answer::TooSmall,
            _ => Answer::Holds,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::summary::Estimate;
    use proptest::prelude::*;

    fn found(value: f64, error: f64, freedom: f64) -> Found {
        let estimate = Estimate { value: Some(value), ci95: None };
        Found { estimate, error: Some(error), freedom: Some(freedom), ..Found::default() }
    }

    fn judge(points: u32) -> Judge {
        Judge { sign: Sign::Base(-1.0), smallest: 0.5, chance: 0.05 / f64::from(points) }
    }

    fn answer(judge: &Judge, points: &[(f64, f64, f64)]) -> Answer {
        let mut tally = Tally::default();
        let says = points.iter().map(|(value, error, freedom)| judge.says(&found(*value, *error, *freedom)));
        says.for_each(|clarity| tally.count(clarity));
        tally.answer()
    }

    /// What is said where the first point is the base.
    fn answer_of_all(judge: Judge, points: &[(f64, f64, f64)]) -> Answer {
        let (value, error, freedom) = points[0];
        answer(&judge.against(&found(value, error, freedom), judge.smallest), points)
    }

    #[test]
    fn each_verdict_is_given_where_it_is_due() {
        let judge = judge(100);
        let clear = [(-3.0, 0.1, 20.0), (-0.8, 0.1, 20.0)];
        assert_eq!(answer(&judge, &clear), Answer::Holds);
        let with = |more| [&clear[..], &[more]].concat();
        // Clear, but small; small for certain, though its sign is not clear.
        assert_eq!(answer(&judge, &with((-0.3, 0.01, 20.0))), Answer::TooSmall);
        assert_eq!(answer(&judge, &with((0.01, 0.01, 20.0))), Answer::TooSmall);
        // At two standard errors a single point would be clear, one of a hundred is not.
        assert_eq!(answer(&judge, &with((-2.2, 1.0, 60.0))), Answer::CannotTell);
        assert_eq!(answer(&super::Judge { chance: 0.05, ..judge }, &with((-2.2, 1.0, 60.0))), Answer::Holds);
        assert_eq!(answer(&judge, &with((0.8, 0.01, 20.0))), Answer::Reverses);
        // Nothing that varied is nothing that was seen.
        assert_eq!(answer(&judge, &with((0.0, 0.0, 20.0))), Answer::CannotTell);
        assert_eq!(answer(&judge, &[]), Answer::CannotTell);
        let none = super::Judge { sign: Sign::Unclear, ..judge };
        assert_eq!(answer(&none, &clear), Answer::CannotTell);
        assert_eq!(judge.says(&Found::default()), Clarity::Unclear);
    }

    #[test]
    fn a_sign_that_chance_gave_the_base_reverses_nowhere() {
        let judge = super::Judge { sign: Sign::Own, ..judge(100) };
        let clear = [(3.0, 0.1, 20.0), (0.8, 0.1, 20.0)];
        let from = |base| answer_of_all(judge, &[&[base][..], &clear[..]].concat());
        assert_eq!(from((-0.6, 1.0, 20.0)), Answer::CannotTell);
        assert_eq!(from((0.6, 1.0, 20.0)), Answer::CannotTell);
        assert_eq!(from((-0.6, 0.01, 20.0)), Answer::Reverses);
        assert_eq!(from((0.6, 0.01, 20.0)), Answer::Holds);
        // Clear, and too small to matter: it has a sign.
        assert_eq!(from((0.3, 0.01, 20.0)), Answer::TooSmall);
        assert_eq!(from((-0.3, 0.01, 20.0)), Answer::Reverses);
    }

    proptest! {
        /// Wider intervals, fewer degrees of freedom, or more that has to hold at once never strengthen what is
        /// said: neither that it holds nor that it reverses is said of them and not of narrower ones.
        #[test]
        fn fewer_devices_never_strengthen_the_verdict(
            points in prop::collection::vec((-2.0..2.0_f64, 0.001..2.0_f64, 8.0..60.0_f64), 1..12),
            wider in 1.0..10.0_f64,
            fewer in 0.5..1.0_f64,
            more in 1..1000_u32,
        ) {
            let many = answer(&judge(1), &points);
            let few: Vec<_> = points.iter().map(|(value, error, freedom)| (*value, error * wider, freedom * fewer)).collect();
            let few = answer(&judge(more), &few);
            prop_assert!(few == many || !matches!(few, Answer::Holds | Answer::Reverses), "{few:?} after {many:?}");
        }

        /// Nor does a base that lies no further from zero than chance may take it, whatever the others say.
        #[test]
        fn a_base_that_is_not_clear_decides_nothing(
            points in prop::collection::vec((-2.0..2.0_f64, 0.001..2.0_f64, 8.0..60.0_f64), 1..12),
            chance in -1.0..1.0_f64,
        ) {
            let mut points = points;
            let (_, error, freedom) = points[0];
            points[0].0 = chance * error * judge(9).far(freedom);
            let answer = answer_of_all(judge(9), &points);
            prop_assert!(!matches!(answer, Answer::Holds | Answer::Reverses), "{answer:?}");
        }
    }
}
