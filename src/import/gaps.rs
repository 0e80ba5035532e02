//! The longest times in which the client did not run, and what the logs know of each.

use super::gathered::Gathered;
use super::kinds::{Decision, ExitReason, Path};
use super::log::{Entry, Track};
use super::sessions::stretches;
use super::stamp::Utc;

/// A time in which the client did not run.
#[derive(Clone, PartialEq, Debug)]
pub struct Gap {
    /// The run before it, or the beginning of the log of runs.
    pub from: Utc,
    /// The next run, or the end of that log.
    pub until: Utc,
    /// Whether a run ends it, and not the log.
    pub is_ended: bool,
    /// How often the scheduler let a request of the client wait, and the last time; `None` where no log has any decision
    /// on the client in it.
    pub waited: Option<(u64, Option<Decision>, Utc)>,
    /// The policy that refused the last time, or took the most from the score.
    pub policy: Option<String>,
    /// How long Low Power Mode was on, in milliseconds; `None` where no log says.
    pub low_power_ms: Option<i64>,
    /// How long there was no network.
    pub no_network_ms: Option<i64>,
    /// How long a charger was connected.
    pub charger_ms: Option<i64>,
    /// How long the screen was on.
    pub screen_ms: Option<i64>,
    /// Starts of the phone.
    pub restarts: Vec<Utc>,
    /// How often memory ended the client.
    pub memory_ends: u64,
}

impl Gathered {
    /// The longest of them, the longest first: within the log that has the runs of the client, which without its name are
    /// those of nobody.
    pub fn gaps(&self, most: usize) -> Vec<Gap> {
        let Some((source, [from, until])) = self.refreshes_known() else { return Vec::new() };
        let of_client =
            self.log.runs.entries().iter().filter(|run| run.from == source && self.is_client(run.what.app));
        let runs = of_client.map(|run| run.at).filter(|at| (from..=until).contains(at));
        let ends: Vec<Utc> = [from].into_iter().chain(runs).chain([until]).collect();
        let last = ends.len() - 2;
        let mut pairs: Vec<(i64, usize)> =
            ends.windows(2).enumerate().map(|(place, ends)| (ends[0].ms() - ends[1].ms(), place)).collect();
        pairs.sort();
        let longest = pairs.into_iter().filter(|(length, _)| *length < 0).take(most);
        longest.map(|(_, place)| self.gap([ends[place], ends[place + 1]], place < last)).collect()
    }

    fn gap(&self, [from, until]: [Utc; 2], is_ended: bool) -> Gap {
        let log = &self.log;
        let within = |at: Utc| from < at && at < until;
        let asked = log.decisions.of_one_source_where(|asked| self.is_client(asked.app));
        let mut waited = None;
        for Entry { at, what, .. } in asked.filter(|entry| within(entry.at)) {
            let (times, last, when) = waited.get_or_insert((0, None, *at));
            // A score that is below its threshold is told twice: as a score, and as what comes of it.
            if what.holds_back() {
                (*times, *last, *when) = (*times + 1, Some(*what), *at);
            }
        }
        let policy = waited.and_then(|(_, last, _): (u64, Option<Decision>, Utc)| last?.policy);
        let ends = log.exits.entries().iter().filter(|exit| within(exit.at) && self.is_client(exit.what.app));
        Gap {
            from,
            until,
            is_ended,
            waited,
            policy: policy.map(|policy| log.policy_name(policy).into()),
            low_power_ms: self.time_in(&log.low_power, [from, until], |on| *on),
            no_network_ms: self.time_in(&log.network, [from, until], |path| *path == Path::None),
            charger_ms: self.time_in(&log.charger, [from, until], |on| *on),
            screen_ms: self.time_in(&log.screen, [from, until], |on| *on),
            restarts: log.restarts.entries().iter().map(|entry| entry.at).filter(|at| within(*at)).collect(),
            memory_ends: ends.filter(|exit| matches!(exit.what.reason, ExitReason::Memory(_))).count() as u64,
        }
    }

    /// How long a state held in a span; `None` where no log knows any of it.
    fn time_in<T: Copy + PartialEq>(
        &self,
        track: &Track<T>,
        [from, until]: [Utc; 2],
        is: impl Fn(&T) -> bool,
    ) -> Option<i64> {
        let end = self.last_of(track.source_where(|_| true)?)?;
        let mut held = None;
        for (begins, ends, state) in stretches(track.of_one_source(), end) {
            let length = ends.min(until).ms() - begins.max(from).ms();
            if length > 0 {
                *held.get_or_insert(0) += if is(&state) { length } else { 0 };
            }
        }
        held
    }
}
