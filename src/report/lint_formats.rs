//! Findings for the services that build: annotations of a GitHub workflow, SARIF and JUnit.

use super::test_formats::{message, property};
use crate::lint::{CODES, Finding, Severity};
use crate::record::Tool;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use serde_json::{Value, json};

/// What was found in some scenarios.
#[derive(Clone, Copy, Debug)]
pub struct Linted<'a> {
    /// The scenarios that could be read.
    pub files: &'a [&'a str],
    /// Each finding with its scenario.
    pub findings: &'a [(&'a str, Finding)],
    /// Those that could not be read, each with the reason.
    pub unreadable: &'a [(&'a str, String)],
    /// From which severity on findings close the gate.
    pub least: Severity,
}

/// What a finding says, and what to do.
fn words(finding: &Finding) -> String {
    let Finding { code, message, reason, help, .. } = finding;
    let whom = finding.holds_for().map_or_else(String::new, |whom| format!(" It holds for {whom}."));
    format!("{message}. {reason}.{whom} Source: {}. Help: {help}", code.source).replace("..", ".")
}

/// The file that a finding is about, with line and column where somebody wrote the key.
fn place<'a>(scenario: &'a str, finding: &'a Finding) -> (&'a str, Option<[usize; 2]>) {
    let place = finding.place.as_ref();
    place.map_or((scenario, None), |place| (place.label.as_str(), Some([place.line, place.column])))
}

impl Linted<'_> {
    /// Annotations, one a finding.
    pub fn github(&self) -> String {
        let mut out = String::new();
        for (scenario, finding) in self.findings {
            let level = match finding.code.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "notice",
            };
            let (file, at) = place(scenario, finding);
            let at = at.map_or_else(String::new, |[line, column]| format!(",line={line},col={column}"));
            let (file, title) = (property(file), property(finding.code.code));
            out += &format!("::{level} file={file}{at},title={title}::{}\n", message(&words(finding)));
        }
        for (file, why) in self.unreadable {
            out += &format!("::error file={},title=unreadable::{}\n", property(file), message(why));
        }
        out
    }

    /// SARIF 2.1.0 (OASIS standard of 27 March 2020).
    pub fn sarif(&self) -> Value {
        let level = |severity: Severity| match severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "note",
        };
        let rules = CODES.iter().map(|code| {
            json!({
                "id": code.code,
                "shortDescription": { "text": code.what },
                "fullDescription": { "text": format!("{} Source: {}.", code.what, code.source) },
                "defaultConfiguration": { "level": level(code.severity) },
            })
        });
        let results = self.findings.iter().map(|(scenario, finding)| {
            let (file, at) = place(scenario, finding);
            let mut location = json!({ "artifactLocation": { "uri": uri(file) } });
            if let Some([line, column]) = at {
                location["region"] = json!({ "startLine": line, "startColumn": column });
            }
            json!({
                "ruleId": finding.code.code,
                "ruleIndex": CODES.iter().position(|code| code.code == finding.code.code),
                "level": level(finding.code.severity),
                "message": { "text": words(finding) },
                "locations": [{ "physicalLocation": location }],
            })
        });
        let faults = self.unreadable.iter().map(|(file, why)| {
            json!({
                "level": "error",
                "message": { "text": why },
                "locations": [{ "physicalLocation": { "artifactLocation": { "uri": uri(file) } } }],
            })
        });
        json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": {
                    "name": Tool::THIS.name,
                    "version": Tool::THIS.version,
                    "rules": rules.collect::<Vec<_>>(),
                } },
                "columnKind": "unicodeCodePoints",
                "invocations": [{
                    "executionSuccessful": self.unreadable.is_empty(),
                    "toolExecutionNotifications": faults.collect::<Vec<_>>(),
                }],
                "results": results.collect::<Vec<_>>(),
            }],
        })
    }

    /// JUnit XML: a suite for each scenario, a case for each finding, or one that says that there is none.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn junit(&self) -> Result<String, String> {
        let mut report = Report::new("bgsim lint");
        let mut add = |file: &str, cases: Vec<TestCase>| {
            let mut suite = TestSuite::new(file);
            suite.extra.insert("file".into(), file.into());
            suite.add_test_cases(cases);
            report.add_test_suite(suite);
        };
        for file in self.files {
            let own = self.findings.iter().filter(|(scenario, _)| scenario == file);
            let mut cases: Vec<TestCase> =
                own.map(|(scenario, finding)| self.case(scenario, finding)).collect();
            if cases.is_empty() {
                cases.push(TestCase::new("nothing found", TestCaseStatus::success()));
            }
            add(file, cases);
        }
        for (file, why) in self.unreadable {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status.set_message(why.as_str()).set_type("unreadable");
            add(file, vec![TestCase::new("it can be read", status)]);
        }
        super::junit::written(&report)
    }

    fn case(&self, scenario: &str, finding: &Finding) -> TestCase {
        let is_let_through = finding.code.severity < self.least;
        let mut status = match is_let_through {
            true => TestCaseStatus::skipped(),
            false => TestCaseStatus::non_success(NonSuccessKind::Failure),
        };
        status.set_message(words(finding));
        if !is_let_through {
            status.set_type(finding.code.code);
        }
        let (file, at) = place(scenario, finding);
        let mut case = TestCase::new(format!("{}: {}", finding.code.code, finding.message), status);
        case.set_classname(scenario);
        case.extra.insert("file".into(), file.into());
        if let Some([line, _]) = at {
            case.extra.insert("line".into(), line.to_string().into());
        }
        case
    }
}

/// A path as a reference relative to where the program ran: what may not stand in one is escaped (RFC 3986).
fn uri(path: &str) -> String {
    let kept = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let path = path.replace('\\', "/");
    path.bytes()
        .map(|byte| if kept(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_escaped() {
        assert_eq!(uri("a b/ü.toml"), "a%20b/%C3%BC.toml");
    }
}
