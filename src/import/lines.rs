//! A text line by line, however long it is and however long its lines are.

use std::io::{self, BufRead, BufReader, Read};

/// No line of a log is longer; of one that is, the beginning is read.
pub(super) const MOST_LINE: usize = 1 << 20;

/// The lines of a text.
pub(super) struct Lines<R> {
    from: BufReader<R>,
    line: Vec<u8>,
    /// Lines of which only the beginning was read.
    pub(super) cut: u64,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(from: R) -> Lines<R> {
        Lines { from: BufReader::with_capacity(1 << 16, from), line: Vec::new(), cut: 0 }
    }

    /// The next line without its end; `None` at the end of the text. What is no UTF-8 is replaced.
    pub(super) fn next(&mut self) -> io::Result<Option<std::borrow::Cow<'_, str>>> {
        self.line.clear();
        let (mut any, mut is_cut) = (false, false);
        loop {
            let chunk = self.from.fill_buf()?;
            if chunk.is_empty() {
                break;
            }
            any = true;
            let end = chunk.iter().position(|byte| *byte == b'\n');
            let part = &chunk[..end.unwrap_or(chunk.len())];
            let room = MOST_LINE - self.line.len();
            is_cut |= part.len() > room;
            self.line.extend_from_slice(&part[..part.len().min(room)]);
            let used = end.map_or(chunk.len(), |end| end + 1);
            self.from.consume(used);
            if end.is_some() {
                break;
            }
        }
        self.cut += u64::from(is_cut);
        if self.line.last() == Some(&b'\r') {
            self.line.pop();
        }
        Ok(any.then(|| String::from_utf8_lossy(&self.line)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_as_they_stand_and_long_ones_are_cut() {
        let text = [b"one\r\n\ntwo\n".to_vec(), vec![b'x'; MOST_LINE + 9], b"\nthree".to_vec()].concat();
        let mut lines = Lines::new(&text[..]);
        let mut lengths = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            lengths.push(line.len());
        }
        assert_eq!((lengths, lines.cut), (vec![3, 0, 3, MOST_LINE, 5], 1));
    }
}
