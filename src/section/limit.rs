//! How far a value may go before a simulation would hang or exhaust the machine.

use crate::time::Span;
use crate::units::Bytes;
use std::fmt;
use toml::Value;

/// The least and the greatest value of a key.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Limit {
    /// The least.
    pub least: Amount,
    /// The greatest.
    pub most: Amount,
}

impl Limit {
    /// Whether an amount lies within. One of another kind does, since the reader has refused it.
    pub fn has(&self, amount: Amount) -> bool {
        self.least <= amount && amount <= self.most
    }
}

/// A value that can be compared with others of its kind.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Amount {
    /// A number.
    Number(f64),
    /// A length of time.
    Length(Span),
    /// A size.
    Size(Bytes),
}

impl Amount {
    /// The amount of a value as a scenario writes it.
    pub fn of(value: &Value) -> Option<Amount> {
        match value {
            Value::Float(number) => Some(Amount::Number(*number)),
            Value::Integer(number) => Some(Amount::Number(*number as f64)),
            Value::String(text) => {
                let length = text.parse().ok().map(Amount::Length);
                length.or_else(|| text.parse().ok().map(Amount::Size))
            }
            _ => None,
        }
    }
}

impl PartialOrd for Amount {
    fn partial_cmp(&self, other: &Amount) -> Option<std::cmp::Ordering> {
        match (self, other) {
            (Amount::Number(a), Amount::Number(b)) => a.partial_cmp(b),
            (Amount::Length(a), Amount::Length(b)) => a.partial_cmp(b),
            (Amount::Size(a), Amount::Size(b)) => a.partial_cmp(b),
            _ => None,
        }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Amount::Number(number) => number.fmt(f),
            Amount::Length(span) => span.fmt(f),
            Amount::Size(bytes) => bytes.fmt(f),
        }
    }
}
