//! The folder of baselines.

use super::Fault;
use crate::divergence::{Divergence, first_device};
use crate::engine::Engine;
use crate::expectation::{Baseline, Expectation, Sample};
use crate::scenario::{self, Scenario, Source};
use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Devices whose lives are compared before it is said that none was found to part.
const MOST_REPLAYED: u32 = 16;

/// The baselines of some scenarios.
pub(crate) struct Baselines {
    folder: PathBuf,
    known: BTreeMap<String, Baseline>,
}

impl Baselines {
    /// Reads those that there are. One that is asked for must be there, unless it is about to be written.
    pub(crate) fn open(
        folder: &Path,
        cases: &[(String, Vec<Expectation>, Scenario)],
        update: bool,
    ) -> Result<Baselines, Fault> {
        let mut known = BTreeMap::new();
        for (path, expectations, scenario) in cases {
            let file = file(folder, &scenario.name)?;
            match fs::read_to_string(&file) {
                Ok(text) if !update => {
                    let baseline = Baseline::read(&text)
                        .map_err(|error| format!("`{}` is no baseline: {error}", file.display()))?;
                    known.insert(scenario.name.clone(), baseline);
                }
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(format!("`{}` cannot be read: {error}", file.display()).into());
                }
                Err(_) if !update && expectations.iter().any(|each| each.versus_baseline) => {
                    return Err(format!(
                        "`{path}` compares with a baseline, and there is none at `{}`\n  \
                         = help: write it with `bgsim test {path} --update`, read it, and commit it",
                        file.display()
                    )
                    .into());
                }
                _ => {}
            }
        }
        Ok(Baselines { folder: folder.into(), known })
    }

    /// The baseline of a scenario.
    pub(crate) fn get(&self, scenario: &Scenario) -> Option<&Baseline> {
        self.known.get(&scenario.name)
    }

    /// Writes the baseline of a scenario; a file that stays as it was is left alone.
    pub(crate) fn write(&self, scenario: &Scenario, sample: &Sample, print: &str) -> Result<(), Fault> {
        let file = file(&self.folder, &scenario.name)?;
        let text = Baseline::of(scenario, sample, print).text();
        if fs::read_to_string(&file).is_ok_and(|old| old == text) {
            return Ok(());
        }
        let written = fs::create_dir_all(&self.folder).and_then(|()| fs::write(&file, text));
        written.map_err(|error| format!("`{}` cannot be written: {error}", file.display()).into())
    }
}

/// A name becomes the name of a file, and nothing else.
fn file(folder: &Path, name: &str) -> Result<PathBuf, Fault> {
    let plain = |c: char| c.is_alphanumeric() || " -_.+,=()".contains(c);
    if name.starts_with('.') || !name.chars().all(plain) {
        let help = "use letters, digits, `-` and `_` in `name`";
        return Err(format!("`{name}` cannot be the name of a baseline file; {help}").into());
    }
    Ok(folder.join(format!("{name}.json")))
}

/// The scenario of a baseline, as far as its configuration holds it: real input is not kept.
pub(crate) fn scenario_of(baseline: &Baseline) -> Option<Scenario> {
    let source = Source { label: "baseline".into(), text: baseline.config() };
    scenario::read(source, &[], &mut |_, _| Err("a baseline stands alone".into())).ok()
}

/// Where the lives of the first device that differs part, old against new.
pub(crate) fn divergence(old: &Scenario, new: &Scenario) -> Option<Divergence> {
    let traces = !new.traces.mailboxes.is_empty() || !new.traces.users.is_empty();
    let same = old.file == new.file || traces;
    let devices = MOST_REPLAYED.min(old.devices).min(new.devices);
    (!same).then(|| first_device(devices, [(old, Engine::Fast), (new, Engine::Fast)])).flatten()
}
