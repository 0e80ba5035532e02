//! `bgsim explore`

use super::explorer_engine::Engine;
use super::explorer_page::page;
use super::options::{MachineOptions, Settings};
use super::{End, Fault, file, print, print_json, screen, suggest};
use crate::experiment::each_device;
use crate::explore::{Explorer, Walker, catalogue, parted};
use crate::record::{Parts, Tool};
use crate::scenario::{self, Asked, BUNDLED, Disk, Files, Scenario};
use serde_json::{Value, json};
use std::path::PathBuf;

#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  bgsim explore
  bgsim explore key-and-push --out key-and-page.html
  bgsim explore my.toml --set policy.auto_lock=5m

The file holds the engine, and needs no server: open it in a browser, or send it by mail. Nothing leaves it.")]
pub(crate) struct Args {
    /// The scenario that the page opens with: a file, or a bundled name. Without one it is email-plus, beside it the
    /// same with the device keychain.
    #[arg(add = suggest::scenarios())]
    scenario: Option<String>,
    #[command(flatten)]
    settings: Settings,
    #[command(flatten)]
    machine: MachineOptions,
    /// The page to write.
    #[arg(long, value_name = "FILE", default_value = "explorer.html")]
    out: PathBuf,
    /// Take the engine from this file, as .ci/wasm makes it, in place of the one that this program carries.
    #[arg(long, value_name = "FILE")]
    module: Option<PathBuf>,
    /// Print JSON: the file that was `written`, its `bytes`, and the fingerprint and the hash of the books of what it opens with.
    #[arg(long)]
    json: bool,
}

/// At these numbers of devices the page says what it opens with before its engine runs.
const LEVELS: [u32; 4] = [16, 64, 256, 1024];

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    file::check_free(&args.out)?;
    let engine = Engine::of(args.module.as_deref())?;
    let start = args.start()?;
    let opening = opening(&start, args.machine.plan()?.jobs)?;
    let last = opening.now[LEVELS.len() - 1].clone();
    let page = page(&engine.bytes, &catalogue(), &start, &opening);
    file::write(&args.out, page.as_bytes())?;
    let place = args.out.display();
    let [fingerprint, books] = ["fingerprint", "books"].map(|print| last[print].as_str().unwrap_or_default());
    if args.json {
        return print_json(&json!({
            "schema": 1,
            "tool": Tool::THIS,
            "written": place.to_string(),
            "bytes": page.len(),
            "devices": last["devices"],
            "fingerprint": fingerprint,
            "books": books,
        }));
    }
    let says = format!(
        "wrote {place}, {:.2} MB. Open it in a browser. It opens with {} of {} devices, fingerprint {fingerprint}, books {books}.",
        page.len() as f64 / 1e6,
        start.name,
        last["devices"],
    );
    print(screen().paragraph("", &says))
}

/// What the page opens with.
pub(crate) struct Start {
    /// What it is called.
    pub(crate) name: String,
    /// Which bundled scenario it is; none where it is a text.
    scenario: Option<&'static str>,
    text: Option<String>,
    /// Keys that are different, as `--set` takes them.
    set: Vec<String>,
}

impl Start {
    /// What is asked of the engine to open it with these keys changed.
    fn request(&self, set: &[String]) -> Value {
        json!({ "do": "open", "scenario": self.scenario, "text": self.text, "set": set })
    }

    /// As the page reads it.
    pub(crate) fn json(&self, opening: &Opening) -> Value {
        json!({
            "name": self.name,
            "scenario": self.scenario,
            "text": self.text,
            "set": self.set,
            "values": opening.values,
        })
    }
}

/// What is said before the engine runs.
pub(crate) struct Opening {
    /// The answers to who opens both arms.
    pub(crate) base_open: Value,
    pub(crate) now_open: Value,
    /// What was found at each level.
    pub(crate) base: Vec<Value>,
    pub(crate) now: Vec<Value>,
    /// Whether the arms differ.
    pub(crate) decided: bool,
    /// The values of the controls before anything was changed.
    values: Value,
}

/// What the page opens with where nothing is named, and what is different in the other arm.
const SCENARIO: &str = "email-plus";
const DECIDED: &str = "policy.key_access=device_keychain";

impl Args {
    fn start(&self) -> Result<Start, Fault> {
        match &self.scenario {
            Some(scenario) => Start::of(scenario, &self.settings.sets),
            None => Start::of(SCENARIO, &[&[DECIDED.to_string()], self.settings.sets.as_slice()].concat()),
        }
    }
}

/// The page of a scenario with these keys changed, which stands beside its report.
pub(super) fn page_of(scenario: &str, sets: &[String], jobs: usize) -> Result<Vec<u8>, Fault> {
    let (engine, start) = (Engine::of(None)?, Start::of(scenario, sets)?);
    let opening = opening(&start, jobs)?;
    Ok(page(&engine.bytes, &catalogue(), &start, &opening).into_bytes())
}

/// Makes sure before any work that there can be such a page.
pub(super) fn check_page_of(scenario: &str, sets: &[String]) -> Result<(), Fault> {
    Engine::of(None)?;
    let start = Start::of(scenario, sets)?;
    answer(&mut Explorer::default(), &start.request(&start.set)).map(drop)
}

impl Start {
    fn of(name: &str, sets: &[String]) -> Result<Start, Fault> {
        let asked = Asked { sets, ..Asked::default() };
        let scenario = scenario::load_without_traces(name, asked)?;
        let source = Disk.scenario(name, None)?;
        let bundled = BUNDLED.iter().find(|bundled| bundled.name == source.label);
        let text = match bundled {
            Some(_) => None,
            None => Some(Start::text(name, &source.text, sets)?),
        };
        let set = sets.to_vec();
        Ok(Start { name: scenario.name, scenario: bundled.map(|bundled| bundled.name), text, set })
    }

    /// The text of a file; where it builds on others, all of them in one.
    fn text(name: &str, text: &str, sets: &[String]) -> Result<String, Fault> {
        let opens = |text: &str| {
            let request = json!({ "do": "open", "scenario": null, "text": text, "set": sets });
            answer(&mut Explorer::default(), &request)
        };
        let fault = match opens(text) {
            Ok(_) => return Ok(text.into()),
            Err(fault) => fault,
        };
        let whole = scenario::load_without_traces(name, Asked::default())?;
        let whole = toml::to_string(&Scenario::file_config(&whole)).map_err(|error| error.to_string())?;
        opens(&whole).map_err(|_| fault)?;
        Ok(whole)
    }
}

/// Asks the engine that the page has.
fn answer(explorer: &mut Explorer, request: &Value) -> Result<Value, Fault> {
    let answer: Value = serde_json::from_str(&explorer.answer(&request.to_string()))?;
    match answer["fault"].as_str() {
        Some(fault) => Err(fault.into()),
        None => Ok(answer),
    }
}

/// Simulates what the page opens with: the scenario with what is different in the world, and beside it what is decided.
fn opening(start: &Start, jobs: usize) -> Result<Opening, Fault> {
    let mut explorer = Explorer::default();
    let values = answer(&mut explorer, &start.request(&[]))?["values"].take();
    let (common, decided) = parted(&start.set);
    let base_open = answer(&mut explorer, &start.request(&common))?;
    let now_open = match decided {
        true => answer(&mut explorer, &start.request(&start.set))?,
        false => base_open.clone(),
    };
    let mut looks = |open: &Value, base: Option<&Value>| -> Result<Vec<Value>, Fault> {
        let session = open["session"].as_u64().unwrap_or_default() as u32;
        let snap = json!({ "do": "snap", "session": session, "base": base.map(|base| &base["session"]) });
        LEVELS
            .iter()
            .map(|level| {
                live(&mut explorer, session, *level, jobs)?;
                answer(&mut explorer, &snap)
            })
            .collect()
    };
    let base = looks(&base_open, None)?;
    let now = if decided { looks(&now_open, Some(&base_open))? } else { base.clone() };
    Ok(Opening { base_open, now_open, base, now, decided, values })
}

/// Simulates the devices of a session up to so many, on threads.
fn live(explorer: &mut Explorer, session: u32, devices: u32, jobs: usize) -> Result<(), Fault> {
    let session = explorer.session(session)?;
    let done = session.done();
    session.reach(devices)?;
    let scenario = session.scenario().clone();
    let hire = || Walker::new(&scenario, Parts::default(), devices);
    let Ok((found, _)) = each_device(done..devices, jobs, &mut (), hire);
    session.take(found);
    Ok(())
}
