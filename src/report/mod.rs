//! How results look: tables and charts for people. Nothing is computed here that belongs to a result.

pub mod charts;
pub mod document;
pub mod human;
pub mod wrap;
mod labels;
pub mod table;
pub mod run_table;
pub mod run_chart;
pub mod day_chart;
mod day_words;
pub mod figure;
pub mod verdict;
pub mod compare_table;
pub mod compare_chart;
pub mod sweep_table;
pub mod sensitivity_table;
pub mod test_words;
pub mod test_table;
pub mod junit;
pub mod test_formats;
pub mod access_text;
pub mod assumptions_text;
pub mod lint_text;
mod story_words;
mod story_lines;
pub mod story;
pub mod story_json;
