//! Power: the charge of the battery, the charger, and Low Power Mode.
//!
//! The user's own plan and habits decide on the charge, and no policy does: answers to notifications and
//! background checks drain nothing. Left out with them are the lit screen between a session and auto-lock,
//! calls, heat, and what the brightness does; the rates of the persona stand for all of it (assumed).
//!
//! At 0 % the phone is off. It starts some time after a charger is connected and still is. Of a record it is not: a phone
//! that kept one was on, and its restarts are events of their own.

mod battery;
mod charger;
mod habit;
mod mode;
mod recorded;

use crate::engine::{Context, Model, Moments, Setup};
use crate::signal::{self, Facts, Occurrence, Process, Reason, Signal, SignalKind, SignalKinds, Termination};
use crate::time::{Span, Time};
use crate::trace::{Align, Dates, PowerColumns};
use crate::units::Share;
use battery::Battery;
use charger::Charger;
use habit::Habit;
use mode::Mode;
use recorded::Recorded;

crate::choice! {
    /// Which model of power is used.
    pub enum Kind {
        /// A battery that use drains and habits charge.
        Battery,
        /// Full and on the charger, always.
        AlwaysCharged,
        /// Charge, charger and Low Power Mode of a file, dealt out to the devices in turn, repeated in whole days.
        Trace,
    }
}

crate::choice! {
    /// Who decides on Low Power Mode.
    pub enum LowPowerMode {
        /// The user, when asked; it goes off by itself on the charger. Of a record that says when it was on, the record.
        User,
        /// Always on.
        On,
        /// Always off.
        Off,
    }
}

crate::section! {
    /// `[power]`
    pub struct Config {
        /// Which model is used.
        model: Kind = Kind::Battery, study;
        /// Who decides on Low Power Mode.
        low_power_mode: LowPowerMode = LowPowerMode::User,
            offers("Low Power Mode", &[
                ("user", "As people do", "Low Power Mode as people use it"),
                ("on", "Always on", "Low Power Mode always on"),
                ("off", "Never", "Low Power Mode never on"),
            ]);
        /// Whether the user looks for a charger when the charge is low.
        seek_charger: bool = true, except(Trace);
        /// Charge of the battery of which the fleet's drains are. Where `hardware` says which phone it is, its own
        /// battery drains in inverse proportion.
        drain_battery_mah: f64 = 3_600.0, except(Trace),
            plausible("mAh", 3_000.0..4_700.0),
            from(BATTERY_TESTS, "1.31 times the charge of iPhone 16 and 16 Pro lasts 1.30 and 1.28 times as long"),
            assumed("that the drains are those of such a phone, and that older ones go by it too"),
            within(500.0..=20_000.0);
        /// Charge at the origin.
        first_charge: Share = Share::new(0.8), except(Trace),
            plausible("1", 0.2..1.0), assumed("no source; forgotten within a day or two");
        /// Charge at which the user is asked to switch Low Power Mode on.
        first_prompt: Share = Share::new(0.2), plausible("1", 0.15..0.3), from(LOW_POWER, "asks at 20 %");
        /// Charge at which the user is asked again.
        second_prompt: Share = Share::new(0.1), plausible("1", 0.05..0.15), from(LOW_POWER, "asks at 10 %");
        /// Charge on a charger at which Low Power Mode goes off by itself, where the user decides on it.
        low_power_ends: Share = Share::new(0.8), plausible("1", 0.6..1.0), from(LOW_POWER, "ends at 80 %");
        /// Charge on a charger below which Low Power Mode still holds background work back.
        low_power_enforced: Share = Share::new(0.3), plausible("1", 0.1..0.5), from(DASD);
        /// Charge off the charger below which the system keeps to essential work.
        critical_charge: Share = Share::new(0.2),
            plausible("1", 0.1..0.3), from(WWDC20_10063, "critically low below 20 %");
        /// Charge up to which a phone charges fast.
        fast_until: Share = Share::new(0.8), except(Trace),
            plausible("1", 0.5..0.9), assumed("no citable source for phones");
        /// Charge from which it charges slowest.
        slow_until: Share = Share::new(0.95), except(Trace),
            plausible("1", 0.85..0.99), assumed("no citable source for phones");
        /// Charge per minute up to `fast_until`, use included.
        fast_charge: Share = Share::new(0.013), except(Trace),
            plausible("1/min", 0.003..0.02), from(POWER_LOG, "an iPad at 1 A gains 0.3 %/min"),
            assumed("no citable source for phones");
        /// Charge per minute from there to `slow_until`.
        slow_charge: Share = Share::new(0.005), except(Trace),
            plausible("1/min", 0.001..0.013), assumed("no citable source for phones");
        /// Charge per minute from there on.
        trickle_charge: Share = Share::new(0.002), except(Trace),
            plausible("1/min", 0.0003..0.01), from(POWER_LOG, "an iPad takes 35 min for its last 1.3 %"),
            assumed("no citable source for phones");
        /// How long before bed, on average, the charger is connected.
        plug_before_bed: Span = Span::MINUTE * 20, except(Trace),
            plausible("min", 0.0..60.0), from(FERREIRA, "charging clusters in the evening and about 01:00"),
            assumed("the offset is assumed");
        /// Its standard deviation.
        plug_sd: Span = Span::MINUTE * 30, except(Trace), plausible("min", 0.0..90.0), assumed;
        /// How long after waking, on average, it is disconnected.
        unplug_after_wake: Span = Span::MINUTE * 15, except(Trace), plausible("min", 0.0..60.0), assumed;
        /// Its standard deviation.
        unplug_sd: Span = Span::MINUTE * 20, except(Trace), plausible("min", 0.0..60.0), assumed;
        /// Mean delay from wanting a charger to having one.
        seek_delay: Span = Span::HOUR * 2, except(Trace), plausible("h", 0.1..8.0), assumed;
        /// How long an empty phone is on a charger before it starts.
        boots_after: Span = Span::MINUTE * 5, except(Trace), plausible("min", 1.0..20.0), assumed;
        /// How often a suspended client would be ended while the charge is critically low, per hour.
        power_termination_per_hour: f64 = 0.5,
            plausible("1/h", 0.0..2.0), assumed("that it happens is said, not how often"), within(0.0..=1000.0);
        /// The CSV file of charges.
        file: Option<String> = None, needed_by(Trace);
        /// How its time is laid over the simulated span.
        align: Align = Align::Week, only(Trace);
        /// What comes first in its dates with slashes; its rows decide where nothing is said.
        dates: Option<Dates> = None, only(Trace), study;
        /// Which of its columns are meant, where they are called otherwise than here.
        columns: PowerColumns = Default::default(), only(Trace), study;
    }
}

crate::timers! {
    /// Alarms of power.
    PowerTimer {
        /// All that the empty phone had open is closed.
        Off,
        /// The charge crosses a level that matters.
        Crossing,
        /// The evening's charger is connected.
        NightPlug,
        /// The morning's disconnection; the next night is planned.
        NightUnplug,
        /// A short charge begins.
        TopUp,
        /// It ends.
        TopUpEnds,
        /// A charger was found.
        Found,
        /// That charger is left.
        FoundEnds,
        /// The phone that was empty starts.
        Boots,
        /// If the charge is low and the client suspended, it ends.
        Sacrifice,
        /// A row of a record begins.
        Row,
    }
}

/// Where charge and charger come from.
enum Supply {
    Drawn(Box<Drawn>),
    Recorded(Box<Recorded>),
    /// Full, on the charger.
    Always,
}

/// A battery that use drains and habits charge.
struct Drawn {
    battery: Battery,
    charger: Charger,
    boots_after: Span,
}

/// The power of one device.
pub struct Power {
    supply: Supply,
    mode: Mode,
    /// Whether it is off, or about to be in this instant.
    off: bool,
    /// The charge when the line was last looked at.
    charge: u64,
    /// What the scheduler goes by: it is public.
    enforced_below: u64,
    critical_below: u64,
    /// The moments at which a low charge would end a suspended client.
    sacrifices: Moments,
}

impl Power {
    /// Says where the line goes from here, and waits for the next level on it.
    fn turn(&mut self, cx: &mut Context<'_, PowerTimer>) {
        self.turn_from(cx.facts().charge(cx.now()), cx);
    }

    /// The same where the charge is another all at once.
    fn turn_from(&mut self, charge: u64, cx: &mut Context<'_, PowerTimer>) {
        let Supply::Drawn(drawn) = &self.supply else { return };
        let connected = drawn.charger.is_connected();
        if charge == 0 && !connected && !cx.facts().powered_off {
            self.off = true;
            cx.say(Signal::BatteryEmpty);
            cx.arm(PowerTimer::Off, Span::ZERO);
        }
        let line = drawn.battery.line(charge, connected, self.off);
        cx.say(Signal::Battery(line));
        self.follow(line, cx);
    }

    /// Waits for the next level on a line, and answers what passing others calls for.
    fn follow(&mut self, line: signal::Battery, cx: &mut Context<'_, PowerTimer>) {
        let Supply::Drawn(drawn) = &mut self.supply else { return };
        let low = drawn.charger.seek_level(line.charge, cx);
        match drawn.battery.levels.next_crossing(line.charge, line.slope(cx.facts().in_use), low) {
            Some(after) => cx.arm(PowerTimer::Crossing, after),
            None => cx.disarm(PowerTimer::Crossing),
        }
        let (connected, date) = (drawn.charger.is_connected(), drawn.charger.date());
        if !self.off {
            self.ask(line.charge, connected, date, cx);
        }
        self.charge = line.charge;
    }

    /// The prompts of Low Power Mode, and its end on the charger, now that the charge is this.
    fn ask(&mut self, charge: u64, connected: bool, date: u64, cx: &mut Context<'_, PowerTimer>) {
        if let Some(on) = self.mode.ask([self.charge, charge], connected, date) {
            cx.say(Signal::LowPowerMode(on));
        }
    }

    /// A row of the record has begun, or a level was passed on the way to the next one.
    fn read_on(&mut self, cx: &mut Context<'_, PowerTimer>) {
        let Supply::Recorded(record) = &mut self.supply else { return };
        let (now, was) = (cx.now(), record.now().plugged_in);
        let is_row = record.begin(now);
        let row = record.now();
        match (was, row.plugged_in) {
            (false, true) => cx.say(Signal::PluggedIn),
            (true, false) => cx.say(Signal::Unplugged),
            _ => {}
        }
        let so_far = signal::Battery { charge: cx.facts().charge(now), ..cx.facts().battery };
        let line = record.line(if is_row { signal::Battery::of(row.charge) } else { so_far.charge }, now);
        // That a row goes on as the last one did is no news; that a level was passed is.
        if !is_row || line != so_far {
            cx.say(Signal::Battery(line));
        }
        self.await_next(line, cx);
    }

    /// Waits for the next row of the record, or a level on the way there, and sees to Low Power Mode.
    fn await_next(&mut self, line: signal::Battery, cx: &mut Context<'_, PowerTimer>) {
        let Supply::Recorded(record) = &self.supply else { return };
        let now = cx.now();
        cx.arm_at(PowerTimer::Row, record.next_at());
        match record.next_crossing(line, now) {
            Some(after) => cx.arm(PowerTimer::Crossing, after),
            None => cx.disarm(PowerTimer::Crossing),
        }
        match record.low_power_mode() {
            Some(on) if on != cx.facts().low_power_mode => cx.say(Signal::LowPowerMode(on)),
            Some(_) => {}
            None => {
                let (connected, date) = (record.now().plugged_in, record.date(now));
                self.ask(line.charge, connected, date, cx);
            }
        }
        self.charge = line.charge;
    }

    /// The moments come whether or not they matter, so that what the policy does to the charge or
    /// to the client shifts none of them; at a constant rate that is the same law.
    fn arm_sacrifice(&mut self, cx: &mut Context<'_, PowerTimer>) {
        if let Some((at, _)) = self.sacrifices.draw() {
            cx.arm_at(PowerTimer::Sacrifice, at);
        }
    }

    fn sacrifice(&mut self, cx: &mut Context<'_, PowerTimer>) {
        if !self.off && cx.facts().critically_low(cx.now()) && cx.facts().process == Process::Suspended {
            cx.say(Signal::Terminated(Termination::Power));
        }
        self.arm_sacrifice(cx);
    }
}

impl Model for Power {
    type Config = Config;
    type Timer = PowerTimer;
    const HEARS: SignalKinds = SignalKinds::of(&[
        SignalKind::PickedUp,
        SignalKind::OwnUseBegins,
        SignalKind::Glanced,
        SignalKind::Occurred,
    ]);

    fn new(setup: &Setup<'_, Config>) -> Power {
        let config = setup.config;
        let supply = match config.model {
            Kind::Battery => Supply::Drawn(Box::new(Drawn {
                battery: Battery::new(config, setup.persona),
                charger: Charger::new(Habit::new(setup)),
                boots_after: config.boots_after,
            })),
            Kind::AlwaysCharged => Supply::Always,
            Kind::Trace => {
                Recorded::new(setup).map_or(Supply::Always, |record| Supply::Recorded(record.into()))
            }
        };
        Power {
            supply,
            mode: Mode::new(setup),
            off: false,
            charge: 0,
            enforced_below: signal::Battery::of(config.low_power_enforced),
            critical_below: signal::Battery::of(config.critical_charge),
            sacrifices: Moments::new(
                setup,
                setup.streams.keyed("power terminations"),
                24.0 * config.power_termination_per_hour,
            ),
        }
    }

    fn at_origin(&mut self, facts: &mut Facts) {
        facts.low_power_mode = self.mode.is_on();
        facts.enforced_below = self.enforced_below;
        facts.critical_below = self.critical_below;
        match &self.supply {
            Supply::Always => {
                facts.plugged_in = true;
                facts.battery = signal::Battery::ALWAYS_FULL;
            }
            Supply::Drawn(drawn) => {
                facts.plugged_in = drawn.charger.is_connected();
                facts.battery = drawn.battery.at_origin(facts.plugged_in);
            }
            Supply::Recorded(record) => {
                facts.plugged_in = record.now().plugged_in;
                facts.battery = record.line(record.at_origin(), Time::ORIGIN);
                facts.low_power_mode = record.low_power_mode().unwrap_or(facts.low_power_mode);
            }
        }
        self.charge = facts.battery.charge;
    }

    fn start(&mut self, cx: &mut Context<'_, PowerTimer>) {
        let line = cx.facts().battery;
        match &mut self.supply {
            Supply::Always => return,
            Supply::Drawn(drawn) => {
                drawn.charger.start(cx);
                let low = drawn.charger.seek_level(line.charge, cx);
                if let Some(after) = drawn.battery.levels.next_crossing(line.charge, line.idle, low) {
                    cx.arm(PowerTimer::Crossing, after);
                }
            }
            Supply::Recorded(_) => self.await_next(line, cx),
        }
        self.arm_sacrifice(cx);
    }

    fn fire(&mut self, timer: PowerTimer, cx: &mut Context<'_, PowerTimer>) {
        let drawn = match &mut self.supply {
            _ if timer == PowerTimer::Sacrifice => return self.sacrifice(cx),
            Supply::Drawn(drawn) => drawn,
            Supply::Recorded(_) => return self.read_on(cx),
            Supply::Always => return,
        };
        let was_connected = drawn.charger.is_connected();
        match timer {
            PowerTimer::Crossing => {}
            PowerTimer::Boots => {
                self.off = false;
                cx.say(Signal::PoweredOn);
            }
            PowerTimer::Off => return cx.say(Signal::PoweredOff),
            other => drawn.charger.fire(other, cx),
        }
        let (is_connected, boots_after) = (drawn.charger.is_connected(), drawn.boots_after);
        self.turn(cx);
        match (was_connected, is_connected) {
            (false, true) if self.off => cx.arm(PowerTimer::Boots, boots_after),
            (true, false) => cx.disarm(PowerTimer::Boots),
            _ => {}
        }
    }

    fn hear(&mut self, signal: Signal, cx: &mut Context<'_, PowerTimer>) {
        // Nothing moves a record, nor what is always full.
        if !matches!(self.supply, Supply::Drawn(_)) {
            return;
        }
        match signal {
            // A glance can take the charge below a level before the alarm for it. Putting the phone
            // down only slows the drain: the alarm comes early then, and is set anew.
            Signal::PickedUp(Reason::Own) | Signal::OwnUseBegins | Signal::Glanced(_) => {
                let charge = cx.facts().charge(cx.now());
                if charge > 0 {
                    let line = signal::Battery { charge, ..cx.facts().battery };
                    self.follow(line, cx);
                } else {
                    self.turn(cx);
                }
            }
            // Whether it starts again is for a charger to say.
            Signal::Occurred(Occurrence::Charge(charge)) if !self.off => self.turn_from(charge, cx),
            _ => {}
        }
    }
}
