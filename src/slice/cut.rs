//! A fleet or its time cut along a dimension.

use super::window::{between_events, calendar};
use super::{Dimension, Slice, Who, Window};
use crate::scenario::Scenario;

/// The slices of one dimension: they share nothing, and are all there is.
#[derive(Clone, PartialEq, Debug)]
pub struct Cut {
    /// Along what.
    pub dimension: Dimension,
    /// Each with its name.
    pub slices: Vec<(String, Slice)>,
}

impl Cut {
    /// Cuts a scenario.
    ///
    /// # Errors
    /// If it has nothing to be cut along.
    pub fn of(scenario: &Scenario, dimension: Dimension) -> Result<Cut, String> {
        let of =
            |(name, window): (String, Window)| (name, Slice { window: Some(window), ..Slice::default() });
        let slices = match dimension {
            Dimension::Of(own) => {
                let only = |value: String| Slice { who: Who::default().and(own, [value]), window: None };
                own.values(scenario).into_iter().map(|value| (value.clone(), only(value))).collect()
            }
            Dimension::Day => calendar(scenario, false).into_iter().map(of).collect(),
            Dimension::Week => calendar(scenario, true).into_iter().map(of).collect(),
            Dimension::Event => between_events(scenario)?.into_iter().map(of).collect(),
        };
        Ok(Cut { dimension, slices })
    }
}

/// A scenario cut along each of these, and by group at first.
///
/// # Errors
/// If it has nothing to be cut along.
pub fn cuts(scenario: &Scenario, by: &[Dimension]) -> Result<Vec<Cut>, String> {
    let mut dimensions = vec![Dimension::GROUP];
    for dimension in by {
        if !dimensions.contains(dimension) {
            dimensions.push(*dimension);
        }
    }
    dimensions.into_iter().map(|dimension| Cut::of(scenario, dimension)).collect()
}

/// What was found in each slice of a dimension.
#[derive(Clone, PartialEq, Debug)]
pub struct Breakdown<T> {
    /// Along what.
    pub dimension: Dimension,
    /// Each slice by its name, with what was found.
    pub slices: Vec<(String, T)>,
}

/// Finds something in every slice of these cuts.
pub fn break_down<T>(cuts: &[Cut], of: impl Fn(&Slice) -> T) -> Vec<Breakdown<T>> {
    let slices = |cut: &Cut| cut.slices.iter().map(|(name, slice)| (name.clone(), of(slice))).collect();
    cuts.iter().map(|cut| Breakdown { dimension: cut.dimension, slices: slices(cut) }).collect()
}
