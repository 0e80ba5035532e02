//! What cannot happen in a scenario as it is configured: none of it is no chance, but exact.

use crate::client::{DelayCause, may_lack_key};
use crate::event::What;
use crate::figure::Figure;
use crate::policy::{Policy, Shows};
use crate::scenario::Scenario;
use crate::signal::{KeyFailure, ToldBy, Trigger};

/// The reasons of a missing key for which mail waits, and which without them are no cause either: the others hold up
/// refreshes as well.
const BY_KEY_ALONE: [KeyFailure; 5] = [
    KeyFailure::KeychainLocked,
    KeyFailure::NeedsAppFlip,
    KeyFailure::KeyNotStored,
    KeyFailure::AuthorizationExpired,
    KeyFailure::KeyLost,
];

/// Whether a figure is nothing whatever the seed. It says no where it does not know.
pub(super) fn is_impossible(figure: Figure, scenario: &Scenario) -> bool {
    if let Figure::Retired | Figure::Wiped | Figure::ExposedWhenRetired = figure {
        return !scenario.dates.events.iter().any(|event| matches!(event.what, What::Retire(_)));
    }
    let on_none = |has: &dyn Fn(&Policy) -> bool| {
        // What is published may be anything.
        let members = (0..scenario.devices).map(|device| scenario.member(device));
        scenario.dates.changes.is_empty()
            && !members.into_iter().any(|member| has(scenario.own(member).policy))
    };
    let lacks = |reason: KeyFailure| on_none(&|policy| may_lack_key(policy, reason));
    match figure {
        Figure::KeyFailuresBy(reason) => lacks(reason),
        Figure::DelayCause(cause) | Figure::UndeliveredCause(cause) => {
            BY_KEY_ALONE.into_iter().find(|reason| DelayCause::from(*reason) == cause).is_some_and(lacks)
        }
        Figure::HeldBack | Figure::ArrivedOutside | Figure::OutcomesOutside(_) => {
            on_none(&|policy| policy.working_hours.is_some())
        }
        Figure::DetailAfter => {
            on_none(&|policy| matches!(policy.delivery.shows(), Some(Shows::Generic | Shows::Extension)))
        }
        Figure::ToldBy(ToldBy::BackgroundRefresh) | Figure::ChecksBy(Trigger::BackgroundRefresh) => {
            on_none(&|policy| policy.background_app_refresh != Some(false))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Plan, run_fleet};
    use crate::figure::Sample;
    use crate::scenario::{BUNDLED, load};

    #[test]
    fn what_is_impossible_never_happens() {
        let figures: Vec<Figure> = Figure::listed().collect();
        for name in BUNDLED.iter().map(|bundled| bundled.name) {
            let sets = ["devices=24", "warmup=2d", "measure=4d"].map(String::from);
            let Ok(scenario) = load(name, &sets) else { continue };
            let Ok(fleet) = run_fleet(&scenario, &Plan::default(), &mut ());
            let sample = Sample::of(&fleet.parts, &scenario);
            for figure in figures.iter().filter(|figure| is_impossible(**figure, &scenario)) {
                assert!(sample.value(*figure).unwrap_or(0.0) == 0.0, "{name}: {figure}");
            }
        }
    }

    #[test]
    fn what_a_policy_allows_is_possible() {
        let is_impossible = |name: &str, sets: &[&str], figure: &str| {
            let sets: Vec<String> = sets.iter().map(|set| set.to_string()).collect();
            is_impossible(figure.parse().unwrap(), &load(name, &sets).unwrap())
        };
        for (name, figure, expected) in [
            ("email-plus", "key_failures(needs_app_flip)", false),
            ("email-plus", "key_failures(low_power)", true),
            ("email-plus", "delay(keychain_locked)", true),
            ("device-keychain", "key_failures(needs_app_flip)", true),
            ("device-keychain", "key_failures(keychain_locked)", false),
            ("device-keychain", "delay(low_power)", false),
            ("after-first-unlock", "key_failures(keychain_locked)", true),
            ("background-authorize", "key_failures(low_power)", false),
            ("device-keychain", "held_back(total)", true),
            ("working-hours", "held_back(total)", false),
            ("no-background-refresh", "checks(background_refresh)", true),
            ("device-keychain", "checks(background_refresh)", false),
            ("device-keychain", "retired(devices)", true),
            ("retire-at-14", "retired(devices)", false),
            ("device-keychain", "told_within(15m)", false),
            ("device-keychain", "detail_after", true),
            ("ews-retired", "detail_after", false),
        ] {
            assert_eq!(is_impossible(name, &[], figure), expected, "{name} {figure}");
        }
        // One device in three, or a change that may reach any.
        let mixed = "fleet=[{}, { persona = 'heavy', policy = { working_hours = 'mon-fri 08:00-18:00' } }]";
        assert!(!is_impossible("device-keychain", &[mixed], "held_back(total)"));
        assert!(!is_impossible("published-on-friday", &[], "key_failures(low_power)"));
    }
}
