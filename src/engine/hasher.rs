//! A hasher without randomness for small integer keys, so that maps cost little and behave alike
//! on every run.

use std::hash::{BuildHasherDefault, Hasher};

/// Builds hashers that multiply.
pub type FixedHasher = BuildHasherDefault<Multiply>;

/// Multiplicative hashing (Knuth, The Art of Computer Programming, 6.4).
#[derive(Clone, Copy, Default, Debug)]
pub struct Multiply(u64);

impl Hasher for Multiply {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u8(&mut self, value: u8) {
        self.write_u64(u64::from(value));
    }

    fn write_u16(&mut self, value: u16) {
        self.write_u64(u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(5) ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn write_isize(&mut self, value: isize) {
        self.write_u64(value as u64);
    }
}
