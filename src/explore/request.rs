//! Requests and answers, one for one, both JSON. Whatever is asked, it is answered: a fault by its text.

use super::catalogue::{catalogue, values};
use super::look::look;
use super::session::Session;
use crate::engine::Engine;
use crate::report::day_chart::day_chart;
use crate::report::day_list;
use crate::report::paint::Screen;
use crate::timeline::{first_day, timeline};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What can be asked.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
enum Request {
    /// What can be opened and turned.
    Catalogue,
    /// Begin a session, of a bundled scenario or of a text.
    Open {
        scenario: Option<String>,
        text: Option<String>,
        #[serde(default)]
        set: Vec<String>,
    },
    /// Simulate so many more devices.
    Step { session: u32, devices: u32 },
    /// What is known so far, also against another session.
    Snap {
        session: u32,
        base: Option<u32>,
        /// Whether `summary.json` is a part of the answer.
        #[serde(default)]
        full: bool,
    },
    /// A day of one device; without a number of one near the middle.
    Day {
        session: u32,
        device: Option<u32>,
        #[serde(default)]
        narrow: bool,
    },
    /// End a session.
    Close { session: u32 },
}

/// So many sessions may be open.
const MOST_SESSIONS: usize = 64;
/// What a text is called that was given no name.
const PASTED: &str = "scenario.toml";

/// Answers requests, and keeps the sessions that they opened.
#[derive(Debug, Default)]
pub struct Explorer {
    sessions: BTreeMap<u32, Session>,
    opened: u32,
}

impl Explorer {
    /// Answers a request.
    pub fn answer(&mut self, request: &str) -> String {
        let request = serde_json::from_str(request).map_err(|error| format!("no such request: {error}"));
        let answer = request.and_then(|request| self.answered(request));
        answer.unwrap_or_else(|fault| json!({ "fault": fault })).to_string()
    }

    fn answered(&mut self, request: Request) -> Result<Value, String> {
        match request {
            Request::Catalogue => Ok(catalogue()),
            Request::Open { scenario, text, set } => self.open(scenario, text, &set),
            Request::Step { session, devices } => {
                Ok(json!({ "done": self.session(session)?.step(devices)? }))
            }
            Request::Snap { session, base, full } => self.snap(session, base, full),
            Request::Day { session, device, narrow } => day(self.session(session)?, device, narrow),
            Request::Close { session } => {
                self.session(session)?;
                self.sessions.remove(&session);
                Ok(json!({}))
            }
        }
    }

    /// A session that was opened.
    ///
    /// # Errors
    /// If there is none of this number.
    pub fn session(&mut self, session: u32) -> Result<&mut Session, String> {
        self.sessions.get_mut(&session).ok_or_else(|| format!("there is no session {session}"))
    }

    fn open(&mut self, name: Option<String>, text: Option<String>, sets: &[String]) -> Result<Value, String> {
        if self.sessions.len() >= MOST_SESSIONS {
            return Err(format!("{MOST_SESSIONS} sessions are open, which are the most; close one"));
        }
        let name = match (name, &text) {
            (Some(name), _) => name,
            (None, Some(_)) => PASTED.into(),
            (None, None) => return Err("neither a scenario nor a text was given".into()),
        };
        let session = Session::open(&name, text.as_deref(), sets)?;
        self.opened += 1;
        let scenario = session.scenario();
        let groups = scenario
            .fleet
            .groups
            .iter()
            .map(|group| json!({ "name": group.name, "says": group.says(), "weight": group.weight }));
        let notes = scenario.notes.iter().cloned();
        let notes = notes.chain(session.warnings().iter().cloned());
        let told = json!({
            "session": self.opened,
            "name": scenario.name,
            "effective": scenario.effective(),
            "values": values(scenario, sets),
            "groups": groups.collect::<Vec<_>>(),
            "notes": notes.collect::<Vec<_>>(),
        });
        self.sessions.insert(self.opened, session);
        Ok(told)
    }

    fn snap(&mut self, session: u32, base: Option<u32>, full: bool) -> Result<Value, String> {
        let mut own =
            self.sessions.remove(&session).ok_or_else(|| format!("there is no session {session}"))?;
        let told = match base {
            Some(base) => match self.sessions.get_mut(&base) {
                Some(first) => look(&mut own, Some((base, first)), full),
                None if base == session => Err("a session differs in nothing from itself".into()),
                None => Err(format!("there is no session {base}")),
            },
            None => look(&mut own, None, full),
        };
        self.sessions.insert(session, own);
        told
    }
}

/// A picture without its own rules for dark screens: the page has them, and lets no other in.
pub fn unstyled(svg: &str) -> String {
    match (svg.split_once("<style>"), svg.split_once("</style>\n")) {
        (Some((before, _)), Some((_, after))) => [before, after].concat(),
        _ => svg.into(),
    }
}

/// The first measured day of a device as a picture and as a list.
fn day(session: &Session, device: Option<u32>, _narrow: bool) -> Result<Value, String> {
    let device = device.unwrap_or_else(|| session.typical());
    let scenario = &session.scenario().of_size(session.done().max(1));
    if device >= scenario.devices {
        return Err(format!("there is no device {device} yet; {} were simulated", session.done()));
    }
    let life = timeline(scenario, device, first_day(scenario, device), Engine::Fast)?;
    let chart = day_chart(scenario, &scenario.name, &life);
    let list = day_list::text(&life, &[], Screen { width: 100, ..Screen::PAPER });
    Ok(json!({
        "device": device,
        "title": chart.heading.title,
        "why": chart.why,
        "svg": unstyled(&chart.svg()),
        "list": list.lines().collect::<Vec<_>>(),
    }))
}
