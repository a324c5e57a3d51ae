//! The plain way through a record element: tags without attributes, text without references, no
//! comments, no sections, only fields that are known and stand once. Nearly every record is written
//! like this. Anything else is left to the reader that knows all of XML; a test holds the two ways to
//! the same result.

use super::super::block::{Block, Matches, begins_with, len_before, len_before_near};
use super::super::json::read::is_blank;
use super::frame::RECORD;
use super::read::find;
use super::strict::SECTION_END;
use super::token::local;
use crate::contract::padded::Padded;
use crate::contract::record::Slot;
use crate::contract::{CUSTOMER, Came, FieldOrders, Kind, NodeId, Object, Record, Value};

/// Reads a record that is written plainly; `None` when it is not, with the record half read.
pub(super) fn read<'a>(text: &'a str, orders: &mut FieldOrders, record: &mut Record<'a>) -> Option<()> {
    record.start(&CUSTOMER, 0);
    let tag_end = memchr::memchr(b'>', text.as_bytes())?;
    let name = record_name(text[..tag_end].strip_prefix('<')?)?;
    let mut reader = Plain { text, at: tag_end + 1, prefix: prefix(name), escapes: false, orders, record };
    reader.object(NodeId::ROOT, &CUSTOMER, name)?;
    if reader.at != text.len() {
        return None;
    }
    if !reader.escapes {
        record.set_plain();
    }
    Some(())
}

/// The name in the tag of a record that declares one namespace at most.
fn record_name(tag: &str) -> Option<&str> {
    if tag.as_bytes() == RECORD {
        return Some(tag);
    }
    let (name, attributes) = tag.split_once(|char: char| char.is_ascii_whitespace()).unwrap_or((tag, ""));
    let namespace_only = attributes.is_empty() || is_one_namespace(attributes);
    let legal = tag.bytes().all(|byte| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..));
    let opens = local(name.as_bytes()) == RECORD && !attributes.ends_with('/');
    (namespace_only && legal && opens).then_some(name)
}

/// The prefix of a name with its colon, if it is one that fields may have here.
fn prefix(name: &str) -> &str {
    let prefix = &name[..name.len() - RECORD.len()];
    let plain = prefix.starts_with(|char: char| char.is_ascii_alphabetic()) && prefix.bytes().all(is_name);
    if plain { prefix } else { "" }
}

/// Whether a byte may stand in a name here.
#[inline]
fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b':'
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

/// The signs that end a text, or may not stand in it as they are, here or in JSON.
#[inline(always)]
fn stops(block: Block) -> Matches {
    // < and > differ in one bit, and so do " and &.
    let tags = block.with(b'<' ^ b'>').are(b'>');
    let signs = block.with(b'"' ^ b'&').are(b'&');
    tags | signs | block.are(b'\\') | block.up_to(0x1f)
}

/// A text as the value of a field, and the length of the blanks in front; `None` when it is blank.
#[inline(always)]
fn value_of(text: &str, kind: Kind) -> Option<(&str, usize)> {
    match (text.as_bytes().first()?, text.as_bytes().last()?) {
        (b'!'..=b'~', b'!'..=b'~') => Some((text, 0)),
        _ => value_within_blanks(text, kind),
    }
}

#[inline(never)]
fn value_within_blanks(text: &str, kind: Kind) -> Option<(&str, usize)> {
    let lead = text.len() - text.trim_start().len();
    let trimmed = text.trim();
    (!trimmed.is_empty()).then_some((if kind.is_free() { text } else { trimmed }, lead))
}

/// The offset behind a tag, if it stands at this one: its first sign or signs, a prefix and a name.
#[inline(always)]
fn behind_tag<const SIGNS: usize>(
    bytes: &[u8],
    at: usize,
    signs: &[u8; SIGNS],
    prefix: &str,
    tag: &Padded,
) -> Option<usize> {
    let mut rest = bytes.get(at..)?.strip_prefix(signs)?;
    if !prefix.is_empty() {
        rest = rest.strip_prefix(prefix.as_bytes())?;
    }
    begins_with(rest, &tag.bytes, tag.len).then(|| bytes.len() - rest.len() + tag.len)
}

/// The offset of the first byte from this one on that is no blank.
#[inline(always)]
fn behind_blanks(bytes: &[u8], mut at: usize) -> usize {
    if bytes.get(at) == Some(&b'<') {
        return at;
    }
    while let Some(b' ' | b'\t' | b'\n' | b'\r') = bytes.get(at) {
        at += 1;
    }
    at
}

/// The end of a text that begins at an offset; `None` when it is not plain. `escapes` becomes true when
/// JSON has to escape something in it.
#[inline(always)]
fn text_end(bytes: &[u8], start: usize, escapes: &mut bool) -> Option<usize> {
    let end = start + len_before_near(bytes.get(start..)?, stops);
    if bytes.get(end) == Some(&b'<') { Some(end) } else { text_end_behind(bytes, start, end, escapes) }
}

/// The same for a text with a sign in it, at `at`, that does not end it.
#[inline(never)]
fn text_end_behind(bytes: &[u8], start: usize, mut at: usize, escapes: &mut bool) -> Option<usize> {
    loop {
        match bytes.get(at)? {
            b'<' => return Some(at),
            // The end of a section must not stand in a text.
            b'>' if !bytes[start..=at].ends_with(SECTION_END) => {}
            b'"' | b'\\' | b'\t' | b'\n' => *escapes = true,
            _ => return None,
        }
        at += 1;
        at += len_before(&bytes[at..], stops);
    }
}

struct Plain<'r, 'a> {
    text: &'a str,
    at: usize,
    /// The prefix of the record's name, with its colon: nearly always that of its fields too.
    prefix: &'a str,
    /// Whether a value may hold what JSON has to escape.
    escapes: bool,
    orders: &'r mut FieldOrders,
    record: &'r mut Record<'a>,
}

impl<'a> Plain<'_, 'a> {
    /// The name of a start tag without attributes, behind blanks, and whether it ends its element too;
    /// `Some(None)` is the end tag of `outer`.
    fn child(&mut self, outer: &str) -> Option<Option<(&'a str, bool)>> {
        let bytes = self.text.as_bytes();
        self.at = behind_blanks(bytes, self.at);
        let rest = bytes[self.at..].strip_prefix(b"<")?;
        if let Some(rest) = rest.strip_prefix(b"/") {
            let behind = rest.strip_prefix(outer.as_bytes())?.strip_prefix(b">")?;
            self.at = bytes.len() - behind.len();
            return Some(None);
        }
        let length = rest.iter().position(|byte| !is_name(*byte))?;
        let (empty, tail) = match rest[length..] {
            [b'>', ..] => (false, 1),
            [b'/', b'>', ..] => (true, 2),
            _ => return None,
        };
        let start = self.at + 1;
        self.at = start + length + tail;
        rest[0].is_ascii_alphabetic().then(|| Some((&self.text[start..start + length], empty)))
    }

    /// The text up to the end tag of `name`.
    fn scalar(&mut self, name: &str) -> Option<&'a str> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let end = text_end(bytes, start, &mut self.escapes)?;
        let behind = bytes[end..].strip_prefix(b"</")?.strip_prefix(name.as_bytes())?.strip_prefix(b">")?;
        self.at = bytes.len() - behind.len();
        Some(&self.text[start..end])
    }

    /// Reads fields as long as they come as nearly all do: the expected name, a text that is not blank,
    /// the end tag. Any other is left to [`Self::object`].
    #[inline(always)]
    fn expected_fields(&mut self, node: NodeId, object: &'static Object, came: &mut Came) {
        let (text, bytes, prefix) = (self.text, self.text.as_bytes(), self.prefix);
        let (slots, present) = self.record.slots_mut(node);
        let before = came.all();
        let mut at = behind_blanks(bytes, self.at);
        loop {
            let expected = came.expected();
            if let Some(field) = object.fields.get(expected)
                && let Some(start) = behind_tag(bytes, at, b"<", prefix, &field.tag)
                && let Some(end) = text_end(bytes, start, &mut self.escapes)
                && let Some(behind) = behind_tag(bytes, end, b"</", prefix, &field.tag)
                && let Some((value, lead)) = value_of(&text[start..end], field.kind)
                && !field.kind.is_nested()
                && self.orders.came(came, expected)
            {
                slots[expected] = Slot::of_text(value, (start + lead) as u32);
                at = behind_blanks(bytes, behind);
            } else {
                break;
            }
        }
        *present |= came.all() & !before;
        self.at = at;
    }

    fn object(&mut self, node: NodeId, object: &'static Object, outer: &str) -> Option<()> {
        let mut came = self.orders.begin(object);
        loop {
            self.expected_fields(node, object, &mut came);
            let at = self.at;
            let Some((name, empty)) = self.child(outer)? else { return Some(()) };
            let own = &name[name.len() - local(name.as_bytes()).len()..];
            let index = find(object, own, came.expected())?;
            if !self.orders.came(&mut came, index) {
                return None;
            }
            if !empty {
                self.field(node, index, name, at)?;
            }
        }
    }

    /// What stands in a field whose start tag has been read; the tag is at `at`.
    fn field(&mut self, node: NodeId, index: usize, name: &str, at: usize) -> Option<()> {
        match self.record.object(node).fields[index].kind {
            Kind::Object(inner) => {
                let child = self.record.add_object(node, index, inner, at as u32);
                self.object(child, inner, name)?;
                (self.record.present(child) != 0).then_some(())
            }
            Kind::Objects(inner) => self.items(node, index, inner, name),
            Kind::Values(inner) => self.scalars(node, index, inner, name),
            kind => {
                let inner_at = self.at;
                let text = self.scalar(name)?;
                let Some((value, lead)) = value_of(text, kind) else {
                    return text.is_empty().then_some(());
                };
                self.record.set(node, index, Value::Text(value), (inner_at + lead) as u32);
                Some(())
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
                self.object(item, object, name)?;
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
