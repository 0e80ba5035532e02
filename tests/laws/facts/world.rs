//! Scenarios, and what watches them.

use bgsim::scenario::{Scenario, SourceText, read};
use bgsim::signal::Signal;

/// Phones that are all refreshed as often as their scores allow, so that a rule has many occasions to be broken.
const OFTEN: [&str; 6] = [
    "policy.background_app_refresh=true",
    "scheduler.never_refreshed=0",
    "scheduler.min_spacing=0s",
    "scheduler.spacing_jitter=0s",
    "scheduler.spacing.median=0s",
    "scheduler.unopened_spacing=0s",
];

/// A scenario of such phones over some days without a warm-up; the rest as by default.
pub fn scenario(devices: u32, days: u32, more: &str) -> Scenario {
    let often = OFTEN.iter().filter(|set| !more.contains(set.split(['.', '=']).nth(1).unwrap_or_default()));
    whole(devices, days, more, &often.map(|set| set.to_string()).collect::<Vec<_>>())
}

/// A scenario of some devices over some days without a warm-up; the rest as by default.
pub fn whole(devices: u32, days: u32, more: &str, sets: &[String]) -> Scenario {
    let text = format!("devices = {devices}\nwarmup = '0s'\nmeasure = '{days}d'\n{more}");
    let source = SourceText { label: "fact.toml".into(), text: text.into() };
    read(source, sets, &mut |name, _| Err(name.into())).unwrap_or_else(|faults| panic!("{faults}"))
}

/// Nothing but the scheduler stands in the way, and nobody opens the client.
pub const CALM: &str = "
    user = { model = 'absent' }
    network = { model = 'always' }
    power = { model = 'always_charged' }
    memory = { model = 'off' }
    lock = { model = 'always_unlocked' }
    policy = { allow_device_keychain = true }
";

pub use crate::common::{Watching as Watch, observe};

pub fn is_launch(signal: Signal) -> bool {
    matches!(signal, Signal::RefreshLaunched(_))
}
