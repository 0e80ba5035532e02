//! Paired comparison: exact where it must be, right at its stated rate, and the same however it is run.

use bgsim::comparison::{Runs, compare, run_arms};
use bgsim::experiment::Plan;
use bgsim::figure::Figure;
use bgsim::scenario::{Scenario, differing, load};
use serde_json::Value;
use std::process::{Command, Output};

fn bgsim(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bgsim")).args(words).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn json(words: &[&str]) -> Value {
    let output = bgsim(words);
    assert!(output.status.success(), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The message of a command that cannot be run.
fn refusal(words: &[&str]) -> String {
    let output = bgsim(words);
    assert_eq!(output.status.code(), Some(1), "{words:?}");
    assert!(output.stdout.is_empty());
    text(&output.stderr)
}

const KEYCHAIN: &str = "policy.allow_device_keychain=true";

#[test]
fn a_scenario_differs_from_itself_by_exactly_nothing() {
    let found = json(&["compare", "email-plus", "email-plus", "--devices", "40", "--json"]);
    for figure in found["figures"].as_array().unwrap() {
        let (values, difference) = (&figure["values"], &figure["difference"][1]);
        assert_eq!(values[0], values[1]);
        // What is unknown in both has no difference either.
        assert!(*difference == 0.0 || (values[0].is_null() && difference.is_null()), "{figure}");
        let ends = &figure["ci95"][1];
        assert!(ends.is_null() || (ends[0] == 0.0 && ends[1] == 0.0), "{figure}");
    }
    let moves = &found["moves"][0];
    assert_eq!(
        (&moves["moved"], &moves["told_sooner"]["mails"], &moves["told_later"]["mails"]),
        (&0.into(), &0.into(), &0.into())
    );
    assert_eq!(found["arms"][0]["fingerprint"], found["arms"][1]["fingerprint"]);
    let finding = &found["verdict"]["findings"][0];
    assert_eq!((&finding["sees_difference"], &finding["devices_needed"]), (&false.into(), &Value::Null));
    assert!(finding["sentence"].as_str().unwrap().starts_with("No difference that this run can see"));
}

/// Nothing stands in the way of a wake every 15 or 30 min with a random phase, so latency is uniform: its
/// mean is 450 s or 900 s, and a third or a sixth of the mail is told within 5 min. (The horizon takes mail
/// from the last wake on; over 7 days that moves the difference of the means by a 30th of its error.)
///
/// Of 200 intervals 95 % should hold the truth. Fewer than 176 would be a false alarm in 3 of 100,000 draws of
/// seeds, all 200 in 4 of 100,000.
#[test]
fn paired_intervals_cover_a_known_difference_at_their_rate() {
    let arm = |every: &str, seed: u64| {
        let sets = ["measure=7d", "devices=32", &format!("scheduler.every={every}"), &format!("seed={seed}")];
        let sets: Vec<String> = sets.map(String::from).to_vec();
        (every.to_string(), load("periodic-15m", &sets).unwrap())
    };
    let figure = |text: &str| text.parse::<Figure>().unwrap();
    let truths = [(figure("latency(mean)"), 450.0), (figure("told_within(5m)"), -1.0 / 6.0)];
    let mut covered = [0; 2];
    for seed in 1..=200 {
        let arms = [arm("15m", seed), arm("30m", seed)];
        let (found, _) = compare(&arms, &runs(&arms), truths[0].0, &[], String::new());
        for ((figure, truth), covered) in truths.into_iter().zip(&mut covered) {
            let [low, high] = found.get(figure).unwrap().ci95[1].unwrap();
            *covered += i32::from(low <= truth && truth <= high);
        }
    }
    assert!(covered.iter().all(|covered| (176..200).contains(covered)), "{covered:?} of 200");
}

fn runs(arms: &[(String, Scenario)]) -> Runs {
    let plan = Plan { jobs: 2, ..Plan::default() };
    run_arms(arms, 0..arms[0].1.devices, &plan, false, &mut ()).unwrap()
}

#[test]
fn compare_json_has_the_figures_of_each_run_under_their_own_names() {
    let devices = ["--devices", "40", "--json"];
    let found = json(&[&["compare", "email-plus", "--set-b", KEYCHAIN][..], &devices].concat());
    let runs = [
        json(&[&["run", "email-plus"][..], &devices].concat()),
        json(&[&["run", "email-plus", "--set", KEYCHAIN][..], &devices].concat()),
    ];
    assert_eq!(found["schema"], 1);
    assert_eq!(found["tool"]["name"], "bgsim");
    assert_eq!(found["scenario"]["devices"], 40);
    assert_eq!(
        found["scenario"]["command"],
        format!("bgsim compare email-plus --set-b {KEYCHAIN} --devices 40")
    );
    for (arm, run) in found["arms"].as_array().unwrap().iter().zip(&runs) {
        assert_eq!(arm["sha256"], run["scenario"]["sha256"]);
        assert_eq!(arm["fingerprint"], run["fingerprint"]);
    }
    let figures = found["figures"].as_array().unwrap();
    let names: Vec<&str> = figures.iter().map(|figure| figure["name"].as_str().unwrap()).collect();
    let headline: Vec<&str> = runs[0]["ci95"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, headline);
    for figure in figures {
        let path = figure["name"].as_str().unwrap();
        // A name such as `1m` holds no dot, so that a path always parts at its dots.
        let at = |run: &Value| path.split('.').fold(run.clone(), |value, key| value[key].clone());
        for (arm, run) in runs.iter().enumerate() {
            assert_eq!(figure["values"][arm].as_f64(), at(run).as_f64(), "{path}");
        }
        assert_eq!(figure["difference"].as_array().unwrap().len(), 2);
        if let Some(ends) = figure["ci95"][1].as_array() {
            let difference = figure["difference"][1].as_f64().unwrap();
            assert!(ends[0].as_f64().unwrap() <= difference && difference <= ends[1].as_f64().unwrap());
        }
    }
    let moves = &found["moves"][0];
    let cells = moves["outcomes"].as_object().unwrap().values();
    let mails: u64 = cells.flat_map(|row| row.as_object().unwrap().values()).filter_map(Value::as_u64).sum();
    assert_eq!(Some(mails), runs[0]["mail"]["arrived"].as_u64());
    assert_eq!(found["verdict"]["findings"][0]["sees_difference"], true);
    // Where pairing helps at all it is seen: the same users open the client at the same times.
    let launches = figures.iter().find(|figure| figure["name"] == "checks.by_trigger.user_launch").unwrap();
    assert!(launches["variance_reduction"][1].as_f64().unwrap() > 1.2, "{launches}");
}

#[test]
fn threads_leave_no_trace_and_pairs_hold_every_mail() {
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for jobs in ["1", "3"] {
        let out = folder.path().join(jobs);
        let arm = format!("kept: {KEYCHAIN} client.key_in_memory=while_process_lives");
        let words =
            ["compare", "email-plus", "--set-b", KEYCHAIN, "--arm", &arm, "--devices", "40", "--pairs"];
        let output = bgsim(&[&words[..], &["--jobs", jobs, "--out", out.to_str().unwrap()]].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        let read = |name: &str| std::fs::read(out.join(name)).unwrap();
        files.push(["compare.json", "latency.svg", "pairs.csv"].map(read));
    }
    assert!(files[0] == files[1]);
    let found: Value = serde_json::from_slice(&files[0][0]).unwrap();
    assert_eq!(found["arms"][2]["label"], "kept");
    let mut reader = csv::Reader::from_reader(files[0][2].as_slice());
    let header: Vec<String> = reader.headers().unwrap().iter().map(String::from).collect();
    assert_eq!(header[..5].join(","), "device,mail,arrived,outcome_1,latency_1_ms");
    assert_eq!(
        header[5..].join(","),
        "outcome_2,latency_2_ms,difference_2_ms,outcome_3,latency_3_ms,difference_3_ms,held_back_1,held_back_2,held_back_3"
    );
    let (mut rows, mut sooner) = (0, 0);
    for row in reader.records() {
        let row = row.unwrap();
        let cell = |place: usize| row[place].parse::<i64>().ok();
        assert_eq!(cell(7), cell(6).and_then(|b| Some(b - cell(4)?)));
        rows += 1;
        sooner += u64::from(cell(7) < Some(0) && cell(7).is_some());
    }
    assert_eq!(found["moves"][0]["mails"], rows);
    assert_eq!(found["moves"][0]["told_sooner"]["mails"], sooner);
    assert_eq!(found["moves"][0]["held_back"]["in_both"], 0);
}

#[test]
fn devices_are_added_until_the_interval_is_tight_or_the_cap_is_reached() {
    let words =
        ["compare", "email-plus", "--set-b", KEYCHAIN, "--devices", "32", "--json", "--until-precision"];
    let tight = json(&[&words[..], &["1.5%"]].concat());
    let devices = tight["scenario"]["devices"].as_u64().unwrap();
    let precision = &tight["precision"];
    assert_eq!(precision["stopped_by"], "precision");
    assert!(devices > 32 && precision["reached"].as_f64().unwrap() <= 0.015, "{precision}");
    // Devices that were added are those of a plain comparison on as many.
    let plain = ["compare", "email-plus", "--set-b", KEYCHAIN, "--json", "--devices", &devices.to_string()];
    let plain = json(&plain);
    assert_eq!((&tight["figures"], &tight["arms"]), (&plain["figures"], &plain["arms"]));
    assert_eq!(plain["precision"], Value::Null);
    let of_difference = json(&[&words[..], &["20% of difference"]].concat());
    let found =
        of_difference["figures"].as_array().unwrap().iter().find(|row| row["name"] == "mail.told_within.15m");
    let difference = found.unwrap()["difference"][1].as_f64().unwrap();
    let reached = of_difference["precision"]["reached"].as_f64().unwrap();
    assert!(reached <= 0.2 * difference.abs() && of_difference["precision"]["stopped_by"] == "precision");
    let capped = json(&[&words[..], &["0.01%", "--max-devices", "50"]].concat());
    assert_eq!(capped["precision"]["stopped_by"], "max_devices");
    assert_eq!(capped["scenario"]["devices"], 50);
}

#[test]
fn arms_that_do_not_share_their_mail_are_refused_by_the_key_that_differs() {
    let base = load("email-plus", &[]).unwrap();
    for (set, key) in [
        ("seed=2", "seed"),
        ("devices=7", "devices"),
        ("start=2026-03-03T00:00", "start"),
        ("time_zone=Europe/London", "time_zone"),
        ("warmup=1d", "warmup"),
        ("measure=1d", "measure"),
        ("mail.model=poisson", "mail.model"),
        ("user.model=poisson", "user.model"),
        ("fleet=[{ persona = \"typical\" }]", "fleet"),
    ] {
        let other = load("email-plus", &[set.to_string()]).unwrap();
        assert_eq!(differing(&base, &other).unwrap().key, key);
        assert!(refusal(&["compare", "email-plus", "--set-b", set]).contains(&format!("`{key}` is")));
    }
    for set in ["policy.auto_lock=30s", "user.force_quit_every_evening=true", "memory.model=off"] {
        assert_eq!(differing(&base, &load("email-plus", &[set.to_string()]).unwrap()), None);
    }
    // Another person with the same mail can be compared, as long as their part of the fleet is the same.
    let entry =
        |more: &str| load("email-plus", &[format!("fleet=[{{ persona = \"typical\"{more} }}]")]).unwrap();
    assert_eq!(differing(&entry(""), &entry(", response = 0.4")), None);
    assert_eq!(differing(&entry(""), &entry(", mail_echo = \"5m\"")).unwrap().key, "fleet[0].mail_echo");
}

#[test]
fn what_cannot_be_compared_is_said_in_a_sentence() {
    for (words, message) in [
        (vec!["compare", "email-plus"], "there is nothing to compare with"),
        (vec!["compare", "email-plus", "--set-b", "policy.auto_lok=1m"], "did you mean `auto_lock`?"),
        (vec!["compare", "email-plus", "--arm", "same:"], "says nothing that is different"),
        (
            vec!["compare", "email-plus", "--set-b", KEYCHAIN, "--figure", "mail.told_wthin.15m"],
            "did you mean `mail.told_within.15m`?",
        ),
        (vec!["compare", "email-plus", "--set-b", KEYCHAIN, "--pairs"], "--out"),
        (vec!["compare", "email-plus", "--set-b", KEYCHAIN, "--until-precision", "0%"], "above 0"),
        (
            vec![
                "compare",
                "email-plus",
                "--set-b",
                KEYCHAIN,
                "--devices",
                "32",
                "--figure",
                "exposure.key_readable_while_locked_h_per_day",
                "--until-precision",
                "5%",
            ],
            "ask for a part of the difference",
        ),
        (
            vec![
                "compare",
                "email-plus",
                "--set-b",
                KEYCHAIN,
                "--until-precision",
                "1%",
                "--max-devices",
                "5",
            ],
            "is less than the 1000",
        ),
    ] {
        let found = refusal(&words);
        assert!(found.contains(message), "{found}");
    }
}

#[test]
fn arms_with_other_working_hours_are_warned_of() {
    let hours = "policy.working_hours={ from = \"08:00\", to = \"18:00\" }";
    let found = json(&["compare", "device-keychain", "--set-b", hours, "--devices", "8", "--json"]);
    let warned = |arm: usize| {
        let warnings = found["arms"][arm]["warnings"].as_array().unwrap();
        warnings.iter().any(|warning| warning == "other_working_hours")
    };
    assert!(!warned(0) && warned(1));
}

/// Of arms that nothing tells apart, none is best and none is beaten; and over other mail nothing is ranked.
#[test]
fn what_this_run_cannot_tell_apart_is_not_ranked() {
    let alike = ["--arm", "a: policy.max_age=1h", "--arm", "b: policy.max_age=2h", "--devices", "16"];
    let found = text(&bgsim(&[&["compare", "email-plus"][..], &alike].concat()).stdout);
    let said = found.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("none of email-plus, a and b is seen to beat another"), "{found}");
    let rows = found.lines().filter(|line| line.contains("told within") && !line.contains("By "));
    assert!(rows.clone().count() > 0 && rows.into_iter().all(|row| !row.contains('*')), "{found}");
    let hours = "late: policy.working_hours=mon-fri 12:00-18:00";
    let other = ["--arm", "a: policy.max_age=1h", "--arm", hours, "--devices", "16"];
    let found = text(&bgsim(&[&["compare", "working-hours"][..], &other].concat()).stdout);
    let told = found.lines().find(|line| line.contains("told within 15 min") && line.contains("other mail"));
    assert!(told.is_some() && !found.contains("beaten by late"), "{found}");
}

/// An arm that is better in one figure and dearer in another is beaten by none; by the same devices it is seen better than
/// another whose interval against the first overlaps its own.
#[test]
fn arms_are_ranked_by_what_lies_between_them_and_not_by_the_first() {
    let words = [
        "compare",
        "email-plus",
        "--arm",
        "keychain: policy.allow_device_keychain=true",
        "--arm",
        "afu: policy.allow_device_keychain=true policy.keychain_class=after_first_unlock",
        "--devices",
        "64",
    ];
    let found = json(&[&words[..], &["--json"]].concat());
    let figures = found["figures"].as_array().unwrap();
    let told = figures.iter().find(|figure| figure["name"] == "mail.told_within.15m").unwrap();
    let end = |arm: usize, end: usize| told["ci95"][arm][end].as_f64().unwrap();
    assert!(end(1, 1) > end(2, 0), "they overlap, or this shows nothing: {told}");
    let table = text(&bgsim(&words).stdout);
    let rows = table.lines().filter(|line| line.starts_with("told within 15 min"));
    assert_eq!(rows.map(|row| row.matches('*').count()).sum::<usize>(), 1, "{table}");
    assert!(!table.contains("afu is beaten"), "{table}");
}

/// Where arms have each of two changes alone and both, what is beyond their sum is that of the values; where they do
/// not, nothing is said of it.
#[test]
fn what_two_changes_do_beyond_their_sum_is_that_of_the_values() {
    let few = ["--devices", "64", "--set", "warmup=2d", "--set", "measure=7d", "--json"];
    let found = json(&[&["compare", "key-and-push"][..], &few].concat());
    let [only] = found["interaction"].as_array().unwrap().as_slice() else {
        panic!("{}", found["interaction"])
    };
    assert_eq!(only["arms"], serde_json::json!([1, 2, 3]));
    let figures = found["figures"].as_array().unwrap();
    let values = &figures.iter().find(|figure| figure["name"] == only["figure"]).unwrap()["values"];
    let at = |arm: usize| values[arm].as_f64().unwrap();
    let beyond = only["beyond"].as_f64().unwrap();
    assert!((beyond - (at(3) - at(1) - at(2) + at(0))).abs() < 5e-6, "{beyond} of {values}");
    let [low, high] = [0, 1].map(|end| only["ci95"][end].as_f64().unwrap());
    assert!(low < beyond && beyond < high && low > 0.0, "{only}");
    // Two values of one key are no two changes, and a third change is not the sum of two.
    for [one, other, third] in [
        ["policy.auto_lock=30s", "policy.auto_lock=1m", "policy.auto_lock=5m"],
        ["policy.auto_lock=30s", "policy.passcode=none", "client.refresh_interval=1h"],
    ] {
        let arms = ["a", "b", "c"].into_iter().zip([one, other, third]);
        let arms: Vec<String> =
            arms.flat_map(|(label, set)| ["--arm".into(), format!("{label}: {set}")]).collect();
        let arms: Vec<&str> = arms.iter().map(String::as_str).collect();
        let found = json(&[&["compare", "email-plus"][..], &arms, &few].concat());
        assert_eq!(found["arms"].as_array().unwrap().len(), 4);
        assert!(found.get("interaction").is_none(), "{one}, {other}, {third}");
    }
}

/// Beside a product stands what differs of what it sets, and what two products have alike does not.
#[test]
fn what_products_set_is_named_beside_them() {
    let words = ["compare", "email-plus", "--devices", "8", "--json", "--set", "measure=2d"];
    let arms = ["--arm", "ens: policy.product=email_plus_ens", "--arm", "outlook: policy.product=outlook"];
    let found = json(&[&words[..], &arms].concat());
    let of = |key: &str| {
        let differs = found["differs"].as_array().unwrap().iter();
        differs.clone().find(|setting| setting["key"] == key).map(|setting| setting["values"].clone())
    };
    let told = |key: &str| of(key).unwrap_or_else(|| panic!("{key}: {}", found["differs"]));
    assert_eq!(
        told("policy.delivery"),
        serde_json::json!(["refresh", "push_server_text", "push_server_text"])
    );
    assert_eq!(told("policy.key_access"), serde_json::json!(["app_flip", "app_flip", "os_protection"]));
    assert_eq!(told("push.subscription.renewal"), serde_json::json!([null, "server", "server"]));
    let alike = json(&[&words[..], &["--arm", "cns: policy.product=email_plus_cns"]].concat());
    let keys: Vec<&Value> = alike["differs"].as_array().unwrap().iter().map(|one| &one["key"]).collect();
    assert!(
        keys.contains(&&"policy.delivery".into()) && !keys.contains(&&"policy.key_access".into()),
        "{keys:?}"
    );
}

/// A layer that says of all what a group leaves to its product is named, and so is that group.
#[test]
fn a_product_that_gives_way_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("two.toml");
    std::fs::write(
        &file,
        "devices = 4\nwarmup = '1d'\nmeasure = '1d'\n[[fleet]]\nname = 'plain'\n[[fleet]]\nname = 'pushed'\n\
         [fleet.policy]\nproduct = 'email_plus_cns'\n",
    )
    .unwrap();
    for (set, says) in [
        ("policy.product=outlook", "had a `policy.product` of its own"),
        ("policy.key_access=device_keychain", "whose `policy.product` sets a `key_access` of its own"),
    ] {
        let told = bgsim(&["run", file.to_str().unwrap(), "--set", set]);
        let notes = text(&told.stderr).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(notes.contains("`pushed`") && notes.contains(says) && !notes.contains("`plain`"), "{notes}");
    }
}

/// Two shares are no more than 1 apart, and what two of them do beyond their sum no more than 2: of a few devices the
/// jackknife alone would reach farther.
#[test]
fn no_interval_of_shares_reaches_beyond_what_they_can_be() {
    let arm = |product: &str| {
        let sets = ["devices=7".into(), "measure=7d".into(), format!("policy.product={product}")];
        (product.to_string(), load("email-plus", &sets).unwrap())
    };
    let arms: Vec<_> = ["email_plus", "outlook", "email_plus_cns", "native_push"].map(arm).into();
    let (found, _) = compare(&arms, &runs(&arms), Figure::MEDIAN, &[], String::new());
    let mut seen = 0;
    for paired in &found.figures {
        let [lowest, highest] = paired.figure.unit().apart(1.0, 0.0);
        for [low, high] in paired.ci95.iter().flatten() {
            assert!(lowest <= *low && *high <= highest, "{} [{low}, {high}]", paired.figure);
            seen += usize::from(*low > -1.0 && *high == 1.0);
        }
    }
    assert!(seen > 0, "some would reach farther");
}

/// Where a sentence says that the run is too small to tell, so does the table.
#[test]
fn a_difference_that_too_few_devices_carry_is_no_number_in_the_table() {
    let words =
        ["compare", "rivals", "--arm", "email-plus", "--arm", "key", "--arm", "outlook", "--devices", "6"];
    let said = text(&bgsim(&words).stdout);
    let small = said.matches("too small to tell").count();
    let row = said.lines().filter(|line| line.starts_with("told within 15 min"));
    let asked: usize = row.map(|row| row.matches("(?)").count()).sum();
    assert_eq!(small, asked, "{said}");
    assert!(small > 0 && said.contains("too few devices carry it"), "{said}");
}

/// In words, on one line.
fn said(words: &[&str]) -> String {
    text(&bgsim(words).stdout).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// An interval that holds zero makes nobody as good; and more devices are said to be needed than there were.
#[test]
fn what_is_worse_by_far_beats_nobody_though_its_interval_holds_zero() {
    let words = [
        "compare",
        "email-plus",
        "--arm",
        "cns: policy.delivery=push_generic_then_detail policy.allow_device_keychain=true",
        "--arm",
        "fetch: policy.delivery=system_fetch policy.key_access=os_protection policy.keychain_class=after_first_unlock",
        "--devices",
        "32",
    ];
    let found = json(&[&words[..], &["--json"]].concat());
    let findings = found["verdict"]["findings"].as_array().unwrap();
    for finding in findings {
        assert_eq!(finding["sees_difference"], false, "or this shows nothing: {finding}");
        assert!(finding["devices_needed"].as_u64().unwrap() > 32, "{finding}");
    }
    let said = said(&words);
    assert!(said.contains("in this run") && !said.contains("beaten by email-plus"), "{said}");
}

/// What a product's row rests on is said in place of a verdict on it, and many arms are shown in a row each.
#[test]
fn of_products_it_is_said_what_is_assumed_and_not_which_beats_which() {
    let mut words = vec!["compare", "rivals", "--devices", "8"];
    for arm in ["email-plus", "ens", "outlook", "gmail", "mail-push"] {
        words.extend(["--arm", arm]);
    }
    let shown = text(&bgsim(&words).stdout);
    assert!(!shown.contains("in this run"), "{shown}");
    let row = shown.lines().find(|line| line.starts_with("outlook ")).unwrap_or_default();
    assert!(row.matches('%').count() == 5, "{shown}");
    assert!(shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
    let said = said(&words);
    assert!(said.contains("Gmail (no document; not dated): all of it, as remembered"), "{said}");
    assert!(!said.contains("Citrix"), "{said}");
}

/// Where there is nothing to measure in an arm, no run is large enough, and none is said to be too small.
#[test]
fn of_what_an_arm_has_none_it_is_said_that_it_has_none() {
    let compared = |product: &str, other: &str| {
        let [a, b] = [product, other].map(|product| format!("policy.product={product}"));
        said(&[
            "compare",
            "email-plus",
            "--set",
            &a,
            "--set-b",
            &b,
            "--figure",
            "detail_after",
            "--devices",
            "8",
        ])
    };
    for (one, other) in [("email_plus_cns", "email_plus_ens"), ("email_plus_ens", "email_plus_cns")] {
        let said = compared(one, other);
        assert!(said.contains("no mail was signalled before it was told"), "{said}");
        assert!(!said.contains("too small"), "{said}");
    }
}

/// What is held back in both, only in the first and only in the other arm makes up what each holds back, and is what the
/// rows say.
#[test]
fn what_is_held_back_in_one_arm_and_in_the_other_adds_up() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("pairs");
    let zone = "policy.working_hours.zone=Europe/Berlin";
    let words = ["compare", "trip", "--set-b", zone, "--figure", "held_back(total)", "--devices", "12"];
    let output = bgsim(&[&words[..], &["--pairs", "--out", out.to_str().unwrap()]].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    let found: Value = serde_json::from_slice(&std::fs::read(out.join("compare.json")).unwrap()).unwrap();
    let held = &found["moves"][0]["held_back"];
    let [both, first, other] =
        ["in_both", "only_in_first", "only_in_other"].map(|which| held[which].as_u64().unwrap());
    assert!(both > 0 && first > 0 && other > 0, "{held}");
    let figures = found["figures"].as_array().unwrap();
    let total = figures.iter().find(|figure| figure["name"] == "mail.held_back").unwrap();
    let values = [0, 1].map(|arm| total["values"][arm].as_f64().unwrap() as u64);
    assert_eq!(values, [both + first, both + other]);
    let mut reader = csv::Reader::from_path(out.join("pairs.csv")).unwrap();
    let header = reader.headers().unwrap().clone();
    let place = |name: &str| header.iter().position(|column| column == name).unwrap();
    let (a, b) = (place("held_back_1"), place("held_back_2"));
    let mut rows = [0; 3];
    for row in reader.records().map(Result::unwrap) {
        match (&row[a], &row[b]) {
            ("true", "true") => rows[0] += 1,
            ("true", "false") => rows[1] += 1,
            ("false", "true") => rows[2] += 1,
            other => assert_eq!(other, ("false", "false")),
        }
    }
    assert_eq!(rows, [both, first, other]);
}
