//! Products as rows: how each tells of mail, by what it comes by its key, and who renews its subscription, as its
//! vendor documents it. A row is what is written down of a product, dated, and no verdict on it.

use super::{Delivery, KeyAccess, KeychainClass, OutsideHours, Renewal};
use crate::source::{self, Source};

/// What a product comes to in settings.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// How people call it.
    pub title: &'static str,
    /// How mail is told.
    pub delivery: Delivery,
    /// How the client comes by its key.
    pub key_access: KeyAccess,
    /// The class of its keychain item or files, where that is not the default.
    pub keychain_class: Option<KeychainClass>,
    /// Who renews its subscription, where it has one.
    pub renewal: Renewal,
    /// What its server sends of mail that arrives outside working hours, where nothing else is said.
    pub outside_hours: OutsideHours,
    /// Whether a key that opens the mail is kept outside the device.
    pub key_leaves_device: bool,
    /// Where it is documented.
    pub source: &'static Source,
    /// What of the row is not documented.
    pub assumed: &'static str,
}

macro_rules! products {
    ($( $(#[doc = $what:literal])+ $product:ident: $title:literal, $delivery:ident, $access:ident, $renewal:ident,
        $leaves:literal, $source:ident, $assumed:literal $(, $class:ident)? $(; outside hours $outside:ident)?; )*) => {
        crate::choice! {
            /// A product, which sets how mail is told, how its client comes by its key, and who renews its
            /// subscription; a key written beside it wins.
            pub enum Product { $( $(#[doc = $what])+ $product ),* }
        }

        impl Product {
            /// What it comes to in settings.
            pub const fn facts(self) -> Facts {
                match self { $( Product::$product => {
                    #[allow(unused_mut, unused_assignments, reason = "few rows name a class")]
                    let mut keychain_class = None;
                    $( keychain_class = Some(KeychainClass::$class); )?
                    #[allow(unused_mut, unused_assignments, reason = "few rows name hours")]
                    let mut outside_hours = OutsideHours::Nothing;
                    $( outside_hours = OutsideHours::$outside; )?
                    Facts {
                        title: $title,
                        delivery: Delivery::$delivery,
                        key_access: KeyAccess::$access,
                        keychain_class,
                        renewal: Renewal::$renewal,
                        outside_hours,
                        key_leaves_device: $leaves,
                        source: &source::$source,
                        assumed: $assumed,
                    }
                } )* }
            }
        }
    };
}

impl Product {
    /// Whether it goes by the keys of Ivanti's clients.
    pub fn is_ivanti(self) -> bool {
        std::ptr::eq(self.facts().source, &source::IVANTI)
    }
}

products! {
    /// Ivanti Email+ as delivered: background refresh, the key by an app flip.
    EmailPlus: "Email+", Refresh, AppFlip, Server, false, IVANTI, "";
    /// Ivanti Email+ with `allow_device_keychain`.
    EmailPlusKey: "Email+ with the key", Refresh, DeviceKeychain, Server, false, IVANTI,
        "the keychain class is not published";
    /// Ivanti Email+ with the Cloud Notification Service: a generic push, then the client's own.
    EmailPlusCns: "Email+ with CNS", PushGenericThenDetail, AppFlip, Foreground, false, IVANTI,
        "that one push does both, and who renews the subscription";
    /// The same with `allow_device_keychain`.
    EmailPlusCnsKey: "Email+ with CNS and the key", PushGenericThenDetail, DeviceKeychain, Foreground, false, IVANTI,
        "that one push does both, who renews the subscription, and the keychain class";
    /// Ivanti Email+ with the Email Notification Service, whose server writes sender and subject, and outside working hours
    /// those of people whose mail is marked as important.
    EmailPlusEns: "Email+ with ENS", PushServerText, AppFlip, Server, false, IVANTI,
        "that its text is read before the first unlock"; outside hours Vip;
    /// Microsoft Outlook with Intune.
    Outlook: "Outlook", PushServerText, OsProtection, Server, false, OUTLOOK,
        "the class of its files, and that its text is read before the first unlock", AfterFirstUnlock;
    /// Google Gmail.
    Gmail: "Gmail", PushServerText, OsProtection, Server, false, UNDOCUMENTED, "all of it, as remembered", AfterFirstUnlock;
    /// BlackBerry Work with Background Authorize.
    BlackberryWork: "BlackBerry Work", PushAuthorized, BackgroundAuthorize, Server, false, BLACKBERRY,
        "what it shows where it cannot run";
    /// Boxer without notification service: its database opens with the password.
    Boxer: "Boxer", Refresh, AppFlip, Server, false, BOXER, "that its key is as that of an app flip";
    /// Boxer with ENS2, whose server writes the subject.
    BoxerEns: "Boxer with ENS2", PushSubject, AppFlip, SilentPush, false, BOXER,
        "that its key is as that of an app flip, that its push is an alert, and that its text is read before the first unlock";
    /// The same with the key in escrow, for the body of a mail while the phone is locked: the price is taken, but the
    /// body is no part of what is told, so that a check in the background finds its key no sooner.
    BoxerEscrow: "Boxer with ENS2 and escrow", PushSubject, AppFlip, SilentPush, true, BOXER,
        "that its key is as that of an app flip, that its push is an alert, and that its text is read before the first unlock";
    /// Citrix Secure Mail with its classic push: a badge, and text once the client has run.
    Citrix: "Citrix Secure Mail", PushBadgeThenSync, OsProtection, Foreground, false, CITRIX,
        "that its files are readable from the first unlock on", AfterFirstUnlock;
    /// Citrix Secure Mail with rich push, whose extension writes the text.
    CitrixRich: "Citrix with rich push", PushExtension, AppFlip, Foreground, false, CITRIX,
        "the key of the extension, that it runs whatever becomes of the client, and who renews the subscription";
    /// Apple's Mail with an Exchange account, told over an open connection.
    NativePush: "Mail, push", SystemLongpoll, OsProtection, Server, false, ACTIVE_SYNC,
        "that neither a force-quit nor Low Power Mode matters", AfterFirstUnlock;
    /// Apple's Mail, which asks every so often.
    NativeFetch: "Mail, fetch", SystemFetch, OsProtection, Server, false, ENERGY_GUIDE,
        "that a force-quit does not matter", AfterFirstUnlock;
}
