//! Compares arms on ever more devices, until the interval of the chosen figure is tight enough.

use super::{Arm, Compared, Comparison, Precision, Runs, compare, run_arms};
use crate::experiment::{After, Plan, Watch};
use crate::figure::{Figure, Unit};
use crate::record::{Interrupted, Pieces, Week};
use crate::scenario::Scenario;

/// How far the interval may reach from the difference found.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Reach {
    /// By so much where the figure is a share, else by this part of the first arm's value.
    OfFigure(f64),
    /// By this part of the difference, of the smallest where there are several.
    OfDifference(f64),
}

/// How tight the interval is to be.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Aim {
    /// How far it may reach.
    pub reach: Reach,
    /// No devices beyond so many.
    pub most_devices: u32,
}

/// The search goes on in round numbers of devices, of which mixes are dealt evenly.
const ROUND: u32 = 20;

/// What is compared, and by what.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    /// The figure that the verdict is about.
    pub figure: Figure,
    /// How tight its interval is to be; without, the arms are run once.
    pub aim: Option<Aim>,
    /// Whether a row per mail is handed to the watcher.
    pub pairs: bool,
    /// How the arms are run.
    pub plan: &'a Plan,
    /// The command that makes the comparison again.
    pub command: String,
}

/// What a comparison found, with the arms as they were simulated in the end.
#[derive(Debug)]
pub struct Answer {
    /// The arms with their labels.
    pub arms: Vec<(String, Scenario)>,
    /// For each, the sums by hour of the week, where the plan asks for them.
    pub weeks: Vec<Week>,
    /// The comparison.
    pub compared: Compared,
}

/// Runs the arms, on ever more devices where a precision is asked for: `on` reads them again on so many,
/// so that each is that of a plain run on as many devices, to the hash. `None` if `watch` stopped it
/// before any device was finished.
///
/// The first look never stops: an interval that is tight by chance is more often one that is off, and the second
/// look is at more devices. How often the interval at the stop holds the true difference is measured (benches/coverage.rs).
///
/// # Errors
/// If the arms cannot be read again, the watcher cannot keep rows, or no number of devices would do.
pub fn search<E, O>(
    mut arms: Vec<(String, Scenario)>,
    question: &Question<'_>,
    mut on: impl FnMut(u32) -> Result<Vec<(String, Scenario)>, E>,
    watch: &mut O,
) -> Result<Option<Answer>, E>
where
    O: Watch<Vec<u8>>,
    E: From<O::Fault> + From<String>,
{
    let mut runs = Runs::none(&arms);
    let mut from = 0;
    loop {
        let devices = arms[0].1.devices;
        watch.expect(devices);
        let mut after = After { before: runs.finished, watch: &mut *watch };
        runs += &run_arms(&arms, from..devices, question.plan, question.pairs, &mut after)?;
        if runs.finished == 0 {
            return Ok(None);
        }
        let (mut comparison, figures) =
            compare(&arms, &runs, question.figure, &question.plan.by, question.command.clone());
        let stopped = watch.stops();
        let (finished, asked) = (runs.finished, question.aim.map_or(devices, |aim| aim.most_devices));
        let is_part = |precision: Option<&Precision>| {
            finished < devices || precision.is_some_and(|precision| precision.stopped_by == "interrupt")
        };
        let look = if from == 0 { Look::First } else { Look::Later };
        let next = match question.aim {
            Some(aim) => {
                let (precision, next) = aim.judge(&comparison, look, stopped)?;
                comparison.precision = Some(precision);
                next
            }
            None => None,
        };
        let Some(next) = next.filter(|next| *next > devices && !stopped) else {
            comparison.interrupted = is_part(comparison.precision.as_ref()).then(|| Interrupted {
                finished: finished.into(),
                asked: asked.into(),
                of: Pieces::Devices,
            });
            return Ok(Some(Answer { arms, weeks: runs.weeks, compared: (comparison, figures) }));
        };
        from = devices;
        arms = on(next)?;
    }
}

/// Which look at the figures it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Look {
    /// It tells how many devices may be needed.
    First,
    /// It may be the last.
    Later,
}

impl Look {
    /// Whether an interval that reaches so far is the last that is wanted.
    pub fn is_enough(self, wanted: f64, reached: Option<f64>) -> bool {
        self == Look::Later && reached.is_some_and(|reached| reached <= wanted)
    }
}

impl Aim {
    /// What a comparison reached, and how many devices to have next where that is not enough.
    ///
    /// # Errors
    /// If no number of devices would be enough.
    pub fn judge(
        self,
        comparison: &Comparison,
        look: Look,
        stopped: bool,
    ) -> Result<(Precision, Option<u32>), String> {
        let figure = comparison.verdict.figure;
        let chosen = comparison.get(figure).ok_or_else(|| format!("`{figure}` is not compared"))?;
        let value = chosen.values[0].unwrap_or(0.0);
        let differences = chosen.difference.iter().skip(1).map(|found| found.unwrap_or(0.0).abs());
        let wanted = match self.reach {
            Reach::OfFigure(part) if figure.unit() == Unit::Share => part,
            Reach::OfFigure(part) => part * value,
            Reach::OfDifference(part) => part * differences.fold(f64::INFINITY, f64::min),
        };
        if wanted == 0.0 && matches!(self.reach, Reach::OfFigure(_)) {
            let first = &comparison.arms[0].label;
            return Err(format!(
                "`{figure}` is 0 in `{first}`, so no interval is a part of it; ask for a part of the difference, as in \
                 --until-precision '10% of difference'"
            ));
        }
        // What no device varied in has no interval, as far as anybody is shown one: the next may.
        let has_interval = |arm: usize| chosen.interval(arm).is_some_and(|ends| !ends.is_point());
        let half = |arm: usize| chosen.half_width(arm).filter(|_| has_interval(arm));
        let halves: Option<Vec<f64>> = (1..comparison.arms.len()).map(half).collect();
        let reached = halves.map(|halves| halves.into_iter().fold(0.0, f64::max));
        // Of no difference no interval is a part, and more devices of what is alike in every event are alike too.
        let is_first = |arm: &Arm| arm.prints == comparison.arms[0].prints;
        let of_none =
            matches!(self.reach, Reach::OfDifference(_)) && comparison.arms.iter().skip(1).any(is_first);
        let enough = of_none || look.is_enough(wanted, reached);
        let stopped_by = match (enough, stopped) {
            _ if of_none => "identical",
            (true, _) => "precision",
            (false, true) => "interrupt",
            (false, false) => "max_devices",
        };
        let next = (!enough).then(|| self.next(comparison.scenario.devices as u32, wanted, reached));
        Ok((Precision { wanted, reached, stopped_by }, next))
    }

    /// The interval narrows with the square root of the devices; a tenth more spares another round, and
    /// no round trusts the variance of the last one for more than a fourfold fleet.
    pub fn next(self, devices: u32, wanted: f64, reached: Option<f64>) -> u32 {
        let factor = reached.filter(|_| wanted > 0.0).map_or(2.0, |reached| reached / wanted);
        let next = (f64::from(devices) * (1.1 * factor * factor).clamp(1.25, 4.0)) as u32;
        next.next_multiple_of(ROUND).min(self.most_devices)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::load;

    fn arms(devices: u32) -> Vec<(String, Scenario)> {
        let arm = |every: &str| {
            let sets = ["measure=1d", &format!("devices={devices}"), &format!("scheduler.every={every}")];
            load("periodic-15m", &sets.map(String::from)).unwrap_or_else(|errors| panic!("{errors}"))
        };
        ["15m", "20m"].map(|every| (every.into(), arm(every))).into()
    }

    fn stop(figure: &str, reach: Reach) -> (Precision, u64) {
        let plan = Plan::default();
        let aim = Some(Aim { reach, most_devices: 60 });
        let figure = figure.parse().unwrap();
        let question = Question { figure, aim, pairs: false, plan: &plan, command: "it".into() };
        let on = |devices| Ok::<_, Box<dyn std::error::Error>>(arms(devices));
        let answer = search(arms(16), &question, on, &mut ()).unwrap().unwrap();
        let comparison = answer.compared.0;
        (comparison.precision.unwrap(), comparison.scenario.devices)
    }

    #[test]
    fn an_interval_that_does_not_exist_is_not_tight() {
        // The same mail arrives in both arms, and nothing has working hours in either.
        for (figure, reach) in [
            ("mail.arrived", Reach::OfFigure(0.01)),
            ("mail.arrived", Reach::OfDifference(0.2)),
            ("held_back(total)", Reach::OfDifference(0.2)),
        ] {
            let (precision, devices) = stop(figure, reach);
            let found = (precision.reached, precision.stopped_by, devices);
            assert_eq!(found, (None, "max_devices", 60), "{figure} {reach:?}");
        }
        let (precision, devices) = stop("told_within(15m)", Reach::OfFigure(0.5));
        assert!(precision.reached.is_some() && precision.stopped_by == "precision" && devices < 60);
    }
}
