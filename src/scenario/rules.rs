//! What the types of the keys cannot say: which parameter belongs to which model, and how far a
//! value may go before a simulation would hang or exhaust the machine. Keys that do not exist are
//! no fault here, so that a model may be taken out without touching this file.

/// A key of a section that means something to some of the section's models only.
pub(super) struct Parameter {
    pub(super) section: &'static str,
    pub(super) key: &'static str,
    /// The models that it belongs to.
    pub(super) models: &'static [&'static str],
    /// Whether those models cannot do without it.
    pub(super) required: bool,
}

const fn needed(section: &'static str, key: &'static str, models: &'static [&'static str]) -> Parameter {
    Parameter { section, key, models, required: true }
}

const fn optional(section: &'static str, key: &'static str, models: &'static [&'static str]) -> Parameter {
    Parameter { section, key, models, required: false }
}

/// The parameters of models.
pub(super) const PARAMETERS: &[Parameter] = &[
    optional("user", "opens_per_day", &["poisson"]),
    optional("user", "session", &["poisson"]),
    needed("user", "file", &["trace"]),
    optional("user", "align", &["trace"]),
    optional("user", "force_quit_every_evening", &["persona", "trace"]),
    optional("mail", "per_day", &["poisson"]),
    needed("mail", "file", &["trace"]),
    optional("mail", "align", &["trace"]),
    optional("mail", "weekday_hours", &["persona"]),
    optional("mail", "weekend_hours", &["persona"]),
    needed("scheduler", "every", &["periodic"]),
    needed("scheduler", "mean", &["poisson"]),
    optional("memory", "mean_survival", &["poisson"]),
    needed("lock", "mean_locked", &["alternating"]),
    needed("lock", "mean_unlocked", &["alternating"]),
    optional("lock", "reboot_at", &["user"]),
    optional("lock", "reboots_at_night", &["user"]),
    optional("lock", "boot", &["user"]),
    optional("lock", "inactivity_reboot", &["user"]),
    optional("network", "wifi_stay", &["alternating"]),
    optional("network", "outage", &["alternating"]),
    optional("network", "outage_sigma", &["alternating"]),
];

/// A key with its least and its greatest value, both as a scenario would write them.
pub(super) struct Limit {
    pub(super) section: &'static str,
    pub(super) key: &'static str,
    pub(super) least: &'static str,
    pub(super) most: &'static str,
}

const fn limit(section: &'static str, key: &'static str, least: &'static str, most: &'static str) -> Limit {
    Limit { section, key, least, most }
}

/// The limits. A least span of a second is where zero would repeat itself for ever at one instant.
pub(super) const LIMITS: &[Limit] = &[
    limit("", "devices", "1", "10000000"),
    limit("", "warmup", "0s", "3653d"),
    limit("", "measure", "1ms", "3653d"),
    limit("policy", "auto_lock", "1s", "3653d"),
    limit("scheduler", "every", "1s", "3653d"),
    limit("scheduler", "mean", "1s", "3653d"),
    limit("scheduler", "window", "1s", "3653d"),
    limit("scheduler", "answer_validity", "1s", "3653d"),
    limit("scheduler", "recent_apps", "0", "10000"),
    limit("scheduler", "other_refreshes_per_day", "0", "100000"),
    limit("scheduler", "concurrent", "1", "1000"),
    limit("scheduler", "other_runtime", "1ms", "24h"),
    limit("client", "refresh_interval", "1s", "3653d"),
    limit("client", "check_duration", "0s", "1h"),
    limit("habits", "refresh", "1s", "2d"),
    limit("network", "wifi_stay", "1s", "3653d"),
    limit("network", "outage", "1s", "3653d"),
    limit("network", "outage_sigma", "0", "5"),
    limit("memory", "app_sigma", "0", "5"),
    limit("memory", "client_sigma", "0", "5"),
    limit("memory", "burst_sigma", "0", "5"),
    limit("memory", "burst_growth", "0", "10"),
    limit("memory", "relief", "1", "100"),
    limit("memory", "docked", "0", "500"),
    limit("memory", "passes", "0", "100"),
    limit("memory", "between_kills", "1ms", "24h"),
    limit("memory", "mean_survival", "1s", "3653d"),
    limit("lock", "mean_locked", "1s", "3653d"),
    limit("lock", "mean_unlocked", "1s", "3653d"),
    limit("lock", "inactivity_reboot", "1m", "3653d"),
    limit("lock", "boot", "0s", "24h"),
    limit("user", "opens_per_day", "0", "100000"),
    limit("user", "session", "0s", "24h"),
    limit("user", "longest_session", "1s", "24h"),
    limit("user", "glance_sigma", "0", "5"),
    limit("user", "response_sigma", "0", "5"),
    limit("power", "power_termination_per_hour", "0", "1000"),
    limit("mail", "per_day", "0", "1000000"),
    limit("fleet", "unlocks_per_day", "0", "5000"),
    limit("fleet", "unlocks_shape", "0.05", "1000"),
    limit("fleet", "weekend_unlocks", "0", "10"),
    limit("fleet", "glances_per_day", "0", "5000"),
    limit("fleet", "session_mu", "0", "12"),
    limit("fleet", "session_sigma", "0", "5"),
    limit("fleet", "gap_shape", "0.05", "1000"),
    limit("fleet", "wake", "0s", "24h"),
    limit("fleet", "bed", "0s", "48h"),
    limit("fleet", "sleep_sd", "0s", "12h"),
    limit("fleet", "weekend_shift", "0s", "24h"),
    limit("fleet", "shift", "0s", "24h"),
    limit("fleet", "apps_per_session", "1", "20"),
    limit("fleet", "apps_in_use", "1", "500"),
    limit("fleet", "app_zipf", "0", "10"),
    limit("fleet", "mail_opens_per_weekday", "0", "5000"),
    limit("fleet", "weekend_mail_opens", "0", "10"),
    limit("fleet", "mail_session_sigma", "0", "5"),
    limit("fleet", "mails_per_weekday", "0", "100000"),
    limit("fleet", "weekend_mail", "0", "10"),
    limit("fleet", "mail_branching", "0", "0.95"),
    limit("fleet", "mail_day_shape", "0.05", "1000"),
    limit("fleet", "top_ups_per_day", "0", "100"),
    limit("fleet", "top_up_sigma", "0", "5"),
    limit("fleet", "ram", "256 MB", "1 TB"),
    limit("fleet", "reboots_per_30d", "0", "3000"),
];

/// Lists of relative weights; were all zero, nothing could be drawn by them.
pub(super) const WEIGHTS: &[(&str, &str)] =
    &[("user", "diurnal"), ("mail", "weekday_hours"), ("mail", "weekend_hours")];

/// How many rows a fleet may have.
pub(super) const MOST_FLEET_ROWS: usize = 1000;
