//! Lanes: what held on a device, one state after the other without a gap.

use crate::client::DelayCause;
use crate::signal::{Facts, KeyFailure, KeySource, Lock, Network, Process};
use crate::time::{Span, Time};
use strum::{VariantArray, VariantNames};

crate::named!(Lane, Power);

/// What a lane is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, VariantArray, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum Lane {
    /// What stands in the way of the mail that has waited longest.
    #[strum(serialize = "in the way of waiting mail")]
    InTheWay,
    /// What a background check would find when it asks for the key.
    #[strum(serialize = "key access in the background")]
    Key,
    /// The lock of the device.
    Lock,
    /// The process of the client.
    #[strum(serialize = "client process")]
    Process,
    /// The network path.
    Network,
    /// Charger, charge and Low Power Mode, as far as background work depends on them.
    Power,
}

/// Charger, charge and Low Power Mode together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, VariantArray, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum Power {
    /// On a charger.
    Charger,
    /// On a charger, in Low Power Mode.
    #[strum(serialize = "charger low_power_mode")]
    ChargerLowPowerMode,
    /// On the battery.
    Battery,
    /// On the battery, in Low Power Mode.
    #[strum(serialize = "battery low_power_mode")]
    LowPowerMode,
    /// On the battery, which is too low for background launches.
    #[strum(serialize = "battery critically_low")]
    Low,
    /// Empty, and off.
    Off,
}

impl Power {
    fn of(facts: &Facts, now: Time) -> Power {
        if facts.powered_off {
            return Power::Off;
        }
        match (facts.plugged_in, facts.low_power_mode) {
            (true, false) => Power::Charger,
            (true, true) => Power::ChargerLowPowerMode,
            (false, true) => Power::LowPowerMode,
            (false, false) if facts.critically_low(now) => Power::Low,
            (false, false) => Power::Battery,
        }
    }
}

/// What holds in a lane.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// Why the mail that has waited longest is not told; `None` while no mail waits.
    InTheWay(Option<DelayCause>),
    /// The key that a background check would have, or why it would have none.
    Key(Result<KeySource, KeyFailure>),
    /// The lock.
    Lock(Lock),
    /// The process, with the reason where there is none.
    Process(Process),
    /// The network path.
    Network(Network),
    /// The power.
    Power(Power),
}

impl State {
    /// The name, as files write it.
    pub fn name(self) -> String {
        match self {
            State::InTheWay(None) => "no_mail_waits".into(),
            State::InTheWay(Some(cause)) => cause.name().into(),
            State::Key(key) => key.map_or_else(KeyFailure::name, KeySource::name).into(),
            State::Lock(lock) => lock.name().into(),
            State::Process(process) => process.name(),
            State::Network(network) => network.name().into(),
            State::Power(power) => power.name().into(),
        }
    }

    /// The states that are plain facts; the others take the policy to know.
    pub(super) fn plain(facts: &Facts, now: Time) -> [(Lane, State); 4] {
        [
            (Lane::Lock, State::Lock(facts.lock)),
            (Lane::Process, State::Process(facts.process)),
            (Lane::Network, State::Network(facts.network)),
            (Lane::Power, State::Power(Power::of(facts, now))),
        ]
    }
}

/// A state and how long it held: from an instant up to but not including another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Slice {
    /// The first instant.
    pub from: Time,
    /// The first instant no longer.
    pub until: Time,
    /// What held.
    pub state: State,
}

impl Slice {
    /// How long it held.
    pub fn length(&self) -> Span {
        self.until - self.from
    }
}

/// The states of one lane over a span, in order: they follow each other without gap or overlap.
#[derive(Clone, PartialEq, Debug)]
pub struct Track {
    /// What it is about.
    pub lane: Lane,
    /// The states.
    pub slices: Vec<Slice>,
    from: Time,
}

impl Track {
    pub(super) fn new(lane: Lane, from: Time) -> Track {
        Track { lane, slices: Vec::new(), from }
    }

    /// A state holds from now on. Of several within one millisecond only the last counts, and what
    /// held before the span only as far as it reaches into it.
    pub(super) fn turn(&mut self, now: Time, state: State) {
        let at = now.max(self.from);
        if self.slices.last().is_some_and(|last| last.from == at) {
            self.slices.pop();
        }
        match self.slices.last_mut() {
            Some(last) if last.state == state => {}
            last => {
                last.into_iter().for_each(|last| last.until = at);
                self.slices.push(Slice { from: at, until: at, state });
            }
        }
    }

    /// A state has held since an instant in the past, as was learnt only now.
    pub(super) fn rewrite(&mut self, since: Time, state: State) {
        while self.slices.last().is_some_and(|last| last.from > since) {
            self.slices.pop();
        }
        self.turn(since, state);
    }

    pub(super) fn close(&mut self, until: Time) {
        self.slices.last_mut().into_iter().for_each(|last| last.until = until);
    }
}
