//! What each fuzz target does with bytes from anywhere: it reads them, and holds what was accepted to a law. The tests
//! of bgsim run all of them over the corpus, so that they stay right.

use bgsim::clock::Clock;
use bgsim::expectation::{Baseline, Condition};
use bgsim::experiment::{Fleet, Plan};
use bgsim::import::{Importer, Limits, Named};
use bgsim::record::Sums;
use bgsim::report::document::Report;
use bgsim::report::page::page;
use bgsim::scenario::{Scenario, SourceText, fetch_bundled, is_unseen, read};
use bgsim::shard::{Next, PartReader};
use bgsim::sweep::journal::{line, on_grid, read as read_journal};
use bgsim::sweep::{Axis, grid};
use bgsim::time::{Span, Time};
use bgsim::trace::{Align, MailColumns, NetworkColumns, PowerColumns, Reading, UserColumns};
use bgsim::trace::{read_mail, read_network, read_power, read_user};
use sha2::{Digest, Sha256};

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}

fn scenario_of(text: &str) -> Option<Scenario> {
    let source = SourceText { label: "fuzz.toml".into(), text: text.into() };
    // No file is read: what it builds on is bundled.
    match read(source, &[], &mut fetch_bundled) {
        Ok(scenario) => Some(scenario),
        Err(errors) => {
            assert!(!errors.0.is_empty());
            let said = errors.to_string();
            assert!(!said.contains(|c: char| c != '\n' && is_unseen(c)), "{said:?}");
            None
        }
    }
}

/// A scenario that is accepted says itself in full, and that is the same scenario.
pub fn scenario(bytes: &[u8]) {
    if let Some(scenario) = scenario_of(text(bytes)) {
        let again = scenario_of(&scenario.effective()).expect("what is printed can be read");
        assert_eq!(again.sha256(), scenario.sha256());
        assert!(!scenario.name.contains(is_unseen));
    }
}

/// An assertion is read, or refused with words.
pub fn assertion(bytes: &[u8]) {
    let written = text(bytes).replace(['"', '\\', '\n', '\r'], " ");
    let _ = written.parse::<Condition>();
    if let Some(scenario) = scenario_of(&format!("[[expect]]\nassert = [\"{written}\"]\n")) {
        let _ = bgsim::expectation::read(&scenario).map_err(|errors| errors.to_string());
    }
}

/// An axis has values, and a grid of it as many points.
pub fn axis(bytes: &[u8]) {
    if let Ok(axis) = Axis::parse(text(bytes)) {
        let values = axis.values.len();
        assert!(values > 0);
        assert!(grid(&[axis]).map_or(values > 10_000, |points| points.len() == values));
    }
}

fn reading(read: impl FnOnce(&Reading<'_>)) {
    let (clock, end) = (Clock::utc(), Time::ORIGIN + Span::DAY * 30);
    let zone = bgsim::clock::time_zone("Europe/Berlin").expect("it is bundled");
    read(&Reading {
        label: "fuzz.csv",
        align: Align::None,
        dates: None,
        zone,
        clock: &clock,
        start: Time::ORIGIN,
        end,
    });
}

/// Mail comes in order, whatever the file says.
pub fn mail_csv(bytes: &[u8]) {
    reading(|how| {
        if let Ok((mailboxes, _)) = read_mail(bytes, &MailColumns::default(), how) {
            assert!(mailboxes.iter().all(|mailbox| mailbox.is_sorted()));
        }
    });
}

/// Sessions are read, or refused with words.
pub fn user_csv(bytes: &[u8]) {
    reading(|how| drop(read_user(bytes, &UserColumns::default(), how)));
}

/// Stretches are read, or refused with words.
pub fn network_csv(bytes: &[u8]) {
    reading(|how| drop(read_network(bytes, &NetworkColumns::default(), how)));
}

/// What was known of power comes in order, within the span, and is of each phone that is named.
pub fn power_csv(bytes: &[u8]) {
    reading(|how| {
        if let Ok((batteries, _)) = read_power(bytes, &PowerColumns::default(), how) {
            for battery in &batteries {
                assert!(!battery.is_empty() && battery.is_sorted_by_key(|level| level.at));
                assert!(battery.iter().all(|level| level.at < how.end));
            }
        }
    });
}

/// What becomes of a list of devices is a scenario.
pub fn inventory_csv(bytes: &[u8]) {
    if let Ok(found) = bgsim::inventory::inventory(bytes, "fuzz.csv", &[]) {
        assert!(scenario_of(&found.text).is_some(), "{}", found.text);
    }
}

/// A baseline that is read says itself.
pub fn baseline(bytes: &[u8]) {
    if let Ok(baseline) = Baseline::read(text(bytes)) {
        Baseline::read(&baseline.text(&[])).expect("what is written can be read");
    }
}

/// A report becomes a page that lets nothing in run.
pub fn report(bytes: &[u8]) {
    if let Ok(report) = serde_json::from_slice::<Report>(bytes) {
        let made = page(&report);
        assert_eq!(made.matches("<script").count(), 1);
        for (_, chart) in &report.charts {
            assert!(!chart.svg().contains("<script"));
        }
    }
}

/// Of a journal only what was written is taken, and a line is found where it stands.
pub fn journal(bytes: &[u8]) {
    let places = grid(&[Axis::parse("seed=1,2,3").expect("it is one")]).expect("it is small");
    let header = text(bytes).lines().next().unwrap_or_default();
    if let Ok(left) = read_journal(bytes, header, on_grid(&places)) {
        assert!(left.whole <= bytes.len());
        assert!(left.points.keys().all(|place| *place < places.len()));
        assert!(left.broken.iter().all(|(number, range)| *number > 1 && range.end < left.whole));
    }
    let own = format!("{header}\n{}\n", line(header, 1, "{}"));
    assert!(read_journal(own.as_bytes(), header, on_grid(&places)).is_ok_and(|left| left.broken.len() == 1));
}

/// Observations are read, or refused with words.
pub fn observations(bytes: &[u8]) {
    let source = SourceText { label: "fuzz.toml".into(), text: text(bytes).into() };
    let _ = bgsim::observation::read(&source, &[], &mut fetch_bundled).map_err(|errors| errors.to_string());
}

/// What is done with bytes.
pub type Target = fn(&[u8]);

/// What there is to fuzz, by name.
/// What phones keep is read or refused, and what is read has its order and its account, and can be written.
pub fn import(bytes: &[u8]) {
    let limits = Limits {
        database: 1 << 20,
        document: 1 << 16,
        rows: 1000,
        files: 50,
        unpacked: 4 << 20,
        growth: 200,
    };
    let mut importer = Importer::new(Some("com.example.mail"), limits);
    let read = importer.add(&mut &*bytes);
    if let Err(why) = &read {
        assert!(!why.is_empty());
    }
    let found = importer.finish();
    assert!(read.is_ok() || found.account.files == 0);
    for summary in found.log.summaries() {
        assert!(summary.entries > 0 && summary.span[0] <= summary.span[1]);
    }
    let locked = found.log.locked.entries();
    assert!(locked.is_sorted_by_key(|entry| entry.at));
    if let Ok(written) = found.written(Named::Anonymous, None) {
        assert!(written.files.iter().all(|(_, text)| text.ends_with('\n')));
    }
}

/// A part that was changed is refused with words; one that is sealed all the same is read, and becomes sums of a fleet or
/// none.
pub fn part(bytes: &[u8]) {
    let verified = PartReader::begin(bytes).and_then(PartReader::verify);
    if let Err(why) = &verified {
        assert!(!why.to_string().is_empty());
    }
    let mut sealed = bytes.to_vec();
    let end = sealed.windows(SEAL.len()).rposition(|window| window == SEAL).unwrap_or(sealed.len());
    sealed.truncate(end);
    let hash = Sha256::digest(&sealed);
    sealed.extend(SEAL);
    sealed.extend(format!("{hash:x}\"}}\n").bytes());
    let scenario = scenario_of("extends = \"email-plus\"\ndevices = 4\nwarmup = \"0s\"\nmeasure = \"1d\"\n");
    let scenario = scenario.expect("it is bundled");
    // A run that is divided has a folder, and keeps the hours of the week for its charts.
    let plan = Plan { week: true, ..Plan::default() };
    let Ok(mut reader) = PartReader::begin(&sealed[..]) else { return };
    while let Ok(Next::Piece(piece)) = reader.read_next::<Sums>() {
        let [from, until] = piece.devices;
        if let Some(devices) = until.checked_sub(from) {
            let fleet = Fleet::of_sums(piece.sums, &scenario, &plan, devices);
            // What nobody changed is in the corpus, and of this scenario.
            assert!(fleet.is_some() || verified.is_err());
        }
    }
}

/// How the last line of a part begins.
const SEAL: &[u8] = b"{\"sha256\":\"";

pub const TARGETS: [(&str, Target); 14] = [
    ("scenario", scenario),
    ("assertion", assertion),
    ("axis", axis),
    ("mail_csv", mail_csv),
    ("user_csv", user_csv),
    ("network_csv", network_csv),
    ("power_csv", power_csv),
    ("inventory_csv", inventory_csv),
    ("baseline", baseline),
    ("report", report),
    ("journal", journal),
    ("observations", observations),
    ("part", part),
    ("import", import),
];
