//! From the text of an assertion to what it means: `quantity comparison bound`, or
//! `never(event while condition)`.

use super::law::{CONDITIONS, EVENTS, Law};
use super::quantity::Quantity;
use crate::figure::{Figure, NoFigure, Unit};
use crate::scenario::{Versus, nearest};
use crate::time::Span;
use std::ops::Range;

/// What an assertion means.
#[derive(Clone, PartialEq, Debug)]
pub enum Claim {
    /// A quantity keeps a bound.
    Figure {
        /// Of what it speaks.
        quantity: Quantity,
        /// On which side of the bound it must lie.
        comparison: Comparison,
        /// The bound.
        limit: Limit,
    },
    /// Something never happens.
    Never(Law),
}

/// On which side of the bound a quantity must lie.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum Comparison {
    Less,
    AtMost,
    More,
    AtLeast,
    Equal,
    Unequal,
}

impl Comparison {
    /// Every comparison as it is written, longer ones first.
    const ALL: [(&'static str, Comparison); 6] = [
        ("<=", Comparison::AtMost),
        (">=", Comparison::AtLeast),
        ("==", Comparison::Equal),
        ("!=", Comparison::Unequal),
        ("<", Comparison::Less),
        (">", Comparison::More),
    ];

    /// Whether a number lies on the right side.
    pub fn holds(self, number: f64, bound: f64) -> bool {
        match self {
            Comparison::Less => number < bound,
            Comparison::AtMost => number <= bound,
            Comparison::More => number > bound,
            Comparison::AtLeast => number >= bound,
            Comparison::Equal => number == bound,
            Comparison::Unequal => number != bound,
        }
    }

    /// Whether a larger bound is easier to keep.
    pub(super) fn larger_is_easier(self) -> bool {
        matches!(self, Comparison::Less | Comparison::AtMost)
    }

    /// As it is written.
    pub fn sign(self) -> &'static str {
        Comparison::ALL.into_iter().find(|(_, comparison)| *comparison == self).map_or("", |(sign, _)| sign)
    }

    /// The same in words, before a bound.
    pub const fn words(self) -> &'static str {
        match self {
            Comparison::Less => "less than",
            Comparison::AtMost => "at most",
            Comparison::More => "more than",
            Comparison::AtLeast => "at least",
            Comparison::Equal => "exactly",
            Comparison::Unequal => "anything but",
        }
    }
}

/// The bound of a quantity, in its own unit.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Limit {
    /// A number.
    Is(f64),
    /// The value of the baseline or of the arm, and so much of it: 0.05 for `+5 %`.
    Part(f64),
    /// That value and so much more.
    Plus(f64),
}

/// What is not understood, and where in the text.
pub(super) struct Fault {
    pub(super) message: String,
    pub(super) part: Range<usize>,
    pub(super) help: Option<String>,
}

/// Reads texts that are parts of one whole.
struct Reader<'a> {
    whole: &'a str,
    versus: Option<&'a Versus>,
}

pub(super) fn parse(whole: &str, versus: Option<&Versus>, of_some: bool) -> Result<Claim, Fault> {
    let reader = Reader { whole, versus };
    if let Some(law) = whole.trim().strip_prefix("never(") {
        return reader.never(law);
    }
    if versus == Some(&Versus::Baseline) && of_some {
        let help = "take `where` out: a baseline keeps the figures of the whole fleet".to_string();
        return reader.fault(whole, "a comparison with the baseline cannot have a `where`", Some(help));
    }
    let example = "write for example `told_within(15m) >= 80 %` or `never(new_mail while locked)`";
    let Some(at) = whole.find(['<', '>', '=', '!']) else {
        return reader.fault(whole.trim(), "an assertion needs a comparison", Some(example.into()));
    };
    let (left, right) = whole.split_at(at);
    let Some((sign, comparison)) = Comparison::ALL.iter().find(|(sign, _)| right.starts_with(sign)) else {
        let help = "compare with <, <=, >, >=, == or !=".to_string();
        return reader.fault(&right[..1], format!("`{}` is not a comparison", &right[..1]), Some(help));
    };
    let figure = reader.figure(left.trim())?;
    let (quantity, limit) = reader.limit(figure, !left.contains('('), right[sign.len()..].trim())?;
    let exact = quantity.unit() == Unit::Count && versus.is_none();
    if !exact && matches!(comparison, Comparison::Equal | Comparison::Unequal) {
        let help = "use <, <=, > or >=; only counts can be compared with == and !=".to_string();
        let message = format!("`{}` is an estimate, which no run knows exactly", left.trim());
        return reader.fault(&right[..sign.len()], message, Some(help));
    }
    Ok(Claim::Figure { quantity, comparison: *comparison, limit })
}

/// A length of time, as scenarios write it or as reports do: `10m` or `10 min`.
fn seconds(text: &str) -> Option<f64> {
    text.replace("min", "m").parse::<Span>().ok().map(Span::secs_f64)
}

impl<'a> Reader<'a> {
    /// Something wrong with a part of the whole.
    fn fault<T>(&self, part: &str, message: impl Into<String>, help: Option<String>) -> Result<T, Fault> {
        let start = (part.as_ptr() as usize).saturating_sub(self.whole.as_ptr() as usize);
        Err(Fault { message: message.into(), part: start..start + part.len(), help })
    }

    /// A word that is not among those known.
    fn unknown<T>(&self, what: &str, word: &str, known: &[&str]) -> Result<T, Fault> {
        let help = nearest(word, known.iter().copied())
            .map_or_else(|| format!("write {}", known.join(", ")), |name| format!("did you mean `{name}`?"));
        self.fault(word, format!("there is no {what} `{word}`"), Some(help))
    }

    fn never(&self, law: &'a str) -> Result<Claim, Fault> {
        let inner = law.trim_end().strip_suffix(')').and_then(|law| law.split_once(" while "));
        let Some((event, condition)) = inner else {
            let help = "write for example `never(new_mail while before_first_unlock)`".to_string();
            return self.fault(self.whole.trim(), "a law needs an event and a condition", Some(help));
        };
        let (event, condition) = (event.trim(), condition.trim());
        let events: Vec<&str> = EVENTS.iter().map(|event| event.name).collect();
        let conditions: Vec<&str> = CONDITIONS.iter().map(|condition| condition.name).collect();
        let Some(event_at) = events.iter().position(|name| *name == event) else {
            return self.unknown("event", event, &events);
        };
        let Some(condition_at) = conditions.iter().position(|name| *name == condition) else {
            return self.unknown("condition", condition, &conditions);
        };
        Ok(Claim::Never(Law { event: event_at, condition: condition_at }))
    }

    fn figure(&self, text: &'a str) -> Result<Figure, Fault> {
        if text.is_empty() {
            return self.fault(self.whole, "an assertion begins with a figure", None);
        }
        text.parse().or_else(|NoFigure { message, part, help }| self.fault(&text[part], message, Some(help)))
    }

    /// The bound; a bound in per cent makes a share of a count.
    fn limit(&self, figure: Figure, by_path: bool, text: &'a str) -> Result<(Quantity, Limit), Fault> {
        let quantity = Quantity::Figure(figure);
        if text.is_empty() {
            return self.fault(self.whole.trim(), "an assertion ends with a bound", None);
        }
        if let Some(versus) = self.versus {
            return self.change(figure, text, versus);
        }
        let number = text.parse::<f64>().ok().filter(|number| number.is_finite() && *number >= 0.0);
        let percent = text.strip_suffix('%').map(str::trim).and_then(|part| part.parse::<f64>().ok());
        let share = percent.map(|percent| percent / 100.0).or(number).filter(|n| (0.0..=1.0).contains(n));
        let span = || seconds(text);
        let unit = figure.unit();
        if unit == Unit::Count && percent.is_some() {
            let Some((whole, _)) = figure.facts().whole else {
                let message = format!("`{figure}` is a count and part of nothing");
                return self.fault(text, message, Some("give the bound as a plain number".into()));
            };
            return match share {
                Some(share) => Ok((Quantity::Share { part: figure, whole }, Limit::Is(share))),
                None => self.fault(text, format!("`{text}` is not a share from 0 % to 100 %"), None),
            };
        }
        let (limit, wanted) = match unit {
            Unit::Share => (share, "a share, such as 80 % or 0.8".into()),
            Unit::Seconds => {
                (span().or(number.filter(|_| by_path)), "a length of time, such as 2h or 90s".into())
            }
            Unit::HoursPerDay => {
                (number.or_else(|| span().map(|s| s / 3600.0)), "hours a day, such as 2".into())
            }
            Unit::PerDay(unit) => (number, format!("a number of {unit}, such as 12")),
            Unit::Count => (number, "a count, such as 0, or a share, such as 1 %".into()),
        };
        match limit {
            Some(limit) => Ok((quantity, Limit::Is(limit))),
            None => self.fault(text, format!("`{text}` is no bound here"), Some(format!("write {wanted}"))),
        }
    }

    /// A change from the baseline, or a difference from an arm.
    fn change(&self, figure: Figure, text: &'a str, versus: &Versus) -> Result<(Quantity, Limit), Fault> {
        let sizes = match figure.unit() {
            Unit::Share => "+5 %, +20 points or -10 %",
            Unit::Seconds => "+5 %, -10 min or +0 %",
            _ => "+5 %, +0 % or -10 %",
        };
        let help = Some(format!("write the change with its sign, such as {sizes}"));
        let no_change = match versus {
            Versus::Baseline => format!("`{text}` is not a change from the baseline"),
            Versus::Arm(arm) => format!("`{text}` is not a difference from `{}`", arm.name),
        };
        // Tables print the typographic minus, and people paste it.
        let (sign, size) = match (text.strip_prefix('+'), text.strip_prefix(['-', '−'])) {
            (Some(size), _) => (1.0, size.trim()),
            (_, Some(size)) => (-1.0, size.trim()),
            _ => return self.fault(text, no_change, help),
        };
        let before = |end: &str| size.strip_suffix(end).and_then(|part| part.trim().parse::<f64>().ok());
        let span = || seconds(size);
        let limit = match (before("%"), figure.unit()) {
            (Some(percent), _) => Some(Limit::Part(sign * percent / 100.0)),
            (None, Unit::Share) => before("points").map(|points| Limit::Plus(sign * points / 100.0)),
            (None, Unit::Seconds) => span().map(|seconds| Limit::Plus(sign * seconds)),
            (None, _) => before("").map(|number| Limit::Plus(sign * number)),
        };
        let finite = |limit: &Limit| match *limit {
            Limit::Is(number) | Limit::Part(number) | Limit::Plus(number) => number.is_finite(),
        };
        if *versus == Versus::Baseline && !figure.is_kept() {
            let kept = figure.is_headline().then(|| {
                let names: Vec<String> = figure.family().into_iter().map(Figure::short).collect();
                format!("a baseline keeps {}", names.join(", "))
            });
            return self.fault(self.whole, format!("a baseline does not keep `{figure}`"), kept);
        }
        match limit.filter(finite) {
            Some(limit) => Ok((Quantity::Figure(figure), limit)),
            None => self.fault(text, no_change, help),
        }
    }
}
