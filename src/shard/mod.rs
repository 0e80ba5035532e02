//! A piece of work that is divided between machines, and put together again to the byte: each computes a part, whose
//! sums are exact, and says what it is a part of.

mod part;
mod work;

pub use part::{Broken, Next, Part, PartReader, PartWriter, Piece, RowsFile};
pub use work::{Content, Input, Maker, Work};

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

/// More parts than these are a slip of the pen.
const MOST: u32 = 100_000;

/// Which part of how many, the first being 1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Shard {
    number: u32,
    of: u32,
}

impl Shard {
    /// The part of this number.
    ///
    /// # Errors
    /// If there is none.
    pub fn new(number: u32, of: u32) -> Result<Shard, String> {
        match (number, of) {
            (_, 0) => Err("there are no parts of none; write 1/8 for the first of 8".into()),
            (_, of) if of > MOST => Err(format!("{of} parts are more than the {MOST} that there may be")),
            (0, of) => Err(format!("parts count from 1: write 1/{of} to {of}/{of}")),
            (number, of) if number > of => {
                Err(format!("there is no part {number} of {of}; they count from 1"))
            }
            _ => Ok(Shard { number, of }),
        }
    }

    /// Its number.
    pub fn number(self) -> u32 {
        self.number
    }

    /// How many parts there are.
    pub fn of(self) -> u32 {
        self.of
    }

    /// All parts.
    pub fn all(of: u32) -> impl Iterator<Item = Shard> {
        (1..=of).map(move |number| Shard { number, of })
    }

    /// What of its work is its own: of each point, of which there are so many devices, some neighbours, as nearly as
    /// many in every part as can be. Points of which it has none are left out.
    pub fn pieces(self, points: &[u32]) -> Vec<(usize, Range<u32>)> {
        let all: u64 = points.iter().map(|devices| u64::from(*devices)).sum();
        let edge = |part: u32| (u128::from(all) * u128::from(part) / u128::from(self.of)) as u64;
        let (from, until) = (edge(self.number - 1), edge(self.number));
        let mut before = 0;
        let mut pieces = Vec::new();
        for (point, devices) in points.iter().enumerate() {
            let within = |edge: u64| edge.saturating_sub(before).min(u64::from(*devices)) as u32;
            let own = within(from)..within(until);
            before += u64::from(*devices);
            if !own.is_empty() {
                pieces.push((point, own));
            }
        }
        pieces
    }

    /// How the files of the part begin.
    pub fn stem(self) -> String {
        format!("part-{}-of-{}", self.number, self.of)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.number, self.of)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Shard, String> {
        let number = |text: &str| text.trim().parse::<u32>().ok();
        let numbers = text.split_once('/').and_then(|(own, of)| Some((number(own)?, number(of)?)));
        let (number, of) = numbers.ok_or("write which part of how many, such as 1/8 for the first of 8")?;
        Shard::new(number, of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn parts_count_from_one() {
        let third = Shard::new(3, 8).unwrap();
        assert_eq!(("3/8".parse(), third.to_string()), (Ok(third), "3/8".into()));
        assert_eq!((third.number(), third.of(), third.stem()), (3, 8, "part-3-of-8".into()));
        for (text, says) in [
            ("0/8", "parts count from 1: write 1/8 to 8/8"),
            ("9/8", "there is no part 9 of 8"),
            ("1/0", "no parts of none"),
            ("1", "such as 1/8"),
            ("a/8", "such as 1/8"),
            ("-1/8", "such as 1/8"),
            ("1/200000", "more than the 100000"),
        ] {
            let found = text.parse::<Shard>().unwrap_err();
            assert!(found.contains(says), "{text}: {found}");
        }
    }

    proptest! {
        /// Every device of every point is in one part, and no part has two more than another.
        #[test]
        fn parts_are_alike_and_make_up_the_whole(points in proptest::collection::vec(0u32..50, 1..6), of in 1u32..20) {
            let mut next = vec![0; points.len()];
            let mut sizes = Vec::new();
            for shard in Shard::all(of) {
                let pieces = shard.pieces(&points);
                for (point, devices) in &pieces {
                    prop_assert!(next[*point] == devices.start && devices.start < devices.end);
                    prop_assert!(next[..*point] == points[..*point]);
                    next[*point] = devices.end;
                }
                sizes.push(pieces.iter().map(|(_, devices)| devices.len()).sum::<usize>());
            }
            prop_assert_eq!(next, points);
            let (least, most) = (sizes.iter().min().unwrap(), sizes.iter().max().unwrap());
            prop_assert!(most - least <= 1);
        }
    }
}
