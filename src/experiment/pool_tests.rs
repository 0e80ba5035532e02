//! The list of work, with devices that only write down that they were there.

use super::pool::*;
use std::ops::Range;

/// Lives a device by writing down whose it is.
struct Scribe(usize, Vec<(usize, u32)>, Vec<(usize, u32)>);

impl Work for Scribe {
    type Rows = Vec<(usize, u32)>;
    type Books = Vec<(usize, u32)>;

    fn simulate(&mut self, device: u32) -> u64 {
        self.1.push((self.0, device));
        self.2.push((self.0, device));
        1
    }
    fn take_rows(&mut self) -> Vec<(usize, u32)> {
        std::mem::take(&mut self.1)
    }
    fn finish(self) -> Vec<(usize, u32)> {
        self.2
    }
}

#[derive(Default)]
struct Reader {
    rows: Vec<(usize, u32)>,
    done: u32,
    stops_at: Option<u32>,
}

impl Watch<Vec<(usize, u32)>> for Reader {
    type Fault = &'static str;

    fn rows(&mut self, rows: Vec<(usize, u32)>) -> Result<(), &'static str> {
        self.rows.extend(rows);
        Ok(())
    }
    fn progress(&mut self, devices: u32, _: u64) {
        self.done = devices;
    }
    fn stops(&self) -> bool {
        self.stops_at.is_some_and(|most| self.done >= most)
    }
}

type Told = Vec<(usize, Vec<(usize, u32)>, u32)>;

fn lived(scenarios: &[Range<u32>], jobs: usize, reader: &mut Reader) -> Told {
    let mut told = Vec::new();
    let hire = |scenario| Scribe(scenario, Vec::new(), Vec::new());
    let done = |scenario, books: Vec<Vec<(usize, u32)>>, finished| {
        let mut devices = books.concat();
        devices.sort_unstable();
        told.push((scenario, devices, finished));
        Ok(())
    };
    assert_eq!(each_device_of(scenarios, jobs, reader, hire, done), Ok(()));
    told
}

#[test]
fn scenarios_are_told_in_order_and_whole_on_any_number_of_threads() {
    let many: Vec<Range<u32>> = (0..60).map(|scenario| 0..scenario % 5).collect();
    let one = |devices: u32| vec![0..devices; 1];
    for scenarios in [&[0..3, 5..5, 2..43, 0..1, 7..23][..], &many, &one(100), &one(0), &[]] {
        let all = |(scenario, devices): (usize, &Range<u32>)| {
            devices.clone().map(move |device| (scenario, device)).collect::<Vec<_>>()
        };
        let expected: Vec<_> = scenarios.iter().enumerate().map(all).collect();
        for jobs in [1, 2, 8] {
            let mut reader = Reader::default();
            let told = lived(scenarios, jobs, &mut reader);
            assert!(told.iter().enumerate().all(|(place, (scenario, ..))| *scenario == place));
            assert!(told.iter().all(|(_, devices, finished)| devices.len() == *finished as usize));
            assert_eq!(told.into_iter().map(|(_, devices, _)| devices).collect::<Vec<_>>(), expected);
            assert_eq!(reader.rows, expected.concat(), "{jobs} threads");
        }
    }
}

#[test]
fn work_that_is_stopped_tells_what_was_finished() {
    let scenarios = vec![0..50; 40];
    for jobs in [1, 2, 8] {
        let mut reader = Reader { stops_at: Some(60), ..Reader::default() };
        let told = lived(&scenarios, jobs, &mut reader);
        let finished: u32 = told.iter().map(|(.., finished)| finished).sum();
        assert!(finished >= 60, "{finished} on {jobs} threads");
        assert_eq!(reader.rows.len(), finished as usize);
        assert!(told.iter().all(|(_, devices, finished)| devices.len() == *finished as usize));
    }
}

/// Devices that take longer than others would be missing from what is kept, if it were what was finished first.
#[test]
fn what_was_finished_is_the_first_so_many_devices() {
    struct Slow(Scribe);
    impl Work for Slow {
        type Rows = Vec<(usize, u32)>;
        type Books = Vec<(usize, u32)>;

        fn simulate(&mut self, device: u32) -> u64 {
            // Of each piece one device is slow, so that threads are stopped in the middle of theirs.
            std::thread::sleep(std::time::Duration::from_millis(if device % 16 == 5 { 20 } else { 1 }));
            self.0.simulate(device)
        }
        fn take_rows(&mut self) -> Vec<(usize, u32)> {
            self.0.take_rows()
        }
        fn finish(self) -> Vec<(usize, u32)> {
            self.0.finish()
        }
    }
    for jobs in [1, 3, 8] {
        let mut reader = Reader { stops_at: Some(40), ..Reader::default() };
        let hire = || Slow(Scribe(0, Vec::new(), Vec::new()));
        let (books, finished) = each_device(0..2000, jobs, &mut reader, hire).unwrap();
        let mut devices = books.concat();
        devices.sort_unstable();
        let first: Vec<_> = (0..finished).map(|device| (0, device)).collect();
        assert!((40..2000).contains(&finished), "{finished} on {jobs} threads");
        assert_eq!((&devices, &reader.rows), (&first, &first), "{jobs} threads");
    }
}

#[test]
fn a_fault_ends_the_work() {
    for jobs in [1, 4] {
        let hire = |scenario| Scribe(scenario, Vec::new(), Vec::new());
        let mut told = 0;
        let done = |scenario, _, _| {
            told += 1;
            if scenario < 2 { Ok(()) } else { Err("full") }
        };
        let found = each_device_of(&vec![0..4; 1000], jobs, &mut Reader::default(), hire, done);
        assert_eq!((found, told), (Err("full"), 3));
    }
}
