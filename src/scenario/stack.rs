//! The layers of a scenario: the file and those it builds on, what the command line says, an arm; gathered, laid over
//! one another, read once more and checked as a whole.

use super::arm::{self, Arm};
use super::block::take_all_settings;
use super::check::Checks;
use super::diagnostic::{Diagnostic, Diagnostics, MOST_ERRORS, Place, SourceText};
use super::factor::Factor;
use super::layer::{self, Layers};
use super::load::{Asked, Fetch, TraceFile, TraceFiles};
use super::mixes::Mixes;
use super::tree::{self, Path, Sources};
use super::{Scenario, Written, key, own};
use crate::section::Shape;
use std::collections::BTreeMap;
use toml::Spanned;
use toml::de::DeTable;

/// So many files may build on one another.
const MOST_LAYERS: usize = 8;

/// Reads the layers of the scenario that stands at `within` in `main`, which is often the whole of it.
pub(super) fn gathered(
    main: SourceText,
    within: &Path,
    asked: Asked<'_>,
    fetch: Fetch<'_>,
) -> Result<(Scenario, TraceFiles), Diagnostics> {
    let layers = with_bases(main, within, fetch)?;
    let mut read = Stack { bases: layers.len() - 1, within, layers, arm: None };
    asked.sets.iter().try_for_each(|set| read.add(set))?;
    if let Some(arm) = asked.arm {
        read.arm = Some((arm, read.layers.len()));
        read.factors_of(arm).iter().try_for_each(|set| read.add(set))?;
    }
    asked.then.iter().try_for_each(|set| read.add(set))?;
    read.checked()
}

/// The sources of a scenario, the base first.
struct Stack<'a> {
    layers: Vec<SourceText>,
    /// How many of them the main one builds on.
    bases: usize,
    /// Where the scenario stands in the main one.
    within: &'a Path,
    /// The arm that is laid over so many of them.
    arm: Option<(&'a str, usize)>,
}

impl Stack<'_> {
    /// Adds a `--set`. What a factor means depends on what there is so far.
    fn add(&mut self, set: &str) -> Result<(), Diagnostics> {
        let mut source = set_source(set)?;
        let factor = set.split_once('=').and_then(|(key, value)| Factor::of(key.trim(), value));
        if let Some(factor) = factor {
            let (scenario, _) = self.checked()?;
            let place = Place::new(&source, 0..source.text.len());
            let fault = |message: String| Diagnostics::from(Diagnostic::new(message, Some(place)));
            source.text = factor.lines(&scenario).map_err(fault)?.into();
        }
        self.layers.push(source);
        Ok(())
    }

    /// What an arm changes by factors. What is wrong with it is said once it is laid over the others.
    fn factors_of(&self, arm: &str) -> Vec<String> {
        let sources = Sources::new(vec![self.layers[self.bases].clone()]);
        let Ok(layer) = tree::parse(&self.layers[self.bases], 0) else { return Vec::new() };
        let arms = arm::take(tree::within(layer, self.within).get_mut(), &sources).unwrap_or_default();
        arm::find(&arms, arm).map(|block| block.factors.clone()).unwrap_or_default()
    }

    fn checked(&self) -> Result<(Scenario, TraceFiles), Diagnostics> {
        checked(&Sources::new(self.layers.clone()), self)
    }
}

/// Lays the layers over one another, and checks the whole.
fn checked(sources: &Sources, stack: &Stack<'_>) -> Result<(Scenario, TraceFiles), Diagnostics> {
    let Merged { document, notes, arms } = merged(sources, stack).map_err(Diagnostics)?;
    let mut merged = document.clone();
    let own = take_all_settings(merged.get_mut());
    let of_all = merged.clone();
    let in_file = Mixes::found(merged.get_ref(), sources).map_err(Diagnostics)?;
    let merged = in_file.single(merged);
    let mut file = layer::whole(&merged, sources).map_err(Diagnostics)?;
    let written = merged.get_ref();
    let is_whole_file = stack.within.0.is_empty();
    if let Some((_, main)) =
        sources.based().nth(stack.bases).filter(|_| is_whole_file && !written.contains_key("name"))
    {
        file.name = main.stem();
    }
    let mut files = trace_files(written, sources);
    let checks = Checks { written, sources, faults: Vec::new() };
    let mut scenario = checks.scenario(file, arms).map_err(Diagnostics)?;
    scenario.written = Written::of(document.get_ref(), sources);
    scenario.notes = notes;
    let laid = |arm: &&Arm| !arm.is_reference && stack.arm.is_some_and(|(name, _)| arm.name == name);
    scenario.arm = scenario.arms.iter().find(laid).cloned();
    let of_groups = own::read(&mut scenario, &of_all, own, sources).map_err(Diagnostics)?;
    Checks { written, sources, faults: Vec::new() }.happenings(&scenario).map_err(Diagnostics)?;
    let (of_groups, of_files): (BTreeMap<_, _>, BTreeMap<_, _>) =
        of_groups.into_iter().map(|(group, own)| ((group, own.settings), (group, own.files))).unzip();
    files.groups = of_files.into_iter().filter_map(|(group, files)| Some((group, files?))).collect();
    let mut mixes = in_file.clone();
    mixes.add_defaults(&scenario.file.fleet, sources);
    scenario.mixes = mixes.combine(&merged, of_groups, sources).map_err(Diagnostics)?;
    Ok((scenario, files))
}

/// The source and those it builds on, the base first.
fn with_bases(main: SourceText, within: &Path, fetch: Fetch<'_>) -> Result<Vec<SourceText>, Diagnostics> {
    let mut layers = vec![main];
    // `layers` grows from the main file down to its base.
    while let Some(last) = layers.last() {
        let (document, _) = DeTable::parse_recoverable(&last.text);
        let layer = if layers.len() == 1 { tree::within(document, within) } else { document };
        let Some(extends) = layer.get_ref().get("extends") else { break };
        let Some(name) = extends.get_ref().as_str() else { break };
        let at = |message: String| {
            Diagnostics::from(Diagnostic::new(message, Some(Place::new(last, extends.span()))))
        };
        let base = fetch(name, last).map_err(at)?;
        if layers.iter().any(|layer| layer.label == base.label) {
            return Err(at(format!("`{}` builds on itself", base.label)));
        }
        if layers.len() == MOST_LAYERS {
            return Err(at(format!("more than {MOST_LAYERS} files build on one another")));
        }
        layers.push(base);
    }
    layers.reverse();
    Ok(layers)
}

/// A `--set` as a document of one line. What is not TOML is meant as a text, so that lengths need
/// no quotes that a shell would take away.
fn set_source(set: &str) -> Result<SourceText, Diagnostics> {
    let label = format!("--set {set}");
    let fault = |message: &str| {
        let source = SourceText { label: label.clone(), text: set.into() };
        Diagnostics::from(Diagnostic::new(message, Some(Place::new(&source, 0..set.len()))))
    };
    let (key, value) = set.split_once('=').ok_or_else(|| {
        let mut missing = fault("`--set` needs a key and a value");
        missing.0[0].help = Some("write for example `--set policy.passcode=none`".into());
        missing
    })?;
    let (key, value) = (key.trim(), value.trim());
    if set.contains(['\n', '\r']) {
        return Err(fault("`--set` takes one line"));
    }
    if key.is_empty() || key.starts_with('[') {
        return Err(fault("`--set` needs a key before the `=`"));
    }
    if let Some((list, _)) = key.split_once('[') {
        let mut entry = fault("`--set` reaches no single entry of a list");
        let list = list.trim();
        entry.0[0].help = Some(match list {
            "fleet" => "write `fleet.ROW=VALUE` for every group, or `group.NAME.ROW=VALUE` for one".into(),
            _ => format!("write its entries below `[[{list}]]` in the file"),
        });
        return Err(entry);
    }
    if key == "extends" {
        return Err(fault("`extends` belongs in a file"));
    }
    let text = format!("{key} = {value}");
    let text = match DeTable::parse(&text) {
        Ok(_) => text,
        Err(_) => format!("{key} = {}", toml::Value::String(value.into())),
    };
    Ok(SourceText { label, text: text.into() })
}

/// The path of a key that a `--set` takes back, as if nobody had written it: `policy.working_hours=unset`. What may be
/// any text may be that one too.
fn taken_back(source: &SourceText) -> Option<Vec<&str>> {
    let (path, value) = source.text.split_once(" = ").filter(|_| source.is_set())?;
    let (section, name) = path.rsplit_once('.').unwrap_or(("", path));
    let is_taken = value.trim_matches('"') == "unset";
    let key = key(section, name).filter(|key| is_taken && !matches!(key.shape, Shape::Text))?;
    (key.name == name).then(|| path.split('.').collect())
}

/// A scenario as it was written, its layers laid over one another.
struct Merged<'a> {
    document: Spanned<DeTable<'a>>,
    notes: Vec<String>,
    arms: Vec<Arm>,
}

/// Every layer parsed and read by itself, then laid over one another. What a base promises and which arms it has, it
/// has for itself: whoever builds on it changes something, and says so anew.
fn merged<'a>(sources: &'a Sources, stack: &Stack<'_>) -> Result<Merged<'a>, Vec<Diagnostic>> {
    let (mut faults, mut layers, mut arms) = (Vec::new(), Layers::default(), Vec::new());
    for (index, (base, source)) in sources.based().enumerate() {
        if let Some((arm, _)) = stack.arm.filter(|(_, before)| *before == index) {
            faults.extend(lay_arm(&mut layers, &arms, arm, sources));
        }
        if let Some(path) = taken_back(source) {
            layers.take_back(&path);
            continue;
        }
        match tree::parse(source, base) {
            Ok(mut layer) => {
                if index == stack.bases {
                    layer = tree::within(layer, stack.within);
                }
                if !source.is_set() {
                    let found = arm::take(layer.get_mut(), sources).unwrap_or_else(|found| {
                        faults.extend(found);
                        Vec::new()
                    });
                    for block in &found {
                        faults.extend(layer::faults_of_arm(block.changes.clone(), &block.at, sources));
                        let published = block.published.clone();
                        faults.extend(
                            published
                                .map(|event| layer::faults_of_event(event, &block.at, sources))
                                .unwrap_or_default(),
                        );
                    }
                    arms = found;
                }
                faults.extend(layer::faults_alone(layer.clone(), sources));
                if index < stack.bases {
                    ["name", "expect"].iter().for_each(|own| drop(layer.get_mut().remove(*own)));
                }
                faults.extend(layers.lay(layer.into_inner(), &format!("`{}`", source.label), sources));
            }
            Err(errors) => faults.extend(errors),
        }
    }
    if let Some((arm, _)) = stack.arm.filter(|(_, before)| *before == stack.layers.len()) {
        faults.extend(lay_arm(&mut layers, &arms, arm, sources));
    }
    faults.truncate(MOST_ERRORS);
    let arms = arms.into_iter().map(|block| block.arm).collect();
    match faults.is_empty() {
        true => Ok(Merged { document: Spanned::new(0..0, layers.document), notes: layers.notes, arms }),
        false => Err(faults),
    }
}

fn lay_arm<'a>(
    layers: &mut Layers<'a>,
    arms: &[arm::Block<'a>],
    name: &str,
    sources: &Sources,
) -> Vec<Diagnostic> {
    match arm::find(arms, name) {
        Ok(block) => {
            block.published.iter().for_each(|event| layers.add_event(event.clone()));
            layers.lay(block.changes.clone(), &format!("the arm `{name}`"), sources)
        }
        Err(fault) => vec![*fault],
    }
}

/// The files of real input that a document names.
pub(super) fn trace_files(written: &DeTable<'_>, sources: &Sources) -> TraceFiles {
    let [mail, user, network, power] =
        ["mail", "user", "network", "power"].map(|section| trace_file(section, written, sources));
    TraceFiles { mail, user, network, power, groups: BTreeMap::new() }
}

fn trace_file(section: &str, written: &DeTable<'_>, sources: &Sources) -> Option<TraceFile> {
    let file = written.get(section)?.get_ref().get("file")?;
    let span = tree::span_at(written, &Path::of(section, "file"))?;
    let (_, source) = sources.holding(span.start)?;
    Some(TraceFile { path: source.folder().join(file.get_ref().as_str()?), place: sources.place(span) })
}
