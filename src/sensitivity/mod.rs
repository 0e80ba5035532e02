//! Which of the numbers that nobody published matter for an answer, and whether it holds over what is plausible of
//! them.
//!
//! Each is set to both ends of its range, and half way to them where both move the answer the same way, the others
//! staying as they are; then all of them are moved together by Morris' screening, which meets what they do in company.

mod analysis;
mod bench;
mod design;
mod judge;
mod morris;
mod point;
mod table;
mod unknowns;

pub use analysis::{Question, analyse, analyse_with, try_points};
pub use design::Design;
pub use judge::{Answer, Clarity, Judge, LEVEL, Sign, Tally};
pub use morris::{LEVELS, Screened, Step, Trajectory, chance, elementary, trajectories};
pub use point::{Found, FoundBits, Place, PointKind, Tried};
pub use table::{DUMMY, points_csv};
pub use unknowns::{Scale, Skipped, Unknown, sets, unknowns};

use crate::analysis::jackknife::Interval;
use crate::figure::Figure;
use crate::record::{Interrupted, Tool, rounded};
use crate::summary::{Estimate, ends};
use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

/// `sensitivity.json`.
#[derive(Clone, Debug, Serialize)]
pub struct Sensitivity {
    /// The version of this format.
    pub schema: u32,
    /// What made it.
    pub tool: Tool,
    /// What was simulated.
    pub scenario: About,
    /// How far it came, if it was interrupted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interrupted: Option<Interrupted>,
    /// The figure.
    pub figure: Figure,
    /// The arm whose difference from the scenario the figure is, where one was given.
    pub difference_to: Option<String>,
    /// The figure with every number as the scenario has it.
    #[serde(serialize_with = "in_files")]
    pub base: Estimate,
    /// The lowest and the highest value of the figure at any point.
    pub span: Option<[f64; 2]>,
    /// Points that were tried.
    pub points: usize,
    /// Points that were to be tried.
    pub planned: usize,
    /// Whether all of these could be.
    pub complete: bool,
    /// Trajectories of the screening.
    pub trajectories: usize,
    /// How many levels of each number they visit.
    pub levels: u32,
    /// Devices at each of their points, people of its own for each trajectory.
    pub devices_in_company: u32,
    /// μ* of a number that does nothing: what is no greater is noise.
    pub noise_floor: Option<f64>,
    /// What was found of that number.
    pub dummy: Option<Screened>,
    /// The unknowns, those that matter the most first.
    pub unknowns: Vec<Effect>,
    /// Numbers that could not be varied.
    pub skipped: Vec<Skipped>,
    /// Whether the difference holds, where there is one.
    pub verdict: Option<Verdict>,
    /// All this in a sentence.
    pub conclusion: String,
    /// Every point, in the order of `points.csv`.
    #[serde(skip)]
    pub tried: Vec<Tried>,
    /// The unknowns in the order of the points' values.
    #[serde(skip)]
    pub moved: Vec<Unknown>,
}

/// The scenario in brief.
#[derive(Clone, Debug, Serialize)]
pub struct About {
    /// Its name.
    pub name: String,
    /// Hash of its effective configuration.
    pub sha256: String,
    /// The seed.
    pub seed: u64,
    /// Devices at each point where one number is moved.
    pub devices: u32,
    /// The command that makes the same again.
    pub command: String,
}

/// What an unknown does to the figure.
#[derive(Clone, Debug, Serialize)]
pub struct Effect {
    /// The unknown.
    #[serde(flatten)]
    pub unknown: Unknown,
    /// The figure at the lower end of its range, the others as they are.
    #[serde(serialize_with = "in_files")]
    pub at_low: Estimate,
    /// The figure at the higher end.
    #[serde(serialize_with = "in_files")]
    pub at_high: Estimate,
    /// The figure half way to the ends, where both lie on one side of what it is.
    pub inside: Vec<Inside>,
    /// How far the figure swings between all these and its value as it is.
    pub swing: Option<f64>,
    /// What it does in company.
    #[serde(flatten)]
    pub screened: Screened,
    /// Whether it does no more there than a number that does nothing.
    pub is_below_floor: Option<bool>,
}

/// The figure where one number is between what it is and an end of its range.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Inside {
    /// The number there.
    pub at: f64,
    /// The figure.
    #[serde(flatten, serialize_with = "in_files")]
    pub found: Estimate,
}

/// Whether a difference holds at the points that were tried.
#[derive(Clone, Debug, Serialize)]
pub struct Verdict {
    /// What they say together.
    pub verdict: Answer,
    /// Which sign the difference has as the numbers stand, 1 or −1; none where that is not clear.
    pub sign: Option<f64>,
    /// How many say what.
    #[serde(flatten)]
    pub counts: Tally,
    /// The level at which all of them say it together.
    pub level: f64,
    /// How often an unclear point could be looked at.
    pub looks: usize,
    /// Looks at points that the level is shared out over.
    pub comparisons: usize,
    /// Differences below are too small to matter, in the unit of the figure.
    pub smallest: f64,
    /// Devices that an unclear point could get.
    pub most_devices: u32,
    /// The point that is least in favour of the sign.
    pub least: Option<Reversal>,
    /// The points where it reverses, the worst first.
    pub reversals: Vec<Reversal>,
}

/// A point where the difference is the least, or the contrary.
#[derive(Clone, Debug, Serialize)]
pub struct Reversal {
    /// Its row in `points.csv`.
    pub point: usize,
    /// Where it is.
    pub at: String,
    /// The difference there.
    #[serde(serialize_with = "in_files")]
    pub difference: Estimate,
    /// On so many devices.
    pub devices: u32,
    /// The numbers that are not as they are in the scenario, those that matter the most first.
    pub differs: Vec<String>,
}

/// An estimate as it stands in files: with words where too few devices carry it.
fn in_files<S: Serializer>(found: &Estimate, serializer: S) -> Result<S::Ok, S::Error> {
    let interval = found.ci95.map(|[low, high]| Interval { low, high });
    let mut fields = serializer.serialize_struct("Estimate", 2)?;
    fields.serialize_field("value", &found.value)?;
    fields.serialize_field("ci95", &ends(found.value, interval))?;
    fields.end()
}

impl Effect {
    /// The effect of an unknown from what was found with it alone, and with it in company.
    pub fn of(
        unknown: Unknown,
        base: Estimate,
        [at_low, at_high]: [Estimate; 2],
        inside: Vec<Inside>,
        screened: Screened,
    ) -> Effect {
        let alone = [base, at_low, at_high].into_iter().chain(inside.iter().map(|inside| inside.found));
        let all: Option<Vec<f64>> = alone.map(|found| found.value).collect();
        let swing = all.map(|all| {
            all.iter().copied().fold(f64::MIN, f64::max) - all.iter().copied().fold(f64::MAX, f64::min)
        });
        Effect { unknown, at_low, at_high, inside, swing: swing.map(rounded), screened, is_below_floor: None }
    }

    /// The same, held against a number that does nothing.
    fn against(self, dummy: Option<&Screened>) -> Effect {
        let floor = dummy.and_then(|dummy| dummy.mu_star);
        Effect { is_below_floor: self.screened.mu_star.zip(floor).map(|(mu, floor)| mu <= floor), ..self }
    }

    /// What unknowns are ranked by: the greater of what it does alone and in company.
    pub fn weight(&self) -> f64 {
        self.screened.mu_star.unwrap_or(0.0).max(self.swing.unwrap_or(0.0))
    }
}

/// The lowest and the highest value at any point.
fn span(tried: &[Tried]) -> Option<[f64; 2]> {
    let values = tried.iter().filter_map(|point| point.last.estimate.value);
    values.fold(None, |span, value| {
        let [low, high] = span.unwrap_or([value, value]);
        Some([value.min(low), value.max(high)])
    })
}
