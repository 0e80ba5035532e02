//! The mails that waited longest, of a slice or of one device.

use super::MailRow;
use crate::experiment::{Keep, Plan, Watch, Work, each_device, ledger, live};
use crate::record::Ledger;
use crate::scenario::Scenario;
use crate::slice::{Slice, Window};
use crate::time::Time;
use std::collections::BTreeMap;

/// A mail: its wait in milliseconds, its device, its number.
pub type Waited = (u64, u32, u32);

/// Mails of one device that were told at one instant, or not at all: what kept one back kept all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Incident {
    /// The mail that waited longest.
    pub longest: Waited,
    /// How many there are.
    pub mails: u32,
}

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
    let found = search(scenario, slice, plan, most, watch, |device, mails, window| {
        waited(device, mails, window, compete).map(|longest| Incident { longest, mails: 1 }).collect()
    })?;
    Ok(found.into_iter().map(|incident| incident.longest).collect())
}

/// The incidents of a slice whose mail waited longest, inside working hours.
///
/// # Errors
/// If the watcher fails.
pub fn worst_incidents<O: Watch<()>>(
    scenario: &Scenario,
    slice: &Slice,
    most: usize,
    plan: &Plan,
    watch: &mut O,
) -> Result<Vec<Incident>, O::Fault> {
    search(scenario, slice, plan, most, watch, incidents)
}

fn search<O: Watch<()>, F>(
    scenario: &Scenario,
    slice: &Slice,
    plan: &Plan,
    most: usize,
    watch: &mut O,
    of_device: F,
) -> Result<Vec<Incident>, O::Fault>
where
    F: Fn(u32, &[MailRow], Window) -> Vec<Incident> + Sync,
{
    let hire = || {
        let mut ledger = ledger(scenario);
        ledger.keep_mails = true;
        Worker { scenario, slice, of_device: &of_device, plan, most, ledger, found: Vec::new() }
    };
    let (found, _) = each_device(0..scenario.devices, plan.jobs, watch, hire)?;
    let mut found = found.concat();
    keep(&mut found, most);
    Ok(found)
}

/// Looks through the mails of devices.
struct Worker<'a, F> {
    scenario: &'a Scenario,
    slice: &'a Slice,
    of_device: &'a F,
    plan: &'a Plan,
    most: usize,
    ledger: Ledger<'a>,
    found: Vec<Incident>,
}

impl<F: Fn(u32, &[MailRow], Window) -> Vec<Incident>> Work for Worker<'_, F> {
    type Rows = ();
    type Books = Vec<Incident>;

    fn simulate(&mut self, device: u32) -> u64 {
        if !self.slice.who.has(self.scenario, self.scenario.member(device)) {
            return 0;
        }
        let engine = self.plan.engine;
        let events = live(self.scenario, device, engine, &mut self.ledger, Keep::default(), &mut ());
        let window = self.slice.window(self.scenario);
        self.found.extend((self.of_device)(device, self.ledger.mails(), window));
        keep(&mut self.found, self.most);
        events
    }

    fn take_rows(&mut self) {}

    fn finish(self) -> Vec<Incident> {
        self.found
    }
}

/// The mails of one device that waited longest, of those that arrived in a window inside working hours.
pub fn worst_of_device(device: u32, mails: &[MailRow], window: Window, most: usize) -> Vec<Waited> {
    let each = waited(device, mails, window, Compete::InHours);
    let mut found: Vec<Incident> = each.map(|longest| Incident { longest, mails: 1 }).collect();
    keep(&mut found, most);
    found.into_iter().map(|incident| incident.longest).collect()
}

/// The incidents of one device whose mail waited longest.
pub fn worst_incidents_of_device(
    device: u32,
    mails: &[MailRow],
    window: Window,
    most: usize,
) -> Vec<Incident> {
    let mut found = incidents(device, mails, window);
    keep(&mut found, most);
    found
}

fn incidents(device: u32, mails: &[MailRow], window: Window) -> Vec<Incident> {
    let mut by_end: BTreeMap<Option<Time>, Incident> = BTreeMap::new();
    for waited in waited(device, mails, window, Compete::InHours) {
        let told = mails.get(waited.2 as usize).and_then(|row| row.told);
        let incident = by_end.entry(told).or_insert(Incident { longest: waited, mails: 0 });
        incident.mails += 1;
        if waited.0 > incident.longest.0 {
            incident.longest = waited;
        }
    }
    by_end.into_values().collect()
}

fn waited(device: u32, mails: &[MailRow], window: Window, compete: Compete) -> impl Iterator<Item = Waited> {
    let competes = move |row: &MailRow| compete == Compete::All || row.in_hours;
    let compete = mails.iter().filter(move |row| competes(row) && window.holds(row.arrived));
    compete.map(move |row| (row.wait().ms(), device, row.mail))
}

fn keep(found: &mut Vec<Incident>, most: usize) {
    found.sort_unstable_by_key(|incident| {
        let (wait, device, mail) = incident.longest;
        (std::cmp::Reverse(wait), device, mail)
    });
    found.truncate(most);
}
