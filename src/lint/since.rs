//! Findings about promises of version 0.1.0 that mean something else now.

use super::{Look, codes};
use crate::client::DelayCause;

pub(super) fn look(look: &mut Look<'_>) {
    let name = DelayCause::NotScheduled.name();
    for (index, expect) in look.scenario.expects.iter().enumerate() {
        let of = |is_meant: fn(&str) -> bool| {
            expect.asserts.iter().any(|assert| is_meant(&assert.text.replace(char::is_whitespace, "")))
        };
        let is_of_telling = |text: &str| {
            [
                "outcomes(notified)",
                "outcomes(on_open)",
                "outcomes.notified",
                "outcomes.on_open",
                "notifications",
            ]
            .into_iter()
            .any(|word| text.contains(word))
        };
        if of(is_of_telling) {
            look.find(
                &codes::changed_since_0_1,
                &format!("expect[{index}].assert"),
                "a promise is on how mail is told, which is counted otherwise than it was",
                "in 0.1.0 a check that ended after the user had left told on the screen, and mail outside working hours \
                 was told to nobody; docs/since-0.1.0.md has all that changed",
                "look at its bound again",
            );
        }
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
