//! Rows as Parquet: every value of them is that of the CSV file, the bytes are those of the rows alone, and parts make
//! the file of the whole.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Enough mail for more than one group of rows.
const RUN: [&str; 8] = ["run", "device-keychain", "--devices", "80", "--rows", "all", "--events", "3,70"];

fn bgsim(words: &[&str], out: &Path) -> (Option<i32>, String) {
    let program = env!("CARGO_BIN_EXE_bgsim");
    let output = Command::new(program).args(words).arg("--out").arg(out).output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

fn done(words: &[&str], more: &[&str], out: PathBuf) -> PathBuf {
    let (code, says) = bgsim(&[words, more].concat(), &out);
    assert_eq!(code, Some(0), "{words:?} {more:?}: {says}");
    out
}

#[cfg(not(feature = "parquet"))]
#[test]
fn a_program_without_parquet_says_which_has_it() {
    let home = tempfile::tempdir().unwrap();
    let _ = (RUN, done as fn(&[&str], &[&str], PathBuf) -> PathBuf, fs::read::<PathBuf>);
    let (code, says) =
        bgsim(&["run", "email-plus", "--devices", "4", "--rows-format", "parquet"], &home.path().join("x"));
    assert_eq!(code, Some(1));
    assert!(says.contains("built without it") && says.contains("--features parquet"), "{says}");
    assert!(!home.path().join("x").exists());
}

#[cfg(feature = "parquet")]
mod with {
    use super::*;
    use bgsim::clock::utc;
    use bgsim::record::{CellKind, RecordFile};
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::Field;

    const PARQUET: [&str; 2] = ["--rows-format", "parquet"];

    fn file(folder: &Path, table: RecordFile) -> PathBuf {
        folder.join(table.name()).with_extension("parquet")
    }

    /// As the CSV file has it.
    fn text(field: &Field) -> (Option<CellKind>, String) {
        match field {
            Field::Null => (None, String::new()),
            Field::Bool(flag) => (Some(CellKind::Flag), flag.to_string()),
            Field::Long(whole) => (Some(CellKind::Whole), whole.to_string()),
            Field::Double(number) => (Some(CellKind::Number), number.to_string()),
            Field::TimestampMillis(ms) => (Some(CellKind::Instant), utc(*ms)),
            Field::Str(words) => (Some(CellKind::Text), words.clone()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_value_is_that_of_the_csv_file_and_the_bytes_are_those_of_the_rows() {
        let home = tempfile::tempdir().unwrap();
        let csv = done(&RUN, &[], home.path().join("csv"));
        let one = done(&RUN, &[&PARQUET[..], &["--jobs", "1"]].concat(), home.path().join("one"));
        let (mut nulls, mut groups) = (0, 0);
        for table in RecordFile::ALL {
            let columns = table.columns();
            let found = SerializedFileReader::new(fs::File::open(file(&one, table)).unwrap()).unwrap();
            groups = groups.max(found.num_row_groups());
            let mut rows = found.get_row_iter(None).unwrap();
            let lines = fs::read_to_string(csv.join(table.name())).unwrap();
            let mut lines = lines.lines();
            let headings: Vec<&str> = lines.next().unwrap().split(',').collect();
            let mut count = 0;
            for line in &mut lines {
                let row = rows.next().unwrap().unwrap();
                let cells: Vec<&str> = line.split(',').collect();
                assert!(cells.len() == headings.len() && row.len() == headings.len(), "{line}");
                for (((name, field), column), (heading, cell)) in
                    row.get_column_iter().zip(&columns).zip(headings.iter().zip(&cells))
                {
                    let (kind, text) = text(field);
                    assert_eq!((name.as_str(), text.as_str()), (*heading, *cell), "{}: {line}", table.name());
                    assert!(kind.map_or(!column.is_required, |kind| kind == column.kind), "{heading}");
                    nulls += usize::from(kind.is_none());
                }
                count += 1;
            }
            assert!(rows.next().is_none() && count > 0, "{} has {count} rows", table.name());
            assert!(!one.join(table.name()).exists() && !file(&csv, table).exists());
        }
        assert!(nulls > 1000 && groups > 1, "{nulls} nulls, {groups} groups");
        assert!(fs::read(csv.join("summary.json")).unwrap() == fs::read(one.join("summary.json")).unwrap());

        // By any number of threads, and also where it takes the place of CSV files.
        let two = done(&RUN, &[&PARQUET[..], &["--jobs", "2"]].concat(), csv);
        for table in RecordFile::ALL {
            assert!(fs::read(file(&one, table)).unwrap() == fs::read(file(&two, table)).unwrap());
            assert!(!two.join(table.name()).exists());
        }
    }

    #[test]
    fn parts_make_the_file_of_the_whole_to_the_byte() {
        let home = tempfile::tempdir().unwrap();
        let whole = done(&RUN, &PARQUET, home.path().join("whole"));
        let parts = home.path().join("parts");
        for shard in ["3/3", "1/3", "2/3"] {
            done(&RUN, &[&PARQUET[..], &["--shard", shard]].concat(), parts.clone());
        }
        let merge = ["merge", parts.to_str().unwrap()];
        let merged = done(&merge, &[], home.path().join("merged"));
        for table in RecordFile::ALL {
            assert!(fs::read(file(&merged, table)).unwrap() == fs::read(file(&whole, table)).unwrap());
            assert!(!merged.join(table.name()).exists());
        }
        // A part of CSV is none of these.
        let (code, says) = bgsim(&[&RUN[..], &["--shard", "1/3"]].concat(), &parts);
        assert!(code == Some(1) && says.contains("is a part of something else"), "{says}");

        let place = parts.join("part-2-of-3.mail.parquet");
        let mut bytes = fs::read(&place).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(&place, bytes).unwrap();
        let (code, says) = bgsim(&merge, &home.path().join("other"));
        assert!(code == Some(1) && says.contains("part-2-of-3.mail.parquet was changed since"), "{says}");
        assert!(!home.path().join("other").exists());
    }
}
