//! A line of JSON, written in blocks.

use super::plain::is_plain;
use crate::contract::Record;
use crate::contract::padded::{Member, PADDED_BYTES};

/// The bytes of a short text, which is written as one block.
const SHORT_BYTES: usize = 32;

/// How much room is made at once.
const ROOM_BYTES: usize = 1024;

/// How much room is kept for the next line: nearly every line is shorter.
const KEPT_BYTES: usize = 16 * ROOM_BYTES;

/// Where a line is written. A block of a fixed size is written faster than as many bytes as are needed, so behind the
/// place where the next block goes may stand what counts for nothing.
///
/// Who writes keeps that place, and every method returns the next one: so it stays in a register of the processor.
#[derive(Debug)]
pub(crate) struct Line(Vec<u8>);

impl Default for Line {
    fn default() -> Self {
        Self(vec![0; ROOM_BYTES])
    }
}

impl Line {
    /// What was written up to a place.
    pub fn until(&self, at: usize) -> &[u8] {
        &self.0[..at]
    }

    /// Begins the next line: gives back the room that only a large one needs.
    #[inline]
    pub fn next(&mut self) {
        if self.0.len() > KEPT_BYTES {
            *self = Self::default();
        }
    }

    /// Makes room for so many bytes.
    #[cold]
    #[inline(never)]
    fn grow(&mut self, at: usize, bytes: usize) {
        self.0.resize(at + bytes + ROOM_BYTES, 0);
    }

    /// Writes bytes as they are.
    #[inline]
    #[must_use]
    pub fn put(&mut self, at: usize, bytes: &[u8]) -> usize {
        let end = at + bytes.len();
        if self.0.len() < end {
            self.grow(at, bytes.len());
        }
        self.0[at..end].copy_from_slice(bytes);
        end
    }

    /// Puts a byte in the place of one that was written.
    pub fn replace(&mut self, at: usize, byte: u8) {
        self.0[at] = byte;
    }

    /// Writes a member whose value is a text of a record, as a string.
    #[inline(always)]
    #[must_use]
    pub fn member(&mut self, at: usize, member: &Member, record: &Record<'_>, text: &str) -> usize {
        if record.is_plain()
            && text.len() <= SHORT_BYTES
            && let Some(block) = record.and_behind(text).and_then(<[u8]>::first_chunk::<SHORT_BYTES>)
            && let Some(end) = self.blocks(at, member.before_text(), block, text.len())
        {
            return end + 1;
        }
        self.long_member(at, member, record, text)
    }

    /// Writes a member whose value stands without quotes.
    #[inline(always)]
    #[must_use]
    pub fn bare_member<const SIZE: usize>(
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
    fn blocks<const SIZE: usize>(
        &mut self,
        at: usize,
        (name, name_bytes): (&[u8; PADDED_BYTES], usize),
        value: &[u8; SIZE],
        value_bytes: usize,
    ) -> Option<usize> {
        let room = self.0.get_mut(at..)?.get_mut(..PADDED_BYTES + SIZE + 1)?;
        *room.first_chunk_mut()? = *name;
        *room.get_mut(name_bytes..)?.first_chunk_mut()? = *value;
        *room.get_mut(name_bytes + value_bytes)? = b'"';
        Some(at + name_bytes + value_bytes)
    }

    #[inline(never)]
    fn long_member(&mut self, at: usize, member: &Member, record: &Record<'_>, text: &str) -> usize {
        let (before, len) = member.before_text();
        let at = self.put(at, &before[..len]);
        let at = self.text(at, text, record.is_plain());
        self.put(at, b"\"")
    }

    /// Writes a JSON string.
    #[must_use]
    pub fn string(&mut self, at: usize, text: &str) -> usize {
        let at = self.put(at, b"\"");
        let at = self.text(at, text, false);
        self.put(at, b"\"")
    }

    /// Writes a text, but for its quotes.
    fn text(&mut self, at: usize, text: &str, plain: bool) -> usize {
        if plain || is_plain(text.as_bytes()) {
            self.put(at, text.as_bytes())
        } else {
            self.escaped(at, text)
        }
    }

    #[cold]
    fn escaped(&mut self, at: usize, text: &str) -> usize {
        text.bytes().fold(at, |at, byte| match byte {
            b'"' => self.put(at, b"\\\""),
            b'\\' => self.put(at, b"\\\\"),
            b'\n' => self.put(at, b"\\n"),
            b'\r' => self.put(at, b"\\r"),
            b'\t' => self.put(at, b"\\t"),
            0..0x20 => self.put(at, format!("\\u{byte:04x}").as_bytes()),
            _ => self.put(at, &[byte]),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{KEPT_BYTES, Line, ROOM_BYTES, SHORT_BYTES};
    use crate::contract::padded::Member;
    use crate::contract::{CUSTOMER, Record};

    #[test]
    fn members_are_written_as_serde_json_writes_them_wherever_their_text_stands() {
        let member = Member::new(",\"firstName\":\"");
        let source = "plain text, longer than a short one is, ".repeat(3);
        let elsewhere = source.clone();
        for plain in [true, false] {
            let mut record = Record::within(&source);
            record.start(&CUSTOMER, 0);
            if plain {
                record.set_plain();
            }
            let mut line = Line::default();
            for len in 0..SHORT_BYTES + 3 {
                for start in (0..3).chain(source.len() - len - 3..=source.len() - len) {
                    for text in [&source[start..start + len], &elsewhere[start..start + len]] {
                        let end = line.member(0, &member, &record, text);
                        let wanted = format!(",\"firstName\":{}", serde_json::json!(text));
                        assert_eq!(line.until(end), wanted.as_bytes(), "{start} {len}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_line_makes_room_for_what_it_takes() {
        let mut line = Line::default();
        let (mut at, mut wanted) = (0, Vec::new());
        for text in ["", "\"", "\\\n\u{1}\t\r", &"letters ž ".repeat(KEPT_BYTES), "end"] {
            at = line.string(at, text);
            wanted.extend_from_slice(serde_json::json!(text).to_string().as_bytes());
            assert_eq!(line.until(at), wanted);
        }
        line.next();
        assert_eq!(line.0.len(), ROOM_BYTES, "a large line leaves no large room");
    }
}
