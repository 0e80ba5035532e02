//! What the search says: there are iPhones that the observations allow, or the model contradicts them, and which.

use super::search::Outcome;
use super::target::{CUT, Look, Target};
use serde::Serialize;

/// What the observations say of the model.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "snake_case", tag = "verdict")]
pub enum Verdict {
    /// Some iPhones are not ruled out.
    Allowed,
    /// None can be.
    Contradiction {
        /// The observation that no iPhone meets, or the two that none meets together, by their place.
        clash: Vec<usize>,
        /// How many places of the first wave met the first, and the second.
        met: Vec<usize>,
        /// How many would meet both if neither had to do with the other.
        expected: Option<f64>,
        /// How near the search came to it.
        nearest: f64,
    },
    /// None was found, though nothing shows that there is none.
    NotFound {
        /// How implausible the least implausible place is.
        nearest: f64,
    },
}

/// Places that were looked at before one says that none meets an observation.
const ENOUGH_LOOKS: usize = 30;
/// By chance alone so many would have met both of two that none meets together.
const SURELY: f64 = 5.0;

impl Verdict {
    /// What an outcome says.
    pub fn of(targets: &[Target], outcome: &Outcome) -> Verdict {
        if !outcome.left.is_empty() {
            return Verdict::Allowed;
        }
        let nearest = outcome.tried.iter().map(|tried| tried.worst).fold(f64::INFINITY, f64::min);
        let looks = Looks::of(targets, outcome);
        looks.alone().or_else(|| looks.pair()).unwrap_or(Verdict::NotFound { nearest })
    }

    /// Whether the observations allow anything.
    pub fn allows(&self) -> bool {
        *self == Verdict::Allowed
    }
}

/// Of each observation how implausible it makes each place; nothing where the place was not looked at.
struct Looks {
    far: Vec<(usize, Vec<Option<f64>>)>,
    /// Places that were looked at in full, which alone are spread over everything.
    first: usize,
}

impl Looks {
    fn of(targets: &[Target], outcome: &Outcome) -> Looks {
        let of = |target: usize| {
            let far = |look: Look| {
                (look != Look::Skipped).then(|| targets[target].implausibility(look, outcome.least[target]))
            };
            let all = outcome.tried.iter().map(|tried| far(tried.found.as_ref()?.looks[target]));
            (target, all.collect())
        };
        let far = (0..targets.len()).filter(|target| !targets[*target].is_exam).map(of).collect();
        Looks { far, first: outcome.whole }
    }

    /// The observation that none meets, the one that is farthest from being met.
    fn alone(&self) -> Option<Verdict> {
        let nearest = |all: &[Option<f64>]| all.iter().flatten().copied().fold(f64::INFINITY, f64::min);
        let unmet = self
            .far
            .iter()
            .filter(|(_, all)| nearest(all) > CUT && all.iter().flatten().count() >= ENOUGH_LOOKS);
        let (target, all) = unmet.max_by(|a, b| nearest(&a.1).total_cmp(&nearest(&b.1)))?;
        Some(Verdict::Contradiction {
            clash: vec![*target],
            met: vec![0],
            expected: None,
            nearest: nearest(all),
        })
    }

    /// The two that none meets together, those that most would if neither had to do with the other.
    fn pair(&self) -> Option<Verdict> {
        let pairs = self.far.iter().enumerate().flat_map(|(place, one)| {
            self.far[place + 1..].iter().filter_map(move |other| {
                let both: Vec<[f64; 2]> = one
                    .1
                    .iter()
                    .zip(&other.1)
                    .filter_map(|(one, other)| Some([(*one)?, (*other)?]))
                    .collect();
                let first = one.1.iter().zip(&other.1).take(self.first);
                let first: Vec<[f64; 2]> =
                    first.filter_map(|(one, other)| Some([(*one)?, (*other)?])).collect();
                let met = |of: usize| first.iter().filter(|far| far[of] <= CUT).count();
                let nearest = both.iter().map(|far| far[0].max(far[1])).fold(f64::INFINITY, f64::min);
                let expected = met(0) as f64 * met(1) as f64 / first.len().max(1) as f64;
                (nearest > CUT && expected >= SURELY)
                    .then(|| (vec![one.0, other.0], vec![met(0), met(1)], expected, nearest))
            })
        });
        let (clash, met, expected, nearest) = pairs.max_by(|a, b| a.2.total_cmp(&b.2))?;
        Some(Verdict::Contradiction { clash, met, expected: Some(expected), nearest })
    }
}
