//! The policies of dasd that matter to a mail client: each looks at the public state and answers
//! with a decision and a score. Rules and numbers: public reverse engineering of one iOS 18.2 build,
//! checked against device logs that third parties published.

use super::Config;
use crate::random::Keyed;
use crate::signal::{Battery, Facts, Lock, Network, Process};
use crate::time::{Span, Time};
use strum::{VariantArray, VariantNames};

crate::named!(Decision);

/// What a policy, or all of them together, decide. The greatest decides.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, VariantArray, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum Decision {
    /// 0: may proceed, if the score suffices.
    CanProceed,
    /// 33: not now.
    MustNotProceed,
    /// 67: proceed, whatever the score.
    MustProceed,
    /// 100: not now, whatever anyone else says.
    AbsolutelyMustNotProceed,
    /// 200: proceed, whatever anyone else says.
    AbsolutelyMustProceed,
}

/// The answer of one policy.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Answer {
    /// What it decides.
    pub decision: Decision,
    /// How good the moment is, from 0 to 1.
    pub score: f64,
}

impl Answer {
    /// Of a policy that does not refuse.
    const fn score(score: f64) -> Answer {
        Answer { decision: Decision::CanProceed, score }
    }

    /// Of a policy that refuses.
    const fn refusal(decision: Decision) -> Answer {
        Answer { decision, score: 0.0 }
    }
}

/// All answers made one.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct PolicyVerdict {
    /// The greatest decision.
    pub decision: Decision,
    /// The weighted mean score of the answers that may proceed.
    pub score: f64,
}

impl PolicyVerdict {
    /// Whether some policy refuses, whatever the score.
    pub fn is_refused(self) -> bool {
        matches!(self.decision, Decision::MustNotProceed | Decision::AbsolutelyMustNotProceed)
    }

    /// Whether the activity runs, given the score it needs.
    pub fn runs(self, threshold: f64) -> bool {
        match self.decision {
            Decision::CanProceed => self.score > threshold,
            Decision::MustProceed | Decision::AbsolutelyMustProceed => true,
            Decision::MustNotProceed | Decision::AbsolutelyMustNotProceed => false,
        }
    }
}

/// Combines answers and their weights: the greatest decision, the weighted mean of the scores.
pub fn combine(answers: impl IntoIterator<Item = (Answer, f64)>) -> PolicyVerdict {
    let (mut decision, mut sum, mut weights) = (Decision::CanProceed, 0.0, 0.0);
    for (answer, weight) in answers {
        decision = decision.max(answer.decision);
        if answer.decision == Decision::CanProceed {
            sum += answer.score * weight;
            weights += weight;
        }
    }
    let score = if decision == Decision::CanProceed && weights > 0.0 { sum / weights } else { 0.0 };
    PolicyVerdict { decision, score }
}

/// What the policies look at.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The numbers of the scenario.
    pub config: &'a Config,
    /// Public state.
    pub facts: &'a Facts,
    /// The time.
    pub now: Time,
    /// How far ahead the application policy looks, drawn anew every few minutes.
    pub look_ahead: Span,
    /// Whether the client is among the recently used apps.
    pub recent: bool,
    /// Whether the energy budget allows work.
    pub energy_left: bool,
    /// Whether the cellular budget allows a refresh.
    pub data_left: bool,
}

/// Declares the policies once: their names in the system's logs, their weights, whether they refuse, and the score
/// they give if they do not. Refusals are cheap and scores are not: most looks end at a refusal.
macro_rules! policies {
    ($($name:literal, $weight:expr, $refuses:expr, $score:expr;)*) => {
        /// The policies' names, in the order in which they answer.
        pub const POLICIES: &[&str] = &[$($name),*];
        const COUNT: usize = POLICIES.len();

        impl View<'_> {
            /// Asks every policy; each answer comes with its weight.
            pub fn answers(&self) -> [(Answer, f64); COUNT] {
                [$(($refuses(self).map_or_else(|| Answer::score($score(self)), Answer::refusal), $weight(self.config))),*]
            }

            /// The greatest refusal, if any policy refuses.
            #[inline]
            pub fn refusal(&self) -> Option<Decision> {
                [$($refuses(self)),*].into_iter().max().flatten()
            }

            /// What the answers come to where no policy refuses.
            #[inline]
            fn scores(&self) -> [(Answer, f64); COUNT] {
                [$((Answer::score($score(self)), $weight(self.config))),*]
            }
        }

        fn weights(config: &Config) -> [f64; COUNT] {
            [$($weight(config)),*]
        }
    };
}

policies! {
    "ApplicationPolicy", |c: &Config| c.weight_application, application_refuses, application;
    "DeviceActivityPolicy", |c: &Config| c.weight_device_activity, never, device_activity;
    "NetworkQualityPolicy", |c: &Config| c.weight_network,
        |v: &View<'_>| absolutely(v.facts.network == Network::None), network_quality;
    // Critically low and unplugged no launch starts.
    "BatteryLevelPolicy", |c: &Config| c.weight_minor,
        |v: &View<'_>| not_if(v.facts.critically_low(v.now)), battery_level;
    "LowPowerModePolicy", |c: &Config| c.weight_minor,
        |v: &View<'_>| not_if(v.facts.low_power_enforced(v.now)), full;
    // No heat model exists here: the device is taken as cool (assumed).
    "ThermalPolicy", |c: &Config| c.weight_pressure, never, full;
    "MemoryPressurePolicy", |c: &Config| c.weight_pressure, |v: &View<'_>| not_if(v.facts.memory_refuses()), full;
    "EnergyBudgetPolicy", |c: &Config| c.weight_minor, |v: &View<'_>| not_if(!v.energy_left), full;
    "DataBudgetPolicy", |c: &Config| c.weight_minor, |v: &View<'_>| not_if(!v.data_left), full;
    "ThunderingHerdPolicy", |c: &Config| c.weight_minor, |v: &View<'_>| not_if(v.facts.herd_refuses()), full;
    "BootTimePolicy", |c: &Config| c.weight_gate, |v: &View<'_>| not_if(v.facts.boot_quiet), full;
    // What the system protects until the first unlock takes the client's files with it.
    "FileProtectionPolicy", |c: &Config| c.weight_gate,
        |v: &View<'_>| not_if(v.facts.lock == Lock::BeforeFirstUnlock), full;
    "other policies", |c: &Config| c.weight_other, never, full;
}

fn never(_: &View<'_>) -> Option<Decision> {
    None
}

fn not_if(refuses: bool) -> Option<Decision> {
    refuses.then_some(Decision::MustNotProceed)
}

fn absolutely(refuses: bool) -> Option<Decision> {
    refuses.then_some(Decision::AbsolutelyMustNotProceed)
}

fn full(_: &View<'_>) -> f64 {
    1.0
}

impl View<'_> {
    /// Asks every policy and combines the answers.
    pub fn verdict(&self) -> PolicyVerdict {
        match self.refusal() {
            Some(decision) => PolicyVerdict { decision, score: 0.0 },
            None => combine(self.scores()),
        }
    }
}

/// Predicts scores: the application policy predicts, the battery counts as on average, the others are
/// taken as satisfied.
#[derive(Clone, Copy)]
pub struct Forecast {
    weights: f64,
    /// The score predicted for a step whose likelihood just satisfies the application policy when its
    /// time comes and the app is recent.
    pub hopeful: f64,
    /// The most that a step comes to at which the application policy is not satisfied.
    pub otherwise: f64,
}

impl Forecast {
    /// For the weights of a scenario.
    pub fn new(config: &Config) -> Forecast {
        let mut forecast = Forecast { weights: weights(config).iter().sum(), hopeful: 0.0, otherwise: 0.0 };
        let (recency, satisfied) = (config.recency.get(), config.application_satisfied.get());
        forecast.hopeful = forecast.total(config, (satisfied - recency) / (1.0 - recency));
        let missing = config.weight_application * (1.0 - satisfied);
        forecast.otherwise = (forecast.weights - missing) / forecast.weights;
        forecast
    }

    /// The score expected at a later time.
    pub fn score(self, config: &Config, facts: &Facts, at: Time) -> f64 {
        let opens = likelihood_score(config, facts, at);
        self.total(config, if opens > config.application_satisfied.get() { 1.0 } else { opens })
    }

    fn total(self, config: &Config, application: f64) -> f64 {
        let battery = 1.0 - config.battery_forecast.get();
        let missing = config.weight_application * (1.0 - application) + config.weight_minor * battery;
        (self.weights - missing) / self.weights
    }
}

/// How far ahead the application policy looks now. The draw belongs to the time and not to the
/// request, so that two policies ask with the same one.
pub fn look_ahead(config: &Config, draws: Keyed, now: Time) -> Span {
    let occasion = now.ms() / config.look_ahead_redrawn.ms();
    let further = draws.uniform(occasion) * config.look_ahead_spread.ms() as f64;
    config.look_ahead + Span::from_ms(further as u64)
}

fn likelihood_score(config: &Config, facts: &Facts, at: Time) -> f64 {
    let likelihood = facts.habits.client_opens(at).map_or(config.unknown_likelihood, f64::from);
    if likelihood > config.likely { 1.0 } else { likelihood.sqrt() }
}

fn application_refuses(view: &View<'_>) -> Option<Decision> {
    match view.facts.process {
        Process::Foreground => Some(Decision::MustNotProceed),
        _ => absolutely(view.facts.force_quit || view.facts.refresh_off || view.facts.unused_app),
    }
}

fn application(view: &View<'_>) -> f64 {
    let soon = likelihood_score(view.config, view.facts, view.now + view.look_ahead);
    let (recency, satisfied) = (view.config.recency.get(), view.config.application_satisfied.get());
    let score = (1.0 - recency) * soon + if view.recent { recency } else { 0.0 };
    if score > satisfied { 1.0 } else { score }
}

fn device_activity(view: &View<'_>) -> f64 {
    let active = view.facts.habits.device_active(view.now).map_or(0.0, f64::from);
    active.max(view.config.activity_floor.get())
}

fn network_quality(view: &View<'_>) -> f64 {
    let is_dear = view.facts.network == Network::Cellular && !view.facts.plugged_in;
    if is_dear { view.config.cellular_score.get() } else { 1.0 }
}

/// The score follows the published curve.
fn battery_level(view: &View<'_>) -> f64 {
    let percent = Battery::percent(view.facts.charge(view.now));
    let empty = 100.0 * view.config.battery_empty.get();
    let above = ((percent - empty) / (100.0 - empty)).max(0.0);
    let exponent = view.config.battery_exponent;
    // As published it is a square root, which is much cheaper than a power.
    let score = if exponent == 0.5 { above.sqrt() } else { libm::pow(above, exponent) };
    if view.facts.plugged_in { (score * view.config.battery_charging).min(1.0) } else { score }
}
