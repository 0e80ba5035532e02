//! The loop closed with the model itself: the observation is one of a simulated iPhone.

use bgsim::calibration::{
    Attempt, Bench, EVEN_AXES, Effort, Found, Look, Reread, Sobol, Space, Target, effective, quantile,
    weight, worst,
};
use bgsim::experiment::Plan;
use bgsim::figure::Figure;
use bgsim::observation::{Observation, Which, read, read_again};
use bgsim::random::Streams;
use bgsim::scenario::{Diagnostics, Scenario, SourceText, fetch_bundled, load};

const OBSERVED: &str = r#"
[[observe]]
name = "refreshes"
measure = "refreshes_per_day"
value = 40.0
range = [35.0, 45.0]
unit = "1/day"
situation = "made up"
source = "nobody"
confidence = "inferred"
year = 2026
[observe.scenario]
extends = "device-keychain"
warmup = "3d"
measure = "4d"
"#;

/// Where the scenarios are read from.
struct Texts {
    source: SourceText,
    sets: Vec<String>,
}

impl Reread for Texts {
    type Fault = Diagnostics;

    fn observation(&mut self, entry: usize, which: Which, sets: &[String]) -> Result<Scenario, Diagnostics> {
        read_again(&self.source, (entry, which), &[&self.sets, sets].concat(), &mut fetch_bundled)
    }

    fn answers(&mut self, sets: &[String]) -> Result<Scenario, Diagnostics> {
        let span = ["warmup=3d", "measure=4d"].map(String::from);
        load("device-keychain", &[&self.sets[..], &span, sets].concat())
    }
}

/// Where the observation is looked at on so many devices, and the seed of the answers.
fn observed_on(devices: u32, plan: &Plan) -> (Bench<'_, Texts>, u64) {
    let source = SourceText { label: "made up".into(), text: OBSERVED.into() };
    let sets = vec![format!("devices={devices}")];
    let observations: Vec<Observation> = read(&source, &sets, &mut fetch_bundled).unwrap();
    let mut texts = Texts { source, sets };
    let answered = texts.answers(&[]).unwrap();
    (Bench::new(observations, Some((&answered, vec![Figure::FIRST])), texts, plan), answered.seed)
}

fn look_at(places: &[Vec<f64>], bench: &mut Bench<'_, Texts>) -> Vec<Option<Found>> {
    let effort = Effort { is_screening: false, ..SCREENING };
    places.iter().enumerate().map(|(number, place)| tried(bench, number, place, effort)).collect()
}

const SCREENING: Effort<'_> = Effort { is_screening: true, level: f64::INFINITY, least: &[0.0], ruling: &[] };

fn tried(bench: &mut Bench<'_, Texts>, number: usize, place: &[f64], effort: Effort<'_>) -> Option<Found> {
    match bench.attempt(number, place, effort, &mut ()) {
        Attempt::Found(found) => Some(found),
        Attempt::Refused => None,
        Attempt::Stopped => panic!("nobody stops it"),
    }
}

/// The ends of a band that stands on fewer effective places are those of a handful.
const ENOUGH: f64 = 30.0;

/// Of many iPhones that are plausible each in turn is the truth: its refreshes a day are observed, with the error that the
/// observation says and as far off as the model may be; the others are weighed by that, and the band of 90 % for what it
/// tells within 15 min is to hold what it does tell.
#[test]
fn the_band_holds_what_a_simulated_iphone_does() {
    let plan = Plan { jobs: 2, ..Plan::default() };
    let (mut bench, _) = observed_on(12, &plan);
    let target = Target::of(&bench.observations()[0]);
    let axes = bench.space.len();
    let even = Sobol::new(EVEN_AXES, 3);
    let chance = Streams::new(3, "", 0).keyed("rest");
    let place = |number: u32| {
        let mut place = even.point(number);
        let rest = place.len()..axes;
        place.extend(rest.map(|axis| chance.uniform(u64::from(number) << 16 | axis as u64)));
        place
    };
    let places: Vec<Vec<f64>> = (0..128).map(place).collect();
    let found = look_at(&places, &mut bench);
    let known: Vec<(f64, f64)> = found
        .iter()
        .flatten()
        .filter_map(|found| Some((found.looks[0].seen()?.value, found.answers[0]?.value)))
        .collect();
    assert!(known.len() > 100, "{}", known.len());
    let noise = Streams::new(4, "", 0).keyed("noise");
    let (mut told, mut held, mut narrower) = (0_u32, 0_u32, 0_u32);
    let width = |weights: &[(f64, f64)]| {
        let ends = [0.05, 0.95].map(|part| quantile(weights, part).unwrap());
        (ends, ends[1] - ends[0])
    };
    let (_, before) = width(&known.iter().map(|(_, answer)| (*answer, 1.0)).collect::<Vec<_>>());
    for (truth, (seen, answer)) in known.iter().enumerate() {
        let half = 0.3 * seen + 2.0;
        let plain = Target { value: *seen, range: [seen - half, seen + half], ..target.clone() };
        let value = seen + libm::sqrt(plain.variance(*seen)) * noise.normal(truth as u64);
        let observed = Target { value, range: [value - half, value + half], ..plain };
        let others = known.iter().enumerate().filter(|(other, _)| *other != truth);
        let weights: Vec<(f64, f64)> = others
            .map(|(_, (seen, answer))| {
                let look = Look::Seen(bgsim::calibration::Seen { value: *seen, variance: None });
                (*answer, weight(worst(std::slice::from_ref(&observed), &[look], &[0.0])))
            })
            .collect();
        let worth = effective(weights.iter().map(|(_, weight)| *weight));
        if worth < ENOUGH {
            continue;
        }
        told += 1;
        let ([low, high], after) = width(&weights);
        held += u32::from(low <= *answer && answer <= &high);
        narrower += u32::from(after < before);
    }
    // Measured: 115 of 128 are told of; the band holds 105 of these and is narrower than before in 102.
    assert!(told > 100, "{told}");
    let all = f64::from(told);
    assert!((0.83..=0.97).contains(&(f64::from(held) / all)), "{held} of {told}");
    assert!(f64::from(narrower) > 0.8 * all, "{narrower} of {told}");
}

/// What the space says of a place is what a device there has.
#[test]
fn a_place_is_the_scenario_that_its_values_name() {
    let scenario = load("device-keychain", &[]).unwrap();
    let space = Space::of(&[&scenario]);
    let values = space.values(&vec![0.75; space.len()]);
    let sets = bgsim::calibration::Mover::of(&space, &scenario).sets(&space, &values);
    let moved = load("device-keychain", &sets).unwrap();
    let place = space.0.iter().position(|axis| axis.key == "scheduler.other_refreshes_per_day").unwrap();
    let config = moved.config();
    let has = config["scheduler"]["other_refreshes_per_day"].as_float().unwrap();
    assert_eq!(has, values[place]);
}

/// What chance does to a few devices is not the same in all places that are left, or the answer would move with the seed by
/// more than its band says; and a number on which nothing depends moves nothing in a screening.
#[test]
fn each_place_has_devices_of_its_own_and_a_screening_the_same() {
    let plan = Plan { jobs: 2, ..Plan::default() };
    let (mut bench, seed) = observed_on(8, &plan);
    bench.question(8, 1, seed);
    let place = vec![0.5; bench.space.len()];
    let whole = Effort { is_screening: false, ..SCREENING };
    let found = [(0, whole), (1, whole), (0, whole), (0, SCREENING), (1, SCREENING)]
        .map(|(number, effort)| tried(&mut bench, number, &place, effort).unwrap());
    assert_ne!(found[0], found[1]);
    assert_eq!(found[0], found[2]);
    assert_eq!(found[3], found[4]);
}
