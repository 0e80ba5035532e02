//! What an assertion can speak of: any figure of `summary.json`, by its path or by a short name.

use crate::record::{Figure, Figures};
use crate::time::Span;

/// A short name for figures: `latency(p95)` stands for `mail.latency_s.p95`.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    /// How it is written.
    pub name: &'static str,
    /// What precedes the argument in the path; the first that fits is meant.
    pub homes: &'static [&'static str],
    /// What follows it.
    pub tail: &'static str,
}

const fn function(name: &'static str, homes: &'static [&'static str], tail: &'static str) -> Function {
    Function { name, homes, tail }
}

/// Every short name. `told_within` takes any length of time; the others take what stands in the file.
pub const FUNCTIONS: &[Function] = &[
    function("told_within", &["mail.told_within."], ""),
    function("latency", &["mail.latency_s."], ""),
    function("delay", &["mail.delay_causes_s."], ""),
    function("outcomes", &["mail.outcomes."], ""),
    function("checks", &["checks.by_result.", "checks.by_trigger.", "checks."], ""),
    function("key_failures", &["key_failures.by_reason.", "key_failures."], ""),
    function("notifications", &["notifications."], ""),
    function("terminations", &["process.terminations."], ""),
    function("exposure", &["exposure."], "_h_per_day"),
    function("energy", &["energy."], "_mah_per_day"),
];

impl Function {
    /// The arguments it takes, each with the path that is meant.
    pub fn arguments<'a>(&self, figures: &'a Figures) -> Vec<(&'a str, &'a str)> {
        let (homes, tail) = (self.homes, self.tail);
        let in_home = |home: &'static str| {
            let paths = figures.values.iter().map(|(path, _)| path.as_str());
            paths.filter_map(move |path| {
                let argument = path.strip_prefix(home)?.strip_suffix(tail)?;
                (!argument.contains('.')).then_some((argument, path))
            })
        };
        homes.iter().flat_map(|home| in_home(home)).collect()
    }
}

/// What counts are a part of, where a bound in per cent asks for a share.
const WHOLES: [(&str, &str); 3] =
    [("mail.outcomes.", "mail.arrived"), ("checks.", "checks.total"), ("key_failures.", "checks.total")];

/// What an assertion speaks of.
#[derive(Clone, PartialEq, Debug)]
pub enum Quantity {
    /// A figure by its path.
    Figure(String),
    /// The share of mail told within a time that need not stand in the file.
    ToldWithin(Span),
    /// One count as a part of another.
    Share {
        /// The path of the part.
        part: String,
        /// The path of the whole.
        whole: &'static str,
    },
}

/// What a quantity is measured in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unit {
    /// A part of a whole.
    Share,
    /// Seconds.
    Seconds,
    /// Hours a day.
    HoursPerDay,
    /// Charge a day.
    MahPerDay,
    /// A plain count.
    Count,
}

impl Quantity {
    /// The share of what a count is a part of, where it is a part of anything.
    pub fn share_of(path: &str) -> Option<Quantity> {
        let (_, whole) = WHOLES.iter().find(|(prefix, _)| path.starts_with(prefix))?;
        Some(Quantity::Share { part: path.into(), whole })
    }

    /// The path under which it stands in `summary.json`, or would.
    pub fn path(&self) -> String {
        match self {
            Quantity::Figure(path) => path.clone(),
            Quantity::ToldWithin(span) => format!("mail.told_within.{}", span.to_string().replace(' ', "")),
            Quantity::Share { part, .. } => part.clone(),
        }
    }

    /// What it is measured in.
    pub fn unit(&self) -> Unit {
        match self {
            Quantity::ToldWithin(_) | Quantity::Share { .. } => Unit::Share,
            Quantity::Figure(path) => match path.as_str() {
                path if path.starts_with("mail.told_within.") => Unit::Share,
                path if path.contains("_s.") => Unit::Seconds,
                path if path.ends_with("_h_per_day") => Unit::HoursPerDay,
                path if path.ends_with("_mah_per_day") => Unit::MahPerDay,
                _ => Unit::Count,
            },
        }
    }

    /// Its value in some figures; a count is scaled by `scale` from some devices to all.
    pub fn value(&self, figures: &Figures, scale: f64) -> Option<f64> {
        let count = |path: &str| figures.get(path).and_then(|figure| figure.value(1.0));
        match self {
            Quantity::Figure(path) => figures.get(path)?.value(scale),
            Quantity::ToldWithin(span) => figures.curve.told_within(*span),
            Quantity::Share { part, whole } => {
                let whole = count(whole).filter(|whole| *whole > 0.0)?;
                Some(count(part)? / whole)
            }
        }
    }

    /// Whether it is a plain count, which a run knows exactly.
    pub fn is_count(&self, figures: &Figures) -> bool {
        matches!(self, Quantity::Figure(path) if matches!(figures.get(path), Some(Figure::Count(_))))
    }
}
