//! What the entries of each timeline say.

use super::log::{App, Policy};
use super::stamp::Utc;

/// A time of an app in the foreground.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Opening {
    /// Which app.
    pub app: App,
    /// When it left it, if that was seen.
    pub until: Option<Utc>,
}

crate::choice! {
    /// What network there was.
    pub enum Path {
        /// None.
        None,
        /// Cellular.
        Cellular,
        /// Wi-Fi.
        Wifi,
    }
}

crate::choice! {
    /// What a background run was for.
    pub enum Why {
        /// A refresh that the app asked for.
        Refresh,
        /// A task of processing that the app asked for.
        Processing,
        /// The fetch of older apps.
        Fetch,
        /// A push that wakes.
        Push,
        /// Work of the system, or unsaid.
        Other,
    }
}

impl Why {
    /// By the words that the scheduler's names and launch reasons are made of.
    pub(super) fn of(text: &str) -> Why {
        let has = |word: &str| {
            text.as_bytes().windows(word.len()).any(|at| at.eq_ignore_ascii_case(word.as_bytes()))
        };
        match () {
            () if has("bgRefresh") || has("AppRefresh") => Why::Refresh,
            () if has("bgProcessing") => Why::Processing,
            () if has("pushLaunch") => Why::Push,
            () if has("fetch") => Why::Fetch,
            () => Why::Other,
        }
    }
}

/// A background run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Run {
    /// The app, or the task where only that is known.
    pub app: App,
    /// What for.
    pub why: Why,
    /// When it ended, if that was seen.
    pub until: Option<Utc>,
    /// Whether it began on the battery, if that is known.
    pub on_battery: Option<bool>,
}

crate::choice! {
    /// Why the system ended a process for its memory.
    pub enum ExitKind {
        /// Its own limit.
        PerProcessLimit,
        /// Pages ran short.
        VmPageshortage,
        /// Vnodes ran short.
        VnodeLimit,
        /// Above its high-water mark.
        Highwater,
        /// The file cache thrashed.
        FcThrashing,
        /// Swapped out too much.
        CompressorThrashing,
        /// Ended to make room.
        Jettisoned,
        /// Another reason.
        Other,
    }
}

/// Why a process ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ExitReason {
    /// A number of the power log; what the numbers mean was not found in writing.
    Code(i64),
    /// Memory.
    Memory(ExitKind),
}

/// The end of a process.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Exit {
    /// Whose.
    pub app: App,
    /// Why.
    pub reason: ExitReason,
}

/// A notification.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Notice {
    /// Whose.
    pub app: App,
    /// Whether it was shown, if that is known.
    pub shown: Option<bool>,
    /// How long its extension ran before, if it did.
    pub extension_ms: Option<i64>,
}

/// A push.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Push {
    /// To whom.
    pub app: App,
    /// Whether it was dropped, if that is known.
    pub dropped: Option<bool>,
}

/// All that an app met of one server in a week: only the first and the last time are known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Contact {
    /// Who.
    pub app: App,
    /// The last time.
    pub until: Utc,
    /// How often.
    pub hits: u64,
}

crate::choice! {
    /// What the scheduler said of an activity.
    pub enum Ruling {
        /// It may run as far as the policies go.
        CanProceed,
        /// A policy refuses.
        MustNotProceed,
        /// A policy refuses whatever else is.
        AbsolutelyMustNotProceed,
        /// Its score is at the threshold.
        Runs,
        /// Its score is below the threshold.
        Waits,
    }
}

/// A decision of the scheduler.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Decision {
    /// Of which task.
    pub app: App,
    /// What it was for.
    pub why: Why,
    /// What was said.
    pub verdict: Ruling,
    /// The score, if it was said.
    pub score: Option<f64>,
    /// The threshold, if it was said.
    pub threshold: Option<f64>,
    /// Of the policies that were not content, that which refused, else that which took the most from the score.
    pub policy: Option<Policy>,
}

impl Decision {
    /// Whether it was let wait, for whatever reason.
    pub fn holds_back(&self) -> bool {
        matches!(self.verdict, Ruling::Waits | Ruling::MustNotProceed | Ruling::AbsolutelyMustNotProceed)
    }
}

crate::choice! {
    /// What MetricKit counts of the background life of a client.
    pub enum Counter {
        /// Ends without a fault.
        Normal,
        /// Ends for lack of memory.
        MemoryPressure,
        /// Ends at its own limit of memory.
        MemoryLimit,
        /// Ends at its limit of processor time.
        CpuLimit,
        /// Ends because a task went on for too long.
        TaskTimeout,
        /// Ends because it held a file locked while suspended.
        LockedFile,
        /// Ends by the watchdog.
        Watchdog,
        /// Ends by a fault of its own.
        Crash,
        /// Seconds in the background.
        BackgroundSeconds,
        /// Seconds in the foreground.
        ForegroundSeconds,
    }
}

/// A count over a span.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Counted {
    /// Of what.
    pub what: Counter,
    /// The end of the span.
    pub until: Utc,
    /// How many.
    pub value: f64,
}
