//! What the rows cost: devices simulated without them, with them in memory, and with them written to
//! files; and what a second thread gains, which is time on the wall and wants a quiet machine.

mod rounds;

use bgsim::engine::{Engine, run};
use bgsim::experiment::{Plan, build, run_fleet};
use bgsim::record::{Ledger, Rows};
use bgsim::scenario::{BUNDLED, Scenario, SourceText, fetch, read};
use criterion::{BenchmarkId, Criterion, Throughput};
use rounds::{Candidate, interleaved, wanted};
use std::fs::File;
use std::hint::black_box;
use std::io::{BufWriter, Write};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const DEVICES: u64 = 64;

/// What becomes of rows.
#[derive(Clone, Copy, PartialEq)]
enum Fate {
    None,
    Memory,
    Files,
}

const FATES: [(&str, Fate); 3] =
    [("no rows", Fate::None), ("rows in memory", Fate::Memory), ("rows in files", Fate::Files)];

/// What one thread of `bgsim run` does, its rows taken after every sixteenth device.
fn simulate(scenario: &Scenario, fate: Fate, folder: &TempDir) {
    let file = |index: usize| {
        let file = File::create(folder.path().join(index.to_string())).expect("a temporary file");
        BufWriter::with_capacity(1 << 18, file)
    };
    let mut files: Vec<_> = if fate == Fate::Files { (0..5).map(file).collect() } else { Vec::new() };
    let mut ledger = Ledger::new(&scenario.policy, &scenario.clock, scenario.start, scenario.end);
    for device in 0..scenario.devices {
        let (mut models, mut core) = build(scenario, device, Engine::Fast);
        ledger.open(device, "typical", &core.facts, fate != Fate::None, false);
        run(&mut models, &mut core, scenario.end, &mut ledger);
        ledger.close(&core.facts, core.events);
        if device % 16 == 15 {
            let rows: Rows = std::mem::take(&mut ledger.rows);
            for (file, text) in files.iter_mut().zip(&rows.text) {
                file.write_all(text).expect("room on the disk");
            }
            black_box(rows);
        }
    }
    black_box(&ledger.tally);
}

fn main() {
    let bundled = BUNDLED.iter().find(|bundled| bundled.name == "device-keychain").expect("it is bundled");
    let source = SourceText { label: bundled.name.into(), text: bundled.text.into() };
    let scenario = read(source, &[format!("devices={DEVICES}")], &mut fetch).expect("it is bundled");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut criterion = Criterion::default().configure_from_args().sample_size(10);
    let mut group = criterion.benchmark_group("rows");
    group.throughput(Throughput::Elements(DEVICES));
    for (name, fate) in FATES {
        group.bench_function(BenchmarkId::from_parameter(name), |b| {
            b.iter(|| simulate(&scenario, fate, &folder));
        });
    }
    group.finish();
    criterion.final_summary();
    if wanted("rows") {
        summary(&scenario, &folder);
    }
}

fn summary(scenario: &Scenario, folder: &TempDir) {
    let calls = FATES.map(|(name, fate)| -> Candidate<'_> {
        (name.into(), Box::new(move || simulate(scenario, fate, folder)))
    });
    println!("device-keychain, {DEVICES} devices      ms  times no rows");
    for found in interleaved(15, calls.into()) {
        println!("{:<25}  {:9.0}  {:13.2}", found.name, found.seconds * 1e3, found.ratio);
    }
    let fleet = |jobs: usize| {
        let begun = Instant::now();
        let plan = Plan { jobs, ..Plan::default() };
        black_box(run_fleet(scenario, &plan, &mut ()).expect("nothing is written"));
        begun.elapsed()
    };
    let least = |jobs: usize| (0..9).map(|_| fleet(jobs)).min().unwrap_or(Duration::ZERO).as_secs_f64();
    let (one, two) = (least(1), least(2));
    println!("two threads are {:.2} times as fast as one, by the least wall time of 9 runs each", one / two);
}
