//! How results look: tables and charts for people. Nothing is computed here that belongs to a result.

pub mod human;
pub mod wrap;
pub mod paint;
pub(crate) mod labels;
mod terms;
mod cause_looks;
pub mod charts;
#[cfg(feature = "png")]
pub mod png;
pub mod document;
pub mod page;
pub mod table;
pub mod entry;
mod day_words;
mod day_pushes;
pub mod day_chart;
mod adoption;
pub mod arm;
mod findings;
pub mod figure;
pub mod verdict;
mod arms_in_rows;
mod arms_table;
pub mod arm_charts;
pub mod by_table;
mod by_charts;
mod by_worth;
pub mod run_report;
pub mod figures_text;
pub mod measures_text;
pub mod observations_text;
pub mod choice_words;
pub mod compare_report;
mod sweep_standing;
pub mod sweep_report;
pub mod sensitivity_report;
pub mod calibration_text;
pub mod ensemble_text;
mod odds_words;
mod test_numbers;
pub mod sensitivity_words;
pub mod test_words;
pub mod test_table;
pub mod test_list;
pub mod baseline_words;
#[cfg(feature = "cli")]
pub mod junit;
#[cfg(feature = "cli")]
pub mod test_formats;
pub mod product_text;
pub mod access_text;
pub mod assumptions_text;
pub mod lint_text;
#[cfg(feature = "cli")]
pub mod lint_formats;
mod story_words;
mod story_lines;
pub mod day_list;
pub mod story;
pub mod story_json;
pub mod verdicts;
pub mod replay_text;
#[cfg(feature = "import")]
mod observed_day;
#[cfg(feature = "import")]
pub mod import_report;
