//! The manual holds together: what is made from declarations is as they are, every page is found, links lead
//! somewhere, and scenarios that are shown can be read.

use bgsim::client::DelayCause;
use bgsim::record::Outcome;
use bgsim::reference;
use bgsim::scenario::{self, SourceText};
use bgsim::signal::KeyFailure;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn docs(name: &str) -> PathBuf {
    Path::new(ROOT).join("docs").join(name)
}

/// Every page for people, with its text.
fn pages() -> BTreeMap<PathBuf, String> {
    let at_top = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"].map(|name| Path::new(ROOT).join(name));
    let in_docs = fs::read_dir(docs("")).unwrap().map(|entry| entry.unwrap().path());
    let pages =
        at_top.into_iter().chain(in_docs).filter(|path| path.extension().is_some_and(|end| end == "md"));
    pages.map(|path| (path.clone(), fs::read_to_string(&path).unwrap())).collect()
}

fn events(text: &str) -> impl Iterator<Item = Event<'_>> {
    Parser::new_ext(text, Options::ENABLE_TABLES)
}

/// Where each heading is found, as a forge makes it.
fn anchors(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut heading: Option<String> = None;
    for event in events(text) {
        match (event, &mut heading) {
            (Event::Start(Tag::Heading { .. }), _) => heading = Some(String::new()),
            (Event::Text(words) | Event::Code(words), Some(title)) => *title += &words,
            (Event::End(TagEnd::Heading(_)), Some(title)) => {
                let kept = title.to_lowercase().replace(' ', "-");
                found.push(kept.chars().filter(|c| c.is_alphanumeric() || "-_".contains(*c)).collect());
                heading = None;
            }
            _ => {}
        }
    }
    found
}

/// The pages in the repository that are made from declarations are those that these make: `UPDATE=1` writes them.
#[test]
fn pages_that_are_made_are_as_what_they_are_made_from() {
    for (name, text) in reference::pages() {
        if std::env::var_os("UPDATE").is_some() {
            fs::write(docs(name), &text).unwrap();
        }
        assert!(fs::read_to_string(docs(name)).unwrap_or_default() == text, "docs/{name} has changed");
        assert!(!text.contains("|  |"), "{name} has no words for a column");
    }
}

/// Every field of a summary is a figure, or stands on the page of the record.
#[test]
fn the_page_of_the_record_has_every_field_of_a_summary() {
    let command = ["run", "published-on-friday", "--devices", "10", "--json"];
    let out = Command::new(env!("CARGO_BIN_EXE_bgsim")).args(command).output().unwrap();
    let summary: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(&out.stdout).unwrap();
    let page = fs::read_to_string(docs("record.md")).unwrap();
    assert!(summary.len() > 10);
    for field in summary.keys() {
        assert!(page.contains(&format!("`{field}`")), "docs/record.md does not have `{field}`");
    }
    for field in summary["scenario"].as_object().unwrap().keys() {
        assert!(page.contains(&format!("`{field}`")), "docs/record.md does not have `scenario.{field}`");
    }
}

#[test]
fn the_contents_list_every_page_in_the_order_of_the_program() {
    let contents = fs::read_to_string(docs("SUMMARY.md")).unwrap();
    let listed = events(&contents).filter_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. }) => Some(dest_url.to_string()),
        _ => None,
    });
    let listed: Vec<String> = listed.collect();
    let out = Command::new(env!("CARGO_BIN_EXE_bgsim")).arg("help").output().unwrap();
    let help = String::from_utf8(out.stdout).unwrap();
    let pages = help.split_once("Pages of the manual").unwrap().1;
    let names = pages
        .lines()
        .skip(1)
        .filter_map(|line| line.strip_prefix("  "))
        .filter(|line| !line.starts_with(' '));
    let names: Vec<String> =
        names.map(|line| line.split_whitespace().next().unwrap().to_owned() + ".md").collect();
    assert_eq!(listed.first().map(String::as_str), Some("index.md"));
    assert_eq!(listed[1..], names);
}

#[test]
fn every_link_leads_somewhere() {
    let pages = pages();
    let mut links = 0;
    for (path, text) in &pages {
        for event in events(text) {
            let Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) = event else {
                continue;
            };
            if dest_url.contains("://") {
                continue;
            }
            let (file, anchor) = dest_url.split_once('#').unwrap_or((&dest_url, ""));
            let target = if file.is_empty() { path.clone() } else { path.parent().unwrap().join(file) };
            let target = target.canonicalize();
            let target = target.unwrap_or_else(|_| panic!("{}: {dest_url} is not there", path.display()));
            if !anchor.is_empty() {
                let found =
                    pages.get(&target).is_some_and(|text| anchors(text).iter().any(|at| at == anchor));
                assert!(found, "{}: {dest_url} has no such heading", path.display());
            }
            links += 1;
        }
    }
    assert!(links > 60, "{links} links");
}

/// The blocks of a page in this language.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut is_in = false;
    for event in events(text) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(of))) if *of == *language => {
                is_in = true;
                found.push(String::new());
            }
            Event::End(TagEnd::CodeBlock) => is_in = false,
            Event::Text(words) if is_in => *found.last_mut().unwrap() += &words,
            _ => {}
        }
    }
    found
}

/// A block of TOML is a scenario, and may build on another of its page that says its name in its first line.
#[test]
fn every_scenario_that_is_shown_can_be_read() {
    let mut read = 0;
    for (path, text) in pages() {
        let blocks = blocks(&text, "toml");
        let named =
            |name: &str| blocks.iter().find(|block| block.starts_with(&format!("# {name}\n"))).cloned();
        for block in &blocks {
            let mut fetch = |name: &str, from: &SourceText| match named(name) {
                Some(text) => Ok(SourceText { label: name.into(), text: text.into() }),
                None => scenario::fetch_bundled(name, from),
            };
            let source = SourceText { label: path.display().to_string(), text: block.as_str().into() };
            if let Err(faults) = scenario::read(source, &[], &mut fetch) {
                panic!("{}: {faults}\n{block}", path.display());
            }
            read += 1;
        }
    }
    assert!(read >= 6, "{read} scenarios");
}

/// The names in the first column of the table below a heading.
fn column(page: &str, heading: &str) -> Vec<String> {
    let part = page.split_once(&format!("## {heading}\n")).unwrap().1.split("\n## ").next().unwrap();
    let rows = part.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.map(|row| row.split('`').next().unwrap().to_owned()).collect()
}

#[test]
fn the_page_of_semantics_names_what_there_is_in_its_order() {
    let page = fs::read_to_string(docs("semantics.md")).unwrap();
    assert_eq!(column(&page, "Outcomes"), Outcome::ALL.map(Outcome::name));
    assert_eq!(column(&page, "Causes"), DelayCause::ALL.map(DelayCause::name));
    assert_eq!(column(&page, "Reasons of a key failure"), KeyFailure::ALL.map(KeyFailure::name));
}

#[test]
fn a_page_and_the_help_of_a_verb_are_printed_and_a_wrong_word_is_answered() {
    let bgsim = |words: &[&str]| Command::new(env!("CARGO_BIN_EXE_bgsim")).args(words).output().unwrap();
    let page = fs::read(docs("semantics.md")).unwrap();
    assert_eq!(bgsim(&["help", "semantics", "--markdown"]).stdout, page);
    let shown = String::from_utf8(bgsim(&["help", "semantics"]).stdout).unwrap();
    assert!(shown.contains("\nOutcomes\n────────\n") && shown.lines().count() > 60, "{shown}");
    assert_eq!(bgsim(&["help", "run"]).stdout, bgsim(&["run", "--help"]).stdout);
    let wrong = bgsim(&["help", "semantic"]);
    assert_eq!(wrong.status.code(), Some(1));
    let said = String::from_utf8(wrong.stderr).unwrap();
    assert!(said.contains("nearest are `semantics`, ") && said.matches('`').count() == 10, "{said}");
}
