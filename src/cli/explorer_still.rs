//! What stands in the explorer where no script runs, as in a preview of a mail: what it opens with, in words and a picture.

use super::explore::{Opening, Start};
use crate::analysis::jackknife::Interval;
use crate::analysis::survival::Point;
use crate::explore::unstyled;
use crate::report::charts::latency::Curve;
use crate::report::charts::{Chart, Heading, Latency};
use crate::report::human::{count, duration, duration_estimate, hours_estimate, share, share_estimate};
use crate::time::Span;
use serde_json::Value;

/// So many causes are told.
const CAUSES: usize = 6;

/// The words and the picture, as HTML.
pub(super) fn still(start: &Start, opening: &Opening) -> String {
    let (Some(base), Some(now)) = (opening.base.last(), opening.now.last()) else { return String::new() };
    let arms = match opening.decided {
        true => vec![("before", base), ("now", now)],
        false => vec![(start.name.as_str(), now)],
    };
    let told =
        arms.iter().map(|(label, found)| format!("<p class=\"sentence\">{}</p>", sentence(label, found)));
    let curves = arms.iter().map(|(label, found)| curve(label, found)).collect();
    let phones = count(now["devices"].as_u64().unwrap_or_default());
    let subtitle = format!("Kaplan\u{2013}Meier, 95 % band; {phones} devices of {}", start.name);
    let heading = Heading { title: "Share of new mail told within a time".into(), subtitle };
    let picture = Chart::from(Latency { heading, arms: curves, target: None });
    format!(
        "<h1>bgsim explorer</h1>{}{}<h2>What mail waits for</h2><ul>{}</ul><p>Of {phones} phones; fingerprint <code>{}</code>, books <code>{}</code>. \
         To turn keys, open this file in a browser that runs scripts; nothing leaves it.</p>",
        told.collect::<String>(),
        unstyled(&picture.svg()),
        causes(now),
        escaped(now["fingerprint"].as_str().unwrap_or_default()),
        escaped(now["books"].as_str().unwrap_or_default()),
    )
}

fn estimate(found: &Value) -> (Option<f64>, Option<Interval>) {
    let [value, low, high] = ["value", "low", "high"].map(|end| found[end].as_f64());
    (value, low.zip(high).map(|(low, high)| Interval { low, high }))
}

/// What is told, and at what price; within the middle of the times at first, which flatters no setting.
fn sentence(label: &str, found: &Value) -> String {
    let limits: Vec<&Value> = found["limits"].as_array().into_iter().flatten().collect();
    let within = |limit: &Value| {
        limit["name"].as_str().and_then(|name| name.parse::<Span>().ok()).map_or(String::new(), duration)
    };
    let mut told = String::new();
    if let Some(middle) = limits.get(limits.len() / 2) {
        told = format!("{} of new mail is told within {}", share(middle["told"].as_f64()), within(middle));
    }
    let each = limits.iter().map(|limit| {
        let ends = limit["low"].as_f64().zip(limit["high"].as_f64());
        let ends = ends.map(|(low, high)| Interval { low, high });
        format!("{} within {}", share_estimate(limit["told"].as_f64(), ends), within(limit))
    });
    let each = each.collect::<Vec<_>>().join(", ");
    let median = &found["median"];
    let ends = median["low"].as_f64().zip(median["high"].as_f64());
    let half = duration_estimate(median["seconds"].as_f64(), ends.map(|(low, high)| Interval { low, high }));
    let (hours, ends) = estimate(&found["price"]["exposure_hours"]);
    escaped(&format!(
        "{label}: {told} ({each}), half of it within {half}. On a locked phone the key is in reach for {} a day.",
        hours_estimate(hours, ends)
    ))
}

fn curve(label: &str, found: &Value) -> Curve {
    let points = found["curve"].as_array().into_iter().flatten().filter_map(|point| {
        let at = |place: usize| point[place].as_f64();
        let told = at(1)?;
        let [low, high] = [2, 3].map(|end| at(end).unwrap_or(told));
        Some(Point { ms: (at(0)? * 1000.0) as u64, told, low, high })
    });
    let median = found["median"]["seconds"].as_f64().map(|seconds| Span::from_secs_f64(seconds).ms());
    Curve {
        label: label.into(),
        points: points.collect(),
        median,
        censored: Vec::new(),
        told: None,
        allowed: Vec::new(),
    }
}

fn causes(found: &Value) -> String {
    let all = found["causes"].as_array().into_iter().flatten();
    let mut causes: Vec<(f64, &str)> =
        all.filter_map(|cause| Some((cause["seconds"].as_f64()?, cause["label"].as_str()?))).collect();
    causes.retain(|(seconds, _)| *seconds >= 0.5);
    causes.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let told = causes.iter().take(CAUSES);
    told.map(|(seconds, label)| {
        format!("<li>{}: {}</li>", escaped(label), duration(Span::from_secs_f64(*seconds)))
    })
    .collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
