//! A key and the values it takes: a list `30s,1m,5m`, a range `1..4:4`, or a logarithmic one
//! `1..100:5:log` (also written `log:1..100:5`). Both ends of a range belong to it.

use crate::time::Span;
use crate::units::Bytes;
use serde::Serialize;

/// A key and the values it takes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Axis {
    /// The key, as in `policy.auto_lock`.
    pub key: String,
    /// Its values, as a scenario writes them.
    pub values: Vec<String>,
}

/// More values than these are a slip of the pen.
const MOST_VALUES: usize = 1000;

impl Axis {
    /// Reads what follows `--vary`.
    ///
    /// # Errors
    /// If it is neither a list nor a range.
    pub fn parse(text: &str) -> Result<Axis, String> {
        let help = "write for example policy.auto_lock=30s,1m,5m or scheduler.energy_per_refresh=1..4:4 \
                    or scheduler.energy_per_refresh=1..100:5:log";
        let fault = |what: &str| format!("`--vary {text}`: {what}; {help}");
        let (key, values) = text.split_once('=').ok_or_else(|| fault("a key needs its values"))?;
        let (key, values) = (key.trim(), values.trim());
        if key.is_empty() || values.is_empty() {
            return Err(fault("a key needs its values"));
        }
        let values = match range(values) {
            Some(range) => range.map_err(|what| fault(&what))?,
            None => parted(values, ',').into_iter().map(|value| value.trim().to_string()).collect(),
        };
        if let Some(twice) = values.iter().enumerate().find(|(at, value)| values[..*at].contains(value)) {
            return Err(fault(&format!("the value {} comes twice", twice.1)));
        }
        if values.iter().any(String::is_empty) {
            return Err(fault("a value is missing between two commas"));
        }
        Ok(Axis { key: key.into(), values })
    }
}

/// The parts of a text between these characters, but for those within quotes or brackets.
pub(crate) fn parted(text: &str, at: char) -> Vec<&str> {
    let (mut depth, mut quote) = (0_usize, None);
    let parts = text.split(|c: char| {
        match (quote, c) {
            (Some(open), _) if open == c => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '[' | '{') => depth += 1,
            (None, ']' | '}') => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == at && depth == 0 && quote.is_none()
    });
    parts.collect()
}

/// The values of a range, or `None` where the text is none.
fn range(text: &str) -> Option<Result<Vec<String>, String>> {
    let before = text.strip_prefix("log:");
    let after = text.strip_suffix(":log");
    let is_log = before.or(after).is_some();
    let plain = before.or(after).unwrap_or(text);
    let (ends, count) = plain.rsplit_once(':').unwrap_or((plain, ""));
    let (low, high) = ends.split_once("..")?;
    Some(spaced(low.trim(), high.trim(), count.trim(), is_log))
}

fn spaced(low: &str, high: &str, count: &str, is_log: bool) -> Result<Vec<String>, String> {
    let Some(values @ 2..=MOST_VALUES) = count.parse::<usize>().ok() else {
        return Err(format!("a range needs a number of values from 2 to {MOST_VALUES} after a colon"));
    };
    let (unit, [low, high]) = Unit::of(low, high)
        .ok_or("the ends of a range must be two numbers, two lengths of time, two sizes or two shares")?;
    if low >= high {
        return Err("a range goes from its lower end to its higher".into());
    }
    if is_log && low <= 0.0 {
        return Err("a logarithmic range cannot begin at 0".into());
    }
    let at = |place: usize| match place as f64 / (values - 1) as f64 {
        // Rounding must not move the ends.
        0.0 => low,
        1.0 => high,
        part if is_log => low * libm::pow(high / low, part),
        part => low + (high - low) * part,
    };
    Ok((0..values).map(|place| unit.written(at(place))).collect())
}

/// What a range runs over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Unit {
    Number,
    Percent,
    Span,
    Bytes,
}

impl Unit {
    /// Both ends as numbers in one unit.
    fn of(low: &str, high: &str) -> Option<(Unit, [f64; 2])> {
        let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
        let percent = |text: &str| text.strip_suffix('%').and_then(|text| number(text.trim()));
        let span = |text: &str| text.parse::<Span>().ok().map(|span| span.ms() as f64);
        let bytes = |text: &str| text.parse::<Bytes>().ok().map(|bytes| bytes.get() as f64);
        let both = |read: &dyn Fn(&str) -> Option<f64>| Some([read(low)?, read(high)?]);
        let units = [
            (Unit::Number, both(&number)),
            (Unit::Percent, both(&percent)),
            (Unit::Span, both(&span)),
            (Unit::Bytes, both(&bytes)),
        ];
        units.into_iter().find_map(|(unit, ends)| Some((unit, ends?)))
    }

    fn written(self, value: f64) -> String {
        match self {
            Unit::Number => nine_digits(value).to_string(),
            Unit::Percent => format!("{} %", nine_digits(value)),
            Unit::Span => Span::from_secs_f64(value / 1000.0).to_string(),
            Unit::Bytes => Bytes::new((value + 0.5) as u64).to_string(),
        }
    }
}

/// The number without the dust of its arithmetic.
fn nine_digits(value: f64) -> f64 {
    format!("{value:.8e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_ranges_read_as_they_are_meant() {
        for (text, values) in [
            ("a.b=30s,1m,5m", vec!["30s", "1m", "5m"]),
            ("a.b=true, false", vec!["true", "false"]),
            ("a.b=[1, 2],[3]", vec!["[1, 2]", "[3]"]),
            ("a.b=1..4:4", vec!["1", "2", "3", "4"]),
            ("a.b=0.1..0.4:4", vec!["0.1", "0.2", "0.3", "0.4"]),
            ("a.b=1..100:3:log", vec!["1", "10", "100"]),
            ("a.b=log:1..100:3", vec!["1", "10", "100"]),
            ("a.b=30s..2m:4", vec!["30s", "1m", "1m 30s", "2m"]),
            ("a.b=10 %..30 %:3", vec!["10 %", "20 %", "30 %"]),
            ("a.b=1 GB..3 GB:2", vec!["1 GB", "3 GB"]),
            ("a.b=03:00,04:00", vec!["03:00", "04:00"]),
        ] {
            assert_eq!(
                Axis::parse(text).unwrap(),
                Axis { key: "a.b".into(), values: values.iter().map(|v| v.to_string()).collect() }
            );
        }
    }

    #[test]
    fn what_is_neither_is_refused() {
        for text in [
            "a.b",
            "a.b=",
            "=1",
            "a=1,,2",
            "a=1,1",
            "a=1..4",
            "a=1..4:1",
            "a=4..1:3",
            "a=0..1:3:log",
            "a=1..5m:3",
        ] {
            let error = Axis::parse(text).unwrap_err();
            assert!(error.contains("write for example"), "{error}");
        }
    }

    #[test]
    fn the_last_axis_turns_fastest() {
        let axes = ["a=1,2", "b=x,y"].map(|text| Axis::parse(text).unwrap());
        let grid = super::super::grid(&axes).unwrap();
        let shown: Vec<String> = grid.iter().map(|p| format!("{}{}", p[0].1, p[1].1)).collect();
        assert_eq!(shown, ["1x", "1y", "2x", "2y"]);
        assert!(super::super::grid(&[axes[0].clone(), axes[0].clone()]).is_err());
        let long = Axis::parse("a=1..1000:1000").unwrap();
        assert!(super::super::grid(&[long, Axis::parse("b=1..11:11").unwrap()]).is_err());
    }
}
