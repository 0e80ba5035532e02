//! Where labels go, so that none lies on another and none runs off the sheet, and what may stand in them.

pub(crate) use crate::scenario::is_unseen;

use super::human::trimmed;
use super::paint::letters_of;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Centres for labels of this height, as near as can be to where each is wanted and in that order, within
/// `top` to `bottom`. They never overlap, provided that all fit there at all.
///
/// Stacked without gaps, label i is wanted at `wanted[i] - i * height` above its place in the stack, and
/// these must not fall: least squares under an order, which pooling adjacent violators solves exactly
/// (M. Ayer et al., Ann. Math. Stat. 26 (1955), 641–647).
pub(crate) fn dodge(wanted: &[f64], height: f64, top: f64, bottom: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|&a, &b| wanted[a].total_cmp(&wanted[b]));
    // Pools of labels that touch: their mean offset and their number.
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for (place, &label) in order.iter().enumerate() {
        pools.push((wanted[label] - place as f64 * height, 1));
        while let [.., (above, many), (below, more)] = pools[..]
            && above > below
        {
            pools.truncate(pools.len() - 2);
            let total = above * many as f64 + below * more as f64;
            pools.push((total / (many + more) as f64, many + more));
        }
    }
    let first = top + height / 2.0;
    let lowest = (bottom - height * (wanted.len() as f64 - 0.5)).max(first);
    let offsets = pools.into_iter().flat_map(|(offset, many)| std::iter::repeat_n(offset, many));
    let mut centres = vec![0.0; wanted.len()];
    for ((place, label), offset) in order.into_iter().enumerate().zip(offsets) {
        centres[label] = offset.clamp(first, lowest) + place as f64 * height;
    }
    centres
}

/// How many letters wide a text is. Chinese, Japanese and Korean characters, and emoji, are as wide as two,
/// and an accent that combines with its letter takes no room, nor does paint.
pub(crate) fn letters(text: &str) -> usize {
    letters_of(text).map(UnicodeWidthStr::width).sum()
}

/// The spaces that make a text as wide as this.
pub(crate) fn padding(text: &str, width: usize) -> String {
    " ".repeat(width.saturating_sub(letters(text)))
}

/// The text cut to the width of this many letters, with an ellipsis where something is missing.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    if letters(text) <= most {
        return text.into();
    }
    format!("{}…", kept(text.chars(), most.saturating_sub(1)).trim_end())
}

/// The text cut to the width of this many letters in its middle: names that begin alike often differ at their
/// ends.
pub(crate) fn abridged(text: &str, most: usize) -> String {
    if letters(text) <= most {
        return text.into();
    }
    let room = most.saturating_sub(1);
    let head = kept(text.chars(), room.div_ceil(2));
    let tail: String = kept(text.chars().rev(), room / 2).chars().rev().collect();
    format!("{}…{}", head.trim_end(), tail.trim_start())
}

/// As much of a text as is no wider than this.
fn kept(text: impl Iterator<Item = char>, most: usize) -> String {
    let mut used = 0;
    let fits = |c: &char| {
        used += c.width().unwrap_or(1);
        used <= most
    };
    text.take_while(fits).collect()
}

/// A text in two lines: as many whole words as are no wider than this, and the rest. A first word that is
/// wider is not parted, and there is but one line.
pub(crate) fn in_two(text: &str, most: usize) -> (&str, &str) {
    let ends = text.match_indices(' ').map(|(place, _)| place);
    let fitting = ends.take_while(|end| letters(&text[..*end]) <= most).last();
    fitting.filter(|_| letters(text) > most).map_or((text, ""), |end| (&text[..end], &text[end + 1..]))
}

/// Values as they stand at an axis: numbers with a fraction in three digits, such as `2.33` for `2.33333333`,
/// or in as many more as tell them apart; the same for each.
pub(crate) fn in_few_digits(values: &[&str]) -> Vec<String> {
    let differ = |texts: &[String]| {
        let mut sorted: Vec<&String> = texts.iter().collect();
        sorted.sort();
        sorted.windows(2).all(|pair| pair[0] != pair[1])
    };
    let rounded = |digits| values.iter().map(|value| in_digits(value, digits)).collect::<Vec<_>>();
    (3..9)
        .map(rounded)
        .find(|texts| differ(texts))
        .unwrap_or_else(|| values.iter().map(|value| (*value).into()).collect())
}

/// A number before its unit, if there is any, in this many digits; whole ones stay as they are.
fn in_digits(value: &str, digits: i32) -> String {
    let end = value.find(|c: char| !matches!(c, '0'..='9' | '.' | '-')).unwrap_or(value.len());
    let (number, unit) = value.split_at(end);
    match number.parse::<f64>() {
        Ok(size) if number.contains('.') && size != 0.0 => {
            let before = libm::floor(libm::log10(size.abs())) as i32;
            trimmed(size, (digits - 1 - before).clamp(0, 12) as usize) + unit
        }
        _ => value.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn wide_letters_take_the_room_of_two_and_accents_none() {
        assert_eq!(
            ["Zürich", "Zu\u{308}rich", "受信箱", "저장", "📬", "— ±"].map(letters),
            [6, 6, 6, 4, 2, 3]
        );
        assert_eq!(["受", "ab", "abc"].map(|text| padding(text, 3)), [" ", " ", ""]);
    }

    #[test]
    fn labels_with_room_stay_and_others_part_evenly() {
        assert_eq!(dodge(&[50.0, 10.0], 10.0, 0.0, 100.0), [50.0, 10.0]);
        assert_eq!(dodge(&[50.0, 50.0], 10.0, 0.0, 100.0), [45.0, 55.0]);
        assert_eq!(dodge(&[0.0, 0.0, 100.0], 10.0, 0.0, 100.0), [5.0, 15.0, 95.0]);
        assert_eq!(dodge(&[], 10.0, 0.0, 100.0), Vec::<f64>::new());
        assert_eq!(shortened("Zürich", 6), "Zürich");
        assert_eq!(shortened("after first unlock", 7), "after…");
        assert_eq!(shortened("受信箱の方針", 6), "受信…");
    }

    #[test]
    fn names_that_begin_alike_still_differ_when_they_are_cut() {
        let names = ["a while, then the third way", "a while, then the fifth way"];
        assert_eq!(names.map(|name| abridged(name, 20)), ["a while, t…third way", "a while, t…fifth way"]);
        assert_eq!(abridged("Zürich", 6), "Zürich");
        assert_eq!(abridged("before first unlock", 9), "befo…lock");
        assert_eq!(abridged("受信箱の方針", 7), "受…針");
        assert!((0..9).all(|most| letters(&abridged("受信箱の方針", most)) <= most.max(1)));
    }

    #[test]
    fn a_long_text_breaks_between_words() {
        assert_eq!(in_two("one two three", 13), ("one two three", ""));
        assert_eq!(in_two("one two three", 8), ("one two", "three"));
        assert_eq!(in_two("one two three", 7), ("one two", "three"));
        assert_eq!(in_two("受信箱の方針 a", 7), ("受信箱の方針 a", ""));
    }

    #[test]
    fn axes_show_as_few_digits_as_tell_values_apart() {
        assert_eq!(
            in_few_digits(&["0.562341325", "2.33333333", "100", "31.6"]),
            ["0.562", "2.33", "100", "31.6"]
        );
        assert_eq!(in_few_digits(&["0.000123456s", "1234.56 mAh"]), ["0.000123s", "1235 mAh"]);
        assert_eq!(in_few_digits(&["10.01", "10.02"]), ["10.01", "10.02"]);
        assert_eq!(in_few_digits(&["1.2.3", "-2.0001", "false", "0.0"]), ["1.2.3", "-2", "false", "0.0"]);
        assert_eq!(in_few_digits(&["1.23456", "1.23456"]), ["1.23456", "1.23456"]);
    }

    proptest! {
        #[test]
        fn labels_never_overlap(
            wanted in proptest::collection::vec(-50.0..450.0f64, 1..20), height in 5.0..20.0f64,
        ) {
            let mut centres = dodge(&wanted, height, 0.0, 400.0);
            for (a, b) in wanted.iter().zip(&centres).flat_map(|a| wanted.iter().zip(&centres).map(move |b| (a, b))) {
                prop_assert!(a.0 >= b.0 || a.1 < b.1, "order is kept");
            }
            centres.sort_by(f64::total_cmp);
            prop_assert!(centres.windows(2).all(|w| w[1] - w[0] >= height - 1e-9));
            prop_assert!(centres[0] - height / 2.0 >= -1e-9);
            prop_assert!(centres[centres.len() - 1] + height / 2.0 <= 400.0 + 1e-9);
        }
    }
}
