//! The page of the explorer, put together: what stands in it, the engine, and what it opens with.

use super::explore::{Opening, Start};
use super::explorer_still::still;
use crate::report::charts::dark_rules;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

macro_rules! part {
    ($name:literal) => {
        include_str!(concat!("../../explorer/page/", $name))
    };
}

const PAGE: &str = part!("page.html");
const STYLE: &str = part!("style.css");
const WORKER: &str = part!("worker.js");
/// The script, in the order in which its parts build on one another.
const SCRIPT: [&str; 6] = [
    part!("words.js"),
    part!("state.js"),
    part!("pictures.js"),
    part!("controls.js"),
    part!("results.js"),
    part!("page.js"),
];

/// The page, in one file.
pub(super) fn page(engine: &[u8], catalogue: &Value, start: &Start, opening: &Opening) -> String {
    let baked = json!({
        "catalogue": catalogue,
        "start": start.json(opening),
        "opening": {
            "base_open": opening.base_open,
            "now_open": opening.now_open,
            "base": opening.base,
            "now": opening.now,
        },
    });
    // A text that ends the element it stands in would go on as markup.
    let baked = baked.to_string().replace("</", "<\\/").replace("<!--", "<\\u0021--");
    let (script, style) = (SCRIPT.concat(), format!("{STYLE}{}", dark_rules()));
    let policy = policy(&script, &style);
    let engine = BASE64_STANDARD.encode(engine);
    let still = still(start, opening);
    filled(PAGE, |name| match name {
        "csp" => &policy,
        "style" => &style,
        "script" => &script,
        "worker" => WORKER,
        "engine" => &engine,
        "baked" => &baked,
        "still" => &still,
        _ => "",
    })
}

/// Puts a text into the place of each `{{name}}`. What was put in is left as it is.
fn filled<'a>(template: &str, text: impl Fn(&str) -> &'a str) -> String {
    let mut parts = template.split("{{");
    let mut page = parts.next().unwrap_or_default().to_string();
    for part in parts {
        match part.split_once("}}") {
            Some((name, rest)) => page.extend([text(name), rest]),
            None => page.extend(["{{", part]),
        }
    }
    page
}

/// Nothing is loaded from anywhere, and no script or style works but the page's own. The engine's worker is made from a
/// text in the page, and has the same policy.
fn policy(script: &str, style: &str) -> String {
    let hash = |text: &str| BASE64_STANDARD.encode(Sha256::digest(text));
    format!(
        "default-src 'none'; script-src 'sha256-{}' 'wasm-unsafe-eval'; style-src 'sha256-{}'; worker-src blob:; \
         img-src data:; base-uri 'none'; form-action 'none'",
        hash(script),
        hash(style)
    )
}
