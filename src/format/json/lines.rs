//! Lines of JSON, written in blocks.

use super::plain::is_plain;
use crate::contract::Record;
use crate::contract::padded::Member;

/// The bytes of a short text, which is written as one block.
const SHORT_BYTES: usize = 32;

/// More bytes than a name and a short text have.
const SHORTER: usize = 64;

/// How much room is made at once.
const ROOM_BYTES: usize = 4096;

/// Lines of JSON, one behind the other. A block of a fixed size is written faster than as many bytes as are needed, so
/// behind the place where the next block goes may stand what counts for nothing.
///
/// Who writes a line keeps that place, and every method returns the next one: so it stays in a register of the
/// processor. The line counts once it is ended.
#[derive(Debug, Default)]
pub struct Lines {
    bytes: Vec<u8>,
    len: usize,
}

impl Lines {
    /// The lines.
    #[must_use]
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.len.min(self.bytes.len())]
    }

    /// Their size in bytes: where the next line begins.
    #[must_use]
    #[inline]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Takes the lines away, and keeps the room.
    pub const fn clear(&mut self) {
        self.len = 0;
    }

    /// Makes room for so many bytes of lines to come.
    pub fn reserve(&mut self, bytes: usize) {
        self.bytes.reserve((self.len + bytes).saturating_sub(self.bytes.len()));
    }

    /// The buffer of the lines with nothing behind them. It may be exchanged for any other, if the lines are cleared then.
    pub fn buffer(&mut self) -> &mut Vec<u8> {
        self.bytes.truncate(self.len);
        &mut self.bytes
    }

    /// Ends a line, which was written up to here.
    #[inline]
    pub(crate) fn end(&mut self, at: usize) {
        self.len = self.put(at, b"\n");
    }

    /// Makes room for so many bytes.
    #[cold]
    #[inline(never)]
    fn grow(&mut self, at: usize, bytes: usize) {
        self.bytes.resize(at + bytes + ROOM_BYTES, 0);
    }

    /// Writes bytes as they are.
    #[inline]
    #[must_use]
    pub(crate) fn put(&mut self, at: usize, bytes: &[u8]) -> usize {
        let end = at + bytes.len();
        if self.bytes.len() < end {
            self.grow(at, bytes.len());
        }
        self.bytes[at..end].copy_from_slice(bytes);
        end
    }

    /// Puts a byte in the place of one that was written.
    pub(crate) fn replace(&mut self, at: usize, byte: u8) {
        self.bytes[at] = byte;
    }

    /// Writes a member whose value is a text of a record, as a string.
    #[inline(always)]
    #[must_use]
    pub(crate) fn member(&mut self, at: usize, member: &Member, record: &Record<'_>, text: &str) -> usize {
        if let Some(block) = short_block(record, text)
            && let Some(end) = self.blocks(at, member.before_text(), block, text.len())
        {
            return end + 1;
        }
        self.long_member(at, member, record, text)
    }

    /// Writes a text of a record as a string.
    #[inline(always)]
    #[must_use]
    pub(crate) fn text_of(&mut self, at: usize, record: &Record<'_>, text: &str) -> usize {
        if let Some(block) = short_block(record, text)
            && let Some(end) = self.blocks(at, (b"\"", 1), block, text.len())
        {
            return end + 1;
        }
        self.long_text(at, record, text)
    }

    /// Writes a member whose value stands without quotes.
    #[inline(always)]
    #[must_use]
    pub(crate) fn bare_member<const SIZE: usize>(
        &mut self,
        at: usize,
        member: &Member,
        value: &[u8; SIZE],
    ) -> usize {
        let (before, len) = member.before_text();
        self.blocks(at, (before, len - 1), value, SIZE).unwrap_or_else(|| {
            let at = self.put(at, member.key().as_bytes());
            self.put(at, value)
        })
    }

    /// Writes the name of a member and the first bytes of a value as blocks, and a quote that does not count behind them:
    /// the value covers the zeros behind the name, and the quote what lies behind the value. `None` without room.
    #[inline(always)]
    fn blocks<const NAME_SIZE: usize, const SIZE: usize>(
        &mut self,
        at: usize,
        (name, name_bytes): (&[u8; NAME_SIZE], usize),
        value: &[u8; SIZE],
        value_bytes: usize,
    ) -> Option<usize> {
        const { assert!(NAME_SIZE < SHORTER && SIZE < SHORTER) };
        let room: &mut [u8; 2 * SHORTER] = self.bytes.get_mut(at..)?.first_chunk_mut()?;
        // Both are less anyway: so it need not be looked whether there is room for each.
        let value_at = name_bytes % SHORTER;
        let end = value_at + value_bytes % SHORTER;
        *room.first_chunk_mut()? = *name;
        *room[value_at..].first_chunk_mut()? = *value;
        room[end] = b'"';
        Some(at + end)
    }

    #[inline(never)]
    fn long_member(&mut self, at: usize, member: &Member, record: &Record<'_>, text: &str) -> usize {
        let at = self.put(at, member.key().as_bytes());
        self.long_text(at, record, text)
    }

    #[inline(never)]
    fn long_text(&mut self, at: usize, record: &Record<'_>, text: &str) -> usize {
        self.quoted(at, text, record.is_plain())
    }

    /// Writes a JSON string.
    #[must_use]
    pub(crate) fn string(&mut self, at: usize, text: &str) -> usize {
        self.quoted(at, text, false)
    }

    fn quoted(&mut self, at: usize, text: &str, plain: bool) -> usize {
        if !plain && !is_plain(text.as_bytes()) {
            // In the words of serde_json, as in every other output. A text can always be written.
            return self.put(at, serde_json::to_string(text).unwrap_or_default().as_bytes());
        }
        let at = self.put(at, b"\"");
        let at = self.put(at, text.as_bytes());
        self.put(at, b"\"")
    }
}

/// A short text of a record with what lies behind it, as one block, where it stands in JSON as it is.
#[inline(always)]
fn short_block<'r>(record: &Record<'r>, text: &str) -> Option<&'r [u8; SHORT_BYTES]> {
    if record.is_plain() && text.len() <= SHORT_BYTES { record.and_behind(text)?.first_chunk() } else { None }
}

#[cfg(test)]
mod tests {
    use super::{Lines, SHORT_BYTES};
    use crate::contract::padded::Member;
    use crate::contract::{CUSTOMER, Record};

    #[test]
    fn texts_are_written_as_serde_json_writes_them_wherever_they_stand() {
        let member = Member::new(",\"firstName\":\"");
        let source = "plain text, longer than a short one is, ".repeat(3);
        let elsewhere = source.clone();
        for plain in [true, false] {
            let mut record = Record::within(&source);
            record.start(&CUSTOMER, 0);
            if plain {
                record.set_plain();
            }
            let mut lines = Lines::default();
            for len in 0..SHORT_BYTES + 3 {
                for start in (0..3).chain(source.len() - len - 3..=source.len() - len) {
                    for text in [&source[start..start + len], &elsewhere[start..start + len]] {
                        let (begin, json) = (lines.len(), serde_json::json!(text));
                        let at = lines.member(begin, &member, &record, text);
                        let at = lines.text_of(at, &record, text);
                        lines.end(at);
                        let wanted = format!(",\"firstName\":{json}{json}\n");
                        assert_eq!(&lines.as_bytes()[begin..], wanted.as_bytes(), "{start} {len}");
                    }
                }
            }
        }
    }

    #[test]
    fn lines_make_room_for_what_they_take_whatever_their_buffer_held() {
        let mut lines = Lines::default();
        for held in [0, 1, 7, 100_000] {
            *lines.buffer() = vec![b'x'; held];
            lines.clear();
            let mut wanted = Vec::new();
            for text in ["", "\"", "\\\n\u{1}\t\r\u{8}\u{c}\u{7f}", &"letters ž ".repeat(2_000), "end"] {
                let at = lines.string(lines.len(), text);
                lines.end(at);
                wanted.extend_from_slice(format!("{}\n", serde_json::json!(text)).as_bytes());
                assert_eq!(lines.as_bytes(), wanted);
                assert_eq!(lines.len(), wanted.len());
            }
            assert_eq!(*lines.buffer(), wanted);
        }
        lines.clear();
        assert!(lines.is_empty() && lines.as_bytes().is_empty());
    }
}
