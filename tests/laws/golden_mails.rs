//! A few mails worked by hand from "Semantics, exactly" of the specification, with their exact rows.
//!
//! Mail and user are recorded in `tests/fixtures`. Where the client is woken, wakes come every hour
//! at a phase that is random per device; it is read from the first check, and every other instant
//! follows from it.

use crate::common::{Run, run, traced};
use bgsim::client::DelayCause;
use bgsim::record::RecordFile;

/// One phone that only does what the files say: recorded mail, recorded user, no restarts.
const RECORDED: &str = r#"
name = "recorded"
devices = 1
time_zone = "UTC"
warmup = "0s"
[policy]
allow_device_keychain = true
[client]
key_in_memory = "dropped_in_background"
check_duration = "4s"
check_per_mail = "0s"
[user]
model = "trace"
file = "user.csv"
align = "none"
[mail]
model = "trace"
file = "mail.csv"
align = "none"
[scheduler]
model = "never"
[memory]
model = "off"
[network]
model = "always"
[power]
model = "always_charged"
[[fleet]]
persona = "typical"
reboots_per_30d = 0.0
mail_opens_per_weekday = 0.0
"#;

const HOURLY: [&str; 2] = ["scheduler.model=periodic", "scheduler.every=1h"];
const NOBODY: [&str; 2] = ["user={ model = \"absent\" }", "lock.model=always_unlocked"];

/// An instant so many milliseconds after another, as files write it.
fn later(instant: &str, ms: u64) -> String {
    let instant: jiff::Timestamp = instant.parse().unwrap();
    bgsim::clock::utc(instant.as_millisecond() + ms as i64)
}

/// A row of `mail.csv` from its beginning, the milliseconds of the causes that are not zero, and whether it
/// arrived in working hours.
fn mail_row(begin: impl std::fmt::Display, causes: &[(&str, u64)], in_hours: bool) -> String {
    let of =
        |cause: DelayCause| causes.iter().filter(|(name, _)| *name == cause.name()).map(|(_, ms)| ms).sum();
    let cells: Vec<String> = DelayCause::ALL.map(|cause| u64::to_string(&of(cause))).into();
    assert!(causes.iter().all(|(name, _)| DelayCause::ALL.iter().any(|cause| cause.name() == *name)));
    let begin = begin.to_string();
    // Nothing is pushed here, so nobody is signalled.
    let (told, held_back) = begin.rsplit_once(',').expect("it ends with when it was held back");
    format!("{told},,{held_back},{},{in_hours}", cells.join(","))
}

/// Milliseconds from the start to the first wake.
fn phase_of(run: &Run) -> u64 {
    let first = run.checks().into_iter().find(|check| check.trigger == "background_refresh");
    first.expect("a wake").at_ms as u64
}

/// (a) The client needs its user. Mail arrives at 08:00:00 and the client is opened at 08:30:00:
/// for 1,800,000 ms only an app flip would give the key. Opening flips and checks for 4 s, seeing
/// the mail: 4,000 ms of `checking`. Told at 08:30:04, after 1,804,000 ms in all.
#[test]
fn a_mail_told_on_open_waits_for_the_flip_and_then_for_the_check() {
    let mail = include_str!("../fixtures/on-open-mail.csv");
    let user = include_str!("../fixtures/on-open-user.csv");
    let sets = ["measure=1d", "policy.allow_device_keychain=false"];
    let run = run(traced(RECORDED, &sets, mail, Some(user)));
    assert_eq!(
        run.rows(RecordFile::Mail),
        [mail_row(
            "0,typical,0,2026-03-02T08:00:00.000Z,on_open,2026-03-02T08:30:04.000Z,1804000,user_launch,",
            &[("needs_app_flip", 1_800_000), ("checking", 4000)],
            true
        )]
    );
    assert_eq!(
        run.rows(RecordFile::Checks),
        ["0,typical,2026-03-02T08:30:00.000Z,user_launch,resumed,unlocked,flip,new_mail,1,4000"]
    );
    assert!(run.rows(RecordFile::KeyFailures).is_empty() && run.rows(RecordFile::Notifications).is_empty());
}

/// (b) The keychain is closed until the phone is unlocked, and then a wake has to come. From 09:00
/// on there is a wake at every full hour plus the phase p, 0 <= p < 1 h. Mail arrives at 09:00:00.
/// The wake at 09:00 + p finds the device locked and resumes a suspended client: `key_failure`,
/// which takes no time and tells nobody. At 10:00:00 the phone is taken in hand until 12:00:00:
/// 3,600,000 ms of `keychain_locked` are over, and p ms of `not_scheduled` begin. The check of
/// 10:00 + p reads the keychain and tells after 4,000 ms; that of 11:00 + p finds nothing.
#[test]
fn a_mail_behind_a_lock_is_notified_by_the_first_wake_after_the_unlock() {
    let mail = include_str!("../fixtures/after-unlock-mail.csv");
    let user = include_str!("../fixtures/after-unlock-user.csv");
    let start = "2026-03-02T09:00:00.000Z";
    let sets = [&HOURLY[..], &["start=2026-03-02T09:00:00", "measure=3h"]].concat();
    let run = run(traced(RECORDED, &sets, mail, Some(user)));
    let p = phase_of(&run);
    let (first, second, third) = (later(start, p), later(start, 3_600_000 + p), later(start, 7_200_000 + p));
    let told = later(start, 3_604_000 + p);
    let latency = 3_604_000 + p;
    assert_eq!(
        run.rows(RecordFile::Mail),
        [mail_row(
            format!("0,typical,0,{start},notified,{told},{latency},background_refresh,"),
            &[("keychain_locked", 3_600_000), ("not_scheduled", p), ("checking", 4000)],
            true
        )]
    );
    assert_eq!(
        run.rows(RecordFile::Checks),
        [
            format!("0,typical,{first},background_refresh,resumed,locked,keychain_locked,key_failure,0,0"),
            format!("0,typical,{second},background_refresh,resumed,unlocked,keychain,new_mail,1,4000"),
            format!("0,typical,{third},background_refresh,resumed,unlocked,keychain,no_mail,0,4000"),
        ]
    );
    assert_eq!(
        run.rows(RecordFile::KeyFailures),
        [format!("0,typical,{first},keychain_locked,resumed,locked,key_failure")]
    );
    assert_eq!(run.rows(RecordFile::Notifications), [format!("0,typical,{told},1,0,content,")]);
}

/// (c) The client is open from 08:30:00 to 08:40:00. It checks at once and finds nothing. Mail of
/// 08:30:02, while that check runs, and of 08:35:00 is seen as it arrives: told in the same instant,
/// latency 0, nothing to blame, and no check of its own.
#[test]
fn a_mail_that_arrives_while_the_client_is_open_waits_for_nothing() {
    let mail = include_str!("../fixtures/client-open-mail.csv");
    let user = include_str!("../fixtures/client-open-user.csv");
    let run = run(traced(RECORDED, &["measure=1d"], mail, Some(user)));
    assert_eq!(
        run.rows(RecordFile::Mail),
        [
            mail_row(
                "0,typical,0,2026-03-02T08:30:02.000Z,on_open,2026-03-02T08:30:02.000Z,0,client_open,",
                &[],
                true
            ),
            mail_row(
                "0,typical,1,2026-03-02T08:35:00.000Z,on_open,2026-03-02T08:35:00.000Z,0,client_open,",
                &[],
                true
            ),
        ]
    );
    assert_eq!(
        run.rows(RecordFile::Checks),
        ["0,typical,2026-03-02T08:30:00.000Z,user_launch,resumed,unlocked,keychain,no_mail,0,4000"]
    );
}

/// What both readings of after-hours mail share: working hours end at 18:00:00, and wakes come every hour.
const AFTER_HOURS: [&str; 2] = [
    "start=2026-03-02T17:59:59",
    "policy.working_hours={ days = [\"mon\", \"tue\"], from = \"08:00\", to = \"18:00\" }",
];

/// (d) Working hours end at 18:00:00, which is outside them. The first wake from 17:59:59 on comes a
/// phase p of more than a second later, so that both mails, of 17:59:59 and of 18:00:00, are found
/// outside and held back from the end of that check. Nothing is posted; later wakes find nothing new. The
/// client is opened at 22:00:00: told in that instant, without network or check; until then all is
/// `quiet_hours`.
#[test]
fn a_mail_found_after_working_hours_is_told_when_the_client_is_next_opened() {
    let mail = include_str!("../fixtures/after-hours-mail.csv");
    let user = include_str!("../fixtures/after-hours-user.csv");
    let start = "2026-03-02T17:59:59.000Z";
    let sets = [&HOURLY[..], &AFTER_HOURS, &["measure=5h", "lock.model=always_unlocked"]].concat();
    let run = run(traced(RECORDED, &sets, mail, Some(user)));
    let p = phase_of(&run);
    assert!(p > 1000, "this seed wakes the phone before 18:00; choose another");
    let (found, held) = (later(start, p), later(start, p + 4000));
    let opened = "2026-03-02T22:00:00.000Z";
    let waits = |arrived: u64| {
        let (latency, quiet) = (4 * 3_600_000 + 1000 - arrived, 4 * 3_600_000 + 1000 - p - 4000);
        let causes = [("not_scheduled", p - arrived), ("checking", 4000), ("quiet_hours", quiet)];
        assert_eq!(causes.iter().map(|(_, ms)| ms).sum::<u64>(), latency);
        (latency, causes)
    };
    let row = |number: u64, arrived: &str, after: u64| {
        let (latency, causes) = waits(after);
        let begin = format!("0,typical,{number},{arrived},on_open,{opened},{latency},client_open,{held}");
        mail_row(begin, &causes, number == 0)
    };
    assert_eq!(
        run.rows(RecordFile::Mail),
        [row(0, "2026-03-02T17:59:59.000Z", 0), row(1, "2026-03-02T18:00:00.000Z", 1000)]
    );
    assert_eq!(
        run.rows(RecordFile::Checks)[0],
        format!("0,typical,{found},background_refresh,resumed,unlocked,keychain,new_mail,2,4000")
    );
    assert!(run.rows(RecordFile::Notifications).is_empty());
    assert_eq!((run.figure("mail.held_back"), run.figure("mail.outcomes.on_open")), (Some(2.0), Some(2.0)));
}

/// (d') The same with `announced_when_hours_begin` and nobody who opens the client: one notification for both
/// at 08:00:00 of Tuesday, 14 h after 18:00:00. It is neither a check nor in need of one.
#[test]
fn held_mail_may_be_announced_when_the_hours_begin() {
    let mail = include_str!("../fixtures/after-hours-mail.csv");
    let start = "2026-03-02T17:59:59.000Z";
    let announced = ["measure=1d", "client.after_hours=announced_when_hours_begin"];
    let sets = [&HOURLY[..], &NOBODY, &AFTER_HOURS, &announced].concat();
    let run = run(traced(RECORDED, &sets, mail, None));
    let p = phase_of(&run);
    let (held, told) = (later(start, p + 4000), "2026-03-03T08:00:00.000Z");
    let row = |number: u64, arrived: &str, after: u64| {
        let latency = 14 * 3_600_000 + 1000 - after;
        let quiet = latency - (p - after) - 4000;
        mail_row(
            format!("0,typical,{number},{arrived},notified,{told},{latency},hours_begin,{held}"),
            &[("not_scheduled", p - after), ("checking", 4000), ("quiet_hours", quiet)],
            number == 0,
        )
    };
    assert_eq!(
        run.rows(RecordFile::Mail),
        [row(0, "2026-03-02T17:59:59.000Z", 0), row(1, "2026-03-02T18:00:00.000Z", 1000)]
    );
    assert_eq!(run.rows(RecordFile::Notifications), [format!("0,typical,{told},2,0,content,")]);
}

/// (d'') A check that begins on the screen and ends after the user has left tells by a notification: the mail
/// was not seen. The client is opened at 08:30:00 for 3 s, and the check takes 4 s.
#[test]
fn a_mail_found_after_the_user_has_left_takes_a_notification() {
    let mail = include_str!("../fixtures/on-open-mail.csv");
    let user = include_str!("../fixtures/left-early-user.csv");
    let run = run(traced(RECORDED, &["measure=1d", "lock.model=always_unlocked"], mail, Some(user)));
    let told = "2026-03-02T08:30:04.000Z";
    assert_eq!(
        run.rows(RecordFile::Mail),
        [mail_row(
            format!("0,typical,0,2026-03-02T08:00:00.000Z,notified,{told},1804000,user_launch,"),
            &[("not_scheduled", 1_800_000), ("checking", 4000)],
            true
        )]
    );
    assert_eq!(run.rows(RecordFile::Notifications), [format!("0,typical,{told},1,0,content,")]);
}

/// (e) Nothing ever wakes the client and nobody opens it. Mail arrives at 08:00:00 on a locked
/// phone: 3,600,000 ms of `keychain_locked` until the phone is unlocked at 09:00:00. It is put down
/// at 09:10:00 by the side button, and the keychain closes 10 s later: 610,000 ms of
/// `not_scheduled`. Then `keychain_locked` again until the horizon at 10:00:00, 2,990,000 ms.
/// Together 7,200,000 ms, the two hours from arrival to horizon.
#[test]
fn a_mail_that_is_never_told_waits_for_its_causes_until_the_horizon() {
    let mail = include_str!("../fixtures/undelivered-mail.csv");
    let user = include_str!("../fixtures/undelivered-user.csv");
    let sets = ["start=2026-03-02T08:00:00", "measure=2h"];
    let run = run(traced(RECORDED, &sets, mail, Some(user)));
    assert_eq!(
        run.rows(RecordFile::Mail),
        [mail_row(
            "0,typical,0,2026-03-02T08:00:00.000Z,undelivered,,,,",
            &[("keychain_locked", 6_590_000), ("not_scheduled", 610_000)],
            true
        )]
    );
    assert_eq!(3_600_000 + 2_990_000, 6_590_000);
    assert!(run.rows(RecordFile::Checks).is_empty());
}

/// (f) A check sees what had arrived when it began. One mail a minute before the wake w is told at
/// w + 4 s: 60,000 ms of `not_scheduled` and 4,000 ms of `checking`. One two seconds after w, while
/// the check runs, is not seen by it and waits for the next: that begins 3,598,000 ms later (all
/// `not_scheduled`, for the running check was none that would see it) and takes 4,000 ms.
#[test]
fn a_mail_that_arrives_during_a_check_is_left_to_the_next() {
    let start = "2026-03-02T08:00:00.000Z";
    let sets = [&HOURLY[..], &NOBODY, &["start=2026-03-02T08:00:00", "measure=4h"]].concat();
    let w = 3_600_000 + phase_of(&run(traced(RECORDED, &sets, start, None)));
    let (before, during) = (later(start, w - 60_000), later(start, w + 2000));
    let run = run(traced(RECORDED, &sets, &format!("{before}\n{during}\n"), None));
    let (told, next, told_next) =
        (later(start, w + 4000), later(start, w + 3_600_000), later(start, w + 3_604_000));
    assert_eq!(
        run.rows(RecordFile::Mail),
        [
            mail_row(
                format!("0,typical,0,{before},notified,{told},64000,background_refresh,"),
                &[("not_scheduled", 60_000), ("checking", 4000)],
                true
            ),
            mail_row(
                format!("0,typical,1,{during},notified,{told_next},3602000,background_refresh,"),
                &[("not_scheduled", 3_598_000), ("checking", 4000)],
                true
            ),
        ]
    );
    let w = later(start, w);
    let checks = run.rows(RecordFile::Checks);
    assert_eq!(
        checks[1..3],
        [
            format!("0,typical,{w},background_refresh,resumed,unlocked,keychain,new_mail,1,4000"),
            format!("0,typical,{next},background_refresh,resumed,unlocked,keychain,new_mail,1,4000"),
        ]
    );
    assert_eq!(
        run.rows(RecordFile::Notifications),
        [format!("0,typical,{told},1,0,content,"), format!("0,typical,{told_next},1,1,content,")]
    );
}

/// (g) A restart at 03:00:00 ends the process and closes every class of the keychain, even
/// `after_first_unlock`, in the instant in which mail arrives. The wake of 02:00 + p resumed the
/// client on its locked phone, where that class is open; that of 03:00 + p launches it anew, finds
/// no key and ends it again. The first unlock at 04:00:00 ends 3,600,000 ms of
/// `before_first_unlock`; the launch of 04:00 + p, after p ms of `not_scheduled`, tells in 4,000 ms.
#[test]
fn a_mail_after_a_restart_waits_for_the_first_unlock() {
    let mail = include_str!("../fixtures/restarted-mail.csv");
    let user = include_str!("../fixtures/restarted-user.csv");
    let start = "2026-03-02T02:00:00.000Z";
    let restart = ["policy.keychain_class=after_first_unlock", "lock.reboot_at=\"03:00\""];
    let sets = [&HOURLY[..], &restart, &["start=2026-03-02T02:00:00", "measure=3h"]].concat();
    let run = run(traced(RECORDED, &sets, mail, Some(user)));
    let p = phase_of(&run);
    let (first, second, third) = (later(start, p), later(start, 3_600_000 + p), later(start, 7_200_000 + p));
    let (told, latency) = (later(start, 7_204_000 + p), 3_604_000 + p);
    assert_eq!(
        run.rows(RecordFile::Mail),
        [mail_row(
            format!("0,typical,0,2026-03-02T03:00:00.000Z,notified,{told},{latency},background_refresh,"),
            &[("before_first_unlock", 3_600_000), ("not_scheduled", p), ("checking", 4000)],
            true
        )]
    );
    assert_eq!(
        run.rows(RecordFile::Checks),
        [
            format!("0,typical,{first},background_refresh,resumed,locked,keychain,no_mail,0,4000"),
            format!(
                "0,typical,{second},background_refresh,launched,before_first_unlock,before_first_unlock,launch_refused,0,0"
            ),
            format!("0,typical,{third},background_refresh,launched,unlocked,keychain,new_mail,1,4000"),
        ]
    );
    assert_eq!(
        run.rows(RecordFile::KeyFailures),
        [format!("0,typical,{second},before_first_unlock,launched,before_first_unlock,launch_refused")]
    );
    assert_eq!(run.figure("process.refused_launches"), Some(1.0));
    assert_eq!(run.figure("process.terminations.reboot"), Some(1.0));
    assert_eq!(run.figure("process.background_launches"), Some(2.0));
}

/// (h) The client is on the screen when the phone restarts at 03:00:00, so its process ends with
/// everything else, and its user waits for the phone. The client that the wake of 03:00 + p starts
/// is `launched`, not `resumed`: unlocked by hand after the minute that booting takes and locked
/// again at 03:10:00, `after_first_unlock` is open to it. Mail of 03:00:00, in the instant of the
/// restart but before it, is seen on the screen.
#[test]
fn a_restart_ends_the_client_even_if_it_is_on_the_screen() {
    let mail = include_str!("../fixtures/restarted-mail.csv");
    let user = include_str!("../fixtures/restarted-in-hand-user.csv");
    let start = "2026-03-02T02:00:00.000Z";
    let restart = ["policy.keychain_class=after_first_unlock", "lock.reboot_at=\"03:00\""];
    let sets = [&HOURLY[..], &restart, &["start=2026-03-02T02:00:00", "measure=2h", "seed=2"]].concat();
    let run = run(traced(RECORDED, &sets, mail, Some(user)));
    let p = phase_of(&run);
    assert!(
        (600_000..3_540_000).contains(&p),
        "this seed wakes the phone while it is in hand; choose another"
    );
    let (first, second) = (later(start, p), later(start, 3_600_000 + p));
    assert_eq!(
        run.rows(RecordFile::Mail),
        [mail_row(
            "0,typical,0,2026-03-02T03:00:00.000Z,on_open,2026-03-02T03:00:00.000Z,0,client_open,",
            &[],
            true
        )]
    );
    assert_eq!(
        run.rows(RecordFile::Checks),
        [
            format!("0,typical,{first},background_refresh,resumed,locked,keychain,no_mail,0,4000"),
            "0,typical,2026-03-02T02:59:00.000Z,user_launch,resumed,unlocked,keychain,no_mail,0,4000".into(),
            format!("0,typical,{second},background_refresh,launched,locked,keychain,no_mail,0,4000"),
        ]
    );
    assert_eq!(run.figure("process.terminations.reboot"), Some(1.0));
}
