//! With which other session an expectation compares: that of an arm of the same file, on the same devices.

use super::outcome::arm_of;
use super::session::most;
use super::{Expectation, Session};
use crate::scenario::{Diagnostic, Diagnostics, Scenario, Versus, differing};

/// For each expectation of each session, the place of the session with whose arm it compares.
pub(super) type Rivals = Vec<Vec<Option<usize>>>;

/// Finds them.
///
/// # Errors
/// With each that is not there, or cannot be compared, where it is named.
pub(super) fn rivals(sessions: &[Session<'_>], most_devices: Option<u32>) -> Result<Rivals, Diagnostics> {
    let mut faults = Vec::new();
    let mut found = Vec::with_capacity(sessions.len());
    for session in sessions {
        let of = |expectation: &Expectation| match rival(session, expectation, sessions, most_devices) {
            Ok(rival) => rival,
            Err(fault) => {
                faults.push(*fault);
                None
            }
        };
        found.push(session.expectations.iter().map(of).collect());
    }
    if faults.is_empty() { Ok(found) } else { Err(Diagnostics(faults)) }
}

fn rival(
    session: &Session<'_>,
    expectation: &Expectation,
    sessions: &[Session<'_>],
    most_devices: Option<u32>,
) -> Result<Option<usize>, Box<Diagnostic>> {
    let Some(Versus::Arm(arm)) = &expectation.versus else { return Ok(None) };
    let fault = |message: String, help: Option<String>| {
        Box::new(Diagnostic { help, ..Diagnostic::new(message, expectation.versus_at.clone()) })
    };
    let meant = (!arm.is_reference).then_some(arm.name.as_str());
    let is_meant = |other: &Session<'_>| other.file == session.file && arm_of(other.scenario) == meant;
    let Some(place) = sessions.iter().position(is_meant) else {
        return Err(fault(format!("the arm `{}` is not among what is tested", arm.name), None));
    };
    let (own, other) = (session.scenario, sessions[place].scenario);
    let called = arm_of(own).unwrap_or("the reference");
    if let Some(differing) = differing(other, own) {
        let (why, help) = differing.words(&arm.name, called);
        return Err(fault(why, Some(help)));
    }
    if !are_alike(expectation, most(own, most_devices), own, other) {
        let message = format!("`where` means other phones in `{called}` than in `{}`", arm.name);
        let help = "a difference is that of the same phones: choose them by what both arms have alike".into();
        return Err(fault(message, Some(help)));
    }
    Ok(Some(place))
}

/// Whether the same devices are spoken of in both.
fn are_alike(expectation: &Expectation, devices: u32, own: &Scenario, other: &Scenario) -> bool {
    let who = &expectation.slice.who;
    who.is_everybody()
        || (0..devices).all(|device| {
            let member = own.member(device);
            who.has(own, member) == who.has(other, member)
        })
}
