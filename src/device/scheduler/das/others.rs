//! The refreshes of other apps, which take places and budgets.

use super::{Das, Identifier, SchedulerTimer};
use crate::engine::Context;
use crate::random::RngExt;
use crate::signal::Network;
use crate::time::Span;

impl Das {
    pub(super) fn other_app_asks(&mut self, cx: &mut Context<'_, SchedulerTimer>) {
        let app = self.others.random_range(0..self.other_costs.len() as u8);
        let energy = self.other_energy.draw(&mut self.others) as i64;
        let data = self.other_data.draw(&mut self.others) as i64;
        let next = self.between_others.draw(&mut self.others);
        self.other_costs[usize::from(app)] = (energy, data);
        cx.arm(SchedulerTimer::OtherApp, Span::from_secs_f64(next));
        if cx.facts().powered_off {
            return;
        }
        if self.next_free() > cx.now() {
            self.requests.look_at(Identifier::Other(app), self.next_free());
            self.arm_look(cx);
        } else {
            self.run_other(app, cx);
        }
    }

    pub(super) fn run_other(&mut self, app: u8, cx: &mut Context<'_, SchedulerTimer>) {
        let facts = cx.facts();
        let path = facts.network;
        if !self.energy_left(facts) || path == Network::None || facts.low_power_enforced(cx.now()) {
            self.requests.look_at(Identifier::Other(app), cx.now() + self.config.refill);
            self.arm_look(cx);
            return;
        }
        self.requests.remove(Identifier::Other(app));
        self.occupy(cx.now() + self.config.other_runtime);
        let (energy, data) = self.other_costs[usize::from(app)];
        self.spend(energy, if path == Network::Cellular { data } else { 0 }, cx);
    }
}
