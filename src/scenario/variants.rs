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
    /// The group that has them of its own; the file's where there is none.
    pub group: Option<usize>,
    /// The group where it is one with settings of its own; of each mix, the setting and its value.
    pub picks: Vec<(String, String)>,
    /// What people decided of them.
    pub policy: Policy,
    /// The models' sections.
    pub sections: Sections,
    /// The keys as they were written, these values among them.
    pub config: Table,
}

impl Scenario {
    /// Every variant, group by group and in ascending order of the values; those that no device has are left out.
    /// Groups without settings of their own stand together.
    pub fn variants(&self) -> Vec<Variant> {
        let groups = &self.fleet.groups;
        let total: f64 = groups.iter().map(|group| group.weight as f64).sum();
        let share = |group: usize| groups[group].weight as f64 / total;
        let (own, alike): (Vec<usize>, Vec<usize>) =
            (0..groups.len()).partition(|group| groups[*group].file.is_some());
        let of_all = match own.is_empty() {
            true => 1.0,
            false => alike.iter().map(|group| share(*group)).sum(),
        };
        let all = self.variants_of(None, of_all);
        let own = own.into_iter().flat_map(|group| self.variants_of(Some(group), share(group)));
        all.into_iter().chain(own).filter(|variant| variant.share > 0.0).collect()
    }

    /// Those of a group with settings of its own, or of all others, who are this share of the devices.
    fn variants_of(&self, group: Option<usize>, share: f64) -> Vec<Variant> {
        let of = group.map(|group| &self.fleet.groups[group]);
        let file = of.and_then(|group| group.file.as_deref()).unwrap_or(&self.file);
        let (policy, sections) =
            of.map_or((&self.policy, &self.sections), |group| (&group.policy, &group.sections));
        let plain = |policy: &Policy, sections: &Sections| Variant {
            share,
            group,
            picks: of.map(|group| ("group".into(), group.name.clone())).into_iter().collect(),
            policy: *policy,
            sections: sections.clone(),
            config: file.config(),
        };
        let Some((mixes, made)) = self.mixed_settings(group) else { return vec![plain(policy, sections)] };
        let variant = |(mut place, (policy, sections)): (usize, &(Policy, Sections))| {
            let (mut variant, mut parts) = (plain(policy, sections), Vec::new());
            for mix in mixes.iter().rev() {
                parts.push((mix, place % mix.len()));
                place /= mix.len();
            }
            parts.into_iter().rev().for_each(|(mix, part)| variant.take(mix, part));
            variant
        };
        made.iter().enumerate().map(variant).collect()
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
