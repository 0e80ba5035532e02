//! The mixes of a scenario: taken out of what is written, and each combination of their values read and
//! checked as if it alone stood there.

use super::check::Checks;
use super::diagnostic::{Diagnostic, MOST_ERRORS};
use super::mix::{Mix, Site, instead, is_meant, unmixed};
use super::tree::{Path, Sources, Step};
use super::{File, Group, Member, Scenario, block, layer};
use crate::clock::Clock;
use crate::persona::{FleetEntry, Persona};
use crate::policy::Policy;
use crate::registry::Sections;
use crate::section::{Held, Key, Shape};
use crate::trace::Traces;
use std::collections::BTreeMap;
use toml::de::{DeTable, DeValue};
use toml::{Spanned, Table, Value};

/// So many combinations of values a file may have, and so many a group: each is read and checked.
const MOST_COMBINATIONS: usize = 4096;

/// What one device goes by.
#[derive(Clone, Copy, Debug)]
pub struct Own<'a> {
    /// What people decided of it.
    pub policy: &'a Policy,
    /// The models' sections.
    pub sections: &'a Sections,
    /// Who holds it.
    pub persona: &'a Persona,
    /// Its wall time.
    pub clock: &'a Clock,
    /// The IANA name of its time zone.
    pub time_zone: &'a str,
    /// Real input of its group.
    pub traces: &'a Traces,
}

/// Some mixes, and what each combination of their values makes.
#[derive(Clone, Debug)]
pub(super) struct Combined<T> {
    mixes: Vec<Mix>,
    /// In order of the picks, those of the last mix fastest.
    made: Vec<T>,
}

impl<T> Combined<T> {
    fn new(mixes: Vec<Mix>) -> Combined<T> {
        Combined { mixes, made: Vec::new() }
    }

    /// What a member of a group has; nothing of its own where there is no mix.
    fn of(&self, group: &str, rank: u32) -> Option<&T> {
        if self.mixes.is_empty() {
            return None;
        }
        let place = self.mixes.iter().fold(0, |place, mix| place * mix.len() + mix.pick(group, rank));
        self.made.get(place)
    }
}

/// How many combinations there are, if they are not too many.
fn count(mixes: &[Mix]) -> Option<usize> {
    let product = |count: usize, mix: &Mix| count.checked_mul(mix.len());
    mixes.iter().try_fold(1, product).filter(|count| *count <= MOST_COMBINATIONS)
}

fn too_many(mixes: &[Mix], sources: &Sources) -> Diagnostic {
    let place = mixes.first().and_then(|mix| sources.place(mix.value(0).span()));
    Diagnostic::new(
        format!("the mixes from here on have more than {MOST_COMBINATIONS} combinations of values"),
        place,
    )
    .help("give them fewer values, or write groups of their own")
}

/// Puts the values of a combination into a document.
fn put<'m>(mixes: &'m [Mix], document: &mut DeTable<'m>, mut place: usize) {
    for mix in mixes.iter().rev() {
        if let Some(holder) = holder(document, mix.site) {
            holder.insert(Spanned::new(0..0, mix.key.into()), mix.value(place % mix.len()));
        }
        place /= mix.len();
    }
}

/// What settings make.
pub(super) type Settings = Combined<(Policy, Sections)>;

/// Some mixes of settings, and what each combination of their values makes.
pub(super) type Mixed<'m> = (&'m [Mix], &'m [(Policy, Sections)]);

/// The mixes of a scenario.
#[derive(Clone, Debug)]
pub(super) struct Mixes {
    settings: Settings,
    /// Those of the groups that have settings of their own.
    own: BTreeMap<usize, Settings>,
    /// Those of each group's rows.
    rows: Vec<Combined<Persona>>,
}

impl Mixes {
    /// Those that stand in a document.
    pub(super) fn found(document: &DeTable<'_>, sources: &Sources) -> Result<Mixes, Vec<Diagnostic>> {
        let mut found = FoundMixes { sources, mixes: Vec::new(), faults: Vec::new() };
        found.in_document(document);
        let FoundMixes { mixes, mut faults, .. } = found;
        let (settings, of_rows): (Vec<Mix>, Vec<Mix>) =
            mixes.into_iter().partition(|mix| matches!(mix.site, Site::Section(..)));
        let mut mixes = Mixes { settings: Combined::new(settings), own: BTreeMap::new(), rows: Vec::new() };
        of_rows.into_iter().for_each(|mix| mixes.add_to_row(mix));
        faults.truncate(MOST_ERRORS);
        if faults.is_empty() { Ok(mixes) } else { Err(faults) }
    }

    fn add_to_row(&mut self, mix: Mix) {
        let Site::Row(row) = mix.site else { return };
        self.rows.resize_with(self.rows.len().max(row + 1), || Combined::new(Vec::new()));
        self.rows[row].mixes.push(mix);
    }

    /// Adds what is a mix by default to the groups that say nothing else.
    pub(super) fn add_defaults(&mut self, fleet: &[FleetEntry], sources: &Sources) {
        for (row, entry) in fleet.iter().enumerate() {
            let written = Table::try_from(entry).expect("an entry is made of what TOML can write");
            let silent = FleetEntry::SHAPE.keys().iter().filter(|key| !written.contains_key(key.name));
            silent
                .filter(|key| !entry.follows_hardware(key.name))
                .filter_map(|key| Mix::by_default(row, key, entry.persona.name(), sources))
                .for_each(|mix| self.add_to_row(mix));
        }
    }

    /// The document with the commonest value of each mix in its place. It stands for all where one value has
    /// to: in warnings, in the table of access, in the file's own keys.
    pub(super) fn single<'m>(&'m self, mut document: Spanned<DeTable<'m>>) -> Spanned<DeTable<'m>> {
        for mix in self.all() {
            let slot = holder(document.get_mut(), mix.site).and_then(|holder| holder.get_mut(mix.key));
            if let Some(slot) = slot {
                *slot = mix.value(mix.commonest());
            }
        }
        document
    }

    /// How many combinations of settings there are.
    pub(super) fn combinations(&self) -> usize {
        self.settings.mixes.iter().fold(1, |product: usize, mix| product.saturating_mul(mix.len()))
    }

    /// Reads and checks every combination of the document's settings.
    pub(super) fn combine_settings(
        &self,
        document: &Spanned<DeTable<'_>>,
        sources: &Sources,
    ) -> Result<Settings, Vec<Diagnostic>> {
        let mut combined = self.settings.clone();
        let count = count(&combined.mixes).ok_or_else(|| vec![too_many(&combined.mixes, sources)])?;
        let mut document = document.clone();
        for place in 0..if combined.mixes.is_empty() { 0 } else { count } {
            put(&self.settings.mixes, document.get_mut(), place);
            let (policy, sections, _) = checked(&document, sources)?;
            combined.made.push((policy, sections));
        }
        Ok(combined)
    }

    /// Reads and checks every combination of all: those of the settings one after the other, those of the groups'
    /// rows, which do not touch each other, side by side. `own` are those of the groups with settings of their own.
    pub(super) fn combine(
        &self,
        document: &Spanned<DeTable<'_>>,
        own: BTreeMap<usize, Settings>,
        sources: &Sources,
    ) -> Result<Option<Box<Mixes>>, Vec<Diagnostic>> {
        if self.all().next().is_none() && own.values().all(|own| own.mixes.is_empty()) {
            return Ok(None);
        }
        let too_many: Vec<_> = self
            .rows
            .iter()
            .filter(|row| count(&row.mixes).is_none())
            .map(|row| too_many(&row.mixes, sources))
            .collect();
        if !too_many.is_empty() {
            return Err(too_many);
        }
        let settings = self.combine_settings(document, sources)?;
        let mut combined = Mixes { settings, own, rows: self.rows.clone() };
        let mut document = document.clone();
        block::ensure_fleet(document.get_mut());
        let counts: Vec<usize> = self.rows.iter().map(|row| count(&row.mixes).unwrap_or_default()).collect();
        for place in 0..counts.iter().copied().max().unwrap_or_default() {
            for (row, count) in self.rows.iter().zip(&counts) {
                put(&row.mixes, document.get_mut(), place.min(count - 1));
            }
            let (_, _, persons) = checked(&document, sources)?;
            for ((row, count), persona) in combined.rows.iter_mut().zip(&counts).zip(persons) {
                if place < *count {
                    row.made.push(persona);
                }
            }
        }
        Ok(Some(Box::new(combined)))
    }

    fn all(&self) -> impl Iterator<Item = &Mix> {
        let own = self.own.values().flat_map(|own| &own.mixes);
        self.settings.mixes.iter().chain(own).chain(self.rows.iter().flat_map(|row| &row.mixes))
    }
}

fn checked(
    document: &Spanned<DeTable<'_>>,
    sources: &Sources,
) -> Result<(Policy, Sections, Vec<Persona>), Vec<Diagnostic>> {
    let file = layer::whole(document, sources)?;
    Checks { written: document.get_ref(), sources, faults: Vec::new() }.combination(file)
}

impl Settings {
    /// Whether a setting of a section, or of a table in one by its path, is a mix.
    pub(super) fn has(&self, section: &str, key: &str) -> bool {
        self.mixes.iter().any(|mix| mix.path() == format!("{section}.{key}"))
    }

    /// Puts the mixes in the place of their commonest values into a configuration.
    pub(super) fn print(&self, config: &mut Table) {
        for mix in &self.mixes {
            let Site::Section(section, table) = mix.site else { continue };
            let section = config.get_mut(section);
            let holder = table.into_iter().fold(section, |holder, table| holder?.get_mut(table));
            if let Some(Value::Table(keys)) = holder {
                keys.insert(mix.setting().into(), mix.printed());
            }
        }
    }
}

impl Scenario {
    /// What a member of a group goes by, every mix resolved.
    pub fn own(&self, Member { group, rank }: Member) -> Own<'_> {
        let group_of = &self.fleet.groups[group];
        let Group { name, policy, sections, persona, clock, time_zone, traces, .. } = group_of;
        let mut own = Own { policy, sections, persona, clock, time_zone, traces };
        if let Some(mixes) = &self.mixes {
            if let Some((policy, sections)) =
                self.settings_of(Some(group)).and_then(|settings| settings.of(name, rank))
            {
                (own.policy, own.sections) = (policy, sections);
            }
            let row = mixes.rows.get(group).and_then(|row| row.of(name, rank));
            own.persona = row.unwrap_or(persona);
        }
        own
    }

    /// Whether the scenario makes a setting of a section (or of a table in one, by its path), or a row of a group of
    /// the section `fleet`, a mix.
    pub fn is_mixed(&self, section: &str, key: &str) -> bool {
        let is = |mix: &Mix| match mix.site {
            Site::Section(..) => mix.path() == format!("{section}.{key}"),
            Site::Row(_) => section == "fleet" && mix.key == key && mix.is_written,
        };
        self.mixes.as_ref().is_some_and(|mixes| mixes.all().any(is))
    }

    /// Whether devices differ in a row of their persona, be it that nobody wrote that.
    pub fn deals(&self, row: &str) -> bool {
        let is = |mix: &Mix| matches!(mix.site, Site::Row(_)) && mix.key == row;
        self.mixes.as_ref().is_some_and(|mixes| mixes.all().any(is))
    }

    /// Whether a group, or the file for those without any of their own, has a setting of a section as a mix.
    pub(super) fn is_mixed_in(&self, group: Option<usize>, section: &str, key: &str) -> bool {
        self.settings_of(group).is_some_and(|settings| settings.has(section, key))
    }

    /// Puts the mixes of a group's settings in the place of their commonest values.
    pub(super) fn print_mixes_of(&self, group: usize, config: &mut Table) {
        self.settings_of(Some(group)).iter().for_each(|settings| settings.print(config));
    }

    /// The mixed settings of a group, or of those without any of their own, and what each combination of their values
    /// makes; nothing where none is mixed.
    pub(super) fn mixed_settings(&self, group: Option<usize>) -> Option<Mixed<'_>> {
        let settings = self.settings_of(group).filter(|settings| !settings.mixes.is_empty())?;
        Some((&settings.mixes, &settings.made))
    }

    fn settings_of(&self, group: Option<usize>) -> Option<&Settings> {
        let mixes = self.mixes.as_ref()?;
        Some(group.and_then(|group| mixes.own.get(&group)).unwrap_or(&mixes.settings))
    }

    /// Puts the mixes of a group's rows in the place of their commonest values.
    pub fn print_row_mixes(&self, group: usize, rows: &mut Table) {
        let mixes = self.mixes.iter().filter_map(|mixes| mixes.rows.get(group));
        for mix in mixes.flat_map(|row| &row.mixes) {
            if let Some(value) = rows.get_mut(mix.key) {
                *value = mix.printed();
            }
        }
    }

    /// Puts the mixes in the place of their commonest values into a configuration made of the file.
    pub(super) fn print_mixes(&self, config: &mut Table) {
        self.mixes.iter().for_each(|mixes| mixes.settings.print(config));
        let fleet = config.get_mut("fleet").and_then(Value::as_array_mut).into_iter().flatten();
        for (group, rows) in fleet.enumerate() {
            if let Value::Table(rows) = rows {
                self.print_row_mixes(group, rows);
            }
        }
    }
}

/// Mixes as they are found in a document.
struct FoundMixes<'s> {
    sources: &'s Sources,
    mixes: Vec<Mix>,
    faults: Vec<Diagnostic>,
}

impl FoundMixes<'_> {
    fn in_document(&mut self, document: &DeTable<'_>) {
        for key in File::SHAPE.keys() {
            let path = Path::of(key.name, "");
            let value = document.get(key.name).map(Spanned::get_ref);
            match (&key.shape, value) {
                (Shape::Table(keys), Some(DeValue::Table(table))) => {
                    self.in_table(table, Some(Site::Section(key.name, None)), key.name, keys, &path);
                    for within in *keys {
                        let Shape::Table(keys) = within.shape else { continue };
                        let Some(DeValue::Table(table)) = table.get(within.name).map(Spanned::get_ref) else {
                            continue;
                        };
                        let site = Site::Section(key.name, Some(within.name));
                        let path = path.with(Step::Key(within.name.into()));
                        self.in_table(table, Some(site), key.name, keys, &path);
                    }
                }
                (Shape::List(Shape::Table(keys), _), Some(DeValue::Array(rows))) if key.name == "fleet" => {
                    for (index, row) in rows.iter().enumerate() {
                        let DeValue::Table(row) = row.get_ref() else { continue };
                        let path = path.with(Step::Index(index));
                        self.in_table(row, Some(Site::Row(index)), key.name, keys, &path);
                    }
                }
                _ => {}
            }
        }
        let at_top = File::SHAPE.keys();
        self.in_table(document, None, "", at_top, &Path::default());
    }

    fn in_table(
        &mut self,
        table: &DeTable<'_>,
        site: Option<Site>,
        section: &str,
        keys: &'static [Key],
        here: &Path,
    ) {
        for key in keys.iter().filter(|key| !matches!(key.shape, Shape::List(..))) {
            let Some(value) = table.get(key.name) else { continue };
            let DeValue::Table(mix) = value.get_ref() else { continue };
            // A table of its own keys is what it should be.
            if let Shape::Table(own) = key.shape
                && (section.is_empty() || own.is_empty() || own.iter().any(|key| mix.contains_key(key.name)))
            {
                continue;
            }
            let path = here.with(Step::Key(key.name.into())).to_string();
            match (site, unmixed(section, key)) {
                (Some(site), None) => match Mix::read(site, key, &path, value, self.sources) {
                    Ok(mix) => self.mixes.push(mix),
                    Err(faults) => self.faults.extend(faults),
                },
                (_, Some(why)) if is_meant(mix) => {
                    let place = self.sources.place(value.span());
                    let message = format!("`{path}` can be no mix: {why}");
                    self.faults.push(Diagnostic::new(message, place).help(instead(section, key)));
                }
                // What else a table may be meant for is the reader's to say.
                _ => continue,
            }
            if self.faults.len() >= MOST_ERRORS {
                return;
            }
        }
    }
}

/// The table of a document in which a mix stands.
fn holder<'t, 'a>(document: &'t mut DeTable<'a>, site: Site) -> Option<&'t mut DeTable<'a>> {
    let holder = match site {
        Site::Section(section, table) => {
            let section = document.get_mut(section)?.get_mut();
            table.into_iter().try_fold(section, |holder, table| match holder {
                DeValue::Table(keys) => keys.get_mut(table).map(Spanned::get_mut),
                _ => None,
            })?
        }
        Site::Row(row) => match document.get_mut("fleet")?.get_mut() {
            DeValue::Array(rows) => rows.get_mut(row)?.get_mut(),
            _ => return None,
        },
    };
    match holder {
        DeValue::Table(table) => Some(table),
        _ => None,
    }
}
