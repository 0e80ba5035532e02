//! The estimate of Kaplan and Meier against a textbook, against its definition, and without any mail.

use crate::analysis::jackknife::Replicates;
use crate::analysis::survival::{KaplanMeier, Point, Waits};
use crate::time::Span;
use proptest::prelude::*;

const MINUTES: [u64; 6] = [1, 5, 15, 60, 240, 1440];

fn waits(mail: &[(Span, bool)]) -> Waits {
    let mut waits = Waits::default();
    for &(span, told) in mail {
        waits.record(told, span)
    }
    waits
}

fn near(found: f64, expected: f64, within: f64) {
    assert!((found - expected).abs() <= within, "{found}, not {expected}");
}

/// Remission of 21 leukaemia patients on 6-MP, in weeks: Freireich et al., Blood 21 (1963), as in
/// D. G. Kleinbaum and M. Klein, "Survival Analysis", 3rd ed. (2012), table 2.3.
fn freireich() -> Vec<(Span, bool)> {
    let relapsed = [6, 6, 6, 7, 10, 13, 16, 22, 23];
    let censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35];
    let weeks = |w: u64, told| (Span::DAY * (7 * w), told);
    relapsed.map(|w| weeks(w, true)).into_iter().chain(censored.map(|w| weeks(w, false))).collect()
}

#[test]
fn the_textbook_table_comes_out() {
    let table =
        [(6, 0.8571), (7, 0.8067), (10, 0.7529), (13, 0.6902), (16, 0.6275), (22, 0.5378), (23, 0.4482)];
    for estimate in [KaplanMeier::from_mail(freireich()), waits(&freireich()).estimate()] {
        for (week, waiting) in table {
            // A day later, since weeks are not all edges of bins.
            let told = estimate.told_within(Span::DAY * (7 * week + 1)).unwrap();
            near(1.0 - told, waiting, 0.00005);
        }
        assert_eq!(estimate.percentile(0.5).unwrap().days_f64().round(), 7.0 * 23.0);
        assert_eq!(estimate.percentile(0.6), None);
    }
}

#[test]
fn the_band_is_that_of_r() {
    // R: summary(survfit(Surv(time, status) ~ 1, conf.type = "log-log")) on the same data, whose first
    // interval for S is 0.620 to 0.952 and whose standard error there is 0.0764.
    let first = KaplanMeier::from_mail(freireich()).curve(100)[0];
    near(1.0 - first.high, 0.620, 0.0005);
    near(1.0 - first.low, 0.952, 0.0005);
}

/// The area is worked by hand: 10 min while all wait, 20 while three of four do, 30 while half do.
#[test]
fn the_restricted_mean_is_the_area_under_the_curve_of_the_waiting() {
    let minutes = |minutes: u64, told| (Span::MINUTE * minutes, told);
    let mail = vec![minutes(10, true), minutes(30, true), minutes(90, true), minutes(90, false)];
    for estimate in [KaplanMeier::from_mail(mail.clone()), waits(&mail).estimate()] {
        let mean = estimate.restricted_mean(Span::HOUR).unwrap();
        near(mean / 60.0, 10.0 + 20.0 * 0.75 + 30.0 * 0.5, 0.1);
    }
    // Where nothing is cut off it is the plain mean.
    let all: Vec<_> = (1..=100).map(|m| minutes(m, true)).collect();
    near(KaplanMeier::from_mail(all).restricted_mean(Span::DAY).unwrap() / 60.0, 50.5, 1e-9);
    assert_eq!(Waits::default().estimate().restricted_mean(Span::DAY), None);
}

#[test]
fn no_mail_and_no_told_mail_have_sensible_answers() {
    let none = Waits::default().estimate();
    assert_eq!((none.told_within(Span::DAY), none.told_by_end(), none.percentile(0.5)), (None, None, None));
    assert_eq!(none.curve(10), []);
    let untold = waits(&[(Span::HOUR, false)]).estimate();
    assert_eq!((untold.told_by_end(), untold.percentile(0.01)), (Some(0.0), None));
    assert_eq!(untold.curve(10), [Point { ms: 3_600_000, told: 0.0, low: 0.0, high: 0.0 }]);
    let all = waits(&[(Span::HOUR, true)]).estimate();
    assert_eq!(all.curve(10), [Point { ms: 3_600_000, told: 1.0, low: 0.0, high: 1.0 }]);
}

fn mail() -> impl Strategy<Value = Vec<(Span, bool)>> {
    let length = (0u32..31, any::<u64>()).prop_map(|(octave, bits)| bits & ((2 << octave) - 1));
    proptest::collection::vec((length.prop_map(Span::from_ms), any::<bool>()), 1..150)
}

/// The product limit by its definition, in one line for each moment of telling.
fn brute_force(mail: &[(Span, bool)], limit: Span) -> f64 {
    let mut moments: Vec<Span> = mail.iter().filter(|m| m.1 && m.0 <= limit).map(|m| m.0).collect();
    moments.sort();
    moments.dedup();
    let factor = |t: &Span| {
        let told = mail.iter().filter(|m| m.1 && m.0 == *t).count() as f64;
        let at_risk = mail.iter().filter(|m| m.0 >= *t).count() as f64;
        1.0 - told / at_risk
    };
    1.0 - moments.iter().map(factor).product::<f64>()
}

proptest! {
    #[test]
    fn single_mails_agree_with_the_definition(mail in mail(), limit in 0u64..1 << 31) {
        let limit = Span::from_ms(limit);
        let told = KaplanMeier::from_mail(mail.clone()).told_within(limit).unwrap();
        prop_assert!((told - brute_force(&mail, limit)).abs() < 1e-9);
    }

    #[test]
    fn with_nothing_censored_early_the_thresholds_are_exact(mail in mail()) {
        let told: Vec<_> = mail.into_iter().map(|m| (m.0, true)).collect();
        let (binned, exact) = (waits(&told).estimate(), KaplanMeier::from_mail(told.clone()));
        for limit in MINUTES.map(|m| Span::MINUTE * m) {
            let within = told.iter().filter(|m| m.0 <= limit).count() as f64;
            let share = 1.0 - (told.len() as f64 - within) / told.len() as f64;
            prop_assert_eq!(binned.told_within(limit), Some(share));
            prop_assert_eq!(exact.told_within(limit), Some(share));
        }
    }

    #[test]
    fn bins_change_little(mail in mail(), share in 0.01..0.99f64) {
        // Moved to its bin's upper edge, every mail is where the histogram believes it to be.
        let moved: Vec<_> = mail.iter().map(|&(span, told)| {
            let single = waits(&[(span, true)]);
            (single.told.bins().next().unwrap().high, told)
        }).collect();
        let (binned, exact) = (waits(&mail).estimate(), KaplanMeier::from_mail(moved));
        for limit in MINUTES.map(|m| Span::MINUTE * m) {
            let (a, b) = (binned.told_within(limit).unwrap(), exact.told_within(limit).unwrap());
            prop_assert!((a - b).abs() < 1e-12);
        }
        // Within its bin the percentile lies where the share does, and within a limit as often as the share is reached.
        let (found, end) = (binned.percentile(share), exact.percentile(share));
        prop_assert_eq!(found.is_some(), end.is_some());
        if let (Some(found), Some(end)) = (found, end) {
            prop_assert!(found <= end && (end - found).ms() as f64 <= end.ms() as f64 / 512.0 + 1.0);
            prop_assert!(binned.told_within(found).unwrap() >= share - 1e-9);
            let before = Span::from_ms(found.ms().saturating_sub(1));
            prop_assert!(found == Span::ZERO || binned.told_within(before).unwrap() < share + 1e-9);
        }
    }

    #[test]
    fn a_curve_is_short_rises_and_keeps_its_end(mail in mail(), most in 2usize..60) {
        let estimate = KaplanMeier::from_mail(mail);
        let curve = estimate.curve(most);
        prop_assert!(curve.len() <= most);
        prop_assert!(curve.windows(2).all(|w| w[0].ms < w[1].ms && w[0].told <= w[1].told));
        prop_assert!(curve.iter().all(|p| 0.0 <= p.low && p.low <= p.told && p.told <= p.high && p.high <= 1.0));
        let end = curve[curve.len() - 1];
        prop_assert_eq!((end.ms, Some(end.told)), (estimate.last().ms(), estimate.told_by_end()));
    }
}

#[test]
fn a_band_over_devices_is_wider_where_their_mails_are_alike() {
    // Each group's mail is all told at once, after a time of its own: there are 20 facts here, not 2000.
    let groups: Vec<Waits> = (1..=20).map(|group| waits(&[(Span::MINUTE * group, true); 100])).collect();
    let parts = |groups: &'static [Waits]| vec![groups.iter().map(|waits| (1, waits)).collect()];
    let groups: &'static [Waits] = groups.leak();
    let estimates = Replicates::of(&parts(groups), |waits| waits.estimate());
    let (over_devices, over_mail) = (estimates.curve(50), estimates.all.curve(50));
    for (wide, narrow) in over_devices.iter().zip(&over_mail).skip(4).take(10) {
        assert_eq!((wide.ms, wide.told), (narrow.ms, narrow.told));
        assert!(wide.high - wide.low > 5.0 * (narrow.high - narrow.low), "{wide:?} {narrow:?}");
    }
    assert!(
        over_devices.iter().all(|p| 0.0 <= p.low && p.low <= p.told && p.told <= p.high && p.high <= 1.0)
    );
    // One part cannot show what devices differ in; the band over mail is all there is.
    let alone = Replicates::of(&parts(&groups[..1]), |waits| waits.estimate());
    assert_eq!(alone.curve(9), groups[0].estimate().curve(9));
}

#[test]
fn marks_of_the_censored_are_few_and_even() {
    let minutes = |upto: u64| (1..=upto).map(|m| (Span::MINUTE * m, false)).collect();
    let marks = |estimate: &KaplanMeier, most| -> Vec<u64> {
        estimate.censored(most).into_iter().map(|span| span.ms() / 60_000).collect()
    };
    let thousand = KaplanMeier::from_mail(minutes(1000));
    assert_eq!(marks(&thousand, 4), [125, 375, 625, 875]);
    assert_eq!(marks(&KaplanMeier::from_mail(minutes(3)), 60), [1, 2, 3]);
    let alike = vec![(Span::HOUR, false); 500];
    assert_eq!(marks(&KaplanMeier::from_mail(alike), 60), [60]);
    // What was told leaves no mark.
    assert!(KaplanMeier::from_mail(vec![(Span::HOUR, true); 5]).censored(60).is_empty());
    assert!(thousand.censored(0).is_empty());
    // From bins the marks are the same but for a bin's width.
    let binned = waits(&minutes(1000)).estimate();
    for (found, exact) in binned.censored(60).iter().zip(thousand.censored(60)) {
        assert!((found.secs_f64() / exact.secs_f64() - 1.0).abs() < 0.003);
    }
    assert_eq!(binned.censored(60).len(), 60);
}

fn minutes(mail: &[(u64, bool)]) -> Vec<(Span, bool)> {
    mail.iter().map(|&(minutes, told)| (Span::MINUTE * minutes, told)).collect()
}

#[test]
fn later_than_the_last_observation_nothing_is_seen_unless_nobody_waits() {
    let (last, moment) = (Span::MINUTE * 20, Span::from_ms(1));
    let one_waits = KaplanMeier::from_mail(minutes(&[(10, true), (20, false)]));
    assert!(one_waits.is_seen(last) && !one_waits.is_seen(last + moment));
    let all_told = KaplanMeier::from_mail(minutes(&[(10, true), (20, true)]));
    assert!(all_told.is_seen(last) && all_told.is_seen(last + moment));
}

#[test]
fn the_share_that_is_untold_is_that_of_the_censored() {
    let half = minutes(&[(10, true), (20, false), (20, false), (30, true)]);
    for estimate in [KaplanMeier::from_mail(half.clone()), waits(&half).estimate()] {
        assert_eq!(estimate.untold(), 0.5);
    }
    assert_eq!(Waits::default().estimate().untold(), 0.0);
}

/// A share that is reached to the bit is reached there and not at the next mail, and no millisecond later.
#[test]
fn a_percentile_is_the_first_at_which_its_share_is_reached() {
    let four = KaplanMeier::from_mail(minutes(&[(1, true), (2, true), (3, true), (4, true)]));
    for (share, at) in [(0.25, 1), (0.5, 2), (0.75, 3), (1.0, 4)] {
        assert_eq!(four.percentile(share), Some(Span::MINUTE * at));
    }
    let in_a_bin = waits(&minutes(&[(60, true)])).estimate();
    let found = in_a_bin.percentile(0.5).unwrap();
    assert_eq!(in_a_bin.told_within(found), Some(0.5));
    assert!(in_a_bin.told_within(Span::from_ms(found.ms() - 1)).unwrap() < 0.5);
}

#[test]
fn a_curve_is_thinned_evenly() {
    let hundred = KaplanMeier::from_mail((1..=100).map(|minute| (Span::MINUTE * minute, true)).collect());
    let told = |most| -> Vec<f64> {
        hundred.curve(most).iter().map(|point| (point.told * 1000.0).round() / 10.0).collect()
    };
    assert_eq!(told(12), [1.0, 11.0, 21.0, 31.0, 41.0, 51.0, 61.0, 71.0, 81.0, 91.0, 100.0]);
    assert_eq!(told(7), [1.0, 21.0, 41.0, 61.0, 81.0, 100.0]);
    assert_eq!((told(2), told(102).len()), (vec![1.0, 100.0], 100));
}
