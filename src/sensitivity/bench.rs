//! Runs points: all of a kind on as many devices, then on more where that can still change what is said.

use super::design::Given;
use super::judge::{Clarity, Judge, Sign};
use super::point::{Arms, Found, Place, Tried};
use super::unknowns::Unknown;
use crate::comparison::{Runs, run_each};
use crate::experiment::{After, Plan, Watch};
use crate::figure::Figure;
use std::convert::Infallible;
use std::fmt::Display;
use std::ops::Range;

/// Points that are read before they are run, for each thread: enough that few wait for the last of them, and not so
/// many that the scenarios fill the memory.
const READ_AHEAD: usize = 16;
/// The least number of them.
const LEAST_AHEAD: usize = 32;
/// From so many devices on a point's error is known well enough to say how many more it would take.
const FAIR: u32 = 32;
/// A point is given up whose difference would have to be more than so many times what was found so far.
const HOPE: f64 = 2.0;
/// What is known as well as it can be has so many degrees of freedom.
const ALL_FREEDOM: f64 = 1e5;

/// Everything that is needed to try points.
pub(super) struct Bench<'a, O, L> {
    pub figure: Figure,
    pub plan: &'a Plan,
    pub load: L,
    pub watch: &'a mut O,
    pub so_far: SoFar,
    /// What was found already, where that is known.
    pub given: Option<Given>,
    /// All points that were tried.
    pub tried: Vec<Tried>,
    /// Devices that were simulated, and that are expected in all.
    pub done: u32,
    pub expected: u32,
}

/// What is asked of points, and what they said so far.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct SoFar {
    /// What is asked of each, where a difference is.
    pub judge: Option<Judge>,
    /// No point gets more devices.
    pub most_devices: u32,
    /// No point gets more than it has.
    pub fixed: bool,
    /// Whether it clearly reverses at one.
    pub reverses: bool,
    /// Whether one was given up.
    pub gave_up: bool,
}

/// A point under way.
struct UnderWay {
    /// Its number among those that were asked for.
    number: usize,
    /// Whether one number is moved at most.
    is_alone: bool,
    /// The sums of its devices, while it may get more.
    runs: Option<Runs>,
    /// What was found first, and last.
    found: Option<(Found, Found)>,
    clarity: Option<Clarity>,
}

impl<E, O, L> Bench<'_, O, L>
where
    E: Display,
    O: Watch<Vec<u8>, Fault = Infallible>,
    L: FnMut(&[String]) -> Result<Arms, E>,
{
    /// So many devices more are to be simulated.
    pub(super) fn expect(&mut self, devices: usize) {
        self.expected = self.expected.saturating_add(u32::try_from(devices).unwrap_or(u32::MAX));
        self.watch.expect(self.expected);
    }

    /// Tries these points on so many devices each, and returns what was found on these; those are unknown that come
    /// after `watch` stopped it, and those in company that the scenario refuses.
    pub(super) fn attempt(
        &mut self,
        places: &[Place],
        unknowns: &[Unknown],
        devices: u32,
    ) -> Result<Vec<Option<Found>>, E> {
        if let Some(given) = self.given.take() {
            let found = self.recall(&given, places);
            self.given = Some(given);
            return Ok(found);
        }
        let mut all = vec![None; places.len()];
        let ahead = LEAST_AHEAD.max(READ_AHEAD * self.plan.jobs);
        for (chunk, places) in places.chunks(ahead).enumerate() {
            if self.watch.stops() {
                break;
            }
            let (mut points, mut arms) = (Vec::new(), Vec::new());
            for (number, place) in places.iter().enumerate() {
                match (self.load)(&place.sets(unknowns)) {
                    Ok(read) => {
                        let is_alone = place.is_known();
                        points.push(UnderWay { number, is_alone, runs: None, found: None, clarity: None });
                        arms.push(read);
                    }
                    Err(error) if place.is_known() => return Err(error),
                    Err(_) => {}
                }
            }
            self.judged(&mut points, &arms, devices);
            for UnderWay { number, found, clarity, .. } in points {
                let Some((first, last)) = found else { continue };
                all[chunk * ahead + number] = Some(first);
                self.tried.push(Tried { place: places[number].clone(), first, last, clarity });
            }
        }
        Ok(all)
    }

    /// What is known of these points, as if they had been run.
    fn recall(&mut self, given: &Given, places: &[Place]) -> Vec<Option<Found>> {
        let known =
            |place: &Place| given.iter().find(|(known, _)| known == place).and_then(|(_, found)| *found);
        let found: Vec<Option<Found>> = places.iter().map(known).collect();
        for (place, found) in places.iter().zip(&found) {
            let Some(found) = *found else { continue };
            let clarity = self.so_far.judge.map(|judge| judge.says(&found));
            self.tried.push(Tried { place: place.clone(), first: found, last: found, clarity });
        }
        found
    }

    /// Runs these points, and those that stay unclear on twice as many devices, and again.
    fn judged(&mut self, points: &mut [UnderWay], arms: &[Arms], devices: u32) {
        let (mut from, mut to) = (0, devices);
        let mut chosen: Vec<usize> = (0..points.len()).collect();
        while !chosen.is_empty() && !self.watch.stops() {
            self.look(points, &chosen, arms, from..to);
            chosen.retain(|point| points[*point].runs.is_some());
            (from, to) = (to, to.saturating_mul(2).min(self.so_far.most_devices));
            self.expect((to - from.min(to)) as usize * chosen.len());
        }
    }

    /// Runs some of these points on more devices, and keeps the sums of those that get more still.
    fn look(&mut self, points: &mut [UnderWay], chosen: &[usize], arms: &[Arms], devices: Range<u32>) {
        let (figure, so_far, plan) = (self.figure, &mut self.so_far, self.plan);
        let ran: Vec<&[_]> = chosen.iter().map(|point| arms[*point].as_slice()).collect();
        let done = |place: usize, more: Runs| {
            let point = &mut points[chosen[place]];
            // What was stopped stays as it was.
            let Some(runs) = Some(more).filter(|more| more.finished == devices.end - devices.start) else {
                return Ok(());
            };
            let runs = match point.runs.take() {
                Some(mut sum) => {
                    sum += &runs;
                    sum
                }
                None => runs,
            };
            let last = Found::of(figure, &arms[chosen[place]], &runs);
            point.found = Some((point.found.map_or(last, |(first, _)| first), last));
            point.clarity = so_far.judge.map(|judge| judge.says(&last));
            point.runs = so_far.hear(&last, point.clarity, point.is_alone).then_some(runs);
            Ok(())
        };
        let mut after = After { before: self.done, watch: &mut *self.watch };
        let Ok(()) = run_each(&ran, devices.clone(), plan, false, &mut after, done);
        let count = u32::try_from(chosen.len()).unwrap_or(u32::MAX);
        self.done = self.done.saturating_add((devices.end - devices.start).saturating_mul(count));
    }
}

impl SoFar {
    /// Hears what a point says, and answers whether it gets more devices: while it is unclear and not beyond hope. One
    /// on a trajectory gets them only where it can still change what all say together: nothing can where one
    /// reverses, only one that reverses can where one was given up, and none where the base has no sign.
    fn hear(&mut self, found: &Found, clarity: Option<Clarity>, is_alone: bool) -> bool {
        let (Some(judge), Some(clarity)) = (self.judge, clarity) else { return false };
        self.reverses |= clarity == Clarity::Contrary;
        if clarity != Clarity::Unclear {
            return false;
        }
        let decides = match judge.sign {
            Sign::Own => true,
            Sign::Base(sign) => {
                let is_contrary = found.estimate.value.unwrap_or(0.0) * sign < 0.0;
                is_alone || (!self.reverses && (!self.gave_up || is_contrary))
            }
            Sign::Unclear => false,
        };
        let may_get_more = !self.fixed && found.devices < self.most_devices;
        let gets_more = decides && may_get_more && self.has_hope(found, judge);
        self.gave_up |= !gets_more;
        gets_more
    }

    fn has_hope(&self, found: &Found, judge: Judge) -> bool {
        let Some(error) = found.error.filter(|_| found.devices >= FAIR) else { return found.devices < FAIR };
        let more = f64::from(self.most_devices) / f64::from(found.devices);
        found.estimate.value.unwrap_or(0.0).abs() * libm::sqrt(more) * HOPE > judge.far(ALL_FREEDOM) * error
    }
}
