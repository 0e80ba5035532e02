//! Several formats of one result: one is printed, and others go into files.

use super::{Fault, file, print, screen};
use crate::report::paint::{Paint, Screen};
use clap::ValueEnum;
use std::path::PathBuf;
use std::str::FromStr;

/// A format, with the file that it goes into, as in `junit=FILE`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Output<F> {
    format: F,
    file: Option<PathBuf>,
}

impl<F: ValueEnum> FromStr for Output<F> {
    type Err = String;

    fn from_str(text: &str) -> Result<Output<F>, String> {
        let (name, file) = text.split_once('=').map_or((text, None), |(name, file)| (name, Some(file)));
        let format = F::from_str(name, false).map_err(|_| {
            let names = F::value_variants().iter().filter_map(F::to_possible_value);
            let names: Vec<String> = names.map(|value| value.get_name().to_owned()).collect();
            format!(
                "there is no format `{name}`; write one of {}, or such a one with `=FILE`",
                names.join(", ")
            )
        })?;
        match file {
            Some("") => Err(format!("name the file, as in {name}=FILE")),
            file => Ok(Output { format, file: file.map(PathBuf::from) }),
        }
    }
}

/// All that was asked for.
#[derive(Debug)]
pub(crate) struct Outputs<F> {
    /// What is printed.
    pub printed: F,
    files: Vec<(F, PathBuf)>,
}

impl<F: Copy + PartialEq> Outputs<F> {
    /// What is asked for, each place once; what is usual is printed where all else goes into files. Places that
    /// cannot be written are refused before any work.
    pub(crate) fn of(asked: &[Output<F>], usual: F) -> Result<Outputs<F>, Fault> {
        let mut printed = None;
        let mut files: Vec<(F, PathBuf)> = Vec::new();
        for Output { format, file } in asked {
            match file {
                None if printed.is_some() => {
                    return Err(
                        "one format can be printed; give the others a file, as in -o junit=FILE".into()
                    );
                }
                None => printed = Some(*format),
                Some(file) if files.iter().any(|(_, known)| known == file) => {
                    return Err(format!("two formats would go into {}", file.display()).into());
                }
                Some(file) => {
                    file::check_free(file)?;
                    files.push((*format, file.clone()));
                }
            }
        }
        Ok(Outputs { printed: printed.unwrap_or(usual), files })
    }

    /// Whether a format is among them.
    pub(crate) fn has(&self, format: F) -> bool {
        self.printed == format || self.files.iter().any(|(known, _)| *known == format)
    }

    /// Writes the files, and prints what is printed last. No file is painted, whatever the terminal shows.
    pub(crate) fn write(&self, render: impl Fn(F, Screen) -> Result<String, String>) -> Result<(), Fault> {
        for (format, place) in &self.files {
            file::write(place, render(*format, Screen { paint: Paint::Plain, ..screen() })?.as_bytes())?;
        }
        print(render(self.printed, screen())?).map(drop)
    }
}
