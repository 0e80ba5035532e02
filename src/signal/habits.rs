//! What the operating system has learnt of the user: a fold of public signals, without chance.
//!
//! Two published descriptions can be chosen. `ios26` (reverse engineering of one iOS 26.1 build):
//! the likelihood that an app is opened in a quarter of an hour is its count of starts over 14 days
//! divided by the days of history, all days pooled; that the device is used, the same of the same
//! weekday once there are 14 days. `ios18` (one iOS 18.2 build): the share of days with an event,
//! weekday and weekend apart from 14 days on, and for the device by weekday over 28 days with weeks
//! weighing 1, 1/2, 1/4. Both call at most 0.02 nothing and at least 0.98 certain.

use crate::clock::{Clock, Local};
use crate::time::{Span, Time};

/// Length of a slot of the day.
pub const SLOT: Span = Span::from_secs(900);
/// Slots in a day.
pub const SLOTS: usize = 96;

const DAYS: usize = 28;
const PARTITION_DAYS: u32 = 14;
const DEVICE_MINIMUM_DAYS: u32 = 3;
/// An opening counts as a use of the app if it lasts this long (CoreDuet, iOS 18.2).
const FOCUS: Span = Span::from_secs(5);

crate::choice! {
    /// Which published description of the learner is used.
    pub enum HabitsProfile {
        /// One iOS 26.1 build.
        Ios26,
        /// One iOS 18.2 build.
        Ios18,
    }
}

/// Starts of one activity by day and slot, over the last four weeks.
#[derive(Clone, PartialEq, Debug)]
pub struct Activity {
    starts: Box<[[u8; SLOTS]; DAYS]>,
    today: u32,
    first_day: Option<u32>,
}

impl Activity {
    /// No history.
    pub fn none() -> Activity {
        Activity { starts: Box::new([[0; SLOTS]; DAYS]), today: 0, first_day: None }
    }

    /// One start.
    pub fn saw(&mut self, at: Local) {
        self.turn_to(at.day);
        self.first_day.get_or_insert(at.day);
        let slot = slot_of(at);
        let count = &mut self.starts[at.day as usize % DAYS][slot];
        *count = count.saturating_add(1);
    }

    /// Days from the first start to today, both counted, or none.
    pub fn days(&self) -> u32 {
        self.first_day.map_or(0, |first| self.today - first + 1)
    }

    fn turn_to(&mut self, day: u32) {
        while self.today < day {
            self.today += 1;
            self.starts[self.today as usize % DAYS] = [0; SLOTS];
        }
    }

    /// The days of history among the last `window`, newest first.
    fn history(&self, window: u32) -> impl Iterator<Item = (u32, &[u8; SLOTS])> {
        let days = self.days().min(window);
        (0..days).map(|back| self.today - back).map(|day| (day, &self.starts[day as usize % DAYS]))
    }

    /// Pooled counts per slot over 14 days of history, divided by those days.
    fn pooled_counts(&self) -> [f32; SLOTS] {
        let mut sums = [0_u16; SLOTS];
        let mut days = 0;
        for (_, starts) in self.history(PARTITION_DAYS) {
            days += 1;
            for (sum, count) in sums.iter_mut().zip(starts) {
                *sum += u16::from(*count);
            }
        }
        sums.map(|sum| clamp(f32::from(sum) / (days as f32).max(1.0)))
    }

    /// Weighted share of the days that pass `same` with at least one start, per slot.
    fn share_of_days(
        &self,
        window: u32,
        same: impl Fn(u32) -> bool,
        weight: impl Fn(u32) -> f32,
    ) -> [f32; SLOTS] {
        let mut sums = [0.0_f32; SLOTS];
        let mut total = 0.0;
        for (day, starts) in self.history(window).filter(|&(day, _)| same(day)) {
            let weight = weight(self.today - day);
            total += weight;
            for (sum, count) in sums.iter_mut().zip(starts) {
                *sum += if *count > 0 { weight } else { 0.0 };
            }
        }
        sums.map(|sum| if total > 0.0 { clamp(sum / total) } else { 0.0 })
    }
}

/// What the system has learnt and what it predicts from it.
#[derive(Clone, PartialEq, Debug)]
pub struct Habits {
    profile: HabitsProfile,
    clock: Clock,
    client: Activity,
    device: Activity,
    opened_at: Option<Time>,
    /// Predicted opening of the client, by kind of day (weekday, weekend) and slot.
    client_likelihood: Option<[[f32; SLOTS]; 2]>,
    /// Predicted use of the device, by weekday and slot.
    device_likelihood: Option<Box<[[f32; SLOTS]; 7]>>,
    /// Sums of `device_likelihood` over the day.
    device_sums: [f32; 7],
}

impl Habits {
    /// A phone that knows nothing of its user.
    pub fn new(profile: HabitsProfile, clock: Clock) -> Habits {
        Habits {
            profile,
            clock,
            client: Activity::none(),
            device: Activity::none(),
            opened_at: None,
            client_likelihood: None,
            device_likelihood: None,
            device_sums: [0.0; 7],
        }
    }

    /// The user began to use the device.
    pub fn saw_device_use(&mut self, now: Time) {
        self.device.saw(self.clock.local(now));
    }

    /// The user opened the client; it counts once it was long enough.
    pub fn saw_client_opened(&mut self, now: Time) {
        self.opened_at.get_or_insert(now);
    }

    /// The user left the client.
    pub fn saw_client_closed(&mut self, now: Time) {
        if let Some(opened) = self.opened_at.take()
            && now.since(opened) >= FOCUS
        {
            self.client.saw(self.clock.local(opened));
        }
    }

    /// Computes the predictions anew from the history so far.
    pub fn refresh(&mut self, now: Time) {
        let today = self.clock.local(now).day;
        self.client.turn_to(today);
        self.device.turn_to(today);
        if self.client.days() > 0 {
            self.client_likelihood = Some(self.predict_client());
        }
        if self.device.days() >= DEVICE_MINIMUM_DAYS {
            self.predict_device();
        }
    }

    fn predict_client(&self) -> [[f32; SLOTS]; 2] {
        match self.profile {
            HabitsProfile::Ios26 => [self.client.pooled_counts(); 2],
            HabitsProfile::Ios18 if self.client.days() < PARTITION_DAYS => {
                [self.client.share_of_days(PARTITION_DAYS, |_| true, |_| 1.0); 2]
            }
            HabitsProfile::Ios18 => [false, true].map(|weekend| {
                let same = |day| self.clock.weekday(day).is_weekend() == weekend;
                self.client.share_of_days(DAYS as u32, same, |_| 1.0)
            }),
        }
    }

    fn predict_device(&mut self) {
        let device = &self.device;
        let mut table = self.device_likelihood.take().unwrap_or_else(|| Box::new([[0.0; SLOTS]; 7]));
        let partitioned = device.days() >= PARTITION_DAYS;
        let pooled =
            if partitioned { [0.0; SLOTS] } else { device.share_of_days(PARTITION_DAYS, |_| true, |_| 1.0) };
        // Nothing looks further ahead than the day after tomorrow before the next refresh.
        for weekday in (0..3).map(|ahead| self.clock.weekday(device.today + ahead).index()) {
            let row = &mut table[weekday];
            let same = |day| self.clock.weekday(day).index() == weekday;
            *row = match self.profile {
                _ if !partitioned => pooled,
                HabitsProfile::Ios26 => device.share_of_days(PARTITION_DAYS, same, |_| 1.0),
                HabitsProfile::Ios18 => {
                    device.share_of_days(DAYS as u32, same, |age| 1.0 / (1_u32 << (age / 7)) as f32)
                }
            };
            self.device_sums[weekday] = row.iter().sum();
        }
        self.device_likelihood = Some(table);
    }

    /// How likely the client is opened in the slot that holds `at`, or `None` without history.
    pub fn client_opens(&self, at: Time) -> Option<f32> {
        let table = self.client_likelihood.as_ref()?;
        let local = self.clock.local(at);
        let kind = usize::from(self.clock.weekday(local.day).is_weekend());
        Some(table[kind][slot_of(local)])
    }

    /// How likely the device is used in the slot that holds `at`, or `None` without history.
    pub fn device_active(&self, at: Time) -> Option<f32> {
        let table = self.device_likelihood.as_ref()?;
        let local = self.clock.local(at);
        Some(table[self.clock.weekday(local.day).index()][slot_of(local)])
    }

    /// Which part of the day's use falls in the slot that holds `at`; even without history.
    pub fn share_of_day(&self, at: Time) -> f32 {
        let weekday = self.clock.weekday(self.clock.local(at).day).index();
        match self.device_active(at) {
            Some(active) if self.device_sums[weekday] > 0.0 => active / self.device_sums[weekday],
            _ => 1.0 / SLOTS as f32,
        }
    }
}

fn slot_of(local: Local) -> usize {
    local.ms as usize / SLOT.ms() as usize
}

fn clamp(likelihood: f32) -> f32 {
    match likelihood {
        p if p <= 0.02 => 0.0,
        p if p >= 0.98 => 1.0,
        p => p,
    }
}
