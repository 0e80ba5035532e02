//! Every measure in a row: what it is called, what it is, its unit, and how it follows from a diary.

use super::day::{self, Day};
use super::diary::{Diary, Visit};
use super::learner::auc;
use crate::analysis::statistic::Statistic;
use crate::device::held_by_system;
use crate::scenario::Own;
use crate::section::{Held, Shape};
use crate::time::{Span, Time};
use crate::units::Bytes;

crate::choice! {
    /// What can be measured of one device.
    pub enum Measure {
        /// How often the phone is taken in hand to use it.
        PickupsPerDay,
        /// Pick-ups on a day of a weekend over those on a weekday.
        PickupsWeekendRatio,
        /// Standard deviation over days of the logarithm of pick-ups; days without any are left out.
        PickupsLogSd,
        /// Autocorrelation of the logarithm of a day's pick-ups with the day before's.
        PickupsDayToDay,
        /// Autocorrelation of the logarithm of a day's pick-ups with those a week before.
        PickupsWeekToWeek,
        /// Correlation over days of pick-ups and minutes in hand.
        PickupsMinutesCorrelation,
        /// How long the phone is in hand.
        MinutesPerDay,
        /// Minutes in hand on a day of a weekend over those on a weekday.
        MinutesWeekendRatio,
        /// Standard deviation over days of the logarithm of minutes in hand.
        MinutesLogSd,
        /// How long the phone is in hand each time.
        SecondsPerPickup,
        /// Share of the times in hand in which the client is opened.
        ClientShareOfSessions,
        /// How often the client is opened.
        ClientOpeningsPerDay,
        /// Openings of the client on a day of a weekend over those on a weekday.
        ClientOpeningsWeekendRatio,
        /// How often the client is opened, where what follows within 5 min of leaving it is the same visit.
        ClientVisitsPerDay,
        /// Share of the openings of the client within 5 min of leaving it.
        ReopenedSoonShare,
        /// Median length of a time in the client.
        ClientVisitSeconds,
        /// Share of the openings of the client that answer a notification.
        NotificationDrivenShare,
        /// How well the learner's likelihood ranks quarters of an hour with and without an opening.
        LearnerAuc,
        /// How well the learner's likelihood ranks quarters of an hour from 9 h to midnight alone.
        LearnerAucWaking,
        /// Mails that arrive on a weekday.
        MailPerWeekday,
        /// Share of the nights, from 22 to 7 h, with a charger connected for 2 h or longer.
        OvernightChargeShare,
        /// Share of the time in Low Power Mode.
        LowPowerShare,
        /// How much of the battery an hour in hand takes, off the charger.
        InHandDrain,
        /// Share of Wi-Fi in the time with a network.
        WifiShare,
        /// How often memory ends the client.
        MemoryKillsPerDay,
        /// Median number of different apps that are opened between two openings of the client.
        AppsBetweenOpenings,
        /// Share of the openings of the client with at most 10 different apps since the one before.
        ReopenedWithinTenApps,
        /// How often an app is opened, the client included.
        AppOpeningsPerDay,
        /// How often an app is opened, the client included, for each hour in hand.
        AppOpeningsPerHour,
        /// Memory that no app can have, because the system holds it.
        SystemMemory,
        /// How often the client is refreshed in the background.
        RefreshesPerDay,
        /// 1 for a device whose client is never refreshed in the background, else 0.
        NeverRefreshed,
        /// 1 for a device with at most 4 GB of memory, else 0.
        SmallMemory,
    }
}

/// From when to when a night lasts, and how long a charger must be connected in it.
const NIGHT: [Span; 2] = [Span::hours(22), Span::hours(7)];
const OVERNIGHT: Span = Span::hours(2);
/// What follows sooner upon leaving the client is the same visit.
const SAME_VISIT: Span = Span::from_secs(300);
const WAKING: Span = Span::hours(9);

impl Measure {
    /// What it is, in a sentence.
    pub fn words(self) -> &'static str {
        match Measure::SHAPE {
            Shape::OneOf(names) => names[self as usize].1,
            _ => "",
        }
    }

    /// What it is measured in.
    pub const fn unit(self) -> &'static str {
        use Measure as M;
        match self {
            M::PickupsPerDay | M::ClientOpeningsPerDay | M::ClientVisitsPerDay | M::MailPerWeekday => "1/day",
            M::MemoryKillsPerDay | M::AppOpeningsPerDay | M::RefreshesPerDay => "1/day",
            M::PickupsWeekendRatio | M::MinutesWeekendRatio | M::ClientOpeningsWeekendRatio => "ratio",
            M::PickupsLogSd | M::MinutesLogSd => "ln",
            M::PickupsDayToDay | M::PickupsWeekToWeek | M::PickupsMinutesCorrelation => "r",
            M::MinutesPerDay => "min/day",
            M::SecondsPerPickup | M::ClientVisitSeconds => "s",
            M::ClientShareOfSessions | M::NotificationDrivenShare | M::OvernightChargeShare => "share",
            M::ReopenedSoonShare | M::LowPowerShare | M::WifiShare | M::ReopenedWithinTenApps => "share",
            M::NeverRefreshed | M::SmallMemory => "share",
            M::LearnerAuc | M::LearnerAucWaking => "AUC",
            M::InHandDrain => "%/h",
            M::AppsBetweenOpenings => "apps",
            M::AppOpeningsPerHour => "1/h",
            M::SystemMemory => "GB",
        }
    }

    /// What a statistic of it is measured in.
    pub const fn unit_of(self, statistic: Statistic) -> &'static str {
        match statistic {
            Statistic::Mean | Statistic::Median | Statistic::Sd => self.unit(),
            Statistic::LogSd => "ln",
        }
    }

    /// What a device is worth; unknown where the life that was kept does not say.
    pub fn of(self, diary: &Diary<'_>, own: Own<'_>, clock: &crate::clock::Clock) -> Option<f64> {
        use Measure as M;
        let days = &diary.days[..];
        let pickups = |day: &Day| f64::from(day.pickups);
        let openings = |day: &Day| f64::from(day.openings);
        let per_day = |count: u32| Some(f64::from(count) / diary.length());
        let opened = || diary.measured_visits().count() as u32;
        let learner = |from| auc(&diary.visits, &own.sections.habits, clock, diary.span.clone(), from);
        match self {
            M::PickupsPerDay => day::mean_of(days, pickups),
            M::PickupsWeekendRatio => day::weekend_ratio(days, pickups),
            M::PickupsLogSd => day::log_sd(days, pickups),
            M::PickupsDayToDay => day::autocorrelation(days, 1, pickups),
            M::PickupsWeekToWeek => day::autocorrelation(days, 7, pickups),
            M::PickupsMinutesCorrelation => day::correlation(days, pickups, Day::minutes),
            M::MinutesPerDay => day::mean_of(days, Day::minutes),
            M::MinutesWeekendRatio => day::weekend_ratio(days, Day::minutes),
            M::MinutesLogSd => day::log_sd(days, Day::minutes),
            M::SecondsPerPickup => {
                share(day::mean_of(days, Day::minutes)? * 60.0, day::mean_of(days, pickups)?)
            }
            M::ClientShareOfSessions => share(diary.sessions[1].into(), diary.sessions[0].into()),
            M::ClientOpeningsPerDay => per_day(opened()),
            M::ClientOpeningsWeekendRatio => day::weekend_ratio(days, openings),
            M::ClientVisitsPerDay => per_day(separate_visits(diary.measured_visits())),
            M::ReopenedSoonShare => {
                let visits = separate_visits(diary.measured_visits());
                share(f64::from(opened() - visits), opened().into())
            }
            M::ClientVisitSeconds => {
                let length = |visit: &Visit| visit.closed.since(visit.opened).secs_f64();
                day::median(diary.measured_visits().map(length).collect())
            }
            M::NotificationDrivenShare => {
                let answers = diary.measured_visits().filter(|visit| visit.answers).count();
                share(answers as f64, opened().into())
            }
            M::LearnerAuc => learner(Span::ZERO),
            M::LearnerAucWaking => learner(WAKING),
            M::MailPerWeekday => day::mean_on(days, false, |day| day.mails.into()),
            M::OvernightChargeShare => overnight(diary),
            M::LowPowerShare => Some(diary.low_power.hours() / 24.0 / diary.length()),
            M::InHandDrain => {
                let lost = diary.lost as f64 * 100.0 / crate::signal::Battery::FULL as f64;
                share(lost, diary.draining.hours())
            }
            M::WifiShare => share(diary.wifi.hours(), diary.wifi.hours() + diary.cellular.hours()),
            M::MemoryKillsPerDay => per_day(diary.memory_kills),
            M::AppsBetweenOpenings => {
                day::median(diary.depths.iter().map(|depth| f64::from(*depth)).collect())
            }
            M::ReopenedWithinTenApps => {
                let within = diary.depths.iter().filter(|depth| **depth <= 10).count();
                share(within as f64, diary.depths.len() as f64)
            }
            M::AppOpeningsPerDay => per_day(diary.app_openings + opened()),
            M::AppOpeningsPerHour => share((diary.app_openings + opened()).into(), diary.in_hand.hours()),
            M::SystemMemory => {
                let held = held_by_system(&own.sections.memory, own.persona.ram)?;
                Some(held.get() as f64 / Bytes::megabytes(1000).get() as f64)
            }
            M::RefreshesPerDay => per_day(diary.refreshes),
            M::NeverRefreshed => Some(f64::from(u8::from(diary.refreshes == 0))),
            M::SmallMemory => Some(f64::from(u8::from(own.persona.ram <= Bytes::megabytes(4000)))),
        }
    }
}

/// A part of a whole, unless that is nothing.
fn share(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

fn separate_visits<'a>(visits: impl Iterator<Item = &'a Visit>) -> u32 {
    let (mut count, mut left) = (0, None::<Time>);
    for visit in visits {
        count += u32::from(left.is_none_or(|left| visit.opened.since(left) >= SAME_VISIT));
        left = Some(visit.closed);
    }
    count
}

fn overnight(diary: &Diary<'_>) -> Option<f64> {
    let (mut nights, mut charged) = (0.0, 0.0);
    for night in diary.nights(NIGHT[0], NIGHT[1]) {
        let within = diary.charged.iter().map(|charge| {
            let (from, until) = (charge.start.max(night.start), charge.end.min(night.end));
            if from < until { until.since(from).ms() } else { 0 }
        });
        nights += 1.0;
        charged += f64::from(u8::from(within.sum::<u64>() >= OVERNIGHT.ms()));
    }
    share(charged, nights)
}
