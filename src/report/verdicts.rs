//! What became of each mail of a window: a line a mail, and at the end how many of each.

use super::cause_looks::phrase;
use super::human::{count, duration, listed as words_of};
use super::paint::Screen;
use super::story_words::{day, stamp};
use super::table::Align::{Left, Right};
use super::table::Table;
use crate::explanation::{Listed, Verdict, largest, whose};
use crate::record::MailRow;
use crate::scenario::Scenario;

/// The verdicts, with the command that tells of one mail.
pub fn verdicts(
    scenario: &Scenario,
    listed: &Listed,
    screen: Screen,
    tell: impl Fn(u32) -> String,
) -> String {
    let paragraph = |text: &str| screen.paragraph("", text);
    let clock = &scenario.clock_of(scenario.member(listed.device));
    let [from, until] = [listed.window.from, listed.window.until].map(|at| stamp(clock, at));
    let title = format!("{} · device {} ({})", scenario.name, listed.device, whose(scenario, listed.device));
    let mut text = paragraph(&title) + &paragraph(&format!("Mail that arrived from {from} up to {until}"));
    if listed.rows.is_empty() {
        return text + "\nNone did.\n";
    }
    let table = table(scenario, listed).on(screen);
    let mut lines = table.lines();
    for line in lines.by_ref().take(2) {
        text += &format!("{}{line}\n", if line.starts_with('─') { "" } else { "\n" });
    }
    let mut today = None;
    for (row, line) in listed.rows.iter().zip(lines) {
        let its = day(clock, row.arrived);
        if today.as_ref() != Some(&its) {
            text += &format!("{its}\n");
            today = Some(its);
        }
        text += &format!("{line}\n");
    }
    text += &format!("\n{}", paragraph(&sums(listed)));
    let longest = listed.rows.iter().max_by_key(|row| row.wait()).filter(|row| largest(row).is_some());
    text + &longest.map_or_else(String::new, |row| format!("\nThe longest wait:\n  {}\n", tell(row.mail)))
}

/// A row a mail. Where all mail is inside working hours, nothing is said of them.
fn table(scenario: &Scenario, listed: &Listed) -> Table {
    let clock = &scenario.clock_of(scenario.member(listed.device));
    let has_hours = listed.outside() > 0;
    let mut columns = vec![("mail", Right), ("arrived", Right), ("told", Left), ("after", Right)];
    columns.extend(has_hours.then_some(("hours", Left)));
    columns.push(("waited most for", Left));
    let mut table = Table::new(&columns);
    for row in &listed.rows {
        let arrived = clock.wall(row.arrived).strftime("%H:%M").to_string();
        let after = if largest(row).is_some() { duration(row.wait()) } else { String::new() };
        let mut cells = vec![row.mail.to_string(), arrived, told(row), after];
        cells.extend(has_hours.then(|| if row.in_hours { "" } else { "outside" }.to_string()));
        cells.push(largest(row).map_or("", phrase).into());
        table.row(cells);
    }
    table
}

/// How the user heard of a mail.
fn told(row: &MailRow) -> String {
    let told = match Verdict::of(row) {
        Verdict::AtOnce => "at once",
        Verdict::Notified => "notified",
        Verdict::OnOpen => "opened",
        Verdict::NotTold => "not told",
    };
    if row.held_back.is_some() { format!("held, {told}") } else { told.into() }
}

/// How many of each.
fn sums(listed: &Listed) -> String {
    let number = |many: usize| count(many as u64);
    let became = listed.verdicts().filter(|(_, many)| *many > 0).map(|(verdict, many)| {
        let words = match verdict {
            Verdict::AtOnce => "seen at once in the open client",
            Verdict::Notified => "notified",
            Verdict::OnOpen => "seen when the client was open",
            Verdict::NotTold => "not told by the end",
        };
        format!("{} {words}", number(many))
    });
    let mails = listed.rows.len();
    let plural = if mails == 1 { "" } else { "s" };
    let mut text = format!("{} mail{plural}: {}.", number(mails), words_of(&became.collect::<Vec<_>>()));
    if listed.outside() + listed.held_back() > 0 {
        let [outside, held] = [listed.outside(), listed.held_back()].map(number);
        text += &format!(" {outside} arrived outside working hours, {held} held back at first.");
    }
    let causes: Vec<String> = listed
        .causes()
        .into_iter()
        .map(|(cause, many)| format!("{} ({}) {}", phrase(cause), cause.name(), number(many)))
        .collect();
    if !causes.is_empty() {
        text += &format!(" Waited most for: {}.", causes.join(", "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::DelayCause;

    #[test]
    fn a_cause_in_words_fits_its_column_and_is_that_of_no_other() {
        let mut phrases: Vec<&str> = DelayCause::ALL.into_iter().map(phrase).collect();
        // 80 characters less `12345  arrived  held, notified  23 h 59 min  outside` and what parts it from them.
        assert!(phrases.iter().all(|words| words.chars().count() <= 26), "{phrases:?}");
        phrases.sort_unstable();
        phrases.dedup();
        assert_eq!(phrases.len(), DelayCause::ALL.len());
    }
}
