//! What a scenario can follow of the power of a phone: its charge, its charger and its Low Power Mode.

use super::gathered::Gathered;
use super::log::Track;
use super::sessions::stretches;
use super::stamp::Utc;
use std::collections::BTreeMap;

/// What was said at an instant.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Change {
    pub(super) at: Utc,
    pub(super) percent: Option<f64>,
    pub(super) plugged_in: Option<bool>,
    pub(super) low_power_mode: Option<bool>,
}

/// A state over a span, from its beginning on: what was said last before, else `unsaid`, else what is said first.
fn states(track: &Track<bool>, [from, until]: [Utc; 2], unsaid: Option<bool>) -> Vec<(Utc, bool)> {
    let known = stretches(track.of_one_source(), until);
    let mut found: Vec<(Utc, bool)> = known
        .into_iter()
        .filter(|(_, until, _)| from < *until)
        .map(|(at, _, state)| (at.max(from), state))
        .collect();
    if let Some(&(_, state)) = found.first().filter(|(first, _)| from < *first) {
        match unsaid {
            Some(unsaid) if unsaid != state => found.insert(0, (from, unsaid)),
            _ => found[0] = (from, state),
        }
    }
    found
}

impl Gathered {
    /// The power over a span, where both charge and charger are known, and what had to be supposed. Whether a phone
    /// that is full is on its charger no charge says.
    pub(super) fn power(&self, span: [Utc; 2]) -> (Vec<Change>, Vec<String>) {
        let log = &self.log;
        let within = |at: Utc| (span[0]..span[1]).contains(&at);
        let levels = log.battery.of_one_source().filter(|entry| within(entry.at));
        let levels: Vec<(Utc, f64)> = levels.map(|entry| (entry.at, entry.what)).collect();
        let charger = states(&log.charger, span, None);
        if levels.is_empty() || charger.is_empty() {
            let what = match (levels.is_empty(), charger.is_empty()) {
                (true, true) => "what the charge was, nor when a charger was connected",
                (true, false) => "what the charge was",
                _ => "when a charger was connected",
            };
            return (
                Vec::new(),
                vec![format!("no log says {what}: charge, charger and Low Power Mode are drawn")],
            );
        }
        // A phone is seldom in Low Power Mode, and a log of its changes begins with the first.
        let modes = states(&log.low_power, span, Some(false));
        let mut notes = Vec::new();
        if modes.is_empty() {
            notes.push(
                "no log says when Low Power Mode was on: it is drawn, by the charge that is recorded".into(),
            );
        }
        let mut changes: BTreeMap<Utc, Change> = BTreeMap::new();
        let mut change = |at: Utc, put: &dyn Fn(&mut Change)| {
            let silent = Change { at, percent: None, plugged_in: None, low_power_mode: None };
            put(changes.entry(at).or_insert(silent));
        };
        levels.iter().for_each(|(at, level)| change(*at, &|change| change.percent = Some(*level)));
        charger.iter().for_each(|(at, on)| change(*at, &|change| change.plugged_in = Some(*on)));
        modes.iter().for_each(|(at, on)| change(*at, &|change| change.low_power_mode = Some(*on)));
        (changes.into_values().collect(), notes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::source::Source;

    fn at(ms: i64) -> Utc {
        Utc::from_ms(1_773_529_200_000 + ms).unwrap()
    }

    fn found(fill: impl FnOnce(&mut Gathered)) -> (Vec<Change>, Vec<String>) {
        let mut gathered = Gathered::default();
        fill(&mut gathered);
        gathered.log.settle();
        gathered.power([at(0), at(1000)])
    }

    #[test]
    fn a_log_has_a_row_for_each_change_and_says_what_held_at_its_beginning() {
        let (changes, notes) = found(|gathered| {
            let log = &mut gathered.log;
            for (ms, level) in [(-500, 90.0), (100, 81.5), (600, 80.0), (1000, 70.0)] {
                log.battery.push(Source::PowerLog, at(ms), level);
            }
            for (ms, on) in [(-500, true), (200, true), (300, false)] {
                log.charger.push(Source::PowerLog, at(ms), on);
            }
            log.low_power.push(Source::PowerLog, at(600), true);
        });
        let row = |ms, percent, plugged_in, low_power_mode| Change {
            at: at(ms),
            percent,
            plugged_in,
            low_power_mode,
        };
        assert_eq!(
            changes,
            [
                row(0, None, Some(true), Some(false)),
                row(100, Some(81.5), None, None),
                row(300, None, Some(false), None),
                row(600, Some(80.0), None, Some(true)),
            ]
        );
        assert!(notes.is_empty(), "{notes:?}");
    }

    #[test]
    fn what_a_log_does_not_say_is_named() {
        let level = |gathered: &mut Gathered| gathered.log.battery.push(Source::PowerLog, at(5), 50.0);
        let charger = |gathered: &mut Gathered| gathered.log.charger.push(Source::PowerLog, at(5), false);
        for (says, (changes, notes)) in [
            ("what the charge was, nor when a charger", found(|_| {})),
            ("no log says when a charger was connected: charge", found(level)),
            ("no log says what the charge was: charge", found(charger)),
        ] {
            assert!(changes.is_empty() && notes[0].contains(says), "{notes:?}");
        }
        let (changes, notes) = found(|gathered| {
            level(gathered);
            charger(gathered);
        });
        // Before it was said it is taken to have been the same.
        let first = Change { at: at(0), percent: None, plugged_in: Some(false), low_power_mode: None };
        assert_eq!((changes[0], changes.len()), (first, 2));
        assert!(notes[0].contains("Low Power Mode was on: it is drawn, by the charge"), "{notes:?}");
    }
}
