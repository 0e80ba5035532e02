//! The charger: who holds it connected. Several reasons may overlap; it is unplugged with the last.

use super::PowerTimer;
use super::habit::{FIRST_NIGHT, Habit};
use crate::engine::Context;
use crate::signal::Signal;
use crate::time::{Span, Time};

const NIGHT: u8 = 1;
const TOP_UP: u8 = 1 << 1;
const FOUND: u8 = 1 << 2;

/// The charger of one device.
pub(super) struct Charger {
    habit: Habit,
    /// The reasons for which it is connected.
    reasons: u8,
    /// The day before the night that is planned now.
    day: i64,
    /// The level at which the user looks for a charger these days.
    level: Option<u64>,
    /// How long the charger now looked for will be used.
    seeking: Option<Span>,
    /// Searches of this day.
    searches: u64,
    /// The end of the longest of the running top-ups, and the length of the next.
    top_up_until: Time,
    top_up: Span,
}

impl Charger {
    /// The charger as it is at the origin, within the night that the origin falls in.
    pub(super) fn new(habit: Habit) -> Charger {
        let mut day = FIRST_NIGHT;
        while habit.night(day).until == Time::ORIGIN {
            day += 1;
        }
        let night = habit.night(day);
        Charger {
            reasons: if night.charges && night.from == Time::ORIGIN { NIGHT } else { 0 },
            level: habit.seek_level(day),
            habit,
            day,
            seeking: None,
            searches: 0,
            top_up_until: Time::ORIGIN,
            top_up: Span::ZERO,
        }
    }

    pub(super) fn is_connected(&self) -> bool {
        self.reasons != 0
    }

    /// The date of the day, which lasts from one morning's unplugging to the next.
    pub(super) fn date(&self) -> u64 {
        self.habit.date(self.day)
    }

    pub(super) fn start(&mut self, cx: &mut Context<'_, PowerTimer>) {
        self.plan_night(cx);
        self.plan_top_up(cx);
    }

    pub(super) fn fire(&mut self, timer: PowerTimer, cx: &mut Context<'_, PowerTimer>) {
        match timer {
            PowerTimer::NightPlug => self.connect(NIGHT, cx),
            PowerTimer::NightUnplug => {
                self.disconnect(NIGHT, cx);
                self.day += 1;
                self.level = self.habit.seek_level(self.day);
                self.searches = 0;
                self.plan_night(cx);
            }
            PowerTimer::TopUp => {
                self.top_up_until = self.top_up_until.max(cx.now() + self.top_up);
                cx.arm_at(PowerTimer::TopUpEnds, self.top_up_until);
                self.connect(TOP_UP, cx);
                self.plan_top_up(cx);
            }
            PowerTimer::TopUpEnds => self.disconnect(TOP_UP, cx),
            PowerTimer::Found => {
                if let Some(length) = self.seeking.take() {
                    cx.arm(PowerTimer::FoundEnds, length);
                    self.connect(FOUND, cx);
                }
            }
            PowerTimer::FoundEnds => self.disconnect(FOUND, cx),
            PowerTimer::Off
            | PowerTimer::Crossing
            | PowerTimer::Boots
            | PowerTimer::Sacrifice
            | PowerTimer::Row => {}
        }
    }

    /// Begins or gives up the search for a charger, by the charge. Answers the level to wait for.
    pub(super) fn seek_level(&mut self, charge: u64, cx: &mut Context<'_, PowerTimer>) -> Option<u64> {
        let wants = !self.is_connected() && self.level.is_some_and(|level| charge <= level);
        if wants && self.seeking.is_none() {
            self.searches += 1;
            let (delay, length) = self.habit.search(self.day, self.searches);
            self.seeking = Some(length);
            cx.arm(PowerTimer::Found, delay);
        } else if !wants && self.seeking.take().is_some() {
            cx.disarm(PowerTimer::Found);
        }
        self.level
    }

    fn plan_night(&mut self, cx: &mut Context<'_, PowerTimer>) {
        let night = self.habit.night(self.day);
        if night.charges && self.reasons & NIGHT == 0 {
            cx.arm_at(PowerTimer::NightPlug, night.from.max(cx.now()));
        }
        cx.arm_at(PowerTimer::NightUnplug, night.until.max(cx.now()));
    }

    fn plan_top_up(&mut self, cx: &mut Context<'_, PowerTimer>) {
        if let Some((at, length)) = self.habit.next_top_up() {
            self.top_up = length;
            cx.arm_at(PowerTimer::TopUp, at);
        }
    }

    fn connect(&mut self, reason: u8, cx: &mut Context<'_, PowerTimer>) {
        if !self.is_connected() {
            cx.say(Signal::PluggedIn);
        }
        self.reasons |= reason;
    }

    fn disconnect(&mut self, reason: u8, cx: &mut Context<'_, PowerTimer>) {
        let was = self.is_connected();
        self.reasons &= !reason;
        if was && !self.is_connected() {
            cx.say(Signal::Unplugged);
        }
    }
}
