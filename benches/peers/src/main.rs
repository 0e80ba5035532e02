//! bgsim beside other discrete-event simulators, on a toy that all of them can do (`toy.rs`):
//!
//! ```text
//! cargo run --release --manifest-path benches/peers/Cargo.toml
//! ```
//!
//! All run on one thread, in turn, round after round; the time is that of the thread on a processor, with the
//! setting up of each device. Those that are handed the toy itself must come to its result to the mail; bgsim's
//! own models draw otherwise and must come to the same mean within its error.

mod by_hand;
mod in_bgsim;
mod in_nexosim;
mod in_simcore;
#[path = "../../rounds/mod.rs"]
#[allow(dead_code, reason = "the benches of bgsim itself use all of it")]
mod rounds;
mod toy;

use rounds::{Candidate, interleaved};
use std::hint::black_box;
use toy::{CHECK, DAYS, EVERY, Outcome, take_outcome};

const DEVICES: u32 = 400;
const ROUNDS: usize = 15;

/// A contestant: what it is called, what it came to, and its work.
type Contestant<'a> = (&'static str, Outcome, Box<dyn FnMut() + 'a>);

/// One that is handed the toy.
fn handed<'a>(name: &'static str, mut work: impl FnMut() + 'a) -> Contestant<'a> {
    take_outcome();
    work();
    (name, take_outcome(), Box::new(work))
}

fn main() {
    let scenario = &in_bgsim::scenario(DEVICES);
    let own = in_bgsim::outcome(scenario, &in_bgsim::product(scenario));
    let product = || drop(black_box(in_bgsim::product(scenario)));
    let contestants: Vec<Contestant<'_>> = vec![
        ("bgsim, its own models", own, Box::new(product)),
        handed("bgsim, its engine", || in_bgsim::engine(scenario)),
        handed("by hand, least of three", || by_hand::least_of_three(DEVICES)),
        handed("by hand, a heap each", || by_hand::heap_each(DEVICES)),
        handed("by hand, a heap of all", || by_hand::heap_of_all(DEVICES)),
        handed("simcore", || in_simcore::run(DEVICES)),
        handed("NeXosim", || in_nexosim::run(DEVICES)),
    ];
    check(&contestants);
    let outcomes: Vec<Outcome> = contestants.iter().map(|(_, outcome, _)| *outcome).collect();
    let candidates: Vec<Candidate<'_>> =
        contestants.into_iter().map(|(name, _, work)| (name.into(), work)).collect();
    let device_days = f64::from(DEVICES) * DAYS as f64;
    println!("{DEVICES} devices, {DAYS} days, {ROUNDS} rounds");
    println!("{:<24}  ns/event  µs/device-day  times bgsim  events/device-day  mean wait", "");
    for (found, outcome) in interleaved(ROUNDS, candidates).into_iter().zip(outcomes) {
        println!(
            "{:<24}  {:8.1}  {:13.2}  {:11.2}  {:17.1}  {:7.1} s",
            found.name,
            found.seconds / outcome.events as f64 * 1e9,
            found.seconds / device_days * 1e6,
            found.ratio,
            outcome.events as f64 / device_days,
            outcome.mean,
        );
    }
}

/// All must have done the same work.
fn check(contestants: &[Contestant<'_>]) {
    let told = f64::from(DEVICES) * DAYS as f64 * toy::PER_DAY;
    // A wait is uniform over the time between two wakes, and then as long as a check.
    let mean = (EVERY as f64 / 2.0 + CHECK as f64) / 1e3;
    let error = 4.0 * (EVERY as f64 / 1e3) / (12.0 * told).sqrt();
    let (_, first, _) = &contestants[1];
    for (name, outcome, _) in contestants {
        assert!((outcome.mean - mean).abs() < error, "{name}: {outcome:?}, where {mean} s are due");
        assert!((outcome.told as f64 - told).abs() < 5.0 * told.sqrt(), "{name}: {outcome:?}");
    }
    for (name, outcome, _) in &contestants[1..] {
        // A mail of the very millisecond of a wake may be seen by it or not.
        let close = outcome.told.abs_diff(first.told) <= 2 && (outcome.mean - first.mean).abs() < 0.1;
        assert!(close && outcome.events.abs_diff(first.events) <= 2, "{name}: {outcome:?} for {first:?}");
    }
}
