//! An archive read as it comes, for what its files say: their names are never used, and nothing is unpacked.

use std::io::{self, Read};

const BLOCK: usize = 512;
const MARK: std::ops::Range<usize> = 257..262;

/// Whether a file begins like an archive.
pub(super) fn begins(head: &[u8]) -> bool {
    head.get(MARK) == Some(b"ustar") && head.get(..BLOCK).is_some_and(is_sound)
}

/// Whether the header adds up to the sum that it says.
fn is_sound(header: &[u8]) -> bool {
    let sum = |range: std::ops::Range<usize>| header[range].iter().map(|byte| u64::from(*byte)).sum::<u64>();
    number(&header[148..156]) == Some(sum(0..148) + sum(156..BLOCK) + 8 * u64::from(b' '))
}

/// Octal digits, or where the first bit is set a number of more than 8 GB in bytes.
fn number(field: &[u8]) -> Option<u64> {
    if field[0] & 0x80 != 0 {
        let (high, low) = field.split_at(field.len() - 8);
        let is_small = high[0] == 0x80 && high[1..].iter().all(|byte| *byte == 0);
        return low.try_into().ok().map(u64::from_be_bytes).filter(|_| is_small);
    }
    let mut digits =
        field.iter().skip_while(|byte| **byte == b' ').take_while(|byte| !matches!(byte, 0 | b' '));
    digits.try_fold(0_u64, |number, digit| match digit {
        b'0'..=b'7' => number.checked_mul(8)?.checked_add(u64::from(digit - b'0')),
        _ => None,
    })
}

/// Why an archive ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum End {
    /// As it should.
    Whole,
    /// In the middle of something.
    CutOff,
    /// A header that is none.
    Damaged,
    /// More files than any has.
    TooMany,
}

/// Hands over each file, in the order of the archive; what `file` leaves of it is skipped.
pub(super) fn each<R: Read>(
    from: &mut R,
    most: u64,
    mut file: impl FnMut(&mut dyn Read) -> io::Result<()>,
) -> io::Result<End> {
    let mut header = [0; BLOCK];
    for _ in 0..most {
        match fill(from, &mut header)? {
            0 => return Ok(End::Whole),
            BLOCK if header.iter().all(|byte| *byte == 0) => return Ok(End::Whole),
            BLOCK if is_sound(&header) => {}
            BLOCK => return Ok(End::Damaged),
            _ => return Ok(End::CutOff),
        }
        let Some(size) = number(&header[124..136]) else { return Ok(End::Damaged) };
        let mut content = from.by_ref().take(size);
        // Links, folders and the words of later standards have nothing to read.
        if matches!(header[156], 0 | b'0' | b'7') {
            file(&mut content)?;
        }
        io::copy(&mut content, &mut io::sink())?;
        if content.limit() > 0 {
            return Ok(End::CutOff);
        }
        let padding = (BLOCK as u64 - size % BLOCK as u64) % BLOCK as u64;
        io::copy(&mut from.by_ref().take(padding), &mut io::sink())?;
    }
    Ok(End::TooMany)
}

/// Reads until the block is full or the text at its end.
fn fill(from: &mut impl Read, block: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < block.len() {
        match from.read(&mut block[filled..]) {
            Ok(0) => break,
            Ok(more) => filled += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
