//! Counters: the charge of the battery and the system-wide budgets, as samples.

use crate::signal::{Battery, Facts, Signal};
use crate::time::{Span, Time};

/// A quantity over time.
#[derive(Clone, PartialEq, Debug)]
pub struct Counter {
    /// Its name for people.
    pub name: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// What it is at each instant, in order of time.
    pub samples: Vec<(Time, f64)>,
}

/// While the charge changes, no two samples are further apart, since who reads them draws steps.
const APART: Span = Span::from_secs(900);

/// Reads the meters of a device over a span.
pub(super) struct Meters {
    from: Time,
    until: Time,
    /// The charge at an instant and its slope from there on.
    line: (Time, Battery),
    battery: Counter,
    energy: Counter,
    data: Counter,
}

impl Meters {
    pub(super) fn new(from: Time, until: Time, facts: &Facts) -> Meters {
        let counter = |name, unit| Counter { name, unit, samples: Vec::new() };
        Meters {
            from,
            until,
            line: (Time::ORIGIN, straight(facts, Time::ORIGIN)),
            battery: counter("battery", "%"),
            energy: counter("energy budget", "units"),
            data: counter("cellular data budget", "kB"),
        }
    }

    /// Reads the meters after a signal that falls before the end of the span.
    pub(super) fn hear(&mut self, now: Time, signal: Signal, facts: &Facts) {
        match signal {
            // The scheduler counts energy in thousandths (see its signal).
            Signal::EnergyBudget(level) => self.energy.step(self.from, now, f64::from(level) / 1000.0),
            Signal::DataBudget(level) => self.data.step(self.from, now, level.into()),
            _ => {}
        }
        let next = straight(facts, now);
        let jumps = matches!(signal, Signal::Battery(_) | Signal::Glanced(_));
        if jumps || next.idle != self.line.1.idle {
            self.draw(now);
            self.line = (now, next);
            // What the charge is when the span begins follows from the line, not from its last sample before.
            if now >= self.from {
                self.battery.step(self.from, now, percent(next.charge));
            }
        }
    }

    /// Samples the line up to but not including `until`.
    fn draw(&mut self, until: Time) {
        let (since, line) = self.line;
        let charge = |at: Time| percent(line.after(at.since(since).ms(), false));
        let mut at = since.max(self.from);
        if at < until && self.battery.samples.is_empty() {
            self.battery.samples.push((at, charge(at)));
        }
        while line.idle != 0 && at + APART < until {
            at = at + APART;
            self.battery.samples.push((at, charge(at)));
        }
    }

    /// The counters that showed anything.
    pub(super) fn finish(mut self) -> Vec<Counter> {
        self.draw(self.until);
        let (since, line) = self.line;
        let last = percent(line.after(self.until.since(since).ms(), false));
        self.battery.samples.push((self.until, last));
        [self.battery, self.energy, self.data].into_iter().filter(|c| !c.samples.is_empty()).collect()
    }
}

impl Counter {
    /// A new value. One from before the span counts as long as no other takes its place.
    fn step(&mut self, from: Time, now: Time, value: f64) {
        let at = now.max(from);
        if self.samples.last().is_some_and(|last| last.0 == at) {
            self.samples.pop();
        }
        self.samples.push((at, value));
    }
}

/// The charge now and how it changes as things are.
fn straight(facts: &Facts, now: Time) -> Battery {
    let slope = facts.battery.slope(facts.in_use);
    Battery { charge: facts.charge(now), in_hand: slope, idle: slope }
}

/// In hundredths, which no eye and no decision can tell from the exact charge.
fn percent(charge: u64) -> f64 {
    libm::round(Battery::percent(charge) * 100.0) / 100.0
}
