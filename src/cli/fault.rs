//! How the program ends, and why something could not be run.

use super::interrupt::{Heard, Stop};
use crate::expectation::CannotTest;
use crate::scenario::Diagnostics;
use std::fmt::Display;
use std::io::{self, ErrorKind};
use std::process::ExitCode;

/// How the program ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum End {
    /// Everything was done.
    Done,
    /// An expectation failed, or results that must agree differ.
    Failed,
    /// A signal interrupted it; what was finished is kept.
    Interrupted(Heard),
}

impl End {
    /// The end of work that was stopped.
    pub(crate) fn of(stop: &Stop) -> End {
        stop.heard().map_or(End::Done, End::Interrupted)
    }

    pub(crate) fn code(self) -> ExitCode {
        match self {
            End::Done => ExitCode::SUCCESS,
            End::Failed => ExitCode::from(2),
            End::Interrupted(heard) => ExitCode::from(heard.code()),
        }
    }
}

/// Why something could not be run, in words for the user.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    /// A sentence.
    #[error("{0}")]
    Message(String),
    /// A sentence about what may well go when it is tried again: no room, no memory, somebody else at work.
    #[error("{0}")]
    Later(String),
    /// What is wrong with a scenario, each at its place.
    #[error(transparent)]
    Scenario(#[from] Diagnostics),
    /// Standard output was closed early, by `head` for example: nothing to complain about.
    #[error("standard output was closed")]
    ClosedPipe,
    /// A signal ended it, with nothing to keep.
    #[error("a signal ended it; nothing was written")]
    Ended(Heard),
    /// The user has been told already.
    #[error("see above")]
    Told,
}

impl Fault {
    /// Something that the system refused: `what` says what was to be done, such as `write a.csv`.
    pub(crate) fn io(what: impl Display, error: &io::Error) -> Fault {
        Fault::of(format!("cannot {what}: {error}"), error)
    }

    /// A sentence about something that the system refused.
    pub(crate) fn of(sentence: String, error: &io::Error) -> Fault {
        if is_for_good(error.kind()) { Fault::Message(sentence) } else { Fault::Later(sentence) }
    }

    pub(crate) fn code(&self) -> ExitCode {
        match self {
            Fault::ClosedPipe => ExitCode::SUCCESS,
            // `EX_TEMPFAIL` of sysexits.h.
            Fault::Later(_) => ExitCode::from(75),
            Fault::Ended(heard) => ExitCode::from(heard.code()),
            Fault::Message(_) | Fault::Scenario(_) | Fault::Told => ExitCode::from(1),
        }
    }
}

/// Whether the system will refuse the same again: what was named is not there, or may not be touched. All else has
/// to do with disk, memory, or with who else is at work.
fn is_for_good(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::NotFound
            | ErrorKind::PermissionDenied
            | ErrorKind::AlreadyExists
            | ErrorKind::NotADirectory
            | ErrorKind::IsADirectory
            | ErrorKind::DirectoryNotEmpty
            | ErrorKind::ReadOnlyFilesystem
            | ErrorKind::InvalidFilename
            | ErrorKind::InvalidInput
            | ErrorKind::InvalidData
            | ErrorKind::CrossesDevices
            | ErrorKind::Unsupported
    )
}

macro_rules! in_a_sentence {
    ($($error:ty),*) => { $(
        impl From<$error> for Fault {
            fn from(error: $error) -> Fault {
                Fault::Message(error.to_string())
            }
        }
    )* };
}
in_a_sentence!(String, &str, serde_json::Error, csv::Error);

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Fault {
        Fault::of(error.to_string(), &error)
    }
}

impl From<CannotTest> for Fault {
    fn from(why: CannotTest) -> Fault {
        match why {
            CannotTest::Nobody(nobody) => Fault::Message(nobody.to_string()),
            CannotTest::Apart(diagnostics) => Fault::Scenario(diagnostics),
        }
    }
}

/// Why nothing can be written in a folder that is there.
pub(crate) fn why(error: &io::Error) -> String {
    match error.kind() {
        // The error of a file system that is none: what is not found is not the folder.
        ErrorKind::NotFound => "nothing can be made there".into(),
        kind => kind.to_string(),
    }
}
