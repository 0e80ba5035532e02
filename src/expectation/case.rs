//! An assertion on its way to a verdict.

use super::chance::{Schedule, Track};
use super::decide::Verdict;
use super::edge::Edge;
use super::outcome::Checked;
use super::parse::{Claim, Limit};
use super::{Assertion, Expectation, Found, Session};
use crate::clock::utc;

/// An assertion on its way to a verdict.
pub(super) struct Case<'a> {
    pub expectation: &'a Expectation,
    pub assertion: &'a Assertion,
    /// The place of the run that it compares with: of an arm.
    pub rival: Option<usize>,
    /// Its place among the laws, if it is one.
    pub law: Option<usize>,
    /// What is tested against its bound, an arm, or what the baseline recorded.
    pub main: Track,
    /// Against what the baseline's settings come to today, with the place of their run.
    pub settings: Option<(usize, Track)>,
}

impl Assertion {
    /// Whether chance could fail it if it is kept: what a law or a count of nothing says, it cannot.
    fn is_by_chance(&self) -> bool {
        match &self.claim {
            Claim::Never(_) => false,
            Claim::Figure { quantity, comparison, limit: Limit::Is(bound) } => {
                Edge::of(*quantity, *comparison, *bound).is_estimate()
            }
            Claim::Figure { .. } => true,
        }
    }
}

/// How many of so many sessions' promises chance could fail. Against a baseline two comparisons are made.
pub fn promises(sessions: &[Session<'_>]) -> usize {
    let of = |expectation: &Expectation| {
        let by_chance = expectation.asserts.iter().filter(|assertion| assertion.is_by_chance()).count();
        if expectation.versus_baseline() { 2 * by_chance } else { by_chance }
    };
    sessions.iter().flat_map(|session| session.expectations).map(of).sum()
}

impl<'a> Case<'a> {
    /// Every assertion of a session, still open; `old` is the place of the run of the baseline's settings.
    pub(super) fn of_session(
        session: &Session<'a>,
        rivals: &[Option<usize>],
        old: Option<usize>,
        schedule: Schedule,
    ) -> Vec<Case<'a>> {
        let mut laws = 0..;
        let mut cases = Vec::new();
        for (expectation, rival) in session.expectations.iter().zip(rivals) {
            for assertion in &expectation.asserts {
                let is_law = matches!(assertion.claim, Claim::Never(_));
                let old = old.filter(|_| expectation.versus_baseline() && !is_law);
                cases.push(Case {
                    expectation,
                    assertion,
                    rival: *rival,
                    law: if is_law { laws.next() } else { None },
                    main: Track::new(schedule),
                    settings: old.map(|old| (old, Track::new(schedule))),
                });
            }
        }
        cases
    }

    /// Whether more devices may decide it: one half that failed decides it alone.
    pub(super) fn grows(&self) -> bool {
        let tracks =
            || [Some(&self.main), self.settings.as_ref().map(|(_, track)| track)].into_iter().flatten();
        let has_failed = |track: &Track| track.ruling().is_some_and(|ruling| ruling.verdict == Verdict::Fail);
        tracks().any(Track::is_open) && !tracks().any(has_failed)
    }

    /// All that is decided of it.
    pub(super) fn tracks(&mut self) -> impl Iterator<Item = &mut Track> {
        [Some(&mut self.main), self.settings.as_mut().map(|(_, track)| track)].into_iter().flatten()
    }

    /// What became of it.
    pub(super) fn close(self, session: &Session<'_>) -> Option<Checked> {
        let Case { expectation, assertion, main, settings, .. } = self;
        let finding = main.into_ruling()?;
        let first = match &finding.found {
            Found::Breaches(breaches) => breaches.first,
            _ => None,
        };
        let clock = &session.scenario.clock;
        Some(Checked {
            expectation: expectation.name.clone(),
            selects: expectation.selects.clone(),
            versus: expectation.versus.clone(),
            text: assertion.written.text.clone(),
            place: assertion.written.whole(),
            claim: assertion.claim.clone(),
            // What is the same in every decision is so with any settings.
            settings: match finding.found {
                Found::Identical => None,
                _ => settings.and_then(|(_, track)| track.into_ruling()),
            },
            finding,
            first_breach: first.map(|(device, at)| format!("device {device} at {}", utc(clock.unix_ms(at)))),
        })
    }
}
