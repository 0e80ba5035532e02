//! Layers of a scenario: each read by itself, then laid over those before it. The later wins, for every group, also
//! for one that had a setting of its own; within one layer a group's setting wins over the file's.

use super::File;
use super::block::{
    blocks, change, ensure_fleet, items, name_of, take_all_settings, take_settings, take_table,
};
use super::diagnostic::{Diagnostic, nearest};
use super::explain::{self, Reading};
use super::mixes::Mixes;
use super::tree::{self, Path, Sources, Step};
use crate::persona::FleetEntry;
use std::borrow::Cow;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

/// Layers laid over one another so far.
#[derive(Default)]
pub(super) struct Layers<'a> {
    /// What they make together.
    pub(super) document: DeTable<'a>,
    /// Which groups lost a setting of their own to a later layer.
    pub(super) notes: Vec<String>,
}

impl<'a> Layers<'a> {
    /// Lays a layer over those that are there.
    pub(super) fn lay(&mut self, mut layer: DeTable<'a>, from: &str, sources: &Sources) -> Vec<Diagnostic> {
        let groups = take_table(&mut layer, "group");
        let events = take_table(&mut layer, "event");
        let of_all = take_table(&mut layer, "fleet");
        let fleet = layer.remove("fleet");
        if fleet.is_none() {
            self.give_way(&layer, from);
        }
        tree::overlay(&mut self.document, layer);
        if let Some(fleet) = fleet {
            self.document.insert(Spanned::new(fleet.span(), "fleet".into()), fleet);
        }
        if of_all.is_some() || groups.is_some() {
            ensure_fleet(&mut self.document);
        }
        for block in blocks(&mut self.document) {
            of_all.iter().for_each(|all| change(block, all.clone()));
        }
        let mut faults = Vec::new();
        for (name, changes) in groups.into_iter().flatten() {
            faults.extend(self.change(&GROUPS, name, changes, sources).err().map(|fault| *fault));
        }
        for (name, changes) in events.into_iter().flatten() {
            faults.extend(self.change(&EVENTS, name, changes, sources).err().map(|fault| *fault));
        }
        faults
    }

    /// Takes a key back, as if no layer so far had it, in every group.
    pub(super) fn take_back(&mut self, path: &[&str]) {
        match path {
            ["fleet", row] => blocks(&mut self.document).for_each(|block| drop(block.remove(*row))),
            path => {
                remove(&mut self.document, path);
                blocks(&mut self.document).for_each(|block| remove(block, path));
            }
        }
    }

    /// What a layer says of all devices, no group has otherwise any longer.
    fn give_way(&mut self, layer: &DeTable<'a>, from: &str) {
        for block in blocks(&mut self.document) {
            let mut settings = take_settings(block);
            for key in tree::give_way(&mut settings, layer) {
                let group = name_of(block);
                self.notes.push(format!(
                    "{from} holds for all groups, also for `{group}`, which had a `{key}` of its own"
                ));
            }
            for (key, _) in tree::won_from_product(&settings, layer) {
                let group = name_of(block);
                self.notes.push(format!(
                    "{from} holds for all groups, also for `{group}`, whose `policy.product` sets a \
                     `{key}` of its own"
                ));
            }
            block.extend(settings);
            if layer.contains_key("time_zone") && block.remove("time_zone").is_some() {
                let group = name_of(block);
                self.notes.push(format!(
                    "{from} holds for all groups, also for `{group}`, which had a `time_zone` of its own"
                ));
            }
        }
    }

    /// Adds an event to those that there are.
    pub(super) fn add_event(&mut self, event: DeTable<'a>) {
        let empty = || Spanned::new(0..0, DeValue::Array(DeArray::new()));
        let events = self.document.entry(Spanned::new(0..0, "event".into())).or_insert_with(empty);
        if let DeValue::Array(events) = events.get_mut() {
            events.push(Spanned::new(0..0, DeValue::Table(event)));
        }
    }

    /// Changes a group or an event by its name.
    fn change(
        &mut self,
        named: &Named,
        name: Spanned<Cow<'a, str>>,
        changes: Spanned<DeValue<'a>>,
        sources: &Sources,
    ) -> Result<(), Box<Diagnostic>> {
        let Named { list, word, name_of, change } = named;
        let place = sources.place(name.span());
        let name = name.into_inner();
        let DeValue::Table(changes) = changes.into_inner() else {
            let message = format!("`{word}.{name}` must be a table of what is different in that {word}");
            return Err(Box::new(Diagnostic::new(message, place)));
        };
        let mut known = Vec::new();
        for entry in items(&mut self.document, list) {
            let own = name_of(entry);
            if own == name {
                change(entry, changes);
                return Ok(());
            }
            known.push(own);
        }
        let help = match (known.is_empty(), nearest(&name, known.iter().map(String::as_str))) {
            (true, _) => format!("it has none; write one below `[[{list}]]`"),
            (_, Some(name)) => format!("did you mean `{name}`?"),
            (_, None) => format!("its {word}s are {}", known.join(", ")),
        };
        Err(Box::new(Diagnostic::new(format!("the scenario has no {word} `{name}`"), place).help(help)))
    }
}

/// A list whose entries have names: what they are called, and how one is changed.
struct Named {
    list: &'static str,
    word: &'static str,
    name_of: fn(&DeTable<'_>) -> String,
    change: for<'a> fn(&mut DeTable<'a>, DeTable<'a>),
}

const GROUPS: Named = Named { list: "fleet", word: "group", name_of, change };

const EVENTS: Named = Named {
    list: "event",
    word: "event",
    name_of: |event| event.get("name").and_then(|name| name.get_ref().as_str()).unwrap_or_default().into(),
    change: tree::overlay,
};

/// Everything that is wrong with a layer by itself.
pub(super) fn faults_alone(layer: Spanned<DeTable<'_>>, sources: &Sources) -> Vec<Diagnostic> {
    let span = layer.span();
    let mut document = layer.into_inner();
    let groups = take_table(&mut document, "group");
    let events = take_table(&mut document, "event");
    // In a file `[fleet]` is a slip of the pen, for `[[fleet]]`; and what says nothing is no change.
    let is_set = sources.holding(span.start).is_some_and(|(_, source)| source.is_set());
    let says = |fleet: &Spanned<DeValue<'_>>| fleet.get_ref().as_table().is_some_and(|all| !all.is_empty());
    let of_all = match is_set && document.get("fleet").is_some_and(says) {
        true => take_table(&mut document, "fleet"),
        false => None,
    };
    let settings = take_all_settings(&mut document);
    let mut faults = faults_of(&Spanned::new(span, document), &Path::default(), sources);
    for (index, settings) in settings.into_iter().enumerate().filter(|(_, settings)| !settings.is_empty()) {
        let at = Path::of("fleet", "").with(Step::Index(index));
        faults.extend(faults_of(&Spanned::new(0..0, settings), &at, sources));
    }
    faults.extend(faults_of_groups(of_all, groups, &Path::default(), sources));
    faults.extend(faults_of_events(events, &Path::default(), sources));
    faults
}

fn faults_of_events(events: Option<DeTable<'_>>, at: &Path, sources: &Sources) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    for (name, changes) in events.into_iter().flatten() {
        let at = at.then(Some(&Path::of("event", name.get_ref())));
        if let DeValue::Table(changes) = changes.into_inner() {
            faults.extend(faults_of_event(changes, &at, sources));
        }
    }
    faults
}

/// What is wrong with the keys of an event.
pub(super) fn faults_of_event(event: DeTable<'_>, at: &Path, sources: &Sources) -> Vec<Diagnostic> {
    let reading = Reading { partial: true, at, sources };
    reading.read::<crate::event::Entry>(&Spanned::new(0..0, event)).err().into_iter().flatten().collect()
}

/// Everything that is wrong with the changes of an arm by themselves.
pub(super) fn faults_of_arm(mut changes: DeTable<'_>, at: &Path, sources: &Sources) -> Vec<Diagnostic> {
    let [of_all, groups, events] = ["fleet", "group", "event"].map(|key| take_table(&mut changes, key));
    let mut faults = faults_of(&Spanned::new(0..0, changes), at, sources);
    faults.extend(faults_of_groups(of_all, groups, at, sources));
    faults.extend(faults_of_events(events, at, sources));
    faults
}

fn faults_of_groups(
    of_all: Option<DeTable<'_>>,
    groups: Option<DeTable<'_>>,
    at: &Path,
    sources: &Sources,
) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    if let Some(changes) = of_all {
        faults.extend(faults_of_change(changes, &at.then(Some(&Path::of("fleet", ""))), sources));
    }
    for (name, changes) in groups.into_iter().flatten() {
        let at = at.then(Some(&Path::of("group", name.get_ref())));
        if let DeValue::Table(changes) = changes.into_inner() {
            faults.extend(faults_of_change(changes, &at, sources));
        }
    }
    faults
}

/// What is wrong with a change of groups: of its settings, and of its rows.
fn faults_of_change(mut changes: DeTable<'_>, at: &Path, sources: &Sources) -> Vec<Diagnostic> {
    let settings = take_settings(&mut changes);
    let mut faults = faults_of(&Spanned::new(0..0, settings), at, sources);
    // As a block of a fleet its rows may be mixes.
    let block = Spanned::new(0..0, DeValue::Table(changes));
    let fleet = DeValue::Array([block].into_iter().collect::<DeArray<'_>>());
    let mut document = DeTable::new();
    document.insert(Spanned::new(0..0, "fleet".into()), Spanned::new(0..0, fleet));
    match Mixes::found(&document, sources) {
        Ok(mixes) => {
            let single = mixes.single(Spanned::new(0..0, document)).into_inner();
            let block =
                match single.get("fleet").and_then(|fleet| fleet.get_ref().get(0)).map(Spanned::get_ref) {
                    Some(DeValue::Table(block)) => block.clone(),
                    _ => DeTable::new(),
                };
            let reading = Reading { partial: true, at, sources };
            faults.extend(reading.read::<FleetEntry>(&Spanned::new(0..0, block)).err().into_iter().flatten());
        }
        Err(found) => faults.extend(found),
    }
    faults
}

fn faults_of(document: &Spanned<DeTable<'_>>, at: &Path, sources: &Sources) -> Vec<Diagnostic> {
    let read = Mixes::found(document.get_ref(), sources).and_then(|mixes| {
        let reading = Reading { partial: true, at, sources };
        reading.read::<File>(&mixes.single(document.clone()))
    });
    read.err().into_iter().flatten().collect()
}

/// Reads a whole document as a file.
pub(super) fn whole(document: &Spanned<DeTable<'_>>, sources: &Sources) -> Result<File, Vec<Diagnostic>> {
    explain::Reading { partial: false, at: &Path::default(), sources }.read(document)
}

fn remove(table: &mut DeTable<'_>, path: &[&str]) {
    match path {
        [key] => drop(table.remove(*key)),
        [key, rest @ ..] => {
            if let Some(DeValue::Table(within)) = table.get_mut(*key).map(Spanned::get_mut) {
                remove(within, rest);
            }
        }
        [] => {}
    }
}
