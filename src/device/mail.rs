//! The mail that arrives for the user: circadian, weekly, and in bursts, whatever anyone decides.
//!
//! The persona's mail is a cascade (Malmgren et al., PNAS 2008): some mail comes at the rate of the
//! hour of the week, and each mail draws a few more after it. Hours are those of the local dial, so
//! a day that the clock shortens or lengthens has fewer or more of them.

use crate::clock::Clock;
use crate::engine::{Context, Model, Setup};
use crate::random::{Exponential, Factor, Gamma, Keyed, Poisson, Stream, mix};
use crate::signal::{Signal, SignalKinds};
use crate::time::{Span, Time};
use crate::trace::{Align, Dates, MailColumns};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

crate::choice! {
    /// Which model of arriving mail is used.
    pub enum Kind {
        /// The cascade of the persona.
        Persona,
        /// A constant rate, day and night.
        Poisson,
        /// The mailboxes of a file, dealt out to the devices in turn; after its last mail none comes.
        Trace,
    }
}

crate::section! {
    /// `[mail]`
    pub struct Config {
        /// Which model is used.
        model: Kind = Kind::Persona, study;
        /// Mails a day; unset means as many as the persona has on a weekday, whoever the person is.
        per_day: Option<f64> = None, only(Poisson), within(0.0..=1000000.0);
        /// The CSV file of arrivals.
        file: Option<String> = None, needed_by(Trace);
        /// How its time is laid over the simulated span.
        align: Align = Align::Week, only(Trace);
        /// What comes first in its dates with slashes; its rows decide where nothing is said.
        dates: Option<Dates> = None, only(Trace), study;
        /// Which of its columns are meant, where they are called otherwise than here.
        columns: MailColumns = Default::default(), only(Trace), study;
        /// Relative weight of each hour of a weekday.
        weekday_hours: [f64; 24] = [
            0.7, 0.3, 0.2, 0.2, 0.2, 0.6, 1.1, 1.6, 4.7, 9.0, 9.0, 8.1,
            6.8, 7.9, 7.5, 8.0, 8.6, 6.6, 5.0, 3.9, 3.8, 3.1, 1.8, 1.3,
        ],
            only(Persona), plausible("%", 0.0..20.0), from(DNC, "12 mailboxes over 26 days"), weights;
        /// Relative weight of each hour of a weekend day.
        weekend_hours: [f64; 24] = [
            2.2, 1.3, 1.1, 2.2, 0.4, 0.9, 1.4, 1.2, 5.9, 8.0, 7.2, 7.9,
            4.5, 6.0, 6.6, 6.2, 6.9, 5.0, 7.6, 6.2, 3.4, 3.4, 2.3, 2.3,
        ],
            only(Persona), plausible("%", 0.0..20.0), from(DNC, "12 mailboxes over 26 days"), weights;
    }
}

crate::timers! {
    /// The alarm of the mail.
    MailTimer {
        /// The next mail arrives.
        Arrival,
    }
}

/// The mail of one device. It is exogenous: no policy moves it.
pub struct Mail(Arrivals);

enum Arrivals {
    Cascade(Box<Cascade>),
    Poisson { stream: Stream, gap: Exponential, last: Time },
    Trace { mailboxes: Arc<Vec<Vec<Time>>>, mailbox: usize, next: usize },
    Never,
}

impl Arrivals {
    fn next(&mut self) -> Option<Time> {
        match self {
            Arrivals::Cascade(cascade) => cascade.next(),
            Arrivals::Poisson { stream, gap, last } => {
                *last = *last + Span::from_secs_f64(gap.draw(stream));
                Some(*last)
            }
            Arrivals::Trace { mailboxes, mailbox, next } => {
                *next += 1;
                mailboxes[*mailbox].get(*next - 1).copied()
            }
            Arrivals::Never => None,
        }
    }
}

impl Mail {
    fn arm(&mut self, cx: &mut Context<'_, MailTimer>) {
        if let Some(at) = self.0.next() {
            cx.arm_at(MailTimer::Arrival, at);
        }
    }
}

impl Model for Mail {
    type Config = Config;
    type Timer = MailTimer;
    const HEARS: SignalKinds = SignalKinds::NONE;

    fn new(setup: &Setup<'_, Config>) -> Mail {
        let Setup { config, persona, traces, .. } = *setup;
        Mail(match config.model {
            Kind::Persona => Arrivals::Cascade(Box::new(Cascade::new(setup))),
            Kind::Poisson => {
                let per_day = config.per_day.unwrap_or(persona.mails_per_weekday);
                if per_day > 0.0 {
                    Arrivals::Poisson {
                        stream: setup.streams.stream("mail"),
                        gap: Exponential::with_mean(Span::DAY.secs_f64() / per_day),
                        last: Time::ORIGIN,
                    }
                } else {
                    Arrivals::Never
                }
            }
            Kind::Trace if traces.mailboxes.is_empty() => Arrivals::Never,
            Kind::Trace => Arrivals::Trace {
                mailboxes: traces.mailboxes.clone(),
                mailbox: setup.user_of(traces.mailboxes.len()),
                next: 0,
            },
        })
    }

    fn start(&mut self, cx: &mut Context<'_, MailTimer>) {
        self.arm(cx);
    }

    fn fire(&mut self, MailTimer::Arrival: MailTimer, cx: &mut Context<'_, MailTimer>) {
        cx.say(Signal::MailArrived);
        self.arm(cx);
    }

    fn hear(&mut self, _: Signal, _: &mut Context<'_, MailTimer>) {}
}

/// Immigrants at the rate of the hour, and the mail that follows from mail.
///
/// Immigrants are drawn day by day, and what follows from a mail by that mail: what weekends are like leaves
/// the mail of weekdays as it is.
struct Cascade {
    clock: Clock,
    end: Time,
    /// Immigrants per millisecond, by kind of day (weekday, weekend) and hour.
    rates: [[f64; 24]; 2],
    immigrants: Keyed,
    /// Those of the day, and how many came so far.
    of_day: Stream,
    came: u64,
    unit: Exponential,
    days: Keyed,
    day_factor: Gamma,
    day: u32,
    factor: f64,
    /// The rate that holds until the hour is over.
    rate: f64,
    hour_ends: Time,
    next_immigrant: Time,
    followers: Keyed,
    offspring: Poisson,
    echo: Exponential,
    /// Mail that is to follow, the earliest first, and by what that which follows from it is drawn.
    to_follow: BinaryHeap<Reverse<(Time, u64)>>,
}

impl Cascade {
    fn new(setup: &Setup<'_, Config>) -> Cascade {
        let Setup { config, persona, streams, .. } = *setup;
        let branching = persona.mail_branching.get();
        let more = Factor::with_mean_one(persona.person_mail_sd).of(setup.by_nature("person mail"));
        // Every immigrant brings 1 / (1 - n) mails in the end.
        let immigrants_per_ms = (1.0 - branching) * persona.mails_per_weekday * more / Span::HOUR.ms() as f64;
        let by_hour = |weights: &[f64; 24], factor: f64| {
            let sum: f64 = weights.iter().sum();
            weights.map(|weight| (immigrants_per_ms * factor * weight / sum).max(0.0))
        };
        let immigrants = streams.keyed("mail immigrants");
        let mut cascade = Cascade {
            clock: setup.home.clone(),
            end: setup.end,
            rates: [
                by_hour(&config.weekday_hours, 1.0),
                by_hour(&config.weekend_hours, persona.weekend_mail),
            ],
            immigrants,
            of_day: immigrants.at(0),
            came: 0,
            unit: Exponential::with_mean(1.0),
            days: streams.keyed("mail days"),
            day_factor: Gamma::with_mean_one(persona.mail_day_shape),
            day: 0,
            factor: 1.0,
            rate: 0.0,
            hour_ends: Time::ORIGIN,
            next_immigrant: Time::ORIGIN,
            followers: streams.keyed("mail followers"),
            offspring: Poisson::with_mean(branching),
            echo: Exponential::with_mean(persona.mail_echo.secs_f64()),
            to_follow: BinaryHeap::with_capacity(64),
        };
        cascade.next_immigrant = cascade.immigrant_after(Time::ORIGIN);
        cascade
    }

    fn next(&mut self) -> Option<Time> {
        let (at, mail) = match self.to_follow.peek() {
            Some(&Reverse(follower)) if follower.0 < self.next_immigrant => {
                self.to_follow.pop();
                follower
            }
            _ => {
                let immigrant = (self.next_immigrant, self.date() << u32::BITS | self.came);
                self.next_immigrant = self.immigrant_after(immigrant.0);
                immigrant
            }
        };
        if at >= self.end {
            return None;
        }
        let offspring = self.offspring.quantile(self.followers.uniform(mail));
        if offspring > 0 {
            let mut stream = self.followers.at(mail);
            for number in 1..=u64::from(offspring) {
                let after = Span::from_secs_f64(self.echo.draw(&mut stream));
                self.to_follow.push(Reverse((at + after, mix(mail) ^ number)));
            }
        }
        Some(at)
    }

    /// Uses up an exponential amount of hazard hour by hour. What is left of it at the end of a day is drawn
    /// anew, which is the same law.
    fn immigrant_after(&mut self, from: Time) -> Time {
        self.came += 1;
        let mut hazard = self.unit.draw(&mut self.of_day);
        let mut at = from;
        while at < self.end {
            if at >= self.hour_ends && self.enter_hour(at) {
                hazard = self.unit.draw(&mut self.of_day);
            }
            let in_this_hour = self.rate * (self.hour_ends - at).ms() as f64;
            if hazard < in_this_hour {
                return at + Span::from_ms((hazard / self.rate) as u64);
            }
            hazard -= in_this_hour;
            at = self.hour_ends;
        }
        self.end
    }

    /// The date of the day: what is drawn by it is the same after a longer warm-up.
    fn date(&self) -> u64 {
        self.clock.date(self.day.into())
    }

    /// Takes up the rate of an hour, and answers whether a day begins with it.
    fn enter_hour(&mut self, at: Time) -> bool {
        let local = self.clock.local(at);
        // Where the clock goes back over midnight, the day goes on.
        let begins = at == Time::ORIGIN || self.day < local.day;
        if begins {
            (self.day, self.came) = (local.day, 0);
            self.of_day = self.immigrants.at(self.date());
            self.factor = self.day_factor.draw(&mut self.days.at(self.date()));
        }
        let weekend = self.clock.weekday(local.day).is_weekend();
        self.rate = self.factor * self.rates[usize::from(weekend)][local.hour()];
        self.hour_ends = at + (Span::HOUR - Span::from_ms(local.dial().ms() % Span::HOUR.ms()));
        begins
    }
}
