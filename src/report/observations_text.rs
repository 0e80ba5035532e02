//! Observations beside what the model makes of them: as text, and as a document.

use super::human::trimmed;
use super::paint::{Role, Screen};
use super::table::{Align, Cell, Table};
use super::wrap::paragraph;
use crate::analysis::jackknife::Interval;
use crate::measure::Measure;
use crate::observation::{Held, Observation, Quantity, Verdict};

/// How the table is read.
pub const HOW_TO_READ: &str = "`observed` is the value with the range in which it may lie all the same (90 %), \
    `simulated` what the model makes of the same situation with its 95 % interval over devices. `apart` is how far \
    the one is from the other: 0 at the value, 1 and -1 at the ends of the range. An observation agrees where the \
    whole interval lies within the range, is outside where the whole of it lies beyond, and undecided otherwise; of \
    ten ranges of 90 % one may miss the truth, and where one device is all that was seen the range is a guess.";

/// What agreement does not show, and what the table is silent of.
pub const NOBODY_KNOWS: &str = "Many numbers of the model come from these very sources: where one agrees, the model \
    does what it was told, which does not make it right of other people and phones. Nobody has published how long a \
    suspended app survives on iOS, how often one is opened cold, how often one app is refreshed a day over many \
    phones, what the system's budgets allow, the charge of phones by hour, how often clients are swiped away, or how \
    people use a mail client for work on a phone: of that this table is silent.";

/// The table, for a terminal.
pub fn table(rows: &[(&Observation, Held)], screen: Screen) -> String {
    let columns = [
        ("observation", Align::Left),
        ("observed", Align::Left),
        ("unit", Align::Left),
        ("simulated", Align::Left),
        ("apart", Align::Right),
        ("verdict", Align::Left),
    ];
    let mut table = Table::new(&columns);
    for (observation, held) in rows {
        let role = match held.verdict {
            Verdict::Agrees => Role::Pass,
            Verdict::Outside => Role::Fail,
            Verdict::Undecided => Role::Undecided,
        };
        let [name, observed, unit, simulated, apart, verdict] = cells(observation, held);
        let verdict = Cell::saying(Some(role), verdict);
        table.row([name.into(), observed.into(), unit.into(), simulated.into(), apart.into(), verdict]);
    }
    format!("{}\n{}", table.on(screen), screen.paragraph("", &tally(rows)))
}

/// How many observations each verdict has.
pub fn count(rows: &[(&Observation, Held)], verdict: Verdict) -> usize {
    rows.iter().filter(|(_, held)| held.verdict == verdict).count()
}

fn tally(rows: &[(&Observation, Held)]) -> String {
    let each = Verdict::ALL.map(|verdict| match (count(rows, verdict), verdict) {
        (count @ (0 | 2..), Verdict::Agrees) => format!("{count} agree"),
        (count, verdict) => format!("{count} {}", verdict.name()),
    });
    let noun = if rows.len() == 1 { "observation" } else { "observations" };
    format!("{} {noun}: {}", rows.len(), each.join(", "))
}

fn cells(observation: &Observation, held: &Held) -> [String; 6] {
    let Observation { name, quantity, value, range: [low, high], .. } = observation;
    let decimals = decimals(*high);
    let number = |number: f64| trimmed(number, decimals);
    let between = |low: f64, high: f64| format!("[{}, {}]", number(low), number(high));
    let simulated = match (held.value, held.interval) {
        (None, _) => "unknown".into(),
        (Some(value), None) => format!("{} (few devices)", number(value)),
        // What does not vary by as much as is shown has no interval.
        (Some(value), Some(ends)) if number(ends.low) == number(ends.high) => number(value),
        (Some(value), Some(Interval { low, high })) => format!("{} {}", number(value), between(low, high)),
    };
    [
        name.clone(),
        format!("{} {}", number(*value), between(*low, *high)),
        quantity.unit().into(),
        simulated,
        held.apart.map_or(String::new(), signed),
        held.verdict.name().into(),
    ]
}

fn signed(apart: f64) -> String {
    let text = format!("{apart:+.1}");
    if ["-0.0", "+0.0"].contains(&text.as_str()) { "0.0".into() } else { text }
}

/// Three digits that say something.
fn decimals(size: f64) -> usize {
    match size.abs() {
        100.0.. => 0,
        10.0.. => 1,
        1.0.. => 2,
        _ => 3,
    }
}

/// What is observed, of whom, and by whom.
pub fn about(observation: &Observation, width: usize) -> String {
    let Observation { name, situation, source, confidence, year, .. } = observation;
    let known = format!("{source}; {year}; {}", confidence.name().replace('_', " "));
    format!("{name}\n")
        + &paragraph("    measures   ", &asked(&observation.quantity), width)
        + &paragraph("    situation  ", situation, width)
        + &paragraph("    source     ", &known, width)
}

fn asked(quantity: &Quantity) -> String {
    let of = |measure: &Measure| format!("{}: {}", measure.name(), measure.words());
    match quantity {
        Quantity::Figure(figure) => format!("{figure}: {}", figure.meaning()),
        Quantity::Statistic(measure, statistic) => {
            format!("{} of {}", statistic.name().replace('_', " "), of(measure))
        }
        Quantity::Ratio(measure, _) => format!("mean over the mean in another situation of {}", of(measure)),
    }
}

/// The table and all that is known of the observations, as a document. `command` makes it again.
pub fn markdown(rows: &[(&Observation, Held)], command: &str) -> String {
    let line = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let header = ["observation", "observed", "unit", "simulated", "apart", "verdict"].map(String::from);
    let mut out = format!(
        "# What was observed, and what the model makes of it\n\nMade by `{command}`; a test keeps it so.\n\n{HOW_TO_READ}\n\n{NOBODY_KNOWS}\n\n"
    );
    out += &line(&header);
    out += "| --- | --- | --- | --- | ---: | --- |\n";
    rows.iter().for_each(|(observation, held)| out += &line(&cells(observation, held)));
    out += &format!("\n{}.\n\n## The observations\n\n", tally(rows));
    for (observation, _) in rows {
        let Observation { name, situation, source, confidence, year, quantity, .. } = observation;
        let confidence = confidence.name().replace('_', " ");
        out += &format!(
            "- **{name}** ({confidence}, {year}): {situation}. Measured as {} Source: {source}.\n",
            asked(quantity)
        );
    }
    out
}
