//! Where the waves look: the first evenly over everything, each further one near what the last one left.

use super::search::{Question, Tried};
use super::sobol::{EVEN_AXES, Sobol};
use crate::random::{Keyed, RngExt, Streams};

/// So many axes a move goes along, beside those that nothing depends on.
const MOVED: f64 = 5.0;

/// Evenly along the axes that matter most, taken together; along each of the others by itself, one place in each slice.
pub(super) fn first_wave(question: &Question, active: &[usize]) -> Vec<Vec<f64>> {
    let even = &active[..active.len().min(EVEN_AXES)];
    let (points, sobol) = (question.points, Sobol::new(even.len(), question.seed));
    let mut places: Vec<Vec<f64>> =
        (0..points).map(|number| by_chance(free(question.seed), number, question.axes)).collect();
    let dealt = Streams::new(question.seed, "", 0).keyed("deal");
    for axis in (0..question.axes).filter(|axis| !even.contains(axis)) {
        let key = |place: &usize| dealt.uniform((axis as u64) << 32 | *place as u64);
        let mut order: Vec<usize> = (0..points).collect();
        order.sort_by(|a, b| key(a).total_cmp(&key(b)));
        for (slice, place) in order.into_iter().enumerate() {
            places[place][axis] = (slice as f64 + places[place][axis]) / points as f64;
        }
    }
    for (number, place) in places.iter_mut().enumerate() {
        even.iter().zip(sobol.point(number as u32)).for_each(|(axis, part)| place[*axis] = part);
    }
    places
}

fn free(seed: u64) -> Keyed {
    Streams::new(seed, "", 0).keyed("free")
}

fn by_chance(free: Keyed, number: usize, axes: usize) -> Vec<f64> {
    let mut stream = free.at(number as u64);
    (0..axes).map(|_| stream.random::<f64>()).collect()
}

/// How places are moved.
pub(super) struct Moves<'a> {
    active: &'a [usize],
    /// How far along each of these.
    reach: Vec<f64>,
}

impl<'a> Moves<'a> {
    /// As far as those that were kept are spread, or a part of it.
    pub(super) fn of(tried: &[Tried], kept: &[usize], active: &'a [usize], length: f64) -> Moves<'a> {
        let reach = |axis: &usize| {
            let parts = || kept.iter().map(|place| tried[*place].place[*axis]);
            let mean = parts().sum::<f64>() / kept.len() as f64;
            let variance = parts().map(|part| (part - mean) * (part - mean)).sum::<f64>() / kept.len() as f64;
            length * libm::sqrt(variance.max(1e-4))
        };
        Moves { active, reach: active.iter().map(reach).collect() }
    }

    /// A place near this one: as near from there as this from it, so that moving keeps what is even.
    pub(super) fn from(&self, place: &[f64], seed: u64, number: usize) -> Vec<f64> {
        let mut moved = by_chance(free(seed), number, place.len());
        let mut stream = Streams::new(seed, "", 0).keyed("move").at(number as u64);
        let normal = Streams::new(seed, "", 0).keyed("step");
        let chance = MOVED / self.active.len().max(1) as f64;
        let sure = if self.active.is_empty() { 0 } else { stream.random_range(0..self.active.len()) };
        for (rank, (axis, reach)) in self.active.iter().zip(&self.reach).enumerate() {
            let goes = stream.random::<f64>() < chance || rank == sure;
            let step = if goes { reach * normal.normal((number as u64) << 16 ^ rank as u64) } else { 0.0 };
            moved[*axis] = reflected(place[*axis] + step);
        }
        moved
    }
}

/// Back into the range, as from a mirror at each end.
fn reflected(part: f64) -> f64 {
    let turn = (part.abs()) % 2.0;
    if turn > 1.0 { 2.0 - turn } else { turn }
}
