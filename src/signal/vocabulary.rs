//! The vocabulary of signals: which one it is, and sets of words, such as those a model listens to.

use super::{Signal, Word};

crate::named!(Word);

impl Signal {
    /// Which signal it is.
    #[inline]
    pub fn word(self) -> Word {
        self.into()
    }
}

/// A set of words, such as those a model listens to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Words(u64);

impl Words {
    /// Every word.
    pub const ALL: Words = Words(u64::MAX);
    /// No word.
    pub const NONE: Words = Words(0);

    /// These words.
    pub const fn of(words: &[Word]) -> Words {
        let (mut set, mut index) = (0, 0);
        while index < words.len() {
            set |= 1 << words[index] as u8;
            index += 1;
        }
        Words(set)
    }

    /// Whether a word is among them.
    pub const fn has(self, word: Word) -> bool {
        self.0 >> word as u8 & 1 == 1
    }
}
