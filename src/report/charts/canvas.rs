//! A sheet to draw on, over plotters' SVG backend: fractions of a pixel, dashes, dark mode, and what screen
//! readers need.
//!
//! The backend draws in whole units. Drawn eight times too large and shown at the right size by the
//! `viewBox`, a unit is an eighth of a pixel, so that curves are smooth.

use crate::report::labels::{is_unseen, shortened};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// What a picture is drawn for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sheet {
    /// A slide, a page, or a screen that is wider than a phone's.
    Wide,
    /// A phone held upright, or half of a page.
    Narrow,
}

impl Sheet {
    /// The width of a sheet, in pixels.
    pub(super) const fn width(self) -> f64 {
        match self {
            Sheet::Wide => 960.0,
            Sheet::Narrow => 400.0,
        }
    }

    /// One of two, by what is drawn on.
    pub(super) fn pick<T>(self, wide: T, narrow: T) -> T {
        match self {
            Sheet::Wide => wide,
            Sheet::Narrow => narrow,
        }
    }
}

/// Units to the pixel.
const FINE: f64 = 8.0;

/// Plotters takes the line's height for a font's size and divides by this.
const LINE_HEIGHT: f64 = 1.24;

const FONTS: &str = "Inter, system-ui, 'Segoe UI', Roboto, Arial, sans-serif";

/// No text that fits a sheet has more letters.
const MOST_LETTERS: usize = 200;

/// Text that is read first.
pub(super) const INK: RGBColor = RGBColor(0x1F, 0x23, 0x28);
/// Text that explains.
pub(super) const MUTED: RGBColor = RGBColor(0x59, 0x63, 0x6E);
/// The background.
pub(super) const PAPER: RGBColor = RGBColor(0xFF, 0xFF, 0xFF);
/// Lines that must not be noticed.
pub(super) const GRID: RGBColor = RGBColor(0xE7, 0xEB, 0xEF);

/// The colours that the dark style replaces, each by what. They are told apart by their exact value.
pub(super) const DARK: [(RGBColor, RGBColor); 6] = [
    (INK, RGBColor(0xF0, 0xF6, 0xFC)),
    (MUTED, RGBColor(0x9D, 0xA7, 0xB3)),
    (PAPER, RGBColor(0x0D, 0x11, 0x17)),
    (GRID, RGBColor(0x26, 0x2C, 0x34)),
    (RGBColor(0x00, 0x72, 0xB2), RGBColor(0x56, 0xB4, 0xE9)),
    (RGBColor(0x00, 0x00, 0x00), RGBColor(0xFF, 0xFF, 0xFF)),
];

/// Which point of a text stands at its place.
#[derive(Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a text looks.
#[derive(Clone, Copy)]
pub(super) struct Font {
    pub(super) size: f64,
    pub(super) bold: bool,
    pub(super) colour: RGBColor,
}

/// A place on the sheet in pixels, from the upper left corner.
pub(super) type Xy = (f64, f64);

/// The sheet. Coordinates and sizes are in pixels.
pub(super) struct Canvas<'a> {
    backend: SVGBackend<'a>,
    pub(super) sheet: Sheet,
    /// How much lower than its place all is drawn, in pixels: below a heading of many lines.
    pub(super) lowered: f64,
    /// The dash pattern of each path drawn so far, in order; empty for a solid line.
    dashes: Vec<String>,
}

/// Draws a picture and gives its SVG. `title` and `description` are what a screen reader says; `draw` gives the
/// height of the sheet.
pub(super) fn picture(
    sheet: Sheet,
    title: &str,
    description: &str,
    draw: impl FnOnce(&mut Canvas<'_>) -> f64,
) -> String {
    let mut svg = String::new();
    let (height, dashes) = {
        // The height is known when all is drawn: the head is written then, and not by the backend.
        let backend = SVGBackend::with_string(&mut svg, (0, 0));
        let mut canvas = Canvas { backend, sheet, lowered: 0.0, dashes: Vec::new() };
        let height = libm::ceil(draw(&mut canvas) + canvas.lowered);
        written(canvas.backend.present());
        (height, canvas.dashes)
    };
    // What every element repeats is said once, or goes without saying.
    let family = format!(" font-family=\"{}\"", FONTS.replace('\'', "&apos;"));
    let lean = svg.replace(&family, "").replace(" opacity=\"1\"", "").replace(" stroke=\"none\"", "");
    let mut finished = head((sheet.width(), height), title, description);
    let mut dashes = dashes.into_iter();
    for line in lean.lines().skip(1) {
        // The backend knows no dashes; every path is one line of text, in the order of drawing.
        finished += &match line.strip_prefix("<polyline") {
            Some(rest) => {
                format!("<polyline stroke-linejoin=\"round\"{}{rest}\n", dashes.next().unwrap_or_default())
            }
            None => format!("{line}\n"),
        };
    }
    finished
}

/// All of a picture that stands before what is drawn, the paper included.
fn head((width, height): Xy, title: &str, description: &str) -> String {
    let (wide, high, paper) = (width * FINE, height * FINE, hex(PAPER));
    format!(
        "<svg class=\"bgsim-chart\" role=\"img\" font-family=\"{FONTS}\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {wide} {high}\" xmlns=\"http://www.w3.org/2000/svg\">\n\
         <title>{}</title>\n<desc>{}</desc>\n{}\
         <rect x=\"0\" y=\"0\" width=\"{wide}\" height=\"{high}\" fill=\"{paper}\"/>\n",
        escaped(title),
        escaped(description),
        dark_style()
    )
}

impl Canvas<'_> {
    /// A straight line.
    pub(super) fn line(&mut self, from: Xy, to: Xy, colour: impl Into<RGBAColor>, width: f64) {
        let style = stroke(colour.into(), width);
        let [from, to] = [from, to].map(|place| self.fine(place));
        written(self.backend.draw_line(from, to, &style));
    }

    /// A path through these places, with dashes of these lengths (none: solid).
    pub(super) fn path(&mut self, places: &[Xy], colour: RGBColor, width: f64, dash: &[f64]) {
        let style = stroke(colour.to_rgba(), width);
        let lengths: Vec<String> = dash.iter().map(|length| (length * FINE).to_string()).collect();
        let attribute = format!(" stroke-dasharray=\"{}\"", lengths.join(" "));
        self.dashes.push(if dash.is_empty() { String::new() } else { attribute });
        let places: Vec<_> = places.iter().map(|place| self.fine(*place)).collect();
        written(self.backend.draw_path(places, &style));
    }

    /// A filled shape with these corners.
    pub(super) fn shape(&mut self, corners: &[Xy], colour: impl Into<RGBAColor>) {
        let corners: Vec<_> = corners.iter().map(|place| self.fine(*place)).collect();
        written(self.backend.fill_polygon(corners, &colour.into()));
    }

    /// A filled circle.
    pub(super) fn circle(&mut self, centre: Xy, radius: f64, colour: RGBColor) {
        let centre = self.fine(centre);
        written(self.backend.draw_circle(centre, (radius * FINE) as u32, &colour, true));
    }

    /// A filled rectangle.
    pub(super) fn rectangle(&mut self, from: Xy, to: Xy, colour: RGBColor) {
        let [from, to] = [from, to].map(|place| self.fine(place));
        written(self.backend.draw_rect(from, to, &colour, true));
    }

    /// A text whose baseline is at the place.
    pub(super) fn text(&mut self, text: &str, place: Xy, font: Font, anchor: Anchor) {
        let horizontal = match anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        let weight = if font.bold { FontStyle::Bold } else { FontStyle::Normal };
        let style = TextStyle::from((FONTS, font.size * FINE * LINE_HEIGHT, weight).into_font())
            .color(&font.colour)
            .pos(Pos::new(horizontal, VPos::Bottom));
        // The backend lifts the text half an x-height, about a quarter of the size, above its place.
        let lowered = self.fine((place.0, place.1 + font.size * 0.26));
        written(self.backend.draw_text(&shortened(&printable(text), MOST_LETTERS), &style, lowered));
    }

    fn fine(&self, (x, y): Xy) -> (i32, i32) {
        (libm::round(x * FINE) as i32, libm::round((y + self.lowered) * FINE) as i32)
    }
}

/// Writing into a string cannot fail; plotters' other backends could.
fn written<E: std::fmt::Debug>(result: Result<(), E>) {
    debug_assert!(result.is_ok(), "{result:?}");
}

fn stroke(colour: RGBAColor, width: f64) -> ShapeStyle {
    ShapeStyle { color: colour, filled: false, stroke_width: (width * FINE) as u32 }
}

/// Names come from scenarios, and XML has no place for control characters, escaped or not. Nor may a name
/// turn the direction of what stands beside it.
fn printable(text: &str) -> String {
    text.replace(is_unseen, " ")
}

fn escaped(text: &str) -> String {
    printable(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Attribute selectors, since the backend writes colours as attributes; a style rule wins over them.
fn dark_style() -> String {
    format!("<style>\n{}</style>\n", dark_rules())
}

/// The rules by which pictures are dark on a dark screen, for those that stand in a page with styles of its own.
pub fn dark_rules() -> String {
    let mut style = String::from("@media (prefers-color-scheme: dark) {\n");
    for (light, dark) in DARK.map(|(light, dark)| (hex(light), hex(dark))) {
        for attribute in ["fill", "stroke"] {
            style += &format!(".bgsim-chart [{attribute}=\"{light}\"] {{ {attribute}: {dark} }}\n");
        }
    }
    style + "}\n"
}

/// A colour as the backend writes it.
fn hex(RGBColor(red, green, blue): RGBColor) -> String {
    format!("#{red:02X}{green:02X}{blue:02X}")
}
