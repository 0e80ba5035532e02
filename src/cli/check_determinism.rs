//! `bgsim check-determinism`

use super::interrupt::Stop;
use super::options::ScenarioOptions;
use super::{End, Fault, print, print_json, screen};
use crate::divergence::first_difference;
use crate::engine::Engine;
use crate::expectation::{Watched, run_trial};
use crate::experiment::{Plan, run_fleet};
use crate::record::{Parts, Prints, Tool};
use crate::report::paint::Role;
use crate::scenario::Scenario;
use serde_json::{Value, json};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    scenario: ScenarioOptions,
    /// Print JSON: the `fingerprint` and `books`, each of the `ways[]` with whether it is the `same`, and what
    /// `differs`.
    #[arg(long)]
    json: bool,
}

/// A way to run the same scenario, which must leave no trace in any result.
const WAYS: [(&str, usize, Engine); 5] = [
    ("once more, on one thread", 1, Engine::Fast),
    ("on two threads", 2, Engine::Fast),
    ("on seven threads", 7, Engine::Fast),
    ("with the reference engine", 1, Engine::Reference),
    ("with the reference engine on three threads", 3, Engine::Reference),
];

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    let scenario = args.scenario.load()?;
    let mut stop = Stop::on_interrupt()?;
    let first = parts(&scenario, 1, Engine::Fast, &mut stop);
    let prints = Prints::of(&first.total());
    let devices = scenario.devices;
    let mut told = Agreement { json: args.json, scenario: &scenario, prints: &prints, ways: Vec::new() };
    told.say(&screen().paragraph("", &format!("{}: {devices} devices, {prints}", scenario.name)))?;
    for (way, jobs, engine) in WAYS {
        if parts(&scenario, jobs, engine, &mut stop) != first && !stop.is_set() {
            return told.differs(way, engine);
        }
        if stop.is_set() {
            return Ok(End::of(&stop));
        }
        told.same(way)?;
    }
    // Every device by itself, the last one first: nothing may be left over from those before it.
    let mut split = Parts::default();
    for device in (0..devices).rev() {
        let Ok(alone) =
            run_trial(&scenario, device..device + 1, &Watched::default(), &Plan::default(), &mut ());
        split += &alone.parts;
        if stop.is_set() {
            return Ok(End::of(&stop));
        }
    }
    let way = "each device by itself, the last one first";
    if split != first {
        return told.differs(way, Engine::Fast);
    }
    told.same(way)?;
    told.end(None)
}

fn parts(scenario: &Scenario, jobs: usize, engine: Engine, stop: &mut Stop) -> Parts {
    let plan = Plan { jobs, engine, ..Plan::default() };
    let Ok(fleet) = run_fleet(scenario, &plan, stop);
    fleet.parts
}

/// What is told of each way, at once or at the end as JSON.
struct Agreement<'a> {
    json: bool,
    scenario: &'a Scenario,
    prints: &'a Prints,
    ways: Vec<Value>,
}

impl Agreement<'_> {
    fn say(&self, text: &str) -> Result<End, Fault> {
        if self.json { Ok(End::Done) } else { print(text) }
    }

    fn same(&mut self, way: &str) -> Result<End, Fault> {
        self.ways.push(json!({ "way": way, "same": true }));
        self.say(&format!("  same  {way}\n"))
    }

    /// Says what differs: the first event of the first device whose life, lived again, does.
    fn differs(&mut self, way: &str, engine: Engine) -> Result<End, Fault> {
        let lives = [(self.scenario, Engine::Fast), (self.scenario, engine)];
        let found = (0..self.scenario.devices).find_map(|device| first_difference(device, lives));
        self.ways.push(json!({ "way": way, "same": false }));
        let (words, json) = match found {
            None => (
                "no device differs when it is lived again: what differs depends on what ran before it".into(),
                json!({}),
            ),
            Some(found) => {
                let [first, other] = found.events.map(|event| event.unwrap_or_else(|| "nothing more".into()));
                let (device, event) = (found.device, found.shared);
                (
                    format!("device {device}, event {event}\n    first   {first}\n    other   {other}"),
                    json!({ "device": device, "event": event, "first": first, "other": other }),
                )
            }
        };
        let word = screen().paint.say(Role::Fail, "DIFFERS");
        self.say(&format!("  {word}  {way}\n  {words}\n"))?;
        self.end(Some(json))?;
        Ok(End::Failed)
    }

    fn end(&self, differs: Option<Value>) -> Result<End, Fault> {
        if !self.json {
            return Ok(End::Done);
        }
        let Scenario { name, devices, seed, .. } = self.scenario;
        print_json(&json!({
            "schema": 1, "tool": Tool::THIS,
            "scenario": { "name": name, "devices": devices, "seed": seed },
            "fingerprint": self.prints.fingerprint, "books": self.prints.books,
            "ways": self.ways, "differs": differs,
        }))
    }
}
