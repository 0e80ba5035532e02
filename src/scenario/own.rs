//! What groups have otherwise than their file says: each reads and checks as if the file said so.

use super::check::Checks;
use super::diagnostic::Diagnostic;
use super::load::TraceFiles;
use super::mixes::{Mixes, Settings};
use super::stack::trace_files;
use super::tree::{self, Sources};
use super::{File, Scenario, layer};
use crate::policy::KeyAccess;
use crate::section::{Held, Key, Shape};
use std::collections::BTreeMap;
use toml::de::{DeTable, DeValue};
use toml::{Spanned, Table, Value};

/// So many combinations of values the settings of all groups may have together: each is read and checked.
const MOST_COMBINATIONS: usize = 8192;

/// What was read of a group's own settings.
pub(super) struct Own {
    pub(super) settings: Settings,
    /// Its files of real input, where it says anything of them.
    pub(super) files: Option<TraceFiles>,
}

/// Gives the groups of a scenario their own settings, a table each. `file` is the document as it is for all others,
/// its mixes in it. Returns the settings of those that have any of their own.
pub(super) fn read(
    scenario: &mut Scenario,
    file: &Spanned<DeTable<'_>>,
    own: Vec<DeTable<'_>>,
    sources: &Sources,
) -> Result<BTreeMap<usize, Own>, Vec<Diagnostic>> {
    let mut of_groups = BTreeMap::new();
    let mut left = MOST_COMBINATIONS;
    let mut file = file.clone();
    ["fleet", "expect"].iter().for_each(|list| {
        file.get_mut().remove(*list);
    });
    for (index, own) in own.into_iter().enumerate().filter(|(_, own)| !own.is_empty()) {
        let faults: Vec<Diagnostic> = one_for_all(&own, sources).collect();
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut document = file.clone();
        let kept = own.clone();
        tree::overlay(document.get_mut(), own);
        let mixes = Mixes::found(document.get_ref(), sources)?;
        let count = mixes.combinations();
        left = left.checked_sub(count).ok_or_else(|| {
            let place = sources.place(kept.keys().next().map_or(0..0, Spanned::span));
            let message =
                format!("the groups have more than {MOST_COMBINATIONS} combinations of mixed settings");
            vec![Diagnostic::new(message, place).help("give the mixes fewer values, or mix in fewer groups")]
        })?;
        let document = mixes.single(document);
        let file = layer::whole(&document, sources)?;
        let (checked, file) =
            Checks { written: document.get_ref(), sources, faults: Vec::new() }.settings(file)?;
        let combined = mixes.combine_settings(&document, sources)?;
        let group = &mut scenario.fleet.groups[index];
        group.sections = file.sections();
        group.policy = checked;
        group.own = printed(&kept, file.clone(), &combined, group.policy.key_access);
        group.file = Some(Box::new(file));
        let has_input =
            ["mail", "user", "network", "power"].iter().any(|section| kept.contains_key(*section));
        let files = has_input.then(|| trace_files(document.get_ref(), sources));
        of_groups.insert(index, Own { settings: combined, files });
    }
    Ok(of_groups)
}

/// Keys that no group can have of its own, and why.
const ONE_FOR_ALL: [(&str, &str, &str); 1] =
    [("client", "check_energy_mah", "the fleet's energy is worked out with one value")];

fn one_for_all<'d>(own: &'d DeTable<'_>, sources: &'d Sources) -> impl Iterator<Item = Diagnostic> + 'd {
    ONE_FOR_ALL.iter().filter_map(|(section, key, why)| {
        let span = own.get(*section)?.get_ref().get(*key)?.span();
        let message = format!("`{section}.{key}` can be no group's own: {why}");
        Some(Diagnostic::new(message, sources.place(span)).help(format!("write it in `[{section}]`")))
    })
}

/// The keys that a group has of its own, each with its value in force.
fn printed(own: &DeTable<'_>, mut file: File, mixes: &Settings, access: KeyAccess) -> Table {
    let mixed_access = mixes.has("policy", "key_access");
    let follows = own.get("policy").is_some_and(|policy| {
        ["key_access", "allow_device_keychain"].iter().any(|key| policy.get_ref().get(*key).is_some())
    });
    // It follows the key access, of which the file's devices may have another.
    if follows && !mixed_access {
        file.client.key_in_memory = Some(file.client.key_in_memory(access));
    }
    let mut config = file.config();
    mixes.print(&mut config);
    let mut printed = Table::new();
    for section in File::SHAPE.keys() {
        let (Shape::Table(keys), Some(all)) = (section.shape, config.get(section.name)) else { continue };
        let mut own_of =
            own.get(section.name).map(|own| chosen(keys, own.get_ref(), all)).unwrap_or_default();
        if section.name == "policy" && follows {
            own_of.extend(all.get("key_access").map(|access| ("key_access".into(), access.clone())));
        }
        if section.name == "client" && follows && !mixed_access {
            let memory = all.get("key_in_memory");
            own_of.extend(memory.map(|memory| ("key_in_memory".into(), memory.clone())));
        }
        if !own_of.is_empty() {
            printed.insert(section.name.into(), Value::Table(own_of));
        }
    }
    printed
}

fn chosen(keys: &[Key], own: &DeValue<'_>, all: &Value) -> Table {
    let mut found = Table::new();
    for key in keys {
        let (Some(own), Some(value)) = (own.get(key.name), all.get(key.name)) else { continue };
        let value = match (key.shape, own.get_ref(), value) {
            (Shape::Table(keys), DeValue::Table(_), Value::Table(_)) => {
                Value::Table(chosen(keys, own.get_ref(), value))
            }
            _ => value.clone(),
        };
        found.insert(key.name.into(), value);
    }
    found
}
