//! How what was published on a date has reached the devices: a table, and a chart.

use super::arm::Arm;
use super::charts::latency::{Curve, Told};
use super::charts::{Adoption, Heading};
use super::human::{NOT_REACHED, count, duration, share};
use super::table::Align::{Left, Right};
use super::table::Table;
use crate::analysis::survival::Waits;
use crate::figure::{Percentile, Sample};
use crate::record;
use crate::scenario::Scenario;
use crate::time::Span;

/// Points of a curve: more cannot be told apart on a screen.
const POINTS: usize = 250;
/// Marks for devices that had not adopted it at the end.
const MARKS: usize = 60;

/// What is told of a change, and how it is called.
type Stage = (&'static str, Waits);

/// The stages of every change, with its name and for how many devices it was published.
fn stages<'a>(scenario: &'a Scenario, sample: &Sample) -> Vec<(&'a str, u64, Vec<Stage>)> {
    let changes = scenario.dates.changes.iter().enumerate();
    let told = changes.filter_map(|(number, change)| {
        let record::Adoption { published, reached, stored, effective } =
            sample.replicates.all.adoption.of(number)?.clone();
        let mut stages = vec![("reached", reached)];
        match change.stores_key {
            true => stages.push(("key stored", stored)),
            false => stages.push(("in effect", effective)),
        }
        Some((change.name.as_str(), published, stages))
    });
    told.collect()
}

/// Within what time each part of the devices had it, and which never did.
pub(super) fn adoption_table(scenario: &Scenario, sample: &Sample) -> Table {
    let mut table = Table::new(&[
        ("published", Left),
        ("devices", Right),
        ("50 %", Right),
        ("90 %", Right),
        ("95 %", Right),
        ("99 %", Right),
        ("never", Right),
    ]);
    for (name, published, stages) in stages(scenario, sample) {
        table.row([name, &count(published), "", "", "", "", ""]);
        for (stage, waits) in stages {
            let estimate = waits.estimate();
            let within =
                |part: Percentile| estimate.percentile(part.share()).map_or(NOT_REACHED.into(), duration);
            let never = waits.censored.total();
            let part = never as f64 / (published as f64).max(1.0);
            let mut cells = vec![stage.to_string(), count(waits.told.total())];
            cells.extend(Percentile::LISTED.map(within));
            cells.push(format!("{} ({})", count(never), share(Some(part))));
            table.part(cells);
        }
    }
    table
}

/// The curves of every change of some arms, if anything was published.
pub(super) fn adoption_chart(arms: &[Arm<'_>]) -> Option<Adoption> {
    let changes: Vec<_> = arms
        .iter()
        .flat_map(|arm| stages(arm.scenario, arm.figures).into_iter().map(move |change| (arm.label, change)))
        .collect();
    let mut curves = Vec::new();
    for (arm, (name, _, stages)) in &changes {
        // What is alike in all labels would leave no room for what is not.
        let (arm, name) =
            (Some(arm).filter(|_| arms.len() > 1), Some(name).filter(|_| changes.len() > arms.len()));
        for (stage, waits) in stages {
            let parts = [arm.copied(), name.copied(), Some(*stage)];
            curves.push(curve(parts.into_iter().flatten().collect::<Vec<_>>().join(", "), waits));
        }
    }
    let never = curves.iter().any(|curve| !curve.censored.is_empty());
    let subtitle = format!(
        "Share of the devices for which it was published, Kaplan\u{2013}Meier{}",
        if never { "; | not at the end" } else { "" }
    );
    let title = match changes.as_slice() {
        [] => return None,
        [(_, (name, ..))] => format!("How soon does {name} have its effect?"),
        _ => "How soon does what was published have its effect?".into(),
    };
    Some(Adoption { heading: Heading { title, subtitle }, curves })
}

fn curve(label: String, waits: &Waits) -> Curve {
    let estimate = waits.estimate();
    Curve {
        label,
        points: estimate.curve(POINTS),
        censored: estimate.censored(MARKS).into_iter().map(Span::ms).collect(),
        median: estimate.percentile(0.5).map(Span::ms),
        told: Told::of(&estimate),
        allowed: Vec::new(),
    }
}
