//! The toy in simcore: a simulation for each device, whose component is sent its own alarms.

use crate::toy::{self, Due, END};
use serde::Serialize;
use simcore::{Event, EventHandler, Simulation, SimulationContext, cast};
use std::cell::RefCell;
use std::rc::Rc;

#[derive(Clone, Serialize)]
struct Alarm {
    due: Due,
}

struct Device {
    toy: toy::Device,
    context: SimulationContext,
}

/// Its times are seconds.
fn seconds(ms: u64) -> f64 {
    ms as f64 / 1e3
}

impl EventHandler for Device {
    fn on(&mut self, event: Event) {
        let now = (event.time * 1e3).round() as u64;
        cast!(match event.data {
            Alarm { due } => {
                self.toy.on(due, now, |due, after| {
                    self.context.emit_self(Alarm { due }, seconds(after));
                });
            }
        })
    }
}

/// Simulates so many devices.
pub fn run(devices: u32) {
    for number in 0..devices {
        let mut simulation = Simulation::new(number.into());
        let context = simulation.create_context("device");
        let mut toy = toy::Device::new(number);
        for (due, after) in toy.start() {
            context.emit_self(Alarm { due }, seconds(after));
        }
        simulation.add_handler("device", Rc::new(RefCell::new(Device { toy, context })));
        // Up to, but not including, the end.
        simulation.step_until_time(seconds(END - 1));
    }
}
