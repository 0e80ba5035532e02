//! The marks of a day's chart, and the key to them.

use super::canvas::{Canvas, INK, MUTED, PAPER, Xy};
use super::causes::colour;
use super::day::{CameTo, Day, PushFate, Says, WakeCameTo};
use super::day_sheet::{NOTIFIED, OPENED};
use super::frame::{MARGIN, legend, legend_lines};
use crate::client::DelayCause;
use crate::signal::PushStage;
use plotters::style::RGBColor;

/// From one line of the key to the next.
const LINE: f64 = 20.0;

/// What the marks mean, as far as there are any; gives the lowest line.
pub(super) fn key(day: &Day, canvas: &mut Canvas<'_>, y: f64) -> f64 {
    let occurs = |&((open, came_to), _): &((bool, CameTo), &str)| {
        let told = came_to == CameTo::Told;
        day.checks.iter().any(|c| c.came_to == came_to && (c.open == open || !told))
    };
    let entries = [
        ((false, CameTo::Told), "notified"),
        ((true, CameTo::Told), "seen on opening"),
        ((true, CameTo::ToldAfterLeaving), "notified after leaving"),
        ((false, CameTo::Nothing), "nothing new"),
        ((false, CameTo::Failed), "no key, no network or cut short"),
        ((false, CameTo::HeldBack), "held back, outside working hours"),
    ];
    let of_a_log = [((false, CameTo::Nothing), "ran in the background, or was opened")];
    let entries = if day.is_observed { &of_a_log[..] } else { &entries[..] };
    let checks = entries.iter().copied().filter(occurs);
    let checks = checks.map(|((open, came_to), text)| (Sign::Check(open, came_to), text));
    let y = lines(canvas, y, checks).max(y);
    let Some(pushed) = &day.pushed else { return y };
    let came = |fate| pushed.pushes.iter().any(|push| push.fate == fate);
    let says = |says| pushed.shown.iter().any(|shown| shown.says == says);
    let woke = |came_to| pushed.wakes.iter().any(|wake| wake.came_to == came_to);
    let pushes = [
        (PushFate::Came, "push came"),
        (PushFate::NotShown, "came, not shown"),
        (PushFate::Lost, "push lost"),
        (PushFate::NotSent, "none sent"),
        (PushFate::UnderWay, "under way"),
    ];
    let pushes =
        pushes.into_iter().filter(|(fate, _)| came(*fate)).map(|(fate, says)| (Sign::Push(fate), says));
    let held = pushed.pushes.iter().any(|push| !push.held_ms.is_empty());
    let held = held.then_some((Sign::Held, "stored by APNs"));
    let kept_away = (!pushed.kept_away_ms.is_empty()).then_some((Sign::KeptAway, "pushes kept away"));
    let notices = [
        (Says::Content, "says what came"),
        (Says::Something, "says that something came"),
        (Says::Number, "a number on the icon"),
        (Says::Known, "known already"),
    ];
    let notices =
        notices.into_iter().filter(|(what, _)| says(*what)).map(|(what, text)| (Sign::Says(what), text));
    let wakes = [
        (WakeCameTo::Woke, "a push wakes the client"),
        (WakeCameTo::Waits, "waits to wake it"),
        (WakeCameTo::HandedOver, "goes to the open client"),
        (WakeCameTo::Discarded, "may not wake it"),
    ];
    let wakes =
        wakes.into_iter().filter(|(what, _)| woke(*what)).map(|(what, text)| (Sign::Wake(what), text));
    let y = lines(canvas, y + LINE, pushes.chain(held).chain(kept_away));
    let y = lines(canvas, y + LINE, notices);
    lines(canvas, y + LINE, wakes)
}

/// Entries from a line on; gives the last one, or the one before where there are no entries.
fn lines<'a>(canvas: &mut Canvas<'_>, y: f64, entries: impl Iterator<Item = (Sign, &'a str)>) -> f64 {
    let lines = legend_lines(entries);
    let last = y + LINE * (lines.len() as f64 - 1.0);
    for (place, line) in lines.into_iter().enumerate() {
        let y = y + LINE * place as f64;
        legend(canvas, (MARGIN, y), None, line, |canvas, place, sign| sign.draw(canvas, place));
    }
    last
}

/// What a mark stands for.
#[derive(Clone, Copy)]
enum Sign {
    Check(bool, CameTo),
    Push(PushFate),
    Held,
    KeptAway,
    Says(Says),
    Wake(WakeCameTo),
}

impl Sign {
    fn draw(self, canvas: &mut Canvas<'_>, (x, y): Xy) {
        match self {
            Sign::Check(open, came_to) => mark(canvas, (x, y), open, came_to),
            Sign::Push(fate) => push(canvas, (x, y), fate, 1.0),
            Sign::Held => held(canvas, (x - 8.0, y), (x + 8.0, y)),
            Sign::KeptAway => kept_away(canvas, (x - 8.0, y), (x + 8.0, y)),
            Sign::Says(says) => notice(canvas, (x, y), says, 1.0),
            Sign::Wake(came_to) => wake(canvas, (x, y + 9.0), came_to),
        }
    }
}

fn polygon(canvas: &mut Canvas<'_>, (x, y): Xy, corners: &[Xy], size: f64, colour: RGBColor) {
    let corners: Vec<Xy> = corners.iter().map(|(dx, dy)| (x + dx * size, y + dy * size)).collect();
    canvas.shape(&corners, colour);
}

/// A push, where it comes down on the phone.
pub(super) fn push(canvas: &mut Canvas<'_>, (x, y): Xy, fate: PushFate, size: f64) {
    let pink = colour(DelayCause::of_push(PushStage::Unsubscribed));
    let down = [(-4.0, -3.0), (4.0, -3.0), (0.0, 4.0)];
    match fate {
        PushFate::Came => polygon(canvas, (x, y), &down, size, MUTED),
        PushFate::NotShown => canvas.circle((x, y), 2.5 * size, MUTED),
        PushFate::Lost => {
            canvas.line((x, y - 6.0), (x, y), pink, 1.25);
            canvas.line((x - 4.5 * size, y), (x + 4.5 * size, y), pink, 2.5);
        }
        PushFate::NotSent => {
            polygon(canvas, (x, y), &[(-5.0, -4.0), (5.0, -4.0), (0.0, 5.0)], size, pink);
            polygon(canvas, (x, y), &[(-2.5, -2.5), (2.5, -2.5), (0.0, 2.0)], size, PAPER);
        }
        PushFate::UnderWay => {
            let tip = (x, y + 3.0 * size);
            for side in [-4.0, 4.0] {
                canvas.line((x + side * size, y - 3.0 * size), tip, MUTED, 1.25);
            }
        }
    }
}

/// A push that APNs stores.
pub(super) fn held(canvas: &mut Canvas<'_>, from: Xy, to: Xy) {
    let colour = colour(DelayCause::of_push(PushStage::Held));
    canvas.line(from, (to.0.max(from.0 + 1.0), to.1), colour, 3.0);
    canvas.line((from.0, from.1 - 4.0), (from.0, from.1 + 4.0), colour, 1.5);
}

/// A time in which a dated event keeps pushes away: a pair of lines between two bars.
pub(super) fn kept_away(canvas: &mut Canvas<'_>, from: Xy, to: Xy) {
    let colour = colour(DelayCause::of_push(PushStage::Unsubscribed));
    let end = to.0.max(from.0 + 1.0);
    for y in [from.1 - 7.0, from.1 + 7.0] {
        canvas.line((from.0, y), (end, y), colour, 1.25);
    }
    for x in [from.0, end] {
        canvas.line((x, from.1 - 7.0), (x, from.1 + 7.0), colour, 2.0);
    }
}

/// What the user sees on the locked screen: full where it says what came, half full where it says that something did.
pub(super) fn notice(canvas: &mut Canvas<'_>, (x, y): Xy, says: Says, size: f64) {
    match says {
        Says::Content => {
            canvas.circle((x, y), 5.5 * size, PAPER);
            canvas.circle((x, y), 4.5 * size, NOTIFIED);
        }
        Says::Something => {
            canvas.circle((x, y), 5.5 * size, PAPER);
            canvas.circle((x, y), 4.5 * size, NOTIFIED);
            canvas.circle((x, y), 3.25 * size, PAPER);
            let half: Vec<Xy> = (0..=12)
                .map(|step| f64::from(step) * std::f64::consts::PI / 12.0)
                .map(|angle| (-4.0 * libm::sin(angle), -4.0 * libm::cos(angle)))
                .collect();
            polygon(canvas, (x, y), &half, size, NOTIFIED);
        }
        Says::Number => {
            canvas.circle((x, y), 3.0 * size, NOTIFIED);
            canvas.circle((x, y), 1.5 * size, PAPER);
        }
        Says::Known => {
            canvas.circle((x, y), 4.0 * size, MUTED);
            canvas.circle((x, y), 3.0 * size, PAPER);
        }
    }
}

/// A background push, above the row of the checks that it leads to.
pub(super) fn wake(canvas: &mut Canvas<'_>, (x, y): Xy, came_to: WakeCameTo) {
    let (top, foot) = (y - 14.0, y - 6.0);
    match came_to {
        WakeCameTo::Woke => canvas.line((x, top), (x, foot), INK, 1.5),
        WakeCameTo::HandedOver => canvas.line((x, top), (x, foot), OPENED, 1.5),
        WakeCameTo::Waits => canvas.line((x, top), (x, top + 4.0), MUTED, 1.5),
        WakeCameTo::Discarded => {
            canvas.line((x, top), (x, foot - 1.0), MUTED, 1.5);
            canvas.line((x - 3.5, foot - 1.0), (x + 3.5, foot - 1.0), MUTED, 1.5);
        }
    }
}

/// The mark of a check: round in the background, square in the open client.
pub(super) fn mark(canvas: &mut Canvas<'_>, (x, y): Xy, open: bool, came_to: CameTo) {
    let square = |canvas: &mut Canvas<'_>, half: f64, colour| {
        canvas.rectangle((x - half, y - half), (x + half, y + half), colour);
    };
    match (came_to, open) {
        (CameTo::Told, false) => {
            canvas.circle((x, y), 5.5, PAPER);
            canvas.circle((x, y), 4.5, NOTIFIED);
        }
        (CameTo::Told, true) => {
            square(canvas, 5.0, PAPER);
            square(canvas, 4.0, OPENED);
        }
        (CameTo::ToldAfterLeaving, _) => {
            square(canvas, 5.0, PAPER);
            square(canvas, 4.0, NOTIFIED);
        }
        (CameTo::Nothing, false) => {
            canvas.circle((x, y), 3.0, MUTED);
            canvas.circle((x, y), 2.0, PAPER);
        }
        (CameTo::Nothing, true) => {
            square(canvas, 2.75, MUTED);
            square(canvas, 1.75, PAPER);
        }
        (CameTo::Failed, _) => {
            for rise in [-3.0, 3.0] {
                canvas.line((x - 3.0, y - rise), (x + 3.0, y + rise), MUTED, 1.25);
            }
        }
        (CameTo::HeldBack, _) => {
            let diamond = |half: f64| [(x, y - half), (x + half, y), (x, y + half), (x - half, y)];
            canvas.shape(&diamond(4.5), MUTED);
            canvas.shape(&diamond(3.0), PAPER);
        }
    }
}
