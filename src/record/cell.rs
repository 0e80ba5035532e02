//! What a cell of a row may hold, and how that is written.

use super::common::rounded;
use crate::clock::{Clock, write_utc};
use crate::time::{Span, Time};

/// A column of a file of rows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Column {
    /// Its heading.
    pub heading: String,
    /// What its cells hold.
    pub kind: CellKind,
    /// Whether every one of them holds something.
    pub is_required: bool,
}

/// What the cells of a column hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CellKind {
    /// Words.
    Text,
    /// A whole number.
    Whole,
    /// A number.
    Number,
    /// `true` or `false`.
    Flag,
    /// An instant in UTC, to the millisecond.
    Instant,
}

/// What a cell may hold.
pub(super) trait Cell {
    /// What it is.
    const KIND: CellKind;
    /// Whether it holds something in every row.
    const IS_REQUIRED: bool = true;

    /// Writes it as text.
    fn write(self, text: &mut Vec<u8>, clock: &Clock);
}

impl Cell for &str {
    const KIND: CellKind = CellKind::Text;

    fn write(self, text: &mut Vec<u8>, _: &Clock) {
        text.extend_from_slice(self.as_bytes());
    }
}

/// A share, to six decimals.
impl Cell for f64 {
    const KIND: CellKind = CellKind::Number;

    fn write(self, text: &mut Vec<u8>, clock: &Clock) {
        rounded(self).to_string().as_str().write(text, clock);
    }
}

impl Cell for bool {
    const KIND: CellKind = CellKind::Flag;

    fn write(self, text: &mut Vec<u8>, clock: &Clock) {
        if self { "true" } else { "false" }.write(text, clock);
    }
}

impl Cell for Time {
    const KIND: CellKind = CellKind::Instant;

    fn write(self, text: &mut Vec<u8>, clock: &Clock) {
        write_utc(clock.unix_ms(self), text);
    }
}

/// A length in milliseconds.
impl Cell for Span {
    const KIND: CellKind = CellKind::Whole;

    fn write(self, text: &mut Vec<u8>, clock: &Clock) {
        self.ms().write(text, clock);
    }
}

/// Nothing, where it is unknown or does not apply.
impl<C: Cell> Cell for Option<C> {
    const KIND: CellKind = C::KIND;
    const IS_REQUIRED: bool = false;

    fn write(self, text: &mut Vec<u8>, clock: &Clock) {
        if let Some(cell) = self {
            cell.write(text, clock);
        }
    }
}

impl Cell for u32 {
    const KIND: CellKind = CellKind::Whole;

    fn write(self, text: &mut Vec<u8>, clock: &Clock) {
        u64::from(self).write(text, clock);
    }
}

impl Cell for u64 {
    const KIND: CellKind = CellKind::Whole;

    fn write(self, text: &mut Vec<u8>, _: &Clock) {
        if self < 10 {
            return text.push(b'0' + self as u8);
        }
        let mut digits = [0; 20];
        let (mut place, mut rest) = (digits.len(), self);
        while rest > 0 {
            place -= 1;
            digits[place] = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        text.extend_from_slice(&digits[place..]);
    }
}
