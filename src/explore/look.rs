//! What is known of a session so far, as JSON: every figure is that of `run`, every difference that of `compare`.

use super::session::Session;
use crate::analysis::jackknife::Interval;
use crate::client::DelayCause;
use crate::command::Command;
use crate::comparison::PairedFigure;
use crate::experiment::Fleet;
use crate::figure::{Figure, Reach, Sample};
use crate::lint::Warning;
use crate::record::{Outcome, Prints, WITHIN, rounded};
use crate::report::human::{EACH_ALONE, ONE_READER};
use crate::slice::cuts;
use crate::summary::{Brief, Drift, Summary, summarise};
use crate::time::Span;
use serde_json::{Map, Value, json};

/// Points of a curve, eight to the octave: from ten seconds on to almost two days.
const POINTS: u32 = 112;
const FIRST_POINT_MS: f64 = 10_000.0;
const TO_THE_OCTAVE: f64 = 8.0;

/// What a price is called here; one that the page has no place for stands under its path.
fn called(price: Figure) -> String {
    match price {
        Figure::Exposure(Reach::InReach) => "exposure_hours".into(),
        Figure::Exposure(Reach::InMemory) => "process_hours".into(),
        Figure::Exposure(Reach::Readable) => "keychain_hours".into(),
        Figure::Energy => "energy_mah".into(),
        Figure::ServerReads => "server_reads_mail".into(),
        Figure::KeyLeaves => "key_leaves".into(),
        other => other.to_string(),
    }
}

/// `summary.json` of a session.
fn summary(own: &Session, sample: &Sample) -> Summary {
    let (scenario, parts) = (own.scenario(), own.parts());
    let fleet = Fleet { parts: parts.clone(), finished: own.done(), ..Fleet::default() };
    let by = cuts(scenario, &[]).map(|cuts| fleet.by(scenario, &cuts, sample, Brief::of)).unwrap_or_default();
    summarise(scenario, parts, sample, &by, run_command(own).text())
}

/// A session's figures, and beside those of another at the same number of devices, where one is given.
///
/// # Errors
/// If no device was simulated yet, or the other session was not looked at by then.
pub(super) fn look(
    own: &mut Session,
    base: Option<(u32, &mut Session)>,
    full: bool,
) -> Result<Value, String> {
    let done = own.done();
    if done == 0 {
        return Err("no device was simulated yet".into());
    }
    own.look();
    let (beside, apart) = match base {
        None => (None, None),
        Some((number, base)) => {
            let first = base.sample_at(done);
            let first = first.ok_or_else(|| format!("the other was not looked at after {done} devices"))?;
            match own.apart_from(number, base) {
                Some(why) => (None, Some(why)),
                None => (Some((first, own.sample_beside(base), compare_command(base, own))), None),
            }
        }
    };
    let (arms, compare) = match beside {
        None => (vec![Sample::of(own.parts(), own.scenario())], None),
        Some((first, sample, command)) => (vec![Sample::clone(&first), sample], command),
    };
    let mut told = told(own, &arms);
    told["apart"] = json!(apart);
    if full {
        told["summary"] = json!(summary(own, &arms[arms.len() - 1]));
    }
    told["commands"] = json!({ "run": run_command(own).text(), "compare": compare });
    Ok(told)
}

fn told(own: &Session, arms: &[Sample]) -> Value {
    let scenario = own.scenario();
    let sample = &arms[arms.len() - 1];
    let Prints { fingerprint, books } = Prints::of(&own.parts().total());
    let figure = |figure: Figure| estimate(figure, arms);
    let limit = |within: Span| {
        let mut told = figure(Figure::ToldWithin(within));
        told["name"] = json!(Figure::ToldWithin(within).argument());
        told["told"] = told["value"].take();
        told
    };
    let pushes = scenario.pushes();
    let mut median = figure(Figure::MEDIAN);
    median["seconds"] = median["value"].take();
    let never = Figure::Outcomes(Outcome::Undelivered);
    let ends = sample.share_interval(never, Figure::Arrived);
    let mut price = Map::new();
    for of in Figure::prices() {
        price.insert(called(of), if of.is_of_push() && !pushes { Value::Null } else { figure(of) });
    }
    let cause = |cause: DelayCause| {
        let seconds = sample.value(Figure::DelayCause(cause)).map(rounded);
        json!({ "name": cause.name(), "label": cause.words(), "seconds": seconds })
    };
    json!({
        "devices": own.done(),
        "name": scenario.name,
        "fingerprint": fingerprint,
        "books": books,
        "limits": WITHIN.map(limit),
        "signalled": pushes.then(|| WITHIN.map(|within| figure(Figure::SignalledWithin(within)))),
        "median": median,
        "never": with_ends(sample.replicates.all.share(never, Figure::Arrived), ends),
        "curve": curve(sample, Figure::ToldWithin),
        "signals": pushes.then(|| curve(sample, Figure::SignalledWithin)),
        "causes": DelayCause::ALL.map(cause),
        "price": price,
        "sentences": sentences(own, Drift::of(scenario, sample).warning(scenario)),
    })
}

/// What the figures rest on, in the words of a run.
fn sentences(own: &Session, drift: Option<Warning>) -> Vec<String> {
    let rests =
        format!("{} numbers of this run have no source (bgsim assumptions lists them).", own.assumed());
    let always = [rests, EACH_ALONE.into(), ONE_READER.into()];
    let warnings = own.warnings().iter().cloned().chain(drift.map(|drift| drift.to_string()));
    warnings.map(|warning| format!("Warning: {warning}")).chain(always).collect()
}

fn with_ends(value: Option<f64>, ends: Option<Interval>) -> Value {
    let [low, high] = ends.map_or([None; 2], |ends| [Some(rounded(ends.low)), Some(rounded(ends.high))]);
    json!({ "value": value.map(rounded), "low": low, "high": high })
}

/// A figure of the last arm, and by how much it differs from that of the first where there are two.
fn estimate(figure: Figure, arms: &[Sample]) -> Value {
    let sample = &arms[arms.len() - 1];
    let mut told = with_ends(sample.value(figure), sample.interval(figure));
    told["difference"] = match arms {
        [_, _] => {
            let paired = PairedFigure::of(figure, arms);
            with_ends(paired.difference[1], paired.interval(1))
        }
        _ => Value::Null,
    };
    told
}

/// The share told within each of some times, with its interval where there is one.
fn curve(sample: &Sample, of: fn(Span) -> Figure) -> Vec<Value> {
    let at = |point: u32| {
        let ms = libm::round(FIRST_POINT_MS * libm::exp2(f64::from(point) / TO_THE_OCTAVE));
        let within = of(Span::from_ms(ms as u64));
        let value = sample.value(within).map(rounded)?;
        let ends = sample.interval(within);
        let [low, high] = [ends.map(|ends| rounded(ends.low)), ends.map(|ends| rounded(ends.high))];
        Some(json!([ms / 1000.0, value, low, high]))
    };
    (0..=POINTS).map_while(at).collect()
}

/// The command that prints the same.
fn run_command(own: &Session) -> Command {
    let (name, sets) = own.asked();
    Command::new("run").words([name]).each("--set", sets).each("--devices", Some(own.done()))
}

/// The command that prints the same differences, where the one session is the other with more keys changed.
fn compare_command(base: &Session, own: &Session) -> Option<String> {
    let ((name, common), (own_name, sets)) = (base.asked(), own.asked());
    let more = sets.strip_prefix(common)?;
    let command = Command::new("compare").words([name]).each("--set-b", more).each("--set", common);
    (name == own_name && !more.is_empty()).then(|| command.each("--devices", Some(own.done())).text())
}
