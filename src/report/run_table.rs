//! What a run found, as a short table that a person understands.

use super::figure;
use super::human::{count, devices, duration, duration_estimate, hours_estimate, share, share_estimate};
use super::table::{Align, Table};
use crate::client::DelayCause;
use crate::figure::{Figure, Moment, Sample};
use crate::summary::Summary;
use crate::time::Span;
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

/// The table of a run.
pub fn run_table(summary: &Summary, sample: &Sample, timing: &Timing, out: Option<&str>) -> String {
    let mut text = headline(summary) + "\n";
    text += &figures_table(sample).to_string();
    let causes = causes_table(sample);
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
pub(super) fn figures_table(sample: &Sample) -> Table {
    let number = |figure: Figure| count(sample.value(figure).unwrap_or(0.0) as u64);
    let within = |figure: Figure, whole: Figure| {
        share_estimate(sample.replicates.all.share(figure, whole), sample.share_interval(figure, whole))
    };
    let found = |figure: Figure| sample.value(figure) > Some(0.0);
    let label = figure::argument;
    let of = |family: fn(&Figure) -> bool| Figure::listed().filter(family);

    let mut table =
        Table::new([("", Align::Left), ("", Align::Right), ("share or time [95 % interval]", Align::Left)]);
    table.row(["mail arrived", &number(Figure::Arrived), ""]);
    for figure in of(|figure| matches!(figure, Figure::Outcomes(_))) {
        table.part([label(figure), number(figure), within(figure, Figure::Arrived)]);
    }
    let has_outside = found(Figure::ArrivedOutside);
    table.row([if has_outside { "told, of mail in working hours" } else { "told" }, "", ""]);
    for figure in Figure::FIRST.family() {
        let label = figure::name(figure).replace("told ", "");
        let share = share_estimate(sample.value(figure), sample.interval(figure));
        table.part([label, String::new(), share]);
    }
    table.row(["latency", "", ""]);
    for figure in figure::percentiles_first() {
        let label =
            if figure == Figure::Latency(Moment::Mean) { "mean of told mail".into() } else { label(figure) };
        let time = duration_estimate(sample.value(figure), sample.interval(figure));
        table.part([label, String::new(), time]);
    }
    table.row(["checks", &number(Figure::Checks), ""]);
    for figure in of(|figure| matches!(figure, Figure::ChecksWith(_))).filter(|figure| found(*figure)) {
        table.part([label(figure), number(figure), within(figure, Figure::Checks)]);
    }
    table.row(["key failures", &number(Figure::KeyFailures), ""]);
    for figure in of(|figure| matches!(figure, Figure::KeyFailuresBy(_))).filter(|figure| found(*figure)) {
        table.part([label(figure), number(figure), within(figure, Figure::KeyFailures)]);
    }
    table.row(["notifications", &number(Figure::Notifications), ""]);
    table.row(["while locked, hours a day", "", ""]);
    for figure in Figure::prices().into_iter().filter(|price| matches!(price, Figure::Exposure(_))) {
        let label = figure::name(figure).replace(" while locked", "");
        let hours = hours_estimate(sample.value(figure), sample.interval(figure));
        table.part([label, String::new(), hours]);
    }
    table
}

/// Why mail waited: the causes of delay, the greatest first.
pub(super) fn causes_table(sample: &Sample) -> Table {
    let mut table = Table::new([
        ("why mail waited", Align::Left),
        ("told mail", Align::Right),
        ("", Align::Right),
        ("undelivered mail", Align::Right),
        ("", Align::Right),
    ]);
    let seconds = |cause: DelayCause| {
        [Figure::DelayCause(cause), Figure::UndeliveredCause(cause)]
            .map(|figure| sample.value(figure).unwrap_or(0.0))
    };
    let mut causes = DelayCause::ALL.map(|cause| (seconds(cause), cause)).to_vec();
    let totals = [0, 1].map(|list| causes.iter().map(|(waited, _)| waited[list]).sum::<f64>());
    causes.retain(|(waited, _)| waited.iter().sum::<f64>() > 0.0);
    causes.sort_by(|(a, _), (b, _)| b[0].total_cmp(&a[0]).then(b[1].total_cmp(&a[1])));
    for (waited, cause) in causes {
        let mut cells = vec![cause.name().to_string()];
        for (waited, total) in waited.into_iter().zip(totals) {
            let is_there = total > 0.0;
            cells.push(if is_there { duration(Span::from_secs_f64(waited)) } else { String::new() });
            cells.push(if is_there { share(Some(waited / total)) } else { String::new() });
        }
        table.part(cells);
    }
    table
}
