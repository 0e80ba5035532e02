//! What background work takes from the system-wide budgets, and how they are refilled.

use super::Budget;
use super::{Config, Das, MILLI, SchedulerTimer};
use crate::engine::{Context, Setup};
use crate::signal::{Facts, Habits, Network, SLOT, Signal, Wake};
use crate::time::{Span, Time};

/// The budgets of one phone, which begin as they are found at any time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budgets {
    energy: Budget,
    data: Budget,
    /// A phone's refills have a phase of their own.
    pub(super) first_refill: Span,
}

impl Budgets {
    /// Where as much is spent as comes in, any level is as likely as any other, and that balance is the only
    /// case in which the first level is remembered for longer than the days that habits take to be learnt.
    pub(super) fn new(setup: &Setup<'_, Config>) -> Budgets {
        let Config { energy_capacity, data_capacity, refill, .. } = *setup.config;
        let draws = setup.streams.keyed("budgets");
        let part = |occasion, whole: f64| (draws.uniform(occasion) * whole) as i64;
        Budgets {
            energy: Budget::with_level(part(0, energy_capacity * MILLI), (energy_capacity * MILLI) as i64),
            data: Budget::with_level(
                part(1, data_capacity.get() as f64 / 1000.0),
                (data_capacity.get() / 1000) as i64,
            ),
            first_refill: Span::from_ms(part(2, refill.ms() as f64) as u64),
        }
    }
}

impl Das {
    pub(super) fn energy_left(&self, facts: &Facts) -> bool {
        facts.plugged_in || self.budgets.energy.is_positive()
    }

    pub(super) fn data_left(&self, facts: &Facts) -> bool {
        let needed = (self.config.data_per_refresh.get() / 1000) as i64;
        facts.network != Network::Cellular || self.budgets.data.level() >= needed.max(1)
    }

    /// On a charger energy costs nothing (dasd of one iOS 18.2 build: the budget is ignored).
    pub(super) fn spend(&mut self, energy: i64, data: i64, cx: &mut Context<'_, SchedulerTimer>) {
        if !cx.facts().plugged_in {
            self.budgets.energy.charge(energy);
        }
        self.budgets.data.charge(data);
        self.judge_budgets(cx);
    }

    /// The client runs in the background, which takes a place and part of the budgets.
    pub(super) fn pay_for(&mut self, wake: Wake, cx: &mut Context<'_, SchedulerTimer>) {
        self.occupy(cx.now() + wake.runtime.min(self.config.other_runtime));
        let data = match cx.facts().network {
            Network::Cellular => self.config.data_per_refresh.get() / 1000,
            Network::None | Network::Wifi => 0,
        };
        self.spend((self.config.energy_per_refresh * MILLI) as i64, data as i64, cx);
    }

    pub(super) fn refill(&mut self, cx: &mut Context<'_, SchedulerTimer>) {
        let share = self.use_until_refill(&cx.facts().habits, cx.now());
        self.budgets.energy.refill(f64::from(share));
        self.budgets.data.refill(self.config.refill.days_f64());
        cx.arm(SchedulerTimer::Refill, self.config.refill);
        cx.say(Signal::EnergyBudget(self.budgets.energy.level() as i32));
        if cx.facts().network == Network::Cellular {
            cx.say(Signal::DataBudget(self.budgets.data.level() as i32));
        }
        self.judge_budgets(cx);
    }

    /// The part of the day's use that is expected before the next refill.
    fn use_until_refill(&self, habits: &Habits, now: Time) -> f32 {
        let (whole, rest) = (self.config.refill.ms() / SLOT.ms(), self.config.refill.ms() % SLOT.ms());
        let slots: f32 = (0..whole).map(|slot| habits.share_of_day(now + SLOT * slot)).sum();
        slots + habits.share_of_day(now + SLOT * whole) * (rest as f32 / SLOT.ms() as f32)
    }

    pub(super) fn judge_budgets(&mut self, cx: &mut Context<'_, SchedulerTimer>) {
        let denies = !(self.energy_left(cx.facts()) && self.data_left(cx.facts()));
        if denies != self.budget_denies {
            self.budget_denies = denies;
            cx.say(Signal::BudgetDenies(denies));
            if !denies {
                self.look_now(cx);
            }
        }
    }
}
