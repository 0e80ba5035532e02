//! What decides is asked without a command line: when a test is over, when an interval is tight enough,
//! which unknowns matter, what a journal keeps, which day is drawn.

use crate::common::run_as;
use bgsim::comparison::{Aim, Answer, Question, search};
use bgsim::engine::Engine;
use bgsim::expectation::{Baseline, CannotTest, SelectsNobody, Session, Tested, Verdict, read, test};
use bgsim::experiment::{Plan, Watch};
use bgsim::figure::Figure;
use bgsim::scenario::{Scenario, load};
use bgsim::sensitivity::{self, analyse};
use bgsim::sweep::journal::{Left, Unfit, header, line, read as read_journal};
use bgsim::sweep::{Axis, grid, run_points};
use bgsim::timeline::typical_day;
use std::convert::Infallible;

fn scenario(name: &str, sets: &[&str]) -> Scenario {
    let sets: Vec<String> = sets.iter().map(|set| set.to_string()).collect();
    load(name, &sets).unwrap_or_else(|errors| panic!("{errors}"))
}

/// Notes what it was told, and stops after so many devices.
#[derive(Default)]
struct Bystander {
    expected: Vec<u32>,
    told: Vec<u32>,
    stop_after: Option<u32>,
}

impl<R> Watch<R> for Bystander {
    type Fault = Infallible;

    fn rows(&mut self, _: R) -> Result<(), Infallible> {
        Ok(())
    }

    fn expect(&mut self, devices: u32) {
        self.expected.push(devices);
    }

    fn progress(&mut self, devices: u32, _: u64) {
        self.told.push(devices);
    }

    fn stops(&self) -> bool {
        self.stop_after.is_some_and(|after| self.told.last().is_some_and(|told| *told >= after))
    }
}

fn test_of(
    scenario: &Scenario,
    baseline: Option<&Baseline>,
    updates: bool,
    observer: &mut Bystander,
) -> Result<Option<Tested>, CannotTest> {
    let expectations = read(scenario).unwrap();
    let plan = Plan::default();
    let session = Session { scenario, file: "it.toml", expectations: &expectations, baseline, updates };
    test(&[session], None, &plan, observer).map(|mut tested| tested.pop().unwrap())
}

fn promising(asserts: &str) -> Scenario {
    scenario("periodic-15m", &["measure=2d", "devices=8", &format!("expect=[{{ assert = [{asserts}] }}]")])
}

#[test]
fn a_test_adds_devices_where_it_cannot_tell_and_only_there() {
    let mut observer = Bystander::default();
    // A bound in the middle of what is found is told from it by no fleet of these sizes; one far off by all.
    let near = promising("'told_within(450s) >= 50 %', 'told_within(15m) >= 10 %', 'mail.arrived > 0'");
    let outcome = test_of(&near, None, false, &mut observer).unwrap().unwrap().outcome;
    let found: Vec<_> =
        outcome.checked.iter().map(|checked| (checked.finding.verdict, checked.finding.devices)).collect();
    assert_eq!(found, [(Verdict::Undecided, 32), (Verdict::Pass, 8), (Verdict::Pass, 8)]);
    assert_eq!((outcome.devices, outcome.file.as_str()), (32, "it.toml"));
    assert_eq!(observer.expected, [8, 16, 32]);
    assert_eq!(observer.told.last(), Some(&32));

    let mut observer = Bystander::default();
    let far = promising("'told_within(450s) >= 10 %'");
    assert_eq!(test_of(&far, None, false, &mut observer).unwrap().unwrap().outcome.devices, 8);
    assert_eq!(observer.told.last(), Some(&8));
}

#[test]
fn a_test_that_is_stopped_says_nothing_and_one_of_nobody_says_so() {
    let near = promising("'told_within(450s) >= 46 %'");
    let mut observer = Bystander { stop_after: Some(12), ..Bystander::default() };
    assert!(test_of(&near, None, false, &mut observer).unwrap().is_none());
    assert_eq!(observer.told.last(), Some(&12));

    let fleet = "fleet=[{}, { persona = 'heavy', weight = 0.0001 }]";
    let heavy = "expect=[{ name = 'x', where = { persona = 'heavy' }, assert = ['mail.arrived > 0'] }]";
    let nobody = scenario("periodic-15m", &["devices=2", "measure=1d", fleet, heavy]);
    let error = test_of(&nobody, None, false, &mut Bystander::default()).unwrap_err();
    let expected = SelectsNobody { expectation: "x".into(), scenario: nobody.name.clone(), devices: 2 };
    assert!(matches!(&error, CannotTest::Nobody(nobody) if *nobody == expected), "{error:?}");
    assert!(error.to_string().contains("selects nothing"));
}

#[test]
fn a_baseline_is_made_by_a_test_and_holds_the_next_to_it() {
    let versus = "expect=[{ versus = 'baseline', assert = ['latency(p50) <= +5 %'] }]";
    let sets = ["measure=2d", "devices=32", versus];
    let before = scenario("periodic-15m", &sets);
    let made = test_of(&before, None, true, &mut Bystander::default()).unwrap().unwrap();
    assert!(made.outcome.updated && made.outcome.verdict() == Verdict::Pass);
    let baseline = made.baseline.unwrap();
    let again = test_of(&before, Some(&baseline), false, &mut Bystander::default()).unwrap().unwrap();
    assert!(again.outcome.changed.is_none() && again.baseline.is_none());
    assert_eq!(again.outcome.verdict(), Verdict::Pass);
    let slower = scenario("periodic-15m", &[&sets[..], &["scheduler.every=1h"]].concat());
    let slower = test_of(&slower, Some(&baseline), false, &mut Bystander::default()).unwrap().unwrap();
    assert_eq!(slower.outcome.verdict(), Verdict::Fail);
    let changed = slower.outcome.changed.unwrap();
    assert!(changed.keys.iter().any(|key| key.starts_with("scheduler.every ")), "{:?}", changed.keys);
    assert!(changed.divergence.is_some());
}

fn arms(devices: u32) -> Vec<(String, Scenario)> {
    let devices = format!("devices={devices}");
    let arm = |every: &str| {
        let sets = ["measure=2d", &devices, &format!("scheduler.every={every}")];
        (every.to_string(), scenario("periodic-15m", &sets))
    };
    vec![arm("15m"), arm("30m")]
}

fn searched(reach: f64, most_devices: u32, observer: &mut Bystander) -> Option<Answer> {
    let plan = Plan::default();
    let aim = Some(Aim { reach, most_devices });
    let question = Question { figure: Figure::FIRST, aim, pairs: false, plan: &plan, command: "it".into() };
    let Ok(answer) = search::<Infallible, _>(arms(32), &question, |devices| Ok(arms(devices)), observer);
    answer
}

#[test]
fn devices_are_added_until_the_interval_is_tight_enough_or_there_are_no_more() {
    let mut observer = Bystander::default();
    let loose = searched(0.5, 64, &mut observer).unwrap().compared.0;
    let precision = loose.precision.clone().unwrap();
    assert_eq!((precision.stopped_by, loose.scenario.devices), ("precision", 32));
    assert_eq!(observer.expected, [32]);
    // From what was reached, a goal that twice the fleet reaches, and one that none here does.
    let reached = precision.reached.unwrap();
    let mut observer = Bystander::default();
    let tight = searched(reached * 0.8, 2000, &mut observer).unwrap();
    let found = &tight.compared.0;
    assert_eq!(found.precision.as_ref().unwrap().stopped_by, "precision");
    assert!(found.scenario.devices > 32 && tight.arms[0].1.devices as u64 == found.scenario.devices);
    assert_eq!(observer.told.last(), Some(&tight.arms[0].1.devices));
    let never = searched(reached / 1000.0, 64, &mut Bystander::default()).unwrap().compared.0;
    assert_eq!((never.precision.unwrap().stopped_by, never.scenario.devices), ("max_devices", 64));
    let mut observer = Bystander { stop_after: Some(40), ..Bystander::default() };
    let stopped = searched(reached / 1000.0, 2000, &mut observer).unwrap().compared.0;
    assert_eq!((stopped.precision.unwrap().stopped_by, stopped.scenario.devices), ("interrupt", 40));
}

#[test]
fn the_analysis_tries_every_point_that_it_says_and_counts_what_is_refused() {
    let base = vec![("it".to_string(), scenario("periodic-15m", &["measure=1d", "devices=2", "warmup=0s"]))];
    let plan = Plan::default();
    let question = sensitivity::Question {
        figure: Figure::FIRST,
        devices: 2,
        most_devices: 2,
        smallest: 0.01,
        trajectories: 1,
        plan: &plan,
        command: "it".into(),
    };
    let with = |sets: &[String]| {
        let known = ["measure=1d", "devices=2", "warmup=0s"].map(String::from);
        load("periodic-15m", &[&known[..], sets].concat()).map(|scenario| vec![("it".into(), scenario)])
    };
    let mut observer = Bystander::default();
    let all = analyse(&question, &base, with, &mut observer).unwrap().unwrap();
    assert!(all.complete && all.points == all.planned && all.unknowns.len() > 3, "{all:?}");
    assert_eq!(all.tried.len(), all.points);
    assert_eq!(observer.expected.last(), Some(&(2 * all.planned as u32)));
    assert_eq!(observer.told.last(), Some(&(2 * all.planned as u32)));
    // One that refuses everything leaves nothing to move, and says why.
    let refuse = |sets: &[String]| match sets {
        [] => Ok(base.clone()),
        [set, ..] => Err(format!("error: not {set}\nmore")),
    };
    let none = analyse(&question, &base, refuse, &mut Bystander::default()).unwrap().unwrap();
    assert_eq!((none.unknowns.len(), none.points), (0, 1));
    assert!(none.skipped[0].why.starts_with("an end of its range is refused: not "), "{:?}", none.skipped);
    assert!(!none.skipped[0].why.contains("more"));
    let mut observer = Bystander { stop_after: Some(2), ..Bystander::default() };
    let stopped = analyse(&question, &base, with, &mut observer).unwrap().unwrap();
    assert!(!stopped.complete && stopped.points == 1);
}

#[test]
fn a_sweep_goes_on_where_its_journal_ends() {
    let axes = [Axis::parse("scheduler.every=15m,30m,1h").unwrap()];
    let places = grid(&axes).unwrap();
    let at = |place: &Vec<(String, String)>| {
        scenario("periodic-15m", &["measure=1d", "devices=4", &format!("scheduler.every={}", place[0].1)])
    };
    let scenarios: Vec<Scenario> = places.iter().map(at).collect();
    let header = header("bgsim sweep it", &scenarios);
    let plan = Plan::default();
    let mut text = header.clone() + "\n";
    let mut observer = Bystander { stop_after: Some(8), ..Bystander::default() };
    let keep = |line: &str| {
        text += line;
        text += "\n";
        Ok::<(), Infallible>(())
    };
    let Ok(first) = run_points(&places, &scenarios, Figure::FIRST, Vec::new(), &plan, keep, &mut observer);
    assert_eq!((first.len(), observer.expected), (2, vec![12]));

    // The interruption tore the line of the third.
    let Left { points, whole } = read_journal(&(text.clone() + "{\"val"), &header).unwrap();
    assert_eq!((&points, whole), (&first, text.len()));
    let mut added = Vec::new();
    let keep = |line: &str| {
        added.push(line.to_owned());
        Ok::<(), Infallible>(())
    };
    let Ok(resumed) =
        run_points(&places, &scenarios, Figure::FIRST, points, &plan, keep, &mut Bystander::default());
    let keep = |_: &str| Ok::<(), Infallible>(());
    let Ok(whole) = run_points(&places, &scenarios, Figure::FIRST, Vec::new(), &plan, keep, &mut ());
    assert_eq!(resumed, whole);
    assert_eq!(added, [line(&whole[2])]);

    let other = read_journal(&text, "another header").unwrap_err();
    assert!(matches!(&other, Unfit::Other(begun) if *begun == header), "{other}");
    let broken = read_journal(&format!("{header}\nno point\n"), &header).unwrap_err();
    assert!(matches!(broken, Unfit::Line(2, _)), "{broken}");
    assert_eq!(read_journal("", &header).unwrap(), Left::default());
}

#[test]
fn the_day_that_is_drawn_is_that_of_a_common_user_by_the_engine_that_was_asked_for() {
    let scenario = scenario("device-keychain", &["devices=8", "measure=3d"]);
    let [fast, reference] =
        [Engine::Fast, Engine::Reference].map(|engine| typical_day(&scenario, engine).unwrap());
    assert!(fast.holder.starts_with(&format!("{}, ", scenario.group_of(fast.device).says())));
    assert_eq!(format!("{:?}", fast.checks), format!("{:?}", reference.checks));
    assert_eq!(fast.until.since(fast.from), bgsim::time::Span::DAY);
}

/// One thread is the one that asks; it leaves the same books as three.
#[test]
fn devices_in_turn_are_those_of_threads() {
    let scenario = scenario("device-keychain", &["devices=50", "measure=2d", "warmup=1d"]);
    let run = |jobs: usize| run_as(scenario.clone(), &Plan { jobs, ..Plan::default() }).fleet;
    let (one, three) = (run(1), run(3));
    assert_eq!((one.finished, one.parts), (three.finished, three.parts));
}
