//! Work that is divided between machines: what a part is made from, how it is computed, and whether parts are of it.

use super::interrupt::Stop;
use super::part_file::PartFile;
use super::parts::Parts;
use super::rows_form::Form;
use super::{End, Fault, inputs, note, print};
use crate::scenario::Scenario;
use crate::shard::{Maker, Part, Shard, Work};
use std::ops::Range;
use std::path::Path;

/// What is computed here.
pub(crate) struct Share {
    shard: Shard,
    /// Of what it has some.
    unit: &'static str,
    part: Part,
    pieces: Vec<(usize, Range<u32>)>,
}

/// What work is divided into.
#[derive(Clone, Copy)]
pub(crate) enum Points<'a> {
    /// The devices of each of these.
    Of(&'a [&'a Scenario]),
    /// So many points of one scenario, none of which is divided.
    Alike(&'a Scenario, usize),
}

fn work<'a>(words: Vec<String>, points: Points<'_>, all: impl IntoIterator<Item = &'a Scenario>) -> Work {
    let (seed, devices) = match points {
        Points::Of(scenarios) => (
            scenarios.first().map_or(0, |scenario| scenario.seed),
            scenarios.iter().map(|scenario| scenario.devices).collect(),
        ),
        Points::Alike(scenario, points) => (scenario.seed, vec![1; points]),
    };
    Work {
        tool: Maker::this(),
        words,
        seed,
        devices,
        configuration: Work::configuration(all),
        inputs: inputs::read(),
    }
}

impl Share {
    /// The part of a command; `all` are the scenarios that are run.
    pub(crate) fn of<'a>(
        shard: Shard,
        words: Vec<String>,
        points: Points<'_>,
        all: impl IntoIterator<Item = &'a Scenario>,
    ) -> Share {
        let unit = if let Points::Of(_) = points { "devices" } else { "points" };
        let work = work(words, points, all);
        Share { shard, unit, pieces: shard.pieces(&work.devices), part: Part::new(shard, work) }
    }

    /// Which part it is.
    pub(crate) fn shard(&self) -> Shard {
        self.shard
    }

    /// Its devices, of all points together.
    pub(crate) fn devices(&self) -> u32 {
        self.pieces.iter().fold(0, |sum, (_, devices)| sum.saturating_add(devices.len() as u32))
    }

    /// Its devices of each point of which it has any.
    pub(crate) fn pieces(&self) -> &[(usize, Range<u32>)] {
        &self.pieces
    }

    /// Computes it into a folder, unless it is there: `all` adds the sums of all its pieces, and says whether it was
    /// not stopped.
    pub(crate) fn compute(
        &self,
        out: &Path,
        rows: &[Form],
        all: impl FnOnce(&mut PartFile, &Stop) -> Result<bool, Fault>,
    ) -> Result<End, Fault> {
        let name = format!("{}", self.shard);
        let Some(mut file) = PartFile::begin(out, self.shard, &self.part, rows)? else {
            note(&format!("part {name} is in {} already", out.display()));
            return Ok(End::Done);
        };
        let stop = Stop::on_interrupt()?;
        if !all(&mut file, &stop)? {
            note(&format!("part {name} was interrupted; nothing of it was written"));
            return Ok(End::of(&stop));
        }
        let place = file.finish()?;
        print(format!("part {name}: {} {}, in {}\n", self.devices(), self.unit, place.display()))
    }
}

/// Makes sure that these parts are of this command. A part changed by hand is found here, and another program that
/// calls itself by the same version only where it understands the words, the configuration or the inputs otherwise:
/// what it simulates otherwise from the same is not told from a part.
pub(crate) fn check<'a>(
    parts: &Parts,
    words: &[String],
    points: Points<'_>,
    all: impl IntoIterator<Item = &'a Scenario>,
) -> Result<(), Fault> {
    match parts.work.differs(&work(words.to_vec(), points, all)) {
        Some(apart) => Err(format!("these parts are not of what they say: {apart}").into()),
        None => Ok(()),
    }
}
