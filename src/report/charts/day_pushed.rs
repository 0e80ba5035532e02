//! Draws what tells of mail beside the client's checks: a row of pushes, a row of notifications, and what is to wake
//! the client.

use super::canvas::{Anchor, Canvas, Xy};
use super::day::{DayMail, DayNotice, DayPush, PushFate, Pushed, Says, WakeCameTo};
use super::day_marks::{held, kept_away, notice, push, wake};
use super::day_sheet::{ARRIVALS, BESIDE, DaySheet, SMALL, row};
use crate::report::human::count;
use crate::report::labels::letters;

const PUSHES: f64 = ARRIVALS + 30.0;
const NOTICES: f64 = PUSHES + 30.0;
/// Where some notifications say what came and others do not, these stand so much above the row and those below it, as
/// the one follows the other within seconds.
const LIFT: f64 = 6.0;

/// More marks than this in a row are drawn smaller, but no smaller than that.
const ROOM: f64 = 70.0;
const SMALLEST: f64 = 0.6;
/// So many letters find room beside a row.
const ROOM_BESIDE: usize = 38;

fn size(many: usize) -> f64 {
    (ROOM / many.max(1) as f64).clamp(SMALLEST, 1.0)
}

impl Pushed {
    /// The row from which what was not told by a push falls on.
    pub(super) fn lowest_row(&self) -> f64 {
        self.row_of(Says::Content)
    }

    fn row_of(&self, says: Says) -> f64 {
        let tells = |shown: &&DayNotice| shown.says == Says::Content;
        let telling = self.shown.iter().filter(tells).count();
        match says {
            _ if telling == 0 || telling == self.shown.len() => NOTICES,
            Says::Content => NOTICES + LIFT,
            Says::Something | Says::Number | Says::Known => NOTICES - LIFT,
        }
    }

    pub(super) fn rows(&self, canvas: &mut Canvas<'_>) {
        row(canvas, PUSHES, &self.name);
        row(canvas, NOTICES, "Notifications");
    }

    /// Where a mail passes on its way to what told of it: its push, and what that showed.
    pub(super) fn way(&self, sheet: &DaySheet<'_>, mail: &DayMail) -> impl Iterator<Item = Xy> {
        let push = mail.push.and_then(|place| self.pushes.get(place));
        // What came when the mail was told already led to nothing.
        let before = |push: &&DayPush| mail.told_ms.is_none_or(|told| push.at_ms <= told);
        let push = push.filter(before).filter(|_| mail.arrived_ms.is_some());
        let stored = push.and_then(|push| push.held_ms.first()).map(|held| (sheet.x(held[0]), PUSHES));
        let came = push.map(|push| (sheet.x(push.at_ms), PUSHES));
        let signalled = mail.signalled_ms.map(|ms| (sheet.x(ms), self.row_of(Says::Something)));
        stored.into_iter().chain(came).chain(signalled)
    }

    pub(super) fn draw(&self, canvas: &mut Canvas<'_>, sheet: &DaySheet<'_>) {
        for [from, to] in &self.kept_away_ms {
            kept_away(canvas, (sheet.x(*from), PUSHES), (sheet.x(*to), PUSHES));
        }
        for [from, to] in self.pushes.iter().flat_map(|push| &push.held_ms) {
            held(canvas, (sheet.x(*from), PUSHES), (sheet.x(*to), PUSHES));
        }
        // What is rare last, so that nothing hides it.
        let mut pushes: Vec<&DayPush> = self.pushes.iter().collect();
        pushes.sort_by_key(|push| push.fate != PushFate::Came);
        for one in pushes {
            push(canvas, (sheet.x(one.at_ms), PUSHES), one.fate, size(self.pushes.len()));
        }
        for shown in &self.shown {
            let row = self.row_of(shown.says);
            notice(canvas, (sheet.x(shown.at_ms), row), shown.says, size(self.shown.len()));
        }
        for woken in &self.wakes {
            let row = match woken.came_to {
                WakeCameTo::HandedOver => sheet.openings(),
                WakeCameTo::Woke | WakeCameTo::Waits | WakeCameTo::Discarded => sheet.background(),
            };
            wake(canvas, (sheet.x(woken.at_ms), row), woken.came_to);
        }
        canvas.text(&self.pushes_in_words(), (BESIDE, PUSHES + 3.5), SMALL, Anchor::Start);
        canvas.text(&self.notices_in_words(), (BESIDE, NOTICES + 3.5), SMALL, Anchor::Start);
    }

    fn pushes_in_words(&self) -> String {
        let of = |fates: &[PushFate]| self.pushes.iter().filter(|push| fates.contains(&push.fate)).count();
        let sent = self.pushes.len() - of(&[PushFate::NotSent]);
        if self.pushes.is_empty() && self.background > 0 {
            return format!("{} without a mail", count(self.background as u64));
        }
        counted(
            &format!("{} sent", count(sent as u64)),
            &[(of(&[PushFate::Lost]), "lost"), (of(&[PushFate::NotSent]), "not sent")],
        )
    }

    fn notices_in_words(&self) -> String {
        let of = |says| self.shown.iter().filter(|shown| shown.says == says).count();
        let posted = self.shown.len() - of(Says::Number);
        match (posted, of(Says::Number)) {
            (0, 0) => return "none".into(),
            (0, badges) => return format!("none, {} badges", count(badges as u64)),
            _ => {}
        }
        let parts = [
            (of(Says::Content), "with content"),
            (of(Says::Something), "generic"),
            (of(Says::Known), "late"),
            (of(Says::Number), "badges"),
        ];
        let all = counted(&count(posted as u64), &parts).replacen(", ", ": ", 1);
        // Beside the sheet there is no more room.
        if letters(&all) <= ROOM_BESIDE { all } else { all.replace("with ", "") }
    }
}

fn counted(first: &str, parts: &[(usize, &str)]) -> String {
    let parts = parts.iter().filter(|(many, _)| *many > 0);
    let parts = parts.map(|(many, what)| format!("{} {what}", count(*many as u64)));
    std::iter::once(first.to_string()).chain(parts).collect::<Vec<_>>().join(", ")
}
