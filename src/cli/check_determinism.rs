//! `bgsim check-determinism`

use super::interrupt::Stop;
use super::options::ScenarioOptions;
use super::{End, Fault, print};
use crate::divergence::first_difference;
use crate::engine::Engine;
use crate::expectation::{Watched, run_trial};
use crate::experiment::{Plan, run_fleet};
use crate::record::{Parts, Prints};
use crate::scenario::Scenario;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    scenario: ScenarioOptions,
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
    print(format!("{}: {devices} devices, {prints}\n", scenario.name))?;
    for (way, jobs, engine) in WAYS {
        if parts(&scenario, jobs, engine, &mut stop) != first && !stop.is_set() {
            return differs(&scenario, way, engine);
        }
        if stop.is_set() {
            return Ok(End::of(&stop));
        }
        print(format!("  same  {way}\n"))?;
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
        return differs(&scenario, way, Engine::Fast);
    }
    print(format!("  same  {way}\n"))
}

fn parts(scenario: &Scenario, jobs: usize, engine: Engine, stop: &mut Stop) -> Parts {
    let plan = Plan { jobs, engine, ..Plan::default() };
    let Ok(fleet) = run_fleet(scenario, &plan, stop);
    fleet.parts
}

/// Says what differs: the first event of the first device whose life, lived again, does.
fn differs(scenario: &Scenario, way: &str, engine: Engine) -> Result<End, Fault> {
    let lives = [(scenario, Engine::Fast), (scenario, engine)];
    let found = (0..scenario.devices).find_map(|device| first_difference(device, lives));
    let words = found.map_or_else(
        || "no device differs when it is lived again: what differs depends on what ran before it".into(),
        |found| {
            let [first, other] = found.events.map(|event| event.unwrap_or_else(|| "nothing more".into()));
            format!(
                "device {}, event {}\n    first   {first}\n    other   {other}",
                found.device, found.shared
            )
        },
    );
    print(format!("  DIFFERS  {way}\n  {words}\n"))?;
    Ok(End::Failed)
}
