//! The files that the scenarios of a command are read from: remembered where a part of a piece of work is to say what it
//! was made from, and taken from the parts where these are put together.

use crate::scenario::{Diagnostics, Disk, Files, SourceText, TraceFile};
use crate::shard::{Content, Input};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The files of this command.
pub(crate) struct Held;

/// What is known of them.
#[derive(Debug)]
enum Known {
    /// They lie where they are named.
    Nothing,
    /// Those that were read so far.
    Read(Vec<Input>),
    /// All there are.
    All(Vec<Input>),
}

static KNOWN: Mutex<Known> = Mutex::new(Known::Nothing);

fn known() -> MutexGuard<'static, Known> {
    KNOWN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Remembers every file that is read from here on.
pub(crate) fn remember() {
    *known() = Known::Read(Vec::new());
}

/// What was read since.
pub(crate) fn read() -> Vec<Input> {
    match &*known() {
        Known::Nothing => Vec::new(),
        Known::Read(inputs) | Known::All(inputs) => inputs.clone(),
    }
}

/// Reads no file from here on but these.
pub(crate) fn are(inputs: Vec<Input>) {
    *known() = Known::All(inputs);
}

/// Finds a file among those that are known, or reads it.
fn held<E>(
    name: &str,
    from: Option<&str>,
    missing: impl FnOnce(String) -> E,
    read: impl FnOnce() -> Result<Input, E>,
) -> Result<Input, E> {
    let find = |inputs: &[Input]| {
        inputs.iter().find(|input| input.name == name && input.from.as_deref() == from).cloned()
    };
    match &mut *known() {
        Known::Nothing => read(),
        Known::All(inputs) => {
            find(inputs).ok_or_else(|| missing(format!("`{name}` is not among the files of the parts")))
        }
        Known::Read(inputs) => match find(inputs) {
            Some(input) => Ok(input),
            None => {
                let input = read()?;
                inputs.push(input.clone());
                Ok(input)
            }
        },
    }
}

impl Files for Held {
    fn scenario(&mut self, name: &str, from: Option<&SourceText>) -> Result<SourceText, String> {
        let whose = from.map(|from| from.label.as_str());
        let read = || {
            let SourceText { label, text } = Disk.scenario(name, from)?;
            let content = Content::Text(text.to_string());
            Ok(Input { name: name.into(), from: whose.map(Into::into), label, content })
        };
        match held(name, whose, |missing| missing, read)? {
            Input { label, content: Content::Text(text), .. } => Ok(SourceText { label, text: text.into() }),
            Input { label, .. } => Err(format!("`{label}` is no text")),
        }
    }

    fn trace(&mut self, file: &TraceFile) -> Result<Vec<u8>, Diagnostics> {
        if let Known::Nothing = *known() {
            return Disk.trace(file);
        }
        let name = file.label();
        let read = || {
            let content = Content::from(Disk.trace(file)?);
            Ok(Input { name: name.clone(), from: None, label: name.clone(), content })
        };
        let input = held(&name, None, |missing| file.fault(missing), read)?;
        input.content.bytes().ok_or_else(|| file.fault(format!("`{name}` holds what is no byte")))
    }
}
