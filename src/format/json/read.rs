//! One JSON object into a record.

use std::collections::BTreeSet;

use bumpalo::Bump;
use memchr::{memchr2, memchr3};

use super::super::Malformed;
use super::super::block::{begins_with, len_before_near};
use super::cursor::{Cursor, Shape};
use super::plain::stops;
use crate::contract::record::Slot;
use crate::contract::tables::customer::SOURCE_OF_RISK_LEVEL;
use crate::contract::{
    CUSTOMER, Came, Field, FieldOrders, Kind, NodeId, Note, NoteKind, Object, Record, Spelling, Value,
};

/// Reads the text of one object. Fields no table lists, and names given twice, become notes.
///
/// # Errors
///
/// Where the text is not one well-formed JSON object.
pub(crate) fn read<'a>(
    text: &'a str,
    orders: &mut FieldOrders,
    bump: &'a Bump,
    record: &mut Record<'a>,
) -> Result<(), Box<Malformed>> {
    let mut cursor = Cursor::new(text);
    let shape = cursor.shape()?;
    record.start(&CUSTOMER, cursor.at() as u32);
    if shape != Shape::Object {
        let malformed = Malformed::new(cursor.at(), "a record must be an object in { }");
        cursor.skip_value(0)?;
        return Err(Box::new(Malformed { document_survives: cursor.is_at_end(), ..malformed }));
    }
    let mut reader =
        Reader { cursor, bump, orders, record, origin: None, unknown: BTreeSet::new(), as_accepted: true };
    reader.object(NodeId::ROOT, &CUSTOMER, 0)?;
    if !reader.cursor.is_at_end() {
        return reader.cursor.fail("something follows the end of the record");
    }
    reader.cursor.check_letters()?;
    let as_accepted = reader.as_accepted;
    // Without a backslash no text was decoded, and then none holds what must be escaped.
    let plain = memchr3(b'\n', b'\r', b'\\', text.as_bytes()).is_none();
    if plain {
        record.set_plain();
    }
    // A line end would break the line that the record becomes.
    let one_line = plain || memchr2(b'\n', b'\r', text.as_bytes()).is_none();
    if as_accepted && one_line && record.has(NodeId::ROOT, SOURCE_OF_RISK_LEVEL) {
        record.set_text(text);
    }
    Ok(())
}

/// Reads JSON text that stands in place of a nested value, as in a cell of a CSV file. `origin` is the
/// offset of the cell within the record.
pub(crate) fn read_nested<'a>(
    text: &'a str,
    bump: &'a Bump,
    record: &mut Record<'a>,
    (node, index): (NodeId, usize),
    origin: u32,
) -> Result<(), Box<Malformed>> {
    let field = &record.object(node).fields[index];
    // Most texts that are no JSON are found out here, before anything is put into the record.
    let mut whole = Cursor::new(text);
    whole.skip_value(1)?;
    if !whole.is_at_end() {
        return whole.fail("something follows the end of the value");
    }
    whole.check_letters()?;
    let (cursor, orders) = (Cursor::new(text), &mut FieldOrders::default());
    let origin = Some(origin);
    let mut reader =
        Reader { cursor, bump, orders, record, origin, unknown: BTreeSet::new(), as_accepted: false };
    reader.value(node, index, field, 1)
}

struct Reader<'r, 'a> {
    cursor: Cursor<'a>,
    bump: &'a Bump,
    orders: &'r mut FieldOrders,
    record: &'r mut Record<'a>,
    /// The place of everything, where the text stands in a cell: its quotes may be doubled there.
    origin: Option<u32>,
    /// The names that no table lists, by their objects.
    unknown: BTreeSet<(NodeId, &'a str)>,
    /// Whether the text read so far is as the record will be accepted.
    as_accepted: bool,
}

impl<'a> Reader<'_, 'a> {
    #[inline]
    fn place(&self, at: usize) -> u32 {
        self.origin.unwrap_or(at as u32)
    }

    fn object(&mut self, node: NodeId, object: &'static Object, depth: u32) -> Result<(), Box<Malformed>> {
        self.cursor.enter(depth)?;
        if self.cursor.take(b'}') {
            return Ok(());
        }
        let mut came = self.orders.begin(object);
        loop {
            if !self.plain_members(node, object, &mut came) {
                self.member(node, object, &mut came, depth)?;
            }
            if !self.cursor.next_member(b'}')? {
                return Ok(());
            }
        }
    }

    /// Reads any member.
    fn member(
        &mut self,
        node: NodeId,
        object: &'static Object,
        came: &mut Came,
        depth: u32,
    ) -> Result<(), Box<Malformed>> {
        self.cursor.skip_blanks();
        let at = self.cursor.at();
        let index = match object.fields.get(came.expected()) {
            Some(field) if self.cursor.take_text(field.member_start()) => Some(came.expected()),
            _ => {
                let index = self.unexpected_name(node, object, at)?;
                self.cursor.expect(b':', "a colon was expected after a field name")?;
                index
            }
        };
        let Some(index) = index else {
            self.as_accepted = false;
            return self.cursor.skip_value(depth + 1).map(drop);
        };
        if !self.orders.came(came, index) {
            self.repeated(node, index, at);
        }
        self.value(node, index, &object.fields[index], depth + 1)
    }

    /// Reads members as long as they are written plainly: the expected name, a text that needs no decoding or a
    /// boolean where one is expected, no blanks between. Any other is left to [`Self::member`]. Returns whether the
    /// object ends behind the last.
    #[inline(always)]
    fn plain_members(&mut self, node: NodeId, object: &'static Object, came: &mut Came) -> bool {
        let text = self.cursor.text();
        let (slots, present) = self.record.slots_mut(node);
        let before = came.all();
        let mut at = self.cursor.at();
        let mut ends = false;
        while !ends {
            let expected = came.expected();
            let value = object.fields.get(expected).and_then(|field| plain_value(text, at, field));
            let Some((value, from, end)) = value else { break };
            ends = match text.as_bytes().get(end) {
                Some(b',') => false,
                Some(b'}') => true,
                _ => break,
            };
            if !self.orders.came_as_expected(came) {
                ends = false;
                break;
            }
            slots[expected] = Slot::new(value, self.origin.unwrap_or(from as u32));
            at = end + usize::from(!ends);
        }
        *present |= came.all() & !before;
        self.cursor.go_to(at);
        ends
    }

    /// Reads a name other than the expected one; `None` when no table lists it.
    fn unexpected_name(
        &mut self,
        node: NodeId,
        object: &'static Object,
        at: usize,
    ) -> Result<Option<usize>, Box<Malformed>> {
        let name = self.cursor.string(self.bump)?;
        let index = object.find(Spelling::Json, name);
        match index {
            Some(index) if name != object.fields[index].name => {
                self.note(NoteKind::OldSpelling, node, name, Some(index), at);
            }
            Some(_) => {}
            // Names with an underscore are ours: the reasons in a rejected file.
            None if name.starts_with('_') => {}
            None => self.unknown(node, name, at),
        }
        Ok(index)
    }

    /// Takes note of a name that no table lists, or that it was given before.
    #[cold]
    fn unknown(&mut self, node: NodeId, name: &'a str, at: usize) {
        let is_new = self.unknown.insert((node, name));
        let kind = if is_new { NoteKind::Unknown } else { NoteKind::Repeated };
        self.note(kind, node, name, None, at);
    }

    /// Takes note of a name that was given before; the last value counts.
    #[cold]
    fn repeated(&mut self, node: NodeId, index: usize, at: usize) {
        let name = self.record.object(node).fields[index].name;
        self.note(NoteKind::Repeated, node, name, Some(index), at);
        self.record.clear(node, index);
    }

    #[cold]
    fn note(&mut self, kind: NoteKind, node: NodeId, name: &'a str, field: Option<usize>, at: usize) {
        self.as_accepted = false;
        let at = self.place(at);
        self.record.note(Note { kind, node, name, field, at });
    }

    #[inline]
    fn value(
        &mut self,
        node: NodeId,
        index: usize,
        field: &'static Field,
        depth: u32,
    ) -> Result<(), Box<Malformed>> {
        self.cursor.skip_blanks();
        let at = self.place(self.cursor.at());
        // Most values are texts without escapes.
        if let Some(text) = self.cursor.take_plain_string() {
            if is_blank(text) {
                self.as_accepted = false;
            } else {
                self.as_accepted &= field.kind.is_written_as_string();
                self.record.set(node, index, Value::Text(text), at);
            }
            return Ok(());
        }
        self.other_value(node, index, field, depth)
    }

    /// Reads any value.
    fn other_value(
        &mut self,
        node: NodeId,
        index: usize,
        field: &'static Field,
        depth: u32,
    ) -> Result<(), Box<Malformed>> {
        let shape = self.cursor.shape()?;
        let at = self.place(self.cursor.at());
        match (shape, field.kind) {
            (Shape::String, kind) => {
                let text = self.cursor.string(self.bump)?;
                if is_blank(text) {
                    self.as_accepted = false;
                } else {
                    self.as_accepted &= kind.is_written_as_string();
                    self.record.set(node, index, Value::Text(text), at);
                }
            }
            (Shape::Number | Shape::Boolean, kind) => {
                let token = self.cursor.token(shape)?;
                self.as_accepted &= kind.is_written_as_token(shape == Shape::Boolean);
                self.record.set(node, index, Value::Token(token), at);
            }
            (Shape::Null, _) => {
                self.as_accepted = false;
                self.cursor.token(shape)?;
            }
            (Shape::Object, Kind::Object(object)) => {
                let child = self.record.add_object(node, index, object, at);
                self.object(child, object, depth)?;
                self.as_accepted &= self.record.present(child) != 0;
            }
            (Shape::Array, Kind::Objects(object)) => self.items(node, index, object, depth)?,
            (Shape::Array, Kind::Values(object)) => {
                self.as_accepted = false;
                self.scalars(node, index, object, depth)?;
            }
            (Shape::Object | Shape::Array, _) => {
                self.as_accepted = false;
                let text = self.cursor.skip_value(depth)?;
                self.record.set(node, index, Value::NestedJson(text), at);
            }
        }
        Ok(())
    }

    fn items(
        &mut self,
        node: NodeId,
        field: usize,
        object: &'static Object,
        depth: u32,
    ) -> Result<(), Box<Malformed>> {
        self.each_item(depth, |reader, index| {
            let shape = reader.cursor.shape()?;
            let at = reader.place(reader.cursor.at());
            let item = reader.record.add_item(node, field, object, index, at);
            if shape == Shape::Object {
                return reader.object(item, object, depth + 1);
            }
            reader.record.mark_malformed(item);
            reader.cursor.skip_value(depth + 1).map(drop)
        })
    }

    fn scalars(
        &mut self,
        node: NodeId,
        field: usize,
        object: &'static Object,
        depth: u32,
    ) -> Result<(), Box<Malformed>> {
        self.each_item(depth, |reader, index| {
            let shape = reader.cursor.shape()?;
            let at = reader.place(reader.cursor.at());
            let value = match shape {
                Shape::String => match reader.cursor.string(reader.bump)? {
                    text if is_blank(text) => return Ok(()),
                    text => Some(Value::Text(text)),
                },
                Shape::Number | Shape::Boolean => Some(Value::Token(reader.cursor.token(shape)?)),
                Shape::Null | Shape::Object | Shape::Array => {
                    reader.cursor.skip_value(depth + 1)?;
                    None
                }
            };
            let item = reader.record.add_item(node, field, object, index, at);
            match value {
                Some(value) => reader.record.set(item, 0, value, at),
                None => reader.record.mark_malformed(item),
            }
            Ok(())
        })
    }

    fn each_item(
        &mut self,
        depth: u32,
        mut item: impl FnMut(&mut Self, u32) -> Result<(), Box<Malformed>>,
    ) -> Result<(), Box<Malformed>> {
        self.cursor.enter(depth)?;
        if self.cursor.take(b']') {
            self.as_accepted = false;
            return Ok(());
        }
        let mut index = 0;
        loop {
            item(self, index)?;
            index += 1;
            if !self.cursor.next_member(b']')? {
                return Ok(());
            }
        }
    }
}

/// The value of a member with the name of this field, with the offsets where it begins and ends: a text that needs
/// no decoding and is not blank, or a boolean.
#[inline(always)]
fn plain_value<'a>(text: &'a str, at: usize, field: &Field) -> Option<(Value<'a>, usize, usize)> {
    let (bytes, (name, len)) = (text.as_bytes(), field.member.start());
    if field.is_string {
        let start = begins_with(&bytes[at..], name, len).then_some(at + len)?;
        let end = start + len_before_near(&bytes[start..], stops);
        let value = &text[start..end];
        let fine = bytes.get(end) == Some(&b'"') && !is_blank(value);
        return fine.then_some((Value::Text(value), start - 1, end + 1));
    }
    if !matches!(field.kind, Kind::Boolean) {
        return None;
    }
    // Without the quote of a text.
    let start = begins_with(&bytes[at..], name, len - 1).then_some(at + len - 1)?;
    let value = ["true", "false"].into_iter().find(|value| bytes[start..].starts_with(value.as_bytes()))?;
    let end = start + value.len();
    Some((Value::Token(&text[start..end]), start, end))
}

/// A text without the white space around it.
#[inline]
pub(crate) fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [b'!'..=b'~'] | [b'!'..=b'~', .., b'!'..=b'~'] => text,
        _ => text.trim(),
    }
}

/// Whether a text counts as absent: empty, or white space only.
#[inline]
pub(crate) fn is_blank(text: &str) -> bool {
    match text.as_bytes() {
        [b'!'..=b'~', ..] => false,
        _ => text.trim().is_empty(),
    }
}
