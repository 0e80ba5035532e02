//! Numbers as people read them: rounded, with their unit, and `not reached` where there is none.

use crate::analysis::jackknife::Interval;
use crate::time::Span;

/// What every report rests on, said in each.
pub const ONE_READER: &str = "The phone is taken as the only reader: mail that is read elsewhere first waits on until the phone tells of it.";

/// What the level of many intervals means that are read together.
pub const EACH_ALONE: &str = "Each interval holds the true figure in about 95 of 100 runs by itself; of thirty read together, one or two may miss.";

/// What stands for a percentile that cannot be known.
pub const NOT_REACHED: &str = "not reached";

/// What stands for an interval where too few devices carry the figure.
pub const FEW_DEVICES: &str = "few devices";

/// Each unit of time with its length and how many of the next smaller one it holds.
const UNITS: [(&str, u64, &str, u64); 3] =
    [("d", 86_400_000, "h", 3_600_000), ("h", 3_600_000, "min", 60_000), ("min", 60_000, "s", 1000)];

/// A length of time in at most two units: `3 min 12 s`, `2 h 5 min`, `4.2 s`, `250 ms`.
pub fn duration(span: Span) -> String {
    let ms = span.ms();
    match ms {
        0 => "0 s".into(),
        1..1000 => format!("{ms} ms"),
        1000..9_950 => trimmed(ms as f64 / 1000.0, 1) + " s",
        // From here on the smaller unit is rounded, and whatever it rounds up to is carried.
        9_950..59_500 => format!("{} s", (ms + 500) / 1000),
        _ => {
            let rounded = |part: u64| ms.saturating_add(part / 2) / part * part;
            let fits = UNITS.iter().find(|(_, unit, _, part)| rounded(*part) >= *unit);
            let (large, unit, small, part) = fits.unwrap_or(&UNITS[2]);
            let (whole, rest) = (rounded(*part) / unit, rounded(*part) % unit / part);
            if rest == 0 { format!("{whole} {large}") } else { format!("{whole} {large} {rest} {small}") }
        }
    }
}

/// A length of time in one unit, for charts and narrow columns: `42 min`, `2.1 h`, `12 d`.
pub fn short_duration(span: Span) -> String {
    let (unit, ms) = unit_of(span);
    if span.ms() < 1000 { duration(span) } else { in_unit(span.ms() as f64 / ms) + " " + unit }
}

/// An estimated length of time in seconds with its interval, all in the unit that fits the estimate:
/// `42.3 min [40.1, 44.8]`.
pub fn duration_estimate(seconds: Option<f64>, interval: Option<Interval>) -> String {
    let Some(seconds) = seconds else { return NOT_REACHED.into() };
    let (text, scaled) = in_one_unit(seconds);
    estimate(&text, interval, scaled)
}

/// A number of seconds in the unit that fits it, and other numbers in the same: `42.3 min`, `40.1`.
pub(crate) fn in_one_unit(seconds: f64) -> (String, impl Fn(f64) -> String) {
    let (unit, ms) = unit_of(Span::from_secs_f64(seconds));
    let scaled = move |seconds: f64| format!("{:.1}", seconds.max(0.0) * 1000.0 / ms);
    (format!("{} {unit}", scaled(seconds)), scaled)
}

/// An estimated number of hours with its interval: `2.1 h [1.9, 2.3]`.
pub fn hours_estimate(hours: Option<f64>, interval: Option<Interval>) -> String {
    let shown = |hours| trimmed(hours, 2);
    hours.map_or_else(|| "unknown".into(), |hours| estimate(&(shown(hours) + " h"), interval, shown))
}

/// A share with one decimal: `83.1 %`, but `100 %` and `0 %` where that is exact. A share that is nearly all or nothing never reads as `100 %` or
/// `0 %`, which would claim more than was found.
pub fn share(value: Option<f64>) -> String {
    value.filter(|v| (v * 100.0).is_finite()).map_or_else(|| "unknown".into(), |value| percent(value) + " %")
}

/// An estimated share with its interval: `83.1 % [81.0, 85.2]`.
pub fn share_estimate(value: Option<f64>, interval: Option<Interval>) -> String {
    value.map_or_else(|| share(None), |_| estimate(&share(value), interval, percent))
}

/// A whole number with its thousands apart: `1,234,567`.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let (first, rest) = digits.split_at((digits.len() - 1) % 3 + 1);
    let groups = rest.as_bytes().chunks(3).map(|group| String::from_utf8_lossy(group));
    std::iter::once(first.into()).chain(groups).collect::<Vec<_>>().join(",")
}

/// So many devices: `1 device`, `1,000 devices`.
pub fn devices(number: u64) -> String {
    format!("{} {}", count(number), if number == 1 { "device" } else { "devices" })
}

/// What was simulated, in a line.
pub(crate) fn simulated(who: &str, measured_days: f64, warmup_days: f64, seed: u64) -> String {
    let [measured, warmup] =
        [measured_days, warmup_days].map(|days| duration(Span::from_secs_f64(days * 86_400.0)));
    format!("{who} · {measured} measured after {warmup} of warm-up · seed {seed}\n")
}

/// The last part of a key, which is how people speak of it.
pub(crate) fn last_part(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}

/// A text that begins a sentence.
pub(crate) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// Words as people list them: "a, b and c".
pub(super) fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// A number with at most this many decimals and no trailing zeros: `2.1`, `2`; never `-0`.
pub fn trimmed(number: f64, decimals: usize) -> String {
    if !number.is_finite() {
        return "unknown".into();
    }
    let text = format!("{number:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".into() } else { text.into() }
}

fn estimate(value: &str, interval: Option<Interval>, part: impl Fn(f64) -> String) -> String {
    match interval {
        None => format!("{value} ({FEW_DEVICES})"),
        // That nothing varied is no reason to claim that nothing could.
        Some(interval) if interval.is_point() => value.into(),
        Some(Interval { low, high }) => format!("{value} [{}, {}]", part(low), part(high)),
    }
}

fn percent(value: f64) -> String {
    match value * 100.0 {
        p if p > 0.0 && p < 0.05 => "< 0.1".into(),
        p if p > 99.95 && p < 100.0 => "> 99.9".into(),
        p if p == 0.0 || p == 100.0 => trimmed(p, 0),
        p => format!("{p:.1}"),
    }
}

/// The unit a length reads best in, and its milliseconds.
pub(crate) fn unit_of(span: Span) -> (&'static str, f64) {
    match span.ms() {
        0..60_000 => ("s", 1000.0),
        60_000..3_600_000 => ("min", 60_000.0),
        3_600_000..172_800_000 => ("h", 3_600_000.0),
        _ => ("d", 86_400_000.0),
    }
}

/// Two digits are enough at a glance: `2.1`, `42`.
fn in_unit(amount: f64) -> String {
    trimmed(amount, usize::from(amount < 9.95))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_read_as_people_say_them() {
        for (ms, long, short) in [
            (0, "0 s", "0 s"),
            (250, "250 ms", "250 ms"),
            (4200, "4.2 s", "4.2 s"),
            (9_999, "10 s", "10 s"),
            (59_499, "59 s", "59 s"),
            (59_999, "1 min", "60 s"),
            (192_000, "3 min 12 s", "3.2 min"),
            (3_599_999, "1 h", "60 min"),
            (7_560_000, "2 h 6 min", "2.1 h"),
            (86_400_000, "1 d", "24 h"),
            (100 * 366 * 86_400_000, "36600 d", "36600 d"),
        ] {
            let span = Span::from_ms(ms);
            assert_eq!((duration(span).as_str(), short_duration(span).as_str()), (long, short));
        }
    }

    #[test]
    fn shares_never_claim_all_or_nothing_wrongly() {
        for (value, text) in [
            (Some(0.831), "83.1 %"),
            (Some(1.0), "100 %"),
            (Some(0.99999), "> 99.9 %"),
            (Some(0.0), "0 %"),
            (Some(-0.0), "0 %"),
            (Some(1e-9), "< 0.1 %"),
            (Some(f64::NAN), "unknown"),
            (None, "unknown"),
        ] {
            assert_eq!(share(value), text);
        }
    }

    #[test]
    fn counts_stand_in_groups_of_three() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(count(number), text);
        }
        assert_eq!(count(u64::MAX), "18,446,744,073,709,551,615");
    }

    #[test]
    fn estimates_carry_their_interval_in_one_unit() {
        let interval = |low, high| Some(Interval { low, high });
        assert_eq!(duration_estimate(Some(2538.0), interval(2406.0, 2688.0)), "42.3 min [40.1, 44.8]");
        assert_eq!(duration_estimate(Some(2538.0), None), "42.3 min (few devices)");
        assert_eq!(duration_estimate(Some(2538.0), interval(2538.0, 2538.0)), "42.3 min");
        assert_eq!(duration_estimate(Some(5.0), interval(-1.0, 11.0)), "5.0 s [0.0, 11.0]");
        assert_eq!(duration_estimate(None, interval(1.0, 2.0)), NOT_REACHED);
        assert_eq!(share_estimate(Some(0.831), interval(0.81, 0.852)), "83.1 % [81.0, 85.2]");
        assert_eq!(share_estimate(None, interval(0.0, 1.0)), "unknown");
    }
}
