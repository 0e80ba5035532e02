//! Whether there is room for what is to be written: asked before the work, and again when the first of it tells how much
//! is coming.

use super::Fault;
use std::path::Path;

/// A record without rows is a little more than a megabyte, most of it pictures.
pub(crate) const RECORD: u64 = 4_000_000;

/// How many bytes may still be written where a folder lies; unknown where the system does not tell.
pub(crate) fn room(_folder: &Path) -> Option<u64> {
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    {
        let found = rustix::fs::statvfs(_folder).ok()?;
        Some(found.f_bavail.saturating_mul(found.f_frsize))
    }
    #[cfg(not(any(target_os = "linux", target_os = "macos")))]
    None
}

/// Refuses what there is no room for. `folder` need not be there yet; `advice` says how it could be less.
pub(crate) fn check(folder: &Path, shown: &Path, coming: u64, advice: &str) -> Result<(), Fault> {
    let there = folder.ancestors().find(|folder| folder.is_dir()).unwrap_or(Path::new("."));
    let mb = |bytes: u64| bytes.div_ceil(1_000_000);
    match room(there) {
        Some(room) if coming > room => Err(Fault::Later(format!(
            "{} would take about {} MB, and there is room for {} MB; make room{advice}",
            shown.display(),
            mb(coming),
            room / 1_000_000,
        ))),
        _ => Ok(()),
    }
}
