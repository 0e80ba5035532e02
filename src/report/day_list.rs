//! One device's day as a list: mail, pushes, notifications, checks, and what the user did with the client.

use super::human::count;
use super::paint::Screen;
use super::story_lines::told_check;
use super::story_words::{self as words, day, dial};
use super::terms::Terms;
use crate::clock::utc;
use crate::explanation::CheckTold;
use crate::record::Said;
use crate::signal::{
    CheckResult, Ended, KeyFailure, KeySource, Process, Push, PushStage, Signal, ToldBy, Trigger,
};
use crate::time::Time;
use crate::timeline::{Checked, Mail, Moment, Notice, Timeline, is_of_dates, is_of_push};
use serde_json::{Value, json};

/// Something on the list.
#[derive(Clone, Copy, Debug)]
pub enum Entry<'a> {
    /// A mail reached the mailbox.
    Arrived(&'a Mail),
    /// What became of a push, what was woken by one, or what the user did with the client.
    Happened(&'a Moment),
    /// A check.
    Checked(&'a Checked),
    /// A notification with content, or one that was held back, by its place in the timeline.
    Told(&'a Notice, usize),
}

/// The list of a timeline, in order of time.
pub fn entries(timeline: &Timeline) -> Vec<Entry<'_>> {
    let arrived = timeline.mails.iter().filter(|mail| timeline.shows(mail.row.arrived)).map(Entry::Arrived);
    let happened = timeline.moments.iter().filter(|moment| is_listed(moment.signal)).map(Entry::Happened);
    let checked = timeline.checks.iter().map(Entry::Checked);
    // What a push shows without content is a stage of it.
    let notices = timeline.notices.iter().zip(0..).filter(|(notice, _)| notice.says == Said::Content);
    let told = notices.map(|(notice, place)| Entry::Told(notice, place));
    let mut entries: Vec<Entry<'_>> = arrived.chain(told).chain(happened).chain(checked).collect();
    entries.sort_by_key(|entry| entry.at());
    entries
}

fn is_listed(signal: Signal) -> bool {
    is_of_push(signal)
        || is_of_dates(signal)
        || matches!(
            signal,
            Signal::Subscribed(_)
                | Signal::ClientOpened(_)
                | Signal::ForceQuit
                | Signal::Rebooted(_)
                | Signal::PolicyReached(_)
                | Signal::ClientConfigured(_)
                | Signal::Process(Process::NotRunning(_))
        )
}

impl Entry<'_> {
    /// When.
    pub fn at(self) -> Time {
        match self {
            Entry::Arrived(mail) => mail.row.arrived,
            Entry::Happened(moment) => moment.at,
            Entry::Checked(checked) => checked.at,
            Entry::Told(notice, _) => notice.at,
        }
    }
}

/// The list for people. `title` stands above it.
pub fn text(timeline: &Timeline, title: &[&str], screen: Screen) -> String {
    let clock = &timeline.clock;
    let mut text: String = title.iter().map(|line| screen.paragraph("", line)).collect();
    let mut today = None;
    let entries = entries(timeline);
    for (place, entry) in entries.iter().enumerate() {
        if is_told_with_another(&entries, place) {
            continue;
        }
        let entry = *entry;
        let its = clock.local(entry.at()).day;
        if today.replace(its) != Some(its) {
            text += &format!("\n{}\n", day(clock, entry.at()));
        }
        let terms = Terms::of(timeline.policy_at(entry.at()));
        let line = match entry {
            Entry::Arrived(mail) => {
                let mut at_once = entries[place..].iter().take_while(|other| other.at() == entry.at());
                let sent = match at_once.any(|other| is_sending_of(other, mail)) {
                    true if terms.by_connection => "; the server tells the system's own mail client",
                    true => "; its push is on its way",
                    false => "",
                };
                format!("{} arrives{sent}.", capital(&named(mail)))
            }
            Entry::Happened(moment) => happened(timeline, moment, terms),
            Entry::Checked(checked) => told_check(clock, terms, checked.at, &CheckTold::from(*checked)).text,
            Entry::Told(notice, place) => told(timeline, notice, place),
        };
        text += &screen.paragraph(&format!("  {}  ", dial(clock, entry.at())), &line);
    }
    text
}

/// Whether a line says it that tells of something else in the same instant: who opens or wakes the client is told with
/// the check that this begins, a launch that is refused with its own, and that a push is sent with the arrival of its mail.
fn is_told_with_another(entries: &[Entry<'_>], place: usize) -> bool {
    let Entry::Happened(moment) = entries[place] else { return false };
    let first = entries.partition_point(|other| other.at() < moment.at);
    let mut at_once = entries[first..].iter().take_while(|other| other.at() == moment.at);
    let begins = |by: Trigger| move |other: &Entry<'_>| matches!(other, Entry::Checked(checked) if checked.check.trigger == by);
    match moment.signal {
        Signal::ClientOpened(_) => at_once.any(begins(Trigger::UserLaunch)),
        Signal::Process(Process::NotRunning(Ended::Refused)) => at_once.any(|other| {
            matches!(other, Entry::Checked(Checked { ended: Some((_, CheckResult::LaunchRefused)), .. }))
        }),
        Signal::PushLaunched(_) => at_once.any(begins(Trigger::BackgroundPush)),
        Signal::Push(Push { stage: PushStage::Sent, mail }) => {
            at_once.any(|other| matches!(other, Entry::Arrived(arrived) if arrived.row.mail == mail))
        }
        _ => false,
    }
}

/// Whether the push of a mail is sent as that arrives.
fn is_sending_of(entry: &Entry<'_>, of: &Mail) -> bool {
    let Entry::Happened(Moment { at, signal: Signal::Push(push) }) = entry else { return false };
    *at == of.row.arrived && push.mail == of.row.mail && push.stage == PushStage::Sent
}

impl From<Checked> for CheckTold {
    fn from(Checked { check, lock, ended, .. }: Checked) -> CheckTold {
        CheckTold { check, lock, end: ended }
    }
}

fn happened(timeline: &Timeline, moment: &Moment, terms: Terms) -> String {
    let says = match moment.signal {
        Signal::Push(Push { stage: PushStage::Unsubscribed, .. }) => {
            match timeline.keeps_pushes_away(moment.at) {
                true => "Pushes are kept away: the server sends nothing of it.".into(),
                false => "There is no push subscription: the server sends nothing of it.".into(),
            }
        }
        signal => words::signal(signal, terms),
    };
    match moment.signal {
        Signal::Push(push) => match mail_of(timeline, push.mail) {
            Some(mail) => format!("{}: {}", capital(&named(mail)), small(&says)),
            None => says,
        },
        _ => says,
    }
}

/// What a notification says, and of which mail.
fn told(timeline: &Timeline, notice: &Notice, place: usize) -> String {
    let mails: Vec<String> =
        timeline.mails.iter().filter(|mail| mail.notice == Some(place)).map(named).collect();
    let which = match &mails[..] {
        [one] => one.clone(),
        [] => format!("{} mails", count(notice.mails.into())),
        [first, .., last] => format!("{} mails, {first} to {last}", mails.len()),
    };
    match notice.by {
        _ if notice.held_back => format!("Outside working hours: held back, {which}."),
        ToldBy::ServerText => format!("A push with the server's text tells of {which}."),
        ToldBy::Extension => format!("A push with the extension's text tells of {which}."),
        ToldBy::SystemMail => format!("The system's own mail client tells of {which}."),
        ToldBy::HoursBegin => {
            format!("Working hours begin: the notification that was prepared tells of {which}.")
        }
        _ => format!("A notification tells of {which}."),
    }
}

fn mail_of(timeline: &Timeline, number: u32) -> Option<&Mail> {
    let place = timeline.mails.binary_search_by_key(&number, |mail| mail.row.mail);
    place.ok().map(|place| &timeline.mails[place])
}

fn named(mail: &Mail) -> String {
    mail.number.map_or_else(|| "a mail of the warm-up".into(), |number| format!("mail {number}"))
}

fn capital(text: &str) -> String {
    changed(text, char::to_ascii_uppercase)
}

fn small(text: &str) -> String {
    changed(text, char::to_ascii_lowercase)
}

fn changed(text: &str, how: impl Fn(&char) -> char) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| how(&first)).into_iter().chain(letters).collect()
}

/// The list as JSON: `{at, what, detail, mail, ...}`, one each; `what` and `detail` are as `events.csv` has them, `mail`
/// as `mail.csv` numbers it.
pub fn json(timeline: &Timeline) -> Vec<Value> {
    let clock = &timeline.clock;
    let at = |time: Time| utc(clock.unix_ms(time));
    let entry = |entry: Entry<'_>| match entry {
        Entry::Arrived(mail) => json!({
            "at": at(mail.row.arrived),
            "what": "mail_arrived",
            "mail": mail.number,
            "signalled": mail.row.signalled.map(at),
            "told": mail.row.told.map(at),
            "by": mail.row.by.map(ToldBy::name),
        }),
        Entry::Happened(Moment { at: time, signal: Signal::Push(Push { mail, stage }) }) => json!({
            "at": at(*time),
            "what": "push",
            "detail": stage.name(),
            "mail": mail_of(timeline, *mail).and_then(|mail| mail.number),
        }),
        Entry::Happened(Moment { at: time, signal }) => {
            let (what, detail) = signal.words(clock);
            json!({ "at": at(*time), "what": what, "detail": detail })
        }
        Entry::Checked(Checked { at: time, check, lock, ended }) => json!({
            "at": at(*time),
            "what": "check",
            "detail": check.trigger.name(),
            "process": if check.launched { "launched" } else { "resumed" },
            "lock": lock.name(),
            "key": check.key.map_or_else(KeyFailure::name, KeySource::name),
            "result": ended.map(|(_, result)| CheckResult::name(result)),
            "ended": ended.map(|(until, _)| at(until)),
        }),
        Entry::Told(notice, place) => json!({
            "at": at(notice.at),
            "what": if notice.held_back { "held_back" } else { "notified" },
            "detail": notice.by.name(),
            "mails": timeline.mails.iter().filter(|mail| mail.notice == Some(place)).map(|mail| mail.number).collect::<Vec<_>>(),
        }),
    };
    entries(timeline).into_iter().map(entry).collect()
}

/// How much of push a timeline holds: pushes that were sent, notifications that say that something came, those of mail
/// that was told already, numbers on the icon, extension failures, and wakes for pushes.
pub fn counts(timeline: &Timeline) -> [(&'static str, u64); 6] {
    let of =
        |is: fn(Signal) -> bool| timeline.moments.iter().filter(|moment| is(moment.signal)).count() as u64;
    let mut sent: Vec<u32> = timeline
        .moments
        .iter()
        .filter_map(|moment| match moment.signal {
            Signal::Push(Push { mail, stage: PushStage::Sent }) => Some(mail),
            _ => None,
        })
        .collect();
    sent.sort_unstable();
    sent.dedup();
    let says = |says| timeline.notices.iter().filter(|notice| notice.says == says).count() as u64;
    let badged = |signal| matches!(signal, Signal::Push(Push { stage: PushStage::Badged, .. }));
    [
        ("pushes", sent.len() as u64),
        ("generic_notifications", says(Said::Generic)),
        ("late_notifications", says(Said::Late)),
        ("badges", of(badged)),
        ("extension_failures", of(|signal| matches!(signal, Signal::ExtensionFailed(_)))),
        ("push_wakes", of(|signal| matches!(signal, Signal::PushLaunched(_)))),
    ]
}
