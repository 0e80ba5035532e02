//! The chart of one device's day, from its timeline.

use super::cause_looks::words;
use super::charts::Heading;
use super::charts::day::{CameTo, Day, DayCheck, DayMail, Fate, Meter, Segment, Strip, Tick};
use super::day_pushes::{ByMail, pushed};
use super::day_words::{state, strip};
use super::human::{count, duration, trimmed};
use super::labels::{letters, shortened};
use super::terms::Terms;
use crate::client::DelayCause;
use crate::record::{MailRow, Outcome};
use crate::scenario::Scenario;
use crate::signal::{CheckResult, ToldBy};
use crate::time::{Span, Time};
use crate::timeline::{Checked, Mail, Notice, Timeline, Track, whole_day};

/// The longest title that fits the sheet.
const TITLE: usize = 72;

/// The first local day of a timeline. `label` names the scenario, or the arm of a comparison.
pub fn day_chart(scenario: &Scenario, label: &str, timeline: &Timeline) -> Day {
    let (midnight, next) = whole_day(&timeline.clock, timeline.from);
    let until = timeline.until.min(next);
    let (pushed, by_mail) = pushed(timeline, midnight, until).unzip();
    let by_mail = by_mail.unwrap_or_default();
    let builder = Builder { scenario, timeline, midnight, next, until, by_mail };
    Day {
        heading: Heading { title: builder.title(), subtitle: builder.subtitle(label) },
        why: builder.why(),
        length_ms: (next - midnight).ms(),
        shown_ms: [builder.ms(timeline.from), builder.ms(builder.until)],
        ticks: builder.ticks(),
        working_hours: builder.working_hours(),
        mails: builder.mails().map(|mail| builder.mail(mail)).collect(),
        checks: timeline
            .checks
            .iter()
            .filter(|check| check.at < next)
            .map(|check| builder.check(check))
            .collect(),
        strips: timeline.tracks.iter().map(|track| builder.strip(track)).collect(),
        lines: builder.lines(),
        is_observed: false,
        pushed,
    }
}

struct Builder<'a> {
    scenario: &'a Scenario,
    timeline: &'a Timeline,
    midnight: Time,
    next: Time,
    until: Time,
    /// The push of each mail, where there are pushes.
    by_mail: ByMail,
}

impl Builder<'_> {
    /// Milliseconds from midnight.
    fn ms(&self, at: Time) -> u64 {
        at.min(self.until).since(self.midnight).ms()
    }

    fn shows(&self, at: Time) -> bool {
        (self.timeline.from..self.until).contains(&at)
    }

    /// The mail that arrived on the day or waited in it.
    fn mails(&self) -> impl Iterator<Item = &Mail> {
        self.timeline.mails.iter().filter(|mail| mail.row.arrived < self.until)
    }

    fn arrived(&self) -> impl Iterator<Item = &Mail> {
        self.mails().filter(|mail| self.shows(mail.row.arrived))
    }

    /// What became of the day's mail, by the end of the day; and how long the slowest waited, however
    /// long that was.
    fn title(&self) -> String {
        let many = self.arrived().count();
        if many == 0 {
            return "No mail arrived that day".into();
        }
        let told_today = |mail: &&Mail, outcome| {
            mail.row.outcome == outcome && mail.row.told.is_some_and(|at| at < self.until)
        };
        let of = |outcome| self.arrived().filter(|mail| told_today(mail, outcome)).count();
        let (notified, opened) = (of(Outcome::Notified), of(Outcome::OnOpen));
        let number = |number: usize| count(number as u64);
        let heard = |mail: &&Mail| mail.row.signalled.is_some_and(|at| at < self.until);
        let signalled = match self.arrived().filter(heard).count() {
            0 => String::new(),
            some => format!(", {} signalled first", number(some)),
        };
        let parts = [
            (notified, "notified"),
            (opened, "seen on opening"),
            (many - notified - opened, "not told that day"),
        ];
        let title = match parts.into_iter().filter(|part| part.0 > 0).collect::<Vec<_>>()[..] {
            [(1, what)] => format!("1 mail{signalled}, {what}"),
            [(_, "not told that day")] => format!("{} mails{signalled}, none told that day", number(many)),
            [(_, what)] => format!("{} mails{signalled}, all {what}", number(many)),
            ref parts => {
                let parts = parts.iter().map(|(some, what)| format!("{} {what}", number(*some)));
                format!("{} mails{signalled}: {}", number(many), parts.collect::<Vec<_>>().join(", "))
            }
        };
        let short = title.replace("seen on opening", "on opening");
        let shortest = short.replace("not told that day", "not told");
        let longest = self.slowest().map_or_else(String::new, |wait| format!("; longest wait {wait}"));
        // Where the longest wait finds no room here, the sentence below tells it.
        let titles = [format!("{title}{longest}"), title, short];
        titles.into_iter().find(|title| letters(title) <= TITLE).unwrap_or(shortest)
    }

    /// How long the slowest mail of the day waited.
    fn slowest(&self) -> Option<String> {
        let row = self.arrived().map(|mail| mail.row).max_by_key(MailRow::wait)?;
        Some(format!("{}{}", if row.told.is_none() { "over " } else { "" }, duration(row.wait())))
    }

    /// What the waiting of the day's mail was for, over all of it.
    fn why(&self) -> String {
        let mut causes: Vec<(DelayCause, u64)> =
            DelayCause::ALL.into_iter().map(|cause| (cause, 0)).collect();
        for mail in self.arrived() {
            causes.iter_mut().zip(mail.row.causes_ms).for_each(|(cause, ms)| cause.1 += ms);
        }
        let whole: u64 = causes.iter().map(|cause| cause.1).sum();
        if whole == 0 {
            return String::new();
        }
        causes.sort_by_key(|cause| std::cmp::Reverse(cause.1));
        // What is nearly all never reads as all.
        let percent = |ms: u64| match ms as f64 * 100.0 / whole as f64 {
            most if most > 99.0 && ms < whole => "> 99".into(),
            some => trimmed(some, 0),
        };
        // More find no room in a line.
        let named = causes.iter().filter(|cause| cause.1 as f64 >= whole as f64 / 100.0).take(3);
        let terms = self.terms(self.timeline.from);
        let named = named.map(|(cause, ms)| format!("{} % {}", percent(*ms), words(*cause, terms)));
        let longest = self.slowest().filter(|wait| !self.title().ends_with(wait.as_str()));
        let longest = longest.map_or_else(String::new, |wait| format!(" The longest wait was {wait}."));
        format!("Of all the waiting: {}.{longest}", named.collect::<Vec<_>>().join(", "))
    }

    fn subtitle(&self, label: &str) -> String {
        let Timeline { device, holder, clock, time_zone, .. } = self.timeline;
        let date = clock.wall(self.midnight).strftime("%A %F").to_string();
        let hours = match (self.next - self.midnight).ms().abs_diff(Span::DAY.ms()) {
            0 => String::new(),
            _ => format!(", {} long: the clock changes", duration(self.next - self.midnight)),
        };
        let label = shortened(label, 60);
        format!("{label} · device {device} ({holder}) · {date} · {time_zone}{hours}")
    }

    fn ticks(&self) -> Vec<Tick> {
        let clock = &self.timeline.clock;
        let day = clock.local(self.midnight).day;
        let tick = |hour: u64| {
            let at = if hour == 24 { self.next } else { clock.at(day, Span::HOUR * hour) };
            Tick { ms: at.since(self.midnight).ms(), label: format!("{hour:02}") }
        };
        (0..=24).step_by(3).map(tick).collect()
    }

    /// To the minute, as scenarios write them.
    fn working_hours(&self) -> Vec<[u64; 2]> {
        let published = |at: Time| self.timeline.published_at(at).working_hours;
        // Where no hours hold at any time of the day, notifications are allowed at all of them.
        let changes = self.timeline.published.iter().map(|(at, _)| *at);
        let mut seen = changes.filter(|at| (self.midnight..self.next).contains(at)).chain([self.midnight]);
        if seen.all(|at| published(at).is_none()) {
            return Vec::new();
        }
        let length = (self.next - self.midnight).ms();
        let minute = Span::MINUTE.ms();
        let mut spans: Vec<[u64; 2]> = Vec::new();
        for from in (0..length).step_by(minute as usize) {
            let at = self.midnight + Span::from_ms(from);
            if published(at).is_some_and(|hours| !hours.contain(&self.timeline.clock, at)) {
                continue;
            }
            match spans.last_mut().filter(|span| span[1] == from) {
                Some(span) => span[1] += minute,
                None => spans.push([from, from + minute]),
            }
        }
        spans
    }

    /// The terms that the policy of an instant calls for.
    fn terms(&self, at: Time) -> Terms {
        Terms::of(self.timeline.policy_at(at))
    }

    /// The wall clock, with the date where it is another day.
    fn dial(&self, at: Time) -> String {
        let today = (self.midnight..self.next).contains(&at);
        self.timeline.clock.wall(at).strftime(if today { "%R" } else { "%F %R" }).to_string()
    }

    fn mail(&self, mail: &Mail) -> DayMail {
        let row = &mail.row;
        let fate = match row.outcome {
            Outcome::Notified if row.by.is_some_and(began_on_screen) => Fate::NotifiedAfterLeaving,
            Outcome::Notified if row.by.is_some_and(took_no_check) => Fate::Pushed,
            Outcome::Notified => Fate::Notified,
            Outcome::OnOpen => Fate::OnOpen,
            Outcome::Undelivered => Fate::Undelivered,
        };
        let told = match (row.told, fate) {
            (Some(at), Fate::OnOpen) => format!("seen on opening {}", self.dial(at)),
            (Some(at), _) => format!("notified {}", self.dial(at)),
            (None, _) => "never".into(),
        };
        let longest = DelayCause::ALL.into_iter().zip(row.causes_ms).max_by_key(|(_, ms)| *ms);
        let waited = match longest {
            Some((cause, ms)) if ms > 0 => {
                format!("{}, mostly {}", duration(row.wait()), words(cause, self.terms(row.arrived)))
            }
            _ => "not at all".into(),
        };
        let push = self.by_mail.get(&row.mail).copied();
        let signalled = row.signalled.map_or_else(String::new, |at| self.dial(at));
        DayMail {
            name: mail.number.map_or_else(|| "of the warm-up".into(), |number| count(number.into())),
            arrived_ms: self.shows(row.arrived).then(|| self.ms(row.arrived)),
            told_ms: row.told.filter(|at| self.shows(*at)).map(|at| self.ms(at)),
            fate,
            arrived: self.dial(row.arrived),
            told,
            waited,
            push: push.map(|push| push.place),
            signalled_ms: row.signalled.filter(|at| self.shows(*at)).map(|at| self.ms(at)),
            by_push: push.map(|push| [signalled, push.words.into()]),
        }
    }

    fn check(&self, checked: &Checked) -> DayCheck {
        let open = !checked.check.trigger.is_in_background();
        let of_check = |notice: &&Notice| notice.by.is_check() || notice.held_back;
        let mut notices = self.timeline.notices.iter().filter(of_check);
        let mut notice = |at: Time| notices.find(|notice| notice.at == at);
        let came_to = match checked.ended {
            Some((at, CheckResult::NewMail(_))) => match notice(at) {
                Some(notice) if notice.held_back => CameTo::HeldBack,
                Some(_) if open => CameTo::ToldAfterLeaving,
                Some(_) | None => CameTo::Told,
            },
            Some((_, CheckResult::NoMail)) | None => CameTo::Nothing,
            Some(_) => CameTo::Failed,
        };
        DayCheck { at_ms: self.ms(checked.at), open, came_to }
    }

    fn strip(&self, track: &Track) -> Strip {
        let shown = track.slices.iter().filter(|slice| slice.from < self.until);
        let segment = |slice: &crate::timeline::Slice| {
            let (state, tone) = state(slice.state, self.terms(slice.from))?;
            Some(Segment { from_ms: self.ms(slice.from), to_ms: self.ms(slice.until), state, tone })
        };
        Strip { name: strip(track.lane).into(), segments: shown.filter_map(segment).collect() }
    }

    /// The battery, and the energy budget as a share of its capacity.
    fn lines(&self) -> Vec<Meter> {
        let own = self.scenario.own(self.scenario.member(self.timeline.device));
        let capacity = own.sections.scheduler.energy_capacity;
        let line = |counter: &str, name: &str, whole: f64, steps: bool| {
            let counter = self.timeline.counters.iter().find(|found| found.name == counter)?;
            let samples = counter.samples.iter().filter(|(at, _)| *at <= self.until);
            let points = samples.map(|(at, value)| (self.ms(*at), value * 100.0 / whole)).collect();
            Some(Meter { name: name.into(), points, steps })
        };
        let battery = line("battery", "battery", 100.0, false);
        let energy = line("energy budget", "energy budget", capacity, true);
        battery.into_iter().chain(energy).collect()
    }
}

/// Whether the check that told of a mail began on the screen.
fn began_on_screen(by: ToldBy) -> bool {
    match by {
        ToldBy::UserLaunch | ToldBy::NetworkReturn => true,
        ToldBy::BackgroundRefresh | ToldBy::BackgroundPush | ToldBy::ClientOpen | ToldBy::HoursBegin => false,
        ToldBy::ServerText | ToldBy::Extension | ToldBy::SystemMail => false,
    }
}

/// Whether it tells of mail that no check has found.
fn took_no_check(by: ToldBy) -> bool {
    matches!(by, ToldBy::ServerText | ToldBy::Extension | ToldBy::SystemMail)
}
