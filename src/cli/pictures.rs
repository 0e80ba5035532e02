//! The files that a report makes: its page, its pictures, and itself.

use super::folder::Folder;
use super::{Fault, explore, file};
use crate::command::Command;
use crate::report::charts;
use crate::report::document::{LIVE, Report, SCHEMA};
use crate::report::page::{brief, page};
use serde::Deserialize;
use std::path::Path;

/// The file that a report is kept in.
const KEPT: &str = "report.json";

/// No report is longer: one of a hundred arms has a tenth of it.
const MOST_BYTES: u64 = 256 << 20;

/// The page in which the numbers of a report are turned.
pub(super) struct Live<'a> {
    /// What it opens with: a file or a bundled name, and the keys that are changed.
    pub(super) scenario: &'a str,
    pub(super) sets: Vec<String>,
    /// Whether it is made, and does not only stand there as a command.
    pub(super) is_made: bool,
}

impl Live<'_> {
    /// Makes sure before any work that it can be made, if it is to be.
    pub(super) fn check(&self) -> Result<(), Fault> {
        match (self.is_made, self.scenario) {
            (false, _) => Ok(()),
            (true, "-") => {
                Err("`--live` needs a scenario that can be read again; write it into a file".into())
            }
            (true, scenario) => explore::check_page_of(scenario, &self.sets),
        }
    }

    /// Tells the report of it, and adds it to the folder.
    pub(super) fn add_to(&self, report: &mut Report, folder: &Folder, jobs: usize) -> Result<(), Fault> {
        // What was read from standard input is no longer there.
        if self.scenario != "-" {
            report.explore = Command::new("explore").words([self.scenario]).each("--set", &self.sets).text();
        }
        if self.is_made {
            report.is_live = true;
            folder.add(LIVE, &explore::page_of(self.scenario, &self.sets, jobs)?)?;
        }
        Ok(())
    }
}

/// Adds the report to a folder of results, and its two pages for a board if they are asked for.
pub(super) fn add_report(folder: &Folder, report: &Report, is_brief: bool) -> Result<(), Fault> {
    folder.add(KEPT, (serde_json::to_string(report)? + "\n").as_bytes())?;
    for (name, content) in files(report, is_brief)? {
        folder.add(&name, &content)?;
    }
    Ok(())
}

/// The files that are made of a report, each with its name; brief ones are its two pages for a board too.
pub(super) fn files(report: &Report, is_brief: bool) -> Result<Vec<(String, Vec<u8>)>, Fault> {
    let mut files = Vec::new();
    for (name, chart) in &report.charts {
        let svg = chart.svg();
        #[cfg(feature = "png")]
        files.push((format!("{name}.png"), crate::report::png::png(&svg)?));
        files.push((format!("{name}.svg"), svg.into_bytes()));
    }
    files.push(("report.html".into(), page(report).into_bytes()));
    if is_brief {
        files.push(("brief.html".into(), brief(report).into_bytes()));
    }
    Ok(files)
}

/// What tells the version of a report, whatever else it holds.
#[derive(Deserialize)]
struct Versioned {
    schema: Option<serde_json::Number>,
}

/// Reads the report that a folder of results holds.
pub(super) fn read(folder: &Path) -> Result<Report, Fault> {
    let path = folder.join(KEPT);
    let shown = path.display();
    let bytes = bytes(folder, &path)?;
    let fault = |error: serde_json::Error| {
        format!("{shown} is no {}: {error}", if error.is_data() { "report" } else { "JSON" })
    };
    let Versioned { schema } = serde_json::from_slice(&bytes).map_err(fault)?;
    if schema.as_ref().and_then(serde_json::Number::as_u64) != Some(SCHEMA.into()) {
        let schema = schema.map_or("no `schema`".into(), |schema| format!("`schema` {schema}"));
        return Err(format!("{shown} has {schema}; this version of bgsim reads {SCHEMA}").into());
    }
    let report: Report = serde_json::from_slice(&bytes).map_err(fault)?;
    // A name becomes that of a file: one from elsewhere could point anywhere.
    match report.charts.iter().find(|(name, _)| !charts::is_name(name)) {
        Some((name, _)) => Err(format!("{shown}: no chart of bgsim is called {name:?}").into()),
        None => Ok(report),
    }
}

/// The bytes of the file that a report is kept in, if they are not too many.
fn bytes(folder: &Path, path: &Path) -> Result<Vec<u8>, Fault> {
    let shown = path.display();
    let fault = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => format!(
            "{} holds no {KEPT}, from which a report is made; bgsim run, compare, sweep and sensitivity write \
             it with --out",
            folder.display()
        ),
        _ => format!("cannot read {shown}: {error}"),
    };
    file::read(path, MOST_BYTES).map_err(|error| fault(error).into())
}
