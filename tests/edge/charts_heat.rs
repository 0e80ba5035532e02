//! The heat maps and the bars of causes, drawn for typical and for degenerate data and compared with pictures
//! on file.

use crate::snapshot::{self, sound};
use bgsim::client::DelayCause;
use bgsim::report::charts::causes::{Bar, Part};
use bgsim::report::charts::grid::Variable;
use bgsim::report::charts::week::{Measure, Panel};
use bgsim::report::charts::{Causes, Chart, Estimate, Grid, Heading, Reading, Week};

const HOSTILE: &str = "</text><script>alert(1)</script>\u{0}\n<rect \"& 受信箱の方針 a name far too long";
const LONG: &str = "Keychain, after first unlock, no budget!";

fn heading(title: &str, subtitle: &str) -> Heading {
    Heading { title: title.into(), subtitle: subtitle.into() }
}

/// A number from 0 to 1 that looks like chance and is the same everywhere.
fn chance(number: usize) -> f64 {
    (number * 7919 % 1013) as f64 / 1013.0
}

/// A week of p90 latency: short by day, long by night and longer at the weekend.
fn nights(label: &str, day_s: f64, night_s: f64) -> Panel {
    let reading = |hour: usize| {
        let (day, hour_of_day) = (hour / 24, hour % 24);
        let weekend = if day >= 5 { 2.2 } else { 1.0 };
        let morning = (7.0 - hour_of_day as f64).max(0.0) / 7.0;
        match hour_of_day {
            // Mail of the late evening waits longest, until the morning.
            0..7 => Reading::Value(day_s * weekend + night_s * morning * (0.9 + 0.2 * chance(hour))),
            23 => Reading::Value(night_s * (0.9 + 0.2 * chance(hour))),
            _ => Reading::Value(day_s * weekend * (0.7 + 0.6 * chance(hour))),
        }
    };
    Panel { label: label.into(), cells: (0..168).map(reading).collect(), ends: Vec::new() }
}

fn week(panels: Vec<Panel>) -> Week {
    Week {
        heading: heading(
            "Mail that comes at night waits for the morning",
            "p90 notification latency by the hour in which the mail arrived, local time (Europe/Berlin)",
        ),
        measure: Measure::Seconds,
        nothing: "fewer than 20 mails".into(),
        panels,
    }
}

#[test]
fn a_week_of_one_arm() {
    snapshot::chart("week-one", Chart::Week(week(vec![nights("App flip", 540.0, 28_000.0)])));
}

#[test]
fn a_week_of_three_arms_with_holes() {
    let mut panels = vec![
        nights("Keychain, after first unlock", 420.0, 1500.0),
        nights("Keychain, when unlocked", 700.0, 14_000.0),
        nights("App flip (Email+ default)", 8400.0, 29_000.0),
    ];
    for hour in [2, 3, 4, 26, 27, 28, 50, 51, 52, 74, 75, 100, 122, 123, 124, 146, 147, 148] {
        for panel in &mut panels {
            panel.cells[hour] = Reading::Nothing;
        }
    }
    for hour in [119, 120, 121, 143, 144, 145, 149, 167] {
        panels[2].cells[hour] = Reading::Beyond;
    }
    snapshot::chart("week-three", Chart::Week(week(panels)));
}

#[test]
fn a_week_of_shares() {
    let share = |hour: usize| {
        let asleep = !(7..23).contains(&(hour % 24));
        Reading::Value(if asleep { 0.12 * chance(hour) } else { 0.8 + 0.2 * chance(hour) })
    };
    let mut cells: Vec<Reading> = (0..168).map(share).collect();
    (cells[0], cells[1], cells[10], cells[11]) =
        (Reading::Value(0.0), Reading::Value(1e-9), Reading::Value(1.0), Reading::Value(0.9999));
    let heading = heading(
        "By night, hardly a check succeeds",
        "Share of checks that got the key, local time (Europe/Berlin)",
    );
    let panels = vec![Panel { label: "App flip".into(), cells, ends: Vec::new() }];
    snapshot::chart(
        "week-shares",
        Chart::Week(Week { heading, measure: Measure::Share, nothing: "no check".into(), panels }),
    );
}

/// By day mail gains, by night hardly any does, and of Saturday's early hours nothing is known.
fn gained(label: &str) -> Panel {
    let change = |hour: usize| match hour % 24 {
        0..6 => 0.06 * chance(hour) - 0.03,
        6..8 => -0.08 - 0.05 * chance(hour),
        _ => 0.12 + 0.25 * chance(hour),
    };
    let unknown = |hour: &usize| (122..125).contains(hour);
    let cells =
        (0..168).map(|hour| if unknown(&hour) { Reading::Nothing } else { Reading::Value(change(hour)) });
    let ends = (0..168).map(|hour| (hour != 40).then(|| [change(hour) - 0.04, change(hour) + 0.04]));
    Panel { label: label.into(), cells: cells.collect(), ends: ends.collect() }
}

#[test]
fn the_change_of_a_week() {
    let heading = heading(
        "With Keychain, mail gains in 18 of 24 hours of arrival, up to +24.5 points told in time",
        "Told within 15 min, change in points by hour of arrival, local time (Europe/Berlin); the same 500 devices over 28 days",
    );
    let panels = vec![gained("Keychain")];
    let chart = Chart::Week(Week { heading, measure: Measure::Change, ..week(panels) });
    let cells = chart.cells();
    assert_eq!(cells.rows[0][2], "\u{2212}3.0 points [\u{2212}7.0, +1.0]");
    assert_eq!(cells.rows[1][18], "+29.4 points (few devices)");
    snapshot::chart("week-change", chart.clone());
    snapshot::picture("week-change-narrow", &chart.narrow_svg().unwrap());
}

#[test]
fn weeks_of_nothing_of_one_value_and_of_nonsense() {
    snapshot::chart("week-empty", Chart::Week(week(Vec::new())));
    let of = |cells: &[Reading]| vec![Panel { label: "Arm".into(), cells: cells.to_vec(), ends: Vec::new() }];
    snapshot::chart("week-no-mail", Chart::Week(week(of(&[]))));
    snapshot::chart("week-single", Chart::Week(week(of(&[Reading::Value(42.0)]))));
    snapshot::chart("week-alike", Chart::Week(week(of(&[Reading::Value(600.0); 168]))));
    sound(&Chart::Week(week(of(&[Reading::Beyond; 500]))));
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 0.0, 1e-300, 1e300] {
        let kept: Reading =
            serde_json::from_str(&serde_json::to_string(&Reading::Value(value)).unwrap()).unwrap();
        assert_eq!(kept, if value.is_finite() { Reading::Value(value) } else { Reading::Nothing });
        for measure in [Measure::Seconds, Measure::Share, Measure::Change] {
            sound(&Chart::Week(Week { measure, ..week(of(&[Reading::Value(value), Reading::Value(60.0)])) }));
            sound(&Chart::Week(Week { measure, ..week(of(&[Reading::Value(value)])) }));
        }
    }
}

#[test]
fn a_week_of_nine_arms_with_names_that_would_break_out() {
    let mut panels: Vec<Panel> = (0..9).map(|n| nights(LONG, 60.0 * (n + 1) as f64, 9000.0)).collect();
    panels[1].label = HOSTILE.into();
    let chart = |panels| Chart::Week(Week { heading: heading(HOSTILE, HOSTILE), ..week(panels) });
    snapshot::chart("week-hostile", chart(panels[..2].to_vec()));
    let svg = sound(&chart(panels));
    // A taller sheet, on which every arm has a panel of its own.
    assert_eq!(svg.lines().filter(|line| *line == "Sun").count(), 9);
}

fn bar(label: &str, parts: &[(DelayCause, f64)]) -> Bar {
    let parts = parts.iter().map(|(cause, seconds)| Part { cause: *cause, seconds: *seconds });
    Bar { label: label.into(), parts: parts.collect() }
}

fn causes(arms: Vec<Bar>) -> Causes {
    Causes {
        heading: heading(
            "Nine tenths of the delay is mail that waits for an app flip",
            "Mean delay of told mail by what it waited for, the same 2,000 devices in every arm",
        ),
        arms,
    }
}

fn three_bars() -> Vec<Bar> {
    vec![
        bar(
            "App flip (Email+ default)",
            &[
                (DelayCause::Checking, 4.0),
                (DelayCause::NoNetwork, 290.0),
                (DelayCause::LowPower, 410.0),
                (DelayCause::NeedsAppFlip, 11_520.0),
                (DelayCause::NotScheduled, 960.0),
            ],
        ),
        bar(
            "Keychain, when unlocked",
            &[
                (DelayCause::Checking, 4.0),
                (DelayCause::NoNetwork, 280.0),
                (DelayCause::LowPower, 400.0),
                (DelayCause::KeychainLocked, 4300.0),
                (DelayCause::NotScheduled, 1300.0),
                (DelayCause::Budget, 260.0),
            ],
        ),
        bar(
            "Keychain, after first unlock",
            &[
                (DelayCause::Checking, 4.0),
                (DelayCause::NoNetwork, 270.0),
                (DelayCause::LowPower, 390.0),
                (DelayCause::BeforeFirstUnlock, 130.0),
                (DelayCause::NotScheduled, 1500.0),
                (DelayCause::Budget, 420.0),
            ],
        ),
    ]
}

#[test]
fn causes_of_three_arms() {
    snapshot::chart("causes-three", Chart::Causes(causes(three_bars())));
}

#[test]
fn causes_of_one_arm() {
    snapshot::chart("causes-one", Chart::Causes(causes(three_bars()[1..2].to_vec())));
}

#[test]
fn causes_of_nothing_of_one_kind_and_of_nonsense() {
    snapshot::chart("causes-empty", Chart::Causes(causes(Vec::new())));
    snapshot::chart(
        "causes-no-delay",
        Chart::Causes(causes(vec![bar("No mail", &[]), bar("At once", &[(DelayCause::Checking, 0.0)])])),
    );
    snapshot::chart(
        "causes-alike",
        Chart::Causes(causes(vec![
            bar("A", &[(DelayCause::Checking, 4.0)]),
            bar("B", &[(DelayCause::Checking, 4.0)]),
        ])),
    );
    for seconds in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 1e-300, 1e300, f64::MAX] {
        let odd =
            [(DelayCause::Budget, seconds), (DelayCause::Checking, seconds), (DelayCause::LowPower, 60.0)];
        sound(&Chart::Causes(causes(vec![bar("Odd", &odd), bar("Odd alone", &odd[..1])])));
    }
}

#[test]
fn all_causes_of_nine_arms_with_names_that_would_break_out() {
    let all = |n: usize| -> Vec<(DelayCause, f64)> {
        DelayCause::ALL
            .iter()
            .enumerate()
            .map(|(i, cause)| (*cause, 60.0 + 900.0 * chance(n * 13 + i)))
            .collect()
    };
    let mut arms: Vec<Bar> = (0..9).map(|n| bar(LONG, &all(n))).collect();
    arms[1].label = HOSTILE.into();
    arms[8].parts[3].seconds = 3.0;
    let chart = Causes { heading: heading(HOSTILE, HOSTILE), ..causes(arms) };
    snapshot::chart("causes-nine", Chart::Causes(chart));
}

fn axis(key: &str, values: &[&str]) -> Variable {
    Variable { key: key.into(), values: values.iter().map(|value| (*value).into()).collect() }
}

/// A sweep over a grace period and an interval.
fn grid(figure: &str, value: impl Fn(usize, usize) -> Option<f64>, spread: f64) -> Grid {
    let across = axis("client.refresh_interval", &["5m", "10m", "15m", "30m", "1h", "2h"]);
    let down = axis("policy.keychain_lock_grace", &["0s", "10s", "1m", "5m", "15m"]);
    let estimate = |(row, column)| {
        let value: Option<f64> = value(row, column);
        Estimate { value, ci95: value.map(|value| [value * (1.0 - spread), value * (1.0 + spread)]) }
    };
    let places = (0..5).flat_map(|row| (0..6).map(move |column| (row, column)));
    Grid {
        heading: heading(
            "A longer grace period helps more than asking more often",
            "Share of mail told within 15 min with half its 95 % interval, 500 devices in each cell",
        ),
        figure: figure.parse().unwrap(),
        cells: places.map(estimate).collect(),
        unbeaten: Vec::new(),
        across,
        down,
    }
}

fn told(row: usize, column: usize) -> Option<f64> {
    Some(0.31 + 0.12 * row as f64 - 0.015 * column as f64 + 0.01 * chance(row * 6 + column))
}

#[test]
fn a_grid_of_shares() {
    snapshot::chart("grid-shares", Chart::Grid(grid("mail.told_within.15m", told, 0.012)));
}

#[test]
fn a_grid_whose_unbeaten_cells_are_framed() {
    let mut framed = grid("mail.told_within.15m", told, 0.012);
    framed.unbeaten = (0..30).map(|place| place % 7 == 6 || place == 0).collect();
    snapshot::chart("grid-framed", Chart::Grid(framed));
}

#[test]
fn a_grid_of_latency_that_is_not_always_reached() {
    let latency = |row: usize, column: usize| {
        let seconds = 240.0 * (column + 1) as f64 * libm::pow(2.4, (4 - row) as f64);
        Some(seconds).filter(|seconds| *seconds < 40_000.0)
    };
    let mut chart = grid("mail.latency_s.p90", latency, 0.06);
    chart.heading = heading(
        "Without a grace period, p90 is not reached",
        "p90 notification latency, 500 devices in each cell",
    );
    snapshot::chart("grid-latency", Chart::Grid(chart));
}

/// A grid of this many rows and columns.
fn large(rows: usize, columns: usize, figure: &str) -> Grid {
    let values = |many: usize| (1..=many).map(|n| format!("{} min", n * 5)).collect();
    let estimate = |place: usize| {
        let (row, column) = ((place / columns) as f64, (place % columns) as f64);
        let value = 0.1 + 0.5 * row / rows as f64 + 0.3 * libm::sqrt(column / columns as f64);
        Estimate { value: Some(value + 0.02 * chance(place)), ci95: Some([value - 0.01, value + 0.02]) }
    };
    Grid {
        heading: heading("Where do the two settle?", "Share of mail told within 15 min"),
        figure: figure.parse().unwrap(),
        across: Variable { key: "client.refresh_interval".into(), values: values(columns) },
        down: Variable { key: "policy.keychain_lock_grace".into(), values: values(rows) },
        cells: (0..rows * columns).map(estimate).collect(),
        unbeaten: Vec::new(),
    }
}

#[test]
fn grids_of_many_cells() {
    snapshot::chart("grid-twelve", Chart::Grid(large(12, 12, "mail.told_within.15m")));
    let mut fine = large(20, 30, "energy.background_mah_per_day");
    (fine.cells[41].value, fine.cells[400].value) = (None, None);
    snapshot::chart("grid-fine", Chart::Grid(fine));
    sound(&Chart::Grid(large(40, 40, "mail.latency_s.p50")));
    for (rows, columns) in [(1, 40), (40, 1), (1, 2), (2, 1), (2, 2), (2, 2000)] {
        sound(&Chart::Grid(large(rows, columns, "mail.told_within.15m")));
    }
    snapshot::chart("grid-row", Chart::Grid(large(1, 5, "mail.told_within.15m")));
}

#[test]
fn grids_of_nothing_of_one_value_and_of_nonsense() {
    let empty = Grid { across: Variable::default(), ..large(3, 3, "checks.total") };
    snapshot::chart("grid-empty", Chart::Grid(empty));
    snapshot::chart("grid-single", Chart::Grid(large(1, 1, "mail.told_within.15m")));
    snapshot::chart("grid-alike", Chart::Grid(grid("checks.total", |_, _| Some(1_234_567.0), 0.01)));
    snapshot::chart(
        "grid-unknown",
        Chart::Grid(Grid { cells: Vec::new(), ..large(4, 3, "mail.latency_s.p99") }),
    );
    for value in [f64::NEG_INFINITY, -1.0, 0.0, 1e-300, 1e300, f64::MAX, f64::MIN, f64::INFINITY, f64::NAN] {
        for figure in ["told_within(15m)", "latency(p50)", "checks(total)", "energy(background)"] {
            sound(&Chart::Grid(grid(
                figure,
                |row, column| Some(if row == column { value } else { 2.0 }),
                0.1,
            )));
            sound(&Chart::Grid(grid(figure, |_, _| Some(value), f64::INFINITY)));
        }
    }
}

#[test]
fn a_grid_with_names_that_would_break_out() {
    let mut chart = grid("checks(total)", |row, column| Some((row * 1000 + column) as f64), 0.1);
    chart.heading = heading(HOSTILE, HOSTILE);
    for (axis, name) in [(&mut chart.across, HOSTILE), (&mut chart.down, LONG)] {
        axis.key = HOSTILE.into();
        axis.values[1] = name.into();
        axis.values[2] = HOSTILE.into();
    }
    snapshot::chart("grid-hostile", Chart::Grid(chart));
}
