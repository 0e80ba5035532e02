//! Where results may stand: links, folders that cannot be moved, names that are too long; what a program that was killed
//! left there; many writers at once.

use super::cli::{bgsim, code, contents, done, short, text};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;
use tempfile::TempDir;

fn names(folder: &Path) -> Vec<String> {
    contents(folder).into_keys().collect()
}

fn writes(home: &Path, out: &str) {
    let output = done(home, &short(&["--out", out]));
    assert_eq!(code(&output), Some(0), "{out}: {}", text(&output.stderr));
}

fn refusal(home: &Path, out: &str) -> String {
    let output = done(home, &short(&["--out", out]));
    assert_eq!(code(&output), Some(1), "{out}");
    assert!(output.stdout.is_empty(), "it was simulated before {out} was refused");
    text(&output.stderr).into()
}

#[test]
fn a_link_is_followed_and_one_that_leads_nowhere_is_refused_before_the_work() {
    let home = TempDir::new().unwrap();
    fs::create_dir_all(home.path().join("disk/real")).unwrap();
    symlink("disk/real", home.path().join("link")).unwrap();
    for out in ["link", "link/"] {
        writes(home.path(), out);
        assert!(fs::symlink_metadata(home.path().join("link")).unwrap().is_symlink(), "{out}");
        assert!(home.path().join("disk/real/summary.json").exists());
        assert_eq!(names(&home.path().join("disk")), ["real"]);
    }
    symlink("gone", home.path().join("dangling")).unwrap();
    for out in ["dangling", "dangling/"] {
        let said = refusal(home.path(), out);
        assert!(said.contains("is a link to gone, which is not there"), "{said}");
    }
}

#[test]
fn what_cannot_be_a_folder_is_refused_before_the_work() {
    let home = TempDir::new().unwrap();
    let long = "x".repeat(300);
    // One that fits, where that of an interruption would not.
    let nearly = "x".repeat(250);
    fs::write(home.path().join("file"), "mine").unwrap();
    symlink("loop", home.path().join("loop")).unwrap();
    for (out, says) in [
        (long.as_str(), "too long"),
        (&nearly, "too long"),
        ("file", "is a file"),
        ("file/below", "Not a directory"),
        ("loop", "symbolic links"),
        ("/", "cannot be a folder of results"),
    ] {
        let said = refusal(home.path(), out);
        assert!(said.contains(says), "{out}: {said}");
    }
    fs::remove_file(home.path().join("loop")).unwrap();
    assert_eq!(names(home.path()), ["file"]);
}

/// The shell stands in it: it must be the same folder afterwards.
/// The folder is there: what is not found is what was to be made.
#[cfg(target_os = "linux")]
#[test]
fn where_nothing_can_be_made_that_is_said() {
    let home = TempDir::new().unwrap();
    let said = refusal(home.path(), "/proc/record");
    let why = ["nothing can be made there", "permission denied"];
    assert!(why.iter().any(|why| said.contains(&format!("cannot write in /proc: {why}"))), "{said}");
}

#[test]
fn the_current_folder_is_written_in_place() {
    let home = TempDir::new().unwrap();
    let here = home.path().join("here");
    fs::create_dir(&here).unwrap();
    let inode = || std::os::unix::fs::MetadataExt::ino(&fs::metadata(&here).unwrap());
    let before = inode();
    writes(&here, ".");
    let first = contents(&here);
    assert!(first.contains_key("mail.csv") && first.contains_key("summary.json"));
    let again = done(&here, &short(&["--rows", "none", "--seed", "2", "--out", "."]));
    assert_eq!(code(&again), Some(0), "{}", text(&again.stderr));
    let second = contents(&here);
    assert!(!second.contains_key("mail.csv") && second["summary.json"] != first["summary.json"]);
    assert!(!second.keys().any(|name| name.starts_with('.')), "{:?}", second.keys());
    assert_eq!((before, names(home.path())), (inode(), vec!["here".to_string()]));
}

/// As a volume of a container is, or a folder of one's own in one that is not.
#[test]
fn a_folder_that_cannot_be_moved_is_written_in_place() {
    const TEST: &str = "a_folder_that_cannot_be_moved_is_written_in_place";
    let home = TempDir::new().unwrap();
    let tool = env!("CARGO_BIN_EXE_bgsim");
    let run = format!("{tool} {} --out volume", short(&[]).join(" "));
    let script = format!(
        "mkdir volume && mount -t tmpfs tmpfs volume || exit 77; {run} && {run} --rows none && ls -A volume && ls -A ."
    );
    let output = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", &script])
        .current_dir(home.path())
        .output();
    match output {
        Ok(output) if code(&output) == Some(77) || text(&output.stderr).starts_with("unshare:") => {
            crate::common::skip::skip(TEST, "nothing can be mounted here");
        }
        Err(_) => crate::common::skip::skip(TEST, "there is no `unshare`"),
        Ok(output) => {
            assert_eq!(code(&output), Some(0), "{}", text(&output.stderr));
            let said = text(&output.stdout);
            let (_, files) = said.rsplit_once("record in volume\n").unwrap();
            assert!(files.contains("causes.svg\n") && files.ends_with("\nvolume\n"), "{files}");
            assert!(!files.contains("mail.csv") && !files.contains(".bgsim"), "{files}");
        }
    }
}

#[test]
fn what_a_killed_program_left_is_removed_and_what_is_in_work_is_not() {
    let home = TempDir::new().unwrap();
    let left = |name: &str| {
        let folder = home.path().join(name);
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("mail.csv"), "half").unwrap();
        folder
    };
    left(".bgsim-aaaaaa");
    let live = left(".bgsim-bbbbbb");
    let lock = fs::File::open(&live).unwrap();
    lock.try_lock().unwrap();
    // Of others: not as long, or with something in it that we do not write.
    left(".bgsim-older");
    fs::write(left(".bgsim-cccccc").join("thesis.tex"), "mine").unwrap();
    fs::write(home.path().join(".bgsim-dddddd"), "half a baseline").unwrap();
    writes(home.path(), "record");
    assert_eq!(names(home.path()), [".bgsim-bbbbbb", ".bgsim-cccccc", ".bgsim-older", "record"]);
    drop(lock);
    writes(home.path(), "record");
    assert_eq!(names(home.path()), [".bgsim-cccccc", ".bgsim-older", "record"]);
}

/// Where folders cannot be exchanged in one step, a kill between the two leaves none: the older one comes back.
#[test]
fn a_folder_that_had_given_way_comes_back() {
    let home = TempDir::new().unwrap();
    writes(home.path(), "record");
    let before = contents(&home.path().join("record"));
    fs::rename(home.path().join("record"), home.path().join(".bgsim-older.record")).unwrap();
    writes(home.path(), "other");
    assert_eq!(names(home.path()), ["other", "record"]);
    assert_eq!(contents(&home.path().join("record")), before);
    // With a newer one in its place it is in nobody's way.
    fs::rename(home.path().join("other"), home.path().join(".bgsim-older.record")).unwrap();
    writes(home.path(), "third");
    assert_eq!(names(home.path()), ["record", "third"]);
}

/// Half of a folder that is replaced from within is moved on.
#[test]
fn a_folder_that_was_being_replaced_in_place_is_gone_on_with() {
    for state in [".bgsim-in-place.whole", ".bgsim-in-place.moving"] {
        let home = TempDir::new().unwrap();
        let here = home.path().join("here");
        writes(home.path(), "here");
        let newer = done(home.path(), &short(&["--rows", "none", "--seed", "2", "--out", "newer"]));
        assert_eq!(code(&newer), Some(0), "{}", text(&newer.stderr));
        let expected = contents(&home.path().join("newer"));
        fs::rename(home.path().join("newer"), here.join(state)).unwrap();
        if state.ends_with("moving") {
            // Older files that the newer has not are gone by then, and some of its own are there.
            for file in names(&here).iter().filter(|name| name.ends_with(".csv")) {
                fs::remove_file(here.join(file)).unwrap();
            }
            fs::rename(here.join(state).join("report.html"), here.join("report.html")).unwrap();
        }
        // Whoever looks whether something can be written there is enough: this is refused after it has looked.
        let words = ["observe", "--name", "pick-ups", "--jobs", "0", "--out", "."];
        assert_eq!(code(&done(&here, &words)), Some(1));
        let found = contents(&here);
        let differ: Vec<_> = expected.keys().filter(|name| found.get(*name) != expected.get(*name)).collect();
        assert!(
            differ.is_empty() && found.len() == expected.len(),
            "{state}: {differ:?} of {:?}",
            found.keys()
        );
    }
}

#[test]
fn the_rights_of_results_are_those_that_the_user_gives() {
    let home = TempDir::new().unwrap();
    for (umask, folder, file) in [("077", 0o700, 0o600), ("002", 0o775, 0o664), ("022", 0o755, 0o644)] {
        let words = short(&["--out", "record"]).join(" ");
        let script = format!("umask {umask}; {} {words}", env!("CARGO_BIN_EXE_bgsim"));
        let output = Command::new("sh").args(["-c", &script]).current_dir(home.path()).output().unwrap();
        assert_eq!(code(&output), Some(0), "{}", text(&output.stderr));
        let mode = |path: &str| fs::metadata(home.path().join(path)).unwrap().permissions().mode() & 0o777;
        let modes = (mode("record"), mode("record/mail.csv"), mode("record/report.html"));
        assert_eq!(modes, (folder, file, file), "{umask}");
    }
}

/// Nobody who looks finds no record, or half a one, however many write it.
#[test]
fn many_writers_of_one_folder_leave_whole_records() {
    const WRITERS: u32 = 24;
    const ROUNDS: u32 = 2;
    let home = TempDir::new().unwrap();
    writes(home.path(), "record");
    let (is_over, seen) = (AtomicBool::new(false), AtomicU32::new(0));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                let text = fs::read_to_string(home.path().join("record/summary.json"));
                let text = text.expect("there is always a record");
                let json: Value = serde_json::from_str(&text).expect("it is always whole");
                assert_eq!(json["tool"]["name"], "bgsim");
                seen.fetch_add(1, Ordering::Relaxed);
            }
        });
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let home = home.path();
                scope.spawn(move || {
                    for round in 0..ROUNDS {
                        let seed = (writer * ROUNDS + round).to_string();
                        let words = short(&["--seed", &seed, "--out", "record"]);
                        let child = bgsim(home, &words).stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
                        let output = child.unwrap().wait_with_output().unwrap();
                        assert_eq!(code(&output), Some(0), "{}", text(&output.stderr));
                    }
                })
            })
            .collect();
        let ended: Vec<_> = writers.into_iter().map(|writer| writer.join()).collect();
        is_over.store(true, Ordering::Relaxed);
        assert!(ended.iter().all(Result::is_ok));
    });
    assert!(seen.load(Ordering::Relaxed) > 100);
    assert_eq!(names(home.path()), ["record"]);
    assert!(done(home.path(), &["report", "record"]).status.success());
}

/// That there is no room for what is coming is found before the work, or by the first devices, and not by the last.
#[test]
fn a_lack_of_room_is_found_early() {
    const TEST: &str = "a_lack_of_room_is_found_early";
    let home = TempDir::new().unwrap();
    let tool = env!("CARGO_BIN_EXE_bgsim");
    let script = format!(
        "mkdir disk && mount -t tmpfs -o size=6m tmpfs disk || exit 77
         {tool} run email-plus --devices 5000 --rows all --out disk/record; echo $?
         head -c 3000000 /dev/zero >disk/filler
         {tool} compare email-plus --set-b policy.auto_lock=1m --devices 1000000 --out disk/compare; echo $?
         head -c 3200000 /dev/zero >disk/more
         {tool} test email-plus device-keychain --devices 1000000 --update --baselines disk/kept; echo $?
         ls -A disk"
    );
    let output = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", &script])
        .current_dir(home.path())
        .output();
    let Ok(output) = output else { return crate::common::skip::skip(TEST, "there is no `unshare`") };
    let (said, error) = (text(&output.stdout), text(&output.stderr));
    if code(&output) == Some(77) || error.starts_with("unshare:") {
        return crate::common::skip::skip(TEST, "nothing can be mounted here");
    }
    assert_eq!(said, "75\n75\n75\nfiller\nmore\n", "{error}");
    let asks_for_room =
        |line: &&str| line.contains(" would take about ") && line.contains("there is room for");
    assert_eq!(error.lines().filter(asks_for_room).count(), 3, "{error}");
}

/// Whoever waits for a scenario from a pipe can be interrupted.
#[test]
fn a_test_that_waits_for_a_pipe_ends_when_it_is_told_to() {
    let home = TempDir::new().unwrap();
    assert!(Command::new("mkfifo").arg(home.path().join("pipe")).status().unwrap().success());
    for verb in ["test", "run", "sweep", "compare", "lint"] {
        let rest: &[&str] = match verb {
            "sweep" => &["--vary", "policy.auto_lock=1m,2m"],
            "compare" => &["--set-b", "policy.auto_lock=1m"],
            _ => &[],
        };
        let mut child = bgsim(home.path(), &[&[verb, "pipe"], rest].concat()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(300));
        let pid = child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let end = (0..200).find_map(|_| {
            std::thread::sleep(Duration::from_millis(50));
            child.try_wait().unwrap()
        });
        if end.is_none() {
            child.kill().unwrap();
        }
        assert!(end.is_some(), "{verb} does not end");
    }
}

/// A disk that is full is said, whatever was to be written, and what was there stays.
#[test]
fn a_full_disk_leaves_what_was_there() {
    const TEST: &str = "a_full_disk_leaves_what_was_there";
    let home = TempDir::new().unwrap();
    let tool = env!("CARGO_BIN_EXE_bgsim");
    let scenario = "extends = \"email-plus\"\ndevices = 4\nwarmup = \"0s\"\nmeasure = \"1d\"\n";
    fs::write(home.path().join("own.toml"), scenario).unwrap();
    let verbs = [
        format!("{} --out disk/run", short(&[]).join(" ")),
        "compare own.toml --set-b policy.auto_lock=1m --out disk/compare".into(),
        "sweep own.toml --vary policy.auto_lock=1m,2m --out disk/sweep".into(),
        "sensitivity own.toml --trajectories 0 --devices 1 --out disk/sensitivity".into(),
        "observe --name pick-ups --devices 2 --out disk/observe".into(),
        "timeline own.toml --device 0 --out disk/trace.pftrace".into(),
        "test own.toml --update --baselines disk/kept".into(),
        "init disk/new.toml".into(),
        "man --out disk/man".into(),
    ];
    // All are written once where there is room, and again where there is none.
    let mut script = String::from("mkdir disk && mount -t tmpfs -o size=64m tmpfs disk || exit 77\n");
    for verb in &verbs {
        script += &format!("{tool} {verb} >/dev/null 2>&1 || exit 3\n");
    }
    script += "rm disk/new.toml; (cd disk && find . -type f | sort | xargs sha256sum) >before\n";
    script += "dd if=/dev/zero of=disk/filler bs=4k 2>/dev/null\n";
    for verb in &verbs {
        let other = if verb.starts_with("init") || verb.starts_with("man") { "" } else { "--seed 7" };
        script += &format!("{tool} {verb} {other} >/dev/null 2>said; echo $? {verb}; cat said >&2\n");
    }
    script += "rm disk/filler; (cd disk && find . -type f | sort | xargs sha256sum) >after; cmp before after && ls -A disk\n";
    let output = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", &script])
        .current_dir(home.path())
        .output();
    let Ok(output) = output else { return crate::common::skip::skip(TEST, "there is no `unshare`") };
    let (said, error) = (text(&output.stdout), text(&output.stderr));
    if code(&output) == Some(77) || error.starts_with("unshare:") {
        return crate::common::skip::skip(TEST, "nothing can be mounted here");
    }
    assert_eq!(code(&output), Some(0), "{said}\n{error}");
    let codes: Vec<&str> =
        said.lines().take(verbs.len()).map(|line| line.split(' ').next().unwrap()).collect();
    assert_eq!(codes, vec!["75"; verbs.len()], "{said}\n{error}");
    let left: Vec<&str> = said.lines().skip(verbs.len()).collect();
    assert_eq!(left, ["compare", "kept", "man", "observe", "run", "sensitivity", "sweep", "trace.pftrace"]);
}
