//! A progress bar on a terminal, and a line a minute in a log.

use super::interrupt::Stop;
use super::note;
use super::sharing::Share;
use crate::experiment::Watch;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{IsTerminal, stderr};
use std::time::{Duration, Instant};

/// Shows how many devices are done, how fast, and how long it will take, and hands rows on.
pub(crate) struct Progress<F> {
    bar: ProgressBar,
    begun: Instant,
    stop: Stop,
    keep: F,
    /// What is told of in lines, and when next, where there is no terminal but a log.
    lines: Option<(String, Instant)>,
}

/// How often a log is told how far it is.
const BETWEEN_LINES: Duration = Duration::from_secs(60);

/// What becomes of rows that nobody keeps.
pub(crate) fn dropped<R, E>(_: R) -> Result<(), E> {
    Ok(())
}

impl<F> Progress<F> {
    /// Watches the simulation of so many devices until `stop` is set; what becomes of rows says `keep`.
    pub(crate) fn new(devices: u32, stop: &Stop, keep: F) -> Progress<F> {
        let target =
            if stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(u64::from(devices)), target);
        let style = "{wide_bar} {pos}/{len} devices  {msg}  {eta} left";
        if let Ok(style) = ProgressStyle::with_template(style) {
            bar.set_style(style.progress_chars("━╸─"));
        }
        // Where nobody looks it is likely to be a batch job: its log has a line a minute.
        let lines = (!stderr().is_terminal()).then(|| (String::new(), Instant::now() + BETWEEN_LINES));
        Progress { bar, begun: Instant::now(), stop: stop.clone(), keep, lines }
    }

    /// Watches the computation of a part, which the lines of a log name.
    pub(crate) fn of_part(share: &Share, stop: &Stop, keep: F) -> Progress<F> {
        let mut progress = Progress::new(share.devices(), stop, keep);
        if let Some((whose, _)) = &mut progress.lines {
            *whose = format!("part {}: ", share.shard());
        }
        progress
    }
}

impl<F> Drop for Progress<F> {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

impl<R, E, F: FnMut(R) -> Result<(), E>> Watch<R> for Progress<F> {
    type Fault = E;

    fn rows(&mut self, rows: R) -> Result<(), E> {
        (self.keep)(rows)
    }

    fn expect(&mut self, devices: u32) {
        self.bar.set_length(u64::from(devices));
    }

    fn progress(&mut self, devices: u32, events: u64) {
        let per_second = events as f64 / self.begun.elapsed().as_secs_f64().max(1e-3);
        self.bar.set_message(format!("{:.1} M events/s", per_second / 1e6));
        self.bar.set_position(u64::from(devices));
        if let Some((whose, next)) = &mut self.lines
            && Instant::now() >= *next
        {
            *next = Instant::now() + BETWEEN_LINES;
            let (all, minutes) = (self.bar.length().unwrap_or(0), self.begun.elapsed().as_secs() / 60);
            note(&format!("{whose}{devices} of {all} devices after {minutes} min"));
        }
    }

    fn stops(&self) -> bool {
        self.stop.is_set()
    }
}
