//! What several inputs say together, and the desk at which a reader works.

use super::account::{Account, Part};
use super::input::Limits;
use super::log::{App, DeviceLog};
use super::source::Source;

/// What all inputs say.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Gathered {
    /// The timelines.
    pub log: DeviceLog,
    /// What became of everything that was looked at.
    pub account: Account,
    /// The bundle of the client, if that was said.
    pub client: Option<String>,
}

impl Gathered {
    /// Whether an app, a task or an extension of it belongs to the client: its tasks and its extensions are named after it.
    pub fn is_client(&self, app: App) -> bool {
        let name = self.log.name(app);
        self.client.as_deref().is_some_and(|client| belongs(name, client))
    }
}

/// Reports of memory have the name of a process, which is at most the last word of a bundle (assumed).
fn belongs(name: &str, client: &str) -> bool {
    let rest = name.strip_prefix(client);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-']))
        || !name.contains('.')
            && client.rsplit('.').next().is_some_and(|process| process.eq_ignore_ascii_case(name))
}

/// Where a reader lays down what it finds.
pub(super) struct Desk<'a> {
    pub(super) source: Source,
    pub(super) log: &'a mut DeviceLog,
    pub(super) account: &'a mut Account,
    pub(super) limits: &'a Limits,
}

impl Desk<'_> {
    /// The account of a table or a text.
    pub(super) fn part(&mut self, table: &'static str) -> &mut Part {
        self.account.part(self.source, table)
    }
}

#[cfg(test)]
mod tests {
    use super::belongs;

    #[test]
    fn tasks_extensions_and_processes_are_of_their_client_and_no_others() {
        let client = "com.example.mail";
        for name in ["com.example.mail", "com.example.mail.refresh", "com.example.mail-sync", "Mail"] {
            assert!(belongs(name, client), "{name}");
        }
        for name in ["com.example.mailbox", "com.example", "mailbox", "", "org.mail"] {
            assert!(!belongs(name, client), "{name}");
        }
    }
}
