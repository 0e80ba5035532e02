//! Hands devices out, in turn on the thread that asks or to several threads, and gathers what they leave
//! in device order.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::mpsc;
use std::time::Duration;

/// Who watches a piece of work: takes rows in device order, sees progress, and may stop it.
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

/// Hands out devices until all are done or `watch` stops it. Returns the books of each worker, and how
/// many devices are in them. With one job everything happens on the thread that asks, without a clock:
/// that is how it runs where there are no threads.
///
/// # Errors
/// If the watcher cannot keep rows.
pub fn each_device<W: Work, O: Watch<W::Rows>>(
    devices: Range<u32>,
    jobs: usize,
    watch: &mut O,
    hire: impl Fn() -> W + Sync,
) -> Result<(Vec<W::Books>, u32), O::Fault> {
    let chunks = devices.end.saturating_sub(devices.start).div_ceil(CHUNK);
    match jobs.clamp(1, chunks.max(1) as usize) {
        1 => in_turn(devices, watch, hire()),
        jobs => on_threads(devices, jobs, watch, hire),
    }
}

fn in_turn<W: Work, O: Watch<W::Rows>>(
    devices: Range<u32>,
    watch: &mut O,
    mut worker: W,
) -> Result<(Vec<W::Books>, u32), O::Fault> {
    let (mut done, mut events) = (0, 0);
    for device in devices {
        if watch.stops() {
            break;
        }
        events += worker.simulate(device);
        done += 1;
        if done % CHUNK == 0 {
            watch.rows(worker.take_rows())?;
        }
        watch.progress(done, events);
    }
    watch.rows(worker.take_rows())?;
    Ok((vec![worker.finish()], done))
}

fn on_threads<W: Work, O: Watch<W::Rows>>(
    devices: Range<u32>,
    jobs: usize,
    watch: &mut O,
    hire: impl Fn() -> W + Sync,
) -> Result<(Vec<W::Books>, u32), O::Fault> {
    let chunks = (devices.end - devices.start).div_ceil(CHUNK);
    let (next, stop) = (AtomicU32::new(0), AtomicBool::new(false));
    let (done, events) = (AtomicU32::new(0), AtomicU64::new(0));
    let mut books = Vec::new();
    let mut fault = None;
    std::thread::scope(|scope| {
        let (sender, receiver) = mpsc::sync_channel::<(u32, W::Rows)>(2 * jobs);
        let workers: Vec<_> = (0..jobs)
            .map(|_| {
                let (sender, next, stop, done, events) = (sender.clone(), &next, &stop, &done, &events);
                let (hire, devices) = (&hire, devices.clone());
                scope.spawn(move || {
                    let mut worker = hire();
                    loop {
                        let chunk = next.fetch_add(1, Ordering::Relaxed);
                        if chunk >= chunks || stop.load(Ordering::Relaxed) {
                            break worker.finish();
                        }
                        let first = devices.start + chunk * CHUNK;
                        for device in first..(first + CHUNK).min(devices.end) {
                            if stop.load(Ordering::Relaxed) {
                                break;
                            }
                            events.fetch_add(worker.simulate(device), Ordering::Relaxed);
                            done.fetch_add(1, Ordering::Relaxed);
                        }
                        if sender.send((chunk, worker.take_rows())).is_err() {
                            break worker.finish();
                        }
                    }
                })
            })
            .collect();
        drop(sender);
        let mut ahead = BTreeMap::new();
        let mut wanted = 0;
        loop {
            match receiver.recv_timeout(TICK) {
                Ok((chunk, rows)) => {
                    ahead.insert(chunk, rows);
                    while let Some(rows) = ahead.remove(&wanted) {
                        wanted += 1;
                        if fault.is_none() {
                            fault = watch.rows(rows).err();
                        }
                    }
                }
                Err(mpsc::RecvTimeoutError::Timeout) => {}
                Err(mpsc::RecvTimeoutError::Disconnected) => break,
            }
            if fault.is_some() || watch.stops() {
                stop.store(true, Ordering::Relaxed);
            }
            watch.progress(done.load(Ordering::Relaxed), events.load(Ordering::Relaxed));
        }
        // Work that was stopped may have left gaps: what did finish is still in device order.
        for rows in ahead.into_values() {
            if fault.is_none() {
                fault = watch.rows(rows).err();
            }
        }
        for worker in workers {
            books.push(worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
    });
    fault.map_or(Ok((books, done.load(Ordering::Relaxed))), Err)
}
