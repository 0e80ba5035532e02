//! Draws the chart of one device's day.

use super::Cells;
use super::canvas::{Anchor, Canvas, Font, GRID, INK, MUTED, Xy};
use super::causes::colour;
use super::day::{CameTo, Day, DayCheck, DayMail, Fate, Meter, Segment, Strip, Tone};
use super::day_marks::{self, mark};
use super::frame::{Area, Draw, MARGIN};
use super::look::{NOTE, ink};
use crate::report::human::{count, short_duration, trimmed};
use crate::report::labels::{dodge, letters, shortened};
use crate::time::Span;
use plotters::style::{Color, RGBColor};
use std::collections::{BTreeMap, BTreeSet};

pub(super) const LEFT: f64 = 150.0;
pub(super) const RIGHT: f64 = 730.0;
/// Where the words to the right begin.
pub(super) const BESIDE: f64 = RIGHT + 14.0;
pub(super) const ARRIVALS: f64 = 124.0;
/// From the mail, or from what is pushed of it, to each row of checks and to the strips.
const TO_BACKGROUND: f64 = 62.0;
const TO_OPENINGS: f64 = 92.0;
const TO_STRIPS: f64 = 118.0;
/// So much of the sheet is the mail's, of which no log of a phone knows.
const OF_MAIL: f64 = 48.0;
const STRIP: f64 = 20.0;
const GAP: f64 = 9.0;
const PANEL: f64 = 64.0;
/// From the panel to the key to the marks, with the hours between; and from there to the lower edge of the sheet.
const TO_KEY: f64 = 50.0;
const FOOT: f64 = 18.0;

pub(super) const SMALL: Font = Font { size: 11.0, bold: false, colour: MUTED };
pub(super) const LABEL: Font = Font { size: 12.0, bold: false, colour: INK };
const WHY: Font = Font { size: 13.0, bold: false, colour: INK };
/// Letters of 11 px are hardly ever wider on average, in any of the fonts.
const LETTER: f64 = 6.2;
/// States named beside a strip, at most.
const MOST_BESIDE: usize = 12;
/// So many of them fit beside a strip.
const LETTERS_BESIDE: usize = 32;
/// So much of a state can be seen, however short it was.
const LEAST: f64 = 0.75;

pub(super) const NOTIFIED: RGBColor = RGBColor(0x00, 0x72, 0xB2);
pub(super) const OPENED: RGBColor = RGBColor(0xD5, 0x5E, 0x00);

impl Tone {
    /// The fill and the ink upon it. The fills keep their colours in the dark, and so must the ink;
    /// but for the pale one, where both change together.
    fn colours(self) -> (RGBColor, RGBColor) {
        const DARK_INK: RGBColor = RGBColor(0x12, 0x16, 0x1B);
        const LIGHT_INK: RGBColor = RGBColor(0xFB, 0xFC, 0xFD);
        match self {
            Tone::Pale => (GRID, INK),
            Tone::Middle => (RGBColor(0x9C, 0xBD, 0xD4), DARK_INK),
            Tone::Sand => (RGBColor(0xD8, 0xC8, 0xA4), DARK_INK),
            Tone::Alarm => (RGBColor(0xE0, 0x7B, 0x39), DARK_INK),
            Tone::Slate => (RGBColor(0x64, 0x70, 0x80), LIGHT_INK),
            Tone::Plum => (RGBColor(0x66, 0x2C, 0x74), LIGHT_INK),
            Tone::Moss => (RGBColor(0x90, 0xB0, 0x7B), DARK_INK),
            Tone::Rust => (RGBColor(0x8C, 0x2D, 0x19), LIGHT_INK),
            Tone::Soot => (RGBColor(0x6F, 0x51, 0x43), LIGHT_INK),
            Tone::Lichen => (RGBColor(0x5E, 0x6B, 0x3A), LIGHT_INK),
            Tone::Cause(cause) => (colour(Some(cause)), ink(colour(Some(cause)))),
            Tone::Strong => (RGBColor(0x1A, 0x66, 0x9E), LIGHT_INK),
        }
    }
}

impl Draw for Day {
    fn inside(&self, canvas: &mut Canvas<'_>) -> f64 {
        let sheet = DaySheet::of(self);
        canvas.text(&shortened(&self.why, 138), (MARGIN, 85.0), WHY, Anchor::Start);
        sheet.axis(canvas);
        sheet.working_hours(canvas);
        sheet.mail(canvas);
        for (top, strip, beside) in &sheet.strips {
            sheet.strip(canvas, *top, strip, beside);
        }
        sheet.panel(canvas);
        sheet.unmeasured(canvas);
        let lowest = day_marks::key(self, canvas, sheet.panel.bottom + TO_KEY);
        lowest + FOOT
    }

    fn words(&self) -> Vec<String> {
        vec![self.why.clone()]
    }

    /// The mail of the day.
    fn cells(&self) -> Cells {
        if self.is_observed {
            let at = |ms: u64| format!("{:02}:{:02}", ms / 3_600_000, ms / 60_000 % 60);
            let what = |open| if open { "opened" } else { "ran" }.to_owned();
            let rows = self.checks.iter().map(|check| vec![what(check.open), at(check.at_ms)]);
            return Cells::of(["the client", "after midnight"], rows);
        }
        let row = |mail: &DayMail| {
            let told = [&mail.name, &mail.arrived, &mail.told, &mail.waited].map(String::clone);
            let by_push = self.pushed.as_ref().map(|_| mail.by_push.clone().unwrap_or_default());
            told.into_iter().chain(by_push.into_iter().flatten()).collect()
        };
        let mut cells = Cells::of(["mail", "arrived", "told", "waited"], self.mails.iter().map(row));
        cells.columns.extend(self.pushed.iter().flat_map(|_| ["signalled", "push"].map(String::from)));
        cells
    }
}

/// The day with the places of its parts.
pub(super) struct DaySheet<'a> {
    pub(super) day: &'a Day,
    /// The lowest row of mail: its arrival, or what is shown of it by a push.
    pub(super) mail_row: f64,
    /// Each strip with its upper edge and the states that are named beside it.
    strips: Vec<(f64, &'a Strip, Vec<Named>)>,
    panel: Area,
}

/// A state that is too short to be named where it stands: its name, tone and total length.
struct Named {
    state: String,
    tone: Tone,
    ms: u64,
}

impl<'a> DaySheet<'a> {
    fn of(day: &'a Day) -> DaySheet<'a> {
        let panel = Area { left: LEFT, right: RIGHT, top: 0.0, bottom: 0.0 };
        let mail_row = match &day.pushed {
            _ if day.is_observed => ARRIVALS - OF_MAIL,
            Some(pushed) => pushed.lowest_row(),
            None => ARRIVALS,
        };
        let mut sheet = DaySheet { day, mail_row, strips: Vec::new(), panel };
        let mut top = mail_row + TO_STRIPS;
        for strip in &day.strips {
            let beside = sheet.beside(strip);
            let height = STRIP.max(beside.len() as f64 * 13.0);
            sheet.strips.push((top, strip, beside));
            top += height + GAP;
        }
        sheet.panel = Area { top: top + 8.0, bottom: top + 8.0 + PANEL, ..panel };
        sheet
    }

    pub(super) fn background(&self) -> f64 {
        self.mail_row + TO_BACKGROUND
    }

    pub(super) fn openings(&self) -> f64 {
        self.mail_row + TO_OPENINGS
    }

    pub(super) fn x(&self, ms: u64) -> f64 {
        LEFT + (RIGHT - LEFT) * (ms.min(self.day.length_ms) as f64 / self.day.length_ms.max(1) as f64)
    }

    fn axis(&self, canvas: &mut Canvas<'_>) {
        let whole = Area { top: ARRIVALS - 14.0, ..self.panel };
        for tick in &self.day.ticks {
            whole.upright(canvas, &tick.label, self.x(tick.ms));
            whole.tick(canvas, self.x(tick.ms));
        }
        let bottom = whole.bottom;
        canvas.line((LEFT, bottom), (RIGHT, bottom), MUTED, 1.0);
        canvas.text("local time", (BESIDE + 6.0, bottom + 20.0), SMALL, Anchor::Start);
    }

    /// What was not measured stays white, and says so where there is room.
    fn unmeasured(&self, canvas: &mut Canvas<'_>) {
        let [from, to] = self.day.shown_ms;
        for (from, to) in [(0, from), (to, self.day.length_ms)] {
            let (left, right) = (self.x(from), self.x(to));
            if right - left > 80.0 {
                canvas.text(
                    if self.day.is_observed { "no log" } else { "not measured" },
                    ((left + right) / 2.0, self.mail_row + TO_STRIPS + 14.0),
                    NOTE,
                    Anchor::Middle,
                );
            }
        }
    }

    /// A bracket above the mail.
    fn working_hours(&self, canvas: &mut Canvas<'_>) {
        let y = ARRIVALS - 15.0;
        for [from, to] in &self.day.working_hours {
            let (left, right) = (self.x(*from), self.x(*to));
            canvas.path(&[(left, y + 4.0), (left, y), (right, y), (right, y + 4.0)], MUTED, 1.0, &[]);
            if right - left > 90.0 {
                canvas.text("working hours", ((left + right) / 2.0, y - 4.0), SMALL, Anchor::Middle);
            }
        }
    }

    fn mail(&self, canvas: &mut Canvas<'_>) {
        let day = self.day;
        if !day.is_observed {
            row(canvas, ARRIVALS, "Mail arrives");
        }
        if let Some(pushed) = &day.pushed {
            pushed.rows(canvas);
        }
        row(canvas, self.background(), if day.is_observed { "Background runs" } else { "Background checks" });
        row(canvas, self.openings(), "Client opened");
        day.mails.iter().for_each(|mail| self.fall(canvas, mail));
        for mail in &day.mails {
            if let Some(x) = mail.arrived_ms.map(|ms| self.x(ms)) {
                canvas.line((x, ARRIVALS - 6.0), (x, ARRIVALS + 1.0), INK, 1.25);
            }
        }
        // The telling checks last, so that no other hides them.
        let mut checks: Vec<&DayCheck> = day.checks.iter().collect();
        checks.sort_by_key(|check| check.came_to.tells());
        for check in checks {
            let row = if check.open { self.openings() } else { self.background() };
            mark(canvas, (self.x(check.at_ms), row), check.open, check.came_to);
        }
        if let Some(pushed) = &day.pushed {
            pushed.draw(canvas, self);
        }
        self.counts(canvas);
    }

    /// From the arrival of a mail by its push and by what was shown of that to what told of it, or out of the picture.
    fn fall(&self, canvas: &mut Canvas<'_>, mail: &DayMail) {
        let row = match mail.fate {
            Fate::OnOpen | Fate::NotifiedAfterLeaving => self.openings(),
            Fate::Notified | Fate::Undelivered => self.background(),
            Fate::Pushed => self.mail_row,
        };
        let between = (self.mail_row + self.background()) / 2.0;
        let [from, to] = self.day.shown_ms;
        let start = mail.arrived_ms.map_or((self.x(from), between), |ms| (self.x(ms), ARRIVALS));
        let end = mail.told_ms.map_or((self.x(to), between), |ms| (self.x(ms), row));
        let colour = match mail.fate {
            Fate::Notified | Fate::NotifiedAfterLeaving | Fate::Pushed => NOTIFIED,
            Fate::OnOpen => OPENED,
            Fate::Undelivered => MUTED,
        };
        let by_push = self.day.pushed.iter().flat_map(|pushed| pushed.way(self, mail));
        let way: Vec<Xy> = std::iter::once(start).chain(by_push).chain([end]).collect();
        for leg in way.windows(2) {
            canvas.line(leg[0], leg[1], colour.mix(0.5), 1.0);
        }
    }

    /// How many there were, beside their row.
    fn counts(&self, canvas: &mut Canvas<'_>) {
        let day = self.day;
        let arrived = day.mails.iter().filter(|mail| mail.arrived_ms.is_some()).count();
        let number = |number: usize| count(number as u64);
        let text = match day.mails.len() - arrived {
            0 => format!("{} arrived", number(arrived)),
            before => format!("{} arrived, {} before", number(arrived), number(before)),
        };
        if !day.is_observed {
            canvas.text(&text, (BESIDE, ARRIVALS + 3.0), SMALL, Anchor::Start);
        }
        for (y, open) in [(self.background(), false), (self.openings(), true)] {
            let checks = || day.checks.iter().filter(|check| check.open == open);
            let told = number(checks().filter(|check| check.came_to.tells()).count());
            let failed = checks().filter(|check| check.came_to == CameTo::Failed).count();
            let text = match (checks().count(), failed) {
                (0, _) if day.is_observed => "none seen".into(),
                (0, _) => "none".into(),
                (all, _) if day.is_observed => number(all),
                (all, 0) => format!("{}: {told} told", number(all)),
                (all, failed) => format!("{}: {told} told, {} failed", number(all), number(failed)),
            };
            canvas.text(&text, (BESIDE, y + 3.5), SMALL, Anchor::Start);
        }
    }

    fn strip(&self, canvas: &mut Canvas<'_>, top: f64, strip: &Strip, beside: &[Named]) {
        canvas.text(&shortened(&strip.name, 21), (LEFT - 12.0, top + 14.0), LABEL, Anchor::End);
        let bottom = top + STRIP;
        // What is usual first, so that it hides nothing that is short.
        let mut order: Vec<&Segment> = strip.segments.iter().collect();
        order.sort_by_key(|segment| segment.tone);
        for segment in order {
            let (left, right) = (self.x(segment.from_ms), self.x(segment.to_ms));
            let least = if segment.tone == Tone::Pale { 0.0 } else { LEAST };
            let right = right.max(left + least);
            canvas.rectangle((left, top), (right, bottom), segment.tone.colours().0);
        }
        for segment in strip.segments.iter().filter(|segment| self.fits(segment)) {
            let middle = (self.x(segment.from_ms) + self.x(segment.to_ms)) / 2.0;
            let font = Font { size: 11.0, bold: false, colour: segment.tone.colours().1 };
            canvas.text(&segment.state, (middle, top + 14.0), font, Anchor::Middle);
        }
        canvas.line((LEFT, bottom), (RIGHT, bottom), GRID, 1.0);
        for (place, named) in beside.iter().enumerate() {
            let y = top + if beside.len() == 1 { 14.0 } else { 9.0 } + 13.0 * place as f64;
            canvas.rectangle((BESIDE, y - 8.0), (BESIDE + 9.0, y + 1.0), named.tone.colours().0);
            let length = format!(" {}", short_duration(Span::from_ms(named.ms)));
            let text = shortened(&named.state, LETTERS_BESIDE - letters(&length)) + &length;
            canvas.text(&text, (BESIDE + 14.0, y), SMALL, Anchor::Start);
        }
    }

    fn fits(&self, segment: &Segment) -> bool {
        let width = self.x(segment.to_ms) - self.x(segment.from_ms);
        width >= letters(&segment.state) as f64 * LETTER + 8.0
    }

    /// The states that are nowhere long enough for their name, the longest in sum first; but for those
    /// of a few minutes, where there are longer ones.
    fn beside(&self, strip: &Strip) -> Vec<Named> {
        let fitting = strip.segments.iter().filter(|segment| self.fits(segment));
        let fitting: BTreeSet<&str> = fitting.map(|segment| segment.state.as_str()).collect();
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        let mut named: Vec<Named> = Vec::new();
        for Segment { from_ms, to_ms, state, tone } in &strip.segments {
            if fitting.contains(state.as_str()) {
                continue;
            }
            let place = *places.entry(state).or_insert(named.len());
            if place == named.len() {
                named.push(Named { state: state.clone(), tone: *tone, ms: 0 });
            }
            named[place].ms = named[place].ms.saturating_add(to_ms.saturating_sub(*from_ms));
        }
        named.sort_by_key(|named| std::cmp::Reverse(named.ms));
        let long = named.iter().filter(|named| named.ms >= self.day.length_ms.div_ceil(100)).count();
        named.truncate(long.clamp(2, MOST_BESIDE));
        named
    }

    fn panel(&self, canvas: &mut Canvas<'_>) {
        let lines = &self.day.lines;
        let low = lines.iter().flat_map(|line| &line.points).fold(0.0, |low: f64, point| low.min(point.1));
        let y = |value: f64| {
            let share = (value - low) / (100.0 - low);
            self.panel.bottom - share.clamp(0.0, 1.0) * PANEL
        };
        for percent in [0.0, 50.0, 100.0] {
            self.panel.level(canvas, &format!("{percent} %"), y(percent), GRID);
        }
        let ends: Vec<f64> =
            lines.iter().map(|line| line.points.last().map_or(self.panel.bottom, |p| y(p.1))).collect();
        let places = dodge(&ends, 14.0, self.panel.top - 7.0, self.panel.bottom + 7.0);
        for (number, (line, place)) in lines.iter().zip(places).enumerate() {
            let (colour, dash): (_, &[f64]) = if number == 0 { (INK, &[]) } else { (NOTIFIED, &[5.0, 3.0]) };
            canvas.path(&self.places(line, y), colour, 1.5, dash);
            let Some((_, last)) = line.points.last() else { continue };
            canvas.path(&[(RIGHT + 2.0, place), (RIGHT + 12.0, place)], colour, 1.5, dash);
            let text = format!("{} {} %", shortened(&line.name, 18), trimmed(last.clamp(-999.0, 999.0), 0));
            canvas.text(&text, (BESIDE + 2.0, place + 4.0), SMALL, Anchor::Start);
        }
    }

    fn places(&self, line: &Meter, y: impl Fn(f64) -> f64) -> Vec<Xy> {
        let mut places: Vec<Xy> = Vec::new();
        for (ms, value) in &line.points {
            let (x, y) = (self.x(*ms), y(*value));
            if let (true, Some(last)) = (line.steps, places.last()) {
                places.push((x, last.1));
            }
            places.push((x, y));
        }
        let end = self.x(self.day.shown_ms[1]);
        places.extend(places.last().filter(|_| line.steps).map(|last| (end, last.1)));
        places
    }
}

/// A row of marks, named to the left of it.
pub(super) fn row(canvas: &mut Canvas<'_>, y: f64, name: &str) {
    canvas.line((LEFT, y), (RIGHT, y), GRID, 1.0);
    canvas.text(name, (LEFT - 12.0, y + 4.0), LABEL, Anchor::End);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::DelayCause;
    use crate::report::charts::canvas::{DARK, PAPER};
    use crate::report::charts::look::contrast;

    #[test]
    fn states_can_be_read_and_told_apart_without_colour_in_light_and_dark() {
        // From light to dark; what pale is turns round with the paper.
        let tones =
            [Tone::Pale, Tone::Sand, Tone::Middle, Tone::Alarm, Tone::Slate, Tone::Strong, Tone::Plum];
        let dark = |colour| DARK.iter().find(|pair| pair.0 == colour).map_or(colour, |pair| pair.1);
        let rare = [Tone::Moss, Tone::Rust, Tone::Soot, Tone::Lichen];
        let all = tones.into_iter().chain(rare).chain(DelayCause::ALL.map(Tone::Cause));
        for (fill, ink) in all.map(Tone::colours) {
            assert!(contrast(fill, ink) >= 4.5 && contrast(dark(fill), dark(ink)) >= 4.5, "{fill:?}");
        }
        let others =
            tones.into_iter().chain([DelayCause::BeforeFirstUnlock, DelayCause::NoNetwork].map(Tone::Cause));
        for other in others.skip(1) {
            assert!(contrast(dark(Tone::Pale.colours().0), other.colours().0) > 1.15, "{other:?}");
        }
        for pair in tones.windows(2) {
            let [(lighter, _), (darker, _)] = [pair[0].colours(), pair[1].colours()];
            assert!(contrast(PAPER, darker) > contrast(PAPER, lighter) * 1.15, "{:?}", pair[1]);
        }
    }

    #[test]
    fn letters_are_large_enough_and_marks_stand_out() {
        for font in [SMALL, LABEL, WHY] {
            assert!(font.size >= 11.0);
        }
        let dark = |colour| DARK.iter().find(|pair| pair.0 == colour).map_or(colour, |pair| pair.1);
        for colour in [NOTIFIED, OPENED] {
            assert!(contrast(colour, PAPER) >= 3.0 && contrast(dark(colour), dark(PAPER)) >= 3.0);
        }
    }
}
