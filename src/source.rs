//! The bibliography: every source that a number of the model cites, once.

use serde::Serialize;
use strum::{VariantArray, VariantNames};

crate::named!(Tag);

/// What a number rests on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, VariantArray, VariantNames)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Tag {
    /// Apple's documentation, or Apple staff.
    Apple,
    /// Apple's open-source kernel.
    Xnu,
    /// Published device logs, or documents of vendors.
    Field,
    /// Public reverse engineering of one build of iOS.
    ReverseEngineered,
    /// Fitted from measured data.
    Measured,
    /// No source exists.
    Assumed,
}

/// Something that was read or measured. A number that rests on it has its tag, or is assumed.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Source {
    /// What it is called where a number cites it.
    pub name: &'static str,
    /// Its title, with what is to be known of it.
    pub title: &'static str,
    /// Where it is found, if that is known.
    pub address: Option<&'static str>,
    /// When it was written, or measured.
    pub date: &'static str,
    /// What it makes of a number that it gives.
    pub tag: Tag,
}

macro_rules! sources {
    ($($item:ident: $tag:ident, $name:literal, $title:literal, $date:literal $(, $address:literal)?;)*) => {
        $(
            #[doc = $title]
            pub static $item: Source = Source {
                name: $name,
                title: $title,
                address: sources!(@ $($address)?),
                date: $date,
                tag: Tag::$tag,
            };
        )*

        /// Every source.
        pub static SOURCES: &[&Source] = &[$(&$item),*];
    };
    (@) => { None };
    (@ $address:literal) => { Some($address) };
}

sources! {
    PLATFORM_SECURITY: Apple, "Apple Platform Security",
        "Apple Platform Security; remembered on Complete Protection, not read again",
        "not dated", "support.apple.com/guide/security/secb010e978a";
    FORUM_780956: Apple, "Apple forum thread 780956",
        "Apple Developer Forums, thread 780956, with answers of Developer Technical Support",
        "2025", "developer.apple.com/forums/thread/780956";
    FORUM_85066: Apple, "Apple forum thread 85066",
        "Apple Developer Forums, thread 85066, notes of Developer Technical Support on background tasks of UIApplication",
        "not dated", "developer.apple.com/forums/thread/85066";
    FORUM_826325: Apple, "Apple forum thread 826325",
        "Apple Developer Forums, thread 826325, on the memory that a process may have",
        "2026", "developer.apple.com/forums/thread/826325";
    FORUM_828150: Apple, "Apple forum thread 828150",
        "Apple Developer Forums, thread 828150, on which suspended apps end first",
        "2026", "developer.apple.com/forums/thread/828150";
    WWDC20_10063: Apple, "Apple WWDC20 10063",
        "Background execution demystified, WWDC20 session 10063, read in notes of it",
        "2020", "blog.derrickshowers.com/learning/wwdc-2020-background-execution";
    WWDC20_10078: Apple, "Apple WWDC20 10078",
        "Why is my app getting killed?, WWDC20 session 10078, read in notes of it",
        "2020", "wwdcnotes.com/notes/wwdc20/10078";
    XNU: Xnu, "XNU",
        "Apple's open-source kernel, xnu-11417.101.15; its shares hold where no limit for the device is known",
        "2025", "github.com/apple-oss-distributions/xnu";
    DASD: ReverseEngineered, "dasd of one iOS 18.2 build",
        "The scheduler of one build of iOS 18.2 as publicly reverse engineered; constants change by release",
        "2024";
    ABLY: Field, "ably-flutter device log",
        "README of ably-flutter, section on troubleshooting, with scores logged by an iPhone",
        "not dated", "github.com/ably/ably-flutter";
    DEVICE_LOGS: Field, "device logs",
        "Logs of devices that developers have published, as gathered for this project",
        "2020 to 2026";
    BEIWE: Field, "beiwe-ios issue 88",
        "beiwe-ios, issue 88: background refreshes of the phones of a study, counted by its developers",
        "2026", "github.com/onnela-lab/beiwe-ios";
    FIELD_REPORTS: Field, "reports of developers",
        "Issues of apps that refresh in the background, each about one phone or a few, as gathered for this project",
        "2019 to 2026";
    LOW_POWER: Field, "Low Power Mode as described",
        "Descriptions of Low Power Mode, Apple's own among them, read in copies and in reports of them",
        "not dated";
    IVANTI: Field, "Ivanti Email+ guide",
        "Ivanti Email+ for iOS, guide for administrators, on checks for mail and on notifications in real time",
        "read in 2026", "help.ivanti.com";
    OUTLOOK: Field, "Outlook for iOS, questions and answers",
        "Microsoft, questions and answers on Outlook for iOS: what stops its synchronisation, and what its notifications",
        "read in 2026", "github.com/MicrosoftDocs/OfficeDocs-Exchange";
    UNDOCUMENTED: Field, "no document",
        "Products of which no document was found", "not dated";
    BOXER: Field, "Omnissa, ENS2",
        "Omnissa (formerly VMware), introduction and guide to the Email Notification Service 2 for Boxer",
        "read in 2026", "docs.omnissa.com";
    CITRIX: Field, "Citrix Secure Mail",
        "Citrix, push notifications of Secure Mail, classic and rich",
        "read in 2026", "docs.citrix.com";
    ACTIVE_SYNC: Field, "Exchange ActiveSync, Direct Push",
        "Microsoft, knowledge base 905013 and library on Direct Push: the heartbeat of a connection that is kept open",
        "read in 2026", "learn.microsoft.com";
    ENERGY_GUIDE: Apple, "Apple Energy Efficiency Guide",
        "Energy Efficiency Guide for iOS Apps, on Low Power Mode, which pauses the fetching of mail",
        "2018", "developer.apple.com/library/archive";
    APNS: Apple, "Apple, sending notification requests to APNs",
        "Apple, Sending notification requests to APNs: storage of one notification an app, expiry, priorities",
        "2026", "developer.apple.com/documentation/usernotifications";
    PUSHING_BACKGROUND: Apple, "Apple, pushing background updates",
        "Apple, Pushing background updates to your app: two or three an hour at most, one is held, none after a force-quit",
        "2026", "developer.apple.com/documentation/usernotifications";
    MODIFYING_CONTENT: Apple, "Apple, modifying content of notifications",
        "Apple, Modifying content in newly delivered notifications: about 30 s for the extension, then the original text",
        "2026", "developer.apple.com/documentation/usernotifications";
    FORUM_775340: Apple, "Apple forum thread 775340",
        "Apple Developer Forums, thread 775340, with an answer of Developer Technical Support on priorities and Low Power Mode",
        "2025", "developer.apple.com/forums/thread/775340";
    LOGINTC: Field, "logintc.com 2013",
        "LoginTC: latency of alert pushes to devices on a shelf", "February 2013", "logintc.com";
    FORUM_825224: Field, "Apple forum thread 825224",
        "Apple Developer Forums, thread 825224: a developer's latencies of pushes for calls, and that there is no promise",
        "2026", "developer.apple.com/forums/thread/825224";
    GRAPH: Field, "Microsoft Graph, latency of change notifications",
        "Microsoft Graph, latency of change notifications for messages: under 1 min on average, 3 min at most",
        "2026", "github.com/microsoftgraph/microsoft-graph-docs-contrib";
    EWS_PUSH: Field, "Exchange Web Services, StatusFrequency",
        "Microsoft, Exchange Web Services: a push subscription ends about half an hour after its listener is gone",
        "read in 2026", "learn.microsoft.com";
    EXTENSION_FAILURES: Field, "reports on service extensions",
        "Issues of apps whose notification service extensions were ended for memory or time, each about a few phones",
        "2019 to 2026";
    BLACKBERRY: Field, "BlackBerry Dynamics SDK for iOS 14",
        "BlackBerry Dynamics SDK for iOS 14.0, development guide, Enabling Background Authorize",
        "read in 2026", "docs.blackberry.com";
    HEXORDIA: Field, "hexordia.com and naehrdine 2024",
        "Hexordia and naehrdine on the inactivity reboot of iOS 18",
        "November 2024", "hexordia.com";
    IPHONES: Field, "iPhones sold 2019 to 2025",
        "Memory of the iPhones sold from 2019 to 2025, put together from teardowns",
        "2025";
    TEARDOWNS: Field, "batteries of iPhones",
        "Charge of the batteries of iPhones, as teardowns and the databases of regulators have it, read in reports of them",
        "2019 to 2023";
    ENERGY_LABELS: Field, "energy labels of iPhones",
        "Charge of the batteries of the iPhones of 2024 and 2025; the latter as Apple's energy labels in the EU have it, read in a report of them",
        "September 2025", "forums.macrumors.com/threads/2465026";
    APP_LIMITS: Field, "limits of apps by phone",
        "Stack Overflow 5887248: how much memory an app had when it was ended, by phone, as users measured it",
        "2011 to 2025", "stackoverflow.com/questions/5887248";
    AFTER_BOOT: Field, "py-ios-device 60",
        "Memory of one iPhone of about 4 GB after a restart, in an issue of py-ios-device",
        "not dated", "github.com/YueChen-C/py-ios-device/issues/60";
    WIRE: Field, "wire-ios 4857",
        "Ends of a messenger in the background as Xcode Organizer counts them over its users",
        "June 2026", "github.com/wireapp/wire-ios/issues/4857";
    FALAKI: Field, "Falaki 2010",
        "Falaki et al., Diversity in smartphone usage, read as abstract and slides",
        "2010";
    IP26: Field, "IP26, one iPhone over 30 days",
        "Every app in focus on the iPhone of one student over 30 days, 79 apps, Gmail as mail client",
        "2026", "github.com/romanoshiliarhopoulos/screenTimeAppIOS";
    HEITMAYER: Field, "Heitmayer and Lahlou 2021",
        "Heitmayer and Lahlou, Why are smartphones disruptive?, first-person video of people's use, read as abstract",
        "2021";
    DEKKER: Field, "Dekker 2024",
        "Dekker et al., randomised trial of a week without notifications, 205 people, logged, read as abstract",
        "2024";
    PIELOT_2014: Field, "Pielot 2014",
        "Pielot et al., An in-situ study of mobile phone notifications",
        "2014";
    PIELOT_2018: Field, "Pielot 2018",
        "Pielot et al., Dismissed!, 794,525 notifications of 278 users",
        "2018";
    FERREIRA: Field, "Ferreira 2011",
        "Ferreira et al., Understanding human-smartphone concerns: a study of battery life, 4,035 users",
        "2011";
    REALITY_MINE: Field, "RealityMine 2013",
        "RealityMine, when phones are charged",
        "2013";
    CHARGING: Field, "NPD for OnePlus 2021",
        "NPD for OnePlus, survey of 1,000 people who had bought a phone lately, on when they charge",
        "2021";
    BATTERY_TESTS: Field, "battery tests of iPhones",
        "Tests of the iPhones of 2023 to 2025 from full to empty: Tom's Guide on the web over 5G, and videos",
        "2024 to 2025";
    GREENHUB: Field, "GreenHub",
        "GreenHub, 23.6 million samples of Android phones in three countries",
        "2017 to 2020";
    ADAPTIVE_POWER: Field, "Adaptive Power as described",
        "Apple's description of Adaptive Power in iOS 26, read in reports of it",
        "2025";
    TALKER: Field, "Talker 2025",
        "Talker Research, survey of 2,000 people on the charge of their phones",
        "2025";
    OPENSIGNAL: Field, "Opensignal 2024",
        "Opensignal, share of screen time away from home that is on Wi-Fi, by operator, United States",
        "2024";
    OFCOM: Field, "Ofcom 2017 to 2021",
        "Ofcom, Mobile Matters: share of connections of 280,000 phones in the United Kingdom that are on Wi-Fi",
        "2017 to 2021";
    WORK_TREND: Field, "Microsoft Work Trend Index 2025",
        "Microsoft Work Trend Index, telemetry of Microsoft 365",
        "2025";
    POWER_LOG: Measured, "PowerLog",
        "PowerLog of one iPad mini with iPadOS 15.0.2, test data of plaso",
        "2021", "github.com/log2timeline/plaso";
    UM24: Measured, "UM24, phones of 28 students",
        "Daily pick-ups, minutes and first pick-ups that 28 students of the University of Michigan read off their phones, 2,260 days",
        "2024", "github.com/jacobvid/BIOSTAT620_Project2";
    USAGE_LOGGER: Field, "UsageLogger, one Android user-day",
        "Sample data of UsageLogger: the screen and the apps of one Android user on one day",
        "not dated", "github.com/davidaellis/UsageLoggerPublished";
    DNC: Measured, "DNC 2016 mailboxes (KONECT)",
        "KONECT dnc-temporalGraph: the mail of 12 mailboxes over 26 days",
        "2016", "github.com/zeno129/dymond_datasets";
}
