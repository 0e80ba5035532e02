//! A headline figure in words: its name, its value and its difference, each in the unit that fits it.

use super::human::{FEW_DEVICES, NOT_REACHED, count, duration, share, trimmed, unit_of};
use crate::analysis::jackknife::Interval;
use crate::figure::{Figure, Moment, Unit};
use crate::summary::Estimate;
use crate::time::Span;

/// The name of a figure.
pub fn name(figure: Figure) -> String {
    let words = figure.facts().words;
    figure.time().map_or_else(|| figure.filled(words), |within| words.replace("{}", &duration(within)))
}

/// The time of which a figure speaks.
pub(super) fn time(figure: Figure) -> String {
    figure.time().map_or_else(String::new, duration)
}

/// That within which mail is to be told where nobody asks for another.
pub(super) fn in_time() -> String {
    time(Figure::FIRST)
}

/// Its argument alone, or its name where it has none: what stands beneath the name of its group.
pub fn argument(figure: Figure) -> String {
    figure.argument().unwrap_or_else(|| name(figure))
}

/// The figures of latency as tables list them: the means last.
pub(super) fn percentiles_first() -> Vec<Figure> {
    let mut family = Figure::MEDIAN.family();
    family.sort_by_key(|figure| matches!(figure, Figure::Latency(Moment::Mean | Moment::RestrictedMean24h)));
    family
}

/// A figure of latency beneath the name of its group.
pub(super) fn moment(figure: Figure) -> String {
    match figure {
        Figure::Latency(Moment::Mean) => "mean of told mail".into(),
        Figure::Latency(Moment::RestrictedMean24h) => "mean up to 24 h".into(),
        percentile => argument(percentile),
    }
}

/// A value.
pub fn value(figure: Figure, value: Option<f64>) -> String {
    let Some(number) = value.filter(|value| value.is_finite()) else {
        // A percentile that is not reached is known to lie beyond; a mean of nothing is not.
        let is_percentile = matches!(figure, Figure::Latency(Moment::Percentile(_)));
        return if is_percentile { NOT_REACHED.into() } else { "unknown".into() };
    };
    match figure.unit() {
        Unit::Share => share(value),
        Unit::Seconds => duration(Span::from_secs_f64(number)),
        unit @ (Unit::HoursPerDay | Unit::PerDay(_)) => format!("{} {}", trimmed(number, 2), unit.name()),
        Unit::Count => count((number + 0.5) as u64),
    }
}

/// The interval of a value that stands beside it.
pub fn ends(figure: Figure, found: Option<f64>, interval: Option<[f64; 2]>) -> String {
    match (found, interval.map(|ends| ends.map(|end| value(figure, Some(end))))) {
        (Some(_), None) => format!("({FEW_DEVICES})"),
        (Some(_), Some([low, high])) if low != high => format!("[{low}, {high}]"),
        _ => String::new(),
    }
}

/// A number with its unit taken apart, so that an interval can share it.
struct Scale {
    factor: f64,
    decimals: usize,
    unit: &'static str,
}

fn scale(unit: Unit, size: f64) -> Scale {
    match unit {
        Unit::Share => Scale { factor: 100.0, decimals: 1, unit: "points" },
        Unit::Seconds => {
            // Half the size falls into the smaller unit, so that up to twice a unit keeps its digits.
            let (unit, ms) = unit_of(Span::from_secs_f64(size / 2.0));
            Scale { factor: 1000.0 / ms, decimals: 1, unit }
        }
        Unit::HoursPerDay | Unit::PerDay(_) => Scale { factor: 1.0, decimals: 2, unit: unit.name() },
        Unit::Count => Scale { factor: 1.0, decimals: 0, unit: "" },
    }
}

/// The unit fits the greatest number of the three.
fn scale_of(figure: Figure, difference: f64, interval: Option<Interval>) -> Scale {
    let ends = interval.map_or([0.0; 2], |interval| [interval.low, interval.high]);
    let size = ends.into_iter().fold(difference.abs(), |size, end| size.max(end.abs()));
    let mut scale = scale(figure.unit(), size);
    // Small differences get up to two more decimals, so that they do not all read as 0.
    for _ in 0..2 {
        let shown = size * scale.factor * libm::pow(10.0, scale.decimals as f64);
        scale.decimals += usize::from(scale.decimals > 0 && size > 0.0 && shown < 10.0);
    }
    scale
}

/// A difference with its sign and interval: `+19.1 points [+18.0, +20.2]`.
pub fn difference(figure: Figure, difference: Option<f64>, interval: Option<Interval>) -> String {
    let (text, ends) = signed(figure, difference, interval.filter(|ends| !ends.is_point()));
    match ends {
        Some([low, high]) => format!("{text} [{low}, {high}]"),
        None if difference.is_some() && interval.is_none() => format!("{text} ({FEW_DEVICES})"),
        None => text,
    }
}

/// A difference with its sign alone.
pub fn change(figure: Figure, difference: Option<f64>) -> String {
    signed(figure, difference, None).0
}

/// The same without a unit that stands beside it anyway.
pub fn short_change(figure: Figure, difference: Option<f64>) -> String {
    let text = change(figure, difference);
    match figure.unit() {
        Unit::Share | Unit::HoursPerDay | Unit::PerDay(_) => {
            text.split(' ').next().unwrap_or_default().to_string()
        }
        Unit::Seconds | Unit::Count => text,
    }
}

fn signed(
    figure: Figure,
    difference: Option<f64>,
    interval: Option<Interval>,
) -> (String, Option<[String; 2]>) {
    let Some(found) = difference else { return ("unknown".into(), None) };
    let Scale { factor, decimals, unit } = scale_of(figure, found, interval);
    let signed = |number: f64| {
        let text = grouped(number.abs() * factor, decimals);
        match text.chars().all(|c| matches!(c, '0' | '.')) {
            true => "0".into(),
            false if number < 0.0 => format!("\u{2212}{text}"),
            false => format!("+{text}"),
        }
    };
    let text = format!("{} {unit}", signed(found)).trim_end().to_string();
    (text, interval.map(|ends| [signed(ends.low), signed(ends.high)]))
}

/// An estimate with its interval, or a difference with its sign.
pub(super) fn estimate(figure: Figure, found: Estimate, is_difference: bool) -> String {
    let Estimate { value: known, ci95 } = found;
    if is_difference {
        return difference(figure, known, ci95.map(|[low, high]| Interval { low, high }));
    }
    format!("{} {}", value(figure, known), ends(figure, known, ci95)).trim_end().into()
}

/// The same without its interval.
pub(super) fn alone(figure: Figure, found: Option<f64>, is_difference: bool) -> String {
    if is_difference { change(figure, found) } else { value(figure, found) }
}

/// The size of a difference without its sign, and its interval turned the same way, in brackets: for sentences
/// that say "more" or "sooner" themselves.
pub fn size(figure: Figure, difference: f64, interval: Option<Interval>) -> (String, String) {
    let Scale { factor, decimals, unit } = scale_of(figure, difference, interval);
    let plain = |number: f64| {
        let minus = if number < 0.0 { "\u{2212}" } else { "" };
        format!("{minus}{}", grouped(number.abs() * factor, decimals))
    };
    let with_unit = |text: String| format!("{text} {unit}").trim_end().to_string();
    let ends = interval.filter(|ends| !ends.is_point()).map_or(String::new(), |ends| {
        let (low, high) = if difference < 0.0 { (-ends.high, -ends.low) } else { (ends.low, ends.high) };
        format!(" (95 % interval {})", with_unit(format!("[{}, {}]", plain(low), plain(high))))
    });
    (with_unit(plain(difference.abs())), ends)
}

fn grouped(number: f64, decimals: usize) -> String {
    match decimals {
        0 => count((number + 0.5) as u64),
        _ => format!("{number:.decimals$}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &str) -> Figure {
        path.parse().unwrap()
    }

    #[test]
    fn differences_read_in_the_unit_that_fits_them() {
        let interval = |low, high| Some(Interval { low, high });
        for (path, found, ends, text) in [
            ("mail.told_within.15m", 0.191, interval(0.18, 0.202), "+19.1 points [+18.0, +20.2]"),
            ("mail.told_within.15m", 0.0, interval(0.0, 0.0), "0 points"),
            (
                "mail.told_within.15m",
                -0.0003,
                interval(-0.0007, 0.0001),
                "\u{2212}0.030 points [\u{2212}0.070, +0.010]",
            ),
            (
                "mail.latency_s.p50",
                -3480.0,
                interval(-3840.0, -3060.0),
                "\u{2212}58.0 min [\u{2212}64.0, \u{2212}51.0]",
            ),
            ("mail.latency_s.p50", 5.0, None, "+5.0 s (few devices)"),
            ("checks.total", -1234.0, interval(-1300.4, 3.0), "\u{2212}1,234 [\u{2212}1,300, +3]"),
            ("exposure.key_readable_while_locked_h_per_day", 1.5, None, "+1.50 h/day (few devices)"),
        ] {
            assert_eq!(difference(read(path), Some(found), ends), text);
        }
        assert_eq!(difference(Figure::Checks, None, None), "unknown");
        let (size, ends) = size(Figure::MEDIAN, -3480.0, interval(-3840.0, -3060.0));
        assert_eq!((size.as_str(), ends.as_str()), ("58.0 min", " (95 % interval [51.0, 64.0] min)"));
    }

    #[test]
    fn figures_have_names() {
        for (path, text) in [
            ("mail.told_within.15m", "told within 15 min"),
            ("mail.latency_s.p50", "latency p50"),
            ("mail.delay_causes_s.budget", "delay by budget"),
            ("checks.total", "checks"),
            ("key_failures.by_reason.low_power", "key failures low_power"),
            ("exposure.key_readable_while_locked_h_per_day", "key readable while locked"),
        ] {
            assert_eq!(name(read(path)), text);
        }
    }
}
