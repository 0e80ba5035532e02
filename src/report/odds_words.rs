//! How often chance would say as much, in words.

use super::human::{count, share};
use crate::expectation::{Claim, Comparison, Doubt, ERROR, Found, Known, Odds, Ruling, Verdict};

/// What is rarer than this is not told apart.
const RAREST: f64 = 1e-6;

/// So many of 100.
fn of_100(part: f64) -> String {
    match part * 100.0 {
        number if number > 0.0 && number < 0.5 => "fewer than 1 of 100".into(),
        number => format!("{number:.0} of 100"),
    }
}

/// At most one of so many, as exact as chance deserves.
fn one_of(part: f64) -> String {
    if part < RAREST {
        return "fewer than 1 of a million tests".into();
    }
    let number = (1.0 / part) as u64;
    let step = 10_u64.pow(number.max(1).ilog10());
    format!("at most 1 of {} tests", count(number / step * step))
}

/// What chance has to do with a verdict: the end of a sentence.
pub(super) fn chance(claim: &Claim, ruling: &Ruling) -> String {
    let Ruling { verdict, found, odds, known, .. } = ruling;
    let of_none = match (claim, found) {
        (Claim::Figure { comparison, .. }, Found::Value { value: Some(value), .. }) => {
            let asks_whether = !matches!(comparison, Comparison::AtLeast | Comparison::Less);
            *value == 0.0 && asks_whether
        }
        _ => false,
    };
    let lacks = match found {
        Found::Value { lacks, .. } | Found::Change { lacks, .. } => *lacks,
        Found::Identical | Found::Breaches(_) => None,
    };
    if let (Verdict::Undecided, Some(lacks)) = (verdict, lacks) {
        return format!("; {lacks}");
    }
    match (verdict, odds) {
        (_, Odds::Sure { unseen: None }) if of_none => "; as it is configured it cannot be otherwise".into(),
        (_, Odds::Sure { unseen: None }) => String::new(),
        (_, Odds::Sure { unseen: Some(part) }) => {
            format!("; on more than {} of the devices it would hardly stay unseen", share(Some(*part)))
        }
        (Verdict::Pass, Odds::Chance { pass, .. }) => {
            format!("; were it broken, it would look so good in {}", one_of(*pass))
        }
        (Verdict::Fail, Odds::Chance { fail, .. }) => {
            format!("; were it kept, it would look so bad in {}", one_of(*fail))
        }
        (Verdict::Undecided, _) if *known != Known::Whole => {
            let known = match known {
                Known::AtLeast => "it is only known to be no less",
                Known::AtMost => "it is only known to be no more",
                Known::Whole | Known::Nothing => "how the two compare is not known",
            };
            format!("; nothing was watched for so long, so {known}")
        }
        (_, Odds::Chance { .. }) => "; too near to the bound to tell".into(),
        (_, Odds::Unknown) => match found {
            Found::Value { value: None, .. } => "; the run is too small to tell".into(),
            Found::Value { .. } if of_none => "; that none was seen does not say that there is none".into(),
            _ => "; too few devices carry it to tell".into(),
        },
    }
}

/// How likely a product that does not change is to end undecided, and what would help.
pub(super) fn doubt(product: &str, doubt: Doubt, bound: Option<String>) -> String {
    let helps = [bound, doubt.devices.map(|devices| format!("{} devices", count(rounded_up(devices))))];
    let helps: Vec<String> = helps.into_iter().flatten().collect();
    let helps = match helps.is_empty() {
        true => String::new(),
        false => format!("; with {} it would be {}", helps.join(", or with "), of_100(ERROR)),
    };
    format!("{product} is left undecided in {} tests{helps}", of_100(doubt.chance))
}

/// Two digits.
fn rounded_up(devices: u64) -> u64 {
    let step = 10_u64.pow(devices.max(10).ilog10() - 1);
    devices.div_ceil(step) * step
}

/// The two errors of a suite, of which something was not seen that may be on so large a part of the devices.
pub(super) fn errors(unseen: Option<f64>) -> String {
    let part = unseen.map(|part| share(Some(part)));
    let unseen = part.map_or_else(String::new, |part| {
        format!(", and one that forbids something where more than {part} of the devices do it")
    });
    format!(
        "A suite whose promises are all kept fails in at most {error} tests; a promise that is broken passes in at most \
         {error}{unseen}.",
        error = of_100(ERROR)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odds_are_told_as_exactly_as_they_deserve_and_never_as_rarer() {
        for (part, words) in [
            (1.0, "at most 1 of 1 tests"),
            (0.05, "at most 1 of 20 tests"),
            (0.0499, "at most 1 of 20 tests"),
            (0.0034, "at most 1 of 200 tests"),
            (2e-6, "at most 1 of 500,000 tests"),
            (0.0, "fewer than 1 of a million tests"),
        ] {
            assert_eq!(one_of(part), words);
        }
        assert_eq!(of_100(0.001), "fewer than 1 of 100");
        assert_eq!((rounded_up(691), rounded_up(7), rounded_up(12_345)), (700, 7, 13_000));
    }
}
