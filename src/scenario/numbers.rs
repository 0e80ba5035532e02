//! Every number of the model, and which of them a scenario rests on.

use super::{File, Scenario};
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
        let is_full = |section: &str| {
            let model = |table: &toml::Table| table.get(section)?.get("model").cloned();
            model(&full) == model(&chosen)
        };
        let used = |section: &str, key: &str| match section {
            "fleet" => is_full(persona::section_of(key)),
            _ => is_full(section),
        };
        numbers().into_iter().filter(|(section, number)| used(section, number.key)).collect()
    }
}
