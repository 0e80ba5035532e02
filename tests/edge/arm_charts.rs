//! The charts of runs and of their arms: what they are titled by, and that they show what was found.

use crate::common::{Run, run_as};
use bgsim::engine::Engine;
use bgsim::experiment::Plan;
use bgsim::figure::Sample;
use bgsim::report::arm::Arm;
use bgsim::report::arm_charts::arm_charts;
use bgsim::report::charts::{Chart, Reading};
use bgsim::scenario::load;
use bgsim::timeline::typical_day;

/// Runs a bundled scenario on a few devices.
fn run(name: &str, sets: &[&str]) -> Run {
    let small = ["devices=24", "warmup=2d", "measure=7d"];
    let sets: Vec<String> = small.iter().chain(sets).map(|set| set.to_string()).collect();
    let scenario = load(name, &sets).unwrap_or_else(|errors| panic!("{errors}"));
    run_as(scenario, &Plan { jobs: 2, week: true, ..Plan::default() })
}

/// The charts of these runs, each by its name.
fn charts(runs: &[Run]) -> Vec<(String, Chart)> {
    let figures: Vec<_> = runs.iter().map(|run| Sample::of(&run.fleet.parts, &run.scenario)).collect();
    let arms: Vec<Arm<'_>> = runs
        .iter()
        .zip(&figures)
        .map(|(run, figures)| Arm {
            label: &run.scenario.name,
            scenario: &run.scenario,
            devices: u64::from(run.fleet.finished),
            figures,
            week: &run.fleet.week,
            day: typical_day(&run.scenario, Engine::Fast),
        })
        .collect();
    arm_charts(&arms, &[])
}

fn find<'a>(charts: &'a [(String, Chart)], name: &str) -> Option<&'a Chart> {
    charts.iter().find(|(known, _)| known == name).map(|(_, chart)| chart)
}

fn title(charts: &[(String, Chart)], name: &str) -> String {
    find(charts, name).unwrap_or_else(|| panic!("there is no {name}")).heading().title.clone()
}

#[test]
fn where_nothing_is_told_or_nothing_arrives_the_titles_say_so() {
    let nobody = charts(&[run("email-plus", &["scheduler.model=never", "user.model=absent"])]);
    assert_eq!(title(&nobody, "latency"), "No mail was told in 7 d");
    assert_eq!(title(&nobody, "causes"), "No mail was told");
    assert_eq!(title(&nobody, "week-p50"), "No hour of the day stands out");
    assert_eq!(title(&nobody, "week-checks"), "No check ran in the background");
    let nothing = charts(&[run("email-plus", &["mail.model=poisson", "mail.per_day=0.0"])]);
    assert_eq!(title(&nothing, "latency"), "No mail arrived");
    assert_eq!(title(&nothing, "week-p90"), "Too little mail to tell hours apart");
}

#[test]
fn one_device_has_nothing_to_differ_from_and_so_no_band() {
    let one = charts(&[run("device-keychain", &["devices=1"])]);
    let Some(Chart::Latency(chart)) = find(&one, "latency") else { panic!("no curve") };
    assert!(!chart.heading.subtitle.contains("95 %"), "{}", chart.heading.subtitle);
    assert!(chart.heading.subtitle.contains("; 1 device over"), "{}", chart.heading.subtitle);
    assert!(chart.arms[0].points.iter().all(|point| point.low == point.told && point.high == point.told));
    assert!(find(&one, "day-1").is_some() && find(&one, "price").is_none());
}

#[test]
fn a_promise_to_everybody_is_the_target() {
    let target = |name: &str, sets: &[&str]| match find(&charts(&[run(name, sets)]), "latency") {
        Some(Chart::Latency(chart)) => chart.target.map(|target| (target.ms, target.share)),
        _ => panic!("no curve"),
    };
    let text = std::fs::read_to_string("scenarios/after-first-unlock.toml").unwrap();
    let bound: f64 = crate::common::promised(&text, "told_within(1h) >= ").parse().unwrap();
    assert_eq!(target("after-first-unlock", &[]), Some((3_600_000, bound / 100.0)));
    assert_eq!(target("night-worker", &[]), None);
}

/// Latency is over mail from inside working hours, so arms with others are over other mail.
#[test]
fn arms_with_other_working_hours_are_not_weighed_against_each_other() {
    let arms = charts(&[run("device-keychain", &[]), run("working-hours", &[])]);
    assert_eq!(title(&arms, "latency"), "How soon is mail told?");
    let subtitle = &find(&arms, "latency").unwrap().heading().subtitle;
    assert!(subtitle.contains("not the same mail"), "{subtitle}");
    assert!(find(&arms, "price").is_none());
    let same = charts(&[run("email-plus", &[]), run("device-keychain", &[])]);
    assert!(find(&same, "price").is_some() && title(&same, "latency").contains("with device-keychain"));
}

/// The bars of an arm sum to its mean latency, and its cells to what the hours hold.
#[test]
fn bars_and_cells_are_those_of_the_figures() {
    let runs = [run("device-keychain", &[])];
    let all = charts(&runs);
    let Some(Chart::Causes(causes)) = find(&all, "causes") else { panic!("no bars") };
    let sum: f64 = causes.arms[0].parts.iter().map(|part| part.seconds).sum();
    let mean = runs[0].figure("mail.latency_s.mean").unwrap();
    assert!((sum - mean).abs() < 1e-6 * mean, "{sum} is not {mean}");
    let Some(Chart::Week(checks)) = find(&all, "week-checks") else { panic!("no week") };
    for (cell, hour) in checks.panels[0].cells.iter().zip(&runs[0].fleet.week.hours) {
        let (all, good) = (hour.checks.iter().sum::<u64>(), hour.checks[0] + hour.checks[1]);
        match cell {
            Reading::Nothing => assert!(hour.checked.devices() < 8),
            Reading::Value(share) => assert!((share - (all - good) as f64 / all as f64).abs() < 1e-12),
            Reading::Beyond => panic!("a share cannot lie beyond"),
        }
    }
}
