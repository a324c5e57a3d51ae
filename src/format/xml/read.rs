//! One `AMLYZE_CUSTOMER` element into a record.

use bumpalo::Bump;
use quick_xml::Reader as XmlReader;
use quick_xml::errors::IllFormedError;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::super::json::read::is_blank;
use super::super::{DEPTH_MAX, Malformed};
use super::frame::too_deep;
use super::plain;
use super::strict::{
    Attributes, CHARACTER, NO_INSTRUCTION, NO_TAG, REFERENCE, SECTION_END, check_attributes,
    control_character, is_instruction, is_name, is_xml_char, noncharacter,
};
use crate::contract::{
    CUSTOMER, Field, FieldOrders, Kind, NodeId, Note, NoteKind, Object, Record, Spelling, Value,
};

/// Reads the text of one record element. Elements and attributes no table lists, elements given twice
/// and lists given twice become notes.
///
/// # Errors
///
/// Where the text is not one well-formed element.
pub(crate) fn read<'a>(
    text: &'a str,
    orders: &mut FieldOrders,
    bump: &'a Bump,
    record: &mut Record<'a>,
) -> Result<(), Malformed> {
    if let Some(at) = noncharacter(text.as_bytes()) {
        return Err(Malformed::new(at, CHARACTER));
    }
    if plain::read(text, orders, record).is_some() {
        return Ok(());
    }
    match control_character(text.as_bytes()) {
        Some(at) => Err(Malformed::new(at, CHARACTER)),
        None => read_all(text, bump, record),
    }
}

/// The way that knows all of XML.
fn read_all<'a>(text: &'a str, bump: &'a Bump, record: &mut Record<'a>) -> Result<(), Malformed> {
    let mut xml = XmlReader::from_str(text);
    xml.config_mut().check_comments = true;
    record.start(&CUSTOMER, 0);
    let mut reader = Reader { xml, text, bump, record };
    match reader.event()? {
        Event::Start(tag) => {
            reader.attributes(NodeId::ROOT, &tag, 0)?;
            let content = reader.object(NodeId::ROOT, &CUSTOMER, 1)?;
            if content == Content::Mixed {
                let malformed = Malformed::new(0, "text stands between the fields of a record");
                return Err(Malformed { document_survives: true, ..malformed });
            }
        }
        Event::Empty(tag) => reader.attributes(NodeId::ROOT, &tag, 0)?,
        _ => return reader.fail("a record must be an element"),
    }
    match reader.event()? {
        Event::Eof => Ok(()),
        _ => reader.fail("something follows the end of the record"),
    }
}

/// Finds a field by its XML name; `expected` is the index to try first.
#[inline]
pub(super) fn find(object: &'static Object, name: &str, expected: usize) -> Option<usize> {
    match object.fields.get(expected) {
        Some(field) if !name.is_empty() && field.is_xml_name(name) => Some(expected),
        _ => object.find(Spelling::Xml, name),
    }
}

/// What an element held besides the fields that were found in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    /// Nothing, not even a child.
    Nothing,
    /// Child elements only.
    Elements,
    /// Text where only elements belong.
    Mixed,
}

struct Reader<'r, 'a> {
    xml: XmlReader<&'a [u8]>,
    text: &'a str,
    bump: &'a Bump,
    record: &'r mut Record<'a>,
}

impl<'a> Reader<'_, 'a> {
    #[inline]
    fn at(&self) -> usize {
        self.xml.buffer_position() as usize
    }

    #[inline]
    fn event(&mut self) -> Result<Event<'a>, Malformed> {
        match self.xml.read_event() {
            Ok(Event::Text(text)) if memchr::memmem::find(text.as_bytes(), SECTION_END).is_some() => {
                self.fail("]]> stands in a text; write ]]&gt;")
            }
            Ok(event) => Ok(event),
            Err(error) => Err(malformed(&error, self.xml.error_position() as usize)),
        }
    }

    #[cold]
    fn fail<T>(&self, detail: &str) -> Result<T, Malformed> {
        Err(Malformed::new(self.at().min(self.text.len()), detail))
    }

    /// The children of an element, up to its end tag.
    fn object(&mut self, node: NodeId, object: &'static Object, depth: u32) -> Result<Content, Malformed> {
        let mut seen: u128 = 0;
        let mut expected = 0;
        let mut content = Content::Nothing;
        loop {
            let at = self.at();
            let (tag, empty) = match self.event()? {
                Event::Start(tag) => (tag, false),
                Event::Empty(tag) => (tag, true),
                Event::End(_) => return Ok(content),
                other => {
                    if self.is_stray(&other)? {
                        content = Content::Mixed;
                    }
                    continue;
                }
            };
            if content == Content::Nothing {
                content = Content::Elements;
            }
            let name = self.local_name(&tag, at);
            self.attributes(node, &tag, at)?;
            let Some(index) = find(object, name, expected) else {
                self.record.note(Note { kind: NoteKind::Unknown, node, name, field: None, at: at as u32 });
                if !empty {
                    self.skip(depth)?;
                }
                continue;
            };
            expected = index + 1;
            let field = &object.fields[index];
            if seen >> index & 1 != 0 {
                let kind = if field.kind.items().is_some() { NoteKind::Joined } else { NoteKind::Repeated };
                self.record.note(Note { kind, node, name, field: Some(index), at: at as u32 });
                if kind == NoteKind::Repeated {
                    self.record.clear(node, index);
                }
            }
            seen |= 1 << index;
            if !empty {
                self.value(node, index, field, at, depth)?;
            }
        }
    }

    fn value(
        &mut self,
        node: NodeId,
        index: usize,
        field: &'static Field,
        at: usize,
        depth: u32,
    ) -> Result<(), Malformed> {
        if depth >= DEPTH_MAX {
            return self.fail(&too_deep());
        }
        let inner_at = self.at();
        match field.kind {
            Kind::Object(object) => {
                let child = self.record.add_object(node, index, object, at as u32);
                match self.object(child, object, depth + 1)? {
                    Content::Elements => {}
                    Content::Nothing => self.record.clear(node, index),
                    Content::Mixed => self.record.set(node, index, self.raw(inner_at), at as u32),
                }
            }
            Kind::Objects(object) | Kind::Values(object) => {
                if self.items(node, index, object, depth)? == Content::Mixed {
                    self.record.set(node, index, self.raw(inner_at), at as u32);
                }
            }
            kind => {
                let value = self.scalar(depth)?;
                match value {
                    Value::Text(text) if is_blank(text) => {}
                    Value::Text(text) => {
                        let text = if kind.is_free() { text } else { text.trim() };
                        let lead = if text.len() == self.at() - inner_at { 0 } else { self.lead(inner_at) };
                        self.record.set(node, index, Value::Text(text), (inner_at + lead) as u32);
                    }
                    Value::Absent => {}
                    nested => self.record.set(node, index, nested, at as u32),
                }
            }
        }
        Ok(())
    }

    /// The blanks in front of a value.
    fn lead(&self, at: usize) -> usize {
        let rest = &self.text[at..];
        rest.len() - rest.trim_start().len()
    }

    /// The text of the element that has just ended, without its tags.
    #[cold]
    fn raw(&self, inner_at: usize) -> Value<'a> {
        let inner = &self.text[inner_at..self.at()];
        Value::NestedXml(inner.rfind("</").map_or(inner, |end| &inner[..end]))
    }

    /// The items of a list element.
    fn items(
        &mut self,
        node: NodeId,
        field: usize,
        object: &'static Object,
        depth: u32,
    ) -> Result<Content, Malformed> {
        let mut content = Content::Nothing;
        let mut index = self.record.last_item(node, field).map_or(0, |item| self.record.index(item) + 1);
        loop {
            let at = self.at();
            let (tag, empty) = match self.event()? {
                Event::Start(tag) => (tag, false),
                Event::Empty(tag) => (tag, true),
                Event::End(_) => return Ok(content),
                other => {
                    if self.is_stray(&other)? {
                        content = Content::Mixed;
                    }
                    continue;
                }
            };
            let name = self.local_name(&tag, at);
            let scalars = matches!(self.record.object(node).fields[field].kind, Kind::Values(_));
            if name == object.item && !scalars {
                let item = self.record.add_item(node, field, object, index, at as u32);
                self.attributes(item, &tag, at)?;
                if !empty && self.object(item, object, depth + 2)? == Content::Mixed {
                    self.record.mark_malformed(item);
                }
                index += 1;
                continue;
            }
            self.attributes(node, &tag, at)?;
            if name != object.item {
                self.record.note(Note { kind: NoteKind::Unknown, node, name, field: None, at: at as u32 });
                if !empty {
                    self.skip(depth)?;
                }
                continue;
            }
            if !empty {
                self.scalar_item(node, field, object, (index, at), depth)?;
            }
            index += 1;
        }
    }

    fn scalar_item(
        &mut self,
        node: NodeId,
        field: usize,
        object: &'static Object,
        (index, at): (u32, usize),
        depth: u32,
    ) -> Result<(), Malformed> {
        let inner_at = self.at() as u32;
        match self.scalar(depth)? {
            Value::Absent => {}
            Value::Text(text) if is_blank(text) => {}
            Value::Text(text) => {
                let item = self.record.add_item(node, field, object, index, at as u32);
                self.record.set(item, 0, Value::Text(text.trim()), inner_at);
            }
            _ => {
                let item = self.record.add_item(node, field, object, index, at as u32);
                self.record.mark_malformed(item);
            }
        }
        Ok(())
    }

    /// The text of an element, up to its end tag; nested elements make it `NestedXml`.
    #[inline]
    fn scalar(&mut self, depth: u32) -> Result<Value<'a>, Malformed> {
        let inner_at = self.at();
        let first = match self.event()? {
            Event::End(_) => return Ok(Value::Absent),
            Event::Text(text) => {
                let text = normalized(text.into_inner(), self.bump);
                let at = self.at();
                match self.event()? {
                    Event::End(_) => return Ok(Value::Text(text)),
                    other => return self.scalar_in_pieces(text.to_owned(), other, (inner_at, at), depth),
                }
            }
            other => other,
        };
        self.scalar_in_pieces(String::new(), first, (inner_at, inner_at), depth)
    }

    /// The rest of a text that consists of several pieces: references, sections, comments.
    #[cold]
    fn scalar_in_pieces(
        &mut self,
        mut whole: String,
        first: Event<'a>,
        (inner_at, at): (usize, usize),
        depth: u32,
    ) -> Result<Value<'a>, Malformed> {
        let mut event = first;
        let mut at = at;
        let mut nested = false;
        loop {
            match event {
                Event::End(_) => break,
                Event::Text(text) => whole.push_str(normalized(text.into_inner(), self.bump)),
                Event::CData(text) => whole.push_str(normalized(text.into_inner(), self.bump)),
                Event::GeneralRef(reference) => self.reference(&reference, at, &mut whole)?,
                Event::Start(tag) => {
                    nested = true;
                    check_tag(&tag, at)?;
                    self.skip(depth)?;
                }
                Event::Empty(tag) => {
                    nested = true;
                    check_tag(&tag, at)?;
                }
                other => drop(self.is_stray(&other)?),
            }
            at = self.at();
            event = self.event()?;
        }
        Ok(if nested { self.raw(inner_at) } else { Value::Text(self.bump.alloc_str(&whole)) })
    }

    fn reference(&self, reference: &BytesRef<'_>, at: usize, whole: &mut String) -> Result<(), Malformed> {
        let unknown = |detail: &str| Malformed::new(at, detail);
        if reference.is_char_ref() {
            let char = reference.resolve_char_ref().ok().flatten().filter(|char| is_xml_char(*char));
            whole.push(char.ok_or_else(|| unknown("a character reference stands for no character of XML"))?);
            return Ok(());
        }
        let text = resolve_xml_entity(reference).ok_or_else(|| {
            unknown("an entity is used that XML does not define; write the character itself")
        })?;
        whole.push_str(text);
        Ok(())
    }

    /// Whether an event that is no element is text with something in it.
    fn is_stray(&self, event: &Event<'a>) -> Result<bool, Malformed> {
        match event {
            Event::Text(text) => Ok(!is_blank(text)),
            Event::CData(text) => Ok(!is_blank(text)),
            Event::GeneralRef(reference) => {
                self.reference(reference, self.at(), &mut String::new())?;
                Ok(true)
            }
            Event::PI(text) if !is_instruction(text.as_bytes()) => self.fail(NO_INSTRUCTION),
            Event::Comment(_) | Event::PI(_) => Ok(false),
            Event::Eof => self.fail("the text ends before all elements are closed"),
            Event::DocType(_) => self.fail("a DOCTYPE is not accepted"),
            _ => self.fail("an XML declaration stands in the middle of a record"),
        }
    }

    /// Passes over an element whose start tag has been read.
    fn skip(&mut self, mut depth: u32) -> Result<(), Malformed> {
        let outside = depth;
        depth += 1;
        while depth > outside {
            match self.event()? {
                Event::Start(tag) => {
                    check_tag(&tag, self.at())?;
                    depth += 1;
                    if depth >= DEPTH_MAX {
                        return self.fail(&too_deep());
                    }
                }
                Event::Empty(tag) => check_tag(&tag, self.at())?,
                Event::End(_) => depth -= 1,
                other => drop(self.is_stray(&other)?),
            }
        }
        Ok(())
    }

    /// The name of a tag without its prefix, borrowed from the text.
    #[inline]
    fn local_name(&self, tag: &BytesStart<'_>, at: usize) -> &'a str {
        let name = tag.name().into_inner();
        let start = at + 1 + (name.len() - tag.local_name().into_inner().len());
        &self.text[start..at + 1 + name.len()]
    }

    #[inline]
    fn attributes(&mut self, node: NodeId, tag: &BytesStart<'_>, at: usize) -> Result<(), Malformed> {
        check_name(tag, at)?;
        if tag.attributes_raw().is_empty() { Ok(()) } else { self.each_attribute(node, tag, at) }
    }

    /// Namespaces and the attributes of XML itself are expected; others would be lost unseen.
    #[cold]
    fn each_attribute(&mut self, node: NodeId, tag: &BytesStart<'_>, at: usize) -> Result<(), Malformed> {
        let rest = tag.attributes_raw();
        check_attributes(rest.as_bytes()).map_err(|detail| Malformed::new(at, detail))?;
        for (name, _) in Attributes::of(rest.as_bytes()).flatten() {
            let name = std::str::from_utf8(name).unwrap_or_default();
            let expected = name == "xmlns"
                || ["xmlns:", "xsi:", "xml:", "soap"].iter().any(|prefix| name.starts_with(prefix));
            if !expected {
                let name = self.bump.alloc_str(name);
                self.record.note(Note { kind: NoteKind::Unknown, node, name, field: None, at: at as u32 });
            }
        }
        Ok(())
    }
}

/// A name is of letters, digits and few signs; the library does not look.
#[inline]
fn check_name(tag: &BytesStart<'_>, at: usize) -> Result<(), Malformed> {
    let sound = is_name(tag.name().into_inner().as_bytes());
    if sound { Ok(()) } else { Err(Malformed::new(at, NO_TAG)) }
}

/// Checks a tag that is passed over.
fn check_tag(tag: &BytesStart<'_>, at: usize) -> Result<(), Malformed> {
    check_name(tag, at)?;
    check_attributes(tag.attributes_raw().as_bytes()).map_err(|detail| Malformed::new(at, detail))
}

/// A failure in our own words: those of the library may repeat names and values of the file.
#[cold]
fn malformed(error: &quick_xml::Error, at: usize) -> Malformed {
    let detail = match error {
        quick_xml::Error::IllFormed(
            IllFormedError::MissingEndTag(_)
            | IllFormedError::UnmatchedEndTag(_)
            | IllFormedError::MismatchedEndTag { .. },
        ) => "an end tag does not match the element that is open",
        quick_xml::Error::IllFormed(IllFormedError::UnclosedReference) | quick_xml::Error::Escape(_) => {
            REFERENCE
        }
        _ => "a tag, comment or section is not closed",
    };
    Malformed::new(at, detail)
}

/// Line ends as XML reads them: CRLF and CR are LF.
#[inline]
fn normalized<'a>(text: std::borrow::Cow<'a, str>, bump: &'a Bump) -> &'a str {
    match text {
        std::borrow::Cow::Borrowed(text) if memchr::memchr(b'\r', text.as_bytes()).is_none() => text,
        text => bump.alloc_str(&text.replace("\r\n", "\n").replace('\r', "\n")),
    }
}

#[cfg(test)]
mod tests {
    use bumpalo::Bump;

    use super::{plain, read_all};
    use crate::contract::{CUSTOMER, FieldOrders, NodeId, Record};

    /// Every field that is present, with its value's text and its place.
    fn fields<'a>(record: &Record<'a>) -> Vec<(usize, Option<&'a str>, u32)> {
        let present = (0..CUSTOMER.fields.len()).filter(|field| record.has(NodeId::ROOT, *field));
        present
            .map(|field| (field, record.text(NodeId::ROOT, field), record.place(NodeId::ROOT, Some(field))))
            .collect()
    }

    #[test]
    fn what_is_read_plainly_is_read_alike_by_the_way_that_knows_all() {
        let long = "long ".repeat(9);
        let lengths = (0..long.len()).map(|length| (&long[..length], true));
        let signs = [" a ", "\u{a0}ą\t", "ą", "a > b", "]>", "]]", "\"q\"", "\\", "a\nb", "\u{7f}"];
        let others = ["]]>", "a]]>b", "&amp;", "<!-- -->", "\r", "a\u{1}", "<b/>", "\u{a0}"];
        let values =
            lengths.chain(signs.map(|value| (value, true))).chain(others.map(|value| (value, false)));
        let mut orders = FieldOrders::default();
        for (value, is_plain) in values {
            for (prefix, blanks) in [("", ""), ("n:", ""), ("", "\n  ")] {
                let field = |name| format!("{blanks}<{prefix}{name}>{value}</{prefix}{name}>");
                let text = ["FirstName", "Requester", "CommunicationNumber", "LEI"].map(field).concat();
                let text = format!("<{prefix}AMLYZE_CUSTOMER>{text}{blanks}</{prefix}AMLYZE_CUSTOMER>");
                let (mut plainly, mut wholly, bump) = (Record::new(), Record::new(), Bump::new());
                let read = plain::read(&text, &mut orders, &mut plainly).is_some();
                let blank = value.trim().is_empty() && !value.is_empty();
                assert_eq!(read, is_plain && !blank, "{text}");
                if read {
                    assert!(read_all(&text, &bump, &mut wholly).is_ok(), "{text}");
                    assert_eq!(fields(&plainly), fields(&wholly), "{text}");
                    let escapes = value.contains(['"', '\\', '\t', '\n']);
                    assert_eq!(plainly.is_plain(), !escapes, "{text}");
                }
            }
        }
    }
}
