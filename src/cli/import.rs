//! `bgsim import`
//!
//! JSON: `{schema, tool{name, version}, client, covered[from, until], files[], runs_covered[from, until],
//! found[{track, source, entries, from, until}], parts[{source, table, read, skipped{}, missing[]}], unread{}, notes[]}`. It is kept as `import.json` too.

use super::folder::Folder;
use super::{End, Fault, print, screen};
use crate::engine::Engine;
use crate::import::{Gathered, Importer, Limits, Named, Written};
use crate::record::Tool;
use crate::report::charts::Chart;
use crate::report::day_chart::day_chart;
use crate::report::import_report::{MOST_DAYS, notes, report, text};
use crate::report::page::page;
use crate::scenario::{Scenario, load};
use crate::timeline;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
#[command(after_help = "\
Reads power logs (.PLSQL), the background task log of iOS 26 (.BGSQL), knowledgeC.db, dasd's lines as `log show` prints \
them, the App Privacy Report, JetsamEvent reports, MetricKit payloads, and archives of these such as a sysdiagnose, packed \
or not. What a file is, its content says.

With --out it writes the timelines as CSV, device.toml (a scenario of the phone that runs as it is), observed.toml (for \
bgsim observe), page.html (its days, observed above simulated) and import.json.

Examples:
  bgsim import sysdiagnose.tar.gz --client com.example.mail --out phone
  bgsim run phone/device.toml
  log show --style ndjson --predicate 'process == \"dasd\"' --archive system_logs.logarchive \\
    | bgsim import - --client com.example.mail --out phone")]
pub(crate) struct Args {
    /// What to read; `-` is standard input.
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// The bundle identifier of the mail client.
    #[arg(long, value_name = "BUNDLE", value_parser = bundle)]
    client: Option<String>,
    /// Write everything into this folder.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Where the clock of the phone hung, such as Europe/Berlin; by default as the logs say it.
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<String>,
    /// Call apps other than the client by number in what is written, which is the default.
    #[arg(long, conflicts_with = "keep_names")]
    anonymise: bool,
    /// Write the names of all apps.
    #[arg(long)]
    keep_names: bool,
    /// Print what was found as JSON.
    #[arg(long)]
    json: bool,
}

fn bundle(text: &str) -> Result<String, String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    match text.contains('.') && text.chars().all(is_part) {
        true => Ok(text.into()),
        false => Err("a bundle identifier is like com.example.mail".into()),
    }
}

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    if let Some(out) = &args.out {
        // Better refused now than after the work.
        Folder::can_begin(out)?;
    }
    let mut importer = Importer::new(args.client.as_deref(), Limits::default());
    args.inputs.iter().try_for_each(|input| add(&mut importer, input))?;
    let gathered = importer.finish();
    let named = if args.keep_names { Named::Kept } else { Named::Anonymous };
    let written = gathered.written(named, args.time_zone.as_deref())?;
    let notes = notes(&gathered, &written.notes);
    let json = to_json(&gathered, &written, &notes);
    if let Some(out) = &args.out {
        keep(args, out, &gathered, &written, &notes, &json)?;
    }
    if args.json {
        return super::print_json(&json);
    }
    let kept = args.out.as_ref().map_or(String::new(), |out| {
        let out = out.display();
        match written.text(written.scenario()) {
            Some(_) => format!("\nwrote {out}; run it with: bgsim run {out}/{}\n", written.scenario()),
            None => format!("\nwrote {out}\n"),
        }
    });
    // Names of apps are printed and not kept.
    let alike = match gathered.names_client() {
        true => String::new(),
        false => alike(&gathered.alike()),
    };
    print(text(&gathered, &notes, screen()) + &alike + &kept)
}

fn alike(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        names => format!("\nnamed alike: {}\n", names.join(", ")),
    }
}

fn add(importer: &mut Importer, input: &Path) -> Result<(), Fault> {
    let shown = input.display();
    if input.as_os_str() == "-" {
        return importer.add(&mut io::stdin().lock()).map_err(|why| format!("standard input: {why}").into());
    }
    let file = File::open(input).map_err(|error| format!("`{shown}` cannot be read: {error}"))?;
    if file.metadata().is_ok_and(|found| found.is_dir()) {
        return Err(format!("`{shown}` is a folder; name the files in it, or an archive of it").into());
    }
    importer.add(&mut BufReader::new(file)).map_err(|why| format!("`{shown}`: {why}").into())
}

fn keep(
    args: &Args,
    out: &Path,
    gathered: &Gathered,
    written: &Written,
    notes: &[String],
    json: &Value,
) -> Result<(), Fault> {
    let folder = Folder::begin(out, |_| None)?;
    for (name, text) in &written.files {
        folder.add(name, text.as_bytes())?;
    }
    let (zone_name, zone) = gathered.time_zone(args.time_zone.as_deref(), &mut Vec::new())?;
    let scenario = match written.text(written.scenario()) {
        Some(_) => Some(load(&folder.under_way().join(written.scenario()).to_string_lossy(), &[])?),
        None => None,
    };
    let days =
        days(gathered, &zone).into_iter().map(|date| (date, simulated(scenario.as_ref(), date))).collect();
    let page = page(&report(gathered, written, (&zone_name, &zone), days, notes));
    folder.add("page.html", page.as_bytes())?;
    folder.add("import.json", format!("{json:#}\n").as_bytes())?;
    folder.finish()
}

/// The first days that the log covers.
fn days(gathered: &Gathered, zone: &TimeZone) -> Vec<Date> {
    let date = |ms: i64| {
        let at = jiff::Timestamp::from_millisecond(ms).ok()?;
        Some(at.to_zoned(zone.clone()).date())
    };
    let Some([Some(first), Some(last)]) = gathered.covered().map(|span| span.map(|at| date(at.ms()))) else {
        return Vec::new();
    };
    first.series(jiff::Span::new().days(1)).take_while(|date| *date <= last).take(MOST_DAYS).collect()
}

/// The same day of the first simulated phone.
fn simulated(scenario: Option<&Scenario>, date: Date) -> Option<Chart> {
    let scenario = scenario?;
    let span = timeline::day(scenario, 0, date).ok()?;
    let timeline = timeline::timeline(scenario, 0, span, Engine::default()).ok()?;
    Some(Chart::from(day_chart(scenario, "simulated", &timeline)))
}

fn to_json(gathered: &Gathered, written: &Written, notes: &[String]) -> Value {
    let found: Vec<Value> = gathered
        .log
        .summaries()
        .iter()
        .map(|summary| {
            let [from, until] = summary.span.map(|at| at.to_string());
            json!({
                "track": summary.track, "source": summary.from, "entries": summary.entries, "from": from,
                "until": until,
            })
        })
        .collect();
    let parts: Vec<Value> = gathered
        .account
        .parts
        .iter()
        .map(|((source, table), part)| {
            json!({
                "source": source, "table": table, "read": part.read, "skipped": part.skipped,
                "missing": part.missing,
            })
        })
        .collect();
    let files: Vec<&str> = written.files.iter().map(|(name, _)| *name).collect();
    let unread: &BTreeMap<String, u64> = &gathered.account.unread;
    json!({
        "schema": 1, "tool": Tool::THIS, "client": gathered.client,
        "covered": gathered.covered().map(|span| span.map(|at| at.to_string())), "files": files,
        "runs_covered": gathered.refreshes_known().map(|(_, span)| span.map(|at| at.to_string())), "found": found,
        "parts": parts, "unread": unread, "notes": notes,
    })
}
