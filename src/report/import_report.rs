//! What was found in the logs of a phone: tables for the terminal, and a page with its days.

use super::charts::Chart;
use super::document::{Report, SCHEMA, ScenarioText};
use super::human::count;
use super::observed_day::observed_day;
use super::paint::Screen;
use super::table::{Align, Table};
use crate::import::{Account, Gathered, Part, Written};
use crate::record::Tool;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// A page of more days is no longer read.
pub const MOST_DAYS: usize = 14;

/// The tables and what has to be known of them, for a terminal.
pub fn text(gathered: &Gathered, notes: &[String], screen: Screen) -> String {
    let said = found(gathered).on(screen) + "\n" + &account(&gathered.account).on(screen);
    let mut text = said;
    if !gathered.account.unread.is_empty() {
        text += &format!("\n{}", screen.paragraph("", &unread(&gathered.account)));
    }
    notes.iter().for_each(|about| text += &format!("\n{}", screen.paragraph("", &format!("note: {about}"))));
    text
}

/// What has to be known of what was read, a sentence each.
pub fn notes(gathered: &Gathered, written: &[String]) -> Vec<String> {
    let beyond = gathered.log.beyond();
    let beyond = beyond
        .iter()
        .map(|(track, many)| format!("{} entries of {track} are beyond what is kept", count(*many)));
    gathered.account.notes.iter().cloned().chain(beyond).chain(written.iter().cloned()).collect()
}

fn found(gathered: &Gathered) -> Table {
    let columns = [
        ("found", Align::Left),
        ("entries", Align::Right),
        ("from (UTC)", Align::Left),
        ("until (UTC)", Align::Left),
        ("said by", Align::Left),
    ];
    let mut table = Table::new(&columns);
    for summary in gathered.log.summaries() {
        let [from, until] = summary.span.map(|at| at.to_string()[..16].replace('T', " "));
        let track = summary.track.replace('_', " ");
        table.row([track, count(summary.entries), from, until, summary.from.called().into()]);
    }
    table
}

fn account(account: &Account) -> Table {
    let columns = [
        ("read", Align::Left),
        ("rows", Align::Right),
        ("skipped", Align::Right),
        ("why, and what is not there", Align::Left),
    ];
    let mut table = Table::new(&columns);
    for ((_, name), part) in &account.parts {
        let skipped: u64 = part.skipped.values().sum();
        table.row([(*name).to_owned(), count(part.read), count(skipped), why(part)]);
    }
    table
}

fn why(part: &Part) -> String {
    let skipped = part.skipped.iter().map(|(why, many)| format!("{} {why}", count(*many)));
    let missing = part.missing.iter().map(|column| format!("no {column}"));
    skipped.chain(missing).collect::<Vec<_>>().join(", ")
}

fn unread(account: &Account) -> String {
    let files: u64 = account.unread.values().sum();
    let why = account
        .unread
        .iter()
        .map(|(why, many)| format!("{} {}", count(*many), why.trim_start_matches("it is ")));
    format!(
        "{} files of archives say nothing that is known: {}.",
        count(files),
        why.collect::<Vec<_>>().join(", ")
    )
}

/// The page: `days` are those to show, each with its chart of the simulation where there is one.
pub fn report(
    gathered: &Gathered,
    written: &Written,
    (zone_name, zone): (&str, &TimeZone),
    days: Vec<(Date, Option<Chart>)>,
    notes: &[String],
) -> Report {
    let mut charts = Vec::new();
    for (date, simulated) in days {
        let observed = observed_day(gathered, zone, zone_name, date).map(Chart::from);
        charts.extend(observed.map(|chart| (format!("observed-{date}"), chart)));
        charts.extend(simulated.map(|chart| (format!("simulated-{date}"), chart)));
    }
    let covered = gathered.covered();
    let span = covered.map_or("no time of day".into(), |[from, until]| format!("{from} to {until}"));
    let about = [
        ("Covered", span),
        ("Client", gathered.client.clone().unwrap_or_else(|| "not named".into())),
        ("Files read", count(gathered.account.files)),
        ("Time zone", zone_name.into()),
    ];
    let scenario = written
        .text(written.scenario())
        .map(|toml| ScenarioText { label: written.scenario().into(), toml: toml.into() });
    Report {
        schema: SCHEMA,
        tool: format!("{} {}", Tool::THIS.name, Tool::THIS.version),
        title: "A phone by its own logs".into(),
        is_observed: true,
        verdict: verdict(gathered),
        about: about.map(|(name, value)| (name.into(), value)).into(),
        warnings: notes.to_vec(),
        tables: vec![
            found(gathered).captioned("What was found"),
            account(&gathered.account).captioned("What was read, and what was not"),
        ],
        charts,
        scenarios: scenario.into_iter().collect(),
        command: "bgsim import INPUT --out DIR".into(),
        ..Report::default()
    }
}

fn verdict(gathered: &Gathered) -> Vec<String> {
    let log = &gathered.log;
    let of_client = || log.runs.of_one_source_where(|run| gathered.is_client(run.app));
    let runs = match &gathered.client {
        Some(_) => format!("The client ran {} times in the background.", count(of_client().count() as u64)),
        None => format!(
            "{} background runs; --client says which app is the client.",
            count(log.runs.of_one_source().count() as u64)
        ),
    };
    let gaps: Vec<i64> =
        of_client().zip(of_client().skip(1)).map(|(one, next)| next.at.ms() - one.at.ms()).collect();
    let longest = gaps
        .iter()
        .max()
        .map(|ms| format!("The longest time without a run was {:.1} h.", *ms as f64 / 3.6e6));
    [runs].into_iter().chain(longest).collect()
}
