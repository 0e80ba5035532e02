//! What all parts of a piece of work have in common. Whoever puts them together needs nothing else: the files that
//! were read are among it.

use crate::record::Tool;
use crate::scenario::Scenario;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A piece of work.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Work {
    /// The program that computes it.
    pub tool: Maker,
    /// The verb and what follows it on the command line, without what cannot change a result.
    pub words: Vec<String>,
    /// The seed of the first scenario.
    pub seed: u64,
    /// Of each scenario or set of arms that is run, how many devices.
    pub devices: Vec<u32>,
    /// Hash over the effective configurations of all of them.
    pub configuration: String,
    /// Every file that was read.
    pub inputs: Vec<Input>,
}

/// A program, as [`Tool`] tells of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Maker {
    /// `bgsim`.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The version of its time zones.
    pub time_zones: String,
}

impl Maker {
    /// This program.
    pub fn this() -> Maker {
        let Tool { name, version, time_zones } = Tool::THIS;
        Maker { name: name.into(), version: version.into(), time_zones: time_zones.into() }
    }
}

/// A file that was read.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Input {
    /// By which name it was asked for.
    pub name: String,
    /// The file that named it, if another did.
    pub from: Option<String>,
    /// What it is called in messages.
    pub label: String,
    /// What it holds.
    pub content: Content,
}

/// What a file holds.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// UTF-8.
    Text(String),
    /// Something else: a character for each byte, by its number.
    Bytes(String),
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Content {
        match String::from_utf8(bytes) {
            Ok(text) => Content::Text(text),
            Err(error) => Content::Bytes(error.as_bytes().iter().copied().map(char::from).collect()),
        }
    }
}

impl Content {
    /// The bytes again; nothing where a character stands for none.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        match self {
            Content::Text(text) => Some(text.clone().into_bytes()),
            Content::Bytes(bytes) => bytes.chars().map(|byte| u8::try_from(byte).ok()).collect(),
        }
    }
}

impl Work {
    /// The hash of these configurations together.
    pub fn configuration<'a>(scenarios: impl IntoIterator<Item = &'a Scenario>) -> String {
        let mut hash = Sha256::new();
        scenarios.into_iter().for_each(|scenario| hash.update(scenario.sha256()));
        format!("{:x}", hash.finalize())
    }

    /// What tells it from other work, in words; nothing where they are the same.
    pub fn differs(&self, other: &Work) -> Option<String> {
        let apart = |what: &str, own: &dyn std::fmt::Display, other: &dyn std::fmt::Display| {
            Some(format!("{what} is {own}, and not {other}"))
        };
        let (own, its) = (&self.tool, &other.tool);
        let words = |work: &Work| format!("`bgsim {}`", work.words.join(" "));
        let sum = |work: &Work| work.devices.iter().map(|devices| u64::from(*devices)).sum::<u64>();
        let file = || {
            let known = |input: &&Input| !other.inputs.contains(input);
            self.inputs.iter().find(known).or(other.inputs.iter().find(|input| !self.inputs.contains(input)))
        };
        match self {
            _ if self == other => None,
            _ if own.version != its.version => apart("its version", &own.version, &its.version),
            _ if own.time_zones != its.time_zones => {
                apart("its time zone database", &own.time_zones, &its.time_zones)
            }
            _ if self.seed != other.seed => apart("its seed", &self.seed, &other.seed),
            _ if sum(self) != sum(other) => apart("its number of devices", &sum(self), &sum(other)),
            _ if self.words != other.words => apart("its command", &words(self), &words(other)),
            _ => Some(match file() {
                Some(Input { label, .. }) => format!("what it read from {label} is something else"),
                None => "its configuration is another".into(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::load;

    #[test]
    fn any_bytes_come_back() {
        let all: Vec<u8> = (0..=255).collect();
        for bytes in [b"plain".to_vec(), "\u{e4}\u{feff}".into(), all, Vec::new()] {
            let content = Content::from(bytes.clone());
            let text = serde_json::to_string(&content).unwrap();
            assert_eq!(serde_json::from_str::<Content>(&text).unwrap().bytes(), Some(bytes));
        }
        assert_eq!(Content::Bytes("\u{100}".into()).bytes(), None);
    }

    fn input(label: &str) -> Input {
        Input { name: label.into(), from: None, label: label.into(), content: Content::Text(label.into()) }
    }

    #[test]
    fn what_tells_work_from_other_work_is_said_and_the_program_before_all() {
        let work = Work {
            tool: Maker { name: "bgsim".into(), version: "1".into(), time_zones: "a".into() },
            words: vec!["run".into(), "x".into()],
            seed: 7,
            devices: vec![4, 5],
            configuration: "c".into(),
            inputs: vec![input("one.toml")],
        };
        assert_eq!(work.differs(&work), None);
        // From what is told last to what is told first.
        type Change = (fn(&mut Work), &'static str);
        let changes: [Change; 8] = [
            (|work| work.configuration = "d".into(), "its configuration is another"),
            (|work| work.inputs.push(input("two.csv")), "what it read from two.csv is something else"),
            (|work| work.inputs[0] = input("three.csv"), "what it read from one.toml is something else"),
            (|work| work.words.push("y".into()), "its command is `bgsim run x`, and not `bgsim run x y`"),
            (|work| work.devices[1] = 6, "its number of devices is 9, and not 10"),
            (|work| work.seed = 8, "its seed is 7, and not 8"),
            (|work| work.tool.time_zones = "b".into(), "its time zone database is a, and not b"),
            (|work| work.tool.version = "2".into(), "its version is 1, and not 2"),
        ];
        let mut other = work.clone();
        for (change, says) in changes {
            change(&mut other);
            assert_eq!(work.differs(&other).as_deref(), Some(says));
        }
    }

    #[test]
    fn configurations_are_told_apart_by_all_of_them() {
        let [one, two] = ["periodic-15m", "email-plus"].map(|name| load(name, &[]).unwrap());
        let all = [vec![&one], vec![&two], vec![&one, &two], vec![&two, &one]].map(Work::configuration);
        assert!(all.iter().all(|hash| hash.len() == 64));
        assert!((0..4).all(|a| (0..a).all(|b| all[a] != all[b])));
    }

    #[test]
    fn it_is_made_by_this_program() {
        let Maker { name, version, time_zones } = Maker::this();
        assert_eq!((&*name, &*version), ("bgsim", env!("CARGO_PKG_VERSION")));
        assert!(time_zones.starts_with("20"), "{time_zones}");
    }
}
