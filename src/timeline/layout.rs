//! A timeline laid out as trace viewers show it: named rows from top to bottom, holding slices,
//! instants or a counter, with arguments, and flows from mail to what told of it.
//!
//! Time is virtual: it starts at 0 where the timeline does. The first row says which wall time that
//! is, and shows the days and hours of the wall.

use super::{Checked, Counter, Lane, Mail, Moment, Notice, State, Timeline, Track, is_of_push};
use crate::client::DelayCause;
use crate::clock::utc;
use crate::device::scheduler::{Decided, POLICIES};
use crate::record::Said;
use crate::signal::{CheckResult, ExtensionFailure, KeyFailure, KeySource, PushStage, Signal};
use crate::time::{Span, Time};
use std::iter::Peekable;

/// A timeline as rows. What they hold is made as it is taken: all of it at once would be larger than the trace.
pub struct Layout<'a> {
    /// Tells this device from others in one view.
    pub id: u64,
    /// What stands above the rows.
    pub name: String,
    /// Which wall time 0 is.
    pub zero: String,
    /// The rows, from top to bottom.
    pub rows: Vec<Row<'a>>,
}

/// One row.
pub struct Row<'a> {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub content: Content<'a>,
}

/// What a row holds.
pub enum Content<'a> {
    /// Slices and instants in order of time. A slice lies within the one before it or after its end.
    Items(Made<'a, Item>),
    /// Samples of a quantity: its unit, and its value from each millisecond on.
    Samples(&'static str, Made<'a, (u64, f64)>),
}

/// Things that are made one after the other.
pub type Made<'a, T> = Box<dyn Iterator<Item = T> + 'a>;

/// What is made in several places in order of time, as one; of one instant that of the first place comes first.
pub(super) fn in_order<'a, T: 'a>(
    places: impl IntoIterator<Item = Made<'a, T>>,
    at: impl Fn(&T) -> u64 + 'a,
) -> Made<'a, T> {
    let mut places: Vec<_> = places.into_iter().map(Iterator::peekable).collect();
    Box::new(std::iter::from_fn(move || {
        let next = |place: &mut Peekable<Made<'a, T>>| place.peek().map(&at);
        let firsts = places.iter_mut().enumerate().filter_map(|(place, made)| Some((next(made)?, place)));
        let (_, place) = firsts.min()?;
        places[place].next()
    }))
}

/// A slice or an instant.
#[derive(Clone, PartialEq, Debug)]
pub struct Item {
    /// When it begins, in milliseconds from the start of the timeline.
    pub at: u64,
    /// How long it lasts in milliseconds; `None` for an instant.
    pub length: Option<u64>,
    /// Its name.
    pub name: String,
    /// More about it.
    pub args: Args,
    /// The mail it belongs to, each as a flow that other items share.
    pub flows: Vec<u64>,
}

/// Names and values.
pub type Args = Vec<(&'static str, Arg)>;

/// The value of an argument.
#[derive(Clone, PartialEq, Debug)]
pub enum Arg {
    /// A word or an instant.
    Text(String),
    /// A whole number.
    Whole(u64),
    /// Any other number.
    Number(f64),
    /// Yes or no.
    Flag(bool),
    /// Arguments that belong together.
    Group(Args),
}

impl From<&str> for Arg {
    fn from(text: &str) -> Arg {
        Arg::Text(text.into())
    }
}

impl From<u64> for Arg {
    fn from(number: u64) -> Arg {
        Arg::Whole(number)
    }
}

impl<'a> Row<'a> {
    fn items(name: &str, items: impl Iterator<Item = Item> + 'a) -> Row<'a> {
        Row { name: name.into(), content: Content::Items(Box::new(items)) }
    }
}

impl Item {
    fn instant(at: u64, name: impl Into<String>, args: Args) -> Item {
        Item { at, length: None, name: name.into(), args, flows: Vec::new() }
    }

    fn slice(at: u64, until: u64, name: impl Into<String>, args: Args) -> Item {
        Item { length: Some(until - at), ..Item::instant(at, name, args) }
    }
}

impl Timeline {
    /// Orders the timeline in rows.
    pub fn layout(&self) -> Layout<'_> {
        let zero = format!("{} in {}", self.clock.wall(self.from).strftime("%a %F %T"), self.time_zone);
        let mut rows = vec![
            Row::items(&format!("wall clock (0 is {zero})"), self.calendar().into_iter()),
            Row::items("mail arrives", self.arrivals()),
            self.state_row(&self.tracks[Lane::InTheWay as usize]),
        ];
        let mut pushes = self.pushes().peekable();
        if pushes.peek().is_some() {
            rows.push(Row::items("pushes", pushes));
        }
        rows.extend([Row::items("notifications", self.told()), Row::items("checks", self.checked())]);
        rows.extend(self.tracks[1..].iter().map(|track| self.state_row(track)));
        let systems = |signal| !is_users(signal) && !is_schedulers(signal) && !is_of_push(signal);
        rows.push(Row::items("user", self.moments_of(is_users)));
        rows.push(Row::items("system", self.moments_of(systems)));
        rows.push(Row::items("scheduler", self.scheduler()));
        rows.extend(self.counters.iter().map(|counter| self.counter_row(counter)));
        let name = format!("device {} ({}) · {}", self.device, self.holder, self.scenario);
        Layout { id: u64::from(self.device) + 1, name, zero, rows }
    }

    /// Milliseconds from the start; what lies outside the span stands at its edge.
    fn ms(&self, at: Time) -> u64 {
        at.min(self.until).since(self.from).ms()
    }

    fn instant(&self, at: Time) -> Arg {
        Arg::Text(utc(self.clock.unix_ms(at)))
    }

    /// Days, and within them hours, as the clock on the wall shows them.
    fn calendar(&self) -> Vec<Item> {
        let (clock, mut items) = (&self.clock, Vec::new());
        let last = clock.local(self.until.back(Span::from_ms(1))).day;
        for day in clock.local(self.from).day..=last {
            let (midnight, next) = (clock.at(day, Span::ZERO), clock.at(day + 1, Span::ZERO));
            let name = clock.wall(midnight).strftime("%a %F").to_string();
            items.push(Item::slice(self.ms(midnight), self.ms(next), name, Vec::new()));
            let mut hour = midnight;
            while hour < next {
                // Whole hours of the dial: clocks change by whole hours, or by half of one.
                let past = clock.local(hour).dial().ms() % Span::HOUR.ms();
                let until = (hour + Span::from_ms(Span::HOUR.ms() - past)).min(next);
                let (at, until_ms) = (self.ms(hour), self.ms(until));
                if at < until_ms {
                    let name = clock.wall(hour).strftime("%H:%M").to_string();
                    items.push(Item::slice(at, until_ms, name, Vec::new()));
                }
                hour = until;
            }
        }
        items
    }

    /// While no mail waits, nothing is in its way: that row is empty then.
    fn state_row<'a>(&'a self, track: &'a Track) -> Row<'a> {
        let shown = track.slices.iter().filter(|slice| slice.state != State::InTheWay(None));
        let item = move |slice: &super::Slice| {
            Item::slice(self.ms(slice.from), self.ms(slice.until), slice.state.name(), Vec::new())
        };
        Row::items(track.lane.name(), shown.map(item))
    }

    /// The flow of a mail, where at least two of its steps are shown.
    fn flow(&self, mail: &Mail) -> Option<u64> {
        let heard = mail.heard.is_some();
        let steps = [self.shows(mail.row.arrived), heard, mail.check.is_some(), mail.notice.is_some()];
        // Unlike between devices, since several may be looked at together.
        (steps.into_iter().filter(|is_shown| *is_shown).count() > 1)
            .then(|| ((u64::from(self.device) + 1) << 32) | (u64::from(mail.row.mail) + 1))
    }

    /// The flows that pass each of so many steps.
    fn flows(&self, steps: usize, step: impl Fn(&Mail) -> Option<usize>) -> Vec<Vec<u64>> {
        let mut flows = vec![Vec::new(); steps];
        for mail in &self.mails {
            if let (Some(place), Some(flow)) = (step(mail), self.flow(mail)) {
                flows[place].push(flow);
            }
        }
        flows
    }

    fn arrivals(&self) -> impl Iterator<Item = Item> {
        self.mails.iter().filter(|mail| self.shows(mail.row.arrived)).map(|mail| self.arrival(mail))
    }

    fn arrival(&self, mail: &Mail) -> Item {
        let row = &mail.row;
        let mut args: Args = vec![("outcome", row.outcome.name().into())];
        args.extend(mail.number.map(|number| ("mail", u64::from(number).into())));
        args.extend(row.signalled.map(|at| ("signalled", self.instant(at))));
        args.extend(row.told.map(|told| ("told", self.instant(told))));
        args.extend(row.told.map(|told| ("latency_ms", (told - row.arrived).ms().into())));
        args.extend(row.by.map(|by| ("by", by.name().into())));
        args.extend(row.held_back.map(|at| ("held_back", self.instant(at))));
        args.push(("in_working_hours", Arg::Flag(row.in_hours)));
        let causes = DelayCause::ALL.into_iter().zip(row.causes_ms);
        let causes: Args =
            causes.filter(|(_, ms)| *ms > 0).map(|(cause, ms)| (cause.name(), ms.into())).collect();
        if !causes.is_empty() {
            args.push(("delay_causes_ms", Arg::Group(causes)));
        }
        let name = mail.number.map_or_else(|| "mail".into(), |number| format!("mail {number}"));
        Item {
            flows: self.flow(mail).into_iter().collect(),
            ..Item::instant(self.ms(row.arrived), name, args)
        }
    }

    fn checked(&self) -> impl Iterator<Item = Item> {
        let flows = self.flows(self.checks.len(), |mail| mail.check);
        let item = move |(checked, flows): (&Checked, Vec<u64>)| {
            let Checked { at, check, lock, ended } = checked;
            let (until, result) = ended.map_or((self.until, None), |(until, result)| (until, Some(result)));
            let result_name = result.map_or("running", CheckResult::name);
            let found = if let Some(CheckResult::NewMail(mails)) = result { mails } else { 0 };
            let args = vec![
                ("trigger", check.trigger.name().into()),
                ("process", if check.launched { "launched" } else { "resumed" }.into()),
                ("lock", lock.name().into()),
                ("key", check.key.map_or_else(KeyFailure::name, KeySource::name).into()),
                ("result", result_name.into()),
                ("new_mails", u64::from(found).into()),
            ];
            let name = format!("{} {result_name}", check.trigger.name());
            Item { flows, ..Item::slice(self.ms(*at), self.ms(until), name, args) }
        };
        self.checks.iter().zip(flows).map(item)
    }

    /// What becomes of each push, with the extension's failure and what the client is woken by.
    fn pushes(&self) -> impl Iterator<Item = Item> {
        let of_push = self.moments.iter().filter(|moment| is_of_push(moment.signal));
        let item = move |moment: &Moment| match moment.signal {
            Signal::Push(push) => {
                let place = self.mails.binary_search_by_key(&push.mail, |mail| mail.row.mail);
                let mail = place.ok().map(|place| &self.mails[place]);
                let number = mail.and_then(|mail| mail.number);
                let sent = mail.filter(|mail| push.stage == PushStage::Sent && self.shows(mail.row.arrived));
                Item {
                    flows: sent.and_then(|mail| self.flow(mail)).into_iter().collect(),
                    ..Item::instant(
                        self.ms(moment.at),
                        push.stage.name(),
                        number.map(|number| ("mail", u64::from(number).into())).into_iter().collect(),
                    )
                }
            }
            _ => self.moment(moment),
        };
        of_push.map(item)
    }

    fn told(&self) -> impl Iterator<Item = Item> {
        let told = self.flows(self.notices.len(), |mail| mail.notice);
        let heard = self.flows(self.notices.len(), |mail| mail.heard);
        let flows = told.into_iter().zip(heard).map(|(told, heard)| [told, heard].concat());
        let item = move |(notice, flows): (&Notice, Vec<u64>)| {
            let did = match notice.says {
                _ if notice.held_back => "held back:",
                Said::Content => "notification of",
                Said::Generic => "that something came:",
                Said::Late => "late notification of",
            };
            let mails = if notice.mails == 1 { "1 mail".into() } else { format!("{} mails", notice.mails) };
            let mut args = vec![("mails", u64::from(notice.mails).into())];
            args.extend(notice.failure.map(|why| ("extension_failure", ExtensionFailure::name(why).into())));
            Item { flows, ..Item::instant(self.ms(notice.at), format!("{did} {mails}"), args) }
        };
        self.notices.iter().zip(flows).map(item)
    }

    fn moments_of<'a>(&'a self, of: impl Fn(Signal) -> bool + 'a) -> impl Iterator<Item = Item> + 'a {
        self.moments.iter().filter(move |moment| of(moment.signal)).map(|moment| self.moment(moment))
    }

    fn moment(&self, moment: &Moment) -> Item {
        let (name, args) = match moment.signal.words(&self.clock) {
            // A process that ends is named by why.
            ("process", why) => (why, Vec::new()),
            (word, detail) if detail.is_empty() => (word.into(), Vec::new()),
            (word, detail) => (word.into(), vec![("detail", Arg::Text(detail))]),
        };
        Item::instant(self.ms(moment.at), name, args)
    }

    /// Decisions with their reasons, among what led to them. Where the scheduler decides nothing, the
    /// wakes are all there is.
    fn scheduler(&self) -> Made<'_, Item> {
        let decides = !self.decisions.is_empty();
        let shown =
            move |signal| is_schedulers(signal) && !(decides && matches!(signal, Signal::RefreshLaunched(_)));
        let decisions = self.decisions.iter().map(|decided| self.decision(decided));
        let both: [Made<'_, Item>; 2] = [Box::new(self.moments_of(shown)), Box::new(decisions)];
        in_order(both, |item| item.at)
    }

    fn decision(&self, decided: &Decided) -> Item {
        let policy = |(name, (answer, weight)): (&&'static str, (crate::device::scheduler::Answer, f64))| {
            let args = vec![
                ("decision", answer.decision.name().into()),
                ("score", Arg::Number(answer.score)),
                ("weight", Arg::Number(weight)),
            ];
            (*name, Arg::Group(args))
        };
        let mut args = vec![
            ("decision", decided.verdict.decision.name().into()),
            ("score", Arg::Number(decided.verdict.score)),
            ("threshold", Arg::Number(decided.threshold)),
            ("earliest", self.instant(decided.window.earliest)),
            ("deadline", self.instant(decided.window.deadline)),
        ];
        if !decided.runs {
            args.extend(decided.again.map(|again| ("again", self.instant(again))));
        }
        let policies = POLICIES.iter().zip(decided.answers).map(policy).collect();
        args.push(("policies", Arg::Group(policies)));
        Item::instant(self.ms(decided.at), if decided.runs { "granted" } else { "refused" }, args)
    }

    fn counter_row<'a>(&'a self, counter: &'a Counter) -> Row<'a> {
        let samples = Box::new(counter.samples.iter().map(|(at, value)| (self.ms(*at), *value)));
        let name = format!("{} ({})", counter.name, counter.unit);
        Row { name, content: Content::Samples(counter.unit, samples) }
    }
}

fn is_users(signal: Signal) -> bool {
    matches!(signal, Signal::PickedUp(_) | Signal::ClientOpened(_) | Signal::ForceQuit)
}

fn is_schedulers(signal: Signal) -> bool {
    matches!(
        signal,
        Signal::RefreshRequested(_)
            | Signal::RefreshCancelled
            | Signal::RefreshLaunched(_)
            | Signal::UnusedApp(_)
            | Signal::BudgetDenies(_)
    )
}
