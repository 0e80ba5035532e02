//! Listens to a device and keeps what a timeline shows.

use super::lane::{Lane, State, Track};
use super::meters::Meters;
use super::{Checked, Mail, Moment, Notice, Timeline, is_of_dates, is_of_push};
use crate::client::{DelayCause, Ground, key_access};
use crate::device::scheduler::Journal;
use crate::engine::Observer;
use crate::experiment::ledger_of;
use crate::explanation::whose;
use crate::record::{Ledger, MailRow, Said};
use crate::scenario::{Own, Scenario};
use crate::signal::{
    Check, CheckResult, ExtensionFailure, Facts, Notice as Noticed, Occurrence, Process, Push, PushStage,
    Signal, ToldBy,
};
use crate::time::Time;
use std::collections::BTreeMap;

/// What told of a mail, by place in the timeline's lists, as far as it lies in the span.
type Teller = (Option<usize>, Option<usize>);

/// The check that is running.
struct Running {
    at: Time,
    /// Its place among the checks of the span, and that of its notification.
    teller: Teller,
}

/// Listens to the whole life of a device, since a mail of the span may be told after it; keeps the
/// span only.
pub(super) struct Recorder<'a> {
    /// Since the origin, so that mail of the warm-up that still waits has its row too.
    ledger: Ledger<'a>,
    first_measured: Time,
    shown: Timeline,
    meters: Meters,
    running: Option<Running>,
    /// How many dates keep pushes away, and since when any does.
    kept_away: u32,
    no_push: Option<Time>,
    /// When the device was retired.
    retired: Option<Time>,
    tellers: BTreeMap<u32, Teller>,
    /// The places of the notifications that said no more than that something came, by their mail.
    heard: BTreeMap<u32, usize>,
    /// Why an extension leaves the push as it was that is shown now.
    failed: Option<ExtensionFailure>,
}

impl<'a> Recorder<'a> {
    pub(super) fn new(
        scenario: &'a Scenario,
        device: u32,
        (from, until): (Time, Time),
        origin: &Facts,
    ) -> Recorder<'a> {
        let Own { policy, time_zone, .. } = scenario.own(scenario.member(device));
        let mut ledger = ledger_of(scenario, device, origin);
        ledger.keep_mails = true;
        let clock = scenario.clock_of(scenario.member(device));
        let mut recorder = Recorder {
            ledger,
            first_measured: scenario.start,
            shown: Timeline {
                scenario: scenario.name.clone(),
                device,
                holder: whose(scenario, device),
                clock: clock.clone(),
                time_zone: time_zone.into(),
                from,
                until,
                published: vec![(Time::ORIGIN, *policy)],
                in_force: vec![(Time::ORIGIN, origin.policy)],
                no_push: Vec::new(),
                tracks: Lane::ALL.map(|lane| Track::new(lane, from)).into(),
                mails: Vec::new(),
                checks: Vec::new(),
                notices: Vec::new(),
                moments: Vec::new(),
                decisions: Vec::new(),
                counters: Vec::new(),
            },
            meters: Meters::new(from, until, origin),
            running: None,
            kept_away: 0,
            no_push: None,
            retired: None,
            tellers: BTreeMap::new(),
            heard: BTreeMap::new(),
            failed: None,
        };
        recorder.look(Time::ORIGIN, origin);
        recorder
    }

    fn turn(&mut self, now: Time, lane: Lane, state: State) {
        self.shown.tracks[lane as usize].turn(now, state);
    }

    /// Looks at what holds from now on.
    fn look(&mut self, now: Time, facts: &Facts) {
        for (lane, state) in State::plain(facts, now) {
            self.turn(now, lane, state);
        }
        let key = key_access(facts, Ground::Background);
        self.turn(now, Lane::Key, State::Key(key));
        self.turn(now, Lane::InTheWay, State::InTheWay(self.ledger.cause_of_oldest()));
    }

    fn check_started(&mut self, now: Time, check: Check, facts: &Facts) {
        let shown = self.shown.shows(now).then_some(self.shown.checks.len());
        if shown.is_some() {
            self.shown.checks.push(Checked { at: now, check, lock: facts.lock, ended: None });
        }
        self.running = Some(Running { at: now, teller: (shown, None) });
    }

    fn noticed(&mut self, at: Time, notice: Noticed, held_back: bool, known: usize) {
        let place = self.shown.shows(at).then_some(self.shown.notices.len());
        let running = self.running.as_mut().filter(|_| notice.by.is_check());
        let check = running.as_ref().and_then(|running| running.teller.0);
        match running {
            Some(running) => running.teller.1 = place,
            None => self.tell(known, |teller| teller.1 = place),
        }
        if place.is_some() {
            let Noticed { first, mails, by } = notice;
            let posted =
                Notice { at, first, mails, by, says: Said::Content, failure: None, held_back, check };
            self.shown.notices.push(posted);
        }
    }

    /// A push is in another stage, in some of which it is shown without what came.
    fn pushed(&mut self, at: Time, Push { mail, stage }: Push) {
        let failure = self.failed.take();
        let says = match stage {
            PushStage::Signalled => Said::Generic,
            PushStage::Late => Said::Late,
            _ => return,
        };
        if !self.shown.shows(at) {
            return;
        }
        if says == Said::Generic {
            self.heard.entry(mail).or_insert(self.shown.notices.len());
        }
        let by = ToldBy::ServerText;
        let posted = Notice { at, first: mail, mails: 1, by, says, failure, held_back: false, check: None };
        self.shown.notices.push(posted);
    }

    /// The ledger had `known` mails before: those since have been told, by what is new to them.
    fn tell(&mut self, known: usize, news: impl Fn(&mut Teller)) {
        for row in &self.ledger.mails()[known..] {
            news(self.tellers.entry(row.mail).or_default());
        }
    }

    /// Mail that the check found is told, or held back.
    fn check_ended(&mut self, now: Time, result: CheckResult, known: usize) {
        let Some(Running { at, teller }) = self.running.take() else { return };
        if let Some(check) = teller.0 {
            self.shown.checks[check].ended = Some((now, result));
        }
        if let CheckResult::NewMail(_) = result {
            self.tell(known, |found| *found = teller);
            let held = self.ledger.held_at(now);
            self.tellers.extend(held.map(|mail| (mail, teller)));
            // Only now is it known that nothing else was in the way: a check that fails finds none.
            if at < self.shown.until {
                self.shown.tracks[Lane::InTheWay as usize]
                    .rewrite(at, State::InTheWay(Some(DelayCause::Checking)));
            }
        }
    }

    /// Follows what people decide, what of it reaches the device, and what keeps pushes away.
    fn follow_dates(&mut self, now: Time, signal: Signal, facts: &Facts) {
        match signal {
            Signal::Occurred(Occurrence::NoPush(true) | Occurrence::PushEnded) => {
                self.kept_away += 1;
                self.no_push.get_or_insert(now);
            }
            Signal::Occurred(Occurrence::NoPush(false)) => {
                self.kept_away -= 1;
                let since = if self.kept_away == 0 { self.no_push.take() } else { None };
                self.shown.no_push.extend(since.map(|since| (since, now)));
            }
            Signal::Occurred(Occurrence::Published(_)) => {
                self.shown.published.push((now, *self.ledger.published()));
            }
            Signal::PolicyReached(_) => self.shown.in_force.push((now, facts.policy)),
            _ => {}
        }
    }

    /// Follows mail and checks, beyond the span too.
    fn follow(&mut self, now: Time, signal: Signal, facts: &Facts, known: usize) {
        match signal {
            Signal::CheckStarted(check) => self.check_started(now, check, facts),
            Signal::Notified(notice) => self.noticed(now, notice, false, known),
            Signal::HeldBack(notice) => self.noticed(now, notice, true, known),
            Signal::CheckEnded(result) => self.check_ended(now, result, known),
            Signal::Push(push) => self.pushed(now, push),
            Signal::ExtensionFailed(why) => self.failed = Some(why),
            _ => {}
        }
    }

    /// When the device was retired, if it was.
    pub(super) fn retired(&self) -> Option<Time> {
        self.retired
    }

    /// Closes the books at the horizon, and gives what is shown.
    pub(super) fn close(mut self, facts: &Facts, events: u64, journal: Option<Journal>) -> Timeline {
        self.ledger.close(facts, events);
        let mails = self.mails();
        let Recorder { mut shown, meters, no_push, .. } = self;
        let goes_on = no_push.map(|since| (since, shown.until));
        let (from, until) = (shown.from, shown.until);
        let within = |(since, to): (Time, Time)| (since.max(from), to.min(until));
        shown.no_push = shown.no_push.into_iter().chain(goes_on).map(within).filter(|(a, b)| a < b).collect();
        shown.tracks.iter_mut().for_each(|track| track.close(shown.until));
        debug_assert!(shown.tracks.iter().all(|track| track.slices[0].from == shown.from));
        let journal = journal.into_iter().flat_map(|journal| journal.kept);
        let decisions = journal.filter(|decided| shown.shows(decided.at)).collect();
        Timeline { mails, decisions, counters: meters.finish(), ..shown }
    }

    /// The mail that arrived or waited in the span.
    fn mails(&self) -> Vec<Mail> {
        let rows = self.ledger.mails();
        let warm_up = rows.partition_point(|row| row.arrived < self.first_measured) as u32;
        let concerns = |row: &&MailRow| {
            row.arrived < self.shown.until && row.told.is_none_or(|at| at >= self.shown.from)
        };
        let mail = |row: &MailRow| {
            let (check, notice) = self.tellers.get(&row.mail).copied().unwrap_or_default();
            let heard = self.heard.get(&row.mail).copied();
            Mail { number: row.mail.checked_sub(warm_up), row: *row, check, notice, heard }
        };
        rows.iter().filter(concerns).map(mail).collect()
    }
}

impl Observer for Recorder<'_> {
    fn record(&mut self, now: Time, signal: Signal, facts: &Facts) {
        let known = self.ledger.mails().len();
        self.ledger.record(now, signal, facts);
        if let Signal::Occurred(Occurrence::Retired) = signal {
            // Here its books end, and what is shown of it.
            self.retired = Some(now);
            self.shown.until = self.shown.until.min(now.max(self.shown.from));
        }
        self.follow(now, signal, facts, known);
        self.follow_dates(now, signal, facts);
        if now >= self.shown.until {
            return;
        }
        self.meters.hear(now, signal, facts);
        if now >= self.shown.from && is_moment(signal) {
            self.shown.moments.push(Moment { at: now, signal });
        }
    }

    fn all_said(&mut self, now: Time, facts: &Facts) {
        self.ledger.all_said(now, facts);
        if now < self.shown.until {
            self.look(now, facts);
        }
    }
}

/// What happens in an instant, is not mail, and is of interest beside the states.
fn is_moment(signal: Signal) -> bool {
    matches!(
        signal,
        Signal::PickedUp(_)
            | Signal::ClientOpened(_)
            | Signal::ForceQuit
            | Signal::Rebooted(_)
            | Signal::PolicyReached(_)
            | Signal::Process(Process::NotRunning(_))
            | Signal::UnusedApp(_)
            | Signal::BudgetDenies(_)
            | Signal::RefreshRequested(_)
            | Signal::RefreshCancelled
            | Signal::RefreshLaunched(_)
            | Signal::Subscribed(_)
            | Signal::ClientConfigured(_)
    ) || is_of_push(signal)
        || is_of_dates(signal)
}
