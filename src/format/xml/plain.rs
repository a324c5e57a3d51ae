//! The plain way through a record element: tags without attributes, text without references, no
//! comments, no sections, only fields that are known and stand once. Nearly every record is written
//! like this. Anything else is left to the reader that knows all of XML; a test holds the two ways to
//! the same result.

use super::super::block::len_before;
use super::super::json::read::{is_blank, trimmed};
use super::frame::RECORD;
use super::read::find;
use super::token::local;
use crate::contract::{CUSTOMER, FieldOrder, Kind, NodeId, Object, Record, Value};

/// Reads a record that is written plainly; `None` when it is not, with the record half read.
pub(super) fn read<'a>(text: &'a str, order: &mut FieldOrder, record: &mut Record<'a>) -> Option<()> {
    record.start(&CUSTOMER, 0);
    let mut reader = Plain { text, at: 0, record };
    let tag = reader.tag()?;
    let (name, attributes) = tag.split_once(|char: char| char.is_ascii_whitespace()).unwrap_or((tag, ""));
    let namespace_only = attributes.is_empty() || is_one_namespace(attributes);
    if !namespace_only || local(name.as_bytes()) != RECORD || attributes.ends_with('/') {
        return None;
    }
    reader.object(NodeId::ROOT, &CUSTOMER, name, Some(order))?;
    (reader.at == text.len()).then_some(())
}

/// Whether the attributes of a tag are one namespace declaration and nothing else.
fn is_one_namespace(attributes: &str) -> bool {
    let declaration = attributes.trim_ascii().strip_prefix("xmlns").and_then(|rest| rest.split_once('='));
    let Some((prefix, value)) = declaration else { return false };
    let named = match prefix.strip_prefix(':') {
        Some(name) => !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric()),
        None => prefix.is_empty(),
    };
    let quoted = |quote: char| {
        let inner = value.strip_prefix(quote).and_then(|value| value.strip_suffix(quote));
        inner.is_some_and(|inner| !inner.contains(['"', '\'', '<', '&']))
    };
    named && (quoted('"') || quoted('\''))
}

struct Plain<'r, 'a> {
    text: &'a str,
    at: usize,
    record: &'r mut Record<'a>,
}

impl<'a> Plain<'_, 'a> {
    #[inline]
    fn skip_blanks(&mut self) {
        if self.text.as_bytes().get(self.at) == Some(&b'<') {
            return;
        }
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.text.as_bytes().get(self.at) {
            self.at += 1;
        }
    }

    /// Takes the start tag of the expected field if it comes next, and returns its name.
    #[inline]
    fn expected_tag(&mut self, object: &'static Object, expected: usize) -> Option<&'a str> {
        let field = object.fields.get(expected)?;
        let length = field.xml.unwrap_or(field.name).len();
        let bytes = self.text.as_bytes();
        let name_at = self.at + 1;
        if bytes.get(self.at) != Some(&b'<') || bytes.get(name_at + length) != Some(&b'>') {
            return None;
        }
        let name = self.text.get(name_at..name_at + length)?;
        if !field.is_xml_name(name) {
            return None;
        }
        self.at = name_at + length + 1;
        Some(name)
    }

    /// What stands between `<` and `>` at this place.
    #[inline]
    fn tag(&mut self) -> Option<&'a str> {
        let rest = &self.text.as_bytes()[self.at..];
        if rest.first() != Some(&b'<') {
            return None;
        }
        let end = rest.iter().position(|byte| *byte == b'>')?;
        let tag = &self.text[self.at + 1..self.at + end];
        self.at += end + 1;
        Some(tag)
    }

    /// The name of a start tag without attributes, behind blanks, and whether it ends its element too;
    /// `Some(None)` is the end tag of `outer`.
    #[inline]
    fn child(&mut self, outer: &str) -> Option<Option<(&'a str, bool)>> {
        self.skip_blanks();
        let tag = self.tag()?;
        if let Some(name) = tag.strip_prefix('/') {
            return (name == outer).then_some(None);
        }
        let (name, empty) = tag.strip_suffix('/').map_or((tag, false), |name| (name, true));
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b':';
        let begins = name.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
        (begins && name.bytes().all(plain)).then_some(Some((name, empty)))
    }

    /// The text up to the end tag of `name`.
    #[inline]
    fn scalar(&mut self, name: &str) -> Option<&'a str> {
        let rest = &self.text.as_bytes()[self.at..];
        let length = len_before(rest, |block| block.are(b'<') | block.are(b'&') | block.are(b'\r'));
        let (end_tag, behind) = rest[length..].split_at_checked(name.len() + 2)?;
        if !end_tag.starts_with(b"</") || &end_tag[2..] != name.as_bytes() || behind.first() != Some(&b'>') {
            return None;
        }
        let start = self.at;
        self.at += length + name.len() + 3;
        Some(&self.text[start..start + length])
    }

    fn object(
        &mut self,
        node: NodeId,
        object: &'static Object,
        outer: &str,
        mut order: Option<&mut FieldOrder>,
    ) -> Option<()> {
        let mut expected = order.as_deref_mut().map_or(0, FieldOrder::begin);
        let mut seen: u128 = 0;
        loop {
            self.skip_blanks();
            let at = self.at;
            let (name, empty, index) = match self.expected_tag(object, expected) {
                Some(name) => (name, false, expected),
                None => {
                    let Some((name, empty)) = self.child(outer)? else { return Some(()) };
                    let own = &name[name.len() - local(name.as_bytes()).len()..];
                    (name, empty, find(object, own, expected)?)
                }
            };
            expected = order.as_deref_mut().map_or(index + 1, |order| order.came(index));
            if seen >> index & 1 != 0 {
                return None;
            }
            seen |= 1 << index;
            if empty {
                continue;
            }
            let field = &object.fields[index];
            match field.kind {
                Kind::Object(inner) => {
                    let child = self.record.add_object(node, index, inner, at as u32);
                    self.object(child, inner, name, None)?;
                    if self.record.present(child) == 0 {
                        return None;
                    }
                }
                Kind::Objects(inner) => self.items(node, index, inner, name)?,
                Kind::Values(inner) => self.scalars(node, index, inner, name)?,
                kind => {
                    let inner_at = self.at;
                    let text = self.scalar(name)?;
                    if !is_blank(text) {
                        let plain = trimmed(text);
                        let lead = plain.as_ptr() as usize - text.as_ptr() as usize;
                        let value = Value::Text(if kind.is_free() { text } else { plain });
                        self.record.set(node, index, value, (inner_at + lead) as u32);
                    } else if !text.is_empty() {
                        return None;
                    }
                }
            }
        }
    }

    fn items(&mut self, node: NodeId, field: usize, object: &'static Object, outer: &str) -> Option<()> {
        let mut index = 0;
        while let Some((name, empty)) = self.child(outer)? {
            if local(name.as_bytes()) != object.item.as_bytes() {
                return None;
            }
            let at = self.at - name.len() - 2 - usize::from(empty);
            let item = self.record.add_item(node, field, object, index, at as u32);
            if !empty {
                self.object(item, object, name, None)?;
            }
            index += 1;
        }
        Some(())
    }

    fn scalars(&mut self, node: NodeId, field: usize, object: &'static Object, outer: &str) -> Option<()> {
        let mut index = 0;
        while let Some((name, empty)) = self.child(outer)? {
            if local(name.as_bytes()) != object.item.as_bytes() {
                return None;
            }
            let at = self.at - name.len() - 2;
            if !empty {
                let inner_at = self.at as u32;
                let text = self.scalar(name)?;
                if !is_blank(text) {
                    let item = self.record.add_item(node, field, object, index, at as u32);
                    self.record.set(item, 0, Value::Text(text.trim()), inner_at);
                }
            }
            index += 1;
        }
        Some(())
    }
}
