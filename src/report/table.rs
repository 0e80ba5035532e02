//! A small table of text: columns two spaces apart, a rule under the header, nothing else.

use super::charts::Cells;
use super::document::{Captioned, Place};
use super::labels::{letters, padding};
use super::paint::{Paint, Role, Screen};
use super::wrap::{parts_of, unparted, within};
use std::fmt;

/// Which side of its column a cell stands on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Align {
    /// For words.
    Left,
    /// For numbers.
    Right,
}

/// What stands in a cell, and what it says.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Cell {
    text: String,
    role: Option<Role>,
}

impl Cell {
    /// A text that says something; nothing where there is no role.
    pub fn saying(role: Option<Role>, text: impl AsRef<str>) -> Cell {
        Cell { role, ..Cell::from(text.as_ref()) }
    }
}

macro_rules! cell_of {
    ($($text:ty),*) => { $(
        impl From<$text> for Cell {
            fn from(text: $text) -> Cell {
                // Names come from scenarios: a line break or an escape sequence in one must not tear the table.
                let text = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
                Cell { text, role: None }
            }
        }
    )* };
}
cell_of!(&str, &&str, String, &String);

/// Rows of text under a header.
#[derive(Clone, Debug)]
pub struct Table {
    header: Vec<String>,
    aligns: Vec<Align>,
    rows: Vec<Row>,
}

/// A row of a table.
#[derive(Clone, Debug)]
struct Row {
    cells: Vec<Cell>,
    /// Whether it is a part of the last row above it that is none.
    is_part: bool,
}

/// How far parts are set off from what they are parts of.
const INDENT: &str = "  ";

impl Table {
    /// A table with these columns and no rows. Where all names are empty, no header is shown.
    pub fn new<S: AsRef<str>>(columns: &[(S, Align)]) -> Table {
        let (header, aligns) =
            columns.iter().map(|(name, align)| (Cell::from(name.as_ref()).text, *align)).unzip();
        Table { header, aligns, rows: Vec::new() }
    }

    /// Adds a row. Cells that are missing are empty; cells without a column are dropped.
    pub fn row<I: IntoIterator<Item: Into<Cell>>>(&mut self, cells: I) -> &mut Table {
        self.add(cells, false)
    }

    /// Adds a row that is a part of the last one that is none.
    pub fn part<I: IntoIterator<Item: Into<Cell>>>(&mut self, cells: I) -> &mut Table {
        self.add(cells, true)
    }

    fn add<I: IntoIterator<Item: Into<Cell>>>(&mut self, cells: I, is_part: bool) -> &mut Table {
        let mut cells: Vec<Cell> = cells.into_iter().map(Into::into).collect();
        cells.resize(self.header.len(), Cell::default());
        self.rows.push(Row { cells, is_part });
        self
    }

    /// The same for a page, on which parts stand below a heading: a row of its own, and then the whole.
    pub fn captioned(&self, caption: impl Into<String>) -> Captioned {
        let trimmed = |text: &str| text.trim().to_owned();
        let has_parts = self.rows.iter().any(|row| row.is_part);
        let rows = self.rows.iter().flat_map(|Row { cells, is_part }| {
            let opens = has_parts && !is_part && cells.iter().skip(1).any(|cell| !cell.text.is_empty());
            let mut row: Vec<String> = cells.iter().map(|cell| trimmed(&cell.text)).collect();
            match opens {
                true => vec![vec![std::mem::replace(&mut row[0], "all".into())], row],
                false => vec![row],
            }
        });
        Captioned {
            caption: caption.into(),
            place: Place::default(),
            cells: Cells {
                columns: self.header.iter().map(|name| trimmed(name)).collect(),
                rows: rows.collect(),
            },
            numbers: self.aligns.iter().map(|align| *align == Align::Right).collect(),
        }
    }

    /// Whether there is no row yet.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table as it fits a screen. Where it is too wide, its widest columns are made narrower, and what stands in
    /// them takes several lines.
    pub fn on(&self, screen: Screen) -> String {
        self.written(Some(screen.width), screen.paint)
    }

    fn written(&self, most: Option<usize>, paint: Paint) -> String {
        let widths = self.widths(most);
        let mut text = String::new();
        if self.header.iter().any(|name| !name.is_empty()) {
            let names: Vec<Cell> = self.header.iter().map(Cell::from).collect();
            self.write(&mut text, &Row { cells: names, is_part: false }, &widths, paint);
            text += &"─".repeat(across(&widths));
            text.push('\n');
        }
        self.rows.iter().for_each(|row| self.write(&mut text, row, &widths, paint));
        text
    }

    /// How wide each column is: as its longest cell, or as much as fits.
    fn widths(&self, most: Option<usize>) -> Vec<usize> {
        let columns = || 0..self.header.len();
        let in_rows = |column: usize, of: fn(&str) -> usize| {
            let cells = self.rows.iter().filter(|row| !row.is_heading()).map(|row| {
                let indent = if column == 0 { row.indent().len() } else { 0 };
                of(&row.cells[column].text) + indent
            });
            cells.max().unwrap_or(0)
        };
        let longest =
            |column: usize, of: fn(&str) -> usize| in_rows(column, of).max(of(&self.header[column]));
        let mut widths: Vec<usize> = columns().map(|column| longest(column, letters)).collect();
        let Some(most) = most else { return widths };
        let word = |text: &str| unparted(text).into_iter().map(letters).max().unwrap_or(0);
        let part = |text: &str| unparted(text).into_iter().flat_map(parts_of).map(letters).max().unwrap_or(0);
        // Lines break between words, then within those of the header, behind a mark while that is enough, and only
        // where it is not within others.
        let words = columns().map(|column| longest(column, word)).collect();
        let marked = columns()
            .map(|column| in_rows(column, word).max(part(&self.header[column])).max(LEAST))
            .collect();
        let words_in_rows = columns().map(|column| in_rows(column, word).max(LEAST)).collect();
        for least in [words, marked, words_in_rows, vec![LEAST; self.header.len()]] {
            while across(&widths) > most {
                let wide = columns().filter(|column| widths[*column] > least[*column]);
                let Some(widest) = wide.max_by_key(|column| widths[*column]) else { break };
                widths[widest] -= 1;
            }
        }
        widths
    }

    fn write(&self, text: &mut String, row: &Row, widths: &[usize], paint: Paint) {
        let indent = row.indent();
        if row.is_heading() {
            let said = row.cells.first().map_or("", |cell| cell.text.as_str());
            let lines = within(said, across(widths).max(letters(said)) - indent.len());
            lines.iter().for_each(|line| *text += &format!("{}\n", format!("{indent}{line}").trim_end()));
            return;
        }
        let parted = row.cells.iter().zip(widths).enumerate().map(|(column, (cell, width))| {
            let indent = if column == 0 { indent } else { "" };
            let lines = within(&cell.text, width.saturating_sub(indent.len()));
            lines.iter().map(|line| format!("{indent}{line}")).collect::<Vec<_>>()
        });
        let columns: Vec<Vec<String>> = parted.collect();
        for line in 0..columns.iter().map(Vec::len).max().unwrap_or(1) {
            let mut shown = String::new();
            for (column, lines) in columns.iter().enumerate() {
                let said = lines.get(line).map_or("", String::as_str);
                let room = padding(said, widths[column]);
                let said = row.cells[column].role.map_or(said.into(), |role| paint.say(role, said));
                shown += &match self.aligns[column] {
                    Align::Left => format!("{said}{room}  "),
                    Align::Right => format!("{room}{said}  "),
                };
            }
            *text += &format!("{}\n", shown.trim_end());
        }
    }
}

impl Row {
    /// A row of nothing but a heading runs over the columns beside it.
    fn is_heading(&self) -> bool {
        self.cells.len() > 1 && self.cells.iter().skip(1).all(|cell| cell.text.is_empty())
    }

    fn indent(&self) -> &'static str {
        if self.is_part { INDENT } else { "" }
    }
}

/// No column is made narrower.
const LEAST: usize = 6;

fn across(widths: &[usize]) -> usize {
    widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1)
}

/// Every line ends with a line break and none with a space.
impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written(None, Paint::Plain))
    }
}

#[cfg(test)]
mod tests {
    use super::Align::{Left, Right};
    use super::*;

    #[test]
    fn words_stand_left_and_numbers_right() {
        let mut table = Table::new(&[("outcome", Left), ("mail", Right), ("", Right)]);
        table.row(["notified", "1,234", "83.1 %"]).row(["on open", "9", "0.6 %"]);
        let shown = "\
outcome    mail
─────────────────────────
notified  1,234  83.1 %
on open       9   0.6 %
";
        assert_eq!(table.to_string(), shown.replace("─────────────────────────", &"─".repeat(23)));
    }

    #[test]
    fn columns_stand_in_line_whatever_the_letters() {
        let mut table = Table::new(&[("", Left), ("受信箱", Right), ("Bern", Left)]);
        table.row(["Zu\u{308}rich", "1", "📬"]).row(["受", "設22", "x"]);
        let shown = table.to_string();
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!(lines[0], "        受信箱  Bern");
        assert_eq!(lines[1], "─".repeat(20));
        assert_eq!(lines[2..], ["Zu\u{308}rich       1  📬", "受        設22  x"]);
    }

    #[test]
    fn parts_have_headings_on_a_page() {
        let mut table = Table::new(&[("", Left), ("mail", Right)]);
        table.row(["told", ""]).part(["soon", "1"]).row(["checks", "7"]).part(["failed", "2"]);
        assert_eq!(table.to_string().lines().nth(3), Some("  soon       1"));
        let rows = table.captioned("").cells.rows;
        assert_eq!(
            rows,
            [vec!["told", ""], vec!["soon", "1"], vec!["checks"], vec!["all", "7"], vec!["failed", "2"]]
        );
        let plain = Table::new(&[("", Left), ("", Right)]).row(["notified", "1"]).captioned("");
        assert_eq!(plain.cells.rows, [["notified", "1"]]);
    }

    #[test]
    fn what_is_too_wide_takes_several_lines_and_loses_no_letter() {
        let mut table = Table::new(&[("", Left), ("told within 15 min", Right), ("why", Left)]);
        table.row(["told", "", ""]);
        table.part(["policy.allow_device_keychain", "16.0 % [12.1, 20.4]", "needs_app_flip"]);
        let at = |width| table.on(Screen { width, paint: Paint::Plain });
        assert_eq!(at(100), table.to_string());
        let narrow = at(48);
        let lines: Vec<&str> = narrow.lines().collect();
        assert_eq!(lines[0], "                     told within  why");
        assert_eq!(lines[1], "                          15 min");
        assert_eq!(lines[2..4], [&"─".repeat(48), "told"]);
        assert_eq!(lines[4], "  policy.allow_           16.0 %  needs_app_flip");
        assert_eq!(lines[5..], ["  device_keychain   [12.1, 20.4]"]);
    }

    #[test]
    fn a_header_breaks_behind_its_marks_before_it_breaks_within_a_word() {
        let mut table = Table::new(&[("allow_device_keychain", Right), ("background energy", Right)]);
        table.row(["false", "28.8 %*"]);
        let narrow = table.on(Screen { width: 22, paint: Paint::Plain });
        let lines: Vec<&str> = narrow.lines().collect();
        assert_eq!(lines[..3], ["    allow_  background", "   device_      energy", "  keychain"]);
        assert_eq!(lines[4], "     false     28.8 %*");
    }

    #[test]
    fn a_cell_is_painted_and_its_column_stays_in_line() {
        let mut table = Table::new(&[("", Left), ("", Right)]);
        table.row([Cell::saying(Some(Role::Fail), "FAIL"), "1".into()]);
        table.row([Cell::saying(Some(Role::Undecided), "undecided"), "22".into()]);
        let painted = table.on(Screen { width: 80, paint: Paint::Colour });
        let [fail, undecided] = [(Role::Fail, "FAIL"), (Role::Undecided, "undecided")]
            .map(|(role, word)| Paint::Colour.say(role, word));
        assert_eq!(painted, format!("{fail}        1\n{undecided}  22\n"));
        assert_eq!(table.on(Screen::PAPER), "FAIL        1\nundecided  22\n");
    }

    #[test]
    fn odd_rows_and_control_characters_do_not_tear_it() {
        let mut table = Table::new(&[("a", Left), ("b", Right)]);
        assert!(table.is_empty());
        assert_eq!(table.to_string(), "a  b\n────\n");
        table.row(["one\nline", "2", "3"]).row(Vec::<String>::new());
        assert_eq!(table.to_string(), "a         b\n───────────\none line  2\n\n");
        assert_eq!(Table::new::<&str>(&[]).to_string(), "");
    }
}
