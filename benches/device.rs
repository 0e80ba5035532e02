//! A month of a device, per scenario, against the floor: drawing the variates of that month and
//! doing nothing with them.
//!
//! **How the floor was counted.** A copy of the source was given a counter in `Streams` (streams
//! made), in `uniform`, in `draw` of each law and at each `random_bool` and `random_range`; then
//! email-plus with the persona `typical` was run for 200 devices over 30 days, and each counter
//! divided by 200. The counts stand in [`MIX`]. They change only when a model draws differently.
//! Each law is drawn in a loop of its own, from one stream, with parameters made beforehand: no
//! program that needs these variates can be faster with these laws.

mod rounds;

use bgsim::engine::{Engine, run};
use bgsim::experiment::build;
use bgsim::random::{Exponential, Gamma, LogNormal, Normal, Poisson, RngExt, Stream, Streams, uniform};
use bgsim::record::Ledger;
use bgsim::scenario::{BUNDLED, Scenario, SourceText, fetch, read};
use criterion::{BenchmarkId, Criterion, Throughput};
use rounds::{Candidate, interleaved, wanted};
use std::hint::black_box;

/// Days of a month.
const DAYS: u64 = 30;
/// Devices of a run.
const DEVICES: u64 = 16;

/// Variates that a typical device draws in a month, by law.
const MIX: Mix = Mix {
    streams: 7808,
    uniform: 17_206,
    exponential: 11_216,
    power_of_two: 3985,
    normal: 163,
    log_normal: 962,
    gamma: 62,
    poisson_of_a_day: 32,
    poisson_of_a_mail: 2581,
    range: 4935,
};

struct Mix {
    /// Streams made, most of them for a draw that is keyed by an occasion.
    streams: u32,
    uniform: u32,
    exponential: u32,
    /// Lognormal lengths, drawn as 2 to the power of a normal variate.
    power_of_two: u32,
    /// Normal variates other than those.
    normal: u32,
    log_normal: u32,
    gamma: u32,
    /// Sessions of a day.
    poisson_of_a_day: u32,
    /// Mail that follows from a mail.
    poisson_of_a_mail: u32,
    /// Integers in a range, and draws of true or false.
    range: u32,
}

/// The floor of one month.
fn floor(device: u32) -> f64 {
    let streams = Streams::new(1, "typical", device);
    let mut sum = 0.0;
    let keyed = streams.keyed("floor");
    for occasion in 0..MIX.streams {
        black_box(keyed.at(occasion.into()));
    }
    let stream = &mut streams.stream("floor");
    let mut draw = |count: u32, law: &dyn Fn(&mut Stream) -> f64| {
        for _ in 0..count {
            sum += law(stream);
        }
    };
    let exponential = Exponential::with_mean(900.0);
    let normal = Normal::new(4.9, 2.3);
    let log_normal = LogNormal::new(3.4, 1.6);
    let gamma = Gamma::with_mean_one(8.5);
    let (day, mail) = (Poisson::with_mean(72.0), Poisson::with_mean(0.35));
    draw(MIX.uniform, &uniform);
    draw(MIX.exponential, &|stream| exponential.draw(stream));
    draw(MIX.power_of_two, &|stream| libm::exp2(normal.draw(stream)));
    draw(MIX.normal, &|stream| normal.draw(stream));
    draw(MIX.log_normal, &|stream| log_normal.draw(stream));
    draw(MIX.gamma, &|stream| gamma.draw(stream));
    draw(MIX.poisson_of_a_day, &|stream| day.draw(stream).into());
    draw(MIX.poisson_of_a_mail, &|stream| mail.draw(stream).into());
    draw(MIX.range, &|stream| stream.random_range(0..900_000_u64) as f64);
    sum
}

/// The scenario over a month.
fn month(label: &str, text: &str) -> Scenario {
    let sets = ["warmup=14d".to_string(), format!("measure={}d", DAYS - 14), format!("devices={DEVICES}")];
    let source = SourceText { label: label.into(), text: text.into() };
    read(source, &sets, &mut fetch).unwrap_or_else(|faults| panic!("{label}: {faults}"))
}

fn persona(name: &str) -> Scenario {
    month(name, &format!("extends = \"email-plus\"\n[[fleet]]\npersona = \"{name}\"\n"))
}

/// What a thread of `bgsim run --rows none` does.
fn simulate(scenario: &Scenario) {
    let mut ledger = Ledger::new(&scenario.policy, &scenario.clock, scenario.start, scenario.end);
    for device in 0..scenario.devices {
        let (mut models, mut core) = build(scenario, device, Engine::Fast);
        ledger.open(device, "typical", &core.facts, false, false);
        run(&mut models, &mut core, scenario.end, &mut ledger);
        ledger.close(&core.facts, core.events);
    }
    black_box(&ledger.tally);
}

fn draw_all() {
    (0..DEVICES).for_each(|device| {
        black_box(floor(device as u32));
    });
}

/// Every bundled scenario, and email-plus with one persona each; typical comes first.
fn scenarios() -> Vec<(String, Scenario)> {
    let personas = ["typical", "light", "heavy"];
    let personas = personas.map(|name| (format!("email-plus, {name}"), persona(name)));
    let bundled = BUNDLED.iter().map(|bundled| (bundled.name.into(), month(bundled.name, bundled.text)));
    personas.into_iter().chain(bundled).collect()
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args().sample_size(10);
    let scenarios = scenarios();
    let mut group = criterion.benchmark_group("device_month");
    group.throughput(Throughput::Elements(DEVICES));
    group.bench_function("floor", |b| b.iter(draw_all));
    for (name, scenario) in &scenarios {
        group.bench_function(BenchmarkId::from_parameter(name), |b| b.iter(|| simulate(scenario)));
    }
    group.finish();
    criterion.final_summary();
    if wanted("device_month") {
        summary(&scenarios);
    }
}

fn summary(scenarios: &[(String, Scenario)]) {
    let mut candidates: Vec<Candidate<'_>> = vec![("floor: drawing alone".into(), Box::new(draw_all))];
    for (name, scenario) in scenarios {
        candidates.push((name.clone(), Box::new(move || simulate(scenario))));
    }
    let found = interleaved(11, candidates);
    let typical = found[1].ratio;
    println!("scenario                   µs per device-day  times the floor  times typical");
    for found in &found {
        let us = found.seconds / (DEVICES * DAYS) as f64 * 1e6;
        println!("{:<25}  {us:17.1}  {:15.2}  {:13.2}", found.name, found.ratio, found.ratio / typical);
    }
}
