//! Devices of the explorer are the same devices, however it comes to them.

use bgsim::explore::Explorer;
use proptest::prelude::*;
use serde_json::json;

/// What is known of two sessions after these steps of each, the second against the first.
fn told(steps: &[[u32; 2]]) -> [String; 2] {
    let mut explorer = Explorer::default();
    let sets = [vec![], vec!["policy.auto_lock=5m"]];
    for set in sets {
        explorer.answer(&json!({ "do": "open", "scenario": "two-shifts", "set": set }).to_string());
    }
    for both in steps {
        for (session, devices) in (1..).zip(both) {
            explorer.answer(&json!({ "do": "step", "session": session, "devices": devices }).to_string());
        }
        // To look is no step.
        explorer.answer(&json!({ "do": "snap", "session": 1 }).to_string());
        explorer.answer(&json!({ "do": "snap", "session": 2, "base": 1 }).to_string());
    }
    [None, Some(1)].map(|base| {
        let session = base.map_or(1, |_| 2);
        explorer.answer(&json!({ "do": "snap", "session": session, "base": base, "full": true }).to_string())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    #[test]
    fn any_order_of_steps_gives_the_same_bytes(
        first in prop::collection::vec(0..9_u32, 6),
        second in prop::collection::vec(0..9_u32, 6),
    ) {
        const DEVICES: u32 = 54;
        let mut steps: Vec<[u32; 2]> = first.iter().zip(&second).map(|(a, b)| [*a, *b]).collect();
        let rest = [first.iter().sum::<u32>(), second.iter().sum()].map(|so_far| DEVICES - so_far);
        steps.push(rest);
        let plain = told(&[[DEVICES, DEVICES]]);
        let is_paired = plain[1].contains("\"difference\":{\"value\":");
        prop_assert!(is_paired);
        prop_assert_eq!(told(&steps), plain);
    }
}
