//! The scenario of a phone: what its logs say is followed, and what they do not say is said to be drawn.

use super::gathered::Gathered;
use super::sessions::NEVER_UNLOCKED;
use super::stamp::Utc;
use super::text::{NETWORK, POWER, SCENARIO, UNLOCKED, USE};
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// So many restarts are followed: a phone that restarts more often is broken.
const MOST_RESTARTS: usize = 100;
/// Of logs that go on for longer the end is taken.
const MOST_DAYS: i64 = 366;
const DAY_MS: i64 = 86_400_000;

/// So many time zones are named in a note.
const MOST_ZONES: usize = 4;

type Files = Vec<(&'static str, String)>;

impl Gathered {
    /// Where the clock of the phone hung: as it is said, else as a log names it, else as the logs were written, else UTC.
    pub fn time_zone(
        &self,
        said: Option<&str>,
        notes: &mut Vec<String>,
    ) -> Result<(String, TimeZone), String> {
        let read = |name: &str| {
            TimeZone::get(name)
                .map_err(|_| format!("`{name}` is no time zone; write one such as Europe/Berlin"))
        };
        if let Some(name) = said {
            return Ok((name.into(), read(name)?));
        }
        if let [name, others @ ..] = self.log.zones().as_slice() {
            if !others.is_empty() {
                let others = others.iter().take(MOST_ZONES).copied().collect::<Vec<_>>().join(", ");
                notes.push(format!(
                    "the phone was in {others} too; all days are those of {name}, where it was last"
                ));
            }
            return Ok(((*name).into(), read(name)?));
        }
        if self.log.clocks() > 1 {
            let several = "the logs' clock was not always as far from UTC, by daylight saving or by travel, or another \
                           phone's: what most say counts all the time; --time-zone says where";
            notes.push(several.into());
        }
        let Some(ahead) = self.log.ahead() else {
            notes.push(
                "no log says where the phone was: its days are those of UTC; --time-zone says it".into(),
            );
            return Ok(("UTC".into(), TimeZone::UTC));
        };
        let hours = libm::round(f64::from(ahead) / 3600.0) as i32;
        // The names of these zones count the other way round.
        let name = if hours == 0 { "UTC".into() } else { format!("Etc/GMT{:+}", -hours) };
        if ahead != hours * 3600 {
            notes.push("the clock of the logs is off by a part of an hour, which was rounded".into());
        }
        if hours != 0 {
            notes.push(format!(
                "the logs' clock is {} h {} UTC, all year: {name}; --time-zone says where",
                hours.abs(),
                if hours > 0 { "ahead of" } else { "behind" }
            ));
        }
        let zone = read(&name)?;
        Ok((name, zone))
    }

    /// Writes the scenario and the records that it follows.
    pub(super) fn scenario(
        &self,
        covered: [Utc; 2],
        zone: Option<&str>,
        files: &mut Files,
        notes: &mut Vec<String>,
    ) -> Result<(), String> {
        let (name, zone) = self.time_zone(zone, notes)?;
        let Some((first, days, span)) = whole_days(covered, &zone) else {
            return Err("the days of the log lie outside of any calendar".into());
        };
        let (used, network) = (self.use_csv(span, notes), self.network_csv(span));
        let mut of_power = Vec::new();
        let power = self.power_csv(span, &mut of_power);
        let restarts: Vec<Utc> = self
            .log
            .restarts
            .entries()
            .iter()
            .map(|entry| entry.at)
            .filter(|at| (span[0]..span[1]).contains(at))
            .take(MOST_RESTARTS)
            .collect();
        let knows =
            |is: bool, what: &str| if is { format!("the log's {what}") } else { format!("{what} as drawn") };
        let parts = [
            knows(used.is_some(), "use of the phone"),
            knows(network.is_some(), "network"),
            knows(power.is_some(), "charge and charger"),
            knows(power.is_some() && of_power.is_empty(), "Low Power Mode"),
            knows(!self.log.restarts.entries().is_empty(), "restarts"),
        ];
        let [from, until] = covered;
        let mut text = format!(
            "# A phone by its own logs, from {from} to {until}.\n#\n# Each device is this phone with other mail and other \
             luck: {}.\n# What no log knows has its default: the persona, the policy, the memory, the mail.\n",
            parts.join(", ")
        );
        if used.as_deref().is_some_and(|rows| !rows.contains(UNLOCKED)) {
            text += &format!("#\n# Beware: {NEVER_UNLOCKED}.\n");
        }
        let begins = first.strftime("%Y-%m-%d");
        text += &format!(
            "\nname = \"device\"\ndevices = 64\ntime_zone = \"{name}\"\nstart = \"{begins}T00:00\"\nmeasure = \"{days}d\"\n"
        );
        let follow = |section: &str, file: &str| {
            format!("\n[{section}]\nmodel = \"trace\"\nfile = \"{file}\"\nalign = \"none\"\n")
        };
        if let Some(rows) = used {
            text += &follow("user", USE);
            files.push((USE, rows));
        } else {
            notes.push("no log says when the screen was on: use is drawn".into());
        }
        if let Some(rows) = network {
            text += &follow("network", NETWORK);
            files.push((NETWORK, rows));
        } else {
            notes.push("no log says which network there was: it is drawn".into());
        }
        notes.append(&mut of_power);
        if let Some(rows) = power {
            text += &follow("power", POWER);
            files.push((POWER, rows));
        }
        text += "\n[[fleet]]\nname = \"phone\"\n";
        if !self.log.restarts.entries().is_empty() {
            text += "reboots_per_30d = 0.0               # what is known follows below\n";
        }
        for (number, at) in (1..).zip(&restarts) {
            text += &format!("\n[[event]]\nname = \"restart-{number}\"\nat = \"{at}\"\nrestart = true\n");
        }
        files.push((SCENARIO, text));
        Ok(())
    }
}

/// The days of a span on a clock: the first, how many, and from midnight to midnight.
fn whole_days([from, until]: [Utc; 2], zone: &TimeZone) -> Option<(Date, i64, [Utc; 2])> {
    let date = |at: Utc| at.timestamp().to_zoned(zone.clone()).date();
    let midnight = |date: Date| Utc::from_ms(date.to_zoned(zone.clone()).ok()?.timestamp().as_millisecond());
    let first = date(from.max(Utc::from_ms(until.ms() - MOST_DAYS * DAY_MS).unwrap_or(from)));
    let next = date(until).tomorrow().ok()?;
    let span = [midnight(first)?, midnight(next)?];
    // Days are of 23 to 25 hours.
    let days = (span[1].ms() - span[0].ms() + DAY_MS / 2) / DAY_MS;
    Some((first, days.max(1), span))
}
