//! What is kept of a life: as much as the measures need, and no more.

use super::day::Day;
use crate::clock::Clock;
use crate::engine::Observer;
use crate::signal::{App, Facts, Network, Reason, Signal, Termination};
use crate::time::{Span, Time};
use std::ops::Range;

/// One time in the client.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Visit {
    /// When it was opened.
    pub opened: Time,
    /// When it was left.
    pub closed: Time,
    /// Whether in response to a notification.
    pub answers: bool,
}

/// How long something held.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Meter {
    since: Option<Time>,
    total: Span,
}

impl Meter {
    /// It holds from now on, or does not. Returns since when it held where it no longer does.
    fn turn(&mut self, now: Time, holds: bool) -> Option<Time> {
        if holds {
            self.since.get_or_insert(now);
            return None;
        }
        let since = self.since.take();
        self.total += since.map_or(Span::ZERO, |since| now.since(since));
        since
    }

    /// In hours.
    pub fn hours(self) -> f64 {
        self.total.secs_f64() / 3600.0
    }
}

/// What is kept of one device. Everything but the visits is of the measured span alone.
#[derive(Clone, Debug)]
pub struct Diary<'a> {
    clock: &'a Clock,
    /// The measured span.
    pub span: Range<Time>,
    /// The number of the first whole day.
    first_day: u32,
    /// The whole days.
    pub days: Vec<Day>,
    /// Every time in the client, from the origin on.
    pub visits: Vec<Visit>,
    opened: Option<(Time, bool)>,
    /// Whether the phone is in hand, and whether the client was opened since it was taken there.
    session: Option<bool>,
    /// How often the phone was in hand, and how often the client was opened meanwhile.
    pub sessions: [u32; 2],
    /// In hand.
    pub in_hand: Meter,
    /// On Wi-Fi.
    pub wifi: Meter,
    /// On cellular.
    pub cellular: Meter,
    /// In Low Power Mode.
    pub low_power: Meter,
    /// In hand and off the charger, with the charge at its beginning.
    pub draining: Meter,
    charge: u64,
    /// What was lost meanwhile, in parts of a full battery.
    pub lost: u64,
    charging: Meter,
    /// When a charger was connected.
    pub charged: Vec<Range<Time>>,
    /// Openings of apps other than the client.
    pub app_openings: u32,
    /// Which of them since the client was last opened.
    since_client: Option<Vec<App>>,
    /// How many different ones between two openings of the client.
    pub depths: Vec<u32>,
    /// How often memory ended the client.
    pub memory_kills: u32,
    /// How often the client was refreshed in the background.
    pub refreshes: u32,
}

impl<'a> Diary<'a> {
    /// An empty one, for a life of which this is measured.
    pub fn new(clock: &'a Clock, span: Range<Time>) -> Diary<'a> {
        let first = clock.local(span.start);
        let first_day = first.day + u32::from(first.ms > 0);
        let is_whole = |day: &u32| clock.at(day + 1, Span::ZERO) <= span.end;
        let day = |day: u32| Day { weekend: clock.weekday(day).is_weekend(), ..Day::default() };
        Diary {
            clock,
            first_day,
            days: (first_day..).take_while(is_whole).map(day).collect(),
            span,
            visits: Vec::new(),
            opened: None,
            session: None,
            sessions: [0; 2],
            in_hand: Meter::default(),
            wifi: Meter::default(),
            cellular: Meter::default(),
            low_power: Meter::default(),
            draining: Meter::default(),
            charge: 0,
            lost: 0,
            charging: Meter::default(),
            charged: Vec::new(),
            app_openings: 0,
            since_client: None,
            depths: Vec::new(),
            memory_kills: 0,
            refreshes: 0,
        }
    }

    /// The measured span begins, with this state.
    pub fn begin(&mut self, facts: &Facts) {
        // A session that began before is none of those that are counted.
        self.session = facts.in_hand.then_some(true);
        self.look(self.span.start, facts);
    }

    /// The life is over.
    pub fn close(&mut self, facts: &Facts) {
        let end = self.span.end;
        if let Some((opened, answers)) = self.opened.take() {
            self.visits.push(Visit { opened, closed: end, answers });
        }
        self.turn(end, facts, false);
    }

    /// The measured visits.
    pub fn measured_visits(&self) -> impl Iterator<Item = &Visit> {
        self.visits.iter().filter(|visit| visit.opened >= self.span.start)
    }

    /// How many days are measured, of 24 hours.
    pub fn length(&self) -> f64 {
        (self.span.end - self.span.start).days_f64()
    }

    /// Every night that is measured as a whole.
    pub fn nights(&self, from: Span, until: Span) -> impl Iterator<Item = Range<Time>> {
        let days = self.first_day.saturating_sub(1)..self.clock.local(self.span.end).day;
        let night = move |day: u32| self.clock.at(day, from)..self.clock.at(day + 1, until);
        days.map(night).filter(|night| self.span.start <= night.start && night.end <= self.span.end)
    }

    fn today(&mut self, now: Time) -> Option<&mut Day> {
        let day = self.clock.local(now).day.checked_sub(self.first_day)?;
        self.days.get_mut(day as usize)
    }

    fn look(&mut self, now: Time, facts: &Facts) {
        self.turn(now, facts, true);
    }

    /// Meters go on as the public state says, or all of them stop.
    fn turn(&mut self, now: Time, facts: &Facts, lives: bool) {
        self.wifi.turn(now, lives && facts.network == Network::Wifi);
        self.cellular.turn(now, lives && facts.network == Network::Cellular);
        self.low_power.turn(now, lives && facts.low_power_mode);
        if let Some(since) = self.charging.turn(now, lives && facts.plugged_in) {
            self.charged.push(since..now);
        }
        if let Some(since) = self.in_hand.turn(now, lives && facts.in_hand) {
            self.held(since, now);
        }
        let drains = lives && facts.in_hand && !facts.plugged_in;
        if drains && self.draining.since.is_none() {
            self.charge = facts.charge(now);
        }
        if self.draining.turn(now, drains).is_some() {
            self.lost += self.charge.saturating_sub(facts.charge(now));
        }
    }

    /// Adds a time in hand to the days it lies in.
    fn held(&mut self, since: Time, until: Time) {
        let mut from = since;
        while from < until {
            let midnight = self.clock.at(self.clock.local(from).day + 1, Span::ZERO);
            let to = until.min(midnight);
            if let Some(day) = self.today(from) {
                day.in_hand_ms += to.since(from).ms();
            }
            from = to;
        }
    }

    fn opened(&mut self, now: Time) {
        if let Some(day) = self.today(now) {
            day.openings += 1;
        }
        if let Some(client @ false) = &mut self.session {
            *client = true;
            self.sessions[1] += 1;
        }
        if let Some(apps) = &mut self.since_client {
            self.depths.push(apps.len() as u32);
            apps.clear();
        }
        self.since_client.get_or_insert_default();
    }
}

impl Observer for Diary<'_> {
    fn record(&mut self, now: Time, signal: Signal, facts: &Facts) {
        match signal {
            Signal::ClientOpened(reason) => self.opened = Some((now, reason == Reason::Notification)),
            Signal::ClientClosed => {
                if let Some((opened, answers)) = self.opened.take() {
                    self.visits.push(Visit { opened, closed: now, answers });
                }
            }
            _ => {}
        }
        if now < self.span.start {
            return;
        }
        match signal {
            Signal::PickedUp(_) if self.session.is_none() => {
                self.session = Some(false);
                self.sessions[0] += 1;
                if let Some(day) = self.today(now) {
                    day.pickups += 1;
                }
            }
            Signal::PutDown(_) => self.session = None,
            Signal::ClientOpened(_) => self.opened(now),
            Signal::AppOpened(app) => {
                self.app_openings += 1;
                if let Some(apps) = self.since_client.as_mut().filter(|apps| !apps.contains(&app)) {
                    apps.push(app);
                }
            }
            Signal::MailArrived => {
                if let Some(day) = self.today(now) {
                    day.mails += 1;
                }
            }
            Signal::Terminated(Termination::Memory) => self.memory_kills += 1,
            Signal::RefreshLaunched(_) => self.refreshes += 1,
            _ => {}
        }
        self.look(now, facts);
    }
}
