//! The toy in NeXosim: a simulation for each device on this thread, whose model schedules its own events.

use crate::toy::{self, Due, END};
use nexosim::model::{Context, Model, schedulable};
use nexosim::simulation::{Mailbox, SimInit};
use nexosim::time::MonotonicTime;
use serde::{Deserialize, Serialize};
use std::time::Duration;

#[derive(Serialize, Deserialize)]
struct Device {
    toy: toy::Device,
}

#[Model]
impl Device {
    #[nexosim(init)]
    async fn init(&mut self, cx: &Context<Self>) {
        for (due, after) in self.toy.start() {
            arm(due, after, cx);
        }
    }

    #[nexosim(schedulable)]
    fn on(&mut self, due: Due, cx: &Context<Self>) {
        let now = cx.time().duration_since(MonotonicTime::EPOCH).as_millis() as u64;
        self.toy.on(due, now, |due, after| arm(due, after, cx));
    }
}

fn arm(due: Due, after: u64, cx: &Context<Device>) {
    // It takes only what is in the future.
    cx.schedule_event(Duration::from_millis(after.max(1)), schedulable!(Device::on), due)
        .expect("in the future");
}

/// Simulates so many devices.
pub fn run(devices: u32) {
    for number in 0..devices {
        let device = Device { toy: toy::Device::new(number) };
        let bench = SimInit::with_num_threads(1).add_model(device, Mailbox::new(), "device");
        let mut simulation = bench.init(MonotonicTime::EPOCH).expect("nothing is wired wrongly");
        // Up to, but not including, the end.
        simulation.step_until(Duration::from_millis(END - 1)).expect("no model fails");
    }
}
