//! Devices of many seeds, simulated once, of which fleets are put together again and again: how often an interval
//! holds the true figure is then known without simulating anew.

use super::scenario;
use bgsim::engine::Engine;
use bgsim::experiment::{Keep, ledger, live};
use bgsim::figure::Sample;
use bgsim::record::{IN_TIME, Own, Parts, Tally, WITHIN};
use bgsim::scenario::Scenario;
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};

/// The books of each device, by arm, seed, group and rank.
pub struct Pool {
    pub arms: Vec<Scenario>,
    seeds: u64,
    /// The books, arm by arm.
    books: Vec<Vec<Vec<Vec<Tally>>>>,
}

impl Pool {
    /// Simulates fleets of so many devices under each arm, with the seeds from 1 on.
    pub fn new(text: &str, arms: &[&[&str]], seeds: u64, devices: u32) -> Pool {
        let of = |set: &[&str], seed: u64| {
            let (devices, seed) = (format!("devices={devices}"), format!("seed={seed}"));
            scenario(text, &[set, &[&devices, &seed]].concat())
        };
        let halves: Vec<Vec<Vec<Vec<Vec<Tally>>>>> = std::thread::scope(|threads| {
            let spawn = |half: u64| {
                threads.spawn(move || {
                    let seeds = (1..=seeds).filter(|seed| seed % 2 == half);
                    seeds
                        .map(|seed| compared(arms.iter().map(|set| books(&of(set, seed))).collect()))
                        .collect()
                })
            };
            [spawn(1), spawn(0)].map(|thread| thread.join().unwrap()).into()
        });
        let mut by_arm = vec![Vec::new(); arms.len()];
        for seed in halves.into_iter().flatten() {
            by_arm.iter_mut().zip(seed).for_each(|(arm, books)| arm.push(books));
        }
        Pool { arms: arms.iter().map(|set| of(set, 1)).collect(), seeds, books: by_arm }
    }

    /// The true figures of each arm: those of a fleet of so many devices in which everybody of the pool who may be
    /// in it counts.
    pub fn truth(&self, devices: u32) -> Vec<Sample> {
        self.samples(devices, |_, _| (0..self.seeds as usize).collect())
    }

    /// A fleet of so many devices by each arm, the same devices in all: neighbours in rank come from one seed, so that
    /// what is dealt among them stays as it is dealt.
    pub fn fleet(&self, devices: u32, number: u64) -> Vec<Sample> {
        let seeds = self.seeds as usize;
        self.samples(devices, |group, rank| {
            // By few neighbours, of which whole parts are made: a larger fleet begins with the smaller one.
            let of = number << 32 | (group as u64) << 24 | u64::from(rank / 5);
            vec![Xoshiro256PlusPlus::seed_from_u64(of).random_range(0..seeds)]
        })
    }

    fn samples(&self, devices: u32, choose: impl Fn(usize, u32) -> Vec<usize>) -> Vec<Sample> {
        let sizes = self.arms[0].sizes(devices);
        let mut parts: Vec<Parts> = vec![Parts::for_sizes(sizes.iter().copied()); self.arms.len()];
        for (group, size) in sizes.iter().enumerate() {
            for rank in 0..*size as u32 {
                for seed in choose(group, rank) {
                    for (parts, books) in parts.iter_mut().zip(&self.books) {
                        *parts.at(group, rank) += &books[seed][group][rank as usize];
                    }
                }
            }
        }
        parts.iter().zip(&self.arms).map(|(parts, scenario)| Sample::of(parts, scenario)).collect()
    }
}

/// The books of arms, each with what it has apart from the first, as a comparison keeps them.
fn compared(mut arms: Vec<Vec<Vec<Tally>>>) -> Vec<Vec<Vec<Tally>>> {
    let (first, others) = arms.split_first_mut().unwrap();
    for other in others {
        for (first, own) in first.iter().flatten().zip(other.iter_mut().flatten()) {
            let [before, now] = [first, &*own].map(|tally| {
                let (estimate, mails) = (tally.waits.estimate(), tally.waits.mail() as f64);
                let told = |within| (estimate.told_within(within).unwrap_or(0.0) * mails).round() as u64;
                let in_time = [tally.waits.mail(), told(IN_TIME)];
                Own { counts: tally.counts.clone(), within: WITHIN.map(told), in_time }
            });
            own.compare(&before, &now);
        }
    }
    arms
}

/// The books of each device of a fleet, by group and rank.
fn books(scenario: &Scenario) -> Vec<Vec<Tally>> {
    let mut ledger = ledger(scenario);
    let keep = Keep { rows: false, events: false };
    let mut books = vec![Vec::new(); scenario.fleet.groups.len()];
    for device in 0..scenario.devices {
        live(scenario, device, Engine::Fast, &mut ledger, keep, &mut ());
        books[scenario.member(device).group].push(std::mem::take(&mut ledger.tally));
    }
    books
}
