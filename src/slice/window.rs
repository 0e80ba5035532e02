//! Windows of time: their days, weeks and the spans between dated events.

use crate::clock::Clock;
use crate::event::{Event, What};
use crate::scenario::Scenario;
use crate::time::{Span, Time};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

/// From one instant up to but not including another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Window {
    /// Its first instant.
    pub from: Time,
    /// The first instant after it.
    pub until: Time,
}

impl Window {
    /// The measured span of a scenario.
    pub fn measured(scenario: &Scenario) -> Window {
        Window { from: scenario.start, until: scenario.end }
    }

    /// Whether it holds an instant.
    pub fn holds(self, at: Time) -> bool {
        self.from <= at && at < self.until
    }

    /// How long it is.
    pub fn length(self) -> Span {
        self.until.since(self.from)
    }

    /// As much of it as lies in another; nothing where they have nothing in common.
    fn meet(self, other: Window) -> Option<Window> {
        let both = Window { from: self.from.max(other.from), until: self.until.min(other.until) };
        (both.from < both.until).then_some(both)
    }
}

/// The measured span cut at some instants.
fn cut_at(scenario: &Scenario, instants: impl IntoIterator<Item = Time>) -> Vec<Window> {
    let measured = Window::measured(scenario);
    let mut edges: Vec<Time> =
        instants.into_iter().filter(|at| *at > measured.from && *at < measured.until).collect();
    edges.extend([measured.from, measured.until]);
    edges.sort_unstable();
    edges.dedup();
    edges.windows(2).map(|edge| Window { from: edge[0], until: edge[1] }).collect()
}

/// The local days of the measured span, or its weeks, each by the date of its first day.
pub(super) fn calendar(scenario: &Scenario, weeks: bool) -> Vec<(String, Window)> {
    let clock = &scenario.clock;
    let day_of = |at: Time| clock.local(at).day;
    let begins = |day: &u32| !weeks || clock.weekday(*day).index() == 0;
    let days = day_of(scenario.start)..=day_of(scenario.end) + 1;
    let windows = cut_at(scenario, days.filter(begins).map(|day| clock.at(day, Span::ZERO)));
    let named = |window: Window| {
        let date = clock.wall(window.from).date();
        let back = if weeks { clock.weekday(day_of(window.from)).index() as i64 } else { 0 };
        let first = date.checked_sub(jiff::Span::new().days(back)).unwrap_or(date);
        (first.to_string(), window)
    };
    windows.into_iter().map(named).collect()
}

/// The dated events of a scenario, each from its first turn, on whatever clock, until its last is over.
fn events(scenario: &Scenario) -> Vec<(String, Window)> {
    let of = |event: &Event| {
        let concerned = scenario.fleet.groups.iter().filter(|group| event.below.contains_key(&group.name));
        let begins: Vec<Time> = concerned.filter_map(|group| event.at.on(&group.clock)).collect();
        let lasts = match event.what {
            What::Offline(length) | What::Travel(_, length) => length,
            What::NoPush(length) => length.unwrap_or(Span::ZERO),
            What::Restart | What::Retire(_) | What::Charge(_) | What::Publish(_) => Span::ZERO,
        };
        let window =
            Window { from: *begins.iter().min()?, until: *begins.iter().max()? + event.over + lasts };
        Some((event.name.clone(), window))
    };
    scenario.dates.events.iter().filter_map(of).collect()
}

/// Whether an event has a part in the measured span, though it may begin before it or end after it.
fn is_measured(scenario: &Scenario, span: &Window) -> bool {
    span.until > scenario.start && span.from < scenario.end
}

/// Whether what happens on a date tells one part of the measured span from another: what was over when that began does
/// not.
pub fn dates_divide(scenario: &Scenario) -> bool {
    events(scenario).iter().any(|(_, span)| is_measured(scenario, span))
}

/// The spans before, in, between and after the dated events. One that happens to all in one instant has no span of
/// its own.
///
/// # Errors
/// If there are none.
pub(super) fn between_events(scenario: &Scenario) -> Result<Vec<(String, Window)>, String> {
    spans_between(scenario, events(scenario))
}

fn spans_between(
    scenario: &Scenario,
    mut events: Vec<(String, Window)>,
) -> Result<Vec<(String, Window)>, String> {
    events.retain(|(_, span)| is_measured(scenario, span));
    events.sort_by(|(a_name, a), (b_name, b)| a.cmp(b).then_with(|| a_name.cmp(b_name)));
    if events.is_empty() {
        return Err(
            "this scenario has no event in the measured span, so nothing is before or after one".into()
        );
    }
    let named = |window: Window| {
        let holds = |span: &Window| span.from <= window.from && window.until <= span.until;
        let within: Vec<&str> =
            events.iter().filter(|(_, span)| holds(span)).map(|(name, _)| name.as_str()).collect();
        // What begins or ends within a longer one cuts it.
        let cuts = |edge: fn(&Window) -> Time, at: Time, word: &str| {
            let cutting = events.iter().filter(|(_, span)| edge(span) == at && !holds(span));
            cutting.map(|(name, _)| format!(", {word} {name}")).collect::<String>()
        };
        let over = events.iter().filter(|(_, span)| span.until <= window.from);
        let before = over.max_by_key(|(_, span)| span.until).map(|(name, _)| name);
        let after = events.iter().find(|(_, span)| span.from >= window.until).map(|(name, _)| name);
        let name = match (before, after) {
            _ if !within.is_empty() => {
                let after = cuts(|span| span.until, window.from, "after");
                within.join(" and ") + &after + &cuts(|span| span.from, window.until, "before")
            }
            (None, Some(after)) => format!("before {after}"),
            (Some(before), Some(after)) => format!("{before} to {after}"),
            (before, None) => format!("after {}", before.map_or("", String::as_str)),
        };
        (name, window)
    };
    let edges = events.iter().flat_map(|(_, span)| [span.from, span.until]);
    Ok(cut_at(scenario, edges).into_iter().map(named).collect())
}

/// The instant that a text names: a date (its midnight) or a date with a time, on the wall of the scenario's zone
/// unless an offset is given.
///
/// # Errors
/// If it names none.
pub fn instant(text: &str, clock: &Clock) -> Result<Time, String> {
    let text = text.trim();
    let far = || format!("`{text}` is before the simulation begins");
    if let Ok(at) = text.parse::<Timestamp>() {
        return clock.from_unix_ms(at.as_millisecond()).ok_or_else(far);
    }
    let midnight = |date: Date| date.to_datetime(jiff::civil::Time::midnight());
    let wall = text.parse::<DateTime>().or_else(|_| text.parse::<Date>().map(midnight));
    let wall = wall.map_err(|_| {
        format!(
            "`{text}` is no instant; write for example 2026-03-04, 2026-03-04T14:05 or 2026-03-04T14:05+01:00"
        )
    })?;
    clock.from_wall(wall).ok_or_else(far)
}

/// The part of the measured span from one instant up to another, each where it is given.
///
/// # Errors
/// If nothing of the measured span lies there.
pub fn within(
    scenario: &Scenario,
    from: Option<Time>,
    until: Option<Time>,
) -> Result<Option<Window>, String> {
    if from.is_none() && until.is_none() {
        return Ok(None);
    }
    let measured = Window::measured(scenario);
    let asked = Window { from: from.unwrap_or(measured.from), until: until.unwrap_or(measured.until) };
    let shown = |at: Time| scenario.clock.wall(at).strftime("%Y-%m-%d %H:%M").to_string();
    asked.meet(measured).map(Some).ok_or_else(|| {
        format!(
            "nothing of the measured span, which is from {} to {}, lies there",
            shown(measured.from),
            shown(measured.until)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{SourceText, read};

    fn scenario(text: &str) -> Scenario {
        let source = SourceText { label: "test".into(), text: text.into() };
        read(source, &[], &mut |_, _| Err("alone".into())).unwrap()
    }

    #[test]
    fn days_and_weeks_follow_the_wall_and_cover_the_measured_span() {
        // From Wednesday noon over the change of the clock on Sunday the 29th.
        let scenario = scenario("start = '2026-03-25T12:00:00'\nwarmup = '3d'\nmeasure = '7d'\n");
        let days = calendar(&scenario, false);
        let names: Vec<&str> = days.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!((names[0], names[4], names.len()), ("2026-03-25", "2026-03-29", 8));
        let hours: Vec<f64> = days.iter().map(|(_, day)| day.length().secs_f64() / 3600.0).collect();
        assert_eq!(hours, [12.0, 24.0, 24.0, 24.0, 23.0, 24.0, 24.0, 13.0]);
        let weeks = calendar(&scenario, true);
        let names: Vec<&str> = weeks.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["2026-03-23", "2026-03-30"]);
        for windows in [days, weeks] {
            assert_eq!(windows[0].1.from, scenario.start);
            assert_eq!(windows[windows.len() - 1].1.until, scenario.end);
            assert!(windows.windows(2).all(|pair| pair[0].1.until == pair[1].1.from));
        }
    }

    #[test]
    fn events_cut_the_span_in_order_of_time_and_those_outside_do_not() {
        let scenario = scenario("measure = '7d'\nwarmup = '1d'\n");
        let at = |hours: u64| scenario.start + Span::hours(hours);
        let named = |name: &str, at: Time| (name.to_string(), Window { from: at, until: at });
        let events = vec![named("b", at(48)), named("a", at(24)), named("late", scenario.end)];
        let spans = spans_between(&scenario, events).unwrap();
        let names: Vec<&str> = spans.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["before a", "a to b", "after b"]);
        assert_eq!((spans[1].1.from, spans[1].1.until), (at(24), at(48)));
        let long = Window { from: at(24), until: at(36) };
        let spans = spans_between(&scenario, vec![("trip".into(), long)]).unwrap();
        let names: Vec<&str> = spans.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!((names, spans[1].1), (vec!["before trip", "trip", "after trip"], long));
        assert!(between_events(&scenario).unwrap_err().contains("has no event"));
    }

    #[test]
    fn what_cuts_an_event_tells_its_parts_apart() {
        let scenario = scenario("measure = '7d'\nwarmup = '1d'\n");
        let of = |name: &str, from: u64, until: u64| {
            let at = |hours: u64| scenario.start + Span::hours(hours);
            (name.to_string(), Window { from: at(from), until: at(until) })
        };
        let names = |events: Vec<(String, Window)>| -> Vec<String> {
            spans_between(&scenario, events).unwrap().into_iter().map(|(name, _)| name).collect()
        };
        let two = names(vec![of("trip", 0, 100), of("outage", 48, 60), of("fri", 70, 70)]);
        let wanted = [
            "trip, before outage",
            "trip and outage",
            "trip, after outage, before fri",
            "trip, after fri",
            "after trip",
        ];
        assert_eq!(two, wanted);
        let mut rng = crate::random::Streams::new(3, "typical", 0).stream("spans");
        for _ in 0..2000 {
            let mut hours = || crate::random::RngExt::random_range(&mut rng, 0..12_u64);
            let events = ["a", "b", "c", "d"].map(|name| {
                let [one, other] = [hours(), hours()];
                of(name, one.min(other), one.max(other))
            });
            let mut all = names(events.to_vec());
            let many = all.len();
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len(), many, "{events:?}");
        }
    }

    #[test]
    fn instants_are_on_the_wall_of_the_scenario_or_have_an_offset() {
        let scenario = scenario("warmup = '1d'\nmeasure = '3d'\n");
        let clock = &scenario.clock;
        let read = |text: &str| instant(text, clock);
        assert_eq!(read("2026-03-02"), Ok(scenario.start));
        assert_eq!(read("2026-03-02T01:30"), Ok(scenario.start + Span::from_secs(5400)));
        assert_eq!(read("2026-03-02 01:30"), read("2026-03-02T00:30Z"));
        assert_eq!(read("2026-03-02T03:30+03:00"), read("2026-03-02T00:30Z"));
        assert!(read("2025-01-01").unwrap_err().contains("before the simulation"));
        assert!(read("soon").unwrap_err().contains("is no instant"));
        let day = Span::DAY;
        let late = within(&scenario, Some(scenario.start + day), None).unwrap().unwrap();
        assert_eq!(late, Window { from: scenario.start + day, until: scenario.end });
        assert_eq!(within(&scenario, None, None), Ok(None));
        assert!(within(&scenario, Some(scenario.end), None).unwrap_err().contains("2026-03-05 00:00"));
    }
}
