//! The story of a mail, and the answer to "why not now", as text.

use super::human::{count, duration};
use super::paint::Screen;
use super::story_lines::{Line, decision, lines};
use super::story_words::{self as words, day, dial, in_the_way, stamp};
use super::table::Align::{Left, Right};
use super::table::Table;
use super::terms::Terms;
use crate::client::DelayCause;
use crate::explanation::{Instant, NOTICED, Story, Tried, What, sooner, whose};
use crate::record::{MailRow, Outcome};
use crate::scenario::Scenario;
use crate::signal::ToldBy;
use crate::time::{Span, Time};

/// Nothing here may read as a fact about iOS (docs/claims.md).
const LEGEND: &str = "A score is the mean of the policies' scores, each times its weight. Policies, weights and thresholds are \
    reverse-engineered or assumed; `bgsim assumptions` lists them with their sources.";

/// The whole story, with what would have told the user sooner.
pub fn story(scenario: &Scenario, story: &Story, tried: &[Tried], screen: Screen) -> String {
    let paragraph = |before: &str, text: &str| screen.paragraph(before, text);
    let clock = &scenario.clock_of(scenario.member(story.device));
    let Story { row, arrival, .. } = story;
    let terms = Terms::of(&arrival.policy);
    let whose = whose(scenario, story.device);
    let title = format!("{} · device {} ({whose}) · mail {}", scenario.name, story.device, row.mail);
    let mut text = paragraph("", &title) + "\n";
    text += &paragraph("", &headline(scenario, row));
    let mut first = Line {
        at: row.arrived,
        text: "The mail arrives.".into(),
        more: vec![words::state(clock, arrival, row.arrived)],
    };
    if row.told == Some(row.arrived) {
        first.text = "The mail arrives while the client is open and online.".into();
    } else {
        first.more.extend(words::request(clock, arrival, row.arrived));
        let others = arrival.waiting.len().saturating_sub(1);
        first.more.extend((others > 0).then(|| format!("Mail already waiting: {}.", count(others as u64))));
        first.more.push(format!("In the way: {}.", in_the_way(story.blocker, terms)));
    }
    let mut today = None;
    let last = ending(row, scenario.end);
    for line in std::iter::once(first).chain(lines(clock, terms, &story.events)).chain([last]) {
        let its = clock.local(line.at).day;
        if today.replace(its) != Some(its) {
            text += &format!("\n{}\n", day(clock, line.at));
        }
        text += &paragraph(&format!("  {}  ", dial(clock, line.at)), &line.text);
        for more in &line.more {
            text += &paragraph("            ", more);
        }
    }
    if story.events.iter().any(|event| matches!(event.what, What::Decided(_))) {
        text += &format!("\n{}", paragraph("", LEGEND));
    }
    text += &causes(row);
    text += &remedy(scenario, row, tried, screen);
    text
}

/// The story in a few lines.
pub fn brief(
    scenario: &Scenario,
    device: u32,
    (row, mails): (&MailRow, u32),
    tried: &[Tried],
    screen: Screen,
) -> String {
    let paragraph = |before: &str, text: &str| screen.paragraph(before, text);
    let whose = whose(scenario, device);
    let which = match mails {
        1 => format!("mail {}", row.mail),
        many => format!(
            "{} mails that had one end, of which mail {} waited longest",
            count(many.into()),
            row.mail
        ),
    };
    let mut text =
        paragraph("", &format!("device {device} ({whose}) · {which}: {}", headline(scenario, row)));
    let mut causes: Vec<(DelayCause, u64)> =
        DelayCause::ALL.into_iter().zip(row.causes_ms).filter(|(_, ms)| *ms > 0).collect();
    causes.sort_by_key(|(_, ms)| std::cmp::Reverse(*ms));
    let named = causes.iter().map(|(cause, ms)| format!("{} {}", duration(Span::from_ms(*ms)), cause.name()));
    text += &paragraph("  ", &format!("{}.", named.collect::<Vec<_>>().join(", ")));
    text + &paragraph("  ", &advice(scenario, row, tried))
}

/// What holds at one instant and why nothing is told just then.
pub fn instant(scenario: &Scenario, instant: &Instant, screen: Screen) -> String {
    let paragraph = |before: &str, text: &str| screen.paragraph(before, text);
    let clock = &scenario.clock_of(scenario.member(instant.device));
    let Instant { at, facts, check, .. } = instant;
    let terms = Terms::of(&facts.policy);
    let whose = whose(scenario, instant.device);
    let title = format!("{} · device {} ({whose}) · {}", scenario.name, instant.device, stamp(clock, *at));
    let mut text = paragraph("", &title) + "\n";
    text += &paragraph("State      ", &words::state(clock, facts, *at));
    text += &paragraph(
        "Mail       ",
        &match facts.waiting.len() {
            0 => "None is waiting.".into(),
            1 => "1 mail is waiting.".into(),
            many => format!("{} mails are waiting.", count(many as u64)),
        },
    );
    if instant.held_back > 0 {
        let many = count(instant.held_back as u64);
        text += &paragraph("           ", &format!("Found and held back outside working hours: {many}."));
    }
    text += &paragraph("In the way ", &format!("{}.", in_the_way(instant.blocker, terms)));
    let began = match (check.open, check.launched) {
        (true, _) => "in the open client",
        (false, true) => "in a client launched for it",
        (false, false) => "in the client resumed for it",
    };
    let would =
        format!("A check now, {began}: {}; {}.", words::key(check.key, terms), words::result(check.result));
    text += &paragraph("Check      ", &would);
    if check.holds_back {
        text += &paragraph("           ", "It is outside working hours: what a check finds is held back.");
    }
    if let Some(running) = facts.check {
        text += &paragraph("           ", &format!("One is running: {}.", running.trigger.name()));
    }
    let mut scheduler: Vec<String> = Vec::new();
    match &instant.asked {
        Some(asked) => {
            if asked.window.earliest > *at {
                let earliest = dial(clock, asked.window.earliest);
                scheduler
                    .push(format!("It is not asked: the request may not run before {earliest}. If it were:"));
            }
            scheduler.extend(decision(clock, asked));
        }
        None if facts.by_request => scheduler.extend(words::request(clock, facts, *at)),
        None => scheduler
            .push("It asks nobody and refuses nothing: it wakes the client by a plan of its own.".into()),
    }
    for (index, line) in scheduler.iter().enumerate() {
        text += &paragraph(if index == 0 { "Scheduler  " } else { "           " }, line);
    }
    if let Some(last) = &instant.last {
        let did = if last.runs { "granted a check" } else { "refused" };
        text += &paragraph("           ", &format!("It last decided {} and {did}.", stamp(clock, last.at)));
        text += &format!("\n{}", paragraph("", LEGEND));
    }
    text
}

fn headline(scenario: &Scenario, row: &MailRow) -> String {
    let clock = &scenario.clock_of(scenario.member(row.device));
    let outside = if row.in_hours { "" } else { ", outside working hours" };
    let heard = row.signalled.filter(|at| Some(*at) != row.told);
    let heard = heard.map_or_else(String::new, |at| {
        format!(
            "; its user read that something came {}, {} later",
            stamp(clock, at),
            duration(at - row.arrived)
        )
    });
    let arrived = format!("Arrived {}{outside}{heard}", stamp(clock, row.arrived));
    let after = duration(row.wait());
    match (row.outcome, row.told) {
        (Outcome::Notified, Some(told)) => {
            format!("{arrived}; notified {}, {after} later.", stamp(clock, told))
        }
        (Outcome::OnOpen, Some(told)) if told == row.arrived => {
            format!("{arrived}, and was seen at once in the open client.")
        }
        (Outcome::OnOpen, Some(told)) => {
            format!("{arrived}; seen when the client was open {}, {after} later.", stamp(clock, told))
        }
        _ => format!(
            "{arrived}; not told when the simulation ended {}, {after} later.",
            stamp(clock, scenario.end)
        ),
    }
}

fn ending(row: &MailRow, end: Time) -> Line {
    let text = match row.outcome {
        Outcome::Notified if row.by == Some(ToldBy::HoursBegin) => {
            "The working hours begin: the notification that was prepared tells the user."
        }
        Outcome::Notified if row.by == Some(ToldBy::ServerText) => {
            "The push is shown, and its text, which the server wrote, tells the user."
        }
        Outcome::Notified if row.by == Some(ToldBy::Extension) => {
            "The push is shown, and its text, which the client's extension wrote, tells the user."
        }
        Outcome::Notified if row.by == Some(ToldBy::SystemMail) => {
            "The system's own mail client has fetched, and tells the user."
        }
        Outcome::Notified => "A notification tells the user.",
        Outcome::OnOpen => "The user sees it in the open client.",
        Outcome::Undelivered => "The simulation ends; the mail still waits.",
    };
    Line { at: row.told.unwrap_or(end), text: text.into(), more: Vec::new() }
}

/// The delay by cause; its sum is the latency to the millisecond.
fn causes(row: &MailRow) -> String {
    let whole = row.wait();
    if whole == Span::ZERO {
        return String::new();
    }
    let name = if row.told.is_some() { "delay by cause" } else { "wait by cause" };
    let mut table = Table::new(&[(name, Left), ("h:mm:ss", Right), ("share", Right)]);
    let share = |ms: u64| super::human::share(Some(ms as f64 / whole.ms() as f64));
    for (cause, ms) in DelayCause::ALL.into_iter().zip(row.causes_ms).filter(|(_, ms)| *ms > 0) {
        table.row([cause.name().to_string(), exact(ms), share(ms)]);
    }
    let sum = if row.told.is_some() { "latency" } else { "wait" };
    table.row([sum.to_string(), exact(whole.ms()), share(whole.ms())]);
    format!("\n{table}")
}

fn exact(ms: u64) -> String {
    format!("{}:{:02}:{:02}.{:03}", ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60, ms % 1000)
}

fn remedy(scenario: &Scenario, row: &MailRow, tried: &[Tried], screen: Screen) -> String {
    if row.wait() == Span::ZERO {
        return String::new();
    }
    let mut text = format!("\n{}", screen.paragraph("", &advice(scenario, row, tried)));
    let mut table =
        Table::new(&[("change tried", Left), ("this mail", Left), ("after", Right), ("sooner by", Right)]);
    for one in tried {
        let after = duration(one.row.wait());
        let gain = match sooner(scenario, row, std::slice::from_ref(one)) {
            Some((_, by)) if row.told.is_some() => duration(by),
            Some(_) => "told at all".into(),
            None if one.hurts_others => "other mail later".into(),
            None => String::new(),
        };
        table.row([&one.change.words, one.row.outcome.name(), &after, &gain]);
    }
    if !table.is_empty() {
        let about = "This holds for this one mail; `bgsim compare` says whether it holds for a fleet.";
        text += &format!("\n{}\n{}", table.on(screen), screen.paragraph("", about));
    }
    text
}

/// The one change that would have told the user sooner, or that there is none.
fn advice(scenario: &Scenario, row: &MailRow, tried: &[Tried]) -> String {
    match sooner(scenario, row, tried) {
        Some((Tried { change, row: changed, .. }, by)) => {
            let by = match row.told {
                Some(_) => format!("{} sooner", duration(by)),
                None => "where now it is not told at all".into(),
            };
            let after = duration(changed.wait());
            format!(
                "Sooner with: {}. This mail is then {} after {after}, {by}. Price: {}. ({})",
                change.words,
                changed.outcome.name(),
                change.price,
                change.sets.iter().map(|set| format!("--set '{set}'")).collect::<Vec<_>>().join(" ")
            )
        }
        None => {
            let longest = DelayCause::ALL.into_iter().zip(row.causes_ms).max_by_key(|(_, ms)| *ms);
            let most = longest.map_or_else(String::new, |(cause, ms)| {
                let terms = Terms::of(scenario.own(scenario.member(row.device)).policy);
                let cause = in_the_way(cause, terms);
                format!(" Most of its wait, {}, was {cause}.", duration(Span::from_ms(ms)))
            });
            let others = if tried.iter().any(|one| one.hurts_others) {
                " without making other mail later"
            } else {
                ""
            };
            format!(
                "None of the {} changes that were tried tells this mail sooner by {} or more{others}.{most}",
                tried.len(),
                duration(NOTICED)
            )
        }
    }
}
