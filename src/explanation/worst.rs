//! The mails that waited longest, of a fleet or of one device.

use super::MailRow;
use crate::experiment::Watch;
use crate::record::{RecordFile, Rows};
use std::str::Utf8Error;

/// A mail: its wait in milliseconds, its device, its number.
type Waited = (u64, u32, u32);

/// Watches a run for the mails that wait longest. Mail that arrived outside working hours is not
/// meant to be told, and does not compete.
pub struct Worst {
    most: usize,
    /// The longest first; of equal ones the first.
    pub found: Vec<Waited>,
}

impl Worst {
    /// Looks for so many.
    pub fn new(most: usize) -> Worst {
        Worst { most, found: Vec::new() }
    }
}

impl Watch for Worst {
    type Fault = Utf8Error;

    fn rows(&mut self, rows: Rows) -> Result<(), Utf8Error> {
        let text = std::str::from_utf8(&rows.text[RecordFile::Mail as usize])?;
        let header = RecordFile::Mail.header();
        self.found.extend(text.lines().filter_map(|line| read(&header, line)));
        keep(&mut self.found, self.most);
        Ok(())
    }
}

/// The mails of one device that waited longest.
pub fn worst_of_device(device: u32, mails: &[MailRow], most: usize) -> Vec<Waited> {
    let waited = |row: &MailRow| (row.wait().ms(), device, row.mail);
    let mut found: Vec<Waited> = mails.iter().filter(|row| row.in_hours).map(waited).collect();
    keep(&mut found, most);
    found
}

fn keep(found: &mut Vec<Waited>, most: usize) {
    found.sort_unstable_by_key(|&(wait, device, mail)| (std::cmp::Reverse(wait), device, mail));
    found.truncate(most);
}

/// Reads a row of `mail.csv` under its header. Its causes sum to its wait, told or not.
fn read(header: &str, line: &str) -> Option<Waited> {
    let (mut device, mut mail, mut wait) = (None, None, 0);
    for (name, cell) in header.trim_end().split(',').zip(line.split(',')) {
        match name {
            "device" => device = cell.parse().ok(),
            "mail" => mail = cell.parse().ok(),
            "in_working_hours" if cell == "false" => return None,
            _ if name.ends_with("_ms") && name != "latency_ms" => wait += cell.parse::<u64>().ok()?,
            _ => {}
        }
    }
    Some((wait, device?, mail?))
}
