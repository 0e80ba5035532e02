//! `--ensemble`: an answer over all iPhones that the observations allow.
//!
//! JSON, as `ensemble` of `summary.json` and `compare.json` and of each point of `sweep.json`: `{file, sha256,
//! made_by, members, devices, effective, fixed[], refused[{member, why}], figures[{name, arms[{arm, value, difference,
//! standing}]}]}`, where `value` and `difference` are `{mean, chance[low, high], ignorance[low, high], extent[low, high],
//! known}`, and `standing` is `{better, clearly, worse}` in weights of members.

use super::interrupt::Stop;
use super::progress::{Progress, dropped};
use super::{Fault, file, note, screen};
use crate::calibration::{Answers, Band, Ensemble, answers};
use crate::command::Command;
use crate::experiment::Plan;
use crate::figure::Figure;
use crate::report::ensemble_text::Told;
use crate::scenario::Scenario;
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// Over which iPhones an answer is given.
#[derive(clap::Args, Clone)]
pub(crate) struct EnsembleOption {
    /// Give the answer for all iPhones of a file that bgsim calibrate wrote, or of the one that comes with the program,
    /// `bundled`; each of them with a share of the devices, at
    /// least 64. What the scenario or the command line says itself stays as it is. Not with --shard.
    #[arg(long, value_name = "FILE", conflicts_with = "shard")]
    pub ensemble: Option<PathBuf>,
}

/// No file of an ensemble is longer.
const MOST_BYTES: u64 = 64 << 20;

/// The ensemble that comes with the program, and what it is called.
const SHIPPED: &str = include_str!("../../scenarios/ensemble.toml");
const BUNDLED: &str = "bundled";

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// An ensemble as it was asked for.
pub(crate) struct Asked {
    shown: String,
    sha256: String,
    ensemble: Ensemble,
}

impl EnsembleOption {
    /// Reads the file, if one is named.
    pub(crate) fn read(&self) -> Result<Option<Asked>, Fault> {
        let Some(path) = &self.ensemble else { return Ok(None) };
        let shown = path.display().to_string();
        if shown == BUNDLED {
            let ensemble =
                Ensemble::read(SHIPPED).map_err(|unfit| format!("the ensemble of this program {unfit}"))?;
            return Ok(Some(Asked { shown, sha256: sha256(SHIPPED.as_bytes()), ensemble }));
        }
        let unread =
            |error: &dyn std::fmt::Display| Fault::from(format!("`{shown}` cannot be read: {error}"));
        let bytes = file::read(path, MOST_BYTES).map_err(|error| unread(&error))?;
        let sha256 = sha256(&bytes);
        let text = String::from_utf8(bytes).map_err(|error| unread(&error))?;
        let ensemble = Ensemble::read(&text).map_err(|unfit| format!("`{shown}` {unfit}"))?;
        Ok(Some(Asked { shown, sha256, ensemble }))
    }

    /// Adds it to a command.
    pub(crate) fn to(&self, command: Command) -> Command {
        command.each("--ensemble", self.ensemble.as_ref().map(|path| path.display()))
    }
}

impl Asked {
    /// The answers of these arms in every member; `load` reads an arm with some keys set. None where it was stopped.
    pub(crate) fn over(
        &self,
        arms: &[(String, Scenario)],
        load: impl FnMut(usize, &[String]) -> Result<Scenario, Fault>,
        plan: &Plan,
        stop: &Stop,
    ) -> Result<Option<Over<'_>>, Fault> {
        let mut progress = Progress::new(0, stop, dropped);
        let found = answers(&self.ensemble, arms, load, plan, &mut progress)?;
        drop(progress);
        let Some(answers) = found else {
            note("interrupted before every iPhone of the ensemble was tried; the answer is given without it");
            return Ok(None);
        };
        let labels = arms.iter().map(|(label, _)| label.clone()).collect();
        Ok(Some(Over { asked: self, answers, labels }))
    }
}

/// What was found over an ensemble.
pub(crate) struct Over<'a> {
    asked: &'a Asked,
    answers: Answers,
    labels: Vec<String>,
}

impl Over<'_> {
    /// Says which numbers stay as somebody wrote them, and which members cannot be.
    pub(crate) fn tell(&self) {
        let answers = &self.answers;
        if !answers.fixed.is_empty() {
            note(&format!("note: {} stay as they are written, in every member", answers.fixed.join(", ")));
        }
        if let Some((member, why)) = answers.refused.first() {
            let (count, why) = (answers.refused.len(), why.lines().next().unwrap_or_default());
            note(&format!(
                "note: {count} members are left out, since the scenario refuses them; of member {member}: {why}"
            ));
        }
    }

    /// A figure of the first arm.
    pub(crate) fn value(&self, figure: Figure) -> Band {
        self.answers.value(0, figure)
    }

    /// What is told of it for people.
    pub(crate) fn told(&self, figure: Figure, smallest: f64) -> Told<'_> {
        Told { answers: &self.answers, labels: &self.labels, figure, smallest }
    }

    /// The same for a file.
    pub(crate) fn json(&self, figures: &[Figure], smallest: &dyn Fn(Figure) -> f64) -> Value {
        let Over { asked, answers, labels } = self;
        let arm = |figure: Figure, (arm, label): (usize, &String)| {
            let mut found = json!({ "arm": label, "value": answers.value(arm, figure) });
            if arm > 0 {
                found["difference"] = json!(answers.difference(arm, figure));
                found["standing"] = json!(answers.standing(arm, figure, smallest(figure)));
            }
            found
        };
        let of = |figure: &Figure| {
            let arms: Vec<Value> = labels.iter().enumerate().map(|labelled| arm(*figure, labelled)).collect();
            json!({ "name": figure, "arms": arms })
        };
        let refused = answers.refused.iter().map(|(member, why)| json!({ "member": member, "why": why }));
        let Ensemble { command, observations, search, .. } = &asked.ensemble;
        json!({
            "file": asked.shown, "sha256": asked.sha256, "made_by": command, "observations": observations.sha256,
            "members": answers.members(), "devices": answers.devices, "effective": search.effective,
            "fixed": answers.fixed, "refused": refused.collect::<Vec<_>>(),
            "figures": figures.iter().map(of).collect::<Vec<_>>(),
        })
    }
}

/// A record as JSON, with what was found over an ensemble where one was asked for.
pub(crate) fn with_ensemble(
    record: &impl Serialize,
    over: Option<&Over<'_>>,
    figures: &[Figure],
    smallest: &dyn Fn(Figure) -> f64,
) -> Result<String, Fault> {
    let Some(over) = over else { return Ok(serde_json::to_string_pretty(record)? + "\n") };
    let mut record = serde_json::to_value(record)?;
    record["ensemble"] = over.json(figures, smallest);
    Ok(serde_json::to_string_pretty(&record)? + "\n")
}

/// What stands below a table, and where the record is.
pub(crate) fn below(told: &Told<'_>, out: Option<&Path>) -> String {
    told.text(screen()) + &out.map_or(String::new(), |out| format!("record in {}\n", out.display()))
}
