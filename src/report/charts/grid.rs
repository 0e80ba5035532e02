//! The chart of a sweep over two variables: a figure in each combination of their values.

use super::canvas::{Anchor, Canvas};
use super::frame::{Area, Draw, MARGIN, NARROW_MARGIN};
use super::heat::{FIXED, Reading, Shading, Steps, Tile, bar, explain, signs};
use super::look::{NAME, NOTE};
use super::ticks::{decimals, extent};
use super::{Cells, Estimate, Heading};
use crate::figure::{Figure, Unit};
use crate::report::figure;
use crate::report::human::{NOT_REACHED, in_one_unit, short_duration, unit_of};
use crate::report::labels::{in_few_digits, letters, shortened};
use crate::time::Span;
use serde::{Deserialize, Serialize};

/// The chart.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Grid {
    /// What stands above it.
    pub heading: Heading,
    /// The figure.
    pub figure: Figure,
    /// The variable whose values stand side by side.
    pub across: Variable,
    /// The variable whose values stand one beneath the other.
    pub down: Variable,
    /// The estimates row by row, `down` times `across` of them; those that are missing are unknown.
    pub cells: Vec<Estimate>,
    /// Which of them are framed, because no other is seen to beat them at their price; none where nothing is said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unbeaten: Vec<bool>,
}

/// A variable.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Variable {
    /// Its key in the scenario.
    pub key: String,
    /// Its values, in order.
    pub values: Vec<String>,
}

/// From the left edge of the cells to their right one, on a wide sheet and on a narrow one.
const ACROSS: [[f64; 2]; 2] = [[150.0, 816.0], [84.0, 316.0]];
const TOP: f64 = 116.0;
/// Below the cells, where the values and the name of the variable across stand.
const FOOT: f64 = 64.0;
/// Below that, where the signs are explained if there are any.
const EXPLAINED: f64 = 26.0;

/// Cells are no wider and no taller.
const LARGEST: (f64, f64) = (128.0, 48.0);
const HEIGHT: f64 = 440.0;
/// Rows are no flatter, whatever the height comes to.
const FLATTEST: f64 = 12.0;

/// Room for a letter of the numbers and of the values, with some to spare.
const LETTER: f64 = 6.9;

impl Draw for Grid {
    fn inside(&self, canvas: &mut Canvas<'_>) -> f64 {
        let (columns, rows) = (self.across.values.len(), self.down.values.len());
        let [left, right] = canvas.sheet.pick(ACROSS[0], ACROSS[1]);
        // As wide as the longest of the values below, where there is room.
        let longest = shown(&self.across).iter().map(|value| letters(value)).max().unwrap_or(0);
        let most = LARGEST.0.max(longest as f64 * LETTER + 8.0);
        let width = ((right - left) / columns.max(1) as f64).min(most);
        let height = (HEIGHT / rows.max(1) as f64).clamp(FLATTEST, LARGEST.1);
        let scale = self.scale();
        let tiling = Tiling { grid: self, left, width, height, scale: scale.unwrap_or(FIXED) };
        let bottom = TOP + height * rows as f64;
        let signs = signs(self.readings());
        if columns == 0 || rows == 0 {
            Area { left: 0.0, right: canvas.sheet.width(), top: TOP, bottom }.nothing(canvas);
            return bottom + FOOT;
        }
        tiling.values(canvas);
        tiling.tiles(canvas);
        if scale.is_some() {
            tiling.bar(canvas, bottom.min(TOP + 220.0));
        }
        explain(canvas, (left, bottom + FOOT + 8.0), &signs, "unknown");
        bottom + if signs.is_empty() { FOOT } else { FOOT + EXPLAINED }
    }

    fn has_narrow(&self) -> bool {
        true
    }

    fn words(&self) -> Vec<String> {
        let known =
            self.places().filter_map(|(row, column)| Some((self.reading(row, column).value()?, row, column)));
        let words = |(value, row, column): (f64, usize, usize)| {
            let Grid { figure, down, across, .. } = self;
            let place =
                format!("{} {}, {} {}", down.key, down.values[row], across.key, across.values[column]);
            format!("{} ({place})", figure::value(*figure, Some(value)))
        };
        let least = known.clone().min_by(|a, b| a.0.total_cmp(&b.0));
        let greatest = known.max_by(|a, b| a.0.total_cmp(&b.0));
        let span = match least.zip(greatest) {
            Some((least, greatest)) => format!("from {} to {}", words(least), words(greatest)),
            None => "no value is known".into(),
        };
        let framed = self.places().zip(&self.unbeaten).filter(|(_, framed)| **framed);
        let framed: Vec<String> = framed
            .map(|((row, column), _)| {
                format!("{} with {}", self.down.values[row], self.across.values[column])
            })
            .collect();
        let framed = (!framed.is_empty()).then(|| format!("not beaten at its price: {}", framed.join(", ")));
        [format!("{}: {span}", figure::name(self.figure))].into_iter().chain(framed).collect()
    }

    /// The estimates, a row for each combination.
    fn cells(&self) -> Cells {
        let columns =
            [&self.down.key, &self.across.key, &figure::name(self.figure), "95 % interval from", "to"];
        let row = |(row, column): (usize, usize)| {
            let names = [&self.down.values[row], &self.across.values[column]].map(String::clone);
            names.into_iter().chain(self.at(row, column).in_words(self.figure)).collect()
        };
        Cells::of(columns, self.places().map(row))
    }
}

impl Grid {
    /// Every combination, row by row.
    fn places(&self) -> impl Iterator<Item = (usize, usize)> + Clone {
        let columns = self.across.values.len();
        (0..self.down.values.len()).flat_map(move |row| (0..columns).map(move |column| (row, column)))
    }

    fn at(&self, row: usize, column: usize) -> Estimate {
        let found = self.cells.get(row * self.across.values.len() + column);
        found.map(Estimate::drawn).unwrap_or_default()
    }

    /// A percentile that is unknown lies beyond what was observed.
    fn reading(&self, row: usize, column: usize) -> Reading {
        match self.at(row, column).value {
            Some(value) => Reading::Value(value),
            None if figure::value(self.figure, None) == NOT_REACHED => Reading::Beyond,
            None => Reading::Nothing,
        }
    }

    fn readings(&self) -> impl Iterator<Item = Reading> + Clone {
        self.places().map(|(row, column)| self.reading(row, column))
    }

    /// From the least to the greatest value; lengths of time by ratio where they differ much.
    fn scale(&self) -> Option<Shading> {
        let (low, high) = extent(self.readings().filter_map(Reading::value))?;
        let are_ratios = self.figure.unit() == Unit::Seconds && low > 0.0 && high / low > 10.0;
        Some(Shading { low, high, steps: if are_ratios { Steps::Ratios } else { Steps::Even } })
    }

    /// A value with its unit, in three digits or four.
    fn full(&self, value: f64) -> String {
        match self.figure.unit() {
            Unit::Seconds => in_one_unit(value).0,
            unit @ (Unit::HoursPerDay | Unit::PerDay(_)) => {
                format!("{value:.*} {}", decimals(self.readings().filter_map(Reading::value)), unit.name())
            }
            _ => figure::value(self.figure, Some(value)),
        }
    }

    /// A value in few letters, without its unit if that is the same for all.
    fn brief(&self, value: f64) -> String {
        match self.figure.unit() {
            Unit::Seconds => short_duration(Span::from_secs_f64(value)),
            _ => without_unit(&self.full(value)),
        }
    }

    /// Half the width of the interval, in the unit of the value.
    fn spread(&self, row: usize, column: usize) -> Option<String> {
        let Estimate { value, ci95 } = self.at(row, column);
        let half =
            ci95.map(|[low, high]| (high - low) / 2.0).filter(|half| (0.0..f64::INFINITY).contains(half))?;
        let in_tenths = |amount: f64| match amount {
            amount if amount > 0.0 && amount < 0.05 => "< 0.1".into(),
            amount => format!("{amount:.1}"),
        };
        let text = match self.figure.unit() {
            Unit::Seconds => in_tenths(half * 1000.0 / unit_of(Span::from_secs_f64(value?)).1),
            Unit::Share => in_tenths(half * 100.0),
            _ => without_unit(&figure::size(self.figure, half, None).0),
        };
        Some(format!("± {text}"))
    }
}

/// The values of a variable as they stand at the cells.
fn shown(axis: &Variable) -> Vec<String> {
    in_few_digits(&axis.values.iter().map(String::as_str).collect::<Vec<_>>())
}

/// What stands before the unit.
fn without_unit(text: &str) -> String {
    text.rsplit_once(' ').map_or(text, |(number, _)| number).into()
}

/// The area of the cells.
struct Tiling<'a> {
    grid: &'a Grid,
    /// Where the cells begin.
    left: f64,
    /// Of a cell.
    width: f64,
    /// Of a cell.
    height: f64,
    scale: Shading,
}

impl Tiling<'_> {
    fn corner(&self, row: usize, column: usize) -> (f64, f64) {
        (self.left + self.width * column as f64, TOP + self.height * row as f64)
    }

    /// The values of both variables, as many as there is room for.
    fn values(&self, canvas: &mut Canvas<'_>) {
        let Grid { down, across, .. } = self.grid;
        canvas.text(
            &shortened(&down.key, canvas.sheet.pick(60, 44)),
            (canvas.sheet.pick(MARGIN, NARROW_MARGIN), TOP - 16.0),
            NAME,
            Anchor::Start,
        );
        let stride = libm::ceil(16.0 / self.height) as usize;
        for (row, value) in shown(down).iter().enumerate().step_by(stride) {
            let y = self.corner(row, 0).1 + (self.height - 1.0) / 2.0 + 4.3;
            canvas.text(
                &shortened(value, canvas.sheet.pick(19, 10)),
                (self.left - 10.0, y),
                NOTE,
                Anchor::End,
            );
        }
        let across_values = shown(across);
        let longest = across_values.iter().map(|value| letters(value)).max().unwrap_or(0);
        let wanted = longest.clamp(2, 7) as f64 * LETTER + 6.0;
        let stride = libm::ceil(wanted / self.width) as usize;
        let most = ((self.width * stride as f64 - 4.0) / LETTER) as usize;
        let bottom = self.corner(down.values.len(), 0).1;
        for (column, value) in across_values.iter().enumerate().step_by(stride) {
            let x = self.corner(0, column).0 + self.width / 2.0;
            canvas.text(&shortened(value, most), (x, bottom + 18.0), NOTE, Anchor::Middle);
        }
        canvas.text(
            &shortened(&across.key, canvas.sheet.pick(60, 40)),
            (self.left, bottom + 42.0),
            NAME,
            Anchor::Start,
        );
    }

    fn tiles(&self, canvas: &mut Canvas<'_>) {
        let numbers = self.numbers();
        for (row, column) in self.grid.places() {
            let reading = self.grid.reading(row, column);
            let number = reading.value().zip(numbers).map(|(value, number)| number(self.grid, value));
            let number = number.unwrap_or_default();
            let spread = self.grid.spread(row, column).filter(|text| self.fits(text) && self.height >= 34.0);
            let spread = spread.filter(|_| !number.is_empty()).unwrap_or_default();
            let tile = Tile { corner: self.corner(row, column), size: (self.width, self.height) };
            tile.draw(canvas, reading, &self.scale, [&number, &spread]);
            let place = row * self.grid.across.values.len() + column;
            if self.grid.unbeaten.get(place) == Some(&true) {
                tile.frame(canvas, reading, &self.scale);
            }
        }
    }

    /// How numbers are written: in full if all fit, else briefly, else not at all.
    fn numbers(&self) -> Option<fn(&Grid, f64) -> String> {
        let forms: [fn(&Grid, f64) -> String; 2] = [Grid::full, Grid::brief];
        let values = || self.grid.readings().filter_map(Reading::value);
        let fit = |form: &fn(&Grid, f64) -> String| values().all(|value| self.fits(&form(self.grid, value)));
        forms.into_iter().find(fit).filter(|_| self.height >= 18.0)
    }

    fn fits(&self, text: &str) -> bool {
        letters(text) as f64 * LETTER + 4.0 <= self.width
    }

    fn bar(&self, canvas: &mut Canvas<'_>, bottom: f64) {
        let timed = self.grid.figure.unit() == Unit::Seconds;
        let form = |value| if timed { self.grid.brief(value) } else { self.grid.full(value) };
        let named = |value| (value, shortened(&form(value), 13));
        let marks: &[f64] = match self.scale.is_flat() {
            true => &[0.5],
            false if bottom - TOP < 80.0 => &[0.0, 1.0],
            false => &[0.0, 0.25, 0.5, 0.75, 1.0],
        };
        let marked: Vec<_> = marks.iter().map(|share| named(self.scale.at(*share))).collect();
        let left = self.corner(0, self.grid.across.values.len()).0 + canvas.sheet.pick(20.0, 8.0);
        bar(canvas, &self.scale, (left, TOP), bottom - 1.0, &marked);
    }
}
