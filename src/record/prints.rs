//! What two runs are known to be the same by: a hash over what was decided, and one over what was booked.

use super::tally::Tally;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;

/// The prints of a run, in hexadecimal digits. Where either differs, something was computed differently.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Prints {
    /// Hash over every signal of every device.
    pub fingerprint: String,
    /// Hash over the books, from which every figure follows.
    pub books: String,
}

impl Prints {
    /// Those of the devices in a tally. What the engine had to do is no part of the books: an alarm more or
    /// less that changes nothing leaves them alone.
    pub fn of(tally: &Tally) -> Prints {
        let fingerprint = tally.counts.fingerprint;
        let mut books = Tally::clone(tally);
        books.counts.fingerprint = 0;
        books.counts.events = 0;
        let mut hash = Sha256::new();
        books.each_number(&mut |number| hash.update(number.to_le_bytes()));
        let digest = hash.finalize();
        let books = digest[..8].iter().map(|byte| format!("{byte:02x}")).collect();
        Prints { fingerprint: format!("{fingerprint:016x}"), books }
    }
}

impl fmt::Display for Prints {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "fingerprint {}, books {}", self.fingerprint, self.books)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Span;

    #[test]
    fn whatever_is_booked_is_seen_and_what_the_engine_had_to_do_is_not() {
        let books = |change: fn(&mut Tally)| {
            let mut tally = Tally::default();
            change(&mut tally);
            Prints::of(&tally).books
        };
        let empty = books(|_| ());
        let changes: [fn(&mut Tally); 6] = [
            |tally| tally.counts.arrived += 1,
            |tally| tally.counts.outcomes[1] += 1,
            |tally| tally.counts.told_causes_ms[2] += 1,
            |tally| tally.counts.in_reach_while_locked_ms += 1,
            |tally| tally.waits.told.record(Span::MINUTE),
            |tally| tally.waits.censored.record(Span::MINUTE),
        ];
        let mut all: Vec<String> = changes.into_iter().map(books).collect();
        all.push(empty.clone());
        all.sort();
        all.dedup();
        assert_eq!(all.len(), changes.len() + 1, "two different books have one hash");
        assert_eq!(books(|tally| (tally.counts.events, tally.counts.fingerprint) = (7, 7)), empty);
    }
}
