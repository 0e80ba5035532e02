//! A baseline: the figures of an earlier run, kept with the scenario, with enough of it that a later run
//! can be compared with paired intervals. On top stands what people read in a review, below it one line a figure, and
//! what only programs read comes last.

use super::outcome::arm_of;
use super::packed::{pack, unpack};
use super::past::scenario_of;
use crate::analysis::jackknife::{Interval, Spread, Strata};
use crate::figure::{Direction, Figure, Sample, Unit};
use crate::record::{Prints, Tool};
use crate::scenario::{self, Scenario};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;
use toml::{Table, Value};

/// The version of this format. 1, of 0.1.0, had mail that was never told because it was found after hours, and
/// groups of devices by their number.
const SCHEMA: u32 = 3;

/// It had all numbers in full, and nothing for people. It means the same.
const IN_FULL: u32 = 2;

/// The figures of an earlier run.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    schema: u32,
    tool: About,
    scenario: Run,
    fingerprint: String,
    books: String,
    /// What people read of it, which is not read back.
    #[serde(default, rename = "reads", skip_serializing)]
    _reads: IgnoredAny,
    /// How its devices are cut into parts.
    strata: Strata,
    figures: BTreeMap<String, Kept>,
    /// The effective configuration, by line.
    config: Vec<String>,
    /// Figures without each part of the devices, until they are put to their figures.
    #[serde(default)]
    replicates: BTreeMap<String, String>,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
struct About {
    name: String,
    version: String,
}

#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
struct Run {
    name: String,
    /// The file, or the bundled name; in 0.1.0 nobody kept it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    /// The arm of the file; none for the reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    arm: Option<String>,
    sha256: String,
    seed: u64,
    devices: u64,
}

/// One figure.
#[derive(Clone, PartialEq, Debug, Deserialize)]
struct Kept {
    value: Option<f64>,
    ci95: Option<[f64; 2]>,
    /// The figure without each part of the devices.
    #[serde(default)]
    without: Vec<Option<f64>>,
}

/// The parts of a path that say where it leads, whatever the system.
fn parts(path: &str) -> Vec<&str> {
    path.split(['/', '\\']).filter(|part| !["", ".", ".."].contains(part)).collect()
}

/// Six significant digits: more than any interval supports, and few enough to be read.
pub fn rounded(value: f64) -> f64 {
    format!("{value:.5e}").parse().unwrap_or(value)
}

impl Baseline {
    /// What a run of this file leaves behind.
    pub fn of(scenario: &Scenario, file: &str, sample: &Sample, prints: &Prints) -> Baseline {
        let kept = Figure::kept_with(Figure::FIRST, scenario.pushes()).into_iter().map(|figure| {
            let value = |left_out| sample.without(figure, left_out).map(rounded);
            let ci95 = sample.interval(figure).map(|found| [rounded(found.low), rounded(found.high)]);
            let without = (0..sample.replicates.without.len()).map(|part| value(Some(part))).collect();
            (figure.to_string(), Kept { value: value(None), ci95, without })
        });
        Baseline {
            schema: SCHEMA,
            tool: About { name: Tool::THIS.name.into(), version: Tool::THIS.version.into() },
            scenario: Run {
                name: scenario.name.clone(),
                file: Some(parts(file).join("/")),
                arm: arm_of(scenario).map(String::from),
                sha256: scenario.sha256(),
                seed: scenario.seed,
                devices: sample.all_devices(),
            },
            fingerprint: prints.fingerprint.clone(),
            books: prints.books.clone(),
            strata: sample.replicates.strata.clone(),
            _reads: IgnoredAny,
            figures: kept.collect(),
            replicates: BTreeMap::new(),
            config: scenario.effective().lines().map(String::from).collect(),
        }
    }

    /// Reads one.
    ///
    /// # Errors
    /// If it is none, in one sentence.
    pub fn read(text: &str) -> Result<Baseline, String> {
        #[derive(Deserialize)]
        struct Version {
            schema: u32,
        }
        let Version { schema } = serde_json::from_str(text).map_err(|error| error.to_string())?;
        match schema {
            SCHEMA | IN_FULL => {
                let baseline: Baseline = serde_json::from_str(text).map_err(|error| error.to_string())?;
                baseline.unpacked()
            }
            old if old < SCHEMA => {
                Err(format!("its schema is {old}: it is of a version whose figures meant something else"))
            }
            other => Err(format!("its schema is {other}, which this version does not know")),
        }
    }

    /// Puts to each figure what it is without each part.
    fn unpacked(mut self) -> Result<Baseline, String> {
        for (path, text) in std::mem::take(&mut self.replicates) {
            let kept = self.figures.get_mut(&path).ok_or_else(|| format!("it has no figure `{path}`"))?;
            kept.without = unpack(kept.value, &text)
                .ok_or_else(|| format!("the replicates of `{path}` cannot be read"))?;
        }
        self.schema = SCHEMA;
        Ok(self)
    }

    /// The text of the file, which begins with what people read: keys in order, one line a figure.
    pub fn text(&self, reads: &[String]) -> String {
        let lines = |items: Vec<String>| items.join(",\n    ");
        let reads = reads.iter().map(|line| json!(line).to_string());
        let figures = self.figures.iter().map(|(path, Kept { value, ci95, .. })| {
            format!("{}: {}", json!(path), json!({ "value": value, "ci95": ci95 }))
        });
        let config = self.config.iter().map(|line| json!(line).to_string());
        let replicates = self.figures.iter().map(|(path, Kept { value, without, .. })| {
            format!("{}: {}", json!(path), json!(pack(*value, without)))
        });
        format!(
            "{{\n  \"schema\": {},\n  \"tool\": {},\n  \"scenario\": {},\n  \"fingerprint\": {},\n  \"books\": {},\n  \
             \"reads\": [\n    {}\n  ],\n  \"figures\": {{\n    {}\n  }},\n  \"config\": [\n    {}\n  ],\n  \
             \"strata\": {},\n  \"replicates\": {{\n    {}\n  }}\n}}\n",
            self.schema,
            json!(self.tool),
            json!(self.scenario),
            json!(self.fingerprint),
            json!(self.books),
            lines(reads.collect()),
            lines(figures.collect()),
            lines(config.collect()),
            json!(self.strata),
            lines(replicates.collect()),
        )
    }

    /// A figure with its interval, as it stands in the file.
    pub fn kept(&self, figure: Figure) -> Option<(Option<f64>, Option<[f64; 2]>)> {
        self.figures.get(&figure.to_string()).map(|kept| (kept.value, kept.ci95))
    }

    /// The hash of its effective configuration.
    pub fn sha256(&self) -> &str {
        &self.scenario.sha256
    }

    /// Its seed.
    pub fn seed(&self) -> u64 {
        self.scenario.seed
    }

    /// Whose figures they are: the file, or the bundled name.
    pub fn file(&self) -> Option<&str> {
        self.scenario.file.as_deref()
    }

    /// Of which arm of the file; none for the reference.
    pub fn arm(&self) -> Option<&str> {
        self.scenario.arm.as_deref()
    }

    /// Whether they are those of this file, from wherever it is named.
    pub fn belongs_to(&self, file: &str) -> bool {
        let stem = |file: &str| file.strip_suffix(".toml").unwrap_or(file).to_owned();
        let is_end = |long: &str, short: &str| parts(long).ends_with(&parts(short));
        let this = stem(file);
        self.file().map(stem).is_none_or(|kept| is_end(&kept, &this) || is_end(&this, &kept))
    }

    /// What was decided and what was booked.
    pub fn prints(&self) -> Prints {
        Prints { fingerprint: self.fingerprint.clone(), books: self.books.clone() }
    }

    /// The version of the program that made it.
    pub fn version(&self) -> &str {
        &self.tool.version
    }

    /// Its effective configuration.
    pub fn config(&self) -> String {
        self.config.join("\n")
    }

    /// How many devices it has.
    pub fn devices(&self) -> u64 {
        self.scenario.devices
    }

    /// The first setting of when was watched, and for how long, that is not that of a scenario: its key, what it was
    /// and what it is. Figures of other spans are other figures.
    pub fn other_span(&self, scenario: &Scenario) -> Option<(&'static str, String, String)> {
        let was = scenario_of(self, &[])
            .map_or_else(|| self.config().parse().unwrap_or_default(), |old| old.config());
        let is = scenario.config();
        ["start", "warmup", "measure"].into_iter().find_map(|key| {
            let [was, is] = [&was, &is].map(|config| config.get(key));
            let shown = |value: Option<&Value>| {
                value.map_or_else(|| "nothing".into(), |value| value.to_string().replace('"', ""))
            };
            (was != is).then(|| (key, shown(was), shown(is)))
        })
    }

    /// How many of so many devices it is compared with: with those that it covers, or with all where it
    /// covers more, or others.
    pub fn devices_of(&self, seed: u64, all: u32) -> u32 {
        let covered = u32::try_from(self.scenario.devices).unwrap_or(all);
        if self.scenario.seed == seed && covered > 0 { covered.min(all) } else { all }
    }

    /// A figure, or that without one part. Counts are scaled to the devices of the sample.
    pub fn value(&self, figure: Figure, left_out: Option<usize>, sample: &Sample) -> Option<f64> {
        let kept = self.figures.get(&figure.to_string())?;
        let value = left_out.map_or(Some(kept.value), |part| kept.without.get(part).copied())??;
        let same = sample.all_devices() == self.scenario.devices;
        let count = !same && figure.unit() == Unit::Count;
        let scale = sample.all_devices() as f64 / self.scenario.devices.max(1) as f64;
        Some(if count { value * scale } else { value })
    }

    /// The interval of: the figure now, less `factor` times what it was and `offset`. It is paired by the
    /// parts of the devices, which met the same mail and the same users if the seed is the same; if it is
    /// not, pairing them gains nothing and costs nothing. Of other devices the runs count as independent.
    pub fn difference(&self, figure: Figure, sample: &Sample, factor: f64, offset: f64) -> Option<Interval> {
        let found =
            sample.value(figure).map(rounded)? - (factor * self.value(figure, None, sample)? + offset);
        let [lowest, highest] = figure.unit().apart(factor, offset);
        Some(self.spread(figure, sample, factor, offset)?.around(found)?.clamp(lowest, highest))
    }

    /// How that difference varies.
    pub fn spread(&self, figure: Figure, sample: &Sample, factor: f64, offset: f64) -> Option<Spread> {
        let strata = &sample.replicates.strata;
        let now = |left_out| sample.without(figure, left_out).map(rounded);
        let before = |left_out| Some(factor * self.value(figure, left_out, sample)? + offset);
        match self.strata == *strata {
            true => strata.spread(|left_out| Some(now(left_out)? - before(left_out)?)),
            false => strata.spread_apart(now, &self.strata, before),
        }
    }

    /// How the figure varies now, and how it did, each by itself.
    pub fn spreads(&self, figure: Figure, sample: &Sample) -> Option<[Spread; 2]> {
        let now = sample.spread(|figures| figures.value(figure))?;
        Some([now, self.strata.spread(|left_out| self.value(figure, left_out, sample))?])
    }

    /// What changed, of the figures that people judge a policy by.
    pub fn changes(&self, sample: &Sample) -> Changes {
        let mut changes = Changes::default();
        for figure in Figure::judged() {
            let now = sample.value(figure).map(rounded);
            let before = self.value(figure, None, sample);
            let interval = self.difference(figure, sample, 1.0, 0.0);
            let change = Change { figure, now, before, interval };
            let moved = match interval {
                Some(found) if found.low == 0.0 && found.high == 0.0 => continue,
                None if now == before => continue,
                Some(found) if found.low > 0.0 => Direction::More,
                Some(found) if found.high < 0.0 => Direction::Less,
                _ => {
                    changes.unclear.push(change);
                    continue;
                }
            };
            match figure.facts().better {
                Some(better) if better == moved => changes.better.push(change),
                Some(_) => changes.worse.push(change),
                None => changes.other.push(change),
            }
        }
        changes
    }
}

/// One figure, now and before.
#[derive(Clone, Debug)]
pub struct Change {
    /// Which one.
    pub figure: Figure,
    /// Its value now.
    pub now: Option<f64>,
    /// What it was.
    pub before: Option<f64>,
    /// The interval of the difference.
    pub interval: Option<Interval>,
}

/// What changed since a baseline.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// What got better beyond chance.
    pub better: Vec<Change>,
    /// What got worse beyond chance.
    pub worse: Vec<Change>,
    /// What changed beyond chance and is neither: fewer checks may mean fewer failures and less mail.
    pub other: Vec<Change>,
    /// What cannot be told apart from no change.
    pub unclear: Vec<Change>,
}

/// The keys that differ between two effective configurations, in words.
pub fn config_changes(mut old: Table, mut new: Table) -> Vec<String> {
    level(&mut old, &mut new);
    let flat = |config: Table| {
        let mut keys = BTreeMap::new();
        flatten(&Value::Table(config), "", &mut keys);
        keys
    };
    let (old, new) = (flat(old), flat(new));
    let shown = |value: Option<&String>| value.cloned().unwrap_or_else(|| "not set".into());
    let mut keys: Vec<&String> = old.keys().chain(new.keys()).collect();
    keys.sort();
    keys.dedup();
    let differing = keys.into_iter().filter(|key| old.get(*key) != new.get(*key));
    // A baseline is a file of somebody as well.
    let change =
        |key| scenario::shown(&format!("{key} was {}, is {}", shown(old.get(key)), shown(new.get(key))));
    differing.map(change).collect()
}

/// Sizes of groups are proportions where the fleet has other devices than they together: what is written as sizes in
/// one of the two, and as proportions in the other, is compared as proportions.
fn level(old: &mut Table, new: &mut Table) {
    for (was, is) in groups(old).zip(groups(new)) {
        if was.contains_key("devices") == is.contains_key("devices") {
            continue;
        }
        for group in [was, is] {
            if let Some(devices) = group.remove("devices").and_then(|devices| devices.as_integer()) {
                group.insert("weight".into(), Value::Float(devices as f64));
            }
        }
    }
}

fn groups(config: &mut Table) -> impl Iterator<Item = &mut Table> {
    let fleet = config.get_mut("fleet").and_then(Value::as_array_mut);
    fleet.into_iter().flatten().filter_map(Value::as_table_mut)
}

fn flatten(value: &Value, path: &str, keys: &mut BTreeMap<String, String>) {
    match value {
        Value::Table(table) => table.iter().for_each(|(key, value)| {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            flatten(value, &path, keys);
        }),
        Value::Array(items) if items.iter().any(Value::is_table) => {
            items
                .iter()
                .enumerate()
                .for_each(|(place, value)| flatten(value, &format!("{path}[{place}]"), keys));
        }
        other => {
            keys.insert(path.into(), other.to_string());
        }
    }
}
