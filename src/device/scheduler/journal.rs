//! A decision of the scheduler with its reasons, for those who ask why.
//!
//! Decisions are no signals: nothing on the phone may react to them, and hundreds a day would cost
//! every run. The scheduler keeps them only after it was told to, which costs others one branch a
//! decision, draws nothing, and so changes nothing.

use super::Window;
use super::das::{Das, Pending};
use super::policies::{Answer, POLICIES, Verdict, combine};
use super::threshold::Optimum;
use crate::signal::Facts;
use crate::time::Time;

/// One decision about the client's pending request.
#[derive(Clone, PartialEq, Debug)]
pub struct Decided {
    /// When it was taken.
    pub at: Time,
    /// The answer and the weight of each policy, in the order of [`POLICIES`].
    pub answers: [(Answer, f64); POLICIES.len()],
    /// All answers made one.
    pub verdict: Verdict,
    /// The score that is required.
    pub threshold: f64,
    /// Which tenth of the time from the best moment to the deadline it is; 0 is before that moment.
    pub tenth: u32,
    /// The window of the request.
    pub window: Window,
    /// The best moment that was expected when the request was submitted.
    pub optimum: Optimum,
    /// Whether the request runs.
    pub runs: bool,
    /// If it does not, when it is looked at again unless something changes before.
    pub again: Time,
}

impl Decided {
    /// The policies that refuse whatever the score, by their place in [`POLICIES`].
    pub fn refused_by(&self) -> impl Iterator<Item = usize> + '_ {
        let refuses = |answer: &Answer| answer.decision > super::Decision::CanProceed;
        self.answers
            .iter()
            .enumerate()
            .filter(move |(_, (answer, _))| refuses(answer))
            .map(|(index, _)| index)
    }
}

impl Das {
    /// Keeps every decision from now on.
    pub fn keep_journal(&mut self) {
        self.journal = Some(Vec::new());
    }

    /// The decisions that were kept.
    pub fn take_journal(&mut self) -> Vec<Decided> {
        self.journal.take().unwrap_or_default()
    }

    /// What would be decided about the client's request now, or `None` where none is pending.
    pub fn ask(&self, facts: &Facts, now: Time) -> Option<Decided> {
        let pending = self.pending?;
        let Pending { window, optimum } = pending;
        let view = self.view(facts, now);
        let answers = view.answers();
        let verdict = combine(answers);
        let threshold = optimum.threshold(now, window.deadline, &self.shares);
        Some(Decided {
            at: now,
            answers,
            verdict,
            threshold,
            tenth: optimum.step(now, window.deadline),
            window,
            optimum,
            runs: verdict.runs(threshold),
            again: self.again(pending, now),
        })
    }
}
