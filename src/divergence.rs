//! The first event at which the lives of one device part: under two scenarios, or under two calendars.

use crate::clock::utc;
use crate::engine::{Engine, Observer};
use crate::experiment::replay;
use crate::scenario::Scenario;
use crate::signal::{Facts, Signal};
use crate::time::Time;

/// Where two lives of a device part. A life that ends earlier has no event there.
#[derive(Clone, PartialEq, Debug)]
pub struct Divergence {
    /// The device.
    pub device: u32,
    /// How many events both lives share.
    pub shared: usize,
    /// The first event of each that the other does not have, in words.
    pub events: [Option<String>; 2],
}

/// Keeps every signal.
#[derive(Default)]
struct Life(Vec<(Time, Signal)>);

impl Observer for Life {
    fn record(&mut self, now: Time, signal: Signal, _: &Facts) {
        self.0.push((now, signal));
    }
}

/// Lives a device's life twice, and says where the two part, if they do.
pub fn first_difference(device: u32, lives: [(&Scenario, Engine); 2]) -> Option<Divergence> {
    let lived = lives.map(|(scenario, engine)| {
        let mut life = Life::default();
        replay(scenario, device, engine, &mut life);
        life.0
    });
    let [first, other] = &lived;
    let shared = first.iter().zip(other).take_while(|(a, b)| a == b).count();
    let event = |life: &[(Time, Signal)], scenario: &Scenario| {
        let (time, signal) = life.get(shared)?;
        let (word, detail) = signal.words(&scenario.clock_of(scenario.member(device)));
        let text = format!("{} {word} {detail}", utc(scenario.clock.unix_ms(*time)));
        Some(text.trim_end().to_string())
    };
    let events = [event(first, lives[0].0), event(other, lives[1].0)];
    (shared < first.len().max(other.len())).then_some(Divergence { device, shared, events })
}

/// The first of some devices whose lives part.
pub fn first_device(devices: u32, lives: [(&Scenario, Engine); 2]) -> Option<Divergence> {
    (0..devices).find_map(|device| first_difference(device, lives))
}
