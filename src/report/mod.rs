//! How results look: tables and charts for people. Nothing is computed here that belongs to a result.

pub mod human;
pub mod table;
