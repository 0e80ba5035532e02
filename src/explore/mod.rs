//! Answers those who turn a key and look: sessions that simulate device by device and say at any number of them what
//! is known so far, the controls that there are, and a day of one device. It takes no thread, no clock and no file,
//! so that it runs in a page as well as here.
//!
//! Every figure is worked out by what `run` and `compare` use, from the same sums: at N devices it is what these
//! print with `--devices N`, to the last digit.

mod catalogue;
mod controls;
mod files;
mod look;
mod request;
mod session;

pub use catalogue::catalogue;
pub use controls::{Control, controls, parted};
pub use request::{Explorer, unstyled};
pub use session::{Found, Session, Walker};
