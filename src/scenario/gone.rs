//! Keys of 0.1.0 that are gone, each with what to write now.

/// Section, key, and what to write in its place.
const GONE: [(&str, &str, &str); 8] = [
    (
        "memory",
        "burst",
        "what an app demands is its own: write `burst_apps`, how many of a user's apps demand more; `burst_size` says \
         how much",
    ),
    (
        "memory",
        "burst_length",
        "an app keeps what it has demanded until it ends: take the key out; `burst_after` says how long it is on the \
         screen before it demands it",
    ),
    ("memory", "pressure", PRESSURE),
    ("memory", "pressure_to_3_gb", PRESSURE),
    ("memory", "pressure_to_6_gb", PRESSURE),
    (
        "fleet",
        "unlocks_shape",
        "write `person_pickups_sd` and `day_sd`: how persons differ in how often they take up the phone, and the days \
         of one person",
    ),
    (
        "fleet",
        "force_quit",
        "write `force_quitters`, the share of users who swipe the client away, and `force_quits_per_day`, how often \
         they do",
    ),
    (
        "fleet",
        "wifi",
        "the network follows from where the user is: write `leaves_after`, `commute`, `home_office` and `out_per_day` \
         here, and `wifi_at_home`, `wifi_at_work`, `wifi_on_the_way` and `wifi_elsewhere` in `[network]`; or `wifi` \
         there with `model = \"alternating\"`",
    ),
];

const PRESSURE: &str = "pressure follows from what the compressor holds, on phones of any size: write `warning` and \
     `critical_warning`, shares of memory outside it, and `relief` and `critical_eases`, from which on it is over";

/// What to write in place of a key that is gone.
pub(super) fn write_now(section: &str, key: &str) -> Option<&'static str> {
    GONE.iter().find(|(of, name, _)| (*of, *name) == (section, key)).map(|(.., now)| *now)
}

#[cfg(test)]
mod tests {
    use super::{GONE, write_now};
    use crate::scenario::{key, keys};

    #[test]
    fn every_key_of_0_1_0_is_a_key_or_has_a_word_of_what_to_write_now() {
        let old: Vec<&str> = include_str!("tests/keys-0.1.0.txt").lines().collect();
        assert_eq!(old.len(), 213);
        for path in old {
            let (section, name) = path.rsplit_once('.').unwrap_or(("", path));
            let is_key = key(section, name).is_some();
            assert_ne!(is_key, write_now(section, name).is_some(), "{path}");
        }
    }

    #[test]
    fn what_to_write_now_is_there() {
        for (section, name, now) in GONE {
            let named = now
                .split('`')
                .skip(1)
                .step_by(2)
                .filter(|word| word.chars().all(|c| c == '_' || c.is_alphanumeric()));
            let named: Vec<&str> = named.collect();
            assert!(!named.is_empty(), "{section}.{name}");
            for word in named {
                assert!(keys().iter().any(|(_, key)| key.name == word), "{section}.{name}: {word}");
            }
        }
    }
}
