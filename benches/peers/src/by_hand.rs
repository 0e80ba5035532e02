//! The toy without a simulator: the least that it can cost, and what the textbook's calendar costs.

use crate::toy::{Device, Due, END};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The three alarms of a device, the earliest found by looking.
pub fn least_of_three(devices: u32) {
    const ALARMS: [Due; 3] = [Due::Wake, Due::CheckDone, Due::Mail];
    for number in 0..devices {
        let mut device = Device::new(number);
        let mut at = [u64::MAX; 3];
        for (due, after) in device.start() {
            at[due as usize] = after;
        }
        loop {
            let first = if at[1] < at[0] { 1 } else { 0 };
            let first = if at[2] < at[first] { 2 } else { first };
            let now = at[first];
            if now >= END {
                break;
            }
            at[first] = u64::MAX;
            device.on(ALARMS[first], now, |due, after| at[due as usize] = now + after);
        }
    }
}

/// A binary heap for each device.
pub fn heap_each(devices: u32) {
    let mut heap = BinaryHeap::with_capacity(8);
    for number in 0..devices {
        let mut device = Device::new(number);
        heap.clear();
        heap.extend(device.start().map(|(due, after)| Reverse((after, due))));
        while let Some(Reverse((now, due))) = heap.pop().filter(|Reverse((now, _))| *now < END) {
            device.on(due, now, |due, after| heap.push(Reverse((now + after, due))));
        }
    }
}

/// One binary heap for all devices.
pub fn heap_of_all(devices: u32) {
    let mut all: Vec<Device> = (0..devices).map(Device::new).collect();
    let mut heap = BinaryHeap::new();
    for (number, device) in all.iter_mut().enumerate() {
        heap.extend(device.start().map(|(due, after)| Reverse((after, number, due))));
    }
    while let Some(Reverse((now, number, due))) = heap.pop().filter(|Reverse((now, _, _))| *now < END) {
        all[number].on(due, now, |due, after| heap.push(Reverse((now + after, number, due))));
    }
}
