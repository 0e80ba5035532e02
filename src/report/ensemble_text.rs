//! An answer over an ensemble in words, as a table, and as bands on a curve.

use super::charts::latency::Allowed;
use super::document::Report;
use super::figure::{self, size, value};
use super::human::count;
use super::paint::Screen;
use super::table::Align::Left;
use super::table::Table;
use crate::calibration::{Answers, Band, Standing};
use crate::figure::Figure;
use crate::time::Span;

const HOW_TO_READ: &str = "Chance is the 95 % interval over devices, which more devices narrow; ignorance is where 90 % of \
    the iPhones of the ensemble lie, by their weight: those that one search found to contradict no observation. How far two \
    searches agree, another --seed of bgsim calibrate shows.";
/// Where the ensemble stands on too little.
const TOO_FEW: &str = "Too little stands behind this ensemble to say how iPhones are spread; the least and the greatest of \
    its members stand for it.";

/// What is told of an answer.
#[derive(Clone, Copy)]
pub struct Told<'a> {
    /// The answers.
    pub answers: &'a Answers,
    /// What the arms are called, the first being the one that others are compared with.
    pub labels: &'a [String],
    /// The figure that is asked about.
    pub figure: Figure,
    /// A difference below is too small to matter.
    pub smallest: f64,
}

impl Told<'_> {
    /// The answer, a sentence for each arm; of one alone one.
    pub fn sentences(&self) -> Vec<String> {
        let Told { answers, labels, figure, smallest } = *self;
        let name = figure::name(figure);
        let Some(others) = labels.get(1..).filter(|others| !others.is_empty()) else {
            let band = answers.value(0, figure);
            return vec![match where_it_lies(&band) {
                Some((whom, [low, high])) => format!(
                    "In {whom} of the ensemble, \u{201c}{name}\u{201d} lies between {} and {}.",
                    value(figure, Some(low)),
                    value(figure, Some(high))
                ),
                None => format!("In no iPhone of the ensemble is \u{201c}{name}\u{201d} known."),
            }];
        };
        let sentence = |(arm, label): (usize, &String)| {
            let band = answers.difference(arm, figure);
            let Some((whom, [low, high])) = where_it_lies(&band) else {
                return format!(
                    "With {label}: in no iPhone of the ensemble is the difference in \u{201c}{name}\u{201d} known."
                );
            };
            let shares = answers.standing(arm, figure, smallest).map_or(String::new(), |standing| {
                let Standing { better, clearly, .. } = standing;
                format!(
                    " It is better in {} of all by weight, by {} at least in {}.",
                    percent(better),
                    size(figure, smallest, None).0,
                    percent(clearly)
                )
            });
            let what = gain(figure, [low, high]);
            format!("With {label}: in {whom} of the ensemble, {what}.{shares}")
        };
        (1..).zip(others).map(sentence).collect()
    }

    /// Each arm with both bands.
    pub fn table(&self) -> Table {
        let Told { answers, labels, figure, .. } = *self;
        let mut table = heads(answers.value(0, figure).ignorance.is_some());
        for (arm, label) in labels.iter().enumerate() {
            table.row(row(label.clone(), answers.value(arm, figure), |end| value(figure, end)));
            if arm > 0 {
                let told = |end: Option<f64>| figure::change(figure, end);
                table.part(row("difference".into(), answers.difference(arm, figure), told));
            }
        }
        table
    }

    /// What stands below.
    fn notes(&self) -> String {
        let answers = self.answers;
        let few = self.answers.value(0, self.figure).ignorance.is_none();
        format!(
            "{} members on {} devices each, the same ones. {HOW_TO_READ}{}",
            count(answers.members() as u64),
            count(answers.devices.into()),
            if few { format!(" {TOO_FEW}") } else { String::new() }
        )
    }

    /// All of it, for a terminal.
    pub fn text(&self, screen: Screen) -> String {
        let sentences = self.sentences().into_iter().map(|sentence| screen.paragraph("", &sentence));
        format!(
            "\n{}\n{}{}",
            sentences.collect::<String>(),
            self.table().on(screen),
            screen.paragraph("", &self.notes())
        )
    }

    /// Adds it to a report: its sentences, its table, and bands to its curves.
    pub fn add_to(&self, report: &mut Report) {
        report.verdict.extend(self.sentences());
        let caption =
            format!("{}: over all members of the ensemble. {}", figure::name(self.figure), self.notes());
        report.tables.insert(0, self.table().captioned(caption));
        for (_, chart) in &mut report.charts {
            if let Some(chart) = chart.latency_mut() {
                for (arm, curve) in chart.arms.iter_mut().enumerate().take(self.labels.len()) {
                    let every = curve.points.len().div_ceil(BAND_POINTS).max(1);
                    let last = curve.points.last().map(|point| point.ms);
                    let times = curve.points.iter().map(|point| point.ms).step_by(every).chain(last);
                    let times: Vec<Span> = times.map(Span::from_ms).collect();
                    let allowed = self.answers.curve(arm, &times).into_iter();
                    curve.allowed =
                        allowed.map(|(within, [low, high])| Allowed { ms: within.ms(), low, high }).collect();
                }
                chart.heading.subtitle += "; pale: nine of ten of the ensemble";
            }
        }
    }
}

/// In how many iPhones a figure lies between two ends: a band leaves out a twentieth of their weight at each end; where too
/// little stands behind the ensemble for one, the ends are those of all.
fn where_it_lies(band: &Band) -> Option<(&'static str, [f64; 2])> {
    let of_all = band.extent.map(|ends| ("all members", ends));
    band.ignorance.map(|ends| ("nine of ten iPhones", ends)).or(of_all)
}

/// Points of a band: between them it is drawn straight.
const BAND_POINTS: usize = 40;

/// A table of bands; where there are none, of the least and the greatest.
fn heads(has_bands: bool) -> Table {
    let last = if has_bands { "ignorance" } else { "least to greatest" };
    Table::new(&[("", Left), ("over all members", Left), ("chance", Left), (last, Left)])
}

fn row(label: String, band: Band, told: impl Fn(Option<f64>) -> String) -> [String; 4] {
    let ends = |ends: Option<[f64; 2]>| {
        ends.map_or("-".into(), |[low, high]| format!("{} to {}", told(Some(low)), told(Some(high))))
    };
    [label, told(band.mean), ends(band.chance), ends(band.ignorance.or(band.extent))]
}

/// Between which a difference lies, in words: of a gain or a loss where it is one throughout.
fn gain(figure: Figure, [low, high]: [f64; 2]) -> String {
    use crate::figure::Direction::{Less, More};
    let up = figure.facts().better.map(|better| match better {
        More => [low, high],
        Less => [-high, -low],
    });
    let between = |word: &str, ends: [f64; 2]| {
        let [low, high] = ends.map(|end| size(figure, end, None).0);
        // A unit that both share is said once.
        let short = match (low.split_once(' '), high.split_once(' ')) {
            (Some((number, unit)), Some((_, other))) if unit == other => number,
            _ => low.as_str(),
        };
        format!("the {word} lies between {short} and {high}")
    };
    match up {
        Some([low, high]) if low >= 0.0 => between("gain", [low, high]),
        Some([low, high]) if high <= 0.0 => between("loss", [-high, -low]),
        _ => {
            let one = |end: f64| figure::change(figure, Some(end));
            format!(
                "the difference in \u{201c}{}\u{201d} lies between {} and {}",
                figure::name(figure),
                one(low),
                one(high)
            )
        }
    }
}

fn percent(part: f64) -> String {
    super::human::share(Some(part))
}

/// Points of a sweep, each over all members.
fn points_table(figure: Figure, points: &[(String, Band)]) -> Table {
    let mut table = heads(points.iter().any(|(_, band)| band.ignorance.is_some()));
    for (label, band) in points {
        table.row(row(label.clone(), *band, |end| value(figure, end)));
    }
    table
}

/// The same for a terminal.
pub fn points_text(figure: Figure, points: &[(String, Band)], screen: Screen) -> String {
    let about = format!("In the iPhones of the ensemble, {}:", figure::name(figure));
    format!(
        "\n{}{}{}",
        screen.paragraph("", &about),
        points_table(figure, points).on(screen),
        screen.paragraph("", HOW_TO_READ)
    )
}

/// The same in a report, on its curve as well.
pub fn add_points(report: &mut Report, figure: Figure, points: &[(String, Band)]) {
    let caption = format!("{}: over all members of the ensemble. {HOW_TO_READ}", figure::name(figure));
    report.tables.insert(0, points_table(figure, points).captioned(caption));
    for (_, chart) in &mut report.charts {
        if let Some(chart) = chart.line_mut() {
            chart.allowed = points.iter().map(|(_, band)| band.ignorance.or(band.extent)).collect();
            chart.heading.subtitle += "; pale: nine of ten of the ensemble";
        }
    }
}
