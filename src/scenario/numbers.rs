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

impl Scenario {
    /// The numbers tagged `assumed` that this scenario uses. Those of a model that is replaced by a
    /// simple one are not among them.
    pub fn assumed(&self) -> Vec<String> {
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
        let mut names = Vec::new();
        for (section, Number { key, tag, .. }) in numbers() {
            if *tag == Tag::Assumed && used(section, key) {
                names.push(format!("{section}.{key}"));
            }
        }
        names
    }
}
