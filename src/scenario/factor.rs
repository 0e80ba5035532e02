//! A change by a factor: `fleet.mails_per_weekday = "x1.5"` is half as much again of what each group has.

use super::Scenario;
use super::effective::within;
use crate::time::Span;
use crate::units::Bytes;
use toml::{Table, Value};

/// A key and how many times its value it shall have.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Factor {
    path: Vec<String>,
    by: f64,
}

/// How many times, where a text says that.
pub(super) fn times(text: &str) -> Option<f64> {
    let number = text.strip_prefix(['x', '×'])?.trim();
    number.parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0)
}

impl Factor {
    /// What a `--set` says, if it is that.
    pub(super) fn of(key: &str, value: &str) -> Option<Factor> {
        let by = times(value.trim().trim_matches(['"', '\'']))?;
        Some(Factor { path: key.split('.').map(|part| part.trim().to_string()).collect(), by })
    }

    /// The same as plain settings, a line each.
    pub(super) fn lines(&self, scenario: &Scenario) -> Result<String, String> {
        let [first, rest @ ..] = self.path.as_slice() else { return Err("a key is missing".into()) };
        let groups = 0..scenario.fleet.groups.len();
        let name = |group: usize| scenario.fleet.groups[group].name.as_str();
        let mut lines = Vec::new();
        match (first.as_str(), rest) {
            ("fleet", key) => {
                for group in groups {
                    lines.push(self.line(
                        &format!("group.{}.", name(group)),
                        key,
                        &of_group(scenario, group, key),
                    )?);
                }
            }
            ("group", [wanted, key @ ..]) => {
                let of_name = groups.into_iter().find(|group| name(*group) == wanted);
                let group = of_name.ok_or_else(|| format!("the fleet has no group `{wanted}`"))?;
                lines.push(self.line(&format!("group.{wanted}."), key, &of_group(scenario, group, key))?);
            }
            _ => {
                lines.push(self.line("", &self.path, &at(&scenario.config(), &self.path))?);
                for group in
                    groups.filter(|group| at(&scenario.fleet.groups[*group].own, &self.path).is_some())
                {
                    let own = at(&scenario.config_of(group), &self.path);
                    lines.push(self.line(&format!("group.{}.", name(group)), &self.path, &own)?);
                }
            }
        }
        Ok(lines.join("\n"))
    }

    fn line(&self, before: &str, key: &[String], value: &Option<Value>) -> Result<String, String> {
        let path = format!("{before}{}", key.join("."));
        let value = value
            .as_ref()
            .ok_or_else(|| format!("`{path}` has no value that could be taken {} times", self.by))?;
        let times = taken(value, self.by)
            .ok_or_else(|| format!("`{path}` is {value}, which cannot be taken {} times", self.by))?;
        Ok(format!("{path} = {times}"))
    }
}

fn at(table: &Table, path: &[String]) -> Option<Value> {
    let (key, holder) = path.split_last()?;
    within(table, &holder.join("."), key).cloned()
}

/// What a group has: a row of its persona, or a setting.
fn of_group(scenario: &Scenario, group: usize, key: &[String]) -> Option<Value> {
    let config = scenario.config();
    let row = config.get("fleet")?.get(group)?.as_table()?;
    match key {
        [row_name] => row.get(row_name).cloned(),
        path => at(&scenario.config_of(group), path),
    }
}

fn taken(value: &Value, by: f64) -> Option<Value> {
    match value {
        Value::Float(number) => Some(Value::Float(number * by)),
        Value::Integer(number) => Some(Value::Integer(libm::round(*number as f64 * by) as i64)),
        Value::String(text) => taken_text(text, by).map(Value::String),
        // Of a mix each value is taken, with its share.
        Value::Table(mix) => {
            let part = |(name, share): (&String, &Value)| {
                let number = name.parse::<f64>().ok().map(|number| (number * by).to_string());
                Some((number.or_else(|| taken_text(name, by))?, share.clone()))
            };
            mix.iter().map(part).collect::<Option<Table>>().map(Value::Table)
        }
        _ => None,
    }
}

fn taken_text(text: &str, by: f64) -> Option<String> {
    let span = text.parse::<Span>().ok();
    let span = span.map(|span| Span::from_secs_f64(span.secs_f64() * by).to_string());
    let size = text.parse::<Bytes>().ok();
    span.or(size.map(|size| Bytes::new(libm::round(size.get() as f64 * by) as u64).to_string()))
}
