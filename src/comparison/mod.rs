//! What changes when one thing changes: scenarios run on the same devices, and compared mail by mail.
//!
//! All arms share one seed, so that they meet the same mail, the same users and the same outages, and
//! chance that is common to them drops out of their difference. Everything here is against the first arm.

mod by;
mod figures;
mod interaction;
mod moves;
mod pairs;
mod precision;
mod settings;

pub use by::{Judged, PartFound, Worth};
pub use figures::{PairedFigure, samples};
pub use interaction::Interaction;
pub use moves::{HeldBack, Moves};
pub use pairs::{RunSums, Runs, pairs_header, run_arms, run_each, run_share};
pub use precision::{Aim, Answer, Look, Question, Reach, search};
pub use settings::{Setting, settings, with_what_products_set};

use crate::event::{Change, Event, What};
use crate::expectation::Choice;
use crate::figure::{Figure, Sample};
use crate::lint::{Warning, warnings};
use crate::policy;
use crate::record::{Interrupted, Parts, Prints, Tally, Tool, days};
use crate::scenario::Scenario;
use crate::signal::ChangeId;
use crate::slice::{Breakdown, Dimension};
use crate::summary::{Drift, design_effect, design_effect_of_difference};
use crate::time::Time;
use serde::Serialize;

/// Warns of an arm whose latency is over other mail than that of the first.
pub const OTHER_WORKING_HOURS: &str = "other_working_hours";

/// `compare.json`.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// The version of this format.
    pub schema: u32,
    /// What made it.
    pub tool: Tool,
    /// What all arms share.
    pub scenario: Shared,
    /// How far it came, if it was interrupted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interrupted: Option<Interrupted>,
    /// The arms, in order.
    pub arms: Vec<Arm>,
    /// The settings that are not the same in all of them.
    pub differs: Vec<Setting>,
    /// Each headline figure with its differences.
    pub figures: Vec<PairedFigure>,
    /// What changes do together beyond what each does alone, where arms have each and both.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub interaction: Vec<Interaction>,
    /// How the same mails fared, for each arm but the first.
    pub moves: Vec<Moves>,
    /// What the chosen figure says.
    pub verdict: Conclusion,
    /// The same for each group, and for the other slices that were asked for.
    #[serde(serialize_with = "by::serialize")]
    pub by: Vec<Breakdown<PartFound>>,
    /// What is left under conditions, where some were given; places are those of the arms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub choice: Option<Choice>,
    /// How the number of devices was found, where a precision was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub precision: Option<Precision>,
    /// The numbers without a source that an arm used.
    pub assumed: Vec<String>,
}

/// What all arms share.
#[derive(Clone, Debug, Serialize)]
pub struct Shared {
    /// The seed.
    pub seed: u64,
    /// Devices that were simulated to their end in every arm.
    pub devices: u64,
    /// Days before the measured span.
    pub warmup_days: f64,
    /// Days measured.
    pub measured_days: f64,
    /// The command that makes the comparison again.
    pub command: String,
}

/// One arm in brief.
#[derive(Clone, Debug, Serialize)]
pub struct Arm {
    /// What it is called here.
    pub label: String,
    /// The name of its scenario.
    pub name: String,
    /// Hash of its effective configuration.
    pub sha256: String,
    /// What was decided and what was booked, as hashes.
    #[serde(flatten)]
    pub prints: Prints,
    /// Whether its measured span is still moving.
    pub drift: Drift,
    /// The variance that the interval of its told within 15 min stands for, over that of as many devices drawn one by one.
    pub design_effect: Option<f64>,
    /// The same of its difference from the first arm.
    pub design_effect_of_difference: Option<f64>,
    /// What is questionable about its scenario, what was found, and comparing it with the first.
    pub warnings: Vec<Warning>,
    /// Whether somebody has working hours, so that latency is over the mail that arrives in them.
    #[serde(skip)]
    pub has_hours: bool,
}

/// What the chosen figure says.
#[derive(Clone, Debug, Serialize)]
pub struct Conclusion {
    /// The figure.
    pub figure: Figure,
    /// One for each arm but the first.
    pub findings: Vec<ArmFinding>,
}

/// What the chosen figure says of one arm.
#[derive(Clone, Debug, Serialize)]
pub struct ArmFinding {
    /// The arm.
    pub arm: String,
    /// Whether the interval of the difference leaves zero out; unknown where there is no interval.
    pub sees_difference: Option<bool>,
    /// Where it does not: about how many devices would show a difference of the size found.
    pub devices_needed: Option<u64>,
    /// The same in words.
    pub sentence: String,
}

/// How the number of devices was found.
#[derive(Clone, Debug, Serialize)]
pub struct Precision {
    /// The half-width that was asked for, in the unit of the figure.
    pub wanted: f64,
    /// The greatest half-width of any arm in the end; unknown where one has no interval.
    pub reached: Option<f64>,
    /// What stopped the search: `precision`, `max_devices`, `interrupt`, or `identical` where an arm is the first again.
    pub stopped_by: &'static str,
}

/// A comparison, and what the figures of each arm were worked out from.
pub type Compared = (Comparison, Vec<Sample>);

/// Whether latency is over the same mail: it arrives inside working hours in both, in every group, and nothing that
/// happens on a date in one alone moves the hours, takes the phone elsewhere or ends its measured life.
pub fn same_hours(one: &Scenario, other: &Scenario) -> bool {
    let pairs = one.fleet.groups.iter().zip(&other.fleet.groups);
    let alike = pairs.into_iter().all(|(one, other)| one.policy.working_hours == other.policy.working_hours);
    alike && moves_mail(one) == moves_mail(other)
}

/// What happens on dates that decides which mail latency is over.
fn moves_mail(scenario: &Scenario) -> Vec<String> {
    let hours = scenario.has_working_hours();
    let is_of_hours = |change: &Change| {
        change.settings().any(|setting| matches!(setting, policy::Setting::WorkingHours(_)))
    };
    let moves = |event: &&Event| match event.what {
        What::Retire(_) => true,
        What::Travel(..) => hours,
        What::Publish(ChangeId(change)) => {
            scenario.dates.changes.get(usize::from(change)).is_some_and(is_of_hours)
        }
        What::Restart | What::Offline(_) | What::NoPush(_) | What::Charge(_) => false,
    };
    let told = |event: &Event| match event.what {
        What::Publish(ChangeId(change)) => {
            format!("{event:?} {:?}", scenario.dates.changes.get(usize::from(change)))
        }
        _ => format!("{event:?}"),
    };
    scenario.dates.events.iter().filter(moves).map(told).collect()
}

/// Whether any arm pushes.
fn push(arms: &[(String, Scenario)]) -> bool {
    arms.iter().any(|(_, scenario)| scenario.pushes())
}

/// Puts a comparison together; its sentences are left to who shows it.
pub fn compare(
    arms: &[(String, Scenario)],
    runs: &Runs,
    figure: Figure,
    by: &[Dimension],
    command: String,
) -> Compared {
    let samples = samples(arms, &runs.parts);
    let ranks: Vec<Figure> = match arms.len() > 2 {
        true => Figure::judged().chain(Figure::prices()).chain([figure]).collect(),
        false => Vec::new(),
    };
    let paired = |figure: Figure| match PairedFigure::of(figure, &samples) {
        paired if ranks.contains(&figure) => paired.ranking(&samples),
        paired => paired,
    };
    let figures: Vec<PairedFigure> = Figure::kept_with(figure, push(arms)).into_iter().map(paired).collect();
    let chosen = figures.iter().find(|paired| paired.figure == figure);
    let totals: Vec<Tally> = runs.parts.iter().map(Parts::total).collect();
    let devices = totals[0].counts.devices;
    let findings = arms.iter().enumerate().skip(1).map(|(arm, (label, _))| ArmFinding {
        arm: label.clone(),
        sees_difference: chosen.and_then(|chosen| chosen.sees_difference(arm)),
        devices_needed: chosen.and_then(|chosen| chosen.devices_needed(arm, devices)),
        sentence: String::new(),
    });
    let mut assumed: Vec<String> = arms.iter().flat_map(|(_, scenario)| scenario.assumed()).collect();
    assumed.sort();
    assumed.dedup();
    let questionable = |scenario: &Scenario, drift: &Drift| {
        let mut warnings: Vec<Warning> =
            warnings(scenario).into_iter().chain(drift.warning(scenario)).collect();
        // Latency is over mail from inside working hours: with others, it is over other mail.
        if !same_hours(scenario, &arms[0].1) {
            let words = "its working hours, or what happens on dates, are not those of the first arm, so its latency is over other mail";
            warnings.push(Warning { code: OTHER_WORKING_HOURS, words: words.into() });
        }
        warnings
    };
    let first = &arms[0].1;
    let about = arms.iter().enumerate().map(|(arm, (label, scenario))| {
        let drift = Drift::of(scenario, &samples[arm]);
        let own = &totals[arm];
        let of_difference = || {
            design_effect_of_difference([first, scenario], [&totals[0], own], [&samples[0], &samples[arm]])
        };
        Arm {
            label: label.clone(),
            name: scenario.name.clone(),
            sha256: scenario.sha256(),
            prints: Prints::of(own),
            design_effect: design_effect(scenario, own, &samples[arm]),
            design_effect_of_difference: (arm > 0).then(of_difference).flatten(),
            warnings: questionable(scenario, &drift),
            has_hours: scenario.has_working_hours(),
            drift,
        }
    });
    let differs = settings(arms);
    let comparison = Comparison {
        schema: 1,
        tool: Tool::THIS,
        scenario: Shared {
            seed: first.seed,
            devices,
            warmup_days: days(first.start.since(Time::ORIGIN)),
            measured_days: days(first.measured()),
            command,
        },
        interrupted: None,
        arms: about.collect(),
        interaction: interaction::interactions(&differs, &samples, figure),
        differs: with_what_products_set(&differs, arms),
        verdict: Conclusion { figure, findings: findings.collect() },
        figures,
        moves: runs.moves.clone(),
        by: by::broken_down(arms, runs, figure, by),
        choice: None,
        precision: None,
        assumed,
    };
    (comparison, samples)
}

impl Comparison {
    /// A figure of all arms, where it is kept.
    pub fn get(&self, figure: Figure) -> Option<&PairedFigure> {
        self.figures.iter().find(|paired| paired.figure == figure)
    }

    /// Whether latency is over the mail in working hours alone.
    pub fn has_hours(&self) -> bool {
        self.arms.iter().any(|arm| arm.has_hours)
    }
}
