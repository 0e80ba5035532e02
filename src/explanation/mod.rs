//! Why one mail was late: its device is replayed from the seed alone and watched while it waits.
//!
//! A replay is the run itself with somebody listening, so what is told here is what the record says.
//! Signals come through [`Observer`]; the scheduler's decisions, which are none, through its journal.

mod instant;
mod remedy;
mod verdict;
mod watcher;
mod worst;

pub use instant::{Instant, WouldBe, instant};
pub use remedy::{Change, NOTICED, Tried, changes, remedies, sooner};
pub use verdict::{Listed, Verdict, largest, listed};
pub use watcher::{CheckTold, Event, What};
pub use worst::{
    Compete, Incident, Waited, worst, worst_incidents, worst_incidents_of_device, worst_of_device,
};

use crate::client::DelayCause;
use crate::device::scheduler::Journal;
use crate::engine::{Core, Engine, Observer, run};
use crate::experiment::{Keep, build, ledger, live};
use crate::record::MailRow;
use crate::registry::Device;
use crate::scenario::Scenario;
use crate::signal::Facts;
use crate::time::{Span, Time};
use watcher::Watcher;

/// The life of one mail.
#[derive(Clone, Debug)]
pub struct Story {
    /// Whose mail it is.
    pub device: u32,
    /// What the record says of it.
    pub row: MailRow,
    /// The public state when it arrived, with the mail in it.
    pub arrival: Facts,
    /// What stood in the way then.
    pub blocker: DelayCause,
    /// What happened while it waited, in order of time.
    pub events: Vec<Event>,
}

/// The measured mail of a device, in order of arrival.
///
/// # Errors
/// If there is no such device.
pub fn mails(scenario: &Scenario, device: u32, engine: Engine) -> Result<Vec<MailRow>, String> {
    known(scenario, device)?;
    let mut ledger = ledger(scenario);
    ledger.keep_mails = true;
    live(scenario, device, engine, &mut ledger, Keep::default(), &mut ());
    Ok(ledger.mails().to_vec())
}

/// One mail of a device, as the record says.
///
/// # Errors
/// If there is no such device or mail.
pub fn mail(scenario: &Scenario, device: u32, mail: u32, engine: Engine) -> Result<MailRow, String> {
    let mails = mails(scenario, device, engine)?;
    mails.get(mail as usize).copied().ok_or_else(|| match mails.len() {
        0 => format!("no mail arrived on device {device} in the measured span"),
        many => format!("device {device} has no mail {mail}; its mail counts from 0 to {}", many - 1),
    })
}

/// Tells the life of one mail.
pub fn story(scenario: &Scenario, device: u32, row: MailRow, engine: Engine) -> Story {
    let mut watcher = Watcher::new(&row, scenario.start);
    let until = row.told.map_or(scenario.end, |told| (told + Span::from_ms(1)).min(scenario.end));
    let (mut models, core) = replay_until(scenario, device, engine, (row.arrived, until), &mut watcher);
    let journal = models.scheduler().take_journal().into_iter().flat_map(|journal| journal.kept);
    let mut events: Vec<Event> = journal.filter(|decided| decided.at < until).map(Event::from).collect();
    events.append(&mut watcher.events);
    events.sort_by_key(|event| (event.at, event.rank()));
    let arrival = watcher.arrival.unwrap_or(core.facts);
    Story { device, row, arrival, blocker: watcher.blocker_at_arrival, events }
}

/// Replays a device up to but not including `until`, with the scheduler's journal kept from `since` on.
pub fn replay_until(
    scenario: &Scenario,
    device: u32,
    engine: Engine,
    (since, until): (Time, Time),
    sink: &mut impl Observer,
) -> (Device, Core) {
    let (mut models, mut core) = build(scenario, device, engine);
    models.scheduler().keep_journal(Journal::since(since));
    run(&mut models, &mut core, until, sink);
    (models, core)
}

/// Whose phone a device is: the group, the persona where that is another word, and its memory.
pub fn whose(scenario: &Scenario, device: u32) -> String {
    let own = scenario.own(scenario.member(device));
    let phone = match own.persona.hardware {
        Some(model) => format!("{}, {}", model.name(), own.persona.ram),
        None => own.persona.ram.to_string(),
    };
    // Times are those of its own clock.
    let zone =
        if own.time_zone == scenario.time_zone() { String::new() } else { format!(", {}", own.time_zone) };
    format!("{}, {phone}{zone}", scenario.group_of(device).says())
}

/// Refuses a device that does not exist, and says which do.
pub(crate) fn known(scenario: &Scenario, device: u32) -> Result<(), String> {
    let last = scenario.devices - 1;
    match device {
        _ if device <= last => Ok(()),
        _ => Err(format!("there is no device {device}; they count from 0 to {last}")),
    }
}
