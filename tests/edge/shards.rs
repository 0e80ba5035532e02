//! Work that is divided between machines: what is put together is the record of a run in one piece, to the byte, and
//! what is not a whole is refused by name.

use crate::common::skip::skip;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn bgsim(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bgsim")).args(words).output().unwrap()
}

fn succeeds(words: &[&str]) -> String {
    let output = bgsim(words);
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stderr).unwrap()
}

fn refused(words: &[&str], code: i32) -> String {
    let output = bgsim(words);
    let says = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{words:?}: {says}");
    says
}

/// Every file of a folder, by name.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries.map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())).collect()
}

struct Work {
    home: tempfile::TempDir,
    words: Vec<String>,
    of: u32,
}

impl Work {
    fn new(of: u32, words: &[&str]) -> Work {
        let words = words.iter().map(|word| word.to_string()).collect();
        Work { home: tempfile::tempdir().unwrap(), words, of }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn words_into<'a>(&'a self, out: &'a Path, more: &[&'a str]) -> Vec<&'a str> {
        let words = self.words.iter().map(String::as_str);
        words.chain(["--out", out.to_str().unwrap()]).chain(more.iter().copied()).collect()
    }

    fn compute(&self, number: u32, folder: &str) -> String {
        let (shard, out) = (format!("{number}/{}", self.of), self.at(folder));
        succeeds(&self.words_into(&out, &["--shard", &shard, "--jobs", "1"]))
    }

    fn part(&self, number: u32) -> PathBuf {
        self.at("parts").join(format!("part-{number}-of-{}.jsonl", self.of))
    }

    fn merge_words(&self, folders: &[&str]) -> Vec<String> {
        let folders = folders.iter().map(|folder| self.at(folder).display().to_string());
        let out = ["--out".to_string(), self.at("merged").display().to_string()];
        ["merge".to_string()].into_iter().chain(folders).chain(out).collect()
    }

    fn merged(&self, folders: &[&str]) -> BTreeMap<String, Vec<u8>> {
        let words = self.merge_words(folders);
        succeeds(&words.iter().map(String::as_str).collect::<Vec<_>>());
        files(&self.at("merged"))
    }

    fn merge_refused(&self, folders: &[&str], code: i32) -> String {
        let words = self.merge_words(folders);
        let says = refused(&words.iter().map(String::as_str).collect::<Vec<_>>(), code);
        assert!(!self.at("merged").exists(), "{says}");
        says
    }

    fn whole(&self) -> BTreeMap<String, Vec<u8>> {
        let out = self.at("whole");
        succeeds(&self.words_into(&out, &[]));
        files(&out)
    }
}

const SHORT: [&str; 4] = ["--set", "warmup=2d", "--set", "measure=4d"];

#[test]
fn parts_in_any_order_are_the_record_of_one_run_to_the_byte() {
    for (words, some) in [
        (
            &["run", "device-keychain", "--devices", "23", "--events", "3,20", "--by", "ram,day"][..],
            "mail.csv",
        ),
        (&["run", "ews-retired", "--devices", "9", "--rows", "none"], "summary.json"),
        (
            &[
                "compare",
                "email-plus",
                "--set-b",
                "policy.allow_device_keychain=true",
                "--devices",
                "11",
                "--pairs",
            ],
            "pairs.csv",
        ),
        (&["compare", "key-and-push", "--devices", "6", "--by", "persona"], "compare.json"),
        (&["sweep", "email-plus", "--vary", "policy.auto_lock=30s,5m,1m", "--devices", "7"], "sweep.csv"),
        (
            &[
                "sensitivity",
                "email-plus",
                "--set-b",
                "policy.allow_device_keychain=true",
                "--devices",
                "3",
                "--trajectories",
                "1",
                "--fixed",
            ],
            "sensitivity.json",
        ),
    ] {
        let fixed = words[0] == "sensitivity";
        let short = match words[1] {
            "ews-retired" => &[][..],
            _ if fixed => &["--set", "warmup=1d", "--set", "measure=1d"],
            _ => &SHORT,
        };
        let work = Work::new(4, &[words, short].concat());
        // From wherever they were computed, the last first.
        for (number, folder) in [(4, "there"), (2, "parts"), (1, "there"), (3, "parts")] {
            work.compute(number, folder);
        }
        let (whole, merged) = (work.whole(), work.merged(&["parts", "there"]));
        // Parts of an analysis give no point more devices for being unclear.
        assert!(!fixed || String::from_utf8_lossy(&whole[some]).contains(" --fixed"));
        assert!(whole.contains_key(some), "{words:?} has no {some}");
        assert_eq!(whole.keys().collect::<Vec<_>>(), merged.keys().collect::<Vec<_>>(), "{words:?}");
        for (name, bytes) in &whole {
            assert!(*bytes == merged[name], "{words:?}: {name} is another");
        }
        // A folder of results is not one of parts.
        assert!(merged.keys().all(|name| !name.starts_with("part-")));
    }
}

#[test]
fn a_merge_makes_the_two_pages_that_one_run_makes() {
    for words in [&["run", "email-plus"][..], &["compare", "email-plus", "--set-b", "policy.auto_lock=30s"]] {
        let work = Work::new(2, &[words, &["--devices", "6"], &SHORT].concat());
        (1..=2).for_each(|number| drop(work.compute(number, "parts")));
        let mut merge = work.merge_words(&["parts"]);
        merge.push("--brief".into());
        succeeds(&merge.iter().map(String::as_str).collect::<Vec<_>>());
        succeeds(&work.words_into(&work.at("whole"), &["--brief"]));
        let whole = files(&work.at("whole"));
        assert!(whole.contains_key("brief.html"));
        assert!(whole == files(&work.at("merged")), "{words:?}");
        // Asked for without, there is none.
        assert!(!work.merged(&["parts"]).contains_key("brief.html"));
    }
    let words = ["sweep", "email-plus", "--vary", "seed=1,2", "--devices", "1"];
    let work = Work::new(1, &[&words[..], &SHORT].concat());
    work.compute(1, "parts");
    let mut merge = work.merge_words(&["parts"]);
    merge.push("--brief".into());
    let says = refused(&merge.iter().map(String::as_str).collect::<Vec<_>>(), 1);
    assert!(says.contains("cannot be done so") && says.contains("--brief"), "{says}");
}

/// Points that get no more devices may begin with as many as one likes.
#[test]
fn an_analysis_in_parts_may_have_many_devices_at_each_point() {
    let short = ["--set", "warmup=1d", "--set", "measure=1d"];
    let many = ["--devices", "129", "--trajectories", "0", "--figure", "told_within(15m)"];
    let words = [&["sensitivity", "email-plus"][..], &short, &many].concat();
    // One of so many parts has a point or none.
    let out = tempfile::tempdir().unwrap();
    let parts = out.path().join("parts");
    let shard = ["--shard", "1000/1000", "--out", parts.to_str().unwrap()];
    succeeds(&[&words[..], &shard].concat());
    assert!(refused(&words, 1).contains("`--max-devices 128` is less than the 129"));
}

/// However many parts there are, `merge` has one in memory at a time.
#[test]
fn a_merge_of_many_parts_takes_no_more_memory_than_one_of_few() {
    if !Path::new("/proc/self/status").exists() {
        return skip("a_merge_of_many_parts_takes_no_more_memory_than_one_of_few", "the system has no /proc");
    }
    let most = [4, 64].map(|of| {
        let work = Work::new(of, &[&["run", "device-keychain", "--devices", "64"][..], &SHORT].concat());
        (1..=of).for_each(|number| drop(work.compute(number, "parts")));
        let mut child = Command::new(env!("CARGO_BIN_EXE_bgsim"))
            .args(work.merge_words(&["parts"]))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let status = format!("/proc/{}/status", child.id());
        // The mark only rises, and is gone with the program: what was read last stands but for its last moment.
        let mut most = 0;
        while child.try_wait().unwrap().is_none() {
            let text = fs::read_to_string(&status).unwrap_or_default();
            let mark = text.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
            most = mark.map_or(most, |mark| mark.trim().parse::<u64>().unwrap());
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        assert!(child.wait().unwrap().success());
        most
    });
    assert!(most[0] > 1000 && most[1] as f64 <= 1.3 * most[0] as f64, "{most:?} kB");
}

#[test]
fn more_parts_than_devices_are_a_run_too() {
    let work = Work::new(5, &[&["run", "email-plus", "--devices", "3"][..], &SHORT].concat());
    (1..=5).for_each(|number| drop(work.compute(number, "parts")));
    assert!(work.whole() == work.merged(&["parts"]));
}

#[test]
fn parts_need_no_file_that_they_were_made_from() {
    let work = Work::new(2, &["run", "own.toml"]);
    let run = |home: &Path, words: &[&str]| {
        let output =
            Command::new(env!("CARGO_BIN_EXE_bgsim")).current_dir(home).args(words).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    let home = work.home.path();
    fs::write(home.join("base.toml"), "extends = 'email-plus'\nwarmup = '2d'\nmeasure = '4d'\ndevices = 8\n")
        .unwrap();
    fs::write(home.join("own.toml"), "extends = 'base.toml'\n[mail]\nmodel = 'trace'\nfile = 'mail.csv'\n")
        .unwrap();
    let rows: String = (1..20).map(|hour| format!("a,2026-03-02T{hour:02}:30:00Z,\n")).collect();
    // A column that nobody reads is not UTF-8.
    let bytes =
        [b"mailbox,received,subject\n", rows.as_bytes(), b"a,2026-03-02T20:30:00Z,Gr\xfc\xdfe\n"].concat();
    fs::write(home.join("mail.csv"), bytes).unwrap();
    run(home, &["run", "own.toml", "--out", "whole"]);
    for shard in ["1/2", "2/2"] {
        run(home, &["run", "own.toml", "--shard", shard, "--out", "parts"]);
    }
    let elsewhere = tempfile::tempdir().unwrap();
    fs::rename(home.join("parts"), elsewhere.path().join("parts")).unwrap();
    run(elsewhere.path(), &["merge", "parts", "--out", "merged"]);
    assert!(files(&work.at("whole")) == files(&elsewhere.path().join("merged")));
}

#[test]
fn what_is_not_a_whole_is_refused_by_name() {
    let work = Work::new(3, &[&["run", "email-plus", "--devices", "6"][..], &SHORT].concat());
    // Whoever merges while the first part is computed may be before it.
    assert!(work.merge_refused(&["parts"], 75).contains("there is no part in"));
    fs::create_dir_all(work.at("parts")).unwrap();
    assert!(work.merge_refused(&["parts"], 75).contains("there is no part in"));
    work.compute(1, "parts");
    let whole = fs::read(work.part(1)).unwrap();
    fs::write(work.part(1), [&whole[..], b"more\n"].concat()).unwrap();
    let says = work.compute(1, "parts");
    assert_eq!(says.matches("and is computed again").count(), 1, "{says}");
    assert!(fs::read(work.part(1)).unwrap() == whole);
    let says = work.merge_refused(&["parts"], 75);
    assert!(says.contains("2 are not there: part-2-of-3.jsonl, part-3-of-3.jsonl"), "{says}");
    work.compute(2, "parts");
    work.compute(3, "parts");

    // Twice the same, in two folders.
    work.compute(3, "again");
    let says = work.merge_refused(&["parts", "again"], 1);
    assert!(says.contains("are both part 3/3") && says.contains("again/part-3-of-3.jsonl"), "{says}");
    fs::remove_dir_all(work.at("again")).unwrap();
    // Two of one number are not the same part where their work is another.
    let seeded =
        Work::new(3, &[&["run", "email-plus", "--devices", "6", "--seed", "2"][..], &SHORT].concat());
    seeded.compute(3, "parts");
    let says = work.merge_refused(&["parts", seeded.at("parts").to_str().unwrap()], 1);
    assert!(says.contains("is not a part of what") && says.contains("its seed is"), "{says}");
    // What is wrong with the rows of those that are there is said before what is missing.
    let mail = work.at("parts").join("part-2-of-3.mail.csv");
    let kept = [fs::read(work.part(3)).unwrap(), fs::read(&mail).unwrap()];
    fs::remove_file(work.part(3)).unwrap();
    fs::write(&mail, &kept[1][1..]).unwrap();
    assert!(work.merge_refused(&["parts"], 1).contains("part-2-of-3.mail.csv was changed"));
    fs::write(work.part(3), &kept[0]).unwrap();
    fs::write(&mail, &kept[1]).unwrap();

    // Cut off, changed, or with its rows changed or gone.
    let (place, rows) = (work.part(2), work.at("parts").join("part-2-of-3.mail.csv"));
    let (sound, sound_rows) = (fs::read(&place).unwrap(), fs::read(&rows).unwrap());
    for cut in [0, 100, sound.len() / 2, sound.len() - 1] {
        fs::write(&place, &sound[..cut]).unwrap();
        let says = work.merge_refused(&["parts"], 1);
        assert!(says.contains("part-2-of-3.jsonl:") && says.contains("ends before it is whole"), "{says}");
    }
    let mut flipped = sound.clone();
    let digit = sound.len() / 2 + sound[sound.len() / 2..].iter().position(u8::is_ascii_digit).unwrap();
    flipped[digit] = if sound[digit] == b'7' { b'8' } else { b'7' };
    fs::write(&place, &flipped).unwrap();
    assert!(work.merge_refused(&["parts"], 1).contains("part-2-of-3.jsonl:"));
    fs::write(&place, [&sound[..], b"{}\n"].concat()).unwrap();
    assert!(work.merge_refused(&["parts"], 1).contains("something follows its end"));
    // What another version wrote says so, whatever fields it has.
    let other = b"{\"bgsim_part\":{\"schema\":2,\"piece\":\"2/3\"}}\n";
    fs::write(&place, [&other[..], &sound].concat()).unwrap();
    assert!(work.merge_refused(&["parts"], 1).contains("part-2-of-3.jsonl:1: its format is 2, and not 1"));
    // It is computed again, and said to be.
    assert!(work.compute(2, "parts").contains("is broken"));
    assert!(fs::read(&place).unwrap() == sound);

    let mut other_rows = sound_rows.clone();
    *other_rows.last_mut().unwrap() = b' ';
    for changed in [&[&sound_rows[..], b"0\n"].concat(), &other_rows, &sound_rows[..20].to_vec(), &Vec::new()]
    {
        fs::write(&rows, changed).unwrap();
        let says = work.merge_refused(&["parts"], 1);
        assert!(says.contains("part-2-of-3.mail.csv was changed since"), "{says}");
        assert!(work.compute(2, "parts").contains("part-2-of-3.mail.csv is not what"));
        assert!(fs::read(&rows).unwrap() == sound_rows);
    }
    // Grown beyond any disk, it is not copied.
    fs::File::options().write(true).open(&rows).unwrap().set_len(1 << 40).unwrap();
    assert!(work.merge_refused(&["parts"], 1).contains("part-2-of-3.mail.csv was changed since"));
    fs::remove_file(&rows).unwrap();
    let says = work.merge_refused(&["parts"], 1);
    assert!(says.contains("part-2-of-3.mail.csv is missing; compute that part again"), "{says}");
    assert!(work.compute(2, "parts").contains("part-2-of-3.mail.csv is not what"));
    assert!(fs::read(&rows).unwrap() == sound_rows);

    // A part under another name.
    fs::copy(work.part(1), &place).unwrap();
    assert!(work.merge_refused(&["parts"], 1).contains("is another part than its name says"));
    assert!(work.compute(2, "parts").contains("is another part than its name says"));
    assert!(fs::read(&place).unwrap() == sound);
    // What is wrong with one that is there stays wrong when the others come.
    fs::write(&place, b"{}").unwrap();
    fs::rename(work.part(3), work.at("third")).unwrap();
    assert!(
        work.merge_refused(&["parts"], 1)
            .contains("part-2-of-3.jsonl:1: it does not say what it is a part of")
    );
    fs::write(&place, &sound).unwrap();
    fs::rename(work.at("third"), work.part(3)).unwrap();
    // One folder by several names is one folder, and it takes no record, as a record takes no part.
    let words = work.merge_words(&["parts", "./parts", "parts/../parts"]);
    succeeds(&words.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(files(&work.at("merged")) == work.whole());
    let (parts, whole) = (work.at("parts"), work.at("whole"));
    assert!(refused(&work.words_into(&parts, &[]), 1).contains("holds parts of a piece of work"));
    assert!(refused(&work.words_into(&whole, &["--shard", "1/3"]), 1).contains("holds a record"));
}

/// Numbers that no run can come to are refused, though the hash of the part is that of its lines: sums of them would
/// overflow.
#[test]
fn numbers_beyond_all_bounds_are_refused_and_break_nothing() {
    let words = ["compare", "email-plus", "--set-b", "policy.auto_lock=30s", "--devices", "2"];
    let work = Work::new(2, &[&words[..], &SHORT].concat());
    work.compute(1, "parts");
    work.compute(2, "parts");
    let text = fs::read_to_string(work.part(2)).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let sound: serde_json::Value = serde_json::from_str(lines[1]).unwrap();
    let mut places = Vec::new();
    numbers(&sound, String::new(), &mut places);
    // One place of each kind.
    let kind =
        |place: &String| place.split('/').filter(|step| step.parse::<u32>().is_err()).collect::<String>();
    let mut kinds = BTreeMap::new();
    places.iter().for_each(|place| drop(kinds.insert(kind(place), place.clone())));
    assert!(kinds.len() > 10, "{kinds:?}");
    for (kind, place) in kinds {
        let mut odd = sound.clone();
        *odd.pointer_mut(&place).unwrap() = u64::MAX.into();
        let before = [lines[0], &odd.to_string(), lines[2], ""].join("\n");
        let hash = sha256(before.as_bytes());
        fs::write(work.part(2), format!("{before}{{\"sha256\":\"{hash}\"}}\n")).unwrap();
        let words = work.merge_words(&["parts"]);
        let output = bgsim(&words.iter().map(String::as_str).collect::<Vec<_>>());
        let says = String::from_utf8_lossy(&output.stderr);
        // Plain counts wrap, as they do where devices are added up.
        assert!(matches!(output.status.code(), Some(0 | 1)), "{kind}: {says}");
        assert!(output.status.success() || says.contains("part-2-of-2.jsonl"), "{kind}: {says}");
    }
}

/// Where numbers stand.
fn numbers(value: &serde_json::Value, at: String, found: &mut Vec<String>) {
    match value {
        serde_json::Value::Number(_) => found.push(at),
        serde_json::Value::Array(all) => {
            all.iter().enumerate().for_each(|(place, value)| numbers(value, format!("{at}/{place}"), found));
        }
        serde_json::Value::Object(all) => {
            all.iter().for_each(|(name, value)| numbers(value, format!("{at}/{name}"), found));
        }
        _ => {}
    }
}

#[test]
fn words_that_begin_with_a_dash_are_read_as_they_were_meant() {
    let home = tempfile::tempdir().unwrap();
    let run = |words: &[&str]| {
        let output =
            Command::new(env!("CARGO_BIN_EXE_bgsim")).current_dir(&home).args(words).output().unwrap();
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    let text = "extends = 'email-plus'\nwarmup = '1d'\nmeasure = '2d'\ndevices = 3\n";
    fs::write(home.path().join("-f.toml"), text).unwrap();
    let arm = "--arm=-30 s: policy.auto_lock=30s";
    run(&["compare", arm, "--out", "whole", "--", "-f.toml"]);
    for shard in ["1/2", "2/2"] {
        run(&["compare", arm, "--out", "parts", "--shard", shard, "--", "-f.toml"]);
    }
    run(&["merge", "parts", "--out", "merged"]);
    assert!(files(&home.path().join("whole")) == files(&home.path().join("merged")));
}

#[test]
fn parts_of_other_work_are_refused_for_what_differs() {
    let work = Work::new(2, &[&["run", "email-plus", "--devices", "4"][..], &SHORT].concat());
    work.compute(1, "parts");
    for (more, says) in [
        (&["--seed", "7"][..], "its seed is 1, and not 7"),
        (&["--devices", "5"], "its number of devices is 4, and not 5"),
        (&["--set", "policy.auto_lock=30s"], "its command is"),
    ] {
        let words = work
            .words
            .iter()
            .map(String::as_str)
            .filter(|word| !more.contains(&"5") || !["--devices", "4"].contains(word));
        let other = Work {
            home: tempfile::tempdir().unwrap(),
            words: words.chain(more.iter().copied()).map(String::from).collect(),
            of: 2,
        };
        // Into the same folder it is refused at once.
        let out = work.at("parts");
        for shard in ["1/2", "2/2"] {
            let found = refused(&other.words_into(&out, &["--shard", shard]), 1);
            assert!(
                found.contains("is a part of something else") && found.contains(says),
                "{shard}: {found}"
            );
        }
        other.compute(2, "parts");
        fs::copy(other.part(2), work.part(2)).unwrap();
        let found = work.merge_refused(&["parts"], 1);
        assert!(found.contains("part-2-of-2.jsonl is not a part of what"), "{found}");
        fs::remove_file(work.part(2)).unwrap();
    }
    // Another program, and another number of parts.
    work.compute(2, "parts");
    let text = fs::read_to_string(work.part(2)).unwrap();
    let version = format!("\"version\":\"{}\"", env!("CARGO_PKG_VERSION"));
    assert!(text.contains(&version));
    let mut lines: Vec<&str> = text.lines().collect();
    let first = lines[0].replace(&version, "\"version\":\"9.9.9\"");
    lines[0] = &first;
    lines.pop();
    let before = lines.join("\n") + "\n";
    let hash = sha256(before.as_bytes());
    fs::write(work.part(2), format!("{before}{{\"sha256\":\"{hash}\"}}\n")).unwrap();
    let says = work.merge_refused(&["parts"], 1);
    assert!(says.contains("its version is 9.9.9, and not"), "{says}");
    fs::write(work.part(2), text).unwrap();
    let out = work.at("parts");
    let says = refused(&work.words_into(&out, &["--shard", "1/3"]), 1);
    assert!(says.contains("is one of 2 parts, and not of 3"), "{says}");
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    format!("{:x}", Sha256::digest(bytes))
}

#[test]
fn a_part_may_be_computed_twice_at_once_and_what_was_killed_is_passed_over() {
    let work = Work::new(2, &[&["run", "email-plus", "--devices", "24"][..], &SHORT].concat());
    let out = work.at("parts");
    let begin = || {
        let words = work.words_into(&out, &["--shard", "1/2", "--jobs", "1"]);
        Command::new(env!("CARGO_BIN_EXE_bgsim"))
            .args(words)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
    };
    let mut twins = [begin().unwrap(), begin().unwrap(), begin().unwrap()];
    assert!(twins.iter_mut().all(|twin| twin.wait().unwrap().success()));
    // Somebody may be at work on what is young; what is a day old and nobody holds is nobody's.
    let [young, held, old] =
        ["young", "under", "older"].map(|it| out.join(format!(".bgsim-{it}abcdefghijabcde")));
    let day = std::time::Duration::from_secs(90_000);
    let half = |place: &Path, age| {
        fs::write(place, "half a part").unwrap();
        let file = fs::File::options().write(true).open(place).unwrap();
        let written = file.metadata().unwrap().modified().unwrap();
        file.set_modified(written - age).unwrap();
        file
    };
    half(&young, std::time::Duration::ZERO);
    half(&old, day);
    let holder = half(&held, day);
    holder.lock().unwrap();
    work.compute(2, "parts");
    assert_eq!([&young, &held, &old].map(|place| place.exists()), [true, true, false]);
    assert!(work.merged(&["parts"]) == work.whole());
    // What is there is not computed again.
    let before = fs::metadata(work.part(2)).unwrap().modified().unwrap();
    assert!(work.compute(2, "parts").contains("part 2/2 is in"));
    assert_eq!(fs::metadata(work.part(2)).unwrap().modified().unwrap(), before);
}

#[cfg(unix)]
#[test]
fn a_part_that_is_ended_before_it_is_whole_is_none() {
    let work = Work::new(2, &["run", "email-plus", "--devices", "4000", "--rows", "all"]);
    let out = work.at("parts");
    for (signal, code) in [("-TERM", Some(143)), ("-INT", Some(130)), ("-KILL", None)] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_bgsim"))
            .args(work.words_into(&out, &["--shard", "2/2", "--jobs", "1"]))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let under_way = || {
            fs::read_dir(&out).is_ok_and(|files| {
                files.flatten().any(|file| file.metadata().is_ok_and(|about| about.len() > 1 << 18))
            })
        };
        while !under_way() {
            assert_eq!(child.try_wait().unwrap(), None, "it ended too soon");
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
        assert_eq!(child.wait().unwrap().code(), code, "{signal}");
        let left = files(&out).into_keys().collect::<Vec<_>>();
        assert!(left.iter().all(|name| !name.starts_with("part-")), "{signal}: {left:?}");
        assert_eq!(left.is_empty(), code.is_some(), "{signal}: {left:?}");
    }
}

/// The rows of a part seem to be so long that to read them takes longer than any test.
#[test]
fn a_merge_that_is_ended_leaves_nothing() {
    let work = Work::new(1, &[&["run", "email-plus", "--devices", "2"][..], &SHORT].concat());
    work.compute(1, "parts");
    let rows = work.at("parts").join("part-1-of-1.mail.csv");
    let long = 1_u64 << 36;
    let (told, place) = (fs::metadata(&rows).unwrap().len(), work.part(1));
    fs::File::options().write(true).open(&rows).unwrap().set_len(long).unwrap();
    let text = fs::read_to_string(&place).unwrap();
    let text = text.replacen(&format!("\"bytes\":{told},"), &format!("\"bytes\":{long},"), 1);
    let before = &text[..text.rfind("{\"sha256\":").unwrap()];
    fs::write(&place, format!("{before}{{\"sha256\":\"{}\"}}\n", sha256(before.as_bytes()))).unwrap();
    for (signal, code) in [("-TERM", 143), ("-INT", 130)] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_bgsim"))
            .args(work.merge_words(&["parts"]))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let beside = || fs::read_dir(work.home.path()).unwrap().count();
        // The folder under construction stands beside its place.
        while beside() == 1 {
            assert_eq!(child.try_wait().unwrap(), None, "it ended too soon");
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
        assert_eq!(child.wait().unwrap().code(), Some(code), "{signal}");
        assert_eq!(beside(), 1, "{signal}");
    }
}

#[test]
fn what_cannot_be_divided_says_so() {
    for (words, says) in [
        (&["run", "email-plus", "--shard", "0/8", "--out", "x"][..], "parts count from 1: write 1/8 to 8/8"),
        (&["run", "email-plus", "--shard", "1/8"], "--out"),
        (
            &["compare", "rivals", "--until-precision", "2%", "--shard", "1/8", "--out", "x"],
            "cannot be used with",
        ),
        (
            &["sweep", "email-plus", "--vary", "seed=1,2", "--resume", "--shard", "1/8", "--out", "x"],
            "cannot be used with",
        ),
        (&["test", "email-plus", "--shard", "1/8"], "`--shard` is not taken here"),
        // Which points are unclear no part knows.
        (
            &["sensitivity", "email-plus", "--max-devices", "64", "--shard", "1/8", "--out", "x"],
            "cannot be used with",
        ),
        // What is asked of the whole is said to `merge`, or nowhere.
        (&["sensitivity", "email-plus", "--top", "3", "--shard", "1/8", "--out", "x"], "cannot be used with"),
        (&["run", "email-plus", "--brief", "--shard", "1/8", "--out", "x"], "cannot be used with"),
        (&["compare", "rivals", "--brief", "--shard", "1/8", "--out", "x"], "cannot be used with"),
        (&["compare", "rivals", "--full", "--shard", "1/8", "--out", "x"], "cannot be used with"),
    ] {
        let found = refused(words, 1);
        assert!(found.contains(says), "{words:?}: {found}");
    }
    assert!(!Path::new("x").exists());
}
