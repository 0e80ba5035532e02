//! Observations held against runs of the situations they were made in.

use super::{Observation, Quantity};
use crate::analysis::jackknife::Interval;
use crate::experiment::{After, Plan, Watch, run_fleet};
use crate::figure::Sample;
use crate::measure::{Measure, Measured, measure};
use crate::scenario::Scenario;
use std::convert::Infallible;
use strum::{VariantArray, VariantNames};

crate::named!(Verdict);

/// What an observation says of the model.
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, VariantArray, VariantNames)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Verdict {
    /// The whole interval of the simulated value lies within the observed range.
    Agrees,
    /// The whole of it lies on one side of the range.
    Outside,
    /// Neither, or no interval is known: more devices may tell.
    Undecided,
}

/// What became of an observation.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Held {
    /// The simulated value.
    pub value: Option<f64>,
    /// The interval that holds it in 95 of 100 runs with other seeds.
    pub interval: Option<Interval>,
    /// How far it is from the observed one, as [`Observation::apart`] has it.
    pub apart: Option<f64>,
    /// What follows.
    pub verdict: Verdict,
}

impl Held {
    pub(super) fn of(observation: &Observation, value: Option<f64>, interval: Option<Interval>) -> Held {
        let [low, high] = observation.range;
        let verdict = match interval {
            Some(ends) if low <= ends.low && ends.high <= high => Verdict::Agrees,
            Some(ends) if ends.high < low || high < ends.low => Verdict::Outside,
            _ => Verdict::Undecided,
        };
        Held { value, interval, apart: value.map(|value| observation.apart(value)), verdict }
    }
}

/// A scenario that several observations share, and what they ask of its devices.
struct Situation<'a> {
    sha256: String,
    scenario: &'a Scenario,
    measures: Vec<Measure>,
    /// Whether a figure of the run is asked for.
    figures: bool,
}

/// What a situation was worth.
struct Lived {
    sha256: String,
    measured: Option<Measured>,
    sample: Option<Sample>,
}

/// Simulates every situation once and holds the observations against it. `None` where `watch` stopped it.
pub fn hold<O: Watch<Fault = Infallible>>(
    observations: &[Observation],
    plan: &Plan,
    watch: &mut O,
) -> Option<Vec<Held>> {
    let situations = situations(observations);
    let devices = |situation: &Situation<'_>| {
        let runs = u32::from(!situation.measures.is_empty()) + u32::from(situation.figures);
        situation.scenario.devices.saturating_mul(runs)
    };
    let (mut before, all) = (0, situations.iter().map(devices).fold(0, u32::saturating_add));
    watch.expect(all);
    let mut lived = Vec::with_capacity(situations.len());
    for Situation { sha256, scenario, measures, figures } in situations {
        let (mut measured, mut sample) = (None, None);
        if !measures.is_empty() {
            let Ok(found) = measure(scenario, &measures, plan, &mut After { before, watch });
            measured = Some(found?);
            before += scenario.devices;
        }
        if figures {
            let Ok(fleet) = run_fleet(scenario, plan, &mut After { before, watch });
            if fleet.finished < scenario.devices {
                return None;
            }
            sample = Some(Sample::of(&fleet.parts, scenario));
            before += scenario.devices;
        }
        lived.push(Lived { sha256, measured, sample });
    }
    Some(observations.iter().map(|observation| held(observation, &lived)).collect())
}

fn situations(observations: &[Observation]) -> Vec<Situation<'_>> {
    let mut situations: Vec<Situation<'_>> = Vec::new();
    // A figure of the run where no measure is named.
    let mut add = |scenario, asked: Option<Measure>| {
        let sha256 = Scenario::sha256(scenario);
        let place = situations.iter().position(|known| known.sha256 == sha256).unwrap_or_else(|| {
            situations.push(Situation { sha256, scenario, measures: Vec::new(), figures: false });
            situations.len() - 1
        });
        let Situation { measures, figures, .. } = &mut situations[place];
        *figures |= asked.is_none();
        measures.extend(asked.filter(|measure| !measures.contains(measure)));
    };
    for observation in observations {
        match &observation.quantity {
            Quantity::Figure(_) => add(&observation.scenario, None),
            Quantity::Statistic(measure, _) => add(&observation.scenario, Some(*measure)),
            Quantity::Ratio(measure, against) => {
                add(&observation.scenario, Some(*measure));
                add(against, Some(*measure));
            }
        }
    }
    situations
}

fn held(observation: &Observation, lived: &[Lived]) -> Held {
    let of = |scenario: &Scenario| {
        let sha256 = scenario.sha256();
        lived.iter().find(|known| known.sha256 == sha256)
    };
    let measured = |scenario| of(scenario).and_then(|lived| lived.measured.as_ref());
    let here = measured(&observation.scenario);
    let (value, interval) = match &observation.quantity {
        Quantity::Figure(figure) => {
            let sample = of(&observation.scenario).and_then(|lived| lived.sample.as_ref());
            sample.map_or((None, None), |sample| (sample.value(*figure), sample.interval(*figure)))
        }
        Quantity::Statistic(measure, statistic) => {
            here.map_or((None, None), |here| here.of(*measure).statistic(*statistic))
        }
        Quantity::Ratio(measure, against) => here
            .zip(measured(against))
            .map_or((None, None), |(here, there)| here.beside(there, *measure).ratio()),
    };
    Held::of(observation, value, interval)
}
