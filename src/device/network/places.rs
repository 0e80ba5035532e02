//! Where the user is, by day and hour: at home, on the way, at work, elsewhere.

use super::{Config, Stretch, outages};
use crate::clock::{Clock, Weekday};
use crate::engine::Setup;
use crate::persona::Persona;
use crate::random::{Gamma, Keyed};
use crate::signal::Network;
use crate::time::{Span, Time};

/// The origin may lie in a day of the user that began before.
const FIRST_DAY: i64 = -1;
const DAY: i64 = Span::DAY.ms() as i64;
/// Places of a day, of which the last is home.
const PLACES: usize = 5;

#[derive(Clone, Copy, Debug)]
enum Place {
    Home,
    Way,
    Work,
    Elsewhere,
}

/// The days of a user who leaves home once a day: for work and what comes after it, or for something else. They
/// are those of the persona, whose hours vary from day to day by themselves: who rises late does not know
/// here that they did.
///
/// What is drawn of a day is drawn by its date.
pub(super) struct Places {
    clock: Clock,
    config: Config,
    persona: Persona,
    day: i64,
    /// When the places of the day begin, in local milliseconds since the midnight before the origin, and which
    /// is next.
    today: [(i64, Place); PLACES],
    next: usize,
    /// When the last stretch began.
    last: Time,
    at_home: bool,
    at_work: bool,
    home_office: Keyed,
    leaves: Keyed,
    stays: Keyed,
    stay: Gamma,
    elsewhere: Keyed,
    ways: Keyed,
    /// Outages by the millisecond, on the way and in other places.
    on_the_way: f64,
    in_places: f64,
}

impl Places {
    pub(super) fn new(setup: &Setup<'_, Config>) -> Places {
        let Setup { config, persona, streams, .. } = *setup;
        let (offline, part) = (persona.offline.get(), config.outages_on_the_way.get());
        // There and back, each day.
        let moving = 2.0 * persona.commute.ms() as f64 / DAY as f64;
        Places {
            clock: setup.clock.clone(),
            config: config.clone(),
            persona: persona.clone(),
            day: FIRST_DAY - 1,
            today: [(i64::MIN, Place::Home); PLACES],
            next: PLACES - 1,
            last: Time::ORIGIN,
            at_home: setup.is_among(config.wifi_at_home, "wifi_at_home"),
            at_work: setup.is_among(config.wifi_at_work, "wifi_at_work"),
            home_office: streams.keyed("network home office"),
            leaves: streams.keyed("network leaves"),
            stays: streams.keyed("network stays"),
            stay: Gamma::with_mean_one(config.stay_shape),
            elsewhere: streams.keyed("network elsewhere"),
            ways: streams.keyed("network ways"),
            on_the_way: outages::rate(config, offline * part / moving),
            in_places: outages::rate(config, offline * (1.0 - part) / (1.0 - moving)),
        }
    }

    pub(super) fn next(&mut self) -> Stretch {
        let number = self.next;
        let (from, place) = self.today[number];
        self.next += 1;
        let (date, config) = (self.clock.date(self.day), &self.config);
        let is_wifi = match place {
            Place::Home => self.at_home,
            Place::Work => self.at_work,
            Place::Elsewhere => self.elsewhere.uniform(date) < config.wifi_elsewhere.get(),
            Place::Way => self.ways.uniform(date << u8::BITS | number as u64) < config.wifi_on_the_way.get(),
        };
        if self.next == PLACES {
            self.turn();
        }
        // Where clocks go forward, what lies in the hour that is left out comes after what follows it.
        let at = u64::try_from(from).map_or(Time::ORIGIN, |ms| self.clock.at(0, Span::from_ms(ms)));
        self.last = self.last.max(at);
        Stretch {
            from: self.last,
            path: if is_wifi { Network::Wifi } else { Network::Cellular },
            outages: if let Place::Way = place { self.on_the_way } else { self.in_places },
            begins: (number == 0).then_some(date),
        }
    }

    /// The next day: a way, work if there is any, a stay elsewhere, a way back, and home.
    fn turn(&mut self) {
        let (home_since, _) = self.today[PLACES - 1];
        (self.day, self.next) = (self.day + 1, 0);
        let date = self.clock.date(self.day);
        let (config, person) = (&self.config, &self.persona);
        let weekend = self.weekday().is_weekend();
        let works = !weekend && self.home_office.uniform(date) >= person.home_office.get();
        let ms = |span: Span| span.ms() as i64;
        let mut later = ms(person.shift) + self.day * DAY;
        if weekend {
            later += ms(person.weekend_shift);
        }
        let (after, longer) = match works {
            true => (person.leaves_after, 1.0),
            false => (config.leaves_on_days_off, config.longer_on_days_off),
        };
        let off = ms(config.leaves_sd) as f64 * self.leaves.normal(date);
        let leaves = (later + ms(person.wake) + ms(after) + off as i64).max(home_since);
        let arrives = leaves + ms(person.commute);
        let ends = arrives + if works { ms(config.work) } else { 0 };
        let stay = longer * ms(person.out_per_day) as f64 * self.stay.draw(&mut self.stays.at(date));
        // Whoever is out comes home to bed.
        let goes = (ends + stay as i64).min(later + ms(person.bed) - ms(person.commute)).max(ends);
        self.today = [
            (leaves, Place::Way),
            (arrives, Place::Work),
            (ends, Place::Elsewhere),
            (goes, Place::Way),
            (goes + ms(person.commute), Place::Home),
        ];
    }

    fn weekday(&self) -> Weekday {
        let first = self.clock.weekday(0).index() as i64;
        Weekday::new((first + self.day).rem_euclid(7) as u8)
    }
}
