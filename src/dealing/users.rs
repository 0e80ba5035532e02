//! Which user of a trace a member of a group follows.

use crate::random::mix;

/// The user of member `rank`: each round deals every user once, in an order of its own, so that in every
/// prefix all users are followed equally often, but for one.
///
/// # Panics
/// If there are no users.
pub fn user_of(key: u64, users: u32, rank: u32) -> u32 {
    let (round, place) = (rank / users, rank % users);
    let mut dealt: Vec<(u64, u32)> =
        (0..users).map(|user| (mix(key ^ mix(u64::from(round) << 32 | u64::from(user))), user)).collect();
    dealt.sort_unstable();
    dealt[place as usize].1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dealing::key_of;

    #[test]
    fn each_round_deals_every_user_once() {
        for users in [1, 2, 7, 24] {
            for round in 0..20 {
                let mut dealt: Vec<u32> = (0..users)
                    .map(|place| user_of(key_of(&["trace", "a"]), users, round * users + place))
                    .collect();
                dealt.sort_unstable();
                assert_eq!(dealt, (0..users).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn the_users_are_those_of_the_reference() {
        let dealt: Vec<u32> = (0..15).map(|rank| user_of(key_of(&["trace", "office"]), 5, rank)).collect();
        assert_eq!(dealt, [3, 0, 1, 2, 4, 3, 4, 0, 1, 2, 3, 1, 4, 0, 2]);
    }
}
