//! The report as a page: what it says to a reader of its bytes, and how it behaves in a browser.

use crate::sample;
use bgsim::report::human::ONE_READER;
use bgsim::report::page::{brief, page};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Every value of this attribute.
fn values<'a>(page: &'a str, attribute: &str) -> Vec<&'a str> {
    let open = format!(" {attribute}=\"");
    page.match_indices(&open).map(|(at, open)| page[at + open.len()..].split('"').next().unwrap()).collect()
}

#[test]
fn the_same_report_gives_the_same_page() {
    for report in [sample::comparison(), sample::hostile(), sample::empty()] {
        let kept = serde_json::to_string(&report).unwrap();
        assert!(page(&report) == page(&serde_json::from_str(&kept).unwrap()));
    }
}

#[test]
fn nothing_is_loaded_from_anywhere() {
    for report in [sample::comparison(), sample::hostile()] {
        let page = page(&report);
        for attribute in ["src", "srcset", "action", "data", "poster", "xlink:href"] {
            assert_eq!(values(&page, attribute), [""; 0], "{attribute}");
        }
        for link in values(&page, "href") {
            assert!(link.starts_with('#') || link == "data:,", "{link}");
        }
        assert!(!page.contains("url(") && !page.contains("@import"));
        // Names of namespaces are no addresses.
        let elsewhere = page.replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
        assert!(!elsewhere.contains("http:") && !elsewhere.contains("https:") && !elsewhere.contains("\"//"));
    }
}

#[test]
fn the_policy_lets_the_pages_own_script_run_and_no_other() {
    let page = page(&sample::comparison());
    let script = page.split("<script>").nth(1).unwrap().split("</script>").next().unwrap();
    let [hash] = values(&page, "content")
        .into_iter()
        .filter_map(|policy| policy.split("sha256-").nth(1)?.split("&#39;").next())
        .collect::<Vec<_>>()[..]
    else {
        panic!("one policy with one hash")
    };
    use base64::Engine;
    assert_eq!(hash, base64::prelude::BASE64_STANDARD.encode(Sha256::digest(script)));
    assert!(page.contains("default-src &#39;none&#39;") && !page.contains("unsafe-eval"));
}

#[test]
fn the_page_for_a_board_says_that_the_phone_is_the_only_reader() {
    assert!(brief(&sample::comparison()).contains(ONE_READER));
}

#[test]
fn what_means_harm_stays_text() {
    let page = page(&sample::hostile());
    assert_eq!(page.matches("<script").count(), 1);
    assert_eq!(page.matches("</script").count(), 1);
    assert_eq!(page.matches("<img").count(), 0);
    // The page's own style and those of its charts, which a phone has narrow.
    assert_eq!(page.matches("</style").count(), 5);
    assert_eq!(page.matches("</svg").count(), 4);
    assert!(!page.contains("]]>") && !page.contains("-->"));
    let unseen =
        |c: char| (c.is_control() && !matches!(c, '\n' | '\t')) || matches!(c, '\u{202E}' | '\u{2066}');
    assert!(!page.contains(unseen));
    assert!(page.contains("\u{FFFD}"));
}

#[test]
fn every_id_is_there_once_and_every_reference_is_to_one() {
    for report in [sample::comparison(), sample::hostile(), sample::empty()] {
        let page = page(&report);
        let ids = values(&page, "id");
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), unique.len(), "{ids:?}");
        let labels =
            ["aria-labelledby", "aria-describedby"].map(|attribute| values(&page, attribute)).concat();
        let links = values(&page, "href").into_iter().filter_map(|link| link.strip_prefix('#'));
        for reference in labels.into_iter().chain(links) {
            assert!(unique.contains(reference), "{reference}");
        }
    }
}

#[test]
fn what_is_assumed_stands_first_and_says_so() {
    let page = page(&sample::comparison());
    let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} is missing"));
    let keys = ["user.side_button", "network.outage", "user.glance", "scheduler.slack", "policy.max_age"];
    assert!(keys.windows(2).all(|pair| place(pair[0]) < place(pair[1])), "out of order");
    assert!(page.contains("2 of the 7 numbers behind them"));
    assert_eq!(page.matches("<td><span class=\"tag assumed\">assumed</span>").count(), 2);
    assert_eq!(page.matches("set by the scenario").count(), 1);
}

#[test]
fn a_row_with_a_first_cell_alone_heads_a_group() {
    let page = page(&sample::comparison());
    for heading in ["told", "latency", "the price"] {
        let row = format!("<tr class=\"group\"><th colspan=\"5\" scope=\"rowgroup\">{heading}</th></tr>");
        assert_eq!(page.matches(&row).count(), 1, "{heading}");
    }
    assert!(page.contains("<th scope=\"row\">within 15 min</th>"));
    let is_number = |line: &str| line.contains("<td class=\"number\"") && line.contains(">40.4 %</td>");
    assert!(page.lines().any(is_number));
}

#[cfg(unix)]
mod in_a_browser {
    use super::page;
    use crate::browser::Browser;
    use crate::sample;
    use base64::Engine;
    use base64::prelude::BASE64_STANDARD;
    use bgsim::report::page::brief;
    use serde_json::{Value, json};

    /// Nothing was complained of, and nothing was asked for but the file itself.
    fn assert_quiet(browser: &Browser, address: &str) {
        for (method, event) in &browser.events {
            let complaint = match method.as_str() {
                "Runtime.consoleAPICalled" => {
                    matches!(event["type"].as_str(), Some("error" | "warning" | "assert"))
                }
                "Log.entryAdded" => matches!(event["entry"]["level"].as_str(), Some("error" | "warning")),
                "Runtime.exceptionThrown" | "Page.javascriptDialogOpening" => true,
                _ => false,
            };
            assert!(!complaint, "{method}: {event}");
            if method == "Network.requestWillBeSent" {
                let asked = event["request"]["url"].as_str().unwrap();
                let own = asked == address || asked.starts_with("data:") || asked.starts_with("blob:");
                assert!(own, "asked for {asked}");
            }
        }
        assert!(browser.events.iter().any(|(method, _)| method == "Network.requestWillBeSent"));
    }

    /// Takes the page to be this wide.
    fn resize(browser: &mut Browser, width: u32) {
        let size = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500 });
        browser.call("Emulation.setDeviceMetricsOverride", size);
    }

    #[test]
    fn browser_finds_nothing_to_complain_of() {
        let Some(mut browser) = Browser::start("browser_finds_nothing_to_complain_of") else { return };
        for report in [sample::comparison(), sample::hostile(), sample::empty()] {
            let address = browser.open(&page(&report));
            assert_eq!(browser.evaluate("document.compatMode"), "CSS1Compat");
            let harm = "document.querySelectorAll('img, script:not(body > script:last-child)').length + \
                        [...document.querySelectorAll('*')].flatMap((e) => [...e.attributes]) \
                        .filter((a) => a.name.startsWith('on')).length";
            assert_eq!(browser.evaluate(harm), 0);
            assert_quiet(&browser, &address);
        }
    }

    #[test]
    fn browser_runs_no_other_script_and_loads_nothing() {
        let Some(mut browser) = Browser::start("browser_runs_no_other_script_and_loads_nothing") else {
            return;
        };
        let foreign = "<script>document.title = 'taken'</script><b onclick=\"document.title = 'taken'\"></b>\
                       <img src=\"https://example.com/picture.png\"></main>";
        browser.open(&page(&sample::comparison()).replace("</main>", foreign));
        browser.evaluate("document.querySelector('b').click()");
        assert_ne!(browser.evaluate("document.title"), "taken");
        assert!(!browser.events.iter().any(|(method, event)| {
            method == "Network.responseReceived"
                && event["response"]["url"].as_str().unwrap().contains("example")
        }));
        let refusals = browser.events.iter().filter(|(method, event)| {
            method == "Log.entryAdded"
                && event["entry"]["text"].as_str().unwrap().contains("Content Security Policy")
        });
        assert_eq!(refusals.count(), 3);
    }

    #[test]
    fn browser_fits_the_page_on_a_phone_and_on_a_desk() {
        let Some(mut browser) = Browser::start("browser_fits_the_page_on_a_phone_and_on_a_desk") else {
            return;
        };
        for report in [sample::comparison(), sample::hostile()] {
            browser.open(&page(&report));
            for width in [390, 1280] {
                resize(&mut browser, width);
                browser.evaluate("for (const part of document.querySelectorAll('details')) part.open = true");
                let across = browser.evaluate("document.documentElement.scrollWidth").as_f64().unwrap();
                assert!(across <= f64::from(width), "{across} of {width}");
                let widths =
                    "[...document.querySelectorAll('svg')].map((e) => e.clientWidth).filter((w) => w > 0)";
                let widths = browser.evaluate(widths);
                let widths: Vec<f64> = widths.as_array().unwrap().iter().filter_map(Value::as_f64).collect();
                assert_eq!(widths.len(), report.charts.len(), "{widths:?}");
                // A phone has pictures of its own, at a size at which they can be read and without panning.
                let sizes = if width == 390 { 330.0..390.0 } else { 700.0..1000.0 };
                assert!(widths.iter().all(|width| sizes.contains(width)), "{widths:?} of {width}");
                let panned = "[...document.querySelectorAll('#results .scroll, #figures .scroll, .narrow')] \
                              .filter((e) => e.scrollWidth > e.clientWidth).length";
                // Only what has no place to break is, within its own box.
                let is_hostile = report.title.contains('<');
                assert!(width != 390 || is_hostile || browser.evaluate(panned) == 0);
            }
        }
    }

    /// How many pages of A4 a page takes.
    fn printed(browser: &mut Browser) -> usize {
        let paper = json!({ "paperWidth": 8.27, "paperHeight": 11.69, "preferCSSPageSize": true });
        let printed = browser.call("Page.printToPDF", paper);
        let pdf = BASE64_STANDARD.decode(printed["data"].as_str().unwrap()).unwrap();
        let pdf = String::from_utf8_lossy(&pdf);
        pdf.matches("/Type /Page").count() - pdf.matches("/Type /Pages").count()
    }

    #[test]
    fn browser_prints_the_brief_on_two_pages_and_the_appendix_only_when_asked() {
        let test = "browser_prints_the_brief_on_two_pages_and_the_appendix_only_when_asked";
        let Some(mut browser) = Browser::start(test) else { return };
        let committed = concat!(env!("CARGO_MANIFEST_DIR"), "/reports/allow-device-keychain/report.json");
        let committed = serde_json::from_str(&std::fs::read_to_string(committed).unwrap()).unwrap();
        // The one has little to say, and the other all there is.
        for (report, pages) in [(sample::comparison(), 1), (committed, 2)] {
            let address = browser.open(&brief(&report));
            assert_eq!(printed(&mut browser), pages, "{}", report.title);
            assert_quiet(&browser, &address);
        }
        browser.open(&page(&sample::comparison()));
        let without = printed(&mut browser);
        browser.evaluate("document.getElementById('print-all').click()");
        assert!(without >= 2 && printed(&mut browser) > without);
    }

    #[test]
    fn browser_shows_it_dark_on_screen_and_light_on_paper() {
        let Some(mut browser) = Browser::start("browser_shows_it_dark_on_screen_and_light_on_paper") else {
            return;
        };
        browser.open(&page(&sample::comparison()));
        let mut colours = |scheme: &str, medium: &str| {
            let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
            browser.call("Emulation.setEmulatedMedia", json!({ "media": medium, "features": features }));
            browser.evaluate(
                "[getComputedStyle(document.body).backgroundColor, \
                  getComputedStyle(document.querySelector('svg > rect')).fill].join()",
            )
        };
        let (light, dark) = ("rgb(255, 255, 255)", "rgb(13, 17, 23)");
        assert_eq!(colours("light", "screen"), [light; 2].join(","));
        assert_eq!(colours("dark", "screen"), [dark; 2].join(","));
        assert_eq!(colours("dark", "print"), [light; 2].join(","));
    }

    #[test]
    fn browser_copies_filters_and_saves() {
        let Some(mut browser) = Browser::start("browser_copies_filters_and_saves") else { return };
        let report = sample::comparison();
        let address = browser.open(&page(&report));

        // The clipboard may be refused; then the command is selected, and either way the page says so.
        let copied = browser.evaluate(
            "new Promise((done) => { \
               const said = document.getElementById('copied'); \
               new MutationObserver(() => done(said.textContent)).observe(said, { childList: true }); \
               document.getElementById('copy').click(); \
             })",
        );
        if copied != "Copied." {
            assert!(copied.as_str().unwrap().contains("selected"), "{copied}");
            assert_eq!(browser.evaluate("getSelection().toString()"), report.command);
        }
        let refused = "navigator.clipboard.writeText = () => Promise.reject(); \
                       document.getElementById('copy').click(); \
                       new Promise((done) => setTimeout(() => done(getSelection().toString()), 50))";
        assert_eq!(browser.evaluate(refused), report.command);

        let shown = "[...document.querySelectorAll('.numbers tbody tr:not(.group)')] \
                     .filter((row) => row.checkVisibility()).map((row) => row.querySelector('code').textContent).join()";
        let press =
            |tag: &str| format!("document.querySelector('button[data-tag=\"{tag}\"]').click(); {shown}");
        let seek = |words: &str| {
            format!("search.value = '{words}'; search.dispatchEvent(new Event('input')); {shown}")
        };
        assert_eq!(browser.evaluate(&press("assumed")), "user.side_button,network.outage");
        assert_eq!(browser.evaluate("found.textContent"), "2 of 7 numbers are shown.");
        assert_eq!(browser.evaluate(&seek("Length  MEDIAN")), "network.outage");
        assert_eq!(browser.evaluate(&press("")), "network.outage,user.glance");
        assert_eq!(browser.evaluate(&seek("no such thing")), "");
        assert_eq!(browser.evaluate(&seek("")).as_str().unwrap().split(',').count(), 7);
        assert_eq!(browser.evaluate("found.textContent"), "");

        browser.evaluate("document.querySelectorAll('[data-save]')[2].click()");
        browser.wait("Browser.downloadProgress", |event| event["state"] == "completed");
        let saved = browser.saved("latency-night.svg");
        assert!(saved.starts_with("<svg ") && saved.contains("And mail that comes at night?"));
        assert!(
            saved.contains("xmlns=\"http://www.w3.org/2000/svg\"") && saved.trim_end().ends_with("</svg>")
        );
        assert_quiet(&browser, &address);
    }

    #[test]
    fn browser_without_scripts_shows_everything() {
        let Some(mut browser) = Browser::start("browser_without_scripts_shows_everything") else { return };
        browser.call("Emulation.setScriptExecutionDisabled", json!({ "value": true }));
        browser.open(&page(&sample::comparison()));
        let tree = browser.call("Accessibility.getFullAXTree", json!({}));
        let roles = roles(&tree);
        assert!(!roles.iter().any(|(role, _)| role == "button" || role == "searchbox"), "{roles:?}");
        for words in ["within 15 min", "user.side_button", "bgsim compare email-plus", "weak (6 digits)"] {
            assert!(roles.iter().any(|(_, name)| name.contains(words)), "{words} is not to be seen");
        }
        // What is folded away opens by the browser's own means.
        assert_eq!(roles.iter().filter(|(role, _)| role == "DisclosureTriangle").count(), 5);
    }

    /// Role and name of everything that assistive technology is told of.
    fn roles(tree: &Value) -> Vec<(String, String)> {
        let nodes = tree["nodes"].as_array().unwrap().iter().filter(|node| node["ignored"] == false);
        let text = |value: &Value| value["value"].as_str().unwrap_or_default().to_owned();
        nodes.map(|node| (text(&node["role"]), text(&node["name"]))).collect()
    }

    #[test]
    fn browser_names_every_picture_button_and_table() {
        let Some(mut browser) = Browser::start("browser_names_every_picture_button_and_table") else {
            return;
        };
        browser.open(&page(&sample::comparison()));
        browser.evaluate("for (const part of document.querySelectorAll('details')) part.open = true");
        let tree = browser.call("Accessibility.getFullAXTree", json!({}));
        let roles = roles(&tree);
        let names = |role: &str| -> Vec<&str> {
            roles.iter().filter(|(found, _)| found == role).map(|(_, name)| name.as_str()).collect()
        };
        assert_eq!(
            names("image"),
            ["When is new mail told?", "By group: how soon is mail told?", "And mail that comes at night?"]
        );
        assert_eq!(
            names("figure"),
            [
                "Figure 1. When is new mail told?",
                "Figure 2. By group: how soon is mail told?",
                "Figure 3. And mail that comes at night?"
            ]
        );
        let tables = names("table");
        assert_eq!(tables.len(), 6, "{tables:?}");
        assert!(tables.contains(&"Device keychain against app flip"), "{tables:?}");
        let buttons = names("button");
        assert_eq!(buttons.len(), 1 + 3 + 7, "{buttons:?}");
        assert!(buttons.contains(&"Save picture of figure 2"), "{buttons:?}");
        assert_eq!(names("searchbox"), ["Search"]);
        for role in ["table", "button", "heading", "region"] {
            assert!(names(role).iter().all(|name| !name.is_empty()), "a {role} has no name");
        }
    }
}
