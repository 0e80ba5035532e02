//! The network path: Wi-Fi or cellular, by the place where the user is, and now and then nothing at all.
//!
//! It is exogenous: planned ahead of any policy.

mod outages;
mod places;
mod recorded;

use crate::engine::{Context, Model, Setup};
use crate::random::{Exponential, Stream, uniform};
use crate::signal::{Facts, Network, Occurrence, Signal, SignalKind, SignalKinds};
use crate::time::{Span, Time};
use crate::trace::{Align, Dates, NetworkColumns};
use crate::units::Share;
use outages::Outages;
use places::Places;
use recorded::Recorded;

crate::choice! {
    /// Which model of the network is used.
    pub enum Kind {
        /// At home, on the way, at work and elsewhere, each with a path of its own, and outages.
        Places,
        /// Wi-Fi and cellular alternate at any hour, with outages between.
        Alternating,
        /// Wi-Fi, always.
        Always,
        /// The paths of a file, dealt out to the devices in turn, repeated in whole days.
        Trace,
    }
}

crate::section! {
    /// `[network]`
    pub struct Config {
        /// Which model is used.
        model: Kind = Kind::Places, study;
        /// Share of phones that are on Wi-Fi at home.
        wifi_at_home: Share = Share::new(0.95),
            only(Places), plausible("1", 0.8..1.0), from(OFCOM, "65 to 75 % of connections in all"),
            assumed("fitted to what is known of all places together");
        /// Share of phones that are on Wi-Fi at work.
        wifi_at_work: Share = Share::new(0.75),
            only(Places), plausible("1", 0.3..0.95), from(OFCOM, "65 to 75 % of connections in all"),
            assumed("fitted to what is known of all places together; people's own phones");
        /// Share of ways that are made on Wi-Fi.
        wifi_on_the_way: Share = Share::new(0.03), only(Places), plausible("1", 0.0..0.2), assumed;
        /// Share of stays elsewhere that are on Wi-Fi.
        wifi_elsewhere: Share = Share::new(0.35),
            only(Places), plausible("1", 0.1..0.8),
            from(OPENSIGNAL, "77 to 88 % of screen time away from home, work included"), assumed;
        /// How long a day at work is.
        work: Span = Span::HOUR * 8,
            only(Places), plausible("h", 4.0..10.0), assumed, within(Span::ZERO..=Span::hours(16));
        /// Standard deviation of when the user leaves home.
        leaves_sd: Span = Span::MINUTE * 30,
            only(Places), plausible("min", 5.0..90.0), assumed, within(Span::ZERO..=Span::hours(6));
        /// How long after waking the user leaves home on a day without work, or with work at home.
        leaves_on_days_off: Span = Span::HOUR * 5,
            only(Places), plausible("h", 1.0..9.0), assumed, within(Span::ZERO..=Span::hours(16));
        /// How many times as long the user is elsewhere on such a day.
        longer_on_days_off: f64 = 1.5, only(Places), plausible("1", 0.5..3.0), assumed, within(0.0..=10.0);
        /// Shape of the gamma by which the stay elsewhere varies from day to day.
        stay_shape: f64 = 2.0, only(Places), plausible("1", 0.5..10.0), assumed, within(0.05..=1000.0);
        /// How much of the time without any network is met on the way.
        outages_on_the_way: Share = Share::new(0.67), only(Places), plausible("1", 0.2..0.9), assumed;
        /// Share of time on Wi-Fi.
        wifi: Share = Share::new(0.78),
            only(Alternating), plausible("1", 0.2..0.95), from(OFCOM, "73 % of connections"),
            assumed("iPhones at work are assumed to be on Wi-Fi more");
        /// Share of time without any network.
        offline: Share = Share::new(0.01), only(Alternating), plausible("1", 0.0..0.1), assumed;
        /// Mean time on Wi-Fi at a stretch; cellular follows from the share.
        wifi_stay: Span = Span::HOUR * 4,
            only(Alternating), plausible("h", 0.5..12.0), assumed, at_least(Span::SECOND);
        /// Median length of an outage; how often follows from the share of time.
        outage: Span = Span::MINUTE * 2,
            only(Places, Alternating), plausible("min", 0.5..20.0), assumed, at_least(Span::SECOND);
        /// Scale of its lognormal.
        outage_sigma: f64 = 1.5,
            only(Places, Alternating), plausible("1", 0.2..2.0), assumed("so that some last for hours"),
            within(0.0..=5.0);
        /// The CSV file of paths.
        file: Option<String> = None, needed_by(Trace);
        /// How its time is laid over the simulated span.
        align: Align = Align::Week, only(Trace);
        /// What comes first in its dates with slashes; its rows decide where nothing is said.
        dates: Option<Dates> = None, only(Trace), study;
        /// Which of its columns are meant, where they are called otherwise than here.
        columns: NetworkColumns = Default::default(), only(Trace), study;
    }
}

crate::timers! {
    /// Alarms of the network.
    NetworkTimer {
        /// Another stretch begins.
        Handover,
        /// An outage begins.
        Outage,
        /// An outage ends.
        Restored,
    }
}

/// A stretch of time with one path, or with none.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    from: Time,
    path: Network,
    /// Outages in it, in each millisecond that is none.
    outages: f64,
    /// The date of the day that begins with it.
    begins: Option<u64>,
}

/// Where stretches come from.
enum Stretches {
    Places(Box<Places>),
    Alternating(Alternating),
    Recorded(Recorded),
    Always,
}

impl Stretches {
    fn new(setup: &Setup<'_, Config>) -> Stretches {
        match setup.config.model {
            Kind::Places => Stretches::Places(Box::new(Places::new(setup))),
            Kind::Alternating => Stretches::Alternating(Alternating::new(setup)),
            Kind::Trace => Recorded::new(setup).map_or(Stretches::Always, Stretches::Recorded),
            Kind::Always => Stretches::Always,
        }
    }

    /// The first begins at the origin or before, where there is any.
    fn next(&mut self) -> Option<Stretch> {
        match self {
            Stretches::Places(places) => Some(places.next()),
            Stretches::Alternating(alternating) => Some(alternating.next()),
            Stretches::Recorded(recorded) => Some(recorded.next()),
            Stretches::Always => None,
        }
    }
}

/// Wi-Fi and cellular in turn, each for exponential times.
struct Alternating {
    stream: Stream,
    wifi: Exponential,
    cellular: Exponential,
    outages: f64,
    /// When the next stretch begins, and its path.
    from: Time,
    path: Network,
}

impl Alternating {
    fn new(setup: &Setup<'_, Config>) -> Alternating {
        let Config { wifi, offline, wifi_stay, .. } = *setup.config;
        let mut stream = setup.streams.stream("network handovers");
        // Of the time with a path, this much is Wi-Fi; the mean stays are in that proportion.
        let on_wifi = (wifi.get() / (1.0 - offline.get()).max(1e-9)).clamp(0.001, 0.999);
        let path = if uniform(&mut stream) < on_wifi { Network::Wifi } else { Network::Cellular };
        Alternating {
            stream,
            wifi: Exponential::with_mean(wifi_stay.secs_f64()),
            cellular: Exponential::with_mean(wifi_stay.secs_f64() * (1.0 - on_wifi) / on_wifi),
            outages: outages::rate(setup.config, offline.get()),
            from: Time::ORIGIN,
            path,
        }
    }

    fn next(&mut self) -> Stretch {
        let Alternating { from, path, outages, .. } = *self;
        let (stay, other) = match path {
            Network::Wifi => (&self.wifi, Network::Cellular),
            _ => (&self.cellular, Network::Wifi),
        };
        self.from = from + Span::from_secs_f64(stay.draw(&mut self.stream));
        self.path = other;
        Stretch { from, path, outages, begins: (from == Time::ORIGIN).then_some(0) }
    }
}

/// The network around one device.
pub struct NetworkModel {
    stretches: Stretches,
    /// The path there is when there is one, and the stretch after it.
    path: Network,
    next: Option<Stretch>,
    outages: Outages,
    /// How many dated events keep it away.
    kept_away: u32,
}

impl NetworkModel {
    /// Says which path there is, if it is another. Handovers and outages go on while an event keeps all away.
    fn tell(&self, cx: &mut Context<'_, NetworkTimer>) {
        let is_away = self.kept_away > 0 || self.outages.is_out();
        let path = if is_away { Network::None } else { self.path };
        if cx.facts().network != path {
            cx.say(Signal::Network(path));
        }
    }

    fn arm_handover(&mut self, cx: &mut Context<'_, NetworkTimer>) {
        if let Some(next) = self.next {
            cx.arm_at(NetworkTimer::Handover, next.from);
        }
    }

    fn arm_outage(&mut self, cx: &mut Context<'_, NetworkTimer>) {
        match self.outages.due() {
            Some(at) => cx.arm_at(NetworkTimer::Outage, at.max(cx.now())),
            None => cx.disarm(NetworkTimer::Outage),
        }
    }
}

impl Model for NetworkModel {
    type Config = Config;
    type Timer = NetworkTimer;
    const HEARS: SignalKinds = SignalKinds::of(&[SignalKind::Occurred]);

    fn new(setup: &Setup<'_, Config>) -> NetworkModel {
        let (mut stretches, mut outages) = (Stretches::new(setup), Outages::new(setup));
        // A phone of which a record says nothing has no network.
        let unsaid = if setup.config.model == Kind::Trace { Network::None } else { Network::Wifi };
        let (mut path, mut next) = (unsaid, stretches.next());
        while let Some(stretch) = next.filter(|stretch| stretch.from == Time::ORIGIN) {
            path = stretch.path;
            outages.enter(&stretch);
            next = stretches.next();
        }
        NetworkModel { stretches, path, next, outages, kept_away: 0 }
    }

    fn at_origin(&mut self, facts: &mut Facts) {
        facts.network = self.path;
    }

    fn start(&mut self, cx: &mut Context<'_, NetworkTimer>) {
        self.arm_handover(cx);
        self.arm_outage(cx);
    }

    fn fire(&mut self, timer: NetworkTimer, cx: &mut Context<'_, NetworkTimer>) {
        match timer {
            NetworkTimer::Handover => {
                let Some(stretch) = self.next.take() else { return };
                self.next = self.stretches.next();
                self.path = stretch.path;
                self.outages.enter(&stretch);
                if !self.outages.is_out() {
                    self.tell(cx);
                    self.arm_outage(cx);
                }
                self.arm_handover(cx);
            }
            NetworkTimer::Outage => {
                let length = self.outages.begin();
                self.tell(cx);
                cx.arm(NetworkTimer::Restored, length);
            }
            NetworkTimer::Restored => {
                self.outages.end(cx.now());
                self.tell(cx);
                self.arm_outage(cx);
            }
        }
    }

    fn hear(&mut self, signal: Signal, cx: &mut Context<'_, NetworkTimer>) {
        let Signal::Occurred(Occurrence::Offline(away)) = signal else { return };
        self.kept_away = if away { self.kept_away + 1 } else { self.kept_away.saturating_sub(1) };
        self.tell(cx);
    }
}
