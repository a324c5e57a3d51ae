//! Text as it is read: bytes with room behind them.

use std::ops::Deref;

/// A buffer whose room was written once and need not be cleared again each time it is filled.
#[derive(Debug, Default)]
pub struct Text {
    /// The text, and behind it the room.
    bytes: Vec<u8>,
    len: usize,
}

impl Text {
    /// Room behind the text, of this many bytes. What is put there is added by [`Self::add`].
    pub(super) fn room(&mut self, bytes: usize) -> &mut [u8] {
        let end = self.len + bytes;
        if self.bytes.len() < end {
            self.bytes.resize(end, 0);
        }
        &mut self.bytes[self.len..end]
    }

    /// Adds the first bytes of the room, as far as there is any.
    pub(super) fn add(&mut self, bytes: usize) {
        self.len = (self.len + bytes).min(self.bytes.len());
    }

    /// Takes the bytes from an offset on out, and puts them into another text in place of what it held.
    pub(super) fn cut_off(&mut self, at: usize, into: &mut Self) {
        let rest = &self.bytes[at..self.len];
        into.len = 0;
        into.room(rest.len()).copy_from_slice(rest);
        into.len = rest.len();
        self.len = at;
    }
}

impl From<Vec<u8>> for Text {
    fn from(bytes: Vec<u8>) -> Self {
        Self { len: bytes.len(), bytes }
    }
}

impl Deref for Text {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn a_text_holds_what_was_added_and_not_cut_off() {
        let (mut text, mut rest) = (Text::from(b"one".to_vec()), Text::from(b"something longer".to_vec()));
        text.room(8)[..4].copy_from_slice(b" two");
        text.add(4);
        assert_eq!(&*text, b"one two");
        text.cut_off(4, &mut rest);
        assert_eq!((&*text, &*rest), (b"one ".as_slice(), b"two".as_slice()));
        assert_eq!(rest.room(2).len(), 2);
        rest.add(1_000);
        assert_eq!(rest.len(), b"something longer".len(), "no more than there is room for");
        rest.cut_off(0, &mut text);
        assert!(rest.is_empty());
    }
}
