//! Which iPhones the observations allow: the combinations of unknown numbers that contradict none of what was seen of
//! real phones and people, found by history matching.
//!
//! With many unknown numbers and few observations no number can be known. What can be known is which combinations are
//! ruled out; what is left is an [`Ensemble`] of iPhones, and every answer is given for all of them.

mod band;
mod ensemble;
mod next;
mod places;
mod result;
mod screen;
mod search;
mod situation;
mod sobol;
mod space;
mod target;
mod verdict;
mod weight;

pub use band::{Answers, Band, LEAST_DEVICES, Standing, answers, share};
pub use ensemble::{Ensemble, MOST_MEMBERS, Member, Observed, Searched, Unfit, is_ensemble};
pub use next::{Candidate, KNOWN_WITHIN, Left};
pub use result::{About, Answer, Calibration, NARROWED, Narrowed, TargetFound, members};
pub use search::{Attempt, Effort, Found, Outcome, Question, Tried, Wave, search, worst};
pub use situation::{Bench, Reread};
pub use sobol::{EVEN_AXES, MOST_AXES, Sobol};
pub use space::{Axis, Mover, Space};
pub use target::{CUT, Look, Seen, Target};
pub use verdict::Verdict;
pub use weight::{FEWEST, effective, mean, quantile, thinned, weight};
