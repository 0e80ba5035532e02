//! The groups of a fleet, and who a device is: which member of which group.

use super::{File, Scenario};
use crate::clock::Clock;
use crate::dealing::{Order, Walk};
use crate::persona::{FleetEntry, Persona};
use crate::policy::Policy;
use crate::registry::Sections;
use crate::trace::Traces;
use toml::Table;

/// Devices that belong together.
#[derive(Clone, Debug)]
pub struct Group {
    /// What streams, paths and columns call it.
    pub name: String,
    /// Its share against the other groups', as a whole number.
    pub weight: u64,
    /// As it is written.
    pub entry: FleetEntry,
    /// Who holds its phones; of a mix the commonest value.
    pub persona: Persona,
    /// What people decide of them; of a mix the commonest value, here and below. What one device goes by is its
    /// [`super::Own`].
    pub policy: Policy,
    /// The models' sections.
    pub sections: Sections,
    /// Wall time where they are.
    pub clock: Clock,
    /// The IANA name of their time zone.
    pub time_zone: String,
    /// Real input.
    pub traces: Traces,
    /// The settings that it has of its own, as a scenario writes them.
    pub(super) own: Table,
    /// The file as it is for a group that has any.
    pub(super) file: Option<Box<File>>,
}

impl Group {
    /// Whether it has settings of its own.
    pub fn has_own(&self) -> bool {
        self.file.is_some()
    }

    /// What people are told of whose phone it is: the persona, and the group where that is another word.
    pub fn says(&self) -> String {
        match self.entry.persona.name() {
            persona if persona == self.name => self.name.clone(),
            persona => format!("{}, {persona}", self.name),
        }
    }
}

/// A member of a group.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Member {
    /// The group's place in the scenario.
    pub group: usize,
    /// Which of its members, from 0 on.
    pub rank: u32,
}

/// The groups, and the order in which their members are the fleet's devices.
#[derive(Clone, Debug)]
pub struct Fleet {
    /// The groups as the scenario has them.
    pub groups: Vec<Group>,
    /// Their places in order of their names, so that moving one in the file changes nothing.
    by_name: Vec<usize>,
    order: Order,
    /// How many members had come at every so many devices, so that none is far to walk to.
    marks: Vec<Vec<u64>>,
}

/// Devices from one mark to the next.
const BETWEEN_MARKS: u32 = 256;

impl Fleet {
    /// The fleet of some groups, of which one at least has a weight.
    pub fn new(groups: Vec<Group>, devices: u32) -> Fleet {
        let mut by_name: Vec<usize> = (0..groups.len()).collect();
        by_name.sort_by(|a, b| groups[*a].name.cmp(&groups[*b].name));
        let weights: Vec<u64> = by_name.iter().map(|group| groups[*group].weight).collect();
        let mut fleet = Fleet { groups, by_name, order: Order::new(&weights), marks: Vec::new() };
        fleet.mark(devices);
        fleet
    }

    /// Makes every one of so many devices quick to find.
    pub fn mark(&mut self, devices: u32) {
        let round = u32::try_from(self.order.round()).unwrap_or(u32::MAX);
        let marks = (devices.min(round) / BETWEEN_MARKS) as usize;
        // Where one group has all devices, ranks are their numbers.
        if self.groups.len() == 1 || marks < self.marks.len() {
            return;
        }
        let mut marked = std::mem::take(&mut self.marks);
        let mut walk = match marked.last() {
            Some(counts) => self.order.at((marked.len() - 1) as u64 * u64::from(BETWEEN_MARKS), counts),
            None => self.order.walk(),
        };
        marked.truncate(marked.len().saturating_sub(1));
        while marked.len() <= marks {
            marked.push(walk.counts().collect());
            (0..BETWEEN_MARKS).for_each(|_| {
                walk.step();
            });
        }
        self.marks = marked;
    }

    /// A walk to the place before a device.
    fn walk_to(&self, device: u32) -> Walk<'_> {
        let round = self.order.round();
        let (rounds, place) = (u64::from(device) / round, u64::from(device) % round);
        let mark = (place as usize / BETWEEN_MARKS as usize).min(self.marks.len().saturating_sub(1));
        let at = mark as u64 * u64::from(BETWEEN_MARKS);
        let mut walk = match self.marks.get(mark) {
            Some(counts) => self.order.at(at, counts),
            None => self.order.walk(),
        };
        (at..place).for_each(|_| {
            walk.step();
        });
        walk.go_on(rounds);
        walk
    }

    fn member(&self, device: u32) -> Member {
        if self.groups.len() == 1 {
            return Member { group: 0, rank: device };
        }
        let (group, rank) = self.walk_to(device).step();
        Member { group: self.by_name[group], rank: rank as u32 }
    }

    pub(super) fn sizes(&self, devices: u32) -> Vec<u64> {
        let mut sizes = vec![0; self.groups.len()];
        for (group, count) in self.by_name.iter().zip(self.walk_to(devices).counts()) {
            sizes[*group] = count;
        }
        sizes
    }
}

impl Scenario {
    /// Who a device is.
    pub fn member(&self, device: u32) -> Member {
        self.fleet.member(device)
    }

    /// The group of a device.
    pub fn group_of(&self, device: u32) -> &Group {
        &self.fleet.groups[self.member(device).group]
    }

    /// The clock of a device: that of its home, but for its trips.
    pub fn clock_of(&self, Member { group, rank }: Member) -> Clock {
        let Group { name, clock, .. } = &self.fleet.groups[group];
        self.dates.clock_of(name, rank, clock)
    }

    /// Whether any group has working hours.
    pub fn has_working_hours(&self) -> bool {
        self.fleet.groups.iter().any(|group| group.policy.working_hours.is_some())
    }

    /// Gives all groups the same real input.
    pub fn follow(&mut self, traces: &Traces) {
        self.fleet.groups.iter_mut().for_each(|group| group.traces = traces.clone());
    }

    /// How many of the first so many devices are in each group.
    pub fn sizes(&self, devices: u32) -> Vec<u64> {
        self.fleet.sizes(devices)
    }
}
