//! Models of a line of arithmetic, of which everything is known.

use bgsim::calibration::{
    Attempt, CUT, Effort, Found, Look, Outcome, Question, Seen, Target, Verdict, effective, mean, quantile,
    search, weight, worst,
};
use bgsim::random::Streams;
use std::convert::Infallible;

const SEEDS: u64 = 64;

pub fn target(name: &str, value: f64, sd: f64) -> Target {
    let half = 1.644_853_626_951_473 * sd;
    // What the model may be off is as good as nothing: a thousandth.
    Target {
        name: name.into(),
        value,
        range: [value - half, value + half],
        discrepancy: 0.001,
        is_exam: false,
    }
}

pub fn look(value: f64) -> Look {
    Look::Seen(Seen { value, variance: None })
}

fn question(targets: Vec<Target>, axes: usize) -> Question {
    Question { targets, axes, points: 512, waves: 20, seed: 5 }
}

/// Searches where each target sees what `model` makes of a place, and the last value is the answer.
fn searched(question: &Question, model: impl Fn(&[f64]) -> Vec<f64>) -> Outcome {
    let found = search(question, |_, place: &[f64], _: Effort<'_>| {
        let mut values = model(place);
        let answer = values.pop().map(|value| Seen { value, variance: None });
        let looks = values.into_iter().map(look).collect();
        Ok::<_, Infallible>(Attempt::Found(Found { looks, answers: vec![answer], measures: Vec::new() }))
    });
    let Ok(found) = found;
    found.unwrap()
}

fn share_left(outcome: &Outcome) -> f64 {
    outcome.waves.last().unwrap().left
}

#[test]
fn no_observations_leave_everything_that_is_plausible() {
    let question = question(Vec::new(), 6);
    let outcome = searched(&question, |place| vec![place[0]]);
    assert_eq!((outcome.tried.len(), outcome.left.len(), outcome.waves.len()), (512, 512, 1));
    assert_eq!((share_left(&outcome), outcome.effective), (1.0, 512.0));
    assert!(Verdict::of(&question.targets, &outcome).allows());
    let answers: Vec<(f64, f64)> =
        outcome.left.iter().map(|(place, weight)| (outcome.tried[*place].place[0], *weight)).collect();
    for part in [0.05, 0.5, 0.95] {
        assert!((quantile(&answers, part).unwrap() - part).abs() < 0.003);
    }
}

/// A box of which the volume is known: four of six numbers, each seen alone. What is left fills it evenly.
#[test]
fn what_is_left_is_found_and_filled_however_small_it_is() {
    let targets: Vec<Target> = (0..4).map(|n| target(&format!("x{n}"), 0.3, 0.03)).collect();
    let question = question(targets, 6);
    let outcome = searched(&question, |place| vec![place[0], place[1], place[2], place[3], place[4]]);
    let volume = libm::pow(2.0 * CUT * 0.03, 4.0);
    let left = share_left(&outcome);
    assert!(left / volume > 0.5 && left / volume < 2.0, "{left} of {volume}");
    assert!(outcome.effective >= 75.0);
    for (axis, [low, high]) in [(0, [0.21, 0.39]), (3, [0.21, 0.39]), (5, [0.0, 1.0])] {
        let parts: Vec<f64> =
            outcome.left.iter().map(|(place, _)| outcome.tried[*place].place[axis]).collect();
        let mean = parts.iter().sum::<f64>() / parts.len() as f64;
        assert!(parts.iter().all(|part| low <= *part && *part <= high + 1e-9));
        assert!((mean - (low + high) / 2.0).abs() < 0.12 * (high - low), "axis {axis}: {mean}");
    }
}

/// Where the first wave leaves enough, no place stems from another, and what is ruled out is not looked at to the end.
#[test]
fn a_large_first_wave_is_all_there_is() {
    let targets: Vec<Target> = (0..2).map(|n| target(&format!("x{n}"), 0.3, 0.03)).collect();
    let question = Question { points: 8192, ..question(targets, 6) };
    let (mut levels, cut) = (Vec::new(), Some(CUT));
    let found = search(&question, |_, place: &[f64], effort: Effort<'_>| {
        levels.push((effort.level < f64::INFINITY).then_some(effort.level));
        let looks = [place[0], place[1]].map(look).into();
        Ok::<_, Infallible>(Attempt::Found(Found { looks, answers: vec![None], measures: Vec::new() }))
    });
    let Ok(Some(outcome)) = found else { panic!("nobody stops it") };
    let whole = outcome.whole;
    assert!(levels[..whole].iter().all(Option::is_none) && levels[whole..].iter().all(|own| *own == cut));
    assert_eq!((outcome.waves.len(), outcome.tried.len()), (1, 8192));
    let volume = libm::pow(2.0 * CUT * 0.03, 2.0);
    assert!((share_left(&outcome) / volume - 1.0).abs() < 0.1, "{}", share_left(&outcome));
    assert!(outcome.left.iter().all(|(place, _)| outcome.tried[*place].root == *place));
    assert!((outcome.effective - effective(outcome.left.iter().map(|(_, own)| *own))).abs() < 1e-6);
}

/// What a search says that it is worth, it is, to a factor of two: over many seeds the mean answers lie as far apart as so
/// many places would have it. Were those that stem from the same place counted as strangers, they would seem to be known
/// far better. Measured: a variance of 0.060, said to be 0.040, and 0.006 as strangers.
#[test]
fn two_searches_agree_as_well_as_they_say() {
    let targets: Vec<Target> = (0..4).map(|n| target(&format!("x{n}"), 0.3, 0.06)).collect();
    let answer = |place: &[f64]| place.iter().sum::<f64>();
    let (mut means, mut said, mut naive) = (Vec::new(), 0.0, 0.0);
    for seed in 0..SEEDS {
        let question = Question { points: 128, waves: 12, seed, ..question(targets.clone(), 12) };
        let outcome = searched(&question, |place| [&place[..4], &[answer(place)]].concat());
        let answers: Vec<(f64, f64)> =
            outcome.left.iter().map(|(place, own)| (answer(&outcome.tried[*place].place), *own)).collect();
        let middle = mean(&answers).unwrap();
        let off: Vec<(f64, f64)> =
            answers.iter().map(|(value, own)| ((value - middle) * (value - middle), *own)).collect();
        means.push(middle);
        said += mean(&off).unwrap() / outcome.effective / SEEDS as f64;
        naive += mean(&off).unwrap() / effective(answers.iter().map(|(_, own)| *own)) / SEEDS as f64;
    }
    let middle = means.iter().sum::<f64>() / SEEDS as f64;
    let apart = means.iter().map(|own| (own - middle) * (own - middle)).sum::<f64>() / (SEEDS - 1) as f64;
    assert!((0.5..2.0).contains(&(apart / said)), "{apart} and {said}");
    assert!(apart > 5.0 * naive, "{apart} and {naive}");
}

/// The truth is drawn from what is plausible, observed with error, and its answer asked for: the band of 90 % holds it in
/// 90 % of 200 trials, and its rank is as often low as high.
#[test]
fn the_band_holds_the_truth_as_often_as_it_says() {
    let (axes, sd) = (3, 0.15);
    let model = |place: &[f64]| place[0] + 0.5 * place[1] * place[1];
    let answer = |place: &[f64]| place[0] * (0.5 + place[1]) + 0.3 * place[2];
    // What is plausible is sampled once; a trial only weighs it anew.
    let everything = searched(&question(Vec::new(), axes), |place| vec![answer(place)]);
    let truths = Streams::new(11, "", 0).keyed("truth");
    let (mut held, mut ranks) = (0, [0; 4]);
    for trial in 0..200_u64 {
        let truth: Vec<f64> = (0..axes as u64).map(|axis| truths.uniform(trial * 16 + axis)).collect();
        let seen = model(&truth) + sd * truths.normal(trial * 16 + 15);
        let targets = [target("y", seen, sd)];
        let weights: Vec<(f64, f64)> = everything
            .tried
            .iter()
            .map(|tried| {
                let worst = worst(&targets, &[look(model(&tried.place))], &[0.0]);
                (answer(&tried.place), weight(worst))
            })
            .collect();
        let [low, high] = [0.05, 0.95].map(|part| quantile(&weights, part).unwrap());
        let asked = answer(&truth);
        held += u32::from(low <= asked && asked <= high);
        let all: f64 = weights.iter().map(|(_, weight)| weight).sum();
        let below: f64 = weights.iter().filter(|(value, _)| *value < asked).map(|(_, weight)| weight).sum();
        ranks[((below / all * 4.0) as usize).min(3)] += 1;
    }
    // Measured: 183 of 200, and ranks of 54, 44, 52 and 50.
    assert!((172..=188).contains(&held), "{held} of 200");
    assert!(ranks.iter().all(|count| (32..=68).contains(count)), "{ranks:?}");
}

#[test]
fn what_is_observed_twice_counts_once() {
    let once = question(vec![target("a", 0.4, 0.05), target("b", 1.0, 0.1)], 3);
    let mut twice = once.clone();
    twice.targets.push(Target { name: "a again".into(), ..once.targets[0].clone() });
    let model = |place: &[f64]| vec![place[0], place[0] + place[1], place[2]];
    let one = searched(&once, model);
    let other = searched(&twice, |place| vec![place[0], place[0] + place[1], place[0], place[2]]);
    assert_eq!((&one.left, &one.waves), (&other.left, &other.waves));
}

#[test]
fn another_model_is_refused_and_what_clashes_is_named() {
    // Nothing makes 2 of a number from 0 to 1.
    let alone = question(vec![target("a", 0.5, 0.1), target("b", 2.0, 0.1)], 3);
    let outcome = searched(&alone, |place| vec![place[0], place[1], place[2]]);
    let Verdict::Contradiction { clash, nearest, .. } = Verdict::of(&alone.targets, &outcome) else {
        panic!("nothing was refused")
    };
    assert!(clash == [1] && nearest > 9.0 && outcome.left.is_empty());
    // Each of two is met by many, and both by none.
    let pair = question(vec![target("a", 0.1, 0.03), target("b", 0.5, 0.1), target("c", 0.9, 0.03)], 3);
    let outcome = searched(&pair, |place| vec![place[0], place[1], place[0], place[2]]);
    let Verdict::Contradiction { clash, met, expected, .. } = Verdict::of(&pair.targets, &outcome) else {
        panic!("nothing was refused")
    };
    assert!(clash == [0, 2] && met.iter().all(|count| *count > 20) && expected.unwrap() > 5.0, "{met:?}");
}

/// Where no pair clashes, nothing is made of not having found what three together forbid.
#[test]
fn what_was_only_not_found_is_no_contradiction() {
    let three = question(vec![target("a", 0.2, 0.04), target("b", 0.2, 0.04), target("c", 0.7, 0.04)], 2);
    let model = |place: &[f64]| vec![place[0], place[1], (place[0] + place[1]) / 2.0, 0.0];
    let outcome = searched(&three, model);
    assert!(matches!(Verdict::of(&three.targets, &outcome), Verdict::NotFound { nearest } if nearest > CUT));
}

#[test]
fn what_is_held_out_rules_nothing_out() {
    let exam = |value: f64| Target { is_exam: true, ..target("exam", value, 0.05) };
    let used = target("a", 0.4, 0.05);
    let model = |place: &[f64]| vec![place[0], 1.0 - place[0], place[1]];
    let of = |value: f64| {
        let question = question(vec![used.clone(), exam(value)], 3);
        let outcome = searched(&question, model);
        let far = |(place, weight): &(usize, f64)| {
            let looks = &outcome.tried[*place].found.as_ref().unwrap().looks;
            (question.targets[1].implausibility(looks[1], 0.0), *weight)
        };
        let far: Vec<(f64, f64)> = outcome.left.iter().map(far).collect();
        (outcome.left.clone(), quantile(&far, 0.5).unwrap())
    };
    let ((left, right), (same, wrong)) = (of(0.6), of(0.2));
    assert_eq!(left, same);
    assert!(right < 1.5 && wrong > CUT, "{right} and {wrong}");
}

/// A number that nothing depends on is told from those that matter, and stays free.
#[test]
fn what_does_nothing_stays_free() {
    let question = question(vec![target("a", 0.5, 0.02)], 40);
    let outcome = searched(&question, |place| vec![place[7] * 0.6 + place[31] * 0.4, place[2]]);
    let mut active = outcome.active.clone();
    active.sort_unstable();
    // Number 2 moves the answer alone.
    assert_eq!(active, [2, 7, 31]);
    let parts: Vec<(f64, f64)> =
        outcome.left.iter().map(|(place, weight)| (outcome.tried[*place].place[20], *weight)).collect();
    let [low, high] = [0.05, 0.95].map(|part| quantile(&parts, part).unwrap());
    assert!(low < 0.15 && high > 0.85, "{low} to {high}");
    assert!(outcome.effective >= 75.0);
}
