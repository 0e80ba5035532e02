//! What a device is by nature: dealt evenly over its group, another on another seed, each from the whole law.

use crate::people::world::{World, opened, times, variance};
use bgsim::clock::Clock;
use bgsim::engine::Setup;
use bgsim::persona::{FleetEntry, PersonaName};
use bgsim::policy::Policy;
use bgsim::random::Streams;
use bgsim::time::{Span, Time};
use bgsim::trace::Traces;

/// The natures of the first members of a group.
fn natures(seed: u64, group: &str, what: &str, members: u32) -> Vec<f64> {
    let (policy, persona) = (
        Policy::try_from(&Default::default()).unwrap(),
        FleetEntry { persona: PersonaName::Typical, ..FleetEntry::default() }.resolve(),
    );
    let (clock, traces) = (Clock::utc(), Traces::default());
    let by_nature = |rank| {
        let setup = Setup {
            config: &(),
            policy: &policy,
            persona: &persona,
            clock: &clock,
            home: &clock,
            dates: &bgsim::event::Dates::NONE,
            seed,
            streams: Streams::new(seed, group, rank),
            group,
            rank,
            traces: &traces,
            end: Time::ORIGIN + Span::DAY,
        };
        setup.by_nature(what)
    };
    (0..members).map(by_nature).collect()
}

/// The standard normal distribution function.
fn below(value: f64) -> f64 {
    libm::erfc(-value / 2.0_f64.sqrt()) / 2.0
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[test]
fn neighbours_come_evenly_from_the_whole_law() {
    for (seed, what) in [(1, "person opens"), (2, "person mail"), (3, "spacing of refreshes")] {
        let natures = natures(seed, "office", what, 4000);
        for block in [5, 10, 20, 100, 200, 1000] {
            for members in natures.chunks_exact(block) {
                let mut parts: Vec<usize> =
                    members.iter().map(|nature| (below(*nature) * block as f64) as usize).collect();
                parts.sort_unstable();
                assert_eq!(parts, (0..block).collect::<Vec<_>>(), "{what}, {block}");
            }
        }
        // Independent draws are off by 0.016, one standard error.
        assert!(mean(&natures).abs() < 1e-3, "{}", mean(&natures));
        let squares: Vec<f64> = natures.iter().map(|nature| nature * nature).collect();
        assert!((mean(&squares) - 1.0).abs() < 0.01, "{}", mean(&squares));
    }
}

/// Five standard errors: a false alarm once in 10^6, and only where keys change.
#[test]
fn over_seeds_each_member_has_the_whole_law_whatever_its_place() {
    const SEEDS: u64 = 4000;
    for rank in [0, 3, 17] {
        let of = |seed| natures(seed, "office", "person opens", rank + 1)[rank as usize];
        let natures: Vec<f64> = (0..SEEDS).map(of).collect();
        let error = 1.0 / (SEEDS as f64).sqrt();
        assert!(mean(&natures).abs() < 5.0 * error, "{rank}: {}", mean(&natures));
        for part in [0.05, 0.3, 0.5, 0.9] {
            let share = natures.iter().filter(|nature| below(**nature) < part).count() as f64 / SEEDS as f64;
            assert!((share - part).abs() < 5.0 * error * (part * (1.0 - part)).sqrt(), "{rank}: {share}");
        }
    }
}

#[test]
fn natures_have_nothing_to_do_with_each_other() {
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>() / a.len() as f64;
    for seed in 0..40 {
        let opens = natures(seed, "office", "person opens", 1000);
        for other in [
            natures(seed, "office", "person mail", 1000),
            natures(seed, "field", "person opens", 1000),
            natures(seed + 1, "office", "person opens", 1000),
        ] {
            assert!(product(&opens, &other).abs() < 5.0 / 1000_f64.sqrt());
        }
    }
}

/// What it is for: a few people are as many. Opening the mail differs between persons above all by their nature, so
/// the mean of twenty varies from seed to seed by much less than that of twenty drawn independently; drawn instead of
/// dealt, the ratio is 1 within a fifth or so.
#[test]
fn a_mean_over_few_people_varies_less_than_that_of_people_drawn_at_random() {
    const SEEDS: u64 = 60;
    const PEOPLE: u32 = 20;
    let opens = |seed: u64| -> Vec<f64> {
        let one = |device| {
            let record = World { device, days: 14, ..World::typical(seed) }.run();
            times(&record, opened).len() as f64
        };
        (0..PEOPLE).map(one).collect()
    };
    let fleets: Vec<Vec<f64>> = (1..=SEEDS).map(opens).collect();
    let means: Vec<f64> = fleets.iter().map(|fleet| mean(fleet)).collect();
    let between: Vec<f64> = fleets.iter().map(|fleet| variance(fleet)).collect();
    let effect = variance(&means) * f64::from(PEOPLE) / mean(&between);
    println!("{effect:.3} of the variance of people drawn independently");
    assert!(effect < 0.4, "{effect}");
}
