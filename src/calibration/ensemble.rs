//! The file of an ensemble: some dozens of iPhones that the observations allow, each with its weight, and what they were
//! made of. Only the version that made it reads it: another one may mean something else by the same numbers.

use super::space::{Axis, Space};
use crate::record::Tool;
use crate::shard::Maker;
use serde::{Deserialize, Serialize};

/// An ensemble.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ensemble {
    /// The version of this format.
    pub schema: u32,
    /// The command that makes it again.
    pub command: String,
    /// What made it.
    pub tool: Maker,
    /// What it was made of.
    pub observations: Observed,
    /// What the search came to.
    pub search: Searched,
    /// The numbers, in the order of the members' values.
    pub unknown: Vec<Axis>,
    /// The iPhones.
    pub member: Vec<Member>,
}

/// The observations.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Observed {
    /// Their file.
    pub file: String,
    /// Hash of its text.
    pub sha256: String,
    /// How many ruled something out, or could have.
    pub used: usize,
    /// Those that examined the result instead.
    pub held_out: Vec<String>,
}

/// The search.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Searched {
    /// Places that were tried.
    pub tried: usize,
    /// The part of the space that is not ruled out.
    pub left: f64,
    /// How many places of equal weight tell as much as those that were left, before they were thinned.
    pub effective: f64,
}

/// An iPhone.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// For how much of what is left it stands; weights sum to 1.
    pub weight: f64,
    /// A value for each number.
    pub values: Vec<f64>,
}

/// The version of the format.
const SCHEMA: u32 = 1;
/// What stands above an ensemble.
const ABOUT: &str =
    "# iPhones that the observations allow, for --ensemble of bgsim run, compare and sweep.\n\n";
/// No ensemble has more members.
pub const MOST_MEMBERS: usize = 1024;
/// Weights sum to 1, but for rounding.
const ROUNDING: f64 = 1e-6;

/// Why a text is no ensemble that can be used.
#[derive(Debug, thiserror::Error)]
pub enum Unfit {
    /// It is something else.
    #[error("is no ensemble of bgsim calibrate: {0}")]
    Other(String),
    /// Another version made it.
    #[error("was made by {made}, and this is {this}: make it again by\n  {command}")]
    Version {
        /// Which.
        made: String,
        /// This one.
        this: String,
        /// How it was made.
        command: String,
    },
}

/// Whether a text is an ensemble, as it may lie beside scenarios.
pub fn is_ensemble(text: &str) -> bool {
    text.lines().any(|line| line.trim_end() == "[[member]]")
}

impl Ensemble {
    /// An ensemble of these members.
    pub fn new(
        command: String,
        observations: Observed,
        search: Searched,
        space: &Space,
        members: Vec<Member>,
    ) -> Ensemble {
        let (tool, unknown) = (Maker::this(), space.0.clone());
        Ensemble { schema: SCHEMA, command, tool, observations, search, unknown, member: members }
    }

    /// The text of its file.
    pub fn text(&self) -> String {
        ABOUT.to_owned() + &toml::to_string(self).expect("an ensemble is made of what TOML can write")
    }

    /// Reads one.
    ///
    /// # Errors
    /// If it is none, or that of another version.
    pub fn read(text: &str) -> Result<Ensemble, Unfit> {
        // The version first: another one may have another form.
        let made: Made = toml::from_str(text).map_err(|error| Unfit::Other(error.message().into()))?;
        let this = Maker::this();
        if (&made.tool.name, &made.tool.version) != (&this.name, &this.version) {
            let name = |name: &str, version: &str| format!("{name} {version}");
            return Err(Unfit::Version {
                made: name(&made.tool.name, &made.tool.version),
                this: name(Tool::THIS.name, Tool::THIS.version),
                command: made.command,
            });
        }
        let read: Ensemble = toml::from_str(text).map_err(|error| Unfit::Other(error.message().into()))?;
        read.fault().map_or(Ok(read), |fault| Err(Unfit::Other(fault)))
    }

    /// What is wrong with it.
    fn fault(&self) -> Option<String> {
        let members = self.member.len();
        if self.schema != SCHEMA {
            return Some(format!("its `schema` is {}, and not {SCHEMA}", self.schema));
        }
        if !(1..=MOST_MEMBERS).contains(&members) {
            return Some(format!("it has {members} members, and not 1 to {MOST_MEMBERS}"));
        }
        for (number, Member { weight, values }) in (1..).zip(&self.member) {
            if values.len() != self.unknown.len() {
                let (own, all) = (values.len(), self.unknown.len());
                return Some(format!("member {number} has {own} values for {all} unknown numbers"));
            }
            if !(weight.is_finite() && *weight > 0.0) {
                return Some(format!("the weight of member {number} is {weight}"));
            }
            let beyond = self.unknown.iter().zip(values).find(|(axis, value)| {
                let [low, high] = axis.range;
                !(low <= **value && **value <= high)
            });
            if let Some((Axis { key, range: [low, high], .. }, value)) = beyond {
                return Some(format!(
                    "`{key}` of member {number} is {value}, and its range goes from {low} to {high}"
                ));
            }
        }
        let sum: f64 = self.member.iter().map(|member| member.weight).sum();
        ((sum - 1.0).abs() > ROUNDING).then(|| format!("its weights sum to {sum}, and not to 1"))
    }

    /// The space of its numbers.
    pub fn space(&self) -> Space {
        Space(self.unknown.clone())
    }
}

/// What every version says of what made it.
#[derive(Deserialize)]
struct Made {
    #[serde(default)]
    command: String,
    tool: Maker,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sensitivity::Scale;

    fn ensemble() -> Ensemble {
        let axis = Axis {
            key: "scheduler.min_spacing".into(),
            unit: "min".into(),
            is_factor: false,
            range: [5.0, 30.0],
            scale: Scale::Linear,
        };
        let members =
            [(0.25, 6.1), (0.75, 29.0)].map(|(weight, value)| Member { weight, values: vec![value] });
        let observed = Observed { file: "mine.toml".into(), used: 3, ..Observed::default() };
        let search = Searched { tried: 100, left: 0.02, effective: 61.5 };
        Ensemble::new(
            "bgsim calibrate mine.toml".into(),
            observed,
            search,
            &Space(vec![axis]),
            members.into(),
        )
    }

    #[test]
    fn what_is_written_is_read() {
        assert_eq!(Ensemble::read(&ensemble().text()).unwrap(), ensemble());
    }

    #[test]
    fn another_version_is_refused_with_the_command_that_helps() {
        let mut other = ensemble();
        other.tool.version = "0.0.9".into();
        let error = Ensemble::read(&other.text()).unwrap_err().to_string();
        assert!(error.contains("bgsim 0.0.9") && error.contains("bgsim calibrate mine.toml"), "{error}");
        // Also where it has another form.
        let odd =
            "command = \"x\"\ntool = { name = \"bgsim\", version = \"9\", time_zones = \"\" }\nmany = 1\n";
        assert!(matches!(Ensemble::read(odd), Err(Unfit::Version { .. })));
    }

    #[test]
    fn hostile_files_are_refused() {
        let refused = |change: fn(&mut Ensemble), word: &str| {
            let mut odd = ensemble();
            change(&mut odd);
            let error = Ensemble::read(&odd.text()).unwrap_err().to_string();
            assert!(error.contains(word), "{error}");
        };
        refused(|odd| odd.member[0].values[0] = 31.0, "its range goes from 5 to 30");
        refused(|odd| odd.member[0].values[0] = f64::NAN, "is NaN");
        refused(|odd| odd.member[0].values.clear(), "0 values for 1");
        refused(|odd| odd.member[0].weight = 0.5, "sum to 1.25");
        refused(|odd| odd.member[0].weight = -0.25, "weight of member 1");
        refused(|odd| odd.member.clear(), "0 members");
        refused(|odd| odd.schema = 2, "schema");
        for text in ["", "[[observe]]\nname = 1\n", "\u{0}", "member = 3"] {
            assert!(matches!(Ensemble::read(text), Err(Unfit::Other(_))), "{text}");
        }
    }
}
