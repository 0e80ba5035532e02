//! The life of one device as it can be looked at: states one after the other, what happened and when,
//! what the scheduler decided and why, and which check and notification told of which mail.
//!
//! The device is replayed from the seed alone, with somebody listening; what is shown is what the
//! record says. Here is the data; [`layout`] orders it in tracks, [`perfetto`] writes them.

mod days;
mod lane;
pub mod layout;
mod meters;
pub mod perfetto;
mod recorder;

pub use days::{day, first_day, measured, typical_day, whole_day};
pub use lane::{Lane, Power, Slice, State, Track};
pub use meters::Counter;

use crate::clock::Clock;
use crate::device::scheduler::{Decided, Journal};
use crate::engine::{Engine, run};
use crate::experiment::build;
use crate::explanation::known;
use crate::policy::Policy;
use crate::record::{MailRow, Said};
use crate::scenario::Scenario;
use crate::signal::{Check, CheckResult, ExtensionFailure, Lock, Occurrence, Signal, ToldBy};
use crate::time::Time;
use recorder::Recorder;

/// A span in the life of a device.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// The name of the scenario.
    pub scenario: String,
    /// Which device.
    pub device: u32,
    /// Whose it is: the group, the persona and the memory.
    pub holder: String,
    /// Its wall clock.
    pub clock: Clock,
    /// The IANA name of its time zone.
    pub time_zone: String,
    /// The first instant shown.
    pub from: Time,
    /// The first instant no longer shown.
    pub until: Time,
    /// What people had decided from each of these instants on, the first of them no later than the span: whether
    /// anything of it had reached the device or not.
    pub published: Vec<(Time, Policy)>,
    /// What the device went by likewise.
    pub in_force: Vec<(Time, Policy)>,
    /// From when to when dated events keep pushes away, as far as that reaches into the span.
    pub no_push: Vec<(Time, Time)>,
    /// What held, a track for each of [`Lane::ALL`], in that order.
    pub tracks: Vec<Track>,
    /// The mail that arrived in the span or waited in it, in order of arrival.
    pub mails: Vec<Mail>,
    /// The checks that began in the span, in order.
    pub checks: Vec<Checked>,
    /// The notifications posted, or held back, in the span, in order.
    pub notices: Vec<Notice>,
    /// What else happened, in order.
    pub moments: Vec<Moment>,
    /// What the scheduler decided about the client's requests, in order; the simple models decide
    /// nothing.
    pub decisions: Vec<Decided>,
    /// Battery and budgets.
    pub counters: Vec<Counter>,
}

/// A mail and what told of it.
#[derive(Clone, Copy, Debug)]
pub struct Mail {
    /// As `mail.csv` numbers it; `None` where it arrived in the warm-up.
    pub number: Option<u32>,
    /// Its row, but with its number counted from the origin.
    pub row: MailRow,
    /// The check that found it, by place in [`Timeline::checks`], if that began in the span.
    pub check: Option<usize>,
    /// The notification that told of it, or else was held back, by place in [`Timeline::notices`], if that
    /// was in the span.
    pub notice: Option<usize>,
    /// The notification by which its user first read that something came, and not what, by place likewise.
    pub heard: Option<usize>,
}

/// A check for new mail.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Checked {
    /// When it began.
    pub at: Time,
    /// How it began.
    pub check: Check,
    /// Lock state when it began.
    pub lock: Lock,
    /// When and how it ended, be it after the span; `None` where the horizon came first.
    pub ended: Option<(Time, CheckResult)>,
}

/// One notification.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Notice {
    /// When.
    pub at: Time,
    /// The first mail it covers, counted from the origin.
    pub first: u32,
    /// How many mails it covers.
    pub mails: u32,
    /// What announces it; of a push that says no more than that something came, its server's text.
    pub by: ToldBy,
    /// What it says.
    pub says: Said,
    /// Why an extension did not make more of it.
    pub failure: Option<ExtensionFailure>,
    /// Whether it was not posted, being outside working hours.
    pub held_back: bool,
    /// The check that led to it, by place in [`Timeline::checks`], if one that began in the span did.
    pub check: Option<usize>,
}

/// Something that happened in an instant.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Moment {
    /// When.
    pub at: Time,
    /// What.
    pub signal: Signal,
}

/// More than these nobody looks at, and a trace of them takes hundreds of megabytes.
pub const MOST_ENTRIES: usize = 500_000;

/// Replays a device and keeps the span from `from` up to but not including `until`.
///
/// # Errors
/// If there is no such device, the span is empty or not simulated, or more happens in it than can be looked at.
pub fn timeline(
    scenario: &Scenario,
    device: u32,
    (from, until): (Time, Time),
    engine: Engine,
) -> Result<Timeline, String> {
    known(scenario, device)?;
    if from >= until || until > scenario.end {
        return Err("a timeline needs a span that is simulated, and not an empty one".into());
    }
    let (mut models, mut core) = build(scenario, device, engine);
    models.scheduler().keep_journal(Journal::of_most(from, MOST_ENTRIES));
    let mut recorder = Recorder::new(scenario, device, (from, until), &core.facts);
    run(&mut models, &mut core, scenario.end, &mut recorder);
    if let Some(at) = recorder.retired().filter(|at| *at <= from) {
        let wall = scenario.clock_of(scenario.member(device)).wall(at).strftime("%F %R").to_string();
        return Err(format!("device {device} was retired on {wall}; its books end there"));
    }
    let journal = models.scheduler().take_journal();
    let decided = journal.as_ref().map_or(0, |journal| journal.all);
    let timeline = recorder.close(&core.facts, core.events, journal);
    match decided + timeline.entries() {
        0..=MOST_ENTRIES => Ok(timeline),
        many => Err(format!(
            "device {device} has {many} states, decisions, mails and other events in this span, and a timeline \
             has {MOST_ENTRIES} at most; choose one day of it, or a scenario in which less happens"
        )),
    }
}

/// Whether it is about a push, or about what is woken by one.
pub fn is_of_push(signal: Signal) -> bool {
    matches!(
        signal,
        Signal::Push(_) | Signal::ExtensionFailed(_) | Signal::BackgroundPush(_) | Signal::PushLaunched(_)
    )
}

/// Whether a dated event brings it about that keeps pushes away, or publishes settings.
pub fn is_of_dates(signal: Signal) -> bool {
    match signal {
        Signal::Occurred(what) => matches!(
            what,
            Occurrence::NoPush(_) | Occurrence::PushEnded | Occurrence::Published(_) | Occurrence::Retired
        ),
        _ => false,
    }
}

fn at_instant(policies: &[(Time, Policy)], at: Time) -> &Policy {
    // The first holds before it too: nothing before the span is looked at.
    let place = policies.partition_point(|(from, _)| *from <= at).max(1);
    &policies[place - 1].1
}

impl Timeline {
    /// How much there is to be looked at, without decisions.
    fn entries(&self) -> usize {
        let states = self.tracks.iter().map(|track| track.slices.len()).sum::<usize>();
        states + self.mails.len() + self.checks.len() + self.notices.len() + self.moments.len()
    }

    /// The states of a lane.
    pub fn lane(&self, lane: Lane) -> &[Slice] {
        &self.tracks[lane as usize].slices
    }

    /// What people had decided by an instant.
    pub fn published_at(&self, at: Time) -> &Policy {
        at_instant(&self.published, at)
    }

    /// What the device goes by at an instant.
    pub fn policy_at(&self, at: Time) -> &Policy {
        at_instant(&self.in_force, at)
    }

    /// Whether a dated event keeps pushes away at an instant of the span.
    pub fn keeps_pushes_away(&self, at: Time) -> bool {
        self.no_push.iter().any(|(from, until)| (*from..*until).contains(&at))
    }

    /// Whether an instant is shown.
    pub fn shows(&self, at: Time) -> bool {
        (self.from..self.until).contains(&at)
    }
}
