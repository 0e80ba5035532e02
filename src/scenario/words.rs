//! Words that people write for keys of other names, and for what is not modelled at all.

/// What a scenario calls something that is written otherwise: the section, or `*` for any; the words; and what to
/// write. Words are compared in small letters, with `_`.
const SYNONYMS: [(&str, &[&str], &str); 38] = [
    ("policy", &["focus"], "`policy.working_hours`, which hold announcements back: Focus is not modelled"),
    ("", &["focus"], "`policy.working_hours`, which hold announcements back: Focus is not modelled"),
    ("user", &["focus"], "`policy.working_hours`, which hold announcements back: Focus is not modelled"),
    (
        "*",
        &["check_in", "checkin", "checkin_interval", "app_check_in"],
        "`policy.appconnect.check_in_interval`",
    ),
    (
        "*",
        &[
            "check_interval",
            "checking_interval",
            "poll_interval",
            "polling_interval",
            "sync_interval",
            "fetch_interval",
            "sync_frequency",
            "check_every",
            "refresh_every",
        ],
        "`client.refresh_interval`, after which the client asks to be woken again",
    ),
    ("*", &["check_time", "check_length", "sync_duration", "fetch_duration"], "`client.check_duration`"),
    ("*", &["device_ram", "ram_size", "ram_gb", "phone_memory"], "`ram`, in a row of `fleet`"),
    ("fleet", &["memory", "mem"], "`ram`, the memory of the phone"),
    (
        "fleet",
        &["phone", "phones", "device", "model", "device_model", "iphone", "hardware_model"],
        "`hardware`, such as \"iPhone 15\"; `persona` says who holds it",
    ),
    (
        "fleet",
        &["count", "size", "number", "n", "amount", "users", "people", "members"],
        "`devices`, how many phones the group has",
    ),
    (
        "fleet",
        &["share", "percent", "percentage", "fraction", "ratio", "proportion"],
        "`weight`, against the other groups'",
    ),
    ("fleet", &["kind", "type", "user", "profile", "role", "user_type"], "`persona`"),
    ("fleet", &["label", "description", "comment"], "`title`, which may be any text"),
    ("fleet", &["opens_per_day", "mail_opens", "openings", "openings_per_day"], "`mail_opens_per_weekday`"),
    ("fleet", &["mails_per_day", "mails", "emails", "emails_per_day", "mail_volume"], "`mails_per_weekday`"),
    ("fleet", &["pickups", "pickups_per_day", "unlocks", "sessions_per_day"], "`unlocks_per_day`"),
    ("fleet", &["bedtime", "sleep", "goes_to_bed"], "`bed`"),
    ("", &["count", "phones", "users", "device_count", "number_of_devices", "n"], "`devices`"),
    ("", &["duration", "days", "length", "simulate", "period", "span"], "`measure`, how long is measured"),
    ("", &["zone"], "`time_zone`"),
    (
        "",
        &["group", "groups", "fleets", "persona", "personas", "users_of"],
        "a block of `[[fleet]]` for each group",
    ),
    (
        "*",
        &["quiet_hours", "office_hours", "business_hours", "do_not_disturb_hours", "notification_hours"],
        "`policy.working_hours`, outside which nothing is announced",
    ),
    (
        "policy.appconnect",
        &["inactivity", "idle_timeout", "idle", "timeout", "lock_after", "auto_lock_after"],
        "`policy.appconnect.auto_lock`, after which the client forgets its key; `policy.auto_lock` is that of the screen",
    ),
    (
        "*",
        &[
            "max_inactivity",
            "maxinactivity",
            "lock_timeout",
            "screen_lock",
            "screen_timeout",
            "inactivity",
            "idle_timeout",
            "lock_after",
        ],
        "`policy.auto_lock`, that of the screen; `policy.appconnect.auto_lock` is AppConnect's own",
    ),
    (
        "*",
        &[
            "allow_realtime_notifications",
            "realtime",
            "real_time",
            "cns",
            "ens",
            "realtime_notifications",
            "push_notifications",
        ],
        "`policy.delivery`, how mail is told, or `policy.product`, such as \"email_plus_cns\"",
    ),
    ("push", &["model", "per_mail", "route", "delivery"], "`policy.delivery`, which says how mail is told"),
    (
        "*",
        &["silent", "silent_push", "background_push", "silent_push_interval", "push_interval", "push_every"],
        "`policy.delivery`: \"push_interval\" wakes the client by a push every `push.interval`",
    ),
    (
        "push",
        &["latency", "server", "server_delay", "server_latency", "notice", "server_time"],
        "`push.server_notice`, `push.relay` and `push.apns`, how long each takes",
    ),
    ("push", &["throttle", "throttling", "spacing", "rate_limit", "budget"], "`push.background_spacing`"),
    ("push", &["ttl", "lifetime"], "`push.expiry`, how long APNs stores a push"),
    ("policy", &["push"], "`policy.delivery`, how mail is told"),
    ("*", &["escrow", "key_escrow"], "`policy.product`, such as \"boxer_escrow\""),
    ("*", &["bar", "app_refresh"], "`policy.background_app_refresh`"),
    (
        "policy",
        &["retire", "wipe", "restart", "reboot", "update_night", "travel", "trip"],
        "an entry of `[[event]]`, which has `event.retire`, `event.restart` and `event.travel`",
    ),
    ("*", &["force_quit", "swipe_away"], "`force_quitters` and `force_quits_per_day`, rows of `fleet`"),
    ("*", &["timezone", "tz"], "`time_zone`, at the top or in a block of `[[fleet]]`"),
    (
        "memory",
        &["kills_per_day", "kills", "survival", "jetsam"],
        "`memory.model`, such as \"poisson\" with `memory.mean_survival`",
    ),
    ("network", &["profile", "wifi_share"], "`network.model`, and `network.wifi_at_home` and its like"),
];

/// What is not modelled: words of it, what it is, and the nearest thing that is.
const NOT_MODELLED: [(&[&str], &str); 20] = [
    (
        &["vip", "vips", "sender", "senders", "priority", "important"],
        "who sends a mail: all mail is alike but for `vip` in `[push]`; a trace of the mail that matters can stand in `mail.file`",
    ),
    (
        &["roaming", "abroad"],
        "roaming: a phone away from home has the network of `network.wifi_elsewhere`; a trip is an entry of `[[event]]`",
    ),
    (
        &["focus", "dnd", "disturb", "summary", "bedtime_mode"],
        "Focus and the scheduled summary: what is announced counts as told; `policy.working_hours` hold announcements back",
    ),
    (
        &["preview", "previewtype", "previews"],
        "what a lock screen hides: a notification of the client tells of its mail there too; what a push may say of it is `policy.delivery`",
    ),
    (
        &["nat", "firewall", "proxy", "vpn", "tunnel"],
        "the way to the server: a phone is online or not, as `network.model` says",
    ),
    (
        &["notification", "notifications", "alerts", "banner", "banners"],
        "whether and how iOS shows notifications: all are shown; `response`, a row of `fleet`, says how often one is answered",
    ),
    (
        &["widget", "widgets", "live_activity", "live_activities"],
        "widgets and Live Activities: a mail is told by a notification or on the screen",
    ),
    (
        &["ios", "ios_version", "os_version", "system_version"],
        "the version of iOS: all phones have the rules of `scheduler` and `memory`; `hardware`, a row of `fleet`, says which phones",
    ),
    (&["badge", "badges"], "the badge: it tells nobody; a mail is told by a notification or on the screen"),
    (
        &["attachment", "attachments", "backlog", "bandwidth", "throughput"],
        "how large a mail is: a check takes `client.check_duration`, and `client.check_per_mail` more for each mail that it finds",
    ),
    (
        &["sound", "sounds", "vibration", "muted"],
        "how a notification is noticed: `response`, a row of `fleet`, says how often one is answered",
    ),
    (
        &["android", "samsung", "pixel"],
        "Android: phones are iPhones, as `hardware`, a row of `fleet`, names them",
    ),
    (
        &["calendar", "calendars", "contacts", "tasks", "reminders", "invitation", "invitations"],
        "calendar, contacts and tasks: the client tells of mail alone; what comes by day stands in `mails_per_weekday`, a row of `fleet`",
    ),
    (&["watch", "ipad", "mac", "desktop", "webmail"], "other devices: the phone is taken as the only reader"),
    (
        &["server", "outage", "exchange", "latency"],
        "the server: it answers at once; a phone without network is `offline`, a row of `fleet`",
    ),
    (&["thermal", "temperature", "heat"], "how warm a phone is; low power is `power.low_power_mode`"),
    (
        &["mdm", "supervised", "enrolled", "compliance", "conditional", "quarantine", "out_of_contact"],
        "the device management itself: what it sets stands in `policy`; what shuts a phone out is an entry of `[[event]]`",
    ),
    (
        &["sentry", "gateway"],
        "what stands between phone and server: it lets all through; a phone without network is `offline`, a row of `fleet`",
    ),
    (
        &["multi_user", "shared_device", "shared_devices"],
        "phones that several people use: each has one user, as `persona`, a row of `fleet`, has it",
    ),
    (
        &[
            "face_id",
            "touch_id",
            "biometry",
            "biometric",
            "biometrics",
            "faceid",
            "touchid",
            "secure_enclave",
        ],
        "how a phone is unlocked, and by what hardware: `policy.passcode` says what protects it",
    ),
];

/// What to write in place of a word that means a key of another name.
pub(super) fn synonym(section: &str, word: &str) -> Option<&'static str> {
    let word = plain(word);
    let fits = |(of, words, _): &&(&str, &[&str], &str)| {
        (*of == section || *of == "*") && words.contains(&word.as_str())
    };
    SYNONYMS.iter().find(fits).map(|(.., write)| *write)
}

/// What a word speaks of, if that is not modelled: one of its parts is a word of the list.
pub(super) fn not_modelled(word: &str) -> Option<&'static str> {
    let word = plain(word);
    let speaks_of = |words: &[&str]| {
        words.iter().any(|known| *known == word || word.split('_').any(|part| part == *known))
    };
    NOT_MODELLED.iter().find(|(words, _)| speaks_of(words)).map(|(_, what)| *what)
}

/// As a key would be written: `checkInterval` and `Check-Interval` are `check_interval`.
fn plain(word: &str) -> String {
    let mut plain = String::with_capacity(word.len());
    for c in word.chars() {
        let begins = c.is_ascii_uppercase() && plain.ends_with(|last: char| last.is_ascii_lowercase());
        plain.extend(begins.then_some('_'));
        plain.push(if c == '-' || c == ' ' { '_' } else { c.to_ascii_lowercase() });
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{key, keys};

    #[test]
    fn what_to_write_and_what_is_nearest_is_there() {
        let texts = SYNONYMS.iter().map(|(.., text)| text).chain(NOT_MODELLED.iter().map(|(_, text)| text));
        for text in texts {
            for word in text.split('`').skip(1).step_by(2) {
                let word = word.split(' ').next().unwrap().trim_matches(['[', ']']);
                let is_key = match word.rsplit_once('.') {
                    Some((section, name)) => key(section, name).is_some(),
                    None => keys().iter().any(|(_, key)| key.name == word),
                };
                assert!(is_key, "{text}: {word}");
            }
        }
    }

    #[test]
    fn no_synonym_is_a_key_where_it_is_one() {
        for (section, words, _) in SYNONYMS {
            for word in words {
                let is_key = |of: &str| key(of, word).is_some();
                let taken = if section == "*" {
                    keys().iter().any(|(_, key)| key.name == *word)
                } else {
                    is_key(section)
                };
                assert!(!taken, "{section}.{word}");
                assert_eq!(plain(word), *word);
            }
        }
    }

    #[test]
    fn words_are_known_however_they_are_written() {
        assert!(synonym("fleet", "Count").unwrap().contains("`devices`"));
        assert!(synonym("client", "checkInterval").unwrap().contains("`client.refresh_interval`"));
        for word in ["model", "per_mail"] {
            assert!(synonym("push", word).unwrap().contains("`policy.delivery`"));
        }
        assert!(synonym("policy", "memory").is_none());
        for word in [
            "PreviewType",
            "vip_senders",
            "focus",
            "roaming",
            "nat_timeout",
            "badge",
            "notifications",
            "ios_version",
            "live_activity",
            "widget",
        ] {
            assert!(not_modelled(word).is_some(), "{word}");
        }
        assert!(not_modelled("gibberish").is_none() && not_modelled("pushy").is_none());
    }
}
