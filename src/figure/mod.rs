//! The figures of a run: what can be asked of one, declared once each.
//!
//! [`catalogue`] has a row for every figure, and [`Figures::value`] an arm that says how it follows from
//! what was counted. Whoever shows, compares or judges figures reads these two: a path, a unit or a
//! direction stands nowhere else.

mod argument;
pub mod catalogue;
mod figures;
mod row;
mod sample;
mod written;

pub use argument::{Moment, Percentile, Reach, Term};
pub use catalogue::Figure;
pub use figures::Figures;
use row::{Curve, Each, Made, Needs};
pub use row::{Direction, Row, Standing, Unit};
pub use sample::Sample;
pub(crate) use sample::{FEWEST_CARRIERS, is_enough};
pub use written::NoFigure;

use crate::record::{IN_TIME, rounded};
use crate::time::Span;
use serde_json::Value;

impl Figure {
    /// The figure that a comparison is judged by, unless another is asked for.
    pub const FIRST: Figure = Figure::ToldWithin(IN_TIME);

    /// Of how much mail users hear at once, where some is pushed.
    pub const HEARD: Figure = Figure::SignalledWithin(Span::MINUTE);

    /// The median of latency.
    pub const MEDIAN: Figure = Figure::Latency(Moment::Percentile(Percentile::MEDIAN));

    /// Every figure of `summary.json`, in the order of the file.
    pub fn listed() -> impl Iterator<Item = Figure> {
        Figure::families().into_iter().flatten()
    }

    /// Whether it tells of dated events alone, so that without them it stands nowhere.
    pub fn is_of_dates(self) -> bool {
        self.facts().needs == Some(Needs::Dates)
    }

    /// Whether it tells of push alone, so that without any it stands nowhere.
    pub fn is_of_push(self) -> bool {
        self.facts().needs == Some(Needs::Push)
    }

    /// Whether it is an estimate over time, and so no sum of what devices have each by itself.
    pub fn is_estimate(self) -> bool {
        matches!(self.facts().made, Made::Estimate(_))
    }

    /// The figures of its row that stand in `summary.json`.
    pub fn family(self) -> Vec<Figure> {
        let alike = |figure: &Figure| std::mem::discriminant(figure) == std::mem::discriminant(&self);
        Figure::listed().filter(alike).collect()
    }

    /// What it is measured in.
    pub fn unit(self) -> Unit {
        self.facts().unit
    }

    /// Whether it is over mail from inside working hours alone.
    pub fn is_of_waits(self) -> bool {
        match self.facts().made {
            Made::Estimate(Curve::Told | Curve::Signalled | Curve::Detailed) => true,
            Made::Mean(Each::ToldMail | Each::UntoldMail) => true,
            Made::Estimate(Curve::Adopted) | Made::Mean(Each::RetiredDevice) | Made::Sum => false,
        }
    }

    /// Whether it carries an interval wherever it stands: what people quote.
    pub fn is_headline(self) -> bool {
        self.facts().standing >= Standing::Headline
    }

    /// Whether every record, comparison, sweep and baseline keeps it with its interval.
    pub fn is_kept(self) -> bool {
        self.is_headline() && Figure::listed().any(|figure| figure == self)
    }

    /// The figures that are always kept, and this one after them where it is none of them; those of push where
    /// something is pushed.
    pub fn kept_with(chosen: Figure, pushes: bool) -> Vec<Figure> {
        let is_kept = |figure: &Figure| figure.is_headline() && (pushes || !figure.is_of_push());
        let mut kept: Vec<Figure> = Figure::listed().filter(is_kept).collect();
        if !kept.contains(&chosen) {
            kept.push(chosen);
        }
        kept
    }

    /// The figures by which people judge a policy, its price last.
    pub fn judged() -> impl Iterator<Item = Figure> {
        let is_judged = |figure: &Figure| figure.facts().standing == Standing::Judged;
        let gains = Figure::listed().filter(|figure| figure.facts().price.is_none());
        gains.chain(Figure::prices()).filter(is_judged)
    }

    /// What more mail sooner is paid with.
    pub fn prices() -> Vec<Figure> {
        let mut prices: Vec<Figure> =
            Figure::listed().filter(|figure| figure.facts().price.is_some()).collect();
        prices.sort_by_key(|figure| figure.facts().price);
        prices
    }

    /// Whether one value is no worse than another, by itself: where an interval of their difference holds zero, the one may
    /// well be the worse, as often as its value says. What is unknown, or has no better way, is no worse.
    pub fn is_no_worse(self, one: Option<f64>, other: Option<f64>) -> bool {
        match (self.facts().better, one, other) {
            (Some(Direction::More), Some(one), Some(other)) => one >= other,
            (Some(Direction::Less), Some(one), Some(other)) => one <= other,
            _ => true,
        }
    }

    /// The smallest difference that matters, in its unit: so much of the whole where it is a share, else of what it is.
    pub fn smallest(self, part: f64, base: Option<f64>) -> f64 {
        match self.unit() {
            Unit::Share => part,
            _ => part * base.unwrap_or(0.0).abs(),
        }
    }

    /// A value of it as it stands in files.
    pub fn json(self, value: Option<f64>) -> Value {
        match (self.unit(), value) {
            (_, None) => Value::Null,
            (Unit::Count, Some(count)) => Value::from(count as u64),
            (_, Some(value)) => Value::from(rounded(value)),
        }
    }
}
