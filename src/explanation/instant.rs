//! A single instant: what holds, what stands in the way, what a check would do, what the scheduler says.

use super::known;
use crate::client::{DelayCause, Ground, blocker, key_access};
use crate::clock::Clock;
use crate::device::scheduler::{Decided, Journal};
use crate::engine::{Engine, run};
use crate::experiment::{build, ledger_of};
use crate::scenario::Scenario;
use crate::signal::{CheckResult, Facts, KeyFailure, KeySource, Network, Process};
use crate::time::{Span, Time};
use jiff::civil::DateTime;

/// An instant on a device.
#[derive(Clone, Debug)]
pub struct Instant {
    /// Which device.
    pub device: u32,
    /// When.
    pub at: Time,
    /// The public state, with everything that happened up to and in this instant.
    pub facts: Facts,
    /// How much mail was found and is held back.
    pub held_back: usize,
    /// What stands in the way of a mail that waits, or would.
    pub blocker: DelayCause,
    /// What a check would do.
    pub check: WouldBe,
    /// What the scheduler would say of the pending request, if it were asked.
    pub asked: Option<Decided>,
    /// What it last said.
    pub last: Option<Decided>,
}

/// A check that is only thought of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct WouldBe {
    /// Whether a process would have to be launched for it.
    pub launched: bool,
    /// Whether it would run on the screen.
    pub open: bool,
    /// The key it would have.
    pub key: Result<KeySource, KeyFailure>,
    /// How it would end, if nothing cut it short.
    pub result: CheckResult,
    /// Whether it would hold back what it finds.
    pub holds_back: bool,
}

/// Looks at one instant of a device, given as calendar and clock show it there.
///
/// # Errors
/// If there is no such device, or the instant was not measured.
pub fn instant(scenario: &Scenario, device: u32, wall: DateTime, engine: Engine) -> Result<Instant, String> {
    known(scenario, device)?;
    let (start, end) = (scenario.start, scenario.end);
    let clock = &scenario.clock_of(scenario.member(device));
    let at = clock.from_wall(wall).filter(|at| (start..end).contains(at)).ok_or_else(|| {
        let [wall, first, last] =
            [wall, clock.wall(start), clock.wall(end)].map(|wall| wall.strftime("%F %R").to_string());
        format!("{wall} is outside the measured span, which goes from {first} up to {last}")
    })?;
    let (mut models, mut core) = build(scenario, device, engine);
    models.scheduler().keep_journal(Journal::since(Time::ORIGIN));
    let mut books = ledger_of(scenario, device, &core.facts);
    run(&mut models, &mut core, at + Span::from_ms(1), &mut books);
    let scheduler = models.scheduler();
    let asked = scheduler.ask(&core.facts, at);
    let last = scheduler.take_journal().and_then(|mut journal| journal.kept.pop());
    let check = would_be(clock, &core.facts, at);
    // One that arrived now would wait for its push first, if it has one.
    let would_be = || models.would_be_pushed(&core.facts, at).and_then(DelayCause::of_push);
    let blocker = books.cause_of_waiting().or_else(would_be).unwrap_or_else(|| blocker(&core.facts, at));
    let held_back = books.held();
    Ok(Instant { device, at, facts: core.facts, held_back, blocker, check, asked, last })
}

fn would_be(clock: &Clock, facts: &Facts, at: Time) -> WouldBe {
    let open = facts.process == Process::Foreground;
    let launched = !facts.process.is_alive();
    let key = key_access(facts, if open { Ground::Foreground } else { Ground::Background });
    let closed = matches!(key, Err(KeyFailure::KeychainLocked | KeyFailure::BeforeFirstUnlock));
    let result = match (key, facts.waiting.len() as u32) {
        (Err(_), _) if launched && closed => CheckResult::LaunchRefused,
        (Err(_), _) => CheckResult::KeyFailure,
        (Ok(_), _) if facts.network == Network::None => CheckResult::NoNetwork,
        (Ok(_), 0) => CheckResult::NoMail,
        (Ok(_), mails) => CheckResult::NewMail(mails),
    };
    let hours = facts.policy.working_hours;
    let holds_back = !open && hours.is_some_and(|hours| !hours.contain(clock, at));
    WouldBe { launched, open, key, result, holds_back }
}
