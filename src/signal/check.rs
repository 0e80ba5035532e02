//! What comes of a check: how it ends, and what it tells.

use super::Trigger;
use strum::{EnumDiscriminants, VariantArray, VariantNames};

crate::named!(ResultKind, ToldBy);

/// How a check ended.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, EnumDiscriminants)]
#[strum_discriminants(
    name(ResultKind),
    doc = "How a check ended, without what it found.",
    derive(VariantArray, VariantNames),
    strum(serialize_all = "snake_case")
)]
pub enum CheckResult {
    /// It found this many new mails.
    NewMail(u32),
    /// It found nothing new.
    NoMail,
    /// The process runs but has no key.
    KeyFailure,
    /// There was no network.
    NoNetwork,
    /// It was cut short.
    Expired,
    /// A background launch could not reach the key; the process is gone again.
    LaunchRefused,
}

impl CheckResult {
    /// How it ended, without what it found.
    pub fn kind(self) -> ResultKind {
        self.into()
    }

    /// The name in files.
    pub fn name(self) -> &'static str {
        self.kind().name()
    }
}

impl ResultKind {
    /// Whether the check got as far as looking for mail.
    pub const fn looked(self) -> bool {
        match self {
            ResultKind::NewMail | ResultKind::NoMail => true,
            ResultKind::KeyFailure
            | ResultKind::NoNetwork
            | ResultKind::Expired
            | ResultKind::LaunchRefused => false,
        }
    }
}

/// New mail announced, or held back, in one go.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Notice {
    /// The first mail it covers, counted per device from the origin.
    pub first: u32,
    /// How many it covers.
    pub mails: u32,
    /// What announces it, or holds it back.
    pub by: ToldBy,
}

/// What tells the user of mail.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, VariantArray, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum ToldBy {
    /// A check, for the user opened the client.
    UserLaunch,
    /// A check, for the system granted a background refresh.
    BackgroundRefresh,
    /// A check, for the network came back while the client was open.
    NetworkReturn,
    /// The client on the screen, without a check.
    ClientOpen,
    /// A notification that was prepared for the beginning of the working hours.
    HoursBegin,
    /// A check, for a push woke the client.
    BackgroundPush,
    /// The text of a push, as the server wrote it.
    ServerText,
    /// The text of a push, as the client's extension wrote it.
    Extension,
    /// The system's own mail client.
    SystemMail,
}

impl ToldBy {
    /// Whether a check of the client told.
    pub const fn is_check(self) -> bool {
        match self {
            ToldBy::UserLaunch | ToldBy::BackgroundRefresh | ToldBy::NetworkReturn => true,
            ToldBy::BackgroundPush => true,
            ToldBy::ClientOpen | ToldBy::HoursBegin | ToldBy::ServerText => false,
            ToldBy::Extension | ToldBy::SystemMail => false,
        }
    }

    /// Whether it tells of one mail, whichever that is.
    pub const fn is_one_mail(self) -> bool {
        matches!(self, ToldBy::ServerText | ToldBy::Extension)
    }

    /// Whether it tells a user who has not turned to the client: what is left of a check begun on the screen is no
    /// such word to an absent user.
    pub const fn is_unasked(self) -> bool {
        match self {
            ToldBy::BackgroundRefresh | ToldBy::HoursBegin | ToldBy::BackgroundPush => true,
            ToldBy::ServerText | ToldBy::Extension | ToldBy::SystemMail => true,
            ToldBy::UserLaunch | ToldBy::NetworkReturn | ToldBy::ClientOpen => false,
        }
    }
}

impl From<Trigger> for ToldBy {
    fn from(trigger: Trigger) -> ToldBy {
        match trigger {
            Trigger::UserLaunch => ToldBy::UserLaunch,
            Trigger::BackgroundRefresh => ToldBy::BackgroundRefresh,
            Trigger::NetworkReturn => ToldBy::NetworkReturn,
            Trigger::BackgroundPush => ToldBy::BackgroundPush,
        }
    }
}
