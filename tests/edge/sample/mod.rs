//! Reports made up by hand: one as a comparison makes it, and one that means harm.

// Not every test wants all of them.
#![allow(dead_code)]

use bgsim::analysis::survival::Point;
use bgsim::report::charts::latency::{Curve, Latency, Target, Told};
use bgsim::report::charts::multiples::Small;
use bgsim::report::charts::{Cells, Chart, Heading, Multiples};
use bgsim::report::document::{Assumption, Captioned, Place, Report, ScenarioText};

/// A curve that rises to `ceiling` around its median.
fn curve(label: &str, median_s: f64, ceiling: f64) -> Curve {
    let point = |step: u32| {
        let seconds = libm::pow(10.0, f64::from(step) / 16.0);
        let told = ceiling / (1.0 + libm::pow(seconds / median_s, -1.4));
        let half = 0.02 + 0.02 * f64::from(step) / 80.0;
        let (low, high) = ((told - half).max(0.0), (told + half).min(1.0));
        Point { ms: (seconds * 1000.0) as u64, told, low, high }
    };
    let median = (ceiling > 0.5).then_some((median_s * 1000.0) as u64);
    Curve {
        label: label.into(),
        points: (1..80).map(point).collect(),
        median,
        censored: vec![3_600_000, 14_400_000],
        told: Some(Told { ms: 86_400_000, share: ceiling }),
        allowed: Vec::new(),
    }
}

fn latency(title: &str, arms: Vec<Curve>) -> Chart {
    let subtitle = "Share of mail told within the time, Kaplan–Meier with 95 % band; marks show medians";
    let heading = Heading { title: title.into(), subtitle: subtitle.into() };
    Chart::Latency(Latency { heading, arms, target: Some(Target { ms: 900_000, share: 0.9 }) })
}

/// Small curves of these groups, each of so many devices; a curve each by when half of its mail is told.
pub fn multiples(title: &str, arms: &[&str], groups: &[(&str, u32, &[f64])]) -> Multiples {
    let panel = |(label, devices, medians): &(&str, u32, &[f64])| {
        let mut curves = medians.iter().map(|median| curve("", *median, 0.97).points);
        Small {
            label: label.to_string(),
            size: format!("{devices} devices"),
            note: "3.6 % \u{2192} 9.0 % in 15 min".into(),
            points: curves.next().unwrap_or_default(),
            others: curves.collect(),
        }
    };
    let subtitle = "Mail told within a time, Kaplan\u{2013}Meier, 95 % band; marks: when half is told";
    Multiples {
        heading: Heading { title: title.into(), subtitle: subtitle.into() },
        arms: arms.iter().map(|arm| arm.to_string()).collect(),
        all: if arms.is_empty() { curve("", 900.0, 0.95).points } else { Vec::new() },
        panels: groups.iter().map(panel).collect(),
        left_out: Vec::new(),
        has_bands: true,
    }
}

fn words<const N: usize>(words: [&str; N]) -> Vec<String> {
    words.map(String::from).to_vec()
}

fn assumption([key, what, value, range, tag, source]: [&str; 6], overridden: bool) -> Assumption {
    let [key, what, value, range, tag, source] =
        [key, what, value, range, tag, source].map(|text| text.to_owned());
    Assumption { key, what, value, range, tag, source, overridden }
}

/// A comparison of two policies.
pub fn comparison() -> Report {
    let differences = Cells {
        columns: words(["", "difference [95 % interval]", "device keychain", "app flip", "variance"]),
        rows: vec![
            words(["told", "", "", "", ""]),
            words(["  within 15 min", "+31.4 % [+30.9, +31.9]", "71.8 %", "40.4 %", "÷ 12"]),
            words(["  within 1 h", "+24.0 % [+23.5, +24.5]", "88.2 %", "64.2 %", "÷ 9.4"]),
            words(["latency", "", "", "", ""]),
            words(["  p50", "−19 min [−20 min, −18 min]", "8 min 10 s", "27 min", "÷ 7.1"]),
            words(["  p95", "−3 h 2 min [−3 h 10 min, −2 h 55 min]", "2 h 20 min", "5 h 22 min", "÷ 3.0"]),
            words(["the price", "", "", "", ""]),
            words(["  key readable while locked", "+9.6 h/day [+9.5, +9.7]", "9.8 h/day", "0.2 h/day", "-"]),
        ],
    };
    let outcomes = Cells {
        columns: words(["with app flip", "now notified", "now on open", "now never"]),
        rows: vec![
            words(["notified", "41,208", "311", "0"]),
            words(["on open", "19,930", "12,004", "2"]),
            words(["never", "88", "41", "7"]),
        ],
    };
    let scenario = |key: &str| {
        format!(
            "[fleet]\ndevices = 2000\nseed = 42\n\n[[fleet.persona]]\nname = \"typical\"\n\n[policy]\n{key}\n"
        )
    };
    let arms =
        || vec![curve("App flip (Email+ default)", 1620.0, 0.93), curve("Device keychain", 490.0, 0.99)];
    Report {
        is_observed: false,
        interrupted: None,
        explore: String::new(),
        is_live: false,
        in_brief: Vec::new(),
        schema: 1,
        tool: "bgsim 0.1.0".into(),
        title: "Email+ with and without the device keychain".into(),
        verdict: words([
            "With the device keychain, 71.8 % of new mail is told within 15 minutes instead of 40.4 %: \
             31.4 percentage points more (95 % interval 30.9 to 31.9).",
            "The price: the key stays readable for 9.6 hours more of every day while the phone is locked.",
        ]),
        about: vec![
            ("Devices in each arm".into(), "2,000".into()),
            ("Measured".into(), "28 d after 14 d of warm-up".into()),
            ("Seed".into(), "42".into()),
            ("Mail".into(), "612,448".into()),
            ("Time zone".into(), "Europe/Berlin".into()),
            (
                "Fingerprints".into(),
                "app flip 5f0c9e1b7d3a4482, device keychain 91aa07c4be66d013, both on the fast engine".into(),
            ),
        ],
        warnings: words([
            "device keychain: the passcode policy is weak (6 digits), and with the device keychain the passcode \
             is all that guards the key.",
        ]),
        tables: vec![
            Captioned {
                caption: "Device keychain against app flip".into(),
                place: Place::Answer,
                cells: differences,
                numbers: vec![false, true, true, true, true],
            },
            Captioned {
                caption: "How the same mails fared".into(),
                place: Place::Appendix,
                cells: outcomes,
                numbers: vec![false, true, true, true],
            },
        ],
        charts: vec![
            ("latency".into(), latency("When is new mail told?", arms())),
            (
                "by-group".into(),
                Chart::from(multiples(
                    "By group: how soon is mail told?",
                    &["App flip (Email+ default)", "Device keychain"],
                    &[
                        ("light", 500, &[5200.0, 1900.0]),
                        ("typical", 1200, &[1620.0, 490.0]),
                        ("heavy", 300, &[700.0, 240.0]),
                    ],
                )),
            ),
            ("latency-night".into(), latency("And mail that comes at night?", arms())),
        ],
        scenarios: vec![
            ScenarioText { label: "app flip".into(), toml: scenario("allow_device_keychain = false") },
            ScenarioText { label: "device keychain".into(), toml: scenario("allow_device_keychain = true") },
        ],
        assumptions: assumptions(),
        command:
            "bgsim compare email-plus --set-b policy.allow_device_keychain=true --devices 2000 --seed 42"
                .into(),
    }
}

fn assumptions() -> Vec<Assumption> {
    vec![
        assumption(
            [
                "policy.keychain_lock_grace",
                "How long a `when_unlocked` item stays readable after the device locked.",
                "10 s",
                "0 to 30 s",
                "apple",
                "Apple Platform Security: the class key is discarded about 10 s after lock.",
            ],
            false,
        ),
        assumption(
            [
                "user.side_button",
                "Share of sessions that end with the side button rather than by auto-lock.",
                "0.6",
                "0.2 to 1",
                "assumed",
                "No source.",
            ],
            true,
        ),
        assumption(
            [
                "user.glance",
                "Median length of a glance at the locked screen.",
                "5.5 s",
                "2 to 15 s",
                "measured",
                "UsageLogger, one Android user-day.",
            ],
            false,
        ),
        assumption(
            [
                "network.outage",
                "Median length of an outage.",
                "3 min",
                "0.5 to 20 min",
                "assumed",
                "No source.",
            ],
            false,
        ),
        assumption(
            [
                "policy.max_age",
                "How long an authentication opens the background.",
                "72 h",
                "1 to 168 h",
                "field",
                "BlackBerry Dynamics SDK for iOS 14: 3 days.",
            ],
            false,
        ),
        assumption(
            [
                "memory.jetsam_limit",
                "Memory above which the kernel ends a process in the background.",
                "50 MB",
                "30 to 80 MB",
                "xnu",
                "bsd/kern/kern_memorystatus.c",
            ],
            false,
        ),
        assumption(
            [
                "scheduler.slack",
                "How much later than asked a refresh may run.",
                "15 min",
                "5 to 60 min",
                "reverse-engineered",
                "Public analyses of DuetActivityScheduler.",
            ],
            false,
        ),
    ]
}

/// What must never reach the page as it stands.
pub const HOSTILE: &str = "</script></style></svg></title>]]>--><script>alert(1)</script>\
                           <img src=x onerror=alert(2)>\"'` onclick=alert(3) \u{202E}\u{0}\u{1b}[31m\u{2066}";

/// Every text of it is hostile.
pub fn hostile() -> Report {
    let text = || String::from(HOSTILE);
    let cells = || Cells { columns: vec![text(), text()], rows: vec![vec![text(), text()], vec![text()]] };
    let number = || Assumption {
        key: text(),
        what: text(),
        value: text(),
        range: text(),
        tag: text(),
        source: text(),
        overridden: true,
    };
    Report {
        is_observed: false,
        interrupted: None,
        in_brief: Vec::new(),
        schema: 1,
        tool: text(),
        title: text(),
        verdict: vec![text()],
        about: vec![(text(), text())],
        warnings: vec![text(), text()],
        tables: vec![Captioned {
            caption: text(),
            place: Place::Answer,
            cells: cells(),
            numbers: vec![true],
        }],
        charts: vec![
            (text(), latency(HOSTILE, vec![curve(HOSTILE, 60.0, 0.9), curve(HOSTILE, 600.0, 0.9)])),
            (
                text(),
                Chart::from(multiples(
                    HOSTILE,
                    &[HOSTILE; 2],
                    &[(HOSTILE, 3, &[60.0, 600.0]), (HOSTILE, 9, &[])],
                )),
            ),
        ],
        scenarios: vec![ScenarioText { label: text(), toml: text() }],
        assumptions: vec![number(), number()],
        command: text(),
        explore: String::new(),
        is_live: false,
    }
}

/// Nothing in it.
pub fn empty() -> Report {
    Report {
        is_observed: false,
        interrupted: None,
        in_brief: Vec::new(),
        schema: 1,
        tool: String::new(),
        title: String::new(),
        verdict: Vec::new(),
        about: Vec::new(),
        warnings: Vec::new(),
        tables: Vec::new(),
        charts: Vec::new(),
        scenarios: Vec::new(),
        assumptions: Vec::new(),
        command: String::new(),
        explore: String::new(),
        is_live: false,
    }
}
