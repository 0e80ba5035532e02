//! How results look: tables and charts for people. Nothing is computed here that belongs to a result.

mod canvas;
pub mod chart;
pub mod human;
mod labels;
mod scale;
pub mod table;
pub mod run_table;
pub mod run_chart;
mod story_words;
mod story_lines;
pub mod story;
pub mod story_json;
