//! The command that makes a result again, without what cannot change it.

use std::fmt::Display;

/// A command, word by word.
#[derive(Clone)]
pub(crate) struct Command(Vec<String>);

impl Command {
    /// Begins with a verb.
    pub(crate) fn new(verb: &str) -> Command {
        Command(vec![verb.into()])
    }

    /// Adds words as a shell takes them.
    pub(crate) fn words(mut self, words: impl IntoIterator<Item = impl Display>) -> Command {
        self.0.extend(words.into_iter().map(|word| word.to_string()));
        self
    }

    /// Adds an option for each of these values, which are one or none where it may be given once.
    pub(crate) fn each(self, option: &str, values: impl IntoIterator<Item = impl Display>) -> Command {
        let words = values.into_iter().map(|value| [option.to_string(), value.to_string()]);
        self.words(words.flatten())
    }

    /// Adds an option that differs from its default.
    pub(crate) fn unless<T: Display + PartialEq>(self, default: T, option: &str, value: T) -> Command {
        let value = (value != default).then_some(value);
        self.each(option, value)
    }

    /// Adds an option that needs no value.
    pub(crate) fn when(self, is_on: bool, option: &str) -> Command {
        self.words(is_on.then_some(option))
    }

    /// The verb, and what follows it.
    pub(crate) fn list(self) -> Vec<String> {
        self.0
    }

    /// The command as one types it.
    pub(crate) fn text(self) -> String {
        let words = self.0.iter().map(|word| quoted(word));
        std::iter::once("bgsim".into()).chain(words).collect::<Vec<_>>().join(" ")
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
}
