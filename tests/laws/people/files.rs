//! Reading mail and use from files, good and bad.

use super::world::*;
use crate::common::skip::skip;
use bgsim::clock::Clock;
use bgsim::time::{Span, Time};
use bgsim::trace::{Align, MailColumns, Reading, TraceSession, Traces, UserColumns, read_mail, read_user};
use proptest::prelude::*;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn mail(text: &str, align: Align) -> Result<(Vec<Vec<Time>>, Vec<String>), String> {
    let clock = berlin("2026-03-02T00:00", 28);
    read_mail(
        text.as_bytes(),
        &MailColumns::default(),
        &Reading::new("m.csv", align, &clock, Time::ORIGIN + Span::DAY * 28),
    )
}

#[test]
fn mail_keeps_its_weekday_and_time_of_day() {
    // A Wednesday in another summer; the simulated one is in winter.
    let text = "\u{feff}arrived,x\r\n2023-07-12T09:30:00+02:00,\"a,\r\nb\"\r\n";
    let (mailboxes, notes) = mail(text, Align::Week).unwrap();
    assert_eq!(mailboxes, [[Time::ORIGIN + Span::DAY * 2 + Span::MINUTE * 570]]);
    assert!(notes.is_empty(), "{notes:?}");
    // In UTC a row is moved by whole weeks as it is: 08:00 in UTC is 09:00 in winter.
    for (text, align) in [
        ("2026-03-02T08:00:00Z", Align::Week),
        ("2026-03-09T08:00:00Z", Align::Week),
        ("1772438400000\n", Align::None),
    ] {
        assert_eq!(mail(text, align).unwrap().0, [[Time::ORIGIN + Span::HOUR * 9]]);
    }
}

/// A week of mail is measured, and not lost in the warm-up; what is longer stays where it can end in time.
#[test]
fn what_is_shorter_than_the_span_is_measured() {
    let clock = berlin("2026-03-02T00:00", 28);
    let start = Time::ORIGIN + Span::DAY * 14;
    let of_days = |days: u32| -> String {
        let rows = (0..days).map(|day| format!("{}\n", 1_688_968_800_000_u64 + u64::from(day) * 86_400_000));
        std::iter::once("arrived\n".to_owned()).chain(rows).collect()
    };
    for (days, first) in [(7, 14), (14, 14), (20, 7), (28, 0), (40, 0)] {
        let reading =
            Reading { start, ..Reading::new("m.csv", Align::Week, &clock, Time::ORIGIN + Span::DAY * 28) };
        let (mailboxes, _) = read_mail(of_days(days).as_bytes(), &MailColumns::default(), &reading).unwrap();
        assert_eq!(mailboxes[0][0].since(Time::ORIGIN).ms() / Span::DAY.ms(), first, "{days} days");
        assert_eq!(mailboxes[0].len() as u32, days.min(28));
    }
    let before =
        Reading { start, ..Reading::new("m.csv", Align::None, &clock, Time::ORIGIN + Span::DAY * 28) };
    let (_, notes) = read_mail(b"arrived\n2026-03-03T08:00:00Z\n", &MailColumns::default(), &before).unwrap();
    assert!(notes.join("").contains("nothing in the measured span"), "{notes:?}");
}

#[test]
fn mail_out_of_order_is_sorted_and_mail_outside_is_counted() {
    let text = "mailbox,time\nb,2026-03-03T08:00:00Z\na,2026-03-02T08:00:00Z\nb,2026-03-03T08:00:00Z\n\
                a,2026-02-02T08:00:00Z\na,2027-03-02T08:00:00Z\n";
    let (mailboxes, notes) = mail(text, Align::None).unwrap();
    assert_eq!(mailboxes.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
    let notes = notes.join("\n");
    for part in ["sorted by time", "1 row equal", "before the origin", "after the horizon"] {
        assert!(notes.contains(part), "{notes}");
    }
}

#[test]
fn what_cannot_be_read_is_refused_with_its_line() {
    let long = format!("arrived\nx{}\n", "9".repeat(3_000_000));
    for (text, line, part) in [
        ("", 1, "empty"),
        ("\u{feff}", 1, "empty"),
        ("arrived\n", 1, "no row"),
        ("arrived\n2026-03-02T08:00:00Z\nyesterday\n", 3, "`yesterday`"),
        ("arrived\n1571151207\n", 2, "looks like seconds"),
        ("arrived\n-5\n", 2, "outside the years"),
        ("arrived\n2026-03-02\n", 2, "not an instant"),
        ("a,arrived\n1,\n", 1, "no arrival time"),
        (&long, 2, "99…`"),
    ] {
        let error = mail(text, Align::Week).unwrap_err();
        assert!(error.starts_with("m.csv:") && error.contains(part), "{error}");
        assert!(error.starts_with(&format!("m.csv:{line}: ")) || part == "no arrival time", "{error}");
        assert!(error.len() < 300, "{}", error.len());
    }
    let (clock, end) = (Clock::utc(), Time::ORIGIN + Span::DAY);
    let error = read_mail(
        b"arrived\n\xff\xfe\n",
        &MailColumns::default(),
        &Reading::new("m.csv", Align::Week, &clock, end),
    )
    .unwrap_err();
    assert!(error.contains("m.csv:2") && error.contains("UTF-8"), "{error}");
    let reading = Reading::new("m.csv", Align::Week, &clock, end);
    let error = read_mail(b"\xff\xfe\x00\xd8", &MailColumns::default(), &reading).unwrap_err();
    assert!(error.contains("m.csv:1") && error.contains("UTF-16"), "{error}");
    assert!(mail("2020-03-02T08:00:00Z", Align::None).unwrap_err().contains("align"));
    for (text, part) in [
        ("on,off,unlocked\n1571151207258,1571151207257,true\n", "u.csv:2: the screen goes off before"),
        ("on,off,unlocked\n1571151207258,1571151207259,perhaps\n", "u.csv:2: `perhaps`"),
        ("start,stop\n1571151207258,1571151207259\n", "`start,stop`"),
        ("1571151207258\n", "u.csv:1: the row has no time at which the screen went off"),
    ] {
        let error = read_user(
            text.as_bytes(),
            &UserColumns::default(),
            &Reading::new("u.csv", Align::Week, &clock, end),
        )
        .unwrap_err();
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn sessions_keep_their_client_and_are_cut_where_they_overlap() {
    let text = "on,off,unlocked,client_from,client_until\n\
                2026-03-02T09:00:00Z,2026-03-02T09:10:00Z,yes,2026-03-02T09:01:00Z,2026-03-02T09:08:00Z\n\
                2026-03-02T09:05:00Z,2026-03-02T09:06:00Z,no,,\n";
    let end = Time::ORIGIN + Span::DAY;
    let (users, notes) = read_user(
        text.as_bytes(),
        &UserColumns::default(),
        &Reading::new("u.csv", Align::Week, &Clock::utc(), end),
    )
    .unwrap();
    let nine = Time::ORIGIN + Span::HOUR * 9;
    let five = nine + Span::MINUTE * 5;
    let client = Some((nine + Span::MINUTE, Span::MINUTE * 4));
    assert_eq!(users[0][0], TraceSession { from: nine, until: five, unlocked: true, client });
    let glance = TraceSession { from: five, until: five + Span::MINUTE, unlocked: false, client: None };
    assert_eq!(users[0][1], glance);
    assert!(notes[0].contains("cut 1 row"), "{notes:?}");
}

#[test]
fn a_million_rows_are_read() {
    let text: String = (0..1_000_000_u64).map(|i| format!("{}\n", 1_772_400_000_000 + i * 1000)).collect();
    assert_eq!(mail(&text, Align::Week).unwrap().0[0].len(), 1_000_000);
}

/// Reads a table both ways and checks what must hold of whatever was read; it can also be lived.
fn read_both(bytes: &[u8]) {
    let clock = berlin("2026-03-28T09:00", 28);
    let end = Time::ORIGIN + Span::DAY * 28;
    for align in [Align::Week, Align::None] {
        let (mailboxes, _) =
            read_mail(bytes, &MailColumns::default(), &Reading::new("m.csv", align, &clock, end))
                .unwrap_or_default();
        assert!(mailboxes.iter().all(|times| times.is_sorted() && times.iter().all(|at| *at < end)));
        let (users, _) =
            read_user(bytes, &UserColumns::default(), &Reading::new("u.csv", align, &clock, end))
                .unwrap_or_default();
        for sessions in &users {
            assert!(sessions.iter().all(|session| session.from <= session.until));
            assert!(sessions.windows(2).all(|pair| pair[0].until <= pair[1].from));
        }
        if !users.is_empty() {
            let traces = Traces { users: Arc::new(users), ..Traces::default() };
            World { traces, clock: clock.clone(), ..World::typical(1) }.with_user("model = 'trace'").run();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        read_both(&bytes);
    }

    #[test]
    fn no_table_makes_a_reader_panic(rows in proptest::collection::vec(
        (1_700_000_000_000_u64..1_701_000_000_000, 0_u64..1_000_000, 0..4_u8, any::<bool>()), 0..40)
    ) {
        let line = |(at, length, form, unlocked): &(u64, u64, u8, bool)| match form {
            0 => format!("{at},{},{unlocked}\n", at + length),
            1 => format!("{at},Gmail,{}\n", length % 20),
            2 => format!("2025-0{}-1{}T1{}:00:00+0{}:30,,\n", at % 9 + 1, length % 10, at % 10, at % 10),
            _ => format!("{at},{unlocked},\"\n"),
        };
        for form in 0..4 {
            let of_one_form: String = rows.iter().map(|row| line(&(row.0, row.1, form, row.3))).collect();
            read_both(of_one_form.as_bytes());
        }
        read_both(rows.iter().map(line).collect::<String>().as_bytes());
    }
}

/// A file of the shared folder, or a loud word that the test was skipped for want of it.
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
fn a_real_mailbox_reads_as_it_stands() {
    let test = "a_real_mailbox_reads_as_it_stands";
    let Some(bytes) = shared(test, "mail_josh_ios17_inbox.csv") else { return };
    let clock = berlin("2026-03-02T00:00", 600);
    let end = Time::ORIGIN + Span::DAY * 600;
    let (mailboxes, notes) =
        read_mail(&bytes, &MailColumns::default(), &Reading::new("inbox.csv", Align::Week, &clock, end))
            .unwrap();
    println!("{notes:?}");
    assert_eq!(mailboxes[0].len(), 2002);
    // The first is of a Tuesday, 21:37:07 in UTC, which is 22:37:07 in Berlin in winter.
    assert_eq!(clock.local(mailboxes[0][0]).day, 1);
    assert_eq!(clock.local(mailboxes[0][0]).dial(), Span::from_secs(22 * 3600 + 37 * 60 + 7));
}

#[test]
fn a_real_phone_reads_as_it_stands() {
    let test = "a_real_phone_reads_as_it_stands";
    let Some(derived) = shared(test, "android_usagelogger_sessions.csv") else { return };
    let Some(events) = shared(test, "android_usagelogger_past_usage.csv") else { return };
    let (clock, end) = (berlin("2026-03-02T00:00", 28), Time::ORIGIN + Span::DAY * 28);
    let read = |bytes: &[u8]| {
        let (mut users, notes) =
            read_user(bytes, &UserColumns::default(), &Reading::new("phone.csv", Align::Week, &clock, end))
                .unwrap();
        let sessions = users.remove(0);
        let unlocked = sessions.iter().filter(|session| session.unlocked).count();
        let client = sessions.iter().filter(|session| session.client.is_some()).count();
        println!("{} sessions, {unlocked} unlocked, {client} with the client; {notes:?}", sessions.len());
        (unlocked, sessions.iter().map(|session| session.from).collect::<Vec<_>>())
    };
    let (derived, events) = (read(&derived), read(&events));
    assert_eq!((derived.1.len(), derived.0), (67, 45));
    assert_eq!(derived.1, events.1);
}
