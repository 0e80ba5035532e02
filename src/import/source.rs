//! The logs that are known, a row each: how each is recognised by its content, and what reads it.

use super::database::Store;
use super::gathered::Desk;
use super::lines::Lines;
use super::{dasd, jetsam, knowledge, metric_kit, power_log, privacy_report, task_log, unified};
use std::io::Read;

/// How a log is recognised and read.
pub(super) enum Reader {
    /// An SQLite database that has a table beginning so.
    Database(&'static str, fn(&Store, &mut Desk<'_>) -> Result<(), String>),
    /// A text whose beginning is of its kind, read line by line however long it is.
    Lines(fn(&str) -> bool, fn(&mut Lines<&mut dyn Read>, &mut Desk<'_>) -> Result<(), String>),
    /// A text whose beginning is of its kind, small enough to be read at once.
    Document(fn(&str) -> bool, fn(&str, &mut Desk<'_>) -> Result<(), String>),
}

macro_rules! sources {
    ($($(#[doc = $doc:literal])+ $Source:ident: $called:literal, $reader:expr;)*) => {
        crate::choice! {
            /// Where an entry of a log comes from.
            pub enum Source { $( $(#[doc = $doc])+ $Source ),* }
        }

        impl Source {
            /// What people call it.
            pub const fn called(self) -> &'static str {
                match self { $( Source::$Source => $called, )* }
            }

            pub(super) const fn reader(self) -> Reader {
                match self { $( Source::$Source => $reader, )* }
            }
        }
    };
}

// The list. Another log is a file and a row here.
sources! {
    /// The power log of a phone, `.PLSQL`.
    PowerLog: "PowerLog", Reader::Database("PL", power_log::read);
    /// The log of background tasks from iOS 26 on, `.BGSQL`.
    TaskLog: "background task log", Reader::Database("BackgroundProcessing_", task_log::read);
    /// `knowledgeC.db`.
    Knowledge: "knowledgeC", Reader::Database("ZOBJECT", knowledge::read);
    /// What dasd wrote into the unified log.
    Dasd: "dasd in the unified log", Reader::Lines(unified::begins, dasd::read);
    /// The App Privacy Report, which any user can export.
    PrivacyReport: "App Privacy Report", Reader::Lines(privacy_report::begins, privacy_report::read);
    /// A report of an end for lack of memory, `.ips`.
    Jetsam: "JetsamEvent", Reader::Document(jetsam::begins, jetsam::read);
    /// A day of the client's own MetricKit.
    MetricKit: "MetricKit", Reader::Document(metric_kit::begins, metric_kit::read);
}
