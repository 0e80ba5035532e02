//! The hash of a fingerprint: without randomness, and the same on every machine.

use std::hash::Hasher;

/// A hash over all that was written to it, in that order. Every integer enters as 64 bits, so that neither
/// the width of a pointer nor that of an enum's discriminant leaves a trace; each is mixed whole, by a product of
/// twice the width folded to half of it, so that fields which differ in a few bits do not make up for each other.
#[derive(Clone, Copy, Default, Debug)]
pub struct Fingerprint(u64);

impl Hasher for Fingerprint {
    fn finish(&self) -> u64 {
        self.0
    }

    #[inline]
    fn write_u64(&mut self, value: u64) {
        let product = u128::from(self.0 ^ value) * 0xbf58_476d_1ce4_e5b9;
        let folded = (product >> 64) as u64 ^ product as u64;
        // The sum keeps zeroes from being written to zero without a trace.
        self.0 = folded.wrapping_add(0x9e37_79b9_7f4a_7c15);
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u8(*byte));
    }

    fn write_u8(&mut self, value: u8) {
        self.write_u64(value.into());
    }

    fn write_u16(&mut self, value: u16) {
        self.write_u64(value.into());
    }

    fn write_u32(&mut self, value: u32) {
        self.write_u64(value.into());
    }

    fn write_usize(&mut self, value: usize) {
        self.write_u64(value as u64);
    }

    #[inline]
    fn write_isize(&mut self, value: isize) {
        self.write_i64(value as i64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::{
        Battery, Check, CheckResult, Ended, KeyFailure, Notice, Process, Signal, ToldBy, Trigger,
    };
    use crate::time::Span;
    use proptest::prelude::*;
    use std::hash::Hash;

    fn code(of: impl Hash) -> u64 {
        let mut hash = Fingerprint::default();
        of.hash(&mut hash);
        hash.finish()
    }

    /// Worked out by a program in another language: the place of the variant among the signals, then what it
    /// carries, field by field. They are the same on every machine, or a fingerprint is worth nothing.
    #[test]
    fn known_signals_have_known_codes() {
        let check = Check {
            trigger: Trigger::BackgroundRefresh,
            launched: true,
            key: Err(KeyFailure::KeychainLocked),
        };
        for (signal, expected) in [
            (Signal::MailArrived, 0x9e37_79b9_7f4a_7c15),
            (Signal::Glanced(Span::from_secs(4)), 0xe54b_9a2e_d0e8_f18e),
            (Signal::Battery(Battery { charge: 700, in_hand: -3, idle: -1 }), 0x2a28_1934_bb63_0ab2),
            (Signal::EnergyBudget(-7), 0x4399_f41f_ae72_68e1),
            (Signal::Process(Process::NotRunning(Ended::Reboot)), 0x7c7b_6c10_86e7_efcf),
            (Signal::CheckStarted(check), 0x8af1_3cd0_bb07_bfda),
            (Signal::CheckEnded(CheckResult::NewMail(2)), 0xca43_e834_f3ca_138f),
            (Signal::Notified(Notice { first: 9, mails: 2, by: ToldBy::HoursBegin }), 0x6abf_d473_8e98_0dcb),
        ] {
            assert_eq!(code(signal), expected, "{signal:?} has {:#018x}", code(signal));
        }
    }

    #[test]
    fn neither_the_width_of_a_pointer_nor_that_of_a_discriminant_leaves_a_trace() {
        let of = |write: fn(&mut Fingerprint)| {
            let mut hash = Fingerprint::default();
            write(&mut hash);
            hash.finish()
        };
        let five = of(|hash| hash.write_u64(5));
        let narrow: [fn(&mut Fingerprint); 6] = [
            |hash| hash.write_u8(5),
            |hash| hash.write_u16(5),
            |hash| hash.write_u32(5),
            |hash| hash.write_usize(5),
            |hash| hash.write_isize(5),
            |hash| hash.write(&[5]),
        ];
        assert!(narrow.into_iter().all(|write| of(write) == five));
        assert_eq!(of(|hash| hash.write_isize(-1)), of(|hash| hash.write_i64(-1)));
    }

    proptest! {
        #[test]
        fn batteries_that_differ_in_anything_differ_in_their_code(
            one in (0..3_u64, -3..3_i64, -3..3_i64), other in (0..3_u64, -3..3_i64, -3..3_i64), shift in 0..40,
        ) {
            let battery = |(charge, in_hand, idle): (u64, i64, i64)| {
                code(Signal::Battery(Battery { charge: charge << shift, in_hand: in_hand << shift, idle: idle << shift }))
            };
            prop_assert_eq!(battery(one) == battery(other), one == other);
        }
    }
}
