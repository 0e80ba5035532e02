//! The file of a part: JSON, a line for each thing. The first says what it is a part of, then come its sums, then the
//! files of its rows, and last a hash of all lines before, without which it is no part.

use super::{Shard, Work};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::io::{self, BufRead, Read, Write};

/// The version of the format.
const SCHEMA: u32 = 1;
/// How the file of a part begins: what does not is not read on.
const BEGINS: &[u8] = br#"{"bgsim_part":"#;
/// No line is longer.
const LONGEST_LINE: u64 = 1 << 30;

/// What a part is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Part {
    schema: u32,
    /// Its number, and how many there are.
    part: [u32; 2],
    /// What it is a part of.
    pub work: Work,
}

/// What tells the version of a part, whatever else it says.
#[derive(Deserialize)]
struct Headed {
    bgsim_part: Versioned,
}

#[derive(Deserialize)]
struct Versioned {
    schema: u32,
}

impl Part {
    /// A part of a piece of work.
    pub fn new(shard: Shard, work: Work) -> Part {
        Part { schema: SCHEMA, part: [shard.number(), shard.of()], work }
    }

    /// Which one it is.
    ///
    /// # Errors
    /// If there is no such part.
    pub fn shard(&self) -> Result<Shard, String> {
        Shard::new(self.part[0], self.part[1])
    }
}

/// Sums of some devices of a point.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Piece<S> {
    /// Which point, counted from 0.
    pub point: usize,
    /// The first of its devices, and the first that is not among them.
    pub devices: [u32; 2],
    /// Their sums.
    pub sums: S,
}

/// A file of rows that belongs to a part.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RowsFile {
    /// What it is called in the record.
    pub name: String,
    /// How long it is.
    pub bytes: u64,
    /// Its SHA-256.
    pub sha256: String,
}

/// A line of the file.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line<S> {
    BgsimPart(Part),
    Piece(Piece<S>),
    Rows(Vec<RowsFile>),
    Sha256(String),
}

/// Writes a part.
pub struct PartWriter<W> {
    to: W,
    hash: Sha256,
}

impl<W: Write> PartWriter<W> {
    /// Begins one.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn begin(to: W, part: &Part) -> io::Result<PartWriter<W>> {
        let mut writer = PartWriter { to, hash: Sha256::new() };
        writer.line(&Line::<()>::BgsimPart(part.clone()))?;
        Ok(writer)
    }

    /// Adds sums, in the order of points and devices.
    ///
    /// # Errors
    /// If they cannot be written.
    pub fn piece<S: Serialize>(&mut self, piece: Piece<S>) -> io::Result<()> {
        self.line(&Line::Piece(piece))
    }

    /// Ends it.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn finish(mut self, rows: Vec<RowsFile>) -> io::Result<W> {
        self.line(&Line::<()>::Rows(rows))?;
        let hash = format!("{:x}", self.hash.clone().finalize());
        self.line(&Line::<()>::Sha256(hash))?;
        self.to.flush()?;
        Ok(self.to)
    }

    fn line<S: Serialize>(&mut self, line: &Line<S>) -> io::Result<()> {
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        if text.len() as u64 > LONGEST_LINE {
            let why = "what was read for it is too large for a part";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
        }
        self.hash.update(&text);
        self.to.write_all(&text)
    }
}

/// Why something is no part that can be read.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// It was cut off, or changed since.
    #[error("line {line}: {what}")]
    Line {
        /// Where.
        line: u64,
        /// What was found.
        what: String,
    },
    /// The system does not give it.
    #[error(transparent)]
    Read(#[from] io::Error),
}

/// What comes next in a part.
#[derive(Debug)]
pub enum Next<S> {
    /// Sums.
    Piece(Piece<S>),
    /// Its end, with the files of its rows; nothing before it was changed.
    End(Vec<RowsFile>),
}

/// Reads a part line by line.
pub struct PartReader<R> {
    lines: Lines<R>,
    part: Part,
}

struct Lines<R> {
    from: R,
    /// Of all that was read.
    hash: Sha256,
    text: Vec<u8>,
    number: u64,
}

impl<R: BufRead> PartReader<R> {
    /// Reads what it is.
    ///
    /// # Errors
    /// If it is no part.
    pub fn begin(mut from: R) -> Result<PartReader<R>, Broken> {
        let begins = from.fill_buf()?;
        let known = begins.len().min(BEGINS.len());
        if begins[..known] != BEGINS[..known] {
            return Err(Broken::Line { line: 1, what: "it does not say what it is a part of".into() });
        }
        let mut lines = Lines { from, hash: Sha256::new(), text: Vec::new(), number: 0 };
        let first = lines.next::<IgnoredAny>();
        // Another format may have other fields: that it is another is told first.
        match serde_json::from_slice(&lines.text) {
            Ok(Headed { bgsim_part: Versioned { schema } }) if schema != SCHEMA => {
                return Err(lines.broken(format!("its format is {schema}, and not {SCHEMA}")));
            }
            _ => {}
        }
        match first? {
            Line::BgsimPart(part) => Ok(PartReader { lines, part }),
            _ => Err(lines.broken("it does not say what it is a part of".into())),
        }
    }

    /// What it is.
    pub fn part(&self) -> &Part {
        &self.part
    }

    /// What comes next.
    ///
    /// # Errors
    /// If it was cut off, or changed.
    pub fn read_next<S: DeserializeOwned>(&mut self) -> Result<Next<S>, Broken> {
        let lines = &mut self.lines;
        match lines.next::<S>()? {
            Line::Piece(piece) => Ok(Next::Piece(piece)),
            Line::Rows(rows) => {
                let hash = format!("{:x}", lines.hash.clone().finalize());
                match lines.next::<IgnoredAny>()? {
                    Line::Sha256(told) if told == hash => {}
                    _ => return Err(lines.broken("its hash is not that of its lines".into())),
                }
                match lines.from.fill_buf()?.is_empty() {
                    true => Ok(Next::End(rows)),
                    false => Err(lines.broken("something follows its end".into())),
                }
            }
            _ => Err(lines.broken("sums are expected here".into())),
        }
    }

    /// Reads all of it; returns the files of its rows.
    ///
    /// # Errors
    /// If it was cut off, or changed.
    pub fn verify(mut self) -> Result<(Part, Vec<RowsFile>), Broken> {
        loop {
            if let Next::End(rows) = self.read_next::<IgnoredAny>()? {
                return Ok((self.part, rows));
            }
        }
    }
}

impl<R: BufRead> Lines<R> {
    fn next<S: DeserializeOwned>(&mut self) -> Result<Line<S>, Broken> {
        self.text.clear();
        self.number += 1;
        (&mut self.from).take(LONGEST_LINE).read_until(b'\n', &mut self.text)?;
        if self.text.last() != Some(&b'\n') {
            return Err(self.broken("it ends before it is whole".into()));
        }
        self.hash.update(&self.text);
        serde_json::from_slice(&self.text)
            .map_err(|error| self.broken(format!("this is no line of a part: {error}")))
    }

    fn broken(&self, what: String) -> Broken {
        Broken::Line { line: self.number, what }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shard::Maker;

    fn part() -> Part {
        let work = Work {
            tool: Maker::this(),
            words: vec!["run".into()],
            seed: 7,
            devices: vec![4],
            configuration: "none".into(),
            inputs: Vec::new(),
        };
        Part::new(Shard::new(2, 3).unwrap(), work)
    }

    fn piece(sums: u64) -> Piece<u64> {
        Piece { point: 0, devices: [0, 2], sums }
    }

    fn rows() -> Vec<RowsFile> {
        vec![RowsFile { name: "mail.csv".into(), bytes: 3, sha256: "0a".into() }]
    }

    fn written() -> Vec<u8> {
        let mut writer = PartWriter::begin(Vec::new(), &part()).unwrap();
        writer.piece(piece(5)).unwrap();
        writer.piece(piece(6)).unwrap();
        writer.finish(rows()).unwrap()
    }

    type Whole = (Part, Vec<Piece<u64>>, Vec<RowsFile>);

    fn read(bytes: &[u8]) -> Result<Whole, String> {
        let mut reader = PartReader::begin(bytes).map_err(|broken| broken.to_string())?;
        let mut pieces = Vec::new();
        loop {
            match reader.read_next().map_err(|broken| broken.to_string())? {
                Next::Piece(piece) => pieces.push(piece),
                Next::End(rows) => return Ok((reader.part().clone(), pieces, rows)),
            }
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        assert_eq!(part().shard(), Shard::new(2, 3));
        assert_eq!(read(&written()), Ok((part(), vec![piece(5), piece(6)], rows())));
        assert_eq!(PartReader::begin(&written()[..]).unwrap().verify().unwrap(), (part(), rows()));
        // The last line is the hash of those before, as `sha256sum` has it.
        let text = String::from_utf8(written()).unwrap();
        let (before, last) = text.trim_end().rsplit_once('\n').unwrap();
        assert_eq!(last, format!("{{\"sha256\":\"{:x}\"}}", Sha256::digest(format!("{before}\n"))));
    }

    #[test]
    fn what_was_cut_off_or_changed_anywhere_is_refused() {
        let whole = written();
        for place in 0..whole.len() {
            assert!(read(&whole[..place]).is_err(), "cut off at {place}");
            let mut changed = whole.clone();
            changed[place] ^= 1;
            assert!(read(&changed).is_err(), "changed at {place}");
            assert!(
                PartReader::begin(&changed[..]).and_then(PartReader::verify).is_err(),
                "changed at {place}"
            );
        }
    }

    #[test]
    fn what_is_no_part_is_told_by_its_line() {
        let text = String::from_utf8(written()).unwrap();
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let future = text.replacen("\"schema\":1", "\"schema\":2", 1);
        let other_fields = "{\"bgsim_part\":{\"schema\":2}}\n";
        for (text, says) in [
            (String::new(), "line 1: it ends before it is whole"),
            ("{\"bgsim".into(), "line 1: it ends before it is whole"),
            ("hello".into(), "line 1: it does not say what it is a part of"),
            (future, "line 1: its format is 2, and not 1"),
            (other_fields.into(), "line 1: its format is 2, and not 1"),
            (lines[..2].concat(), "line 3: it ends before it is whole"),
            (lines[..4].concat(), "line 5: it ends before it is whole"),
            (lines[0].repeat(2), "line 2: sums are expected here"),
            (text.replace("\"sums\":6", "\"sums\":7"), "line 5: its hash is not that of its lines"),
            (lines[..4].concat() + lines[1], "line 5: its hash is not that of its lines"),
            (text.clone() + "\n", "line 5: something follows its end"),
            (text.replace("\"point\"", "\"points\""), "line 2: this is no line of a part: "),
        ] {
            let found = read(text.as_bytes()).unwrap_err();
            assert!(found.starts_with(says), "{says}: {found}");
        }
    }
}
