//! `summary.json`: the figures of a run with their intervals. Nothing in it depends on the machine,
//! the clock or the number of threads.

use super::prints::Prints;
use super::tally::{Outcome, Request, Tally};
use crate::analysis::jackknife::Replicates;
use crate::analysis::survival::KaplanMeier;
use crate::client::Cause;
use crate::lint::{Warning, warnings};
use crate::scenario::Scenario;
use crate::signal::{Ended, KeyFailure, ResultKind, Trigger};
use crate::time::Span;
use serde::Serialize;
use serde_json::{Map, Value};

/// Times within which people ask to be told.
pub const WITHIN: [(&str, Span); 6] = [
    ("1m", Span::MINUTE),
    ("5m", Span::from_secs(300)),
    ("15m", Span::from_secs(900)),
    ("1h", Span::HOUR),
    ("4h", Span::from_secs(4 * 3600)),
    ("24h", Span::DAY),
];

/// Percentiles of latency.
pub const PERCENTILES: [(&str, f64); 4] = [("p50", 0.5), ("p90", 0.9), ("p95", 0.95), ("p99", 0.99)];

/// `summary.json`.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// The version of this format.
    pub schema: u32,
    /// What made it.
    pub tool: Tool,
    /// What was simulated.
    pub scenario: About,
    /// What was decided and what was booked, as hashes.
    #[serde(flatten)]
    pub prints: Prints,
    /// Every figure, by the path under which it stands in the file.
    #[serde(flatten)]
    pub figures: Map<String, Value>,
    /// 95 % intervals of the headline figures, by path.
    pub ci95: Map<String, Value>,
    /// What is questionable about the scenario.
    pub warnings: Vec<Warning>,
    /// The numbers without a source that this run used.
    pub assumed: Vec<String>,
    /// What the engine did.
    pub engine: EngineFigures,
}

/// The program.
#[derive(Clone, Debug, Serialize)]
pub struct Tool {
    /// `bgsim`.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}

impl Tool {
    /// This program.
    pub const THIS: Tool = Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") };
}

/// The scenario in brief.
#[derive(Clone, Debug, Serialize)]
pub struct About {
    /// Its name.
    pub name: String,
    /// Hash of the effective configuration.
    pub sha256: String,
    /// The seed.
    pub seed: u64,
    /// Devices that were simulated to their end.
    pub devices: u64,
    /// Days before the measured span.
    pub warmup_days: f64,
    /// Days measured.
    pub measured_days: f64,
    /// The command that makes the record again.
    pub command: String,
}

/// Counts of the engine, warm-up included.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct EngineFigures {
    /// Alarms that went off.
    pub events: u64,
}

/// Figures of some devices by path, and the curve of which some are read.
#[derive(Clone, Debug)]
pub struct Figures {
    /// Path in `summary.json` and value, in the order of the file.
    pub values: Vec<(String, Figure)>,
    /// The estimated share of mail told over time.
    pub curve: KaplanMeier,
}

/// One figure.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Figure {
    /// A plain count over the measured span.
    Count(u64),
    /// A share, a mean, a percentile; unknown where the run cannot tell.
    Estimate(Option<f64>),
}

impl Figure {
    /// The figure as a number; a count is scaled by `scale` from some devices to all.
    pub fn value(self, scale: f64) -> Option<f64> {
        match self {
            Figure::Count(count) => Some(count as f64 * scale),
            Figure::Estimate(value) => value,
        }
    }

    /// The figure as it stands in files.
    pub fn json(self) -> Value {
        match self {
            Figure::Count(count) => Value::from(count),
            Figure::Estimate(value) => value.map_or(Value::Null, |value| Value::from(rounded(value))),
        }
    }
}

/// Six decimals are more than any interval supports and keep the file readable.
pub fn rounded(value: f64) -> f64 {
    // The sum turns a zero that lost its sign in rounding into a plain one.
    (value * 1e6).round() / 1e6 + 0.0
}

impl Figures {
    /// The figures of the devices in a tally.
    pub fn of(tally: &Tally, scenario: &Scenario) -> Figures {
        let Tally { counts, waits } = tally;
        let curve = waits.estimate();
        let mut values = Vec::with_capacity(96);
        let mut add = |path: String, figure: Figure| values.push((path, figure));
        let per =
            |sum: u64, of: u64, unit: f64| Figure::Estimate((of > 0).then(|| sum as f64 / of as f64 / unit));

        add("mail.arrived".into(), Figure::Count(counts.arrived));
        for outcome in Outcome::ALL {
            add(
                format!("mail.outcomes.{}", outcome.name()),
                Figure::Count(counts.outcomes[outcome as usize]),
            );
        }
        for (name, within) in WITHIN {
            add(format!("mail.told_within.{name}"), Figure::Estimate(curve.told_within(within)));
        }
        add("mail.latency_s.mean".into(), Figure::Estimate(waits.told.mean_ms().map(|ms| ms / 1000.0)));
        for (name, share) in PERCENTILES {
            let percentile = curve.percentile(share).map(Span::secs_f64);
            add(format!("mail.latency_s.{name}"), Figure::Estimate(percentile));
        }
        let (told, undelivered) = (waits.told.total(), waits.censored.total());
        for cause in Cause::ALL {
            let ms = counts.told_causes_ms[cause as usize];
            add(format!("mail.delay_causes_s.{}", cause.name()), per(ms, told, 1000.0));
        }
        for cause in Cause::ALL {
            let ms = counts.undelivered_causes_ms[cause as usize];
            add(format!("mail.undelivered_causes_s.{}", cause.name()), per(ms, undelivered, 1000.0));
        }
        add("mail.outside_working_hours.arrived".into(), Figure::Count(counts.arrived_outside));
        for outcome in Outcome::ALL {
            let count = counts.outcomes_outside[outcome as usize];
            add(format!("mail.outside_working_hours.{}", outcome.name()), Figure::Count(count));
        }

        let checks = counts.checks;
        add("checks.total".into(), Figure::Count(checks.as_flattened().iter().sum()));
        for trigger in Trigger::ALL {
            let count = checks[trigger as usize].iter().sum();
            add(format!("checks.by_trigger.{}", trigger.name()), Figure::Count(count));
        }
        for result in ResultKind::ALL {
            let count = checks.iter().map(|by_result| by_result[result as usize]).sum();
            add(format!("checks.by_result.{}", result.name()), Figure::Count(count));
        }
        add("key_failures.total".into(), Figure::Count(counts.key_failures.iter().sum()));
        for reason in KeyFailure::ALL {
            let count = counts.key_failures[reason as usize];
            add(format!("key_failures.by_reason.{}", reason.name()), Figure::Count(count));
        }
        add("notifications.total".into(), Figure::Count(counts.notifications));
        add("process.background_launches".into(), Figure::Count(counts.background_launches));
        let refused = checks.iter().map(|by_result| by_result[ResultKind::LaunchRefused as usize]).sum();
        add("process.refused_launches".into(), Figure::Count(refused));
        for why in Ended::ALL.into_iter().filter(|why| why.is_termination()) {
            let count = counts.terminations[why as usize];
            add(format!("process.terminations.{}", why.name()), Figure::Count(count));
        }
        for request in Request::ALL {
            add(format!("requests.{}", request.name()), Figure::Count(counts.requests[request as usize]));
        }
        add("requests.pending".into(), Figure::Count(counts.requests_pending));

        let device_days = counts.devices as f64 * scenario.measured().days_f64();
        let per_day = |sum: f64| Figure::Estimate((device_days > 0.0).then(|| sum / device_days));
        let hours = |ms: u64| ms as f64 / 3_600_000.0;
        add(
            "exposure.key_readable_while_locked_h_per_day".into(),
            per_day(hours(counts.readable_while_locked_ms)),
        );
        add(
            "exposure.key_in_memory_while_locked_h_per_day".into(),
            per_day(hours(counts.in_memory_while_locked_ms)),
        );
        add(
            "exposure.key_in_reach_while_locked_h_per_day".into(),
            per_day(hours(counts.in_reach_while_locked_ms)),
        );
        let energy = counts.background_checks as f64 * scenario.sections.client.check_energy_mah;
        add("energy.background_mah_per_day".into(), per_day(energy));
        Figures { values, curve }
    }

    /// A figure by its path.
    pub fn get(&self, path: &str) -> Option<Figure> {
        self.values.iter().find(|(name, _)| name == path).map(|(_, figure)| *figure)
    }
}

/// Figures that carry an interval: what people quote.
pub fn is_headline(path: &str) -> bool {
    const PREFIXES: [&str; 9] = [
        "mail.outcomes.",
        "mail.told_within.",
        "mail.latency_s.",
        "mail.delay_causes_s.",
        "checks.",
        "key_failures.",
        "process.",
        "exposure.",
        "energy.",
    ];
    path == "notifications.total" || PREFIXES.iter().any(|prefix| path.starts_with(prefix))
}

/// Works the summary out from the sums per group of devices.
pub fn summarise(scenario: &Scenario, groups: &[Tally], command: String) -> (Summary, Replicates<Figures>) {
    let groups: Vec<_> = groups.iter().filter(|group| group.counts.devices > 0).cloned().collect();
    let replicates = Replicates::of(&groups, |tally| Figures::of(tally, scenario));
    let total: Tally = groups.iter().sum();
    let mut figures = Map::new();
    let mut ci95 = Map::new();
    for (index, (path, figure)) in replicates.all.values.iter().enumerate() {
        insert(&mut figures, path, figure.json());
        if is_headline(path) {
            ci95.insert(path.clone(), interval_of(&replicates, &groups, index));
        }
    }
    let summary = Summary {
        schema: 1,
        tool: Tool::THIS,
        scenario: About {
            name: scenario.name.clone(),
            sha256: scenario.sha256(),
            seed: scenario.seed,
            devices: total.counts.devices,
            warmup_days: rounded(scenario.start.since(crate::time::Time::ORIGIN).days_f64()),
            measured_days: rounded(scenario.measured().days_f64()),
            command,
        },
        prints: Prints::of(&total),
        figures,
        ci95,
        warnings: warnings(scenario),
        assumed: scenario.assumed(),
        engine: EngineFigures { events: total.counts.events },
    };
    (summary, replicates)
}

/// The interval of a figure. Counts are scaled to the whole fleet before they are compared; none
/// can be negative, a share cannot exceed 1, and a day has 24 hours.
fn interval_of(replicates: &Replicates<Figures>, groups: &[Tally], index: usize) -> Value {
    let devices: u64 = groups.iter().map(|group| group.counts.devices).sum();
    let scale = |left_out: Option<usize>| {
        let left = left_out.map_or(devices, |group| devices - groups[group].counts.devices);
        devices as f64 / left as f64
    };
    let interval = crate::analysis::jackknife::interval(groups.len(), |left_out| {
        replicates.get(left_out).values[index].1.value(scale(left_out))
    });
    let (path, _) = &replicates.all.values[index];
    let highest = match path.split('.').next() {
        _ if path.starts_with("mail.told_within.") => 1.0,
        Some("exposure") => 24.0,
        _ => f64::MAX,
    };
    interval
        .map(|interval| interval.clamp(0.0, highest))
        .map_or(Value::Null, |interval| Value::from(vec![rounded(interval.low), rounded(interval.high)]))
}

/// Puts a value at a dotted path.
fn insert(map: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            map.insert(path.into(), value);
        }
        Some((head, rest)) => {
            let inner = map.entry(head).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inner) = inner {
                insert(inner, rest, value);
            }
        }
    }
}
