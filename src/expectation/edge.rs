//! Bounds at which a promise is no longer one of how much, but of whether at all: nothing is less than none, and no
//! share is larger than all. One device that does otherwise then decides, and no chance.

use super::parse::Comparison;
use super::quantity::Quantity;
use crate::figure::{Figure, Moment, Unit};

/// What a bound asks.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Edge {
    /// That nothing is seen that would move the quantity from here.
    Absent(f64),
    /// That something is.
    Present(f64),
    /// What is always so.
    Always,
    /// What never is.
    Never,
    /// How much it is.
    Estimate,
}

impl Edge {
    pub(super) fn of(quantity: Quantity, comparison: Comparison, bound: f64) -> Edge {
        if let Quantity::Figure(Figure::Latency(Moment::Percentile(_))) = quantity {
            // One mail does not move it.
            return Edge::Estimate;
        }
        let most = (quantity.unit() == Unit::Share).then_some(1.0);
        match comparison {
            Comparison::AtMost | Comparison::Equal if bound == 0.0 => Edge::Absent(0.0),
            Comparison::More | Comparison::Unequal if bound == 0.0 => Edge::Present(0.0),
            Comparison::AtLeast if bound == 0.0 => Edge::Always,
            Comparison::Less if bound == 0.0 => Edge::Never,
            Comparison::AtLeast if most == Some(bound) => Edge::Absent(bound),
            Comparison::Less if most == Some(bound) => Edge::Present(bound),
            Comparison::AtMost if most == Some(bound) => Edge::Always,
            Comparison::More if most == Some(bound) => Edge::Never,
            _ => Edge::Estimate,
        }
    }

    /// Whether chance could fail one that is kept.
    pub(super) fn is_estimate(self) -> bool {
        self == Edge::Estimate
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Comparison::*;

    #[test]
    fn only_a_bound_at_the_end_of_what_can_be_asks_whether_at_all() {
        let edge = |figure: &str, comparison, bound| {
            Edge::of(Quantity::Figure(figure.parse().unwrap()), comparison, bound)
        };
        for (figure, comparison, bound, expected) in [
            ("key_failures(low_power)", Equal, 0.0, Edge::Absent(0.0)),
            ("key_failures(low_power)", AtMost, 0.0, Edge::Absent(0.0)),
            ("key_failures(low_power)", More, 0.0, Edge::Present(0.0)),
            ("key_failures(low_power)", Unequal, 0.0, Edge::Present(0.0)),
            ("key_failures(low_power)", AtLeast, 0.0, Edge::Always),
            ("key_failures(low_power)", Less, 0.0, Edge::Never),
            ("key_failures(low_power)", AtMost, 1.0, Edge::Estimate),
            ("delay(low_power)", More, 0.0, Edge::Present(0.0)),
            ("told_within(15m)", AtLeast, 1.0, Edge::Absent(1.0)),
            ("told_within(15m)", Less, 1.0, Edge::Present(1.0)),
            ("told_within(15m)", AtMost, 1.0, Edge::Always),
            ("told_within(15m)", More, 1.0, Edge::Never),
            ("told_within(15m)", AtLeast, 0.999, Edge::Estimate),
            ("latency(p50)", AtMost, 0.0, Edge::Estimate),
            ("exposure(key_readable_while_locked)", AtMost, 0.0, Edge::Absent(0.0)),
        ] {
            assert_eq!(edge(figure, comparison, bound), expected, "{figure} {comparison:?} {bound}");
        }
    }
}
