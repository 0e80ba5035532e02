//! The parts that lie in some folders, if they are all of one piece of work, and all of them are there.

use super::Fault;
use super::interrupt::Stop;
use super::part_file::{name, named, open, rows_name};
use super::rows_form::{Form, RowsWriter};
use crate::shard::{Broken, Next, Part, PartReader, Piece, RowsFile, Shard, Work};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};

/// All parts of a piece of work.
pub(crate) struct Parts {
    /// What they are parts of.
    pub work: Work,
    /// Where each lies, and its files of rows.
    files: BTreeMap<Shard, (PathBuf, Vec<RowsFile>)>,
    /// Whether somebody wants it to end.
    stop: Stop,
}

/// No more parts that are missing are named.
const MOST_NAMED: usize = 8;

impl Parts {
    /// Finds them. Whatever else lies in the folders is left alone.
    pub(crate) fn find(folders: &[PathBuf], stop: Stop) -> Result<Parts, Fault> {
        let mut found: Vec<(Shard, PathBuf)> = Vec::new();
        for folder in folders {
            let fault = |error| Fault::io(format!("read {}", folder.display()), &error);
            let entries = match fs::read_dir(folder) {
                // The first of its parts makes it.
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                entries => entries.map_err(fault)?,
            };
            for entry in entries {
                let entry = entry.map_err(fault)?;
                if let Some(shard) = entry.file_name().to_str().and_then(named) {
                    found.push((shard, entry.path()));
                }
            }
        }
        found.sort();
        let Some((first, beside)) = found.first().cloned() else {
            let folders: Vec<String> = folders.iter().map(|folder| folder.display().to_string()).collect();
            return Err(Fault::Later(format!(
                "there is no part in {}; bgsim run, compare, sweep and sensitivity write parts by --shard",
                folders.join(", ")
            )));
        };
        if let Some((_, odd)) = found.iter().find(|(shard, _)| shard.of() != first.of()) {
            return Err(format!(
                "{} and {} are parts of different numbers of parts; remove those of one sort",
                beside.display(),
                odd.display()
            )
            .into());
        }
        // However often a folder is named, and by however many names, a file is one file.
        let is_one = |one: &Path, other: &Path| match (fs::canonicalize(one), fs::canonicalize(other)) {
            (Ok(one), Ok(other)) => one == other,
            _ => one == other,
        };
        found.dedup_by(|other, one| one.0 == other.0 && is_one(&one.1, &other.1));
        if let Some(twice) = found.windows(2).find(|two| two[0].0 == two[1].0) {
            return Err(both(twice)?.into());
        }
        let missing: Vec<String> = Shard::all(first.of())
            .filter(|shard| found.binary_search_by_key(shard, |(shard, _)| *shard).is_err())
            .map(name)
            .collect();
        // What is wrong with those that are there stays wrong when the others come.
        let parts = Parts::read(found, stop)?;
        if missing.is_empty() {
            return Ok(parts);
        }
        let more = match missing.len().saturating_sub(MOST_NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let named = missing[..missing.len().min(MOST_NAMED)].join(", ");
        let (all, gone) = (first.of(), missing.len());
        Err(Fault::Later(format!("of {all} parts {gone} are not there: {named}{more}")))
    }

    /// Reads each once: a part that is broken, or of something else, is found before anything is added up.
    fn read(found: Vec<(Shard, PathBuf)>, stop: Stop) -> Result<Parts, Fault> {
        let mut all: Option<(Work, PathBuf)> = None;
        let mut files = BTreeMap::new();
        for (shard, place) in found {
            stop.check()?;
            let (part, rows) = whole(&place)?;
            if part.shard() != Ok(shard) {
                return Err(format!("{} is another part than its name says", place.display()).into());
            }
            match &all {
                None => all = Some((part.work, place.clone())),
                Some((work, first)) => {
                    if let Some(apart) = part.work.differs(work) {
                        return Err(format!(
                            "{} is not a part of what {} is: {apart}",
                            place.display(),
                            first.display()
                        )
                        .into());
                    }
                }
            }
            for told in &rows {
                as_long_as_told(&place.with_file_name(rows_name(shard, &told.name)), told)?;
            }
            files.insert(shard, (place, rows));
        }
        let (work, _) = all.ok_or("there are no parts")?;
        Ok(Parts { work, files, stop })
    }

    /// Adds the sums of each point up, one after the other; `open` makes them of what a part says, where that can be,
    /// and `done` takes what is whole. No more than one part is in memory at a time.
    pub(crate) fn each_point<S, T>(
        &self,
        open_sums: impl Fn(usize, S, u32) -> Option<T>,
        add: impl Fn(&mut T, &T),
        mut done: impl FnMut(usize, T) -> Result<(), Fault>,
    ) -> Result<(), Fault>
    where
        S: DeserializeOwned,
    {
        let mut under_way: Option<(usize, u32, T)> = None;
        let mut next_point = 0;
        for (place, _) in self.files.values() {
            let mut reader =
                PartReader::begin(open(place).map_err(|error| unreadable(place, &error.into()))?)
                    .map_err(|why| unreadable(place, &why))?;
            while let Next::Piece(piece) = reader.read_next::<S>().map_err(|why| unreadable(place, &why))? {
                self.stop.check()?;
                let Piece { point, devices: [from, until], sums } = piece;
                let odd = || format!("{} has sums of other devices than its share", place.display());
                let sums = until.checked_sub(from).and_then(|devices| open_sums(point, sums, devices));
                let sums = sums.ok_or_else(odd)?;
                match &mut under_way {
                    None if (point, from) == (next_point, 0) => under_way = Some((point, until, sums)),
                    Some((of, devices, sum)) if (point, from) == (*of, *devices) => {
                        add(sum, &sums);
                        *devices = until;
                    }
                    _ => return Err(odd().into()),
                }
                if let Some((point, _, whole)) =
                    under_way.take_if(|(point, devices, _)| self.work.devices.get(*point) == Some(devices))
                {
                    next_point = point + 1;
                    done(point, whole)?;
                }
            }
        }
        match under_way.is_none() && next_point == self.work.devices.len() {
            true => Ok(()),
            false => Err("the parts do not make up the whole".into()),
        }
    }

    /// Writes the rows of this form, of all parts in order, behind each other.
    pub(crate) fn copy_rows<W: Write + Send>(
        &self,
        form: &Form,
        to: &mut RowsWriter<W>,
    ) -> Result<(), Fault> {
        for (shard, (place, rows)) in &self.files {
            let told = rows.iter().find(|file| file.name == form.name);
            let told = told.ok_or_else(|| format!("{} tells of no {}", place.display(), form.name))?;
            let place = place.with_file_name(rows_name(*shard, &form.name));
            let file = sound(&place, told, &self.stop)?;
            to.append_file(file).map_err(|error| match error.kind() {
                ErrorKind::InvalidData => was_changed(&place),
                _ => Fault::io(format!("copy {}", place.display()), &error),
            })?;
        }
        Ok(())
    }
}

/// A part, and what it tells of its rows, once all of it was seen to be whole.
fn whole(place: &Path) -> Result<(Part, Vec<RowsFile>), Fault> {
    PartReader::begin(open(place).map_err(|error| unreadable(place, &error.into()))?)
        .and_then(PartReader::verify)
        .map_err(|why| unreadable(place, &why))
}

/// What is wrong with two files that by their names are the same part.
fn both(twice: &[(Shard, PathBuf)]) -> Result<String, Fault> {
    let [(shard, one), (_, other)] = twice else { return Err("there are no two parts".into()) };
    let apart = whole(other)?.0.work.differs(&whole(one)?.0.work);
    let (one, other) = (one.display(), other.display());
    Ok(match apart {
        Some(apart) => format!("{other} is not a part of what {one} is: {apart}"),
        None => format!("{one} and {other} are both part {shard}; name only one of the two"),
    })
}

fn unreadable(place: &Path, why: &Broken) -> Fault {
    let shown = place.display();
    match why {
        Broken::Read(error) if error.kind() == ErrorKind::NotFound => {
            format!("{shown} is a link to a file that is not there; remove it").into()
        }
        Broken::Read(error) => Fault::io(format!("read {shown}"), error),
        Broken::Line { line, what } => {
            format!("{shown}:{line}: {what}; remove it, and compute that part again").into()
        }
    }
}

fn was_changed(place: &Path) -> Fault {
    let shown = place.display();
    format!("{shown} was changed since it was written; remove it, and compute that part again").into()
}

fn rows_unreadable(place: &Path, error: &io::Error) -> Fault {
    let shown = place.display();
    match error.kind() {
        ErrorKind::NotFound => format!("{shown} is missing; compute that part again").into(),
        _ => Fault::io(format!("read {shown}"), error),
    }
}

/// Opens a file of rows, if it has the length that its part says.
fn as_long_as_told(place: &Path, told: &RowsFile) -> Result<File, Fault> {
    let unreadable = |error: io::Error| rows_unreadable(place, &error);
    let file = open(place).map_err(unreadable)?.into_inner();
    match file.metadata().map_err(unreadable)?.len() == told.bytes {
        true => Ok(file),
        false => Err(was_changed(place)),
    }
}

/// Opens a file of rows, if it is what its part says.
fn sound(place: &Path, told: &RowsFile, stop: &Stop) -> Result<File, Fault> {
    let unreadable = |error: io::Error| rows_unreadable(place, &error);
    // Never more is read than is told of: a file may have grown beyond any disk.
    let mut file = as_long_as_told(place, told)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        stop.check()?;
        let read = file.read(&mut buffer).map_err(unreadable)?;
        if read == 0 {
            break;
        }
        hash.update(&buffer[..read]);
    }
    file.rewind().map_err(unreadable)?;
    match format!("{:x}", hash.finalize()) == told.sha256 {
        true => Ok(file),
        false => Err(was_changed(place)),
    }
}
