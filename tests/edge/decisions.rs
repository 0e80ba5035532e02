//! What decides is asked without a command line: when a test is over, when an interval is tight enough,
//! which unknowns matter, what a journal keeps, which day is drawn.

use crate::common::run_as;
use bgsim::comparison::{Aim, Answer, Question, Reach, search};
use bgsim::engine::Engine;
use bgsim::expectation::{
    Baseline, CannotTest, SelectsNobody, Session, Suite, Tested, Verdict, promises, read, test,
};
use bgsim::experiment::{Plan, Watch};
use bgsim::figure::Figure;
use bgsim::scenario::{Scenario, load};
use bgsim::sensitivity::{self, analyse};
use bgsim::sweep::journal::{Left, header, line, on_grid, read as read_journal};
use bgsim::sweep::{Axis, GridPoint, grid, run_points};
use bgsim::timeline::typical_day;
use std::collections::BTreeMap;
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
    let session =
        Session { scenario, file: "it.toml", expectations: &expectations, baseline, fault: None, updates };
    let suite = Suite { most_devices: None, promises: promises(&[session]) };
    test(&[session], suite, &plan, observer).map(|mut tested| tested.pop().unwrap())
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
    let aim = Some(Aim { reach: Reach::OfFigure(reach), most_devices });
    let question = Question { figure: Figure::FIRST, aim, pairs: false, plan: &plan, command: "it".into() };
    search::<Box<dyn std::error::Error>, _>(arms(32), &question, |devices| Ok(arms(devices)), observer)
        .unwrap()
}

#[test]
fn devices_are_added_until_the_interval_is_tight_enough_or_there_are_no_more() {
    let mut observer = Bystander::default();
    let loose = searched(0.5, 64, &mut observer).unwrap().compared.0;
    let precision = loose.precision.clone().unwrap();
    // The first look is never the last.
    assert_eq!((precision.stopped_by, loose.scenario.devices), ("precision", 40));
    assert_eq!(observer.expected, [32, 40]);
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
        fixed: false,
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
    let keep = |place: usize, point: &str| {
        text += &(line(&header, place, point) + "\n");
        Ok::<(), Infallible>(())
    };
    let none = BTreeMap::new;
    let Ok(first) = run_points(&places, &scenarios, Figure::FIRST, none(), &plan, keep, &mut observer);
    assert_eq!((first.len(), observer.expected), (2, vec![12]));

    // The interruption tore the line of the third.
    let read = |text: &str| read_journal(text.as_bytes(), &header, on_grid(&places)).unwrap();
    let Left { points, broken, whole } = read(&(text.clone() + "{\"val"));
    assert_eq!((&points, broken, whole), (&first, vec![], text.len()));
    let mut added = Vec::new();
    let keep = |place: usize, point: &str| {
        added.push((place, point.to_owned()));
        Ok::<(), Infallible>(())
    };
    let Ok(resumed) =
        run_points(&places, &scenarios, Figure::FIRST, points, &plan, keep, &mut Bystander::default());
    let keep = |_: usize, _: &str| Ok::<(), Infallible>(());
    let Ok(whole) = run_points(&places, &scenarios, Figure::FIRST, none(), &plan, keep, &mut ());
    assert_eq!(resumed, whole);
    assert_eq!(added, [(2, serde_json::to_string(&whole[&2]).unwrap())]);

    let other = read_journal(text.as_bytes(), "another header", on_grid(&places)).unwrap_err();
    assert!(other.to_string().contains(&header), "{other}");
    let Left { points, broken, whole } = read("");
    assert_eq!((points, broken, whole), (BTreeMap::new(), Vec::new(), 0));
}

/// What two sittings at once, a disk or a hand may have made of a journal is never taken for a point.
#[test]
fn a_line_of_the_journal_that_is_not_what_was_written_is_run_again() {
    let places = grid(&[Axis::parse("scheduler.every=15m,30m,1h").unwrap()]).unwrap();
    let at = |place: &GridPoint| {
        scenario("periodic-15m", &["measure=1d", "devices=2", &format!("scheduler.every={}", place[0].1)])
    };
    let scenarios: Vec<Scenario> = places.iter().map(at).collect();
    let header = header("bgsim sweep it", &scenarios);
    let mut lines = Vec::new();
    let keep = |place: usize, point: &str| {
        lines.push(line(&header, place, point));
        Ok::<(), Infallible>(())
    };
    let plan = Plan::default();
    let Ok(whole) = run_points(&places, &scenarios, Figure::FIRST, BTreeMap::new(), &plan, keep, &mut ());
    let left = |lines: &[&str]| {
        let text = format!("{header}\n{}\n", lines.join("\n"));
        let Left { points, broken, .. } = read_journal(text.as_bytes(), &header, on_grid(&places)).unwrap();
        broken.iter().for_each(|(number, range)| assert_eq!(&text[range.clone()], lines[number - 2]));
        let numbers = broken.into_iter().map(|(number, _)| number).collect::<Vec<_>>();
        (points.into_keys().collect::<Vec<_>>(), numbers)
    };
    let [one, two, three] = [0, 1, 2].map(|line| lines[line].as_str());
    assert_eq!(left(&[three, one, two]), (vec![0, 1, 2], vec![]));
    // A digit of a figure, the end of a line, a foreign line, a line twice.
    let at = two.rfind("0.").unwrap() + 2;
    let mut changed = two.to_owned();
    let digit = if two.as_bytes()[at] == b'0' { "9" } else { "0" };
    changed.replace_range(at..=at, digit);
    assert_eq!(left(&[one, &changed, three]), (vec![0, 2], vec![3]));
    assert_eq!(left(&[one, &two[..two.len() - 2], three, "what?", ""]), (vec![0, 2], vec![3, 5]));
    assert_eq!(left(&[one, one, two]), (vec![0, 1], vec![]));
    // A point under the place of another, with the right hash: that of another grid, or of a fault of ours.
    let json = serde_json::to_string(&whole[&0]).unwrap();
    assert_eq!(left(&[&line(&header, 1, &json), &line(&header, 3, &json)]), (vec![], vec![2, 3]));
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
