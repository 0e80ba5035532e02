//! What people meet: verbs and their errors, files, tables, charts, pages and traces.

#[cfg(unix)]
mod browser;
#[path = "../common/mod.rs"]
mod common;
mod sample;
mod snapshot;

mod analysis;
mod arm_charts;
mod by;
mod charts_heat;
mod charts_lines;
mod charts_multiples;
mod comments;
mod console;
mod compare;
mod decisions;
mod errors;
mod expect;
mod figures;
mod fuzzed;
mod hostile;
mod inventory;
mod explain;
mod explore;
#[cfg(unix)]
mod explore_page;
mod lint;
mod manual;
mod observe;
mod page;
mod parquet;
#[cfg(feature = "png")]
mod png;
mod promises;
mod record;
mod report;
mod schema;
mod sensitivity;
mod shards;
mod subject_to;
mod suites;
mod sweep;
mod table;
mod terminal;
mod timeline;
mod windows;
