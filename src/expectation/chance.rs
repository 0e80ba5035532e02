//! The two errors of a test, and how they are kept.
//!
//! A suite says FAIL of a product that keeps every promise in at most so many of its runs, and each promise that is
//! broken passes in at most so many. Devices are added look by look, so both errors are spent over the looks: when a
//! part `t` of the greatest number of devices was looked at, `t * t` of the error is spent (K. Kim and D. L. DeMets,
//! Biometrika 74 (1987), 149), and each look has what was added since the one before. These parts sum to one, whatever
//! number of looks there is; so the least of what chance alone would do at each look over its part is, at every level at
//! once, a chance of the whole test, and that is what Holm's rule takes (S. Holm, Scand. J. Stat. 6 (1979), 65).

use super::decide::{Found, Says, Seen, Verdict};
use super::foresight::{Ahead, Doubt};
use super::known::Known;

/// How often a suite may fail a product that keeps all its promises, and how often one that is broken may pass.
pub const ERROR: f64 = 0.05;

/// The numbers of devices at which a scenario is looked at: each is twice the one before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Schedule {
    /// The first.
    pub first: u32,
    /// The greatest.
    pub most: u32,
}

impl Schedule {
    /// From some devices on, up to so many.
    pub fn new(first: u32, most: u32) -> Schedule {
        Schedule { first, most: most.max(first) }
    }

    /// Every look.
    pub fn looks(self) -> impl Iterator<Item = u32> {
        std::iter::successors(Some(self.first), move |devices| self.after(*devices))
    }

    /// The look after one of so many devices, if there is any.
    pub fn after(self, devices: u32) -> Option<u32> {
        (devices < self.most).then(|| devices.saturating_mul(2).clamp(1, self.most))
    }

    /// The part of an error that is spent at a look; none where nobody looks.
    pub fn part(self, devices: u32) -> f64 {
        let spent = |devices: u32| {
            let reached = f64::from(devices) / f64::from(self.most.max(1));
            reached * reached
        };
        let before = self.looks().take_while(|look| *look < devices).last();
        if self.looks().any(|look| look == devices) {
            spent(devices) - before.map_or(0.0, spent)
        } else {
            0.0
        }
    }
}

/// A verdict with what it rests on.
#[derive(Clone, Debug)]
pub struct Ruling {
    /// The verdict.
    pub verdict: Verdict,
    /// What was found at the last look.
    pub found: Found,
    /// Devices on which it was decided.
    pub devices: u64,
    /// By how much chance could have made it.
    pub odds: Odds,
    /// How likely a product that does not change is to end undecided.
    pub doubt: Option<Doubt>,
    /// How much of it was there to be seen.
    pub known: Known,
}

impl Ruling {
    /// One that no look needs.
    pub fn sure(verdict: Verdict, found: Found, devices: u64) -> Ruling {
        Ruling {
            verdict,
            found,
            devices,
            odds: Odds::Sure { unseen: None },
            doubt: None,
            known: Known::Whole,
        }
    }
}

/// By how much chance could have made a verdict.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Odds {
    /// By none: what was seen is there, or what was not seen is at most on so large a part of the devices, if it is not
    /// impossible.
    Sure {
        /// That part.
        unseen: Option<f64>,
    },
    /// At most so often, over all looks.
    Chance {
        /// One that is broken looks so good.
        pass: f64,
        /// One that is kept looks so bad.
        fail: f64,
    },
    /// Nothing was seen that would tell.
    Unknown,
}

/// One comparison on its way to a verdict.
#[derive(Clone, Debug)]
pub struct Track {
    schedule: Schedule,
    /// The least odds of all looks, each over its part.
    pass: f64,
    fail: f64,
    ruling: Option<Ruling>,
}

impl Track {
    /// One of which nothing is known yet.
    pub fn new(schedule: Schedule) -> Track {
        Track { schedule, pass: 1.0, fail: 1.0, ruling: None }
    }

    /// Whether more devices may decide it.
    pub fn is_open(&self) -> bool {
        let is_sure = |ruling: &Ruling| matches!(ruling.odds, Odds::Sure { .. });
        self.ruling.as_ref().is_none_or(|ruling| ruling.verdict == Verdict::Undecided && !is_sure(ruling))
    }

    /// Whether it has passed because something was not seen: no device is simulated for it any more, but one that is
    /// simulated for others may show it.
    pub fn may_be_refuted(&self) -> bool {
        let ruling = self.ruling.as_ref();
        ruling.is_some_and(|ruling| {
            ruling.verdict == Verdict::Pass && matches!(ruling.odds, Odds::Sure { unseen: Some(_) })
        })
    }

    /// Takes what was seen at a look, where a suite has so many promises that chance could fail. What passed already is
    /// refuted by certainty alone: with chance it is done.
    pub fn take(&mut self, look: u32, seen: Seen, devices: u64, promises: usize) {
        let Seen { found, says, ahead, known } = seen;
        let is_sure = matches!(says, Says::Surely { .. });
        if !(self.is_open() || self.may_be_refuted() && is_sure) {
            return;
        }
        let part = self.schedule.part(look);
        let odds = match says {
            Says::Surely { unseen, .. } => Odds::Sure { unseen },
            Says::Nothing => Odds::Unknown,
            Says::Odds { pass, fail } => {
                let spread = |odds: f64| if part > 0.0 { odds / part } else { 1.0 };
                self.pass = self.pass.min(spread(pass));
                self.fail = self.fail.min(spread(fail));
                Odds::Chance { pass: self.pass, fail: self.fail }
            }
        };
        let verdict = match says {
            Says::Surely { verdict, .. } => verdict,
            Says::Nothing => Verdict::Undecided,
            Says::Odds { .. } if self.pass <= ERROR => Verdict::Pass,
            Says::Odds { .. } if self.fail <= ERROR / promises.max(1) as f64 => Verdict::Fail,
            Says::Odds { .. } => Verdict::Undecided,
        };
        let doubt = ahead.map(|ahead: Ahead| ahead.doubt(self.schedule, look, promises));
        self.ruling = Some(Ruling { verdict, found, devices, odds, doubt, known });
    }

    /// What became of it.
    pub fn ruling(&self) -> Option<&Ruling> {
        self.ruling.as_ref()
    }

    /// The same as its own.
    pub fn into_ruling(self) -> Option<Ruling> {
        self.ruling
    }

    /// Settles it without a look.
    pub fn settle(&mut self, ruling: Ruling) {
        self.ruling = Some(ruling);
    }

    /// How often one that is kept would look so bad: of one that has passed, or that chance cannot fail, nothing is
    /// asked.
    fn odds_of_failing(&self) -> f64 {
        match &self.ruling {
            Some(Ruling {
                verdict: Verdict::Undecided | Verdict::Fail,
                odds: Odds::Chance { fail, .. },
                ..
            }) => *fail,
            _ => 1.0,
        }
    }
}

/// Holm's rule over a suite, when nobody will look again: what is clear enough with so many promises fails, then what
/// is with those that are left, until one is not. It fails what each look alone would have failed, and perhaps more.
pub fn close<'a>(tracks: impl IntoIterator<Item = &'a mut Track>, promises: usize) {
    let mut open: Vec<&mut Track> = tracks.into_iter().collect();
    open.sort_by(|one, other| one.odds_of_failing().total_cmp(&other.odds_of_failing()));
    for (place, track) in open.into_iter().enumerate() {
        if track.odds_of_failing() > ERROR / promises.saturating_sub(place).max(1) as f64 {
            break;
        }
        if let Some(ruling) = &mut track.ruling {
            ruling.verdict = Verdict::Fail;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(pass: f64, fail: f64) -> Seen {
        let found = Found::Value { value: None, interval: None, bound: 0.0, grown: 1.0, lacks: None };
        Seen::wholly(found, Says::Odds { pass, fail }, None)
    }

    fn taken(schedule: Schedule, odds: &[(f64, f64)], promises: usize) -> Track {
        let mut track = Track::new(schedule);
        for (look, (pass, fail)) in schedule.looks().zip(odds) {
            if track.is_open() {
                track.take(look, seen(*pass, *fail), look.into(), promises);
            }
        }
        track
    }

    fn verdict(track: &Track) -> Verdict {
        track.ruling().unwrap().verdict
    }

    #[test]
    fn the_parts_sum_to_one_whatever_number_of_looks_there_is() {
        for (first, most) in
            [(64, 64), (64, 256), (64, 4096), (100, 250), (7, 1_000_000), (3, 2), (1, u32::MAX)]
        {
            let schedule = Schedule::new(first, most);
            let sum: f64 = schedule.looks().map(|look| schedule.part(look)).sum();
            assert!((sum - 1.0).abs() < 1e-12, "{first} {most}: {sum}");
            assert_eq!(schedule.looks().last(), Some(most.max(first)));
        }
        let schedule = Schedule::new(64, 256);
        assert_eq!(
            schedule.looks().map(|look| schedule.part(look)).collect::<Vec<_>>(),
            [0.0625, 0.1875, 0.75]
        );
        assert_eq!(schedule.part(100), 0.0);
    }

    #[test]
    fn a_look_spends_only_its_part() {
        let schedule = Schedule::new(64, 256);
        assert_eq!(verdict(&taken(schedule, &[(0.05 * 0.0625, 0.5)], 1)), Verdict::Pass);
        assert_eq!(verdict(&taken(schedule, &[(0.0032, 0.5)], 1)), Verdict::Undecided);
        assert_eq!(verdict(&taken(schedule, &[(0.5, 0.05 * 0.0625)], 1)), Verdict::Fail);
        // 2.5 % at each look was the old rule.
        assert_eq!(
            verdict(&taken(schedule, &[(0.5, 0.01), (0.5, 0.01), (0.5, 0.04)], 1)),
            Verdict::Undecided
        );
        assert_eq!(verdict(&taken(schedule, &[(0.5, 0.01), (0.5, 0.01), (0.5, 0.0375)], 1)), Verdict::Fail);
        assert_eq!(
            verdict(&taken(schedule, &[(0.5, 0.01), (0.5, 0.01), (0.5, 0.0375)], 2)),
            Verdict::Undecided
        );
        assert_eq!(verdict(&taken(Schedule::new(64, 64), &[(0.05, 0.5)], 9)), Verdict::Pass);
    }

    #[test]
    fn what_passed_unseen_fails_once_it_is_seen() {
        let schedule = Schedule::new(16, 64);
        let surely = |verdict, unseen| {
            let found = Found::Value { value: None, interval: None, bound: 0.0, grown: 1.0, lacks: None };
            Seen::wholly(found, Says::Surely { verdict, unseen }, None)
        };
        let mut track = Track::new(schedule);
        track.take(16, surely(Verdict::Pass, Some(0.2)), 16, 1);
        assert!(!track.is_open() && track.may_be_refuted());
        // What is left to chance is over with, and on more devices less can have stayed unseen.
        track.take(32, seen(0.9, 0.001), 32, 1);
        assert_eq!((verdict(&track), track.ruling().unwrap().devices), (Verdict::Pass, 16));
        track.take(32, surely(Verdict::Pass, Some(0.1)), 32, 1);
        assert_eq!(track.ruling().unwrap().odds, Odds::Sure { unseen: Some(0.1) });
        track.take(64, surely(Verdict::Fail, None), 64, 1);
        assert_eq!((verdict(&track), track.ruling().unwrap().devices), (Verdict::Fail, 64));
        // What was seen stays seen.
        track.take(64, surely(Verdict::Pass, Some(0.05)), 64, 1);
        assert_eq!((verdict(&track), track.may_be_refuted()), (Verdict::Fail, false));
    }

    #[test]
    fn holm_fails_what_is_clear_among_those_that_are_left() {
        let once = Schedule::new(64, 64);
        let suite = |fails: &[f64], promises| {
            let mut tracks: Vec<_> =
                fails.iter().map(|fail| taken(once, &[(0.5, *fail)], promises)).collect();
            close(&mut tracks, promises);
            tracks.iter().map(verdict).collect::<Vec<_>>()
        };
        use Verdict::{Fail, Undecided};
        assert_eq!(suite(&[0.01, 0.02, 0.04], 3), [Fail, Fail, Fail]);
        assert_eq!(suite(&[0.04, 0.03, 0.01], 3), [Undecided, Undecided, Fail]);
        assert_eq!(suite(&[0.02, 0.02, 0.02], 3), [Undecided; 3]);
        // Others of the suite that are not at hand count too.
        assert_eq!(suite(&[0.01, 0.02, 0.04], 9), [Undecided; 3]);
        // One that passed stays so, and nothing that is sure is asked.
        let mut passed = vec![taken(once, &[(0.01, 0.0)], 1), taken(once, &[(0.5, 0.06)], 1)];
        close(&mut passed, 1);
        assert_eq!(passed.iter().map(verdict).collect::<Vec<_>>(), [Verdict::Pass, Undecided]);
    }
}
