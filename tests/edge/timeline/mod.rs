//! A timeline says what the record says, its states leave no gap, and traces and pictures show it.

mod dated;
mod decoder;
mod pushes;
use self::decoder::{BEGIN, COUNTER, END};
use crate::common::skip::skip;
use crate::snapshot;
use bgsim::client::DelayCause;
use bgsim::engine::{Engine, Observer, run};
use bgsim::experiment::{build, replay};
use bgsim::explanation::mails;
use bgsim::record::{Counts, Ledger, Outcome};
use bgsim::report::charts::Chart;
use bgsim::report::day_chart::day_chart;
use bgsim::scenario::{Scenario, SourceText, fetch, load, read};
use bgsim::signal::{Battery, CheckResult, Ended, Facts, Process, ResultKind, Signal, ToldBy, Trigger};
use bgsim::time::{Span, Time};
use bgsim::timeline::layout::Content;
use bgsim::timeline::{Lane, State, Timeline, day, first_day, measured, perfetto, timeline};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

const FAST: Engine = Engine::Fast;

fn bundled(name: &str, sets: &[&str]) -> Scenario {
    let short = ["devices=8", "warmup=15d", "measure=3d"];
    let sets: Vec<String> = short.iter().chain(sets).map(|set| set.to_string()).collect();
    load(name, &sets).unwrap()
}

/// A device of simple models, on which checks take long, end early and meet outages.
fn simple(sets: &[&str]) -> Scenario {
    let text = "\
        name = 'simple'\ndevices = 8\nwarmup = '2d'\nmeasure = '2d'\n\
        [policy]\nallow_device_keychain = true\n\
        [client]\ncheck_duration = '5m'\n\
        [scheduler]\nmodel = 'periodic'\nevery = '37m'\n\
        [user]\nmodel = 'poisson'\nopens_per_day = 9.0\nsession = '7m'\n\
        [mail]\nmodel = 'poisson'\nper_day = 70.0\n\
        [memory]\nmodel = 'before_each_wake'\n\
        [lock]\nmodel = 'alternating'\nmean_locked = '3h'\nmean_unlocked = '30m'\n\
        [power]\nmodel = 'always_charged'\n";
    let sets: Vec<String> = sets.iter().map(|set| set.to_string()).collect();
    read(SourceText { label: "simple".into(), text: text.into() }, &sets, &mut fetch).unwrap()
}

fn scenarios() -> Vec<Scenario> {
    vec![
        bundled("email-plus", &[]),
        bundled("device-keychain", &["client.check_duration=25s"]),
        bundled("working-hours", &[]),
        bundled("reboot-at-03", &[]),
        bundled("force-quit-every-evening", &["start=2026-10-24T05:30"]),
        simple(&[]),
        simple(&["client.check_duration=0s"]),
    ]
}

fn of(scenario: &Scenario, device: u32) -> Timeline {
    timeline(scenario, device, measured(scenario), FAST).unwrap()
}

#[test]
fn states_follow_each_other_without_gap_or_overlap() {
    for scenario in scenarios() {
        let (start, end) = measured(&scenario);
        let odd = (start.back(Span::from_ms(12_345_678)), end.back(Span::from_ms(7_654_321)));
        for device in 0..4 {
            for span in [(start, end), first_day(&scenario, 0), odd] {
                let timeline = timeline(&scenario, device, span, FAST).unwrap();
                for (track, lane) in timeline.tracks.iter().zip(Lane::ALL) {
                    assert_eq!(track.lane, lane);
                    let slices = &track.slices;
                    assert_eq!((slices[0].from, slices[slices.len() - 1].until), span);
                    assert!(slices.iter().all(|slice| slice.from < slice.until));
                    for pair in slices.windows(2) {
                        assert_eq!(pair[0].until, pair[1].from);
                        assert_ne!(pair[0].state, pair[1].state);
                    }
                }
            }
        }
    }
}

fn counts(scenario: &Scenario, device: u32) -> Counts {
    let mut ledger = Ledger::new(&scenario.policy, &scenario.clock, scenario.start, scenario.end);
    let (mut models, mut core) = build(scenario, device, FAST);
    ledger.open(device, "", &core.facts, false, false);
    run(&mut models, &mut core, scenario.end, &mut ledger);
    ledger.close(&core.facts, core.events);
    ledger.tally.counts
}

#[test]
fn what_is_shown_is_what_the_record_says() {
    for scenario in scenarios() {
        for device in 0..4 {
            let (timeline, counts) = (of(&scenario, device), counts(&scenario, device));
            for trigger in Trigger::ALL {
                let mut found = [0; ResultKind::ALL.len()];
                let checks = timeline.checks.iter().filter(|check| check.check.trigger == trigger);
                checks
                    .filter_map(|check| check.ended)
                    .for_each(|(_, result)| found[result.kind() as usize] += 1);
                assert_eq!(found, counts.checks[trigger as usize]);
            }
            let running = timeline.checks.iter().filter(|check| check.ended.is_none()).count();
            assert!(running <= 1, "at most the check that the horizon cuts");
            let posted = timeline.notices.iter().filter(|notice| !notice.held_back).count();
            assert_eq!(posted as u64, counts.notifications);
            let ended = |why| {
                let signal = Signal::Process(Process::NotRunning(why));
                timeline.moments.iter().filter(|moment| moment.signal == signal).count() as u64
            };
            assert_eq!(Ended::ALL.map(ended), counts.terminations);

            let rows = mails(&scenario, device, FAST).unwrap();
            let shown: Vec<_> = timeline.mails.iter().filter(|mail| mail.number.is_some()).collect();
            assert_eq!(shown.len(), rows.len());
            for (mail, row) in shown.iter().zip(&rows) {
                let same = (row.arrived, row.outcome, row.told, row.by, row.causes_ms);
                let Some(number) = mail.number else { continue };
                let found = mail.row;
                assert_eq!((found.arrived, found.outcome, found.told, found.by, found.causes_ms), same);
                assert_eq!(number, row.mail);
            }
        }
    }
}

#[test]
fn every_mail_leads_to_the_check_and_the_notification_that_told_of_it() {
    let mut notified = 0;
    for scenario in scenarios() {
        for device in 0..4 {
            let timeline = of(&scenario, device);
            let mut covered = vec![0; timeline.notices.len()];
            for mail in &timeline.mails {
                let row = &mail.row;
                if let Some(notice) = mail.notice {
                    covered[notice] += 1;
                }
                // A check that began before the span is not shown, nor is one that nobody needed.
                let Some(check) = mail.check.map(|place| timeline.checks[place]) else {
                    let open = row.outcome == Outcome::OnOpen && row.told == Some(row.arrived);
                    let found = row.held_back.or(row.told);
                    let before = found.is_some_and(|found| found < timeline.from + Span::HOUR);
                    assert!(open || before || row.outcome == Outcome::Undelivered);
                    continue;
                };
                let (told, result) = check.ended.unwrap();
                assert!(matches!(result, CheckResult::NewMail(_)) && check.at >= row.arrived);
                let notice = mail.notice.map(|place| timeline.notices[place]);
                let is_told = (row.told, row.by) == (Some(told), Some(ToldBy::from(check.check.trigger)));
                assert!(is_told || row.held_back == Some(told), "{row:?}");
                assert_eq!(notice.is_some(), row.outcome == Outcome::Notified || row.held_back.is_some());
                if let Some(notice) = notice {
                    assert_eq!((notice.at, notice.check), (told, mail.check));
                    assert_eq!(notice.held_back, row.held_back.is_some());
                }
                notified += usize::from(row.outcome == Outcome::Notified);
            }
            for (covered, notice) in covered.iter().zip(&timeline.notices) {
                assert_eq!(*covered, notice.mails, "device {device} of {}", scenario.name);
            }
        }
    }
    assert!(notified > 1000, "only {notified} were notified");
}

/// The lane tells of the mail that has waited longest; what it shows while a mail waits is the delay of
/// that mail, unless it arrived while a check was busy finding another, or older mail was held back.
#[test]
fn what_is_in_the_way_adds_up_to_the_delay_of_each_mail() {
    let mut compared = 0;
    for scenario in scenarios() {
        for device in 0..4 {
            let timeline = of(&scenario, device);
            for mail in timeline.mails.iter().filter(|mail| mail.number.is_some()) {
                let row = &mail.row;
                let busy = timeline.checks.iter().any(|check| {
                    check.at <= row.arrived && check.ended.is_none_or(|(until, _)| until > row.arrived)
                });
                let until = row.told.unwrap_or(scenario.end);
                let beside_held = timeline.mails.iter().any(|other| {
                    let held = other.row.held_back.is_some_and(|held| held < until);
                    held && other.row.told.is_none_or(|told| told > row.arrived)
                });
                if busy || row.held_back.is_some() || beside_held {
                    continue;
                }
                let mut causes = [0; DelayCause::ALL.len()];
                for slice in timeline.lane(Lane::InTheWay) {
                    let held = slice.until.min(until).since(slice.from.max(row.arrived));
                    if let State::InTheWay(Some(cause)) = slice.state {
                        causes[cause as usize] += held.ms();
                    }
                }
                assert_eq!(causes, row.causes_ms, "{} device {device} mail {:?}", scenario.name, mail.number);
                compared += 1;
            }
        }
    }
    assert!(compared > 3000, "only {compared} mails were compared");
}

#[test]
fn a_day_is_cut_out_of_the_whole() {
    for scenario in scenarios() {
        let whole = of(&scenario, 2);
        let (from, until) =
            day(&scenario, 0, scenario.clock.wall(scenario.start + Span::DAY).date()).unwrap();
        let part = timeline(&scenario, 2, (from, until), FAST).unwrap();
        let inside = |at: Time| (from..until).contains(&at);
        for (whole, part) in whole.tracks.iter().zip(&part.tracks) {
            let cut = whole.slices.iter().filter(|slice| slice.from < until && slice.until > from);
            let cut: Vec<_> =
                cut.map(|slice| (slice.from.max(from), slice.until.min(until), slice.state)).collect();
            let found: Vec<_> =
                part.slices.iter().map(|slice| (slice.from, slice.until, slice.state)).collect();
            assert_eq!(cut, found, "{}", scenario.name);
        }
        assert!(whole.checks.iter().filter(|check| inside(check.at)).eq(&part.checks));
        assert!(whole.moments.iter().filter(|moment| inside(moment.at)).eq(&part.moments));
        assert!(whole.decisions.iter().filter(|decided| inside(decided.at)).eq(&part.decisions));
        assert_eq!(whole.notices.iter().filter(|notice| inside(notice.at)).count(), part.notices.len());
    }
}

#[test]
fn every_launch_was_decided_and_every_decision_has_its_reasons() {
    let scenario = bundled("device-keychain", &[]);
    for device in 0..4 {
        let timeline = of(&scenario, device);
        let launches = timeline.moments.iter().filter(|m| matches!(m.signal, Signal::RefreshLaunched(_)));
        let granted = timeline.decisions.iter().filter(|decided| decided.runs);
        assert!(launches.map(|moment| moment.at).eq(granted.map(|decided| decided.at)));
        let row = timeline.layout().rows.into_iter().find(|row| row.name == "scheduler").unwrap();
        let Content::Items(items) = row.content else { panic!("no items") };
        let decisions: Vec<_> = items.filter(|i| ["granted", "refused"].contains(&&*i.name)).collect();
        assert_eq!(decisions.len(), timeline.decisions.len());
        assert!(decisions.iter().all(|item| item.args.iter().any(|(name, _)| *name == "policies")));
    }
    assert!(of(&simple(&[]), 0).decisions.is_empty(), "simple models decide nothing, but wake");
    let plain = of(&simple(&[]), 0);
    let row = plain.layout().rows.into_iter().find(|row| row.name == "scheduler").unwrap();
    let Content::Items(items) = row.content else { panic!("no items") };
    let items: Vec<_> = items.collect();
    assert!(items.len() > 50 && items.iter().all(|item| item.name == "refresh_launched"));
}

/// Reads the battery whenever something happens.
struct Reader(Vec<(Time, f64)>);

impl Observer for Reader {
    fn record(&mut self, now: Time, _: Signal, facts: &Facts) {
        self.0.push((now, Battery::percent(facts.charge(now))));
    }
}

#[test]
fn the_battery_is_a_straight_line_between_samples() {
    for scenario in [bundled("email-plus", &[]), bundled("low-power-from-20", &[])] {
        for device in 0..4 {
            let samples = of(&scenario, device).counters.remove(0).samples;
            let mut reader = Reader(Vec::new());
            replay(&scenario, device, FAST, &mut reader);
            let mut compared = 0;
            for (at, percent) in reader.0.into_iter().filter(|(at, _)| *at > scenario.start) {
                let next = samples.partition_point(|sample| sample.0 <= at).min(samples.len() - 1);
                let ((from, before), (until, after)) = (samples[next - 1], samples[next]);
                let share = (at - from).ms() as f64 / (until - from).ms() as f64;
                let shown = before + (after - before) * share;
                // But for glances, which cost at once what they cost.
                assert!((shown - percent).abs() < 0.5, "{shown} is not {percent} at {at:?}");
                compared += 1;
            }
            assert!(compared > 300);
        }
    }
}

#[test]
fn meters_are_read_often_enough_and_stay_in_bounds() {
    for scenario in [bundled("email-plus", &[]), bundled("device-keychain", &[])] {
        for device in 0..4 {
            let timeline = of(&scenario, device);
            let battery = &timeline.counters[0];
            assert_eq!((battery.name, battery.unit), ("battery", "%"));
            let samples = &battery.samples;
            assert_eq!((samples[0].0, samples[samples.len() - 1].0), (timeline.from, timeline.until));
            assert!(samples.iter().all(|(_, percent)| (0.0..=100.0).contains(percent)));
            for pair in samples.windows(2) {
                assert!(pair[0].0 < pair[1].0 || pair[1].0 == timeline.until);
                assert!(pair[1].0 - pair[0].0 <= Span::MINUTE * 15 || pair[0].1 == pair[1].1, "{pair:?}");
            }
            let energy = timeline.counters.iter().find(|counter| counter.name == "energy budget").unwrap();
            assert_eq!(energy.samples[0].0, timeline.from, "what held before the span reaches into it");
            assert!(energy.samples.iter().all(|(_, units)| (-200.0..=200.0).contains(units)));
        }
    }
    assert_eq!(of(&simple(&[]), 0).counters.len(), 1, "simple schedulers have no budget");
}

#[test]
fn a_trace_reads_back_whole() {
    for scenario in scenarios() {
        let timeline = of(&scenario, 3);
        let layout = timeline.layout();
        let mut trace = Vec::new();
        let written = perfetto::write(timeline.layout(), &mut trace).unwrap();
        let read = decoder::read(&trace);
        let (root, _) = read.tracks.iter().next().unwrap();
        assert_eq!(read.tracks[root].name, layout.name);
        let rows: Vec<_> = read.tracks.iter().filter(|(uuid, _)| *uuid != root).collect();
        assert_eq!(rows.len(), layout.rows.len());
        for (rank, ((_, track), row)) in rows.iter().zip(&layout.rows).enumerate() {
            assert_eq!((&track.name, track.parent, track.rank), (&row.name, Some(*root), Some(rank as u64)));
        }
        assert!(read.events.windows(2).all(|pair| pair[0].at <= pair[1].at));
        let (mut depth, mut flows, mut begun) = (BTreeMap::new(), BTreeMap::new(), 0);
        for event in &read.events {
            let track = read.tracks.get(&event.track).unwrap();
            let open: &mut i64 = depth.entry(event.track).or_default();
            match event.kind {
                BEGIN => *open += 1,
                END => *open -= 1,
                kind => assert_eq!(kind == COUNTER, track.unit.is_some()),
            }
            assert!((0..=2).contains(open) && event.at <= (timeline.until - timeline.from).ms() * 1_000_000);
            assert_eq!(event.value.is_some(), event.kind == COUNTER);
            assert_eq!(event.name.is_empty(), event.kind == END || event.kind == COUNTER);
            begun += usize::from(event.kind == BEGIN);
            event.flows.iter().for_each(|flow| *flows.entry(*flow).or_insert(0) += 1);
        }
        assert!(depth.values().all(|open| *open == 0), "a slice that never ends");
        assert!(flows.values().all(|uses| (2..=3).contains(uses)), "a flow that leads nowhere");
        assert_eq!((begun, trace.len()), (written.slices, written.bytes));
        assert!(read.events.iter().any(|event| event.kind == COUNTER));
        let notified = timeline.mails.iter().filter(|mail| mail.notice.is_some() && mail.check.is_some());
        let whole = notified.filter(|mail| timeline.shows(mail.row.arrived)).count();
        assert_eq!(flows.values().filter(|uses| **uses == 3).count(), whole);
        let decided = read.events.iter().filter(|event| event.args.iter().any(|name| name == "policies"));
        assert_eq!(decided.count(), timeline.decisions.len());
    }
}

/// With Perfetto's own schema, where Python has it: `pip install perfetto`, in an environment of one's
/// own that `BGSIM_PYTHON` names.
#[test]
fn perfettos_own_schema_knows_every_field() {
    let python = std::env::var("BGSIM_PYTHON").unwrap_or_else(|_| "python3".into());
    let has = Command::new(&python).args(["-c", "import perfetto"]).output();
    if !has.is_ok_and(|output| output.status.success()) {
        let why = "no module `perfetto`: pip install perfetto, or name another Python in BGSIM_PYTHON";
        return skip("perfettos_own_schema_knows_every_field", why);
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/edge/timeline/check_pftrace.py");
    let folder = tempfile::tempdir().unwrap();
    for scenario in scenarios() {
        let file = folder.path().join("device.pftrace");
        let timeline = of(&scenario, 1);
        perfetto::write(timeline.layout(), &mut std::fs::File::create(&file).unwrap()).unwrap();
        let output = Command::new(&python).arg(&script).arg(&file).output().unwrap();
        let (said, error) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success() && said.contains("0 unknown fields"), "{error}");
        eprint!("{}: {said}", scenario.name);
    }
}

fn draw(name: &str, scenario: &Scenario, device: u32, span: (Time, Time)) -> String {
    let timeline = timeline(scenario, device, span, FAST).unwrap();
    let day = Chart::from(day_chart(scenario, &scenario.name, &timeline));
    snapshot::chart(&format!("day-{name}"), day.clone());
    day.svg()
}

#[test]
fn days_are_drawn_as_on_file() {
    let scenario = bundled("email-plus", &[]);
    draw("app-flip", &scenario, 3, first_day(&scenario, 3));
    let scenario = bundled("device-keychain", &["start=2026-03-28T00:00"]);
    let spring = draw("spring", &scenario, 3, day(&scenario, 3, "2026-03-29".parse().unwrap()).unwrap());
    assert!(spring.contains("23 h long"));
    let scenario = bundled("working-hours", &["measure=9h", "start=2026-03-02T07:30"]);
    let part = draw("part", &scenario, 5, first_day(&scenario, 5));
    assert!(part.contains("not measured"));
}

#[test]
fn a_day_without_anything_is_drawn_too() {
    let none = ["user.model=absent", "mail.model=poisson", "mail.per_day=0", "network.model=always"];
    let scenario = bundled("device-keychain", &none);
    let svg = draw("empty", &scenario, 0, first_day(&scenario, 0));
    assert!(svg.contains("No mail arrived that day"));
}

#[test]
fn a_day_without_a_network_is_drawn_too() {
    let out =
        ["network.model=alternating", "network.offline=0.9", "network.outage=3d", "network.outage_sigma=0.2"];
    let scenario = bundled("device-keychain", &out);
    let span = day(&scenario, 0, "2026-03-03".parse().unwrap()).unwrap();
    let is_offline = |device: &u32| {
        let timeline = timeline(&scenario, *device, span, FAST).unwrap();
        let svg = Chart::from(day_chart(&scenario, &scenario.name, &timeline)).svg();
        svg.contains("none told that day") && svg.contains("100 % no network")
    };
    draw("outage", &scenario, (0..50).find(is_offline).unwrap(), span);
}

#[test]
fn a_hostile_name_does_no_harm() {
    let scenario = simple(&["name=</text><script>alert(1)</script> & Söhne", "user.model=absent"]);
    let svg = draw("hostile", &scenario, 0, first_day(&scenario, 0));
    assert!(!svg.contains("<script") && svg.contains("&lt;script"));
}

#[test]
fn autumn_has_25_hours_in_traces_and_pictures() {
    let scenario = bundled("email-plus", &["start=2026-10-24T00:00"]);
    let (from, until) = day(&scenario, 0, "2026-10-25".parse().unwrap()).unwrap();
    assert_eq!(until - from, Span::HOUR * 25);
    let timeline = timeline(&scenario, 0, (from, until), FAST).unwrap();
    let row = timeline.layout().rows.into_iter().next().unwrap();
    let Content::Items(calendar) = row.content else { panic!("no items") };
    let names: Vec<String> = calendar.map(|item| item.name).collect();
    assert_eq!((names[0].as_str(), names.len()), ("Sun 2026-10-25", 26));
    assert_eq!(names[1..6], ["00:00", "01:00", "02:00", "02:00", "03:00"]);
    let day = day_chart(&scenario, "x", &timeline);
    let ticks: Vec<(u64, &str)> = day.ticks.iter().map(|t| (t.ms / 3_600_000, t.label.as_str())).collect();
    assert_eq!(ticks[..3], [(0, "00"), (4, "03"), (7, "06")]);
}

#[test]
fn the_first_whole_day_is_the_first_that_is_measured_whole() {
    for (start, measure, from, until) in [
        ("2026-03-02T00:00", "3d", "2026-03-02T00:00", "2026-03-03T00:00"),
        ("2026-03-02T00:01", "3d", "2026-03-03T00:00", "2026-03-04T00:00"),
        ("2026-03-02T22:00", "5h", "2026-03-02T22:00", "2026-03-03T00:00"),
        ("2026-03-02T09:00", "5h", "2026-03-02T09:00", "2026-03-02T14:00"),
    ] {
        let scenario = simple(&[&format!("start={start}"), &format!("measure={measure}")]);
        let (first, last) = first_day(&scenario, 0);
        let wall = |at| scenario.clock.wall(at).strftime("%FT%R").to_string();
        assert_eq!((wall(first).as_str(), wall(last).as_str()), (from, until));
    }
    let scenario = simple(&[]);
    let error = day(&scenario, 0, "2026-03-09".parse().unwrap()).unwrap_err();
    assert_eq!(error, "nothing of 2026-03-09 was measured; days go from 2026-03-02 to 2026-03-03");
    assert!(timeline(&scenario, 0, (scenario.end, scenario.end), FAST).is_err());
    assert!(timeline(&scenario, 0, (scenario.start, scenario.end + Span::DAY), FAST).is_err());
}

#[test]
fn the_command_line_is_kind() {
    let folder = tempfile::tempdir().unwrap();
    let ask = |words: &[&str]| {
        let out = Command::new(env!("CARGO_BIN_EXE_bgsim"))
            .current_dir(folder.path())
            .args(["timeline", "device-keychain", "--devices", "8", "--set", "measure=2d"])
            .args(words)
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (out.status.code(), text(out.stdout), text(out.stderr))
    };
    std::fs::create_dir(folder.path().join("folder.svg")).unwrap();
    for (words, hint) in [
        (&["--out", "a.svg"][..], "--device"),
        (&["--device", "7", "--out", "a.html"], ".pftrace or .perfetto-trace"),
        (
            &["--device", "7", "--out", "a.JSON"],
            "Chrome's older format, which is written no more; end it in .pftrace",
        ),
        (&["--device", "7", "--out", "svg"], ".svg (a picture"),
        (&["--device", "8", "--out", "a.svg"], "they count from 0 to 7"),
        (&["--device", "7", "--out", "folder.svg"], "is a folder"),
        (&["--device", "7", "--out", "no/such/a.svg"], "there is no folder no/such"),
        (&["--device", "7", "--out", "a.svg", "--day", "yesterday"], "2026-03-04"),
        (&["--device", "7", "--out", "a.svg", "--day", "2026-02-30"], "is no date"),
        (&["--device", "7", "--out", "a.svg", "--day", "2026-03-04"], "from 2026-03-02 to 2026-03-03"),
    ] {
        let (code, _, error) = ask(words);
        assert!(code == Some(1) && error.contains(hint), "{words:?}: {error}");
    }
    let (code, list, error) = ask(&["--device", "7"]);
    assert!(
        code == Some(0) && list.contains("Mon 2026-03-02") && list.contains(" arrives."),
        "{list}{error}"
    );
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "what was refused leaves nothing behind");

    for name in ["a.pftrace", "a.perfetto-trace", "a.svg"] {
        let (code, said, error) = ask(&["--device", "7", "--out", name]);
        assert!(code == Some(0) && said.starts_with(&format!("wrote {name}: ")), "{said}{error}");
        assert_eq!(said.contains("https://ui.perfetto.dev"), name != "a.svg");
    }
    let read = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
    assert_eq!(read("a.pftrace"), read("a.perfetto-trace"));
    let whole = decoder::read(&read("a.pftrace")).events.len();
    let (code, said, _) = ask(&["--device", "7", "--day", "2026-03-03", "--out", "a.pftrace"]);
    assert!(code == Some(0) && said.contains("Time 0 is Tue 2026-03-03 00:00:00 in Europe/Berlin"), "{said}");
    assert!(decoder::read(&read("a.pftrace")).events.len() < whole, "an older file is replaced");
    let reference = ask(&["--device", "7", "--engine", "reference", "--out", "b.svg"]);
    assert_eq!((reference.0, read("a.svg") == read("b.svg")), (Some(0), true));
}

#[cfg(unix)]
#[test]
fn only_a_file_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let (link, target) = (folder.path().join("link.svg"), folder.path().join("target.svg"));
    std::fs::write(&target, "mine").unwrap();
    std::os::unix::fs::symlink(&target, &link).unwrap();
    let out = Command::new(env!("CARGO_BIN_EXE_bgsim"))
        .args(["timeline", "periodic-15m", "--device", "0", "--out"])
        .arg(&link)
        .output()
        .unwrap();
    assert_eq!(out.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&out.stderr).contains("is not a regular file"));
    assert_eq!(std::fs::read_to_string(&target).unwrap(), "mine");
}
