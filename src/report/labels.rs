//! Where labels go, so that none lies on another and none runs off the sheet, and what may stand in them.

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

/// How many letters wide a text is. Chinese, Japanese and Korean characters, and emoji, are as wide as two.
pub(crate) fn letters(text: &str) -> usize {
    text.chars().map(wide).sum()
}

fn wide(letter: char) -> usize {
    1 + usize::from(letter >= '\u{2E80}')
}

/// Whether a character is not seen itself but would change what is: controls, marks that turn the direction
/// of text, line separators, and what XML does not allow.
pub(crate) fn is_unseen(c: char) -> bool {
    let turns =
        matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    turns || c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
}

/// The text cut to the width of this many letters, with an ellipsis where something is missing.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    if letters(text) <= most {
        return text.into();
    }
    let mut used = 1;
    let fits = |c: &char| {
        used += wide(*c);
        used <= most
    };
    let kept: String = text.chars().take_while(fits).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
