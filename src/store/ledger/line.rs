//! What the register keeps of a record: a JSON array, a line of its journal.

use std::borrow::Cow;

use serde::Deserialize;

/// A record as the register keeps it.
#[derive(Debug, Clone, Copy)]
pub struct NewRecord<'t>(
    /// Its customer.
    pub Option<&'t str>,
    /// Its communication number.
    pub Option<&'t str>,
    /// Whether it is a lead.
    pub bool,
    /// Its entity type.
    pub Option<&'t str>,
    /// Its category.
    pub Option<&'t str>,
    /// Its status.
    pub Option<&'t str>,
);

/// Where a line is written.
pub trait LineSink {
    /// Writes bytes as they are.
    fn bytes(&mut self, bytes: &[u8]);

    /// Writes a JSON string.
    fn string(&mut self, text: &str);
}

impl LineSink for Vec<u8> {
    fn bytes(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }

    fn string(&mut self, text: &str) {
        // Texts can always be written, and a vector takes everything.
        let _ = serde_json::to_writer(self, text);
    }
}

impl NewRecord<'_> {
    /// Writes the line that it becomes.
    #[inline(always)]
    pub fn write_to(&self, out: &mut impl LineSink) {
        let Self(customer, number, is_lead, entity_type, category, status) = *self;
        out.bytes(b"[");
        string_or_null(out, customer);
        out.bytes(b",");
        string_or_null(out, number);
        if is_lead {
            out.bytes(b",true");
        } else {
            out.bytes(b",false");
        }
        for other in [entity_type, category, status] {
            out.bytes(b",");
            string_or_null(out, other);
        }
        out.bytes(b"]");
    }
}

#[inline(always)]
fn string_or_null(out: &mut impl LineSink, text: Option<&str>) {
    match text {
        Some(text) => out.string(text),
        None => out.bytes(b"null"),
    }
}

/// What a line says.
#[derive(Debug, Deserialize)]
pub(super) struct Kept<'t>(
    #[serde(borrow)] Text<'t>,
    #[serde(borrow)] Text<'t>,
    bool,
    #[serde(borrow)] Text<'t>,
    #[serde(borrow)] Text<'t>,
    #[serde(borrow)] Text<'t>,
);

/// A text that borrows from its line where nothing in it is escaped: serde borrows a `Cow` only if it is asked to, and
/// an `Option` of one never.
#[derive(Debug, Deserialize)]
struct Text<'t>(#[serde(borrow)] Option<Borrowed<'t>>);

#[derive(Debug, Deserialize)]
struct Borrowed<'t>(#[serde(borrow)] Cow<'t, str>);

impl Text<'_> {
    fn get(&self) -> Option<&str> {
        self.0.as_ref().map(|text| text.0.as_ref())
    }
}

impl<'t> Kept<'t> {
    /// Reads a line; `None` when it is none of ours.
    pub fn read(line: &'t [u8]) -> Option<Self> {
        serde_json::from_slice(line).ok()
    }

    pub fn customer(&self) -> Option<&str> {
        self.0.get()
    }

    pub fn number(&self) -> Option<&str> {
        self.1.get()
    }

    pub const fn is_lead(&self) -> bool {
        self.2
    }

    /// The entity type, the category and the status.
    pub fn others(&self) -> [Option<&str>; 3] {
        [self.3.get(), self.4.get(), self.5.get()]
    }
}

#[cfg(test)]
mod tests {
    use super::{Kept, NewRecord};

    #[test]
    fn a_line_says_what_it_was_made_of() {
        let texts = ["plain", "with \"quotes\",\nlines and \u{7f}", "\u{1f600}\\", ""];
        for text in texts {
            let mut line = Vec::new();
            NewRecord(Some(text), None, text.is_empty(), None, Some("LEAD"), Some(text)).write_to(&mut line);
            let kept = Kept::read(&line);
            let told =
                kept.as_ref().map(|kept| (kept.customer(), kept.number(), kept.is_lead(), kept.others()));
            let others = [None, Some("LEAD"), Some(text)];
            assert_eq!(told, Some((Some(text), None, text.is_empty(), others)));
            assert!(!line.contains(&b'\n'));
            assert!(Kept::read(&line[1..]).is_none());
        }
    }
}
