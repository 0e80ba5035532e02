//! Places for labels: beside marks that are strewn about, near and clear of each other, and beside the points
//! of a line.

use super::canvas::{Anchor, Place};
use crate::report::labels::letters;

/// An upright rectangle of the sheet.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
}

impl Area {
    /// The rectangle this far from a place on each side.
    pub(super) fn around((x, y): Place, dx: f64, dy: f64) -> Area {
        Area { left: x - dx, right: x + dx, top: y - dy, bottom: y + dy }
    }

    /// What an upright or level line covers.
    pub(super) fn between(a: Place, b: Place) -> Area {
        Area { left: a.0.min(b.0), right: a.0.max(b.0), top: a.1.min(b.1), bottom: a.1.max(b.1) }
    }

    /// Whether they have a place in common.
    pub(super) fn meets(&self, other: &Area) -> bool {
        self.left <= other.right
            && other.left <= self.right
            && self.top <= other.bottom
            && other.top <= self.bottom
    }

    fn holds(&self, other: &Area) -> bool {
        self.left <= other.left
            && other.right <= self.right
            && self.top <= other.top
            && other.bottom <= self.bottom
    }
}

/// What labels must or should keep clear of.
pub(super) struct Crowd {
    within: Area,
    taken: Vec<Area>,
    /// Each with how much farther a label goes so as not to lie there, in pixels.
    avoided: Vec<(Area, f64)>,
}

/// How much farther a label goes to cross one line of the data less, in pixels.
pub(super) const CROSSING: f64 = 140.0;

/// Labels nearer than this need no thread.
const NEAR: f64 = 24.0;

/// From the middle of a mark to where a thread begins.
const RIM: f64 = 9.0;

/// How far labels go from their marks at most, in rings.
const RINGS: u32 = 40;

impl Crowd {
    pub(super) fn within(within: Area) -> Crowd {
        Crowd { within, taken: Vec::new(), avoided: Vec::new() }
    }

    /// Nothing may lie here.
    pub(super) fn keep_clear(&mut self, area: Area) {
        self.taken.push(area);
    }

    /// Nothing should lie here, if it can be had by going so many pixels farther.
    pub(super) fn avoid(&mut self, area: Area, farther: f64) {
        self.avoided.push((area, farther));
    }

    /// The upper left corner of a label of this width and height near a mark, which is taken from then on.
    pub(super) fn settle(&mut self, mark: Place, (width, height): (f64, f64)) -> Option<Place> {
        let area = |(x, y): Place| Area { left: x, right: x + width, top: y, bottom: y + height };
        let mut best: Option<(f64, Place)> = None;
        for (distance, corner) in corners(mark, (width, height)) {
            let label = area(corner);
            if best.is_some_and(|(cost, _)| cost <= distance)
                || !self.within.holds(&label)
                || self.taken.iter().any(|other| other.meets(&label))
                || self.is_crossed(mark, corner, (width, height))
            {
                continue;
            }
            let crossed = self.avoided.iter().filter(|(line, _)| line.meets(&label));
            let cost = distance + crossed.map(|(_, farther)| farther).sum::<f64>();
            if best.is_none_or(|(least, _)| cost < least) {
                best = Some((cost, corner));
            }
        }
        let (_, corner) = best?;
        self.taken.push(area(corner));
        self.taken.extend(dots(thread(mark, corner, (width, height))));
        Some(corner)
    }

    /// Whether a label's thread would run through what is taken, other than its own mark.
    fn is_crossed(&self, mark: Place, corner: Place, size: (f64, f64)) -> bool {
        let own = Area::around(mark, 1.0, 1.0);
        let others = || self.taken.iter().filter(|area| !area.meets(&own));
        dots(thread(mark, corner, size)).any(|dot| others().any(|area| area.meets(&dot)))
    }
}

/// The line from a mark to a label that stands so far from it that one would not know whose it is.
pub(super) fn thread(mark: Place, (left, top): Place, (width, height): (f64, f64)) -> Option<[Place; 2]> {
    let to = (mark.0.clamp(left, left + width), mark.1.clamp(top, top + height));
    let (dx, dy) = (to.0 - mark.0, to.1 - mark.1);
    let away = libm::hypot(dx, dy);
    let from = (mark.0 + dx / away * RIM, mark.1 + dy / away * RIM);
    (away > NEAR).then_some([from, to])
}

/// The places along a thread, close enough that nothing slips through.
fn dots(thread: Option<[Place; 2]>) -> impl Iterator<Item = Area> {
    thread.into_iter().flat_map(|[from, to]| {
        let steps = libm::ceil(libm::hypot(to.0 - from.0, to.1 - from.1) / 3.0) as u32;
        (0..steps).map(move |step| {
            let share = f64::from(step) / f64::from(steps);
            let place = (from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1));
            Area::around(place, 2.0, 2.0)
        })
    })
}

/// Where a label may stand, each with what is against it: to the right first, then to the left, above and
/// below, and so on in growing rings.
fn corners((x, y): Place, (width, height): (f64, f64)) -> impl Iterator<Item = (f64, Place)> {
    (0..RINGS).flat_map(move |ring| {
        let away = 12.0 + f64::from(ring) * 9.0;
        let slant = away * 0.7;
        let (left, right) = (x - width, x);
        let (above, middle, below) = (y - height, y - height / 2.0, y);
        let sides = [
            (right + away, middle),
            (left - away, middle),
            (x - width / 2.0, above - away),
            (x - width / 2.0, below + away),
            (right + slant, above - slant + height / 4.0),
            (right + slant, below + slant - height / 4.0),
            (left - slant, above - slant + height / 4.0),
            (left - slant, below + slant - height / 4.0),
        ];
        (0_u8..).zip(sides).map(move |(rank, corner)| (away + f64::from(rank) * 2.0, corner))
    })
}

/// Where a label stands from its point.
#[derive(Clone, Copy)]
pub(super) struct Side {
    pub(super) dx: f64,
    pub(super) dy: f64,
    pub(super) anchor: Anchor,
}

impl Side {
    pub(super) fn new(dx: f64, dy: f64, anchor: Anchor) -> Side {
        Side { dx, dy, anchor }
    }

    /// The room that a text takes there.
    pub(super) fn area(&self, centre: Place, text: &str) -> Area {
        let (x, y) = (centre.0 + self.dx, centre.1 + self.dy);
        let width = letters(text) as f64 * 7.2;
        let left = match self.anchor {
            Anchor::Start => x,
            Anchor::Middle => x - width / 2.0,
            Anchor::End => x - width,
        };
        Area { left, right: left + width, top: y - 12.0, bottom: y + 3.0 }
    }
}

/// Where a label is clear of the line, which comes from one side and goes to the other: up (1), down (-1),
/// level, or not at all.
pub(super) fn beside_line(before: Option<i32>, after: Option<i32>) -> Side {
    let (dx, dy, anchor) = match (before.unwrap_or(0), after.unwrap_or(0)) {
        // A valley: below it.
        (1, 0 | 1) if after.is_some() => (0.0, 22.0, Anchor::Middle),
        (0, 1) if before.is_some() => (0.0, 22.0, Anchor::Middle),
        // The line rises away from the first point, or falls to the last.
        (_, 1) if before.is_none() => (6.0, 20.0, Anchor::Start),
        (1, _) if after.is_none() => (-6.0, 20.0, Anchor::End),
        (-1, 1) => (-8.0, -10.0, Anchor::End),
        (1, -1) => (8.0, -10.0, Anchor::Start),
        (_, -1) if before.is_none() => (8.0, -10.0, Anchor::Start),
        (-1, _) if after.is_none() => (-8.0, -10.0, Anchor::End),
        _ => (0.0, -13.0, Anchor::Middle),
    };
    Side::new(dx, dy, anchor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn labels_keep_clear_of_marks_and_of_each_other(
            marks in proptest::collection::vec((100.0..900.0f64, 100.0..450.0f64), 1..9),
            width in 40.0..240.0f64,
        ) {
            let sheet = Area { left: 84.0, right: 920.0, top: 90.0, bottom: 470.0 };
            let mut crowd = Crowd::within(sheet);
            let marks: Vec<Area> = marks.iter().map(|mark| Area::around(*mark, 10.0, 10.0)).collect();
            marks.iter().for_each(|mark| crowd.keep_clear(*mark));
            let mut labels: Vec<Area> = Vec::new();
            for mark in &marks {
                let Some((x, y)) = crowd.settle((mark.left + 10.0, mark.top + 10.0), (width, 34.0)) else { continue };
                let label = Area { left: x, right: x + width, top: y, bottom: y + 34.0 };
                prop_assert!(sheet.holds(&label));
                prop_assert!(!labels.iter().chain(&marks).any(|other| other.meets(&label)));
                labels.push(label);
            }
            prop_assert!(!labels.is_empty());
        }
    }

    #[test]
    fn a_label_stands_to_the_right_of_a_lonely_mark_and_turns_at_the_edge() {
        let sheet = Area { left: 0.0, right: 400.0, top: 0.0, bottom: 400.0 };
        assert_eq!(Crowd::within(sheet).settle((100.0, 100.0), (80.0, 34.0)), Some((112.0, 83.0)));
        assert_eq!(Crowd::within(sheet).settle((380.0, 100.0), (80.0, 34.0)), Some((288.0, 83.0)));
        assert_eq!(Crowd::within(sheet).settle((100.0, 100.0), (500.0, 34.0)), None);
    }
}
