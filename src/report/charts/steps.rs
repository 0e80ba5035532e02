//! Curves that rise in steps: each height is held until the next point.

use super::canvas::{Canvas, Xy};
use super::frame::Area;
use super::look::Look;
use super::scale::TimeScale;
use crate::analysis::survival::Point;
use plotters::style::Color;

/// Steps smaller than this, in pixels to the right or upwards, are drawn as a plain line: each corner
/// would break a dash.
const STEP: f64 = 1.75;

/// Where a share of all stands, from nothing at the bottom to all at the top.
pub(super) fn height(area: Area, told: f64) -> f64 {
    area.bottom - told.clamp(0.0, 1.0) * (area.bottom - area.top)
}

/// The places of a curve through the points, at the heights of these shares.
pub(super) fn steps(
    points: &[Point],
    area: Area,
    scale: TimeScale,
    share: impl Fn(&Point) -> f64,
) -> Vec<Xy> {
    let mut last = (area.left, height(area, 0.0));
    // Before the first mail is told there is nothing to see but the axis.
    let told = points.first().is_some_and(|point| point.told > 0.0);
    let mut places = if told { Vec::new() } else { vec![last] };
    for (place, point) in points.iter().enumerate() {
        let next = (scale.at(point.ms), height(area, share(point)));
        let is_small = next.0 - last.0 < STEP || (last.1 - next.1).abs() < STEP;
        if place == 0 || !is_small {
            places.push((next.0, last.1));
        }
        places.push(next);
        last = next;
    }
    places.dedup();
    places
}

/// The band of a curve.
pub(super) fn band(canvas: &mut Canvas<'_>, points: &[Point], on: (Area, TimeScale), look: Look) {
    let mut outline = steps(points, on.0, on.1, |point| point.high);
    outline.extend(steps(points, on.0, on.1, |point| point.low).into_iter().rev());
    canvas.shape(&outline, look.colour.mix(0.16));
}
