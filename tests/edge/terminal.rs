//! What every verb has in common on a terminal: lines that fit, colours that can be had without, JSON or a word about
//! it, a scenario by standard input, a page, completion, and an answer to what it does not know.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

fn command(folder: &Path, args: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bgsim"));
    for name in ["COLUMNS", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COMPLETE"] {
        command.env_remove(name);
    }
    command.current_dir(folder).args(crate::comments::words(args));
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn ask(folder: &Path, args: &str) -> Output {
    command(folder, args).output().unwrap()
}

/// A command of each verb that prints to a terminal, quick to run.
const PRINTING: [&str; 27] = [
    "run email-plus --devices 8",
    "run two-shifts --devices 16 --by persona,ram",
    "run published-on-friday --devices 8",
    "compare email-plus --set-b policy.allow_device_keychain=true --devices 8",
    "compare email-plus --set-b policy.allow_device_keychain=true --devices 8 --full --by persona",
    "compare email-plus device-keychain after-first-unlock os-protection --devices 8",
    "sweep email-plus --devices 8 --vary policy.allow_device_keychain=false,true --vary client.refresh_interval=5m,15m",
    "sweep email-plus --devices 8 --vary client.refresh_interval=5m,15m --by persona",
    "sensitivity device-keychain --devices 2 --trajectories 0 --max-devices 2 --top 5",
    "explain device-keychain --devices 8 --worst 3",
    "explain device-keychain --device 1 --mail 1",
    "explain device-keychain --device 1 --why-not '2026-03-04 14:05'",
    "explain device-keychain --device 1 --from 2026-03-04T00:00 --until 2026-03-05T00:00",
    "check-determinism email-plus --devices 2",
    "timeline email-plus --device 1 --out picture.svg",
    "report record",
    "scenarios",
    "figures",
    "figures --observable",
    "observe --devices 4 --name pick-ups",
    "table device-keychain",
    "lint email-plus",
    "lint --list",
    "assumptions email-plus",
    "schema --list",
    "man run",
    "man compare",
];

#[test]
fn no_line_is_wider_than_the_terminal() {
    let home = TempDir::new().unwrap();
    ask(home.path(), "run device-keychain --devices 8 --out record");
    for args in PRINTING {
        for width in [60, 80, 100] {
            let out = command(home.path(), args).env("COLUMNS", width.to_string()).output().unwrap();
            let shown = text(&out.stdout) + &text(&out.stderr);
            assert!(shown.lines().count() > 0, "{args}");
            for line in shown.lines().filter(|line| line.chars().count() > width) {
                // A path or an address cannot be broken, nor a command that is to be copied.
                let longest = line.split_whitespace().map(|word| word.chars().count()).max().unwrap_or(0);
                let is_command = line.trim_start().starts_with("bgsim ");
                assert!(longest + 8 > width || is_command, "{args} at {width}:\n{line}");
            }
        }
    }
}

#[test]
fn examples_in_help_stay_in_one_line_of_80() {
    let home = TempDir::new().unwrap();
    let help = |verb: &str, width: &str| {
        let out = command(home.path(), &format!("{verb} --help")).env("COLUMNS", width).output().unwrap();
        text(&out.stdout).lines().map(|line| line.trim().to_string()).collect::<Vec<_>>()
    };
    for verb in VERBS {
        let wide: Vec<String> = help(verb, "180");
        let narrow = help(verb, "80");
        for line in wide.iter().filter(|line| line.starts_with("bgsim ") && line.chars().count() <= 78) {
            assert!(narrow.contains(line), "{verb}: {line}");
        }
    }
}

#[test]
fn colour_is_where_it_is_wanted_and_takes_no_letter() {
    let home = TempDir::new().unwrap();
    let args = "compare email-plus --set-b policy.allow_device_keychain=true --devices 64";
    let plain = text(&ask(home.path(), args).stdout);
    assert!(!plain.contains('\u{1b}'), "what is no terminal gets no colour");
    let painted = text(&ask(home.path(), &format!("{args} --color always")).stdout);
    // Green: more mail told in time; red: the key in reach for longer.
    assert!(painted.contains("\u{1b}[32m") && painted.contains("\u{1b}[31m"), "{painted}");
    assert_eq!(without_paint(&painted), plain);
    let forced = command(home.path(), args).env("CLICOLOR_FORCE", "1").output().unwrap();
    assert_eq!(text(&forced.stdout), painted);
    for args in [format!("--color never {args}"), format!("{args} --color=never")] {
        let never = command(home.path(), &args).env("CLICOLOR_FORCE", "1").output().unwrap();
        assert_eq!(text(&never.stdout), plain);
    }
    let none = command(home.path(), args).env("NO_COLOR", "1").output().unwrap();
    assert_eq!(text(&none.stdout), plain);

    let lint = "lint weak-passcode --severity error";
    let plain = text(&ask(home.path(), lint).stdout);
    let file = format!("{lint} --color always -o text=lint.txt -o json");
    let painted = text(&ask(home.path(), &format!("{lint} --color always")).stdout);
    assert!(painted.contains("\u{1b}[1m\u{1b}[31merror\u{1b}[0m[passcode_not_strong]"), "{painted}");
    assert_eq!(without_paint(&painted), plain);
    assert!(!text(&ask(home.path(), &file).stdout).contains('\u{1b}'));
    assert_eq!(std::fs::read_to_string(home.path().join("lint.txt")).unwrap(), plain, "no file is painted");

    let error = text(&ask(home.path(), "run nowhere.toml --color always").stderr);
    assert!(error.starts_with("\u{1b}[1m\u{1b}[31merror\u{1b}[0m: there is no file"), "{error:?}");
    let json = text(&ask(home.path(), &format!("{args} --json --color always")).stdout);
    assert!(!json.contains('\u{1b}'), "JSON has no colour");
}

fn without_paint(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_string();
    parts.fold(first, |shown, part| shown + part.split_once('m').unwrap().1)
}

const VERBS: [&str; 23] = [
    "calibrate",
    "run",
    "compare",
    "sweep",
    "sensitivity",
    "check-determinism",
    "explain",
    "explore",
    "report",
    "timeline",
    "scenarios",
    "init",
    "assumptions",
    "figures",
    "observe",
    "table",
    "lint",
    "schema",
    "completions",
    "man",
    "merge",
    "import",
    "replay",
];

#[test]
fn every_verb_prints_json_or_says_that_it_has_none() {
    let home = TempDir::new().unwrap();
    ask(home.path(), "run device-keychain --devices 4 --out record");
    let json = |args: &str| {
        let out = ask(home.path(), args);
        let found = serde_json::from_slice::<serde_json::Value>(&out.stdout);
        let found = found.unwrap_or_else(|error| panic!("{args}: {error}\n{}", text(&out.stdout)));
        assert!(found["schema"].is_u64() || args.starts_with("schema"), "{args}");
        found
    };
    let printing = PRINTING.iter().filter(|args| !args.starts_with("man"));
    let more = ["scenarios email-plus", "run email-plus --print-config", "schema"];
    for args in printing.copied().chain(more) {
        if args == "schema" {
            json(args);
        } else {
            json(&format!("{args} --json"));
        }
    }
    ask(home.path(), "run email-plus --devices 2 --shard 1/1 --out parts");
    assert_eq!(json("merge parts --out merged --json"), json("run email-plus --devices 2 --json"));
    assert_eq!(json("scenarios trip --json")["scenarios"][0]["name"], "trip");
    assert_eq!(json("run email-plus --print-config --json")["config"]["devices"], 1000);
    let ways = json("check-determinism email-plus --devices 2 --json");
    assert!(ways["ways"].as_array().unwrap().iter().all(|way| way["same"] == true));
    for args in ["init new.toml", "completions bash", "man run"] {
        let out = ask(home.path(), &format!("{args} --json"));
        let said = text(&out.stderr);
        assert_eq!(out.status.code(), Some(1), "{args}");
        assert!(said.contains("has no `--json`") && out.stdout.is_empty(), "{args}: {said}");
    }
    assert!(!home.path().join("new.toml").exists());
    let log = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/import/dasd.ndjson");
    json(&format!("import {log} --client com.example.mail --out phone --json"));
    json("replay phone --devices 2 --json");
    // Whatever verb is added has to be thought of here.
    let help = text(&ask(home.path(), "--help").stdout);
    let verbs =
        help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let verbs: Vec<&str> = verbs
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    for verb in verbs.iter().filter(|verb| !["help", "test"].contains(verb)) {
        assert!(VERBS.contains(verb), "{verb}");
    }
}

fn given(folder: &Path, args: &str, input: &str) -> Output {
    let mut command = command(folder, args);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn a_scenario_comes_by_standard_input_too() {
    let home = TempDir::new().unwrap();
    let scenario = "extends = 'email-plus'\nname = 'piped'\ndevices = 3\n";
    std::fs::write(home.path().join("piped.toml"), scenario).unwrap();
    for args in [
        "run FILE --json",
        "compare FILE --set-b policy.allow_device_keychain=true --json",
        "sweep FILE --vary client.refresh_interval=5m,15m --json",
        "explain FILE --device 1 --mail 0 --json",
        "explain FILE --worst 2 --json",
        "assumptions FILE --json",
        "table FILE --json",
        "lint FILE --json",
        "check-determinism FILE --json",
        "run FILE --print-config",
    ] {
        let piped = given(home.path(), &args.replace("FILE", "-"), scenario);
        let file = ask(home.path(), &args.replace("FILE", "piped.toml"));
        assert!(piped.status.code() == file.status.code(), "{args}: {}", text(&piped.stderr));
        let named = |out: &Output| {
            let text = text(&out.stdout).replace("piped.toml", "-");
            // How long it took is of each run its own.
            text.lines().filter(|line| !line.contains("_s\": ")).collect::<Vec<_>>().join("\n")
        };
        assert_eq!(named(&piped), named(&file), "{args}");
    }
    let twice = given(home.path(), "compare - - --devices 2", "extends = 'email-plus'\n");
    assert!(text(&twice.stdout).contains("standard input (2)"), "{}", text(&twice.stdout));
    let broken = given(home.path(), "run -", "devices = 3\n[polcy]\n");
    assert!(text(&broken.stderr).contains(" --> -:2:2"), "{}", text(&broken.stderr));
    let empty = given(home.path(), "run -", "");
    assert_eq!(text(&empty.stderr), "error: standard input is empty; a scenario is wanted there\n");
}

#[test]
fn a_page_names_its_sections_and_the_values_of_options() {
    let home = TempDir::new().unwrap();
    let page = text(&ask(home.path(), "man compare").stdout);
    assert!(page.contains("[--set-b KEY=VALUE...]") && page.contains("[--figure FIGURE]"), "{page}");
    for section in ["NAME", "SYNOPSIS", "OPTIONS", "EXAMPLES", "EXIT STATUS"] {
        assert!(page.lines().any(|line| line == section), "{section}");
    }
    let codes = text(&ask(home.path(), "man lint").stdout);
    assert!(codes.contains("EXIT STATUS\n    0\n        nothing of the chosen severity\n"), "{codes}");
    let unknown = ask(home.path(), "man rn");
    assert!(text(&unknown.stderr).contains("did you mean `run`?"));
    assert!(std::fs::read_dir(home.path()).unwrap().next().is_none(), "nothing is written");
}

#[cfg(unix)]
#[test]
fn bash_completes_what_this_version_knows() {
    let home = TempDir::new().unwrap();
    std::fs::write(home.path().join("ours.toml"), "extends = 'email-plus'\n").unwrap();
    std::fs::write(home.path().join("ours.csv"), "").unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_bgsim")).parent().unwrap();
    // Words as bash parts them: at spaces, `=` and `:`.
    let answers = |words: &str| {
        let script = format!(
            "PATH={}:$PATH; source <(bgsim completions bash); COMP_WORDS=({words}); \
             COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _bgsim bgsim \"${{COMP_WORDS[COMP_CWORD]}}\" ''; \
             printf '%s\\n' \"${{COMPREPLY[@]}}\"",
            program.display()
        );
        let out =
            Command::new("bash").args(["--norc", "-c", &script]).current_dir(home.path()).output().unwrap();
        text(&out.stdout).lines().map(String::from).collect::<Vec<_>>()
    };
    let has = |words: &str, wanted: &[&str]| {
        let found = answers(words);
        assert!(wanted.iter().all(|word| found.iter().any(|known| known == word)), "{words}: {found:?}");
    };
    assert_eq!(answers("bgsim run ema"), ["email-plus"]);
    // Where one word of the shell has several, as in fish.
    let out = Command::new(env!("CARGO_BIN_EXE_bgsim"))
        .args(["--", "bgsim", "compare", "email-plus", "--arm", "x: policy.passcode=none policy.auto"])
        .env("COMPLETE", "fish")
        .output()
        .unwrap();
    let found = text(&out.stdout);
    assert!(found.starts_with("x: policy.passcode=none policy.auto_lock="), "{found}");
    assert_eq!(answers("bgsim compare email-plus our"), ["ours.toml"]);
    has("bgsim swe", &["sweep"]);
    has("bgsim run email-plus --set policy.auto", &["policy.auto_lock="]);
    assert_eq!(answers("bgsim run email-plus --set policy.key_access = dev"), ["device_keychain"]);
    has("bgsim compare email-plus --set-b scheduler.model =", &["das", "periodic"]);
    has("bgsim sweep email-plus --vary client.refresh_i", &["client.refresh_interval="]);
    has("bgsim compare email-plus --figure told_w", &["told_within(15m)"]);
    has("bgsim compare email-plus --figure = late", &["latency(p50)"]);
    has("bgsim run email-plus --by per", &["persona"]);
    has("bgsim run email-plus --set fleet.persona =", &["heavy", "night_worker"]);
    let several = ["four_digits,six_digits", "four_digits,alphanumeric"];
    has("bgsim sweep email-plus --vary policy.passcode = four_digits,", &several);
    has("bgsim compare email-plus --subject-to told_w", &["told_within(15m)"]);
    has("bgsim help sem", &["semantics"]);
    assert_eq!(answers("bgsim man swe"), ["sweep"]);
}

#[test]
fn what_is_not_known_is_answered_with_three_names_at_most() {
    let home = TempDir::new().unwrap();
    std::fs::write(home.path().join("ours.toml"), "extends = 'email-plus'\n").unwrap();
    let said = |args: &str| {
        let out = ask(home.path(), args);
        assert_eq!(out.status.code(), Some(1), "{args}");
        let said = text(&out.stderr);
        assert!(said.matches('`').count() <= 2 * 6, "{args}: {said}");
        said
    };
    for (args, wanted) in [
        ("rn", "did you mean `run`?"),
        ("simulate", "did you mean `run`?"),
        ("diff", "did you mean `compare`?"),
        ("run .", "in it is `./ours.toml`"),
        ("run ''", "the name of the scenario is empty"),
        ("run nosuch", "bgsim scenarios lists them"),
        ("run our.toml", "did you mean `ours.toml`?"),
        ("scenarios emailplus", "`email-plus`"),
        ("run email-plus --devices 1e6", "write 1000000"),
        ("run email-plus --set fleet[0].ram=1GB", "group.NAME.ROW=VALUE"),
        ("run email-plus --set fleet.0.ram=1GB", "group.NAME.ROW=VALUE"),
        ("run email-plus --set client.check_interval=5m", "write `client.refresh_interval`"),
        ("run email-plus --set policy.gadget=1", "nearest are `"),
        ("run email-plus --set gadget.x=1", "nearest are `"),
        ("run email-plus --set policy.widget=1", "not modelled: widgets"),
        ("run email-plus --set client.live_activity=true", "not modelled: widgets"),
        ("run email-plus --set policy.notifications=true", "not modelled: whether and how iOS shows"),
        ("run email-plus --set fleet.ios_version=18", "not modelled: the version of iOS"),
        ("run email-plus --set focus=1", "Focus is not modelled"),
        (
            "run email-plus --set policy.refresh_intervall=5m",
            "did you mean `refresh_interval`? It belongs in `[client]`",
        ),
        ("run email-plus --figure latency", "`compare`, `sweep` and `sensitivity` have it"),
        ("run email-plus --set-b=policy.passcode=none", "`compare` and `sensitivity` have it"),
        ("schema --json", "the schema that it prints is JSON already"),
        ("compare email-plus --set-b policy.auto_lok=1m", " --> --set-b policy.auto_lok=1m:1:8"),
        ("compare email-plus --set-b policy.auto_lock", "write for example `--set-b policy.passcode=none`"),
        ("run keychain", "nearest are `device-keychain`, "),
        ("run push", "nearest are `key-and-push`, "),
        ("help causes", "nearest are `semantics`"),
        ("run email-plus --set calendar.sync=1", "not modelled: calendar"),
        ("run email-plus --set client.android=true", "not modelled: Android"),
        ("run email-plus --set time_zone=Berlin", "\"Europe/Berlin\""),
        ("compare email-plus --figure 'told_withn(10m)'", "did you mean `told_within`?"),
        ("sensitivity email-plus --devices 8 --max-devices 4", "less than the 8"),
    ] {
        let said = said(args);
        assert!(said.contains(wanted), "{args}: {said}");
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("gone.toml", home.path().join("link.toml")).unwrap();
        let dangling = said("run link.toml");
        assert_eq!(dangling, "error: `link.toml` is a link to `gone.toml`, and no such file is there\n");
    }
}

#[test]
fn sentences_of_an_error_fit_where_a_width_is_said_and_stay_whole_where_not() {
    let home = TempDir::new().unwrap();
    let whole = text(&ask(home.path(), "run nosuch").stderr);
    assert_eq!(whole.lines().count(), 1, "what a program reads keeps its lines");
    let out = command(home.path(), "run nosuch").env("COLUMNS", "60").output().unwrap();
    let broken = text(&out.stderr);
    assert!(broken.lines().all(|line| line.chars().count() <= 60) && broken.lines().count() > 1, "{broken}");
    assert_eq!(broken.split_whitespace().collect::<Vec<_>>(), whole.split_whitespace().collect::<Vec<_>>());
}
