//! One JSON object into a record.

use bumpalo::Bump;

use super::super::Malformed;
use super::cursor::{Cursor, Shape};
use crate::contract::{CUSTOMER, Field, Kind, NodeId, Note, NoteKind, Object, Record, Spelling, Value};

/// Reads the text of one object. Fields no table lists, and names given twice, become notes.
///
/// # Errors
///
/// Where the text is not one well-formed JSON object.
pub(crate) fn read<'a>(text: &'a str, bump: &'a Bump, record: &mut Record<'a>) -> Result<(), Malformed> {
    let mut cursor = Cursor::new(text);
    let shape = cursor.shape()?;
    record.start(&CUSTOMER, cursor.at() as u32);
    if shape != Shape::Object {
        return cursor.fail("a record must be an object in { }");
    }
    let mut reader = Reader { cursor, bump, record, origin: 0 };
    reader.object(NodeId::ROOT, &CUSTOMER, 0)?;
    if !reader.cursor.is_at_end() {
        return reader.cursor.fail("something follows the end of the record");
    }
    Ok(())
}

/// Reads JSON text that stands in place of a nested value, as in a cell of a CSV file. `origin` is the
/// offset of the text within the record.
pub(crate) fn read_nested<'a>(
    text: &'a str,
    bump: &'a Bump,
    record: &mut Record<'a>,
    (node, index): (NodeId, usize),
    origin: u32,
) -> Result<(), Malformed> {
    let field = &record.object(node).fields[index];
    // Most texts that are no JSON are found out here, before anything is put into the record.
    let mut whole = Cursor::new(text);
    whole.skip_value(1)?;
    if !whole.is_at_end() {
        return whole.fail("something follows the end of the value");
    }
    let mut reader = Reader { cursor: Cursor::new(text), bump, record, origin };
    reader.value(node, index, field, 1)
}

struct Reader<'r, 'a> {
    cursor: Cursor<'a>,
    bump: &'a Bump,
    record: &'r mut Record<'a>,
    origin: u32,
}

impl<'a> Reader<'_, 'a> {
    #[inline]
    fn place(&self, at: usize) -> u32 {
        self.origin + at as u32
    }

    fn object(&mut self, node: NodeId, object: &'static Object, depth: u32) -> Result<(), Malformed> {
        self.cursor.enter(depth)?;
        if self.cursor.take(b'}') {
            return Ok(());
        }
        let mut seen: u128 = 0;
        let mut expected = 0;
        loop {
            self.cursor.skip_blanks();
            let at = self.cursor.at();
            let name = self.cursor.string(self.bump)?;
            self.cursor.expect(b':', "a colon was expected after a field name")?;
            match object.find(Spelling::Json, name, expected) {
                Some(index) => {
                    expected = index + 1;
                    let field = &object.fields[index];
                    if name != field.name {
                        self.note(NoteKind::OldSpelling, node, name, Some(index), at);
                    }
                    if seen >> index & 1 != 0 {
                        self.note(NoteKind::Repeated, node, name, Some(index), at);
                        self.record.set(node, index, Value::Absent, 0);
                    }
                    seen |= 1 << index;
                    self.value(node, index, field, depth + 1)?;
                }
                None => {
                    // Names with an underscore are ours: the reasons in a rejected file.
                    if !name.starts_with('_') {
                        self.note(NoteKind::Unknown, node, name, None, at);
                    }
                    self.cursor.skip_value(depth + 1)?;
                }
            }
            if !self.cursor.next_member(b'}')? {
                return Ok(());
            }
        }
    }

    #[cold]
    fn note(&mut self, kind: NoteKind, node: NodeId, name: &'a str, field: Option<usize>, at: usize) {
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
    ) -> Result<(), Malformed> {
        let shape = self.cursor.shape()?;
        let start = self.cursor.at();
        let at = self.place(start);
        match (shape, field.kind) {
            (Shape::String, _) => {
                let text = self.cursor.string(self.bump)?;
                if !is_blank(text) {
                    self.record.set(node, index, Value::Text(text), at);
                }
            }
            (Shape::Number | Shape::Boolean, _) => {
                let token = self.cursor.token(shape)?;
                self.record.set(node, index, Value::Token(token), at);
            }
            (Shape::Null, _) => drop(self.cursor.token(shape)?),
            (Shape::Object, Kind::Object(object)) => {
                let child = self.record.add_object(node, index, object, at);
                self.object(child, object, depth)?;
            }
            (Shape::Array, Kind::Objects(object)) => self.items(node, index, object, depth)?,
            (Shape::Array, Kind::Values(object)) => self.scalars(node, index, object, depth)?,
            (Shape::Object | Shape::Array, _) => {
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
    ) -> Result<(), Malformed> {
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
    ) -> Result<(), Malformed> {
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
        mut item: impl FnMut(&mut Self, u32) -> Result<(), Malformed>,
    ) -> Result<(), Malformed> {
        self.cursor.enter(depth)?;
        if self.cursor.take(b']') {
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

/// Whether a text counts as absent: empty, or white space only.
#[inline]
pub(crate) fn is_blank(text: &str) -> bool {
    match text.as_bytes() {
        [b'!'..=b'~', ..] => false,
        _ => text.trim().is_empty(),
    }
}
