//! Layers of TOML laid over one another. Every key and value keeps its place: all sources share one
//! line of byte positions, so that a span alone says which source is meant.

use super::File;
use super::diagnostic::{Diagnostic, Place, SourceText};
use super::plain::unfit_texts;
use crate::policy::SUPERSEDES;
use crate::section::{Held, Key, Shape};
use std::fmt;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

/// The sources of a scenario, the base first; a later one overrides.
#[derive(Clone)]
pub(super) struct Sources(Vec<SourceText>);

impl Sources {
    pub(super) fn new(layers: Vec<SourceText>) -> Sources {
        Sources(layers)
    }

    /// Each source with the position at which it begins.
    pub(super) fn based(&self) -> impl Iterator<Item = (usize, &SourceText)> {
        self.0.iter().scan(0, |next, source| {
            let base = *next;
            // One position more than the text is long, since an error may lie at its very end.
            *next += source.text.len() + 1;
            Some((base, source))
        })
    }

    /// The source that holds a position, and where it begins.
    pub(super) fn holding(&self, position: usize) -> Option<(usize, &SourceText)> {
        self.based().take_while(|(base, _)| *base <= position).last()
    }

    /// The place that a span means.
    pub(super) fn place(&self, span: Range<usize>) -> Option<Place> {
        let (base, source) = self.holding(span.start)?;
        Some(Place::new(source, span.start - base..span.end.max(span.start) - base))
    }
}

/// One step from a table or a list to what it holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Step {
    Key(String),
    Index(usize),
}

/// The way from the root to a key, as in `fleet[0].persona`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Path(pub(super) Vec<Step>);

impl Path {
    /// The path of `key` in `section`.
    pub(super) fn of(section: &str, key: &str) -> Path {
        Path([section, key].iter().filter(|s| !s.is_empty()).map(|s| Step::Key(s.to_string())).collect())
    }

    pub(super) fn with(&self, step: Step) -> Path {
        Path(self.0.iter().cloned().chain([step]).collect())
    }

    /// This path and what follows on it.
    pub(super) fn then(&self, more: Option<&Path>) -> Path {
        Path(self.0.iter().chain(more.into_iter().flat_map(|more| &more.0)).cloned().collect())
    }

    /// What holds the last step.
    pub(super) fn parent(&self) -> Path {
        Path(self.0[..self.0.len().saturating_sub(1)].to_vec())
    }

    /// The path up to its last key, without places in a list.
    pub(super) fn entry(&self) -> Path {
        let keys = self.0.iter().rposition(|step| matches!(step, Step::Key(_)));
        Path(self.0[..keys.map_or(0, |last| last + 1)].to_vec())
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if place == 0 => write!(f, "{key}")?,
                Step::Key(key) => write!(f, ".{key}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// Parses one source and moves it to its position on the common line.
pub(super) fn parse(source: &SourceText, base: usize) -> Result<Spanned<DeTable<'_>>, Vec<Diagnostic>> {
    let (table, errors) = DeTable::parse_recoverable(&source.text);
    // What follows from the first slip of the pen is seldom a fault of its own.
    if let Some(error) = errors.iter().min_by_key(|error| error.span().map(|span| span.start)) {
        let message = error.message().trim_end_matches(", expected nothing");
        let place = Some(Place::new(source, error.span().unwrap_or_else(|| deepest(&source.text))));
        return Err(vec![Diagnostic::new(format!("this is not TOML: {message}"), place)]);
    }
    let span = table.span();
    let mut faults = unfit_texts(table.get_ref(), source);
    let table = moved(table.into_inner(), base, source, &mut faults);
    match faults.is_empty() {
        true => Ok(Spanned::new(span.start + base..span.end + base, table)),
        false => Err(faults),
    }
}

/// The line that opens the most tables and lists: what the parser says without a place is that they are too many.
fn deepest(text: &str) -> Range<usize> {
    let opens = |line: &str| line.matches(['.', '[', '{']).count();
    let line = text.lines().rev().max_by_key(|line| opens(line)).unwrap_or_default();
    let from = line.as_ptr() as usize - text.as_ptr() as usize;
    from..from + line.trim_end().len()
}

/// The table at a path; where there is none, one without keys.
pub(super) fn within<'a>(document: Spanned<DeTable<'a>>, path: &Path) -> Spanned<DeTable<'a>> {
    let span = document.span();
    let mut value = Spanned::new(span.clone(), DeValue::Table(document.into_inner()));
    for step in &path.0 {
        let inner = match (value.into_inner(), step) {
            (DeValue::Table(mut table), Step::Key(key)) => table.remove(key.as_str()),
            (DeValue::Array(array), Step::Index(index)) => array.into_iter().nth(*index),
            _ => None,
        };
        value = inner.unwrap_or_else(|| Spanned::new(span.clone(), DeValue::Table(DeTable::new())));
    }
    let span = value.span();
    match value.into_inner() {
        DeValue::Table(table) => Spanned::new(span, table),
        _ => Spanned::new(span, DeTable::new()),
    }
}

fn moved<'a>(
    table: DeTable<'a>,
    base: usize,
    source: &SourceText,
    faults: &mut Vec<Diagnostic>,
) -> DeTable<'a> {
    let mut out = DeTable::new();
    for (key, value) in table {
        let span = key.span().start + base..key.span().end + base;
        out.insert(Spanned::new(span, key.into_inner()), moved_value(value, base, source, faults));
    }
    out
}

fn moved_value<'a>(
    value: Spanned<DeValue<'a>>,
    base: usize,
    source: &SourceText,
    faults: &mut Vec<Diagnostic>,
) -> Spanned<DeValue<'a>> {
    let span = value.span();
    let value = match value.into_inner() {
        DeValue::Table(table) => DeValue::Table(moved(table, base, source, faults)),
        DeValue::Array(array) => {
            let mut out = DeArray::new();
            for item in array {
                out.push(moved_value(item, base, source, faults));
            }
            DeValue::Array(out)
        }
        // `start = 2026-03-02T00:00` means what the same in quotes means.
        DeValue::Datetime(datetime) => DeValue::String(datetime.to_string().into()),
        DeValue::Integer(integer) => {
            if i64::from_str_radix(integer.as_str(), integer.radix()).is_err() {
                let place = Some(Place::new(source, span.clone()));
                faults.push(Diagnostic::new(format!("`{integer}` does not fit into 64 bits"), place));
            }
            DeValue::Integer(integer)
        }
        other => other,
    };
    Spanned::new(span.start + base..span.end + base, value)
}

/// Lays a layer over those before it: tables merge, everything else replaces. What the layer makes
/// meaningless goes: the parameters of a model it replaces, and the other spelling of key access.
pub(super) fn overlay<'a>(under: &mut DeTable<'a>, over: DeTable<'a>) {
    make_room(under, &over);
    merge(under, over);
}

fn make_room(under: &mut DeTable<'_>, over: &DeTable<'_>) {
    for section in File::SHAPE.keys() {
        let model = over.get(section.name).and_then(|keys| keys.get_ref().get("model")?.get_ref().as_str());
        for key in section.shape.keys().iter().filter(|key| model.is_some_and(|model| !key.belongs_to(model)))
        {
            remove(under, &Path::of(section.name, key.name).0);
        }
        if let (Shape::Table(keys), Some(over)) = (section.shape, over.get(section.name)) {
            replace_mixes(under, over.get_ref(), keys, &Path::of(section.name, ""));
        }
    }
    for (given, others) in SUPERSEDES {
        if over.get("policy").is_some_and(|policy| policy.get_ref().get(given).is_some()) {
            others.iter().for_each(|other| remove(under, &Path::of("policy", other).0));
        }
    }
}

/// Takes out of settings what those of a later layer say otherwise, or make meaningless. Returns the keys that went.
pub(super) fn give_way<'a>(settings: &mut DeTable<'a>, over: &DeTable<'a>) -> Vec<String> {
    let before = leaves(settings);
    make_room(settings, over);
    for section in File::SHAPE.keys() {
        if let (Shape::Table(keys), Some(over)) = (section.shape, over.get(section.name)) {
            take_out(settings, over.get_ref(), keys, &Path::of(section.name, ""));
        }
    }
    stand_beside(settings, over);
    let after = leaves(settings);
    before.into_iter().filter(|leaf| !after.contains(leaf)).collect()
}

/// What a later layer says of a key that settings leave to something else, as a product, is to stand beside that: it wins
/// there.
fn stand_beside<'a>(settings: &mut DeTable<'a>, over: &DeTable<'a>) {
    let won = won_from_product(settings, over);
    let Some(DeValue::Table(policy)) = settings.get_mut("policy").map(Spanned::get_mut) else { return };
    for (key, value) in won {
        policy.insert(Spanned::new(value.span(), key.into()), value);
    }
}

/// What a later layer says of keys that settings leave to their product.
pub(super) fn won_from_product<'a>(
    settings: &DeTable<'a>,
    over: &DeTable<'a>,
) -> Vec<(&'static str, Spanned<DeValue<'a>>)> {
    let of = |table: &DeTable<'a>, key: &str| table.get("policy")?.get_ref().get(key).cloned();
    // Of the two spellings of key access neither leaves anything to the other.
    let left =
        SUPERSEDES.into_iter().filter(|(given, _)| *given == "product" && of(settings, given).is_some());
    let left = left.flat_map(|(_, others)| others.iter().copied());
    left.filter_map(|key| Some((key, of(over, key)?))).collect()
}

fn take_out(settings: &mut DeTable<'_>, over: &DeValue<'_>, keys: &[Key], here: &Path) {
    for key in keys {
        let path = here.with(Step::Key(key.name.into()));
        match (over.get(key.name).map(Spanned::get_ref), key.shape) {
            (Some(over), Shape::Table(keys)) if over.is_table() => take_out(settings, over, keys, &path),
            (Some(_), _) => remove(settings, &path.0),
            (None, _) => {}
        }
    }
}

/// The keys of sections that have a value.
fn leaves(settings: &DeTable<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for section in File::SHAPE.keys() {
        if let (Shape::Table(keys), Some(values)) = (section.shape, settings.get(section.name)) {
            leaves_in(values.get_ref(), keys, &Path::of(section.name, ""), &mut found);
        }
    }
    found
}

fn leaves_in(values: &DeValue<'_>, keys: &[Key], here: &Path, found: &mut Vec<String>) {
    for key in keys {
        let path = here.with(Step::Key(key.name.into()));
        match (values.get(key.name).map(Spanned::get_ref), key.shape) {
            (Some(inner), Shape::Table(keys)) if inner.is_table() => leaves_in(inner, keys, &path, found),
            (Some(_), _) => found.push(path.to_string()),
            (None, _) => {}
        }
    }
}

/// A mix is one value: it replaces another, and no share of that stays.
fn replace_mixes(under: &mut DeTable<'_>, over: &DeValue<'_>, keys: &[Key], here: &Path) {
    for key in keys {
        let Some(value) = over.get(key.name).map(Spanned::get_ref).filter(|value| value.is_table()) else {
            continue;
        };
        let path = here.with(Step::Key(key.name.into()));
        match key.shape {
            Shape::Table(keys) => replace_mixes(under, value, keys, &path),
            _ => remove(under, &path.0),
        }
    }
}

fn merge<'a>(under: &mut DeTable<'a>, over: DeTable<'a>) {
    for (key, value) in over {
        let span = value.span();
        let old = under.remove(key.get_ref().as_ref()).map(Spanned::into_inner);
        let value = match (old, value.into_inner()) {
            (Some(DeValue::Table(mut old)), DeValue::Table(new)) => {
                merge(&mut old, new);
                DeValue::Table(old)
            }
            (_, new) => new,
        };
        under.insert(key, Spanned::new(span, value));
    }
}

/// Takes out the entry that a path of keys and places leads to.
pub(super) fn remove(table: &mut DeTable<'_>, path: &[Step]) {
    let Some((Step::Key(key), rest)) = path.split_first() else { return };
    if rest.is_empty() {
        table.remove(key.as_str());
        return;
    }
    let mut value = table.get_mut(key.as_str());
    for (depth, step) in rest.iter().enumerate() {
        value = match (value.map(Spanned::get_mut), step) {
            (Some(DeValue::Array(array)), Step::Index(index)) => array.get_mut(*index),
            (Some(DeValue::Table(table)), Step::Key(_)) => return remove(table, &rest[depth..]),
            _ => return,
        };
    }
}

/// The deepest entry that a span lies in.
pub(super) fn find(table: &DeTable<'_>, span: &Range<usize>) -> Option<Path> {
    find_in(table, span, &Path::default())
}

fn find_in(table: &DeTable<'_>, span: &Range<usize>, here: &Path) -> Option<Path> {
    table.iter().find_map(|(key, value)| {
        let path = here.with(Step::Key(key.get_ref().to_string()));
        if lies_in(span, &key.span()) { Some(path) } else { find_value(value, span, &path) }
    })
}

fn find_value(value: &Spanned<DeValue<'_>>, span: &Range<usize>, here: &Path) -> Option<Path> {
    let deeper = match value.get_ref() {
        DeValue::Table(table) => find_in(table, span, here),
        DeValue::Array(array) => array
            .iter()
            .enumerate()
            .find_map(|(index, item)| find_value(item, span, &here.with(Step::Index(index)))),
        _ => None,
    };
    deeper.or_else(|| lies_in(span, &value.span()).then(|| here.clone()))
}

fn lies_in(inner: &Range<usize>, outer: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// The span of the value at a path, or of the nearest thing that holds it.
pub(super) fn span_at(table: &DeTable<'_>, path: &Path) -> Option<Range<usize>> {
    let (Step::Key(first), rest) = path.0.split_first()? else { return None };
    let mut value = table.get(first.as_str())?;
    for step in rest {
        let inner = match step {
            Step::Key(key) => value.get_ref().get(key.as_str()),
            Step::Index(index) => value.get_ref().get(*index),
        };
        match inner {
            Some(inner) => value = inner,
            None => break,
        }
    }
    Some(value.span())
}
