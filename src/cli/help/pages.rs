//! The pages of the manual, in the order of `docs/SUMMARY.md`.

use super::Page;

macro_rules! pages {
    ($($name:literal: $says:literal;)*) => {
        /// Every page.
        pub(super) const PAGES: &[Page] = &[$(Page {
            name: $name,
            says: $says,
            text: include_str!(concat!("../../../docs/", $name, ".md")),
        },)*];
    };
}

pages! {
    "questions": "What administrators ask: each with one command and its answer";
    "scenario": "How a scenario file is made, and everything that it may say";
    "fleets": "Your own fleet: groups, mixes, arms";
    "dates": "What happens to phones on a day, and what is published for them";
    "input": "Mail, use, network and power from files, the fleet from an inventory";
    "real-phones": "Real phones: a scenario from their own logs";
    "push": "Push, the system's own mail client, and other products on one seed";
    "keys": "Every key and every row of a persona, with default, range and source";
    "reading": "How to read what a run prints; exit codes";
    "by": "Results by group, memory, day and the like";
    "pictures": "Reports, charts, the day of one device";
    "explorer": "A page that simulates: turn a key, and see what it does";
    "record": "Every file of a record, every column, every field";
    "every-figure": "Every figure that can be asked of a run";
    "results": "What is guaranteed of results on disk";
    "machines": "A fleet divided between machines, and put together to the byte";
    "policy-tests": "Promises of a scenario, decided in the build";
    "semantics": "Outcomes, causes and keys, exactly";
    "phone": "What the phone does, why, and which keys change it";
    "claims": "What bgsim claims and what not; what is not modelled; determinism";
    "unknowns": "Whether an answer survives what is not known of iOS";
    "calibration": "Which iPhones the observations allow, and answers over all of them";
    "numbers": "How the numbers were checked";
    "observations": "What was observed of real phones and people, against the model";
    "sources": "The bibliography";
    "ten-sentences": "The ten sentences that bgsim started from, each seen in a record";
    "glossary": "The words";
    "speed": "What an answer costs, and how that was measured";
    "since-0.1.0": "For those who come from 0.1.0: names, files, keys, numbers";
}
