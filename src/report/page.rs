//! A report as one page of HTML: it holds all it needs, asks nothing of any network, opens from a mail and
//! prints well. Its script only adds conveniences, and is the only one that the page lets run.

use super::charts::{Cells, Chart};
use super::document::{Assumption, Captioned, LIVE, Place, Report};
use super::human::ONE_READER;
use super::labels::{is_unseen, letters};
use askama::Template;
use askama::filters::{Escaper, Html};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};
use std::fmt;

const STYLE: &str = include_str!("page/style.css");
const SCRIPT: &str = include_str!("page/script.js");

const ASSUMED: &str = "assumed";

/// What a number can rest on, the weakest first.
const BASES: [(&str, &str); 6] = [
    (ASSUMED, "no source; a choice within the plausible range, and no fact about iOS"),
    ("measured", "fitted to published data"),
    ("reverse-engineered", "found by taking the system apart, not documented"),
    ("field", "from published logs and vendors' documents"),
    ("xnu", "from the open source of the kernel"),
    ("apple", "from Apple's documentation or staff"),
];

/// The page, as the text of a file. The same report gives the same bytes.
pub fn page(report: &Report) -> String {
    let mut figures = (1..).zip(&report.charts).map(|(place, chart)| Figure::new(place, chart));
    let page = Page {
        report,
        live: LIVE,
        title: title(report),
        policy: policy(),
        contents: contents(report),
        assumed: report.assumptions.iter().filter(|number| number.tag == ASSUMED).count(),
        answer: tables(report, Place::Answer),
        first: figures.next(),
        others: figures.collect(),
        appendix: tables(report, Place::Appendix),
        bases: bases(&report.assumptions),
    };
    // Nothing in the template can fail, nor can writing to a string.
    page.render().unwrap_or_default()
}

/// The same on two pages of paper, for who decides and reads no more.
pub fn brief(report: &Report) -> String {
    // Of many arms each picture would take a page, and one of all of them says the most.
    let is_short = report.in_brief.is_empty();
    let of_many = report.charts.iter().position(|(_, chart)| chart.shows_every_arm());
    let place = of_many.filter(|_| !is_short).unwrap_or(0);
    let first = report.charts.get(place).map(|(_, chart)| {
        let narrow = chart.narrow_svg().map(|svg| within_page(&svg, "figure-1-narrow"));
        (within_page(&chart.svg(), "figure-1"), narrow)
    });
    let beside = report.charts.iter().skip(1).filter(|(_, chart)| is_short && chart.is_for_board());
    let brief = Brief {
        report,
        verdict: if is_short { &report.verdict } else { &report.in_brief },
        title: title(report),
        policy: policy(),
        answer: tables(report, Place::Answer),
        first,
        beside: (2..)
            .zip(beside)
            .filter_map(|(place, (_, chart))| {
                Some(within_page(&chart.narrow_svg()?, &format!("figure-{place}")))
            })
            .collect(),
        rests: rests(report),
    };
    brief.render().unwrap_or_default()
}

fn title(report: &Report) -> &str {
    if report.title.is_empty() { "Report" } else { &report.title }
}

fn tables(report: &Report, wanted: Place) -> Vec<Table> {
    let tables = (1..).zip(&report.tables).filter(|(_, table)| table.place == wanted);
    let table = |(place, Captioned { caption, cells, numbers, .. }): (u32, &Captioned)| {
        Table::new(format!("table-{place}"), caption.clone(), cells, |column| {
            numbers.get(column) == Some(&true)
        })
    };
    tables.map(table).collect()
}

/// On what the figures rest, and on what not.
fn rests(report: &Report) -> Vec<String> {
    let all = report.assumptions.len();
    let bases = bases(&report.assumptions);
    let (assumed, found): (Vec<_>, Vec<_>) = bases.iter().partition(|basis| basis.tag == ASSUMED);
    let found: Vec<String> =
        found.iter().rev().map(|basis| format!("{} {}", basis.numbers.len(), basis.meaning)).collect();
    let assumed: usize = assumed.iter().map(|basis| basis.numbers.len()).sum();
    let mut rests = Vec::new();
    if !found.is_empty() {
        rests.push(format!("Of the {all} numbers behind these figures come {}.", found.join("; ")));
    }
    if assumed > 0 {
        rests.push(format!(
            "Nobody has published the other {assumed}: each is assumed, within a range that is plausible. The long \
             report lists them all, and bgsim sensitivity tells which of them move the answer."
        ));
    }
    if !report.is_observed {
        rests.push(
            "Nothing of it was measured on your devices. An interval tells by how much another fleet of as many \
             devices would differ by chance, and not how far an assumed number may be off."
                .into(),
        );
        rests.push(ONE_READER.into());
    }
    rests
}

#[derive(Template)]
#[template(path = "page.html", config = "src/report/page/askama.toml")]
struct Page<'a> {
    report: &'a Report,
    /// The page in which its numbers are turned, if it lies beside this one.
    live: &'static str,
    title: &'a str,
    /// What the browser may load and run.
    policy: String,
    /// The sections that there are: where, and what they are called.
    contents: Vec<(&'static str, &'static str)>,
    assumed: usize,
    answer: Vec<Table>,
    /// The picture that goes with the verdict: people look before they read.
    first: Option<Figure>,
    others: Vec<Figure>,
    appendix: Vec<Table>,
    bases: Vec<Basis<'a>>,
}

#[derive(Template)]
#[template(path = "brief.html", config = "src/report/page/askama.toml")]
struct Brief<'a> {
    report: &'a Report,
    title: &'a str,
    policy: String,
    verdict: &'a [String],
    answer: Vec<Table>,
    /// On a wide sheet, and for a phone.
    first: Option<(String, Option<String>)>,
    /// Pictures of half the width of a page.
    beside: Vec<String>,
    rests: Vec<String>,
}

impl Page<'_> {
    /// Whether a fact fills a line of its own.
    fn is_long(value: &str) -> bool {
        letters(value) > 32
    }
}

struct Table {
    id: String,
    caption: String,
    columns: Vec<Column>,
    groups: Vec<Group>,
}

struct Column {
    name: String,
    is_number: bool,
}

/// Rows that belong together.
#[derive(Default)]
struct Group {
    heading: Option<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Whether its columns are too many for letters of the usual size.
    fn is_wide(&self) -> bool {
        self.columns.len() > 6
    }

    fn new(id: String, caption: String, cells: &Cells, is_number: impl Fn(usize) -> bool) -> Table {
        let columns = cells.columns.iter().enumerate();
        let columns = columns.map(|(place, name)| Column { name: name.clone(), is_number: is_number(place) });
        Table { id, caption, columns: columns.collect(), groups: groups(cells) }
    }
}

/// A row that has text in its first cell alone opens a group.
fn groups(cells: &Cells) -> Vec<Group> {
    let mut groups = vec![Group::default()];
    for row in &cells.rows {
        let mut row: Vec<String> = row.iter().map(|cell| cell.trim().to_owned()).collect();
        row.resize(cells.columns.len(), String::new());
        let is_heading = row.len() > 1 && !row[0].is_empty() && row[1..].iter().all(String::is_empty);
        if is_heading {
            groups.push(Group { heading: row.into_iter().next(), rows: Vec::new() });
        } else if let Some(group) = groups.last_mut() {
            group.rows.push(row);
        }
    }
    groups.retain(|group| group.heading.is_some() || !group.rows.is_empty());
    groups
}

struct Figure {
    place: usize,
    title: String,
    svg: String,
    /// For a phone held upright, where there is one.
    narrow: Option<String>,
    /// The name under which the picture is saved.
    file: String,
    table: Table,
}

impl Figure {
    fn new(place: usize, (name, chart): &(String, Chart)) -> Figure {
        let (id, cells, title) = (format!("figure-{place}"), chart.cells(), chart.heading().title.clone());
        let is_number = |column: usize| {
            let mut filled =
                cells.rows.iter().filter_map(|row| row.get(column)).filter(|cell| !cell.is_empty());
            column > 0 && filled.all(|cell| reads_as_number(cell))
        };
        let caption = format!("Data of figure {place}: {title}");
        Figure {
            place,
            svg: within_page(&chart.svg(), &id),
            narrow: chart.narrow_svg().map(|svg| within_page(&svg, &format!("{id}-narrow"))),
            file: format!("{name}.svg"),
            table: Table::new(format!("{id}-data"), caption, &cells, is_number),
            title,
        }
    }
}

fn reads_as_number(cell: &str) -> bool {
    let digits = cell.trim_start_matches([' ', '+', '-', '−', '±', '<', '>', '≤', '≥', '~']);
    digits.starts_with(|c: char| c.is_ascii_digit())
}

/// The picture as a part of the page: its name and its words are found by references of their own, and paper
/// stays light.
fn within_page(svg: &str, id: &str) -> String {
    let named = format!("<svg aria-labelledby=\"{id}-title\" aria-describedby=\"{id}-words\"");
    svg.replacen("<svg", &named, 1)
        .replacen("<title>", &format!("<title id=\"{id}-title\">"), 1)
        .replacen("<desc>", &format!("<desc id=\"{id}-words\">"), 1)
        .replacen("<style>\n@media (", "<style>\n@media screen and (", 1)
}

/// Numbers that rest on the same.
struct Basis<'a> {
    tag: &'a str,
    meaning: &'static str,
    numbers: Vec<&'a Assumption>,
}

/// The weakest first; what this version does not know stands last.
fn bases(assumptions: &[Assumption]) -> Vec<Basis<'_>> {
    let mut bases = BASES
        .map(|(tag, meaning)| Basis { tag, meaning, numbers: Vec::new() })
        .into_iter()
        .collect::<Vec<_>>();
    for number in assumptions {
        match bases.iter_mut().find(|basis| basis.tag == number.tag) {
            Some(basis) => basis.numbers.push(number),
            None => bases.push(Basis { tag: &number.tag, meaning: "", numbers: vec![number] }),
        }
    }
    bases.retain(|basis| !basis.numbers.is_empty());
    bases
}

/// The sections that there are.
fn contents(report: &Report) -> Vec<(&'static str, &'static str)> {
    let has = |place: Place| report.tables.iter().any(|table| table.place == place);
    let sections = [
        (true, "verdict", "Verdict"),
        (has(Place::Answer), "results", "Results"),
        (report.charts.len() > 1, "charts", "Charts"),
        (has(Place::Appendix), "figures", "All figures"),
        (!report.scenarios.is_empty(), "scenarios", "Scenarios"),
        (!report.assumptions.is_empty(), "assumptions", "Assumptions"),
    ];
    let there = sections.into_iter().filter(|(is_there, ..)| *is_there);
    there.map(|(_, id, name)| (id, name)).collect()
}

/// Nothing is loaded from anywhere, and no script runs but the page's own.
fn policy() -> String {
    let hash = BASE64_STANDARD.encode(Sha256::digest(SCRIPT));
    format!(
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{hash}'; img-src data:; \
         base-uri 'none'; form-action 'none'"
    )
}

/// Escapes text for HTML. Characters that cannot be seen but would change what is, such as those that turn
/// the direction of what follows, are shown as U+FFFD.
#[derive(Clone, Copy)]
pub(crate) struct Visible;

impl Escaper for Visible {
    fn write_escaped_str<W: fmt::Write>(&self, dest: W, text: &str) -> fmt::Result {
        let hides = |c: char| is_unseen(c) && !matches!(c, '\n' | '\t');
        Html.write_escaped_str(dest, &text.replace(hides, "\u{FFFD}"))
    }
}
