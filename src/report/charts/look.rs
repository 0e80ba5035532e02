//! What all charts have in common: colours, dashes, marks and letters.

use super::canvas::{Canvas, Font, INK, MUTED, PAPER, Xy};
use plotters::style::RGBColor;

/// The colours of M. Okabe and K. Ito, "Color Universal Design" (2008), that stand out at least 3:1 from
/// both backgrounds; yellow, orange and sky blue do not.
const COLOURS: [RGBColor; 5] = [
    RGBColor(0x00, 0x72, 0xB2),
    RGBColor(0xD5, 0x5E, 0x00),
    RGBColor(0x00, 0x9E, 0x73),
    RGBColor(0xCC, 0x79, 0xA7),
    RGBColor(0x00, 0x00, 0x00),
];

/// Not as many as there are colours, so that a colour that comes again has other dashes.
const DASHES: [&[f64]; 4] = [&[], &[9.0, 4.0], &[2.5, 2.5], &[12.0, 3.0, 2.5, 3.0]];

pub(super) const TITLE: Font = Font { size: 21.0, bold: true, colour: INK };
pub(super) const SUBTITLE: Font = Font { size: 13.0, bold: false, colour: MUTED };
pub(super) const NAME: Font = Font { size: 13.0, bold: true, colour: INK };
pub(super) const NOTE: Font = Font { size: 12.0, bold: false, colour: MUTED };

/// What tells an arm from the others.
#[derive(Clone, Copy)]
pub(super) struct Look {
    pub(super) colour: RGBColor,
    pub(super) dash: &'static [f64],
    mark: usize,
}

impl Look {
    pub(super) fn of(place: usize) -> Look {
        let (colours, dashes) = (COLOURS.len(), DASHES.len());
        Look { colour: COLOURS[place % colours], dash: DASHES[place % dashes], mark: place % 4 }
    }
}

/// The mark of an arm, with a rim of paper so that it stands out from any curve.
pub(super) fn mark(canvas: &mut Canvas<'_>, place: Xy, look: Look) {
    mark_of(canvas, place, look, 4.75);
}

/// A mark of this size.
pub(super) fn mark_of(canvas: &mut Canvas<'_>, (x, y): Xy, look: Look, radius: f64) {
    for (radius, colour) in [(radius + 1.75, PAPER), (radius, look.colour)] {
        let corners = |offsets: &[(f64, f64)]| -> Vec<Xy> {
            offsets.iter().map(|(dx, dy)| (x + dx * radius, y + dy * radius)).collect()
        };
        match look.mark {
            0 => canvas.circle((x, y), radius, colour),
            1 => canvas.shape(&corners(&[(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]), colour),
            2 => canvas.shape(&corners(&[(0.0, -1.2), (1.2, 0.0), (0.0, 1.2), (-1.2, 0.0)]), colour),
            _ => canvas.shape(&corners(&[(0.0, -1.2), (1.1, 0.8), (-1.1, 0.8)]), colour),
        }
    }
}

/// Inks for text on a coloured ground. They are none of the dark style's colours, since the ground stays.
const ON_PALE: RGBColor = RGBColor(0x02, 0x02, 0x02);
const ON_DEEP: RGBColor = RGBColor(0xFE, 0xFE, 0xFE);

/// The ink that stands out from a ground; by at least 4.5:1 from any.
pub(super) fn ink(ground: RGBColor) -> RGBColor {
    if contrast(ON_PALE, ground) > contrast(ON_DEEP, ground) { ON_PALE } else { ON_DEEP }
}

/// Relative luminance, 0 to 1, as WCAG 2.2 defines it.
pub(super) fn luminance(RGBColor(red, green, blue): RGBColor) -> f64 {
    let linear = |byte: u8| match f64::from(byte) / 255.0 {
        c if c <= 0.04045 => c / 12.92,
        c => libm::pow((c + 0.055) / 1.055, 2.4),
    };
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

/// The contrast of two colours, 1 to 21, as WCAG 2.2 defines it.
pub(super) fn contrast(a: RGBColor, b: RGBColor) -> f64 {
    let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
    (a / b).max(b / a)
}

/// A line from an end of the data to its label: it leaves and arrives level.
pub(super) fn leader(from: Xy, to: Xy) -> Vec<Xy> {
    if (from.1 - to.1).abs() < 0.5 {
        return vec![from, to];
    }
    let along = |step: u32| {
        let share = f64::from(step) / 16.0;
        let eased = share * share * (3.0 - 2.0 * share);
        (from.0 + share * (to.0 - from.0), from.1 + eased * (to.1 - from.1))
    };
    (0..=16).map(along).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::charts::canvas::DARK;

    #[test]
    fn every_curve_and_text_stands_out_from_both_backgrounds() {
        let dark = |colour| DARK.iter().find(|pair| pair.0 == colour).map_or(colour, |pair| pair.1);
        for colour in COLOURS {
            assert!(
                contrast(colour, PAPER) >= 3.0 && contrast(dark(colour), dark(PAPER)) >= 3.0,
                "{colour:?}"
            );
        }
        for text in [INK, MUTED] {
            assert!(contrast(text, PAPER) >= 4.5 && contrast(dark(text), dark(PAPER)) >= 4.5, "{text:?}");
        }
        for font in [TITLE, SUBTITLE, NAME, NOTE] {
            assert!(font.size >= 11.0);
        }
    }

    #[test]
    fn ink_stands_out_from_any_ground() {
        for grey in 0..=255 {
            let ground = RGBColor(grey, grey, grey);
            assert!(contrast(ink(ground), ground) >= 4.5, "{ground:?}");
        }
        assert!(DARK.iter().all(|(light, _)| ![ON_PALE, ON_DEEP].contains(light)));
    }

    #[test]
    fn arms_of_one_colour_differ_in_dashes() {
        for (a, b) in (0..20).flat_map(|a| (0..a).map(move |b| (Look::of(a), Look::of(b)))) {
            assert!(a.colour != b.colour || a.dash != b.dash);
        }
    }
}
