//! How the same mails fared in two arms: which outcome each moved to, and how much sooner or later it was told.

use crate::analysis::histogram::Histogram;
use crate::analysis::ratio::RatioSums;
use crate::record::{HOURS, IN_TIME, MOST, MailRow, Outcome};
use crate::time::Span;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde::{Deserialize, Serialize as Written};
use serde_json::{Map, Value, json};
use std::ops::AddAssign;

/// The mails of the first arm against those of another.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Moves {
    /// What the other arm is called.
    pub arm: String,
    /// How many mails had one outcome in the first arm (the row) and one in the other (the column).
    pub outcomes: [[u64; 4]; 4],
    /// How much sooner the other arm told, of mail that both told and it told sooner.
    pub sooner: Histogram,
    /// How much later the other arm told, of mail that both told and it told later.
    pub later: Histogram,
    /// Mail that both told at the same instant.
    pub same: u64,
    /// How much mail was held back outside working hours.
    pub held_back: HeldBack,
    /// For each hour of the week, how much more of the mail that arrived in it the other arm told in time; empty where
    /// hours are not kept.
    pub week: Vec<RatioSums>,
}

/// How much mail was found outside working hours and held back, by in which arm.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Written, Deserialize)]
pub struct HeldBack {
    /// In both.
    pub in_both: u64,
    /// In the first and not in the other.
    pub only_in_first: u64,
    /// In the other and not in the first.
    pub only_in_other: u64,
}

impl HeldBack {
    fn all(&self) -> [u64; 3] {
        [self.in_both, self.only_in_first, self.only_in_other]
    }
}

/// The same as it travels between machines: what is added up, without the name of the arm.
#[derive(Clone, PartialEq, Debug, Written, Deserialize)]
pub(super) struct MoveSums {
    outcomes: [[u64; 4]; 4],
    sooner: Histogram,
    later: Histogram,
    same: u64,
    held_back: HeldBack,
    week: Vec<RatioSums>,
}

impl MoveSums {
    pub(super) fn of(moves: Moves) -> MoveSums {
        let Moves { outcomes, sooner, later, same, held_back, week, .. } = moves;
        MoveSums { outcomes, sooner, later, same, held_back, week }
    }

    /// Those of an arm, if no number is beyond what can be added up.
    pub(super) fn of_arm(self, arm: &str) -> Option<Moves> {
        let MoveSums { outcomes, sooner, later, same, held_back, week } = self;
        let held = held_back.all();
        let is_bounded =
            outcomes.as_flattened().iter().chain([&same]).chain(&held).all(|count| *count <= MOST);
        let is_week = week.is_empty() || week.len() == HOURS;
        let is_sound = is_bounded && is_week && week.iter().all(|hour| hour.is_bounded(MOST));
        is_sound.then(|| Moves { arm: arm.into(), outcomes, sooner, later, same, held_back, week })
    }
}

/// How long a mail waited until it was told, where it was.
pub(super) fn latency(mail: &MailRow) -> Option<Span> {
    let is_told = matches!(mail.outcome, Outcome::Notified | Outcome::OnOpen);
    mail.told.filter(|_| is_told).map(|told| told - mail.arrived)
}

impl Moves {
    /// Counts one mail, as it fared in the first arm and in the other.
    pub(super) fn count(&mut self, first: &MailRow, other: &MailRow) {
        assert_eq!((first.mail, first.arrived), (other.mail, other.arrived), "no policy moves mail");
        self.outcomes[first.outcome as usize][other.outcome as usize] += 1;
        match (first.held_back.is_some(), other.held_back.is_some()) {
            (true, true) => self.held_back.in_both += 1,
            (true, false) => self.held_back.only_in_first += 1,
            (false, true) => self.held_back.only_in_other += 1,
            (false, false) => {}
        }
        match (latency(first), latency(other)) {
            (Some(a), Some(b)) if b < a => self.sooner.record(a - b),
            (Some(a), Some(b)) if b > a => self.later.record(b - a),
            (Some(_), Some(_)) => self.same += 1,
            _ => {}
        }
    }

    /// Counts the mails of one device, each with the hour of the week in which it arrived.
    pub(super) fn count_week<'a>(&mut self, mails: impl Iterator<Item = (usize, &'a MailRow, &'a MailRow)>) {
        let in_time = |mail: &MailRow| i64::from(latency(mail).is_some_and(|waited| waited <= IN_TIME));
        let mut hours = [(0, 0); HOURS];
        for (hour, first, other) in mails {
            hours[hour].0 += in_time(other) - in_time(first);
            hours[hour].1 += 1;
        }
        self.week.resize(HOURS, RatioSums::default());
        let found = self.week.iter_mut().zip(hours).filter(|(_, (_, mails))| *mails > 0);
        found.for_each(|(sums, (more, mails))| sums.add(more, mails));
    }

    /// All mails.
    pub fn mails(&self) -> u64 {
        self.outcomes.as_flattened().iter().sum()
    }

    /// Mails whose outcome is another.
    pub fn moved(&self) -> u64 {
        self.mails() - (0..4).map(|outcome| self.outcomes[outcome][outcome]).sum::<u64>()
    }
}

impl AddAssign<&Moves> for Moves {
    fn add_assign(&mut self, more: &Moves) {
        let cells = self.outcomes.as_flattened_mut().iter_mut();
        cells.zip(more.outcomes.as_flattened()).for_each(|(sum, more)| *sum += more);
        self.sooner += &more.sooner;
        self.later += &more.later;
        self.same += more.same;
        self.week.resize(self.week.len().max(more.week.len()), RatioSums::default());
        self.week.iter_mut().zip(&more.week).for_each(|(sums, more)| *sums += more);
        self.held_back.in_both += more.held_back.in_both;
        self.held_back.only_in_first += more.held_back.only_in_first;
        self.held_back.only_in_other += more.held_back.only_in_other;
    }
}

impl Serialize for Moves {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let row = |counts: &[u64; 4]| -> Map<String, Value> {
            Outcome::ALL.iter().map(|to| (to.name().into(), counts[*to as usize].into())).collect()
        };
        let outcomes: Map<String, Value> = Outcome::ALL
            .iter()
            .map(|from| (from.name().into(), row(&self.outcomes[*from as usize]).into()))
            .collect();
        let lengths = |histogram: &Histogram| {
            let at = |share| histogram.percentile(share).map(Span::secs_f64);
            json!({ "mails": histogram.total(), "p50_s": at(0.5), "p90_s": at(0.9) })
        };
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("arm", &self.arm)?;
        map.serialize_entry("mails", &self.mails())?;
        map.serialize_entry("moved", &self.moved())?;
        map.serialize_entry("outcomes", &outcomes)?;
        map.serialize_entry("told_sooner", &lengths(&self.sooner))?;
        map.serialize_entry("told_later", &lengths(&self.later))?;
        map.serialize_entry("told_at_the_same_instant", &self.same)?;
        map.serialize_entry("held_back", &self.held_back)?;
        map.end()
    }
}
