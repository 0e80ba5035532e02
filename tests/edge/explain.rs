//! The stories that `explain` tells are those of the record, and its advice holds.

use crate::snapshot;
use bgsim::client::DelayCause;
use bgsim::device::scheduler::Journal;
use bgsim::engine::{Engine, Observer, run};
use bgsim::experiment::{KeepRows, Plan, Watch, build, replay, run_fleet};
use bgsim::explanation::{
    Compete, Event, NOTICED, Story, Tried, What, changes, instant, mail, mails, remedies, sooner, story,
    worst, worst_incidents, worst_incidents_of_device, worst_of_device,
};
use bgsim::record::{Ledger, MailRow, RecordFile, Rows};
use bgsim::report;
use bgsim::report::paint::Screen;
use bgsim::scenario::{Scenario, SourceText, fetch, load, read};
use bgsim::signal::{CheckResult, Facts, Signal, SignalKind, ToldBy};
use bgsim::slice::{Slice, Trait, Who, Window};
use bgsim::time::{Span, Time};
use std::convert::Infallible;
use std::process::Command;

const FAST: Engine = Engine::Fast;
const WIDE: Screen = Screen { width: 100, ..Screen::PAPER };

fn bundled(name: &str, sets: &[&str]) -> Scenario {
    let short = ["devices=4", "warmup=15d", "measure=4d"];
    let sets: Vec<String> = short.iter().chain(sets).map(|set| set.to_string()).collect();
    load(name, &sets).unwrap()
}

fn simple(sets: &[&str]) -> Option<Scenario> {
    let text = "\
        name = 'simple'\ndevices = 2\nwarmup = '1d'\nmeasure = '2d'\n\
        [policy]\nallow_device_keychain = true\n\
        [scheduler]\nmodel = 'periodic'\nevery = '1h'\n\
        [user]\nmodel = 'poisson'\nopens_per_day = 2.0\nsession = '30s'\n\
        [mail]\nmodel = 'poisson'\nper_day = 6.0\n\
        [memory]\nmodel = 'before_each_wake'\n\
        [lock]\nmodel = 'alternating'\nmean_locked = '5h'\nmean_unlocked = '20m'\n\
        [network]\nmodel = 'always'\n[power]\nmodel = 'always_charged'\n";
    let sets: Vec<String> = sets.iter().map(|set| set.to_string()).collect();
    read(SourceText { label: "simple".into(), text: text.into() }, &sets, &mut fetch).ok()
}

fn stories(scenario: &Scenario, device: u32, every: usize) -> Vec<Story> {
    let rows = mails(scenario, device, FAST).unwrap();
    rows.iter().step_by(every).map(|row| story(scenario, device, *row, FAST)).collect()
}

/// The rows of `mail.csv`, cell by cell.
#[derive(Default)]
struct Csv(String);

impl Watch for Csv {
    type Fault = Infallible;

    fn rows(&mut self, rows: Rows) -> Result<(), Infallible> {
        self.0 += std::str::from_utf8(&rows.text[RecordFile::Mail as usize]).unwrap();
        Ok(())
    }
}

fn csv(scenario: &Scenario) -> Vec<Vec<String>> {
    let mut kept = Csv::default();
    let plan = Plan { rows: KeepRows::All, ..Plan::default() };
    run_fleet(scenario, &plan, &mut kept).unwrap();
    kept.0.lines().map(|line| line.split(',').map(String::from).collect()).collect()
}

#[test]
fn a_story_says_what_the_record_says() {
    for scenario in [bundled("device-keychain", &[]), bundled("working-hours", &[]), simple(&[]).unwrap()] {
        let rows = csv(&scenario);
        let header = RecordFile::Mail.header();
        let header: Vec<&str> = header.trim_end().split(',').collect();
        for row in rows.iter().step_by(37) {
            let cell = |name: &str| row[header.iter().position(|column| *column == name).unwrap()].as_str();
            let (device, number) = (cell("device").parse().unwrap(), cell("mail").parse().unwrap());
            let kept = mail(&scenario, device, number, FAST).unwrap();
            let story = story(&scenario, device, kept, FAST);
            let json = report::story_json::story(&scenario, &story, &[]);
            assert_eq!(json["arrived"], cell("arrived"));
            assert_eq!(json["outcome"], cell("outcome"));
            assert_eq!(json["told"].as_str().unwrap_or_default(), cell("told"));
            assert_eq!(
                json["latency_ms"].as_u64().map_or(String::new(), |ms| ms.to_string()),
                cell("latency_ms")
            );
            let causes = json["delay_causes_ms"].as_object().unwrap();
            for (cause, ms) in causes {
                assert_eq!(ms.to_string(), cell(&format!("{cause}_ms")));
            }
            let until = kept.told.unwrap_or(scenario.end);
            assert_eq!(kept.wait(), until - kept.arrived);
        }
    }
}

/// Hears when the system let the client run.
struct Launches(Vec<Time>);

impl Observer for Launches {
    fn record(&mut self, now: Time, signal: Signal, _: &Facts) {
        if matches!(signal, Signal::RefreshLaunched(_)) {
            self.0.push(now);
        }
    }
}

fn granted(event: &Event) -> bool {
    matches!(&event.what, What::Decided(decided) if decided.runs)
}

#[test]
fn a_decision_that_runs_is_a_launch_and_every_launch_was_decided() {
    let scenario = bundled("email-plus", &[]);
    for device in 0..scenario.devices {
        let mut launches = Launches(Vec::new());
        replay(&scenario, device, FAST, &mut launches);
        for Story { row, events, .. } in stories(&scenario, device, 29) {
            let until = row.told.unwrap_or(scenario.end);
            let waited = |at: &Time| *at >= row.arrived && *at < until;
            let decided: Vec<Time> =
                events.iter().filter(|event| granted(event)).map(|event| event.at).filter(waited).collect();
            let launched: Vec<Time> = launches.0.iter().copied().filter(waited).collect();
            assert_eq!(decided, launched, "device {device} mail {}", row.mail);
        }
    }
}

#[test]
fn nothing_changes_for_being_asked() {
    for scenario in [bundled("device-keychain", &[]), simple(&[]).unwrap()] {
        for device in 0..scenario.devices {
            let fingerprint = |journal: bool| {
                let (mut models, mut core) = build(&scenario, device, FAST);
                if journal {
                    models.scheduler().keep_journal(Journal::since(Time::ORIGIN));
                }
                let mut ledger = Ledger::new(&scenario.policy, &scenario.clock, scenario.start, scenario.end);
                ledger.open(device, "", &core.facts, false, false);
                run(&mut models, &mut core, scenario.end, &mut ledger);
                ledger.close(&core.facts, core.events);
                (
                    ledger.fingerprint(),
                    core.events,
                    models.scheduler().take_journal().is_none_or(|journal| journal.kept.is_empty()),
                )
            };
            let (with, without) = (fingerprint(true), fingerprint(false));
            assert_eq!((with.0, with.1), (without.0, without.1));
            assert!(without.2, "nobody asked");
        }
    }
}

#[test]
fn a_story_is_in_order_and_ends_with_the_check_that_found_the_mail() {
    let scenario = bundled("device-keychain", &[]);
    for Story { row, arrival, events, .. } in stories(&scenario, 1, 11) {
        assert!(events.iter().all(|event| event.at >= row.arrived), "nothing precedes the arrival");
        assert!(events.windows(2).all(|pair| pair[0].at <= pair[1].at));
        assert!(arrival.arrived > 0);
        if row.by.is_some_and(|by| by != ToldBy::ClientOpen) {
            let mut checks = events.iter().filter_map(|event| match &event.what {
                What::Check(check) => Some(check),
                _ => None,
            });
            let check = checks.next_back().unwrap();
            let (end, result) = check.end.unwrap();
            assert!(Some(end) == row.told && matches!(result, CheckResult::NewMail(_)));
            assert_eq!(Some(ToldBy::from(check.check.trigger)), row.by);
        }
    }
}

fn with<'a>(base: &[&'a str], sets: &'a [String]) -> Vec<&'a str> {
    base.iter().copied().chain(sets.iter().map(String::as_str)).collect()
}

/// The scenario with one change more.
fn changed<'a>(name: &'a str, base: &'a [&'a str]) -> impl Fn(&[String]) -> Option<Scenario> + 'a {
    move |sets| Some(bundled(name, &with(base, sets)))
}

#[test]
fn the_change_advised_really_tells_the_mail_sooner() {
    let mut advised = 0;
    for (name, sets) in [
        ("email-plus", &[][..]),
        ("device-keychain", &[]),
        ("working-hours", &[]),
        ("no-background-refresh", &[]),
        ("force-quit-every-evening", &[]),
    ] {
        let scenario = bundled(name, sets);
        let rows = mails(&scenario, 2, FAST).unwrap();
        for (_, device, number) in worst_of_device(2, &rows, Window::measured(&scenario), 2) {
            let row = mail(&scenario, device, number, FAST).unwrap();
            let tried: Vec<Tried> = remedies(&scenario, device, &row, FAST, changed(name, sets));
            let Some((best, by)) = sooner(&scenario, &row, &tried) else { continue };
            advised += 1;
            assert!(by >= NOTICED);
            let again = bundled(name, &with(sets, &best.change.sets));
            let again = mail(&again, device, number, FAST).unwrap();
            assert_eq!(again.arrived, row.arrived, "the same mail");
            let (before, after) = (row.told.unwrap_or(scenario.end), again.told.unwrap());
            assert_eq!(before.since(after), by);
            let fair = tried.iter().filter(|other| !other.hurts_others);
            assert!(fair.clone().all(|other| other.row.told.is_none_or(|other| other >= after)));
            let wait = |mails: Vec<MailRow>| -> Span {
                mails.iter().filter(|mail| mail.mail != number).map(|mail| mail.wait().min(Span::DAY)).sum()
            };
            let changed = bundled(name, &with(sets, &best.change.sets));
            let [before, after] = [&scenario, &changed].map(|arm| wait(mails(arm, device, FAST).unwrap()));
            assert!(after <= before, "{name}: {} makes other mail later", best.change.sets.join(" "));
        }
    }
    assert!(advised >= 6, "only {advised} pieces of advice");
}

#[test]
fn a_change_that_nobody_notices_is_no_remedy() {
    let scenario = bundled("device-keychain", &[]);
    let rows = mails(&scenario, 0, FAST).unwrap();
    let told = |row: &MailRow| row.told.filter(|_| row.wait() > NOTICED * 2);
    let (row, at) = rows.iter().find_map(|row| Some((*row, told(row)?))).unwrap();
    let change = changes(&scenario, 0).swap_remove(0);
    let found = |gain: Span| {
        let row_then = MailRow { told: Some(at.back(gain)), ..row };
        let tried = [Tried { change: change.clone(), row: row_then, hurts_others: false }];
        sooner(&scenario, &row, &tried).map(|(_, by)| by)
    };
    assert_eq!(found(Span::from_ms(200)), None);
    assert_eq!(found(NOTICED - Span::from_ms(1)), None);
    assert_eq!(found(NOTICED), Some(NOTICED));
}

#[test]
fn every_change_is_one_that_a_scenario_takes() {
    let scenario = bundled("working-hours", &[]);
    for change in changes(&scenario, 0) {
        let changed = bundled("working-hours", &with(&[], &change.sets));
        let fresh = ["refresh_interval", "working_hours=", "low_power", "after_first", "fleet"];
        assert!(changed.file != scenario.file || !fresh.iter().any(|key| change.sets[0].contains(key)));
    }
}

/// Where mail is pushed, changes of push are tried, and what they promise holds; elsewhere none is.
#[test]
fn changes_of_push_are_tried_where_mail_is_pushed() {
    let of_push = |sets: &[&str]| -> Vec<String> {
        let sets = changes(&bundled("email-plus", sets), 0).into_iter().map(|change| change.sets[0].clone());
        sets.filter(|set| set.starts_with("push.") || set.starts_with("policy.delivery")).collect()
    };
    assert!(of_push(&[]).is_empty());
    let always = [
        "push.stored=newest",
        "push.subscription.renewal=server",
        "policy.delivery=push_generic_then_detail",
        "policy.delivery=push_server_text",
    ];
    assert_eq!(of_push(&["policy.product=email_plus_cns"]), always);
    let hours = of_push(&["policy.product=email_plus_cns", "policy.working_hours=daily 08:00-18:00"]);
    assert_eq!(hours.len(), 5);
    assert_eq!(of_push(&["policy.delivery=system_fetch"]), ["policy.delivery=system_longpoll"]);

    // A subscription that nobody renews: its mail is told sooner once the server does.
    let base = [
        "policy.product=email_plus_ens",
        "push.subscription.renewal=foreground",
        "push.subscription.deaths_per_year=200",
        "push.subscription.detect=1m",
    ];
    let scenario = bundled("email-plus", &base);
    let lost = |row: &&MailRow| row.causes_ms[DelayCause::SubscriptionLost as usize] > 3_600_000;
    let rows = (0..4).flat_map(|device| mails(&scenario, device, FAST).unwrap()).collect::<Vec<_>>();
    let row = rows.iter().find(lost).unwrap();
    let tried = remedies(&scenario, row.device, row, FAST, changed("email-plus", &base));
    let renewal = tried.iter().find(|one| one.change.sets[0].contains("renewal")).unwrap();
    assert!(renewal.row.wait() + Span::HOUR < row.wait(), "{:?} {:?}", renewal.row, row);
}

#[test]
fn mails_that_had_one_end_are_one_incident() {
    let scenario = bundled("email-plus", &[]);
    let plan = Plan { jobs: 2, ..Plan::default() };
    let Ok(all) = worst_incidents(&scenario, &Slice::default(), usize::MAX, &plan, &mut ());
    let Ok(mails_alone) = worst(&scenario, &Slice::default(), Compete::InHours, usize::MAX, &plan, &mut ());
    assert_eq!(all.iter().map(|incident| incident.mails as usize).sum::<usize>(), mails_alone.len());
    assert!(all.len() < mails_alone.len(), "{} incidents of as many mails", all.len());
    assert_eq!(all[0].longest, mails_alone[0]);
    let told = |device: u32, number: u32| mail(&scenario, device, number, FAST).unwrap().told;
    for incident in all.iter().take(5) {
        let (_, device, number) = incident.longest;
        let end = told(device, number);
        let same = mails(&scenario, device, FAST).unwrap().iter().filter(|row| row.told == end).count();
        assert_eq!(same, incident.mails as usize);
    }
    let of_device = |device| {
        let rows = mails(&scenario, device, FAST).unwrap();
        worst_incidents_of_device(device, &rows, Window::measured(&scenario), usize::MAX)
    };
    let mut each: Vec<_> = (0..scenario.devices).flat_map(of_device).collect();
    each.sort_by_key(|incident| {
        let (wait, device, number) = incident.longest;
        (std::cmp::Reverse(wait), device, number)
    });
    assert_eq!(each, all);
}

#[test]
fn what_no_change_mends_alone_several_may_and_none_of_them_can_be_spared() {
    // Without the key and without refreshes, either change alone leaves the other in the way.
    let sets = ["policy.background_app_refresh=false"];
    let scenario = bundled("email-plus", &sets);
    let mut together = 0;
    for device in 0..scenario.devices {
        let rows = mails(&scenario, device, FAST).unwrap();
        for (_, _, number) in worst_of_device(device, &rows, Window::measured(&scenario), 2) {
            let row = mail(&scenario, device, number, FAST).unwrap();
            let tried = remedies(&scenario, device, &row, FAST, changed("email-plus", &sets));
            let alone = tried.iter().filter(|one| one.change.sets.len() == 1);
            let Some(last) = tried.last().filter(|last| last.change.sets.len() > 1) else { continue };
            together += 1;
            assert!(alone.clone().all(|one| sooner(&scenario, &row, std::slice::from_ref(one)).is_none()));
            let again =
                mail(&bundled("email-plus", &with(&sets, &last.change.sets)), device, number, FAST).unwrap();
            assert_eq!(again.told, last.row.told);
            assert!(again.told.unwrap() + NOTICED <= row.told.unwrap_or(scenario.end));
        }
    }
    assert!(together > 0, "every mail had a remedy of one change");
}

#[test]
fn the_worst_mails_of_a_fleet_are_those_of_its_rows() {
    let scenario = bundled("working-hours", &[]);
    let plan = Plan { jobs: 2, ..Plan::default() };
    let Ok(found) = worst(&scenario, &Slice::default(), Compete::InHours, 5, &plan, &mut ());
    let mut all: Vec<(u64, u32, u32)> = (0..scenario.devices)
        .flat_map(|device| {
            worst_of_device(
                device,
                &mails(&scenario, device, FAST).unwrap(),
                Window::measured(&scenario),
                usize::MAX,
            )
        })
        .collect();
    all.sort_by_key(|&(wait, device, mail)| (std::cmp::Reverse(wait), device, mail));
    assert_eq!(found, all[..5]);

    // The same of some devices in some of the time.
    let ram = Trait::Ram.of(&scenario, scenario.member(1));
    let day = Window { from: scenario.start + Span::DAY, until: scenario.start + Span::DAY * 2 };
    let slice = Slice { who: Who::default().and(Trait::Ram, [ram.clone()]), window: Some(day) };
    let Ok(found) = worst(&scenario, &slice, Compete::InHours, usize::MAX, &plan, &mut ());
    let is_in = |(_, device, number): &(u64, u32, u32)| {
        let row = mails(&scenario, *device, FAST).unwrap()[*number as usize];
        day.holds(row.arrived) && Trait::Ram.of(&scenario, scenario.member(*device)) == ram
    };
    all.retain(is_in);
    assert!(!all.is_empty() && found == all);
}

#[test]
fn asked_again_in_the_same_instant_the_scheduler_refuses_alike() {
    let scenario = bundled("device-keychain", &[]);
    let refused = |story: Story| -> Vec<_> {
        let refused = story.events.into_iter().filter_map(|event| match event.what {
            What::Decided(decided) if !decided.runs => Some(decided),
            _ => None,
        });
        refused.collect()
    };
    let refused = stories(&scenario, 0, 1).into_iter().map(refused).max_by_key(Vec::len).unwrap();
    let mut compared = 0;
    for decided in refused.iter().take(8) {
        let now = instant(&scenario, 0, scenario.clock.wall(decided.at), FAST).unwrap();
        assert_eq!(now.at, decided.at);
        assert_eq!(now.last.as_ref(), Some(&**decided));
        assert_eq!(now.asked.as_ref(), Some(&**decided));
        compared += 1;
    }
    assert!(compared > 0);
}

#[test]
fn what_does_not_exist_is_refused_with_what_does() {
    let scenario = simple(&[]).unwrap();
    let error = mail(&scenario, 2, 0, FAST).unwrap_err();
    assert_eq!(error, "there is no device 2; they count from 0 to 1");
    let last = mails(&scenario, 1, FAST).unwrap().len() - 1;
    let error = mail(&scenario, 1, 999, FAST).unwrap_err();
    assert_eq!(error, format!("device 1 has no mail 999; its mail counts from 0 to {last}"));
    for outside in ["2026-03-01T23:59", "2026-03-04T00:00", "1999-01-01T00:00"] {
        let error = instant(&scenario, 0, outside.parse().unwrap(), FAST).unwrap_err();
        assert!(error.contains("from 2026-03-02 00:00 up to 2026-03-04 00:00"), "{error}");
    }
    assert!(instant(&scenario, 0, "2026-03-03T23:59:59".parse().unwrap(), FAST).is_ok());
}

#[test]
fn the_command_line_is_kind() {
    let ask = |words: &[&str]| {
        let out = Command::new(env!("CARGO_BIN_EXE_bgsim"))
            .args(["explain", "periodic-15m", "--devices", "2", "--set", "measure=1d"])
            .args(words)
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (out.status.code(), text(out.stdout), text(out.stderr))
    };
    for (words, hint) in [
        (&["--device", "0"][..], "`--mail N`"),
        (&[], "`--worst N`"),
        (&["--device", "9", "--mail", "0"], "from 0 to 1"),
        (&["--device", "0", "--why-not", "noon"], "2026-03-04 14:05"),
        (&["--worst", "0"], "between 1 and"),
        (&["--device", "0", "--where", "ram=4 GB"], "leave `--where` out"),
        (&["--device", "0", "--mail", "0", "--from", "2026-03-02"], "leave `--from` and `--until` out"),
        (&["--device", "0", "--from", "2027-03-02"], "nothing of the measured span"),
    ] {
        let (code, _, error) = ask(words);
        assert!(code == Some(1) && error.contains(hint), "{words:?}: {error}");
    }
    let (code, out, _) = ask(&["--worst", "2", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, json["mails"].as_array().unwrap().len(), &json["instant"]), (Some(0), 2, &().into()));
    let (_, out, _) = ask(&["--device", "1", "--why-not", "2026-03-02 14:05", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(json["instant"]["at"], "2026-03-02T13:05:00.000Z");
}

/// The first mail that waited for so long, told whole.
fn golden(
    name: &str,
    scenario: &Scenario,
    device: u32,
    least: Span,
    load: impl Fn(&[String]) -> Option<Scenario>,
) {
    let rows = mails(scenario, device, FAST).unwrap();
    let row = *rows.iter().find(|row| row.wait() >= least).unwrap();
    let tried = remedies(scenario, device, &row, FAST, load);
    let text = report::story::story(scenario, &story(scenario, device, row, FAST), &tried, WIDE);
    snapshot::text(name, &text);
    assert!(text.lines().all(|line| line.chars().count() <= 130 && !line.ends_with(' ')));
}

#[test]
fn the_story_of_a_simple_device() {
    golden("story-simple", &simple(&[]).unwrap(), 0, Span::HOUR * 3, |sets| simple(&with(&[], sets)));
}

#[test]
fn the_story_of_a_phone_under_the_systems_scheduler() {
    let load = changed("device-keychain", &[]);
    golden("story-das", &bundled("device-keychain", &[]), 3, Span::HOUR * 4, load);
}

/// Every so many stories of a device, as text.
fn texts(scenario: &Scenario, device: u32, every: usize) -> Vec<String> {
    stories(scenario, device, every)
        .iter()
        .map(|one| report::story::story(scenario, one, &[], WIDE))
        .collect()
}

#[test]
fn where_nothing_is_known_of_the_clients_use_no_instant_is_told() {
    let scenario = load("new-phone", &["devices=8".into(), "measure=4d".into()]).unwrap();
    let mut unknown = 0;
    for device in 0..scenario.devices {
        for story in stories(&scenario, device, 1) {
            let text = report::story::story(&scenario, &story, &[], WIDE);
            let json = report::story_json::story(&scenario, &story, &[]).to_string();
            for line in text.lines().chain([json.as_str()]) {
                assert!(!line.contains("1970-"), "{line}");
            }
            // As one sentence, wherever the lines are broken.
            let text: Vec<&str> = text.split_whitespace().collect();
            unknown += usize::from(text.join(" ").contains(
                "The scheduler refuses: nothing is known of the client's use, so it waits until the client is opened. ",
            ));
        }
    }
    assert!(unknown > 0, "no mail came before the first use");
}

#[test]
fn every_signal_of_a_story_is_told_in_words() {
    let causes = DelayCause::ALL.map(DelayCause::name);
    let raw: Vec<&str> =
        SignalKind::ALL.iter().map(|kind| kind.name()).filter(|name| name.contains('_')).collect();
    let mut told = 0;
    for name in bgsim::scenario::BUNDLED.iter().map(|bundled| bundled.name) {
        let scenario = load(name, &["devices=8", "warmup=3d", "measure=4d"].map(String::from)).unwrap();
        for text in [0, 3, 6].into_iter().flat_map(|device| texts(&scenario, device, 2)) {
            for line in text.lines() {
                let words = line.split(|c: char| !(c.is_alphanumeric() || c == '_'));
                let mut words = words.filter(|word| raw.contains(word) && !causes.contains(word));
                assert_eq!(words.next(), None, "{name}: {line}");
                // What happens is a sentence, and begins like one.
                let event = line.strip_prefix("  ").filter(|rest| rest.as_bytes().get(2) == Some(&b':'));
                let Some(text) = event.and_then(|rest| rest.get(10..)) else { continue };
                let begins = text.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
                assert!(begins || text.starts_with("iOS "), "{name}: {line}");
                told += 1;
            }
        }
    }
    assert!(told > 1000, "{told} lines");
}
