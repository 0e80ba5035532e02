//! What was observed of real phones and people, and how far the model is from it.
//!
//! An observation is a fact from outside: a value with the range in which it may lie, the situation in which it was
//! seen, and who saw it. It says which measure or figure of a run it is to be held against, and in which scenario.

mod hold;
mod read;

pub use hold::{Held, Verdict, hold};
pub use read::{Which, read, read_again};

use crate::analysis::statistic::Statistic;
use crate::figure::Figure;
use crate::measure::Measure;
use crate::scenario::{Diagnostics, Scenario, SourceText, fetch_bundled};

crate::choice! {
    /// How well something is known.
    pub enum Confidence {
        /// Measured on many people, or worked out from such data.
        Measured,
        /// A developer's figure of many phones, of which part of the definition is unknown.
        Fleet,
        /// A survey, a test of a magazine, or a vendor's word.
        Survey,
        /// One phone.
        OneDevice,
        /// Inferred from other observations.
        Inferred,
    }
}

/// What is held against an observation.
#[derive(Clone, Debug)]
pub enum Quantity {
    /// A figure of the run.
    Figure(Figure),
    /// A statistic of what each device is worth.
    Statistic(Measure, Statistic),
    /// The mean of a measure over its mean in another scenario, with the same devices.
    Ratio(Measure, Box<Scenario>),
}

impl Quantity {
    /// What it is measured in.
    pub fn unit(&self) -> &'static str {
        match self {
            Quantity::Figure(figure) => figure.unit().name(),
            Quantity::Statistic(measure, statistic) => measure.unit_of(*statistic),
            Quantity::Ratio(..) => "ratio",
        }
    }

    /// What it is called: the measure or the figure.
    pub fn name(&self) -> String {
        match self {
            Quantity::Figure(figure) => figure.to_string(),
            Quantity::Statistic(measure, _) | Quantity::Ratio(measure, _) => measure.name().into(),
        }
    }

    /// What is said of the devices.
    pub const fn statistic(&self) -> &'static str {
        match self {
            Quantity::Figure(_) => "figure",
            Quantity::Statistic(_, statistic) => statistic.name(),
            Quantity::Ratio(..) => "ratio",
        }
    }
}

/// Something that was observed.
#[derive(Clone, Debug)]
pub struct Observation {
    /// What it is called.
    pub name: String,
    /// What is held against it.
    pub quantity: Quantity,
    /// What was observed, in the unit of the quantity.
    pub value: f64,
    /// Where it may lie all the same: 90 of 100 such ranges hold the truth.
    pub range: [f64; 2],
    /// Of whom, and when.
    pub situation: String,
    /// Who observed it.
    pub source: String,
    /// How well it is known.
    pub confidence: Confidence,
    /// When it was observed.
    pub year: u16,
    /// The same situation, to be simulated.
    pub scenario: Scenario,
    /// Whether it is kept out of every calibration, which is then examined by it.
    pub is_exam: bool,
    /// How far the model itself may be off, as a part of the value: never nothing.
    pub discrepancy: f64,
    /// Which entry of its file it is, from 0 on.
    pub entry: usize,
}

impl Observation {
    /// How far a value is from the observed one, in parts of the way to the end of the range: 0 at the value, 1 and
    /// -1 at the ends.
    pub fn apart(&self, value: f64) -> f64 {
        let [low, high] = self.range;
        let off = value - self.value;
        off / if off < 0.0 { self.value - low } else { high - self.value }
    }
}

/// What the observations that come with the program are called.
pub const BUNDLED: &str = "observations.toml";

/// Whether a text is one of observations, as they may lie beside scenarios.
pub fn holds_observations(text: &str) -> bool {
    text.lines().any(|line| line.trim_end() == "[[observe]]")
}

/// The observations that come with the program, in whose scenarios `sets` are different this time.
///
/// # Errors
/// If that makes no scenario.
pub fn bundled(sets: &[String]) -> Result<Vec<Observation>, Diagnostics> {
    read(&bundled_text(), sets, &mut fetch_bundled)
}

/// Their text.
pub fn bundled_text() -> SourceText {
    SourceText { label: BUNDLED.into(), text: include_str!("../../scenarios/observations.toml").into() }
}
