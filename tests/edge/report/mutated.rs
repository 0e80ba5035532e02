//! Reports that nobody would write but that can be read: whatever stands in one, page and pictures are made of
//! it, soon and of a bearable size.

use super::bench::reports;
use super::xml;
use bgsim::report::charts::Chart;
use bgsim::report::document::{Assumption, Captioned, Report, Source};
use bgsim::report::page::page;
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// A page of more would not open from a mail.
const MOST_BYTES: usize = 50 << 20;
const LONGEST: Duration = Duration::from_secs(10);

const TEXTS: [&str; 8] = [
    "",
    "</text></svg><script>alert(1)</script>]]>-->&amp;<!--",
    "\u{0}\u{8}\u{1b}[31m\r\n\u{7f}\u{85}\u{2028}\u{fffe}\u{ffff}",
    "\u{202e}\u{2066}\u{200f}\"'` onload=alert(1) x=\"",
    "受信箱の方針 📬 e\u{301}\u{301}\u{301}",
    "mail.told_within.NaN",
    "mail.latency_s.p50",
    "<polyline points=\"NaN,inf\"/>",
];

/// One change: where, by a number for every step down, and what.
#[derive(Clone, Debug)]
struct Change {
    way: Vec<usize>,
    what: usize,
    much: usize,
}

fn change() -> impl Strategy<Value = Change> {
    let way = proptest::collection::vec(any::<usize>(), 1..9);
    (way, any::<usize>(), any::<usize>()).prop_map(|(way, what, much)| Change { way, what, much })
}

/// The part of a value that a change is about; it may stop before it reaches a leaf.
fn part<'a>(value: &'a mut Value, way: &[usize]) -> &'a mut Value {
    let Some((step, rest)) = way.split_first() else { return value };
    let many = match value {
        Value::Array(items) => items.len(),
        Value::Object(fields) => fields.len(),
        _ => 0,
    };
    match value {
        _ if many == 0 => value,
        Value::Array(items) => part(&mut items[step % many], rest),
        Value::Object(fields) => fields.values_mut().nth(step % many).map(|field| part(field, rest)).unwrap(),
        _ => value,
    }
}

fn apply(value: &mut Value, Change { way, what, much }: &Change) {
    let part = part(value, way);
    match part {
        Value::Array(items) => rearrange(items, *what, *much),
        Value::String(text) => match what % 12 {
            at if at < TEXTS.len() => *text = TEXTS[at].into(),
            8 => *text = text.repeat(1 + much % 400),
            9 => *text = "長".repeat(much % 100_000),
            10 => text.insert_str(0, TEXTS[much % TEXTS.len()]),
            _ => *part = Value::Null,
        },
        Value::Number(_) | Value::Null | Value::Bool(_) => {
            let number = |number: f64| json!(number);
            let choices = [
                json!(0),
                json!(1),
                json!(u64::MAX),
                json!(u64::MAX / 4 * 3),
                json!(i64::MAX),
                json!(86_400_000_u64),
                number(-1.0),
                number(1e308),
                number(-1e308),
                number(5e-324),
                number(1e-9),
                number(1.0 + f64::EPSILON),
                number(1e12),
                number(-1e12),
                number(3.5),
                json!("beyond"),
                Value::Null,
                json!([0.0, 1e308]),
                json!([1e308, -1e308]),
                Value::Bool(much % 2 == 0),
            ];
            *part = choices[what % choices.len()].clone();
        }
        Value::Object(_) => {}
    }
}

fn rearrange(items: &mut Vec<Value>, what: usize, much: usize) {
    let many = items.len();
    match what % 6 {
        0 => items.clear(),
        1 => items.truncate(much % (many + 1)),
        2 => items.reverse(),
        3 if many > 0 => items.swap(much % many, (much / 7) % many),
        // Far longer, but still of a few megabytes.
        4 | 5 if many > 0 => {
            let each = items.iter().map(|item| item.to_string().len()).sum::<usize>() / many + 1;
            let longer = (1 + much % 100_000).min(4_000_000 / each);
            *items = items.iter().cycle().take(longer.max(many)).cloned().collect();
        }
        _ => {}
    }
}

/// As many of the changes as leave it what it is.
fn changed<T: DeserializeOwned + serde::Serialize>(thing: &T, changes: &[Change]) -> T {
    let mut value = serde_json::to_value(thing).unwrap();
    for change in changes {
        let mut next = value.clone();
        apply(&mut next, change);
        if serde_json::from_value::<T>(next.clone()).is_ok() && next.to_string().len() < 8_000_000 {
            value = next;
        }
    }
    serde_json::from_value(value).unwrap()
}

#[track_caller]
fn assert_bearable(report: &Report) {
    let begun = Instant::now();
    for (name, chart) in &report.charts {
        let svg = chart.svg();
        xml::check(&svg);
        assert!(svg.len() < MOST_BYTES, "{name}.svg has {} bytes", svg.len());
        let cells = chart.cells();
        assert!(cells.rows.iter().all(|row| row.len() == cells.columns.len()), "{name}");
        let bytes: usize = cells.rows.iter().flatten().map(String::len).sum();
        assert!(bytes < MOST_BYTES, "the table of {name} has {bytes} bytes");
    }
    let page = page(report);
    assert!(page.len() < MOST_BYTES, "the page has {} bytes", page.len());
    assert!(begun.elapsed() < LONGEST, "it took {:?}", begun.elapsed());
}

/// A chart with nothing around it.
fn alone(chart: Chart) -> Report {
    let mut report = reports()[0].clone();
    (report.charts, report.tables) = (vec![("latency".into(), chart)], Vec::new());
    report
}

fn every_chart() -> Vec<&'static Chart> {
    reports().iter().flat_map(|report| report.charts.iter().map(|(_, chart)| chart)).collect()
}

/// Few cases, unless `PROPTEST_CASES` says otherwise: each draws a picture that may be huge.
fn config() -> ProptestConfig {
    let mut config = ProptestConfig { max_shrink_iters: 20, failure_persistence: None, ..Default::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = 48;
    }
    config
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_chart_that_can_be_read_can_be_drawn(which in any::<usize>(), changes in proptest::collection::vec(change(), 1..24)) {
        let charts = every_chart();
        assert_bearable(&alone(changed(charts[which % charts.len()], &changes)));
    }

    #[test]
    fn any_report_that_can_be_read_makes_a_page(which in any::<usize>(), changes in proptest::collection::vec(change(), 1..24)) {
        let whole = &reports()[which % reports().len()];
        let mut report = Report { charts: Vec::new(), ..whole.clone() };
        report.tables = changed::<Vec<Captioned>>(&report.tables, &changes);
        report.scenarios = changed::<Vec<Source>>(&report.scenarios, &changes);
        report.assumptions = changed::<Vec<Assumption>>(&report.assumptions, &changes);
        report.about = changed(&report.about, &changes);
        report.verdict = changed(&report.verdict, &changes);
        assert_bearable(&report);
    }
}

/// Replaces every number of this kind but those that are `spared`, one in so many.
fn replace_numbers(value: &mut Value, with: &Value, spared: usize, seen: &mut usize) {
    match value {
        Value::Number(number) if number.is_f64() == with.is_f64() => {
            *seen += 1;
            if !(*seen).is_multiple_of(spared) {
                *value = with.clone();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| replace_numbers(item, with, spared, seen)),
        Value::Object(fields) => {
            fields.values_mut().for_each(|field| replace_numbers(field, with, spared, seen))
        }
        _ => {}
    }
}

#[test]
fn a_chart_is_drawn_whatever_its_numbers() {
    let extremes = [json!(0), json!(1), json!(86_400_000), json!(u64::MAX - 1), json!(u64::MAX)];
    let floats = [0.0, -0.0, 5e-324, 1e-9, -1.0, 1.0 + f64::EPSILON, 1e12, -1e12, 1e15, f64::MAX, f64::MIN];
    let mut drawn = 0;
    for with in extremes.into_iter().chain(floats.map(|number| json!(number))) {
        for spared in [2, 3, usize::MAX] {
            for chart in every_chart() {
                let mut value = serde_json::to_value(chart).unwrap();
                replace_numbers(&mut value, &with, spared, &mut 0);
                let Ok(chart) = serde_json::from_value(value) else { continue };
                assert_bearable(&alone(chart));
                drawn += 1;
            }
        }
    }
    assert!(drawn > 500, "only {drawn} could be read");
}

/// Some arms, panels or bars as often as this.
fn many(chart: &Chart, list: &str, times: usize) -> Chart {
    let mut value = serde_json::to_value(chart).unwrap();
    let items = value[list].as_array_mut().unwrap();
    let few = items.clone();
    *items = few.into_iter().cycle().take(times).collect();
    serde_json::from_value(value).unwrap()
}

#[test]
fn what_is_too_much_to_look_at_is_left_out_and_said() {
    let mut seen = Vec::new();
    for chart in every_chart() {
        let (list, most, what) = match chart {
            Chart::Latency(_) | Chart::Causes(_) | Chart::Price(_) => ("arms", 100, "arms"),
            Chart::Week(_) => ("panels", 100, "arms"),
            Chart::Day(_) => ("mails", 8640, "mails"),
            Chart::Line(_) => ("values", 1000, "values"),
            Chart::Tornado(_) => ("bars", 1000, "numbers"),
            // Its cells depend on two lists: below.
            Chart::Grid(_) => continue,
        };
        let fits = many(chart, list, most);
        assert!(!fits.svg().contains("Only the first"), "{list}");
        let more = many(chart, list, most * 20);
        let said = format!("Only the first {} of", bgsim::report::human::count(most as u64));
        assert!(more.svg().contains(&said) && more.svg().contains(&format!("{what} are shown")), "{said}");
        assert_eq!(more.cells(), fits.cells(), "{list}");
        assert_bearable(&alone(more));
        seen.push(list);
    }
    assert!(seen.len() > 15, "{seen:?}");
}

#[test]
fn a_grid_that_is_cut_keeps_each_cell_in_its_place() {
    let names = |many: usize| (0..many).map(|name| name.to_string()).collect::<Vec<_>>();
    let (columns, rows) = (1200, 30);
    let cell = |place: usize| json!({ "value": (place / columns) * 10_000 + place % columns, "ci95": null });
    let grid = json!({
        "kind": "grid", "heading": { "title": "", "subtitle": "" }, "figure": "checks.total",
        "across": { "key": "across", "values": names(columns) },
        "down": { "key": "down", "values": names(rows) },
        "cells": (0..columns * rows).map(cell).collect::<Vec<_>>(),
    });
    let grid: Chart = serde_json::from_value(grid).unwrap();
    let cells = grid.cells().rows;
    assert_eq!(cells.len(), 10_000);
    for row in cells {
        let found: usize = row[2].replace(',', "").parse().unwrap();
        let (down, across): (usize, usize) = (row[0].parse().unwrap(), row[1].parse().unwrap());
        assert_eq!(found, down * 10_000 + across);
    }
    assert_bearable(&alone(grid));
}

/// A hundred kilobytes that ask for ten thousand million cells.
#[test]
fn a_table_is_not_filled_in_without_end() {
    let mut report = reports()[0].clone();
    report.charts.clear();
    let cells = &mut report.tables[0].cells;
    (cells.columns, cells.rows) = (vec!["column".into(); 10_000], vec![vec!["cell".into()]; 1_000_000]);
    assert_bearable(&report);
    let said = page(&report);
    assert!(said.contains("(only the first 31 of 1,000,000 rows)"), "nothing is said");
}
