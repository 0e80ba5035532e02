//! What an assertion speaks of: a figure, or the share that a count is of its whole.

use crate::analysis::jackknife::{Interval, Spread};
use crate::figure::{Figure, Sample, Unit};

/// What an assertion speaks of.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Quantity {
    /// A figure.
    Figure(Figure),
    /// One count as a part of another.
    Share {
        /// The part.
        part: Figure,
        /// The whole.
        whole: Figure,
    },
}

impl Quantity {
    /// The figure that it is, or is a share of.
    pub fn figure(self) -> Figure {
        match self {
            Quantity::Figure(figure) | Quantity::Share { part: figure, .. } => figure,
        }
    }

    /// What it is measured in.
    pub fn unit(self) -> Unit {
        match self {
            Quantity::Figure(figure) => figure.unit(),
            Quantity::Share { .. } => Unit::Share,
        }
    }

    /// Its value.
    pub fn value(self, sample: &Sample) -> Option<f64> {
        match self {
            Quantity::Figure(figure) => sample.value(figure),
            Quantity::Share { part, whole } => sample.replicates.all.share(part, whole),
        }
    }

    /// Its interval.
    pub fn interval(self, sample: &Sample) -> Option<Interval> {
        match self {
            Quantity::Figure(figure) => sample.interval(figure),
            Quantity::Share { part, whole } => sample.share_interval(part, whole),
        }
    }

    /// How it varies; `None` where it is unknown even once.
    pub fn spread(self, sample: &Sample) -> Option<Spread> {
        match self {
            Quantity::Figure(figure) => sample.spread(|figures| figures.value(figure)),
            Quantity::Share { part, whole } => sample.spread(|figures| figures.share(part, whole)),
        }
    }
}
