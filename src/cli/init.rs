//! `bgsim init`

use super::{End, Fault, note, print};
use crate::inventory::{Column, inventory};
use crate::scenario::init_text;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  bgsim init our.toml
  bgsim init our.toml --inventory devices.csv
  bgsim init - --inventory devices.csv --column group=Department --column model='Device model'

A list of devices has a header and a row a device, with commas, semicolons or tabs, as Intune, Jamf Pro and Ivanti
export it. Of it are taken the group, the model (needed), the version of iOS, the passcode and the time zone.")]
pub(crate) struct Args {
    /// Where to write it; `-` is standard output.
    #[arg(default_value = "scenario.toml")]
    file: PathBuf,
    /// Make the groups of the fleet of this list of devices.
    #[arg(long, value_name = "CSV")]
    inventory: Option<PathBuf>,
    /// Which column of the list says what, such as group=Department; may be given several times.
    #[arg(long = "column", value_name = "WHAT=NAME", requires = "inventory")]
    columns: Vec<Column>,
}

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    let text =
        args.inventory.as_deref().map_or_else(|| Ok(init_text()), |list| groups(list, &args.columns))?;
    if args.file.as_os_str() == "-" {
        return print(text);
    }
    let path = args.file.display();
    let mut file = OpenOptions::new().write(true).create_new(true).open(&args.file).map_err(|error| {
        match error.kind() {
            ErrorKind::AlreadyExists => format!("{path} exists already; name another file"),
            _ => format!("cannot create {path}: {error}"),
        }
    })?;
    file.write_all(text.as_bytes()).map_err(|error| format!("cannot write {path}: {error}"))?;
    note(&format!("wrote {path}; run it with: bgsim run {path}"));
    Ok(End::Done)
}

fn groups(list: &Path, columns: &[Column]) -> Result<String, Fault> {
    let label = list.display().to_string();
    let bytes = fs::read(list).map_err(|error| format!("`{label}` cannot be read: {error}"))?;
    let found = inventory(&bytes, &label, columns)?;
    found.notes.iter().for_each(|about| note(&format!("note: {about}")));
    Ok(found.text)
}
