//! How long a piece of work takes the thread that does it: on a processor where the system tells that, since on a
//! machine with other work to do the time on the wall says little.

use crate::report::run_report::Clock;
use std::time::Duration;

/// What [`now`] counts.
pub(crate) const CLOCK: Clock = clock::CLOCK;

/// Time of this thread, since an instant that is its own.
pub(crate) fn now() -> Duration {
    clock::now()
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
mod clock {
    use super::{Clock, Duration};
    use nix::time::ClockId;

    pub(super) const CLOCK: Clock = Clock::Processor;

    pub(super) fn now() -> Duration {
        // Both systems have this clock: no time at all is what a kernel would tell that has not.
        ClockId::CLOCK_THREAD_CPUTIME_ID.now().map_or(Duration::ZERO, Duration::from)
    }
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
mod clock {
    use super::{Clock, Duration};
    use std::sync::LazyLock;
    use std::time::Instant;

    pub(super) const CLOCK: Clock = Clock::Wall;

    pub(super) fn now() -> Duration {
        static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);
        BEGUN.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    #[test]
    fn work_takes_time_on_either_clock() {
        let (begun, before) = (Instant::now(), now());
        while now() < before + Duration::from_millis(5) {
            assert!(begun.elapsed() < Duration::from_secs(60), "the clock of this thread stands still");
        }
        assert!(begun.elapsed() >= Duration::from_millis(5));
    }

    #[test]
    fn a_thread_that_sleeps_takes_none_of_a_processor() {
        let before = now();
        std::thread::sleep(Duration::from_millis(200));
        let told = now() - before;
        match CLOCK {
            Clock::Processor => assert!(told < Duration::from_millis(50), "{told:?}"),
            Clock::Wall => assert!(told >= Duration::from_millis(200), "{told:?}"),
        }
    }
}
