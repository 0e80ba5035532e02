//! The life of a device as far as its books go: until when it is measured, and what was published for it meanwhile.

use super::Tally;
use crate::event::Change;
use crate::policy::Policy;
use crate::signal::{ChangeId, Facts, Occurrence};
use crate::time::Time;

/// How far something that was published has come.
#[derive(Clone, Copy, Debug)]
struct Progress {
    change: usize,
    published: Time,
    reached: Option<Time>,
    stored: Option<Time>,
}

#[derive(Debug, Default)]
pub(super) struct Life<'a> {
    changes: &'a [Change],
    progress: Vec<Progress>,
    retired: Option<Time>,
    wiped: Option<Time>,
    /// Changes that were published for it, and those that had their effect, once its books are closed.
    adopted: [u64; 2],
}

impl<'a> Life<'a> {
    pub(super) fn under(changes: &'a [Change]) -> Life<'a> {
        Life { changes, ..Life::default() }
    }

    pub(super) fn begin(&mut self) {
        self.progress.clear();
        (self.retired, self.wiped, self.adopted) = (None, None, [0; 2]);
    }

    pub(super) fn is_retired(&self) -> bool {
        self.retired.is_some()
    }

    /// Whether nothing of it is told any more; what happens in the instant of the wipe is.
    pub(super) fn is_over(&self, now: Time) -> bool {
        self.wiped.is_some_and(|wiped| wiped < now)
    }

    pub(super) fn end(&self, horizon: Time) -> Time {
        self.retired.unwrap_or(horizon)
    }

    /// Only the first time counts.
    pub(super) fn retire(&mut self, now: Time) {
        self.retired.get_or_insert(now);
    }

    pub(super) fn occurs(&mut self, now: Time, what: Occurrence, facts: &Facts, published: &mut Policy) {
        match what {
            Occurrence::Wiped => self.wiped = Some(now),
            Occurrence::Published(ChangeId(change)) => {
                let change = usize::from(change);
                self.changes[change].settings().for_each(|setting| published.set(setting));
                self.progress.push(Progress { change, published: now, reached: None, stored: None });
            }
            Occurrence::Reached(ChangeId(change)) => {
                let is_it = |progress: &&mut Progress| progress.change == usize::from(change);
                for progress in self.progress.iter_mut().filter(is_it) {
                    progress.reached = Some(now);
                    progress.stored = facts.key_stored.then_some(now);
                }
            }
            _ => {}
        }
    }

    pub(super) fn stored(&mut self, now: Time) {
        let waits = |progress: &&mut Progress| progress.reached.is_some() && progress.stored.is_none();
        self.progress.iter_mut().filter(waits).for_each(|progress| progress.stored = Some(now));
    }

    /// Changes that were published for it, and those that had their effect.
    pub(super) fn adopted(&self) -> [u64; 2] {
        self.adopted
    }

    /// Books what has come of it until the horizon.
    pub(super) fn close(&mut self, start: Time, horizon: Time, tally: &mut Tally) {
        let end = self.end(horizon);
        tally.counts.retired += u64::from(self.is_retired());
        tally.counts.wiped += u64::from(self.wiped.is_some());
        tally.counts.not_lived_ms += horizon.since(end.max(start)).ms();
        for &Progress { change, published, reached, stored } in
            self.progress.iter().filter(|p| p.published <= end)
        {
            let adoption = tally.adoption.at(change);
            let waited = |until: Option<Time>| until.filter(|at| *at <= end);
            let (reached, stored) = (waited(reached), waited(stored));
            let since = |until: Option<Time>| (until.is_some(), until.unwrap_or(end) - published);
            adoption.published += 1;
            let ((has, reached_after), (stores, stored_after)) = (since(reached), since(stored));
            adoption.reached.record(has, reached_after);
            let (is_effective, after) = match self.changes[change].stores_key {
                true => {
                    adoption.stored.record(stores, stored_after);
                    (stores, stored_after)
                }
                false => (has, reached_after),
            };
            adoption.effective.record(is_effective, after);
            self.adopted[0] += 1;
            self.adopted[1] += u64::from(is_effective);
        }
    }
}
