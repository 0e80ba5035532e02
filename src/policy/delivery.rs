//! How mail is told: by what the client finds when it runs, by what a push shows, or by the system's own client.

crate::choice! {
    /// How mail is told.
    pub enum Delivery {
        /// By the client, when the system lets it refresh in the background.
        Refresh,
        /// A push shows a generic text and wakes the client, which tells the content if it runs and has its key.
        PushGenericThenDetail,
        /// A push at every interval wakes the client.
        PushInterval,
        /// A push shows the text that the server wrote: no key and no code of the client is needed.
        PushServerText,
        /// A push runs an extension of the client, a process with a key of its own, which writes the text.
        PushExtension,
        /// A push shows a badge and wakes the client, which tells the content if it runs and has its key.
        PushBadgeThenSync,
        /// A push shows sender and subject as the server wrote them, and wakes the client to fetch the rest.
        PushSubject,
        /// A push shows a generic text and wakes the client, which tells the content while the user's authentication
        /// is young enough.
        PushAuthorized,
        /// The system's own mail client, told by the server over a connection that it keeps open.
        SystemLongpoll,
        /// The system's own mail client, which asks the server every so often.
        SystemFetch,
    }
}

/// What a push shows by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shows {
    /// A number on the icon, which tells nobody anything (assumed).
    Badge,
    /// That something came.
    Generic,
    /// The text that the server wrote.
    ServerText,
    /// What the extension makes of it, or else that something came.
    Extension,
}

/// Whose code tells of mail that no push has told of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Code {
    /// The client's own, when the system lets it run.
    Client,
    /// The system's own mail client.
    System,
    /// None, until the user opens the client.
    None,
}

impl Delivery {
    /// What the push of a mail shows, where each mail has one.
    pub const fn shows(self) -> Option<Shows> {
        match self {
            Delivery::PushGenericThenDetail | Delivery::PushAuthorized => Some(Shows::Generic),
            Delivery::PushServerText | Delivery::PushSubject => Some(Shows::ServerText),
            Delivery::PushExtension => Some(Shows::Extension),
            Delivery::PushBadgeThenSync => Some(Shows::Badge),
            Delivery::Refresh | Delivery::PushInterval => None,
            Delivery::SystemLongpoll | Delivery::SystemFetch => None,
        }
    }

    /// Whether a push also wakes the client, as a background push does.
    pub const fn wakes_client(self) -> bool {
        match self {
            Delivery::PushGenericThenDetail | Delivery::PushAuthorized | Delivery::PushInterval => true,
            Delivery::PushBadgeThenSync | Delivery::PushSubject => true,
            Delivery::Refresh | Delivery::PushServerText | Delivery::PushExtension => false,
            Delivery::SystemLongpoll | Delivery::SystemFetch => false,
        }
    }

    /// Whose code tells of what no push has told of. A client that pushes wake asks for background refreshes too.
    pub const fn code(self) -> Code {
        match self {
            Delivery::Refresh => Code::Client,
            Delivery::SystemLongpoll | Delivery::SystemFetch => Code::System,
            _ if self.wakes_client() => Code::Client,
            _ => Code::None,
        }
    }

    /// Whether anything is pushed through APNs.
    pub const fn is_push(self) -> bool {
        self.shows().is_some() || self.wakes_client()
    }

    /// Whether the server of the vendor reads the mail, to write the text of pushes.
    pub const fn server_reads_mail(self) -> bool {
        matches!(self.shows(), Some(Shows::ServerText))
    }

    /// Whether an extension of the client opens mail with a keychain item of its own.
    pub const fn has_own_item(self) -> bool {
        matches!(self, Delivery::PushExtension)
    }

    /// Who renews a subscription that died, where nothing else is said.
    pub const fn renewal(self) -> Renewal {
        match self {
            Delivery::PushGenericThenDetail | Delivery::PushBadgeThenSync => Renewal::Foreground,
            Delivery::PushSubject => Renewal::SilentPush,
            _ => Renewal::Server,
        }
    }
}

crate::choice! {
    /// Who renews the subscription by which the server learns of new mail.
    pub enum Renewal {
        /// The vendor's service, with credentials of its own.
        Server,
        /// The client, woken by a background push.
        SilentPush,
        /// The client, when the user next opens it.
        Foreground,
    }
}

crate::choice! {
    /// What the server sends of mail that arrives outside working hours.
    pub enum OutsideHours {
        /// Nothing.
        Nothing,
        /// What comes from those whose mail is marked as important.
        Vip,
        /// All of it.
        All,
    }
}
