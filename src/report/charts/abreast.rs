//! Many arms, a row each: of how much of the mail users hear at once, how much they are told in time, in the end or
//! never, and beside that what it is paid with.

use super::canvas::{Anchor, Canvas, Font, INK, MUTED, PAPER, Xy};
use super::frame::{Area, Draw, MARGIN, NARROW_MARGIN, legend};
use super::look::{NAME, NOTE};
use super::{Cells, Estimate, Heading};
use crate::figure::{Figure, Unit};
use crate::report::figure::{name, value};
use crate::report::human::share;
use crate::report::labels::abridged;
use crate::report::wrap::within;
use plotters::style::RGBColor;
use serde::{Deserialize, Serialize};

/// The chart.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Abreast {
    /// What stands above it.
    pub heading: Heading,
    /// The arms, in order.
    pub arms: Vec<Lane>,
}

/// The row of an arm; all but prices are shares of the mail.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Lane {
    /// What it is called.
    pub label: String,
    /// Of how much users hear within 1 min, where something is pushed.
    pub signalled: Option<f64>,
    /// How much is told within 15 min.
    pub told: Estimate,
    /// How much is never told.
    pub never: Option<f64>,
    /// What it is paid with, each price in words.
    pub prices: Vec<String>,
}

const COLOUR: RGBColor = RGBColor(0x00, 0x72, 0xB2);
const UNTOLD: RGBColor = RGBColor(0xD5, 0x5E, 0x00);
const SMALL: Font = Font { size: 11.0, bold: false, colour: MUTED };

/// The marks, in the order of the legend.
#[derive(Clone, Copy)]
enum Mark {
    Signalled,
    Told,
    Later,
    Never,
}

fn heard() -> String {
    name(Figure::HEARD).replace("signalled", "heard of")
}

fn marks() -> [(Mark, String); 4] {
    [
        (Mark::Signalled, heard()),
        (Mark::Told, name(Figure::FIRST)),
        (Mark::Later, "told later".into()),
        (Mark::Never, "not told at all".into()),
    ]
}

/// Where things stand on a sheet.
struct Layout {
    area: Area,
    row: f64,
    /// From the top of a row to its line of marks.
    marks: f64,
    /// Where the prices begin, from the left edge and from the line of marks, and letters of a line of them.
    prices: Xy,
    in_a_line: usize,
    name: Xy,
    letters: usize,
}

impl Layout {
    fn of(canvas: &Canvas<'_>, rows: usize) -> Layout {
        let (left, right) = canvas.sheet.pick((214.0, 640.0), (22.0, 378.0));
        let (top, row) = canvas.sheet.pick((116.0, 44.0), (140.0, 66.0));
        let area = Area { left, right, top, bottom: top + row * rows.max(1) as f64 };
        Layout {
            area,
            row,
            marks: canvas.sheet.pick(22.0, 28.0),
            prices: canvas.sheet.pick((664.0, -9.0), (NARROW_MARGIN, 19.0)),
            in_a_line: canvas.sheet.pick(46, 64),
            name: canvas.sheet.pick((MARGIN, 4.0), (NARROW_MARGIN, -14.0)),
            letters: canvas.sheet.pick(23, 44),
        }
    }

    fn at(&self, share: f64) -> f64 {
        self.area.left + share.clamp(0.0, 1.0) * (self.area.right - self.area.left)
    }
}

fn draw(canvas: &mut Canvas<'_>, (x, y): Xy, mark: Mark) {
    match mark {
        Mark::Signalled => {
            canvas.circle((x, y), 6.5, COLOUR);
            canvas.circle((x, y), 4.5, PAPER);
        }
        Mark::Told => {
            canvas.circle((x, y), 6.0, PAPER);
            canvas.circle((x, y), 4.75, COLOUR);
        }
        Mark::Later => canvas.line((x - 9.0, y), (x + 9.0, y), COLOUR, 2.0),
        Mark::Never => canvas.rectangle((x - 9.0, y - 4.0), (x + 9.0, y + 4.0), UNTOLD),
    }
}

impl Draw for Abreast {
    fn inside(&self, canvas: &mut Canvas<'_>) -> f64 {
        let layout = Layout::of(canvas, self.arms.len());
        let area = layout.area;
        let (all, step) = (marks(), None);
        let all = all.each_ref().map(|(mark, words)| (*mark, words.as_str()));
        match canvas.sheet.pick(true, false) {
            true => legend(canvas, (MARGIN, 94.0), step, all.iter().copied(), draw),
            false => all.chunks(2).zip([94.0, 114.0]).for_each(|(line, baseline)| {
                legend(canvas, (NARROW_MARGIN, baseline), Some(178.0), line.iter().copied(), draw);
            }),
        }
        for percent in [0, 25, 50, 75, 100] {
            area.upright(canvas, &format!("{percent} %"), layout.at(f64::from(percent) / 100.0));
        }
        for (place, lane) in self.arms.iter().enumerate() {
            let y = area.top + layout.row * place as f64 + layout.marks;
            lane.draw(canvas, &layout, y);
        }
        if self.arms.is_empty() {
            area.nothing(canvas);
        }
        canvas.text("Share of the mail", (area.right, area.bottom + 40.0), NOTE, Anchor::End);
        area.bottom + 58.0
    }

    fn has_narrow(&self) -> bool {
        true
    }

    fn words(&self) -> Vec<String> {
        let arm = |lane: &Lane| {
            let [signalled, told, never, prices] = lane.cells();
            let heard =
                if lane.signalled.is_some() { format!("{} {signalled}, ", heard()) } else { String::new() };
            format!("{}: {heard}{} {told}, not told {never}; {prices}", lane.label, name(Figure::FIRST))
        };
        self.arms.iter().map(arm).collect()
    }

    fn cells(&self) -> Cells {
        let row = |lane: &Lane| [vec![lane.label.clone()], lane.cells().to_vec()].concat();
        let (heard, told) = (heard(), name(Figure::FIRST));
        let columns = ["arm", &heard, &told, "not told", "paid with"];
        Cells::of(columns, self.arms.iter().map(row))
    }
}

impl Lane {
    fn cells(&self) -> [String; 4] {
        let told = value(Figure::FIRST, self.told.known());
        debug_assert_eq!(Figure::FIRST.unit(), Unit::Share);
        let prices = if self.prices.is_empty() { "no price".into() } else { self.prices.join("; ") };
        [share(self.signalled), told, share(self.never), prices]
    }

    fn draw(&self, canvas: &mut Canvas<'_>, layout: &Layout, y: f64) {
        let (x, below) = layout.name;
        canvas.text(&abridged(&self.label, layout.letters), (x, y + below), NAME, Anchor::Start);
        let told = self.told.known().map(|part| layout.at(part));
        let in_the_end = self.never.map(|never| layout.at(1.0 - never));
        if let (Some(told), Some(end)) = (told, in_the_end) {
            canvas.line((told, y), (end.max(told), y), COLOUR, 2.0);
            // What is less than a line is not there.
            let right = layout.at(1.0);
            if right - end >= 0.5 {
                canvas.rectangle((end, y - 4.0), (right, y + 4.0), UNTOLD);
            }
        }
        if let Some([low, high]) = self.told.ends().map(|ends| ends.map(|end| layout.at(end))) {
            canvas.line((low, y - 4.0), (low, y + 4.0), INK, 1.0);
            canvas.line((high, y - 4.0), (high, y + 4.0), INK, 1.0);
            canvas.line((low, y), (high, y), INK, 1.0);
        }
        // Where both are the same the dot stands in the ring.
        if let Some(signalled) = self.signalled {
            draw(canvas, (layout.at(signalled), y), Mark::Signalled);
        }
        if let Some(told) = told {
            let radius = 4.0;
            canvas.circle((told, y), radius, COLOUR);
        }
        let (x, below) = layout.prices;
        let lines = within(&self.prices.join(" \u{b7} "), layout.in_a_line);
        for (line, text) in lines.iter().take(3).enumerate() {
            canvas.text(text, (x, y + below + 13.0 * line as f64), SMALL, Anchor::Start);
        }
    }
}
