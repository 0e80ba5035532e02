//! Texts and pictures that must stay as they are, in `tests/snapshots`. A picture is a file of its own there, so
//! that it can be looked at.
//!
//! What has changed is written beside what is on file, as `.snap.new`: look at it, then take it with
//! `cargo insta accept`, or without that tool by running the test again with `INSTA_UPDATE=always`.

use bgsim::report::charts::Chart;
use insta::Settings;

/// Compares a text with the one on file.
#[track_caller]
pub fn text(name: &str, text: &str) {
    settings().bind(|| insta::assert_snapshot!(name, text));
}

/// Compares a picture, byte for byte, with the one on file.
#[track_caller]
pub fn picture(name: &str, svg: &str) {
    let file = format!("{name}.svg");
    settings().bind(|| insta::assert_binary_snapshot!(file.as_str(), svg.as_bytes().to_vec()));
}

/// Compares a chart with its picture on file, after it went through a file itself.
#[track_caller]
pub fn chart(name: &str, chart: impl Into<Chart>) {
    let chart = chart.into();
    let kept: Chart = serde_json::from_str(&serde_json::to_string(&chart).unwrap()).unwrap();
    let svg = sound(&chart);
    assert!(kept.svg() == svg, "{name} is another chart once it was kept in a file");
    picture(name, &svg);
}

/// The picture, once what holds for every chart is seen to hold.
#[track_caller]
pub fn sound(chart: &Chart) -> String {
    let cells = chart.cells();
    assert!(cells.rows.iter().all(|row| row.len() == cells.columns.len()), "{:?}", cells.columns);
    let svg = chart.svg();
    is_sound(&svg);
    chart.narrow_svg().iter().for_each(|svg| is_sound(svg));
    svg
}

#[track_caller]
fn is_sound(svg: &str) {
    assert!(!svg.contains("<script") && !svg.contains("NaN") && !svg.contains("inf\""));
    assert!(svg.chars().all(|c| c == '\n' || !c.is_control()));
    for size in attributes(svg, "<text", "font-size") {
        assert!(size / 8.0 >= 10.99, "a text is {size} units high");
    }
    let (width, height) =
        (attributes(svg, "<svg", "width")[0] * 8.0, attributes(svg, "<svg", "height")[0] * 8.0);
    for (at, size, sheet) in [("x", "width", width), ("y", "height", height)] {
        let ends = attributes(svg, "<rect", at).into_iter().zip(attributes(svg, "<rect", size));
        for (from, length) in ends {
            assert!(from >= 0.0 && length >= 0.0 && from + length <= sheet, "{at} {from} + {length}");
        }
        assert!(attributes(svg, "<text", at).iter().all(|at| (0.0..sheet).contains(at)));
    }
}

/// The numbers of an attribute, of every element that has it.
fn attributes(svg: &str, element: &str, name: &str) -> Vec<f64> {
    let begin = format!(" {name}=\"");
    let elements = svg.lines().filter(|line| line.starts_with(element));
    let value = |line: &str| Some(line.split_once(&begin)?.1.split_once('"')?.0.parse().unwrap());
    elements.filter_map(value).collect()
}

fn settings() -> Settings {
    let mut settings = Settings::clone_current();
    settings.set_snapshot_path("../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}
