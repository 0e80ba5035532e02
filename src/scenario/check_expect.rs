//! Checks what is promised as far as it can be told from the file alone: that something is said, and of which arm.

use super::check::Checks;
use super::diagnostic::nearest;
use super::expect::BASELINE;
use super::tree::{self, Path, Step};
use super::{Arm, Expect, ExpectEntry, File, Quoted, Selects, Versus};

impl Checks<'_> {
    /// The expectations. One that says nothing would hold whatever happened; of whom they speak is known when the
    /// fleet is.
    pub(super) fn expects(&mut self, file: &File, arms: &[Arm]) -> Vec<Expect> {
        let mut expects = Vec::with_capacity(file.expect.len());
        for (index, entry) in file.expect.iter().enumerate() {
            let path = Path::of("expect", "").with(Step::Index(index));
            let key = |key: &str| path.with(Step::Key(key.into()));
            if entry.assert.is_empty() {
                let help = "write for example assert = [\"told_within(15m) >= 80 %\"]".to_string();
                self.fault_with(&path, format!("`{path}` asserts nothing"), Some(help));
            }
            let (arm, versus) = self.whom(entry, &path, arms);
            let written = |place: usize, text: &String| {
                let span = tree::span_at(self.written, &key("assert").with(Step::Index(place)));
                let from = span.and_then(|span| {
                    let (base, source) = self.sources.holding(span.start)?;
                    Some((source.clone(), span.start - base..span.end - base))
                });
                Quoted { text: text.clone(), from }
            };
            let place =
                |path: &Path| tree::span_at(self.written, path).and_then(|span| self.sources.place(span));
            let selected = |of: &str| place(&key("where").with(Step::Key(of.into())));
            expects.push(Expect {
                name: if entry.name.is_empty() { format!("{path}") } else { entry.name.clone() },
                selects: entry.selects.clone(),
                // A place is counted from the beginning of the file: only what is written has one.
                selects_at: match entry.selects {
                    Some(_) => Selects::KEYS.map(|of| (of, selected(of))).to_vec(),
                    None => Vec::new(),
                },
                arm,
                versus,
                versus_at: entry.versus.as_ref().and_then(|_| place(&key("versus"))),
                asserts: entry.assert.iter().enumerate().map(|(place, text)| written(place, text)).collect(),
            });
        }
        expects
    }

    /// Of which arm an entry speaks, none being the reference, and with what it compares.
    fn whom(&mut self, entry: &ExpectEntry, path: &Path, arms: &[Arm]) -> (Option<Arm>, Option<Versus>) {
        let at = |key: &str| path.with(Step::Key(key.into()));
        let spoken_of = entry.arm.as_ref().and_then(|name| self.arm(&at("arm"), name, arms, &[]));
        let arm = spoken_of.filter(|arm| !arm.is_reference);
        let versus = match entry.versus.as_deref() {
            None => None,
            Some(BASELINE) => {
                if arms.iter().any(|arm| arm.name == BASELINE) {
                    let help = "give the arm another name".to_string();
                    let message =
                        "`baseline` is the committed figures of an earlier run, and an arm of this file";
                    self.fault_with(&at("versus"), message, Some(help));
                }
                Some(Versus::Baseline)
            }
            Some(name) => self.arm(&at("versus"), name, arms, &[BASELINE]).map(Versus::Arm),
        };
        if let Some(Versus::Arm(other)) = &versus
            && arm.as_ref().map(|arm| &arm.name) == (!other.is_reference).then_some(&other.name)
        {
            let help =
                "say of which arm it is with `arm = NAME`; without it, it is of the reference".to_string();
            self.fault_with(
                &at("versus"),
                format!("`{path}` compares `{}` with itself", other.name),
                Some(help),
            );
        }
        (arm, versus)
    }

    /// The arm of a name, or a fault at its place. `others` are words that could have stood there too.
    fn arm(&mut self, path: &Path, name: &str, arms: &[Arm], others: &[&str]) -> Option<Arm> {
        let found = arms.iter().find(|arm| arm.name == name).cloned();
        if found.is_none() {
            let known: Vec<&str> = arms.iter().map(|arm| arm.name.as_str()).collect();
            let near = nearest(name, known.iter().copied().chain(others.iter().copied()));
            let help = match (near, known.as_slice()) {
                (Some(name), _) => format!("did you mean `{name}`?"),
                (None, []) => "it has none; write one below `[[arm]]`".into(),
                (None, known) => {
                    format!("its arms are {}; one that changes nothing names the reference", known.join(", "))
                }
            };
            self.fault_with(path, format!("the file has no arm `{name}`"), Some(help));
        }
        found
    }
}
