//! The numbers that are moved, along which values, and how each is written into a scenario: those that rest on no
//! published source, and those of the field whose range is wide, since one log or one vendor is not every phone.

use crate::scenario::{Scenario, within};
use crate::section::Number;
use crate::source::Tag;
use crate::time::Span;
use crate::units::{Bytes, in_unit};
use serde::{Deserialize, Serialize};
use toml::{Table, Value};

/// A number of the field is moved too where the high end of its plausible range is so many times the low one, or
/// the low end is none.
const WIDE: f64 = 3.0;
/// From so many times on, values are as far apart as their logarithms are.
const LOGARITHMIC: f64 = 10.0;

/// A number that is moved.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Unknown {
    /// Its key, `fleet.` standing for every entry of the fleet.
    pub key: String,
    /// What it means.
    pub what: &'static str,
    /// What it rests on.
    pub tag: Tag,
    /// The unit of its range; that of its plausible values where it is moved by a factor.
    pub unit: &'static str,
    /// The ends between which it is moved: plausible values, or factors that keep every group within these.
    pub range: [f64; 2],
    /// How values between them are spaced.
    pub scale: Scale,
    /// Whether every group keeps a value of its own, and the range is one of factors on it.
    pub is_factor: bool,
    /// What the scenario has.
    pub value: String,
    /// The same in the unit of the range: 1 of a factor.
    #[serde(skip)]
    pub now: f64,
    /// The range of its plausible values.
    #[serde(skip)]
    pub plausible: [f64; 2],
    /// What each group has, where groups have it.
    #[serde(skip)]
    groups: Vec<(String, f64)>,
    #[serde(skip)]
    form: Form,
}

/// How values between the ends of a range are spaced.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// By equal differences.
    Linear,
    /// By equal factors.
    Logarithmic,
}

/// A number that cannot be varied.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Skipped {
    /// Its key.
    pub key: String,
    /// Why not.
    pub why: String,
}

/// How a scenario writes a number; lengths and sizes carry how much one of the range's unit is.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Form {
    Float,
    Integer,
    Span(f64),
    Bytes(f64),
}

impl Form {
    fn of(value: &Value, unit: &str) -> Result<Form, String> {
        let is_span = |text: &str| text.parse::<Span>().is_ok();
        match value {
            Value::Float(_) => Ok(Form::Float),
            Value::Integer(_) => Ok(Form::Integer),
            Value::Array(_) => Err("it is a list".into()),
            Value::String(text) => {
                let units: [(&str, f64); 5] =
                    [("ms", 1.0), ("s", 1e3), ("min", 6e4), ("h", 3.6e6), ("d", 8.64e7)];
                let sizes: [(&str, f64); 3] = [("kB", 1e3), ("MB", 1e6), ("GB", 1e9)];
                let known = if is_span(text) { units.as_slice() } else { sizes.as_slice() };
                let size = known.iter().find(|(name, _)| *name == unit).map(|(_, size)| *size);
                let size = size.ok_or_else(|| format!("its range is in `{unit}`, its value is {text}"))?;
                Ok(if is_span(text) { Form::Span(size) } else { Form::Bytes(size) })
            }
            other => Err(format!("it is a {}", other.type_str())),
        }
    }

    fn written(self, value: f64) -> Value {
        match self {
            Form::Float => Value::Float(value),
            Form::Integer => Value::Integer((value + 0.5) as i64),
            Form::Span(ms) => Value::String(Span::from_secs_f64(value * ms / 1000.0).to_string()),
            Form::Bytes(bytes) => Value::String(Bytes::new((value * bytes + 0.5) as u64).to_string()),
        }
    }
}

/// Whether a number is moved.
fn is_moved(number: &Number) -> bool {
    let (low, high) = number.range;
    match number.tag {
        Tag::Assumed | Tag::ReverseEngineered => true,
        Tag::Field => low <= 0.0 || high / low >= WIDE,
        Tag::Apple | Tag::Xnu | Tag::Measured => false,
    }
}

/// The unknowns that a scenario rests on, and those among them that cannot be varied.
pub fn unknowns(scenario: &Scenario) -> (Vec<Unknown>, Vec<Skipped>) {
    let config = scenario.config();
    let persons: Vec<(&str, Table)> = scenario
        .fleet
        .groups
        .iter()
        .filter_map(|group| Some((group.name.as_str(), Table::try_from(&group.persona).ok()?)))
        .collect();
    let (mut unknowns, mut skipped) = (Vec::new(), Vec::new());
    for (section, number) in scenario.numbers_in_use().into_iter().filter(|(_, number)| is_moved(number)) {
        let name = format!("{section}.{}", number.key);
        // Its devices differ already; which of its values to vary nobody has said.
        if scenario.is_mixed(section, number.key) {
            skipped.push(Skipped { key: name, why: "it is a mix".into() });
            continue;
        }
        let values: Vec<(&str, &Value)> = match section {
            "fleet" => {
                persons.iter().filter_map(|(group, person)| Some((*group, person.get(number.key)?))).collect()
            }
            _ => within(&config, section, number.key).into_iter().map(|value| ("", value)).collect(),
        };
        // A parameter of a model that is not chosen stands nowhere.
        if values.is_empty() {
            continue;
        }
        match Unknown::of(name.clone(), number, &values) {
            Ok(unknown) => unknowns.push(unknown),
            Err(why) => skipped.push(Skipped { key: name, why }),
        }
    }
    (unknowns, skipped)
}

/// The values of the fleet's entries, each once.
fn shown(values: &[(&str, &Value)]) -> String {
    let mut texts: Vec<String> = values
        .iter()
        .map(|(_, value)| value.as_str().map_or_else(|| value.to_string(), String::from))
        .collect();
    texts.dedup();
    texts.join(" / ")
}

/// The factors that keep all of these within a range: the first to reach an end of it is there. What lies beyond an
/// end already stays as it is on that side, and what is zero stays zero.
fn factors(values: &[f64], [low, high]: [f64; 2]) -> [f64; 2] {
    let least = values.iter().copied().filter(|value| *value > 0.0).fold(f64::MAX, f64::min);
    let most = values.iter().copied().fold(0.0, f64::max);
    [(low / least).min(1.0), (high / most).max(1.0)]
}

/// What `--set` would take to give these unknowns these values, each in the unit of its range.
pub fn sets<'a>(values: impl Iterator<Item = (&'a Unknown, f64)>) -> Vec<String> {
    values.flat_map(|(unknown, value)| unknown.sets(value)).collect()
}

impl Unknown {
    fn of(key: String, number: &Number, values: &[(&str, &Value)]) -> Result<Unknown, String> {
        let Number { what, tag, unit, range, .. } = *number;
        let form = Form::of(values[0].1, unit)?;
        let amount = |value: &Value| {
            in_unit(value, unit).ok_or_else(|| format!("its range is in `{unit}`, its value is {value}"))
        };
        let amounts: Vec<f64> = values.iter().map(|(_, value)| amount(value)).collect::<Result<_, _>>()?;
        let plausible = [range.0, range.1];
        // Of groups that differ each keeps its own, more or less of it.
        let is_factor =
            amounts.iter().any(|amount| *amount != amounts[0]) && amounts.iter().all(|amount| *amount >= 0.0);
        let range = if is_factor { factors(&amounts, plausible) } else { plausible };
        if range[0] >= range[1] {
            return Err("no factor keeps all groups within its range".into());
        }
        let is_logarithmic = range[0] > 0.0 && range[1] / range[0] >= LOGARITHMIC;
        Ok(Unknown {
            key,
            what,
            tag,
            unit,
            range,
            scale: if is_logarithmic { Scale::Logarithmic } else { Scale::Linear },
            is_factor,
            value: shown(values),
            now: if is_factor { 1.0 } else { amounts[0] },
            plausible,
            groups: values.iter().map(|(group, _)| group.to_string()).zip(amounts).collect(),
            form,
        })
    }

    /// The value below which it lies with this chance: as likely as not it is no more than what the scenario has, and
    /// to either side of that it is spread evenly, as its scale has it.
    pub fn quantile(&self, chance: f64) -> f64 {
        let [low, high] = self.range;
        match self.now {
            now if now > low && now < high && chance < 0.5 => self.between(low, now, 2.0 * chance),
            now if now > low && now < high => self.between(now, high, 2.0 * chance - 1.0),
            _ => self.between(low, high, chance),
        }
    }

    fn between(&self, from: f64, to: f64, part: f64) -> f64 {
        match self.scale {
            // The ends are what they are, and not what is left of them by rounding.
            _ if part >= 1.0 => to,
            Scale::Linear => from + (to - from) * part,
            Scale::Logarithmic => from * libm::pow(to / from, part),
        }
    }

    /// Half way from its value to each end, as its scale has it; none where there is no way to go.
    pub fn inside(&self) -> Vec<f64> {
        let [low, high] = self.range;
        let half = |end: f64| match self.scale {
            Scale::Logarithmic if self.now > 0.0 => libm::sqrt(self.now * end),
            _ => (self.now + end) / 2.0,
        };
        let is_way = |end: &f64| *end != self.now && (low..=high).contains(&half(*end));
        [low, high].into_iter().filter(is_way).map(half).collect()
    }

    /// What `--set` would take to give it a value, or so many times what it has, in the groups that are free. No value
    /// leaves what is plausible, unless it did so before.
    pub fn moved(&self, value: f64, is_factor: bool, is_free: impl Fn(&str) -> bool) -> Vec<String> {
        let [low, high] = self.plausible;
        let own = |own: f64| {
            let value = if is_factor { own * value } else { value };
            self.form.written(value.clamp(low.min(own), high.max(own)))
        };
        let free: Vec<_> = self.groups.iter().filter(|(group, _)| is_free(group)).collect();
        match (self.key.strip_prefix("fleet."), free.as_slice()) {
            (Some(_), [(_, first), rest @ ..])
                if free.len() == self.groups.len()
                    && (!is_factor || rest.iter().all(|(_, other)| other == first)) =>
            {
                vec![format!("{}={}", self.key, own(*first))]
            }
            (Some(row), free) => {
                free.iter().map(|(group, value)| format!("group.{group}.{row}={}", own(*value))).collect()
            }
            (None, free) => free.iter().map(|(_, value)| format!("{}={}", self.key, own(*value))).collect(),
        }
    }

    fn sets(&self, value: f64) -> Vec<String> {
        match self.key.strip_prefix("fleet.").filter(|_| self.is_factor) {
            Some(row) => {
                let own = |(group, own): &(String, f64)| {
                    format!("group.{group}.{row}={}", self.form.written(own * value))
                };
                self.groups.iter().map(own).collect()
            }
            None => vec![format!("{}={}", self.key, self.form.written(value))],
        }
    }

    /// The unknown with a value, in words.
    pub fn says(&self, value: f64) -> String {
        if self.is_factor {
            return format!("{} × {}", self.key, libm::round(value * 1000.0) / 1000.0);
        }
        let written = self.form.written(value);
        let text = written.as_str().map_or_else(|| written.to_string(), String::from);
        format!("{} = {text}", self.key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::load;

    #[test]
    fn every_unknown_of_every_bundled_scenario_can_be_set_to_both_ends() {
        for name in ["email-plus", "periodic-15m"] {
            let scenario = load(name, &[]).unwrap();
            let (unknowns, skipped) = unknowns(&scenario);
            assert!(skipped.iter().all(|skipped| skipped.why == "it is a list"), "{skipped:?}");
            assert!(unknowns.len() > if name == "email-plus" { 60 } else { 0 });
            for unknown in &unknowns {
                let ends = [0.0, 1.0].map(|part| unknown.quantile(part));
                assert_eq!(ends, unknown.range, "{}", unknown.key);
                for value in [&ends[..], &unknown.inside()].concat() {
                    let sets = sets([(unknown, value)].into_iter());
                    let changed = load(name, &sets).map_err(|e| e.to_string()).unwrap();
                    assert_eq!(changed.name, scenario.name);
                }
            }
            for part in [0.0, 1.0] {
                let sets = sets(unknowns.iter().map(|unknown| (unknown, unknown.quantile(part))));
                load(name, &sets).map_err(|e| e.to_string()).unwrap();
            }
        }
    }

    fn of_email_plus(key: &str, more: &[String]) -> Unknown {
        let (unknowns, _) = unknowns(&load("email-plus", more).unwrap());
        unknowns.into_iter().find(|unknown| unknown.key == key).unwrap()
    }

    /// 3, 9 and 24 openings a day stay an eighth, three eighths and the whole of what the heavy one has.
    #[test]
    fn groups_that_differ_keep_what_is_their_own() {
        let opens = of_email_plus("fleet.mail_opens_per_weekday", &[]);
        assert!(opens.is_factor && opens.now == 1.0);
        let own = |unknown: &Unknown| -> Vec<f64> {
            unknown.value.split(" / ").map(|value| value.parse().unwrap()).collect()
        };
        let before = own(&opens);
        for part in [0.0, 0.3, 1.0] {
            let factor = opens.quantile(part);
            let after = own(&of_email_plus(&opens.key, &sets([(&opens, factor)].into_iter())));
            for (before, after) in before.iter().zip(after) {
                assert!((after - before * factor).abs() < 1e-9, "{after} of {before}");
            }
        }
        let sd = of_email_plus("fleet.person_opens_sd", &[]);
        assert!(!sd.is_factor && sd.range == [0.0, 1.0] && sd.now == 0.5);
    }

    #[test]
    fn factors_keep_every_group_within_the_range() {
        assert_eq!(factors(&[4.0, 14.0, 36.0], [2.0, 72.0]), [0.5, 2.0]);
        assert_eq!(factors(&[0.0, 10.0], [5.0, 20.0]), [0.5, 2.0]);
        // Beyond an end already: no farther.
        assert_eq!(factors(&[1.0, 30.0], [2.0, 20.0]), [1.0, 1.0]);
    }

    #[test]
    fn values_of_many_sizes_are_spaced_by_factors() {
        let interval = of_email_plus("client.refresh_interval", &[]);
        assert_eq!((interval.scale, interval.range, interval.now), (Scale::Logarithmic, [1.0, 240.0], 15.0));
        // Half of it lies below what it is, and of the rest half within four times that.
        for (chance, value) in [(0.0, 1.0), (0.25, libm::sqrt(15.0)), (0.5, 15.0), (0.75, 60.0), (1.0, 240.0)]
        {
            assert!((interval.quantile(chance) - value).abs() < 1e-9);
        }
        let inside = interval.inside();
        assert!((inside[0] - libm::sqrt(15.0)).abs() < 1e-9 && (inside[1] - 60.0).abs() < 1e-9);
        let button = of_email_plus("user.side_button", &[]);
        assert_eq!((button.scale, button.range, button.now), (Scale::Linear, [0.2, 1.0], 0.6));
        assert!((button.quantile(0.125) - 0.3).abs() < 1e-9);
        // What is at an end already is spread over all that is left.
        let shift = of_email_plus("fleet.shift", &[]);
        assert!(shift.now == 0.0 && shift.quantile(0.5) == shift.range[1] / 2.0);
    }

    #[test]
    fn numbers_of_the_field_are_moved_where_their_range_is_wide() {
        let (all, _) = unknowns(&load("email-plus", &[]).unwrap());
        let has = |key: &str| all.iter().any(|unknown| unknown.key == key && unknown.tag == Tag::Field);
        assert!(has("lock.inactivity_reboot"));
        // One student is no source for all.
        assert!(!has("fleet.mail_session"));
        assert!(!has("power.low_power_ends"));
        assert!(all.iter().any(|unknown| unknown.key == "fleet.notification_driven"));
        assert!(all.iter().all(|unknown| !matches!(unknown.tag, Tag::Apple | Tag::Xnu | Tag::Measured)));
    }
}
