//! What of a push comes onto the screen.

use super::guards::{is_on_screen, shows};
use super::{Parcel, Push, PushTimer, Step, Written};
use crate::engine::Context;
use crate::policy::Shows;
use crate::signal::{ExtensionFailure, Notice, PushStage, Signal, ToldBy};

impl Push {
    /// The push of a mail has reached the device.
    pub(super) fn show(&mut self, mail: u32, cx: &mut Context<'_, PushTimer>) {
        match shows(&self.config, cx.facts()) {
            Some(Shows::Extension) => self.run_extension(mail, cx),
            Some(Shows::Generic) => self.show_generic(mail, cx),
            Some(Shows::ServerText) => self.show_content(mail, ToldBy::ServerText, cx),
            Some(Shows::Badge) if !is_on_screen(cx.facts()) => Push::say(mail, PushStage::Badged, cx),
            // What was sent under another delivery, which the device has left meanwhile, shows nothing either.
            Some(Shows::Badge) | None => Push::say(mail, PushStage::Unneeded, cx),
        }
    }

    fn run_extension(&mut self, mail: u32, cx: &mut Context<'_, PushTimer>) {
        let parcel = Parcel::Mail(mail);
        let (after, written) = match self.extension.run(&self.config, cx.facts(), cx.now(), parcel.number()) {
            Ok(takes) => (takes, Written::Content),
            Err((why, after)) => (after, Written::AsItWas(why)),
        };
        if written != Written::AsItWas(ExtensionFailure::NotStarted) {
            cx.say(Signal::CheckedElsewhere);
        }
        self.send_on(after, Step::Screen(mail, written), cx);
    }

    /// The extension is done with it, or was ended.
    pub(super) fn show_what_is_written(
        &mut self,
        mail: u32,
        written: Written,
        cx: &mut Context<'_, PushTimer>,
    ) {
        match written {
            Written::Content => self.show_content(mail, ToldBy::Extension, cx),
            Written::AsItWas(why) => {
                cx.say(Signal::ExtensionFailed(why));
                self.show_generic(mail, cx);
            }
        }
    }

    fn show_content(&mut self, mail: u32, by: ToldBy, cx: &mut Context<'_, PushTimer>) {
        if is_on_screen(cx.facts()) {
            Push::say(mail, PushStage::Unneeded, cx);
        } else if cx.facts().is_waiting(mail) {
            cx.say(Signal::Notified(Notice { first: mail, mails: 1, by }));
        } else {
            Push::say(mail, PushStage::Late, cx);
        }
    }

    fn show_generic(&mut self, mail: u32, cx: &mut Context<'_, PushTimer>) {
        let stage = match cx.facts().is_waiting(mail) {
            _ if is_on_screen(cx.facts()) => PushStage::Unneeded,
            true => PushStage::Signalled,
            false => PushStage::Late,
        };
        Push::say(mail, stage, cx);
    }
}
