//! What is published on a date, and by what it travels to a device.

use crate::policy::Setting;
use crate::signal::ChangeId;

crate::choice! {
    /// By what a change travels to a device.
    pub enum Channel {
        /// With the app check-in: when the client is opened after its interval ran out, with a network.
        AppCheckin,
        /// As managed app configuration: when the device is on and online, read when the client next runs.
        ManagedConfig,
        /// As a command of the MDM: when the device is on and online.
        MdmCommand,
        /// By nothing: it is there at once.
        AtOnce,
    }
}

/// What one event publishes.
#[derive(Clone, Debug)]
pub struct Change {
    /// The event's name.
    pub name: String,
    /// What travels by each channel.
    pub parts: Vec<Part>,
    /// Whether the client has to store a key once it is under the new policy, before that has its effect.
    pub stores_key: bool,
}

/// What of a change travels together.
#[derive(Clone, Debug)]
pub struct Part {
    /// Of which change.
    pub change: ChangeId,
    /// By what.
    pub channel: Channel,
    /// Settings of the policy.
    pub settings: Vec<Setting>,
    /// Whether the client's own settings are among it.
    pub client: bool,
}

impl Change {
    /// All settings of the policy in it.
    pub fn settings(&self) -> impl Iterator<Item = Setting> + '_ {
        self.parts.iter().flat_map(|part| part.settings.iter().copied())
    }
}
