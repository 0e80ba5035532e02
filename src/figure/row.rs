//! What is known of a figure without any run: its row, and what may stand in it.

use super::catalogue::Figure;

/// What is known of a figure without any run.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Row {
    /// Its path in `summary.json`; the argument stands for `{}`, here and below.
    pub path: &'static str,
    /// Its short name.
    pub short: &'static str,
    /// What people call it.
    pub words: &'static str,
    /// What it is measured in.
    pub unit: Unit,
    /// Which way is better, whatever else changes; none where that depends.
    pub better: Option<Direction>,
    /// How much is made of it.
    pub standing: Standing,
    /// Its place among the prices, where it is what more mail sooner is paid with.
    pub price: Option<u8>,
    /// What it is a part of, and how that is called.
    pub whole: Option<(Figure, &'static str)>,
    /// How it is worked out.
    pub made: Made,
    /// Without what it stands nowhere.
    pub needs: Option<Needs>,
}

/// How a figure is worked out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Made {
    /// From the sum of some counts: as it is, a day, or a device, as its unit says.
    Sum,
    /// From a sum, for each of these on average.
    Mean(Each),
    /// From an estimate of how much has come about how soon, which reckons with what was not watched to its end.
    Estimate(Curve),
}

/// Of what a mean is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Each {
    /// Mail inside working hours that was told.
    ToldMail,
    /// Mail inside working hours that was not.
    UntoldMail,
    /// Devices that were given back.
    RetiredDevice,
}

impl Each {
    /// What is said where there is none.
    pub(super) const fn lack(self) -> &'static str {
        match self {
            Each::ToldMail => "no mail was told",
            Each::UntoldMail => "no mail was left untold",
            Each::RetiredDevice => "no phone was given back",
        }
    }
}

/// Of what there is an estimate over time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Curve {
    /// Mail inside working hours that is told.
    Told,
    /// That of which its user learns, be it only that something came.
    Signalled,
    /// Content that follows where users first learnt that something came.
    Detailed,
    /// Changes that were published and have their effect.
    Adopted,
}

impl Curve {
    /// What is said where there is nothing to estimate.
    pub(super) const fn lack(self) -> &'static str {
        match self {
            Curve::Told | Curve::Signalled => "no mail arrived",
            Curve::Detailed => "no mail was signalled before it was told",
            Curve::Adopted => "nothing was published",
        }
    }
}

/// Without what a figure tells nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Needs {
    /// Something that is pushed.
    Push,
    /// Events on a date.
    Dates,
}

/// What a figure is measured in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unit {
    /// A part of a whole.
    Share,
    /// Seconds.
    Seconds,
    /// Hours a day.
    HoursPerDay,
    /// So much of this unit a day.
    PerDay(&'static str),
    /// A plain count, which a run knows exactly.
    Count,
}

impl Unit {
    /// What no figure exceeds: all of a whole, all of a day.
    pub const fn most(self) -> f64 {
        match self {
            Unit::Share => 1.0,
            Unit::HoursPerDay => 24.0,
            Unit::Seconds | Unit::PerDay(_) | Unit::Count => f64::MAX,
        }
    }

    /// Between what a figure of this unit can lie, less `factor` times another and `offset`.
    pub fn apart(self, factor: f64, offset: f64) -> [f64; 2] {
        let most = self.most();
        let then = [offset, factor * most + offset];
        [-then[0].max(then[1]), most - then[0].min(then[1])]
    }

    /// As it is written behind a number.
    pub const fn name(self) -> &'static str {
        match self {
            Unit::Share => "share",
            Unit::Seconds => "s",
            Unit::HoursPerDay => "h/day",
            Unit::PerDay(unit) => unit,
            Unit::Count => "count",
        }
    }

    /// A day's unit as it stands on an axis: `mAh a day`.
    pub fn a_day(self) -> Option<String> {
        match self {
            Unit::HoursPerDay => Some("hours a day".into()),
            Unit::PerDay(unit) => Some(unit.replace('/', " a ")),
            Unit::Share | Unit::Seconds | Unit::Count => None,
        }
    }
}

/// Which way a figure is better.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Direction {
    /// More is better.
    More,
    /// Less is better.
    Less,
}

/// How much is made of a figure.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Standing {
    /// It stands in `summary.json`.
    Detail,
    /// It has an interval, and comparisons, sweeps and baselines keep it.
    Headline,
    /// It is one of the few by which a policy is judged.
    Judged,
}

/// What stands in the brackets of a short name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Blank {
    /// What stands for it in lists: `TIME`.
    pub name: &'static str,
    /// What may be written, where that is more than what is listed.
    pub wanted: Option<&'static str>,
}

/// The beginning of a row: a count with its path, its short name and its words.
pub(super) const fn detail(path: &'static str, short: &'static str, words: &'static str) -> Row {
    let (unit, standing, made) = (Unit::Count, Standing::Detail, Made::Sum);
    Row { path, short, words, unit, better: None, standing, price: None, whole: None, made, needs: None }
}

/// The same of a figure that has an interval.
pub(super) const fn headline(path: &'static str, short: &'static str, words: &'static str) -> Row {
    Row { standing: Standing::Headline, ..detail(path, short, words) }
}

impl Row {
    pub(super) const fn measured_in(self, unit: Unit) -> Row {
        Row { unit, ..self }
    }

    pub(super) const fn mean_of(self, each: Each) -> Row {
        Row { made: Made::Mean(each), unit: Unit::Seconds, ..self }
    }

    pub(super) const fn estimated(self, curve: Curve) -> Row {
        Row { made: Made::Estimate(curve), ..self }
    }

    pub(super) const fn needs(self, needs: Needs) -> Row {
        Row { needs: Some(needs), ..self }
    }

    pub(super) const fn more_is_better(self) -> Row {
        Row { better: Some(Direction::More), ..self }
    }

    pub(super) const fn less_is_better(self) -> Row {
        Row { better: Some(Direction::Less), ..self }
    }

    pub(super) const fn judged(self) -> Row {
        Row { standing: Standing::Judged, ..self }
    }

    pub(super) const fn price(self, place: u8) -> Row {
        Row { price: Some(place), ..self }
    }

    pub(super) const fn part_of(self, whole: Figure, words: &'static str) -> Row {
        Row { whole: Some((whole, words)), ..self }
    }

    /// More of a row, where that holds of the argument.
    pub(super) fn and_if(self, holds: bool, more: fn(Row) -> Row) -> Row {
        if holds { more(self) } else { self }
    }
}
