//! The calendar at the size of a device: the winner tree, the `priority-queue` crate, and a
//! `BinaryHeap` that leaves what is moved or disarmed in the heap and skips it later.
//!
//! One step pops the next alarm and arms its slot again; every fourth step also moves another one.
//! Delays are exponential and drawn beforehand, so that only the calendar is timed. All three must
//! pop the same alarms at the same times.

mod rounds;

use bgsim::engine::{Calendar, Engine, Slot};
use bgsim::random::{Exponential, Streams};
use bgsim::time::{Span, Time};
use criterion::{BenchmarkId, Criterion, Throughput};
use rounds::{Candidate, interleaved, wanted};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hint::black_box;

const SLOTS: [u16; 3] = [24, 40, 64];
const STEPS: usize = 100_000;

/// What the workload asks of a calendar.
trait Alarms {
    fn with_slots(slots: u16) -> Self;
    fn arm(&mut self, slot: Slot, at: Time);
    fn pop(&mut self) -> (Time, Slot);
}

const NEVER: Time = Time::from_ms(1 << 46);

struct Tree(Calendar);

impl Alarms for Tree {
    fn with_slots(slots: u16) -> Tree {
        Tree(Calendar::new(Engine::Fast, slots))
    }
    fn arm(&mut self, slot: Slot, at: Time) {
        self.0.arm(slot, at);
    }
    fn pop(&mut self) -> (Time, Slot) {
        self.0.pop_before(NEVER).expect("every slot is armed again")
    }
}

struct Queue(Calendar);

impl Alarms for Queue {
    fn with_slots(slots: u16) -> Queue {
        Queue(Calendar::new(Engine::Reference, slots))
    }
    fn arm(&mut self, slot: Slot, at: Time) {
        self.0.arm(slot, at);
    }
    fn pop(&mut self) -> (Time, Slot) {
        self.0.pop_before(NEVER).expect("every slot is armed again")
    }
}

/// An alarm counts only if it bears the latest number of its slot.
struct LazyHeap {
    heap: BinaryHeap<Reverse<(Time, Slot, u32)>>,
    latest: Vec<u32>,
}

impl Alarms for LazyHeap {
    fn with_slots(slots: u16) -> LazyHeap {
        LazyHeap { heap: BinaryHeap::with_capacity(256), latest: vec![0; slots.into()] }
    }
    fn arm(&mut self, slot: Slot, at: Time) {
        let latest = &mut self.latest[usize::from(slot.0)];
        *latest += 1;
        self.heap.push(Reverse((at, slot, *latest)));
    }
    fn pop(&mut self) -> (Time, Slot) {
        loop {
            let Reverse((at, slot, number)) = self.heap.pop().expect("every slot is armed again");
            let latest = &mut self.latest[usize::from(slot.0)];
            if *latest == number {
                *latest += 1;
                return (at, slot);
            }
        }
    }
}

/// Delays by step, and which other slot a step moves.
struct Workload {
    slots: u16,
    delays: Vec<Span>,
    others: Vec<Slot>,
}

impl Workload {
    fn new(slots: u16) -> Workload {
        let mut stream = Streams::new(1, "typical", 0).stream("bench");
        // From seconds to half a day, as the alarms of a device are.
        let laws = [5.0, 30.0, 300.0, 900.0, 3600.0, 43_200.0].map(Exponential::with_mean);
        let delays =
            (0..4096).map(|step| Span::from_secs_f64(laws[step % laws.len()].draw(&mut stream))).collect();
        let others = (0..4096)
            .map(|_| Slot((bgsim::random::uniform(&mut stream) * f64::from(slots)) as u16))
            .collect();
        Workload { slots, delays, others }
    }

    /// Runs the steps and gives a hash of what was popped when.
    fn run<A: Alarms>(&self) -> u64 {
        let mut alarms = A::with_slots(self.slots);
        for slot in 0..self.slots {
            alarms.arm(Slot(slot), Time::ORIGIN + self.delays[usize::from(slot)]);
        }
        let mut hash = 0;
        for step in 0..STEPS {
            let (now, slot) = alarms.pop();
            hash = bgsim::random::mix(hash ^ now.ms()) ^ u64::from(slot.0);
            alarms.arm(slot, now + self.delays[step % 4096]);
            if step % 4 == 0 {
                alarms.arm(self.others[step % 4096], now + self.delays[(step + 1) % 4096]);
            }
        }
        hash
    }
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args().sample_size(20);
    let mut group = criterion.benchmark_group("calendar");
    group.throughput(Throughput::Elements(STEPS as u64));
    for slots in SLOTS {
        let workload = Workload::new(slots);
        let tree = workload.run::<Tree>();
        assert!(
            tree == workload.run::<Queue>() && tree == workload.run::<LazyHeap>(),
            "the calendars disagree"
        );
        group.bench_function(BenchmarkId::new("winner_tree", slots), |b| b.iter(|| workload.run::<Tree>()));
        group.bench_function(BenchmarkId::new("binary_heap_lazy", slots), |b| {
            b.iter(|| workload.run::<LazyHeap>());
        });
        group.bench_function(BenchmarkId::new("priority_queue", slots), |b| {
            b.iter(|| workload.run::<Queue>())
        });
    }
    group.finish();
    criterion.final_summary();
    if wanted("calendar") {
        summary();
    }
}

fn summary() {
    println!("slots  calendar            ns per pop and arm  against the winner tree");
    for slots in SLOTS {
        let workload = Workload::new(slots);
        let call = |run: fn(&Workload) -> u64| -> Box<dyn FnMut()> {
            let workload = &workload;
            Box::new(move || {
                black_box(run(workload));
            })
        };
        let candidates: Vec<Candidate<'_>> = vec![
            ("winner tree".into(), call(Workload::run::<Tree>)),
            ("BinaryHeap, lazy".into(), call(Workload::run::<LazyHeap>)),
            ("priority-queue".into(), call(Workload::run::<Queue>)),
        ];
        for found in interleaved(31, candidates) {
            let ns = found.seconds / STEPS as f64 * 1e9;
            println!("{slots:5}  {:<18}  {ns:18.1}  {:23.2}", found.name, found.ratio);
        }
    }
}
