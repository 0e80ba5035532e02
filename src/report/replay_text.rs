//! What the model made of the record of a phone: scores, shares, and each refresh with what the model says of it.

use super::human::{count, duration, trimmed};
use super::paint::{Role, Screen};
use super::table::{Align, Cell, Table};
use crate::device::scheduler::{Decided, POLICIES};
use crate::replay::{Asked, Bin, Difference, Learning, Record, Replay, Rival, followed, time};
use crate::scenario::Scenario;
use crate::time::Time;

/// How the tables are read.
const HOW_TO_READ: &str = "Scores are means of the logarithm of the probability that was given to what was, of each \
    quarter of an hour; 0 would be certainty that came true. Rivals know what was before.";

/// Where the record is too short to learn from.
const LEARNS_FROM_ITSELF: &str = "The record has no more than 14 days, so that the model learns its habits from that very \
    record, repeated: what its system predicts is the use that is yet to come, and its probabilities are too far from \
    each other. Of a longer record the first 14 days are learnt from, and the others scored.";

/// The longest list of refreshes.
const MOST_ROWS: usize = 30;

/// Everything, for a terminal. `decisions` are those of the first simulated phone, in order.
pub fn text(
    scenario: &Scenario,
    record: &Record,
    replay: &Replay,
    decisions: &[Decided],
    screen: Screen,
) -> String {
    let ran = replay.ran.iter().filter(|ran| **ran).count();
    let head = format!(
        "{} quarters of an hour, in {} of which the client was refreshed; {} simulated phones; times are those of {}",
        count(replay.slots.len() as u64),
        count(ran as u64),
        count(replay.devices.into()),
        scenario.time_zone()
    );
    let warning = match replay.learning {
        Learning::TheDaysBefore => String::new(),
        Learning::TheRecordItself => format!("\n{}", screen.paragraph("", LEARNS_FROM_ITSELF)),
    };
    let parts = [
        screen.paragraph("", &head),
        scores(replay).on(screen),
        calibration(&replay.score.calibration).on(screen),
        refreshes(scenario, record, replay, decisions).on(screen),
        screen.paragraph("", &format!("{HOW_TO_READ} {}", knows(&followed(scenario)))) + &warning,
    ];
    parts.join("\n")
}

/// What of the record the model knows.
fn knows(followed: &[&str]) -> String {
    let follows = match followed {
        [] => "nothing of the record".into(),
        [one] => format!("the recorded {one}"),
        [others @ .., last] => format!("the recorded {} and {last}", others.join(", ")),
    };
    format!(
        "The model follows {follows}, and knows nothing of refreshes: its own runs are not made those of the phone."
    )
}

/// What a difference says: the model better or worse than its rival, or neither for sure.
pub fn verdict(difference: &Difference) -> &'static str {
    match difference.interval {
        Some([low, _]) if low > 0.0 => "better",
        Some([_, high]) if high < 0.0 => "worse",
        _ => "cannot tell",
    }
}

fn scores(replay: &Replay) -> Table {
    let mut table = Table::new(&[
        ("forecast", Align::Left),
        ("score", Align::Right),
        ("model better by", Align::Left),
        ("model", Align::Left),
    ]);
    let number = |number: f64| trimmed(number, 4);
    table.row(["model", &number(replay.score.model)]);
    for (rival, difference) in Rival::ALL.into_iter().zip(&replay.score.against) {
        let between = difference
            .interval
            .map_or(String::new(), |[low, high]| format!(" [{}, {}]", number(low), number(high)));
        let role = match verdict(difference) {
            "better" => Role::Pass,
            "worse" => Role::Fail,
            _ => Role::Undecided,
        };
        table.row([
            Cell::from(rival.name().replace('_', " ").as_str()),
            number(difference.rival).as_str().into(),
            format!("{}{between}", number(difference.better_by)).as_str().into(),
            Cell::saying(Some(role), verdict(difference)),
        ]);
    }
    table
}

fn calibration(bins: &[Bin]) -> Table {
    let mut table = Table::new(&[
        ("model says", Align::Left),
        ("slots", Align::Right),
        ("mean", Align::Right),
        ("refreshed", Align::Right),
    ]);
    let percent = |share: f64| format!("{} %", trimmed(share * 100.0, 1));
    for bin in bins {
        let between = format!("{} to {}", percent(bin.from), percent(bin.until));
        table.row([between, count(bin.slots), percent(bin.forecast), percent(bin.observed)]);
    }
    table
}

/// Each refresh of the phone, with what its scheduler said before and what that of the first simulated phone did.
fn refreshes(scenario: &Scenario, record: &Record, replay: &Replay, decisions: &[Decided]) -> Table {
    let mut table = Table::new(&[
        ("refreshed", Align::Left),
        ("after", Align::Right),
        ("model", Align::Right),
        ("the phone said", Align::Left),
        ("a simulated phone said", Align::Left),
    ]);
    let mut before: Option<Time> = None;
    let instants =
        record.runs.iter().filter_map(|unix_ms| Some((*unix_ms, time(&scenario.clock, *unix_ms)?)));
    let shown = instants.filter_map(|(unix_ms, at)| Some((unix_ms, at, replay.slot(at)?)));
    for (unix_ms, at, slot) in shown.take(MOST_ROWS) {
        let asked = waited(record, unix_ms);
        let decided = decisions[..decisions.partition_point(|decided| decided.at <= at)].last();
        table.row([
            scenario.clock.wall(at).strftime("%F %R").to_string(),
            before.map_or(String::new(), |before| duration(at.since(before))),
            format!("{} %", trimmed(replay.model[slot] * 100.0, 1)),
            asked.map_or(String::new(), |asked| asked_words(asked, scenario)),
            decided.map_or(String::new(), |decided| decided_words(decided, at)),
        ]);
        before = Some(at);
    }
    table
}

/// What was last said of a request before a refresh, and after the one before it: where something held it back, that.
fn waited(record: &Record, unix_ms: i64) -> Option<&Asked> {
    let since = record.runs[..record.runs.partition_point(|run| *run < unix_ms)].last();
    let [from, until] = [since.map_or(i64::MIN, |run| run + 1), unix_ms + 1]
        .map(|at| record.asked.partition_point(|asked| asked.at < at));
    let between = &record.asked[from..until];
    between
        .iter()
        .rfind(|asked| asked.holds_back())
        .or_else(|| between.iter().rfind(|asked| asked.threshold.is_some()))
}

fn asked_words(asked: &Asked, scenario: &Scenario) -> String {
    let when = time(&scenario.clock, asked.at).filter(|_| asked.holds_back());
    let when = when.map_or(String::new(), |at| format!(" at {}", scenario.clock.wall(at).strftime("%R")));
    let policy = asked.policy.as_ref().filter(|_| asked.holds_back());
    let policy = policy.map_or(String::new(), |name| format!(", {name}"));
    let score = asked.score.zip(asked.threshold);
    let score =
        score.map_or(String::new(), |(score, of)| format!(" ({} of {})", trimmed(score, 2), trimmed(of, 2)));
    format!("{}{when}{score}{policy}", asked.verdict.replace('_', " "))
}

fn decided_words(decided: &Decided, at: Time) -> String {
    let ago = duration(at.since(decided.at));
    let refused = decided.refused_by().next().map(|policy| format!("{} refuses", POLICIES[policy]));
    let score = || {
        let verb = if decided.runs { "runs" } else { "waits" };
        format!("{verb} ({} of {})", trimmed(decided.verdict.score, 2), trimmed(decided.threshold, 2))
    };
    format!("{}, {ago} before", refused.unwrap_or_else(score))
}
