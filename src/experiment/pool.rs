//! Hands the devices of one scenario or of many out, in turn on the thread that asks or to several threads, and
//! gathers what they leave in their order. There is one list of work over all scenarios, so that many threads are
//! busy with many small ones as well as with a large one.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, SyncSender};
use std::time::Duration;

/// Who watches a piece of work: takes rows in device order, sees progress, and may stop it.
///
/// ```
/// use bgsim::experiment::{KeepRows, Plan, Watch, run_fleet};
/// use bgsim::record::Rows;
/// use bgsim::scenario::load;
/// use std::convert::Infallible;
///
/// /// Counts the bytes of all rows.
/// struct Bytes(usize);
///
/// impl Watch for Bytes {
///     type Fault = Infallible;
///
///     fn rows(&mut self, rows: Rows) -> Result<(), Infallible> {
///         self.0 += rows.text.iter().map(Vec::len).sum::<usize>();
///         Ok(())
///     }
/// }
///
/// let sets = ["devices=4", "warmup=0s", "measure=2d"].map(String::from);
/// let scenario = load("device-keychain", &sets).unwrap();
/// let mut bytes = Bytes(0);
/// let fleet = run_fleet(&scenario, &Plan { rows: KeepRows::All, ..Plan::default() }, &mut bytes).unwrap();
/// assert!(bytes.0 > 0 && fleet.total().counts.devices == 4);
/// ```
pub trait Watch<R = crate::record::Rows> {
    /// Why rows cannot be kept.
    type Fault;
    /// Rows of the next devices, in order.
    ///
    /// # Errors
    /// If they cannot be kept; the work then stops.
    fn rows(&mut self, rows: R) -> Result<(), Self::Fault>;
    /// So many devices are to be simulated in all, as far as is known by now.
    fn expect(&mut self, _devices: u32) {}
    /// How many devices are done and how many alarms went off so far.
    fn progress(&mut self, _devices: u32, _events: u64) {}
    /// Whether to leave it at the devices that are under way.
    fn stops(&self) -> bool {
        false
    }
}

/// Keeps nothing.
impl<R> Watch<R> for () {
    type Fault = Infallible;

    fn rows(&mut self, _: R) -> Result<(), Infallible> {
        Ok(())
    }
}

/// Watches one of several runs in a row, whose devices count after those of the runs before.
pub struct After<'a, W> {
    /// Devices of the runs before.
    pub before: u32,
    /// Who watches them all.
    pub watch: &'a mut W,
}

impl<R, W: Watch<R>> Watch<R> for After<'_, W> {
    type Fault = W::Fault;

    fn rows(&mut self, rows: R) -> Result<(), W::Fault> {
        self.watch.rows(rows)
    }

    fn expect(&mut self, devices: u32) {
        self.watch.expect(self.before.saturating_add(devices));
    }

    fn progress(&mut self, devices: u32, events: u64) {
        self.watch.progress(self.before.saturating_add(devices), events);
    }

    fn stops(&self) -> bool {
        self.watch.stops()
    }
}

/// What one thread does with the devices that it is handed.
///
/// ```
/// use bgsim::experiment::{Work, each_device};
///
/// /// Adds the numbers of its devices up.
/// struct Sum(u32);
///
/// impl Work for Sum {
///     type Rows = ();
///     type Books = u32;
///
///     fn simulate(&mut self, device: u32) -> u64 {
///         self.0 += device;
///         1
///     }
///
///     fn take_rows(&mut self) {}
///
///     fn finish(self) -> u32 {
///         self.0
///     }
/// }
///
/// let (sums, finished) = each_device(0..100, 2, &mut (), || Sum(0)).unwrap();
/// assert_eq!((sums.iter().sum::<u32>(), finished), (4950, 100));
/// ```
pub trait Work {
    /// What is handed out in device order.
    type Rows: Send;
    /// What is left at the end.
    type Books: Send;
    /// Simulates one device; returns how many alarms went off.
    fn simulate(&mut self, device: u32) -> u64;
    /// The rows since they were last taken.
    fn take_rows(&mut self) -> Self::Rows;
    /// The end of the work.
    fn finish(self) -> Self::Books;
}

/// Devices handed to a thread at a time.
const CHUNK: u32 = 16;
/// How often progress is told, and a wish to stop is heard.
const TICK: Duration = Duration::from_millis(100);

/// Lives the devices of one scenario. Returns the books of each worker, and how many devices are in them.
///
/// # Errors
/// If the watcher cannot keep rows.
pub fn each_device<W: Work, O: Watch<W::Rows>>(
    devices: Range<u32>,
    jobs: usize,
    watch: &mut O,
    hire: impl Fn() -> W + Sync,
) -> Result<(Vec<W::Books>, u32), O::Fault> {
    let mut found = (Vec::new(), 0);
    let done = |_, books, finished| {
        found = (books, finished);
        Ok(())
    };
    each_device_of(&[devices], jobs, watch, |_| hire(), done)?;
    Ok(found)
}

/// Lives the devices of several scenarios until all are done or `watch` stops it. Of each scenario in turn `done` is
/// given the books of its workers and how many devices are in them: as soon as it and all before are finished, or
/// as far as they came where it was stopped, which is the first so many devices without a gap. With one job everything happens on the thread that asks, without a
/// clock: that is how it runs where there are no threads.
///
/// # Errors
/// If the watcher cannot keep rows, or `done` fails.
pub fn each_device_of<W: Work, O: Watch<W::Rows>>(
    scenarios: &[Range<u32>],
    jobs: usize,
    watch: &mut O,
    hire: impl Fn(usize) -> W + Sync,
    done: impl FnMut(usize, Vec<W::Books>, u32) -> Result<(), O::Fault>,
) -> Result<(), O::Fault> {
    let chunks = Chunks::of(scenarios);
    match jobs.clamp(1, chunks.count().max(1) as usize) {
        1 => in_turn(scenarios, watch, hire, done),
        jobs => on_threads(&chunks, jobs, watch, hire, done),
    }
}

/// The list of work: the devices of all scenarios, in pieces.
struct Chunks<'a> {
    scenarios: &'a [Range<u32>],
    /// How many pieces there are up to the end of each scenario.
    until: Vec<u32>,
}

impl<'a> Chunks<'a> {
    fn of(scenarios: &'a [Range<u32>]) -> Chunks<'a> {
        let mut count = 0;
        let until = scenarios.iter().map(|devices| {
            count += (devices.len() as u32).div_ceil(CHUNK);
            count
        });
        Chunks { scenarios, until: until.collect() }
    }

    fn count(&self) -> u32 {
        self.until.last().copied().unwrap_or(0)
    }

    /// The scenario of a piece, and its devices.
    fn get(&self, piece: u32) -> Option<(usize, Range<u32>)> {
        let scenario = self.until.partition_point(|until| *until <= piece);
        let devices = self.scenarios.get(scenario)?;
        let before = scenario.checked_sub(1).map_or(0, |before| self.until[before]);
        let first = devices.start + (piece - before) * CHUNK;
        Some((scenario, first..devices.end.min(first.saturating_add(CHUNK))))
    }
}

fn in_turn<W: Work, O: Watch<W::Rows>>(
    scenarios: &[Range<u32>],
    watch: &mut O,
    hire: impl Fn(usize) -> W,
    mut told: impl FnMut(usize, Vec<W::Books>, u32) -> Result<(), O::Fault>,
) -> Result<(), O::Fault> {
    let (mut done, mut events) = (0, 0);
    for (scenario, devices) in scenarios.iter().enumerate() {
        let (mut worker, mut lived) = (hire(scenario), 0);
        for device in devices.clone() {
            if watch.stops() {
                break;
            }
            events += worker.simulate(device);
            lived += 1;
            done += 1;
            if lived % CHUNK == 0 {
                watch.rows(worker.take_rows())?;
            }
            watch.progress(done, events);
        }
        watch.rows(worker.take_rows())?;
        told(scenario, vec![worker.finish()], lived)?;
        if watch.stops() {
            break;
        }
    }
    Ok(())
}

/// What a thread has to tell.
enum Word<R, B> {
    /// The rows of a piece.
    Rows(u32, R),
    /// What a worker leaves of a scenario, and how many devices are in it.
    Books(usize, B, u32),
}

/// What all threads share.
struct Shared<'a> {
    chunks: &'a Chunks<'a>,
    next: AtomicU32,
    stop: AtomicBool,
    done: AtomicU32,
    events: AtomicU64,
}

impl Shared<'_> {
    /// What one thread does: piece after piece, with a worker for as long as the scenario is the same.
    fn work<W: Work>(&self, hire: impl Fn(usize) -> W, sender: &SyncSender<Word<W::Rows, W::Books>>) {
        let _others_stop = StopsOthers(&self.stop);
        let mut at_work: Option<(usize, W, u32)> = None;
        loop {
            // Whoever took a piece finishes it: what is finished has no gaps, however it was stopped.
            let is_stopped = self.stop.load(Ordering::Relaxed);
            let piece = if is_stopped { u32::MAX } else { self.next.fetch_add(1, Ordering::Relaxed) };
            let wanted = self.chunks.get(piece);
            let is_over = |(of, ..): &mut (usize, W, u32)| wanted.as_ref().is_none_or(|(next, _)| next != of);
            if let Some((scenario, worker, lived)) = at_work.take_if(is_over)
                && sender.send(Word::Books(scenario, worker.finish(), lived)).is_err()
            {
                return;
            }
            let Some((scenario, devices)) = wanted else { return };
            let (_, worker, lived) = at_work.get_or_insert_with(|| (scenario, hire(scenario), 0));
            for device in devices {
                self.events.fetch_add(worker.simulate(device), Ordering::Relaxed);
                self.done.fetch_add(1, Ordering::Relaxed);
                *lived += 1;
            }
            if sender.send(Word::Rows(piece, worker.take_rows())).is_err() {
                return;
            }
        }
    }
}

/// Whoever panics is not worked on for.
struct StopsOthers<'a>(&'a AtomicBool);

impl Drop for StopsOthers<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.store(true, Ordering::Relaxed);
        }
    }
}

/// Puts what the threads tell in order.
struct Gathered<R, B> {
    /// Rows of pieces whose turn has not come.
    rows: BTreeMap<u32, R>,
    wanted: u32,
    /// Of each scenario that is not told, the books so far and the devices in them.
    books: Vec<(Vec<B>, u32)>,
    told: usize,
}

impl<R, B> Gathered<R, B> {
    fn of(scenarios: usize) -> Gathered<R, B> {
        let books = (0..scenarios).map(|_| (Vec::new(), 0)).collect();
        Gathered { rows: BTreeMap::new(), wanted: 0, books, told: 0 }
    }

    fn take(&mut self, word: Word<R, B>) {
        match word {
            Word::Rows(piece, rows) => {
                self.rows.insert(piece, rows);
            }
            Word::Books(scenario, books, lived) => {
                let (all, finished) = &mut self.books[scenario];
                all.push(books);
                *finished += lived;
            }
        }
    }

    /// The next rows, if they are there; or once all is over the next that ever were.
    fn next_rows(&mut self, is_over: bool) -> Option<R> {
        let next = self.rows.first_entry().filter(|first| is_over || *first.key() == self.wanted)?;
        self.wanted = next.key() + 1;
        Some(next.remove())
    }

    /// The next scenario, if all its devices are done; or once all is over if any is.
    fn next_books(&mut self, scenarios: &[Range<u32>], is_over: bool) -> Option<(usize, Vec<B>, u32)> {
        let scenario = self.told;
        let (books, finished) = self.books.get_mut(scenario)?;
        let is_whole = *finished as usize == scenarios[scenario].len();
        self.told += usize::from(is_whole || is_over);
        (is_whole || is_over).then(|| (scenario, std::mem::take(books), *finished))
    }
}

fn on_threads<W: Work, O: Watch<W::Rows>>(
    chunks: &Chunks<'_>,
    jobs: usize,
    watch: &mut O,
    hire: impl Fn(usize) -> W + Sync,
    mut told: impl FnMut(usize, Vec<W::Books>, u32) -> Result<(), O::Fault>,
) -> Result<(), O::Fault> {
    let shared = Shared {
        chunks,
        next: AtomicU32::new(0),
        stop: AtomicBool::new(false),
        done: AtomicU32::new(0),
        events: AtomicU64::new(0),
    };
    let mut gathered = Gathered::of(chunks.scenarios.len());
    let (mut fault, mut has_threads) = (None, true);
    std::thread::scope(|scope| {
        let (sender, receiver) = mpsc::sync_channel(2 * jobs);
        let workers: Vec<_> = (0..jobs)
            // Where the system has no more threads, fewer do the same work.
            .map_while(|_| {
                let (shared, hire, sender) = (&shared, &hire, sender.clone());
                let work = move || shared.work(hire, &sender);
                std::thread::Builder::new().spawn_scoped(scope, work).ok()
            })
            .collect();
        drop(sender);
        has_threads = !workers.is_empty();
        let mut is_over = !has_threads;
        while !is_over {
            match receiver.recv_timeout(TICK) {
                Ok(word) => gathered.take(word),
                Err(RecvTimeoutError::Timeout) => {}
                // Work that ended by a panic may have left gaps: what did finish is still told in order.
                Err(RecvTimeoutError::Disconnected) => is_over = true,
            }
            while let (None, Some(rows)) = (&fault, gathered.next_rows(is_over)) {
                fault = watch.rows(rows).err();
            }
            while let (None, Some((scenario, books, finished))) =
                (&fault, gathered.next_books(chunks.scenarios, is_over))
            {
                fault = told(scenario, books, finished).err();
            }
            if fault.is_some() || watch.stops() {
                shared.stop.store(true, Ordering::Relaxed);
            }
            watch.progress(shared.done.load(Ordering::Relaxed), shared.events.load(Ordering::Relaxed));
        }
        for worker in workers {
            worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        }
    });
    if !has_threads {
        return in_turn(chunks.scenarios, watch, hire, told);
    }
    fault.map_or(Ok(()), Err)
}
