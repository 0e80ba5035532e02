//! The chart of the week: a measure in each of its 168 hours, a panel per arm, one beneath the other and all
//! on one scale of colour, so that arms compare at a glance; or one panel for the difference of two.

use super::canvas::{Anchor, Canvas, Sheet};
use super::frame::{Area, Draw, legend};
use super::heat::{FIXED, Reading, Shading, Steps, Tile, bar, explain, signs};
use super::look::{Look, NAME, NOTE, mark};
use super::ticks::extent;
use super::{Cells, Heading};
use crate::analysis::jackknife::Interval;
use crate::figure::Figure;
use crate::report::figure::{change, difference};
use crate::report::human::{NOT_REACHED, share, short_duration, trimmed};
use crate::report::labels::shortened;
use crate::time::Span;
use serde::{Deserialize, Serialize};

/// The chart.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Week {
    /// What stands above it.
    pub heading: Heading,
    /// What the cells hold.
    pub measure: Measure,
    /// Why a cell may be empty, such as `fewer than 8 devices have mail`; `no data` if this is empty.
    #[serde(default)]
    pub nothing: String,
    /// A panel for each arm.
    pub panels: Vec<Panel>,
}

/// What the cells hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// A length of time in seconds, coloured on a logarithmic scale.
    Seconds,
    /// A share from 0 to 1.
    Share,
    /// How much more of the mail is told in time, from -1 to 1.
    Change,
}

/// The week of one arm.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Panel {
    /// Its name.
    pub label: String,
    /// The 168 hours in local time, from Monday at 00 on; hours that are missing have no reading.
    pub cells: Vec<Reading>,
    /// The 95 % interval of each, where the cells are changes; those that are missing are unknown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ends: Vec<Option<[f64; 2]>>,
}

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const HOURS: usize = 24;

/// The left edge of the cells, and how wide each is.
const ACROSS: (f64, f64) = (66.0, 32.0);
/// On a narrow sheet they have no room for numbers.
const NARROW: (f64, f64) = (44.0, 11.5);
const TOP: f64 = 90.0;
/// Above a panel, where its label stands.
const LABEL: f64 = 26.0;
/// Below a panel, where the hours and a gap stand.
const BELOW: f64 = 44.0;
/// Below the last panel's hours, where the signs are explained.
const FOOT: f64 = 22.0;

/// What an outline says of a change.
const HOLLOW: &str = "outlined: zero lies in the 95 % interval, or too few devices";

/// Where a scale of seconds may begin and end.
const STEPS_S: [f64; 24] = [
    1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0, 14_400.0,
    28_800.0, 43_200.0, 86_400.0, 172_800.0, 345_600.0, 604_800.0, 2.4192e6, 3.1536e7, 3.16224e9,
];
/// How many times its start the end of a scale is at least: one that spans less exaggerates.
const LEAST_RATIO: f64 = 4.0;
/// How far a scale of changes may reach to either side.
const REACHES: [f64; 8] = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0];
/// Which of the steps are marked first.
const PROMINENT_S: [f64; 9] = [1.0, 10.0, 60.0, 300.0, 900.0, 3600.0, 14_400.0, 86_400.0, 604_800.0];

impl Draw for Week {
    fn inside(&self, canvas: &mut Canvas<'_>) -> f64 {
        let many = self.panels.len().max(1);
        let (cell_height, label) = if many == 1 { (30.0, 0.0) } else { (24.0, LABEL) };
        let panel_height = label + cell_height * DAYS.len() as f64 + BELOW;
        let is_change = self.measure == Measure::Change;
        let height = TOP + panel_height * many as f64 + if is_change { FOOT * 2.0 } else { FOOT };
        let (left, cell_width) = canvas.sheet.pick(ACROSS, NARROW);
        let hours = Hours {
            scale: self.scale(),
            unit: self.unit(),
            measure: self.measure,
            sheet: canvas.sheet,
            left,
            cell: (cell_width, cell_height),
        };
        if self.panels.is_empty() {
            Area { left, right: hours.right(), top: TOP, bottom: height - FOOT }.nothing(canvas);
            return height;
        }
        for (place, panel) in self.panels.iter().enumerate() {
            let top = TOP + label + panel_height * place as f64;
            if many > 1 {
                mark(canvas, (left + 6.0, top - 14.0), Look::of(place));
                let label = shortened(&panel.label, canvas.sheet.pick(60, 42));
                canvas.text(&label, (left + 20.0, top - 9.5), NAME, Anchor::Start);
            }
            hours.panel(canvas, panel, |hour| self.is_unsure(panel, hour), top);
        }
        let mut left = left;
        if is_change {
            legend(canvas, (left, height - 20.0 - FOOT), None, [((), HOLLOW)], |canvas, (x, y), ()| {
                Tile { corner: (x - 9.0, y - 9.0), size: (18.0, 18.0) }.hollow(canvas, "");
            });
        }
        if self.values().next().is_some() {
            hours.bar(canvas, TOP + label);
        }
        if self.values().next().is_some() && canvas.sheet == Sheet::Wide {
            let says = format!("Numbers are {}", hours.unit.0);
            canvas.text(&says, (left, height - 20.0), NOTE, Anchor::Start);
            left += 152.0;
        }
        explain(canvas, (left, height - 20.0), &signs(self.readings()), &shortened(self.nothing(), 60));
        height
    }

    fn has_narrow(&self) -> bool {
        true
    }

    fn words(&self) -> Vec<String> {
        let panel = |panel: &Panel| {
            let most = |sign: f64| {
                let values = panel.readings().enumerate();
                let values = values.filter_map(|(hour, reading)| Some((hour, reading.value()?)));
                let found = values.max_by(|a, b| (sign * a.1).total_cmp(&(sign * b.1)));
                found.map(|(hour, value)| {
                    let when = format!("{} {:02}:00", DAYS[hour / HOURS], hour % HOURS);
                    format!("{} ({when})", self.measure.words(Reading::Value(value)))
                })
            };
            let span = most(-1.0).zip(most(1.0)).map(|(low, high)| format!("from {low} to {high}"));
            let hours = |sign: Reading| match panel.readings().filter(|reading| *reading == sign).count() {
                0 => None,
                hours if sign == Reading::Beyond => Some(format!("{NOT_REACHED} in {hours} hours")),
                hours => Some(format!("{} in {hours} hours", self.nothing())),
            };
            let unsure = match (0..DAYS.len() * HOURS).filter(|hour| self.is_unsure(panel, *hour)).count() {
                0 => None,
                hours => Some(format!("not told from zero in {hours} hours")),
            };
            let parts = [span, unsure, hours(Reading::Beyond), hours(Reading::Nothing)];
            format!("{}: {}", panel.label, parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
        };
        self.panels.iter().map(panel).collect()
    }

    /// The readings, a row for each day of each arm.
    fn cells(&self) -> Cells {
        let hours = (0..HOURS).map(|hour| format!("{hour:02}"));
        let columns = ["arm".into(), "day".into()].into_iter().chain(hours).collect();
        let row = |panel: &Panel, day: usize| {
            let hours = (0..HOURS).map(|hour| match (self.measure, panel.at(day, hour)) {
                (Measure::Change, Reading::Value(value)) => {
                    let ends = panel.interval(day * HOURS + hour);
                    difference(Figure::FIRST, Some(value), ends)
                }
                (measure, reading) => measure.words(reading),
            });
            [panel.label.clone(), DAYS[day].into()].into_iter().chain(hours).collect()
        };
        let days = |panel| (0..DAYS.len()).map(move |day| row(panel, day));
        Cells { columns, rows: self.panels.iter().flat_map(days).collect() }
    }
}

impl Week {
    fn readings(&self) -> impl Iterator<Item = Reading> + Clone {
        self.panels.iter().flat_map(Panel::readings)
    }

    fn values(&self) -> impl Iterator<Item = f64> + Clone {
        self.readings().filter_map(Reading::value)
    }

    /// Whether the change in this hour is one that chance alone might make.
    fn is_unsure(&self, panel: &Panel, hour: usize) -> bool {
        let is_change =
            self.measure == Measure::Change && panel.at(hour / HOURS, hour % HOURS).value().is_some();
        is_change && !panel.interval(hour).is_some_and(Interval::leaves_zero_out)
    }

    /// Shares are seen against all and nothing, seconds between the steps around them, and changes to either side of zero.
    fn scale(&self) -> Shading {
        match self.measure {
            Measure::Share => return FIXED,
            Measure::Change => {
                // Those that chance might make have no colour.
                let sure = |panel| (0..DAYS.len() * HOURS).filter(move |hour| !self.is_unsure(panel, *hour));
                let value = |panel: &Panel, hour: usize| panel.at(hour / HOURS, hour % HOURS).value();
                let seen = self
                    .panels
                    .iter()
                    .flat_map(|panel| sure(panel).filter_map(move |hour| value(panel, hour)));
                let most = seen.map(f64::abs).fold(0.0, f64::max);
                let reach = REACHES.into_iter().find(|reach| *reach >= most).unwrap_or(1.0);
                return Shading { low: -reach, high: reach, steps: Steps::Parting };
            }
            Measure::Seconds => {}
        }
        let (least, greatest) = extent(self.values()).unwrap_or((60.0, 3600.0));
        let last = STEPS_S.len() - 1;
        let mut low = STEPS_S.iter().rposition(|step| *step <= least).unwrap_or(0).min(last - 1);
        let mut high = STEPS_S.iter().position(|step| *step >= greatest).unwrap_or(last).max(low + 1);
        while STEPS_S[high] < LEAST_RATIO * STEPS_S[low] {
            (low, high) = (low.saturating_sub(1), (high + 1).min(last));
        }
        let (low, high) = (STEPS_S[low], STEPS_S[high]);
        Shading { low, high, steps: Steps::Ratios }
    }

    /// The one unit of all numbers and its seconds: that in which the longest has three digits at most.
    fn unit(&self) -> (&'static str, f64) {
        let longest = extent(self.values()).map_or(0.0, |extent| extent.1);
        match self.measure {
            Measure::Share => ("per cent", 0.01),
            Measure::Change => ("points", 0.01),
            Measure::Seconds if longest < 100.0 => ("seconds", 1.0),
            Measure::Seconds if longest < 60_000.0 => ("minutes", 60.0),
            Measure::Seconds if longest < 3_600_000.0 => ("hours", 3600.0),
            Measure::Seconds => ("days", 86_400.0),
        }
    }

    /// Why a cell may be empty.
    fn nothing(&self) -> &str {
        if self.nothing.is_empty() { "no data" } else { &self.nothing }
    }
}

impl Panel {
    fn at(&self, day: usize, hour: usize) -> Reading {
        self.cells.get(day * HOURS + hour).map_or(Reading::Nothing, |reading| reading.sound())
    }

    fn interval(&self, hour: usize) -> Option<Interval> {
        let [low, high] = (*self.ends.get(hour)?)?;
        Some(Interval { low, high })
    }

    fn readings(&self) -> impl Iterator<Item = Reading> + Clone {
        (0..DAYS.len()).flat_map(move |day| (0..HOURS).map(move |hour| self.at(day, hour)))
    }
}

impl Measure {
    /// A reading with its unit.
    fn words(self, reading: Reading) -> String {
        match reading.sound() {
            Reading::Nothing => String::new(),
            Reading::Beyond => NOT_REACHED.into(),
            Reading::Value(value) => match self {
                Measure::Seconds => short_duration(Span::from_secs_f64(value)),
                Measure::Share => share(Some(value)),
                Measure::Change => change(Figure::FIRST, Some(value)),
            },
        }
    }
}

/// What all panels share.
struct Hours {
    scale: Shading,
    unit: (&'static str, f64),
    measure: Measure,
    sheet: Sheet,
    left: f64,
    cell: (f64, f64),
}

impl Hours {
    fn right(&self) -> f64 {
        self.left + HOURS as f64 * self.cell.0
    }

    fn panel(&self, canvas: &mut Canvas<'_>, panel: &Panel, is_unsure: impl Fn(usize) -> bool, top: f64) {
        for (day, name) in DAYS.iter().enumerate() {
            let y = top + self.cell.1 * day as f64;
            let baseline = y + (self.cell.1 - 1.0) / 2.0 + 4.3;
            canvas.text(name, (self.left - 10.0, baseline), NOTE, Anchor::End);
            for hour in 0..HOURS {
                let reading = panel.at(day, hour);
                let value = reading.value().filter(|_| self.sheet == Sheet::Wide);
                let number = value.map_or(String::new(), |value| shortened(&self.number(value), 4));
                let corner = (self.left + self.cell.0 * hour as f64, y);
                let tile = Tile { corner, size: self.cell };
                match is_unsure(day * HOURS + hour) {
                    true => tile.hollow(canvas, &number),
                    false => tile.draw(canvas, reading, &self.scale, [&number, ""]),
                }
            }
        }
        for hour in (0..=HOURS).step_by(self.sheet.pick(3, 6)) {
            let x = self.left + self.cell.0 * hour as f64 - 0.5;
            let below = top + self.cell.1 * DAYS.len() as f64 + 16.0;
            canvas.text(&format!("{hour:02}"), (x, below), NOTE, Anchor::Middle);
        }
    }

    /// A few characters, in the one unit.
    fn number(&self, value: f64) -> String {
        let amount = value / self.unit.1;
        match self.measure {
            // Nearly all and nearly nothing must not read as all and nothing.
            Measure::Share if amount > 99.5 && amount < 100.0 => trimmed(amount.min(99.9), 1),
            Measure::Share if amount > 0.0 && amount < 0.5 => "<1".into(),
            Measure::Share => trimmed(amount, 0),
            Measure::Change => signed(amount, usize::from(amount.abs() < 9.95)),
            Measure::Seconds if amount > 0.0 && amount < 0.05 => "<0.1".into(),
            // Decimals where whole numbers would say too little.
            Measure::Seconds if amount < 0.95 || self.scale.high / self.unit.1 <= 10.0 => {
                trimmed(amount.max(0.0), usize::from(amount < 9.95))
            }
            Measure::Seconds => trimmed(amount, 0),
        }
    }

    fn bar(&self, canvas: &mut Canvas<'_>, top: f64) {
        let bottom = top + self.cell.1 * DAYS.len() as f64 - 1.0;
        let marked = match self.measure {
            Measure::Share => vec![0.0, 0.25, 0.5, 0.75, 1.0],
            Measure::Change => [0.0, 0.25, 0.5, 0.75, 1.0].map(|share| self.scale.at(share)).into(),
            Measure::Seconds => self.marked(bottom - top),
        };
        let name = |value| match self.measure {
            Measure::Share => trimmed(value * 100.0, 0) + " %",
            Measure::Change => signed(value * 100.0, 2),
            Measure::Seconds => self.measure.words(Reading::Value(value)),
        };
        let marked: Vec<_> = marked.into_iter().map(|value| (value, name(value))).collect();
        bar(canvas, &self.scale, (self.right() + self.sheet.pick(20.0, 10.0), top), bottom, &marked);
    }

    /// Both ends of the scale, and of the steps between those that keep apart, the prominent ones first.
    fn marked(&self, height: f64) -> Vec<f64> {
        let Shading { low, high, .. } = self.scale;
        let mut marked = vec![low, high];
        for step in PROMINENT_S.into_iter().chain(STEPS_S) {
            let apart = |other: &f64| (self.scale.share(*other) - self.scale.share(step)).abs() * height;
            if low < step && step < high && marked.iter().all(|other| apart(other) >= 19.0) {
                marked.push(step);
            }
        }
        marked
    }
}

/// A number with its sign, unless it rounds to nothing.
fn signed(amount: f64, decimals: usize) -> String {
    match trimmed(amount.abs(), decimals).as_str() {
        "0" => "0".into(),
        text => format!("{}{text}", if amount < 0.0 { '\u{2212}' } else { '+' }),
    }
}
