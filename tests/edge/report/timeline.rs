//! The files of `bgsim timeline`, beyond what tests/timeline.rs asks of them.

use super::bench::{contents, refuses, succeeds};
use super::xml;
use std::fs;
use tempfile::TempDir;

const DEVICE: [&str; 6] = ["timeline", "device-keychain", "--device", "1", "--set", "measure=1d"];

#[test]
fn the_same_file_twice_is_the_same_file() {
    let home = TempDir::new().unwrap();
    for name in ["a.svg", "a.pftrace"] {
        let words = [&DEVICE[..], &["--out", name]].concat();
        let said = succeeds(home.path(), &words);
        let first = fs::read(home.path().join(name)).unwrap();
        assert_eq!(succeeds(home.path(), &words), said);
        assert!(fs::read(home.path().join(name)).unwrap() == first, "{name}");
        let jobs = succeeds(home.path(), &[&words[..], &["--jobs", "1", "--engine", "reference"]].concat());
        assert!(jobs == said && fs::read(home.path().join(name)).unwrap() == first, "{name}");
    }
    xml::check(&fs::read_to_string(home.path().join("a.svg")).unwrap());
    assert_eq!(contents(home.path()).len(), 2);
}

#[test]
fn what_cannot_be_written_is_refused_in_a_sentence_that_names_it() {
    let home = TempDir::new().unwrap();
    fs::write(home.path().join("file"), "mine").unwrap();
    fs::create_dir(home.path().join("folder.pftrace")).unwrap();
    for (out, hint) in [
        ("file/a.svg", "there is no folder file"),
        ("folder.pftrace", "folder.pftrace is a folder"),
        (".", "does not say what to write"),
        ("picture", "`picture` does not say what to write"),
        (".svg", "`.svg` does not say what to write"),
        ("a.svg.", "does not say what to write"),
        ("folder.pftrace/", "folder.pftrace/ is a folder"),
    ] {
        let error = refuses(home.path(), &[&DEVICE[..], &["--out", out]].concat());
        assert!(error.contains(hint), "{out}: {error}");
    }
    assert_eq!(contents(home.path()).len(), 2);
    assert_eq!(fs::read_to_string(home.path().join("file")).unwrap(), "mine");
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_written_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let home = TempDir::new().unwrap();
    let folder = home.path().join("locked");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("a.svg"), "mine").unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    // Nothing is forbidden to root.
    if fs::write(folder.join("probe"), "").is_err() {
        for out in ["locked/a.svg", "locked/b.svg"] {
            let error = refuses(home.path(), &[&DEVICE[..], &["--out", out]].concat());
            assert!(error.contains(out), "{error}");
        }
        assert_eq!(fs::read_to_string(folder.join("a.svg")).unwrap(), "mine");
    }
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
}
