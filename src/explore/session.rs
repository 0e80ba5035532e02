//! A scenario under way: so many of its devices were simulated, and more can be at any time.

use super::files::Pasted;
use crate::engine::Engine;
use crate::expectation;
use crate::experiment::{Keep, Work, check_length, ledger, live};
use crate::figure::Sample;
use crate::lint::warnings;
use crate::record::{IN_TIME, Ledger, Own, Parts, WITHIN};
use crate::scenario::{Asked, Member, Scenario, differing, load_from};
use std::collections::BTreeMap;
use std::rc::Rc;

/// What a device came to, for those who compare it with itself in another session.
#[derive(Clone, Debug)]
struct Life {
    member: Member,
    own: Own,
}

/// What became of the first so many devices.
#[derive(Clone, Debug)]
struct Level {
    parts: Parts,
    sample: Option<Rc<Sample>>,
}

/// A scenario of which devices are simulated in turn.
#[derive(Clone, Debug)]
pub struct Session {
    /// The scenario with as many devices as are simulated by now.
    scenario: Scenario,
    /// Its name or its text, as it was asked for.
    asked: String,
    sets: Vec<String>,
    parts: Parts,
    lives: Vec<Life>,
    looks: BTreeMap<u32, Level>,
    /// What is questionable about the scenario, and how many of its numbers have no source.
    rests: (Vec<String>, usize),
    /// The session that it was last compared with, and why it cannot be, if that is so.
    compared: Option<(u32, Option<String>)>,
}

/// A session holds no more devices.
const MOST_DEVICES: u32 = 10_000;
/// So many looks are kept, so that others can be compared with them.
const MOST_LOOKS: usize = 8;

impl Session {
    /// A session of a bundled scenario, or of a text that builds on one, with these keys changed.
    ///
    /// # Errors
    /// With all that was found wrong.
    pub fn open(name: &str, text: Option<&str>, sets: &[String]) -> Result<Session, String> {
        let read = |sets: &[String]| {
            let asked = Asked { sets, ..Asked::default() };
            load_from(name, asked, &mut Pasted { name, text }).map_err(|faults| faults.to_string())
        };
        let mut scenario = read(sets)?;
        expectation::read(&scenario).map_err(|faults| faults.to_string())?;
        check_length(&scenario)?;
        // Events choose among all devices, of which there are more and more here.
        if !scenario.dates.events.is_empty() {
            let few = [sets, &["devices=16".into()]].concat();
            if format!("{:?}", read(&few)?.dates) != format!("{:?}", scenario.dates) {
                return Err(
                    "an event says how many `devices` it is for, and here there are more and more of them; \
                            write `share` in its place"
                        .into(),
                );
            }
        }
        let warned = warnings(&scenario).iter().map(ToString::to_string).collect();
        let rests = (warned, scenario.assumed().len());
        (scenario.devices, scenario.file.devices) = (0, 0);
        Ok(Session {
            scenario,
            asked: name.into(),
            sets: sets.to_vec(),
            parts: Parts::default(),
            lives: Vec::new(),
            looks: BTreeMap::new(),
            rests,
            compared: None,
        })
    }

    /// The scenario with as many devices as are simulated by now.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// What was asked for: a name, and what is different.
    pub fn asked(&self) -> (&str, &[String]) {
        (&self.asked, &self.sets)
    }

    /// What is questionable about it.
    pub fn warnings(&self) -> &[String] {
        &self.rests.0
    }

    /// How many of its numbers have no source.
    pub(super) fn assumed(&self) -> usize {
        self.rests.1
    }

    /// How many devices were simulated.
    pub fn done(&self) -> u32 {
        self.lives.len() as u32
    }

    /// A device of which as much mail is told soon as of the middle one.
    pub fn typical(&self) -> u32 {
        let soon = WITHIN.iter().position(|within| *within == IN_TIME).unwrap_or_default();
        let share = |(device, life): (u32, &Life)| {
            let mail = life.own.counts.arrived - life.own.counts.arrived_outside;
            (mail > 0).then(|| (life.own.within[soon] as f64 / mail as f64, device))
        };
        let mut shares: Vec<(f64, u32)> = (0..).zip(&self.lives).filter_map(share).collect();
        shares.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        shares.get(shares.len() / 2).map_or(0, |(_, device)| *device)
    }

    /// Simulates so many more devices on this thread; returns how many are done.
    ///
    /// # Errors
    /// If they would be too many.
    pub fn step(&mut self, more: u32) -> Result<u32, String> {
        let (from, until) = (self.done(), self.done().saturating_add(more));
        self.reach(until)?;
        let mut walker = Walker::new(&self.scenario, std::mem::take(&mut self.parts), until);
        for device in from..until {
            walker.simulate(device);
        }
        let found = walker.finish();
        self.take([found]);
        Ok(self.done())
    }

    /// Prepares for so many devices, so that walkers can be sent out.
    ///
    /// # Errors
    /// If they are too many.
    pub fn reach(&mut self, devices: u32) -> Result<(), String> {
        if devices > MOST_DEVICES {
            return Err(format!("{devices} devices are too many here; {MOST_DEVICES} are the most"));
        }
        self.scenario.fleet.mark(devices);
        (self.scenario.devices, self.scenario.file.devices) = (devices, devices);
        Ok(())
    }

    /// Takes what walkers found, which together are the devices up to those that were prepared for.
    pub fn take(&mut self, found: impl IntoIterator<Item = Found>) {
        let mut lives = Vec::new();
        for found in found {
            self.parts += &found.parts;
            lives.extend(found.lives);
        }
        lives.sort_by_key(|(device, _)| *device);
        self.lives.extend(lives.into_iter().map(|(_, life)| life));
    }

    /// Remembers what became of the devices so far.
    pub(super) fn look(&mut self) {
        self.looks.insert(self.done(), Level { parts: self.parts.clone(), sample: None });
        while self.looks.len() > MOST_LOOKS {
            self.looks.pop_first();
        }
    }

    /// The sums of the devices so far.
    pub(super) fn parts(&self) -> &Parts {
        &self.parts
    }

    /// The figures of the first so many devices, where somebody looked at them.
    pub(super) fn sample_at(&mut self, devices: u32) -> Option<Rc<Sample>> {
        let Session { scenario, looks, .. } = self;
        let Level { parts, sample } = looks.get_mut(&devices)?;
        Some(sample.get_or_insert_with(|| Rc::new(Sample::of(parts, scenario))).clone())
    }

    /// The figures of the devices so far, with how many of them are apart from themselves in another session.
    pub(super) fn sample_beside(&self, base: &Session) -> Sample {
        let mut parts = self.parts.clone();
        for (first, life) in base.lives.iter().zip(&self.lives) {
            let Member { group, rank } = life.member;
            parts.at(group, rank).compare(&first.own, &life.own);
        }
        Sample::of(&parts, &self.scenario)
    }

    /// Why nothing of it can be compared with another of this number, if that is so.
    pub(super) fn apart_from(&mut self, number: u32, base: &Session) -> Option<String> {
        if let Some((_, why)) = self.compared.as_ref().filter(|(known, _)| *known == number) {
            return why.clone();
        }
        let differing = differing(&base.scenario.of_size(self.done()), &self.scenario);
        let why = differing.map(|differing| differing.words("before", "now").0);
        self.compared = Some((number, why.clone()));
        why
    }
}

/// What was found of some devices.
#[derive(Debug)]
pub struct Found {
    parts: Parts,
    lives: Vec<(u32, Life)>,
}

/// Simulates devices of a session, one after the other.
pub struct Walker<'a> {
    scenario: &'a Scenario,
    ledger: Ledger<'a>,
    parts: Parts,
    lives: Vec<(u32, Life)>,
}

impl<'a> Walker<'a> {
    /// A walker through some of so many devices, who adds to these sums.
    pub fn new(scenario: &'a Scenario, mut parts: Parts, devices: u32) -> Walker<'a> {
        parts.grow(scenario.sizes(devices));
        let mut ledger = ledger(scenario);
        ledger.keep_mails = true;
        Walker { scenario, ledger, parts, lives: Vec::new() }
    }
}

impl Work for Walker<'_> {
    type Rows = ();
    type Books = Found;

    fn simulate(&mut self, device: u32) -> u64 {
        let member @ Member { group, rank } = self.scenario.member(device);
        let sums = self.parts.at(group, rank);
        std::mem::swap(&mut self.ledger.tally, sums);
        let events = live(self.scenario, device, Engine::Fast, &mut self.ledger, Keep::default(), &mut ());
        let life = Life { member, own: self.ledger.own() };
        std::mem::swap(&mut self.ledger.tally, sums);
        self.lives.push((device, life));
        events
    }

    fn take_rows(&mut self) {}

    fn finish(self) -> Found {
        Found { parts: self.parts, lives: self.lives }
    }
}
