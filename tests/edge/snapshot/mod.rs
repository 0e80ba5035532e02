//! Texts that must stay as they are: `UPDATE=1 cargo test` writes them anew.

use std::path::Path;

/// Compares a text with the file that holds it.
#[track_caller]
pub fn check(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots").join(name);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let stored = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(stored == text, "{name} has changed: look at it, then UPDATE=1 cargo test\n\n{text}");
}
