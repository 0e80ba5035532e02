//! Sums over devices, in integers only, so that any order of merging gives the same bytes.

use super::adoption::Adoptions;
use super::course::{Course, WITHIN};
use super::products::{InTime, Products};
use crate::analysis::survival::Waits;
use crate::client::DelayCause;
use crate::signal::{Ended, ExtensionFailure, Held, KeyFailure, PushStage, ResultKind, ToldBy, Trigger};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::iter::Sum;
use std::ops::{AddAssign, SubAssign};
use strum::{VariantArray, VariantNames};

crate::named!(Outcome, Request);

/// What became of a mail.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, VariantArray, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum Outcome {
    /// Told by a notification with content.
    Notified,
    /// Told because it was seen in the client on the screen.
    OnOpen,
    /// Still waiting at the horizon.
    Undelivered,
}

/// What becomes of a refresh request.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, VariantArray, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum Request {
    /// The client asked.
    Submitted,
    /// The system let it run.
    Run,
    /// A newer one took its place.
    Replaced,
    /// The system dropped it.
    Cancelled,
}

const CAUSES: usize = DelayCause::ALL.len();
const OUTCOMES: usize = Outcome::ALL.len();

/// Sums over some devices.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Tally<W = Waits> {
    /// The plain counts.
    pub counts: Counts,
    /// Latencies of mail that arrived inside working hours (of all mail where none are set).
    pub waits: W,
    /// Times until users first learnt of mail, were it without content; where nothing is pushed none is kept.
    pub signals: W,
    /// Of mail of which users learnt without content first, times from then until they were told.
    pub details: W,
    /// How many devices these come from.
    pub carried: Carried,
    /// In a comparison, how many devices have another sum than in the first arm; of slices it is not kept.
    pub apart: Carried,
    /// How what was published has reached devices, by its number.
    pub adoption: Adoptions,
    /// How mail fared day by day; of slices it is not kept.
    pub course: Course,
    /// How devices differ in how much of their mail is told in time; of slices it is not kept.
    pub alike: Products,
    /// In a comparison, how each device goes with itself in the first arm; of slices it is not kept.
    pub beside: Products,
}

/// How many devices have a part in each sum: what stands on few is not known well, however large it is.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct Carried {
    /// Devices that count at all in each of the counts.
    pub counts: Counts,
    /// Devices with mail inside working hours.
    pub mail: u64,
    /// Of devices apart, those that were told of another number of mails within each time; else nothing.
    pub within: Within,
}

/// What a single device comes to in a run.
#[derive(Clone, Debug)]
pub struct Own {
    /// What it counts.
    pub counts: Counts,
    /// How many mails it was told of within each time.
    pub within: Within,
    /// Its mail, and how much of it was told in time.
    pub in_time: InTime,
}

/// Numbers of mail told within each of [`WITHIN`].
pub type Within = [u64; WITHIN.len()];

/// Declares the counts once, with their sums and differences.
macro_rules! counts {
    ($( #[doc = $what:literal] $name:ident: $type:ty, )*) => {
        /// Plain counts over some devices.
        #[derive(Clone, PartialEq, Debug, Default)]
        pub struct Counts { $( #[doc = $what] pub $name: $type, )* }

        impl AddAssign<&Counts> for Counts {
            fn add_assign(&mut self, other: &Counts) { $( self.$name.plus(&other.$name); )* }
        }
        impl SubAssign<&Counts> for Counts {
            fn sub_assign(&mut self, other: &Counts) { $( self.$name.minus(&other.$name); )* }
        }
        impl Counts {
            fn each_number(&self, take: &mut impl FnMut(u64)) { $( self.$name.each_number(take); )* }
            fn put_each(&mut self, next: &mut impl FnMut() -> u64) { $( self.$name.put_each(next); )* }
            /// Adds a device to each number that it made grow.
            fn carry(&mut self, before: &Counts, now: &Counts) {
                $( self.$name.carry(&before.$name, &now.$name); )*
            }
        }
    };
}

counts! {
    /// Devices.
    devices: u64,
    /// Mail that arrived in the measured span.
    arrived: u64,
    /// Of it, mail that a check found outside working hours and held back.
    held_back: u64,
    /// Of it, mail of which the first notification came outside working hours.
    notified_outside: u64,
    /// Of it, mail that arrived outside working hours.
    arrived_outside: u64,
    /// Mail by outcome.
    outcomes: [u64; OUTCOMES],
    /// Mail that arrived outside working hours, by outcome.
    outcomes_outside: [u64; OUTCOMES],
    /// Mail that was told, by what told of it.
    told_by: [u64; ToldBy::ALL.len()],
    /// Milliseconds of latency by cause, of told mail inside working hours.
    told_causes_ms: [u64; CAUSES],
    /// Milliseconds of waiting by cause, of undelivered mail inside working hours.
    undelivered_causes_ms: [u64; CAUSES],
    /// Checks by trigger and result.
    checks: [[u64; ResultKind::ALL.len()]; Trigger::ALL.len()],
    /// Key failures by reason.
    key_failures: [u64; KeyFailure::ALL.len()],
    /// Notifications.
    notifications: u64,
    /// Stages that pushes of mail came to.
    pushes: [u64; PushStage::ALL.len()],
    /// Extensions that left a push as it was, by reason.
    extension_failures: [u64; ExtensionFailure::ALL.len()],
    /// Background pushes that reached a device, by what became of them.
    background_pushes: [u64; Held::ALL.len()],
    /// Wakes of the client for background pushes.
    push_wakes: u64,
    /// Devices whose mail a server reads to write the text of pushes, at the end.
    server_reads: u64,
    /// Devices of which a key that opens the mail is kept elsewhere, at the end.
    key_leaves: u64,
    /// Openings of the client.
    openings: u64,
    /// Background launches.
    background_launches: u64,
    /// Background checks that ran, with or without success, and what other processes asked the server for in their place.
    background_checks: u64,
    /// Ends of the process by reason.
    terminations: [u64; Ended::ALL.len()],
    /// Milliseconds locked with the key readable without a process that holds it.
    readable_while_locked_ms: u64,
    /// Milliseconds locked with the key in memory.
    in_memory_while_locked_ms: u64,
    /// Milliseconds locked with the key within reach in either way.
    in_reach_while_locked_ms: u64,
    /// Milliseconds unlocked.
    unlocked_ms: u64,
    /// Milliseconds of the measured span after devices were retired.
    not_lived_ms: u64,
    /// Devices that were retired.
    retired: u64,
    /// Of them, those that a wipe has reached.
    wiped: u64,
    /// Milliseconds locked with the key within reach after that, until the wipe.
    in_reach_when_retired_ms: u64,
    /// Refresh requests by what became of them, from the origin.
    requests: [u64; Request::ALL.len()],
    /// Refresh requests pending at the horizon.
    requests_pending: u64,
    /// Alarms that went off, from the origin.
    events: u64,
    /// Wrapping sum of the devices' fingerprints.
    fingerprint: u64,
}

/// One number after the other: a program of another version has others, so that these are for the same one.
impl Serialize for Counts {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut numbers = Vec::new();
        self.each_number(&mut |number| numbers.push(number));
        numbers.serialize(to)
    }
}

impl<'de> Deserialize<'de> for Counts {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Counts, D::Error> {
        let numbers = Vec::<u64>::deserialize(from)?;
        let (mut counts, mut taken) = (Counts::default(), 0);
        counts.put_each(&mut || {
            taken += 1;
            numbers.get(taken - 1).copied().unwrap_or_default()
        });
        match taken == numbers.len() {
            true => Ok(counts),
            false => {
                Err(serde::de::Error::invalid_length(numbers.len(), &format!("{taken} counts").as_str()))
            }
        }
    }
}

trait Addable {
    fn plus(&mut self, other: &Self);
    fn minus(&mut self, other: &Self);
    fn each_number(&self, take: &mut impl FnMut(u64));
    fn put_each(&mut self, next: &mut impl FnMut() -> u64);
    fn carry(&mut self, before: &Self, now: &Self);
}

impl Addable for u64 {
    fn plus(&mut self, other: &u64) {
        *self = self.wrapping_add(*other);
    }
    fn minus(&mut self, other: &u64) {
        *self = self.wrapping_sub(*other);
    }
    fn each_number(&self, take: &mut impl FnMut(u64)) {
        take(*self);
    }
    fn put_each(&mut self, next: &mut impl FnMut() -> u64) {
        *self = next();
    }
    fn carry(&mut self, before: &u64, now: &u64) {
        *self += u64::from(before != now);
    }
}

impl<A: Addable, const N: usize> Addable for [A; N] {
    fn plus(&mut self, other: &[A; N]) {
        self.iter_mut().zip(other).for_each(|(sum, more)| sum.plus(more));
    }
    fn minus(&mut self, other: &[A; N]) {
        self.iter_mut().zip(other).for_each(|(sum, less)| sum.minus(less));
    }
    fn each_number(&self, take: &mut impl FnMut(u64)) {
        self.iter().for_each(|number| number.each_number(take));
    }
    fn put_each(&mut self, next: &mut impl FnMut() -> u64) {
        self.iter_mut().for_each(|number| number.put_each(next));
    }
    fn carry(&mut self, before: &[A; N], now: &[A; N]) {
        self.iter_mut().zip(before.iter().zip(now)).for_each(|(sum, (before, now))| sum.carry(before, now));
    }
}

impl Tally {
    /// Every number that a figure follows from, in an order that depends on nothing but what is counted. Who carries
    /// them follows from what each device counts.
    pub(super) fn each_number(&self, take: &mut impl FnMut(u64)) {
        self.counts.each_number(take);
        self.waits.each_number(take);
        self.signals.each_number(take);
        if self.details.mail() > 0 {
            self.details.each_number(take);
        }
        self.adoption.each_number(take);
    }
}

impl Tally {
    /// A device comes to this in the first arm of a comparison, and to that in the one of these sums.
    pub fn compare(&mut self, first: &Own, own: &Own) {
        self.apart.compare([&first.counts, &own.counts], [first.within, own.within]);
        self.beside.add(first.in_time, own.in_time);
    }
}

impl<W> Tally<W> {
    /// Whether what is added up without care for its end is no larger than this; counts wrap, and histograms see to
    /// themselves.
    pub(super) fn is_bounded(&self, most: u64) -> bool {
        let carried = [&self.carried, &self.apart].into_iter().all(|carried| carried.mail <= most);
        carried && self.course.is_bounded(most) && self.adoption.is_bounded(most)
    }

    /// A device has grown the counts from these, and had so many mails inside working hours.
    pub(super) fn carry(&mut self, before: &Counts, mail: u64) {
        self.carried.counts.carry(before, &self.counts);
        self.carried.mail += u64::from(mail > 0);
    }
}

impl Carried {
    fn compare(&mut self, [first, own]: [&Counts; 2], within: [Within; 2]) {
        self.counts.carry(first, own);
        self.within.carry(&within[0], &within[1]);
        self.counts.devices += 1;
        let waits = |counts: &Counts| {
            (counts.outcomes, counts.outcomes_outside, counts.told_causes_ms, counts.undelivered_causes_ms)
        };
        self.mail += u64::from(waits(first) != waits(own));
    }
}

impl AddAssign<&Carried> for Carried {
    fn add_assign(&mut self, other: &Carried) {
        self.counts += &other.counts;
        self.mail += other.mail;
        self.within.plus(&other.within);
    }
}

impl SubAssign<&Carried> for Carried {
    fn sub_assign(&mut self, other: &Carried) {
        self.counts -= &other.counts;
        self.mail -= other.mail;
        self.within.minus(&other.within);
    }
}

impl<W: for<'a> AddAssign<&'a W>> AddAssign<&Tally<W>> for Tally<W> {
    fn add_assign(&mut self, other: &Tally<W>) {
        self.counts += &other.counts;
        self.waits += &other.waits;
        self.signals += &other.signals;
        self.details += &other.details;
        self.carried += &other.carried;
        self.apart += &other.apart;
        self.adoption += &other.adoption;
        self.course += &other.course;
        self.alike += &other.alike;
        self.beside += &other.beside;
    }
}

impl SubAssign<&Tally> for Tally {
    fn sub_assign(&mut self, other: &Tally) {
        self.counts -= &other.counts;
        self.waits -= &other.waits;
        self.signals -= &other.signals;
        self.details -= &other.details;
        self.carried -= &other.carried;
        self.apart -= &other.apart;
        self.adoption -= &other.adoption;
        self.course -= &other.course;
        self.alike -= &other.alike;
        self.beside -= &other.beside;
    }
}

impl<'a> Sum<&'a Tally> for Tally {
    fn sum<I: Iterator<Item = &'a Tally>>(tallies: I) -> Tally {
        tallies.fold(Tally::default(), |mut sum, tally| {
            sum += tally;
            sum
        })
    }
}
