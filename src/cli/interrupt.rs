//! Ctrl-C.

use super::Fault;
use crate::experiment::Watch;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Whether the user wants it to end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stop(Arc<AtomicBool>);

impl Stop {
    /// The first Ctrl-C lets devices under way finish; a second one, unless it is an echo of the first
    /// (terminals and `timeout` may signal twice), ends the program at once.
    pub(crate) fn on_interrupt() -> Result<Stop, Fault> {
        const ECHO: Duration = Duration::from_millis(500);
        let stop = Stop::default();
        let Stop(flag) = stop.clone();
        let mut first = None;
        ctrlc::set_handler(move || {
            flag.store(true, Ordering::Relaxed);
            if first.get_or_insert_with(Instant::now).elapsed() > ECHO {
                std::process::exit(130);
            }
        })
        .map_err(|error| format!("cannot listen for Ctrl-C: {error}"))?;
        Ok(stop)
    }

    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
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
