//! How long mail waited, where many counts are kept side by side and each holds few: only bins that are not
//! empty take room.

use super::histogram::{Bins, Written};
use super::survival::Waits;
use crate::time::Span;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::AddAssign;

/// Lengths by bin, and their exact sum.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(into = "Written", try_from = "Written")]
struct Lean {
    bins: BTreeMap<usize, u64>,
    sum_ms: u128,
}

impl Lean {
    fn dense<const SUB_BITS: u32>(&self) -> Bins<SUB_BITS> {
        Bins::of(self.bins.iter().map(|(bin, count)| (*bin, *count)), self.sum_ms)
    }
}

impl From<Lean> for Written {
    fn from(lean: Lean) -> Written {
        Written::of(lean.bins.into_iter().collect(), lean.sum_ms)
    }
}

impl TryFrom<Written> for Lean {
    type Error = String;

    fn try_from(written: Written) -> Result<Lean, String> {
        // As [`LeanWaits`] counts: finely.
        let (bins, sum_ms) = written.checked::<9>()?;
        Ok(Lean { bins: bins.into_iter().collect(), sum_ms })
    }
}

impl AddAssign<&Lean> for Lean {
    fn add_assign(&mut self, other: &Lean) {
        other.bins.iter().for_each(|(bin, count)| *self.bins.entry(*bin).or_default() += count);
        self.sum_ms += other.sum_ms;
    }
}

/// How long mail waited: as [`Waits`], to the bin and to the millisecond.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct LeanWaits {
    told: Lean,
    censored: Lean,
}

impl LeanWaits {
    /// A mail that was told after so long, or was still untold then.
    pub fn record(&mut self, told: bool, waited: Span) {
        let lean = if told { &mut self.told } else { &mut self.censored };
        let (bin, ms) = Waits::bin(waited);
        *lean.bins.entry(bin).or_default() += 1;
        lean.sum_ms += u128::from(ms);
    }

    /// How many mails there are, whatever became of them.
    pub fn mail(&self) -> u64 {
        [&self.told, &self.censored].into_iter().flat_map(|lean| lean.bins.values()).sum()
    }

    /// The same with room for all bins.
    pub fn dense(&self) -> Waits {
        Waits { told: self.told.dense(), censored: self.censored.dense() }
    }
}

impl AddAssign<&LeanWaits> for LeanWaits {
    fn add_assign(&mut self, other: &LeanWaits) {
        self.told += &other.told;
        self.censored += &other.censored;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_counts_as_the_dense_one_does(mails in proptest::collection::vec((any::<bool>(), 0u64..1 << 42), 0..99)) {
            let (mut halves, mut dense) = ([LeanWaits::default(), LeanWaits::default()], Waits::default());
            for (place, (told, ms)) in mails.iter().enumerate() {
                halves[place % 2].record(*told, Span::from_ms(*ms));
                dense.record(*told, Span::from_ms(*ms));
            }
            let [mut lean, other] = halves;
            lean += &other;
            prop_assert_eq!(lean.mail(), dense.mail());
            prop_assert_eq!(lean.dense(), dense);
        }
    }
}
