//! The bundled scenarios ask a question, and the commands that they name answer it.

use bgsim::client::DelayCause;
use bgsim::record::Outcome;
use bgsim::scenario::BUNDLED;
use bgsim::signal::ResultKind;
use std::process::Command;

/// The lines of a scenario's first comment.
fn comment(text: &str) -> Vec<&str> {
    text.lines().map_while(|line| line.strip_prefix('#')).collect()
}

/// The words of a command as a shell would part them.
pub fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (place, part) in command.split('\'').enumerate() {
        match place % 2 {
            0 => words.extend(part.split_whitespace().map(String::from)),
            _ => words.push(part.into()),
        }
    }
    words
}

#[test]
fn what_a_scenario_says_to_read_is_printed_by_the_commands_that_it_names() {
    let causes = DelayCause::ALL.map(DelayCause::name);
    let outcomes = Outcome::ALL.map(Outcome::name);
    let results = ResultKind::ALL.map(ResultKind::name);
    let (mut asked, mut found) = (0, 0);
    for bundled in BUNDLED {
        let comment = comment(bundled.text);
        let commands: Vec<&str> = comment.iter().filter_map(|line| line.strip_prefix("   bgsim ")).collect();
        let printed: Vec<String> = commands
            .iter()
            .map(|command| {
                let out = Command::new(env!("CARGO_BIN_EXE_bgsim"))
                    .args(words(command))
                    .args(["--devices", "64"])
                    // In a narrow table names are broken.
                    .env("COLUMNS", "160")
                    .output()
                    .unwrap();
                assert!(out.status.success(), "{command}: {}", String::from_utf8_lossy(&out.stderr));
                String::from_utf8(out.stdout).unwrap()
            })
            .collect();
        asked += commands.len();
        for word in comment.join("\n").split('`').skip(1).step_by(2).filter(|_| !commands.is_empty()) {
            let known = causes.contains(&word) || outcomes.contains(&word) || results.contains(&word);
            if known || word == "held_back" {
                // Names stand in tables as they are or, of figures, in words.
                let says = |text: &String| text.contains(word) || text.contains(&word.replace('_', " "));
                assert!(printed.iter().any(says), "{}: no command prints `{word}`", bundled.name);
                found += 1;
            }
        }
    }
    assert!(asked >= 10 && found >= 12, "{asked} commands, {found} words");
}
