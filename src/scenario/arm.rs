//! `[[arm]]`: what somebody thinks of doing, as changes of the scenario that says it. The file without its arms is the
//! reference.

use super::block;
use super::diagnostic::{Diagnostic, nearest};
use super::factor::times;
use super::tree::{Path, Sources, Step};
use std::borrow::Cow;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// An arm of a scenario.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Arm {
    /// What it is called.
    pub name: String,
    /// What people call it: any text.
    pub title: Option<String>,
    /// Whether it changes nothing, and so names the reference.
    pub is_reference: bool,
}

/// An arm with its changes, as a layer.
pub(super) struct Block<'a> {
    pub(super) arm: Arm,
    pub(super) changes: DeTable<'a>,
    /// What is published of it on a date: the event that does it, in place of the changes.
    pub(super) published: Option<DeTable<'a>>,
    /// Those of them that are factors, as `--set` takes them.
    pub(super) factors: Vec<String>,
    /// Where it stands.
    pub(super) at: Path,
}

/// Takes the arms out of a layer.
pub(super) fn take<'a>(
    layer: &mut DeTable<'a>,
    sources: &Sources,
) -> Result<Vec<Block<'a>>, Vec<Diagnostic>> {
    let Some(list) = layer.remove("arm") else { return Ok(Vec::new()) };
    let place = sources.place(list.span());
    let DeValue::Array(list) = list.into_inner() else {
        let message = "`arm` must be a list";
        return Err(vec![Diagnostic::new(message, place).help("write each arm below its own `[[arm]]`")]);
    };
    let (mut arms, mut faults): (Vec<Block<'a>>, _) = (Vec::new(), Vec::new());
    for (index, entry) in list.into_iter().enumerate() {
        let at = Path::of("arm", "").with(Step::Index(index));
        let place = sources.place(entry.span());
        match read(entry.into_inner(), at, sources) {
            Ok(found) if arms.iter().any(|known| known.arm.name == found.arm.name) => {
                let message = format!("two arms are called `{}`", found.arm.name);
                faults.push(Diagnostic::new(message, place).help("give each a `name` of its own"));
            }
            Ok(found) if found.arm.is_reference && arms.iter().any(|known| known.arm.is_reference) => {
                let message = format!("`{}` is a second name of the reference", found.arm.name);
                faults.push(
                    Diagnostic::new(message, place).help("say what is different in it, or take it out"),
                );
            }
            Ok(found) => arms.push(found),
            Err(mut fault) => {
                fault.place = fault.place.or(place);
                faults.push(*fault);
            }
        }
    }
    if faults.is_empty() { Ok(arms) } else { Err(faults) }
}

fn read<'a>(entry: DeValue<'a>, at: Path, sources: &Sources) -> Result<Block<'a>, Box<Diagnostic>> {
    let DeValue::Table(mut entry) = entry else {
        return Err(Box::new(Diagnostic::new(format!("`{at}` must be a table with a `name`"), None)));
    };
    let mut text = |key: &str| match entry.remove(key) {
        None => Ok(None),
        Some(value) => {
            let place = sources.place(value.span());
            let text = value.get_ref().as_str().filter(|text| !text.chars().any(char::is_control));
            let fault = || Box::new(Diagnostic::new(format!("`{at}.{key}` must be a text in quotes"), place));
            text.map(|text| Some(text.to_string())).ok_or_else(fault)
        }
    };
    let (name, title) = (text("name")?, text("title")?);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let name = name.filter(|name| (1..=64).contains(&name.len()) && name.chars().all(is_plain)).ok_or_else(
        || {
            let help = "a name has 1 to 64 letters, digits, `_` and `-`; any text can stand in `title`";
            Box::new(Diagnostic::new(format!("`{at}` needs a name"), None).help(help))
        },
    )?;
    let [date, by] = ["at", "by"].map(|key| entry.remove_entry(key));
    // What is no section is a row of the persona, or speaks of groups.
    let mut changes = block::take_settings(&mut entry);
    if date.is_some() || by.is_some() {
        let event = event_of(&name, date, by, changes, entry, &at, sources)?;
        let arm = Arm { name, title, is_reference: false };
        return Ok(Block { arm, changes: DeTable::new(), published: Some(event), factors: Vec::new(), at });
    }
    for whole in ["fleet", "group", "event"] {
        changes.extend(entry.remove_entry(whole));
    }
    if !entry.is_empty() {
        let mut fleet = block::take_table(&mut changes, "fleet").unwrap_or_default();
        fleet.extend(entry);
        changes.insert(Spanned::new(0..0, "fleet".into()), Spanned::new(0..0, DeValue::Table(fleet)));
    }
    let is_reference = changes.is_empty();
    let mut factors = Vec::new();
    take_factors(&mut changes, "", &mut factors);
    Ok(Block { arm: Arm { name, title, is_reference }, changes, published: None, factors, at })
}

type Entry<'a> = (Spanned<Cow<'a, str>>, Spanned<DeValue<'a>>);

/// The event that publishes settings on a date.
fn event_of<'a>(
    name: &str,
    date: Option<Entry<'a>>,
    by: Option<Entry<'a>>,
    settings: DeTable<'a>,
    rest: DeTable<'a>,
    at: &Path,
    sources: &Sources,
) -> Result<DeTable<'a>, Box<Diagnostic>> {
    let fault = |message: String, help: &str, span: Option<std::ops::Range<usize>>| {
        Box::new(Diagnostic::new(message, span.and_then(|span| sources.place(span))).help(help))
    };
    if let Some((key, _)) = rest.iter().next() {
        let message = format!("`{at}.{}` cannot be published on a date", key.get_ref());
        let help = "an arm with a date publishes settings of `policy` and `client` for all; for some groups write an \
                    `[[event]]` with `groups` and `set`";
        return Err(fault(message, help, Some(key.span())));
    }
    let Some(date) = date else {
        let help = "write `at`; without it the arm is in force from the start";
        return Err(fault(format!("`{at}.by` says how something travels that has no date"), help, None));
    };
    if settings.is_empty() {
        let help = "write what is different, such as policy.allow_device_keychain = true";
        return Err(fault(format!("`{at}` publishes nothing"), help, Some(date.0.span())));
    }
    let entry = |key: &'static str, value: DeValue<'a>| {
        (Spanned::new(0..0, Cow::Borrowed(key)), Spanned::new(date.1.span(), value))
    };
    let named = entry("name", DeValue::String(name.to_string().into()));
    let set = entry("set", DeValue::Table(settings));
    Ok([named, set].into_iter().chain(by).chain([date.clone()]).collect())
}

fn take_factors(table: &mut DeTable<'_>, here: &str, factors: &mut Vec<String>) {
    let mut is_plain = |(key, value): &mut (Spanned<Cow<'_, str>>, Spanned<DeValue<'_>>)| {
        let path = format!("{here}{}", key.get_ref());
        match value.get_mut() {
            DeValue::Table(inner) => take_factors(inner, &format!("{path}."), factors),
            DeValue::String(text) if times(text).is_some() => {
                factors.push(format!("{path}={text}"));
                return None;
            }
            _ => {}
        }
        Some(())
    };
    let entries = std::mem::take(table).into_iter();
    *table = entries.filter_map(|mut entry| is_plain(&mut entry).map(|()| entry)).collect();
}

/// The arm of a name.
pub(super) fn find<'b, 'a>(arms: &'b [Block<'a>], name: &str) -> Result<&'b Block<'a>, Box<Diagnostic>> {
    arms.iter().find(|block| block.arm.name == name).ok_or_else(|| {
        let known: Vec<&str> = arms.iter().map(|block| block.arm.name.as_str()).collect();
        let help = match (known.as_slice(), nearest(name, known.iter().copied())) {
            ([], _) => {
                "it has none; write one below `[[arm]]`, or say what is different: --arm \"label: key=value\""
                    .into()
            }
            (_, Some(name)) => format!("did you mean `{name}`?"),
            (known, None) => format!("its arms are {}", known.join(", ")),
        };
        Box::new(Diagnostic::new(format!("the scenario has no arm `{name}`"), None).help(help))
    })
}
