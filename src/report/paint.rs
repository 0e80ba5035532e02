//! Colour for a terminal: what a word says decides how it is painted. Whoever writes a text says the role; whether
//! it shows is for the edge to know.

use super::wrap;
use anstyle::{AnsiColor, Style};

/// What a word says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// Something is better than what it is compared with.
    Better,
    /// Something is worse.
    Worse,
    /// A promise is kept.
    Pass,
    /// A promise is broken.
    Fail,
    /// It cannot be told.
    Undecided,
    /// Something could not be done.
    Error,
    /// Something is to be looked at.
    Warning,
    /// Something is to be known.
    Note,
}

impl Role {
    /// The sixteen colours that every terminal has and its owner has chosen.
    const fn style(self) -> Style {
        let (colour, is_bold) = match self {
            Role::Better | Role::Pass => (AnsiColor::Green, false),
            Role::Worse => (AnsiColor::Red, false),
            Role::Fail | Role::Error => (AnsiColor::Red, true),
            Role::Undecided => (AnsiColor::Yellow, false),
            Role::Warning => (AnsiColor::Yellow, true),
            Role::Note => (AnsiColor::Cyan, true),
        };
        let style = colour.on_default();
        if is_bold { style.bold() } else { style }
    }
}

/// Whether words are painted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Paint {
    /// Letters and nothing else.
    #[default]
    Plain,
    /// Letters in colour.
    Colour,
}

impl Paint {
    /// The text as its role is painted. It still takes the room of its letters.
    pub fn say(self, role: Role, text: &str) -> String {
        let style = role.style();
        match self {
            Paint::Colour if !text.is_empty() => format!("{style}{text}{style:#}"),
            _ => text.into(),
        }
    }

    /// The text with the word that opens a line painted where it says how grave it is: `error:`, `warning[code]:`.
    pub fn severity(self, text: &str) -> String {
        let line = |line: &str| {
            let found = SEVERITIES.iter().find_map(|(word, role)| {
                let rest = line.strip_prefix(word)?;
                rest.starts_with([':', '[']).then(|| self.say(*role, word) + rest)
            });
            found.unwrap_or_else(|| line.into())
        };
        text.split('\n').map(line).collect::<Vec<_>>().join("\n")
    }
}

const SEVERITIES: [(&str, Role); 4] =
    [("error", Role::Error), ("warning", Role::Warning), ("note", Role::Note), ("info", Role::Note)];

/// What a text is written for: so many letters a line, painted or not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Screen {
    /// Letters that fit on a line.
    pub width: usize,
    /// Whether words are painted.
    pub paint: Paint,
}

impl Screen {
    /// Paper, or whatever reads what is no terminal.
    pub const PAPER: Screen = Screen { width: 80, paint: Paint::Plain };

    /// A paragraph that fits.
    pub fn paragraph(self, label: &str, text: &str) -> String {
        self.paint.severity(&wrap::paragraph(label, text, self.width))
    }
}

/// The letters of a text, without what paints them.
pub(super) fn letters_of(text: &str) -> impl Iterator<Item = &str> {
    // A sequence ends at its first letter; before it are digits, semicolons and the bracket.
    text.split('\u{1b}').enumerate().map(|(place, part)| match place {
        0 => part,
        _ => part.split_once('m').map_or(part, |(_, letters)| letters),
    })
}

#[cfg(test)]
mod tests {
    use super::super::labels::letters;
    use super::*;

    const ALL: [Role; 8] = [
        Role::Better,
        Role::Worse,
        Role::Pass,
        Role::Fail,
        Role::Undecided,
        Role::Error,
        Role::Warning,
        Role::Note,
    ];

    #[test]
    fn paint_takes_no_room_and_leaves_every_letter() {
        for role in ALL {
            let painted = Paint::Colour.say(role, "3 min more");
            assert!(painted.starts_with("\u{1b}[") && painted.ends_with("\u{1b}[0m"), "{painted:?}");
            assert_eq!(letters(&painted), 10);
            assert_eq!(letters_of(&painted).collect::<String>(), "3 min more");
            assert_eq!(Paint::Plain.say(role, "3 min more"), "3 min more");
            assert_eq!(Paint::Colour.say(role, ""), "");
        }
    }

    #[test]
    fn the_word_that_opens_a_line_is_painted_and_no_other() {
        let plain =
            "error: there is no file `error: x`\n  = help: name one\nwarning[drifts]: it drifts\nnoted";
        assert_eq!(Paint::Plain.severity(plain), plain);
        let [error, warning] = [(Role::Error, "error"), (Role::Warning, "warning")]
            .map(|(role, word)| Paint::Colour.say(role, word));
        let painted = format!(
            "{error}: there is no file `error: x`\n  = help: name one\n{warning}[drifts]: it drifts\nnoted"
        );
        assert_eq!(Paint::Colour.severity(plain), painted);
    }
}
