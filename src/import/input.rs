//! What an input is, by its content, and who reads it.

use super::account::Account;
use super::database::{self, Store};
use super::gathered::{Desk, Gathered};
use super::lines::Lines;
use super::log::DeviceLog;
use super::source::{Reader, Source};
use super::tar::{self, End};
use flate2::read::MultiGzDecoder;
use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

/// How much of strangers' files is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Bytes of a database, which is held in memory.
    pub database: u64,
    /// Bytes of a text that is read at once.
    pub document: u64,
    /// Rows of a table.
    pub rows: u64,
    /// Files of an archive.
    pub files: u64,
    /// Bytes that all that is packed may become.
    pub unpacked: u64,
    /// Into how many bytes one packed byte may grow, once it is worth a look.
    pub growth: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            database: 512 << 20,
            document: 16 << 20,
            rows: 4_000_000,
            files: 1_000_000,
            unpacked: 64 << 30,
            growth: 200,
        }
    }
}

/// From here on growth is looked at: a few zeros pack well.
const WORTH_A_LOOK: u64 = 16 << 20;
/// An archive that is packed, of a file that is packed.
const MOST_LAYERS: u32 = 3;
/// In so many lines the heading of a log is found.
const FIRST_LINES: usize = 20;
/// By so many bytes everything is recognised.
const HEAD: usize = 8 << 10;
const GZIP: &[u8] = &[0x1f, 0x8b, 0x08];
/// The first chunk of a file of the unified log: its tag, and the tag below.
const TRACE: &[u8] = &[0x00, 0x10, 0x00, 0x00];

const UNIFIED: &str = "the unified log in its own form; write it as text first: log show --archive \
                       system_logs.logarchive --predicate 'process == \"dasd\"' --style ndjson > dasd.ndjson";
const KNOWN: &str = "a power log (.PLSQL), a background task log (.BGSQL), knowledgeC.db, dasd's lines as `log show` \
                     prints them (default or ndjson), an App Privacy Report, a JetsamEvent, a MetricKit payload, or \
                     an archive of these is needed";

/// What notes of an archive that breaks off begin with.
const ARCHIVE: &str = "the archive";
/// Two more ways in which `log show` prints: without a time zone, and as one object over many lines.
const COMPACT: &str =
    "the unified log as `--style compact` prints it, which has no time zone: write it with --style ndjson";
const OF_ONE: &str =
    "the unified log as `--style json` prints it: write it with --style ndjson, an object a line";

/// Reads inputs, one after the other, into one log.
pub struct Importer {
    log: DeviceLog,
    account: Account,
    client: Option<String>,
    limits: Limits,
    unpacked: Rc<Cell<u64>>,
}

/// What a file is.
enum FileKind {
    Gzip,
    Tar,
    Database,
    Text(Source),
    Trace,
    Unknown(&'static str),
}

impl Importer {
    /// An importer that knows which bundle is the client's.
    pub fn new(client: Option<&str>, limits: Limits) -> Importer {
        let client = client.map(String::from);
        let unpacked = Rc::new(Cell::new(limits.unpacked));
        Importer { log: DeviceLog::default(), account: Account::default(), client, limits, unpacked }
    }

    /// Reads an input.
    ///
    /// # Errors
    /// With what was found and what would be right, if nothing of it could be read.
    pub fn add(&mut self, from: &mut dyn Read) -> Result<(), String> {
        let before = self.account.files;
        self.file(from, 0).map_err(|error| match error {
            Fault::Content(why) => why,
            Fault::Io(error) => format!("it cannot be read: {error}"),
        })?;
        match self.account.files > before {
            true => Ok(()),
            false => {
                // What was not reached may have been a log.
                let broken = self.account.notes.iter().filter(|note| note.starts_with(ARCHIVE)).cloned();
                let broken: String =
                    broken.map(|note| format!(", and {}", note.replace("; ", ": "))).collect();
                Err(format!("it is an archive without any log that is known{broken}; {KNOWN}"))
            }
        }
    }

    /// Everything that was found, in order.
    pub fn finish(self) -> Gathered {
        let Importer { mut log, account, client, .. } = self;
        log.settle();
        Gathered { log, account, client }
    }

    fn file(&mut self, from: &mut dyn Read, layer: u32) -> Result<(), Fault> {
        let mut head = Vec::with_capacity(HEAD);
        from.take(HEAD as u64).read_to_end(&mut head)?;
        let kind = recognised(&head);
        let mut whole = head.chain(from);
        match kind {
            FileKind::Gzip | FileKind::Tar if layer == MOST_LAYERS => {
                Err(Fault::Content("it is packed more often than anything of a phone".into()))
            }
            FileKind::Gzip => {
                let packed = Rc::new(Cell::new(0));
                let counted = Counted { from: whole, count: packed.clone() };
                let limits = (self.limits.growth, self.unpacked.clone());
                let from = MultiGzDecoder::new(counted);
                let mut grown = Grown { from, packed, grown: 0, limits, broken: None };
                let read = self.file(&mut grown, layer + 1);
                if let Some(why) = grown.broken {
                    let what = "what came before was read";
                    self.account.note(format!("a packed file cannot be read to its end ({why}); {what}"));
                }
                read
            }
            FileKind::Tar => self.archive(&mut whole, layer + 1),
            FileKind::Database => {
                let bytes = at_once(&mut whole, self.limits.database, "database")?;
                self.database(bytes)
            }
            FileKind::Text(source) => self.text(source, &mut whole),
            FileKind::Trace => Err(Fault::Content(format!("it is {UNIFIED}"))),
            FileKind::Unknown(what) => Err(Fault::Content(format!("it is {what}; {KNOWN}"))),
        }
    }

    fn archive(&mut self, from: &mut dyn Read, layer: u32) -> Result<(), Fault> {
        let most = self.limits.files;
        let mut from = from;
        let end = tar::each(&mut from, most, |content| match self.file(content, layer) {
            Ok(()) => Ok(()),
            // Of a sysdiagnose nearly every file is of no use here, and one that is broken hides no other.
            Err(Fault::Content(why)) => {
                self.account.leave(why.split("; ").next().unwrap_or_default());
                if why.contains(UNIFIED) {
                    self.account.note(format!("the archive has {UNIFIED}"));
                }
                Ok(())
            }
            // If it is the archive itself, what follows cannot be read either.
            Err(Fault::Io(error)) => {
                self.account.leave(&error.to_string());
                Ok(())
            }
        });
        let why = match end {
            Ok(End::Whole) => return Ok(()),
            Ok(End::CutOff) => format!("{ARCHIVE} is cut off; what came before was read"),
            Ok(End::Damaged) => format!("{ARCHIVE} is damaged; what came before was read"),
            Ok(End::TooMany) => {
                format!("{ARCHIVE} has more than {most} files; the first of them were read")
            }
            Err(error) => {
                format!("{ARCHIVE} cannot be read to its end ({error}); what came before was read")
            }
        };
        self.account.note(why);
        Ok(())
    }

    fn database(&mut self, bytes: Vec<u8>) -> Result<(), Fault> {
        let store = Store::open(bytes, &self.limits).map_err(Fault::Content)?;
        if let Some([there, of]) = store.cut {
            self.account
                .note(format!("a database is cut off after {there} of its {of} pages: these were read"));
        }
        let mut any = false;
        for source in Source::ALL {
            let Reader::Database(table, read) = source.reader() else { continue };
            if !store.tables().any(|name| name.starts_with(table)) {
                continue;
            }
            any = true;
            if let Err(why) = read(&store, &mut self.desk(source)) {
                self.account.note(format!("{}: {why}", source.called()));
            }
        }
        match any {
            true => {
                self.account.files += 1;
                self.log.next_file();
                Ok(())
            }
            false => Err(Fault::Content(format!(
                "it is a database of another kind: none of its {} tables is known; {KNOWN}",
                store.tables().count()
            ))),
        }
    }

    fn text(&mut self, source: Source, from: &mut dyn Read) -> Result<(), Fault> {
        match source.reader() {
            Reader::Lines(_, read) => {
                let mut lines = Lines::new(from);
                let read = read(&mut lines, &mut self.desk(source));
                if lines.cut > 0 {
                    self.account.note(format!(
                        "{}: {} lines are longer than any, and were cut",
                        source.called(),
                        lines.cut
                    ));
                }
                // What came before counts.
                if let Err(why) = read {
                    self.account.note(format!("{}: {why}", source.called()));
                }
            }
            Reader::Document(_, read) => {
                let bytes = at_once(from, self.limits.document, "text")?;
                let text = String::from_utf8_lossy(&bytes);
                read(&text, &mut self.desk(source)).map_err(Fault::Content)?;
            }
            Reader::Database(..) => {}
        }
        self.account.files += 1;
        self.log.next_file();
        Ok(())
    }

    fn desk(&mut self, source: Source) -> Desk<'_> {
        Desk { source, log: &mut self.log, account: &mut self.account, limits: &self.limits }
    }
}

/// Why a file was not read.
enum Fault {
    Content(String),
    Io(io::Error),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Fault {
        Fault::Io(error)
    }
}

fn recognised(head: &[u8]) -> FileKind {
    if head.starts_with(GZIP) {
        return FileKind::Gzip;
    }
    if tar::begins(head) {
        return FileKind::Tar;
    }
    if head.starts_with(database::MAGIC) {
        return FileKind::Database;
    }
    if head.starts_with(TRACE) {
        return FileKind::Trace;
    }
    if head.is_empty() {
        return FileKind::Unknown("empty");
    }
    if head.contains(&0) {
        return FileKind::Unknown("binary, of an unknown kind");
    }
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let is_of = |source: &Source| match source.reader() {
        Reader::Lines(is, _) | Reader::Document(is, _) => is(text),
        Reader::Database(..) => false,
    };
    let is_compact =
        || text.lines().take(FIRST_LINES).any(|line| line.starts_with("Timestamp ") && line.contains(" Ty "));
    let is_of_one =
        || text.starts_with('[') && (text.contains("\"eventMessage\"") || text.contains("\"traceID\""));
    let unknown = match () {
        () if is_compact() => COMPACT,
        () if is_of_one() => OF_ONE,
        () => "a text of an unknown kind",
    };
    Source::ALL.into_iter().find(is_of).map_or(FileKind::Unknown(unknown), FileKind::Text)
}

fn at_once(from: &mut dyn Read, most: u64, what: &str) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    from.take(most + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > most {
        true => {
            Err(Fault::Content(format!("it is a {what} of more than {} MB, which is not read", most >> 20)))
        }
        false => Ok(bytes),
    }
}

/// Counts what is read.
struct Counted<R> {
    from: R,
    count: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let many = self.from.read(into)?;
        self.count.set(self.count.get() + many as u64);
        Ok(many)
    }
}

/// What was packed, as long as it does not grow like a bomb.
struct Grown<R> {
    from: R,
    packed: Rc<Cell<u64>>,
    grown: u64,
    /// Growth, and what all that is packed may still become.
    limits: (u64, Rc<Cell<u64>>),
    /// Why it breaks off: what came before is all there is.
    broken: Option<io::Error>,
}

impl<R: Read> Read for Grown<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let many = match self.from.read(into) {
            Err(error) if self.grown > 0 => {
                self.broken = Some(error);
                0
            }
            read => read? as u64,
        };
        self.grown += many;
        let (growth, left) = &self.limits;
        let is_bomb = self.grown > WORTH_A_LOOK && self.grown / growth > self.packed.get();
        if is_bomb || left.get() < many {
            return Err(io::Error::other("it unpacks into more than any log of a phone"));
        }
        left.set(left.get() - many);
        Ok(many as usize)
    }
}
