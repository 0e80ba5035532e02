//! What the devices of a scenario go by: each combination of the values of its mixes once, for those who look at
//! settings without simulating anybody.

use super::Scenario;
use super::mix::{Mix, Site};
use crate::policy::Policy;
use crate::registry::Sections;
use toml::Table;

/// Settings that some of the devices have together.
#[derive(Clone, Debug)]
pub struct Variant {
    /// The share of the devices that have them; 1 where nothing is mixed.
    pub share: f64,
    /// Of each mix, the setting and its value.
    pub picks: Vec<(String, String)>,
    /// What people decided of them.
    pub policy: Policy,
    /// The models' sections.
    pub sections: Sections,
    /// The keys as they were written, these values among them.
    pub config: Table,
}

impl Scenario {
    /// Every variant, in ascending order of the values; those that no device has are left out.
    pub fn variants(&self) -> Vec<Variant> {
        let settings =
            self.mixes.as_ref().map(|mixes| mixes.settings()).filter(|(mixes, _)| !mixes.is_empty());
        let Some((mixes, made)) = settings else {
            let (policy, sections) = (self.policy.clone(), self.sections.clone());
            return vec![Variant {
                share: 1.0,
                picks: Vec::new(),
                policy,
                sections,
                config: self.file.config(),
            }];
        };
        let variant = |(mut place, (policy, sections)): (usize, &(Policy, Sections))| {
            let mut variant = Variant {
                share: 1.0,
                picks: Vec::new(),
                policy: policy.clone(),
                sections: sections.clone(),
                config: self.file.config(),
            };
            for mix in mixes.iter().rev() {
                variant.take(mix, place % mix.len());
                place /= mix.len();
            }
            variant.picks.reverse();
            variant
        };
        made.iter().enumerate().map(variant).filter(|variant| variant.share > 0.0).collect()
    }
}

impl Variant {
    fn take(&mut self, mix: &Mix, part: usize) {
        self.share *= mix.share(part);
        self.picks.push((mix.path(), mix.name(part)));
        let Site::Section(section, table) = mix.site else { return };
        let mut path = [section].into_iter().chain(table);
        let holder = path.try_fold(&mut self.config, |holder, key| holder.get_mut(key)?.as_table_mut());
        if let Some(holder) = holder {
            holder.insert(mix.key.into(), mix.plain(part));
        }
    }
}
