//! A device is a member of its group, and nothing else: other groups, weights, sizes and blocks moved about
//! leave its every signal as it was.

use bgsim::engine::{Engine, Observer};
use bgsim::experiment::replay;
use bgsim::scenario::{Member, Scenario, SourceText, read};
use bgsim::signal::{Facts, Signal};
use bgsim::time::Time;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn scenario(text: &str) -> Scenario {
    let source = SourceText { label: "groups.toml".into(), text: text.into() };
    read(source, &[], &mut |name, _| Err(name.into())).unwrap_or_else(|faults| panic!("{faults}\n{text}"))
}

#[derive(Default)]
struct Life(Vec<(Time, Signal)>);

impl Observer for Life {
    fn record(&mut self, now: Time, signal: Signal, _: &Facts) {
        self.0.push((now, signal));
    }
}

/// The lives of all members, by the name of their group and their rank.
fn lives(scenario: &Scenario) -> BTreeMap<(String, u32), Vec<(Time, Signal)>> {
    let live = |device| {
        let Member { group, rank } = scenario.member(device);
        let mut life = Life::default();
        replay(scenario, device, Engine::Fast, &mut life);
        ((scenario.fleet.groups[group].name.clone(), rank), life.0)
    };
    (0..scenario.devices).map(live).collect()
}

/// Who each device is.
fn order(scenario: &Scenario) -> Vec<(String, u32)> {
    let who = |device| {
        let Member { group, rank } = scenario.member(device);
        (scenario.fleet.groups[group].name.clone(), rank)
    };
    (0..scenario.devices).map(who).collect()
}

/// Blocks of a fleet, each with its weight.
const BLOCKS: [&str; 4] = [
    "name = 'office', persona = 'light'",
    "name = 'field', persona = 'heavy', reboots_per_30d = 20.0",
    "name = 'Night-1', persona = 'night_worker', ram = '3 GB'",
    "persona = 'typical', force_quitters = 0.2",
];

fn fleet(world: &str, seed: u64, devices: u32, blocks: &[(usize, u32)]) -> Scenario {
    let block = |(block, weight): &(usize, u32)| format!("{{ {}, weight = {weight} }}", BLOCKS[*block]);
    let blocks: Vec<String> = blocks.iter().map(block).collect();
    scenario(&format!(
        "seed = {seed}\ndevices = {devices}\nwarmup = '1d'\nmeasure = '1d'\nfleet = [{}]\n{world}",
        blocks.join(", ")
    ))
}

fn worlds() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "policy = { allow_device_keychain = true }",
        "policy = { keychain_class = 'after_first_unlock', key_access = 'os_protection' }\nmail.per_day = 40.0\nmail.model = 'poisson'",
        "scheduler = { model = 'periodic', every = '30m' }\nuser = { model = 'poisson', opens_per_day = 6.0 }",
        "memory = { model = 'poisson', mean_survival = '2h' }\nlock = { model = 'alternating', mean_locked = '1h', mean_unlocked = '1h' }",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, max_shrink_iters: 64, ..ProptestConfig::default() })]

    #[test]
    fn other_groups_weights_sizes_and_orders_move_nobody(
        world in worlds(),
        seed in any::<u32>(),
        blocks in prop::sample::subsequence(vec![0, 1, 2, 3], 2..=4).prop_shuffle(),
        weights in prop::collection::vec(1_u32..9, 8),
        devices in 8_u32..20,
        kept in 1_usize..4,
    ) {
        let weighed = |blocks: &[usize], weights: &[u32]| -> Vec<(usize, u32)> {
            blocks.iter().copied().zip(weights.iter().copied()).collect()
        };
        let all = weighed(&blocks, &weights);
        let one = fleet(world, seed.into(), devices, &all);
        let lives = lives(&one);
        // Moved in the file, the fleet is the same, device by device.
        let moved: Vec<_> = all.iter().rev().copied().collect();
        prop_assert_eq!(order(&one), order(&fleet(world, seed.into(), devices, &moved)));
        // With fewer groups, other weights and another size, whoever is in both is the same.
        let kept = &blocks[..kept.min(blocks.len())];
        let other = self::lives(&fleet(world, seed.into(), devices / 2, &weighed(kept, &weights[4..])));
        let mut met = 0;
        for (who, life) in &other {
            if let Some(same) = lives.get(who) {
                prop_assert_eq!(life, same, "{:?}", who);
                met += 1;
            }
        }
        // A small group may have nobody in a small fleet.
        prop_assume!(met > 0);
    }
}

#[test]
fn devices_are_dealt_in_the_order_of_the_reference_and_go_on_in_proportion() {
    let groups = "fleet = [{ name = 'c', devices = 20 }, { name = 'a', devices = 600 }, { name = 'b', devices = 150 }]";
    let whole = scenario(groups);
    assert_eq!((whole.devices, whole.sizes(whole.devices)), (770, vec![20, 600, 150]));
    let first: String = order(&whole).iter().take(40).map(|(name, _)| name.as_str()).collect();
    assert_eq!(first, "aaabaaabaaaabaaabaaaabaaaacaabaaaabaaaab");
    // Ranks count up without a gap, also beyond the size.
    let mut next: BTreeMap<usize, u32> = BTreeMap::new();
    for device in 0..2000 {
        let Member { group, rank } = whole.member(device);
        assert_eq!(rank, *next.entry(group).or_default(), "device {device}");
        *next.entry(group).or_default() += 1;
    }
    assert_eq!(whole.sizes(1540), [40, 1200, 300]);
}

#[test]
fn a_fleet_is_found_from_any_mark() {
    let far = scenario(
        "devices = 3000\nfleet = [{ name = 'a', weight = 0.333333 }, { name = 'b', weight = 0.7 }, { name = 'c', weight = 0.000001 }]",
    );
    let mut near = far.clone();
    near.fleet = bgsim::scenario::Fleet::new(near.fleet.groups, 1);
    for device in [0, 255, 256, 257, 1000, 2559, 2560, 2999, 4000] {
        assert_eq!(
            (far.member(device), far.sizes(device)),
            (near.member(device), near.sizes(device)),
            "{device}"
        );
    }
    near.fleet.mark(700);
    near.fleet.mark(3000);
    assert_eq!(near.member(2999), far.member(2999));
}
