//! The blocks of a document that speak of groups: what of a block is a row of its persona, and what is a setting
//! that the group has of its own.

use super::File;
use super::tree;
use crate::section::{Held, Shape};
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

/// Whether a key of a block is a section of settings.
fn is_section(name: &str) -> bool {
    File::SHAPE.keys().iter().any(|key| key.name == name && matches!(key.shape, Shape::Table(_)))
}

/// Takes the settings of its own out of a block: its sections.
pub(super) fn take_settings<'a>(block: &mut DeTable<'a>) -> DeTable<'a> {
    let (settings, rows) =
        std::mem::take(block).into_iter().partition(|(key, _)| is_section(key.get_ref().as_ref()));
    *block = rows;
    settings
}

/// The blocks of a document's fleet.
pub(super) fn blocks<'t, 'a>(document: &'t mut DeTable<'a>) -> impl Iterator<Item = &'t mut DeTable<'a>> {
    items(document, "fleet")
}

/// The tables of a list.
pub(super) fn items<'t, 'a>(
    document: &'t mut DeTable<'a>,
    list: &str,
) -> impl Iterator<Item = &'t mut DeTable<'a>> + use<'t, 'a> {
    let fleet = document.get_mut(list).map(Spanned::get_mut);
    let blocks = fleet.and_then(|fleet| match fleet {
        DeValue::Array(blocks) => Some(blocks),
        _ => None,
    });
    blocks.into_iter().flat_map(|blocks| blocks.iter_mut()).filter_map(|block| match block.get_mut() {
        DeValue::Table(block) => Some(block),
        _ => None,
    })
}

/// Takes the settings of their own out of all blocks; those of one that is no table are empty.
pub(super) fn take_all_settings<'a>(document: &mut DeTable<'a>) -> Vec<DeTable<'a>> {
    match document.get_mut("fleet").map(Spanned::get_mut) {
        Some(DeValue::Array(blocks)) => {
            let taken = blocks.iter_mut().map(|block| match block.get_mut() {
                DeValue::Table(block) => take_settings(block),
                _ => DeTable::new(),
            });
            taken.collect()
        }
        _ => Vec::new(),
    }
}

/// What a block is called, as far as it says so.
pub(super) fn name_of(block: &DeTable<'_>) -> String {
    let text = |key: &str| Some(block.get(key)?.get_ref().as_str()?.to_string());
    let by_default = || crate::persona::FleetEntry::default().name().to_string();
    text("name").or_else(|| text("persona")).unwrap_or_else(by_default)
}

/// Gives the document a group of which nothing is said, where it has none: so many there are by default.
pub(super) fn ensure_fleet(document: &mut DeTable<'_>) {
    let block = || Spanned::new(0..0, DeValue::Table(DeTable::new()));
    let fleet = || Spanned::new(0..0, DeValue::Array([block()].into_iter().collect::<DeArray<'_>>()));
    document.entry(Spanned::new(0..0, "fleet".into())).or_insert_with(fleet);
}

/// Changes a block: rows are replaced, settings are laid over those it has.
pub(super) fn change<'a>(block: &mut DeTable<'a>, mut change: DeTable<'a>) {
    let (mut settings, more) = (take_settings(block), take_settings(&mut change));
    // Another persona in it makes no other group.
    let is_named = ["name", "persona"].map(|key| block.contains_key(key) || change.contains_key(key));
    if is_named == [false, true] {
        let name = DeValue::String(name_of(block).into());
        block.insert(Spanned::new(0..0, "name".into()), Spanned::new(0..0, name));
    }
    // What another model of phone says, no row said before says otherwise.
    if change.contains_key("hardware") {
        ["ram", "adaptive_power"].iter().for_each(|row| drop(block.remove(*row)));
    }
    for (key, value) in change {
        block.remove(key.get_ref().as_ref());
        block.insert(key, value);
    }
    tree::overlay(&mut settings, more);
    block.extend(settings);
}

/// Takes the table of this name out, if it is one.
pub(super) fn take_table<'a>(document: &mut DeTable<'a>, name: &str) -> Option<DeTable<'a>> {
    document.get(name).filter(|value| value.get_ref().is_table())?;
    match document.remove(name)?.into_inner() {
        DeValue::Table(table) => Some(table),
        _ => None,
    }
}
