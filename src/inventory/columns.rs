//! What the columns of a list of devices are called, and what their values mean.

use crate::hardware::Hardware;
use crate::policy::Passcode;
use crate::signal::HabitsProfile as Profile;
use std::str::FromStr;
use strum::{VariantArray, VariantNames};

crate::named!(Role);

/// What a list says of a device.
#[derive(Clone, Copy, PartialEq, Eq, Debug, VariantArray, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub(super) enum Role {
    /// Which group it belongs to.
    Group,
    /// Which iPhone it is.
    Model,
    /// Its version of iOS.
    Os,
    /// Its passcode.
    Passcode,
    /// Its time zone.
    Zone,
}

impl Role {
    /// What it is called in lists. `CategoryName`, `Model` and `OSVersion` are Intune's (Azure Monitor, table
    /// IntuneDevices); `Department`, `Building`, `Site`, `modelIdentifier`, `osVersion` and `passcodePresent` are those
    /// of Jamf Pro's API. The others, and all of Ivanti, are assumed.
    fn names(self) -> &'static [&'static str] {
        match self {
            Role::Group => &[
                "group",
                "CategoryName",
                "Device category",
                "DeviceCategory",
                "Category",
                "Department",
                "DepartmentName",
                "User group",
                "Device group",
                "Groups",
                "Labels",
                "Site",
                "Building",
            ],
            Role::Model => &[
                "model",
                "Device model",
                "Model name",
                "DeviceModel",
                "Model identifier",
                "ModelIdentifier",
                "Product name",
                "Hardware",
            ],
            Role::Os => {
                &["OSVersion", "OS version", "iOS version", "Operating system version", "OS build version"]
            }
            Role::Passcode => &[
                "passcode",
                "Passcode type",
                "Passcode present",
                "PasscodePresent",
                "Passcode status",
                "Passcode compliance",
                "Passcode set",
            ],
            Role::Zone => &["time zone", "TimeZone", "time_zone", "zone"],
        }
    }
}

/// A column that somebody names, as in `group=Department`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Column {
    role: Role,
    name: String,
}

impl FromStr for Column {
    type Err = String;

    fn from_str(text: &str) -> Result<Column, String> {
        let known = || Role::ALL.map(Role::name).join(", ");
        let (role, name) = text.split_once('=').ok_or_else(|| {
            format!("write what it says, =, and its name, such as group=Department; a list says {}", known())
        })?;
        let found = Role::ALL.into_iter().find(|each| each.name() == role.trim());
        let found = found.ok_or_else(|| {
            format!("`{}` is no column of a list of devices; write one of {}", role.trim(), known())
        })?;
        Ok(Column { role: found, name: name.trim().into() })
    }
}

/// Where a list says what.
pub(super) struct FoundColumns {
    places: [Option<usize>; Role::ALL.len()],
    /// The heading of the column of models.
    pub(super) model: String,
}

impl FoundColumns {
    pub(super) fn of(columns: &[Column], header: &[String]) -> Result<FoundColumns, String> {
        let named = |name: &str| header.iter().position(|field| field.eq_ignore_ascii_case(name));
        let mut places = Role::ALL.map(|role| role.names().iter().find_map(|name| named(name)));
        for Column { role, name } in columns {
            let found = named(name);
            places[*role as usize] = Some(found.ok_or_else(|| {
                format!("there is no column `{name}`; the header is `{}`", header.join(","))
            })?);
        }
        let model = places[Role::Model as usize].ok_or_else(|| {
            let names = Role::Model.names().join(", ");
            format!(
                "no column is called {names}; the header is `{}`; say which holds the model with `--column \
                 model=NAME`",
                header.join(",")
            )
        })?;
        Ok(FoundColumns { places, model: header[model].clone() })
    }

    pub(super) fn place(&self, role: Role) -> Option<usize> {
        self.places[role as usize]
    }
}

/// The iPhone that is nearest by its generation, where the name has one, and then by its name.
pub(super) fn nearest_hardware(text: &str) -> Hardware {
    let likeness = |hardware: &Hardware| strsim::normalized_levenshtein(hardware.name(), text);
    let apart = |hardware: &Hardware| match (generation(hardware.name()), generation(text)) {
        (Some(one), Some(other)) => one.abs_diff(other),
        _ => u32::MAX,
    };
    let nearer = |a: &Hardware, b: &Hardware| {
        apart(b).cmp(&apart(a)).then_with(|| likeness(a).total_cmp(&likeness(b)))
    };
    Hardware::ALL.into_iter().max_by(nearer).unwrap_or(Hardware::Iphone15)
}

/// The number behind `iPhone`.
fn generation(name: &str) -> Option<u32> {
    let name = name.to_lowercase();
    let behind = name.strip_prefix("iphone")?.trim_start();
    behind[..behind.find(|c: char| !c.is_ascii_digit()).unwrap_or(behind.len())].parse().ok()
}

/// The profile of a version of iOS.
pub(super) fn profile(version: &str) -> Option<Profile> {
    let digits = version.trim_start_matches(|c: char| !c.is_ascii_digit());
    let major: u32 = digits.split('.').next()?.parse().ok()?;
    Some(match major {
        ..26 => Profile::Ios18,
        26 => Profile::Ios26,
        _ => Profile::Ios27,
    })
}

/// What a list says of a passcode.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Said {
    /// This kind.
    Kind(Passcode),
    /// That there is one.
    Some,
}

/// Reads what a list says of a passcode; nothing where it is not understood.
pub(super) fn passcode(text: &str) -> Option<Said> {
    let text = text.to_lowercase();
    let is = |words: &[&str]| words.contains(&text.as_str());
    if let Some(kind) = Passcode::ALL.into_iter().find(|kind| kind.name() == text.replace([' ', '-'], "_")) {
        Some(Said::Kind(kind))
    } else if is(&["no", "false", "0", "not set", "not present", "non-compliant", "not compliant"]) {
        Some(Said::Kind(Passcode::None))
    } else if is(&["yes", "true", "1", "set", "present", "compliant"]) {
        Some(Said::Some)
    } else {
        None
    }
}
