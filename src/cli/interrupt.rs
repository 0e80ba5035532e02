//! The signals that end the program: Ctrl-C, the end that a system or a container asks for, and a terminal that
//! is closed.

use super::Fault;
use crate::experiment::Watch;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};

/// A signal that was heard, by its number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Heard(u8);

impl Heard {
    /// With which a program ends that it ended.
    pub(crate) fn code(self) -> u8 {
        128 + self.0
    }
}

/// Whether somebody wants it to end; the number of the signal, or none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stop(Arc<AtomicU8>);

impl Stop {
    /// The first signal lets devices under way finish; a second one, unless it is an echo of the first
    /// (terminals and `timeout` may signal twice), ends the program at once.
    pub(crate) fn on_interrupt() -> Result<Stop, Fault> {
        const ECHO: Duration = Duration::from_millis(500);
        let stop = Stop::default();
        let Stop(flag) = stop.clone();
        let mut first = None;
        listen(move |signal: u8| {
            let _ = flag.compare_exchange(0, signal, Ordering::Relaxed, Ordering::Relaxed);
            if first.get_or_insert_with(Instant::now).elapsed() > ECHO {
                std::process::exit(Heard(signal).code().into());
            }
        })
        .map_err(|error| Fault::Later(format!("cannot listen for signals: {error}")))?;
        Ok(stop)
    }

    pub(crate) fn heard(&self) -> Option<Heard> {
        Some(self.0.load(Ordering::Relaxed)).filter(|signal| *signal > 0).map(Heard)
    }

    /// Ends work of which nothing is kept, if a signal was heard.
    pub(crate) fn check(&self) -> Result<(), Fault> {
        self.heard().map_or(Ok(()), |heard| Err(Fault::Ended(heard)))
    }

    pub(crate) fn is_set(&self) -> bool {
        self.heard().is_some()
    }
}

/// Makes a file that may grow no more an error of who writes it, and no death.
pub(crate) fn survive_full_files() {
    #[cfg(unix)]
    let _ = blocked([nix::sys::signal::Signal::SIGXFSZ]);
}

/// The signals are blocked in every thread and waited for in one of their own: no code runs in a handler.
#[cfg(unix)]
fn listen(mut heard: impl FnMut(u8) + Send + 'static) -> std::io::Result<()> {
    use nix::sys::signal::Signal::{SIGHUP, SIGINT, SIGTERM};
    let signals = [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|signal| *signal != SIGHUP || !is_nohup());
    let set = blocked(signals)?;
    let wait = move || {
        while let Ok(signal) = set.wait() {
            heard(signal as u8);
        }
    };
    std::thread::Builder::new().spawn(wait).map(|_| ())
}

#[cfg(unix)]
fn blocked(
    signals: impl IntoIterator<Item = nix::sys::signal::Signal>,
) -> std::io::Result<nix::sys::signal::SigSet> {
    let set: nix::sys::signal::SigSet = signals.into_iter().collect();
    set.thread_block()?;
    Ok(set)
}

/// Whether `nohup` asked to outlive the terminal. A signal that is blocked is no longer ignored, so that this must be
/// asked; only Linux tells.
#[cfg(unix)]
fn is_nohup() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (nix::sys::signal::Signal::SIGHUP as u8 - 1) & 1 == 1)
}

#[cfg(not(unix))]
fn listen(mut heard: impl FnMut(u8) + Send + 'static) -> Result<(), ctrlc::Error> {
    const SIGINT: u8 = 2;
    ctrlc::set_handler(move || heard(SIGINT))
}

/// Watches in silence.
impl<R> Watch<R> for Stop {
    type Fault = Infallible;

    fn rows(&mut self, _: R) -> Result<(), Infallible> {
        Ok(())
    }

    fn stops(&self) -> bool {
        self.is_set()
    }
}
