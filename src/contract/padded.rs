//! Names as files write them, padded, so that they are compared and written in blocks.

/// The most bytes of a padded text.
pub const PADDED_BYTES: usize = 48;

/// A short text with zeros behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Padded {
    /// The bytes and the zeros behind them.
    pub bytes: [u8; PADDED_BYTES],
    /// How many bytes come before the zeros.
    pub len: usize,
}

impl Padded {
    /// A text of the tables.
    #[must_use]
    const fn of(text: &[u8]) -> Self {
        assert!(text.len() < PADDED_BYTES, "a name is longer than a padded text may be");
        let mut bytes = [0; PADDED_BYTES];
        let (own, _) = bytes.split_at_mut(text.len());
        own.copy_from_slice(text);
        Self { bytes, len: text.len() }
    }

    /// The end of an XML tag with this name, its first letter made a capital where asked: `FirstName>`.
    #[must_use]
    pub const fn tag(name: &str, capital: bool) -> Self {
        let mut tag = Self::of(name.as_bytes());
        if capital {
            tag.bytes[0] = tag.bytes[0].to_ascii_uppercase();
        }
        tag.bytes[tag.len] = b'>';
        tag.len += 1;
        tag
    }

    /// The text.
    #[must_use]
    pub const fn text(&self) -> &[u8] {
        self.bytes.split_at(self.len).0
    }
}

/// The name of a JSON member, with what stands around it where its value is a text: `,"firstName":"`.
#[derive(Debug, Clone, Copy)]
pub struct Member {
    with_comma: &'static str,
    padded: Padded,
}

/// The most bytes of a padded member without its comma.
const MEMBER_BYTES: usize = PADDED_BYTES - 1;

impl Member {
    /// A name with the comma in front and the quote of its text behind.
    #[must_use]
    pub const fn new(with_comma: &'static str) -> Self {
        Self { with_comma, padded: Padded::of(with_comma.as_bytes()) }
    }

    /// All of it but the comma, with zeros behind it, and its length.
    #[must_use]
    #[inline]
    pub const fn start(&self) -> (&[u8; MEMBER_BYTES], usize) {
        match self.padded.bytes.last_chunk() {
            Some(start) => (start, self.padded.len - 1),
            None => (&[0; MEMBER_BYTES], 0),
        }
    }

    /// What stands in front of a value that is no text: `,"isResident":`.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        self.with_comma.split_at(self.with_comma.len() - 1).0
    }

    /// All of it, with zeros behind it, and its length.
    #[must_use]
    #[inline]
    pub const fn before_text(&self) -> (&[u8; PADDED_BYTES], usize) {
        (&self.padded.bytes, self.padded.len)
    }
}

#[cfg(test)]
mod tests {
    use super::{Member, Padded};

    #[test]
    fn names_are_written_as_they_stand_in_files() {
        for text in [",\"a\":\"", ",\"firstName\":\"", ",\"activityInRestrictedRegionDescription\":\""] {
            let member = Member::new(text);
            let (before_text, len) = member.before_text();
            assert_eq!(&before_text[..len], text.as_bytes());
            let (start, len) = member.start();
            assert_eq!(&start[..len], &text.as_bytes()[1..]);
            assert_eq!(member.key(), &text[..text.len() - 1]);
        }
        assert_eq!(Padded::tag("firstName", true).text(), b"FirstName>");
        assert_eq!(Padded::tag("GIIN", false).text(), b"GIIN>");
    }
}
