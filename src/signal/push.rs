//! The words of push: what becomes of the push of one mail, and of the subscription behind all of them.

use strum::{VariantArray, VariantNames};

crate::named!(PushStage, ExtensionFailure);

/// A stage of the push of a mail.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Push {
    /// The mail, counted per device from the origin.
    pub mail: u32,
    /// The stage.
    pub stage: PushStage,
}

/// What becomes of the push of a mail.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, VariantArray, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum PushStage {
    /// The server does not hear of the mail: none is sent.
    Unsubscribed,
    /// It is on its way.
    Sent,
    /// APNs stores it, the device being off, offline or asleep.
    Held,
    /// A newer one took its place in the store.
    Displaced,
    /// It was no longer to be delivered.
    Expired,
    /// It was not to be stored, and nobody took it.
    Dropped,
    /// The number on the icon grew.
    Badged,
    /// Its user reads that something came, without what.
    Signalled,
    /// It is shown when the mail is told already.
    Late,
    /// Nothing is shown: the client is on the screen.
    Unneeded,
}

/// Why an extension left the generic text as it was.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, VariantArray, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum ExtensionFailure {
    /// The system ended it for its memory.
    Memory,
    /// Its time was over.
    Time,
    /// It could not reach its key.
    NoKey,
    /// It could not reach the server.
    NoNetwork,
    /// The system does not start it until the device restarts.
    NotStarted,
}
