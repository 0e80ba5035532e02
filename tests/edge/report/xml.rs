//! Whether a picture is well-formed, as far as bgsim writes XML: elements, attributes, text and references,
//! and neither comments nor declarations.

/// Panics unless every element is closed in its turn, every attribute is quoted, and all text is escaped.
#[track_caller]
pub fn check(xml: &str) {
    let allowed =
        |c: char| matches!(c, '\t' | '\n' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
    let hidden = xml.chars().find(|c| !allowed(*c) || ('\u{7F}'..='\u{9F}').contains(c));
    assert_eq!(hidden, None, "XML has no place for it");
    let mut open: Vec<&str> = Vec::new();
    let mut rest = xml;
    while let Some((text, after)) = rest.split_once('<') {
        check_text(text);
        assert!(text.trim().is_empty() || !open.is_empty(), "text outside the root: {text}");
        let end = end_of_tag(after);
        let tag = &after[..end];
        rest = &after[end + 1..];
        match (tag.strip_prefix('/'), tag.strip_suffix('/')) {
            (Some(name), _) => assert_eq!(open.pop(), Some(name.trim_end()), "closed out of turn"),
            (None, Some(whole)) => drop(check_element(whole)),
            (None, None) => open.push(check_element(tag)),
        }
    }
    assert!(open.is_empty(), "left open: {open:?}");
    assert_eq!(rest.trim(), "", "after the root");
}

/// Where a tag ends: `>` may stand in the value of an attribute.
fn end_of_tag(text: &str) -> usize {
    let mut quote = None;
    let end = text.char_indices().find(|(_, c)| match (quote, c) {
        (None, '>') => true,
        (None, '"' | '\'') => {
            quote = Some(*c);
            false
        }
        (Some(open), c) if open == *c => {
            quote = None;
            false
        }
        _ => false,
    });
    end.unwrap_or_else(|| panic!("a tag does not end: {}", text.chars().take(80).collect::<String>())).0
}

/// Gives the name of an element.
fn check_element(tag: &str) -> &str {
    let name = tag.split_whitespace().next().unwrap_or_default();
    assert!(!name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric()), "<{tag}>");
    let mut rest = tag[name.len()..].trim_start();
    let mut seen: Vec<&str> = Vec::new();
    while !rest.is_empty() {
        let (attribute, after) = rest.split_once('=').unwrap_or_else(|| panic!("<{tag}>"));
        assert!(attribute.chars().all(|c| c.is_ascii_alphanumeric() || "-:".contains(c)), "<{tag}>");
        assert!(!seen.contains(&attribute), "{attribute} stands twice in <{tag}>");
        seen.push(attribute);
        let (value, after) = after[1..].split_once(&after[..1]).unwrap_or_else(|| panic!("<{tag}>"));
        check_text(value);
        assert!(!value.contains('<') && !value.contains("NaN") && !value.contains("inf"), "<{tag}>");
        rest = after.trim_start();
    }
    name
}

/// Every `&` begins a reference.
fn check_text(text: &str) {
    for (at, _) in text.match_indices('&') {
        let name = text[at + 1..].split(';').next().unwrap_or_default();
        assert!(
            ["amp", "lt", "gt", "quot", "apos", "#39", "#34", "#60", "#62", "#38"].contains(&name),
            "&{name}"
        );
    }
    assert!(!text.contains("]]>"));
}
