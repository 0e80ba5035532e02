//! What each product shows of a mail, as text and as Markdown.

use super::paint::{Paint, Screen};
use super::table::Align::Left;
use super::table::Table;
use super::wrap::paragraph;
use crate::access_table::{AccessTable, AtOnce, OwnRow, ProductRow, STATES, Shown, State};
use crate::policy::{Product, ProductFacts as Facts};

const TITLE: &str = "What each product shows of a mail, by state of the phone";

const NOTES: [&str; 4] = [
    "Locked: with the process alive, or ended by the system. T told, with content; t told when the system lets some code run; g a generic text; b a badge; - nothing until the client \
     is opened. The last column is of ten mails that came while the phone was offline: APNs keeps one push for an app, \
     while whoever fetches finds them all.",
    "Each cell is what the simulator's own rules answer when asked. A phone that was ended has no key in memory; the \
     class of its keychain item is that of the product, where it has one.",
    "Shown is not yet seen: Focus, summaries, switched-off notifications and hidden previews are not modelled. Before the \
     first unlock after a restart a phone may show a text without who and what: T is assumed there.",
    "A product is a row of settings as its vendor documents them, and no verdict on it. A cell with a star is remembered or \
     inferred; where each row was found, when, and what of it is assumed:",
];

fn heading(state: State) -> &'static str {
    match state {
        State::SuspendedLocked => "locked",
        State::LaunchedLocked => "ended",
        State::ForceQuit => "force-quit",
        State::RefreshOff => "no refresh",
        State::LowPowerOnBattery => "low power",
        State::BeforeFirstUnlock => "restarted",
        State::NoNetwork => "10 offline",
        _ => state.name(),
    }
}

/// A cell in letters.
pub fn letters(state: State, cell: Shown) -> String {
    let now = match cell.at_once {
        AtOnce::Content => "T",
        AtOnce::Generic => "g",
        AtOnce::Badge => "b",
        AtOnce::Nothing if cell.told_later => "",
        AtOnce::Nothing => "-",
    };
    let later = if cell.told_later { "t" } else { "" };
    match state {
        State::NoNetwork if cell.of_ten == 0 => "-".into(),
        // The push that was kept, and then all that is fetched.
        State::NoNetwork if cell.told_later && !now.is_empty() => format!("1 {now}, {} t", cell.of_ten),
        State::NoNetwork => format!("{} {now}{later}", cell.of_ten),
        _ if now.is_empty() || later.is_empty() => format!("{now}{later}"),
        _ => format!("{now}, {later}"),
    }
}

/// The cells of a row, each with a star where it is assumed.
fn cells(row: &ProductRow) -> impl Iterator<Item = String> {
    let starred = |((state, cell), assumed)| letters(state, cell) + if assumed { "*" } else { "" };
    STATES.into_iter().zip(row.cells).zip(row.assumed).map(starred)
}

/// The scenario's own policies, and the products.
fn lines(table: &AccessTable) -> impl Iterator<Item = Vec<String>> + '_ {
    let of_own = |row: &OwnRow| {
        let cells = STATES.into_iter().zip(row.cells).map(|(state, cell)| letters(state, cell));
        [row.name.clone()].into_iter().chain(cells).collect()
    };
    let of_product =
        |row: &ProductRow| [row.product.facts().title.to_string()].into_iter().chain(cells(row)).collect();
    table.own.iter().map(of_own).chain(table.products.iter().map(of_product))
}

fn as_table(rows: &AccessTable) -> Table {
    let headings = STATES.map(|state| (heading(state).to_string(), Left));
    let columns: Vec<_> = [(String::new(), Left)].into_iter().chain(headings).collect();
    let mut table = Table::new(&columns);
    for line in lines(rows) {
        table.row(line);
    }
    table
}

fn found(rows: &[ProductRow]) -> impl Iterator<Item = String> + '_ {
    rows.iter().map(|row| about(row.product))
}

/// Where a product's row was found, when, and what of it is assumed.
pub(super) fn about(product: Product) -> String {
    let Facts { title, source, assumed, .. } = product.facts();
    let of = format!("{title} ({}; {})", source.name, source.date);
    if assumed.is_empty() { of } else { format!("{of}: {assumed}") }
}

/// As text at most `width` characters wide.
pub fn text(rows: &AccessTable, width: usize) -> String {
    let screen = Screen { width, paint: Paint::Plain };
    let mut out = format!("\n{}\n{}\n", paragraph("", TITLE, width), as_table(rows).on(screen));
    NOTES.iter().for_each(|note| out += &paragraph("- ", note, width));
    found(&rows.products).for_each(|note| out += &paragraph("    ", &note, width));
    out
}

/// As a table of Markdown.
pub fn markdown(rows: &AccessTable) -> String {
    let line = |cells: Vec<String>| {
        let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let headings = STATES.map(|state| heading(state).to_string());
    let mut out = format!("\n{TITLE}\n\n");
    out += &line(["Product".to_string()].into_iter().chain(headings).collect());
    out += &line(vec!["---".into(); STATES.len() + 1]);
    lines(rows).for_each(|cells| out += &line(cells));
    out.push('\n');
    NOTES.iter().for_each(|note| out += &format!("- {note}\n"));
    found(&rows.products).for_each(|note| out += &format!("  - {note}\n"));
    out
}
