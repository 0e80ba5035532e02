//! Low Power Mode: who decides on it, and when.

use super::{Config, Kind, LowPowerMode};
use crate::engine::Setup;
use crate::random::{Keyed, uniform};
use crate::signal::Battery;
use crate::units::Share;

/// By what the answers to the prompts of a day are drawn.
const PROMPTS: [u64; 2] = [20, 10];

/// Low Power Mode of one device.
pub(super) struct Mode {
    setting: LowPowerMode,
    on: bool,
    /// Whether it goes on by itself at the first prompt.
    adaptive: bool,
    accept: Share,
    /// The charge at each prompt, and that at which the mode ends.
    prompt_levels: [u64; 2],
    ends: u64,
    prompts: Keyed,
}

impl Mode {
    pub(super) fn new(setup: &Setup<'_, Config>) -> Mode {
        let (config, persona) = (setup.config, setup.persona);
        // Who leaves it on leaves it on; the simple model has no such persons.
        let has_battery = config.model != Kind::AlwaysCharged;
        let setting = match config.low_power_mode {
            LowPowerMode::User
                if has_battery && setup.is_among(persona.low_power_always, "low_power_always") =>
            {
                LowPowerMode::On
            }
            setting => setting,
        };
        Mode {
            setting,
            on: setting == LowPowerMode::On,
            adaptive: setup.is_among(persona.adaptive_power, "adaptive_power"),
            accept: persona.low_power_accept,
            prompt_levels: [config.first_prompt, config.second_prompt].map(Battery::of),
            ends: Battery::of(config.low_power_ends),
            prompts: setup.streams.keyed("low power prompts"),
        }
    }

    pub(super) fn is_on(&self) -> bool {
        self.on
    }

    /// The prompts, and the end on the charger, as the charge came from one to another: the mode, where that makes it
    /// another. Answers are drawn by the date.
    pub(super) fn ask(&mut self, [before, charge]: [u64; 2], connected: bool, date: u64) -> Option<bool> {
        if self.setting != LowPowerMode::User {
            return None;
        }
        let fell = |level: u64| before > level && charge <= level && !connected;
        let mut on = self.on;
        for (prompt, level) in PROMPTS.into_iter().zip(self.prompt_levels) {
            if fell(level) && !on {
                // By date and prompt: that it comes an hour later changes no mind.
                let mut draw = self.prompts.at(date << 8 | prompt);
                on = self.adaptive || uniform(&mut draw) < self.accept.get();
            }
        }
        if connected && charge >= self.ends {
            on = false;
        }
        (on != std::mem::replace(&mut self.on, on)).then_some(on)
    }
}
