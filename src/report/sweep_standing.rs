//! How the points of a sweep stand to one another: which is best, and which no other beats at its price.

use super::figure::{ends, name, value};
use super::human::{capitalised, listed};
use crate::figure::{Direction, Figure};
use crate::summary::Estimate;
use crate::sweep::{Axis, Point};
use std::cmp::Ordering;

/// How one estimate stands to another, better being greater. Where their intervals overlap, this run sees no
/// difference; nor where there are none.
fn stands(figure: Figure, one: Estimate, other: Estimate) -> Ordering {
    let (Some([low, high]), Some([other_low, other_high])) = (one.ci95, other.ci95) else {
        return Ordering::Equal;
    };
    let more = match () {
        () if low > other_high => Ordering::Greater,
        () if high < other_low => Ordering::Less,
        () => Ordering::Equal,
    };
    match figure.facts().better {
        Some(Direction::More) => more,
        Some(Direction::Less) => more.reverse(),
        None => Ordering::Equal,
    }
}

/// Which points no other is seen to beat, in the figure and every price; none where no point is beaten, or where it is
/// nowhere said which of two values of the figure is better.
pub(super) fn unbeaten(points: &[Point], figure: Figure) -> Vec<bool> {
    if figure.facts().better.is_none() {
        return Vec::new();
    }
    let figures: Vec<Figure> = [figure].into_iter().chain(Figure::prices()).collect();
    let beats = |one: &Point, other: &Point| {
        let pairs = || figures.iter().map(|figure| (*figure, one.figure(*figure), other.figure(*figure)));
        pairs().all(|(figure, one, other)| figure.is_no_worse(one.value, other.value))
            && pairs().any(|(figure, one, other)| stands(figure, one, other) == Ordering::Greater)
    };
    let free: Vec<bool> =
        points.iter().map(|point| !points.iter().any(|other| beats(other, point))).collect();
    if free.contains(&false) { free } else { Vec::new() }
}

/// What the mark of a point says that no other beats.
pub(super) fn mark(figure: Figure) -> String {
    let prices: Vec<String> = Figure::prices().into_iter().map(name).collect();
    format!("no other point is seen to beat it in {} and the prices ({})", name(figure), listed(&prices))
}

/// Where one key was varied: at which of its values the figure is best, or that no difference is seen.
pub(super) fn best(axes: &[Axis], points: &[Point], figure: Figure) -> Option<String> {
    let ([axis], better) = (axes, figure.facts().better?) else { return None };
    let sized = |point: &Point| {
        let found = point.figure(figure).value?;
        Some(if better == Direction::More { found } else { -found })
    };
    let label = |point: &&Point| point.values.get(&axis.key)?.as_str().map(String::from);
    let known: Vec<&Point> = points.iter().filter(|point| point.figure(figure).ci95.is_some()).collect();
    let first =
        known.iter().copied().reduce(|best, point| if sized(point) > sized(best) { point } else { best })?;
    let best = first.figure(figure);
    let rest = || known.iter().copied().filter(|point| !std::ptr::eq(*point, first));
    let is_alike = |point: &&Point| stands(figure, best, point.figure(figure)) == Ordering::Equal;
    let alike: Vec<String> = rest().filter(is_alike).filter_map(|point| label(&point)).collect();
    let (what, at) = (name(figure), label(&first)?);
    let overlap = "their intervals overlap (bgsim compare pairs them, and sees smaller differences)";
    Some(match (alike.len(), rest().count()) {
        (_, 0) => return None,
        (0, _) => {
            let shown = value(figure, best.value);
            format!(
                "{} is best at {at}: {shown} {}.",
                capitalised(&what),
                ends(figure, best.value, best.ci95)
            )
        }
        (alike, all) if alike == all => {
            let labels: Vec<String> = known.iter().filter_map(label).collect();
            format!("No difference in {what} is seen between {}: {overlap}.", listed(&labels))
        }
        _ => format!(
            "{} is best at {at}, and no difference from it is seen at {}: {overlap}.",
            capitalised(&what),
            listed(&alike)
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::Reach;
    use serde_json::json;

    /// Points of one key, each with what it tells and at what exposure, both with these ends.
    fn points(found: &[(&str, [f64; 2], [f64; 2])]) -> (Vec<Axis>, Vec<Point>) {
        let (told, price) = (Figure::FIRST.to_string(), Figure::Exposure(Reach::InReach).to_string());
        let point = |(value, shares, hours): &(&str, [f64; 2], [f64; 2])| -> Point {
            let middle = |ends: &[f64; 2]| (ends[0] + ends[1]) / 2.0;
            let figures = json!({ &told: middle(shares), &price: middle(hours) });
            let point = json!({
                "values": { "client.refresh_interval": value }, "sha256": "", "fingerprint": "", "books": "",
                "figures": figures, "ci95": { &told: shares, &price: hours }, "by": {},
            });
            serde_json::from_value::<Point>(point).unwrap()
        };
        let values: Vec<&str> = found.iter().map(|(value, ..)| *value).collect();
        let axis = Axis::parse(&format!("client.refresh_interval={}", values.join(","))).unwrap();
        (vec![axis], found.iter().map(point).collect())
    }

    #[test]
    fn one_is_best_where_its_interval_lies_apart() {
        let said = |found: &[(&str, [f64; 2], [f64; 2])]| {
            let (axes, points) = points(found);
            best(&axes, &points, Figure::FIRST).unwrap_or_default()
        };
        let at = |value, low, high| (value, [low, high], [1.0, 1.0]);
        let clear = said(&[at("5m", 0.1, 0.2), at("15m", 0.3, 0.4)]);
        assert!(clear.starts_with("Told within 15 min is best at 15m: 35.0 %"), "{clear}");
        let none = said(&[at("5m", 0.1, 0.3), at("15m", 0.2, 0.4)]);
        assert!(
            none.starts_with("No difference in told within 15 min is seen between 5m and 15m: "),
            "{none}"
        );
        let some = said(&[at("5m", 0.0, 0.1), at("15m", 0.2, 0.4), at("30m", 0.3, 0.5)]);
        assert!(some.contains("best at 30m, and no difference from it is seen at 15m: "), "{some}");
        assert_eq!(said(&[at("5m", 0.0, 0.1)]), "");
    }

    #[test]
    fn a_point_is_beaten_by_one_that_is_better_and_costs_no_more() {
        let free = |found: &[(&str, [f64; 2], [f64; 2])]| unbeaten(&points(found).1, Figure::FIRST);
        let (low, high) = ([0.1, 0.2], [0.3, 0.4]);
        assert_eq!(free(&[("a", low, [1.0, 1.0]), ("b", high, [1.0, 1.0])]), [false, true]);
        // What is cheaper for sure and tells as much as far as is seen, but less by its estimate, does not beat either.
        assert_eq!(
            free(&[("a", [0.15, 0.35], [1.0, 1.0]), ("b", [0.2, 0.4], [2.0, 2.0])]),
            Vec::<bool>::new()
        );
        assert_eq!(free(&[("a", [0.2, 0.4], [1.0, 1.0]), ("b", [0.15, 0.35], [2.0, 2.0])]), [true, false]);
        // Which number of pick-ups is better nobody says.
        let (_, of_both) = points(&[("a", low, [1.0, 1.0]), ("b", high, [2.0, 2.0])]);
        assert_eq!(unbeaten(&of_both, Figure::Openings), Vec::<bool>::new());
        // What is dearer and better beats nobody, nor does what overlaps.
        assert_eq!(free(&[("a", low, [1.0, 1.0]), ("b", high, [2.0, 2.0])]), Vec::<bool>::new());
        assert_eq!(free(&[("a", low, [1.0, 1.0]), ("b", [0.15, 0.25], [1.0, 1.0])]), Vec::<bool>::new());
    }
}
