//! How far a text needs no escapes in JSON.

use super::super::block::{BLOCK_BYTES, Block, Matches, len_before};

/// The quotes, backslashes and control characters of a block.
#[inline(always)]
pub(in crate::format) fn stops(block: Block) -> Matches {
    block.are(b'"') | block.are(b'\\') | block.up_to(0x1f)
}

/// The number of bytes before the first quote, backslash or control character.
#[inline]
#[must_use]
pub(crate) fn plain_len(bytes: &[u8]) -> usize {
    len_before(bytes, stops)
}

/// Writes a JSON string, in the words of serde_json.
#[inline]
pub(crate) fn write_string(out: &mut Vec<u8>, text: &str) {
    if !is_plain(text.as_bytes()) {
        // A text cannot fail to be written into memory.
        let _ = serde_json::to_writer(out, text);
        return;
    }
    write_plain(out, text);
}

/// Writes a text that needs no escapes as a JSON string.
#[inline]
pub(crate) fn write_plain(out: &mut Vec<u8>, text: &str) {
    out.reserve(text.len() + 2);
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
}

/// Whether a text needs no escapes at all.
#[inline]
#[must_use]
pub(crate) fn is_plain(bytes: &[u8]) -> bool {
    let Some(last) = bytes.last_chunk::<BLOCK_BYTES>() else {
        return stops(Block::last(bytes)).bits().trailing_zeros() as usize >= bytes.len();
    };
    // The last block overlaps the one before.
    let (blocks, _) = bytes.as_chunks::<BLOCK_BYTES>();
    let found = blocks.iter().fold(stops(Block::new(last)), |found, block| found | stops(Block::new(block)));
    found.bits() == 0
}

#[cfg(test)]
mod tests {
    use super::{is_plain, plain_len};

    #[test]
    fn every_byte_is_told_apart_at_every_place() {
        for byte in 0..=u8::MAX {
            for place in 0..40 {
                let mut text = [b'a'; 40];
                text[place] = byte;
                let stops = byte < 0x20 || byte == b'"' || byte == b'\\';
                assert_eq!(plain_len(&text), if stops { place } else { 40 }, "{byte} at {place}");
                for length in place + 1..=40 {
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
