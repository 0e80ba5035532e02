//! The frame of every chart: the sheet and its heading, the axes around the data, the legend, the labels of
//! arms, and what stands where there is no data. What is inside draws the chart itself.

use super::canvas::{Anchor, Canvas, Font, GRID, MUTED, Sheet, Xy, picture};
use super::look::{NAME, NOTE, SUBTITLE, TITLE};
use super::{Cells, Heading};
use crate::report::labels::{abridged, in_two, letters, shortened};
use crate::report::wrap::within;
use plotters::style::RGBColor;

/// What a chart is to its frame.
pub(super) trait Draw {
    /// Draws what stands below the heading, and gives the height that the sheet needs.
    fn inside(&self, canvas: &mut Canvas<'_>) -> f64;

    /// Whether it knows how to be drawn on a narrow sheet.
    fn has_narrow(&self) -> bool {
        false
    }

    /// What it shows, in phrases for those who do not see it.
    fn words(&self) -> Vec<String>;

    /// What it shows, as a table.
    fn cells(&self) -> Cells;
}

/// The picture of a chart.
pub(super) fn svg(heading: &Heading, chart: &dyn Draw, sheet: Sheet) -> String {
    let mut words = [vec![heading.subtitle.clone()], chart.words()].concat();
    words.retain(|phrase| !phrase.is_empty());
    picture(sheet, &heading.title, &words.join(". "), |canvas| {
        match sheet {
            Sheet::Wide => heading.draw(canvas),
            Sheet::Narrow => canvas.lowered = heading.draw_narrow(canvas) - HEADING,
        }
        chart.inside(canvas)
    })
}

/// The baseline of the last line of a heading on a wide sheet, from which charts measure.
const HEADING: f64 = 62.0;

/// From the left edge of the sheet to its text.
pub(super) const MARGIN: f64 = 24.0;
/// The same on a narrow sheet.
pub(super) const NARROW_MARGIN: f64 = 12.0;
/// Titles are no smaller.
const SMALLEST_TITLE: f64 = 16.0;
/// Letters of the smallest title that a line of it holds.
const MOST_IN_A_LINE: usize = 95;
/// The letters of a title that fills a line, times their size.
const TITLE_FILLS: f64 = MOST_IN_A_LINE as f64 * SMALLEST_TITLE;
/// The same of subtitles.
const SMALLEST_SUBTITLE: f64 = 11.0;
const SUBTITLE_FILLS: f64 = 125.0 * SUBTITLE.size;

impl Heading {
    /// Draws it into the upper left corner, a long title in smaller letters and a longer one in two lines.
    fn draw(&self, canvas: &mut Canvas<'_>) {
        let (lines, size) = match in_two(&self.title, MOST_IN_A_LINE) {
            (all, "") => {
                let size = TITLE_FILLS / letters(all) as f64;
                (vec![(all, 38.0)], size.clamp(SMALLEST_TITLE, TITLE.size))
            }
            (first, second) => (vec![(first, 25.0), (second, 45.0)], SMALLEST_TITLE),
        };
        for (text, baseline) in lines {
            let font = Font { size, ..TITLE };
            canvas.text(&shortened(text, MOST_IN_A_LINE), (MARGIN, baseline), font, Anchor::Start);
        }
        let size = SUBTITLE_FILLS / letters(&self.subtitle).max(1) as f64;
        let font = Font { size: size.clamp(SMALLEST_SUBTITLE, SUBTITLE.size), ..SUBTITLE };
        let most = (SUBTITLE_FILLS / font.size) as usize;
        canvas.text(&shortened(&self.subtitle, most), (MARGIN, HEADING), font, Anchor::Start);
    }

    /// Draws it in as many lines as it takes, and gives the baseline of the last one.
    fn draw_narrow(&self, canvas: &mut Canvas<'_>) -> f64 {
        let mut baseline = 8.0;
        let parts = [(&self.title, Font { size: 15.0, ..TITLE }, 44, 19.0), (&self.subtitle, NOTE, 58, 16.0)];
        for (text, font, most, step) in parts {
            for line in within(text, most) {
                baseline += step;
                canvas.text(&line, (NARROW_MARGIN, baseline), font, Anchor::Start);
            }
            baseline += 3.0;
        }
        baseline
    }
}

/// An upright rectangle of the sheet. As the area of the data it has axes.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
}

impl Area {
    /// Says that there is no data.
    pub(super) fn nothing(&self, canvas: &mut Canvas<'_>) {
        let middle = ((self.left + self.right) / 2.0, (self.top + self.bottom) / 2.0);
        canvas.text("nothing to show", middle, SUBTITLE, Anchor::Middle);
    }

    /// A line across at a tick of the upright axis, whose name stands to the left of it.
    pub(super) fn level(&self, canvas: &mut Canvas<'_>, name: &str, y: f64, colour: RGBColor) {
        canvas.line((self.left, y), (self.right, y), colour, 1.0);
        self.beside(canvas, name, y);
    }

    /// The name of a height.
    pub(super) fn beside(&self, canvas: &mut Canvas<'_>, name: &str, y: f64) {
        canvas.text(name, (self.left - 10.0, y + 4.0), NOTE, Anchor::End);
    }

    /// A line from top to bottom at a tick of the level axis.
    pub(super) fn upright(&self, canvas: &mut Canvas<'_>, name: &str, x: f64) {
        canvas.line((x, self.top), (x, self.bottom), GRID, 1.0);
        self.below(canvas, name, x);
    }

    /// A tick of the level axis.
    pub(super) fn tick(&self, canvas: &mut Canvas<'_>, x: f64) {
        canvas.line((x, self.bottom), (x, self.bottom + 5.0), MUTED, 1.0);
    }

    /// The name of a place on the level axis.
    pub(super) fn below(&self, canvas: &mut Canvas<'_>, name: &str, x: f64) {
        canvas.text(name, (x, self.bottom + 20.0), NOTE, Anchor::Middle);
    }

    /// What the upright and the level axis measure.
    pub(super) fn measures(&self, canvas: &mut Canvas<'_>, [upright, level]: [&str; 2]) {
        let margin = canvas.sheet.pick(MARGIN, NARROW_MARGIN);
        canvas.text(upright, (margin, self.top - 18.0), NOTE, Anchor::Start);
        canvas.text(level, (self.right, self.bottom + 46.0), NOTE, Anchor::End);
    }
}

/// From the left end of an entry of a legend to what it says, and from there to the next one.
const SIGN: f64 = 24.0;
const GAP: f64 = 16.0;
/// Room for a letter of what it says.
const LETTER: f64 = 6.2;

/// Entries of a legend from this place on, each with its sign, which `sign` draws around a place. They follow
/// each other closely, or in equal steps.
pub(super) fn legend<'a, T>(
    canvas: &mut Canvas<'_>,
    (mut left, baseline): Xy,
    step: Option<f64>,
    entries: impl IntoIterator<Item = (T, &'a str)>,
    sign: impl Fn(&mut Canvas<'_>, Xy, T),
) {
    for (what, says) in entries {
        sign(canvas, (left + SIGN / 2.0 - 3.0, baseline - 4.0), what);
        canvas.text(says, (left + SIGN, baseline), NOTE, Anchor::Start);
        left += step.unwrap_or(SIGN + letters(says) as f64 * LETTER + GAP);
    }
}

/// The entries of a legend in lines that end before the margin of the sheet.
pub(super) fn legend_lines<'a, T>(entries: impl IntoIterator<Item = (T, &'a str)>) -> Vec<Vec<(T, &'a str)>> {
    let mut lines: Vec<Vec<(T, &str)>> = Vec::new();
    let mut left = f64::INFINITY;
    for (what, says) in entries {
        let takes = SIGN + letters(says) as f64 * LETTER;
        if left + takes > Sheet::Wide.width() - MARGIN {
            lines.push(Vec::new());
            left = MARGIN;
        }
        if let Some(line) = lines.last_mut() {
            line.push((what, says));
        }
        left += takes + GAP;
    }
    lines
}

/// Letters of an arm's name that are shown in its label.
const MOST_LETTERS: usize = 32;

/// A name that begins at `left`, shortened so that a note beside it ends before the margin, and where that begins.
pub(super) fn name_beside(sheet: Sheet, name: &str, note: &str, left: f64) -> (String, f64) {
    const OF_NAME: f64 = 7.6;
    let room =
        sheet.width() - sheet.pick(MARGIN, NARROW_MARGIN) - left - GAP / 2.0 - letters(note) as f64 * LETTER;
    let most = if note.is_empty() { MOST_LETTERS } else { (room / OF_NAME) as usize };
    let name = abridged(name, most.clamp(4, MOST_LETTERS));
    let reach = left + letters(&name) as f64 * OF_NAME + GAP / 2.0;
    (name, reach)
}

/// The height of each of so many labels below each other: of two lines while there is room, then of one.
pub(super) fn label_height(many: usize, room: f64) -> f64 {
    if many as f64 * 38.0 <= room { 38.0 } else { 17.0 }
}

/// The label of an arm, with its mark to the left of it: its name, and below that a note if there is room.
pub(super) fn label(canvas: &mut Canvas<'_>, (left, middle): Xy, name: &str, note: Option<&str>) {
    let baseline = middle + if note.is_some() { -2.0 } else { 4.5 };
    canvas.text(&abridged(name, MOST_LETTERS), (left, baseline), NAME, Anchor::Start);
    if let Some(note) = note {
        canvas.text(note, (left, middle + 14.0), NOTE, Anchor::Start);
    }
}
