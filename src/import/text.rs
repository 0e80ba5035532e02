//! What is written of a log, as files; and what apps are called there.

use super::gathered::Gathered;
use super::log::App;
use super::power::Change;
use super::stamp::Utc;
use super::timelines::FILES;
use std::fmt::Write;

/// What apps are called in what is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Named {
    /// The client as it is called, all others by number.
    Anonymous,
    /// All as they are called.
    Kept,
}

/// Files, each with its name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Written {
    /// What they are called, and what they say.
    pub files: Vec<(&'static str, String)>,
    /// What had to be supposed, or left out.
    pub notes: Vec<String>,
}

/// The scenario and what it follows, and what can be held against it.
pub(super) const SCENARIO: &str = "device.toml";
pub(super) const USE: &str = "use.csv";
pub(super) const NETWORK: &str = "network.csv";
pub(super) const POWER: &str = "power.csv";
pub(super) const OBSERVED: &str = "observed.toml";
/// What a row of [`USE`] has that is not of a locked phone.
pub(super) const UNLOCKED: &str = ",true,";
/// Runs that are known for so much less than everything else are worth a word.
const MUCH_LESS: f64 = 0.9;

impl Written {
    /// Every name that a file may have.
    pub fn names() -> impl Iterator<Item = &'static str> {
        [SCENARIO, USE, NETWORK, POWER, OBSERVED].into_iter().chain(FILES.iter().copied())
    }

    /// The scenario.
    pub fn scenario(&self) -> &'static str {
        SCENARIO
    }

    /// What a file says.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.files.iter().find(|(known, _)| *known == name).map(|(_, text)| text.as_str())
    }
}

impl Gathered {
    /// Everything as files: timelines, the scenario of the phone and what can be held against it. `zone` is where its
    /// clock hangs, if that is known.
    ///
    /// # Errors
    /// If no log says anything of a time.
    pub fn written(&self, named: Named, zone: Option<&str>) -> Result<Written, String> {
        let mut files = self.timelines(named);
        let mut notes = Vec::new();
        if let Some(covered) = self.covered() {
            self.scenario(covered, zone, &mut files, &mut notes)?;
        } else if files.is_empty() {
            return Err(format!(
                "no log says anything of a time ({}); a log of a phone in use is needed",
                self.account.in_words()
            ));
        } else {
            notes.push("no log says what the phone did hour by hour: there is no scenario of it".into());
        }
        notes.extend(self.of_the_client());
        if let Some(text) = self.observed() {
            files.push((OBSERVED, text));
        }
        Ok(Written { files, notes })
    }

    /// What no log says of the client.
    fn of_the_client(&self) -> Option<String> {
        let client = self.client.as_ref()?;
        if !self.names_client() {
            return Some(format!(
                "no log names {client} or a task of it: nothing is known of its runs and its openings"
            ));
        }
        let [from, until] = self.covered()?;
        let Some((source, [begins, ends])) = self.refreshes_known() else {
            return Some(
                "no log says when apps ran in the background: nothing is known of the client's runs".into(),
            );
        };
        let much = (until.ms() - from.ms()) as f64 * MUCH_LESS;
        (((ends.ms() - begins.ms()) as f64) < much).then(|| {
            format!(
                "background runs are known from {begins} to {ends} ({}), which is less than the logs cover: how often the \
                 client was refreshed is counted there",
                source.called()
            )
        })
    }

    /// What an app is called. Numbers are those of the order in which it was met.
    pub(super) fn named(&self, app: App, named: Named) -> String {
        let name = self.log.name(app);
        match named == Named::Kept || self.is_client(app) {
            true => field(name),
            false => format!("app-{}", self.log.number(app)),
        }
    }

    pub(super) fn use_csv(&self, span: [Utc; 2], notes: &mut Vec<String>) -> Option<String> {
        let (sessions, said) = self.sessions(span);
        notes.extend(said);
        let mut text = String::from("on,off,unlocked,client_from,client_until\n");
        for session in &sessions {
            let (from, until) = session.client.map_or((String::new(), String::new()), |(from, until)| {
                (from.to_string(), until.to_string())
            });
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{},{},{},{from},{until}", session.on, session.off, session.unlocked);
        }
        (!sessions.is_empty()).then_some(text)
    }

    pub(super) fn network_csv(&self, span: [Utc; 2]) -> Option<String> {
        let paths = self.paths(span);
        let rows = paths.iter().map(|(from, until, path)| format!("{from},{until},{}\n", path.name()));
        (!paths.is_empty()).then(|| String::from("from,until,network\n") + &rows.collect::<String>())
    }

    /// Charge, charger and Low Power Mode, a row for each change of any.
    pub(super) fn power_csv(&self, span: [Utc; 2], notes: &mut Vec<String>) -> Option<String> {
        let (changes, said) = self.power(span);
        notes.extend(said);
        let has_mode = changes.iter().any(|change| change.low_power_mode.is_some());
        let mut text = String::from("at,percent,charger");
        text.push_str(if has_mode { ",low_power_mode\n" } else { "\n" });
        let flag = |flag: Option<bool>| flag.map_or_else(String::new, |flag| flag.to_string());
        for Change { at, percent, plugged_in, low_power_mode } in &changes {
            let percent = percent.map_or_else(String::new, |percent| percent.to_string());
            // Writing to a string cannot fail.
            let _ = write!(text, "{at},{percent},{}", flag(*plugged_in));
            let _ = match has_mode {
                true => writeln!(text, ",{}", flag(*low_power_mode)),
                false => writeln!(text),
            };
        }
        (!changes.is_empty()).then_some(text)
    }
}

/// A field of CSV: on one line, in quotes where it has a comma.
fn field(text: &str) -> String {
    let text = text.replace(char::is_control, " ");
    match text.contains([',', '"']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text,
    }
}
