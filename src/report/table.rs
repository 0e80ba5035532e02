//! A small table of text: columns two spaces apart, a rule under the header, nothing else.

use super::charts::Cells;
use super::document::Captioned;
use std::fmt;

/// Which side of its column a cell stands on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Align {
    /// For words.
    Left,
    /// For numbers.
    Right,
}

/// Rows of text under a header. Widths count characters.
#[derive(Clone, Debug)]
pub struct Table {
    header: Vec<String>,
    aligns: Vec<Align>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these columns and no rows. Where all names are empty, no header is shown.
    pub fn new<const N: usize>(columns: [(&str, Align); N]) -> Table {
        Table::with(&columns)
    }

    /// The same, for columns whose number is not known beforehand.
    pub fn with<S: AsRef<str>>(columns: &[(S, Align)]) -> Table {
        let (header, aligns) = columns.iter().map(|(name, align)| (one_line(name.as_ref()), *align)).unzip();
        Table { header, aligns, rows: Vec::new() }
    }

    /// Adds a row. Cells that are missing are empty; cells without a column are dropped.
    pub fn row<I: IntoIterator<Item: AsRef<str>>>(&mut self, cells: I) -> &mut Table {
        let mut row: Vec<String> = cells.into_iter().map(|cell| one_line(cell.as_ref())).collect();
        row.resize(self.header.len(), String::new());
        self.rows.push(row);
        self
    }

    /// The same for a page, which has its own ways to set lines off.
    pub fn captioned(&self, caption: impl Into<String>) -> Captioned {
        let trimmed =
            |row: &Vec<String>| -> Vec<String> { row.iter().map(|cell| cell.trim().to_owned()).collect() };
        let is_part = |row: &Vec<String>| row.first().is_some_and(|cell| cell.starts_with("  "));
        // What is set off by indenting alone, on a page has a heading: a row of its own, and then the whole.
        let has_parts = self.rows.iter().any(is_part);
        let rows = self.rows.iter().flat_map(|row| {
            let opens = !is_part(row) && row.iter().skip(1).any(|cell| !cell.is_empty());
            let mut row = trimmed(row);
            match has_parts && opens {
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

    fn widths(&self) -> Vec<usize> {
        let width = |column: usize| {
            let cells = self.rows.iter().chain([&self.header]).map(|row| row[column].chars().count());
            cells.max().unwrap_or(0)
        };
        (0..self.header.len()).map(width).collect()
    }

    fn write_row(&self, f: &mut fmt::Formatter<'_>, row: &[String], widths: &[usize]) -> fmt::Result {
        let mut line = String::new();
        for ((cell, width), align) in row.iter().zip(widths).zip(&self.aligns) {
            match align {
                Align::Left => line += &format!("{cell:<width$}  "),
                Align::Right => line += &format!("{cell:>width$}  "),
            }
        }
        writeln!(f, "{}", line.trim_end())
    }
}

/// Every line ends with a line break and none with a space.
impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths = self.widths();
        if self.header.iter().any(|name| !name.is_empty()) {
            self.write_row(f, &self.header, &widths)?;
            let across = widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1);
            writeln!(f, "{}", "─".repeat(across))?;
        }
        self.rows.iter().try_for_each(|row| self.write_row(f, row, &widths))
    }
}

/// Names come from scenarios: a line break or an escape sequence in one must not tear the table.
fn one_line(cell: &str) -> String {
    cell.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_left_and_numbers_right() {
        let mut table = Table::new([("outcome", Align::Left), ("mail", Align::Right), ("", Align::Right)]);
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
    fn characters_are_counted_and_not_bytes() {
        let mut table = Table::new([("", Align::Left), ("", Align::Right)]);
        table.row(["Zürich", "1"]).row(["Bern", "22"]);
        assert_eq!(table.to_string(), "Zürich   1\nBern    22\n");
    }

    #[test]
    fn what_is_set_off_by_indenting_has_headings_on_a_page() {
        let mut table = Table::new([("", Align::Left), ("mail", Align::Right)]);
        table.row(["told", ""]).row(["  soon", "1"]).row(["checks", "7"]).row(["  failed", "2"]);
        let rows = table.captioned("").cells.rows;
        assert_eq!(
            rows,
            [vec!["told", ""], vec!["soon", "1"], vec!["checks"], vec!["all", "7"], vec!["failed", "2"]]
        );
        let plain = Table::new([("", Align::Left), ("", Align::Right)]).row(["notified", "1"]).captioned("");
        assert_eq!(plain.cells.rows, [["notified", "1"]]);
    }

    #[test]
    fn odd_rows_and_control_characters_do_not_tear_it() {
        let mut table = Table::new([("a", Align::Left), ("b", Align::Right)]);
        assert!(table.is_empty());
        assert_eq!(table.to_string(), "a  b\n────\n");
        table.row(["one\nline", "2", "3"]).row(Vec::<String>::new());
        assert_eq!(table.to_string(), "a         b\n───────────\none line  2\n\n");
        assert_eq!(Table::new([]).to_string(), "");
    }
}
