//! A day is shown under what was published and in force on it, pushes that a date keeps away have their mark, and a
//! story begins with what a mail really waits for first.

use super::pushes::{drawn, products, screen};
use super::{FAST, bundled, of};
use bgsim::client::DelayCause;
use bgsim::explanation::{What, instant, mails, story};
use bgsim::report::charts::day::PushFate;
use bgsim::report::day_chart::day_chart;
use bgsim::report::day_list::{self, Entry, entries};
use bgsim::report::story::story as told;
use bgsim::report::story_json;
use bgsim::scenario::{Scenario, SourceText, fetch, load, read};
use bgsim::signal::{Push, PushStage, Signal};
use bgsim::time::Span;
use bgsim::timeline::{Lane, State, Timeline, day, timeline};
use tempfile::TempDir;

/// A week with dates.
fn dated(sets: &[&str], events: &str) -> Scenario {
    let text = format!(
        "extends = 'email-plus'\nname = 'dated'\ndevices = 8\nwarmup = '15d'\nmeasure = '4d'\n\
         push.subscription.deaths_per_year = 0.0\n{events}"
    );
    let sets: Vec<String> = sets.iter().map(|set| set.to_string()).collect();
    read(SourceText { label: "dated".into(), text: text.into() }, &sets, &mut fetch).unwrap()
}

fn on(scenario: &Scenario, device: u32, date: &str) -> Timeline {
    timeline(scenario, device, day(scenario, device, date.parse().unwrap()).unwrap(), FAST).unwrap()
}

#[test]
fn the_wait_of_a_mail_that_is_pushed_begins_with_its_push() {
    let mut begun = 0;
    for scenario in products() {
        for device in 0..3 {
            for row in mails(&scenario, device, FAST).unwrap().into_iter().take(40) {
                let story = story(&scenario, device, row, FAST);
                let text = told(&scenario, &story, &[], screen());
                for cause in [DelayCause::PushLost, DelayCause::NoNetwork] {
                    let is_named = text.contains(cause.name());
                    assert!(!is_named || row.causes_ms[cause as usize] > 0, "{}\n{text}", cause.name());
                }
                let first = story.events.iter().find_map(|event| match event.what {
                    What::Signal(Signal::Push(Push { stage, .. })) if event.at == row.arrived => {
                        DelayCause::of_push(stage)
                    }
                    _ => None,
                });
                if let Some(first) = first {
                    assert_eq!(story.blocker, first, "{text}");
                    assert!(story.events.iter().all(|one| one.at > row.arrived || one.blocker.is_none()));
                    begun += 1;
                }
            }
        }
    }
    assert!(begun > 300, "{begun}");
}

/// What an instant says is in the way is what the books say of the mail that waits then, and of one that would arrive
/// what becomes of its push first.
#[test]
fn an_instant_names_what_the_books_name() {
    let (mut waits, mut would) = (0, 0);
    for product in ["outlook", "email_plus_cns_key", "native_push"] {
        let scenario = bundled("email-plus", &[&format!("policy.product={product}")]);
        for device in 0..2 {
            let shown = of(&scenario, device);
            let clock = &shown.clock;
            for hour in 0..48 {
                let at = shown.from + Span::HOUR * hour + Span::MINUTE * 7;
                let found = instant(&scenario, device, clock.wall(at), FAST).unwrap();
                let slice =
                    shown.lane(Lane::InTheWay).iter().find(|slice| slice.from <= at && at < slice.until);
                match slice.map(|slice| slice.state) {
                    Some(State::InTheWay(Some(DelayCause::Checking))) => {}
                    Some(State::InTheWay(Some(cause))) => {
                        assert_eq!(found.blocker, cause, "{product} {device} {hour}");
                        waits += 1;
                    }
                    _ => {
                        assert_ne!(found.blocker, DelayCause::PushLost, "{product} {device} {hour}");
                        would += usize::from(found.blocker == DelayCause::PushInFlight);
                    }
                }
            }
        }
    }
    assert!(waits > 20 && would > 20, "{waits} wait, {would} would");
}

/// Mail to the minute comes several at once: each has its own story.
#[test]
fn a_story_of_mail_that_comes_with_other_mail_follows_its_own_push() {
    let folder = TempDir::new().unwrap();
    let mail = "arrived\n".to_string() + &"2026-03-02T09:00:00.000Z\n".repeat(12);
    std::fs::write(folder.path().join("mail.csv"), mail).unwrap();
    let text = "extends = 'email-plus'\nname = 'alike'\ndevices = 1\nwarmup = '0s'\nmeasure = '2d'\ntime_zone = 'UTC'\n\
                mail = { model = 'trace', file = 'mail.csv', align = 'none' }\n\
                policy.product = 'email_plus_cns'\npush.stale_connection.probability = 0.5\n";
    let path = folder.path().join("alike.toml");
    std::fs::write(&path, text).unwrap();
    let scenario = load(path.to_str().unwrap(), &[]).unwrap();
    let rows = mails(&scenario, 0, FAST).unwrap();
    assert_eq!(rows.len(), 12);
    let mut heard = 0;
    for row in rows {
        let story = story(&scenario, 0, row, FAST);
        let shown = story.events.iter().find_map(|event| match event.what {
            What::Signal(Signal::Push(Push { stage: PushStage::Signalled, .. })) => Some(event.at),
            _ => None,
        });
        assert_eq!(shown, row.signalled, "mail {}", row.mail);
        heard += usize::from(shown.is_some());
    }
    assert!(heard > 6, "{heard}");
}

#[test]
fn a_day_is_shown_under_what_was_published_by_then() {
    let events = "[[event]]\nname = 'hours'\nat = '2026-03-03T12:00'\n\
                  set = { policy.working_hours = 'daily 08:00-18:00' }\n\
                  [[event]]\nname = 'native'\nat = '2026-03-04T00:00'\nby = 'at_once'\n\
                  set = { policy.delivery = 'system_longpoll', policy.key_access = 'os_protection' }\n";
    let scenario = dated(&["policy.product=email_plus_cns_key"], events);
    for device in 0..4 {
        let (mut inside, mut outside) = (0, 0);
        for date in ["2026-03-02", "2026-03-03", "2026-03-04"] {
            let shown = on(&scenario, device, date);
            let chart = day_chart(&scenario, "x", &shown);
            assert_eq!(chart.working_hours.is_empty(), date == "2026-03-02", "{date}");
            for mail in shown.mails.iter().filter(|mail| shown.shows(mail.row.arrived)) {
                let ms = (mail.row.arrived - shown.from).ms();
                let within = chart.working_hours.iter().any(|[from, to]| (*from..*to).contains(&ms));
                assert_eq!(within || chart.working_hours.is_empty(), mail.row.in_hours, "{date} {ms}");
                if mail.row.in_hours { inside += 1 } else { outside += 1 }
            }
            let name = chart.pushed.map(|pushed| pushed.name);
            let connection = date == "2026-03-04";
            assert_eq!(name.as_deref(), Some(if connection { "Open connection" } else { "Pushes" }));
            let list = day_list::text(&shown, &[], screen());
            assert_eq!(list.contains("the server tells the system's own"), connection, "{list}");
            assert_eq!(list.contains("its push is on its way"), !connection, "{list}");
            assert!(!connection || !list.contains("keychain"), "{list}");
            let published = list.matches("Settings are published").count();
            assert_eq!(published, usize::from(date != "2026-03-02"), "{list}");
        }
        assert!(inside > 5 && outside + inside > 10, "{inside} {outside}");
    }
}

#[test]
fn pushes_that_a_date_keeps_away_have_their_lines_and_marks() {
    let events = "[[event]]\nname = 'down'\nat = '2026-03-03T09:00'\nno_push = '6h'\n";
    let end = "[[event]]\nname = 'gone'\nat = '2026-03-03T09:00'\nno_push = true\n";
    let mut unsent = 0;
    for (events, ends) in [(events, Some(15)), (end, None)] {
        for product in ["email_plus_cns", "outlook"] {
            let scenario = dated(&[&format!("policy.product={product}")], events);
            for device in 0..4 {
                for date in ["2026-03-02", "2026-03-03", "2026-03-04"] {
                    let shown = on(&scenario, device, date);
                    let chart = day_chart(&scenario, "x", &shown).pushed.unwrap();
                    let hour = |hour: u64| (Span::HOUR * hour).ms();
                    let kept_away: Vec<[u64; 2]> = match (date, ends) {
                        ("2026-03-02", _) => vec![],
                        ("2026-03-03", ends) => vec![[hour(9), hour(ends.unwrap_or(24))]],
                        (_, Some(_)) => vec![],
                        (_, None) => vec![[0, hour(24)]],
                    };
                    assert_eq!(chart.kept_away_ms, kept_away, "{date}");
                    let list = entries(&shown);
                    let many = list.iter().filter(|entry| {
                        matches!(entry, Entry::Happened(moment) if matches!(moment.signal, Signal::Occurred(_)))
                    });
                    let expected = usize::from(date == "2026-03-03") * (1 + usize::from(ends.is_some()));
                    assert_eq!(many.count(), expected, "{date}");
                    let text = day_list::text(&shown, &[], screen());
                    // No subscription dies here.
                    assert!(!text.contains("subscription"), "{text}");
                    let chart = serde_json::to_string(&day_chart(&scenario, "x", &shown)).unwrap();
                    assert!(!chart.contains("none: subscription"), "{chart}");
                    let pushed = day_chart(&scenario, "x", &shown).pushed.unwrap();
                    unsent += pushed.pushes.iter().filter(|push| push.fate == PushFate::NotSent).count();
                }
            }
        }
    }
    assert!(unsent > 20, "{unsent}");
}

/// Refreshes are kept apart outside hours too, but no push waits for that.
#[test]
fn outside_hours_no_push_is_kept_apart() {
    let scenario = bundled(
        "email-plus",
        &["policy.product=email_plus_cns_key", "policy.working_hours=daily 08:00-18:00"],
    );
    let (mut throttled, mut apart) = (0, 0);
    for device in 0..8 {
        let shown = of(&scenario, device);
        for slice in shown.lane(Lane::InTheWay) {
            let minute = shown.clock.local(slice.from).dial().ms() / Span::MINUTE.ms();
            let night = !(8 * 60..18 * 60 + 30).contains(&minute);
            match slice.state {
                State::InTheWay(Some(DelayCause::PushThrottled)) => {
                    assert!(!night, "device {device} at {}", shown.clock.wall(slice.from));
                    throttled += 1;
                }
                State::InTheWay(Some(DelayCause::Spacing)) => apart += usize::from(night),
                _ => {}
            }
        }
    }
    assert!(throttled > 20 && apart > 3, "{throttled} {apart}");
}

/// The strip of what is in the way holds the whole wait of mail that is held back.
#[test]
fn mail_that_is_held_back_is_in_the_strip() {
    let mut held = 0;
    for scenario in [
        bundled("working-hours", &[]),
        bundled(
            "email-plus",
            &["policy.product=email_plus_cns_key", "policy.working_hours=daily 08:00-18:00"],
        ),
    ] {
        for device in 0..8 {
            let shown = of(&scenario, device);
            for mail in shown.mails.iter().filter(|mail| mail.row.held_back.is_some()) {
                let (from, until) = (mail.row.held_back.unwrap(), mail.row.told.unwrap_or(scenario.end));
                let within = |slice: &&bgsim::timeline::Slice| slice.from < until && slice.until > from;
                for slice in shown.lane(Lane::InTheWay).iter().filter(within) {
                    assert!(matches!(slice.state, State::InTheWay(Some(_))), "device {device}: {slice:?}");
                }
                held += 1;
            }
        }
    }
    assert!(held > 20, "{held}");
}

/// Where files hold what the keychain would, a picture never says keychain.
#[test]
fn a_picture_of_files_names_no_keychain() {
    for sets in [
        ["policy.key_access=os_protection", "policy.keychain_class=when_unlocked"],
        ["policy.product=native_push", "policy.keychain_class=when_unlocked"],
        ["policy.key_access=background_authorize", "policy.keychain_class=when_unlocked"],
    ] {
        let scenario = bundled("reboot-at-03", &sets);
        for device in 0..3 {
            let (_, chart, _) = drawn(&scenario, device);
            let mut words = serde_json::to_string(&chart).unwrap();
            // Colours are those of causes, by their names.
            for cause in DelayCause::ALL {
                words = words.replace(cause.name(), "");
            }
            assert!(!words.contains("keychain"), "{words}");
        }
    }
}

#[test]
fn json_of_a_story_begins_likewise() {
    let scenario = bundled("email-plus", &["policy.product=outlook"]);
    let row =
        mails(&scenario, 1, FAST).unwrap().into_iter().find(|row| row.told > Some(row.arrived)).unwrap();
    let json = story_json::story(&scenario, &story(&scenario, 1, row, FAST), &[]);
    assert_eq!(json["blocker"], "push_in_flight");
}
