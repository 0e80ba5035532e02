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

/// Three groups of which two are small, with other users and settings; one of these has fifteen times as much mail a
/// device as the large one, so that a few devices have a third of all mail.
const UNEVEN: &str = "extends = 'device-keychain'\nwarmup = '3d'\nmeasure = '7d'\n\
    [[fleet]]\nname = 'office'\npersona = 'typical'\nweight = 97\n\
    [[fleet]]\nname = 'desk'\npersona = 'heavy'\nweight = 2\nmails_per_weekday = 1500.0\npolicy.auto_lock = '30s'\n\
    [[fleet]]\nname = 'night'\npersona = 'night_worker'\nweight = 1\npolicy.allow_device_keychain = false\n";

#[test]
fn printed_intervals_of_an_uneven_fleet_hold_the_true_figure() {
    const FLEETS: u64 = 200;
    let pool = Pool::new(UNEVEN, &[&[]], 12, 256);
    let mut bad = Vec::new();
    for devices in [32, 64, 256] {
        println!("{devices} devices: {:?}", pool.arms[0].sizes(devices));
        let found = coverage(&pool, devices, FLEETS);
        found.iter().filter(|one| one.truth > 0.0).for_each(|one| println!("{one}"));
        let often = |one: &Coverage| u64::from(one.printed) >= FLEETS / 10;
        bad.extend(
            found.into_iter().filter(|one| often(one) && one.share() < 0.92).map(|one| (devices, one)),
        );
    }
    assert!(bad.is_empty(), "{bad:#?}");
}
