//! The name of a JSON member in front of a text, compared and written in one go.

/// How long a name is that is compared and written in one go, with quotes, colon and the quote of the text.
const SHORT_BYTES: usize = 32;

/// Eight bytes at a time.
const WORDS: usize = SHORT_BYTES / 8;

/// The name of a member whose value is a text, with all that stands around it: `,"firstName":"`.
#[derive(Debug, Clone, Copy)]
pub struct Member {
    /// All of it.
    text: &'static str,
    /// What follows the comma, as words; zeros behind it.
    words: [u64; WORDS],
    /// Ones where `words` counts.
    masks: [u64; WORDS],
    /// All of it, with zeros behind, where it is short.
    block: [u8; SHORT_BYTES + 8],
    is_short: bool,
}

impl Member {
    /// A name with the comma in front and the quote of its text behind.
    #[must_use]
    pub const fn new(text: &'static str) -> Self {
        let bytes = text.as_bytes();
        let is_short = bytes.len() <= SHORT_BYTES + 1;
        let mut member =
            Self { text, words: [0; WORDS], masks: [0; WORDS], block: [0; SHORT_BYTES + 8], is_short };
        let mut at = 0;
        while is_short && at < bytes.len() {
            member.block[at] = bytes[at];
            if at > 0 {
                let shift = (at - 1) % 8 * 8;
                member.words[(at - 1) / 8] |= (bytes[at] as u64) << shift;
                member.masks[(at - 1) / 8] |= 0xff << shift;
            }
            at += 1;
        }
        member
    }

    /// All of it.
    #[must_use]
    pub const fn text(&self) -> &'static str {
        self.text
    }

    /// What stands in front of a value that is no text.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        self.text.split_at(self.text.len() - 1).0
    }

    /// How many bytes of a text it takes where it stands at its beginning, without the comma.
    #[inline]
    #[must_use]
    pub fn len_at(&self, bytes: &[u8]) -> Option<usize> {
        let is_there = match bytes.first_chunk::<SHORT_BYTES>() {
            Some(chunk) if self.is_short => {
                let (chunks, _) = chunk.as_chunks::<8>();
                let differing = (0..WORDS).fold(0, |differing, word| {
                    differing | (u64::from_le_bytes(chunks[word]) ^ self.words[word]) & self.masks[word]
                });
                differing == 0
            }
            _ => bytes.starts_with(&self.text.as_bytes()[1..]),
        };
        is_there.then_some(self.text.len() - 1)
    }

    /// Writes it.
    #[inline]
    pub fn write(&self, out: &mut Vec<u8>) {
        if self.is_short {
            let end = out.len() + self.text.len();
            out.extend_from_slice(&self.block);
            out.truncate(end);
        } else {
            out.extend_from_slice(self.text.as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Member;

    #[test]
    fn every_name_is_found_and_written() {
        for text in [
            ",\"a\":\"",
            ",\"firstName\":\"",
            ",\"aNameOf28Letters_0123456789a\":\"",
            ",\"aNameOf29Letters_0123456789ab\":\"",
            ",\"activityInRestrictedRegionDescription\":\"",
        ] {
            let member = Member::new(text);
            let bare = &text.as_bytes()[1..];
            for behind in 0..40 {
                let there = [bare, &vec![b'x'; behind]].concat();
                assert_eq!(member.len_at(&there), Some(bare.len()), "{text} with {behind}");
                for at in 0..bare.len() {
                    let mut other = there.clone();
                    other[at] ^= 1;
                    assert_eq!(member.len_at(&other), None, "{text} with another byte {at}");
                }
                assert_eq!(member.len_at(&bare[..bare.len() - 1]), None);
            }
            let mut out = b"{".to_vec();
            member.write(&mut out);
            assert_eq!(out, [b"{", text.as_bytes()].concat());
        }
    }
}
