//! How a key is put before people who turn it and look: what they call it, and in what words each value stands in a
//! sentence.

/// A key that can be turned.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    /// What stands beside its control.
    pub label: &'static str,
    /// What can be chosen.
    pub choice: Choices,
    /// Another key without certain values of which it means nothing.
    pub needs: Option<(&'static str, &'static [&'static str])>,
}

/// What can be chosen of a key.
#[derive(Clone, Copy, Debug)]
pub enum Choices {
    /// Some values, each with words of its own.
    Few(&'static [Offer]),
    /// Values along a scale, as `--set` writes them.
    Scale {
        /// Half a sentence, in which the value stands for `{}`.
        half: &'static str,
        /// The values, the least first.
        stops: &'static [&'static str],
    },
}

/// A value that can be chosen: as `--set` writes it, what it is called, and half a sentence that says it.
pub type Offer = (&'static str, &'static str, &'static str);
