//! The folder of baselines. A baseline belongs to the file of a scenario, and to its arm, and not to its name, of which
//! there may be two alike.

use super::test::Case;
use super::{Fault, file, room};
use crate::command::Command;
use crate::expectation::Baseline;
use crate::report::baseline_words::reads;
use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The baseline of a scenario, if there is one; or why what is compared with it cannot be told.
pub(crate) type Kept = Result<Option<Baseline>, String>;

/// Those of the bundled scenarios have half as many bytes each.
const BASELINE: u64 = 80_000;
/// No baseline is longer.
const MOST_BYTES: u64 = 16 << 20;

/// Where baselines lie.
pub(crate) struct Baselines<'a> {
    pub folder: &'a Path,
    /// Whether they are about to be written anew.
    pub update: bool,
    /// What is tested: files, names or folders.
    pub paths: &'a [String],
    /// The command that tests it so.
    pub command: Command,
}

impl Baselines<'_> {
    /// Whether there is room for those that are about to be written.
    pub(crate) fn check_room(&self, cases: &[Case]) -> Result<(), Fault> {
        let coming = if self.update { cases.len() as u64 * BASELINE } else { 0 };
        room::check(self.folder, self.folder, coming, "")
    }

    /// The baseline of each of these scenarios.
    pub(crate) fn of(&self, cases: &[Case]) -> Vec<Kept> {
        let mut named: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        cases.iter().for_each(|case| named.entry(case.key()).or_default().push(&case.file.path));
        let kept = cases.iter().map(|case| match &named[&case.key()][..] {
            _ if case.is_rival_only => Ok(None),
            [_] => self.read(case),
            alike => Err(format!(
                "{} would have one baseline, `{}`\n  = help: name the folder that holds them all",
                alike.iter().map(|path| format!("`{path}`")).collect::<Vec<_>>().join(" and "),
                self.place(case).display()
            )),
        });
        kept.collect()
    }

    /// The command that writes its baseline where this test looks for it, and no other.
    fn renewal(&self, case: &Case) -> String {
        let is_alone = self.paths == [case.file.path.clone()];
        let which = (!is_alone).then_some(&case.file.path);
        self.command.clone().each("--filter", which).when(true, "--update").text()
    }

    fn place(&self, case: &Case) -> PathBuf {
        self.folder.join(format!("{}.json", case.key()))
    }

    fn read(&self, case: &Case) -> Kept {
        let (place, path) = (self.place(case), &case.file.path);
        let shown = place.display();
        let arm = case.scenario.arm.as_ref().map(|arm| arm.name.as_str());
        let text = match file::read(&place, MOST_BYTES) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) if error.kind() == ErrorKind::NotFound => return self.missing(case),
            Err(error) => {
                let help = format!("take it away, and write it with `{}`", self.renewal(case));
                return Err(format!("`{shown}` cannot be read: {error}\n  = help: {help}"));
            }
        };
        match Baseline::read(&text) {
            Ok(kept) if !kept.belongs_to(path) => {
                let owner = kept.file().unwrap_or_default();
                match Path::new(owner).exists() {
                    true => Err(format!(
                        "`{shown}` is the baseline of `{owner}`, and not of `{path}`\n  \
                         = help: name the folder that holds both, or keep baselines elsewhere with `--baselines`"
                    )),
                    false if self.update => Ok(None),
                    false => Err(format!(
                        "`{shown}` is the baseline of `{owner}`, which is gone, and not of `{path}`\n  \
                         = help: if it was moved, say so with `{}`",
                        self.renewal(case)
                    )),
                }
            }
            _ if self.update => Ok(None),
            Ok(kept) if kept.arm() != arm => {
                let called =
                    |arm: Option<&str>| arm.map_or("the reference".into(), |arm| format!("the arm `{arm}`"));
                Err(format!(
                    "`{shown}` is of {}, and not of {} of `{path}`\n  = help: write it with `{}`",
                    called(kept.arm()),
                    called(arm),
                    self.renewal(case)
                ))
            }
            Ok(kept) => match kept.other_span(&case.scenario) {
                None => Ok(Some(kept)),
                Some((key, was, is)) => Err(format!(
                    "`{shown}` was made with {key} = {was}, and `{path}` has {key} = {is}: figures of other spans cannot \
                     be compared\n  = help: renew it with `{}`",
                    self.renewal(case)
                )),
            },
            Err(error) => Err(format!(
                "`{shown}` is no baseline: {error}\n  = help: renew it with `{}`",
                self.renewal(case)
            )),
        }
    }

    /// One that is asked for must be there, unless it is about to be written.
    fn missing(&self, case: &Case) -> Kept {
        if self.update || !case.expectations.iter().any(|each| each.versus_baseline()) {
            return Ok(None);
        }
        let path = &case.file.path;
        let by_name = self.folder.join(format!("{}.json", case.scenario.name));
        let help = match by_name.is_file() && case.scenario.arm.is_none() {
            // That was its place in 0.1.0.
            true => format!("there is `{}`; if it is of this file, move it there", by_name.display()),
            false => format!("write it with `{}`, read it, and commit it", self.renewal(case)),
        };
        let place = self.place(case);
        Err(format!(
            "`{path}` compares with a baseline, and there is none at `{}`\n  = help: {help}",
            place.display()
        ))
    }

    /// Writes the baseline of a scenario; a file that stays as it was is left alone.
    pub(crate) fn write(&self, case: &Case, baseline: &Baseline) -> Result<(), Fault> {
        let (place, text) = (self.place(case), baseline.text(&reads(baseline)));
        let folder = place.parent().unwrap_or(self.folder);
        file::tidy(folder);
        if fs::read_to_string(&place).is_ok_and(|old| old == text) {
            return Ok(());
        }
        fs::create_dir_all(folder).map_err(|error| {
            Fault::of(format!("`{}` cannot be written: {error}", place.display()), &error)
        })?;
        file::write(&place, text.as_bytes())
    }
}
