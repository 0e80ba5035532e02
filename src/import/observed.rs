//! What the logs of a phone can hold against the model, as `bgsim observe` reads it.

use super::gathered::Gathered;
use super::kinds::{Counter, ExitReason};
use super::sessions::stretches;
use super::stamp::Utc;
use super::text::SCENARIO;

/// Of an interval of 90 % each end.
const END: f64 = 1.645;
/// How far a share of the time may be off, one phone being all there is.
const SHARE: f64 = 0.1;
/// Of less than a day nothing is said for a day.
const DAY_MS: f64 = 86_400_000.0;
/// In how many of a number that never was.
const NONE_SEEN: f64 = 3.0;

/// Something that can be held against the model.
struct Quantity {
    name: &'static str,
    measure: &'static str,
    unit: &'static str,
    value: f64,
    range: [f64; 2],
    situation: String,
}

impl Gathered {
    /// Those quantities that the scenario does not take from the log itself, as `bgsim observe` reads them.
    pub fn observed(&self) -> Option<String> {
        let covered = self.covered();
        let mut quantities = Vec::new();
        self.counts(&mut quantities);
        if let Some([from, until]) = covered {
            let days = (until.ms() - from.ms()) as f64 / DAY_MS;
            if days >= 1.0 {
                self.shares([from, until], &mut quantities);
            }
        }
        self.kills(&mut quantities);
        let first = covered.map(|[from, _]| from).or_else(|| Some(self.log.counts.entries().first()?.at))?;
        let year = first.timestamp().strftime("%Y");
        // Without its days there is no scenario of the phone, and the default stands for it.
        let scenario = covered.map_or(String::new(), |_| format!(" extends = \"{SCENARIO}\" "));
        let entry = |quantity: &Quantity| {
            let Quantity { name, measure, unit, value, range: [low, high], situation } = quantity;
            format!(
                "\n[[observe]]\nname = \"{name}\"\nmeasure = \"{measure}\"\nvalue = {value:.6}\nrange = [{low:.6}, \
                 {high:.6}]\nunit = \"{unit}\"\nsituation = \"{situation}\"\nsource = \"the phone's own logs\"\n\
                 confidence = \"one_device\"\nyear = {year}\nscenario = {{{scenario}}}\n"
            )
        };
        let text = "# What the logs of one phone hold against the model: bgsim observe observed.toml\n#\n# Ranges of counts \
                    are those of a count by chance, of 90 %; that days differ makes them too narrow.\n";
        let entries: String = quantities.iter().map(entry).collect();
        (!quantities.is_empty()).then(|| text.to_owned() + &entries)
    }

    /// Counts of a log, by the time that this log covers and not by that of all.
    fn counts(&self, quantities: &mut Vec<Quantity>) {
        let days = |[from, until]: [Utc; 2]| (until.ms() - from.ms()) as f64 / DAY_MS;
        let is_enough = |span: &[Utc; 2]| days(*span) >= 1.0;
        // Without the client's name nothing is known of its runs, and that it never ran is not seen.
        if let Some((source, span)) = self.refreshes_known().filter(|(_, span)| is_enough(span)) {
            let of =
                self.log.runs.entries().iter().filter(|run| run.from == source && self.is_refresh(&run.what));
            let many = of.filter(|run| (span[0]..=span[1]).contains(&run.at)).count();
            quantities.push(count("refreshes of the client", "refreshes_per_day", many, days(span)));
        }
        let openings = self.log.openings.source_where(|_| true);
        if let Some(span) = openings.and_then(|source| self.covered_by(source)).filter(is_enough) {
            let of = self.log.openings.of_one_source();
            let many = of.filter(|opening| (span[0]..=span[1]).contains(&opening.at)).count();
            if many > 0 {
                quantities.push(count("openings of apps", "app_openings_per_day", many, days(span)));
            }
        }
    }

    fn shares(&self, [from, until]: [Utc; 2], quantities: &mut Vec<Quantity>) {
        let last = self.log.low_power.source_where(|_| true).and_then(|source| self.last_of(source));
        let stretches = stretches(self.log.low_power.of_one_source(), last.unwrap_or(until));
        let length = |on: bool| {
            let of = stretches.iter().filter(|stretch| stretch.2 == on);
            of.map(|(begins, ends, _)| (ends.ms() - begins.ms().max(from.ms())).max(0)).sum::<i64>() as f64
        };
        let (on, all) = (length(true), length(true) + length(false));
        if all >= DAY_MS {
            let value = on / all;
            quantities.push(Quantity {
                name: "time in Low Power Mode",
                measure: "low_power_share",
                unit: "share",
                value,
                range: [value - SHARE, value + SHARE],
                situation: format!("one phone for {:.1} days", all / DAY_MS),
            });
        }
    }

    /// How often memory ended the client: as MetricKit counted it, else as reports were written.
    fn kills(&self, quantities: &mut Vec<Quantity>) {
        let counted =
            || self.log.counts.entries().iter().filter(|entry| entry.what.what == Counter::MemoryPressure);
        let days: f64 = counted().map(|entry| (entry.what.until.ms() - entry.at.ms()) as f64 / DAY_MS).sum();
        let kills: f64 = counted().map(|entry| entry.what.value).sum();
        let reported = self.log.exits.entries().iter().filter(|entry| {
            matches!(entry.what.reason, ExitReason::Memory(_)) && self.is_client(entry.what.app)
        });
        if days >= 1.0 {
            quantities.push(count(
                "ends of the client for memory",
                "memory_kills_per_day",
                kills as usize,
                days,
            ));
        } else if let (many @ 1.., Some([from, until])) = (reported.count(), self.covered()) {
            let days = ((until.ms() - from.ms()) as f64 / DAY_MS).max(1.0);
            quantities.push(count("ends of the client for memory", "memory_kills_per_day", many, days));
        }
    }
}

/// A count a day, and where it may lie by chance, as Wilson and Hilferty have it.
fn count(name: &'static str, measure: &'static str, many: usize, days: f64) -> Quantity {
    let many = many as f64;
    let cube = |of: f64, by: f64| of * libm::pow(1.0 - 1.0 / (9.0 * of) + by / (3.0 * libm::sqrt(of)), 3.0);
    // A range has to reach below its value.
    let low = if many > 0.0 { cube(many, -END).max(0.0) } else { -1.0 };
    let high = if many > 0.0 { cube(many + 1.0, END) } else { NONE_SEEN };
    Quantity {
        name,
        measure,
        unit: "1/day",
        value: many / days,
        range: [low / days, high / days],
        situation: format!("one phone, {many} in {days:.1} days"),
    }
}
