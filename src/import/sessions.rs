//! What a scenario can follow of a log: when the phone was used, and which network there was.

use super::gathered::Gathered;
use super::kinds::Path;
use super::log::Entry;
use super::stamp::Utc;

/// A time with the screen on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Session {
    pub(super) on: Utc,
    pub(super) off: Utc,
    pub(super) unlocked: bool,
    /// When the client was in front.
    pub(super) client: Option<(Utc, Utc)>,
}

/// States as stretches, each until the next one that differs; the last until the end.
pub(super) fn stretches<'a, T: Copy + PartialEq + 'a>(
    entries: impl Iterator<Item = &'a Entry<T>>,
    end: Utc,
) -> Vec<(Utc, Utc, T)> {
    let mut found: Vec<(Utc, Utc, T)> = Vec::new();
    for entry in entries.filter(|entry| entry.at < end) {
        match found.last_mut() {
            Some(last) if last.2 == entry.what => continue,
            Some(last) => last.1 = entry.at,
            None => {}
        }
        found.push((entry.at, end, entry.what));
    }
    found.retain(|(from, until, _)| from < until);
    found
}

/// A gap from which on nothing is known of what was between.
const DAY_MS: i64 = 86_400_000;

impl Gathered {
    /// The longest time without a day of silence: a log begins with what held long before it.
    pub fn covered(&self) -> Option<[Utc; 2]> {
        let instants = self.log.instants();
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

    /// The use of the phone over a span, and what had to be supposed.
    pub(super) fn sessions(&self, [from, until]: [Utc; 2]) -> (Vec<Session>, Vec<String>) {
        let log = &self.log;
        let within = |(on, off, is): (Utc, Utc, bool)| {
            let (on, off) = (on.max(from), off.min(until));
            (is && on < off).then_some((on, off))
        };
        let mut notes = Vec::new();
        let on = stretches(log.screen.of_one_source(), until);
        let unlocked: Vec<(Utc, Utc)> = stretches(log.locked.of_one_source(), until)
            .into_iter()
            .map(|(from, until, locked)| (from, until, !locked))
            .filter_map(within)
            .collect();
        let mut on: Vec<(Utc, Utc)> = on.into_iter().filter_map(within).collect();
        if log.screen.entries().is_empty() && !unlocked.is_empty() {
            notes.push(
                "no log says when the screen was on: it is taken to be while the phone was unlocked".into(),
            );
            on.clone_from(&unlocked);
        }
        let knows_locks = !log.locked.entries().is_empty();
        if !knows_locks && !on.is_empty() {
            notes.push(
                "no log says when the phone was locked: it is taken as unlocked whenever the screen was on"
                    .into(),
            );
        }
        let openings: Vec<(Utc, Utc)> = log
            .openings
            .of_one_source_where(|opening| self.is_client(opening.app))
            .map(|entry| (entry.at, entry.what.until.unwrap_or(until)))
            .collect();
        let mut again = 0_u64;
        let sessions: Vec<Session> = on
            .into_iter()
            .map(|(on, off)| {
                let meets = |(from, until): &(Utc, Utc)| *from < off && on < *until;
                // Both are in order.
                let of = |times: &[(Utc, Utc)]| times.partition_point(|(_, until)| *until <= on);
                let unlocked = !knows_locks || unlocked.get(of(&unlocked)).is_some_and(meets);
                let mut visits = openings[of(&openings)..]
                    .iter()
                    .take_while(|(from, _)| *from < off)
                    .filter(|times| meets(times));
                let client = visits.next().map(|(from, until)| ((*from).max(on), (*until).min(off)));
                again += visits.count() as u64;
                Session { on, off, unlocked: unlocked || client.is_some(), client }
            })
            .collect();
        if openings.is_empty() && !sessions.is_empty() {
            notes.push(
                "no log says when the client was opened: visits to it are drawn as the persona makes them"
                    .into(),
            );
        }
        if again > 0 {
            notes.push(format!(
                "{again} openings of the client came after another with the screen on all the while: a record of use has \
                 one each time, the first"
            ));
        }
        (sessions, notes)
    }

    /// The network over a span: before the first that is known it is taken to be the same.
    pub(super) fn paths(&self, [from, until]: [Utc; 2]) -> Vec<(Utc, Utc, Path)> {
        let mut paths = stretches(self.log.network.of_one_source(), until);
        paths.retain(|(_, until, _)| from < *until);
        if let Some(first) = paths.first_mut() {
            first.0 = from;
        }
        paths
    }
}
