//! A day of a phone by its own logs, in the form of the day chart: observed is what is shown, nothing is simulated.

use super::charts::Heading;
use super::charts::day::{CameTo, Day, DayCheck, Meter, Segment, Strip, Tick, Tone};
use super::day_words::state;
use super::human::count;
use super::terms::Terms;
use crate::import::{Entry, Gathered, Opening, Path, Run, Utc};
use crate::signal::{Lock, Network};
use crate::timeline::{Power, State};
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// A day of a log; `None` where it says nothing of it.
pub(super) fn observed_day(gathered: &Gathered, zone: &TimeZone, zone_name: &str, date: Date) -> Option<Day> {
    let midnight = |date: Date| Utc::from_ms(date.to_zoned(zone.clone()).ok()?.timestamp().as_millisecond());
    let [from, until] = gathered.covered()?;
    let (begins, ends) = (midnight(date)?, midnight(date.tomorrow().ok()?)?);
    let shown = [from.max(begins), until.min(ends)];
    let day = Builder { gathered, begins, shown };
    if shown[0] >= shown[1] {
        return None;
    }
    Some(Day {
        heading: Heading {
            title: day.title(),
            subtitle: format!("observed · {} · {zone_name}", date.strftime("%A %F")),
        },
        why: String::new(),
        length_ms: (ends.ms() - begins.ms()).unsigned_abs(),
        shown_ms: shown.map(|at| day.ms(at)),
        ticks: (0..=24).step_by(3).filter_map(|hour| tick(zone, date, hour, begins)).collect(),
        working_hours: Vec::new(),
        mails: Vec::new(),
        is_observed: true,
        pushed: None,
        checks: day.checks(),
        strips: day.strips(),
        lines: day.battery().into_iter().collect(),
    })
}

fn tick(zone: &TimeZone, date: Date, hour: i8, begins: Utc) -> Option<Tick> {
    let (date, at) = if hour == 24 { (date.tomorrow().ok()?, 0) } else { (date, hour) };
    let shown = date.at(at, 0, 0, 0).to_zoned(zone.clone()).ok()?.timestamp().as_millisecond();
    Some(Tick { ms: (shown - begins.ms()).unsigned_abs(), label: format!("{hour:02}") })
}

struct Builder<'a> {
    gathered: &'a Gathered,
    begins: Utc,
    shown: [Utc; 2],
}

impl Builder<'_> {
    fn ms(&self, at: Utc) -> u64 {
        (at.clamp(self.shown[0], self.shown[1]).ms() - self.begins.ms()).unsigned_abs()
    }

    fn shows(&self, at: Utc) -> bool {
        self.shown[0] <= at && at < self.shown[1]
    }

    fn title(&self) -> String {
        let log = &self.gathered.log;
        let runs = log.runs.of_one_source().filter(|entry| self.shows(entry.at));
        let openings = log.openings.of_one_source().filter(|entry| self.shows(entry.at));
        let times =
            |many: usize| if many == 1 { "once".into() } else { format!("{} times", count(many as u64)) };
        if self.gathered.client.is_none() {
            let runs = count(runs.count() as u64);
            return format!("{runs} background runs; apps were opened {}", times(openings.count()));
        }
        let runs = self.runs().filter(|entry| self.shows(entry.at)).count();
        let opened = self.openings().filter(|entry| self.shows(entry.at)).count();
        // That a log of it was not there is not that there was none.
        let meets = |[from, until]: [Utc; 2]| from < self.shown[1] && self.shown[0] < until;
        let knows_runs = runs > 0 || self.gathered.refreshes_known().is_some_and(|(_, span)| meets(span));
        let log = log.openings.source_where(|_| true).and_then(|source| self.gathered.covered_by(source));
        let knows_openings = opened > 0 || log.is_some_and(meets);
        match (knows_runs, knows_openings) {
            (true, true) => {
                format!("The client ran {} in the background, and was opened {}", times(runs), times(opened))
            }
            (true, false) => format!("The client ran {} in the background", times(runs)),
            (false, true) => format!("The client was opened {}; no log says when it ran", times(opened)),
            (false, false) => "No log says when the client ran or was opened".into(),
        }
    }

    fn runs(&self) -> impl Iterator<Item = &Entry<Run>> {
        self.gathered.log.runs.of_one_source_where(|run| self.gathered.is_client(run.app))
    }

    fn openings(&self) -> impl Iterator<Item = &Entry<Opening>> {
        self.gathered.log.openings.of_one_source_where(|opening| self.gathered.is_client(opening.app))
    }

    /// Runs of the client, and its openings.
    fn checks(&self) -> Vec<DayCheck> {
        let check = |at: Utc, open| DayCheck { at_ms: self.ms(at), open, came_to: CameTo::Nothing };
        let mut checks: Vec<DayCheck> = self
            .runs()
            .filter(|entry| self.shows(entry.at))
            .map(|entry| check(entry.at, false))
            .chain(self.openings().filter(|entry| self.shows(entry.at)).map(|entry| check(entry.at, true)))
            .collect();
        checks.sort_by_key(|check| check.at_ms);
        checks
    }

    fn strips(&self) -> Vec<Strip> {
        let log = &self.gathered.log;
        let of = |is: bool, on: (&str, Tone), off: (&str, Tone)| {
            let (state, tone) = if is { on } else { off };
            Some((state.to_owned(), tone))
        };
        let mut strips = vec![
            self.strip("screen", log.screen.of_one_source(), |on| {
                of(*on, ("on", Tone::Strong), ("off", Tone::Pale))
            }),
            self.strip("lock", log.locked.of_one_source(), |locked| {
                state(State::Lock(if *locked { Lock::Locked } else { Lock::Unlocked }), Terms::default())
            }),
            self.strip("network", log.network.of_one_source(), |path| {
                state(
                    State::Network(match path {
                        Path::Wifi => Network::Wifi,
                        Path::Cellular => Network::Cellular,
                        Path::None => Network::None,
                    }),
                    Terms::default(),
                )
            }),
            self.strip("power", log.charger.of_one_source(), |on| {
                state(State::Power(if *on { Power::Charger } else { Power::Battery }), Terms::default())
            }),
            self.strip("Low Power", log.low_power.of_one_source(), |on| {
                of(*on, ("on", Tone::Slate), ("off", Tone::Pale))
            }),
            self.strip("awake", log.awake.of_one_source(), |on| {
                of(*on, ("awake", Tone::Sand), ("asleep", Tone::Pale))
            }),
        ];
        strips.retain(|strip| !strip.segments.is_empty());
        strips
    }

    /// States, each until the next.
    fn strip<'a, T: PartialEq + 'a>(
        &self,
        name: &str,
        entries: impl Iterator<Item = &'a Entry<T>>,
        look: impl Fn(&T) -> Option<(String, Tone)>,
    ) -> Strip {
        let mut segments: Vec<Segment> = Vec::new();
        for entry in entries.filter(|entry| entry.at < self.shown[1]) {
            let Some((state, tone)) = look(&entry.what) else { continue };
            let from_ms = self.ms(entry.at);
            match segments.last_mut() {
                Some(last) if last.tone == tone => continue,
                Some(last) => last.to_ms = from_ms,
                None => {}
            }
            segments.push(Segment { from_ms, to_ms: self.ms(self.shown[1]), state, tone });
        }
        // What held before the day is none of it.
        segments.retain(|segment| segment.from_ms < segment.to_ms);
        Strip { name: name.into(), segments }
    }

    fn battery(&self) -> Option<Meter> {
        let levels = self.gathered.log.battery.of_one_source().filter(|entry| self.shows(entry.at));
        let points: Vec<(u64, f64)> = levels.map(|entry| (self.ms(entry.at), entry.what)).collect();
        (!points.is_empty()).then(|| Meter { name: "battery".into(), points, steps: false })
    }
}
