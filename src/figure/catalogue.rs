//! Every figure in a row: what it means, where it stands, what it is measured in, and which way is better.
//!
//! A new figure is a row here and an arm in [`super::Figures::value`] or, where it is of counts, in the list of those
//! that it is the sum of.

use super::argument::{Argument, Moment, Percentile, Reach, Term};
use super::row::{Blank, Curve, Each, Needs, Row, Unit, detail, headline};
use crate::client::DelayCause;
use crate::record::{IN_TIME, Outcome, Request};
use crate::signal::{Ended, ExtensionFailure, Held, KeyFailure, PushStage, ResultKind, ToldBy, Trigger};
use crate::time::Span;

/// Makes the figures from their rows.
macro_rules! figures {
    ($( #[doc = $what:literal] $figure:ident $(($argument:ident: $type:ty))? => $facts:expr, )+) => {
        /// A figure of a run.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Figure { $( #[doc = $what] $figure $(($type))?, )+ }

        impl Figure {
            /// What is known of it without any run.
            #[allow(unused_variables, reason = "few facts depend on the argument")]
            pub fn facts(self) -> Row {
                match self { $( Figure::$figure $(($argument))? => $facts, )+ }
            }

            /// What it means, in a sentence.
            pub const fn meaning(self) -> &'static str {
                match self { $( Figure::$figure { .. } => $what.trim_ascii_start(), )+ }
            }

            /// The figures of each row that stand in `summary.json`, in the order of the file.
            pub fn families() -> Vec<Vec<Figure>> {
                vec![ $( figures!(@listed $figure $($type)?), )+ ]
            }

            /// The time of which it speaks.
            pub fn time(self) -> Option<Span> {
                match self { $( Figure::$figure $(($argument))? => figures!(@time $($argument)?), )+ }
            }

            /// Its argument as it is written.
            pub fn argument(self) -> Option<String> {
                match self { $( Figure::$figure $(($argument))? => figures!(@written $($argument)?), )+ }
            }

            /// What its argument is called, and what may be written for it.
            pub const fn place(self) -> Option<Blank> {
                match self { $( Figure::$figure { .. } => figures!(@place $($type)?), )+ }
            }

            /// The same figure of another argument.
            pub(super) fn with(self, text: &str) -> Option<Figure> {
                match self { $( Figure::$figure { .. } => figures!(@read text $figure $($type)?), )+ }
            }
        }
    };
    (@listed $figure:ident) => { vec![Figure::$figure] };
    (@listed $figure:ident $type:ty) => {
        <$type as Argument>::listed().into_iter().map(Figure::$figure).collect()
    };
    (@written) => { None };
    (@written $argument:ident) => { Some(Argument::written($argument)) };
    (@time) => { None };
    (@time $argument:ident) => { Argument::time($argument) };
    (@place) => { None };
    (@place $type:ty) => { Some(Blank { name: <$type as Argument>::PLACE, wanted: <$type as Argument>::WANTED }) };
    (@read $text:ident $figure:ident) => { None };
    (@read $text:ident $figure:ident $type:ty) => { <$type as Argument>::read($text).map(Figure::$figure) };
}

figures! {
    /// Mail that arrived in the measured span.
    Arrived => detail("mail.arrived", "arrived(total)", "arrived"),
    /// Mail by what became of it.
    Outcomes(outcome: Outcome) => headline("mail.outcomes.{}", "outcomes({})", "{}")
        .part_of(Figure::Arrived, "mail")
        .and_if(outcome == Outcome::Undelivered, |row| row.less_is_better().judged()),
    /// Mail by what told its user of it.
    ToldBy(by: ToldBy) => headline("mail.told_by.{}", "told_by({})", "told by {}").part_of(Figure::Arrived, "mail"),
    /// The share of the mail that is told within a time.
    ToldWithin(within: Span) => headline("mail.told_within.{}", "told_within({})", "told within {}")
        .measured_in(Unit::Share)
        .estimated(Curve::Told)
        .more_is_better()
        .and_if([IN_TIME, Span::HOUR].contains(&within), Row::judged),
    /// The share of the mail of which its user learns within a time, be it only that something came.
    SignalledWithin(within: Span) => headline(
        "mail.signalled_within.{}", "signalled_within({})", "signalled within {}"
    )
    .measured_in(Unit::Share)
    .estimated(Curve::Signalled)
    .needs(Needs::Push)
    .more_is_better()
    .and_if(Figure::SignalledWithin(within) == Figure::HEARD, Row::judged),
    /// Where users first learn that something came, and not what: within what time from then half of that mail is told.
    DetailAfter => headline("mail.detail_after_s", "detail_after", "half told after the signal")
        .measured_in(Unit::Seconds)
        .estimated(Curve::Detailed)
        .needs(Needs::Push)
        .less_is_better(),
    /// How long mail waits until it is told: the mean of told mail, or within what time a part of all is told.
    Latency(moment: Moment) => headline("mail.latency_s.{}", "latency({})", moment.words())
        .measured_in(Unit::Seconds)
        .estimated(Curve::Told)
        .and_if(moment == Moment::Mean, |row| row.mean_of(Each::ToldMail))
        .less_is_better()
        .and_if(matches!(moment, Moment::Percentile(Percentile::MEDIAN | Percentile::P95)), Row::judged),
    /// How long told mail waited for one cause, on average; all causes make up the mean latency.
    DelayCause(cause: DelayCause) => headline("mail.delay_causes_s.{}", "delay({})", "delay by {}")
        .mean_of(Each::ToldMail),
    /// How long undelivered mail has waited for one cause so far, on average.
    UndeliveredCause(cause: DelayCause) => detail(
        "mail.undelivered_causes_s.{}", "undelivered_delay({})", "delay of undelivered mail by {}"
    ).mean_of(Each::UntoldMail),
    /// Mail that was found off the screen and outside working hours, and held back at first.
    HeldBack => headline("mail.held_back", "held_back(total)", "held back").part_of(Figure::Arrived, "mail"),
    /// Mail that arrived outside working hours.
    ArrivedOutside => detail(
        "mail.outside_working_hours.arrived", "outside_working_hours(arrived)", "arrived outside working hours"
    ),
    /// Mail that arrived outside working hours, by what became of it.
    OutcomesOutside(outcome: Outcome) => detail(
        "mail.outside_working_hours.{}", "outside_working_hours({})", "arrived outside working hours, {}"
    ),
    /// Mail of which the first notification, with content or without, came outside working hours.
    NotifiedOutside => detail(
        "mail.notified_outside_working_hours", "notified_outside_hours", "notified outside working hours"
    ).part_of(Figure::Arrived, "mail"),
    /// Checks for mail.
    Checks => headline("checks.total", "checks(total)", "checks").part_of(Figure::Checks, "checks"),
    /// Checks by what began them.
    ChecksBy(trigger: Trigger) => headline("checks.by_trigger.{}", "checks({})", "checks {}")
        .part_of(Figure::Checks, "checks"),
    /// Checks by how they ended.
    ChecksWith(result: ResultKind) => headline("checks.by_result.{}", "checks({})", "checks {}")
        .part_of(Figure::Checks, "checks"),
    /// Checks that had no key.
    KeyFailures => headline("key_failures.total", "key_failures(total)", "key failures")
        .part_of(Figure::Checks, "checks")
        .judged(),
    /// Checks that had no key, by the reason.
    KeyFailuresBy(reason: KeyFailure) => headline(
        "key_failures.by_reason.{}", "key_failures({})", "key failures {}"
    ).part_of(Figure::Checks, "checks"),
    /// Notifications that were posted.
    Notifications => headline("notifications.total", "notifications(total)", "notifications"),
    /// Pushes of mail by the stages that they came to.
    Pushes(stage: PushStage) => detail("push.mail.{}", "pushes({})", "pushes {}").needs(Needs::Push),
    /// Extensions that left a push as it was, by the reason.
    ExtensionFailures(reason: ExtensionFailure) => detail(
        "push.extension_failures.{}", "extension_failures({})", "extension failures {}"
    ).needs(Needs::Push),
    /// Background pushes that reached a phone, by what became of them.
    BackgroundPushes(fate: Held) => detail("push.background.{}", "background_pushes({})", "background pushes {}")
        .needs(Needs::Push),
    /// How often the system wakes the client for a background push.
    PushWakes => headline("push.wakes_per_day", "push_wakes", "wakes for pushes")
        .measured_in(Unit::PerDay("/day"))
        .needs(Needs::Push),
    /// How often the client is opened, by own visits and for notifications.
    Openings => headline("process.openings_per_day", "openings_per_day", "openings of the client")
        .measured_in(Unit::PerDay("openings/day")),
    /// Launches in the background.
    BackgroundLaunches => headline(
        "process.background_launches", "launches(background)", "launches in the background"
    ),
    /// Launches in the background that ended at once because the key could not be reached.
    RefusedLaunches => headline("process.refused_launches", "launches(refused)", "launches refused for the key")
        .judged(),
    /// How often the client's process was ended, by the reason.
    Terminations(reason: Ended) => headline("process.terminations.{}", "terminations({})", "ends of the process ({})"),
    /// Refresh requests by what became of them; from the origin, warm-up included.
    Requests(fate: Request) => detail("requests.{}", "requests({})", "requests {}"),
    /// Refresh requests that are pending at the end.
    RequestsPending => detail("requests.pending", "requests(pending)", "requests pending"),
    /// How long a day the key can be had while the device is locked.
    Exposure(reach: Reach) => headline("exposure.{}_h_per_day", "exposure({})", reach.words())
        .measured_in(Unit::HoursPerDay)
        .less_is_better()
        .judged()
        .price(reach.place()),
    /// The share of the devices whose mail a server of the vendor reads, to write the text of pushes.
    ServerReads => headline("exposure.server_reads_mail", "exposure(server_reads_mail)", "server reads mail")
        .measured_in(Unit::Share)
        .needs(Needs::Push)
        .less_is_better()
        .judged()
        .price(4),
    /// The share of the devices of which a key that opens the mail is kept elsewhere.
    KeyLeaves => headline("exposure.key_leaves_device", "exposure(key_leaves_device)", "key leaves the device")
        .measured_in(Unit::Share)
        .needs(Needs::Push)
        .less_is_better()
        .judged()
        .price(5),
    /// How long a day the device is unlocked, whatever can be had of the key then.
    Unlocked => headline("exposure.unlocked_h_per_day", "exposure(unlocked)", "device unlocked")
        .measured_in(Unit::HoursPerDay),
    /// The share of the devices for which something was published on a date that have it in effect within a time.
    AdoptedWithin(term: Term) => detail("adopted.within.{}", "adopted_within({})", "adopted within {}")
        .measured_in(Unit::Share)
        .estimated(Curve::Adopted)
        .needs(Needs::Dates)
        .more_is_better(),
    /// The share of the devices for which something was published on a date that do not have it in effect at the end.
    NeverAdopted => detail("adopted.never", "never_adopted", "never adopted")
        .measured_in(Unit::Share)
        .estimated(Curve::Adopted)
        .needs(Needs::Dates)
        .less_is_better(),
    /// Devices that were retired.
    Retired => detail("retired.devices", "retired(devices)", "retired").needs(Needs::Dates),
    /// Of them, those that a wipe has reached.
    Wiped => detail("retired.wiped", "retired(wiped)", "wiped").needs(Needs::Dates),
    /// How long the key of a retired device can still be had while that is locked, until a wipe reaches it; the mean.
    ExposedWhenRetired => detail("retired.key_in_reach_s", "retired(key_in_reach)", "key in reach when retired")
        .mean_of(Each::RetiredDevice)
        .needs(Needs::Dates)
        .less_is_better(),
    /// What background checks, refused ones too, runs of an extension and fetches of the system's own mail client take: each as much.
    Energy => headline("energy.background_mah_per_day", "energy(background)", "background energy")
        .measured_in(Unit::PerDay("mAh/day"))
        .less_is_better()
        .judged()
        .price(3),
}
