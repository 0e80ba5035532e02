//! The mail client and its key: what it does when it is opened, closed, launched, resumed or ended.

mod cause;
mod config;
mod endings;
mod keys;
mod mail_client;

pub use cause::{BLOCKER_READS, DelayCause, blocker};
pub use config::{AfterHours, Config, Expiry, KeyInMemory, OnMissingKey, Requests};
pub use keys::{Ground, key_access, key_readable_without_process, may_lack_key, refuses_launch, stores_key};
pub use mail_client::Client;
