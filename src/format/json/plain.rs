//! How far a text needs no escapes in JSON: found eight bytes at a time.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// The high bit of every byte that is a quote, a backslash or a control character. Bits behind the
/// first may be wrong; the first is exact.
#[inline]
const fn stops(word: u64) -> u64 {
    let quote = word ^ (ONES * b'"' as u64);
    let backslash = word ^ (ONES * b'\\' as u64);
    let found = quote.wrapping_sub(ONES) & !quote
        | backslash.wrapping_sub(ONES) & !backslash
        | word.wrapping_sub(ONES * 0x20) & !word;
    found & HIGHS
}

/// The number of bytes before the first quote, backslash or control character.
#[inline]
#[must_use]
pub(crate) fn plain_len(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let found = stops(u64::from_le_bytes(*word));
        if found != 0 {
            return index * 8 + found.trailing_zeros() as usize / 8;
        }
    }
    let stop = rest.iter().position(|byte| *byte < 0x20 || matches!(byte, b'"' | b'\\'));
    words.len() * 8 + stop.unwrap_or(rest.len())
}

/// Writes a JSON string, in the words of serde_json.
#[inline]
pub(crate) fn write_string(out: &mut Vec<u8>, text: &str) {
    if !is_plain(text.as_bytes()) {
        // A text cannot fail to be written into memory.
        let _ = serde_json::to_writer(out, text);
        return;
    }
    out.reserve(text.len() + 2);
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
}

/// Whether a text needs no escapes at all.
#[inline]
#[must_use]
pub(crate) fn is_plain(bytes: &[u8]) -> bool {
    let (words, rest) = bytes.as_chunks::<8>();
    let within = words.iter().fold(0, |found, word| found | stops(u64::from_le_bytes(*word)));
    let last = match bytes.last_chunk::<8>() {
        // The last word overlaps the one before.
        Some(word) => stops(u64::from_le_bytes(*word)),
        None => rest.iter().fold(0, |found, byte| found | stops(u64::from(*byte) | ONES << 15)),
    };
    within | last == 0
}

#[cfg(test)]
mod tests {
    use super::{is_plain, plain_len};

    #[test]
    fn every_byte_is_told_apart_at_every_place() {
        for byte in 0..=u8::MAX {
            for place in 0..20 {
                let mut text = [b'a'; 20];
                text[place] = byte;
                let stops = byte < 0x20 || byte == b'"' || byte == b'\\';
                assert_eq!(plain_len(&text), if stops { place } else { 20 }, "{byte} at {place}");
                for length in place + 1..=20 {
                    assert_eq!(is_plain(&text[..length]), !stops, "{byte} at {place} of {length}");
                }
            }
        }
    }

    #[test]
    fn the_first_of_several_is_found() {
        assert_eq!(plain_len(b"abc\"\"\\\x01\x02"), 3);
        assert_eq!(plain_len(b"ab \x21\x21\x22\x21\x22"), 5);
        assert_eq!(plain_len("\u{a0}\u{7f}ž\"".as_bytes()), 5);
    }
}
