//! The apps the system takes for recently used.

use crate::signal::App;

/// Which apps were opened since the client was: it counts as recent until enough others were.
#[derive(Debug)]
pub(super) struct RecentApps {
    others: [u64; 8],
    count: u32,
    most: u32,
}

impl RecentApps {
    pub(super) fn new(most: u32) -> RecentApps {
        RecentApps { others: [0; 8], count: 0, most }
    }

    pub(super) fn opened(&mut self, app: App) {
        let bits = u64::BITS as u16;
        let bit = 1 << (app.0 % bits);
        let words = self.others.len();
        let word = &mut self.others[usize::from(app.0 / bits) % words];
        self.count += u32::from(*word & bit == 0);
        *word |= bit;
    }

    pub(super) fn clear(&mut self) {
        *self = RecentApps::new(self.most);
    }

    pub(super) fn has_client(&self) -> bool {
        self.count < self.most
    }
}
