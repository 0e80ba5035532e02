//! Checks a scenario as a whole, once every key by itself has been read.

use super::diagnostic::{Diagnostic, MOST_ERRORS};
use super::plain::unfit;
use super::tree::{self, Path, Sources, Step};
use super::{Arm, File, Fleet, Group, Scenario, Written};
use crate::clock::{self, Clock};
use crate::persona::{FleetEntry, Persona};
use crate::policy::Policy;
use crate::registry::Sections;
use crate::section::{Amount, Held, Key, Limit};
use crate::time::{Span, Time};
use crate::trace::Traces;
use toml::de::{DeTable, DeValue};
use toml::{Table, Value};

/// `warmup` and `measure` together.
const LONGEST: Span = Span::from_ms(3_653 * Span::DAY.ms());

/// What the checks go by.
pub(super) struct Checks<'a> {
    /// What was written, merged, to find the place of a fault.
    pub(super) written: &'a DeTable<'a>,
    pub(super) sources: &'a Sources,
    pub(super) faults: Vec<Diagnostic>,
}

impl Checks<'_> {
    pub(super) fn fault(&mut self, path: &Path, message: impl Into<String>) {
        self.fault_with(path, message, None);
    }

    pub(super) fn fault_with(&mut self, path: &Path, message: impl Into<String>, help: Option<String>) {
        // To find a place costs a walk through its source: a hostile file has many faults.
        if self.faults.len() < MOST_ERRORS {
            let span = tree::span_at(self.written, path);
            let place = span.and_then(|span| self.sources.place(span));
            self.faults.push(Diagnostic { message: message.into(), place, help });
        }
    }

    /// The scenario that the file describes, or every reason why it describes none.
    pub(super) fn scenario(mut self, mut file: File, arms: Vec<Arm>) -> Result<Scenario, Vec<Diagnostic>> {
        let written = self.written;
        let policy = self.values(&mut file);
        self.name(&file.name);
        let dealt = self.fleet(&mut file);
        let expects = self.expects(&file, &arms);
        let clock = self.clock(&file);
        let zones = clock.as_ref().map(|clock| self.zones(clock, &file)).unwrap_or_default();
        let (Some(policy), Some(clock), true) = (policy, clock, self.faults.is_empty()) else {
            return Err(self.faults);
        };
        let sections = file.sections();
        let groups =
            file.fleet.iter().zip(dealt).zip(zones).map(|((entry, (weight, persona)), zone)| Group {
                name: entry.name().into(),
                weight,
                entry: entry.clone(),
                persona,
                policy,
                sections: sections.clone(),
                clock: zone,
                time_zone: entry.time_zone.as_ref().unwrap_or(&file.time_zone).clone(),
                traces: Traces::default(),
                own: Table::new(),
                file: None,
            });
        let fleet = Fleet::new(groups.collect(), file.devices);
        let (dates, later) = self.events(&file, &fleet);
        if !self.faults.is_empty() {
            return Err(self.faults);
        }
        Ok(Scenario {
            sections,
            name: file.name.clone(),
            seed: file.seed,
            devices: file.devices,
            clock,
            start: Time::ORIGIN + file.warmup,
            end: Time::ORIGIN + file.warmup + file.measure,
            policy,
            fleet,
            dates,
            later: later.into(),
            mixes: None,
            arms,
            arm: None,
            notes: Vec::new(),
            expects,
            written: Written::of(written, self.sources),
            file: File { extends: None, expect: Vec::new(), ..file },
        })
    }

    /// The settings of a file that has no fleet, whose spelling of key access is the one without a synonym.
    pub(super) fn settings(mut self, mut file: File) -> Result<(Policy, File), Vec<Diagnostic>> {
        match self.values(&mut file) {
            Some(policy) if self.faults.is_empty() => Ok((policy, file)),
            _ => Err(self.faults),
        }
    }

    /// What a device goes by under one combination of the values of mixes.
    pub(super) fn combination(
        mut self,
        mut file: File,
    ) -> Result<(Policy, Sections, Vec<Persona>), Vec<Diagnostic>> {
        let policy = self.values(&mut file);
        let dealt = self.fleet(&mut file);
        match policy {
            Some(policy) if self.faults.is_empty() => {
                Ok((policy, file.sections(), dealt.into_iter().map(|(_, persona)| persona).collect()))
            }
            _ => Err(self.faults),
        }
    }

    /// Checks every value by itself, and with the model of its section. Returns the policy.
    fn values(&mut self, file: &mut File) -> Option<Policy> {
        let policy = self.policy(file);
        let config = file.config();
        for (key, value) in self.written {
            self.shape(value.get_ref(), config.get(key.get_ref().as_ref()), &Path::of(key.get_ref(), ""));
        }
        self.numbers(&config, &Path::default());
        self.limits(File::SHAPE.keys(), &config, &Path::default());
        for section in File::SHAPE.keys() {
            if let Some(Value::Table(values)) = config.get(section.name) {
                self.models(section, values);
            }
        }
        policy
    }

    /// The policy; the file keeps the one spelling of key access that has no synonym.
    fn policy(&mut self, file: &mut File) -> Option<Policy> {
        match Policy::try_from(&file.policy) {
            Ok(policy) => {
                file.policy.delivery = Some(policy.delivery);
                file.policy.key_access = Some(policy.key_access);
                file.policy.keychain_class = Some(policy.keychain_class);
                file.policy.allow_device_keychain = None;
                Some(policy)
            }
            Err(error) => {
                self.fault(&Path::of("policy", "allow_device_keychain"), error);
                None
            }
        }
    }

    /// The reader takes a list for the values of a table, and a table for a name; nobody means that.
    fn shape(&mut self, written: &DeValue<'_>, read: Option<&Value>, here: &Path) {
        match (written, read) {
            (DeValue::Table(entries), Some(Value::Table(read))) => {
                for (key, value) in entries {
                    let key: &str = key.get_ref();
                    self.shape(value.get_ref(), read.get(key), &here.with(Step::Key(key.into())));
                }
            }
            (DeValue::Array(items), Some(Value::Array(read))) => {
                for (index, (item, read)) in items.iter().zip(read).enumerate() {
                    self.shape(item.get_ref(), Some(read), &here.with(Step::Index(index)));
                }
            }
            // Hours may be a list.
            (DeValue::Array(_), Some(Value::Table(_)))
                if here.0.last() == Some(&Step::Key("working_hours".into())) => {}
            (DeValue::Table(_) | DeValue::Array(_), Some(read)) => {
                let must = match read {
                    Value::Table(_) => "a table with { key = value }",
                    _ => "a single value",
                };
                self.fault(here, format!("`{here}` must be {must}, but is a {}", written.type_str()));
            }
            _ => {}
        }
    }

    /// Every number must be finite and not negative.
    fn numbers(&mut self, table: &Table, here: &Path) {
        for (key, value) in table {
            self.number(value, &here.with(Step::Key(key.clone())));
        }
    }

    fn number(&mut self, value: &Value, here: &Path) {
        match value {
            Value::Float(number) if !number.is_finite() || *number < 0.0 => {
                self.fault(here, format!("`{here}` is {number}; it must be a finite number, 0 or more"));
            }
            Value::Integer(number) if *number < 0 => {
                self.fault(here, format!("`{here}` is {number}; it must be 0 or more"));
            }
            Value::Table(table) => self.numbers(table, here),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.number(item, &here.with(Step::Index(index)));
                }
            }
            _ => {}
        }
    }

    /// No value may go further than its key allows.
    fn limits(&mut self, keys: &[Key], table: &Table, here: &Path) {
        for key in keys {
            let Some(value) = table.get(key.name) else { continue };
            let path = here.with(Step::Key(key.name.into()));
            match (key.shape.keys(), value) {
                ([], value) => self.limit(key, value, &path),
                (keys, Value::Table(table)) => self.limits(keys, table, &path),
                (keys, Value::Array(rows)) => {
                    for (index, row) in rows.iter().enumerate() {
                        let Value::Table(row) = row else { continue };
                        self.limits(keys, row, &path.with(Step::Index(index)));
                    }
                }
                _ => {}
            }
        }
    }

    fn limit(&mut self, key: &Key, value: &Value, path: &Path) {
        if let (Some(limit), Some(amount)) = (key.limit, Amount::of(value)) {
            // A negative or infinite number has been named already.
            let named = matches!(amount, Amount::Number(number) if !number.is_finite() || number < 0.0);
            if !named && !limit.has(amount) {
                let shown = value.as_str().map_or_else(|| amount.to_string(), String::from);
                let Limit { least, most } = limit;
                let message = format!("`{path}` is {shown}; it must lie from {least} to {most}");
                self.fault_with(path, message, key.hint.map(String::from));
            }
        }
        if let (true, Value::Array(weights)) = (key.weights, value) {
            let total: f64 = weights.iter().filter_map(Value::as_float).sum();
            if total == 0.0 || total == f64::INFINITY {
                self.fault(
                    path,
                    format!("the weights of `{path}` add up to {total}; nothing could be drawn by them"),
                );
            }
        }
    }

    /// A key of another model says that the writer expects something that will not happen.
    fn models(&mut self, section: &Key, values: &Table) {
        let Some(model) = values.get("model").and_then(Value::as_str) else { return };
        let name = section.name;
        for key in section.shape.keys() {
            let path = Path::of(name, key.name);
            let written = self.written.get(name).is_some_and(|keys| keys.get_ref().get(key.name).is_some());
            if written && !key.belongs_to(model) {
                let message = format!("`{path}` has no meaning with `{name}.model = \"{model}\"`");
                let help = match key.models {
                    [] => "every other model has it; set one of those, or take the key out".into(),
                    models => {
                        let owners = models.join("` or `");
                        format!("it belongs to the model `{owners}`; set that, or take the key out")
                    }
                };
                self.fault_with(&path, message, Some(help));
            } else if key.required && key.belongs_to(model) && !values.contains_key(key.name) {
                let message = format!("the model `{model}` of `[{name}]` needs `{}`", key.name);
                self.fault(&Path::of(name, "model"), message);
            }
        }
    }

    fn name(&mut self, name: &str) {
        let path = Path::of("name", "");
        if name.trim().is_empty() || name.chars().count() > 100 {
            self.fault(&path, "`name` must have 1 to 100 characters");
        } else if let Some(why) = unfit(name) {
            // One that was written has been looked at where it was read.
            self.fault(&path, format!("a scenario without `name` is called as its file, `{name}`: {why}"));
        }
    }

    /// Wall time of each group: all begin at one instant.
    fn zones(&mut self, clock: &Clock, file: &File) -> Vec<Clock> {
        let whole = file.warmup + file.measure;
        let of_group = |(index, group): (usize, &FleetEntry)| match &group.time_zone {
            None => clock.clone(),
            Some(zone) => clock.beside(zone, whole).unwrap_or_else(|error| {
                let path = Path::of("fleet", "").with(Step::Index(index)).with(Step::Key("time_zone".into()));
                self.fault(&path, error);
                clock.clone()
            }),
        };
        file.fleet.iter().enumerate().map(of_group).collect()
    }

    fn clock(&mut self, file: &File) -> Option<Clock> {
        let whole = file.warmup + file.measure;
        if whole > LONGEST {
            let key = if file.measure >= file.warmup { "measure" } else { "warmup" };
            let path = Path::of(key, "");
            self.fault(&path, format!("`warmup` and `measure` are {whole} together; 10 years are the most"));
            return None;
        }
        let key = if clock::time_zone(&file.time_zone).is_err() { "time_zone" } else { "start" };
        match Clock::new(file.start, &file.time_zone, file.warmup, whole) {
            Ok(clock) => Some(clock),
            Err(error) => {
                self.fault(&Path::of(key, ""), error);
                None
            }
        }
    }
}
