//! The pages of the manual that are made from declarations: every key, every figure, every column, every source.

mod figures;
mod keys;
mod record;
mod sources;

/// Each with its name in `docs/`.
pub fn pages() -> [(&'static str, String); 4] {
    [
        ("keys.md", keys::markdown()),
        ("record.md", record::markdown()),
        ("every-figure.md", figures::markdown()),
        ("sources.md", sources::markdown()),
    ]
}
