//! What stands below the options of a verb: prose, whose lines are as long as the terminal is wide, and examples, which
//! stay as they are written.

/// A part of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Passage {
    /// A paragraph.
    Prose(String),
    /// Lines that are indented, without that.
    Lines(Vec<String>),
}

/// The parts of a text. A line with a colon at its end is a paragraph of its own.
pub(super) fn parts(text: &str) -> Vec<Passage> {
    let mut parts: Vec<Passage> = Vec::new();
    let mut is_new = true;
    for line in text.lines() {
        let is_indented = line.starts_with(' ');
        match parts.last_mut() {
            _ if line.trim().is_empty() => {}
            Some(Passage::Lines(lines)) if is_indented => {
                if is_new {
                    lines.push(String::new());
                }
                lines.push(line.strip_prefix("  ").unwrap_or(line).into());
            }
            Some(Passage::Prose(prose))
                if !is_indented && !is_new && !prose.ends_with(':') && !line.ends_with(':') =>
            {
                *prose += &format!(" {line}");
            }
            _ if is_indented => {
                parts.push(Passage::Lines(vec![line.strip_prefix("  ").unwrap_or(line).into()]))
            }
            _ => parts.push(Passage::Prose(line.into())),
        }
        is_new = line.trim().is_empty();
    }
    parts
}

/// The text with its prose in one line a paragraph, for what breaks lines itself.
pub(super) fn reflowed(text: &str) -> String {
    let mut out = String::new();
    let mut is_heading = false;
    for part in parts(text) {
        let gap = if out.is_empty() || is_heading { "" } else { "\n" };
        is_heading = false;
        out += gap;
        match part {
            Passage::Prose(prose) => {
                is_heading = prose.ends_with(':');
                out += &format!("{prose}\n");
            }
            Passage::Lines(lines) => {
                lines.iter().for_each(|line| out += format!("  {line}\n").trim_start_matches("  \n"));
            }
        }
    }
    out.trim_end().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_becomes_one_line_and_examples_stay() {
        let text = "One sentence that\ngoes on.\nExamples:\n  bgsim a   does\n            this\n\n  bgsim b\n\nCodes: 0\ndone.";
        let lines = ["bgsim a   does", "          this", "", "bgsim b"].map(String::from).to_vec();
        assert_eq!(
            parts(text),
            [
                Passage::Prose("One sentence that goes on.".into()),
                Passage::Prose("Examples:".into()),
                Passage::Lines(lines),
                Passage::Prose("Codes: 0 done.".into())
            ]
        );
        let again = reflowed(text);
        assert!(again.starts_with("One sentence that goes on.\n\nExamples:\n  bgsim a   does\n"), "{again}");
        assert!(again.ends_with("  bgsim b\n\nCodes: 0 done."), "{again}");
        assert_eq!(reflowed(&again), again);
    }
}
