//! What is unwise in a scenario, or has no effect, found without simulating it.

mod effect;
mod passcode;
mod policy;
mod since;
mod time;

pub use passcode::{Guessing, guessing};

use crate::policy::{Config as PolicyConfig, Policy};
use crate::scenario::{File, Place, Scenario, Variant, Written};
use serde::Serialize;
use std::fmt;
use strum::{VariantArray, VariantNames};

crate::named!(Severity);

/// How much a finding weighs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, VariantArray, VariantNames)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Probably not what is wanted.
    Warning,
    /// Against what the vendor writes, or unable to work.
    Error,
}

/// A kind of finding. Its code never changes its meaning.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Code {
    /// What scripts call it.
    pub code: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// What it says, in one sentence.
    pub what: &'static str,
    /// What that rests on.
    pub source: &'static str,
}

/// One finding.
#[derive(Clone, PartialEq, Debug)]
pub struct Finding {
    /// Its kind.
    pub code: &'static Code,
    /// What was found, in one sentence.
    pub message: String,
    /// Why it matters here.
    pub reason: String,
    /// What to do.
    pub help: String,
    /// The key that it is about, where somebody wrote it.
    pub place: Option<Place>,
    /// For what share of the devices it holds; 1 where no mix decides on it.
    pub share: f64,
}

/// So near to all of the devices is all of them: shares are products, and rounded.
const ALL: f64 = 1.0 - 1e-6;

impl Finding {
    /// For whom it holds, where that is not everybody.
    pub fn holds_for(&self) -> Option<String> {
        (self.share < ALL).then(|| format!("{} % of the devices", percent(self.share)))
    }
}

/// A share in percent, as short as it can be said.
fn percent(share: f64) -> f64 {
    libm::round(share * 1e4) / 100.0
}

macro_rules! codes {
    ($($(#[doc = $what:literal])+ $name:ident: $severity:ident, $source:literal;)*) => {
        $( $(#[doc = $what])+ pub static $name: Code = Code {
            code: stringify!($name),
            severity: Severity::$severity,
            what: concat!($($what),+).trim_ascii(),
            source: $source,
        }; )*
        /// Every kind of finding.
        pub static CODES: &[&Code] = &[$(&$name),*];
    };
}

/// The kinds of findings, each bearing its own name.
#[allow(non_upper_case_globals)]
pub mod codes {
    use super::{Code, Severity};

    codes! {
        /// The key or the files rest on a device passcode that is not required at all.
        passcode_none: Error, "Ivanti AppConnect guide: the keychain is not secure if the device lacks a passcode";
        /// The key or the files rest on a device passcode that is not strong.
        passcode_not_strong: Error, "Ivanti Email+ guide: allow_device_keychain only with a strong device passcode; Apple Platform Security: about 80 ms a try and escalating delays; that six digits are the least is assumed";
        /// The key or the files rest on six digits, and so on the delays between tries.
        passcode_six_digits: Info, "Apple Platform Security: about 80 ms a try and escalating delays; that six digits are strong enough is assumed";
        /// The keychain item cannot exist, so the background never has the key.
        key_never_stored: Error, "Apple, kSecAttrAccessibleWhenPasscodeSetThisDeviceOnly: no such item without a passcode";
        /// The key is readable while the device is locked.
        class_weaker_than_needed: Warning, "Apple DTS, forum thread 682669: AfterFirstUnlock is readable from the first unlock until restart";
        /// A class that falls with the passcode would protect more at no cost.
        class_without_passcode_guard: Info, "Apple, kSecAttrAccessibleWhenPasscodeSetThisDeviceOnly: deleted when the passcode is removed";
        /// The background never has the key, so it can never verify working hours.
        working_hours_cannot_be_verified: Warning, "Ivanti Email+ guide: without its key Email+ cannot verify working hours for notifications";
        /// The working hours have no day, so nothing is ever announced.
        working_hours_empty: Error, "follows from the rule that working hours bind notifications";
        /// The working hours end when they begin, which is taken as the whole day.
        working_hours_whole_day: Warning, "the rule of `policy.working_hours`";
        /// The clocks skip the time of the start, or show it twice.
        start_ambiguous: Warning, "the IANA time zone database";
        /// The clocks skip the time of an event, or one at which working hours begin or end, or show it twice.
        time_ambiguous: Warning, "the IANA time zone database";
        /// Nothing is checked in the background.
        background_app_refresh_off: Warning, "Apple DTS, forum thread 685525; WWDC20 10063: the switch covers all background modes. a client that pushes wake is stopped with it";
        /// Pushes are to wake the client, which may not be woken.
        push_wakes_nobody: Warning, "WWDC20 10063: the switch of Background App Refresh covers background pushes too";
        /// Pushes wake the client, which never has its key then.
        push_without_key: Warning, "Ivanti Email+ guide: without its key Email+ can do nothing in the background, and allow_device_keychain is among the keys of its real-time notifications";
        /// Email+ with CNS is to be sent pushes outside working hours.
        cns_keeps_hours: Warning, "Ivanti Email+ guide: with the pushes for calls, gone since 3.13, went those outside working hours";
        /// A check takes longer than the system lets a refresh run.
        check_longer_than_slot: Error, "Apple DTS, forum thread 780956: an app refresh may run up to 30 s";
        /// The phone has not learnt the habits that its scheduler goes by.
        no_measured_habits: Warning, "iOS 18.2 reverse-engineered: without days of history nothing is predicted of the use of the device";
        /// The learner of iOS 27 is taken to be that of iOS 26.
        ios27_as_ios26: Info, "headers and documents of iOS 27 show no change of scheduling; that there is none is assumed";
        /// The measured span is not whole weeks, so its days of the week do not count alike.
        part_of_a_week: Info, "follows from the calendar: working days and weekends differ";
        /// A setting has no effect beside the others.
        no_effect: Warning, "follows from the rules of key access and of the models, as simulated";
        /// A row of the fleet is never drawn.
        fleet_row_unused: Warning, "follows from the weights of the fleet";
        /// A promise means something else than in version 0.1.0.
        changed_since_0_1: Info, "CHANGELOG.md";
        /// A number lies outside the range that is plausible for it.
        outside_plausible_range: Info, "the range that bgsim assumptions shows, with its source";
    }
}
pub use codes::CODES;

/// Everything found in a scenario, in the order of the codes. Each combination of the values of mixes is looked at.
pub fn lint(scenario: &Scenario) -> Vec<Finding> {
    // What is in force where nothing is said.
    let Policy { delivery, keychain_class, .. } = Policy::default();
    let policy = PolicyConfig {
        delivery: Some(delivery),
        keychain_class: Some(keychain_class),
        ..PolicyConfig::default()
    };
    let (written, defaults) = (&scenario.written, File { policy, ..File::default() }.config());
    let mut findings: Vec<Finding> = Vec::new();
    let mut add = |found: Finding| {
        let is_same = |one: &&mut Finding| {
            (one.code, &one.message, &one.place) == (found.code, &found.message, &found.place)
        };
        match findings.iter_mut().find(is_same) {
            Some(same) => same.share += found.share,
            None => findings.push(found),
        }
    };
    let variants = scenario.variants();
    let look = |variant, share| Look {
        scenario,
        variant,
        share,
        written,
        defaults: &defaults,
        findings: Vec::new(),
    };
    for variant in &variants {
        let mut look = look(variant, variant.share);
        policy::look(&mut look);
        time::look(&mut look);
        effect::look(&mut look);
        look.findings.into_iter().for_each(&mut add);
    }
    // What no mix of the sections touches.
    if let Some(variant) = variants.first() {
        let mut look = look(variant, 1.0);
        time::look_at_all(&mut look);
        since::look(&mut look);
        effect::no_push(&mut look);
        look.findings.into_iter().for_each(&mut add);
    }
    let place = |finding: &Finding| CODES.iter().position(|code| *code == finding.code);
    findings.sort_by_key(place);
    findings
}

/// Something that whoever reads a result ought to know; files keep its code alone.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(transparent)]
pub struct Warning {
    /// What scripts call it.
    pub code: &'static str,
    /// What it says, in one sentence.
    #[serde(skip)]
    pub words: String,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.words, self.code)
    }
}

/// Findings about the spelling of a file. Of two scenarios that are the same, one may be written so and the
/// other not, and what is the same warns of the same.
const OF_THE_SPELLING: [&Code; 2] = [&codes::no_effect, &codes::fleet_row_unused];

/// What is questionable about a scenario: what the lint finds of it, but for what is merely worth knowing and
/// what is a matter of spelling.
pub fn warnings(scenario: &Scenario) -> Vec<Warning> {
    let is_grave = |found: &Finding| {
        found.code.severity >= Severity::Warning
            && OF_THE_SPELLING.iter().all(|code| code.code != found.code.code)
    };
    let mut warnings: Vec<Warning> = Vec::new();
    // What two groups say each for itself is found of both.
    let mut grave: Vec<Finding> = Vec::new();
    for found in lint(scenario).into_iter().filter(is_grave) {
        let is_same = |one: &&mut Finding| (one.code, &one.message) == (found.code, &found.message);
        match grave.iter_mut().find(is_same) {
            Some(same) => same.share += found.share,
            None => grave.push(found),
        }
    }
    for found in grave {
        let whom = found.holds_for().map_or(String::new(), |whom| format!(", on {whom}"));
        let (code, words) = (found.code.code, found.message + &whom);
        // Files keep a code once, for however many values of a mix.
        match warnings.iter_mut().find(|warning| warning.code == code && !whom.is_empty()) {
            Some(warning) => warning.words += &format!("; {words}"),
            None => warnings.push(Warning { code, words }),
        }
    }
    warnings
}

/// What the rules look at, and what they have found.
struct Look<'a> {
    scenario: &'a Scenario,
    /// The settings that are looked at.
    variant: &'a Variant,
    /// The share of the devices for which a finding holds.
    share: f64,
    written: &'a Written,
    defaults: &'a toml::Table,
    findings: Vec<Finding>,
}

impl Look<'_> {
    /// Adds a finding about a key.
    fn find(
        &mut self,
        code: &'static Code,
        key: &str,
        message: impl Into<String>,
        reason: impl Into<String>,
        help: impl Into<String>,
    ) {
        let (message, reason, help) = (message.into(), reason.into(), help.into());
        let place = self.written(key).and_then(|path| self.written.place(&path));
        let share = self.share;
        self.findings.push(Finding { code, message, reason, help, place, share });
    }

    /// Where a key is written: in the block of the group that is looked at, or for all.
    fn written(&self, key: &str) -> Option<String> {
        let own = self.variant.group.map(|group| format!("fleet[{group}].{key}"));
        own.into_iter().chain([key.to_string()]).find(|path| self.written.has(path))
    }

    fn is_written(&self, key: &str) -> bool {
        self.written(key).is_some()
    }

    fn model(&self, section: &str) -> &str {
        self.variant
            .config
            .get(section)
            .and_then(|s| s.get("model"))
            .and_then(|m| m.as_str())
            .unwrap_or_default()
    }

    /// Whether a section uses the full model, and not a simple one.
    fn is_full(&self, section: &str) -> bool {
        let model = |table: &toml::Table| Some(table.get(section)?.get("model")?.as_str()?.to_string());
        model(&self.variant.config) == model(self.defaults)
    }

    /// The value of a key if somebody wrote it and meant something else than the default.
    fn changed(&self, section: &str, key: &str) -> Option<String> {
        let of = |table: &toml::Table| Some(table.get(section)?.get(key)?.clone());
        let value = of(&self.variant.config)?;
        let meant =
            self.is_written(&format!("{section}.{key}")) && Some(&value) != of(self.defaults).as_ref();
        meant.then(|| value.to_string())
    }
}
