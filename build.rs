//! Says whether the engine for a page has been made: `bgsim explore` needs it, and nothing else does.

fn main() {
    const ENGINE: &str = "explorer/engine.wasm.gz";
    println!("cargo::rerun-if-changed={ENGINE}");
    println!("cargo::rustc-check-cfg=cfg(has_engine)");
    if std::path::Path::new(ENGINE).is_file() {
        println!("cargo::rustc-cfg=has_engine");
    }
}
