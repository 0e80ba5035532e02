//! What a check would do in each state of process and device under each key-access policy: Table 4 of
//! the Email+ guide, extended. Every cell is asked of the rules that a simulation runs on.

mod delivery;
mod state;

pub use delivery::{AtOnce, OwnRow, ProductRow, STATES, Shown, products, shown};
pub use state::State;

use crate::client::{self, DelayCause, Ground, KeyInMemory, blocker, key_access, refuses_launch, stores_key};
use crate::clock::Clock;
use crate::device::push;
use crate::policy::{self, Days, Hours, KeyAccess, KeychainClass, Policy, TimeOfDay, WorkingHours};
use crate::scenario::{Scenario, Variant};
use crate::signal::{Facts, Habits, HabitsConfig, KeyFailure, KeySource, Process};
use crate::time::{Span, Time};

/// The rules that the cells are asked of; those of the simulation, unless a test puts in others.
#[derive(Clone, Copy)]
pub struct Rules {
    /// Whether the key can be had.
    pub key_access: fn(&Facts, Ground) -> Result<KeySource, KeyFailure>,
    /// What keeps a mail from being told.
    pub blocker: fn(&Facts, Time) -> DelayCause,
}

impl Rules {
    /// What keeps a client from running that has its key.
    fn gate(self, with_key: &Facts, now: Time) -> Option<DelayCause> {
        match (self.blocker)(with_key, now) {
            DelayCause::NotScheduled => None,
            gate => Some(gate),
        }
    }
}

impl Default for Rules {
    fn default() -> Rules {
        Rules { key_access, blocker }
    }
}

/// What comes of a check.
#[derive(Clone, Copy, PartialEq, Eq, Debug, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Cell {
    /// It finds mail and tells the user; where the key came from.
    Notifies(KeySource),
    /// It finds mail and holds it back, outside working hours.
    HoldsBack(KeySource),
    /// It runs and finds no key.
    NoKey(KeyFailure),
    /// The launch for it ends at once.
    LaunchRefused(KeyFailure),
    /// There is none.
    NoCheck(DelayCause),
}

impl Cell {
    /// What happens, as a word for scripts.
    pub fn verdict(self) -> &'static str {
        self.into()
    }

    /// Why, as a word for scripts.
    pub fn why(self) -> &'static str {
        match self {
            Cell::Notifies(source) => source.name(),
            Cell::HoldsBack(_) => "outside_working_hours",
            Cell::NoKey(reason) | Cell::LaunchRefused(reason) => reason.name(),
            Cell::NoCheck(cause) => cause.name(),
        }
    }
}

/// A policy as a column of the table.
#[derive(Clone, PartialEq, Debug)]
pub struct Column {
    /// Its heading.
    pub name: String,
    /// The policy.
    pub policy: Policy,
    /// The share of the scenario's devices that go by it, where it is the scenario's own.
    pub share: Option<f64>,
    key_in_memory: KeyInMemory,
    /// What goes by push.
    push: push::Config,
    /// Whether wakes are granted by the system's own scheduler, with its gates.
    by_request: bool,
}

/// The extended Table 4.
#[derive(Clone, PartialEq, Debug)]
pub struct AccessTable {
    /// The policies.
    pub columns: Vec<Column>,
    /// The states, each with a cell for every policy.
    pub rows: Vec<(State, Vec<Cell>)>,
    /// What each product shows of a mail by push, by a refresh and by the system.
    pub products: Vec<ProductRow>,
    /// The same of a scenario's own policies.
    pub own: Vec<OwnRow>,
}

/// The classes under which a key access is compared, strictest first; that of the default where it goes by none.
const fn compared(access: KeyAccess) -> &'static [KeychainClass] {
    match access {
        KeyAccess::AppFlip | KeyAccess::BackgroundAuthorize => &[KeychainClass::WhenUnlocked],
        KeyAccess::DeviceKeychain => {
            &[KeychainClass::WhenPasscodeSet, KeychainClass::WhenUnlocked, KeychainClass::AfterFirstUnlock]
        }
        KeyAccess::OsProtection => &[KeychainClass::AfterFirstUnlock],
    }
}

impl AccessTable {
    /// The table; a scenario gives its own policy as the last column, or its own policies where mixes make several,
    /// and to the others its commonest passcode and lengths.
    ///
    /// # Errors
    /// Never, unless the default policy contradicts itself.
    pub fn new(scenario: Option<&Scenario>, rules: Rules) -> Result<AccessTable, String> {
        let base = match scenario {
            // Of a mix the commonest value: what products do is compared under one passcode.
            Some(scenario) => scenario.policy,
            None => Policy::try_from(&policy::Config::default())?,
        };
        let column = |key_access: KeyAccess, keychain_class: KeychainClass| Column {
            name: match key_access.goes_by_class() {
                true => format!("{} {}", key_access.name(), keychain_class.name()),
                false => key_access.name().into(),
            },
            ..Column::of(Policy { key_access, keychain_class, ..base })
        };
        let mut columns = Vec::new();
        for access in KeyAccess::ALL {
            columns.extend(compared(access).iter().map(|class| column(access, *class)));
        }
        let of_scenario: Vec<Column> = scenario.into_iter().flat_map(own).collect();
        let own = of_scenario.iter().map(|column| OwnRow::of(column, rules)).collect();
        columns.extend(of_scenario);
        let rows =
            State::ALL.map(|state| (state, columns.iter().map(|column| column.cell(state, rules)).collect()));
        Ok(AccessTable { columns, rows: rows.into(), products: products(rules)?, own })
    }
}

/// What a cell goes by beside the policy.
const ASKED: [&str; 3] = ["client.key_in_memory", "push.detail_route", "push.extension.class"];

/// A scenario's own columns: one, or one for each policy that a mix gives to a part of its devices.
fn own(scenario: &Scenario) -> Vec<Column> {
    let by_request = scenario.model_of("scheduler").is_none_or(|model| model == "das");
    let mut columns: Vec<Column> = Vec::new();
    for Variant { share, picks, policy, sections, .. } in scenario.variants() {
        let key_in_memory = sections.client.key_in_memory(policy.key_access);
        // Mixes of what no cell asks for make no column.
        let shows = |push: &push::Config| (push.detail_route, push.extension.class);
        let is_same = |column: &&mut Column| {
            (column.policy, column.key_in_memory) == (policy, key_in_memory)
                && shows(&column.push) == shows(&sections.push)
        };
        if let Some(column) = columns.iter_mut().find(is_same) {
            column.share = column.share.map(|sum| sum + share);
            continue;
        }
        let is_asked = |key: &str| key.starts_with("policy.") || ASKED.contains(&key);
        let mixed = picks.iter().filter(|(key, _)| is_asked(key));
        let mixed: Vec<String> =
            mixed.map(|(key, value)| format!("{} {value}", key.rsplit('.').next().unwrap_or(key))).collect();
        let name = format!("this scenario: {}", [vec![scenario.name.clone()], mixed].concat().join(", "));
        let push = sections.push.clone();
        columns.push(Column { name, policy, share: Some(share), key_in_memory, push, by_request });
    }
    if columns.len() > 1 {
        for column in &mut columns {
            let percent = column.share.map_or(0.0, |share| libm::round(share * 1e4) / 100.0);
            column.name += &format!(" ({percent} %)");
        }
    }
    columns
}

impl Column {
    /// Of a policy, everything else being as by default.
    fn of(policy: Policy) -> Column {
        let key_in_memory = client::Config::default().key_in_memory(policy.key_access);
        let (name, push) = (String::new(), push::Config::default());
        Column { name, policy, share: None, key_in_memory, push, by_request: true }
    }

    /// Public state of a device under it in a state.
    fn facts(&self, state: State) -> Facts {
        let Column { policy, .. } = self;
        let mut facts = Facts::at_origin(*policy, Habits::new(&HabitsConfig::default(), Clock::utc()));
        facts.by_request = self.by_request;
        facts.refresh_off = self.by_request && policy.background_app_refresh == Some(false);
        facts.key_stored = stores_key(policy);
        // The client has asked, and its own interval has passed.
        (facts.pending_refresh, facts.refresh_due) = (Some(Time::ORIGIN), true);
        state.set(&mut facts, policy.keychain_lock_grace);
        facts.key_in_memory =
            facts.process == Process::Suspended && self.key_in_memory == KeyInMemory::WhileProcessLives;
        facts
    }

    fn cell(&self, state: State, rules: Rules) -> Cell {
        let (facts, clock) = (self.facts(state), Clock::utc());
        let hours = self.policy.working_hours.unwrap_or(*OFFICE);
        let now = an_instant(&hours, &clock, state != State::OutsideHours);

        if facts.process == Process::Foreground {
            return match (rules.key_access)(&facts, Ground::Foreground) {
                Ok(source) => Cell::Notifies(source),
                Err(reason) => Cell::NoKey(reason),
            };
        }
        // With the key out of the question, whatever still stands in the way is a gate.
        let mut with_key = facts.clone();
        with_key.key_in_memory = true;
        if let Some(gate) = rules.gate(&with_key, now) {
            return Cell::NoCheck(gate);
        }
        match (rules.key_access)(&facts, Ground::Background) {
            Ok(source) if hours.contain(&clock, now) => Cell::Notifies(source),
            Ok(source) => Cell::HoldsBack(source),
            Err(reason) if !facts.process.is_alive() && refuses_launch(reason) => Cell::LaunchRefused(reason),
            Err(reason) => Cell::NoKey(reason),
        }
    }
}

/// The hours of the row about working hours where the policy sets none.
static OFFICE: std::sync::LazyLock<WorkingHours> = std::sync::LazyLock::new(|| {
    Hours { days: Days::working_week(), from: TimeOfDay::new(8, 0), to: TimeOfDay::new(18, 0) }.into()
});

/// An instant of the week inside or outside these hours; the first of all where there is none.
fn an_instant(hours: &WorkingHours, clock: &Clock, inside: bool) -> Time {
    let minutes = (0..7 * 24 * 60).map(|minute| Time::ORIGIN + Span::MINUTE * minute);
    let found = minutes.into_iter().find(|time| hours.contain(clock, *time) == inside);
    found.unwrap_or(Time::ORIGIN)
}
