//! The timelines as CSV, a file each.

use super::gathered::Gathered;
use super::kinds::ExitReason;
use super::log::{App, Track};
use super::stamp::Utc;
use super::text::Named;
use std::fmt::Write;

/// What a file is called, its columns, and what a row says between its instant and its source.
macro_rules! timelines {
    ($words:ident: $($file:literal $track:ident $columns:literal |$entry:pat_param| $row:expr;)*) => {
        /// What the files are called.
        pub(super) const FILES: &[&str] = &[$($file),*];

        impl Gathered {
            /// Those that hold anything.
            pub(super) fn timelines(&self, named: Named) -> Vec<(&'static str, String)> {
                let $words = &Words { gathered: self, named };
                [$( ($file, rows(&self.log.$track, $columns, |$entry| $row)) ),*]
                    .into_iter()
                    .filter_map(|(file, text)| Some((file, text?)))
                    .collect()
            }
        }
    };
}

timelines! {
    words:
    "lock.csv" locked "locked" |on| words.flag(*on);
    "screen.csv" screen "on" |on| words.flag(*on);
    "awake.csv" awake "on" |on| words.flag(*on);
    "openings.csv" openings "until,app" |it| format!("{},{}", words.at(it.until), words.app(it.app));
    "battery.csv" battery "percent" |level| words.number(*level);
    "charger.csv" charger "on" |on| words.flag(*on);
    "low_power_mode.csv" low_power "on" |on| words.flag(*on);
    "paths.csv" network "network" |path| words.word(path.name());
    "restarts.csv" restarts "what" |_| words.word("restart");
    "runs.csv" runs "until,app,why,on_battery" |it| format!(
        "{},{},{},{}", words.at(it.until), words.app(it.app), it.why.name(), words.maybe(it.on_battery)
    );
    "exits.csv" exits "app,reason" |it| format!("{},{}", words.app(it.app), words.reason(it.reason));
    "notices.csv" notifications "app,shown,extension_ms" |it| format!(
        "{},{},{}", words.app(it.app), words.maybe(it.shown), words.maybe(it.extension_ms)
    );
    "pushes.csv" pushes "app,dropped" |it| format!("{},{}", words.app(it.app), words.maybe(it.dropped));
    "contacts.csv" contacts "until,app,hits" |it| format!("{},{},{}", it.until, words.app(it.app), it.hits);
    "decisions.csv" decisions "app,why,verdict,score,threshold,policy" |it| format!(
        "{},{},{},{},{},{}", words.app(it.app), it.why.name(), it.verdict.name(), words.maybe(it.score),
        words.maybe(it.threshold), it.policy.map_or("", |policy| words.gathered.log.policy_name(policy))
    );
    "counts.csv" counts "until,what,value" |it| format!("{},{},{}", it.until, it.what.name(), it.value);
}

fn rows<T: PartialEq>(track: &Track<T>, columns: &str, row: impl Fn(&T) -> String) -> Option<String> {
    if track.entries().is_empty() {
        return None;
    }
    let mut text = format!("at,{columns},source\n");
    for entry in track.entries() {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{},{},{}", entry.at, row(&entry.what), entry.from.name());
    }
    Some(text)
}

/// How values are written.
struct Words<'a> {
    gathered: &'a Gathered,
    named: Named,
}

impl Words<'_> {
    fn app(&self, app: App) -> String {
        self.gathered.named(app, self.named)
    }

    fn at(&self, at: Option<Utc>) -> String {
        self.maybe(at)
    }

    fn maybe<T: ToString>(&self, value: Option<T>) -> String {
        value.map_or_else(String::new, |value| value.to_string())
    }

    fn flag(&self, on: bool) -> String {
        on.to_string()
    }

    fn number(&self, number: f64) -> String {
        number.to_string()
    }

    fn word(&self, word: &str) -> String {
        word.into()
    }

    fn reason(&self, reason: ExitReason) -> String {
        match reason {
            ExitReason::Code(code) => format!("code {code}"),
            ExitReason::Memory(kind) => kind.name().replace('_', "-"),
        }
    }
}
