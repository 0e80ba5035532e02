//! The iPhones that run a system the scheduler's profiles know, from the oldest of iOS 18 on: what of each a phone's
//! memory, battery and Low Power Mode follow from. Identifiers are those that a phone gives itself.

use crate::source::{ENERGY_LABELS, IPHONES, Source, TEARDOWNS};
use crate::units::Bytes;

/// Whether a phone turns Low Power Mode on by itself at 20 %, of those with iOS 26 (Adaptive Power; source: what was
/// reported of it).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AdaptivePower {
    /// It has no such setting.
    Never,
    /// If its user has switched it on.
    Chosen,
    /// Unless its user has switched it off.
    FromTheStart,
}

/// What is known of a model.
#[derive(Clone, Copy, Debug)]
pub struct Model {
    /// As Apple writes it.
    pub name: &'static str,
    /// The identifiers that a phone of it gives itself, and other names that lists have for it.
    pub also: &'static [&'static str],
    /// Its memory.
    pub ram: Bytes,
    /// Where that was found; `None` is assumed.
    pub ram_from: Option<&'static Source>,
    /// The charge of its battery when new, in mAh.
    pub battery_mah: f64,
    /// Where that was found; `None` is assumed, as remembered.
    pub battery_from: Option<&'static Source>,
    /// Whether it turns Low Power Mode on by itself.
    pub adaptive_power: AdaptivePower,
}

macro_rules! hardware {
    (@) => { None };
    (@ $source:ident) => { Some(&$source) };
    ($(
        $variant:ident: $name:literal, [$($also:literal),+], $ram:literal GB $(from $ram_from:ident)?,
        $mah:literal mAh $(from $mah_from:ident)?, $adaptive:ident;
    )*) => {
        /// A model of iPhone, in the order in which they came out.
        #[derive(
            Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize, serde::Deserialize,
            strum::VariantArray, strum::VariantNames,
        )]
        pub enum Hardware {
            $( #[doc = $name] #[serde(rename = $name)] #[strum(serialize = $name)] $variant, )*
        }

        impl crate::section::Held for Hardware {
            const SHAPE: crate::section::Shape = crate::section::Shape::OneOf(&[ $(
                ($name, concat!(
                    stringify!($ram), " GB", hardware!(# $($ram_from)?), ", ",
                    stringify!($mah), " mAh", hardware!(# $($mah_from)?), "."
                ))
            ),* ]);
        }

        /// What is known of each.
        static MODELS: [Model; Hardware::ALL.len()] = [ $(
            Model {
                name: $name,
                also: &[$($also),+],
                ram: Bytes::megabytes($ram * 1000),
                ram_from: hardware!(@ $($ram_from)?),
                battery_mah: $mah as f64,
                battery_from: hardware!(@ $($mah_from)?),
                adaptive_power: AdaptivePower::$adaptive,
            }
        ),* ];
    };
    (#) => { " (assumed)" };
    (# $source:ident) => { "" };
}

crate::named!(Hardware);

hardware! {
    IphoneXs: "iPhone XS", ["iPhone11,2"], 4 GB, 2658 mAh, Never;
    IphoneXsMax: "iPhone XS Max", ["iPhone11,4", "iPhone11,6"], 4 GB, 3174 mAh, Never;
    IphoneXr: "iPhone XR", ["iPhone11,8"], 3 GB, 2942 mAh, Never;
    Iphone11: "iPhone 11", ["iPhone12,1"], 4 GB from IPHONES, 3110 mAh from TEARDOWNS, Never;
    Iphone11Pro: "iPhone 11 Pro", ["iPhone12,3"], 4 GB from IPHONES, 3046 mAh, Never;
    Iphone11ProMax: "iPhone 11 Pro Max", ["iPhone12,5"], 4 GB from IPHONES, 3969 mAh, Never;
    IphoneSe2: "iPhone SE (2nd generation)", ["iPhone12,8", "iPhone SE 2", "iPhone SE (2nd gen)", "iPhone SE 2020"],
        3 GB from IPHONES, 1821 mAh, Never;
    Iphone12Mini: "iPhone 12 mini", ["iPhone13,1"], 4 GB from IPHONES, 2227 mAh, Never;
    Iphone12: "iPhone 12", ["iPhone13,2"], 4 GB from IPHONES, 2815 mAh from TEARDOWNS, Never;
    Iphone12Pro: "iPhone 12 Pro", ["iPhone13,3"], 6 GB from IPHONES, 2815 mAh, Never;
    Iphone12ProMax: "iPhone 12 Pro Max", ["iPhone13,4"], 6 GB from IPHONES, 3687 mAh, Never;
    Iphone13Mini: "iPhone 13 mini", ["iPhone14,4"], 4 GB from IPHONES, 2406 mAh from TEARDOWNS, Never;
    Iphone13: "iPhone 13", ["iPhone14,5"], 4 GB from IPHONES, 3227 mAh from TEARDOWNS, Never;
    Iphone13Pro: "iPhone 13 Pro", ["iPhone14,2"], 6 GB from IPHONES, 3095 mAh from TEARDOWNS, Never;
    Iphone13ProMax: "iPhone 13 Pro Max", ["iPhone14,3"], 6 GB from IPHONES, 4352 mAh, Never;
    IphoneSe3: "iPhone SE (3rd generation)", ["iPhone14,6", "iPhone SE 3", "iPhone SE (3rd gen)", "iPhone SE 2022"],
        4 GB from IPHONES, 2018 mAh from TEARDOWNS, Never;
    Iphone14: "iPhone 14", ["iPhone14,7"], 6 GB from IPHONES, 3279 mAh from TEARDOWNS, Never;
    Iphone14Plus: "iPhone 14 Plus", ["iPhone14,8"], 6 GB from IPHONES, 4325 mAh from TEARDOWNS, Never;
    Iphone14Pro: "iPhone 14 Pro", ["iPhone15,2"], 6 GB from IPHONES, 3200 mAh from TEARDOWNS, Never;
    Iphone14ProMax: "iPhone 14 Pro Max", ["iPhone15,3"], 6 GB from IPHONES, 4323 mAh from TEARDOWNS, Never;
    Iphone15: "iPhone 15", ["iPhone15,4"], 6 GB from IPHONES, 3349 mAh from TEARDOWNS, Never;
    Iphone15Plus: "iPhone 15 Plus", ["iPhone15,5"], 6 GB from IPHONES, 4383 mAh from TEARDOWNS, Never;
    Iphone15Pro: "iPhone 15 Pro", ["iPhone16,1"], 8 GB from IPHONES, 3274 mAh from TEARDOWNS, Chosen;
    Iphone15ProMax: "iPhone 15 Pro Max", ["iPhone16,2"], 8 GB from IPHONES, 4422 mAh from TEARDOWNS, Chosen;
    Iphone16: "iPhone 16", ["iPhone17,3"], 8 GB from IPHONES, 3561 mAh from ENERGY_LABELS, Chosen;
    Iphone16Plus: "iPhone 16 Plus", ["iPhone17,4"], 8 GB from IPHONES, 4674 mAh from ENERGY_LABELS, Chosen;
    Iphone16Pro: "iPhone 16 Pro", ["iPhone17,1"], 8 GB from IPHONES, 3582 mAh from ENERGY_LABELS, Chosen;
    Iphone16ProMax: "iPhone 16 Pro Max", ["iPhone17,2"], 8 GB from IPHONES, 4685 mAh from ENERGY_LABELS, Chosen;
    Iphone16e: "iPhone 16e", ["iPhone17,5"], 8 GB from IPHONES, 4005 mAh, Chosen;
    Iphone17: "iPhone 17", ["iPhone18,3"], 8 GB from IPHONES, 3692 mAh from ENERGY_LABELS, FromTheStart;
    IphoneAir: "iPhone Air", ["iPhone18,4", "iPhone 17 Air"], 12 GB from IPHONES, 3149 mAh from ENERGY_LABELS,
        FromTheStart;
    Iphone17Pro: "iPhone 17 Pro", ["iPhone18,1"], 12 GB from IPHONES, 4252 mAh from ENERGY_LABELS, FromTheStart;
    Iphone17ProMax: "iPhone 17 Pro Max", ["iPhone18,2"], 12 GB from IPHONES, 5088 mAh from ENERGY_LABELS,
        FromTheStart;
}

impl Hardware {
    /// What is known of it.
    pub fn model(self) -> &'static Model {
        &MODELS[self as usize]
    }

    /// The model that a list means by this name or identifier.
    pub fn called(text: &str) -> Option<Hardware> {
        // Some lists begin with the maker, and marks, blanks and capitals are whatever somebody chose.
        let plain =
            |text: &str| text.to_lowercase().chars().filter(|c| !" ()-_".contains(*c)).collect::<String>();
        let text = plain(text);
        let text = text.strip_prefix("apple").unwrap_or(&text);
        let is = |hardware: &Hardware| {
            let Model { name, also, .. } = hardware.model();
            [name].into_iter().chain(*also).any(|name| plain(name) == text)
        };
        Hardware::ALL.into_iter().find(is)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_is_found_by_whatever_a_list_calls_it() {
        for (text, hardware) in [
            ("iPhone 15", Some(Hardware::Iphone15)),
            ("iPhone15,4", Some(Hardware::Iphone15)),
            ("Apple iPhone 15 Pro Max", Some(Hardware::Iphone15ProMax)),
            ("IPHONE SE (3rd Generation)", Some(Hardware::IphoneSe3)),
            ("iPhone SE 2", Some(Hardware::IphoneSe2)),
            ("iPhone18,4", Some(Hardware::IphoneAir)),
            ("iPhone 99", None),
            ("", None),
        ] {
            assert_eq!(Hardware::called(text), hardware, "{text}");
        }
    }

    #[test]
    fn no_name_or_identifier_means_two_phones_and_each_is_written_as_it_is_read() {
        let mut names: Vec<&str> = Hardware::ALL
            .iter()
            .flat_map(|each| [each.name()].into_iter().chain(each.model().also.to_vec()))
            .collect();
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all);
        for each in Hardware::ALL {
            assert_eq!(each.name(), each.model().name);
            let written = toml::Value::try_from(each).unwrap();
            assert_eq!(written.as_str(), Some(each.name()));
            assert_eq!(written.try_into::<Hardware>().unwrap(), each);
            assert!((1000.0..6000.0).contains(&each.model().battery_mah), "{}", each.name());
        }
    }
}
