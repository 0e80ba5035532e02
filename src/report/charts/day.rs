//! The chart of one device's day: when mail arrived and what told of it, above what held meanwhile.
//!
//! Mail falls from its arrival to the check that told of it, so that a fan of lines is mail that waited
//! for one opening of the client, and upright lines are mail told at once. Below stand, on one time
//! axis, what was in the way and the states that explain it. States differ in luminance and are named
//! where they fit, so that a print in black and white reads as well. Here are its data; `day_sheet` draws them.

use super::Heading;
use crate::client::DelayCause;
use serde::{Deserialize, Serialize};

/// The chart. All times are milliseconds from the local midnight that begins the day.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Day {
    /// What stands above it.
    pub heading: Heading,
    /// Why mail waited, in a sentence.
    pub why: String,
    /// How long the day is: 23 or 25 hours where the clock changes.
    pub length_ms: u64,
    /// The part of the day that is shown: the rest was not measured.
    pub shown_ms: [u64; 2],
    /// The ticks of the time axis.
    pub ticks: Vec<Tick>,
    /// When notifications are allowed, where that is not always.
    pub working_hours: Vec<[u64; 2]>,
    /// The mail, in order of arrival.
    pub mails: Vec<DayMail>,
    /// The checks, in order.
    pub checks: Vec<DayCheck>,
    /// What held, one strip below the other.
    pub strips: Vec<Strip>,
    /// Battery and budget, in per cent.
    pub lines: Vec<Meter>,
    /// Whether it is of a real phone: of mail nothing is known then, nor what a check came to.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_observed: bool,
    /// Pushes and notifications, where more than the client's own checks tells of mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pushed: Option<Pushed>,
}

/// A tick of the time axis.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Tick {
    /// Where it stands.
    pub ms: u64,
    /// What the clock on the wall shows.
    pub label: String,
}

/// A mail that arrived on the day, or still waited when it began.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct DayMail {
    /// Its name.
    pub name: String,
    /// When it arrived; `None` where that was before what is shown.
    pub arrived_ms: Option<u64>,
    /// When it was told, `None` where that was after what is shown, or
    /// never.
    pub told_ms: Option<u64>,
    /// What became of it.
    pub fate: Fate,
    /// Arrival on the clock of the wall.
    pub arrived: String,
    /// What became of it and when, in words.
    pub told: String,
    /// How long it waited and for what, in words.
    pub waited: String,
    /// Its push, by place in [`Pushed::pushes`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub push: Option<usize>,
    /// When its user read that something came, and not yet what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signalled_ms: Option<u64>,
    /// The same, and what became of its push, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_push: Option<[String; 2]>,
}

/// What became of a mail.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// A notification told of it.
    Notified,
    /// A push told of it, or the system's own mail client: no check of the client did.
    Pushed,
    /// The user opened the client and left before its check had ended: a notification told of it.
    NotifiedAfterLeaving,
    /// The user opened the client and saw it.
    OnOpen,
    /// It was never told.
    Undelivered,
}

/// A check.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DayCheck {
    /// When it began.
    pub at_ms: u64,
    /// Whether it was made in the open client, not in the background.
    pub open: bool,
    /// What it came to.
    pub came_to: CameTo,
}

/// What a check came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CameTo {
    /// It told the user of new mail.
    Told,
    /// The user had left the open client when it told them.
    ToldAfterLeaving,
    /// It found new mail and holds it back.
    HeldBack,
    /// There was nothing new.
    Nothing,
    /// It could not look: no key, no network, no time.
    Failed,
}

impl CameTo {
    /// Whether it told the user of new mail.
    pub(super) const fn tells(self) -> bool {
        match self {
            CameTo::Told | CameTo::ToldAfterLeaving => true,
            CameTo::HeldBack | CameTo::Nothing | CameTo::Failed => false,
        }
    }
}

/// A strip of states.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Strip {
    /// What it is about.
    pub name: String,
    /// The states in order of time; where there is none the strip is empty.
    pub segments: Vec<Segment>,
}

/// A state.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Segment {
    /// When it began to hold.
    pub from_ms: u64,
    /// When it no longer held.
    pub to_ms: u64,
    /// What held, in words.
    pub state: String,
    /// How it looks.
    pub tone: Tone,
}

/// How a state looks: what matters stands out from what is usual, and no two states of a strip look alike.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// The usual.
    Pale,
    /// Something between.
    Middle,
    /// Another thing between.
    Sand,
    /// What must not be missed.
    Alarm,
    /// An obstacle: power, the user's switches.
    Slate,
    /// A rare obstacle.
    Plum,
    /// What passes by itself.
    Moss,
    /// What went wrong.
    Rust,
    /// What went wrong and was ended for it.
    Soot,
    /// Grey green.
    Lichen,
    /// A cause of delay, in the colour that it has in every chart.
    Cause(DelayCause),
    /// What lets mail be told.
    Strong,
}

/// A line of the lower panel, in per cent.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Meter {
    /// Its name.
    pub name: String,
    /// Its value from each millisecond on.
    pub points: Vec<(u64, f64)>,
    /// Whether a value holds until the next, rather than change evenly towards it.
    pub steps: bool,
}

/// What tells of mail beside the client's checks.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Pushed {
    /// What the row of pushes is called.
    pub name: String,
    /// The pushes, in order.
    pub pushes: Vec<DayPush>,
    /// The notifications, in order.
    pub shown: Vec<DayNotice>,
    /// From when to when a dated event keeps pushes away.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept_away_ms: Vec<[u64; 2]>,
    /// What came to wake the client, in order.
    pub wakes: Vec<DayWake>,
    /// How many pushes without a mail came to wake it.
    pub background: usize,
}

/// The push of a mail.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct DayPush {
    /// When something last became of it.
    pub at_ms: u64,
    /// From when to when APNs stored it.
    pub held_ms: Vec<[u64; 2]>,
    /// What became of it.
    pub fate: PushFate,
}

/// What became of a push.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PushFate {
    /// It came, and showed something.
    Came,
    /// It came, and showed nothing: the client was open.
    NotShown,
    /// APNs gave it up, or has stored a newer one.
    Lost,
    /// None was sent: the server did not hear of the mail, or pushes were kept away.
    NotSent,
    /// It is on its way, or stored, as far as is shown.
    UnderWay,
}

/// A notification.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DayNotice {
    /// When.
    pub at_ms: u64,
    /// What its user sees.
    pub says: Says,
}

/// What a user sees of mail.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Says {
    /// What came.
    Content,
    /// That something came.
    Something,
    /// A number on the icon.
    Number,
    /// What is known already.
    Known,
}

/// A background push on the device.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DayWake {
    /// When.
    pub at_ms: u64,
    /// What came of it.
    pub came_to: WakeCameTo,
}

/// What came of a background push.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WakeCameTo {
    /// It woke the client.
    Woke,
    /// The system holds it.
    Waits,
    /// The open client got it.
    HandedOver,
    /// It may not wake the client.
    Discarded,
}
