//! The scenarios that come with the program, each the answer to one question, and the text that a
//! new scenario starts from.

use super::diagnostic::SourceText;

/// A scenario that comes with the program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bundled {
    /// What it is called, and what `extends` and the command line take.
    pub name: &'static str,
    /// What it says.
    pub text: &'static str,
}

impl Bundled {
    /// The question that it asks.
    pub fn question(&self) -> &str {
        self.text.lines().next().unwrap_or_default().trim_start_matches(['#', ' '])
    }

    /// The scenario as a source.
    pub fn source(&self) -> SourceText {
        SourceText { label: self.name.into(), text: self.text.into() }
    }
}

macro_rules! bundled {
    ($($name:literal)*) => {
        &[ $( Bundled { name: $name, text: include_str!(concat!("../../scenarios/", $name, ".toml")) }, )* ]
    };
}

/// Every bundled scenario, in the order in which they are best read.
pub const BUNDLED: &[Bundled] = bundled! {
    "email-plus"
    "device-keychain"
    "after-first-unlock"
    "working-hours"
    "two-shifts"
    "strong-passcode"
    "weak-passcode"
    "background-authorize"
    "os-protection"
    "no-background-refresh"
    "rarely-opened"
    "night-worker"
    "new-phone"
    "small-memory"
    "low-power-from-20"
    "force-quit-every-evening"
    "reboot-at-03"
    "update-night"
    "trip"
    "key-and-push"
    "ews-retired"
    "rivals"
    "published-on-friday"
    "retire-at-14"
    "battery-at-20"
    "appconnect-auto-lock"
    "periodic-15m"
};

/// The bundled scenario of this name.
pub(super) fn find(name: &str) -> Option<&'static Bundled> {
    BUNDLED.iter().find(|bundled| bundled.name == name)
}

/// A commented scenario to start from.
pub fn init_text() -> String {
    include_str!("init.toml").into()
}
