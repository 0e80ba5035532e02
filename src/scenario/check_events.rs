//! Checks the dated events: whom they concern, when, and that each is one thing that can happen.

use super::check::Checks;
use super::tree::{Path, Step};
use super::{Diagnostic, File, Fleet, Group, Scenario, nearest};
use crate::clock::{self, Clock};
use crate::dealing::{UNIT, quantile};
use crate::event::{Channel, Dates, Entry, Event, NoPush, Travel, What};
use crate::registry::Later;
use crate::signal::{Battery, ChangeId};
use crate::time::Time;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// What an event may be, as it is listed where one is none of it, or two.
const KINDS: &str = "`restart`, `retire`, `offline`, `no_push`, `battery`, `travel` or `set`";

impl Checks<'_> {
    /// The events of a scenario whose other keys are found right, and what the sections hold after each change.
    pub(super) fn events(&mut self, file: &File, fleet: &Fleet) -> (Dates, Vec<Later>) {
        let (mut dates, mut later) = (Dates::NONE, Vec::new());
        let mut names = BTreeMap::new();
        for (index, entry) in file.event.iter().enumerate() {
            let here = Here(index);
            self.event_name(&entry.name, here, &mut names);
            let clocks: Vec<&Clock> = concerned(entry, fleet).map(|group| &group.clock).collect();
            self.span_of(entry, here, file, &clocks);
            let below = self.devices_of(entry, here, file, fleet);
            let what = self.what(entry, here, file, &clocks, &mut dates, &mut later);
            if let (Some(at), Some(what)) = (entry.at, what) {
                let Entry { name, over, .. } = entry.clone();
                dates.events.push(Event { name, at, over, below, what });
            }
        }
        (dates, later)
    }

    /// Nothing may be said to happen to a group whose models have no such thing, be they of the file or its own.
    pub(super) fn happenings(mut self, scenario: &Scenario) -> Result<(), Vec<Diagnostic>> {
        for (index, entry) in scenario.file.event.iter().enumerate() {
            for group in concerned(entry, &scenario.fleet) {
                let file = group.file.as_deref().unwrap_or(&scenario.file);
                let Some((key, message, help)) = impossible(entry, file) else { continue };
                let whose =
                    if group.file.is_some() { format!("group `{}`: ", group.name) } else { String::new() };
                self.fault_with(&Here(index).key(key), whose + &message, help.map(String::from));
                break;
            }
        }
        if self.faults.is_empty() { Ok(()) } else { Err(self.faults) }
    }

    fn event_name(&mut self, name: &str, here: Here, names: &mut BTreeMap<String, usize>) {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if name.is_empty() || name.len() > 64 || !name.chars().all(is_plain) {
            let message = match name {
                "" => format!("`{}` has no name", here.path()),
                name => format!("`{name}` is no name of an event"),
            };
            let help = "write a `name` of 1 to 64 letters, digits, `_` and `-`";
            self.fault_with(&here.key("name"), message, Some(help.into()));
        } else if let Some(other) = names.insert(name.into(), here.0) {
            let help = "give each a `name` of its own";
            self.fault_with(
                &here.key("name"),
                format!("two events are called `{name}`: this one"),
                Some(help.into()),
            );
            self.fault(&Here(other).key("name"), "and this one");
        }
    }

    /// It must begin and end within what is simulated, on the clock of every group concerned.
    fn span_of(&mut self, entry: &Entry, here: Here, file: &File, clocks: &[&Clock]) {
        let end = Time::ORIGIN + file.warmup + file.measure;
        let help = |clock: &Clock| {
            let span =
                [clock.wall(Time::ORIGIN), clock.wall(end)].map(|wall| wall.strftime("%F %R").to_string());
            format!("warm-up and measured span go from {} up to {}", span[0], span[1])
        };
        let Some(at) = entry.at else {
            let message = format!("`{}` does not say when", here.path());
            let help = clocks.first().map(|clock| format!("write `at`; {}", help(clock)));
            self.fault_with(&here.path(), message, help);
            return;
        };
        for clock in clocks {
            match at.on(clock) {
                Some(from) if from < end && from + entry.over <= end => continue,
                Some(from) if from < end => {
                    let message =
                        format!("`{}` is {}, which ends later than the run", here.key("over"), entry.over);
                    self.fault_with(&here.key("over"), message, Some(help(clock)));
                }
                _ => {
                    let message = format!("`{}` is {at}, which is not simulated", here.key("at"));
                    self.fault_with(&here.key("at"), message, Some(help(clock)));
                }
            }
            return;
        }
    }

    /// Of each group concerned, below which place its members are.
    fn devices_of(&mut self, entry: &Entry, here: Here, file: &File, fleet: &Fleet) -> BTreeMap<String, u64> {
        let known = || fleet.groups.iter().map(|group| group.name.as_str());
        for (place, name) in entry.groups.iter().enumerate() {
            if !known().any(|group| group == name) {
                let help = nearest(name, known()).map_or_else(
                    || format!("the groups are {}", known().collect::<Vec<_>>().join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                let path = here.key("groups").with(Step::Index(place));
                self.fault_with(&path, format!("no group is called `{name}`"), Some(help));
            }
        }
        // Of a fleet of so many devices, whether all are simulated or the first so many.
        let written: Option<Vec<u64>> = file.fleet.iter().map(|entry| entry.devices.map(u64::from)).collect();
        let sizes = written.unwrap_or_else(|| fleet.sizes(file.devices));
        let concerned =
            |name: &str| entry.groups.is_empty() || entry.groups.iter().any(|group| group == name);
        let groups: Vec<(&str, u64)> = known().zip(sizes).filter(|(name, _)| concerned(name)).collect();
        if let (Some(_), Some(_)) = (entry.devices, entry.share) {
            let message = format!("`{}` has both `devices` and `share`; keep one of the two", here.path());
            self.fault(&here.key("devices"), message);
        }
        let all: u64 = groups.iter().map(|(_, size)| size).sum();
        if let Some(devices) = entry.devices.filter(|devices| u64::from(*devices) > all) {
            let message =
                format!("`{}` is {devices}, but there are {all} to choose from", here.key("devices"));
            let help = "write `share`, which means the same in a fleet of any size";
            self.fault_with(&here.key("devices"), message, Some(help.into()));
            return BTreeMap::new();
        }
        let (mut before, mut below) = (0, BTreeMap::new());
        for (name, size) in groups {
            let least = match (entry.devices, entry.share) {
                (Some(devices), _) => {
                    // Each group in proportion, and all of them together exactly.
                    let upto = |members: u64| u64::from(devices) * members / all.max(1);
                    below_which(Event::deal(&entry.name, name), size, upto(before + size) - upto(before))
                }
                (None, Some(share)) => (share.get() * UNIT as f64).round() as u64,
                (None, None) => UNIT,
            };
            before += size;
            below.insert(name.into(), least);
        }
        below
    }

    fn what(
        &mut self,
        entry: &Entry,
        here: Here,
        file: &File,
        clocks: &[&Clock],
        dates: &mut Dates,
        later: &mut Vec<Later>,
    ) -> Option<What> {
        let Entry { restart, retire, offline, no_push, battery, travel, set, by, .. } = entry;
        let kinds = [
            restart.is_some(),
            retire.is_some(),
            offline.is_some(),
            no_push.is_some(),
            battery.is_some(),
            travel.is_some(),
            set.is_some(),
        ];
        let count = kinds.into_iter().filter(|kind| *kind).count();
        if count != 1 {
            let how = if count == 0 { "says nothing of what happens" } else { "is more than one thing" };
            let help = format!("write exactly one of {KINDS}");
            self.fault_with(&here.path(), format!("`{}` {how}", here.path()), Some(help));
            return None;
        }
        for (key, said) in [("restart", restart), ("retire", retire)] {
            if *said == Some(false) {
                let message = format!("`{}` is false, so that nothing happens", here.key(key));
                self.fault_with(&here.key(key), message, Some("write true, or take the event out".into()));
                return None;
            }
        }
        if by.is_some() && retire.is_none() && set.is_none() {
            let help = "only what is published with `set`, and the wipe of `retire`, travel";
            self.fault_with(
                &here.key("by"),
                format!("`{}` has no meaning here", here.key("by")),
                Some(help.into()),
            );
        }
        if restart.is_some() {
            return Some(What::Restart);
        }
        if no_push.is_some() {
            return Some(What::NoPush(no_push.and_then(|NoPush(length)| length)));
        }
        if let Some(charge) = battery {
            return Some(What::Charge(Battery::of(*charge)));
        }
        if let Some(travel) = travel {
            return self.trip(travel, entry, here, clocks);
        }
        if let Some(set) = set {
            let change = ChangeId(u16::try_from(dates.changes.len()).ok()?);
            let (published, sections) = self.change(entry, set, here, file, change)?;
            dates.changes.push(published);
            later.push(sections);
            return Some(What::Publish(change));
        }
        Some(match offline {
            Some(length) => What::Offline(*length),
            None => What::Retire(self.wipe_by(*by, here)?),
        })
    }

    /// A wipe is a command, or the client finds it at a check-in.
    fn wipe_by(&mut self, by: Option<Channel>, here: Here) -> Option<Channel> {
        match by {
            None => Some(Channel::MdmCommand),
            Some(by @ (Channel::MdmCommand | Channel::AppCheckin)) => Some(by),
            Some(Channel::ManagedConfig | Channel::AtOnce) => {
                let help = "write `by = \"mdm_command\"` or `by = \"app_checkin\"`";
                self.fault_with(&here.key("by"), "no wipe travels so", Some(help.into()));
                None
            }
        }
    }

    fn trip(&mut self, travel: &Travel, entry: &Entry, here: Here, clocks: &[&Clock]) -> Option<What> {
        let path = here.key("travel");
        let leads_back = |zone: &TimeZone| {
            let from = |clock: &Clock| entry.at.and_then(|at| at.on(clock));
            clocks.iter().any(|clock| from(clock).is_some_and(|from| clock.is_before_day_0(zone, from)))
        };
        match clock::time_zone(&travel.time_zone) {
            Ok(zone) if leads_back(&zone) => {
                let message = format!("`{}` leads back to a day before the warm-up's beginning", here.path());
                let help = "let it begin later, or the warm-up earlier";
                self.fault_with(&here.key("at"), message, Some(help.into()));
                None
            }
            Ok(zone) => Some(What::Travel(zone, travel.stay)),
            Err(_) if travel.time_zone.is_empty() => {
                let help = "write for example travel = { time_zone = \"Asia/Singapore\", for = \"5d\" }";
                self.fault_with(&path, format!("`{path}` lacks its key `time_zone`"), Some(help.into()));
                None
            }
            Err(error) => {
                self.fault(&path.with(Step::Key("time_zone".into())), error);
                None
            }
        }
    }
}

/// The groups to which an event happens.
fn concerned<'f>(entry: &'f Entry, fleet: &'f Fleet) -> impl Iterator<Item = &'f Group> {
    fleet.groups.iter().filter(|group| entry.groups.is_empty() || entry.groups.contains(&group.name))
}

/// Which key of an event can mean nothing by the models of a file, why, and what helps.
fn impossible(entry: &Entry, file: &File) -> Option<(&'static str, String, Option<&'static str>)> {
    let model = |section: &str| super::effective::model(&file.config(), section).map(String::from);
    if entry.restart.is_some() {
        let model = model("lock").filter(|model| model != "user")?;
        return Some(("restart", format!("a device with `lock.model = \"{model}\"` never restarts"), None));
    }
    entry.battery?;
    let model = model("power").filter(|model| model != "battery")?;
    let (has, help) = match model.as_str() {
        "trace" => ("the charge of its record", Some("write a row into that file")),
        _ => ("no battery", None),
    };
    Some(("battery", format!("a device with `power.model = \"{model}\"` has {has}"), help))
}

/// An entry of the list.
#[derive(Clone, Copy)]
pub(super) struct Here(pub(super) usize);

impl Here {
    pub(super) fn path(self) -> Path {
        Path::of("event", "").with(Step::Index(self.0))
    }

    pub(super) fn key(self, key: &str) -> Path {
        self.path().with(Step::Key(key.into()))
    }
}

/// The place below which exactly so many of the first members of a group are.
fn below_which(key: u64, members: u64, chosen: u64) -> u64 {
    let mut places: Vec<u64> = (0..members).map(|rank| quantile(key, rank)).collect();
    match usize::try_from(chosen) {
        Ok(chosen @ 1..) if chosen <= places.len() => *places.select_nth_unstable(chosen - 1).1 + 1,
        _ => 0,
    }
}
