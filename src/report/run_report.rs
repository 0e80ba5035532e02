//! What a run found: a short table that a person understands, and its report.

use super::adoption::adoption_table;
use super::arm::Arm;
use super::arm_charts::arm_charts;
use super::by_charts::{run_charts, with_parts};
use super::by_table::{brief_captioned, brief_table, of_which_mail, spread};
use super::document::{Captioned, Report, begun};
use super::figure;
use super::findings;
use super::human::{
    EACH_ALONE, ONE_READER, count, devices, duration, duration_estimate, hours_estimate, share,
    share_estimate, simulated,
};
use super::paint::Screen;
use super::table::Align::{Left, Right};
use super::table::Table;
use crate::analysis::jackknife::Interval;
use crate::client::DelayCause;
use crate::figure::{Figure, Moment, Sample};
use crate::scenario::Scenario;
use crate::signal::ToldBy;
use crate::slice::Breakdown;
use crate::summary::{About, Brief, NotLooked, Summary};
use crate::time::Span;
use std::path::Path;

/// Puts the report of a run together.
pub fn run_report(scenario: &Scenario, summary: &Summary, arm: &Arm<'_>, by: &[&Breakdown<Brief>]) -> Report {
    let facts = [("Fingerprint", &summary.prints.fingerprint), ("Books", &summary.prints.books)];
    let facts = facts.map(|(name, print)| (name.to_string(), print.clone()));
    let report = Report {
        title: format!("How soon does {} tell of new mail?", scenario.name),
        verdict: verdict(arm),
        warnings: summary.warnings.iter().map(ToString::to_string).collect(),
        tables: tables(scenario, arm.figures)
            .into_iter()
            .chain(by.iter().map(|broken| brief_captioned(broken)))
            .collect(),
        charts: with_parts(arm_charts(std::slice::from_ref(arm), &[]), run_charts(by, arm)),
        ..begun(&[(&scenario.name, scenario)], summary.scenario.devices, facts, &summary.scenario.command)
    };
    report.interrupted_by(summary.interrupted)
}

fn tables(scenario: &Scenario, figures: &Sample) -> Vec<Captioned> {
    let mut tables = vec![decisive(figures).captioned("The figures that decide, with 95 % intervals")];
    let adoption = adoption_table(scenario, figures);
    if !adoption.is_empty() {
        tables.push(adoption.captioned("How what was published has reached the devices"));
    }
    tables.push(figures_table(figures).captioned("All figures, with 95 % intervals").appended());
    tables.push(causes_table(figures).captioned("Why mail waited, on average").appended());
    tables
}

/// Those by which people judge, and what it costs.
fn decisive(sample: &Sample) -> Table {
    let mut table = Table::new(&[("", Left), ("", Right), ("95 % interval", Left)]);
    for figure in Figure::judged() {
        let Some(found) = sample.value(figure) else { continue };
        let interval = sample.interval(figure).map(|Interval { low, high }| {
            [low, high].map(|end| figure::value(figure, Some(end))).join(" to ")
        });
        table.row([figure::name(figure), figure::value(figure, Some(found)), interval.unwrap_or_default()]);
    }
    table
}

/// How soon, and what stood in the way.
fn verdict(arm: &Arm<'_>) -> Vec<String> {
    let mut sentences = vec![findings::latency(std::slice::from_ref(arm)) + "."];
    let mean = arm.figures.value(Figure::Latency(Moment::Mean)).filter(|mean| *mean > 0.0);
    let waited = |cause: DelayCause| arm.figures.value(Figure::DelayCause(cause)).unwrap_or(0.0);
    let worst = DelayCause::ALL.into_iter().max_by(|a, b| waited(*a).total_cmp(&waited(*b)));
    if let (Some(mean), Some(worst)) = (mean, worst) {
        let long = |seconds: f64| duration(Span::from_secs_f64(seconds));
        sentences.push(format!(
            "Told mail waited {} on average, of which {} ({}) for one reason: {}.",
            long(mean),
            long(waited(worst)),
            share(Some(waited(worst) / mean)),
            super::cause_looks::looks(worst).sentence
        ));
    }
    sentences
}

/// What kind of time is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// Time on a processor, which other work on the machine does not lengthen.
    Processor,
    /// Time on the wall, where the system tells no other of a thread.
    Wall,
}

/// Where the time of a run went, in seconds on the wall but for the first.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// Time that threads spent simulating, added up.
    pub simulating: f64,
    /// Of which kind that is.
    pub clock: Clock,
    /// Time spent writing rows.
    pub writing: f64,
    /// Time spent on the figures and their intervals.
    pub summarising: f64,
    /// From start to end.
    pub wall: f64,
    /// Threads.
    pub jobs: usize,
}

/// The table of a run.
pub fn run_table(
    scenario: &Scenario,
    summary: &Summary,
    sample: &Sample,
    by: &[&Breakdown<Brief>],
    timing: Option<&Timing>,
    screen: Screen,
    out: Option<&Path>,
) -> String {
    let About { name, devices: many, measured_days, warmup_days, seed, .. } = &summary.scenario;
    let who = format!("{name} · {}", devices(*many));
    let says = |text: &str| screen.paragraph("", text);
    let mut text = says(&simulated(&who, *measured_days, *warmup_days, *seed)) + "\n";
    text += &summary.interrupted.map_or(String::new(), |interrupted| says(&interrupted.to_string()));
    text += &figures_table(sample).on(screen);
    for broken in by {
        text += &format!("\n{}", brief_table(broken).on(screen));
        let mail = of_which_mail(broken.slices.iter().map(|(name, brief)| (name, brief.in_hours)));
        for sentence in [spread(broken), mail].into_iter().flatten() {
            text += &says(&sentence);
        }
    }
    let more = [causes_table(sample), adoption_table(scenario, sample)];
    more.iter()
        .filter(|table| !table.is_empty())
        .for_each(|table| text += &format!("\n{}", table.on(screen)));
    for warning in &summary.warnings {
        text += &format!("\n{}", screen.paragraph("warning: ", &warning.to_string()));
    }
    if summary.drift.not_looked_for == Some(NotLooked::DatesDivideIt) {
        text += &says("\nNo drift is looked for: what happens on dates divides the measured span.");
    }
    let assumed = summary.assumed.len();
    let sources = format!("{assumed} numbers of this run have no source (bgsim assumptions lists them).");
    text += &format!("\n{}", [EACH_ALONE, ONE_READER, &sources].map(says).concat());
    let device_days = *many as f64 * (measured_days + warmup_days);
    let timing = timing.map(|timing| timing_text(timing, device_days, summary.engine.events));
    text += &timing.unwrap_or_default().lines().map(says).collect::<String>();
    text += &says(&summary.prints.to_string());
    text + &out.map_or(String::new(), |out| format!("record in {}\n", out.display()))
}

/// What simulating cost, by device-day and by alarm, and how long one waited for all of it.
fn timing_text(timing: &Timing, device_days: f64, alarms: u64) -> String {
    let Timing { simulating, clock, writing, summarising, wall, jobs } = timing;
    let kind = match clock {
        Clock::Processor => "of processor time",
        Clock::Wall => "on the wall (the system tells no processor time)",
    };
    let threads = if *jobs == 1 { "1 thread".into() } else { format!("{jobs} threads") };
    format!(
        "simulating {simulating:.2} s {kind}, {:.1} µs a device-day, {:.0} ns an alarm\n\
         in all {wall:.2} s on the wall by {threads}, of it writing {writing:.2} s, figures {summarising:.2} s\n",
        simulating / device_days * 1e6,
        simulating / (alarms as f64).max(1.0) * 1e9,
    )
}

/// The figures that people quote, with their intervals.
fn figures_table(sample: &Sample) -> Table {
    let number = |figure: Figure| count(sample.value(figure).unwrap_or(0.0) as u64);
    let within = |figure: Figure, whole: Figure| {
        share_estimate(sample.replicates.all.share(figure, whole), sample.share_interval(figure, whole))
    };
    let found = |figure: Figure| sample.value(figure) > Some(0.0);
    let label = figure::argument;
    let of = |family: fn(&Figure) -> bool| Figure::listed().filter(family);

    let mut table = Table::new(&[("", Left), ("", Right), ("share or time [95 % interval]", Left)]);
    table.row(["mail arrived", &number(Figure::Arrived), ""]);
    for figure in of(|figure| matches!(figure, Figure::Outcomes(_))) {
        table.part([label(figure), number(figure), within(figure, Figure::Arrived)]);
    }
    let has_outside = found(Figure::ArrivedOutside);
    if has_outside || found(Figure::HeldBack) {
        for figure in [Figure::ArrivedOutside, Figure::HeldBack] {
            table.row([figure::name(figure), number(figure), within(figure, Figure::Arrived)]);
        }
        let told = Figure::ToldBy(ToldBy::HoursBegin);
        if found(told) {
            table.part([figure::name(told), number(told), within(told, Figure::Arrived)]);
        }
    }
    table.row([if has_outside { "told, of mail in working hours" } else { "told" }, "", ""]);
    for figure in Figure::FIRST.family() {
        let label = figure::name(figure).replace("told ", "");
        let share = share_estimate(sample.value(figure), sample.interval(figure));
        table.part([label, String::new(), share]);
    }
    if sample.replicates.all.signals.is_some() {
        table.row(["signalled, or told", "", ""]);
        for figure in Figure::HEARD.family() {
            let label = figure::name(figure).replace("signalled ", "");
            let share = share_estimate(sample.value(figure), sample.interval(figure));
            table.part([label, String::new(), share]);
        }
        let after = Figure::DetailAfter;
        if let Some(found) = sample.value(after) {
            let time = duration_estimate(Some(found), sample.interval(after));
            table.part([figure::name(after), String::new(), time]);
        }
    }
    table.row(["latency", "", ""]);
    for figure in figure::percentiles_first() {
        let time = duration_estimate(sample.value(figure), sample.interval(figure));
        table.part([figure::moment(figure), String::new(), time]);
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
    if found(Figure::Retired) {
        table.row([&figure::name(Figure::Retired), &number(Figure::Retired), ""]);
        let wiped = Figure::Wiped;
        table.part([figure::name(wiped), number(wiped), within(wiped, Figure::Retired)]);
        let exposed = Figure::ExposedWhenRetired;
        let time = duration_estimate(sample.value(exposed), sample.interval(exposed));
        table.part(["key in reach while locked, until then".into(), String::new(), time]);
    }
    table.row(["while locked, hours a day", "", ""]);
    for figure in Figure::prices().into_iter().filter(|price| matches!(price, Figure::Exposure(_))) {
        let label = figure::name(figure).replace(" while locked", "");
        let hours = hours_estimate(sample.value(figure), sample.interval(figure));
        table.part([label, String::new(), hours]);
    }
    table
}

/// Why mail waited: the causes of delay, the greatest first.
fn causes_table(sample: &Sample) -> Table {
    let mut table = Table::new(&[
        ("why mail waited", Left),
        ("told mail", Right),
        ("", Right),
        ("undelivered mail", Right),
        ("", Right),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_simulating_cost_is_told_by_the_clock_that_counted_it() {
        let (simulating, writing, summarising, wall) = (2.0, 0.25, 0.5, 3.0);
        let timing = Timing { simulating, clock: Clock::Processor, writing, summarising, wall, jobs: 2 };
        assert_eq!(
            timing_text(&timing, 40_000.0, 20_000_000),
            "simulating 2.00 s of processor time, 50.0 µs a device-day, 100 ns an alarm\n\
             in all 3.00 s on the wall by 2 threads, of it writing 0.25 s, figures 0.50 s\n"
        );
        let by_the_wall = timing_text(&Timing { clock: Clock::Wall, jobs: 1, ..timing }, 40_000.0, 0);
        assert!(
            by_the_wall.starts_with("simulating 2.00 s on the wall (the system tells no processor time), ")
        );
        assert!(by_the_wall.contains("on the wall by 1 thread, "), "{by_the_wall}");
    }
}
