//! The events of a story as lines: runs of equal refusals, of equal failures and of uses of the
//! phone are one line each, since forty of them in a row say no more than one.

use super::human::{duration, trimmed};
use super::story_words::{self as words, dial, dial_from, in_the_way};
use super::terms::Terms;
use crate::client::DelayCause;
use crate::clock::Clock;
use crate::device::scheduler::{Decided, Decision, Outlook, POLICIES};
use crate::explanation::{CheckTold, Event, What};
use crate::signal::{CheckResult, Signal};
use crate::time::{Span, Time};

/// A line of a story; what is in `more` stands below it.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) at: Time,
    pub(super) text: String,
    pub(super) more: Vec<String>,
}

impl Line {
    /// What happens in an event, and what stands in the way from there on.
    fn of(event: &Event, terms: Terms, text: String) -> Line {
        let now = |blocker| format!(" Now in the way: {}.", in_the_way(blocker, terms));
        let blocker = event.blocker.map(now);
        Line { at: event.at, text: text + &blocker.unwrap_or_default(), more: Vec::new() }
    }
}

const UNLOCKED: &str = "The phone is unlocked";

/// What goes on at the same time and is told together.
#[derive(Default)]
struct Group<'a> {
    terms: Terms,
    refusals: Vec<&'a Decided>,
    failures: Vec<(Time, &'a CheckTold, Option<&'a Decided>)>,
    uses: Vec<(Time, Option<Time>)>,
    outages: Vec<(Time, Option<Time>)>,
    /// What stood in the way during them, where that differed.
    offline: Option<DelayCause>,
    /// What stood in the way while the phone was unlocked, where that differed.
    unlocked: Option<DelayCause>,
    loose: Vec<Line>,
}

/// All lines of a story, in order of time.
pub(super) fn lines(clock: &Clock, terms: Terms, events: &[Event]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut group = Group { terms, ..Group::default() };
    let mut granted: Option<&Decided> = None;
    for event in events {
        let at = event.at;
        match &event.what {
            What::Decided(decided) if decided.runs => granted = Some(decided),
            What::Decided(decided) => {
                if group.refusals.last().is_some_and(|last| !alike(last, decided)) {
                    group.flush(clock, &mut lines);
                }
                group.refusals.push(decided);
            }
            What::Check(check) if fails_without_user(check) => {
                if group.failures.last().is_some_and(|(_, last, _)| !same(last, check)) {
                    group.flush(clock, &mut lines);
                }
                group.failures.push((at, check, granted.take()));
            }
            What::Check(check) => {
                // The last use of the phone may be what opened the keychain: it is told apart.
                let last = group.uses.pop();
                let meanwhile = meanwhile(group.unlocked);
                group.flush(clock, &mut lines);
                lines.extend(spans(clock, last.as_slice(), UNLOCKED, &meanwhile));
                lines.extend(granted.take().map(|decided| grant(clock, decided)));
                lines.push(told_check(clock, terms, at, check));
            }
            What::Unlocked(until) => {
                group.uses.push((at, *until));
                group.unlocked = event.blocker.or(group.unlocked);
            }
            What::Offline(until) => {
                if !group.outages.is_empty() && group.offline != event.blocker {
                    group.flush(clock, &mut lines);
                }
                group.outages.push((at, *until));
                group.offline = event.blocker;
            }
            What::Signal(signal) if is_loose(*signal, event.blocker) => {
                group.loose.push(Line::of(event, terms, words::signal(*signal, terms)));
            }
            What::Signal(signal) => {
                group.flush(clock, &mut lines);
                // The check that opening starts says so itself.
                if !matches!(signal, Signal::ClientOpened(_)) {
                    lines.push(Line::of(event, terms, words::signal(*signal, terms)));
                }
            }
            What::Ended(why, with_key) => {
                group.flush(clock, &mut lines);
                let key = if *with_key { ", and its key in memory with it" } else { "" };
                lines.push(Line::of(event, terms, format!("The client is {}{key}.", words::ended(*why))));
            }
        }
    }
    group.flush(clock, &mut lines);
    lines
}

/// A decision as lines, for one instant.
pub(super) fn decision(clock: &Clock, decided: &Decided) -> Vec<String> {
    let verb = if decided.runs { "grants a check" } else { "refuses" };
    vec![
        format!("The scheduler {verb}: {}.", reasons(clock, &[decided])),
        window(clock, decided),
        policies(&[decided]),
    ]
}

fn window(clock: &Clock, decided: &Decided) -> String {
    let [from, to] = [decided.window.earliest, decided.window.deadline].map(|at| words::stamp(clock, at));
    let Some(best) = decided.optimum.expected_at() else {
        return format!("Window {from} to {to}; no moment of it is good.");
    };
    let part = match decided.tenth {
        0 => "now is before it, so the bar is highest".into(),
        10 => "now is the last tenth from there to the deadline".into(),
        tenth => format!("now is tenth {tenth} of 10 from there to the deadline"),
    };
    format!(
        "Window {from} to {to}; the best moment was expected at {}, {part}.",
        dial_from(clock, best, decided.window.earliest),
    )
}

/// What may pass while refusals go on alike: the charger, locking, and a budget that is not what
/// stands in the way.
fn is_loose(signal: Signal, blocker: Option<DelayCause>) -> bool {
    match signal {
        Signal::PluggedIn | Signal::Unplugged | Signal::Locked | Signal::KeychainClosed => true,
        Signal::BudgetDenies(_) => blocker.is_none(),
        _ => false,
    }
}

fn alike(a: &Decided, b: &Decided) -> bool {
    a.verdict.decision == b.verdict.decision && a.refused_by().eq(b.refused_by())
}

fn same(a: &CheckTold, b: &CheckTold) -> bool {
    a.check == b.check && a.end.map(|(_, result)| result) == b.end.map(|(_, result)| result)
}

fn fails_without_user(check: &CheckTold) -> bool {
    let failed = check.end.is_some_and(|(_, result)| !matches!(result, CheckResult::NewMail(_)));
    failed && check.check.trigger.is_in_background()
}

fn grant(clock: &Clock, decided: &Decided) -> Line {
    let text = format!("The scheduler grants a check: {}.", reasons(clock, &[decided]));
    Line { at: decided.at, text, more: vec![policies(&[decided])] }
}

pub(super) fn told_check(clock: &Clock, terms: Terms, at: Time, check: &CheckTold) -> Line {
    let began = words::trigger(check.check.trigger, check.check.launched);
    let key = words::key(check.check.key, terms);
    let text = match check.end {
        Some((end, result)) => {
            format!("{began}; {key}; at {}: {}.", dial_from(clock, end, at), words::result(result))
        }
        None => format!("{began}; {key}; the check is still running at the end."),
    };
    Line { at, text, more: Vec::new() }
}

/// `12 times from 22:15:00 to 06:30:00: `, or nothing for a single time.
fn times(clock: &Clock, first: Time, last: Time, many: usize) -> String {
    match many {
        1 => String::new(),
        _ => format!("{many} times from {} to {}: ", dial(clock, first), dial_from(clock, last, first)),
    }
}

impl Group<'_> {
    fn flush(&mut self, clock: &Clock, lines: &mut Vec<Line>) {
        let empty = Group { terms: self.terms, ..Group::default() };
        let mut group = std::mem::replace(self, empty);
        let mut told = std::mem::take(&mut group.loose);
        told.extend(group.refused(clock));
        told.extend(group.failed(clock));
        told.extend(spans(clock, &group.uses, UNLOCKED, &meanwhile(group.unlocked)));
        told.extend(spans(clock, &group.outages, "There is no network", &meanwhile(group.offline)));
        told.sort_by_key(|line| line.at);
        lines.append(&mut told);
    }

    fn refused(&self, clock: &Clock) -> Option<Line> {
        let (first, last) = (self.refusals.first()?, self.refusals.last()?);
        let times = times(clock, first.at, last.at, self.refusals.len());
        let mut text = format!("{times}The scheduler refuses: {}.", reasons(clock, &self.refusals));
        if let Some(again) = last.again.filter(|again| *again > last.at + Span::HOUR) {
            let again = dial_from(clock, again, last.at);
            text +=
                &format!(" It need not look again before {again}, shortly before the best moment expected.");
        }
        Some(Line { at: first.at, text, more: vec![policies(&self.refusals)] })
    }

    fn failed(&self, clock: &Clock) -> Option<Line> {
        let (&(first, check, _), &(last, ..)) = (self.failures.first()?, self.failures.last()?);
        let times = times(clock, first, last, self.failures.len());
        let began = words::trigger(check.check.trigger, check.check.launched);
        let result = check.end.map_or_else(String::new, |(_, result)| words::result(result));
        let text = format!("{times}{began}; {}; {result}.", words::key(check.check.key, self.terms));
        let granted: Vec<&Decided> = self.failures.iter().filter_map(|(.., granted)| *granted).collect();
        let mut more = Vec::new();
        if !granted.is_empty() {
            more.push(format!("The scheduler grants it: {}.", reasons(clock, &granted)));
            more.push(policies(&granted));
        }
        Some(Line { at: first, text, more })
    }
}

/// What stood in the way in the meantime, where that differed.
fn meanwhile(cause: Option<DelayCause>) -> String {
    cause.map_or_else(String::new, |cause| format!(" Meanwhile in the way: {}.", cause.name()))
}

/// Spans that are over are one line; one that goes on has a line of its own, since it is part of what
/// comes next.
fn spans(clock: &Clock, spans: &[(Time, Option<Time>)], what: &str, meanwhile: &str) -> Vec<Line> {
    let line = |at, text: String| Line { at, text: text + meanwhile, more: Vec::new() };
    let over: Vec<(Time, Time)> = spans.iter().filter_map(|(from, until)| Some((*from, (*until)?))).collect();
    let whole: Span = over.iter().map(|(from, until)| until.since(*from)).sum();
    let many = if over.len() > 1 { " in all" } else { "" };
    let ended = over.first().zip(over.last()).map(|(first, last)| {
        let times = times(clock, first.0, last.0, over.len());
        line(first.0, format!("{times}{what}, for {}{many}.", duration(whole)))
    });
    let open = spans.iter().find(|(_, until)| until.is_none());
    ended.into_iter().chain(open.map(|(at, _)| line(*at, format!("{what}.")))).collect()
}

/// Why equal decisions came out as they did.
fn reasons(clock: &Clock, run: &[&Decided]) -> String {
    let (Some(first), Some(last)) = (run.first(), run.last()) else { return String::new() };
    if first.verdict.decision != Decision::CanProceed {
        let names: Vec<&str> = first.refused_by().map(|index| POLICIES[index]).collect();
        return format!("{} must not proceed", names.join(", "));
    }
    if last.waits_for_its_moment() {
        return outlook(clock, last);
    }
    let scores = range(run.iter().map(|decided| decided.verdict.score), 3);
    let requests = 1 + run.windows(2).filter(|pair| pair[0].window != pair[1].window).count();
    if requests > 1 {
        let needed = range(run.iter().map(|decided| decided.threshold), 3);
        return format!("score {scores}, needs more than {needed} (over {requests} requests)");
    }
    let best = first
        .optimum
        .expected_at()
        .map_or_else(String::new, |best| format!(", {}", dial_from(clock, best, first.at)));
    let tenths = match (first.tenth, last.tenth) {
        (0, 0) => format!("before the best moment of its window{best}"),
        (0, tenth) => format!("from before the best moment of its window to tenth {tenth} after it"),
        (from, to) if from == to => format!("tenth {from} of its window after the best moment"),
        (from, to) => format!("tenth {from} to {to} of its window after the best moment"),
    };
    let needed = [first.threshold, last.threshold].map(|threshold| trimmed(threshold, 3));
    let needed = if needed[0] == needed[1] { needed[0].clone() } else { needed.join(" falling to ") };
    format!("score {scores}, needs more than {needed} ({tenths})")
}

/// What the request waits for, whatever its score.
fn outlook(clock: &Clock, decided: &Decided) -> String {
    let waits_for = match decided.optimum.outlook {
        Outlook::Expected => "no score can suffice before the best moment of its window",
        Outlook::Hoped => "it waits for the least unlikely moment of its window",
        Outlook::LastUse => "no moment stands out, so it waits for the time of day of the last use",
        Outlook::Unknown => "nothing is known of the client's use, so it waits until the client is opened",
    };
    let best = decided.optimum.expected_at().map(|best| dial_from(clock, best, decided.at));
    std::iter::once(waits_for.to_string()).chain(best).collect::<Vec<_>>().join(", ")
}

/// The answer and weight of every policy; those that are satisfied throughout are counted.
fn policies(run: &[&Decided]) -> String {
    let mut parts = Vec::new();
    for (index, name) in POLICIES.iter().enumerate() {
        let answers = run.iter().map(|decided| decided.answers[index]);
        let worst = answers.clone().map(|(answer, _)| answer.decision).max();
        let Some((_, weight)) = answers.clone().next() else { continue };
        if worst.is_some_and(|worst| worst > Decision::CanProceed) {
            parts.push(format!("{name} must not proceed"));
        } else if answers.clone().any(|(answer, _)| answer.score < 1.0) {
            let scores = range(answers.map(|(answer, _)| answer.score), 2);
            parts.push(format!("{name} {scores} × {}", trimmed(weight, 2)));
        }
    }
    let satisfied = POLICIES.len() - parts.len();
    parts.push(format!("{satisfied} others 1"));
    parts.join(", ") + "."
}

fn range(values: impl Iterator<Item = f64> + Clone, decimals: usize) -> String {
    let low = trimmed(values.clone().fold(f64::INFINITY, f64::min), decimals);
    let high = trimmed(values.fold(f64::NEG_INFINITY, f64::max), decimals);
    if low == high { low } else { format!("{low} to {high}") }
}
