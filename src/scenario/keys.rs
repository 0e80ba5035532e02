//! Every key of a scenario, and which numbers of the model a scenario rests on.

use super::effective::model;
use super::{File, Scenario};
use crate::device::push::is_in_use;
use crate::persona;
use crate::section::{Held, Key, Limit, Number, Role, Shape};
use crate::source::Tag;
use std::sync::LazyLock;

/// The keys within sections, with the path of what they stand in: a section, or a table in one.
static INNER: LazyLock<Vec<(&'static str, &'static Key)>> = LazyLock::new(|| {
    let mut inner = Vec::new();
    for section in File::SHAPE.keys() {
        for key in section.shape.keys() {
            inner.push((section.name, key));
            if let Shape::Table(within) = key.shape {
                let path: &'static str = Box::leak(format!("{}.{}", section.name, key.name).into_boxed_str());
                let is_shown = |key: &&Key| key.number.is_some() || key.role == Role::Decision;
                inner.extend(within.iter().filter(is_shown).map(|key| (path, key)));
            }
        }
    }
    inner
});

/// Every key with its section, in the order of a scenario file. Those at the top have the empty
/// section.
pub fn keys() -> Vec<(&'static str, &'static Key)> {
    File::SHAPE.keys().iter().map(|key| ("", key)).chain(INNER.iter().copied()).collect()
}

/// The key of that name in a section.
pub fn key(section: &str, name: &str) -> Option<&'static Key> {
    keys().into_iter().find(|(place, key)| *place == section && key.name == name).map(|(_, key)| key)
}

/// Every number of the model with its section, in the order of a scenario file.
pub fn numbers() -> Vec<(&'static str, &'static Number)> {
    keys().into_iter().filter_map(|(section, key)| Some((section, key.number.as_ref()?))).collect()
}

/// What may stand behind `--set` or before the `=` of `--vary`, each with what it means: every key that
/// has one value, and where it has names, every name.
pub fn settings() -> Vec<(String, String)> {
    let path = |section: &str, key: &Key| match section {
        "" => format!("{}=", key.name),
        _ => format!("{section}.{}=", key.name),
    };
    // What a group is called and how large it is says each block for itself.
    let of_the_block = ["name", "title", "weight", "devices"];
    let lists = ["event", "expect"];
    let single = keys().into_iter().filter(|(section, key)| {
        let is_of_its_block = *section == "fleet" && of_the_block.contains(&key.name);
        !lists.contains(section)
            && !is_of_its_block
            && key.name != "extends"
            && !matches!(key.shape, Shape::Table(_) | Shape::List(..))
    });
    single
        .flat_map(|(section, key)| {
            let path = path(section, key);
            let named = |(name, what): &(&str, &str)| (format!("{path}{name}"), what.to_string());
            match key.shape {
                Shape::OneOf(choices) => choices.iter().map(named).collect(),
                Shape::Truth => {
                    vec![(format!("{path}true"), key.says()), (format!("{path}false"), key.says())]
                }
                _ => vec![(path, key.says())],
            }
        })
        .collect()
}

/// How far the value of a key may go.
pub fn limit_of(section: &str, name: &str) -> Option<Limit> {
    key(section, name)?.limit
}

impl Scenario {
    /// The numbers tagged `assumed` that this scenario uses.
    pub fn assumed(&self) -> Vec<String> {
        let used = self.numbers_in_use().into_iter().filter(|(_, number)| number.tag == Tag::Assumed);
        used.map(|(section, number)| format!("{section}.{}", number.key)).collect()
    }

    /// The numbers that this scenario uses, with their sections. Those of a model that is replaced by
    /// a simple one are not among them, nor those of phones where no group says which it has, or of a
    /// check-in where nothing travels by it.
    pub fn numbers_in_use(&self) -> Vec<(&'static str, &'static Number)> {
        let (full, chosen) = (File::default().config(), self.config());
        let is_full = |section: &str| model(&full, section) == model(&chosen, section);
        // What a model says that it does without, it has the rest of.
        let says_without = |section: &str, model: &str| {
            keys().iter().any(|(other, key)| *other == section && key.except.contains(&model))
        };
        let is_had = |section: &str, key: &Key| {
            model(&chosen, section).is_some_and(|model| key.belongs_to(model) && says_without(section, model))
        };
        let used = |section: &str, key: &Key| match (section, key.models) {
            ("fleet", _) => is_full(persona::reader(key)),
            (_, []) => is_full(section) || is_had(section, key),
            (_, models) => model(&chosen, section).is_some_and(|model| models.contains(&model)),
        };
        let is_known = self.file.fleet.iter().any(|group| group.hardware.is_some());
        // Of what is published alone a device hears at its check-in.
        let is_published = !self.dates.changes.is_empty() || self.dates.retires();
        let of_hardware = |section: &str, key: &Key| persona::OF_HARDWARE.contains(&(section, key.name));
        let (deliveries, pushes) = (self.deliveries(), self.push_settings());
        let is_of_push = |section: &str, key: &Key| {
            let mut each =
                deliveries.iter().flat_map(|delivery| pushes.iter().map(move |push| (*delivery, push)));
            each.any(|(delivery, push)| is_in_use(push, delivery, section, key.name))
        };
        let keys = keys()
            .into_iter()
            .filter(|(section, key)| {
                let is_push = section.split('.').next() == Some("push");
                !is_push || is_of_push(section, key)
            })
            .filter(|(section, key)| used(section, key) && (is_known || !of_hardware(section, key)))
            .filter(|(section, _)| is_published || *section != "policy.appconnect");
        keys.filter_map(|(section, key)| Some((section, key.number.as_ref()?))).collect()
    }
}
