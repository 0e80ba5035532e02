//! The files that a report makes: its page, its pictures, and itself.

use super::Fault;
use super::folder::Folder;
use crate::report::compose::SCHEMA;
use crate::report::document::{Report, is_chart_name};
use crate::report::page::page;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

/// The file that a report is kept in.
const KEPT: &str = "report.json";

/// No report is longer: one of a hundred arms has a tenth of it.
const MOST_BYTES: u64 = 256 << 20;

/// Adds the report to a folder of results.
pub(super) fn add_report(folder: &Folder, report: &Report) -> Result<(), Fault> {
    folder.add(KEPT, (serde_json::to_string(report)? + "\n").as_bytes())?;
    for (name, content) in files(report)? {
        folder.add(&name, &content)?;
    }
    Ok(())
}

/// The files that are made of a report, each with its name.
pub(super) fn files(report: &Report) -> Result<Vec<(String, Vec<u8>)>, Fault> {
    let mut files = Vec::new();
    for (name, chart) in &report.charts {
        let svg = chart.svg();
        #[cfg(feature = "png")]
        files.push((format!("{name}.png"), crate::report::png::png(&svg)?));
        files.push((format!("{name}.svg"), svg.into_bytes()));
    }
    files.push(("report.html".into(), page(report).into_bytes()));
    Ok(files)
}

/// Reads the report that a folder of results holds.
pub(super) fn read(folder: &Path) -> Result<Report, Fault> {
    let path = folder.join(KEPT);
    let shown = path.display();
    let file = File::open(&path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => format!(
            "{} holds no {KEPT}, from which a report is made; bgsim run, compare, sweep and sensitivity write \
             it with --out",
            folder.display()
        ),
        _ => format!("cannot read {shown}: {error}"),
    })?;
    let length = file.metadata().map_err(|error| format!("cannot read {shown}: {error}"))?.len();
    if length > MOST_BYTES {
        return Err(format!("{shown} has {length} bytes; no report has more than {MOST_BYTES}").into());
    }
    let reader = BufReader::new(file).take(MOST_BYTES);
    let value: serde_json::Value =
        serde_json::from_reader(reader).map_err(|error| format!("{shown} is no JSON: {error}"))?;
    if value["schema"] != SCHEMA {
        return Err(format!(
            "{shown} has `schema` {}; this version of bgsim reads {SCHEMA}",
            value.get("schema").unwrap_or(&serde_json::Value::Null)
        )
        .into());
    }
    let report: Report =
        serde_json::from_value(value).map_err(|error| format!("{shown} is no report: {error}"))?;
    // A name becomes that of a file: one from elsewhere could point anywhere.
    if let Some((name, _)) = report.charts.iter().find(|(name, _)| !is_chart_name(name)) {
        return Err(format!("{shown}: no chart of bgsim is called {name:?}").into());
    }
    Ok(report)
}
