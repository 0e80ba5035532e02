//! What is left under some conditions, in words.

use super::figure;
use super::human::{capitalised, listed};
use crate::expectation::Choice;
use crate::figure::Figure;

/// Which of these is best, what breaks a condition, and of what the run cannot tell; `value` is that of the figure.
pub fn choice(
    choice: &Choice,
    figure: Figure,
    labels: &[String],
    value: impl Fn(usize) -> Option<f64>,
) -> String {
    let names =
        |places: &[usize]| listed(&places.iter().map(|place| labels[*place].clone()).collect::<Vec<_>>());
    let conditions = choice.subject_to.join(" and ");
    let accounted = [&choice.left_out[..], &choice.undecided, &choice.unknown].concat();
    let kept: Vec<usize> = (0..labels.len()).filter(|place| !accounted.contains(place)).collect();
    let mut text = match choice.best {
        Some(best) => {
            let shown = |place: usize| figure::value(figure, value(place));
            let alike: Vec<usize> =
                kept.iter().copied().filter(|place| shown(*place) == shown(best)).collect();
            let is_best = if alike.len() > 1 { "are best alike" } else { "is best" };
            let (name, shown) = (figure::name(figure), shown(best));
            format!("Subject to {conditions}, {} {is_best}: {name} {shown}.", names(&alike))
        }
        None if !kept.is_empty() => {
            let figure = capitalised(&figure::name(figure));
            format!("{figure} of what keeps {conditions} is unknown: {}.", names(&kept))
        }
        None => format!("Nothing surely keeps {conditions}."),
    };
    if !choice.left_out.is_empty() {
        text += &format!(" Left out: {}.", names(&choice.left_out));
    }
    if !choice.undecided.is_empty() {
        text += &format!(" Of {} this run cannot tell; more devices would.", names(&choice.undecided));
    }
    if !choice.unknown.is_empty() {
        text += &format!(
            " {} cannot be judged: a figure that is bounded has no value there.",
            names(&choice.unknown)
        );
    }
    text
}
