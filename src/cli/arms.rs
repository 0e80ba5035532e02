//! The arms of a comparison, from the command line.

use super::options::Changes;
use super::{Fault, note};
use crate::report::human::last_part;
use crate::scenario::{Scenario, differing, unfit};
use crate::sweep::parted;
use std::collections::BTreeSet;

/// An arm as it was asked for.
#[derive(Clone, Debug)]
pub(crate) struct ArmAsked {
    /// What it is called, where that was said.
    label: Option<String>,
    /// Its scenario.
    scenario: String,
    /// The arm of that file which is meant, in place of its reference.
    arm: Option<String>,
    /// What is different in this arm alone.
    sets: Vec<String>,
    /// The option that says so.
    option: &'static str,
}

impl ArmAsked {
    fn reference(scenario: &str) -> ArmAsked {
        ArmAsked { label: None, scenario: scenario.into(), arm: None, sets: Vec::new(), option: "--set" }
    }

    /// Reads it with what all have in common, and with more that is different.
    pub(crate) fn load(&self, common: &Changes, more: &[String]) -> Result<Scenario, Fault> {
        let loaded = common.load(&self.scenario, self.arm.as_deref(), &[&self.sets, more].concat());
        loaded.map_err(|fault| self.as_typed(fault))
    }

    /// A fault in what this arm alone has, as it was typed: whoever reads a scenario takes all for `--set`.
    fn as_typed(&self, fault: Fault) -> Fault {
        let Fault::Scenario(mut diagnostics) = fault else { return fault };
        for found in &mut diagnostics.0 {
            let Some(place) = &mut found.place else { continue };
            let Some(set) =
                place.label.strip_prefix("--set ").filter(|set| self.sets.iter().any(|own| own == set))
            else {
                continue;
            };
            place.label = format!("{} {set}", self.option);
            for text in [Some(&mut found.message), found.help.as_mut()].into_iter().flatten() {
                *text = text
                    .replace("`--set`", &format!("`{}`", self.option))
                    .replace("`--set ", &format!("`{} ", self.option));
            }
        }
        Fault::Scenario(diagnostics)
    }
}

/// The arms that these options ask for: each scenario is one; what `--set-b` says makes one of the
/// first scenario, and so does each `--arm`. A single scenario of which nothing is said is compared with the arms of
/// its file.
pub(crate) fn asked(
    scenarios: &[String],
    set_b: &[String],
    arms: &[String],
    common: &Changes,
) -> Result<Vec<ArmAsked>, Fault> {
    let mut all: Vec<ArmAsked> = scenarios.iter().map(|scenario| ArmAsked::reference(scenario)).collect();
    let Some(first) = all.first().cloned() else { return Ok(all) };
    let said: Vec<(Option<String>, Vec<String>)> = arms.iter().map(|arm| labelled(arm)).collect();
    if let Some((arm, why)) = arms.iter().find_map(|arm| Some((arm, unfit(arm)?))) {
        return Err(format!("`--arm {arm}` cannot be taken: {why}").into());
    }
    let names_arms = said.iter().any(|(_, sets)| !sets.iter().any(|set| set.contains('=')));
    let in_file = match scenarios {
        [scenario] => common.load(scenario, None, &[])?.arms,
        [scenario, ..] if names_arms => common.load(scenario, None, &[])?.arms,
        _ => Vec::new(),
    };
    // An arm with nothing but a name names the reference.
    all[0].label = in_file.iter().find(|arm| arm.is_reference).map(|arm| arm.name.clone());
    let of_file = |name: &str| ArmAsked { label: Some(name.into()), arm: Some(name.into()), ..first.clone() };
    if !set_b.is_empty() {
        all.push(ArmAsked { sets: set_b.to_vec(), option: "--set-b", ..first.clone() });
    }
    for (arm, (label, sets)) in arms.iter().zip(said) {
        match in_file.iter().find(|known| known.name == arm.trim()) {
            Some(known) if known.is_reference && arms.len() == 1 && all.len() == 1 => {
                return Err(format!(
                    "`--arm {arm}` is the reference itself; name another arm to compare it with"
                )
                .into());
            }
            Some(known) if known.is_reference => {}
            Some(known) => all.push(of_file(&known.name)),
            None if sets.is_empty() || sets.iter().any(|set| !set.contains('=')) => {
                let known: Vec<&str> = in_file.iter().map(|arm| arm.name.as_str()).collect();
                let known = match known.as_slice() {
                    [] => "the file has no arms of its own".into(),
                    names => format!("the arms of the file are {}", names.join(", ")),
                };
                return Err(format!(
                    "`--arm \"{arm}\"` says nothing that is different, and {known}; write for example \
                     --arm \"strict: policy.auto_lock=30s policy.passcode=alphanumeric\""
                )
                .into());
            }
            None => all.push(ArmAsked { label, sets, option: "--arm", ..first.clone() }),
        }
    }
    let changing: Vec<&str> =
        in_file.iter().filter(|arm| !arm.is_reference).map(|arm| arm.name.as_str()).collect();
    let picked = all.iter().any(|asked| asked.arm.is_some());
    match all.len() {
        1 => all.extend(changing.into_iter().map(of_file)),
        _ if !changing.is_empty() && !picked => {
            note(&format!("note: the arms of the file ({}) are left out", changing.join(", ")));
        }
        _ => {}
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
        let scenario = arm.load(common, &[])?;
        let label = arm.label.clone().unwrap_or_else(|| match arm.sets.as_slice() {
            // What came by standard input has no name but that of its place.
            [] if scenario.name == "-" => "standard input".into(),
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
            let (why, help) = found.words(first, &label);
            return Err(format!("{why}\n  = help: {help}").into());
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

/// What reading scenarios had to say, of real input and of settings that groups had of their own, each once.
pub(crate) fn tell_notes<'a>(scenarios: impl IntoIterator<Item = &'a Scenario>) {
    let mut told = BTreeSet::new();
    for about in scenarios.into_iter().flat_map(|scenario| &scenario.notes) {
        if told.insert(about) {
            note(&format!("note: {about}"));
        }
    }
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
