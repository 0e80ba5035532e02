//! Sums of which some count more than once, as when the rest of a group stands for all of it.

/// The sums `plain`, and `by` times the sums `scaled`. Both stay whole numbers: only what is worked out from
/// them is not.
#[derive(Clone, Copy, Debug)]
pub struct Mixture<'a, A> {
    /// What counts once.
    pub plain: &'a A,
    /// What counts `by` times.
    pub scaled: &'a A,
    /// How often that is.
    pub by: f64,
}

impl<'a, A> Mixture<'a, A> {
    /// A piece of the sums, mixed alike.
    pub fn piece<P>(&self, of: impl Fn(&'a A) -> &'a P) -> Mixture<'a, P> {
        Mixture { plain: of(self.plain), scaled: of(self.scaled), by: self.by }
    }

    /// One of the sums.
    pub fn number(&self, of: impl Fn(&A) -> f64) -> f64 {
        of(self.plain) + self.by * of(self.scaled)
    }
}
