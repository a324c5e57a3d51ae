//! Pages of the register: several records to a row of the ledger, which costs a fifth of a row for each.
//!
//! A page is text: a JSON array a line, so that the view `records` can show each record to whoever opens the
//! ledger, and a record is found in its page by counting lines.

use std::borrow::Cow;

use rusqlite::params;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{Ledger, failed};
use crate::store::StoreError;

/// The size of a page, so that one fills a page of SQLite: about 60 usual records. A look at a record reads its
/// page, so larger ones are written faster and looked up slower.
const BYTES_MAX: usize = 4_000;

/// What stands between two records.
const BETWEEN: &[u8] = b",\n";

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

impl NewRecord<'_> {
    /// Writes the line of a page that it becomes.
    pub fn write(&self, out: &mut Vec<u8>) {
        // Texts can always be written, and a vector takes everything.
        self.write_with(out, |out, text| drop(serde_json::to_writer(out, text)));
    }

    /// The same with a faster way to write a text as a JSON string.
    pub fn write_with(&self, out: &mut Vec<u8>, string: impl Fn(&mut Vec<u8>, &str)) {
        let text = |out: &mut Vec<u8>, text: Option<&str>| match text {
            Some(text) => string(out, text),
            None => out.extend_from_slice(b"null"),
        };
        let Self(customer, number, is_lead, entity_type, category, status) = *self;
        out.push(b'[');
        text(out, customer);
        out.push(b',');
        text(out, number);
        out.extend_from_slice(if is_lead { b",true" } else { b",false" });
        for other in [entity_type, category, status] {
            out.push(b',');
            text(out, other);
        }
        out.push(b']');
    }
}

/// What a line of a page says of the identifiers of its record.
#[derive(Debug, Deserialize)]
pub(super) struct Kept<'t>(
    #[serde(borrow)] Option<Text<'t>>,
    #[serde(borrow)] Option<Text<'t>>,
    bool,
    IgnoredAny,
    IgnoredAny,
    IgnoredAny,
);

#[derive(Debug, Deserialize)]
struct Text<'t>(#[serde(borrow)] Cow<'t, str>);

impl<'t> Kept<'t> {
    /// Reads a line; `None` when it is none of ours.
    pub fn read(line: &'t [u8]) -> Option<Self> {
        serde_json::from_slice(line.strip_suffix(b",").unwrap_or(line)).ok()
    }

    pub fn customer(&self) -> Option<&str> {
        self.0.as_ref().map(|text| text.0.as_ref())
    }

    pub fn number(&self) -> Option<&str> {
        self.1.as_ref().map(|text| text.0.as_ref())
    }

    pub const fn is_lead(&self) -> bool {
        self.2
    }
}

/// A page that is being filled.
#[derive(Debug, Default)]
pub(super) struct Page {
    text: Vec<u8>,
    records: u32,
}

impl Page {
    /// Adds the line of a record.
    pub fn push(&mut self, line: &[u8]) {
        if self.records > 0 {
            self.text.extend_from_slice(BETWEEN);
        }
        self.text.extend_from_slice(line);
        self.records += 1;
    }

    pub const fn records(&self) -> u32 {
        self.records
    }

    /// Its size.
    pub const fn bytes(&self) -> usize {
        self.text.len()
    }

    /// Whether there is room for one more line. A page that is empty takes any.
    pub const fn has_room(&self, line: &[u8]) -> bool {
        self.records == 0 || self.text.len() + BETWEEN.len() + line.len() <= BYTES_MAX
    }

    /// The line of one of its records, counted from zero.
    pub fn line(&self, index: u32) -> Option<&[u8]> {
        line(&self.text, index)
    }

    /// Writes it behind the row `last` of the register, and empties it.
    pub fn write(&mut self, ledger: &Ledger, batch: Option<i64>, last: u32) -> Result<(), StoreError> {
        if self.records > 0 {
            let insert = "INSERT INTO pages (first, records, batch, text) VALUES (?1, ?2, ?3, ?4)";
            ledger.change(insert, params![last + 1, self.records, batch, self.text])?;
            self.text.clear();
            self.records = 0;
        }
        Ok(())
    }
}

/// The lines of a page.
fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let end = memchr::memchr(b'\n', text);
        rest = end.map(|end| &text[end + 1..]);
        Some(&text[..end.unwrap_or(text.len())])
    })
}

fn line(text: &[u8], index: u32) -> Option<&[u8]> {
    lines(text).nth(index as usize)
}

impl Ledger {
    /// The number of the last record of the register.
    pub(super) fn last_record(&self) -> Result<u32, StoreError> {
        let last = "SELECT first + records - 1 FROM pages ORDER BY first DESC LIMIT 1";
        Ok(self.ask(last, [], |row| row.get(0))?.unwrap_or(0))
    }

    /// Hands what is kept of a record to `look`.
    pub(super) fn look_up<T>(&self, record: u32, look: impl FnOnce(&Kept<'_>) -> T) -> Result<T, StoreError> {
        let page = "SELECT first, text FROM pages WHERE first <= ?1 ORDER BY first DESC LIMIT 1";
        let found = self.ask(page, [record], |row| {
            let index = record - row.get::<_, u32>(0)?;
            Ok(line(row.get_ref(1)?.as_blob()?, index).and_then(Kept::read).map(|kept| look(&kept)))
        })?;
        found.flatten().ok_or_else(|| self.damaged())
    }

    /// Hands every record behind one that counts to `each`, in their order, with its number.
    pub(super) fn each_record<E: From<StoreError>>(
        &self,
        behind: u32,
        mut each: impl FnMut(u32, &Kept<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let read = self.read_failed();
        let pages = "SELECT first, text FROM pages WHERE first > ?1 AND void = 0 ORDER BY first";
        let mut statement = self.connection.prepare(pages).map_err(&read)?;
        let mut rows = statement.query([behind]).map_err(&read)?;
        while let Some(row) = rows.next().map_err(&read)? {
            let text = row.get_ref(1).and_then(|text| Ok(text.as_blob()?)).map_err(&read)?;
            for (number, line) in (row.get(0).map_err(&read)?..).zip(lines(text)) {
                each(number, &Kept::read(line).ok_or_else(|| self.damaged())?)?;
            }
        }
        Ok(())
    }

    #[cold]
    pub(super) fn damaged(&self) -> StoreError {
        failed("read the ledger", &self.path)(rusqlite::Error::InvalidQuery)
    }
}

#[cfg(test)]
mod tests {
    use super::{Kept, NewRecord, Page};

    #[test]
    fn a_page_gives_back_what_it_was_given() {
        let texts = ["plain", "with \"quotes\",\nlines and \u{7f}", "\u{1f600}\\", ""];
        let mut page = Page::default();
        for text in texts {
            let mut line = Vec::new();
            NewRecord(Some(text), None, text.is_empty(), None, Some("LEAD"), None).write(&mut line);
            page.push(&line);
        }
        for (index, text) in (0..).zip(texts) {
            let kept = page.line(index).and_then(Kept::read);
            let kept = kept.as_ref().map(|kept| (kept.customer(), kept.number(), kept.is_lead()));
            assert_eq!(kept, Some((Some(text), None, text.is_empty())));
        }
        assert!(page.line(4).is_none());
        let all = [b"[".as_slice(), &page.text, b"]"].concat();
        assert!(serde_json::from_slice::<Vec<serde_json::Value>>(&all).is_ok_and(|all| all.len() == 4));
    }
}
