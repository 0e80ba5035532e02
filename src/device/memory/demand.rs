//! Apps that demand much more while they are on the screen: a camera, a game.

use super::Config;
use super::ram::part;
use super::residents::Seat;
use crate::engine::Setup;
use crate::random::{Keyed, LogNormal, uniform};
use crate::signal::App;
use crate::time::Time;

/// Which of the user's apps demand, and how much.
pub(super) struct Demands {
    seats: Vec<Seat>,
    /// By the moment of opening, so that a session more or less shifts no other.
    keyed: Keyed,
    size: LogNormal,
    /// No app may have more in all.
    limit: i64,
}

impl Demands {
    /// `apps` is how many the user has, the first in favour at seat 1.
    pub(super) fn new(setup: &Setup<'_, Config>, apps: u16) -> Demands {
        let Config { burst_apps, burst_size, burst_sigma, burst_phone, burst_growth, burst_limit, .. } =
            *setup.config;
        let ram = setup.persona.ram.get();
        let times = libm::pow(ram as f64 / burst_phone.get() as f64, burst_growth);
        let mut draw = setup.streams.stream("demanding apps");
        let mut seats: Vec<Seat> = Vec::new();
        while seats.len() < usize::from(apps).min(burst_apps as usize) {
            let seat = 1 + (uniform(&mut draw) * f64::from(apps)) as Seat;
            if !seats.contains(&seat) {
                seats.push(seat);
            }
        }
        Demands {
            seats,
            keyed: setup.streams.keyed("memory demand"),
            size: LogNormal::with_median(burst_size.get() as f64 * times, burst_sigma),
            limit: part(ram as i64, burst_limit.get()),
        }
    }

    /// Whether an app is one of them.
    pub(super) fn is_of(&self, seat: Seat) -> bool {
        self.seats.contains(&seat)
    }

    /// What an app that was opened then demands on top of its size.
    pub(super) fn draw(&self, app: App, opened: Time, size: i64) -> i64 {
        let occasion = opened.ms() << u16::BITS | u64::from(app.0);
        // More than any phone has is all the same, and must not overflow.
        let demand = self.size.draw(&mut self.keyed.at(occasion)).min(self.limit as f64) as i64;
        demand.min(self.limit - size).max(0)
    }
}
