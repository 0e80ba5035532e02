//! Results broken down: the slices of a dimension are the whole, cut; and what is in each is what its rows say.

use crate::common::{Run, run_as};
use crate::fold::{Cells, table};
use crate::worlds::{policies, worlds};
use bgsim::analysis::histogram::Histogram;
use bgsim::experiment::{Fleet, KeepRows, Plan, run_fleet};
use bgsim::figure::{Figure, Sample, Unit};
use bgsim::record::{Counts, RecordFile, Tally};
use bgsim::scenario::{Scenario, SourceText, read};
use bgsim::slice::{Cut, Dimension, Slice, Trait, Who, Window};
use proptest::prelude::*;

fn scenario(text: &str, sets: &[&str]) -> Scenario {
    let source = SourceText { label: "random.toml".into(), text: text.into() };
    let sets: Vec<String> = sets.iter().map(|set| set.to_string()).collect();
    read(source, &sets, &mut |name, _| Err(name.into())).unwrap_or_else(|faults| panic!("{faults}\n{text}"))
}

const GROUPS: &str = "fleet=[{ name='a', persona='light', ram={'3 GB'=0.4, '8 GB'=0.6} }, { name='b', persona='heavy', weight=2 }]";
const CODES: &str = "policy.passcode={ none=0.3, six_digits=0.7 }";

/// Every dimension along which any scenario can be cut.
fn dimensions() -> Vec<Dimension> {
    Dimension::ALL.into_iter().filter(|dimension| *dimension != Dimension::Event).collect()
}

fn simulate(scenario: &Scenario, jobs: usize) -> Fleet {
    let plan = Plan { jobs, by: dimensions(), ..Plan::default() };
    let Ok(fleet) = run_fleet(scenario, &plan, &mut ());
    fleet
}

/// What is counted from the origin on, or by the engine, lies in no window.
fn of_the_measured_span(mut tally: Tally) -> Tally {
    for counts in [&mut tally.counts, &mut tally.carried.counts] {
        let Counts { requests, requests_pending, events, fingerprint, .. } = counts;
        (*requests, *requests_pending, *events, *fingerprint) = Default::default();
    }
    (tally.course, tally.alike) = Default::default();
    tally
}

/// Of time, every window has all devices, and what each of them is; how many carry a sum is no sum.
fn of_no_device(mut tally: Tally) -> Tally {
    tally.carried = Default::default();
    (tally.counts.devices, tally.counts.server_reads, tally.counts.key_leaves) = (0, 0, 0);
    tally
}

fn the_slices_are_the_whole(text: &str) {
    let scenario = scenario(text, &["devices=9", GROUPS, CODES]);
    let fleet = simulate(&scenario, 2);
    let total = of_the_measured_span(fleet.total());
    for dimension in dimensions() {
        let cut = Cut::of(&scenario, dimension).unwrap();
        let own: Vec<&Slice> =
            cut.slices.iter().map(|(_, slice)| slice).filter(|slice| !slice.is_of_groups()).collect();
        let mut sum = Tally::default();
        own.iter().for_each(|slice| sum += &fleet.slices.of(slice).total());
        match dimension {
            Dimension::Of(Trait::Group | Trait::Persona) => {
                assert!(own.is_empty());
                let of = |slice: &Slice, figure| {
                    let sums = (&fleet.parts, &fleet.slices);
                    Sample::of_slice(slice, sums, &scenario, &scenario).value(figure).unwrap()
                };
                let whole = Sample::of(&fleet.parts, &scenario);
                for figure in Figure::listed().filter(|figure| figure.unit() == Unit::Count) {
                    let parts: f64 = cut.slices.iter().map(|(_, slice)| of(slice, figure)).sum();
                    assert_eq!(Some(parts), whole.value(figure), "{figure} by {}", dimension.name());
                }
            }
            Dimension::Of(_) => assert_eq!(sum, total, "by {}\n{text}", dimension.name()),
            Dimension::Day | Dimension::Week | Dimension::Event => {
                assert_eq!(of_no_device(sum), of_no_device(total.clone()), "by {}\n{text}", dimension.name());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, max_shrink_iters: 32, ..ProptestConfig::default() })]

    #[test]
    fn slices_of_a_dimension_add_up_to_the_whole(world in worlds(true), policy in policies()) {
        let world: String = world.lines().filter(|line| !line.starts_with("fleet")).map(|l| format!("{l}\n")).collect();
        let policy: String = policy.lines().filter(|line| !line.starts_with("passcode")).map(|l| format!("{l}\n")).collect();
        the_slices_are_the_whole(&format!("{world}{policy}"));
    }
}

const WEEK: &str = "measure = '5d'\nwarmup = '3d'\n[policy]\nallow_device_keychain = true\n";

#[test]
fn threads_leave_no_trace_and_nothing_asked_is_nothing_kept() {
    let scenario = scenario(WEEK, &["devices=40", GROUPS, CODES]);
    let (one, three) = (simulate(&scenario, 1), simulate(&scenario, 3));
    assert_eq!((&one.slices, &one.parts), (&three.slices, &three.parts));
    let Ok(plain) = run_fleet(&scenario, &Plan::default(), &mut ());
    assert_eq!(plain.parts, one.parts, "asking changes no result");
    assert_eq!(plain.slices, Default::default());
}

/// A slice of devices and time against the rows of the same run.
#[test]
fn a_slice_has_what_its_rows_say() {
    let scenario = scenario(WEEK, &["devices=30", GROUPS, CODES]);
    let day = Cut::of(&scenario, Dimension::Day).unwrap().slices[2].1.window;
    let who = Who::default().and(Trait::Ram, ["8 GB".into()]).and(Trait::Group, ["a".into()]);
    let slice = Slice { who, window: day };
    let run: Run = run_as(scenario, &Plan { jobs: 2, rows: KeepRows::All, ..Plan::default() });
    let scenario = &run.scenario;
    let Window { from, until } = slice.window.unwrap();
    let devices = table(&run, RecordFile::Devices);
    let is_in = |row: &&Cells| {
        let device = devices.iter().find(|device| device["device"] == row["device"]).unwrap();
        device["ram_bytes"] == "8000000000" && device["group"] == "a"
    };
    let at = |row: &Cells, column: &str| {
        let unix = row[column].parse::<jiff::Timestamp>().unwrap().as_millisecond();
        scenario.clock.from_unix_ms(unix).unwrap()
    };
    let count = |file: RecordFile, column: &str, of: &dyn Fn(&str) -> bool| {
        let rows = table(&run, file);
        let inside = rows.iter().filter(is_in).filter(|row| (from..until).contains(&at(row, column)));
        inside.filter(|row| of(&row[if file == RecordFile::Mail { "outcome" } else { "device" }])).count()
            as u64
    };
    let sums = the_sums_of(scenario, &slice);
    assert!(sums.counts.arrived > 20 && sums.counts.outcomes[0] > 0, "{:?}", sums.counts);
    assert_eq!(sums.counts.arrived, count(RecordFile::Mail, "arrived", &|_| true));
    assert_eq!(sums.counts.outcomes[0], count(RecordFile::Mail, "arrived", &|told| told == "notified"));
    let checks: u64 = sums.counts.checks.as_flattened().iter().sum();
    assert_eq!(checks, count(RecordFile::Checks, "time", &|_| true));
    assert_eq!(sums.counts.notifications, count(RecordFile::Notifications, "time", &|_| true));
    let told: Histogram = sums.waits.told.clone();
    assert_eq!(told.total() + sums.waits.censored.total(), sums.counts.arrived);
    let members = devices.iter().filter(is_in).count() as u64;
    assert_eq!(sums.counts.devices, members);
}

/// The sums of one slice, as a promise about it has them.
fn the_sums_of(scenario: &Scenario, slice: &Slice) -> Tally {
    let watched = bgsim::expectation::Watched { laws: Vec::new(), slices: vec![slice.clone()] };
    let plan = Plan::default();
    let Ok(trial) = bgsim::expectation::run_trial(scenario, 0..scenario.devices, &watched, &plan, &mut ());
    trial.slices.of(slice).total()
}

/// Whoever carries a figure is a device whose row says so.
#[test]
fn a_figure_is_carried_by_the_devices_whose_rows_have_some_of_it() {
    let run = run_as(
        scenario(WEEK, &["devices=30", GROUPS, CODES]),
        &Plan { jobs: 2, rows: KeepRows::All, ..Plan::default() },
    );
    let devices = table(&run, RecordFile::Devices);
    let sample = Sample::of(&run.fleet.parts, &run.scenario);
    let mut few = 0;
    for (figure, column) in [
        ("mail.arrived", "mails"),
        ("mail.told_within.15m", "mails"),
        ("process.openings_per_day", "openings"),
        ("process.terminations.power", "terminations_power"),
        ("process.terminations.crash", "terminations_crash"),
        ("process.terminations.reboot", "terminations_reboot"),
        ("key_failures.by_reason.keychain_locked", "key_failures"),
    ] {
        let figure: Figure = figure.parse().unwrap();
        let with = devices.iter().filter(|row| row[column] != "0").count() as u64;
        assert_eq!(sample.carried_by(figure), with, "{figure}");
        let is_few = (1..8).contains(&with);
        assert_eq!(sample.interval(figure).is_none(), is_few, "{figure} on {with}");
        few += u64::from(is_few);
    }
    // Of a count that is made of several, no more are said to carry it than do.
    for result in ["expired", "no_network", "new_mail"] {
        let figure: Figure = format!("checks.by_result.{result}").parse().unwrap();
        let with = devices.iter().filter(|row| row[&format!("checks_{result}")] != "0").count() as u64;
        assert!((1..=with).contains(&sample.carried_by(figure)), "{figure}");
    }
    assert!(few > 0, "nothing here is carried by few");
}
