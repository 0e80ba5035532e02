//! Random streams, one per (seed, member of a group, process), and the laws that scenarios draw from.
//!
//! A stream is keyed by a hash, never by counting, so adding a process shifts no other; the policy
//! is not in the key, so two policies on one seed meet the same world (common random numbers).

mod factor;
mod law;
mod portable;
mod quantile;

pub use factor::Factor;
pub use law::{Exponential, LogNormal, Normal, Weibull};
pub use portable::{Portable, normal_quantile, open_uniform, uniform};
pub use quantile::{Gamma, Poisson};
pub use rand::RngExt;
pub use rand::rngs::Xoshiro256PlusPlus as Stream;

use rand::SeedableRng;

/// The random streams of one device.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Streams {
    key: u64,
}

impl Streams {
    /// The streams of a member of a group under a seed: whatever else the fleet holds, they stay the same.
    pub fn new(seed: u64, group: &str, rank: u32) -> Streams {
        let group = mix(mix(seed ^ 0x6267_7369_6d00_0002) ^ mix(name_hash(group)));
        Streams { key: mix(group.wrapping_add(u64::from(rank))) }
    }

    /// The stream of a named process.
    pub fn stream(self, process: &str) -> Stream {
        from_key(self.process(process))
    }

    /// A family of streams of a named process, one for each occasion that a number names.
    pub fn keyed(self, process: &str) -> Keyed {
        Keyed(self.process(process))
    }

    fn process(self, process: &str) -> u64 {
        mix(self.key ^ mix(name_hash(process)))
    }
}

/// Draws keyed by an occasion (a mail, a slot of time) rather than by how many came before, so
/// that the same occasion draws the same under another policy.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Keyed(u64);

/// From one uniform variate to the next.
const STEP: f64 = 1.0 / (1_u64 << 53) as f64;

impl Keyed {
    /// One uniform variate in [0, 1) for an occasion that needs no more.
    pub fn uniform(self, occasion: u64) -> f64 {
        self.bits(occasion) as f64 * STEP
    }

    /// One standard normal variate for an occasion that needs no more.
    pub fn normal(self, occasion: u64) -> f64 {
        // A step from either end of the unit, where the variate would be infinite.
        portable::normal_quantile(((self.bits(occasion) >> 1) as f64 + 0.5) * (2.0 * STEP))
    }

    fn bits(self, occasion: u64) -> u64 {
        mix(self.0 ^ mix(occasion ^ 0x756e_6966_6f72_6d00)) >> 11
    }

    /// The stream of one occasion.
    pub fn at(self, occasion: u64) -> Stream {
        from_key(mix(self.0 ^ mix(occasion)))
    }
}

/// Fills the state with SplitMix64, spelled out so that no change of a library moves results.
fn from_key(key: u64) -> Stream {
    let mut seed = [0; 32];
    let mut state = key;
    for word in seed.chunks_exact_mut(8) {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        word.copy_from_slice(&mix(state).to_le_bytes());
    }
    Stream::from_seed(seed)
}

/// FNV-1a of a name; names are few and short, and a test holds those of processes apart.
pub const fn name_hash(name: &str) -> u64 {
    let (bytes, mut hash, mut place) = (name.as_bytes(), 0xcbf2_9ce4_8422_2325_u64, 0);
    while place < bytes.len() {
        hash = (hash ^ bytes[place] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        place += 1;
    }
    hash
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood 2014).
pub const fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}
