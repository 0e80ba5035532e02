//! How phones differ for reasons that nobody publishes.

use super::Config;
use crate::engine::Setup;
use crate::random::LogNormal;
use crate::time::Span;

/// Of two phones that are used alike one is refreshed and one never (assumed: drawn once a phone).
pub(super) fn is_never_refreshed(setup: &Setup<'_, Config>) -> bool {
    setup.streams.keyed("never refreshed").uniform(0) < setup.config.never_refreshed.get()
}

/// The least time between two refreshes of the client on this phone.
pub(super) fn spacing(setup: &Setup<'_, Config>) -> Span {
    let Config { min_spacing, spacing, .. } = *setup.config;
    if spacing.median == Span::ZERO {
        return min_spacing;
    }
    let law = LogNormal::with_median(spacing.median.secs_f64(), spacing.sigma);
    Span::from_secs_f64(law.draw(&mut setup.streams.stream("spacing of refreshes"))).max(min_spacing)
}
