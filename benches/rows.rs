//! What the rows cost: a fleet simulated without them, with them in memory, and with them written to
//! files, on one thread and on two.

mod rounds;

use bgsim::experiment::{KeepRows, Plan, Watch, run_fleet};
use bgsim::record::Rows;
use bgsim::scenario::{BUNDLED, Scenario, Source, fetch, read};
use criterion::{BenchmarkId, Criterion, Throughput};
use rounds::{Candidate, interleaved, wanted};
use std::fs::File;
use std::hint::black_box;
use std::io::{BufWriter, Write};
use std::sync::atomic::AtomicBool;

const DEVICES: u64 = 64;

/// What becomes of rows.
#[derive(Clone, Copy, PartialEq)]
enum Fate {
    None,
    Memory,
    Files,
}

struct Keep {
    files: Vec<BufWriter<File>>,
}

impl Watch for Keep {
    fn rows(&mut self, rows: Rows) -> Result<(), String> {
        for (file, text) in self.files.iter_mut().zip(&rows.text) {
            file.write_all(text).map_err(|error| error.to_string())?;
        }
        black_box(rows);
        Ok(())
    }
}

fn simulate(scenario: &Scenario, fate: Fate, jobs: usize) {
    let rows = if fate == Fate::None { KeepRows::None } else { KeepRows::All };
    let plan = Plan { jobs, rows, ..Plan::default() };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = |index: usize| {
        let file = File::create(folder.path().join(index.to_string())).expect("a temporary file");
        BufWriter::with_capacity(1 << 18, file)
    };
    let files = if fate == Fate::Files { (0..5).map(file).collect() } else { Vec::new() };
    let fleet = run_fleet(scenario, &plan, &AtomicBool::new(false), &mut Keep { files });
    black_box(fleet.expect("rows are kept"));
}

fn candidates() -> Vec<(String, Fate, usize)> {
    let mut all = Vec::new();
    for jobs in [1, 2] {
        let threads = if jobs == 1 { "1 thread" } else { "2 threads" };
        all.push((format!("no rows, {threads}"), Fate::None, jobs));
        all.push((format!("rows in memory, {threads}"), Fate::Memory, jobs));
        all.push((format!("rows in files, {threads}"), Fate::Files, jobs));
    }
    all
}

fn main() {
    let bundled = BUNDLED.iter().find(|bundled| bundled.name == "device-keychain").expect("it is bundled");
    let source = Source { label: bundled.name.into(), text: bundled.text.into() };
    let scenario = read(source, &[format!("devices={DEVICES}")], &mut fetch).expect("it is bundled");
    let mut criterion = Criterion::default().configure_from_args().sample_size(10);
    let mut group = criterion.benchmark_group("rows");
    group.throughput(Throughput::Elements(DEVICES));
    for (name, fate, jobs) in candidates() {
        group.bench_function(BenchmarkId::from_parameter(name), |b| {
            b.iter(|| simulate(&scenario, fate, jobs))
        });
    }
    group.finish();
    criterion.final_summary();
    if wanted("rows") {
        summary(&scenario);
    }
}

fn summary(scenario: &Scenario) {
    let calls = candidates().into_iter().map(|(name, fate, jobs)| -> Candidate<'_> {
        (name, Box::new(move || simulate(scenario, fate, jobs)))
    });
    println!("device-keychain, {DEVICES} devices      ms  times simulating alone on 1 thread");
    for found in interleaved(15, calls.collect()) {
        println!("{:<25}  {:9.0}  {:34.2}", found.name, found.seconds * 1e3, found.ratio);
    }
}
