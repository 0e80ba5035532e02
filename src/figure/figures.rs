//! The figures of some devices, worked out from what was counted.

use super::argument::{Moment, Reach, Term};
use super::catalogue::{Figure, Unit};
use crate::analysis::mixture::Mixture;
use crate::analysis::survival::KaplanMeier;
use crate::record::{Adoptions, Counts, Tally};
use crate::scenario::Scenario;
use crate::signal::ResultKind;
use crate::time::Span;

/// What the figures of some devices are worked out from.
#[derive(Clone, Debug)]
pub struct Figures {
    /// The estimated share of mail told over time.
    pub curve: KaplanMeier,
    /// How what was published has reached the devices.
    pub adoption: Adoptions,
    /// That of all changes together, until they had their effect.
    adopted: Option<KaplanMeier>,
    /// What was counted, and what of it counts `by` times more: where a part is left out, others stand for it.
    plain: Counts,
    scaled: Counts,
    by: f64,
    /// Told mail inside working hours, with its mean latency, and mail still waiting.
    told: f64,
    mean_ms: Option<f64>,
    undelivered: f64,
    measured_days: f64,
    check_energy_mah: f64,
}

/// How soon all that was published had its effect, if anything was.
fn adopted(tally: &Mixture<'_, Tally>) -> Option<KaplanMeier> {
    let [plain, scaled] = [tally.plain, tally.scaled].map(|tally| tally.adoption.together());
    let waits = Mixture { plain: &plain.effective, scaled: &scaled.effective, by: tally.by };
    (waits.number(|waits| waits.mail() as f64) > 0.0).then(|| waits.estimate())
}

impl Figures {
    /// The figures of the devices in a tally.
    pub fn of(tally: Mixture<'_, Tally>, scenario: &Scenario) -> Figures {
        let waits = tally.piece(|tally| &tally.waits);
        let told = waits.number(|waits| waits.told.total() as f64);
        Figures {
            curve: waits.estimate(),
            adoption: tally.plain.adoption.clone(),
            adopted: adopted(&tally),
            plain: tally.plain.counts.clone(),
            scaled: tally.scaled.counts.clone(),
            by: tally.by,
            told,
            mean_ms: (told > 0.0).then(|| waits.number(|waits| waits.told.sum_ms()) / told),
            undelivered: waits.number(|waits| waits.censored.total() as f64),
            measured_days: scenario.measured().days_f64(),
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
        let number = |of: &dyn Fn(&Counts) -> u64| counts.number(|counts| of(counts) as f64);
        let per = |ms: f64, mails: f64| (mails > 0.0).then(|| ms / mails / 1000.0);
        let per_day = |sum: f64| {
            let lost = number(&|counts| counts.not_lived_ms) / Span::DAY.ms() as f64;
            let device_days = number(&|counts| counts.devices) * self.measured_days - lost;
            (device_days > 0.0).then(|| sum / device_days)
        };
        let count = match figure {
            Figure::ToldWithin(within) => return self.curve.told_within(within),
            Figure::Latency(Moment::Mean) => return self.mean_ms.map(|ms| ms / 1000.0),
            Figure::Latency(Moment::RestrictedMean24h) => return self.curve.restricted_mean(Span::DAY),
            Figure::Latency(Moment::Percentile(part)) => {
                return self.curve.percentile(part.share()).map(Span::secs_f64);
            }
            Figure::DelayCause(cause) => {
                return per(number(&|counts| counts.told_causes_ms[cause as usize]), self.told);
            }
            Figure::UndeliveredCause(cause) => {
                let ms = number(&|counts| counts.undelivered_causes_ms[cause as usize]);
                return per(ms, self.undelivered);
            }
            Figure::Exposure(reach) => {
                let ms = number(&|counts| match reach {
                    Reach::Readable => counts.readable_while_locked_ms,
                    Reach::InMemory => counts.in_memory_while_locked_ms,
                    Reach::InReach => counts.in_reach_while_locked_ms,
                });
                return per_day(ms / 3_600_000.0);
            }
            Figure::AdoptedWithin(Term(within)) => return self.adopted.as_ref()?.told_within(within),
            Figure::NeverAdopted => return Some(1.0 - self.adopted.as_ref()?.told_by_end()?),
            Figure::ExposedWhenRetired => {
                let retired = number(&|counts| counts.retired);
                return per(number(&|counts| counts.in_reach_when_retired_ms), retired);
            }
            Figure::Retired => number(&|counts| counts.retired),
            Figure::Wiped => number(&|counts| counts.wiped),
            Figure::Energy => {
                return per_day(number(&|counts| counts.background_checks) * self.check_energy_mah);
            }
            Figure::Openings => return per_day(number(&|counts| counts.openings)),
            Figure::Arrived => number(&|counts| counts.arrived),
            Figure::ToldBy(by) => number(&|counts| counts.told_by[by as usize]),
            Figure::HeldBack => number(&|counts| counts.held_back),
            Figure::Outcomes(outcome) => number(&|counts| counts.outcomes[outcome as usize]),
            Figure::ArrivedOutside => number(&|counts| counts.arrived_outside),
            Figure::OutcomesOutside(outcome) => number(&|counts| counts.outcomes_outside[outcome as usize]),
            Figure::Checks => number(&|counts| counts.checks.as_flattened().iter().sum()),
            Figure::ChecksBy(trigger) => number(&|counts| counts.checks[trigger as usize].iter().sum()),
            Figure::ChecksWith(result) => {
                number(&|counts| counts.checks.iter().map(|by| by[result as usize]).sum())
            }
            Figure::KeyFailures => number(&|counts| counts.key_failures.iter().sum()),
            Figure::KeyFailuresBy(reason) => number(&|counts| counts.key_failures[reason as usize]),
            Figure::Notifications => number(&|counts| counts.notifications),
            Figure::BackgroundLaunches => number(&|counts| counts.background_launches),
            Figure::RefusedLaunches => {
                number(&|counts| counts.checks.iter().map(|by| by[ResultKind::LaunchRefused as usize]).sum())
            }
            Figure::Terminations(reason) => number(&|counts| counts.terminations[reason as usize]),
            Figure::Requests(fate) => number(&|counts| counts.requests[fate as usize]),
            Figure::RequestsPending => number(&|counts| counts.requests_pending),
        };
        debug_assert_eq!(figure.unit(), Unit::Count);
        Some(count)
    }

    /// A count as a part of what it is a part of.
    pub fn share(&self, part: Figure, whole: Figure) -> Option<f64> {
        let whole = self.value(whole).filter(|whole| *whole > 0.0)?;
        Some(self.value(part)? / whole)
    }
}
