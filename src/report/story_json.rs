//! The JSON of `bgsim explain`: one schema, whatever was asked.
//!
//! | key | holds |
//! |---|---|
//! | `schema`, `tool`, `scenario`, `command` | the version of this format, what made it, from what |
//! | `mails[]` | one story each; empty for `--why-not` and a window |
//! | `mails[].{device,mail,arrived,outcome,signalled,told,latency_ms,notified_by,held_back,delay_causes_ms,in_working_hours}` | the row of `mail.csv` |
//! | `mails[].{wait_ms,blocker,state}` | the wait to the horizon if need be, and what held at arrival |
//! | `mails[].events[]` | `{at, what, detail, blocker}`, every one: nothing is collapsed. `blocker` is set where it changed |
//! | `mails[].incident_mails` | with `--worst`: how many mails of the device had the same end, of which this waited longest |
//! | `mails[].tried[]` | `{set, words, price, outcome, told, wait_ms, hurts_others}` for each change; where none by itself is a remedy, the last is of several, with spaces between |
//! | `mails[].sooner` | `{set, by_ms}` of the change that tells the mail soonest, by a minute or more, or null |
//! | `window` | `{device, from, until, mails[], verdicts, causes, outside_working_hours, held_back}` where a window was asked for, else null |
//! | `window.mails[]` | `{mail, arrived, verdict, told, held_back, in_working_hours, wait_ms, longest_cause}`, one each in order of arrival |
//! | `window.{verdicts,causes}` | how many mails there are of each, and how many waited longest for each |
//! | `instant` | `{device, at, state, blocker, check, scheduler, last_decision}` for `--why-not`, else null |
//!
//! A decision is `{decision, score, threshold, tenth, runs, earliest, deadline, best_at, policies[]}`,
//! a policy `{name, decision, score, weight}`; `best_at` is null where nothing is known of the client's use. Instants
//! are in UTC, like those of every file.

use crate::client::DelayCause;
use crate::clock::{Clock, utc};
use crate::device::scheduler::{Decided, POLICIES};
use crate::explanation::{CheckTold, Event, Instant, Listed, Story, Tried, Verdict, What, largest, sooner};
use crate::record::{MailRow, Tool};
use crate::scenario::Scenario;
use crate::signal::{Battery, Facts, KeyFailure, KeySource, ToldBy};
use crate::time::Time;
use serde_json::{Map, Value, json};

/// The version of this format.
pub const SCHEMA: u32 = 1;

/// What was asked for, told.
pub enum Told {
    /// The stories of mails.
    Mails(Vec<Value>),
    /// What became of the mail of a window.
    Window(Value),
    /// What holds at an instant.
    Instant(Value),
}

/// The whole answer.
pub fn answer(scenario: &Scenario, command: &str, told: Told) -> Value {
    let (mails, window, instant) = match told {
        Told::Mails(mails) => (mails, None, None),
        Told::Window(window) => (Vec::new(), Some(window), None),
        Told::Instant(instant) => (Vec::new(), None, Some(instant)),
    };
    json!({
        "schema": SCHEMA,
        "tool": Tool::THIS,
        "scenario": {
            "name": scenario.name, "sha256": scenario.sha256(), "seed": scenario.seed, "devices": scenario.devices,
        },
        "command": command,
        "mails": mails,
        "window": window,
        "instant": instant,
    })
}

/// One story.
pub fn story(scenario: &Scenario, story: &Story, tried: &[Tried]) -> Value {
    let clock = &scenario.clock_of(scenario.member(story.device));
    let Story { device, row, arrival, blocker, events } = story;
    let causes =
        DelayCause::ALL.into_iter().zip(row.causes_ms).map(|(cause, ms)| (cause.name().into(), ms.into()));
    let tries: Vec<Value> = tried.iter().map(|tried| one_try(clock, tried)).collect();
    json!({
        "device": device,
        "group": scenario.group_of(*device).name,
        "persona": scenario.group_of(*device).entry.persona.name(),
        "ram_bytes": scenario.own(scenario.member(*device)).persona.ram.get(),
        "mail": row.mail,
        "arrived": at(clock, row.arrived),
        "outcome": row.outcome.name(),
        "signalled": row.signalled.map(|signalled| at(clock, signalled)),
        "told": row.told.map(|told| at(clock, told)),
        "latency_ms": row.told.map(|told| (told - row.arrived).ms()),
        "notified_by": row.by.map(ToldBy::name),
        "held_back": row.held_back.map(|held| at(clock, held)),
        "delay_causes_ms": causes.collect::<Map<String, Value>>(),
        "in_working_hours": row.in_hours,
        "wait_ms": row.wait().ms(),
        "blocker": blocker.name(),
        "state": state(clock, arrival, row.arrived),
        "events": events.iter().map(|one| event(clock, one)).collect::<Vec<_>>(),
        "tried": tries,
        "sooner": sooner(scenario, row, tried).map(|(best, by)| json!({ "set": best.change.sets.join(" "), "by_ms": by.ms() })),
    })
}

/// What became of the mail of a window.
pub fn window(scenario: &Scenario, listed: &Listed) -> Value {
    let clock = &scenario.clock_of(scenario.member(listed.device));
    let mail = |row: &MailRow| {
        json!({
            "mail": row.mail,
            "arrived": at(clock, row.arrived),
            "verdict": Verdict::of(row).name(),
            "told": row.told.map(|told| at(clock, told)),
            "held_back": row.held_back.map(|held| at(clock, held)),
            "in_working_hours": row.in_hours,
            "wait_ms": row.wait().ms(),
            "longest_cause": largest(row).map(DelayCause::name),
        })
    };
    let verdicts = listed.verdicts().map(|(verdict, many)| (verdict.name().into(), many.into()));
    let causes = listed.causes().into_iter().map(|(cause, many)| (cause.name().into(), many.into()));
    json!({
        "device": listed.device,
        "group": scenario.group_of(listed.device).name,
        "persona": scenario.group_of(listed.device).entry.persona.name(),
        "ram_bytes": scenario.own(scenario.member(listed.device)).persona.ram.get(),
        "from": at(clock, listed.window.from),
        "until": at(clock, listed.window.until),
        "mails": listed.rows.iter().map(mail).collect::<Vec<_>>(),
        "verdicts": verdicts.collect::<Map<String, Value>>(),
        "causes": causes.collect::<Map<String, Value>>(),
        "outside_working_hours": listed.outside(),
        "held_back": listed.held_back(),
    })
}

/// One instant.
pub fn instant(scenario: &Scenario, instant: &Instant) -> Value {
    let clock = &scenario.clock_of(scenario.member(instant.device));
    let check = instant.check;
    json!({
        "device": instant.device,
        "group": scenario.group_of(instant.device).name,
        "persona": scenario.group_of(instant.device).entry.persona.name(),
        "ram_bytes": scenario.own(scenario.member(instant.device)).persona.ram.get(),
        "at": at(clock, instant.at),
        "state": state(clock, &instant.facts, instant.at),
        "blocker": instant.blocker.name(),
        "check": {
            "process": if check.launched { "launched" } else { "resumed" },
            "key": key(check.key),
            "result": check.result.name(),
            "holds_back": check.holds_back,
        },
        "scheduler": instant.asked.as_ref().map(|asked| decision(clock, asked)),
        "last_decision": instant.last.as_ref().map(|last| {
            let mut value = decision(clock, last);
            value["at"] = at(clock, last.at);
            value
        }),
    })
}

fn at(clock: &Clock, time: Time) -> Value {
    utc(clock.unix_ms(time)).into()
}

fn key(key: Result<KeySource, KeyFailure>) -> &'static str {
    key.map_or_else(KeyFailure::name, KeySource::name)
}

fn one_try(clock: &Clock, Tried { change, row, hurts_others }: &Tried) -> Value {
    json!({
        "set": change.sets.join(" "), "words": change.words, "price": change.price,
        "outcome": row.outcome.name(), "told": row.told.map(|told| at(clock, told)), "wait_ms": row.wait().ms(),
        "hurts_others": hurts_others,
    })
}

fn state(clock: &Clock, facts: &Facts, now: Time) -> Value {
    json!({
        "lock": facts.lock.name(),
        "process": facts.process.name(),
        "key_in_memory": facts.key_in_memory,
        "network": facts.network.name(),
        "charge_percent": (Battery::percent(facts.charge(now)) * 100.0).round() / 100.0,
        "plugged_in": facts.plugged_in,
        "low_power_mode": facts.low_power_mode,
        "waiting": facts.waiting.len(),
        "request_from": facts.pending_refresh.map(|earliest| at(clock, earliest)),
    })
}

fn event(clock: &Clock, event: &Event) -> Value {
    let (what, detail) = match &event.what {
        What::Decided(decided) => ("decided", decision(clock, decided)),
        What::Check(check) => ("check", told_check(clock, check)),
        What::Unlocked(until) => ("unlocked", json!({ "until": until.map(|until| at(clock, until)) })),
        What::Offline(until) => ("offline", json!({ "until": until.map(|until| at(clock, until)) })),
        What::Ended(why, with_key) => {
            let process = crate::signal::Process::NotRunning(*why).name();
            ("ended", json!({ "process": process, "key_lost": with_key }))
        }
        What::Signal(signal) => {
            let (name, detail) = signal.words(clock);
            (name, detail.into())
        }
    };
    json!({ "at": at(clock, event.at), "what": what, "detail": detail, "blocker": event.blocker.map(DelayCause::name) })
}

fn told_check(clock: &Clock, told: &CheckTold) -> Value {
    json!({
        "trigger": told.check.trigger.name(),
        "process": if told.check.launched { "launched" } else { "resumed" },
        "lock": told.lock.name(),
        "key": key(told.check.key),
        "result": told.end.map(|(_, result)| result.name()),
        "ended": told.end.map(|(end, _)| at(clock, end)),
    })
}

fn decision(clock: &Clock, decided: &Decided) -> Value {
    let policies = POLICIES.iter().zip(decided.answers).map(|(name, (answer, weight))| {
        json!({ "name": name, "decision": answer.decision.name(), "score": answer.score, "weight": weight })
    });
    json!({
        "decision": decided.verdict.decision.name(),
        "score": decided.verdict.score,
        "threshold": decided.threshold,
        "tenth": decided.tenth,
        "runs": decided.runs,
        "earliest": at(clock, decided.window.earliest),
        "deadline": at(clock, decided.window.deadline),
        "best_at": decided.optimum.expected_at().map(|best| at(clock, best)),
        "outlook": decided.optimum.outlook.name(),
        "policies": policies.collect::<Vec<_>>(),
    })
}
