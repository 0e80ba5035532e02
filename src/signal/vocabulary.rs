//! The vocabulary of signals, and sets of words: which ones a model listens to.

use super::Signal;

macro_rules! words {
    ($($name:ident)*) => {
        /// Which signal it is, without what it carries.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
        #[repr(u8)]
        #[allow(missing_docs)]
        pub enum Word { $($name),* }

        impl Word {
            /// Every word, in the order in which signals are declared.
            pub const ALL: &'static [Word] = &[$(Word::$name),*];
        }

        impl Signal {
            /// Which signal it is.
            #[inline]
            pub const fn word(&self) -> Word {
                match self { $(Signal::$name { .. } => Word::$name,)* }
            }
        }
    };
}
words! {
    MailArrived
    PickedUp
    Glanced
    PutDown
    AppOpened
    ClientOpened
    ClientClosed
    ForceQuit
    Unlocked
    Locked
    KeychainClosed
    Rebooted
    Network
    PluggedIn
    Unplugged
    Battery
    LowPowerMode
    MemoryPressure
    AppTerminated
    Terminated
    HabitsRefreshed
    UnusedApp
    RefreshRequested
    RefreshReplaced
    RefreshCancelled
    RefreshLaunched
    EnergyBudget
    DataBudget
    BudgetDenies
    Process
    KeyRead
    KeyDropped
    KeyStored
    AuthorizationExpired
    CheckStarted
    CheckEnded
    Notified
    KeptQuiet
}

/// A set of words, such as those a model listens to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Words(u64);

impl Words {
    /// Every word.
    pub const ALL: Words = Words(u64::MAX);
    /// No word.
    pub const NONE: Words = Words(0);

    /// These words.
    pub const fn of(words: &[Word]) -> Words {
        let (mut set, mut index) = (0, 0);
        while index < words.len() {
            set |= 1 << words[index] as u8;
            index += 1;
        }
        Words(set)
    }

    /// Whether a word is among them.
    pub const fn has(self, word: Word) -> bool {
        self.0 >> word as u8 & 1 == 1
    }
}
