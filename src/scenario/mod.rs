//! A scenario: the fleet, the policy, the system, the mail, the time span. Everything has a default.

mod bundled;
mod check;
mod diagnostic;
mod expect;
mod explain;
mod load;
mod numbers;
mod rules;
#[cfg(test)]
mod tests;
mod tree;
mod written;

pub use bundled::{BUNDLED, Bundled, init_text};
pub use diagnostic::{Diagnostic, Diagnostics, Place, Source, nearest};
pub use expect::{Expect, ExpectEntry, Quoted, Selects, Versus};
pub use load::{Fetch, TraceFile, TraceFiles, fetch, load, load_traces, load_without_traces, read};
pub use numbers::{keys, limit_of, numbers};
pub use written::Written;

use crate::clock::Clock;
use crate::engine::Model;
use crate::persona::{FleetEntry, Persona};
use crate::policy::{self, Policy};
use crate::registry::Sections;
use crate::time::{Span, Time};
use crate::trace::Traces;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

macro_rules! define_file {
    ($($name:ident: $model:ty,)*) => {
        /// A scenario file as it is written, every key with its default.
        #[derive(Clone, Debug, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct File {
            /// The file this one builds on.
            #[serde(skip_serializing)]
            pub extends: Option<String>,
            /// What the scenario is called.
            pub name: String,
            /// The seed of every random stream.
            pub seed: u64,
            /// How many devices.
            pub devices: u32,
            /// The first measured instant, as local wall time.
            pub start: DateTime,
            /// IANA name of the time zone.
            pub time_zone: String,
            /// How long the phone lives before it is measured.
            pub warmup: Span,
            /// How long it is measured.
            pub measure: Span,
            /// What people decide.
            pub policy: policy::Config,
            $( #[doc = concat!("`[", stringify!($name), "]`")] pub $name: <$model as Model>::Config, )*
            /// Who holds the phones.
            pub fleet: Vec<FleetEntry>,
            /// What is promised. It changes no device, so it is no part of the effective configuration.
            #[serde(skip_serializing)]
            pub expect: Vec<ExpectEntry>,
        }

        impl Default for File {
            fn default() -> File {
                File {
                    extends: None,
                    name: "unnamed".into(),
                    seed: 1,
                    devices: 1000,
                    start: DateTime::constant(2026, 3, 2, 0, 0, 0, 0),
                    time_zone: "Europe/Berlin".into(),
                    warmup: Span::DAY * 14,
                    measure: Span::DAY * 14,
                    policy: policy::Config::default(),
                    $( $name: Default::default(), )*
                    fleet: vec![FleetEntry::default()],
                    expect: Vec::new(),
                }
            }
        }

        impl File {
            /// The sections that belong to models.
            pub fn sections(&self) -> Sections {
                Sections { $( $name: self.$name.clone(), )* }
            }
        }
    };
}
crate::models!(define_file);

/// A scenario that is whole and consistent: what a simulation runs on.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// What it is called.
    pub name: String,
    /// The seed of every random stream.
    pub seed: u64,
    /// How many devices.
    pub devices: u32,
    /// Wall time.
    pub clock: Clock,
    /// The first measured instant.
    pub start: Time,
    /// The horizon: the first instant no longer simulated.
    pub end: Time,
    /// What people decide.
    pub policy: Policy,
    /// The models' own sections.
    pub sections: Sections,
    /// Personas with their cumulative weights, the last being 1.
    pub fleet: Vec<(f64, FleetEntry, Persona)>,
    /// Real input.
    pub traces: Traces,
    /// What is promised of it.
    pub expects: Vec<Expect>,
    /// The effective configuration as TOML: what `--print-config` shows and `sha256` covers.
    pub effective: String,
    /// Which of its keys somebody wrote, and where.
    pub written: Written,
}

impl Scenario {
    /// How long is measured.
    pub fn measured(&self) -> Span {
        self.end - self.start
    }

    /// Which model a section uses, as the scenario writes it.
    pub fn model_of(&self, section: &str) -> Option<String> {
        let effective: toml::Table = self.effective.parse().ok()?;
        Some(effective.get(section)?.get("model")?.as_str()?.into())
    }

    /// The IANA name of the time zone.
    pub fn time_zone(&self) -> Option<String> {
        let effective: toml::Table = self.effective.parse().ok()?;
        Some(effective.get("time_zone")?.as_str()?.into())
    }

    /// The SHA-256 of the effective configuration, in hexadecimal digits.
    pub fn sha256(&self) -> String {
        Sha256::digest(self.effective.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
