//! `bgsim init`

use super::{End, Fault, file, note, print};
use crate::inventory::{Column, inventory};
use crate::scenario::init_text;
use std::fs;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  bgsim init our.toml
  bgsim init our.toml --inventory devices.csv
  bgsim init - --inventory devices.csv --column group=Department \\
    --column model='Device model'

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
    let exists = || Fault::from(format!("{path} exists already; name another file"));
    // Also a link that leads nowhere.
    if fs::symlink_metadata(&args.file).is_ok() {
        return Err(exists());
    }
    file::write_new(&args.file, text.as_bytes())?;
    note(&format!("wrote {path}; run it with: bgsim run {path}"));
    Ok(End::Done)
}

/// No list of devices is longer.
const MOST_BYTES: u64 = 256 << 20;

fn groups(list: &Path, columns: &[Column]) -> Result<String, Fault> {
    let label = list.display().to_string();
    let bytes = file::read(list, MOST_BYTES).map_err(|error| format!("`{label}` cannot be read: {error}"))?;
    let found = inventory(&bytes, &label, columns)?;
    found.notes.iter().for_each(|about| note(&format!("note: {about}")));
    Ok(found.text)
}
