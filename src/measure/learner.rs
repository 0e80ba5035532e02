//! How well what was learnt of openings tells when the next ones come.

use super::diary::Visit;
use crate::clock::Clock;
use crate::signal::{Habits, HabitsConfig, SLOT, SLOTS};
use crate::time::{Span, Time};
use std::ops::Range;

/// The probability that a slot of the day in which the client was opened was thought more likely than one in
/// which it was not, over the slots of `span` that begin at `from` on the dial or later. Predictions are made
/// anew at every midnight, and visits too short for the learner are none.
pub fn auc(
    visits: &[Visit],
    learner: &HabitsConfig,
    clock: &Clock,
    span: Range<Time>,
    from: Span,
) -> Option<f64> {
    let mut habits = Habits::new(learner, clock.clone());
    let mut visits =
        visits.iter().filter(|visit| visit.closed.since(visit.opened) >= learner.focus).peekable();
    let mut forecasts: Vec<(f32, bool)> = Vec::new();
    for day in 0..=clock.local(span.end).day {
        habits.refresh(clock.at(day, Span::ZERO));
        for slot in 0..SLOTS as u64 {
            let (begins, ends) = (clock.at(day, SLOT * slot), clock.at(day, SLOT * (slot + 1)));
            let forecast = habits.client_opens(begins).unwrap_or(0.0);
            let mut opened = false;
            while let Some(visit) = visits.next_if(|visit| visit.opened < ends) {
                opened = true;
                habits.saw_client_opened(visit.opened);
                habits.saw_client_closed(visit.closed);
            }
            // An hour that the clock skips has no slots.
            if span.start <= begins && begins < ends && ends <= span.end && SLOT * slot >= from {
                forecasts.push((forecast, opened));
            }
        }
    }
    ranked(forecasts)
}

/// The probability that what came was ranked above what did not; a tie counts half.
fn ranked(mut forecasts: Vec<(f32, bool)>) -> Option<f64> {
    forecasts.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (mut wins, mut below) = (0.0, 0.0);
    for tied in forecasts.chunk_by(|one, other| one.0 == other.0) {
        let came = tied.iter().filter(|(_, came)| *came).count() as f64;
        let not = tied.len() as f64 - came;
        wins += came * (below + not / 2.0);
        below += not;
    }
    let came = forecasts.len() as f64 - below;
    (came > 0.0 && below > 0.0).then(|| wins / (below * came))
}
