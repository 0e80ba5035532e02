//! Checked units: a value of these types is in range, because reading one out of range fails.

use crate::time::Span;
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// A part of a whole, from 0 to 1. Written as a number, or as `"80 %"`.
#[derive(Clone, Copy, PartialEq, PartialOrd, Debug, Default)]
pub struct Share(f64);

impl Share {
    /// The share `value`, which must lie in 0 to 1.
    pub const fn new(value: f64) -> Share {
        assert!(value >= 0.0 && value <= 1.0, "a share lies between 0 and 1");
        Share(value)
    }

    /// The share as a number from 0 to 1.
    pub const fn get(self) -> f64 {
        self.0
    }

    fn checked(value: f64) -> Result<Share, String> {
        if (0.0..=1.0).contains(&value) {
            Ok(Share(value))
        } else {
            Err(format!("{value} is not a share; it must lie from 0 to 1, or \"0 %\" to \"100 %\""))
        }
    }
}

impl FromStr for Share {
    type Err = String;
    fn from_str(text: &str) -> Result<Share, String> {
        let number = text.trim().strip_suffix('%').map(str::trim).and_then(|n| n.parse::<f64>().ok());
        match number {
            Some(percent) => Share::checked(percent / 100.0),
            None => Err(format!("`{text}` is not a share; write 0.8 or \"80 %\"")),
        }
    }
}

impl Serialize for Share {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.0)
    }
}

impl<'de> Deserialize<'de> for Share {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Share, D::Error> {
        struct Shares;
        impl Visitor<'_> for Shares {
            type Value = Share;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a share, such as 0.8 or \"80 %\"")
            }
            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Share, E> {
                Share::checked(value).map_err(E::custom)
            }
            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Share, E> {
                Share::checked(value as f64).map_err(E::custom)
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Share, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_any(Shares)
    }
}

/// An amount of memory or traffic in bytes. Written with its unit: `"2 GB"`, `"50 MiB"`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Bytes(u64);

const BYTE_UNITS: [(&str, u64); 9] = [
    ("TB", 1_000_000_000_000),
    ("GiB", 1 << 30),
    ("GB", 1_000_000_000),
    ("MiB", 1 << 20),
    ("MB", 1_000_000),
    ("KiB", 1 << 10),
    ("kB", 1000),
    ("KB", 1000),
    ("B", 1),
];

impl Bytes {
    /// An amount in bytes.
    pub const fn new(bytes: u64) -> Bytes {
        Bytes(bytes)
    }

    /// An amount in megabytes of 10^6 bytes.
    pub const fn megabytes(megabytes: u64) -> Bytes {
        Bytes(megabytes * 1_000_000)
    }

    /// The amount in bytes.
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, size) = BYTE_UNITS
            .iter()
            .find(|(_, size)| self.0 >= *size && self.0.is_multiple_of(*size))
            .unwrap_or(&("B", 1));
        write!(f, "{} {unit}", self.0 / size)
    }
}

impl FromStr for Bytes {
    type Err = String;
    fn from_str(text: &str) -> Result<Bytes, String> {
        let fault = || format!("`{text}` is not a size; write for example \"2 GB\" or \"50 MiB\"");
        let trimmed = text.trim();
        let digits = trimmed.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or_else(fault)?;
        let amount: f64 = trimmed[..digits].parse().map_err(|_| fault())?;
        let unit = trimmed[digits..].trim_start();
        let (_, size) = BYTE_UNITS.iter().find(|(name, _)| *name == unit).ok_or_else(fault)?;
        let bytes = amount * *size as f64;
        if bytes > 1e15 { Err(format!("`{text}` is more than a petabyte")) } else { Ok(Bytes(bytes as u64)) }
    }
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Bytes, D::Error> {
        struct Sizes;
        impl Visitor<'_> for Sizes {
            type Value = Bytes;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a size with its unit, such as \"2 GB\" or \"50 MiB\"")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Bytes, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Sizes)
    }
}

/// A value of a scenario as a number of this unit: a length or a size of any spelling, or a number,
/// which has its key's unit already. Anything else has no amount.
pub fn in_unit(value: &toml::Value, unit: &str) -> Option<f64> {
    match value {
        toml::Value::Float(number) => Some(*number),
        toml::Value::Integer(number) => Some(*number as f64),
        toml::Value::String(text) => {
            let whole = format!("1{unit}").replace("min", "m");
            let length = || {
                let (amount, one) = (text.parse::<Span>().ok()?, whole.parse::<Span>().ok()?);
                Some((amount.ms() as f64, one.ms() as f64))
            };
            let size = || {
                let (amount, one) = (text.parse::<Bytes>().ok()?, whole.parse::<Bytes>().ok()?);
                Some((amount.get() as f64, one.get() as f64))
            };
            length().or_else(size).map(|(amount, one)| amount / one)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_read_as_they_are_written_and_refuse_the_rest() {
        assert_eq!("80 %".parse::<Share>().unwrap(), Share::new(0.8));
        assert_eq!("2 GB".parse::<Bytes>().unwrap().get(), 2_000_000_000);
        assert_eq!("1.5GiB".parse::<Bytes>().unwrap().get(), 1_610_612_736);
        for text in ["4 GB", "50 MiB", "200 MB", "7 B"] {
            assert_eq!(text.parse::<Bytes>().unwrap().to_string(), text);
        }
        assert!("120 %".parse::<Share>().is_err());
        assert!("-1 %".parse::<Share>().is_err());
        assert!("NaN %".parse::<Share>().is_err());
        assert!("4".parse::<Bytes>().is_err());
        assert!("4 gigs".parse::<Bytes>().is_err());
    }

    #[test]
    fn values_are_counted_in_their_unit() {
        let amount = |text: &str, unit| in_unit(&toml::Value::String(text.into()), unit);
        assert_eq!(amount("3d", "h"), Some(72.0));
        assert_eq!(amount("90s", "min"), Some(1.5));
        assert_eq!(amount("2200 MB", "GB"), Some(2.2));
        assert_eq!(in_unit(&toml::Value::Float(0.3), "mAh"), Some(0.3));
        assert_eq!(amount("das", "h"), None);
    }
}
