//! The record of a phone as an import wrote it.

use csv::{ByteRecord, ReaderBuilder};
use serde_json::Value;

/// What the scheduler of the phone said of a request.
#[derive(Clone, PartialEq, Debug)]
pub struct Asked {
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// What came of it.
    pub verdict: String,
    /// Its score and its threshold, where they were said.
    pub score: Option<f64>,
    /// Its threshold.
    pub threshold: Option<f64>,
    /// The policy that refused, or took the most from the score, where that was said.
    pub policy: Option<String>,
}

impl Asked {
    /// Whether the request was let wait.
    pub fn holds_back(&self) -> bool {
        matches!(self.verdict.as_str(), "waits" | "must_not_proceed" | "absolutely_must_not_proceed")
    }
}

/// When the client was refreshed on a phone.
#[derive(Clone, PartialEq, Debug)]
pub struct Record {
    /// The bundle of the client.
    pub client: String,
    /// What the log of its runs covers, in milliseconds since 1970.
    pub covered: [i64; 2],
    /// When refreshes began, in order.
    pub runs: Vec<i64>,
    /// What was decided of its requests, in order.
    pub asked: Vec<Asked>,
}

/// A table of the record under way.
struct Rows<'a> {
    label: &'a str,
    header: Vec<String>,
    rows: Vec<ByteRecord>,
}

impl<'a> Rows<'a> {
    fn of(label: &'a str, text: &str) -> Result<Rows<'a>, String> {
        let mut reader = ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let mut rows = reader.byte_records().collect::<Result<Vec<_>, _>>();
        let rows = rows.as_mut().map_err(|error| format!("{label}: {error}; import the logs again"))?;
        if rows.is_empty() {
            return Err(format!("{label}: the file is empty; import the logs again"));
        }
        let header = rows.remove(0).iter().map(|field| String::from_utf8_lossy(field).into_owned()).collect();
        Ok(Rows { label, header, rows: std::mem::take(rows) })
    }

    fn column(&self, name: &str) -> Result<usize, String> {
        let found = self.header.iter().position(|known| known == name);
        found.ok_or_else(|| format!("{}:1: there is no column `{name}`; import the logs again", self.label))
    }

    /// The rows of the client's refreshes, each with its instant; of several logs of them the one that has the most.
    fn of_client(&self, client: &str) -> Result<Vec<(i64, &ByteRecord)>, String> {
        let [at, app, why, source] = ["at", "app", "why", "source"].map(|name| self.column(name));
        let (at, app, why, source) = (at?, app?, why?, source?);
        let is_of = |row: &&ByteRecord| {
            let rest = text(row, app).strip_prefix(client).map(str::to_owned);
            let is_client = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-']));
            is_client && matches!(text(row, why), "refresh" | "fetch")
        };
        let of = |log: &str| self.rows.iter().filter(is_of).filter(|row| text(row, source) == log).count();
        let logs = self.rows.iter().filter(is_of).map(|row| text(row, source));
        let most = logs.max_by_key(|log| (of(log), *log)).unwrap_or_default().to_owned();
        let mut found = Vec::new();
        for row in self.rows.iter().filter(is_of).filter(|row| text(row, source) == most) {
            let shown = text(row, at);
            let instant: jiff::Timestamp = shown.parse().map_err(|_| {
                let line = row.position().map_or(1, csv::Position::line);
                format!("{}:{line}: `{shown}` is no instant; import the logs again", self.label)
            })?;
            found.push((instant.as_millisecond(), row));
        }
        found.sort_by_key(|(at, _)| *at);
        Ok(found)
    }
}

fn text(row: &ByteRecord, column: usize) -> &str {
    row.get(column).and_then(|field| std::str::from_utf8(field).ok()).unwrap_or_default()
}

impl Record {
    /// Reads `import.json`, `runs.csv` and `decisions.csv`, the last two where they are there.
    ///
    /// # Errors
    /// With `file: what was found; what would be right`.
    pub fn read(import: &str, runs: Option<&str>, decisions: Option<&str>) -> Result<Record, String> {
        let json: Value = serde_json::from_str(import)
            .map_err(|error| format!("import.json: it is no JSON ({error}); import the logs again"))?;
        let client = json["client"].as_str().ok_or(
            "import.json: the logs were imported without the name of the client; import them again with --client BUNDLE",
        )?;
        let covered = span(&json["covered"])
            .ok_or("import.json: the logs say nothing hour by hour; others are needed")?;
        let covered = known(&json, covered)?;
        let runs = runs.map(|text| Rows::of("runs.csv", text)).transpose()?;
        let runs = runs.as_ref().map(|rows| rows.of_client(client)).transpose()?.unwrap_or_default();
        let decisions = decisions.map(|text| Rows::of("decisions.csv", text)).transpose()?;
        let mut asked = Vec::new();
        if let Some(rows) = &decisions {
            let [verdict, score, threshold] = ["verdict", "score", "threshold"].map(|name| rows.column(name));
            let (verdict, score, threshold) = (verdict?, score?, threshold?);
            // Folders of before have none.
            let policy = rows.column("policy").ok();
            let one = |(at, row): (i64, &ByteRecord)| Asked {
                at,
                verdict: text(row, verdict).into(),
                score: text(row, score).parse().ok(),
                threshold: text(row, threshold).parse().ok(),
                policy: policy.map(|policy| text(row, policy).to_owned()).filter(|name| !name.is_empty()),
            };
            asked = rows.of_client(client)?.into_iter().map(one).collect();
        }
        Ok(Record {
            client: client.into(),
            covered,
            runs: runs.into_iter().map(|(at, _)| at).collect(),
            asked,
        })
    }
}

fn span(json: &Value) -> Option<[i64; 2]> {
    let instant =
        |place: usize| Some(json[place].as_str()?.parse::<jiff::Timestamp>().ok()?.as_millisecond());
    Some([instant(0)?, instant(1)?])
}

/// That part of what the logs cover in which one tells of refreshes: that none was seen elsewhere says nothing.
fn known(json: &Value, [from, until]: [i64; 2]) -> Result<[i64; 2], String> {
    let runs = json
        .get("runs_covered")
        .ok_or("import.json: it does not say from when to when refreshes are known; import the logs again")?;
    let [begins, ends] = span(runs).ok_or(
        "import.json: no log says when the client was refreshed, so that there is nothing to hold the model against; a log \
         of background runs is needed (a .BGSQL, dasd's lines, or a power log that has them)",
    )?;
    Ok([begins.max(from), ends.min(until)])
}

#[cfg(test)]
mod tests {
    use super::*;

    const IMPORT: &str = "{\"client\":\"com.example.mail\",\"covered\":[\"2026-03-09T00:00:00.000Z\",\"2026-03-10T00:00:00.000Z\"],\"runs_covered\":[\"2026-03-09T02:00:00.000Z\",\"2026-03-10T00:00:00.000Z\"]}";

    #[test]
    fn refreshes_of_the_client_are_taken_from_the_log_that_has_the_most() {
        let runs = "at,until,app,why,on_battery,source\n2026-03-09T03:00:00.000Z,,com.example.mail.refresh,refresh,,dasd\n\
                    2026-03-09T02:00:00.000Z,,com.example.mail,refresh,,dasd\n2026-03-09T02:00:00.005Z,,com.example.mail,\
                    refresh,,power_log\n2026-03-09T04:00:00.000Z,,app-3,refresh,,dasd\n2026-03-09T05:00:00.000Z,,\
                    com.example.mail,push,,dasd\n";
        let decisions = "at,app,why,verdict,score,threshold,policy,source\n\
                         2026-03-09T01:00:00.000Z,com.example.mail,refresh,waits,0.5,0.9,CPUUsagePolicy,dasd\n";
        let record = Record::read(IMPORT, Some(runs), Some(decisions)).unwrap();
        // Only the log of its runs says when it was refreshed and when not.
        let hour = |hour: i64| record.covered[0] + (hour - 2) * 3_600_000;
        assert_eq!(record.runs, [hour(2), hour(3)]);
        assert_eq!((record.asked[0].at, record.asked[0].threshold), (hour(1), Some(0.9)));
        assert_eq!(record.asked[0].policy.as_deref(), Some("CPUUsagePolicy"));
        assert!(Record::read(IMPORT, None, None).unwrap().runs.is_empty());
    }

    #[test]
    fn what_an_import_did_not_write_is_refused() {
        for (import, runs, part) in [
            ("", None, "import.json: it is no JSON"),
            ("{}", None, "--client BUNDLE"),
            ("{\"client\":\"a.b\"}", None, "hour by hour"),
            (
                "{\"client\":\"a.b\",\"covered\":[\"2026-03-09T00:00:00Z\",\"2026-03-10T00:00:00Z\"],\"runs_covered\":null}",
                None,
                "no log says when the client was refreshed",
            ),
            (IMPORT, Some(""), "runs.csv: the file is empty"),
            (IMPORT, Some("at,app\n"), "runs.csv:1: there is no column `why`"),
            (
                IMPORT,
                Some("at,app,why,source\nx,com.example.mail,refresh,dasd\n"),
                "runs.csv:2: `x` is no instant",
            ),
            (IMPORT, Some("at,app\na\n"), "runs.csv: "),
        ] {
            let why = Record::read(import, runs, None).unwrap_err();
            assert!(why.contains(part), "{why}");
        }
    }
}
