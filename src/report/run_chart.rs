//! The curve of one arm.

use super::charts::latency::Curve;
use crate::analysis::jackknife::Replicates;
use crate::analysis::survival::KaplanMeier;
use crate::record::Figures;
use crate::time::Span;

/// Points of a curve: more cannot be told apart on a screen.
const POINTS: usize = 250;

/// The curve of one run, with its band.
pub fn curve(label: &str, figures: &Replicates<Figures>) -> Curve {
    let curves: Replicates<KaplanMeier> = Replicates {
        all: figures.all.curve.clone(),
        without: figures.without.iter().map(|figures| figures.curve.clone()).collect(),
    };
    Curve {
        label: label.into(),
        points: curves.curve(POINTS),
        median: curves.all.percentile(0.5).map(Span::ms),
        told_by_end: curves.all.told_by_end(),
    }
}
