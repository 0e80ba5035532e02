//! A mail that waits, phase after phase, and the check that looks for it.

use crate::client::DelayCause;
use crate::signal::{Check, Lock};
use crate::time::{Span, Time};

pub(super) type Totals = [u64; DelayCause::ALL.len()];

/// A mail that waits, and how long it did so for each cause in the phases that are over.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting {
    /// Counted per device from the origin.
    pub(super) number: u32,
    /// Number among the measured mail, or `None` for mail of the warm-up.
    pub(super) mail: Option<u32>,
    pub(super) arrived: Time,
    /// Whether it arrived in the working hours that were published then.
    pub(super) in_hours: bool,
    pub(super) causes_ms: Totals,
    pub(super) held_back: Option<Time>,
    /// Since when it waits for its push, and why; the common phase comes after that.
    pub(super) push: Option<PushPhase>,
    /// How that stood when the running check began, and for how long it had waited for its push until then.
    pub(super) kept: Option<(PushPhase, [u64; DelayCause::OF_PUSH.len()])>,
    /// When its user first learnt that something came, without content.
    pub(super) signalled: Option<Time>,
    /// Whether that was outside the working hours that were published then.
    pub(super) signalled_outside: bool,
}

/// Why a mail waits for its push, and since when.
#[derive(Clone, Copy, Debug)]
pub(super) struct PushPhase {
    pub(super) cause: DelayCause,
    pub(super) since: Time,
}

impl Waiting {
    /// A mail that begins to wait.
    pub(super) fn new(number: u32, mail: Option<u32>, arrived: Time, in_hours: bool) -> Waiting {
        let causes_ms = Totals::default();
        Waiting {
            number,
            mail,
            arrived,
            in_hours,
            causes_ms,
            held_back: None,
            push: None,
            kept: None,
            signalled: None,
            signalled_outside: false,
        }
    }

    /// When its user first learns of it, being told of it then, if they are.
    pub(super) fn first_heard(&self, told: Option<Time>) -> Option<Time> {
        match (self.signalled, told) {
            (Some(signalled), Some(told)) => Some(signalled.min(told)),
            (signalled, told) => signalled.or(told),
        }
    }

    /// When its user read that something came, and not yet what.
    pub(super) fn signalled_before(&self, told: Option<Time>) -> Option<Time> {
        self.signalled.filter(|at| told.is_none_or(|told| *at <= told))
    }

    /// It waits for its push, for this.
    pub(super) fn enter_push(&mut self, phase: PushPhase, totals: &Totals) {
        match self.push.replace(phase) {
            Some(before) => self.pass(before.cause, phase.since - before.since),
            None => self.leave_common(totals),
        }
    }

    /// It waits for its push no longer.
    pub(super) fn enter_common_after_push(&mut self, now: Time, totals: &Totals) {
        if let Some(phase) = self.push.take() {
            self.pass(phase.cause, now - phase.since);
            self.enter_common(totals);
        }
    }

    /// The phase it is in ends, whichever that is.
    pub(super) fn end_phase(&mut self, now: Time, totals: &Totals) {
        match self.push.take() {
            Some(phase) => self.pass(phase.cause, now - phase.since),
            None => self.leave_common(totals),
        }
    }

    /// A check begins that sees it.
    pub(super) fn keep_push(&mut self) {
        let causes = DelayCause::OF_PUSH.map(|cause| self.causes_ms[cause as usize]);
        self.kept = self.push.map(|phase| (phase, causes));
    }

    /// The check that saw it has found it: the phase it was in ended as that began.
    pub(super) fn end_phase_at_check(&mut self, began: Time, totals: &Totals) {
        match self.kept.take() {
            // Whatever became of its push meanwhile is part of the check.
            Some((phase, causes)) => {
                self.causes_ms = Totals::default();
                DelayCause::OF_PUSH
                    .iter()
                    .zip(causes)
                    .for_each(|(cause, ms)| self.causes_ms[*cause as usize] = ms);
                self.pass(phase.cause, began - phase.since);
                self.push = None;
            }
            None => self.leave_common(totals),
        }
    }

    /// Whether it has a row and figures: mail of the warm-up counts as mail that a check finds, and in the course of
    /// the days.
    pub(super) fn is_measured(&self) -> bool {
        self.mail.is_some()
    }

    /// The common phase begins, at these totals: they count against it until it ends.
    pub(super) fn enter_common(&mut self, totals: &Totals) {
        if self.is_measured() {
            self.causes_ms.iter_mut().zip(totals).for_each(|(ms, total)| *ms = ms.wrapping_sub(*total));
        }
    }

    /// It ends.
    pub(super) fn leave_common(&mut self, totals: &Totals) {
        self.causes_ms.iter_mut().zip(totals).for_each(|(ms, total)| *ms = ms.wrapping_add(*total));
    }

    /// A phase that has a cause of its own is over.
    pub(super) fn pass(&mut self, cause: DelayCause, span: Span) {
        let ms = &mut self.causes_ms[cause as usize];
        *ms = ms.wrapping_add(span.ms());
    }
}

/// What becomes of the mail that a check finds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fate {
    /// It is seen on the screen.
    Seen,
    Notified,
    HeldBack,
}

/// The check that is running.
#[derive(Clone, Copy, Debug)]
pub(super) struct Running {
    pub(super) at: Time,
    pub(super) check: Check,
    pub(super) lock: Lock,
    pub(super) sees: usize,
    pub(super) totals: Totals,
    pub(super) fate: Fate,
}
