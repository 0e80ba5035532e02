//! What is left, weighed and thinned: which of the places that nothing rules out stand for how many others.

use super::target::CUT;

/// With fewer effective places no share of them is told: a band would stand on a handful.
pub const FEWEST: f64 = 50.0;

/// How much a place counts whose worst observation is so many standard deviations off: what a normal law makes of that
/// one. Others that say the same again change nothing, so that an observation told twice counts once; of several that
/// are independent more is left than a product of all would leave.
pub fn weight(worst: f64) -> f64 {
    if worst <= CUT { libm::exp(-0.5 * worst * worst) } else { 0.0 }
}

/// Places that stem from the same one by moves, each with its weight.
pub type Family = Vec<(Vec<f64>, f64)>;

/// How many places of equal weight tell as much, where none stems from another: L. Kish, "Survey Sampling" (1965), 8.2.
pub fn effective(weights: impl Iterator<Item = f64>) -> f64 {
    let (sum, squares) =
        weights.fold((0.0, 0.0), |(sum, squares), weight| (sum + weight, squares + weight * weight));
    if squares > 0.0 { sum * sum / squares } else { 0.0 }
}

/// How many such strangers tell as much as these families: what it costs that those of a family are alike is in the same
/// book, 5.4.
pub fn strangers(families: &[Family]) -> f64 {
    let of = |family: &Family| family.iter().map(|(_, weight)| weight).sum::<f64>();
    let squares = |weights: &mut dyn Iterator<Item = f64>| weights.map(|weight| weight * weight).sum::<f64>();
    let sum: f64 = families.iter().map(of).sum();
    let each = squares(&mut families.iter().flatten().map(|(_, weight)| *weight));
    let together = squares(&mut families.iter().map(of));
    let alike = alikeness(families);
    let all = (1.0 - alike) * each + alike * together;
    if all > 0.0 { sum * sum / all } else { 0.0 }
}

/// How much more alike those of a family are than those of two: 1 where they are the same, 0 where it no longer shows
/// where they came from. Of the squares of how far they lie from each other, over all axes.
fn alikeness(families: &[Family]) -> f64 {
    let of = |places: &mut dyn Iterator<Item = &(Vec<f64>, f64)>| {
        // The sum over all pairs, each of both ways, of both weights, and of these times the square.
        let (mut sum, mut each, mut squares, mut first) = (0.0, 0.0, 0.0, Vec::<f64>::new());
        for (place, weight) in places {
            sum += weight;
            each += weight * weight;
            first.resize(place.len(), 0.0);
            for (moment, part) in first.iter_mut().zip(place) {
                *moment += weight * part;
                squares += weight * part * part;
            }
        }
        let apart = 2.0 * (sum * squares - first.iter().map(|moment| moment * moment).sum::<f64>());
        (sum * sum - each, apart)
    };
    let (all, far) = of(&mut families.iter().flatten());
    let (within, near) = families
        .iter()
        .map(|family| of(&mut family.iter()))
        .fold((0.0, 0.0), |(pairs, apart), own| (pairs + own.0, apart + own.1));
    // Where all are of one family, nothing tells them from another.
    let (pairs, apart) = (all - within, far - near);
    match within > 0.0 {
        true if pairs > 0.0 && apart > 0.0 => (1.0 - (near / within) / (apart / pairs)).clamp(0.0, 1.0),
        true => 1.0,
        false => 0.0,
    }
}

/// The value below which this part of the weight lies, half of its own being below each: between two that stand next to
/// each other in proportion.
pub fn quantile(values: &[(f64, f64)], part: f64) -> Option<f64> {
    let mut sorted: Vec<(f64, f64)> = values.iter().copied().filter(|(_, weight)| *weight > 0.0).collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let wanted = part * sorted.iter().map(|(_, weight)| weight).sum::<f64>();
    let (mut below, mut last) = (0.0, None);
    for (value, weight) in &sorted {
        let middle = below + weight / 2.0;
        if middle >= wanted {
            return Some(match last {
                Some((before, at)) => before + (value - before) * (wanted - at) / (middle - at),
                None => *value,
            });
        }
        last = Some((*value, middle));
        below += weight;
    }
    last.map(|(value, _)| value)
}

/// The mean of values by their weight.
pub fn mean(values: &[(f64, f64)]) -> Option<f64> {
    let sum: f64 = values.iter().map(|(_, weight)| weight).sum();
    (sum > 0.0).then(|| values.iter().map(|(value, weight)| value * weight).sum::<f64>() / sum)
}

/// So many of these places that lie far from each other, the heaviest first, with the weight of all that are nearest to
/// each; weights sum to 1. In order of the places.
pub fn thinned(places: &[Vec<f64>], weights: &[f64], count: usize) -> Vec<(usize, f64)> {
    let apart = |a: usize, b: usize| -> f64 {
        places[a].iter().zip(&places[b]).map(|(a, b)| (a - b) * (a - b)).sum()
    };
    let first = (0..places.len()).filter(|place| weights[*place] > 0.0);
    let Some(first) = first.reduce(|best, next| if weights[next] > weights[best] { next } else { best })
    else {
        return Vec::new();
    };
    let mut chosen = vec![first];
    // Of each place the nearest that was chosen, by its rank among these, and how far that is.
    let mut nearest: Vec<(usize, f64)> = (0..places.len()).map(|place| (0, apart(place, first))).collect();
    while chosen.len() < count {
        let open = (0..places.len()).filter(|place| weights[*place] > 0.0 && nearest[*place].1 > 0.0);
        let farthest = open.reduce(|best, next| if nearest[next].1 > nearest[best].1 { next } else { best });
        let Some(next) = farthest else { break };
        for (place, near) in nearest.iter_mut().enumerate() {
            let far = apart(place, next);
            if far < near.1 {
                *near = (chosen.len(), far);
            }
        }
        chosen.push(next);
    }
    let sum: f64 = weights.iter().sum();
    let mut members: Vec<(usize, f64)> = chosen.iter().map(|place| (*place, 0.0)).collect();
    for (place, (near, _)) in nearest.iter().enumerate() {
        members[*near].1 += weights[place] / sum;
    }
    members.sort_by_key(|(place, _)| *place);
    members
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_weights() {
        let alike: Vec<(f64, f64)> = (0..100).map(|n| (f64::from(n), 1.0)).collect();
        for (part, value) in [(0.05, 4.5), (0.5, 49.5), (0.95, 94.5)] {
            assert!((quantile(&alike, part).unwrap() - value).abs() < 1e-9);
        }
        // A place of double weight stands for two.
        let twice = [(1.0, 1.0), (2.0, 2.0), (3.0, 1.0)];
        let copies = [(1.0, 1.0), (2.0, 1.0), (2.0, 1.0), (3.0, 1.0)];
        assert_eq!(quantile(&twice, 0.5), quantile(&copies, 0.5));
        assert_eq!(mean(&twice), mean(&copies));
        assert_eq!((quantile(&[], 0.5), quantile(&[(7.0, 0.1)], 0.05)), (None, Some(7.0)));
        assert_eq!(quantile(&[(7.0, 0.1), (9.0, 0.0)], 1.0), Some(7.0));
    }

    #[test]
    fn equal_weights_count_in_full_and_a_lone_one_alone() {
        assert!((effective([0.2; 60].into_iter()) - 60.0).abs() < 1e-9);
        assert!(effective([1.0, 1e-9, 1e-9].into_iter()) < 1.001);
        assert_eq!(effective(std::iter::empty()), 0.0);
        let alone = |weight: f64| vec![(vec![weight], weight)];
        assert!((strangers(&[0.2; 60].map(alone)) - 60.0).abs() < 1e-9);
        assert_eq!(strangers(&[]), 0.0);
    }

    #[test]
    fn what_stems_from_the_same_counts_by_how_far_it_has_gone() {
        // Five places, each moved eight times by so much of how far they are apart.
        let families = |far: f64| -> Vec<Family> {
            let member = |family: u32, member: u32| {
                let part = f64::from((member * 37 + family * 13) % 64) / 64.0;
                (vec![(1.0 - far) * f64::from(family) / 4.0 + far * part], 1.0)
            };
            (0..5).map(|family| (0..8).map(|own| member(family, own)).collect()).collect()
        };
        assert!((strangers(&families(0.0)) - 5.0).abs() < 1e-9);
        assert!((5.0..6.0).contains(&strangers(&families(0.1))));
        assert!(strangers(&families(1.0)) > 30.0);
        // Of one family it is not known what another would be like.
        assert!((strangers(&families(1.0)[..1]) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn thinning_keeps_the_weight_and_the_extent() {
        let places: Vec<Vec<f64>> = (0..=100).map(|n| vec![f64::from(n) / 100.0]).collect();
        let weights: Vec<f64> = (0..=100).map(|n| if n < 50 { 3.0 } else { 1.0 }).collect();
        let members = thinned(&places, &weights, 11);
        assert_eq!(members.len(), 11);
        assert!((members.iter().map(|(_, weight)| weight).sum::<f64>() - 1.0).abs() < 1e-12);
        assert!(members[0].0 == 0 && members[10].0 == 100);
        let below: f64 = members.iter().filter(|(place, _)| *place < 50).map(|(_, weight)| weight).sum();
        assert!((below - 150.0 / 201.0).abs() < 0.1, "{below}");
        // There are no more than there are different ones.
        assert_eq!(thinned(&[vec![0.5], vec![0.5]], &[1.0, 1.0], 8).len(), 1);
        assert!(thinned(&[], &[], 8).is_empty());
    }
}
