//! Scenarios of somebody else: none can steer a terminal or a log, take the memory, or keep one waiting; and what is
//! wrong with them is named with its place and its true cause.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

fn bgsim(folder: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bgsim"));
    let mut child = command
        .args(words)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if begun.elapsed() > Duration::from_secs(30) {
            child.kill().unwrap();
            panic!("{words:?} waits for something");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// What is said of a file that cannot be run.
fn refusal(folder: &Path, words: &[&str]) -> String {
    let output = bgsim(folder, words);
    assert_eq!(output.status.code(), Some(1), "{words:?}: {}", text(&output.stdout));
    assert!(output.stdout.is_empty());
    text(&output.stderr).into()
}

/// Whether a build server that reads this as a log takes some of it for a command.
fn commands_a_server(log: &str) -> bool {
    log.contains("##[") || log.lines().any(|line| line.trim_start().starts_with("::"))
}

#[test]
fn no_text_of_a_scenario_holds_what_is_not_seen_or_commands_who_reads_the_log() {
    let home = TempDir::new().unwrap();
    let below = "devices = 2\nmeasure = \"1d\"\n";
    let escape = "\\u001B[31mred";
    let command = "a\\n::error file=x::pwned";
    let turned = "a\u{202e}b";
    // A server that builds reads commands from a log; a line may begin within a cell.
    let commands =
        ["::error file=x::pwned", "a ::error::b", "a-long-word::error::b", "told ##[add-mask]told"];
    for bad in [&[escape, command, turned, "a\\u0000b", "a\\u2066b", "a\\tb"][..], &commands].concat() {
        for (place, lines) in [
            ("1:8", format!("name = \"{bad}\"\n{below}")),
            ("4:8", format!("{below}[[expect]]\nname = \"{bad}\"\nassert = [\"told_within(15m) >= 0 %\"]\n")),
            ("4:11", format!("{below}[[expect]]\nassert = [\"told_within(15m) >= 0 %{bad}\"]\n")),
            ("4:9", format!("{below}[[arm]]\ntitle = \"{bad}\"\nname = \"one\"\n")),
            ("4:9", format!("{below}[[fleet]]\ntitle = \"{bad}\"\n")),
            ("4:8", format!("{below}[mail]\nfile = \"{bad}\"\nmodel = \"trace\"\n")),
            ("1:1", format!("\"{bad}\" = 1\n{below}")),
        ] {
            fs::write(home.path().join("s.toml"), &lines).unwrap();
            for verb in ["test", "lint", "run"] {
                let output = bgsim(home.path(), &[verb, "s.toml"]);
                let said = text(&output.stderr);
                assert_eq!(output.status.code(), Some(1), "{verb}\n{lines}\n{said}");
                assert!(said.contains(&format!("s.toml:{place}")), "{lines}\n{said}");
                let all = format!("{said}{}", text(&output.stdout));
                let steers = |c: char| c != '\n' && bgsim::scenario::is_unseen(c);
                assert!(!all.contains(steers), "{all:?}");
                assert!(!commands_a_server(&all), "{all}");
            }
        }
    }
    for arm in ["a\u{1b}[31m: seed=2", "a ##[add-mask]told: seed=2", "a ::error::b: seed=2"] {
        let said = refusal(home.path(), &["compare", "email-plus", "--arm", arm, "--devices", "2"]);
        assert!(!said.contains('\u{1b}') && !commands_a_server(&said), "{said}");
    }
}

#[test]
fn what_is_printed_of_files_commands_nobody() {
    let home = TempDir::new().unwrap();
    // A comment is no text of the scenario, and is shown with the line that it stands in.
    for (file, lines) in [
        ("##[add-mask]told.toml", "devices = 2\nmeasure = \"1d\"\n"),
        ("::error::a.toml", "devices = 2\nmeasure = \"1d\"\n"),
        ("s.toml", "devises = 2 # ##[add-mask]told\n"),
    ] {
        fs::write(home.path().join(file), lines).unwrap();
        for width in ["40", "80"] {
            let mut command = Command::new(env!("CARGO_BIN_EXE_bgsim"));
            let output =
                command.args(["run", file]).env("COLUMNS", width).current_dir(home.path()).output().unwrap();
            let said = text(&output.stderr);
            assert_eq!(output.status.code(), Some(1), "{file}: {said}");
            assert!(!said.is_empty() && !commands_a_server(said), "{said}");
        }
    }
}

/// Each assertion refers to the text of its file; it used to hold a copy.
#[cfg(unix)]
#[test]
fn the_memory_of_a_scenario_is_linear_in_its_length() {
    let home = TempDir::new().unwrap();
    let one = "[[expect]]\nassert = [\"told_within(15m) >= 0 %\"]\n";
    fs::write(home.path().join("s.toml"), one.repeat(6000)).unwrap();
    let script = format!("ulimit -v 700000; exec {} lint s.toml", env!("CARGO_BIN_EXE_bgsim"));
    let output = Command::new("sh").args(["-c", &script]).current_dir(home.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
}

/// They were compared each with all before it, which took three quarters of a minute.
#[test]
fn the_time_of_a_test_is_not_quadratic_in_its_assertions() {
    let home = TempDir::new().unwrap();
    let each: String = (1..36_000).map(|minutes| format!("\"told_within({minutes}m) >= 0 %\",")).collect();
    let scenario = format!("devices = 1\nmeasure = \"1d\"\nwarmup = \"0s\"\n[[expect]]\nassert = [{each}]\n");
    fs::write(home.path().join("s.toml"), scenario).unwrap();
    let output = bgsim(home.path(), &["test", "s.toml", "--max-devices", "1"]);
    assert!(text(&output.stdout).contains("1 scenario: "), "{}", text(&output.stderr));
}

#[cfg(unix)]
#[test]
fn a_trace_is_written_as_it_is_made_and_one_that_is_too_large_is_refused() {
    let home = TempDir::new().unwrap();
    // The network changes every second, and with it what the scheduler decides.
    let scenario = "devices = 1\nwarmup = \"1ms\"\nmeasure = \"12h\"\npolicy.keychain_class = \"after_first_unlock\"\n\
                    lock.model = \"always_locked\"\nhabits.learn = true\n\
                    network = { model = \"alternating\", outage_sigma = 5.0, wifi_stay = \"1s\", outage = \"30s\" }\n";
    fs::write(home.path().join("s.toml"), scenario).unwrap();
    let words = "timeline s.toml --device 0 --out x.pftrace";
    let script = format!("ulimit -v 400000; exec {} {words}", env!("CARGO_BIN_EXE_bgsim"));
    let output = Command::new("sh").args(["-c", &script]).current_dir(home.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(fs::metadata(home.path().join("x.pftrace")).unwrap().len() > 50_000_000);

    let words: Vec<&str> = words.split(' ').chain(["--set", "measure=7d"]).collect();
    let said = refusal(home.path(), &words);
    assert!(said.contains("a timeline has 500000 at most; choose one day of it"), "{said}");
}

#[cfg(unix)]
#[test]
fn no_scenario_makes_one_wait_for_a_pipe_or_reads_a_device() {
    let home = TempDir::new().unwrap();
    assert!(Command::new("mkfifo").arg(home.path().join("pipe")).status().unwrap().success());
    for file in ["pipe", "/dev/zero", "/dev/random", "/proc/self/mem"] {
        for (line, scenario) in [
            ("1:11", format!("extends = \"{file}\"\n")),
            ("3:8", format!("[mail]\nmodel = \"trace\"\nfile = \"{file}\"\n")),
            ("3:8", format!("[user]\nmodel = \"trace\"\nfile = \"{file}\"\n")),
            ("3:8", format!("[network]\nmodel = \"trace\"\nfile = \"{file}\"\n")),
        ] {
            fs::write(home.path().join("s.toml"), &scenario).unwrap();
            let said = refusal(home.path(), &["run", "s.toml", "--devices", "1"]);
            assert!(said.contains(&format!("s.toml:{line}")), "{scenario}\n{said}");
            let is_device = !file.starts_with("/proc");
            assert!(!is_device || said.contains("is not a regular file"), "{scenario}\n{said}");
        }
    }
    // What else is read.
    fs::create_dir(home.path().join("record")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", home.path().join("record/report.json")).unwrap();
    assert!(refusal(home.path(), &["report", "record"]).contains("not a regular file"));
    assert!(refusal(home.path(), &["init", "-", "--inventory", "pipe"]).contains("not a regular file"));
    assert!(refusal(home.path(), &["observe", "pipe"]).contains("not a regular file"));
    let promise =
        "devices = 2\n[[expect]]\nversus = \"baseline\"\nassert = [\"told_within(15m) >= -1 points\"]\n";
    fs::write(home.path().join("s.toml"), promise).unwrap();
    fs::create_dir_all(home.path().join("kept")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", home.path().join("kept/s.json")).unwrap();
    let output = bgsim(home.path(), &["test", "s.toml", "--baselines", "kept"]);
    assert!(text(&output.stderr).contains("not a regular file"), "{}", text(&output.stderr));
}

#[test]
fn what_is_wrong_is_named_with_its_place_and_its_true_cause() {
    let home = TempDir::new().unwrap();
    let at = |name: &str| home.path().join(name);
    fs::write(at("deep.toml"), format!("name = \"deep\"\n{}a = 1\n", "a.".repeat(1000))).unwrap();
    fs::write(at("latin.toml"), b"name = \"a\"\n# M\xfcller\n").unwrap();
    fs::write(at("wide.toml"), b"\xff\xfen\0a\0m\0e\0").unwrap();
    fs::write(at("old.toml"), "start = \"1970-01-01T00:00:00\"\n").unwrap();
    fs::write(at("late.toml"), "start = \"9999-01-01T00:00:00\"\n").unwrap();
    for (file, says) in [
        ("deep.toml", "deep.toml:2:1"),
        ("latin.toml", "latin.toml:2:4: this is not UTF-8 text; it may be Latin-1"),
        ("wide.toml", "wide.toml:1:1: this is not UTF-8 text; it looks like UTF-16"),
        ("old.toml", "the year 1970 is not simulated; it must be one from 1971 to 2200"),
        ("late.toml", "the year 9999 is not simulated"),
        (".", "`.` is a folder"),
        ("-", "standard input is empty; a scenario is wanted there"),
        ("deep.toml/below.toml", "`deep.toml/below.toml` cannot be read: Not a directory"),
        ("nothing.toml", "there is no file `nothing.toml`"),
    ] {
        let said = refusal(home.path(), &["run", file]);
        assert!(said.contains(says), "{file}: {said}");
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("loop.toml", at("loop.toml")).unwrap();
        let said = refusal(home.path(), &["run", "loop.toml"]);
        assert!(said.contains("`loop.toml` cannot be read: ") && !said.contains("bundled"), "{said}");
    }
    let short = ["run", "email-plus", "--devices", "2", "--set", "warmup=0s", "--set", "measure=1ms"];
    assert!(text(&bgsim(home.path(), &short).stdout).contains("1 ms measured after 0 s"));
}

#[test]
fn no_cell_is_a_formula() {
    let home = TempDir::new().unwrap();
    let words = ["sweep", "email-plus", "--devices", "2", "--set", "measure=1d", "--out", "grid"];
    let output = bgsim(home.path(), &[&words[..], &["--vary", "name==1+1,@SUM(A1),plain"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let table = fs::read_to_string(home.path().join("grid/sweep.csv")).unwrap();
    let firsts: Vec<&str> = table.lines().map(|line| line.split(',').next().unwrap()).collect();
    assert_eq!(firsts, ["name", "'=1+1", "'@SUM(A1)", "plain"]);
}

/// Where the system has no more threads, fewer do the work, and nobody is asked for thousands.
#[cfg(unix)]
#[test]
fn threads_are_bounded() {
    let home = TempDir::new().unwrap();
    let words = "run device-keychain --devices 40 --set measure=1d --jobs 4000";
    let script = format!("ulimit -v 300000; exec {} {words}", env!("CARGO_BIN_EXE_bgsim"));
    let output = Command::new("sh").args(["-c", &script]).current_dir(home.path()).output().unwrap();
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.starts_with("note: `--jobs 4000` is taken as "), "{said}");
}

#[test]
fn a_device_that_would_take_for_ever_is_refused_with_how_long() {
    let home = TempDir::new().unwrap();
    let begun = Instant::now();
    for set in [
        "mail={ model = \"poisson\", per_day = 1000000 }",
        "network={ model = \"alternating\", wifi_stay = \"1s\" }",
    ] {
        let set = format!("{set}\nmeasure=3000d");
        let sets = set.lines().flat_map(|set| ["--set", set]);
        let words: Vec<&str> = ["run", "email-plus", "--devices", "1"].into_iter().chain(sets).collect();
        let said = refusal(home.path(), &words);
        assert!(said.contains("million alarms") && said.contains("5 million are the most"), "{said}");
    }
    assert!(begun.elapsed() < Duration::from_secs(20));
}
