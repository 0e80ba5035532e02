//! The command that makes a result again, without what cannot change it.

use std::fmt::Display;

/// A command: its verb, what it is about, and its options.
#[derive(Clone)]
pub struct Command {
    verb: String,
    words: Vec<Word>,
}

#[derive(Clone)]
enum Word {
    /// What stands for itself.
    Plain(String),
    /// An option with its value.
    With(String, String),
    /// An option without.
    Alone(String),
}

impl Command {
    /// Begins with a verb.
    pub fn new(verb: &str) -> Command {
        Command { verb: verb.into(), words: Vec::new() }
    }

    /// Adds words as a shell takes them.
    pub fn words(mut self, words: impl IntoIterator<Item = impl Display>) -> Command {
        self.words.extend(words.into_iter().map(|word| Word::Plain(word.to_string())));
        self
    }

    /// Adds an option for each of these values, which are one or none where it may be given once.
    pub fn each(mut self, option: &str, values: impl IntoIterator<Item = impl Display>) -> Command {
        let with = |value: String| Word::With(option.into(), value);
        self.words.extend(values.into_iter().map(|value| with(value.to_string())));
        self
    }

    /// Adds an option that differs from its default.
    pub fn unless<T: Display + PartialEq>(self, default: T, option: &str, value: T) -> Command {
        let value = (value != default).then_some(value);
        self.each(option, value)
    }

    /// Adds an option that needs no value.
    pub fn when(mut self, is_on: bool, option: &str) -> Command {
        self.words.extend(is_on.then(|| Word::Alone(option.into())));
        self
    }

    /// The verb, and what follows it, so that whatever the words begin with is read as it was meant.
    pub fn list(self) -> Vec<String> {
        let (mut options, mut plain) = (vec![self.verb], vec!["--".into()]);
        for word in self.words {
            match word {
                Word::Plain(word) => plain.push(word),
                Word::With(option, value) => options.push(format!("{option}={value}")),
                Word::Alone(option) => options.push(option),
            }
        }
        options.extend(plain);
        options
    }

    /// The command as one types it.
    pub fn text(self) -> String {
        let is_dashed = |word: &str| word.starts_with('-') && word != "-";
        let about = |word: &&Word| matches!(word, Word::Plain(word) if is_dashed(word));
        let (last, words): (Vec<&Word>, Vec<&Word>) = self.words.iter().partition(about);
        let typed = |word: &Word| match word {
            Word::Plain(word) => quoted(word),
            Word::With(option, value) if is_dashed(value) => format!("{option}={}", quoted(value)),
            Word::With(option, value) => format!("{option} {}", quoted(value)),
            Word::Alone(option) => option.clone(),
        };
        let mut text = format!("bgsim {}", self.verb);
        words.into_iter().for_each(|word| text += &format!(" {}", typed(word)));
        if !last.is_empty() {
            text += " --";
        }
        last.into_iter().for_each(|word| text += &format!(" {}", typed(word)));
        text
    }
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.into()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_as_a_shell_takes_them() {
        let command = Command::new("run").words(["my file.toml"]).each("--set", ["a=1", "b='x'"]);
        let command = command.each("--seed", None::<u64>).unless(1, "--devices", 1).unless(4, "--top", 5);
        assert_eq!(command.text(), r"bgsim run 'my file.toml' --set a=1 --set 'b='\''x'\''' --top 5");
    }

    #[test]
    fn whatever_a_word_begins_with_it_is_read_as_it_was_meant() {
        let command = Command::new("run").words(["-a.toml", "-"]).each("--arm", ["-b"]).when(true, "--pairs");
        assert_eq!(command.clone().text(), "bgsim run - --arm=-b --pairs -- -a.toml");
        assert_eq!(command.list(), ["run", "--arm=-b", "--pairs", "--", "-a.toml", "-"]);
    }
}
