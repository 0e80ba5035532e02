//! The pictures: each chart is data that can be kept in a file, from which its picture and its table are
//! made. Nothing is computed here that belongs to a result, and nothing but the data is looked at.

mod canvas;
mod look;
mod scale;
mod ticks;
mod labelled;
mod frame;
mod steps;
mod heat;
mod alike;
mod day_marks;
mod day_pushed;
mod day_sheet;

pub use crate::summary::Estimate;
pub use canvas::dark_rules;
pub use heat::Reading;

use crate::figure::Figure;
use crate::report::figure::value;
use canvas::Sheet;
use frame::Draw;
use serde::{Deserialize, Serialize};
use ticks::drawable;

macro_rules! define_charts {
    ($($(#[doc = $doc:literal])* $module:ident::$Chart:ident => $stem:literal,)*) => {
        $(
            pub mod $module;
            pub use $module::$Chart;

            impl From<$Chart> for Chart {
                fn from(chart: $Chart) -> Chart {
                    Chart::$Chart(chart)
                }
            }
        )*

        /// A chart.
        #[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
        #[serde(tag = "kind", rename_all = "snake_case")]
        pub enum Chart {
            $( $(#[doc = $doc])* $Chart($Chart), )*
        }

        impl Chart {
            fn drawn(&self) -> &dyn Draw {
                match self { $( Chart::$Chart(chart) => chart, )* }
            }

            /// What stands above it.
            pub fn heading(&self) -> &Heading {
                match self { $( Chart::$Chart(chart) => &chart.heading, )* }
            }

            /// The same, for who has something to add.
            pub fn heading_mut(&mut self) -> &mut Heading {
                match self { $( Chart::$Chart(chart) => &mut chart.heading, )* }
            }

            fn stem(&self) -> &'static str {
                match self { $( Chart::$Chart(_) => $stem, )* }
            }
        }

        /// How the names of the files of charts begin.
        const STEMS: &[&str] = &[$($stem),*];
    };
}

// The list. Adding a chart is a file, in which its data say how they are drawn, and a line here: the line
// says what its file is called.
define_charts! {
    /// Which share of mail was told within which time.
    latency::Latency => "latency",
    /// Of which share of mail users heard within which time, be it only that something came.
    signalled::Signalled => "signalled",
    /// The first for each part of a fleet, small.
    multiples::Multiples => "by",
    /// Which share of the devices had what was published within which time.
    adoption::Adoption => "adoption",
    /// Many arms: what is heard, told and never told, and what that is paid with.
    abreast::Abreast => "arms",
    /// What mail waited for.
    causes::Causes => "causes",
    /// A measure in each hour of the week.
    week::Week => "week",
    /// What soon telling costs in key exposure.
    price::Price => "price",
    /// A figure along one key.
    line::Line => "sweep",
    /// A figure over two variables.
    grid::Grid => "sweep",
    /// Which unknown numbers move a figure the most.
    tornado::Tornado => "tornado",
    /// What is left of two numbers once they are calibrated.
    pair::Pair => "pair",
    /// One day of one device: when mail arrived, what told of it, and what stood in the way.
    day::Day => "day",
}

/// What stands above a chart.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Heading {
    /// The finding, or the question.
    pub title: String,
    /// The measure and its unit.
    pub subtitle: String,
}

/// What a chart shows, as a table in words and numbers.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Cells {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// The rows, each with a cell for every column.
    pub rows: Vec<Vec<String>>,
}

impl Cells {
    fn of<const N: usize>(columns: [&str; N], rows: impl Iterator<Item = Vec<String>>) -> Cells {
        Cells { columns: columns.map(String::from).to_vec(), rows: rows.collect() }
    }
}

impl Estimate {
    /// The value, where it is one that can be drawn.
    pub(super) fn known(&self) -> Option<f64> {
        self.value.filter(|value| drawable(*value))
    }

    /// Both ends of the interval, where they and the value can be drawn.
    fn ends(&self) -> Option<[f64; 2]> {
        self.ci95.filter(|ends| self.known().is_some() && ends.iter().all(|end| drawable(*end)))
    }

    /// As much of it as can be drawn.
    fn drawn(&self) -> Estimate {
        Estimate { value: self.known(), ci95: self.ends() }
    }

    /// All of it that can be drawn.
    fn numbers(&self) -> impl Iterator<Item = f64> + use<> {
        self.known().into_iter().chain(self.ends().into_iter().flatten())
    }

    /// The value and both ends, of this figure; ends that are unknown are empty.
    fn in_words(&self, figure: Figure) -> [String; 3] {
        let end = |place: usize| self.ci95.map_or(String::new(), |ends| value(figure, Some(ends[place])));
        [value(figure, self.value), end(0), end(1)]
    }
}

impl Chart {
    /// The picture.
    pub fn svg(&self) -> String {
        frame::svg(self.heading(), self.drawn(), Sheet::Wide)
    }

    /// The picture for a phone held upright, of charts that have one.
    pub fn narrow_svg(&self) -> Option<String> {
        let drawn = self.drawn();
        drawn.has_narrow().then(|| frame::svg(self.heading(), drawn, Sheet::Narrow))
    }

    /// Whether it belongs on the two pages that a board reads, beside the first picture.
    pub fn is_for_board(&self) -> bool {
        matches!(self, Chart::Causes(_) | Chart::Price(_) | Chart::Signalled(_) | Chart::Abreast(_))
    }

    /// Whether each of many arms has a row in it.
    pub fn shows_every_arm(&self) -> bool {
        matches!(self, Chart::Abreast(_))
    }

    /// The curves of latency, for who has a band to add.
    pub fn latency_mut(&mut self) -> Option<&mut Latency> {
        if let Chart::Latency(chart) = self { Some(chart) } else { None }
    }

    /// The line of a sweep, likewise.
    pub fn line_mut(&mut self) -> Option<&mut Line> {
        if let Chart::Line(chart) = self { Some(chart) } else { None }
    }

    /// What it shows, as a table.
    pub fn cells(&self) -> Cells {
        self.drawn().cells()
    }

    /// Itself with the name of its file, which has no ending. `which` tells it from others of its kind, if
    /// there are any, in a few small letters or digits.
    pub fn filed(self, which: Option<&str>) -> (String, Chart) {
        let name = [Some(self.stem()), which].into_iter().flatten().collect::<Vec<_>>().join("-");
        debug_assert!(is_name(&name), "{name}");
        (name, self)
    }
}

impl Day {
    /// The picture, for who draws no other chart: in a page the others would be carried along for nothing.
    pub fn svg(&self) -> String {
        frame::svg(&self.heading, self, Sheet::Wide)
    }
}

/// Whether the file of a chart may have this name, which has no ending.
pub fn is_name(name: &str) -> bool {
    let (stem, which) = name.split_once('-').unwrap_or((name, "1"));
    let is_plain = which.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    STEMS.contains(&stem) && (1..=9).contains(&which.len()) && is_plain
}
