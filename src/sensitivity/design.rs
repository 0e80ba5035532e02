//! Where a question is asked: every point that may be tried, known before the first is.

use super::analysis::Question;
use super::morris::{Step, Trajectory, chance, trajectories};
use super::point::{Arms, Found, Place, PointKind};
use super::unknowns::{Skipped, Unknown, sets, unknowns};
use std::fmt::Display;

/// All points of a question, in the order in which they are tried.
#[derive(Clone, Debug)]
pub struct Design {
    /// The numbers that are moved.
    pub(super) unknowns: Vec<Unknown>,
    /// Those that could not be.
    pub(super) skipped: Vec<Skipped>,
    /// The trajectories.
    pub(super) ways: Vec<Trajectory>,
    /// Each point with its devices; those inside a range are tried where both its ends lie on one side.
    pub(super) places: Vec<(Place, u32)>,
}

/// Points that were tried already; nothing of those that the scenario refuses.
pub(super) type Given = Vec<(Place, Option<Found>)>;

impl Design {
    /// The design of a question about these arms, which `load` reads anew with some numbers set.
    pub fn of<E: Display>(
        question: &Question<'_>,
        base: &Arms,
        load: &mut impl FnMut(&[String]) -> Result<Arms, E>,
    ) -> Design {
        let (unknowns, skipped) = movable(base, load);
        // The dummy comes after the others.
        let ways = trajectories(unknowns.len() + 1, question.trajectories, base[0].1.seed);
        let as_it_is = Place::as_it_is(&unknowns);
        let numbers = 0..unknowns.len();
        let ends = numbers.clone().flat_map(|number| as_it_is.at_ends(number, &unknowns));
        let inside = numbers.flat_map(|number| as_it_is.inside(number, &unknowns));
        let alone = std::iter::once(as_it_is.clone()).chain(ends).chain(inside);
        let company = (1..).zip(&ways).flat_map(|(number, way)| in_company(&unknowns, way, number));
        let with = |devices: u32| move |place| (place, devices);
        let company = company.map(with(question.in_company()));
        let places = alone.map(with(question.devices)).chain(company).collect();
        Design { unknowns, skipped, ways, places }
    }

    /// How many points there are.
    pub fn points(&self) -> usize {
        self.places.len()
    }

    pub(super) fn given(&self, found: Vec<Option<Found>>) -> Given {
        self.places.iter().map(|(place, _)| place.clone()).zip(found).collect()
    }
}

/// The places of a trajectory.
pub(super) fn in_company(unknowns: &[Unknown], way: &Trajectory, number: usize) -> Vec<Place> {
    let place = |parts: &[f64], step: usize, changed: Option<usize>| Place {
        kind: PointKind::Trajectory { number, step },
        changed,
        values: unknowns.iter().zip(parts).map(|(unknown, part)| unknown.quantile(chance(*part))).collect(),
        dummy: parts[unknowns.len()],
        seed: Some(way.seed),
    };
    let mut parts = way.start.clone();
    let mut places = vec![place(&parts, 0, None)];
    for (step, Step { unknown, by }) in (1..).zip(&way.steps) {
        parts[*unknown] += by;
        places.push(place(&parts, step, Some(*unknown)));
    }
    places
}

/// The unknowns of any arm that can be set to both ends of their range, and the others with the
/// reason: a setting may bring unknowns of its own into play.
fn movable<E: Display>(
    base: &Arms,
    load: &mut impl FnMut(&[String]) -> Result<Arms, E>,
) -> (Vec<Unknown>, Vec<Skipped>) {
    let (mut found, mut skipped) = unknowns(&base[0].1);
    if let Some((_, other)) = base.get(1) {
        let known = found.len();
        let more = unknowns(other).0.into_iter();
        let more: Vec<_> =
            more.filter(|new| found[..known].iter().all(|known| known.key != new.key)).collect();
        found.extend(more);
    }
    found.retain(|unknown| {
        let mut refused = |end: f64| load(&sets([(unknown, end)].into_iter())).err();
        let Some(error) = unknown.range.into_iter().find_map(&mut refused) else { return true };
        let error = error.to_string();
        let why = error.lines().next().unwrap_or_default().trim_start_matches("error: ");
        let why = format!("an end of its range is refused: {why}");
        skipped.push(Skipped { key: unknown.key.clone(), why });
        false
    });
    (found, skipped)
}
