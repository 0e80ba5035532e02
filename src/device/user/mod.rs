//! The user: takes the phone in hand and puts it down, opens apps and the mail client, answers a
//! notification, swipes the client away.
//!
//! Own sessions are a plan that policy never shifts (`plan`). Only the answers to notifications depend on it,
//! which lengthen a session or stand beside the plan, and the visits in place of answers: each takes place, or
//! is owed and paid by an answer, as long as not too many are owed, so that notifications move when the client
//! is opened, and not how often. The session around such a visit takes place either way. A `poisson` user only
//! opens the client; a `trace` user does what was recorded; neither answers a notification.

mod answers;
mod apps;
mod pace;
mod plan;
mod replay;
mod rhythm;
mod session;
mod source;

use crate::engine::{Context, Model, Setup};
use crate::signal::{Lock, Push, PushStage, Reason, ScreenOff, Signal, SignalKind, SignalKinds};
use crate::time::{Span, Time};
use crate::trace::{Align, Dates, UserColumns};
use crate::units::Share;
use answers::Answers;
use apps::{Apps, Glances, Turns};
use session::{Session, Visit, Why};
use source::SessionSource;

crate::choice! {
    /// Which model of the user is used.
    pub enum Kind {
        /// The days of the persona.
        Persona,
        /// The client is opened at a constant rate, day and night, and nothing else is done.
        Poisson,
        /// The users of a file, dealt out to the devices in turn, repeated in whole days.
        Trace,
        /// Nobody is there.
        Absent,
    }
}

crate::section! {
    /// `[user]`
    pub struct Config {
        /// Which model is used.
        model: Kind = Kind::Persona, study;
        /// Openings of the client a day; unset means the persona's on a weekday, whoever the person is.
        opens_per_day: Option<f64> = None, only(Poisson), within(0.0..=100000.0);
        /// How long the client stays open.
        session: Span = Span::from_secs(30),
            only(Poisson), plausible("s", 5.0..180.0), assumed, within(Span::ZERO..=Span::hours(24));
        /// The CSV file of sessions.
        file: Option<String> = None, needed_by(Trace);
        /// How its time is laid over the simulated span.
        align: Align = Align::Week, only(Trace);
        /// What comes first in its dates with slashes; its rows decide where nothing is said.
        dates: Option<Dates> = None, only(Trace), study;
        /// Which of its columns are meant, where they are called otherwise than here.
        columns: UserColumns = Default::default(), only(Trace), study;
        /// Whether the user swipes the client away each evening before bed.
        force_quit_every_evening: bool = false, only(Persona, Trace);
        /// Share of sessions that end with the side button rather than by auto-lock.
        side_button: Share = Share::new(0.6), plausible("1", 0.2..1.0), assumed;
        /// No session is longer.
        longest_session: Span = Span::HOUR * 2,
            plausible("h", 0.5..6.0), assumed("a longer one is rather two, or nobody is looking"), within(Span::SECOND..=Span::hours(24));
        /// When a day turns, since midnight: it belongs to the date on which it begins, and ends by then.
        day_turns: Span = Span::HOUR * 4,
            only(Persona), plausible("h", 2.0..6.0), assumed, within(Span::ZERO..=Span::hours(12));
        /// The least time between waking and bed.
        shortest_day: Span = Span::HOUR * 4,
            only(Persona), plausible("h", 1.0..10.0), assumed, within(Span::HOUR..=Span::hours(12));
        /// The most of a day that is spent with the phone in hand.
        most_use: Share = Share::new(0.9), only(Persona), plausible("1", 0.5..1.0), assumed;
        /// Median length of a glance at the locked screen.
        glance: Span = Span::from_ms(5_500),
            plausible("s", 2.0..15.0), from(USAGE_LOGGER, "lognormal(1.70, 0.92), n = 22");
        /// Scale of its lognormal.
        glance_sigma: f64 = 0.9,
            plausible("1", 0.3..1.5), from(USAGE_LOGGER, "lognormal(1.70, 0.92), n = 22"),
            within(0.0..=5.0);
        /// Scale of the lognormal delay of an answer to a notification.
        response_sigma: f64 = 1.0, plausible("1", 0.3..2.0), assumed, within(0.0..=5.0);
        /// A user who has been shown nothing for longer looks unprompted, as often as `compensates` says.
        unprompted_after: Span = Span::DAY,
            only(Persona), plausible("h", 6.0..72.0), assumed("no study says after how long without any"),
            within(Span::ZERO..=Span::hours(720));
        /// Relative use of the phone by hour of the user's own day.
        diurnal: [f64; 24] = [
            1.2, 0.2, 0.0, 0.0, 0.0, 0.2, 1.9, 5.3, 7.3, 7.5, 5.4, 6.2,
            5.8, 5.5, 4.8, 6.3, 6.3, 5.8, 7.2, 6.4, 6.6, 4.5, 3.3, 2.3,
        ],
            plausible("%", 0.0..20.0), from(IP26, "apps opened by one student in 30 days"),
            assumed("one phone; an hour earlier, for people at work, is assumed"), weights;
    }
}

crate::timers! {
    /// Alarms of the user. What begins comes before what ends, so that touching sessions merge.
    UserTimer {
        /// Bedtime; the next day is planned.
        Bed,
        /// An own session begins.
        Own,
        /// Its next app is opened.
        App,
        /// The client is opened within it.
        Visit,
        /// A notification is answered.
        Answer,
        /// The client is opened for it, in the same instant but once the phone is unlocked.
        AnswerOpens,
        /// A look at the locked screen.
        Glance,
        /// The client is left.
        ClientDone,
        /// An own session ends, and an answer lasts longer.
        OwnDone,
        /// The phone is put down.
        HandDone,
    }
}

/// The user of one device.
pub struct User {
    source: SessionSource,
    /// The own session that is armed, and the visit within the one under way.
    next: Option<Session>,
    visit: Option<Visit>,
    /// Until when the phone is in hand, and how the screen then goes dark.
    in_hand: Option<(Time, ScreenOff)>,
    /// Until when the own session under way lasts.
    own_until: Option<Time>,
    /// Until when the client is open, and whether it is then swiped away.
    client: Option<(Time, bool)>,
    /// Opening the client as soon as the restarted phone is unlocked: why, until when, and whether it is then
    /// swiped away.
    waits: Option<(Reason, Time, bool)>,
    apps: Apps,
    /// Those of the own session under way.
    turns: Option<Turns>,
    glances: Glances,
    answers: Answers,
    every_evening: bool,
    unprompted_after: Span,
}

impl User {
    fn arm_own(&mut self, cx: &mut Context<'_, UserTimer>) {
        self.next = self.source.next_session();
        if let Some(session) = self.next {
            cx.arm_at(UserTimer::Own, session.from.max(cx.now()));
        }
    }

    fn plan_day(&mut self, cx: &mut Context<'_, UserTimer>) {
        let SessionSource::Persona(plan) = &mut self.source else { return };
        plan.turn();
        cx.arm_at(UserTimer::Bed, plan.bed);
        let first = self.glances.first(plan.date(), plan.wake, plan.awake);
        if first < plan.bed {
            cx.arm_at(UserTimer::Glance, first);
        }
    }

    fn own(&mut self, session: Session, cx: &mut Context<'_, UserTimer>) {
        if session.glance {
            self.look(session.until.since(session.from), cx);
            return;
        }
        cx.say(match self.in_hand {
            Some(_) => Signal::OwnUseBegins,
            None => Signal::PickedUp(Reason::Own),
        });
        self.own_until = Some(session.until.max(cx.now()));
        self.hold(session.until.max(cx.now()), session.screen_off, cx);
        if let SessionSource::Persona(_) = self.source {
            self.turns = Some(self.apps.of(session));
            self.arm_app(cx);
        }
        self.visit = session.visit;
        if let Some(visit) = session.visit {
            cx.arm_at(UserTimer::Visit, visit.opens.max(cx.now()));
        }
    }

    fn arm_app(&self, cx: &mut Context<'_, UserTimer>) {
        // That of a session before may be left, where this one has no room for any.
        match self.turns.as_ref().and_then(Turns::next) {
            Some(at) => cx.arm_at(UserTimer::App, at.max(cx.now())),
            None => cx.disarm(UserTimer::App),
        }
    }

    /// Keeps the phone in hand at least until then.
    fn hold(&mut self, until: Time, screen_off: ScreenOff, cx: &mut Context<'_, UserTimer>) {
        if self.in_hand.is_none_or(|(other, _)| other <= until) {
            self.in_hand = Some((until, screen_off));
            cx.arm_at(UserTimer::HandDone, until);
        }
        match (self.own_until, self.in_hand) {
            (Some(own), Some((last, _))) if own < last => cx.arm_at(UserTimer::OwnDone, own),
            _ => cx.disarm(UserTimer::OwnDone),
        }
    }

    /// Opens the client, be it after the restart that the user waits for.
    fn turn_to_client(&mut self, reason: Reason, until: Time, swiped: bool, cx: &mut Context<'_, UserTimer>) {
        if cx.facts().powered_off {
            return;
        }
        if cx.facts().lock == Lock::BeforeFirstUnlock {
            self.waits = Some((reason, until, swiped));
        } else {
            self.open(reason, until, swiped, cx);
        }
    }

    /// Keeps the client open at least until then.
    fn open(&mut self, reason: Reason, until: Time, swiped: bool, cx: &mut Context<'_, UserTimer>) {
        let until = match self.client {
            Some((other, _)) => until.max(other),
            None => {
                cx.say(Signal::ClientOpened(reason));
                until.max(cx.now())
            }
        };
        self.client = Some((until, swiped || self.client.is_some_and(|(_, swiped)| swiped)));
        cx.arm_at(UserTimer::ClientDone, until);
    }

    fn close(&mut self, cx: &mut Context<'_, UserTimer>) -> bool {
        cx.disarm(UserTimer::ClientDone);
        let swiped = self.client.take().map(|(_, swiped)| swiped);
        if swiped.is_some() {
            cx.say(Signal::ClientClosed);
        }
        swiped.unwrap_or(false)
    }

    fn look(&self, length: Span, cx: &mut Context<'_, UserTimer>) {
        if self.own_until.is_none() && !cx.facts().powered_off {
            cx.say(Signal::Glanced(length));
        }
    }
}

impl Model for User {
    type Config = Config;
    type Timer = UserTimer;
    const HEARS: SignalKinds = SignalKinds::of(&[
        SignalKind::Notified,
        SignalKind::Push,
        SignalKind::ClientOpened,
        SignalKind::Rebooted,
        SignalKind::BatteryEmpty,
        SignalKind::Unlocked,
    ]);

    fn new(setup: &Setup<'_, Config>) -> User {
        User {
            source: SessionSource::new(setup),
            next: None,
            visit: None,
            in_hand: None,
            own_until: None,
            client: None,
            waits: None,
            apps: Apps::new(setup.persona, setup.streams.keyed("user apps")),
            turns: None,
            glances: Glances::new(setup),
            answers: Answers::new(setup),
            every_evening: setup.config.force_quit_every_evening,
            unprompted_after: setup.config.unprompted_after,
        }
    }

    fn start(&mut self, cx: &mut Context<'_, UserTimer>) {
        self.plan_day(cx);
        self.arm_own(cx);
    }

    fn fire(&mut self, timer: UserTimer, cx: &mut Context<'_, UserTimer>) {
        match timer {
            UserTimer::Bed => {
                if self.every_evening && !cx.facts().powered_off {
                    self.close(cx);
                    cx.say(Signal::ForceQuit);
                }
                self.plan_day(cx);
                self.arm_own(cx);
            }
            UserTimer::Own => {
                // Nobody uses a phone that is off; the plan stays as it is.
                if let Some(session) = self.next.take()
                    && !cx.facts().powered_off
                {
                    self.own(session, cx);
                }
                self.arm_own(cx);
            }
            UserTimer::Visit => {
                let Some(visit) = self.visit.take() else { return };
                let takes_place = match visit.why {
                    Why::Own => true,
                    Why::InPlaceOfAnswer { is_owed, makes_up } => {
                        let has_shown = cx.facts().shown_within(self.unprompted_after, cx.now());
                        self.answers.is_made_up_for(is_owed, makes_up, has_shown)
                    }
                };
                if takes_place {
                    self.turn_to_client(Reason::Own, visit.closes, visit.swiped, cx);
                }
            }
            UserTimer::Answer => {
                if cx.facts().powered_off {
                    self.answers.pending = None;
                }
                if let Some(answer) = self.answers.pending {
                    if self.in_hand.is_none() {
                        cx.say(Signal::PickedUp(Reason::Notification));
                    }
                    self.hold(cx.now() + answer.length, answer.screen_off, cx);
                    cx.arm(UserTimer::AnswerOpens, Span::ZERO);
                }
            }
            UserTimer::AnswerOpens => {
                if let Some(answer) = self.answers.pending.take() {
                    self.answers.owed -= 1;
                    self.turn_to_client(Reason::Notification, cx.now() + answer.length, false, cx);
                }
            }
            // Whoever waits for a restarted phone opens nothing meanwhile.
            UserTimer::App => {
                if let Some(turns) = &mut self.turns {
                    let app = self.apps.take(turns);
                    if cx.facts().lock != Lock::BeforeFirstUnlock {
                        cx.say(Signal::AppOpened(app));
                    }
                    self.arm_app(cx);
                }
            }
            UserTimer::Glance => {
                let SessionSource::Persona(plan) = &self.source else { return };
                let (length, next) = self.glances.draw(cx.now());
                if next < plan.bed {
                    cx.arm_at(UserTimer::Glance, next);
                }
                self.look(length, cx);
            }
            UserTimer::ClientDone => {
                if self.close(cx) {
                    cx.say(Signal::ForceQuit);
                }
            }
            UserTimer::OwnDone => {
                self.own_until = None;
                cx.say(Signal::OwnUseOver);
            }
            UserTimer::HandDone => {
                if let Some((_, screen_off)) = self.in_hand.take() {
                    cx.disarm(UserTimer::OwnDone);
                    (self.waits, self.own_until) = (None, None);
                    cx.say(Signal::PutDown(screen_off));
                }
            }
        }
    }

    fn hear(&mut self, signal: Signal, cx: &mut Context<'_, UserTimer>) {
        match signal {
            Signal::Notified(_) | Signal::Push(Push { stage: PushStage::Signalled, .. })
                if self.client.is_none() =>
            {
                let first = match signal {
                    Signal::Push(push) => push.mail,
                    Signal::Notified(notice) => notice.first,
                    _ => return,
                };
                let SessionSource::Persona(plan) = &self.source else { return };
                if let Some(at) = self.answers.to(first, cx.now(), |at| plan.is_awake(at)) {
                    cx.arm_at(UserTimer::Answer, at);
                }
            }
            Signal::ClientOpened(_) => {
                self.answers.pending = None;
                cx.disarm(UserTimer::Answer);
            }
            // The screen is dark at once, and nobody answers to what it showed.
            Signal::BatteryEmpty => {
                self.close(cx);
                (self.visit, self.turns, self.answers.pending) = (None, None, None);
                if self.in_hand.is_some() {
                    self.in_hand = Some((cx.now(), ScreenOff::SideButton));
                    cx.arm(UserTimer::HandDone, Span::ZERO);
                }
            }
            // The restart takes the client from the screen; the user waits, phone in hand.
            Signal::Rebooted(_) => {
                self.close(cx);
            }
            // Whoever would have left it by now does not open it any more.
            Signal::Unlocked => {
                if let Some((reason, until, swiped)) = self.waits.take()
                    && until > cx.now()
                {
                    self.open(reason, until, swiped, cx);
                }
            }
            _ => {}
        }
    }
}
