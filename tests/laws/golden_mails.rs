//! A few mails worked by hand from "Semantics, exactly" of the specification, with their exact rows.
//!
//! Mail and user are recorded in `tests/fixtures`. Where the client is woken, wakes come every hour
//! at a phase that is random per device; it is read from the first check, and every other instant
//! follows from it.

use crate::common::{Run, run, traced};
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
        ["0,typical,0,2026-03-02T08:00:00.000Z,on_open,2026-03-02T08:30:04.000Z,1804000,user_launch,\
            4000,0,0,0,0,0,0,0,1800000,0,0,0,0,true"]
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
        [format!(
            "0,typical,0,{start},notified,{told},{latency},background_refresh,4000,0,0,0,0,0,0,3600000,0,0,0,0,{p},true"
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
    assert_eq!(run.rows(RecordFile::Notifications), [format!("0,typical,{told},1,0")]);
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
            "0,typical,0,2026-03-02T08:30:02.000Z,on_open,2026-03-02T08:30:02.000Z,0,client_open,\
            0,0,0,0,0,0,0,0,0,0,0,0,0,true",
            "0,typical,1,2026-03-02T08:35:00.000Z,on_open,2026-03-02T08:35:00.000Z,0,client_open,\
            0,0,0,0,0,0,0,0,0,0,0,0,0,true"
        ]
    );
    assert_eq!(
        run.rows(RecordFile::Checks),
        ["0,typical,2026-03-02T08:30:00.000Z,user_launch,resumed,unlocked,keychain,no_mail,0,4000"]
    );
}

/// (d) Working hours end at 18:00:00, which is outside them. The first wake from 17:59:59 on comes a
/// phase p of more than a second later, so that both mails, of 17:59:59 and of 18:00:00, are found
/// outside: `quiet` and final, with the instant but neither latency nor causes. The first of them
/// arrived inside. Nothing is posted; the next wake finds nothing new.
#[test]
fn a_mail_found_after_working_hours_is_quiet_and_blames_nothing() {
    let mail = include_str!("../fixtures/after-hours-mail.csv");
    let start = "2026-03-02T17:59:59.000Z";
    let hours = "policy.working_hours={ days = [\"mon\"], from = \"08:00\", to = \"18:00\" }";
    let sets = [&HOURLY[..], &NOBODY, &["start=2026-03-02T17:59:59", "measure=2h", hours]].concat();
    let run = run(traced(RECORDED, &sets, mail, None));
    let p = phase_of(&run);
    assert!(p > 1000, "this seed wakes the phone before 18:00; choose another");
    let (found, told, again) = (later(start, p), later(start, p + 4000), later(start, 3_600_000 + p));
    assert_eq!(
        run.rows(RecordFile::Mail),
        [
            format!("0,typical,0,2026-03-02T17:59:59.000Z,quiet,{told},,,,,,,,,,,,,,,,true"),
            format!("0,typical,1,2026-03-02T18:00:00.000Z,quiet,{told},,,,,,,,,,,,,,,,false"),
        ]
    );
    assert_eq!(
        run.rows(RecordFile::Checks),
        [
            format!("0,typical,{found},background_refresh,resumed,unlocked,keychain,new_mail,2,4000"),
            format!("0,typical,{again},background_refresh,resumed,unlocked,keychain,no_mail,0,4000"),
        ]
    );
    assert!(run.rows(RecordFile::Notifications).is_empty());
    // Only mail from inside counts against the policy, and it counts as never told.
    assert_eq!((run.total().waits.never, run.total().waits.mail()), (1, 1));
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
        ["0,typical,0,2026-03-02T08:00:00.000Z,undelivered,,,,0,0,0,0,0,0,0,6590000,0,0,0,0,610000,true"]
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
            format!(
                "0,typical,0,{before},notified,{told},64000,background_refresh,4000,0,0,0,0,0,0,0,0,0,0,0,60000,true"
            ),
            format!(
                "0,typical,1,{during},notified,{told_next},3602000,background_refresh,\
                4000,0,0,0,0,0,0,0,0,0,0,0,3598000,true"
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
        [format!("0,typical,{told},1,0"), format!("0,typical,{told_next},1,1")]
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
        [format!(
            "0,typical,0,2026-03-02T03:00:00.000Z,notified,{told},{latency},background_refresh,\
            4000,0,0,0,0,0,3600000,0,0,0,0,0,{p},true"
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
        ["0,typical,0,2026-03-02T03:00:00.000Z,on_open,2026-03-02T03:00:00.000Z,0,client_open,\
            0,0,0,0,0,0,0,0,0,0,0,0,0,true"]
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
