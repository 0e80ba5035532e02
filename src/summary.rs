//! `summary.json`: the figures of a run with their intervals. Nothing in it depends on the machine,
//! the clock or the number of threads.

mod by;
mod design_effect;
mod drift;

pub use by::{Brief, by_json, in_hours, mails, small_curve};
pub use design_effect::{design_effect, design_effect_of_difference};
pub use drift::{DRIFTS, Drift, NotLooked};

use crate::analysis::jackknife::Interval;
use crate::analysis::survival::Waits;
use crate::event::Change;
use crate::figure::{Figure, Figures, Percentile, Sample};
use crate::lint::{Warning, warnings};
use crate::record::{Interrupted, Parts, Pieces, Prints, Tool, days, rounded};
use crate::scenario::Scenario;
use crate::slice::Breakdown;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// `summary.json`.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// The version of this format.
    pub schema: u32,
    /// What made it.
    pub tool: Tool,
    /// What was simulated.
    pub scenario: About,
    /// How far it came, if it was interrupted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interrupted: Option<Interrupted>,
    /// What was decided and what was booked, as hashes.
    #[serde(flatten)]
    pub prints: Prints,
    /// Every figure, by the path under which it stands in the file.
    #[serde(flatten)]
    pub figures: Map<String, Value>,
    /// How what was published has reached the devices, by the name of the event.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub adoption: Map<String, Value>,
    /// 95 % intervals of the headline figures, by path.
    pub ci95: Map<String, Value>,
    /// The headline figures of each group, and of the other slices that were asked for.
    pub by: Map<String, Value>,
    /// Whether the measured span is still moving.
    pub drift: Drift,
    /// The variance that the interval of told within 15 min stands for, over that of as many devices drawn one by one.
    pub design_effect: Option<f64>,
    /// What is questionable about the scenario, and about what was found.
    pub warnings: Vec<Warning>,
    /// The numbers without a source that this run used.
    pub assumed: Vec<String>,
    /// What the engine did.
    pub engine: EngineFigures,
}

/// The scenario in brief.
#[derive(Clone, Debug, Serialize)]
pub struct About {
    /// Its name.
    pub name: String,
    /// Hash of the effective configuration.
    pub sha256: String,
    /// The seed.
    pub seed: u64,
    /// Devices that were simulated to their end.
    pub devices: u64,
    /// Days before the measured span.
    pub warmup_days: f64,
    /// Days measured.
    pub measured_days: f64,
    /// The command that makes the record again.
    pub command: String,
}

/// Counts of the engine, warm-up included.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct EngineFigures {
    /// Alarms that went off.
    pub events: u64,
}

/// An estimate with its 95 % interval, where either is known.
#[derive(Clone, Copy, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Estimate {
    /// The value.
    pub value: Option<f64>,
    /// Both ends of the interval.
    pub ci95: Option<[f64; 2]>,
}

impl Estimate {
    /// That of a figure.
    pub fn of(sample: &Sample, figure: Figure) -> Estimate {
        let ends = sample.interval(figure);
        Estimate { value: sample.value(figure), ci95: ends.map(|ends| [ends.low, ends.high]) }
    }
}

/// Works the summary out from the sums by group and part, their figures, and what these are in each slice.
pub fn summarise(
    scenario: &Scenario,
    parts: &Parts,
    sample: &Sample,
    by: &[Breakdown<Brief>],
    command: String,
) -> Summary {
    let total = parts.total();
    let mut figures = Map::new();
    let mut ci95 = Map::new();
    let has_dates = !scenario.dates.events.is_empty();
    let pushes = scenario.pushes();
    let stands = |figure: &Figure| (has_dates || !figure.is_of_dates()) && (pushes || !figure.is_of_push());
    for figure in Figure::listed().filter(stands) {
        insert(&mut figures, &figure.to_string(), figure.json(sample.value(figure)));
        if figure.is_headline() {
            ci95.insert(figure.to_string(), ends(sample.value(figure), sample.interval(figure)));
        }
    }
    let drift = Drift::of(scenario, sample);
    let questionable = warnings(scenario).into_iter().chain(drift.warning(scenario)).collect();
    Summary {
        schema: 2,
        tool: Tool::THIS,
        scenario: About {
            name: scenario.name.clone(),
            sha256: scenario.sha256(),
            seed: scenario.seed,
            devices: total.counts.devices,
            warmup_days: days(scenario.start.since(crate::time::Time::ORIGIN)),
            measured_days: days(scenario.measured()),
            command,
        },
        interrupted: (total.counts.devices < u64::from(scenario.devices)).then(|| Interrupted {
            finished: total.counts.devices,
            asked: scenario.devices.into(),
            of: Pieces::Devices,
        }),
        prints: Prints::of(&total),
        figures,
        adoption: adoption(scenario, &sample.replicates.all),
        ci95,
        by: by::brief_json(by),
        drift,
        design_effect: design_effect(scenario, &total, sample),
        warnings: questionable,
        assumed: scenario.assumed(),
        engine: EngineFigures { events: total.counts.events },
    }
}

/// How each change has reached its devices, in hours from when it was published.
fn adoption(scenario: &Scenario, figures: &Figures) -> Map<String, Value> {
    let hours = |waits: &Waits| {
        let estimate = waits.estimate();
        let hours = |part: Percentile| {
            let value = estimate.percentile(part.share()).map(|span| rounded(span.secs_f64() / 3600.0));
            (format!("p{}", part.percent()), value.into())
        };
        Value::Object(Percentile::LISTED.into_iter().map(hours).collect())
    };
    let one = |(number, change): (usize, &Change)| {
        let adoption = figures.adoption.of(number).cloned().unwrap_or_default();
        let mut told = Map::new();
        told.insert("published".into(), adoption.published.into());
        told.insert("reached_h".into(), hours(&adoption.reached));
        if change.stores_key {
            told.insert("stored_h".into(), hours(&adoption.stored));
        }
        told.insert("effective_h".into(), hours(&adoption.effective));
        told.insert("never".into(), adoption.effective.censored.total().into());
        (change.name.clone(), Value::Object(told))
    };
    scenario.dates.changes.iter().enumerate().map(one).collect()
}

/// Both ends of the interval of a value as they stand in files: words where too few devices carry it, nothing
/// where it is unknown or does not vary.
pub fn ends(value: Option<f64>, interval: Option<Interval>) -> Value {
    match interval {
        _ if value.is_none() => Value::Null,
        None => "few devices".into(),
        Some(ends) if ends.is_point() => Value::Null,
        Some(ends) => Value::from(vec![rounded(ends.low), rounded(ends.high)]),
    }
}

/// Puts a value at a dotted path.
fn insert(map: &mut Map<String, Value>, path: &str, value: Value) {
    let Some((head, rest)) = path.split_once('.') else {
        map.insert(path.into(), value);
        return;
    };
    if let Value::Object(inner) = map.entry(head).or_insert_with(|| Map::new().into()) {
        insert(inner, rest, value);
    }
}
