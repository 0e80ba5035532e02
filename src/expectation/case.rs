//! An assertion on its way to a verdict.

use super::chance::{Schedule, Track};
use super::decide::Verdict;
use super::edge::Edge;
use super::outcome::Checked;
use super::parse::{Claim, Limit};
use super::{Assertion, Expectation, Found, Session};
use crate::clock::utc;
use crate::scenario::Versus;
use crate::slice::Slice;
use std::collections::BTreeMap;

/// An assertion on its way to a verdict.
pub(super) struct Case<'a> {
    pub expectation: &'a Expectation,
    pub assertion: &'a Assertion,
    /// The place of the run that it compares with: of an arm.
    pub rival: Option<usize>,
    /// Its place among the laws, if it is one.
    pub law: Option<usize>,
    /// The place of the one before it that says the same: they are one promise, and are decided once.
    pub twin: Option<usize>,
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

/// What a promise goes by: two assertions that have it alike are one, said twice.
fn identity<'a>(of: &'a Expectation, said: &Assertion) -> (&'a Slice, Option<&'a str>, String) {
    // No two arms of a file are called alike.
    (&of.slice, of.versus.as_ref().map(Versus::name), format!("{:?}", said.claim))
}

/// How many of so many sessions' promises chance could fail: each once. Against a baseline two comparisons are made.
pub fn promises(sessions: &[Session<'_>]) -> usize {
    let of = |session: &Session<'_>| {
        let each = session.expectations.iter().flat_map(|of| of.asserts.iter().map(move |one| (of, one)));
        let said: BTreeMap<_, _> = each.map(|(of, one)| (identity(of, one), (of, one))).collect();
        let by_chance = said.values().filter(|(_, assertion)| assertion.is_by_chance());
        by_chance.map(|(of, _)| if of.versus_baseline() { 2 } else { 1 }).sum::<usize>()
    };
    sessions.iter().map(of).sum()
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
        let mut cases: Vec<Case<'a>> = Vec::new();
        let mut said = BTreeMap::new();
        for (expectation, rival) in session.expectations.iter().zip(rivals) {
            for assertion in &expectation.asserts {
                let is_law = matches!(assertion.claim, Claim::Never(_));
                let old = old.filter(|_| expectation.versus_baseline() && !is_law);
                let first = *said.entry(identity(expectation, assertion)).or_insert(cases.len());
                cases.push(Case {
                    expectation,
                    assertion,
                    rival: *rival,
                    law: if is_law { laws.next() } else { None },
                    twin: (first < cases.len()).then_some(first),
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
        self.twin.is_none() && tracks().any(Track::is_open) && !tracks().any(has_failed)
    }

    /// Whether devices that are simulated anyway are looked at for it.
    pub(super) fn is_watched(&self) -> bool {
        let settings = self.settings.as_ref().map(|(_, track)| track);
        let may_be_refuted = [Some(&self.main), settings].into_iter().flatten().any(Track::may_be_refuted);
        self.grows() || (self.twin.is_none() && may_be_refuted)
    }

    /// All that is decided of it by itself.
    pub(super) fn tracks(&mut self) -> impl Iterator<Item = &mut Track> {
        let is_own = self.twin.is_none();
        let tracks = [Some(&mut self.main), self.settings.as_mut().map(|(_, track)| track)];
        tracks.into_iter().flatten().filter(move |_| is_own)
    }

    /// What was decided of each, once everything is: of two that say the same, the same.
    pub(super) fn close_all(mut cases: Vec<Case<'_>>, session: &Session<'_>) -> Vec<Checked> {
        for place in 0..cases.len() {
            if let Some(twin) = cases[place].twin {
                (cases[place].main, cases[place].settings) =
                    (cases[twin].main.clone(), cases[twin].settings.clone());
            }
        }
        cases.into_iter().filter_map(|case| case.close(session)).collect()
    }

    /// What became of it.
    fn close(self, session: &Session<'_>) -> Option<Checked> {
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
