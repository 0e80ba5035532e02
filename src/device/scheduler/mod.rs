//! When the system lets the client run in the background: dasd as publicly described, or a simple
//! process whose consequences can be computed by hand.

mod budget;
mod das;
mod journal;
mod policies;
mod recent;
mod requests;
mod threshold;

pub use journal::{Decided, Journal};
pub use policies::{Answer, Decision, POLICIES, PolicyVerdict, View, combine};
pub use threshold::{Optimum, Outlook};

use crate::engine::{Context, Model, Setup};
use crate::random::{Exponential, RngExt, Stream};
use crate::signal::{Facts, Signal, SignalKind, SignalKinds, Wake};
use crate::time::{Span, Time};
use crate::units::{Bytes, Share};
use das::Das;

crate::choice! {
    /// Which model of the scheduler is used.
    pub enum Kind {
        /// The system's own scheduler, as reverse engineered.
        Das,
        /// A wake every so often, with a random phase per device.
        Periodic,
        /// Wakes at exponential intervals.
        Poisson,
        /// No wake, ever.
        Never,
    }
}

crate::section! {
    /// How the least time between two refreshes of the client differs between phones: a lognormal.
    #[derive(Copy)]
    pub struct Spacing {
        /// Its median.
        median: Span = Span::HOUR,
            plausible("h", 0.25..4.0), from(FIELD_REPORTS, "from none to 75 a day at similar use, most with gaps of hours"),
            assumed("no fleet was measured"), within(Span::ZERO..=Span::hours(24));
        /// Its scale.
        sigma: f64 = 1.0,
            plausible("1", 0.3..1.5), from(FIELD_REPORTS), assumed("no fleet was measured"), within(0.0..=5.0);
    }
}

crate::section! {
    /// `[scheduler]`
    pub struct Config {
        /// Which model is used.
        model: Kind = Kind::Das, study;
        /// The time between wakes.
        every: Option<Span> = None, needed_by(Periodic), at_least(Span::SECOND);
        /// The mean time between wakes.
        mean: Option<Span> = None, needed_by(Poisson), at_least(Span::SECOND);
        /// Length of the window of a refresh request from its earliest instant on.
        window: Span = Span::HOUR * 24,
            plausible("h", 12.0..48.0),
            from(DEVICE_LOGS, "bgRefresh submitted with a window of exactly 24 h"), at_least(Span::SECOND);
        /// How long an app refresh may run.
        runtime: Span = Span::from_secs(30),
            plausible("s", 20.0..40.0), from(FORUM_780956, "up to 30 s");
        /// Share of refreshes that are taken back early.
        early_expiry: Share = Share::new(0.05),
            plausible("1", 0.0..0.15),
            from(FORUM_780956, "most refreshes that expire do so 2-5 s after launch"),
            assumed("the share is assumed");
        /// The least time that such a refresh has.
        early_runtime: Span = Span::from_secs(2),
            plausible("s", 0.5..5.0),
            from(DEVICE_LOGS, "forum thread 780956: most refreshes that expire do so 2-5 s after launch"),
            within(Span::ZERO..=Span::HOUR);
        /// How much more it has at most, each as likely.
        early_runtime_spread: Span = Span::from_secs(3),
            plausible("s", 0.5..10.0),
            from(DEVICE_LOGS, "forum thread 780956: most refreshes that expire do so 2-5 s after launch"),
            within(Span::from_ms(1)..=Span::HOUR);
        /// How long an answer of a policy is cached, hence the longest time between two looks.
        answer_validity: Span = Span::MINUTE * 15,
            plausible("min", 5.0..180.0), from(DASD, "answers valid 900 s"), at_least(Span::SECOND);
        /// Share of the best score that is required before the best moment of a window.
        threshold_before: Share = Share::new(0.95),
            plausible("1", 0.75..0.975), from(DASD, "0.95 at background priority, 0.75 to 0.975 at others");
        /// How much of the time from the best moment to the deadline it would take until nothing is required.
        relaxation_scale: f64 = 120.0,
            plausible("%", 100.0..150.0), from(DASD, "120 at background priority, 100 to 130 at others"),
            within(1.0..=1000000.0);
        /// Power of the time with which the required score falls.
        relaxation_exponent: f64 = 1.5,
            plausible("1", 1.0..2.0), from(DASD, "1.5 at background priority, 1.0 to 1.7 at others"),
            within(0.01..=100.0);
        /// Step in which a window is scanned for its best moment.
        scan_step: Span = Span::from_secs(900),
            plausible("s", 300.0..1800.0), from(DASD, "900 s for launches, 300 s and 1800 s for others"),
            at_least(Span::MINUTE);
        /// A score that good ends the scan.
        good_enough: Share = Share::new(0.9), plausible("1", 0.7..1.0), from(DASD, "stops above 0.9");
        /// How far ahead the application policy looks at least.
        look_ahead: Span = Span::from_secs(450),
            plausible("s", 0.0..1800.0), from(DASD, "450 s and up to 1350 s more"),
            within(Span::ZERO..=Span::hours(24));
        /// How much farther it looks at most, each as likely.
        look_ahead_spread: Span = Span::from_secs(1350),
            plausible("s", 0.0..3600.0), from(DASD, "450 s and up to 1350 s more"),
            within(Span::ZERO..=Span::hours(24));
        /// How often that is drawn anew.
        look_ahead_redrawn: Span = Span::from_secs(300),
            plausible("s", 60.0..1800.0), from(DASD, "at most every 5 min"), at_least(Span::SECOND);
        /// Part of the application policy's score that an app has for being recently used.
        recency: Share = Share::new(0.35),
            plausible("1", 0.2..0.5), from(DASD, "0.65 for the likelihood, 0.35 for recency");
        /// Score above which the application policy is satisfied in full.
        application_satisfied: Share = Share::new(0.5), plausible("1", 0.3..0.8), from(DASD);
        /// Least score of the device activity policy.
        activity_floor: Share = Share::new(0.05), plausible("1", 0.0..0.25), from(DASD);
        /// Charge at which the battery policy scores nothing.
        battery_empty: Share = Share::new(0.2),
            plausible("1", 0.0..0.3), from(DASD, "from 20 % up at background priority, from 10 % at others");
        /// Power of the charge above that with which the battery policy scores.
        battery_exponent: f64 = 0.5,
            plausible("1", 0.3..1.0), from(DASD, "0.5 at background priority, 0.4 at others"),
            within(0.0..=100.0);
        /// Factor on the score of the battery policy on a charger.
        battery_charging: f64 = 1.2, plausible("1", 1.0..2.0), from(DASD), within(0.0..=1000.0);
        /// Score that is expected of the battery policy at a later time.
        battery_forecast: Share = Share::new(0.5), plausible("1", 0.0..1.0), from(DASD, "baseline 0.5");
        /// Weight of the application policy for launches.
        weight_application: f64 = 50.0, plausible("1", 25.0..75.0), from(DASD), from(ABLY);
        /// Weight of the device activity policy for launches.
        weight_device_activity: f64 = 5.0, plausible("1", 2.0..10.0), from(DASD), from(ABLY);
        /// Weight of the network quality policy at background priority.
        weight_network: f64 = 10.8,
            plausible("1", 5.0..12.0), from(DASD, "12 x (100 - priority) / 100");
        /// Weight of thermal and memory pressure policies, each.
        weight_pressure: f64 = 5.0, plausible("1", 1.0..10.0), from(DASD);
        /// Weight of battery, Low Power Mode, budget and herd policies, each.
        weight_minor: f64 = 1.0, plausible("1", 0.5..5.0), from(DASD);
        /// Weight of boot time and file protection policies, each.
        weight_gate: f64 = 0.01, plausible("1", 0.0..1.0), from(DASD), from(ABLY, "the .02 of 97.02");
        /// Weight of all other policies together, which are taken as satisfied.
        weight_other: f64 = 16.2,
            plausible("1", 0.0..30.0), from(ABLY, "a sum of 97.02"), assumed("the remainder to it");
        /// Score of the network policy on cellular; Wi-Fi and any network on a charger score 1.
        cellular_score: Share = Share::new(0.8),
            plausible("1", 0.3..1.0), assumed("no source; the tables of dasd were not read");
        /// Likelihood assumed for an app without history.
        unknown_likelihood: f64 = 0.0025, plausible("1", 0.0..0.05), from(DASD);
        /// Likelihood of being opened soon above which the application policy is satisfied.
        likely: f64 = 0.0625,
            plausible("1", 0.01..0.2), from(DASD, "score above 0.25, the square root");
        /// How many apps count as recently used.
        recent_apps: u32 = 25, plausible("1", 10.0..40.0), from(DASD), within(0..=10000);
        /// Capacity of the system-wide energy budget.
        energy_capacity: f64 = 200.0,
            plausible("units", 50.0..800.0), from(DASD, "com.apple.dasd.systemEnergy"), within(0.0..=1e9);
        /// How often the budgets are refilled.
        refill: Span = Span::MINUTE * 30,
            plausible("min", 15.0..120.0), from(DASD, "every 30 min, by the use expected until then"),
            within(Span::MINUTE..=Span::hours(24));
        /// Energy that one refresh of the client takes from the budget.
        energy_per_refresh: f64 = 1.0, plausible("units", 0.5..3.0), assumed, within(0.0..=1e9);
        /// Refreshes a day that other apps ask for.
        other_refreshes_per_day: f64 = 40.0,
            plausible("1/day", 0.0..200.0), assumed, within(0.0..=100000.0);
        /// How many other apps ask for refreshes; each has one request at a time.
        other_apps: u32 = 12, plausible("1", 3.0..40.0), assumed, within(1..=255);
        /// Mean energy that a refresh of another app takes from the budget.
        other_energy: f64 = 3.0, plausible("units", 0.5..10.0), assumed, within(0.0..=1e9);
        /// Capacity of the system-wide cellular budget, refilled over a day.
        data_capacity: Bytes = Bytes::new(52_428_800),
            plausible("MB", 5.0..200.0), from(DASD, "com.apple.dasd.systemCellular, 50 MiB a day");
        /// Cellular data of one refresh of the client.
        data_per_refresh: Bytes = Bytes::new(100_000),
            plausible("MB", 0.01..1.0), from(WWDC20_10063, "stay below 100 kB of cellular data a refresh"),
            assumed("a ceiling; what the client takes is assumed");
        /// Mean cellular data of a refresh of another app.
        other_data: Bytes = Bytes::new(400_000), plausible("MB", 0.0..5.0), assumed;
        /// How many refreshes run at a time.
        concurrent: u32 = 3,
            plausible("1", 1.0..6.0), from(DASD, "group com.apple.backgroundAppRefresh"), within(1..=1000);
        /// How long a refresh of another app runs.
        other_runtime: Span = Span::from_secs(20),
            plausible("s", 2.0..30.0), assumed("no source; at most 30 s"),
            within(Span::from_ms(1)..=Span::hours(24));
        /// After this long without unlock, charger or Wi-Fi, its return is a herd moment.
        herd_absence: Span = Span::HOUR * 4, plausible("h", 1.0..8.0), from(DASD, "thundering herd");
        /// After a herd moment nothing starts for this long.
        herd_quiet: Span = Span::from_secs(300), plausible("s", 60.0..900.0), from(DASD), from(ABLY);
        /// After a herd moment nothing starts for this long while the device is in use, if that is longer.
        herd_in_use: Span = Span::from_secs(900), plausible("s", 300.0..1800.0), from(DASD), from(ABLY);
        /// After a restart nothing discretionary starts for this long.
        boot_quiet: Span = Span::from_secs(300),
            plausible("s", 120.0..900.0), from(DASD, "300 s after boot, 120 s for network");
        /// The least time between two refreshes of the client, however the draw of a phone falls.
        min_spacing: Span = Span::MINUTE * 15,
            plausible("min", 5.0..30.0), from(WWDC20_10063, "launches for pushes are kept about 15 min apart"),
            assumed("that refreshes are kept apart alike"), within(Span::ZERO..=Span::hours(24));
        /// The least time between two refreshes of the client, dealt to the phones of a group.
        spacing: Spacing = Spacing::default();
        /// How much longer than that it is each time at most, each as likely: the system runs work together.
        spacing_jitter: Span = Span::MINUTE * 5,
            plausible("min", 0.0..15.0), assumed, within(Span::ZERO..=Span::hours(24));
        /// A client that lies unopened for this long is refreshed less often.
        unopened_after: Span = Span::HOUR * 16,
            plausible("h", 12.0..72.0),
            from(FIELD_REPORTS, "no refresh on a day on which the app is not opened; paused until it is opened daily"),
            from(DASD, "keeps a set of apps opened in the last 3 days"), assumed("the time is assumed"),
            at_least(Span::SECOND);
        /// The least time between two refreshes of the client from then on.
        unopened_spacing: Span = Span::HOUR * 20,
            plausible("h", 4.0..48.0), from(FIELD_REPORTS, "about one a day, or none"), assumed("the time is assumed"),
            within(Span::ZERO..=Span::hours(480));
        /// Share of phones that get no background refresh, for no known reason.
        never_refreshed: Share = Share::new(0.05),
            plausible("1", 0.0..0.25),
            from(BEIWE, "9.5 % of study phones without any refresh on iOS 18, 25.9 % on iOS 26"),
            assumed("how many of them have the switch off is not known"),
            turns("Phones that iOS never refreshes", "{} of the phones never refreshed by iOS",
                &["0", "0.025", "0.05", "0.075", "0.1", "0.15", "0.2", "0.25"]);
        /// Share of restarts that a pending request outlives.
        requests_survive_restart: Share = Share::new(1.0),
            plausible("1", 0.0..1.0),
            from(FIELD_REPORTS, "nothing after a restart until the app is opened, in some"),
            assumed("whether it does is not known");
        /// An app that was not opened for this long gets no background launches.
        unused_after: Span = Span::DAY * 14, plausible("d", 3.0..28.0), from(DASD);
    }
}

crate::timers! {
    /// Alarms of the scheduler.
    SchedulerTimer {
        /// A simple model grants a wake.
        Wake,
        /// The client may have become an unused app.
        Unused,
        /// A pending request is due for a look.
        Look,
        /// Another app asks for a refresh.
        OtherApp,
        /// The budgets are refilled.
        Refill,
        /// The quiet after a herd moment ends, or goes on only while the device is in hand.
        Herd,
        /// The quiet after a restart ends.
        Boot,
        /// The least time since the last refresh of the client has passed.
        Spacing,
        /// The client has lain unopened for long.
        Unopened,
    }
}

/// The scheduler of one device.
pub enum Scheduler {
    /// See [`Kind::Das`].
    Das(Box<Das>),
    /// Every other model.
    Simple(Simple),
}

/// A scheduler that asks nobody and refuses nothing.
pub struct Simple {
    first: Span,
    next: Next,
    wakes: Stream,
}

enum Next {
    After(Span),
    Exponential(Exponential),
    Never,
}

/// Under the simple models a check is never taken back.
const WITHOUT_END: Span = Span::DAY;

impl Simple {
    fn new(config: &Config, mut wakes: Stream) -> Simple {
        let (first, next) = match config.model {
            Kind::Periodic => {
                let every = config.every.unwrap_or(Span::HOUR).max(Span::from_ms(1));
                (Span::from_ms(wakes.random_range(0..every.ms())), Next::After(every))
            }
            Kind::Poisson => {
                let law = Exponential::with_mean(config.mean.unwrap_or(Span::HOUR).secs_f64());
                (Span::from_secs_f64(law.draw(&mut wakes)), Next::Exponential(law))
            }
            Kind::Never | Kind::Das => (Span::ZERO, Next::Never),
        };
        Simple { first, next, wakes }
    }

    fn wake(&mut self, cx: &mut Context<'_, SchedulerTimer>) {
        if !cx.facts().powered_off {
            cx.say(Signal::RefreshLaunched(Wake { runtime: WITHOUT_END }));
        }
        let after = match &self.next {
            Next::After(span) => *span,
            Next::Exponential(law) => Span::from_secs_f64(law.draw(&mut self.wakes)),
            Next::Never => return,
        };
        cx.arm(SchedulerTimer::Wake, after);
    }
}

impl Scheduler {
    /// Keeps a journal from now on; the simple models decide nothing.
    pub fn keep_journal(&mut self, journal: Journal) {
        if let Scheduler::Das(das) = self {
            das.keep_journal(journal);
        }
    }

    /// The journal, if one was kept.
    pub fn take_journal(&mut self) -> Option<Journal> {
        match self {
            Scheduler::Das(das) => das.take_journal(),
            Scheduler::Simple(_) => None,
        }
    }

    /// What would be decided about the client's request now, or `None` where none is pending.
    pub fn ask(&self, facts: &Facts, now: Time) -> Option<Decided> {
        match self {
            Scheduler::Das(das) => das.ask(facts, now),
            Scheduler::Simple(_) => None,
        }
    }
}

impl Model for Scheduler {
    type Config = Config;
    type Timer = SchedulerTimer;
    const HEARS: SignalKinds = SignalKinds::of(&[
        SignalKind::RefreshRequested,
        SignalKind::PushLaunched,
        SignalKind::AppOpened,
        SignalKind::ClientOpened,
        SignalKind::ClientClosed,
        SignalKind::HabitsRefreshed,
        SignalKind::PutDown,
        SignalKind::Locked,
        SignalKind::Rebooted,
        SignalKind::Unlocked,
        SignalKind::PluggedIn,
        SignalKind::Unplugged,
        SignalKind::Network,
        SignalKind::Battery,
        SignalKind::LowPowerMode,
        SignalKind::PoweredOff,
        SignalKind::PoweredOn,
        SignalKind::MemoryPressure,
    ]);

    fn new(setup: &Setup<'_, Config>) -> Scheduler {
        match setup.config.model {
            Kind::Das => Scheduler::Das(Box::new(Das::new(setup))),
            _ => Scheduler::Simple(Simple::new(setup.config, setup.streams.stream("wakes"))),
        }
    }

    fn at_origin(&mut self, facts: &mut Facts) {
        if let Scheduler::Das(das) = self {
            das.at_origin(facts);
        }
    }

    fn start(&mut self, cx: &mut Context<'_, SchedulerTimer>) {
        match self {
            Scheduler::Das(das) => das.start(cx),
            Scheduler::Simple(Simple { next: Next::Never, .. }) => {}
            Scheduler::Simple(simple) => cx.arm(SchedulerTimer::Wake, simple.first),
        }
    }

    fn fire(&mut self, timer: SchedulerTimer, cx: &mut Context<'_, SchedulerTimer>) {
        match self {
            Scheduler::Das(das) => das.fire(timer, cx),
            Scheduler::Simple(simple) => simple.wake(cx),
        }
    }

    fn hear(&mut self, signal: Signal, cx: &mut Context<'_, SchedulerTimer>) {
        if let Scheduler::Das(das) = self {
            das.hear(signal, cx);
        }
    }
}

/// When a request was asked for and until when it is to be run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Window {
    /// `earliestBeginDate`: never a promise.
    pub earliest: Time,
    /// The end of the window, by which the threshold is at its lowest.
    pub deadline: Time,
}
