//! What the operating system has learnt of the user: a fold of public signals, without chance.
//!
//! Two descriptions can be chosen, none of them Apple's. `ios26` (reverse engineering of one iOS 26.1 build):
//! the likelihood that an app is opened in a quarter of an hour is its count of starts over 14 days
//! divided by the days of history, all days pooled; that the device is used, the same of the same
//! weekday once there are 14 days. `ios18` (one iOS 18.2 build): the share of days with an event,
//! weekday and weekend apart from 14 days on, and for the device by weekday over 28 days with older
//! weeks weighing less. Both take what is all but impossible for impossible. Of a client that was used on
//! fewer days than make a habit nothing is predicted, however often it was used on them (assumed).

use crate::clock::{Clock, Local};
use crate::time::{Span, Time};
use crate::units::Share;

/// Length of a slot of the day.
pub const SLOT: Span = Span::from_secs(900);
/// Slots in a day.
pub const SLOTS: usize = (Span::DAY.ms() / SLOT.ms()) as usize;

/// Days that are kept.
const DAYS: usize = 28;

crate::choice! {
    /// Which published description of the learner is used.
    pub enum HabitsProfile {
        /// One iOS 26.1 build.
        Ios26,
        /// As `ios26`: no change was found in iOS 27 (assumed).
        Ios27,
        /// One iOS 18.2 build.
        Ios18,
    }
}

crate::section! {
    /// `[habits]`
    pub struct HabitsConfig {
        /// Which description of the learner is used; in iOS 27 no change was found, so `ios27` computes what `ios26` does.
        profile: HabitsProfile = HabitsProfile::Ios26, unpublished;
        /// Whether the phone may learn at all; `false` is a phone that stays new.
        learn: bool = true;
        /// How often predictions are made anew.
        refresh: Span = Span::HOUR * 6,
            plausible("h", 1.0..24.0), from(DASD, "usage prediction refreshed every 6 h"),
            within(Span::SECOND..=Span::hours(48));
        /// An opening counts as a use of the client if it lasts this long.
        focus: Span = Span::from_secs(5),
            plausible("s", 0.0..10.0), from(DASD, "in focus for 5 s, 10 s in another place"),
            within(Span::ZERO..=Span::HOUR);
        /// Days of history that are looked at, and from which on kinds of days are told apart.
        history: u32 = 14, plausible("d", 7.0..28.0), from(DASD), within(1..=28);
        /// Days of history that `ios18` looks at once kinds of days are told apart.
        long_history: u32 = 28, plausible("d", 14.0..28.0), from(DASD, "window 28 d"), within(1..=28);
        /// Days of history without which nothing is predicted of the use of the device.
        least_history: u32 = 3, plausible("d", 1.0..7.0), from(DASD, "minimum 3 days"), within(0..=28);
        /// Days with a use of the client, of those looked at, without which nothing is predicted of it.
        least_use: u32 = 3,
            plausible("d", 1.0..7.0), from(DASD, "minimum 3 days for the device"),
            assumed("that of an app is configured, and not known"), within(0..=28);
        /// Weight that `ios18` gives a week of the device's use relative to the week after it.
        week_fades: Share = Share::new(0.5),
            plausible("1", 0.25..1.0), from(DASD, "older weeks weigh 1, 1/2, 1/4");
        /// A likelihood of at most this is taken for none.
        never_to: Share = Share::new(0.02), plausible("1", 0.0..0.05), from(DASD);
        /// A likelihood of at least this is taken for certain.
        always_from: Share = Share::new(0.98), plausible("1", 0.9..1.0), from(DASD);
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

    /// On how many of the last days there was a start.
    fn days_of_use(&self, window: u32) -> u32 {
        self.history(window).filter(|(_, starts)| starts.iter().any(|count| *count > 0)).count() as u32
    }

    /// Pooled counts per slot over the last days of history, divided by those days.
    fn pooled_counts(&self, window: u32) -> [f32; SLOTS] {
        let mut sums = [0_u16; SLOTS];
        let mut days = 0;
        for (_, starts) in self.history(window) {
            days += 1;
            for (sum, count) in sums.iter_mut().zip(starts) {
                *sum += u16::from(*count);
            }
        }
        sums.map(|sum| f32::from(sum) / (days as f32).max(1.0))
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
        sums.map(|sum| if total > 0.0 { sum / total } else { 0.0 })
    }
}

/// What the system has learnt and what it predicts from it.
#[derive(Clone, PartialEq, Debug)]
pub struct Habits {
    config: HabitsConfig,
    clock: Clock,
    client: Activity,
    device: Activity,
    opened_at: Option<Time>,
    /// The latest use of the client, and the latest on a day before it.
    used_at: Option<Time>,
    used_before: Option<Time>,
    /// Predicted opening of the client, by kind of day (weekday, weekend) and slot.
    client_likelihood: Option<[[f32; SLOTS]; 2]>,
    /// Predicted use of the device, by weekday and slot.
    device_likelihood: Option<Box<[[f32; SLOTS]; 7]>>,
    /// Sums of `device_likelihood` over the day.
    device_sums: [f32; 7],
}

impl Habits {
    /// A phone that knows nothing of its user.
    pub fn new(config: &HabitsConfig, clock: Clock) -> Habits {
        Habits {
            config: config.clone(),
            clock,
            client: Activity::none(),
            device: Activity::none(),
            opened_at: None,
            used_at: None,
            used_before: None,
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
            && now.since(opened) >= self.config.focus
        {
            self.client.saw(self.clock.local(opened));
            let day = |at| self.clock.local(at).day;
            if self.used_at.is_some_and(|used| day(used) < day(opened)) {
                self.used_before = self.used_at;
            }
            self.used_at = Some(opened);
            // The first prediction is made as soon as there can be one (assumed).
            if self.config.learn && self.client_likelihood.is_none() {
                self.client.turn_to(self.clock.local(now).day);
                self.predict_client();
            }
        }
    }

    /// When the client was last opened for long enough to count, today's uses left out where there are others:
    /// they would put off for ever what waits for that time of day.
    pub fn client_last_used(&self, now: Time) -> Option<Time> {
        let is_today = |used: &Time| self.clock.local(*used).day == self.clock.local(now).day;
        self.used_at.filter(|used| !is_today(used)).or(self.used_before).or(self.used_at)
    }

    /// Computes the predictions anew from the history so far.
    pub fn refresh(&mut self, now: Time) {
        let today = self.clock.local(now).day;
        self.client.turn_to(today);
        self.device.turn_to(today);
        self.predict_client();
        if self.device.days() >= self.config.least_history {
            self.predict_device();
        }
    }

    fn predict_client(&mut self) {
        let HabitsConfig { profile, history, long_history, least_use, .. } = self.config;
        let window = if profile == HabitsProfile::Ios18 { long_history } else { history };
        if self.client.days_of_use(window) < least_use.max(1) {
            self.client_likelihood = None;
            return;
        }
        let tables = match profile {
            HabitsProfile::Ios26 | HabitsProfile::Ios27 => [self.client.pooled_counts(history); 2],
            HabitsProfile::Ios18 if self.client.days() < history => {
                [self.client.share_of_days(history, |_| true, |_| 1.0); 2]
            }
            HabitsProfile::Ios18 => [false, true].map(|weekend| {
                let same = |day| self.clock.weekday(day).is_weekend() == weekend;
                self.client.share_of_days(long_history, same, |_| 1.0)
            }),
        };
        self.client_likelihood = Some(tables.map(|table| self.clamped(table)));
    }

    fn predict_device(&mut self) {
        let HabitsConfig { profile, history, long_history, week_fades, .. } = self.config;
        let device = &self.device;
        let mut table = self.device_likelihood.take().unwrap_or_else(|| Box::new([[0.0; SLOTS]; 7]));
        let partitioned = device.days() >= history;
        let pooled =
            if partitioned { [0.0; SLOTS] } else { device.share_of_days(history, |_| true, |_| 1.0) };
        let faded = |age: u32| (0..age / 7).fold(1.0, |weight, _| weight * week_fades.get() as f32);
        // Nothing looks further ahead than the day after tomorrow before the next refresh.
        for weekday in (0..3).map(|ahead| self.clock.weekday(device.today + ahead).index()) {
            let same = |day| self.clock.weekday(day).index() == weekday;
            table[weekday] = self.clamped(match profile {
                _ if !partitioned => pooled,
                HabitsProfile::Ios26 | HabitsProfile::Ios27 => device.share_of_days(history, same, |_| 1.0),
                HabitsProfile::Ios18 => device.share_of_days(long_history, same, faded),
            });
            self.device_sums[weekday] = table[weekday].iter().sum();
        }
        self.device_likelihood = Some(table);
    }

    /// Takes what is all but impossible for impossible, and what is all but certain for certain.
    fn clamped(&self, likelihoods: [f32; SLOTS]) -> [f32; SLOTS] {
        let (never_to, always_from) =
            (self.config.never_to.get() as f32, self.config.always_from.get() as f32);
        likelihoods.map(|likelihood| match likelihood {
            p if p <= never_to => 0.0,
            p if p >= always_from => 1.0,
            p => p,
        })
    }

    /// Whether anything is predicted of the client: where nothing is, all times are alike.
    pub fn predicts_client(&self) -> bool {
        self.client_likelihood.is_some()
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
