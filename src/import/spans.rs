//! From when to when logs speak. What no log was there to say is not taken for what never happened.

use super::gathered::Gathered;
use super::kinds::{Run, Why};
use super::source::Source;
use super::stamp::Utc;

/// A gap from which on nothing is known of what was between.
const DAY_MS: i64 = 86_400_000;

impl Gathered {
    /// The longest time without a day of silence: a log begins with what held long before it.
    pub fn covered(&self) -> Option<[Utc; 2]> {
        longest(&self.log.instants(|_| true))
    }

    /// The same of one log, within what all of them cover.
    pub fn covered_by(&self, source: Source) -> Option<[Utc; 2]> {
        longest(&self.instants_of(source))
    }

    /// The last thing that one log says within what all of them cover.
    pub(super) fn last_of(&self, source: Source) -> Option<Utc> {
        self.instants_of(source).last().copied()
    }

    fn instants_of(&self, source: Source) -> Vec<Utc> {
        let Some([from, until]) = self.covered() else { return Vec::new() };
        let mut instants = self.log.instants(|of| of == source);
        instants.retain(|at| (from..=until).contains(at));
        instants
    }

    /// Whether any log names the client: one that does not knows nothing of it, and its name may be misspelt.
    pub fn names_client(&self) -> bool {
        self.log.named().any(|(app, _)| self.is_client(app))
    }

    /// What some log names that is spelt much as the client is, the likest first.
    pub fn alike(&self) -> Vec<&str> {
        let Some(client) = &self.client else { return Vec::new() };
        let parts = client.split('.').count();
        // Its tasks are named after it.
        let begins = |name: &'_ str| name.match_indices('.').nth(parts - 1).map_or(name.len(), |(at, _)| at);
        let near = self.log.named().filter_map(|(_, name)| {
            let name = &name[..begins(name)];
            let apart = strsim::osa_distance(name, client);
            (apart > 0 && apart <= client.len() / LETTERS_A_SLIP).then_some((apart, name))
        });
        let mut near: Vec<(usize, &str)> = near.collect();
        near.sort();
        near.dedup();
        near.into_iter().take(MOST_ALIKE).map(|(_, name)| name).collect()
    }

    /// A refresh of the client.
    pub(super) fn is_refresh(&self, run: &Run) -> bool {
        self.is_client(run.app) && matches!(run.why, Why::Refresh | Why::Fetch)
    }

    /// The log that has the refreshes of the client, or would have them, since it has those of others; and from when to
    /// when it goes.
    pub fn refreshes_known(&self) -> Option<(Source, [Utc; 2])> {
        if !self.names_client() {
            return None;
        }
        let of_client = self.log.runs.source_where(|run| self.is_refresh(run));
        let of_others = || self.log.runs.source_where(|run| run.why == Why::Refresh);
        let asked = || self.log.decisions.source_where(|asked| asked.why == Why::Refresh);
        let source = of_client.or_else(of_others).or_else(asked)?;
        Some((source, self.covered_by(source)?))
    }
}

/// A slip for so many letters may still be of the same name, and nobody reads more names.
const LETTERS_A_SLIP: usize = 5;
const MOST_ALIKE: usize = 3;

fn longest(instants: &[Utc]) -> Option<[Utc; 2]> {
    let mut parts = instants.chunk_by(|one, other| other.ms() - one.ms() <= DAY_MS);
    let mut best = parts.next().and_then(|part| Some([*part.first()?, *part.last()?]))?;
    for part in parts {
        let length = |[from, until]: [Utc; 2]| until.ms() - from.ms();
        if let (Some(first), Some(last)) = (part.first(), part.last())
            && length([*first, *last]) > length(best)
        {
            best = [*first, *last];
        }
    }
    Some(best)
}
