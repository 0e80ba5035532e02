//! What `explain` says of each mail of a window is what the record says, a line each, and adds up.

use bgsim::client::DelayCause;
use bgsim::engine::Engine;
use bgsim::experiment::Plan;
use bgsim::explanation::{Compete, Listed, Verdict, largest, listed, mails, worst};
use bgsim::record::{MailRow, Outcome};
use bgsim::report::paint::Screen;
use bgsim::report::story_json;
use bgsim::report::verdicts::verdicts;
use bgsim::scenario::{Scenario, load};
use bgsim::slice::{Slice, Window};
use bgsim::time::Span;

fn bundled(name: &str) -> Scenario {
    load(name, &["devices=12", "warmup=15d", "measure=6d"].map(String::from)).unwrap()
}

/// The first night of the measured span, and the day after.
fn window(scenario: &Scenario) -> Window {
    Window { from: scenario.start + Span::hours(22), until: scenario.start + Span::hours(46) }
}

fn night(scenario: &Scenario, device: u32) -> Listed {
    listed(scenario, device, window(scenario), Engine::Fast).unwrap()
}

#[test]
fn a_window_lists_the_mail_that_arrived_in_it_with_what_the_record_says() {
    let scenario = bundled("working-hours");
    let (mut seen, mut waited) = ([0; Verdict::ALL.len()], 0);
    for device in 0..scenario.devices {
        let all = mails(&scenario, device, Engine::Fast).unwrap();
        let whole = listed(&scenario, device, Window::measured(&scenario), Engine::Fast).unwrap();
        let said =
            |rows: &[MailRow]| rows.iter().map(|row| (row.mail, row.arrived, row.told)).collect::<Vec<_>>();
        assert_eq!(said(&whole.rows), said(&all));
        let night = night(&scenario, device);
        let window = window(&scenario);
        let meant = all.iter().copied().filter(|row| window.holds(row.arrived));
        assert_eq!(said(&night.rows), said(&meant.collect::<Vec<_>>()));
        for row in &all {
            let verdict = Verdict::of(row);
            seen[verdict as usize] += 1;
            assert_eq!(verdict == Verdict::NotTold, row.told.is_none());
            assert_eq!(verdict == Verdict::Notified, row.outcome == Outcome::Notified);
            assert_eq!(verdict == Verdict::AtOnce, row.told == Some(row.arrived));
            match largest(row) {
                Some(cause) => assert_eq!(Some(&row.causes_ms[cause as usize]), row.causes_ms.iter().max()),
                None => assert_eq!(row.wait(), Span::ZERO),
            }
            waited += usize::from(row.wait() > Span::ZERO);
        }
        assert_eq!(whole.verdicts().map(|(_, many)| many).sum::<usize>(), all.len());
        let causes = whole.causes();
        assert!(causes.windows(2).all(|pair| pair[0].1 >= pair[1].1));
        waited -= causes.iter().map(|(_, many)| many).sum::<usize>();
    }
    assert_eq!(waited, 0, "every mail that waited has a largest cause");
    assert!(seen.iter().all(|many| *many > 0), "{seen:?}");
}

#[test]
fn a_mail_is_one_line_and_no_line_is_wider_than_a_terminal() {
    let (mut mails, mut outside) = (0, 0);
    for name in ["device-keychain", "working-hours", "reboot-at-03", "trip"] {
        let scenario = bundled(name);
        for device in 0..scenario.devices {
            let listed = night(&scenario, device);
            let text = verdicts(&scenario, &listed, Screen::PAPER, |mail| format!("tell {mail}"));
            assert!(text.lines().all(|line| line.chars().count() <= 80 && !line.ends_with(' ')), "{text}");
            for row in &listed.rows {
                let begins = format!("{:>4}    ", row.mail);
                assert_eq!(
                    text.lines().filter(|line| line.starts_with(&begins)).count(),
                    1,
                    "{begins}\n{text}"
                );
            }
            let longest = listed.rows.iter().map(|row| row.wait()).max().filter(|wait| *wait > Span::ZERO);
            assert_eq!(text.contains("The longest wait:"), longest.is_some());
            assert_eq!(text.contains("hours    waited"), listed.outside() > 0);
            let json = story_json::window(&scenario, &listed);
            let many = json["mails"].as_array().unwrap();
            assert_eq!(many.len(), listed.rows.len());
            let held = many.iter().filter(|mail| !mail["held_back"].is_null()).count();
            assert_eq!((json["held_back"].as_u64(), held), (Some(held as u64), listed.held_back()));
            for (cause, number) in listed.causes() {
                let of = |mail: &&serde_json::Value| mail["longest_cause"] == DelayCause::name(cause);
                assert_eq!(many.iter().filter(of).count(), number);
            }
            (mails, outside) = (mails + many.len(), outside + listed.outside());
        }
    }
    assert!(mails > 500 && outside > 100, "{mails} mails, {outside} outside");
}

#[test]
fn where_nobody_works_the_mail_that_waited_longest_is_found_among_all() {
    let scenario = bundled("working-hours");
    let window = Window { from: scenario.start + Span::hours(22), until: scenario.start + Span::hours(30) };
    let slice = Slice { window: Some(window), ..Slice::default() };
    let plan = Plan { jobs: 2, ..Plan::default() };
    let Ok(in_hours) = worst(&scenario, &slice, Compete::InHours, 1, &plan, &mut ());
    let Ok(all) = worst(&scenario, &slice, Compete::All, 1, &plan, &mut ());
    let rows = (0..scenario.devices).flat_map(|device| {
        listed(&scenario, device, window, Engine::Fast).unwrap().rows.into_iter().map(|row| row.wait().ms())
    });
    assert!(in_hours.is_empty());
    assert_eq!(all.first().map(|(wait, ..)| *wait), rows.max());
}
