//! How often the printed 95 % intervals hold the true figure: fleets are put together again and again from a pool of
//! devices that are simulated once. The table of the manual (docs/numbers.md) is that of
//!
//!     cargo bench --bench coverage
//!
//! which takes some minutes; `-- 200` draws 200 fleets of each size instead of 2,000.

#[path = "../tests/common/mod.rs"]
mod common;

use bgsim::comparison::{Aim, Reach};
use bgsim::figure::Figure;
use common::coverage::{coverage, coverage_at_the_stop};
use common::pool::Pool;

/// Fleets of each size.
const FLEETS: u64 = 2000;

/// What is simulated: the bundled scenario by which most others are compared, with the change that the README asks
/// about, and a change so small that most devices never meet it.
const STUDIES: [(&str, [&[&str]; 2]); 2] = [
    ("extends = 'email-plus'", [&[], &["policy.allow_device_keychain=true"]]),
    ("extends = 'device-keychain'", [&[], &["policy.auto_lock=30s"]]),
];

/// Precisions in points.
const STOPS: [f64; 4] = [6.0, 4.0, 3.0, 2.0];

fn main() {
    let fleets = std::env::args().filter_map(|word| word.parse().ok()).next().unwrap_or(FLEETS);
    for (text, arms) in STUDIES {
        let pool = Pool::new(text, &arms, 40, 256);
        for devices in [32, 64, 256] {
            println!("{text} {:?}, {devices} devices, {fleets} fleets", arms[1]);
            coverage(&pool, devices, fleets).iter().for_each(|found| println!("{found}"));
        }
        // Wide enough to stop at once, in between, and hardly before the pool is at its end.
        for points in STOPS {
            let wanted = points / 100.0;
            let aim = Aim { reach: Reach::OfFigure(wanted), most_devices: 256 };
            let (found, devices) = coverage_at_the_stop(&pool, Figure::FIRST, aim, wanted, 32, fleets);
            println!(
                "--until-precision {points}% from 32 devices, at {devices:.0} devices on average: {found}"
            );
        }
    }
}
