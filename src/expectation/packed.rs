//! A figure without each part of the devices, as a baseline keeps it: by how many steps each differs from the figure of
//! all, the step being one of its last digit. Nobody reads these numbers, and few bytes are enough for them.

use super::baseline::rounded;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// More parts no sample has.
const MOST_PARTS: usize = 1 << 16;

/// Numbers have so many digits, of which the first is not counted.
const DIGITS: i32 = 5;

/// The widest range of digits in which whole numbers are exact.
const RANGE: i32 = 14;

/// No power of ten is further out.
const FARTHEST: i32 = 290;

fn step_of(value: Option<f64>, without: &[Option<f64>]) -> i32 {
    let sizes = [value].into_iter().chain(without.iter().copied()).flatten().map(f64::abs);
    let orders = sizes.filter(|size| *size > 0.0).map(|size| libm::floor(libm::log10(size)) as i32);
    let (least, most) =
        orders.fold((i32::MAX, i32::MIN), |(least, most), order| (least.min(order), most.max(order)));
    match most {
        i32::MIN => 0,
        _ => (least - DIGITS).max(most - RANGE).clamp(-FARTHEST, FARTHEST),
    }
}

fn steps(number: f64, step: i32) -> i64 {
    let power = libm::pow(10.0, f64::from(step.abs()));
    libm::round(if step < 0 { number * power } else { number / power }) as i64
}

fn number(steps: i64, step: i32) -> f64 {
    let power = libm::pow(10.0, f64::from(step.abs()));
    rounded(if step < 0 { steps as f64 / power } else { steps as f64 * power })
}

/// The figure without each part, as text: `=N` where all N are the figure itself.
pub(super) fn pack(value: Option<f64>, without: &[Option<f64>]) -> String {
    if without.iter().all(|one| *one == value) {
        return format!("={}", without.len());
    }
    let step = step_of(value, without);
    let from = value.map_or(0, |value| steps(value, step));
    let mut bytes = Vec::new();
    for one in without {
        // None is 0; a difference is folded, so that small ones of either sign are small.
        let mut code = one.map_or(0, |one| {
            let apart = steps(one, step).wrapping_sub(from);
            ((apart << 1) ^ (apart >> 63)) as u64
        });
        code = if one.is_some() { code.saturating_add(1) } else { 0 };
        while code > 0x7f {
            bytes.push(code as u8 | 0x80);
            code >>= 7;
        }
        bytes.push(code as u8);
    }
    format!("{step}:{}", BASE64_STANDARD.encode(bytes))
}

/// The same from its text; `None` if it is none.
pub(super) fn unpack(value: Option<f64>, text: &str) -> Option<Vec<Option<f64>>> {
    if let Some(number) = text.strip_prefix('=') {
        let number: usize = number.parse().ok().filter(|number| *number <= MOST_PARTS)?;
        return Some(vec![value; number]);
    }
    let (step, packed) = text.split_once(':')?;
    let step: i32 = step.parse().ok().filter(|step: &i32| (-FARTHEST..=FARTHEST).contains(step))?;
    let from = value.map_or(0, |value| steps(value, step));
    let (mut without, mut code, mut shift) = (Vec::new(), 0_u64, 0_u32);
    for byte in BASE64_STANDARD.decode(packed).ok()? {
        code |= u64::from(byte & 0x7f).checked_shl(shift)?;
        shift += 7;
        if byte & 0x80 == 0 {
            let folded = code.wrapping_sub(1);
            let apart = (folded >> 1) as i64 ^ -((folded & 1) as i64);
            without.push((code > 0).then(|| number(from.wrapping_add(apart), step)));
            (code, shift) = (0, 0);
        }
    }
    (shift == 0 && without.len() <= MOST_PARTS).then_some(without)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn figure() -> impl Strategy<Value = f64> {
        (-6_i32..9, 0.0..10.0_f64)
            .prop_map(|(order, number)| rounded(number * libm::pow(10.0, f64::from(order))))
    }

    proptest! {
        #[test]
        fn six_digits_come_back(value in proptest::option::of(figure()), without in proptest::collection::vec(proptest::option::of(figure()), 0..60)) {
            let back = unpack(value, &pack(value, &without)).unwrap();
            prop_assert_eq!(back.len(), without.len());
            let largest = without.iter().copied().chain([value]).flatten().fold(0.0, f64::max);
            for (back, was) in back.into_iter().zip(without) {
                prop_assert_eq!(back.is_some(), was.is_some());
                // What is smaller by many orders than the largest is known as well as that.
                let apart = back.zip(was).map_or(0.0, |(back, was)| (back - was).abs());
                prop_assert!(apart <= largest * 1e-13, "{:?} {:?}", back, was);
            }
        }

        #[test]
        fn near_ones_come_back_to_the_digit(value in 1.0..2e6_f64, parts in proptest::collection::vec(0.9..1.1_f64, 1..60)) {
            let value = rounded(value);
            let without: Vec<_> = parts.into_iter().map(|part| Some(rounded(value * part))).collect();
            prop_assert_eq!(unpack(Some(value), &pack(Some(value), &without)), Some(without));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[-=:0-9A-Za-z+/]{0,40}", value in proptest::option::of(any::<f64>())) {
            let _ = unpack(value, &text);
        }
    }

    #[test]
    fn what_does_not_vary_takes_three_letters() {
        assert_eq!(pack(Some(0.0), &[Some(0.0); 52]), "=52");
        assert_eq!(unpack(None, "=2"), Some(vec![None, None]));
        assert_eq!(unpack(None, "=99999999999"), None);
        assert_eq!(unpack(None, "0:gA=="), None);
    }
}
