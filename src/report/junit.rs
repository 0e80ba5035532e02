//! The report of a test as JUnit XML: a suite for each scenario, a case for each assertion.

use super::test_table::INTERRUPTED;
use super::test_table::place;
use super::test_words::{BASELINE, changes, reason, told_changes};
use crate::expectation::{SuiteOutcome, Verdict};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use std::time::Duration;

/// The whole file. It holds no host and no date, and what it took in time only where that was measured: else the same
/// results give the same bytes.
///
/// # Errors
/// If it cannot be written.
pub fn junit(suite: &SuiteOutcome) -> Result<String, String> {
    let mut report = Report::new("bgsim");
    for outcome in &suite.outcomes {
        let mut cases = TestSuite::new(outcome.label());
        cases.add_property(("seed", outcome.seed.to_string().as_str()));
        cases.add_property(("devices", outcome.devices.to_string().as_str()));
        cases.add_property(("fingerprint", outcome.prints.fingerprint.as_str()));
        cases.add_property(("books", outcome.prints.books.as_str()));
        cases.extra.insert("file".into(), outcome.file.as_str().into());
        if !outcome.busy.is_zero() {
            cases.set_time(outcome.busy);
        }
        if let Some(fault) = &outcome.fault {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status.set_message(fault.as_str()).set_type("baseline");
            let mut case = TestCase::new(BASELINE, status);
            case.set_classname(outcome.label());
            cases.add_test_case(case);
        }
        for checked in &outcome.checked {
            let why = reason(checked);
            let verdict = checked.verdict();
            let mut status = match verdict {
                Verdict::Pass => TestCaseStatus::success(),
                Verdict::Undecided if suite.allows_undecided => TestCaseStatus::skipped(),
                Verdict::Undecided | Verdict::Fail => TestCaseStatus::non_success(NonSuccessKind::Failure),
            };
            if verdict != Verdict::Pass {
                status.set_message(why.as_str());
            }
            if !suite.lets_through(verdict) {
                status.set_type(if verdict == Verdict::Fail { "expectation" } else { "undecided" });
                status.set_description(format!("{}\n{why}", place(checked)));
            }
            let mut case = TestCase::new(format!("{}: {}", checked.expectation, checked.text), status);
            case.set_classname(outcome.label());
            if let Some(place) = &checked.place {
                case.extra.insert("file".into(), place.label.as_str().into());
                case.extra.insert("line".into(), place.line.to_string().into());
            }
            cases.add_test_case(case);
        }
        if let Some(changed) = told_changes(outcome) {
            cases.set_system_out(changes(changed).join("\n"));
        }
        report.add_test_suite(cases);
    }
    if suite.is_interrupted {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_message(INTERRUPTED).set_type("interrupted");
        let mut cases = TestSuite::new("bgsim");
        cases.add_test_case(TestCase::new(INTERRUPTED, status));
        report.add_test_suite(cases);
    }
    let busy: Duration = suite.outcomes.iter().map(|outcome| outcome.busy).sum();
    if !busy.is_zero() {
        report.set_time(busy);
    }
    written(&report)
}

/// A report as text.
pub(super) fn written(report: &Report) -> Result<String, String> {
    report
        .to_string()
        .map(|text| as_the_schema_has_it(&text))
        .map_err(|error| format!("cannot write JUnit: {error}"))
}

/// The schema in common use (`junit-10.xsd` of Jenkins' xUnit plugin) knows how many cases of a suite
/// were skipped, and not how many of the whole.
fn as_the_schema_has_it(text: &str) -> String {
    let outermost = text.find("<testsuites").and_then(|from| Some((from, from + text[from..].find('>')?)));
    let Some((from, to)) = outermost else { return text.into() };
    let words = text[from..to].split(' ').filter(|word| !word.starts_with("skipped="));
    format!("{}{}{}", &text[..from], words.collect::<Vec<_>>().join(" "), &text[to..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_suites_say_how_many_cases_were_skipped() {
        let text = "<?xml version=\"1.0\"?>\n<testsuites name=\"bgsim\" tests=\"1\" skipped=\"1\" errors=\"0\">\n  \
                    <testsuite name=\"a\" skipped=\"1\">\n";
        let expected = text.replacen(" skipped=\"1\"", "", 1);
        assert_eq!(as_the_schema_has_it(text), expected);
        assert_eq!(
            junit(&SuiteOutcome {
                outcomes: Vec::new(),
                promises: 0,
                allows_undecided: false,
                is_interrupted: false
            })
            .unwrap()
            .lines()
            .nth(1),
            Some("<testsuites name=\"bgsim\" tests=\"0\" failures=\"0\" errors=\"0\">")
        );
    }
}
