//! A scenario: the fleet, the policy, the system, the mail, the time span. Everything has a default.

mod arm;
mod block;
mod bundled;
mod check;
mod check_events;
mod check_expect;
mod check_fleet;
mod check_publish;
mod diagnostic;
mod effective;
mod expect;
mod explain;
mod factor;
mod files;
mod fleet;
mod gone;
mod keys;
mod layer;
mod load;
mod mix;
mod mixes;
mod own;
mod plain;
mod stack;
#[cfg(test)]
mod tests;
mod tree;
mod variants;
mod words;
mod world;
mod written;

pub use arm::Arm;
pub use bundled::{BUNDLED, Bundled, init_text};
pub use diagnostic::{Diagnostic, Diagnostics, Place, SourceText, likest, nearest, one_of};
pub use effective::within;
pub use expect::{Expect, ExpectEntry, Few, Quoted, Selects, Versus};
pub use files::{Disk, Files, fetch, fetch_bundled};
pub use fleet::{Fleet, Group, Member};
pub use keys::{key, keys, limit_of, numbers, settings};
pub use load::{
    Asked, Fetch, Fragment, TraceFile, TraceFiles, load, load_asked, load_fragment, load_from,
    load_without_traces, read,
};
pub use mix::unmixed;
pub use mixes::Own;
#[cfg(feature = "cli")]
pub(crate) use plain::unfit;
pub(crate) use plain::{fit, unfit_texts};
pub use plain::{is_unseen, shown};
pub use variants::Variant;
pub use world::{Differing, differing};
pub use written::Written;

use crate::clock::Clock;
use crate::device::push;
use crate::engine::Model;
use crate::event::{Change, Dates};
use crate::persona::FleetEntry;
use crate::policy::{self, Delivery, Policy, Setting};
use crate::registry::{Later, Sections};
use crate::time::{Span, Time};
use jiff::civil::DateTime;
use std::collections::BTreeSet;
use std::sync::Arc;

macro_rules! define_file {
    ($($name:ident: $model:ty,)*) => {
        crate::section! {
            /// A scenario file as it is written, every key with its default.
            pub struct File {
                /// The file or bundled scenario this one builds on.
                #[serde(skip_serializing)]
                extends: Option<String> = None, study;
                /// What the scenario is called; as its file where nothing is said.
                name: String = "unnamed".into(), study;
                /// The seed of every random stream.
                seed: u64 = 1, study;
                /// How many devices.
                devices: u32 = 1000, study, within(1..=10_000_000);
                /// The first measured instant, as local wall time.
                start: DateTime = DateTime::constant(2026, 3, 2, 0, 0, 0, 0), study;
                /// IANA name of the time zone.
                time_zone: String = "Europe/Berlin".into(), study;
                /// How long the phone lives before it is measured.
                warmup: Span = Span::DAY * 14, study, at_least(Span::ZERO);
                /// How long it is measured.
                measure: Span = Span::DAY * 14, study, at_least(Span::from_ms(1));
                /// What people decide.
                policy: policy::Config = policy::Config::default(), decision;
                $(
                    #[doc = concat!("What the model of `", stringify!($name), "` goes by.")]
                    $name: <$model as Model>::Config = Default::default();
                )*
                /// Who holds the phones: a block a group, of which each has its share of the devices.
                fleet: Vec<FleetEntry> = vec![FleetEntry::default()],
                    offers("Who uses the phones", &[
                        ("[{ persona = \"light\", weight = 0.25 }, { persona = \"typical\", weight = 0.6 }, \
                          { persona = \"heavy\", weight = 0.15 }]", "Mixed", "users of all kinds"),
                        ("[{ persona = \"light\" }]", "Light", "light users"),
                        ("[{ persona = \"typical\" }]", "Typical", "typical users"),
                        ("[{ persona = \"heavy\" }]", "Heavy", "heavy users"),
                        ("[{ persona = \"night_worker\" }]", "Night workers", "night workers"),
                    ]);
                /// What is promised. It changes no device, so it is no part of the effective configuration.
                #[serde(skip_serializing)]
                expect: Vec<ExpectEntry> = Vec::new(), study;
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
    /// What people decide where a group has nothing of its own; of a mix the commonest value. What one device goes
    /// by is its [`Own`].
    pub policy: Policy,
    /// The models' own sections, likewise.
    pub sections: Sections,
    /// Its groups, and who each device is.
    pub fleet: Fleet,
    /// The settings that are not alike for all devices, if there are any.
    mixes: Option<Box<mixes::Mixes>>,
    /// What happens on dates.
    pub dates: Dates,
    /// What the sections hold once each change has reached a device.
    pub later: Arc<[Later]>,
    /// What somebody thinks of doing: the arms of its file.
    pub arms: Vec<Arm>,
    /// Which of them this is; none for the reference.
    pub arm: Option<Arm>,
    /// What is to be said of how it was read.
    pub notes: Vec<String>,
    /// What its file promises, of it and of its arms.
    pub expects: Vec<Expect>,
    /// Which of its keys somebody wrote, and where.
    pub written: Written,
    /// The keys as they were written, the layers laid over one another; what is promised is left out, and of
    /// a mix the commonest value stands.
    pub file: File,
}

impl Scenario {
    /// How long is measured.
    pub fn measured(&self) -> Span {
        self.end - self.start
    }

    /// The same of another number of devices: the first so many of its fleet.
    pub fn of_size(&self, devices: u32) -> Scenario {
        let mut sized = self.clone();
        (sized.devices, sized.file.devices) = (devices, devices);
        sized.fleet.mark(devices);
        sized
    }

    /// Whether anything but background refresh tells any device of mail, now or once something is published.
    pub fn pushes(&self) -> bool {
        self.deliveries().iter().any(|delivery| *delivery != Delivery::Refresh)
    }

    /// The settings of push on some of the devices, now or once something is published.
    pub fn push_settings(&self) -> Vec<push::Config> {
        let now = self.variants().into_iter().map(|variant| variant.sections.push);
        now.chain(self.later.iter().map(|later| later.sections.push.clone())).collect()
    }

    /// How mail is told to some of the devices, now or once something is published.
    pub fn deliveries(&self) -> BTreeSet<Delivery> {
        let now = self.variants().into_iter().map(|variant| variant.policy.delivery);
        let later =
            self.dates.changes.iter().flat_map(Change::settings).filter_map(|setting| match setting {
                Setting::Delivery(delivery) => Some(delivery),
                _ => None,
            });
        now.chain(later).collect()
    }
}
