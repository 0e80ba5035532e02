//! The system's pending requests, ranked by when each is to be looked at next. One per identifier:
//! submitting again replaces (Apple, `BGTaskScheduler.submit(_:)`).

use crate::time::Time;

/// Whose request it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Identifier {
    /// The mail client's.
    Client,
    /// Another app's.
    Other(u8),
}

impl Identifier {
    fn place(self) -> usize {
        match self {
            Identifier::Client => 0,
            Identifier::Other(app) => 1 + usize::from(app),
        }
    }

    fn at(place: usize) -> Identifier {
        match place {
            0 => Identifier::Client,
            other => Identifier::Other((other - 1) as u8),
        }
    }
}

/// Pending requests by the instant of the next look. There are few, so each has its place, and the first is found
/// by looking through them when it changes.
#[derive(Debug)]
pub struct Requests {
    looks: Box<[Time]>,
    first: usize,
}

impl Requests {
    /// None is pending, neither of the client nor of so many other apps.
    pub fn none(others: u8) -> Requests {
        Requests { looks: vec![Time::NEVER; 1 + usize::from(others)].into(), first: 0 }
    }

    /// Adds a request, or moves it.
    pub fn look_at(&mut self, identifier: Identifier, at: Time) {
        let place = identifier.place();
        let first = (self.looks[self.first], self.first);
        self.looks[place] = at;
        if (at, place) < first {
            self.first = place;
        } else if place == self.first {
            self.find_first();
        }
    }

    /// Takes a request away.
    pub fn remove(&mut self, identifier: Identifier) {
        self.look_at(identifier, Time::NEVER);
    }

    /// When the next look is due, and at what.
    pub fn next(&self) -> Option<(Time, Identifier)> {
        let at = self.looks[self.first];
        (at < Time::NEVER).then_some((at, Identifier::at(self.first)))
    }

    /// Of two that are due at once the client's comes first.
    fn find_first(&mut self) {
        let first = self.looks.iter().enumerate().min_by_key(|(_, at)| **at);
        self.first = first.map_or(0, |(place, _)| place);
    }

    /// How many are pending.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.looks.iter().filter(|at| **at < Time::NEVER).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Span;

    #[test]
    fn fact_21_an_identifier_has_at_most_one_pending_request() {
        let mut requests = Requests::none(4);
        assert_eq!(requests.next(), None);
        for hours in [5, 3, 9, 1] {
            requests.look_at(Identifier::Client, Time::ORIGIN + Span::HOUR * hours);
            assert_eq!(requests.len(), 1);
        }
        for app in [2, 0] {
            requests.look_at(Identifier::Other(app), Time::ORIGIN + Span::HOUR);
        }
        for first in [Identifier::Client, Identifier::Other(0), Identifier::Other(2)] {
            assert_eq!(requests.next(), Some((Time::ORIGIN + Span::HOUR, first)));
            requests.remove(first);
        }
        assert_eq!((requests.next(), requests.len()), (None, 0));
    }
}
