//! What was found in the logs of a phone: tables for the terminal, and a page with its days.

use super::charts::Chart;
use super::document::{Report, SCHEMA, ScenarioText};
use super::human::{count, duration, trimmed};
use super::observed_day::observed_day;
use super::paint::Screen;
use super::table::{Align, Table};
use crate::import::{Account, Gap, Gathered, Part, Ruling, Utc, Written};
use crate::record::Tool;
use crate::time::Span;
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
        verdict: verdict(gathered, zone),
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

/// So many of the longest times without a run are told.
const MOST_GAPS: usize = 3;

fn verdict(gathered: &Gathered, zone: &TimeZone) -> Vec<String> {
    let log = &gathered.log;
    let shown = |at: Utc| clock(at, zone, "%F %H:%M");
    let runs = match (&gathered.client, gathered.refreshes_known()) {
        (Some(client), _) if !gathered.names_client() => format!("No log names {client} or a task of it."),
        (Some(_), None) => "No log says when the client ran in the background.".into(),
        (Some(_), Some((source, [from, until]))) => {
            let of_client = log
                .runs
                .entries()
                .iter()
                .filter(|run| run.from == source && gathered.is_client(run.what.app));
            let many = of_client.filter(|run| (from..=until).contains(&run.at)).count();
            let times = if many == 1 { "once".into() } else { format!("{} times", count(many as u64)) };
            format!(
                "The client ran {times} in the background from {} to {}, which the log of its runs covers.",
                shown(from),
                shown(until)
            )
        }
        (None, _) => format!(
            "{} background runs; --client says which app is the client.",
            count(log.runs.of_one_source().count() as u64)
        ),
    };
    let gaps = gathered.gaps(MOST_GAPS);
    let gaps = gaps.iter().enumerate().map(|(place, gap)| gap_words(gap, place == 0, zone));
    [runs].into_iter().chain(gaps).collect()
}

fn clock(at: Utc, zone: &TimeZone, form: &str) -> String {
    let instant = jiff::Timestamp::from_millisecond(at.ms()).unwrap_or_default();
    instant.to_zoned(zone.clone()).strftime(form).to_string()
}

/// A time without a run of the client, and what is known of it: what held it back where that was said, and what may have.
fn gap_words(gap: &Gap, is_longest: bool, zone: &TimeZone) -> String {
    let length = |ms: i64| duration(Span::from_ms(ms.unsigned_abs()));
    // Of another day the day is said.
    let begins_on = clock(gap.from, zone, "%F");
    let is_same_day = |at: Utc| clock(at, zone, "%F") == begins_on;
    let at = |at: Utc| clock(at, zone, if is_same_day(at) { "%H:%M" } else { "%F %H:%M" });
    let mut known = Vec::new();
    match &gap.waited {
        Some((times, Some(last), when)) => {
            let when = at(*when);
            let times = match *times {
                1 => format!("once, at {when}"),
                times => format!("{} times, the last time at {when}", count(times)),
            };
            let score = last.score.zip(last.threshold);
            let score = score.map(|(score, of)| format!("{} of {}", trimmed(score, 2), trimmed(of, 2)));
            let refused = (last.verdict != Ruling::Waits).then(|| "refused".to_owned());
            let said: Vec<String> = score.or(refused).into_iter().chain(gap.policy.clone()).collect();
            known.push(format!("the scheduler let it wait {times} ({})", said.join(", ")));
        }
        Some((_, None, _)) => known.push("the scheduler let no request of it wait".into()),
        None => known.push("of what the scheduler decided no log says anything".into()),
    }
    let restarts: Vec<String> = gap.restarts.iter().map(|when| at(*when)).collect();
    if !restarts.is_empty() {
        known.push(format!("the phone restarted at {}", restarts.join(" and ")));
    }
    if gap.memory_ends > 0 {
        let times =
            if gap.memory_ends == 1 { "once".into() } else { format!("{} times", count(gap.memory_ends)) };
        known.push(format!("memory ended the client {times}"));
    }
    for (what, ms) in [
        ("Low Power Mode was on for", gap.low_power_ms),
        ("there was no network for", gap.no_network_ms),
        ("a charger was connected for", gap.charger_ms),
        ("the screen was on for", gap.screen_ms),
    ] {
        known.extend(ms.filter(|ms| *ms > 0).map(|ms| format!("{what} {}", length(ms))));
    }
    let from = clock(gap.from, zone, "%F %H:%M");
    let until = if gap.is_ended { at(gap.until) } else { format!("{}, where the log ends", at(gap.until)) };
    let begins = if is_longest { "The longest time without a run was" } else { "Then" };
    format!(
        "{begins} {}, from {from} to {until}: {}.",
        length(gap.until.ms() - gap.from.ms()),
        known.join("; ")
    )
}
