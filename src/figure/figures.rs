//! The figures of some devices, worked out from what was counted.

use super::argument::{Moment, Reach};
use super::catalogue::{Figure, Unit};
use crate::analysis::survival::KaplanMeier;
use crate::record::{Counts, Tally};
use crate::scenario::Scenario;
use crate::signal::ResultKind;
use crate::time::Span;

/// What the figures of some devices are worked out from.
#[derive(Clone, Debug)]
pub struct Figures {
    /// The estimated share of mail told over time.
    pub curve: KaplanMeier,
    counts: Counts,
    /// Told mail inside working hours, with its mean latency, and mail still waiting.
    told: u64,
    mean_ms: Option<f64>,
    undelivered: u64,
    device_days: f64,
    check_energy_mah: f64,
}

impl Figures {
    /// The figures of the devices in a tally.
    pub fn of(tally: &Tally, scenario: &Scenario) -> Figures {
        let Tally { counts, waits } = tally;
        Figures {
            curve: waits.estimate(),
            counts: counts.clone(),
            told: waits.told.total(),
            mean_ms: waits.told.mean_ms(),
            undelivered: waits.censored.total(),
            device_days: counts.devices as f64 * scenario.measured().days_f64(),
            check_energy_mah: scenario.sections.client.check_energy_mah,
        }
    }

    /// A figure, in its unit; unknown where the run cannot tell.
    pub fn value(&self, figure: Figure) -> Option<f64> {
        let counts = &self.counts;
        let per = |ms: u64, mails: u64| (mails > 0).then(|| ms as f64 / mails as f64 / 1000.0);
        let count = match figure {
            Figure::ToldWithin(within) => return self.curve.told_within(within),
            Figure::Latency(Moment::Mean) => return self.mean_ms.map(|ms| ms / 1000.0),
            Figure::Latency(Moment::RestrictedMean24h) => return self.curve.restricted_mean(Span::DAY),
            Figure::Latency(Moment::Percentile(part)) => {
                return self.curve.percentile(part.share()).map(Span::secs_f64);
            }
            Figure::DelayCause(cause) => return per(counts.told_causes_ms[cause as usize], self.told),
            Figure::UndeliveredCause(cause) => {
                return per(counts.undelivered_causes_ms[cause as usize], self.undelivered);
            }
            Figure::Exposure(reach) => {
                let ms = match reach {
                    Reach::Readable => counts.readable_while_locked_ms,
                    Reach::InMemory => counts.in_memory_while_locked_ms,
                    Reach::InReach => counts.in_reach_while_locked_ms,
                };
                return self.per_day(ms as f64 / 3_600_000.0);
            }
            Figure::Energy => return self.per_day(counts.background_checks as f64 * self.check_energy_mah),
            Figure::Openings => return self.per_day(counts.openings as f64),
            Figure::Arrived => counts.arrived,
            Figure::ToldBy(by) => counts.told_by[by as usize],
            Figure::HeldBack => counts.held_back,
            Figure::Outcomes(outcome) => counts.outcomes[outcome as usize],
            Figure::ArrivedOutside => counts.arrived_outside,
            Figure::OutcomesOutside(outcome) => counts.outcomes_outside[outcome as usize],
            Figure::Checks => counts.checks.as_flattened().iter().sum(),
            Figure::ChecksBy(trigger) => counts.checks[trigger as usize].iter().sum(),
            Figure::ChecksWith(result) => counts.checks.iter().map(|by| by[result as usize]).sum(),
            Figure::KeyFailures => counts.key_failures.iter().sum(),
            Figure::KeyFailuresBy(reason) => counts.key_failures[reason as usize],
            Figure::Notifications => counts.notifications,
            Figure::BackgroundLaunches => counts.background_launches,
            Figure::RefusedLaunches => {
                counts.checks.iter().map(|by| by[ResultKind::LaunchRefused as usize]).sum()
            }
            Figure::Terminations(reason) => counts.terminations[reason as usize],
            Figure::Requests(fate) => counts.requests[fate as usize],
            Figure::RequestsPending => counts.requests_pending,
        };
        debug_assert_eq!(figure.unit(), Unit::Count);
        Some(count as f64)
    }

    /// A count as a part of what it is a part of.
    pub fn share(&self, part: Figure, whole: Figure) -> Option<f64> {
        let whole = self.value(whole).filter(|whole| *whole > 0.0)?;
        Some(self.value(part)? / whole)
    }

    fn per_day(&self, sum: f64) -> Option<f64> {
        (self.device_days > 0.0).then(|| sum / self.device_days)
    }
}
