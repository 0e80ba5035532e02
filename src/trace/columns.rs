//! Which columns of a file are meant, where its header calls them otherwise than it would here.

crate::section! {
    /// `mail.columns`
    pub struct MailColumns {
        /// The column of the time at which a mail arrived.
        arrived: Option<String> = None, study;
        /// The column that says whose mail it is: of each name there is a mailbox, dealt to the devices in turn.
        device: Option<String> = None, study;
    }
}

crate::section! {
    /// `user.columns`
    pub struct UserColumns {
        /// The column of the time at which the screen went on.
        on: Option<String> = None, study;
        /// The column of the time at which it went off.
        off: Option<String> = None, study;
        /// The column that says whether the device was unlocked.
        unlocked: Option<String> = None, study;
        /// The column of the time at which the mail client came into focus.
        client_from: Option<String> = None, study;
        /// The column of the time at which it left it.
        client_until: Option<String> = None, study;
        /// The column that says whose phone it is.
        device: Option<String> = None, study;
    }
}

crate::section! {
    /// `network.columns`
    pub struct NetworkColumns {
        /// The column of the time at which a stretch began.
        from: Option<String> = None, study;
        /// The column of the time at which it ended.
        until: Option<String> = None, study;
        /// The column that says what network there was.
        network: Option<String> = None, study;
        /// The column that says whose phone it is.
        device: Option<String> = None, study;
    }
}

crate::section! {
    /// `power.columns`
    pub struct PowerColumns {
        /// The column of the time at which something was known.
        at: Option<String> = None, study;
        /// The column of the charge, in per cent.
        percent: Option<String> = None, study;
        /// The column that says whether a charger was connected.
        charger: Option<String> = None, study;
        /// The column that says whether Low Power Mode was on.
        low_power_mode: Option<String> = None, study;
        /// The column that says whose phone it is.
        device: Option<String> = None, study;
    }
}
