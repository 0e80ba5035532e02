//! Keys of what is dealt.

use crate::random::{mix, name_hash};

/// One key of several names; their order counts, and ("ab", "c") is not ("a", "bc").
pub fn key_of(names: &[&str]) -> u64 {
    // "dealing", and the version of its rules.
    names.iter().fold(0x6465_616c_696e_6701, |key, name| mix(key ^ mix(name_hash(name))))
}
