//! What became of each mail of a device that arrived in a window.

use super::mails;
use crate::client::DelayCause;
use crate::engine::Engine;
use crate::record::{MailRow, Outcome};
use crate::scenario::Scenario;
use crate::slice::Window;
use crate::time::Span;
use strum::{VariantArray, VariantNames};

/// What became of a mail, as its user saw it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, VariantArray, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum Verdict {
    /// The client was open and online when it arrived.
    AtOnce,
    /// A notification told of it.
    Notified,
    /// It was seen when the client was open later.
    OnOpen,
    /// It still waited at the end.
    NotTold,
}

crate::named!(Verdict);

impl Verdict {
    /// That of a mail.
    pub fn of(row: &MailRow) -> Verdict {
        match row.outcome {
            Outcome::OnOpen if row.wait() == Span::ZERO => Verdict::AtOnce,
            Outcome::OnOpen => Verdict::OnOpen,
            Outcome::Notified => Verdict::Notified,
            Outcome::Undelivered => Verdict::NotTold,
        }
    }
}

/// What a mail waited for longest; of equal causes the first, and nothing where it did not wait.
pub fn largest(row: &MailRow) -> Option<DelayCause> {
    let waited = DelayCause::ALL.into_iter().zip(row.causes_ms).filter(|(_, ms)| *ms > 0);
    // The last of equal ones is the largest to the standard library.
    waited.rev().max_by_key(|(_, ms)| *ms).map(|(cause, _)| cause)
}

/// The mail of a device that arrived in a window, in order of arrival.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Whose it is.
    pub device: u32,
    /// When it arrived.
    pub window: Window,
    /// The mail.
    pub rows: Vec<MailRow>,
}

impl Listed {
    /// How many mails there are of each verdict.
    pub fn verdicts(&self) -> impl Iterator<Item = (Verdict, usize)> {
        let many = |verdict| self.rows.iter().filter(|row| Verdict::of(row) == verdict).count();
        Verdict::ALL.into_iter().map(move |verdict| (verdict, many(verdict)))
    }

    /// How many waited longest for each cause that any did, the most first.
    pub fn causes(&self) -> Vec<(DelayCause, usize)> {
        let many = |cause| self.rows.iter().filter(|row| largest(row) == Some(cause)).count();
        let mut causes: Vec<_> = DelayCause::ALL
            .into_iter()
            .map(|cause| (cause, many(cause)))
            .filter(|(_, many)| *many > 0)
            .collect();
        causes.sort_by_key(|(_, many)| std::cmp::Reverse(*many));
        causes
    }

    /// How many arrived outside working hours.
    pub fn outside(&self) -> usize {
        self.rows.iter().filter(|row| !row.in_hours).count()
    }

    /// How many a check found and held back.
    pub fn held_back(&self) -> usize {
        self.rows.iter().filter(|row| row.held_back.is_some()).count()
    }
}

/// Lists the mail of a device that arrived in a window.
///
/// # Errors
/// If there is no such device.
pub fn listed(scenario: &Scenario, device: u32, window: Window, engine: Engine) -> Result<Listed, String> {
    let mut rows = mails(scenario, device, engine)?;
    rows.retain(|row| window.holds(row.arrived));
    Ok(Listed { device, window, rows })
}
