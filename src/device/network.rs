//! The network path: Wi-Fi and cellular in turn, and now and then nothing at all.

use crate::engine::{Context, Model, Setup};
use crate::random::{Exponential, LogNormal, Stream, uniform};
use crate::signal::{Facts, Network, Signal, SignalKinds};
use crate::time::Span;

crate::choice! {
    /// Which model of the network is used.
    pub enum Kind {
        /// Wi-Fi and cellular alternate, with outages between.
        Alternating,
        /// Wi-Fi, always.
        Always,
    }
}

crate::section! {
    /// `[network]`
    pub struct Config {
        /// Which model is used.
        model: Kind = Kind::Alternating, study;
        /// Mean time on Wi-Fi at a stretch; cellular follows from the persona's share.
        wifi_stay: Span = Span::HOUR * 4,
            only(Alternating), plausible("h", 0.5..12.0), assumed, at_least(Span::SECOND);
        /// Median length of an outage; how often follows from the persona's share.
        outage: Span = Span::MINUTE * 3,
            only(Alternating), plausible("min", 0.5..20.0), assumed, at_least(Span::SECOND);
        /// Scale of its lognormal.
        outage_sigma: f64 = 1.0,
            only(Alternating), plausible("1", 0.2..1.6), assumed, within(0.0..=5.0);
    }
}

crate::timers! {
    /// Alarms of the network.
    NetworkTimer {
        /// Wi-Fi gives way to cellular, or the reverse.
        Handover,
        /// An outage begins.
        Outage,
        /// An outage ends.
        Restored,
    }
}

/// The network around one device. It is exogenous: planned ahead of any policy.
pub struct NetworkModel {
    kind: Kind,
    /// The path there is when there is one.
    path: Network,
    handovers: Stream,
    outages: Stream,
    wifi_stay: Exponential,
    cellular_stay: Exponential,
    between_outages: Exponential,
    outage: LogNormal,
}

impl NetworkModel {
    fn arm_handover(&mut self, cx: &mut Context<'_, NetworkTimer>) {
        let stay = if self.path == Network::Wifi { &self.wifi_stay } else { &self.cellular_stay };
        cx.arm(NetworkTimer::Handover, Span::from_secs_f64(stay.draw(&mut self.handovers)));
    }

    fn arm_outage(&mut self, cx: &mut Context<'_, NetworkTimer>) {
        cx.arm(NetworkTimer::Outage, Span::from_secs_f64(self.between_outages.draw(&mut self.outages)));
    }
}

impl Model for NetworkModel {
    type Config = Config;
    type Timer = NetworkTimer;
    const HEARS: SignalKinds = SignalKinds::NONE;

    fn new(setup: &Setup<'_, Config>) -> NetworkModel {
        let Config { model, wifi_stay, outage, outage_sigma } = *setup.config;
        let mut handovers = setup.streams.stream("network handovers");
        let (wifi, offline) = (setup.persona.wifi.get(), setup.persona.offline.get());
        // Of the time with a path, this much is Wi-Fi; the mean stays are in that proportion.
        let on_wifi = (wifi / (1.0 - offline).max(1e-9)).clamp(0.001, 0.999);
        let cellular_stay = wifi_stay.secs_f64() * (1.0 - on_wifi) / on_wifi;
        let mean_outage = outage.secs_f64() * libm::exp(outage_sigma * outage_sigma / 2.0);
        let between = if offline > 0.0 { mean_outage * (1.0 - offline) / offline } else { f64::MAX };
        NetworkModel {
            kind: model,
            path: if uniform(&mut handovers) < on_wifi { Network::Wifi } else { Network::Cellular },
            handovers,
            outages: setup.streams.stream("network outages"),
            wifi_stay: Exponential::with_mean(wifi_stay.secs_f64()),
            cellular_stay: Exponential::with_mean(cellular_stay),
            between_outages: Exponential::with_mean(between.min(1e10)),
            outage: LogNormal::with_median(outage.secs_f64(), outage_sigma),
        }
    }

    fn at_origin(&mut self, facts: &mut Facts) {
        if self.kind == Kind::Always {
            self.path = Network::Wifi;
        }
        facts.network = self.path;
    }

    fn start(&mut self, cx: &mut Context<'_, NetworkTimer>) {
        if self.kind == Kind::Alternating {
            self.arm_handover(cx);
            self.arm_outage(cx);
        }
    }

    fn fire(&mut self, timer: NetworkTimer, cx: &mut Context<'_, NetworkTimer>) {
        match timer {
            NetworkTimer::Handover => {
                self.path = if self.path == Network::Wifi { Network::Cellular } else { Network::Wifi };
                if cx.facts().network != Network::None {
                    cx.say(Signal::Network(self.path));
                }
                self.arm_handover(cx);
            }
            NetworkTimer::Outage => {
                cx.say(Signal::Network(Network::None));
                cx.arm(NetworkTimer::Restored, Span::from_secs_f64(self.outage.draw(&mut self.outages)));
            }
            NetworkTimer::Restored => {
                cx.say(Signal::Network(self.path));
                self.arm_outage(cx);
            }
        }
    }

    fn hear(&mut self, _: Signal, _: &mut Context<'_, NetworkTimer>) {}
}
