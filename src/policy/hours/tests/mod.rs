//! Hours as they are written, and by which clock they are meant.

use super::*;

fn hours(from: TimeOfDay, to: TimeOfDay, days: &[Day]) -> WorkingHours {
    Hours { days: Days::of(days), from, to }.into()
}

/// Hours of a place stay where they are when the clock of the device is another, and go with its summer time.
#[test]
fn hours_of_a_place_are_those_of_its_clock() {
    let tokyo = HoursZone::named("Asia/Tokyo").unwrap();
    let working = Hours { days: Days::working_week(), from: TimeOfDay::new(9, 0), to: TimeOfDay::new(17, 0) };
    let weekday = |zone| WorkingHours::from(working).by(zone);
    // In UTC from midnight to eight: one ends at the end of Tokyo's Friday, which is Friday there too.
    let (clock, hours) = (Clock::utc(), weekday(tokyo));
    let at = |day: u32, minutes: u64| clock.at(day, Span::MINUTE * minutes);
    for (day, minutes, is_in) in
        [(0, 0, true), (0, 479, true), (0, 480, false), (4, 479, true), (4, 1439, false), (5, 60, false)]
    {
        assert_eq!(hours.contain(&clock, at(day, minutes)), is_in, "day {day}, {minutes} min");
    }
    assert_eq!(hours.next_beginning(&clock, at(4, 60)), Some(at(7, 0)));
    // Berlin's clock changes on 29 March 2026, which is day 27 of a clock in UTC that begins on the 2nd.
    let berlin = weekday(HoursZone::named("Europe/Berlin").unwrap());
    assert_eq!(berlin.next_beginning(&clock, at(25, 1200)), Some(at(28, 7 * 60)));
    assert_eq!(berlin.next_beginning(&clock, at(23, 1200)), Some(at(24, 8 * 60)));
    // To the millisecond what a clock there says by itself, on every hour of a year, from a clock that travels.
    let start = jiff::civil::DateTime::constant(2026, 1, 5, 0, 0, 0, 0);
    let home = Clock::new(start, "Europe/Berlin", Span::ZERO, Span::DAY * 400).unwrap();
    let zone = crate::clock::time_zone("Asia/Tokyo").unwrap();
    let trip = [10, 300].map(|day| home.at(day, Span::ZERO));
    let away = home.on_a_trip(&zone, trip[0], trip[1]);
    let of_device = weekday(HoursZone::DEVICE);
    let mut differ = 0;
    for hour in 0..24 * 365 {
        let now = Time::ORIGIN + Span::hours(hour) + Span::MINUTE * 7;
        assert_eq!(berlin.contain(&away, now), of_device.contain(&home, now), "hour {hour}");
        assert_eq!(berlin.next_beginning(&away, now), of_device.next_beginning(&home, now), "hour {hour}");
        differ += u32::from(berlin.contain(&away, now) != of_device.contain(&away, now));
    }
    assert!(differ > 1000, "{differ}");
}

#[test]
fn a_place_is_read_and_written_by_its_name() {
    let read = |zone: &str| {
        let text = format!("from = \"08:00\"\nto = \"18:00\"\nzone = \"{zone}\"");
        toml::from_str::<WorkingHours>(&text).map_err(|error| error.message().to_owned())
    };
    let (berlin, device) = (read("Europe/Berlin").unwrap(), read("device").unwrap());
    assert!(toml::to_string(&berlin).unwrap().contains("zone = \"Europe/Berlin\""));
    assert!(!toml::to_string(&device).unwrap().contains("zone"));
    assert_eq!(device, "mon-fri 08:00-18:00".parse::<Hours>().unwrap().into());
    assert!(berlin != device && read("Europe/Berlin") == Ok(berlin));
    let error = read("Europe/Berlim").unwrap_err();
    assert!(error.contains("Europe/Berlin") && error.contains("\"device\""), "{error}");
    // A list goes by one clock, and is written as it is read.
    let list = |zone: &str| {
        let one = |day: &str, zone: &str| {
            format!("{{ days = [\"{day}\"], from = \"08:00\", to = \"12:00\", zone = \"{zone}\" }}")
        };
        let text = format!("hours = [{}, {}]", one("mon", "Asia/Tokyo"), one("sat", zone));
        let table: toml::Table = toml::from_str(&text).unwrap();
        table["hours"].clone().try_into::<WorkingHours>().map_err(|error| error.to_string())
    };
    let tokyo = list("Asia/Tokyo").unwrap();
    assert_eq!(toml::Value::try_from(tokyo).unwrap().try_into::<WorkingHours>(), Ok(tokyo));
    assert!(list("Asia/Seoul").unwrap_err().contains("by one clock"));
}

#[test]
fn working_hours_are_half_open_and_may_cross_midnight() {
    let clock = Clock::utc();
    let day = hours(TimeOfDay::new(8, 0), TimeOfDay::new(18, 0), &[Day::Mon]);
    let at = |day: u32, minutes: u64| clock.at(day, Span::MINUTE * minutes);
    assert!(day.contain(&clock, at(0, 8 * 60)));
    assert!(!day.contain(&clock, at(0, 18 * 60)));
    assert!(!day.contain(&clock, at(1, 9 * 60)));
    let night = hours(TimeOfDay::new(22, 0), TimeOfDay::new(6, 0), &[Day::Sun]);
    assert!(night.contain(&clock, at(6, 23 * 60)));
    assert!(night.contain(&clock, at(7, 5 * 60)));
    assert!(!night.contain(&clock, at(6, 5 * 60)));
    let whole = hours(TimeOfDay::new(0, 0), TimeOfDay::new(0, 0), &[Day::Tue]);
    assert!(whole.contain(&clock, at(1, 0)) && whole.contain(&clock, at(1, 1439)));
    assert!(!whole.contain(&clock, at(2, 1)));
}

#[test]
fn hours_are_written_as_people_say_them() {
    let read = |text: &str| text.parse::<Hours>();
    let all = |days: &[Day], from: u16, to: u16| Hours {
        days: Days::of(days),
        from: TimeOfDay::new(from, 0),
        to: TimeOfDay::new(to, 0),
    };
    use Day::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
    for (text, hours) in [
        ("mon-fri 08:00-18:00", all(&[Mon, Tue, Wed, Thu, Fri], 8, 18)),
        ("sun-thu 22:00-06:00", all(&[Sun, Mon, Tue, Wed, Thu], 22, 6)),
        ("Mon, wed 8:00-12:00", all(&[Mon, Wed], 8, 12)),
        ("daily 07:00-22:00", all(&[Mon, Tue, Wed, Thu, Fri, Sat, Sun], 7, 22)),
        ("always", Hours::ALWAYS),
    ] {
        assert_eq!(read(text), Ok(hours), "{text}");
    }
    for text in ["", "mon-fri", "mon-fri 8-18", "moon 08:00-18:00", "mon 08:00-25:00", "08:00-18:00"] {
        assert!(read(text).unwrap_err().contains("write for example"), "{text}");
    }
}

#[test]
fn several_stretches_hold_one_beside_the_other() {
    let clock = Clock::utc();
    let list = "hours = [\"mon-fri 08:00-18:00\", { days = [\"sat\"], from = \"09:00\", to = \"12:00\" }]";
    let read = |text: &str| {
        let table: toml::Table = toml::from_str(text).map_err(|e| e.to_string())?;
        table["hours"].clone().try_into::<WorkingHours>().map_err(|e| e.to_string())
    };
    let hours = read(list).unwrap();
    let at = |day: u32, hour: u64| clock.at(day, Span::hours(hour));
    assert!(hours.contain(&clock, at(4, 17)) && hours.contain(&clock, at(5, 9)));
    assert!(!hours.contain(&clock, at(5, 12)) && !hours.contain(&clock, at(6, 10)));
    assert_eq!(hours.next_beginning(&clock, at(4, 17)), Some(at(5, 9)));
    assert_eq!(hours.next_beginning(&clock, at(5, 10)), Some(at(7, 8)));
    let again = toml::Value::try_from(hours).unwrap().try_into::<WorkingHours>().unwrap();
    assert_eq!(again, hours);
    assert!(read("hours = []").unwrap_err().contains("1 to 4"));
    assert!(read("hours = \"always\"").unwrap().is_always());
}
