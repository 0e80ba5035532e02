//! How much of a chart is shown. Charts come from files too, which may hold anything: what nobody could look at
//! is left out, and the subtitle says so.

use super::grid::Axis;
use super::{Chart, Day, Grid, Heading, Latency};
use crate::report::human::count;
use crate::report::labels::shortened;

/// Arms, panels and bars: more are not told apart.
const ARMS: usize = 100;
/// Points of a curve, of which bgsim makes half as many.
const POINTS: usize = 500;
/// The points of a sweep along one key, and of a whole sweep: bgsim runs no more.
const VALUES: usize = 1000;
const CELLS: usize = 10_000;
/// Mails, checks and states of a day: one every ten seconds.
const A_DAY: usize = 8640;
/// Strips, lines and ticks of a day.
const STRIPS: usize = 30;
/// Letters of a name; a picture has room for far fewer.
const LETTERS: usize = 500;

impl Chart {
    /// The chart without what nobody could look at.
    pub(super) fn legible(&self) -> Chart {
        let mut chart = self.clone();
        let mut cut = Cut::default();
        match &mut chart {
            Chart::Latency(chart) => cut.latency(chart),
            Chart::Week(chart) => {
                cut.list(&mut chart.panels, ARMS, "arms");
                chart.panels.iter_mut().for_each(|panel| text(&mut panel.label));
                text(&mut chart.nothing);
            }
            Chart::Causes(chart) => {
                cut.list(&mut chart.arms, ARMS, "arms");
                for arm in &mut chart.arms {
                    text(&mut arm.label);
                    cut.list(&mut arm.parts, ARMS, "causes");
                }
            }
            Chart::Grid(chart) => cut.grid(chart),
            Chart::Price(chart) => {
                cut.list(&mut chart.arms, ARMS, "arms");
                chart.arms.iter_mut().for_each(|arm| text(&mut arm.label));
            }
            Chart::Line(chart) => {
                cut.list(&mut chart.values, VALUES, "values");
                cut.list(&mut chart.found, VALUES, "values");
                chart.values.iter_mut().for_each(|value| text(&mut value.text));
                text(&mut chart.key);
            }
            Chart::Tornado(chart) => {
                cut.list(&mut chart.bars, VALUES, "numbers");
                for bar in &mut chart.bars {
                    [&mut bar.label, &mut bar.tag, &mut bar.low.at, &mut bar.high.at]
                        .into_iter()
                        .for_each(text);
                }
            }
            Chart::Day(chart) => cut.day(chart),
        }
        cut.say(chart.heading_mut());
        chart
    }
}

/// What was left out.
#[derive(Default)]
struct Cut(Option<String>);

impl Cut {
    /// The first of a list. What is left out of the first list that is too long is told.
    fn list<T>(&mut self, items: &mut Vec<T>, most: usize, what: &str) {
        if items.len() > most {
            let (shown, all) = (count(most as u64), count(items.len() as u64));
            self.0.get_or_insert_with(|| format!("Only the first {shown} of {all} {what} are shown"));
            items.truncate(most);
        }
    }

    fn say(self, heading: &mut Heading) {
        text(&mut heading.title);
        text(&mut heading.subtitle);
        if let Some(said) = self.0 {
            heading.subtitle = format!("{said}. {}", heading.subtitle);
        }
    }

    fn latency(&mut self, chart: &mut Latency) {
        self.list(&mut chart.arms, ARMS, "arms");
        for arm in &mut chart.arms {
            text(&mut arm.label);
            self.list(&mut arm.points, POINTS, "points");
            self.list(&mut arm.censored, POINTS, "marks");
        }
    }

    /// The cells lie row by row, so that those of columns that are left out lie between the others.
    fn grid(&mut self, chart: &mut Grid) {
        let before = chart.across.values.len();
        self.list(&mut chart.across.values, VALUES, "columns");
        let columns = chart.across.values.len();
        self.list(&mut chart.down.values, CELLS / columns.max(1), "rows");
        let mut place = 0..;
        chart.cells.retain(|_| place.next().is_some_and(|place| place % before.max(1) < columns));
        chart.cells.truncate(columns * chart.down.values.len());
        for Axis { key, values } in [&mut chart.across, &mut chart.down] {
            text(key);
            values.iter_mut().for_each(text);
        }
    }

    fn day(&mut self, chart: &mut Day) {
        self.list(&mut chart.mails, A_DAY, "mails");
        for mail in &mut chart.mails {
            [&mut mail.name, &mut mail.arrived, &mut mail.told, &mut mail.waited].into_iter().for_each(text);
        }
        self.list(&mut chart.checks, A_DAY, "checks");
        self.list(&mut chart.strips, STRIPS, "strips");
        for strip in &mut chart.strips {
            text(&mut strip.name);
            self.list(&mut strip.segments, A_DAY, "states");
            strip.segments.iter_mut().for_each(|segment| text(&mut segment.state));
        }
        self.list(&mut chart.lines, STRIPS, "lines");
        for line in &mut chart.lines {
            text(&mut line.name);
            self.list(&mut line.points, A_DAY, "samples");
        }
        self.list(&mut chart.ticks, STRIPS, "ticks");
        chart.ticks.iter_mut().for_each(|tick| text(&mut tick.label));
        self.list(&mut chart.working_hours, A_DAY, "working hours");
        text(&mut chart.why);
    }
}

/// A name of a bearable length.
fn text(text: &mut String) {
    // Fewer bytes than letters there cannot be.
    if text.len() > LETTERS {
        *text = shortened(text, LETTERS);
    }
}
