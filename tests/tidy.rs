//! The source keeps its own rules: small files that say what they are, in layers, without what
//! would make results depend on chance, on the clock or on the machine.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A file longer than this does more than one thing.
const MOST_LINES: usize = 420;

/// Uses of a module that stands later in `lib.rs`: who, of what. Each is a debt.
const EXCEPTIONS: [(&str, &str); 0] = [];

/// What ties code to a machine or to a command line, and the files outside `cli/` that may use it. To
/// simulate a device takes none of it: the library builds and runs where there are no threads, clock or files.
const MACHINE: [(&str, &[&str]); 14] = [
    ("std::thread", &["experiment/pool.rs"]),
    ("recv_timeout", &["experiment/pool.rs"]),
    ("Instant::now", &[]),
    ("std::fs", &["scenario/files.rs"]),
    ("std::env", &[]),
    ("std::net", &[]),
    ("std::process", &["main.rs"]),
    ("anstream::", &[]),
    ("clap::", &["report/test_formats.rs"]),
    ("ctrlc::", &[]),
    ("indicatif::", &[]),
    ("quick_junit::", &["report/junit.rs", "report/lint_formats.rs"]),
    ("tempfile::", &[]),
    ("terminal_size::", &[]),
];

/// Numbers that say nothing of how a phone behaves: none, one, two, and what units are made of.
const NEUTRAL: [&str; 7] = ["0", "1", "2", "24", "60", "1000", "3600"];

/// A file of the models that only says how signals are written down.
const WORDS: &str = "signal/words.rs";

/// Other literals that are no key: where, which, and why.
const NAMED_LITERALS: [(&str, &str, &str); 43] = [
    ("signal/battery.rs", "100.0", "a charge in per cent"),
    ("signal/habits.rs", "7", "days of a week"),
    ("device/network/places.rs", "7", "days of a week"),
    ("device/power/habit.rs", "100", "of a charge in per cent"),
    ("device/power/habit.rs", "7", "days of a week"),
    ("device/scheduler/policies.rs", "100.0", "a charge in per cent"),
    ("device/scheduler/threshold.rs", "100", "a charge in per cent"),
    ("device/user/apps.rs", "100.0", "a bound that no draw comes to"),
    ("device/user/plan.rs", "7", "days of a week"),
    ("device/user/rhythm.rs", "7", "where a sum that wanes is cut off"),
    ("client/endings.rs", "30", "updates and losses are counted by 30 days"),
    ("device/lock.rs", "30.0", "restarts are counted by 30 days"),
    ("device/memory/ram.rs", "2000", "what its keys are named for"),
    ("device/memory/ram.rs", "3000", "what its keys are named for"),
    ("device/memory/ram.rs", "4000", "what its keys are named for"),
    ("device/memory/ram.rs", "6000", "what its keys are named for"),
    ("device/memory/ram.rs", "8000", "what its keys are named for"),
    ("device/memory/ram.rs", "12000", "what its keys are named for"),
    ("device/network/mod.rs", "1e-9", "keeps a division from zero"),
    ("device/network/mod.rs", "0.001", "keeps a division from zero"),
    ("device/network/mod.rs", "0.999", "keeps a division from zero"),
    ("device/network/outages.rs", "0.999", "keeps a division from zero"),
    ("device/network/places.rs", "5", "length of an array"),
    ("device/power/mode.rs", "20", "keys a draw"),
    ("device/power/mode.rs", "10", "keys a draw"),
    ("device/power/habit.rs", "4000", "days until what never comes"),
    ("device/power/habit.rs", "1e-12", "keeps a division from zero"),
    ("device/scheduler/das.rs", "1e10", "seconds until what never comes"),
    ("device/scheduler/policies.rs", "0.5", "the exponent for which there is a quicker way"),
    ("device/scheduler/threshold.rs", "10", "length of an array"),
    ("device/user/apps.rs", "64", "length of an array"),
    ("device/user/apps.rs", "1e-6", "keeps a division from zero"),
    ("device/user/plan.rs", "5000.0", "the limit of the key whose factor is drawn"),
    ("device/user/pace.rs", "1024.0", "how much of a day may be left over"),
    ("device/user/pace.rs", "30", "how often a guess is mended"),
    ("device/user/pace.rs", "3", "of how many guesses one is a halving"),
    ("device/user/rhythm.rs", "1e-6", "keeps a weight from zero"),
    ("device/user/session.rs", "0.001", "keeps a logarithm from zero"),
    ("persona.rs", "1.3", "the limit of the key that it is the limit of"),
    ("signal/battery.rs", "1000000000000", "the unit of charge"),
    ("signal/habits.rs", "900", "the slot of the day, by which arrays are cut"),
    ("signal/habits.rs", "28", "length of an array"),
    ("signal/habits.rs", "3", "days that may be asked for before the next prediction"),
];

/// Lengths of time and laws that are no key though a name or a number stands for them: where, which, and why.
const NAMED_LENGTHS: [(&str, &str, &str); 7] = [
    ("device/lock.rs", "Span::HOUR", "stands for a key that its model cannot do without"),
    ("device/mail.rs", "Span::HOUR", "the hour of the day by which rates change"),
    ("device/power/battery.rs", "Span::HOUR", "the unit of a rate"),
    ("device/power/battery.rs", "Span::MINUTE", "the unit of a rate"),
    ("device/scheduler/das.rs", "Span::HOUR", "how often it is seen whether days have passed"),
    ("device/scheduler/mod.rs", "Span::", "what stands for a needed key, and for what has no end"),
    ("device/scheduler/threshold.rs", "Span::DAY", "the same time on a later day"),
];

/// In so many files at most a type of one name is defined. Each verb has its `Args`, each section its `Config`, and
/// each model with keys that depend on it its `Kind`.
const MOST_NAMESAKES: usize = 5;
const OFTEN_NAMED: [&str; 3] = ["Args", "Config", "Kind"];

/// A source file: its path below `src/`, what it says, and what of that is not test code.
struct File {
    path: String,
    text: String,
    code: String,
}

fn files() -> Vec<File> {
    let mut folders = vec![Path::new(ROOT).join("src")];
    let mut paths: Vec<PathBuf> = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false if path.extension().is_some_and(|end| end == "rs") => paths.push(path),
                false => {}
            }
        }
    }
    paths.sort();
    assert!(paths.len() > 50, "this is not the source tree");
    paths.into_iter().map(|path| File::read(&path)).collect()
}

impl File {
    fn read(path: &Path) -> File {
        let text = fs::read_to_string(path).unwrap();
        let path = path.strip_prefix(Path::new(ROOT).join("src")).unwrap();
        let path = path.to_str().unwrap().replace('\\', "/");
        let is_test = path.contains("/tests/") || path.ends_with("_tests.rs");
        let code = if is_test { String::new() } else { code_of(&text) };
        File { path, text, code }
    }

    /// The module of `lib.rs` that the file belongs to.
    fn module(&self) -> &str {
        let end = self.path.find(['/', '.']).unwrap();
        &self.path[..end]
    }

    /// Every identifier that follows `crate::`; macros, which Rust has at the root, are left out.
    fn uses(&self) -> impl Iterator<Item = &str> {
        self.code.match_indices("crate::").filter_map(|(at, found)| {
            let rest = &self.code[at + found.len()..];
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            (!rest[end..].starts_with('!') && end > 0).then_some(&rest[..end])
        })
    }
}

/// The text without comments, and without its module of tests, which stands last.
fn code_of(text: &str) -> String {
    let mut code = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if line.starts_with("#[cfg(test)]") && lines.peek().is_some_and(|next| next.ends_with('{')) {
            break;
        }
        code.push_str(line.split("//").next().unwrap_or_default());
        code.push('\n');
    }
    code
}

/// The modules in the order of `lib.rs`.
fn layers() -> Vec<String> {
    let text = fs::read_to_string(Path::new(ROOT).join("src/lib.rs")).unwrap();
    let module = |line: &str| Some(line.strip_prefix("pub mod ")?.strip_suffix(';')?.to_owned());
    text.lines().filter_map(module).collect()
}

#[track_caller]
fn assert_none(faults: Vec<String>) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn every_file_opens_by_saying_what_it_is() {
    let dumb = files().into_iter().filter(|file| !file.text.starts_with("//! "));
    assert_none(dumb.map(|file| format!("{} does not open with `//!`", file.path)).collect());
}

#[test]
fn no_file_is_long() {
    let lengths = files().into_iter().map(|file| (file.text.lines().count(), file.path));
    let long = lengths.filter(|(lines, _)| *lines > MOST_LINES);
    assert_none(long.map(|(lines, path)| format!("{path} has {lines} lines")).collect());
}

#[test]
fn nothing_unfinished_and_nothing_unforeseen_is_left_in_the_code() {
    // Spelled in two halves, so that this file may be searched as well.
    let banned = ["todo", "dbg", "unimplemented"].map(|name| format!("{name}!("));
    let banned = banned.into_iter().chain([".unwrap()".into(), "HashMap".into(), "SystemTime".into()]);
    let banned: Vec<String> = banned.collect();
    let mut faults = Vec::new();
    for file in files() {
        for word in &banned {
            for (number, line) in file.code.lines().enumerate().filter(|(_, line)| line.contains(word)) {
                faults.push(format!("{}:{}: {}", file.path, number + 1, line.trim()));
            }
        }
    }
    assert_none(faults);
}

#[test]
fn only_the_edge_needs_a_machine() {
    let (mut faults, mut excused) = (Vec::new(), Vec::new());
    for file in files().into_iter().filter(|file| !file.path.starts_with("cli/")) {
        for (word, may) in MACHINE.into_iter().filter(|(word, _)| file.code.contains(word)) {
            match may.contains(&file.path.as_str()) {
                true => excused.push((word, file.path.clone())),
                false => faults.push(format!("{} uses {word}", file.path)),
            }
        }
        // Spelled out, so that a search finds what is used.
        if file.code.contains("use std::{") {
            faults.push(format!("{} takes several parts of std in one line", file.path));
        }
    }
    for (word, may) in MACHINE {
        let idle = may.iter().filter(|path| !excused.contains(&(word, (**path).to_owned())));
        faults.extend(idle.map(|path| format!("{path} no longer uses {word}: take it off the list")));
    }
    assert_none(faults);
}

#[test]
fn every_module_uses_only_those_that_stand_before_it() {
    let layers = layers();
    assert_eq!(layers.first().map(String::as_str), Some("time"));
    let rank = |module: &str| layers.iter().position(|layer| layer == module);
    let (mut faults, mut uses) = (Vec::new(), 0);
    let mut excused: Vec<(String, String)> = Vec::new();
    for file in files() {
        // `lib.rs` and `main.rs` are no layer.
        let Some(own) = rank(file.module()) else { continue };
        for used in file.uses() {
            uses += 1;
            match rank(used) {
                Some(other) if other <= own => {}
                _ if EXCEPTIONS.contains(&(file.path.as_str(), used)) => {
                    excused.push((file.path.clone(), used.to_owned()));
                }
                Some(_) => faults.push(format!("{} uses {used}, which stands later", file.path)),
                None => faults.push(format!("{} uses {used}, which is no module", file.path)),
            }
        }
    }
    assert!(uses > 200, "only {uses} uses were found");
    for (path, used) in EXCEPTIONS {
        if !excused.contains(&(path.to_owned(), used.to_owned())) {
            faults.push(format!("{path} no longer uses {used}: take it off the list"));
        }
    }
    assert_none(faults);
}

#[test]
fn the_parts_of_the_phone_do_not_know_each_other() {
    let mut faults = Vec::new();
    let mut seen = 0;
    for file in files() {
        let Some(below) = file.path.strip_prefix("device/").filter(|below| *below != "mod.rs") else {
            continue;
        };
        seen += 1;
        // `super` of a file that stands in `device/`, or of a folder's `mod.rs`, is `device` itself.
        let sibling = match below.split('/').collect::<Vec<_>>()[..] {
            [_] | [_, "mod.rs"] => "super::",
            _ => "super::super::",
        };
        for word in ["crate::device", sibling] {
            if file.code.contains(word) {
                faults.push(format!("{} reaches for a sibling by `{word}`", file.path));
            }
        }
    }
    assert!(seen > 15, "only {seen} files stand in device/");
    assert_none(faults);
}

/// What stands between quotes in code.
fn literals(code: &str) -> Vec<&str> {
    let escaped = |text: &str| text.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1;
    let (mut found, mut rest) = (Vec::new(), code);
    while let Some(start) = rest.find('"') {
        let inner = &rest[start + 1..];
        // A quote that is a character begins nothing.
        if inner.starts_with('\'') {
            rest = inner;
            continue;
        }
        let end = inner.match_indices('"').map(|(end, _)| end).find(|end| !escaped(&inner[..*end]));
        let Some(end) = end else { break };
        found.push(&inner[..end]);
        rest = &inner[end + 1..];
    }
    found
}

/// Where a figure stands in files is said once, in its catalogue.
#[test]
fn no_path_of_a_figure_stands_outside_the_catalogue() {
    let paths = bgsim::figure::Figure::listed().map(|figure| figure.to_string());
    let mut heads: Vec<String> = paths.map(|path| path[..=path.find('.').unwrap()].to_owned()).collect();
    heads.sort();
    heads.dedup();
    assert!(heads.len() >= 8, "{heads:?}");
    // Files, and keys of the scenario with their tables, that are called alike.
    let keys: Vec<String> = bgsim::scenario::keys()
        .into_iter()
        .flat_map(|(place, key)| [place.to_owned(), format!("{place}.{}", key.name)])
        .collect();
    let of_models = ["mail.file", "mail.model", "mail.dates"];
    let is_key = |word: &str| of_models.contains(&word) || keys.iter().any(|key| key == word);
    let other = |word: &str| word.ends_with(".csv") || is_key(word);
    let (mut faults, mut seen) = (Vec::new(), 0);
    for file in files().into_iter().filter(|file| file.module() != "figure") {
        for literal in literals(&file.code) {
            seen += 1;
            let words = literal.split(|c: char| !(c.is_alphanumeric() || "._{}".contains(c)));
            let is_path = |word: &&str| heads.iter().any(|head| word.starts_with(head) && *word != head);
            for word in words.filter(is_path).filter(|word| !other(word)) {
                faults.push(format!("{}: `{word}` is the path of a figure", file.path));
            }
        }
    }
    assert!(seen > 1000, "only {seen} literals were found");
    assert_none(faults);
}

/// What is so of a figure stands in its row: whoever asks it of a list of figures would not hear of a new one.
#[test]
fn no_figure_is_told_from_the_others_in_passing() {
    let (mut faults, mut seen) = (Vec::new(), 0);
    for file in files() {
        let code = &file.code;
        if ["figure", "expectation"].contains(&file.module()) {
            for asked in code.split("matches!(").skip(1) {
                seen += 1;
                let until = asked.find(")\n").unwrap_or(asked.len());
                if asked[..until].contains("Figure::") {
                    faults.push(format!("{}: `{}`", file.path, asked[..until].trim()));
                }
            }
        }
        // The times of which the first figures speak stand with them.
        let is_of_people = ["report", "record", "summary", "comparison"].contains(&file.module());
        if is_of_people && file.path != "report/charts/scale.rs" {
            let said =
                ["15 min", "within 1 min", "MINUTE * 15"].into_iter().filter(|time| code.contains(time));
            faults.extend(said.map(|time| format!("{}: `{time}` is the time of a figure", file.path)));
        }
    }
    assert!(seen > 5, "only {seen} questions were found");
    assert_none(faults);
}

/// The code with what is declared as a key, a choice or a row of the personas blanked out, line by line.
fn without_declarations(code: &str) -> String {
    let mut left = code.to_owned();
    for opening in ["section! {", "choice! {", "\npersona! {"] {
        while let Some(from) = left.find(opening) {
            let mut depth = 0;
            let inner = &left[from + opening.len()..];
            let until = inner.find(|c| {
                depth += i32::from(c == '{') - i32::from(c == '}');
                depth < 0
            });
            let until = from + opening.len() + until.expect("braces come in pairs") + 1;
            let blank = left[from..until].replace(|c| c != '\n', " ");
            left.replace_range(from..until, &blank);
        }
    }
    left
}

/// Every number that is written out, with its line. Lengths of arrays, capacities, places of bits, texts and
/// names are none.
fn numbers(code: &str) -> Vec<(usize, String)> {
    let lines = code.lines().enumerate();
    lines.flat_map(|(index, line)| numbers_of(line).into_iter().map(move |text| (index + 1, text))).collect()
}

fn numbers_of(line: &str) -> Vec<String> {
    let word = |text: &str| text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let mut found = Vec::new();
    let (mut at, mut in_text) = (0, false);
    while let Some(next) = line[at..].chars().next() {
        let (before, rest) = (line[..at].trim_end(), &line[at..]);
        match next {
            '\\' if in_text => at += 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            '"' => (in_text, at) = (!in_text, at + 1),
            // A field of a tuple, but not the end of a range.
            '0'..='9' if !in_text && before.ends_with('.') && !before.ends_with("..") => at += word(rest),
            '0'..='9' if !in_text => {
                let mut end = word(rest);
                if let Some(more) =
                    rest[end..].strip_prefix('.').filter(|more| more.starts_with(char::is_numeric))
                {
                    end += 1 + word(more);
                }
                if rest[..end].ends_with('e') && rest[end..].starts_with('-') {
                    end += 1 + word(&rest[end + 1..]);
                }
                let is_size = before.ends_with(';') && rest[end..].starts_with(']')
                    || ["<<", "with_capacity("].iter().any(|what| before.ends_with(what));
                if !is_size {
                    let mut text = rest[..end].replace('_', "");
                    text.truncate(text.find(['u', 'i', 'f']).unwrap_or(text.len()));
                    found.push(text);
                }
                at += end;
            }
            _ if !in_text => at += word(rest).max(next.len_utf8()),
            other => at += other.len_utf8(),
        }
    }
    found
}

#[test]
fn a_literal_is_found_where_one_is() {
    let code = "crate::section! {\n a: f64 = 0.5, plausible({0.1}); }\nlet x = 0.37 * y.0 + z[3..40] as f64 \
                + 1e-9;\nlet a: [u8; 24] = \"5\"; 2_u64.max(b2) << 8";
    let found: Vec<(usize, String)> = numbers(&without_declarations(code));
    let found: Vec<(usize, &str)> = found.iter().map(|(line, text)| (*line, text.as_str())).collect();
    assert_eq!(found, [(3, "0.37"), (3, "3"), (3, "40"), (3, "1e-9"), (4, "2")]);
}

#[test]
fn every_number_of_the_phone_is_a_key() {
    let (mut faults, mut seen) = (Vec::new(), 0);
    let mut used = [false; NAMED_LITERALS.len()];
    for file in files() {
        let folder = ["device/", "client/", "signal/"].iter().any(|folder| file.path.starts_with(folder));
        if !folder && file.path != "persona.rs" || file.path == WORDS {
            continue;
        }
        for (line, literal) in numbers(&without_declarations(&file.code)) {
            seen += 1;
            let named =
                NAMED_LITERALS.iter().position(|(path, text, _)| *path == file.path && *text == literal);
            match named {
                Some(index) => used[index] = true,
                None if NEUTRAL.contains(&literal.strip_suffix(".0").unwrap_or(&literal)) => {}
                None => faults.push(format!("{}:{line}: {literal} has no key, range and source", file.path)),
            }
        }
    }
    assert!(seen > 100, "only {seen} literals were found");
    for ((path, literal, _), _) in NAMED_LITERALS.iter().zip(used).filter(|(_, used)| !used) {
        faults.push(format!("{path} has no {literal} any more: take it off the list"));
    }
    assert_none(faults);
}

/// Every length of time that is named and not written out, and every law with a number in it, with its line. What
/// only converts is none: `Span::DAY.ms()`.
fn lengths(code: &str) -> Vec<(usize, String)> {
    let found = |line: &str| {
        let units = ["Span::SECOND", "Span::MINUTE", "Span::HOUR", "Span::DAY"].into_iter();
        let units = units
            .flat_map(|unit| line.match_indices(unit).map(|(at, unit)| (unit, &line[at + unit.len()..])));
        let units = units.filter(|(_, rest)| !rest.starts_with('.')).map(|(unit, _)| unit.to_owned());
        let laws = line.match_indices("with_mean_one(").map(|(at, law)| (law, &line[at + law.len()..]));
        let laws = laws.filter(|(_, rest)| rest.starts_with(char::is_numeric)).map(|(law, _)| law.to_owned());
        units.chain(laws).collect::<Vec<_>>()
    };
    let lines = code.lines().enumerate();
    lines.flat_map(|(index, line)| found(line).into_iter().map(move |text| (index + 1, text))).collect()
}

#[test]
fn every_length_of_the_phone_is_a_key() {
    let code = "a(Span::DAY);\nSpan::HOUR.ms() + Span::MINUTE * by; Gamma::with_mean_one(2.0); Gamma::with_mean_one(shape)";
    let found: Vec<usize> = lengths(code).into_iter().map(|(line, _)| line).collect();
    assert_eq!(found, [1, 2, 2]);
    let (mut faults, mut used) = (Vec::new(), [false; NAMED_LENGTHS.len()]);
    for file in files() {
        let of_phone = ["device/", "client/", "signal/"].iter().any(|folder| file.path.starts_with(folder));
        if !of_phone && file.path != "persona.rs" {
            continue;
        }
        for (line, length) in lengths(&without_declarations(&file.code)) {
            let is_named =
                |(path, text, _): &(&str, &str, &str)| *path == file.path && length.starts_with(text);
            match NAMED_LENGTHS.iter().position(is_named) {
                Some(place) => used[place] = true,
                None => faults.push(format!("{}:{line}: {length} has no key, range and source", file.path)),
            }
        }
    }
    for ((path, length, _), _) in NAMED_LENGTHS.iter().zip(used).filter(|(_, used)| !used) {
        faults.push(format!("{path} has no {length} any more: take it off the list"));
    }
    assert_none(faults);
}

/// A tag is no better than its source: what a note says to be assumed of some is assumed.
#[test]
fn no_number_is_called_measured_that_its_note_calls_assumed() {
    let (mut seen, mut faults) = (0, Vec::new());
    for file in files() {
        for note in file.text.split("note(\"").skip(1).map(|rest| rest.split('"').next().unwrap_or_default())
        {
            seen += 1;
            if note.contains("assum") {
                faults.push(format!("{}: `note(\"{note}\")` is to be `assumed`", file.path));
            }
        }
    }
    assert!(seen > 3, "only {seen} notes were found");
    assert_none(faults);
}

/// Where a cause is told from the others all the same, and why that is no second declaration of it.
const TOLD_CAUSES: [(&str, &str, &str); 14] = [
    ("access_table/mod.rs", "NotScheduled", "what is left where nothing stands in the way"),
    ("explanation/watcher.rs", "NotScheduled", "what is left where nothing stands in the way"),
    ("record/standing.rs", "NotScheduled", "what is left where nothing stands in the way"),
    ("record/ledger.rs", "Checking", "a phase that the ledger itself begins and ends"),
    ("lint/since.rs", "NotScheduled", "what was left in 0.1.0, and more than now"),
    ("record/ledger.rs", "QuietHours", "a phase that the ledger itself begins and ends"),
    ("explanation/watcher.rs", "QuietHours", "a phase that the ledger itself begins and ends"),
    ("timeline/recorder.rs", "Checking", "a phase that the ledger itself begins and ends"),
    ("report/access_text.rs", "RefreshOff", "a footnote of the table, which no policy changes"),
    ("report/access_text.rs", "UnusedApp", "a footnote of the table, which no policy changes"),
    ("report/access_text.rs", "LowPower", "a footnote of the table, which no policy changes"),
    ("report/day_words.rs", "BeforeFirstUnlock", "a lane of the day that shows it already"),
    ("report/day_words.rs", "DeviceOff", "a lane of the day that shows it already"),
    ("report/day_words.rs", "NoNetwork", "a lane of the day that shows it already"),
];

/// The identifier that a text begins with.
fn identifier(text: &str) -> &str {
    &text[..text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len())]
}

#[test]
fn a_cause_of_delay_is_declared_in_two_places() {
    let (mut faults, mut seen) = (Vec::new(), 0);
    let mut used = [false; TOLD_CAUSES.len()];
    for file in files() {
        for (at, found) in file.code.match_indices("DelayCause::") {
            let cause = identifier(&file.code[at + found.len()..]);
            seen += 1;
            if ["client/cause.rs", "report/cause_looks.rs"].contains(&file.path.as_str())
                || !cause.contains(char::is_lowercase)
                || cause.starts_with(char::is_lowercase)
            {
                continue;
            }
            match TOLD_CAUSES.iter().position(|(path, told, _)| (*path, *told) == (file.path.as_str(), cause))
            {
                Some(place) => used[place] = true,
                None => faults.push(format!("{} tells {cause} from other causes", file.path)),
            }
        }
    }
    let unused = TOLD_CAUSES.iter().zip(used).filter(|(_, used)| !used);
    faults.extend(unused.map(|((path, cause, _), _)| format!("{path} no longer tells {cause}")));
    assert!(seen > 20, "only {seen} were found");
    assert_none(faults);
}

/// What is asked of a way to the key is asked by a `match` without a rest, so that a new one has to answer.
#[test]
fn no_key_access_is_told_from_the_others_in_passing() {
    let (mut faults, mut seen) = (Vec::new(), 0);
    for file in files().into_iter().filter(|file| file.module() != "policy") {
        for (number, line) in file.code.lines().enumerate() {
            let names = line.contains("KeyAccess::");
            seen += usize::from(names);
            let in_passing =
                ["==", "!=", "matches!", "if let", "contains("].iter().any(|way| line.contains(way));
            if names && in_passing {
                faults.push(format!("{}:{}: {}", file.path, number + 1, line.trim()));
            }
        }
    }
    assert!(seen > 10, "only {seen} were found");
    assert_none(faults);
}

/// Whoever makes a chart hands its data over; which charts there are, only their list says.
#[test]
fn no_chart_is_named_outside_the_list_of_charts() {
    let named = |file: &File| {
        let code = &file.code;
        let found = code.match_indices("Chart::").map(|(at, found)| identifier(&code[at + found.len()..]));
        found.filter(|name| name.starts_with(char::is_uppercase)).map(String::from).collect::<Vec<_>>()
    };
    let list = files().into_iter().find(|file| file.path == "report/charts/mod.rs").unwrap();
    assert!(list.code.contains("define_charts! {"), "the list of charts is not where it was");
    let outside = files().into_iter().filter(|file| file.path != list.path);
    assert_none(
        outside
            .flat_map(|file| {
                named(&file).into_iter().map(move |name| format!("{} names the chart {name}", file.path))
            })
            .collect(),
    );
}

/// What the code reads while it is compiled, from the root; of names that a macro makes, the folder.
fn included(file: &File) -> Vec<PathBuf> {
    let macros = ["include_str!(", "include_bytes!(", "include_dir!("];
    let found = macros.iter().flat_map(|name| file.code.match_indices(name));
    let paths = found.map(|(at, name)| {
        let argument = &file.code[at + name.len()..];
        let literal = argument.split('"').nth(1).unwrap();
        let is_made = argument.starts_with("concat!");
        let literal = if is_made { &literal[..=literal.rfind('/').unwrap()] } else { literal };
        let mut path = Path::new("src").join(&file.path);
        path.pop();
        for step in literal.split('/').filter(|step| !step.is_empty()) {
            match step {
                ".." => assert!(path.pop(), "{} includes {literal}", file.path),
                step => path.push(step),
            }
        }
        path
    });
    paths.collect()
}

/// An image takes minutes and a network to build: that it can be is asked of its recipe.
#[test]
fn the_image_is_given_all_that_the_program_is_built_from() {
    let root = Path::new(ROOT);
    let recipe = fs::read_to_string(root.join("Containerfile")).unwrap();
    let copies = |stage: &str| {
        let lines = stage.lines().filter_map(|line| line.strip_prefix("COPY "));
        let lines = lines.filter(|line| !line.starts_with("--from="));
        let from = lines.flat_map(|line| line.rsplit_once(' ').unwrap().0.split(' '));
        from.map(PathBuf::from).collect::<Vec<_>>()
    };
    let build = copies(recipe.split("\nFROM ").nth(1).unwrap());
    let manifest: toml::Table = fs::read_to_string(root.join("Cargo.toml")).unwrap().parse().unwrap();
    let members =
        manifest["workspace"]["members"].as_array().unwrap().iter().map(|path| path.as_str().unwrap());
    let benches = manifest["bench"].as_array().unwrap().iter().map(|bench| bench["name"].as_str().unwrap());
    let benches = benches.map(|name| format!("benches/{name}.rs"));
    let named = ["Cargo.toml", "Cargo.lock", "build.rs"].into_iter().chain(members).map(String::from);
    let mut needed: Vec<PathBuf> = named.chain(benches).map(PathBuf::from).collect();
    let declared = needed.len();
    needed.extend(files().iter().flat_map(included));
    assert!(declared > 4 && needed.len() > declared + 5, "{needed:?}");
    let lost = |path: &&PathBuf| !build.iter().any(|from| path.starts_with(from));
    let lost = needed.iter().filter(lost).map(|path| format!("the image is not given {}", path.display()));
    let all = needed.iter().chain(&build).cloned().chain(copies(&recipe));
    let absent = all.filter(|path| !root.join(path).exists());
    let absent = absent.map(|path| format!("there is no {}", path.display()));
    assert_none(lost.chain(absent).collect());
}

#[test]
fn no_name_stands_for_many_types() {
    let mut defined: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in files() {
        for line in file.code.lines() {
            let mut words =
                line.split_whitespace().skip_while(|word| word.starts_with("pub") || *word == "super)");
            if words.next().is_some_and(|word| ["struct", "enum", "trait"].contains(&word)) {
                let name = identifier(words.next().unwrap_or_default());
                defined.entry(name.into()).or_default().insert(file.path.clone());
            }
        }
    }
    assert!(defined.len() > 300, "only {} types were found", defined.len());
    let many = |(name, files): &(String, BTreeSet<String>)| {
        !name.is_empty() && files.len() > MOST_NAMESAKES && !OFTEN_NAMED.contains(&name.as_str())
    };
    assert_none(
        defined
            .into_iter()
            .filter(many)
            .map(|(name, files)| format!("{name} is a type of {files:?}"))
            .collect(),
    );
}
