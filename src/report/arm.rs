//! One arm of what is reported, or all there is.

use crate::figure::Sample;
use crate::record::Week;
use crate::scenario::Scenario;
use crate::timeline::Timeline;

/// What was found in one arm.
pub struct Arm<'a> {
    /// What it is called.
    pub label: &'a str,
    /// Its scenario.
    pub scenario: &'a Scenario,
    /// Devices that were simulated to their end.
    pub devices: u64,
    /// Its figures.
    pub figures: &'a Sample,
    /// Its sums by hour of the week.
    pub week: &'a Week,
    /// The day of one of its devices that is drawn, if one is.
    pub day: Option<Timeline>,
}

/// Of so many arms a day is drawn: more pictures alike tell nothing new.
pub const DAYS: usize = 4;
