//! What a scenario can follow of a log: when the phone was used, and which network there was.

use super::gathered::Gathered;
use super::kinds::{Opening, Path};
use super::log::Entry;
use super::source::Source;
use super::stamp::Utc;

/// What is said where no session is of use to the client.
pub(super) const NEVER_UNLOCKED: &str = "the logs never have the phone unlocked with its screen on: nobody opens the client \
                                         in the scenario, and its system hardly refreshes an app that is not used";

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

impl Gathered {
    /// The use of the phone over a span, and what had to be supposed. What is on when its log ends was on until then: a
    /// sysdiagnose is taken of a phone in the hand.
    pub(super) fn sessions(&self, [from, until]: [Utc; 2]) -> (Vec<Session>, Vec<String>) {
        let log = &self.log;
        let end = |source: Option<Source>| {
            source.and_then(|source| self.last_of(source)).map_or(until, |last| last.min(until))
        };
        let within = |(on, off, is): (Utc, Utc, bool)| {
            let (on, off) = (on.max(from), off.min(until));
            (is && on < off).then_some((on, off))
        };
        let mut notes = Vec::new();
        let on = stretches(log.screen.of_one_source(), end(log.screen.source_where(|_| true)));
        let unlocked: Vec<(Utc, Utc)> =
            stretches(log.locked.of_one_source(), end(log.locked.source_where(|_| true)))
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
        let of_client = |opening: &Opening| self.is_client(opening.app);
        let left = end(log.openings.source_where(of_client));
        let openings: Vec<(Utc, Utc)> = log
            .openings
            .of_one_source_where(of_client)
            .map(|entry| (entry.at, entry.what.until.unwrap_or(left)))
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
        if !sessions.is_empty() && !sessions.iter().any(|session| session.unlocked) {
            notes.push(NEVER_UNLOCKED.into());
        } else if openings.is_empty() && !sessions.is_empty() {
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

    /// The network over a span: before the first that is known it is taken to be the same, and after the last that is known
    /// as well, since a record of it that ends has none from there on.
    pub(super) fn paths(&self, [from, until]: [Utc; 2]) -> Vec<(Utc, Utc, Path)> {
        let mut paths = stretches(self.log.network.of_one_source(), until);
        paths.retain(|(_, until, _)| from < *until);
        if let Some(first) = paths.first_mut() {
            first.0 = from;
        }
        paths
    }
}
