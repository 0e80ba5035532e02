//! The parts of a phone, in the one list there is. Adding a model is a file and a line here: the
//! line gives it its place among equals in time, its alarms, and its section of the scenario.

use crate::engine::{Context, Core, Model, Models, Slot, Timer};
use crate::signal::{ChangeId, Facts, PushStage, Signal};
use crate::time::Time;
use std::sync::Arc;

/// The list. Its order breaks ties: of two alarms at the same millisecond the upper goes first,
/// and every signal is heard from top to bottom. The world comes before the phone, the phone
/// before the system, the system before the client, so that a check sees the mail of its instant.
#[macro_export]
macro_rules! models {
    ($then:path) => {
        $then! {
            event: $crate::device::Dates,
            mail: $crate::device::Mail,
            user: $crate::device::User,
            network: $crate::device::NetworkModel,
            power: $crate::device::Power,
            lock: $crate::device::LockModel,
            memory: $crate::device::Memory,
            habits: $crate::device::HabitsModel,
            scheduler: $crate::device::Scheduler,
            push: $crate::device::Push,
            client: $crate::client::Client,
        }
    };
}

macro_rules! define_device {
    ($($name:ident: $model:ty,)*) => {
        /// All models of one device.
        pub struct Device {
            $( $name: $model, )*
            later: Arc<[Later]>,
        }

        /// The first slot of each model in the calendar.
        #[derive(Clone, Copy)]
        struct Bases { $( $name: u16, )* }

        impl Bases {
            const ALL: (Bases, u16) = {
                let mut next = 0;
                $( let $name = next; next += <<$model as Model>::Timer as Timer>::ALL.len() as u16; )*
                (Bases { $($name,)* }, next)
            };
        }

        impl Device {
            /// How many alarms the models have together.
            pub const SLOTS: u16 = Bases::ALL.1;

            /// Builds every model from the section of the scenario that bears its name.
            pub fn new(setup: &DeviceSetup<'_>) -> Device {
                Device {
                    $( $name: <$model>::new(&setup.of(&setup.sections.$name)), )*
                    later: setup.later.clone(),
                }
            }

            /// Lets each model set the public state that holds before anything has happened.
            pub fn at_origin(&mut self, facts: &mut Facts) {
                $( self.$name.at_origin(facts); )*
            }
        }

        impl Models for Device {
            fn start(&mut self, core: &mut Core) {
                $( self.$name.start(&mut Context::new(core, Bases::ALL.0.$name)); )*
            }

            fn fire(&mut self, slot: Slot, core: &mut Core) {
                $(
                    let timers = <<$model as Model>::Timer as Timer>::ALL;
                    if let Some(timer) = slot.0.checked_sub(Bases::ALL.0.$name).and_then(|index| timers.get(usize::from(index))) {
                        return self.$name.fire(*timer, &mut Context::new(core, Bases::ALL.0.$name));
                    }
                )*
            }

            fn hear(&mut self, signal: Signal, core: &mut Core) {
                let word = signal.word();
                if let Signal::ClientConfigured(change) = signal {
                    self.adopt(change, &core.facts);
                }
                $(
                    if <$model as Model>::HEARS.has(word) {
                        self.$name.hear(signal, &mut Context::new(core, Bases::ALL.0.$name));
                    }
                )*
            }
        }

        impl Device {
            /// Lets each model take over what was published of its section.
            fn adopt(&mut self, ChangeId(change): ChangeId, facts: &Facts) {
                let Some(later) = self.later.get(usize::from(change)) else { return };
                $(
                    let keys = later.keys_of(stringify!($name));
                    self.$name.adopt(&keys, &later.sections.$name, facts);
                )*
            }
        }

        /// The sections of a scenario that belong to models.
        #[derive(Clone, Debug, Default)]
        pub struct Sections { $( #[doc = concat!("`[", stringify!($name), "]`")] pub $name: <$model as Model>::Config, )* }
    };
}
models!(define_device);

impl Device {
    /// The scheduler, for those who ask why it decided as it did.
    pub fn scheduler(&mut self) -> &mut crate::device::Scheduler {
        &mut self.scheduler
    }

    /// What the push of a mail would be in first, if one arrived now.
    pub fn would_be_pushed(&self, facts: &Facts, now: Time) -> Option<PushStage> {
        self.push.first_stage(None, facts, now)
    }
}

/// What the sections of models hold once a change has reached a device, and which of their keys it changes.
#[derive(Clone, Debug, Default)]
pub struct Later {
    /// The sections.
    pub sections: Sections,
    /// The keys, each with its section.
    pub keys: Vec<(String, String)>,
}

impl Later {
    fn keys_of(&self, section: &str) -> Vec<&str> {
        self.keys.iter().filter(|(of, _)| of == section).map(|(_, key)| key.as_str()).collect()
    }
}

/// Everything a device is built from.
#[derive(Clone, Copy)]
pub struct DeviceSetup<'a> {
    /// The models' sections of the scenario.
    pub sections: &'a Sections,
    /// What they share; its own `config` is empty.
    pub common: crate::engine::Setup<'a, ()>,
    /// What the sections hold later, by the number of the change.
    pub later: &'a Arc<[Later]>,
}

impl<'a> DeviceSetup<'a> {
    fn of<C>(&self, config: &'a C) -> crate::engine::Setup<'a, C> {
        let crate::engine::Setup {
            policy,
            persona,
            clock,
            home,
            dates,
            seed,
            streams,
            group,
            rank,
            traces,
            end,
            ..
        } = self.common;
        crate::engine::Setup {
            config,
            policy,
            persona,
            clock,
            home,
            dates,
            seed,
            streams,
            group,
            rank,
            traces,
            end,
        }
    }
}
