//! A printed interval holds the true figure about as often as it says: a short form of the study in
//! benches/coverage.rs, whose table is in the manual.

use crate::common::coverage::{Coverage, coverage};
use crate::common::pool::Pool;

const TEXT: &str = "extends = 'device-keychain'\nwarmup = '3d'\nmeasure = '7d'";

#[test]
fn printed_intervals_hold_the_true_figure() {
    let pool = Pool::new(TEXT, &[&[], &["policy.auto_lock=30s"]], 12, 64);
    for devices in [32, 64] {
        let found = coverage(&pool, devices, 300);
        found.iter().for_each(|one| println!("{one}"));
        let bad: Vec<&Coverage> =
            found.iter().filter(|one| one.printed >= 100 && one.share() < 0.84).collect();
        assert!(bad.is_empty(), "{devices} devices: {bad:#?}");
    }
}
