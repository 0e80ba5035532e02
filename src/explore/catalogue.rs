//! What can be opened and turned.

use super::controls::{Configured, controls};
use super::files::Pasted;
use crate::figure::Figure;
use crate::record::{Tool, WITHIN};
use crate::report::human::duration;
use crate::scenario::{Asked, BUNDLED, Scenario, load_from};
use crate::time::Span;
use serde_json::{Map, Value, json};

/// Every bundled scenario with the values of its controls, every control, and the times within which mail is told.
pub fn catalogue() -> Value {
    let scenarios = BUNDLED.iter().filter_map(|bundled| {
        let name = bundled.name;
        let scenario = load_from(name, Asked::default(), &mut Pasted { name, text: None }).ok()?;
        Some(json!({
            "name": name,
            "question": bundled.question(),
            "effective": scenario.effective(),
            "values": values(&scenario, &[]),
        }))
    });
    let limit = |within: Span| {
        json!({
            "name": Figure::ToldWithin(within).argument(),
            "label": duration(within),
            "seconds": within.secs_f64(),
        })
    };
    json!({
        "version": Tool::THIS.version,
        "scenarios": scenarios.collect::<Vec<_>>(),
        "controls": controls().iter().map(super::Control::json).collect::<Vec<_>>(),
        "limits": WITHIN.map(limit),
    })
}

/// The value of each control.
pub(super) fn values(scenario: &Scenario, sets: &[String]) -> Map<String, Value> {
    let of = Configured::of(scenario);
    controls().iter().map(|control| (control.path.clone(), control.value(&of, sets).into())).collect()
}
