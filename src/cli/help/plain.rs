//! Markdown as plain text for a terminal: paragraphs and cells wrapped, links as their words, headings underlined.

use crate::report::labels::letters;
use crate::report::wrap::{paragraph, within, wrap};

/// A page, as wide as this at most but for what is quoted.
pub(super) fn page(markdown: &str, width: usize) -> String {
    let mut out = String::new();
    let mut lines = markdown.lines().peekable();
    while let Some(line) = lines.next() {
        if line.starts_with("```") {
            // What is quoted stays as it is.
            let block: Vec<&str> = lines.by_ref().take_while(|line| !line.starts_with("```")).collect();
            quoted(&mut out, &block, width);
        } else if let Some(line) = line.strip_prefix("    ") {
            quoted(&mut out, &[line], width);
        } else if line.starts_with('#') {
            let title = spoken(line.trim_start_matches('#').trim());
            let under = if line.starts_with("# ") { "═" } else { "─" };
            let title = wrap(&title, width);
            let longest = title.iter().map(|line| letters(line)).max().unwrap_or(0);
            out += &format!("{}\n{}\n", title.join("\n"), under.repeat(longest));
        } else if line.starts_with('|') {
            let mut rows = vec![cells(line)];
            while let Some(line) = lines.next_if(|line| line.starts_with('|')) {
                rows.push(cells(line));
            }
            out += &table(rows, width);
        } else if line.is_empty() {
            out.push('\n');
        } else {
            let mut text = line.to_owned();
            while let Some(more) = lines.next_if(|next| is_more(next)) {
                text = text + " " + more.trim_start();
            }
            out += &item(&text, width);
        }
    }
    out
}

/// Set in as far as its lines fit; one that never would counts for none.
fn quoted(out: &mut String, block: &[&str], width: usize) {
    let longest = block.iter().map(|line| letters(line)).filter(|letters| *letters <= width).max();
    let room = " ".repeat((width - longest.unwrap_or(0)).min(4));
    for line in block {
        *out += format!("{room}{line}").trim_end();
        out.push('\n');
    }
}

/// Whether a line goes on with the paragraph before it.
fn is_more(line: &str) -> bool {
    let text = line.trim_start();
    !text.is_empty() && !text.starts_with(['#', '|']) && !text.starts_with("```") && marker(text).is_empty()
}

/// What an item of a list begins with.
fn marker(text: &str) -> &str {
    let number = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    match text {
        _ if text.starts_with("- ") => &text[..2],
        _ if number > 0 && text[number..].starts_with(". ") => &text[..number + 2],
        _ => "",
    }
}

/// A paragraph or an item of a list; the lines after the first stand under its beginning.
fn item(text: &str, width: usize) -> String {
    let content = text.trim_start();
    let label = " ".repeat(text.len() - content.len()) + marker(content);
    paragraph(&label, &spoken(&content[marker(content).len()..]), width)
}

/// The words of a line: of a link and a picture what it is called, and nothing of what makes text bold.
fn spoken(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, link)) = rest.split_once('[') {
        out += before.strip_suffix('!').unwrap_or(before);
        match link.split_once("](").and_then(|(words, after)| Some((words, after.split_once(')')?.1))) {
            Some((words, after)) if !words.contains('[') => {
                out += words;
                rest = after;
            }
            _ => {
                out.push('[');
                rest = link;
            }
        }
    }
    (out + rest).replace("**", "")
}

/// The cells of a row. A bar behind a backslash is part of its cell.
fn cells(line: &str) -> Vec<String> {
    let row = line.trim().trim_matches('|').replace(r"\|", "\u{1}");
    row.split('|').map(|cell| spoken(&cell.trim().replace('\u{1}', "|"))).collect()
}

/// A table that fits: the widest columns give way.
fn table(rows: Vec<Vec<String>>, width: usize) -> String {
    let is_rule = |row: &[String]| row.iter().all(|cell| cell.chars().all(|c| "-: ".contains(c)));
    let rows: Vec<Vec<String>> = rows.into_iter().filter(|row| !is_rule(row)).collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let long = |text: &str| text.chars().count();
    let widest = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| long(cell)).max();
    let mut widths: Vec<usize> = (0..columns).map(|column| widest(column).unwrap_or(0)).collect();
    while widths.iter().sum::<usize>() + 2 * columns > width {
        match widths.iter_mut().max() {
            Some(most) if *most > 8 => *most -= 1,
            _ => break,
        }
    }
    let mut out = String::new();
    for (place, row) in rows.iter().enumerate() {
        let wrapped: Vec<Vec<String>> =
            row.iter().zip(&widths).map(|(cell, width)| within(cell, *width)).collect();
        for line in 0..wrapped.iter().map(Vec::len).max().unwrap_or(0) {
            let parts = wrapped.iter().zip(&widths).map(|(cell, width)| {
                let part = cell.get(line).map_or("", String::as_str);
                part.to_owned() + &" ".repeat(width.saturating_sub(long(part)))
            });
            out += parts.collect::<Vec<_>>().join("  ").trim_end();
            out.push('\n');
        }
        if place == 0 {
            out += &"─".repeat((widths.iter().sum::<usize>() + 2 * columns).saturating_sub(2).min(width));
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_fits_and_keeps_what_it_quotes() {
        let text = "# A *page*\n\nIt says [this](other.md#part) of\n`x[0]` and **that**.\n\n- one item that goes\n  \
                    on and on\n- two\n\n```console\n$ a  quoted line is as long as it has to be\n```\n\n\
                    | a | b |\n|---|--:|\n| `x\\|y` | long words in a cell |\n";
        let shown = "A *page*\n════════\n\nIt says this of\n`x[0]` and that.\n\n- one item that goes\n  on and on\n- \
                     two\n\n    $ a  quoted line is as long as it has to be\n\na      b\n───────────────────\n`x|y`  long \
                     words\n       in a cell\n";
        assert_eq!(page(text, 21), shown);
    }

    #[test]
    fn a_long_heading_takes_several_lines() {
        assert_eq!(page("## For how many hours\n", 12), "For how many\nhours\n────────────\n");
    }

    #[test]
    fn what_is_quoted_is_set_in_as_far_as_it_fits() {
        assert_eq!(page("```text\nten letters\n  x\n```\n", 15), "    ten letters\n      x\n");
        assert_eq!(page("```text\nten letters\n  x\n```\n", 12), " ten letters\n   x\n");
        assert_eq!(page("```text\nten letters\n  x\n```\n", 8), "    ten letters\n      x\n");
    }

    #[test]
    fn brackets_that_are_no_link_stay() {
        assert_eq!(spoken("[[fleet]] and [a]"), "[[fleet]] and [a]");
        assert_eq!(spoken("see ![a picture](x.svg), [b](c)"), "see a picture, b");
        assert_eq!(spoken("[`x`](y) of [low, high]"), "`x` of [low, high]");
    }
}
