//! Real files, with the counts that others found in them.

use super::phone::{archive, gathered, packed};
use crate::skip::skip;
use bgsim::import::Source;
use std::path::{Path, PathBuf};

fn shared(test: &str, file: &str) -> Option<Vec<u8>> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let folder = std::env::var_os("BGSIM_SHARED").map_or_else(beside, PathBuf::from);
    let bytes = std::fs::read(folder.join("data").join(file)).ok();
    if bytes.is_none() {
        skip(test, "../shared is absent");
    }
    bytes
}

#[test]
fn a_real_power_log_has_the_counts_that_others_found() {
    let test = "a_real_power_log_has_the_counts_that_others_found";
    let Some(bytes) = shared(test, "powerlog_2021-12-16_05-54_84E2141B.PLSQL") else { return };
    let found = gathered(&[&bytes]);
    let read = |table| found.account.parts[&(Source::PowerLog, table)].read;
    assert_eq!(
        ["DASActivity", "MailFetch", "BatteryUI", "SBLock", "ReceivedPush"].map(read),
        [47, 17, 74, 6, 9]
    );
    assert_eq!((found.log.runs.entries().len(), found.log.battery.entries().len()), (47 + 17, 74));
    // Sleeps of the ten hours that it covers, each with its end.
    let [from, until] = found.covered().unwrap();
    let awake = found.log.awake.entries().iter().filter(|entry| from <= entry.at && entry.at <= until);
    let states: Vec<bool> = awake.map(|entry| entry.what).collect();
    let sleeps = states.windows(2).filter(|pair| !pair[0] && pair[1]).count();
    assert_eq!(sleeps, 134);
    assert_eq!(from.to_string(), "2021-11-02T10:16:29.927Z");
    assert_eq!(found.time_zone(None, &mut Vec::new()).unwrap().0, "America/Toronto");
    // As it lies in an archive of a phone, and as it is when that was cut off.
    let zipped = packed(&bytes);
    let whole = gathered(&[&packed(&archive(&[("logs/p.PLSQL.gz", &zipped)]))]);
    assert_eq!(whole.account.parts[&(Source::PowerLog, "DASActivity")].read, 47);
    let half = gathered(&[&zipped[..zipped.len() * 97 / 100]]);
    assert!(half.account.parts[&(Source::PowerLog, "BatteryUI")].read > 0, "{:?}", half.account);
}

#[test]
fn a_real_knowledge_store_has_the_counts_that_others_found() {
    let test = "a_real_knowledge_store_has_the_counts_that_others_found";
    let Some(bytes) = shared(test, "knowledgec-10.14.db") else { return };
    let found = gathered(&[&bytes]);
    let read = |stream| found.account.parts[&(Source::Knowledge, stream)].read;
    assert_eq!(["/app/inFocus", "/app/usage", "/display/isBacklit"].map(read), [52, 11, 5]);
}

#[test]
fn a_real_privacy_report_has_the_counts_that_others_found() {
    let test = "a_real_privacy_report_has_the_counts_that_others_found";
    let Some(bytes) = shared(test, "ios_app_privacy_report.ndjson") else { return };
    let found = gathered(&[&bytes]);
    assert_eq!(found.account.parts[&(Source::PrivacyReport, "networkActivity")].read, 64);
    assert_eq!(found.account.parts[&(Source::PrivacyReport, "access")].skipped.values().sum::<u64>(), 8);
}
