//! The vocabulary of signals: which one it is, and sets of words, such as those a model listens to.

use super::{Signal, SignalKind};

crate::named!(SignalKind);

impl Signal {
    /// Which signal it is.
    #[inline]
    pub fn word(self) -> SignalKind {
        self.into()
    }
}

/// A set of words, such as those a model listens to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SignalKinds(u64);

impl SignalKinds {
    /// Every word.
    pub const ALL: SignalKinds = SignalKinds(u64::MAX);
    /// No word.
    pub const NONE: SignalKinds = SignalKinds(0);

    /// These words.
    pub const fn of(words: &[SignalKind]) -> SignalKinds {
        let (mut set, mut index) = (0, 0);
        while index < words.len() {
            set |= 1 << words[index] as u8;
            index += 1;
        }
        SignalKinds(set)
    }

    /// Whether a word is among them.
    pub const fn has(self, word: SignalKind) -> bool {
        self.0 >> word as u8 & 1 == 1
    }
}
