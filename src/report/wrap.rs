//! Text that fits the width of a terminal: paragraphs, and tables whose cells take several lines.

use super::labels::{letters, padding};

/// Breaks a text at spaces into lines of at most `width` characters; a longer word stands alone.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    filled(text.split_whitespace(), width)
}

fn filled<'a>(words: impl IntoIterator<Item = &'a str>, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut long = 0;
    for word in words {
        let length = letters(word);
        let last = lines.len() - 1;
        if long > 0 && long + 1 + length > width {
            lines.push(word.into());
            long = length;
        } else {
            if long > 0 {
                lines[last].push(' ');
                long += 1;
            }
            lines[last].push_str(word);
            long += length;
        }
    }
    lines
}

/// The same for a cell, where no line may be longer: words that belong together stay so while they fit, and what is
/// longer breaks behind a mark in it, or where it must.
pub fn within(text: &str, width: usize) -> Vec<String> {
    let fits = |word: &str| letters(word) <= width;
    let mut words: Vec<&str> = Vec::new();
    for word in unparted(text) {
        let parts: Vec<&str> = if fits(word) { vec![word] } else { words_of(word, false) };
        for part in parts {
            let mut rest = part;
            // A unit that does not fit beside its number stands below it.
            if let Some((number, unit)) = rest.split_once(' ').filter(|_| !fits(rest)) {
                words.push(number);
                rest = unit;
            }
            while !fits(rest) {
                let ends: Vec<usize> = rest.char_indices().map(|(at, c)| at + c.len_utf8()).collect();
                let fitting = || ends.iter().copied().filter(|end| fits(&rest[..*end]));
                let marked = fitting().rfind(|end| rest[..*end].ends_with(MARKS));
                let end = marked.or(fitting().next_back()).unwrap_or(ends[0]);
                words.push(&rest[..end]);
                rest = &rest[end..];
            }
            words.extend(Some(rest).filter(|rest| !rest.is_empty()));
        }
    }
    filled(words, width)
}

/// Behind these a long word may break.
const MARKS: [char; 7] = ['.', '_', ',', '=', '/', '-', ':'];

/// Where a long word may break: the parts of it that stay whole.
pub(super) fn parts_of(word: &str) -> impl Iterator<Item = &str> {
    word.split_inclusive(MARKS)
}

/// The words of a text, an interval and a number with its unit being one.
pub(super) fn unparted(text: &str) -> Vec<&str> {
    words_of(text, true)
}

/// The same; intervals, and what stands in brackets, may be parted between numbers unless `whole`.
fn words_of(text: &str, whole: bool) -> Vec<&str> {
    let is_number = |word: &str| word.ends_with(|c: char| c.is_ascii_digit());
    let open = |word: &str| word.matches(['[', '(']).count() > word.matches([']', ')']).count();
    let mut words = Vec::new();
    let mut begun = 0;
    for (at, _) in text.match_indices(' ') {
        let (word, rest) = (&text[begun..at], &text[at + 1..]);
        let next = rest.split(' ').next().unwrap_or_default().trim_end_matches([',', ']', ')', ';', '*']);
        if !(whole && open(word) || is_number(word) && UNITS.contains(&next)) {
            words.push(word);
            begun = at + 1;
        }
    }
    words.push(&text[begun..]);
    words.retain(|word| !word.is_empty());
    words
}

/// What follows a number and stays with it.
const UNITS: [&str; 7] = ["%", "s", "ms", "min", "h", "d", "points"];

/// A paragraph behind a label; the lines after the first stand under its beginning.
pub fn paragraph(label: &str, text: &str, width: usize) -> String {
    let indent = letters(label);
    let lines = wrap(text, width.saturating_sub(indent).max(20));
    let mut out = String::new();
    for (index, line) in lines.iter().enumerate() {
        let margin = if index == 0 { label.to_string() } else { " ".repeat(indent) };
        out += (margin + line).trim_end();
        out.push('\n');
    }
    out
}

/// Rows under a header, the first column `label` wide and the others `cell`, two spaces apart.
pub fn grid(header: &[&str], rows: &[Vec<String>], label: usize, cell: usize) -> String {
    let across = label + (2 + cell) * header.len().saturating_sub(1);
    let header: Vec<String> = header.iter().map(|name| name.to_string()).collect();
    let mut out = grid_row(&header, label, cell);
    out += &("─".repeat(across) + "\n");
    let rows: Vec<String> = rows.iter().map(|row| grid_row(row, label, cell)).collect();
    // Where cells take several lines, a blank one tells the rows apart.
    out + &rows.join(if rows.iter().any(|row| row.matches('\n').count() > 1) { "\n" } else { "" })
}

fn grid_row(cells: &[String], label: usize, cell: usize) -> String {
    let widths = || [label].into_iter().chain(std::iter::repeat(cell));
    let columns: Vec<Vec<String>> =
        cells.iter().zip(widths()).map(|(text, width)| wrap(text, width)).collect();
    let height = columns.iter().map(Vec::len).max().unwrap_or(0);
    let mut out = String::new();
    for line in 0..height {
        let parts = columns.iter().zip(widths()).map(|(column, width)| {
            let part = column.get(line).map_or("", String::as_str);
            part.to_string() + &padding(part, width)
        });
        let parts: Vec<String> = parts.collect();
        out += parts.join("  ").trim_end();
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_spaces_and_long_words_stand_alone() {
        assert_eq!(wrap("no check: before first unlock", 12), ["no check:", "before first", "unlock"]);
        assert_eq!(wrap("a keychain_locked b", 5), ["a", "keychain_locked", "b"]);
        assert_eq!(wrap("", 5), [""]);
        assert_eq!(
            paragraph("= help: ", "Zürich ist schöner als Bern an der Aare", 30),
            "= help: Zürich ist schöner als\n        Bern an der Aare\n"
        );
    }

    #[test]
    fn what_belongs_together_stays_so_while_it_fits() {
        assert_eq!(unparted("16.0 % [12.1, 20.4] of 15 min"), ["16.0 %", "[12.1, 20.4]", "of", "15 min"]);
        assert_eq!(within("told within 15 min", 12), ["told within", "15 min"]);
        assert_eq!(unparted("28.8 %* [12.1, 20.4]"), ["28.8 %*", "[12.1, 20.4]"]);
        assert_eq!(within("16.0 % [12.1, 20.4]", 8), ["16.0 %", "[12.1,", "20.4]"]);
        assert_eq!(within("[12.1 %, 20.4 %]", 8), ["[12.1 %,", "20.4 %]"]);
        assert_eq!(unparted("+2.4 points (few devices)"), ["+2.4 points", "(few devices)"]);
        assert_eq!(within("policy.allow_device_keychain", 16), ["policy.allow_", "device_keychain"]);
        assert_eq!(within("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(within("受信箱", 1), ["受", "信", "箱"]);
        assert_eq!(within("", 9), [""]);
    }

    #[test]
    fn cells_wrap_within_their_column() {
        let rows = vec![vec!["state".to_string(), "no key: locked".into()]];
        assert_eq!(
            grid(&["", "policy"], &rows, 6, 8),
            "        policy\n────────────────\nstate   no key:\n        locked\n"
        );
    }
}
