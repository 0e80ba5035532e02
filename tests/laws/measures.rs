//! Measures of lives written by hand, in which each can be counted on the fingers, and of simulated ones, where
//! they must agree with the figures of the run.

use crate::common::{SIMPLE, run, scenario};
use bgsim::engine::Observer;
use bgsim::experiment::Plan;
use bgsim::measure::{Diary, Measure, measure};
use bgsim::scenario::Scenario;
use bgsim::signal::{
    App, Battery, Facts, Habits, HabitsConfig, Network, Reason, ScreenOff, Signal, Termination, Wake,
};
use bgsim::time::{Span, Time};

/// A life of some days from a Monday on, told signal by signal.
struct Life<'a> {
    scenario: &'a Scenario,
    diary: Diary<'a>,
    facts: Facts,
    begun: bool,
}

/// A world of `measure` days that are all measured, or of which the first ones are not.
fn world(warmup: &str, measure: &str) -> Scenario {
    let text = format!("time_zone = 'UTC'\nwarmup = '{warmup}'\nmeasure = '{measure}'\nstart = 2026-03-02");
    scenario(&text, &[])
}

/// An instant by day, from that of the origin on, and by the clock.
fn at(day: u64, hour: u64, minute: u64) -> Time {
    Time::ORIGIN + Span::DAY * day + Span::hours(hour) + Span::MINUTE * minute
}

const UP: Signal = Signal::PickedUp(Reason::Own);
const DOWN: Signal = Signal::PutDown(ScreenOff::SideButton);

impl<'a> Life<'a> {
    fn new(scenario: &'a Scenario) -> Life<'a> {
        let habits = Habits::new(&HabitsConfig::default(), scenario.clock.clone());
        let diary = Diary::new(&scenario.clock, scenario.start..scenario.end);
        Life {
            scenario,
            diary,
            facts: Facts::at_origin(bgsim::policy::Policy::default(), habits),
            begun: false,
        }
    }

    fn say(&mut self, at: Time, signal: Signal) {
        if !self.begun && at >= self.scenario.start {
            self.diary.begin(&self.facts);
            self.begun = true;
        }
        self.facts.apply(at, signal);
        self.diary.record(at, signal, &self.facts);
    }

    fn in_hand(&mut self, from: Time, length: Span) {
        self.say(from, UP);
        self.say(from + length, DOWN);
    }

    fn visit(&mut self, from: Time, length: Span, reason: Reason) {
        self.say(from, Signal::ClientOpened(reason));
        self.say(from + length, Signal::ClientClosed);
    }

    /// The measures of this life.
    fn ends(mut self) -> impl Fn(Measure) -> Option<f64> + 'a {
        if !self.begun {
            self.diary.begin(&self.facts);
        }
        self.diary.close(&self.facts);
        let own = self.scenario.own(self.scenario.member(0));
        move |measure| measure.of(&self.diary, own, &self.scenario.clock)
    }
}

#[track_caller]
fn near(found: Option<f64>, wanted: f64) {
    assert!(found.is_some_and(|found| (found - wanted).abs() < 1e-9), "{found:?} is not {wanted}");
}

#[test]
fn pick_ups_and_minutes_are_counted_by_day() {
    let world = world("0s", "7d");
    let mut life = Life::new(&world);
    for day in 0..5 {
        life.in_hand(at(day, 10, 0), Span::MINUTE * 10);
        life.in_hand(at(day, 20, 0), Span::MINUTE * 10);
    }
    for day in 5..7 {
        life.in_hand(at(day, 12, 0), Span::MINUTE * 40);
    }
    let of = life.ends();
    near(of(Measure::PickupsPerDay), 12.0 / 7.0);
    near(of(Measure::PickupsWeekendRatio), 0.5);
    near(of(Measure::MinutesPerDay), 180.0 / 7.0);
    near(of(Measure::MinutesWeekendRatio), 2.0);
    near(of(Measure::SecondsPerPickup), 180.0 * 60.0 / 12.0);
    near(of(Measure::PickupsMinutesCorrelation), -1.0);
    // Five logarithms of ln 2 and two of 0: squares of (5 * 4 + 2 * 25) / 49 (ln 2)^2.
    let log = libm::log(2.0);
    near(of(Measure::PickupsLogSd), log * (70.0 / 49.0 / 6.0_f64).sqrt());
    near(of(Measure::MinutesLogSd), log * (70.0 / 49.0 / 6.0_f64).sqrt());
    // Of the six pairs four are of weekdays, one leads into the weekend, one lies in it.
    near(of(Measure::PickupsDayToDay), (4.0 * 4.0 - 10.0 + 25.0) / 6.0 / (70.0 / 7.0));
    assert_eq!(of(Measure::PickupsWeekToWeek), None, "no two days lie a week apart");
}

#[test]
fn a_session_over_midnight_belongs_to_both_days_and_parts_of_days_to_none() {
    let text = "time_zone = 'UTC'\nwarmup = '12h'\nmeasure = '60h'\nstart = 2026-03-02T12:00";
    let world = scenario(text, &[]);
    let mut life = Life::new(&world);
    // The span is from Monday noon to Thursday midnight: two whole days, Tuesday and Wednesday.
    let midnight = |day: u64| at(day, 0, 0);
    life.in_hand(midnight(1).back(Span::MINUTE * 10), Span::MINUTE * 30);
    life.in_hand(midnight(2).back(Span::MINUTE * 4), Span::MINUTE * 14);
    let of = life.ends();
    near(of(Measure::MinutesPerDay), (20.0 + 4.0 + 10.0) / 2.0);
    near(of(Measure::PickupsPerDay), 0.5);
    near(of(Measure::PickupsMinutesCorrelation), 1.0 * (24.0_f64 - 10.0).signum());
    assert_eq!(of(Measure::PickupsWeekendRatio), None, "there is no weekend");
}

#[test]
fn the_first_spring_forward_leaves_days_whole() {
    let text = "warmup = '0s'\nmeasure = '48h'\nstart = 2026-03-28";
    let world = scenario(text, &["time_zone=Europe/Berlin"]);
    // On Sunday at 2 h the clock goes to 3 h: 48 hours end on Monday at 1 h.
    let mut life = Life::new(&world);
    life.in_hand(at(0, 23, 0), Span::hours(24));
    let of = life.ends();
    near(of(Measure::MinutesPerDay), 12.0 * 60.0);
    near(of(Measure::PickupsPerDay), 0.5);
}

#[test]
fn openings_sessions_and_visits_are_told_apart() {
    let world = world("1d", "2d");
    let mut life = Life::new(&world);
    // Before the span: known to the learner, and counted nowhere else.
    life.visit(at(0, 10, 0), Span::MINUTE, Reason::Own);
    life.say(at(1, 10, 0), UP);
    life.say(at(1, 10, 0), Signal::AppOpened(App(1)));
    life.visit(at(1, 10, 1), Span::MINUTE, Reason::Own);
    // Left at 10:02; what begins before 10:07 is the same visit.
    life.say(at(1, 10, 3), Signal::AppOpened(App(2)));
    life.say(at(1, 10, 3), Signal::AppOpened(App(3)));
    life.say(at(1, 10, 4), Signal::AppOpened(App(2)));
    life.visit(at(1, 10, 6), Span::MINUTE * 2, Reason::Own);
    life.say(at(1, 10, 9), DOWN);
    life.in_hand(at(1, 10, 30), Span::MINUTE);
    life.say(at(1, 11, 0), UP);
    life.visit(at(1, 11, 0), Span::MINUTE * 3, Reason::Notification);
    life.say(at(1, 11, 5), DOWN);
    let of = life.ends();
    near(of(Measure::ClientOpeningsPerDay), 1.5);
    near(of(Measure::ClientVisitsPerDay), 1.0);
    near(of(Measure::ReopenedSoonShare), 1.0 / 3.0);
    near(of(Measure::ClientShareOfSessions), 2.0 / 3.0);
    near(of(Measure::ClientVisitSeconds), 120.0);
    near(of(Measure::NotificationDrivenShare), 1.0 / 3.0);
    // Two different apps between the first two openings, none between the last two.
    near(of(Measure::AppsBetweenOpenings), 1.0);
    near(of(Measure::ReopenedWithinTenApps), 1.0);
    near(of(Measure::AppOpeningsPerDay), (4.0 + 3.0) / 2.0);
    near(of(Measure::AppOpeningsPerHour), 7.0 / (15.0 / 60.0));
    // The measured days are a Monday and a Tuesday.
    assert_eq!(of(Measure::ClientOpeningsWeekendRatio), None);
}

#[test]
fn eleven_apps_are_more_than_ten() {
    let world = world("0s", "1d");
    let mut life = Life::new(&world);
    life.visit(at(0, 8, 0), Span::MINUTE, Reason::Own);
    (0..11).for_each(|app| life.say(at(0, 9, 0), Signal::AppOpened(App(app))));
    life.visit(at(0, 10, 0), Span::MINUTE, Reason::Own);
    (0..10).for_each(|app| life.say(at(0, 11, 0), Signal::AppOpened(App(app))));
    life.visit(at(0, 12, 0), Span::MINUTE, Reason::Own);
    let of = life.ends();
    near(of(Measure::AppsBetweenOpenings), 10.5);
    near(of(Measure::ReopenedWithinTenApps), 0.5);
}

#[test]
fn power_is_measured_by_night_by_hour_and_in_hand() {
    let world = world("0s", "4d");
    let mut life = Life::new(&world);
    // Two nights of three: of the first 1 h 30 and 30 min count, of the second a minute too little.
    for (day, hour, minute, length) in [(0, 21, 0, 150), (1, 5, 0, 30), (1, 23, 0, 119), (3, 12, 0, 600)] {
        life.say(at(day, hour, minute), Signal::PluggedIn);
        life.say(at(day, hour, minute) + Span::MINUTE * length, Signal::Unplugged);
    }
    let of = life.ends();
    near(of(Measure::OvernightChargeShare), 1.0 / 3.0);

    let world = scenario("time_zone = 'UTC'\nwarmup = '1d'\nmeasure = '2d'", &[]);
    let mut life = Life::new(&world);
    life.say(at(0, 12, 0), Signal::LowPowerMode(true));
    life.say(at(1, 12, 0), Signal::LowPowerMode(false));
    // Parts of 10^12 a millisecond: 9 % an hour in hand, a tenth of it otherwise.
    let (in_hand, idle) = (-25_000, -2_500);
    life.say(at(1, 13, 0), Signal::Battery(Battery { charge: Battery::FULL, in_hand, idle }));
    life.in_hand(at(1, 14, 0), Span::HOUR);
    life.say(at(2, 10, 0), UP);
    life.say(at(2, 10, 30), Signal::PluggedIn);
    life.say(at(2, 10, 30), Signal::Battery(Battery { charge: Battery::FULL, in_hand: 0, idle: 0 }));
    life.say(at(2, 11, 0), DOWN);
    let of = life.ends();
    near(of(Measure::LowPowerShare), 0.25);
    near(of(Measure::InHandDrain), 9.0);
}

#[test]
fn counts_and_shares_of_the_measured_span() {
    let world = scenario("time_zone = 'UTC'\nwarmup = '1d'\nmeasure = '4d'\nfleet = [{ ram = '4 GB' }]", &[]);
    let mut life = Life::new(&world);
    let refresh = Signal::RefreshLaunched(Wake { runtime: Span::from_secs(30) });
    let killed = Signal::Terminated(Termination::Memory);
    life.say(at(0, 9, 0), refresh);
    life.say(at(0, 9, 0), killed);
    life.say(at(0, 9, 0), Signal::MailArrived);
    life.say(at(1, 9, 0), killed);
    life.say(at(1, 10, 0), killed);
    life.say(at(1, 11, 0), Signal::Terminated(Termination::Power));
    // Two days without a network, one on cellular, one on Wi-Fi; the measured days are Monday to Thursday.
    life.say(at(1, 0, 0), Signal::Network(Network::None));
    life.say(at(3, 0, 0), Signal::Network(Network::Cellular));
    life.say(at(4, 0, 0), Signal::Network(Network::Wifi));
    (1..5).for_each(|day| life.say(at(day, 12, 0), Signal::MailArrived));
    let of = life.ends();
    near(of(Measure::MemoryKillsPerDay), 0.5);
    near(of(Measure::MailPerWeekday), 1.0);
    near(of(Measure::WifiShare), 0.5);
    near(of(Measure::RefreshesPerDay), 0.0);
    near(of(Measure::NeverRefreshed), 1.0);
    near(of(Measure::SmallMemory), 1.0);
    near(of(Measure::SystemMemory), world.sections.memory.system_4_gb.get() as f64 / 1e9);
}

#[test]
fn of_a_life_in_which_nothing_happens_little_is_known() {
    let world = scenario(
        "warmup = '0s'\nmeasure = '7d'\nmemory = { model = 'off' }\nfleet = [{ ram = '8 GB' }]",
        &[],
    );
    let of = Life::new(&world).ends();
    let known = Measure::ALL.into_iter().filter(|measure| of(*measure).is_some());
    let known_of_nobody = [
        Measure::PickupsPerDay,
        Measure::MinutesPerDay,
        Measure::ClientOpeningsPerDay,
        Measure::ClientVisitsPerDay,
        Measure::MailPerWeekday,
        Measure::OvernightChargeShare,
        Measure::LowPowerShare,
        Measure::WifiShare,
        Measure::MemoryKillsPerDay,
        Measure::AppOpeningsPerDay,
        Measure::RefreshesPerDay,
        Measure::NeverRefreshed,
        Measure::SmallMemory,
    ];
    assert_eq!(known.collect::<Vec<_>>(), known_of_nobody);
}

/// Openings at two times in turn. Of the thirteen days before, the last of which saw the other time, seven did:
/// it is always thought a little likelier than the time that comes.
#[test]
fn the_learner_ranks_as_can_be_worked_out() {
    let world = world("14d", "16d");
    let learnt = |hours: [u64; 2], length: Span| {
        let mut life = Life::new(&world);
        (0..30_u64).for_each(|day| life.visit(at(day, hours[day as usize % 2], 0), length, Reason::Own));
        let of = life.ends();
        [of(Measure::LearnerAuc), of(Measure::LearnerAucWaking)]
    };
    let [all, waking] = learnt([10, 20], Span::MINUTE);
    near(all, 94.0 / 95.0);
    near(waking, 58.0 / 59.0);
    let [all, waking] = learnt([10, 10], Span::MINUTE);
    near(all, 1.0);
    near(waking, 1.0);
    // Half of the openings lie before 9 h. Of what is left eight days have one, and on the eight others its slot is
    // thought likelier than it was on the days that had it.
    let [_, waking] = learnt([5, 20], Span::MINUTE);
    let without = 8.0 * 59.0 + 8.0 * 60.0;
    near(waking, (without - 8.0) / without);
    assert_eq!(learnt([10, 20], Span::from_ms(4_999)), [None, None], "too short to be learnt");
}

/// A person who is measured and a run that is booked are one.
#[test]
fn measures_agree_with_the_figures_of_the_run() {
    let text = "devices = 12\nwarmup = '3d'\nmeasure = '9d'\nextends = 'device-keychain'";
    let world = scenario(text, &[]);
    let asked = [Measure::ClientOpeningsPerDay, Measure::MemoryKillsPerDay, Measure::RefreshesPerDay];
    let plan = Plan { jobs: 2, ..Plan::default() };
    let Ok(measured) = measure(&world, &asked, &plan, &mut ());
    let measured = measured.unwrap();
    let booked = run(world);
    let days = 12.0 * 9.0;
    let figures =
        ["process.openings_per_day", "process.terminations.memory", "checks.by_trigger.background_refresh"];
    for (measure, figure) in asked.into_iter().zip(figures) {
        let sum = measured.of(measure).all().sum::<f64>() * 9.0;
        let booked = booked.figure(figure).unwrap() * if figure.ends_with("day") { days } else { 1.0 };
        match measure {
            // Who has the client open at that instant is not checked for.
            Measure::RefreshesPerDay => {
                assert!(
                    booked > 20.0 && (booked - 1e-6..1.1 * booked).contains(&sum),
                    "{sum}, checks {booked}"
                );
            }
            _ => assert!(sum > 20.0 && (sum - booked).abs() < 1e-6, "{figure}: {sum}, booked {booked}"),
        }
    }
}

/// Poisson mail of 24 a day, no network model, never in hand: what every measure of it must come to.
#[test]
fn a_simple_world_measures_as_it_was_made() {
    let world = scenario(SIMPLE, &["devices=64", "measure=\"28d\"", "mail.per_day=24.0"]);
    let asked = [Measure::MailPerWeekday, Measure::WifiShare, Measure::LowPowerShare, Measure::PickupsPerDay];
    let Ok(measured) = measure(&world, &asked, &Plan::default(), &mut ());
    let measured = measured.unwrap();
    let mean = |measure| {
        let values: Vec<f64> = measured.of(measure).all().collect();
        assert_eq!(values.len(), 64, "{measure:?}");
        values.iter().sum::<f64>() / 64.0
    };
    // 64 devices of 20 weekdays: a standard error of 0.137.
    assert!((mean(Measure::MailPerWeekday) - 24.0).abs() < 0.7);
    assert_eq!(
        [Measure::WifiShare, Measure::LowPowerShare, Measure::PickupsPerDay].map(mean),
        [1.0, 0.0, 0.0]
    );
}
