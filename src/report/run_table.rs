//! What a run found, as a short table that a person understands.

use super::human::{count, devices, duration, duration_estimate, hours_estimate, share, share_estimate};
use super::table::{Align, Table};
use crate::analysis::jackknife::{Interval, Replicates};
use crate::client::Cause;
use crate::record::{Figures, Outcome, PERCENTILES, Summary, WITHIN};
use crate::signal::{KeyFailure, ResultKind};
use crate::time::Span;
use serde_json::Value;
use std::fmt::Write;
use std::time::Duration;

/// Where the time of a run went.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// Time that threads spent simulating, added up.
    pub simulating: Duration,
    /// Time spent writing rows.
    pub writing: Duration,
    /// Time spent on the figures and their intervals.
    pub summarising: Duration,
    /// From start to end.
    pub wall: Duration,
    /// Threads.
    pub jobs: usize,
}

/// Words that stand beside a figure.
fn told(name: &str) -> String {
    let span: Span = name.parse().unwrap_or_default();
    format!("  within {}", duration(span))
}

/// The table of a run.
pub fn run_table(
    summary: &Summary,
    figures: &Replicates<Figures>,
    timing: &Timing,
    out: Option<&str>,
) -> String {
    let mut text = headline(summary) + "\n";
    text += &figures_table(summary, figures).to_string();
    let causes = causes_table(figures);
    if !causes.is_empty() {
        let _ = write!(text, "\n{causes}");
    }
    for warning in &summary.warnings {
        let _ = writeln!(text, "\nwarning: {warning}");
    }
    let _ = writeln!(
        text,
        "\n{} numbers of this run have no source (bgsim assumptions lists them).",
        summary.assumed.len()
    );
    let seconds = |duration: Duration| format!("{:.2} s", duration.as_secs_f64());
    let _ = writeln!(
        text,
        "simulating {} on {}, writing {}, figures {}, in all {}; {:.1} M events/s",
        seconds(timing.simulating),
        if timing.jobs == 1 { "1 thread".into() } else { format!("{} threads together", timing.jobs) },
        seconds(timing.writing),
        seconds(timing.summarising),
        seconds(timing.wall),
        summary.engine.events as f64 / timing.wall.as_secs_f64().max(1e-9) / 1e6,
    );
    let _ = writeln!(text, "{}", summary.prints);
    if let Some(out) = out {
        let _ = writeln!(text, "record in {out}");
    }
    text
}

/// What was simulated, in a line.
fn headline(summary: &Summary) -> String {
    let about = &summary.scenario;
    format!(
        "{} · {} · {} measured after {} of warm-up · seed {}\n",
        about.name,
        devices(about.devices),
        duration(Span::from_secs_f64(about.measured_days * 86_400.0)),
        duration(Span::from_secs_f64(about.warmup_days * 86_400.0)),
        about.seed,
    )
}

/// The figures that people quote, with their intervals.
pub(super) fn figures_table(summary: &Summary, figures: &Replicates<Figures>) -> Table {
    let value = |path: &str| figures.all.get(path).and_then(|figure| figure.value(1.0));
    let number = |path: &str| count(value(path).unwrap_or(0.0) as u64);
    let interval = |path: &str| -> Option<Interval> {
        let ends = summary.ci95.get(path).and_then(Value::as_array)?;
        Some(Interval { low: ends.first()?.as_f64()?, high: ends.get(1)?.as_f64()? })
    };
    // A share has an interval of its own: what makes all counts of a device large leaves it alone.
    let of = |path: &str, whole: &str| -> String {
        let share = |figures: &Figures| {
            let count = |path: &str| figures.get(path)?.value(1.0);
            count(whole).filter(|whole| *whole > 0.0).and_then(|whole| Some(count(path)? / whole))
        };
        share_estimate(share(&figures.all), figures.interval(share).map(|i| i.clamp(0.0, 1.0)))
    };

    let mut table =
        Table::new([("", Align::Left), ("", Align::Right), ("share or time [95 % interval]", Align::Left)]);
    table.row(["mail arrived", &number("mail.arrived"), ""]);
    for outcome in Outcome::ALL {
        let path = format!("mail.outcomes.{}", outcome.name());
        table.row([format!("  {}", outcome.name()), number(&path), of(&path, "mail.arrived")]);
    }
    let outside = value("mail.outside_working_hours.arrived").unwrap_or(0.0);
    let scope = if outside > 0.0 { "told, of mail in working hours" } else { "told" };
    table.row([scope, "", ""]);
    for (name, _) in WITHIN {
        let path = format!("mail.told_within.{name}");
        table.row([told(name), String::new(), share_estimate(value(&path), interval(&path))]);
    }
    table.row(["latency", "", ""]);
    for name in PERCENTILES.map(|(name, _)| name).into_iter().chain(["mean"]) {
        let path = format!("mail.latency_s.{name}");
        let label = if name == "mean" { "  mean of told mail".into() } else { format!("  {name}") };
        table.row([label, String::new(), duration_estimate(value(&path), interval(&path))]);
    }

    table.row(["checks", &number("checks.total"), ""]);
    for name in ResultKind::ALL.map(ResultKind::name) {
        let path = format!("checks.by_result.{name}");
        if value(&path) > Some(0.0) {
            table.row([format!("  {name}"), number(&path), of(&path, "checks.total")]);
        }
    }
    table.row(["key failures", &number("key_failures.total"), ""]);
    for reason in KeyFailure::ALL {
        let path = format!("key_failures.by_reason.{}", reason.name());
        if value(&path) > Some(0.0) {
            table.row([format!("  {}", reason.name()), number(&path), of(&path, "key_failures.total")]);
        }
    }
    table.row(["notifications", &number("notifications.total"), ""]);
    table.row(["while locked, hours a day", "", ""]);
    for (label, name) in [
        ("  key in reach", "key_in_reach"),
        ("  key readable", "key_readable"),
        ("  key in memory", "key_in_memory"),
    ] {
        let path = format!("exposure.{name}_while_locked_h_per_day");
        table.row([label.into(), String::new(), hours_estimate(value(&path), interval(&path))]);
    }
    table
}

/// Why mail waited: the causes of delay, the greatest first.
pub(super) fn causes_table(figures: &Replicates<Figures>) -> Table {
    let value = |path: &str| figures.all.get(path).and_then(|figure| figure.value(1.0));
    let mut table = Table::new([
        ("why mail waited", Align::Left),
        ("told mail", Align::Right),
        ("", Align::Right),
        ("undelivered mail", Align::Right),
        ("", Align::Right),
    ]);
    let seconds = |list: &str, cause: Cause| value(&format!("mail.{list}.{}", cause.name())).unwrap_or(0.0);
    let lists = ["delay_causes_s", "undelivered_causes_s"];
    let totals = lists.map(|list| Cause::ALL.iter().map(|cause| seconds(list, *cause)).sum::<f64>());
    let mut causes: Vec<_> =
        Cause::ALL.into_iter().map(|cause| (lists.map(|list| seconds(list, cause)), cause)).collect();
    causes.retain(|(waited, _)| waited.iter().sum::<f64>() > 0.0);
    causes.sort_by(|(a, _), (b, _)| b[0].total_cmp(&a[0]).then(b[1].total_cmp(&a[1])));
    for (waited, cause) in causes {
        let mut cells = vec![format!("  {}", cause.name())];
        for (waited, total) in waited.into_iter().zip(totals) {
            let is_there = total > 0.0;
            cells.push(if is_there { duration(Span::from_secs_f64(waited)) } else { String::new() });
            cells.push(if is_there { share(Some(waited / total)) } else { String::new() });
        }
        table.row(cells);
    }
    table
}
