//! Random scenarios: what policy decides, and what happens to the user anyway.

use bgsim::policy::{Delivery, KeyAccess};
use bgsim::scenario::{Diagnostics, Scenario, SourceText, read};
use bgsim::time::{Span, Time};
use bgsim::trace::{Align, PowerColumns, Reading, Traces, read_power};
use proptest::prelude::*;

/// Reads a scenario from its text.
pub fn scenario(text: &str) -> Scenario {
    tried(text).unwrap_or_else(|faults| panic!("{faults}\n{text}"))
}

/// Whether a text is one.
pub fn is_scenario(text: &str) -> bool {
    tried(text).is_ok()
}

fn tried(text: &str) -> Result<Scenario, Diagnostics> {
    let source = SourceText { label: "random.toml".into(), text: text.into() };
    let mut scenario = read(source, &[], &mut |name, _| Err(name.into()))?;
    if scenario.model_of("power").is_some_and(|model| model == "trace") {
        let reading = Reading::new("power.csv", Align::None, &scenario.clock, scenario.end);
        let record = powers(&scenario);
        let (batteries, _) = read_power(record.as_bytes(), &PowerColumns::default(), &reading).unwrap();
        scenario.follow(&Traces { batteries: batteries.into(), ..Traces::default() });
    }
    Ok(scenario)
}

/// Two phones, of which one says nothing of Low Power Mode, from the first hours on.
fn powers(scenario: &Scenario) -> String {
    let at = |hours: u64| scenario.clock.unix_ms(Time::ORIGIN + Span::hours(hours));
    let own = [(2, "64,no,no"), (9, "19.5,,"), (11, ",,yes"), (13, "4,yes,"), (15, "81,,no"), (30, "12,no,")];
    let other = [(5, "100,yes,"), (6, ",no,"), (20, "9,,"), (22, "0,,"), (23, "31,yes,"), (40, "100,no,")];
    let rows = |name: &str, rows: [(u64, &str); 6]| -> String {
        rows.map(|(hours, row)| format!("{name},{},{row}\n", at(hours))).concat()
    };
    format!("user,at,percent,charger,low_power_mode\n{}{}", rows("own", own), rows("other", other))
}

/// One of some lines of a scenario.
fn line(choices: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::sample::select(choices).prop_map(|line| format!("{line}\n"))
}

/// What policy decides, as opposed to what happens to the user anyway.
pub fn policies() -> impl Strategy<Value = String> {
    let lines = (
        line(&["", "keychain_class = 'after_first_unlock'", "keychain_class = 'when_passcode_set'"]),
        line(&["", "passcode = 'none'", "passcode = 'alphanumeric'"]),
        line(&["auto_lock = '30s'", "auto_lock = '2m'", "auto_lock = '5m'"]),
        line(&["", "", "", "background_app_refresh = false"]),
        line(&[
            "",
            "working_hours = { from = '08:00', to = '18:00' }",
            "working_hours = { from = '22:00', to = '06:00' }",
        ]),
        line(&["", "keychain_lock_grace = '0s'"]),
        line(&["", "refresh_interval = '1m'", "refresh_interval = '2h'", "refresh_interval = '1s'"]),
        line(&["", "check_duration = '0s'", "check_duration = '20s'", "check_duration = '40s'"]),
        line(&[
            "",
            "key_in_memory = 'while_process_lives'",
            "key_in_memory = 'dropped_in_background'",
            "after_hours = 'announced_when_hours_begin'",
        ]),
        line(&[
            "",
            "expiry = 'suspended'\nfinish_runtime = '8s'",
            "expiry = 'kept'\nwatchdog = 0.3",
            "requests = 'open'",
            "requests = 'if_none_pending'",
            "on_missing_key = 'signed_out_until_opened'\nkeychain_errors = 0.2",
            "key_losses_per_30d = 30.0\ncrashes = 0.1\nupdates_per_30d = 15.0",
        ]),
    );
    let access = prop::sample::select(&KeyAccess::ALL)
        .prop_map(|access| format!("key_access = '{}'\nmax_age = '6h'\n", access.name()));
    // Half of them push, with all that can go wrong.
    let push = line(&["", "deaths_per_year = 300.0", "deaths_per_year = 50.0\nrenewal = 'silent_push'"]);
    let delivery = (any::<bool>(), prop::sample::select(&Delivery::ALL), push);
    (lines, access, delivery).prop_map(|(lines, key, (pushes, delivery, subscription))| {
        let delivery = if pushes { format!("delivery = '{}'\n", delivery.name()) } else { String::new() };
        let (class, code, auto, switch, hours, grace, every, length, memory, process) = lines;
        format!(
            "[push]\ninterval = '20m'\n[push.subscription]\n{subscription}\
             [policy]\n{delivery}{key}{class}{code}{auto}{switch}{hours}{grace}\
             [client]\n{every}{length}{memory}{process}"
        )
    })
}

/// What happens to the user anyway; `simple` adds the models that replace the full ones.
pub fn worlds(simple: bool) -> impl Strategy<Value = String> {
    let of = move |full: &'static [&'static str], all: &'static [&'static str]| {
        line(if simple { all } else { full })
    };
    let span = (0u32..5, 2u32..7, 1u32..4, any::<u16>());
    let head = (
        line(&[
            "time_zone = 'Europe/Berlin'",
            "time_zone = 'America/New_York'",
            "time_zone = 'Asia/Kolkata'",
            "time_zone = 'Australia/Lord_Howe'",
        ]),
        line(&[
            "start = '2026-03-28T00:00'",
            "start = '2026-10-24T13:30'",
            "start = '2026-03-07T23:00'",
            "start = '2026-07-01T04:05'",
        ]),
        line(&[
            "",
            "fleet = [{ persona = 'light' }, { persona = 'heavy' }]",
            "fleet = [{ persona = 'night_worker' }]",
            "fleet = [{ reboots_per_30d = 100.0, force_quitters = 0.8, force_quits_per_day = 3.0, overnight_charge = 0.3 }]",
            "fleet = [{ overnight_charge = 0.2, top_ups_per_day = 0.5, drain_on = 0.2, drain_idle = 0.03 }]",
        ]),
    );
    let models = (
        of(&[""], &["", "", "user = { model = 'poisson' }", "user = { model = 'absent' }"]),
        of(&[""], &["", "mail = { model = 'poisson', per_day = 50.0 }"]),
        of(
            &["", "scheduler = { other_energy = 30.0 }"],
            &[
                "",
                "",
                "scheduler = { data_capacity = '1 MB', other_energy = 20.0 }",
                "scheduler = { min_spacing = '20m', spacing = { median = '1h', sigma = 1.0 } }",
                "scheduler = { never_refreshed = 0.5, min_spacing = '20m', requests_survive_restart = 0.5 }",
                "scheduler = { model = 'periodic', every = '15m' }",
                "scheduler = { model = 'poisson', mean = '10m' }",
                "scheduler = { model = 'never' }",
            ],
        ),
        of(
            &[
                "",
                "memory = { system = '3 GB', compressed = 1.0 }",
                "memory = { burst_apps = 6, compressed = 0.9 }",
            ],
            &[
                "",
                "memory = { model = 'poisson' }",
                "memory = { model = 'before_each_wake' }",
                "memory = { model = 'off' }",
            ],
        ),
        of(
            &["", "lock = { reboot_at = '03:00' }"],
            &[
                "",
                "lock = { reboot_at = '12:00', inactivity_reboot = '3h' }",
                "lock = { model = 'always_unlocked' }",
                "lock = { model = 'always_locked' }",
                "lock = { model = 'alternating', mean_locked = '20m', mean_unlocked = '5m' }",
            ],
        ),
        of(
            &[""],
            &[
                "",
                "network = { model = 'always' }",
                "network = { wifi_at_home = 0.3, outage = '20m' }",
                "network = { model = 'alternating', wifi_stay = '30m', outage = '1m' }",
            ],
        ),
        of(
            &["", "power = { seek_charger = false }"],
            &[
                "",
                "power = { model = 'always_charged' }",
                "power = { low_power_mode = 'on' }",
                "power = { model = 'trace', file = 'power.csv', align = 'none' }",
            ],
        ),
        line(&["", "habits = { profile = 'ios18' }", "habits = { learn = false }"]),
    );
    (span, head, models).prop_map(|((warmup, measure, devices, seed), head, models)| {
        let (zone, start, fleet) = head;
        let (user, mail, scheduler, memory, lock, network, power, habits) = models;
        format!(
            "warmup = '{warmup}d'\nmeasure = '{measure}d'\ndevices = {devices}\nseed = {seed}\n\
             {zone}{start}{fleet}{user}{mail}{scheduler}{memory}{lock}{network}{power}{habits}"
        )
    })
}
