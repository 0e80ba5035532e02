//! What the way of a push takes, and what the server and the system make of it.

use crate::policy::{Code, Delivery, KeychainClass, OutsideHours, Product, Renewal, Shows};
use crate::time::Span;
use crate::units::Share;

crate::choice! {
    /// What APNs does with a push for a device that it does not reach.
    pub enum Stored {
        /// It keeps the newest.
        Newest,
        /// It makes one attempt, and keeps nothing (an expiry of 0).
        Nothing,
    }
}

crate::choice! {
    /// How soon APNs is asked to deliver what is shown. A push that shows nothing always leaves it to the phone (Apple,
    /// Pushing background updates).
    pub enum Priority {
        /// At once: priority 10.
        Immediate,
        /// As it suits the power of the phone: priority 5.
        PowerSaving,
    }
}

crate::choice! {
    /// By what a generic text is followed by content.
    pub enum DetailRoute {
        /// The push also wakes the client.
        Background,
        /// An extension of the client writes it, with the client's own keychain item.
        Extension,
    }
}

crate::choice! {
    /// When the system's own mail client fetches.
    pub enum FetchWhen {
        /// At every interval.
        Always,
        /// Only on a charger and Wi-Fi, as with "Automatically".
        ChargingOnWifi,
    }
}

crate::section! {
    /// How long until the mail server tells of a mail: a lognormal, cut off.
    #[derive(Copy)]
    pub struct Notice {
        /// Its median. Exchange Web Services publishes no figure; Microsoft Graph promises less than a minute on average.
        median: Span = Span::from_secs(3),
            plausible("s", 0.5..30.0), from(GRAPH, "Graph: under 60 s on average"), assumed("event driven"),
            within(Span::from_ms(1)..=Span::HOUR);
        /// Its scale.
        sigma: f64 = 0.8, plausible("1", 0.2..1.5), assumed, within(0.0..=5.0);
        /// The longest.
        most: Span = Span::from_secs(180),
            plausible("s", 30.0..600.0), from(GRAPH, "3 min at most"), assumed("that it holds of other servers"),
            within(Span::from_ms(1)..=Span::hours(24));
    }
}

crate::section! {
    /// How long the vendor's relay takes: a lognormal.
    #[derive(Copy)]
    pub struct Relay {
        /// Its median.
        median: Span = Span::from_secs(1),
            plausible("s", 0.1..10.0), assumed, within(Span::from_ms(1)..=Span::HOUR);
        /// Its scale.
        sigma: f64 = 0.7, plausible("1", 0.2..1.5), assumed, within(0.0..=5.0);
    }
}

crate::section! {
    /// How long APNs takes to a device that is online: a lognormal.
    #[derive(Copy)]
    pub struct Apns {
        /// Its median.
        median: Span = Span::from_ms(650),
            plausible("s", 0.3..3.0), from(LOGINTC, "1.07 s on average"), from(FORUM_825224, "0.8 s on average, 2 s at 95 %"),
            within(Span::from_ms(1)..=Span::HOUR);
        /// Its scale.
        sigma: f64 = 0.65,
            plausible("1", 0.3..1.2), from(FORUM_825224, "0.8 s on average, 2 s at 95 %"), within(0.0..=5.0);
    }
}

crate::section! {
    /// A connection that the device takes for open and that is dead.
    #[derive(Copy)]
    pub struct Stale {
        /// Share of pushes that meet one.
        probability: Share = Share::new(0.02), plausible("1", 0.0..0.1), assumed;
        /// How much later the push is at most; each delay up to it is as likely.
        extra_max: Span = Span::MINUTE * 30,
            plausible("min", 5.0..60.0), assumed, within(Span::from_ms(1)..=Span::hours(24));
    }
}

crate::section! {
    /// A push that does not wake a device in Low Power Mode at once.
    #[derive(Copy)]
    pub struct LowPower {
        /// Share of them.
        probability: Share = Share::new(0.1),
            plausible("1", 0.0..0.5), from(FORUM_775340, "priority 10 may not be enough"), assumed("the share");
        /// How much later it is shown at most; each delay up to it is as likely.
        extra_max: Span = Span::MINUTE * 15,
            plausible("min", 1.0..60.0), from(FORUM_775340), assumed("until the next wake"),
            within(Span::from_ms(1)..=Span::hours(24));
    }
}

crate::section! {
    /// The subscription by which the vendor's server learns of new mail.
    #[derive(Copy)]
    pub struct Subscription {
        /// How often in a year it dies: a mailbox that moves, a password that changes, an outage of the listener.
        deaths_per_year: f64 = 6.0,
            plausible("1/year", 0.5..50.0), from(EWS_PUSH, "an outage of half an hour ends one"),
            assumed("how often is not known"), within(0.0..=100_000.0);
        /// Who renews it; as the product or the delivery has it where nothing is said.
        renewal: Option<Renewal> = None, decision;
        /// After how long the server notices, and renews it or sends a background push so that the client does.
        detect: Span = Span::MINUTE * 30,
            plausible("min", 5.0..120.0), from(BOXER, "looks every 30 min"), assumed("of other products"),
            within(Span::from_ms(1)..=Span::hours(240));
    }
}

crate::section! {
    /// The extension of the client, which writes the text of a push.
    #[derive(Copy)]
    pub struct Extension {
        /// The class of its keychain item.
        class: KeychainClass = KeychainClass::AfterFirstUnlock, decision;
        /// The median of how long it takes to start.
        start: Span = Span::from_ms(600),
            plausible("s", 0.2..3.0), from(POWER_LOG, "0.29 to 1.03 s, four pushes of one iPad"),
            within(Span::from_ms(1)..=Span::HOUR);
        /// The scale of its lognormal.
        start_sigma: f64 = 0.5,
            plausible("1", 0.2..1.5), from(POWER_LOG, "0.29 to 1.03 s, four pushes of one iPad"), within(0.0..=5.0);
        /// How long it takes to fetch the mail.
        fetch: Span = Span::from_secs(4),
            plausible("s", 0.5..30.0), assumed("as a check"), within(Span::ZERO..=Span::HOUR);
        /// How long it may run.
        runtime: Span = Span::from_secs(30),
            plausible("s", 20.0..40.0), from(MODIFYING_CONTENT, "about 30 s"), within(Span::from_ms(1)..=Span::HOUR);
        /// Share of its runs that the system ends for their memory.
        memory_kill: Share = Share::new(0.01),
            plausible("1", 0.0..0.1), from(EXTENSION_FAILURES, "24 MB"), assumed("how often is not known");
        /// Chance a day that the system stops starting it until the device restarts.
        stops_per_day: Share = Share::new(0.001),
            plausible("1", 0.0..0.02), from(EXTENSION_FAILURES), assumed("how often is not known");
    }
}

crate::section! {
    /// `[push]`: in force where `policy.delivery` is other than `refresh`.
    pub struct Config {
        /// How long until the mail server tells of a mail.
        server_notice: Notice = Notice::default();
        /// How long the vendor's relay takes.
        relay: Relay = Relay::default();
        /// How long APNs takes to a device that is online.
        apns: Apns = Apns::default();
        /// Connections that are dead.
        stale_connection: Stale = Stale::default();
        /// Pushes that come late in Low Power Mode.
        low_power_delay: LowPower = LowPower::default();
        /// What APNs does with a push for a device that it does not reach.
        stored: Stored = Stored::Newest, decision;
        /// How long a stored push is kept.
        expiry: Span = Span::DAY * 30,
            decision, plausible("d", 0.1..30.0), from(APNS, "30 days at most"), within(Span::from_ms(1)..=Span::hours(720));
        /// How soon APNs is asked to deliver what is shown.
        priority: Priority = Priority::Immediate, decision;
        /// Share of pushes of priority 5 that wait while the phone is locked and off a charger: until it is neither, or
        /// a push of priority 10 comes.
        low_priority_waits: Share = Share::new(0.5),
            plausible("1", 0.0..1.0), from(FORUM_775340, "may wait until the phone is awake, or woken by priority 10"),
            assumed("the share, and when a phone is awake");
        /// Under `push_interval`, how often a push wakes the client.
        interval: Span = Span::MINUTE * 15,
            decision, plausible("min", 5.0..240.0), assumed("the default of Email+ was not seen"),
            within(Span::SECOND..=Span::hours(240));
        /// The least time between two wakes for background pushes.
        background_spacing: Span = Span::MINUTE * 15,
            plausible("min", 5.0..60.0), from(WWDC20_10063, "14 pushes made 7 launches about 15 min apart"),
            within(Span::ZERO..=Span::hours(240));
        /// How long a client that a push wakes may run.
        background_runtime: Span = Span::from_secs(30),
            plausible("s", 20.0..40.0), from(PUSHING_BACKGROUND, "30 s"), within(Span::from_ms(1)..=Span::HOUR);
        /// Share of phones on which no background push wakes the client, for no known reason.
        background_never: Share = Share::new(0.0),
            plausible("1", 0.0..0.25), from(FIELD_REPORTS, "disallowed for good on one build"), assumed("the share");
        /// What is sent of mail that arrives outside working hours; as the product has it where nothing is said, or
        /// nothing.
        outside_hours: Option<OutsideHours> = None, decision;
        /// Share of mail from those whose mail is marked as important.
        vip: Share = Share::new(0.05), plausible("1", 0.0..0.3), assumed;
        /// By what a generic text is followed by content. What Email+ does is not published: the default is assumed.
        detail_route: DetailRoute = DetailRoute::Background, decision, unpublished;
        /// The subscription behind all pushes.
        subscription: Subscription = Subscription::default();
        /// The extension of the client.
        extension: Extension = Extension::default();
        /// Under `system_longpoll`, how long a dead connection goes unnoticed at most.
        heartbeat: Span = Span::MINUTE * 15,
            plausible("min", 5.0..60.0), from(ACTIVE_SYNC, "5 to 60 min"), assumed("which of them the client chooses"),
            within(Span::from_ms(1)..=Span::hours(24));
        /// Under `system_fetch`, how often the system asks.
        fetch_every: Span = Span::MINUTE * 15,
            decision, plausible("min", 15.0..60.0), assumed("15, 30 or 60 min, or by hand"),
            within(Span::MINUTE..=Span::hours(240));
        /// Under `system_fetch`, when it does.
        fetch_when: FetchWhen = FetchWhen::Always, decision;
        /// How long the system's own mail client takes to fetch.
        system_sync: Span = Span::from_secs(2),
            plausible("s", 0.5..15.0), assumed, within(Span::ZERO..=Span::HOUR);
    }
}

/// Whether a delivery goes by a key of the section, or of a table in it.
pub fn is_read(delivery: Delivery, place: &str, key: &str) -> bool {
    let longpoll = delivery == Delivery::SystemLongpoll;
    let of_mail = delivery.shows().is_some();
    match (place.split_once('.').map(|(_, table)| table), key) {
        (Some("extension"), _) => matches!(delivery.shows(), Some(Shows::Extension | Shows::Generic)),
        (None, "heartbeat") => longpoll,
        (None, "fetch_every" | "fetch_when") => delivery == Delivery::SystemFetch,
        (None, "system_sync") => delivery.code() == Code::System,
        (None, "interval") => delivery == Delivery::PushInterval,
        (None, "background_spacing" | "background_runtime" | "background_never") => delivery.wakes_client(),
        (Some("server_notice"), _) => of_mail || longpoll,
        (None, "detail_route") => delivery.shows() == Some(Shows::Generic),
        (None, "vip" | "priority") => of_mail,
        (Some("stale_connection" | "low_power_delay"), _) => delivery.is_push() || longpoll,
        _ => delivery.is_push(),
    }
}

/// Whether what a delivery goes by has a part here, where these are the other settings.
pub fn is_in_use(config: &Config, delivery: Delivery, place: &str, key: &str) -> bool {
    let by_extension = config.writes_by_extension(delivery);
    is_read(delivery, place, key)
        && match (place.split_once('.').map(|(_, table)| table), key) {
            (Some("extension"), _) => by_extension,
            // A product may have it so.
            (None, "vip") => config.outside_hours.is_none_or(|sent| sent == OutsideHours::Vip),
            (None, "background_spacing" | "background_runtime" | "background_never") => !by_extension,
            _ => true,
        }
}

impl Config {
    /// What the server sends outside working hours under a product, or under none.
    pub fn sent_outside_hours(&self, product: Option<Product>) -> OutsideHours {
        let of_product = product.map_or(OutsideHours::Nothing, |product| product.facts().outside_hours);
        self.outside_hours.unwrap_or(of_product)
    }

    /// Whether an extension of the client writes what a push shows.
    pub fn writes_by_extension(&self, delivery: Delivery) -> bool {
        match delivery.shows() {
            Some(Shows::Extension) => true,
            Some(Shows::Generic) => self.detail_route == DetailRoute::Extension,
            _ => false,
        }
    }
}
