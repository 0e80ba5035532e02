//! A small table of text: columns two spaces apart, a rule under the header, nothing else.

use super::charts::Cells;
use super::document::Captioned;
use super::labels::{letters, padding};
use std::fmt;

/// Which side of its column a cell stands on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Align {
    /// For words.
    Left,
    /// For numbers.
    Right,
}

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
    cells: Vec<String>,
    /// Whether it is a part of the last row above it that is none.
    is_part: bool,
}

/// How far parts are set off from what they are parts of.
const INDENT: &str = "  ";

impl Table {
    /// A table with these columns and no rows. Where all names are empty, no header is shown.
    pub fn new<S: AsRef<str>>(columns: &[(S, Align)]) -> Table {
        let (header, aligns) = columns.iter().map(|(name, align)| (one_line(name.as_ref()), *align)).unzip();
        Table { header, aligns, rows: Vec::new() }
    }

    /// Adds a row. Cells that are missing are empty; cells without a column are dropped.
    pub fn row<I: IntoIterator<Item: AsRef<str>>>(&mut self, cells: I) -> &mut Table {
        self.add(cells, false)
    }

    /// Adds a row that is a part of the last one that is none.
    pub fn part<I: IntoIterator<Item: AsRef<str>>>(&mut self, cells: I) -> &mut Table {
        self.add(cells, true)
    }

    fn add<I: IntoIterator<Item: AsRef<str>>>(&mut self, cells: I, is_part: bool) -> &mut Table {
        let mut cells: Vec<String> = cells.into_iter().map(|cell| one_line(cell.as_ref())).collect();
        cells.resize(self.header.len(), String::new());
        self.rows.push(Row { cells, is_part });
        self
    }

    /// The same for a page, on which parts stand below a heading: a row of its own, and then the whole.
    pub fn captioned(&self, caption: impl Into<String>) -> Captioned {
        let trimmed =
            |row: &Vec<String>| -> Vec<String> { row.iter().map(|cell| cell.trim().to_owned()).collect() };
        let has_parts = self.rows.iter().any(|row| row.is_part);
        let rows = self.rows.iter().flat_map(|Row { cells, is_part }| {
            let opens = has_parts && !is_part && cells.iter().skip(1).any(|cell| !cell.is_empty());
            let mut row = trimmed(cells);
            match opens {
                true => vec![vec![std::mem::replace(&mut row[0], "all".into())], row],
                false => vec![row],
            }
        });
        Captioned {
            caption: caption.into(),
            cells: Cells { columns: trimmed(&self.header), rows: rows.collect() },
            numbers: self.aligns.iter().map(|align| *align == Align::Right).collect(),
        }
    }

    /// Whether there is no row yet.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// A row of nothing but a heading runs over the columns beside it.
    fn widths(rows: &[Vec<String>]) -> Vec<usize> {
        let counts = |row: &&Vec<String>| row.len() == 1 || row.iter().skip(1).any(|cell| !cell.is_empty());
        let width =
            |column: usize| rows.iter().filter(counts).map(|row| letters(&row[column])).max().unwrap_or(0);
        (0..rows[0].len()).map(width).collect()
    }

    fn write_row(&self, f: &mut fmt::Formatter<'_>, row: &[String], widths: &[usize]) -> fmt::Result {
        let mut line = String::new();
        for ((cell, width), align) in row.iter().zip(widths).zip(&self.aligns) {
            let room = padding(cell, *width);
            line += &match align {
                Align::Left => format!("{cell}{room}  "),
                Align::Right => format!("{room}{cell}  "),
            };
        }
        writeln!(f, "{}", line.trim_end())
    }
}

/// Every line ends with a line break and none with a space.
impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rows = vec![self.header.clone()];
        rows.extend(self.rows.iter().map(|Row { cells, is_part }| {
            let mut cells = cells.clone();
            if let Some(first) = cells.first_mut().filter(|_| *is_part) {
                first.insert_str(0, INDENT);
            }
            cells
        }));
        let widths = Table::widths(&rows);
        if self.header.iter().any(|name| !name.is_empty()) {
            self.write_row(f, &self.header, &widths)?;
            let across = widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1);
            writeln!(f, "{}", "─".repeat(across))?;
        }
        rows[1..].iter().try_for_each(|row| self.write_row(f, row, &widths))
    }
}

/// Names come from scenarios: a line break or an escape sequence in one must not tear the table.
fn one_line(cell: &str) -> String {
    cell.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
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
    fn odd_rows_and_control_characters_do_not_tear_it() {
        let mut table = Table::new(&[("a", Left), ("b", Right)]);
        assert!(table.is_empty());
        assert_eq!(table.to_string(), "a  b\n────\n");
        table.row(["one\nline", "2", "3"]).row(Vec::<String>::new());
        assert_eq!(table.to_string(), "a         b\n───────────\none line  2\n\n");
        assert_eq!(Table::new::<&str>(&[]).to_string(), "");
    }
}
