//! What each product shows of a mail in each state of the phone, asked of the rules that a simulation runs on: the
//! second half of the table.

use super::{Column, Rules, State};
use crate::client::Ground;
use crate::device::push::{self, guards};
use crate::policy::{self, Code, Delivery, Policy, Product, Shows};
use crate::signal::{Facts, Network};
use crate::time::Time;

/// The states in which products are compared, in the order of the table.
pub const STATES: [State; 7] = [
    State::SuspendedLocked,
    State::LaunchedLocked,
    State::ForceQuit,
    State::RefreshOff,
    State::LowPowerOnBattery,
    State::BeforeFirstUnlock,
    State::NoNetwork,
];

/// What a push shows as soon as it is there.
#[derive(Clone, Copy, PartialEq, Eq, Debug, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum AtOnce {
    /// Nothing, if there is a push at all.
    Nothing,
    /// A number on the icon.
    Badge,
    /// That something came.
    Generic,
    /// What came.
    Content,
}

/// What a product shows of a mail in a state.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shown {
    /// As soon as its push is there.
    pub at_once: AtOnce,
    /// Whether the content follows when the system lets some code run, without its user.
    pub told_later: bool,
    /// Of ten mails that came while the device was offline, how many notices its user gets when it is back.
    pub of_ten: u32,
}

/// A product in the table.
#[derive(Clone, PartialEq, Debug)]
pub struct ProductRow {
    /// Which one.
    pub product: Product,
    /// What it shows in each of [`STATES`].
    pub cells: [Shown; STATES.len()],
    /// Whether that was remembered or inferred, and found in no document.
    pub assumed: [bool; STATES.len()],
}

/// A scenario's own policy in the table.
#[derive(Clone, PartialEq, Debug)]
pub struct OwnRow {
    /// As its column is called.
    pub name: String,
    /// What it shows in each of [`STATES`].
    pub cells: [Shown; STATES.len()],
}

impl OwnRow {
    pub(super) fn of(column: &Column, rules: Rules) -> OwnRow {
        OwnRow { name: column.name.clone(), cells: STATES.map(|state| column.shown(state, rules)) }
    }
}

/// Whether no document says what a product shows in a state.
fn is_assumed(product: Product, state: State) -> bool {
    use State::{BeforeFirstUnlock, ForceQuit, LowPowerOnBattery, RefreshOff};
    match product {
        Product::Gmail => true,
        // That its push is an alert; and that a text is read before the first unlock, where previews are hidden.
        Product::BoxerEns | Product::BoxerEscrow => matches!(state, ForceQuit | BeforeFirstUnlock),
        Product::EmailPlusEns | Product::Outlook => state == BeforeFirstUnlock,
        Product::BlackberryWork => matches!(state, ForceQuit | RefreshOff),
        Product::CitrixRich => matches!(state, ForceQuit | RefreshOff | LowPowerOnBattery),
        Product::NativePush => matches!(state, ForceQuit | LowPowerOnBattery),
        Product::NativeFetch => state == ForceQuit,
        Product::EmailPlus
        | Product::EmailPlusKey
        | Product::EmailPlusCns
        | Product::EmailPlusCnsKey
        | Product::Boxer
        | Product::Citrix => false,
    }
}

/// Every product with what it shows.
///
/// # Errors
/// Never, unless a product's settings contradict each other.
pub fn products(rules: Rules) -> Result<Vec<ProductRow>, String> {
    let row = |product: Product| {
        let config = policy::Config { product: Some(product), ..policy::Config::default() };
        let policy = Policy::try_from(&config)?;
        let cells = STATES.map(|state| shown(policy, state, rules));
        Ok(ProductRow { product, cells, assumed: STATES.map(|state| is_assumed(product, state)) })
    };
    Product::ALL.into_iter().map(row).collect()
}

/// What a policy shows of a mail in a state, everything else being as by default.
pub fn shown(policy: Policy, state: State, rules: Rules) -> Shown {
    Column::of(policy).shown(state, rules)
}

impl Column {
    fn shown(&self, state: State, rules: Rules) -> Shown {
        let Column { policy, push, .. } = self;
        let mut facts = self.facts(state);
        facts.extension_class = push.extension.class;
        // What comes while the device is offline is shown when it is back: in a state like the one before.
        facts.network = Network::default();
        let at_once = at_once(push, &facts);
        let told_later = at_once != AtOnce::Content && told_later(push, &facts, rules);
        Shown { at_once, told_later, of_ten: of_ten(policy.delivery, at_once, told_later) }
    }
}

fn at_once(config: &push::Config, facts: &Facts) -> AtOnce {
    match guards::shows(config, facts) {
        _ if facts.policy.delivery == Delivery::SystemLongpoll && guards::system_can_fetch(facts) => {
            AtOnce::Content
        }
        Some(Shows::ServerText) => AtOnce::Content,
        Some(Shows::Extension) if guards::extension_has_key(facts) => AtOnce::Content,
        Some(Shows::Extension | Shows::Generic) => AtOnce::Generic,
        Some(Shows::Badge) => AtOnce::Badge,
        None => AtOnce::Nothing,
    }
}

/// Whether a check that nobody asked for would tell: the system fetches, or it lets the client run, which has its key.
fn told_later(config: &push::Config, facts: &Facts, rules: Rules) -> bool {
    let now = Time::ORIGIN;
    match facts.policy.delivery.code() {
        Code::None => false,
        Code::System => match facts.policy.delivery {
            Delivery::SystemFetch => guards::system_fetches_in_turn(facts, now),
            _ => guards::system_can_fetch(facts),
        },
        Code::Client => {
            let with_key = Facts { key_in_memory: true, ..facts.clone() };
            let refreshes = rules.gate(&with_key, now).is_none();
            let wakes = guards::wakes_client(config, facts)
                && !guards::is_barred(facts)
                && guards::gates_are_open(facts, now);
            (refreshes || wakes) && (rules.key_access)(facts, Ground::Background).is_ok()
        }
    }
}

/// APNs keeps one push for an app; whoever fetches finds all mail.
fn of_ten(delivery: Delivery, at_once: AtOnce, told_later: bool) -> u32 {
    match (delivery.is_push() && at_once != AtOnce::Nothing, told_later) {
        (_, true) => 10,
        (true, false) => 1,
        (false, false) if at_once == AtOnce::Content => 10,
        (false, false) => 0,
    }
}
