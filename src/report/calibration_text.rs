//! What a calibration found, in words: the verdict, what each observation ruled out, what is known of the numbers after,
//! and what is not; and as a report.

use super::charts::{Chart, Heading, Pair};
use super::document::{Report, SCHEMA};
use super::figure::{self, value};
use super::human::{count, listed, trimmed};
use super::paint::Screen;
use super::table::Align::{Left, Right};
use super::table::Table;
use crate::calibration::{
    Axis, CUT, Calibration, Candidate, FEWEST, KNOWN_WITHIN, Look, NARROWED, Narrowed, Outcome, Question,
    Space, Verdict,
};
use crate::figure::Figure;
use std::path::Path;

/// Rows of the table of numbers on a terminal.
const MOST_ROWS: usize = 12;
/// Pictures of pairs: of so many numbers, each with each.
const PICTURED: usize = 3;
/// Cells of a picture each way.
const CELLS: usize = 8;

const HOW_TO_READ: &str = "Ruled out is the part of the first wave that lies more than 3 standard deviations from the \
    observation, alone the part that nothing else rules out. What an observation says twice counts once: a place is as \
    implausible as its worst observation.";

/// Everything, for a terminal.
pub fn text(found: &Calibration, screen: Screen, out: Option<&Path>) -> String {
    let say = |text: &str| screen.paragraph("", text);
    let mut text: String = verdict(found).iter().map(|sentence| say(sentence)).collect();
    text += &format!("\n{}", observations(found).on(screen));
    text += &say(HOW_TO_READ);
    if found.verdict.allows() {
        let narrowed = numbers(found, MOST_ROWS);
        if !narrowed.is_empty() {
            text += &format!("\n{}", narrowed.on(screen));
        }
        text += &format!("\n{}{}", answers(found).on(screen), say(&not_identified(found)));
    }
    text + &out.map_or(String::new(), |out| format!("record in {}\n", out.display()))
}

/// The answer, a sentence each.
pub fn verdict(found: &Calibration) -> Vec<String> {
    let tried = count(found.tried as u64);
    let quoted = |place: usize| format!("\u{201c}{}\u{201d}", found.targets[place].name);
    let mut says = match &found.verdict {
        Verdict::Allowed => vec![format!(
            "{} of what is plausible contradicts no observation. {tried} combinations of {} numbers were tried; {} stand \
             for what is left, counted as {} of equal weight. Another --seed tells how far two searches agree.",
            part(found.left),
            found.unknown.len(),
            found.members,
            trimmed(found.effective, 0)
        )],
        Verdict::Contradiction { clash, nearest, .. } if clash.len() == 1 => vec![format!(
            "The observations contradict the model: no iPhone of the {tried} that were tried meets {}. The nearest is {} \
             standard deviations off; more than {} is ruled out.",
            quoted(clash[0]),
            trimmed(*nearest, 1),
            trimmed(CUT, 0)
        )],
        Verdict::Contradiction { clash, met, expected, nearest } => vec![format!(
            "The observations contradict the model: {} and {} clash. Of the first {} iPhones {} meet the first and {} \
             the second; {} would meet both if neither had to do with the other, and of all {tried} none does. The nearest is {} \
             standard deviations off.",
            quoted(clash[0]),
            quoted(clash[1]),
            count(found.waves.first().map_or(0, |wave| wave.tried as u64)),
            met[0],
            met[1],
            trimmed(expected.unwrap_or(0.0), 0),
            trimmed(*nearest, 1)
        )],
        Verdict::NotFound { nearest } => vec![format!(
            "None of the {tried} iPhones that were tried meets all observations; the nearest is {} standard deviations off \
             at its worst. No two observations are seen to clash: with more --points or --waves one may be found.",
            trimmed(*nearest, 1)
        )],
    };
    if found.verdict.allows() && !found.has_shares() {
        says.push(format!(
            "That is less than {}: too little is left to say how it is spread, so no band is told. More --waves find more.",
            trimmed(FEWEST, 0)
        ));
    }
    for exam in found.targets.iter().filter(|target| target.exam && found.verdict.allows()) {
        let far = exam.median.map_or("which no place that is left can tell".into(), |far| {
            let verdict = if far <= CUT { "it is met" } else { "it is not met" };
            format!("half of what is left is within {} standard deviations: {verdict}", trimmed(far, 1))
        });
        says.push(format!("Held out was \u{201c}{}\u{201d}: {far}.", exam.name));
    }
    says
}

/// A part, however small.
fn part(left: f64) -> String {
    match left {
        0.01.. => format!("{} %", trimmed(left * 100.0, 1)),
        _ => format!("one part in {}", count(libm::round(1.0 / left.max(1e-15)) as u64)),
    }
}

/// What each observation ruled out.
fn observations(found: &Calibration) -> Table {
    let mut table = Table::new(&[
        ("observation", Left),
        ("observed", Left),
        ("ruled out", Right),
        ("alone", Right),
        ("nearest", Right),
        ("left", Left),
    ]);
    let number = |number: f64| trimmed(number, 3);
    let ends = |[low, high]: [f64; 2]| format!("[{}, {}]", number(low), number(high));
    let mut targets: Vec<_> = found.targets.iter().collect();
    targets.sort_by(|a, b| b.rules_out.total_cmp(&a.rules_out));
    for target in targets {
        let percent = |part: f64| format!("{} %", trimmed(part * 100.0, 0));
        let [out, alone] = match target.exam {
            true => ["held out".into(), String::new()],
            false => [percent(target.rules_out), percent(target.alone)],
        };
        table.row([
            target.name.clone(),
            format!("{} {} {}", number(target.value), ends(target.range), target.unit),
            out,
            alone,
            target.nearest.map_or("-".into(), |far| trimmed(far, 1)),
            target.simulated.map_or("-".into(), ends),
        ]);
    }
    table
}

fn is_narrowed(number: &Narrowed) -> bool {
    number.width.is_some_and(|width| width < NARROWED)
}

/// The numbers that are narrowed, the narrowest first.
fn numbers(found: &Calibration, most: usize) -> Table {
    let mut table =
        Table::new(&[("number", Left), ("plausible", Left), ("left, 5 to 95 %", Left), ("width", Right)]);
    let known = found.unknown.iter().filter(|number| is_narrowed(number)).take(most);
    for number in known {
        let Narrowed { axis, left: Some(left), width: Some(width), .. } = number else { continue };
        let percent = format!("{} %", trimmed(width * 100.0, 0));
        table.row([axis.key.clone(), between(axis, axis.range), between(axis, *left), percent]);
    }
    table
}

fn between(axis: &Axis, [low, high]: [f64; 2]) -> String {
    match axis.is_factor {
        true => format!("\u{d7}{} to \u{d7}{}", trimmed(low, 2), trimmed(high, 2)),
        false => format!("{} to {} {}", trimmed(low, 4), trimmed(high, 4), axis.unit).trim_end().into(),
    }
}

/// The figures that people judge by, before and after.
fn answers(found: &Calibration) -> Table {
    let mut table = Table::new(&[("answer", Left), ("all that is plausible", Left), ("what is left", Left)]);
    let judged: Vec<Figure> = Figure::judged().collect();
    let shown = found.answers.iter().filter(|answer| {
        answer.figure == Figure::FIRST || answer.figure == Figure::MEDIAN || judged.contains(&answer.figure)
    });
    for answer in shown {
        let ends = |ends: Option<[f64; 2]>| {
            ends.map_or("-".into(), |ends| {
                let [low, high] = ends.map(|end| value(answer.figure, Some(end)));
                format!("{low} to {high}")
            })
        };
        table.row([figure::name(answer.figure), ends(answer.before), ends(answer.after)]);
    }
    table
}

/// What the observations do not tell.
fn not_identified(found: &Calibration) -> String {
    let all = found.unknown.len();
    if !found.unknown.iter().any(|number| number.width.is_some()) {
        return format!(
            "Of none of the {all} numbers it can be said what is left: too little stands behind it."
        );
    }
    let narrowed = found.unknown.iter().filter(|number| is_narrowed(number)).count();
    let deaf = found.unknown.iter().filter(|number| !number.matters).count();
    format!(
        "Not identified: {} of {all} numbers are as wide as before, to a fifth; {deaf} of them move nothing that was \
         looked at. What is known is which of them go together, which the ensemble keeps, and not what each is.",
        all - narrowed
    )
}

/// Candidates that are shown of what could be observed next.
const MOST_CANDIDATES: usize = 12;

/// What to observe next, for a terminal.
pub fn next_text(figure: Figure, scenario: &str, candidates: &[Candidate], screen: Screen) -> String {
    let name = figure::name(figure);
    let mut table = Table::new(&[
        ("measure", Left),
        ("in what is left", Left),
        ("goes with", Right),
        ("narrows by", Right),
    ]);
    let percent = |part: f64| format!("{} %", trimmed(part * 100.0, 0));
    for candidate in candidates.iter().take(MOST_CANDIDATES) {
        let Candidate { measure, unit, mean, sd, explains, narrows } = candidate;
        let spread = format!("{} \u{b1} {} {unit}", trimmed(*mean, 3), trimmed(*sd, 3));
        table.row([measure.clone(), spread, percent(*explains), percent(*narrows)]);
    }
    let first = match candidates.first().filter(|first| first.narrows >= 0.005) {
        Some(Candidate { measure, narrows, .. }) => format!(
            "To know {measure} to a tenth would make the band of \u{201c}{name}\u{201d} of {scenario} {} narrower.",
            percent(*narrows)
        ),
        None => format!(
            "Nothing that can be observed from outside would narrow the band of \u{201c}{name}\u{201d}."
        ),
    };
    let how = format!(
        "Goes with is the part of the answer's variance over what is left that follows the measure, narrows by how much \
         narrower its band would be if the measure were known within {}, by regression on the places that are left.",
        percent(KNOWN_WITHIN)
    );
    screen.paragraph("", &first) + "\n" + &table.on(screen) + &screen.paragraph("", &how)
}

/// The report.
pub fn report(found: &Calibration, question: &Question, space: &Space, outcome: &Outcome) -> Report {
    let tool = &found.tool;
    let about = [
        ("Observations", format!("{}, {}", found.observations.file, count(found.observations.used as u64))),
        ("Places tried", count((found.tried + found.screened) as u64)),
        ("Devices in each situation", count(found.devices.into())),
        ("Unknown numbers", count(found.unknown.len() as u64)),
        ("Answers of", found.scenario.clone()),
        ("Sha of the observations", found.observations.sha256.clone()),
    ];
    let mut warnings = Vec::new();
    if !found.fixed.is_empty() {
        let fixed = listed(&found.fixed);
        warnings.push(format!("Some situations say {fixed} themselves; there they stay as they are."));
    }
    if found.refused > 0 {
        warnings.push(format!("{} places were refused: together their numbers mean nothing.", found.refused));
    }
    let mut tables = vec![observations(found).captioned("What each observation ruled out")];
    if found.verdict.allows() {
        tables.push(answers(found).captioned("Answers before and after"));
        tables.push(numbers(found, usize::MAX).captioned("Numbers that are narrowed"));
        tables.push(others(found).captioned("What is not identified"));
    }
    tables.push(waves(found).captioned("The waves"));
    tables.retain(|table| !table.cells.rows.is_empty());
    Report {
        schema: SCHEMA,
        tool: format!("{} {}", tool.name, tool.version),
        title: "Which iPhones do the observations allow?".into(),
        verdict: verdict(found)
            .into_iter()
            .chain(found.verdict.allows().then(|| not_identified(found)))
            .collect(),
        about: about.map(|(name, value)| (name.into(), value)).into(),
        warnings,
        tables,
        charts: pictures(found, question, space, outcome),
        command: found.command.clone(),
        ..Report::default()
    }
}

/// The numbers of which nothing is known beyond what was.
fn others(found: &Calibration) -> Table {
    let mut table = Table::new(&[("number", Left), ("plausible", Left), ("moves anything", Left)]);
    for number in found.unknown.iter().filter(|number| !is_narrowed(number)) {
        let moves = if number.matters { "yes" } else { "no" };
        table.row([number.axis.key.clone(), between(&number.axis, number.axis.range), moves.into()]);
    }
    table
}

fn waves(found: &Calibration) -> Table {
    let mut table =
        Table::new(&[("wave", Right), ("tried", Right), ("kept up to", Right), ("part that is left", Right)]);
    for (number, wave) in (1..).zip(&found.waves) {
        table.row([
            count(number),
            count(wave.tried as u64),
            if wave.level.is_finite() { trimmed(wave.level, 2) } else { "-".into() },
            part(wave.left),
        ]);
    }
    table
}

/// Pictures of the numbers that are narrowed most, or matter most, two at a time.
fn pictures(
    found: &Calibration,
    question: &Question,
    space: &Space,
    outcome: &Outcome,
) -> Vec<(String, Chart)> {
    let chosen: Vec<usize> = found
        .unknown
        .iter()
        .filter(|number| number.matters)
        .take(PICTURED)
        .filter_map(|number| space.0.iter().position(|axis| axis.key == number.axis.key))
        .collect();
    let pairs = chosen
        .iter()
        .enumerate()
        .flat_map(|(place, across)| chosen[place + 1..].iter().map(move |down| [*across, *down]));
    let picture = |(number, pair): (usize, [usize; 2])| {
        Chart::from(pair_of(pair, question, space, outcome)).filed(Some(&(number + 1).to_string()))
    };
    pairs.enumerate().map(picture).collect()
}

fn pair_of([across, down]: [usize; 2], question: &Question, space: &Space, outcome: &Outcome) -> Pair {
    let mut least = vec![None::<f64>; CELLS * CELLS];
    let mut counts = vec![[0_u32; 2]; CELLS * CELLS];
    let cell = |part: f64| ((part * CELLS as f64) as usize).min(CELLS - 1);
    for (number, tried) in outcome.tried.iter().enumerate() {
        let place = cell(tried.place[down]) * CELLS + cell(tried.place[across]);
        // A place that was not looked at to the end may be worse than it seems.
        let looks = tried.found.as_ref().map_or(&[][..], |found| &found.looks);
        let is_known = tried.worst > CUT || !looks.contains(&Look::Skipped);
        if tried.worst.is_finite() && is_known {
            least[place] = Some(least[place].map_or(tried.worst, |least| least.min(tried.worst)));
        }
        // Later waves look where something is left, and would make that seem more than it is.
        if number < question.points {
            counts[place][0] += 1;
            counts[place][1] +=
                u32::from(tried.worst <= outcome.waves.first().map_or(CUT, |wave| wave.level));
        }
    }
    let depth = |[all, within]: &[u32; 2]| (*all > 0).then(|| f64::from(*within) / f64::from(*all));
    let named = |axis: usize| space.0[axis].key.clone();
    let ends = |axis: usize| {
        let own = &space.0[axis];
        let sign = if own.is_factor { "\u{d7}" } else { "" };
        own.range
            .map(|end| format!("{sign}{} {}", trimmed(end, 4), if own.is_factor { "" } else { &own.unit }))
            .map(|text| text.trim_end().to_owned())
    };
    Pair {
        heading: Heading {
            title: format!("What is left of {} and {}", named(across), named(down)),
            subtitle: "Left: how implausible the least implausible place of each cell is. Right: the part of the first wave \
                       that was kept"
                .into(),
        },
        across: named(across),
        across_ends: ends(across),
        down: named(down),
        down_ends: ends(down),
        size: CELLS,
        cut: CUT,
        least,
        depth: counts.iter().map(depth).collect(),
    }
}
