//! What happens along some keys: a grid of scenarios that share their random numbers.

mod axis;
mod point;

pub use axis::Axis;
pub use point::{Point, csv_header, csv_row};

/// More points than these are a slip of the pen.
const MOST_POINTS: usize = 10_000;

/// A point of the grid: each key with its value, as `--set` takes it.
pub type Place = Vec<(String, String)>;

/// Every combination of the axes' values; the last axis turns fastest.
///
/// # Errors
/// If there are more than anyone can mean, or a key stands twice.
pub fn grid(axes: &[Axis]) -> Result<Vec<Place>, String> {
    if let Some(axis) =
        axes.iter().enumerate().find(|(at, axis)| axes[..*at].iter().any(|a| a.key == axis.key))
    {
        return Err(format!("`--vary {}=...` is given twice", axis.1.key));
    }
    let points = axes.iter().fold(1_usize, |product, axis| product.saturating_mul(axis.values.len()));
    if points > MOST_POINTS {
        return Err(format!("{points} points are more than the {MOST_POINTS} that a sweep may have"));
    }
    let mut grid: Vec<Place> = vec![Vec::new()];
    for axis in axes {
        let longer = |place: &Place| -> Vec<Place> {
            let with =
                |value: &String| place.iter().cloned().chain([(axis.key.clone(), value.clone())]).collect();
            axis.values.iter().map(with).collect()
        };
        grid = grid.iter().flat_map(longer).collect();
    }
    Ok(grid)
}
