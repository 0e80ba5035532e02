//! Pushes in a timeline, in its list and in the picture of a day are the signals of push, each once.

use super::{FAST, bundled, of};
use bgsim::client::DelayCause;
use bgsim::engine::{Observer, run};
use bgsim::experiment::build;
use bgsim::explanation::{mails, story};
use bgsim::policy::{Delivery, Product};
use bgsim::record::Outcome;
use bgsim::report::charts::day::{CameTo, Day, PushFate, Says, WakeCameTo};
use bgsim::report::day_chart::day_chart;
use bgsim::report::day_list::{self, Entry, entries};
use bgsim::report::paint::{Paint, Screen};
use bgsim::report::story::story as told;
use bgsim::scenario::Scenario;
use bgsim::signal::{Facts, Held, Push, PushStage, Signal, ToldBy, Trigger};
use bgsim::time::Time;
use bgsim::timeline::{Lane, State, Timeline, day, first_day, timeline};
use std::collections::BTreeMap;

/// All that is said, as `events.csv` has it.
#[derive(Default)]
struct Said(Vec<(Time, Signal)>);

impl Observer for Said {
    fn record(&mut self, now: Time, signal: Signal, _: &Facts) {
        self.0.push((now, signal));
    }
}

fn said(scenario: &Scenario, device: u32, (from, until): (Time, Time)) -> Vec<(Time, Signal)> {
    let (mut models, mut core) = build(scenario, device, FAST);
    let mut said = Said::default();
    run(&mut models, &mut core, scenario.end, &mut said);
    said.0.retain(|(at, _)| (from..until).contains(at));
    said.0
}

/// Each product on days with outages, restarts, closed subscriptions and extensions that fail.
pub(super) fn products() -> impl Iterator<Item = Scenario> {
    Product::ALL.into_iter().map(|product| {
        let sets = [
            &format!("policy.product={}", product.name()),
            "push.subscription.deaths_per_year=73",
            "push.extension.memory_kill=0.1",
            "network.model=alternating",
            "network.offline=0.1",
            "fleet.force_quitters=1",
        ];
        bundled("email-plus", &sets.map(|set| set as &str))
    })
}

pub(super) fn drawn(scenario: &Scenario, device: u32) -> (Timeline, Day, Vec<(Time, Signal)>) {
    let span = first_day(scenario, device);
    let timeline = timeline(scenario, device, span, FAST).unwrap();
    let chart = day_chart(scenario, "x", &timeline);
    (timeline, chart, said(scenario, device, span))
}

#[test]
fn every_stage_of_a_push_has_its_mark() {
    let mut fates: BTreeMap<String, usize> = BTreeMap::new();
    for scenario in products() {
        for device in 0..4 {
            let (timeline, chart, said) = drawn(&scenario, device);
            let many = |is: &dyn Fn(Signal) -> bool| said.iter().filter(|(_, signal)| is(*signal)).count();
            let stages = |stage| many(&|signal| matches!(signal, Signal::Push(push) if push.stage == stage));
            let Some(pushed) = &chart.pushed else {
                assert_eq!(many(&|signal| matches!(signal, Signal::Push(_) | Signal::PushLaunched(_))), 0);
                continue;
            };
            let shown = |says| pushed.shown.iter().filter(|shown| shown.says == says).count();
            assert_eq!(shown(Says::Something), stages(PushStage::Signalled));
            assert_eq!(shown(Says::Known), stages(PushStage::Late));
            assert_eq!(shown(Says::Number), stages(PushStage::Badged));
            assert_eq!(shown(Says::Content), many(&|signal| matches!(signal, Signal::Notified(_))));
            let held: usize = pushed.pushes.iter().map(|push| push.held_ms.len()).sum();
            assert_eq!(held, stages(PushStage::Held));
            let woken = |came_to| pushed.wakes.iter().filter(|wake| wake.came_to == came_to).count();
            assert_eq!(woken(WakeCameTo::Woke), many(&|signal| matches!(signal, Signal::PushLaunched(_))));
            for (came_to, held) in
                [(WakeCameTo::Discarded, Held::Discarded), (WakeCameTo::HandedOver, Held::HandedOver)]
            {
                assert_eq!(woken(came_to), many(&|signal| signal == Signal::BackgroundPush(held)));
            }

            // The last word on each push.
            let mut last: BTreeMap<u32, (Time, PushStage)> = BTreeMap::new();
            for (at, signal) in &said {
                if let Signal::Push(Push { mail, stage }) = *signal {
                    last.insert(mail, (*at, stage));
                }
            }
            assert_eq!(pushed.pushes.len(), last.len());
            let midnight = first_day(&scenario, device).0;
            // What a connection that was down did not bring is fetched later.
            let by_connection = scenario.deliveries().contains(&Delivery::SystemLongpoll);
            for (mail, (at, stage)) in last {
                let stage =
                    if by_connection && stage == PushStage::Dropped { PushStage::Sent } else { stage };
                let row = timeline.mails.iter().find(|found| found.row.mail == mail);
                let place = row.and_then(|row| {
                    let name = row.number?.to_string();
                    chart.mails.iter().find(|shown| shown.name.replace(',', "") == name)?.push
                });
                let Some(place) = place else { continue };
                let push = &pushed.pushes[place];
                let fate = match stage {
                    PushStage::Unsubscribed => PushFate::NotSent,
                    PushStage::Displaced | PushStage::Expired | PushStage::Dropped => PushFate::Lost,
                    PushStage::Unneeded => PushFate::NotShown,
                    PushStage::Signalled | PushStage::Late | PushStage::Badged => PushFate::Came,
                    // It told, or is under way.
                    PushStage::Sent | PushStage::Held if push.fate == PushFate::Came => {
                        let by = row.unwrap().row.by.unwrap();
                        assert!(matches!(by, ToldBy::ServerText | ToldBy::Extension | ToldBy::SystemMail));
                        continue;
                    }
                    PushStage::Sent | PushStage::Held => PushFate::UnderWay,
                };
                assert_eq!((push.at_ms, push.fate), ((at - midnight).ms(), fate), "mail {mail}");
                *fates.entry(format!("{fate:?}")).or_default() += 1;
            }
        }
    }
    assert!(fates.len() == 5, "{fates:?}");
}

/// The system's own mail client has no push: of mail that it misses while the phone is not reached none is told of.
#[test]
fn where_nothing_is_pushed_no_push_is_told_of() {
    let sets = ["policy.product=native_push", "network.model=alternating", "network.offline=0.3"];
    let scenario = bundled("email-plus", &sets);
    let mut missed = 0;
    for device in 0..4 {
        let text = day_list::text(&drawn(&scenario, device).0, &[], screen()).to_lowercase();
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        missed += text.matches("no connection is open").count();
        assert!(!text.contains("its push"), "{text}");
    }
    assert!(missed > 0);
}

#[test]
fn a_list_is_the_fold_of_what_was_said() {
    let mut failures = 0;
    for scenario in products() {
        for device in 0..3 {
            let (timeline, _, said) = drawn(&scenario, device);
            let list = entries(&timeline);
            assert!(list.windows(2).all(|pair| pair[0].at() <= pair[1].at()));
            let mut of_list: BTreeMap<&str, Vec<Time>> = BTreeMap::new();
            for entry in &list {
                let word = match entry {
                    Entry::Arrived(_) => "mail_arrived",
                    Entry::Checked(_) => "check_started",
                    Entry::Told(notice, _) if notice.held_back => "held_back",
                    Entry::Told(..) => "notified",
                    Entry::Happened(moment) => moment.signal.words(&timeline.clock).0,
                };
                of_list.entry(word).or_default().push(entry.at());
            }
            let mut of_record: BTreeMap<&str, Vec<Time>> = BTreeMap::new();
            for (at, signal) in &said {
                let (word, _) = signal.words(&timeline.clock);
                let is_end = matches!(signal, Signal::Process(bgsim::signal::Process::NotRunning(_)));
                let is_listed = [
                    "mail_arrived",
                    "check_started",
                    "held_back",
                    "notified",
                    "push",
                    "extension_failed",
                    "background_push",
                    "push_launched",
                    "subscribed",
                    "client_opened",
                    "force_quit",
                    "rebooted",
                    "policy_reached",
                ];
                if is_end || is_listed.contains(&word) {
                    of_record.entry(word).or_default().push(*at);
                }
            }
            assert_eq!(of_list, of_record, "{} device {device}", scenario.name);
            failures += of_list.get("extension_failed").map_or(0, Vec::len);

            let text = day_list::text(&timeline, &[], screen());
            let mail = |what: &str| text.lines().filter(|line| line.contains(what)).count();
            let of = |what: &str| of_list.get(what).map_or(0, Vec::len);
            assert_eq!(mail(" arrives.") + mail(" arrives; "), of("mail_arrived"));
            let is_wake = |check: &&Entry<'_>| matches!(check, Entry::Checked(checked) if checked.check.trigger == Trigger::BackgroundPush);
            assert!(list.iter().filter(is_wake).count() <= of("push_launched"));
            assert_eq!(day_list::json(&timeline).len(), list.len());
        }
    }
    assert!(failures > 3, "extensions fail");
}

pub(super) fn screen() -> Screen {
    Screen { width: 80, paint: Paint::Plain }
}

/// What the lane shows while but one mail waits is the delay of that mail, its push among it.
#[test]
fn what_is_in_the_way_adds_up_to_the_delay_of_a_mail_that_is_pushed() {
    let (mut compared, mut of_push) = (0, 0);
    for scenario in products() {
        for device in 0..8 {
            let timeline = of(&scenario, device);
            let until = |row: &bgsim::record::MailRow| row.told.unwrap_or(scenario.end);
            for mail in timeline.mails.iter().filter(|mail| mail.number.is_some()) {
                let row = &mail.row;
                let is_alone = timeline.mails.iter().all(|other| {
                    other.row.mail == row.mail
                        || other.row.arrived > until(row)
                        || until(&other.row) < row.arrived
                });
                let busy = timeline.checks.iter().any(|check| {
                    check.at <= row.arrived && check.ended.is_none_or(|(until, _)| until > row.arrived)
                });
                if !is_alone || busy || row.held_back.is_some() || row.outcome == Outcome::Undelivered {
                    continue;
                }
                let mut causes = [0; DelayCause::ALL.len()];
                for slice in timeline.lane(Lane::InTheWay) {
                    let held = slice.until.min(until(row)).since(slice.from.max(row.arrived));
                    if let State::InTheWay(Some(cause)) = slice.state {
                        causes[cause as usize] += held.ms();
                    }
                }
                assert_eq!(causes, row.causes_ms, "{} device {device} {:?}", scenario.name, mail.number);
                compared += 1;
                of_push +=
                    usize::from(DelayCause::OF_PUSH.iter().any(|cause| row.causes_ms[*cause as usize] > 0));
            }
        }
    }
    assert!(compared > 300 && of_push > 200, "{compared} compared, {of_push} of them pushed");
}

#[test]
fn without_push_nothing_speaks_of_it() {
    let scenario = bundled("device-keychain", &[]);
    let (timeline, chart, _) = drawn(&scenario, 1);
    assert!(chart.pushed.is_none() && chart.mails.iter().all(|mail| mail.by_push.is_none()));
    assert!(timeline.layout().rows.iter().all(|row| row.name != "pushes"));
    assert!(day_list::counts(&timeline).iter().all(|(_, many)| *many == 0));
    assert!(chart.checks.iter().any(|check| check.came_to == CameTo::Told));
    let json = serde_json::to_string(&chart).unwrap();
    assert!(!json.contains("push"), "{json}");
}

/// A day on which each kind of push mark occurs is drawn as on file.
#[test]
fn a_day_with_pushes_is_drawn_as_on_file() {
    let scenario = bundled("email-plus", &["policy.product=email_plus_cns"]);
    super::draw("pushed", &scenario, 0, first_day(&scenario, 0));
    let scenario = bundled("email-plus", &["policy.product=citrix_rich", "push.extension.memory_kill=0.2"]);
    super::draw("extension", &scenario, 2, day(&scenario, 2, "2026-03-03".parse().unwrap()).unwrap());
}

/// Where files hold what the keychain would, a story never says keychain, but in the names of causes.
#[test]
fn a_story_of_files_names_no_keychain() {
    let mut locked = 0;
    for sets in [
        ["policy.key_access=os_protection", "policy.keychain_class=when_unlocked"],
        ["policy.key_access=os_protection", "policy.keychain_class=after_first_unlock"],
        ["policy.key_access=background_authorize", "policy.keychain_class=when_unlocked"],
    ] {
        let scenario = bundled("reboot-at-03", &sets);
        for device in 0..3 {
            for row in mails(&scenario, device, FAST).unwrap().into_iter().take(25) {
                let text = told(&scenario, &story(&scenario, device, row, FAST), &[], screen());
                let names_it = text.split(|letter: char| !letter.is_alphabetic() && letter != '_');
                assert!(!names_it.into_iter().any(|word| word == "keychain"), "{text}");
                locked += usize::from(text.contains("files are closed while the phone is locked"));
            }
        }
    }
    assert!(locked > 3, "{locked}");
}

/// The story of a mail has every stage of its push, and why an extension left it as it was.
#[test]
fn a_story_names_the_stages_of_its_push() {
    let mut failed = 0;
    for product in ["email_plus_cns", "citrix_rich", "blackberry_work"] {
        let sets = [&format!("policy.product={product}"), "push.extension.memory_kill=0.3"];
        let scenario = bundled("email-plus", &sets.map(|set| set as &str));
        for row in mails(&scenario, 0, FAST).unwrap().into_iter().take(40) {
            let story = story(&scenario, 0, row, FAST);
            let text = told(&scenario, &story, &[], screen());
            if let Some(signalled) = row.signalled {
                assert!(text.contains("its user read that something came"), "{text}");
                let said = story.events.iter().any(|event| {
                    let shown = |push: Push| push.stage == PushStage::Signalled;
                    event.at == signalled
                        && matches!(event.what, bgsim::explanation::What::Signal(Signal::Push(push)) if shown(push))
                });
                assert!(said);
            }
            failed += usize::from(text.contains("The extension"));
        }
    }
    assert!(failed > 3, "{failed}");
}
