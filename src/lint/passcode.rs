//! How long a passcode withstands guessing on the device itself.

use crate::policy::Passcode;

/// One try takes about 80 ms (Apple Platform Security: the iteration count is calibrated so).
const SECONDS_A_TRY: f64 = 0.08;

/// Minutes that pass after each failed try (Apple Platform Security: none for the first four, then
/// 1 min, 5 min, 15 min twice, 1 h). That every later try costs 1 h too is assumed; where the owner
/// chose so, the tenth erases the device.
const DELAYS: [u32; 9] = [0, 0, 0, 0, 1, 5, 15, 15, 60];

/// A tenth failed try may erase the device.
const TRIES_BEFORE_ERASE: f64 = 10.0;

/// What guessing a passcode takes. Passcodes are taken to be chosen at random, which people do not:
/// real ones fall sooner.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Guessing {
    /// How many passcodes there are.
    pub passcodes: f64,
    /// Seconds to try them all where nothing but the hardware slows the tries.
    pub without_delays: f64,
    /// Seconds to try them all with the escalating delays.
    pub with_delays: f64,
    /// Probability that ten tries find it.
    pub in_ten_tries: f64,
}

/// What guessing takes; `None` where there is no passcode. Letters and digits are taken to be six
/// lower-case ones, the example that Apple Platform Security computes too (over 5.5 years).
pub fn guessing(passcode: Passcode) -> Option<Guessing> {
    let passcodes: f64 = match passcode {
        Passcode::None => return None,
        Passcode::FourDigits => 1e4,
        Passcode::SixDigits => 1e6,
        Passcode::Alphanumeric => libm::pow(36.0, 6.0),
    };
    let without_delays = passcodes * SECONDS_A_TRY;
    // After the last try nobody waits.
    let listed: u32 = DELAYS.iter().sum();
    let hours_after = passcodes - 1.0 - DELAYS.len() as f64;
    let with_delays = without_delays + f64::from(listed) * 60.0 + hours_after * 3600.0;
    Some(Guessing { passcodes, without_delays, with_delays, in_ten_tries: TRIES_BEFORE_ERASE / passcodes })
}

impl Guessing {
    /// How long trying them all takes where nothing but the hardware slows the tries.
    pub fn bypassed(&self) -> String {
        length(self.without_delays)
    }

    /// The estimate in words.
    pub fn words(&self) -> String {
        format!(
            "all {} take {} at 80 ms a try where the delays are bypassed, {} with them; ten tries, after \
             which the device can erase itself, find it with probability {}",
            count(self.passcodes),
            self.bypassed(),
            length(self.with_delays),
            one_in(self.in_ten_tries),
        )
    }
}

fn count(number: f64) -> String {
    match number {
        n if n >= 1e9 => format!("{:.1} billion passcodes", n / 1e9),
        n if n >= 1e6 => format!("{:.0} million passcodes", n / 1e6).replace("1 million", "1,000,000"),
        n => format!("{},{:03} passcodes", n as u64 / 1000, n as u64 % 1000),
    }
}

fn one_in(probability: f64) -> String {
    match libm::round(1.0 / probability) {
        n if n >= 1e6 => format!("1 in {:.0} million", n / 1e6),
        n if n >= 1e3 => format!("1 in {},{:03}", n as u64 / 1000, n as u64 % 1000),
        n => format!("1 in {n:.0}"),
    }
}

fn length(seconds: f64) -> String {
    const YEAR: f64 = 365.25 * 86_400.0;
    match seconds {
        s if s < 3600.0 => format!("{:.0} min", s / 60.0),
        s if s < 3.0 * 86_400.0 => format!("{:.0} h", s / 3600.0),
        s if s < YEAR => format!("{:.0} days", s / 86_400.0),
        s if s < 10.0 * YEAR => format!("{:.1} years", s / YEAR),
        s if s < 1000.0 * YEAR => format!("{:.0} years", s / YEAR),
        s => format!("{:.0} thousand years", s / YEAR / 1000.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessing_is_counted_as_apple_counts_it() {
        assert_eq!(guessing(Passcode::None), None);
        let four = guessing(Passcode::FourDigits).unwrap();
        assert_eq!((four.without_delays, four.in_ten_tries), (800.0, 0.001));
        // Nine delays of 96 min together, then an hour before each of the remaining 9,990 tries.
        assert_eq!(four.with_delays, 800.0 + 96.0 * 60.0 + 9_990.0 * 3600.0);
        let letters = guessing(Passcode::Alphanumeric).unwrap();
        let years = letters.without_delays / (365.25 * 86_400.0);
        assert!((5.5..5.6).contains(&years), "{years}");
    }

    #[test]
    fn the_estimate_reads_as_people_say_it() {
        let words = |passcode| guessing(passcode).unwrap().words();
        assert!(words(Passcode::FourDigits).starts_with("all 10,000 passcodes take 13 min at"));
        assert!(words(Passcode::FourDigits).contains("1.1 years with them"));
        assert!(words(Passcode::SixDigits).contains("take 22 h at"));
        assert!(words(Passcode::SixDigits).ends_with("1 in 100,000"));
        assert!(words(Passcode::Alphanumeric).contains("2.2 billion passcodes take 5.5 years"));
    }
}
