//! The system's pending requests, ranked by when each is to be looked at next. One per identifier:
//! submitting again replaces (Apple, `BGTaskScheduler.submit(_:)`).

use crate::engine::FixedHasher;
use crate::time::Time;
use priority_queue::PriorityQueue;
use std::cmp::Reverse;

/// Whose request it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Identifier {
    /// The mail client's.
    Client,
    /// Another app's.
    Other(u8),
}

/// Pending requests by the instant of the next look.
#[derive(Debug, Default)]
pub struct Requests(PriorityQueue<Identifier, Reverse<(Time, Identifier)>, FixedHasher>);

impl Requests {
    /// Adds a request, or moves it.
    pub fn look_at(&mut self, identifier: Identifier, at: Time) {
        self.0.push(identifier, Reverse((at, identifier)));
    }

    /// Takes a request away.
    pub fn remove(&mut self, identifier: Identifier) {
        self.0.remove(&identifier);
    }

    /// When the next look is due, and at what.
    pub fn next(&self) -> Option<(Time, Identifier)> {
        self.0.peek().map(|(identifier, Reverse((at, _)))| (*at, *identifier))
    }

    /// How many are pending.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Span;

    #[test]
    fn fact_21_an_identifier_has_at_most_one_pending_request() {
        let mut requests = Requests::default();
        for hours in [5, 3, 9, 1] {
            requests.look_at(Identifier::Client, Time::ORIGIN + Span::HOUR * hours);
            assert_eq!(requests.len(), 1);
        }
        requests.look_at(Identifier::Other(2), Time::ORIGIN + Span::HOUR);
        assert_eq!(requests.next(), Some((Time::ORIGIN + Span::HOUR, Identifier::Client)));
        requests.remove(Identifier::Client);
        assert_eq!(requests.next(), Some((Time::ORIGIN + Span::HOUR, Identifier::Other(2))));
    }
}
