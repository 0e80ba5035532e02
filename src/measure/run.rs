//! Measures of the devices of a scenario.

use super::{Diary, Measure};
use crate::analysis::statistic::Devices;
use crate::engine::{Engine, run, run_on};
use crate::experiment::{Plan, Watch, Work, build, each_device};
use crate::record::{Rows, cut};
use crate::scenario::Scenario;

/// What each device is worth, by measure.
#[derive(Clone, Debug)]
pub struct Measured {
    measures: Vec<Measure>,
    /// Of each device its group and its values.
    devices: Vec<(usize, Vec<Option<f64>>)>,
}

/// Lives the lives of a scenario's devices and measures them. `None` where `watch` stopped it.
///
/// # Errors
/// If the watcher cannot keep rows, of which there are none.
pub fn measure<O: Watch>(
    scenario: &Scenario,
    measures: &[Measure],
    plan: &Plan,
    watch: &mut O,
) -> Result<Option<Measured>, O::Fault> {
    let hire = || Witness { scenario, measures, engine: plan.engine, seen: Vec::new() };
    let (books, finished) = each_device(0..scenario.devices, plan.jobs, watch, hire)?;
    let mut seen: Vec<_> = books.into_iter().flatten().collect();
    seen.sort_by_key(|(device, _)| *device);
    let group = |(device, values)| (scenario.member(device).group, values);
    let devices = seen.into_iter().map(group).collect();
    Ok((finished == scenario.devices).then(|| Measured { measures: measures.to_vec(), devices }))
}

impl Measured {
    /// A measure of every device, in order.
    fn column(&self, measure: Measure) -> impl Iterator<Item = (usize, Option<f64>)> {
        let place = self.measures.iter().position(|known| *known == measure);
        self.devices.iter().map(move |(group, values)| (*group, place.and_then(|place| values[place])))
    }

    /// A measure of the devices of which it is known.
    pub fn of(&self, measure: Measure) -> Devices<f64> {
        devices(self.column(measure))
    }

    /// A measure here and in another run over the same devices, where it is known in both.
    pub fn beside(&self, other: &Measured, measure: Measure) -> Devices<[f64; 2]> {
        let pairs = self.column(measure).zip(other.column(measure));
        devices(pairs.map(|((group, here), (_, there))| (group, here.zip(there).map(<[f64; 2]>::from))))
    }
}

fn devices<T>(known: impl Iterator<Item = (usize, Option<T>)>) -> Devices<T> {
    let mut groups: Vec<Vec<T>> = Vec::new();
    for (group, value) in known {
        groups.resize_with(groups.len().max(group + 1), Vec::new);
        groups[group].extend(value);
    }
    Devices(cut(groups))
}

/// Lives one device after the other, and keeps what they are worth.
struct Witness<'a> {
    scenario: &'a Scenario,
    measures: &'a [Measure],
    engine: Engine,
    seen: Vec<(u32, Vec<Option<f64>>)>,
}

impl Work for Witness<'_> {
    /// There are none, but watchers take those of a run.
    type Rows = Rows;
    type Books = Vec<(u32, Vec<Option<f64>>)>;

    fn simulate(&mut self, device: u32) -> u64 {
        let Scenario { clock, start, end, .. } = self.scenario;
        let (mut models, mut core) = build(self.scenario, device, self.engine);
        let mut diary = Diary::new(clock, *start..*end);
        run(&mut models, &mut core, *start, &mut diary);
        diary.begin(&core.facts);
        run_on(&mut models, &mut core, *end, &mut diary);
        diary.close(&core.facts);
        let own = self.scenario.own(self.scenario.member(device));
        let values = self.measures.iter().map(|measure| measure.of(&diary, own, clock)).collect();
        self.seen.push((device, values));
        core.events
    }

    fn take_rows(&mut self) -> Rows {
        Rows::default()
    }

    fn finish(self) -> Self::Books {
        self.seen
    }
}
