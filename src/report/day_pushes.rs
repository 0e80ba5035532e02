//! What a day's chart shows of pushes and notifications, where more than the client's own checks tells of mail.

use super::charts::day::{DayNotice, DayPush, DayWake, PushFate, Pushed, Says, WakeCameTo};
use crate::policy::Delivery;
use crate::record::Said;
use crate::signal::{Held, Push, PushStage, Signal, ToldBy};
use crate::time::Time;
use crate::timeline::{Mail, Moment, Timeline, is_of_push};
use std::collections::BTreeMap;

/// The pushes of a day by mail, which is counted from the origin.
pub(super) type ByMail = BTreeMap<u32, OfMail>;

/// The push of a mail.
#[derive(Clone, Copy)]
pub(super) struct OfMail {
    /// Its place among the pushes of the day.
    pub(super) place: usize,
    /// What became of it.
    pub(super) words: &'static str,
}

/// What is shown of pushes from midnight up to `until`, and which is whose; nothing where a device has none.
pub(super) fn pushed(timeline: &Timeline, midnight: Time, until: Time) -> Option<(Pushed, ByMail)> {
    let any = timeline.moments.iter().any(|moment| is_of_push(moment.signal));
    let pushed: Vec<Delivery> =
        deliveries(timeline, until).into_iter().filter(|delivery| *delivery != Delivery::Refresh).collect();
    if pushed.is_empty() && !any {
        return None;
    }
    let by_connection =
        !pushed.is_empty() && pushed.iter().all(|delivery| *delivery == Delivery::SystemLongpoll);
    let ms = |at: Time| at.min(until).since(midnight).ms();
    let mut of_mail: BTreeMap<u32, Vec<(Time, PushStage)>> = BTreeMap::new();
    for Moment { at, signal } in timeline.moments.iter().filter(|moment| moment.at < until) {
        if let Signal::Push(Push { mail, stage }) = *signal {
            of_mail.entry(mail).or_default().push((*at, stage));
        }
    }
    let mut pushes: Vec<(u32, DayPush, &str)> = Vec::new();
    for (mail, stages) in &of_mail {
        let row = timeline.mails.iter().find(|found| found.row.mail == *mail);
        let told = row.and_then(told_by_push).filter(|at| *at < until);
        let Some((at, fate, words)) = outcome(stages, told, by_connection) else { continue };
        let words = match fate {
            PushFate::NotSent if timeline.keeps_pushes_away(at) => "none: pushes kept away",
            _ => words,
        };
        let held = stages.iter().enumerate().filter(|(_, (_, stage))| *stage == PushStage::Held);
        let held_ms = held.map(|(place, (from, _))| {
            [ms(*from), stages.get(place + 1).map_or(ms(until), |(to, _)| ms(*to))]
        });
        pushes.push((*mail, DayPush { at_ms: ms(at), held_ms: held_ms.collect(), fate }, words));
    }
    pushes.sort_by_key(|(_, push, _)| push.at_ms);
    let by_mail =
        pushes.iter().enumerate().map(|(place, (mail, _, words))| (*mail, OfMail { place, words })).collect();
    let pushed = Pushed {
        name: if by_connection { "Open connection" } else { "Pushes" }.into(),
        pushes: pushes.into_iter().map(|(_, push, _)| push).collect(),
        shown: shown(timeline, until, &ms),
        kept_away_ms: timeline
            .no_push
            .iter()
            .map(|(from, to)| [ms(*from), ms(*to)])
            .filter(|[a, b]| a < b)
            .collect(),
        wakes: wakes(timeline, until, &ms),
        background: background(timeline, until),
    };
    Some((pushed, by_mail))
}

/// How mail is told on the day, as the device had it.
fn deliveries(timeline: &Timeline, until: Time) -> Vec<Delivery> {
    let later = timeline.in_force.iter().filter(|(at, _)| timeline.from < *at && *at < until);
    let first = timeline.policy_at(timeline.from).delivery;
    std::iter::once(first).chain(later.map(|(_, policy)| policy.delivery)).collect()
}

/// When a push told of a mail, or the system's own client did.
fn told_by_push(mail: &Mail) -> Option<Time> {
    let by_push = |by| matches!(by, ToldBy::ServerText | ToldBy::Extension | ToldBy::SystemMail);
    mail.row.told.filter(|_| mail.row.by.is_some_and(by_push))
}

/// What became of a push at last, when, and in words: telling of its mail is no stage of its own.
fn outcome(
    stages: &[(Time, PushStage)],
    told: Option<Time>,
    by_connection: bool,
) -> Option<(Time, PushFate, &'static str)> {
    let (at, stage) = *stages.last()?;
    // What a connection that was down did not bring, is fetched when one is open again.
    let is_fetched = by_connection && stage == PushStage::Dropped;
    let told = told.filter(|_| is_fetched || matches!(stage, PushStage::Sent | PushStage::Held));
    let (fate, words) = match stage {
        _ if told.is_some() => (PushFate::Came, "told"),
        PushStage::Signalled => (PushFate::Came, "said that something came"),
        PushStage::Badged => (PushFate::Came, "a number on the icon"),
        PushStage::Late => (PushFate::Came, "came when the mail was told"),
        PushStage::Unneeded => (PushFate::NotShown, "came, and was not shown"),
        PushStage::Displaced => (PushFate::Lost, "displaced by a newer one"),
        PushStage::Expired => (PushFate::Lost, "expired"),
        PushStage::Dropped if by_connection => (PushFate::UnderWay, "waits for a connection"),
        PushStage::Dropped => (PushFate::Lost, "lost: phone not reached"),
        PushStage::Unsubscribed => (PushFate::NotSent, "none: subscription lost"),
        PushStage::Sent => (PushFate::UnderWay, "on its way"),
        PushStage::Held => (PushFate::UnderWay, "stored by APNs"),
    };
    Some((told.unwrap_or(at), fate, words))
}

/// What the user sees of mail without opening the client.
fn shown(timeline: &Timeline, until: Time, ms: &impl Fn(Time) -> u64) -> Vec<DayNotice> {
    let posted = timeline.notices.iter().filter(|notice| !notice.held_back && notice.at < until);
    let mut shown: Vec<DayNotice> = posted
        .map(|notice| {
            let says = match notice.says {
                Said::Content => Says::Content,
                Said::Generic => Says::Something,
                Said::Late => Says::Known,
            };
            DayNotice { at_ms: ms(notice.at), says }
        })
        .collect();
    shown.extend(timeline.moments.iter().filter(|moment| moment.at < until).filter_map(|moment| {
        match moment.signal {
            Signal::Push(Push { stage: PushStage::Badged, .. }) => {
                Some(DayNotice { at_ms: ms(moment.at), says: Says::Number })
            }
            _ => None,
        }
    }));
    shown.sort_by_key(|notice| notice.at_ms);
    shown
}

/// How many background pushes came.
fn background(timeline: &Timeline, until: Time) -> usize {
    let came = |signal| matches!(signal, Signal::BackgroundPush(Held::Came | Held::TookItsPlace));
    timeline.moments.iter().filter(|moment| moment.at < until && came(moment.signal)).count()
}

/// Background pushes; one that wakes the client in the instant in which it comes is one mark.
fn wakes(timeline: &Timeline, until: Time, ms: &impl Fn(Time) -> u64) -> Vec<DayWake> {
    let moments = || timeline.moments.iter().filter(|moment| moment.at < until);
    let wakes_at = |at| {
        let woke = |moment: &Moment| moment.at == at && matches!(moment.signal, Signal::PushLaunched(_));
        timeline.moments[timeline.moments.partition_point(|moment| moment.at < at)..]
            .iter()
            .take_while(|moment| moment.at == at)
            .any(woke)
    };
    let wake = |moment: &Moment| {
        let came_to = match moment.signal {
            Signal::PushLaunched(_) => WakeCameTo::Woke,
            Signal::BackgroundPush(Held::Came | Held::TookItsPlace) if wakes_at(moment.at) => return None,
            Signal::BackgroundPush(Held::Came | Held::TookItsPlace) => WakeCameTo::Waits,
            Signal::BackgroundPush(Held::HandedOver) => WakeCameTo::HandedOver,
            Signal::BackgroundPush(Held::Discarded) => WakeCameTo::Discarded,
            _ => return None,
        };
        Some(DayWake { at_ms: ms(moment.at), came_to })
    };
    moments().filter_map(wake).collect()
}
