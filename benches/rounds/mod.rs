//! Ratios that hold on a machine that is not quiet: the candidates run in turn, round after round,
//! so that whatever slows the machine slows all of them, and the median over the rounds is taken of
//! the ratio within a round. Where Linux tells it, the time is that of this thread on a processor.

use std::sync::LazyLock;
use std::time::Instant;

/// A candidate: what it is called and what it does.
pub type Candidate<'a> = (String, Box<dyn FnMut() + 'a>);

/// What the rounds gave for one candidate.
pub struct Found {
    /// What it is called.
    pub name: String,
    /// Median seconds of a call.
    pub seconds: f64,
    /// Median of its time over that of the first candidate in the same round.
    pub ratio: f64,
}

/// Runs every candidate once to warm up, then in turn for so many rounds.
pub fn interleaved(rounds: usize, mut candidates: Vec<Candidate<'_>>) -> Vec<Found> {
    candidates.iter_mut().for_each(|(_, call)| call());
    let times: Vec<Vec<f64>> = (0..rounds)
        .map(|_| {
            candidates
                .iter_mut()
                .map(|(_, call)| {
                    let begun = seconds();
                    call();
                    seconds() - begun
                })
                .collect()
        })
        .collect();
    candidates
        .into_iter()
        .enumerate()
        .map(|(index, (name, _))| Found {
            name,
            seconds: median(times.iter().map(|round| round[index])),
            ratio: median(times.iter().map(|round| round[index] / round[0])),
        })
        .collect()
}

/// Processor time of this thread, else time on the wall; from some instant on.
fn seconds() -> f64 {
    static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);
    // The kernel brings its books up to date when a thread yields.
    std::thread::yield_now();
    let books = std::fs::read_to_string("/proc/thread-self/schedstat");
    let ns = books.ok().and_then(|books| books.split(' ').next()?.parse::<u64>().ok());
    ns.map_or_else(|| BEGUN.elapsed().as_secs_f64(), |ns| ns as f64 / 1e9)
}

/// Whether this is a real run of the benches, and neither `--test` nor `--list`, nor a filter that
/// asks for something else.
pub fn wanted(name: &str) -> bool {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // What is neither an option nor the number that an option takes.
    let is_filter = |word: &&String| !word.starts_with('-') && word.parse::<f64>().is_err();
    let filters: Vec<&String> = arguments.iter().filter(is_filter).collect();
    arguments.iter().any(|word| word == "--bench")
        && !arguments.iter().any(|word| word == "--test" || word == "--list")
        && (filters.is_empty() || filters.iter().any(|filter| name.contains(filter.as_str())))
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
