//! The text of a file, however a spreadsheet has saved it: its letters, and what stands between its columns.

use std::borrow::Cow;

/// The text in UTF-8, from the encodings that a file may begin by naming.
pub(crate) fn in_utf8<'a>(bytes: &'a [u8], label: &str) -> Result<Cow<'a, [u8]>, String> {
    let units = |from: fn([u8; 2]) -> u16| {
        let units =
            bytes[2..].chunks(2).map(|pair| from([pair[0], pair.get(1).copied().unwrap_or_default()]));
        let text: Result<String, _> = char::decode_utf16(units).collect();
        let fault = |_| format!("{label}:1: the file begins as UTF-16 and is none; save it as UTF-8");
        text.map(|text| Cow::Owned(text.into_bytes())).map_err(fault)
    };
    match bytes {
        [0xff, 0xfe, ..] => units(u16::from_le_bytes),
        [0xfe, 0xff, ..] => units(u16::from_be_bytes),
        [_, 0, ..] | [0, _, ..] => {
            Err(format!("{label}:1: the file is neither UTF-8 nor says that it is UTF-16; save it as UTF-8"))
        }
        _ => Ok(Cow::Borrowed(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes))),
    }
}

/// What stands between the columns: the mark that the first line has most of, outside quotes.
pub(crate) fn delimiter(text: &[u8]) -> u8 {
    let line = text.split(|byte| [b'\n', b'\r'].contains(byte)).find(|line| !line.is_empty());
    let line = line.unwrap_or_default();
    // Excel says it where it was told to.
    if let Some([mark, ..]) = line.strip_prefix(b"sep=") {
        return *mark;
    }
    let mut is_quoted = false;
    let outside = line.iter().filter(|byte| {
        is_quoted ^= **byte == b'"';
        !is_quoted
    });
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    for byte in outside {
        counts.iter_mut().filter(|(mark, _)| mark == byte).for_each(|(_, count)| *count += 1);
    }
    // Of as many of each the first, since that is what the files are called for.
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(mark, _)| mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_between_columns_is_found() {
        for (text, mark) in [
            ("a,b\n", b','),
            ("arrived\n", b','),
            ("a;b;\"c,d,e\"\n", b';'),
            ("\r\na\tb\n", b'\t'),
            ("sep=;\na,b\n", b';'),
            ("", b','),
        ] {
            assert_eq!(delimiter(text.as_bytes()), mark, "{text}");
        }
    }

    #[test]
    fn utf_16_is_read_in_either_order() {
        let utf_16 = |to: fn(u16) -> [u8; 2]| "\u{feff}ü,a".encode_utf16().flat_map(to).collect::<Vec<u8>>();
        for bytes in [utf_16(u16::to_le_bytes), utf_16(u16::to_be_bytes), "\u{feff}ü,a".as_bytes().to_vec()]
        {
            assert_eq!(in_utf8(&bytes, "a.csv").unwrap().as_ref(), "ü,a".as_bytes());
        }
        assert!(in_utf8(b"\xff\xfe\x00\xd8", "a.csv").unwrap_err().starts_with("a.csv:1: "));
        assert!(in_utf8(b"a\0b\0", "a.csv").is_err());
    }
}
