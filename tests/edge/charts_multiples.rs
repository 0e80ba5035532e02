//! Small curves by group, drawn for typical and for degenerate data and compared with pictures on file.

use crate::sample::multiples;
use crate::snapshot;
use bgsim::report::charts::multiples::Small;
use bgsim::report::charts::{Chart, Multiples};

const ARMS: [&str; 2] = ["email-plus", "device-keychain"];
const TITLE: &str =
    "By group: told in 15 min +5.4 points (light) to +15.6 points (heavy) with device-keychain";

fn three(arms: &[&str]) -> Multiples {
    let medians: [&[f64]; 3] = [&[9_900.0, 5_200.0], &[2_927.0, 1_100.0], &[1_216.0, 700.0]];
    let medians = medians.map(|medians| &medians[..arms.len().max(1)]);
    let groups = [("light", 64, medians[0]), ("typical", 154, medians[1]), ("heavy", 38, medians[2])];
    multiples(TITLE, arms, &groups)
}

#[test]
fn small_curves_by_group() {
    let chart = three(&ARMS);
    snapshot::chart("by-three", chart.clone());
    let narrow = Chart::from(chart).narrow_svg().unwrap();
    snapshot::picture("by-three-narrow", &narrow);
    snapshot::chart("by-run", three(&[]));
}

#[test]
fn of_many_groups_some_are_drawn_and_the_others_named() {
    let names: Vec<String> =
        (1..=12).map(|number| format!("site-number-{number}-with-a-long-name")).collect();
    let groups: Vec<(&str, u32, &[f64])> =
        names.iter().map(|name| (name.as_str(), 1_000, &[600.0, 1_200.0, 2_400.0, 4_800.0][..])).collect();
    let arms = ["one", "two", "three", "an arm with a name that goes on and on, and on, and then on again"];
    let mut chart = multiples("By group: how soon is mail told?", &arms, &groups);
    chart.has_bands = false;
    chart.left_out = (13..=50).map(|number| format!("site-number-{number}\u{a0}(3)")).collect();
    snapshot::chart("by-many", chart.clone());
    snapshot::picture("by-many-narrow", &Chart::from(chart.clone()).narrow_svg().unwrap());
    let svg = Chart::from(chart).svg();
    let words = svg.split_once("<desc>").unwrap().1.split_once("</desc>").unwrap().0;
    for said in ["A curve each for one, two, three and an arm", "site-number-36\u{a0}(3) and 14 more"] {
        assert!(words.contains(said), "{said}: {words}");
    }
}

#[test]
fn small_curves_of_little_and_of_nothing() {
    snapshot::chart("by-one", multiples("One", &ARMS, &[("all there is", 1, &[600.0, 60.0])]));
    snapshot::chart(
        "by-four",
        multiples("Four", &[], &[("a", 9, &[60.0]), ("b", 9, &[6.0]), ("c", 1, &[1.0]), ("d", 0, &[])]),
    );
    snapshot::chart("by-nobody", multiples("Nobody", &ARMS, &[]));
    let hostile = "</text><script>alert(1)</script>\u{0}\u{1b}[31m \"&\" 受信箱の方針 a name far too long";
    snapshot::chart(
        "by-hostile",
        multiples(hostile, &[hostile; 2], &[(hostile, 8, &[60.0, 1.0]), (hostile, 8, &[])]),
    );
}

/// What an earlier version kept has one curve a part, and no band that is of devices.
#[test]
fn small_curves_of_an_earlier_record_are_drawn() {
    let kept = r#"{"kind":"multiples","heading":{"title":"By group","subtitle":""},"all":[],"panels":[
        {"label":"light","note":"9.1 % in 15 min","points":[{"ms":60000,"told":0.5,"low":0.1,"high":0.9}]}]}"#;
    let chart: Chart = serde_json::from_str(kept).unwrap();
    let svg = snapshot::sound(&chart);
    assert!(svg.contains("light: 9.1 % in 15 min") && !svg.contains("<polygon"), "{svg}");
    assert_eq!(chart.cells().columns, ["part", "within", "told"]);
    let Chart::Multiples(Multiples { panels, has_bands: false, .. }) = chart else {
        panic!("no small curves")
    };
    assert!(matches!(&panels[..], [Small { size, others, .. }] if size.is_empty() && others.is_empty()));
}
