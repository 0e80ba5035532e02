//! The arms of a comparison, from the command line.

use super::options::Changes;
use super::{Fault, note};
use crate::comparison::differing;
use crate::report::human::last_part;
use crate::scenario::Scenario;
use crate::sweep::parted;

/// An arm as it was asked for.
#[derive(Clone, Debug)]
pub(crate) struct ArmAsked {
    /// What it is called, where that was said.
    label: Option<String>,
    /// Its scenario.
    scenario: String,
    /// What is different in this arm alone.
    sets: Vec<String>,
}

/// The arms that these options ask for: each scenario is one; what `--set-b` says makes one of the
/// first scenario, and so does each `--arm`.
pub(crate) fn asked(scenarios: &[String], set_b: &[String], arms: &[String]) -> Result<Vec<ArmAsked>, Fault> {
    let plain = |scenario: &String| ArmAsked { label: None, scenario: scenario.clone(), sets: Vec::new() };
    let mut all: Vec<ArmAsked> = scenarios.iter().map(plain).collect();
    let first = scenarios.first().cloned().unwrap_or_default();
    if !set_b.is_empty() {
        all.push(ArmAsked { label: None, scenario: first.clone(), sets: set_b.to_vec() });
    }
    for arm in arms {
        let (label, sets) = labelled(arm);
        if sets.is_empty() || sets.iter().any(|set| !set.contains('=')) {
            return Err(format!(
                "`--arm \"{arm}\"` says nothing that is different; write for example \
                 --arm \"strict: policy.auto_lock=30s policy.passcode=alphanumeric\""
            )
            .into());
        }
        all.push(ArmAsked { label, scenario: first.clone(), sets });
    }
    Ok(all)
}

/// `label: key=value key=value`, the label being optional.
fn labelled(arm: &str) -> (Option<String>, Vec<String>) {
    let (label, rest) = match arm.split_once(':') {
        Some((label, rest)) if !label.contains('=') => (Some(label.trim().to_string()), rest),
        _ => (None, arm),
    };
    // `5 min` is one value. What is left unclosed at the end runs over the last space.
    let text = format!("{rest} ");
    let mut words = parted(&text, ' ');
    let unclosed = words.pop();
    let mut sets: Vec<String> = Vec::new();
    for word in words.into_iter().filter(|word| !word.is_empty()) {
        match sets.last_mut() {
            Some(last) if !word.contains('=') => *last = format!("{last} {word}"),
            _ => sets.push(word.into()),
        }
    }
    sets.extend(unclosed.filter(|word| !word.is_empty()).map(String::from));
    (label.filter(|label| !label.is_empty()), sets)
}

/// Reads the arms with what all have in common, and makes sure that they can be compared.
pub(crate) fn load(asked: &[ArmAsked], common: &Changes) -> Result<Vec<(String, Scenario)>, Fault> {
    let mut arms: Vec<(String, Scenario)> = Vec::new();
    for arm in asked {
        let scenario = common.load(&arm.scenario, &arm.sets)?;
        let label = arm.label.clone().unwrap_or_else(|| match arm.sets.as_slice() {
            [] => scenario.name.clone(),
            sets => sets.iter().map(|set| short(set)).collect::<Vec<_>>().join(", "),
        });
        let same = |(known, _): &&(String, Scenario)| *known == label;
        let label = match arms.iter().find(same) {
            Some(_) => format!("{label} ({})", arms.len() + 1),
            None => label,
        };
        if let Some((first, known)) = arms.first()
            && let Some(found) = differing(known, &scenario)
        {
            return Err(format!(
                "`{label}` cannot be compared with `{first}`: `{}` is {} in the one and {} in the other, so \
                 that no mail of one is a mail of the other\n  = help: set it in both, as with --set {}=...",
                found.key, found.other, found.first, found.key
            )
            .into());
        }
        arms.push((label, scenario));
    }
    Ok(arms)
}

/// The last part of the key and the value, which is how people speak of it.
fn short(set: &str) -> String {
    let (key, value) = set.split_once('=').unwrap_or((set, ""));
    format!("{}={}", last_part(key.trim()), value.trim().trim_matches('"'))
}

/// The notes of the scenarios' real input, each once.
pub(crate) fn tell_notes(arms: &[(String, Scenario)]) {
    let mut notes: Vec<&String> = arms.iter().flat_map(|(_, scenario)| &scenario.traces.notes).collect();
    notes.dedup();
    notes.iter().for_each(|about| note(&format!("note: {about}")));
}

#[cfg(test)]
mod tests {
    use super::labelled;

    #[test]
    fn an_arm_is_read_as_it_is_meant() {
        let read = |arm: &str| {
            let (label, sets) = labelled(arm);
            (label.unwrap_or_default(), sets.join("|"))
        };
        let expect = |arm, label: &str, sets: &str| assert_eq!(read(arm), (label.into(), sets.into()));
        expect(
            "strict: policy.auto_lock=30s policy.passcode=none",
            "strict",
            "policy.auto_lock=30s|policy.passcode=none",
        );
        expect(
            "policy.auto_lock=1 min policy.passcode=none",
            "",
            "policy.auto_lock=1 min|policy.passcode=none",
        );
        expect("lock.reboot_at=03:00", "", "lock.reboot_at=03:00");
        expect(
            "hours: policy.working_hours={ from = \"08:00\", to = \"18:00\" } seed=1",
            "hours",
            "policy.working_hours={ from = \"08:00\", to = \"18:00\" }|seed=1",
        );
        expect("nothing:", "nothing", "");
        expect("\"unclosed", "", "\"unclosed ");
    }
}
