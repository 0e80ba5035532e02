//! Files as people have them: exported by a mail server, saved by a spreadsheet, in the time of a wall clock.

use super::world::*;
use bgsim::clock::{Clock, time_zone};
use bgsim::time::{Span, Time};
use bgsim::trace::{
    Align, Dates, MailColumns, NetworkColumns, Reading, UserColumns, read_mail, read_network, read_user,
};

type Mail = Result<(Vec<Vec<Time>>, Vec<String>), String>;

/// Reads arrivals in Berlin, from 2 March 2026 on, as they stand.
fn mail_as(bytes: &[u8], columns: &MailColumns, dates: Option<Dates>) -> Mail {
    let clock = berlin("2026-03-02T00:00", 28);
    let zone = time_zone("Europe/Berlin").unwrap();
    let end = Time::ORIGIN + Span::DAY * 28;
    read_mail(bytes, columns, &Reading { dates, zone, ..Reading::new("m.csv", Align::None, &clock, end) })
}

fn mail(text: &str) -> Mail {
    mail_as(text.as_bytes(), &MailColumns::default(), None)
}

fn day(day: u64, hour: u64, minute: u64) -> Time {
    Time::ORIGIN + Span::DAY * day + Span::HOUR * hour + Span::MINUTE * minute
}

#[test]
fn a_wall_clock_is_that_of_the_scenario_and_an_offset_wins() {
    let nine = [vec![day(0, 9, 15)]];
    for text in [
        "arrived\n2026-03-02 09:15\n",
        "arrived\n02.03.2026 09:15\n",
        "arrived\n2.3.26 9:15\n",
        "02.03.2026 09:15:00\n",
        "arrived\n2026-03-02T08:15:00Z\n",
        "arrived\n2026-03-02T16:15:00+08:00\n",
    ] {
        assert_eq!(mail(text).unwrap(), (nine.to_vec(), Vec::new()), "{text}");
    }
    // Over whole weeks the weekday and the dial are kept, whatever the season was: a Monday in summer.
    let clock = berlin("2026-03-02T00:00", 28);
    let zone = time_zone("Europe/Berlin").unwrap();
    let reading = Reading { zone, ..Reading::new("m.csv", Align::Week, &clock, day(28, 0, 0)) };
    let summer = read_mail(b"arrived\n14.07.2025 09:15\n", &MailColumns::default(), &reading);
    assert_eq!(summer.unwrap().0, nine);
}

#[test]
fn the_whole_column_says_whether_the_day_or_the_month_comes_first() {
    let by_day = mail("arrived\n03/03/2026 09:00\n05/03/2026 09:00\n13/03/2026 09:00\n").unwrap();
    assert_eq!(by_day.0, [[day(1, 9, 0), day(3, 9, 0), day(11, 9, 0)]]);
    assert_eq!(by_day.1, ["m.csv: dates have the day first, as `13/03/2026 09:00` in line 4 has"]);
    let by_month = mail("arrived\n3/5/2026 9:00 AM\n3/13/2026 9:00 AM\n").unwrap();
    assert_eq!(by_month.0, [[day(3, 9, 0), day(11, 9, 0)]]);
    // Where both numbers are alike there is nothing to decide.
    assert_eq!(mail("arrived\n3/3/2026 9:00\n").unwrap(), (vec![vec![day(1, 9, 0)]], Vec::new()));
    let doubtful = "arrived\n03/03/2026 9:15\n03/05/2026 9:15 AM\n";
    let error = mail(doubtful).unwrap_err();
    for part in [
        "m.csv:3: ",
        "`arrived`",
        "2026-05-03 or 2026-03-05",
        "`mail.dates = \"day_first\"` or `\"month_first\"`",
    ] {
        assert!(error.contains(part), "{error}");
    }
    let said = mail_as(doubtful.as_bytes(), &MailColumns::default(), Some(Dates::MonthFirst)).unwrap();
    assert_eq!(said.0, [[day(1, 9, 15), day(3, 9, 15)]]);
    let against = mail_as(b"arrived\n13/03/2026 9:15\n", &MailColumns::default(), Some(Dates::MonthFirst));
    assert!(
        against
            .unwrap_err()
            .starts_with("m.csv:2: in the column `arrived`: `13/03/2026 9:15` has no month 13")
    );
    let both = mail("arrived\n13/03/2026 9:15\n03/14/2026 9:15\n").unwrap_err();
    assert!(both.starts_with("m.csv:3: ") && both.contains("in line 2"), "{both}");
}

#[test]
fn a_time_that_the_clock_skips_or_has_twice_is_told() {
    // Late on 29 March the clock goes from 02:00 to 03:00.
    let (mailboxes, notes) = mail("arrived\n29.03.2026 02:30\n29.03.2026 03:30\n").unwrap();
    assert_eq!(mailboxes[0][0], mailboxes[0][1]);
    assert!(notes.iter().any(|note| note.contains("1 row of a time that the clock skips")), "{notes:?}");
    let clock = berlin("2026-10-19T00:00", 28);
    let zone = time_zone("Europe/Berlin").unwrap();
    let reading = Reading { zone, ..Reading::new("m.csv", Align::None, &clock, day(28, 0, 0)) };
    let (mailboxes, notes) = read_mail(b"25.10.2026 02:30\n", &MailColumns::default(), &reading).unwrap();
    assert_eq!(mailboxes, [[clock.at(6, Span::MINUTE * 150)]]);
    assert!(notes[0].contains("shows twice; the first is meant"), "{notes:?}");
}

#[test]
fn columns_go_by_the_names_that_the_scenario_gives() {
    let name = |name: &str| Some(name.to_string());
    let columns = MailColumns { arrived: name("received at"), device: name("To") };
    let text =
        "to;Subject;Received At\nb;\"x;\ny\";02.03.2026 09:15\na;z;02.03.2026 09:16\nb;;03.03.2026 09:15\n";
    let (mailboxes, notes) = mail_as(text.as_bytes(), &columns, None).unwrap();
    assert_eq!(mailboxes, [vec![day(0, 9, 15), day(1, 9, 15)], vec![day(0, 9, 16)]]);
    assert!(notes.is_empty(), "{notes:?}");
    let error = mail_as(b"To,When\na,02.03.2026 09:15\n", &columns, None).unwrap_err();
    assert_eq!(error, "m.csv:1: there is no column `received at`; the header is `To,When`");
    let error = mail_as(b"02.03.2026 09:15\n", &columns, None).unwrap_err();
    assert!(error.contains("there is no header"), "{error}");

    let (clock, end) = (Clock::utc(), Time::ORIGIN + Span::DAY);
    let reading = Reading::new("x.csv", Align::Week, &clock, end);
    let columns = UserColumns { on: name("Wake"), off: name("Sleep"), ..UserColumns::default() };
    let (users, _) =
        read_user(b"Sleep\tWake\n2026-03-02 09:01\t2026-03-02 09:00\n", &columns, &reading).unwrap();
    assert_eq!((users[0][0].from, users[0][0].until), (day(0, 9, 0), day(0, 9, 1)));
    let columns = NetworkColumns { network: name("Bearer"), ..NetworkColumns::default() };
    let text = b"until,from,bearer,device\n2026-03-02 10:00,2026-03-02 09:00,WiFi,a\n";
    let (networks, _) = read_network(text, &columns, &reading).unwrap();
    assert_eq!((networks[0][0].from, networks[0][0].until), (day(0, 9, 0), day(0, 10, 0)));
}

/// As Export-Csv writes what Get-MessageTraceV2 finds, in the words of an American server.
const MESSAGE_TRACE: &str = "\"MessageId\",\"Received\",\"SenderAddress\",\"RecipientAddress\",\"Subject\",\"Status\"\n\
    \"<1>\",\"3/13/2026 8:15:00 AM\",\"x@a.example\",\"anna@b.example\",\"Hello, all\",\"Delivered\"\n\
    \"<1>\",\"3/13/2026 8:15:00 AM\",\"x@a.example\",\"all@b.example\",\"Hello, all\",\"Expanded\"\n\
    \"<1>\",\"3/13/2026 8:15:01 AM\",\"x@a.example\",\"otto@b.example\",\"Hello, all\",\"Delivered\"\n\
    \"<2>\",\"3/2/2026 11:00:00 PM\",\"y@a.example\",\"anna@b.example\",\"\",\"Delivered\"\n\
    \"<3>\",\"3/3/2026 11:00:00 PM\",\"y@a.example\",\"anna@b.example\",\"\",\"FilteredAsSpam\"\n\
    \"<4>\",\"3/3/2026 11:00:00 PM\",\"y@a.example\",\"otto@b.example\",\"\",\"FilteredAsSpam\"\n";

#[test]
fn a_message_trace_of_exchange_is_read_as_it_is_exported() {
    let (mailboxes, notes) = mail(MESSAGE_TRACE).unwrap();
    // In UTC, so that 23:00 is midnight in Berlin.
    let second = Span::SECOND;
    assert_eq!(mailboxes, [vec![day(1, 0, 0), day(11, 9, 15)], vec![day(11, 9, 15) + second]]);
    let notes = notes.join("\n");
    for part in
        ["in UTC: 3 mails to 2 mailboxes", "does not count (Expanded 1, FilteredAsSpam 2)", "the month first"]
    {
        assert!(notes.contains(part), "{notes}");
    }
    let none: String = MESSAGE_TRACE.replace("\"Delivered\"", "\"Failed\"");
    assert!(mail(&none).unwrap_err().contains("no row of a mail that was delivered"));
}

#[test]
fn whatever_a_spreadsheet_saves_is_the_same_file() {
    let expected = mail(MESSAGE_TRACE).unwrap();
    let marks = [",", ";", "\t"].map(|mark| MESSAGE_TRACE.replace("\",\"", &format!("\"{mark}\"")));
    for text in marks.into_iter().chain([format!("sep=,\r\n{}", MESSAGE_TRACE.replace('\n', "\r\n"))]) {
        let marked = format!("\u{feff}{text}");
        let little = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big = marked.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [text.clone().into_bytes(), marked.into_bytes(), little, big] {
            let (mailboxes, notes) = mail_as(&bytes, &MailColumns::default(), None).unwrap();
            assert_eq!((mailboxes, notes.len()), (expected.0.clone(), expected.1.len()));
        }
    }
}
