//! What dasd says in its messages of activities: submitted, scored, started, ended.
//!
//! Two shapes of a score are known. The older spells everything out; the newer abbreviates answers, and its policies
//! have names with blanks. Only policies that are not content are listed in either. A policy is known here by its name
//! without blanks.

use super::gathered::Desk;
use super::kinds::{Decision, Ruling, Run, Why};
use super::lines::Lines;
use super::log::Policy;
use super::stamp::Utc;
use super::unified;
use std::collections::BTreeMap;
use std::io::Read;

/// An activity: its name without the user that it runs for, and the tag that tells one submission from the next.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Activity<'a> {
    /// Such as `bgRefresh-com.example.mail.refresh`.
    pub name: &'a str,
    /// Some digits, if there are any.
    pub tag: &'a str,
}

/// How the policies scored an activity.
#[derive(Clone, PartialEq, Debug)]
pub struct Scored<'a> {
    /// The policies that are listed, each with its weight, its answer and its score.
    pub policies: Vec<(String, f64, Ruling, f64)>,
    /// The sums that the score is the ratio of, where they are said.
    pub sums: Option<(f64, f64)>,
    /// What they come to.
    pub verdict: Ruling,
    /// The score, where there is one.
    pub score: Option<f64>,
    /// Of what.
    pub activity: Activity<'a>,
}

/// What a message says.
#[derive(Clone, PartialEq, Debug)]
pub enum Told<'a> {
    /// An activity was handed in.
    Submitted(Activity<'a>),
    /// It was replaced or called off.
    Cancelled(Activity<'a>),
    /// It began to run.
    Started(Activity<'a>),
    /// It ended.
    Ended(Activity<'a>),
    /// Its score against its threshold, and whether it runs.
    Threshold(Activity<'a>, f64, f64, bool),
    /// Its score.
    Scored(Scored<'a>),
}

/// No block lists more.
const MOST_POLICIES: usize = 64;

/// What a message says of an activity.
type Tell<'a> = fn(Activity<'a>) -> Told<'a>;

/// Takes a message apart; `None` where it is of something else.
pub fn told<'a>(text: &'a str) -> Option<Told<'a>> {
    let begins: [(&str, Tell<'a>); 7] = [
        ("Submitted Activity: ", Told::Submitted),
        ("Submitted: ", Told::Submitted),
        ("CANCELED: ", Told::Cancelled),
        ("STARTING activity ", Told::Started),
        ("STARTING ", Told::Started),
        ("COMPLETED ", Told::Ended),
        ("NO LONGER RUNNING ", Told::Ended),
    ];
    let text = text.trim_start();
    if let Some((begins, tell)) = begins.iter().find(|(begins, _)| text.starts_with(begins)) {
        return Some(tell(activity(text[begins.len()..].split_whitespace().next()?)?));
    }
    if text.contains("CurrentScore: ") {
        let (name, _) = text.split_once(' ')?;
        let (score, threshold) = (after(text, "CurrentScore: ")?, after(text, "ThresholdScore: ")?);
        let runs = after(text, "DecisionToRun:")?;
        return Some(Told::Threshold(
            activity(name)?,
            number(score)?,
            number(threshold)?,
            number(runs)? != 0.0,
        ));
    }
    scored(text).map(Told::Scored)
}

fn scored(text: &str) -> Option<Scored<'_>> {
    let (name, block) = text.split_once(":[")?;
    let name = activity(name)?;
    // The last word on it stands behind the list.
    let end = block.rfind("Decision: ")?;
    let (list, rest) = (&block[..end], &block[end + "Decision: ".len()..]);
    let (verdict, rest) = verdict(rest)?;
    let parts = list.split("{name: ").skip(1).take(MOST_POLICIES);
    let sums = after(list, "sumScores:").and_then(number).zip(after(list, "denominator:").and_then(number));
    Some(Scored {
        policies: parts.filter_map(policy).collect(),
        sums,
        verdict,
        score: after(rest, "Score: ").and_then(number),
        activity: name,
    })
}

/// `P, policyWeight: w, response: {Decision: D, Score: s ...` or `P, policyWeight: w, response: {D, s ...`
fn policy(text: &str) -> Option<(String, f64, Ruling, f64)> {
    let (name, rest) = text.split_once(", policyWeight: ")?;
    let (weight, rest) = (number(rest)?, after(rest, "response: {")?);
    let (verdict, rest) = verdict(rest.strip_prefix("Decision: ").unwrap_or(rest))?;
    let rest = rest.trim_start_matches([',', ' ']);
    let score = number(rest.strip_prefix("Score: ").unwrap_or(rest))?;
    Some((name.replace(' ', ""), weight, verdict, score))
}

/// Words before their abbreviations, and longer ones before those that they end in.
const VERDICTS: [(&str, Ruling); 6] = [
    ("Absolutely Must Not Proceed", Ruling::AbsolutelyMustNotProceed),
    ("Must Not Proceed", Ruling::MustNotProceed),
    ("Can Proceed", Ruling::CanProceed),
    ("AMNP", Ruling::AbsolutelyMustNotProceed),
    ("MNP", Ruling::MustNotProceed),
    ("CP", Ruling::CanProceed),
];

fn verdict(text: &str) -> Option<(Ruling, &str)> {
    VERDICTS.iter().find_map(|(word, verdict)| Some((*verdict, text.strip_prefix(word)?)))
}

fn after<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    text.find(mark).map(|at| &text[at + mark.len()..])
}

/// The number that a text begins with.
fn number(text: &str) -> Option<f64> {
    let is_part = |c: char| c.is_ascii_digit() || c == '.' || c == '-';
    let end = text.find(|c: char| !is_part(c)).unwrap_or(text.len());
    text[..end].parse().ok().filter(|number: &f64| number.is_finite())
}

/// Takes off quotes, the user before the name and the tag behind it.
fn activity(text: &str) -> Option<Activity<'_>> {
    let name = text.trim_matches(['\'', '"', ',', '!']);
    let name = match name.split_once(':') {
        Some((user, rest)) if !user.is_empty() && user.bytes().all(|byte| byte.is_ascii_digit()) => rest,
        _ => name,
    };
    let is_tag = |tag: &str| (4..=8).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_hexdigit());
    let (name, tag) = match name.rsplit_once(':') {
        Some((name, tag)) if is_tag(tag) => (name, tag),
        _ => (name, ""),
    };
    (!name.is_empty() && !name.contains(char::is_whitespace)).then_some(Activity { name, tag })
}

impl Scored<'_> {
    /// The policy that refuses, else that which takes the most from the score; `None` where none is listed that does.
    pub fn worst(&self) -> Option<&str> {
        let rank = |(_, weight, verdict, score): &(String, f64, Ruling, f64)| {
            let refuses = match verdict {
                Ruling::AbsolutelyMustNotProceed => 2,
                Ruling::MustNotProceed => 1,
                _ => 0,
            };
            (refuses, weight * (1.0 - score))
        };
        let takes =
            self.policies.iter().map(|policy| (rank(policy), policy)).filter(|(rank, _)| *rank > (0, 0.0));
        takes
            .max_by(|(one, _), (other, _)| one.0.cmp(&other.0).then(one.1.total_cmp(&other.1)))
            .map(|(_, policy)| policy.0.as_str())
    }
}

impl Activity<'_> {
    /// What for, and the identifier that the app gave it.
    pub fn purpose(&self) -> (Why, &str) {
        let begins = [
            ("bgRefresh-", Why::Refresh),
            ("bgProcessing-", Why::Processing),
            ("com.apple.pushLaunch.", Why::Push),
            ("com.apple.fetch.", Why::Fetch),
        ];
        let found = begins.iter().find_map(|(begins, why)| Some((*why, self.name.strip_prefix(begins)?)));
        found.unwrap_or((Why::Other, self.name))
    }
}

/// So many activities may run at once.
const MOST_RUNNING: usize = 4096;
/// A score and what comes of it are said within milliseconds (real logs have at most 53).
const AT_ONCE_MS: i64 = 1000;

pub(super) fn read(lines: &mut Lines<&mut dyn Read>, desk: &mut Desk<'_>) -> Result<(), String> {
    let Desk { source, log, account, .. } = desk;
    let part = account.part(*source, "messages");
    let mut ahead = std::mem::take(&mut log.ahead);
    let mut running = BTreeMap::new();
    // The score of an activity is said first, and then what it comes to against its threshold.
    let mut worst: BTreeMap<_, (Utc, Option<Policy>)> = BTreeMap::new();
    let read = unified::each(lines, part, &mut ahead, |at, text| {
        let told = told(text).ok_or("of something else")?;
        let activity = match &told {
            Told::Submitted(activity) | Told::Cancelled(activity) | Told::Started(activity) => activity,
            Told::Ended(activity) | Told::Threshold(activity, ..) | Told::Scored(Scored { activity, .. }) => {
                activity
            }
        };
        let (why, name) = activity.purpose();
        if why == Why::Other {
            return Err("of the system's own work");
        }
        let app = log.app(name);
        match told {
            Told::Submitted(_) | Told::Cancelled(_) => {}
            Told::Started(activity) if running.len() < MOST_RUNNING => {
                running.insert((app, why, activity.tag.to_owned()), at);
            }
            Told::Started(_) => return Err("more at once than any phone runs"),
            Told::Ended(activity) => {
                // It is said twice that one ended: that it completed, and that it runs no longer.
                if let Some(began) = running.remove(&(app, why, activity.tag.to_owned())) {
                    log.runs.push(*source, began, Run { app, why, until: Some(at), on_battery: None });
                }
            }
            Told::Threshold(_, score, threshold, runs) => {
                let verdict = if runs { Ruling::Runs } else { Ruling::Waits };
                let (score, threshold) = (Some(score), Some(threshold));
                let before = worst.remove(&(app, why)).filter(|(then, _)| at.ms() - then.ms() <= AT_ONCE_MS);
                let policy = before.and_then(|(_, policy)| policy);
                log.decisions.push(*source, at, Decision { app, why, verdict, score, threshold, policy });
            }
            Told::Scored(scored) => {
                let policy = scored.worst().and_then(|name| log.policy(name));
                worst.insert((app, why), (at, policy));
                let Scored { verdict, score, .. } = scored;
                log.decisions.push(
                    *source,
                    at,
                    Decision { app, why, verdict, score, threshold: None, policy },
                );
            }
        }
        Ok(())
    });
    for ((app, why, _), at) in running {
        log.runs.push(*source, at, Run { app, why, until: None, on_battery: None });
    }
    log.ahead = ahead;
    read
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A block in the older shape and one in the newer, with published numbers.
    const OLDER: &str = "501:com.example.scan:BB0E3B:[\n\t{name: BatteryLevelPolicy, policyWeight: 1.000, response: \
        {Decision: Can Proceed, Score: 0.60, Rationale: [{batteryLevel == 26 AND pluggedIn == 1}]}}\n\t{name: \
        DeviceActivityPolicy, policyWeight: 20.000, response: {Decision: Can Proceed, Score: 0.75}}\n ] \
        sumScores:43.121357, denominator:48.520000, FinalDecision: Can Proceed FinalScore: 0.888734}";
    const NEWER: &str = "bgProcessing-com.example.mail.sync:0A1B2C:[\n{name: CPU Usage Policy, policyWeight: 5.000, \
        response: {MNP, 0.00, [{cpuLevel: 90/99}]}}\n ], Decision: MNP}";

    #[test]
    fn a_block_in_the_older_shape_is_read_to_the_last_digit() {
        let Some(Told::Scored(scored)) = told(OLDER) else { panic!("{:?}", told(OLDER)) };
        assert_eq!(scored.activity, Activity { name: "com.example.scan", tag: "BB0E3B" });
        assert_eq!((scored.verdict, scored.score), (Ruling::CanProceed, Some(0.888734)));
        let named: Vec<_> =
            scored.policies.iter().map(|policy| (policy.0.as_str(), policy.1, policy.3)).collect();
        assert_eq!(named, [("BatteryLevelPolicy", 1.0, 0.6), ("DeviceActivityPolicy", 20.0, 0.75)]);
        // What is lacking is what the policies that are listed took away, of which one is rounded.
        let (sum, of) = scored.sums.unwrap();
        let battery = 1.0 - (of - sum - 20.0 * (1.0 - 0.75));
        // Twenty quarters more than four tenths of one.
        assert_eq!(scored.worst(), Some("DeviceActivityPolicy"));
        let formula = 1.2 * libm::pow((26.0 - 10.0) / 90.0, 0.4);
        assert!((battery - formula).abs() < 1e-6, "{battery} {formula}");
        assert!((sum / of - 0.888734).abs() < 1e-6);
    }

    #[test]
    fn a_block_in_the_newer_shape_is_read_too() {
        let Some(Told::Scored(scored)) = told(NEWER) else { panic!("{:?}", told(NEWER)) };
        assert_eq!(scored.policies, [("CPUUsagePolicy".into(), 5.0, Ruling::MustNotProceed, 0.0)]);
        assert_eq!(scored.worst(), Some("CPUUsagePolicy"));
        assert_eq!((scored.verdict, scored.score, scored.sums), (Ruling::MustNotProceed, None, None));
        assert_eq!(scored.activity.purpose(), (Why::Processing, "com.example.mail.sync"));
        let Some(Told::Scored(line)) = told(
            "bgRefresh-com.example.mail:0A1B2C:[{name: Boot Time Policy, \
            policyWeight: 0.010, response: {CP, 0.50}}], Decision: CP Score: 0.78}",
        ) else {
            panic!()
        };
        assert_eq!((line.policies.len(), line.verdict, line.score), (1, Ruling::CanProceed, Some(0.78)));
    }

    #[test]
    fn a_refusal_has_no_score() {
        let text = "0:com.example.scan:3B1C50:[\n {name: PowerNapPolicy, policyWeight: 5.000, response: {Decision: \
                    Must Not Proceed, Score: 0.00, Rationale: [{wakeState == \"Sleep:<off> \"}]}}\n ], FinalDecision: \
                    Must Not Proceed}";
        let Some(Told::Scored(scored)) = told(text) else { panic!() };
        assert_eq!((scored.verdict, scored.score, scored.policies.len()), (Ruling::MustNotProceed, None, 1));
    }

    #[test]
    fn the_life_of_an_activity_is_followed() {
        let refresh = Activity { name: "bgRefresh-com.example.mail", tag: "0A1B2C" };
        for (text, found) in [
            ("Submitted: bgRefresh-com.example.mail:0A1B2C at priority 10 (a - b)", Told::Submitted(refresh)),
            (
                "Submitted Activity: 501:bgRefresh-com.example.mail:0A1B2C at priority 10",
                Told::Submitted(refresh),
            ),
            (
                "CANCELED: bgRefresh-com.example.mail:0A1B2C at priority 10 <private>!",
                Told::Cancelled(refresh),
            ),
            ("STARTING activity 501:bgRefresh-com.example.mail:0A1B2C <private>!", Told::Started(refresh)),
            ("COMPLETED bgRefresh-com.example.mail:0A1B2C at priority 10 <private>!", Told::Ended(refresh)),
            ("NO LONGER RUNNING bgRefresh-com.example.mail:0A1B2C ...Tasks running in", Told::Ended(refresh)),
            (
                "'bgRefresh-com.example.mail:0A1B2C' CurrentScore: 0.839581, ThresholdScore: 0.909811 DecisionToRun:0",
                Told::Threshold(refresh, 0.839581, 0.909811, false),
            ),
        ] {
            assert_eq!(told(text), Some(found), "{text}");
        }
    }

    #[test]
    fn what_is_none_of_this_says_nothing() {
        for text in [
            "",
            ":[",
            ":[Decision: ",
            "x:[{name: ], Decision: MNP",
            "STARTING activity ",
            "'a' CurrentScore: x",
            "CurrentScore: ",
            "a b:[], Decision: CP",
            "COMPLETED <private>",
            "\u{fffd}:[Decision: MNP",
        ] {
            let found = told(text);
            assert!(!matches!(found, Some(Told::Threshold(..))), "{text}: {found:?}");
        }
    }
}
