//! Runs each device through all arms, one after the other, so that its mails can be compared in memory
//! and nothing but one device has to be kept.

use super::moves::{MoveSums, Moves, latency};
use crate::clock::write_utc;
use crate::experiment::{Keep, Plan, Watch, Work, each_device_of, live};
use crate::record::{IN_TIME, Ledger, MailRow, Own, Parts, SliceSums, Sliced, Sums, Week};
use crate::scenario::{Member, Scenario};
use crate::slice::Window;
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::ops::{AddAssign, Range};

/// What became of some devices in every arm.
#[derive(Clone, Debug)]
pub struct Runs {
    /// For each arm, the sums by group and part.
    pub parts: Vec<Parts>,
    /// For each arm, the sums by hour of the week, where the plan asks for them.
    pub weeks: Vec<Week>,
    /// For each arm, the sums of slices, where the plan asks for them.
    pub slices: Vec<SliceSums>,
    /// For each arm but the first, how its mails fared.
    pub moves: Vec<Moves>,
    /// Devices that went through all arms.
    pub finished: u32,
}

impl Runs {
    /// No devices yet.
    pub fn none(arms: &[(String, Scenario)]) -> Runs {
        let others = arms.iter().skip(1).map(|(label, _)| Moves { arm: label.clone(), ..Moves::default() });
        Runs {
            parts: vec![Parts::default(); arms.len()],
            weeks: vec![Week::default(); arms.len()],
            slices: vec![SliceSums::default(); arms.len()],
            moves: others.collect(),
            finished: 0,
        }
    }
}

/// The same as it travels between machines.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct RunSums {
    arms: Vec<Sums>,
    moves: Vec<MoveSums>,
}

impl Runs {
    /// The sums, to be sent elsewhere; `plan` is that of the runs.
    pub fn into_sums(self, plan: &Plan) -> RunSums {
        let arms = self.parts.into_iter().zip(self.weeks).zip(self.slices);
        let arms = arms.map(|((parts, week), slices)| Sums::of(parts, plan.week.then_some(week), slices));
        RunSums { arms: arms.collect(), moves: self.moves.into_iter().map(MoveSums::of).collect() }
    }

    /// The runs of these sums, if they are of so many devices of arms that were run by such a plan.
    pub fn of_sums(sums: RunSums, arms: &[(String, Scenario)], plan: &Plan, finished: u32) -> Option<Runs> {
        let first = &arms[0].1;
        let (sizes, slices) = (first.sizes(first.devices), plan.slices(first));
        let mut runs = Runs { finished, moves: Vec::new(), ..Runs::none(arms) };
        let is_whole = sums.arms.len() == arms.len() && sums.moves.len() + 1 == arms.len();
        for (arm, sums) in sums.arms.into_iter().enumerate().take(arms.len()) {
            let (parts, week, slices) = sums.open(&sizes, &slices, finished)?;
            (runs.parts[arm], runs.slices[arm]) = (parts, slices);
            runs.weeks[arm] = week.filter(|_| plan.week).unwrap_or_default();
        }
        let others = arms.iter().skip(1).map(|(label, _)| label);
        let moves = sums.moves.into_iter().zip(others).map(|(moves, label)| moves.of_arm(label));
        runs.moves = moves.collect::<Option<_>>()?;
        is_whole.then_some(runs)
    }
}

impl AddAssign<&Runs> for Runs {
    fn add_assign(&mut self, more: &Runs) {
        self.parts.iter_mut().zip(&more.parts).for_each(|(sum, more)| *sum += more);
        self.weeks.iter_mut().zip(&more.weeks).for_each(|(sum, more)| *sum += more);
        self.slices.iter_mut().zip(&more.slices).for_each(|(sum, more)| *sum += more);
        self.moves.iter_mut().zip(&more.moves).for_each(|(sum, more)| *sum += more);
        self.finished += more.finished;
    }
}

/// Simulates these devices of a fleet of its full size in every arm, as [`run_arms`] does.
///
/// # Errors
/// If the watcher cannot keep rows.
pub fn run_share<O: Watch<Vec<u8>>>(
    arms: &[(String, Scenario)],
    devices: Range<u32>,
    plan: &Plan,
    pairs: bool,
    watch: &mut O,
) -> Result<Runs, O::Fault> {
    let of = arms[0].1.devices;
    let mut found = Runs::none(arms);
    run_pieces(&[arms], devices, of, plan, pairs, watch, |_, runs| {
        found = runs;
        Ok(())
    })?;
    Ok(found)
}

/// Simulates these devices in every arm. `pairs` asks for a row per mail; the plan's own rows and
/// events are those of a single run and mean nothing here.
///
/// # Errors
/// If the watcher cannot keep rows.
pub fn run_arms<O: Watch<Vec<u8>>>(
    arms: &[(String, Scenario)],
    devices: Range<u32>,
    plan: &Plan,
    pairs: bool,
    watch: &mut O,
) -> Result<Runs, O::Fault> {
    let mut found = Runs::none(arms);
    let done = |_, runs| {
        found = runs;
        Ok(())
    };
    run_each(&[arms], devices, plan, pairs, watch, done)?;
    Ok(found)
}

/// The same for several sets of arms on one list of work; `done` is given what became of each in turn.
///
/// # Errors
/// If the watcher cannot keep rows, or `done` fails.
pub fn run_each<A, O>(
    points: &[A],
    devices: Range<u32>,
    plan: &Plan,
    pairs: bool,
    watch: &mut O,
    done: impl FnMut(usize, Runs) -> Result<(), O::Fault>,
) -> Result<(), O::Fault>
where
    A: AsRef<[(String, Scenario)]> + Sync,
    O: Watch<Vec<u8>>,
{
    let of = devices.end;
    run_pieces(points, devices, of, plan, pairs, watch, done)
}

/// The sums are cut as those of so many devices are.
fn run_pieces<A, O>(
    points: &[A],
    devices: Range<u32>,
    of: u32,
    plan: &Plan,
    pairs: bool,
    watch: &mut O,
    mut done: impl FnMut(usize, Runs) -> Result<(), O::Fault>,
) -> Result<(), O::Fault>
where
    A: AsRef<[(String, Scenario)]> + Sync,
    O: Watch<Vec<u8>>,
{
    let hire = |point: usize| {
        let arms = points[point].as_ref();
        let first = &arms[0].1;
        let sizes = first.sizes(of);
        // A device belongs to the slices of what it is in the first arm, so that in every arm it is the same ones.
        let sliced = Sliced::new(&plan.slices(first), Window::measured(first), &sizes);
        Worker {
            arms,
            plan,
            ledgers: arms.iter().map(|(_, scenario)| ledger(scenario, plan, sliced.clone())).collect(),
            runs: Runs { parts: vec![Parts::for_sizes(sizes); arms.len()], ..Runs::none(arms) },
            rows: pairs.then(Vec::new),
        }
    };
    let summed = |point: usize, books: Vec<Runs>, _| {
        let mut runs = Runs::none(points[point].as_ref());
        books.iter().for_each(|more| runs += more);
        done(point, runs)
    };
    each_device_of(&vec![devices.clone(); points.len()], plan.jobs, watch, hire, summed)
}

/// The header of the rows, for so many arms.
pub fn pairs_header(arms: usize) -> String {
    let mut header = String::from("device,mail,arrived,outcome_1,latency_1_ms");
    for arm in 2..=arms {
        header += &format!(",outcome_{arm},latency_{arm}_ms,difference_{arm}_ms");
    }
    (1..=arms).for_each(|arm| header += &format!(",held_back_{arm}"));
    header + "\n"
}

fn ledger<'a>(scenario: &'a Scenario, plan: &Plan, slices: Sliced) -> Ledger<'a> {
    let mut ledger = crate::experiment::ledger(scenario);
    ledger.slices = slices;
    ledger.keep_mails = true;
    ledger.week = plan.week.then(Week::default);
    ledger
}

/// One thread's books.
struct Worker<'a> {
    arms: &'a [(String, Scenario)],
    plan: &'a Plan,
    ledgers: Vec<Ledger<'a>>,
    runs: Runs,
    rows: Option<Vec<u8>>,
}

impl Work for Worker<'_> {
    type Rows = Vec<u8>;
    type Books = Runs;

    fn simulate(&mut self, device: u32) -> u64 {
        let mut events = 0;
        let whose = &self.arms[0].1;
        let member @ Member { group, rank } = whose.member(device);
        let mut first: Option<Own> = None;
        for (((_, scenario), ledger), parts) in
            self.arms.iter().zip(&mut self.ledgers).zip(&mut self.runs.parts)
        {
            let sums = parts.at(group, rank);
            std::mem::swap(&mut ledger.tally, sums);
            events += live(scenario, device, self.plan.engine, ledger, Keep::default(), &mut ());
            let own = ledger.own();
            match &first {
                None => first = Some(own),
                Some(first) => ledger.tally.compare(first, &own),
            }
            std::mem::swap(&mut ledger.tally, sums);
            ledger.slices.close(group, rank, |slice| slice.who.has(whose, member));
        }
        let Some((first, others)) = self.ledgers.split_first() else { return events };
        for (other, moves) in others.iter().zip(&mut self.runs.moves) {
            // A device that one arm retires has no more mail there; what came before is the same.
            let is_retired = self.arms.iter().any(|(_, scenario)| scenario.dates.retires());
            assert!(is_retired || first.mails().len() == other.mails().len(), "no policy moves mail");
            first.mails().iter().zip(other.mails()).for_each(|(a, b)| moves.count(a, b));
            if self.plan.week {
                // Of what comes shortly before the end nobody knows whether it would have been told in time.
                let decided = |mail: &MailRow| mail.in_hours && mail.arrived + IN_TIME <= whose.end;
                let mails = first.mails().iter().zip(other.mails());
                let mails = mails.filter(|(a, b)| decided(a) && decided(b));
                moves.count_week(mails.map(|(a, b)| (first.hour_of_week(a.arrived), a, b)));
            }
        }
        if let Some(rows) = &mut self.rows {
            let common = others.iter().map(|other| other.mails().len()).min().unwrap_or(usize::MAX);
            for (place, mail) in first.mails().iter().take(common).enumerate() {
                let others = others.iter().map(|other| &other.mails()[place]);
                write_row(rows, device, mail, others, &self.arms[0].1);
            }
        }
        self.runs.finished += 1;
        events
    }

    fn take_rows(&mut self) -> Vec<u8> {
        self.rows.as_mut().map(std::mem::take).unwrap_or_default()
    }

    fn finish(mut self) -> Runs {
        let sums = self.runs.weeks.iter_mut().zip(&mut self.runs.slices);
        for ((week, slices), ledger) in sums.zip(self.ledgers) {
            ledger.week.iter().for_each(|more| *week += more);
            *slices = ledger.slices.finish();
        }
        self.runs
    }
}

fn write_row<'a>(
    rows: &mut Vec<u8>,
    device: u32,
    mail: &'a MailRow,
    others: impl Iterator<Item = &'a MailRow> + Clone,
    scenario: &Scenario,
) {
    let cell = |ms: Option<i128>| ms.map(|ms| ms.to_string()).unwrap_or_default();
    let ms_of = |mail: &MailRow| latency(mail).map(|span| i128::from(span.ms()));
    let ms = ms_of(mail);
    // Writing into memory cannot fail.
    let _ = write!(rows, "{device},{},", mail.mail);
    write_utc(scenario.clock.unix_ms(mail.arrived), rows);
    let _ = write!(rows, ",{},{}", mail.outcome.name(), cell(ms));
    for other in others.clone() {
        let other_ms = ms_of(other);
        let difference = other_ms.and_then(|other| Some(other - ms?));
        let _ = write!(rows, ",{},{},{}", other.outcome.name(), cell(other_ms), cell(difference));
    }
    for mail in std::iter::once(mail).chain(others) {
        let _ = write!(rows, ",{}", mail.held_back.is_some());
    }
    rows.push(b'\n');
}
