//! The extended Table 4 as text, which falls into panels where a terminal is narrow, and as Markdown.

use super::product_text;
use super::wrap::{grid, paragraph};
use crate::access_table::{AccessTable, Cell, Column};
use crate::client::DelayCause;
use crate::policy::KeyAccess;
use crate::signal::{KeyFailure, KeySource};

const LABEL: usize = 26;
const CELL: usize = 20;

/// What the table rests on, and what nobody outside knows.
const NOTES: [&str; 3] = [
    "Each cell is what the simulator's own rules answer when asked; none is written by hand. Whether \
     and when iOS grants the wake for a check is the scheduler's question, which `bgsim run` answers.",
    "That the key stays in memory while the process lives, under device_keychain only, and that the \
     keychain class of Email+ is when_unlocked, are assumed: Ivanti publishes neither.",
    "A when_unlocked item is closed while the device is locked (Apple DTS, forum thread 682669); a \
     force-quit client is not launched (Apple DTS, forum thread 685525).",
];

/// The cell in words.
pub fn words(cell: Cell, column: &Column) -> String {
    match cell {
        Cell::Notifies(source) => format!("checks and notifies ({})", origin(source, column)),
        Cell::HoldsBack(_) => "checks, holds back: outside working hours".into(),
        Cell::NoKey(reason) => format!("finds no key: {}", missing(reason)),
        Cell::LaunchRefused(reason) => format!("launch refused: {}", missing(reason)),
        Cell::NoCheck(cause) => format!("no check: {}", standing(cause)),
    }
}

fn origin(source: KeySource, column: &Column) -> &'static str {
    match source {
        KeySource::Memory => "key in memory",
        KeySource::Flip => "key by app flip",
        KeySource::Keychain => match column.policy.key_access {
            KeyAccess::OsProtection => "files readable",
            KeyAccess::BackgroundAuthorize => "container open",
            // Under `app_flip` nothing lies there; only the rules that a test puts in answer so.
            KeyAccess::DeviceKeychain | KeyAccess::AppFlip => "key from keychain",
        },
    }
}

fn standing(cause: DelayCause) -> String {
    match cause {
        DelayCause::RefreshOff => "Background App Refresh off".into(),
        DelayCause::LowPower => "Low Power Mode".into(),
        DelayCause::UnusedApp => "client unused".into(),
        other => other.name().replace('_', " "),
    }
}

const fn missing(reason: KeyFailure) -> &'static str {
    match reason {
        KeyFailure::BeforeFirstUnlock => "before first unlock",
        KeyFailure::KeychainLocked => "keychain locked",
        KeyFailure::NeedsAppFlip => "needs app flip",
        KeyFailure::KeyNotStored => "never stored",
        KeyFailure::AuthorizationExpired => "authorization expired",
        KeyFailure::LowPower => "Low Power Mode",
        KeyFailure::KeyLost => "key is gone",
        KeyFailure::KeychainError => "keychain error",
    }
}

impl AccessTable {
    /// The first column's words for a row, which are those of every column.
    fn label(&self, row: usize) -> String {
        self.columns.first().map(|column| self.rows[row].0.words(&column.policy)).unwrap_or_default()
    }
}

/// As text at most `width` characters wide.
pub fn text(table: &AccessTable, width: usize) -> String {
    let fitting = (width.saturating_sub(LABEL) / (CELL + 2)).max(1);
    // Panels of equal size: six policies are better two by two than five and one.
    let panels = table.columns.len().div_ceil(fitting).max(1);
    let each = table.columns.len().div_ceil(panels).max(1);
    let title = "What a check would do, by state of process and device and by key access";
    let mut out = paragraph("", title, width);
    for (panel, columns) in table.columns.chunks(each).enumerate() {
        let header: Vec<&str> = [""].into_iter().chain(columns.iter().map(|c| c.name.as_str())).collect();
        let row = |index: usize| {
            let cells = table.rows[index].1.iter().skip(panel * each).zip(columns);
            [table.label(index)].into_iter().chain(cells.map(|(cell, column)| words(*cell, column))).collect()
        };
        let rows: Vec<Vec<String>> = (0..table.rows.len()).map(row).collect();
        out += &format!("\n{}", grid(&header, &rows, LABEL, CELL));
    }
    out.push('\n');
    NOTES.iter().for_each(|note| out += &paragraph("- ", note, width));
    out + &product_text::text(table, width)
}

/// As a table of Markdown.
pub fn markdown(table: &AccessTable) -> String {
    let line = |cells: &mut dyn Iterator<Item = String>| {
        let cells: Vec<String> = cells.map(|cell| cell.replace('|', "\\|")).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let names = table.columns.iter().map(|column| column.name.clone());
    let mut out = line(&mut ["State of process and device".to_string()].into_iter().chain(names));
    out += &line(&mut (0..=table.columns.len()).map(|_| "---".into()));
    for (index, (_, cells)) in table.rows.iter().enumerate() {
        let cells = cells.iter().zip(&table.columns).map(|(cell, column)| words(*cell, column));
        out += &line(&mut [table.label(index)].into_iter().chain(cells));
    }
    out.push('\n');
    NOTES.iter().for_each(|note| out += &format!("- {note}\n"));
    out + &product_text::markdown(table)
}
