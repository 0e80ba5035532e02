//! A mail that waits, phase after phase, and the check that looks for it.

use crate::client::DelayCause;
use crate::signal::{Check, Lock};
use crate::time::{Span, Time};

pub(super) type Totals = [u64; DelayCause::ALL.len()];

/// A mail that waits, and how long it did so for each cause in the phases that are over.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting {
    /// Number among the measured mail, or `None` for mail of the warm-up.
    pub(super) mail: Option<u32>,
    pub(super) arrived: Time,
    /// Whether it arrived in the working hours that were published then.
    pub(super) in_hours: bool,
    pub(super) causes_ms: Totals,
    pub(super) held_back: Option<Time>,
}

impl Waiting {
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
        self.causes_ms[cause as usize] += span.ms();
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
