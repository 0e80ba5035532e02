//! Every number of the model, and which of them a scenario rests on.

use super::{File, Scenario, rules};
use crate::engine::Model;
use crate::number::{Number, Tag};
use crate::{persona, policy};

macro_rules! define_numbers {
    ($($name:ident: $model:ty,)*) => {
        /// Every number of the model with its section, in the order of a scenario file.
        pub fn numbers() -> Vec<(&'static str, &'static Number)> {
            let mut numbers = Vec::new();
            let mut add = |section, list: &'static [Number]| numbers.extend(list.iter().map(|number| (section, number)));
            add("policy", policy::Config::NUMBERS);
            $( add(stringify!($name), <<$model as Model>::Config>::NUMBERS); )*
            add("fleet", persona::NUMBERS);
            numbers
        }
    };
}
crate::models!(define_numbers);

macro_rules! define_keys {
    ($($name:ident: $model:ty,)*) => {
        /// Every key with its section and what it means, in the order of a scenario file. Those at the
        /// top have the empty section.
        pub fn keys() -> Vec<(&'static str, &'static str, &'static str)> {
            let mut keys = Vec::new();
            let mut add = |section, list: &[(&'static str, &'static str)]| {
                keys.extend(list.iter().map(|(key, what)| (section, *key, *what)));
            };
            add("", TOP);
            add("policy", policy::Config::KEYS);
            $( add(stringify!($name), <<$model as Model>::Config>::KEYS); )*
            add("fleet", &[
                ("persona", "The persona this row starts from."),
                ("weight", "Its weight among the rows."),
            ]);
            add("expect", &[
                ("name", "What is expected, in the writer's own words."),
                ("where", "Whose phones it speaks of; everybody's where it is left out."),
                ("versus", "What it compares with; with nothing where it is left out."),
                ("assert", "What is asserted, such as told_within(15m) >= 80 %."),
            ]);
            keys.extend(persona::NUMBERS.iter().map(|row| ("fleet", row.key, row.what)));
            keys
        }
    };
}
crate::models!(define_keys);

/// How far a number may go, for keys that hold plain numbers.
pub fn limit_of(section: &str, key: &str) -> Option<(f64, f64)> {
    let limit = rules::LIMITS.iter().find(|limit| limit.section == section && limit.key == key)?;
    Some((limit.least.parse().ok()?, limit.most.parse().ok()?))
}

/// What the keys at the top of a scenario mean.
const TOP: &[(&str, &str)] = &[
    ("extends", "The file or bundled scenario this one builds on."),
    ("name", "What the scenario is called."),
    ("seed", "The seed of every random stream."),
    ("devices", "How many devices."),
    ("start", "The first measured instant, as local wall time."),
    ("time_zone", "IANA name of the time zone."),
    ("warmup", "How long the phone lives before it is measured."),
    ("measure", "How long it is measured."),
    ("policy", "What people decide."),
    ("fleet", "Who holds the phones: devices are drawn from these rows by their weights."),
];

impl Scenario {
    /// The numbers tagged `assumed` that this scenario uses.
    pub fn assumed(&self) -> Vec<String> {
        let used = self.numbers_in_use().into_iter().filter(|(_, number)| number.tag == Tag::Assumed);
        used.map(|(section, number)| format!("{section}.{}", number.key)).collect()
    }

    /// The numbers that this scenario uses, with their sections. Those of a model that is replaced by
    /// a simple one are not among them.
    pub fn numbers_in_use(&self) -> Vec<(&'static str, &'static Number)> {
        let full = toml::Table::try_from(File::default()).unwrap_or_default();
        let chosen: toml::Table = self.effective.parse().unwrap_or_default();
        let model = |table: &toml::Table, section: &str| {
            table.get(section)?.get("model")?.as_str().map(str::to_owned)
        };
        let is_full = |section: &str| model(&full, section) == model(&chosen, section);
        let used = |section: &str, key: &str| {
            let parameter = rules::PARAMETERS.iter().find(|p| (p.section, p.key) == (section, key));
            match (section, parameter) {
                ("fleet", _) => is_full(persona::section_of(key)),
                (_, None) => is_full(section),
                (_, Some(parameter)) => {
                    model(&chosen, section).is_some_and(|model| parameter.models.contains(&model.as_str()))
                }
            }
        };
        numbers().into_iter().filter(|(section, number)| used(section, number.key)).collect()
    }
}
