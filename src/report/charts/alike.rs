//! Curves of many arms: those that no eye tells apart are drawn as one, which is labelled by all of them.

use super::canvas::Xy;
use crate::report::labels::{abridged, letters};

/// So many arms each have a curve and a label of their own, however alike they are.
pub(super) const FEW: usize = 9;

/// Curves that are nowhere further apart than this, in pixels, look like one.
const APART: f64 = 4.5;

/// Letters of a line of a label, and the height of one.
const IN_A_LINE: usize = 30;
pub(super) const LINE: f64 = 17.0;

/// The arms of each curve, by place, in order of the first of each.
pub(super) fn alike(curves: &[Vec<Xy>]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (place, curve) in curves.iter().enumerate() {
        let is_like = |group: &&mut Vec<usize>| {
            let first = &curves[group[0]];
            near(curve, first) && near(first, curve)
        };
        match groups.iter_mut().find(is_like) {
            Some(group) => group.push(place),
            None => groups.push(vec![place]),
        }
    }
    groups
}

/// Whether no place of a path is far from another path.
fn near(path: &[Xy], other: &[Xy]) -> bool {
    path.iter().all(|place| match other {
        [only] => distance(*place, *only, *only) <= APART,
        _ => other.windows(2).any(|leg| distance(*place, leg[0], leg[1]) <= APART),
    })
}

/// From a place to the nearest of a straight line.
fn distance(place: Xy, from: Xy, to: Xy) -> f64 {
    let (along, across) = (to.0 - from.0, to.1 - from.1);
    let length = along * along + across * across;
    let part = ((place.0 - from.0) * along + (place.1 - from.1) * across) / length.max(f64::MIN_POSITIVE);
    let part = part.clamp(0.0, 1.0);
    libm::hypot(place.0 - from.0 - part * along, place.1 - from.1 - part * across)
}

/// Names as lines of a label.
pub(super) fn lines(names: &[&str]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for (place, name) in names.iter().enumerate() {
        let name = abridged(name, IN_A_LINE - 1);
        let name = if place + 1 < names.len() { format!("{name},") } else { name };
        match lines.last_mut().filter(|line| letters(line) + 1 + letters(&name) <= IN_A_LINE) {
            Some(line) => *line += &format!(" {name}"),
            None => lines.push(name),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_one_where_no_place_is_far_from_the_other() {
        let straight = vec![(0.0, 0.0), (100.0, 100.0)];
        let beside = vec![(0.0, 4.0), (50.0, 54.0), (100.0, 104.0)];
        let bent = vec![(0.0, 0.0), (50.0, 70.0), (100.0, 100.0)];
        let short = vec![(0.0, 0.0), (50.0, 50.0)];
        assert_eq!(alike(&[straight, beside, bent, short]), [vec![0, 1], vec![2], vec![3]]);
        assert!(alike(&[]).is_empty());
        assert_eq!(alike(&[vec![(1.0, 1.0)], vec![(1.0, 2.0)]]), [vec![0, 1]]);
    }

    #[test]
    fn names_stand_in_lines_that_fit() {
        let names = ["ens", "outlook", "gmail", "boxer-ens2", "boxer-escrow", "blackberry"];
        assert_eq!(lines(&names), ["ens, outlook, gmail,", "boxer-ens2, boxer-escrow,", "blackberry"]);
        assert_eq!(lines(&["one"]), ["one"]);
    }
}
