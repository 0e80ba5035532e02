//! The system's own scheduler: one pending refresh request of the client among those of other
//! apps, looked at when something changes and at least every quarter of an hour.

mod budgets;
mod herd;
mod others;
mod phone;

use super::budget::Budget;
use super::journal::{Decided, Journal};
use super::policies::{Forecast, View, look_ahead};
use super::recent::RecentApps;
use super::requests::{Identifier, Requests};
use super::threshold::{Optimum, Outlook, Scan, Shares, required_shares};
use super::{Config, SchedulerTimer, Window};
use crate::engine::{Context, Setup};
use crate::random::{Exponential, Keyed, RngExt, Stream};
use crate::signal::{Facts, Lock, Network, Reason, SLOT, Signal, Wake};
use crate::time::{Span, Time};
use budgets::Budgets;
use phone::Spacing;

/// The client's pending request.
#[derive(Clone, Copy, Debug)]
struct Pending {
    window: Window,
    optimum: Optimum,
    /// Whether its earliest instant has come.
    is_due: bool,
}

/// Energy is counted in thousandths of a unit, data in kilobytes.
const MILLI: f64 = 1000.0;

/// dasd on one device.
pub struct Das {
    config: Config,
    shares: Shares,
    forecast: Forecast,
    scan: Scan,
    refresh_off_by_user: bool,
    requests: Requests,
    pending: Option<Pending>,
    /// Until when each of the refreshes that run at a time keeps its place.
    places: Vec<Time>,
    budgets: Budgets,
    budget_denies: bool,
    look_ahead: Keyed,
    early: Keyed,
    restarts: Keyed,
    others: Stream,
    between_others: Exponential,
    other_energy: Exponential,
    other_data: Exponential,
    /// What each other app's pending refresh will cost: energy and data.
    other_costs: Vec<(i64, i64)>,
    recent: RecentApps,
    opened_at: Time,
    locked_since: Option<Time>,
    unplugged_since: Option<Time>,
    no_wifi_since: Option<Time>,
    /// Whether the last look found a gate closed, so that its opening calls for another.
    refused: bool,
    never_refreshed: bool,
    spacing: Spacing,
    journal: Option<Journal>,
}

impl Das {
    /// The scheduler of a device.
    pub fn new(setup: &Setup<'_, Config>) -> Das {
        let config = setup.config.clone();
        let per_day = config.other_refreshes_per_day;
        let forecast = Forecast::new(&config);
        let between_s = if per_day > 0.0 { Span::DAY.secs_f64() / per_day } else { 1e10 };
        Das {
            shares: required_shares(&config),
            forecast,
            scan: Scan::new(&config, forecast.hopeful, forecast.otherwise),
            refresh_off_by_user: phone::is_refresh_off_by_user(setup),
            requests: Requests::none(config.other_apps as u8),
            pending: None,
            places: vec![Time::ORIGIN; config.concurrent.max(1) as usize],
            budgets: Budgets::new(setup),
            budget_denies: false,
            look_ahead: setup.streams.keyed("look ahead"),
            early: setup.streams.keyed("early expiry"),
            restarts: setup.streams.keyed("requests after restarts"),
            others: setup.streams.stream("other apps' refreshes"),
            between_others: Exponential::with_mean(between_s),
            other_energy: Exponential::with_mean(config.other_energy * MILLI),
            other_data: Exponential::with_mean(config.other_data.get() as f64 / 1000.0),
            other_costs: vec![(0, 0); config.other_apps as usize],
            recent: RecentApps::new(config.recent_apps),
            opened_at: Time::ORIGIN,
            locked_since: None,
            unplugged_since: None,
            no_wifi_since: None,
            refused: false,
            never_refreshed: phone::is_never_refreshed(setup),
            spacing: Spacing::new(setup),
            journal: None,
            config,
        }
    }

    /// Keeps a journal from now on.
    pub fn keep_journal(&mut self, journal: Journal) {
        self.journal = Some(journal);
    }

    /// The journal, if one was kept.
    pub fn take_journal(&mut self) -> Option<Journal> {
        self.journal.take()
    }

    /// What would be decided about the client's request now, or `None` where none is pending or none is looked at.
    pub fn ask(&self, facts: &Facts, now: Time) -> Option<Decided> {
        let looks = !self.never_refreshed && !facts.refresh_spacing && !facts.powered_off;
        let pending = self.pending.filter(|_| looks)?;
        let threshold = pending.optimum.threshold(now, pending.window.deadline, &self.shares);
        let request = (pending.window, pending.optimum);
        Some(Decided::of(&self.view(facts, now), now, request, threshold, self.again(pending, facts, now)))
    }

    /// Public state before anything has happened.
    pub fn at_origin(&mut self, facts: &mut Facts) {
        facts.by_request = true;
        facts.refresh_off_by_user = self.refresh_off_by_user;
        facts.refresh_off = facts.policy.background_app_refresh.map_or(self.refresh_off_by_user, |on| !on);
        facts.never_refreshed = self.never_refreshed;
    }

    /// First alarms.
    pub fn start(&mut self, cx: &mut Context<'_, SchedulerTimer>) {
        // What is absent at the origin is absent since then.
        self.locked_since = (cx.facts().lock != Lock::Unlocked).then_some(cx.now());
        self.unplugged_since = (!cx.facts().plugged_in).then_some(cx.now());
        self.no_wifi_since = (cx.facts().network != Network::Wifi).then_some(cx.now());
        cx.arm(SchedulerTimer::Refill, self.budgets.first_refill);
        cx.arm(SchedulerTimer::Unused, self.config.unused_after);
        cx.arm(SchedulerTimer::Unopened, self.config.unopened_after);
        let first = self.between_others.draw(&mut self.others);
        cx.arm(SchedulerTimer::OtherApp, Span::from_secs_f64(first));
    }

    /// One of its alarms is due.
    pub fn fire(&mut self, timer: SchedulerTimer, cx: &mut Context<'_, SchedulerTimer>) {
        match timer {
            SchedulerTimer::Look => self.look(cx),
            SchedulerTimer::OtherApp => self.other_app_asks(cx),
            SchedulerTimer::Refill => self.refill(cx),
            SchedulerTimer::Unused => self.judge_use(cx),
            SchedulerTimer::Herd => self.herd_passes(cx),
            SchedulerTimer::Boot => {
                cx.say(Signal::BootQuiet(false));
                self.look_now(cx);
            }
            SchedulerTimer::Spacing => self.spacing_ends(cx),
            SchedulerTimer::Unopened => self.lies_unopened(cx),
            SchedulerTimer::Wake => {}
        }
    }

    /// Something public happened.
    pub fn hear(&mut self, signal: Signal, cx: &mut Context<'_, SchedulerTimer>) {
        let now = cx.now();
        match signal {
            Signal::RefreshRequested(earliest) => self.submit(earliest, cx),
            Signal::PushLaunched(wake) => self.pay_for(wake, cx),
            Signal::AppOpened(app) => self.recent.opened(app),
            Signal::ClientOpened(Reason::Own | Reason::Notification) => {
                self.recent.clear();
                self.opened_at = now;
                self.judge_spacing(cx);
                cx.arm(SchedulerTimer::Unopened, self.config.unopened_after);
                if cx.facts().unused_app {
                    cx.say(Signal::UnusedApp(false));
                }
                // A force-quit had put the request aside, and a restart may keep the client from
                // asking anew.
                self.look_now(cx);
            }
            Signal::ClientClosed | Signal::HabitsRefreshed => self.learn(cx),
            Signal::PoweredOff => self.arm_look(cx),
            Signal::PoweredOn => {
                self.judge_spacing(cx);
                self.arm_look(cx);
            }
            Signal::Locked => self.locked_since = Some(now),
            Signal::Rebooted(_) => {
                self.locked_since.get_or_insert(now);
                self.restart(cx);
                if self.config.boot_quiet > Span::ZERO {
                    if !cx.facts().boot_quiet {
                        cx.say(Signal::BootQuiet(true));
                    }
                    cx.arm(SchedulerTimer::Boot, self.config.boot_quiet);
                }
            }
            Signal::Unlocked => {
                let since = self.locked_since.take();
                self.note_return(since, cx);
                self.reconsider(cx);
            }
            Signal::PluggedIn => {
                let since = self.unplugged_since.take();
                self.note_return(since, cx);
                self.judge_budgets(cx);
                self.look_now(cx);
            }
            Signal::Unplugged => {
                self.unplugged_since = Some(now);
                self.judge_budgets(cx);
            }
            Signal::Network(network) => {
                if network == Network::Wifi {
                    let since = self.no_wifi_since.take();
                    self.note_return(since, cx);
                } else {
                    self.no_wifi_since.get_or_insert(now);
                }
                self.judge_budgets(cx);
                if network != Network::None {
                    self.look_now(cx);
                }
            }
            Signal::PutDown(_) | Signal::Battery(_) | Signal::LowPowerMode(_) | Signal::MemoryPressure(_) => {
                self.reconsider(cx)
            }
            _ => {}
        }
    }

    /// A gate may have opened: looks at the client's request now if one was closed and none is.
    fn reconsider(&mut self, cx: &mut Context<'_, SchedulerTimer>) {
        if self.refused && self.view(cx.facts(), cx.now()).refusal().is_none() {
            self.look_now(cx);
        }
    }

    fn submit(&mut self, earliest: Time, cx: &mut Context<'_, SchedulerTimer>) {
        if self.pending.take().is_some() {
            self.requests.remove(Identifier::Client);
            cx.say(Signal::RefreshReplaced);
        }
        if cx.facts().refresh_off || (cx.facts().unused_app && self.is_unused(cx.now())) {
            cx.say(Signal::RefreshCancelled);
            return;
        }
        let window = Window { earliest, deadline: earliest + self.config.window };
        let optimum = self.optimum(window, cx);
        self.pending = Some(Pending { window, optimum, is_due: false });
        self.refused = false;
        if !self.never_refreshed {
            self.requests.look_at(Identifier::Client, earliest);
            self.arm_look(cx);
        }
    }

    /// The best moment of a window, from when the least time since the last refresh has passed.
    fn optimum(&self, window: Window, cx: &Context<'_, SchedulerTimer>) -> Optimum {
        let from = self.spaced_until(cx.now()).unwrap_or(cx.now());
        let window = Window { earliest: window.earliest.max(from), ..window };
        let Facts { habits, .. } = cx.facts();
        let predict = |at| self.forecast.score(&self.config, cx.facts(), at);
        // Where all times are alike one look is enough.
        let scan = if habits.predicts_client() { self.scan } else { self.scan.by(self.config.window) };
        Optimum::find(window, &scan, habits.client_last_used(cx.now()), predict)
    }

    fn is_unused(&self, now: Time) -> bool {
        now.since(self.opened_at) >= self.config.unused_after
    }

    fn judge_use(&mut self, cx: &mut Context<'_, SchedulerTimer>) {
        if !self.is_unused(cx.now()) {
            cx.arm_at(SchedulerTimer::Unused, self.opened_at + self.config.unused_after);
            return;
        }
        if !cx.facts().unused_app {
            cx.say(Signal::UnusedApp(true));
            if self.pending.take().is_some() {
                self.requests.remove(Identifier::Client);
                cx.say(Signal::RefreshCancelled);
            }
        }
        cx.arm(SchedulerTimer::Unused, Span::HOUR);
    }

    /// Something changed for the better: looks at the client's request now if its window is open.
    fn look_now(&mut self, cx: &mut Context<'_, SchedulerTimer>) {
        if !self.never_refreshed && self.pending.is_some_and(|pending| pending.is_due) {
            self.requests.look_at(Identifier::Client, cx.now());
            self.arm_look(cx);
        }
    }

    fn arm_look(&self, cx: &mut Context<'_, SchedulerTimer>) {
        match self.requests.next() {
            // Whoever is off looks at nothing; when it starts, at all that is due.
            Some((at, _)) if !cx.facts().powered_off => cx.arm_at(SchedulerTimer::Look, at.max(cx.now())),
            _ => cx.disarm(SchedulerTimer::Look),
        }
    }

    fn look(&mut self, cx: &mut Context<'_, SchedulerTimer>) {
        while let Some((at, identifier)) = self.requests.next()
            && at <= cx.now()
        {
            if let (Identifier::Client, Some(pending)) = (identifier, &mut self.pending)
                && !std::mem::replace(&mut pending.is_due, true)
            {
                cx.say(Signal::RefreshDue);
            }
            let free = self.next_free();
            if free > cx.now() {
                self.requests.look_at(identifier, free);
                continue;
            }
            match identifier {
                Identifier::Client => self.decide(cx),
                Identifier::Other(app) => self.run_other(app, cx),
            }
        }
        self.arm_look(cx);
    }

    fn decide(&mut self, cx: &mut Context<'_, SchedulerTimer>) {
        let Some(pending) = self.pending else {
            self.requests.remove(Identifier::Client);
            return;
        };
        if cx.facts().refresh_spacing {
            // Its end calls for a look.
            self.requests.remove(Identifier::Client);
            return;
        }
        let now = cx.now();
        let threshold = pending.optimum.threshold(now, pending.window.deadline, &self.shares);
        let verdict = self.view(cx.facts(), now).verdict();
        let runs = pending.optimum.is_worth_a_look(now) && verdict.runs(threshold);
        self.refused = verdict.is_refused();
        let decided = self.journal.as_ref().and_then(|_| self.ask(cx.facts(), now));
        if let Some((journal, decided)) = self.journal.as_mut().zip(decided) {
            journal.add(decided);
        }
        if runs {
            self.requests.remove(Identifier::Client);
            self.pending = None;
            self.launch(cx);
        } else {
            match self.again(pending, cx.facts(), now) {
                Some(again) => self.requests.look_at(Identifier::Client, again),
                None => self.requests.remove(Identifier::Client),
            }
        }
    }

    /// When to look again: as its best moment comes as often as the look-ahead is drawn anew, so that it is hardly
    /// ever missed (assumed), else when cached answers have run out. Never where nothing changes without a signal:
    /// opening the client asks anew, a budget that allows work again calls for a look, and so does what is learnt.
    fn again(&self, pending: Pending, facts: &Facts, now: Time) -> Option<Time> {
        if facts.force_quit || self.budget_denies {
            return None;
        }
        let Optimum { at, outlook, .. } = pending.optimum;
        let is_near = outlook == Outlook::Expected && now < at + SLOT;
        let validity = self.config.answer_validity;
        let after = if is_near { validity.min(self.config.look_ahead_redrawn) } else { validity };
        pending.optimum.worth_a_look_from().map(|from| from.max(now + after))
    }

    fn view<'a>(&'a self, facts: &'a Facts, now: Time) -> View<'a> {
        View {
            config: &self.config,
            facts,
            now,
            look_ahead: look_ahead(&self.config, self.look_ahead, now),
            recent: self.recent.has_client(),
            energy_left: self.energy_left(facts),
            data_left: self.data_left(facts),
        }
    }

    fn launch(&mut self, cx: &mut Context<'_, SchedulerTimer>) {
        // Keyed by the quarter of an hour, so that another policy meets the same luck.
        let quarter = cx.now().ms() / SLOT.ms();
        let runtime = if self.early.uniform(quarter) < self.config.early_expiry.get() {
            let (least, spread) = (self.config.early_runtime.ms(), self.config.early_runtime_spread.ms());
            let early = self.early.at(quarter).random_range(least..least + spread);
            Span::from_ms(early).min(self.config.runtime)
        } else {
            self.config.runtime
        };
        cx.say(Signal::RefreshLaunched(Wake { runtime }));
        self.spacing.launched(cx.now());
        self.judge_spacing(cx);
        self.pay_for(Wake { runtime }, cx);
    }

    fn occupy(&mut self, until: Time) {
        if let Some(place) = self.places.iter_mut().min() {
            *place = until;
        }
    }

    fn next_free(&self) -> Time {
        self.places.iter().copied().min().unwrap_or(Time::ORIGIN)
    }
}
