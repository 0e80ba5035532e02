//! The mails that waited longest, of a slice or of one device.

use super::MailRow;
use crate::experiment::{Keep, Plan, Watch, Work, each_device, ledger, live};
use crate::record::Ledger;
use crate::scenario::Scenario;
use crate::slice::{Slice, Window};

/// A mail: its wait in milliseconds, its device, its number.
pub type Waited = (u64, u32, u32);

/// Which mail competes for the longest wait.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Compete {
    /// What arrived inside working hours: the rest is not meant to be told.
    InHours,
    /// Whatever arrived.
    All,
}

/// The mails of a slice that waited longest, the longest first; of equal ones the first.
///
/// # Errors
/// If the watcher fails.
pub fn worst<O: Watch<()>>(
    scenario: &Scenario,
    slice: &Slice,
    compete: Compete,
    most: usize,
    plan: &Plan,
    watch: &mut O,
) -> Result<Vec<Waited>, O::Fault> {
    let hire = || {
        let mut ledger = ledger(scenario);
        ledger.keep_mails = true;
        Worker { scenario, slice, compete, plan, most, ledger, found: Vec::new() }
    };
    let (found, _) = each_device(0..scenario.devices, plan.jobs, watch, hire)?;
    let mut found = found.concat();
    keep(&mut found, most);
    Ok(found)
}

/// Looks through the mails of devices.
struct Worker<'a> {
    scenario: &'a Scenario,
    slice: &'a Slice,
    compete: Compete,
    plan: &'a Plan,
    most: usize,
    ledger: Ledger<'a>,
    found: Vec<Waited>,
}

impl Work for Worker<'_> {
    type Rows = ();
    type Books = Vec<Waited>;

    fn simulate(&mut self, device: u32) -> u64 {
        if !self.slice.who.has(self.scenario, self.scenario.member(device)) {
            return 0;
        }
        let engine = self.plan.engine;
        let events = live(self.scenario, device, engine, &mut self.ledger, Keep::default(), &mut ());
        let window = self.slice.window(self.scenario);
        self.found.extend(waited(device, self.ledger.mails(), window, self.compete));
        keep(&mut self.found, self.most);
        events
    }

    fn take_rows(&mut self) {}

    fn finish(self) -> Vec<Waited> {
        self.found
    }
}

/// The mails of one device that waited longest, of those that arrived in a window inside working hours.
pub fn worst_of_device(device: u32, mails: &[MailRow], window: Window, most: usize) -> Vec<Waited> {
    let mut found: Vec<Waited> = waited(device, mails, window, Compete::InHours).collect();
    keep(&mut found, most);
    found
}

fn waited(device: u32, mails: &[MailRow], window: Window, compete: Compete) -> impl Iterator<Item = Waited> {
    let competes = move |row: &MailRow| compete == Compete::All || row.in_hours;
    let compete = mails.iter().filter(move |row| competes(row) && window.holds(row.arrived));
    compete.map(move |row| (row.wait().ms(), device, row.mail))
}

fn keep(found: &mut Vec<Waited>, most: usize) {
    found.sort_unstable_by_key(|&(wait, device, mail)| (std::cmp::Reverse(wait), device, mail));
    found.truncate(most);
}
