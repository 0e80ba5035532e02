//! Findings about promises of version 0.1.0 that mean something else now.

use super::{Look, codes};
use crate::client::DelayCause;

pub(super) fn look(look: &mut Look<'_>) {
    let name = DelayCause::NotScheduled.name();
    for (index, expect) in look.scenario.expects.iter().enumerate() {
        if expect.asserts.iter().any(|assert| assert.text.contains(name)) {
            look.find(
                &codes::changed_since_0_1,
                &format!("expect[{index}].assert"),
                "a promise is on `not_scheduled`, which is less than it was",
                "in 0.1.0 it held `client_interval`, `herd`, `memory_pressure`, `boot` and `no_request` too",
                "promise the causes that you mean",
            );
        }
    }
}
