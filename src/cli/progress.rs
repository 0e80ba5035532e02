//! A progress bar on a terminal, and silence in a pipe.

use crate::experiment::Watch;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{IsTerminal, stderr};
use std::time::Instant;

/// Shows how many devices are done, how fast, and how long it will take.
pub(crate) struct Progress {
    bar: ProgressBar,
    begun: Instant,
}

impl Progress {
    pub(crate) fn new(devices: u32) -> Progress {
        let target =
            if stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(u64::from(devices)), target);
        let style = "{bar:32} {pos}/{len} devices  {msg}  {eta} left";
        if let Ok(style) = ProgressStyle::with_template(style) {
            bar.set_style(style.progress_chars("━╸─"));
        }
        Progress { bar, begun: Instant::now() }
    }

    /// Waits for so many devices in all.
    pub(crate) fn expect(&self, devices: u32) {
        self.bar.set_length(u64::from(devices));
    }

    pub(crate) fn tell(&self, devices: u32, events: u64) {
        let per_second = events as f64 / self.begun.elapsed().as_secs_f64().max(1e-3);
        self.bar.set_message(format!("{:.1} M events/s", per_second / 1e6));
        self.bar.set_position(u64::from(devices));
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// Watches runs that follow one another, of which no rows are kept.
pub(crate) struct Counting {
    pub progress: Progress,
    /// Devices of the runs before this one.
    pub before: u32,
}

impl Counting {
    /// Waits for so many devices in all runs.
    pub(crate) fn new(devices: u32) -> Counting {
        Counting { progress: Progress::new(devices), before: 0 }
    }

    /// A run over so many devices is finished.
    pub(crate) fn past(&mut self, devices: u32) {
        self.before = self.before.saturating_add(devices);
    }
}

impl<R> Watch<R> for Counting {
    fn rows(&mut self, _: R) -> Result<(), String> {
        Ok(())
    }

    fn progress(&mut self, devices: u32, events: u64) {
        self.progress.tell(self.before.saturating_add(devices), events);
    }
}
