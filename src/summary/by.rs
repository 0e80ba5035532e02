//! The breakdown of a summary: what is told of each slice of the devices or of the time.

use super::{Estimate, ends, insert};
use crate::analysis::survival::Point;
use crate::client::DelayCause;
use crate::figure::{Figure, Sample};
use crate::slice::Breakdown;
use crate::time::Span;
use serde_json::{Map, Value};

/// What is told of a slice.
#[derive(Clone, Debug)]
pub struct Brief {
    /// Its devices.
    pub devices: u64,
    /// Its mail.
    pub mails: u64,
    /// Which part of it arrives inside working hours.
    pub in_hours: Option<f64>,
    /// The share of its mail that is told soon.
    pub told: Estimate,
    /// The time within which half of it is.
    pub median: Estimate,
    /// What its mail waits for the longest: told mail, or where none is told the other.
    pub cause: Option<DelayCause>,
    /// How soon its mail is told, with its band.
    pub curve: Vec<Point>,
    /// Its headline figures and all that arrived, with their values and intervals as files have them.
    figures: Vec<(Figure, Value, Value)>,
}

/// Points of a curve in a small picture.
const POINTS: usize = 120;

/// How soon the mail of a slice is told, in a small picture; without a band where its devices are too few for one.
pub fn small_curve(sample: &Sample) -> Vec<Point> {
    let curves = sample.replicates.each(|figures| &figures.curve);
    let mut points = curves.curve(POINTS);
    if sample.interval(Figure::FIRST).is_none() {
        points.iter_mut().for_each(|point| (point.low, point.high) = (point.told, point.told));
    }
    points
}

/// All of its mail that arrived.
pub fn mails(sample: &Sample) -> u64 {
    sample.value(Figure::Arrived).unwrap_or(0.0) as u64
}

/// Which part of it arrived inside working hours.
pub fn in_hours(sample: &Sample) -> Option<f64> {
    let outside = sample.value(Figure::ArrivedOutside)?;
    sample.value(Figure::Arrived).filter(|all| *all > 0.0).map(|all| 1.0 - outside / all)
}

impl Brief {
    /// That of a sample.
    pub fn of(sample: &Sample) -> Brief {
        let waited = |cause: &dyn Fn(DelayCause) -> Figure| {
            let causes = DelayCause::ALL.into_iter();
            let long = causes.filter_map(|of| Some((sample.value(cause(of)).filter(|s| *s > 0.0)?, of)));
            long.max_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, of)| of)
        };
        let pushes = sample.replicates.all.signals.is_some();
        let is_told = |figure: &Figure| {
            (figure.is_headline() || *figure == Figure::Arrived) && (pushes || !figure.is_of_push())
        };
        let told = |figure: Figure| {
            let value = sample.value(figure);
            (figure, figure.json(value), ends(value, sample.interval(figure)))
        };
        Brief {
            devices: sample.all_devices(),
            mails: mails(sample),
            in_hours: in_hours(sample),
            told: Estimate::of(sample, Figure::FIRST),
            median: Estimate::of(sample, Figure::MEDIAN),
            cause: waited(&Figure::DelayCause).or_else(|| waited(&Figure::UndeliveredCause)),
            curve: small_curve(sample),
            figures: Figure::listed().filter(is_told).map(told).collect(),
        }
    }

    /// As it stands in `summary.json`: its devices, its figures nested as those of the whole, and their intervals.
    fn json(&self) -> Value {
        let (mut figures, mut ci95) = (Map::new(), Map::new());
        figures.insert("devices".into(), self.devices.into());
        for (figure, value, ends) in &self.figures {
            insert(&mut figures, &figure.to_string(), value.clone());
            if figure.is_headline() {
                ci95.insert(figure.to_string(), ends.clone());
            }
        }
        figures.insert("ci95".into(), ci95.into());
        figures.into()
    }

    /// When half of the mail is told.
    pub fn half_told(&self) -> Option<Span> {
        self.median.value.map(Span::from_secs_f64)
    }
}

/// A breakdown as files have it: a value of each dimension leads to what is told of it.
pub fn by_json<T>(by: &[Breakdown<T>], json: impl Fn(&T) -> Value) -> Map<String, Value> {
    let slices = |broken: &Breakdown<T>| -> Map<String, Value> {
        broken.slices.iter().map(|(name, of)| (name.clone(), json(of))).collect()
    };
    by.iter().map(|broken| (broken.dimension.name().to_string(), slices(broken).into())).collect()
}

/// That of a summary.
pub(super) fn brief_json(by: &[Breakdown<Brief>]) -> Map<String, Value> {
    by_json(by, Brief::json)
}
