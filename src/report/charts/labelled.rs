//! Places for labels beside marks that have lines to or about them: near, and clear of each other.

use super::canvas::Xy;
use super::frame::Area;

impl Area {
    /// The rectangle this far from a place on each side.
    fn around((x, y): Xy, away: f64) -> Area {
        Area { left: x - away, right: x + away, top: y - away, bottom: y + away }
    }

    /// Whether they have a place in common.
    fn meets(&self, other: &Area) -> bool {
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
    avoided: Vec<Area>,
}

/// How much farther a label goes to cover one place less of a line, in pixels.
const CROSSING: f64 = 10.0;

/// From a mark to the nearest labels, from there to the next ones, and how many of these rings there are: of
/// labels farther away one would not know whose they are.
const NEAREST: f64 = 12.0;
const RING: f64 = 4.0;
const RINGS: u32 = 4;

impl Crowd {
    /// No label may lie on these marks, and none should lie on these lines.
    pub(super) fn of(marks: &[Xy], lines: impl Iterator<Item = [Xy; 2]>, within: Area) -> Crowd {
        let taken = marks.iter().map(|mark| Area::around(*mark, 8.0)).collect();
        Crowd { within, taken, avoided: lines.flat_map(|[from, to]| dots(from, to)).collect() }
    }

    /// The upper left corner of a label of this width and height near a mark, which is taken from then on.
    pub(super) fn settle(&mut self, mark: Xy, (width, height): (f64, f64)) -> Option<Xy> {
        let label = |(x, y): Xy| Area { left: x, right: x + width, top: y, bottom: y + height };
        let is_free =
            |label: &Area| self.within.holds(label) && !self.taken.iter().any(|other| other.meets(label));
        let cost = |(away, corner): (f64, Xy)| {
            let crossed = self.avoided.iter().filter(|dot| dot.meets(&label(corner))).count();
            (away + CROSSING * crossed as f64, corner)
        };
        let free = corners(mark, (width, height)).filter(|(_, corner)| is_free(&label(*corner)));
        let (_, corner) = free.map(cost).min_by(|a, b| a.0.total_cmp(&b.0))?;
        self.taken.push(label(corner));
        Some(corner)
    }
}

/// The places along a line, close enough that nothing slips through.
fn dots(from: Xy, to: Xy) -> impl Iterator<Item = Area> {
    let steps = libm::ceil(libm::hypot(to.0 - from.0, to.1 - from.1) / 3.0) as u32;
    (0..steps).map(move |step| {
        let share = f64::from(step) / f64::from(steps);
        Area::around((from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1)), 2.0)
    })
}

/// Where a label may stand, each with what is against it: above first, then below and to the sides, and so on in
/// growing rings.
fn corners((x, y): Xy, (width, height): (f64, f64)) -> impl Iterator<Item = (f64, Xy)> {
    (0..RINGS).flat_map(move |ring| {
        let away = NEAREST + f64::from(ring) * RING;
        let (above, middle, below) = (y - height - away, y - height / 2.0, y + away);
        let (left, centre, right) = (x - width, x - width / 2.0, x);
        let sides = [
            (centre, above),
            (centre, below),
            (right + away, middle),
            (left - away, middle),
            (right, above),
            (left, above),
            (right, below),
            (left, below),
        ];
        (0_u8..).zip(sides).map(move |(rank, corner)| (away + f64::from(rank), corner))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SHEET: Area = Area { left: 0.0, right: 400.0, top: 0.0, bottom: 400.0 };

    proptest! {
        #[test]
        fn labels_keep_clear_of_marks_and_of_each_other(
            marks in proptest::collection::vec((20.0..380.0f64, 20.0..380.0f64), 1..9), width in 20.0..120.0f64,
        ) {
            let mut crowd = Crowd::of(&marks, marks.windows(2).map(|pair| [pair[0], pair[1]]), SHEET);
            let mut taken: Vec<Area> = marks.iter().map(|mark| Area::around(*mark, 8.0)).collect();
            for (left, top) in marks.iter().filter_map(|mark| crowd.settle(*mark, (width, 14.0))) {
                let label = Area { left, right: left + width, top, bottom: top + 14.0 };
                prop_assert!(SHEET.holds(&label) && !taken.iter().any(|other| other.meets(&label)));
                taken.push(label);
            }
        }
    }

    #[test]
    fn a_label_stands_above_a_lonely_mark_and_turns_at_the_edge() {
        let settled = |mark, width| Crowd::of(&[mark], std::iter::empty(), SHEET).settle(mark, (width, 14.0));
        assert_eq!(settled((100.0, 100.0), 80.0), Some((60.0, 74.0)));
        assert_eq!(settled((100.0, 20.0), 80.0), Some((60.0, 32.0)));
        assert_eq!(settled((380.0, 100.0), 80.0), Some((288.0, 93.0)));
        assert_eq!(settled((100.0, 100.0), 500.0), None);
    }
}
