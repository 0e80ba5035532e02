//! What a number of devices says of an assertion: what was found, and how often chance alone would find as much.
//! What follows from it over all looks and promises stands in [`super::chance`].

use super::Assertion;
use super::baseline::{Baseline, rounded};
use super::edge::Edge;
use super::evidence::{Estimated, Weighed, unseen};
use super::foresight::Ahead;
use super::impossible::is_impossible;
use super::known::Known;
use super::law::Breaches;
use super::parse::{Claim, Comparison, Limit};
use super::quantity::Quantity;
use crate::analysis::jackknife::{Interval, Spread};
use crate::figure::{Figure, Moment, Sample, Unit};
use crate::scenario::Scenario;
use crate::time::Span;
use strum::{VariantArray, VariantNames};

crate::named!(Verdict);

/// What becomes of an assertion.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, VariantArray, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum Verdict {
    /// It holds.
    Pass,
    /// The run cannot tell.
    Undecided,
    /// It does not hold.
    Fail,
}

/// What was found.
#[derive(Clone, Debug)]
pub enum Found {
    /// A quantity.
    Value {
        /// Its value, unknown where the run cannot tell; a count is that of the scenario's own devices.
        value: Option<f64>,
        /// Its interval of 95 %.
        interval: Option<Interval>,
        /// The bound.
        bound: f64,
        /// How many times the scenario's devices were looked at.
        grown: f64,
        /// What there is none of, where it is unknown for want of anything to measure.
        lacks: Option<&'static str>,
    },
    /// A change from the baseline, or a difference from an arm.
    Change {
        /// The value now.
        now: Option<f64>,
        /// The value before, or that of the arm.
        before: Option<f64>,
        /// The interval of the change, in the quantity's unit.
        interval: Option<Interval>,
        /// The greatest or least change allowed, in the quantity's unit.
        bound: Option<f64>,
        /// What there is none of, where one of the two is unknown for want of anything to measure.
        lacks: Option<&'static str>,
    },
    /// The fingerprint is that of the baseline: nothing changed at all.
    Identical,
    /// What broke a law.
    Breaches(Breaches),
}

/// What a look says.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Says {
    /// This, whatever other seeds would say; but what was not seen may be on so large a part of the devices.
    Surely {
        /// What.
        verdict: Verdict,
        /// That part; none where it is impossible, or was seen.
        unseen: Option<f64>,
    },
    /// How often chance alone would find as much.
    Odds {
        /// Of one that is broken, however little: that it looks so good.
        pass: f64,
        /// Of one that is kept, however closely: that it looks so bad.
        fail: f64,
    },
    /// Nothing.
    Nothing,
}

/// What was seen of an assertion on so many devices.
#[derive(Clone, Debug)]
pub struct Seen {
    /// What was found.
    pub found: Found,
    /// What it says.
    pub says: Says,
    /// What the next test depends on.
    pub ahead: Option<Ahead>,
    /// How much of it was there to be seen.
    pub known: Known,
}

impl Seen {
    /// What was found where nothing of it was hidden.
    pub(super) fn wholly(found: Found, says: Says, ahead: Option<Ahead>) -> Seen {
        Seen { found, says, ahead, known: Known::Whole }
    }

    /// What is left where only so much of it was there to be seen.
    fn limited_to(self, known: Known, comparison: Comparison) -> Seen {
        let says = known.limits(comparison, self.says);
        // By how much a bound would have to be moved, only what is wholly known tells.
        let ahead = self.ahead.filter(|_| known == Known::Whole);
        Seen { says, ahead, known, ..self }
    }
}

/// What a figure is compared with.
#[derive(Clone, Copy, Debug)]
pub enum Against<'a> {
    /// The figures of an earlier run, and whether its prints are those of this one.
    Baseline(&'a Baseline, bool),
    /// What an arm was on the same devices, or what the baseline's settings come to today.
    Arm(&'a Sample),
}

impl Against<'_> {
    fn value(self, figure: Figure, sample: &Sample) -> Option<f64> {
        match self {
            Against::Baseline(baseline, _) => baseline.value(figure, None, sample),
            Against::Arm(other) => other.value(figure).map(rounded),
        }
    }

    /// The interval of: the figure of the sample, less `factor` times what it is compared with and `offset`.
    fn difference(self, figure: Figure, sample: &Sample, factor: f64, offset: f64) -> Option<Interval> {
        match self {
            Against::Baseline(baseline, _) => baseline.difference(figure, sample, factor, offset),
            Against::Arm(other) => sample.difference(figure, other, factor, offset),
        }
    }

    /// How it varies.
    fn spread(self, figure: Figure, sample: &Sample, factor: f64, offset: f64) -> Option<Spread> {
        match self {
            Against::Baseline(baseline, _) => baseline.spread(figure, sample, factor, offset),
            Against::Arm(other) => sample.spread_of_difference(figure, other, factor, offset),
        }
    }

    /// How much is known of it: of a record, which is of as long a span, as much as of the sample.
    fn known(self, figure: Figure, sample: &Sample) -> Known {
        Known::of(figure, if let Against::Arm(other) = self { other } else { sample })
    }

    /// How many devices carry a figure in the one that has more; a baseline does not say.
    fn carried_by(self, figure: Figure, sample: &Sample) -> u64 {
        match self {
            Against::Baseline(..) => sample.all_devices(),
            Against::Arm(other) => sample
                .apart_from(figure, other)
                .unwrap_or_else(|| other.carried_by(figure).max(sample.carried_by(figure))),
        }
    }
}

/// On what an assertion is decided.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    /// The devices.
    pub sample: &'a Sample,
    /// How many times the scenario's own there are: counts are promised of those.
    pub grown: f64,
    /// What broke the law.
    pub breaches: Option<Breaches>,
    /// With what it is compared.
    pub against: Option<Against<'a>>,
    /// Whether the settings are others than those of the baseline: a change that they made is there again next time.
    pub settings_differ: bool,
    /// The scenario, where it is asked what cannot happen as it is configured.
    pub scenario: Option<&'a Scenario>,
}

impl<'a> Look<'a> {
    /// At the scenario's own devices, by themselves, and with all being possible.
    pub fn at(sample: &'a Sample) -> Look<'a> {
        Look { sample, grown: 1.0, breaches: None, against: None, settings_differ: false, scenario: None }
    }
}

/// What a look says of an assertion.
pub fn decide(assertion: &Assertion, look: &Look<'_>) -> Seen {
    match (&assertion.claim, look.against) {
        (Claim::Never(_), _) => {
            let breaches = look.breaches.unwrap_or_default();
            let says = match breaches.count {
                0 => Says::Surely { verdict: Verdict::Pass, unseen: unseen(look.sample.all_devices()) },
                _ => Says::Surely { verdict: Verdict::Fail, unseen: None },
            };
            Seen::wholly(Found::Breaches(breaches), says, None)
        }
        (Claim::Figure { quantity, comparison, limit: Limit::Is(bound) }, _) => {
            value(*quantity, *comparison, *bound, look)
        }
        (Claim::Figure { quantity, comparison, limit: Limit::Part(part) }, Some(against)) => change(
            quantity.figure(),
            *comparison,
            Line { factor: 1.0 + part, offset: 0.0, is_part: true },
            look,
            against,
        ),
        (Claim::Figure { quantity, comparison, limit: Limit::Plus(offset) }, Some(against)) => {
            let scale = if quantity.unit() == Unit::Count { look.grown } else { 1.0 };
            change(
                quantity.figure(),
                *comparison,
                Line { factor: 1.0, offset: offset * scale, is_part: false },
                look,
                against,
            )
        }
        (Claim::Figure { .. }, None) => {
            let found = Found::Change { now: None, before: None, interval: None, bound: None, lacks: None };
            Seen::wholly(found, Says::Nothing, None)
        }
    }
}

fn value(quantity: Quantity, comparison: Comparison, bound: f64, look: &Look<'_>) -> Seen {
    let Look { sample, grown, .. } = *look;
    let figure = quantity.figure();
    let scale = if quantity.unit() == Unit::Count { grown } else { 1.0 };
    let value = quantity.value(sample);
    let interval = quantity.interval(sample);
    let lacks = sample.lacks(figure).filter(|_| value.is_none());
    let found = Found::Value {
        value: value.map(|value| value / scale),
        interval: interval.map(|ends| Interval { low: ends.low / scale, high: ends.high / scale }),
        bound,
        grown: scale,
        lacks,
    };
    let devices = sample.all_devices();
    let is_impossible = || look.scenario.is_some_and(|scenario| is_impossible(figure, scenario));
    let surely = |verdict| Says::Surely { verdict, unseen: None };
    let not_seen =
        |verdict| Says::Surely { verdict, unseen: (!is_impossible()).then(|| unseen(devices)).flatten() };
    let carriers = sample.carried_by(figure);
    let edge = Edge::of(quantity, comparison, bound);
    let known = Known::of(figure, sample);
    let says = match (edge, value) {
        (Edge::Always, _) => return Seen::wholly(found, surely(Verdict::Pass), None),
        (Edge::Never, _) => return Seen::wholly(found, surely(Verdict::Fail), None),
        (_, None) | (Edge::Estimate, _) => {
            let (weighed, known) = estimate(quantity, comparison, bound * scale, sample);
            let weighed = weighed.filter(|_| !(carriers == 0 && value == Some(0.0) && is_impossible()));
            let Some(Weighed { says, ahead }) = weighed else {
                let says = match value {
                    Some(value) if is_impossible() => {
                        surely(if comparison.holds(value, bound) { Verdict::Pass } else { Verdict::Fail })
                    }
                    // More devices would bring none either.
                    None if lacks.is_some() && is_impossible() => surely(Verdict::Undecided),
                    _ => Says::Nothing,
                };
                return Seen { known, ..Seen::wholly(found, says, None) };
            };
            let ahead = ahead.map(|ahead| ahead.per(scale));
            return Seen { known, ..Seen::wholly(found, says, ahead) };
        }
        (Edge::Absent(at), Some(value)) if value == at => not_seen(Verdict::Pass),
        (Edge::Absent(_), Some(_)) => surely(Verdict::Fail),
        (Edge::Present(at), Some(value)) if value != at => surely(Verdict::Pass),
        (Edge::Present(_), Some(_)) if is_impossible() => surely(Verdict::Fail),
        (Edge::Present(_), Some(_)) => Says::Nothing,
    };
    let ahead = match edge {
        // Of a complement it is not known on how many devices it was seen.
        Edge::Present(0.0) => Some(Ahead::Seen(carriers)),
        _ => None,
    };
    Seen::wholly(found, says, ahead).limited_to(known, comparison)
}

/// A quantity against its bound, as far as it is known. A percentile that is not reached, or not without every group, has no error; but that
/// it lies below a bound says the same as that more than such a share is told within the bound, which always has one.
fn estimate(
    quantity: Quantity,
    comparison: Comparison,
    bound: f64,
    sample: &Sample,
) -> (Option<Weighed>, Known) {
    let weighed = |quantity: Quantity, comparison, bound| {
        let known = Known::of(quantity.figure(), sample);
        let estimated = Estimated {
            value: quantity.value(sample)?,
            spread: quantity.spread(sample)?,
            devices: sample.all_devices(),
            carriers: sample.carried_by(quantity.figure()),
        };
        let Weighed { says, ahead } = estimated.weigh(quantity, comparison, bound)?;
        let ahead = ahead.filter(|_| known == Known::Whole);
        Some(Weighed { says: known.limits(comparison, says), ahead })
    };
    let own = weighed(quantity, comparison, bound);
    match (own, quantity) {
        (None, Quantity::Figure(Figure::Latency(Moment::Percentile(part)))) => {
            let told = Figure::ToldWithin(Span::from_secs_f64(bound));
            let comparison = match comparison {
                Comparison::Less | Comparison::AtMost => Comparison::AtLeast,
                _ => Comparison::Less,
            };
            let known = Known::of(told, sample);
            // By how much the bound of a time would have to be moved, a share does not tell.
            let weighed = weighed(Quantity::Figure(told), comparison, part.share());
            (weighed.map(|Weighed { says, .. }| Weighed { says, ahead: None }), known)
        }
        _ => (own, Known::of(quantity.figure(), sample)),
    }
}

/// A figure against so many times what it is compared with, and so much more.
#[derive(Clone, Copy)]
struct Line {
    factor: f64,
    offset: f64,
    /// Whether it was written as a part of that.
    is_part: bool,
}

fn change(
    figure: Figure,
    comparison: Comparison,
    line: Line,
    look: &Look<'_>,
    compared: Against<'_>,
) -> Seen {
    let (sample, Line { factor, offset, is_part }) = (look.sample, line);
    let now = sample.value(figure).map(rounded);
    let before = compared.value(figure, sample);
    let bound = before.map(|before| before * (factor - 1.0) + offset);
    let ahead = ahead(figure, comparison, line, look, compared).zip(bound);
    // Told as it was written: in per cent of what there was, or in the quantity's own unit.
    let written = |ahead: Ahead, bound: f64| match before.filter(|before| is_part && *before > 0.0) {
        Some(before) => ahead.around(bound).per(before),
        None => ahead.around(bound),
    };
    let ahead = ahead.map(|(ahead, bound)| written(ahead, bound));
    if let Against::Baseline(_, true) = compared {
        let says = Says::Surely { verdict: Verdict::Pass, unseen: None };
        return Seen::wholly(Found::Identical, says, ahead);
    }
    let estimated = || {
        Some(Estimated {
            value: now? - factor * before? - offset,
            spread: compared.spread(figure, sample, factor, offset)?,
            devices: sample.all_devices(),
            carriers: compared.carried_by(figure, sample),
        })
    };
    // Where neither has any none was seen, which does not say that there is no difference.
    let none_was_seen = now == Some(0.0) && before == Some(0.0);
    let is_refuted = |says: Says| matches!(says, Says::Surely { verdict: Verdict::Fail, .. });
    let weighed = estimated()
        .and_then(|known| known.weigh_difference(comparison))
        .filter(|weighed| !(none_was_seen && is_refuted(weighed.says)));
    let lacks = match (now, before, compared) {
        (None, ..) => sample.lacks(figure),
        (_, None, Against::Arm(other)) => other.lacks(figure),
        _ => None,
    };
    let interval = compared.difference(figure, sample, 1.0, 0.0);
    let found = Found::Change { now, before, interval, bound, lacks };
    let seen = match weighed {
        Some(Weighed { says, ahead: own }) => {
            // Of a baseline the record's own error stays, however many devices there are.
            let own = own.zip(bound).map(|(own, bound)| written(own, bound));
            Seen::wholly(found, says, if let Against::Arm(_) = compared { own } else { ahead })
        }
        None => Seen::wholly(found, Says::Nothing, ahead),
    };
    seen.limited_to(Known::of(figure, sample).less(compared.known(figure, sample)), comparison)
}

/// What a product that does not change depends on whose chance is another than that of its record. It comes to what it
/// came to there, and with other settings to what it comes to now.
fn ahead(
    figure: Figure,
    comparison: Comparison,
    Line { factor, offset, .. }: Line,
    look: &Look<'_>,
    compared: Against<'_>,
) -> Option<Ahead> {
    let Against::Baseline(baseline, _) = compared else { return None };
    let sample = look.sample;
    let before = baseline.value(figure, None, sample)?;
    let next = if look.settings_differ { sample.value(figure)? } else { before };
    let [now, then] = baseline.spreads(figure, sample)?;
    let estimated = Estimated {
        value: next - factor * before - offset,
        spread: now.limited_by(then),
        devices: sample.all_devices(),
        carriers: sample.all_devices(),
    };
    Some(estimated.ahead(comparison, factor * factor * then.variance, 0.0))
}
