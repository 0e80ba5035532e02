//! The log of one phone: timelines, each of one kind of thing, with who said it.

use super::kinds::{Contact, Counted, Decision, Exit, Notice, Opening, Path, Push, Run};
use super::source::Source;
use super::stamp::Utc;
use std::collections::BTreeMap;

/// An app or a task of it, by its place in the names of its log.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct App(u32);

/// Something that a log says.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Entry<T> {
    /// When it was, or began.
    pub at: Utc,
    /// What it was.
    pub what: T,
    /// Which log says it.
    pub from: Source,
    /// Which file of it, until all are in order.
    file: u64,
}

/// No track keeps more: a phone has a hundred thousand background runs in its log at most.
pub(super) const MOST_ENTRIES: usize = 1_000_000;

/// Of one instant so many entries are compared: more are none of a phone, and take long.
const MOST_AT_ONCE: usize = 64;

/// A timeline, in order of time.
#[derive(Clone, PartialEq, Debug)]
pub struct Track<T> {
    entries: Vec<Entry<T>>,
    /// What was left out because there is more than anybody keeps.
    beyond: u64,
    /// Which file is being read.
    file: u64,
}

impl<T> Default for Track<T> {
    fn default() -> Track<T> {
        Track { entries: Vec::new(), beyond: 0, file: 0 }
    }
}

impl<T: PartialEq> Track<T> {
    pub(super) fn push(&mut self, from: Source, at: Utc, what: T) {
        match self.entries.len() < MOST_ENTRIES {
            true => self.entries.push(Entry { at, what, from, file: self.file }),
            false => self.beyond += 1,
        }
    }

    /// Archives overlap: what several files of a log say was once, and what one of them says twice was twice.
    fn settle(&mut self) {
        self.file = 0;
        self.entries.sort_by_key(|entry| (entry.at, entry.from, entry.file));
        let mut kept: Vec<Entry<T>> = Vec::with_capacity(self.entries.len());
        // Of those of one instant: which file said the same last.
        let mut said: Vec<u64> = Vec::new();
        for entry in std::mem::take(&mut self.entries) {
            if kept.last().is_none_or(|last| (last.at, last.from) != (entry.at, entry.from)) {
                said.clear();
            }
            let first = kept.len() - said.len();
            let mut others = kept[first..].iter().zip(&mut said).take(MOST_AT_ONCE);
            let same = others.find(|(kept, said)| **said < entry.file && kept.what == entry.what);
            match same {
                Some((_, said)) => *said = entry.file,
                None => {
                    said.push(entry.file);
                    kept.push(entry);
                }
            }
        }
        kept.iter_mut().for_each(|entry| entry.file = 0);
        self.entries = kept;
    }

    /// Everything, in order of time.
    pub fn entries(&self) -> &[Entry<T>] {
        &self.entries
    }

    /// What one log says. Where several speak of the same thing, it is the one that says the most: two clocks mixed
    /// would make states that never were.
    pub fn of_one_source(&self) -> impl Iterator<Item = &Entry<T>> {
        self.of_one_source_where(|_| true)
    }

    /// Those entries of which something holds, as the log has them that has most of them.
    pub fn of_one_source_where(&self, is: impl Fn(&T) -> bool) -> impl Iterator<Item = &Entry<T>> {
        let most = self.source_where(&is);
        self.entries.iter().filter(move |entry| Some(entry.from) == most && is(&entry.what))
    }

    /// The log that has most entries of which something holds, if any has one.
    pub fn source_where(&self, is: impl Fn(&T) -> bool) -> Option<Source> {
        let mut counts = [0_usize; Source::ALL.len()];
        self.entries
            .iter()
            .filter(|entry| is(&entry.what))
            .for_each(|entry| counts[entry.from as usize] += 1);
        let most = Source::ALL.into_iter().rev().max_by_key(|source| counts[*source as usize]);
        most.filter(|source| counts[*source as usize] > 0)
    }
}

/// What is known of a track from one log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Summary {
    /// What the track is of.
    pub track: &'static str,
    /// Which log.
    pub from: Source,
    /// How much it says.
    pub entries: u64,
    /// From when to when.
    pub span: [Utc; 2],
}

/// Tracks whose entries are of a day or a week.
const OF_LONGER: [&str; 2] = ["contacts", "counts"];

macro_rules! tracks {
    ($($(#[doc = $doc:literal])+ $track:ident: $Kind:ty, $called:literal;)*) => {
        /// What the logs of a phone say of its life.
        #[derive(Clone, PartialEq, Debug, Default)]
        pub struct DeviceLog {
            $( $(#[doc = $doc])+ pub $track: Track<$Kind>, )*
            pub(super) names: Names,
            policies: Names,
            /// How far the wall clock was ahead of UTC, in seconds, and how often that was said.
            pub(super) ahead: BTreeMap<i32, u64>,
            /// The time zones that are named, and when each was last.
            zones: BTreeMap<String, Utc>,
        }

        impl DeviceLog {
            /// What is pushed from here on is of another file.
            pub(super) fn next_file(&mut self) {
                $( self.$track.file += 1; )*
            }

            pub(super) fn settle(&mut self) {
                $( self.$track.settle(); )*
            }

            /// What each log says of each track.
            pub fn summaries(&self) -> Vec<Summary> {
                let mut all = Vec::new();
                $(
                    for from in Source::ALL {
                        let mut of = self.$track.entries.iter().filter(|entry| entry.from == from).map(|entry| entry.at);
                        let Some(first) = of.next() else { continue };
                        let (entries, last) = of.fold((1, first), |(count, _), at| (count + 1, at));
                        all.push(Summary { track: $called, from, entries, span: [first, last] });
                    }
                )*
                all
            }

            /// When anything is known of the phone itself from some logs, in order; the counts of a day, or of a week, do not
            /// count.
            pub(super) fn instants(&self, of: impl Fn(Source) -> bool) -> Vec<Utc> {
                let mut all = Vec::new();
                $(
                    if !OF_LONGER.contains(&$called) {
                        let said = self.$track.entries.iter().filter(|entry| of(entry.from));
                        all.extend(said.map(|entry| entry.at));
                    }
                )*
                all.sort();
                all
            }

            /// How much each track left out because there was more than is kept.
            pub fn beyond(&self) -> Vec<(&'static str, u64)> {
                [$( ($called, self.$track.beyond) ),*].into_iter().filter(|(_, beyond)| *beyond > 0).collect()
            }
        }
    };
}

tracks! {
    /// Whether the phone was locked.
    locked: bool, "lock";
    /// Whether the screen was on.
    screen: bool, "screen";
    /// Whether the processor was awake.
    awake: bool, "awake";
    /// Apps in the foreground.
    openings: Opening, "openings";
    /// The charge in per cent.
    battery: f64, "battery";
    /// Whether a charger was connected.
    charger: bool, "charger";
    /// Whether Low Power Mode was on.
    low_power: bool, "low_power_mode";
    /// The network path.
    network: Path, "network";
    /// Starts of the phone.
    restarts: (), "restarts";
    /// Background runs.
    runs: Run, "runs";
    /// Ends of processes.
    exits: Exit, "exits";
    /// Notifications.
    notifications: Notice, "notifications";
    /// Pushes that arrived.
    pushes: Push, "pushes";
    /// What apps met on the network.
    contacts: Contact, "contacts";
    /// What the scheduler decided of an activity of an app.
    decisions: Decision, "decisions";
    /// Counts over a span.
    counts: Counted, "counts";
}

/// Apps by name.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Names {
    names: Vec<String>,
    places: BTreeMap<String, u32>,
}

/// A phone has some hundred apps and some thousand tasks.
const MOST_NAMES: usize = 65_536;
/// No bundle identifier is longer.
const MOST_LETTERS: usize = 256;
const TOO_MANY: &str = "(another)";

/// A policy of the scheduler, by its place in the names of its log.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Policy(u32);

/// No policy has a longer name, and there are some dozens of them.
const MOST_OF_A_POLICY: usize = 64;
const MOST_POLICIES: usize = 1_000;

impl DeviceLog {
    /// A policy by its name without blanks; `None` where that is not the name of one.
    pub(super) fn policy(&mut self, name: &str) -> Option<Policy> {
        let Names { names, places } = &mut self.policies;
        if let Some(place) = places.get(name) {
            return Some(Policy(*place));
        }
        let is_name = (1..=MOST_OF_A_POLICY).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !is_name || names.len() >= MOST_POLICIES {
            return None;
        }
        let place = names.len() as u32;
        places.insert(name.into(), place);
        names.push(name.into());
        Some(Policy(place))
    }

    /// What the policy is called, without blanks.
    pub fn policy_name(&self, policy: Policy) -> &str {
        self.policies.names.get(policy.0 as usize).map_or("", String::as_str)
    }

    pub(super) fn app(&mut self, name: &str) -> App {
        let Names { names, places } = &mut self.names;
        if let Some(place) = places.get(name) {
            return App(*place);
        }
        let fits = names.len() < MOST_NAMES && name.len() <= MOST_LETTERS;
        let name = if fits { name } else { TOO_MANY };
        App(*places.entry(name.into()).or_insert_with(|| {
            names.push(name.into());
            (names.len() - 1) as u32
        }))
    }

    /// What it is called in the log.
    pub fn name(&self, app: App) -> &str {
        self.names.names.get(app.0 as usize).map_or("", String::as_str)
    }

    /// Its number, from 1 on.
    pub fn number(&self, app: App) -> u32 {
        app.0 + 1
    }

    /// All that are named, in the order in which they were met.
    pub(super) fn named(&self) -> impl Iterator<Item = (App, &str)> {
        (0..).map(App).zip(self.names.names.iter().map(String::as_str))
    }

    /// How many there are.
    pub fn apps(&self) -> usize {
        self.names.names.len()
    }

    /// Notes that the phone was in a time zone.
    pub(super) fn was_in(&mut self, zone: &str, at: Utc) -> bool {
        let is_known = jiff::tz::TimeZone::get(zone).is_ok();
        if is_known {
            let last = self.zones.entry(zone.into()).or_insert(at);
            *last = at.max(*last);
        }
        is_known
    }

    /// The time zones that are named, the one that was named last before the others.
    pub fn zones(&self) -> Vec<&str> {
        let mut named: Vec<(&Utc, &str)> = self.zones.iter().map(|(name, at)| (at, name.as_str())).collect();
        named.sort_by(|one, other| other.cmp(one));
        named.into_iter().map(|(_, name)| name).collect()
    }

    /// How many clocks are said, by how far each was ahead of UTC.
    pub fn clocks(&self) -> usize {
        self.ahead.len()
    }

    /// How far its wall clock was ahead of UTC, if that was said; what was said the most often counts.
    pub fn ahead(&self) -> Option<i32> {
        self.ahead.iter().max_by_key(|(_, times)| **times).map(|(ahead, _)| *ahead)
    }
}
