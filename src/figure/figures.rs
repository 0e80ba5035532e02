//! The figures of some devices, worked out from what was counted.

use super::argument::{Moment, Reach, Term};
use super::catalogue::Figure;
use super::row::{Curve, Each, Made, Unit};
use crate::analysis::mixture::Mixture;
use crate::analysis::survival::{KaplanMeier, Waits};
use crate::record::{Adoptions, Carried, Counts, Course, Tally, WITHIN};
use crate::scenario::Scenario;
use crate::signal::ResultKind;
use crate::time::Span;
use std::ops::Range;

const MS_OF_AN_HOUR: f64 = Span::HOUR.ms() as f64;

/// What the figures of some devices are worked out from.
#[derive(Clone, Debug)]
pub struct Figures {
    /// The estimated share of mail told over time.
    pub curve: KaplanMeier,
    /// That of mail of which users had learnt, be it only that something came; where nothing is pushed it is the
    /// same.
    pub signals: Option<KaplanMeier>,
    /// How soon content followed where users first learnt that something came; where nobody did it is unknown.
    details: Option<KaplanMeier>,
    /// How what was published has reached the devices.
    pub adoption: Adoptions,
    /// That of all changes together, until they had their effect.
    adopted: Option<KaplanMeier>,
    /// What was counted, and what of it counts `by` times more: where a part is left out, others stand for it.
    plain: Counts,
    scaled: Counts,
    by: f64,
    carried: Carried,
    apart: Carried,
    /// The days of what counts once, and of what counts `by` times.
    courses: [Course; 2],
    /// Told mail inside working hours, with its mean latency, and mail still waiting.
    told: f64,
    mean_ms: Option<f64>,
    undelivered: f64,
    measured_days: f64,
    check_energy_mah: f64,
}

/// How soon something of mail came about, if there is any mail of which that is known.
fn if_any(waits: Mixture<'_, Waits>) -> Option<KaplanMeier> {
    (waits.number(|waits| waits.mail() as f64) > 0.0).then(|| waits.estimate())
}

/// How soon all that was published had its effect, if anything was.
fn adopted(tally: &Mixture<'_, Tally>) -> Option<KaplanMeier> {
    let [plain, scaled] = [tally.plain, tally.scaled].map(|tally| tally.adoption.together());
    let waits = Mixture { plain: &plain.effective, scaled: &scaled.effective, by: tally.by };
    if_any(waits)
}

impl Figures {
    /// The figures of the devices in a tally.
    pub fn of(tally: Mixture<'_, Tally>, scenario: &Scenario) -> Figures {
        Figures::over(tally, scenario, scenario.measured())
    }

    /// The same where so much time was counted.
    pub fn over(tally: Mixture<'_, Tally>, scenario: &Scenario, span: Span) -> Figures {
        let waits = tally.piece(|tally| &tally.waits);
        let told = waits.number(|waits| waits.told.total() as f64);
        Figures {
            curve: waits.estimate(),
            signals: if_any(tally.piece(|tally| &tally.signals)),
            details: if_any(tally.piece(|tally| &tally.details)),
            adoption: tally.plain.adoption.clone(),
            adopted: adopted(&tally),
            plain: tally.plain.counts.clone(),
            scaled: tally.scaled.counts.clone(),
            by: tally.by,
            carried: tally.plain.carried.clone(),
            apart: tally.plain.apart.clone(),
            courses: [tally.plain.course.clone(), tally.scaled.course.clone()],
            told,
            mean_ms: (told > 0.0).then(|| waits.number(|waits| waits.told.sum_ms()) / told),
            undelivered: waits.number(|waits| waits.censored.total() as f64),
            measured_days: span.days_f64(),
            check_energy_mah: scenario.sections.client.check_energy_mah,
        }
    }

    /// How many devices there are.
    pub fn devices(&self) -> u64 {
        self.plain.devices
    }

    /// A figure, in its unit; unknown where the run cannot tell.
    pub fn value(&self, figure: Figure) -> Option<f64> {
        let counts = Mixture { plain: &self.plain, scaled: &self.scaled, by: self.by };
        let number = || counts.number(|counts| made_of(figure, counts).sum::<u64>() as f64);
        let per = |ms: f64, mails: f64| (mails > 0.0).then(|| ms / mails / 1000.0);
        let per_day = |sum: f64| {
            let lost = counts.number(|counts| counts.not_lived_ms as f64) / Span::DAY.ms() as f64;
            let device_days = counts.number(|counts| counts.devices as f64) * self.measured_days - lost;
            (device_days > 0.0).then(|| sum / device_days)
        };
        let of_devices = |sum: f64| {
            let devices = counts.number(|counts| counts.devices as f64);
            (devices > 0.0).then(|| sum / devices)
        };
        match figure {
            Figure::ToldWithin(within) => self.curve.told_within(within),
            Figure::SignalledWithin(within) => self.estimate(Curve::Signalled)?.told_within(within),
            Figure::DetailAfter => self.details.as_ref()?.percentile(0.5).map(Span::secs_f64),
            Figure::Latency(Moment::Mean) => self.mean_ms.map(|ms| ms / 1000.0),
            Figure::Latency(Moment::RestrictedMean24h) => self.curve.restricted_mean(Span::DAY),
            Figure::Latency(Moment::Percentile(part)) => {
                self.curve.percentile(part.share()).map(Span::secs_f64)
            }
            Figure::Energy => per_day(number() * self.check_energy_mah),
            Figure::AdoptedWithin(Term(within)) => self.adopted.as_ref()?.told_within(within),
            Figure::NeverAdopted => Some(1.0 - self.adopted.as_ref()?.told_by_end()?),
            // What is no more than the sum of some counts follows from its row: so a new figure needs no arm here.
            sum => match (sum.facts().made, sum.unit()) {
                (Made::Mean(each), _) => per(number(), self.number_of(each)),
                (_, Unit::Count) => Some(number()),
                (_, Unit::PerDay(_)) => per_day(number()),
                (_, Unit::HoursPerDay) => per_day(number() / MS_OF_AN_HOUR),
                (_, Unit::Share) => of_devices(number()),
                (_, Unit::Seconds) => of_devices(number() / 1000.0),
            },
        }
    }

    /// What there is none of, where a figure is unknown for want of anything to measure, however many devices there are.
    pub fn lacks(&self, figure: Figure) -> Option<&'static str> {
        match figure.facts().made {
            Made::Mean(each) => (self.number_of(each) == 0.0).then(|| each.lack()),
            Made::Estimate(curve) => self.estimate(curve).is_none().then(|| curve.lack()),
            Made::Sum => None,
        }
    }

    /// How many there are of what a mean is of.
    fn number_of(&self, each: Each) -> f64 {
        match each {
            Each::ToldMail => self.told,
            Each::UntoldMail => self.undelivered,
            Each::RetiredDevice => self.plain.retired as f64 + self.by * self.scaled.retired as f64,
        }
    }

    /// What is estimated over time, where there is anything of the kind.
    fn estimate(&self, curve: Curve) -> Option<&KaplanMeier> {
        match curve {
            Curve::Told => Some(&self.curve),
            Curve::Signalled => Some(self.signals.as_ref().unwrap_or(&self.curve)),
            Curve::Detailed => self.details.as_ref(),
            Curve::Adopted => self.adopted.as_ref(),
        }
    }

    /// Whether all was watched for so long as a figure speaks of.
    pub fn is_seen(&self, figure: Figure) -> bool {
        let Made::Estimate(curve) = figure.facts().made else { return true };
        let seen = figure.time().zip(self.estimate(curve)).map(|(within, curve)| curve.is_seen(within));
        seen.unwrap_or(true)
    }

    /// The share of the mail of some days that was told in time; unknown where there is none. Days are counted as
    /// [`Course`] does, from the origin on.
    pub fn in_time(&self, days: Range<usize>) -> Option<f64> {
        let [plain, scaled] = self.courses.each_ref().map(|course| course.sums(days.clone()));
        let [arrived, in_time] = [0, 1].map(|sum| plain[sum] as f64 + self.by * scaled[sum] as f64);
        (arrived > 0.0).then(|| in_time / arrived)
    }

    /// How many devices carry a figure: those with mail it is of, or with something that it counts. Of a count
    /// that is made of several, those that carry the one that most do: no fewer carry the whole.
    pub fn carried_by(&self, figure: Figure) -> u64 {
        match figure.facts().made {
            // Of several changes each device may have had one.
            Made::Estimate(Curve::Adopted) => self.adoption.together().published.min(self.devices()),
            Made::Sum | Made::Mean(_) | Made::Estimate(_) => carriers(&self.carried, figure),
        }
    }

    /// How many devices carry what a figure is apart from that of the first arm, where that was kept.
    pub fn apart_by(&self, figure: Figure) -> Option<u64> {
        let apart = match figure {
            Figure::ToldWithin(within) => {
                WITHIN.iter().position(|known| *known == within).map(|place| self.apart.within[place])
            }
            // Of the shares told within the times around it.
            Figure::Latency(Moment::Percentile(_)) => self.value(figure).and_then(|seconds| {
                let above = WITHIN.partition_point(|within| within.secs_f64() < seconds);
                let around = above.saturating_sub(1)..(above + 1).min(WITHIN.len());
                self.apart.within[around].iter().min().copied()
            }),
            _ => None,
        };
        (self.apart.counts.devices > 0).then(|| apart.unwrap_or_else(|| carriers(&self.apart, figure)))
    }

    /// A count as a part of what it is a part of.
    pub fn share(&self, part: Figure, whole: Figure) -> Option<f64> {
        let whole = self.value(whole).filter(|whole| *whole > 0.0)?;
        Some(self.value(part)? / whole)
    }
}

fn carriers(carried: &Carried, figure: Figure) -> u64 {
    match (figure, figure.facts().made) {
        (Figure::Latency(_), _) | (_, Made::Estimate(_)) => carried.mail,
        (counted, Made::Sum | Made::Mean(_)) => made_of(counted, &carried.counts).max().unwrap_or(0),
    }
}

/// The counts that a figure is the sum of, or is worked out from that sum.
fn made_of(figure: Figure, counts: &Counts) -> impl Iterator<Item = u64> {
    let one = std::slice::from_ref;
    let (numbers, every): (&[u64], usize) = match figure {
        // These are of lengths of time, which are not counted here.
        Figure::ToldWithin(_) | Figure::SignalledWithin(_) | Figure::DetailAfter | Figure::Latency(_) => {
            (&[], 1)
        }
        Figure::Pushes(stage) => (one(&counts.pushes[stage as usize]), 1),
        Figure::ExtensionFailures(reason) => (one(&counts.extension_failures[reason as usize]), 1),
        Figure::BackgroundPushes(fate) => (one(&counts.background_pushes[fate as usize]), 1),
        Figure::PushWakes => (one(&counts.push_wakes), 1),
        Figure::ServerReads => (one(&counts.server_reads), 1),
        Figure::KeyLeaves => (one(&counts.key_leaves), 1),
        Figure::AdoptedWithin(_) | Figure::NeverAdopted => (&[], 1),
        Figure::ExposedWhenRetired => (one(&counts.in_reach_when_retired_ms), 1),
        Figure::Retired => (one(&counts.retired), 1),
        Figure::Wiped => (one(&counts.wiped), 1),
        Figure::DelayCause(cause) => (one(&counts.told_causes_ms[cause as usize]), 1),
        Figure::UndeliveredCause(cause) => (one(&counts.undelivered_causes_ms[cause as usize]), 1),
        Figure::Exposure(Reach::Readable) => (one(&counts.readable_while_locked_ms), 1),
        Figure::Exposure(Reach::InMemory) => (one(&counts.in_memory_while_locked_ms), 1),
        Figure::Exposure(Reach::InReach) => (one(&counts.in_reach_while_locked_ms), 1),
        Figure::Unlocked => (one(&counts.unlocked_ms), 1),
        Figure::Energy => (one(&counts.background_checks), 1),
        Figure::Openings => (one(&counts.openings), 1),
        Figure::Arrived => (one(&counts.arrived), 1),
        Figure::ToldBy(by) => (one(&counts.told_by[by as usize]), 1),
        Figure::HeldBack => (one(&counts.held_back), 1),
        Figure::Outcomes(outcome) => (one(&counts.outcomes[outcome as usize]), 1),
        Figure::ArrivedOutside => (one(&counts.arrived_outside), 1),
        Figure::OutcomesOutside(outcome) => (one(&counts.outcomes_outside[outcome as usize]), 1),
        Figure::NotifiedOutside => (one(&counts.notified_outside), 1),
        Figure::Checks => (counts.checks.as_flattened(), 1),
        Figure::ChecksBy(trigger) => (&counts.checks[trigger as usize], 1),
        Figure::ChecksWith(result) => (&counts.checks.as_flattened()[result as usize..], RESULTS),
        Figure::RefusedLaunches => {
            (&counts.checks.as_flattened()[ResultKind::LaunchRefused as usize..], RESULTS)
        }
        Figure::KeyFailures => (&counts.key_failures, 1),
        Figure::KeyFailuresBy(reason) => (one(&counts.key_failures[reason as usize]), 1),
        Figure::Notifications => (one(&counts.notifications), 1),
        Figure::BackgroundLaunches => (one(&counts.background_launches), 1),
        Figure::Terminations(reason) => (one(&counts.terminations[reason as usize]), 1),
        Figure::Requests(fate) => (one(&counts.requests[fate as usize]), 1),
        Figure::RequestsPending => (one(&counts.requests_pending), 1),
    };
    numbers.iter().step_by(every).copied()
}

/// Checks are counted by trigger, and for each by result.
const RESULTS: usize = ResultKind::ALL.len();
