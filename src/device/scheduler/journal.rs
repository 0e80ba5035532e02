//! A decision of the scheduler with its reasons, for those who ask why.
//!
//! Decisions are no signals: nothing on the phone may react to them, and hundreds a day would cost
//! every run. The scheduler keeps them only after it was told to, which costs others one branch a
//! decision, draws nothing, and so changes nothing.

use super::Window;
use super::policies::{Answer, POLICIES, PolicyVerdict, View, combine};
use super::threshold::Optimum;
use crate::time::Time;

/// One decision about the client's pending request.
#[derive(Clone, PartialEq, Debug)]
pub struct Decided {
    /// When it was taken.
    pub at: Time,
    /// The answer and the weight of each policy, in the order of [`POLICIES`].
    pub answers: [(Answer, f64); POLICIES.len()],
    /// All answers made one.
    pub verdict: PolicyVerdict,
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
    /// If it does not, when it is looked at again unless something changes before; `None` where only that helps.
    pub again: Option<Time>,
}

/// The decisions from an instant on, or the first of them.
#[derive(Debug)]
pub struct Journal {
    from: Time,
    most: usize,
    /// Those that are kept, in order.
    pub kept: Vec<Decided>,
    /// How many there were, kept or not.
    pub all: usize,
}

impl Journal {
    /// Keeps all from an instant on.
    pub fn since(from: Time) -> Journal {
        Journal::of_most(from, usize::MAX)
    }

    /// Keeps so many from an instant on, and counts the others.
    pub fn of_most(from: Time, most: usize) -> Journal {
        Journal { from, most, kept: Vec::new(), all: 0 }
    }

    /// Keeps a decision that was taken late enough.
    pub(super) fn add(&mut self, decided: Decided) {
        if decided.at >= self.from {
            self.all += 1;
            self.kept.extend(Some(decided).filter(|_| self.all <= self.most));
        }
    }
}

impl Decided {
    /// The decision of an instant about a request, given what is seen then and the score that is required.
    pub(super) fn of(
        view: &View<'_>,
        at: Time,
        (window, optimum): (Window, Optimum),
        threshold: f64,
        again: Option<Time>,
    ) -> Decided {
        let answers = view.answers();
        let verdict = combine(answers);
        let tenth = optimum.step(at, window.deadline);
        let runs = optimum.is_worth_a_look(at) && verdict.runs(threshold);
        Decided { at, answers, verdict, threshold, tenth, window, optimum, runs, again }
    }

    /// Whether it does not run whatever the score, because the moment it waits for has not come.
    pub fn waits_for_its_moment(&self) -> bool {
        !self.optimum.is_worth_a_look(self.at)
    }

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
