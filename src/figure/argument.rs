//! What figures are told apart by: a time, a percentile, a cause.

use crate::client::DelayCause;
use crate::record::{Outcome, Request, WITHIN};
use crate::signal::{Ended, ExtensionFailure, Held, KeyFailure, PushStage, ResultKind, ToldBy, Trigger};
use crate::time::Span;
use strum::{VariantArray, VariantNames};

/// What stands in the brackets of a figure's short name.
pub(super) trait Argument: Copy + PartialEq {
    /// What stands for it where figures are listed.
    const PLACE: &'static str;
    /// What may be written, where that is more than what is listed.
    const WANTED: Option<&'static str> = None;
    /// Those that stand in `summary.json`, in its order.
    fn listed() -> Vec<Self>;
    /// As it is written.
    fn written(self) -> String;
    /// The time of which it speaks.
    fn time(self) -> Option<Span> {
        None
    }
    /// Reads it.
    fn read(text: &str) -> Option<Self> {
        Self::listed().into_iter().find(|known| known.written() == text)
    }
}

/// Arguments that are names, each of an enum that has all of them.
macro_rules! names {
    ($($name:ident $place:literal,)+) => {
        $(impl Argument for $name {
            const PLACE: &'static str = $place;
            fn listed() -> Vec<$name> {
                $name::ALL.to_vec()
            }
            fn written(self) -> String {
                self.name().into()
            }
        })+
    };
}

names! {
    Outcome "OUTCOME",
    DelayCause "CAUSE",
    Trigger "TRIGGER",
    ToldBy "TELLER",
    ResultKind "RESULT",
    KeyFailure "REASON",
    Request "FATE",
    PushStage "STAGE",
    ExtensionFailure "REASON",
    Held "FATE",
    Reach "REACH",
}

impl Argument for Ended {
    const PLACE: &'static str = "REASON";

    fn listed() -> Vec<Ended> {
        Ended::ALL.into_iter().filter(|why| why.is_termination()).collect()
    }

    fn written(self) -> String {
        self.name().into()
    }
}

/// How the key can be had while the device is locked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, VariantArray, VariantNames)]
pub enum Reach {
    /// Read without a process that holds it.
    #[strum(serialize = "key_readable_while_locked")]
    Readable,
    /// It lies in the memory of the process.
    #[strum(serialize = "key_in_memory_while_locked")]
    InMemory,
    /// In either way.
    #[strum(serialize = "key_in_reach_while_locked")]
    InReach,
}

crate::named!(Reach);

impl Reach {
    /// The same in words.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Reach::Readable => "key readable while locked",
            Reach::InMemory => "key in memory while locked",
            Reach::InReach => "key in reach while locked",
        }
    }

    /// Its place among the prices: the whole before its parts.
    pub(super) const fn place(self) -> u8 {
        match self {
            Reach::InReach => 0,
            Reach::Readable => 1,
            Reach::InMemory => 2,
        }
    }
}

impl Argument for Span {
    const PLACE: &'static str = "TIME";
    const WANTED: Option<&'static str> = Some("a length of time, such as 15m or 1h 30m");

    fn listed() -> Vec<Span> {
        WITHIN.to_vec()
    }

    /// People say 24 hours and not one day.
    fn written(self) -> String {
        if self == Span::DAY { "24h".into() } else { self.to_string().replace(' ', "") }
    }

    fn time(self) -> Option<Span> {
        Some(self)
    }

    fn read(text: &str) -> Option<Span> {
        text.parse().ok()
    }
}

/// A time within which what was published is to have its effect.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Term(pub Span);

impl Argument for Term {
    const PLACE: &'static str = Span::PLACE;
    const WANTED: Option<&'static str> = Some("a length of time, such as 8h or 3d");

    fn listed() -> Vec<Term> {
        [1, 3, 7].map(|days| Term(Span::DAY * days)).into()
    }

    fn written(self) -> String {
        self.0.written()
    }

    fn time(self) -> Option<Span> {
        Some(self.0)
    }

    fn read(text: &str) -> Option<Term> {
        Span::read(text).map(Term)
    }
}

/// A mean of latency, or a percentile.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Moment {
    /// The mean of the mail that was told.
    Mean,
    /// The mean of all mail, where none counts for longer than 24 h: the one to compare.
    RestrictedMean24h,
    /// The time within which such a part of all mail is told.
    Percentile(Percentile),
}

impl Moment {
    /// What people call it, the percentile standing for `{}`.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Moment::Mean => "mean latency of told mail",
            Moment::RestrictedMean24h => "mean latency up to 24 h",
            Moment::Percentile(_) => "latency {}",
        }
    }
}

/// A part of the mail, in thousandths of a per cent, from more than none to less than all of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Percentile(u32);

impl Percentile {
    const ALL_MAIL: u32 = 100_000;

    /// Half of the mail.
    pub const MEDIAN: Percentile = Percentile(50_000);

    /// All but a twentieth.
    pub const P95: Percentile = Percentile(95_000);

    /// Those that stand in files.
    pub const LISTED: [Percentile; 4] =
        [Percentile::MEDIAN, Percentile(90_000), Percentile::P95, Percentile(99_000)];

    /// As a share.
    pub fn share(self) -> f64 {
        f64::from(self.0) / f64::from(Percentile::ALL_MAIL)
    }

    /// Per cent, without zeros that say nothing: `99.5`.
    pub fn percent(self) -> f64 {
        f64::from(self.0) / 1000.0
    }

    fn read(text: &str) -> Option<Percentile> {
        let digits = text.strip_prefix('p')?;
        let percent: f64 =
            digits.starts_with(|c: char| c.is_ascii_digit()).then(|| digits.parse().ok())??;
        let thousandths = libm::round(percent * 1000.0);
        let is_exact = (thousandths / 1000.0 - percent).abs() < 1e-9;
        (is_exact && thousandths >= 1.0 && thousandths < f64::from(Percentile::ALL_MAIL))
            .then_some(Percentile(thousandths as u32))
    }
}

impl Argument for Moment {
    const PLACE: &'static str = "PERCENTILE";
    const WANTED: Option<&'static str> =
        Some("mean, restricted_mean_24h, or a percentile such as p50 or p99.5");

    fn listed() -> Vec<Moment> {
        let means = [Moment::Mean, Moment::RestrictedMean24h];
        means.into_iter().chain(Percentile::LISTED.map(Moment::Percentile)).collect()
    }

    fn written(self) -> String {
        match self {
            Moment::Mean => "mean".into(),
            Moment::RestrictedMean24h => "restricted_mean_24h".into(),
            Moment::Percentile(percentile) => format!("p{}", percentile.percent()),
        }
    }

    fn time(self) -> Option<Span> {
        (self == Moment::RestrictedMean24h).then_some(Span::DAY)
    }

    fn read(text: &str) -> Option<Moment> {
        match text {
            "mean" => Some(Moment::Mean),
            "restricted_mean_24h" => Some(Moment::RestrictedMean24h),
            _ => Percentile::read(text).map(Moment::Percentile),
        }
    }
}
